// Versions that only grow bind each open row to the list, and the list to the book row. What has
// ended has version 0: nothing binds it but its seal.
#include "numbered_rows.hpp"

#include <algorithm>

namespace clientbook {
namespace {

constexpr std::uint32_t ended_version = 0;
constexpr error malformed{errc::invalid_encoding, "a list of open rows is not as it must be"};

}  // namespace

book_core::place numbered_rows::place_of(std::uint32_t number,
                                         std::uint32_t version) const noexcept {
  return {.key = storage::key(index_.table()).add(number),
          .table = index_.table(),
          .customer = own_number,
          .record = number,
          .version = record_version(version)};
}

result<void> numbered_rows::take(byte_view index) {
  open_.clear();
  given_ = 0;
  if (index.empty()) return {};
  cbor::reader from(index);
  if (from.array() != 2) from.fail(malformed.code, malformed.text);
  given_ = read_number<std::uint32_t>(from, malformed);
  for (std::size_t left = from.array() / 2; left > 0 && !from.failed(); --left) {
    const auto number = read_number<std::uint32_t>(from, malformed);
    open_.push_back({number, read_number<std::uint32_t>(from, malformed)});
  }
  return from.finish();
}

result<bool> numbered_rows::follow() {
  bool anew = false;
  const auto followed = index_.follow([&](byte_view index) {
    anew = true;
    return take(index);
  });
  if (!followed) return followed.error();
  return anew;
}

bool numbered_rows::is_open(std::uint32_t number) const noexcept {
  return std::ranges::find(open_, number, &listed::number) != open_.end();
}

result<byte_view> numbered_rows::read(std::uint32_t number) {
  if (number == 0 || number > given_) return error{errc::not_found, "no such number", number};
  const auto open = std::ranges::find(open_, number, &listed::number);
  const std::uint32_t version = open == open_.end() ? ended_version : open->version;
  if (auto got = core_.get_value(index_.key(), place_of(number, version), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, gone_, number};
  }
  return plain_.view();
}

result<void> numbered_rows::add(std::uint32_t number, byte_view bytes) {
  given_ = number;
  open_.push_back({number, 0});
  return put(number, bytes);
}

result<void> numbered_rows::put(std::uint32_t number, byte_view bytes) {
  const auto open = std::ranges::find(open_, number, &listed::number);
  const bool ended = open == open_.end();
  const std::uint32_t version = ended ? ended_version : ++open->version;
  if (auto put = core_.put_value(index_.key(), place_of(number, version), bytes); !put) return put;
  return ended ? result<void>() : write_index();
}

result<void> numbered_rows::end(std::uint32_t number, byte_view bytes) {
  std::erase_if(open_, [number](const listed& one) { return one.number == number; });
  if (auto kept = put(number, bytes); !kept) return kept;
  return write_index();
}

result<void> numbered_rows::write_index() {
  std::vector<std::byte> room(32 + open_.size() * 10);
  cbor::writer to(room);
  to.array(2);
  to.unsigned_integer(given_);
  to.array(open_.size() * 2);
  for (const listed& one : open_) {
    to.unsigned_integer(one.number);
    to.unsigned_integer(one.version);
  }
  const auto bytes = to.finish();
  return bytes ? index_.write(*bytes) : bytes.error();
}

}  // namespace clientbook
