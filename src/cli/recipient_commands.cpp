// recipient add | edit | retire | list
#include <clientbook/consent/recipient_needs.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct party_options {
  std::string name, kind, country, onward, transfer;
  std::optional<std::string> contract;                      // "": there is none any more
  std::optional<std::string> contact, acknowledgement_key;  // the same
  bool no_onward = false;
};

constexpr std::pair<std::string_view, onward_rule> onward_rules[] = {
    {"not_agreed", onward_rule::not_agreed},
    {"forbidden", onward_rule::forbidden},
    {"listed_parties", onward_rule::listed_parties}};
constexpr std::pair<std::string_view, transfer_basis> transfer_bases[] = {
    {"none", transfer_basis::none},
    {"standard_clauses", transfer_basis::standard_clauses},
    {"binding_rules", transfer_basis::binding_rules},
    {"other_safeguard", transfer_basis::other_safeguard}};

template <class Value, std::size_t Count>
Value value_of(const std::pair<std::string_view, Value> (&words)[Count], const std::string& word,
               const char* option) {
  for (const auto& [known, value] : words) {
    if (known == word) return value;
  }
  fail({errc::invalid_argument, "no such word: see --help"}, option);
}

// What was given on the command line; the rest stays as it is.
void apply(const party_options& what, recipient_party& party) {
  if (what.contract) {
    if (!party.contract.fits(*what.contract)) {
      fail({errc::limit_exceeded, "a reference of a contract has at most 32 bytes"}, "--contract");
    }
    party.contract = short_text<32>(*what.contract);
  }
  if (!what.country.empty()) party.country = country_from(what.country);
  if (!what.onward.empty()) party.onward = value_of(onward_rules, what.onward, "--onward");
  if (what.no_onward) party.onward = onward_rule::forbidden;
  if (!what.transfer.empty()) {
    party.transfer = value_of(transfer_bases, what.transfer, "--transfer");
  }
}

// A name as one word of a command that somebody copies into a shell.
std::string as_a_word(std::string_view name) {
  std::string out = "'";
  for (const char c : name) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// What the law asks of the party and the registry does not hold, and how to say it.
json::array needs_in_words(session& in, const recipient_party& party) {
  recipient_needs open;
  for (const auto& law : in.profiles()) {
    const recipient_needs here = needs_of(*law, party);
    open.contract = open.contract || here.contract;
    open.onward = open.onward || here.onward;
    open.transfer = open.transfer || here.transfer;
  }
  const std::string edit =
      ": `clientbook recipient edit BOOK " + as_a_word(party.name.view()) + " ";
  json::array out;
  const auto add = [&](bool needed, const char* what, const char* option) {
    if (needed) out.push_back({{"needs", what}, {"text", "needs " + (what + edit) + option + "`"}});
  };
  add(open.contract, "a contract", "--contract ...");
  add(open.onward, "a rule on passing on", "--no-onward");
  add(open.transfer, "safeguards for its country", "--transfer standard_clauses");
  return out;
}

void answer(program& in, session& writer, const recipient_party& party, const char* done) {
  const json::array needs = needs_in_words(writer, party);
  const std::string name(party.name.view());
  in.answer({{"recipient", party.id.value}, {"name", name}, {"needs", needs}}, [&] {
    std::printf("Recipient %u%s: %s\n", party.id.value, done, name.c_str());
    for (const json::value& one : needs) {
      std::printf("  %s\n", one.at("text").as_string().c_str());
    }
  });
}

recipient_party known_party(session& in, const std::string& name) {
  const auto registry = need(in.recipients(), "reading the registry");
  return need(registry->find(std::string_view(name)),
              "the recipient (see `clientbook recipient list`)");
}

recipient_contact contact_of(session& in, recipient_id party) {
  for (recipient_contact& one : need(in.recipient_contacts(), "reading the registry")) {
    if (one.party == party) return one;
  }
  return {.party = party};
}

// How it is reached, as far as that was given; whether it was.
bool apply_contact(session& writer, const party_options& what, recipient_id party) {
  if (!what.contact && !what.acknowledgement_key) return false;
  recipient_contact now = contact_of(writer, party);
  if (what.contact) now.contact = *what.contact;
  if (what.acknowledgement_key) now.acknowledgement_key = *what.acknowledgement_key;
  need(writer.set_recipient_contact(now), "how the recipient is reached");
  return true;
}

void add(program& in, const party_options& what) {
  recipient_party party;
  party.party_class = need(find_recipient_class(what.kind), "--class");
  if (!party.name.fits(what.name)) {
    fail({errc::limit_exceeded, "a name has at most 64 bytes"}, "a recipient");
  }
  party.name = short_text<64>(what.name);
  apply(what, party);
  const book opened = in.open();
  session writer = in.begin(opened);
  need(writer.begin(), "beginning");
  party.id = need(writer.add_recipient(party), "adding a recipient");
  apply_contact(writer, what, party.id);
  need(writer.commit(), "adding a recipient");
  compile_consents(in, writer);
  answer(in, writer, party, "");
}

void edit(program& in, const party_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  recipient_party party = known_party(writer, what.name);
  const recipient_party before = party;
  apply(what, party);
  need(writer.begin(), "beginning");
  const bool reached = apply_contact(writer, what, party.id);
  if (!reached || party != before) need(writer.edit_recipient(party), "editing a recipient");
  need(writer.commit(), "editing a recipient");
  compile_consents(in, writer);
  answer(in, writer, party, " now");
}

void retire(program& in, const std::string& name) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const recipient_party party = known_party(writer, name);
  need(writer.retire_recipient(party.id), "retiring a recipient");
  compile_consents(in, writer);
  in.answer({{"recipient", party.id.value}, {"name", name}}, [&] {
    std::printf("Recipient %u gets nothing any more: %s\n", party.id.value, name.c_str());
  });
}

void list(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  json::array all;
  const auto contacts = need(reader.recipient_contacts(), "reading the registry");
  for (const recipient_party& party :
       need(reader.recipients(), "reading the registry")->parties()) {
    json::array needs;
    if (party.removed == 0) needs = needs_in_words(reader, party);
    const auto reached = std::ranges::find(contacts, party.id, &recipient_contact::party);
    const recipient_contact known = reached == contacts.end() ? recipient_contact{} : *reached;
    all.push_back({{"recipient", party.id.value},
                   {"name", party.name.view()},
                   {"class", facts(party.party_class)->name},
                   {"country", std::string_view(party.country.data(), 2)},
                   {"contract", party.contract.view()},
                   {"removed", party.removed != 0},
                   {"contact", known.contact},
                   {"acknowledgement_key", known.acknowledgement_key},
                   {"needs", needs}});
  }
  in.answer({{"recipients", all}}, [&] {
    for (const json::value& one : all) {
      std::printf("%4lld  %-24s %s%s\n",
                  static_cast<long long>(one.at("recipient").to_number<std::int64_t>()),
                  one.at("name").as_string().c_str(), one.at("class").as_string().c_str(),
                  one.at("removed").as_bool() ? "  (retired)" : "");
      if (!one.at("contact").as_string().empty()) {
        std::printf("        %s\n", one.at("contact").as_string().c_str());
      }
      for (const json::value& need : one.at("needs").as_array()) {
        std::printf("        %s\n", need.at("text").as_string().c_str());
      }
    }
  });
}

void add_what_is_known(command to, party_options& what) {
  to.add_option("--country", what.country, "Where the data goes, ISO 3166-1 alpha-2");
  to.add_option("--contract", what.contract,
                "Reference of the contract; \"\": there is none any more")
      .type_name(text_or_nothing);
  to.add_option("--onward", what.onward,
                "What the contract says of passing on: not_agreed, forbidden, listed_parties");
  to.add_option("--contact", what.contact,
                "How it is reached, one line: stands on customers' pages; \"\": not known")
      .type_name(text_or_nothing);
  to.add_option("--acknowledgement-key", what.acknowledgement_key,
                "The key by which it signs what it has done (`clientbook acknowledge key`); "
                "\"\": none any more")
      .type_name(text_or_nothing);
  to.add_flag("--no-onward", what.no_onward, "The contract forbids to pass it on")
      .excludes("--onward");
  to.add_option("--transfer", what.transfer,
                "What carries it abroad: none, standard_clauses, binding_rules, "
                "other_safeguard");
}

}  // namespace

void add_recipient_commands(command app, program& in) {
  auto group = app.add_command("recipient", "Who may ever receive something");
  group.require_command();
  {
    auto command = group.add_command(
        "add", "Add a party to the registry; a retired one comes back under its name and class");
    in.takes_book(command);
    auto what = std::make_shared<party_options>();
    command.add_option("name", what->name, "Legal name").required();
    command
        .add_option("--class", what->kind,
                    "Class: parcel_service, selected_partner, data_broker, ...")
        .required();
    add_what_is_known(command, *what);
    command.callback([&in, what] { add(in, *what); });
  }
  {
    auto command = group.add_command(
        "edit", "Another contract, country, safeguard or contact; what is not given stays");
    in.takes_book(command);
    auto what = std::make_shared<party_options>();
    command.add_option("name", what->name, "Its name; name and class never change").required();
    add_what_is_known(command, *what);
    command.callback([&in, what] { edit(in, *what); });
  }
  {
    auto command = group.add_command("retire", "The party gets nothing any more");
    in.takes_book(command);
    auto name = std::make_shared<std::string>();
    command.add_option("name", *name, "Its name").required();
    command.callback([&in, name] { retire(in, *name); });
  }
  auto command = group.add_command("list", "List the registry, and what parties still need");
  in.takes_book(command);
  command.callback([&in] { list(in); });
}

}  // namespace clientbook::cli
