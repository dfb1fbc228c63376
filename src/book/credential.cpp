// What a person has, and what it proves: keys out of secrets, and the bytes that a proof signs.
// Relies on crypto alone; who has which key, the store knows.
#include <clientbook/book/credential.hpp>

namespace clientbook {
namespace {

constexpr std::string_view label_of_key = "clientbook credential";
constexpr std::string_view label_of_proof = "credential proof";
static_assert(label_of_proof.size() == 16);

// A passphrase and a file of the same bytes are no one key, and a key of one book is none of
// another's.
result<crypto::signing_key> pair_of(const credential_secret& from, const credential_terms& terms) {
  if (from.kind() == credential_kind::passphrase) {
    const auto stretched = from.with_bytes(
        [&](byte_view bytes) { return crypto::stretch(bytes, terms.salt, terms.cost); });
    if (!stretched) return stretched.error();
    return crypto::signing_key(crypto::derive(*stretched, label_of_key, terms.book.bytes));
  }
  secret<32> key;
  from.with_bytes(
      [&](byte_view bytes) { key.fill_bytes([&](byte_span to) { copy_bytes(to, bytes); }); });
  return crypto::signing_key(crypto::derive(key, label_of_key, terms.book.bytes));
}

}  // namespace

std::string_view name_of(credential_kind kind) noexcept {
  switch (kind) {
    case credential_kind::passphrase:
      return "passphrase";
    case credential_kind::key_file:
      return "key_file";
    case credential_kind::key_pair:
      return "key_pair";
  }
  return "";
}

std::string_view name_of(credential_use use) noexcept {
  switch (use) {
    case credential_use::none:
      return "none";
    case credential_use::second_persons:
      return "second_persons";
    case credential_use::everybody:
      return "everybody";
  }
  return "";
}

credential_secret::credential_secret(credential_kind kind, byte_view bytes) noexcept
    : kind_(kind), size_(bytes.size()) {
  bytes_.fill_bytes([&](byte_span to) { copy_bytes(to.first(bytes.size()), bytes); });
}

result<credential_secret> credential_secret::of_passphrase(byte_view normalised) noexcept {
  if (normalised.empty() || normalised.size() > longest) {
    return error{errc::invalid_argument, "a passphrase has 1 to 512 bytes"};
  }
  return credential_secret(credential_kind::passphrase, normalised);
}

credential_secret credential_secret::of_key(const secret<32>& key) noexcept {
  return key.with_bytes(
      [](byte_view bytes) { return credential_secret(credential_kind::key_file, bytes); });
}

result<credential_key> public_half(const credential_secret& secret, const credential_terms& terms) {
  const auto pair = pair_of(secret, terms);
  if (!pair) return pair.error();
  return credential_key{.kind = secret.kind(), .key = pair->public_key()};
}

std::array<std::byte, size_of_signed_challenge> signed_bytes(
    const credential_challenge& challenge) noexcept {
  std::array<std::byte, size_of_signed_challenge> out{};
  const byte_span to(out);
  copy_bytes(to, as_bytes(label_of_proof));
  copy_bytes(to.subspan(16), challenge.terms.book.bytes);
  store_be(out.data() + 32, challenge.who.id.value);
  out[36] = static_cast<std::byte>(challenge.who.role);
  copy_bytes(to.subspan(37), challenge.drawn);
  return out;
}

result<credential_proof> prove(const credential_challenge& challenge,
                               const credential_secret& secret) {
  const auto pair = pair_of(secret, challenge.terms);
  if (!pair) return pair.error();
  return credential_proof{.drawn = challenge.drawn,
                          .key = pair->public_key(),
                          .signature = pair->sign(signed_bytes(challenge))};
}

}  // namespace clientbook
