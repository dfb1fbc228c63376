// task | contact | tag: what an associate has to do for a customer, and what was said with them.
//
// Each is an edit of one list of the record (edit_customer.hpp): an element is added, changed as it
// was seen, or taken out, so that two associates at two tills lose nothing of each other's.
#include <clientbook/transfer/edit_customer.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include "given_json.hpp"
#include "need_kept.hpp"
#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct work_options {
  std::string who;
  std::string record;  ///< A file of JSON, or `-`.
  std::vector<std::string> purposes;
  std::string text;
  std::string due, kind, channel, direction, author, outcome, at;
  unsigned lead = 0;
  std::uint32_t assigned = 0;
  std::size_t place = 0;
  std::string seen;  ///< How the task begins that is meant.
  std::vector<std::string> tags;
};

void set(json::object& to, const char* name, const std::string& value) {
  if (!value.empty()) to[name] = value;
}

// What is typed goes before what stands in the file.
json::object typed_of(const work_options& what) {
  json::object out;
  if (!what.record.empty()) {
    out = object_of(what.record, "--record");
  }
  set(out, "text", what.text);
  set(out, "due", what.due);
  set(out, "kind", what.kind);
  set(out, "at", what.at);
  set(out, "channel", what.channel);
  set(out, "direction", what.direction);
  set(out, "author", what.author);
  set(out, "outcome", what.outcome);
  if (what.lead != 0) out["lead_days"] = what.lead;
  if (what.assigned != 0) out["assigned"] = what.assigned;
  return out;
}

struct done_edit {
  customer_id id;
  edited what;
};

done_edit edit(session& writer, const work_options& what, const json::object& edit,
               const char* about) {
  const customer_id id = program::customer(writer, what.who);
  std::string where;
  auto done = edit_customer(writer, id, json::serialize(edit), purposes_from(what.purposes), where);
  const std::string said = where.empty() ? about : std::string(about) + " at " + where;
  return {id, need_kept(writer, std::move(done), said)};
}

void answer(const program& in, const done_edit& done, const char* name, const json::value& what,
            const char* verb) {
  json::object machine{{"customer", hex<std::string>(done.id.bytes)}, {name, what}};
  const bool renumbered = done.what.made_room != 0 && std::string_view(name) == "task";
  if (done.what.made_room != 0) machine["made_room"] = done.what.made_room;
  if (renumbered) machine["numbers_changed"] = true;
  in.answer(machine, [&] {
    std::printf("%s %s: %s\n", name, verb, one_line(what).c_str());
    if (done.what.made_room != 0) {
      std::printf("the list was full: %u of its oldest entries went\n", done.what.made_room);
    }
    if (renumbered) std::printf("tasks have other numbers now: see `clientbook task list`\n");
  });
}

// The elements of a list, as one of the purposes shows it as it is.
json::array seen_list(session& reader, const customer_id& id, const work_options& what,
                      field_id field) {
  const kept_purposes named = purposes_from(what.purposes);
  const std::string key(
      need(reader.fields().find(field), "the book's schema (`clientbook upgrade --fields`)").key);
  for (const purpose_id each : purposes_to_look_under(reader, id, field, named)) {
    const auto seen = reader.read(id, each, only(field));
    if (!seen) {
      const errc code = seen.error().code;
      if (!named.named() && (code == errc::role_denied || code == errc::case_required)) continue;
      fail(seen.error(), "reading a customer");
    }
    if (seen->state(field) == field_state::absent) return {};
    if (seen->state(field) != field_state::shown || seen->left_out(field) != 0) continue;
    const auto text = need(record_to_json(seen->record(), reader.fields()), "reading a customer");
    return json::parse(text).at(key).as_array();
  }
  fail({errc::denied, "none of these purposes shows it as it is: name another with -p"}, key);
}

void list(program& in, const work_options& what, field_id field, const char* name) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const json::array all = seen_list(reader, id, what, field);
  in.answer({{"customer", hex<std::string>(id.bytes)}, {name, all}}, [&] {
    std::size_t place = 0;
    for (const json::value& one : all) std::printf("%3zu  %s\n", ++place, one_line(one).c_str());
    if (all.empty()) std::printf("no %s\n", name);
  });
}

void add(program& in, const work_options& what, const char* field, const char* name) {
  const book opened = in.open();
  session writer = in.begin(opened);
  json::object one = typed_of(what);
  if (std::string_view(name) == "contact" && !one.contains("at")) {
    one["at"] = text(writer.request(purpose_id()).now);
  }
  const json::object change{{"add", json::object{{field, json::array{one}}}}, {"make_room", true}};
  answer(in, edit(writer, what, change, name), name, one, "added");
}

void set_state(program& in, const work_options& what, const char* state) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  const json::array all = seen_list(writer, id, what, field::tasks);
  if (what.place == 0 || what.place > all.size()) {
    fail({errc::not_found, "no task has this number: see `clientbook task list`"}, "the task");
  }
  json::object one = all[what.place - 1].as_object();
  const json::value* words = one.if_contains("text");
  if (!what.seen.empty() &&
      (words == nullptr || !begins_as_typed(std::string_view(words->as_string()), what.seen))) {
    fail({errc::not_found, "the task with this number is another one: see `clientbook task list`"},
         "the task");
  }
  const json::value* now = one.if_contains("state");
  if ((now == nullptr ? std::string_view("open") : std::string_view(now->as_string())) == state) {
    fail({errc::already_exists, "the task has this state already"}, "the task");
  }
  const json::object to{{"state", state}};
  const json::object change{
      {"change", json::object{{"tasks", json::array{json::object{{"seen", one}, {"to", to}}}}}}};
  const done_edit done = edit(writer, what, change, "the task");
  one["state"] = state;
  answer(in, done, "task", one, state);
}

void change_tags(program& in, const work_options& what, const char* verb, const char* past) {
  const book opened = in.open();
  session writer = in.begin(opened);
  json::array tags;
  for (const std::string& one : what.tags) tags.emplace_back(one);
  const json::object change{{verb, json::object{{"tags", tags}}}};
  answer(in, edit(writer, what, change, "the tags"), "tags", tags, past);
}

command subcommand(command of, program& in, work_options& what, const char* name,
                   const char* help) {
  auto command = of.add_command(name, help);
  in.takes_book(command);
  command.add_option("customer", what.who, "Public id, or SYSTEM:VALUE").required();
  command
      .add_option("-p,--purpose", what.purposes,
                  "What it is kept for, several, of which one must permit it; default: what the "
                  "book was made for")
      .delimiter(',');
  return command;
}

void add_task(command app, program& in) {
  auto task = app.add_command("task", "What is to be done for a customer");
  task.require_command();
  {
    auto what = std::make_shared<work_options>();
    auto command = subcommand(task, in, *what, "add", "Write down something to be done");
    command.add_option("text", what->text, "What, in one line");
    command.add_option("--due", what->due, "By this day: YYYY-MM-DD");
    command.add_option("--lead", what->lead, "To be seen so many days before").in_range(0, 366);
    command.add_option("--kind", what->kind, "call, alteration, order");
    command.add_option("--assigned", what->assigned, "Whose it is: the number of an actor");
    command.add_option("--record", what->record, "File with the task as JSON, or -");
    command.callback([&in, what] { add(in, *what, "tasks", "task"); });
  }
  {
    auto what = std::make_shared<work_options>();
    auto command = subcommand(task, in, *what, "list",
                              "The tasks of a customer; those of all: `list --tasks-due`");
    command.callback([&in, what] { list(in, *what, field::tasks, "tasks"); });
  }
  for (const auto& [name, state, help] :
       {std::tuple{"done", "done", "A task is done"},
        std::tuple{"drop", "dropped", "A task is not to be done any more"},
        std::tuple{"reopen", "open", "A task is to be done after all"}}) {
    auto what = std::make_shared<work_options>();
    auto command = subcommand(task, in, *what, name, help);
    command.add_option("task", what->place, "Its number in `task list`").required();
    command.add_option("--seen", what->seen,
                       "How its text begins; fails if the number has become another task's");
    command.callback([&in, what, state = state] { set_state(in, *what, state); });
  }
}

void add_contact(command app, program& in) {
  auto contact = app.add_command("contact", "When shop and customer were in touch");
  contact.require_command();
  {
    auto what = std::make_shared<work_options>();
    auto command = subcommand(contact, in, *what, "add", "Write down a contact");
    command.add_option("text", what->text, "What it was about, in one line");
    command.add_option("--channel", what->channel, "store, phone, email, letter, chat");
    command.add_option("--direction", what->direction, "in: the customer began; out: the shop");
    command.add_option("--author", what->author, "Who writes it");
    command.add_option("--outcome", what->outcome, "reached, left a message, appointment");
    command.add_option("--at", what->at, "YYYY-MM-DDTHH:MM:SSZ; default: now");
    command.add_option("--record", what->record, "File with the contact as JSON, or -");
    command.callback([&in, what] { add(in, *what, "contacts", "contact"); });
  }
  auto what = std::make_shared<work_options>();
  auto command = subcommand(contact, in, *what, "list", "The contacts with a customer");
  command.callback([&in, what] { list(in, *what, field::contacts, "contacts"); });
}

void add_tag(command app, program& in) {
  auto tag = app.add_command("tag", "Words by which the shop sorts its customers");
  tag.require_command();
  for (const auto& [name, verb, past, help] :
       {std::tuple{"add", "add", "added", "Give a customer tags"},
        std::tuple{"remove", "drop", "removed", "Take tags off a customer"}}) {
    auto what = std::make_shared<work_options>();
    auto command = subcommand(tag, in, *what, name, help);
    command.add_option("tags", what->tags, "The tags").required();
    command.callback([&in, what, verb = verb, past = past] { change_tags(in, *what, verb, past); });
  }
  auto what = std::make_shared<work_options>();
  auto command = subcommand(tag, in, *what, "list", "The tags of a customer");
  command.callback([&in, what] { list(in, *what, field::tags, "tags"); });
}

}  // namespace

void add_work_commands(command app, program& in) {
  add_task(app, in);
  add_contact(app, in);
  add_tag(app, in);
}

}  // namespace clientbook::cli
