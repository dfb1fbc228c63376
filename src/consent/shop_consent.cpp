// The directives that a shop's till or page makes, ready made: so that the common case has no scope
// to get wrong.
//
// What is made here is an ordinary directive and passes the same checks as any other.
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

namespace clientbook {
namespace {

constexpr operation_set own_operations{operation::collect, operation::store, operation::use,
                                       operation::query};

directive of(directive_kind kind, const consent_scope& scope, const consent_act& act) noexcept {
  directive out;
  out.id = act.id;
  out.kind = kind;
  out.by = act.by;
  out.channel = act.channel;
  out.scope = scope;
  out.event_at = act.at;
  out.evidence = act.evidence;
  out.recorder = act.recorder;
  return out;
}

}  // namespace

directive make_grant(const consent_scope& scope, const privacy_notice& notice,
                     const consent_act& act) noexcept {
  directive out = of(directive_kind::grant, scope, act);
  out.strength = act.strength;
  out.informed = true;
  out.basis = lawful_basis::consent;
  out.registry_version = notice.registry_version;
  out.notice = {notice.id, notice.version, notice.hash};
  out.jurisdiction = notice.jurisdiction;
  return out;
}

directive make_directive(directive_kind kind, const consent_scope& scope,
                         const consent_act& act) noexcept {
  return of(kind, scope, act);
}

consent_scope email_promotion_scope(email_promotion choice) noexcept {
  if (choice == email_promotion::none) {
    return {.purposes = {purpose::email_marketing},
            .recipients = {recipient::any},
            .categories = {category::personal_data},
            .operations = all_operations};
  }
  consent_scope out{.purposes = {purpose::email_marketing},
                    .recipients = {recipient::self},
                    .categories = {category::name, category::email_address},
                    .operations = own_operations};
  if (choice == email_promotion::shop_and_partners) {
    // The partners' copy is what they collect, store and use; the shop discloses it.
    out.recipients.add(recipient::selected_partner);
    out.operations.add(operation::disclose);
  }
  return out;
}

directive make_email_promotion(email_promotion choice, const privacy_notice& notice,
                               const consent_act& act) noexcept {
  const consent_scope scope = email_promotion_scope(choice);
  if (choice == email_promotion::none) return of(directive_kind::refuse, scope, act);
  return make_grant(scope, notice, act);
}

privacy_notice email_promotion_notice(notice_id id, std::uint32_t registry_version,
                                      profile_id jurisdiction) noexcept {
  privacy_notice out;
  out.id = id;
  out.language = short_text<16>("en");
  out.title = short_text<64>("Promotions by e-mail");
  out.announced = email_promotion_scope(email_promotion::shop_and_partners);
  out.registry_version = registry_version;
  out.jurisdiction = jurisdiction;
  return out;
}

purpose_set marketing_by(field_id field) noexcept {
  if (field == clientbook::field::emails)
    return covered_by_denial(purpose_set{purpose::email_marketing});
  if (field != clientbook::field::phones) return {};
  return covered_by_denial(
      purpose_set{purpose::text_message_marketing, purpose::telephone_marketing});
}

consent_scope everything() noexcept {
  return {.purposes = all_purposes(),
          .recipients = {recipient::any},
          .categories = {category::personal_data},
          .operations = all_operations};
}

const purpose_set& usual_purposes() noexcept {
  static constexpr purpose_set list{purpose::customer_order_management,
                                    purpose::delivery_of_goods,
                                    purpose::payment_management,
                                    purpose::customer_claims_management,
                                    purpose::client_care,
                                    purpose::loyalty_programme,
                                    purpose::birthday_greeting,
                                    purpose::special_day_reminder,
                                    purpose::email_marketing,
                                    purpose::text_message_marketing,
                                    purpose::postal_marketing,
                                    purpose::telephone_marketing,
                                    purpose::personalisation,
                                    purpose::tax_record_keeping,
                                    purpose::rights_fulfilment,
                                    purpose::product_recall,
                                    purpose::dispute_management};
  return list;
}

const purpose_set& usual_collection() noexcept {
  static constexpr purpose_set list{purpose::customer_order_management,
                                    purpose::delivery_of_goods,
                                    purpose::payment_management,
                                    purpose::customer_claims_management,
                                    purpose::client_care,
                                    purpose::loyalty_programme,
                                    purpose::birthday_greeting,
                                    purpose::special_day_reminder,
                                    purpose::email_marketing,
                                    purpose::text_message_marketing,
                                    purpose::postal_marketing,
                                    purpose::telephone_marketing,
                                    purpose::personalisation};
  return list;
}

}  // namespace clientbook
