// Buckets, byte by byte (docs/format/book.md). Relies on the key tree to give a leaf another key
// whenever somebody of it is erased, and on manifests to have a new version with each new record.
#include "sealed_index.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>

#include "damage.hpp"

namespace clientbook {
namespace {

constexpr std::uint64_t format = 1;
constexpr std::string_view label = "clientbook index";
constexpr std::size_t length_size = 4;
// Sizes tell of 16 customers at once, and no more than to this.
constexpr std::size_t padded_to = 256;

}  // namespace

storage::key sealed_index::key_of(std::uint64_t leaf) noexcept {
  return storage::key(storage::table::index).add(leaf * key_tree::leaf_fan_out);
}

book_core::place sealed_index::place_of(std::uint64_t leaf) noexcept {
  return {.key = key_of(leaf),
          .table = storage::table::index,
          .customer = customer_no(leaf * key_tree::leaf_fan_out)};
}

result<secret<32>> sealed_index::seal_key(std::uint64_t leaf) {
  return core_.tree().leaf_key(customer_no(leaf * key_tree::leaf_fan_out), label);
}

void sealed_index::forget() noexcept {
  plain_ = {};
  places_ = {};
  leaf_ = none;
}

result<std::optional<std::string_view>> sealed_index::text_of(customer_no number,
                                                              record_version version) {
  using found = std::optional<std::string_view>;
  if (!is_kept()) return found();
  const std::uint64_t leaf = number.value / key_tree::leaf_fan_out;
  if (leaf != leaf_ || generation_ != core_.generation()) {
    if (auto loaded = load(leaf); !loaded) {
      leaf_ = none;
      return loaded.error();
    }
    leaf_ = leaf;
    generation_ = core_.generation();
  }
  const place& kept = places_[number.value % key_tree::leaf_fan_out];
  if (kept.text.empty() || kept.version != version) return found();
  return found(kept.text);
}

// Whatever is wrong with a bucket, the records are there.
result<void> sealed_index::load(std::uint64_t leaf) {
  places_ = {};
  const auto key = seal_key(leaf);
  if (!key) return key.error();
  if (auto got = core_.get_value(*key, place_of(leaf), plain_); !got) {
    if (got.error().code == errc::not_found || is_damage(got.error().code)) return {};
    return got;
  }
  if (!take(plain_.view())) places_ = {};
  return {};
}

bool sealed_index::opens(std::uint64_t leaf, byte_view bucket) {
  leaf_ = none;
  const auto key = seal_key(leaf);
  return key && core_.open_value(*key, place_of(leaf), bucket, plain_);
}

bool sealed_index::take(byte_view plain) noexcept {
  if (plain.size() < length_size) return false;
  const std::size_t size = load_be<std::uint32_t>(plain.data());
  if (size > plain.size() - length_size) return false;
  cbor::reader from(plain.subspan(length_size, size));
  const std::size_t count = from.array();
  // Of another version of the folding the texts would not answer to what is typed today.
  if (count < 2 || from.unsigned_integer() != format ||
      from.unsigned_integer() != search::text_version) {
    return false;
  }
  for (std::size_t i = 2; i + 3 <= count && !from.failed(); i += 3) {
    const std::uint64_t at = from.unsigned_integer();
    const record_version version(from.unsigned_integer());
    const std::string_view text = as_text(from.bytes());
    if (at >= places_.size() || text.empty() || text.back() != search::end_of_text) return false;
    places_[at] = {version, text};
  }
  return from.finish().has_value();
}

result<void> sealed_index::write(std::uint64_t leaf, const entries& all) {
  std::size_t room = length_size + 64;
  for (const entry& one : all) room += one.text.size() + 24;
  room += padded_to - room % padded_to;
  wiped_bytes plain(room);
  cbor::writer to(byte_span(plain).subspan(length_size));
  to.array(2 + 3 * all.size());
  to.unsigned_integer(format);
  to.unsigned_integer(search::text_version);
  for (const entry& one : all) {
    to.unsigned_integer(one.number.value % key_tree::leaf_fan_out);
    to.unsigned_integer(one.version.value);
    to.bytes(as_bytes(std::string_view(one.text)));
  }
  const auto written = to.finish();
  if (!written) return written.error();
  store_be(plain.data(), static_cast<std::uint32_t>(written->size()));
  const std::size_t used = length_size + written->size();
  const auto key = seal_key(leaf);
  if (!key) return key.error();
  return core_.put_value(*key, place_of(leaf),
                         byte_view(plain).first(used + (padded_to - used % padded_to) % padded_to));
}

result<void> sealed_index::erase() {
  leaf_ = none;
  // Collected before anything goes: a walk must not be written under.
  std::vector<std::uint64_t> first;
  const storage::key all(storage::table::index);
  const auto walked = core_.read().walk(all, all, [&](byte_view at, byte_view) {
    if (at.size() == 9) first.push_back(load_be<std::uint64_t>(at.data() + 1));
    return true;
  });
  if (!walked) return walked;
  for (const std::uint64_t one : first) {
    if (auto gone = core_.write().erase(storage::key(storage::table::index).add(one)); !gone) {
      return gone;
    }
  }
  return {};
}

result<sealed_index::amount> sealed_index::held() {
  amount out;
  const storage::key all(storage::table::index);
  const auto walked = core_.read().walk(all, all, [&](byte_view at, byte_view value) {
    ++out.buckets;
    out.bytes += at.size() + value.size();
    return true;
  });
  if (!walked) return walked.error();
  return out;
}

result<void> sealed_index::erase_bucket_of(customer_no number) {
  if (!is_kept()) return {};
  leaf_ = none;
  const auto gone = core_.write().erase(key_of(number.value / key_tree::leaf_fan_out));
  if (!gone && gone.error().code == errc::not_found) return {};
  return gone;
}

}  // namespace clientbook
