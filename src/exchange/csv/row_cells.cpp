// The cells of a row become values of the lanes; what has no reading is told by its column.
#include "cell_forms.hpp"
#include "consent_words.hpp"
#include "loader.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

// `keine Werbung!` among the notes: nobody reads there who sends.
bool tells_of_a_no(std::string_view note) {
  constexpr std::size_t longest = 80;  // What is longer is about something else too.
  if (note.size() > longest) return false;
  const consent_name said = read_consent_name(note);
  return said.says == consent_says::no && (said.topic || said.strong);
}

}  // namespace

result<void> loader::constants_of(std::span<const constant_plan> constants, bool only_begun) {
  for (const constant_plan& each : constants) {
    if (no_purchase_ && each.to.is_purchase) continue;
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
  if (plan.to.what->name == "notes[].text" && tells_of_a_no(text)) {
    remark_of_consent({errc::none,
                       "a note that says no to marketing closes nothing: give the no a column of "
                       "its own"},
                      column, plan.name);
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
      // Of a consent `≠ yes` is no word of yes; a no is one whatever stands beside it.
      const bool plain = !plan.to.what->name.starts_with("consents[]") || is_bare_word(text);
      value = std::find_if(plan.values.begin(), plan.values.end(), [&](const auto& each) {
        return folded_words(each.first) == folded && (plain || restricts(each.second));
      });
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

// Of several addresses in a cell of noes nobody knows that they are one person's: the row is that
// of the first, as its id is, and the no about each of the others is theirs.
std::string_view loader::first_address(std::string_view text) {
  const auto all = addresses_within(to_.texts.keep(without_links(text, behind_link::kept)));
  return all.empty() ? text : all.front();
}

namespace {

// `"voided"`, `"cancelled*"`; of a sign (`"-*"`) as it stands there.
bool is_marked(std::string_view mark, std::string_view text, const std::string& folded) {
  const bool begins = mark.size() > 1 && mark.ends_with('*');
  if (begins) mark.remove_suffix(1);
  const std::string word = folded_words(mark);
  if (word.empty()) return begins ? text.starts_with(mark) : text == mark;
  return begins ? folded.starts_with(word) : folded == word;
}

}  // namespace

bool loader::is_nobodys(const file_plan& file, std::span<const std::string_view> cells) const {
  for (std::size_t i = 0; i < file.left_out.size(); ++i) {
    const undone_plan& plan = file.left_out[i];
    const std::string_view text = without_blanks(cells[left_out_columns_[i]]);
    if (text.empty()) continue;
    const std::string folded = folded_words(text);
    if (plan.any || std::ranges::any_of(plan.values, [&](std::string_view each) {
          return is_marked(each, text, folded);
        })) {
      return true;
    }
  }
  return false;
}

// Whether the row's order was cancelled or given back. Programs say so in the first row of an
// order, or in the file of its heads: a row that says nothing itself is as its order was.
bool loader::is_undone(const file_plan& file, std::span<const std::string_view> cells,
                       std::uint32_t owner) {
  std::string_view order;
  for (const binding& each : bindings_) {
    if (each.join != nowhere) continue;
    const std::string_view to = each.plan->to.what->name;
    if (to == "purchase.order") order = cells[each.column];
    // Less than none is given back, and stands in the row itself: there is a purchase.
    if (to == "purchase.line.quantity" && without_blanks(cells[each.column]).starts_with('-')) {
      return false;
    }
  }
  if (file.guarded && order.starts_with('\'')) order.remove_prefix(1);
  order = without_blanks(order);
  bool says = false;
  bool undone = false;
  for (std::size_t i = 0; i < file.undone.size(); ++i) {
    const undone_plan& plan = file.undone[i];
    const std::string_view text = without_blanks(cells[undone_columns_[i]]);
    if (text.empty() || means_nothing(text, cell_kind::day, file.form)) continue;
    const std::string folded = folded_words(text);
    says = says || !plan.any;
    // `0000-00-00`, `no`: it was not.
    const bool zeros = text.find_first_not_of("0-/.: T") == std::string_view::npos;
    if (plan.any && (zeros || std::ranges::find(no_words, folded) != std::end(no_words))) continue;
    undone = undone || plan.any || std::ranges::any_of(plan.values, [&](std::string_view each) {
               return is_marked(each, text, folded);
             });
  }
  const std::pair place(owner, std::string(order));
  if (!undone) return !says && !order.empty() && undone_.contains(place);
  if (!order.empty() && !undone_.insert(place).second) return true;
  ++report_.undone;
  remark({errc::none,
          "an order that was cancelled or given back: no purchase (one that the book has stays)"});
  return true;
}

// Which columns of a list of sales a spreadsheet may have merged over the lines of one order.
void loader::find_merged(const file_plan& file) {
  merged_ = {};
  above_.clear();
  told_merged_ = false;
  if (!file.form.as_found || !sells_) return;
  for (const auto& choice : ids_) {
    for (const id_part& part : choice) merged_.whose.push_back(part.column);
  }
  for (const binding& each : bindings_) {
    if (each.join != nowhere) continue;
    const std::string_view to = each.plan->to.what->name;
    const bool when = to == "purchase.day" || to == "purchase.at";
    if (to == "purchase.order") merged_.order = each.column;
    if (to == "purchase.order" || when) {
      merged_.whose.push_back(each.column);
    } else if (to == "purchase.line.description" || to == "purchase.line.sku") {
      merged_.goods.push_back(each.column);
    } else if (to.starts_with("purchase.") && !to.starts_with("purchase.line.") &&
               to != "purchase.total") {
      merged_.heads.push_back(each.column);
    }
  }
}

// A cell that was merged over several rows stands in the first of them: a row that tells neither
// whose it is nor of which order and day, but what was sold, is one more line of the order above.
std::span<const std::string_view> loader::with_merged(const file_plan& file,
                                                      std::span<const std::string_view> cells) {
  if (merged_.order == nowhere || merged_.goods.empty()) return cells;
  const auto is_empty = [&](std::size_t at) { return without_blanks(cells[at]).empty(); };
  const bool goods = std::ranges::any_of(merged_.goods, [&](std::size_t at) {
    return !is_empty(at) &&
           std::ranges::find(sum_words, folded_words(cells[at])) == std::end(sum_words);
  });
  const bool below = goods && std::ranges::all_of(merged_.whose, is_empty);
  if (!below) {
    if (is_empty(merged_.order)) return above_.clear(), cells;
    above_.resize(cells.size());
    for (const std::size_t at : merged_.whose) above_[at] = cells[at];
    for (const std::size_t at : merged_.heads) above_[at] = cells[at];
    return cells;
  }
  if (above_.empty()) return cells;
  filled_.assign(cells.begin(), cells.end());
  for (const std::size_t at : merged_.whose) filled_[at] = above_[at];
  for (const std::size_t at : merged_.heads) {
    if (is_empty(at)) filled_[at] = above_[at];
  }
  if (!std::exchange(told_merged_, true)) {
    remark({errc::none,
            "no customer, order and day, but goods: one more line of the order above, here and "
            "below"},
           key_ + 1, file.ids[0][0]);
  }
  return filled_;
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
      if (without_blanks(text).empty() && same_order) {
        text = before_[i];
      } else {
        before_[i] = text;
      }
    }
    if (text.empty() || (no_purchase_ && each.plan->to.is_purchase)) continue;
    const std::size_t column = own ? each.column + 1 : join_columns_[each.join] + 1;
    const bool noes = own && file.form.as_found && is_of_noes(file, each.column);
    if (noes && each.plan->kind == cell_kind::email) text = first_address(text);
    const bool was_quiet = std::exchange(quiet_, quiet_ || noes);
    const auto set = cell_of(file, each, text, column, !own);
    quiet_ = was_quiet;
    if (!set && !noes) return set;
  }
  if (const auto set = constants_of(file.behind, true); !set) return set;
  const auto settled = to_.kept.purchases.settle(to_.texts);
  return settled ? result<void>() : bad(settled.error());
}

}  // namespace clientbook::exchange
