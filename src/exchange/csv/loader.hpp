// Loads the files of an export by a column map, whole, before anything is handed out.
//
// Rows are taken apart in row_cells.cpp, told whose they are in row_owner.cpp, and what they say of
// consent is read in row_consents.cpp.
#ifndef CLIENTBOOK_EXCHANGE_CSV_LOADER_HPP
#define CLIENTBOOK_EXCHANGE_CSV_LOADER_HPP

#include "import_state.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook::exchange {

inline constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

/// A joined file in memory: the mapped cells of each row, by key.
struct lookup {
  std::size_t width = 0;
  std::vector<std::string_view> cells;
  boost::unordered_flat_map<std::string_view, std::size_t> rows;
};

/// Where a row stands.
struct origin {
  std::size_t file = 0;
  std::uint64_t line = 0;
};

/// Where the cell of a mapped column comes from.
struct binding {
  const column_plan* plan = nullptr;
  std::size_t column = 0;      // Of the file's row, or of the joined row.
  std::size_t join = nowhere;  // Which join, if any.
};

inline std::size_t position(std::span<const std::string> header, std::string_view name) {
  return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
}

// Reads the files in the order of the map: customers first, then what belongs to them. A row is
// taken apart into lanes (one for each kind of value), looked at whole, and only then kept, so that
// a bad row leaves nothing behind.
class loader {
 public:
  loader(const column_map::state& map, import_set::state& to, std::string folder,
         const import_options& options, import_report& report)
      : map_(map), to_(to), folder_(std::move(folder)), options_(options), report_(report) {
    if (!folder_.empty() && folder_.back() != '/') folder_ += '/';
  }

  result<void> run();

 private:
  result<void> read(const file_plan& file);
  result<void> read_joined(const join_plan& join, lookup& to);
  result<void> bind(const file_plan& file, std::span<const std::string> header);
  void make_room(const file_plan& file);
  result<void> check_header(std::span<const std::string> header, std::size_t file,
                            const std::vector<std::string_view>& known);
  result<void> row(const file_plan& file, const csv_reader& reader);
  result<void> constants_of(std::span<const constant_plan> constants, bool only_begun);
  result<void> joins_of(const file_plan& file, std::span<const std::string_view> cells);
  result<void> cells_of(const file_plan& file, std::span<const std::string_view> cells);
  result<void> cell_of(const file_plan& file, const binding& from, std::string_view text,
                       std::size_t column, bool lasting);
  result<void> set_found(const file_plan& file, const binding& from, std::string_view text,
                         std::size_t column, std::size_t part = 0);
  result<bool> id_of(const file_plan& file, std::span<const std::string_view> cells);
  result<bool> id_from(std::size_t choice, const file_plan& file,
                       std::span<const std::string_view> cells);
  result<std::uint32_t> owner_by_mail();
  bool alone(std::span<const std::string_view> cells) const;
  std::span<const std::string_view> with_merged(const file_plan& file,
                                                std::span<const std::string_view> cells);
  void find_merged(const file_plan& file);
  bool is_nobodys(const file_plan& file, std::span<const std::string_view> cells) const;
  bool is_undone(const file_plan& file, std::span<const std::string_view> cells,
                 std::uint32_t owner);
  result<std::uint32_t> owner_of(const file_plan& file, bool customers);
  result<void> check_row(std::uint32_t owner);
  void keep_row(std::uint32_t owner);
  void keep_noes(const file_plan& file, std::span<const std::string_view> cells);
  void tell_likely_same();
  result<void> rules_of(const file_plan& file, std::span<const std::string_view> cells);
  result<void> rule_of(const file_plan& file, std::size_t number,
                       std::span<const std::string_view> cells);
  result<bool> time_of(const rule_directive& from, const rule_plan& rule, const file_plan& file,
                       std::span<const std::string_view> cells, import_consent& to);
  void settle_days();
  struct contacts_found {
    std::vector<std::string_view> readable;  ///< Views into the cell, or into texts that are kept.
    bool unread_address = false;
    bool unread_number = false;
    bool day_beside = false;  ///< A day stands beside a number.
  };
  contacts_found contacts_within(const file_plan& file, std::string_view text);
  void tell_unread(const contacts_found& found, std::size_t column, std::string_view name);
  void about_contacts(const rule_directive& from, const rule_plan& rule, const file_plan& file,
                      std::span<const std::string_view> cells, import_consent said);
  /// What became of the time of a no that stands in the very cell of the no.
  enum class own_time : std::uint8_t { not_asked, unread, read };
  void tell_among_noes(const file_plan& file, const rule_plan& rule, std::size_t column,
                       std::string_view text, own_time own);
  bool id_among_noes(const file_plan& file, std::span<const std::string_view> cells);
  bool is_of_noes(const file_plan& file, std::size_t column) const;
  std::string_view first_address(std::string_view text);
  bool fits_currency(std::string_view amount) const;
  result<void> check_household();

  // A bad row where reading stands.
  error problem(error what, std::size_t column, std::string_view name) {
    what.at = line_;
    if (quiet_) return what;
    if (report_.problems.size() < options_.reported || options_.on_bad_row == bad_row::stop) {
      report_.problems.push_back({what, file_, column, name});
    } else {
      ++report_.untold;
    }
    return what;
  }
  error fatal(error what, std::size_t column = 0, std::string_view name = {}) {
    report_.problems.push_back({what, file_, column, name});
    return what;
  }
  result<void> bad(error what, std::size_t column = 0, std::string_view name = {}) {
    return problem(what, column, name);
  }
  void remark(error what, std::size_t column = 0, std::string_view name = {}) {
    what.at = line_;
    note_down(what, column, name, report_.remarks.size() - consent_remarks_);
  }
  // What may be a no has a place of its own: other notes do not crowd it out.
  void remark_of_consent(error what, std::size_t column, std::string_view name) {
    what.at = line_;
    if (note_down(what, column, name, consent_remarks_)) ++consent_remarks_;
  }
  bool note_down(const error& what, std::size_t column, std::string_view name, std::size_t before) {
    if (quiet_) return false;
    if (before >= options_.reported) return ++report_.untold, false;
    report_.remarks.push_back({what, file_, column, name});
    return true;
  }

  const column_map::state& map_;
  import_set::state& to_;
  std::string folder_;
  const import_options& options_;
  import_report& report_;

  boost::unordered_flat_map<std::string_view, std::uint32_t>
      numbers_;  // of customers, by external id
  std::vector<origin> household_from_;
  boost::unordered_flat_map<std::string, std::uint32_t> mails_;  // of customers; several: nobody

  std::size_t consent_remarks_ = 0;

  // Of the file being read.
  std::size_t file_ = 0;
  std::uint64_t line_ = 0;
  struct id_part {
    std::size_t column;
    cell_kind kind;
    std::string_view split;
  };
  std::vector<std::vector<id_part>> ids_;  // the columns that make an id, first choice first
  std::size_t key_ = 0;                    // of them, the first column of the one that was taken
  std::size_t mails_read_ = 0;
  std::string id_;          // of the row
  bool made_up_ = false;    // whether it is one that nobody gave
  std::string comparable_;  // the same, as ids are compared
  std::uint32_t last_ = 0;  // the customer of the row before
  std::string scratch_;
  std::string extension_;
  std::vector<std::string> before_;  // of each binding: what the row before had, to be filled in
  std::string order_before_;
  std::vector<import_consent> said_;  // by the rules of this row
  struct merged_columns {
    std::vector<std::size_t> whose;  // Of a sale: whose it is, its order and day,
    std::vector<std::size_t> heads;  // what else all rows of the order share,
    std::vector<std::size_t> goods;  // and what was sold.
    std::size_t order = nowhere;
  };
  merged_columns merged_;
  std::vector<std::string> above_;  // What stood there in the row above; empty: no order did.
  std::vector<std::string_view> filled_;
  bool told_merged_ = false;
  std::span<const std::string> header_;
  std::vector<lookup> lookups_;
  std::vector<std::size_t> join_columns_;
  std::vector<const std::string_view*> joined_;  // the joined row of each join
  std::vector<std::size_t> rule_columns_;
  std::vector<binding> bindings_;
  std::vector<std::size_t> undone_columns_;
  std::vector<std::size_t> left_out_columns_;
  std::set<std::pair<std::uint32_t, std::string>> undone_;  // orders of customers, of all files
  bool sells_ = false;
  bool no_purchase_ = false;  // The row's order was taken back.
  bool quiet_ = false;        // What is wrong with this row was told already.
};

}  // namespace clientbook::exchange

#endif
