// What the name of a column, or a cell, says of consent to marketing, by a closed vocabulary.
//
// A column is one of yeses only where every word of its name is known: a word that nobody listed
// may turn its meaning, and a yes that was none opens what nobody agreed to.
#ifndef CLIENTBOOK_EXCHANGE_CSV_CONSENT_WORDS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_CONSENT_WORDS_HPP

#include <cstdint>
#include <string_view>

namespace clientbook::exchange {

enum class consent_says : std::uint8_t {
  nothing,  ///< It is not about marketing.
  yes,      ///< A yes in it is one.
  no,       ///< A yes in it is a no.
  unsure,   ///< A yes in it is none; a no in it is one.
  pending,  ///< Of what was not confirmed, or not delivered: neither is one.
};

/// On which ways marketing comes, as bits.
enum consent_ways : std::uint8_t {
  way_email = 1,
  way_sms = 2,
  way_post = 4,
  way_phone = 8,
  way_all = 16,
};

struct consent_name {
  consent_says says = consent_says::nothing;
  std::uint8_t ways = 0;
  std::uint8_t closed = 0;    ///< By a no: all, where the name says no way.
  bool about = false;         ///< It names a marketing, or a way: more than `accepted`.
  bool topic = false;         ///< It names a marketing.
  bool subject = false;       ///< It names that somebody is written or talked to: `Contact`.
  bool strong = false;        ///< The no needs no topic: `Abgemeldet am`, `Opt-out date`.
  bool has_no = false;        ///< A word of no stands in it, whatever it is about.
  bool may_date_yes = false;  ///< All of it known, nothing of a no: its dates may be of a yes.
  bool confirms = false;      ///< It tells of a confirmation.
  bool by_content = false;    ///< Its cells tell, and its name does not.
  bool names_way = false;     ///< It says what the no is about: a way, or a newsletter.
  bool names_time = false;    ///< `at`, `Datum`
  bool weak_alone = false;    ///< A word of no, and nothing that it is about: `STOP`.
  bool odd_signs = false;     ///< A sign stands in it that may turn its meaning.
};
consent_name read_consent_name(std::string_view column);

/// Whether a sign stands in a name that is no letter, digit or punctuation: `🚫 Telefon` may be a
/// list of numbers that are not to be called.
bool has_strange_sign(std::string_view name);

/// Whether a text is letters and digits and nothing else, but blanks, `-` and `_` between them: a
/// yes is a word of yes with nothing beside it, since `ja?`, `-1` and `≠ ja` are none.
bool is_bare_word(std::string_view text);

/// Whether a folded cell is a no in words: `nein danke`, `keine einwilligung`, `stop`. A denied no
/// and what is not confirmed are none.
bool says_no(std::string_view folded);

}  // namespace clientbook::exchange

#endif
