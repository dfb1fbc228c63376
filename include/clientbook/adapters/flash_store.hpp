// Flash store: sealed records in raw NOR flash, for a till without an operating system.
//
// A log over a ring of sectors. A record has a number below the size of the caller's index and a
// value of up to largest_value() bytes. No heap, no clock, no files: the part is a port of C
// functions (flash_part.h), memory is the caller's, randomness and the key are given.
//
// It promises, wherever power fails, also again and again while it recovers:
//   - what was acknowledged is there, what was not is there whole or not at all
//   - what was removed or replaced opens for nobody, not even with the key (its salt is gone);
//     on parts that cannot overwrite, as soon as its sector is cleaned: erasure_pending()
//   - flash that was altered, put together from copies, or is of another device or key is refused;
//     so is flash from before the last seal(), if there is a counter
// docs/format/flash.md has the bytes and the rules.
//
// An error of the part stops the store (invalid_state) until mount(). A failed call that was
// refused beforehand has changed nothing; after io_error mount() tells.
//
// Thread safety: belongs to one thread at a time; zeroize() may be called from an interrupt.
#ifndef CLIENTBOOK_ADAPTERS_FLASH_STORE_HPP
#define CLIENTBOOK_ADAPTERS_FLASH_STORE_HPP

#include <clientbook/adapters/flash_part.h>
#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/adapters/flash_format.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace clientbook {

/// One change of a group.
struct flash_change {
  enum class kind : std::uint8_t { put, remove };
  kind what = kind::put;
  std::uint32_t record = 0;
  byte_view value{};  ///< Of a put.
};

/// What became of the values that a change replaced or removed.
enum class flash_erasure : std::uint8_t {
  done,     ///< They open for nobody.
  pending,  ///< They lie in flash that cannot be overwritten: finish_erasure().
};

enum class flash_mount : std::uint8_t {
  whole,    ///< All of it, or an error.
  salvage,  ///< What opens of a damaged store, to be read and carried elsewhere; nothing is
            ///< written.
};

struct flash_report {
  std::uint32_t records = 0;
  std::uint32_t sectors_in_use = 0;
  std::uint32_t cleanings_discarded = 0;  ///< Begun when power failed; nothing is lost by them.
  std::uint32_t writes_refused = 0;       ///< Frames that power had cut, never acknowledged.
  std::uint32_t sectors_damaged = 0;      ///< Salvage: left out, or only in part readable.
  std::uint32_t frames_damaged = 0;       ///< Salvage: do not open.
  bool rolled_back = false;               ///< Salvage: older than the counter.
};

class flash_store {
 public:
  static constexpr std::size_t largest_group = 8;

  /// `index` holds one number for each record that there can be; `buffer` is where a frame is put
  /// together: 256 bytes at least, a sector at most. Both, part and counter outlive the store.
  /// Without a counter an older copy of the flash is not noticed.
  flash_store(const clientbook_flash_part& part, const clientbook_flash_counter* counter,
              random_source& random, std::span<std::uint32_t> index, byte_span buffer) noexcept;
  flash_store(const flash_store&) = delete;
  flash_store& operator=(const flash_store&) = delete;

  /// An empty store; whatever was in the flash is gone. Copies of it made before are refused.
  /// Errors: invalid_argument (part, index or buffer), randomness_failed, io_error.
  result<void> format(const secret<32>& key, const book_id& store) noexcept;

  /// Finds what is there and finishes what power interrupted.
  /// Errors: not_a_book (nothing was ever formatted), wrong_key (of another device, store or key),
  /// newer_format, rolled_back (an older copy), version_mismatch (the counter is behind: it was
  /// replaced), authentication_failed (altered, or put together from copies), damaged (`at`: a
  /// sector), limit_exceeded (records above the index), invalid_argument, io_error.
  result<flash_report> mount(const secret<32>& key, const book_id& store,
                             flash_mount how = flash_mount::whole) noexcept;

  /// Reads a value to the front of `out`, and its size. Errors: not_found, buffer_too_small (`at`:
  /// bytes needed), authentication_failed, invalid_state, io_error.
  result<std::size_t> get(std::uint32_t record, byte_span out) noexcept;
  [[nodiscard]] bool has(std::uint32_t record) const noexcept;

  /// Up to largest_group changes of different records: all of them, or none. Durable when it
  /// returns. Errors: invalid_argument (a record twice or above the index, no change, too many),
  /// not_found (a removal), limit_exceeded (a value or the group is too large), disk_full (nothing
  /// was changed: remove something), damaged (a record to be kept does not open), invalid_state,
  /// randomness_failed, io_error.
  result<flash_erasure> apply(std::span<const flash_change> group) noexcept;
  result<flash_erasure> put(std::uint32_t record, byte_view value) noexcept;
  result<flash_erasure> remove(std::uint32_t record) noexcept;

  /// From here on an older copy of the flash is refused. Costs one count of the counter: at closing
  /// time, on an erasure, on a withdrawal. Errors: unsupported (no counter), as apply().
  result<void> seal() noexcept;

  /// Values that were removed or replaced and lie in flash still.
  [[nodiscard]] bool erasure_pending() const noexcept;
  /// One step of cleaning for their sake; whether more are needed. At most one step a sector.
  /// Errors: as apply().
  result<bool> finish_erasure() noexcept;

  /// One step of cleaning ahead, for idle moments, until `free_sectors` are free; whether it did
  /// anything. So a put costs one erase at most. Errors: as apply().
  result<bool> clean_ahead(std::uint32_t free_sectors = 5) noexcept;

  /// Power goes off in good order: the next boot goes on in the same sector. The store can then
  /// only be mounted. Errors: as apply().
  result<void> shut_down() noexcept;

  /// Forgets the key at once, touches no flash and takes no lock. All data is unreadable until
  /// mount() is given the key again.
  void zeroize() noexcept;

  [[nodiscard]] std::size_t largest_value() const noexcept;
  [[nodiscard]] std::uint32_t free_sectors() const noexcept;
  /// Bytes of flash that records take, and that all records together may take.
  [[nodiscard]] std::uint64_t live_bytes() const noexcept { return live_; }
  [[nodiscard]] std::uint64_t capacity() const noexcept;

 private:
  struct frame;     // A frame as it was read, and where.
  struct mounting;  // What mount() finds out before it changes anything.
  enum class stage : std::uint8_t { closed, ready, salvaged, stopped };
  static constexpr std::uint64_t never = ~std::uint64_t{0};

  // --- the part: flash_medium.cpp ---
  result<void> check_part() const noexcept;
  std::uint32_t base_of(std::uint64_t sequence) const noexcept;
  bool try_read(std::uint32_t at, byte_span to) const noexcept;
  result<void> read(std::uint32_t at, byte_span to) const noexcept;
  result<void> program(std::uint32_t at, byte_view bytes) noexcept;
  result<void> zero(std::uint32_t at, std::uint32_t size) noexcept;
  result<void> erase(std::uint64_t sequence) noexcept;
  bool is_blank(std::uint64_t sequence, std::uint32_t from) const noexcept;
  bool can(clientbook_flash_capability what) const noexcept;
  error stop(const error& failure) noexcept;

  // --- what is sealed: flash_frames.cpp ---
  bool read_sector(std::uint64_t sequence, flash::sector_header& to) const noexcept;
  bool read_sector(std::uint64_t sequence, flash::sector_header& to,
                   std::span<std::byte, flash::sector_header_size> as_read) const noexcept;
  bool read_header(std::uint64_t sequence, std::uint32_t offset, frame& to) const noexcept;
  bool read_header(std::uint64_t sequence, std::uint32_t offset, frame& to,
                   std::span<std::byte, flash::frame_header_size> as_read) const noexcept;
  bool read_frame(std::uint64_t sequence, std::uint32_t offset, frame& to) const noexcept;
  bool is_sealed_so(const frame& what) const noexcept;
  bool open_into(const frame& what, byte_span out) const noexcept;
  void bind(byte_view header, std::array<std::byte, 32>& ad) const noexcept;
  result<flash::mac> mac_of(std::uint64_t sequence, std::uint32_t end, const flash::salt& under,
                            std::uint32_t& count) const noexcept;
  result<void> write_frame(const flash::frame_header& what, const flash::salt& salt,
                           byte_view plaintext) noexcept;
  result<void> write_mark(flash::frame_type type) noexcept;
  result<frame> frame_at(std::uint32_t location) const noexcept;
  result<void> scrub(std::uint32_t location) noexcept;
  result<void> scrub_frames(std::uint64_t sequence, std::uint32_t from, std::uint32_t to) noexcept;
  result<void> forget_value(std::uint32_t location) noexcept;

  // --- writing: flash_write.cpp, flash_clean.cpp ---
  result<void> check_writable() const noexcept;
  result<std::uint32_t> check_group(std::span<const flash_change> group,
                                    std::uint64_t& live) const noexcept;
  result<void> make_room(std::uint32_t bytes) noexcept;
  result<void> open_sector(flash::sector_kind kind) noexcept;
  result<void> clean() noexcept;
  result<bool> copy_live(std::uint64_t sequence, std::uint32_t end, flash::place& at) noexcept;
  [[nodiscard]] std::uint64_t in_use() const noexcept { return head_ - tail_.sequence + 1; }

  // --- mounting: flash_mount.cpp, flash_salvage.cpp ---
  void begin(const secret<32>& key, const book_id& store) noexcept;
  result<void> find_newest(mounting& what) noexcept;
  result<void> settle_newest(mounting& what) noexcept;
  result<void> replay_closed() noexcept;
  result<void> walk_newest(mounting& what, bool applying) noexcept;
  result<void> take_frame(mounting& what, const frame& found, bool applying) noexcept;
  result<void> take_mark(mounting& what, const frame& found) noexcept;
  result<void> make_firm(mounting& what, const frame* last) noexcept;
  result<void> look_behind(std::uint64_t sequence, std::uint32_t from) noexcept;
  result<void> check_index() const noexcept;
  result<void> check_counter(mounting& what) noexcept;
  void note_leftovers() noexcept;
  result<void> blot(std::uint64_t sequence, std::uint32_t offset) noexcept;
  result<void> finish(mounting& what) noexcept;
  result<void> set_record(std::uint32_t record, std::uint32_t location,
                          std::uint32_t size) noexcept;
  result<void> salvage(mounting& what) noexcept;
  void salvage_sector(mounting& what, const flash::sector_header& header) noexcept;

  const clientbook_flash_part* part_;
  const clientbook_flash_counter* counter_;
  random_source* random_;
  std::span<std::uint32_t> index_;  ///< Where each record's frame begins; 0: there is none.
  byte_span frame_;
  flash::layout layout_;
  secret<32> key_;
  book_id store_{};
  stage stage_ = stage::closed;
  bool must_open_ = true;   ///< The first write after a boot opens a sector.
  bool written_ = false;    ///< Since mount().
  std::uint64_t head_ = 0;  ///< The newest sector;
  std::uint32_t end_ = 0;   ///< where its frames end.
  flash::place tail_{};     ///< Nothing before it counts.
  std::uint64_t next_lsn_ = 1;
  std::uint64_t sealed_ = 0;  ///< The counter as the log has it.
  std::uint64_t live_ = 0;
  std::uint64_t erased_from_ = never;  ///< Sectors to come from there on were erased in this boot.
  std::uint64_t pending_through_ = 0;  ///< Values to be forgotten lie in sectors up to this one.
};

}  // namespace clientbook

#endif
