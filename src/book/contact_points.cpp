// Tokens of contact points, what was said of each, and lists without those that are closed.
#include "contact_points.hpp"

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/internal/unicode/address_form.hpp>
#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <algorithm>
#include <string>

namespace clientbook {
namespace {

// The zero that is dialled at home and the country's code stand before these.
constexpr std::size_t telling_digits = 8;

std::string digits_of(std::string_view number) {
  std::string out;
  for (const char c : number) {
    if (c >= '0' && c <= '9') out.push_back(c);
  }
  if (out.size() > telling_digits) out.erase(0, out.size() - telling_digits);
  return out;
}

void put(std::string& to, char32_t letter) {
  for (int shift = 0; shift < 24; shift += 8) {
    to.push_back(static_cast<char>(letter >> static_cast<unsigned>(shift) & 0xffU));
  }
}

// Letters and digits without case and accents; of an e-mail address also the signs.
std::string folded(std::string_view text, bool with_signs) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    at += c.size == 0 ? 1 : c.size;
    const auto is = unicode::class_of(c.value);
    if (is == unicode::char_class::letter || is == unicode::char_class::digit) {
      const auto letters = unicode::fold(c.value).letters;
      // An accent that stands alone is a part of its letter.
      if (letters[0] == 0) continue;
      for (const char32_t letter : letters) put(out, letter);
    } else if (with_signs && c.value > U' ') {
      put(out, c.value);
    }
  }
  return out;
}

std::string canonical(field_id field, std::string_view value) {
  if (field == field::phones) return digits_of(value);
  if (field != field::emails) return folded(value, false);
  auto address = unicode::comparable_address<std::string>(value);
  std::string out = folded(address, true);
  wipe(std::as_writable_bytes(std::span(address)));
  return out;
}

result<contact_point> point_of(const secret<32>& key, field_id field, std::string telling) {
  if (telling.empty()) {
    return error{errc::invalid_value, "that is no e-mail address, phone number or address"};
  }
  const std::byte which{field.value};
  const std::array<byte_view, 3> parts{as_bytes("clientbook contact point"), byte_view(&which, 1),
                                       as_bytes(telling)};
  const auto token = crypto::blind_token(key, 64, parts);
  wipe(std::as_writable_bytes(std::span(telling)));
  if (!token) return token.error();
  contact_point out{.field = field, .token = {}};
  copy_bytes(out.token, byte_view(token->bytes).first(out.token.size()));
  return out;
}

std::string text_of(const email_address& one) { return std::string(one.address.reveal()); }
std::string text_of(const phone_number& one) { return std::string(one.number.reveal()); }
std::string text_of(const postal_address& one) {
  std::string out;
  for (const personal_text& part :
       {one.line1, one.line2, one.line3, one.postal_code, one.city, one.region}) {
    out.append(part.reveal()).append(" ");
  }
  return out.append(one.country);
}

template <class T>
result<std::vector<contact_point>> points_of(const secret<32>& key, field_id field,
                                             byte_view list) {
  const auto all = list_of<T>::of(list);
  if (!all) return all.error();
  std::vector<contact_point> out;
  for (const T& one : *all) {
    std::string text = text_of(one);
    const auto point = contact_point_of(key, field, text);
    wipe(std::as_writable_bytes(std::span(text)));
    // What has nothing to tell it by is told from all others by nothing: it is never open alone.
    out.push_back(point ? *point : contact_point{.field = field, .token = {}});
  }
  return out;
}

// The list again, with those elements alone; in place, since it only grows shorter.
byte_view keep_only(byte_span value, const std::vector<bool>& kept) {
  cbor::reader from(value);
  const std::size_t count = from.array();
  if (from.failed() || count != kept.size()) return {};
  wiped_bytes left(value.size());
  cbor::writer to(left);
  to.array(static_cast<std::size_t>(std::count(kept.begin(), kept.end(), true)));
  for (std::size_t i = 0; i < count; ++i) {
    const byte_view item = from.item();
    if (from.failed()) return {};
    if (kept[i]) to.item(item);
  }
  const auto done = to.finish();
  if (!done || !from.finish() || done->size() > value.size()) return {};
  copy_bytes(value, *done);
  wipe(value.subspan(done->size()));
  return value.first(done->size());
}

bool names(const directive& said, const contact_point& which) noexcept {
  return std::find(said.contacts.begin(), said.contacts.end(), which) != said.contacts.end();
}

}  // namespace

result<contact_point> contact_point_of(const secret<32>& key, field_id field,
                                       std::string_view value) {
  if (!with_contact_points.has(field)) {
    return error{errc::invalid_value, "that is no e-mail address, phone number or address"};
  }
  return point_of(key, field, canonical(field, value));
}

result<std::vector<contact_point>> contact_points_of(const secret<32>& key, field_id field,
                                                     byte_view list) {
  if (list.empty()) return std::vector<contact_point>();
  if (field == field::emails) return points_of<email_address>(key, field, list);
  if (field == field::phones) return points_of<phone_number>(key, field, list);
  return points_of<postal_address>(key, field, list);
}

std::vector<contact_point> named_contacts(std::span<const directive> said) {
  std::vector<contact_point> out;
  for (const directive& one : said) {
    for (const contact_point& each : one.contacts) {
      if (each.field == field_id{} || out.size() == max_told_apart) break;
      if (std::find(out.begin(), out.end(), each) == out.end()) out.push_back(each);
    }
  }
  return out;
}

std::vector<directive> said_of(std::span<const directive> said,
                               std::span<const contact_point> named, std::size_t which) {
  std::vector<directive> out;
  out.reserve(said.size());
  for (const directive& one : said) {
    if (is_about_contacts(one)) {
      const auto told_apart = [&](const contact_point& each) {
        return each.field == field_id{} ||
               std::find(named.begin(), named.end(), each) != named.end();
      };
      const bool all_told = std::all_of(one.contacts.begin(), one.contacts.end(), told_apart);
      const bool this_one = which != 0 && names(one, named[which - 1]);
      // Of one that is not told apart: what closes it closes all, what opens it opens nothing.
      if (!this_one && (all_told || widens(one.kind))) continue;
    }
    out.push_back(one);
    out.back().contacts = {};
  }
  return out;
}

bool contact_limits::opens(const contact_point& which) const noexcept {
  for (const rule& one : named) {
    if (one.which == which) return one.open;
  }
  return others.has(which.field);
}

std::uint8_t contact_limits::closing_stage(field_id field) const noexcept {
  std::uint8_t first = 7;
  for (const rule& one : named) {
    if (one.which.field == field && !one.open) first = std::min(first, one.stage);
  }
  for (std::size_t i = 0; i < contact_fields.size(); ++i) {
    if (contact_fields[i] == field && !others.has(field))
      first = std::min(first, stages_of_others[i]);
  }
  return first;
}

redaction_operator contact_limits::form_of(const contact_point& which) const noexcept {
  for (const rule& one : named) {
    if (one.which == which) return one.form;
  }
  for (std::size_t i = 0; i < contact_fields.size(); ++i) {
    if (contact_fields[i] == which.field) return forms_of_others[i];
  }
  return redaction_operator::drop;
}

byte_view without_closed(const secret<32>& key, field_id field, byte_span value,
                         const contact_limits& limits, std::size_t& closed) {
  closed = 0;
  const auto points = contact_points_of(key, field, value);
  if (!points) return {};
  std::vector<bool> kept;
  for (const contact_point& one : *points) kept.push_back(limits.opens(one));
  closed = static_cast<std::size_t>(std::count(kept.begin(), kept.end(), false));
  if (closed == 0) return value;
  if (closed == kept.size()) {
    wipe(value);
    return {};
  }
  return keep_only(value, kept);
}

}  // namespace clientbook
