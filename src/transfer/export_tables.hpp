// What was exported, as tables: columns that are used, rows, and the map that reads them again.
#ifndef CLIENTBOOK_TRANSFER_EXPORT_TABLES_HPP
#define CLIENTBOOK_TRANSFER_EXPORT_TABLES_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::transfer {

/// A cell as it stands in a file: quoted where it must be, and harmless in a spreadsheet.
void append_cell(std::string_view text, wiped_text& to);

/// One table. Rows are kept as their cells by column, since which columns there are is known only
/// when all have been seen.
class export_table {
 public:
  /// The columns that come first, in this order, also where no row has them.
  explicit export_table(std::vector<std::string> first);
  void begin_row();
  /// In the order of `rank`, then of first use.
  void cell(std::uint32_t rank, std::string_view name, std::string_view text);

  std::size_t rows() const noexcept { return rows_.size(); }
  std::vector<std::string> columns() const;
  wiped_text header() const;
  wiped_text row(std::size_t number) const;

 private:
  std::vector<std::uint32_t> order() const;

  struct column {
    std::string name;
    std::uint32_t rank = 0;
  };
  std::vector<column> columns_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<wiped_text> rows_;  ///< Column (4), size (4), text; again and again.
};

struct export_tables {
  export_table customers{{"id"}};
  export_table purchases{{"id"}};
  export_table notes{{"id"}};
  /// Names of columns in `customers` that the map ignores: forms in which values were shown.
  std::map<std::string, std::uint64_t> shown_only{};

  /// Adds what left of one customer, whose rows begin with that number.
  void add(std::uint64_t number, const exported& one, const schema& fields);
  /// The map that reads these tables: ids link the tables and are nobody's.
  std::string map_json() const;
};

}  // namespace clientbook::transfer

#endif
