// How a file and its columns are written: the order of dates, the decimal mark, lists in a cell.
#include "cell_forms.hpp"
#include "map_forms.hpp"
#include "proposer.hpp"
#include "targets.hpp"

#include <string>

namespace clientbook::exchange {
namespace {

// The order in which the columns of a file write their dates.
enum class order_found : std::uint8_t { none, year, day, month, both, open };
order_found order_of(const column_facts& column) noexcept {
  if (column.day_first > 0 && column.month_first > 0) return order_found::both;
  if (column.day_first > 0) return order_found::day;
  if (column.month_first > 0) return order_found::month;
  if (column.either > 0 && column.with_dots > 0) return order_found::day;
  if (column.either > 0) return order_found::open;
  return column.year_first > 0 ? order_found::year : order_found::none;
}

}  // namespace

// A file's dates are mostly written in one way: what one column proves holds for those that prove
// nothing, and where nothing is proved the country decides.
void proposer::write_format() {
  const csv_dialect& how = now_->facts.dialect;
  format_["delimiter"] =
      how.delimiter == '\t' ? json::string("tab") : json::string(1, how.delimiter);
  format_["encoding"] = boost_view(name_of(how.encoding));
  if (how.encoding_unsure) {
    doubt({},
          "the letters fit another encoding as well, and are other ones then: look at names with "
          "accents, and say --encoding, or the shop's country with --region");
  }
  if (how.skip_lines > 0) format_["skip_lines"] = how.skip_lines;
  if (how.header == csv_dialect::header_row::absent) format_["header"] = "absent";
  if (how.escape != '\0') format_["escape"] = json::string(1, how.escape);
  if (how.comment != '\0') format_["comment"] = json::string(1, how.comment);
  std::uint64_t day = 0, month = 0, open = 0, dots = 0, short_years = 0, commas = 0, points = 0;
  for (const column_facts& each : now_->facts.columns) {
    const order_found order = order_of(each);
    day += order == order_found::day ? 1 : 0;
    month += order == order_found::month ? 1 : 0;
    open += order == order_found::open ? 1 : 0;
    dots += each.with_dots;
    short_years += each.short_years;
    commas += each.decimal_commas;
    points += each.decimal_points;
  }
  // Where every column has both, most of its days decide; the others are told as what they are.
  if (day + month + open == 0) {
    std::uint64_t day_first = 0, month_first = 0;
    for (const column_facts& each : now_->facts.columns) {
      if (order_of(each) != order_found::both) continue;
      day_first += each.day_first;
      month_first += each.month_first;
    }
    day = day_first != 0 && day_first >= month_first ? 1 : 0;
    month = month_first > day_first ? 1 : 0;
  }
  const bool american = now_->region == "US" || now_->region == "PH";
  if (day > 0 || month > 0 || open > 0) {
    const bool month_first = month > 0 ? day == 0 : day == 0 && american;
    order_ = month_first ? "mm/dd/yyyy" : dots > 0 ? "dd.mm.yyyy" : "dd/mm/yyyy";
    format_["dates"] = boost_view(order_);
  }
  if (short_years > 0) format_["pivot"] = request_.year;
  if (commas + points > 0) format_["decimal"] = commas > points ? "," : ".";
  if (!now_->region.empty()) format_["region"] = boost_view(now_->region);
  if (now_->facts.odd_rows > 0) {
    doubt({}, "rows that do not fit the header: " + std::to_string(now_->facts.odd_rows) +
                  "; import them with --skip-bad-rows, or mend them");
  }
}

// How a column of dates is written, where it is not as the file's others.
std::string proposer::date_words(const column_facts& column) {
  if (column.excel_days > 0 && column.excel_days == column.filled) return "excel";
  switch (order_of(column)) {
    case order_found::both:
      doubt(column.name,
            "some dates have the day first, some the month: those that cannot be are faults");
      return {};
    case order_found::open:
      doubt(column.name, "nothing proves whether the day or the month is first: read as " + order_);
      return {};
    case order_found::day:
      return order_.starts_with("mm") ? "dd/mm/yyyy" : "";
    case order_found::month:
      return order_.starts_with("dd") ? "mm/dd/yyyy" : "";
    case order_found::none:
    case order_found::year:
      return {};
  }
  return {};
}

// In what order days are read of which nothing else tells it.
std::string proposer::days_read_as(const column_facts& column) const {
  return order_of(column) == order_found::year || order_.empty() ? "" : " (" + order_ + ")";
}

// Amounts whose decimal mark nothing tells, or of which some have another.
void proposer::doubt_decimals(const column_facts& column) {
  if (column.decimal_commas > 0 && column.decimal_points > 0) {
    doubt(column.name,
          "some amounts have a decimal comma, some a point: those that do not fit are faults");
  } else if (column.three_behind > 0 && !format_.contains("decimal")) {
    doubt(column.name,
          "three digits behind a mark, thousands or decimals: say the decimal mark (\"decimal\")");
  }
}

// The target, with what this file's column needs beside it.
json::value proposer::with_forms(const column_facts& column, const json::value& mapped) {
  const json::string* const plain = mapped.if_string();
  const json::object* const given = mapped.if_object();
  if (plain == nullptr && given == nullptr) return mapped;
  json::object out = given != nullptr ? *given : json::object();
  if (plain != nullptr) out["to"] = *plain;
  const auto found = find_target(view(out.at("to").as_string()));
  if (!found) return mapped;
  const cell_kind kind = kind_of(found->what->name);
  if ((kind == cell_kind::day || kind == cell_kind::instant) && !out.contains("dates")) {
    if (const std::string words = date_words(column); !words.empty()) out["dates"] = words;
  }
  if (found->what->name == "name.full" && !home_of(now_->facts).empty()) out["alone"] = "family";
  if (kind == cell_kind::amount || kind == cell_kind::quantity) doubt_decimals(column);
  if (kind == cell_kind::email && column.with_semicolons > 0) out["split"] = ";";
  if (kind == cell_kind::quantity && column.decimal_commas + column.decimal_points > 0) {
    out["decimals"] = "as_one";
    doubt(column.name, "quantities with decimals: each is kept as one piece at the price of all");
  }
  if (found->what->name == "purchase.line.unit_price") out["round"] = "half_up";
  if (target_named(column.name) == "special_days[7].day") out["dates"] = "month";
  const bool list = found->what->name == "likes[]" || found->what->name == "dislikes[]" ||
                    found->what->name == "tags[]";
  if (list && column.with_commas > 0) out["split"] = ",";
  if (list && column.with_semicolons > column.with_commas) out["split"] = ";";
  if (kind == cell_kind::phone && column.at_home > 0) {
    if (now_->region.empty()) {
      doubt(column.name, "numbers without a country's code: say the shop's country with --region");
    } else if (now_->region_guessed) {
      doubt(column.name, "numbers without a country's code are taken for those of " + now_->region);
    }
  }
  if (out.size() == 1) return out.at("to");
  return out;
}

}  // namespace clientbook::exchange
