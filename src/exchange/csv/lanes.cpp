// Rows of sales, gathered into purchases by customer and order.
//
// An export has one row for each line of a receipt, and rows of one order may lie apart. What two
// rows of an order say differently is a fault and not a choice.
#include "lanes.hpp"

namespace clientbook::exchange {
namespace {

bool agree(const purchase& a, const purchase& b) noexcept {
  return a.at == b.at && a.day == b.day && a.store == b.store && a.associate == b.associate &&
         a.channel == b.channel && a.currency == b.currency && a.total == b.total;
}

}  // namespace

// Rows of one order mostly follow each other.
std::uint32_t sales::find(std::uint32_t owner) const {
  if (!heads_.empty() && owners_.back() == owner && heads_.back().order == head[0].order) {
    return static_cast<std::uint32_t>(heads_.size() - 1);
  }
  const auto found = numbers_.find({owner, head[0].order});
  return found == numbers_.end() ? none : found->second;
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
  if (number != none && !agree(heads_[number], head[0])) {
    return error{errc::invalid_value,
                 "rows of one order disagree about its time, store, currency or total"};
  }
  return {};
}

void sales::keep(std::uint32_t owner) {
  if (!given(head[0].order)) return;
  std::uint32_t number = find(owner);
  if (number == none) {
    number = static_cast<std::uint32_t>(heads_.size());
    heads_.push_back(head[0]);
    owners_.push_back(owner);
    numbers_.emplace(key{owner, head[0].order}, number);
    receipts.add(owner, number);
  }
  if (given(line[0])) lines.add(number, line[0]);
  drop();
}

void sales::group(std::size_t owners) {
  receipts.group(owners);
  lines.group(heads_.size());
  numbers_ = {};
  owners_ = {};
}

}  // namespace clientbook::exchange
