// Rows of sales, gathered into purchases by customer and order.
//
// An export has one row for each line of a receipt, and rows of one order may lie apart. What two
// rows of an order say differently is a fault and not a choice.
#include "lanes.hpp"

#include <algorithm>
#include <string>

namespace clientbook::exchange {
namespace {

bool agree(const purchase& a, const purchase& b) noexcept {
  return a.at == b.at && a.day == b.day && a.store == b.store && a.associate == b.associate &&
         a.channel == b.channel && a.currency == b.currency && a.total == b.total;
}

}  // namespace

// Rows of one order mostly follow each other.
std::uint32_t sales::find(std::uint32_t owner) const {
  const purchase& told = head[0];
  if (!heads_.empty() && owners_.back() == owner && heads_.back().order == told.order &&
      heads_.back().store == told.store) {
    return static_cast<std::uint32_t>(heads_.size() - 1);
  }
  const auto found = numbers_.find({owner, told.order, told.store});
  return found == numbers_.end() ? none : found->second;
}

// Two stores may count alike. Who does not say the store may mean any.
bool sales::store_is_missing(std::uint32_t owner) const {
  const auto first = first_of_.find({owner, head[0].order, {}});
  return first != first_of_.end() && heads_[first->second].store.empty() != head[0].store.empty();
}

result<void> sales::take_part(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view behind = text.substr(std::min(point + 1, text.size()));
  std::int64_t value = 0;
  for (const char digit : text.substr(0, point)) {
    if (digit < '0' || digit > '9' || value > 99'999) {
      return error{errc::invalid_value, "not a quantity, or one above a million"};
    }
    value = value * 10 + (digit - '0');
  }
  if (behind.empty() || behind.size() > 3) {
    return error{errc::invalid_value, "a quantity has at most three decimals"};
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const char digit = i < behind.size() ? behind[i] : '0';
    if (digit < '0' || digit > '9') return error{errc::invalid_value, "not a quantity"};
    value = value * 10 + (digit - '0');
  }
  if (value == 0) return error{errc::invalid_value, "a quantity of nothing"};
  part_ = negative ? -value : value;
  return {};
}

result<void> sales::settle(arena& texts) {
  if (part_ == 0) return {};
  purchase_line& sold = line[0];
  const std::int64_t part = part_ < 0 ? -part_ : part_;
  if (sold.unit_price) {
    constexpr std::int64_t most = 9'000'000'000;  // What a part of a million can be multiplied by.
    if (*sold.unit_price > most || *sold.unit_price < -most) {
      return error{errc::limit_exceeded, "a price too large to be multiplied by a quantity"};
    }
    const std::int64_t all = *sold.unit_price * part;
    sold.unit_price = (all + (all < 0 ? -500 : 500)) / 1000;
  }
  if (part_ < 0) sold.quantity = -1;
  std::string behind = std::to_string(1000 + part % 1000).substr(1);
  while (behind.ends_with('0')) behind.pop_back();
  std::string said(sold.description.empty() ? sold.sku : sold.description);
  said += " \xC3\x97 " + std::to_string(part / 1000) + "." + behind;
  sold.description = texts.keep(said);
  part_ = 0;
  return {};
}

result<void> sales::check(std::uint32_t owner) const {
  if (!given(head[0]) && !given(line[0])) return {};
  if (!given(head[0].order)) {
    return error{errc::missing_field, "a purchase needs an order number"};
  }
  if (head[0].at.has_value() == head[0].day.has_value()) {
    return error{errc::missing_field, "a purchase needs a time or a day, not both"};
  }
  if (given(line[0]) && !given(line[0].sku) && !given(line[0].description)) {
    return error{errc::missing_field,
                 "a line of a purchase has neither article number nor description"};
  }
  const std::uint32_t number = find(owner);
  if (number == none ? store_is_missing(owner) : !agree(heads_[number], head[0])) {
    return error{errc::invalid_value,
                 "rows of one order disagree about its time, store, currency or total"};
  }
  return {};
}

void sales::keep(std::uint32_t owner) {
  if (!given(head[0].order)) return;
  std::uint32_t number = find(owner);
  const bool has_line = given(line[0]);
  const bool again =
      number != none && has_line && lines_from_[number] != no_file && lines_from_[number] != file_;
  if (number == none || again) {
    number = static_cast<std::uint32_t>(heads_.size());
    heads_.push_back(head[0]);
    owners_.push_back(owner);
    lines_from_.push_back(no_file);
    numbers_.insert_or_assign(key{owner, head[0].order, head[0].store}, number);
    first_of_.try_emplace(key{owner, head[0].order, {}}, number);
    receipts.add(owner, number);
  }
  if (has_line) {
    lines_from_[number] = file_;
    lines.add(number, line[0]);
  }
  drop();
}

void sales::group(std::size_t owners) {
  receipts.group(owners);
  lines.group(heads_.size());
  numbers_ = {};
  first_of_ = {};
  owners_ = {};
  lines_from_ = {};
}

}  // namespace clientbook::exchange
