// Notes of others than logs: whoever signs one is known by name and key, and by nothing less.
#include <clientbook/ledger/signed_note.hpp>
#include "ledger_testing.hpp"
#include "testing.hpp"

#include <string>

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

namespace {

constexpr std::string_view name = "parcels.example";

const crypto::signing_key& signer() {
  static const crypto::signing_key key(fixed_key(0x21));
  return key;
}
note_key known() { return {name, signer().public_key()}; }

std::string signed_text(std::string_view text, std::string_view by = name) {
  char room[1024];
  const auto note = write_note(text, by, signer(), room);
  REQUIRE(note);
  return std::string(*note);
}

errc refused(std::string_view text, std::string_view by = name) {
  char room[1024];
  const auto note = write_note(text, by, signer(), room);
  return note ? errc::none : note.error().code;
}

errc read(const std::string& note, const note_key& by = known()) {
  const auto text = verify_note(note, by);
  return text ? errc::none : text.error().code;
}

}  // namespace

TEST_CASE("signed note: the text that was signed is read back, and no other") {
  REQUIRE(crypto::init());
  const std::string note = signed_text("done\nwhat: 17\n");
  CHECK(verify_note(note, known()).value() == "done\nwhat: 17\n");
  for (std::size_t i = 0; i < note.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string altered = note;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      CAPTURE(i);
      CAPTURE(bit);
      CHECK(read(altered) != errc::none);
    }
  }
  for (std::size_t size = 0; size < note.size(); ++size)
    CHECK(read(note.substr(0, size)) != errc::none);
}

TEST_CASE("signed note: another name and another key have not signed it") {
  REQUIRE(crypto::init());
  const std::string note = signed_text("done\n");
  CHECK(read(note, {"other.example", signer().public_key()}) == errc::signature_invalid);
  CHECK(read(note, {name, crypto::signing_key(fixed_key(0x22)).public_key()}) ==
        errc::signature_invalid);
  CHECK(read(note.substr(0, note.find("\xE2\x80\x94"))) == errc::signature_invalid);
}

TEST_CASE("signed note: what cannot be a note is not signed, nor read") {
  REQUIRE(crypto::init());
  for (const char* text : {"", "no end", "\n", "a\n\nb\n", "\na\n", "a\n\n", "a\tb\n", "a\xFF\n"}) {
    CAPTURE(text);
    CHECK(refused(text) == errc::invalid_argument);
    CHECK(read(std::string(text)) != errc::none);
  }
  CHECK(refused(std::string(max_note, 'a') + "\n") == errc::limit_exceeded);
  CHECK(read(std::string(max_note + 1, 'a')) == errc::limit_exceeded);
  for (const char* by : {"", "two words", "a+b", "a\nb"})
    CHECK(refused("a\n", by) == errc::invalid_argument);
  char small[20];
  CHECK(write_note("a\n", name, signer(), small).error().code == errc::buffer_too_small);
}

TEST_CASE("signed note: a key is read in one form alone") {
  REQUIRE(crypto::init());
  char room[note_key_room];
  const std::string text(*write_note_key(known(), room));
  const auto back = parse_note_key(text);
  REQUIRE(back);
  CHECK(back->name == name);
  CHECK(back->key == signer().public_key());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = altered[i] == 'a' ? 'b' : 'a';
    CAPTURE(i);
    CHECK_FALSE(parse_note_key(altered));
  }
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE(parse_note_key(text.substr(0, size)));
  CHECK(write_note_key({"two words", {}}, room).error().code == errc::invalid_argument);
}
