// Witnesses in the store (docs/format/book.md).
#include "witness_store.hpp"

#include <algorithm>
#include <utility>

namespace clientbook {
namespace {

constexpr std::size_t parts = 5;
constexpr error malformed{errc::invalid_encoding,
                          "what the book knows of witnesses is not as it must be"};
constexpr error unknown{errc::not_found, "the book has no witness of that name"};

}  // namespace

result<void> witness_store::read(byte_view bytes) {
  all_.clear();
  if (bytes.empty()) return {};
  cbor::reader from(bytes);
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    if (from.array() != parts && !from.failed()) {
      return error{errc::newer_format, "a witness is of a later version: update clientbook"};
    }
    ledger_witness one;
    one.key = from.text();
    one.seen = from.unsigned_integer();
    one.size = from.unsigned_integer();
    one.at = timestamp{from.integer()};
    one.note = from.text();
    if ((one.size == 0) != one.note.empty()) from.fail(malformed.code, malformed.text);
    all_.push_back(std::move(one));
  }
  if (all_.size() > max_witnesses) return malformed;
  return from.finish();
}

result<const std::vector<ledger_witness>*> witness_store::all() {
  if (auto followed = row_.follow([this](byte_view bytes) { return read(bytes); }); !followed) {
    return followed.error();
  }
  return &all_;
}

result<ledger_witness> witness_store::of(std::string_view name) {
  if (auto known = all(); !known) return known.error();
  const auto one = std::ranges::find(all_, name, &ledger_witness::name);
  if (one == all_.end()) return unknown;
  return *one;
}

result<void> witness_store::set(ledger_witness one) {
  if (auto known = all(); !known) return known.error();
  const auto place = std::ranges::find(all_, one.name(), &ledger_witness::name);
  if (place != all_.end()) {
    *place = std::move(one);
  } else {
    all_.push_back(std::move(one));
  }
  return write();
}

result<void> witness_store::remove(std::string_view name) {
  if (auto known = all(); !known) return known.error();
  const auto place = std::ranges::find(all_, name, &ledger_witness::name);
  if (place == all_.end()) return unknown;
  all_.erase(place);
  return write();
}

result<void> witness_store::write() {
  std::size_t room = 16;
  for (const ledger_witness& one : all_) room += one.key.size() + one.note.size() + 64;
  std::vector<std::byte> bytes(room);
  cbor::writer to(bytes);
  to.array(all_.size());
  for (const ledger_witness& one : all_) {
    to.array(parts);
    to.text(one.key);
    to.unsigned_integer(one.seen);
    to.unsigned_integer(one.size);
    to.integer(one.at.seconds);
    to.text(one.note);
  }
  const auto done = to.finish();
  return done ? row_.write(*done) : done.error();
}

}  // namespace clientbook
