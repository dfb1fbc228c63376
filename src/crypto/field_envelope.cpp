// Seals and opens one value by itself: items, index entries, what is no row.
//
// The place of a value (book, customer, field, versions) is bound as associated data, so that bytes
// which were moved do not open. seal_field() and open_field() build what is bound by the same
// function.
#include <clientbook/crypto/envelope.hpp>

#include <cassert>

#include "aead.hpp"

namespace clientbook {
namespace {

// format, suite, key version, nonce, [commitment], ciphertext, tag.
constexpr std::uint8_t field_format = 1;
constexpr std::byte committed{0x80};  // In the suite's byte.
constexpr std::size_t nonce_at = 6;
constexpr std::size_t header_size = nonce_at + crypto::nonce_size;
constexpr std::string_view label = "clientbook val 1";
static_assert(label.size() == 16);

using bound_bytes = crypto::writer<16 + header_size + 78>;

bound_bytes bound_to(byte_view header, const field_context& context) noexcept {
  bound_bytes bound;
  bound.add(label).add(header);
  bound.add(context.book.bytes).add(context.table).add(context.field.value);
  bound.add(context.customer.value).add(context.record).add(context.version.value);
  bound.add(context.schema.value).add(context.schema_hash);
  return bound;
}

std::size_t commitment_room(commitment commits) noexcept {
  return commits == commitment::included ? crypto::commitment_size : 0;
}

}  // namespace

result<std::size_t> seal_field(const secret<32>& key, const field_context& context,
                               byte_view plaintext, random_source& random, byte_span out,
                               commitment commits) noexcept {
  if (const result<void> usable = crypto::check_suite(context.suite); !usable) {
    return usable.error();
  }
  const std::size_t size = sealed_field_size(plaintext.size(), commits);
  if (out.size() < size) return error{errc::buffer_too_small, "the sealed value does not fit"};

  out[0] = std::byte{field_format};
  out[1] = static_cast<std::byte>(context.suite);
  if (commits == commitment::included) out[1] |= committed;
  store_be(out.data() + 2, context.key_version);
  const std::span<std::byte, crypto::nonce_size> nonce(out.data() + nonce_at, crypto::nonce_size);
  if (const result<void> drawn = random.fill(nonce); !drawn) return drawn.error();

  const bound_bytes bound = bound_to(out.first(header_size), context);
  if (commits == commitment::included) {
    copy_bytes(out.subspan(header_size), crypto::commitment_of(key, bound.view()));
  }
  if (const result<void> sealed =
          crypto::seal_value(context.suite, key, nonce, bound.view(), plaintext,
                             out.data() + header_size + commitment_room(commits));
      !sealed) {
    return sealed.error();
  }
  assert(size == header_size + commitment_room(commits) + plaintext.size() + crypto::tag_size);
  return size;
}

result<std::size_t> open_field(const secret<32>& key, const field_context& context,
                               byte_view sealed, byte_span out, commitment commits) noexcept {
  if (sealed.empty()) return error{errc::truncated, "the sealed value is empty"};
  const auto format = load_be<std::uint8_t>(sealed.data());
  if (format > field_format) {
    return error{errc::newer_format, "the value was sealed by a newer version of this library"};
  }
  if (sealed.size() < sealed_field_size(0, commits)) {
    return error{errc::truncated, "the sealed value ends too early"};
  }
  const bool has_commitment = (sealed[1] & committed) != std::byte{0};
  if (format == 0 || has_commitment != (commits == commitment::included)) {
    return error{errc::invalid_encoding, "this is not a sealed value of the kind asked for"};
  }
  if (static_cast<crypto::suite>(sealed[1] & ~committed) != context.suite) {
    return error{errc::suite_mismatch, "the value has another cipher suite than the book"};
  }
  if (const result<void> usable = crypto::check_suite(context.suite); !usable) {
    return usable.error();
  }
  if (load_be<std::uint32_t>(sealed.data() + 2) != context.key_version) {
    return error{errc::version_mismatch, "the value is under another version of the key"};
  }
  const std::size_t size = sealed.size() - sealed_field_size(0, commits);
  if (out.size() < size) return error{errc::buffer_too_small, "the value does not fit"};

  assert(sealed.size() == header_size + commitment_room(commits) + size + crypto::tag_size);

  const bound_bytes bound = bound_to(sealed.first(header_size), context);
  if (commits == commitment::included &&
      !crypto::equal(crypto::commitment_of(key, bound.view()),
                     sealed.subspan(header_size, crypto::commitment_size))) {
    return error{errc::wrong_key, "the key does not open this value"};
  }
  const std::span<const std::byte, crypto::nonce_size> nonce(sealed.data() + nonce_at,
                                                             crypto::nonce_size);
  const result<void> opened =
      crypto::open_value(context.suite, key, nonce, bound.view(),
                         sealed.subspan(header_size + commitment_room(commits)), out.data());
  if (!opened) {
    return crypto::not_opened(opened.error(),
                              error{errc::authentication_failed, "the value was moved or altered"});
  }
  return size;
}

}  // namespace clientbook
