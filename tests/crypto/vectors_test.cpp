// The vectors that we publish. The same files are checked by tests/python/check_crypto_vectors.py.
#include <boost/json.hpp>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include "crypto_testing.hpp"
#include "testing.hpp"

#include <fstream>
#include <iterator>

using namespace clientbook;
using namespace clientbook::testing;
namespace json = boost::json;

namespace {

json::array tests_of(const std::string& name) {
  REQUIRE(crypto::init());
  std::ifstream file(std::string(CLIENTBOOK_SOURCE_DIR) + "/tests/vectors/crypto/" + name);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_FALSE(text.empty());
  const json::value all = json::parse(text);
  REQUIRE(all.at("tests").as_array().size() == all.at("numberOfTests").to_number<std::size_t>());
  return all.at("tests").as_array();
}

template <class Number = std::uint64_t>
Number number(const json::value& test, const char* name) {
  return test.at(name).to_number<Number>();
}
bytes binary(const json::value& test, const char* name) {
  return unhex(std::string_view(test.at(name).as_string()));
}
template <class Array>
Array fixed(const json::value& test, const char* name) {
  Array out{};
  const bytes from = binary(test, name);
  REQUIRE(from.size() == out.size());
  copy_bytes(out, from);
  return out;
}

errc expected(const json::value& test) {
  if (test.at("result").as_string() == "valid") return errc::none;
  const std::map<std::string_view, errc> names{
      {"authentication_failed", errc::authentication_failed},
      {"wrong_key", errc::wrong_key},
      {"version_mismatch", errc::version_mismatch},
      {"truncated", errc::truncated},
      {"invalid_encoding", errc::invalid_encoding},
      {"newer_format", errc::newer_format},
      {"suite_mismatch", errc::suite_mismatch},
      {"row_missing", errc::row_missing},
      {"key_erased", errc::key_erased},
      {"not_found", errc::not_found}};
  return names.at(std::string_view(test.at("error").as_string()));
}

template <class Result>
error outcome(const Result& got) {
  return got ? error{} : got.error();
}

// Suite 2 is not everywhere.
bool can_run(const json::value& test) {
  return crypto::suite_available(static_cast<crypto::suite>(number(test, "suite")));
}

template <class Context>
Context context_of(const json::value& test) {
  Context context;
  context.suite = static_cast<crypto::suite>(number(test, "suite"));
  context.book.bytes = fixed<std::array<std::byte, 16>>(test, "book");
  context.table = number<std::uint8_t>(test, "table");
  context.customer = customer_no(number(test, "customer"));
  context.record = number(test, "record");
  context.version = record_version(number(test, "version"));
  context.key_version = number<std::uint32_t>(test, "keyVersion");
  context.schema = schema_version(number<std::uint32_t>(test, "schema"));
  context.schema_hash = fixed<crypto::digest>(test, "schemaHash");
  return context;
}

void check_outcome(const json::value& test, const error& got) {
  CAPTURE(number(test, "tcId"));
  CHECK(got.code == expected(test));
  if (got.code != errc::none) CHECK(got.at == number(test, "at"));
}

}  // namespace

TEST_CASE("vectors: row envelope") {
  for (const json::value& test : tests_of("row_envelope.json")) {
    if (!can_run(test)) continue;
    CAPTURE(number(test, "tcId"));
    auto context = context_of<row_context>(test);
    context.kind = number<std::uint8_t>(test, "kind");
    const bytes row = binary(test, "row");
    row_reader reader;
    error got = outcome(reader.open(key_of(binary(test, "key")), context, row));
    bytes room(reader.room_for(all_fields));
    std::array<opened_field, 64> out;
    const result<std::size_t> count = reader.read(all_fields, room, out);
    if (got.code == errc::none) got = outcome(count);
    check_outcome(test, got);
    if (got.code != errc::none) continue;
    const json::array& fields = test.at("fields").as_array();
    REQUIRE(*count == fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      CHECK(out[i].id.value == number(fields[i], "id"));
      CHECK(hex(out[i].plaintext) == std::string_view(fields[i].at("plaintext").as_string()));
    }
  }
}

TEST_CASE("vectors: field envelope") {
  for (const json::value& test : tests_of("field_envelope.json")) {
    if (!can_run(test)) continue;
    CAPTURE(number(test, "tcId"));
    auto context = context_of<field_context>(test);
    context.field = field_id(number<std::uint8_t>(test, "field"));
    const commitment commits =
        test.at("commitment").as_string() == "included" ? commitment::included : commitment::none;
    bytes room(1000);
    const result<std::size_t> got =
        open_field(key_of(binary(test, "key")), context, binary(test, "sealed"), room, commits);
    check_outcome(test, outcome(got));
    if (got) {
      CHECK(hex(byte_view(room).first(*got)) == std::string_view(test.at("plaintext").as_string()));
    }
  }
}

TEST_CASE("vectors: key tree") {
  for (const json::value& test : tests_of("key_tree_node.json")) {
    if (!can_run(test)) continue;
    CAPTURE(number(test, "tcId"));
    memory_nodes nodes;
    for (const json::value& node : test.at("nodes").as_array()) {
      nodes.now[{number<std::uint8_t>(node, "level"), number(node, "index")}] =
          binary(node, "node");
    }
    struct alignas(64) line {
      std::byte bytes[64];
    };
    std::vector<line> room(key_tree::memory_for(64) / 64 + 1);
    book_id book;
    book.bytes = fixed<std::array<std::byte, 16>>(test, "book");
    key_tree tree(byte_span(room[0].bytes, room.size() * 64), book,
                  static_cast<crypto::suite>(number(test, "suite")));
    tree.open({1, key_of(binary(test, "rootKey"))});
    REQUIRE(tree.begin(nodes, number(test, "rootVersion")));
    const result<const manifest*> found = tree.find(customer_no(number(test, "customer")));
    check_outcome(test, outcome(found));
    if (!found) continue;
    const manifest& m = **found;
    CHECK(bytes_of(m.subject_key) == binary(test, "subjectKey"));
    CHECK(m.key_version == number(test, "keyVersion"));
    CHECK(m.schema.value == number(test, "schema"));
    CHECK(m.version.value == number(test, "version"));
    CHECK(m.purchases == number(test, "purchases"));
    CHECK(m.notes == number(test, "notes"));
    CHECK(m.directives == number(test, "directives"));
    CHECK(m.disclosures == number(test, "disclosures"));
    CHECK(m.consent_state == number(test, "consentState"));
    CHECK(m.last_ledger_index == number(test, "lastLedgerIndex"));
  }
}

TEST_CASE("vectors: customer id") {
  for (const json::value& test : tests_of("customer_id.json")) {
    CAPTURE(number(test, "tcId"));
    const crypto::id_permutation ids(key_of(binary(test, "key")));
    customer_id id;
    id.bytes = fixed<std::array<std::byte, 16>>(test, "id");
    const result<customer_no> got = ids.number(id);
    check_outcome(test, outcome(got));
    if (!got) continue;
    CHECK(got->value == number(test, "customer"));
    CHECK(ids.id(*got) == id);
  }
}
