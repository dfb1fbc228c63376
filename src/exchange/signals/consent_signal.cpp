// GPC, GPP and TC strings as signals of one form: who may, or may not, use what for what.
//
// A section that cannot be read tightens what such strings are about (sale, sharing, advertising,
// sensitive data) and nothing else: a broken signal is no permission, and no reason to stop an
// order.
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <array>
#include <bit>
#include <utility>

namespace clientbook {
namespace {

using signals = std::vector<consent_signal>;

// ---- Opt-out signals of the United States.

constexpr signal_purpose opt_outs[] = {signal_purpose::sale, signal_purpose::sharing,
                                       signal_purpose::targeted_advertising};

consent_signal deny_others(signal_purpose purpose, signal_source source) noexcept {
  consent_signal signal;
  signal.purpose = purpose;
  signal.recipients = signal_recipients::others;
  signal.source = source;
  return signal;
}

void add_gpc(signals& out, signal_source source, std::uint16_t section) {
  for (const signal_purpose purpose : opt_outs) {
    out.push_back(deny_others(purpose, source));
    out.back().section = section;
  }
}

enum class asks : std::uint8_t { opt_out, consent };

// What a field of two bits says. Of an opt-out, 1 denies and 2 says nothing; of a consent, 1
// refuses and 2 is a yes.
void add_value(signals& out, us_value value, asks field, consent_signal signal) {
  if (value == us_value::not_applicable) return;
  if (field == asks::consent) {
    signal.effect =
        value == us_value::two ? signal_effect::candidate_grant : signal_effect::refusal;
  } else if (value == us_value::two) {
    return;
  }
  out.push_back(signal);
}

signal_purpose purpose_of(child_purpose purpose) noexcept {
  switch (purpose) {
    case child_purpose::sale:
      return signal_purpose::sale;
    case child_purpose::sharing:
      return signal_purpose::sharing;
    case child_purpose::targeted_advertising:
      return signal_purpose::targeted_advertising;
    case child_purpose::processing:
      break;
  }
  return signal_purpose::known_child;
}

consent_signal about(gpp_section section, signal_purpose purpose) noexcept {
  consent_signal signal;
  signal.purpose = purpose;
  signal.section = static_cast<std::uint16_t>(section);
  return signal;
}

// ---- TC strings.

constexpr std::uint32_t vendor_count = 65536;

/// A set of vendors; number 0 is not one.
class vendor_bits {
 public:
  static vendor_bits all() {
    vendor_bits set;
    set.add({1, vendor_count - 1});
    return set;
  }

  // By words: a string may hold thousands of ranges, each of all vendors.
  void add(vendor_range run) {
    const std::uint32_t first = run.first / 64, last = run.last / 64;
    const std::uint64_t head = ~std::uint64_t{0} << (run.first % 64);
    const std::uint64_t tail = ~std::uint64_t{0} >> (63 - run.last % 64);
    if (first == last) {
      words_[first] |= head & tail;
      return;
    }
    words_[first] |= head;
    for (std::uint32_t i = first + 1; i < last; ++i) words_[i] = ~std::uint64_t{0};
    words_[last] |= tail;
  }
  void add(const vendor_ids& vendors) {
    vendor_ids::cursor runs(vendors);
    while (const auto run = runs.next()) add(*run);
  }
  vendor_bits& operator&=(const vendor_bits& other) {
    for (std::size_t i = 0; i < words; ++i) words_[i] &= other.words_[i];
    return *this;
  }
  vendor_bits& operator-=(const vendor_bits& other) {
    for (std::size_t i = 0; i < words; ++i) words_[i] &= ~other.words_[i];
    return *this;
  }

  /// The first run at or behind `from`.
  std::optional<vendor_range> run(std::uint32_t from) const {
    const std::uint32_t first = find(from, 0);
    if (first >= vendor_count) return {};
    const std::uint32_t end = find(first, ~std::uint64_t{0});
    return vendor_range{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(end - 1)};
  }

 private:
  static constexpr std::size_t words = vendor_count / 64;

  // The first bit at or behind `from` that is set once `flip` is applied.
  std::uint32_t find(std::uint32_t from, std::uint64_t flip) const {
    while (from < vendor_count) {
      const std::uint64_t rest = (words_[from / 64] ^ flip) >> (from % 64);
      if (rest != 0) return from + static_cast<std::uint32_t>(std::countr_zero(rest));
      from = (from / 64 + 1) * 64;
    }
    return vendor_count;
  }

  std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(words);
};

void add_runs(signals& out, const vendor_bits& bits, consent_signal signal) {
  signal.recipients = signal_recipients::vendors;
  for (auto run = bits.run(1); run; run = bits.run(run->last + 1u)) {
    signal.vendors = *run;
    out.push_back(signal);
  }
}

constexpr unsigned tcf_purposes = 11;
constexpr unsigned tcf_special_features = 2;

// Takes a TC string apart by purpose and vendor. A yes counts only for vendors that were disclosed;
// restrictions of the publisher come before what the person chose, as the framework has it. A
// consent that is not set takes back what an earlier string gave. A bit of legitimate interest
// that is not set says nothing by itself: most often the vendor does not rely on it, and an
// objection asks for an act (GDPR 21).
class tcf_importer {
 public:
  tcf_importer(const tc_string& tc, std::span<const tcf_reliance> relied)
      : tc_(tc), relied_(relied) {
    base_.source = tc.region == tcf_region::europe ? signal_source::tcf : signal_source::tcf_canada;
    base_.at = tc.last_updated;
  }

  signals run() && {
    disclosure();
    restrictions();
    consents();
    objections();
    return std::move(out_);
  }

 private:
  consent_signal signal(signal_effect effect, signal_purpose purpose, unsigned number = 0) const {
    consent_signal made = base_;
    made.effect = effect;
    made.purpose = purpose;
    made.tcf_number = static_cast<std::uint8_t>(number);
    return made;
  }

  void disclosure() {
    if (!tc_.vendors_disclosed) return;
    vendor_bits disclosed;
    disclosed.add(*tc_.vendors_disclosed);
    vendor_bits hidden = vendor_bits::all();
    hidden -= disclosed;
    add_runs(out_, hidden, signal(signal_effect::deny, signal_purpose::any));
    disclosed_ = std::move(disclosed);
  }

  void restrictions() {
    publisher_restrictions::cursor list(tc_.restrictions);
    while (const auto restriction = list.next()) {
      if (restriction->type == restriction_type::require_consent) continue;
      if (restriction->purpose <= tcf_purposes) {
        not_on_consent_[restriction->purpose].add(restriction->vendors);
      }
      if (restriction->type != restriction_type::not_allowed) continue;
      vendor_bits vendors;
      vendors.add(restriction->vendors);
      add_runs(out_, vendors,
               signal(signal_effect::deny, signal_purpose::tcf_purpose, restriction->purpose));
    }
  }

  void consents() {
    if (!tc_.is_service_specific) return;
    vendor_bits consented;
    consented.add(tc_.vendor_consents);
    consented &= disclosed_;
    for (unsigned purpose = 1; purpose <= tcf_purposes; ++purpose) {
      vendor_bits vendors;
      if (tc_.purpose_consents.contains(purpose)) vendors = consented;
      vendors -= not_on_consent_[purpose];
      vendor_bits others = disclosed_;
      others -= vendors;
      add_runs(out_, others,
               signal(signal_effect::withdrawal, signal_purpose::tcf_purpose, purpose));
      add_runs(out_, vendors,
               signal(signal_effect::candidate_grant, signal_purpose::tcf_purpose, purpose));
    }
    for (unsigned feature = 1; feature <= tcf_special_features; ++feature) {
      if (!tc_.special_feature_opt_ins.contains(feature)) continue;
      add_runs(
          out_, consented,
          signal(signal_effect::candidate_grant, signal_purpose::tcf_special_feature, feature));
    }
  }

  // Where the vendor list says that a vendor relies on legitimate interest, and the vendor was
  // shown, a bit that is not set is what the person did.
  void objections() {
    if (!tc_.vendors_disclosed) return;
    for (const tcf_reliance& one : relied_) {
      if (!tc_.vendors_disclosed->contains(one.vendor)) continue;
      const bool vendor_set = tc_.vendor_legitimate_interests.contains(one.vendor);
      for (unsigned purpose = 1; purpose <= tcf_purposes; ++purpose) {
        if (!one.purposes.contains(purpose)) continue;
        if (vendor_set && tc_.purpose_legitimate_interests.contains(purpose)) continue;
        consent_signal made =
            signal(signal_effect::objection, signal_purpose::tcf_purpose, purpose);
        made.recipients = signal_recipients::vendors;
        made.vendors = {one.vendor, one.vendor};
        out_.push_back(made);
      }
    }
  }

  const tc_string& tc_;
  std::span<const tcf_reliance> relied_;
  consent_signal base_;
  vendor_bits disclosed_ = vendor_bits::all();  // Without the segment: before TCF 2.3.
  std::array<vendor_bits, tcf_purposes + 1> not_on_consent_;  // By purpose.
  signals out_;
};

// ---- Sections that were refused.

void add_refused(signals& out, std::uint16_t section, errc why) {
  consent_signal signal;
  signal.section = section;
  signal.refused = why;
  const auto deny = [&](signal_purpose purpose, signal_recipients recipients) {
    signal.purpose = purpose;
    signal.recipients = recipients;
    out.push_back(signal);
  };
  deny(signal_purpose::sale, signal_recipients::others);
  if (section == static_cast<std::uint16_t>(gpp_section::uspv1)) return;
  deny(signal_purpose::sharing, signal_recipients::others);
  deny(signal_purpose::targeted_advertising, signal_recipients::others);
  signal.data = all_us_data;
  deny(signal_purpose::sensitive_data, signal_recipients::all);
}

result<signals> signals_of_section(const gpp_part& part, std::span<const tcf_reliance> relied) {
  const auto section = static_cast<gpp_section>(part.id);
  if (part.id == 2 || part.id == 5) {
    const auto tc = part.id == 2 ? read_tc_string(part.text) : read_tc_string_canada(part.text);
    if (!tc) return tc.error();
    return signals_of(*tc, relied);
  }
  if (part.id == 6) {
    const auto usp = read_usp(part.text);
    if (!usp) return usp.error();
    return signals_of(*usp);
  }
  if (part.id > 27) return error{errc::unsupported, "a section this library does not know"};
  const auto privacy = read_us_privacy(section, part.text);
  if (!privacy) return privacy.error();
  return signals_of(*privacy);
}

}  // namespace

std::vector<consent_signal> signals_of_gpc() {
  signals out;
  add_gpc(out, signal_source::sec_gpc, 0);
  return out;
}

std::vector<consent_signal> signals_of(const usp_string& usp) {
  signals out;
  if (usp.opt_out_sale == 'Y') out.push_back(deny_others(signal_purpose::sale, signal_source::usp));
  return out;
}

std::vector<consent_signal> signals_of(const us_privacy& privacy) {
  signals out;
  const auto opt_out = [&](us_field field, signal_purpose purpose) {
    consent_signal signal = about(privacy.section, purpose);
    signal.recipients = signal_recipients::others;
    add_value(out, privacy[field], asks::opt_out, signal);
  };
  opt_out(us_field::sale_opt_out, signal_purpose::sale);
  opt_out(us_field::sharing_opt_out, signal_purpose::sharing);
  opt_out(us_field::targeted_advertising_opt_out, signal_purpose::targeted_advertising);
  const asks sensitive = sensitive_data_is_consent(privacy.section) ? asks::consent : asks::opt_out;
  for (std::size_t i = 0; i < privacy.sensitive_count; ++i) {
    consent_signal signal = about(privacy.section, signal_purpose::sensitive_data);
    signal.data = sensitive_data_of(privacy.section, i);
    add_value(out, privacy.sensitive[i], sensitive, signal);
  }
  for (std::size_t i = 0; i < privacy.child_count; ++i) {
    consent_signal signal =
        about(privacy.section, purpose_of(child_purpose_of(privacy.section, i)));
    signal.ages = child_ages_of(privacy.section, i);
    add_value(out, privacy.child[i], asks::consent, signal);
  }
  add_value(out, privacy[us_field::personal_data_consent], asks::consent,
            about(privacy.section, signal_purpose::secondary_use));
  if (privacy.gpc == true) {
    add_gpc(out, signal_source::gpp, static_cast<std::uint16_t>(privacy.section));
  }
  return out;
}

std::vector<consent_signal> signals_of(const tc_string& tc, std::span<const tcf_reliance> relied) {
  return tcf_importer(tc, relied).run();
}

result<std::vector<consent_signal>> signals_of_gpp(std::string_view text,
                                                   std::span<const tcf_reliance> relied) try {
  const auto gpp = read_gpp(text);
  if (!gpp) return gpp.error();
  signals out;
  for (const gpp_part& part : gpp->sections()) {
    auto found = signals_of_section(part, relied);
    if (!found) {
      add_refused(out, part.id, found.error().code);
      continue;
    }
    for (consent_signal& signal : *found) {
      signal.section = part.id;
      out.push_back(signal);
    }
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
