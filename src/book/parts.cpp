// Parts of customers, and the histories of a customer who has some.
#include "parts.hpp"

#include <algorithm>

#include "birth_fact.hpp"
#include "places.hpp"

namespace clientbook {

result<customer_row> read_customer_row(book_core& core, customer_no number, const manifest& entry) {
  if (entry.customer_row == 0) return customer_row();
  private_bytes plain;
  if (auto got = core.get_value(entry.subject_key, customer_row_place(number, entry), plain);
      !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "a customer's row is gone: restore a copy"};
  }
  return decode_customer_row(plain.view());
}

result<customer_no> whole_of(book_core& core, customer_no number) {
  const auto found = core.tree().find(number);
  // Who is erased, or was never there, is told by whoever asks for them.
  if (!found || (*found)->stands != standing::part) return number;
  const auto row = read_customer_row(core, number, **found);
  if (!row) return row.error();
  if (row->part_of < first_customer.value) {
    return error{errc::damaged, "a customer is a part of nobody: restore a copy"};
  }
  return customer_no(row->part_of);
}

result<std::vector<merged_part>> parts_in(book_core& core, customer_no number,
                                          const manifest& entry) {
  if (entry.stands != standing::of_several) return std::vector<merged_part>();
  auto row = read_customer_row(core, number, entry);
  if (!row) return row.error();
  // Without them the customer's own word would be all there is.
  if (row->parts.empty()) {
    return error{errc::damaged, "a customer's parts are gone from their row: restore a copy"};
  }
  return std::move(row->parts);
}

manifest copy_of(const manifest& from) {
  manifest out;
  out.subject_key = from.subject_key.duplicate();
  out.key_version = from.key_version;
  out.schema = from.schema;
  out.version = from.version;
  out.purchases = from.purchases;
  out.notes = from.notes;
  out.directives = from.directives;
  out.disclosures = from.disclosures;
  out.consent_state = from.consent_state;
  out.notes_version = from.notes_version;
  out.last_ledger_index = from.last_ledger_index;
  out.born = from.born;
  out.customer_row = from.customer_row;
  out.stands = from.stands;
  return out;
}

result<portfolio> joined_portfolio(const portfolio& stays, const portfolio& goes,
                                   std::uint32_t& added) {
  portfolio out = stays;
  added = 0;
  if (stays == portfolio()) {
    added = static_cast<std::uint32_t>(goes.associates.size());
    return goes;
  }
  if (out.store == store_id()) out.store = goes.store;
  for (associate one : goes.associates) {
    if (std::ranges::find(out.associates, one.who, &associate::who) != out.associates.end()) {
      continue;
    }
    const bool first = out.associates.empty();
    if (!first) one.rank = associate_rank::further;
    out.associates.push_back(one);
    ++added;
  }
  if (out.associates.size() > 1 + max_further_associates) {
    return error{errc::limit_exceeded,
                 "so many associates serve nobody: take some from one of the two before",
                 1 + max_further_associates};
  }
  return out;
}

std::optional<date> date_of_birth_fact(std::uint32_t born) noexcept {
  manifest told;
  told.born = born;
  return birth_fact(told);
}

std::vector<told_history> histories_of(std::span<const directive> chain,
                                       const std::optional<date>& born,
                                       std::span<const merged_part> parts) {
  const auto part_at = [&](const directive& one) {
    return std::ranges::find_if(parts, [&](const merged_part& each) {
      return one.sequence >= each.first && one.sequence - each.first < each.directives;
    });
  };
  std::vector<told_history> out(1 + parts.size());
  out.front().born = born;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out[i + 1].born = date_of_birth_fact(parts[i].born);
  }
  for (const directive& one : chain) {
    const auto of = part_at(one);
    if (of != parts.end()) {
      out[static_cast<std::size_t>(of - parts.begin()) + 1].said.push_back(one);
      continue;
    }
    out.front().said.push_back(one);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::uint64_t since = std::uint64_t{parts[i].first} + parts[i].directives;
      if (one.sequence >= since) out[i + 1].said.push_back(one);
    }
  }
  return out;
}

}  // namespace clientbook
