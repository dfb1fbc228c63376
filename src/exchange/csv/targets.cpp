// What a column can fill: every member of every value that an import knows, with the reading of its
// cells.
//
// One table, by name; the map is checked against it and loading runs through it. Cells are read
// strictly, since nobody looks at an imported value before it is sealed.
#include "targets.hpp"

#include "cell_forms.hpp"

#include <clientbook/base/time.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace clientbook::exchange {
namespace {

using check = result<void> (*)(std::string_view) noexcept;

constexpr error too_long{errc::limit_exceeded, "a text longer than its field may hold"};

// A member of a value, a field that is one line, and free text of several.
result<void> line(std::string_view text) noexcept {
  if (text.size() > limits::short_text) return too_long;
  return validate_text(text, line_breaks::refused);
}
result<void> long_line(std::string_view text) noexcept {
  if (text.size() > limits::text) return too_long;
  return validate_text(text, line_breaks::refused);
}
result<void> paragraphs(std::string_view text) noexcept {
  if (text.size() > limits::note) return too_long;
  return validate_text(text, line_breaks::allowed);
}
// Whether a number that looks like a card's is one of a loyalty system is for the book to judge: it
// sees the system beside it.
result<void> id_value(std::string_view text) noexcept {
  const bool loyalty =
      text.size() >= 12 && text.size() <= 19 && text[0] == '6' &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return loyalty ? result<void>() : line(text);
}
result<void> last_four(std::string_view text) noexcept {
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.size() != 4 || !digits) {
    return error{errc::invalid_value, "want the last four digits of the card, no more"};
  }
  return {};
}
result<void> directive_kind(std::string_view text) noexcept {
  for (const std::string_view known :
       {"grant", "renew", "refuse", "deny", "withdraw", "object", "restrict", "lift", "move"}) {
    if (text == known) return {};
  }
  return error{errc::invalid_value,
               "want grant, renew, refuse, deny, withdraw, object, restrict, lift or move"};
}
result<void> channel(std::string_view text) noexcept {
  for (const std::string_view known : {"store", "web", "phone", "paper", "import"}) {
    if (text == known) return {};
  }
  return error{errc::invalid_value, "want store, web, phone, paper or import"};
}
result<void> purpose_name(std::string_view text) noexcept {
  if (find_purpose(text)) return {};
  return error{errc::unknown_field, "the vocabulary has no such purpose"};
}
result<void> category_name(std::string_view text) noexcept {
  if (find_category(text)) return {};
  return error{errc::unknown_field, "the vocabulary has no such data category"};
}
result<void> law_name(std::string_view text) noexcept {
  if (find_profile(text)) return {};
  return error{errc::unknown_field, "there is no law profile of that name"};
}
result<void> state_name(std::string_view text) noexcept {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() == 2 && is_capital(text[0]) && is_capital(text[1])) return {};
  return error{errc::invalid_value, "a state is two capital letters, as in ISO 3166: AT, CA"};
}
result<void> strength(std::string_view text) noexcept {
  if (text == "implied" || text == "expressed" || text == "explicit") return {};
  return error{errc::invalid_value, "want implied, expressed or explicit"};
}

result<std::int64_t> integer(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) {
    return error{errc::invalid_value, "not a whole number"};
  }
  return value;
}

template <check Check>
result<void> store(std::string_view& to, const cell& from) {
  if (const auto good = Check(from.text); !good) return good.error();
  to = from.text;
  return {};
}
template <check Check>
result<void> store(personal_text& to, const cell& from) {
  if (const auto good = Check(from.text); !good) return good.error();
  to = from.text;
  return {};
}
template <check>
result<void> store(std::optional<std::int64_t>& to, const cell& from) {
  const auto value = integer(from.text);
  if (!value) return value.error();
  to = *value;
  return {};
}
template <check>
result<void> store(std::optional<date>& to, const cell& from) {
  const auto value = parse_date(from.text);
  if (!value) return value.error();
  to = *value;
  return {};
}
template <check>
result<void> store(std::optional<timestamp>& to, const cell& from) {
  const auto value = parse_timestamp(from.text);
  if (!value) return value.error();
  to = *value;
  return {};
}
template <check>
result<void> store(std::optional<bool>& to, const cell& from) {
  for (const std::string_view yes : {"1", "true", "yes"}) {
    if (from.text == yes) to = true;
  }
  for (const std::string_view no : {"0", "false", "no"}) {
    if (from.text == no) to = false;
  }
  if (!to) return error{errc::invalid_value, "want true or false, yes or no, 1 or 0"};
  return {};
}
// Lists inside one cell, for what is a list of names by nature: `a;b`.
template <check Check>
result<void> store(std::span<const std::string_view>& to, const cell& from) {
  std::vector<std::string_view> names;
  for (std::string_view rest = from.text;;) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view name = rest.substr(0, end);
    if (name.empty()) return error{errc::invalid_value, "an empty name in a list"};
    if (const auto good = Check(name); !good) return good.error();
    names.push_back(name);
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  }
  to = from.lists->keep(std::move(names));
  return {};
}

struct whole {};  // The target is the element itself, not a member of it.

template <auto Lane, auto Member, check Check>
result<void> set(lanes& to, std::size_t slot, const cell& from) {
  auto& element = (to.*Lane).stage[slot];
  if constexpr (std::is_same_v<std::remove_const_t<decltype(Member)>, whole>) {
    return store<Check>(element, from);
  } else {
    return store<Check>(element.*Member, from);
  }
}

template <auto Lane>
void reserve(lanes& to, std::size_t slot) {
  auto& lane = to.*Lane;
  if constexpr (requires { lane.slots; }) lane.slots = std::max(lane.slots, slot + 1);
}

template <auto Lane>
bool begun(const lanes& in, std::size_t slot) {
  return given((in.*Lane).stage[slot]);
}

template <auto Lane, auto Member = whole{}, check Check = line>
constexpr target part(std::string_view name) {
  return {name, &set<Lane, Member, Check>, &reserve<Lane>, &begun<Lane>};
}

template <auto Member>
constexpr target household(std::string_view name) {
  return {name,
          [](lanes& to, std::size_t slot, const cell& from) {
            return store<line>(to.household.stage[slot].link.*Member, from);
          },
          &reserve<&lanes::household>, &begun<&lanes::household>};
}

void no_slots(lanes&, std::size_t) {}
bool always(const lanes&, std::size_t) { return true; }

template <auto Member, check Check = line>
constexpr target head(std::string_view name) {
  return {name,
          [](lanes& to, std::size_t, const cell& from) {
            return store<Check>(to.purchases.head[0].*Member, from);
          },
          no_slots, always};
}
template <auto Member, check Check = line>
constexpr target item(std::string_view name) {
  return {name,
          [](lanes& to, std::size_t, const cell& from) {
            return store<Check>(to.purchases.line[0].*Member, from);
          },
          no_slots, always};
}
result<void> amount(std::optional<std::int64_t>& to, std::string_view currency, const cell& from) {
  const auto minor = parse_amount(from.text, currency, from.round);
  if (!minor) return minor.error();
  to = *minor;
  return {};
}

// Targets that one cell fills several members of.
result<void> whole_name(lanes& to, std::size_t /*slot*/, const cell& from) {
  const name_parts parts = take_apart(from.text, from.alone_is_family);
  for (const std::string_view part : {parts.prefix, parts.given, parts.family, parts.suffix}) {
    if (const auto good = line(part); !good) return good;
  }
  person_name& name = to.name.stage[0];
  if (!parts.prefix.empty()) name.prefix = parts.prefix;
  if (!parts.given.empty()) name.given = parts.given;
  if (!parts.family.empty()) name.family = parts.family;
  if (!parts.suffix.empty()) name.suffix = parts.suffix;
  return {};
}

// A street of several lines; what a fourth line and those behind it say goes to the third.
result<void> street_lines(lanes& to, std::size_t slot, const cell& from) {
  std::string joined;
  std::array<std::string_view, 3> lines{};
  std::size_t count = 0;
  for (std::string_view rest = from.text; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    const std::string_view one = without_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one.empty()) continue;
    if (count < 3) {
      lines[count++] = one;
    } else {
      if (joined.empty()) joined = lines[2];
      joined.append(", ").append(one);
    }
  }
  if (!joined.empty()) lines[2] = from.lists->keep(joined);
  postal_address& address = to.addresses.stage[slot];
  for (const std::string_view each : lines) {
    if (const auto good = line(each); !good) return good;
  }
  if (count > 0) address.line1 = lines[0];
  if (count > 1) address.line2 = lines[1];
  if (count > 2) address.line3 = lines[2];
  return {};
}

result<void> note_text(lanes& to, std::size_t slot, const cell& from) {
  const auto good = paragraphs(from.text);
  if (!good && !(from.cards_left && good.error().code == errc::card_data_refused)) return good;
  to.notes.stage[slot].text = from.text;
  return {};
}

// A receipt counts pieces. What is sold by length or weight stays a part of a piece until the row
// is whole (sales::settle()).
result<void> quantity(lanes& to, std::size_t /*slot*/, const cell& from) {
  if (from.text.find('.') == std::string_view::npos) {
    return store<line>(to.purchases.line[0].quantity, from);
  }
  if (!from.parts_as_one) {
    return error{errc::invalid_value,
                 "a quantity that is not whole: let the map say \"decimals\": \"as_one\""};
  }
  return to.purchases.take_part(from.text);
}

constexpr std::string_view currency_name = "purchase.currency";

constexpr target targets[] = {
    part<&lanes::name, &person_name::prefix>("name.prefix"),
    part<&lanes::name, &person_name::given>("name.given"),
    part<&lanes::name, &person_name::middle>("name.middle"),
    part<&lanes::name, &person_name::family>("name.family"),
    part<&lanes::name, &person_name::suffix>("name.suffix"),
    part<&lanes::name, &person_name::nickname>("name.nickname"),
    part<&lanes::name, &person_name::phonetic>("name.phonetic"),
    part<&lanes::name, &person_name::salutation>("name.salutation"),
    part<&lanes::name, &person_name::pronouns>("name.pronouns"),
    {"name.full", &whole_name, no_slots, always},
    part<&lanes::birth_date>("birth_date"),
    part<&lanes::changed_at>("changed_at"),
    part<&lanes::language, whole{}, validate_language>("language"),
    part<&lanes::time_zone, whole{}, validate_time_zone>("time_zone"),
    part<&lanes::employer, whole{}, long_line>("employer"),

    part<&lanes::emails, &email_address::address, validate_email>("emails[].address"),
    part<&lanes::emails, &email_address::label>("emails[].label"),
    part<&lanes::phones, &phone_number::number, validate_phone>("phones[].number"),
    part<&lanes::phones, &phone_number::label>("phones[].label"),
    part<&lanes::phones, &phone_number::extension>("phones[].extension"),
    part<&lanes::addresses, &postal_address::label>("addresses[].label"),
    part<&lanes::addresses, &postal_address::line1>("addresses[].line1"),
    part<&lanes::addresses, &postal_address::line2>("addresses[].line2"),
    part<&lanes::addresses, &postal_address::line3>("addresses[].line3"),
    {"addresses[].lines", &street_lines, &reserve<&lanes::addresses>, &begun<&lanes::addresses>},
    part<&lanes::addresses, &postal_address::city>("addresses[].city"),
    part<&lanes::addresses, &postal_address::region>("addresses[].region"),
    part<&lanes::addresses, &postal_address::postal_code>("addresses[].postal_code"),
    part<&lanes::addresses, &postal_address::country, validate_country>("addresses[].country"),

    part<&lanes::special_days, &special_day::kind>("special_days[].kind"),
    part<&lanes::special_days, &special_day::day>("special_days[].day"),
    part<&lanes::special_days, &special_day::label>("special_days[].label"),
    part<&lanes::sizes, &customer_size::kind>("sizes[].kind"),
    part<&lanes::sizes, &customer_size::system>("sizes[].system"),
    part<&lanes::sizes, &customer_size::value>("sizes[].value"),
    part<&lanes::sizes, &customer_size::brand>("sizes[].brand"),
    part<&lanes::sizes, &customer_size::measured>("sizes[].measured"),
    part<&lanes::sizes, &customer_size::remark>("sizes[].remark"),
    part<&lanes::likes, whole{}, long_line>("likes[]"),
    part<&lanes::dislikes, whole{}, long_line>("dislikes[]"),
    part<&lanes::tags, whole{}, long_line>("tags[]"),
    part<&lanes::tier, whole{}, long_line>("tier"),
    part<&lanes::wishes, &wish::what>("wishes[].what"),
    part<&lanes::wishes, &wish::day>("wishes[].day"),
    part<&lanes::wishes, &wish::brand>("wishes[].brand"),
    part<&lanes::wishes, &wish::size>("wishes[].size"),
    part<&lanes::wishes, &wish::colour>("wishes[].colour"),
    part<&lanes::wishes, &wish::for_whom>("wishes[].for_whom"),
    part<&lanes::wishes, &wish::until>("wishes[].until"),
    part<&lanes::tasks, &task::text>("tasks[].text"),
    part<&lanes::tasks, &task::due>("tasks[].due"),
    part<&lanes::tasks, &task::lead_days>("tasks[].lead_days"),
    part<&lanes::tasks, &task::kind>("tasks[].kind"),
    part<&lanes::tasks, &task::state>("tasks[].state"),
    part<&lanes::tasks, &task::assigned>("tasks[].assigned"),
    part<&lanes::contacts, &customer_contact::at>("contacts[].at"),
    part<&lanes::contacts, &customer_contact::channel>("contacts[].channel"),
    part<&lanes::contacts, &customer_contact::direction>("contacts[].direction"),
    part<&lanes::contacts, &customer_contact::author>("contacts[].author"),
    part<&lanes::contacts, &customer_contact::outcome>("contacts[].outcome"),
    part<&lanes::contacts, &customer_contact::text>("contacts[].text"),
    part<&lanes::reached, &reachability::channel>("reach.channel"),
    part<&lanes::reached, &reachability::quiet_from>("reach.quiet_from"),
    part<&lanes::reached, &reachability::quiet_until>("reach.quiet_until"),
    part<&lanes::external_ids, &external_id::system>("external_ids[].system"),
    part<&lanes::external_ids, &external_id::value, id_value>("external_ids[].value"),
    household<&household_link::relation>("household[].relation"),
    household<&household_link::person>("household[].person"),
    part<&lanes::household, &import_household::external_id>("household[].external_id"),

    part<&lanes::about, &demographics::gender>("demographics.gender"),
    part<&lanes::about, &demographics::marital_status>("demographics.marital_status"),
    part<&lanes::about, &demographics::income_band>("demographics.income_band"),
    part<&lanes::about, &demographics::children>("demographics.children"),
    part<&lanes::about, &demographics::children_at_home>("demographics.children_at_home"),
    part<&lanes::about, &demographics::education>("demographics.education"),
    part<&lanes::about, &demographics::occupation>("demographics.occupation"),
    part<&lanes::about, &demographics::home_owner>("demographics.home_owner"),
    part<&lanes::about, &demographics::cars_owned>("demographics.cars_owned"),
    part<&lanes::about, &demographics::commute_distance>("demographics.commute_distance"),

    part<&lanes::government_ids, &government_id::country, validate_country>(
        "government_ids[].country"),
    part<&lanes::government_ids, &government_id::kind>("government_ids[].kind"),
    part<&lanes::government_ids, &government_id::number>("government_ids[].number"),
    part<&lanes::payment_cards, &payment_card::token>("payment_cards[].token"),
    part<&lanes::payment_cards, &payment_card::last_four, last_four>("payment_cards[].last_four"),
    part<&lanes::payment_cards, &payment_card::brand>("payment_cards[].brand"),
    part<&lanes::payment_cards, &payment_card::expiry_year>("payment_cards[].expiry_year"),
    part<&lanes::payment_cards, &payment_card::expiry_month>("payment_cards[].expiry_month"),

    part<&lanes::notes, &note::at>("notes[].at"),
    part<&lanes::notes, &note::author>("notes[].author"),
    {"notes[].text", &note_text, &reserve<&lanes::notes>, &begun<&lanes::notes>},
    part<&lanes::notes, &note::kind>("notes[].kind"),
    part<&lanes::notes, &note::visibility>("notes[].visibility"),
    part<&lanes::notes, &note::pinned>("notes[].pinned"),

    head<&purchase::at>("purchase.at"),
    head<&purchase::day>("purchase.day"),
    head<&purchase::order>("purchase.order"),
    head<&purchase::store>("purchase.store"),
    head<&purchase::associate>("purchase.associate"),
    head<&purchase::channel>("purchase.channel"),
    head<&purchase::currency, validate_currency>(currency_name),
    {"purchase.total",
     [](lanes& to, std::size_t, const cell& from) {
       purchase& receipt = to.purchases.head[0];
       return amount(receipt.total, receipt.currency, from);
     },
     no_slots, always},
    item<&purchase_line::sku>("purchase.line.sku"),
    item<&purchase_line::description>("purchase.line.description"),
    {"purchase.line.quantity", &quantity, no_slots, always},
    {"purchase.line.unit_price",
     [](lanes& to, std::size_t, const cell& from) {
       return amount(to.purchases.line[0].unit_price, to.purchases.head[0].currency, from);
     },
     no_slots, always},
    item<&purchase_line::size>("purchase.line.size"),
    item<&purchase_line::colour>("purchase.line.colour"),
    item<&purchase_line::brand>("purchase.line.brand"),
    item<&purchase_line::category>("purchase.line.category"),
    item<&purchase_line::department>("purchase.line.department"),
    item<&purchase_line::season>("purchase.line.season"),
    item<&purchase_line::for_whom>("purchase.line.for_whom"),

    part<&lanes::consents, &import_consent::kind, directive_kind>("consents[].kind"),
    part<&lanes::consents, &import_consent::purposes, purpose_name>("consents[].purposes"),
    part<&lanes::consents, &import_consent::recipients>("consents[].recipients"),
    part<&lanes::consents, &import_consent::categories, category_name>("consents[].categories"),
    part<&lanes::consents, &import_consent::channel, channel>("consents[].channel"),
    part<&lanes::consents, &import_consent::strength, strength>("consents[].strength"),
    part<&lanes::consents, &import_consent::notice>("consents[].notice"),
    part<&lanes::consents, &import_consent::evidence>("consents[].evidence"),
    part<&lanes::consents, &import_consent::contact>("consents[].contact"),
    part<&lanes::consents, &import_consent::law, law_name>("consents[].law"),
    part<&lanes::consents, &import_consent::state, state_name>("consents[].state"),
    part<&lanes::consents, &import_consent::given_at>("consents[].given_at"),
    part<&lanes::consents, &import_consent::expires_at>("consents[].expires_at"),
};

}  // namespace

std::optional<target_place> find_target(std::string_view name) {
  std::string plain(name);
  target_place found;
  const std::size_t open = plain.find('[');
  if (open != std::string::npos) {
    const std::size_t close = plain.find(']', open);
    if (close == std::string::npos) return std::nullopt;
    if (close != open + 1) {
      const auto slot = integer(name.substr(open + 1, close - open - 1));
      if (!slot || *slot < 0 || *slot >= static_cast<std::int64_t>(max_slots)) return std::nullopt;
      found.slot = static_cast<std::size_t>(*slot);
      plain.erase(open + 1, close - open - 1);
    }
  }
  for (const target& each : targets) {
    if (each.name != plain) continue;
    found.what = &each;
    found.is_list = open != std::string::npos;
    found.is_purchase = plain.starts_with("purchase.");
    found.first = plain == currency_name;
    return found;
  }
  return std::nullopt;
}

result<std::int64_t> parse_amount(std::string_view text, std::string_view currency,
                                  rounding round) noexcept {
  const error not_amount{errc::invalid_value, "not an amount: want digits and a decimal point"};
  if (currency.empty()) return error{errc::missing_field, "an amount needs a currency"};
  const auto places = minor_units(currency);
  if (!places) return error{errc::invalid_value, "no such currency"};
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (point == 0 || (point < text.size() && fraction.empty())) return not_amount;

  std::int64_t value = 0;
  const auto append = [&](char digit) noexcept {
    if (digit < '0' || digit > '9') return false;
    if (value > (std::numeric_limits<std::int64_t>::max() - 10) / 10) return false;
    value = value * 10 + (digit - '0');
    return true;
  };
  for (const char digit : text.substr(0, point)) {
    if (!append(digit)) return not_amount;
  }
  for (unsigned i = 0; i < *places; ++i) {
    if (!append(i < fraction.size() ? fraction[i] : '0')) return not_amount;
  }
  fraction.remove_prefix(std::min<std::size_t>(*places, fraction.size()));
  bool more = false;
  for (const char digit : fraction) {
    if (digit < '0' || digit > '9') return not_amount;
    more = more || digit != '0';
  }
  if (more && round == rounding::refuse) {
    return error{errc::invalid_value, "more decimals than the currency has: round, or say so"};
  }
  if (!fraction.empty() && fraction[0] >= '5') ++value;
  return negative ? -value : value;
}

}  // namespace clientbook::exchange
