// Words of names, and the distance between two of them.
#include "name_likeness.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>

#include "search_text.hpp"

namespace clientbook {
namespace {

constexpr std::size_t most_words = 8;
constexpr std::size_t most_letters = 64;
constexpr std::size_t least_of_a_word = 66;

void add_words(const personal_text& from, decltype(name_words::words)& to) {
  search::text folded;
  search::words_into(folded, from.reveal());
  name_letters word;
  const auto end_word = [&] {
    if (!word.empty() && to.size() < most_words) to.push_back(word);
    word.clear();
  };
  for (std::size_t at = 0; at < folded.size();) {
    const code_point c = code_point_at(folded, at);
    at += c.size == 0 ? 1 : c.size;
    if (c.value == U' ') {
      end_word();
    } else if (word.size() < most_letters) {
      word += c.value;
    }
  }
  end_word();
}

// Damerau-Levenshtein, no part changed twice (optimal string alignment).
std::size_t distance(const name_letters& a, const name_letters& b) noexcept {
  std::array<std::array<std::uint8_t, most_letters + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& now = rows[i % 3];
    const auto& before = rows[(i + 2) % 3];
    const auto& two_before = rows[(i + 1) % 3];
    now[0] = static_cast<std::uint8_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const unsigned other = a[i - 1] == b[j - 1] ? 0 : 1;
      unsigned least = std::min({before[j] + 1U, now[j - 1] + 1U, before[j - 1] + other});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        least = std::min(least, two_before[j - 2] + 1U);
      }
      now[j] = static_cast<std::uint8_t>(least);
    }
  }
  return rows[a.size() % 3][b.size()];
}

// Two words as partners.
struct word_pair {
  std::size_t errors = 0;   ///< Distance,
  std::size_t letters = 0;  ///< and letters of the longer one; 0: no partners.
  std::size_t hundredths() const noexcept {
    return letters == 0 ? 0 : 100 * (letters - errors) / letters;
  }
};

word_pair pair_of(const name_letters& a, const name_letters& b) noexcept {
  if (a.front() != b.front()) return {};
  const std::size_t longer = std::max(a.size(), b.size());
  // An initial stands for the whole word, and is no proof of it.
  const bool initial = std::min(a.size(), b.size()) == 1 && longer > 1;
  // Each letter that one has more is an error: no need to look at the others.
  const std::size_t more = longer - std::min(a.size(), b.size());
  if (!initial && 100 * (longer - more) / longer < least_of_a_word) return {};
  const word_pair out{.errors = initial ? 1 : std::min(distance(a, b), longer), .letters = longer};
  return initial || out.hundredths() >= least_of_a_word ? out : word_pair{};
}

}  // namespace

name_words words_of_name(const person_name& name) {
  name_words out;
  add_words(name.given, out.words);
  out.has_given = !out.words.empty();
  add_words(name.middle, out.words);
  add_words(name.family, out.words);
  return out;
}

// The most alike words are partners; each word of the shorter name needs one, and so does the first
// given name of either.
std::uint8_t likeness(const name_words& one, const name_words& other) {
  const bool swapped = one.words.size() > other.words.size();
  const name_words& few = swapped ? other : one;
  const name_words& many = swapped ? one : other;
  // A family name alone is that of a household.
  if (few.words.empty() || (few.words.size() == 1 && many.words.size() > 1)) return 0;
  if (!few.has_given && !many.has_given) return 0;
  std::array<bool, most_words> few_done{};
  std::array<bool, most_words> many_done{};
  word_pair all;
  for (std::size_t pairs = 0; pairs < few.words.size(); ++pairs) {
    word_pair best;
    std::size_t best_few = 0;
    std::size_t best_many = 0;
    for (std::size_t i = 0; i < few.words.size(); ++i) {
      for (std::size_t j = 0; !few_done[i] && j < many.words.size(); ++j) {
        if (many_done[j]) continue;
        const word_pair here = pair_of(few.words[i], many.words[j]);
        if (here.hundredths() <= best.hundredths()) continue;
        best = here;
        best_few = i;
        best_many = j;
      }
    }
    if (best.letters == 0) return 0;
    few_done[best_few] = true;
    many_done[best_many] = true;
    all = {.errors = all.errors + best.errors, .letters = all.letters + best.letters};
  }
  if (many.has_given && !many_done[0]) return 0;
  return static_cast<std::uint8_t>(all.hundredths());
}

}  // namespace clientbook
