// Cosignatures and requests to witnesses: what is written is read back, and nothing else.
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/witness.hpp>
#include "ledger_testing.hpp"
#include "testing.hpp"

#include <string>
#include <vector>

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

namespace {

constexpr std::string_view origin = "shop.example/clientbook/2026";
constexpr timestamp noon{1'790'000'000};

const crypto::signing_key& log_key() {
  static const crypto::signing_key key(fixed_key(0x10));
  return key;
}
const crypto::signing_key& witness_key() {
  static const crypto::signing_key key(fixed_key(0x20));
  return key;
}
note_key witness() { return {"witness.example", witness_key().public_key()}; }

std::string signed_head(std::uint64_t size = 70'000) {
  char room[checkpoint_room];
  return std::string(*write_checkpoint({origin, size, numbered_leaf(1)}, log_key(), room));
}
std::string line_over(std::string_view note, timestamp at = noon) {
  char room[cosignature_room + max_key_name];
  return std::string(*write_cosignature(note, "witness.example", witness_key(), at, room));
}
errc code(const std::string& note) {
  const auto at = verify_cosignature(note, witness());
  return at ? errc::none : at.error().code;
}

}  // namespace

TEST_CASE("cosignature: says when, over this checkpoint and no other") {
  REQUIRE(crypto::init());
  const std::string note = signed_head();
  const std::string cosigned = note + line_over(note);
  CHECK(*verify_cosignature(cosigned, witness()) == noon);
  CHECK(verify_checkpoint(cosigned, {origin, log_key().public_key()}));
  CHECK(code(note) == errc::not_found);
  CHECK(code(signed_head(70'001) + line_over(note)) == errc::signature_invalid);
  // Of two by the same witness the newer time counts.
  const timestamp later{noon.seconds + 60};
  CHECK(*verify_cosignature(note + line_over(note, later) + line_over(note), witness()) == later);
  CHECK(code(note + line_over(note) + "x") == errc::invalid_encoding);
}

TEST_CASE("cosignature: no bit of its line can change") {
  REQUIRE(crypto::init());
  const std::string note = signed_head();
  const std::string whole = note + line_over(note);
  for (std::size_t i = note.size(); i < whole.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      CAPTURE(i);
      CHECK(code(changed) != errc::none);
    }
  }
}

TEST_CASE("cosignature: a time that is none, and a name that is none, are refused") {
  REQUIRE(crypto::init());
  const std::string note = signed_head();
  char room[512];
  for (const std::int64_t at : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{253402300800}}) {
    CHECK(write_cosignature(note, "w", witness_key(), timestamp{at}, room).error().code ==
          errc::invalid_argument);
  }
  CHECK(write_cosignature(note, "two words", witness_key(), noon, room).error().code ==
        errc::invalid_argument);
  CHECK(write_cosignature("no note", "w", witness_key(), noon, room).error().code ==
        errc::invalid_encoding);
  char small[8];
  CHECK(write_cosignature(note, "w", witness_key(), noon, small).error().code ==
        errc::buffer_too_small);
}

TEST_CASE("witness key: of its own kind, and no log's") {
  REQUIRE(crypto::init());
  char room[note_key_room];
  const std::string text(*write_witness_key(witness(), room));
  const auto read = parse_witness_key(text);
  REQUIRE(read);
  CHECK(read->name == "witness.example");
  CHECK(read->key == witness_key().public_key());
  CHECK(parse_note_key(text).error().code == errc::unsupported);
  const std::string log(*write_note_key(witness(), room));
  CHECK(parse_witness_key(log).error().code == errc::unsupported);
  CHECK(parse_witness_key(text.substr(1)).error().code == errc::invalid_encoding);
}

TEST_CASE("add-checkpoint: is read back as it was written") {
  REQUIRE(crypto::init());
  const std::string note = signed_head();
  const std::vector<hash> path{numbered_leaf(3), numbered_leaf(4)};
  std::string room(add_checkpoint_room + note.size(), '\0');
  const std::string body(*write_add_checkpoint(20, path, note, room));
  CHECK(body.starts_with("old 20\n"));
  const auto read = parse_add_checkpoint(body);
  REQUIRE(read);
  CHECK(read->old_size == 20);
  CHECK(read->path.count == 2);
  CHECK(read->path.hashes[1] == numbered_leaf(4));
  CHECK(read->checkpoint == note);
  const std::vector<std::string> bad{
      "",           "old\n\n" + note,  "old 020\n\n" + note,           "old 20\nAA==\n\n" + note,
      "old 20\n\n", "old 20\n" + note, body.substr(0, body.size() - 1)};
  for (const std::string& one : bad) {
    CAPTURE(one);
    CHECK(parse_add_checkpoint(one).error().code == errc::invalid_encoding);
  }
}
