#include <clientbook/bytes.hpp>

#include "scan_rules.hpp"

namespace clientbook::redaction {
namespace {

// Lists are strings of folded words, each with a space on both sides.
bool is_in(std::string_view list, std::string_view word) noexcept {
  if (word.empty()) return false;
  for (std::size_t at = list.find(word); at != list.npos; at = list.find(word, at + 1)) {
    if (list[at - 1] == ' ' && list[at + word.size()] == ' ') return true;
  }
  return false;
}

// After the name: `88 Old Mill Road`. Those of the second list are also common words and need a
// capital letter.
constexpr std::string_view street_types =
    " street st avenue ave av blvd boulevard road rd lane ln drive dr parkway pkwy highway hwy "
    "terrace ter crescent cres circle cir trail trl turnpike tpke expressway expy gardens gdns "
    "grove mews ";
constexpr std::string_view street_types_capital =
    " court ct place pl square sq way loop close row hill walk green park alley plaza broadway "
    "quay rise view gate wharf bend pike run path point cove crossing heights ridge vale yard "
    "parade esplanade strand circus ";
// Before the name: `Via Garibaldi 7`, `12 rue de Rivoli`, `ul. Marszałkowska 1`.
constexpr std::string_view name_follows =
    " via viale piazza piazzale corso largo vicolo strada lungomare lungotevere contrada salita "
    "borgo galleria vico localita frazione p.zza "
    "calle avenida avda avd plaza pza plza paseo camino carrera ronda travesia carretera glorieta "
    "rambla callejon cuesta urbanizacion pasaje "
    "rua travessa praca alameda estrada beco rodovia av "
    "rue avenue boulevard bd bld place chemin allee impasse quai cours square route passage "
    "faubourg sentier venelle esplanade villa hameau "
    "ul ulica al aleja aleje plac pl os osiedle rynek "
    "odos odos leoforos улица ул проспект пер οδος λεωφορος cad cadde caddesi sokak sok ulice "
    "carrer passeig strada bulevardul str calea soseaua ";
// After the name, one word or its end: `Hauptstraße 5`, `Keizersgracht 123`.
constexpr std::string_view name_endings =
    " strasse str straat laan gracht plein kade dijk singel steeg dreef gasse allee platz weg damm "
    "ufer steig chaussee vej gade alle gata gatan vagen vegen veien plads torv katu tie kuja "
    "promenade graben markt berg hof utca ut ter lei ";
constexpr std::string_view name_endings_glued =
    " strasse str straat laan gracht plein kade dijk singel steeg dreef gasse allee platz weg damm "
    "ufer steig chaussee vej gade gata gatan vagen vegen veien torv katu kuja ";
constexpr std::string_view particles =
    " de la le les du des d l et sur saint sainte st ste del della dello dei degli delle di da do "
    "dos das san santa santo sant y los las el von der den dem zum zur van het ten ter op aan im "
    "am an e ";
constexpr std::string_view compass = " n s e w ne nw se sw north south east west ";
constexpr std::string_view unit_words =
    " apt apartment unit suite ste floor fl flat room rm interno int scala piano piso puerta appt "
    "etage wohnung whg bus app ";

std::size_t over_space(const text_window& text, std::size_t at) noexcept {
  for (int i = 0; i < 2; ++i) {
    const code_point c = text.next(at);
    if (c.value != ' ' && c.value != 0xA0 && c.value != 0x202F) break;
    at += c.size;
  }
  return at;
}
std::size_t over_comma(const text_window& text, std::size_t at) noexcept {
  const std::size_t space = over_space(text, at);
  return over_space(text, text[space] == ',' ? space + 1 : space);
}
std::size_t over_line(const text_window& text, std::size_t at) noexcept {
  std::size_t end = over_space(text, at);
  if (text[end] == ',') ++end;
  if (text[end] == '\r') ++end;
  if (text[end] == '\n') ++end;
  return over_space(text, end);
}

std::size_t digits_from(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (ascii_digit(text[end])) ++end;
  return end - at;
}

// Up to four words with a capital letter, particles between them: a town.
std::size_t over_town(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  for (int words = 0; words < 4; ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) break;
    const bool joins = words > 0 && is_in(particles, word.view());
    if (!word.capital && !joins) break;
    if (word.capital) end = word.end;
    place = word.end;
    const unsigned char c = text[place];
    if (c != ' ' && c != '-' && c != '\'') break;
    ++place;
  }
  return end;
}

// Postal codes: how many bytes stand here, 0 if none.
std::size_t us_zip(const text_window& text, std::size_t at) noexcept {
  if (digits_from(text, at) != 5) return 0;
  if (text[at + 5] == '-' && digits_from(text, at + 6) == 4) return 10;
  return text.word_at(at + 5) ? 0 : 5;
}
std::size_t canada(const text_window& text, std::size_t at) noexcept {
  const auto l = [&](std::size_t i) { return ascii_letter(text[at + i]); };
  const auto d = [&](std::size_t i) { return ascii_digit(text[at + i]); };
  if (!l(0) || !d(1) || !l(2)) return 0;
  const std::size_t gap = text[at + 3] == ' ' || text[at + 3] == '-' ? 1 : 0;
  if (!d(3 + gap) || !l(4 + gap) || !d(5 + gap) || text.word_at(at + 6 + gap)) return 0;
  constexpr std::string_view never_first = "DFIOQUWZ";
  if (never_first.find(static_cast<char>(ascii_upper(text[at]))) != never_first.npos) return 0;
  return 6 + gap;
}
// A9 9AA, A99, AA9, AA99, A9A, AA9A.
std::size_t united_kingdom(const text_window& text, std::size_t at) noexcept {
  std::size_t i = at;
  std::size_t letters = 0;
  while (letters < 2 && ascii_letter(text[i])) ++i, ++letters;
  if (letters == 0 || !ascii_digit(text[i])) return 0;
  ++i;
  const auto inward = [&](std::size_t from) {
    if (text[from] == ' ') ++from;
    return ascii_digit(text[from]) && ascii_letter(text[from + 1]) && ascii_letter(text[from + 2]) &&
                   !text.word_at(from + 3)
               ? from + 3
               : std::size_t{0};
  };
  std::size_t end = 0;
  if (ascii_digit(text[i]) || ascii_letter(text[i])) end = inward(i + 1);
  if (end == 0) end = inward(i);
  return end == 0 ? 0 : end - at;
}
std::size_t netherlands(const text_window& text, std::size_t at) noexcept {
  if (digits_from(text, at) != 4 || text[at] == '0') return 0;
  const std::size_t gap = text[at + 4] == ' ' ? 1 : 0;
  const auto capital = [&](std::size_t i) { return text[i] >= 'A' && text[i] <= 'Z'; };
  if (!capital(at + 4 + gap) || !capital(at + 5 + gap) || text.word_at(at + 6 + gap)) return 0;
  return 6 + gap;
}
// Digits, as most countries of the continent have them: 4 to 6, `123 45`, `12-345`, `D-12345`.
std::size_t continental(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  if (ascii_letter(text[at]) && text[at + 1] == '-') begin += 2;
  if (ascii_letter(text[at]) && ascii_letter(text[at + 1]) && text[at + 2] == '-') begin += 3;
  const std::size_t digits = digits_from(text, begin);
  if (digits >= 4 && digits <= 6) {
    if (digits == 4 && text[begin + 4] == '-' && digits_from(text, begin + 5) == 3) {
      return begin + 8 - at;
    }
    return text.word_at(begin + digits) ? 0 : begin + digits - at;
  }
  if (digits == 3 && text[begin + 3] == ' ' && digits_from(text, begin + 4) == 2) {
    return begin + 6 - at;
  }
  if (digits == 2 && text[begin + 2] == '-' && digits_from(text, begin + 3) == 3) {
    return begin + 6 - at;
  }
  return 0;
}

// `, 20125 Milano`, `, 1015 CJ Amsterdam`, `, London NW1 6XE`, `, Springfield, IL 62701`.
std::size_t over_postcode_and_town(const text_window& text, std::size_t end) noexcept {
  const std::size_t at = over_line(text, end);
  if (at == end) return end;
  std::size_t code = netherlands(text, at);
  if (code == 0) code = united_kingdom(text, at);
  if (code == 0) code = canada(text, at);
  if (code != 0) {
    const std::size_t town = over_line(text, at + code);
    const std::size_t town_end = over_town(text, town);
    return town_end > town && text[at + code] == ' ' ? town_end : at + code;
  }
  code = continental(text, at);
  if (code != 0) {
    const std::size_t town = over_space(text, at + code);
    const std::size_t town_end = over_town(text, town);
    if (town_end == town) return end;
    // `Milano (MI)`, `Milano MI`.
    if (text[town_end] == ' ' && text[town_end + 1] == '(' && text[town_end + 4] == ')') {
      return town_end + 5;
    }
    return town_end;
  }
  // A town, then a code.
  std::size_t place = at;
  for (int parts = 0; parts < 3; ++parts) {
    const std::size_t town_end = over_town(text, place);
    if (town_end == place) return end;
    const std::size_t next = over_comma(text, town_end);
    for (const std::size_t from : {next, place}) {
      const std::size_t found = [&] {
        if (const std::size_t zip = us_zip(text, from)) return zip;
        if (const std::size_t one = united_kingdom(text, from)) return one;
        return canada(text, from);
      }();
      if (found != 0) return from + found;
    }
    // The state before the code is taken for a town word: `Los Angeles, CA 90029`; a code's own
    // letters as well: `Toronto, ON M5H 2N2`.
    std::size_t word = place;
    while (word < town_end) {
      const folded_word one = word_from(text, word);
      const std::size_t behind = over_space(text, one.end);
      if (const std::size_t zip = us_zip(text, behind)) return behind + zip;
      if (const std::size_t uk = united_kingdom(text, behind)) return behind + uk;
      if (const std::size_t ca = canada(text, behind)) return behind + ca;
      if (behind == word) break;
      word = behind > one.end ? behind : one.end + 1;
    }
    if (next == town_end || text[next - 1] == 0) return end;
    place = next;
  }
  return end;
}

// ` NW`, `, Apt 12B`, ` Unit 5`, `, 3º B`.
std::size_t over_unit(const text_window& text, std::size_t end) noexcept {
  std::size_t at = over_space(text, end);
  if (text[at] == '.') at = over_space(text, at + 1);
  const folded_word side = word_from(text, at);
  if (side.end > at && at > end && side.capital && is_in(compass, side.view())) {
    end = side.end;
    if (text[end] == '.') ++end;
  }
  at = over_comma(text, end);
  if (text[at] == '#' && ascii_digit(text[at + 1])) {
    return at + 1 + digits_from(text, at + 1);
  }
  const folded_word unit = word_from(text, at);
  if (unit.end > at && at > end && is_in(unit_words, unit.view())) {
    std::size_t number = unit.end;
    if (text[number] == '.') ++number;
    number = over_space(text, number);
    std::size_t stop = number;
    while (stop < number + 6 && (ascii_digit(text[stop]) || ascii_letter(text[stop]) ||
                                 text[stop] == '-')) {
      ++stop;
    }
    if (stop > number && stop < number + 6 && (ascii_digit(text[number]) || stop == number + 1)) {
      return stop;
    }
  }
  // Spanish floors: 3º B, 2ª izq.
  const std::size_t digits = digits_from(text, at);
  if (digits > 0 && digits < 3 && at > end) {
    const code_point sign = text.next(at + digits);
    if (sign.value == 0xBA || sign.value == 0xAA || sign.value == 0xB0) {
      std::size_t stop = at + digits + sign.size;
      const std::size_t door = over_space(text, stop);
      const folded_word word = word_from(text, door);
      if (word.size >= 1 && word.size <= 3) stop = word.end;
      return stop;
    }
  }
  return end;
}

// 12, 12a, 12 bis, 12/14, 12-14, 7/B, 221B: where the house number ends.
std::size_t over_house_number(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at + digits_from(text, at);
  if (ascii_letter(text[end]) && !text.word_at(end + 1)) return end + 1;
  if ((text[end] == '/' || text[end] == '-') && !text.word_at(end + 2) &&
      (ascii_letter(text[end + 1]) || ascii_digit(text[end + 1]))) {
    return end + 2;
  }
  if ((text[end] == '/' || text[end] == '-') && digits_from(text, end + 1) > 0 &&
      digits_from(text, end + 1) <= 4) {
    return end + 1 + digits_from(text, end + 1);
  }
  if (text[end] == ' ') {
    const folded_word word = word_from(text, end + 1);
    constexpr std::string_view additions = " bis ter quater ";
    if (is_in(additions, word.view())) return word.end;
    // `12 a`, but not `12 a coat`.
    if (word.size == 1 && word.view() >= "a" && word.view() <= "h" && text[word.end] != ' ' &&
        !text.word_at(word.end)) {
      return word.end;
    }
  }
  return end;
}

// 742 Evergreen Terrace.
std::size_t english_street(const text_window& text, std::size_t number_end) noexcept {
  std::size_t place = over_space(text, number_end);
  if (place == number_end) return 0;
  bool all_capital = true;
  for (int words = 0; words < 6; ++words) {
    // `5th`, `42nd`.
    const std::size_t digits = digits_from(text, place);
    const folded_word word = word_from(text, place + digits);
    if (word.end == place) return 0;
    const bool ordinal = digits > 0 && digits < 4;
    all_capital = all_capital && (word.capital || ordinal);
    if (words > 0 && !ordinal &&
        (is_in(street_types, word.view()) ? all_capital || word.size > 3
                                          : is_in(street_types_capital, word.view()) && all_capital)) {
      // `St James Street`: as far as a street type follows.
      std::size_t end = word.end;
      if (text[end] == '.') ++end;
      const std::size_t next = over_space(text, end);
      const folded_word after = word_from(text, next);
      if (after.capital && next > end && is_in(street_types, after.view())) end = after.end;
      return end;
    }
    if (!word.capital && !ordinal && words > 2) return 0;
    place = word.end;
    if (text[place] == '.') ++place;
    if (text[place] == '\'' && ascii_letter(text[place + 1])) {
      place = word_from(text, place + 1).end;
    } else if (text[place] == '-') {
      ++place;
      continue;
    }
    const std::size_t next = over_space(text, place);
    if (next == place) return 0;
    place = next;
  }
  return 0;
}

// Names with a capital letter after a street type, with particles: `rue de la République`.
std::size_t over_names(const text_window& text, std::size_t at, bool capital) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  for (int words = 0; words < 6; ++words) {
    const std::size_t begin = place;
    const folded_word word = word_from(text, begin);
    if (word.end == begin) {
      const std::size_t digits = digits_from(text, begin);
      if (digits == 0 || digits > 2 || !text.word_at(begin)) break;
      place = begin + digits;  // `rue du 8 mai`
    } else {
      if (word.capital || (!capital && words == 0)) {
        end = word.end;
      } else if (!is_in(particles, word.view())) {
        break;
      }
      place = word.end;
    }
    const unsigned char c = text[place];
    if (c == '\'' || c == '-') {
      ++place;
      continue;
    }
    if (text.next(place).value == 0x2019) {
      place += 3;
      continue;
    }
    const std::size_t next = over_space(text, place);
    if (next == place) break;
    place = next;
  }
  return end;
}

// 12 rue de Rivoli; 3, place de la République.
std::size_t french_street(const text_window& text, std::size_t number_end) noexcept {
  const std::size_t place = over_comma(text, number_end);
  if (place == number_end) return 0;
  const folded_word type = word_from(text, place);
  if (type.size < 2 || !is_in(name_follows, type.view())) return 0;
  std::size_t names = type.end;
  if (text[names] == '.') ++names;
  names = over_space(text, names);
  const std::size_t end = over_names(text, names, true);
  return end > names ? end : 0;
}

struct street_before {
  std::size_t begin = 0;
  bool sure = false;
  explicit operator bool() const noexcept { return begin != std::size_t(-1); }
};

bool glued_ending(std::string_view word) noexcept {
  for (std::size_t at = 1; at < name_endings_glued.size();) {
    const std::size_t end = name_endings_glued.find(' ', at);
    const std::string_view ending = slice(name_endings_glued, at, end - at);
    if (word.size() > ending.size() + 2 && word.ends_with(ending)) return true;
    at = end + 1;
  }
  return false;
}

// The street whose name ends before a house number: where it begins.
street_before street_until(const text_window& text, std::size_t number) noexcept {
  constexpr street_before none{std::size_t(-1), false};
  std::size_t place = number;
  const auto back_over = [&](std::string_view signs) {
    for (int i = 0; i < 3; ++i) {
      const code_point c = text.previous(place);
      if (c.size == 0) break;
      if (c.value == 0xA0) {
        place -= c.size;
        continue;
      }
      if (c.value >= 0x80 || signs.find(static_cast<char>(c.value)) == signs.npos) break;
      place -= c.size;
    }
  };
  back_over(" ,.");
  if (place == number) return none;
  folded_word word = word_until(text, place);
  constexpr std::string_view number_signs = " n nr no num numero civico ";
  if (is_in(number_signs, word.view()) && word.size != 0) {
    place = word.begin;
    back_over(" ,.");
    word = word_until(text, place);
  }
  if (word.begin == word.end) return none;
  if (word.size == 0) word.capital = false;
  // Hauptstraße 5, Berliner Straße 17.
  const bool glued = word.size > 0 && glued_ending(word.view());
  const bool alone = word.size > 0 && is_in(name_endings, word.view());
  if (glued && (word.capital || word.size > 7)) return {word.begin, true};
  std::size_t begin = word.begin;
  folded_word earlier = word;
  bool capital = word.capital;
  for (int words = 0; words < 6; ++words) {
    if (earlier.size != 0 && is_in(name_follows, earlier.view()) && words > 0 && capital) {
      return {earlier.begin, true};
    }
    if (words > 0 && !earlier.capital && !is_in(particles, earlier.view())) break;
    begin = earlier.begin;
    place = begin;
    std::size_t before = place;
    const code_point c = text.previous(before);
    if (c.value == '/' && ascii_upper(text[place - 2]) == 'C' && !text.word_before(place - 2)) {
      return {place - 2, true};  // C/ Serrano
    }
    if (c.value != ' ' && c.value != '.' && c.value != '\'' && c.value != '-' && c.value != 0xA0 &&
        c.value != 0x2019) {
      break;
    }
    place -= c.size;
    if (c.value == ' ' && text[place - 1] == '.') --place;
    if (c.value == ' ' && text[place - 1] == '/' && ascii_upper(text[place - 2]) == 'C' &&
        !text.word_before(place - 2)) {
      return {place - 2, true};
    }
    earlier = word_until(text, place);
    if (earlier.begin == earlier.end) break;
    if (alone && word.capital && words == 0) {
      // The word before `Straße`, and one more with a capital letter or particle.
      if (!earlier.capital) return none;
      return {earlier.begin, true};
    }
  }
  // `Am Markt 3`: sure only beside a word of addresses or with a postal code.
  constexpr std::string_view places = " am im an auf zum zur in unter hinter ";
  const folded_word first = word_from(text, begin);
  if (word.capital && first.capital && first.begin < word.begin && is_in(places, first.view())) {
    return {first.begin, false};
  }
  if (alone && word.capital && word.size > 3) return {word.begin, false};
  return none;
}

bool post_box_before(const text_window& text, std::size_t at, std::size_t& begin) noexcept {
  std::size_t place = at;
  while (text[place - 1] == ' ' || text[place - 1] == '.' || text[place - 1] == '#') --place;
  if (place == at) return false;
  const folded_word word = word_until(text, place);
  if (word.view() == "postfach" || word.view() == "postbus" || word.view() == "postboks") {
    begin = word.begin;
    return true;
  }
  if (word.view() == "bp" || word.view() == "cp") {
    begin = word.begin;
    return word.capital && (words_before(text, word.begin).nearest & address_word) != 0;
  }
  const bool box = word.view() == "box";
  const bool second = word.view() == "postale" || word.view() == "postal" || word.view() == "correos";
  if (!box && !second) return false;
  place = word.begin;
  // P.O. Box, PO Box, Post Office Box, Casella postale, Apartado postal.
  std::size_t letters = place;
  while (place - letters < 12 &&
         (ascii_letter(text[letters - 1]) || text[letters - 1] == '.' || text[letters - 1] == ' ')) {
    --letters;
  }
  constexpr std::string_view forms[] = {"p.o. ", "po ", "p.o ", "p. o. ", "post ", "office ", "casella ", "apartado "};
  for (const std::string_view form : forms) {
    if (place < form.size() || place - form.size() < text.begin()) continue;
    const std::size_t from = place - form.size();
    bool same = true;
    for (std::size_t i = 0; i < form.size(); ++i) {
      same = same && (text[from + i] | 0x20) == (form[i] | 0x20);
    }
    if (same && !text.word_before(from)) {
      begin = from;
      return true;
    }
  }
  return false;
}

}  // namespace

find address_at(const text_window& text, const digit_run& run,
                const scan_settings& settings) noexcept {
  if (!run.plain) return {};
  const std::size_t at = run.begin;
  const std::size_t digits = digits_from(text, at);
  if (digits > 6) return {};
  const code_point before = text.previous(at);
  if (before.value == '#' || before.value == '$' || (before.value >= 0xA3 && before.value < 0xA6)) return {};
  if (digits <= 5 && !text.word_before(at)) {
    const std::size_t number_end = over_house_number(text, at);
    std::size_t end = english_street(text, number_end);
    if (end == 0) end = french_street(text, number_end);
    if (end != 0) {
      end = over_postcode_and_town(text, over_unit(text, end));
      return {at, end, rule::address_street};
    }
    if (const street_before street = street_until(text, at)) {
      const std::size_t unit = over_unit(text, number_end);
      end = over_postcode_and_town(text, unit);
      if (street.sure || end != unit ||
          (words_before(text, street.begin).nearest & address_word) != 0) {
        return {street.begin, end, rule::address_street};
      }
    }
  }
  std::size_t begin = at;
  if (!text.word_before(at) && post_box_before(text, at, begin)) {
    return {begin, over_postcode_and_town(text, at + digits), rule::address_box};
  }
  // A postal code with its town, beside a word of addresses; UK, Canadian and Dutch codes have a
  // form of their own.
  if (!text.word_before(at) && (digits == 5 || digits == 4) &&
      (before.value == ' ' || before.value == '\n' || before.size == 0)) {
    const std::size_t code = netherlands(text, at);
    const std::size_t any = code != 0 ? code : continental(text, at);
    if (any != 0) {
      const std::size_t town = over_space(text, at + any);
      const std::size_t end = over_town(text, town);
      const bool dutch = code != 0 && settings.in_region(country('N', 'L'));
      if (end > town + 2 && (dutch || (words_before(text, at).nearest & address_word) != 0)) {
        return {at, end, rule::address_postcode};
      }
      if (dutch) return {at, at + any, rule::address_postcode};
    }
  }
  std::size_t letters = at;
  while (at - letters < 3 && ascii_letter(text[letters - 1])) --letters;
  if (letters < at && at - letters < 3 && !text.word_before(letters)) {
    std::size_t code = 0;
    if (settings.in_region(country('G', 'B'))) code = united_kingdom(text, letters);
    if (code == 0 && settings.in_region(country('C', 'A')) && at - letters == 1) {
      code = canada(text, letters);
    }
    if (code != 0) return {letters, letters + code, rule::address_postcode};
  }
  return {};
}

}  // namespace clientbook::redaction
