// Shop consents: directives for what shops ask for most often.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_CONSENT_SHOP_CONSENT_HPP
#define CLIENTBOOK_CONSENT_SHOP_CONSENT_HPP

#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/privacy_notice.hpp>

#include <cstdint>

namespace clientbook {

/// How it was said.
struct consent_act {
  directive_id id{};  ///< Random.
  timestamp at{};
  consent_channel channel = consent_channel::point_of_sale;
  indicated_by by = indicated_by::subject;
  consent_strength strength = consent_strength::expressed;
  consent_evidence evidence{};
  actor_id recorder{};
};

/// A grant of a scope under a notice, as that notice announces it.
directive make_grant(const consent_scope& scope, const privacy_notice& notice,
                     const consent_act& act) noexcept;
/// A directive of another kind over a scope.
directive make_directive(directive_kind kind, const consent_scope& scope,
                         const consent_act& act) noexcept;

/// What a check box for e-mail promotions says: 0 no, 1 yes from the shop, 2 yes from the shop
/// and its selected partners.
enum class email_promotion : std::uint8_t { none = 0, shop = 1, shop_and_partners = 2 };

/// Marketing by e-mail with name and e-mail address: collected, stored and used by the shop; with
/// partners also disclosed to the class selected_partner, whose members are those of the notice's
/// registry version. Never to a data broker, never for sale. `none` is a refusal towards everybody.
consent_scope email_promotion_scope(email_promotion choice) noexcept;
directive make_email_promotion(email_promotion choice, const privacy_notice& notice,
                               const consent_act& act) noexcept;
/// The notice of that check box: announces everything that `shop_and_partners` opens.
privacy_notice email_promotion_notice(notice_id id, std::uint32_t registry_version,
                                      profile_id jurisdiction) noexcept;

/// The marketing that reaches somebody by what stands in this field: e-mail addresses, or phone
/// numbers. Empty for all others.
purpose_set marketing_by(field_id field) noexcept;

/// Everything about everybody: the scope of "withdraw all", "restrict all", "object to all".
consent_scope everything() noexcept;

/// What most shops use data for, of some 170 purposes: orders and what follows from them, care and
/// mail that the customer agreed to, what laws oblige to.
const purpose_set& usual_purposes() noexcept;
/// Of these what a shop collects for by itself: not for what laws oblige to, since nobody keeps an
/// identity card in advance for an audit or a claim.
const purpose_set& usual_collection() noexcept;

}  // namespace clientbook

#endif
