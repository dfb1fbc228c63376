// Reads names of columns and cells by the vocabulary of data/consent_words.csv: phrases first, then
// words, then words written as one (`Newsletterabmeldung`).
#include "consent_words.hpp"

#include "cell_forms.hpp"

#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/nfc.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <tables/exchange/import_consent_words.inc>

namespace clientbook::exchange {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t longest_phrase = 4;
constexpr std::size_t shortest_joined = 4;  // Below it, letters within a word are no word.
constexpr std::size_t shortest_compound = 8;
constexpr std::size_t longest_compound = 64;
constexpr std::size_t most_tried = 1000;  // Of one text; what is more involved is not known.

bool is_beginning(const consent_word& each) noexcept { return each.word.ends_with('*'); }
std::string_view stem(const consent_word& each) noexcept {
  return is_beginning(each) ? each.word.substr(0, each.word.size() - 1) : each.word;
}

// The word of the list that the text is, or begins with where the list has a beginning.
const consent_word* find_word(std::string_view text) noexcept {
  const auto by_word = [](const consent_word& each, std::string_view key) {
    return each.word < key;
  };
  // Beginnings stand before what they begin: all that share two letters are looked at.
  const auto* at = std::lower_bound(std::begin(consent_words), std::end(consent_words),
                                    text.substr(0, 2), by_word);
  const consent_word* best = nullptr;
  for (; at != std::end(consent_words) && at->word.starts_with(text.substr(0, 2)); ++at) {
    if (at->word == text) return at;
    if (!is_beginning(*at) || !text.starts_with(stem(*at))) continue;
    if (best == nullptr || at->word.size() > best->word.size()) best = at;
  }
  return best;
}

struct words_seen {
  std::vector<const consent_word*> known;
  std::size_t unknown = 0;
  std::size_t tried = 0;  // Ways of taking a compound apart.
};

// One word made of several: `werbe einwilligung(s) datum`. False if a part of it is not known.
bool take_compound(std::string_view text, words_seen& to) {
  if (text.empty()) return true;
  if (to.tried == most_tried) return false;
  ++to.tried;
  for (const consent_word& each : consent_words) {
    const std::string_view begins = stem(each);
    if (begins.size() < shortest_joined || begins.find(' ') != std::string_view::npos) continue;
    if (!text.starts_with(begins)) continue;
    const std::size_t before = to.known.size();
    to.known.push_back(&each);
    if (is_beginning(each)) return true;
    std::string_view rest = text.substr(begins.size());
    if (take_compound(rest, to)) return true;
    if (rest.starts_with('s') && take_compound(rest.substr(1), to)) return true;
    to.known.resize(before);
  }
  return false;
}

// A word of no within one that is not known: what it denies is not known either, but that it does.
const consent_word* no_within(std::string_view text) noexcept {
  for (const consent_word& each : consent_words) {
    if (each.part != word_part::strong_ && each.part != word_part::weak_) continue;
    if (is_beginning(each) && each.word.size() > 5 &&
        text.find(stem(each)) != std::string_view::npos) {
      return &each;
    }
  }
  return nullptr;
}

void take_word(std::string_view word, words_seen& to) {
  if (const consent_word* const found = find_word(word)) return to.known.push_back(found);
  if (word.size() >= shortest_compound) {
    if (word.size() <= longest_compound && take_compound(word, to)) return;
    if (const consent_word* const no = no_within(word)) to.known.push_back(no);
  }
  ++to.unknown;
}

words_seen words_of(std::string_view folded) {
  std::vector<std::size_t> ends;  // Of each word, in the text.
  for (std::size_t i = 0; i < folded.size(); ++i) {
    if (folded[i] == ' ') ends.push_back(i);
  }
  if (!folded.empty()) ends.push_back(folded.size());
  words_seen out;
  for (std::size_t i = 0; i < ends.size();) {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1] + 1;
    std::size_t last = std::min(i + longest_phrase, ends.size()) - 1;
    const consent_word* found = nullptr;
    for (; last > i; --last) {
      found = find_word(folded.substr(begin, ends[last] - begin));
      if (found != nullptr && found->word.find(' ') != std::string_view::npos) break;
      found = nullptr;
    }
    if (found != nullptr) {
      out.known.push_back(found);
    } else {
      take_word(folded.substr(begin, ends[i] - begin), out);
    }
    i = last + 1;
  }
  return out;
}

struct counts {
  std::size_t of[static_cast<std::size_t>(word_part::weak_) + 1]{};
  std::uint8_t channels = 0;
  std::uint8_t maybe = 0;   // On which ways too, where a word may be another one.
  bool newsletter = false;  // What is about e-mail alone.
  bool whole = false;       // About every way.
  bool denied_no = false;   // `nicht abgemeldet`
  std::size_t operator[](word_part part) const noexcept {
    return of[static_cast<std::size_t>(part)];
  }
};

std::uint8_t bit(word_way way) noexcept {
  switch (way) {
    case word_way::email:
      return way_email;
    case word_way::sms:
      return way_sms;
    case word_way::post:
      return way_post;
    case word_way::phone:
      return way_phone;
    case word_way::all:
      return way_all;
    case word_way::none:
      return 0;
  }
  return 0;
}

// `Mail` is a letter or an e-mail, `mobile` a call or a message: a no is one to both.
std::uint8_t bits_of_either(word_way way) noexcept {
  switch (way) {
    case word_way::email:
    case word_way::post:
      return way_email | way_post;
    case word_way::sms:
    case word_way::phone:
      return way_sms | way_phone;
    case word_way::all:
      return way_all;
    case word_way::none:
      return 0;
  }
  return 0;
}

counts count(const words_seen& seen) {
  counts out;
  const consent_word* before = nullptr;
  for (const consent_word* const each : seen.known) {
    ++out.of[static_cast<std::size_t>(each->part)];
    const bool is_no = each->part == word_part::strong_ || each->part == word_part::weak_;
    const bool after_not = before != nullptr && before->part == word_part::not_;
    out.denied_no = out.denied_no || (is_no && after_not);
    if (each->part == word_part::channel_) {
      out.channels = static_cast<std::uint8_t>(out.channels | bit(each->way));
    } else if (each->part == word_part::either_) {
      out.maybe = static_cast<std::uint8_t>(out.maybe | bits_of_either(each->way));
    } else if (each->way == word_way::email) {
      out.newsletter = true;
    } else if (each->way == word_way::all && each->part != word_part::strong_) {
      out.whole = true;
    }
    before = each;
  }
  return out;
}

// `newsletterOptOut` is three words.
std::string parted(std::string_view column) {
  std::string out;
  for (const char c : column) {
    const bool large = c >= 'A' && c <= 'Z';
    if (large && !out.empty() && out.back() >= 'a' && out.back() <= 'z') out += ' ';
    out += c;
  }
  return out;
}

// What stands over, under or around a letter and is no accent of it: it may strike the letter out.
bool is_overlay(char32_t c) noexcept {
  struct range {
    char32_t from, to;
  };
  constexpr range marks[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x1AB0, 0x1AFF},
                             {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}};
  return std::any_of(std::begin(marks), std::end(marks),
                     [&](const range& each) { return c >= each.from && c <= each.to; });
}

// The signs of a text that are neither letters nor digits, run by run: before the first word, those
// between words, and behind the last. An accent is a part of its letter.
template <class Run>
bool signs_fit(std::string_view given, Run fits) {
  unicode::nfc_room room;
  const auto composed = unicode::nfc(given, room);
  if (!composed) return false;
  const std::string_view text = *composed;
  std::size_t run = 0;  // Where the signs begin that are being read.
  bool words = false;
  for (std::size_t i = 0; i < text.size();) {
    const code_point c = code_point_at(text, i);
    const unicode::char_class is = unicode::class_of(c.value);
    const bool plain = (is == unicode::char_class::letter || is == unicode::char_class::digit) &&
                       !is_overlay(c.value);
    if (plain) {
      if (i > run && !fits(text.substr(run, i - run), words, true)) return false;
      words = true;
      run = i + c.size;
    }
    i += c.size;
  }
  return words && (run == text.size() || fits(text.substr(run), true, false));
}

// Between the words of a name stand blanks and at most one of a few signs; behind the last a
// question mark or the end of a bracket.
bool has_plain_signs(std::string_view name) {
  return signs_fit(without_blanks(name), [](std::string_view run, bool behind, bool before) {
    const std::u32string_view signs = behind && before ? U"-_./:,&'()\u2010\u2011\u2019"sv
                                      : behind         ? U"?.:)"sv
                                                       : U"("sv;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < run.size();) {
      const code_point c = code_point_at(run, i);
      i += c.size;
      if (c.value == ' ' || c.value == 0xA0) continue;
      if (signs.find(c.value) == std::u32string_view::npos || ++seen > 1) return false;
    }
    return true;
  });
}

consent_says meaning(const counts& has, std::size_t unknown) {
  const bool topic = has[word_part::topic_] > 0;
  const bool way = has[word_part::channel_] + has[word_part::either_] > 0;
  const bool subject = has[word_part::subject_] > 0;
  const bool agrees = has[word_part::agree_] > 0;
  const bool strong = has[word_part::strong_] > 0;
  const bool weak = has[word_part::weak_] > 0;
  const bool negates = has[word_part::not_] > 0;
  const bool about = topic || way || agrees;
  if (has.denied_no && (strong || about)) return consent_says::unsure;
  if (strong || (weak && about)) return consent_says::no;
  const bool waits = has[word_part::pending_] > 0 || (negates && has[word_part::confirmed_] > 0);
  if (waits) return about ? consent_says::pending : consent_says::nothing;
  if (negates && (about || subject)) return consent_says::no;
  if (weak) return consent_says::nothing;
  if (unknown > 0) return topic || agrees ? consent_says::unsure : consent_says::nothing;
  if (!topic && !(agrees && (way || subject))) {
    return agrees ? consent_says::unsure : consent_says::nothing;
  }
  // `Mail` is a letter in one language and an e-mail in the next; a yes to `since` is none.
  const bool open = (has[word_part::either_] > 0 && !has.newsletter) || has[word_part::time_] > 0;
  return open ? consent_says::unsure : consent_says::yes;
}

}  // namespace

bool has_strange_sign(std::string_view name) {
  const std::string_view text = without_blanks(name);
  for (std::size_t i = 0; i < text.size();) {
    const code_point c = code_point_at(text, i);
    const bool punctuation = c.value < 0x80
                                 ? c.value != '!' && c.value != '~' && c.value != '^'
                                 : (c.value >= 0x2010 && c.value <= 0x201F) || c.value == 0xA0 ||
                                       c.value == 0xB0 || c.value == 0x2116;
    const unicode::char_class is = unicode::class_of(c.value);
    const bool letter = is == unicode::char_class::letter || is == unicode::char_class::digit;
    if (!punctuation && !letter) return true;
    i += std::max<std::size_t>(c.size, 1);
  }
  return false;
}

bool is_bare_word(std::string_view text) {
  return signs_fit(text, [](std::string_view run, bool behind, bool before) {
    return behind && before && run.find_first_not_of(" -_") == std::string_view::npos;
  });
}

consent_name read_consent_name(std::string_view column) {
  words_seen seen = words_of(folded_words(parted(column)));
  // A sign may be a no, as a word may: it is not known.
  const bool odd_signs = !has_plain_signs(column);
  if (odd_signs) ++seen.unknown;
  const counts has = count(seen);
  consent_name out;
  out.odd_signs = odd_signs;
  out.says = meaning(has, seen.unknown);
  out.about = has[word_part::topic_] + has[word_part::channel_] + has[word_part::either_] > 0;
  out.topic = has[word_part::topic_] > 0;
  out.subject = has[word_part::subject_] > 0;
  out.strong = has[word_part::strong_] > 0;
  out.has_no = out.strong || has[word_part::weak_] > 0;
  out.confirms = has[word_part::confirmed_] > 0;
  out.names_way = out.about;
  out.names_time = has[word_part::time_] > 0;
  out.weak_alone = has[word_part::weak_] > 0 && !out.about && !has.denied_no &&
                   has[word_part::not_] == 0 && has[word_part::pending_] == 0;
  const bool told = has[word_part::topic_] + has[word_part::agree_] > 0 || out.confirms;
  out.may_date_yes = told && seen.unknown == 0 && !out.has_no && has[word_part::not_] == 0 &&
                     has[word_part::pending_] == 0;
  const bool closes = out.says == consent_says::no;
  const std::uint8_t named = out.says == consent_says::yes
                                 ? has.channels
                                 : static_cast<std::uint8_t>(has.channels | has.maybe);
  out.ways = named != 0                              ? named
             : has.newsletter && !has.whole          ? std::uint8_t{way_email}
             : closes || has[word_part::topic_] == 0 ? std::uint8_t{way_all}
                                                     : std::uint8_t{way_email};
  const auto any = static_cast<std::uint8_t>(has.channels | has.maybe);
  out.closed = any != 0                       ? any
               : has.newsletter && !has.whole ? std::uint8_t{way_email}
                                              : std::uint8_t{way_all};
  return out;
}

bool says_no(std::string_view folded) {
  const counts has = count(words_of(folded));
  if (has.denied_no || has[word_part::pending_] > 0) return false;
  const bool no = has[word_part::strong_] + has[word_part::weak_] > 0;
  return no || (has[word_part::not_] > 0 && has[word_part::confirmed_] == 0);
}

}  // namespace clientbook::exchange
