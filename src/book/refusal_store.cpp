// Remembered refusals in the store: table 18, and the periods' keys in the key tree.
//
// A value is compared in one form: addresses without case (beyond ASCII also without accents),
// numbers as their digits, ids as they are. A value of the store is sealed like any other, bound to
// its token, so that nobody can add one, change its kind, or move it to another value.
#include "refusal_store.hpp"

#include <clientbook/internal/unicode/address_form.hpp>

#include <algorithm>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::uint64_t first_number = storage::refusal_periods_from;
constexpr std::size_t entry_size = 1 + 4 + 4;
constexpr std::size_t period_size = 4 + 4 + 8;

std::int64_t day_of(timestamp instant) noexcept { return days_since_epoch(date_of(instant)); }
date date_of_day(std::int64_t day) noexcept { return date_of(timestamp{day * 86400}); }

// The same day so many months later, or the last one that the month has.
std::int64_t months_after(std::int64_t day, unsigned months) noexcept {
  date out = date_of_day(day);
  const unsigned month = out.month - 1U + months;
  out.year = static_cast<std::int16_t>(out.year + static_cast<std::int16_t>(month / 12));
  out.month = static_cast<std::uint8_t>(month % 12 + 1);
  while (!exists(out)) --out.day;
  return days_since_epoch(out);
}

bool same_month(std::int64_t a, std::int64_t b) noexcept {
  const date one = date_of_day(a);
  const date other = date_of_day(b);
  return one.year == other.year && one.month == other.month;
}

void put_day(std::byte* to, std::int64_t day) noexcept {
  store_be(to, static_cast<std::uint32_t>(static_cast<std::int32_t>(day)));
}
std::int64_t get_day(const std::byte* from) noexcept {
  return static_cast<std::int32_t>(load_be<std::uint32_t>(from));
}

wiped_bytes bytes_of(std::string_view text) {
  const byte_view from = as_bytes(text);
  return {from.begin(), from.end()};
}

wiped_bytes without_case(std::string_view address) {
  wiped_bytes out = bytes_of(address);
  for (std::byte& one : out) {
    const char c = static_cast<char>(one);
    if (c >= 'A' && c <= 'Z') one = static_cast<std::byte>(c - 'A' + 'a');
  }
  return out;
}

// +1 202 555 0142 and 0012025550142 are one number.
wiped_bytes digits_of(std::string_view number) {
  wiped_bytes out;
  out.reserve(number.size());
  for (const char c : number) {
    if (c >= '0' && c <= '9') out.push_back(static_cast<std::byte>(c));
  }
  const bool abroad = number.find('+') == number.npos && out.size() > 2 &&
                      out[0] == std::byte{'0'} && out[1] == std::byte{'0'};
  return abroad ? wiped_bytes(out.begin() + 2, out.end()) : out;
}

// What is about the store as a whole, and not about one damaged row.
bool of_the_store(const error& what) noexcept {
  return what.code == errc::io_error || what.code == errc::disk_full ||
         what.code == errc::limit_exceeded;
}

// Who is heeded, or asks to be forgotten, said no to e-mail or to more.
unsigned forgotten_with(refusal_kind kind) noexcept {
  if (kind == refusal_kind::erased) return static_cast<unsigned>(kind);
  return static_cast<unsigned>(refusal_kind::unsubscribed) |
         static_cast<unsigned>(refusal_kind::no_marketing);
}

template <class T, class Add>
result<void> each_of(byte_view list, Add&& add) {
  const auto all = list_of<T>::of(list);
  if (!all) return all.error();
  for (const T& one : *all) add(one);
  return {};
}

result<void> add_values(field_id field, byte_view list, std::vector<refusal_store::value>& to) {
  if (field == field::external_ids) {
    return each_of<external_id>(list, [&](const external_id& one) {
      to.push_back({field, bytes_of(one.system), bytes_of(one.value.reveal())});
    });
  }
  if (field == field::emails) {
    return each_of<email_address>(list, [&](const email_address& one) {
      to.push_back({field, {}, without_case(one.address.reveal())});
      // Beyond ASCII also the form in which all of its spellings are one; the other one is that
      // of tokens which lie in books already.
      auto form = unicode::comparable_address<wiped_bytes>(one.address.reveal());
      if (form != to.back().text) to.push_back({field, {}, std::move(form)});
    });
  }
  if (field == field::phones) {
    return each_of<phone_number>(list, [&](const phone_number& one) {
      wiped_bytes digits = digits_of(one.number.reveal());
      if (!digits.empty()) to.push_back({field, {}, std::move(digits)});
    });
  }
  return {};
}

}  // namespace

result<std::vector<refusal_store::value>> refusal_store::values_of(
    std::span<const opened_field> record) {
  std::vector<value> out;
  for (const opened_field& one : record) {
    if (auto added = add_values(one.id, one.plaintext, out); !added) return added.error();
  }
  return out;
}

result<std::vector<refusal_store::value>> refusal_store::values_of(
    std::span<const field_value> record) {
  std::vector<value> out;
  for (const field_value& one : record) {
    if (auto added = add_values(one.id, one.value, out); !added) return added.error();
  }
  return out;
}

// --- places ---------------------------------------------------------------------------------

book_core::place refusal_store::period_place(std::uint32_t number,
                                             const manifest& own) const noexcept {
  return {.key = key(table::refusal).add(number),
          .table = table::refusal,
          .customer = customer_no(first_number + number),
          .version = own.version,
          .key_version = own.key_version};
}

book_core::place refusal_store::entry_place(std::uint32_t number, const manifest& own,
                                            const crypto::blind_index_token& token) const noexcept {
  book_core::place out{.key = key(table::refusal).add(number).add(byte_view(token)),
                       .table = table::refusal,
                       .kind = 1,
                       .customer = customer_no(first_number + number),
                       .key_version = own.key_version};
  copy_bytes(byte_span(out.binding), byte_view(token));
  return out;
}

result<crypto::blind_index_token> refusal_store::token_of(const secret<32>& tokens,
                                                          const value& one) {
  const std::array<std::byte, 1> field{static_cast<std::byte>(one.by.value)};
  const std::array<byte_view, 3> parts{byte_view(field), byte_view(one.system),
                                       byte_view(one.text)};
  return crypto::blind_token(tokens, 128, parts);
}

secret<32> refusal_store::tokens_of(const manifest& own) {
  return crypto::derive(own.subject_key, "clientbook refusals");
}

result<const manifest*> refusal_store::key_of(std::uint32_t number) {
  return core_.tree().find(customer_no(first_number + number));
}

// --- rows -----------------------------------------------------------------------------------

result<refusal_store::period> refusal_store::read_period(std::uint32_t number) {
  const auto own = key_of(number);
  if (!own) return own.error();
  if (auto got = core_.get_value((*own)->subject_key, period_place(number, **own), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "a period of remembered refusals is gone: restore a copy",
                 number};
  }
  const byte_view row = plain_.view();
  if (row.size() != period_size) {
    return error{errc::invalid_encoding, "a period of remembered refusals has another size"};
  }
  return period{.number = number,
                .since = get_day(row.data()),
                .until = get_day(row.data() + 4),
                .count = load_be<std::uint64_t>(row.data() + 8)};
}

result<void> refusal_store::write_period(const period& one) {
  const auto own = core_.tree().edit(customer_no(first_number + one.number));
  if (!own) return own.error();
  (*own)->version = record_version((*own)->version.value + 1);
  std::array<std::byte, period_size> row{};
  put_day(row.data(), one.since);
  put_day(row.data() + 4, one.until);
  store_be(row.data() + 8, one.count);
  return core_.put_value((*own)->subject_key, period_place(one.number, **own), row);
}

result<std::optional<refusal_store::entry>> refusal_store::read_entry(std::uint32_t number,
                                                                      const value& one) {
  const auto own = key_of(number);
  if (!own) return own.error();
  return read_entry(number, **own, tokens_of(**own), one);
}

result<std::optional<refusal_store::entry>> refusal_store::read_entry(std::uint32_t number,
                                                                      const manifest& own,
                                                                      const secret<32>& tokens,
                                                                      const value& one) {
  const auto token = token_of(tokens, one);
  if (!token) return token.error();
  const auto place = entry_place(number, own, *token);
  if (auto got = core_.get_value(own.subject_key, place, plain_); !got) {
    if (got.error().code == errc::not_found) return std::optional<entry>();
    return got.error();
  }
  const byte_view row = plain_.view();
  if (row.size() != entry_size) {
    return error{errc::invalid_encoding, "a remembered refusal has another size"};
  }
  return std::optional(entry{.kinds = static_cast<std::uint8_t>(row[0]),
                             .on = get_day(row.data() + 1),
                             .until = get_day(row.data() + 5)});
}

result<void> refusal_store::write_entry(std::uint32_t number, const value& one, const entry& what) {
  const auto own = key_of(number);
  if (!own) return own.error();
  const auto token = token_of(tokens_of(**own), one);
  if (!token) return token.error();
  const auto place = entry_place(number, **own, *token);
  if (what.kinds == 0) return core_.write().erase(place.key);
  std::array<std::byte, entry_size> row{static_cast<std::byte>(what.kinds)};
  put_day(row.data() + 1, what.on);
  put_day(row.data() + 5, what.until);
  return core_.put_value((*own)->subject_key, place, row);
}

result<refusal_store::period> refusal_store::current(std::int64_t today) {
  const std::uint32_t newest = core_.row().refusal_periods;
  if (newest != 0) {
    const auto found = read_period(newest);
    if (found && same_month(found->since, today)) return *found;
    if (!found && of_the_store(found.error())) return found.error();
  }
  auto drawn = crypto::random_key(core_.random());
  if (!drawn) return drawn.error();
  const period fresh{.number = newest + 1, .since = today, .until = today};
  manifest own;
  own.subject_key = std::move(*drawn);
  if (auto added = core_.tree().insert(customer_no(first_number + fresh.number), std::move(own));
      !added) {
    return added.error();
  }
  core_.edit_row().refusal_periods = fresh.number;
  return fresh;
}

// --- what is asked --------------------------------------------------------------------------

result<std::optional<date>> refusal_store::remember(std::span<const value> values,
                                                    refusal_kind kind, timestamp on, timestamp now,
                                                    unsigned months) {
  if (values.empty() || months == 0) return std::optional<date>();
  const std::int64_t today = day_of(now);
  auto into = current(today);
  if (!into) return into.error();
  const std::int64_t until = months_after(today, months);
  for (const value& one : values) {
    const auto before = read_entry(into->number, one);
    if (!before && of_the_store(before.error())) return before.error();
    entry next{.on = day_of(on)};
    if (before && *before) next = **before;
    next.on = std::max(next.on, day_of(on));
    if (before && next.kinds == 0) ++into->count;
    next.kinds = static_cast<std::uint8_t>(next.kinds | static_cast<unsigned>(kind));
    next.until = std::max(next.until, until);
    if (auto put = write_entry(into->number, one, next); !put) return put.error();
  }
  into->until = std::max(into->until, until);
  if (auto put = write_period(*into); !put) return put.error();
  return std::optional(date_of_day(until));
}

result<std::vector<remembered_refusal>> refusal_store::find(std::span<const value> values,
                                                            timestamp now) {
  std::vector<remembered_refusal> out;
  const std::int64_t today = day_of(now);
  for (std::uint32_t number = 1; number <= core_.row().refusal_periods; ++number) {
    const auto own = key_of(number);
    if (!own) {
      if (own.error().code == errc::key_erased) continue;
      return own.error();
    }
    const secret<32> tokens = tokens_of(**own);
    for (const value& one : values) {
      const auto found = read_entry(number, **own, tokens, one);
      if (!found) return found.error();
      if (!*found || (*found)->until < today) continue;
      for (const refusal_kind kind :
           {refusal_kind::erased, refusal_kind::unsubscribed, refusal_kind::no_marketing}) {
        if (((*found)->kinds & static_cast<unsigned>(kind)) == 0) continue;
        out.push_back({.kind = kind,
                       .by = one.by,
                       .on = date_of_day((*found)->on),
                       .until = date_of_day((*found)->until)});
      }
    }
  }
  return out;
}

result<std::uint32_t> refusal_store::forget_values(std::span<const value> values,
                                                   std::optional<refusal_kind> kind) {
  std::uint32_t gone = 0;
  for (std::uint32_t number = 1; number <= core_.row().refusal_periods; ++number) {
    auto of = read_period(number);
    if (!of) {
      if (of.error().code == errc::key_erased) continue;
      return of.error();
    }
    bool changed = false;
    for (const value& one : values) {
      auto found = read_entry(number, one);
      if (!found) return found.error();
      if (!*found) continue;
      const unsigned wanted = kind ? forgotten_with(*kind) : 0xFFU;
      if (((*found)->kinds & wanted) == 0) continue;
      (*found)->kinds = static_cast<std::uint8_t>((*found)->kinds & ~wanted);
      if (auto put = write_entry(number, one, **found); !put) return put.error();
      if ((*found)->kinds == 0) --of->count;
      changed = true;
      ++gone;
    }
    if (!changed) continue;
    if (auto put = write_period(*of); !put) return put.error();
  }
  return gone;
}

result<std::vector<refusal_period>> refusal_store::periods() {
  std::vector<refusal_period> out;
  for (std::uint32_t number = 1; number <= core_.row().refusal_periods; ++number) {
    const auto found = read_period(number);
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      return found.error();
    }
    out.push_back({.number = number,
                   .since = date_of_day(found->since),
                   .until = date_of_day(found->until),
                   .refusals = found->count});
  }
  return out;
}

result<std::uint64_t> refusal_store::drop(std::uint32_t number) {
  if (number == 0 || number > core_.row().refusal_periods) {
    return error{errc::not_found, "no such period of remembered refusals", number};
  }
  const auto known = read_period(number);
  if (!known && known.error().code == errc::key_erased) return known.error();
  const key prefix = key(table::refusal).add(number);
  std::vector<std::array<std::byte, 24>> keys;
  std::vector<std::size_t> sizes;
  auto walked = core_.read().walk(prefix, prefix, [&](byte_view at, byte_view) {
    copy_bytes(keys.emplace_back(), at);
    sizes.push_back(at.size());
    return true;
  });
  if (!walked) return walked.error();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (auto gone = core_.write().erase(byte_view(keys[i]).first(sizes[i])); !gone) {
      return gone.error();
    }
  }
  if (auto gone = core_.tree().erase(customer_no(first_number + number)); !gone) {
    return gone.error();
  }
  // A damaged row must not prevent a key's end.
  return known ? known->count : 0;
}

result<void> refusal_store::drop_ended(timestamp now) {
  const std::int64_t today = day_of(now);
  for (std::uint32_t number = 1; number <= core_.row().refusal_periods; ++number) {
    const auto found = read_period(number);
    if (!found || found->until >= today) continue;
    if (auto gone = drop(number); !gone) return gone.error();
  }
  return {};
}

result<void> refusal_store::verify() {
  for (std::uint32_t number = 1; number <= core_.row().refusal_periods; ++number) {
    const auto known = read_period(number);
    if (!known) {
      if (known.error().code == errc::key_erased) continue;
      return known.error();
    }
    const key prefix = key(table::refusal).add(number);
    std::uint64_t rows = 0;
    std::optional<error> failed;
    auto walked = core_.read().walk(prefix, prefix, [&](byte_view at, byte_view) {
      if (at.size() != 1 + 4 + 16) return true;
      ++rows;
      crypto::blind_index_token token{};
      copy_bytes(byte_span(token), at.subspan(5));
      const auto own = key_of(number);
      if (!own) {
        failed = own.error();
        return false;
      }
      if (auto got =
              core_.get_value((*own)->subject_key, entry_place(number, **own, token), plain_);
          !got) {
        failed = got.error();
      }
      return !failed;
    });
    if (!walked) return walked;
    if (failed) return *failed;
    if (rows != known->count) {
      return error{errc::row_missing, "a remembered refusal is gone: restore a copy", number};
    }
  }
  return {};
}

}  // namespace clientbook
