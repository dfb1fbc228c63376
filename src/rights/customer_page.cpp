// The page, section by section, from what account.hpp has gathered. Every text of the book and of
// the shop is escaped; words of our own come from page_words.hpp.
#include <clientbook/consent/explanation.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "account.hpp"
#include "of_others.hpp"
#include "page_words.hpp"
#include "picture.hpp"

namespace clientbook {

using namespace rights;

namespace {

namespace json = boost::json;

constexpr std::string_view style =
    "body{font:1.0625rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:56rem;"
    "margin:0 "
    "auto;padding:1rem;overflow-wrap:anywhere;hyphens:auto}h1{font-size:1.75rem;line-height:1.2}"
    "h2{line-height:1.25;border-top:2px solid #1a4f8b;padding-top:.75rem;margin-top:2rem}"
    ".sums{display:flex;flex-wrap:wrap;gap:.75rem;padding:0;margin:1rem 0;list-style:none}"
    ".sums li{flex:1 1 8rem;background:#e9edf2;padding:.6rem .8rem;border-radius:.4rem}"
    ".sums b{display:block;font-size:1.75rem;line-height:1.1}"
    "svg{width:100%;max-width:34rem;height:auto;display:block;font-family:inherit}"
    "svg .got{fill:none;stroke:#1a4f8b}svg .no{fill:none;stroke:#767676;stroke-dasharray:5 5}"
    "svg .stop{stroke:#a11919}svg .end,svg .shop{fill:#1a4f8b}"
    "svg .in{fill:#fff;font-size:14px;text-anchor:middle}svg .name{font-size:15px;fill:#1b1b1b}"
    "svg .small{font-size:13px;fill:#444}"
    "table{border-collapse:collapse;width:100%;margin:1rem "
    "0;font-size:.9375rem}caption{text-align:left;"
    "font-weight:bold;padding:.5rem 0}th,td{border:1px solid #767676;padding:.4rem .6rem;"
    "text-align:left;vertical-align:top}thead th{background:#e9edf2}"
    "td:empty{background:#f4f4f4}td ul{margin:0;padding-left:1.1rem}"
    ".days{list-style:none;padding:0 0 0 1rem;border-left:3px solid #1a4f8b}.days li{margin:.5rem "
    "0}.days time,.days b{display:block}.days .what{color:#444}"
    ".told{background:#fff8e1;border-left:4px solid #8a6100;padding:.5rem .8rem}"
    "details{margin:1rem 0}summary{cursor:pointer;padding:.5rem 0;color:#1a4f8b;"
    "text-decoration:underline}summary:focus{outline:3px solid #1a4f8b}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.75rem;background:#f4f4f4;"
    "padding:.5rem}"
    "@media(max-width:40rem){thead{position:absolute;left:-999rem}table,tbody,tr,th,td{"
    "display:block}tr{border:2px solid #767676;margin:0 0 1rem}tbody th{background:#e9edf2}"
    "caption{display:block}td:empty{display:none}td,tbody th{border:0}"
    "td:before{content:attr(data-label) \": \";font-weight:bold}}"
    "@media print{h2,table,svg{break-inside:avoid}details{display:none}}";

class page_writer {
 public:
  page_writer(const account& of, const schema& fields, const customer_page_options& options)
      : of_(of),
        fields_(fields),
        options_(options),
        w_(words_of(options.speech)),
        receivers_(receivers_of(of)),
        lookers_(lookers_of(of)) {}

  result<wiped_text> write() {
    head();
    sums();
    where_it_went();
    day_by_day();
    who_looked();
    if (auto done = what_is_held(); !done) return done.error();
    what_was_said();
    rights();
    evidence();
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void text(std::string_view value) { add_escaped(out_, value); }
  void number(std::uint64_t value) { out_ += std::to_string(value); }
  // What others wrote: in a script of its own direction, and nothing in it turns what stands
  // beside.
  void foreign(std::string_view value) {
    out_ += "<bdi>";
    text(value);
    out_ += "</bdi>";
  }
  void element(std::string_view tag, std::string_view content) {
    out_.append("<").append(tag) += '>';
    text(content);
    out_.append("</").append(tag) += ">\n";
  }
  void section(std::string_view heading) { element("h2", heading); }
  void day(const date& when) {
    char iso[10];
    const std::size_t size = write_date(when, iso);
    out_ += "<time datetime=\"";
    out_.append(iso, size) += "\">";
    text(day_of(when, w_));
    out_ += "</time>";
  }
  void days(const date& first, const date& last) {
    day(first);
    if (first == last) return;
    out_ += " – ";
    day(last);
  }

  template <class Id>
  void list(const Id& all) {
    bool more = false;
    all.for_each([&](auto one) {
      if (std::exchange(more, true)) out_ += ", ";
      text(label(one, options_.speech));
    });
  }
  void list(field_set all) {
    bool more = false;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const field_definition field = fields_.at(i);
      if (!all.has(field.number)) continue;
      if (std::exchange(more, true)) out_ += ", ";
      text(name_of(field, options_.speech));
    }
  }

  void begin_table(std::string_view caption, std::initializer_list<std::string_view> heads) {
    out_ += "<table>\n<caption>";
    text(caption);
    out_ += "</caption>\n<thead><tr>";
    for (const std::string_view head : heads) {
      out_ += "<th scope=\"col\">";
      text(head);
      out_ += "</th>";
    }
    out_ += "</tr></thead>\n<tbody>\n";
  }
  void end_table() { out_ += "</tbody>\n</table>\n"; }
  template <class Content>
  void row_head(Content&& content) {
    out_ += "<tr><th scope=\"row\">";
    content();
    out_ += "</th>";
  }
  template <class Content>
  void cell(std::string_view name, Content&& content) {
    out_ += "<td data-label=\"";
    text(name);
    out_ += "\">";
    content();
    out_ += "</td>";
  }
  void end_row() { out_ += "</tr>\n"; }

  void head() {
    out_ += "<!DOCTYPE html>\n<html lang=\"";
    text(w_.tag);
    out_ +=
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>";
    text(w_.title);
    out_ += "</title>\n<style>";
    out_.append(style) += "</style>\n</head>\n<body>\n<main>\n";
    element("h1", w_.title);
    out_ += "<p>";
    if (!options_.shop.empty()) {
      text(w_.made_by);
      out_ += " ";
      lines_of(options_.shop);
      out_ += "<br>";
    }
    text(w_.made_on);
    out_ += " ";
    day(of_.today);
    out_ += "</p>\n";
  }
  void lines_of(std::string_view several) {
    while (!several.empty()) {
      const std::size_t end = several.find('\n');
      foreign(several.substr(0, end));
      if (end == several.npos) return;
      out_ += "<br>";
      several = several.substr(end + 1);
    }
  }

  void sum(std::uint64_t how_many, std::string_view of_what) {
    out_ += "<li><b>";
    number(how_many);
    out_ += "</b> ";
    text(of_what);
    out_ += "</li>\n";
  }
  void sums() {
    std::uint64_t held = of_.theirs.content.record().fields().size();
    held += of_.theirs.purchases.size() != 0 ? 1U : 0U;
    held += of_.theirs.notes.size() != 0 ? 1U : 0U;
    std::uint64_t others = 0;
    std::uint64_t times = 0;
    for (const receiver& one : receivers_) {
      if (one.is_the_customer() || one.given <= one.never_got) continue;
      ++others;
      times += one.given - one.never_got;
    }
    std::uint64_t looks = 0;
    for (const lookers& one : lookers_) {
      for (const lookers::under& why : one.purposes) {
        if (why.purpose != purpose_id()) looks += why.opened;  // A look-up shows nothing.
      }
    }
    out_ += "<ul class=\"sums\">\n";
    sum(others, w_.recipients);
    sum(times, w_.passed_on);
    sum(looks, w_.looks);
    sum(held, w_.kinds_held);
    out_ += "</ul>\n";
  }

  // --- where it went --------------------------------------------------------------------------

  void receiver_name(const receiver& one) {
    if (one.another) return text(w_.another_customer);
    if (one.is_the_customer()) {
      text(w_.own_copies);
    } else {
      foreign(one.name);
    }
    const std::string_view what = label(one.party_class, options_.speech);
    const std::string_view country = country_of(one, of_);
    if (one.is_the_customer()) return;
    if (!what.empty() || !country.empty()) {
      out_ += "<br><small>";
      text(what);
      if (!what.empty() && !country.empty()) out_ += ", ";
      text(country);
      out_ += "</small>";
    }
    if (one.via.empty() && one.contact.empty()) return;
    out_ += "<br><small>";
    if (!one.via.empty()) {
      text(one.by_the_shop ? w_.also_by_way_of : w_.by_way_of);
      for (const std::string& each : one.via) {
        out_ += &each == &one.via.front() ? " " : ", ";
        foreign(each);
      }
      if (!one.contact.empty()) out_ += "; ";
    }
    if (!one.contact.empty()) foreign(one.contact);
    out_ += "</small>";
  }
  void how_often(const receiver& one) {
    // What did not get out was not passed on: so says the picture too.
    if (one.given > one.never_got) {
      number(one.given - one.never_got);
      out_ += "×";
    }
    for (const auto& [count, words] :
         {std::pair(one.refused, w_.refused), std::pair(one.never_got, w_.never_got)}) {
      if (count == 0) continue;
      if (!out_.ends_with('>')) out_ += "<br>";
      text(words);
      out_ += " ";
      number(count);
      out_ += "×";
    }
  }
  void onward(const receiver& one) {
    for (const recipient_party& party : of_.parties->parties()) {
      if (party.id == one.party) text(w_.onward_rules[static_cast<std::size_t>(party.onward) % 3]);
    }
    for (std::size_t i = 0; i < one.reported.size(); ++i) {
      if (i != 0) {
        out_ += ", ";
      } else {
        out_ += "<br>";
        text(w_.reported);
        out_ += " ";
      }
      foreign(one.reported[i]);
    }
  }
  // Of what a backup did not have nobody knows: an empty list would say that nothing happened.
  void after_restore() {
    for (const book_gap& one : of_.gaps) {
      out_ += "<p class=\"told\">";
      text(w_.restored_on);
      day(date_of(one.until));
      out_ += " ";
      text(w_.restored_from);
      day(date_of(one.since));
      out_ += ". ";
      text(w_.restored_gap);
      out_ += "</p>\n";
    }
  }
  void after_pruning() {
    if (of_.pruned.entries == 0) return;
    out_ += "<p class=\"told\">";
    text(w_.pruned);
    out_ += " ";
    out_ += std::to_string(of_.pruned.entries);
    out_ += ". ";
    text(w_.pruned_since);
    out_ += "</p>\n";
  }
  void where_it_went() {
    section(w_.where_it_went);
    after_restore();
    after_pruning();
    if (receivers_.empty() && of_.pruned.entries != 0) return;  // Nobody knows that it is nobody.
    if (receivers_.empty()) return element("p", w_.nowhere);
    add_picture(out_, receivers_, of_, options_.shop, w_);
    begin_table(w_.where_it_went,
                {w_.recipient, w_.what_for, w_.what, w_.when, w_.how_often, w_.onward});
    bool others = false;
    bool any_report = false;
    for (const receiver& one : receivers_) {
      others = others || !one.is_the_customer();
      any_report = any_report || !one.reported.empty();
      row_head([&] { receiver_name(one); });
      cell(w_.what_for, [&] { list(one.purposes); });
      cell(w_.what, [&] { list(one.fields); });
      cell(w_.when, [&] { days(one.first, one.last); });
      cell(w_.how_often, [&] { how_often(one); });
      cell(w_.onward, [&] { onward(one); });
      end_row();
    }
    end_table();
    if (others) element("p", any_report ? w_.no_other_report : w_.no_report);
  }

  // --- day by day -----------------------------------------------------------------------------

  static bool same_line(const ledger_record& a, const ledger_record& b) {
    return a.event == b.event && date_of(a.at) == date_of(b.at) && a.recipient == b.recipient &&
           a.purpose == b.purpose && a.fields == b.fields && a.of_both == b.of_both;
  }
  void event(const ledger_record& one, std::size_t times) {
    out_ += "<li>";
    day(date_of(one.at));
    out_ += "<b>";
    if (one.event == ledger_event::legal_hold) {
      text(places_hold(one) ? w_.hold_placed : w_.hold_lifted);
    } else if (one.event == ledger_event::recipient_told &&
               one.purpose != purpose::rights_fulfilment) {
      text(w_.told_to_delete);
    } else {
      text(told(one.event, options_.speech));
    }
    if (!one.recipient.empty() && one.event != ledger_event::legal_hold) {
      out_ += " ";
      if (got_by_another(one)) {
        text(w_.another_customer);
      } else if (one.recipient_class == recipient::data_subject) {
        text(w_.own_copies);
      } else {
        foreign(one.recipient);
      }
    }
    if (times > 1) {
      out_ += " (";
      number(times);
      out_ += "×)";
    }
    out_ += "</b><span class=\"what\">";
    // What a further recipient has it for nobody has said.
    const bool known = one.purpose != purpose_id() && one.event != ledger_event::onward;
    if (known) text(label(one.purpose, options_.speech));
    if (known && !one.fields.empty()) out_ += ": ";
    list(one.fields);
    out_ += "</span></li>\n";
  }
  void day_by_day() {
    if (of_.entries.empty()) return;
    section(w_.day_by_day);
    out_ += "<ol class=\"days\" reversed>\n";
    for (std::size_t i = of_.entries.size(); i > 0;) {  // Newest first.
      const ledger_record& one = of_.entries[i - 1];
      std::size_t times = 0;
      while (i > 0 && same_line(of_.entries[i - 1], one)) {
        --i;
        ++times;
      }
      event(one, times);
    }
    out_ += "</ol>\n";
  }

  // --- who looked -----------------------------------------------------------------------------

  void who(const lookers& one) {
    bool more = false;
    for (const actor_role role : all_roles()) {
      if (!one.roles.has(role)) continue;
      if (std::exchange(more, true)) out_ += ", ";
      text(told(role, options_.speech));
    }
    if (!more) text(w_.somebody);
    if (one.people < 2) return;
    out_ += " (";
    number(one.people);
    out_ += " ";
    text(w_.people);
    out_ += ")";
  }
  // What goes over everybody opens nobody for whoever is here, and may pass on all the same.
  bool is_passed_on(purpose_id purpose) const {
    return std::ranges::any_of(receivers_, [&](const receiver& one) {
      return one.by_the_shop && !one.is_the_customer() && one.purposes.contains(purpose);
    });
  }
  void reasons(const lookers& one) {
    out_ += "<ul>";
    for (const lookers::under& why : one.purposes) {
      out_ += "<li>";
      text(why.purpose == purpose_id() ? w_.looked_up : label(why.purpose, options_.speech));
      out_ += ": ";
      if (why.purpose == purpose_id() || why.opened != 0) {
        number(why.purpose == purpose_id() ? why.others : why.opened);
        out_ += "×";
      } else {
        text(is_passed_on(why.purpose) ? w_.passed_on_above : w_.nothing_opened);
      }
      out_ += "</li>";
    }
    out_ += "</ul>";
  }
  void who_looked() {
    section(w_.who_looked);
    if (lookers_.empty()) return element("p", w_.nobody_looked);
    element("p", w_.no_names);
    begin_table(w_.who_looked, {w_.who, w_.what_for, w_.when});
    for (const lookers& one : lookers_) {
      row_head([&] { who(one); });
      cell(w_.what_for, [&] { reasons(one); });
      cell(w_.when, [&] { days(one.first, one.last); });
      end_row();
    }
    end_table();
  }

  // --- what is held ---------------------------------------------------------------------------

  void amount(std::int64_t minor, std::string_view currency) {
    const unsigned digits = minor_units(currency).value_or(0);
    std::string shown = std::to_string(minor < 0 ? -minor : minor);
    if (shown.size() <= digits) shown.insert(0, digits + 1 - shown.size(), '0');
    if (digits != 0) shown.insert(shown.size() - digits, 1, '.');
    text((minor < 0 ? "-" : "") + shown + " " + std::string(currency));
  }

  // A value as somebody reads it: what a list has one below the other, parts with commas.
  void value(const json::value& one) {
    if (const auto* words = one.if_string()) return foreign(*words);
    if (const auto* yes = one.if_bool()) return text(*yes ? w_.yes : w_.no);
    if (const auto* all = one.if_array()) {
      if (all->size() == 1) return value(all->front());
      out_ += "<ul>";
      for (const json::value& each : *all) {
        out_ += "<li>";
        value(each);
        out_ += "</li>";
      }
      out_ += "</ul>";
      return;
    }
    if (const auto* parts = one.if_object()) return members(*parts);
    if (one.is_number()) out_ += std::to_string(one.to_number<std::int64_t>());
  }
  // Parts that hold a code and no words of anybody.
  static bool is_code(std::string_view member) noexcept {
    constexpr std::string_view names[] = {"kind",           "label",   "relation", "gender",
                                          "marital_status", "channel", "state"};
    return std::ranges::find(names, member) != std::end(names);
  }
  void members(const json::object& parts) {
    const auto* minor = parts.if_contains("minor");
    const auto* currency = parts.if_contains("currency");
    if (minor != nullptr && currency != nullptr && currency->is_string()) {
      return amount(minor->to_number<std::int64_t>(), currency->as_string());
    }
    const bool is_name = parts.contains("given") || parts.contains("family");
    bool more = false;
    for (const auto& part : parts) {
      if (is_of_others({part.key().data(), part.key().size()})) continue;
      const bool part_of_name = is_name && part.key() != "salutation" && part.key() != "pronouns";
      if (std::exchange(more, true)) out_ += part_of_name ? " " : ", ";
      const std::string_view name(part.key().data(), part.key().size());
      if (const std::string_view word = told_member(name, options_.speech); !word.empty()) {
        text(word);
        out_ += ": ";
      }
      const json::string* code = is_code(name) ? part.value().if_string() : nullptr;
      if (code != nullptr) {
        foreign(told_code(*code, options_.speech));
      } else {
        value(part.value());
      }
    }
  }

  const field_keeping* keeping_of(field_id field) const {
    for (const field_keeping& one : of_.kept_for) {
      if (one.field == field) return &one;
    }
    return nullptr;
  }
  void why(field_id field) {
    const field_keeping* const kept = keeping_of(field);
    if (kept == nullptr || kept->purposes.empty()) return text(w_.purpose_unknown);
    list(kept->purposes);
  }
  void since(field_id field) {
    const field_keeping* const kept = keeping_of(field);
    if (kept != nullptr && kept->since.year > 0) day(kept->since);
  }

  // Who said what it holds, and when; nothing of whom of the staff.
  void from(field_id field) {
    const field_keeping* const kept = keeping_of(field);
    if (kept == nullptr || !kept->source) return text(w_.from_nobody_knows);
    text(*kept->source == field_source::file ? w_.from_file : w_.from_shop);
    out_ += ", ";
    day(kept->as_of);
  }
  void until(field_id field) {
    const field_keeping* const kept = keeping_of(field);
    if (kept == nullptr || kept->until.month == 0) return text(w_.no_last_day);
    day(kept->until);
  }

  result<void> what_is_held() {
    section(w_.held);
    const auto fields = of_.theirs.content.record().fields();
    if (fields.empty() && of_.theirs.purchases.size() == 0 && of_.theirs.notes.size() == 0) {
      element("p", w_.nothing_held);
    }
    if (leaves_others_out()) element("p", w_.others_left_out);
    if (!fields.empty()) {
      element("p", was_put_on_hold(of_) ? w_.on_hold : w_.as_long_as);
      begin_table(w_.held, {w_.data, w_.what, w_.from, w_.what_for, w_.since, w_.until});
      for (const field_value& one : fields) {
        if (auto done = held(one); !done) return done;
      }
      end_table();
    }
    if (auto done = purchases(); !done) return done;
    if (auto done = notes(); !done) return done;
    element("h3", w_.concluded);
    element("p", w_.no_conclusions);
    return {};
  }
  // Notes speak of others more often than not, and where they do not that is no secret.
  bool leaves_others_out() const {
    const auto hides = [&](const field_value& one) {
      return of_.theirs.content.state(one.id) == field_state::redacted;
    };
    return of_.theirs.notes.size() != 0 || of_.theirs.purchases.state() == field_state::redacted ||
           std::ranges::any_of(of_.theirs.content.record().fields(), hides);
  }
  result<void> held(const field_value& one) {
    const auto definition = fields_.find(one.id);
    if (!definition) return definition.error();
    const auto shown = shown_to_json(definition->type, one.value);
    if (!shown) return shown.error();
    const auto tree = exchange::read_json(*shown, transfer::wiped_memory());
    if (!tree) return tree.error();
    row_head([&] { text(name_of(*definition, options_.speech)); });
    cell(w_.what, [&] { value(*tree); });
    cell(w_.from, [&] { from(one.id); });
    cell(w_.what_for, [&] { why(one.id); });
    cell(w_.since, [&] { since(one.id); });
    cell(w_.until, [&] { until(one.id); });
    end_row();
    return {};
  }
  result<void> purchases() {
    if (of_.theirs.purchases.size() == 0) return {};
    element("h3", w_.purchases);
    out_ += "<p>";
    why(field::purchases);
    out_ += "</p>\n<ul>\n";
    for (const item_list::item& one : of_.theirs.purchases.items()) {
      const auto bought = decode_purchase(one.value);
      if (!bought) return bought.error();
      purchase_line_by_line(*bought);
    }
    out_ += "</ul>\n";
    return {};
  }
  void purchase_line_by_line(const purchase_view& bought) {
    const purchase& receipt = bought.receipt;
    out_ += "<li>";
    if (receipt.day) {
      day(*receipt.day);
    } else if (receipt.at) {
      day(date_of(*receipt.at));
    }
    for (const std::string_view part : {receipt.store, receipt.channel, receipt.order}) {
      if (part.empty()) continue;
      out_ += " · ";
      foreign(part);
    }
    if (receipt.total) {
      out_ += " · ";
      amount(*receipt.total, receipt.currency);
    }
    for (const purchase_line& line : bought.lines) {
      out_ += "<br>";
      if (line.quantity && *line.quantity != 1) {
        out_ += std::to_string(*line.quantity) + " × ";
      }
      foreign(line.description.empty() ? line.sku : line.description);
      const std::string_view article = line.description.empty() ? std::string_view() : line.sku;
      for (const std::string_view part : {article, line.size, line.colour}) {
        if (part.empty()) continue;
        out_ += ", ";
        foreign(part);
      }
      if (line.unit_price) {
        out_ += ", ";
        amount(*line.unit_price, receipt.currency);
      }
    }
    out_ += "</li>\n";
  }
  result<void> notes() {
    if (of_.theirs.notes.size() == 0) return {};
    element("h3", w_.notes);
    out_ += "<p>";
    why(field::notes);
    out_ += "</p>\n<ul>\n";
    for (const item_list::item& one : of_.theirs.notes.items()) {
      note read;
      if (auto done = decode_value(one.value, read); !done) return done;
      out_ += "<li>";
      if (read.at) {
        day(date_of(*read.at));
        out_ += " · ";
      }
      lines_of(read.text.reveal());  // Who wrote it is not told.
      out_ += "</li>\n";
    }
    out_ += "</ul>\n";
    return {};
  }

  // --- what was said --------------------------------------------------------------------------

  void what_was_said() {
    section(w_.agreed);
    if (of_.said.empty()) {
      element("p", w_.nothing_said);
    } else {
      out_ += "<ol class=\"days\" reversed>\n";
      for (std::size_t i = of_.said.size(); i > 0; --i) said(of_.said[i - 1]);
      out_ += "</ol>\n";
    }
    if (!std::ranges::any_of(of_.said, agrees)) return;
    out_ += "<p class=\"told\">";
    text(w_.take_back);
    out_ += " ";
    where_to_write();
    out_ += "</p>\n";
  }
  static bool agrees(const directive& one) noexcept {
    return one.kind == directive_kind::grant || one.kind == directive_kind::renew;
  }
  void said(const directive& one) {
    out_ += "<li>";
    day(date_of(one.event_at));
    out_ += "<b>";
    text(told(one.kind, options_.speech));
    out_ += "</b><span class=\"what\">";
    if (one.scope.purposes == all_purposes()) {
      text(w_.everything);
    } else {
      list(one.scope.purposes);
    }
    circumstances_of(one);
    if (!one.scope.recipients.empty()) {
      out_ += " → ";
      bool more = false;
      one.scope.recipients.for_each([&](recipient_id id) {
        if (std::exchange(more, true)) out_ += ", ";
        recipient_name(id);
      });
    }
    for (const contact_point& contact : one.contacts) contact_named(contact);
    if (agrees(one) && !one.informed) {
      out_ += " · ";
      text(w_.only_noted);
    }
    out_ += "</span></li>\n";
  }
  // What a move says of the customer.
  void circumstances_of(const directive& one) {
    const std::string_view works = told(one.works_here, options_.speech);
    if (one.residence != state_code{}) foreign({one.residence.data(), one.residence.size()});
    if (one.residence != state_code{} && !works.empty()) out_ += " · ";
    text(works);
  }
  // Of which address or number alone it was said.
  void contact_named(const contact_point& contact) {
    if (contact.field == field_id()) return;
    out_ += " · ";
    for (const auto& [known, value] : of_.contacts) {
      if (known == contact) return foreign(value);
    }
    const auto definition = fields_.find(contact.field);
    if (definition) text(name_of(*definition, options_.speech));
  }
  void recipient_name(recipient_id id) {
    for (const recipient_party& party : of_.parties->parties()) {
      if (party.id == id) return foreign(party.name.view());
    }
    text(label(id, options_.speech));
  }

  void where_to_write() {
    if (options_.contact.empty()) return text(w_.ask_the_shop);
    lines_of(options_.contact);
  }
  void rights() {
    section(w_.your_rights);
    element("p", w_.rights);
    if (options_.contact.empty()) return;
    out_ += "<p>";
    text(w_.contact);
    out_ += " ";
    where_to_write();
    out_ += "</p>\n";
  }

  void evidence() {
    section(w_.check);
    element("p", w_.check_text);
    if (of_.not_in_evidence != 0) {
      out_ += "<p>";
      text(w_.not_in_evidence);
      out_ += ' ';
      number(of_.not_in_evidence);
      out_ += ".</p>\n";
    }
    out_ += "<details>\n<summary>";
    text(w_.evidence);
    out_ += "</summary>\n<pre>\n";
    add_escaped(out_, of_.evidence);
    out_ += "</pre>\n</details>\n";
  }

  const account& of_;
  const schema& fields_;
  const customer_page_options& options_;
  const page_words& w_;
  std::vector<receiver> receivers_;
  std::vector<lookers> lookers_;
  wiped_text out_;
};

}  // namespace

result<customer_page> make_customer_page(session& in, const customer_id& id,
                                         const customer_page_options& options) try {
  for (const std::string_view own : {options.shop, options.contact}) {
    if (const auto good = validate_text(own, line_breaks::allowed); !good) return good.error();
  }
  const auto known = gather(in, id);
  if (!known) return known.error();
  customer_page out;
  if (known->theirs.permitted) out.ledger_index = known->theirs.ledger_index;
  auto html = page_writer(*known, in.fields(), options).write();
  if (!html) return html.error();
  out.html = std::move(*html);
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer_page> make_customer_page_json(std::string_view request, session& in,
                                              const customer_id& id, std::string& where) try {
  where.clear();
  const auto value = exchange::read_json(request);
  if (!value) return value.error();
  exchange::json_failure failure;
  const exchange::json_node node(&*value, "", failure);
  node.only({"language", "shop", "contact"});
  customer_page_options options{.shop = node.member("shop").text(),
                                .contact = node.member("contact").text()};
  if (const auto speech = node.member("language"); speech.there()) {
    options.speech = speech.found(find_language);
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return make_customer_page(in, id, options);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
