// A set of fields of a customer, by their numbers 0 to 63; in words of one machine register.
//
// Not a number: what is counted or shifted by accident does not compile.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BASE_FIELD_SET_HPP
#define CLIENTBOOK_BASE_FIELD_SET_HPP

#include <clientbook/base/ids.hpp>

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace clientbook {

class field_set {
 public:
  constexpr field_set() noexcept = default;  ///< Empty.
  constexpr field_set(std::initializer_list<field_id> fields) noexcept {
    for (const field_id each : fields) add(each);
  }
  /// Bit n is field number n: the form in which sets are stored and cross the C ABI.
  [[nodiscard]] static constexpr field_set of_bits(std::uint64_t bits) noexcept {
    field_set out;
    out.bits_ = bits;
    return out;
  }
  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }

  /// A number above 63 is in no set, and adding it does nothing.
  [[nodiscard]] constexpr bool has(field_id id) const noexcept { return (bits_ & bit(id)) != 0; }
  constexpr void add(field_id id) noexcept { bits_ |= bit(id); }
  constexpr void remove(field_id id) noexcept { bits_ &= ~bit(id); }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
  [[nodiscard]] constexpr std::size_t size() const noexcept {
    return static_cast<std::size_t>(std::popcount(bits_));
  }
  explicit constexpr operator bool() const noexcept { return bits_ != 0; }

  /// The order is for containers and means nothing.
  friend constexpr auto operator<=>(field_set, field_set) noexcept = default;
  friend constexpr field_set operator&(field_set a, field_set b) noexcept {
    return of_bits(a.bits_ & b.bits_);
  }
  friend constexpr field_set operator|(field_set a, field_set b) noexcept {
    return of_bits(a.bits_ | b.bits_);
  }
  constexpr field_set operator~() const noexcept { return of_bits(~bits_); }
  constexpr field_set& operator&=(field_set other) noexcept {
    bits_ &= other.bits_;
    return *this;
  }
  constexpr field_set& operator|=(field_set other) noexcept {
    bits_ |= other.bits_;
    return *this;
  }

  /// Goes over the numbers, ascending: `for (const field_id each : fields)`.
  class iterator {
   public:
    explicit constexpr iterator(std::uint64_t rest) noexcept : rest_(rest) {}
    constexpr field_id operator*() const noexcept {
      return field_id(static_cast<std::uint8_t>(std::countr_zero(rest_)));
    }
    constexpr iterator& operator++() noexcept {
      rest_ &= rest_ - 1;
      return *this;
    }
    friend constexpr bool operator==(iterator, iterator) noexcept = default;

   private:
    std::uint64_t rest_;
  };
  [[nodiscard]] constexpr iterator begin() const noexcept { return iterator(bits_); }
  [[nodiscard]] constexpr iterator end() const noexcept { return iterator(0); }

 private:
  static constexpr std::uint64_t bit(field_id id) noexcept {
    return id.value < 64 ? std::uint64_t{1} << id.value : 0;
  }
  std::uint64_t bits_ = 0;
};

inline constexpr field_set all_fields = ~field_set{};
[[nodiscard]] constexpr field_set only(field_id id) noexcept { return {id}; }

}  // namespace clientbook

#endif
