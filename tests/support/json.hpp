// Reads the JSON files of tests: vectors and published cases.
#ifndef CLIENTBOOK_TESTS_JSON_HPP
#define CLIENTBOOK_TESTS_JSON_HPP

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace clientbook::testing {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline boost::json::array read_array(const std::filesystem::path& path) {
  return boost::json::parse(read_file(path)).as_array();
}

inline std::string text_of(const boost::json::value& value) {
  return boost::json::value_to<std::string>(value);
}

}  // namespace clientbook::testing

#endif
