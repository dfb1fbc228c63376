// The one file that compiles Boost.JSON, which is header-only here.
#include <clientbook/internal/exchange/json.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace clientbook::exchange {
namespace {

namespace json = boost::json;

// Builds the value as Boost's own handler does, and watches the names of open objects.
struct handler {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  explicit handler(json::storage_ptr where) : memory(std::move(where)), built(memory) {}

  json::storage_ptr memory;
  json::value_stack built;
  std::vector<std::set<std::string, std::less<>>> names;
  std::string name;
  bool twice = false;

  bool on_document_begin(json::error_code&) {
    built.reset(memory);
    return true;
  }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    names.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, json::error_code&) {
    names.pop_back();
    built.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) {
    built.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    name.append(part.data(), part.size());
    built.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& failure) {
    name.append(part.data(), part.size());
    twice = !names.back().insert(name).second;
    name.clear();
    if (twice) failure = json::error::syntax;
    built.push_key(part);
    return !twice;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    built.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    built.push_string(part);
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    built.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
    built.push_uint64(value);
    return true;
  }
  bool on_double(double value, json::string_view, json::error_code&) {
    built.push_double(value);
    return true;
  }
  bool on_bool(bool value, json::error_code&) {
    built.push_bool(value);
    return true;
  }
  bool on_null(json::error_code&) {
    built.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

}  // namespace

result<json::value> read_json(std::string_view text, json::storage_ptr memory) {
  json::basic_parser<handler> parser{json::parse_options{}, std::move(memory)};
  json::error_code failure;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
  if (parser.handler().twice) {
    return error{errc::already_exists, "a JSON object holds one name twice", read};
  }
  if (failure == json::error::too_deep) {
    return error{errc::limit_exceeded, "JSON is nested too deeply", read};
  }
  if (failure) return error{errc::invalid_encoding, "not JSON", read};
  if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    return error{errc::invalid_encoding, "more behind the end of the JSON text", read};
  }
  return parser.handler().built.release();
}

}  // namespace clientbook::exchange
