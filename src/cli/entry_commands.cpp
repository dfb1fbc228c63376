// add | edit | note | purchase: what an associate writes down with a customer in front of them
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/transfer/consent_effect.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/duplicates_json.hpp>
#include <clientbook/transfer/edit_customer.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "find_commands.hpp"
#include "given_json.hpp"
#include "need_kept.hpp"
#include "printed_json.hpp"
#include "program.hpp"
#include "record_flags.hpp"
#include "terminal.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct entry_options {
  std::string who;
  record_flags flags;
  receipt_flags receipt;
  std::string record;  ///< A file of JSON, or `-`.
  std::vector<std::string> purposes;
  bool yes = false;
  // add
  std::vector<std::string> agrees;
  std::string notice, evidence, consents;
  std::string channel = "store", strength = "expressed";
  bool stop_without_basis = false;
  // edit
  std::vector<std::string> drop, remove;
  // note
  std::string text, author, kind, visibility;
  bool pinned = false;
  bool label_numbers = false;
};

std::string at(const char* about, const std::string& where) {
  return where.empty() ? about : std::string(about) + " at " + where;
}

json::object record_of(const entry_options& what) {
  json::object record = what.record.empty() ? json::object() : object_of(what.record, "--record");
  for (auto& member : what.flags.record()) {
    if (record.contains(member.key())) {
      fail({errc::already_exists, "a field is in the record and in an option"}, "--record");
    }
    record[member.key()] = member.value();
  }
  return record;
}

void show_understood(const json::object& what) {
  for (const auto& member : what) {
    std::fprintf(stderr, "  %-14s %s\n", std::string(member.key()).c_str(),
                 one_line(member.value()).c_str());
  }
}

// Shows it to whoever sits at a terminal, and keeps nothing unless they say yes.
void confirm(const program& in, const entry_options& what, const json::object& understood) {
  if (what.yes || !can_ask(in)) return;
  show_understood(understood);
  if (!agreed("Keep this?")) {
    fail({errc::invalid_argument, "nothing was kept, as you said"}, "asking");
  }
}

// --- add ----------------------------------------------------------------------------------------

void ask_who_it_is(json::object& record) {
  if (record.contains("name") || record.contains("emails") || record.contains("phones") ||
      record.contains("addresses") || record.contains("external_ids")) {
    return;
  }
  json::object name;
  if (const std::string given = ask("Given name"); !given.empty()) name["given"] = given;
  if (const std::string family = ask("Family name"); !family.empty()) name["family"] = family;
  if (!name.empty()) record["name"] = std::move(name);
  if (const std::string mail = ask("E-mail"); !mail.empty()) {
    record["emails"] = json::array{json::object{{"address", mail}}};
  }
  if (const std::string phone = ask("Phone"); !phone.empty()) {
    record["phones"] = json::array{json::object{{"number", phone}}};
  }
}

std::vector<directive> decisions_of(session& in, const entry_options& what) {
  std::string where;
  json::array all;
  if (!what.consents.empty()) {
    const std::string text = content_of(what.consents, "--consents");
    const auto read = directives_from_json(text, in, where);
    if (!read) fail(read.error(), at("--consents", where));
    if (what.agrees.empty()) return *read;
    all = json::parse(text).as_array();
  }
  if (what.agrees.empty()) return {};
  json::object grant{{"kind", "grant"},
                     {"recipients", json::array{"self"}},
                     {"notice", what.notice},
                     {"channel", what.channel},
                     {"strength", what.strength}};
  json::array purposes;
  for (const std::string& each : what.agrees) purposes.emplace_back(each);
  grant["purposes"] = std::move(purposes);
  if (!what.evidence.empty()) grant["evidence"] = what.evidence;
  all.push_back(std::move(grant));
  const auto read = directives_from_json(json::serialize(all), in, where);
  if (!read) fail(read.error(), at("--agrees", where));
  return *read;
}

json::array keys_in(field_set set, const schema& fields) {
  json::array out;
  for (const field_id each : set) out.emplace_back(need(fields.find(each), "the schema").key);
  return out;
}

// On the word of whoever adds the customer a yes is noted: told as `consent grant` tells it.
void add_waiting(json::object& answer, session& in, const kept& done) {
  json::array purposes;
  done.waiting.for_each([&](purpose_id each) { purposes.emplace_back(word_for(each)); });
  answer["waiting"] = std::move(purposes);
  answer["how_to_confirm"] = how_to_confirm;
  const auto all = in.waiting(done.id);
  if (!all) return;
  json::array numbers;
  for (const waiting_consent& one : *all) {
    numbers.emplace_back(one.said.sequence);
    answer["until"] = text(one.until);
  }
  answer["confirm"] = std::move(numbers);
}

void print_waiting(const json::object& answer) {
  const auto* purposes = answer.if_contains("waiting");
  if (purposes == nullptr) return;
  std::string what;
  for (const json::value& one : purposes->as_array()) {
    what.append(what.empty() ? "" : ", ").append(one.as_string());
  }
  std::printf("waits to be confirmed: %s (`clientbook consent pending`)\n", what.c_str());
}

// Who may be the customer who was just added, as far as this actor may be told under the first of
// the purposes that lets the role look; null: none does.
void add_who_it_may_be(json::object& answer, session& in, const customer_id& id,
                       const entry_options& what) {
  const kept_purposes named = purposes_from(what.purposes);
  std::optional<json::array> out;
  (named.named() ? named.all() : in.purposes()).for_each([&](purpose_id purpose) {
    if (out) return;
    const auto found = in.duplicates_of(id, purpose);
    // They are added all the same.
    if (!found) return;
    out.emplace();
    answer["may_be_for"] = word_for(purpose);
    for (const duplicate_pair& each : *found) {
      json::object one =
          tree_of(need(duplicate_to_json(each, in.fields()), "the answer")).as_object();
      one["customer"] = hex<std::string>((each.first == id ? each.second : each.first).bytes);
      out->push_back(std::move(one));
    }
  });
  answer["may_be"] = out ? json::value(std::move(*out)) : json::value();
}

void print_who_it_may_be(const json::value& all) {
  if (!all.is_array()) return;
  for (const json::value& one : all.as_array()) {
    std::printf("may be the same as customer %s (%s; `clientbook not-same` if not)\n",
                one.at("customer").as_string().c_str(), why_alike(one.as_object()).c_str());
  }
}

void add(program& in, const entry_options& what) {
  if (what.record == "-" && what.consents == "-") {
    fail({errc::invalid_argument, "standard input is one of them, not both"}, "-");
  }
  const book opened = in.open();
  session writer = in.begin(opened);
  json::object typed = record_of(what);
  if (can_ask(in)) ask_who_it_is(typed);
  std::string where;
  const auto record = record_from_json(json::serialize(typed), writer.fields(), &where);
  if (!record) fail(record.error(), at("the record", where));
  if (record->fields().empty()) {
    fail({errc::missing_field, "say who it is: --given, --family, --email, --phone or --record"},
         "adding a customer");
  }
  const std::vector<directive> said = decisions_of(writer, what);
  confirm(in, what, typed);
  const kept done =
      need_kept(writer,
                writer.put(*record, {.purposes = purposes_from(what.purposes),
                                     .directives = said,
                                     .without_basis = what.stop_without_basis
                                                          ? when_without_basis::refuse
                                                          : when_without_basis::leave_out}),
                "adding a customer");
  json::object left_out;
  field_set is_kept;
  for (const field_value& one : record->fields()) is_kept.add(one.id);
  for (const field_id each : done.left_out) {
    is_kept.remove(each);
    left_out[need(writer.fields().find(each), "the schema").key] =
        name_of(done.why_left_out[each.value]);
  }
  json::object answer{{"customer", hex<std::string>(done.id.bytes)},
                      {"kept", keys_in(is_kept, writer.fields())},
                      {"left_out", left_out},
                      {"consents", said.size()}};
  if (!done.waiting.empty()) add_waiting(answer, writer, done);
  add_who_it_may_be(answer, writer, done.id, what);
  in.answer(answer, [&] {
    std::printf("customer %s\n", hex<std::string>(done.id.bytes).c_str());
    for (const auto& one : left_out) {
      std::printf("not kept: %s (%s)\n", std::string(one.key()).c_str(),
                  one.value().as_string().c_str());
    }
    print_waiting(answer);
    print_who_it_may_be(answer.at("may_be"));
  });
}

// --- edit ---------------------------------------------------------------------------------------

json::object edit_of(const entry_options& what) {
  json::object out;
  if (!what.record.empty()) out["set"] = object_of(what.record, "--record");
  if (json::object more = what.flags.record(); !more.empty()) out["add"] = std::move(more);
  json::object drop;
  for (const std::string& one : what.drop) {
    const std::size_t sign = one.find('=');
    if (sign == one.npos) fail({errc::invalid_value, "want FIELD=TEXT"}, "--drop");
    json::value& list = drop[one.substr(0, sign)];
    if (!list.is_array()) list.emplace_array();
    list.as_array().emplace_back(one.substr(sign + 1));
  }
  if (!drop.empty()) out["drop"] = std::move(drop);
  json::array remove;
  for (const std::string& one : what.remove) remove.emplace_back(one);
  if (!remove.empty()) out["remove"] = std::move(remove);
  return out;
}

void edit(program& in, const entry_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  const json::object typed = edit_of(what);
  confirm(in, what, typed);
  std::string where;
  auto edited =
      edit_customer(writer, id, json::serialize(typed), purposes_from(what.purposes), where);
  const auto done = need_kept(writer, std::move(edited), at("editing a customer", where));
  const json::array changed = keys_in(done.changed, writer.fields());
  const json::array removed = keys_in(done.removed, writer.fields());
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"changed", changed}, {"removed", removed}},
            [&] {
              for (const json::value& key : changed) {
                std::printf("changed: %s\n", key.as_string().c_str());
              }
              for (const json::value& key : removed) {
                std::printf("removed: %s\n", key.as_string().c_str());
              }
            });
}

// --- items --------------------------------------------------------------------------------------

std::string time_of(session& in) { return text(in.request(purpose_id()).now); }

void answer_item(const program& in, const customer_id& id, const char* what,
                 std::uint32_t sequence) {
  in.answer({{"customer", hex<std::string>(id.bytes)}, {what, sequence}},
            [&] { std::printf("%s %u\n", what, sequence); });
}

void write_note(program& in, const entry_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  json::object typed = what.record.empty() ? json::object() : object_of(what.record, "--record");
  std::string text = what.text == "-" ? content_of("-", "the note") : what.text;
  if (text.empty() && typed.empty() && can_ask(in)) text = ask("Note");
  if (!text.empty()) typed["text"] = text;
  if (!what.author.empty()) typed["author"] = what.author;
  if (!what.kind.empty()) typed["kind"] = what.kind;
  if (!what.visibility.empty()) typed["visibility"] = what.visibility;
  if (what.pinned) typed["pinned"] = true;
  if (!typed.contains("text")) {
    fail({errc::missing_field, "say the note: a text, `-` for standard input, or --record"},
         "the note");
  }
  if (!typed.contains("at")) typed["at"] = time_of(writer);
  std::string where;
  const auto item = value_from_json(field_type::note, json::serialize(typed), &where);
  if (!item) fail(item.error(), at("the note", where));
  note read;
  need(decode_value(*item, read), "the note");
  confirm(in, what, typed);
  const number_in_note numbers =
      what.label_numbers ? number_in_note::replaced : number_in_note::refused;
  answer_item(in, id, "note",
              need_kept(writer,
                        writer.append_note(id, read, purposes_from(what.purposes),
                                           {.cards = numbers, .identity_numbers = numbers}),
                        "keeping the note"));
}

void ask_what_was_bought(entry_options& what) {
  if (!what.receipt.lines.empty() || !what.record.empty()) return;
  std::string line;
  if (const std::string name = ask("What"); !name.empty()) line = "description=" + name;
  if (const std::string price = ask("Price, such as 49.90"); !price.empty()) {
    line += ";price=" + price;
    if (what.receipt.currency.empty()) what.receipt.currency = ask("Currency, such as EUR");
  }
  if (!line.empty()) what.receipt.lines.push_back(line);
}

void write_purchase(program& in, entry_options what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  if (can_ask(in)) ask_what_was_bought(what);
  json::object typed = what.record.empty() ? json::object() : object_of(what.record, "--record");
  for (auto& member : what.receipt.receipt()) typed[member.key()] = member.value();
  if (!typed.contains("lines")) {
    fail({errc::missing_field, "say what was bought: --line or --record"}, "the purchase");
  }
  if (!typed.contains("at") && !typed.contains("day")) typed["at"] = time_of(writer);
  std::string where;
  const auto item = value_from_json(field_type::purchase, json::serialize(typed), &where);
  if (!item) fail(item.error(), at("the purchase", where));
  const purchase_view read = need(decode_purchase(*item), "the purchase");
  std::vector<purchase_line> lines;
  for (const purchase_line& line : read.lines) lines.push_back(line);
  confirm(in, what, typed);
  answer_item(
      in, id, "purchase",
      need_kept(writer,
                writer.append_purchase(id, read.receipt, lines, purposes_from(what.purposes)),
                "keeping the purchase"));
}

// --- options ------------------------------------------------------------------------------------

void takes_purposes(command to, entry_options& what) {
  to.add_option("-p,--purpose", what.purposes,
                "What it is kept for, several, of which one must permit it; default: what the "
                "book was made for")
      .delimiter(',');
  to.add_flag("-y,--yes", what.yes, "On a terminal: do not ask whether it was understood");
}

void takes_customer(command to, program& in, entry_options& what) {
  in.takes_book(to);
  to.add_option("customer", what.who, "Public id, or SYSTEM:VALUE").required();
}

void add_add(command app, program& in) {
  auto command = app.add_command("add", "Add a customer; on a terminal asks who it is");
  auto what = std::make_shared<entry_options>();
  in.takes_book(command);
  what->flags.add_to(command);
  command.add_option("--record", what->record,
                     "File with a record as JSON (docs/transfer.md), or - for standard input");
  takes_purposes(command, *what);
  auto notice = command.add_option("--notice", what->notice, "The notice that was shown");
  command
      .add_option("--agrees", what->agrees,
                  "Purposes that the customer agrees to, now, for the shop itself")
      .delimiter(',')
      .needs(notice);
  command.add_option("--evidence", what->evidence, "Reference to what proves it");
  command.add_option("--channel", what->channel, "How it was said: store, web, phone, paper")
      .show_default();
  command.add_option("--strength", what->strength, "implied, expressed or explicit").show_default();
  command.add_option("--consents", what->consents,
                     "File with what was decided as JSON (docs/c_abi.md), or -");
  command.add_flag("--stop-without-basis", what->stop_without_basis,
                   "Fail on a field that may not be kept; default: leave it out, and say so");
  command.callback([&in, what] { add(in, *what); });
}

void add_edit(command app, program& in) {
  auto command =
      app.add_command("edit", "Add to a customer's record, correct it, take something out of it");
  auto what = std::make_shared<entry_options>();
  takes_customer(command, in, *what);
  what->flags.add_to(command);
  command.add_option("--record", what->record,
                     "File with fields as JSON that are replaced whole, or -");
  command.add_option("--drop", what->drop,
                     "FIELD=TEXT: take what says exactly this out of a list; several");
  command.add_option("--remove", what->remove, "Remove these fields whole").delimiter(',');
  takes_purposes(command, *what);
  command.callback([&in, what] { edit(in, *what); });
}

void add_items(command app, program& in) {
  {
    auto command = app.add_command("note", "Write a note about a customer");
    auto what = std::make_shared<entry_options>();
    takes_customer(command, in, *what);
    command.add_option("text", what->text, "The note; - reads standard input");
    command.add_option("--author", what->author, "Who writes it");
    command.add_option("--kind", what->kind, "general, service, fit, complaint, warning");
    command.add_option("--visibility", what->visibility,
                       "Who sees it: own (you alone), store, all; default: all");
    command.add_flag("--pinned", what->pinned, "It warns whoever serves the customer");
    command.add_option("--record", what->record, "File with the note as JSON, or -");
    command.add_flag("--label-numbers", what->label_numbers,
                     "Put labels for payment card and identity numbers (else: refuse the note)");
    takes_purposes(command, *what);
    command.callback([&in, what] { write_note(in, *what); });
  }
  auto command = app.add_command("purchase", "Write down what a customer bought");
  auto what = std::make_shared<entry_options>();
  takes_customer(command, in, *what);
  what->receipt.add_to(command);
  command.add_option("--record", what->record, "File with the receipt as JSON, or -");
  takes_purposes(command, *what);
  command.callback([&in, what] { write_purchase(in, *what); });
}

}  // namespace

void add_entry_commands(command app, program& in) {
  add_add(app, in);
  add_edit(app, in);
  add_items(app, in);
}

}  // namespace clientbook::cli
