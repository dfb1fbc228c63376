// assign, handover, customers, and below `portfolios`: show, stores, on, off
#include <clientbook/base/hex.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/portfolios_json.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct assign_options {
  std::vector<std::string> customers;
  std::vector<std::uint32_t> further;
  std::uint32_t store = 0;
  std::uint32_t associate = 0;
  bool without = false;
};

// So many at a time, each time all or none.
void assign_all(session& in, std::span<const customer_id> customers, const assignment& to) {
  for (std::size_t at = 0; at < customers.size(); at += max_assigned_at_once) {
    const std::size_t count = std::min(max_assigned_at_once, customers.size() - at);
    const auto done = in.assign(customers.subspan(at, count), to);
    if (done) continue;
    fail(done.error(), at == 0 ? "assigning" : "assigning, after the first " + std::to_string(at));
  }
}

void assign(program& in, const assign_options& said) {
  if (said.customers.empty() && !said.without) {
    fail({errc::missing_field, "name customers, or all who have no store yet: --without-store"},
         "assigning");
  }
  const book opened = in.open();
  session writer = in.begin(opened);
  std::vector<customer_id> customers;
  for (const std::string& one : said.customers) customers.push_back(program::customer(writer, one));
  if (said.without) {
    const auto none = need(writer.customers_of(actor_id()), "reading who has no store");
    for (const portfolio_entry& one : none) customers.push_back(one.customer);
  }
  std::vector<actor_id> further;
  for (const std::uint32_t one : said.further) further.emplace_back(one);
  assign_all(
      writer, customers,
      {.store = store_id(said.store), .primary = actor_id(said.associate), .further = further});
  in.answer({{"assigned", customers.size()}},
            [&] { std::printf("%zu customers assigned\n", customers.size()); });
}

void handover(program& in, std::uint32_t from, std::uint32_t to) {
  const book opened = in.open();
  session writer = in.begin(opened);
  std::uint64_t moved = 0;
  for (;;) {
    const reassigned done = need(writer.reassign(actor_id(from), actor_id(to)), "handing over");
    moved += done.moved;
    if (done.moved != 0 && done.left != 0) continue;
    in.answer({{"moved", moved}, {"left", done.left}}, [&] {
      std::printf("%llu customers of actor %u are of actor %u now\n",
                  static_cast<unsigned long long>(moved), from, to);
      if (done.left != 0) {
        std::printf("%u stay: actor %u does not belong to their store\n", done.left, to);
      }
    });
    return;
  }
}

std::string words_of(const portfolio& whose) {
  std::string out = "store " + std::to_string(whose.store.value);
  for (const associate& one : whose.associates) {
    out += one.rank == associate_rank::primary ? ", primary " : ", further ";
    out += std::to_string(one.who.value) + " since " + text_of(one.since);
  }
  return out;
}

void customers(program& in, std::uint32_t whose) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto found = need(reader.customers_of(actor_id(whose)), "reading whose customers they are");
  const json::array all = json::parse(need(portfolios_to_json(found), "the answer")).as_array();
  in.answer({{"customers", all}}, [&] {
    for (const portfolio_entry& one : found) {
      std::printf("%s  %s\n", hex<std::string>(one.customer.bytes).c_str(),
                  words_of(one.whose).c_str());
    }
    std::printf("%zu customers\n", found.size());
  });
}

void of(program& in, const std::string& who) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, who);
  const portfolio whose = need(reader.portfolio_of(id), "reading whose customer that is");
  json::object told = json::parse(need(portfolio_to_json(whose), "the answer")).as_object();
  told["customer"] = hex<std::string>(id.bytes);
  in.answer(told, [&] { std::printf("%s\n", words_of(whose).c_str()); });
}

void show(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const portfolio_rules rules = need(reader.portfolio_settings(), "reading the rules");
  in.answer(json::parse(need(portfolio_rules_to_json(rules), "the answer")).as_object(), [&] {
    std::printf("portfolios are %s\n",
                rules.use == portfolio_use::in_force ? "in force" : "not in force");
    if (rules.ends) {
      std::printf("actor %u wants them to end; somebody else confirms it\n",
                  rules.ends->by.id.value);
    }
    for (const actor_stores& one : rules.actors) {
      std::printf("actor %u: store", one.who.value);
      for (const store_id store : one.stores) std::printf(" %u", store.value);
      std::printf("\n");
    }
  });
}

void set_stores(program& in, std::uint32_t whose, const std::vector<std::uint32_t>& which) {
  const book opened = in.open();
  session writer = in.begin(opened);
  std::vector<store_id> stores;
  for (const std::uint32_t one : which) stores.emplace_back(one);
  need(writer.set_stores(actor_id(whose), stores), "saying to which stores somebody belongs");
  in.answer({{"actor", whose}, {"stores", stores.size()}},
            [&] { std::printf("actor %u belongs to %zu stores\n", whose, stores.size()); });
}

void use(program& in, portfolio_use wanted) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const portfolio_use holds = need(writer.use_portfolios(wanted), "portfolios");
  const bool in_force = holds == portfolio_use::in_force;
  in.answer({{"in_force", in_force}}, [&] {
    std::printf("portfolios are %s\n", in_force ? "in force" : "not in force");
    if (holds != wanted) {
      std::printf(
          "somebody else ends them: clientbook portfolios off; of an owner alone a day "
          "later\n");
    }
  });
}

void add_assign_commands(command app, program& in) {
  auto command = app.add_command("assign", "Say whose customers are from now on");
  in.takes_book(command);
  auto said = std::make_shared<assign_options>();
  auto named =
      command.add_option("customer", said->customers, "Public id, or SYSTEM:VALUE; several");
  auto rest = command.add_flag("--without-store", said->without,
                               "All who have no store yet, instead of naming them");
  named.excludes(rest);
  command.add_option("--store", said->store, "Number of their store; 0: none").required();
  command.add_option("--associate", said->associate, "Number of the actor who is responsible");
  command.add_option("--further", said->further, "Number of one who serves them too; several");
  command.callback([&in, said] { assign(in, *said); });

  auto over = app.add_command(
      "handover", "One associate takes the place of another with all of their customers");
  in.takes_book(over);
  auto from = std::make_shared<std::uint32_t>();
  auto to = std::make_shared<std::uint32_t>();
  over.add_option("--from", *from, "Number of the former associate").required();
  over.add_option("--to", *to, "Number of the new one").required();
  over.callback([&in, from, to] { handover(in, *from, *to); });

  auto all = app.add_command("customers", "Customers of an associate: one's own, or others'");
  in.takes_book(all);
  auto whose = std::make_shared<std::uint32_t>();
  all.add_option("whose", *whose, "Number of the actor").required();
  all.callback([&in, whose] { customers(in, *whose); });
}

}  // namespace

void add_portfolio_commands(command app, program& in) {
  add_assign_commands(app, in);
  auto group = app.add_command("portfolios", "Whose customers an actor reaches");
  group.require_command();
  auto rules = group.add_command("show", "Whether they are in force, and who belongs where");
  in.takes_book(rules);
  rules.callback([&in] { show(in); });
  auto one = group.add_command("of", "Whose customer somebody is");
  in.takes_book(one);
  auto who = std::make_shared<std::string>();
  one.add_option("customer", *who, "Public id, or SYSTEM:VALUE").required();
  one.callback([&in, who] { of(in, *who); });
  auto stores = group.add_command("stores", "Say to which stores an actor belongs");
  in.takes_book(stores);
  auto whose = std::make_shared<std::uint32_t>();
  auto which = std::make_shared<std::vector<std::uint32_t>>();
  stores.add_option("whose", *whose, "Number of the actor").required();
  stores.add_option("stores", *which, "Numbers of the stores; none: to no one any more");
  stores.callback([&in, whose, which] { set_stores(in, *whose, *which); });
  auto on = group.add_command("on", "Put portfolios in force");
  in.takes_book(on);
  on.callback([&in] { use(in, portfolio_use::in_force); });
  auto off = group.add_command("off", "End them, which takes two persons");
  in.takes_book(off);
  off.callback([&in] { use(in, portfolio_use::none); });
}

}  // namespace clientbook::cli
