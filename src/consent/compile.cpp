// Compiling: from what was said and what the law says to the bytes that evaluate() reads.
//
// Takes and checks what is given, and runs the steps of compiler.hpp in their order. Relies on the
// profile having been checked (profile.hpp, profile_file.hpp) and on nothing else that it is given:
// directives, fields and parties are looked at here, and what is wrong is an error, never a state
// with a rule less.
#include <clientbook/consent/compiled_state.hpp>

#include <algorithm>

#include "compiler.hpp"
#include "hypothesis.hpp"

namespace clientbook {
namespace compiling {

result<byte_view> compiler::run(byte_span out) noexcept {
  if (auto done = take_fields(); !done) return done.error();
  if (auto done = take_directives(); !done) return done.error();
  take_registry();
  take_bases();
  take_sensitive();
  intervals_ = 1;
  scratch_.intervals[0] = interval{};
  obligations_ = 1;
  scratch_.obligations[0] = state::stored_obligations{};

  for (std::size_t i = 0; i < profile_.prohibitions.size(); ++i) add_prohibition(i);
  for (std::size_t i = 0; i < directives_.size(); ++i) add_directive(scratch_.order[i]);
  for (std::size_t i = 0; i < profile_.bases.size(); ++i) add_basis(i);
  for (std::size_t i = 0; i < profile_.obligations.size(); ++i) add_obligation(i);
  if (full_) {
    return error{errc::limit_exceeded, "more than 256 rules are in force for one customer"};
  }
  number_lines();
  refer();
  if (full_) {
    return error{errc::limit_exceeded, "more than 256 rules are in force for one customer"};
  }
  rank_grants();
  return write(out);
}

result<void> compiler::take_fields() noexcept {
  for (const field_terms& terms : environment_.fields) {
    if (terms.field.value >= 64 || known_fields_.has(terms.field)) {
      return error{errc::invalid_argument, "a field number is twice or beyond 63",
                   terms.field.value};
    }
    known_fields_.add(terms.field);
    for (std::size_t plane = 0; plane < max_planes; ++plane) {
      const category_id category = terms.categories[plane];
      if (category == category_id{}) {
        if (plane == 0) {
          return error{errc::invalid_argument, "a field has no category", terms.field.value};
        }
        break;
      }
      if (!all_categories().contains(category)) {
        return error{errc::invalid_argument, "a field has a category that is unknown",
                     terms.field.value};
      }
      has_[plane] |= bit(terms.field);
      planes_ = std::max(planes_, plane + 1);
    }
  }
  return {};
}

result<void> compiler::take_directives() noexcept {
  if (directives_.size() > max_directives) {
    return error{errc::limit_exceeded, "more than 4096 directives of one customer"};
  }
  const std::size_t count = directives_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const directive& one = directives_[i];
    if (auto fine = check(one); !fine) {
      return error{fine.error().code, fine.error().text, one.sequence};
    }
    if (one.sequence > 0xffff) {
      return error{errc::limit_exceeded, "more than 65535 directives of one customer"};
    }
    proven_ = proven_ || proves_age(one);
    scratch_.order[i] = static_cast<std::uint16_t>(i);
    scratch_.flags[i] = 0;
  }
  order_as_recorded();
  if (auto done = mark_named(); !done) return done;
  mark_back_dated();
  order_moves();
  return {};
}

// As things were written down, whatever the clocks said: a withdrawal takes every grant that the
// book held when it came.
void compiler::order_as_recorded() noexcept {
  const auto before = [this](std::uint16_t a, std::uint16_t b) {
    return directives_[a].sequence < directives_[b].sequence;
  };
  const auto order = std::span(scratch_.order).first(directives_.size());
  if (!std::is_sorted(order.begin(), order.end(), before)) {
    std::sort(order.begin(), order.end(), before);
  }
}

// Which directives a later one names. Of two with one sequence or one id nobody could say which is
// meant.
result<void> compiler::mark_named() noexcept {
  const std::size_t count = directives_.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (directives_[i].sequence == directives_[k].sequence ||
          directives_[i].id == directives_[k].id) {
        return error{errc::already_exists, "a directive is there twice", directives_[i].sequence};
      }
    }
    if (directives_[i].supersedes[0] == directive_id{} || !decides(directives_[i].kind)) continue;
    for (std::size_t k = 0; k < count; ++k) {
      if (names(directives_[i], directives_[k])) scratch_.flags[k] |= named_by_later;
    }
  }
  return {};
}

// Back-dated: something with a smaller sequence happened at a later instant. It can still deny, but
// opens nothing: whoever writes it down late knows what was said in between.
void compiler::mark_back_dated() noexcept {
  latest_said before;
  for (const std::uint16_t place : std::span(scratch_.order).first(directives_.size())) {
    const directive& one = directives_[place];
    before.written_down(one.recorded_at);
    if (before.at() && one.event_at < *before.at()) scratch_.flags[place] |= back_dated;
    before.add(one);
  }
}

// As they were said: one that is written down late is no later for that.
void compiler::order_moves() noexcept {
  timestamp last;
  const auto order = std::span(scratch_.order).first(directives_.size());
  for (const std::uint16_t place : order) {
    const directive& one = directives_[place];
    if (one.kind == directive_kind::move) scratch_.moves[moves_++] = place;
    const bool unknown = last == timestamp{} && place != order.front();
    if (one.recorded_at < last || (unknown && one.recorded_at != last)) clock_went_back_ = true;
    last = one.recorded_at;
  }
  const auto moves = std::span(scratch_.moves).first(moves_);
  std::sort(moves.begin(), moves.end(), [&](std::uint16_t a, std::uint16_t b) {
    const timestamp first = said_at(directives_[a]);
    const timestamp second = said_at(directives_[b]);
    return first != second ? first < second : directives_[a].sequence < directives_[b].sequence;
  });
}

// Where no clock went back, nothing behind it was written down earlier.
timestamp compiler::said_at(const directive& one) const noexcept {
  return clock_went_back_ ? clientbook::said_at(directives_, one) : given_at(one);
}

void compiler::take_registry() noexcept {
  known_recipients_ = all_recipient_classes();
  for (const recipient_party& party : parties()) {
    if (party.removed == 0) known_recipients_.add(party.id);
  }
}

void compiler::take_bases() noexcept {
  by_basis_ = purposes_by_basis(profile_);
  purpose_set other = all_purposes();
  for (const purpose_set& based : by_basis_) other -= based;
  by_basis_[index(lawful_basis::consent)] = other;
}

void compiler::take_sensitive() noexcept {
  for (const sensitive_rule& row : profile_.sensitive) {
    const category_set covered = covered_by_denial(row.categories);
    for (std::size_t i = 0; i < sensitive_.size(); ++i) {
      if (static_cast<consent_strength>(i) < row.strength) sensitive_[i] |= covered;
    }
  }
}

}  // namespace compiling

std::array<purpose_set, 8> purposes_by_basis(const law_profile& profile) noexcept {
  std::array<purpose_set, 8> out{};
  for (const basis_rule& row : profile.bases) {
    out[static_cast<std::size_t>(row.basis) & 7U] |= covered_by_grant(row.scope.purposes);
  }
  return out;
}

std::span<const field_terms> terms_of(const schema& fields, std::span<field_terms> room) noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition definition = fields.at(i);
    room[i] = {definition.number, definition.categories};
  }
  return room.first(fields.size());
}

result<byte_view> compile_with(std::span<const directive> directives, const hypothesis& what_if,
                               const consent_environment& environment, const subject_facts& subject,
                               timestamp as_of, compile_workspace& workspace,
                               byte_span out) noexcept {
  if (environment.profile == nullptr) {
    return error{errc::invalid_argument, "there is no profile to judge by"};
  }
  return compiling::compiler(compiling::history(directives, what_if.said), environment, subject,
                             as_of, workspace, what_if.notice)
      .run(out);
}

result<byte_view> compile(std::span<const directive> directives,
                          const consent_environment& environment, const subject_facts& subject,
                          timestamp as_of, compile_workspace& workspace, byte_span out) noexcept {
  return compile_with(directives, {}, environment, subject, as_of, workspace, out);
}

}  // namespace clientbook
