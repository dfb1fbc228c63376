#include <clientbook/bytes.hpp>

#include <bit>
#include <cstring>

#include "lead_words.hpp"
#include "scan_rules.hpp"
#include "street_words.hpp"
#include "text_words.hpp"
#ifdef CLIENTBOOK_FIRMWARE
#include "text_forms.hpp"
#endif

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
    "walks wall way ways well wells wharf yard nagar marg chowk colony enclave vihar layout towers "
    "fairway mew house lodge mansions ctr crt cv xing hts jct mdws mtn mnr orch plz rdg rte spgs "
    "ter "
    "trce vly vlg vw");
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
    "diagonal transversal calzada circuito privada prolongacion cerrada andador ampliacion blv "
    "boulevar pje pasaje vereda autopista vila jardim parque condominio conjunto loteamento setor "
    "quadra recanto estacao rondas bulevar costanilla "
    "ul ulica al aleja aleje plac pl os osiedle rynek "
    "odos leoforos улица ул проспект пер οδος λεωφορος cad cadde caddesi sokak sok ulice "
    "carrer passeig bulevardul str calea soseaua aleea drumul intrarea splaiul piata montee");
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
#ifndef CLIENTBOOK_FIRMWARE
// Written small behind a name: `Barjanska cesta 3`, `Birger Kaipiaisen kuja 27`.
CLIENTBOOK_WORDS(small_types, "utca ut ter katu kuja tie polku ulica cesta trg vej gade namesti");
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
    "dpto depto dto departamento torre edif edificio interior local oficina bodega bl sc ap "
    "planta esc escalera portal lok lokal apto andar loja sala bte boite batiment bat escalier "
    "porte top stiege tuer tower building bldg penthouse trlr basement palazzo pal scal lgh box");
#endif
#ifndef CLIENTBOOK_FIRMWARE
CLIENTBOOK_WORDS(
    us_states,
    " al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm "
    "ny "
    "nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr vi gu as mp fm mh pw aa ae ap "
    "nsw vic qld tas act nt");
#endif

#ifndef CLIENTBOOK_FIRMWARE
std::size_t over_space(const text_window& text, std::size_t at) noexcept {
  for (int i = 0; i < 2; ++i) {
    const seen c = text.next(at);
    if (c.value != ' ' && c.value != 0xA0 && c.value != 0x202F) break;
    at += c.size;
  }
  return at;
}
#endif
CLIENTBOOK_ONCE std::size_t over_comma(const text_window& text, std::size_t at) noexcept {
  const std::size_t space = over_space(text, at);
  return over_space(text, text[space] == ',' ? space + 1 : space);
}
CLIENTBOOK_ONCE std::size_t digits_from(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (text.digit_at(end)) ++end;
  return end - at;
}

bool joins_town(const folded_word& word) noexcept {
#ifndef CLIENTBOOK_FIRMWARE
  CLIENTBOOK_WORDS(joints, "u na ob pri pres bei sous lez aux au upon under on of the and");
  if (is_in(joints, word)) return true;
#endif
  return is_in(particles, word);
}

// Nothing goes on behind it.
CLIENTBOOK_ONCE bool ends_phrase(const text_window& text, std::size_t at) noexcept {
  if (in_firmware) return false;
  const std::size_t place = text[at] == ' ' ? at + 1 : at;
  switch (text[place]) {
    case 0:
    case '\n':
    case '\r':
    case '.':
    case ',':
    case ';':
    case ')':
    case '"':
    case '!':
    case '?':
    case '\\':
      return true;
    default:
      return false;
  }
}

// Up to four words with a capital letter, particles between them: a town.
std::size_t over_town(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  for (int words = 0; words < (in_firmware ? 4 : 6); ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) break;
    const bool joins = words > 0 && joins_town(word);
    if (!word.capital && !joins) break;
    if (word.capital) end = word.end;
    place = word.end;
    const unsigned char c = text[place];
    // `St. Louis`, `N.Y.`
    if (!in_firmware && c == '.' && word.capital && word.size <= 3) {
      if (text.letter_at(place + 1) || (text[place + 1] == ' ' && text.letter_at(place + 2))) {
        place += text[place + 1] == ' ' ? 2U : 1U;
        continue;
      }
      if (word.size == 1 && text[word.begin - 1] == '.') end = place + 1;
    }
    if (c != ' ' && c != '-' && c != '\'') break;
    if (!in_firmware && c == '\'' && !text.word_at(place + 1)) {
      if (end == place) ++end;  // `Forli'`
      break;
    }
    ++place;
  }
  return end;
}

#ifndef CLIENTBOOK_FIRMWARE
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
// The inward code has none of those that look like digits or each other.
[[maybe_unused]] bool inward_letter(unsigned char c) noexcept {
  return std::string_view("CIKMOV").find(static_cast<char>(ascii_upper(c))) ==
         std::string_view::npos;
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
                   !text.word_at(from + 3) &&
                   (in_firmware || (inward_letter(text[from + 1]) && inward_letter(text[from + 2])))
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
#endif

#ifdef CLIENTBOOK_FIRMWARE
CLIENTBOOK_ONCE std::size_t over_line(const text_window& text, std::size_t at) noexcept {
  std::size_t end = over_space(text, at);
  if (text[end] == ',') ++end;
  if (text[end] == '\r') ++end;
  if (text[end] == '\n') ++end;
  return over_space(text, end);
}

// `, 20125 Milano`, `, 1015 CJ Amsterdam`, `, London NW1 6XE`, `, Springfield, IL 62701`.
enum class code_needed : std::uint8_t { no, yes };
std::size_t over_postcode_and_town(const text_window& text, std::size_t end,
                                   code_needed = code_needed::no) noexcept {
  const std::size_t at = over_line(text, end);
  if (at == end) return end;
  std::size_t code = united_kingdom(text, at);
  if (code == 0) code = canada(text, at);
  if (code != 0) {
    const std::size_t town = over_space(text, at + code);
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
      if (const std::size_t found = behind_town(text, from)) return from + found;
    }
    // The state before the code is taken for a town word: `Los Angeles, CA 90029`; a code's own
    // letters as well: `Toronto, ON M5H 2N2`.
    std::size_t word = place;
    while (word < town_end) {
      const folded_word one = word_from(text, word);
      const std::size_t behind = over_space(text, one.end);
      if (const std::size_t found = behind_town(text, behind)) return behind + found;
      if (behind == word) break;
      word = behind > one.end ? behind : one.end + 1;
    }
    if (next == town_end || text[next - 1] == 0) return end;
    place = next;
  }
  return end;
}
#else
// All letters are capitals, as far as can be seen: they tell nothing.
bool shouted(const text_window& text, const folded_word& word) noexcept {
  if (!word.capital || word.size < 2) return false;
  const std::size_t second = word.begin + text.next(word.begin).size;
  if (text[second] < 0x80) return text[second] < 'a';
  return word_from(text, second).capital;
}

bool address_said(const text_window& text, std::size_t at) noexcept {
  const context before = words_before(text, at);
  return (before.nearest & address_word) != 0 && before.adjacent;
}

// What stands between the lines of an address: a comma, a line break (also escaped, as in JSON),
// a slash or dash before a state.
std::size_t over_joint(const text_window& text, std::size_t at, bool& line) noexcept {
  std::size_t end = over_space(text, at);
  line = false;
  if (text[end] == '.' && text[end + 1] == '\n') ++end;
  if (text[end] == ',') end = over_space(text, end + 1);
  for (int breaks = 0; breaks < 2; ++breaks) {
    if (text[end] == '\r') ++end;
    if (text[end] == '\n') {
      ++end;
    } else if (text[end] == '\\' && text[end + 1] == 'n') {
      end += 2;
    } else {
      break;
    }
    line = true;
    end = over_space(text, end);
  }
  if (end == at + 1 && (text[end] == '/' || text[end] == '-') && text[end + 1] == ' ') end += 2;
  return end;
}

// Eircode: a routing key and four letters or digits.
std::size_t ireland(const text_window& text, std::size_t at) noexcept {
  const bool small = text[at] >= 'a' && text[at] <= 'z';
  const auto letter = [&](std::size_t i) { return text.letter_at(i) && small == (text[i] >= 'a'); };
  constexpr std::string_view never_first = "BGIJLMOQSUZ";
  if (!letter(at) || !text.digit_at(at + 1) ||
      never_first.find(static_cast<char>(ascii_upper(text[at]))) != never_first.npos) {
    return 0;
  }
  if (!text.digit_at(at + 2) && ascii_upper(text[at + 2]) != 'W') return 0;
  const std::size_t id = text[at + 3] == ' ' ? at + 4 : at + 3;
  bool digit = false;
  for (std::size_t i = id; i < id + 4; ++i) {
    if (!text.digit_at(i) && !letter(i)) return 0;
    digit = digit || text.digit_at(i);
  }
  if (small && !digit) return 0;  // `d20 coat`
  return text.word_at(id + 4) ? 0 : id + 4 - at;
}

struct postcode {
  std::size_t size = 0;
  bool sure = false;  // Its form alone tells that it is one.
};

// A postal code of any country, with what may stand before it.
postcode postcode_at(const text_window& text, std::size_t at) noexcept {
  if (text.letter_at(at) && !text.digit_at(at + 1) && !text.digit_at(at + 2) &&
      !text.digit_at(at + 3)) {
    // A word: those that stand before a code are short.
    std::size_t end = at;
    while (end < at + 9 && text.letter_at(end)) ++end;
    if (end == at + 9 || (!text.digit_at(end + 1) && !text.digit_at(end + 2))) return {};
  }
  for (const auto& form : {netherlands, united_kingdom, canada, ireland}) {
    if (const std::size_t size = form(text, at)) return {size, true};
  }
  // `1015 cj amsterdam`
  if (digits_from(text, at) == 4 && text[at + 4] == ' ') {
    CLIENTBOOK_WORDS(no_letters,
                     "in op te an am zu da di de en et of at on by to if as is no or cm mm");
    const folded_word letters = word_from(text, at + 5);
    if (letters.end == at + 7 && letters.size == 2 && text[at + 7] == ' ' &&
        text.letter_at(at + 8) && !is_in(no_letters, letters)) {
      return {7, true};
    }
  }
  std::size_t begin = at;
  CLIENTBOOK_WORDS(names, "cp cep plz cap pin zip pincode postcode tk τκ");
  const folded_word name = word_from(text, at);
  if (is_in(names, name)) {
    begin = name.end;
    if (text[begin] == '.' || text[begin] == ':') ++begin;
    begin = over_space(text, begin);
  } else if (text[name.end] == '-' && (name.size == 1 || name.size == 2)) {
    begin = name.end + 1;
  }
  const std::size_t digits = digits_from(text, begin);
  std::size_t end = begin + digits;
  const auto more = [&](char joint, std::size_t count) {
    return text[end] == static_cast<unsigned char>(joint) && digits_from(text, end + 1) == count;
  };
  // 62701-1234, 01310-100, 2765-012, 11-400, 110 001, 111 20.
  if ((digits == 5 && (more('-', 4) || more('-', 3))) || (digits == 4 && more('-', 3)) ||
      (digits == 2 && more('-', 3)) || (digits == 3 && (more(' ', 2) || more(' ', 3)))) {
    end += 1 + digits_from(text, end + 1);
  } else if (digits < 4 || digits > 8) {
    return {};
  }
  if (text.word_at(end) || ((text[end] == ',' || text[end] == '.') && text.digit_at(end + 1))) {
    return {};
  }
  return {end - at, false};
}

// Small letters where a town is expected: as many words as stand before a comma, a line break or
// a code; 0 if there are more than four.
std::size_t over_small_town(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  for (int words = 0; words < 4; ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) return 0;
    std::size_t end = word.end;
    if (text[end] == '.') ++end;
    if (text[end] == ',' || text[end] == '\n' || text[end] == '\r') return end;
    place = over_space(text, text[end] == '-' ? end + 1 : end);
    if (place == end) return 0;
    if (postcode_at(text, place).size != 0) return end;
  }
  return 0;
}

// What stands behind a comma and is no town.
CLIENTBOOK_WORDS(
    no_town,
    "size taglia taille talla groesse gr maat rozmiar tamanho order tel "
    "telefon phone cell mobile mobil mail email fax call monday tuesday "
    "wednesday thursday friday saturday sunday please bitte danke grazie "
    "ring dhl ups thanks bestellung auftrag ordine commande pedido encargo "
    "zamowienie bestelling artikel article articolo art ref item sku invoice "
    "rechnung fattura facture factura nr no svp merci por per graag prosze and und et y e en i");

// The town behind a code, in small letters: a word, or two where the first is never alone.
std::size_t over_small_town_behind(const text_window& text, std::size_t at) noexcept {
  folded_word word = word_from(text, at);
  CLIENTBOOK_WORDS(never_alone, "san santa sant st saint sainte bad la le las los den de new sao");
  if (is_in(never_alone, word) && (text[word.end] == ' ' || text[word.end] == '-')) {
    word = word_from(text, word.end + 1);
  }
  if (word.size <= 2) return at;
  if (text[word.end] == '\'' && !text.word_at(word.end + 1)) return word.end + 1;  // `forli'`
  const folded_word next = word_from(text, over_space(text, word.end));
  if (is_in(no_town, word)) return at;
  return next.view() == "cedex" ? next.end : word.end;
}

// `12 old mill road, norwich`: a town at the end of the phrase, where the street is written small
// as well; `at` if there is none.
std::size_t over_small_town_alone(const text_window& text, std::size_t end,
                                  std::size_t at) noexcept {
  const folded_word town = word_from(text, at);
  if (town.size < 4 || town.capital || is_in(no_town, town)) return at;
  if (word_until(text, end).capital) return at;
  const std::size_t number = over_space(text, town.end);
  const std::size_t digits = number > town.end ? digits_from(text, number) : 0;
  const std::size_t stop = digits > 0 && digits < 3 ? number + digits : town.end;
  return ends_phrase(text, stop) ? stop : at;
}

// Towns, states and postal codes behind a street, in any order: `, 20125 Milano (MI)`,
// `, London NW1 6XE`, `, Springfield, IL 62701`, `\nViedma 8500, Río Negro`; a town alone
// behind a comma. `needed`: only with a code that its form or the town behind it tells.
enum class code_needed : std::uint8_t { no, yes };
std::size_t over_postcode_and_town(const text_window& text, std::size_t end,
                                   code_needed needed = code_needed::no) noexcept {
  if (needed == code_needed::yes) {
    std::size_t digit = end;
    while (digit < end + 48 && !text.digit_at(digit)) ++digit;
    if (digit == end + 48) return end;
  }
  bool line = false;
  std::size_t at = over_joint(text, end, line);
  if (at == end) return end;
  const bool comma = text[over_space(text, end)] == ',';
  std::size_t found = end;
  std::size_t town_alone = end;
  bool town = false;
  bool beside = false;  // The town stands directly before the code.
  bool apart = false;   // Not by a space alone.
  bool small_town = false;
  bool coded = false;
  for (int parts = 0; parts < 6; ++parts) {
    std::size_t part_end = at;
    const postcode code = coded ? postcode{} : postcode_at(text, at);
    if (code.size != 0) {
      const std::size_t behind = over_space(text, at + code.size);
      if (needed == code_needed::yes && town && !code.sure &&
          (beside || over_town(text, behind) <= behind + 2)) {
        const folded_word state = word_until(text, text[at - 1] == ' ' ? at - 1 : at);
        if (!state.capital || state.end - state.begin != 2 || !is_in(us_states, state) ||
            us_zip(text, at) == 0) {
          break;
        }
      }
      std::size_t after = at + code.size;
      std::size_t next = over_space(text, text[after] == ',' ? after + 1 : after);
      std::size_t town_end = over_town(text, next);
      if (town_end <= next + 2 && !beside && next > after && (!town || small_town)) {
        town_end = over_small_town_behind(text, next);
      }
      bool broken = false;
      if (town_end <= next + 2 && !town) {
        next = over_joint(text, after, broken);  // A code on a line of its own.
        town_end = broken ? over_town(text, next) : next;
      }
      if (town_end > next + 2 && (!town || (next == after + 1 && !beside && !code.sure))) {
        part_end = town_end;
      } else if (code.sure || town ||
                 (needed == code_needed::no && us_zip(text, at) == code.size &&
                  ends_phrase(text, after))) {
        part_end = after;
      } else {
        break;
      }
      // `Milano (MI)`
      if (text[part_end] == ' ' && text[part_end + 1] == '(' && text[part_end + 4] == ')') {
        part_end += 5;
      }
      CLIENTBOOK_WORDS(with_number, "cedex");
      if (is_in(with_number, word_until(text, part_end)) && text[part_end] == ' ') {
        const std::size_t number = digits_from(text, part_end + 1);
        if (number == 1 || number == 2) part_end += 1 + number;
      }
      coded = true;
      found = part_end;
    } else {
      part_end = over_town(text, at);
      const bool small = part_end == at;
      if (small && !coded && needed == code_needed::no) part_end = over_small_town(text, at);
      if (part_end <= at) {
        if (parts == 0 && comma && !line && needed == code_needed::no) {
          const std::size_t alone = over_small_town_alone(text, end, at);
          if (alone > at) return alone;
        }
        if (coded && !line) {
          // A state or province in small letters.
          const folded_word first = word_from(text, at);
          if (first.size == 2 && text[at - 2] == '/') return first.end;
          const folded_word second = word_from(text, over_space(text, first.end));
          const std::size_t stop = ends_phrase(text, first.end) ? first.end : second.end;
          if (small_town && apart && first.size > 2 && !is_in(no_town, first) &&
              ends_phrase(text, stop)) {
            return stop;
          }
        }
        break;
      }
      if (coded) {
        // A province or country.
        const folded_word state = word_from(text, at);
        const bool short_state = state.end == part_end && state.size <= 3 &&
                                 (shouted(text, state) || (state.size == 2 && text[at - 2] == '/'));
        if (line ||
            (!short_state && (!apart || !ends_phrase(text, part_end)) && !(apart && beside))) {
          break;
        }
        found = part_end;
      } else {
        const folded_word first = word_from(text, at);
        if (is_in(no_town, first)) break;
        // `Dublin 4`, `RD 2`
        const std::size_t district = over_space(text, part_end);
        const std::size_t district_digits = district > part_end ? digits_from(text, district) : 0;
        if (district_digits > 0 && district_digits < 3 &&
            (ends_phrase(text, district + district_digits) || part_end == at + 2)) {
          part_end = district + district_digits;
        }
        const bool of_state = first.end == part_end && is_in(us_states, first) && first.size == 2 &&
                              shouted(text, first) && ends_phrase(text, part_end);
        if (!small && !line &&
            (parts == 0 ? (comma && part_end > at + 2) || of_state
                        : parts == 1 && town_alone != end && ends_phrase(text, part_end))) {
          town_alone = part_end;
        }
        town = true;
        small_town = small;
        // A code's own letters, and a state, were taken for words of the town.
        for (std::size_t word = at; word < part_end;) {
          if (word > at && postcode_at(text, word).sure) {
            part_end = word;
            break;
          }
          const folded_word one = word_from(text, word);
          word = one.end > word ? one.end : word + 1;
          while (word < part_end && !text.word_at(word)) word += text.next(word).size;
        }
        const std::size_t gap = text[part_end] == '-' ? part_end + 1 : over_space(text, part_end);
        if (part_end > at && (text[part_end - 1] == ' ' || gap > part_end) &&
            postcode_at(text, text[part_end - 1] == ' ' ? part_end : gap).size != 0) {
          at = text[part_end - 1] == ' ' ? part_end : gap;
          beside = true;
          continue;
        }
      }
    }
    const std::size_t next = over_joint(text, part_end, line);
    if (next == part_end) break;
    apart = next != over_space(text, part_end);
    at = next;
  }
  return found != end || needed == code_needed::yes ? found : town_alone;
}
#endif

// ` NW`, `, Apt 12B`, ` Unit 5`, `, 3º B`.
CLIENTBOOK_ONCE std::size_t over_one_unit(const text_window& text, std::size_t end) noexcept {
  std::size_t at = over_space(text, end);
  if (text[at] == '.') at = over_space(text, at + 1);
  const folded_word side = word_from(text, at);
  const bool small_side = !in_firmware && side.end - side.begin == 2 && side.size == 2;
  if (side.end > at && at > end && (side.capital || small_side) && is_in(compass, side) &&
      (in_firmware || !text.digit_at(side.end))) {
    end = side.end;
    if (text[end] == '.') ++end;
  }
  at = over_comma(text, end);
  if (text[at] == '#' && text.digit_at(at + 1)) {
    return at + 1 + digits_from(text, at + 1);
  }
  if (!in_firmware && text[at] == '#' && text[at + 1] == ' ') {
    const std::size_t digits = digits_from(text, at + 2);
    if (digits > 0) return at + 2 + digits;
    at += 2;  // `# APT 3`
  }
  const folded_word unit = word_from(text, at);
  const bool polish = !in_firmware && unit.view() == "m" && text[unit.end] == '.';
  if (unit.end > at && at > end && (is_in(unit_words, unit) || polish)) {
    std::size_t number = unit.end;
    if (text[number] == '.') ++number;
    number = over_space(text, number);
    if (!in_firmware && text[number] == '#') number = over_space(text, number + 1);
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
#ifndef CLIENTBOOK_FIRMWARE
    // `, 6th Floor`, `2. OG`, `3e étage`
    std::size_t floor = at + digits;
    CLIENTBOOK_WORDS(ordinals, "st nd rd th e er eme piano");
    const folded_word ordinal = word_from(text, floor);
    if (text[floor] == '.') {
      ++floor;
    } else if (is_in(ordinals, ordinal)) {
      floor = ordinal.end;
    } else {
      return end;
    }
    CLIENTBOOK_WORDS(floors, "floor fl og ug etage stock piano piso verdieping andar");
    const folded_word word = word_from(text, over_space(text, floor));
    if (is_in(floors, word)) return text[word.end] == '.' ? word.end + 1 : word.end;
#endif
  }
#ifndef CLIENTBOOK_FIRMWARE
  CLIENTBOOK_WORDS(spelled,
                   "ground first second third fourth fifth sixth seventh eighth ninth tenth");
  if (at > end && is_in(spelled, unit)) {
    const folded_word word = word_from(text, over_space(text, unit.end));
    if (word.view() == "floor") return word.end;
  }
#endif
  return end;
}

#ifndef CLIENTBOOK_FIRMWARE
// `, United Kingdom`, ` USA`: behind a postal code.
std::size_t over_country(const text_window& text, std::size_t end) noexcept {
  bool line = false;
  const std::size_t at = over_joint(text, end, line);
  if (at == end) return end;
  const folded_word first = word_from(text, at);
  CLIENTBOOK_WORDS(countries,
                   "usa us uk england scotland wales ireland eire canada australia india france "
                   "deutschland germany italia italy espana spain nederland netherlands belgium "
                   "belgie belgique belgien osterreich oesterreich austria schweiz suisse svizzera "
                   "switzerland portugal brasil brazil polska poland mexico colombia argentina "
                   "chile danmark denmark sverige sweden norge norway suomi finland luxembourg "
                   "liechtenstein monaco");
  if (first.capital && is_in(countries, first)) return first.end;
  CLIENTBOOK_WORDS(first_of_two, "united new northern south");
  if (!is_in(first_of_two, first)) return end;
  folded_word second = word_from(text, over_space(text, first.end));
  CLIENTBOOK_WORDS(second_of_two, "states kingdom zealand ireland africa");
  if (!is_in(second_of_two, second)) return end;
  const folded_word of = word_from(text, over_space(text, second.end));
  if (of.view() == "of") second = word_from(text, over_space(text, of.end));
  return second.end;
}
#endif

std::size_t over_unit(const text_window& text, std::size_t end) noexcept {
#ifdef CLIENTBOOK_FIRMWARE
  return over_one_unit(text, end);
#else
  std::size_t found = over_one_unit(text, end);
  for (int units = 0; units < 3 && found != end; ++units) {  // `Torre 6 Dto. 9`
    end = found;
    found = over_one_unit(text, end);
  }
  return found;
#endif
}

// `Flat 3, ` before a house number: where it begins.
CLIENTBOOK_ONCE std::size_t back_over_unit(const text_window& text, std::size_t number) noexcept {
  std::size_t place = number;
  while (number - place < 2 && (text[place - 1] == ' ' || text[place - 1] == ',')) --place;
  std::size_t digits = place;
  if (text.letter_at(digits - 1) && text.digit_at(digits - 2)) --digits;  // 12B
  while (place - digits < 5 && text.digit_at(digits - 1)) --digits;
  if (place == number) return number;
  if (!in_firmware) {
    // `H.No. 26`, `Unit 4`: of the number itself.
    std::size_t own = place;
    if (text[own - 1] == '.') --own;
    folded_word word = word_until(text, own);
    CLIENTBOOK_WORDS(number_signs, "no nr number");
    if (is_in(number_signs, word)) {
      own = word.begin;
      while (place - own < 6 && (text[own - 1] == ' ' || text[own - 1] == '.')) --own;
      word = word_until(text, own);
      CLIENTBOOK_WORDS(premises, "h house plot door flat shop");
      if (is_in(premises, word)) return word.begin;
    } else if (place == number - 1 && is_in(unit_words, word) && word.size > 2) {
      return word.begin;
    }
  }
  if (digits == place) return number;
  std::size_t word_end = digits;
  if (text[word_end - 1] == ' ') --word_end;
  if (text[word_end - 1] == '.') --word_end;
  const folded_word word = word_until(text, word_end);
  return word.begin < word.end && is_in(unit_words, word) ? word.begin : number;
}

#ifndef CLIENTBOOK_FIRMWARE
// `flat 31, linden court, ` before a house number, whatever its letters.
std::size_t back_over_unit_line(const text_window& text, std::size_t number) noexcept {
  std::size_t place = number;
  if (text[place - 1] != ' ' || text[place - 2] != ',') return number;
  place -= 2;
  for (int words = 0; words < 4; ++words) {
    const folded_word word = word_until(text, place);
    if (word.begin == word.end) return number;
    place = word.begin;
    if (text[place - 1] != ' ') return number;
    if (text[place - 2] == ',') {
      const std::size_t unit = back_over_unit(text, place);
      return unit < place ? unit : number;
    }
    --place;
  }
  return number;
}
#endif

// 12, 12a, 12 bis, 12/14, 12-14, 7/B, 221B: where the house number ends.
CLIENTBOOK_ONCE std::size_t over_house_number(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at + digits_from(text, at);
  if (!in_firmware && text[end] == 0xC2) {
    const seen fraction = text.next(end);  // `16½`
    if (fraction.value >= 0xBC && fraction.value <= 0xBE) return end + fraction.size;
  }
  if (text.letter_at(end) && !text.word_at(end + 1)) {
    // `3b/12`
    if (!in_firmware && text[end + 1] == '/' && text.digit_at(end + 2)) {
      const std::size_t door = digits_from(text, end + 2);
      if (door <= 3 && !text.word_at(end + 2 + door)) return end + 2 + door;
    }
    return end + 1;
  }
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

// `55 broad st`, `1600 pennsylvania ave nw`: a short street type in small letters is none where a
// word goes on behind it (`3 dr martens`).
CLIENTBOOK_ONCE bool small_type(const text_window& text, const folded_word& type) noexcept {
  if (in_firmware) return false;
  CLIENTBOOK_WORDS(no_other_word, "ave av rd ln hwy");
  if (is_in(no_other_word, type)) return true;
  std::size_t at = text[type.end] == '.' ? type.end + 1 : type.end;
  if (at > type.end && text[at] == ',') return true;
  if (ends_phrase(text, type.end)) return true;
  at = over_space(text, at);
  const folded_word next = word_from(text, at);
  return is_in(compass, next) || is_in(unit_words, next) || text[at] == '#' || text.digit_at(at);
}

#ifdef CLIENTBOOK_FIRMWARE
constexpr bool is_place(const text_window&, const folded_word&, std::size_t) noexcept {
  return true;
}
#else
// `18 Elm Court`, but not `4 Rose Court candles`: what is also another word is a street where no
// noun goes on behind it.
bool is_place(const text_window& text, const folded_word& type, std::size_t number_end) noexcept {
  std::size_t at = type.end;
  if (text[at] == '.' || ends_phrase(text, at)) return true;
  at = over_space(text, at);
  const folded_word next = word_from(text, at);
  if (next.end == at || (next.capital && !shouted(text, next))) return true;
  CLIENTBOOK_WORDS(no_nouns,
                   "please and or since from until till by for in on at near opposite behind next "
                   "before after asap is was has had with to but if when who where which he she "
                   "they we i not also tel ring call as so then only now today tomorrow this every "
                   "between over via bitte svp grazie because while via around up down off");
  if (is_in(no_nouns, next) || is_in(unit_words, next) || is_in(compass, next) ||
      is_in(street_types, next) || is_in(street_types_capital, next)) {
    return true;
  }
  return address_said(text, number_end) ||
         over_postcode_and_town(text, type.end, code_needed::yes) != type.end;
}
#endif

#ifdef CLIENTBOOK_FIRMWARE
constexpr bool conjunction_in(const text_window&, std::size_t, std::size_t) noexcept {
  return false;
}
#else
// `3 boots and 1 Bond Street`: the number is none of the street's.
bool conjunction_in(const text_window& text, std::size_t at, std::size_t end) noexcept {
  CLIENTBOOK_WORDS(conjunctions,
                   "and or with for in on at to from her his their both plus but x per a an");
  while (at < end) {
    const folded_word word = word_from(text, at);
    if ((!word.capital || shouted(text, word)) && is_in(conjunctions, word)) return true;
    at = word.end > at ? word.end : at + 1;
  }
  return false;
}
#endif

// `lives at 18 elm court`: a word of addresses, and `at` or `to` before the number.
[[maybe_unused]] bool place_said(const text_window& text, std::size_t number_end) noexcept {
  std::size_t at = number_end;
  while (text.digit_at(at - 1) && number_end - at < 5) --at;
  const folded_word before = word_until(text, text[at - 1] == ' ' ? at - 1 : at);
  return (before.view() == "at" || before.view() == "to") &&
         (words_before(text, at).nearest & address_word) != 0;
}

// 742 Evergreen Terrace.
CLIENTBOOK_ONCE std::size_t english_street(const text_window& text, std::size_t number_end,
                                           [[maybe_unused]] bool of_unit) noexcept {
  std::size_t place = over_space(text, number_end);
  bool apart = false;  // `14/892, Sehgal Street`
#ifndef CLIENTBOOK_FIRMWARE
  if (text[place] == ',' || text[place] == '\n') {
    place = over_joint(text, number_end, apart);
    apart = true;
  }
#endif
  if (place == number_end) return 0;
  bool all_capital = true;
  std::size_t found = 0;  // The last street type: `N Lake Shore Drive`.
  for (int words = 0; words < 6; ++words) {
    // `5th`, `42nd`.
    const std::size_t digits = digits_from(text, place);
    const folded_word word = word_from(text, place + digits);
    if (word.end == place) return found;
    if (found != 0 && !word.capital &&
        (in_firmware || !(is_in(street_types, word) || is_in(street_types_capital, word)))) {
      return found;
    }
    const bool ordinal = digits > 0 && digits < 4;
    if (!in_firmware && ordinal && word.end == place + digits) return found;
    all_capital = all_capital && (word.capital || ordinal);
    if (apart && !word.capital && !of_unit) return found;
    if (words > 0 && !ordinal &&
        (is_in(street_types, word)
             ? all_capital || word.size > 3 || (!in_firmware && small_type(text, word))
             : (!apart || of_unit) && is_in(street_types_capital, word) &&
                   (all_capital || (apart && of_unit) ||
                    (!in_firmware && place_said(text, number_end))) &&
                   (in_firmware || is_place(text, word, number_end)))) {
      if (!in_firmware && found == 0 && conjunction_in(text, number_end, word.begin)) return 0;
      found = word.end;
      if (text[found] == '.') ++found;
#ifndef CLIENTBOOK_FIRMWARE
      CLIENTBOOK_WORDS(numbered, "highway hwy route rte");  // `US Highway 50`
      if (is_in(numbered, word) && text[found] == ' ') {
        const std::size_t number = digits_from(text, found + 1);
        if (number > 0 && number < 4) return found + 1 + number;
      }
#endif
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
#ifdef CLIENTBOOK_FIRMWARE
  return end > names ? end : 0;
#else
  const bool loud = shouted(text, type);
  if (end > names && !loud) return end;
  if (type.capital && !loud) return 0;
  CLIENTBOOK_WORDS(no_other_word, "rue avenue av boulevard bd bld chemin impasse allee quai");
  const bool place_of = type.view() == "place" && is_in(particles, word_from(text, names));
  if (!is_in(no_other_word, type) && !place_of) return 0;
  // `12 rue de rivoli svp`, `12 rue victor hugo`: a word behind particles, two without.
  std::size_t at = names;
  std::size_t small_end = 0;
  for (int left = 2; left > 0;) {
    const folded_word word = word_from(text, at);
    CLIENTBOOK_WORDS(no_name,
                     "ou modele svp merci pour et avec chez avant apres demain ce si ou par");
    if (word.end == at || is_in(no_name, word)) break;
    at = word.end;
    if (is_in(particles, word)) {
      left = 1;
    } else {
      small_end = word.end;
      --left;
    }
    const unsigned char c = text[at];
    if (c == '\'' || c == '-') {
      ++at;
      left = left == 0 ? 1 : left;
      continue;
    }
    const std::size_t next = over_space(text, at);
    if (next == at) break;
    at = next;
  }
  return small_end;
#endif
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

// `Nieuwe Binnenweg`, `Alte Landstraße`.
std::size_t over_adjective(const text_window& text, std::size_t begin) noexcept {
  if (in_firmware || text[begin - 1] != ' ') return begin;
  const folded_word word = word_until(text, begin - 1);
  CLIENTBOOK_WORDS(
      adjectives,
      "alte alter neue neuer grosse grosser kleine kleiner lange obere oberer untere "
      "unterer hintere vordere erste zweite sankt nieuwe oude eerste tweede derde vierde "
      "grote korte hoge lage stora lilla gamla nya nye gamle store lille nordre sondre "
      "ostre vestre norra sodra vastra ostra van der den");
  return is_in(adjectives, word) ? word.begin : begin;
}

#ifndef CLIENTBOOK_FIRMWARE
// `Eduard Sueß Gasse`: one more word of the name, unless it may begin a sentence or says
// something of its own (`Lieferung Berliner Straße`).
std::size_t over_first_name(const text_window& text, std::size_t begin) noexcept {
  if (text[begin - 1] == '-') {
    const folded_word part = word_until(text, begin - 1);
    return part.begin < part.end ? part.begin : begin;
  }
  const std::size_t adjective = over_adjective(text, begin);
  if (adjective != begin || text[begin - 1] != ' ') return adjective;
  const folded_word name = word_until(text, begin - 1);
  const unsigned char before = text[name.begin - 1];
  if (!name.capital || name.size < 3 || before != ' ' || text[name.begin - 2] == '.') return begin;
  if (words_before(text, name.end).kinds != words_before(text, name.begin).kinds) return begin;
  return name.begin;
}

// How something was sent, paid or told: `via PayPal 50`.
CLIENTBOOK_WORDS(
    channels,
    "email mail e fax sms whatsapp telefono telefon telefonica phone web app chat dhl "
    "ups gls dpd fedex tnt hermes brt sda seur mrw posta post poste corriere correo "
    "correos correio courier paypal klarna bonifico instagram facebook tiktok telegram "
    "signal linkedin youtube google outlook zoom teams skype amazon zalando ebay vinted "
    "internet link sito kurier express stripe store libera sin");

// `via roma 12`, `BERLINER STRASSE 17`: where capital letters do not tell a name, what stands
// around it must: a street type that is no other word, or the end of the phrase behind the
// number, a postal code, or a word of addresses.
street_before quiet_street_until(const text_window& text, const folded_word& last,
                                 std::size_t number_end, bool ending) noexcept {
  constexpr street_before none{};
  const bool led = lead_before(text.bytes(text.begin(), last.begin), last.begin - text.begin());
  const bool loud = last.capital;
  if (!led && !ending && !loud) return none;
  const bool comma = text[last.end] == ',';
  CLIENTBOOK_WORDS(prepositions,
                   "a ad al alle in di da do de del per con su tra fino at to for from of on by an "
                   "auf bis um mit ab zu von fur pour avec para por voor op na za od");
  const auto goes_well = [&](std::size_t begin) {
    return ends_phrase(text, number_end) || (loud && !comma) || address_said(text, begin) ||
           over_postcode_and_town(text, number_end, code_needed::yes) != number_end;
  };
  if (ending && text[last.begin - 1] == ' ') {
    const folded_word earlier = word_until(text, last.begin - 1);
    CLIENTBOOK_WORDS(no_other_word, "strasse str gasse straat gata gatan vej");
    if (is_in(places, earlier)) return {earlier.begin, street_proof::likely};
    if (is_in(no_other_word, last) && earlier.size > 3 && !is_in(particles, earlier)) {
      return {over_first_name(text, earlier.begin), street_proof::sure};
    }
    CLIENTBOOK_WORDS(mostly_streets, "platz allee weg gasse laan plein damm ufer");
    if (loud && is_in(mostly_streets, last) && earlier.size > 3 && ends_phrase(text, number_end)) {
      return {earlier.begin, street_proof::sure};
    }
  }
  if ((!led && !loud) || is_in(prepositions, last)) return none;
  folded_word word = last;
  for (int words = 0; words < 5; ++words) {
    if (is_in(channels, word)) return none;
    if (words > 0 &&
        (is_lead(text.bytes(word.begin, last.begin), 0) || (loud && is_in(name_follows, word)))) {
      return goes_well(word.begin) ? street_before{word.begin, street_proof::sure} : none;
    }
    std::size_t place = word.begin;
    if (words < 3 && text[place - 1] == ' ' && text[place - 2] == '/') --place;
    if (text[place - 1] == '/' && ascii_upper(text[place - 2]) == 'C' &&
        !text.word_before(place - 2)) {
      return {place - 2, street_proof::sure};  // c/ serrano
    }
    const seen c = text.previous(place);
    if (c.value != ' ' && c.value != '.' && c.value != '\'' && c.value != '-' &&
        c.value != 0x2019) {
      return none;
    }
    place -= c.size;
    if (c.value == ' ' && text[place - 1] == '.') --place;
    word = word_until(text, place);
    if (word.begin == word.end) return none;
  }
  return none;
}
#endif

// The street whose name ends before a house number: where it begins.
CLIENTBOOK_ONCE street_before street_until(const text_window& text, std::size_t number,
                                           [[maybe_unused]] std::size_t number_end) noexcept {
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
#ifndef CLIENTBOOK_FIRMWARE
  const seen degree = text.previous(place);
  if (degree.value == 0xB0 || degree.value == 0xBA) place -= degree.size;  // `N° 226`
#endif
  folded_word word = word_until(text, place);
  CLIENTBOOK_WORDS(number_signs, "n nr no num numero civico");
  if (is_in(number_signs, word) && word.size != 0) {
    place = word.begin;
    back_over(" ,.");
    word_until(text, place, word);
  }
  if (word.begin == word.end) return none;
  if (word.size == 0) word.capital = false;
  // Hauptstraße 5, Berliner Straße 17.
  const bool glued = word.size > 0 && ends_in(name_endings_glued, word);
  const bool alone = word.size > 0 && is_in(name_endings, word);
  CLIENTBOOK_WORDS(no_streets,
                   "fensterplatz sitzplatz stehplatz parkplatz stellplatz arbeitsplatz lagerplatz "
                   "regalplatz umweg heimweg rueckweg hinweg bahnhof gasthof friedhof");
  if (glued && (word.capital || word.size > 7)) {
    if (!in_firmware && is_in(no_streets, word)) return none;
    return {over_adjective(text, over_hyphens(text, word.begin)), street_proof::sure};
  }
  if (alone && word.capital && text[word.begin - 1] == '-') {
    return {over_hyphens(text, word.begin), street_proof::sure};
  }
#ifndef CLIENTBOOK_FIRMWARE
  const bool loud =
      shouted(text, word) || (word.size == 1 && shouted(text, word_until(text, word.begin - 1)));
  if (!word.capital || loud) {
    const street_before quiet = quiet_street_until(text, word, number_end, alone);
    if (quiet.proof != street_proof::none) return quiet;
  }
#else
  constexpr bool loud = false;
#endif
#ifndef CLIENTBOOK_FIRMWARE
  if (is_in(small_types, word) && !word.capital && text[word.begin - 1] == ' ') {
    // Written small behind a name: `Barjanska cesta 3`, `Birger Kaipiaisen kuja 27`.
    std::size_t begin = word.begin;
    for (int words = 0; words < 3 && text[begin - 1] == ' '; ++words) {
      const folded_word name = word_until(text, begin - 1);
      if (!name.capital) break;
      begin = name.begin;
    }
    return {begin, begin < word.begin ? street_proof::likely : street_proof::none};
  }
#endif
  // Nothing but a name stands before the number.
  if (!word.capital) return none;
  std::size_t begin = word.begin;
  folded_word earlier = word;
  bool capital = word.capital;
  for (int words = 0; words < (in_firmware ? 6 : 8); ++words) {
    const bool short_lead = earlier.size == 1 &&
                            (earlier.bytes[0] == 'c' || earlier.bytes[0] == 'r') &&
                            earlier.capital && text[earlier.end] == '.';
#ifndef CLIENTBOOK_FIRMWARE
    if (words > 0 && earlier.view() == "via" && is_in(channels, word)) return none;
#endif
    if ((short_lead || is_in(name_follows, earlier)) && words > 0 && capital && !loud) {
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
    word_until(text, place, earlier);
    if (earlier.begin == earlier.end) break;
    if (alone && word.capital && words == 0 && !loud) {
      // The word before `Straße`, and one more with a capital letter or particle.
      if (!earlier.capital) return none;
#ifdef CLIENTBOOK_FIRMWARE
      return {earlier.begin, street_proof::sure};
#else
      return {over_first_name(text, earlier.begin), street_proof::sure};
#endif
    }
  }
  // `Am Markt 3`: sure only beside a word of addresses or with a postal code.
  const folded_word first = word_from(text, begin);
  if (first.capital && first.begin < word.begin && is_in(places, first)) {
    return {first.begin, street_proof::likely};
  }
  if (alone && word.size > 3) return {word.begin, street_proof::likely};
  CLIENTBOOK_WORDS(endings_likely, "ring promenade graben markt berg hof park");
  if (!in_firmware && word.size > 0 && ends_in(endings_likely, word)) {
    return {over_hyphens(text, word.begin), street_proof::likely};
  }
  return {begin, street_proof::name};
}

#ifndef CLIENTBOOK_FIRMWARE
// `Calle 40 # 52-62`, `Cra. 7A No. 45-10 Sur`: street and house are numbers.
find colombian_street(const text_window& text, std::size_t at, std::size_t number_end) noexcept {
  std::size_t place = over_space(text, number_end);
  switch (text[place] | 0x20) {
    case '#':
    case 'n':
    case 's':
    case 'e':
    case 'o':
    case 'b':
      break;
    default:
      return {};
  }
  place = at;
  if (text[place - 1] == ' ') --place;
  if (text[place - 1] == '.') --place;
  const folded_word type = word_until(text, place);
  CLIENTBOOK_WORDS(types,
                   "calle carrera cra kra kr cl cll diagonal dg transversal tv avenida av ak ac "
                   "autopista circular");
  if (place == at || !is_in(types, type)) return {};
  place = over_space(text, number_end);
  CLIENTBOOK_WORDS(sides, "sur norte este oeste bis");
  folded_word word = word_from(text, place);
  if (is_in(sides, word)) place = over_space(text, word.end);
  word = word_from(text, place);
  CLIENTBOOK_WORDS(number_signs, "no n num numero nro");
  if (text[place] == '#') {
    ++place;
  } else if (is_in(number_signs, word)) {
    place = word.end;
    if (text[place] == '.' || text[place] == ':') ++place;
    if (text.next(place).value == 0xB0 || text.next(place).value == 0xBA) place += 2;
  } else {
    return {};
  }
  place = over_space(text, place);
  const std::size_t cross = digits_from(text, place);
  if (cross == 0 || cross > 3) return {};
  place += cross;
  if (text.letter_at(place)) ++place;
  place = over_space(text, place);
  if (text[place] != '-') return {};
  place = over_space(text, place + 1);
  const std::size_t house = digits_from(text, place);
  if (house == 0 || house > 3) return {};
  place += house;
  word = word_from(text, over_space(text, place));
  return {type.begin, is_in(sides, word) ? word.end : place, rule::address_street};
}
#endif

#ifndef CLIENTBOOK_FIRMWARE
bool post_box_before(const text_window& text, std::size_t at, std::size_t& begin) noexcept {
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
  for (int lines = 0; lines < (in_firmware ? 4 : 5); ++lines) {
    while (text[place - 1] == ' ' || text[place - 1] == ',' || text[place - 1] == '\n' ||
           text[place - 1] == '\r') {
      --place;
    }
    const std::size_t line_end = place;
    std::size_t anchor = place;
    std::size_t begin = place;
    bool whole = false;
    bool typed = false;
    for (int words = 0; words < 8; ++words) {
      std::size_t from = begin;
      while (begin - from < 40 && (text.word_before(from) || text[from - 1] == '\'')) {
        from -= text.previous(from).size;
      }
      if (from == begin) break;
      const bool number = is_house_number(text, from, begin);
      const folded_word word = word_from(text, from);
      const bool unit = is_in(unit_words, word);
      if (!number && !unit && !word.capital && !is_in(particles, word) &&
          (in_firmware || !is_in(name_follows, word))) {
        break;
      }
      begin = from;
      if (!in_firmware && words == 0) {
        // `Rope Walk, Bedford, MK42 0XE`
        typed = word.capital && (is_in(street_types, word) || is_in(street_types_capital, word));
      }
      if (number || unit || (typed && words > 0 && !is_in(particles, word)) ||
          is_in(name_follows, word)) {
        anchor = begin;
      }
      const unsigned char c = text[begin - 1];
      if (c == '\n' || c == ',' || begin == text.begin() || c == 0 ||
          (!in_firmware && c == ' ' && text[begin - 2] == ',')) {
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
#ifndef CLIENTBOOK_FIRMWARE
    if (code == 0) {
      code = ireland(text, letters);
      wanted = code != 0 && (settings.in_region(country('I', 'E')) || spoken(letters));
    }
#endif
    if (wanted) {
      std::size_t from = letters;
      std::size_t province_end = letters;
      if (text[province_end - 1] == ' ') --province_end;
      const folded_word province = word_until(text, province_end);
      if (province.size == 2 && province.capital) from = province.begin;
      return {back_over_lines(text, from), letters + code, rule::address_postcode};
    }
  }
#ifndef CLIENTBOOK_FIRMWARE
  // `Amritsar 547527`, `Baranagar-188001`, `New Delhi 110 001`
  if (settings.in_region(country('I', 'N')) && !text.word_before(at)) {
    std::size_t size = digits_from(text, at);
    if (size == 3 && text[at + 3] == ' ' && digits_from(text, at + 4) == 3) size = 7;
    std::size_t town_end = at;
    if (text[town_end - 1] == ' ' && text[town_end - 2] == '-') town_end -= 2;
    if (text[town_end - 1] == ' ' || text[town_end - 1] == '-') --town_end;
    const folded_word name = word_until(text, town_end);
    if (size >= 6 && size <= 7 && town_end < at && name.capital && name.size > 2 &&
        !text.word_at(at + size) && (words_before(text, at).nearest & order_word) == 0) {
      const std::size_t begin = back_over_lines(text, town_end);
      if (begin < at) return {begin, at + size, rule::address_postcode};
    }
  }
#endif
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
#ifndef CLIENTBOOK_FIRMWARE
  if (end <= town + 2 && line) {
    // `rue de la forge\n68784 poitiers`
    std::size_t begin = at;
    while (text[begin - 1] == ' ' || text[begin - 1] == ',' || text[begin - 1] == '\n' ||
           text[begin - 1] == '\r') {
      --begin;
    }
    for (int words = 0; words < 5; ++words) {
      const folded_word word = word_until(text, begin);
      if (word.begin == word.end || word.capital) break;
      const std::size_t town_end = over_small_town_behind(text, town);
      if (words > 0 && town_end > town && is_lead(text.bytes(word.begin, at), 0)) {
        return {word.begin, town_end, rule::address_postcode};
      }
      if (text[word.begin - 1] != ' ' && text[word.begin - 1] != '\'') break;
      begin = word.begin - 1;
    }
  }
#endif
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

#endif

find street_or_code_at(const text_window& text, const digit_run& run,
                       [[maybe_unused]] const scan_settings& settings) noexcept {
  if (!run.plain) return {};
  const std::size_t at = run.begin;
  const std::size_t digits = digits_from(text, at);
  if (digits > 6) return {};
  const seen before = text.previous(at);
  if (before.value == '#' || before.value == '$' || (before.value >= 0xA3 && before.value < 0xA6))
    return {};
  if (digits <= 5 && !text.word_before(at)) {
    const std::size_t number_end = over_house_number(text, at);
    const std::size_t behind = in_firmware ? number_end : over_space(text, number_end);
    const bool of_unit = !in_firmware && (text[behind] == ',' || text[behind] == '\n') &&
                         (settings.in_region(country('I', 'N')) || back_over_unit(text, at) != at);
    std::size_t end = english_street(text, number_end, of_unit);
    if (end == 0) end = french_street(text, number_end);
#ifndef CLIENTBOOK_FIRMWARE
    if (end == 0) {
      if (const find street = colombian_street(text, at, number_end)) {
        end = over_postcode_and_town(text, over_unit(text, street.end));
        return {street.begin, end, rule::address_street};
      }
    }
#endif
    if (end != 0) {
      end = over_postcode_and_town(text, over_unit(text, end));
      std::size_t begin = back_over_unit(text, at);
#ifndef CLIENTBOOK_FIRMWARE
      if (begin == at) {
        // `Flat 14, Ziggurat Building, 60 Saffron Hill`
        begin = back_over_unit_line(text, at);
        const std::size_t lines = back_over_lines(text, begin);
        const folded_word unit = word_from(text, lines);
        if (lines < begin && unit.size > 2 && is_in(unit_words, unit)) begin = lines;
      }
#endif
      return {begin, end, rule::address_street};
    }
    const street_before street = street_until(text, at, number_end);
    if (street.proof != street_proof::none) {
      const std::size_t unit = over_unit(text, number_end);
      end = over_postcode_and_town(
          text, unit, street.proof == street_proof::sure ? code_needed::no : code_needed::yes);
      if (!in_firmware && street.proof == street_proof::sure && end == number_end && digits >= 4) {
        // `rue Odette Renault, 86340 Sainte Arthur`: a code without a house number.
        const std::size_t town = over_space(text, end);
        const std::size_t town_end = over_town(text, town);
        if (town_end > town + 2) end = town_end;
      }
      const auto ordered = [&] {
        return !in_firmware && street.proof == street_proof::name &&
               (words_before(text, at).nearest & order_word) != 0;
      };
      if (street.proof == street_proof::sure || (end != unit && !ordered()) ||
          (street.proof == street_proof::likely &&
           (words_before(text, street.begin).nearest & address_word) != 0)) {
        return {street.begin, end, rule::address_street};
      }
    }
  }
#ifdef CLIENTBOOK_FIRMWARE
  const std::size_t begin = post_box_before(text, at);
  if (begin == at) return {};
  return {begin, over_postcode_and_town(text, at + digits), rule::address_box};
#else
  std::size_t begin = at;
  if (!text.word_before(at) && post_box_before(text, at, begin)) {
    return {begin, over_postcode_and_town(text, at + digits), rule::address_box};
  }
  return address_by_postcode(text, run, settings);
#endif
}

}  // namespace

find address_at(const text_window& text, const digit_run& run,
                const scan_settings& settings) noexcept {
#ifdef CLIENTBOOK_FIRMWARE
  return street_or_code_at(text, run, settings);
#else
  find found = street_or_code_at(text, run, settings);
  if (found) found.end = over_country(text, found.end);
  return found;
#endif
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
  out.add(small_types);
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
  return ends_in(name_endings_glued, word) || is_in(name_endings, word) || is_in(small_types, word);
}
bool leads_street(const folded_word& word) noexcept { return is_in(name_follows, word); }
bool is_unit(const folded_word& word) noexcept { return is_in(unit_words, word); }

street_hint street_ends(const text_window& text, std::size_t number) noexcept {
  switch (street_until(text, number, over_house_number(text, number)).proof) {
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
