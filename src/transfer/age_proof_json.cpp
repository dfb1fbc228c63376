// Proofs of age as JSON. What is wrong with the day is the session's to say.
#include <clientbook/base/hex.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/age_proof_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

std::string text_of(timestamp at) {
  char text[20];
  write_timestamp(at, text);
  return {text, sizeof text};
}

age_proof read(const json_node& from) {
  from.only({"document", "born", "at_least", "reference", "hash"});
  age_proof out;
  out.document = from.required("document").found(find_age_document);
  if (const json_node born = from.member("born"); born.there()) out.born = born.found(parse_date);
  constexpr std::int64_t oldest = 255;  // Beyond what anybody lived: the session says so.
  out.at_least = static_cast<std::uint8_t>(from.member("at_least").integer(0, oldest));
  if (const json_node where = from.member("reference"); where.there()) {
    if (!out.reference.fits(where.text())) {
      where.fail({errc::limit_exceeded, "a reference has at most 64 bytes"});
    }
    out.reference = short_text<64>(where.text());
  }
  if (const json_node hash = from.member("hash"); hash.there()) {
    out.hash = hash.found([](std::string_view digits) -> result<consent_hash> {
      consent_hash value;
      if (const auto done = parse_hex(digits, value.bytes); !done) return done.error();
      return value;
    });
  }
  return out;
}

}  // namespace

result<age_proof> age_proof_from_json(std::string_view document, std::string& where) try {
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  json_failure failure;
  const age_proof out = read(json_node(&*value, "", failure));
  if (!failure.happened()) return out;
  where = failure.where;
  return failure.what;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> age_proofs_to_json(std::span<const waiting_age_proof> all) try {
  json::array out;
  for (const waiting_age_proof& one : all) {
    out.push_back({{"sequence", one.sequence},
                   {"document", name_of(one.document)},
                   {"noted_by", one.noted_by.value},
                   {"noted_at", text_of(one.noted_at)},
                   {"until", text_of(one.until)}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
