// What the encodings of this room have in common.
#ifndef CLIENTBOOK_CONSENT_SCOPE_CODEC_HPP
#define CLIENTBOOK_CONSENT_SCOPE_CODEC_HPP

#include <clientbook/consent/directive.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/terms.hpp>

#include <limits>

namespace clientbook {

inline constexpr recipient_id any_recipient = recipient::any;

/// Errors: as check() of a directive.
result<void> check_scope(const consent_scope& scope, bool may_be_empty) noexcept;

namespace codec {

template <class Set>
void write_terms(cbor::writer& to, const Set& terms) noexcept {
  to.array(terms.size());
  terms.for_each([&](auto id) { to.unsigned_integer(id.value); });
}

template <class Integer>
Integer number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<Integer>::max()) {
    from.fail(errc::invalid_value, "a number is too large for what it means");
    return 0;
  }
  return static_cast<Integer>(value);
}

/// Numbers ascending; one that cannot be a member is refused.
template <class Id, class Set>
void read_terms(cbor::reader& from, Set& terms) noexcept {
  const std::size_t count = from.array();
  int last = -1;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const Id id(number<std::uint8_t>(from));
    if (from.failed()) return;
    if (id.value <= last) from.fail(errc::invalid_encoding, "terms out of order");
    if (id.value >= Set::capacity) {
      from.fail(errc::unknown_field, "a scope has a term that the vocabulary lacks");
    }
    last = id.value;
    terms.add(id);
  }
}

inline void count(cbor::reader& from, std::size_t wanted) noexcept {
  if (from.array() != wanted) from.fail(errc::invalid_encoding, "a list of another length");
}

template <std::size_t Size>
void read_bytes(cbor::reader& from, std::array<std::byte, Size>& to) noexcept {
  const byte_view value = from.bytes();
  if (from.failed()) return;
  if (value.size() != Size) {
    from.fail(errc::invalid_encoding, "an id or a hash of another length");
    return;
  }
  copy_bytes(to, value);
}

template <std::size_t Capacity>
void read_text(cbor::reader& from, short_text<Capacity>& to) noexcept {
  const std::string_view value = from.text();
  if (!short_text<Capacity>::fits(value)) {
    from.fail(errc::limit_exceeded, "a text is too long");
    return;
  }
  to = short_text<Capacity>(value);
}

inline void write_scope(cbor::writer& to, const consent_scope& scope) noexcept {
  to.array(4);
  write_terms(to, scope.purposes);
  write_terms(to, scope.recipients);
  write_terms(to, scope.categories);
  write_terms(to, scope.operations);
}

inline void read_scope(cbor::reader& from, consent_scope& to) noexcept {
  count(from, 4);
  read_terms<purpose_id>(from, to.purposes);
  read_terms<recipient_id>(from, to.recipients);
  read_terms<category_id>(from, to.categories);
  read_terms<operation_id>(from, to.operations);
}

inline constexpr std::uint16_t known_obligations = (1U << 14) - 1;

/// Only known obligations, and a mask exactly if one is asked for.
inline bool fit_together(const obligations& value) noexcept {
  const bool masks = value.required.contains(obligation::mask);
  return (value.required.bits() & ~known_obligations) == 0 &&
         masks == (value.mask != redaction_operator::none);
}

inline void write_obligations(cbor::writer& to, const obligations& value) noexcept {
  to.array(8);
  to.unsigned_integer(value.required.bits());
  to.unsigned_integer(static_cast<std::uint64_t>(value.mask));
  to.unsigned_integer(value.encrypt_for.value);
  to.unsigned_integer(value.expire_seconds);
  to.unsigned_integer(value.attach_notice.value);
  to.unsigned_integer(value.contract);
  to.unsigned_integer(value.rate_count);
  to.unsigned_integer(value.rate_seconds);
}

inline obligations read_obligations(cbor::reader& from) noexcept {
  obligations out;
  count(from, 8);
  out.required = obligation_set::of_bits(number<std::uint16_t>(from));
  out.mask = static_cast<redaction_operator>(number<std::uint8_t>(from));
  out.encrypt_for = recipient_id(number<std::uint8_t>(from));
  out.expire_seconds = number<std::uint32_t>(from);
  out.attach_notice = notice_id(number<std::uint32_t>(from));
  out.contract = number<std::uint32_t>(from);
  out.rate_count = number<std::uint32_t>(from);
  out.rate_seconds = number<std::uint32_t>(from);
  return out;
}

}  // namespace codec
}  // namespace clientbook

#endif
