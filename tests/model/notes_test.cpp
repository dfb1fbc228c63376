// The card scan that every write goes through, on labelled notes (tests/vectors/notes).
#include <clientbook/card_data.hpp>

#include <fstream>
#include <string>
#include <vector>

#include "json.hpp"
#include "testing.hpp"

using namespace clientbook;

namespace {

struct labelled_note {
  std::string id, text;
  std::vector<std::string> cards;
  bool other_spans = false;
};

std::vector<labelled_note> notes_of(const char* file) {
  std::ifstream in(std::string(CLIENTBOOK_SOURCE_DIR "/tests/vectors/notes/") + file);
  REQUIRE(in);
  std::vector<labelled_note> out;
  std::string line;
  while (std::getline(in, line)) {
    const auto value = boost::json::parse(line).as_object();
    if (value.contains("options")) continue;  // A stricter reading than a write's.
    labelled_note note{.id = std::string(value.at("id").as_string()), .text = {}, .cards = {}};
    std::string_view rest = value.at("text").as_string();
    for (;;) {
      const std::size_t begin = rest.find("[[");
      note.text += rest.substr(0, begin);
      if (begin == rest.npos) break;
      const std::size_t bar = rest.find('|', begin);
      const std::size_t end = rest.find("]]", bar);
      const std::string_view span = rest.substr(bar + 1, end - bar - 1);
      if (rest.substr(begin + 2, bar - begin - 2) == "payment_card") {
        note.cards.emplace_back(span);
      } else {
        note.other_spans = true;
      }
      note.text += span;
      rest.remove_prefix(end + 2);
    }
    out.push_back(std::move(note));
  }
  REQUIRE_FALSE(out.empty());
  return out;
}

}  // namespace

TEST_CASE("card: in labelled notes every card number is found, in whatever form it was written") {
  std::size_t cards = 0;
  for (const char* file : {"cards.jsonl", "transcribed.jsonl"}) {
    for (const labelled_note& note : notes_of(file)) {
      CAPTURE(note.id);
      for (const std::string& card : note.cards) {
        ++cards;
        const std::size_t begin = note.text.find(card);
        bool noticed = false;
        for (std::size_t from = 0;;) {
          const auto found = find_card_number(note.text, from);
          if (!found) break;
          // Digits before it may be taken for its own: what counts is that the note is refused.
          noticed = noticed || (found->begin < begin + card.size() && found->end > begin);
          from = found->end;
        }
        CHECK(noticed);
      }
    }
  }
  CHECK(cards > 150);
}

TEST_CASE("card: at most one clean note in a hundred is taken to hold a card") {
  for (const char* file : {"clean.jsonl", "phones.jsonl", "dates.jsonl", "addresses.jsonl",
                           "emails.jsonl", "network.jsonl"}) {
    CAPTURE(file);
    std::size_t notes = 0;
    std::size_t wrong = 0;
    for (const labelled_note& note : notes_of(file)) {
      ++notes;
      const bool phones = std::string_view(file) == "phones.jsonl";
      if (find_card_number(note.text, 0, phones ? card_ranges::not_phone_like : card_ranges::all)) {
        ++wrong;
      }
    }
    CHECK(wrong * 100 <= notes);
  }
}
