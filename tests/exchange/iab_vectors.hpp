// The vectors of shared data, read as JSON.
#ifndef CLIENTBOOK_TESTS_IAB_VECTORS_HPP
#define CLIENTBOOK_TESTS_IAB_VECTORS_HPP

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <clientbook/exchange/tcf.hpp>

#include "data.hpp"

namespace clientbook::testing {

inline std::optional<boost::json::value> iab(const std::string& file) {
  const auto path = data("iab/" + file);
  if (!path) return {};
  std::ifstream in(*path, std::ios::binary);
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

inline std::string_view text_of(const boost::json::value& value, std::string_view key) {
  return value.at(key).as_string();
}

using numbers = std::vector<std::int64_t>;

/// An array of numbers, or of booleans, whose places count from 1.
inline numbers numbers_of(const boost::json::value& array) {
  numbers found;
  std::int64_t place = 0;
  for (const auto& entry : array.as_array()) {
    ++place;
    if (entry.is_bool()) {
      if (entry.get_bool()) found.push_back(place);
    } else {
      found.push_back(entry.to_number<std::int64_t>());
    }
  }
  return found;
}

inline numbers numbers_of(const tcf_numbers& set) {
  numbers found;
  for (unsigned i = 1; i <= 64; ++i) {
    if (set.contains(i)) found.push_back(i);
  }
  return found;
}

inline numbers numbers_of(const vendor_ids& set) {
  numbers found;
  vendor_ids::cursor runs(set);
  while (const auto run = runs.next()) {
    for (std::int64_t vendor = run->first; vendor <= run->last; ++vendor) found.push_back(vendor);
  }
  return found;
}

}  // namespace clientbook::testing

#endif
