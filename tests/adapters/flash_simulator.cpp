#include "flash_simulator.hpp"

#include <algorithm>
#include <cstring>

namespace clientbook::testing {

const part_model part_models[4] = {
    {"SPI NOR, granule 8", 8, CLIENTBOOK_FLASH_ZERO_OVERWRITE | CLIENTBOOK_FLASH_REPROGRAM_SAME,
     false, 0},
    {"byte-programmable, skipping counter", 1,
     CLIENTBOOK_FLASH_ZERO_OVERWRITE | CLIENTBOOK_FLASH_REPROGRAM_SAME, false, 3},
    {"ECC, granule 8, zeroing", 8, CLIENTBOOK_FLASH_ZERO_OVERWRITE, true, 0},
    {"ECC, granule 32, nothing twice", 32, 0, true, 0},
};

result<void> fixed_random::fill(byte_span out) noexcept {
  for (std::byte& each : out) each = static_cast<std::byte>(numbers_());
  return {};
}

flash_simulator::flash_simulator(const part_model& model, std::uint32_t sector_size,
                                 std::uint32_t sectors, std::uint64_t seed)
    : model_(model),
      sector_size_(sector_size),
      sectors_(sectors),
      cells_(std::size_t{sector_size} * sectors, 0xFF),
      weak_(cells_.size(), 0),
      granules_(cells_.size() / model.granule, granule_state::clean),
      torn_(granules_.size(), false),
      erases_(sectors, 0),
      random_(seed) {}

clientbook_flash_part flash_simulator::part() {
  clientbook_flash_part out{};
  out.context = this;
  out.sector_size = sector_size_;
  out.sector_count = sectors_;
  out.granule = model_.granule;
  out.capabilities = model_.capabilities;
  out.read = [](void* self, std::uint32_t at, void* to, std::size_t size) {
    return static_cast<flash_simulator*>(self)->read(at, static_cast<std::byte*>(to), size);
  };
  out.program = [](void* self, std::uint32_t at, const void* from, std::size_t size) {
    return static_cast<flash_simulator*>(self)->program(at, static_cast<const std::byte*>(from),
                                                        size);
  };
  out.erase = [](void* self, std::uint32_t sector) {
    return static_cast<flash_simulator*>(self)->erase(sector);
  };
  return out;
}

clientbook_flash_counter flash_simulator::counter() {
  clientbook_flash_counter out{};
  out.context = this;
  out.max_skip = model_.max_skip;
  out.read = [](void* self, std::uint64_t* value) {
    *value = static_cast<flash_simulator*>(self)->count_;
    return static_cast<flash_simulator*>(self)->off_ ? 1 : 0;
  };
  out.increment = [](void* self) { return static_cast<flash_simulator*>(self)->increment(); };
  return out;
}

void flash_simulator::cut_after(std::int64_t operations, unsigned way) {
  until_cut_ = operations;
  way_ = way;
}

void flash_simulator::power_on() {
  off_ = false;
  until_cut_ = -1;
}

bool flash_simulator::cut_here() {
  ++operations_;
  if (until_cut_ < 0 || until_cut_-- > 0) return false;
  off_ = true;
  return true;
}

int flash_simulator::read(std::uint32_t at, std::byte* to, std::size_t size) {
  if (off_ || at + size > cells_.size()) return CLIENTBOOK_FLASH_FAILED;
  bytes_read_ += size;
  for (std::size_t i = 0; i < size; ++i) {
    if (torn_[(at + i) / model_.granule]) return CLIENTBOOK_FLASH_UNCORRECTABLE;
    const std::uint8_t weak = weak_[at + i];
    const auto noise = weak == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(random_());
    to[i] = static_cast<std::byte>((cells_[at + i] & ~weak) | (noise & weak));
  }
  return CLIENTBOOK_FLASH_OK;
}

// What the part does not allow is counted, and done nevertheless.
void flash_simulator::check_rules(std::uint32_t at, const std::byte* from) {
  const granule_state state = granules_[at / model_.granule];
  if (state == granule_state::clean) return;
  const bool zero =
      std::all_of(from, from + model_.granule, [](std::byte b) { return b == std::byte{0}; });
  if (zero && (model_.capabilities & CLIENTBOOK_FLASH_ZERO_OVERWRITE) != 0) return;
  bool same = state == granule_state::written;
  for (std::uint32_t i = 0; i < model_.granule; ++i) {
    const std::uint8_t firm = static_cast<std::uint8_t>(~weak_[at + i]);
    same = same && ((cells_[at + i] ^ std::to_integer<std::uint8_t>(from[i])) & firm) == 0;
  }
  if (same && (model_.capabilities & CLIENTBOOK_FLASH_REPROGRAM_SAME) != 0) return;
  ++violations_;
}

void flash_simulator::write_granule(std::uint32_t at, const std::byte* from, bool marginal) {
  const std::size_t granule = at / model_.granule;
  torn_[granule] = marginal && model_.ecc;
  for (std::uint32_t i = 0; i < model_.granule; ++i) {
    const auto wanted = std::to_integer<std::uint8_t>(from[i]);
    const auto cleared = static_cast<std::uint8_t>((cells_[at + i] | weak_[at + i]) & ~wanted);
    if (marginal && !model_.ecc) {
      weak_[at + i] = static_cast<std::uint8_t>(weak_[at + i] | cleared);
    } else {
      weak_[at + i] = static_cast<std::uint8_t>(weak_[at + i] & ~cleared);
    }
    cells_[at + i] = static_cast<std::uint8_t>(cells_[at + i] & wanted);
  }
  granules_[granule] = granule_state::written;
  programmed_bytes_ += model_.granule;
}

int flash_simulator::program(std::uint32_t at, const std::byte* from, std::size_t size) {
  if (off_ || at + size > cells_.size() || at % model_.granule != 0 || size % model_.granule != 0) {
    return CLIENTBOOK_FLASH_FAILED;
  }
  for (std::uint32_t i = 0; i < size; i += model_.granule) check_rules(at + i, from + i);
  if (cut_here()) {
    program_cut(at, from, size);
    return CLIENTBOOK_FLASH_FAILED;
  }
  for (std::uint32_t i = 0; i < size; i += model_.granule) write_granule(at + i, from + i, false);
  return CLIENTBOOK_FLASH_OK;
}

void flash_simulator::program_cut(std::uint32_t at, const std::byte* from, std::size_t size) {
  const auto granules = static_cast<std::uint32_t>(size / model_.granule);
  std::uint32_t whole = granules;
  if (way_ == 0) return;
  if (way_ == 1) whole = granules / 2;
  if (way_ == 2) whole = granules - 1;
  if (way_ == 4) whole = static_cast<std::uint32_t>(random_.below(granules));
  for (std::uint32_t i = 0; i < whole; ++i) {
    write_granule(at + i * model_.granule, from + i * model_.granule, false);
  }
  if (whole == granules) return;
  if (way_ != 1 || model_.ecc) {
    write_granule(at + whole * model_.granule, from + whole * model_.granule, true);
  }
  if (way_ != 4 || model_.ecc) return;
  // Single bits further on.
  for (std::uint32_t i = whole + 1; i < granules; ++i) {
    if (random_.below(3) != 0) continue;
    std::vector<std::byte> some(from + i * model_.granule, from + (i + 1) * model_.granule);
    for (std::byte& each : some) each |= static_cast<std::byte>(random_() | random_());
    write_granule(at + i * model_.granule, some.data(), random_.below(2) == 0);
  }
}

void flash_simulator::erase_granule(std::uint32_t at, bool marginal) {
  const std::size_t granule = at / model_.granule;
  torn_[granule] = marginal && model_.ecc;
  for (std::uint32_t i = 0; i < model_.granule; ++i) {
    weak_[at + i] = marginal && !model_.ecc ? static_cast<std::uint8_t>(~cells_[at + i] & random_())
                                            : std::uint8_t{0};
    cells_[at + i] = 0xFF;
  }
  granules_[granule] = granule_state::clean;
}

int flash_simulator::erase(std::uint32_t sector) {
  if (off_ || sector >= sectors_) return CLIENTBOOK_FLASH_FAILED;
  ++erases_[sector];
  if (cut_here()) {
    erase_cut(sector);
    return CLIENTBOOK_FLASH_FAILED;
  }
  for (std::uint32_t i = 0; i < sector_size_; i += model_.granule) {
    erase_granule(sector * sector_size_ + i, false);
  }
  return CLIENTBOOK_FLASH_OK;
}

void flash_simulator::erase_cut(std::uint32_t sector) {
  if (way_ == 0) return;
  const std::uint32_t base = sector * sector_size_;
  for (std::uint32_t i = 0; i < sector_size_; i += model_.granule) {
    bool done = true;
    bool marginal = false;
    if (way_ == 1) done = i < sector_size_ / 2;
    if (way_ == 2) marginal = random_.below(8) == 0;
    if (way_ == 4) {
      done = random_.below(2) == 0;
      marginal = random_.below(2) == 0;
    }
    if (done) erase_granule(base + i, marginal);
    // However it reads: it was not erased to the end.
    if (way_ != 3) granules_[(base + i) / model_.granule] = granule_state::dirty;
  }
}

int flash_simulator::increment() {
  if (off_) return 1;
  if (cut_here()) {
    if (way_ >= 1) ++count_;
    if (way_ >= 2) count_ += model_.max_skip == 0 ? 0 : random_.below(model_.max_skip);
    return 1;
  }
  ++count_;
  return 0;
}

std::vector<std::byte> flash_simulator::image(bool marginal_as_before) const {
  std::vector<std::byte> out(cells_.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::byte>(marginal_as_before ? cells_[i] ^ weak_[i] : cells_[i]);
  }
  return out;
}

void flash_simulator::put_image(const std::vector<std::byte>& image) {
  for (std::size_t i = 0; i < image.size(); ++i) {
    cells_[i] = std::to_integer<std::uint8_t>(image[i]);
    weak_[i] = 0;
  }
  std::fill(torn_.begin(), torn_.end(), false);
  std::fill(granules_.begin(), granules_.end(), granule_state::written);
}

}  // namespace clientbook::testing
