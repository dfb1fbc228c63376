// The book of the book's tests, with people in it, and a folder for files.
#ifndef CLIENTBOOK_TESTS_TRANSFER_SHOP_HPP
#define CLIENTBOOK_TESTS_TRANSFER_SHOP_HPP

#include <clientbook/transfer/scope_words.hpp>

#include <fstream>
#include <string>
#include <string_view>

#include "../adapters/scratch.hpp"
#include "../book/fixture.hpp"

namespace clientbook::testing {

inline void write_file(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  REQUIRE(out.good());
}

/// The notice that customers of these tests were shown: e-mail, and what a salesperson keeps.
inline void add_notice(session& in) {
  privacy_notice notice = notice_for(in);
  notice.announced.purposes.add(purpose::client_care);
  notice.announced.categories = ordinary_categories();
  const auto added = in.add_notice(notice);
  REQUIRE(added);
}

inline std::uint64_t customers_in(session& in) {
  const auto figures = in.figures();
  REQUIRE(figures);
  return figures->customers;
}

inline customer_id found(session& in, std::string_view system, std::string_view value) {
  const auto id = in.find(system, value);
  REQUIRE(id);
  return *id;
}

}  // namespace clientbook::testing

#endif
