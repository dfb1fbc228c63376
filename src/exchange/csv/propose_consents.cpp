// Which columns tell of consent to marketing, and the rules of their values.
#include "cell_forms.hpp"
#include "proposer.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

std::uint8_t ways_of(std::string_view target) noexcept {
  const std::string_view way = target.substr(target.find('.') + 1);
  return way == "sms"     ? way_sms
         : way == "post"  ? way_post
         : way == "phone" ? way_phone
         : way == "all"   ? way_all
                          : way_email;
}

bool has_consent_part(std::string_view name) {
  const std::string folded = folded_words(name);
  return std::any_of(std::begin(consent_parts), std::end(consent_parts),
                     [&](std::string_view word) { return folded.find(word) != std::string::npos; });
}

json::array purposes_of(std::uint8_t ways) {
  constexpr std::pair<consent_ways, const char*> names[] = {{way_email, "email_marketing"},
                                                            {way_sms, "text_message_marketing"},
                                                            {way_post, "postal_marketing"},
                                                            {way_phone, "telephone_marketing"},
                                                            {way_all, "direct_marketing"}};
  json::array out;
  for (const auto& [way, name] : names) {
    if ((ways & way) != 0) out.emplace_back(name);
  }
  return out;
}

std::string listed(const json::array& purposes) {
  std::string out;
  for (const json::value& each : purposes) {
    out += (out.empty() ? "" : ", ") + std::string(view(each.as_string()));
  }
  return out;
}

}  // namespace

// What was said of a marketing: that it is wanted (`consent.`), or that it is not (`refusal.`).
bool tells_of_consent(std::string_view target) noexcept {
  return target.starts_with("consent.") || target.starts_with("refusal.");
}

// A column whose name tells of consent, of a list of names or by its words (`Acepta publicidad`):
// nobody's no is left out because a list lacks a name, and no yes comes of a word that nobody
// listed. What stands in it has to fit: `Phone no` is a number, `Newsletter opened` a time.
consent_name consent_of(const column_facts& column) {
  // `Unsubscribe URL` is where people may say no, and no no.
  if (mostly(column.links, column) && column.words_of_consent == 0) return {};
  const std::string_view target = target_named(column.name);
  const bool plain_numbers = column.filled > 0 && column.digits == column.filled;
  // `SMS` is a number in one list and a yes in the next.
  const bool numbers = column.dates == 0 && (plain_numbers || mostly(column.phones, column));
  if (tells_of_consent(target)) {
    if (numbers && column.words_of_consent == 0) return {};
    consent_name out = read_consent_name(column.name);
    out.says = target.starts_with("refusal.") ? consent_says::no
               : out.odd_signs                ? consent_says::unsure
                                              : consent_says::yes;
    out.ways = ways_of(target);
    return out;
  }
  if (!target.empty() && target != "ignore") return {};
  consent_name out = read_consent_name(column.name);
  const bool known = out.about || out.strong || has_consent_part(column.name);
  if (!known || out.says == consent_says::nothing) return {};
  const bool dated_no = out.strong && plain_numbers && column.excel_days > 0;
  if (numbers && !dated_no && !mostly(column.words_of_consent, column)) return {};
  if (mostly(column.emails, column)) return {};
  const bool tells = column.words_of_consent > 0;
  const bool dated = out.says == consent_says::no && column.dates > 0;
  return tells || dated || out.strong ? out : consent_name{};
}

// A column that is called a time and no more: what happened then the others tell.
bool is_plain_time(std::string_view column) {
  const std::string folded = folded_words(column);
  return std::find(std::begin(time_columns), std::end(time_columns), folded) !=
         std::end(time_columns);
}

// The column that tells when a yes was given, on these ways if several do: one whose name holds
// nothing but that. What was sent or opened at a time is no consent of then.
const column_facts* proposer::since(std::uint8_t ways) const {
  const column_facts* out = nullptr;
  int best = 0;
  for (const column_facts& each : now_->facts.columns) {
    const consent_name name = read_consent_name(each.name);
    if (!name.may_date_yes || !mostly(each.dates, each)) continue;
    if (name.about && (name.ways & ways) == 0 && name.ways != way_all) continue;
    const int fits = 1 + (name.about ? 2 : 0) + (name.confirms ? 1 : 0);
    if (fits < best) continue;
    best = fits;
    out = &each;
  }
  return out;
}

void proposer::write_consent(const column_facts& column, const consent_name& name) {
  const json::array purposes = purposes_of(name.ways);
  const column_facts* when = nullptr;
  for (const column_facts& each : now_->facts.columns) {
    if (is_plain_time(each.name)) when = &each;
  }
  const auto said = [&](const char* kind, const column_facts* at) {
    json::object one{{"kind", kind}, {"purposes", purposes}};
    if (at != nullptr) one["given_at_column"] = boost_view(at->name);
    return json::array{one};
  };
  json::object rules;
  if (name.says == consent_says::no) {
    // Whatever stands there is a no, a date the day of it; what denies the no says nothing.
    rules["*"] = said("deny", column.dates > 0 ? &column : when);
    rules[""] = json::array();
    for (const std::string_view word : pending_words) rules[boost_view(word)] = json::array();
    // Where a sign may turn the column's meaning, a no may be one too.
    if (!name.odd_signs) {
      for (const std::string_view word : false_words) rules[boost_view(word)] = json::array();
      for (const std::string_view word : subscribed_words) rules[boost_view(word)] = json::array();
    }
    consent_[boost_view(column.name)] = rules;
    return doubt(column.name,
                 "a yes is read as a no to " + listed(purposes) + ", a no as nothing said");
  }
  const bool yes = name.says == consent_says::yes;
  for (const std::string_view word : yes_words) {
    // A no is as new as the file, a yes as old as what tells of it.
    rules[boost_view(word)] =
        yes ? said("grant", when != nullptr ? when : since(name.ways)) : json::array();
  }
  // Who leaves a list takes back what they gave; a no in a field was never a yes.
  for (const std::string_view word : no_words) {
    rules[boost_view(word)] = said(when != nullptr ? "withdraw" : "deny", when);
  }
  if (name.says == consent_says::pending) {
    for (const std::string_view word : false_words) rules[boost_view(word)] = json::array();
  }
  for (const std::string_view word : pending_words) rules[boost_view(word)] = json::array();
  consent_[boost_view(column.name)] = rules;
  doubt(column.name, yes ? "read as consent to " + listed(purposes) +
                               ": a yes opens nothing until a notice and a time stand by it"
                         : "what a yes means here is not known, and none is taken for consent; a "
                           "no is one to " +
                               listed(purposes));
}

}  // namespace clientbook::exchange
