#include <clientbook/bytes.hpp>

#include <bit>
#include <cstring>

#include "scan_rules.hpp"
#include "street_words.hpp"
#include "text_words.hpp"

namespace clientbook::redaction {
namespace {

// After the name: `88 Old Mill Road`. Those of the second list (USPS Publication 28, C1, and what
// is usual elsewhere) are also common words and need a capital letter.
CLIENTBOOK_WORDS(
    street_types,
    " street st avenue ave av blvd boulevard road rd lane ln drive dr parkway pkwy highway hwy "
    "terrace crescent cres trl turnpike tpke expressway expy gdns mews");
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(street_types_capital,
                 "close court courts ct circle cir crescent garden gardens green grove hill mall "
                 "mews park park place pl plaza row square sq trail walk way wharf yard");
#else
CLIENTBOOK_WORDS(
    street_types_capital,
    " alley annex arcade bayou beach bend bluff bluffs bottom branch bridge brook brooks broadway "
    "burg "
    "burgs bypass camp canyon cape causeway center centers centre cir circle circles circus cliff "
    "cliffs "
    "close club common commons corner corners course court courts ct cove coves creek crossing "
    "crossroad crossroads curve dale dam divide drives esplanade estate estates extension "
    "extensions "
    "fall falls ferry field fields flat flats ford fords forest forge forges fork forks fort "
    "freeway "
    "garden gardens gate gateway glen glens green greens grove groves harbor harbors harbour haven "
    "heath heights hill hills hollow inlet island islands isle junction junctions key keys knoll "
    "knolls "
    "lake lakes land landing light lights loaf lock locks lodge loop mall manor manors meadow "
    "meadows "
    "mill mills mission motorway mount mountain mountains neck orchard oval overpass parade park "
    "parks "
    "parkways pass passage path pier pike pine pines pl place plain plains plaza point points port "
    "ports "
    "prairie quay radial ramp ranch rapid rapids rest ridge ridges rise river road roads route row "
    "rue "
    "run shoal shoals shore shores skyway spring springs spur spurs sq square squares station "
    "strand "
    "stravenue stream streets summit ter throughway trace track trafficway trail trailer tunnel "
    "underpass union unions vale valley valleys via viaduct view views village villages ville "
    "vista walk "
    "walks wall way ways well wells wharf yard");
#endif
// Before the name: `Via Garibaldi 7`, `12 rue de Rivoli`, `ul. Marszałkowska 1`.
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(name_follows,
                 "via viale piazza piazzale corso largo vicolo strada contrada borgo localita "
                 "calle avenida avda plaza pza paseo camino carrera ronda rue avenue boulevard bd "
                 "place chemin allee impasse quai cours square route passage");
#else
CLIENTBOOK_WORDS(
    name_follows,
    " via viale piazza piazzale piazzetta corso largo vicolo strada lungomare lungotevere contrada "
    "salita borgo galleria vico localita frazione stretto canale rotonda incrocio calata traversa "
    "calle avenida avda avd plaza pza plza paseo camino carrera ronda travesia carretera glorieta "
    "rambla callejon cuesta urbanizacion pasaje acceso alameda canada via vial pasadizo torrent "
    "rua travessa praca praceta alameda estrada beco rodovia av largo quinta ladeira viela avenida "
    "rue avenue boulevard bd bld place chemin allee impasse quai cours square route passage "
    "faubourg sentier venelle esplanade villa hameau voie ruelle "
    "ul ulica al aleja aleje plac pl os osiedle rynek "
    "odos leoforos улица ул проспект пер οδος λεωφορος cad cadde caddesi sokak sok ulice "
    "carrer passeig bulevardul str calea soseaua");
#endif
// After the name, one word or its end: `Hauptstraße 5`, `Keizersgracht 123`.
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(name_endings,
                 "strasse str gasse allee platz weg damm ufer steig chaussee ring promenade graben "
                 "markt berg hof");
#else
CLIENTBOOK_WORDS(
    name_endings,
    " strasse str straat laan gracht plein kade dijk singel steeg dreef gasse allee platz weg damm "
    "ufer steig chaussee vej gade alle gata gatan vagen vegen veien plads torv katu tie kuja ring "
    "promenade graben markt berg hof utca ut ter lei polku boulevard bulevardi stig stigen");
#endif
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(name_endings_glued,
                 "strasse str gasse allee platz weg damm ufer steig chaussee hof");
#else
CLIENTBOOK_WORDS(
    name_endings_glued,
    " strasse str straat laan gracht plein kade dijk singel steeg dreef gasse allee platz weg damm "
    "ufer steig chaussee vej gade gata gatan vagen vegen veien torv katu kuja stigen stubben polku "
    "bulevardi boulevard hof gatan grand backen torget");
#endif
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(particles,
                 "de la le les du des d l et sur saint sainte st ste del della dello dei degli "
                 "delle di da san santa santo y los las el von der den dem zum zur am an im");
#else
CLIENTBOOK_WORDS(
    particles,
    " de la le les du des d l et sur saint sainte st ste del della dello dei degli delle di da do "
    "dos das san santa santo sant y los las el von der den dem zum zur van het ten ter op aan im "
    "am an e nad pod ve v in al");
#endif
// `Am Markt`, before the name.
CLIENTBOOK_WORDS(places, "am im an auf zum zur in unter hinter");
CLIENTBOOK_WORDS(compass, "n s e w ne nw se sw north south east west");
#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(unit_words,
                 "apt apartment unit suite ste floor fl flat room interno int scala piano piso "
                 "puerta etage wohnung box");
#else
CLIENTBOOK_WORDS(
    unit_words,
    " apt apartment unit suite ste floor fl flat room rm interno int scala piano piso puerta appt "
    "appartement appartamento etage wohnung whg bus app studio level lot floor house block bloque "
    "lgh box");
#endif
CLIENTBOOK_WORDS(
    us_states,
    " al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm "
    "ny "
    "nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr vi gu as mp fm mh pw aa ae ap "
    "nsw vic qld tas act nt");

CLIENTBOOK_ONCE std::size_t over_space(const text_window& text, std::size_t at) noexcept {
  for (int i = 0; i < 2; ++i) {
    const seen c = text.next(at);
    if (c.value != ' ' && c.value != 0xA0 && c.value != 0x202F) break;
    at += c.size;
  }
  return at;
}
CLIENTBOOK_ONCE std::size_t over_comma(const text_window& text, std::size_t at) noexcept {
  const std::size_t space = over_space(text, at);
  return over_space(text, text[space] == ',' ? space + 1 : space);
}
CLIENTBOOK_ONCE std::size_t over_line(const text_window& text, std::size_t at) noexcept {
  std::size_t end = over_space(text, at);
  if (text[end] == ',') ++end;
  if (text[end] == '\r') ++end;
  if (text[end] == '\n') ++end;
  return over_space(text, end);
}

CLIENTBOOK_ONCE std::size_t digits_from(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (text.digit_at(end)) ++end;
  return end - at;
}

// Up to four words with a capital letter, particles between them: a town.
std::size_t over_town(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  for (int words = 0; words < 4; ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) break;
    const bool joins = words > 0 && is_in(particles, word);
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
CLIENTBOOK_ONCE std::size_t us_zip(const text_window& text, std::size_t at) noexcept {
  if (digits_from(text, at) != 5) return 0;
  if (text[at + 5] == '-' && digits_from(text, at + 6) == 4) return 10;
  return text.word_at(at + 5) ? 0 : 5;
}
std::size_t canada(const text_window& text, std::size_t at) noexcept {
  const auto l = [&](std::size_t i) { return text.letter_at(at + i); };
  const auto d = [&](std::size_t i) { return text.digit_at(at + i); };
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
  while (letters < 2 && text.letter_at(i)) ++i, ++letters;
  if (letters == 0 || !text.digit_at(i)) return 0;
  ++i;
  const auto inward = [&](std::size_t from) {
    if (text[from] == ' ') ++from;
    return text.digit_at(from) && text.letter_at(from + 1) && text.letter_at(from + 2) &&
                   !text.word_at(from + 3)
               ? from + 3
               : std::size_t{0};
  };
  std::size_t end = 0;
  if (text.digit_at(i) || text.letter_at(i)) end = inward(i + 1);
  if (end == 0) end = inward(i);
  return end == 0 ? 0 : end - at;
}
std::size_t netherlands(const text_window& text, std::size_t at) noexcept {
  if (in_firmware) return 0;
  if (digits_from(text, at) != 4 || text[at] == '0') return 0;
  const std::size_t gap = text[at + 4] == ' ' ? 1 : 0;
  const auto capital = [&](std::size_t i) { return text[i] >= 'A' && text[i] <= 'Z'; };
  if (!capital(at + 4 + gap) || !capital(at + 5 + gap) || text.word_at(at + 6 + gap)) return 0;
  return 6 + gap;
}
// Digits, as most countries of the continent have them: 4 to 6, `123 45`, `12-345`, `D-12345`.
std::size_t continental(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  if (text.letter_at(at) && text[at + 1] == '-') begin += 2;
  if (text.letter_at(at) && text.letter_at(at + 1) && text[at + 2] == '-') begin += 3;
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
    const bool dutch = netherlands(text, at) != 0;
    const std::size_t town = dutch ? over_line(text, at + code) : over_space(text, at + code);
    const std::size_t town_end = over_town(text, town);
    return town_end > town + 2 ? town_end : at + code;
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
CLIENTBOOK_ONCE std::size_t over_unit(const text_window& text, std::size_t end) noexcept {
  std::size_t at = over_space(text, end);
  if (text[at] == '.') at = over_space(text, at + 1);
  const folded_word side = word_from(text, at);
  if (side.end > at && at > end && side.capital && is_in(compass, side)) {
    end = side.end;
    if (text[end] == '.') ++end;
  }
  at = over_comma(text, end);
  if (text[at] == '#' && text.digit_at(at + 1)) {
    return at + 1 + digits_from(text, at + 1);
  }
  const folded_word unit = word_from(text, at);
  if (unit.end > at && at > end && is_in(unit_words, unit)) {
    std::size_t number = unit.end;
    if (text[number] == '.') ++number;
    number = over_space(text, number);
    std::size_t stop = number;
    while (stop < number + 6 &&
           (text.digit_at(stop) || text.letter_at(stop) || text[stop] == '-')) {
      ++stop;
    }
    if (stop > number && stop < number + 6 && (text.digit_at(number) || stop == number + 1)) {
      return stop;
    }
  }
  // Spanish floors: 3º B, 2ª izq.
  const std::size_t digits = digits_from(text, at);
  if (digits > 0 && digits < 3 && at > end) {
    const seen sign = text.next(at + digits);
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

// `Flat 3, ` before a house number: where it begins.
CLIENTBOOK_ONCE std::size_t back_over_unit(const text_window& text, std::size_t number) noexcept {
  std::size_t place = number;
  while (number - place < 2 && (text[place - 1] == ' ' || text[place - 1] == ',')) --place;
  std::size_t digits = place;
  if (text.letter_at(digits - 1) && text.digit_at(digits - 2)) --digits;  // 12B
  while (place - digits < 5 && text.digit_at(digits - 1)) --digits;
  if (digits == place || place == number) return number;
  std::size_t word_end = digits;
  if (text[word_end - 1] == ' ') --word_end;
  if (text[word_end - 1] == '.') --word_end;
  const folded_word word = word_until(text, word_end);
  return word.begin < word.end && is_in(unit_words, word) ? word.begin : number;
}

// 12, 12a, 12 bis, 12/14, 12-14, 7/B, 221B: where the house number ends.
CLIENTBOOK_ONCE std::size_t over_house_number(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at + digits_from(text, at);
  if (text.letter_at(end) && !text.word_at(end + 1)) return end + 1;
  if ((text[end] == '/' || text[end] == '-') && !text.word_at(end + 2) &&
      (text.letter_at(end + 1) || text.digit_at(end + 1))) {
    return end + 2;
  }
  if ((text[end] == '/' || text[end] == '-') && digits_from(text, end + 1) > 0 &&
      digits_from(text, end + 1) <= 4) {
    return end + 1 + digits_from(text, end + 1);
  }
  if (text[end] == ' ') {
    const folded_word word = word_from(text, end + 1);
    CLIENTBOOK_WORDS(additions, "bis ter quater");
    if (is_in(additions, word)) return word.end;
    // `12 a`, but not `12 a coat`.
    if (word.size == 1 && word.bytes[0] >= 'a' && word.bytes[0] <= 'h' && text[word.end] != ' ' &&
        !text.word_at(word.end)) {
      return word.end;
    }
  }
  return end;
}

// 742 Evergreen Terrace.
CLIENTBOOK_ONCE std::size_t english_street(const text_window& text,
                                           std::size_t number_end) noexcept {
  std::size_t place = over_space(text, number_end);
  if (place == number_end) return 0;
  bool all_capital = true;
  std::size_t found = 0;  // The last street type: `N Lake Shore Drive`.
  for (int words = 0; words < 6; ++words) {
    // `5th`, `42nd`.
    const std::size_t digits = digits_from(text, place);
    const folded_word word = word_from(text, place + digits);
    if (word.end == place || (found != 0 && !word.capital)) return found;
    const bool ordinal = digits > 0 && digits < 4;
    all_capital = all_capital && (word.capital || ordinal);
    if (words > 0 && !ordinal &&
        (is_in(street_types, word) ? all_capital || word.size > 3
                                   : is_in(street_types_capital, word) && all_capital)) {
      found = word.end;
      if (text[found] == '.') ++found;
    }
    if (!word.capital && !ordinal && words > 2) return found;
    place = word.end;
    if (text[place] == '.') ++place;
    if (text[place] == '\'' && text.letter_at(place + 1)) {
      place = word_from(text, place + 1).end;
    } else if (text[place] == '-') {
      ++place;
      continue;
    }
    const std::size_t next = over_space(text, place);
    if (next == place) return found;
    place = next;
  }
  return found;
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
      } else if (!is_in(particles, word)) {
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
CLIENTBOOK_ONCE std::size_t french_street(const text_window& text,
                                          std::size_t number_end) noexcept {
  const std::size_t place = over_comma(text, number_end);
  if (place == number_end) return 0;
  const folded_word type = word_from(text, place);
  if (type.size < 2 || !is_in(name_follows, type)) return 0;
  std::size_t names = type.end;
  if (text[names] == '.') ++names;
  names = over_space(text, names);
  const std::size_t end = over_names(text, names, true);
  return end > names ? end : 0;
}

enum class street_proof : std::uint8_t {
  none,
  name,    ///< A word with a capital letter: with a postal code behind.
  likely,  ///< `Am Markt`: also beside a word of addresses.
  sure,
};
struct street_before {
  std::size_t begin = 0;
  street_proof proof = street_proof::none;
};

// `Lisa-Rieder-Platz`: back over the parts before a hyphen.
CLIENTBOOK_ONCE std::size_t over_hyphens(const text_window& text, std::size_t begin) noexcept {
  for (int parts = 0; parts < 4 && text[begin - 1] == '-'; ++parts) {
    const folded_word part = word_until(text, begin - 1);
    if (part.begin == part.end) break;
    begin = part.begin;
  }
  return begin;
}

// The street whose name ends before a house number: where it begins.
CLIENTBOOK_ONCE street_before street_until(const text_window& text, std::size_t number) noexcept {
  constexpr street_before none{};
  std::size_t place = number;
  const auto back_over = [&](std::string_view signs) {
    for (int i = 0; i < 3; ++i) {
      const seen c = text.previous(place);
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
  CLIENTBOOK_WORDS(number_signs, "n nr no num numero civico");
  if (is_in(number_signs, word) && word.size != 0) {
    place = word.begin;
    back_over(" ,.");
    word = word_until(text, place);
  }
  if (word.begin == word.end) return none;
  if (word.size == 0) word.capital = false;
  // Hauptstraße 5, Berliner Straße 17.
  const bool glued = word.size > 0 && ends_in(name_endings_glued, word);
  const bool alone = word.size > 0 && is_in(name_endings, word);
  if (glued && (word.capital || word.size > 7))
    return {over_hyphens(text, word.begin), street_proof::sure};
  if (alone && word.capital && text[word.begin - 1] == '-') {
    return {over_hyphens(text, word.begin), street_proof::sure};
  }
  // Nothing but a name stands before the number.
  if (!word.capital) return none;
  std::size_t begin = word.begin;
  folded_word earlier = word;
  bool capital = word.capital;
  for (int words = 0; words < 6; ++words) {
    const bool short_lead = earlier.size == 1 &&
                            (earlier.bytes[0] == 'c' || earlier.bytes[0] == 'r') &&
                            earlier.capital && text[earlier.end] == '.';
    if ((short_lead || is_in(name_follows, earlier)) && words > 0 && capital) {
      return {earlier.begin, street_proof::sure};
    }
    if (words > 0 && !earlier.capital && !is_in(particles, earlier)) break;
    begin = earlier.begin;
    place = begin;
    std::size_t before = place;
    const seen c = text.previous(before);
    if (c.value == '/' && ascii_upper(text[place - 2]) == 'C' && !text.word_before(place - 2)) {
      return {place - 2, street_proof::sure};  // C/ Serrano
    }
    if (c.value != ' ' && c.value != '.' && c.value != '\'' && c.value != '-' && c.value != 0xA0 &&
        c.value != 0x2019) {
      break;
    }
    place -= c.size;
    if (c.value == ' ' && text[place - 1] == '.') --place;
    if (c.value == ' ' && text[place - 1] == '/' && ascii_upper(text[place - 2]) == 'C' &&
        !text.word_before(place - 2)) {
      return {place - 2, street_proof::sure};
    }
    earlier = word_until(text, place);
    if (earlier.begin == earlier.end) break;
    if (alone && word.capital && words == 0) {
      // The word before `Straße`, and one more with a capital letter or particle.
      if (!earlier.capital) return none;
      return {earlier.begin, street_proof::sure};
    }
  }
  // `Am Markt 3`: sure only beside a word of addresses or with a postal code.
  const folded_word first = word_from(text, begin);
  if (first.capital && first.begin < word.begin && is_in(places, first)) {
    return {first.begin, street_proof::likely};
  }
  if (alone && word.size > 3) return {word.begin, street_proof::likely};
  return {begin, street_proof::name};
}

CLIENTBOOK_ONCE bool post_box_before(const text_window& text, std::size_t at,
                                     std::size_t& begin) noexcept {
  std::size_t place = at;
  while (text[place - 1] == ' ' || text[place - 1] == '.' || text[place - 1] == '#') --place;
  if (place == at) return false;
  const folded_word word = word_until(text, place);
  CLIENTBOOK_WORDS(boxes, "postfach postbus postboks");
  if (is_in(boxes, word)) {
    begin = word.begin;
    return true;
  }
  CLIENTBOOK_WORDS(short_boxes, "bp cp");
  if (is_in(short_boxes, word)) {
    begin = word.begin;
    return word.capital && (words_before(text, word.begin).nearest & address_word) != 0;
  }
  CLIENTBOOK_WORDS(last_words, "box postale postal correos");
  if (!is_in(last_words, word)) return false;
  place = word.begin;
  // P.O. Box, PO Box, Post Office Box, Casella postale, Apartado postal.
  std::size_t letters = place;
  while (place - letters < 12 &&
         (text.letter_at(letters - 1) || text[letters - 1] == '.' || text[letters - 1] == ' ')) {
    --letters;
  }
  static constexpr std::string_view forms[] = {"p.o. ", "po ",     "p.o ",     "p. o. ",
                                               "post ", "office ", "casella ", "apartado "};
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

// What a word says about the line it stands in.
bool is_house_number(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  std::size_t digits = 0;
  for (std::size_t at = begin; at < end; ++at) digits += text.digit_at(at) ? 1U : 0U;
  return digits > 0 && digits <= 5 && end - begin <= 7;
}

// Lines of an address before its postal code, from the end: lines of names are passed over as far
// as one with a house number, a unit or a street type; without one only the town belongs to it.
std::size_t back_over_lines(const text_window& text, std::size_t code) noexcept {
  std::size_t taken = code;
  std::size_t place = code;
  for (int lines = 0; lines < 4; ++lines) {
    while (text[place - 1] == ' ' || text[place - 1] == ',' || text[place - 1] == '\n' ||
           text[place - 1] == '\r') {
      --place;
    }
    const std::size_t line_end = place;
    std::size_t anchor = place;
    std::size_t begin = place;
    bool whole = false;
    for (int words = 0; words < 8; ++words) {
      std::size_t from = begin;
      while (begin - from < 40 && (text.word_before(from) || text[from - 1] == '\'')) {
        from -= text.previous(from).size;
      }
      if (from == begin) break;
      const bool number = is_house_number(text, from, begin);
      const folded_word word = word_from(text, from);
      const bool unit = is_in(unit_words, word);
      if (!number && !unit && !word.capital && !is_in(particles, word)) break;
      begin = from;
      if (number || unit || is_in(name_follows, word)) anchor = begin;
      const unsigned char c = text[begin - 1];
      if (c == '\n' || c == ',' || begin == text.begin() || c == 0) {
        whole = true;
        break;
      }
      if (c == '.' && text[begin - 2] != ' ') {  // St. Paul
        begin -= 1;
        continue;
      }
      if (c != ' ' && c != '-' && c != '/') break;
      begin -= 1;
      if (text[begin - 1] == '.' && c == ' ') begin -= 1;
    }
    if (anchor < line_end) {
      taken = anchor;
      // `Flat 3` or `Studio 4` may stand on a line of its own before it.
      if (!whole || anchor != begin) return taken;
    } else if (lines == 0 && begin < line_end) {
      taken = begin;
    }
    if (!whole) return taken;
    place = begin;
  }
  return taken;
}

// The whole address before and around a postal code that begins here, or just before.
CLIENTBOOK_ONCE find address_by_postcode(const text_window& text, const digit_run& run,
                                         const scan_settings& settings) noexcept {
  const std::size_t at = run.begin;
  const auto spoken = [&](std::size_t begin) {
    return (words_before(text, begin).nearest & address_word) != 0;
  };
  // `IL 62701`, `NSW, 2688`, `ON M5H 2N2`.
  std::size_t state_end = at;
  if (text[state_end - 1] == ' ') --state_end;
  if (text[state_end - 1] == ',') --state_end;
  const folded_word state = word_until(text, state_end);
  if (state_end < at && state.capital && is_in(us_states, state) && state.size <= 3 &&
      text[state.end - 1] >= 'A' && text[state.end - 1] <= 'Z') {
    const std::size_t zip = us_zip(text, at);
    const bool australia = state.size == 3 || settings.in_region(country('A', 'U'));
    const std::size_t size = zip != 0 ? zip : australia && digits_from(text, at) == 4 ? 4 : 0;
    if (size != 0) {
      const std::size_t begin = back_over_lines(text, state.begin);
      if (begin < state.begin) return {begin, at + size, rule::address_postcode};
    }
  }
  // Codes with letters.
  std::size_t letters = at;
  while (at - letters < 3 && text.letter_at(letters - 1)) --letters;
  if (letters < at && at - letters < 3 && !text.word_before(letters)) {
    std::size_t code = united_kingdom(text, letters);
    bool wanted = code != 0 && (settings.in_region(country('G', 'B')) || spoken(letters));
    if (code == 0 && at - letters == 1) {
      code = canada(text, letters);
      wanted = code != 0 && (settings.in_region(country('C', 'A')) || spoken(letters));
    }
    if (wanted) {
      std::size_t from = letters;
      std::size_t province_end = letters;
      if (text[province_end - 1] == ' ') --province_end;
      const folded_word province = word_until(text, province_end);
      if (province.size == 2 && province.capital) from = province.begin;
      return {back_over_lines(text, from), letters + code, rule::address_postcode};
    }
  }
  // `20183 Lecomte` on a line of its own, or beside a word of addresses.
  const bool line = text[at - 1] == '\n' || (text[at - 1] == ' ' && text[at - 2] == ',');
  if (text.word_before(at)) return {};
  const std::size_t dutch = netherlands(text, at);
  const std::size_t code = dutch != 0 ? dutch : continental(text, at);
  if (code == 0) return {};
  std::size_t town = over_space(text, at + code);
  if (text[town] == ',') town = over_space(text, town + 1);
  std::size_t end = over_town(text, town);
  if (dutch != 0 && settings.in_region(country('N', 'L'))) {
    const std::size_t begin = back_over_lines(text, at);
    return {begin, end > town && text[at + code] == ' ' ? end : at + code, rule::address_postcode};
  }
  if (end <= town + 2) return {};
  if (text[end] == ' ' && text[end + 1] == '(' && text[end + 4] == ')') end += 5;
  if (line) {
    const std::size_t begin = back_over_lines(text, at);
    bool digits = false;
    for (std::size_t i = begin; i < at; ++i) digits = digits || text.digit_at(i);
    const folded_word first = word_from(text, begin);
    if (begin < at && (digits || is_in(name_follows, first))) {
      return {begin, end, rule::address_postcode};
    }
  }
  if (spoken(at)) return {at, end, rule::address_postcode};
  return {};
}

}  // namespace

find address_at(const text_window& text, const digit_run& run,
                const scan_settings& settings) noexcept {
  if (!run.plain) return {};
  const std::size_t at = run.begin;
  const std::size_t digits = digits_from(text, at);
  if (digits > 6) return {};
  const seen before = text.previous(at);
  if (before.value == '#' || before.value == '$' || (before.value >= 0xA3 && before.value < 0xA6))
    return {};
  if (digits <= 5 && !text.word_before(at)) {
    const std::size_t number_end = over_house_number(text, at);
    std::size_t end = english_street(text, number_end);
    if (end == 0) end = french_street(text, number_end);
    if (end != 0) {
      end = over_postcode_and_town(text, over_unit(text, end));
      return {back_over_unit(text, at), end, rule::address_street};
    }
    const street_before street = street_until(text, at);
    if (street.proof != street_proof::none) {
      const std::size_t unit = over_unit(text, number_end);
      end = over_postcode_and_town(text, unit);
      if (street.proof == street_proof::sure || end != unit ||
          (street.proof == street_proof::likely &&
           (words_before(text, street.begin).nearest & address_word) != 0)) {
        return {street.begin, end, rule::address_street};
      }
    }
  }
  std::size_t begin = at;
  if (!text.word_before(at) && post_box_before(text, at, begin)) {
    return {begin, over_postcode_and_town(text, at + digits), rule::address_box};
  }
  return address_by_postcode(text, run, settings);
}

#ifndef CLIENTBOOK_FIRMWARE
bool is_street_type(const folded_word& word) noexcept {
  return is_in(street_types, word) || is_in(street_types_capital, word);
}
namespace {

constexpr unsigned letter_number(unsigned char c) noexcept { return ascii_letter(c) ? c & 31U : 0; }

constexpr std::size_t hint_places = 4096;
// Of four letters, as the numbers that their lower five bits are; a word's missing ones are 0.
constexpr std::size_t hint_place(std::uint32_t letters) noexcept {
  return (letters * 0x9E3779B1U) >> 20;
}
constexpr std::uint32_t four_letters(unsigned a, unsigned b, unsigned c, unsigned d) noexcept {
  return a | b << 8 | c << 16 | d << 24;
}

class hint_table {
 public:
  template <std::size_t Size>
  consteval void add(const packed_list<Size>& list, word_hint what) noexcept {
    for (std::size_t at = 0; at < list.begins[27];) {
      const auto size = static_cast<std::size_t>(list.letters[at]);
      const auto byte = [&](std::size_t i) {
        return i < size ? static_cast<unsigned char>(list.letters[at + 1 + i])
                        : static_cast<unsigned char>(0);
      };
      const std::uint32_t letters = four_letters(letter_number(byte(0)), letter_number(byte(1)),
                                                 letter_number(byte(2)), letter_number(byte(3)));
      bits_[hint_place(letters)] |= what;
      at += size + 1;
    }
  }
  constexpr unsigned operator[](std::size_t place) const noexcept { return bits_[place]; }

 private:
  std::array<std::uint8_t, hint_places> bits_{};
};
consteval hint_table make_hints() {
  hint_table out;
  out.add(street_types, may_be_type);
  out.add(street_types_capital, may_be_type);
  out.add(name_follows, may_lead);
  out.add(name_follows, may_be_part);
  out.add(particles, may_be_part);
  out.add(places, may_be_part);
  out.add(unit_words, may_be_unit);
  return out;
}
constexpr hint_table hints = make_hints();

// The last three letters of a street's name, or the last two where its type has no more.
class ending_table {
 public:
  template <std::size_t Size>
  consteval void add(const packed_list<Size>& list) noexcept {
    for (std::size_t at = 0; at < list.begins[27];) {
      const auto size = static_cast<std::size_t>(list.letters[at]);
      const auto last = [&](std::size_t i) {
        return static_cast<unsigned char>(list.letters[at + size + 1 - i]);
      };
      for (unsigned first = 0; first < 27; ++first) {
        if (size > 2 && first != letter_number(last(3))) continue;
        set(first, letter_number(last(2)), letter_number(last(1)));
      }
      at += size + 1;
    }
  }
  bool has(unsigned char a, unsigned char b, unsigned char c) const noexcept {
    const unsigned bit = letter_number(a) << 10 | letter_number(b) << 5 | letter_number(c);
    return (bits_[bit / 32] >> (bit % 32) & 1U) != 0;
  }

 private:
  consteval void set(unsigned a, unsigned b, unsigned c) noexcept {
    const unsigned bit = a << 10 | b << 5 | c;
    bits_[bit / 32] |= 1U << (bit % 32);
  }
  std::array<std::uint32_t, 1024> bits_{};
};
consteval ending_table make_endings() {
  ending_table out;
  out.add(name_endings);
  out.add(name_endings_glued);
  return out;
}
constexpr ending_table endings = make_endings();

}  // namespace

unsigned hints_at(const text_window& text, std::size_t at) noexcept {
  std::uint32_t four = 0;
  if (at >= text.begin() && text.end() - at >= sizeof four && at < text.end()) {
    std::memcpy(&four, text.bytes(at, at + sizeof four).data(), sizeof four);
    if constexpr (std::endian::native == std::endian::big) four = __builtin_bswap32(four);
  } else {
    for (unsigned i = 4; i-- > 0;) four = four << 8 | text[at + i];
  }
  // Bits 7: of bytes that are letters.
  const std::uint32_t small = four | 0x20202020U;
  std::uint32_t letters = (small + 0x1F1F1F1FU) & ~(small + 0x05050505U) & ~four & 0x80808080U;
  if (letters != 0x80808080U) {
    // A short word, or one with other letters.
    const auto size = static_cast<unsigned>(__builtin_ctz(~letters & 0x80808080U)) / 8;
    if ((four >> (8 * size) & 0x80U) != 0) return ~0U;
    four &= size == 0 ? 0U : 0xFFFFFFFFU >> (32 - 8 * size);
  }
  const auto byte = [&](unsigned i) { return static_cast<unsigned char>(four >> (8 * i)); };
  return hints[hint_place(four & 0x1F1F1F1FU)] |
         (may_begin_month(byte(0), byte(1), byte(2)) ? unsigned{may_be_month} : 0U);
}
bool may_end_street(unsigned char a, unsigned char b, unsigned char c) noexcept {
  return endings.has(a, b, c);
}
bool ends_street(const folded_word& word) noexcept {
  return ends_in(name_endings_glued, word) || is_in(name_endings, word);
}
bool leads_street(const folded_word& word) noexcept { return is_in(name_follows, word); }
bool is_unit(const folded_word& word) noexcept { return is_in(unit_words, word); }

street_hint street_ends(const text_window& text, std::size_t number) noexcept {
  switch (street_until(text, number).proof) {
    case street_proof::none:
      return street_hint::none;
    case street_proof::name:
      return street_hint::with_postcode;
    default:
      return street_hint::likely;
  }
}
#endif

}  // namespace clientbook::redaction
