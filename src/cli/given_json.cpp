// Reads JSON that somebody wrote into a file: once to build it, once to watch for names that an
// object has twice, of which the library that builds it keeps the last without a word.
#include "given_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <string_view>
#include <vector>

#include "program.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

// Watches the names of the objects that are open, and builds nothing.
struct name_watch {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  std::vector<std::set<std::string, std::less<>>> open;
  std::string name;
  bool twice = false;

  bool on_object_begin(json::error_code&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    open.pop_back();
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    name.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    name.append(part.data(), part.size());
    twice = !open.back().insert(name).second || twice;
    name.clear();
    return true;
  }
  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

bool names_one_twice(std::string_view text) {
  json::basic_parser<name_watch> parser{json::parse_options()};
  json::error_code wrong;
  parser.write_some(false, text.data(), text.size(), wrong);
  return !wrong && parser.handler().twice;
}

}  // namespace

boost::json::object object_of(const std::string& path, const char* option) {
  const std::string text = content_of(path, option);
  json::error_code wrong;
  const json::value tree = json::parse(text, wrong);
  if (wrong || !tree.is_object()) {
    fail({errc::invalid_encoding, "want one JSON object"}, option);
  }
  if (names_one_twice(text)) {
    fail({errc::already_exists, "an object has one name twice: keep the one that is meant"},
         option);
  }
  return tree.get_object();
}

}  // namespace clientbook::cli
