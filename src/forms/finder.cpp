// Asks the scanner about a text with the name of its field before it, as if both were prose, and
// again about what is left, until nothing more is found: so that redacting twice changes nothing.
#include "line_fields.hpp"
#include "names.hpp"
#include "readers.hpp"
#include "text_tables.hpp"

#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/folded_hash.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>

namespace clientbook::forms {
namespace {

constexpr std::size_t longest_whole = 256;  // Bytes of a value that its name hides whole.
constexpr std::size_t shortest_prose = 40;  // `1002 Berlin` under a name of goods.
constexpr int most_rounds = 4;
constexpr std::size_t most_numbers = 65536;
constexpr std::uint8_t named_score = 90;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

struct content {
  std::size_t digits = 0;
  std::size_t letters = 0;
  bool at_sign = false;
  bool opaque = false;
};
content content_of(std::string_view text) {
  content out;
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    at += c.size == 0 ? 1 : c.size;
    const unicode::char_class is = unicode::class_of(c.value);
    if (is == unicode::char_class::digit) ++out.digits;
    if (is == unicode::char_class::letter) ++out.letters;
    out.at_sign = out.at_sign || c.value == '@';
    out.opaque = out.opaque || c.value == 1;
  }
  return out;
}

// What stands where nothing is known.
bool says_nothing(std::string_view text) {
  if (text.size() > 14) return false;
  plain_text small;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      small += static_cast<char>(c | 0x20);
    } else if (c != '.' && c != '/' && c != ' ') {
      small += c;
    }
  }
  static constexpr auto all = std::to_array<std::string_view>(
      {"null",    "none", "na",    "nan", "nil",     "undefined", "unknown", "unbekannt",
       "inconnu", "true", "false", "yes", "no",      "ja",        "nein",    "oui",
       "non",     "si",   "sim",   "nao", "not set", "empty",     "keine",   "keiner",
       "leer",    "tbd",  "xxx",   "x",   "string",  "integer",   "number"});
  for (const std::string_view one : all) {
    if (small == one) return true;
  }
  return false;
}

// Digits alone, with a sign, dots or a comma: `2125550187`, `1780000000.25`, `-3`.
bool bare_number(std::string_view text) {
  std::size_t marks = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') continue;
    if ((c != '.' && c != ',' && c != '-') || ++marks > 1) return false;
  }
  return !text.empty() && text.front() != '.';
}

struct asked {
  entity_type type;
  std::size_t digits;   // At least so many,
  std::size_t letters;  // or so many of these.
};
bool asks(field_meaning meaning, asked& what) {
  switch (meaning) {
    case field_meaning::payment_card:
      what = {entity_type::payment_card, 8, 999};
      return true;
    case field_meaning::card_expiry:
      what = {entity_type::card_expiry, 2, 999};
      return true;
    case field_meaning::card_code:
      what = {entity_type::card_code, 3, 999};
      return true;
    case field_meaning::iban:
      what = {entity_type::iban, 4, 999};
      return true;
    case field_meaning::bank_account:
      what = {entity_type::bank_account, 4, 999};
      return true;
    case field_meaning::national_id:
      what = {entity_type::national_id, 4, 999};
      return true;
    case field_meaning::email_address:
      what = {entity_type::email_address, 999, 3};
      return true;
    case field_meaning::phone_number:
      what = {entity_type::phone_number, 4, 999};
      return true;
    case field_meaning::ip_address:
      what = {entity_type::ip_address, 2, 999};
      return true;
    case field_meaning::url:
      what = {entity_type::url, 6, 3};
      return true;
    case field_meaning::mac_address:
      what = {entity_type::mac_address, 2, 999};
      return true;
    case field_meaning::imei:
      what = {entity_type::imei, 8, 999};
      return true;
    case field_meaning::vehicle_id:
      what = {entity_type::vehicle_id, 2, 999};
      return true;
    case field_meaning::date_of_birth:
      what = {entity_type::date_of_birth, 2, 999};
      return true;
    case field_meaning::street:
    case field_meaning::town:
      what = {entity_type::postal_address, 1, 2};
      return true;
    case field_meaning::postcode:
      what = {entity_type::postal_address, 2, 3};
      return true;
    case field_meaning::person_name:
      what = {entity_type::person_name, 999, 1};
      return true;
    default:
      return false;
  }
}

// Whether a find needs no word beside it; `text` is what was found. A number of the shop alone may
// look like the card numbers of 12 or 13 digits (article numbers begin like old Visa cards, parcels
// like Maestro cards) and like a country code without its sign.
bool proves_itself(scan_rule rule, std::string_view text, bool alone) {
  switch (rule) {
    case scan_rule::card_luhn:
      return !alone || text.size() > 13;
    case scan_rule::phone_international:
      return !alone || text[0] < '1' || text[0] > '9';
    case scan_rule::card_track:
    case scan_rule::iban_mod97:
    case scan_rule::email_written:
    case scan_rule::known_value:
    case scan_rule::url_scheme:
    case scan_rule::url_www:
    case scan_rule::url_rest:
    case scan_rule::ip_v4:
    case scan_rule::ip_v6:
    case scan_rule::mac_groups:
      return true;
    default:
      return false;
  }
}

// `124.2483`, `-12,50`: of no id, which a word of taxes alone may also mean.
bool like_amount(std::string_view text) {
  const std::size_t point = text.find_first_of(".,");
  if (point == text.npos || point > 7 || text.size() - point > 5) return false;
  return bare_number(text);
}

// `017139200145`: a number of the shop seldom begins with what is dialled before one.
bool dialled(std::string_view text) {
  return text.size() >= 10 && text[0] == '0' && text[1] != '0';
}

// Some words of ids count in capital letters alone; a name is no prose.
plain_text in_capitals(plain_text words) {
  for (char& c : words) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
  }
  return words;
}

bool holds_letters(std::string_view text) { return content_of(text).letters != 0; }

}  // namespace

namespace {

// Of an encoding that holds what is no UTF-8: a broken byte is a sign of its own, so that what
// stands around it is looked at.
void without_broken_bytes(plain_text& text) {
  for (std::size_t at = 0; at < text.size();) {
    at += valid_utf8_prefix(std::string_view(text).substr(at));
    if (at < text.size()) text[at++] = '\x02';
  }
}

}  // namespace

std::span<text_entity> finder::scan_all(plain_text& text) {
  if (!valid_utf8(text)) without_broken_bytes(text);
  for (;;) {
    const auto found = scan(text, options_.text.scan, room_);
    if (found) return *found;
    if (found.error().code != errc::buffer_too_small) return {};  // Options: checked before.
    room_.resize(2 * room_.size());
  }
}

bool finder::found_without_name(std::string_view text, const text_entity& like) {
  const auto found = scan(text, options_.text.scan, other_room_);
  if (!found) return true;
  return std::any_of(found->begin(), found->end(),
                     [&](const text_entity& one) { return one.rule == like.rule; });
}

// Whether whatever stands under the name is an id: asked with a number that is none.
bool finder::says_an_id(const field_name& name) {
  plain_text probe = in_capitals(name.words) + "10000001";
  const auto found = scan(probe, options_.text.scan, other_room_);
  return found && std::any_of(found->begin(), found->end(), [](const text_entity& one) {
           return one.rule == scan_rule::id_word;
         });
}

// Whether a find is no more than what any number may look like, in a field whose name says that
// it holds something else. `text` is the whole of the field.
bool finder::of_a_plain_number(const text_entity& found, std::string_view value,
                               std::string_view text, const field_name& name) {
  const bool bare = bare_number(text);
  if (name.words.empty()) return false;
  if (found.rule == scan_rule::id_word && name.meaning == field_meaning::unknown &&
      like_amount(text)) {
    return true;
  }
  if (name.meaning == field_meaning::goods) {
    // Of a tax its amount, or the number under which it is paid.
    const bool id = found.rule == scan_rule::id_word || found.rule == scan_rule::id_checked;
    if (name.words == "vat: " && id && value.size() >= 8) return false;
    if (proves_itself(found.rule, value, bare_number(value))) return false;
    if (!holds_letters(text) || bare_number(value)) return text.size() <= longest_whole;
    return found.rule == scan_rule::address_postcode && text.size() <= shortest_prose;
  }
  if (!bare || proves_itself(found.rule, value, false) || name.meaning == field_meaning::contact) {
    return false;
  }
  return (found.rule == scan_rule::phone_national && !dialled(text)) ||
         (found.rule == scan_rule::id_checked &&
          (name.words.ends_with(" id: ") || found_without_name(text, found)) && !says_an_id(name));
}

namespace {

// Of several that together are a number, each is less than the whole: `12` of a day, `4111` of a
// card, `GB` of an account, `March`. What stands in words beside them is none of it.
bool piece_says_enough(const asked& what, const content& has, std::string_view text) {
  constexpr std::size_t longest_group = 10;
  if (what.type == entity_type::date_of_birth) {
    return has.digits >= 1 || (has.letters >= 3 && text.size() <= 2 * longest_group);
  }
  if (what.letters != 999) return false;
  if (has.digits >= 1) return has.letters <= 4 && text.size() <= 2 * longest_group;
  const bool capitals = std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a'; });
  return what.type == entity_type::iban && has.letters >= 1 && has.letters <= 4 && capitals;
}

}  // namespace

bool finder::hides_whole(std::string_view text, const field_name& name, entity_type& type) const {
  asked what{};
  if (!asks(name.meaning, what) || text.empty() || text.size() > longest_whole) return false;
  type = what.type;
  if (!options_.text.scan.types.contains(type)) return false;
  const loose_text loose(text);
  const content has = content_of(loose.text());
  const bool code = type == entity_type::bank_account && shaped_as_bank_code(trimmed(text)) &&
                    is_of_bank_codes(name);
  if (has.digits < what.digits && has.letters < what.letters && !has.at_sign && !code &&
      !(name.piece && piece_says_enough(what, has, text))) {
    return false;
  }
  // `{"name": "ssn", "value": ...}`: what is named there is a field, or a thing of a program.
  if (type == entity_type::person_name &&
      (text.find_first_of("_/\\{}=") != text.npos ||
       read_field_name(text).meaning != field_meaning::unknown)) {
    return false;
  }
  return !says_nothing(text);
}

std::vector<hit> finder::whole(std::string_view text, entity_type type) {
  const std::string_view inner = trimmed(text);
  if (inner.empty()) return {};
  const auto begin = static_cast<std::size_t>(inner.data() - text.data());
  std::vector<hit> out;
  out.push_back(
      {begin, begin + inner.size(), {type, scan_rule::field_named, named_score, false}, {}});
  label(out, text);
  return out;
}

std::vector<hit> finder::find_in_doubt(std::string_view text) {
  const loose_text loose(text);
  if (content_of(loose.text()).digits >= 4) return whole(text, entity_type::national_id);
  return find(text, {});
}

namespace {

// The rules that digits alone may meet by chance, or by a word of another field.
bool of_digits(scan_rule rule) {
  switch (rule) {
    case scan_rule::card_luhn:
    case scan_rule::phone_international:
    case scan_rule::phone_national:
    case scan_rule::phone_word:
    case scan_rule::id_checked:
    case scan_rule::id_word:
    case scan_rule::id_document:
    case scan_rule::imei_luhn:
    case scan_rule::account_word:
    case scan_rule::date_birth:
      return true;
    default:
      return false;
  }
}

bool of_mail_header(const field_name& name) {
  const std::string_view words(name.words);
  return is_mail_header(words.substr(0, words.find(':')));
}

// What a field of a line must hold to be hidden whole: a name there may be one of a program's.
bool says_so(const line_field& field, std::string_view value) {
  const bool person = field.name.meaning == field_meaning::person_name && !is_bare_name(field.name);
  if (!field.assigned && !person) return false;
  const content has = content_of(value);
  switch (field.name.meaning) {
    case field_meaning::payment_card:
    case field_meaning::iban:
    case field_meaning::bank_account:
    case field_meaning::national_id:
    case field_meaning::phone_number:
    case field_meaning::imei:
    case field_meaning::date_of_birth:
    case field_meaning::street:
      return has.digits >= 2;
    case field_meaning::person_name:
      return has.digits == 0 && has.letters >= 2 && value.find_first_of("_/=.{") == value.npos &&
             !(value[0] >= 'a' && value[0] <= 'z') &&
             !names_nobody(value, of_mail_header(field.name));
    default:
      return false;
  }
}

}  // namespace

void finder::scan_beside(std::string_view text, const field_name& name,
                         std::vector<text_entity>& out) {
  // Words of its own decide: `Anna, 212-555-0187` is no number of an order.
  const bool prose = name.meaning == field_meaning::goods && holds_letters(text);
  beside_ = prose ? plain_text() : in_capitals(name.words);
  const std::size_t before = beside_.size();
  beside_ += text;
  const std::string_view inner = trimmed(text);
  for (text_entity one : scan_all(beside_)) {
    if (one.end <= before) continue;
    one.begin = std::max(one.begin, before) - before;
    one.end -= before;
    const std::string_view value = text.substr(one.begin, one.end - one.begin);
    if (!of_a_plain_number(one, value, inner, name)) out.push_back(one);
  }
}

// What the fields within the text, and the columns of its tables, say of what was found in them,
// and of what was not.
void finder::ask_fields(std::string_view text, std::vector<text_entity>& found) {
  for (const line_field& field : fields_in(text)) {
    const std::string_view value = text.substr(field.begin, field.end - field.begin);
    ask_field(text, field, says_so(field, value), found);
  }
  for (const line_field& cell : table_cells_in(text)) ask_field(text, cell, true, found);
}

// `whole`: its name hides all of it.
void finder::ask_field(std::string_view text, const line_field& field, bool whole,
                       std::vector<text_entity>& found) {
  const std::string_view value = text.substr(field.begin, field.end - field.begin);
  const auto inside = [&](const text_entity& one) {
    return one.begin >= field.begin && one.end <= field.end;
  };
  entity_type type{};
  if (whole && hides_whole(value, field.name, type)) {
    std::erase_if(found, inside);
    found.push_back({field.begin, field.end, type, scan_rule::field_named, named_score});
    return;
  }
  if (field.name.meaning == field_meaning::contact || !bare_number(trimmed(value))) return;
  const bool goods = field.name.meaning == field_meaning::goods;
  const auto in_doubt = [&](const text_entity& one) {
    return inside(one) && of_digits(one.rule) && (goods || field.assigned);
  };
  if (std::none_of(found.begin(), found.end(), in_doubt)) return;
  std::vector<text_entity> own;
  scan_beside(value, field.name, own);
  std::erase_if(found, [&](const text_entity& one) {
    return in_doubt(one) && std::none_of(own.begin(), own.end(), [&](const text_entity& kept) {
             return kept.begin + field.begin < one.end && one.begin < kept.end + field.begin;
           });
  });
}

namespace {

// An address on the web goes on over its own escapes, which were read as what they stand for:
// behind a `%20` there is more of it.
std::size_t over_escapes(std::string_view text, std::size_t end) {
  if (end >= text.size() || (text[end] != '%' && text[end] != '+')) return end;
  constexpr std::string_view ends = " \t\r\n<>\"`{}|\\^\x01";
  std::size_t last = std::min(text.find_first_of(ends, end), text.size());
  while (last > end && std::string_view(".,;:!?')]*_").find(text[last - 1]) != text.npos) --last;
  return last;
}

bool of_web(scan_rule rule) {
  return rule == scan_rule::url_scheme || rule == scan_rule::url_www ||
         rule == scan_rule::url_domain || rule == scan_rule::url_rest;
}

}  // namespace

void finder::scan_once(std::string_view text, const field_name& name, std::vector<hit>& out) {
  const loose_text loose(text);
  std::vector<text_entity> found;
  scan_beside(loose.text(), name, found);
  ask_fields(loose.text(), found);
  for (const text_entity& one : found) {
    const std::size_t end = loose.end_in(one.end);
    out.push_back({loose.begin_in(one.begin),
                   of_web(one.rule) ? over_escapes(text, end) : end,
                   {one.type, one.rule, one.score, one.rule == scan_rule::url_rest},
                   {}});
  }
  const entity_set& types = options_.text.scan.types;
  const bool goods = name.meaning == field_meaning::goods;
  if (goods && text.size() < shortest_prose) return;
  const auto add = [&](hit one) {
    one.begin = loose.begin_in(one.begin);
    one.end = loose.end_in(one.end);
    // What else was found there stays what it is.
    const bool apart = std::none_of(out.begin(), out.end(), [&](const hit& a) {
      return a.begin < one.end && one.begin < a.end;
    });
    if (apart) out.push_back(std::move(one));
  };
  for (hit& one : names_in(loose.text())) {
    // What goods are called looks like names of the lists.
    const bool of_goods = goods && one.as.rule == scan_rule::name_list;
    if (types.contains(one.as.type) && !of_goods) add(std::move(one));
  }
}

namespace {

// The text with signs in the place of what is hidden, and where its bytes stand.
plain_text hidden_in(std::string_view text, std::span<const hit> hits) {
  plain_text out;
  std::size_t kept = 0;
  for (const hit& one : hits) {
    out += text.substr(kept, one.begin - kept);
    out += '\x01';
    kept = one.end;
  }
  return out += text.substr(kept);
}

// A range of what hidden_in() gave, in the text.
std::pair<std::size_t, std::size_t> in_text(std::span<const hit> hits, std::size_t begin,
                                            std::size_t end) {
  std::size_t from = 0;
  std::size_t to = 0;
  std::size_t place = 0;  // In what hidden_in() gave.
  std::size_t text = 0;
  const auto map = [&](std::size_t want, bool is_end) {
    place = text = 0;
    for (const hit& one : hits) {
      const std::size_t at = place + (one.begin - text);
      if (want < at + (is_end ? 1U : 0U)) break;
      if (want == at && !is_end) return one.begin;
      if (want == at + 1 && is_end) return one.end;
      place = at + 1;
      text = one.end;
      if (want < place) break;
    }
    return text + (want - place);
  };
  from = map(begin, false);
  to = map(end, true);
  return {from, to};
}

// In order and apart: what touches becomes one.
void merge(std::vector<hit>& hits) {
  std::stable_sort(hits.begin(), hits.end(),
                   [](const hit& a, const hit& b) { return a.begin < b.begin; });
  std::vector<hit> out;
  for (hit& one : hits) {
    if (!out.empty() && (one.begin < out.back().end ||
                         (one.begin == out.back().end && one.as.rule == scan_rule::url_rest))) {
      out.back().end = std::max(out.back().end, one.end);
    } else {
      out.push_back(std::move(one));
    }
  }
  hits = std::move(out);
}

}  // namespace

std::vector<hit> finder::scan_until_clean(std::string_view text, const field_name& name) {
  std::vector<hit> hits;
  scan_once(text, name, hits);
  for (int round = 1; !hits.empty(); ++round) {
    merge(hits);
    if (round > most_rounds) return whole(text, hits.front().as.type);
    const plain_text left = hidden_in(text, hits);
    std::vector<hit> more;
    scan_once(left, name, more);
    if (more.empty()) break;
    for (hit& one : more) {
      const auto [begin, end] = in_text(hits, one.begin, one.end);
      one.begin = begin;
      one.end = end;
    }
    hits.insert(hits.end(), more.begin(), more.end());
  }
  label(hits, text);
  return hits;
}

void finder::label(std::vector<hit>& hits, std::string_view text) {
  for (hit& one : hits) {
    if (options_.text.mark == text_mark::blocks) {
      one.label = "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88";
      continue;
    }
    one.label = "<";
    for (const char c : name_of(one.as.type)) {
      one.label += c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
    }
    if (options_.text.mark == text_mark::numbered_label) {
      const std::uint64_t value = unicode::folded_hash(text.substr(one.begin, one.end - one.begin),
                                                       static_cast<std::uint64_t>(one.as.type));
      auto number = numbers_.find(value);
      if (number == numbers_.end() && numbers_.size() < most_numbers) {
        number =
            numbers_.emplace(value, ++last_numbers_[static_cast<std::size_t>(one.as.type)]).first;
      }
      if (number != numbers_.end()) (one.label += '_') += std::to_string(number->second);
    }
    one.label += '>';
  }
}

std::vector<hit> finder::find(std::string_view text, const field_name& name, int depth) {
  const std::string_view inner = trimmed(text);
  if (inner.empty()) return {};
  entity_type type{};
  if (hides_whole(inner, name, type)) return whole(text, type);
  if (depth < most_depth) {
    const text_form form = sniff_within(text);
    if (form != text_form::plain) return hits_within(text, form, *this, depth + 1);
  }
  return scan_until_clean(text, name);
}

namespace {

// `zoe@example.com<span>Total</span>`: a capital letter behind the tag begins another word.
void end_at_tag(std::vector<hit>& hits, const hit& ends, std::string_view text) {
  if (ends.end == 0 || ends.end >= text.size()) return;
  const char last = text[ends.end - 1];
  const char behind = text[ends.end];
  if (last < 'a' || last > 'z' || behind < 'A' || behind > 'Z') return;
  for (hit& one : hits) {
    const bool same = one.as.type == ends.as.type && one.begin < ends.end && ends.end < one.end;
    if (same && one.as.rule != scan_rule::field_named) one.end = ends.end;
  }
}

}  // namespace

std::vector<hit> finder::find(const block& of, const field_name& name, int depth) {
  std::vector<hit> hits = find(of.text(), name, depth);
  std::vector<std::size_t> where;
  const plain_text parted = of.parted(where);
  if (where.empty()) return hits;
  const auto in_text = [&](std::size_t at) {
    return at - static_cast<std::size_t>(std::lower_bound(where.begin(), where.end(), at) -
                                         where.begin());
  };
  std::vector<hit> more = find(parted, name, depth);
  for (hit& one : more) {
    const bool at_tag = std::binary_search(where.begin(), where.end(), one.end);
    one.begin = in_text(one.begin);
    one.end = in_text(one.end);
    if (at_tag) end_at_tag(hits, one, of.text());
  }
  hits.insert(hits.end(), more.begin(), more.end());
  merge(hits);
  return hits;
}

}  // namespace clientbook::forms
