// Vocabulary: what is known of purposes, recipients, data categories and operations.
//
// The terms of W3C DPV and our own form four hierarchies, and these are no consent
// hierarchies: "sell data to third parties" lies below "service provision". So two rules
// say what a scope covers, and they differ:
// - a denial covers every descendant, by any path;
// - a grant covers a descendant only if all its parents are covered and it is no barrier
//   term (sale, targeted advertising, special categories, disclosure, data brokers, ...).
//
// Terms are numbers of 8 bits (terms.hpp, categories.hpp). Sets of them are values without
// heap: 192 purposes (DPV's 123 and our own leave no room in 128), 192 recipients (32 classes
// and 160 named parties), 256 categories, 16 operations.
//
// Thread safety: values, constants and pure functions.
#ifndef CLIENTBOOK_CONSENT_VOCABULARY_HPP
#define CLIENTBOOK_CONSENT_VOCABULARY_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace clientbook {

/// A set of terms of one kind.
template <class Id, std::size_t Bits>
class term_set {
 public:
  static constexpr std::size_t capacity = Bits;

  constexpr term_set() noexcept = default;
  constexpr term_set(std::initializer_list<Id> terms) noexcept {
    for (const Id term : terms) add(term);
  }
  /// Every number, also those that have no term yet: what a profile means by "all".
  static constexpr term_set all() noexcept {
    term_set out;
    for (std::size_t i = 0; i < Bits; ++i) out.add(Id(static_cast<std::uint8_t>(i)));
    return out;
  }

  /// A number beyond the capacity is no member and cannot become one.
  constexpr bool contains(Id term) const noexcept {
    return term.value < Bits && ((words_[term.value / 64U] >> (term.value % 64U)) & 1U) != 0;
  }
  constexpr void add(Id term) noexcept {
    if (term.value < Bits) words_[term.value / 64U] |= std::uint64_t{1} << (term.value % 64U);
  }
  constexpr void remove(Id term) noexcept {
    if (term.value < Bits) words_[term.value / 64U] &= ~(std::uint64_t{1} << (term.value % 64U));
  }
  constexpr bool empty() const noexcept {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }
  constexpr std::size_t size() const noexcept {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
    return count;
  }
  constexpr bool includes(const term_set& other) const noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((other.words_[i] & ~words_[i]) != 0) return false;
    }
    return true;
  }

  constexpr term_set& operator|=(const term_set& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  constexpr term_set& operator&=(const term_set& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  constexpr term_set& operator-=(const term_set& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
  }
  friend constexpr term_set operator|(term_set a, const term_set& b) noexcept { return a |= b; }
  friend constexpr term_set operator&(term_set a, const term_set& b) noexcept { return a &= b; }
  friend constexpr term_set operator-(term_set a, const term_set& b) noexcept { return a -= b; }
  friend constexpr bool operator==(const term_set&, const term_set&) = default;

  /// Calls `each` with every member, ascending.
  template <class Each>
  constexpr void for_each(Each&& each) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t rest = words_[i]; rest != 0; rest &= rest - 1) {
        each(Id(
            static_cast<std::uint8_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(rest)))));
      }
    }
  }

 private:
  static constexpr std::size_t word_count = (Bits + 63) / 64;
  std::array<std::uint64_t, word_count> words_{};
};

using purpose_set = term_set<purpose_id, 192>;
using recipient_set = term_set<recipient_id, 192>;
using category_set = term_set<category_id, 256>;
using operation_set = term_set<operation_id, 16>;

inline constexpr operation_set all_operations = operation_set::all();

/// Named parties have these numbers; below them are classes.
inline constexpr std::uint8_t first_party = 32;
inline constexpr std::uint8_t last_party = 191;
[[nodiscard]] constexpr bool is_party(recipient_id id) noexcept {
  return id.value >= first_party && id.value <= last_party;
}

/// One term. The texts live for ever.
struct term_facts {
  std::string_view name{};   ///< As in C++ and in files of this project: email_marketing.
  std::string_view term{};   ///< Prefixed: dpv: and pd: of W3C DPV 2.3, cb: of our own.
  std::string_view label{};  ///< English.
  std::span<const std::uint8_t> parents{};
  bool barrier = false;      ///< A grant must name it.
  bool denial_only = false;  ///< A grant cannot name it.
  std::uint8_t depth = 0;    ///< Longest way from a root.
};

/// Errors: unknown_field if there is no such term.
result<term_facts> facts(purpose_id term) noexcept;
result<term_facts> facts(recipient_id term) noexcept;  ///< Classes only.
result<term_facts> facts(category_id term) noexcept;
result<term_facts> facts(operation_id term) noexcept;

/// By name or by prefixed term; of an aliased category also its alias. Errors: unknown_field.
result<purpose_id> find_purpose(std::string_view name) noexcept;
result<recipient_id> find_recipient_class(std::string_view name) noexcept;
result<category_id> find_category(std::string_view name) noexcept;
result<operation_id> find_operation(std::string_view name) noexcept;

/// Every term there is. Of recipients: the classes.
const purpose_set& all_purposes() noexcept;
const recipient_set& all_recipient_classes() noexcept;
const category_set& all_categories() noexcept;

/// What a grant of these terms covers. Parties pass as they are: which of a class's members
/// are covered says the registry.
purpose_set covered_by_grant(const purpose_set& granted) noexcept;
recipient_set covered_by_grant(const recipient_set& granted) noexcept;
category_set covered_by_grant(const category_set& granted) noexcept;
operation_set covered_by_grant(const operation_set& granted) noexcept;

/// What a denial of these terms covers.
purpose_set covered_by_denial(const purpose_set& denied) noexcept;
recipient_set covered_by_denial(const recipient_set& denied) noexcept;
category_set covered_by_denial(const category_set& denied) noexcept;
operation_set covered_by_denial(const operation_set& denied) noexcept;

/// The other way round: the term and all above it. A denial covers the term exactly if it names
/// one of these. Parties pass as they are.
purpose_set denied_through(purpose_id term) noexcept;
recipient_set denied_through(recipient_id term) noexcept;
category_set denied_through(category_id term) noexcept;
operation_set denied_through(operation_id term) noexcept;

}  // namespace clientbook

#endif
