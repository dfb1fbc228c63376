// Record: the fields of one customer, each a number and one deterministic CBOR item.
//
// A record knows no schema: fields of a newer version pass through it untouched. Nothing here
// allocates; views live as long as the bytes they lie in.
//
// Thread safety: views are values, concurrent const use is safe; a writer belongs to one thread.
#ifndef CLIENTBOOK_MODEL_RECORD_HPP
#define CLIENTBOOK_MODEL_RECORD_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/model/values.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <span>

namespace clientbook {

inline constexpr std::size_t max_fields = 64;  ///< Numbers 0 to 63.

struct field_value {
  field_id id{};
  byte_view value{};  ///< One deterministic CBOR item.
};

/// A list field, decoded element by element as it is walked. It was checked when it was made,
/// so walking it cannot fail.
template <class T>
class list_of {
 public:
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    iterator() noexcept = default;
    const T& operator*() const noexcept { return current_; }
    const T* operator->() const noexcept { return &current_; }
    iterator& operator++() noexcept {
      load();
      return *this;
    }
    void operator++(int) noexcept { load(); }
    bool operator==(std::default_sentinel_t) const noexcept { return done_; }

   private:
    friend list_of;
    explicit iterator(byte_view elements) noexcept : left_(elements) { load(); }
    void load() noexcept;

    byte_view left_;
    T current_{};
    bool done_ = false;
  };

  list_of() noexcept = default;
  /// Errors as decode_value.
  static result<list_of> of(byte_view value) noexcept;

  iterator begin() const noexcept { return iterator(elements_); }
  std::default_sentinel_t end() const noexcept { return {}; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  byte_view elements_;
  std::size_t size_ = 0;
};

extern template class list_of<std::string_view>;
extern template class list_of<personal_text>;
extern template class list_of<std::int64_t>;
extern template class list_of<date>;
extern template class list_of<timestamp>;
extern template class list_of<email_address>;
extern template class list_of<phone_number>;
extern template class list_of<postal_address>;
extern template class list_of<special_day>;
extern template class list_of<customer_size>;
extern template class list_of<external_id>;
extern template class list_of<household_link>;
extern template class list_of<government_id>;
extern template class list_of<payment_card>;
extern template class list_of<money>;
extern template class list_of<task>;
extern template class list_of<customer_contact>;
extern template class list_of<wish>;
extern template class list_of<purchase_line>;

/// A purchase read back: its receipt and its lines.
struct purchase_view {
  purchase receipt{};
  list_of<purchase_line> lines{};
};
/// Errors as decode_value.
result<purchase_view> decode_purchase(byte_view item) noexcept;

/// The fields of one customer, in ascending order of their numbers.
class record_view {
 public:
  record_view() noexcept = default;
  explicit record_view(std::span<const field_value> fields) noexcept : fields_(fields) {}

  std::span<const field_value> fields() const noexcept { return fields_; }
  bool has(field_id id) const noexcept { return !raw(id).empty(); }
  byte_view raw(field_id id) const noexcept;  ///< The field's item; empty if it is absent.

  /// A text is read as a personal_text, which cannot be printed. Errors: not_found; as
  /// decode_value.
  template <class T>
  result<T> get(field_id id) const noexcept {
    static_assert(!std::same_as<T, std::string_view>, "read a text as a personal_text");
    const byte_view value = raw(id);
    if (value.empty()) return error{errc::not_found, "the record has no such field", id.value};
    T out{};
    if (const auto read = decode_value(value, out); !read) return read.error();
    return out;
  }
  /// An absent field is an empty list. Errors as decode_value.
  template <class T>
  result<list_of<T>> list(field_id id) const noexcept {
    static_assert(!std::same_as<T, std::string_view>, "read texts as personal_texts");
    const byte_view value = raw(id);
    if (value.empty()) return list_of<T>();
    return list_of<T>::of(value);
  }

  result<person_name> name() const noexcept { return get<person_name>(field::name); }
  result<list_of<email_address>> emails() const noexcept {
    return list<email_address>(field::emails);
  }
  result<list_of<phone_number>> phones() const noexcept {
    return list<phone_number>(field::phones);
  }
  result<list_of<postal_address>> addresses() const noexcept {
    return list<postal_address>(field::addresses);
  }
  result<date> birth_date() const noexcept { return get<date>(field::birth_date); }
  result<list_of<special_day>> special_days() const noexcept {
    return list<special_day>(field::special_days);
  }
  result<list_of<customer_size>> sizes() const noexcept {
    return list<customer_size>(field::sizes);
  }
  result<list_of<personal_text>> likes() const noexcept {
    return list<personal_text>(field::likes);
  }
  result<list_of<personal_text>> dislikes() const noexcept {
    return list<personal_text>(field::dislikes);
  }
  result<std::string_view> language() const noexcept { return code(field::language); }
  result<std::string_view> time_zone() const noexcept { return code(field::time_zone); }
  result<list_of<external_id>> external_ids() const noexcept {
    return list<external_id>(field::external_ids);
  }
  result<personal_text> employer() const noexcept { return get<personal_text>(field::employer); }
  result<list_of<household_link>> household() const noexcept {
    return list<household_link>(field::household);
  }
  result<clientbook::demographics> demographics() const noexcept {
    return get<clientbook::demographics>(field::demographics);
  }
  result<list_of<government_id>> government_ids() const noexcept {
    return list<government_id>(field::government_ids);
  }
  result<list_of<payment_card>> payment_cards() const noexcept {
    return list<payment_card>(field::payment_cards);
  }
  result<list_of<task>> tasks() const noexcept { return list<task>(field::tasks); }
  result<list_of<customer_contact>> contacts() const noexcept {
    return list<customer_contact>(field::contacts);
  }
  result<list_of<personal_text>> tags() const noexcept { return list<personal_text>(field::tags); }
  result<personal_text> tier() const noexcept { return get<personal_text>(field::tier); }
  result<list_of<wish>> wishes() const noexcept { return list<wish>(field::wishes); }
  result<reachability> reach() const noexcept { return get<reachability>(field::reach); }

 private:
  // Of a closed set of codes, which name nobody.
  result<std::string_view> code(field_id id) const noexcept {
    const auto text = get<personal_text>(id);
    if (!text) return text.error();
    return text->reveal();
  }

  std::span<const field_value> fields_;
};

/// Puts a record together in a caller's buffer. Every failed call leaves it as it was.
///
/// A value is encoded behind the others before the one it replaces goes, so what it is made of
/// may lie in this very record, and the buffer needs room for both. To grow: on
/// buffer_too_small, `at` is the size the buffer must have; move_to() a larger one, call again.
class record_writer {
 public:
  explicit record_writer(byte_span buffer) noexcept : buffer_(buffer) {}
  record_writer(const record_writer&) = delete;
  record_writer& operator=(const record_writer&) = delete;

  /// Any value that encode_value() takes: text, integer, date, person_name, a span of lists.
  /// Errors: invalid_argument (number above 63), buffer_too_small, as encode_value.
  template <class T>
  result<void> set(field_id id, const T& value) noexcept {
    if (id.value >= max_fields) return error{errc::invalid_argument, "field numbers end at 63"};
    const result<byte_view> encoded = encode_value(value, room());
    if (!encoded) return refused(encoded.error());
    place(id, encoded->size());
    return {};
  }
  /// One item that is encoded already, checked to be deterministic. `value` may lie in the record.
  /// Errors: invalid_argument, buffer_too_small, as cbor::check.
  result<void> set_raw(field_id id, byte_view value) noexcept;

  /// Removes a field; whether it was there.
  bool erase(field_id id) noexcept;
  void clear() noexcept;

  /// Moves everything to another buffer. Errors: buffer_too_small (`at`: bytes needed).
  result<void> move_to(byte_span buffer) noexcept;

  /// Views that live until the next change.
  std::span<const field_value> fields() const noexcept { return {fields_.data(), count_}; }
  record_view view() const noexcept { return record_view(fields()); }
  std::size_t size() const noexcept { return used_; }  ///< Bytes of the buffer in use.

 private:
  byte_span room() const noexcept { return buffer_.subspan(used_); }
  error refused(error failure) const noexcept;
  void place(field_id id, std::size_t size) noexcept;
  void remove_bytes(byte_view old) noexcept;

  byte_span buffer_;
  std::size_t used_ = 0;
  std::size_t count_ = 0;
  std::array<field_value, max_fields> fields_{};
};

/// The whole record as one CBOR map {number: value}, as it is exported.
/// Errors: buffer_too_small (`at`: bytes needed), invalid_argument (numbers not ascending or
/// above 63).
result<byte_view> encode_record(std::span<const field_value> fields, byte_span out) noexcept;

/// The fields of an exported record, into the front of `out`; values lie in `record`.
/// Errors: as cbor::check; invalid_encoding (a key that is no field number); limit_exceeded
/// (more fields than `out` holds).
result<std::span<const field_value>> decode_record(byte_view record,
                                                   std::span<field_value> out) noexcept;

}  // namespace clientbook

#endif
