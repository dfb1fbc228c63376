// credential list, half, enrol, confirm, revoke, renew, change, require, approve: who shows who
// they are, and what takes it.
#include <clientbook/open/credentials.hpp>
#include <clientbook/transfer/credentials_json.hpp>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "program.hpp"
#include "root_key.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

void print_one(const credential_record& one, timestamp now) {
  std::string roles;
  for (const actor_role role : all_roles()) {
    if (!one.roles.has(role)) continue;
    roles.append(roles.empty() ? "" : ", ").append(name_of(role));
  }
  std::printf("%u  actor %u, %s: %s, %s\n", one.number, one.whose.value, roles.c_str(),
              one.name.c_str(), std::string(name_of(one.key.kind)).c_str());
  std::printf("   enrolled by %u on %s", one.enrolled_by.value, text(one.enrolled_at).c_str());
  if (one.confirmed_by != actor_id()) std::printf(", confirmed by %u", one.confirmed_by.value);
  if (one.state == credential_state::in_force && one.confirmed_by == actor_id()) {
    std::printf(", confirmed by nobody");
  }
  if (one.until != timestamp{}) {
    std::printf(", %s %s", one.until <= now ? "ended on" : "until", text(one.until).c_str());
  }
  if (one.state == credential_state::waits) std::printf(", waits to be confirmed");
  if (one.state == credential_state::revoked) {
    std::printf(", revoked by %u on %s", one.revoked_by.value, text(one.revoked_at).c_str());
  }
  std::printf("\n");
}

void list(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const auto all = need(reader.credentials(), "reading credentials");
  const credential_settings taken = need(reader.credentials_taken(), "reading credentials");
  json::object machine{
      {"credentials", json::parse(need(credentials_to_json(all), "the answer"))},
      {"taken", json::parse(need(credential_settings_to_json(taken), "the answer"))}};
  in.answer(machine, [&] {
    std::printf("credentials are taken of: %s\n", std::string(name_of(taken.use)).c_str());
    if (taken.proposed) {
      std::printf("proposal %u by actor %u: %s\n", taken.proposed->number,
                  taken.proposed->by.id.value,
                  std::string(name_of(taken.proposed->wanted)).c_str());
    }
    const timestamp now = reader.request({}).now;
    for (const credential_record& one : all) print_one(one, now);
  });
}

struct enrolled {
  std::uint32_t whose = 0;
  std::vector<std::string> roles;
  std::string name;
  std::uint32_t days = 0;
  std::string half;  ///< Given in place of a secret.
  new_secrets from;
};

std::string text_of(const credential_key& key) {
  return std::string(name_of(key.kind)) + ":" + hex<std::string>(key.key);
}

credential_key read_half(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  credential_key out;
  bool known = false;
  for (const credential_kind one :
       {credential_kind::passphrase, credential_kind::key_file, credential_kind::key_pair}) {
    if (name_of(one) != text.substr(0, colon)) continue;
    out.kind = one;
    known = true;
  }
  if (!known || !parse_hex(std::string_view(text).substr(colon + 1), out.key)) {
    fail({errc::invalid_argument,
          "want what `credential half` prints, or key_pair: and 64 hexadecimal digits"},
         "--half");
  }
  return out;
}

// What somebody hands to who enrols them, who then never has their secret.
void print_half(program& in, const new_secrets& from) {
  const book opened = in.open();
  const credential_challenge drawn = need(opened.challenge(in.who()), "a new credential");
  new_credential_secret secret(in, from);
  const credential_key key =
      need(new_credential_key(secret.get(), drawn.terms), "a new credential");
  secret.keep();
  in.answer({{"half", text_of(key)}}, [&] { std::printf("%s\n", text_of(key).c_str()); });
}

// The key of a new credential, and the secret where it is made here.
struct new_half {
  std::unique_ptr<new_credential_secret> secret{};
  credential_key key{};
};

new_half half_of(program& in, const enrolled& said, session& by) {
  new_half out;
  if (!said.half.empty()) {
    out.key = read_half(said.half);
    return out;
  }
  const credential_terms terms = need(by.terms_of_credentials(), "reading credentials");
  out.secret = std::make_unique<new_credential_secret>(in, said.from);
  out.key = need(new_credential_key(out.secret->get(), terms), "a new credential");
  return out;
}

void enrol(program& in, const enrolled& said) {
  role_set roles;
  for (const std::string& one : said.roles) roles |= need(find_role(one), "--as");
  const book opened = in.open();
  session by = in.begin(opened);
  const new_half half = half_of(in, said, by);
  const std::uint32_t number = need(by.enrol_credential({.whose = actor_id(said.whose),
                                                         .roles = roles,
                                                         .name = said.name,
                                                         .key = half.key,
                                                         .days = said.days}),
                                    "enrolling");
  if (half.secret) half.secret->keep();
  const auto all = need(by.credentials(), "reading credentials");
  const auto one = std::ranges::find(all, number, &credential_record::number);
  const bool waits = one != all.end() && one->state == credential_state::waits;
  in.answer({{"number", number}, {"waits", waits}}, [&] {
    std::printf("credential %u%s\n", number,
                waits ? ": somebody else confirms it (credential confirm) within 7 days"
                      : " is in force, and nobody else has confirmed it");
  });
}

void change(program& in, const new_secrets& from) {
  const book opened = in.open();
  session by = in.begin(opened);
  const slot_secret now = in.proof();
  new_credential_secret next(in, from);
  const credential_challenge drawn = need(opened.challenge(in.who()), "a new credential");
  const credential_key key = need(new_credential_key(next.get(), drawn.terms), "a new credential");
  const credential_proof again = need(prove(drawn, credential_of(now)), "a new credential");
  need(by.change_credential(again, key), "changing");
  next.keep();
  in.answer({{"changed", true}}, [] { std::printf("changed: the former opens nothing more\n"); });
}

void take(program& in, const std::string& wanted) {
  credential_use use = credential_use::none;
  for (const credential_use one :
       {credential_use::none, credential_use::second_persons, credential_use::everybody}) {
    if (name_of(one) == wanted) use = one;
  }
  if (name_of(use) != wanted) {
    fail({errc::invalid_argument, "want none, second_persons or everybody"}, "requiring");
  }
  const book opened = in.open();
  session by = in.begin(opened);
  const std::uint32_t number = need(by.propose_credential_use(use), "proposing");
  in.answer({{"proposal", number}}, [&] {
    std::printf("proposal %u: somebody else approves it (credential approve %u)\n", number, number);
  });
}

void approve(program& in, std::uint32_t number) {
  const book opened = in.open();
  session by = in.begin(opened);
  const policy_change done = need(by.approve_credential_use(number), "approving");
  in.answer({{"proposal", number}, {"ledger_index", done.ledger_index}}, [&] {
    std::printf("in force; entry %llu of the ledger\n",
                static_cast<unsigned long long>(done.ledger_index));
  });
}

// One credential by number.
void add_numbered(command group, program& in, const char* name, const char* about,
                  const std::function<void(session&, std::uint32_t)>& run) {
  auto command = group.add_command(name, about);
  in.takes_book(command);
  auto number = std::make_shared<std::uint32_t>(0);
  command.add_option("number", *number, "Its number in `credential list`").required();
  command.callback([&in, number, run, name] {
    const book opened = in.open();
    session by = in.begin(opened);
    run(by, *number);
    in.answer({{"number", *number}, {name, true}}, [&] { std::printf("done\n"); });
  });
}

void takes_new_secret(command to, new_secrets& what) {
  to.add_flag("--new-passphrase", what.passphrase, "A passphrase, asked for twice");
  to.add_option("--new-passphrase-file", what.passphrase_file,
                "A passphrase, read from a file of one line");
  to.add_option("--new-key-file", what.key_file,
                "A new key file, which is made there, or a key in a token (pkcs11:...)");
  to.add_option("--new-identity", what.identity,
                "A key file, a file of age's identities, or a key in a token, that is there "
                "already");
}

void add_enrol(command group, program& in) {
  auto command = group.add_command("enrol", "A credential for somebody");
  in.takes_book(command);
  auto said = std::make_shared<enrolled>();
  command.add_option("whose", said->whose, "Number of the actor whose it is").required();
  command.add_option("--as", said->roles, "A role that it may act in, several").required();
  command.add_option("--name", said->name, "Who it is: one line").required();
  command.add_option("--days", said->days, "Its lease; 0: without an end").show_default();
  takes_new_secret(command, said->from);
  command.add_option("--half", said->half,
                     "What they have printed with `credential half`, in place of their secret");
  command.callback([&in, said] { enrol(in, *said); });
  auto half = group.add_command(
      "half", "What somebody hands to who enrols them, who never has their secret then");
  in.takes_book(half);
  auto from = std::make_shared<new_secrets>();
  takes_new_secret(half, *from);
  half.callback([&in, from] { print_half(in, *from); });
}

}  // namespace

void add_credential_commands(command app, program& in) {
  auto group = app.add_command("credential", "Who shows who they are, and what takes it");
  group.require_command();
  auto all = group.add_command("list", "Who has which, and what takes one");
  in.takes_book(all);
  all.callback([&in] { list(in); });
  add_enrol(group, in);
  add_numbered(
      group, in, "confirm", "Confirm what somebody else has enrolled",
      [](session& by, std::uint32_t number) { need(by.confirm_credential(number), "confirming"); });
  add_numbered(
      group, in, "revoke", "It opens nothing from the next call on, for good",
      [](session& by, std::uint32_t number) { need(by.revoke_credential(number), "revoking"); });
  auto renewed = group.add_command("renew", "Another lease from today on");
  in.takes_book(renewed);
  auto number = std::make_shared<std::uint32_t>(0);
  auto days = std::make_shared<std::uint32_t>(0);
  renewed.add_option("number", *number, "Its number in `credential list`").required();
  renewed.add_option("--days", *days, "0: without an end").required();
  renewed.callback([&in, number, days] {
    const book opened = in.open();
    session by = in.begin(opened);
    need(by.renew_credential(*number, *days), "renewing");
    in.answer({{"number", *number}, {"renewed", true}}, [] { std::printf("done\n"); });
  });
  auto changed = group.add_command("change", "Another passphrase or key for one's own");
  in.takes_book(changed);
  auto next = std::make_shared<new_secrets>();
  takes_new_secret(changed, *next);
  changed.callback([&in, next] { change(in, *next); });
  auto require = group.add_command("require", "Propose what takes a credential");
  in.takes_book(require);
  auto wanted = std::make_shared<std::string>();
  require.add_option("of", *wanted, "none, second_persons or everybody").required();
  require.callback([&in, wanted] { take(in, *wanted); });
  auto approved = group.add_command("approve", "Put somebody else's proposal in force");
  in.takes_book(approved);
  auto proposal = std::make_shared<std::uint32_t>(0);
  approved.add_option("number", *proposal, "Its number in `credential list`").required();
  approved.callback([&in, proposal] { approve(in, *proposal); });
}

}  // namespace clientbook::cli
