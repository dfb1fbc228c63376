#include "testing.hpp"

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/validate.hpp>

#include "json.hpp"
#include "sample.hpp"

#include <map>
#include <string>
#include <vector>

using namespace clientbook;
using clientbook::testing::text_of;

namespace {

boost::json::array vectors(const char* file) {
  const auto path = std::filesystem::path(CLIENTBOOK_SOURCE_DIR) / "tests/vectors/model" / file;
  return clientbook::testing::read_array(path);
}

errc code_of(const std::string& name) {
  static const std::map<std::string, errc> codes = {{"ok", errc::none},
                                                    {"truncated", errc::truncated},
                                                    {"invalid_encoding", errc::invalid_encoding},
                                                    {"wrong_type", errc::wrong_type},
                                                    {"invalid_value", errc::invalid_value},
                                                    {"missing_field", errc::missing_field},
                                                    {"limit_exceeded", errc::limit_exceeded},
                                                    {"unknown_field", errc::unknown_field},
                                                    {"card_data_refused", errc::card_data_refused}};
  return codes.at(name);
}

}  // namespace

TEST_CASE("vectors: cbor.json: one item has one form") {
  std::size_t count = 0;
  for (const auto& each : vectors("cbor.json")) {
    CAPTURE(text_of(each.at("comment")));
    const auto bytes = sample::bytes_of(text_of(each.at("cbor_hex")));
    CHECK(cbor::check(bytes).error().code == code_of(text_of(each.at("expect"))));
    ++count;
  }
  CHECK(count >= 30);
}

TEST_CASE("vectors: values.json: fields as another implementation encodes and judges them") {
  const schema rules = standard_schema();
  std::size_t count = 0;
  for (const auto& each : vectors("values.json")) {
    CAPTURE(text_of(each.at("comment")));
    const auto field = rules.find(text_of(each.at("field")));
    const auto bytes = sample::bytes_of(text_of(each.at("cbor_hex")));
    const auto valid = validate(rules, field->number, bytes);
    CHECK(valid.error().code == code_of(text_of(each.at("expect"))));
    ++count;
  }
  CHECK(count >= 30);
}

TEST_CASE("vectors: record.json: our bytes are those of another implementation") {
  std::vector<std::byte> buffer(4096);
  record_writer writer(buffer);
  sample::fill(writer);
  std::vector<std::byte> out(4096);
  const auto record = encode_record(writer.fields(), out);
  REQUIRE(record);
  const auto all = vectors("record.json");
  CHECK(sample::hex_of(*record) == text_of(all.at(0).at("cbor_hex")));

  std::vector<std::byte> schema_bytes(8192);
  const auto rules = encode_schema(standard_schema(), schema_bytes);
  REQUIRE(rules);
  for (const auto& each : vectors("schema.json")) {
    CAPTURE(text_of(each.at("comment")));
    const auto read = decode_schema(sample::bytes_of(text_of(each.at("cbor_hex"))));
    CHECK(read.error().code == code_of(text_of(each.at("expect"))));
    if (!read) continue;
    const auto again = encode_schema(*read, schema_bytes);
    if (again) CHECK(sample::hex_of(*again) == text_of(each.at("cbor_hex")));
  }
}
