// How many customers share what: counts with a k-threshold and noise.
//
// Nobody is counted with less than the purpose may ask of them, and noise comes from a key of the
// book, the question and everybody who is counted: asking again gives the same answer and nothing
// to average, and one person more or less moves every figure, so that none stands out.
#include <clientbook/redaction/noise.hpp>

#include <algorithm>
#include <map>

#include "session_state.hpp"

namespace clientbook {
namespace {

// Randomness that a key gives: the same for the same question.
class keyed_random final : public random_source {
 public:
  keyed_random(const secret<32>& key, byte_view question) noexcept
      : key_(crypto::derive(key, "clientbook table noise", question)) {}

  result<void> fill(byte_span out) noexcept override {
    while (!out.empty()) {
      std::array<std::byte, 8> place;
      store_be(place.data(), next_++);
      const secret<32> drawn = crypto::derive(key_, "clientbook table noise", place);
      const std::size_t size = std::min<std::size_t>(out.size(), 32);
      drawn.with_bytes([&](std::span<const std::byte, 32> bytes) {
        copy_bytes(out, byte_view(bytes).first(size));
      });
      out = out.subspan(size);
    }
    return {};
  }

 private:
  secret<32> key_;
  std::uint64_t next_ = 0;
};

struct cell {
  std::vector<wiped_bytes> values;
  std::uint64_t people = 0;
};
struct counted {
  std::vector<group_row> people;
  std::map<group_id, cell> cells;
};

result<void> check(const schema& fields, const tabulation_request& what) {
  if (what.columns.empty() || what.columns.size() > max_table_columns) {
    return error{errc::invalid_argument, "a table has 1 to 8 columns"};
  }
  field_set asked;
  for (const table_column& one : what.columns) {
    const auto field = fields.find(one.field);
    if (!field) return error{errc::unknown_field, "no such field", one.field.value};
    if (is_item(field->type)) {
      return error{errc::invalid_argument, "purchases and notes are no column", one.field.value};
    }
    if (asked.has(one.field)) {
      return error{errc::invalid_argument, "a field is one column", one.field.value};
    }
    asked.add(one.field);
  }
  if (what.k < least_k || what.k > 1'000'000) {
    return error{errc::invalid_argument, "k is 5 to 1,000,000", least_k};
  }
  if (what.noise_scale == 0 || what.noise_scale > 1'000'000) {
    return error{errc::invalid_argument,
                 "the scale of noise is 1 to 1,000,000: a table without noise tells who joined it"};
  }
  return {};
}

// Column and value of each, in the order of the fields: the order of the columns tells nothing.
group_id group_of_row(std::span<const table_column> columns, std::span<const byte_view> values) {
  std::array<std::size_t, max_table_columns> order;
  for (std::size_t i = 0; i < columns.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(columns.size()),
            [&](std::size_t a, std::size_t b) { return columns[a].field < columns[b].field; });
  std::array<std::array<std::byte, 1>, max_table_columns> numbers;
  std::array<byte_view, 2 * max_table_columns> parts;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    numbers[i][0] = static_cast<std::byte>(columns[order[i]].field.value);
    parts[2 * i] = numbers[i];
    parts[2 * i + 1] = values[order[i]];
  }
  return group_of(std::span(parts).first(2 * columns.size()));
}

bool before(const std::vector<byte_view>& a, const std::vector<byte_view>& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(), [](byte_view x, byte_view y) {
        return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
      });
}

// Whether what the table asks of somebody was there before it, and not put there by who asks: with
// k - 1 people of their own making they would have a group of one. False of who was erased.
result<bool> is_real(session_state& s, customer_no number, field_set asked) {
  const auto found = s.entry(number);
  if (!found) {
    if (found.error().code == errc::key_erased) return false;
    return found.error();
  }
  const auto counts = s.counting(number, **found, asked);
  if (!counts) return counts.error();
  return *counts == asked;
}

result<counted> count_people(session_state& s, const tabulation_request& what) {
  decision_request request = s.consent.reading(what.purpose, s.clock_now());
  request.operation = operation::analyse;
  std::array<redaction_operator, max_fields> least{};
  field_set asked;
  for (const table_column& one : what.columns) {
    least[one.field.value] = one.form;
    asked.add(one.field);
  }
  counted out;
  view seen;
  std::vector<byte_view> values(what.columns.size());
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    const customer_id id = s.core->keys().ids->id(number);
    const auto real = is_real(s, number, asked);
    if (!real) return real.error();
    if (!*real) continue;
    if (auto theirs = s.in_portfolio(action::tabulate, group_of(what.purpose), number); !theirs) {
      if (theirs.error().code == errc::not_in_portfolio) continue;
      return theirs.error();
    }
    if (auto done = s.fill(seen, number, id, request, asked, {.least = &least, .to = nullptr});
        !done) {
      if (done.error().code == errc::key_erased) continue;
      return done.error();
    }
    // Nobody is counted with a part of what was asked for.
    if ((seen.decision().permitted & asked) != asked) continue;
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = seen.record().raw(what.columns[i].field);
    }
    const group_id group = group_of_row(what.columns, values);
    cell& one = out.cells[group];
    if (++one.people == 1) {
      for (const byte_view value : values) one.values.emplace_back(value.begin(), value.end());
    }
    out.people.push_back({group, id});
  }
  return out;
}

// Who stands where in a table: another for every change of it. `people` in the book's order.
crypto::digest all_of(const secret<32>& key, std::span<const group_row> people) {
  crypto::hasher hash(crypto::derive(key, "clientbook table people"));
  for (const group_row& one : people) hash.update(byte_view(one.group)).update(one.subject.bytes);
  return hash.finish();
}

}  // namespace

result<tabulation> session_state::tabulate(const tabulation_request& what) {
  auto all = count_people(*this, what);
  if (!all) return all.error();
  const crypto::digest everybody = all_of(core->keys().pseudonyms, all->people);
  std::vector<std::uint32_t> work(all->people.size());
  const auto kept = require_k(what.k, all->people, what.small, work);
  if (!kept) {
    // How many they are is what the threshold hides.
    return error{kept.error().code, kept.error().text};
  }
  tabulation out;
  out.suppressed_ = kept->suppressed != 0;
  std::map<group_id, std::uint64_t> people;
  for (const std::uint32_t place : kept->kept) ++people[all->people[place].group];

  std::size_t size = 0;
  for (const auto& one : people) {
    for (const wiped_bytes& value : all->cells[one.first].values) size += value.size();
  }
  out.bytes_.reserve(size);
  for (const auto& [group, count] : people) {
    tabulation::row row;
    std::array<std::byte, sizeof(group_id) + sizeof(everybody)> question;
    copy_bytes(question, group);
    copy_bytes(byte_span(question).subspan(sizeof(group_id)), byte_view(everybody));
    keyed_random random(core->keys().pseudonyms, question);
    const auto noised =
        add_noise(static_cast<std::int64_t>(count),
                  {.where = outlet::static_export, .scale = what.noise_scale, .least = 0}, random);
    if (!noised) return noised.error();
    row.people = static_cast<std::uint64_t>(*noised);
    for (const wiped_bytes& value : all->cells[group].values) {
      const std::size_t begin = out.bytes_.size();
      out.bytes_.insert(out.bytes_.end(), value.begin(), value.end());
      row.values.push_back(byte_view(out.bytes_).subspan(begin));
    }
    out.rows_.push_back(std::move(row));
  }
  std::sort(out.rows_.begin(), out.rows_.end(),
            [](const tabulation::row& a, const tabulation::row& b) {
              return before(a.values, b.values);
            });
  return out;
}

result<tabulation> session::tabulate(const tabulation_request& what) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "an export is a transaction of its own: commit first"};
  }
  if (auto seen = s.look(action::tabulate, what.purpose); !seen) return seen.error();
  if (auto good = check(s.core->fields(), what); !good) return good.error();
  if (auto counted = s.count_table(what); !counted) return counted.error();
  // Long, and so outside the transaction that writes it down.
  auto out = s.tabulate(what);
  if (!out && out.error().code != errc::group_too_small) return out;
  const auto logged =
      s.change(s.ask(action::tabulate, what.purpose), [&]() -> result<std::uint64_t> {
        const auto entry =
            s.ledger.append({.type = out ? ledger_event::data_export : ledger_event::refusal,
                             .purpose = what.purpose,
                             .recipient_class = recipient::self},
                            {}, s.who.id, s.now(), std::nullopt);
        if (!entry) return entry.error();
        return entry->index;
      });
  if (!logged) return logged.error();
  if (out) out->ledger_index_ = *logged;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
