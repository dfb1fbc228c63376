#include "note_options.hpp"

#include "testing.hpp"

using namespace clientbook;

note_options::note_options(const labelled_note& note) {
  regions_.assign(note.regions.begin(), note.regions.end());
  scan.regions = regions_;
  for (std::size_t i = 0; i < note.options.size(); ++i) {
    const std::string& option = note.options[i];
    if (option == "--obfuscated") scan.emails = email_reading::obfuscated;
    if (option == "--cautious") scan.cards = card_reading::cautious;
    if (option == "all" && i > 0 && note.options[i - 1] == "--dates") {
      scan.dates = date_reading::all;
    }
  }
  if (note.known.empty()) return;
  memory_.resize(8192);
  known_ = std::make_unique<known_values>(memory_);
  for (const auto& [kind, value] : note.known) {
    const known_kind as = kind == "name"    ? known_kind::name
                          : kind == "email" ? known_kind::email
                          : kind == "phone" ? known_kind::phone
                                            : known_kind::text;
    REQUIRE(known_->add(as, value));
  }
  scan.known = known_.get();
}
