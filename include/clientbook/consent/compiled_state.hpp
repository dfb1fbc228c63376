// Compiled state: a customer's directives, made ready for decisions in nanoseconds.
//
// compile() folds directives, profile, registry, notices and fields into bytes that evaluate()
// reads. The bytes are position independent and hold nothing that tells customers with equal
// histories apart (no ids, no past instants), so that most customers share one of a few
// hundred states: intern them by the digest of their bytes. Little-endian machines only.
//
// Thread safety: compile() needs its workspace alone; views are values, concurrent const use
// is safe.
#ifndef CLIENTBOOK_CONSENT_COMPILED_STATE_HPP
#define CLIENTBOOK_CONSENT_COMPILED_STATE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/privacy_notice.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/model/schema.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace clientbook {

/// What consent knows of a field: it is released only if all its categories are permitted.
struct field_terms {
  field_id field{};
  std::array<category_id, 4> categories{};  ///< From the front; 0 ends them.
};

/// The fields of a schema; `room` must hold schema::max_fields.
std::span<const field_terms> terms_of(const schema& fields, std::span<field_terms> room) noexcept;

/// What is the same for all customers of a book.
struct consent_environment {
  const law_profile* profile = nullptr;          ///< None: nothing is permitted.
  const recipient_registry* registry = nullptr;  ///< None: classes only.
  std::span<const privacy_notice> notices{};     ///< Grants that refer to others do not count.
  std::span<const field_terms> fields{};
  /// By lawful_basis: purposes that rested on it under a profile which the book followed before.
  /// What reached them goes on reaching them: a row that goes away opens nothing.
  std::array<purpose_set, 8> once_based{};
};

/// Which purposes rest on each lawful basis under that profile, but for consent, on which all
/// others do.
std::array<purpose_set, 8> purposes_by_basis(const law_profile& profile) noexcept;

/// What is known of the customer beside their directives.
struct subject_facts {
  /// Years, if known; the profile's age rules look at it. Taken for the age at every instant.
  std::optional<std::uint8_t> age = std::nullopt;
  /// The birth date, if known with its year; goes before `age`. A grant is judged by the age on the
  /// day it was given, so that growing up revives none that was void; all else by that at `as_of`.
  std::optional<date> born = std::nullopt;
  /// Where the customer lives, as the profile's age rules name states; empty: not known, and the
  /// rules of all states hold.
  country_code residence{};
};

inline constexpr std::size_t max_compiled_state = 65536;

/// Memory that compile() works in; its content means nothing afterwards.
struct compile_workspace {
  alignas(8) std::array<std::byte, 65536> memory;
};

/// Compiles at an instant: what is said to come after `as_of` opens nothing before it does. All
/// intervals stay in the state, also those that are over. A clock that was set back must be
/// declared as clock_confidence::none.
///
/// Any order of directives is accepted; event_at, then sequence decide. An id twice is an
/// error. Errors: invalid_argument (no profile; fields with numbers or categories out of range
/// or twice), already_exists (a directive's id or sequence twice, `at` the sequence),
/// limit_exceeded (more than 256 rules remain in force, or 65,535 directives), as check() of a
/// directive (`at` the sequence) or of a profile, buffer_too_small (`at`: bytes needed). After
/// an error there is no state, and evaluate() without one denies everything.
result<byte_view> compile(std::span<const directive> directives,
                          const consent_environment& environment, const subject_facts& subject,
                          timestamp as_of, compile_workspace& workspace, byte_span out) noexcept;

/// A compiled state, opened. Lives no longer than the bytes; they need no alignment.
class compiled_state_view {
 public:
  /// No state: evaluate() denies everything.
  constexpr compiled_state_view() noexcept = default;

  /// Errors: not compiled state (invalid_encoding), newer_format, truncated. Bytes that pass
  /// cannot make evaluate() read outside them.
  static result<compiled_state_view> open(byte_view bytes) noexcept;

  bool empty() const noexcept { return data_ == nullptr; }
  byte_view bytes() const noexcept { return {data_, size_}; }
  profile_id profile() const noexcept;
  std::uint32_t profile_version() const noexcept;
  std::uint32_t registry_version() const noexcept;
  std::size_t rules() const noexcept;  ///< Lines of directives and profile.

 private:
  friend class state_reader;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::array<std::uint32_t, 15> offsets_{};  ///< Of the parts, found once by open().
  bool obligations_differ_ = false;          ///< From field to field under one line.
};

}  // namespace clientbook

#endif
