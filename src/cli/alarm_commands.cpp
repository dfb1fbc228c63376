// Below `canary`: list, add, remove, set; below `alarm`: list, limits
#include <clientbook/base/hex.hpp>
#include <clientbook/transfer/actors_json.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "program.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

using public_ids = std::vector<customer_id>;

bool is_among(std::span<const customer_id> all, const customer_id& one) {
  return std::ranges::find(all, one) != all.end();
}

public_ids ids_from(const std::vector<std::string>& who) {
  public_ids all;
  for (const std::string& one : who) {
    customer_id id;
    if (one.size() != 32 || !parse_hex(one, id.bytes)) {
      fail({errc::invalid_value, "a canary is named by its public id, 32 digits"}, one);
    }
    if (!is_among(all, id)) all.push_back(id);
  }
  return all;
}

void list_canaries(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  json::array all;
  for (const customer_id& one : need(reader.canaries(), "reading the canaries")) {
    all.emplace_back(hex<std::string>(one.bytes));
  }
  in.answer({{"canaries", all}}, [&] {
    for (const json::value& one : all) std::printf("%s\n", one.as_string().c_str());
    std::printf("%zu canaries\n", all.size());
  });
}

// What they are after a change of those there are: in one transaction, so that none gets lost whom
// somebody else adds.
template <class Change>
void change_canaries(program& in, Change&& change) {
  const book opened = in.open();
  session writer = in.begin(opened);
  need(writer.begin(), "beginning");
  public_ids all = need(writer.canaries(), "reading the canaries");
  change(all);
  need(writer.set_canaries(all), "setting canaries");
  need(writer.commit(), "setting canaries");
  in.answer({{"canaries", all.size()}}, [&] { std::printf("%zu canaries\n", all.size()); });
}

void add_canaries(program& in, const std::vector<std::string>& who) {
  const public_ids more = ids_from(who);
  change_canaries(in, [&](public_ids& all) {
    for (const customer_id& one : more) {
      if (!is_among(all, one)) all.push_back(one);
    }
  });
}

void remove_canaries(program& in, const std::vector<std::string>& who) {
  const public_ids gone = ids_from(who);
  change_canaries(in, [&](public_ids& all) {
    for (const customer_id& one : gone) {
      if (is_among(all, one)) continue;
      fail({errc::not_found, "that is no canary"}, hex<std::string>(one.bytes));
    }
    std::erase_if(all, [&](const customer_id& one) { return is_among(gone, one); });
  });
}

// Whoever forgets the names does not end them all.
void set_canaries(program& in, const std::vector<std::string>& who, bool none) {
  if (who.empty() && !none) {
    fail({errc::missing_field, "name the canaries, or say that there are none: --none"},
         "setting canaries");
  }
  change_canaries(in, [all = ids_from(who)](public_ids& now) { now = all; });
}

void show_alarms(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto all = need(reader.alarms(), "reading the alarms");
  const auto registry = need(reader.recipients(), "reading the alarms");
  in.answer({{"alarms", json::parse(need(alarms_to_json(all, *registry), "the answer"))}}, [&] {
    for (const security_alarm& one : all) {
      const std::string about =
          one.kind == alarm_kind::canary    ? hex<std::string>(one.customer.bytes)
          : one.kind == alarm_kind::fan_out ? "to " + word_for(one.recipient, *registry)
                                            : std::string();
      std::printf("%s  %-12s  actor %u (%s)  %s\n", text(one.at).c_str(),
                  std::string(name_of(one.kind)).c_str(), one.who.id.value,
                  std::string(name_of(one.who.role)).c_str(), about.c_str());
    }
    std::printf("%zu alarms\n", all.size());
  });
}

void print_limits(program& in, const alarm_settings& now) {
  const auto told = json::parse(need(alarm_settings_to_json(now), "the answer")).as_object();
  in.answer(told, [&] {
    if (now.customers_to_one_recipient == 0) {
      std::printf("many customers to one recipient: no alarm\n");
    } else {
      std::printf("more than %u customers to one recipient within an hour\n",
                  now.customers_to_one_recipient);
    }
    if (const auto* quiet = told.if_contains("quiet")) {
      std::printf("somebody looks at customers from %s to %s (UTC)\n",
                  quiet->at("from").as_string().c_str(), quiet->at("until").as_string().c_str());
    } else {
      std::printf("quiet hours: none\n");
    }
  });
}

struct limits_said {
  std::optional<std::uint32_t> to_one;
  std::optional<std::string> quiet;
};

void set_limits(program& in, const limits_said& said) {
  const book opened = in.open();
  session writer = in.begin(opened);
  json::object changed;
  if (said.to_one) changed["customers_to_one_recipient"] = *said.to_one;
  if (said.quiet && *said.quiet == "none") {
    changed["quiet"] = nullptr;
  } else if (said.quiet) {
    const std::size_t dash = said.quiet->find('-');
    changed["quiet"] = json::object{
        {"from", said.quiet->substr(0, dash)},
        {"until", dash == std::string::npos ? std::string() : said.quiet->substr(dash + 1)}};
  }
  if (changed.empty()) {
    print_limits(in, need(writer.alarm_limits(), "reading what raises alarms"));
    return;
  }
  std::string where;
  const auto what = alarm_changes_from_json(json::serialize(changed), where);
  if (!what) fail(what.error(), where.starts_with("/quiet") ? "--quiet" : "--to-one");
  print_limits(in, need(writer.set_alarm_limits(*what), "setting what raises alarms"));
}

void add_naming(command group, program& in, const char* name, const char* about,
                void (*run)(program&, const std::vector<std::string>&)) {
  auto command = group.add_command(name, about);
  in.takes_book(command);
  auto who = std::make_shared<std::vector<std::string>>();
  command.add_option("customers", *who, "Public ids").required();
  command.callback([&in, who, run] { run(in, *who); });
}

}  // namespace

void add_canary_commands(command app, program& in) {
  auto group = app.add_command("canary", "Customers whom nobody has a reason to look at");
  group.require_command();
  auto all = group.add_command("list", "Who they are: public ids");
  in.takes_book(all);
  all.callback([&in] { list_canaries(in); });
  add_naming(group, in, "add", "These are canaries too", add_canaries);
  add_naming(group, in, "remove", "These are canaries no more", remove_canaries);
  auto set = group.add_command("set", "These and no others are the canaries from now on");
  in.takes_book(set);
  auto who = std::make_shared<std::vector<std::string>>();
  auto none = std::make_shared<bool>(false);
  auto named = set.add_option("customers", *who, "Public ids");
  set.add_flag("--none", *none, "There are none, instead of naming them").excludes(named);
  set.callback([&in, who, none] { set_canaries(in, *who, *none); });
}

void add_alarm_commands(command app, program& in) {
  auto group = app.add_command("alarm", "What may be a theft that uses rights somebody has");
  group.require_command();
  auto all = group.add_command("list", "Who has raised one, how and when");
  in.takes_book(all);
  all.callback([&in] { show_alarms(in); });
  auto limits = group.add_command("limits", "From when on there is one: shows it, or sets it");
  in.takes_book(limits);
  auto said = std::make_shared<limits_said>();
  limits.add_option("--to-one", said->to_one,
                    "Customers passed on to one recipient within an hour; 0: no such alarm");
  limits.add_option("--quiet", said->quiet,
                    "While the shop is closed, in UTC: 20:30-06:00, or none");
  limits.callback([&in, said] { set_limits(in, *said); });
}

}  // namespace clientbook::cli
