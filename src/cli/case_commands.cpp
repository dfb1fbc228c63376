// roles, case open | confirm | close | list, clock confirm
#include <clientbook/transfer/actors_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <memory>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

std::string joined(const json::array& words) {
  std::string out;
  for (const json::value& one : words) {
    out.append(out.empty() ? "" : ", ").append(std::string_view(one.as_string()));
  }
  return out;
}

void print_roles(const json::object& table) {
  std::printf("%-17s %-10s %-6s %s\n", "role", "group", "whose", "actions");
  for (const json::value& role : table.at("roles").as_array()) {
    for (const json::value& cell : role.at("may").as_array()) {
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

void roles(program& in) {
  const json::object table = json::parse(need(roles_to_json(), "the table")).as_object();
  in.answer(table, [&] { print_roles(table); });
}

struct case_options {
  std::string kind, reference, evidence, until;
  std::vector<std::string> customers;
};

void open(program& in, const case_options& said) {
  if (!short_text<64>::fits(said.reference)) {
    fail({errc::limit_exceeded, "a reference has at most 64 bytes"}, "--reference");
  }
  case_request wanted{.kind = need(find_case_kind(said.kind), "--kind"),
                      .reason = {.reference = short_text<64>(said.reference)}};
  if (!said.evidence.empty()) {
    wanted.reason.hash = crypto::hash(as_bytes(content_of(said.evidence, "--evidence")));
  }
  if (!said.until.empty()) wanted.until = need(parse_timestamp(said.until), "--until");
  const book opened = in.open();
  session writer = in.begin(opened);
  std::vector<customer_id> customers;
  for (const std::string& one : said.customers) customers.push_back(program::customer(writer, one));
  wanted.customers = customers;
  const std::uint32_t number = need(writer.open_case(wanted), "opening the case");
  const case_record made = need(writer.cases(), "reading the case").at(number - 1);
  const bool holds = in_force(made, writer.request(purpose_id()).now);
  in.answer({{"case", number}, {"until", text(made.until)}, {"in_force", holds}}, [&] {
    std::printf("opened case %u, until %s\n", number, text(made.until).c_str());
    if (!holds) {
      std::printf("in force once a second person confirms it: clientbook case confirm%s\n",
                  made.opened_by.role == actor_role::owner ? "; for an owner alone in a day" : "");
    }
  });
}

void confirm(program& in, std::uint32_t number) {
  const book opened = in.open();
  session writer = in.begin(opened);
  need(writer.confirm_case(number), "confirming the case");
  in.answer({{"case", number}}, [&] { std::printf("case %u is in force\n", number); });
}

void close(program& in, std::uint32_t number) {
  const book opened = in.open();
  session writer = in.begin(opened);
  need(writer.close_case(number), "closing the case");
  in.answer({{"case", number}}, [&] { std::printf("case %u is closed\n", number); });
}

void list(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto found = need(reader.cases(), "reading the cases");
  const timestamp now = reader.request(purpose_id()).now;
  const json::array all = json::parse(need(cases_to_json(found, now), "the answer")).as_array();
  in.answer({{"cases", all}}, [&] {
    for (const case_record& one : found) {
      std::printf("%4u  %-8s %4zu customers  until %s  by %u  %s  %s\n", one.number,
                  std::string(name_of(one.kind)).c_str(), one.customers.size(),
                  text(one.until).c_str(), one.opened_by.id.value,
                  in_force(one, now)             ? "in force"
                  : one.closed_at != timestamp{} ? "closed"
                  : one.until <= now             ? "run out"
                                                 : "to be confirmed",
                  std::string(one.reason.reference.view()).c_str());
    }
    std::printf("%zu cases\n", found.size());
  });
}

void confirm_clock(program& in) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const timestamp now = need(writer.confirm_clock(), "confirming the clock");
  in.answer({{"now", text(now)}},
            [&] { std::printf("the clock is right: %s\n", text(now).c_str()); });
}

void add_numbered(CLI::App& group, program& in, const char* name, const char* about,
                  void (*run)(program&, std::uint32_t)) {
  auto* command = group.add_subcommand(name, about);
  in.takes_book(*command);
  auto number = std::make_shared<std::uint32_t>();
  command->add_option("number", *number, "Its number in `clientbook case list`")->required();
  command->callback([&in, number, run] { run(in, *number); });
}

}  // namespace

void add_case_commands(CLI::App& app, program& in) {
  auto* table = app.add_subcommand("roles", "What each role may do, and with whose customers");
  table->callback([&in] { roles(in); });

  auto* group = app.add_subcommand(
      "case", "Why customers may be looked at for rights, breaches, recalls, tax, claims, fraud");
  group->require_subcommand(1);
  auto* command = group->add_subcommand("open", "Open a case that names customers");
  in.takes_book(*command);
  auto said = std::make_shared<case_options>();
  command->add_option("customer", said->customers, "Public id, or SYSTEM:VALUE; several")
      ->required();
  command->add_option("--kind", said->kind, "rights, breach, recall, tax, claims, fraud or records")
      ->required();
  command
      ->add_option("--reference", said->reference,
                   "Where its reason lies: one line without personal data")
      ->required();
  command->add_option("--evidence", said->evidence, "File with the reason; its hash is kept");
  command->add_option("--until", said->until, "When it ends; default: in 30 days");
  command->callback([&in, said] { open(in, *said); });
  add_numbered(*group, in, "confirm", "Put a case of somebody else in force", confirm);
  add_numbered(*group, in, "close", "Close a case: nobody is reached by it any more", close);
  auto* clock = app.add_subcommand("clock", "The time that a book has seen");
  clock->require_subcommand(1);
  auto* right = clock->add_subcommand(
      "confirm", "Say that a clock is right which is further ahead than the book was left alone");
  in.takes_book(*right);
  right->callback([&in] { confirm_clock(in); });
  auto* all = group->add_subcommand("list", "All cases that there ever were");
  in.takes_book(*all);
  all->callback([&in] { list(in); });
}

}  // namespace clientbook::cli
