// The law profile of a book: kept, proposed by one, approved by another (policy.hpp).
#include <clientbook/consent/profile_file.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr actor officer{.id = actor_id(7), .role = actor_role::owner};
constexpr actor second{.id = actor_id(8), .role = actor_role::privacy_officer};

crypto::signing_key key_of(int n) {
  secret<32> seed;
  seed.fill_bytes([&](byte_span to) { to[0] = static_cast<std::byte>(n); });
  return crypto::signing_key(seed);
}

std::vector<std::byte> signed_by(const law_profile& law, const crypto::signing_key& key) {
  std::vector<std::byte> canonical(max_profile_bytes);
  const auto bytes = encode_profile(law, canonical);
  REQUIRE(bytes);
  std::vector<std::byte> out(max_signed_profile_bytes);
  const auto file = sign_profile(*bytes, key, out);
  REQUIRE(file);
  out.resize(file->size());
  return out;
}

crypto::digest digest_of(const law_profile& law) {
  std::vector<std::byte> room(max_profile_bytes);
  const auto bytes = encode_profile(law, room);
  REQUIRE(bytes);
  return profile_digest(*bytes);
}

/// The book's law with another version, to be changed.
law_profile next_version(std::uint32_t version = 2) {
  law_profile out = gdpr_profile();
  out.id = profile_id(100);
  out.name = "shop";
  out.version = version;
  return out;
}

/// A book under gdpr that trusts a key, and two people.
struct law_shop : shop {
  crypto::signing_key signer = key_of(1);
  session one = as(officer);
  session other = as(second);

  law_shop() {
    const auto number = one.propose_policy(policy_kind::trust_key, signer.public_key());
    REQUIRE(number);
    REQUIRE(other.approve_policy(*number));
  }
  session as(const actor& who) {
    auto out = opened->begin_session(who);
    REQUIRE(out);
    return std::move(*out);
  }
  /// Proposed by one and approved by the other.
  policy_change adopt(const law_profile& law) {
    const auto number = one.propose_policy(policy_kind::profile, signed_by(law, signer));
    REQUIRE(number);
    const auto done = other.approve_policy(*number);
    REQUIRE(done);
    return *done;
  }
};

bool reads_email(session& in, const customer_id& id, purpose_id purpose) {
  const auto seen = in.read(id, purpose);
  REQUIRE(seen);
  return seen->decision().permitted.has(field::emails);
}

}  // namespace

TEST_CASE("policy: a book keeps its own profile from its first day on") {
  shop s(us_ca_profile().id);
  session in = s.begin();
  CHECK(in.profile().get() != &us_ca_profile());
  CHECK(digest_of(*in.profile()) == digest_of(us_ca_profile()));
  CHECK(in.profile_keys()->empty());
  CHECK_FALSE(in.proposal()->has_value());
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("policy: a profile needs a signature by a key that the book trusts") {
  law_shop s;
  const law_profile law = next_version();
  const auto good = signed_by(law, s.signer);
  CHECK(s.one.propose_policy(policy_kind::profile, signed_by(law, key_of(2))).error().code ==
        errc::signature_invalid);
  auto changed = good;
  changed[100] ^= std::byte{1};
  CHECK_FALSE(s.one.propose_policy(policy_kind::profile, changed));
  CHECK_FALSE(s.one.effect_of(signed_by(law, key_of(2))));
  CHECK_FALSE(s.one.propose_policy(policy_kind::profile, {}));
  CHECK_FALSE(s.one.proposal()->has_value());
  CHECK(s.one.propose_policy(policy_kind::profile, good));

  SUBCASE("and no longer once the key has lost its trust") {
    const auto number = s.one.propose_policy(policy_kind::distrust_key, s.signer.public_key());
    REQUIRE(number);
    REQUIRE(s.other.approve_policy(*number));
    CHECK(s.one.profile_keys()->empty());
    CHECK(s.one.propose_policy(policy_kind::profile, good).error().code == errc::signature_invalid);
  }
}

TEST_CASE("policy: what is proposed already is not proposed twice") {
  law_shop s;
  const auto file = signed_by(next_version(), s.signer);
  const auto number = s.one.propose_policy(policy_kind::profile, file);
  REQUIRE(number);
  const auto again = s.other.propose_policy(policy_kind::profile, file);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::already_exists);
  CHECK(again.error().at == *number);
  CHECK((*s.one.proposal())->proposer == officer.id);
  REQUIRE(s.other.approve_policy(*number));
}

TEST_CASE("policy: nobody changes it alone") {
  law_shop s;
  const law_profile law = next_version();
  const auto number = s.one.propose_policy(policy_kind::profile, signed_by(law, s.signer));
  REQUIRE(number);
  CHECK(s.one.profile()->id == gdpr_profile().id);
  const auto waiting = s.other.proposal();
  REQUIRE(waiting);
  REQUIRE(waiting->has_value());
  CHECK((*waiting)->number == *number);
  CHECK((*waiting)->proposer == officer.id);

  CHECK(s.one.approve_policy(*number).error().code == errc::second_person_required);
  // The same person in another role is the same person.
  session again = s.as({.id = officer.id, .role = actor_role::security_officer});
  CHECK(again.approve_policy(*number).error().code == errc::second_person_required);
  for (const actor_role role :
       {actor_role::associate, actor_role::manager, actor_role::auditor, actor_role::service}) {
    session stranger = s.as({.id = actor_id(9), .role = role});
    CHECK(stranger.approve_policy(*number).error().code == errc::role_denied);
    CHECK(stranger.propose_policy(policy_kind::trust_key, key_of(3).public_key()).error().code ==
          errc::role_denied);
    CHECK(stranger.proposal().error().code == errc::role_denied);
  }
  CHECK(s.other.approve_policy(*number + 1).error().code == errc::not_found);
  CHECK(s.other.profile()->id == gdpr_profile().id);

  CHECK(s.other.approve_policy(*number));
  CHECK(s.other.profile()->id == law.id);
  CHECK_FALSE(s.other.proposal()->has_value());
  CHECK(s.other.approve_policy(*number).error().code == errc::not_found);
  // Whoever looks sees it, here and after opening the book again.
  CHECK(s.one.figures());
  REQUIRE(s.one.proposal());
  CHECK(digest_of(*s.one.profile()) == digest_of(law));
  auto reopened = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(reopened);
  CHECK(digest_of(*reopened->begin_session(officer)->profile()) == digest_of(law));
}

TEST_CASE("policy: the keys that it trusts change by two people too") {
  law_shop s;
  const auto add = s.one.propose_policy(policy_kind::trust_key, key_of(2).public_key());
  REQUIRE(add);
  CHECK(s.one.approve_policy(*add).error().code == errc::second_person_required);
  CHECK(s.one.profile_keys()->size() == 1);
  REQUIRE(s.other.approve_policy(*add));
  CHECK(s.one.profile_keys()->size() == 2);
  CHECK(s.one.propose_policy(policy_kind::trust_key, key_of(2).public_key()).error().code ==
        errc::already_exists);
  CHECK(s.one.propose_policy(policy_kind::distrust_key, key_of(3).public_key()).error().code ==
        errc::not_found);
  CHECK(s.one.propose_policy(policy_kind::trust_key, as_bytes("short")).error().code ==
        errc::invalid_argument);
  CHECK(s.one.propose_policy(static_cast<policy_kind>(9), key_of(3).public_key()).error().code ==
        errc::invalid_argument);
  for (int i = 3; i <= 16; ++i) {
    const auto next = s.one.propose_policy(policy_kind::trust_key, key_of(i).public_key());
    REQUIRE(next);
    REQUIRE(s.other.approve_policy(*next));
  }
  CHECK(s.one.propose_policy(policy_kind::trust_key, key_of(17).public_key()).error().code ==
        errc::limit_exceeded);
}

TEST_CASE("policy: a change is an entry of the ledger, committing to the profile") {
  law_shop s;
  const std::uint64_t before = s.one.figures()->ledger_entries;
  const law_profile law = next_version();
  const auto number = s.one.propose_policy(policy_kind::profile, signed_by(law, s.signer));
  REQUIRE(number);
  CHECK(s.one.figures()->ledger_entries == before);
  const auto done = s.other.approve_policy(*number);
  REQUIRE(done);
  REQUIRE(s.one.figures()->ledger_entries == before + 1);
  CHECK(done->ledger_index == before);
  CHECK(done->digest == digest_of(law));
  const auto proof = s.one.prove(before);
  REQUIRE(proof);
  CHECK(proof->entry.type == ledger_event::policy_change);
  CHECK(proof->entry.commitment == done->digest);
  CHECK(proof->entry.id == done->entry);
  CHECK(s.one.verify()->problems == 0);
}

TEST_CASE("policy: every customer is decided by the new profile from then on") {
  law_shop s;
  REQUIRE(s.one.add_notice(notice_for(s.one)));
  const directive granted = grant_of(s.one, {recipient::self});
  const customer_id id = keep(s.one, ken(), std::span(&granted, 1));
  CHECK(reads_email(s.one, id, purpose::email_marketing));

  law_profile strong = next_version(2);
  strong.minimum_strength = consent_strength::explicit_;
  SUBCASE("a grant that is too weak now opens nothing") {
    s.adopt(strong);
    CHECK_FALSE(reads_email(s.one, id, purpose::email_marketing));
    CHECK(reads_email(s.one, id, purpose::customer_order_management));
    // And back again, as a further version.
    law_profile weak = next_version(3);
    s.adopt(weak);
    CHECK(reads_email(s.one, id, purpose::email_marketing));
  }
  SUBCASE("an age that nobody looked at before counts now, also of one who has said nothing") {
    // A law under which a birth date may be kept for an order.
    law_profile open = next_version(2);
    std::vector<basis_rule> bases(open.bases.begin(), open.bases.end());
    bases.front().scope.categories.add(category::birth_date);
    open.bases = bases;
    s.adopt(open);
    customer record = ken("L-2");
    REQUIRE(record.set(field::birth_date, date{2004, 5, 1}));  // 22 in January 2027.
    REQUIRE(s.one.proposal());
    const customer_id young = keep(s.one, record);
    CHECK(reads_email(s.one, young, purpose::customer_order_management));

    law_profile aged = open;
    aged.version = 3;
    aged.child_below = 25;
    const prohibition_rule rows[] = {aged.prohibitions[0],
                                     {.scope = {{purpose::customer_order_management},
                                                {recipient::any},
                                                category_set::all(),
                                                all_operations},
                                      .condition = prohibition_condition::child,
                                      .law = "a rule of this test"}};
    aged.prohibitions = rows;
    s.adopt(aged);
    CHECK_FALSE(reads_email(s.one, young, purpose::customer_order_management));
    CHECK(reads_email(s.one, id, purpose::customer_order_management));
    law_profile last = open;
    last.version = 4;
    s.adopt(last);
    CHECK(reads_email(s.one, young, purpose::customer_order_management));
  }
  SUBCASE("who comes afterwards too") {
    s.adopt(strong);
    const directive late = grant_of(s.one, {recipient::self});
    const customer_id next = keep(s.one, ken("L-3"), std::span(&late, 1));
    CHECK_FALSE(reads_email(s.one, next, purpose::email_marketing));
  }
  CHECK(s.one.verify()->problems == 0);
}

TEST_CASE("policy: before it is approved everybody can see what it would newly permit") {
  law_shop s;
  const customer_id id = keep(s.one, ken());
  keep(s.one, ken("L-2"));
  directive no;
  no.kind = directive_kind::restrict;
  no.scope = {.purposes = {purpose::enforce_security, purpose::customer_order_management},
              .recipients = {recipient::any},
              .categories = all_categories(),
              .operations = all_operations};
  no.event_at = clock_hand();
  REQUIRE(s.one.record(id, no));
  CHECK_FALSE(reads_email(s.one, id, purpose::customer_order_management));

  SUBCASE("nothing, if only its name is another") {
    const auto effect = s.other.effect_of(signed_by(next_version(), s.signer));
    REQUIRE(effect);
    CHECK(effect->newcomers.empty());
    CHECK(effect->customers.empty());
    CHECK(effect->customers_opened == 0);
  }
  SUBCASE("to nobody new, but to one who has said no") {
    law_profile deaf = next_version();
    std::vector<reach_rule> rows(deaf.reaches.begin(), deaf.reaches.end());
    for (reach_rule& row : rows) {
      if (row.kind == directive_kind::restrict) row.bases = 2;
    }
    deaf.reaches = rows;
    const auto file = signed_by(deaf, s.signer);
    const auto effect = s.other.effect_of(file);
    REQUIRE(effect);
    CHECK(effect->newcomers.empty());
    CHECK(effect->customers_opened == 1);
    CHECK(effect->customers_closed == 0);
    CHECK(std::any_of(effect->customers.begin(), effect->customers.end(),
                      [](const profile_change& one) {
                        return one.recipient == recipient::self &&
                               one.purpose == purpose::customer_order_management &&
                               one.operation == operation::use && one.opened.has(field::emails);
                      }));
    // It is what happens then.
    s.adopt(deaf);
    CHECK(reads_email(s.one, id, purpose::customer_order_management));
  }
  SUBCASE("what it closes, and for whom") {
    law_profile bare = next_version();
    bare.bases = bare.bases.subspan(1);
    const auto effect = s.other.effect_of(signed_by(bare, s.signer));
    REQUIRE(effect);
    CHECK(std::none_of(effect->newcomers.begin(), effect->newcomers.end(),
                       [](const profile_change& one) { return !one.opened.empty(); }));
    CHECK_FALSE(effect->newcomers.empty());
    CHECK(effect->customers_opened == 0);
    CHECK(effect->customers_closed == 2);
  }
}

TEST_CASE("policy: an id and a version stay what they were") {
  law_shop s;
  law_profile law = next_version();
  s.adopt(law);
  CHECK(s.one.propose_policy(policy_kind::profile, signed_by(law, s.signer)).error().code ==
        errc::already_exists);
  law.title = "Another";
  CHECK(s.one.propose_policy(policy_kind::profile, signed_by(law, s.signer)).error().code ==
        errc::already_exists);
  // Nor does a file pass for one of the built-in profiles.
  law_profile false_us = us_profile();
  false_us.title = "Another";
  CHECK(s.one.propose_policy(policy_kind::profile, signed_by(false_us, s.signer)).error().code ==
        errc::already_exists);
  s.adopt(us_profile());
  CHECK(s.one.proposal());
  CHECK(digest_of(*s.one.profile()) == digest_of(us_profile()));
}

TEST_CASE("policy: a proposal takes the place of the one before") {
  law_shop s;
  const auto first =
      s.one.propose_policy(policy_kind::profile, signed_by(next_version(2), s.signer));
  REQUIRE(first);
  const auto next =
      s.other.propose_policy(policy_kind::profile, signed_by(next_version(3), s.signer));
  REQUIRE(next);
  CHECK(*next > *first);
  CHECK(s.other.approve_policy(*first).error().code == errc::not_found);
  CHECK(s.other.approve_policy(*next).error().code == errc::second_person_required);
  CHECK(s.one.approve_policy(*next));
  CHECK(s.one.profile()->version == 3);
}

TEST_CASE("policy: what was rolled back was never in force") {
  law_shop s;
  const auto number =
      s.other.propose_policy(policy_kind::profile, signed_by(next_version(), s.signer));
  REQUIRE(number);
  REQUIRE(s.one.begin());
  REQUIRE(s.one.approve_policy(*number));
  CHECK(s.one.profile()->id == profile_id(100));
  s.one.rollback();
  CHECK(s.one.profile()->id == gdpr_profile().id);
  CHECK(s.one.proposal()->has_value());
  REQUIRE(s.one.begin());
  REQUIRE(s.one.approve_policy(*number));
  REQUIRE(s.one.commit());
  // A change that fails later does not bring the former law back.
  CHECK_FALSE(s.one.approve_policy(*number));
  CHECK(s.one.profile()->id == profile_id(100));
}

TEST_CASE("policy: what was put back, taken away or altered is noticed") {
  law_shop s;
  constexpr std::array row{std::byte{16}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}};
  constexpr std::array first{std::byte{16}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
  const auto stored = [&](byte_view key) {
    const auto reading = s.store->begin_read();
    REQUIRE(reading);
    const auto value = (*reading)->get(key);
    REQUIRE(value);
    return std::vector<std::byte>(value->begin(), value->end());
  };
  const auto store = [&](byte_view key, const std::vector<std::byte>& value) {
    auto writing = s.store->begin_write();
    REQUIRE(writing);
    REQUIRE((value.empty() ? (*writing)->erase(key) : (*writing)->put(key, value)));
    REQUIRE((*writing)->commit());
  };
  const auto opens = [&] { return s.opened->begin_session(officer).error().code; };
  const auto before = stored(row);
  s.adopt(next_version());
  CHECK(opens() == errc::none);
  SUBCASE("the policy of before") {
    store(row, before);
    CHECK(opens() == errc::authentication_failed);
  }
  SUBCASE("no policy") {
    store(row, {});
    CHECK(opens() == errc::row_missing);
  }
  SUBCASE("the profile that the book was made with") {
    store(first, {});
    CHECK(opens() == errc::none);  // Another one is in force.
    CHECK(s.as(officer).verify()->first == errc::row_missing);
  }
  SUBCASE("one profile in the place of another") {
    auto third = first;
    third.back() = std::byte{3};
    store(third, stored(first));
    CHECK(opens() == errc::authentication_failed);
  }
}
