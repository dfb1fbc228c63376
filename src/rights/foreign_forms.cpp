// Requests as the Data Rights Protocol and the Data Deletion Request Framework have them.
#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/rights/foreign_forms.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "json_parts.hpp"

namespace clientbook {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;
using transfer::wiped_memory;

namespace {

// --- Data Rights Protocol -----------------------------------------------------------------------

struct drp_state {
  std::string_view status;
  std::string_view reason;
};

drp_state drp_state_of(const request_record& of) noexcept {
  switch (of.state) {
    case request_state::waiting_for_identity:  // Its own reason wants a page to verify oneself on.
    case request_state::open:
    case request_state::extended:
      return {"in_progress", {}};
    case request_state::done:
    case request_state::closed:
      return {"fulfilled", {}};
    case request_state::withdrawn:
      return {"revoked", {}};
    case request_state::customer_erased:
      // Who wanted to be erased is, for whatever reason.
      if (of.kind == request_kind::erasure) return {"fulfilled", {}};
      break;
    case request_state::refused:
      break;
  }
  return {"denied", "other"};
}

std::string_view details_of(const request_record& of) noexcept {
  switch (of.state) {
    case request_state::waiting_for_identity:
      return "who asks is still to be verified";
    case request_state::customer_erased:
      return of.kind == request_kind::erasure ? "the customer was erased by another request"
                                              : "the customer was erased for another reason";
    case request_state::refused:
      return of.words.reason;
    case request_state::extended:
      return of.words.extension;
    default:
      return {};
  }
}

// Midnight of that day: the book knows days alone.
std::string instant_of(const date& day) { return rights::text_of(start_of(day)); }

// --- tokens -------------------------------------------------------------------------------------

constexpr std::string_view framework_version = "1.0";

std::string base64url(byte_view bytes) {
  std::string out(base64url_size(bytes.size()), '\0');
  write_base64url(bytes, {reinterpret_cast<std::byte*>(out.data()), out.size()});
  return out;
}

// RFC 7638, of an OKP key: its members in this order.
std::string thumbprint(const crypto::verifying_key& key) {
  const std::string members =
      R"({"crv":"Ed25519","kty":"OKP","x":")" + base64url(byte_view(key)) + "\"}";
  crypto::sha256_hasher hasher;
  return base64url(byte_view(hasher.update(as_bytes(members)).finish()));
}

std::string signed_token(const json::object& claims, const crypto::signing_key& key) {
  const std::string header = json::serialize(
      json::object{{"typ", "JWT"}, {"alg", "EdDSA"}, {"kid", thumbprint(key.public_key())}});
  const std::string payload = json::serialize(claims);
  std::string out = base64url(as_bytes(header)) + '.' + base64url(as_bytes(payload));
  return out + '.' + base64url(byte_view(key.sign(as_bytes(out))));
}

std::string fresh_id() {
  std::array<std::byte, 16> bytes;
  crypto::system_random random;
  // The system's randomness ends the program rather than fail.
  static_cast<void>(random.fill(bytes).has_value());
  return base64url(bytes);
}

// As the framework finds a participant: letters, digits, dots and hyphens.
result<std::string_view> domain_in(std::string_view text) noexcept {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
  if (!plain || text.size() > 253 || text.find('.') == std::string_view::npos ||
      text.starts_with('.') || text.ends_with('.') || text.find("..") != std::string_view::npos) {
    return error{errc::invalid_value, "a domain is like shop.example, in small letters"};
  }
  return text;
}

result<std::string> decoded(std::string_view text) {
  std::string out(text.size(), '\0');
  const std::size_t size =
      read_base64url(text, {reinterpret_cast<std::byte*>(out.data()), out.size()});
  if (size == 0) return error{errc::invalid_encoding, "a part of the token is not base64url"};
  out.resize(size);
  return out;
}

result<json::value> part_of_token(std::string_view part) {
  const auto text = decoded(part);
  if (!text) return text.error();
  return exchange::read_json(*text);
}

bool is_word(const json::value& in, std::string_view member, std::string_view word) {
  const json::object* all = in.if_object();
  const json::value* one = all == nullptr ? nullptr : all->if_contains(member);
  return one != nullptr && one->is_string() && one->get_string() == word;
}

// The claims of a token that this key has signed.
result<json::value> verified(std::string_view token, const crypto::verifying_key& key) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  if (first == std::string_view::npos || first == second) {
    return error{errc::invalid_encoding, "a token has three parts"};
  }
  const auto header = part_of_token(token.substr(0, first));
  if (!header) return header.error();
  if (!is_word(*header, "alg", "EdDSA")) {
    return error{errc::unsupported, "a token that is not signed with EdDSA"};
  }
  const auto sealed = decoded(token.substr(second + 1));
  if (!sealed) return sealed.error();
  crypto::signature given;
  if (sealed->size() != given.size()) {
    return error{errc::signature_invalid, "the token's signature has another size"};
  }
  copy_bytes(given, as_bytes(*sealed));
  if (auto good = crypto::verify(given, as_bytes(token.substr(0, second)), key); !good) {
    return good.error();
  }
  return part_of_token(token.substr(first + 1, second - first - 1));
}

}  // namespace

result<wiped_text> drp_status_json(std::string_view document, session& in, std::uint32_t number,
                                   std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(document, wiped_memory());
  if (!tree) return tree.error();
  json_failure failure;
  const json_node root(&*tree, "", failure);
  root.only({"request_id", "agent_request_id"});
  const std::string_view id = root.member("request_id").text();
  const std::string_view agents = root.member("agent_request_id").text();
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto one = in.find_request(number);
  if (!one) return one.error();
  const drp_state state = drp_state_of(*one);
  json::object out(wiped_memory());
  out["request_id"] = id.empty() ? std::to_string(number) : std::string(id);
  if (!agents.empty()) out["agent_request_id"] = agents;
  out["status"] = state.status;
  if (!state.reason.empty()) out["reason"] = state.reason;
  out["received_at"] = instant_of(one->received);
  if (is_open(one->state)) out["expected_by"] = instant_of(one->answer_by());
  if (const auto details = details_of(*one); !details.empty()) out["processing_details"] = details;
  return transfer::written(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> deletion_request_jwt(std::string_view document, session& in,
                                         std::uint32_t number, std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(document, wiped_memory());
  if (!tree) return tree.error();
  json_failure failure;
  const json_node root(&*tree, "", failure);
  root.only({"domain", "recipient", "identifier"});
  const std::string domain(root.required("domain").found(domain_in));
  const std::string_view recipient = root.required("recipient").text();
  const json_node identifier = root.required("identifier");
  identifier.only({"type", "format", "value"});
  const json::object subject{{"identifierValue", identifier.required("value").text()},
                             {"identifierType", identifier.required("type").text()},
                             {"identifierFormat", identifier.required("format").text()}};
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto one = in.find_request(number);
  if (!one) return one.error();
  if (one->kind != request_kind::erasure) {
    return error{errc::invalid_state, "a deletion is asked for by a request of erasure", number};
  }
  if (std::ranges::find(one->recipients, recipient, &request_recipient::name) ==
      one->recipients.end()) {
    return error{errc::not_found, "no such recipient is on the list of the request", number};
  }
  const auto key = in.receipt_key();
  if (!key) return key.error();
  const std::int64_t now = in.request(purpose::rights_fulfilment).now.seconds;
  const std::string origin = signed_token({{"version", framework_version},
                                           {"jti", fresh_id()},
                                           {"iss", domain},
                                           {"sub", subject},
                                           {"iat", now}},
                                          *key);
  return signed_token({{"version", framework_version},
                       {"idJWT", origin},
                       {"jti", fresh_id()},
                       {"iss", domain},
                       {"sub", subject},
                       {"iat", now}},
                      *key);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> deletion_resource_json(std::string_view document, session& in,
                                           std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(document);
  if (!tree) return tree.error();
  json_failure failure;
  const json_node root(&*tree, "", failure);
  root.only({"endpoint"});
  const std::string_view endpoint = root.required("endpoint").text();
  if (!endpoint.starts_with("https://")) {
    root.member("endpoint").fail({errc::invalid_value, "an endpoint begins with https://"});
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto key = in.receipt_key();
  if (!key) return key.error();
  const json::object published{
      {"kty", "OKP"},   {"crv", "Ed25519"}, {"x", base64url(byte_view(key->public_key()))},
      {"alg", "EdDSA"}, {"use", "sig"},     {"kid", thumbprint(key->public_key())}};
  return json::serialize(json::object{{"endpoint", endpoint},
                                      {"identifiers", json::array()},
                                      {"publicKey", json::array{published}},
                                      {"vendorScriptRequirement", false}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> deletion_answer_json(std::string_view answer, std::string_view request,
                                         const crypto::verifying_key& partner) try {
  const auto claims = verified(answer, partner);
  if (!claims) return claims.error();
  json_failure failure;
  const json_node root(&*claims, "", failure);
  // Claims of other names are the partner's.
  const std::string_view version = root.required("version").text();
  const std::string_view of = root.required("rqJWT").text();
  const std::string_view issuer = root.required("iss").text();
  const std::int64_t at = root.required("iat").integer(0, 253402300799);
  const std::int64_t code = root.required("raResultCode").integer(0, 255);
  const std::string_view said = root.member("raResultString").text();
  if (failure.happened()) return failure.what;
  if (!version.starts_with("1.")) {
    return error{errc::unsupported, "an answer of another version of the framework"};
  }
  if (of != request) return error{errc::invalid_value, "the answer is to another request"};
  return json::serialize(json::object{
      {"issuer", issuer}, {"at", rights::text_of(timestamp{at})}, {"code", code}, {"text", said}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
