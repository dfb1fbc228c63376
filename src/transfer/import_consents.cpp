// Each import is the same three steps: what holds for all directives (how_of), the directives that
// the input makes, and recording them inside one transaction.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/exchange/gpc.hpp>
#include <clientbook/exchange/platform_consents.hpp>
#include <clientbook/exchange/tcf.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/import_consents.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "said_that_day.hpp"

namespace clientbook {
namespace {

class consent_importer {
 public:
  consent_importer(session& into, const consent_import_options& options,
                   const consent_import_listener& listener)
      : into_(into), options_(options), listener_(listener) {}

  result<consent_import_counts> one_customer(const customer_id& id, const consent_texts& said) {
    if (said.gpc.empty() && said.gpp.empty() && said.tcf.empty() && said.usp.empty() &&
        said.record.empty()) {
      return failed({errc::missing_field, "nothing was said: give a signal or a record"});
    }
    if (auto ready = prepare(); !ready) return ready.error();
    if (auto known = look_up_laws(id); !known) return failed(known.error());
    std::vector<imported_consent> made;
    if (auto read = read_signals(said, made); !read) return read.error();
    if (auto read = read_record(id, said.record, made); !read) return read.error();
    if (auto begun = into_.begin(); !begun) return failed(begun.error());
    imported_consent all;
    for (const imported_consent& one : made) {
      all.left_out += one.left_out;
      for (std::size_t i = 0; i < one.directives.size(); ++i) {
        all.directives.push_back(one.directives[i]);
        all.ages.push_back(one.ages.empty() ? age_range{} : one.ages[i]);
      }
    }
    if (auto done = record_all(id, std::move(all)); !done) return undone(failed(done.error()));
    return commit();
  }

  // Of whom the actor finds no more than an id: what the signals say no to is theirs.
  result<consent_import_counts> whoever(const external_id& whose, const consent_texts& said) {
    if (said.gpc.empty() && said.gpp.empty() && said.tcf.empty() && said.usp.empty()) {
      return failed({errc::missing_field, "nothing was said: give a signal"});
    }
    if (auto ready = prepare(); !ready) return ready.error();
    laws_ = into_.profiles();
    std::vector<imported_consent> made;
    if (auto read = read_signals(said, made); !read) return read.error();
    if (auto begun = into_.begin(); !begun) return failed(begun.error());
    for (const imported_consent& one : made) {
      counts_.left_out += one.left_out;
      for (const directive& each : one.directives) {
        if (widens(each.kind)) {
          ++counts_.left_out;
          continue;
        }
        const auto taken = into_.record_no(whose.system, whose.value.reveal(), each);
        if (!taken) return undone(failed(taken.error()));
        ++counts_.recorded;
      }
    }
    if (counts_.recorded == 0) {
      return undone(failed({errc::not_found, "no customer has this external id"}));
    }
    return commit();
  }

  result<consent_import_counts> platform(csv_reader& from, std::string_view system) {
    if (auto ready = prepare(); !ready) return ready.error();
    const auto kind = recognise_consent_platform(from);
    if (!kind) return failed(kind.error(), consent_input::platform_file);
    std::vector<platform_row> rows;
    const auto read = read_platform_consents(from, *kind, [&](const platform_consent& row) {
      rows.push_back({std::string(row.subject), row.signal, row.line});
    });
    if (!read) return failed(read.error(), consent_input::platform_file, read.error().at);
    // Exports are often written newest first: what is older is recorded first.
    std::stable_sort(rows.begin(), rows.end(), [&](const platform_row& a, const platform_row& b) {
      const timestamp one = a.signal.at.value_or(how_.now);
      const timestamp other = b.signal.at.value_or(how_.now);
      if (one != other) return one < other;
      return a.permits() && !b.permits();
    });
    if (auto begun = into_.begin(); !begun) return failed(begun.error());
    for (const platform_row& row : rows) {
      const auto done = record_row(system, row);
      if (!done) return undone(failed(done.error(), consent_input::platform_file, row.line));
    }
    return commit();
  }

 private:
  struct platform_row {
    std::string subject;
    consent_signal signal;
    std::uint64_t line = 0;
    bool permits() const noexcept { return signal.effect == signal_effect::candidate_grant; }
  };

  error failed(const error& what, consent_input input = consent_input::none,
               std::uint64_t line = 0) const {
    if (listener_.problem != nullptr) {
      listener_.problem(listener_.context,
                        {.input = input, .what = what, .line = line, .member = member_});
    }
    return what;
  }
  error undone(const error& what) {
    into_.rollback();
    return what;
  }
  result<consent_import_counts> commit() {
    if (auto kept = into_.commit(); !kept) return failed(kept.error());
    return counts_;
  }

  // What holds for every directive.
  result<void> prepare() {
    how_.now = into_.request(purpose_id()).now;
    how_.recorder = into_.who().id;
    profile_ = into_.profile();
    how_.jurisdiction = profile_->id;
    how_.profile_version = profile_->version;
    how_.profile = profile_.get();
    if (!options_.notice.empty()) {
      const auto notices = into_.notices();
      if (!notices) return failed(notices.error());
      const privacy_notice* shown = notice_titled(options_.notice, *notices);
      if (shown == nullptr) {
        return failed({errc::unknown_notice, "no such notice: see `clientbook notice list`"},
                      consent_input::notice);
      }
      how_.notice = {.id = shown->id, .version = shown->version, .hash = shown->hash};
      how_.registry_version = shown->registry_version;
    }
    if (!how_.evidence.reference.fits(options_.evidence)) {
      return failed({errc::limit_exceeded, "a reference has at most 64 bytes"},
                    consent_input::evidence);
    }
    if (!options_.evidence.empty()) {
      how_.evidence.reference = short_text<64>(options_.evidence);
      how_.evidence.hash = crypto::hash(as_bytes(options_.evidence));
    }
    return find_vendors();
  }

  result<void> find_vendors() {
    how_.tcf_purposes = options_.tcf_purposes;
    if (options_.vendors.empty()) return {};
    const auto registry = into_.recipients();
    if (!registry) return failed(registry.error());
    for (const vendor_recipient& one : options_.vendors) {
      const auto party = (*registry)->find(one.recipient);
      if (!party) {
        return failed({errc::not_found, "no such party: see `clientbook recipient list`"},
                      consent_input::vendors);
      }
      vendors_.push_back({.vendor = one.vendor, .party = party->id});
      relied_.push_back({.vendor = one.vendor, .purposes = one.legitimate_interests});
    }
    how_.vendors = vendors_;
    return {};
  }

  // A signal means what the laws under which the customer lives say, all of them.
  result<void> look_up_laws(const customer_id& id) {
    laws_ = into_.profiles();
    if (laws_.size() == 1) return {};
    const auto known = into_.jurisdiction_of(id);
    // Who may not see where they live reads it as all laws of the book do: that closes no less.
    if (!known && hides_what_was_said(known.error().code)) return {};
    if (!known) return known.error();
    laws_ = known->laws;
    return {};
  }

  result<imported_consent> said_under_all(std::span<const consent_signal> signals) {
    imported_consent out;
    for (const auto& law : laws_) {
      how_.profile = law.get();
      how_.jurisdiction = law->id;
      how_.profile_version = law->version;
      const auto made = directives_of(signals, how_, random_);
      if (!made) return made.error();
      out.left_out = std::max(out.left_out, made->left_out);
      for (std::size_t i = 0; i < made->directives.size(); ++i) {
        const directive& one = made->directives[i];
        const age_range ages = made->ages.empty() ? age_range{} : made->ages[i];
        // What is said of those of one age is not said of those of another.
        const auto said_already = [&] {
          for (std::size_t j = 0; j < out.directives.size(); ++j) {
            const directive& other = out.directives[j];
            if (out.ages[j] == ages && other.kind == one.kind && other.scope == one.scope &&
                other.event_at == one.event_at && other.notice == one.notice &&
                other.by == one.by) {
              return true;
            }
          }
          return false;
        };
        if (said_already()) continue;
        out.directives.push_back(one);
        out.ages.push_back(ages);
      }
    }
    return out;
  }

  template <class Signals>
  result<void> add(std::vector<consent_signal>& to, const result<Signals>& read,
                   consent_input input) {
    if (!read) return failed(read.error(), input);
    to.insert(to.end(), read->begin(), read->end());
    return {};
  }

  // A section is one part, however much it closes.
  void count_unreadable(std::span<const consent_signal> all) {
    std::vector<std::uint16_t> sections;
    for (const consent_signal& each : all) {
      if (each.refused != errc::none) sections.push_back(each.section);
    }
    std::ranges::sort(sections);
    const auto repeated = std::ranges::unique(sections);
    counts_.unreadable +=
        sections.size() - static_cast<std::size_t>(std::ranges::distance(repeated));
  }

  // Signals that came with a request of the customer.
  result<void> read_signals(const consent_texts& said, std::vector<imported_consent>& made) {
    using signals = std::vector<consent_signal>;
    signals all;
    if (!said.gpc.empty() && gpc_signal(said.gpc)) all = signals_of_gpc();
    if (!said.gpp.empty()) {
      if (auto read = add(all, signals_of_gpp(said.gpp, relied_), consent_input::gpp); !read)
        return read;
    }
    if (!said.tcf.empty()) {
      const auto text = read_tc_string(said.tcf);
      const result<signals> found =
          text ? result<signals>(signals_of(*text, relied_)) : text.error();
      if (auto read = add(all, found, consent_input::tcf); !read) return read;
    }
    if (!said.usp.empty()) {
      const auto text = read_usp(said.usp);
      const result<signals> found = text ? result<signals>(signals_of(*text)) : text.error();
      if (auto read = add(all, found, consent_input::usp); !read) return read;
    }
    if (all.empty()) return {};
    count_unreadable(all);
    auto directives = said_under_all(all);
    if (!directives) return failed(directives.error());
    made.push_back(std::move(*directives));
    return {};
  }

  // What a record took back on a day alone, as directives_of() dates it: at its end, or now.
  void find_again(std::vector<directive>& made, std::span<const directive> said) const {
    for (directive& each : made) {
      if (each.channel != consent_channel::import || widens(each.kind)) continue;
      const std::int64_t begin = start_of(date_of(each.event_at)).seconds;
      const said_day day{.begin = {begin}, .end = {begin + 86'400}};
      const bool without_hour =
          each.event_at == how_.now || each.event_at.seconds == day.end.seconds - 1;
      if (without_hour) each.event_at = time_of_that_day(each, day, said);
    }
  }

  result<void> read_record(const customer_id& id, std::string_view text,
                           std::vector<imported_consent>& made) {
    if (text.empty()) return {};
    const auto record = iso27560::read_record(text, &member_);
    if (!record) return failed(record.error(), consent_input::record);
    if (auto theirs = check_subject(into_, id, record->subject); !theirs) {
      member_ = "dpv:hasDataSubject";
      return failed(theirs.error(), consent_input::record);
    }
    const auto registry = into_.recipients();
    if (!registry) return failed(registry.error());
    auto directives = directives_of(*record, **registry, how_, random_);
    if (!directives) return failed(directives.error(), consent_input::record);
    const auto said = into_.directives(id);
    if (!said && !hides_what_was_said(said.error().code)) return failed(said.error());
    if (said) find_again(directives->directives, *said);
    made.push_back(std::move(*directives));
    return {};
  }

  result<void> record_row(std::string_view system, const platform_row& row) {
    const auto id = into_.find(system, row.subject);
    if (!id) {
      const errc why = id.error().code;
      const bool unasked = why == errc::budget_spent && !row.permits();
      if (why != errc::not_found && why != errc::key_erased && !unasked) return id.error();
      ++counts_.unknown_customers;
      if (row.permits()) return {};
      if (auto taken = take_no(system, row); !taken) return taken;
      return remember(system, row);
    }
    if (auto known = look_up_laws(*id); !known) return known;
    auto made = said_under_all(std::span(&row.signal, 1));
    if (!made) return made.error();
    return record_all(*id, std::move(*made));
  }

  // Somebody else's customer is found by nobody, and has said no all the same.
  result<void> take_no(std::string_view system, const platform_row& row) {
    laws_ = into_.profiles();
    const auto made = said_under_all(std::span(&row.signal, 1));
    if (!made) return made.error();
    for (const directive& one : made->directives) {
      if (widens(one.kind)) continue;
      const auto taken = into_.record_no(system, row.subject, one);
      if (!taken && taken.error().code != errc::not_found &&
          taken.error().code != errc::key_erased) {
        return taken;
      }
    }
    return {};
  }

  // Who is no customer yet has said no all the same.
  result<void> remember(std::string_view system, const platform_row& row) {
    customer who;
    const std::array ids{external_id{.system = system, .value = row.subject}};
    if (auto set = who.set(field::external_ids, std::span<const external_id>(ids)); !set) {
      return set;
    }
    if (validate_email(row.subject)) {
      const std::array mails{email_address{.address = row.subject}};
      if (auto set = who.set(field::emails, std::span<const email_address>(mails)); !set) {
        return set;
      }
    }
    const timestamp said = std::min(row.signal.at.value_or(how_.now), how_.now);
    const auto until = into_.remember_unsubscribed(who.fields(), said);
    if (!until) return until.error();
    ++counts_.remembered;
    return {};
  }

  // A TC string's withdrawal is about what an earlier TC string gave. One that is older than the
  // consent has nothing to say of it.
  static bool ends_nothing(const directive& ending, std::span<const directive> said) noexcept {
    if (ending.kind != directive_kind::withdraw || ending.channel != consent_channel::signal_tcf) {
      return false;
    }
    return std::none_of(said.begin(), said.end(), [&](const directive& old) {
      return widens(old.kind) && old.channel == consent_channel::signal_tcf &&
             old.event_at <= ending.event_at &&
             !(old.scope.purposes & ending.scope.purposes).empty() &&
             !(old.scope.recipients & ending.scope.recipients).empty();
    });
  }

  struct outcome {
    recorded said;
    bool of_another_age = false;
  };
  result<outcome> record_one(const customer_id& id, const imported_consent& made, std::size_t i) {
    const age_range ages = made.ages.empty() ? age_range{} : made.ages[i];
    const directive& one = made.directives[i];
    if (!ages.everybody()) {
      const auto done = into_.record_at_age(id, one, ages.from, ages.below);
      if (done) return outcome{*done, done->sequence == 0};
      // Whose age this actor may not hear of: a no is taken all the same, as one of everybody.
      if (done.error().code != errc::not_in_portfolio || widens(one.kind)) return done.error();
    }
    const auto done = into_.record(id, one);
    return done ? result<outcome>(outcome{*done}) : done.error();
  }

  // Whether a TC string that the customer chose in later has decided this, and did not permit it.
  static bool chosen_otherwise_later(const directive& one, std::span<const directive> said) {
    if (one.channel != consent_channel::signal_tcf) return false;
    return std::ranges::any_of(said, [&](const directive& other) {
      return other.channel == consent_channel::signal_tcf && !widens(other.kind) &&
             other.event_at > one.event_at &&
             !(other.scope.purposes & one.scope.purposes).empty() &&
             !(other.scope.recipients & one.scope.recipients).empty();
    });
  }

  // A no in a TC string that no earlier string gives anything to take back closes nothing, and is
  // noted all the same, as an answer put off: an older string that comes later finds it, so that
  // the order in which strings are brought does not matter.
  result<void> weigh_tc_strings(const customer_id& id, imported_consent& made) {
    const auto said = into_.directives(id);
    if (!said && hides_what_was_said(said.error().code)) return {};
    if (!said) return said.error();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < made.directives.size(); ++i) {
      directive& one = made.directives[i];
      const bool late = chosen_otherwise_later(one, *said);
      if (ends_nothing(one, *said)) {
        if (late) continue;
        one.kind = directive_kind::defer;
      } else if (late && widens(one.kind)) {
        ++counts_.back_dated;
        continue;
      }
      made.directives[kept] = one;
      if (!made.ages.empty()) made.ages[kept] = made.ages[i];
      ++kept;
    }
    made.directives.resize(kept);
    return {};
  }

  // In the order of events: at one time the stricter comes last, but what a string takes back
  // before it gives anew.
  static std::vector<std::size_t> order_of(std::span<const directive> said) {
    const auto rank = [&said](std::size_t i) {
      const directive& one = said[i];
      const bool takes_back =
          one.kind == directive_kind::withdraw && one.channel == consent_channel::signal_tcf;
      return std::pair(one.event_at, takes_back ? 0 : widens(one.kind) ? 1 : 2);
    };
    std::vector<std::size_t> out(said.size());
    std::iota(out.begin(), out.end(), std::size_t{0});
    std::stable_sort(out.begin(), out.end(),
                     [&rank](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    return out;
  }

  // A permission that something said later contradicts is refused and counted: it is history. So is
  // one that nobody can have given yet; a no of the future is taken, and told.
  result<void> record_all(const customer_id& id, imported_consent made) {
    counts_.left_out += made.left_out;
    if (auto left = weigh_tc_strings(id, made); !left) return left;
    for (const std::size_t i : order_of(made.directives)) {
      const directive& one = made.directives[i];
      const auto done = record_one(id, made, i);
      if (one.event_at > how_.now) ++counts_.future_dated;
      if (done) {
        ++(done->of_another_age  ? counts_.not_of_that_age
           : done->said.repeated ? counts_.repeated
                                 : counts_.recorded);
        if (!done->said.repeated && !done->said.waiting.empty()) ++counts_.waiting;
      } else if (done.error().code == errc::not_in_portfolio && widens(one.kind)) {
        ++counts_.left_out;
      } else if (done.error().code == errc::back_dated && one.event_at > how_.now) {
        continue;
      } else if (done.error().code == errc::back_dated) {
        ++counts_.back_dated;
      } else {
        return done.error();
      }
    }
    return {};
  }

  session& into_;
  const consent_import_options& options_;
  const consent_import_listener& listener_;
  consent_import how_;
  std::shared_ptr<const law_profile> profile_;
  std::vector<std::shared_ptr<const law_profile>> laws_;  // of the customer
  std::string member_;                                    // of a record, that is wrong
  std::vector<vendor_party> vendors_;
  std::vector<tcf_reliance> relied_;
  crypto::system_random random_;
  consent_import_counts counts_;
};

}  // namespace

// A pseudonym of another system says nothing; a public id of this book does.
result<void> check_subject(session& in, const customer_id& id, std::string_view subject) {
  customer_id named;
  if (subject.size() != 2 * named.bytes.size()) return {};
  for (std::size_t i = 0; i < named.bytes.size(); ++i) {
    unsigned value = 0;
    const char* const at = subject.data() + 2 * i;
    const auto [end, bad] = std::from_chars(at, at + 2, value, 16);
    if (bad != std::errc() || end != at + 2) return {};
    named.bytes[i] = static_cast<std::byte>(value);
  }
  if (named == id) return {};
  const auto known = in.directives(named);
  if (!known && known.error().code == errc::not_found) return {};
  return error{errc::invalid_value, "it is another customer's: import it for them"};
}

result<consent_import_counts> import_consents(session& into, const customer_id& id,
                                              const consent_texts& said,
                                              const consent_import_options& options,
                                              const consent_import_listener& listener) try {
  return consent_importer(into, options, listener).one_customer(id, said);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<consent_import_counts> import_noes(session& into, const external_id& whose,
                                          const consent_texts& said,
                                          const consent_import_options& options,
                                          const consent_import_listener& listener) try {
  if (!said.record.empty()) {
    return error{errc::invalid_argument, "a record is of a customer who was found"};
  }
  return consent_importer(into, options, listener).whoever(whose, said);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<consent_import_counts> import_platform_consents(
    session& into, csv_reader& from, std::string_view system, const consent_import_options& options,
    const consent_import_listener& listener) try {
  if (system.empty()) {
    return error{errc::missing_field, "say which system's ids the file holds"};
  }
  return consent_importer(into, options, listener).platform(from, system);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
