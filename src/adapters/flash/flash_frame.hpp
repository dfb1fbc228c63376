// A frame as it was read, and what mount() finds out before it changes anything. Private to the
// flash store.
#ifndef CLIENTBOOK_ADAPTERS_FLASH_FLASH_FRAME_HPP
#define CLIENTBOOK_ADAPTERS_FLASH_FLASH_FRAME_HPP

#include <clientbook/adapters/flash_store.hpp>

#include <array>
#include <cstdint>

namespace clientbook {

struct flash_store::frame {
  flash::frame_header header{};
  std::uint64_t sequence = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;      ///< With its padding.
  std::uint32_t location = 0;  ///< In the part.
};

struct flash_store::mounting {
  struct pending {
    std::uint32_t record = 0;
    std::uint32_t location = 0;  ///< 0: removed.
    std::uint32_t size = 0;
  };
  flash_report report{};
  flash::sector_header newest{};
  std::array<std::byte, flash::sector_header_size> as_read{};  ///< The newest sector's header.
  std::uint32_t vouched_end = 0;  ///< Where its frames end at least, says one that was discarded.
  bool committed = true;      ///< The newest sector counts: plain, or a cleaning with its commit.
  std::uint32_t discarded_at = 0;  ///< Where a cleaning without one ends, behind the newest sector.
  bool ended = false;         ///< The last frame says that power went off in good order.
  std::uint32_t at = 0;       ///< Where the walk stands: behind all whole frames,
  std::uint32_t end = 0;      ///< and behind the last whole group.
  std::uint64_t own_lsn = 0;  ///< Next number of a frame that is no copy.
  std::array<pending, largest_group> group{};
  std::size_t grouped = 0;
  std::array<std::uint32_t, largest_group> former{};  ///< What the last group replaced.
  std::size_t formers = 0;
};

namespace flash {

/// Set in the index while mounting: the record's newest value has lost its salt.
inline constexpr std::uint32_t broken = 0x80000000;

inline constexpr error is_closed{errc::invalid_state, "the flash store is not mounted"};
inline constexpr error has_stopped{errc::invalid_state,
                                   "the flash store stopped at an error: mount it again"};
inline constexpr error read_failed{errc::io_error, "the flash could not be read"};
inline constexpr error write_failed{errc::io_error,
                                    "the flash did not take what was written: mount it again"};
inline constexpr error frame_damaged{errc::damaged,
                                     "a sector of the flash is damaged: mount it for salvage"};
inline constexpr error spliced{
    errc::authentication_failed,
    "the flash was altered, or put together from copies: bring the till to the shop's server"};

}  // namespace flash
}  // namespace clientbook

#endif
