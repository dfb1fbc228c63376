// Identifiers as the rules of lists of hashes write them, and their hashes.
//
// What the rules leave open is decided so that both sides can come to the same: of a name letters
// of scripts that are not rewritten stay as they are (Han, kana, Hangul, Arabic, Hebrew and
// others), composed (UAX #15); of an address letters beyond those of Latin 1, Greek and Cyrillic
// stay as they are written.
#include <clientbook/book/hash_list.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/named.hpp>
#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <iterator>
#include <span>

namespace clientbook {
namespace {

// The form of one identifier, as it goes into the hash; nobody's is longer.
class standard_form {
 public:
  ~standard_form() { wipe({reinterpret_cast<std::byte*>(text_.data()), used_}); }
  standard_form() noexcept {}  // Of the text what is used alone is written, and wiped.
  standard_form(const standard_form&) = delete;
  standard_form& operator=(const standard_form&) = delete;

  void add(std::string_view more) noexcept {
    const std::size_t left = std::min(more.size(), text_.size() - size_);
    cut_ = cut_ || left < more.size();
    std::copy_n(more.data(), left, text_.data() + size_);
    size_ += left;
    used_ = std::max(used_, size_);
  }
  void add(char32_t one) noexcept {
    if (one < 0x80) {
      const char c = static_cast<char>(one);
      return add(std::string_view(&c, 1));
    }
    const utf8_sequence bytes(one);
    add(bytes.text());
  }
  void keep_last(std::size_t most) noexcept {
    if (size_ <= most) return;
    std::copy(text_.data() + size_ - most, text_.data() + size_, text_.data());
    size_ = most;
  }
  std::string_view text() const noexcept { return {text_.data(), size_}; }
  /// Nothing is left, or more than anybody's identifier has.
  bool is_none() const noexcept { return size_ == 0 || cut_; }

 private:
  std::array<char, 1024> text_;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  bool cut_ = false;
};

list_hash sha256_of(std::string_view text) noexcept {
  const crypto::digest out = crypto::sha256(as_bytes(text));
  list_hash bytes;
  copy_bytes(byte_span(bytes), byte_view(out));
  return bytes;
}

template <class Each>
void each_sign(std::string_view text, Each&& each) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const code_point one = code_point_at(text, at);
    if (one.size == 0) {
      ++at;  // No sign: nothing that two would write the same way.
      continue;
    }
    each(one.value);
    at += one.size;
  }
}

constexpr bool between(char32_t c, char32_t first, char32_t last) noexcept {
  return c >= first && c <= last;
}

constexpr bool is_white_space(char32_t c) noexcept {
  return between(c, 0x09, 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         between(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

constexpr char32_t small(char32_t c) noexcept {
  if (between(c, 'A', 'Z') || (between(c, 0xC0, 0xDE) && c != 0xD7)) return c + 0x20;
  if ((between(c, 0x391, 0x3A9) && c != 0x3A2) || between(c, 0x410, 0x42F)) return c + 0x20;
  if (between(c, 0x400, 0x40F)) return c + 0x50;
  return c;
}

struct letter {
  char32_t from;
  std::string_view to;
};
// By code point. Accents are another matter: they go (fold()).
constexpr letter in_latin[] = {
    {U'α', "a"},  {U'β', "v"},  {U'γ', "g"},    {U'δ', "d"},  {U'ε', "e"},  {U'ζ', "z"},
    {U'η', "i"},  {U'θ', "th"}, {U'ι', "i"},    {U'κ', "k"},  {U'λ', "l"},  {U'μ', "m"},
    {U'ν', "n"},  {U'ξ', "x"},  {U'ο', "o"},    {U'π', "p"},  {U'ρ', "r"},  {U'ς', "s"},
    {U'σ', "s"},  {U'τ', "t"},  {U'υ', "y"},    {U'φ', "f"},  {U'χ', "ch"}, {U'ψ', "ps"},
    {U'ω', "o"},  {U'а', "a"},  {U'б', "b"},    {U'в', "v"},  {U'г', "g"},  {U'д', "d"},
    {U'е', "e"},  {U'ж', "zh"}, {U'з', "z"},    {U'и', "i"},  {U'й', "y"},  {U'к', "k"},
    {U'л', "l"},  {U'м', "m"},  {U'н', "n"},    {U'о', "o"},  {U'п', "p"},  {U'р', "r"},
    {U'с', "s"},  {U'т', "t"},  {U'у', "u"},    {U'ф', "f"},  {U'х', "kh"}, {U'ц', "ts"},
    {U'ч', "ch"}, {U'ш', "sh"}, {U'щ', "shch"}, {U'ъ', ""},   {U'ы', "y"},  {U'ь', ""},
    {U'э', "e"},  {U'ю', "yu"}, {U'я', "ya"},   {U'ё', "yo"}, {U'є', "e"},  {U'і', "i"},
    {U'ї', "i"},  {U'ў', "u"},  {U'ґ', "g"}};
static_assert(std::ranges::is_sorted(in_latin, {}, &letter::from));

const letter* rewritten(char32_t c) noexcept {
  const letter* const at = std::ranges::lower_bound(in_latin, c, {}, &letter::from);
  return at != std::end(in_latin) && at->from == c ? at : nullptr;
}

void add_letter(standard_form& to, char32_t c) noexcept {
  if (c < 0x80) {
    const char32_t one = small(c);
    if (between(one, 'a', 'z') || between(one, '0', '9')) to.add(one);
    return;
  }
  if (const letter* const known = rewritten(small(c))) return to.add(known->to);
  const unicode::folded plain = unicode::fold(c);
  for (const char32_t one : plain.letters) {
    if (one == 0) continue;
    // An accent of Greek is off now.
    if (const letter* const known = rewritten(one)) {
      to.add(known->to);
      continue;
    }
    const unicode::char_class is = unicode::class_of(one);
    if (is == unicode::char_class::letter || is == unicode::char_class::digit) to.add(one);
  }
}

void add_name(standard_form& to, std::string_view name) noexcept {
  unicode::nfc_room room;
  const auto composed = unicode::nfc(name, room);
  each_sign(composed ? *composed : name, [&](char32_t c) { add_letter(to, c); });
  wipe(std::as_writable_bytes(std::span(room)));
}

// "91790-3771": what stands behind five digits and a hyphen is no part of it.
std::string_view without_plus_four(std::string_view code) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!code.empty() && blank(code.front())) code.remove_prefix(1);
  while (!code.empty() && blank(code.back())) code.remove_suffix(1);
  const auto digits = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  const std::size_t hyphen = code.find('-');
  if (hyphen != 5 || code.size() != 10) return code;
  return digits(code.substr(0, 5)) && digits(code.substr(6)) ? code.substr(0, 5) : code;
}

void add_postal_code(standard_form& to, std::string_view code) noexcept {
  std::size_t count = 0;
  each_sign(without_plus_four(code), [&](char32_t c) {
    const char32_t one = small(c);
    if (!between(one, 'a', 'z') && !between(one, '0', '9')) return;
    if (count == 5 || (count == 0 && one == '0')) return;
    to.add(one);
    ++count;
  });
}

void add_date(standard_form& to, const date& day) noexcept {
  std::array<char, 8> text;
  int number = day.year * 10'000 + day.month * 100 + day.day;
  for (std::size_t i = text.size(); i-- > 0; number /= 10) {
    text[i] = static_cast<char>('0' + number % 10);
  }
  to.add({text.data(), text.size()});
}

struct base64_text {
  std::array<char, 44> text{};
  std::size_t size = 0;
  void put(char c) noexcept { text[size++] = c; }
};

constexpr named<hash_list_kind> kinds[] = {{hash_list_kind::email, "email"},
                                           {hash_list_kind::phone, "phone"},
                                           {hash_list_kind::name_birth_zip, "name_birth_zip"}};

}  // namespace

std::optional<list_hash> hash_of_email(std::string_view address) noexcept {
  standard_form form;
  each_sign(address, [&](char32_t c) {
    if (!is_white_space(c)) form.add(small(c));
  });
  if (form.is_none()) return std::nullopt;
  return sha256_of(form.text());
}

std::optional<list_hash> hash_of_phone(std::string_view number) noexcept {
  standard_form form;
  each_sign(number, [&](char32_t c) {
    if (const int digit = digit_value(c); digit >= 0) {
      form.add(U'0' + static_cast<char32_t>(digit));
    }
  });
  form.keep_last(10);
  if (form.is_none()) return std::nullopt;
  return sha256_of(form.text());
}

std::optional<list_hash> hash_of_person(std::string_view given, std::string_view family,
                                        const date& born, std::string_view postal_code) noexcept {
  if (born.year < 1 || born.year > 9999 || !exists(born)) return std::nullopt;
  standard_form parts[4];
  add_name(parts[0], given);
  add_name(parts[1], family);
  add_date(parts[2], born);
  add_postal_code(parts[3], postal_code);
  crypto::sha256_hasher all;
  for (const standard_form& one : parts) {
    if (one.is_none()) return std::nullopt;
    base64_text written;
    put_base64(written, sha256_of(one.text()));
    all.update(as_bytes({written.text.data(), written.size}));
  }
  list_hash out;
  copy_bytes(byte_span(out), byte_view(all.finish()));
  return out;
}

std::string_view name_of(hash_list_kind kind) noexcept { return name_in(kinds, kind); }

result<hash_list_kind> find_hash_list_kind(std::string_view name) noexcept {
  return find_in(kinds, name, "a list of hashes is of email, phone or name_birth_zip");
}

}  // namespace clientbook
