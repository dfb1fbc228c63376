// Customer: a record that owns its bytes and grows, to be filled in and put into a book.
//
//   customer ken;
//   ken.set(field::name, person_name{.given = "Ken", .family = "Sánchez"});
//   ken.set(field::emails, std::array{email_address{.address = "ken@example.com"}});
//
// The bytes are wiped at the end of its life and wherever they are moved to a larger place.
//
// Thread safety: belongs to one thread.
#ifndef CLIENTBOOK_BOOK_CUSTOMER_HPP
#define CLIENTBOOK_BOOK_CUSTOMER_HPP

#include <clientbook/model/record.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <array>
#include <memory>
#include <span>
#include <utility>

namespace clientbook {

class customer {
 public:
  customer();  ///< Throws std::bad_alloc, as a container does.
  customer(customer&&) noexcept =
      default;  ///< The other can then only be destroyed or assigned to.
  customer& operator=(customer&&) noexcept = default;

  /// Any value that encode_value() takes; a list as a span or an array.
  /// Errors: as record_writer::set, without buffer_too_small; limit_exceeded (no memory): nothing
  /// was changed.
  template <class T>
  result<void> set(field_id id, const T& value) {
    for (wiped_bytes former;;) {
      const result<void> done = writer_->set(id, value);
      if (done || done.error().code != errc::buffer_too_small) return done;
      // The value may lie in this very record: the former bytes live until it is in.
      auto room = grow(done.error().at);
      if (!room) return room.error();
      former = std::move(*room);
    }
  }
  template <class T, std::size_t Size>
  result<void> set(field_id id, const std::array<T, Size>& list) {
    return set(id, std::span<const T>(list));
  }
  /// One item of deterministic CBOR. Errors: as record_writer::set_raw.
  result<void> set_raw(field_id id, byte_view value);

  bool erase(field_id id) noexcept { return writer_->erase(id); }
  void clear() noexcept;

  /// Views that live until the next change.
  record_view view() const noexcept { return writer_->view(); }
  std::span<const field_value> fields() const noexcept { return writer_->fields(); }

 private:
  /// Moves to more room and returns the former one. Errors: limit_exceeded (no memory).
  result<wiped_bytes> grow(std::size_t needed) noexcept;

  wiped_bytes bytes_;
  std::unique_ptr<record_writer> writer_;
};

}  // namespace clientbook

#endif
