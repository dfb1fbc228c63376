// Schema: which fields a customer's record has, and what each is.
//
// A schema is a value without heap. It is stored with the book, versioned, and travels with
// exports. Numbers, not keys, are what is stored and sealed: a number never changes its meaning.
// Numbers 0 to 31 are the library's, 32 to 63 the shop's.
//
// Thread safety: values; concurrent const use is safe.
#ifndef CLIENTBOOK_MODEL_SCHEMA_HPP
#define CLIENTBOOK_MODEL_SCHEMA_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook {

/// The built-in fields.
namespace field {
inline constexpr field_id name{1};
inline constexpr field_id emails{2};
inline constexpr field_id phones{3};
inline constexpr field_id addresses{4};
inline constexpr field_id birth_date{5};
inline constexpr field_id special_days{6};
inline constexpr field_id purchases{7};  ///< items
inline constexpr field_id sizes{8};
inline constexpr field_id likes{9};
inline constexpr field_id dislikes{10};
inline constexpr field_id notes{11};  ///< items
inline constexpr field_id language{12};
inline constexpr field_id time_zone{13};
inline constexpr field_id external_ids{14};
inline constexpr field_id employer{15};
inline constexpr field_id household{16};
inline constexpr field_id demographics{17};
inline constexpr field_id government_ids{18};
inline constexpr field_id payment_cards{19};
inline constexpr field_id tasks{20};
inline constexpr field_id contacts{21};  ///< Of the shop with them, not how to reach them.
inline constexpr field_id tags{22};
inline constexpr field_id tier{23};
inline constexpr field_id wishes{24};
inline constexpr field_id reach{25};
inline constexpr field_id first_of_shop{32};
}  // namespace field

/// Stored: append, never renumber.
enum class field_type : std::uint8_t {
  text = 1,
  integer = 2,
  boolean = 3,
  date = 4,
  timestamp = 5,
  money = 6,
  language = 7,   ///< BCP 47 tag
  time_zone = 8,  ///< IANA name
  person_name = 16,
  email = 17,
  phone = 18,
  address = 19,
  special_day = 20,
  size = 21,
  external_id = 22,
  household_link = 23,
  demographics = 24,
  government_id = 25,
  payment_card = 26,  ///< Token and last four digits, never the number.
  task = 27,
  contact = 28,
  wish = 29,
  reach = 30,
  purchase = 40,  ///< item
  note = 41,      ///< item
  // These exist only to be refused (PCI DSS 3.3.1): card_data_refused.
  card_verification_code = 240,
  card_track = 241,
  pin_block = 242,
};

/// Items grow without end; each is stored by itself, under the customer.
[[nodiscard]] constexpr bool is_item(field_type type) noexcept {
  return type == field_type::purchase || type == field_type::note;
}
/// Card data that nobody may keep.
[[nodiscard]] constexpr bool is_refused(field_type type) noexcept {
  return type == field_type::card_verification_code || type == field_type::card_track ||
         type == field_type::pin_block;
}
/// Whether this version of the library knows the type.
[[nodiscard]] bool is_known(field_type type) noexcept;

enum class cardinality : std::uint8_t {
  one = 1,
  many = 2,  ///< A list; of item types: items.
};

/// By which kind of index a shop would have the field found. It is kept and not heeded: a search
/// reads, or builds in memory what a purpose may ask for, whatever stands here.
enum class index_kind : std::uint8_t {
  none = 0,
  memory = 1,      ///< In memory alone.
  persistent = 2,  ///< At rest too.
};

/// What a reader gets to see of a field. The number is the strictness: of two operators the
/// larger one governs. Stored: append in the gaps, never renumber.
///
/// In that order: a text without personal data; a coarser value; a part of the value; a pseudonym,
/// which shows no part of it but tells equal values; what kind of value it is; nothing.
enum class redaction_operator : std::uint8_t {
  none = 0,
  redact_text = 16,  ///< Personal data in a free text is replaced by labels.
  shift_date = 24,
  generalise_date = 32,
  generalise_zip = 36,
  generalise_number = 40,
  generalise_ip = 44,
  generalise_geo = 48,
  mask_phone = 64,
  mask_email = 68,
  mask_card = 72,
  mask = 96,
  fpe = 112,
  token = 120,
  hash = 128,
  label = 160,
  drop = 255,
};

/// As in files: "mask_email". Empty if there is no such operator.
std::string_view name_of(redaction_operator op) noexcept;

/// What a shop declares of a field.
struct field_definition {
  field_id number{};
  std::string_view key{};  ///< [a-z][a-z0-9_]{0,31}; unique.
  field_type type = field_type::text;
  cardinality count = cardinality::one;
  index_kind index = index_kind::none;
  redaction_operator redaction = redaction_operator::drop;
  std::array<category_id, 4> categories{};  ///< 1 to 4, from the front; 0 ends them.
};

class schema {
 public:
  static constexpr std::size_t max_fields = 64;
  static constexpr std::size_t max_key = 32;

  constexpr schema() noexcept = default;

  schema_version version{1};

  /// Adds a field of the shop's own. Errors, in `at` the field number: invalid_argument (number
  /// below 32 or above 63, key, categories or options out of range), already_exists (number or
  /// key taken), card_data_refused (a type that may not be kept), unsupported (a type that this
  /// version does not know, and item types).
  result<void> add(const field_definition& definition) noexcept;

  std::size_t size() const noexcept { return count_; }

  /// The field with that number or key. Views live as long as the schema. Errors: unknown_field.
  result<field_definition> find(field_id number) const noexcept;
  result<field_definition> find(std::string_view key) const noexcept;
  /// The field at a place, in ascending order of numbers. Precondition: place < size().
  field_definition at(std::size_t place) const noexcept;

  bool contains(field_id number) const noexcept { return place_of(number) != max_fields; }

  /// Whether a newer version wrote things into it that this one cannot keep: it can be read
  /// with, but not stored again.
  bool from_newer_version() const noexcept { return newer_; }

 private:
  friend result<schema> decode_schema(byte_view bytes) noexcept;
  friend schema standard_schema() noexcept;
  friend result<schema> with_built_in(const schema& known) noexcept;

  struct entry {
    std::array<char, max_key> key{};
    std::array<category_id, 4> categories{};
    std::uint8_t key_size = 0;
    field_id number{};
    field_type type = field_type::text;
    cardinality count = cardinality::one;
    index_kind index = index_kind::none;
    redaction_operator redaction = redaction_operator::drop;
  };

  std::size_t place_of(field_id number) const noexcept {
    return number.value < max_fields && places_[number.value] != 0 ? places_[number.value] - 1U
                                                                   : max_fields;
  }
  result<void> insert(const field_definition& definition) noexcept;

  std::array<entry, max_fields> entries_{};        // Ascending by number.
  std::array<std::uint8_t, max_fields> places_{};  // By number: place + 1, or 0.
  std::size_t count_ = 0;
  bool newer_ = false;
};

/// The built-in fields, with the number range of the shop's own still free.
schema standard_schema() noexcept;

/// The same schema with the built-in fields that it lacks. A field that it has stays as it is.
/// Errors: already_exists (`at`: the built-in field whose key a field of the shop's own has),
/// newer_format (see from_newer_version).
result<schema> with_built_in(const schema& known) noexcept;

/// A key as a field may have.
[[nodiscard]] bool valid_key(std::string_view key) noexcept;

/// Errors: buffer_too_small (`at`: bytes needed), newer_format (see from_newer_version).
result<byte_view> encode_schema(const schema& value, byte_span out) noexcept;

/// Reads a schema of this or a newer version; types that are not known stay as numbers.
/// Errors: as cbor::check; invalid_encoding, invalid_value (a key, number or category out of
/// range), already_exists, card_data_refused; `at` is the field number or the byte offset.
result<schema> decode_schema(byte_view bytes) noexcept;

}  // namespace clientbook

#endif
