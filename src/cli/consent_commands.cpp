// consent grant | withdraw | deny | object | restrict | lift | assert | history | pending | confirm
// | ask | bring | age | move
#include <clientbook/exchange/kantara.hpp>
#include <clientbook/transfer/age_proof_json.hpp>
#include <clientbook/transfer/consent_effect.hpp>
#include <clientbook/transfer/import_consents.hpp>
#include <clientbook/transfer/recovery_json.hpp>

#include <boost/json/array.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <vector>

#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"
#include "unheard_mirrors.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct consent_options {
  std::string who;
  std::vector<std::string> purposes, recipients, categories = {"all"}, operations;
  std::string notice, basis;
  std::string by = "subject";
  std::string channel = "store";
  std::string strength = "expressed";
  std::string evidence, receipt, at, expires;
  std::vector<std::uint32_t> supersedes;
  std::vector<std::string> contacts;
};

void add_evidence(directive& said, const std::string& reference) {
  if (!said.evidence.reference.fits(reference)) {
    fail({errc::limit_exceeded, "a reference has at most 64 bytes"}, "--evidence");
  }
  if (reference.empty()) return;
  said.evidence.reference = short_text<64>(reference);
  said.evidence.hash = crypto::hash(as_bytes(reference));
}

// A receipt of the Kantara Initiative is evidence of when and that it was said; under which notice
// and for what it counts, whoever records it says.
void add_receipt(directive& said, session& in, const customer_id& id, const consent_options& what) {
  if (what.receipt.empty()) return;
  const std::string text = content_of(what.receipt, "--receipt");
  const kantara::receipt read = need(kantara::read(text), "--receipt");
  need(check_subject(in, id, read.subject), "--receipt");
  said.evidence.hash = crypto::hash(as_bytes(text));
  said.evidence.reference = short_text<64>(std::string_view(read.id).substr(0, 64));
  if (what.at.empty()) said.event_at = read.given_at;
}

void add_times(directive& said, const consent_options& what, timestamp now) {
  said.event_at = now;
  if (!what.at.empty()) said.event_at = need(parse_timestamp(what.at), "--at");
  if (said.event_at > now) {
    fail({errc::invalid_value, "nobody has said it yet: it lies in the future"}, "--at");
  }
  // A no of a day alone: nothing else of that day came after it, as far as anybody can tell.
  constexpr std::size_t size_of_a_day = 10;
  if (says_no(said.kind) && what.at.size() == size_of_a_day) {
    said.event_at = std::min(timestamp{said.event_at.seconds + 86'399}, now);
  }
  if (what.expires.empty()) return;
  said.not_after = need(parse_timestamp(what.expires), "--expires");
  if (*said.not_after <= now) {
    fail({errc::invalid_value, "it would be over already: an end lies in the future"}, "--expires");
  }
}

// What was said before, by its number in the history.
void add_supersedes(directive& said, session& in, const customer_id& id,
                    const std::vector<std::uint32_t>& numbers) {
  if (numbers.empty()) return;
  if (numbers.size() > said.supersedes.size()) {
    fail({errc::limit_exceeded, "one decision names at most four others"}, "--supersedes");
  }
  const auto history = need(in.directives(id), "reading what was said");
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    for (const directive& old : history) {
      if (old.sequence == numbers[i]) said.supersedes[i] = old.id;
    }
    if (said.supersedes[i] == directive_id{}) {
      fail({errc::not_found, "no directive of that number: see `clientbook consent history`"},
           "--supersedes");
    }
  }
}

void add_contacts(directive& said, session& in, const customer_id& id,
                  const std::vector<std::string>& values) {
  if (values.size() > said.contacts.size()) {
    fail({errc::limit_exceeded, "one decision names at most four contact points"}, "--contact");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    said.contacts[i] = contact_from(in, id, values[i], "--contact");
  }
}

void add_notice_shown(directive& said, session& in, const consent_options& what) {
  const auto notices = need(in.notices(), "reading the notices");
  const privacy_notice* shown = notice_titled(what.notice, notices);
  if (shown == nullptr) {
    fail({errc::unknown_notice, "no such notice: a grant needs the one that was shown"},
         "--notice");
  }
  said.notice = {.id = shown->id, .version = shown->version, .hash = shown->hash};
  said.strength = need(find_consent_strength(what.strength), "--strength");
  said.informed = true;
}

directive directive_from(session& in, const customer_id& id, const consent_options& what,
                         directive_kind kind) {
  const recipient_registry registry = *need(in.recipients(), "reading the registry");
  directive said;
  said.kind = kind;
  said.by = need(find_indicated_by(what.by), "--by");
  said.channel = need(find_consent_channel(what.channel), "--channel");
  said.scope =
      scope_from(what.purposes, what.recipients, what.categories, what.operations, registry);
  said.registry_version = registry.version();
  said.jurisdiction = in.profile()->id;
  said.profile_version = in.profile()->version;
  said.recorder = in.who().id;
  add_times(said, what, in.request(purpose_id()).now);
  if (kind == directive_kind::basis_assertion && what.evidence.empty()) {
    fail({errc::invalid_argument, "a statement of the shop counts for nothing without evidence"},
         "--evidence");
  }
  add_evidence(said, what.evidence);
  add_receipt(said, in, id, what);
  add_supersedes(said, in, id, what.supersedes);
  add_contacts(said, in, id, what.contacts);
  if (kind == directive_kind::grant) {
    add_notice_shown(said, in, what);
  } else if (kind == directive_kind::basis_assertion) {
    said.basis = need(find_lawful_basis(what.basis), "--basis");
  } else {
    // Whatever it was for: taking back is never narrower than asked.
    if (what.operations.empty()) said.scope.operations = all_operations;
    if (what.categories == consent_options().categories) said.scope.categories = all_categories();
  }
  return said;
}

struct cell_line {
  std::string purpose, recipient, fields;
  auto operator<=>(const cell_line&) const = default;
};

// Cells in lines: one for each recipient and purpose, with what may be done with which fields.
// What holds for the shop itself is not said of each of its parts again.
void print_cells(const char* sign, const json::array& cells) {
  constexpr std::size_t most = 24;
  std::map<cell_line, std::string> lines;
  for (const json::value& one : cells) {
    const json::object& cell = one.as_object();
    const auto word = [&](const char* member) {
      return std::string(std::string_view(cell.at(member).as_string()));
    };
    std::string& operations = lines[{word("purpose"), word("recipient"), word("fields")}];
    operations += (operations.empty() ? "" : ", ") + word("operation");
  }
  std::erase_if(lines, [&](const auto& line) {
    const auto& [what, operations] = line;
    const std::string_view to = what.recipient;
    if (to != "store" && to != "other_store" && to != "head_office") return false;
    const auto shop = lines.find({what.purpose, "self", what.fields});
    return shop != lines.end() && shop->second == operations;
  });
  std::size_t printed = 0;
  for (const auto& [what, operations] : lines) {
    if (++printed > most) break;
    std::printf("%s %s -> %s: %s (%s)\n", sign, what.purpose.c_str(), what.recipient.c_str(),
                what.fields.c_str(), operations.c_str());
  }
  if (lines.size() > most) std::printf("%s and %zu more lines\n", sign, lines.size() - most);
}

// A plain no is taken of anybody's customer, also of one of whom this actor hears nothing: neither
// what it closed nor whether there is such a customer.
bool is_plain_no(const consent_options& what, directive_kind kind) {
  return !widens(kind) && what.contacts.empty() && what.supersedes.empty() && what.receipt.empty();
}

void tell_taken(program& in, directive_kind kind) {
  in.answer({{"taken", true}, {"customer", nullptr}}, [&] {
    std::printf(
        "%s: taken, if there is such a customer; of others' customers this actor hears no more\n",
        std::string(name_of(kind)).c_str());
  });
}

// By an external id that leads to nobody whom the actor reaches.
bool took_no_by_id(session& writer, const consent_options& what, directive_kind kind) {
  if (!is_plain_no(what, kind) || is_public_id(what.who)) return false;
  const directive said = directive_from(writer, customer_id{}, what, kind);
  bool taken = false;
  for (const auto& [system, value] : external_ids_in(what.who)) {
    const auto done = writer.record_no(system, value, said);
    if (!done && done.error().code != errc::not_found) need(done, "recording what was said");
    taken = taken || done;
  }
  return taken;
}

// A yes on the word of who noted it: what of it counts already, and what makes the rest count.
void print_waiting(const json::object& answer, std::uint32_t number) {
  const auto* waiting = answer.if_contains("waiting");
  if (waiting == nullptr) return;
  std::string what;
  for (const json::value& one : waiting->as_array()) {
    what.append(what.empty() ? "" : ", ").append(one.as_string());
  }
  if (const auto* until = answer.if_contains("until")) {
    std::printf("until %s it counts for care alone\n", until->as_string().c_str());
  }
  std::printf("waits to be confirmed: %s (`clientbook consent confirm BOOK CUSTOMER %u`)\n",
              what.c_str(), number);
}

void record(program& in, const consent_options& what, directive_kind kind) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const auto found = program::find_customer(writer, what.who);
  // A no is taken of whomever it is, also where nothing more may be looked up.
  const errc code = found ? errc::none : found.error().code;
  const bool unknown =
      code == errc::not_found || code == errc::role_denied || code == errc::budget_spent;
  if (unknown && took_no_by_id(writer, what, kind)) {
    return tell_taken(in, kind);
  }
  const customer_id id = need(found, "looking for a customer");
  const directive said = directive_from(writer, id, what, kind);
  const auto done = writer.record_and_tell(id, said);
  if (!done && done.error().code == errc::not_in_portfolio && is_plain_no(what, kind)) {
    need(writer.record(id, said), "recording what was said");
    return tell_taken(in, kind);
  }
  const consent_effect effect = need(done, "recording what was said");
  const json::value told = tree_of(need(effect_to_json(writer, id, said, effect), "the effect"));
  json::object answer = told.as_object();
  answer["customer"] = hex<std::string>(id.bytes);
  const auto mirrors = need(writer.mirrors_told(), "the mirrors");
  if (!mirrors.empty()) answer["mirrors"] = tree_of(need(mirrors_to_json(mirrors), "the mirrors"));
  in.answer(answer, [&] {
    if (effect.repeated) {
      std::printf("nothing was added: directive %u of this customer says so already\n",
                  effect.sequence);
      return;
    }
    std::printf("directive %u of this customer: %s\n", effect.sequence,
                std::string(name_of(kind)).c_str());
    print_cells("+", answer.at("opened").as_array());
    print_cells("-", answer.at("closed").as_array());
    if (const auto* why = answer.if_contains("opens_nothing_because")) {
      std::printf("recorded; it opens nothing because %s\n", why->as_string().c_str());
    } else if (!widens(kind) && effect.closed.empty()) {
      std::printf("recorded; it closes nothing, since nothing of it was open\n");
    }
    print_waiting(answer, effect.sequence);
    print_unheard(mirrors);
  });
}

template <class Set, class Name>
std::string names(const Set& set, const Set& all, Name&& name) {
  if (set == all) return "all";
  constexpr std::size_t most = 4;
  std::string out;
  std::size_t count = 0;
  set.for_each([&](auto id) {
    if (count++ < most) out += (out.empty() ? "" : ", ") + name(id);
  });
  if (count > most) out += " and " + std::to_string(count - most) + " more";
  return out;
}

std::string law_named(session& in, profile_id law) {
  for (const auto& one : in.profiles()) {
    if (one->id == law) return std::string(one->name);
  }
  const auto built_in = find_profile(law);
  return built_in ? std::string((*built_in)->name) : std::to_string(law.value);
}

// Whose contact points alone it is about: which field, and by what it is known again.
json::array contacts_of(const directive& said, const schema& fields) {
  json::array out;
  for (const contact_point& one : said.contacts) {
    if (one.field == field_id{}) break;
    out.push_back({{"field", fields.find(one.field)->key}, {"token", hex<std::string>(one.token)}});
  }
  return out;
}

void add_move(json::object& told, const directive& said, const std::string& law) {
  told["law"] = law;
  if (said.residence != state_code{}) {
    told["state"] = json::string(said.residence.data(), said.residence.size());
  }
  if (said.works_here != employment::unsaid) {
    told["works_here"] = said.works_here == employment::employed;
  }
}

std::string in_words(const json::value& said) {
  if (const auto* law = said.as_object().if_contains("law")) {
    std::string out = "lives under " + std::string(law->as_string());
    if (const auto* state = said.as_object().if_contains("state")) {
      out.append(", in ").append(state->as_string());
    }
    if (const auto* works = said.as_object().if_contains("works_here")) {
      out += works->as_bool() ? "; works for the shop" : "; works for the shop no more";
    }
    return out;
  }
  if (const auto* document = said.as_object().if_contains("document")) {
    return "by " + std::string(document->as_string()) +
           (said.at("confirmed").as_bool() ? ", seen by a second person" : ", noted");
  }
  std::string out(said.at("purposes").as_string());
  out.append(" -> ").append(said.at("recipients").as_string());
  if (const auto* contacts = said.as_object().if_contains("contacts")) {
    for (const json::value& one : contacts->as_array()) {
      out.append(", of one of the ").append(one.at("field").as_string()).append(" alone");
    }
  }
  return out;
}

struct move_options {
  std::string who, law, known_by, evidence, state, works_here, at;
};

move_details details_from(const move_options& what) {
  move_details out;
  if (what.works_here == "yes") out.works_here = employment::employed;
  if (what.works_here == "no") out.works_here = employment::ended;
  if (!what.at.empty()) out.at = need(parse_timestamp(what.at), "--at");
  if (what.state.empty()) return out;
  if (what.state.size() != out.residence.size()) {
    fail({errc::invalid_value, "a state is two capital letters, as in ISO 3166: AT, CA"},
         "--state");
  }
  out.residence = {what.state[0], what.state[1]};
  return out;
}

bool names_state(const law_profile& law, const country_code& state) {
  return std::any_of(law.ages.begin(), law.ages.end(), [&](const age_rule& row) {
    return std::find(row.states.begin(), row.states.end(), state) != row.states.end();
  });
}

void move(program& in, const move_options& what) {
  constexpr std::pair<std::string_view, residence_source> sources[] = {
      {"address", residence_source::address},
      {"customer", residence_source::customer},
      {"officer", residence_source::officer}};
  residence_source known_by{};
  for (const auto& [name, source] : sources) {
    if (name == what.known_by) known_by = source;
  }
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  const law_profile& law = *need(find_profile(std::string_view(what.law)), "the law");
  const consent_effect done =
      need(writer.move_and_tell(id, law.id, known_by, what.evidence, details_from(what)),
           "recording the move");
  directive said;
  said.kind = directive_kind::move;
  const json::value effect = tree_of(need(effect_to_json(writer, id, said, done), "the effect"));
  const jurisdiction now = need(writer.jurisdiction_of(id), "which laws hold");
  json::array laws;
  std::string line;
  for (const auto& one : now.laws) {
    laws.emplace_back(one->name);
    line.append(line.empty() ? "" : ", ").append(one->name);
  }
  const bool sure = now.confirmed != profile_id{};
  const bool known = now.residence != country_code{};
  const std::string state(now.residence.data(), known ? now.residence.size() : 0);
  in.answer({{"customer", hex<std::string>(id.bytes)},
             {"sequence", done.sequence},
             {"repeated", done.repeated},
             {"opened", effect.at("opened")},
             {"closed", effect.at("closed")},
             {"laws", laws},
             {"confirmed", sure ? json::value(law_named(writer, now.confirmed)) : nullptr},
             {"state", known ? json::value(state) : nullptr},
             {"employed", now.employed}},
            [&] {
              if (done.repeated) std::printf("nothing was added: that is known already\n");
              std::printf(now.laws.size() == 1 ? "under %s\n"
                                               : "until it is confirmed, what all of these permit: "
                                                 "%s\n",
                          line.c_str());
              print_cells("+", effect.at("opened").as_array());
              print_cells("-", effect.at("closed").as_array());
              if (known) {
                std::printf(names_state(law, now.residence)
                                ? "the ages of %s hold for what is agreed from now on\n"
                                : "no age of this law is about %s: the strictest holds\n",
                            state.c_str());
              }
              if (now.employed) {
                std::printf(
                    "works for the shop: a consent counts that is explicit and has "
                    "evidence\n");
              }
            });
}

void add_move(command group, program& in) {
  auto command =
      group.add_command("move",
                        "Where a customer lives, and whether they work for the shop: which "
                        "laws and which ages hold");
  in.takes_book(command);
  auto what = std::make_shared<move_options>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  command.add_option("law", what->law, "Law profile of where they live now").required();
  command
      .add_option("--known-by", what->known_by,
                  "address (opens nothing), customer (their word) or officer (with --evidence)")
      .required()
      .one_of({"address", "customer", "officer"});
  command.add_option("--evidence", what->evidence, "Reference to what proves it");
  command.add_option("--at", what->at,
                     "When it was said: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ; default: now");
  command.add_option("--state", what->state,
                     "Country, or state of the United States, whose ages hold: AT, CA; not known: "
                     "the strictest");
  command
      .add_option("--works-here", what->works_here,
                  "yes: consents count only if they are explicit and have evidence; no (by an "
                  "officer, with --evidence): as anybody's again")
      .one_of({"yes", "no"});
  command.callback([&in, what] { move(in, *what); });
}

void history(program& in, const std::string& who) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, who);
  const auto all = need(reader.directives(id), "reading what was said");
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  json::array out;
  for (const directive& one : all) {
    json::object told = {
        {"sequence", one.sequence},
        {"kind", name_of(one.kind)},
        {"at", text(one.event_at)},
        {"channel", name_of(one.channel)},
        {"by", name_of(one.by)},
        {"evidence", one.evidence.reference.view()},
        {"purposes",
         names(one.scope.purposes, all_purposes(), [](purpose_id p) { return word_for(p); })},
        {"recipients", names(one.scope.recipients, {recipient::any},
                             [&](recipient_id r) { return word_for(r, registry); })},
        {"notice", one.notice.id.value},
        {"expires", one.not_after ? json::value(text(*one.not_after)) : json::value(nullptr)}};
    if (one.kind == directive_kind::move) add_move(told, one, law_named(reader, one.jurisdiction));
    if (one.kind == directive_kind::proof_of_age) {
      told["document"] = name_of(one.age.document);
      told["confirmed"] = proves_age(one);
    }
    if (is_about_contacts(one)) told["contacts"] = contacts_of(one, reader.fields());
    out.push_back(std::move(told));
  }
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"directives", out}}, [&] {
    for (const json::value& one : out) {
      std::printf("%3lld  %s  %-9s %s (%s)\n",
                  static_cast<long long>(one.at("sequence").to_number<std::int64_t>()),
                  one.at("at").as_string().c_str(), one.at("kind").as_string().c_str(),
                  in_words(one).c_str(), one.at("channel").as_string().c_str());
    }
    if (all.empty()) std::printf("nothing was said yet\n");
  });
}

// --- a yes that waits -----------------------------------------------------------------------

void pending(program& in, const std::string& who) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, who);
  const auto all = need(reader.waiting(id), "reading what was said");
  const json::value told = tree_of(need(waiting_to_json(reader, all), "what waits"));
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"waiting", told}}, [&] {
    for (const json::value& one : told.as_array()) {
      std::string what;
      for (const json::value& each : one.at("purposes").as_array()) {
        what.append(what.empty() ? "" : ", ").append(each.as_string());
      }
      std::printf("%3lld  noted %s by %lld, until %s: %s%s\n",
                  static_cast<long long>(one.at("sequence").to_number<std::int64_t>()),
                  one.at("noted_at").as_string().c_str(),
                  static_cast<long long>(one.at("noted_by").to_number<std::int64_t>()),
                  one.at("until").as_string().c_str(), what.c_str(),
                  one.at("asked").as_bool() ? " (a token is under way)" : "");
    }
    if (all.empty()) std::printf("no yes of this customer waits\n");
  });
}

struct confirm_options {
  std::string who, evidence, reference;
  std::uint32_t number = 0;
};

void confirm(program& in, const confirm_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  consent_evidence document;
  if (!document.reference.fits(what.reference)) {
    fail({errc::limit_exceeded, "a reference has at most 64 bytes"}, "--reference");
  }
  document.reference = short_text<64>(what.reference);
  const std::string content = content_of(what.evidence, "--evidence");
  // Of nothing there is a hash too.
  if (content.empty()) fail({errc::missing_field, "the document is empty"}, "--evidence");
  document.hash = crypto::hash(as_bytes(content));
  const consent_effect effect =
      need(writer.confirm(id, what.number, document), "confirming a consent");
  const json::value told = tree_of(need(confirmed_to_json(writer, id, effect), "the effect"));
  json::object answer = told.as_object();
  answer["customer"] = hex<std::string>(id.bytes);
  in.answer(answer, [&] {
    std::printf("directive %u of this customer: grant, confirmed\n", effect.sequence);
    print_cells("+", answer.at("opened").as_array());
    if (const auto* why = answer.if_contains("opens_nothing_because")) {
      std::printf("recorded; it opens nothing because %s\n", why->as_string().c_str());
    }
  });
}

void add_waiting(command group, program& in) {
  auto list = group.add_command(
      "pending", "What of a customer's yes waits, since nobody but who noted it has said so");
  in.takes_book(list);
  auto who = std::make_shared<std::string>();
  list.add_option("customer", *who, "Public id, or SYSTEM:VALUE").required();
  list.callback([&in, who] { pending(in, *who); });

  auto second = group.add_command(
      "confirm", "Confirm what somebody else has noted, with the document that shows it");
  in.takes_book(second);
  auto what = std::make_shared<confirm_options>();
  second.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  second.add_option("number", what->number, "Its number (`consent pending`)").required();
  second.add_option("--evidence", what->evidence, "File of the document; its hash is kept")
      .required();
  second.add_option("--reference", what->reference, "Where the document lies");
  second.callback([&in, what] { confirm(in, *what); });

  auto ask = group.add_command(
      "ask", "A token to send to the customer, who brings it back (double opt-in)");
  in.takes_book(ask);
  auto wanted = std::make_shared<confirm_options>();
  ask.add_option("customer", wanted->who, "Public id, or SYSTEM:VALUE").required();
  ask.add_option("number", wanted->number, "Its number (`consent pending`)").required();
  ask.callback([&in, wanted] {
    const book opened = in.open();
    session writer = in.begin(opened);
    const customer_id id = program::customer(writer, wanted->who);
    const opt_in_token token = need(writer.ask_opt_in(id, wanted->number), "drawing a token");
    in.answer({{"token", token.text}, {"until", text(token.until)}}, [&] {
      std::printf("%s\nto be brought back before %s\n", token.text.c_str(),
                  text(token.until).c_str());
    });
  });

  auto back = group.add_command("bring", "The customer has brought back their token");
  in.takes_book(back);
  auto token = std::make_shared<std::string>();
  back.add_option("token", *token, "64 digits").required();
  back.callback([&in, token] {
    const book opened = in.open();
    session writer = in.begin(opened);
    const recorded done = need(writer.bring_opt_in(*token), "taking a token");
    in.answer({{"sequence", done.sequence}},
              [&] { std::printf("directive %u: confirmed by the customer\n", done.sequence); });
  });
}

// --- how old somebody is ----------------------------------------------------------------------

struct age_options {
  std::string who, document, born, reference, evidence;
  int at_least = 0;
  std::uint32_t confirms = 0;
};

age_proof seen_in(const age_options& what) {
  age_proof out;
  out.document = need(find_age_document(what.document), "--document");
  if (!what.born.empty()) out.born = need(parse_date(what.born), "--born");
  out.at_least = static_cast<std::uint8_t>(what.at_least);
  if (!out.reference.fits(what.reference)) {
    fail({errc::limit_exceeded, "a reference has at most 64 bytes"}, "--reference");
  }
  out.reference = short_text<64>(what.reference);
  if (what.evidence.empty()) return out;
  const std::string content = content_of(what.evidence, "--evidence");
  if (content.empty()) fail({errc::missing_field, "the document is empty"}, "--evidence");
  out.hash = crypto::hash(as_bytes(content));
  return out;
}

void age_pending(program& in, session& reader, const customer_id& id) {
  const auto all = need(reader.age_proofs(id), "reading what was said");
  const json::value told = tree_of(need(age_proofs_to_json(all), "what waits"));
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"waiting", told}}, [&] {
    for (const waiting_age_proof& one : all) {
      std::printf("%3u  %s, noted %s by %u, to be confirmed before %s\n", one.sequence,
                  std::string(name_of(one.document)).c_str(), text(one.noted_at).c_str(),
                  one.noted_by.value, text(one.until).c_str());
    }
    if (all.empty()) std::printf("no proof of age of this customer waits\n");
  });
}

void note_age(program& in, session& writer, const customer_id& id, const age_options& what) {
  const recorded done = need(writer.note_age_proof(id, seen_in(what)), "noting a proof of age");
  in.answer({{"customer", hex<std::string>(id.bytes)},
             {"sequence", done.sequence},
             {"repeated", done.repeated}},
            [&] {
              std::printf(done.repeated ? "nothing was added: number %u says so, and waits\n"
                                        : "noted as number %u\n",
                          done.sequence);
              std::printf(
                  "it changes nothing until somebody else has seen the document too: `clientbook "
                  "consent age BOOK CUSTOMER --confirm %u --document ... --born ...`\n",
                  done.sequence);
            });
}

void confirm_age(program& in, session& writer, const customer_id& id, const age_options& what) {
  const consent_effect done =
      need(writer.confirm_age_proof(id, what.confirms, seen_in(what)), "confirming a proof of age");
  const json::value told = tree_of(need(confirmed_to_json(writer, id, done), "the effect"));
  json::object answer = told.as_object();
  answer["customer"] = hex<std::string>(id.bytes);
  in.answer(answer, [&] {
    std::printf("directive %u of this customer: proof of age, seen by two\n", done.sequence);
    print_cells("-", answer.at("closed").as_array());
    std::printf(
        "it counts for what is agreed to from now on; what was agreed to before is worth what it "
        "was\n");
  });
}

void age(program& in, const age_options& what) {
  const book opened = in.open();
  session user = in.begin(opened);
  const customer_id id = program::customer(user, what.who);
  if (what.confirms != 0) return confirm_age(in, user, id, what);
  if (what.document.empty()) return age_pending(in, user, id);
  note_age(in, user, id, what);
}

void add_age(command group, program& in) {
  auto command = group.add_command(
      "age",
      "What shows how old a customer is, of whom the book takes for younger: one person notes it, "
      "another confirms it; without a document: what waits");
  in.takes_book(command);
  auto what = std::make_shared<age_options>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  auto document = command.add_option(
      "--document", what->document,
      "What you have before you: identity_card, passport, driving_licence, residence_permit, "
      "birth_certificate or other");
  auto born = command.add_option("--born", what->born, "Day of birth on it: YYYY-MM-DD");
  auto least = command
                   .add_option("--at-least", what->at_least,
                               "Or how many years old it shows them to be at least")
                   .in_range(1, 130);
  born.excludes(least).needs(document);
  least.needs(document);
  command
      .add_option("--reference", what->reference,
                  "Where it was seen, at most 64 bytes; never its number")
      .needs(document);
  command.add_option("--evidence", what->evidence, "File of the document; its hash is kept")
      .needs(document);
  command
      .add_option("--confirm", what->confirms,
                  "Number of what somebody else has noted: you have seen the same")
      .needs(document)
      .positive();
  command.callback([&in, what] { age(in, *what); });
}

void add_how_it_was_said(command to, consent_options& what) {
  to.add_option("--by", what.by, "Who said it: subject, guardian, agent, controller, authority")
      .show_default();
  to.add_option("--channel", what.channel, "How: store, web, phone, paper, import or other")
      .show_default();
  to.add_option("--evidence", what.evidence, "Reference to what proves it");
  to.add_option("--at", what.at,
                "When it was said: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ; default: now");
}

void add_kind(command group, program& in, const char* name, const char* help, directive_kind kind) {
  auto command = group.add_command(name, help);
  in.takes_book(command);
  auto what = std::make_shared<consent_options>();
  const bool opens = kind == directive_kind::grant || kind == directive_kind::basis_assertion;
  const bool lifts = kind == directive_kind::lift;
  what->recipients = {opens ? "self" : "all"};
  if (lifts) what->purposes = {"all"};
  if (kind == directive_kind::basis_assertion) what->by = "controller";
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  auto purposes = command.add_option("-p,--purpose", what->purposes, "Purposes").delimiter(',');
  if (!lifts) purposes.required();
  command.add_option("--to", what->recipients, "Recipients: classes or parties")
      .delimiter(',')
      .show_default();
  command.add_option("--category", what->categories, "Data categories, or all")
      .delimiter(',')
      .show_default();
  command.add_option("--operation", what->operations, "Operations").delimiter(',');
  if (kind != directive_kind::basis_assertion && !lifts) {
    command
        .add_option("--contact", what->contacts,
                    "An e-mail address or phone number of the customer that it is about alone, or "
                    "FIELD:VALUE")
        .delimiter(';');
  }
  add_how_it_was_said(command, *what);
  if (opens || kind == directive_kind::deny || kind == directive_kind::object ||
      kind == directive_kind::restrict) {
    command.add_option("--expires", what->expires,
                       "Until when it holds: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, in the future");
  }
  auto former = command
                    .add_option("--supersedes", what->supersedes,
                                "Numbers of earlier decisions that it overrides "
                                "(`consent history`); needs --evidence to count")
                    .delimiter(',');
  if (lifts) former.required();
  if (kind == directive_kind::grant) {
    command.add_option("--notice", what->notice, "Title of the notice that was shown").required();
    command.add_option("--strength", what->strength, "implied, expressed or explicit")
        .show_default();
    command.add_option("--receipt", what->receipt,
                       "File: receipt of the Kantara Initiative, 1.1, as evidence");
  }
  if (kind == directive_kind::basis_assertion) {
    command
        .add_option("--basis", what->basis,
                    "contract, legal_obligation, vital_interest, public_task, "
                    "legitimate_interest or business_purpose")
        .required();
    command.option_named("--evidence").required();
  }
  command.callback([&in, what, kind] { record(in, *what, kind); });
}

}  // namespace

void add_consent_commands(command app, program& in) {
  auto group = app.add_command("consent", "What a customer has decided");
  group.require_command();
  add_kind(group, in, "grant", "The customer agrees", directive_kind::grant);
  add_kind(group, in, "withdraw", "The customer takes back what was granted",
           directive_kind::withdraw);
  add_kind(group, in, "deny", "The customer says no, now and for later", directive_kind::deny);
  add_kind(group, in, "object", "The customer objects (GDPR 21)", directive_kind::object);
  add_kind(group, in, "restrict", "The customer asks for restriction (GDPR 18)",
           directive_kind::restrict);
  add_kind(group, in, "lift", "Ends denials, objections or restrictions, by number",
           directive_kind::lift);
  add_kind(group, in, "assert", "The shop states that a legal basis is there, with evidence",
           directive_kind::basis_assertion);
  add_move(group, in);
  add_waiting(group, in);
  add_age(group, in);
  auto past = group.add_command("history", "All that was said, oldest first");
  in.takes_book(past);
  auto who = std::make_shared<std::string>();
  past.add_option("customer", *who, "Public id, or SYSTEM:VALUE").required();
  past.callback([&in, who] { history(in, *who); });
  auto compile = group.add_command(
      "compile", "Go on with what a change of recipients or the law left to be compiled anew");
  in.takes_book(compile);
  compile.callback([&in] {
    const book opened = in.open();
    session writer = in.begin(opened);
    const std::uint64_t done = compile_consents(in, writer);
    in.answer({{"compiled", done}}, [&] {
      if (done == 0) {
        std::printf("Nothing to do: the consents of every customer are compiled.\n");
      } else {
        std::printf("Compiled anew: the consents of %llu customers.\n",
                    static_cast<unsigned long long>(done));
      }
    });
  });
  add_consent_exchange_commands(group, in);
}

}  // namespace clientbook::cli
