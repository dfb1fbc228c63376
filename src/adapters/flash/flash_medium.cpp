// The part as the flash store uses it: every program is read back, an overwritten salt too, and
// whatever fails stops the store until it is mounted (rule 1 of docs/format/flash.md).
#include <algorithm>
#include <bit>

#include "flash_frame.hpp"

namespace clientbook {
namespace {

constexpr std::uint32_t smallest_sector = 512;
constexpr std::uint32_t largest_sector = 65536;
constexpr std::size_t smallest_buffer = 256;
constexpr std::size_t chunk_size = 64;

}  // namespace

result<void> flash_store::check_part() const noexcept {
  const clientbook_flash_part& part = *part_;
  if (part.read == nullptr || part.program == nullptr || part.erase == nullptr) {
    return error{errc::invalid_argument, "a flash part reads, programs and erases"};
  }
  if (!std::has_single_bit(part.sector_size) || part.sector_size < smallest_sector ||
      part.sector_size > largest_sector) {
    return error{errc::invalid_argument, "a sector has 512 to 65536 bytes, a power of two"};
  }
  if (!std::has_single_bit(part.granule) || part.granule > 32) {
    return error{errc::invalid_argument, "a granule has 1 to 32 bytes, a power of two"};
  }
  if (part.sector_count < 6 ||
      std::uint64_t{part.sector_size} * part.sector_count >= flash::broken) {
    return error{errc::invalid_argument, "the flash has 6 sectors at least, below 2 GiB in all"};
  }
  if (frame_.size() < smallest_buffer || frame_.size() > layout_.usable()) {
    return error{errc::invalid_argument,
                 "the frame buffer has 256 bytes at least, and less than a sector holds"};
  }
  if (index_.empty()) return error{errc::invalid_argument, "the index has room for no record"};
  return {};
}

std::uint32_t flash_store::base_of(std::uint64_t sequence) const noexcept {
  return static_cast<std::uint32_t>(sequence % layout_.sectors) * layout_.sector;
}

bool flash_store::can(clientbook_flash_capability what) const noexcept {
  return (part_->capabilities & static_cast<std::uint32_t>(what)) != 0;
}

error flash_store::stop(const error& failure) noexcept {
  stage_ = stage::stopped;
  return failure;
}

bool flash_store::try_read(std::uint32_t at, byte_span to) const noexcept {
  return part_->read(part_->context, at, to.data(), to.size()) == CLIENTBOOK_FLASH_OK;
}

result<void> flash_store::read(std::uint32_t at, byte_span to) const noexcept {
  const int done = part_->read(part_->context, at, to.data(), to.size());
  if (done == CLIENTBOOK_FLASH_OK) return {};
  return done == CLIENTBOOK_FLASH_UNCORRECTABLE ? flash::frame_damaged : flash::read_failed;
}

result<void> flash_store::program(std::uint32_t at, byte_view bytes) noexcept {
  if (part_->alive != nullptr) part_->alive(part_->context);
  if (part_->program(part_->context, at, bytes.data(), bytes.size()) != CLIENTBOOK_FLASH_OK ||
      (part_->sync != nullptr && part_->sync(part_->context) != CLIENTBOOK_FLASH_OK)) {
    return stop(flash::write_failed);
  }
  std::array<std::byte, chunk_size> chunk;
  for (std::size_t done = 0; done < bytes.size(); done += chunk_size) {
    const byte_view wanted = bytes.subspan(done, std::min(chunk_size, bytes.size() - done));
    const byte_span found = byte_span(chunk).first(wanted.size());
    if (!try_read(at + static_cast<std::uint32_t>(done), found) || !same_bytes(found, wanted)) {
      return stop(flash::write_failed);
    }
  }
  return {};
}

result<void> flash_store::zero(std::uint32_t at, std::uint32_t size) noexcept {
  constexpr std::array<std::byte, chunk_size> zeros{};
  for (std::uint32_t done = 0; done < size; done += chunk_size) {
    const std::size_t here = std::min<std::size_t>(chunk_size, size - done);
    if (auto written = program(at + done, byte_view(zeros).first(here)); !written) return written;
  }
  return {};
}

result<void> flash_store::erase(std::uint64_t sequence) noexcept {
  if (part_->alive != nullptr) part_->alive(part_->context);
  const auto sector = static_cast<std::uint32_t>(sequence % layout_.sectors);
  if (part_->erase(part_->context, sector) != CLIENTBOOK_FLASH_OK ||
      (part_->sync != nullptr && part_->sync(part_->context) != CLIENTBOOK_FLASH_OK)) {
    return stop(flash::write_failed);
  }
  return {};
}

bool flash_store::is_blank(std::uint64_t sequence, std::uint32_t from) const noexcept {
  std::array<std::byte, chunk_size> chunk;
  for (std::uint32_t at = from; at < layout_.sector; at += chunk_size) {
    const std::size_t here = std::min<std::size_t>(chunk_size, layout_.sector - at);
    const byte_span found = byte_span(chunk).first(here);
    if (!try_read(base_of(sequence) + at, found)) return false;
    for (const std::byte each : found) {
      if (each != std::byte{0xFF}) return false;
    }
  }
  return true;
}

}  // namespace clientbook
