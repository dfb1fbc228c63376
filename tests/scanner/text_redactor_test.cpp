#include <clientbook/scanner/text_redactor.hpp>

#include <algorithm>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "note_options.hpp"
#include "testing.hpp"

using namespace clientbook;

namespace {

const text_sink into(std::string& out) {
  return {[](void* context, std::string_view text) {
            REQUIRE_FALSE(text.empty());
            *static_cast<std::string*>(context) += text;
          },
          &out};
}

struct outcome {
  std::string text;
  redaction_receipt receipt;
};

outcome at_once(std::string_view text, const text_redaction_options& options) {
  const auto redactor = std::make_unique<text_redactor>(options);
  std::vector<std::byte> out(40 * text.size() + 64);
  const auto done = redact_text(text, *redactor, out);
  REQUIRE(done);
  return {std::string(done->text), done->receipt};
}

// In pieces of the sizes that `next` says.
template <class Next>
outcome in_pieces(std::string_view text, const text_redaction_options& options, Next&& next) {
  const auto redactor = std::make_unique<text_redactor>(options);
  outcome out;
  while (!text.empty()) {
    const std::size_t size = std::min<std::size_t>(next(), text.size());
    REQUIRE(redactor->write(text.substr(0, size), into(out.text)));
    text.remove_prefix(size);
  }
  const auto receipt = redactor->finish(into(out.text));
  REQUIRE(receipt);
  out.receipt = *receipt;
  return out;
}

bool same(const outcome& a, const outcome& b) {
  return a.text == b.text && a.receipt.hidden == b.receipt.hidden &&
         a.receipt.bytes_hidden == b.receipt.bytes_hidden;
}

// What scan() finds, put together by hand.
std::string by_scan(std::string_view text, const scan_options& options) {
  std::vector<text_entity> finds(text.size() + 1);
  const auto found = scan(text, options, finds);
  REQUIRE(found);
  std::string out;
  std::size_t at = 0;
  for (const text_entity& one : *found) {
    out += text.substr(at, one.begin - at);
    at = one.end;
    if (one.rule == scan_rule::url_rest) continue;
    out += '<';
    for (const char c : name_of(one.type)) out += c == '_' ? c : static_cast<char>(c - 0x20);
    out += '>';
  }
  return out + std::string(text.substr(at));
}

// All labelled notes as one text: longer than every buffer.
std::string long_text() {
  std::string out;
  for (const labelled_note& note : labelled_notes()) out += note.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("redact: labels stand for what was found, with a receipt") {
  const text_redaction_options options;
  const outcome out = at_once("mail anna@libero.it or 4111 1111 1111 1111.", options);
  CHECK(out.text == "mail <EMAIL_ADDRESS> or <PAYMENT_CARD>.");
  CHECK(out.receipt.hidden[static_cast<std::size_t>(entity_type::email_address)] == 1);
  CHECK(out.receipt.hidden[static_cast<std::size_t>(entity_type::payment_card)] == 1);
  CHECK(out.receipt.bytes_in == 43);
  CHECK(out.receipt.bytes_hidden == 14 + 19);
  CHECK(out.receipt.rules_version == scan_rules_version);
}

TEST_CASE("redact: the same value has the same number") {
  const text_redaction_options options{.mark = text_mark::numbered_label};
  CHECK(at_once("a@b.it c@d.it A@B.IT", options).text ==
        "<EMAIL_ADDRESS_1> <EMAIL_ADDRESS_2> <EMAIL_ADDRESS_1>");
  CHECK(at_once("a@b.it", {.mark = text_mark::blocks}).text == "████");
}

TEST_CASE("redact: the stream gives what one call gives, wherever a note is split") {
  for (const labelled_note& note : labelled_notes()) {
    CAPTURE(note.id);
    const note_options as(note);
    const text_redaction_options options{.scan = as.scan};
    const outcome whole = at_once(note.text, options);
    CHECK(whole.text == by_scan(note.text, as.scan));
    CHECK(same(whole, in_pieces(note.text, options, [] { return 1U; })));
  }
}

TEST_CASE("redact: property: a long text in any pieces gives what one call gives") {
  const std::string text = long_text();
  const std::string_view regions[] = {"US", "GB", "IT", "DE", "FR", "ES", "NL", "SE"};
  scan_options scan{.regions = regions};
  std::mt19937 random(20260101);  // Fixed seed: a failure repeats.
  for (const email_reading emails : {email_reading::written, email_reading::obfuscated}) {
    scan.emails = emails;
    const text_redaction_options options{.scan = scan, .mark = text_mark::label};
    const outcome whole = at_once(text, options);
    CHECK(whole.text == by_scan(text, scan));
    for (const std::size_t most : {1U, 2U, 7U, 100U, 511U, 4096U, 100'000U}) {
      CAPTURE(most);
      std::uniform_int_distribution<std::size_t> size(1, most);
      CHECK(same(whole, in_pieces(text, options, [&] { return size(random); })));
    }
  }
}

TEST_CASE("redact: property: random signs in any pieces give what one call gives") {
  std::mt19937 random(7);
  const std::vector<std::string> pieces = {"4",
                                           "1",
                                           "11",
                                           "4111 1111 ",
                                           "@",
                                           ".",
                                           "a",
                                           "it",
                                           "-",
                                           "/",
                                           ":",
                                           "//",
                                           "http",
                                           "www.",
                                           " ",
                                           "+39",
                                           "12",
                                           "/85",
                                           "Via ",
                                           "Roma",
                                           ",",
                                           "\n",
                                           "١",
                                           "é",
                                           "名",
                                           "(",
                                           ")",
                                           "x",
                                           "IT60",
                                           "born ",
                                           "12 rue ",
                                           "de",
                                           "\u200B",
                                           "2001:",
                                           "::",
                                           "%",
                                           "%B4111111111111111^",
                                           "aaaaaaaaaaaaaaaaaaaaaaaa"};
  const std::string_view regions[] = {"US", "IT", "DE"};
  const text_redaction_options options{.scan = {.regions = regions, .dates = date_reading::all}};
  std::uniform_int_distribution<std::size_t> which(0, pieces.size() - 1);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    std::string text;
    while (text.size() < 6000) text += pieces[which(random)];
    const outcome whole = at_once(text, options);
    CHECK(whole.text == by_scan(text, options.scan));
    std::uniform_int_distribution<std::size_t> size(1, 1 + static_cast<std::size_t>(round) * 7);
    CHECK(same(whole, in_pieces(text, options, [&] { return size(random); })));
  }
}

TEST_CASE("redact: a URL of any length leaves one label, in pieces as at once") {
  const std::string text = "see https://example.org/" + std::string(20'000, 'a') + " today";
  const text_redaction_options options;
  CHECK(at_once(text, options).text == "see <URL> today");
  CHECK(in_pieces(text, options, [] { return 13U; }).text == "see <URL> today");
}

TEST_CASE("redact: after an error nothing more comes out") {
  const text_redaction_options options;
  text_redactor redactor(options);
  std::string out;
  const std::string bad =
      "anna@libero.it " + std::string(5000, 'x') + "\xFF" + std::string(600, 'y');
  const auto written = redactor.write(bad, into(out));
  REQUIRE_FALSE(written);
  CHECK(written.error().code == errc::invalid_encoding);
  CHECK(written.error().at == 5015);
  CHECK(out.find("libero") == out.npos);
  const std::size_t size = out.size();
  CHECK(redactor.write("more", into(out)).error().code == errc::invalid_state);
  CHECK(redactor.finish(into(out)).error().code == errc::invalid_state);
  CHECK(out.size() == size);
  redactor.restart();
  REQUIRE(redactor.write("a@b.it", into(out)));
  CHECK(redactor.finish(into(out)));

  const std::string_view wrong[] = {"xx"};
  const text_redaction_options unusable{.scan = {.regions = wrong}};
  text_redactor refuses(unusable);
  CHECK(refuses.write("a", into(out)).error().code == errc::invalid_argument);
}

TEST_CASE("redact: half a code point at the end is refused, and nothing of the text is kept") {
  const text_redaction_options options;
  text_redactor redactor(options);
  std::vector<std::byte> out(64);
  CHECK(redact_text("caf\xC3", redactor, out).error().code == errc::invalid_encoding);
  CHECK(redact_text("anna@libero.it and more of it", redactor, std::span(out).first(10))
            .error()
            .code == errc::buffer_too_small);
  CHECK(std::vector<std::byte>(out.begin(), out.begin() + 10) == std::vector<std::byte>(10));
  CHECK(redact_text("", redactor, out)->text.empty());
}

TEST_CASE("redact: a redactor that is done holds nothing of the text") {
  constexpr std::string_view marker = "Quetzalcoatlus";
  std::string text;
  while (text.size() < 10'000) text.append(marker).append(" zoe@example.com ");
  alignas(text_redactor) static std::array<std::byte, sizeof(text_redactor)> memory;
  const text_redaction_options options{.mark = text_mark::numbered_label};
  const text_sink nowhere{[](void*, std::string_view) {}, nullptr};
  const auto holds = [&] {
    const std::string_view all(reinterpret_cast<const char*>(memory.data()), memory.size());
    return all.find(marker.substr(0, 8)) != all.npos;
  };
  // Pieces of all sizes, an error in the middle, and a text that is given up.
  for (const std::size_t piece : {7U, 1'000U, 5'000U, 10'000U}) {
    for (const bool broken : {false, true}) {
      CAPTURE(piece);
      CAPTURE(broken);
      auto* redactor = new (memory.data()) text_redactor(options);
      for (std::size_t at = 0; at < text.size(); at += piece) {
        REQUIRE(redactor->write(std::string_view(text).substr(at, piece), nowhere));
      }
      CHECK(holds());
      if (broken) {
        CHECK_FALSE(redactor->write("\xFF\xFF\xFF\xFF", nowhere));
        CHECK_FALSE(holds());
        redactor->restart();
      } else {
        CHECK(redactor->finish(nowhere));
        CHECK_FALSE(holds());
      }
      CHECK(redactor->write(marker, nowhere));
      redactor->~text_redactor();
      CHECK_FALSE(holds());
    }
  }
}
