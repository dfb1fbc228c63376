// Signed receipts: JWS in compact form with Ed25519, and no other algorithm.
//
// The header is compared whole, so nothing in it can choose how it is checked.
#include <algorithm>
#include <cstddef>

#include <clientbook/exchange/consent_record_27560.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <clientbook/internal/exchange/bits.hpp>

namespace clientbook::iso27560 {
namespace {

// The one header that is written and accepted: an attacker cannot choose another algorithm.
constexpr std::string_view header = R"({"alg":"EdDSA","typ":"JOSE"})";

std::string encode(byte_view bytes) {
  exchange::bit_writer out;
  for (const std::byte byte : bytes) out.write(static_cast<std::uint64_t>(byte), 8);
  return out.finish(1);
}

// Only what encode() writes: no padding, no bits left over.
result<std::string> decode(std::string_view text) {
  if (const auto checked = exchange::check_base64url(text); !checked) return checked.error();
  exchange::bit_reader in(text);
  std::string bytes;
  bytes.reserve(text.size() * 6 / 8);
  while (in.left() >= 8) bytes += static_cast<char>(in.read(8));
  if (!in.only_padding(6)) {
    return error{errc::invalid_encoding, "bits are left over at the end of base64url"};
  }
  return bytes;
}

}  // namespace

result<std::string> sign_receipt(const receipt& receipt, const crypto::signing_key& key) try {
  const auto payload = write_receipt(receipt);
  if (!payload) return payload.error();
  std::string text = encode(as_bytes(header)) + '.' + encode(as_bytes(*payload));
  const crypto::signature made = key.sign(as_bytes(text));
  return text + '.' + encode(made);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<receipt> read_signed_receipt(std::string_view jws, const crypto::verifying_key& key) try {
  const std::size_t first = jws.find('.');
  const std::size_t second = jws.rfind('.');
  if (first == std::string_view::npos || second == first) {
    return error{errc::invalid_encoding, "a signed receipt has three parts with dots between"};
  }
  if (jws.substr(0, first) != encode(as_bytes(header))) {
    return error{errc::invalid_encoding, "not signed with EdDSA, or with another header"};
  }
  const auto sealed = decode(jws.substr(second + 1));
  if (!sealed) return sealed.error();
  crypto::signature given{};
  if (sealed->size() != given.size()) {
    return error{errc::invalid_encoding, "a signature of another length"};
  }
  copy_bytes(given, as_bytes(*sealed));
  const auto verified = crypto::verify(given, as_bytes(jws.substr(0, second)), key);
  if (!verified) return verified.error();
  const auto payload = decode(jws.substr(first + 1, second - first - 1));
  if (!payload) return payload.error();
  return read_receipt(*payload);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook::iso27560
