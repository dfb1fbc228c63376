// From rules to bytes: lines get their numbers, terms with equal rows share one, and the parts are
// written in the order of state_format.hpp.
//
// The same rules give the same bytes: a book keeps a state once for all customers who have it, and
// finds it by its digest. So nothing is written that is not needed for a decision, and no byte is
// left as it was.
#include <algorithm>
#include <cassert>
#include <cstring>

#include "compiler.hpp"

namespace clientbook::compiling {

// Where the bytes go. Counts on beyond the end, so that an error can say how much is needed.
struct compiler::sink {
  byte_span out;
  std::size_t size = 0;
  void put(const void* from, std::size_t bytes) noexcept {
    if (size + bytes <= out.size()) std::memcpy(out.data() + size, from, bytes);
    size += bytes;
  }
};

// Which row a term has, by the number of the term.
struct compiler::row_numbers {
  std::array<std::uint8_t, state::terms> purposes;
  std::array<std::uint8_t, state::terms> recipients;
  std::array<std::uint8_t, state::operations> operations;
};

// Rules of one section keep their order: rows of the profile, events as they happened.
void compiler::number_lines() noexcept {
  drop_dead();
  std::size_t next = 0;
  for (std::size_t section = 0; section < state::section_count; ++section) {
    starts_[section] = static_cast<std::uint16_t>(next);
    for (std::size_t i = 0; i < count_; ++i) {
      if (section_of(rules()[i].facts.kind) != section) continue;
      line_of_[i] = static_cast<std::uint8_t>(next);
      rule_at_[next] = static_cast<std::uint8_t>(i);
      ++next;
    }
  }
  starts_[state::section_count] = static_cast<std::uint16_t>(next);
}

// Gathers equal rows; rows[0, returned) are the distinct ones.
std::size_t compiler::share_rows(std::size_t count, std::span<std::uint8_t> numbers) noexcept {
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (numbers[i] == state::no_row) continue;
    const bit_row& mine = scratch_.rows[i];
    std::size_t found = 0;
    while (found < distinct && scratch_.rows[found] != mine) ++found;
    if (found == distinct) scratch_.rows[distinct++] = mine;  // never beyond i
    numbers[i] = static_cast<std::uint8_t>(found);
  }
  return distinct;
}

template <class Covered>
std::size_t compiler::fill_rows(std::size_t count, std::span<std::uint8_t> numbers,
                                Covered&& covered) noexcept {
  for (std::size_t i = 0; i < count; ++i) scratch_.rows[i] = bit_row{};
  for (std::size_t i = 0; i < count_; ++i) {
    const std::size_t line = line_of_[i];
    covered(rules()[i]).for_each([&](auto term) {
      scratch_.rows[term.value][line / 64] |= std::uint64_t{1} << (line % 64);
    });
  }
  return share_rows(count, numbers);
}

state::header compiler::counts() const noexcept {
  state::header h;
  h.words = static_cast<std::uint8_t>(std::max<std::size_t>(1, (count_ + 63) / 64));
  h.planes = static_cast<std::uint8_t>(planes_);
  h.profile = profile_.id.value;
  h.profile_version = profile_.version;
  h.registry_version = registry_version();
  h.references = static_cast<std::uint16_t>(references_);
  std::copy(starts_.begin(), starts_.end(), h.starts);
  h.intervals = static_cast<std::uint16_t>(intervals_);
  h.obligations = static_cast<std::uint16_t>(obligations_);
  return h;
}

// A withdrawal denies where consent was the reason (stage 3); elsewhere it only ends grants.
void compiler::say_where_endings_deny(state::header& h) const noexcept {
  purpose_set reached = all_purposes();
  operation_set operations = all_operations;
  if (const reach_rule* withdrawal = reach_of(directive_kind::withdraw, indicated_by::subject)) {
    reached = reached_purposes(*withdrawal, all_purposes());
    operations -= withdrawal->except_operations;
  }
  reached.for_each([&](purpose_id each) {
    h.ending_purposes[each.value / 64] |= std::uint64_t{1} << (each.value % 64);
  });
  operations.for_each([&](operation_id each) {
    h.ending_operations = static_cast<std::uint16_t>(h.ending_operations | (1U << each.value));
  });
}

// Rows go out at once, as their scratch is used again; the header, which counts them, follows at
// the end.
void compiler::write_rows(sink& to, state::header& h, row_numbers& numbers) noexcept {
  const auto put_rows = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      to.put(scratch_.rows[i].data(), std::size_t{8} * h.words);
    }
    return static_cast<std::uint8_t>(count);
  };
  numbers.purposes.fill(state::no_row);
  all_purposes().for_each([&](purpose_id each) { numbers.purposes[each.value] = 0; });
  h.purpose_rows = put_rows(fill_rows(
      state::terms, numbers.purposes, [](const rule& r) -> auto& { return r.purposes; }));
  numbers.recipients.fill(state::no_row);
  known_recipients_.for_each([&](recipient_id each) { numbers.recipients[each.value] = 0; });
  h.recipient_rows = put_rows(fill_rows(
      state::terms, numbers.recipients, [](const rule& r) -> auto& { return r.recipients; }));
  numbers.operations.fill(0);
  h.operation_rows = put_rows(fill_rows(
      state::operations, numbers.operations, [](const rule& r) -> auto& { return r.operations; }));
}

void compiler::write_categories(sink& to) const noexcept {
  for (std::size_t plane = 0; plane < planes_; ++plane) {
    std::array<std::uint8_t, 64> categories{};
    for (const field_terms& terms : environment_.fields) {
      categories[terms.field.value] = terms.categories[plane].value;
    }
    to.put(categories.data(), categories.size());
  }
}

void compiler::write_countries(sink& to, state::header& h) const noexcept {
  for (const recipient_party& party : parties()) {
    if (party.removed != 0) continue;
    const state::party_country where{party.id.value, 0, {party.country[0], party.country[1]}};
    to.put(&where, sizeof where);
    ++h.parties;
  }
}

result<byte_view> compiler::write(byte_span out) noexcept {
  state::header h = counts();
  say_where_endings_deny(h);

  sink bytes{out, sizeof h};
  for (std::size_t plane = 0; plane < planes_; ++plane) bytes.put(&has_[plane], 8);
  row_numbers numbers;
  write_rows(bytes, h, numbers);
  for (std::size_t plane = 0; plane < planes_; ++plane) {
    for (std::size_t line = 0; line < count_; ++line) {
      bytes.put(&rules()[rule_at_[line]].masks[plane], 8);
    }
  }
  bytes.put(scratch_.intervals.data(), intervals_ * sizeof(interval));
  bytes.put(scratch_.obligations.data(), obligations_ * sizeof(state::stored_obligations));
  bytes.put(numbers.purposes.data(), numbers.purposes.size());
  bytes.put(numbers.recipients.data(), numbers.recipients.size());
  bytes.put(numbers.operations.data(), numbers.operations.size());
  write_categories(bytes);
  write_countries(bytes, h);
  for (std::size_t line = 0; line < count_; ++line) {
    bytes.put(&rules()[rule_at_[line]].facts, sizeof(line_facts));
  }
  bytes.put(scratch_.references.data(), references_);
  constexpr std::array<std::byte, 8> padding{};
  bytes.put(padding.data(), (8 - bytes.size % 8) % 8);

  if (bytes.size > out.size()) {
    return error{errc::buffer_too_small, "the buffer is too small for the compiled state",
                 bytes.size};
  }
  h.size = static_cast<std::uint32_t>(bytes.size);
  std::memcpy(out.data(), &h, sizeof h);
  assert(bytes.size == state::layout_of(h).size && "written as state_format.hpp lays it out");
  // What is compiled opens: evaluate() relies on all that open() checks.
  assert(compiled_state_view::open(out.first(bytes.size)));
  return byte_view(out.first(bytes.size));
}

}  // namespace clientbook::compiling
