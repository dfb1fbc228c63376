// case open | confirm | close | list, looks, seen-by, budget show | raise, clock confirm
#include <clientbook/transfer/actors_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <memory>
#include <set>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

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
  if (!said.until.empty()) wanted.until = program::end_from(said.until, "--until");
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

void print_look(const json::object& one) {
  std::string times;
  for (const auto& kind : one.at("times").as_object()) {
    times.append(times.empty() ? "" : ", ").append(kind.key()).append(" ");
    times += std::to_string(kind.value().to_number<std::uint64_t>());
  }
  const auto* why = one.if_contains("purpose");
  std::printf("%s  actor %llu  %-28s %s  (%s)\n", one.at("day").as_string().c_str(),
              static_cast<unsigned long long>(one.at("actor").to_number<std::uint64_t>()),
              why == nullptr ? "-" : why->as_string().c_str(), times.c_str(),
              joined(one.at("fields").as_array()).c_str());
}

void print_table(const json::object& one) {
  const json::value* why = one.if_contains("purpose");
  std::printf("%s  table  %s  by %s, k %lld\n", one.at("at").as_string().c_str(),
              why == nullptr ? "-" : why->as_string().c_str(),
              joined(one.at("columns").as_array()).c_str(),
              static_cast<long long>(one.at("k").to_number<std::int64_t>()));
}

void looks(program& in, const std::string& who) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, who);
  const auto found = need(reader.who_looked(id), "reading who looked");
  const json::array all =
      json::parse(need(looks_to_json(found, reader.fields()), "the answer")).as_array();
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"looks", all}}, [&] {
    for (const json::value& one : all) print_look(one.as_object());
    std::printf("%zu looks; what left is in `clientbook ledger`\n", all.size());
  });
}

date day_from(const std::string& text, const char* option) {
  return need(parse_date(text), option);
}

void seen_by(program& in, std::uint32_t whose, const std::string& since, const std::string& until) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto told =
      need(reader.seen_by(actor_id(whose), day_from(since, "--since"), day_from(until, "--until")),
           "reading what the actor has seen");
  const json::object all =
      json::parse(need(report_to_json(told, reader.fields()), "the answer")).as_object();
  in.answer(all, [&] {
    for (const json::value& one : all.at("days").as_array()) print_look(one.as_object());
    for (const json::value& one : all.at("customers").as_array()) {
      std::printf("%s ", one.at("customer").as_string().c_str());
      print_look(one.as_object());
    }
    for (const json::value& one : all.at("tables").as_array()) print_table(one.as_object());
    std::set<std::string_view> people;
    for (const json::value& one : all.at("customers").as_array()) {
      people.insert(one.at("customer").as_string());
    }
    std::uint64_t listed = 0;
    for (const day_of_looks& one : told.days) listed += one.listed;
    std::printf(
        "%zu customers by name, %llu in lists; at most %u more today whom no trace names yet\n",
        people.size(), static_cast<unsigned long long>(listed), told.unnamed);
  });
}

void show_budget(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const budget_left left = need(reader.left(), "reading the budget");
  in.answer(json::parse(need(budget_to_json(left), "the answer")).as_object(), [&] {
    std::printf(
        "left: %u customers this hour, %u today, %u look-ups this hour, %u tables this month\n",
        left.customers_this_hour, left.customers_today, left.look_ups_this_hour,
        left.tables_this_month);
  });
}

void raise_budget(program& in, std::uint32_t whose, std::uint32_t customers) {
  const book opened = in.open();
  session writer = in.begin(opened);
  need(writer.raise_budget(actor_id(whose), customers), "raising the budget");
  in.answer({{"actor", whose}, {"more", customers}}, [&] {
    std::printf("actor %u may see %u customers more, for the rest of the day\n", whose, customers);
  });
}

void confirm_clock(program& in) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const timestamp now = need(writer.confirm_clock(), "confirming the clock");
  in.answer({{"now", text(now)}},
            [&] { std::printf("the clock is right: %s\n", text(now).c_str()); });
}

void add_numbered(command group, program& in, const char* name, const char* about,
                  void (*run)(program&, std::uint32_t)) {
  auto command = group.add_command(name, about);
  in.takes_book(command);
  auto number = std::make_shared<std::uint32_t>();
  command.add_option("number", *number, "Its number in `clientbook case list`").required();
  command.callback([&in, number, run] { run(in, *number); });
}

void add_look_commands(command app, program& in) {
  auto one = app.add_command("looks", "Who looked at a customer, when and for what");
  in.takes_book(one);
  auto who = std::make_shared<std::string>();
  one.add_option("customer", *who, "Public id, or SYSTEM:VALUE").required();
  one.callback([&in, who] { looks(in, *who); });
  auto report = app.add_command("seen-by", "What an actor has seen: the leaving report");
  in.takes_book(report);
  auto whose = std::make_shared<std::uint32_t>();
  auto since = std::make_shared<std::string>("1970-01-01");
  auto until = std::make_shared<std::string>("9999-12-31");
  report.add_option("whose", *whose, "Number of the actor").required();
  report.add_option("--since", *since, "First day").show_default();
  report.add_option("--until", *until, "Last day").show_default();
  report.callback([&in, whose, since, until] { seen_by(in, *whose, *since, *until); });
}

void add_budget_commands(command app, program& in) {
  auto group = app.add_command("budget", "How many customers an actor may still see");
  group.require_command();
  auto show = group.add_command("show", "What is left of the budget of --actor and --role");
  in.takes_book(show);
  show.callback([&in] { show_budget(in); });
  auto more = group.add_command("raise", "More for another actor, for the rest of the day");
  in.takes_book(more);
  auto whose = std::make_shared<std::uint32_t>();
  auto customers = std::make_shared<std::uint32_t>();
  more.add_option("whose", *whose, "Number of the actor").required();
  more.add_option("customers", *customers, "How many more").required();
  more.callback([&in, whose, customers] { raise_budget(in, *whose, *customers); });
}

}  // namespace

void add_case_commands(command app, program& in) {
  add_look_commands(app, in);
  add_budget_commands(app, in);
  auto group = app.add_command(
      "case", "Why customers may be looked at for rights, breaches, recalls, tax, claims, fraud");
  group.require_command();
  auto command = group.add_command("open", "Open a case that names customers");
  in.takes_book(command);
  auto said = std::make_shared<case_options>();
  command.add_option("customer", said->customers, "Public id, or SYSTEM:VALUE; several").required();
  command.add_option("--kind", said->kind, "rights, breach, recall, tax, claims, fraud or records")
      .required();
  command
      .add_option("--reference", said->reference,
                  "Where its reason lies: one line without personal data")
      .required();
  command.add_option("--evidence", said->evidence, "File with the reason; its hash is kept");
  command.add_option("--until", said->until, "When it ends; default: in 30 days");
  command.callback([&in, said] { open(in, *said); });
  add_numbered(group, in, "confirm", "Put a case of somebody else in force", confirm);
  add_numbered(group, in, "close", "Close a case: nobody is reached by it any more", close);
  auto clock = app.add_command("clock", "The time that a book has seen");
  clock.require_command();
  auto right = clock.add_command(
      "confirm", "Say that a clock is right which is further ahead than the book was left alone");
  in.takes_book(right);
  right.callback([&in] { confirm_clock(in); });
  auto all = group.add_command("list", "All cases that there ever were");
  in.takes_book(all);
  all.callback([&in] { list(in); });
}

}  // namespace clientbook::cli
