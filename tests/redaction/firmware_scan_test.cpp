// The text scanner as firmware has it (docs/text.md) on the labelled notes.
#include <clientbook/known_values.hpp>
#include <clientbook/text_redaction.hpp>
#include <clientbook/text_scan.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "note_options.hpp"
#include "testing.hpp"

using namespace clientbook;

namespace {

struct tally {
  int values = 0;
  int leaked = 0;
};

}  // namespace

TEST_CASE("firmware: of no card and no account number anything readable is left") {
  std::map<std::string, tally> by_type;
  int clean = 0;
  int altered = 0;
  std::vector<text_entity> room(4096);
  for (const labelled_note& note : labelled_notes()) {
    CAPTURE(note.id);
    const note_options options(note);
    const auto finds = scan(note.text, options.scan, room);
    REQUIRE(finds);
    std::string hidden(note.text.size(), ' ');
    for (const text_entity& one : *finds) {
      std::fill(hidden.begin() + static_cast<std::ptrdiff_t>(one.begin),
                hidden.begin() + static_cast<std::ptrdiff_t>(one.end), 'x');
    }
    for (const labelled_note::span& span : note.spans) {
      const std::string covered = hidden.substr(span.begin, span.end - span.begin);
      const bool leaked = covered.find("    ") != covered.npos;
      if (span.type == "payment_card" || span.type == "iban") CHECK_FALSE(leaked);
      ++by_type[span.type].values;
      by_type[span.type].leaked += leaked ? 1 : 0;
    }
    if (note.spans.empty()) {
      ++clean;
      altered += finds->empty() ? 0 : 1;
    }
  }
  for (const auto& [type, counts] : by_type) {
    MESSAGE(type << ": " << counts.leaked << " of " << counts.values << " leak");
  }
  MESSAGE("clean notes altered: " << altered << " of " << clean);
  CHECK(by_type["payment_card"].values > 100);
  CHECK(by_type["iban"].values > 50);
  CHECK(altered * 50 <= clean);
}

TEST_CASE("firmware: a stream gives the same text as one call") {
  const scan_options everything;
  const text_redaction_options options{.scan = everything};
  text_redactor redactor(options);
  const std::string text = "card 4111 1111 1111 1111, anna@example.com, 12 Mill Lane\n";
  const text_sink sink{
      [](void* to, std::string_view piece) { static_cast<std::string*>(to)->append(piece); },
      nullptr};
  std::string whole;
  REQUIRE(redactor.write(text, {sink.put, &whole}));
  REQUIRE(redactor.finish({sink.put, &whole}));
  CHECK(whole == "card <PAYMENT_CARD>, <EMAIL_ADDRESS>, <POSTAL_ADDRESS>\n");
  for (std::size_t at = 0; at <= text.size(); ++at) {
    std::string split;
    REQUIRE(redactor.write(std::string_view(text).substr(0, at), {sink.put, &split}));
    REQUIRE(redactor.write(std::string_view(text).substr(at), {sink.put, &split}));
    REQUIRE(redactor.finish({sink.put, &split}));
    CHECK(split == whole);
  }
}
