// One JSON object, in the order in which a person asks: what, why, under which law, until when,
// and who said it.
#include <clientbook/base/hex.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/explanation_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace clientbook {
namespace {

namespace json = boost::json;

constexpr timestamp end_of_calendar{253'402'300'799};  // 9999-12-31T23:59:59Z

std::string text(timestamp instant) {
  char out[20];
  write_timestamp(instant, out);
  return {out, 20};
}

json::array names_of(const obligation_set& required) {
  json::array out;
  for (std::uint8_t i = 0; i < 16; ++i) {
    if (required.contains(obligation{i})) out.push_back(json::string(name_of(obligation{i})));
  }
  return out;
}

json::object about(const directive& said, std::span<const privacy_notice> notices) {
  json::object out{{"id", hex<std::string>(said.id.bytes)},
                   {"sequence", said.sequence},
                   {"kind", name_of(said.kind)},
                   {"at", text(said.event_at)}};
  for (const privacy_notice& shown : notices) {
    if (shown.id != said.notice.id || shown.version != said.notice.version) continue;
    out["notice"] = json::object{{"title", shown.title.view()},
                                 {"version", shown.version},
                                 {"hash", hex<std::string>(shown.hash)}};
  }
  return out;
}

json::object about(const law_profile& law) {
  return {{"name", law.name}, {"version", law.version}, {"unverified", law.unverified}};
}

// Whose rule has decided.
std::shared_ptr<const law_profile> law_of(session& from, const explanation& why) {
  for (const auto& one : from.profiles()) {
    if (one->id == why.profile) return one;
  }
  return from.profile();
}

result<void> add_directive(json::object& out, session& from, const customer_id& id,
                           const explanation& why) {
  const auto said = from.directives(id);
  if (!said) return said.error();
  const auto notices = from.notices();
  if (!notices) return notices.error();
  for (const directive& one : *said) {
    if (one.sequence == why.sequence) out["directive"] = about(one, *notices);
  }
  return {};
}

// Of a field, or of one contact point.
template <class What>
result<std::string> explained_json(session& from, const customer_id& id,
                                   const decision_request& request, const What& what,
                                   language speech) try {
  const auto why = from.explain(id, request, what);
  if (!why) return why.error();
  const auto sentence = from.describe(id, request, what, speech);
  if (!sentence) return sentence.error();
  json::object out{{"customer", hex<std::string>(id.bytes)},
                   {"decision", why->permitted ? "permit" : "deny"},
                   {"stage", why->stage},
                   {"code", name_of(why->code)},
                   {"profile", about(*law_of(from, *why))}};
  std::array<std::byte, 64> room;
  if (const auto inputs = encode_request(request, room)) {
    out["inputs"] = hex<std::string>(crypto::hash(*inputs));
  }
  if (why->valid_until < end_of_calendar) out["valid_until"] = text(why->valid_until);
  out["obligations"] = names_of(why->required.required);
  if (why->required.mask != redaction_operator::none) {
    out["operator"] = name_of(why->required.mask);
  }
  if (why->source == rule_source::directive) {
    if (auto added = add_directive(out, from, id, *why); !added) return added.error();
  }
  out["text"] = *sentence;
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace

result<std::string> explanation_json(session& from, const customer_id& id,
                                     const decision_request& request, field_id field,
                                     language speech) {
  return explained_json(from, id, request, field, speech);
}

result<std::string> explanation_json(session& from, const customer_id& id,
                                     const decision_request& request, const contact_point& point,
                                     language speech) {
  return explained_json(from, id, request, point, speech);
}

}  // namespace clientbook
