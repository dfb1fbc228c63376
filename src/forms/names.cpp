// Precision before recall: shops write of brands that are called like people (Hugo Boss, Anna Sui),
// and of goods in words that are names too (Rose, Ruby), so a name alone is none.
//
// The lists are data/person_names.csv and data/name_words.csv. Words are compared folded.
#include "names.hpp"

#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <vector>

#include "field_name.hpp"
#include "honorifics.hpp"
#include "plain_text.hpp"

namespace clientbook::forms {
namespace {

enum word_is : std::uint16_t {
  is_given = 1,
  is_family = 2,
  is_title = 4,
  is_weak_title = 8,  ///< Also another word: a name of the lists must follow.
  is_kin = 16,
  is_salutation = 32,
  is_closing = 64,
  is_stop = 128,  ///< Never a name behind a salutation.
  is_before = 256,
  is_after = 512,
  is_brand = 1024,     ///< Two words.
  is_noun = 2048,      ///< Has a capital letter where it is no name: goods, feasts, days, brands.
  is_weak_kin = 4096,  ///< Also another word: a name of the lists must follow.
  is_many_kin = 8192,  ///< More than one name may follow.
  is_title_behind = 16384,
  is_telling = 32768,  ///< Of the lists bank_code, number and title_uncased.
};

#include <tables/forms/name_words.inc>
#include <tables/forms/person_names.inc>

constexpr std::uint8_t title_score = 80;
constexpr std::uint8_t list_score = 70;
constexpr std::uint8_t word_score = 70;
constexpr std::size_t most_words = 4;  // Of one name.

bool ascii_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

// The letters of a word as words are compared, at the end of others.
using letters = std::vector<char, wiping_memory<char>>;
void add_folded(letters& to, std::string_view text) {
  const auto put = [&](char32_t c) {
    plain_text one;
    put_utf8(one, c);
    to.insert(to.end(), one.begin(), one.end());
  };
  for (std::size_t at = 0; at < text.size();) {
    // Most words are of ASCII alone.
    std::size_t plain = at;
    while (plain < text.size() && ascii_letter(text[plain])) ++plain;
    if (plain != at) {
      const std::size_t first = to.size();
      to.insert(to.end(), text.data() + at, text.data() + plain);
      for (std::size_t i = first; i < to.size(); ++i) to[i] = static_cast<char>(to[i] | 0x20);
      at = plain;
      continue;
    }
    const code_point c = code_point_at(text, at);
    at += c.size == 0 ? 1 : c.size;
    if (c.value == '\'' || c.value == 0x2019) {
      to.push_back('\'');
      continue;
    }
    if (c.value == ' ') to.push_back(' ');
    if (unicode::class_of(c.value) != unicode::char_class::letter) continue;
    for (const char32_t letter : unicode::fold(c.value).letters) {
      if (letter != 0) put(letter);
    }
  }
}
plain_text folded(std::string_view text) {
  letters out;
  add_folded(out, text);
  return {out.begin(), out.end()};
}

// Of `i.A.`, `z.Hd.`, `gez.` and the like: marks_person().
constexpr std::string_view words_of_marks[] = {
    "gez", "ppa", "attn", "l'attention", "att", "atencion", "o", "hd", "a", "v", "p"};

// What a word is beside what the lists say.
enum word_also : std::uint8_t {
  also_particle = 1,      ///< von, de, la
  also_begins_brand = 2,  ///< Of two words.
  also_ends_brand = 4,
  also_marks = 8,  ///< Of words_of_marks.
};
struct word_meaning {
  std::uint16_t is = 0;
  std::uint8_t also = 0;
};

// All words of the lists. Every word of a text is looked for and most are none of them: a word's
// hash is made once, and its letters are compared where it is the same.
class word_table {
 public:
  static const word_table& known() {
    static const word_table all;
    return all;
  }

  word_meaning find(std::string_view word) const { return at(hash_on(first_hash, word), word, {}); }
  /// Of two words with a space between.
  word_meaning find_both(std::string_view first, std::string_view second) const {
    return at(hash_on(hash_on(hash_on(first_hash, first), " "), second), first, second);
  }

 private:
  static constexpr std::uint32_t first_hash = 2166136261U;  // FNV-1a.
  static std::uint32_t hash_on(std::uint32_t hash, std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
  }
  static std::uint32_t mixed(std::uint32_t hash) { return (hash ^ hash >> 15) * 0x2C1B3C6DU | 1U; }

  word_table() {
    std::map<plain_text, word_meaning, std::less<>> words;
    const auto put = [&](const auto& all, std::uint16_t is, std::uint8_t also) {
      for (const std::string_view one : all) {
        word_meaning& of = words[plain_text(one)];
        of.is |= is;
        of.also |= also;
      }
    };
    for (const listed_word& one : listed_words) words[folded(one.word)].is |= one.is;
    std::vector<plain_text> first, second;
    for (const auto& [text, of] : words) {
      const std::size_t space = text.find(' ');
      if ((of.is & is_brand) == 0 || space == text.npos) continue;
      first.push_back(text.substr(0, space));
      second.push_back(text.substr(space + 1));
    }
    put(first, 0, also_begins_brand);
    put(second, 0, also_ends_brand);
    put(bank_code_words, is_telling, 0);
    put(number_words, is_telling, 0);
    put(uncased_titles, is_telling, 0);
    put(particles, 0, also_particle);
    put(words_of_marks, 0, also_marks);
    std::size_t size = 64;  // A power of two.
    while (size < 2 * words.size()) size *= 2;
    hashes_.resize(size);
    entries_.resize(size);
    for (const auto& [text, of] : words) {
      const std::uint32_t hash = mixed(hash_on(first_hash, text));
      std::size_t slot = slot_of(hash);
      while (hashes_[slot] != 0) slot = (slot + 1) & (size - 1);
      hashes_[slot] = hash;
      entries_[slot] = {text, of};
    }
  }

  std::size_t slot_of(std::uint32_t hash) const { return (hash >> 8) & (hashes_.size() - 1); }
  word_meaning at(std::uint32_t made, std::string_view first, std::string_view second) const {
    const std::uint32_t hash = mixed(made);
    for (std::size_t slot = slot_of(hash); hashes_[slot] != 0;
         slot = (slot + 1) & (hashes_.size() - 1)) {
      if (hashes_[slot] != hash) continue;
      const std::string_view text = entries_[slot].text;
      const bool same = second.empty() ? text == first
                                       : text.size() == first.size() + 1 + second.size() &&
                                             text.starts_with(first) && text.ends_with(second) &&
                                             text[first.size()] == ' ';
      if (same) return entries_[slot].of;
    }
    return {};
  }

  struct entry {
    plain_text text;
    word_meaning of;
  };
  std::vector<std::uint32_t> hashes_;  // 0: nothing there.
  std::vector<entry> entries_;
};

bool is_brand_of_two(std::string_view first, std::string_view second) {
  return (word_table::known().find_both(first, second).is & is_brand) != 0;
}
plain_text both(std::string_view first, std::string_view second) {
  return plain_text(first) + ' ' + plain_text(second);
}

bool is_capital(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  if (c >= 0x1D400 && c < 0x1D6A4) return (c - 0x1D400) % 52 < 26;  // Of mathematics: bold, ...
  return (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x386 && c <= 0x3A9 && c != 0x390) ||
         (c >= 0x400 && c <= 0x42F) || (c >= 0x48A && c < 0x530 && (c & 1U) == 0) ||
         (c >= 0x531 && c <= 0x556) || (c >= 0x1E00 && c < 0x1F00 && (c & 1U) == 0) ||
         (c >= 0xFF21 && c <= 0xFF3A) ||
         (c >= 0x100 && c < 0x180 && (c & 1U) == ((c >= 0x139 && c <= 0x148) || c >= 0x179));
}

// Blanks of a line: the usual one, those that do not break, those of other widths.
bool is_blank(char32_t c) {
  return c == ' ' || c == 0xA0 || c == 0x202F || c == 0x205F || c == 0x3000 ||
         (c >= 0x2000 && c <= 0x200A);
}

// Letters of scripts that have no spaces and capitals are no words here; those of Latin in another
// width or of mathematics are.
bool begins_word(char32_t c) {
  if (unicode::class_of(c) != unicode::char_class::letter) return false;
  return c < 0x2E80 || (c >= 0xFF21 && c <= 0xFF5A) || (c >= 0x1D400 && c < 0x1D6A4);
}

// A soft hyphen, a joiner: nothing within a word.
bool is_invisible(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
}

struct word {
  std::size_t begin = 0;
  std::size_t end = 0;  // Without `'s`.
  std::uint16_t is = 0;
  bool capital = false;     // The first letter, and a small one behind it.
  bool capitals = false;    // All letters: `WEBER`, `M`.
  bool particle = false;    // von, de la, van der
  bool possessive = false;  // `Baker's`
  char sign = 0;            // The first sign behind it that is no space.
  bool joined = false;      // Nothing but blanks or a full stop of a title before the next one.
  bool near = false;        // Also a tab, quote marks, marks of bold letters, one line end.
  bool line_end = false;
  bool line_begin = false;
  std::uint8_t also = 0;
  std::string_view text;  // Folded.
};
struct words_read {
  letters folded;  // Of all words.
  std::vector<word> words;
};

bool listed_in(std::span<const std::string_view> words, std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// What stands between two words: `joined` and `near` of the first.
void tell_gap(std::string_view between, word& of) {
  constexpr std::size_t widest = 3;    // Blanks between words of one name.
  constexpr std::size_t furthest = 8;  // Signs between a title and its name.
  std::size_t blanks = 0;
  std::size_t signs = 0;
  bool stop = false;
  bool other = false;
  bool line_end = false;
  for (std::size_t at = 0; at < between.size(); ++signs) {
    const code_point c = code_point_at(between, at);
    at += c.size == 0 ? 1 : c.size;
    if (is_blank(c.value)) {
      ++blanks;
    } else if (c.value == '.' && signs == 0) {
      stop = true;
    } else if (c.value == '\n') {
      if (line_end) return;
      line_end = other = true;
    } else if (c.value == '\t' || c.value == '\r' || c.value == '*' || c.value == '_' ||
               c.value == '"' || c.value == '(' || c.value == ':' || c.value == 0xAB ||
               c.value == 0xBB || (c.value >= 0x2018 && c.value <= 0x201F) ||
               (c.value == '>' && line_end)) {
      other = true;
    } else if (!is_invisible(c.value)) {
      return;
    }
  }
  of.joined = !other && blanks <= widest && (blanks != 0 || stop);
  of.near = signs <= furthest && (blanks != 0 || stop || other);
}

// One word from `at` on; `at` goes behind it, and its folded letters behind those of the others.
void read_word(std::string_view text, std::size_t& at, word& out, letters& fold_to) {
  out.begin = at;
  std::size_t count = 0;
  bool second_small = false;
  while (at < text.size()) {
    if (ascii_letter(text[at])) {
      const bool capital = text[at] <= 'Z';
      if (count == 0) out.capital = capital;
      second_small = second_small || (count > 0 && !capital);
      ++count;
      ++at;
      continue;
    }
    const code_point c = code_point_at(text, at);
    if (is_invisible(c.value) && count > 0 && at + c.size < text.size() &&
        begins_word(code_point_at(text, at + c.size).value)) {
      at += c.size;
      continue;
    }
    const bool letter =
        c.value >= 0x80 && unicode::class_of(c.value) == unicode::char_class::letter;
    const bool quote = c.value == '\'' || c.value == 0x2019;
    const bool inner =
        (quote || c.value == '-') && count > 0 && at + c.size < text.size() &&
        unicode::class_of(code_point_at(text, at + c.size).value) == unicode::char_class::letter;
    if (!letter && !inner) break;
    if (quote && at + c.size < text.size() && (text[at + c.size] | 0x20) == 's' && count > 1) {
      const std::size_t behind = at + c.size + 1;
      const bool ends =
          behind == text.size() ||
          unicode::class_of(code_point_at(text, behind).value) != unicode::char_class::letter;
      if (ends) {
        out.end = at;
        out.possessive = true;
        at = behind;
        break;
      }
    }
    if (count == 0) out.capital = is_capital(c.value);
    if (count > 0 && letter && !is_capital(c.value)) second_small = true;
    ++count;
    at += c.size == 0 ? 1 : c.size;
  }
  if (out.end == 0) out.end = at;
  out.capitals = out.capital && !second_small;
  out.capital = out.capital && second_small && count > 1;
  const std::string_view written = text.substr(out.begin, out.end - out.begin);
  const std::size_t from = fold_to.size();
  add_folded(fold_to, written);
  const std::string_view fold(fold_to.data() + from, fold_to.size() - from);
  const word_meaning known = word_table::known().find(fold);
  out.is = known.is;
  out.also = known.also;
  out.particle =
      !out.capital && (known.also & also_particle) != 0 && fold.size() >= 2 && fold.size() <= 5;
  const std::size_t hyphen = out.is == 0 && !fold.empty() ? written.find('-') : written.npos;
  if (hyphen != written.npos) {  // Anna-Lena, Keller-Lange
    out.is =
        word_table::known().find(folded(written.substr(0, hyphen))).is & (is_given | is_family);
  }
}

words_read read_words(std::string_view text) {
  words_read out;
  std::vector<word>& words = out.words;
  std::vector<std::size_t> folded_ends;
  words.reserve(text.size() / 6 + 1);
  folded_ends.reserve(text.size() / 6 + 1);
  out.folded.reserve(text.size() + text.size() / 8);
  bool line_begin = true;
  for (std::size_t at = 0; at < text.size();) {
    const bool plain = static_cast<unsigned char>(text[at]) < 0x80;
    const code_point c =
        plain ? code_point{static_cast<unsigned char>(text[at]), 1} : code_point_at(text, at);
    if (plain ? !ascii_letter(text[at]) : !begins_word(c.value)) {
      if (!words.empty() && !is_blank(c.value) && words.back().sign == 0) {
        words.back().sign = plain ? static_cast<char>(c.value) : '?';
        if (c.value == '\r' || c.value == '\n') words.back().line_end = true;
      }
      if (c.value == '\n') {
        line_begin = true;
        if (!words.empty()) words.back().line_end = true;
      } else if (!is_blank(c.value) && c.value != '\r' && c.value != '>') {
        if (c.value != '"' && c.value != '(') line_begin = false;
      }
      at += c.size == 0 ? 1 : c.size;
      continue;
    }
    if (!words.empty() && !words.back().possessive) {
      tell_gap(text.substr(words.back().end, at - words.back().end), words.back());
    }
    words.emplace_back();
    words.back().line_begin = line_begin;
    line_begin = false;
    read_word(text, at, words.back(), out.folded);
    folded_ends.push_back(out.folded.size());
  }
  if (!words.empty()) words.back().line_end = true;
  // Where they lie is told when no more follow.
  for (std::size_t i = 0, from = 0; i < words.size(); from = folded_ends[i++]) {
    words[i].text = {out.folded.data() + from, folded_ends[i] - from};
  }
  return out;
}

class name_reader {
 public:
  explicit name_reader(std::string_view text) : text_(text), read_(read_words(text)) {}

  std::vector<hit> read() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (!words_[i].line_begin && i < done_) continue;
      if (const std::size_t end = at_word(i)) i = end - 1;
    }
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i].is & is_telling) != 0) tell(i);
    }
    out_.insert(out_.end(), told_.begin(), told_.end());
    return std::move(out_);
  }

 private:
  bool listed(std::size_t i) const { return (words_[i].is & (is_given | is_family)) != 0; }
  bool may_be_name(std::size_t i) const {
    return words_[i].capital && (words_[i].is & (is_stop | is_title | is_kin | is_salutation)) == 0;
  }
  bool joined(std::size_t i) const {
    return words_[i].joined && words_[i].sign != '.' && !words_[i].possessive;
  }

  // Where a name that begins at the word ends: capital letters, with particles between.
  std::size_t name_end(std::size_t i) const {
    std::size_t end = i;
    while (end < words_.size() && end < i + most_words) {
      std::size_t next = end;
      while (next < words_.size() && next < end + 2 && words_[next].particle && next > i &&
             joined(next))
        ++next;
      if (next >= words_.size() || !may_be_name(next)) break;
      end = next + 1;
      if (!joined(next)) break;
    }
    return end;
  }

  bool brand(std::size_t i) const {
    const auto of_two = [&](std::size_t first) {
      const word& one = words_[first];
      const word& other = words_[first + 1];
      return one.joined && (one.also & also_begins_brand) != 0 &&
             (other.also & also_ends_brand) != 0 && is_brand_of_two(one.text, other.text);
    };
    return (i + 1 < words_.size() && of_two(i)) || (i > 0 && of_two(i - 1));
  }

  std::size_t add(std::size_t from, std::size_t to, scan_rule rule, std::uint8_t score) {
    out_.push_back({words_[from].begin,
                    words_[to - 1].end,
                    {entity_type::person_name, rule, score, false},
                    {}});
    done_ = to;
    return to;
  }

  std::size_t at_word(std::size_t i) {
    const std::uint16_t is = words_[i].is;
    if ((is & (is_title | is_weak_title)) != 0) {
      if (const std::size_t end = behind_title(i)) return end;
    }
    if ((is & is_telling) != 0 && listed_in(uncased_titles, words_[i].text)) {
      if (const std::size_t end = behind_uncased_title(i)) return end;
    }
    if ((is & is_kin) != 0) {
      if (const std::size_t end = behind_kin(i)) return end;
    }
    if ((is & is_salutation) != 0 && words_[i].line_begin) {
      if (const std::size_t end = behind_salutation(i)) return end;
    }
    if ((is & is_closing) != 0) {
      if (const std::size_t end = behind_closing(i)) return end;
      if (const std::size_t end = beside_closing(i)) return end;
    }
    if (words_[i].line_begin) {
      if (const std::size_t end = behind_signature_mark(i)) return end;
    }
    if (words_[i].sign == ':') {
      if (const std::size_t end = behind_people_list(i)) return end;
      if (const std::size_t end = behind_header(i)) return end;
    }
    if (const std::size_t end = behind_mark(i)) return end;
    if (const std::size_t end = before_title(i)) return end;
    return by_lists(i);
  }

  std::size_t behind_title(std::size_t i) {
    const word& title = words_[i];
    std::size_t first = i + 1;
    // `Sig.ra`, `Dott.ssa`
    if (first + 1 < words_.size() && title.sign == '.' && words_[first].begin == title.end + 1 &&
        !words_[first].capital && words_[first].text.size() <= 3) {
      ++first;
    }
    // `Dr. phil. Anna Weber`, `Herr Dr. Weber`
    while (first < words_.size() && words_[first - 1].near &&
           (words_[first].is & (is_title | is_weak_title)) != 0)
      ++first;
    if (first >= words_.size() || !words_[first - 1].near || brand(first - 1)) return 0;
    if (goods_of_brand(i, first)) return 0;
    const bool joined_to = words_[first - 1].joined;
    const bool colon = words_[first - 1].sign == ':';
    while (first + 1 < words_.size() && words_[first].particle && words_[first].joined) ++first;
    const bool weak = (title.is & is_title) == 0;
    if (!joined_to && !tells_by_itself(first, colon || weak)) return 0;
    if (!may_be_name(first)) return in_other_letters(i, first, weak);
    const bool initial =
        title.capitals && title.sign == '.' && title.text.size() == 1;  // `M. Dupont`
    // `pan Novák`: in some languages titles are written small.
    const bool small = listed_in(titles_written_small, title.text);
    if (weak && (!listed(first) || (!title.capital && !initial && !small))) return 0;
    if (!weak && !title.capital && !listed(first) && small_is_another_word(title.text)) return 0;
    return add(first, name_end(first), scan_rule::name_title, title_score);
  }

  // `السيدة فاطمة`, `גב' כהן`: of scripts without capital letters the word behind the title, and
  // another where the clause ends with it.
  std::size_t behind_uncased_title(std::size_t i) {
    const std::size_t first = i + 1;
    if (first >= words_.size() || words_[first].line_begin) return 0;
    const bool joined_to = words_[i].joined || words_[i].sign == '\'' || words_[i].sign == '?';
    if (!joined_to || words_[first].text.size() < 4 || words_[first].is != 0) return 0;
    std::size_t end = first + 1;
    const bool another = end < words_.size() && words_[first].joined;
    if (another && (words_[end].line_end || words_[end].sign != 0)) ++end;
    return add(first, end, scan_rule::name_title, title_score);
  }

  // `Mrs. Meyer's soap`: of a brand that is called like a customer may be, and so only where what
  // it sells follows.
  bool goods_of_brand(std::size_t title, std::size_t name) const {
    if (!words_[name].possessive || name + 1 >= words_.size()) return false;
    if (words_[name + 1].begin > words_[name].end + 4) return false;
    return listed_in(possessive_brands, both(words_[title].text, words_[name].text)) &&
           listed_in(brand_goods, words_[name + 1].text);
  }

  // Behind a line end, a tab or a mark: `Frau\nWeber` and `Frau *Weber*`, not `Frau\nSize: 38`.
  bool tells_by_itself(std::size_t i, bool by_list) const {
    const word& one = words_[i];
    const bool names_another =
        one.sign == ':' || one.sign == '=' || (one.sign >= '0' && one.sign <= '9');
    if (names_another || (one.is & is_noun) != 0) return false;
    return listed(i) || (!by_list && may_be_name(i));
  }

  // Small they are units, verbs and what people do: `24 hr Service`, `miss Paris`, `5 ms Latency`.
  static bool small_is_another_word(std::string_view title) {
    return listed_in(small_titles, title);
  }

  // `MRS. SMITH CAME IN`, `Mme DUPONT Marie`, `frau weber`: without the capital letter that tells a
  // name, a title that is nothing else, or a name of the lists.
  std::size_t in_other_letters(std::size_t i, std::size_t first, bool weak) {
    constexpr std::uint16_t no_name =
        is_stop | is_title | is_kin | is_salutation | is_before | is_after;
    const word& title = words_[i];
    const word& name = words_[first];
    if ((name.is & no_name) != 0 || name.text.size() < 3 || (weak && !listed(first))) return 0;
    const bool certain = title.text.size() > 2 && title.text != "miss" && title.text != "madame";
    if (name.capitals ? (!certain && !listed(first))
                      : (weak || !listed(first) || is_verb(name.text))) {
      return 0;
    }
    if (brand(first)) return 0;
    std::size_t end = first + 1;
    while (end < words_.size() && end < first + most_words && joined(end - 1) &&
           (words_[end].is & no_name) == 0 &&
           (name.capitals && !title.capitals
                ? words_[end].capital || words_[end].capitals
                : listed(end) && words_[end].capitals == name.capitals)) {
      ++end;
    }
    return add(first, end, scan_rule::name_title, title_score);
  }

  // Family names that are verbs where they stand small behind a title: `frau will`.
  static bool is_verb(std::string_view text) { return listed_in(small_verbs, text); }

  // `Mehmet Bey`, `Kovács úr`: a title behind the name.
  std::size_t before_title(std::size_t i) {
    if (!may_be_name(i) && !(words_[i].capitals && words_[i].text.size() > 2)) return 0;
    if ((words_[i].is & (is_stop | is_title | is_kin | is_salutation)) != 0) return 0;
    if (i + 1 >= words_.size() || !words_[i].joined || words_[i].sign == '.') return 0;
    if ((words_[i + 1].is & is_title_behind) == 0) return 0;
    // `ur`: a watch, or out of something.
    if (words_[i + 1].text.size() == 2 && !listed(i)) return 0;
    return add(i, i + 1, scan_rule::name_title, title_score);
  }

  std::size_t behind_kin(std::size_t i) {
    if (i + 1 >= words_.size() || words_[i].possessive) return 0;
    const char sign = words_[i].sign;
    std::size_t first = i + 1;
    if (!words_[i].near && sign != ',' && sign != ':' && sign != '(') return 0;
    // `her daughter is called Ida`
    for (int skipped = 0;
         skipped < 3 && first + 1 < words_.size() && is_calling(words_[first].text); ++skipped)
      ++first;
    if (!may_be_name(first) || brand(first)) return 0;
    const bool called = first > i + 1;
    const bool known = (words_[first].is & is_given) != 0 || (called && listed(first));
    const std::size_t end = known ? with_family(first) : kin_end(i, first);
    if (end == first) return 0;
    return others_behind(add(first, end, scan_rule::name_title, title_score), i);
  }

  // Where a name that is of no list ends behind a word of kin, `first` where there is none: `son
  // Xaver`, `mother Walburga Niedermeyer`. Words of goods, feasts and days are none, nor is what a
  // number belongs to: `Mutter Weite 38`.
  std::size_t kin_end(std::size_t i, std::size_t first) const {
    const word& kin = words_[i];
    if ((kin.is & is_weak_kin) != 0 || kin.sign == ',' || kin.line_end) return first;
    std::size_t end = first;
    while (end < first + 3 && end < name_end(first) && (may_be_unlisted(end) || listed(end))) ++end;
    while (end > first && words_[end - 1].particle) --end;
    if (end == first) return first;
    const char sign = words_[end - 1].sign;
    if ((sign >= '0' && sign <= '9') || sign == ':' || sign == '=') return first;
    const bool called = first > i + 1;
    // `Wife: Silk and wool`, `daughter (Jorinde)`
    if (!called && kin.sign == ':' && end < first + 2) return first;
    if (!called && kin.sign == '(' && sign != ')' && sign != ',') return first;
    return end;
  }

  bool may_be_unlisted(std::size_t i) const {
    const word& one = words_[i];
    constexpr std::uint16_t other = is_noun | is_before | is_after | is_closing;
    if (one.particle) return true;
    return may_be_name(i) && (one.is & other) == 0 && one.text.size() > 2 && !ends_like_goods(one);
  }

  // Compounds of German, which writes every noun with a capital letter.
  static bool ends_like_goods(const word& of) {
    return std::any_of(std::begin(goods_endings), std::end(goods_endings), [&](const auto& one) {
      return of.text.size() > one.size() && of.text.ends_with(one);
    });
  }

  // `sons Xaver, Kilian and Max`: behind a word of several, or where the next name is of the lists.
  std::size_t others_behind(std::size_t end, std::size_t kin) {
    for (;;) {
      if (end >= words_.size() || words_[end].line_begin) return end;
      const bool comma = words_[end - 1].sign == ',';
      std::size_t next = end;
      if (!comma) {
        if (!words_[end - 1].joined || !is_and(words_[end].text) || !words_[end].joined) return end;
        ++next;
      }
      if (next >= words_.size() || !may_be_name(next) || brand(next)) return end;
      const bool several = (words_[kin].is & is_many_kin) != 0 && may_be_unlisted(next);
      if (!several && ((words_[next].is & is_given) == 0 || comma)) return end;
      const std::size_t to = several ? next + 1 : with_family(next);
      end = add(next, to, scan_rule::name_title, title_score);
    }
  }

  static bool is_and(std::string_view text) { return listed_in(and_words, text); }

  static bool is_calling(std::string_view text) { return listed_in(calling_words, text); }

  // A given name, and a family name behind it.
  std::size_t with_family(std::size_t first) const {
    std::size_t end = first + 1;
    while (end < words_.size() && end < first + most_words && joined(end - 1) && may_be_name(end) &&
           !brand(end))
      ++end;
    return end;
  }

  std::size_t behind_salutation(std::size_t i) {
    std::size_t first = i + 1;
    while (first < words_.size() && words_[first - 1].joined && !words_[first].capital &&
           (words_[first].is & (is_salutation | is_title)) != 0) {
      ++first;
    }
    if (first >= words_.size() || !words_[first - 1].joined) return 0;
    if ((words_[first].is & (is_title | is_weak_title)) != 0) return behind_title(first);
    if (!may_be_name(first) || brand(first)) return 0;
    if ((words_[first].is & is_closing) != 0) return 0;  // `Liebe Grüße`
    const std::size_t end = name_end(first);
    if (end == first) return 0;
    const word& last = words_[end - 1];
    const bool ends = last.sign == ',' || last.sign == '!' || last.sign == ':' || last.line_end;
    if (!ends || (end - first > 1 && !listed(first) && !listed(end - 1))) return 0;
    return add(first, end, scan_rule::name_title, title_score);
  }

  // The line behind `Best regards,`.
  std::size_t behind_closing(std::size_t i) {
    std::size_t first = i + 1;
    // The rest of the closing's line: `Gruß aus Bonn` is none.
    while (first < words_.size() && !words_[first].line_begin && first < i + 4) ++first;
    if (first >= words_.size() || !words_[first].line_begin || !may_be_name(first) || brand(first))
      return 0;
    const std::size_t end = name_end(first);
    if (end == first || end > first + 3 || !words_[end - 1].line_end) return 0;
    if (!people(first, end)) return 0;
    if (end == first + 1 && !listed(first) && words_[first - 1].sign != ',') return 0;
    return add(first, end, scan_rule::name_title, title_score);
  }

  // `Viele Grüße Cosima Quast`, `LG Anna`, `С уважением, Петрова А.И.`: on the line that it ends.
  // What other words end a letter with too (`Best`, `LG`) needs a given name of the lists.
  std::size_t beside_closing(std::size_t i) {
    const std::size_t first = i + 1;
    const word& closing = words_[i];
    if (first >= words_.size() || closing.line_end || words_[first].line_begin) return 0;
    if (!closing.joined && closing.sign != ',') return 0;
    std::size_t end = name_end(first);
    if (end == first || end > first + 3 || !people(first, end)) return 0;
    while (end < words_.size() && !words_[end - 1].line_end && words_[end].capitals &&
           words_[end].text.size() <= 2 && words_[end].sign == '.') {
      ++end;
    }
    if (!words_[end - 1].line_end) return 0;
    const bool given = (words_[first].is & (is_given | is_noun)) == is_given;
    const bool certain = !listed_in(weak_closings, closing.text) &&
                         (end > first + 1 || (words_[first].is & is_family) != 0);
    return given || certain ? add(first, end, scan_rule::name_title, title_score) : 0;
  }

  // `-- ` alone on the line before, as programs for mail write it.
  std::size_t behind_signature_mark(std::size_t i) {
    std::string_view before = text_.substr(0, words_[i].begin);
    for (const std::string_view end : {"\n", "\r", " ", "--"}) {
      if (before.ends_with(end)) {
        before.remove_suffix(end.size());
      } else if (end == "\n" || end == "--") {
        return 0;
      }
    }
    if (!before.empty() && before.back() != '\n') return 0;
    const std::size_t end = name_end(i);
    if (end == i || end > i + 3 || !words_[end - 1].line_end || !people(i, end)) return 0;
    if (end == i + 1 && (words_[i].is & is_given) == 0) return 0;
    return add(i, end, scan_rule::name_title, title_score);
  }

  // One of the words is of the lists, or none is a word of goods, of places and of who sells.
  bool people(std::size_t first, std::size_t end) const {
    bool unlisted = true;
    for (std::size_t n = first; n < end; ++n) {
      if (brand(n)) return false;
      if (listed(n) && (words_[n].is & is_noun) == 0) return true;
      unlisted = unlisted && may_be_unlisted(n);
    }
    return unlisted;
  }

  // `i.A.`, `i.V.`, `z.Hd.`, `t.a.v.`, `p.p.`, `c/o`, `gez.`, `l'attention de`: who writes, and to
  // whom.
  bool marks_person(std::size_t i) const {
    const word& one = words_[i];
    const auto before = [&](std::size_t back, std::string_view text) {
      return i >= back && words_[i - back].text == text;
    };
    if (one.text == "gez" || one.text == "ppa") return one.sign == '.';
    if (one.text == "attn" || one.text == "l'attention") return true;
    if (one.text == "att") return one.sign == '.' || one.sign == ':';
    if (one.text == "atencion") return before(1, "la");
    if (one.text == "o") return before(1, "c") && words_[i - 1].sign == '/';
    if (one.sign != '.') return false;
    if (one.text == "hd") return before(1, "z");
    if (one.text == "a" || one.text == "v") {
      const bool german = one.capitals && before(1, "i") && words_[i - 1].sign == '.';
      return german || (one.text == "v" && before(1, "a") && before(2, "t"));
    }
    return one.text == "p" && before(1, "p") && words_[i - 1].sign == '.';
  }
  std::size_t behind_mark(std::size_t i) {
    if ((words_[i].also & also_marks) == 0 || !marks_person(i) || i + 1 >= words_.size() ||
        !words_[i].near)
      return 0;
    std::size_t first = i + 1;
    if (words_[first].particle && first + 1 < words_.size()) ++first;
    if ((words_[first].is & (is_title | is_weak_title)) != 0) return 0;  // behind_title()
    if (!may_be_name(first)) return 0;
    const std::size_t end = name_end(first);
    if (end == first || end > first + 3 || !people(first, end)) return 0;
    if (end == first + 1 && !listed(first)) return 0;
    return add(first, end, scan_rule::name_title, title_score);
  }

  // `Kunden: Marian Krause, Caroline Gnatz`: two or three words each, where one is of the lists.
  std::size_t behind_people_list(std::size_t i) {
    if (words_[i].sign != ':' || !listed_in(people_lists, words_[i].text)) return 0;
    const std::size_t most = 40;
    std::vector<std::pair<std::size_t, std::size_t>> names;
    bool known = false;
    for (std::size_t n = i + 1; n < words_.size() && names.size() < most;) {
      if (names.empty() ? words_[n].line_begin : words_[n].line_begin && n != i + 1) break;
      if (is_and(words_[n].text) && !words_[n].capital) {
        ++n;
        continue;
      }
      const std::size_t end = name_end(n);
      if (end < n + 2 || end > n + 3 || !people(n, end)) break;
      for (std::size_t k = n; k < end; ++k) known = known || (words_[k].is & is_given) != 0;
      names.emplace_back(n, end);
      const bool goes_on = words_[end - 1].sign == ',' || words_[end - 1].sign == ';' ||
                           (end < words_.size() && is_and(words_[end].text));
      n = end;
      if (!goes_on) break;
    }
    if (!known) return 0;
    std::size_t end = 0;
    for (const auto& [from, to] : names) end = add(from, to, scan_rule::name_title, title_score);
    return end;
  }

  // `From: Bob Smith` of a mail within a mail.
  std::size_t behind_header(std::size_t i) {
    if (words_[i].sign != ':' || i + 1 >= words_.size() || words_[i + 1].line_begin) return 0;
    const bool alone = words_[i].line_begin && listed_in(mail_headers, words_[i].text);
    if (!alone && !long_header(i)) return 0;
    const std::size_t end = name_end(i + 1);
    // `De: Azul Marino`; what stands behind a given name may be a colour: `From: John Brown`.
    if ((words_[i + 1].is & (is_noun | is_given | is_family)) == is_noun) return 0;
    bool known = false;
    for (std::size_t n = i + 1; n < end; ++n) {
      if (brand(n)) return 0;
      known = known || (listed(n) && (words_[n].is & is_noun) == 0);
    }
    if (end == i + 1 || !(known || whole_line(i, i + 1, end))) return 0;
    return add(i + 1, end, scan_rule::name_title, title_score);
  }

  // `Responder a:`, `De la:`, `Antwort an:`.
  bool long_header(std::size_t i) const {
    if (i == 0 || !words_[i - 1].line_begin || !words_[i - 1].joined) return false;
    return listed_in(mail_headers, both(words_[i - 1].text, words_[i].text));
  }

  // Whether the line before or behind it begins with another header: `Da: ...` above `Oggetto:
  // ...`.
  bool beside_header(std::size_t i, std::size_t end) const {
    const auto heads = [&](std::size_t n) {
      const word& one = words_[n];
      return one.sign == ':' &&
             (listed_in(mail_headers, one.text) || listed_in(other_headers, one.text));
    };
    std::size_t next = end;
    while (next < words_.size() && !words_[next].line_begin) ++next;
    if (next < words_.size() && heads(next)) return true;
    std::size_t before = i;
    while (before > 0 && !words_[before].line_begin) --before;
    if (before == 0) return false;
    --before;
    while (before > 0 && !words_[before].line_begin) --before;
    return heads(before);
  }

  // Two or three words that are of no list, alone on the line or before an address: `From: Cosima
  // Quast`. Behind a word that is also another (`A: Dark Blue`) they are none.
  bool whole_line(std::size_t header, std::size_t first, std::size_t end) const {
    if (words_[header].line_begin && listed_in(short_mail_headers, words_[header].text) &&
        !beside_header(header, end)) {
      return false;
    }
    if (end - first < 2 || end - first > 3) return false;
    for (std::size_t n = first; n < end; ++n) {
      if (!may_be_unlisted(n)) return false;
    }
    const word& last = words_[end - 1];
    return last.line_end || last.sign == '<' || last.sign == '(' || last.sign == ',';
  }

  // `ask`, `Call` at the beginning of a sentence.
  bool behind_word(std::size_t i) const {
    if (i == 0 || !words_[i - 1].joined || (words_[i - 1].is & is_before) == 0) return false;
    if (!words_[i - 1].capital || words_[i - 1].line_begin || i == 1) return true;
    const char sign = words_[i - 2].sign;
    return sign == '.' || sign == '!' || sign == '?' || sign == ':';
  }

  std::size_t by_lists(std::size_t i) {
    if (!may_be_name(i) || brand(i)) return 0;
    const bool given = (words_[i].is & is_given) != 0;
    const std::size_t end = given ? with_family(i) : name_end(i);
    if (end == i) return 0;
    bool family = false;
    for (std::size_t n = i + 1; n < end; ++n) {
      family = family || (words_[n].is & is_family) != 0;
      if (brand(n)) return 0;
    }
    if (given && family && end - i <= 3) return add(i, end, scan_rule::name_list, list_score);
    const word& last = words_[end - 1];
    const bool acts = end < words_.size() && last.joined && !last.possessive &&
                      (words_[end].is & is_after) != 0 && !words_[end].capital;
    const bool behind = behind_word(i);
    // `Anastasie Voisin veut`, `Call Leonard Archer about`
    if (!given) {
      const bool whole = family && end - i >= 2 && end - i <= 3 && (acts || behind);
      return whole ? add(i, end, scan_rule::name_list, list_score) : 0;
    }
    const bool stands = last.possessive || end - i == 2 || last.sign != 0 || end == i + 1;
    if ((end - i <= 2 && acts) || (end - i <= 3 && behind && stands)) {
      return add(i, end, scan_rule::name_list, list_score);
    }
    return 0;
  }

  // --- what words tell beside names ---

  void tell(std::size_t i) {
    if (listed_in(bank_code_words, words_[i].text)) code_behind(i);
    if (listed_in(number_words, words_[i].text) && belongs_to_somebody(i)) number_behind(i);
  }
  void told(std::size_t begin, std::size_t end, entity_type type, scan_rule rule) {
    told_.push_back({begin, end, {type, rule, word_score, false}, {}});
  }

  // `BIC: COBADEFF`, `SWIFT code is BARCGBLN`, `BIC COBADEFF`.
  void code_behind(std::size_t i) {
    bool said = words_[i].text.ends_with("code");
    std::size_t code = i;
    for (int words = 0; words < 4; ++words) {
      const char sign = words_[code].sign;
      said = said || sign == ':' || sign == '=' || code != i;
      if (words_[code].line_end || ++code >= words_.size()) return;
      if (!listed_in(bank_code_joins, words_[code].text)) break;
    }
    const word& one = words_[code];
    const std::string_view text = text_.substr(one.begin, one.end - one.begin);
    if (!shaped_as_bank_code(text) || (!one.capitals && !said) || (one.is & is_noun) != 0) return;
    const bool glued = one.end < text_.size() && text_[one.end] >= '0' && text_[one.end] <= '9';
    if (glued || one.possessive) return;
    // Without a colon or a word between it may be goods of a brand: `BIC BALLPENS`, `SWIFT
    // DELIVERY`.
    if (!said && (words_[i].text != "bic" || goods_in_capitals(code))) return;
    told(one.begin, one.end, entity_type::bank_account, scan_rule::account_word);
  }

  // In capital letters as what stands beside it, or more than one of a thing.
  bool goods_in_capitals(std::size_t i) const {
    const std::string_view text = words_[i].text;
    const bool several = text.ends_with('s') && !text.ends_with("ss");
    const bool beside = i + 1 < words_.size() && words_[i].joined && words_[i + 1].capitals;
    return several || beside;
  }

  // `Frau Weber, Nummer:`, `Tom's number`; not where something of the shop stands before it on its
  // line: `Order for Mrs. Weber, number:`.
  bool belongs_to_somebody(std::size_t i) const {
    if (i == 0 || words_[i].line_begin) return false;
    const word& last = words_[i - 1];
    const auto named = [&](const hit& one) { return one.end == last.end; };
    const bool whose = (last.capital && (last.is & (is_given | is_noun)) == is_given &&
                        !brand(i - 1) && (last.possessive || last.joined)) ||
                       std::any_of(out_.begin(), out_.end(), named);
    if (!whose) return false;
    constexpr std::size_t furthest = 10;
    for (std::size_t n = i; n > 0 && i - n < furthest && !words_[n].line_begin;) {
      --n;
      const field_meaning meaning =
          read_field_name(text_.substr(words_[n].begin, words_[n].end - words_[n].begin)).meaning;
      if (meaning == field_meaning::goods || meaning == field_meaning::payment_card) return false;
    }
    return true;
  }

  // Seven digits or more in groups, behind a colon or `is`.
  void number_behind(std::size_t i) {
    std::size_t from = words_[i].end;
    if (i + 1 < words_.size() && words_[i].joined && listed_in(is_words, words_[i + 1].text)) {
      from = words_[i + 1].end;
    }
    constexpr std::string_view before = " :.#=";
    while (from < text_.size() && before.find(text_[from]) != before.npos) ++from;
    constexpr std::string_view within = " -./()+";
    constexpr std::size_t longest = 24;
    std::size_t digits = 0;
    std::size_t end = from;
    for (std::size_t at = from; at < text_.size() && at < from + longest; ++at) {
      if (text_[at] >= '0' && text_[at] <= '9') {
        ++digits;
        end = at + 1;
      } else if (at >= end + 2 || within.find(text_[at]) == within.npos) {
        break;
      }
    }
    const char behind = end < text_.size() ? text_[end] : ' ';
    const bool goes_on = (behind == ',' || behind == '.') && end + 1 < text_.size() &&
                         text_[end + 1] >= '0' && text_[end + 1] <= '9';
    if (digits < 7 || digits > 15 || goes_on || (behind & 0x80) != 0 || (behind | 0x20) >= 'a')
      return;
    told(from, end, entity_type::phone_number, scan_rule::phone_word);
  }

  std::string_view text_;
  const words_read read_;
  const std::vector<word>& words_ = read_.words;
  std::vector<hit> out_;   // Names.
  std::vector<hit> told_;  // What words tell beside them.
  std::size_t done_ = 0;
};

}  // namespace

bool names_nobody(std::string_view text, bool of_header) {
  const words_read read = read_words(text);
  const std::vector<word>& words = read.words;
  if (words.empty()) return false;
  const bool things = std::all_of(words.begin(), words.end(), [](const word& one) {
    return (one.is & (is_noun | is_stop)) != 0 && (one.is & (is_given | is_family)) == 0;
  });
  if (things) return true;
  for (std::size_t i = 0; of_header && i + 1 < words.size() && i < most_words; ++i) {
    if (is_brand_of_two(words[i].text, words[i + 1].text)) return true;
  }
  return false;
}

bool ends_with_closing(std::string_view text) {
  constexpr std::size_t longest = 80;
  constexpr std::size_t most = 5;
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  if (end == text.npos) return false;
  const std::size_t line = text.find_last_of('\n', end);
  const std::size_t begin = line == text.npos ? 0 : line + 1;
  const std::string_view last = text.substr(begin, end + 1 - begin);
  if (last.size() > longest) return false;
  const words_read read = read_words(last);
  const std::vector<word>& words = read.words;
  return words.size() <= most && std::any_of(words.begin(), words.end(), [](const word& one) {
           return (one.is & is_closing) != 0;
         });
}

bool is_mail_header(std::string_view word) { return listed_in(mail_headers, word); }

bool shaped_as_bank_code(std::string_view text) {
  if (text.size() != 8 && text.size() != 11) return false;
  std::array<char, 2> country{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = static_cast<char>(text[i] | 0x20);
    const bool letter = c >= 'a' && c <= 'z';
    if (!letter && (i < 6 || text[i] < '0' || text[i] > '9')) return false;
    if (i == 4 || i == 5) country[i - 4] = c;
  }
  return listed_in(country_codes, {country.data(), country.size()});
}

std::vector<hit> names_in(std::string_view text) {
  std::vector<hit> out = name_reader(text).read();
  const std::vector<name_place> others = names_before_honorifics(text);
  for (const name_place& one : others) {
    out.push_back({one.begin,
                   one.end,
                   {entity_type::person_name, scan_rule::name_title, title_score, false},
                   {}});
  }
  std::sort(out.begin(), out.end(), [](const hit& a, const hit& b) { return a.begin < b.begin; });
  return out;
}

}  // namespace clientbook::forms
