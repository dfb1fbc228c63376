// Known values: what a customer's own record says, to be found again in free text.
//
// A value matches regardless of case, accents, ligatures, spaces and hyphens, whole words
// only. A name also matches by each of its parts, a phone number by its last digits however
// it is grouped and with or without its country code, an e-mail address also by its local
// part. Short values are refused, since they would be found everywhere: at least 3 letters or
// 5 digits. A name that is also a common word (Rose, May, Will) matches only with a capital
// letter.
//
// The set lives in the caller's memory, which the destructor wipes. Thread safety: const use
// is safe.
#ifndef CLIENTBOOK_SCANNER_KNOWN_VALUES_HPP
#define CLIENTBOOK_SCANNER_KNOWN_VALUES_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clientbook {

enum class known_kind : std::uint8_t {
  name,   ///< Of a person: the whole and each part of 3 letters or more; well-known nicknames.
  email,  ///< The address and its local part, if it is longer than 4.
  phone,  ///< 7 digits or more, compared from the end.
  text,   ///< Any other: address line, employer, id.
};

class known_values {
 public:
  explicit known_values(byte_span memory) noexcept;
  ~known_values();
  known_values(const known_values&) = delete;
  known_values& operator=(const known_values&) = delete;

  /// Adds a value. Errors: invalid_value (too short, or longer than 255 bytes when folded: it
  /// cannot be looked for), invalid_encoding (not UTF-8), buffer_too_small (no more memory).
  /// The set is unchanged on error.
  result<void> add(known_kind kind, std::string_view value) noexcept;

  [[nodiscard]] bool empty() const noexcept { return used_ == 0; }

  /// The next place from `from` on and before `to` where a value may begin, or `to`: a quick
  /// filter for match().
  [[nodiscard]] std::size_t next(std::string_view text, std::size_t from,
                                 std::size_t to) const noexcept;

  /// The longest value that begins at byte `offset`, where a word begins; its length in bytes,
  /// 0 if there is none. Looks at no more than scan_reach bytes around it.
  [[nodiscard]] std::size_t match(std::string_view text, std::size_t offset) const noexcept;

 private:
  byte_span room() const noexcept;
  bool keep(known_kind kind, std::uint8_t flags, std::size_t size) noexcept;
  enum class taken : std::uint8_t { whole, part };
  bool keep_spellings(known_kind kind, std::string_view value, taken as) noexcept;
  bool keep_parts(std::string_view value) noexcept;
  bool keep_nicknames(std::string_view first_name) noexcept;
  bool keep_phone(std::size_t folded) noexcept;

  bool begins(std::string_view text, std::size_t at) const noexcept;

  byte_span memory_;
  std::size_t used_ = 0;
  bool phones_ = false;
  std::array<std::uint32_t, 8> first_bytes_{};
  std::array<std::uint32_t, 64> beginnings_{};  // A filter over the first two letters.
};

/// Memory that is enough for `values` of `bytes` altogether.
constexpr std::size_t known_values_memory(std::size_t values, std::size_t bytes) noexcept {
  return 8 * bytes + 256 * values;
}

}  // namespace clientbook

#endif
