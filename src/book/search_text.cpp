// Folding, words, and how well a customer answers to them.
//
// A question is words; each word must be answered by some value of the customer, by a name, an
// e-mail address, a phone number or an id. Signs of other tools (`%`, `*`) mean nothing here: in a
// name they end a word, elsewhere they are themselves.
#include "search_text.hpp"

#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/record.hpp>

#include <algorithm>
#include <iterator>

namespace clientbook::search {
namespace {

using unicode::char_class;

constexpr std::size_t most_typed = 4096;
constexpr std::size_t most_words = 8;
constexpr std::size_t least_digits = 3;
constexpr std::size_t least_nearly = 4;  ///< Letters of a word that may have an error.
constexpr std::size_t indexed_front =
    8;  ///< Bytes of an address or id whose beginning is looked up.
constexpr std::size_t indexed_tail = 7;  ///< Last digits of a phone number.

constexpr error nothing_typed{errc::invalid_argument,
                              "type two letters of a name or an address at least, or three digits"};

void put(text& to, char32_t c) {
  const utf8_sequence bytes(c);
  to += bytes.text();
}

// Calls `each(code point)` for what counts; combining marks and unseen signs do not.
template <class Each>
void each_sign(std::string_view from, Each&& each) {
  for (std::size_t at = 0; at < from.size();) {
    const code_point c = code_point_at(from, at);
    at += c.size == 0 ? 1 : c.size;
    if (c.size != 0 && c.value >= 0x20 && unicode::fold(c.value).letters[0] != 0) each(c.value);
  }
}

void put_folded(text& to, char32_t c) {
  for (const char32_t letter : unicode::fold(c).letters) {
    if (letter != 0) put(to, letter);
  }
}

bool of_word(char32_t c) noexcept {
  const char_class is = unicode::class_of(c);
  return is == char_class::letter || is == char_class::digit;
}

// Scripts without blanks between words: a word begins with every sign.
bool unspaced(char lead) noexcept { return static_cast<unsigned char>(lead) >= 0xE3; }

bool begins_word(std::string_view words, std::size_t at) noexcept {
  return at == 0 || words[at - 1] == ' ' || unspaced(words[at]);
}

// What people write between the digits of a phone number, and nothing else.
bool is_number(std::string_view from) noexcept {
  bool digits = false;
  for (std::size_t at = 0; at < from.size();) {
    const code_point c = code_point_at(from, at);
    at += c.size == 0 ? 1 : c.size;
    if (digit_value(c.value) >= 0) {
      digits = true;
    } else if (!separates_digits(c.value) &&
               std::u32string_view(U"+()/").find(c.value) == std::u32string_view::npos) {
      return false;
    }
  }
  return digits;
}

// --- findable texts -----------------------------------------------------------------------------

void add_value(text& to, value_kind kind, bool parts, std::string_view payload) {
  if (payload.empty()) return;
  to += static_cast<char>(static_cast<std::uint8_t>(kind) | (parts ? parts_too : 0));
  to += payload;
  to += end_of_value;
}

void add_name(text& to, byte_view encoded, bool parts) {
  person_name name;
  if (!decode_value(encoded, name)) return;
  text family;
  words_into(family, name.family.reveal());
  text words;
  // Without blanks, the family name is typed in front.
  if (!family.empty() && unspaced(family.front())) words = family;
  for (const personal_text* part :
       {&name.given, &name.middle, &name.family, &name.nickname, &name.phonetic}) {
    if (!words.empty() && words.back() != ' ') words += ' ';
    words_into(words, part->reveal());
  }
  while (!words.empty() && words.back() == ' ') words.pop_back();
  add_value(to, value_kind::name, parts, words);
}

template <class T, class Payload>
void add_list(text& to, value_kind kind, byte_view encoded, bool parts, Payload&& payload) {
  const auto list = list_of<T>::of(encoded);
  if (!list) return;
  for (const T& one : *list) {
    text folded;
    payload(folded, one);
    add_value(to, kind, parts, folded);
  }
}

// --- comparing ----------------------------------------------------------------------------------

constexpr std::size_t none = std::string_view::npos;

// Where a word ends that begins there; blanks within the name do not count: `delacruz`.
std::size_t read_word(std::string_view words, std::size_t at, std::string_view word) noexcept {
  for (const char c : word) {
    if (at < words.size() && words[at] == ' ') ++at;
    if (at >= words.size() || words[at] != c) return none;
    ++at;
  }
  return at;
}

// Signs of UTF-8, for errors that are one letter and not one byte.
class letters {
 public:
  explicit letters(std::string_view from) noexcept {
    for (std::size_t at = 0; at < from.size() && size_ < of_.size();) {
      const code_point c = code_point_at(from, at);
      at += c.size == 0 ? 1 : c.size;
      of_[size_++] = c.value;
    }
  }
  std::size_t size() const noexcept { return size_; }
  char32_t operator[](std::size_t at) const noexcept { return of_[at]; }

 private:
  std::array<char32_t, 64> of_;
  std::size_t size_ = 0;
};

// Whether `typed` is the beginning of a word but for one letter that is wrong, too many, missing,
// or changed places with the next one. Of letters, or of bytes where all are ASCII.
template <class Signs>
bool one_error(const Signs& typed, const Signs& word) noexcept {
  const auto begins = [&](std::size_t at, std::size_t from) {
    for (; from < typed.size(); ++from, ++at) {
      if (at >= word.size() || word[at] != typed[from]) return false;
    }
    return true;
  };
  std::size_t i = 0;
  while (i < typed.size() && i < word.size() && typed[i] == word[i]) ++i;
  if (i == typed.size()) return false;  // No error at all.
  if (begins(i, i + 1)) return true;
  if (i >= word.size()) return false;
  if (begins(i + 1, i + 1) || begins(i + 1, i)) return true;
  return i + 1 < typed.size() && i + 1 < word.size() && typed[i] == word[i + 1] &&
         typed[i + 1] == word[i] && begins(i + 2, i + 2);
}

bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Most words are ruled out by their first three signs: whatever the error is, two of them stand
// where it leaves them.
bool may_be_near(std::string_view word, std::string_view typed) noexcept {
  const char t0 = typed[0], t1 = typed[1], t2 = typed[2];
  const char w0 = word[0];
  const char w1 = word.size() > 1 ? word[1] : '\0';
  const char w2 = word.size() > 2 ? word[2] : '\0';
  if (w0 == t0) return w1 == t1 || w2 == t2 || w1 == t2 || w2 == t1;
  return (w1 == t1 && w2 == t2) || (w0 == t1 && (w1 == t2 || w1 == t0)) || (w1 == t0 && w2 == t1);
}

// Whether a word that begins there is `typed` but for one error.
bool is_near(std::string_view words, std::size_t at, std::string_view typed) noexcept {
  const std::string_view rest = words.substr(at, words.find(' ', at) - at);
  if (is_plain(typed)) {
    return typed.size() >= least_nearly && may_be_near(rest, typed) && one_error(typed, rest);
  }
  const letters signs(typed);
  return signs.size() >= least_nearly && one_error(signs, letters(rest));
}

// A whole word before a beginning, a longer beginning before a shorter one, one word before several
// that were typed as one.
std::uint32_t score_of(std::size_t typed, std::size_t read, std::size_t left) noexcept {
  const std::uint32_t several = read > typed ? 10 : 0;
  if (left == 0) return 100 - several;
  return static_cast<std::uint32_t>(60 + 20 * typed / (typed + left)) - several;
}

std::uint32_t score_of_name(std::string_view word, std::string_view words, bool nearly,
                            match_kind& kind) noexcept {
  std::uint32_t best = 0;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!begins_word(words, at)) continue;
    if (const std::size_t end = read_word(words, at, word); end != none) {
      const bool whole = end == words.size() || words[end] == ' ';
      const std::uint32_t score =
          score_of(word.size(), end - at, std::min(words.find(' ', end), words.size()) - end);
      if (score <= best) continue;
      best = score;
      kind = whole ? match_kind::whole : match_kind::beginning;
      if (best == 100) return best;
    } else if (nearly && best == 0 && is_near(words, at, word)) {
      best = 20;
      kind = match_kind::nearly;
    }
  }
  return best;
}

// --- rows of signatures -------------------------------------------------------------------------

std::uint32_t row(value_kind kind, char salt, std::string_view bytes) noexcept {
  std::uint32_t hash = 0x811C9DC5U ^ static_cast<std::uint32_t>(kind);
  hash = (hash ^ static_cast<unsigned char>(salt)) * 0x01000193U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return (hash ^ (hash >> 13)) % signature_rows;
}

void add_start(value_kind kind, std::string_view from, std::vector<std::uint32_t>& to) {
  if (from.size() >= 2) to.push_back(row(kind, '^', from.substr(0, 2)));
}
void add_threes(value_kind kind, std::string_view from, std::vector<std::uint32_t>& to) {
  for (std::size_t at = 0; at + 3 <= from.size(); ++at) {
    to.push_back(row(kind, '3', from.substr(at, 3)));
  }
}
void add_front(value_kind kind, std::string_view from, std::vector<std::uint32_t>& to) {
  add_start(kind, from, to);
  add_threes(kind, from.substr(0, indexed_front), to);
}
void add_whole(value_kind kind, std::string_view from, std::vector<std::uint32_t>& to) {
  to.push_back(row(kind, '=', from));
  to.push_back(row(kind, '~', from));
}

std::string_view tail_of(std::string_view digits) noexcept {
  return digits.size() <= indexed_tail ? digits : digits.substr(digits.size() - indexed_tail);
}

void add_name_rows(std::string_view words, std::vector<std::uint32_t>& to) {
  text joined;
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == ' ') continue;
    if (begins_word(words, at)) starts.push_back(joined.size());
    joined += words[at];
  }
  for (const std::size_t at : starts) {
    add_start(value_kind::name, std::string_view(joined).substr(at), to);
  }
  add_threes(value_kind::name, joined, to);
}

std::string_view value_of_id(std::string_view payload) noexcept {
  return payload.substr(0, payload.find(before_system));
}

}  // namespace

void words_into(text& to, std::string_view from) {
  bool between = !to.empty();
  each_sign(from, [&](char32_t c) {
    if (!of_word(c)) {
      between = !to.empty();
      return;
    }
    if (between && to.back() != ' ') to += ' ';
    between = false;
    put_folded(to, c);
  });
}

void digits_into(text& to, std::string_view from) {
  for (std::size_t at = 0; at < from.size();) {
    const code_point c = code_point_at(from, at);
    at += c.size == 0 ? 1 : c.size;
    const int digit = digit_value(c.value);
    if (digit >= 0) to += static_cast<char>('0' + digit);
  }
  if (from.find('+') == from.npos && to.starts_with("00")) to.erase(0, 2);
}

bool same_number(std::string_view one, std::string_view other) noexcept {
  if (one == other) return true;
  const bool home = other.starts_with('0');
  const std::string_view longer = home ? one : other;
  std::string_view shorter = home ? other : one;
  if (!shorter.starts_with('0')) return false;
  while (shorter.starts_with('0')) shorter.remove_prefix(1);
  return shorter.size() >= indexed_tail && longer.size() > shorter.size() &&
         longer.size() <= shorter.size() + 3 && longer.ends_with(shorter);
}

void fold_into(text& to, std::string_view from) {
  each_sign(from, [&](char32_t c) {
    if (of_word(c)) {
      put_folded(to, c);
    } else {
      put(to, unicode::class_of(c) == char_class::separator && c != U'-' && c != U'.' ? U' ' : c);
    }
  });
}

void add_findable(text& to, field_id field, byte_view encoded, bool parts) {
  if (field == field::name) return add_name(to, encoded, parts);
  if (field == field::emails) {
    return add_list<email_address>(
        to, value_kind::email, encoded, parts,
        [](text& out, const email_address& one) { fold_into(out, one.address.reveal()); });
  }
  if (field == field::phones) {
    return add_list<phone_number>(
        to, value_kind::phone, encoded, parts,
        [](text& out, const phone_number& one) { digits_into(out, one.number.reveal()); });
  }
  if (field == field::external_ids) {
    add_list<external_id>(to, value_kind::id, encoded, parts,
                          [](text& out, const external_id& one) {
                            fold_into(out, one.value.reveal());
                            out += before_system;
                            fold_into(out, one.system);
                          });
  }
}

bool next_value(std::string_view& from, value& out) noexcept {
  if (from.empty() || from.front() == end_of_text) return false;
  const auto head = static_cast<std::uint8_t>(from.front());
  const std::size_t end = from.find(end_of_value);
  if (end == none) return false;
  out.kind = static_cast<value_kind>(head & 7U);
  out.parts = (head & parts_too) != 0;
  out.payload = from.substr(1, end - 1);
  from.remove_prefix(end + 1);
  return true;
}

namespace {

field_id field_of(value_kind kind) noexcept {
  switch (kind) {
    case value_kind::name:
      return field::name;
    case value_kind::email:
      return field::emails;
    case value_kind::phone:
      return field::phones;
    case value_kind::id:
      return field::external_ids;
  }
  return {};
}

}  // namespace

void add_permitted(text& to, std::string_view findable, field_set whole, field_set parts) {
  for (value one; next_value(findable, one);) {
    const field_id of = field_of(one.kind);
    if (whole.has(of)) add_value(to, one.kind, parts.has(of), one.payload);
  }
  to += end_of_text;
}

void rows_of(std::string_view findable, std::vector<std::uint32_t>& out) {
  for (value one; next_value(findable, one);) {
    switch (one.kind) {
      case value_kind::name:
        add_name_rows(one.payload, out);
        break;
      case value_kind::email:
        add_front(one.kind, one.payload, out);
        add_whole(one.kind, one.payload, out);
        break;
      case value_kind::phone:
        add_threes(one.kind, one.payload, out);
        add_whole(one.kind, tail_of(one.payload), out);
        break;
      case value_kind::id:
        add_front(one.kind, value_of_id(one.payload), out);
        add_whole(one.kind, value_of_id(one.payload), out);
        break;
    }
  }
}

// --- questions ----------------------------------------------------------------------------------

void question::take_word(std::string_view from, std::vector<word>& to) {
  word one;
  fold_into(one.whole, from);
  if (is_number(from)) digits_into(one.digits, from);
  if (const std::size_t colon = one.whole.find(':'); colon != none && colon != 0) {
    one.system = one.whole.substr(0, colon);
  }
  text words;
  words_into(words, from);
  for (std::string_view rest = words; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    one.names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  one.can_be_nearly = one.digits.empty() && one.whole.find_first_of("@.") == none &&
                      std::any_of(one.names.begin(), one.names.end(), [](const text& name) {
                        return letters(name).size() >= least_nearly;
                      });
  if (one.names.empty()) return;
  // Who has more names than words are told apart has them all in one value: the last ones count
  // together.
  const bool names_alone = one.digits.empty() && one.whole.find_first_of("@.:") == none;
  if (to.size() == most_words && names_alone && to.back().digits.empty()) {
    std::move(one.names.begin(), one.names.end(), std::back_inserter(to.back().names));
    return;
  }
  to.push_back(std::move(one));
}

result<question> question::of(std::string_view typed) {
  if (typed.size() > most_typed) {
    return error{errc::limit_exceeded, "what is looked for has at most 4,096 bytes", most_typed};
  }
  if (!valid_utf8(typed)) return error{errc::invalid_encoding, "not UTF-8"};
  question out;
  std::size_t begin = 0;
  std::size_t number = none;  // Where digits began that may go on in the next word.
  const auto blank = [&](std::size_t at) { return typed[at] == ' ' || typed[at] == '\t'; };
  for (std::size_t at = 0; at <= typed.size(); ++at) {
    if (at < typed.size() && !blank(at)) continue;
    const std::string_view part = typed.substr(begin, at - begin);
    if (!part.empty() && is_number(part)) {
      if (number != none) out.words_.pop_back();
      if (number == none) number = begin;
      take_word(typed.substr(number, at - number), out.words_);
    } else if (!part.empty()) {
      const std::size_t before = out.words_.size();
      take_word(part, out.words_);
      if (out.words_.size() != before) number = none;
    }
    begin = at + 1;
  }
  if (out.words_.size() > most_words) {
    return error{errc::limit_exceeded,
                 "at most eight words that are no names are looked for at a time", most_words};
  }
  const bool enough = std::any_of(out.words_.begin(), out.words_.end(), [](const word& one) {
    if (!one.digits.empty()) return one.digits.size() >= least_digits;
    // `L-7`: a short id, which no name is.
    const bool has_digit = std::any_of(one.whole.begin(), one.whole.end(),
                                       [](auto each) { return each >= '0' && each <= '9'; });
    if (has_digit && one.whole.size() >= least_digits) return true;
    return std::any_of(one.names.begin(), one.names.end(), [](const text& name) {
      return letters(name).size() >= 2 || unspaced(name.front());
    });
  });
  if (!enough) return nothing_typed;
  return out;
}

result<question> question::exactly(field_id field, std::string_view value,
                                   std::string_view system) {
  if (value.size() > most_typed || system.size() > most_typed) {
    return error{errc::limit_exceeded, "what is looked for has at most 4,096 bytes", most_typed};
  }
  if (!valid_utf8(value) || !valid_utf8(system)) return error{errc::invalid_encoding, "not UTF-8"};
  word one;
  one.exact = true;
  fold_into(one.whole, value);
  fold_into(one.system, system);
  digits_into(one.digits, value);
  one.only = field == field::emails   ? value_kind::email
             : field == field::phones ? value_kind::phone
                                      : value_kind::id;
  const bool phone = one.only == value_kind::phone;
  if (phone ? one.digits.size() < least_digits : one.whole.empty()) return nothing_typed;
  question out;
  out.words_.push_back(std::move(one));
  return out;
}

question::best question::match_names(const word& one, std::string_view payload,
                                     bool nearly) noexcept {
  best out{.score = 0, .why = {.field = field::name}};
  // `ann.lee@` is an address, whoever is called Ann Lee.
  if (one.whole.find('@') != none) return {};
  std::uint32_t sum = 0;
  for (const text& name : one.names) {
    match_kind kind{};
    const std::uint32_t score = score_of_name(name, payload, nearly, kind);
    if (score == 0) return {};
    sum += score;
    out.why.kind = std::max(out.why.kind, kind);
  }
  out.score = one.names.empty() ? 0 : sum / static_cast<std::uint32_t>(one.names.size());
  return out;
}

question::best question::match_phone(const word& one, const value& of) noexcept {
  if (one.digits.size() < least_digits) return {};
  const std::string_view kept = of.payload;
  std::string_view typed = one.digits;
  if (same_number(typed, kept)) {
    return {.score = 120, .why = {.field = field::phones, .kind = match_kind::whole}};
  }
  if (!of.parts || one.exact) return {};
  // The zero that is dialled at home stands in no number with a country's code.
  if (typed.size() >= indexed_tail) {
    while (typed.starts_with('0')) typed.remove_prefix(1);
  }
  if (typed.size() >= 4 && kept.ends_with(typed)) {
    return {.score = 70, .why = {.field = field::phones, .kind = match_kind::ending}};
  }
  if (typed.size() >= least_digits && kept.find(typed) != none) {
    return {.score = 40, .why = {.field = field::phones, .kind = match_kind::part}};
  }
  return {};
}

question::best question::match_text(const word& one, const value& of) noexcept {
  std::string_view kept = of.payload;
  std::string_view typed = one.whole;
  const bool id = of.kind == value_kind::id;
  const field_id field = id ? field::external_ids : field::emails;
  if (id) {
    const std::size_t system = kept.find(before_system);
    if (!one.system.empty()) {
      if (kept.substr(system + 1) != one.system) return {};
      if (!one.exact) typed.remove_prefix(one.system.size() + 1);
    }
    kept = kept.substr(0, system);
  }
  if (typed == kept) {
    return {.score = id ? 130U : 120U, .why = {.field = field, .kind = match_kind::whole}};
  }
  if (one.exact || !of.parts || typed.size() < (id ? 3 : 2) || !kept.starts_with(typed)) return {};
  return {.score = id ? 45U : 50U, .why = {.field = field, .kind = match_kind::beginning}};
}

question::best question::match_word(const word& one, std::string_view findable,
                                    bool nearly) noexcept {
  best out;
  for (value of; next_value(findable, of);) {
    if (one.exact && of.kind != one.only) continue;
    best next;
    if (of.kind == value_kind::name) {
      if (of.parts) next = match_names(one, of.payload, nearly);
    } else if (of.kind == value_kind::phone) {
      next = match_phone(one, of);
    } else {
      next = match_text(one, of);
    }
    if (next.score > out.score) out = next;
  }
  return out;
}

match question::matches(std::string_view findable, bool nearly) const noexcept {
  match out;
  std::uint32_t sum = 0;
  for (const word& one : words_) {
    const best found = match_word(one, findable, nearly && one.can_be_nearly);
    if (found.score == 0) return {};
    sum += found.score;
    if (out.reasons < out.why.size()) out.why[out.reasons++] = found.why;
  }
  out.score = sum / static_cast<std::uint32_t>(std::max<std::size_t>(words_.size(), 1));
  return out;
}

bool question::can_be_nearly() const noexcept {
  return std::any_of(words_.begin(), words_.end(),
                     [](const word& one) { return one.can_be_nearly; });
}

bool question::may_be_nearly(std::string_view findable) const noexcept {
  for (value of; next_value(findable, of);) {
    // The name's field has the least number, and so it comes first.
    if (of.kind != value_kind::name || !of.parts) return false;
    for (std::size_t at = 0; at < of.payload.size(); ++at) {
      if (!begins_word(of.payload, at)) continue;
      for (const word& one : words_) {
        if (!one.can_be_nearly) continue;
        for (const text& name : one.names) {
          if (is_near(of.payload, at, name)) return true;
        }
      }
    }
  }
  return false;
}

namespace {

void add_digit_rows(std::string_view digits, bool exact, alternatives& to) {
  if (digits.size() < least_digits) return;
  std::vector<std::uint32_t> rows;
  if (digits.size() > indexed_tail) {
    digits = tail_of(digits);
  } else if (digits.size() == indexed_tail && !exact) {
    while (digits.starts_with('0')) digits.remove_prefix(1);
  }
  add_threes(value_kind::phone, digits, rows);
  if (exact) add_whole(value_kind::phone, tail_of(digits), rows);
  to.push_back(std::move(rows));
}

// A word of a name with one error: its first half is whole, or its second one is. Without rows:
// anywhere.
void add_near_rows(std::string_view name, alternatives& to) {
  const std::size_t half = name.size() / 2;
  std::vector<std::uint32_t> front;
  std::vector<std::uint32_t> back;
  if (name.size() >= 7 && is_plain(name)) {
    add_start(value_kind::name, name.substr(0, half - 1), front);
    add_threes(value_kind::name, name.substr(0, half - 1), front);
    add_threes(value_kind::name, name.substr(half + 1), back);
  }
  to.push_back(std::move(front));
  to.push_back(std::move(back));
}

}  // namespace

std::vector<alternatives> question::rows(bool nearly) const {
  std::vector<alternatives> out;
  for (const word& one : words_) {
    alternatives& all = out.emplace_back();
    const std::string_view id = std::string_view(one.whole).substr(
        one.exact || one.system.empty() ? 0 : one.system.size() + 1);
    if (one.exact) {
      if (one.only == value_kind::phone) {
        add_digit_rows(one.digits, true, all);
      } else {
        add_front(one.only, one.whole, all.emplace_back());
        add_whole(one.only, one.whole, all.back());
      }
    } else {
      std::vector<std::uint32_t>& names = all.emplace_back();
      for (const text& name : one.names) {
        add_start(value_kind::name, name, names);
        add_threes(value_kind::name, name, names);
      }
      add_front(value_kind::email, one.whole, all.emplace_back());
      std::vector<std::uint32_t>& ids = all.emplace_back();
      if (id.size() >= 3) {
        add_front(value_kind::id, id, ids);
      } else {
        add_whole(value_kind::id, id, ids);
      }
      add_digit_rows(one.digits, false, all);
      if (nearly && one.can_be_nearly) add_near_rows(one.names.front(), all);
    }
    const bool anywhere =
        (nearly && one.names.size() > 1) ||
        std::any_of(all.begin(), all.end(), [](const auto& rows) { return rows.empty(); });
    if (anywhere) all.clear();
  }
  return out;
}

}  // namespace clientbook::search
