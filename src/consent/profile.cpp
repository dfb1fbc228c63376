// The built-in law profiles, and what can be asked of any profile.
//
// The laws live in profiles/*.json alone; scripts/make_profiles.py turns them into tables of
// constants when the library is built, so that firmware has them too and nothing is read or
// parsed when a program starts. The order of rows is that of the files, and is kept: an
// explanation names a row by its place, and a book keeps the digest of a profile's bytes.
#include <clientbook/consent/profile.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace clientbook {
namespace {

// Bit n: the value n, as rows of a profile keep several values of an enumeration.
template <class Enum>
constexpr std::uint8_t bits(std::initializer_list<Enum> values) {
  unsigned out = 0;
  for (const Enum value : values) out |= 1U << static_cast<unsigned>(value);
  return static_cast<std::uint8_t>(out);
}

// strict, gdpr, us_ca, us; and `profiles`, all of them by number.
#include <tables/consent/profile_tables.inc>

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
    case deadline_kind::confirm_request:
      return "confirm_request";
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

recipient_set on_behalf_of_shop(const law_profile& profile) noexcept {
  recipient_set out;
  for (const on_behalf_rule& row : profile.on_behalf) out |= row.recipients;
  return out;
}

std::string_view opt_out_law(const law_profile& profile, purpose_id purpose) noexcept {
  for (const opt_out_rule& row : profile.opt_outs) {
    if (covered_by_denial(row.purposes).contains(purpose)) return row.law;
  }
  return {};
}

bool applies_in(const law_profile& profile, const age_rule& row, const country_code& residence,
                std::uint8_t service) noexcept {
  const auto is_about = [service](const age_rule& one) {
    return one.services == 0 || service == 0 || (one.services >> service & 1U) != 0;
  };
  if (!is_about(row)) return false;
  const auto lists = [&](const age_rule& one) {
    return is_about(one) &&
           std::find(one.states.begin(), one.states.end(), residence) != one.states.end();
  };
  if (row.states.front() == country_code{} || residence == country_code{}) return true;
  if (lists(row)) return true;
  // Where no row says what holds, all of them do.
  return std::none_of(profile.ages.begin(), profile.ages.end(), lists);
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
