// What the cells of a file show about its columns, counted: for proposing a map, never kept.
#ifndef CLIENTBOOK_EXCHANGE_CSV_TABLE_FACTS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_TABLE_FACTS_HPP

#include "cell_forms.hpp"

#include <clientbook/base/result.hpp>
#include <clientbook/exchange/csv.hpp>
#include <clientbook/exchange/table_sniff.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

struct column_facts {
  std::string name;
  std::uint64_t filled = 0;
  std::uint64_t digits = 0;        ///< Digits and nothing else.
  std::uint64_t long_numbers = 0;  ///< Of these, too many for a count: times, days, phones.
  std::uint64_t sums = 0;          ///< Words of a row of a sum, or a rule above one.
  std::uint64_t emails = 0;
  std::uint64_t with_addresses = 0;  ///< An `@` stands in them, whatever else does.
  std::string first_address{};       ///< As its cell holds it,
  bool several_addresses = false;    ///< and whether others hold another one.
  std::uint64_t with_numbers = 0;    ///< A phone number, or several, and no day.
  std::uint64_t odd_contacts = 0;    ///< May be an address or number, and cannot be read as one.
  std::uint64_t odd_digits = 0;      ///< Of these, digits alone: a time of a machine, perhaps.
  std::uint64_t phones = 0;          ///< With a country's code, or as many digits as phones have.
  std::uint64_t at_home = 0;         ///< Of these, without a country's code.
  std::uint64_t dates = 0;
  std::uint64_t year_first = 0;
  std::uint64_t day_first = 0;    ///< Only the first part can be the day.
  std::uint64_t month_first = 0;  ///< Only the second part can be the day.
  std::uint64_t either = 0;
  std::uint64_t with_dots = 0;
  std::uint64_t excel_days = 0;
  std::uint64_t short_years = 0;
  std::uint64_t words_of_consent = 0;
  std::uint64_t words_of_undone = 0;   ///< What became of an order: that there was none.
  std::uint64_t words_of_leaving = 0;  ///< Of these, a no in any column: `unsubscribed`.
  std::uint64_t links =
      0;  ///< Addresses of pages, and what only a machine reads: `8f14e45fceea167a5a36`.
  std::uint64_t with_commas = 0;
  std::uint64_t with_semicolons = 0;
  std::uint64_t decimal_commas = 0;
  std::uint64_t decimal_points = 0;
  std::uint64_t apart = 0;  ///< Rows of one order, the one below the other, in which it differs.
  std::uint64_t with_currency = 0;                  ///< Amounts beside a sign or a code of one.
  std::set<std::string, std::less<>> currencies{};  ///< That these may mean.
  std::uint64_t three_behind = 0;  ///< Three digits behind the only mark: thousands, or decimals.
};

struct table_facts {
  csv_dialect dialect;
  std::vector<column_facts> columns;
  std::uint64_t rows = 0;
  std::uint64_t odd_rows = 0;                                   ///< That do not fit the header.
  std::map<std::string, std::uint64_t, std::less<>> countries;  ///< Codes in columns of countries.
};

/// By what names such columns are known.
struct known_columns {
  bool (*country)(std::string_view);
  bool (*order)(std::string_view);
};

/// Reads all of the file.
result<table_facts> facts_of(const std::string& path, const sniff_hints& known,
                             const known_columns& columns);

bool is_yes(std::string_view folded) noexcept;
bool is_no(std::string_view folded) noexcept;
/// A no that denies what its column says, whatever that is: `no`, not `unsubscribed`.
bool is_plain_no(std::string_view folded) noexcept;
/// Nothing was said yet, or nobody was reached.
bool is_pending(std::string_view folded) noexcept;

}  // namespace clientbook::exchange

#endif
