// roles, and below it: show, propose, proposed, approve
#include <clientbook/transfer/actors_json.hpp>
#include <clientbook/transfer/roles_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

void print_roles(const json::object& table) {
  std::printf("%-17s %-10s %-6s %s\n", "role", "group", "whose", "actions");
  for (const json::value& role : table.at("roles").as_array()) {
    for (const json::value& cell : role.at("may").as_array()) {
      std::printf("%-17s %-10s %-6s %s\n", role.at("role").as_string().c_str(),
                  cell.at("group").as_string().c_str(), cell.at("whose").as_string().c_str(),
                  joined(cell.at("actions").as_array()).c_str());
    }
  }
  std::printf(
      "\nWhile portfolios are in force, of these only the customers of one's stores, or "
      "one's own:\n");
  for (const json::value& role : table.at("roles").as_array()) {
    for (const json::value& cell : role.at("portfolios").as_array()) {
      std::printf("%-17s %-10s %-6s %s\n", role.at("role").as_string().c_str(),
                  cell.at("group").as_string().c_str(), cell.at("whose").as_string().c_str(),
                  joined(cell.at("actions").as_array()).c_str());
    }
  }
  std::printf("\nWhat stands nowhere is refused; consent is asked on top. Purposes by group:\n");
  for (const auto& group : table.at("groups").as_object()) {
    std::printf("  %-10s %s\n", std::string(group.key()).c_str(),
                joined(group.value().as_array()).c_str());
  }
  std::printf("  case       by kind of case:\n");
  for (const auto& kind : table.at("cases").as_object()) {
    std::printf("    %-8s %s\n", std::string(kind.key()).c_str(),
                joined(kind.value().as_array()).c_str());
  }
}

void show_roles(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const role_table followed = need(reader.roles(), "reading the table of roles");
  const std::string told = need(role_table_to_json(followed), "the answer");
  const bool own = followed == role_table::built_in();
  in.answer(json::parse(told).as_object(), [&] {
    std::printf("%s\n%s\n", told.c_str(),
                own ? "the library's own table" : "a table of this book's own");
  });
}

void propose_roles(program& in, const std::string& file) {
  const std::string text = content_of(file, "the table");
  std::string where;
  const role_table next = need(role_table_from_json(text, where), file + where);
  const book opened = in.open();
  session writer = in.begin(opened);
  const std::uint32_t number = need(writer.propose_roles(next), "proposing");
  in.answer({{"proposal", number}}, [&] {
    std::printf("proposal %u: somebody else looks at it (roles proposed) and approves it\n",
                number);
  });
}

void proposed_roles(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto waits = need(reader.proposed_roles(), "reading the proposal");
  if (!waits) {
    in.answer({{"proposal", nullptr}}, [] { std::printf("nothing is proposed\n"); });
    return;
  }
  const role_table now = need(reader.roles(), "reading the table of roles");
  in.answer(json::parse(need(role_proposal_to_json(*waits, now), "the answer")).as_object(), [&] {
    std::printf("proposal %u by actor %u, %s\n", waits->number, waits->by.id.value,
                text(waits->at).c_str());
    for (const role_change& one : changes_between(now, waits->table)) {
      std::printf("  %s, %s, %s: %s, of %s -> %s, of %s\n", std::string(name_of(one.role)).c_str(),
                  std::string(name_of(one.group)).c_str(), std::string(name_of(one.what)).c_str(),
                  std::string(name_of(one.before.whose)).c_str(),
                  std::string(name_of(one.before.of)).c_str(),
                  std::string(name_of(one.after.whose)).c_str(),
                  std::string(name_of(one.after.of)).c_str());
    }
  });
}

void approve_roles(program& in, std::uint32_t number) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const policy_change done = need(writer.approve_roles(number), "approving");
  in.answer({{"proposal", number}, {"ledger_index", done.ledger_index}}, [&] {
    std::printf("in force; entry %llu of the ledger\n",
                static_cast<unsigned long long>(done.ledger_index));
  });
}

void roles(program& in) {
  const json::object table = json::parse(need(roles_to_json(), "the table")).as_object();
  in.answer(table, [&] { print_roles(table); });
}

}  // namespace

void add_role_commands(command app, program& in) {
  auto table = app.add_command("roles", "What each role may do, and with whose customers");
  table.allow_command();
  table.callback([&in, table] {
    if (!table.has_called_one()) roles(in);
  });
  auto followed = table.add_command("show", "The table that a book follows");
  in.takes_book(followed);
  followed.callback([&in] { show_roles(in); });
  auto propose = table.add_command("propose", "Propose another table for a book");
  in.takes_book(propose);
  auto file = std::make_shared<std::string>();
  propose.add_option("file", *file, "The whole table, as `roles show --json` gives it").required();
  propose.callback([&in, file] { propose_roles(in, *file); });
  auto waits = table.add_command("proposed", "What is proposed, and what it would change");
  in.takes_book(waits);
  waits.callback([&in] { proposed_roles(in); });
  auto approve = table.add_command("approve", "Put somebody else's proposal in force");
  in.takes_book(approve);
  auto proposal = std::make_shared<std::uint32_t>();
  approve.add_option("number", *proposal, "Its number in `roles proposed`").required();
  approve.callback([&in, proposal] { approve_roles(in, *proposal); });
}

}  // namespace clientbook::cli
