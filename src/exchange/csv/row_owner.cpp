// Whose row it is: by the ids that the map names, by e-mail where another program names people so.
#include "cell_forms.hpp"
#include "loader.hpp"

#include <clientbook/internal/unicode/address_form.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace clientbook::exchange {

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
      // Of a column of noes each cell says its no, whatever else can be read of it.
      if (!read && is_of_noes(file, parts[k].column)) return false;
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
  if (id_.find('@') != std::string::npos) {
    comparable_ = unicode::comparable_address<std::string>(id_);
  }
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
    auto address =
        unicode::comparable_address<std::string>(emails.at(mails_read_).address.reveal());
    const std::uint32_t owner = emails.owner_at(mails_read_);
    if (to_.left_out[owner]) continue;
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
  // What tells whose row it is says no by itself.
  if (std::find(rule_columns_.begin(), rule_columns_.end(), key_) != rule_columns_.end()) {
    return false;
  }
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
    to_.left_out.push_back(false);
    numbers_.emplace(comparable_ == id_ ? to_.ids.back() : to_.texts.keep(comparable_), owner);
  }
  for (std::size_t i = 0; i < to_.kept.notes.slots; ++i) {
    const note& one = to_.kept.notes.stage[i];
    if (given(one)) to_.notes.push_back({one.text.reveal().data(), {file_, line_}});
  }
  to_.kept.each([&](auto& lane) { lane.keep(owner); });
  household_from_.resize(to_.kept.household.kept.size(), {file_, line_});
  for (const import_consent& said : said_) to_.kept.consents.kept.add(owner, said);
  if (sells_ && !no_purchase_) to_.kept.purchases.keep(owner);
}

namespace {

// What tells whose row it is, what it says no to, and how old they are.
bool counts_all_the_same(std::string_view target) noexcept {
  return target.starts_with("emails") || target.starts_with("phones") ||
         target.starts_with("external_ids") || target.starts_with("consents") ||
         target.starts_with("birth_date");
}

}  // namespace

// A bad row leaves nothing behind but its noes: they are of whoever has its id, its addresses and
// numbers, whatever else nobody can read. What is wrong with it was told already.
void loader::keep_noes(const file_plan& file, std::span<const std::string_view> cells) {
  quiet_ = true;
  const auto has_id = id_of(file, cells);
  if (!has_id || !*has_id || !validate_text(id_, line_breaks::refused)) {
    id_.clear();
    made_up_ = true;
  }
  for (const binding& each : bindings_) {
    if (each.join != nowhere || !counts_all_the_same(each.plan->to.what->name)) continue;
    const std::string_view text = cells[each.column];
    if (!text.empty()) (void)cell_of(file, each, text, each.column + 1, false);
  }
  said_.clear();
  for (std::size_t i = 0; i < file.rules.size(); ++i) (void)rule_of(file, i, cells);
  auto& told = to_.kept.consents;
  for (std::size_t i = 0; i < told.slots; ++i) {
    if (given(told.stage[i])) said_.push_back(told.stage[i]);
  }
  quiet_ = false;
  std::erase_if(said_, [](const import_consent& one) { return !restricts(one.kind); });
  told.drop();
  const auto owner = static_cast<std::uint32_t>(to_.ids.size());
  const bool whole = to_.kept.emails.check(owner) && to_.kept.phones.check(owner) &&
                     to_.kept.external_ids.check(owner);
  const bool born = given(to_.kept.birth_date.stage[0]);
  if ((!said_.empty() || born) && whole) {
    to_.ids.push_back(to_.texts.keep(id_));
    to_.lines.push_back(line_);
    to_.made_up.push_back(made_up_);
    to_.left_out.push_back(true);
    ++to_.bad_rows;
    to_.kept.emails.keep(owner);
    to_.kept.phones.keep(owner);
    to_.kept.external_ids.keep(owner);
    to_.kept.birth_date.keep(owner);
    for (const import_consent& said : said_) to_.kept.consents.kept.add(owner, said);
  }
  to_.kept.each([](auto& lane) { lane.drop(); });
  to_.kept.purchases.drop();
}

}  // namespace clientbook::exchange
