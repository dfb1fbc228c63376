// One operator on one value of any field: what a reader gets to see instead.
//
// Values come and go encoded. On any doubt (an operator that does not suit the type, a value that
// does not decode, too little room) nothing is shown: the result is a refusal and never the value.
// Relies on the operators beside it, on the scanner for free texts, and on buffers that the caller
// wipes.
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/model/values.hpp>
#include <clientbook/redaction/redaction.hpp>
#include <clientbook/redaction/type_label.hpp>

#include <array>
#include <cstring>

namespace clientbook {
namespace {

// Items one behind the other in the caller's buffer; with less room than needed it only counts.
class item_out {
 public:
  explicit item_out(byte_span out) noexcept : out_(out) {}

  byte_span room() const noexcept {
    return size_ < out_.size() ? out_.subspan(size_) : byte_span();
  }
  void took(std::size_t bytes) noexcept { size_ += bytes; }
  std::size_t size() const noexcept { return size_; }

 private:
  byte_span out_;
  std::size_t size_ = 0;
};

// Texts of one value on their way from an operator to the encoder. What does not fit is dropped:
// the values that pass through here have at most 512 bytes.
class scratch {
 public:
  ~scratch() { wipe(bytes_); }

  /// Keeps the text that `redact(room)` writes. Whether it could.
  template <class Text, class Redact>
  bool keep(Text& text, Redact&& redact) noexcept {
    const result<std::string_view> done = redact(byte_span(bytes_).subspan(used_));
    if (!done) return false;
    text = *done;
    used_ += text.size();
    return true;
  }

 private:
  std::array<std::byte, 576> bytes_;
  std::size_t used_ = 0;
};

// One operator on values of one type. Each type has a member that takes a value apart, applies the
// operator to what names somebody and puts the rest together again; a type without a sensible form
// under an operator writes nothing. False is the answer to every doubt.
class redactor {
 public:
  redactor(redaction_operator op, field_type type, const redaction_options& options) noexcept
      : op_(op), type_(type), options_(options) {}

  /// Writes what is left of one value. Whether anything is.
  bool operator()(byte_view value, item_out& out) const noexcept;

 private:
  bool text(byte_view value, item_out& out) const noexcept;
  bool free_text(byte_view value, item_out& out) const noexcept;
  bool number(byte_view value, item_out& out) const noexcept;
  bool day(byte_view value, item_out& out) const noexcept;
  result<std::string_view> coarse_day(const date& day, byte_span to) const noexcept;
  bool name(byte_view value, item_out& out) const noexcept;
  bool email(byte_view value, item_out& out) const noexcept;
  bool phone(byte_view value, item_out& out) const noexcept;
  bool address(byte_view value, item_out& out) const noexcept;
  bool special(byte_view value, item_out& out) const noexcept;
  bool external(byte_view value, item_out& out) const noexcept;
  bool government(byte_view value, item_out& out) const noexcept;
  bool card(byte_view value, item_out& out) const noexcept;

  template <class T>
  bool shifts(const T& from, T& to) const noexcept;
  result<std::string_view> single(std::string_view value, byte_span out) const noexcept;
  bool replaces(const personal_text& value, personal_text& out, scratch& room) const noexcept {
    return !value.empty() &&
           room.keep(out, [&](byte_span to) { return single(value.reveal(), to); });
  }
  // The operators on any text that names somebody; of numbers there is one more.
  bool hides_text() const noexcept {
    return op_ == redaction_operator::mask || op_ == redaction_operator::hash ||
           op_ == redaction_operator::token;
  }
  bool hides_number() const noexcept { return hides_text() || op_ == redaction_operator::fpe; }

  redaction_operator op_;
  field_type type_;
  const redaction_options& options_;
};

void took(const result<byte_view>& encoded, item_out& out, std::size_t less = 0) noexcept {
  out.took((encoded ? encoded->size() : static_cast<std::size_t>(encoded.error().at)) - less);
}

bool emit_text(std::string_view value, item_out& out) noexcept {
  took(encode_value(value, out.room()), out);
  return true;
}

// One element of a list: the model encodes lists, of which the head is taken off again.
template <class T>
bool emit(const T& value, item_out& out) noexcept {
  const result<byte_view> list = encode_value(std::span<const T>(&value, 1), out.room());
  if (!list && list.error().code != errc::buffer_too_small) return false;
  if (list) std::memmove(out.room().data(), list->data() + 1, list->size() - 1);
  took(list, out, 1);
  return true;
}

// A short code that names a system or a kind, not a person.
std::string_view code_only(std::string_view text) noexcept {
  return valid_key(text) ? text : std::string_view();
}
std::string_view country_only(std::string_view text) noexcept {
  return validate_country(text) ? text : std::string_view();
}
// The name of a state or of a card's brand: short, and no number of a house or a card.
std::string_view words_only(std::string_view text, std::size_t most) noexcept {
  if (text.size() > most) return {};
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    if (c.size == 0 || digit_value(c.value) >= 0) return {};
    at += c.size;
  }
  return text;
}

bool redactor::operator()(byte_view value, item_out& out) const noexcept {
  if (op_ == redaction_operator::redact_text) return free_text(value, out);
  switch (type_) {
    case field_type::text:
      return text(value, out);
    case field_type::integer:
      return number(value, out);
    case field_type::date:
    case field_type::timestamp:
      return day(value, out);
    case field_type::person_name:
      return name(value, out);
    case field_type::email:
      return email(value, out);
    case field_type::phone:
      return phone(value, out);
    case field_type::address:
      return address(value, out);
    case field_type::special_day:
      return special(value, out);
    case field_type::external_id:
      return external(value, out);
    case field_type::government_id:
      return government(value, out);
    case field_type::payment_card:
      return card(value, out);
    default:
      return false;
  }
}

// The operator on a text as such.
result<std::string_view> redactor::single(std::string_view value, byte_span out) const noexcept {
  constexpr error no_key{errc::invalid_argument, "a pseudonym needs a key"};
  const pseudonym_options& given = options_.pseudonym;
  switch (op_) {
    case redaction_operator::mask:
      return mask(value, options_.mask, out);
    case redaction_operator::mask_email:
      return mask_email(value, options_.domain, out);
    case redaction_operator::mask_phone:
      return mask_phone(value, out);
    case redaction_operator::mask_card:
      return mask_card(value, options_.card, out);
    case redaction_operator::generalise_zip:
      return generalise_zip(value, {}, options_.zip, out);
    case redaction_operator::generalise_ip:
      return generalise_ip(value, out);
    case redaction_operator::generalise_geo:
      return generalise_geo(value, out);
    case redaction_operator::hash:
      if (given.key == nullptr) return no_key;
      return keyed_hash(value, *given.key, given.scope, given.hash_size, out);
    case redaction_operator::token:
      if (given.key == nullptr || given.reversal == nullptr) return no_key;
      return make_token(value, *given.key, *given.reversal, given.scope, out);
    case redaction_operator::fpe: {
      if (given.cipher == nullptr) return no_key;
      fpe_options how = given.fpe;
      if (type_ == field_type::phone) how.what = fpe_kind::phone;
      return fpe_encrypt(value, *given.cipher, given.scope, how, out);
    }
    default:
      return error{errc::invalid_argument, "the operator does not fit the type"};
  }
}

// Written in place, since a text may be long: behind the longest head, then moved to its own.
bool redactor::text(byte_view value, item_out& out) const noexcept {
  std::string_view plain;
  if (!decode_value(value, plain)) return false;
  const result<std::string_view> measured = single(plain, {});
  if (!measured && measured.error().code != errc::buffer_too_small) return false;
  const std::size_t size = measured ? 0 : static_cast<std::size_t>(measured.error().at);
  if (size > 0xFFFF) return false;
  std::array<std::byte, 3> head{};
  std::size_t head_size = 1;
  if (size < 24) {
    head[0] = static_cast<std::byte>(0x60 + size);
  } else if (size < 256) {
    head = {std::byte{0x78}, static_cast<std::byte>(size)};
    head_size = 2;
  } else {
    head = {std::byte{0x79}, static_cast<std::byte>(size >> 8), static_cast<std::byte>(size)};
    head_size = 3;
  }
  const byte_span room = out.room();
  if (room.size() >= head_size + size) {
    copy_bytes(room, byte_view(head).first(head_size));
    if (size != 0 && !single(plain, room.subspan(head_size, size))) return false;
  }
  out.took(head_size + size);
  return true;
}

// The redacted text goes into the second half of the room and is encoded into the first.
bool redactor::free_text(byte_view value, item_out& out) const noexcept {
  note plain;
  if (options_.text == nullptr) return false;
  const bool is_note = type_ == field_type::note;
  if (!is_note && type_ != field_type::text) return false;
  if (is_note ? !decode_value(value, plain) : !decode_value(value, plain.text)) return false;
  constexpr std::size_t most_heads = 32;  // Of the map, its keys and the time.
  const byte_span room = out.room();
  const std::size_t half = room.size() / 2;
  const auto left =
      redact_text(plain.text.reveal(), *options_.text, room.subspan(room.size() - half));
  if (!left) {
    if (left.error().code != errc::buffer_too_small) return false;
    out.took(2 * (static_cast<std::size_t>(left.error().at) + most_heads));
    return true;
  }
  // Who wrote a note is not for its readers.
  const byte_span front = room.first(room.size() - half);
  const auto encoded =
      is_note ? encode_value(note{.at = plain.at, .author = {}, .text = left->text}, front)
              : encode_value(left->text, front);
  if (!encoded && encoded.error().code != errc::buffer_too_small) return false;
  out.took(encoded ? encoded->size() : 2 * (left->text.size() + most_heads));
  return true;
}

bool redactor::number(byte_view value, item_out& out) const noexcept {
  std::int64_t plain = 0;
  if (op_ != redaction_operator::generalise_number || !decode_value(value, plain)) return false;
  scratch room;
  std::string_view coarse;
  return room.keep(coarse, [&](byte_span to) {
    return generalise_number(plain, options_.number, to);
  }) && emit_text(coarse, out);
}

template <class T>
bool redactor::shifts(const T& from, T& to) const noexcept {
  const pseudonym_options& given = options_.pseudonym;
  if (given.key == nullptr || !given.subject) return false;
  const result<T> moved = shift_date(
      from, *given.key,
      {.tenant = given.scope.tenant, .subject = given.subject->bytes, .most = given.shift_most});
  if (moved) to = *moved;
  return moved.has_value();
}

// What is left of a day is its year. Where nobody told the year that is said, as ISO 8601-2 writes
// it: month and day are what the operator hides.
result<std::string_view> redactor::coarse_day(const date& day, byte_span to) const noexcept {
  constexpr std::string_view unknown_year = "XXXX";
  if (day.year != 0 || !exists(day) || options_.day.form == date_form::age_band) {
    return generalise_date(day, options_.day, to);
  }
  if (to.size() < unknown_year.size()) {
    return error{errc::buffer_too_small, "too small for the redacted value", unknown_year.size()};
  }
  std::memcpy(to.data(), unknown_year.data(), unknown_year.size());
  return unknown_year;
}

bool redactor::day(byte_view value, item_out& out) const noexcept {
  date plain;
  timestamp at;
  const bool timed = type_ == field_type::timestamp;
  if (timed ? !decode_value(value, at) : !decode_value(value, plain)) return false;
  if (op_ == redaction_operator::shift_date) {
    if (timed ? !shifts(at, at) : !shifts(plain, plain)) return false;
    took(timed ? encode_value(at, out.room()) : encode_value(plain, out.room()), out);
    return true;
  }
  if (op_ != redaction_operator::generalise_date) return false;
  if (timed && options_.day.form == date_form::age_band) return false;
  if (timed) plain = date_of(at);
  scratch room;
  std::string_view left;
  return room.keep(left, [&](byte_span to) { return coarse_day(plain, to); }) &&
         emit_text(left, out);
}

bool redactor::name(byte_view value, item_out& out) const noexcept {
  person_name plain;
  if (op_ != redaction_operator::mask || !decode_value(value, plain)) return false;
  if (plain.given.empty() && plain.family.empty()) return false;
  scratch room;
  person_name left;
  if (!plain.given.empty() && !replaces(plain.given, left.given, room)) return false;
  if (!plain.family.empty() && !replaces(plain.family, left.family, room)) return false;
  took(encode_value(left, out.room()), out);
  return true;
}

bool redactor::email(byte_view value, item_out& out) const noexcept {
  email_address plain;
  if ((op_ != redaction_operator::mask_email && !hides_text()) || !decode_value(value, plain)) {
    return false;
  }
  scratch room;
  email_address left;
  return replaces(plain.address, left.address, room) && emit(left, out);
}

bool redactor::phone(byte_view value, item_out& out) const noexcept {
  phone_number plain;
  if ((op_ != redaction_operator::mask_phone && !hides_number()) || !decode_value(value, plain)) {
    return false;
  }
  scratch room;
  phone_number left;
  return replaces(plain.number, left.number, room) && emit(left, out);
}

// 45 CFR 164.514(b)(2)(i)(B): nothing smaller than a state but the coarse postal code.
bool redactor::address(byte_view value, item_out& out) const noexcept {
  postal_address plain;
  if (op_ != redaction_operator::generalise_zip || !decode_value(value, plain)) return false;
  scratch room;
  postal_address left;
  left.region = words_only(plain.region.reveal(), 64);
  left.country = country_only(plain.country);
  const auto coarse = [&](byte_span to) {
    return generalise_zip(plain.postal_code.reveal(), plain.country, options_.zip, to);
  };
  if (!plain.postal_code.empty() && !room.keep(left.postal_code, coarse)) return false;
  if (left.region.empty() && left.country.empty() && left.postal_code.empty()) return false;
  return emit(left, out);
}

bool redactor::special(byte_view value, item_out& out) const noexcept {
  special_day plain;
  if (!decode_value(value, plain) || !plain.day) return false;
  special_day left;
  left.kind = code_only(plain.kind);
  if (op_ == redaction_operator::shift_date) {
    left.day.emplace();
    return shifts(*plain.day, *left.day) && emit(left, out);
  }
  if (op_ != redaction_operator::generalise_date) return false;
  if (options_.day.form == date_form::age_band) return false;
  scratch room;
  return room.keep(left.label, [&](byte_span to) { return coarse_day(*plain.day, to); }) &&
         emit(left, out);
}

bool redactor::external(byte_view value, item_out& out) const noexcept {
  external_id plain;
  if (!hides_number() || !decode_value(value, plain)) return false;
  scratch room;
  external_id left;
  left.system = code_only(plain.system);
  return replaces(plain.value, left.value, room) && emit(left, out);
}

bool redactor::government(byte_view value, item_out& out) const noexcept {
  government_id plain;
  if (!hides_number() || !decode_value(value, plain)) return false;
  scratch room;
  government_id left;
  left.country = country_only(plain.country);
  left.kind = code_only(plain.kind);
  return replaces(plain.number, left.number, room) && emit(left, out);
}

bool redactor::card(byte_view value, item_out& out) const noexcept {
  payment_card plain;
  if (op_ != redaction_operator::mask_card || !decode_value(value, plain)) return false;
  if (plain.last_four.size() != 4 || options_.card.last > 4) return false;
  std::array<char, 4> last;
  last.fill('*');
  for (std::size_t i = 0; i < 4; ++i) {
    const char c = plain.last_four.reveal()[i];
    if (c < '0' || c > '9') return false;
    if (i + options_.card.last >= 4) last[i] = c;
  }
  payment_card left;
  left.last_four = std::string_view(last.data(), last.size());
  left.brand = words_only(plain.brand, 20);
  return emit(left, out);
}

error check(const redaction_options& options) noexcept {
  // The functions for single values know their ranges: each is asked about a harmless value.
  const auto refused = [](const result<std::string_view>& done) {
    return done.error().code == errc::invalid_argument;
  };
  if (refused(mask("", options.mask, {})) || refused(mask_card("", options.card, {})) ||
      refused(generalise_date({}, options.day, {})) ||
      refused(generalise_zip("", {}, options.zip, {})) ||
      refused(generalise_number(0, options.number, {}))) {
    return {errc::invalid_argument, "an option of redaction is out of its documented range"};
  }
  return {};
}

}  // namespace

namespace {

result<redacted> labelled(field_type type, byte_span out) noexcept {
  scratch room;
  std::string_view text;
  if (!room.keep(text, [&](byte_span to) { return type_label(type, 0, to); })) return redacted{};
  const result<byte_view> encoded = encode_value(text, out);
  if (!encoded) return encoded.error();
  return redacted{*encoded, redaction_operator::label};
}

}  // namespace

result<redacted> apply(redaction_operator op, field_type type, byte_view value,
                       const redaction_options& options, byte_span out) noexcept {
  if (const error bad = check(options); bad.code != errc::none) return bad;
  if (op == redaction_operator::drop || is_refused(type) || !cbor::check(value)) return redacted{};
  if (op == redaction_operator::none) {
    if (out.size() < value.size()) {
      return error{errc::buffer_too_small, "the value needs a larger buffer", value.size()};
    }
    copy_bytes(out, value);
    return redacted{out.first(value.size()), op};
  }

  const redactor one(op, type, options);
  cbor::reader in(value);
  const bool list = in.next() == cbor::kind::array;
  const std::size_t elements = list ? in.array() : 1;
  const byte_view items = in.rest();
  if (op == redaction_operator::label) {
    return elements == 0 ? redacted{} : labelled(type, out);
  }
  const auto run = [&](item_out& to) {
    cbor::reader from(items);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < elements; ++i) kept += one(from.item(), to) ? 1U : 0U;
    return kept;
  };

  item_out measure{{}};
  const std::size_t kept = run(measure);
  if (kept == 0) return redacted{};
  std::array<std::byte, 9> head_room;
  cbor::writer head(head_room);
  if (list) head.array(kept);
  // One byte more, for the head that emit() takes off again.
  const std::size_t needed = head.size() + measure.size() + 1;
  if (out.size() < needed) {
    return error{errc::buffer_too_small, "the redacted value needs a larger buffer", needed};
  }
  copy_bytes(out, byte_view(head_room).first(head.size()));
  item_out to(out.subspan(head.size()));
  static_cast<void>(run(to));
  return redacted{out.first(head.size() + to.size()), op};
}

}  // namespace clientbook
