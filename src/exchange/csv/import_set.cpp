// Loads the files of an export by a column map, whole, before anything is handed out.
//
// Every bad row is reported with its file, line and column and without its value; whether one ends
// the import or is left out is the caller's choice. Rows that belong to customers are joined by the
// keys that the map names, and a row that leads to nobody is a bad one.
#include "consent_words.hpp"
#include "import_state.hpp"
#include "table_facts.hpp"

#include <clientbook/base/time.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace clientbook {

using namespace exchange;

namespace {

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

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

void lower(std::string& address) noexcept {
  for (char& c : address) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
}

std::size_t position(std::span<const std::string> header, std::string_view name) {
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

  result<void> run() {
    for (const file_plan& file : map_.files) {
      if (const auto done = read(file); !done) return done;
    }
    if (const auto done = check_household(); !done) return done;
    to_.kept.each([&](auto& lane) { lane.group(to_.ids.size()); });
    tell_likely_same();
    to_.kept.purchases.group(to_.ids.size());
    return {};
  }

 private:
  result<void> read(const file_plan& file);
  result<void> read_joined(const join_plan& join, lookup& to);
  result<void> bind(const file_plan& file, std::span<const std::string> header);
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
  result<std::uint32_t> owner_of(const file_plan& file, bool customers);
  void keep_row(std::uint32_t owner);
  void tell_likely_same();
  result<void> rules_of(const file_plan& file, std::span<const std::string_view> cells);
  result<bool> time_of(const rule_directive& from, const rule_plan& rule, const file_plan& file,
                       std::span<const std::string_view> cells, import_consent& to);
  void settle_days(const file_plan& file);
  bool fits_currency(std::string_view amount) const;
  result<void> check_household();

  // A bad row where reading stands.
  error problem(error what, std::size_t column, std::string_view name) {
    what.at = line_;
    if (report_.problems.size() < options_.reported || options_.on_bad_row == bad_row::stop) {
      report_.problems.push_back({what, file_, column, name});
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
    if (report_.remarks.size() < options_.reported) {
      report_.remarks.push_back({what, file_, column, name});
    }
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
  std::span<const std::string> header_;
  std::vector<lookup> lookups_;
  std::vector<std::size_t> join_columns_;
  std::vector<const std::string_view*> joined_;  // the joined row of each join
  std::vector<std::size_t> rule_columns_;
  std::vector<binding> bindings_;
  bool sells_ = false;
};

result<void> loader::check_header(std::span<const std::string> header, std::size_t file,
                                  const std::vector<std::string_view>& known) {
  file_ = file;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (std::find(known.begin(), known.end(), header[i]) == known.end()) {
      return fatal({errc::unknown_field,
                    "a column that the map does not know: map it, or list it under ignore", 1},
                   i + 1);
    }
  }
  for (const std::string_view name : known) {
    if (position(header, name) == header.size()) {
      return fatal({errc::missing_field, "a column of the map that the file does not have", 1}, 0,
                   name);
    }
  }
  return {};
}

// Reads a joined file whole.
result<void> loader::read_joined(const join_plan& join, lookup& to) {
  file_ = join.file;
  auto& count = report_.files[join.file];
  auto reader = csv_reader::open_file(folder_ + map_.names[join.file], options_.limits);
  if (!reader) return fatal(reader.error());
  count.present = true;
  std::vector<std::string_view> known(join.ignored);
  known.push_back(join.key);
  for (const column_plan& column : join.columns) known.push_back(column.name);
  if (const auto good = check_header(reader->header(), join.file, known); !good) return good;

  const std::size_t key = position(reader->header(), join.key);
  std::vector<std::size_t> columns;
  for (const column_plan& column : join.columns) {
    columns.push_back(position(reader->header(), column.name));
  }
  to.width = columns.size();
  for (;;) {
    const auto more = reader->next();
    if (more && !*more) return {};
    ++count.rows;
    std::optional<error> wrong;
    std::size_t wrong_column = 0;
    if (!more) {
      line_ = more.error().at;
      if (more.error().code != errc::invalid_encoding) return fatal(more.error());
      wrong = more.error();
    } else {
      line_ = reader->line();
      wrong_column = key + 1;
      const std::string_view id = reader->cells()[key];
      if (id.empty()) {
        wrong = error{errc::missing_field, "a row without its key"};
      } else if (to.rows.contains(id)) {
        wrong = error{errc::already_exists, "a second row of this key"};
      } else {
        to.rows.emplace(to_.texts.keep(id), to.cells.size());
        for (const std::size_t column : columns) {
          to.cells.push_back(to_.texts.keep(reader->cells()[column]));
        }
      }
    }
    if (!wrong) continue;
    ++count.skipped;
    const error reported =
        problem(*wrong, wrong_column, wrong_column == 0 ? std::string_view() : join.key);
    if (options_.on_bad_row == bad_row::stop) return reported;
  }
}

// Finds the columns of the map in the header.
result<void> loader::bind(const file_plan& file, std::span<const std::string> header) {
  std::vector<std::string_view> known(file.ignored);
  ids_.clear();
  for (const id_columns& columns : file.ids) {
    auto& parts = ids_.emplace_back();
    for (const std::string_view name : columns) {
      known.push_back(name);
      id_part part{position(header, name), cell_kind::id, {}};
      for (const column_plan& column : file.columns) {
        if (column.name != name) continue;
        part.kind = column.kind;
        part.split = column.split;
      }
      parts.push_back(part);
    }
  }
  bindings_.clear();
  for (const column_plan& column : file.columns) {
    known.push_back(column.name);
    bindings_.push_back({&column, position(header, column.name), nowhere});
  }
  rule_columns_.clear();
  for (const rule_plan& rule : file.rules) {
    known.push_back(rule.column);
    for (const auto& [value, directives] : rule.directives) {
      for (const rule_directive& each : directives) {
        if (!each.at_column.empty()) known.push_back(each.at_column);
        if (!each.contact_column.empty()) known.push_back(each.contact_column);
      }
    }
    rule_columns_.push_back(position(header, rule.column));
  }
  join_columns_.clear();
  for (std::size_t i = 0; i < file.joins.size(); ++i) {
    known.push_back(file.joins[i].column);
    join_columns_.push_back(position(header, file.joins[i].column));
    for (std::size_t c = 0; c < file.joins[i].columns.size(); ++c) {
      bindings_.push_back({&file.joins[i].columns[c], c, i});
    }
  }
  joined_.assign(file.joins.size(), nullptr);
  std::stable_partition(bindings_.begin(), bindings_.end(),
                        [](const binding& each) { return each.plan->to.first; });
  // What a list in a cell brings takes the places that single values leave.
  std::stable_partition(bindings_.begin(), bindings_.end(),
                        [](const binding& each) { return each.plan->split.empty(); });
  before_.assign(bindings_.size(), {});
  order_before_.clear();

  to_.kept.each([](auto& lane) {
    lane.drop();
    if constexpr (requires { lane.slots; }) lane.slots = 0;
  });
  to_.kept.purchases.drop();
  sells_ = false;
  const auto reserve = [&](const target_place& place) {
    place.what->reserve(to_.kept, place.slot);
    sells_ = sells_ || place.is_purchase;
  };
  for (const binding& each : bindings_) {
    reserve(each.plan->to);
    target_place last = each.plan->to;
    last.slot = max_slots - 1;
    if (!each.plan->split.empty() || each.plan->kind == cell_kind::phone) reserve(last);
  }
  for (const constant_plan& each : file.behind) reserve(each.to);
  return check_header(header, file.file, known);
}

result<void> loader::constants_of(std::span<const constant_plan> constants, bool only_begun) {
  for (const constant_plan& each : constants) {
    if (only_begun && !each.to.what->begun(to_.kept, each.to.slot)) continue;
    const auto set =
        each.to.what->set(to_.kept, each.to.slot, {each.text, rounding::refuse, &to_.texts});
    if (!set) return bad(set.error());
  }
  return {};
}

result<void> loader::joins_of(const file_plan& file, std::span<const std::string_view> cells) {
  for (std::size_t i = 0; i < file.joins.size(); ++i) {
    const std::string_view id = cells[join_columns_[i]];
    joined_[i] = nullptr;
    if (id.empty()) continue;
    const auto found = lookups_[i].rows.find(id);
    if (found == lookups_[i].rows.end()) {
      return bad({errc::not_found, "the joined file has no row of this key"}, join_columns_[i] + 1,
                 file.joins[i].column);
    }
    joined_[i] = lookups_[i].cells.data() + found->second;
  }
  return {};
}

// The currency of a row is set before its amounts; an amount without a sign is in it.
bool loader::fits_currency(std::string_view amount) const {
  const std::string_view named = currency_within(amount);
  const std::string_view currency = to_.kept.purchases.head[0].currency;
  return named.empty() || currency.empty() || named.find(currency) != std::string_view::npos;
}

// One value of a cell of a file that is read as it was found. Where the place of the map is taken
// by another value of the same cell, the next free one of the list is its place.
result<void> loader::set_found(const file_plan& file, const binding& from, std::string_view text,
                               std::size_t column, std::size_t part) {
  const column_plan& plan = *from.plan;
  const std::string_view found = text;
  const auto read = read_cell(plan.kind, file.form, plan.dates, text, scratch_, extension_);
  if (!read && read.error().code == errc::missing_field) {
    remark(read.error(), column, plan.name);
    return {};
  }
  if (!read) return bad(read.error(), column, plan.name);
  if (text.empty()) return {};
  if (plan.kind == cell_kind::amount && !fits_currency(found)) {
    return bad({errc::invalid_value, "an amount in another currency than its row's"}, column,
               plan.name);
  }
  std::size_t slot = plan.to.slot;
  if (!plan.split.empty() && plan.to.what->name.starts_with("addresses[]")) {
    // The parts of a second address stand at one place in several cells.
    if (part != 0) slot = max_slots - std::min(part, max_slots - 1);
  } else if (!plan.split.empty() || (plan.kind == cell_kind::phone && part > 0)) {
    while (slot < max_slots && plan.to.what->begun(to_.kept, slot)) ++slot;
    if (slot == max_slots) {
      return bad({errc::limit_exceeded, "more values in a cell than a row can bring"}, column,
                 plan.name);
    }
  }
  if (plan.to.what->name == "name.full" && take_apart(text, false).several_people) {
    remark({errc::none, "several people in one row: kept as one customer"}, column, plan.name);
  }
  cell one{to_.texts.keep(text), plan.round, &to_.texts};
  one.cards_left = options_.on_note_cards == note_cards::left;
  one.alone_is_family = plan.alone_is_family;
  one.parts_as_one = plan.parts_as_one;
  const auto set = plan.to.what->set(to_.kept, slot, one);
  if (!set) return bad(set.error(), column, plan.name);
  if (extension_.empty()) return {};
  static const auto extension = find_target("phones[].extension");
  const auto more = extension->what->set(to_.kept, slot, {to_.texts.keep(extension_)});
  return more ? result<void>() : bad(more.error(), column, plan.name);
}

result<void> loader::cell_of(const file_plan& file, const binding& from, std::string_view text,
                             std::size_t column, bool lasting) {
  const column_plan& plan = *from.plan;
  if (file.guarded && from.join == nowhere && text.starts_with('\'')) text.remove_prefix(1);
  if (file.form.as_found && plan.kind != cell_kind::prose) text = without_blanks(text);
  if (!plan.values.empty()) {
    auto value = plan.values.find(text);
    if (value == plan.values.end() && file.form.as_found) {
      const std::string folded = folded_words(text);
      value = std::find_if(plan.values.begin(), plan.values.end(),
                           [&](const auto& each) { return folded_words(each.first) == folded; });
    }
    if (value != plan.values.end()) {
      text = value->second;
      lasting = true;
      if (text.empty()) return {};
    } else if (plan.other == otherwise::refuse) {
      return bad({errc::invalid_value, "not one of the values that the map lists"}, column,
                 plan.name);
    } else if (plan.other == otherwise::drop) {
      return {};
    }
  }
  if (!file.form.as_found) {
    if (!lasting) text = to_.texts.keep(text);
    cell one{text, plan.round, &to_.texts};
    one.cards_left = options_.on_note_cards == note_cards::left;
    const auto set = plan.to.what->set(to_.kept, plan.to.slot, one);
    return set ? result<void>() : bad(set.error(), column, plan.name);
  }
  if (plan.split.empty() && plan.kind == cell_kind::phone) {
    std::size_t part = 0;
    for (const std::string_view number : numbers_within(text)) {
      if (const auto set = set_found(file, from, number, column, part++); !set) return set;
    }
    return {};
  }
  if (plan.split.empty()) return set_found(file, from, text, column);
  for (std::size_t part = 0;; ++part) {
    const std::size_t end = std::min(text.find(plan.split), text.size());
    if (const auto set = set_found(file, from, text.substr(0, end), column, part); !set) return set;
    if (end == text.size()) return {};
    text.remove_prefix(end + plan.split.size());
  }
}

result<void> loader::cells_of(const file_plan& file, std::span<const std::string_view> cells) {
  if (const auto set = constants_of(file.before, false); !set) return set;
  if (const auto found = joins_of(file, cells); !found) return found;
  bool same_order = false;
  for (const binding& each : bindings_) {
    if (!file.form.as_found || each.plan->to.what->name != "purchase.order") continue;
    same_order = each.join == nowhere && cells[each.column] == order_before_;
    if (each.join == nowhere) order_before_ = cells[each.column];
  }
  for (std::size_t i = 0; i < bindings_.size(); ++i) {
    const binding& each = bindings_[i];
    const bool own = each.join == nowhere;
    if (!own && joined_[each.join] == nullptr) continue;
    std::string_view text = own ? cells[each.column] : joined_[each.join][each.column];
    if (each.plan->fill && own) {
      if (text.empty() && same_order) {
        text = before_[i];
      } else {
        before_[i] = text;
      }
    }
    if (text.empty()) continue;
    const std::size_t column = own ? each.column + 1 : join_columns_[each.join] + 1;
    if (const auto set = cell_of(file, each, text, column, !own); !set) return set;
  }
  if (const auto set = constants_of(file.behind, true); !set) return set;
  const auto settled = to_.kept.purchases.settle(to_.texts);
  return settled ? result<void>() : bad(settled.error());
}

// A yes is one where nothing stands beside it: `ja?` is a question, `-1` is none.
bool stands_alone(std::string_view text) noexcept {
  const auto joins = [](char c) { return c == ' ' || c == '-' || c == '_'; };
  if (text.empty() || joins(text.front()) || joins(text.back())) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return plain || joins(c) || static_cast<unsigned char>(c) >= 0x80;
  });
}

using directives = std::vector<rule_directive>;

bool closes(const directives& said) noexcept {
  return std::all_of(said.begin(), said.end(),
                     [](const rule_directive& each) { return restricts(each.said.kind); });
}

// The rule of a word, or of `no` for other words that say no more than that.
const directives* said_in_words(const rule_plan& rule, std::string_view text) {
  const std::string folded = folded_words(text);
  if (folded.empty()) return nullptr;
  const auto by = [&](std::string_view word) -> const directives* {
    for (const auto& [value, said] : rule.directives) {
      if (value == "*" || folded_words(value) != word) continue;
      if (closes(said) || stands_alone(text)) return &said;
    }
    return nullptr;
  };
  if (const directives* const said = by(folded)) return said;
  if (!is_plain_no(folded)) return nullptr;
  for (const char* const plain : {"no", "false", "0"}) {
    if (const directives* const said = by(plain)) return said;
  }
  return nullptr;
}

// What a cell says by a rule; nothing where it has no word for it.
const directives* said_by(const rule_plan& rule, std::string_view text, bool as_found) {
  auto found = rule.directives.find(text);
  if (found != rule.directives.end() && text != "*") return &found->second;
  const auto any = rule.any ? rule.directives.find("*") : rule.directives.end();
  const auto otherwise = any != rule.directives.end() ? &any->second : nullptr;
  if (!as_found) return otherwise;
  if (const directives* const said = said_in_words(rule, text)) return said;
  const bool no = says_no(folded_words(text));
  if (means_nothing(text, cell_kind::text, {}) && !no) {
    found = rule.directives.find(std::string_view());
    return found != rule.directives.end() ? &found->second : otherwise;
  }
  if (!rule.no.empty() && no) return &rule.directives.find(rule.no)->second;
  return otherwise;
}

// When a directive of the row was said. What closes and stands in the very column of its time was
// said, even if nobody can read when: it is then as new as the file. False: there is no such day
// (00.00.0000), and nothing was said.
result<bool> loader::time_of(const rule_directive& from, const rule_plan& rule,
                             const file_plan& file, std::span<const std::string_view> cells,
                             import_consent& to) {
  if (from.at_column.empty()) return true;
  const std::size_t at = position(header_, from.at_column);
  std::string_view when = cells[at];
  const bool own = from.at_column == rule.column && restricts(to.kind) && file.form.as_found;
  const auto read =
      read_cell(cell_kind::instant, file.form, file.form.dates, when, scratch_, extension_);
  if (!read && own) return true;
  if (!read) return bad(read.error(), at + 1, from.at_column).error();
  if (when.empty()) return !own;
  to.given_at = *parse_timestamp(when);
  return true;
}

// A no of a day counts from no later than the yes of that day: which came first nobody can tell.
void loader::settle_days(const file_plan& file) {
  constexpr std::int64_t day = 86'400;
  for (import_consent& no : said_) {
    if (!restricts(no.kind) || !no.given_at) continue;
    const timestamp begins = *no.given_at;
    if ((begins.seconds + file.form.utc_offset) % day != 0) continue;
    for (const import_consent& yes : said_) {
      if (restricts(yes.kind) || !yes.given_at) continue;
      const bool same =
          yes.given_at->seconds >= begins.seconds && yes.given_at->seconds < begins.seconds + day;
      if (same && yes.given_at->seconds > no.given_at->seconds) no.given_at = yes.given_at;
    }
  }
}

// A value that no rule names is an error: a flag that is not understood is not a consent, and
// leaving it out in silence could lose a refusal. Of a file as it was found a no in words is one,
// and what else is not named is told and says nothing: nobody opted in by it.
result<void> loader::rules_of(const file_plan& file, std::span<const std::string_view> cells) {
  said_.clear();
  for (std::size_t i = 0; i < file.rules.size(); ++i) {
    const rule_plan& rule = file.rules[i];
    std::string_view text = cells[rule_columns_[i]];
    if (file.form.as_found) text = without_blanks(text);
    const directives* const found = said_by(rule, text, file.form.as_found);
    if (found == nullptr) {
      if (text.empty()) continue;
      const error unknown{errc::invalid_value, "no consent rule for this value"};
      if (!file.form.as_found) return bad(unknown, rule_columns_[i] + 1, rule.column);
      remark({unknown.code, "no consent rule for this value: it counts as nothing said"},
             rule_columns_[i] + 1, rule.column);
      continue;
    }
    for (const rule_directive& each : *found) {
      import_consent said = each.said;
      const auto timed = time_of(each, rule, file, cells, said);
      if (!timed) return timed.error();
      if (!*timed) continue;
      if (!each.contact_column.empty()) {
        // Who has no such number has said nothing of it.
        const std::string_view whose = cells[position(header_, each.contact_column)];
        if (without_blanks(whose).empty()) continue;
        said.contact = to_.texts.keep(without_blanks(whose));
      }
      said_.push_back(said);
    }
  }
  settle_days(file);
  return {};
}

// One of the map's choices of an id; false if the row does not have it.
result<bool> loader::id_from(std::size_t choice, const file_plan& file,
                             std::span<const std::string_view> cells) {
  const auto& parts = ids_[choice];
  id_.clear();
  for (std::size_t k = 0; k < parts.size(); ++k) {
    std::string_view text = cells[parts[k].column];
    // Of several values in a cell the first is the id.
    if (!parts[k].split.empty()) text = text.substr(0, text.find(parts[k].split));
    if (file.form.as_found) {
      const auto read =
          read_cell(parts[k].kind, file.form, file.form.dates, text, scratch_, extension_);
      // Of a birth date that is no whole day nothing can be told apart.
      if (!read && read.error().code == errc::missing_field) return false;
      if (!read) return bad(read.error(), parts[k].column + 1, file.ids[choice][k]).error();
    }
    if (text.empty()) return false;
    if (k > 0) id_ += " / ";
    id_ += text;
  }
  key_ = parts[0].column;
  unicode::nfc_room room;
  if (const auto normal = unicode::nfc(id_, room)) id_ = std::string(*normal);
  comparable_ = id_;
  const cell_kind kind = parts[0].kind;
  made_up_ = parts.size() > 1 || kind == cell_kind::email || kind == cell_kind::phone ||
             kind == cell_kind::name || kind == cell_kind::day;
  // Names are compared as people do, without case and accents.
  if (parts.size() > 1) comparable_ = folded_words(id_);
  // Of an e-mail address large and small letters are the same; of ids they are not.
  if (id_.find('@') != std::string::npos) lower(comparable_);
  return true;
}

// The row's id, from the first of the map's choices that it has; of a row that belongs to somebody
// the first by which somebody is known. False if it has none.
result<bool> loader::id_of(const file_plan& file, std::span<const std::string_view> cells) {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const auto has = id_from(i, file, cells);
    if (!has) return has.error();
    if (!*has) continue;
    if (file.file == 0 || numbers_.contains(comparable_)) return true;
    if (!first) first = i;
  }
  if (first) return ids_.size() == 1 ? result<bool>(true) : id_from(*first, file, cells);
  key_ = ids_[0][0].column;
  return false;
}

// A list of another program names people by their e-mail address, whatever their ids are.
result<std::uint32_t> loader::owner_by_mail() {
  constexpr std::uint32_t several = std::numeric_limits<std::uint32_t>::max();
  const auto& emails = to_.kept.emails.kept;
  for (; mails_read_ < emails.size(); ++mails_read_) {
    std::string address(emails.at(mails_read_).address.reveal());
    lower(address);
    const std::uint32_t owner = emails.owner_at(mails_read_);
    const auto [found, is_new] = mails_.emplace(std::move(address), owner);
    if (!is_new && found->second != owner) found->second = several;
  }
  const auto found = mails_.find(comparable_);
  if (found == mails_.end()) return error{errc::not_found, "no customer has this external id"};
  if (found->second == several) {
    return error{errc::already_exists,
                 "several customers of the file have this e-mail: give the row an id"};
  }
  return found->second;
}

// Whether nothing stands beside the first cell of the id: a row of a sum, or of a number kept free.
bool loader::alone(std::span<const std::string_view> cells) const {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != key_ && !without_blanks(cells[i]).empty()) return false;
  }
  return cells.size() > 1;
}

// Whose row it is: for a new customer the number they get.
result<std::uint32_t> loader::owner_of(const file_plan& file, bool customers) {
  if (!customers && !to_.ids.empty() && to_.ids[last_] == id_) return last_;
  const auto found = numbers_.find(comparable_);
  if (found == numbers_.end()) {
    if (customers) return static_cast<std::uint32_t>(to_.ids.size());
    if (file.form.as_found && comparable_.find('@') != std::string::npos) return owner_by_mail();
    return error{errc::not_found, "no customer has this external id"};
  }
  if (customers && !file.merge) {
    return error{errc::already_exists, "a second row of this external id"};
  }
  if (!customers) last_ = found->second;
  return found->second;
}

// The row is good: take it over.
void loader::keep_row(std::uint32_t owner) {
  if (owner == to_.ids.size()) {
    to_.ids.push_back(to_.texts.keep(id_));
    to_.lines.push_back(line_);
    to_.made_up.push_back(made_up_);
    numbers_.emplace(comparable_ == id_ ? to_.ids.back() : to_.texts.keep(comparable_), owner);
  }
  for (std::size_t i = 0; i < to_.kept.notes.slots; ++i) {
    const note& one = to_.kept.notes.stage[i];
    if (given(one)) to_.notes.push_back({one.text.reveal().data(), {file_, line_}});
  }
  to_.kept.each([&](auto& lane) { lane.keep(owner); });
  household_from_.resize(to_.kept.household.kept.size(), {file_, line_});
  for (const import_consent& said : said_) to_.kept.consents.kept.add(owner, said);
  if (sells_) to_.kept.purchases.keep(owner);
}

result<void> loader::row(const file_plan& file, const csv_reader& reader) {
  const auto cells = reader.cells();
  const bool customers = file.file == 0;
  const auto key_problem = [&](error what) { return bad(what, key_ + 1, file.ids[0][0]); };
  const auto has_id = id_of(file, cells);
  if (!has_id) return has_id.error();
  if (!*has_id) {
    if (!file.form.as_found) {
      return key_problem({errc::missing_field, "a row without an external id"});
    }
    remark({errc::missing_field, "a row without anything that tells whose it is: left out"});
    ++report_.left_out;
    return {};
  }
  if (customers) {
    const auto good = validate_text(id_, line_breaks::refused);
    if (!good) return key_problem(good.error());
  }
  if (file.form.as_found &&
      std::equal(cells.begin(), cells.end(), header_.begin(), header_.end())) {
    return bad({errc::already_exists, "the header row once more: two files in one?"});
  }
  if (customers && file.form.as_found && alone(cells)) {
    remark({errc::missing_field, "a row of an id and nothing else: left out"}, key_ + 1,
           file.ids[0][0]);
    ++report_.left_out;
    return {};
  }
  const auto owner = owner_of(file, customers);
  if (!owner) {
    if (owner.error().code != errc::not_found || !file.leave_out_unknown) {
      return key_problem(owner.error());
    }
    remark({errc::not_found, "a row of somebody who is not in the customers file: left out"},
           key_ + 1, file.ids[0][0]);
    ++report_.left_out;
    return {};
  }
  if (file.not_reached) {
    remark({errc::none, "mail to this address did not arrive: ask for another; nobody said no"},
           key_ + 1, file.ids[0][0]);
  }
  if (const auto done = cells_of(file, cells); !done) return done;
  if (const auto done = rules_of(file, cells); !done) return done;
  if (*owner < to_.ids.size() && customers && !sells_ && is_other_person(to_.kept, *owner)) {
    return key_problem({errc::already_exists,
                        "a second row of this id with another name or birth date: two people?"});
  }
  if (*owner < to_.ids.size() && customers) {
    to_.kept.each([&](auto& lane) { lane.yield_to(*owner); });
  }
  result<void> whole;
  to_.kept.each([&](const auto& lane) {
    if (whole) whole = lane.check(*owner);
  });
  if (!whole) return bad(whole.error());
  if (sells_) {
    if (const auto good = to_.kept.purchases.check(*owner); !good) return bad(good.error());
  }
  keep_row(*owner);
  return {};
}

// Two customers with one e-mail address are likely one person; only who keeps the book can say.
void loader::tell_likely_same() {
  if (!map_.files.front().form.as_found) return;
  boost::unordered_flat_map<std::string, std::size_t> first;
  file_ = 0;
  for (std::size_t i = 0; i < to_.ids.size(); ++i) {
    for (const email_address& each : to_.kept.emails.of(i)) {
      std::string address(each.address.reveal());
      lower(address);
      const auto [found, is_new] = first.emplace(std::move(address), i);
      if (is_new || found->second == i) continue;
      line_ = to_.lines[i];
      remark({errc::already_exists, "likely a customer who has a row already: the same e-mail"});
    }
  }
}

result<void> loader::read(const file_plan& file) {
  lookups_.clear();
  file_ = file.file;
  auto& count = report_.files[file.file];
  auto reader =
      csv_reader::open_file(folder_ + map_.names[file.file], file.form.dialect, options_.limits);
  if (!reader) {
    if (file.optional && reader.error().code == errc::not_found) return {};
    return fatal(reader.error());
  }
  count.present = true;
  for (const join_plan& join : file.joins) {
    if (const auto done = read_joined(join, lookups_.emplace_back()); !done) return done;
  }
  header_ = reader->header();
  if (const auto done = bind(file, header_); !done) return done;
  for (;;) {
    const auto more = reader->next();
    if (more && !*more && file.file == 0 && count.rows == 0) {
      return fatal({errc::missing_field, "no row below the header: nothing to import", 1});
    }
    if (more && !*more) return {};
    ++count.rows;
    result<void> done;
    if (!more) {
      line_ = more.error().at;
      if (more.error().code != errc::invalid_encoding) return fatal(more.error());
      done = bad(more.error());
    } else {
      line_ = reader->line();
      done = row(file, *reader);
    }
    if (done) continue;
    ++count.skipped;
    if (options_.on_bad_row == bad_row::stop) return done;
    to_.kept.each([](auto& lane) { lane.drop(); });
    to_.kept.purchases.drop();
  }
}

// Members of a household can come later in the file than those who name them.
result<void> loader::check_household() {
  auto& links = to_.kept.household.kept;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const import_household& link = links.at(i);
    if (link.external_id.empty() || numbers_.contains(link.external_id)) continue;
    file_ = household_from_[i].file;
    line_ = household_from_[i].line;
    const auto reported = bad({errc::not_found, "no customer has this external id"});
    if (options_.on_bad_row == bad_row::stop) return reported;
    ++report_.files[file_].skipped;
    links.remove(i);
    household_from_.erase(household_from_.begin() + static_cast<std::ptrdiff_t>(i--));
  }
  return {};
}

}  // namespace

import_set::import_set(std::unique_ptr<state> owned) noexcept : state_(std::move(owned)) {}
import_set::import_set(import_set&&) noexcept = default;
import_set& import_set::operator=(import_set&&) noexcept = default;
import_set::~import_set() = default;

std::size_t import_set::customers() const noexcept { return state_->ids.size(); }
std::size_t import_set::receipts() const noexcept { return state_->kept.purchases.count(); }
std::size_t import_set::purchase_lines() const noexcept {
  return state_->kept.purchases.lines.size();
}

result<import_set> import_set::load(const column_map& map, const std::string& folder,
                                    const import_options& options, import_report& report) try {
  report = {};
  report.files.resize(map.state_->names.size());
  auto fresh = std::make_unique<state>();
  fresh->map = map.state_;
  loader reader(*map.state_, *fresh, folder, options, report);
  if (const auto done = reader.run(); !done) return done.error();
  return import_set(std::move(fresh));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

import_place import_set::place_of(const note& text) const noexcept {
  for (const state::note_place& each : state_->notes) {
    if (each.text == text.text.reveal().data()) return each.at;
  }
  return {};
}

result<void> import_set::for_each(callback_ref<result<void>(const import_customer&)> each) const
    try {
  const lanes& kept = state_->kept;
  std::vector<import_receipt> receipts;
  for (std::size_t i = 0; i < state_->ids.size(); ++i) {
    import_customer one;
    one.line = state_->lines[i];
    one.external_id = state_->ids[i];
    one.made_up = state_->made_up[i];
    one.name = kept.name.of(i);
    one.birth_date = kept.birth_date.of(i);
    one.language = kept.language.of(i);
    one.time_zone = kept.time_zone.of(i);
    one.employer = kept.employer.of(i);
    if (const auto about = kept.about.of(i); given(about)) one.demographics = about;
    one.emails = kept.emails.of(i);
    one.phones = kept.phones.of(i);
    one.addresses = kept.addresses.of(i);
    one.special_days = kept.special_days.of(i);
    one.sizes = kept.sizes.of(i);
    one.likes = kept.likes.of(i);
    one.dislikes = kept.dislikes.of(i);
    one.external_ids = kept.external_ids.of(i);
    one.household = kept.household.of(i);
    one.government_ids = kept.government_ids.of(i);
    one.payment_cards = kept.payment_cards.of(i);
    receipts.clear();
    for (const std::uint32_t number : kept.purchases.receipts.of(i)) {
      receipts.push_back({kept.purchases.receipt(number), kept.purchases.lines.of(number)});
    }
    one.receipts = receipts;
    one.notes = kept.notes.of(i);
    one.consents = kept.consents.of(i);
    if (const auto done = each(one); !done) return done;
  }
  return {};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
