// Why fields are kept: the purposes, who says what a record holds, and what became of each field.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_KEEPING_HPP
#define CLIENTBOOK_BOOK_KEEPING_HPP

#include <clientbook/book/actor.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/model/record.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook {

/// What becomes of a field that neither the customer nor the profile permits to keep.
enum class when_without_basis : std::uint8_t {
  refuse,     ///< The record is not kept at all.
  leave_out,  ///< The record is kept without it.
};

/// What something is kept for: one purpose, or several of which one must permit it; empty: what the
/// shop said that it keeps data for when the book was made (new_book::purposes).
class kept_purposes {
 public:
  constexpr kept_purposes() noexcept = default;
  constexpr kept_purposes(purpose_id one) noexcept  // NOLINT(*-explicit-*)
      : named_(true), all_{one} {}
  constexpr kept_purposes(const purpose_set& some) noexcept  // NOLINT(*-explicit-*)
      : named_(!some.empty()), all_(some) {}
  constexpr kept_purposes(std::initializer_list<purpose_id> some) noexcept
      : named_(some.size() != 0), all_(some) {}
  /// Whether any was named, were it one that there is not.
  constexpr bool named() const noexcept { return named_; }
  constexpr const purpose_set& all() const noexcept { return all_; }

 private:
  bool named_ = false;
  purpose_set all_;
};

/// Who says what a record holds.
enum class field_source : std::uint8_t {
  person,  ///< Somebody who keeps the book.
  file,    ///< A file that may come again: of what it said last a digest is remembered (merge()).
};

/// Why fields are kept, and what the customer has just decided about it.
struct collection {
  kept_purposes purposes{};
  /// Recorded in the same transaction, before the basis of the fields is checked.
  std::span<const directive> directives{};
  when_without_basis without_basis = when_without_basis::refuse;
  field_source source = field_source::person;
  /// Of a file: all that it says of consents, as one text. A digest of it is remembered, and the
  /// same text again is nothing new; `said_nothing`: it tells of consents, and of this customer
  /// says none, so that what it said before is news when it says it again. Empty: it does not tell.
  std::string_view decisions{};
  static constexpr std::string_view said_nothing = "nothing";
  /// Of a file: the day that its values are of, not after today. What the book got on a later day
  /// stays in a renewal. Nothing: they are of today.
  std::optional<date> as_of{};
};

/// Who was put into the book. Where a customer_id is wanted, it is one.
struct kept {
  customer_id id{};
  field_set left_out{};  ///< Of the record, for want of a basis; see when_without_basis.
  /// By field number, of those left out: of the answers for each purpose the nearest to a permit,
  /// what the customer has said before what the law forbids before that nobody has permitted it.
  std::array<decision_code, max_fields> why_left_out{};
  purpose_set waiting{};  ///< What was agreed to and waits for evidence (session::confirm()).
  operator const customer_id&() const noexcept { return id; }  // NOLINT(*-explicit-*)
};

/// What becomes of a field that the book has otherwise than the file.
enum class merge_rule : std::uint8_t {
  complete,  ///< It stays. Only what the book lacks is added.
  /// It is replaced if the book still has what a file said last; what somebody wrote into the book
  /// since stays. No consent is widened: permissions are counted and not recorded.
  renew,
};

/// What merge() did.
struct merged {
  field_set added{};
  field_set replaced{};
  field_set kept{};       ///< Which the book has otherwise than the file; they stay as they are.
  field_set conflicts{};  ///< Of these, those of which the file says something new,
  field_set older{};      ///< and those that are of a later day in the book (collection::as_of).
  field_set left_out{};   ///< For want of a basis.
  std::array<decision_code, max_fields> why_left_out{};  ///< As kept::why_left_out.
  std::uint32_t recorded = 0;                            ///< Directives,
  std::uint32_t repeated = 0;     ///< those in force, or that the file said before,
  std::uint32_t back_dated = 0;   ///< permissions of a time before what was said already,
  std::uint32_t not_widened = 0;  ///< and permissions that a renewal does not take.
  std::uint32_t waiting = 0;      ///< Of those recorded: which wait for evidence.
  bool changed() const noexcept { return recorded != 0 || !(added | replaced).empty(); }
};

/// Without any of these a record is nobody's: put() keeps no such husk.
inline constexpr field_set names_or_reaches{field::name, field::emails, field::phones,
                                            field::addresses, field::external_ids};

/// What a field of a customer is kept for, as far as the book was told.
struct field_keeping {
  field_id field{};
  purpose_set purposes{};  ///< That permitted it when it was kept; none: nobody said.
  date since{};            ///< When it was last kept for something,
  actor_id by{};           ///< and by whom.
  /// The last day on which one of the purposes permits it, as things stand; month 0: none ends by
  /// itself. What nothing permits any more has yesterday or an earlier day. Holds and requests keep
  /// it longer.
  date until{0, 0, 0};
  std::optional<field_source> source{};  ///< Who said what it holds now; none: nobody knows,
  date as_of{0, 0, 0};                   ///< and when; month 0: nobody knows.
};

}  // namespace clientbook

#endif
