// The card scan that every write goes through, on labelled notes (tests/vectors/notes).
#include <clientbook/internal/model/card_data.hpp>

#include <string>
#include <vector>

#include "labelled_notes.hpp"
#include "testing.hpp"

using namespace clientbook;

namespace {

// Those of a file that ask for no stricter reading than a write's.
std::vector<labelled_note> notes_of(std::string_view file) {
  std::vector<labelled_note> out;
  for (const labelled_note& note : labelled_notes()) {
    if (note.file == file && note.options.empty()) out.push_back(note);
  }
  REQUIRE_FALSE(out.empty());
  return out;
}

}  // namespace

TEST_CASE("card: in labelled notes every card number is found, in whatever form it was written") {
  std::size_t cards = 0;
  for (const std::string_view file : {"cards", "transcribed"}) {
    for (const labelled_note& note : notes_of(file)) {
      CAPTURE(note.id);
      for (const labelled_note::span& card : note.spans) {
        if (card.type != "payment_card") continue;
        ++cards;
        bool noticed = false;
        for (std::size_t from = 0;;) {
          const auto found = find_card_number(note.text, from);
          if (!found) break;
          // Digits before it may be taken for its own: what counts is that the note is refused.
          noticed = noticed || (found->begin < card.end && found->end > card.begin);
          from = found->end;
        }
        CHECK(noticed);
      }
    }
  }
  CHECK(cards > 150);
}

TEST_CASE("card: at most one clean note in a hundred is taken to hold a card") {
  for (const std::string_view file :
       {"clean", "phones", "dates", "addresses", "emails", "network"}) {
    CAPTURE(file);
    std::size_t notes = 0;
    std::size_t wrong = 0;
    for (const labelled_note& note : notes_of(file)) {
      ++notes;
      const bool phones = file == "phones";
      if (find_card_number(note.text, 0, phones ? card_ranges::not_phone_like : card_ranges::all)) {
        ++wrong;
      }
    }
    CHECK(wrong * 100 <= notes);
  }
}
