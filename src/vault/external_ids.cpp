// Rows of external ids: which customer a blind token leads to. No manifest knows of them, so the
// book row holds their sum: a keyed hash of each row, added up. A row that is gone, was added or
// leads elsewhere makes another sum, and nobody without the key knows what to put right. A row is
// added to the sum and taken from it by itself; a look at all of them costs a hash a row.
#include <clientbook/internal/vault/book_core.hpp>

#include <array>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::size_t token_size = 16;
constexpr error not_as_written{
    errc::damaged, "the index of external ids is not as it was written: restore a copy"};

key row_of(const crypto::blind_index_token& token) noexcept {
  return key(table::external_id).add(byte_view(token));
}

void add(id_sum& to, const id_sum& term) noexcept {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += term[i];
}
void subtract(id_sum& from, const id_sum& term) noexcept {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= term[i];
}

result<customer_no> number_in(const result<byte_view>& row) noexcept {
  if (!row) return row.error();
  if (row->size() != 8) return error{errc::damaged, "an index row has another size"};
  return customer_no(load_be<std::uint64_t>(row->data()));
}

}  // namespace

id_sum book_core::id_row_term(byte_view token, std::uint64_t number) const {
  std::array<std::byte, token_size + 8> row{};
  copy_bytes(byte_span(row), token.first(token_size));
  store_be(row.data() + token_size, number);
  const crypto::digest hash = crypto::hash(keys_->id_rows, row);
  id_sum out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = load_be<std::uint64_t>(byte_view(hash).data() + 8 * i);
  }
  return out;
}

result<id_sum> book_core::sum_external_ids() {
  id_sum sum{};
  bool whole = true;
  const key prefix(table::external_id);
  const auto walked = read().walk(prefix, prefix, [&](byte_view at, byte_view value) {
    whole = at.size() == 1 + token_size && value.size() == 8;
    if (whole) add(sum, id_row_term(at.subspan(1), load_be<std::uint64_t>(value.data())));
    return whole;
  });
  if (!walked) return walked.error();
  if (!whole) return not_as_written;
  return sum;
}

result<void> book_core::check_external_ids() {
  if (!row_.external_ids) return {};
  const auto sum = sum_external_ids();
  if (!sum) return sum.error();
  if (*sum != *row_.external_ids) return not_as_written;
  ids_checked_ = true;
  return {};
}

result<customer_no> book_core::external_id(const crypto::blind_index_token& token) {
  auto found = number_in(read().get(row_of(token)));
  if (found || found.error().code != errc::not_found || ids_checked_) return found;
  if (auto whole = check_external_ids(); !whole) return whole.error();
  return found;
}

result<void> book_core::put_external_id(const crypto::blind_index_token& token,
                                        customer_no number) {
  const auto held = external_id(token);
  if (held) return *held == number ? result<void>() : not_as_written;
  if (held.error().code != errc::not_found) return held.error();
  std::array<std::byte, 8> value{};
  store_be(value.data(), number.value);
  if (auto put = writing_->put(row_of(token), value); !put) return put;
  if (row_.external_ids) add(*edit_row().external_ids, id_row_term(byte_view(token), number.value));
  return {};
}

result<void> book_core::erase_external_id(const crypto::blind_index_token& token,
                                          customer_no number) {
  const auto held = number_in(read().get(row_of(token)));
  if (!held && held.error().code != errc::not_found && held.error().code != errc::damaged) {
    return held.error();
  }
  // The term that is in the sum: this customer's. But where the book took what lay there for its
  // own when it was first summed, it may be another's, or there is none.
  customer_no summed = number;
  bool in_sum = true;
  if (!held || *held != number) {
    const auto whole = check_external_ids();
    if (!whole && whole.error().code != errc::damaged) return whole;
    if (whole) {
      in_sum = held.has_value();
      if (held) summed = *held;
    }
  }
  const auto gone = writing_->erase(row_of(token));
  if (!gone && gone.error().code != errc::not_found) return gone;
  if (row_.external_ids && in_sum) {
    subtract(*edit_row().external_ids, id_row_term(byte_view(token), summed.value));
  }
  return {};
}

}  // namespace clientbook
