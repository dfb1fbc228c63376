// Whether anybody asked that identities be replaced where a purpose is pursued.
//
// Pseudonyms concern a view and not one of its fields: a size beside a name is no size of a
// pseudonym. So what demands them counts also where the field that it was said of is denied.
// Otherwise saying no to that field would uncover the name beside it.
//
// Relies on a state that open() has checked.
#include <clientbook/consent/evaluate.hpp>

#include "judge.hpp"

namespace clientbook {
namespace {

constexpr std::uint16_t demanded = obligation_set{obligation::pseudonymise}.bits();

bool demands(const state_reader& state, std::size_t obligations) noexcept {
  return (state.stored(obligations).required & demanded) != 0;
}

// Most states know of no pseudonyms at all.
bool somewhere(const state_reader& state) noexcept {
  for (std::size_t i = 0; i < state.header().obligations; ++i) {
    if (demands(state, i)) return true;
  }
  return false;
}

}  // namespace

bool demands_pseudonyms(const compiled_state_view& state,
                        const decision_request& request) noexcept {
  if (state.empty()) return false;
  const state_reader reader(state);
  if (!somewhere(reader)) return false;
  if (state::unknown(reader, request) != decision_code::none) return false;
  const state::judge rules(reader, request);
  std::uint64_t known = 0;
  for (std::size_t plane = 0; plane < reader.planes(); ++plane) known |= reader.has(plane);
  for (const field_id each : field_set::of_bits(known)) {
    if (state::obligations_of(reader, rules, only(each).bits())
            .required.contains(obligation::pseudonymise)) {
      return true;
    }
  }
  return false;
}

}  // namespace clientbook
