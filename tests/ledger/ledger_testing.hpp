// What the ledger's tests share: a tree in memory, keys and entries that are always the same.
#ifndef CLIENTBOOK_TESTS_LEDGER_TESTING_HPP
#define CLIENTBOOK_TESTS_LEDGER_TESTING_HPP

#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/ledger/tiles.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace clientbook::testing {

using ledger::hash;

inline std::vector<std::byte> bytes_of(std::string_view hex) {
  std::vector<std::byte> out(hex.size() / 2);
  (void)parse_hex(hex, out);
  return out;
}
inline std::string hex_of(byte_view bytes) {
  std::string out(bytes.size() * 2, '0');
  write_hex(bytes, out.data());
  return out;
}

/// Leaf n of the trees that tests build.
inline hash numbered_leaf(std::uint64_t number) {
  std::byte bytes[8];
  store_be(bytes, number);
  return ledger::leaf_hash(bytes);
}

/// The root as RFC 6962 section 2.1 defines it, by recursion.
inline hash naive_root(std::span<const hash> leaves) {
  if (leaves.empty()) return ledger::empty_root();
  if (leaves.size() == 1) return leaves[0];
  std::size_t left = 1;
  while (left * 2 < leaves.size()) left *= 2;
  return ledger::node_hash(naive_root(leaves.first(left)), naive_root(leaves.subspan(left)));
}

/// Keeps tiles in a map and can be told to fail.
class tiles_in_memory final : public ledger::tile_store {
 public:
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<std::byte>> tiles;
  std::size_t puts = 0;
  std::size_t puts_until_failure = ~std::size_t{0};

  result<byte_view> get(unsigned level, std::uint64_t index) noexcept override {
    const auto found = tiles.find({level, index});
    if (found == tiles.end()) return error{errc::not_found, "no such tile"};
    return byte_view(found->second);
  }
  result<void> put(unsigned level, std::uint64_t index, byte_view hashes) noexcept override {
    if (puts_until_failure-- == 0) return error{errc::disk_full, "told to fail"};
    ++puts;
    tiles[{level, index}].assign(hashes.begin(), hashes.end());
    return {};
  }
};

/// A tree whose leaves are numbered_leaf(0), numbered_leaf(1), ...
struct numbered_tree {
  tiles_in_memory store;
  ledger::frontier front;
  std::vector<hash> leaves;
  std::vector<ledger::tile_slot> slots = std::vector<ledger::tile_slot>(3);

  explicit numbered_tree(std::uint64_t size) { grow(size); }
  void grow(std::uint64_t size) {
    ledger::tile_writer writer(store, front, slots);
    while (front.size() < size) {
      leaves.push_back(numbered_leaf(front.size()));
      (void)writer.append(leaves.back());
    }
    (void)writer.flush();
  }
  ledger::tile_reader reader() { return {store, front.size()}; }
};

inline secret<32> fixed_key(unsigned char first) {
  secret<32> key;
  key.fill_bytes([&](byte_span bytes) {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(first++);
  });
  return key;
}

/// Of format 1, as all vectors but one: what was written in it stays readable.
inline ledger::disclosure_entry sample_entry() {
  ledger::disclosure_entry entry;
  entry.format = 1;
  entry.type = ledger_event::disclosure;
  entry.day = {2026, 3, 14};
  for (std::size_t i = 0; i < 16; ++i) entry.id.bytes[i] = static_cast<std::byte>(0xA0 + i);
  entry.purpose = purpose_id(7);
  entry.legal_basis = 2;
  entry.recipient_class = recipient_id(3);
  entry.actor = ledger::actor_tag(fixed_key(1), actor_id(42));
  return entry;
}

inline const ledger::disclosed_field sample_fields[] = {
    {field::name, record_version(3), redaction_operator::none},
    {field::emails, record_version(3), redaction_operator::mask_email},
    {field::birth_date, record_version(3), redaction_operator::generalise_date}};

inline ledger::disclosure_payload sample_payload() {
  ledger::disclosure_payload payload;
  payload.at = *parse_timestamp("2026-03-14T15:09:26Z");
  for (std::size_t i = 0; i < 16; ++i) payload.customer.bytes[i] = static_cast<std::byte>(i);
  payload.party = recipient_id(17);
  payload.recipient = "Parcel Company";
  payload.fields = sample_fields;
  payload.actor = actor_id(42);
  payload.sequence = 2;
  payload.previous = 11;
  payload.blinding = fixed_key(0x40);
  return payload;
}

}  // namespace clientbook::testing

#endif
