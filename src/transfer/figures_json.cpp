// Figures as JSON: sums of personal data are personal data, so the text is wiped like any other.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/figures_json.hpp>

#include "json_text.hpp"

namespace clientbook {

result<wiped_text> figures_to_json(const customer_figures& figures) try {
  transfer::json_text out;
  const auto count = [&](std::string_view name, std::uint64_t value) {
    out.name(name);
    out.integer(static_cast<std::int64_t>(value));
  };
  const auto day = [&](std::string_view name, const std::optional<date>& value) {
    if (!value) return;
    out.name(name);
    out.string(text_of(*value));
  };
  out.begin_object();
  count("purchases", figures.purchases);
  day("first_purchase", figures.first_purchase);
  day("last_purchase", figures.last_purchase);
  day("last_visit", figures.last_visit);
  count("returned_pieces", figures.returned_pieces);
  count("without_amount", figures.without_amount);
  out.name("spend");
  out.begin_array();
  for (const currency_figures& one : figures.spend) {
    out.begin_object();
    out.name("currency");
    out.string(one.currency);
    out.name("spent");
    out.integer(one.spent);
    out.name("returned");
    out.integer(one.returned);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
