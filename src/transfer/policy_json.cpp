// Law profiles of a book in words: what they are, and what another one would open and close.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/profile_file.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/policy_json.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <vector>

namespace clientbook {
namespace {

namespace json = boost::json;

std::string time_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

result<json::object> facts_of(const law_profile& law) {
  std::vector<std::byte> room(max_profile_bytes);
  const auto canonical = encode_profile(law, room);
  if (!canonical) return canonical.error();
  return json::object{{"name", law.name},
                      {"id", law.id.value},
                      {"version", law.version},
                      {"title", law.title},
                      {"unverified", law.unverified},
                      {"digest", hex<std::string>(profile_digest(*canonical))}};
}

json::array keys_in(field_set set, const schema& fields) {
  json::array out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (set.has(field.number)) out.emplace_back(field.key);
  }
  return out;
}

json::array changes_of(std::span<const profile_change> all, const recipient_registry& registry,
                       const schema& fields) {
  json::array out;
  for (const profile_change& one : all) {
    const auto operation = facts(one.operation);
    out.push_back({{"recipient", word_for(one.recipient, registry)},
                   {"purpose", word_for(one.purpose)},
                   {"operation", operation ? operation->name : std::string_view()},
                   {"opened", keys_in(one.opened, fields)},
                   {"closed", keys_in(one.closed, fields)}});
  }
  return out;
}

result<json::object> effect_object(session& in, const profile_effect& effect) {
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  return json::object{{"newcomers", changes_of(effect.newcomers, **registry, in.fields())},
                      {"customers", changes_of(effect.customers, **registry, in.fields())},
                      {"customers_opened", effect.customers_opened},
                      {"customers_closed", effect.customers_closed}};
}

// Of a profile what whoever approves it must see.
result<void> tell_profile(session& in, const policy_proposal& one, json::object& to) {
  const auto file = open_signed_profile(one.content);
  if (!file) return file.error();
  const auto room = std::make_unique<profile_room>();
  const auto law = decode_profile(file->canonical, *room);
  if (!law) return law.error();
  auto told = facts_of(*law);
  if (!told) return told.error();
  to["profile"] = std::move(*told);
  to["signed_by"] = hex<std::string>(file->key);
  const auto effect = in.effect_of(one.content, one.kind);
  if (!effect) return effect.error();
  auto shown = effect_object(in, *effect);
  if (!shown) return shown.error();
  to["effect"] = std::move(*shown);
  return {};
}

result<json::object> proposal_object(session& in, const policy_proposal& one) {
  json::object out{{"number", one.number},
                   {"kind", word_of(one.kind)},
                   {"by", one.proposer.value},
                   {"at", time_of(one.at)}};
  if (one.kind == policy_kind::profile || one.kind == policy_kind::add_profile) {
    if (auto told = tell_profile(in, one, out); !told) return told.error();
  } else {
    out["key"] = hex<std::string>(one.content);
  }
  return out;
}

}  // namespace

std::string_view word_of(policy_kind kind) noexcept {
  switch (kind) {
    case policy_kind::profile:
      return "profile";
    case policy_kind::trust_key:
      return "trust_key";
    case policy_kind::distrust_key:
      return "distrust_key";
    case policy_kind::add_profile:
      return "add_profile";
  }
  return {};
}

result<std::string> policy_to_json(session& in) try {
  const auto waits = in.proposal();
  if (!waits) return waits.error();
  const auto keys = in.profile_keys();
  if (!keys) return keys.error();
  json::object out{
      {"profiles", json::array()}, {"trusted_keys", json::array()}, {"proposal", nullptr}};
  for (const auto& law : in.profiles()) {
    auto told = facts_of(*law);
    if (!told) return told.error();
    out["profiles"].as_array().push_back(std::move(*told));
  }
  for (const crypto::verifying_key& one : *keys) {
    out["trusted_keys"].as_array().emplace_back(hex<std::string>(one));
  }
  if (*waits) {
    auto told = proposal_object(in, **waits);
    if (!told) return told.error();
    out["proposal"] = std::move(*told);
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> effect_to_json(session& in, const profile_effect& effect) try {
  const auto out = effect_object(in, effect);
  if (!out) return out.error();
  return json::serialize(*out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
