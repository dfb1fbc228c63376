// Receipts are added up one by one, by currency; nothing is rounded and nothing converted.
//
// A sum that does not fit is an error: a figure that is wrong would be taken for one that is right.
// A piece that came back is a return of its price, with whatever sign tills write that.
#include <clientbook/book/customer_figures.hpp>
#include <clientbook/model/record.hpp>

#include <algorithm>

namespace clientbook {
namespace {

constexpr error too_much{errc::limit_exceeded, "the amounts are more than can be added up"};

bool add(std::int64_t& to, std::int64_t more) noexcept {
  return !__builtin_add_overflow(to, more, &to);
}

currency_figures& of_currency(customer_figures& out, std::string_view currency) {
  const auto at = std::lower_bound(
      out.spend.begin(), out.spend.end(), currency,
      [](const currency_figures& one, std::string_view code) { return one.currency < code; });
  if (at != out.spend.end() && at->currency == currency) return *at;
  return *out.spend.insert(at, {.currency = std::string(currency)});
}

struct line_sums {
  std::int64_t spent = 0;
  std::int64_t returned = 0;
  bool priced = false;
};

result<line_sums> sums_of(const purchase_view& receipt, customer_figures& out) {
  line_sums sums;
  for (const purchase_line& line : receipt.lines) {
    const std::int64_t pieces = line.quantity.value_or(1);
    if (pieces < 0) out.returned_pieces += ~static_cast<std::uint64_t>(pieces) + 1;
    if (!line.unit_price) continue;
    sums.priced = true;
    std::int64_t amount = 0;
    if (__builtin_mul_overflow(pieces, *line.unit_price, &amount)) return too_much;
    if (pieces < 0 && amount > 0) amount = -amount;
    if (!add(sums.spent, amount)) return too_much;
    if (pieces >= 0) continue;
    if (__builtin_sub_overflow(sums.returned, amount, &sums.returned)) return too_much;
  }
  return sums;
}

void note_day(const purchase& receipt, customer_figures& out) {
  const date day = receipt.day ? *receipt.day : date_of(*receipt.at);
  if (!out.first_purchase || day < *out.first_purchase) out.first_purchase = day;
  if (!out.last_purchase || *out.last_purchase < day) out.last_purchase = day;
  const bool visit = receipt.channel.empty() || receipt.channel == "store";
  if (visit && (!out.last_visit || *out.last_visit < day)) out.last_visit = day;
}

}  // namespace

result<customer_figures> figures_of(const item_list& purchases) {
  if (purchases.state() != field_state::shown && purchases.state() != field_state::absent) {
    return error{errc::denied, "this purpose does not show the purchases as they are",
                 field::purchases.value};
  }
  customer_figures out;
  for (const item_list::item& one : purchases.items()) {
    const auto receipt = decode_purchase(one.value);
    if (!receipt) return receipt.error();
    const purchase& head = receipt->receipt;
    ++out.purchases;
    if (head.day || head.at) note_day(head, out);
    const auto sums = sums_of(*receipt, out);
    if (!sums) return sums.error();
    if (!head.total && !sums->priced) {
      ++out.without_amount;
      continue;
    }
    currency_figures& money = of_currency(out, head.currency);
    if (!add(money.spent, head.total.value_or(sums->spent)) ||
        !add(money.returned, sums->returned)) {
      return too_much;
    }
  }
  return out;
}

}  // namespace clientbook
