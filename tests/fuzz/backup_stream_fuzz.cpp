// Backup: no bytes that were not written by the book make one, and a failed restore leaves none.
#include <clientbook/adapters/memory_backend.hpp>
#include <clientbook/adapters/memory_root_cell.hpp>
#include <clientbook/book/book.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

using namespace clientbook;

namespace {

class one_place final : public mirror_opener {
 public:
  mirror_place place;
  result<mirror_place> open(std::string_view) noexcept override { return place; }
  result<mirror_place> create(std::string_view) noexcept override { return place; }
  result<void> empty(std::string_view) noexcept override {
    return error{errc::permission_denied, "it stays"};
  }
};

std::shared_ptr<backend> store() {
  auto made = make_memory_backend();
  if (!made) std::abort();
  return std::move(*made);
}

// A book with a mirror, whose shares are known.
struct safe {
  std::shared_ptr<one_place> places = std::make_shared<one_place>();
  std::vector<crypto::share> shares;

  safe() {
    places->place = {store(), std::make_shared<memory_root_cell>()};
    new_book what;
    what.profile = gdpr_profile().id;
    book_options how;
    how.mirrors = places;
    const auto made = book::create(store(), std::make_shared<memory_root_cell>(), what, how);
    if (!made) std::abort();
    auto in = made->begin_session({.id = actor_id(1), .role = actor_role::owner});
    if (!in) std::abort();
    const auto kit = in->make_recovery_key(2, 2);
    if (!kit || !in->add_mirror("/m")) std::abort();
    for (const crypto::share_text& one : kit->shares) {
      auto read = one.with_bytes([](byte_view text) { return crypto::read_share(as_text(text)); });
      if (!read) std::abort();
      shares.push_back(std::move(*read));
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const safe lost;
  byte_view left = std::as_bytes(std::span(data, size));
  const auto read = [&](byte_span to) -> result<std::size_t> {
    const std::size_t count = std::min(to.size(), left.size());
    copy_bytes(to, left.first(count));
    left = left.subspan(count);
    return count;
  };
  const backup_source source(read);
  const auto cell = std::make_shared<memory_root_cell>();
  restore_parts parts;
  parts.mirror = lost.places->place;
  parts.shares = lost.shares;
  parts.backups = std::span(&source, 1);
  if (book::restore(store(), cell, parts, {.id = actor_id(1), .role = actor_role::owner})) {
    std::abort();
  }
  const auto held = cell->load();
  if (!held || held->current || held->staged) std::abort();
  return 0;
}
