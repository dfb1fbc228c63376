// The state sections of a GPP string, from what a customer has said.
//
// An opt-out is written where a denial in force reaches one of its purposes, by whatever path; "did
// not opt out" only where this customer was shown a notice that announces one of them, else that
// there is nothing to say.
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>

namespace clientbook {
namespace {

struct opt_out {
  us_field field;
  us_field notice;
  purpose_set purposes;
  operation_set operations;  ///< Of which one must be denied.
};

const opt_out opt_outs[] = {
    {us_field::sale_opt_out,
     us_field::sale_opt_out_notice,
     {purpose::sell_data_to_third_parties, purpose::sell_insights_from_data},
     all_operations},
    {us_field::sharing_opt_out,
     us_field::sharing_opt_out_notice,
     {purpose::cross_context_behavioural_advertising},
     {operation::use, operation::disclose}},
    {us_field::targeted_advertising_opt_out,
     us_field::targeted_advertising_opt_out_notice,
     {purpose::targeted_advertising, purpose::personalised_advertising,
      purpose::cross_context_behavioural_advertising},
     {operation::use, operation::disclose}},
};

bool refuses(directive_kind kind) noexcept {
  return kind == directive_kind::deny || kind == directive_kind::refuse ||
         kind == directive_kind::object || kind == directive_kind::restrict;
}

// In force: not over, and named by no later directive that may open something again.
bool in_force(const directive& denial, std::span<const directive> said, timestamp now) noexcept {
  if (!refuses(denial.kind)) return false;
  if (denial.not_after && *denial.not_after <= now) return false;
  return std::none_of(said.begin(), said.end(), [&](const directive& later) {
    return widens(later.kind) && later.sequence > denial.sequence &&
           std::find(later.supersedes.begin(), later.supersedes.end(), denial.id) !=
               later.supersedes.end();
  });
}

// The purposes that notices announced under which the customer decided something: nobody was shown
// a notice because the book holds it.
purpose_set shown_purposes(std::span<const directive> said,
                           std::span<const privacy_notice> notices) noexcept {
  purpose_set shown;
  for (const privacy_notice& notice : notices) {
    const bool used = std::any_of(said.begin(), said.end(), [&](const directive& one) {
      return one.notice.id == notice.id && one.notice.version == notice.version;
    });
    if (used) shown |= covered_by_grant(notice.announced.purposes);
  }
  return shown;
}

}  // namespace

result<us_privacy> us_privacy_of(gpp_section section, std::span<const directive> said,
                                 std::span<const privacy_notice> notices, timestamp now) noexcept {
  auto made = make_us_privacy(section);
  if (!made) return made;
  const purpose_set shown = shown_purposes(said, notices);
  // That nothing is sold, under whatever purpose, says nothing of advertising.
  const auto denied = [&](const opt_out& what) {
    return std::any_of(said.begin(), said.end(), [&](const directive& one) {
      return in_force(one, said, now) &&
             !(covered_by_denial(one.scope.purposes) & what.purposes).empty() &&
             !(covered_by_denial(one.scope.operations) & what.operations).empty();
    });
  };
  for (const opt_out& each : opt_outs) {
    if (!has_field(*made, each.field)) continue;
    const bool given = !(shown & each.purposes).empty();
    (*made)[each.field] = denied(each) ? us_value::one
                          : given      ? us_value::two
                                       : us_value::not_applicable;
    if (given && has_field(*made, each.notice)) (*made)[each.notice] = us_value::one;
  }
  if (!shown.empty() && has_field(*made, us_field::sharing_notice)) {
    (*made)[us_field::sharing_notice] = us_value::one;
  }
  if (made->gpc) {
    made->gpc = std::any_of(said.begin(), said.end(), [&](const directive& one) {
      return one.channel == consent_channel::signal_gpc && in_force(one, said, now);
    });
  }
  return made;
}

}  // namespace clientbook
