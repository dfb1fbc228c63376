// Random worlds, histories and questions: terms come from a small pool in which much is related
// (barriers, several parents), now and then from the whole vocabulary, so that rules meet.
#ifndef CLIENTBOOK_TESTS_RANDOM_CONSENT_HPP
#define CLIENTBOOK_TESTS_RANDOM_CONSENT_HPP

#include <clientbook/consent/evaluate.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace clientbook::testing {

inline constexpr std::int64_t now_at = 1000;

class dice {
 public:
  explicit dice(std::uint32_t seed) : random_(seed) {}
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool one_in(std::uint32_t chances) { return below(chances) == 0; }
  template <class T>
  const T& any_of(const std::vector<T>& from) {
    return from[below(static_cast<std::uint32_t>(from.size()))];
  }

 private:
  std::mt19937 random_;
};

inline const std::vector<purpose_id> related_purposes = {purpose::purpose,
                                                         purpose::marketing,
                                                         purpose::direct_marketing,
                                                         purpose::email_marketing,
                                                         purpose::advertising,
                                                         purpose::personalised_advertising,
                                                         purpose::targeted_advertising,
                                                         purpose::service_management,
                                                         purpose::service_provision,
                                                         purpose::requested_service_provision,
                                                         purpose::delivery_of_goods,
                                                         purpose::sell_products,
                                                         purpose::sell_data_to_third_parties,
                                                         purpose::personalisation,
                                                         purpose::service_personalisation,
                                                         purpose::provide_product_recommendations,
                                                         purpose::customer_management,
                                                         purpose::customer_relationship_management,
                                                         purpose::client_care,
                                                         purpose::improve_internal_crm_processes,
                                                         purpose::optimisation_for_controller,
                                                         purpose::tax_record_keeping,
                                                         purpose::rights_fulfilment,
                                                         purpose::enforce_security,
                                                         purpose::fraud_prevention_and_detection};
inline const std::vector<category_id> related_categories = {
    category::personal_data,
    category::external,
    category::identifying,
    category::name,
    category::contact,
    category::tracking,
    category::location,
    category::email_address,
    category::telephone_number,
    category::physical_address,
    category::medical_health,
    category::health,
    category::special_category_personal_data,
    category::birth_date,
    category::purchase,
    category::financial,
    category::payment_card,
    category::card_verification_code,
    category::social,
    category::behavioural,
    category::social_behaviour,
    category::note};

struct world {
  law_profile profile;
  recipient_registry registry;
  std::vector<privacy_notice> notices;
  std::vector<field_terms> fields;
  std::array<purpose_set, 8> once_based{};
  // What the tables of the profile lie in.
  std::vector<obligation_rule> obligation_rows;
  std::vector<age_rule> age_rows;
};

class generator {
 public:
  explicit generator(std::uint32_t seed) : dice_(seed) {}
  bool one_in(std::uint32_t chances) { return dice_.one_in(chances); }

  /// More parties that work for the shop, and more questions about parties.
  generator& with_parties() {
    parties_ = true;
    return *this;
  }

  /// Where customers live and whether they work for the shop is said too.
  generator& with_moves() {
    moves_ = true;
    return *this;
  }

  std::unique_ptr<world> make_world() {
    auto out = std::make_unique<world>();
    const law_profile* built_in[] = {&strict_profile(), &gdpr_profile(), &us_profile(),
                                     &us_ca_profile()};
    out->profile = *built_in[dice_.below(4)];
    if (dice_.one_in(2)) change(*out);
    const recipient_id classes[] = {recipient::parcel_service,   recipient::processor,
                                    recipient::selected_partner, recipient::data_broker,
                                    recipient::subsidiary,       recipient::third_party,
                                    recipient::subprocessor,     recipient::contractor};
    const std::uint32_t parties = dice_.below(7);
    for (std::uint32_t i = 0; i < parties; ++i) {
      recipient_party party;
      party.party_class = classes[dice_.below(parties_ ? 8 : 6)];
      party.name = short_text<64>("party " + std::to_string(i));
      party.country = dice_.one_in(4) ? country_code{'U', 'S'} : country_code{'D', 'E'};
      if (!dice_.one_in(4)) party.contract = short_text<32>("c");
      if (dice_.one_in(2)) party.transfer = transfer_basis::standard_clauses;
      if (!dice_.one_in(4)) party.onward = onward_rule::forbidden;
      (void)out->registry.add(party);
    }
    if (parties != 0 && dice_.one_in(4)) {
      (void)out->registry.remove(recipient_id(static_cast<std::uint8_t>(first_party)));
    }
    world_ = out.get();
    for (std::uint32_t i = 0; i < 3; ++i) {
      privacy_notice notice;
      notice.id = notice_id(i + 1);
      notice.announced.purposes = all_purposes();
      notice.announced.recipients = all_recipient_classes();
      notice.announced.recipients.remove(recipient::any);
      notice.announced.categories = all_categories();
      notice.announced.operations = all_operations;
      notice.registry_version = out->registry.version();
      if (i == 1) {
        notice.announced = scope(true);
        notice.registry_version = dice_.below(out->registry.version() + 1);
      }
      notice.hash.fill(std::byte{1});
      out->notices.push_back(notice);
    }
    const std::uint32_t fields = 4 + dice_.below(4);
    for (std::uint32_t i = 0; i < fields; ++i) {
      field_terms terms{field_id(static_cast<std::uint8_t>(i * 9)), {}};
      const std::uint32_t several = dice_.one_in(3) ? 1 + dice_.below(3) : 1;
      for (std::uint32_t k = 0; k < several; ++k) {
        terms.categories[k] = one_category();
        for (std::uint32_t earlier = 0; earlier < k; ++earlier) {
          if (terms.categories[earlier] == terms.categories[k]) terms.categories[k] = {};
        }
        if (terms.categories[k] == category_id{}) break;
      }
      out->fields.push_back(terms);
    }
    return out;
  }

  std::vector<directive> history() {
    std::vector<directive> out;
    const std::uint32_t count = dice_.one_in(20) ? 30 : dice_.below(7);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t which = dice_.below(20);
      directive one = which < 9    ? permission(out)
                      : which < 12 ? event(directive_kind::withdraw)
                                   : anything(out);
      if (moves_ && dice_.one_in(5)) one = move();
      if (moves_ && dice_.one_in(8)) one = proof(out);
      one.sequence = i + 1;
      store_be<std::uint32_t>(one.id.bytes.data(), i + 1);
      one.event_at = timestamp{dice_.one_in(15) ? 100 + dice_.below(1000) : 100 + i * 10};
      if (!widens(one.kind) && !out.empty() && dice_.one_in(3)) {
        take_scope_of(dice_.any_of(out), one);
      }
      const bool names_any =
          one.kind != directive_kind::move && one.kind != directive_kind::proof_of_age;
      if (names_any && !out.empty() && dice_.one_in(2)) {
        const std::uint32_t named = dice_.one_in(8) ? 2 : 1;
        for (std::uint32_t k = 0; k < named; ++k) {
          const directive_id id = dice_.any_of(out).id;
          if (k == 0 || id != one.supersedes[0]) one.supersedes[k] = id;
        }
      }
      if (one.kind == directive_kind::lift && one.supersedes[0] == directive_id{}) {
        one.kind = directive_kind::withdraw;
      }
      out.push_back(one);
    }
    for (std::size_t i = out.size(); i > 1; --i) {
      std::swap(out[i - 1], out[dice_.below(static_cast<std::uint32_t>(i))]);
    }
    return out;
  }

  // Mostly about something that a directive speaks of.
  decision_request request(const std::vector<directive>& said) {
    decision_request out;
    out.discharges = discharged_by_book;
    if (!said.empty() && !dice_.one_in(4)) {
      const consent_scope& scope = dice_.any_of(said).scope;
      out.purpose = member(covered_by_grant(scope.purposes), one_purpose());
      out.recipient = member(scope.recipients, one_recipient());
      if (out.recipient == recipient::any) out.recipient = one_recipient();
      out.operation = member(scope.operations, one_operation());
      // Whoever works for the shop stands where the shop does.
      if (parties_ && world_->registry.version() != 0 && dice_.one_in(5)) {
        out.recipient = recipient_id(
            static_cast<std::uint8_t>(first_party + dice_.below(world_->registry.version())));
        if (dice_.one_in(2)) out.operation = operation::disclose;
      }
      out.now = timestamp{now_at + (dice_.one_in(2) ? 0 : dice_.below(300))};
      if (dice_.one_in(5)) out.clock = clock_confidence::none;
      if (!dice_.one_in(4)) out.discharges = obligation_set::of_bits(0x3fff);
      return out;
    }
    out.purpose = dice_.one_in(100) ? purpose_id(190) : one_purpose();
    out.recipient = dice_.one_in(100) ? recipient_id(190) : one_recipient();
    if (out.recipient == recipient::any && dice_.one_in(2)) out.recipient = recipient::self;
    out.operation = dice_.one_in(100) ? operation_id(16) : one_operation();
    if (dice_.one_in(20)) out.country = {'D', 'E'};
    out.now = timestamp{now_at + (dice_.one_in(2) ? 0 : dice_.below(300))};
    if (dice_.one_in(5)) out.clock = clock_confidence::none;
    if (dice_.one_in(2)) out.discharges = obligation_set::of_bits(0x3fff);
    return out;
  }

  std::optional<std::uint8_t> age() {
    if (!dice_.one_in(3)) return std::nullopt;
    return static_cast<std::uint8_t>(10 + dice_.below(15));
  }

  // Of the states that a profile names, or of none; often not known.
  country_code residence() {
    const country_code some[] = {{'D', 'E'}, {'A', 'T'}, {'B', 'E'},
                                 {'N', 'J'}, {'M', 'D'}, {'Z', 'Z'}};
    return dice_.one_in(2) ? country_code{} : some[dice_.below(6)];
  }

 private:
  // A profile of the laboratory: rows that no law has.
  void change(world& out) {
    out.obligation_rows.assign(out.profile.obligations.begin(), out.profile.obligations.end());
    for (int i = 0; i < 3; ++i) {
      obligation_rule row{denial_scope(), conditions(), ""};
      out.obligation_rows.push_back(row);
    }
    out.profile.obligations = out.obligation_rows;
    age_rule row{static_cast<std::uint8_t>(12 + dice_.below(8)),
                 {one_purpose()},
                 static_cast<std::uint8_t>(dice_.below(64)),
                 consent_strength::explicit_,
                 ""};
    out.age_rows.assign(out.profile.ages.begin(), out.profile.ages.end());
    out.age_rows.push_back(row);
    out.profile.ages = out.age_rows;
    if (dice_.one_in(2)) out.profile.minimum_strength = consent_strength::implied;
  }

  template <class Set, class Id>
  Id member(const Set& terms, Id otherwise) {
    std::size_t place = terms.empty() ? 0 : dice_.below(static_cast<std::uint32_t>(terms.size()));
    terms.for_each([&](Id each) {
      if (place-- == 0) otherwise = each;
    });
    return otherwise;
  }

  purpose_id one_purpose() {
    if (!dice_.one_in(8)) return dice_.any_of(related_purposes);
    return purpose_id(static_cast<std::uint8_t>(1 + dice_.below(138)));
  }
  category_id one_category() {
    if (!dice_.one_in(8)) return dice_.any_of(related_categories);
    return category_id(static_cast<std::uint8_t>(1 + dice_.below(252)));
  }
  operation_id one_operation() {
    if (dice_.one_in(2)) return operation::use;
    return operation_id(static_cast<std::uint8_t>(dice_.below(16)));
  }
  recipient_id one_recipient() {
    if (dice_.one_in(3)) return recipient::self;
    if (world_ != nullptr && world_->registry.version() != 0 && dice_.one_in(2)) {
      return recipient_id(
          static_cast<std::uint8_t>(first_party + dice_.below(world_->registry.version())));
    }
    return recipient_id(static_cast<std::uint8_t>(1 + dice_.below(28)));
  }

  consent_scope scope(bool permits) {
    consent_scope out;
    for (std::uint32_t i = 1 + dice_.below(3); i > 0; --i) out.purposes.add(one_purpose());
    for (std::uint32_t i = 1 + dice_.below(3); i > 0; --i) {
      const recipient_id to = one_recipient();
      out.recipients.add(permits && to == recipient::any ? recipient::self : to);
    }
    for (std::uint32_t i = 1 + dice_.below(3); i > 0; --i) out.categories.add(one_category());
    for (std::uint32_t i = 1 + dice_.below(4); i > 0; --i) out.operations.add(one_operation());
    if (dice_.one_in(4)) out.operations = all_operations;
    if (permits && dice_.one_in(2)) out.categories = all_categories();
    if (permits && dice_.one_in(2)) out.operations = all_operations;
    return out;
  }
  consent_scope denial_scope() {
    consent_scope out = scope(false);
    if (dice_.one_in(6)) out.recipients.add(recipient::any);
    if (dice_.one_in(8)) out.purposes |= all_purposes();
    if (dice_.one_in(3)) out.categories.add(category::personal_data);
    return out;
  }

  obligations conditions() {
    obligations out;
    out.required = obligation_set::of_bits(
        static_cast<std::uint16_t>((1U << dice_.below(14)) | (1U << dice_.below(14))));
    if (out.required.contains(obligation::mask)) {
      const redaction_operator known[] = {redaction_operator::mask_email, redaction_operator::mask,
                                          redaction_operator::generalise_date};
      out.mask = known[dice_.below(3)];
    }
    if (out.required.contains(obligation::expire)) out.expire_seconds = 1 + dice_.below(3);
    if (out.required.contains(obligation::encrypt_for)) {
      out.encrypt_for = recipient_id(static_cast<std::uint8_t>(32 + dice_.below(2)));
    }
    if (out.required.contains(obligation::attach_notice)) {
      out.attach_notice = notice_id(1 + dice_.below(2));
    }
    if (out.required.contains(obligation::rate)) {
      out.rate_count = 1 + dice_.below(3);
      out.rate_seconds = 1 + dice_.below(3);
    }
    return out;
  }

  void limit(directive& one) {
    if (dice_.one_in(4)) one.not_before = timestamp{900 + dice_.below(400)};
    if (dice_.one_in(4)) one.not_after = timestamp{900 + dice_.below(400)};
    if (one.not_before && one.not_after && *one.not_before >= *one.not_after) {
      one.not_before = std::nullopt;
    }
  }

  // A move and a proof of age have none.
  static bool has_scope(const directive& one) {
    return one.kind != directive_kind::move && one.kind != directive_kind::proof_of_age;
  }
  static void take_scope_of(const directive& other, directive& to) {
    if (has_scope(other) && has_scope(to)) to.scope = other.scope;
  }

  // Of who was a child, or had come of age, in 1970.
  directive proof(const std::vector<directive>& before) {
    directive one;
    one.kind = directive_kind::proof_of_age;
    one.by = indicated_by::controller;
    one.age.document = age_document::passport;
    one.age.born = {1940, 5, 1};
    if (before.empty() || dice_.one_in(4)) return one;
    one.supersedes[0] = dice_.any_of(before).id;
    if (!dice_.one_in(5)) {
      one.age.believed = {static_cast<std::int16_t>(1948 + dice_.below(22)),
                          static_cast<std::uint8_t>(1 + dice_.below(12)),
                          static_cast<std::uint8_t>(1 + dice_.below(28))};
    }
    return one;
  }

  directive move() {
    directive one;
    one.kind = directive_kind::move;
    one.by = static_cast<indicated_by>(1 + dice_.below(5));
    one.jurisdiction = dice_.one_in(5) ? profile_id(99) : world_->profile.id;
    if (dice_.one_in(2)) one.evidence.hash.fill(std::byte{1});
    if (!dice_.one_in(3)) one.residence = residence();
    if (dice_.one_in(3)) one.works_here = employment::employed;
    if (dice_.one_in(6)) one.works_here = employment::ended;
    if (one.works_here == employment::ended && !ends_employment(one)) {
      one.works_here = employment::unsaid;
    }
    return one;
  }

  directive permission(const std::vector<directive>& before) {
    directive one;
    one.kind = dice_.one_in(5) ? directive_kind::renew : directive_kind::grant;
    const directive* other = !before.empty() && dice_.one_in(3) ? &dice_.any_of(before) : nullptr;
    one.scope = other != nullptr && has_scope(*other) ? other->scope : scope(true);
    if (moves_) one.channel = static_cast<consent_channel>(dice_.below(9));
    one.scope.recipients.remove(recipient::any);
    if (one.scope.recipients.empty()) one.scope.recipients.add(recipient::self);
    one.by =
        dice_.one_in(6) ? static_cast<indicated_by>(1 + dice_.below(5)) : indicated_by::subject;
    one.strength = static_cast<consent_strength>(dice_.one_in(10) ? 1 : 2 + dice_.below(2));
    one.informed = !dice_.one_in(15);
    const std::uint32_t version = world_->registry.version();
    one.registry_version = dice_.one_in(3) ? dice_.below(version + 2) : version;
    const privacy_notice& notice = world_->notices[dice_.one_in(5) ? dice_.below(3) : 0];
    one.notice = {notice.id, notice.version, notice.hash};
    if (dice_.one_in(15)) one.notice.hash = {};
    if (dice_.one_in(25)) one.notice.version = 2;
    if (!dice_.one_in(4)) one.evidence.hash.fill(std::byte{1});
    if (dice_.one_in(4)) one.conditions = conditions();
    limit(one);
    return one;
  }

  directive event(directive_kind kind) {
    directive one;
    one.kind = kind;
    one.scope = denial_scope();
    one.by =
        dice_.one_in(3) ? static_cast<indicated_by>(1 + dice_.below(5)) : indicated_by::subject;
    if (dice_.one_in(2)) one.evidence.hash.fill(std::byte{1});
    return one;
  }

  directive anything(const std::vector<directive>& before) {
    const directive_kind kinds[] = {
        directive_kind::refuse, directive_kind::deny,           directive_kind::object,
        directive_kind::lift,   directive_kind::lift,           directive_kind::restrict,
        directive_kind::revoke, directive_kind::invalidate,     directive_kind::request,
        directive_kind::defer,  directive_kind::basis_assertion};
    directive one = event(kinds[dice_.below(11)]);
    switch (one.kind) {
      case directive_kind::basis_assertion:
        one.scope.recipients.remove(recipient::any);
        one.scope.recipients.add(recipient::self);
        one.scope.purposes.add(purpose::enforce_security);
        one.by = dice_.one_in(4) ? indicated_by::subject : indicated_by::controller;
        one.basis = dice_.one_in(4) ? lawful_basis::contract : lawful_basis::legitimate_interest;
        one.registry_version = dice_.below(world_->registry.version() + 1);
        limit(one);
        break;
      case directive_kind::lift:
        if (!before.empty() && dice_.one_in(2)) take_scope_of(dice_.any_of(before), one);
        break;
      case directive_kind::refuse:
      case directive_kind::deny:
      case directive_kind::object:
      case directive_kind::restrict:
        limit(one);
        break;
      default:
        break;
    }
    return one;
  }

  bool parties_ = false;
  bool moves_ = false;
  dice dice_;
  const world* world_ = nullptr;
};

}  // namespace clientbook::testing

#endif
