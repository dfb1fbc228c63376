// What a hostile hand writes: quote marks that nothing closes, tags glued to values, parts of a
// mail in disguise. Nothing of a form stays unread. All people and numbers are invented; cards and
// accounts are published test numbers.
#include <clientbook/forms/form_redactor.hpp>

#include <string>

#include <doctest/doctest.h>

using namespace clientbook;

namespace {

void append(void* to, std::string_view text) { static_cast<std::string*>(to)->append(text); }

result<std::string> redacted(std::string_view text, text_form form) {
  static constexpr std::string_view regions[] = {"US", "DE"};
  form_options how;
  how.form = form;
  how.text.scan.regions = regions;
  std::string out;
  form_redactor redactor(how);
  const text_sink sink{append, &out};
  if (const auto written = redactor.write(text, sink); !written) return written.error();
  if (const auto done = redactor.finish(sink); !done) return done.error();
  return out;
}

std::string made_of(std::string_view text, text_form form = text_form::sniffed) {
  const auto out = redacted(text, form);
  REQUIRE(out);
  // Redacting twice changes nothing.
  const auto again = redacted(*out, form);
  REQUIRE(again);
  CHECK(*again == *out);
  return *out;
}

bool is_refused(std::string_view text, text_form form) {
  const auto out = redacted(text, form);
  return !out && out.error().code == errc::invalid_encoding;
}

}  // namespace

TEST_CASE("forms: cards in a list keep their lines and cells in every form") {
  CHECK(made_of("4096 4665 6664 8531\n5499 2729 6883 1208\n", text_form::plain) ==
        "<PAYMENT_CARD>\n<PAYMENT_CARD>\n");
  CHECK(made_of("4408 1925 2249 8315\t5140 2493 3785 3298\n", text_form::log) ==
        "<PAYMENT_CARD>\t<PAYMENT_CARD>\n");
  CHECK(made_of("<p>4096 4665 6664 8531<br>5499 2729 6883 1208</p>", text_form::html) ==
        "<p>&lt;PAYMENT_CARD&gt;<br>&lt;PAYMENT_CARD&gt;</p>");
  CHECK(made_of("{\"a\": \"4096 4665 6664 8531\\n5499 2729 6883 1208\"}", text_form::json) ==
        "{\"a\": \"<PAYMENT_CARD>\\n<PAYMENT_CARD>\"}");
  // A number of eight digits and the day in the next cell are no phone number together.
  CHECK(made_of("3606-860673-3546\t05597696\t2026-01-26T16:39:29Z\n", text_form::plain) ==
        "<PAYMENT_CARD>\t<PHONE_NUMBER>\t2026-01-26T16:39:29Z\n");
}
