// What a column map says, in the form that reading follows.
#ifndef CLIENTBOOK_EXCHANGE_CSV_IMPORT_PLAN_HPP
#define CLIENTBOOK_EXCHANGE_CSV_IMPORT_PLAN_HPP

#include "arena.hpp"
#include "cell_forms.hpp"
#include "targets.hpp"

#include <clientbook/consent/directive.hpp>
#include <clientbook/exchange/column_map.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

/// What becomes of a value that a column's list of values does not name.
enum class otherwise : std::uint8_t { refuse, keep, drop };

/// In bytes: neither read nor proposed beyond.
inline constexpr std::size_t largest_map = std::size_t{1} << 20;

struct column_plan {
  std::string_view name;
  target_place to;
  rounding round = rounding::refuse;
  std::map<std::string_view, std::string_view> values;  ///< Empty: every value is taken as it is.
  otherwise other = otherwise::refuse;
  cell_kind kind = cell_kind::text;
  date_form dates{};
  bool has_dates = false;
  std::string_view split{};      ///< Between the values of one cell; empty: one value.
  bool fill = false;             ///< An empty cell is as in the row before, of the same order.
  bool alone_is_family = false;  ///< Of a whole name that is one word.
  bool parts_as_one = false;     ///< Of a quantity with decimals.
};

struct constant_plan {
  target_place to;
  std::string_view text;
};

struct rule_directive {
  import_consent said{};
  std::string_view at_column{};  ///< Of the same row: when it was said. Empty: none.
  /// Of the same row: the e-mail address or number that it is about alone. Empty: about all.
  std::string_view contact_column{};
};

/// Whether a directive takes something away, and gives nothing.
inline bool restricts(std::string_view kind) noexcept {
  const auto found = find_directive_kind(kind);
  return found && says_no(*found);
}

/// Whether it may open something.
inline bool opens(std::string_view kind) noexcept { return kind == "grant" || kind == "renew"; }

/// The value of a column decides which directives a customer has given.
struct rule_plan {
  std::string_view column;
  std::map<std::string_view, std::vector<rule_directive>> directives;
  bool any = false;  ///< `*`: what a value says that is not listed, empty ones too.
  /// Of the values listed, what stands for a no in words that is not: `nein, danke`. Empty: none.
  std::string_view no{};
};

/// What makes an id where a file has none: the columns together.
using id_columns = std::vector<std::string_view>;

/// What says of a row's order that it was taken back: a column, and what stands in it then.
struct undone_plan {
  std::string_view column;
  std::vector<std::string_view> values;
  bool any = false;  ///< `*`: whatever stands there, such as the day of it.
};

struct join_plan {
  std::string_view column;  ///< Of the file that joins.
  std::size_t file = 0;     ///< The file joined: its number,
  std::string_view key;     ///< its key column,
  std::vector<column_plan> columns;
  std::vector<std::string_view> ignored;
};

struct file_plan {
  std::size_t file = 0;
  bool optional = false;
  std::vector<column_plan> columns;
  std::vector<constant_plan> before;  ///< Constants that a cell may overrule.
  std::vector<constant_plan> behind;  ///< Constants that complete what the row began.
  std::vector<rule_plan> rules;
  std::vector<undone_plan> undone;    ///< Rows of orders that are no purchases.
  std::vector<undone_plan> left_out;  ///< Rows that are no customer's.
  std::vector<join_plan> joins;
  std::vector<std::string_view> ignored;
  file_form form;
  std::vector<id_columns> ids;     ///< The first of them that a row has is its external id.
  bool merge = false;              ///< A second row of an id adds what the first lacks.
  bool leave_out_unknown = false;  ///< A row of nobody in the customers file is told, no fault.
  bool guarded = false;            ///< An apostrophe at a cell's beginning is none of the value's.
  bool not_reached = false;        ///< Its rows are addresses that mail did not reach.
};

}  // namespace clientbook::exchange

namespace clientbook {

struct column_map::state {
  exchange::arena texts;
  std::string_view system;
  std::size_t left_out = 0;     ///< Files that whoever proposed it had no place for.
  bool ids_link_files = false;  ///< Ids are numbers of rows: no customer has them.
  std::vector<std::string> names;
  std::vector<exchange::file_plan>
      files;  ///< The customers file first; joined files not among them.
};

}  // namespace clientbook

#endif
