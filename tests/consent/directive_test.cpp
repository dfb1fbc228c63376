#include <clientbook/internal/model/cbor.hpp>

#include <random>

#include "consent_fixture.hpp"
#include "random_consent.hpp"

using namespace clientbook;
using namespace clientbook::testing;
using kind = directive_kind;

namespace {

std::vector<std::byte> encoded(const directive& value) {
  std::vector<std::byte> out(max_directive_bytes);
  const auto bytes = encode_directive(value, out);
  REQUIRE(bytes);
  out.resize(bytes->size());
  return out;
}

directive full() {
  shop s;
  directive out = s.make(kind::grant, email_promotion_scope(email_promotion::shop));
  out.subject.bytes.fill(std::byte{9});
  out.not_before = at(-5);
  out.not_after = at(500);
  out.recorded_at = at(3);
  out.evidence.reference = short_text<64>("form 12");
  out.recorder = actor_id(4);
  out.supersedes = {id_of(70), id_of(71)};
  out.conditions.required = {obligation::expire, obligation::mask};
  out.conditions.expire_seconds = 60;
  out.conditions.mask = redaction_operator::mask;
  out.previous = hash_of(3);
  out.profile_version = 1;
  out.contacts[0] = {.field = field::emails, .token = {std::byte{1}, std::byte{2}}};
  out.contacts[1] = {.field = field::phones, .token = {std::byte{3}}};
  return out;
}

}  // namespace

TEST_CASE("directive: what is written is read again, and has one form") {
  const directive value = full();
  const auto bytes = encoded(value);
  REQUIRE(cbor::check(bytes));
  const auto again = decode_directive(bytes);
  REQUIRE(again);
  CHECK(*again == value);
  generator make(3);
  const auto all = make.make_world();
  for (int i = 0; i < 300; ++i) {
    for (const directive& one : make.history()) CHECK(*decode_directive(encoded(one)) == one);
  }
}

TEST_CASE("directive: a move names a law and nothing else") {
  directive lives;
  lives.id = id_of(5);
  lives.kind = kind::move;
  lives.jurisdiction = gdpr_profile().id;
  lives.event_at = at(0);
  REQUIRE(check(lives));
  CHECK(*decode_directive(encoded(lives)) == lives);
  CHECK_FALSE(widens(kind::move));
  CHECK_FALSE(decides(kind::move));
  CHECK(is_confirmed(lives));
  lives.by = indicated_by::controller;
  CHECK_FALSE(is_confirmed(lives));
  lives.evidence.hash = hash_of(3);
  CHECK(is_confirmed(lives));
  const auto refused = [&](auto&& change) {
    directive other = lives;
    change(other);
    const auto fine = check(other);
    REQUIRE_FALSE(fine);
    return fine.error().code;
  };
  CHECK(refused([](directive& d) { d.jurisdiction = {}; }) == errc::missing_field);
  CHECK(refused([](directive& d) { d.scope = everything(); }) == errc::invalid_value);
  CHECK(refused([](directive& d) { d.basis = lawful_basis::contract; }) == errc::invalid_value);
  CHECK(refused([](directive& d) { d.supersedes[0] = id_of(7); }) == errc::invalid_value);
  CHECK(refused([](directive& d) { d.strength = consent_strength::expressed; }) ==
        errc::invalid_value);
  CHECK(refused([](directive& d) { d.not_after = at(9); }) == errc::invalid_value);
  CHECK(refused([](directive& d) { d.contacts[0].field = field::emails; }) == errc::invalid_value);
}

TEST_CASE("directive: every scope fits the largest encoding") {
  directive value = full();
  value.scope = everything();
  value.scope.recipients = recipient_set();
  for (std::uint8_t i = 2; i < 192; ++i) {
    if (i <= 28 || i >= first_party) value.scope.recipients.add(recipient_id(i));
  }
  value.scope.categories = all_categories();
  value.supersedes = {id_of(11), id_of(12), id_of(13), id_of(14)};
  value.evidence.reference = short_text<64>(std::string(64, 'x'));
  CHECK(*decode_directive(encoded(value)) == value);
}

TEST_CASE("directive: truncated, longer or changed bytes are refused") {
  const auto bytes = encoded(full());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_directive(byte_view(bytes).first(size)));
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  CHECK_FALSE(decode_directive(longer));
  std::mt19937 random(11);
  for (int i = 0; i < 20'000; ++i) {
    auto changed = bytes;
    changed[random() % changed.size()] ^= static_cast<std::byte>(1U << (random() % 8));
    const auto read = decode_directive(changed);
    if (!read) continue;
    CHECK(encoded(*read) == changed);
  }
}

TEST_CASE("directive: what is not well-formed has its own code") {
  shop s;
  const consent_scope scope = email_promotion_scope(email_promotion::shop);
  directive grant = s.make(kind::grant, scope);
  directive denial = s.make(kind::deny, scope);
  CHECK(check(grant));
  CHECK(check(denial));
  const auto code = [](const directive& value) { return check(value).error().code; };
  SUBCASE("no id") {
    grant.id = {};
    CHECK(code(grant) == errc::invalid_value);
  }
  SUBCASE("unknown term") {
    grant.scope.purposes.add(purpose_id(180));
    CHECK(code(grant) == errc::unknown_field);
    CHECK(check(grant).error().at == 180);
  }
  SUBCASE("empty set") {
    denial.scope.categories = {};
    CHECK(code(denial) == errc::missing_field);
  }
  SUBCASE("a grant to anybody") {
    grant.scope.recipients.add(recipient::any);
    CHECK(code(grant) == errc::wrong_type);
  }
  SUBCASE("a grant without strength") {
    grant.strength = consent_strength::none;
    CHECK(code(grant) == errc::missing_field);
  }
  SUBCASE("strength on a denial") {
    denial.strength = consent_strength::expressed;
    CHECK(code(denial) == errc::invalid_value);
  }
  SUBCASE("an end before the beginning") {
    grant.not_before = at(5);
    grant.not_after = at(5);
    CHECK(code(grant) == errc::invalid_value);
  }
  SUBCASE("an interval on a withdrawal") {
    directive withdrawal = s.make(kind::withdraw, scope);
    withdrawal.not_after = at(5);
    CHECK(code(withdrawal) == errc::invalid_value);
  }
  SUBCASE("a lift of nothing") { CHECK(code(s.make(kind::lift, scope)) == errc::missing_field); }
  SUBCASE("an assertion of consent") {
    directive assertion = s.make(kind::basis_assertion, scope);
    assertion.basis = lawful_basis::consent;
    CHECK(code(assertion) == errc::invalid_value);
  }
  SUBCASE("a number that means nothing") {
    denial.kind = static_cast<kind>(77);
    CHECK(code(denial) == errc::invalid_value);
  }
}

TEST_CASE("directive: a back-dated permission is refused, a back-dated denial is not") {
  shop s;
  const consent_scope scope = email_promotion_scope(email_promotion::shop);
  directive grant = s.make(kind::grant, scope);
  grant.event_at = at(10);
  CHECK(check_append(grant, at(10), at(10)));
  CHECK(check_append(grant, at(11), at(20)).error().code == errc::back_dated);
  CHECK(check_append(grant, std::nullopt, at(9)).error().code == errc::back_dated);
  directive denial = s.make(kind::deny, scope);
  denial.event_at = at(10);
  CHECK(check_append(denial, at(11), at(9)));
}

TEST_CASE("registry: versions count, numbers and names are used once, and it survives its bytes") {
  shop s;
  CHECK(s.registry.version() == 3);
  CHECK(s.registry.find("Parcel Co")->id == s.parcels);
  recipient_party party;
  party.party_class = recipient::selected_partner;
  party.country = {'F', 'R'};
  party.name = short_text<64>("Parcel Co");
  CHECK(s.registry.add(party).error().code == errc::already_exists);
  party.name = short_text<64>("Other");
  party.party_class = recipient::any;
  CHECK(s.registry.add(party).error().code == errc::invalid_value);
  party.party_class = recipient_id(31);
  CHECK(s.registry.add(party).error().code == errc::invalid_value);
  party.party_class = recipient::selected_partner;
  party.country = {'f', 'r'};
  CHECK(s.registry.add(party).error().code == errc::invalid_value);
  REQUIRE(s.registry.remove(s.broker));
  CHECK(s.registry.remove(s.broker).error().code == errc::not_found);
  CHECK(s.registry.version() == 4);

  std::vector<std::byte> bytes(4096);
  const auto written = encode_registry(s.registry, bytes);
  REQUIRE(written);
  const auto again = decode_registry(*written);
  REQUIRE(again);
  CHECK(again->version() == 4);
  CHECK(again->parties().size() == 3);
  CHECK(*again->find(s.broker) == *s.registry.find(s.broker));
  for (std::size_t size = 0; size < written->size(); ++size) {
    CHECK_FALSE(decode_registry(written->first(size)));
  }
}

TEST_CASE("notice: it survives its bytes, and names its recipients") {
  privacy_notice notice = email_promotion_notice(notice_id(3), 2, profile_id(2));
  notice.cells = hash_of(4);
  std::vector<std::byte> bytes(max_notice_bytes);
  const auto written = encode_notice(notice, bytes);
  REQUIRE(written);
  CHECK(*decode_notice(*written) == notice);
  for (std::size_t size = 0; size < written->size(); ++size) {
    CHECK_FALSE(decode_notice(written->first(size)));
  }
  notice.announced.recipients.add(recipient::any);
  CHECK(encode_notice(notice, bytes).error().code == errc::wrong_type);
}

TEST_CASE("obligation: combining is associative, commutative, idempotent and only grows") {
  dice random(5);
  const auto some = [&] {
    obligations out;
    out.required = obligation_set::of_bits(static_cast<std::uint16_t>(random.below(64)));
    out.mask = random.one_in(2) ? redaction_operator::none : redaction_operator::mask_email;
    out.encrypt_for = recipient_id(static_cast<std::uint8_t>(random.below(3)));
    out.expire_seconds = random.below(3);
    out.attach_notice = notice_id(random.below(3));
    out.contract = random.below(3);
    out.rate_count = random.below(3);
    out.rate_seconds = random.below(3);
    return out;
  };
  for (int i = 0; i < 20'000; ++i) {
    const obligations a = some(), b = some(), c = some();
    CHECK(meet(a, b) == meet(b, a));
    CHECK(meet(meet(a, b), c) == meet(a, meet(b, c)));
    CHECK(meet(a, a) == a);
    CHECK(meet(a, obligations{}) == a);
    CHECK(meet(a, b).required.includes(a.required));
    CHECK(meet(a, b).mask >= a.mask);
  }
}

TEST_CASE("registry: a party may be edited, keeps name and class, and is new where it moves") {
  recipient_registry registry;
  recipient_party party;
  party.party_class = recipient::parcel_service;
  party.name = short_text<64>("Parcel Co");
  party.country = {'D', 'E'};
  party.id = *registry.add(party);
  const std::uint32_t before = registry.version();
  party.contract = short_text<32>("C-9");
  REQUIRE(registry.edit(party));
  CHECK(registry.version() == before + 1);
  CHECK(registry.find(party.id)->contract.view() == "C-9");
  CHECK(registry.find(party.id)->added == before);

  recipient_party other = party;
  other.name = short_text<64>("Another Co");
  CHECK(registry.edit(other).error().code == errc::invalid_value);
  other = party;
  other.party_class = recipient::data_broker;
  CHECK(registry.edit(other).error().code == errc::invalid_value);
  CHECK(registry.find(party.id)->party_class == recipient::parcel_service);

  party.country = {'U', 'S'};
  REQUIRE(registry.edit(party));
  CHECK(registry.find(party.id)->added == registry.version());
  REQUIRE(registry.remove(party.id));
  CHECK(registry.edit(party).error().code == errc::invalid_state);
  std::vector<std::byte> room(4096);
  const auto bytes = encode_registry(registry, room);
  REQUIRE(bytes);
  CHECK(decode_registry(*bytes)->find(party.id)->added == registry.find(party.id)->added);
}

TEST_CASE("registry: who was removed comes back under name and class, as who joins that day") {
  shop s;
  const consent_scope news = scope_of({purpose::email_marketing}, {s.partner},
                                      {category::email_address}, {operation::disclose});
  const auto goes = [&] {
    return s.permitted(purpose::email_marketing, s.partner, operation::disclose).has(field::emails);
  };
  s.say(directive_kind::grant, news);
  REQUIRE(goes());
  recipient_party party = *s.registry.find(s.partner);
  REQUIRE(s.registry.remove(s.partner));
  CHECK_FALSE(goes());

  party.id = {};
  recipient_party other = party;
  other.party_class = recipient::data_broker;
  CHECK(s.registry.add(other).error().code == errc::already_exists);
  party.contract = short_text<32>("C-10");
  REQUIRE(*s.registry.add(party) == s.partner);
  CHECK(s.registry.find(s.partner)->removed == 0);
  CHECK(s.registry.find(s.partner)->added == s.registry.version());
  CHECK(s.registry.find(s.partner)->contract.view() == "C-10");
  CHECK(s.registry.add(party).error().code == errc::already_exists);
  std::vector<std::byte> room(4096);
  const auto again = decode_registry(*encode_registry(s.registry, room));
  REQUIRE(again);
  CHECK(again->parties().size() == s.registry.parties().size());

  CHECK_FALSE(goes());  // what was granted before is not about who joins now
  s.notices[0] = shop::wide_notice(1, s.registry.version());
  s.say(directive_kind::grant, news);
  CHECK(goes());
  s.say(directive_kind::deny, news);
  REQUIRE(s.registry.remove(s.partner));
  REQUIRE(s.registry.add(party));
  s.notices[0] = shop::wide_notice(1, s.registry.version());
  s.say(directive_kind::grant, news);
  CHECK_FALSE(goes());  // a no still is
}
