// What a customer's consents compile to in a book, and how it decides.
//
// One compiled state, for most: one law holds, and nobody spoke of a single contact point. Where
// several laws hold (a move that nobody has confirmed), or the customer is several who were made
// one, there is a state for each, and what all of them permit is permitted, as the strictest shows
// it. Where somebody spoke of one e-mail address
// or number, there are the same states once more for it. All of it is one row of bytes that names
// nobody, so it is shared between customers as a single state is. docs/format/book.md has the
// bytes.
#ifndef CLIENTBOOK_BOOK_CUSTOMER_STATE_HPP
#define CLIENTBOOK_BOOK_CUSTOMER_STATE_HPP

#include <clientbook/book/merge.hpp>
#include <clientbook/consent/evaluate.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace clientbook {

inline constexpr std::size_t max_laws = 8;
/// Of each of a customer's histories (parts.hpp) so many.
inline constexpr std::size_t max_judging = max_laws * (1 + max_parts);

/// The laws that decide together of one contact point, or of all that nobody spoke of.
struct state_group {
  std::uint16_t contact = 0;  ///< From 1, as named_contacts() numbers them; 0: everything else.
  field_id field{};           ///< Whose contact point it is.
  std::vector<compiled_state_view> laws{};
};

/// A decision, and what of it each contact point has.
struct state_decision {
  /// Of a list of contact points the form that hides least of any; masked if any is.
  record_decision whole{};
  record_decision others{};                 ///< For what nobody spoke of.
  std::vector<bool> open{};                 ///< By contact point,
  std::vector<redaction_operator> forms{};  ///< and in which form it is shown;
  std::vector<std::uint8_t> stages{};       ///< where it is not, which stage decided so.
};

/// The stage of the decision that decided about a field.
std::uint8_t stage_of(const record_decision& decision, field_id field) noexcept;

// A state that is opened; it never changes. What decides are the bytes alone, the request and
// the time in it, so the order in which things were said has no part any more: compiling has
// settled it.
class customer_state {
 public:
  /// Nobody: everything is denied.
  customer_state() noexcept = default;
  customer_state(customer_state&&) noexcept = default;
  customer_state& operator=(customer_state&&) noexcept = default;
  customer_state(const customer_state&) = delete;
  customer_state& operator=(const customer_state&) = delete;

  /// Errors: as compiled_state_view::open(); invalid_encoding.
  static result<customer_state> open(byte_view bytes);

  byte_view bytes() const noexcept { return bytes_; }
  bool has_contacts() const noexcept { return groups_.size() > 1; }
  std::span<const state_group> groups() const noexcept { return groups_; }

  /// As evaluate(), of everything; which contact points it does not reach is not in it.
  record_decision decide(const decision_request& request) const;
  state_decision decide_each(const decision_request& request) const;
  /// As explain(), of the law whose rule decides.
  explanation explain(const decision_request& request, field_id field) const;
  /// The same of one contact point, as named_contacts() numbers them; 0: one that nobody named.
  explanation explain_contact(const decision_request& request, field_id field,
                              std::size_t which) const;
  bool demands_pseudonyms(const decision_request& request) const;

 private:
  std::vector<std::byte> bytes_;
  std::vector<state_group> groups_;
};

/// Puts compiled states together; they are added law by law, group by group, in ascending order.
class state_bundle {
 public:
  void begin_group(std::uint16_t contact, field_id field);
  void add(byte_view compiled);
  /// One state is itself. Errors: limit_exceeded.
  result<std::vector<std::byte>> bytes() const;

 private:
  struct part {
    std::uint16_t contact;
    field_id field;
    std::size_t state;
  };
  std::vector<part> parts_;
  std::vector<std::vector<std::byte>> states_;  // each once
  std::uint16_t contact_ = 0;
  field_id field_{};
};

}  // namespace clientbook

#endif
