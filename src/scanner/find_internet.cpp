// E-mail addresses, URLs and IP addresses, each around a sign that shows it: `@`, `://`, a dot, a
// colon.
//
// Their form proves them. Where they end is a guess about punctuation; one that is too long hides a
// full stop, one that is too short would show a part of an address.
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// RFC 5321: 64 octets before the @; letters of all scripts by RFC 6531.
constexpr std::size_t longest_local = 128;
constexpr std::size_t longest_domain = 255;
constexpr std::size_t longest_shortened = 3;  // `ver.`, `no.`

// Not `|`, though it may be one: between two values of a line it is no part of the second.
bool local_sign(unsigned char c) noexcept {
  switch (c) {
    case '.':
    case '_':
    case '-':
    case '+':
    case '%':
    case '\'':
    case '&':
    case '~':
    case '#':
    case '!':
    case '$':
    case '*':
    case '=':
    case '^':
    case '{':
    case '}':
    case '?':
    case '`':
    case '/':
      return true;
    default:
      return false;
  }
}

bool domain_letter(seen c) noexcept {
  const char_class is = class_of(c.value);
  return c.size != 0 && (is == char_class::letter || is == char_class::digit);
}

// What a reader does not see: marks of direction, joiners, soft hyphens.
bool is_invisible(char32_t c) noexcept {
  if constexpr (compact) return false;
  return c == 0xAD || c == 0x61C || c == 0x180E || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
         (c >= 0xFE00 && c <= 0xFE0F);
}

// The plain sign of a full-width one.
char32_t narrow(char32_t c) noexcept {
  return !compact && c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
}

// Languages written without spaces: their letters stand directly before an address.
bool without_spaces(char32_t c) noexcept {
  return (c >= 0x2E80 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00);
}

bool is_dot(char32_t c) noexcept { return c == '.' || c == 0x3002 || c == 0xFF0E; }

// A top-level domain: two letters at least, or punycode.
bool top_level(const text_window& text, std::size_t from, std::size_t to) noexcept {
  std::size_t letters = 0;
  bool digits = false;
  for (std::size_t at = from; at < to;) {
    const seen c = text.next(at);
    at += c.size;
    if (class_of(c.value) == char_class::letter) {
      ++letters;
    } else {
      digits = true;
    }
  }
  const bool punycode = to - from > 4 && (text[from] | 0x20) == 'x' &&
                        (text[from + 1] | 0x20) == 'n' && text[from + 2] == '-';
  return punycode || (letters >= 2 && !digits);
}

// `example.com34`: where the letters of a label end that digits are glued to; `from` without any.
std::size_t before_digits(const text_window& text, std::size_t from, std::size_t to) noexcept {
  std::size_t letters = from;
  while (letters < to && text.letter_at(letters)) ++letters;
  std::size_t end = letters;
  while (end < to && text.digit_at(end)) ++end;
  return letters - from >= 2 && end == to ? letters : from;
}

struct domain_read {
  std::size_t end = 0;  // 0: none.
  std::size_t top = 0;  // Where the last label begins.
  std::size_t labels = 0;
};

// Labels of letters, digits and inner hyphens with dots between; the last is a top level.
// `of_mail`: with what nobody sees between, and without digits that are glued to it.
template <bool of_mail = false>
domain_read read_domain(const text_window& text, std::size_t at) noexcept {
  domain_read out;
  const std::size_t begin = at;
  std::size_t label = at;
  for (;;) {
    std::size_t end = label;
    while (end - begin < longest_domain) {
      const seen c = text.next(end);
      if (domain_letter(c) ||
          (of_mail && is_invisible(c.value) && domain_letter(text.next(end + c.size)))) {
        end += c.size;
      } else if (c.value == '-' && end > label) {
        std::size_t after = end + 1;
        while (text[after] == '-') ++after;
        if (after - end > 4 || !domain_letter(text.next(after))) break;
        end = after;
      } else {
        break;
      }
    }
    if (end == label) return out;
    ++out.labels;
    if (out.labels > 1 && top_level(text, label, end)) {
      out.end = end;
      out.top = label;
    } else if (of_mail && out.labels > 1) {
      const std::size_t letters = before_digits(text, label, end);
      if (letters != label) {
        out.end = letters;
        out.top = label;
      }
    }
    const seen dot = text.next(end);
    if (!is_dot(dot.value) || end - begin >= longest_domain) return out;
    label = end + dot.size;
  }
}

// [192.168.0.1] and a bare IPv4 address stand for a domain.
std::size_t address_literal(const text_window& text, std::size_t at) noexcept {
  const bool bracket = text[at] == '[';
  if (bracket) ++at;
  const find ip = ipv4_at(text, at);
  if (!ip) return 0;
  if (!bracket) return ip.end;
  return text[ip.end] == ']' ? ip.end + 1 : 0;
}

}  // namespace

find email_at(const text_window& text, std::size_t at) noexcept {
  const std::size_t sign = text.next(at).size;
  std::size_t begin = at;
  if (text[at - 1] == '"') {
    // RFC 5322 quoted-string.
    for (std::size_t back = 2; back < 66 && back <= at; ++back) {
      if (text[at - back] == '\n' || text[at - back] == 0) break;
      if (text[at - back] == '"') {
        begin = at - back;
        break;
      }
    }
    if (begin == at) return {};
  } else {
    bool other_script = false;  // Letters other than ASCII have been seen in it.
    while (at - begin < longest_local) {
      const seen c = text.previous(begin);
      if (c.size == 0) break;
      if (is_invisible(c.value)) {
        begin -= c.size;
        continue;
      }
      if (const char32_t plain = narrow(c.value);
          plain < 0x80 && local_sign(static_cast<unsigned char>(plain))) {
        // `mail:` and `E-Mail=` are not of it, `/` and `=` stand before addresses in links.
        if (c.value == '/' || c.value == '=' || c.value == '?') break;
        begin -= c.size;
        continue;
      }
      if (!domain_letter(c)) break;
      // But where the domain is of such letters too: `用户2@例子.公司`.
      if (without_spaces(c.value) && begin != at && !other_script &&
          (compact || !without_spaces(text.next(at + sign).value))) {
        break;
      }
      other_script = other_script || c.value >= 0x80;
      begin -= c.size;
    }
    // Neither dots nor quotes stand at its beginning, nor the mark of a file's byte order.
    while (!compact && begin < at && is_invisible(text.next(begin).value)) {
      begin += text.next(begin).size;
    }
    while (begin < at && (text[begin] == '.' || text[begin] == '\'' || text[begin] == '`' ||
                          text[begin] == '*' || text[begin] == '-')) {
      ++begin;
    }
    if (begin == at || text[at - 1] == '.') return {};
  }
  std::size_t behind = at + sign;
  if constexpr (!compact) {  // A mail program broke the line there.
    if (text[behind] == '\r') ++behind;
    if (text[behind] == '\n') ++behind;
    if (text[behind - 1] == '\r') behind = at + sign;
  }
  const domain_read domain = read_domain<!compact>(text, behind);
  std::size_t end = domain.end;
  if (!compact && behind != at + sign && domain.labels < 2) end = 0;
  if (end == 0) end = address_literal(text, at + sign);
  if (end == 0) return {};
  return {begin, end, rule::email_written};
}

namespace {

// Whether the word before the place speaks of mail, or the name itself can be no word.
[[maybe_unused]] bool may_be_mailbox(const text_window& text, std::size_t begin,
                                     std::size_t end) noexcept {
  bool digits = false;
  for (std::size_t i = begin; i < end; ++i) {
    digits = digits || text.digit_at(i) || text[i] == '_' || (text[i] == '.' && i + 1 != end);
  }
  if (digits) return true;
  std::size_t place = begin;
  while (begin - place < 4 && (text[place - 1] == ' ' || text[place - 1] == ':')) --place;
  const folded_word word = word_until(text, place);
  return word.view() == "mail" || word.view() == "email" || word.view() == "emails";
}

}  // namespace

// `k72 @ example.com`: where a mailbox, and no price and no place, stands around the sign.
find spaced_email_at(const text_window& text, std::size_t at) noexcept {
  if constexpr (compact) return {};
  const auto blank = [](seen c) { return c.value == ' ' || c.value == 0xA0; };
  const seen before = text.previous(at);
  const seen behind = text.next(at + 1);
  if (!blank(before) || !blank(behind)) return {};
  const std::size_t end = at - before.size;
  std::size_t begin = end;
  while (at - begin < longest_local) {
    const seen c = text.previous(begin);
    const bool sign = c.value < 0x80 && local_sign(static_cast<unsigned char>(c.value)) &&
                      c.value != '/' && c.value != '=' && c.value != '?';
    if (c.size == 0 || (!sign && !domain_letter(c))) break;
    begin -= c.size;
  }
  if (begin == end) return {};
  const domain_read domain = read_domain<!compact>(text, at + 1 + behind.size);
  if (domain.end == 0 || domain.labels < 2 || !may_be_mailbox(text, begin, end)) return {};
  bool letters = false;
  for (std::size_t i = begin; i < end; ++i) letters = letters || text.letter_at(i);
  return letters ? find{begin, domain.end, rule::email_written} : find{};
}

// `zoe%40example.com`, `zoe%2540example.com`: as it stands in an address of the web, at `%`.
find escaped_email_at(const text_window& text, std::size_t at) noexcept {
  if constexpr (compact) return {};
  std::size_t end = at + 1;
  while (text[end] == '2' && text[end + 1] == '5') end += 2;
  if (text[end] != '4' || text[end + 1] != '0') return {};
  end += 2;
  std::size_t begin = at;
  while (at - begin < longest_local) {
    const seen c = text.previous(begin);
    const bool sign =
        c.value == '.' || c.value == '_' || c.value == '-' || c.value == '+' || c.value == '%';
    if (c.size == 0 || (!sign && !domain_letter(c))) break;
    begin -= c.size;
  }
  const domain_read domain = read_domain<!compact>(text, end);
  return begin == at || domain.end == 0 ? find{} : find{begin, domain.end, rule::email_written};
}

namespace {

bool url_char(seen c) noexcept {
  if (c.size == 0 || c.value <= 0x20 || c.value == 0x7F) return false;
  constexpr std::string_view never = "<>\"`{}|\\^";
  if (c.value < 0x80) return never.find(static_cast<char>(c.value)) == never.npos;
  if (c.value == 0xA0 || c.value == 0xAB || c.value == 0xBB) return false;
  return class_of(c.value) == char_class::letter || class_of(c.value) == char_class::digit ||
         c.value >= 0x1F000;
}

// From the host on: to the end, without closing punctuation.
std::size_t url_end(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  int open = 0;
  while (true) {
    const seen c = text.next(end);
    if (!url_char(c)) break;
    if (c.value == '(') ++open;
    if (c.value == ')' && --open < 0) break;
    end += c.size;
  }
  while (end > at) {
    switch (text[end - 1]) {
      case '.':
      case ',':
      case ';':
      case ':':
      case '!':
      case '?':
      case '\'':
      case ']':
      case '*':
      case '_':
        --end;
        continue;
      default:
        return end;
    }
  }
  return end;
}

find hide(const text_window& text, std::size_t begin, std::size_t host, std::size_t end,
          url_reading urls, rule which) noexcept {
  if (end <= host) return {};
  if (urls == url_reading::whole) return {begin, end, which};
  for (std::size_t at = host; at < end; ++at) {
    if (text[at] == '/' || text[at] == '?' || text[at] == '#') {
      // User and password before the host are hidden as well.
      return at + 1 < end ? find{at, end, which} : find{};
    }
    if (text[at] == '@') return {begin, end, which};
  }
  return {};
}

}  // namespace

find url_at(const text_window& text, std::size_t at, url_reading urls) noexcept {
  if (text[at] == ':') {
    // scheme://
    if (text[at + 1] != '/' || text[at + 2] != '/') return {};
    std::size_t begin = at;
    while (at - begin < 16 && (text.letter_at(begin - 1) || text.digit_at(begin - 1) ||
                               text[begin - 1] == '+' || text[begin - 1] == '-')) {
      --begin;
    }
    while (begin < at && !text.letter_at(begin)) ++begin;
    if (at - begin < 2) return {};
    const std::size_t host = at + 3;
    const std::size_t end = url_end(text, host);
    return hide(text, begin, host, end, urls, rule::url_scheme);
  }
  if (text[at] == '.') {
    // www.
    if (at < 3 || (text[at - 1] | 0x20) != 'w' || (text[at - 2] | 0x20) != 'w' ||
        (text[at - 3] | 0x20) != 'w') {
      return {};
    }
    if (text.letter_at(at - 4) || text.digit_at(at - 4) || text[at - 4] == '/') return {};
    const domain_read domain = read_domain(text, at - 3);
    if (domain.end == 0 || domain.labels < 2) return {};
    return hide(text, at - 3, at - 3, url_end(text, at - 3), urls, rule::url_www);
  }
  // domain.tld/path: back over the domain from the slash.
  std::size_t begin = at;
  while (at - begin < longest_domain) {
    const seen c = text.previous(begin);
    if (!domain_letter(c) && c.value != '-' && c.value != '.') break;
    begin -= c.size;
  }
  while (begin < at && (text[begin] == '.' || text[begin] == '-')) ++begin;
  const domain_read domain = read_domain(text, begin);
  if (domain.end != at || domain.labels < 2) return {};
  // A first label of letters: `12.5kg/m` and `a.m./p.m.` are none.
  bool letters = false;
  for (std::size_t i = begin; i < domain.top; ++i)
    letters = letters || text.letter_at(i) || text[i] >= 0x80;
  const bool short_site = !compact && domain.top - begin == 2 &&
                          (text.bytes(begin, at) == "t.me" || text.bytes(begin, at) == "x.com");
  if (!letters || (domain.top - begin < 3 && !short_site)) return {};
  const seen after = text.next(at + 1);
  if (!domain_letter(after) && after.value != '@' && after.value != '?' && after.value != '~')
    return {};
  if (text.previous(begin).value == '@') return {};
  return hide(text, begin, begin, url_end(text, begin), urls, rule::url_domain);
}

std::size_t rest_of_url(const text_window& text, std::size_t at) noexcept {
  constexpr std::string_view closing = ".,;:!?'])*_(";
  const seen c = text.next(at);
  if (!url_char(c)) return at;
  if (c.value < 0x80 && closing.find(static_cast<char>(c.value)) != closing.npos) return at;
  return url_end(text, at);
}

namespace {

// Four numbers up to 255 with dots; 0 if none stand here.
std::size_t over_octets(const text_window& text, std::size_t at) noexcept {
  for (int octet = 0;; ++at) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; text.digit_at(at) && digits < 4; ++at, ++digits) value = value * 10 + (text[at] - '0');
    if (digits == 0 || digits > 3 || value > 255) return 0;
    if (++octet == 4) return at;
    if (text[at] != '.') return 0;
  }
}

// `/24`: the end of a prefix of at most `most` bits, in `digits` digits.
std::size_t over_prefix(const text_window& text, std::size_t end, unsigned most,
                        std::size_t digits) noexcept {
  if (text[end] != '/' || !text.digit_at(end + 1)) return end;
  std::size_t prefix = end + 1;
  unsigned bits = 0;
  while (text.digit_at(prefix) && prefix <= end + digits) bits = bits * 10 + (text[prefix++] - '0');
  return bits <= most && !text.digit_at(prefix) ? prefix : end;
}

// Whether each of the numbers has two digits at most: of versions they do, of addresses seldom.
bool small_numbers(const text_window& text, std::size_t at, std::size_t end) noexcept {
  std::size_t digits = 0;
  for (; at < end; ++at) {
    digits = text.digit_at(at) ? digits + 1 : 0;
    if (digits > 2) return false;
  }
  return true;
}

// `version 1.2.3.4`, `IP rating 65.1.2.3`: directly behind a word of versions, with a full stop
// only where it shortens one (`ver. 1.2.3.4`), not where it ends a sentence.
bool numbers_a_version(const text_window& text, std::size_t at, std::size_t end) noexcept {
  if constexpr (compact) return false;
  if (!small_numbers(text, at, end)) return false;
  const auto word_before = [&] {
    bool stop = false;
    for (; text[at - 1] == ' ' || text[at - 1] == ':' || text[at - 1] == '.'; --at) {
      stop = stop || text[at - 1] == '.';
    }
    folded_word word = word_until(text, at);
    if (stop && word.size > longest_shortened) word.size = 0;
    at = word.begin;
    return word;
  };
  folded_word word = word_before();
  if (word.size != 0 && is_in(extent::version_numbers, word)) word = word_before();
  return word.size != 0 && is_in(extent::of_versions, word);
}

}  // namespace

find ipv4_at(const text_window& text, std::size_t at) noexcept {
  const seen before = text.previous(at);
  if (class_of(before.value) == char_class::digit || before.value == '_' ||
      text.letter_at(at - 1)) {
    if (before.size != 0) return {};
  }
  if (before.value == '.' && text.digit_at(at - 2)) return {};
  const std::size_t end = over_octets(text, at);
  if (end == 0) return {};
  if (text[end] == '.' && text.digit_at(end + 1)) return {};
  if (text.letter_at(end) || text[end] == '_') return {};
  if (numbers_a_version(text, at, end)) return {};
  return {at, over_prefix(text, end, 32, 3), rule::ip_v4};
}

// Whether a word of a script with spaces goes on before the place.
bool joined_before(const text_window& text, std::size_t at) noexcept {
  return text.word_before(at) && (compact || text.previous(at).value < 0x2E80);
}

find ipv6_at(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  while (at - begin < 5 && ascii_hex(text[begin - 1])) --begin;
  // `IPv6:2a00:...` in headers of mail
  const bool named = !compact && begin >= 5 && text[begin - 1] == ':' && text[begin - 2] == '6' &&
                     (text[begin - 3] | 0x20) == 'v';
  if (at - begin > 4 || joined_before(text, begin) || (text[begin - 1] == ':' && !named)) return {};
  std::size_t place = begin;
  int groups = 0;
  bool gap = false;
  if (text[place] == ':') {
    if (text[place + 1] != ':') return {};
    gap = true;
    place += 2;
  }
  std::size_t end = gap ? place : 0;
  bool letter_or_long = false;
  while (groups < 8) {
    std::size_t digits = 0;
    while (digits < 5 && ascii_hex(text[place + digits])) {
      letter_or_long = letter_or_long || !text.digit_at(place + digits);
      ++digits;
    }
    if (digits == 0) break;
    // An IPv4 address as the last two groups.
    if (text[place + digits] == '.' && groups <= 6 && (groups > 0 || gap)) {
      if (const std::size_t tail = over_octets(text, place)) {
        groups += 2;
        end = tail;
        break;
      }
    }
    if (digits > 4) return {};
    letter_or_long = letter_or_long || digits > 2;
    ++groups;
    place += digits;
    end = place;
    if (text[place] != ':') break;
    if (text[place + 1] == ':') {
      if (gap) break;
      gap = true;
      place += 2;
      end = place;
      continue;
    }
    if (!ascii_hex(text[place + 1])) break;
    ++place;
  }
  // A port behind eight groups, without brackets.
  if (!compact && groups == 8 && text[end] == ':' && text.digit_at(end + 1)) {
    std::size_t port = end + 1;
    while (port - end < 7 && text.digit_at(port)) ++port;
    if (port - end < 7 && text[port] != ':') end = port;
  }
  if (end == 0 || (gap ? groups > 7 : groups != 8)) return {};
  // `::` alone is code, not an address.
  if (groups == 0 || (gap && groups == 1 && !letter_or_long && begin == at && end - begin > 3))
    return {};
  if (text[end] == ':' || (text.word_at(end) && text[end] < 0x80)) return {};
  if (text[end] == '%') {
    std::size_t zone = end + 1;
    while (text.digit_at(zone) || text.letter_at(zone) || text[zone] == '_') ++zone;
    if (zone > end + 1 && zone < end + 20) end = zone;
  }
  return {begin, over_prefix(text, end, 128, 4), rule::ip_v6};
}

}  // namespace clientbook::scanner
