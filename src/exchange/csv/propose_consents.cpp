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
  if (way == "mail") return way_email | way_post;
  return way == "sms"     ? way_sms
         : way == "post"  ? way_post
         : way == "phone" ? way_phone
         : way == "all"   ? way_all
                          : way_email;
}

// A short part is a word of its own: `Abo`, and not `about`.
bool has_consent_part(std::string_view name) {
  constexpr std::size_t shortest_within = 5;
  const std::string folded = ' ' + folded_words(name) + ' ';
  return std::any_of(std::begin(consent_parts), std::end(consent_parts),
                     [&](std::string_view word) {
                       const std::string alone = ' ' + std::string(word) + ' ';
                       const bool within = word.size() >= shortest_within;
                       return folded.find(within ? word : alone) != std::string::npos;
                     });
}

// `Phone no`, `E-mail no. 2`: a number, and nothing that is not wanted.
bool names_a_number(std::string_view name) {
  const std::string folded = folded_words(name) + ' ';
  return folded.find(" no ") != std::string::npos;
}

// What a column of a word of no says: whatever stands in it is one, times and addresses too. Only
// where that word is a plain one (`ohne`, `no`) and beside a way alone, other things are counted.
bool holds_noes(const consent_name& name, const column_facts& column) {
  if (name.says != consent_says::no) return false;
  if (name.has_no || name.topic) return true;
  if (names_a_number(column.name)) return false;
  const bool counts = column.filled > 0 && column.digits == column.filled;
  return column.words_of_consent > 0 || column.dates > 0 || column.long_numbers > 0 ||
         (!counts && (mostly(column.emails, column) || mostly(column.phones, column)));
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

namespace {

// `Contact: no`, `E-Mail: ja`: nobody is called so, and nobody is reached there. What a yes there
// means is not known, and a no is one.
bool says_yes_and_no_of_a_way(const column_facts& column, std::string_view target,
                              const consent_name& name) {
  constexpr std::string_view ways[] = {"name.full", "emails", "phones", "addresses"};
  const bool subject_alone =
      target.empty() && name.subject && !name.about && name.says == consent_says::nothing;
  const bool way = subject_alone || std::ranges::any_of(ways, [&](std::string_view each) {
                     return target.starts_with(each);
                   });
  // One name alone may be a word of no (`Ann No`), and beside a number it denies that number.
  const bool words = column.filled > 1 && mostly(column.words_of_consent, column) &&
                     column.digits + column.with_numbers + column.with_addresses == 0;
  return way && (name.about || name.subject) && words;
}

}  // namespace

// A column whose name tells of consent, of a list of names or by its words (`Acepta publicidad`):
// nobody's no is left out because a list lacks a name, and no yes comes of a word that nobody
// listed. What stands in it has to fit: `Phone no` is a number, `Newsletter opened` a time.
consent_name consent_of(const column_facts& column) {
  // `Unsubscribe URL` is where people may say no, and no no; so is one address for everybody. Of
  // one row alone nobody can tell.
  const bool addresses =
      (column.several_addresses || column.filled == 1) && column.with_addresses == column.filled;
  if (mostly(column.links, column) && column.words_of_consent == 0 && !addresses) return {};
  const std::string_view target = target_named(column.name);
  const bool plain_numbers = column.filled > 0 && column.digits == column.filled;
  // `SMS` is a number in one list and a yes in the next.
  const bool numbers = column.dates == 0 && (plain_numbers || mostly(column.phones, column));
  consent_name out = read_consent_name(column.name);
  if (tells_of_consent(target)) {
    const bool no = target.starts_with("refusal.");
    if (!no && numbers && column.words_of_consent == 0) return {};
    out.says = no ? consent_says::no : out.odd_signs ? consent_says::unsure : consent_says::yes;
    out.ways = ways_of(target);
    return out;
  }
  // `State` is a part of an address in one list, and what became of a newsletter in the next.
  const bool known = out.about || out.strong || has_consent_part(column.name);
  const bool of_name = known && out.says != consent_says::nothing;
  const bool anything = target.empty() || target == "ignore" || target == "tags[0]";
  const bool of_words = anything || mostly(column.words_of_consent, column);
  const bool leaves = column.words_of_leaving > 0 && !of_name && of_words;
  if (leaves && tells_what_happened(column)) return {consent_says::yes, way_email, way_all};
  if (leaves) {
    out.says = consent_says::unsure;
    out.by_content = true;
    return out;
  }
  if (says_yes_and_no_of_a_way(column, target, out)) {
    out.says = consent_says::unsure;
    out.ways = out.closed;
    return out;
  }
  if (!target.empty() && target != "ignore") return {};
  // Addresses or numbers below a word of no are those of who wants nothing.
  const bool contacts = mostly(column.emails, column) || mostly(column.phones, column);
  if (out.weak_alone && contacts && column.dates == 0) {
    out.says = consent_says::no;
    out.ways = out.closed = way_all;
    return out;
  }
  if (!of_name) return {};
  if (out.says == consent_says::no) return holds_noes(out, column) ? out : consent_name{};
  if (numbers && !mostly(column.words_of_consent, column)) return {};
  if (mostly(column.emails, column)) return {};
  return column.words_of_consent > 0 || out.strong ? out : consent_name{};
}

// `Status`, `Event`: of a list of who came and went.
bool tells_what_happened(const column_facts& column) {
  const std::string folded = folded_words(column.name);
  return mostly(column.words_of_consent, column) && column.filled > 1 &&
         !read_consent_name(column.name).odd_signs &&
         std::find(std::begin(event_columns), std::end(event_columns), folded) !=
             std::end(event_columns);
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

// A list of the addresses that want nothing: each row is whose address it is, if nothing else
// tells. With a mark among them it is a column of noes as any other, unless it is the only column.
void proposer::write_whose(const column_facts& column) {
  const bool alone = now_->facts.columns.size() == 1;
  const auto only = [&](std::string_view target, std::uint64_t column_facts::*count) {
    for (const column_facts& each : now_->facts.columns) {
      if (&each == &column) continue;
      // Of whom an id tells whose row it is, what stands among noes is no data.
      const std::string_view named = target_named(each.name);
      const bool id = named == "external_id" && each.filled != 0;
      if (id || named.starts_with(target) || mostly(each.*count, each)) return;
    }
    const std::string_view member = target == "emails" ? "[0].address" : "[0].number";
    write_target(column, std::string(target).append(member));
  };
  const auto holds = [&](std::uint64_t all, std::uint64_t any) {
    return alone ? any != 0 : all != 0 && all == column.filled;
  };
  if (holds(column.emails, column.with_addresses)) return only("emails", &column_facts::emails);
  // A day looks like a number, and is none.
  const std::uint64_t numbers = std::min(column.phones, column.with_numbers);
  if (holds(numbers, column.with_numbers)) only("phones", &column_facts::with_numbers);
}

// A no that names no way is one to all direct marketing, where there is no e-mail address that it
// may be about (`Phone`, `Unsubscribed`).
std::uint8_t proposer::closed_by(const column_facts& column, std::uint8_t ways) const {
  if (ways != way_email || read_consent_name(column.name).names_way) return ways;
  const bool mail = std::ranges::any_of(now_->facts.columns, [](const column_facts& each) {
    return each.with_addresses > 0 || target_named(each.name).starts_with("emails");
  });
  return mail ? ways : std::uint8_t{way_all};
}

json::array proposer::said_of(const char* kind, const json::array& purposes,
                              const column_facts* at) {
  json::object one{{"kind", kind}, {"purposes", purposes}};
  if (at != nullptr) {
    one["given_at_column"] = boost_view(at->name);
    when_said_.insert(at->name);
  }
  return json::array{one};
}

const column_facts* proposer::when_said() const {
  const column_facts* when = nullptr;
  for (const column_facts& each : now_->facts.columns) {
    if (is_plain_time(each.name)) when = &each;
  }
  return when;
}

// Whatever stands there is a no, a date the day of it; what denies the no says nothing.
void proposer::write_noes(const column_facts& column, const consent_name& name) {
  const json::array purposes = purposes_of(closed_by(column, name.ways));
  json::object rules;
  const bool dated = column.dates > 0 || column.long_numbers > 0;
  rules["*"] = said_of("deny", purposes, dated ? &column : when_said());
  rules[""] = json::array();
  // Where a sign may turn the column's meaning, a no may be one too.
  if (!name.odd_signs) {
    for (const std::string_view word : false_words) rules[boost_view(word)] = json::array();
    for (const std::string_view word : subscribed_words) rules[boost_view(word)] = json::array();
  }
  // Beside an address or a number of the row's own it is about another one, too; one cell with
  // any is enough, whatever stands in the others.
  if (column.with_addresses > 0 || column.with_numbers > 0) {
    json::object about = rules.at("*").as_array().front().as_object();
    about["contact_column"] = boost_view(column.name);
    rules.at("*").as_array().push_back(about);
  }
  consent_[boost_view(column.name)] = rules;
  write_whose(column);
  // Without a region nobody knows which number `0171 3920021` is.
  const bool at_home = now_->region.empty() && column.dates == 0;
  const std::uint64_t times = read_consent_name(column.name).names_time ? column.odd_digits : 0;
  const std::uint64_t odd = column.odd_contacts - times + (at_home ? column.at_home : 0);
  const std::string unread = odd == 0
                                 ? ""
                                 : "; in " + std::to_string(odd) + (odd == 1 ? " row" : " rows") +
                                       " an address or number may be meant that cannot be read";
  doubt(column.name,
        "a yes is read as a no to " + listed(purposes) + ", a no as nothing said" +
            (column.dates > 0 ? ", a day as the day of it" + days_read_as(column) : "") + unread);
}

void proposer::write_consent(const column_facts& column, const consent_name& name) {
  if (name.says == consent_says::no) return write_noes(column, name);
  const json::array purposes = purposes_of(name.ways);
  const column_facts* const when = when_said();
  json::object rules;
  const bool yes = name.says == consent_says::yes;
  // A yes opens the way that such a column is usually about; a no that names none closes all.
  const std::uint8_t closed = closed_by(column, name.ways == way_email ? name.closed : name.ways);
  const auto no = [&](const char* kind) {
    json::array out = said_of(kind, purposes, when);
    out.front().as_object()["purposes"] = purposes_of(closed);
    return out;
  };
  for (const std::string_view word : yes_words) {
    // A no is as new as the file, a yes as old as what tells of it.
    rules[boost_view(word)] =
        yes ? said_of("grant", purposes, when != nullptr ? when : since(name.ways)) : json::array();
  }
  // Who leaves a list takes back what they gave; a no in a field was never a yes.
  for (const std::string_view word : no_words) {
    rules[boost_view(word)] = no(when != nullptr ? "withdraw" : "deny");
  }
  if (name.says == consent_says::pending) {
    for (const std::string_view word : false_words) rules[boost_view(word)] = json::array();
  }
  for (const std::string_view word : pending_words) rules[boost_view(word)] = json::array();
  // What else stands in a column that is about other things too.
  if (name.by_content) rules["*"] = json::array();
  consent_[boost_view(column.name)] = rules;
  doubt(column.name, yes ? "read as consent to " + listed(purposes) +
                               ": a yes opens nothing until a notice and a time stand by it"
                         : "what a yes means here is not known, and none is taken for consent; a "
                           "no is one to " +
                               listed(purposes_of(closed)));
}

}  // namespace clientbook::exchange
