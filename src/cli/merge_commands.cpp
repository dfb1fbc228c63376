// merge | unmerge | parts: two customers who are one person, and two again.
#include <clientbook/transfer/one_customer_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>

#include "printed_json.hpp"
#include "program.hpp"
#include "terminal.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct merge_flags {
  std::string stays;
  std::string goes;
  std::vector<std::string> take;
  std::string purpose;
  bool dry_run = false;
  bool yes = false;
};

std::string words_of(const json::object& one) {
  const std::string fate(one.at("fate").as_string());
  const auto count = [&](const char* name) {
    return std::to_string(one.at(name).to_number<std::uint64_t>());
  };
  if (fate == "same") return "both have it alike";
  if (fate == "stays") return "they differ: the one who stays keeps theirs (--take: the other's)";
  if (fate == "taken") return "they differ: that of the one who goes is taken";
  if (fate == "left_out") {
    return "not taken over: " + std::string(one.at("why").as_string()) +
           " (it stays with the one who goes for 30 days, and is gone then)";
  }
  const std::string alike =
      one.at("alike").to_number<std::uint64_t>() == 0 ? "" : ", " + count("alike") + " both have";
  if (fate == "united") return count("added") + " added" + alike;
  if (one.at("added").to_number<std::uint64_t>() == 0) return "added";
  return "added, " + count("added") + alike;
}

// What a reader would be shown of both, beside the fates.
json::object shown_of(session& in, const customer_id& whose, const std::string& purpose) {
  const purpose_id why = purpose_from(purpose);
  const decision_request as = in.request(why);
  return fields_of(in, as, need(in.read(whose, why), "reading what they have"));
}

void print_values(const json::object& told, const std::string& key) {
  if (!told.contains("values")) return;
  const json::object& values = told.at("values").as_object();
  for (const char* who : {"stays", "goes"}) {
    const json::object& fields = values.at(who).as_object();
    const auto at = fields.find(key);
    if (at == fields.end() || !at->value().is_object()) continue;
    const json::object& field = at->value().as_object();
    if (field.contains("value")) {
      std::printf("      %s: %s\n", who, one_line(field.at("value")).c_str());
    }
  }
}

void print_merge(const json::object& told, bool done) {
  for (const json::value& each : told.at("fields").as_array()) {
    const json::object& one = each.as_object();
    const std::string key(one.at("field").as_string());
    std::printf("  %-14s %s\n", key.c_str(), words_of(one).c_str());
    print_values(told, key);
  }
  const auto count = [&](const char* name) {
    return static_cast<unsigned long long>(told.at(name).to_number<std::uint64_t>());
  };
  std::printf("%llu directives of the one who goes hold too, as a history of their own\n",
              count("directives"));
  if (count("closed") != 0) {
    std::printf("%llu cells of the one who stays are closed by what the other had said\n",
                count("closed"));
  }
  if (count("waiting") != 0) {
    std::printf("%llu yeses wait; a token that was sent for one is void: send another\n",
                count("waiting"));
  }
  if (count("associates") != 0) {
    std::printf("%llu associates of the one who goes serve the customer too\n",
                count("associates"));
  }
  if (!done) {
    std::printf("nothing was done\n");
    return;
  }
  const json::object& receipt = told.at("receipt").as_object();
  std::printf(
      "one customer, %s: ledger entry %llu; undone until %s with `clientbook unmerge`\n",
      receipt.at("stays").as_string().c_str(),
      static_cast<unsigned long long>(receipt.at("ledger_index").to_number<std::uint64_t>()),
      receipt.at("until").as_string().c_str());
}

void merge(program& in, const merge_flags& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id stays = program::customer(writer, what.stays);
  const customer_id goes = program::customer(writer, what.goes);
  json::object values;
  if (!what.purpose.empty()) {
    values = {{"stays", shown_of(writer, stays, what.purpose)},
              {"goes", shown_of(writer, goes, what.purpose)}};
  }
  const auto run = [&](bool only_tell) {
    json::array take;
    for (const std::string& one : what.take) take.push_back(json::value(one));
    const json::object request{{"take", std::move(take)}, {"only_tell", only_tell}};
    std::string where;
    const auto told = merge_customers_json(json::serialize(request), writer, stays, goes, where);
    if (!told) fail(told.error(), where.empty() ? "merging" : "merging, at " + where);
    json::object out = tree_of(*told).as_object();
    if (!what.purpose.empty()) out["values"] = values;
    return out;
  };
  if (!what.yes && !what.dry_run && can_ask(in)) {
    const std::string preview = captured([&] { print_merge(run(true), false); });
    if (ask(preview + "Make them one customer? Type yes") != "yes") {
      fail({errc::invalid_argument, "nothing was merged"}, "asking");
    }
  }
  const json::object told = run(what.dry_run);
  in.answer(told, [&] { print_merge(told, !what.dry_run); });
}

void unmerge(program& in, const std::string& part) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, part);
  const json::object told =
      tree_of(need(unmerge_json(writer, id), "taking them apart")).as_object();
  in.answer(told, [&] {
    const auto list = [&](const char* name, const char* words) {
      for (const json::value& one : told.at(name).as_array()) {
        std::printf("  %-14s %s\n", one.as_string().c_str(), words);
      }
    };
    list("restored", "as before the merge");
    list("as_they_are", "was written since: look at it");
    const auto count = [&](const char* name) {
      return static_cast<unsigned long long>(told.at(name).to_number<std::uint64_t>());
    };
    std::printf("%llu purchases and %llu notes went back; %llu noes said since hold for both\n",
                count("purchases"), count("notes"), count("noes"));
    std::printf("two customers again, and not the same person\n");
  });
}

void list_parts(program& in, const std::string& whom) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, whom);
  const json::object told = tree_of(need(parts_json(reader, id), "reading parts")).as_object();
  in.answer(told, [&] {
    for (const json::value& each : told.at("parts").as_array()) {
      const json::object& one = each.as_object();
      std::printf(
          "%s  since %s, by actor %llu%s\n", one.at("id").as_string().c_str(),
          one.at("since").as_string().c_str(),
          static_cast<unsigned long long>(one.at("by").to_number<std::uint64_t>()),
          one.at("until").is_null()
              ? ""
              : (", to be undone until " + std::string(one.at("until").as_string())).c_str());
    }
    std::printf("customer %s has %zu parts\n", told.at("customer").as_string().c_str(),
                told.at("parts").as_array().size());
  });
}

template <class Run>
void add_of_one(command app, program& in, const char* name, const char* words, const char* whom,
                Run run) {
  auto command = app.add_command(name, words);
  in.takes_book(command);
  auto who = std::make_shared<std::string>();
  command.add_option("customer", *who, whom).required();
  command.callback([&in, who, run] { run(in, *who); });
}

}  // namespace

void add_merge_commands(command app, program& in) {
  auto command =
      app.add_command("merge", "Make two customers one: what becomes of each field, and do it");
  in.takes_book(command);
  auto what = std::make_shared<merge_flags>();
  command.add_option("stays", what->stays, "Who stays: public id, or SYSTEM:VALUE").required();
  command.add_option("goes", what->goes, "Who goes into them").required();
  command.add_option("--take", what->take, "Fields of which that of the one who goes stays");
  command.add_option("-p,--purpose", what->purpose, "Show what this purpose may read of both");
  command.add_flag("--dry-run", what->dry_run, "Only tell");
  command.add_flag("--yes", what->yes, "Do not ask at a terminal");
  command.callback([&in, what] { merge(in, *what); });
  add_of_one(app, in, "unmerge", "Take a part out again, within 30 days of the merge",
             "The part: the public id that they had (`clientbook parts`)", unmerge);
  add_of_one(app, in, "parts", "Who is a part of a customer since a merge",
             "Public id, also of a part, or SYSTEM:VALUE", list_parts);
}

}  // namespace clientbook::cli
