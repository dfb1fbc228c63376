// A simulated flash part and counter whose power fails where a test says, in five ways: nothing was
// done, a part of it, all but a last marginal granule, all of it, or anything in between. A granule
// that was programmed twice against the rules of the part, or without a whole erase, is counted.
#ifndef CLIENTBOOK_TESTS_FLASH_SIMULATOR_HPP
#define CLIENTBOOK_TESTS_FLASH_SIMULATOR_HPP

#include <clientbook/adapters/flash_part.h>
#include <clientbook/base/random.hpp>

#include <cstdint>
#include <random>
#include <vector>

namespace clientbook::testing {

struct part_model {
  const char* name = "";
  std::uint32_t granule = 8;
  std::uint32_t capabilities = 0;
  bool ecc = false;  ///< A granule that power cut is uncorrectable; else its cells waver.
  std::uint64_t max_skip = 0;
};

/// The four of docs/format/flash.md.
extern const part_model part_models[4];

constexpr unsigned cut_ways = 5;

/// Numbers that repeat, for salts and for the simulator.
class fixed_random final : public random_source {
 public:
  explicit fixed_random(std::uint64_t seed) : numbers_(seed) {}
  result<void> fill(byte_span out) noexcept override;
  std::uint64_t operator()() { return numbers_(); }
  std::uint64_t below(std::uint64_t limit) { return numbers_() % limit; }

 private:
  std::mt19937_64 numbers_;
};

class flash_simulator {
 public:
  flash_simulator(const part_model& model, std::uint32_t sector_size, std::uint32_t sectors,
                  std::uint64_t seed);

  /// Ports to this object, which must stay where it is.
  clientbook_flash_part part();
  clientbook_flash_counter counter();

  /// Power fails in the operation that comes after `operations` more. -1: never.
  void cut_after(std::int64_t operations, unsigned way);
  void power_on();
  bool is_off() const { return off_; }
  std::uint64_t operations() const { return operations_; }
  std::uint64_t violations() const { return violations_; }

  /// What lies in the cells; marginal ones as they were meant, or as they were before.
  std::vector<std::byte> image(bool marginal_as_before = false) const;
  void put_image(const std::vector<std::byte>& image);
  std::uint64_t count() const { return count_; }
  void put_count(std::uint64_t count) { count_ = count; }
  std::uint64_t bytes_read() const { return bytes_read_; }
  std::uint64_t erases(std::uint32_t sector) const { return erases_[sector]; }
  std::uint64_t programmed_bytes() const { return programmed_bytes_; }

 private:
  enum class granule_state : std::uint8_t { clean, written, dirty };
  int read(std::uint32_t at, std::byte* to, std::size_t size);
  int program(std::uint32_t at, const std::byte* from, std::size_t size);
  int erase(std::uint32_t sector);
  int increment();
  bool cut_here();
  void write_granule(std::uint32_t at, const std::byte* from, bool marginal);
  void program_cut(std::uint32_t at, const std::byte* from, std::size_t size);
  void erase_cut(std::uint32_t sector);
  void erase_granule(std::uint32_t at, bool marginal);
  void check_rules(std::uint32_t at, const std::byte* from);

  part_model model_;
  std::uint32_t sector_size_;
  std::uint32_t sectors_;
  std::vector<std::uint8_t> cells_;
  std::vector<std::uint8_t> weak_;  // Bits that read differently each time.
  std::vector<granule_state> granules_;
  std::vector<bool> torn_;  // Of a part with ECC.
  std::vector<std::uint64_t> erases_;
  fixed_random random_;
  std::int64_t until_cut_ = -1;
  unsigned way_ = 0;
  bool off_ = false;
  std::uint64_t operations_ = 0;
  std::uint64_t violations_ = 0;
  std::uint64_t count_ = 7;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t programmed_bytes_ = 0;
};

}  // namespace clientbook::testing

#endif
