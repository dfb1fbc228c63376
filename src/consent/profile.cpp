#include <clientbook/consent/profile.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>

namespace clientbook {
namespace {

constexpr purpose_set every_purpose = purpose_set::all();
constexpr category_set every_category = category_set::all();

constexpr std::uint8_t bit(lawful_basis basis) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(basis));
}
constexpr std::uint8_t bit(indicated_by by) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(by));
}

constexpr std::string_view not_verified =
    "written by programmers from the text of the law; no lawyer has verified any row";
constexpr std::string_view not_verified_us =
    "written by programmers from the text of the law; no lawyer has verified any row; paragraphs "
    "of the states' acts and business days need a lawyer's eye first";

// --- what several profiles share ---------------------------------------------------------------

constexpr operation_set passing_on{operation::disclose, operation::transfer,
                                   operation::cross_border_transfer};
constexpr operation_set keeping{operation::collect, operation::store, operation::use,
                                operation::query,   operation::alter, operation::copy,
                                operation::erase};
constexpr category_set contact{category::name, category::email_address, category::telephone_number,
                               category::physical_address};
constexpr category_set order{category::name,
                             category::email_address,
                             category::telephone_number,
                             category::physical_address,
                             category::purchase,
                             category::payment_card,
                             category::loyalty_id,
                             category::language,
                             category::time_zone};
constexpr category_set books{category::name,     category::physical_address,
                             category::purchase, category::transaction,
                             category::tax,      category::tax_identifier};

constexpr prohibition_rule card_data{
    .scope = {every_purpose,
              {recipient::any},
              {category::card_verification_code, category::card_track, category::pin_block},
              all_operations},
    .law = "PCI DSS 3.3.1"};

constexpr prohibition_rule sale_of_children(std::string_view law) {
  return {.scope = {{purpose::sell_data_to_third_parties, purpose::sell_insights_from_data,
                     purpose::cross_context_behavioural_advertising},
                    {recipient::any},
                    every_category,
                    all_operations},
          .condition = prohibition_condition::child,
          .law = law};
}

constexpr prohibition_rule transfers{
    .scope = {every_purpose, {recipient::any}, every_category, passing_on},
    .condition = prohibition_condition::transfer_without_basis,
    .law = "GDPR 44"};

// The European Economic Area and countries with an adequacy decision that covers every
// recipient there. (The one for the United States covers certified recipients only.)
constexpr country_code adequate[] = {
    {'A', 'D'}, {'A', 'R'}, {'A', 'T'}, {'B', 'E'}, {'B', 'G'}, {'C', 'H'}, {'C', 'Y'}, {'C', 'Z'},
    {'D', 'E'}, {'D', 'K'}, {'E', 'E'}, {'E', 'S'}, {'F', 'I'}, {'F', 'O'}, {'F', 'R'}, {'G', 'B'},
    {'G', 'G'}, {'G', 'R'}, {'H', 'R'}, {'H', 'U'}, {'I', 'E'}, {'I', 'L'}, {'I', 'M'}, {'I', 'S'},
    {'I', 'T'}, {'J', 'E'}, {'J', 'P'}, {'K', 'R'}, {'L', 'I'}, {'L', 'T'}, {'L', 'U'}, {'L', 'V'},
    {'M', 'T'}, {'N', 'L'}, {'N', 'O'}, {'N', 'Z'}, {'P', 'L'}, {'P', 'T'}, {'R', 'O'}, {'S', 'E'},
    {'S', 'I'}, {'S', 'K'}, {'U', 'Y'}};

constexpr basis_rule rights(std::string_view law) {
  return {.scope = {{purpose::rights_fulfilment},
                    {recipient::self},
                    every_category,
                    {operation::use, operation::query, operation::copy, operation::alter,
                     operation::erase}},
          .basis = lawful_basis::legal_obligation,
          .sensitive = true,
          .law = law};
}
constexpr basis_rule answers(std::string_view law) {
  return {.scope = {{purpose::rights_fulfilment},
                    {recipient::data_subject, recipient::representative_of_subject},
                    every_category,
                    {operation::disclose}},
          .basis = lawful_basis::legal_obligation,
          .sensitive = true,
          .law = law};
}
constexpr basis_rule consent_records(std::string_view law) {
  return {.scope = {{purpose::consent_record_keeping},
                    {recipient::self},
                    {category::consent_record},
                    keeping},
          .basis = lawful_basis::legal_obligation,
          .law = law};
}
constexpr basis_rule orders(lawful_basis basis, std::string_view law) {
  return {.scope = {{purpose::service_provision, purpose::fulfilment_of_contractual_obligation,
                     purpose::establish_contractual_agreement, purpose::customer_order_management,
                     purpose::payment_management, purpose::customer_claims_management},
                    {recipient::self},
                    order,
                    keeping},
          .basis = basis,
          .law = law};
}
constexpr basis_rule delivery(lawful_basis basis, std::string_view law) {
  return {.scope = {{purpose::delivery_of_goods},
                    {recipient::parcel_service, recipient::processor},
                    {category::name, category::physical_address, category::telephone_number},
                    {operation::disclose}},
          .basis = basis,
          .law = law};
}
constexpr basis_rule tax_records(std::string_view law) {
  return {.scope = {{purpose::tax_record_keeping}, {recipient::self}, books, keeping},
          .basis = lawful_basis::legal_obligation,
          .law = law};
}
constexpr basis_rule tax_audit(std::string_view law) {
  return {.scope = {{purpose::tax_record_keeping},
                    {recipient::tax_authority},
                    books,
                    {operation::disclose}},
          .basis = lawful_basis::legal_obligation,
          .law = law};
}
constexpr basis_rule warnings(std::string_view law) {
  return {.scope = {{purpose::breach_notification, purpose::product_recall},
                    {recipient::self},
                    category_set(contact) | category_set{category::purchase, category::language},
                    {operation::use, operation::query}},
          .basis = lawful_basis::legal_obligation,
          .law = law};
}
constexpr basis_rule security(std::string_view law) {
  return {.scope = {{purpose::enforce_security},
                    {recipient::self},
                    category_set(contact) | category_set{category::purchase, category::loyalty_id},
                    {operation::use, operation::query, operation::analyse}},
          .basis = lawful_basis::legitimate_interest,
          .needs_assertion = true,
          .law = law};
}

constexpr recipient_set anybody{recipient::any};

constexpr obligations must(std::initializer_list<obligation> members) {
  obligations out;
  out.required = obligation_set(members);
  return out;
}
constexpr obligations show(redaction_operator as) {
  obligations out = must({obligation::mask});
  out.mask = as;
  return out;
}

// Data minimisation: what a use does not need, it does not see.
constexpr obligation_rule common_obligations[] = {
    {{every_purpose, anybody, every_category, passing_on},
     must({obligation::ledger, obligation::purpose_tag}),
     "GDPR 15(1)(c), 19, 30(1)(d)"},
    {{every_purpose, {recipient::processor, recipient::contractor}, every_category, passing_on},
     must({obligation::contract_on_file}),
     "GDPR 28(3); 1798.100(d)"},
    {{every_purpose, {recipient::affiliate, recipient::third_party}, every_category, passing_on},
     must({obligation::no_onward}),
     "GDPR 5(1)(b); 1798.100(d)"},
    {{every_purpose, anybody, every_category, {operation::profiling}},
     must({obligation::human_review}),
     "GDPR 22(3)"},
    {{every_purpose, anybody, {category::payment_card}, {operation::use, operation::disclose}},
     show(redaction_operator::mask_card),
     "PCI DSS 3.4.1"},
    {{every_purpose, {recipient::self}, {category::official_id}, {operation::use}},
     show(redaction_operator::mask),
     "GDPR 5(1)(c), 87"},
    {{{purpose::marketing}, anybody, {category::birth_date}, {operation::use, operation::disclose}},
     show(redaction_operator::generalise_date),
     "GDPR 5(1)(c)"},
    {{{purpose::email_marketing, purpose::text_message_marketing, purpose::telephone_marketing},
      anybody,
      {category::physical_address},
      {operation::use, operation::disclose}},
     show(redaction_operator::generalise_zip),
     "GDPR 5(1)(c)"},
    {{{purpose::email_marketing, purpose::postal_marketing},
      anybody,
      {category::telephone_number},
      {operation::use, operation::disclose}},
     show(redaction_operator::mask_phone),
     "GDPR 5(1)(c)"},
    {{every_purpose, anybody, {category::name}, {operation::analyse}},
     show(redaction_operator::mask),
     "GDPR 5(1)(c), 89(1)"},
    {{every_purpose, anybody, {category::email_address}, {operation::analyse}},
     show(redaction_operator::mask_email),
     "GDPR 5(1)(c), 89(1)"},
    {{every_purpose, anybody, {category::telephone_number}, {operation::analyse}},
     show(redaction_operator::mask_phone),
     "GDPR 5(1)(c), 89(1)"},
    {{every_purpose, anybody, {category::physical_address}, {operation::analyse}},
     show(redaction_operator::generalise_zip),
     "GDPR 5(1)(c), 89(1)"},
    {{every_purpose, anybody, {category::birth_date}, {operation::analyse}},
     show(redaction_operator::generalise_date),
     "GDPR 5(1)(c), 89(1)"},
};

constexpr std::uint8_t every_basis = 0xfe;

constexpr reach_rule reach(directive_kind kind, std::uint8_t bases, std::string_view law) {
  return {.kind = kind, .bases = bases, .law = law};
}
constexpr reach_rule objection(std::uint8_t bases, std::string_view law) {
  return {.kind = directive_kind::object,
          .bases = bases,
          .always = {purpose::marketing, purpose::sell_data_to_third_parties,
                     purpose::sell_insights_from_data},
          .law = law};
}
constexpr reach_rule restriction(std::string_view law) {
  return {.kind = directive_kind::restrict,
          .bases = every_basis,
          .except_purposes = {purpose::rights_fulfilment, purpose::dispute_management,
                              purpose::consent_record_keeping},
          .except_operations = {operation::store},
          .law = law};
}
// A customer's denial does not end a duty of the shop.
constexpr reach_rule denial(std::string_view law) {
  return {.kind = directive_kind::deny,
          .by = static_cast<std::uint8_t>(bit(indicated_by::subject) | bit(indicated_by::guardian) |
                                          bit(indicated_by::agent)),
          .bases = static_cast<std::uint8_t>(every_basis & ~bit(lawful_basis::legal_obligation) &
                                             ~bit(lawful_basis::vital_interest)),
          .law = law};
}

constexpr std::uint8_t by_guardian = bit(indicated_by::guardian);
constexpr std::uint8_t by_subject_or_guardian =
    static_cast<std::uint8_t>(bit(indicated_by::subject) | bit(indicated_by::guardian));

constexpr purpose_set sale_and_sharing{
    purpose::sell_data_to_third_parties, purpose::sell_insights_from_data,
    purpose::personalised_advertising, purpose::targeted_advertising,
    purpose::cross_context_behavioural_advertising};
constexpr recipient_set all_but_processors{recipient::joint_controller, recipient::affiliate,
                                           recipient::contractor,       recipient::third_party,
                                           recipient::public_authority, recipient::data_broker};

// --- strict ------------------------------------------------------------------------------------

constexpr prohibition_rule strict_prohibitions[] = {card_data, sale_of_children("1798.120(c)"),
                                                    transfers};
constexpr reach_rule strict_reaches[] = {
    reach(directive_kind::withdraw, bit(lawful_basis::consent), "GDPR 7(3)"),
    reach(directive_kind::refuse, bit(lawful_basis::consent), "GDPR 4(11)"),
    denial("GDPR 7, 17(3)(b)"),
    objection(static_cast<std::uint8_t>(every_basis & ~bit(lawful_basis::legal_obligation)),
              "GDPR 21"),
    restriction("GDPR 18"),
};
constexpr basis_rule strict_bases[] = {rights("GDPR 15 to 22"), answers("GDPR 15, 20"),
                                       consent_records("GDPR 7(1)")};
constexpr sensitive_rule strict_sensitive[] = {
    {{category::sensitive_personal_data}, consent_strength::explicit_, "GDPR 9, 10; 1798.140(ae)"},
    {{category::criminal, category::official_id, category::citizenship, category::gps_coordinate,
      category::financial_account, category::communication},
     consent_strength::explicit_,
     "GDPR 10, 87; 1798.140(ae)"},
};
constexpr age_rule strict_ages[] = {
    {18, every_purpose, by_guardian, consent_strength::expressed, "GDPR 8"}};
constexpr deadline_rule gdpr_deadlines[] = {{deadline_kind::answer_request, 30 * 24, "GDPR 12(3)"},
                                            {deadline_kind::extend_request, 60 * 24, "GDPR 12(3)"},
                                            {deadline_kind::notify_breach, 72, "GDPR 33(1)"}};
// A signal is a denial of these purposes, from wherever it comes; a state's own section of a GPP
// string adds the law it rests on.
constexpr signal_rule from(profile_signal signal, std::uint32_t sections, std::string_view law) {
  signal_rule out{.signal = signal, .sections = sections, .recipients = all_but_processors};
  switch (signal) {
    case profile_signal::gpc:
      out.purposes = sale_and_sharing;
      break;
    case profile_signal::sale_opt_out:
      out.purposes = {purpose::sell_data_to_third_parties, purpose::sell_insights_from_data};
      break;
    case profile_signal::sharing_opt_out:
      out.purposes = {purpose::cross_context_behavioural_advertising};
      break;
    case profile_signal::targeted_advertising_opt_out:
      out.purposes = {purpose::personalised_advertising, purpose::targeted_advertising,
                      purpose::cross_context_behavioural_advertising};
      break;
  }
  out.law = law;
  return out;
}
constexpr signal_rule signals[] = {
    from(profile_signal::gpc, 0, "11 CCR 7025"),
    from(profile_signal::sale_opt_out, 0, "1798.120(a)"),
    from(profile_signal::sharing_opt_out, 0, "1798.120(a)"),
    from(profile_signal::targeted_advertising_opt_out, 0, "Va. Code 59.1-577(A)(5)")};

constexpr law_profile strict{.id = profile_id(1),
                             .name = "strict",
                             .title = "Opt-in to everything",
                             .unverified = not_verified,
                             .child_below = 18,
                             .prohibitions = strict_prohibitions,
                             .reaches = strict_reaches,
                             .bases = strict_bases,
                             .obligations = common_obligations,
                             .sensitive = strict_sensitive,
                             .ages = strict_ages,
                             .deadlines = gdpr_deadlines,
                             .signals = signals,
                             .adequate = adequate};

// --- gdpr --------------------------------------------------------------------------------------

constexpr prohibition_rule gdpr_prohibitions[] = {card_data, sale_of_children("GDPR 8, recital 38"),
                                                  transfers};
constexpr reach_rule gdpr_reaches[] = {
    reach(directive_kind::withdraw, bit(lawful_basis::consent), "GDPR 7(3)"),
    reach(directive_kind::refuse, bit(lawful_basis::consent), "GDPR 4(11)"),
    denial("GDPR 17(3)(b)"),
    objection(static_cast<std::uint8_t>(bit(lawful_basis::legitimate_interest) |
                                        bit(lawful_basis::public_task)),
              "GDPR 21(1) to (3)"),
    restriction("GDPR 18(1), (2)"),
};
constexpr basis_rule gdpr_bases[] = {
    orders(lawful_basis::contract, "GDPR 6(1)(b)"),
    delivery(lawful_basis::contract, "GDPR 6(1)(b)"),
    tax_records("GDPR 6(1)(c)"),
    tax_audit("GDPR 6(1)(c)"),
    warnings("GDPR 6(1)(c), 34"),
    consent_records("GDPR 6(1)(c), 7(1)"),
    rights("GDPR 6(1)(c), 15 to 22"),
    answers("GDPR 6(1)(c), 15, 20"),
    security("GDPR 6(1)(f)"),
};
constexpr sensitive_rule gdpr_sensitive[] = {
    {{category::special_category_personal_data}, consent_strength::explicit_, "GDPR 9(2)(a)"},
    {{category::criminal}, consent_strength::explicit_, "GDPR 10"},
};
constexpr age_rule gdpr_ages[] = {
    {16, every_purpose, by_guardian, consent_strength::expressed, "GDPR 8(1)"}};

constexpr law_profile gdpr{.id = profile_id(2),
                           .name = "gdpr",
                           .title = "General Data Protection Regulation (EU) 2016/679",
                           .unverified = not_verified,
                           .child_below = 16,
                           .prohibitions = gdpr_prohibitions,
                           .reaches = gdpr_reaches,
                           .bases = gdpr_bases,
                           .obligations = common_obligations,
                           .sensitive = gdpr_sensitive,
                           .ages = gdpr_ages,
                           .deadlines = gdpr_deadlines,
                           .signals = signals,
                           .adequate = adequate};

// --- United States -----------------------------------------------------------------------------
// These laws let a business do much until the consumer opts out. What a law merely allows is
// no reason here: marketing, sale and sharing still need the customer's yes.

constexpr prohibition_rule us_prohibitions[] = {card_data, sale_of_children("16 CFR 312")};
constexpr prohibition_rule us_ca_prohibitions[] = {card_data};
constexpr reach_rule us_reaches[] = {
    reach(directive_kind::withdraw, bit(lawful_basis::consent), "Va. Code 59.1-578(A)(5)"),
    reach(directive_kind::refuse, bit(lawful_basis::consent), "Va. Code 59.1-578(A)(5)"),
    denial("1798.120, 1798.145(a)"),
    objection(static_cast<std::uint8_t>(bit(lawful_basis::consent) |
                                        bit(lawful_basis::legitimate_interest)),
              "1798.120, 1798.135"),
    restriction("1798.121"),
};
constexpr basis_rule us_bases[] = {
    orders(lawful_basis::business_purpose, "1798.140(e)(5)"),
    delivery(lawful_basis::business_purpose, "1798.140(e)(5), (ag)"),
    tax_records("1798.145(a)(1)"),
    tax_audit("1798.145(a)(1)"),
    warnings("Civ. Code 1798.82; 15 USC 2064"),
    consent_records("11 CCR 7101"),
    rights("1798.100 to 1798.130"),
    answers("1798.110, 1798.130"),
    security("1798.140(e)(2)"),
};
constexpr sensitive_rule us_sensitive[] = {
    {{category::ethnicity,
      category::religion,
      category::religious_belief,
      category::health,
      category::medical_health,
      category::sexual,
      category::citizenship,
      category::immigration_status,
      category::genetic,
      category::biometric,
      category::precise_geolocation,
      category::gps_coordinate,
      category::official_id,
      category::account_login,
      category::trade_union_membership,
      category::communication,
      category::crime_victim_status,
      category::national_origin,
      category::gender_identity,
      category::neural_data},
     consent_strength::explicit_,
     "GPP US national, version 2"},
};
constexpr sensitive_rule us_ca_sensitive[] = {
    {{category::social_security_number,
      category::official_id,
      category::account_login,
      category::precise_geolocation,
      category::gps_coordinate,
      category::ethnicity,
      category::religion,
      category::religious_belief,
      category::philosophical_belief,
      category::citizenship,
      category::immigration_status,
      category::trade_union_membership,
      category::communication,
      category::genetic,
      category::biometric,
      category::medical_health,
      category::health,
      category::sexual,
      category::neural_data,
      category::financial_account},
     consent_strength::explicit_,
     "1798.140(ae)"},
};
constexpr age_rule us_ages[] = {
    {13, every_purpose, by_guardian, consent_strength::expressed, "16 CFR 312.5"},
    {16, sale_and_sharing, by_subject_or_guardian, consent_strength::explicit_,
     "sale and targeted advertising below 16: acts of Connecticut, Delaware, Montana, New Jersey, "
     "Oregon"}};
constexpr age_rule us_ca_ages[] = {
    {13, every_purpose, by_guardian, consent_strength::expressed, "16 CFR 312.5; 1798.120(c)"},
    {16, sale_and_sharing, by_subject_or_guardian, consent_strength::explicit_, "1798.120(c)"}};
// Business days are counted as days: too early is no breach.
constexpr deadline_rule us_deadlines[] = {
    {deadline_kind::answer_request, 45 * 24, "1798.130(a)(2)"},
    {deadline_kind::extend_request, 45 * 24, "1798.130(a)(2)"},
    {deadline_kind::notify_breach, 30 * 24, "Civ. Code 1798.82; 16 CFR 314.4(j)"},
    {deadline_kind::honour_opt_out, 15 * 24, "11 CCR 7026(f)"},
    {deadline_kind::honour_opt_out, 10 * 24, "15 USC 7704(a)(4): e-mail"},
    {deadline_kind::ask_again, 365 * 24, "1798.135(c)(4)"}};

// Sections of a GPP string by number, with the acts of the states. California says sharing where
// the others say targeted advertising.
struct state_section {
  unsigned number;
  std::string_view act;
};
constexpr state_section states[] = {
    {9, "Virginia, Va. Code 59.1-577"},
    {10, "Colorado, C.R.S. 6-1-1306"},
    {11, "Utah, Utah Code 13-61-201"},
    {12, "Connecticut, Gen. Stat. 42-518"},
    {13, "Florida, Fla. Stat. 501.705"},
    {14, "Montana, Consumer Data Privacy Act"},
    {15, "Oregon, ORS 646A.574"},
    {16, "Texas, Bus. & Com. Code 541.051"},
    {17, "Delaware, Personal Data Privacy Act"},
    {18, "Iowa, Iowa Code 715D.3"},
    {19, "Nebraska, Data Privacy Act"},
    {20, "New Hampshire, RSA 507-H:4"},
    {21, "New Jersey, P.L. 2023, c. 266"},
    {22, "Tennessee, Information Protection Act"},
    {23, "Minnesota, Consumer Data Privacy Act"},
    {24, "Maryland, Online Data Privacy Act"},
    {25, "Indiana, Ind. Code 24-15-3-1"},
    {26, "Kentucky, KRS 367.3615"},
    {27, "Rhode Island, Data Transparency and Privacy Protection Act"}};
constexpr std::uint32_t section(unsigned number) { return std::uint32_t{1} << number; }
constexpr std::uint32_t uspv1 = section(6);
constexpr std::uint32_t usnat = section(7);
constexpr std::uint32_t usca = section(8);

constexpr signal_rule us_ca_signals[] = {
    signals[0],
    signals[1],
    signals[2],
    signals[3],
    from(profile_signal::sale_opt_out, uspv1 | usnat | usca, "1798.120(a), 1798.135"),
    from(profile_signal::sharing_opt_out, usnat | usca, "1798.120(a), 1798.135"),
    from(profile_signal::targeted_advertising_opt_out, usnat, "1798.140(k)")};

constexpr auto us_signals = [] {
  constexpr std::size_t shared = std::size(us_ca_signals);
  std::array<signal_rule, shared + 2 * std::size(states)> out;
  std::copy(std::begin(us_ca_signals), std::end(us_ca_signals), out.begin());
  for (std::size_t i = 0; i < std::size(states); ++i) {
    const std::uint32_t own = section(states[i].number);
    out[shared + 2 * i] = from(profile_signal::sale_opt_out, own, states[i].act);
    out[shared + 2 * i + 1] =
        from(profile_signal::targeted_advertising_opt_out, own, states[i].act);
  }
  return out;
}();

constexpr law_profile us_ca{.id = profile_id(3),
                            .name = "us-ca",
                            .title = "California Consumer Privacy Act as amended by the CPRA",
                            .unverified = not_verified_us,
                            .child_below = 16,
                            .prohibitions = us_ca_prohibitions,
                            .reaches = us_reaches,
                            .bases = us_bases,
                            .obligations = common_obligations,
                            .sensitive = us_ca_sensitive,
                            .ages = us_ca_ages,
                            .deadlines = us_deadlines,
                            .signals = us_ca_signals};
constexpr law_profile us{.id = profile_id(4),
                         .name = "us",
                         .title = "United States: what the state privacy acts have in common",
                         .unverified = not_verified_us,
                         .child_below = 13,
                         .prohibitions = us_prohibitions,
                         .reaches = us_reaches,
                         .bases = us_bases,
                         .obligations = common_obligations,
                         .sensitive = us_sensitive,
                         .ages = us_ages,
                         .deadlines = us_deadlines,
                         .signals = us_signals};

constexpr const law_profile* profiles[] = {&strict, &gdpr, &us_ca, &us};

bool usable(const consent_scope& scope) noexcept {
  return !(scope.purposes & all_purposes()).empty() && !scope.recipients.empty() &&
         !(scope.categories & all_categories()).empty() && !scope.operations.empty();
}

}  // namespace

const law_profile& strict_profile() noexcept { return strict; }
const law_profile& gdpr_profile() noexcept { return gdpr; }
const law_profile& us_profile() noexcept { return us; }
const law_profile& us_ca_profile() noexcept { return us_ca; }

result<const law_profile*> find_profile(profile_id id) noexcept {
  for (const law_profile* each : profiles) {
    if (each->id == id) return each;
  }
  return error{errc::not_found, "no such profile", id.value};
}

result<const law_profile*> find_profile(std::string_view name) noexcept {
  if (name == "us_ca") name = us_ca.name;
  for (const law_profile* each : profiles) {
    if (each->name == name) return each;
  }
  return error{errc::not_found, "no profile of that name"};
}

std::string_view name_of(prohibition_condition condition) noexcept {
  switch (condition) {
    case prohibition_condition::always:
      return "always";
    case prohibition_condition::transfer_without_basis:
      return "transfer_without_basis";
    case prohibition_condition::child:
      return "child";
  }
  return {};
}

std::string_view name_of(deadline_kind kind) noexcept {
  switch (kind) {
    case deadline_kind::answer_request:
      return "answer_request";
    case deadline_kind::extend_request:
      return "extend_request";
    case deadline_kind::notify_breach:
      return "notify_breach";
    case deadline_kind::honour_opt_out:
      return "honour_opt_out";
    case deadline_kind::ask_again:
      return "ask_again";
  }
  return {};
}

std::string_view name_of(profile_signal signal) noexcept {
  switch (signal) {
    case profile_signal::gpc:
      return "gpc";
    case profile_signal::sale_opt_out:
      return "sale_opt_out";
    case profile_signal::sharing_opt_out:
      return "sharing_opt_out";
    case profile_signal::targeted_advertising_opt_out:
      return "targeted_advertising_opt_out";
  }
  return {};
}

lawful_basis basis_of(const law_profile& profile, purpose_id purpose) noexcept {
  for (const basis_rule& row : profile.bases) {
    if (covered_by_grant(row.scope.purposes).contains(purpose)) return row.basis;
  }
  return lawful_basis::consent;
}

result<void> check(const law_profile& profile) noexcept {
  if (profile.id == profile_id{} || profile.version == 0 || profile.unverified.empty()) {
    return error{errc::missing_field,
                 "a profile needs an id, a version and a word on its verification"};
  }
  const error empty{errc::missing_field, "a row of a profile covers nothing"};
  const auto at = [](error failure, std::size_t row) {
    failure.at = row;
    return failure;
  };
  for (std::size_t i = 0; i < profile.prohibitions.size(); ++i) {
    if (!usable(profile.prohibitions[i].scope)) return at(empty, i);
  }
  for (std::size_t i = 0; i < profile.obligations.size(); ++i) {
    if (!usable(profile.obligations[i].scope)) return at(empty, i);
  }
  for (std::size_t i = 0; i < profile.bases.size(); ++i) {
    const basis_rule& row = profile.bases[i];
    if (!usable(row.scope)) return at(empty, i);
    if (row.basis == lawful_basis::none || row.basis == lawful_basis::consent ||
        row.scope.recipients.contains(recipient::any)) {
      return error{errc::invalid_value, "a basis is not consent, and names its recipients", i};
    }
    for (std::size_t k = 0; k < i; ++k) {
      const basis_rule& other = profile.bases[k];
      const bool shared = !(covered_by_grant(row.scope.purposes) &
                            covered_by_grant(other.scope.purposes) & all_purposes())
                               .empty();
      if (shared && row.basis != other.basis) {
        return error{errc::invalid_value, "a purpose has one basis in a profile", i};
      }
    }
  }
  return {};
}

}  // namespace clientbook
