// Whom a breach concerns and who is told by when, gathered and as JSON.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/deadline.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/rights/breach_report.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <optional>

#include "json_parts.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;
using rights::names_of;
using rights::or_null;
using transfer::wiped_memory;
using transfer::written;

constexpr std::int64_t an_hour = 3600;
constexpr std::int64_t a_day = 86400;

// --- by when --------------------------------------------------------------------------------

timestamp end_of(timestamp aware, const deadline_rule& rule) noexcept {
  if (rule.months == 0 && rule.working_days == 0) {
    return timestamp{aware.seconds + std::int64_t{rule.hours} * an_hour};
  }
  return timestamp{(days_since_epoch(last_day(date_of(aware), rule)) + 1) * a_day - 1};
}

breach_deadline deadline_of(const law_profile& law, timestamp aware) {
  breach_deadline out;
  out.law = law.name;
  for (const deadline_rule& rule : law.deadlines) {
    if (rule.kind != deadline_kind::notify_breach) continue;
    const timestamp by = end_of(aware, rule);
    if (out.by != timestamp{} && out.by <= by) continue;
    out.by = by;
    out.rule = rule.law;
  }
  return out;
}

// --- reading --------------------------------------------------------------------------------

enum class part_of_day : std::uint8_t { begin, end };

// A day counts whole, but nothing is asked of a time that is yet to come.
auto moment_at(part_of_day part, timestamp now) {
  return [=](std::string_view text) -> result<timestamp> {
    constexpr timestamp earliest{365 * a_day};  // 1971: 0 is no time.
    const auto day = parse_date(text);
    const auto exact = day ? result<timestamp>(timestamp{}) : parse_timestamp(text);
    if (exact && !day && *exact >= earliest) return *exact;
    if (!day || day->year < 1971 || !exists(*day)) {
      return error{errc::invalid_value,
                   "want a day (2026-11-02) or an instant (2026-11-02T14:00:00Z)"};
    }
    const std::int64_t begin = days_since_epoch(*day) * a_day;
    if (part == part_of_day::begin || begin > now.seconds) return timestamp{begin};
    return timestamp{std::min(begin + a_day - 1, now.seconds)};
  };
}

result<breach_source> copy_of(std::string_view word) noexcept {
  for (const breach_source one :
       {breach_source::data, breach_source::book, breach_source::backup, breach_source::recovery}) {
    if (word == name_of(one)) return one;
  }
  return error{errc::unknown_field, "a copy is of data, book, backup or recovery"};
}

struct asked_for {
  breach_query what;
  timestamp aware{};
  std::optional<std::string_view> reference;
  std::optional<breach_letter> letter;
};

void read_times(const json_node& root, timestamp now, asked_for& out) {
  const auto read = [&](std::string_view name, part_of_day part, timestamp& to) {
    if (const json_node said = root.member(name); said.there())
      to = said.found(moment_at(part, now));
  };
  const bool copied = out.what.source >= breach_source::data;
  read("since", part_of_day::begin, out.what.since);
  read("until", part_of_day::end, out.what.until);
  read("key_at", part_of_day::end, out.what.key_at);
  read("aware", part_of_day::begin, out.aware);
  // A copy made on a day was made at any time of it.
  if (!copied || root.member("since").there() || !root.member("until").there()) return;
  out.what.since = root.member("until").found(moment_at(part_of_day::begin, now));
}

void read_source(const json_node& root, session& in, asked_for& out) {
  if (const json_node whose = root.member("actor"); whose.there()) {
    out.what.source = breach_source::actor;
    out.what.actor = actor_id(static_cast<std::uint32_t>(whose.integer(1, UINT32_MAX)));
  }
  if (const json_node of = root.member("recipient"); of.there()) {
    out.what.source = breach_source::recipient;
    out.what.recipient = of.found([&](std::string_view name) -> result<recipient_id> {
      // Who may not ask is told nothing of names either.
      if (const auto may = in.cases(); !may) return may.error();
      const auto parties = in.recipients();
      if (!parties) return parties.error();
      const auto party = (*parties)->find(name);
      // Whoever it was passed on to need not be in the registry: the ledger says.
      if (!party) out.what.recipient_name = name;
      return party ? party->id : recipient_id();
    });
  }
  if (const json_node copy = root.member("copy"); copy.there())
    out.what.source = copy.found(copy_of);
}

result<asked_for> read_query(const json::value& tree, session& in, std::string& where) {
  json_failure failure;
  const json_node root(&tree, "", failure);
  root.only({"actor", "recipient", "copy", "since", "until", "key_at", "aware", "case", "letter"});
  asked_for out;
  read_source(root, in, out);
  read_times(root, in.request(purpose_id()).now, out);
  if (const json_node reference = root.member("case"); reference.there()) {
    out.reference = reference.text();
  }
  if (const json_node letter = root.member("letter"); letter.there()) {
    letter.only({"language", "shop", "contact"});
    breach_letter how{.shop = letter.member("shop").text(),
                      .contact = letter.member("contact").text()};
    if (const json_node speech = letter.member("language"); speech.there()) {
      how.speech = speech.found(find_language);
    }
    out.letter = how;
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto named = [&](const char* name) { return tree.as_object().contains(name) ? 1 : 0; };
  if (named("actor") + named("recipient") + named("copy") != 1) {
    return error{errc::missing_field, "say one of actor, recipient and copy"};
  }
  return out;
}

// --- telling --------------------------------------------------------------------------------

json::array fields_of(const breach_report& report, const schema& fields) {
  json::array out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_id field = fields.at(i).number;
    std::uint64_t certain = 0, possible = 0, masked = 0;
    bool sensitive = false;
    for (const breached& one : report.customers) {
      certain += one.certain.has(field) ? 1U : 0U;
      possible += one.possible.has(field) ? 1U : 0U;
      masked += one.masked.has(field) ? 1U : 0U;
      sensitive = sensitive || one.sensitive.has(field);
    }
    if (certain == 0 && possible == 0) continue;
    out.push_back({{"field", fields.at(i).key},
                   {"certain", certain},
                   {"possible", possible},
                   {"masked", masked},
                   {"sensitive", sensitive}});
  }
  return out;
}

json::array customers_of(const breach_report& report, session& in) {
  const schema& fields = in.fields();
  const auto laws = in.profiles();
  json::array out(wiped_memory());
  for (const breached& one : report.customers) {
    json::array theirs;
    for (std::size_t i = 0; i < laws.size(); ++i) {
      if ((one.laws >> i & 1U) != 0) theirs.emplace_back(laws[i]->name);
    }
    json::object row(wiped_memory());
    row["customer"] = hex<std::string>(one.customer.bytes);
    row["surely"] = one.surely;
    row["certain"] = names_of(one.certain, fields);
    row["possible"] = names_of(one.possible, fields);
    row["masked"] = names_of(one.masked, fields);
    row["sensitive"] = names_of(one.sensitive, fields);
    row["laws"] = std::move(theirs);
    row["first"] = or_null(one.first);
    row["last"] = or_null(one.last);
    out.push_back(std::move(row));
  }
  return out;
}

json::object to_object(const breach_report& report, session& in) {
  json::object out(wiped_memory());
  out["source"] = name_of(report.asked.source);
  out["since"] = or_null(report.asked.since);
  out["until"] = or_null(report.asked.until);
  out["opens"] = name_of(report.scope.opens);
  out["certain"] = report.scope.certain;
  out["possible"] = report.scope.possible;
  out["sealed"] = report.scope.sealed;
  out["fields"] = fields_of(report, in.fields());
  json::array unknown;
  for (const breach_unknown& one : report.scope.unknown) {
    unknown.push_back(
        {{"what", name_of(one.what)}, {"at_most", one.at_most}, {"says", sentence_of(one.what)}});
  }
  out["unknown"] = std::move(unknown);
  json::array deadlines;
  for (const breach_deadline& one : report.deadlines) {
    deadlines.push_back({{"law", one.law},
                         {"rule", one.rule},
                         {"by", or_null(one.by)},
                         {"certain", one.certain},
                         {"possible", one.possible}});
  }
  out["deadlines"] = std::move(deadlines);
  out["customers"] = customers_of(report, in);
  return out;
}

// One incident has its cases once.
result<void> check_reference(session& in, std::string_view reference) {
  if (!short_text<64>::fits(reference)) {
    return error{errc::limit_exceeded, "a reference has at most 64 bytes", 64};
  }
  const auto all = in.cases();
  if (!all) return all.error();
  const timestamp now = in.request(purpose_id()).now;
  for (const case_record& one : *all) {
    if (one.kind == case_kind::breach && one.closed_at == timestamp{} && now < one.until &&
        one.reason.reference.view() == reference) {
      return error{errc::already_exists, "there is an open case of a breach with that reference",
                   one.number};
    }
  }
  return {};
}

}  // namespace

std::string_view sentence_of(unknown_kind what) noexcept {
  switch (what) {
    case unknown_kind::erased_since:
      return "people who were erased since may have stood in the copy";
    case unknown_kind::erased_looks:
      return "looks, and places on lists, of people who were erased since";
    case unknown_kind::erased_entries:
      return "disclosures of those days, and reports of passing on, that are of people erased "
             "since";
    case unknown_kind::unnamed_looks:
      return "customers whom a session of the actor may have seen without naming them";
    case unknown_kind::added_since:
      return "customers of whom nothing is as old as the copy: taken for added since";
    case unknown_kind::reversals:
      return "tokens that the actor turned back into values: of whom no entry says";
    case unknown_kind::destroyed:
      return "people whom the actor has erased in that time";
    case unknown_kind::pruned:
      return "entries that were taken out of the ledger at the end of their time";
    case unknown_kind::gaps:
      return "times of which the book does not know what was done (see stats)";
  }
  return {};
}

result<breach_report> report_breach(session& in, const breach_query& what, timestamp aware) try {
  const timestamp now = in.request(purpose_id()).now;
  if (now < aware)
    return error{errc::invalid_value, "nobody has learnt of it at a time yet to come"};
  breach_report out;
  out.asked = what;
  if (out.asked.until == timestamp{}) out.asked.until = now;
  auto scope = in.breach(out.asked, [&](const breached& one) {
    out.customers.push_back(one);
    return true;
  });
  if (!scope) return scope.error();
  out.scope = std::move(*scope);
  const auto laws = in.profiles();
  for (std::size_t i = 0; i < laws.size(); ++i) {
    breach_deadline one = deadline_of(*laws[i], aware == timestamp{} ? now : aware);
    for (const breached& each : out.customers) {
      if ((each.laws >> i & 1U) != 0) ++(each.surely ? one.certain : one.possible);
    }
    out.deadlines.push_back(std::move(one));
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::vector<std::uint32_t>> open_breach_cases(session& in, const breach_report& report,
                                                     std::string_view reference) try {
  if (report.customers.empty()) {
    return error{errc::missing_field,
                 "nobody can be named: a case of a breach names whom it concerns"};
  }
  std::vector<customer_id> all;
  for (const breached& one : report.customers) all.push_back(one.customer);
  if (auto good = check_reference(in, reference); !good) return good.error();
  const consent_evidence reason{.reference = short_text<64>(reference)};
  if (auto begun = in.begin(); !begun) return begun.error();
  std::vector<std::uint32_t> out;
  for (std::size_t at = 0; at < all.size(); at += max_case_customers) {
    const std::size_t count = std::min(max_case_customers, all.size() - at);
    const auto opened = in.open_case({.kind = case_kind::breach,
                                      .customers = std::span(all).subspan(at, count),
                                      .reason = reason});
    if (!opened) {
      in.rollback();
      return opened.error();
    }
    out.push_back(*opened);
  }
  if (auto done = in.commit(); !done) return done.error();
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> breach_report_json(std::string_view text, session& in, std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(text, wiped_memory());
  if (!tree) return tree.error();
  if (!tree->is_object()) return error{errc::wrong_type, "a breach is asked for by an object"};
  const auto asked = read_query(*tree, in, where);
  if (!asked) return asked.error();
  // What is wrong with the call is told before everybody is gone over.
  if (asked->reference) {
    if (auto good = check_reference(in, *asked->reference); !good) {
      where = "/case";
      return good.error();
    }
  }
  const auto report = report_breach(in, asked->what, asked->aware);
  if (!report) {
    if (report.error().code == errc::not_found) where = "/recipient";
    return report.error();
  }
  json::object out = to_object(*report, in);
  if (asked->reference) {
    json::array numbers;
    if (!report->customers.empty()) {  // Else there is nobody to name.
      const auto cases = open_breach_cases(in, *report, *asked->reference);
      if (!cases) return cases.error();
      for (const std::uint32_t one : *cases) numbers.emplace_back(one);
    }
    out["cases"] = std::move(numbers);
  }
  if (asked->letter) {
    const auto letter = make_breach_letter(*report, nullptr, in.fields(), *asked->letter);
    if (!letter) return letter.error();
    out["letter"] = json::string_view(letter->data(), letter->size());
  }
  return written(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
