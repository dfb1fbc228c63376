// What somebody gets who has no book and calls evaluate() and apply() alone, as a till does.
#include <clientbook/model/values.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <array>
#include <vector>

#include "consent_fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;
using kind = directive_kind;

namespace {

constexpr std::string_view address = "ken@example.com";

shop with_condition(obligation_set required) {
  shop s;
  s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self},
                              {category::name, category::email_address}));
  s.said[0].conditions.required = required;
  return s;
}

/// With nothing filled in that a caller need not know of.
decision_request plain_request(const shop& s) {
  decision_request request;
  request.purpose = purpose::client_care;
  request.now = s.now;
  return request;
}

/// What a till shows of a customer's e-mail address: what is permitted, in the form that the
/// decision gives. Empty: nothing.
std::string shown(const shop& s, const decision_request& request) {
  const record_decision decision = s.ask(request);
  if (!decision.permitted.has(field::emails)) return {};
  std::array<std::byte, 256> stored{}, room{};
  const std::array<email_address, 1> emails{email_address{.address = address}};
  const auto value = encode_value(std::span<const email_address>(emails), stored);
  REQUIRE(value);
  const redaction_operator form = decision.masked.has(field::emails)
                                      ? decision.operators[field::emails.value]
                                      : redaction_operator::none;
  const auto smaller = apply(form, field_type::email, *value, {}, room);
  if (!smaller) return {};
  return std::string(as_text(smaller->value));
}

bool tells(const std::string& text) { return text.find(address) != std::string::npos; }

}  // namespace

TEST_CASE("till: a permit that asks for pseudonyms is none for who does not make them") {
  const shop s = with_condition({obligation::pseudonymise});
  const decision_request request = plain_request(s);
  CHECK(s.ask(request).permitted.empty());
  CHECK(s.ask(request).decided[8] == (bit(field::name) | bit(field::emails)));
  CHECK(shown(s, request).empty());

  SUBCASE("masking is not it") {
    decision_request masking = request;
    masking.discharges = {obligation::mask, obligation::ledger};
    CHECK(shown(s, masking).empty());
  }
  SUBCASE("who promises it has the permit, and the promise to keep") {
    decision_request able = request;
    able.discharges = {obligation::pseudonymise};
    CHECK(s.ask(able).permitted.has(field::emails));
    CHECK(s.ask(able).required.required.contains(obligation::pseudonymise));
  }
}

TEST_CASE("till: whoever promises nothing gets no permit with an obligation") {
  for (unsigned i = 0; i < 14; ++i) {
    CAPTURE(i);
    const auto one = static_cast<obligation>(i);
    shop s = with_condition({one});
    obligations& conditions = s.said[0].conditions;
    switch (one) {
      case obligation::mask:
      case obligation::attach_notice:
      case obligation::contract_on_file:
        continue;  // Of a profile; no grant carries them.
      case obligation::expire:
        conditions.expire_seconds = 60;
        break;
      case obligation::encrypt_for:
        conditions.encrypt_for = s.partner;
        break;
      case obligation::rate:
        conditions.rate_count = conditions.rate_seconds = 1;
        break;
      default:
        break;
    }
    CHECK_FALSE(tells(shown(s, plain_request(s))));
  }
}

TEST_CASE("till: a permit without obligations needs no promise") {
  const shop s = with_condition({});
  CHECK(tells(shown(s, plain_request(s))));
}
