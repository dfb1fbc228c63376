// Law profiles as files: canonical bytes to sign, to store and to compare.
//
// A book keeps the law that it judges by, and somebody else may have written it. So a profile is
// checked whole before it counts: no unknown term, no number without a meaning, card secrets
// prohibited whatever else it says. encode and decode share check_file(), and a file that is not
// written as this would write it is refused, since its digest stands in the ledger.
#include <clientbook/consent/profile_file.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <type_traits>

#include "scope_codec.hpp"

namespace clientbook {
namespace {

// A profile is written in the oldest format that can say it, so that one profile has one canonical
// form, and what was stored keeps its digest. Formats 2 and 3 have a table more than the one
// before, format 4 rows of the age table that say for which kind of service, and deadlines in
// months and working days.
constexpr std::uint64_t format = 4;
constexpr std::uint64_t on_behalf_format = 3;
constexpr std::uint64_t opt_out_format = 2;
constexpr std::uint64_t first_format = 1;
constexpr std::uint64_t members_of(std::uint64_t written) noexcept {
  return 16 + std::min(written, on_behalf_format);
}
constexpr std::size_t max_text = 255;
constexpr std::size_t max_name = 32;
constexpr std::uint32_t max_deadline_months = 120;
constexpr std::uint32_t max_deadline_days = 3660;
constexpr std::uint32_t max_deadline_hours = 24 * max_deadline_days;
constexpr std::string_view file_mark = "clientbook profile";
constexpr std::string_view signing_context = "clientbook profile signature 1";

// --- what a file must hold beyond check() --------------------------------------------------

error at_row(error failure, std::size_t row) noexcept {
  failure.at = row;
  return failure;
}

bool is_name(std::string_view text) noexcept {
  return text.size() <= max_name && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

result<void> check_text(std::string_view text) noexcept {
  if (text.empty()) return error{errc::missing_field, "a profile needs names, and a law per row"};
  if (text.size() > max_text) {
    return error{errc::limit_exceeded, "a text of a profile has at most 255 bytes", max_text};
  }
  return {};
}

/// Terms that the vocabulary has, or all there will ever be.
template <class Set>
bool known(const Set& terms, const Set& vocabulary) noexcept {
  return terms == Set::all() || vocabulary.includes(terms);
}
bool known(const purpose_set& terms) noexcept { return known(terms, all_purposes()); }
bool known(const category_set& terms) noexcept { return known(terms, all_categories()); }
/// Classes only: parties are those of one book.
bool known(const recipient_set& terms) noexcept { return all_recipient_classes().includes(terms); }
bool known(const consent_scope& scope) noexcept {
  return known(scope.purposes) && known(scope.recipients) && known(scope.categories);
}

constexpr error unknown_term{errc::unknown_field, "a profile has a term the vocabulary lacks"};
constexpr error bad_value{errc::invalid_value, "a row of a profile has a number without a meaning"};

bool is_by(std::uint8_t bits) noexcept { return (bits & ~0x3eU) == 0; }
bool is_strength(consent_strength strength) noexcept {
  return strength != consent_strength::none && !name_of(strength).empty();
}

result<void> check_row(const prohibition_rule& row) noexcept {
  if (!known(row.scope)) return unknown_term;
  if (name_of(row.condition).empty()) return bad_value;
  return {};
}
result<void> check_row(const reach_rule& row) noexcept {
  if (!known(row.always) || !known(row.except_purposes) || !known(row.direct_marketing) ||
      !known(row.only_categories)) {
    return unknown_term;
  }
  if (name_of(row.kind).empty() || !is_by(row.by) || (row.bases & 1U) != 0) return bad_value;
  return {};
}
result<void> check_row(const basis_rule& row) noexcept {
  if (!known(row.scope)) return unknown_term;
  if (name_of(row.basis).empty()) return bad_value;
  return {};
}
result<void> check_row(const obligation_rule& row) noexcept {
  const obligations& all = row.required;
  if (!known(row.scope)) return unknown_term;
  if (!codec::fit_together(all) || name_of(all.mask).empty()) return bad_value;
  if (all.encrypt_for != recipient_id{} || all.attach_notice != notice_id{} || all.contract != 0) {
    return error{errc::invalid_value, "keys, notices and contracts are those of one book"};
  }
  return {};
}
result<void> check_row(const sensitive_rule& row) noexcept {
  if (row.categories.empty() || !known(row.categories)) return unknown_term;
  if (!is_strength(row.strength)) return bad_value;
  return {};
}
std::span<const country_code> states_of(const age_rule& row) noexcept {
  std::size_t count = 0;
  while (count < row.states.size() && row.states[count] != country_code{}) ++count;
  return std::span(row.states).first(count);
}

result<void> check_countries(std::span<const country_code> countries) noexcept {
  const country_code* before = nullptr;
  for (const country_code& one : countries) {
    const bool letters =
        std::all_of(one.begin(), one.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!letters || (before != nullptr && *before >= one)) {
      return error{errc::invalid_value, "countries are two capital letters, ascending"};
    }
    before = &one;
  }
  return {};
}

result<void> check_row(const age_rule& row) noexcept {
  if (row.purposes.empty() || !known(row.purposes)) return unknown_term;
  if (row.below == 0 || !is_by(row.by) || !is_strength(row.strength)) return bad_value;
  if ((row.services & ~0x6U) != 0 || row.services == 0x6U) return bad_value;
  return check_countries(states_of(row));
}
result<void> check_row(const opt_out_rule& row) noexcept {
  if (row.purposes.empty() || !known(row.purposes)) return unknown_term;
  return {};
}
result<void> check_row(const on_behalf_rule& row) noexcept {
  if (row.recipients.empty() || !known(row.recipients)) return unknown_term;
  const recipient_set may{recipient::processor, recipient::subprocessor, recipient::contractor};
  if (may.includes(row.recipients)) return {};
  return error{errc::invalid_value,
               "on the shop's behalf are processor, subprocessor and contractor alone"};
}
result<void> check_row(const deadline_rule& row) noexcept {
  const int said =
      (row.hours != 0 ? 1 : 0) + (row.months != 0 ? 1 : 0) + (row.working_days != 0 ? 1 : 0);
  if (name_of(row.kind).empty() || said != 1 || row.months > max_deadline_months ||
      row.working_days > max_deadline_days || row.hours > max_deadline_hours) {
    return bad_value;
  }
  return {};
}
result<void> check_row(const signal_rule& row) noexcept {
  if (row.purposes.empty() || row.recipients.empty() || !known(row.purposes) ||
      !known(row.recipients)) {
    return unknown_term;
  }
  if (name_of(row.signal).empty()) return bad_value;
  return {};
}

template <class Room, class Row>
result<void> check_table(std::span<const Row> rows) noexcept {
  constexpr std::size_t most = std::tuple_size_v<Room>;
  if (rows.size() > most) {
    return error{errc::limit_exceeded, "a table of a profile has more rows than it may", most};
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (auto good = check_row(rows[i]); !good) return at_row(good.error(), i);
    if (auto good = check_text(rows[i].law); !good) return at_row(good.error(), i);
  }
  return {};
}

// Whatever else a law says: these are never kept after authorisation.
bool prohibits_card_secrets(const law_profile& value) noexcept {
  category_set left{category::card_verification_code, category::card_track, category::pin_block};
  for (const prohibition_rule& row : value.prohibitions) {
    if (row.condition == prohibition_condition::always && row.scope.operations == all_operations &&
        row.scope.purposes == purpose_set::all() && row.scope.recipients.contains(recipient::any)) {
      left -= row.scope.categories;
    }
  }
  return left.empty();
}

// Opt-in is clientbook's own rule: marketing and sale stand on what the customer said, or on an
// assertion about that one customer, whatever a law would be content with.
result<void> check_opt_in(const law_profile& value) noexcept {
  const purpose_set opt_in =
      covered_by_denial({purpose::marketing, purpose::sell_data_to_third_parties,
                         purpose::sell_insights_from_data}) &
      all_purposes();
  for (std::size_t i = 0; i < value.bases.size(); ++i) {
    if (value.bases[i].needs_assertion) continue;
    if (!(covered_by_grant(value.bases[i].scope.purposes) & opt_in).empty()) {
      return error{errc::invalid_value, "no profile permits marketing or sale without an opt-in",
                   i};
    }
  }
  return {};
}

result<void> check_file(const law_profile& value) noexcept {
  if (auto good = check(value); !good) return good;
  for (const std::string_view text : {value.name, value.title, value.unverified}) {
    if (auto good = check_text(text); !good) return good;
  }
  if (!is_name(value.name)) {
    return error{errc::invalid_value, "the name of a profile is of a-z, 0-9 and hyphens"};
  }
  if (!is_strength(value.minimum_strength)) return bad_value;
  using room = profile_room;
  if (auto good = check_table<decltype(room::prohibitions)>(value.prohibitions); !good) return good;
  if (auto good = check_table<decltype(room::reaches)>(value.reaches); !good) return good;
  if (auto good = check_table<decltype(room::bases)>(value.bases); !good) return good;
  if (auto good = check_table<decltype(room::obligations)>(value.obligations); !good) return good;
  if (auto good = check_table<decltype(room::sensitive)>(value.sensitive); !good) return good;
  if (auto good = check_table<decltype(room::ages)>(value.ages); !good) return good;
  if (auto good = check_table<decltype(room::deadlines)>(value.deadlines); !good) return good;
  if (auto good = check_table<decltype(room::signals)>(value.signals); !good) return good;
  if (auto good = check_countries(value.adequate); !good) return good;
  if (auto good = check_table<decltype(room::opt_outs)>(value.opt_outs); !good) return good;
  if (auto good = check_table<decltype(room::on_behalf)>(value.on_behalf); !good) return good;
  if (auto good = check_opt_in(value); !good) return good;
  if (!prohibits_card_secrets(value)) {
    return error{errc::missing_field, "every profile prohibits card codes, tracks and PIN blocks"};
  }
  return {};
}

template <class Row>
constexpr bool depends_on_format =
    std::is_same_v<Row, reach_rule> || std::is_same_v<Row, age_rule> ||
    std::is_same_v<Row, deadline_rule>;

// --- writing -------------------------------------------------------------------------------

// The oldest format that says all of it.
std::uint64_t format_of(const law_profile& value) noexcept {
  const bool by_calendar = std::any_of(
      value.deadlines.begin(), value.deadlines.end(),
      [](const deadline_rule& row) { return row.months != 0 || row.working_days != 0; });
  const bool by_service = std::any_of(value.ages.begin(), value.ages.end(),
                                      [](const age_rule& row) { return row.services != 0; });
  if (by_calendar || by_service) return format;
  if (!value.on_behalf.empty()) return on_behalf_format;
  const bool in_reach =
      std::any_of(value.reaches.begin(), value.reaches.end(), [](const reach_rule& row) {
        return !row.direct_marketing.empty() || !row.only_categories.empty();
      });
  const bool in_ages = std::any_of(value.ages.begin(), value.ages.end(),
                                   [](const age_rule& row) { return !states_of(row).empty(); });
  return in_reach || in_ages || !value.opt_outs.empty() ? opt_out_format : first_format;
}

constexpr std::size_t age_members(std::uint64_t written) noexcept {
  if (written == first_format) return 5;
  return written < format ? 6 : 7;
}

template <class Set>
void write_set(cbor::writer& to, const Set& terms) noexcept {
  if (terms == Set::all()) {
    to.boolean(true);
  } else {
    codec::write_terms(to, terms);
  }
}

void write_scope(cbor::writer& to, const consent_scope& scope) noexcept {
  to.array(4);
  write_set(to, scope.purposes);
  write_set(to, scope.recipients);
  write_set(to, scope.categories);
  write_set(to, scope.operations);
}

template <class Enum>
void write_enum(cbor::writer& to, Enum value) noexcept {
  to.unsigned_integer(static_cast<std::uint64_t>(value));
}

void write_row(cbor::writer& to, const prohibition_rule& row) noexcept {
  to.array(3);
  write_scope(to, row.scope);
  write_enum(to, row.condition);
  to.text(row.law);
}
void write_row(cbor::writer& to, const reach_rule& row, std::uint64_t written) noexcept {
  to.array(written == first_format ? 7 : 9);
  write_enum(to, row.kind);
  to.unsigned_integer(row.by);
  to.unsigned_integer(row.bases);
  write_set(to, row.always);
  write_set(to, row.except_purposes);
  write_set(to, row.except_operations);
  if (written != first_format) {
    write_set(to, row.direct_marketing);
    write_set(to, row.only_categories);
  }
  to.text(row.law);
}
void write_row(cbor::writer& to, const basis_rule& row) noexcept {
  to.array(5);
  write_scope(to, row.scope);
  write_enum(to, row.basis);
  to.boolean(row.needs_assertion);
  to.boolean(row.sensitive);
  to.text(row.law);
}
void write_row(cbor::writer& to, const obligation_rule& row) noexcept {
  to.array(3);
  write_scope(to, row.scope);
  codec::write_obligations(to, row.required);
  to.text(row.law);
}
void write_row(cbor::writer& to, const sensitive_rule& row) noexcept {
  to.array(3);
  write_set(to, row.categories);
  write_enum(to, row.strength);
  to.text(row.law);
}
void write_row(cbor::writer& to, const country_code& row) noexcept {
  to.text({row.data(), row.size()});
}
void write_row(cbor::writer& to, const age_rule& row, std::uint64_t written) noexcept {
  to.array(age_members(written));
  to.unsigned_integer(row.below);
  write_set(to, row.purposes);
  to.unsigned_integer(row.by);
  write_enum(to, row.strength);
  if (written != first_format) {
    const auto states = states_of(row);
    to.array(states.size());
    for (const country_code& state : states) write_row(to, state);
  }
  if (written >= format) to.unsigned_integer(row.services);
  to.text(row.law);
}
void write_row(cbor::writer& to, const deadline_rule& row, std::uint64_t written) noexcept {
  to.array(written < format ? 3 : 5);
  write_enum(to, row.kind);
  to.unsigned_integer(row.hours);
  if (written >= format) {
    to.unsigned_integer(row.months);
    to.unsigned_integer(row.working_days);
  }
  to.text(row.law);
}
void write_row(cbor::writer& to, const signal_rule& row) noexcept {
  to.array(5);
  write_enum(to, row.signal);
  to.unsigned_integer(row.sections);
  write_set(to, row.purposes);
  write_set(to, row.recipients);
  to.text(row.law);
}
void write_row(cbor::writer& to, const opt_out_rule& row) noexcept {
  to.array(2);
  write_set(to, row.purposes);
  to.text(row.law);
}
void write_row(cbor::writer& to, const on_behalf_rule& row) noexcept {
  to.array(2);
  write_set(to, row.recipients);
  to.text(row.law);
}

template <class Row>
void write_table(cbor::writer& to, std::span<const Row> rows, std::uint64_t written) noexcept {
  to.array(rows.size());
  for (const Row& row : rows) {
    if constexpr (depends_on_format<Row>) {
      write_row(to, row, written);
    } else {
      write_row(to, row);
    }
  }
}

// --- reading -------------------------------------------------------------------------------

template <class Id, class Set>
void read_set(cbor::reader& from, Set& to) noexcept {
  if (from.next() == cbor::kind::simple) {
    if (!from.boolean()) from.fail(errc::invalid_encoding, "a set is a list, or true for all");
    to = Set::all();
    return;
  }
  codec::read_terms<Id>(from, to);
  if (to == Set::all()) from.fail(errc::invalid_encoding, "a set of all has a shorter form");
}

void read_scope(cbor::reader& from, consent_scope& to) noexcept {
  codec::count(from, 4);
  read_set<purpose_id>(from, to.purposes);
  read_set<recipient_id>(from, to.recipients);
  read_set<category_id>(from, to.categories);
  read_set<operation_id>(from, to.operations);
}

template <class Enum>
void read_enum(cbor::reader& from, Enum& to) noexcept {
  to = static_cast<Enum>(codec::number<std::uint8_t>(from));
}

void read_row(cbor::reader& from, prohibition_rule& row) noexcept {
  codec::count(from, 3);
  read_scope(from, row.scope);
  read_enum(from, row.condition);
  row.law = from.text();
}
void read_row(cbor::reader& from, reach_rule& row, std::uint64_t written) noexcept {
  codec::count(from, written == first_format ? 7 : 9);
  read_enum(from, row.kind);
  row.by = codec::number<std::uint8_t>(from);
  row.bases = codec::number<std::uint8_t>(from);
  read_set<purpose_id>(from, row.always);
  read_set<purpose_id>(from, row.except_purposes);
  read_set<operation_id>(from, row.except_operations);
  if (written != first_format) {
    read_set<purpose_id>(from, row.direct_marketing);
    read_set<category_id>(from, row.only_categories);
  }
  row.law = from.text();
}
void read_row(cbor::reader& from, basis_rule& row) noexcept {
  codec::count(from, 5);
  read_scope(from, row.scope);
  read_enum(from, row.basis);
  row.needs_assertion = from.boolean();
  row.sensitive = from.boolean();
  row.law = from.text();
}
void read_row(cbor::reader& from, obligation_rule& row) noexcept {
  codec::count(from, 3);
  read_scope(from, row.scope);
  row.required = codec::read_obligations(from);
  row.law = from.text();
}
void read_row(cbor::reader& from, sensitive_rule& row) noexcept {
  codec::count(from, 3);
  read_set<category_id>(from, row.categories);
  read_enum(from, row.strength);
  row.law = from.text();
}
void read_row(cbor::reader& from, country_code& row) noexcept {
  const std::string_view text = from.text();
  if (from.failed()) return;
  if (text.size() != row.size() || text[0] < 'A') {
    return from.fail(errc::invalid_value, "countries are two capital letters, ascending");
  }
  row = {text[0], text[1]};
}
void read_row(cbor::reader& from, age_rule& row, std::uint64_t written) noexcept {
  codec::count(from, age_members(written));
  row.below = codec::number<std::uint8_t>(from);
  read_set<purpose_id>(from, row.purposes);
  row.by = codec::number<std::uint8_t>(from);
  read_enum(from, row.strength);
  if (written != first_format) {
    const std::size_t count = from.array();
    if (count > row.states.size()) {
      return from.fail(errc::limit_exceeded, "a row of the age table names at most 16 states");
    }
    for (std::size_t i = 0; i < count && !from.failed(); ++i) read_row(from, row.states[i]);
  }
  if (written >= format) row.services = codec::number<std::uint8_t>(from);
  row.law = from.text();
}
void read_row(cbor::reader& from, deadline_rule& row, std::uint64_t written) noexcept {
  codec::count(from, written < format ? 3 : 5);
  read_enum(from, row.kind);
  row.hours = codec::number<std::uint32_t>(from);
  if (written >= format) {
    row.months = codec::number<std::uint32_t>(from);
    row.working_days = codec::number<std::uint32_t>(from);
  }
  row.law = from.text();
}
void read_row(cbor::reader& from, signal_rule& row) noexcept {
  codec::count(from, 5);
  read_enum(from, row.signal);
  row.sections = codec::number<std::uint32_t>(from);
  read_set<purpose_id>(from, row.purposes);
  read_set<recipient_id>(from, row.recipients);
  row.law = from.text();
}
void read_row(cbor::reader& from, opt_out_rule& row) noexcept {
  codec::count(from, 2);
  read_set<purpose_id>(from, row.purposes);
  row.law = from.text();
}
void read_row(cbor::reader& from, on_behalf_rule& row) noexcept {
  codec::count(from, 2);
  read_set<recipient_id>(from, row.recipients);
  row.law = from.text();
}

template <class Row, std::size_t Most>
std::span<const Row> read_table(cbor::reader& from, std::array<Row, Most>& room,
                                std::uint64_t written) noexcept {
  const std::size_t count = from.array();
  if (count > Most) {
    from.fail(errc::limit_exceeded, "a table of a profile has more rows than it may");
    return {};
  }
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    room[i] = {};
    if constexpr (depends_on_format<Row>) {
      read_row(from, room[i], written);
    } else {
      read_row(from, room[i]);
    }
  }
  return {room.data(), count};
}

/// What the signature covers: a context of its own, and the digest of the canonical form.
auto signed_part(byte_view canonical) noexcept {
  std::array<std::byte, signing_context.size() + crypto::digest::size()> out{};
  copy_bytes(byte_span(out), as_bytes(signing_context));
  copy_bytes(byte_span(out).subspan(signing_context.size()), profile_digest(canonical));
  return out;
}

}  // namespace

result<byte_view> encode_profile(const law_profile& value, byte_span out) noexcept {
  if (auto good = check_file(value); !good) return good.error();
  const std::uint64_t written = format_of(value);
  cbor::writer to(out);
  to.array(static_cast<std::size_t>(members_of(written)));
  to.unsigned_integer(written);
  to.unsigned_integer(value.id.value);
  to.unsigned_integer(value.version);
  to.text(value.name);
  to.text(value.title);
  to.text(value.unverified);
  write_enum(to, value.minimum_strength);
  to.unsigned_integer(value.child_below);
  write_table(to, value.prohibitions, written);
  write_table(to, value.reaches, written);
  write_table(to, value.bases, written);
  write_table(to, value.obligations, written);
  write_table(to, value.sensitive, written);
  write_table(to, value.ages, written);
  write_table(to, value.deadlines, written);
  write_table(to, value.signals, written);
  write_table(to, value.adequate, written);
  if (written >= opt_out_format) write_table(to, value.opt_outs, written);
  if (written >= on_behalf_format) write_table(to, value.on_behalf, written);
  if (to.size() > max_profile_bytes) {
    return error{errc::limit_exceeded, "a profile has at most 65536 bytes", max_profile_bytes};
  }
  return to.finish();
}

result<law_profile> decode_profile(byte_view bytes, profile_room& room) noexcept {
  if (bytes.size() > max_profile_bytes) {
    return error{errc::limit_exceeded, "a profile has at most 65536 bytes", max_profile_bytes};
  }
  cbor::reader from(bytes);
  law_profile out;
  const std::size_t count = from.array();
  const std::uint64_t written = from.unsigned_integer();
  if (written > format && !from.failed()) {
    return error{errc::newer_format, "a newer version wrote this profile: update clientbook"};
  }
  if (written < first_format || count != members_of(written)) {
    from.fail(errc::invalid_encoding,
              "a profile of format n has sixteen members and n, 19 at most");
  }
  out.id = profile_id(codec::number<std::uint16_t>(from));
  out.version = codec::number<std::uint32_t>(from);
  out.name = from.text();
  out.title = from.text();
  out.unverified = from.text();
  read_enum(from, out.minimum_strength);
  out.child_below = codec::number<std::uint8_t>(from);
  out.prohibitions = read_table(from, room.prohibitions, written);
  out.reaches = read_table(from, room.reaches, written);
  out.bases = read_table(from, room.bases, written);
  out.obligations = read_table(from, room.obligations, written);
  out.sensitive = read_table(from, room.sensitive, written);
  out.ages = read_table(from, room.ages, written);
  out.deadlines = read_table(from, room.deadlines, written);
  out.signals = read_table(from, room.signals, written);
  out.adequate = read_table(from, room.adequate, written);
  if (written >= opt_out_format) out.opt_outs = read_table(from, room.opt_outs, written);
  if (written >= on_behalf_format) out.on_behalf = read_table(from, room.on_behalf, written);
  if (const auto whole = from.finish(); !whole) return whole.error();
  if (auto good = check_file(out); !good) return good.error();
  if (format_of(out) != written) {
    return error{errc::invalid_encoding, "a profile is written in the oldest format that says it"};
  }
  return out;
}

crypto::digest profile_digest(byte_view canonical) noexcept { return crypto::hash(canonical); }

result<byte_view> sign_profile(byte_view canonical, const crypto::signing_key& key,
                               byte_span out) noexcept {
  if (canonical.size() > max_profile_bytes) {
    return error{errc::limit_exceeded, "a profile has at most 65536 bytes", max_profile_bytes};
  }
  cbor::writer to(out);
  to.array(4);
  to.text(file_mark);
  to.bytes(canonical);
  to.bytes(key.public_key());
  to.bytes(key.sign(signed_part(canonical)));
  return to.finish();
}

result<signed_profile> open_signed_profile(byte_view file) noexcept {
  if (file.size() > max_signed_profile_bytes) {
    return error{errc::limit_exceeded, "a signed profile has at most 65792 bytes",
                 max_signed_profile_bytes};
  }
  cbor::reader from(file);
  signed_profile out;
  codec::count(from, 4);
  if (from.text() != file_mark && !from.failed()) {
    from.fail(errc::invalid_encoding, "this is no signed profile");
  }
  out.canonical = from.bytes();
  codec::read_bytes(from, out.key.bytes);
  codec::read_bytes(from, out.signature.bytes);
  if (const auto whole = from.finish(); !whole) return whole.error();
  return out;
}

result<void> check_profile_signature(const signed_profile& file,
                                     std::span<const crypto::verifying_key> trusted) noexcept {
  if (std::find(trusted.begin(), trusted.end(), file.key) == trusted.end()) {
    return error{errc::signature_invalid, "the profile is signed by a key that nobody trusts"};
  }
  return crypto::verify(file.signature, signed_part(file.canonical), file.key);
}

}  // namespace clientbook
