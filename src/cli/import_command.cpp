// import: customers from CSV files, by a column map, in one transaction
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/exchange/column_map.hpp>

#include <boost/json/array.hpp>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct import_options_given {
  std::string map, folder;
  std::string purpose = "customer_order_management";
  bool skip_bad_rows = false;
  bool label_numbers = false;  ///< Card and identity numbers in notes become labels.
  bool stop_without_basis = false;
};

std::string place_of(const import_problem& problem, const column_map& map) {
  std::string out(map.files()[problem.file]);
  if (problem.what.at != 0) out += ", line " + std::to_string(problem.what.at);
  if (problem.column != 0) out += ", column " + std::to_string(problem.column);
  if (!problem.column_name.empty()) out += " (" + std::string(problem.column_name) + ")";
  return out;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// What goes wrong with a row, as opposed to with the book.
bool is_bad_row(errc code) {
  return code == errc::already_exists || code == errc::limit_exceeded ||
         (code >= errc::invalid_encoding && code < errc::denied) || code == errc::back_dated ||
         code == errc::unknown_notice;
}

note_policy note_policy_of(bool label_numbers) {
  const number_in_note how = label_numbers ? number_in_note::replaced : number_in_note::refused;
  return {.cards = how, .identity_numbers = how};
}

class importer {
 public:
  importer(program& in, session& into, const column_map& map, const import_options_given& what)
      : in_(in),
        into_(into),
        map_(map),
        what_(what),
        registry_(*need(into.recipients(), "reading the registry")),
        purpose_(purpose_from(what.purpose)),
        now_(into.request(purpose_).now) {
    const auto held = need(into.notices(), "reading the notices");
    notices_.assign(held.begin(), held.end());
  }

  void run(const import_set& set) {
    need(into_.begin(), "beginning the import");
    progress_bar bar(in_, "importing", set.customers());
    const auto done = set.for_each([&](const import_customer& one) -> result<void> {
      bar.at(customers + skipped.size());
      const auto kept = keep(one);
      if (kept) return {};
      // Somebody who is in the book already cannot be taken out again: then all of it stops.
      if (what_.skip_bad_rows && !begun_ && is_bad_row(kept.error().code)) {
        skipped.push_back(one.line);
        return {};
      }
      failed_line_ = one.line;
      return kept;
    });
    if (!done) {
      into_.rollback();
      fail(done.error(), std::string(map_.files().front()) + ", line " +
                             std::to_string(failed_line_) + "; nothing was imported");
    }
    link_households();
    need(into_.commit(), "committing the import; nothing was imported");
  }

  std::uint64_t customers = 0;
  std::uint64_t receipts = 0;
  std::uint64_t lines = 0;
  std::uint64_t notes = 0;
  std::uint64_t directives = 0;
  std::map<std::string, std::uint64_t> left_out;  ///< customers, by field without a basis
  std::vector<std::uint64_t> skipped;

 private:
  struct known_rule {
    import_consent said;
    bool grants = false;
    consent_scope scope;
  };
  static constexpr std::size_t most_rules = 16;

  struct pending_household {
    customer_id id;
    std::vector<household_link> links;
    std::vector<std::string> texts;
    std::vector<std::string> external_ids;
  };

  result<void> keep(const import_customer& one) {
    begun_ = false;
    record_.clear();
    if (auto filled = fill(one); !filled) return filled;
    directives_.clear();
    for (const import_consent& said : one.consents) directives_.push_back(directive_of(said));
    name_what_is_lifted();

    field_set missing = 0;
    collection why{.purpose = purpose_, .directives = directives_};
    if (!what_.stop_without_basis) why.left_out = &missing;
    const auto id = into_.put(record_, why);
    if (!id) return id.error();
    begun_ = true;
    count_left_out(missing);
    ++customers;
    directives += directives_.size();

    if (!one.household.empty())
      remember_household(one, *id, (missing & only(field::household)) == 0);
    ids_.emplace(std::string(one.external_id), *id);

    for (const import_receipt& receipt : one.receipts) {
      const auto kept = into_.append_purchase(*id, receipt.head, receipt.lines, purpose_);
      if (!kept) {
        if (kept.error().code != errc::no_basis || what_.stop_without_basis) return kept.error();
        count_left_out(only(field::purchases));
        break;
      }
      ++receipts;
      lines += receipt.lines.size();
    }
    for (const note& text : one.notes) {
      const auto kept = into_.append_note(*id, text, purpose_, note_policy_of(what_.label_numbers));
      if (!kept) {
        if (kept.error().code != errc::no_basis || what_.stop_without_basis) return kept.error();
        count_left_out(only(field::notes));
        break;
      }
      ++notes;
    }
    return {};
  }

  template <class T>
  result<void> set_list(field_id field, std::span<const T> list) {
    if (list.empty()) return {};
    return record_.set(field, list);
  }

  result<void> fill(const import_customer& one) {
    std::vector<external_id> ids;
    ids.push_back({.system = map_.system(), .value = one.external_id});
    ids.insert(ids.end(), one.external_ids.begin(), one.external_ids.end());
    const person_name& name = one.name;
    const bool named = !name.given.empty() || !name.family.empty() || !name.nickname.empty();
    if (named) {
      if (auto set = record_.set(field::name, name); !set) return set;
    }
    for (auto set :
         {set_list(field::emails, one.emails), set_list(field::phones, one.phones),
          set_list(field::addresses, one.addresses),
          set_list(field::special_days, one.special_days), set_list(field::sizes, one.sizes),
          set_list(field::likes, one.likes), set_list(field::dislikes, one.dislikes),
          set_list(field::external_ids, std::span<const external_id>(ids)),
          set_list(field::government_ids, one.government_ids),
          set_list(field::payment_cards, one.payment_cards)}) {
      if (!set) return set;
    }
    if (one.birth_date) {
      if (auto set = record_.set(field::birth_date, *one.birth_date); !set) return set;
    }
    for (const auto& [field, value] :
         {std::pair{field::language, one.language}, std::pair{field::time_zone, one.time_zone},
          std::pair{field::employer, one.employer}}) {
      if (value.empty()) continue;
      if (auto set = record_.set(field, value); !set) return set;
    }
    if (one.demographics) {
      if (auto set = record_.set(field::demographics, *one.demographics); !set) return set;
    }
    if (!one.household.empty()) {
      std::vector<household_link> links;
      for (const import_household& member : one.household) links.push_back(member.link);
      if (auto set = record_.set(field::household, std::span<const household_link>(links)); !set) {
        return set;
      }
    }
    return {};
  }

  // The words of a rule of the map lie in one place for all customers: looked up once.
  const consent_scope& scope_of_rule(const import_consent& said, bool grants) {
    const auto same = [](std::span<const std::string_view> a, std::span<const std::string_view> b) {
      return a.data() == b.data() && a.size() == b.size();
    };
    for (const known_rule& rule : rules_) {
      if (rule.grants == grants && same(rule.said.purposes, said.purposes) &&
          same(rule.said.recipients, said.recipients) &&
          same(rule.said.categories, said.categories)) {
        return rule.scope;
      }
    }
    const auto owned = [](std::span<const std::string_view> names) {
      return std::vector<std::string>(names.begin(), names.end());
    };
    std::vector<std::string> recipients = owned(said.recipients);
    if (recipients.empty()) recipients = {grants ? "self" : "all"};
    std::vector<std::string> categories = owned(said.categories);
    if (categories.empty()) categories = {"all"};
    known_rule fresh{.said = said, .grants = grants, .scope = {}};
    fresh.scope =
        scope_of(owned(said.purposes), recipients, categories,
                 grants ? std::vector<std::string>() : std::vector<std::string>{"all"}, registry_);
    if (!grants && said.categories.empty()) fresh.scope.categories = all_categories();
    if (rules_.size() == most_rules) rules_.erase(rules_.begin());
    return rules_.emplace_back(std::move(fresh)).scope;
  }

  directive directive_of(const import_consent& said) {
    directive out;
    out.kind = need(find_directive_kind(said.kind), "a consent rule: kind");
    const bool grants = out.kind == directive_kind::grant || out.kind == directive_kind::renew;
    out.channel = said.channel.empty()
                      ? consent_channel::import
                      : need(find_consent_channel(said.channel), "a consent rule: channel");
    out.scope = scope_of_rule(said, grants);
    out.registry_version = registry_.version();
    out.jurisdiction = into_.profile().id;
    out.profile_version = into_.profile().version;
    out.event_at = said.given_at.value_or(now_);
    if (out.kind == directive_kind::grant || out.kind == directive_kind::renew ||
        out.kind == directive_kind::deny || out.kind == directive_kind::refuse) {
      out.not_after = said.expires_at;
    }
    out.recorder = into_.who().id;
    if (grants) {
      const privacy_notice* shown = notice_titled(said.notice, notices_);
      if (shown == nullptr) {
        fail({errc::unknown_notice,
              "a consent refers to a notice that the book has not: `clientbook notice add` it"},
             "importing");
      }
      out.notice = {.id = shown->id, .version = shown->version, .hash = shown->hash};
      out.strength = said.strength.empty()
                         ? consent_strength::expressed
                         : need(find_consent_strength(said.strength), "a consent rule: strength");
      out.informed = true;
    }
    if (!said.evidence.empty() && out.evidence.reference.fits(said.evidence)) {
      out.evidence.reference = short_text<64>(said.evidence);
      out.evidence.hash = crypto::hash(as_bytes(said.evidence));
    }
    return out;
  }

  // A file has no ids: a lift names the newest of the customer's denials before it that are about
  // one of its purposes. Without any it names nothing, which put() refuses.
  void name_what_is_lifted() {
    for (std::size_t i = 0; i < directives_.size(); ++i) {
      directive& lift = directives_[i];
      if (lift.kind != directive_kind::lift) continue;
      std::size_t named = 0;
      for (std::size_t k = i; k-- > 0 && named < directive::max_supersedes;) {
        directive& before = directives_[k];
        if (!is_denial(before.kind) || (before.scope.purposes & lift.scope.purposes).empty()) {
          continue;
        }
        if (before.id == directive_id()) {
          need(random_.fill(before.id.bytes), "drawing an id");
        }
        lift.supersedes[named++] = before.id;
      }
    }
  }

  static bool is_denial(directive_kind kind) {
    return kind == directive_kind::restrict || kind == directive_kind::object ||
           kind == directive_kind::deny || kind == directive_kind::refuse;
  }

  void count_left_out(field_set fields) {
    for (std::size_t i = 0; fields != 0 && i < into_.fields().size(); ++i) {
      const field_definition field = into_.fields().at(i);
      if ((fields & only(field.number)) != 0) ++left_out[std::string(field.key)];
    }
  }

  void remember_household(const import_customer& one, const customer_id& id, bool kept) {
    if (!kept) return;
    bool linked = false;
    pending_household pending{.id = id, .links = {}, .texts = {}, .external_ids = {}};
    pending.texts.reserve(one.household.size() * 2);
    for (const import_household& member : one.household) {
      linked = linked || !member.external_id.empty();
      household_link link;
      link.relation = pending.texts.emplace_back(member.link.relation);
      link.person = pending.texts.emplace_back(member.link.person.reveal());
      pending.links.push_back(link);
      pending.external_ids.emplace_back(member.external_id);
    }
    if (linked) households_.push_back(std::move(pending));
  }

  // Members that are customers themselves are linked once all of them are there.
  void link_households() {
    for (pending_household& one : households_) {
      for (std::size_t i = 0; i < one.links.size(); ++i) {
        const auto found = ids_.find(one.external_ids[i]);
        if (found != ids_.end()) one.links[i].customer = found->second;
      }
      customer changed;
      auto done = changed.set(field::household, std::span<const household_link>(one.links));
      if (done) done = into_.update(one.id, changed.fields(), purpose_);
      if (!done) {
        into_.rollback();
        fail(done.error(), "linking households; nothing was imported");
      }
    }
  }

  program& in_;
  session& into_;
  const column_map& map_;
  const import_options_given& what_;
  recipient_registry registry_;
  std::vector<privacy_notice> notices_;
  purpose_id purpose_;
  timestamp now_;
  crypto::system_random random_;
  customer record_;
  std::vector<known_rule> rules_;
  std::vector<directive> directives_;
  std::unordered_map<std::string, customer_id> ids_;
  std::vector<pending_household> households_;
  std::uint64_t failed_line_ = 0;
  bool begun_ = false;  ///< something of the customer is written
};

void import(program& in, const import_options_given& what) {
  std::string where;
  const auto map = column_map::open(what.map, &where);
  if (!map) fail(map.error(), "the column map" + (where.empty() ? "" : " at " + where));
  const book opened = in.open();
  session writer = in.begin(opened);

  const auto begin = std::chrono::steady_clock::now();
  import_report report;
  const auto set =
      import_set::load(*map, what.folder,
                       {.on_bad_row = what.skip_bad_rows ? bad_row::skip : bad_row::stop}, report);
  if (!set) {
    const std::string place =
        report.problems.empty() ? "reading" : place_of(report.problems.back(), *map);
    fail({set.error().code, set.error().text}, place + "; nothing was imported");
  }
  const double load_seconds = seconds_since(begin);
  importer work(in, writer, *map, what);
  work.run(*set);
  const double seconds = seconds_since(begin);

  std::uint64_t skipped = work.skipped.size();
  for (const auto& file : report.files) skipped += file.skipped;
  json::object left_out;
  for (const auto& [field, count] : work.left_out) left_out[field] = count;
  json::array skipped_rows;
  for (const import_problem& problem : report.problems) {
    skipped_rows.push_back(json::string(place_of(problem, *map)));
  }
  for (const std::uint64_t line : work.skipped) {
    skipped_rows.push_back(
        json::string(std::string(map->files().front()) + ", line " + std::to_string(line)));
  }
  in.answer({{"imported_customers", work.customers},
             {"imported_receipts", work.receipts},
             {"imported_purchase_lines", work.lines},
             {"imported_notes", work.notes},
             {"imported_directives", work.directives},
             {"not_collected", left_out},
             {"skipped_rows", skipped},
             {"skipped_places", skipped_rows},
             {"read_files_seconds", load_seconds},
             {"import_seconds", seconds},
             {"import_customers_per_second", static_cast<double>(work.customers) / seconds}},
            [&] {
              std::printf(
                  "imported %llu customers, %llu purchases with %llu lines, %llu notes, "
                  "%llu directives\n",
                  static_cast<unsigned long long>(work.customers),
                  static_cast<unsigned long long>(work.receipts),
                  static_cast<unsigned long long>(work.lines),
                  static_cast<unsigned long long>(work.notes),
                  static_cast<unsigned long long>(work.directives));
              for (const auto& [field, count] : work.left_out) {
                std::printf("not collected, without a basis: %s of %llu customers\n", field.c_str(),
                            static_cast<unsigned long long>(count));
              }
              for (const json::value& place : skipped_rows) {
                std::printf("skipped: %s\n", place.as_string().c_str());
              }
              std::printf(
                  "in %.2f s, %.0f customers/s sealed and durable (%.2f s of it reading "
                  "the files)\n",
                  seconds, static_cast<double>(work.customers) / seconds, load_seconds);
            });
}

}  // namespace

void add_import_command(CLI::App& app, program& in) {
  auto* command = app.add_subcommand(
      "import", "Import customers from CSV files, all of them in one transaction");
  in.takes_book(*command);
  auto what = std::make_shared<import_options_given>();
  command->add_option("--map", what->map, "Column map (docs/import.md)")->required();
  command->add_option("--from", what->folder, "Folder of the files")->required();
  command->add_option("-p,--purpose", what->purpose, "What the fields are kept for")
      ->capture_default_str();
  command->add_flag(
      "--label-numbers", what->label_numbers,
      "put labels for payment card and identity numbers in notes (else: refuse them)");
  command->add_flag("--skip-bad-rows", what->skip_bad_rows,
                    "Leave out rows that are wrong, and list them; default: import nothing");
  command->add_flag("--stop-without-basis", what->stop_without_basis,
                    "Fail on a field without a basis; default: leave it out, and count");
  command->callback([&in, what] { import(in, *what); });
}

}  // namespace clientbook::cli
