// All that is not absent must be known: each key of the store, by its table, against the manifest
// or the number in the book row that it must stand under. Whoever adds a table or a kind of row
// adds a line here, else verify() takes its rows for somebody else's. What the rows hold is looked
// at by those who read them.
#include "stray_rows.hpp"

#include <clientbook/internal/vault/mirror.hpp>

#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;
using storage::key;
using storage::table;

std::uint64_t number64(byte_view at, std::size_t from) noexcept {
  return load_be<std::uint64_t>(at.data() + from);
}
std::uint32_t number32(byte_view at, std::size_t from) noexcept {
  return load_be<std::uint32_t>(at.data() + from);
}
bool within(std::uint64_t number, std::uint64_t last) noexcept {
  return number != 0 && number <= last;
}
// A table of one row, number 0, whose version the book row has.
bool only_row(byte_view at, std::uint32_t version) noexcept {
  return at.size() == 5 && number32(at, 1) == 0 && version != 0;
}

class stray_finder {
 public:
  stray_finder(session_state& s, std::uint64_t marks) noexcept
      : s_(s), row_(s.core->row()), marks_(marks) {}

  bool is_stray(byte_view at) {
    switch (static_cast<table>(at[0])) {
      case table::meta:
        return !is_meta(at);
      case table::schema:
        return !(at.size() == 5 && within(number32(at, 1), row_.schema.value));
      case table::node:
        return !is_node(at);
      case table::record:
        return !(at.size() == 9 && of(at) != nullptr);
      case table::customer_row:
        return !has_customer_row(at);
      case table::item:
      case table::directive:
        return !is_numbered(at);
      case table::state:
        return !(at.size() == 5 && within(number32(at, 1), row_.states));
      case table::external_id:
      case table::state_index:
        return at.size() != 17;
      case table::notice:
        return !(at.size() == 5 && within(number32(at, 1), row_.notices));
      case table::ledger_leaf:
      case table::ledger_payload:
        return !(at.size() == 9 && row_.ledger_pruned <= number64(at, 1) &&
                 number64(at, 1) < row_.ledger_size);
      case table::ledger_tile:
        return !is_tile(at);
      default:
        return is_stray_of_parts(at);
    }
  }

 private:
  bool is_stray_of_parts(byte_view at) {
    switch (static_cast<table>(at[0])) {
      case table::recipient:
        return !only_row(at, row_.registry_version);
      case table::policy:
        return !(at.size() == 5 && row_.policy != 0);
      case table::refusal:
        return !((at.size() == 5 || at.size() == 21) &&
                 within(number32(at, 1), row_.refusal_periods));
      case table::open_case:
        return !(at.size() == 5 && row_.cases != 0);
      case table::trace:
        return !is_trace(at);
      case table::budget:
        return !only_row(at, row_.budgets);
      case table::index:
        return !(at.size() == 9 && row_.index != 0 && number64(at, 1) < row_.next.value &&
                 number64(at, 1) % key_tree::leaf_fan_out == 0);
      case table::retained:
        return !(at.size() == 13 &&
                 within(number64(at, 1) - storage::retained_from, row_.retained));
      case table::portfolios:
        return !only_row(at, row_.portfolios);
      case table::roles:
        return !only_row(at, row_.roles);
      case table::canaries:
        return !only_row(at, row_.canaries);
      case table::request:
        return !(at.size() == 5 && row_.requests != 0);
      case table::request_words:
        return !(at.size() == 13 && row_.requests != 0 && of(at) != nullptr);
      case table::outflow:
        return !only_row(at, row_.outflow);
      case table::merge:
        return !is_of_part(at);
      case table::recipient_contacts:
        return !only_row(at, row_.recipient_contacts);
      case table::witnesses:
        return !only_row(at, row_.witnesses);
      case table::credentials:
        return !only_row(at, row_.credentials);
      case table::epoch:
        return !(at.size() == 5 && row_.epochs != 0 && number32(at, 1) <= row_.epochs);
      default:
        return true;
    }
  }

  bool is_meta(byte_view at) {
    if (at.size() < 2) return false;
    const auto kind = static_cast<std::uint8_t>(at[1]);
    if (at.size() == 2) {
      return kind <= 1 || (kind == 2 && row_.ledger_size != 0) || (kind == 3 && row_.recovery != 0);
    }
    if (at.size() != 10) return false;
    const std::uint64_t number = number64(at, 2);
    if (kind == 4) return within(number, marks_);
    if (kind == 5) return s_.entry_of_part(customer_no(number)).has_value();
    // Gaps of a version that did not count them are as many as there are.
    return kind == 6 && number != 0 && (row_.gaps == 0 || number <= row_.gaps);
  }

  bool has_customer_row(byte_view at) {
    const manifest* const known = at.size() == 9 ? of(at) : nullptr;
    return known != nullptr && known->customer_row != 0;
  }

  // What was before somebody became a part of another customer.
  bool is_of_part(byte_view at) {
    const manifest* const known = at.size() == 10 ? of(at) : nullptr;
    return known != nullptr && known->stands == standing::part;
  }

  bool is_numbered(byte_view at) {
    const bool item = static_cast<table>(at[0]) == table::item;
    if (at.size() != (item ? 14U : 13U)) return false;
    const manifest* const known = of(at);
    if (known == nullptr) return false;
    if (!item) return within(number32(at, 9), known->directives);
    switch (static_cast<item_kind>(at[9])) {
      case item_kind::purchase:
        return within(number32(at, 10), known->purchases);
      case item_kind::note:
        return within(number32(at, 10), known->notes);
    }
    return false;
  }

  // One that nothing leads to opens nothing, and a restore may leave some: not looked for.
  static bool is_node(byte_view at) noexcept {
    if (at.size() != 10) return false;
    const auto level = static_cast<unsigned>(at[1]);
    if (level > key_tree::root_level) return false;
    return number64(at, 2) < std::uint64_t{1} << (5 * (key_tree::root_level - level));
  }

  // 256 hashes a tile: a level higher has a 256th of them.
  bool is_tile(byte_view at) const noexcept {
    if (at.size() != 10) return false;
    const auto level = static_cast<unsigned>(at[1]);
    if (level > 5) return false;
    const std::uint64_t hashes = row_.ledger_size >> (8 * level);
    return hashes != 0 && ledger::first_tile(level, row_.ledger_pruned) <= number64(at, 2) &&
           number64(at, 2) <= (hashes - 1) / 256;
  }

  bool is_trace(byte_view at) {
    if (at.size() == 17) {
      return number64(at, 1) == 0 && number32(at, 9) == 0 &&
             within(number32(at, 13), row_.trace_periods);
    }
    return at.size() == 18 && (number64(at, 1) == 0 || of(at) != nullptr);
  }

  // Of the customer whose number follows the table; nothing: nobody lives there.
  const manifest* of(byte_view at) {
    const auto found = s_.entry_of_part(customer_no(number64(at, 1)));
    return found ? *found : nullptr;
  }

  session_state& s_;
  const book_row& row_;
  std::uint64_t marks_;
};

}  // namespace

result<std::uint64_t> stray_rows(session_state& s) {
  const auto recovery = read_recovery(*s.core);
  if (!recovery) return recovery.error();
  stray_finder finder(s, *recovery ? (*recovery)->mark : 0);
  std::uint64_t found = 0;
  for (unsigned first = 0; first < 256; ++first) {
    const key prefix(static_cast<table>(first));
    const auto walked = s.core->read().walk(prefix, prefix, [&](byte_view at, byte_view) {
      if (finder.is_stray(at)) ++found;
      return true;
    });
    if (!walked) return walked.error();
  }
  return found;
}

}  // namespace clientbook
