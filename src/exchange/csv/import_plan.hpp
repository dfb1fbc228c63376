// What a column map says, in the form that reading follows.
#ifndef CLIENTBOOK_EXCHANGE_CSV_IMPORT_PLAN_HPP
#define CLIENTBOOK_EXCHANGE_CSV_IMPORT_PLAN_HPP

#include "arena.hpp"
#include "targets.hpp"

#include <clientbook/exchange/column_map.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

/// What becomes of a value that a column's list of values does not name.
enum class otherwise : std::uint8_t { refuse, keep, drop };

struct column_plan {
  std::string_view name;
  target_place to;
  rounding round = rounding::refuse;
  std::map<std::string_view, std::string_view> values;  ///< Empty: every value is taken as it is.
  otherwise other = otherwise::refuse;
};

struct constant_plan {
  target_place to;
  std::string_view text;
};

/// The value of a column decides which directives a customer has given.
struct rule_plan {
  std::string_view column;
  std::map<std::string_view, std::vector<import_consent>> directives;
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
  std::string_view key;  ///< The column of the external id.
  std::vector<column_plan> columns;
  std::vector<constant_plan> before;  ///< Constants that a cell may overrule.
  std::vector<constant_plan> behind;  ///< Constants that complete what the row began.
  std::vector<rule_plan> rules;
  std::vector<join_plan> joins;
  std::vector<std::string_view> ignored;
};

}  // namespace clientbook::exchange

namespace clientbook {

struct column_map::state {
  exchange::arena texts;
  std::string_view system;
  std::vector<std::string> names;
  std::vector<exchange::file_plan>
      files;  ///< The customers file first; joined files not among them.
};

}  // namespace clientbook

#endif
