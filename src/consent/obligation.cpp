// Obligations: their names, and what two of them ask for together.
//
// meet() never gives less than either side, in whatever order; where two wishes exclude each other
// the result is a conflict that nobody can discharge, which evaluate() turns into a denial.
#include <clientbook/consent/obligation.hpp>

#include <algorithm>

namespace clientbook {
namespace {

// 0 asks for nothing; two different wishes are a third thing that nobody can fulfil.
template <class T>
T agree(T a, T b, T conflict) noexcept {
  if (a == T{} || a == b) return b;
  if (b == T{}) return a;
  return conflict;
}

std::uint32_t shorter(std::uint32_t a, std::uint32_t b) noexcept {
  if (a == 0 || b == 0) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

obligations meet(const obligations& a, const obligations& b) noexcept {
  obligations out;
  out.required = a.required | b.required;
  out.mask = std::max(a.mask, b.mask);
  out.encrypt_for =
      agree(a.encrypt_for, b.encrypt_for, recipient_id(obligations::conflicting_recipient));
  out.expire_seconds = shorter(a.expire_seconds, b.expire_seconds);
  out.attach_notice = agree(a.attach_notice, b.attach_notice, notice_id(obligations::conflicting));
  out.contract = agree(a.contract, b.contract, obligations::conflicting);
  out.rate_count = shorter(a.rate_count, b.rate_count);
  out.rate_seconds = std::max(a.rate_seconds, b.rate_seconds);
  return out;
}

std::string_view name_of(obligation what) noexcept {
  switch (what) {
    case obligation::ledger:
      return "ledger";
    case obligation::mask:
      return "mask";
    case obligation::pseudonymise:
      return "pseudonymise";
    case obligation::expire:
      return "expire";
    case obligation::no_onward:
      return "no_onward";
    case obligation::purpose_tag:
      return "purpose_tag";
    case obligation::encrypt_for:
      return "encrypt_for";
    case obligation::notify_subject:
      return "notify_subject";
    case obligation::attach_notice:
      return "attach_notice";
    case obligation::attach_opt_out:
      return "attach_opt_out";
    case obligation::human_review:
      return "human_review";
    case obligation::contract_on_file:
      return "contract_on_file";
    case obligation::log_reason:
      return "log_reason";
    case obligation::rate:
      return "rate";
  }
  return {};
}

}  // namespace clientbook
