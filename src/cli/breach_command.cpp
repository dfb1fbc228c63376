// breach: whom it concerns, who is told by when, and what nobody can know.
#include <clientbook/rights/breach_report.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct breach_options {
  std::optional<std::uint32_t> actor;
  std::optional<std::string> recipient, copy, since, until, key_at, aware, reference;
  std::string language, shop, contact;
  bool letter = false;
  bool customers = false;
};

json::object query_of(const breach_options& said) {
  json::object out;
  if (said.actor) out["actor"] = *said.actor;
  for (const auto& [name, value] : {std::pair{"recipient", &said.recipient},
                                    {"copy", &said.copy},
                                    {"since", &said.since},
                                    {"until", &said.until},
                                    {"key_at", &said.key_at},
                                    {"aware", &said.aware},
                                    {"case", &said.reference}}) {
    if (*value) out[name] = **value;
  }
  if (!said.letter) return out;
  json::object letter{{"shop", said.shop}, {"contact", said.contact}};
  if (!said.language.empty()) letter["language"] = said.language;
  out["letter"] = std::move(letter);
  return out;
}

void print_who(const json::object& told) {
  const std::string opens = text_at(told, "opens");
  if (opens == "no") {
    std::printf("what was taken does not open: it is sealed, and the key was not with it\n");
    std::printf("  %llu customers of today stand in it; none of them is named here\n",
                number_at(told, "sealed"));
    return;
  }
  if (opens == "possibly") {
    std::printf(
        "whether key and data belong together is not known: of those days there is an erasure, "
        "another recovery key, or a time of which the book does not know\n");
  }
  std::printf("%llu customers for certain, %llu possibly%s\n", number_at(told, "certain"),
              number_at(told, "possible"),
              told.at("unknown").as_array().empty() ? "" : ", and of more it is not known (below)");
  for (const json::value& field : told.at("fields").as_array()) {
    std::printf("  %-24s %llu for certain, %llu possibly%s%s\n", text_at(field, "field").c_str(),
                number_at(field, "certain"), number_at(field, "possible"),
                number_at(field, "masked") != 0 ? ", some of them masked" : "",
                field.at("sensitive").as_bool() ? "  (sensitive)" : "");
  }
}

void print_customers(const json::object& told) {
  for (const json::value& one : told.at("customers").as_array()) {
    std::printf("%s  %-8s  %s%s%s\n", text_at(one, "customer").c_str(),
                one.at("surely").as_bool() ? "certain" : "possible",
                joined(one.at("certain").as_array()).c_str(),
                one.at("possible").as_array().empty() ? "" : "  perhaps: ",
                joined(one.at("possible").as_array()).c_str());
  }
}

void print_report(const json::object& told, const breach_options& said) {
  print_who(told);
  for (const json::value& one : told.at("unknown").as_array()) {
    std::printf("not known: at most %llu %s\n", number_at(one, "at_most"),
                text_at(one, "says").c_str());
  }
  for (const json::value& one : told.at("deadlines").as_array()) {
    if (!one.at("by").is_string()) {
      std::printf("%s names no deadline\n", text_at(one, "law").c_str());
      continue;
    }
    std::printf("to be told by %s [%s: %s], of %llu people for certain and %llu possibly\n",
                text_at(one, "by").c_str(), text_at(one, "law").c_str(),
                text_at(one, "rule").c_str(), number_at(one, "certain"),
                number_at(one, "possible"));
  }
  if (const json::value* const cases = told.if_contains("cases")) {
    std::size_t left = told.at("customers").as_array().size();
    for (const json::value& one : cases->as_array()) {
      const std::size_t named = std::min(left, max_case_customers);
      left -= named;
      const std::string number = json::serialize(one);
      std::printf("case %s names %zu of them", number.c_str(), named);
      if (named > case_of_one_person) {
        std::printf(", once a second person has confirmed it: clientbook case confirm BOOK %s",
                    number.c_str());
      }
      std::printf("\n");
    }
  }
  if (said.customers) print_customers(told);
  if (const json::value* const letter = told.if_contains("letter")) {
    std::printf("\n%s", letter->as_string().c_str());
  }
}

// The option that a place in the query was said by.
std::string option_of(std::string_view where) {
  if (where == "/actor") return "--of-actor";
  const std::size_t last = where.rfind('/');
  if (last == std::string_view::npos) return "asking whom a breach concerns";
  std::string out = "--" + std::string(where.substr(last + 1));
  std::ranges::replace(out, '_', '-');
  return out;
}

void report(program& in, const breach_options& said) {
  const book opened = in.open();
  session reader = in.begin(opened);
  std::string where;
  auto made = breach_report_json(json::serialize(query_of(said)), reader, where);
  if (!made) {
    const bool of_none = where.empty() && made.error().code == errc::missing_field;
    fail(made.error(), of_none ? "one of --of-actor, --recipient and --copy" : option_of(where));
  }
  const json::object told = json::parse({made->data(), made->size()}).as_object();
  in.answer(told, [&] { print_report(told, said); });
}

}  // namespace

void add_breach_command(command app, program& in) {
  auto command = app.add_command(
      "breach",
      "Whom a breach concerns and with which data, for certain or possibly, who is to be told by "
      "when, and what nobody can know. Of an access, a recipient, or a copy of the book.");
  in.takes_book(command);
  auto said = std::make_shared<breach_options>();
  command.add_option("--of-actor", said->actor, "Number of the actor whose access was used");
  command.add_option("--recipient", said->recipient,
                     "Name of who data were taken from: a party of the registry, or whoever they "
                     "were passed on to, as the ledger names it");
  command.add_option(
      "--copy", said->copy,
      "What was copied: data (the data file alone), book (data file and root key, or "
      "the machine), backup (alone), recovery (backup, mirror and shares)");
  command.add_option(
      "--since", said->since,
      "When it began, or the earliest time of the copy: a day, or an instant in UTC. Of a copy "
      "without any it was made just now: then everybody is possible, nobody certain");
  command.add_option("--until", said->until,
                     "When it ended, or the copy was made; a day is all of it; default: now");
  command.add_option("--key-at", said->key_at,
                     "When the key, or the mirror, was copied, if not with the data");
  command.add_option("--aware", said->aware, "When the shop learnt of it; default: now");
  command.add_option("--case", said->reference,
                     "Opens cases that name those whom it concerns, with this reference");
  command.add_flag("--customers", said->customers, "Also lists them, by id");
  auto letter = command.add_flag("--letter", said->letter, "Drafts a letter to them");
  command.add_option("--language", said->language, "en, de, fr, es or it").needs(letter);
  command.add_option("--shop", said->shop, "Name and address for the letter").needs(letter);
  command.add_option("--contact", said->contact, "Who answers, for the letter").needs(letter);
  command.callback([&in, said] { report(in, *said); });
}

}  // namespace clientbook::cli
