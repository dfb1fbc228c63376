// What a value must be before it is sealed: one rule a type, and for all texts what they may not
// hold.
//
// Nobody looks at a value again once it is ciphertext, so this is the last place where a card
// number, a control character or a date that does not exist is refused. Texts in members that this
// version does not know are walked as well (`text_walker`): an unknown member is no hiding place.
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>

#include "describe.hpp"

#include <array>
#include <cstring>

namespace clientbook {
namespace {

using model::describe;

constexpr error card_number{errc::card_data_refused,
                            "a text holds a payment card number or track: it may not be kept"};
constexpr error control_character{errc::invalid_value, "a text holds a control character"};
constexpr error too_long{errc::limit_exceeded, "a text is longer than its limit"};

// Whether eight bytes are all printable ASCII: none below 0x20, none 0x7F, none above.
bool eight_plain(const char* bytes) noexcept {
  std::uint64_t eight = 0;
  std::memcpy(&eight, bytes, sizeof eight);
  constexpr std::uint64_t each = 0x0101010101010101U;
  const std::uint64_t below = eight - each * 0x20;
  const std::uint64_t last = eight + each;  // Carries into the top bit of 0x7F alone.
  return ((below | last | eight) & each * 0x80) == 0;
}

bool has_control(std::string_view text, line_breaks breaks) noexcept {
  std::size_t plain = 0;
  while (text.size() - plain >= 8 && eight_plain(text.data() + plain)) plain += 8;
  for (std::size_t i = plain; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool breaks_line = c == '\n' || c == '\t' || c == '\r';
    if ((c < 0x20 && !(breaks_line && breaks == line_breaks::allowed)) || c == 0x7F) return true;
    // U+0080 to U+009F.
    if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
  }
  return false;
}

bool has_card_data(std::string_view text, card_ranges ranges) noexcept {
  return find_card_number(text, 0, ranges) || find_card_track(text);
}

// A trade item number (GTIN: EAN, UPC) of 12 to 14 digits with its check digit right. Card
// numbers of these lengths are all but extinct, article numbers are in every receipt.
bool trade_item_number(std::string_view text) noexcept {
  if (text.size() < 12 || text.size() > 14) return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    const auto digit = static_cast<unsigned>(text[i] - '0');
    sum += (text.size() - 1 - i) % 2 == 0 ? digit : 3 * digit;
  }
  return sum % 10 == 0;
}

// The number of a loyalty card. ISO/IEC 7812 gives cards of shops the leading 6 that they share
// with Maestro; the beginnings of all other issuers stay refused, whatever the system is called.
bool loyalty_number(std::string_view text) noexcept {
  std::array<std::uint8_t, 19> digits{};
  if (text.size() < 12 || text.size() > digits.size() || text[0] != '6') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    digits[i] = static_cast<std::uint8_t>(text[i] - '0');
  }
  return brand_of({digits.data(), text.size()}) == card_brand::maestro;
}

// Walks one item to its last text, whether this version knows it or not.
class text_walker {
 public:
  text_walker(field_type type, cbor::reader& in) noexcept : type_(type), in_(in) {}

  // What is no item of the form that there is goes before what its texts may not hold.
  result<void> walk() noexcept {
    item(0, 0);
    if (const auto whole = in_.status(); !whole) return whole;
    if (failure_.code != errc::none) return failure_;
    return in_.finish();
  }

 private:
  void item(unsigned depth, std::uint64_t key) noexcept {
    switch (in_.next()) {
      case cbor::kind::text:
        return text(in_.text(), depth, key);
      case cbor::kind::bytes:
        return scan(as_text(in_.bytes()), card_ranges::all);
      case cbor::kind::unsigned_integer:
        return integer(in_.unsigned_integer());
      case cbor::kind::negative_integer:
        // -1 - n without overflow: the digits of its magnitude.
        return integer(~static_cast<std::uint64_t>(in_.integer()) + 1);
      case cbor::kind::array:
        if (depth >= cbor::max_depth) return too_deep();
        for (std::size_t left = in_.array(); go_on() && left > 0; --left) item(depth + 1, key);
        return;
      case cbor::kind::map:
        return map(depth);
      default:
        in_.item();
    }
  }

  void map(unsigned depth) noexcept {
    if (depth >= cbor::max_depth) return too_deep();
    for (std::size_t left = in_.map(); go_on() && left > 0; --left) {
      const bool number = in_.next() == cbor::kind::unsigned_integer;
      cbor::reader ahead = in_;
      const std::uint64_t inner = number ? ahead.unsigned_integer() : 0;
      item(depth + 1, 0);
      item(depth + 1, inner);
    }
  }

  void too_deep() noexcept { in_.fail(errc::limit_exceeded, "values are nested too deeply"); }

  // Where it stands decides what a text may be: `key` is that of the innermost map.
  void text(std::string_view value, unsigned depth, std::uint64_t key) noexcept {
    const bool note_text = type_ == field_type::note && depth == 1 && key == 3;
    const bool phone_number = type_ == field_type::phone && depth == 2 && key == 1;
    const bool of_external_id = type_ == field_type::external_id && depth == 2;
    if (of_external_id && key == 1) of_loyalty_system_ = value.starts_with("loyalty");
    const bool loyalty = of_external_id && key == 2 && of_loyalty_system_;
    const bool sku = type_ == field_type::purchase && depth == 3 && key == 1;
    if (in_.failed()) return;
    if (value.empty()) return fail({errc::invalid_value, "a text is empty: leave it out"});
    if (value.size() > (note_text ? limits::note : limits::text)) return fail(too_long);
    if (has_control(value, note_text ? line_breaks::allowed : line_breaks::refused)) {
      return fail(control_character);
    }
    if (sku && trade_item_number(value)) return;
    if (loyalty && loyalty_number(value)) return;
    scan(value, phone_number ? card_ranges::not_phone_like : card_ranges::all);
  }

  void integer(std::uint64_t value) noexcept {
    if (value < 100'000'000'000) return;  // Eleven digits are no card number.
    std::array<char, 20> digits;
    std::size_t begin = digits.size();
    for (; value > 0; value /= 10) digits[--begin] = static_cast<char>('0' + value % 10);
    scan({digits.data() + begin, digits.size() - begin}, card_ranges::all);
  }

  void scan(std::string_view value, card_ranges ranges) noexcept {
    if (has_card_data(value, ranges)) fail(card_number);
  }

  void fail(const error& failure) noexcept {
    if (failure_.code == errc::none) failure_ = failure;
  }
  bool go_on() const noexcept { return failure_.code == errc::none && !in_.failed(); }

  field_type type_;
  cbor::reader& in_;
  bool of_loyalty_system_ = false;
  error failure_{};
};

// Limits the members that are names, labels, codes.
struct short_texts {
  bool fit = true;
  void operator()(unsigned, std::string_view text) noexcept {
    fit = fit && text.size() <= limits::short_text;
  }
  void operator()(unsigned key, const personal_text& text) noexcept { (*this)(key, text.reveal()); }
  template <class Other>
  void operator()(unsigned, const Other&) noexcept {}
};

struct any_member {
  bool found = false;
  void operator()(unsigned, std::string_view text) noexcept { found = found || !text.empty(); }
  void operator()(unsigned, const personal_text& text) noexcept { found = found || !text.empty(); }
  template <class T>
  void operator()(unsigned, const std::optional<T>& value) noexcept {
    found = found || value.has_value();
  }
};

constexpr error missing(literal text) noexcept { return {errc::missing_field, text}; }

result<void> in_range(const std::optional<std::int64_t>& value, std::int64_t from,
                      std::int64_t to) noexcept {
  if (!value || (*value >= from && *value <= to)) return {};
  return error{errc::invalid_value, "a number is outside the range of its meaning"};
}

result<void> rule(timestamp value) noexcept {
  // Years 1 to 9999.
  if (value.seconds >= -62135596800 && value.seconds <= 253402300799) return {};
  return error{errc::invalid_value, "an instant is outside the years 1 to 9999"};
}
result<void> rule(std::int64_t) noexcept { return {}; }
result<void> rule(bool) noexcept { return {}; }
result<void> rule(const date&) noexcept { return {}; }  // Checked when it was read.
result<void> rule(std::string_view) noexcept { return {}; }

// Signs that turn the direction of what stands beside them: a name must not look like another one.
bool turns_direction(char32_t c) noexcept {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}
bool shows_nothing(char32_t c) noexcept {
  return c == ' ' || c == 0xA0 || c == 0x3000 || c == 0xFEFF || (c >= 0x2000 && c <= 0x200F) ||
         c == 0x202F || c == 0x205F || c == 0x2060;
}

struct readable_parts {
  result<void> told{};
  void operator()(unsigned, const personal_text& part) noexcept {
    const std::string_view text = part.reveal();
    bool seen = text.empty();
    for (std::size_t i = 0; i < text.size() && told;) {
      const code_point next = code_point_at(text, i);
      if (next.size == 0) break;
      i += next.size;
      seen = seen || !shows_nothing(next.value);
      if (turns_direction(next.value)) {
        told = error{errc::invalid_value, "a name has a sign that turns the direction of writing"};
      }
    }
    if (told && !seen) told = error{errc::invalid_value, "a part of a name is blank: leave it out"};
  }
  template <class Other>
  void operator()(unsigned, const Other&) noexcept {}
};

result<void> rule(const person_name& value) noexcept {
  any_member members;
  describe(members, value);
  if (!members.found) return missing("a name has no part");
  readable_parts parts;
  describe(parts, value);
  return parts.told;
}
result<void> rule(const email_address& value) noexcept {
  if (value.address.empty()) return missing("an e-mail has no address");
  return validate_email(value.address.reveal());
}
result<void> rule(const phone_number& value) noexcept {
  if (value.number.empty()) return missing("a phone has no number");
  if (value.extension.size() > 11 ||
      value.extension.reveal().find_first_not_of("0123456789") != std::string_view::npos) {
    return error{errc::invalid_value, "a phone's extension is 1 to 11 digits"};
  }
  return validate_phone(value.number.reveal());
}
result<void> rule(const postal_address& value) noexcept {
  postal_address place = value;
  place.label = {};
  any_member members;
  describe(members, place);
  if (!members.found) return missing("an address has no part");
  return value.country.empty() ? result<void>() : validate_country(value.country);
}
result<void> rule(const special_day& value) noexcept {
  if (!value.day) return missing("a special day has no date");
  return {};
}
result<void> rule(const customer_size& value) noexcept {
  if (value.value.empty()) return missing("a size has no value");
  return {};
}
result<void> rule(const external_id& value) noexcept {
  if (value.system.empty()) return missing("an external id names no system");
  if (value.value.empty()) return missing("an external id has no value");
  return {};
}
result<void> rule(const household_link& value) noexcept {
  if (value.person.empty() && !value.customer) return missing("a household link names nobody");
  return {};
}
result<void> rule(const demographics& value) noexcept {
  any_member members;
  describe(members, value);
  if (!members.found) return missing("demographics have no part");
  for (const auto& count : {value.children, value.children_at_home, value.cars_owned}) {
    if (const auto fits = in_range(count, 0, 999); !fits) return fits;
  }
  return {};
}
result<void> rule(const government_id& value) noexcept {
  if (value.number.empty()) return missing("a government id has no number");
  return value.country.empty() ? result<void>() : validate_country(value.country);
}
result<void> rule(const payment_card& value) noexcept {
  if (value.token.empty()) return missing("a payment card has no token");
  if (!value.last_four.empty() &&
      (value.last_four.size() != 4 ||
       value.last_four.reveal().find_first_not_of("0123456789") != std::string_view::npos)) {
    return error{errc::invalid_value, "of a card's number the last four digits are kept"};
  }
  if (const auto fits = in_range(value.expiry_month, 1, 12); !fits) return fits;
  return in_range(value.expiry_year, 2000, 2199);
}
result<void> rule(const task& value) noexcept {
  if (value.text.empty()) return missing("a task does not say what is to be done");
  if (value.due && value.due->year == 0) {
    return error{errc::invalid_value, "the day that a task is due has its year"};
  }
  if (value.lead_days && !value.due) return missing("a task has days before, and no day");
  if (const auto fits = in_range(value.lead_days, 0, 366); !fits) return fits;
  if (!value.state.empty() && value.state != "open" && value.state != "done" &&
      value.state != "dropped") {
    return error{errc::invalid_value, "a task is open, done or dropped"};
  }
  return in_range(value.assigned, 1, 0xFFFFFFFF);
}
result<void> rule(const customer_contact& value) noexcept {
  if (!value.at) return missing("a contact has no instant");
  if (value.channel.empty()) return missing("a contact has no channel");
  if (!value.direction.empty() && value.direction != "in" && value.direction != "out") {
    return error{errc::invalid_value, "a contact's direction is in or out"};
  }
  return rule(*value.at);
}
result<void> rule(const wish& value) noexcept {
  if (value.what.empty()) return missing("a wish does not say for what");
  return {};
}

bool time_of_day(std::string_view text) noexcept {
  if (text.size() != 5 || text[2] != ':') return false;
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{4}}) {
    if (text[at] < '0' || text[at] > '9') return false;
  }
  // Not by substr(), which throws.
  return std::string_view(text.data(), 2) <= "23" && std::string_view(text.data() + 3, 2) <= "59";
}
result<void> rule(const reachability& value) noexcept {
  any_member members;
  describe(members, value);
  if (!members.found) return missing("how somebody is reached has no part");
  if (value.quiet_from.empty() != value.quiet_until.empty()) {
    return missing("quiet hours have a beginning and an end");
  }
  if (value.quiet_from.empty()) return {};
  if (time_of_day(value.quiet_from) && time_of_day(value.quiet_until)) return {};
  return error{errc::invalid_value, "quiet hours are HH:MM, 00:00 to 23:59"};
}
result<void> rule(const money& value) noexcept {
  if (!value.minor) return missing("an amount of money is absent");
  if (value.currency.empty()) return missing("an amount of money has no currency");
  return validate_currency(value.currency);
}
// As the key of a field.
bool is_word(std::string_view text) noexcept {
  constexpr std::size_t longest = 32;
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  return text.size() <= longest && letters.find(text.front()) != letters.npos &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == text.npos;
}

result<void> rule(const note& value) noexcept {
  if (value.author.size() > limits::short_text) return too_long;
  if (value.text.empty()) return missing("a note has no text");
  if (!value.kind.empty() && !is_word(value.kind)) {
    return error{errc::invalid_value,
                 "the kind of a note is a word of a-z, 0-9 and _, such as general or fit, at most "
                 "32 bytes"};
  }
  if (!value.visibility.empty() && value.visibility != "own" && value.visibility != "store" &&
      value.visibility != "all") {
    return error{errc::invalid_value, "a note is visible as own, store or all"};
  }
  for (const auto& number : {value.by, value.store}) {
    if (const auto fits = in_range(number, 1, 0xFFFFFFFF); !fits) return fits;
  }
  return value.at ? rule(*value.at) : result<void>();
}

template <class T>
result<void> one(cbor::reader& in) noexcept {
  T value{};
  model::read(in, value);
  if (in.failed()) return in.status();
  if constexpr (model::struct_value<T> && !std::is_same_v<T, note>) {
    short_texts members;
    describe(members, value);
    if (!members.fit) return too_long;
  }
  return rule(value);
}

result<void> one_language(cbor::reader& in) noexcept {
  const std::string_view tag = in.text();
  return in.failed() ? in.status() : validate_language(tag);
}
result<void> one_time_zone(cbor::reader& in) noexcept {
  const std::string_view name = in.text();
  return in.failed() ? in.status() : validate_time_zone(name);
}

result<void> one_line(cbor::reader& in, bool& priced) noexcept {
  purchase_line line;
  model::read(in, line);
  if (in.failed()) return in.status();
  short_texts members;
  describe(members, line);
  if (!members.fit) return too_long;
  if (line.sku.empty() && line.description.empty()) {
    return missing("a line of a purchase has neither article number nor description");
  }
  priced = priced || line.unit_price.has_value();
  return {};
}

result<void> one_purchase(cbor::reader& in) noexcept {
  model::purchase_parts parts;
  model::read(in, parts);
  if (in.failed()) return in.status();
  const purchase& receipt = parts.receipt;
  short_texts members;
  describe(members, receipt);
  if (!members.fit) return too_long;
  if (receipt.at.has_value() == receipt.day.has_value()) {
    return missing("a purchase has either an instant or a day");
  }
  if (receipt.at) {
    if (const auto valid = rule(*receipt.at); !valid) return valid;
  }
  bool priced = receipt.total.has_value();
  if (!parts.lines.empty()) {
    cbor::reader lines(parts.lines);
    const std::size_t count = lines.array();
    if (lines.failed()) return lines.status();
    if (count == 0) return error{errc::invalid_value, "a list is empty: leave it out"};
    if (count > limits::purchase_lines) {
      return error{errc::limit_exceeded, "a purchase has too many lines"};
    }
    for (std::size_t left = count; left > 0; --left) {
      if (const auto valid = one_line(lines, priced); !valid) return valid;
    }
  }
  if (priced && receipt.currency.empty()) return missing("a purchase's amounts have no currency");
  return receipt.currency.empty() ? result<void>() : validate_currency(receipt.currency);
}

result<void> one_of(field_type type, cbor::reader& in) noexcept {
  switch (type) {
    case field_type::text:
      return one<std::string_view>(in);
    case field_type::integer:
      return one<std::int64_t>(in);
    case field_type::boolean:
      return one<bool>(in);
    case field_type::date:
      return one<date>(in);
    case field_type::timestamp:
      return one<timestamp>(in);
    case field_type::money:
      return one<money>(in);
    case field_type::language:
      return one_language(in);
    case field_type::time_zone:
      return one_time_zone(in);
    case field_type::person_name:
      return one<person_name>(in);
    case field_type::email:
      return one<email_address>(in);
    case field_type::phone:
      return one<phone_number>(in);
    case field_type::address:
      return one<postal_address>(in);
    case field_type::special_day:
      return one<special_day>(in);
    case field_type::size:
      return one<customer_size>(in);
    case field_type::external_id:
      return one<external_id>(in);
    case field_type::household_link:
      return one<household_link>(in);
    case field_type::demographics:
      return one<demographics>(in);
    case field_type::government_id:
      return one<government_id>(in);
    case field_type::payment_card:
      return one<payment_card>(in);
    case field_type::task:
      return one<task>(in);
    case field_type::contact:
      return one<customer_contact>(in);
    case field_type::wish:
      return one<wish>(in);
    case field_type::reach:
      return one<reachability>(in);
    case field_type::purchase:
      return one_purchase(in);
    case field_type::note:
      return one<note>(in);
    case field_type::card_verification_code:
    case field_type::card_track:
    case field_type::pin_block:
      return error{errc::card_data_refused, "card codes, tracks and PIN blocks may not be kept"};
  }
  return error{errc::unsupported, "the field's type is of a newer version"};
}

result<void> list_or_one(const field_definition& field, cbor::reader& in) noexcept {
  if (field.count == cardinality::one || is_item(field.type)) return one_of(field.type, in);
  if (field.count != cardinality::many) {
    return error{errc::unsupported, "the field's cardinality is of a newer version"};
  }
  const std::size_t count = in.array();
  if (in.failed()) return in.status();
  if (count == 0) return error{errc::invalid_value, "a list is empty: leave the field out"};
  if (count > limits::elements) {
    return error{errc::limit_exceeded, "a list has more than 256 elements"};
  }
  for (std::size_t left = count; left > 0; --left) {
    if (const auto valid = one_of(field.type, in); !valid) return valid;
  }
  return {};
}

result<void> validate_value(const field_definition& field, byte_view value) noexcept {
  if (is_refused(field.type)) {
    return error{errc::card_data_refused, "card codes, tracks and PIN blocks may not be kept"};
  }
  // Between them the walk and the reading look at the whole form, as cbor::check() does.
  cbor::reader texts(value);
  if (const auto valid = text_walker(field.type, texts).walk(); !valid) return valid;
  cbor::reader in(value);
  return list_or_one(field, in);
}

result<void> validate_named(const field_definition& field, byte_view value) noexcept {
  const auto valid = validate_value(field, value);
  if (valid) return {};
  error failure = valid.error();
  failure.at = field.number.value;
  return failure;
}

}  // namespace

result<void> validate(const schema& rules, field_id id, byte_view value) noexcept {
  const auto field = rules.find(id);
  if (!field) return field.error();
  return validate_named(*field, value);
}

result<void> validate(const schema& rules, std::span<const field_value> fields) noexcept {
  int previous = -1;
  for (const field_value& entry : fields) {
    if (entry.id.value <= previous) {
      return error{errc::invalid_argument, "fields are not in ascending order", entry.id.value};
    }
    previous = entry.id.value;
    const auto field = rules.find(entry.id);
    if (!field) return field.error();
    if (is_item(field->type)) {
      return error{errc::wrong_type, "purchases and notes are items, not part of the record",
                   entry.id.value};
    }
    if (const auto valid = validate_named(*field, entry.value); !valid) return valid;
  }
  return {};
}

result<void> validate_text(std::string_view text, line_breaks breaks) noexcept {
  if (!valid_utf8(text)) return error{errc::invalid_encoding, "the text is not valid UTF-8"};
  if (has_control(text, breaks)) return control_character;
  if (has_card_data(text, card_ranges::all)) return card_number;
  return {};
}

}  // namespace clientbook
