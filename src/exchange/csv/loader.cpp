// Reads the files of a map: headers, joined files, then row by row.
#include "loader.hpp"
#include "cell_forms.hpp"

#include <clientbook/internal/unicode/address_form.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {

result<void> loader::run() {
  for (const file_plan& file : map_.files) {
    if (const auto done = read(file); !done) return done;
  }
  if (const auto done = check_household(); !done) return done;
  to_.kept.each([&](auto& lane) { lane.group(to_.ids.size()); });
  settle_days();
  tell_likely_same();
  to_.kept.purchases.group(to_.ids.size());
  return {};
}

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

// Each lane has room for what the file's columns and constants may fill.
void loader::make_room(const file_plan& file) {
  to_.kept.each([](auto& lane) {
    lane.drop();
    if constexpr (requires { lane.slots; }) lane.slots = 0;
  });
  to_.kept.purchases.drop();
  to_.kept.purchases.begin(file.file);
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
  undone_columns_.clear();
  for (const undone_plan& each : file.undone) {
    known.push_back(each.column);
    undone_columns_.push_back(position(header, each.column));
  }
  left_out_columns_.clear();
  for (const undone_plan& each : file.left_out) {
    known.push_back(each.column);
    left_out_columns_.push_back(position(header, each.column));
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

  make_room(file);
  find_merged(file);
  return check_header(header, file.file, known);
}

namespace {

constexpr error of_a_sum{errc::missing_field, "a row of a sum and of nobody: left out"};
constexpr error of_an_id{errc::missing_field, "a row of an id and nothing else: left out"};

// `Summe;412;` below a list. Nobody's id is that word; whoever has an address beside it is
// somebody.
bool is_row_of_a_sum(std::string_view id, std::span<const std::string_view> cells) {
  constexpr std::size_t longest = 48;  // Most ids have digits, and need no look.
  if (id.size() > longest || id.find_first_of("0123456789") != id.npos) return false;
  if (std::ranges::find(sum_words, folded_words(id)) == std::end(sum_words)) return false;
  return std::ranges::none_of(cells,
                              [](std::string_view each) { return each.find('@') != each.npos; });
}

}  // namespace

result<void> loader::check_row(std::uint32_t owner) {
  result<void> whole;
  to_.kept.each([&](const auto& lane) {
    if (whole) whole = lane.check(owner);
  });
  if (whole && sells_ && !no_purchase_) whole = to_.kept.purchases.check(owner);
  return whole;
}

result<void> loader::row(const file_plan& file, const csv_reader& reader) {
  const auto cells = with_merged(file, reader.cells());
  const bool customers = file.file == 0;
  const auto key_problem = [&](error what) { return bad(what, key_ + 1, file.ids[0][0]); };
  const auto has_id = id_of(file, cells);
  if (!has_id) return has_id.error();
  const bool among_noes = !*has_id && id_among_noes(file, cells);
  if (!*has_id && !among_noes) {
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
  const bool sum = customers && file.form.as_found && is_row_of_a_sum(id_, cells);
  if (sum || (customers && file.form.as_found && !among_noes && alone(cells))) {
    remark(sum ? of_a_sum : of_an_id, key_ + 1, file.ids[0][0]);
    ++report_.left_out;
    return {};
  }
  if (is_nobodys(file, cells)) {
    remark({errc::none, "a row that the map leaves out, as of no customer's (\"left_out\")"});
    keep_noes(file, cells);
    ++report_.left_out;
    return {};
  }
  auto owner = owner_of(file, customers);
  if (!owner) {
    if (owner.error().code != errc::not_found || !file.leave_out_unknown) {
      return key_problem(owner.error());
    }
    remark({errc::not_found, "a row of somebody who is not in the customers file: left out"},
           key_ + 1, file.ids[0][0]);
    ++report_.left_out;
    // The book may have them, and a no is not left out.
    keep_noes(file, cells);
    return {};
  }
  if (file.not_reached) {
    remark({errc::none, "mail to this address did not arrive: ask for another; nobody said no"},
           key_ + 1, file.ids[0][0]);
  }
  no_purchase_ = sells_ && is_undone(file, cells, *owner);
  if (const auto done = cells_of(file, cells); !done) return done;
  if (const auto done = rules_of(file, cells); !done) return done;
  if (*owner < to_.ids.size() && customers && !sells_ && is_other_person(to_.kept, *owner)) {
    if (!options_.only_consents || !made_up_) {
      return key_problem({errc::already_exists,
                          "a second row of this id with another name or birth date: two people?"});
    }
    // Of a list of what was said each is taken: nobody is made of it.
    owner = static_cast<std::uint32_t>(to_.ids.size());
  }
  // An order names who paid, which is no other name of the customer's.
  if (*owner < to_.ids.size() && (customers || sells_)) {
    to_.kept.each([&](auto& lane) { lane.yield_to(*owner); });
  }
  if (const auto whole = check_row(*owner); !whole) return bad(whole.error());
  keep_row(*owner);
  return {};
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
    if (more) keep_noes(file, reader->cells());
  }
}

// Two customers with one e-mail address are likely one person; only who keeps the book can say.
void loader::tell_likely_same() {
  if (!map_.files.front().form.as_found) return;
  boost::unordered_flat_map<std::string, std::size_t> first;
  file_ = 0;
  for (std::size_t i = 0; i < to_.ids.size(); ++i) {
    if (to_.left_out[i]) continue;
    for (const email_address& each : to_.kept.emails.of(i)) {
      auto address = unicode::comparable_address<std::string>(each.address.reveal());
      const auto [found, is_new] = first.emplace(std::move(address), i);
      if (is_new || found->second == i) continue;
      line_ = to_.lines[i];
      remark({errc::already_exists, "likely a customer who has a row already: the same e-mail"});
    }
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

}  // namespace clientbook::exchange
