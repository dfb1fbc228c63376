// Notices as bytes: what was shown, in one form, so that a grant can name it by its hash.
//
// What is refused when a notice is written is refused when it is read: the same check() does both.
#include <clientbook/consent/privacy_notice.hpp>

#include <algorithm>

#include "scope_codec.hpp"

namespace clientbook {
namespace {

result<void> check(const privacy_notice& value) noexcept {
  if (value.id == notice_id{} || value.version == 0) {
    return error{errc::invalid_value, "a notice needs an id and a version, from 1"};
  }
  if (value.announced.recipients.contains(any_recipient)) {
    return error{errc::wrong_type, "a notice names its recipients", any_recipient.value};
  }
  // All of it or nothing: a version that announces nothing takes back those before it.
  if (value.announced == consent_scope{}) return {};
  return check_scope(value.announced, false);
}

}  // namespace

bool is_withdrawn(const privacy_notice& notice, std::span<const privacy_notice> known) noexcept {
  if (is_withdrawal(notice)) return true;
  return std::any_of(known.begin(), known.end(), [&](const privacy_notice& later) {
    return later.id == notice.id && later.version > notice.version && is_withdrawal(later);
  });
}

result<byte_view> encode_notice(const privacy_notice& value, byte_span out) noexcept {
  if (auto fine = check(value); !fine) return fine.error();
  cbor::writer to(out);
  to.array(11);
  to.unsigned_integer(value.id.value);
  to.unsigned_integer(value.version);
  to.text(value.language.view());
  to.text(value.title.view());
  codec::write_scope(to, value.announced);
  to.unsigned_integer(value.registry_version);
  to.unsigned_integer(value.jurisdiction.value);
  to.unsigned_integer(value.retention_days);
  to.bytes(value.offer);
  to.bytes(value.text);
  to.bytes(value.cells);
  return to.finish();
}

result<privacy_notice> decode_notice(byte_view bytes) noexcept {
  privacy_notice out;
  cbor::reader from(bytes);
  const std::size_t members = from.array();
  if (members > 11 && !from.failed()) {
    return error{errc::newer_format, "a notice has a member that this version does not know"};
  }
  if (members != 11) from.fail(errc::invalid_encoding, "a notice has eleven members");
  out.id = notice_id(codec::number<std::uint32_t>(from));
  out.version = codec::number<std::uint32_t>(from);
  codec::read_text(from, out.language);
  codec::read_text(from, out.title);
  codec::read_scope(from, out.announced);
  out.registry_version = codec::number<std::uint32_t>(from);
  out.jurisdiction = profile_id(codec::number<std::uint16_t>(from));
  out.retention_days = codec::number<std::uint32_t>(from);
  codec::read_bytes(from, out.offer.bytes);
  codec::read_bytes(from, out.text.bytes);
  codec::read_bytes(from, out.cells.bytes);
  if (const auto whole = from.finish(); !whole) return whole.error();
  if (auto fine = check(out); !fine) return fine.error();
  return out;
}

}  // namespace clientbook
