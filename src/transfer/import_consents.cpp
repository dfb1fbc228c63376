// Each import is the same three steps: what holds for all directives (how_of), the directives that
// the input makes, and recording them inside one transaction.
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/exchange/gpc.hpp>
#include <clientbook/exchange/platform_consents.hpp>
#include <clientbook/exchange/tcf.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/import_consents.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clientbook {
namespace {

class consent_importer {
 public:
  consent_importer(session& into, const consent_import_options& options,
                   const consent_import_listener& listener)
      : into_(into), options_(options), listener_(listener) {}

  result<consent_import_counts> one_customer(const customer_id& id, const consent_texts& said) {
    if (auto ready = prepare(); !ready) return ready.error();
    std::vector<imported_consent> made;
    if (auto read = read_signals(said, made); !read) return read.error();
    if (auto read = read_record(said.record, made); !read) return read.error();
    if (auto begun = into_.begin(); !begun) return failed(begun.error());
    imported_consent all;
    for (const imported_consent& one : made) {
      all.left_out += one.left_out;
      all.directives.insert(all.directives.end(), one.directives.begin(), one.directives.end());
    }
    std::stable_sort(all.directives.begin(), all.directives.end(), goes_before);
    if (auto done = record_all(id, all); !done) return undone(failed(done.error()));
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

  // Of two at one time the stricter comes last, and so holds.
  static bool goes_before(const directive& a, const directive& b) noexcept {
    if (a.event_at != b.event_at) return a.event_at < b.event_at;
    return widens(a.kind) && !widens(b.kind);
  }

  error failed(const error& what, consent_input input = consent_input::none,
               std::uint64_t line = 0) const {
    if (listener_.problem != nullptr) {
      listener_.problem(listener_.context, {.input = input, .what = what, .line = line});
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
    return {};
  }

  template <class Signals>
  result<void> add(std::vector<consent_signal>& to, const result<Signals>& read,
                   consent_input input) {
    if (!read) return failed(read.error(), input);
    to.insert(to.end(), read->begin(), read->end());
    return {};
  }

  // Signals that came with a request of the customer.
  result<void> read_signals(const consent_texts& said, std::vector<imported_consent>& made) {
    using signals = std::vector<consent_signal>;
    signals all;
    if (!said.gpc.empty() && gpc_signal(said.gpc)) all = signals_of_gpc();
    if (!said.gpp.empty()) {
      if (auto read = add(all, signals_of_gpp(said.gpp), consent_input::gpp); !read) return read;
    }
    if (!said.tcf.empty()) {
      const auto text = read_tc_string(said.tcf);
      const result<signals> found = text ? result<signals>(signals_of(*text)) : text.error();
      if (auto read = add(all, found, consent_input::tcf); !read) return read;
    }
    if (!said.usp.empty()) {
      const auto text = read_usp(said.usp);
      const result<signals> found = text ? result<signals>(signals_of(*text)) : text.error();
      if (auto read = add(all, found, consent_input::usp); !read) return read;
    }
    if (all.empty()) return {};
    auto directives = directives_of(all, how_, random_);
    if (!directives) return failed(directives.error());
    made.push_back(std::move(*directives));
    return {};
  }

  result<void> read_record(std::string_view text, std::vector<imported_consent>& made) {
    if (text.empty()) return {};
    const auto record = iso27560::read_record(text);
    if (!record) return failed(record.error(), consent_input::record);
    const auto registry = into_.recipients();
    if (!registry) return failed(registry.error());
    auto directives = directives_of(*record, **registry, how_, random_);
    if (!directives) return failed(directives.error(), consent_input::record);
    made.push_back(std::move(*directives));
    return {};
  }

  result<void> record_row(std::string_view system, const platform_row& row) {
    const auto id = into_.find(system, row.subject);
    if (!id) {
      if (id.error().code != errc::not_found && id.error().code != errc::key_erased) {
        return id.error();
      }
      ++counts_.unknown_customers;
      return {};
    }
    const auto made = directives_of(std::span(&row.signal, 1), how_, random_);
    if (!made) return made.error();
    return record_all(*id, *made);
  }

  // A permission that something said later contradicts is refused and counted: it is history. So is
  // one that nobody can have given yet; a no of the future is taken, and told.
  result<void> record_all(const customer_id& id, const imported_consent& made) {
    counts_.left_out += made.left_out;
    for (const directive& one : made.directives) {
      const auto done = into_.record(id, one);
      if (one.event_at > how_.now) ++counts_.future_dated;
      if (done) {
        ++(done->repeated ? counts_.repeated : counts_.recorded);
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
  crypto::system_random random_;
  consent_import_counts counts_;
};

}  // namespace

result<consent_import_counts> import_consents(session& into, const customer_id& id,
                                              const consent_texts& said,
                                              const consent_import_options& options,
                                              const consent_import_listener& listener) try {
  return consent_importer(into, options, listener).one_customer(id, said);
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
