// The columns of a file that no program is known to write: by their names, and by what stands in
// them.
#include "cell_forms.hpp"
#include "proposer.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include <tables/exchange/import_columns.inc>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {

namespace {

// `Member #`, `#`, `№`: the sign is a word. `Nº`, `N.°`: of the letter the mark is none.
std::string with_number_sign_as_word(std::string_view column) {
  constexpr std::string_view words[] = {"#", "\xE2\x84\x96"};
  constexpr std::string_view marks[] = {"\xC2\xBA", "\xC2\xB0"};
  std::string out;
  while (!column.empty()) {
    const auto begins = [&](std::string_view sign) { return column.starts_with(sign); };
    const auto word = std::ranges::find_if(words, begins);
    const auto mark = std::ranges::find_if(marks, begins);
    if (word != std::end(words)) {
      out += " no ";
      column.remove_prefix(word->size());
    } else if (mark != std::end(marks)) {
      column.remove_prefix(mark->size());
    } else {
      out += column[0];
      column.remove_prefix(1);
    }
  }
  return out;
}

bool is_in(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// What is left of the name behind or before the qualifier; empty: it does not stand there.
std::string_view without_qualifier(std::string_view name, std::string_view qualifier, bool before) {
  if (name.size() <= qualifier.size() + 1) return {};
  const std::size_t rest = name.size() - qualifier.size() - 1;
  if (before) {
    const bool there = name.starts_with(qualifier) && name[qualifier.size()] == ' ';
    return there ? without_joins(name.substr(qualifier.size() + 1)) : "";
  }
  const bool there = name.ends_with(qualifier) && name[rest] == ' ';
  return there ? without_joins(name.substr(0, rest)) : "";
}

// Of the parts of a person alone a qualifier tells whose they are: an order of the customer is not
// what an order is to a parcel service.
bool is_of_person(std::string_view target) {
  return target.starts_with("addresses[") || target.starts_with("emails[") ||
         target.starts_with("phones[") || target == "name.full" || target == "name.given" ||
         target == "name.middle" || target == "name.family" || target == "birth_date" ||
         target == "employer";
}

column_meaning meaning_of_words(std::string_view folded, unsigned qualifiers) {
  for (const named_column& each : named_columns) {
    if (each.name == folded) return {each.target};
  }
  if (names_customer_id(folded)) return {"external_id"};
  if (qualifiers == 0) return {};
  for (const bool sent_to : {false, true}) {
    const auto words = sent_to ? std::span<const std::string_view>(delivery_qualifiers)
                               : std::span<const std::string_view>(own_qualifiers);
    for (const std::string_view each : words) {
      for (const bool before : {true, false}) {
        const std::string_view rest = without_qualifier(folded, each, before);
        if (rest.empty()) continue;
        column_meaning out = meaning_of_words(rest, qualifiers - 1);
        if (!is_of_person(out.target)) continue;
        out.sent_to = out.sent_to || sent_to;
        return out;
      }
    }
  }
  return {};
}

}  // namespace

std::string_view without_joins(std::string_view name) {
  while (true) {
    const std::size_t first = name.find(' ');
    const std::size_t last = name.rfind(' ');
    if (first == std::string_view::npos) return is_in(joining_words, name) ? "" : name;
    if (is_in(joining_words, name.substr(0, first))) {
      name.remove_prefix(first + 1);
    } else if (is_in(joining_words, name.substr(last + 1))) {
      name = name.substr(0, last);
    } else {
      return name;
    }
  }
}

column_meaning meaning_of(std::string_view column) {
  // Shopify adds to a field of the shop's own where it keeps it.
  column = column.substr(0, column.find(" (customer.metafields."));
  const std::string folded = folded_words(with_number_sign_as_word(column));
  // HubSpot has one of these for each kind of its mail.
  if (folded.starts_with("opted out of email")) return {"refusal.email"};
  // No program writes longer ones of the kind; the search for qualifiers is not to be made long.
  constexpr std::size_t longest = 80;
  return meaning_of_words(folded, folded.size() > longest ? 0 : 2);
}

std::string_view target_named(std::string_view column) { return meaning_of(column).target; }

bool is_total(std::string_view column) { return is_in(total_columns, folded_words(column)); }

bool tells_of_sales(const table_facts& table) {
  bool order = false;
  bool day = false;
  for (const column_facts& each : table.columns) {
    const std::string_view target = target_named(each.name);
    order = order || target == "purchase.order";
    day = day || target == "purchase.day" || is_plain_time(each.name);
  }
  return order && day;
}

std::string_view home_of(const table_facts& table) {
  for (const home_word& each : home_words) {
    for (const column_facts& column : table.columns) {
      if (folded_words(column.name) == each.word) return each.region;
    }
  }
  return {};
}

bool proposer::write_target(const column_facts& column, std::string target) {
  if (target == "external_id") {
    if (targets_.contains("external_id")) return false;
    targets_.insert(target);
    columns_[boost_view(column.name)] = "external_id";
    return true;
  }
  // A second e-mail or phone is one more of them.
  const std::size_t open = target.find('[');
  if (!targets_.insert(target).second) {
    if (open == std::string::npos || target.starts_with("addresses")) return false;
    std::size_t slot = 1;
    const auto at = [&] {
      return target.substr(0, open + 1) + std::to_string(slot) + target.substr(target.find(']'));
    };
    while (slot < 7 && targets_.contains(at())) ++slot;
    target = at();
    if (!targets_.insert(target).second) return false;
  }
  columns_[boost_view(column.name)] = with_forms(column, json::value(boost_view(target)));
  if (has_strange_sign(column.name)) {
    doubt(column.name, "a sign in its name may turn what it means: taken by its words alone");
  }
  return true;
}

bool proposer::write_by_content(const column_facts& column) {
  if (mostly(column.emails, column)) {
    if (read_consent_name(column.name).says == consent_says::pending) {
      ignore(column, "addresses that mail did not reach, or that nobody has confirmed: ignored");
      return true;
    }
    doubt(column.name, "taken for e-mail addresses by what stands in it");
    return write_target(column, "emails[0].address");
  }
  if (tells_what_happened(column)) {
    write_consent(column, {consent_says::yes, way_email, way_all});
    return true;
  }
  if (mostly(column.words_of_consent, column) && column.filled > 1) return false;
  if (mostly(column.phones, column) && column.dates == 0) {
    doubt(column.name, "taken for phone numbers by what stands in it");
    return write_target(column, "phones[0].number");
  }
  return false;
}

// `Suburb` beside `City` is a part of it; where no other column is the town, it is that.
std::string_view proposer::own_target(const column_facts& column) const {
  const std::string_view target = target_named(column.name);
  if (target != "addresses[0].line3") return target;
  const bool town = std::ranges::any_of(now_->facts.columns, [](const column_facts& each) {
    return each.filled > 0 && target_named(each.name) == "addresses[0].city";
  });
  return town ? target : "addresses[0].city";
}

// `Amount` that differs within an order is each line's: where no pieces and no price stand beside
// it, it is the price of one.
void proposer::write_sum_of_a_line(const column_facts& column) {
  const bool counted = std::ranges::any_of(now_->facts.columns, [](const column_facts& each) {
    const std::string_view target = target_named(each.name);
    return target == "purchase.line.quantity" || target == "purchase.line.unit_price";
  });
  if (counted) return ignore(column, nullptr);
  if (!write_target(column, "purchase.line.unit_price")) {
    return ignore(column, "another column is the same: ignored");
  }
}

void proposer::write_column(const column_facts& column, bool customers) {
  std::string_view target = own_target(column);
  if (tells_of_sales(now_->facts)) {
    if (is_plain_time(column.name)) target = "purchase.day";
    if (is_total(column.name)) target = "purchase.total";
  }
  if (target == "purchase.total" && column.apart > 0) return write_sum_of_a_line(column);
  // `widerrufen` among the states of orders is no word of a newsletter.
  if (tells_of_sales(now_->facts) && write_undone(column)) return;
  const consent_name said = consent_of(column);
  if (said.says != consent_says::nothing) return write_consent(column, said);
  if (tells_of_consent(target)) target = {};
  const bool plain_numbers = column.digits > 0 && column.digits + column.sums == column.filled;
  // `Kunde` is a name in one list and a number in the next.
  if (target == "name.full" && plain_numbers) target = "external_id";
  // `Adresse` is where to write to, by whatever way.
  if (target.starts_with("addresses") && mostly(column.emails, column)) target = {};
  if (target == "ignore") return ignore(column, nullptr);
  const bool sale = target.starts_with("purchase.");
  if (!target.empty() &&
      (customers || sale || target == "external_id" || target.starts_with("notes"))) {
    if (write_target(column, std::string(target))) return;
    return ignore(column, "another column is the same: ignored");
  }
  if (!target.empty() && !customers) return ignore(column, nullptr);
  if (write_by_content(column)) return;
  const bool nameless = column.name.starts_with("column ");
  const bool words = column.dates == 0 && column.phones == 0 && column.decimal_commas == 0 &&
                     column.decimal_points == 0;
  if (customers && nameless && column.filled > 0 && words &&
      write_target(column, "notes[0].text")) {
    return doubt(column.name, "a column without a name: kept as notes");
  }
  if (left_out_.contains(boost_view(column.name))) return;
  // A column with a word of no is never left out in silence.
  if (!when_said_.contains(column.name) || read_consent_name(column.name).has_no) {
    return ignore(column, column.dates > 0 && column.dates * 10 >= column.filled * 8
                              ? "dates, but of what is not known: ignored"
                              : "not known: ignored; map it, or leave it");
  }
  ignore(column, nullptr);
}

const std::string* proposer::column_with(std::string_view target) const {
  for (const auto& each : columns_) {
    const json::value& to = each.value();
    const json::string* const name = to.is_string()   ? to.if_string()
                                     : to.is_object() ? to.at("to").if_string()
                                                      : nullptr;
    if (name == nullptr || view(*name) != target) continue;
    for (const column_facts& column : now_->facts.columns) {
      if (json::string_view(column.name.data(), column.name.size()) == each.key())
        return &column.name;
    }
  }
  return nullptr;
}

// `Name` beside `Vorname` is the family's; a family name alone is likely the whole name.
void proposer::write_whole_names() {
  const std::string* const whole = column_with("name.full");
  if (whole == nullptr || !targets_.contains("name.given")) return;
  if (targets_.contains("name.family")) {
    columns_.erase(boost_view(*whole));
    ignored_.emplace_back(boost_view(*whole));
    return;
  }
  columns_[boost_view(*whole)] = "name.family";
}

namespace {

// `cancelled by customer`: whatever follows, there was none. What follows a return may be that it
// is asked for.
bool ends_as_it_will(std::string_view word) {
  constexpr std::string_view stems[] = {"cancel", "storn", "annul", "anul", "void", "abgebrochen"};
  return std::ranges::any_of(stems, [&](std::string_view each) { return word.starts_with(each); });
}

}  // namespace

// What became of an order: of some it is that there was none.
bool proposer::write_undone(const column_facts& column) {
  const std::string folded = folded_words(column.name);
  json::array values;
  // Whatever it is called: who has unsubscribed has said no.
  if (column.words_of_leaving > column.words_of_undone) return false;
  if (is_in(undone_columns, folded)) {
    values.emplace_back("*");
  } else if (is_in(order_state_columns, folded)) {
    // `State` is a part of an address in one list, and what became of an order in the next.
    if (target_named(column.name).starts_with("addresses") && column.words_of_undone == 0) {
      return false;
    }
    for (const std::string_view each : undone_words) {
      values.emplace_back(std::string(each) + (ends_as_it_will(each) ? "*" : ""));
    }
  } else {
    return false;
  }
  undone_[boost_view(column.name)] = values;
  if (column.filled > 0) {
    doubt(column.name, "what became of an order: those that were taken back are no purchases");
  }
  return true;
}

// Movements of an account name who paid and who was paid: of a refund, or what the shop spends
// itself, the one who pays is the shop. Which way the money went a column says, or the sign of
// sums.
void proposer::write_money_out() {
  const auto column_of = [&](std::span<const std::string_view> names) -> const column_facts* {
    for (const column_facts& each : now_->facts.columns) {
      if (is_in(names, folded_words(each.name))) return &each;
    }
    return nullptr;
  };
  if (!tells_of_sales(now_->facts) || column_of(receiver_columns) == nullptr) return;
  const column_facts* const way = column_of(money_way_columns);
  const column_facts* const sum = column_of(gross_columns);
  const column_facts* const by = way != nullptr ? way : sum;
  if (by == nullptr) return;
  json::array marks;
  if (way == nullptr) marks = {"-*", "\xE2\x88\x92*"};
  for (const std::string_view each : money_out_words) {
    if (way != nullptr) marks.emplace_back(boost_view(each));
  }
  left_out_[boost_view(by->name)] = marks;
  doubt(by->name, "money that went out, as a refund does, names the shop as who pays: left out");
}

// Rows of sales need the number of a receipt and its day; amounts need a currency.
void proposer::write_sales() {
  const bool sold = std::any_of(targets_.begin(), targets_.end(), [](const std::string& each) {
    return each.starts_with("purchase.");
  });
  const auto forget_undone = [&] {
    for (const auto& each : undone_) ignored_.emplace_back(each.key());
    undone_.clear();
  };
  if (!sold) return forget_undone();
  const bool whole = targets_.contains("purchase.order") && targets_.contains("purchase.day");
  const bool article =
      targets_.contains("purchase.line.sku") || targets_.contains("purchase.line.description");
  if (whole && article) return write_currency();
  const bool alone = whole && !targets_.contains("purchase.line.quantity") &&
                     !targets_.contains("purchase.line.unit_price");
  if (alone) return write_currency();
  forget_undone();
  for (const column_facts& each : now_->facts.columns) {
    if (!target_named(each.name).starts_with("purchase.") && !is_plain_time(each.name)) continue;
    if (columns_.erase(boost_view(each.name)) == 0) continue;
    ignore(each, "a sale needs the number of its receipt, its day and an article: ignored");
  }
}

// `€ 49.90` above `£ 12.00`: each row is in the currency that its amount names. False: not all do,
// or in none but the shop's own.
bool proposer::write_currency_of_cells() {
  const std::string_view home = currency_of(now_->region);
  for (const column_facts& each : now_->facts.columns) {
    const auto at = columns_.find(boost_view(each.name));
    if (at == columns_.end() || each.with_currency != each.filled || each.filled == 0) continue;
    const json::value* const to = at->value().is_object() ? &at->value().at("to") : &at->value();
    if (*to != "purchase.total" && *to != "purchase.line.unit_price") continue;
    const bool other = std::ranges::any_of(each.currencies, [&](const std::string& named) {
      return home.empty() || named.find(home) == named.npos;
    });
    if (!other) continue;
    at->value() = json::array{"purchase.currency", at->value()};
    doubt(each.name, "amounts that name their currency: each row is in the one that it names");
    return true;
  }
  return false;
}

void proposer::write_currency() {
  if (targets_.contains("purchase.currency") || write_currency_of_cells()) return;
  if (const std::string_view home = currency_of(now_->region); !home.empty()) {
    constants_["purchase.currency"] = boost_view(home);
    return doubt({}, "no column of a currency: amounts are taken for " + std::string(home));
  }
  for (const column_facts& each : now_->facts.columns) {
    const std::string_view target = target_named(each.name);
    if (target != "purchase.total" && target != "purchase.line.unit_price") continue;
    if (columns_.erase(boost_view(each.name)) == 0) continue;
    ignore(each, "an amount needs a currency: map it, and say the currency under constants");
  }
}

// A row has to say whose it is. False if nothing in the file does.
bool proposer::write_id(bool customers) {
  const std::string* const id = column_with("external_id");
  const column_facts* const own = id == nullptr ? nullptr : column_at(folded_words(*id));
  const bool some_lack_it = customers && now_->known == nullptr && own != nullptr &&
                            own->filled < now_->facts.rows - now_->facts.odd_rows;
  if (!some_lack_it && (targets_.contains("external_id") || !ids_.empty())) return true;
  if (!customers) return false;
  if (some_lack_it) ids_.emplace_back(boost_view(own->name));
  for (const std::string_view target : {"emails[0].address", "phones[0].number"}) {
    if (const std::string* const column = column_with(target))
      ids_.emplace_back(boost_view(*column));
  }
  json::array name;
  for (const std::string_view target : {"name.full", "name.given", "name.family", "birth_date"}) {
    if (const std::string* const column = column_with(target))
      name.emplace_back(boost_view(*column));
  }
  if (name.size() > 1 && column_with("birth_date") != nullptr) ids_.emplace_back(name);
  if (ids_.empty()) return false;
  if (some_lack_it) {
    if (ids_.size() == 1) return ids_.clear(), true;
    columns_.erase(boost_view(own->name));
    doubt(own->name,
          "not every row has one: the others are whose e-mail, phone, or name and "
          "birth date they have");
    return true;
  }
  doubt({}, "no column of ids: a row is whose e-mail, phone, or name and birth date it has");
  return true;
}

void proposer::write_constants() {
  const bool home = std::any_of(targets_.begin(), targets_.end(), [](const std::string& each) {
    return each.starts_with("addresses[0].");
  });
  if (home && !targets_.contains("addresses[0].country") && !now_->region.empty()) {
    constants_["addresses[0].country"] = boost_view(now_->region);
  }
  if (targets_.contains("external_ids[0].value") &&
      !constants_.contains("external_ids[0].system")) {
    constants_["external_ids[0].system"] = "loyalty";
  }
  // What the export itself says of an element is no constant's.
  const auto lacks = [&](const char* target) {
    return !targets_.contains(target) && !constants_.contains(target);
  };
  if (targets_.contains("special_days[0].day") && lacks("special_days[0].kind")) {
    constants_["special_days[0].kind"] = "anniversary";
  }
  if (targets_.contains("special_days[7].day")) {
    constants_["special_days[7].kind"] = "birthday";
    constants_["special_days[7].label"] = "the month alone is known";
  }
  if (targets_.contains("household[0].person") && lacks("household[0].relation")) {
    constants_["household[0].relation"] = "spouse";
  }
  if (now_->known == nullptr) {
    if (targets_.contains("sizes[1].value")) constants_["sizes[1].kind"] = "shoe";
    if (targets_.contains("sizes[2].value")) constants_["sizes[2].kind"] = "ring";
  }
}

// Where an order was sent to may be somebody else's: it is the customer's only where the file has
// no other.
void proposer::write_deliveries(bool customers) {
  const auto own = targets_;
  const auto names = [](const std::string& target) { return target.starts_with("name."); };
  // A name beside the customer's own: whoever it is of has the rest too.
  const bool somebody_else =
      std::ranges::any_of(own, names) &&
      std::ranges::any_of(now_->facts.columns, [](const column_facts& each) {
        const column_meaning means = meaning_of(each.name);
        return means.sent_to && means.target.starts_with("name.") && each.filled > 0;
      });
  for (const column_facts& each : now_->facts.columns) {
    const column_meaning means = meaning_of(each.name);
    if (!means.sent_to || consent_of(each).says != consent_says::nothing) continue;
    const std::string_view kind = means.target.substr(0, means.target.find_first_of("[."));
    // `Street 1` beside `Ship City`: one address.
    const bool has = kind == "addresses" ? own.contains("addresses[0].city") ||
                                               own.contains("addresses[0].postal_code")
                                         : std::ranges::any_of(own, [&](const std::string& target) {
                                             return target.starts_with(kind);
                                           });
    if (!customers || has || somebody_else || !write_target(each, std::string(own_target(each)))) {
      ignore(each, customers ? "of whom an order was sent to: ignored" : nullptr);
    } else if (each.filled > 0) {
      doubt(each.name, "of whom an order was sent to, taken for the customer: no other is there");
    }
  }
}

void proposer::write_unknown(bool customers) {
  // Consents first: a column of dates then is when they were given, and no doubt.
  for (const column_facts& each : now_->facts.columns) {
    if (consent_of(each).says != consent_says::nothing) write_column(each, customers);
  }
  write_money_out();
  for (const column_facts& each : now_->facts.columns) {
    if (consent_of(each).says != consent_says::nothing || meaning_of(each.name).sent_to) continue;
    write_column(each, customers);
  }
  write_deliveries(customers);
  write_whole_names();
  write_sales();
}

}  // namespace clientbook::exchange
