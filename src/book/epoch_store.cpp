// Epochs in the store (docs/format/book.md).
#include "epoch_store.hpp"

#include <array>

#include "versioned_row.hpp"

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::string_view row_label = "clientbook epochs";
constexpr std::string_view seal_label = "clientbook epoch seal";
constexpr std::size_t parts = 4;
constexpr std::uint32_t under_way = 1;
constexpr std::uint32_t is_over = 2;
constexpr error malformed{errc::invalid_encoding, "a row of an epoch is not as it must be"};

}  // namespace

customer_no epoch_store::number_of(std::uint64_t place) noexcept {
  return customer_no(storage::epochs_from + place);
}

book_core::place epoch_store::place_of(std::uint32_t number, std::uint32_t version) const noexcept {
  return {.key = key(table::epoch).add(number),
          .table = table::epoch,
          .customer = own_number,
          .record = number,
          .version = record_version(version)};
}

secret<32> epoch_store::row_key() const { return crypto::derive(core_.keys().actors, row_label); }

result<epoch_store::row> epoch_store::read(std::uint32_t number) {
  if (newest() == 0 || number > newest()) {
    return error{errc::not_found, "the ledger has no such epoch", number};
  }
  const std::uint32_t version = number == newest() ? under_way : is_over;
  if (auto got = core_.get_value(row_key(), place_of(number, version), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "the row of an epoch is gone: restore a copy", number};
  }
  cbor::reader from(plain_.view());
  row out;
  out.is.number = number;
  if (from.array() != parts) from.fail(malformed.code, malformed.text);
  out.place = from.unsigned_integer();
  const byte_view public_key = from.bytes();
  if (public_key.size() != out.is.key.size()) {
    from.fail(malformed.code, malformed.text);
  } else {
    copy_bytes(out.is.key, public_key);
  }
  out.is.from = from.unsigned_integer();
  out.is.seal = from.text();
  if (out.is.seal.empty() != (version == under_way) || (out.place == 0) != (number == 0)) {
    from.fail(malformed.code, malformed.text);
  }
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

result<crypto::signing_key> epoch_store::key_of(const row& one) {
  if (one.is.number == 0) return crypto::signing_key(core_.keys().signing_seed);
  const auto own = core_.tree().find(number_of(one.place));
  if (!own) return own.error();
  return crypto::signing_key(crypto::derive((*own)->subject_key, seal_label));
}

result<void> epoch_store::put(const row& one) {
  std::vector<std::byte> room(128 + one.is.seal.size());
  cbor::writer to(room);
  to.array(parts);
  to.unsigned_integer(one.place);
  to.bytes(one.is.key);
  to.unsigned_integer(one.is.from);
  to.text(one.is.seal);
  const auto bytes = to.finish();
  if (!bytes) return bytes.error();
  return core_.put_value(
      row_key(), place_of(one.is.number, one.is.seal.empty() ? under_way : is_over), *bytes);
}

result<epoch_store::row> epoch_store::begin_next(std::uint64_t from) {
  row out;
  out.is.from = from;
  out.is.number = newest() + 1;
  // A restore may have lost epochs whose numbers the tree has given all the same.
  for (out.place = 1;; ++out.place) {
    if (number_of(out.place).value > storage::retained_from) {
      return error{errc::limit_exceeded, "a ledger has at most 65,536 epochs"};
    }
    const auto taken = core_.tree().find(number_of(out.place));
    if (taken || taken.error().code == errc::key_erased) continue;
    if (taken.error().code != errc::not_found) return taken.error();
    break;
  }
  auto drawn = crypto::random_key(core_.random());
  if (!drawn) return drawn.error();
  out.is.key = crypto::signing_key(crypto::derive(*drawn, seal_label)).public_key();
  manifest own;
  own.subject_key = std::move(*drawn);
  if (auto added = core_.tree().insert(number_of(out.place), std::move(own)); !added) {
    return added.error();
  }
  return out;
}

result<void> epoch_store::destroy_key(const row& one) {
  if (one.place == 0) return {};
  return core_.tree().erase(number_of(one.place));
}

}  // namespace clientbook
