// Header and book row, byte by byte (docs/format/book.md).
#include <clientbook/internal/vault/book_format.hpp>

#include <clientbook/internal/model/cbor.hpp>

#include <bit>
#include <limits>
#include <string_view>

namespace clientbook {
namespace {

constexpr std::string_view magic = "clntbook";

// Writes and reads integers one behind the other, big-endian.
class cursor {
 public:
  explicit cursor(std::byte* at) noexcept : at_(at) {}
  template <class Unsigned>
  void put(Unsigned value) noexcept {
    store_be(at_, value);
    at_ += sizeof(Unsigned);
  }
  void put(byte_view bytes) noexcept {
    copy_bytes({at_, bytes.size()}, bytes);
    at_ += bytes.size();
  }

 private:
  std::byte* at_;
};

class reader {
 public:
  explicit reader(const std::byte* at) noexcept : at_(at) {}
  template <class Unsigned>
  Unsigned take() noexcept {
    const Unsigned value = load_be<Unsigned>(at_);
    at_ += sizeof(Unsigned);
    return value;
  }
  void take(byte_span out) noexcept {
    copy_bytes(out, {at_, out.size()});
    at_ += out.size();
  }

 private:
  const std::byte* at_;
};

// Members of the book row (docs/format/book.md).
enum member : std::uint8_t {
  next_customer = 1,
  live_customers,
  erased_customers,
  purchase_lines,
  ledger_size,
  created,
  newest_directive,
  schema_number,
  schema_bytes_hash,
  policy_version,
  registry_version,
  compiled_states,
  notice_count,
  newest_time_seen,
  // 15, 17, 19: agreed, not written yet (docs/format/book_2.md).
  shop_purposes = 16,
  version_of_cases = 18,
  outdated_states = 20,
  first_outdated,
  end_of_outdated,
  periods_of_refusals,
  version_of_budgets,
  periods_of_traces,
  version_of_recovery,
  lost_customers,
  time_of_restore,
  time_of_backup,
  version_of_portfolios,
  version_of_roles,
  version_of_canaries,
  version_of_requests,
  gaps_told,
  version_of_outflow,
  index_at_rest = 36,
  // 37 to 39 are not used.
  retained_given = 40,
  version_of_credentials,
  time_of_list_answered,
  version_of_contacts,
  customers_in_others,
  // 45 is not used.
  sum_of_external_ids = 46,
  version_of_witnesses,
  pruned_entries,
  epochs_begun,
};
constexpr std::size_t always_there = notice_count;
constexpr std::size_t sum_size = sizeof(id_sum);

// 112 bytes that all books had before format 2.
result<book_row> decode_first_format(byte_view bytes) noexcept {
  constexpr std::size_t size = 112;
  if (bytes.size() != size) {
    return error{errc::invalid_encoding, "the book row has another size"};
  }
  reader from(bytes.data());
  if (from.take<std::uint32_t>() != 1) {
    return error{errc::invalid_encoding, "the book row is not of the header's format"};
  }
  book_row row;
  row.next.value = from.take<std::uint64_t>();
  row.customers = from.take<std::uint64_t>();
  row.erased = from.take<std::uint64_t>();
  row.purchase_lines = from.take<std::uint64_t>();
  row.ledger_size = from.take<std::uint64_t>();
  row.created_at = static_cast<std::int64_t>(from.take<std::uint64_t>());
  row.latest_directive = static_cast<std::int64_t>(from.take<std::uint64_t>());
  row.schema.value = from.take<std::uint32_t>();
  from.take(byte_span(row.schema_hash));
  row.policy = from.take<std::uint32_t>();
  row.registry_version = from.take<std::uint32_t>();
  row.states = from.take<std::uint32_t>();
  row.notices = from.take<std::uint32_t>();
  return row;
}

template <class Integer>
Integer number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<Integer>::max()) {
    from.fail(errc::invalid_encoding, "a number of the book row is too large");
  }
  return static_cast<Integer>(value);
}

// Numbers, ascending: another order would be another row of the same meaning.
void read_purposes(cbor::reader& from, book_row& row) noexcept {
  const std::size_t count = from.array();
  std::uint64_t next = 1;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const auto purpose = number<std::uint8_t>(from);
    if (purpose < next || purpose / 64U >= row.purposes.size()) {
      from.fail(errc::invalid_encoding, "the purposes of the book row are not as they must be");
      return;
    }
    row.purposes[purpose / 64U] |= std::uint64_t{1} << (purpose % 64U);
    next = purpose + 1U;
  }
  if (count == 0) from.fail(errc::invalid_encoding, "an empty list stands in the book row");
}

std::uint64_t* count_in(book_row& row, std::uint64_t key) noexcept {
  switch (key) {
    case next_customer:
      return &row.next.value;
    case live_customers:
      return &row.customers;
    case erased_customers:
      return &row.erased;
    case purchase_lines:
      return &row.purchase_lines;
    case ledger_size:
      return &row.ledger_size;
    case first_outdated:
      return &row.outdated_from.value;
    case end_of_outdated:
      return &row.outdated_until.value;
    case lost_customers:
      return &row.lost;
    case customers_in_others:
      return &row.parts;
    case pruned_entries:
      return &row.ledger_pruned;
    default:
      return nullptr;
  }
}

std::uint32_t* version_in(book_row& row, std::uint64_t key) noexcept {
  switch (key) {
    case schema_number:
      return &row.schema.value;
    case policy_version:
      return &row.policy;
    case registry_version:
      return &row.registry_version;
    case compiled_states:
      return &row.states;
    case notice_count:
      return &row.notices;
    case version_of_cases:
      return &row.cases;
    case outdated_states:
      return &row.states_outdated;
    case periods_of_refusals:
      return &row.refusal_periods;
    case version_of_budgets:
      return &row.budgets;
    case periods_of_traces:
      return &row.trace_periods;
    case version_of_recovery:
      return &row.recovery;
    case version_of_portfolios:
      return &row.portfolios;
    case version_of_roles:
      return &row.roles;
    case version_of_canaries:
      return &row.canaries;
    case version_of_requests:
      return &row.requests;
    case gaps_told:
      return &row.gaps;
    case version_of_outflow:
      return &row.outflow;
    case retained_given:
      return &row.retained;
    case version_of_credentials:
      return &row.credentials;
    case version_of_contacts:
      return &row.recipient_contacts;
    case version_of_witnesses:
      return &row.witnesses;
    case epochs_begun:
      return &row.epochs;
    case index_at_rest:
      return &row.index;
    default:
      return nullptr;
  }
}

std::int64_t* time_in(book_row& row, std::uint64_t key) noexcept {
  switch (key) {
    case created:
      return &row.created_at;
    case newest_directive:
      return &row.latest_directive;
    case newest_time_seen:
      return &row.newest_time;
    case time_of_restore:
      return &row.restored_at;
    case time_of_backup:
      return &row.restored_as_of;
    case time_of_list_answered:
      return &row.list_answered_at;
    default:
      return nullptr;
  }
}

void read_sum(cbor::reader& from, book_row& row) noexcept {
  const byte_view bytes = from.bytes();
  if (bytes.size() != sum_size) {
    from.fail(errc::invalid_encoding, "the sum of external ids has another size");
    return;
  }
  row.external_ids.emplace();
  for (std::size_t i = 0; i < row.external_ids->size(); ++i) {
    (*row.external_ids)[i] = load_be<std::uint64_t>(bytes.data() + 8 * i);
  }
}

void read_member(cbor::reader& from, std::uint64_t key, book_row& row) noexcept {
  if (std::uint64_t* const count = count_in(row, key)) {
    *count = number<std::uint64_t>(from);
  } else if (std::uint32_t* const version = version_in(row, key)) {
    *version = number<std::uint32_t>(from);
  } else if (std::int64_t* const time = time_in(row, key)) {
    *time = from.integer();
  } else if (key == sum_of_external_ids) {
    read_sum(from, row);
  } else if (key == shop_purposes) {
    read_purposes(from, row);
  } else if (key == schema_bytes_hash) {
    const byte_view hash = from.bytes();
    if (hash.size() == row.schema_hash.size()) {
      copy_bytes(byte_span(row.schema_hash), hash);
    } else {
      from.fail(errc::invalid_encoding, "the schema's hash has another size");
    }
  } else {
    from.fail(errc::newer_format, "the book is of a later version: update clientbook");
  }
}

}  // namespace

std::array<std::byte, book_header::size> encode(const book_header& header) noexcept {
  std::array<std::byte, book_header::size> out{};
  cursor to(out.data());
  to.put(as_bytes(magic));
  to.put(header.format);
  to.put(static_cast<std::uint32_t>(header.suite));
  to.put(byte_view(header.id.bytes));
  to.put(header.epoch);
  to.put(header.root_version);
  return out;
}

result<book_header> decode_book_header(byte_view bytes) noexcept {
  if (bytes.size() < 12 || as_text(bytes.first(8)) != magic) {
    return error{errc::not_a_book, "this store holds no client book"};
  }
  reader from(bytes.data() + 8);
  const auto format = from.take<std::uint32_t>();
  if (format > book_header::newest_format) {
    return error{errc::newer_format, "the book was written by a newer version: update clientbook",
                 format};
  }
  if (format == 0 || bytes.size() != book_header::size) {
    return error{errc::damaged, "the book's header is damaged: restore a copy"};
  }
  book_header header;
  header.format = format;
  const auto suite = from.take<std::uint32_t>();
  if (suite != 1 && suite != 2) {
    return error{errc::unsupported, "the book is sealed under a suite this version has not", suite};
  }
  header.suite = static_cast<crypto::suite>(suite);
  from.take(byte_span(header.id.bytes));
  header.epoch = from.take<std::uint64_t>();
  header.root_version = from.take<std::uint64_t>();
  if (header.epoch == 0 || header.root_version == 0) {
    return error{errc::damaged, "the book's header is damaged: restore a copy"};
  }
  return header;
}

namespace {

std::size_t count_of(const std::array<std::uint64_t, 3>& numbers) noexcept {
  std::size_t count = 0;
  for (const std::uint64_t word : numbers) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

void write_sum(cbor::writer& to, const id_sum& sum) noexcept {
  std::array<std::byte, sum_size> bytes{};
  for (std::size_t i = 0; i < sum.size(); ++i) store_be(bytes.data() + 8 * i, sum[i]);
  to.unsigned_integer(sum_of_external_ids);
  to.bytes(bytes);
}

void write_purposes(cbor::writer& to, const book_row& row) noexcept {
  to.unsigned_integer(shop_purposes);
  to.array(count_of(row.purposes));
  for (std::size_t purpose = 0; purpose < row.purposes.size() * 64; ++purpose) {
    if ((row.purposes[purpose / 64] >> (purpose % 64) & 1U) != 0) to.unsigned_integer(purpose);
  }
}

void write_unless_0(cbor::writer& to, member key, std::uint64_t value) noexcept {
  if (value == 0) return;
  to.unsigned_integer(key);
  to.unsigned_integer(value);
}

// Members 30 to 36.
void write_of_tables(cbor::writer& to, const book_row& row) noexcept {
  write_unless_0(to, version_of_portfolios, row.portfolios);
  write_unless_0(to, version_of_roles, row.roles);
  write_unless_0(to, version_of_canaries, row.canaries);
  write_unless_0(to, version_of_requests, row.requests);
  write_unless_0(to, gaps_told, row.gaps);
  write_unless_0(to, version_of_outflow, row.outflow);
  write_unless_0(to, index_at_rest, row.index);
}

// Members 47 to 49.
void write_of_ledger(cbor::writer& to, const book_row& row) noexcept {
  write_unless_0(to, version_of_witnesses, row.witnesses);
  write_unless_0(to, pruned_entries, row.ledger_pruned);
  write_unless_0(to, epochs_begun, row.epochs);
}

}  // namespace

byte_view encode(const book_row& row, std::span<std::byte, book_row::max_size> out) noexcept {
  cbor::writer to(out);
  const auto add = [&to](member key, std::uint64_t value) {
    to.unsigned_integer(key);
    to.unsigned_integer(value);
  };
  const auto add_time = [&to](member key, std::int64_t value) {
    to.unsigned_integer(key);
    to.integer(value);
  };
  const bool any_purpose = count_of(row.purposes) != 0;
  const bool some_outdated = row.outdated_from != row.outdated_until;
  to.map(always_there + (row.newest_time != 0 ? 1U : 0U) + (any_purpose ? 1U : 0U) +
         (row.states_outdated != 0 ? 1U : 0U) + (some_outdated ? 2U : 0U) +
         (row.refusal_periods != 0 ? 1U : 0U) + (row.cases != 0 ? 1U : 0U) +
         (row.budgets != 0 ? 1U : 0U) + (row.trace_periods != 0 ? 1U : 0U) +
         (row.recovery != 0 ? 1U : 0U) + (row.lost != 0 ? 1U : 0U) +
         (row.restored_at != 0 ? 2U : 0U) + (row.portfolios != 0 ? 1U : 0U) +
         (row.roles != 0 ? 1U : 0U) + (row.canaries != 0 ? 1U : 0U) +
         (row.requests != 0 ? 1U : 0U) + (row.gaps != 0 ? 1U : 0U) + (row.outflow != 0 ? 1U : 0U) +
         (row.retained != 0 ? 1U : 0U) + (row.credentials != 0 ? 1U : 0U) +
         (row.list_answered_at != 0 ? 1U : 0U) + (row.recipient_contacts != 0 ? 1U : 0U) +
         (row.parts != 0 ? 1U : 0U) + (row.external_ids ? 1U : 0U) +
         (row.witnesses != 0 ? 1U : 0U) + (row.ledger_pruned != 0 ? 1U : 0U) +
         (row.epochs != 0 ? 1U : 0U) + (row.index != 0 ? 1U : 0U));
  add(next_customer, row.next.value);
  add(live_customers, row.customers);
  add(erased_customers, row.erased);
  add(purchase_lines, row.purchase_lines);
  add(ledger_size, row.ledger_size);
  add_time(created, row.created_at);
  add_time(newest_directive, row.latest_directive);
  add(schema_number, row.schema.value);
  to.unsigned_integer(schema_bytes_hash);
  to.bytes(row.schema_hash);
  add(policy_version, row.policy);
  add(registry_version, row.registry_version);
  add(compiled_states, row.states);
  add(notice_count, row.notices);
  if (row.newest_time != 0) add_time(newest_time_seen, row.newest_time);
  if (any_purpose) write_purposes(to, row);
  if (row.cases != 0) add(version_of_cases, row.cases);
  if (row.states_outdated != 0) add(outdated_states, row.states_outdated);
  if (some_outdated) {
    add(first_outdated, row.outdated_from.value);
    add(end_of_outdated, row.outdated_until.value);
  }
  if (row.refusal_periods != 0) add(periods_of_refusals, row.refusal_periods);
  if (row.budgets != 0) add(version_of_budgets, row.budgets);
  if (row.trace_periods != 0) add(periods_of_traces, row.trace_periods);
  if (row.recovery != 0) add(version_of_recovery, row.recovery);
  if (row.lost != 0) add(lost_customers, row.lost);
  if (row.restored_at != 0) {
    add_time(time_of_restore, row.restored_at);
    add_time(time_of_backup, row.restored_as_of);
  }
  write_of_tables(to, row);
  if (row.retained != 0) add(retained_given, row.retained);
  if (row.credentials != 0) add(version_of_credentials, row.credentials);
  if (row.list_answered_at != 0) add_time(time_of_list_answered, row.list_answered_at);
  if (row.recipient_contacts != 0) add(version_of_contacts, row.recipient_contacts);
  if (row.parts != 0) add(customers_in_others, row.parts);
  if (row.external_ids) write_sum(to, *row.external_ids);
  write_of_ledger(to, row);
  return out.first(to.size());  // max_size holds the largest of them all
}

result<book_row> decode_book_row(std::uint32_t format, byte_view bytes) noexcept {
  if (format == 1) return decode_first_format(bytes);
  cbor::reader from(bytes);
  book_row row;
  const std::size_t members = from.map();
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < members && !from.failed(); ++i) {
    const std::uint64_t key = from.unsigned_integer();
    // What must be there are the first ones: any that is missing leaves a gap.
    if (key <= before || (key <= always_there && key != before + 1)) {
      from.fail(errc::invalid_encoding, "the members of the book row are not as they must be");
    }
    before = key;
    if (!from.failed()) read_member(from, key, row);
  }
  if (auto done = from.finish(); !done) return done.error();
  if (row.index > 1) {
    return error{errc::newer_format, "the book has an index of a later version: update clientbook"};
  }
  if (before < always_there) {
    return error{errc::invalid_encoding, "the book row lacks a member"};
  }
  return row;
}

}  // namespace clientbook
