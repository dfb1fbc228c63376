#include <clientbook/adapters/tenant_patterns.hpp>

#include <doctest/doctest.h>
#include <array>
#include <string>
#include <vector>

#include "processor_time.hpp"

using namespace clientbook;

namespace {

tenant_patterns patterns_of(std::vector<std::string_view> all) {
  auto compiled = tenant_patterns::compile(all);
  REQUIRE(compiled.has_value());
  return std::move(*compiled);
}

// Each find as `type:text`.
std::string found(const tenant_patterns& patterns, std::string_view text,
                  const scan_options& options = {}) {
  std::array<text_entity, 32> room;
  const auto finds = patterns.scan(text, options, room);
  REQUIRE(finds.has_value());
  std::string out;
  std::size_t at = 0;
  for (const text_entity& one : *finds) {
    CHECK(one.begin >= at);
    CHECK(one.end > one.begin);
    at = one.end;
    if (!out.empty()) out += " ";
    out += std::string(name_of(one.type)) + ":" +
           std::string(text.substr(one.begin, one.end - one.begin));
  }
  return out;
}

errc refused(std::vector<std::string_view> all, const tenant_pattern_limits& limits = {}) {
  const auto compiled = tenant_patterns::compile(all, limits);
  REQUIRE_FALSE(compiled.has_value());
  return compiled.error().code;
}

}  // namespace

TEST_CASE("tenant patterns: matches stand in order among what scan() finds") {
  const tenant_patterns patterns = patterns_of({R"(\bKD-\d{5}\b)", "VIP[0-9]+"});
  CHECK(found(patterns, "VIP7 and KD-12345 wrote from zoe@example.com, then KD-54321") ==
        "tenant_pattern:VIP7 tenant_pattern:KD-12345 email_address:zoe@example.com "
        "tenant_pattern:KD-54321");
  CHECK(found(patterns, "size 42").empty());
  CHECK(found(patterns, "").empty());
}

TEST_CASE("tenant patterns: scan()'s find stands, what is left of a match stays hidden") {
  const std::string_view text = "ref:zoe@example.com:9";
  CHECK(found(patterns_of({R"(ref:\S+)"}), text) ==
        "tenant_pattern:ref: email_address:zoe@example.com tenant_pattern::9");
  CHECK(found(patterns_of({"example"}), text) == "email_address:zoe@example.com");
  CHECK(found(patterns_of({"ref:zoe"}), text) ==
        "tenant_pattern:ref: email_address:zoe@example.com");
}

TEST_CASE("tenant patterns: matches of several patterns that overlap are one find") {
  CHECK(found(patterns_of({"abc", "bcd", "d"}), "xabcdx") == "tenant_pattern:abcd");
}

TEST_CASE("tenant patterns: finds lie between characters, also where a pattern counts bytes") {
  CHECK(found(patterns_of({R"(x\C)"}), "xüy") == "tenant_pattern:xü");
  CHECK(found(patterns_of({R"(\Cy)"}), "xüy") == "tenant_pattern:üy");
  CHECK(found(patterns_of({"ü+"}), "süüß") == "tenant_pattern:üü");
}

TEST_CASE("tenant patterns: no match crosses a line end, an empty match is none") {
  CHECK(found(patterns_of({R"(a\s+b)"}), "a\nb").empty());
  CHECK(found(patterns_of({R"(\b)"}), "a b").empty());
}

TEST_CASE("tenant patterns: only if their type is asked for") {
  scan_options options;
  options.types.remove(entity_type::tenant_pattern);
  CHECK(found(patterns_of({"size"}), "size 42", options).empty());
}

TEST_CASE("tenant patterns: a pattern that is refused is named by its number only") {
  CHECK(refused({"(zebedee"}) == errc::invalid_value);
  CHECK(refused({R"((a)\1)"}) == errc::invalid_value);
  CHECK(refused({"a*"}) == errc::invalid_value);
  CHECK(refused({""}) == errc::invalid_value);
  CHECK(refused({"((((a{100}){10}){10}){10})"}) == errc::invalid_value);
  CHECK(refused({std::string_view("\xff")}) == errc::invalid_value);
  CHECK(refused({std::string(1025, 'a')}) == errc::limit_exceeded);
  CHECK(refused({"a", "b"}, {.patterns = 1}) == errc::limit_exceeded);
  const std::string_view second[] = {"good", "(zebedee"};
  CHECK(tenant_patterns::compile(second).error().at == 1);
}

TEST_CASE("tenant patterns: a text is redacted with them, and the receipt counts them") {
  const tenant_patterns patterns = patterns_of({R"(\bKD-\d{5}\b)"});
  std::array<std::byte, 256> out;
  const std::string_view text = "KD-12345 and KD-54321, again kd KD-12345: zoe@example.com";
  const auto done = patterns.redact(text, {.mark = text_mark::numbered_label}, out);
  REQUIRE(done.has_value());
  CHECK(done->text ==
        "<TENANT_PATTERN_1> and <TENANT_PATTERN_2>, again kd <TENANT_PATTERN_1>: "
        "<EMAIL_ADDRESS_1>");
  CHECK(done->receipt.hidden[static_cast<std::size_t>(entity_type::tenant_pattern)] == 3);
  CHECK(done->receipt.hidden[static_cast<std::size_t>(entity_type::email_address)] == 1);
  CHECK(done->receipt.bytes_in == text.size());
  CHECK(done->receipt.bytes_hidden == 3 * 8 + 15);
  // As a finder the same.
  const text_redaction_options options{.finder = &patterns};
  text_redactor redactor(options);
  const auto same = redact_text("KD-12345", redactor, out);
  REQUIRE(same.has_value());
  CHECK(same->text == "<TENANT_PATTERN>");
  // Any number of them, one way; too many for the other, which says so and shows nothing.
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "KD-12345 ";
  std::vector<std::byte> room(32 * many.size());
  const auto all = patterns.redact(many, {}, room);
  REQUIRE(all.has_value());
  CHECK(all->receipt.hidden[static_cast<std::size_t>(entity_type::tenant_pattern)] == 1000);
  CHECK(all->text.find("KD") == std::string_view::npos);
  CHECK(redact_text(many, redactor, room).error().code == errc::limit_exceeded);
  CHECK(patterns.redact("\xff", {}, room).error().code == errc::invalid_encoding);
  CHECK(patterns.redact("KD-12345", {}, std::span(room).first(3)).error().code ==
        errc::buffer_too_small);
}

TEST_CASE("tenant patterns: errors are those of scan()") {
  const tenant_patterns patterns = patterns_of({"a"});
  std::array<text_entity, 2> room;
  CHECK(patterns.scan("\xff", {}, room).error().code == errc::invalid_encoding);
  CHECK(patterns.scan("a b a b a", {}, room).error().code == errc::buffer_too_small);
  CHECK(room[1].begin == 4);
  CHECK(patterns.scan("a b a", {}, room)->size() == 2);
}

TEST_CASE("tenant patterns: a pattern made to be slow is not") {
  const tenant_patterns patterns = patterns_of({"(a+)+b", "(a|aa)+c", "(.*)(.*)(.*)d$"});
  const std::string text(200'000, 'a');
  std::array<text_entity, 2> room;
  const double begin = testing::processor_seconds();
  CHECK(patterns.scan(text, {}, room)->empty());
  CHECK(testing::processor_seconds() - begin < 20);
}
