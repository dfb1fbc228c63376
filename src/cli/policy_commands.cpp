// profile status | trust | distrust | propose | approve
#include <boost/json/array.hpp>
#include <cstdio>
#include <memory>

#include "profile_source.hpp"
#include "program.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct effect_shown {
  json::object machine;
  json::array newcomers, customers;
  std::uint64_t opened = 0, closed = 0;
};

effect_shown effect_of(session& in, byte_view signed_profile, policy_kind how) {
  const profile_effect effect = need(in.effect_of(signed_profile, how), "what the profile changes");
  const recipient_registry registry = *need(in.recipients(), "reading the registry");
  effect_shown out{.newcomers = changes_of(effect.newcomers, registry, in.fields()),
                   .customers = changes_of(effect.customers, registry, in.fields()),
                   .opened = effect.customers_opened,
                   .closed = effect.customers_closed};
  out.machine = {{"newcomers", out.newcomers},
                 {"customers", out.customers},
                 {"customers_opened", out.opened},
                 {"customers_closed", out.closed}};
  return out;
}

void print(const effect_shown& effect) {
  std::printf("with nothing said (+ opens, - closes):\n");
  print_changes(effect.newcomers);
  std::printf("for at least one customer of this book:\n");
  print_changes(effect.customers);
  std::printf("something opens for %llu customers, something closes for %llu\n",
              static_cast<unsigned long long>(effect.opened),
              static_cast<unsigned long long>(effect.closed));
}

const char* name_of(policy_kind kind) {
  switch (kind) {
    case policy_kind::profile:
      return "profile";
    case policy_kind::trust_key:
      return "trust";
    case policy_kind::distrust_key:
      return "distrust";
    case policy_kind::add_profile:
      return "add profile";
  }
  return "unknown";
}

/// A proposal with all that whoever approves it must see.
struct proposal_shown {
  json::object machine;
  std::unique_ptr<profile_source> profile;  // or a key:
  std::string key;
  effect_shown effect;
};

proposal_shown show(session& in, const policy_proposal& one) {
  proposal_shown out;
  out.machine = {{"number", one.number},
                 {"kind", name_of(one.kind)},
                 {"proposer", one.proposer.value},
                 {"at", text(one.at)}};
  if (one.kind == policy_kind::profile || one.kind == policy_kind::add_profile) {
    out.profile = read_signed_profile(one.content);
    out.effect = effect_of(in, one.content, one.kind);
    out.machine["profile"] = summary_of(*out.profile);
    out.machine["effect"] = out.effect.machine;
  } else {
    out.key = hex<std::string>(one.content);
    out.machine["key"] = out.key;
  }
  return out;
}

void print(const policy_proposal& one, const proposal_shown& shown) {
  std::printf("proposal %u (%s), by actor %u on %s\n", one.number, name_of(one.kind),
              one.proposer.value, text(one.at).c_str());
  if (shown.profile) {
    print_summary(*shown.profile);
    print(shown.effect);
  } else {
    std::printf("key %s\n", shown.key.c_str());
  }
}

json::object facts_of(const law_profile& law) {
  std::vector<std::byte> room(max_profile_bytes);
  const std::string digest =
      hex<std::string>(profile_digest(need(encode_profile(law, room), "reading the policy")));
  return {{"name", law.name},   {"id", law.id.value},           {"version", law.version},
          {"title", law.title}, {"unverified", law.unverified}, {"digest", digest}};
}

void status(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  json::array keys, laws;
  for (const crypto::verifying_key& one : need(reader.profile_keys(), "reading the policy")) {
    keys.emplace_back(hex<std::string>(one));
  }
  const auto waiting = need(reader.proposal(), "reading the policy");
  for (const auto& one : reader.profiles()) laws.push_back(facts_of(*one));
  json::object machine{
      {"profile", laws.front()}, {"profiles", laws}, {"trusted_keys", keys}, {"proposal", nullptr}};
  proposal_shown shown;
  if (waiting) {
    shown = show(reader, *waiting);
    machine["proposal"] = shown.machine;
  }
  in.answer(machine, [&] {
    for (const json::value& one : laws) {
      std::printf("The book follows %s, version %lld: %s\nnot verified: %s\ndigest %s\n",
                  one.at("name").as_string().c_str(),
                  static_cast<long long>(one.at("version").to_number<std::int64_t>()),
                  one.at("title").as_string().c_str(), one.at("unverified").as_string().c_str(),
                  one.at("digest").as_string().c_str());
    }
    for (const json::value& one : keys) std::printf("trusts %s\n", one.as_string().c_str());
    if (waiting) print(*waiting, shown);
  });
}

void tell_proposal(program& in, session& writer, std::uint32_t number) {
  const auto waiting = need(writer.proposal(), "reading the policy");
  if (!waiting || waiting->number != number) {
    fail({errc::not_found, "somebody has replaced the proposal"}, "proposing");
  }
  const proposal_shown shown = show(writer, *waiting);
  in.answer(shown.machine, [&] {
    print(*waiting, shown);
    std::printf("Nothing is in force yet: another person looks at this and approves number %u.\n",
                number);
  });
}

void propose(program& in, policy_kind kind, byte_view content) {
  const book opened = in.open();
  session writer = in.begin(opened);
  tell_proposal(in, writer, need(writer.propose_policy(kind, content), "proposing"));
}

void propose_key(program& in, policy_kind kind, const std::string& text) {
  crypto::verifying_key key{};
  if (text.size() != 2 * key.size() || !parse_hex(text, key)) {
    fail({errc::invalid_value, "want 64 hexadecimal digits, as `profile new-key` prints"},
         "the key");
  }
  propose(in, kind, key);
}

void propose_profile(program& in, const std::string& file, bool added) {
  const policy_kind how = added ? policy_kind::add_profile : policy_kind::profile;
  const auto built_in = find_profile(file);
  if (added && built_in) {
    const book opened = in.open();
    session writer = in.begin(opened);
    return tell_proposal(in, writer,
                         need(writer.propose_profile(how, (*built_in)->id), "proposing"));
  }
  const auto source = load_profile(file);
  if (!source->signer) {
    fail({errc::signature_invalid, "the profile is not signed: see `clientbook profile sign`"},
         "proposing");
  }
  propose(in, how, source->file);
}

void approve(program& in, std::uint32_t number) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const auto waiting = need(writer.proposal(), "reading the policy");
  if (!waiting || waiting->number != number) {
    fail({errc::not_found, "no such proposal: see `clientbook profile status`"}, "approving");
  }
  const proposal_shown shown = show(writer, *waiting);
  const policy_change done = need(writer.approve_policy(number), "approving");
  compile_consents(in, writer);
  json::object machine = shown.machine;
  machine["ledger_index"] = done.ledger_index;
  machine["entry"] = hex<std::string>(done.entry.bytes);
  machine["digest"] = hex<std::string>(done.digest);
  in.answer(machine, [&] {
    print(*waiting, shown);
    std::printf("Approved: in force. Ledger entry %llu.\n",
                static_cast<unsigned long long>(done.ledger_index));
  });
}

}  // namespace

void add_policy_commands(command group, program& in) {
  {
    auto command = group.add_command(
        "status", "Which one a book follows, whose signatures it trusts, what is proposed");
    in.takes_book(command);
    command.callback([&in] { status(in); });
  }
  for (const auto& [name, kind, about] :
       {std::tuple("trust", policy_kind::trust_key,
                   "Propose that a book trusts profiles signed by a key"),
        std::tuple("distrust", policy_kind::distrust_key,
                   "Propose that a book no longer trusts a key")}) {
    auto command = group.add_command(name, about);
    in.takes_book(command);
    auto key = std::make_shared<std::string>();
    command.add_option("public-key", *key, "64 hexadecimal digits").required();
    command.callback([&in, key, what = kind] { propose_key(in, what, *key); });
  }
  {
    auto command = group.add_command(
        "propose", "Propose that a book follows a signed profile; prints what it newly permits");
    in.takes_book(command);
    auto file = std::make_shared<std::string>();
    command.add_option("file", *file, "Made by `profile sign`; with --add also a name").required();
    auto added = std::make_shared<bool>(false);
    command.add_flag("--add", *added,
                     "Beside the profiles that the book follows, for customers who live there");
    command.callback([&in, file, added] { propose_profile(in, *file, *added); });
  }
  {
    auto command = group.add_command(
        "approve", "Put a proposal in force, as another person than who proposed it");
    in.takes_book(command);
    auto number = std::make_shared<std::uint32_t>(0);
    command.add_option("number", *number, "Of the proposal").required();
    command.callback([&in, number] { approve(in, *number); });
  }
}

}  // namespace clientbook::cli
