// notes: those of a customer that the actor sees, and which of them warn at the till.
#include <clientbook/transfer/edit_customer.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <tuple>
#include <vector>

#include "need_kept.hpp"
#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct note_options {
  std::string who;
  std::vector<std::string> purposes;
  std::uint32_t place = 0;
  std::string seen;  ///< How the note begins that is meant.
};

// Under the first purpose that shows them.
item_list notes_of(session& reader, const customer_id& id, const note_options& what) {
  const kept_purposes named = purposes_from(what.purposes);
  for (const purpose_id each : purposes_to_look_under(reader, id, field::notes, named)) {
    auto all = reader.notes(id, each);
    if (!all) {
      const errc code = all.error().code;
      if (!named.named() && (code == errc::role_denied || code == errc::case_required)) continue;
      fail(all.error(), "reading the notes");
    }
    if (all->state() != field_state::withheld) return std::move(*all);
  }
  fail({errc::denied, "none of these purposes shows notes: name another with -p"}, "the notes");
}

json::array numbered(const item_list& all) {
  const json::object told =
      tree_of(need(items_to_json(all, field_type::note), "the notes")).as_object();
  json::array out;
  std::size_t at = 0;
  for (const json::value& one : told.at("value").as_array()) {
    // A form that hides more than words is no object.
    json::object note = one.is_object() ? one.get_object() : json::object{{"text", one}};
    note["note"] = all.items()[at++].sequence;
    out.push_back(std::move(note));
  }
  return out;
}

void list(program& in, const note_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const item_list all = notes_of(reader, id, what);
  const json::array notes = numbered(all);
  in.answer(
      {{"customer", hex<std::string>(id.bytes)}, {"state", name_of(all.state())}, {"notes", notes}},
      [&] {
        for (const json::value& one : notes) {
          json::object note = one.as_object();
          const auto place = note.at("note").to_number<std::uint32_t>();
          const bool warns = note.contains("pinned");
          note.erase("note");
          note.erase("pinned");
          std::printf("%3u %s %s\n", place, warns ? "!" : " ", one_line(note).c_str());
        }
        if (notes.empty()) std::printf("no notes\n");
      });
}

void set_pin(program& in, const note_options& what, note_pin how) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  if (!what.seen.empty()) {
    const json::array notes = numbered(notes_of(writer, id, what));
    const bool same = std::ranges::any_of(notes, [&](const json::value& one) {
      const json::object& note = one.as_object();
      const auto* text = note.if_contains("text");
      return note.at("note").to_number<std::uint32_t>() == what.place && text != nullptr &&
             text->is_string() && begins_as_typed(std::string_view(text->get_string()), what.seen);
    });
    if (!same) {
      fail({errc::not_found,
            "the note with this number is another one: see `clientbook notes "
            "list`"},
           "the note");
    }
  }
  need_kept(writer, writer.pin_note(id, what.place, how, purposes_from(what.purposes)),
            how == note_pin::pinned ? "pinning the note" : "unpinning the note");
  const bool pinned = how == note_pin::pinned;
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"note", what.place}, {"pinned", pinned}},
            [&] { std::printf("note %u %s\n", what.place, pinned ? "pinned" : "unpinned"); });
}

command subcommand(command of, program& in, note_options& what, const char* name,
                   const char* help) {
  auto command = of.add_command(name, help);
  in.takes_book(command);
  command.add_option("customer", what.who, "Public id, or SYSTEM:VALUE").required();
  command
      .add_option("-p,--purpose", what.purposes,
                  "Under which they are shown or kept, several, of which one must permit it; "
                  "default: what the book was made for")
      .delimiter(',');
  return command;
}

}  // namespace

void add_note_commands(command app, program& in) {
  auto notes = app.add_command("notes", "Notes that you see, and which of them warn");
  notes.require_command();
  {
    auto what = std::make_shared<note_options>();
    auto command = subcommand(notes, in, *what, "list", "The notes of a customer, oldest first");
    command.callback([&in, what] { list(in, *what); });
  }
  for (const auto& [name, how, help] :
       {std::tuple{"pin", note_pin::pinned, "A note warns whoever serves the customer"},
        std::tuple{"unpin", note_pin::unpinned, "A note does not warn any more"}}) {
    auto what = std::make_shared<note_options>();
    auto command = subcommand(notes, in, *what, name, help);
    command.add_option("note", what->place, "Its number in `notes list`").required();
    command.add_option("--seen", what->seen,
                       "How its text begins; fails if the number has become another note's");
    command.callback([&in, what, how = how] { set_pin(in, *what, how); });
  }
}

}  // namespace clientbook::cli
