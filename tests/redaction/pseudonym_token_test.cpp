#include <clientbook/redaction/pseudonym_token.hpp>
#include "apply_testing.hpp"
#include "pseudonym_testing.hpp"

#include <random>
#include <set>
#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

const std::string bad_argument = "error 1";
const std::string not_a_token = "error 60";

const reversal_key& auditor() {
  static const auto made = reversal_key::from(ascending(32, 100));
  REQUIRE(made);
  return *made;
}

struct audit_log {
  int entries = 0;
  bool full = false;
  std::string purpose;

  reversal_audit sink() {
    return {[](void* context, const pseudonym_scope& scope) noexcept -> result<void> {
              audit_log& to = *static_cast<audit_log*>(context);
              if (to.full) return error{errc::io_error, "the log is full, as the test wants it"};
              ++to.entries;
              to.purpose = scope.purpose;
              return {};
            },
            this};
  }
};

std::string token(std::string_view value, const pseudonym_scope& scope = phones_of_shop,
                  unsigned key = 0) {
  return text_from([&](byte_span to) {
    return make_token(value, tenant_key(key), auditor().public_key(), scope, to);
  });
}
std::string reversed(std::string_view text, const reversal_audit& audit,
                     const pseudonym_scope& scope = phones_of_shop, unsigned key = 0,
                     const reversal_key& by = auditor()) {
  return text_from(
      [&](byte_span to) { return reverse_token(text, tenant_key(key), by, scope, audit, to); });
}

}  // namespace

TEST_CASE("token: property: goes back with both keys and is recorded, whatever the value") {
  std::mt19937 random(17);
  audit_log written;
  for (int i = 1; i <= 1'000; ++i) {
    std::string value(1 + random() % max_token_value, ' ');
    for (char& c : value) c = static_cast<char>(random());
    const std::string made = token(value);
    CHECK(made == token(value));
    CHECK(made.find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
          std::string::npos);
    CHECK(reversed(made, written.sink()) == value);
    CHECK(written.entries == i);
  }
  CHECK(written.purpose == "delivery");
}

TEST_CASE("token: bound to key, tenant, field and purpose, shows but groups of 16 bytes") {
  const auto with = [](auto change) {
    pseudonym_scope scope = phones_of_shop;
    change(scope);
    return token("+49 30 1234567", scope);
  };
  const std::string plain = token("+49 30 1234567");
  const std::set<std::string> all = {
      plain,
      token("+49 30 1234568"),
      token("+49 30 1234567", phones_of_shop, 1),
      with([](auto& s) { s.tenant = "shop 8"; }),
      with([](auto& s) { s.field = "faxes"; }),
      with([](auto& s) { s.purpose = "marketing"; }),
      with([](auto& s) { s.tenant = "shop 7p", s.field = "hones"; })};
  CHECK(all.size() == 7);
  CHECK(token("a").size() == token("123456789012345").size());
  CHECK(token("a").size() < token("1234567890123456").size());
}

TEST_CASE("token: another key, reversal key or scope does not turn it back") {
  audit_log written;
  const std::string made = token("+49 30 1234567");
  const auto other = reversal_key::from(ascending(32, 101));
  CHECK(reversed(made, written.sink(), phones_of_shop, 0, *other) == not_a_token);
  CHECK(reversed(made, written.sink(), phones_of_shop, 1) == not_a_token);
  pseudonym_scope scope = phones_of_shop;
  scope.purpose = "marketing";
  CHECK(reversed(made, written.sink(), scope) == not_a_token);
  scope = phones_of_shop;
  scope.tenant = "shop 8";
  CHECK(reversed(made, written.sink(), scope) == not_a_token);
  // The tenant's own key as a reversal key is another key.
  const auto own = reversal_key::from(ascending(32));
  CHECK(reversed(made, written.sink(), phones_of_shop, 0, *own) == not_a_token);
  CHECK(written.entries == 0);
}

TEST_CASE("token: altered, cut or made by somebody else is refused") {
  audit_log written;
  const std::string made = token("+49 30 1234567");
  for (std::size_t i = 0; i < made.size(); ++i) {
    std::string altered = made;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    CHECK(reversed(altered, written.sink()) == not_a_token);
    CHECK(reversed(made.substr(0, i), written.sink()) == not_a_token);
  }
  CHECK(reversed(made + "A", written.sink()) == not_a_token);
  CHECK(reversed(made + "=", written.sink()) == not_a_token);
  CHECK(reversed(std::string(2'000, 'A'), written.sink()) == not_a_token);
  // Whoever has only the public key can seal, but not as the tenant would.
  secret<32> guess;
  guess.fill_bytes([](std::span<std::byte, 32> to) { to[0] = std::byte{1}; });
  std::vector<std::byte> padded(16);
  padded[0] = std::byte{'x'};
  padded[1] = std::byte{0x80};
  std::vector<std::byte> box(16 + crypto::box_overhead);
  REQUIRE(crypto::seal_box(auditor().public_key(), guess, {}, padded, box));
  std::vector<std::byte> back(16);
  CHECK(crypto::open_box(auditor().box(), {}, box, back));
  CHECK_FALSE(crypto::made_with(box, secret<32>()));
  CHECK(crypto::made_with(box, guess));
  CHECK(written.entries == 0);
}

TEST_CASE("token: no value without a record of the reversal") {
  const std::string made = token("+49 30 1234567");
  CHECK(reversed(made, {}) == bad_argument);
  audit_log written;
  written.full = true;
  CHECK(reversed(made, written.sink()) == "error 80");
}

TEST_CASE("token: no purpose, an empty or long value, weak keys are refused") {
  pseudonym_scope scope = phones_of_shop;
  scope.purpose = {};
  CHECK(token("x", scope) == bad_argument);
  CHECK(token("x", {}) == bad_argument);
  audit_log written;
  CHECK(reversed(token("x"), written.sink(), scope) == bad_argument);
  CHECK(token("") == "error 22");
  CHECK(token(std::string(max_token_value + 1, 'x')) == "error 22");
  CHECK(token(std::string(max_token_value, 'x')).size() == 768);
  CHECK(reversal_key::from(ascending(31, 1)).error().code == errc::weak_key);
  CHECK(reversal_key::from(std::vector<std::byte>(32)).error().code == errc::weak_key);
  std::vector<std::byte> room(1024);
  CHECK(
      make_token("x", tenant_key(), crypto::box_public_key{}, phones_of_shop, room).error().code ==
      errc::weak_key);
  const auto small = make_token("x", tenant_key(), auditor().public_key(), phones_of_shop,
                                byte_span(room).first(85));
  CHECK(small.error().code == errc::buffer_too_small);
  CHECK(small.error().at == 86);
  const auto back = reverse_token(token("xyz"), tenant_key(), auditor(), phones_of_shop,
                                  written.sink(), byte_span(room).first(2));
  CHECK(back.error().code == errc::buffer_too_small);
  CHECK(back.error().at == 3);
  CHECK(written.entries == 0);
}

TEST_CASE("apply: token replaces what names somebody, and needs both keys and a purpose") {
  using op = redaction_operator;
  const pseudonym_key key = tenant_key();
  redaction_options with = options();
  with.pseudonym.key = &key;
  with.pseudonym.reversal = &auditor().public_key();
  with.pseudonym.scope = phones_of_shop;
  const bytes value = list<phone_number>({{"+49 30 1234567", "home", "42"}});
  const auto left = redact(op::token, field_type::phone, value, with).all<phone_number>();
  CHECK(left[0].number == token("+49 30 1234567"));
  CHECK(left[0].label.empty());
  const std::string longest(254, 'x');
  CHECK(redact(op::token, field_type::text, encoded(std::string_view(longest)), with)
            .as<std::string_view>() == token(longest));
  with.pseudonym.scope.purpose = {};
  CHECK(dropped(redact(op::token, field_type::phone, value, with)));
  with.pseudonym.scope = phones_of_shop;
  with.pseudonym.reversal = nullptr;
  CHECK(dropped(redact(op::token, field_type::phone, value, with)));
  with.pseudonym.reversal = &auditor().public_key();
  with.pseudonym.key = nullptr;
  CHECK(dropped(redact(op::token, field_type::phone, value, with)));
}
