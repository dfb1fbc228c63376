// The draft of a letter to the people whom a breach concerns: what GDPR 34(2) wants in it, with the
// data that the report names, and places in square brackets for what only the shop knows.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/rights/breach_report.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "filled.hpp"

namespace clientbook {
namespace {

using rights::fill;
using five = rights::in_five_languages;

constexpr five subject{"What happened to your data", "Was mit Ihren Daten geschehen ist",
                       "Ce qui est arrivé à vos données", "Lo que ha pasado con sus datos",
                       "Che cosa è successo ai Suoi dati"};
constexpr five greeting{"Dear customer,", "Guten Tag,", "Madame, Monsieur,",
                        "Estimada clienta, estimado cliente:", "Gentile cliente,"};

constexpr five by_actor{
    "somebody used an access to our customer records that was not theirs: [WHAT HAPPENED, AND "
    "WHEN].",
    "jemand hat einen fremden Zugang zu unserer Kundenkartei benutzt: [WAS GESCHAH, UND WANN].",
    "quelqu’un a utilisé un accès à notre fichier clients qui n’était pas le sien : [CE QUI S’EST "
    "PASSÉ, ET QUAND].",
    "alguien usó un acceso a nuestro fichero de clientes que no era suyo: [QUÉ PASÓ Y CUÁNDO].",
    "qualcuno ha usato un accesso al nostro archivio clienti che non era suo: [CHE COSA È "
    "SUCCESSO, E "
    "QUANDO]."};
constexpr five by_recipient{
    "data were taken from a company that had got them from us: [WHAT HAPPENED, WHERE, AND WHEN].",
    "bei einem Unternehmen, das Daten von uns erhalten hatte, wurden Daten entwendet: [WAS "
    "GESCHAH, "
    "WO UND WANN].",
    "des données ont été dérobées chez une entreprise qui les tenait de nous : [CE QUI S’EST "
    "PASSÉ, "
    "OÙ ET QUAND].",
    "se sustrajeron datos de una empresa que los había recibido de nosotros: [QUÉ PASÓ, DÓNDE Y "
    "CUÁNDO].",
    "sono stati sottratti dati a un’azienda che li aveva ricevuti da noi: [CHE COSA È SUCCESSO, "
    "DOVE "
    "E QUANDO]."};
constexpr five by_copy{
    "a copy of our customer records came into wrong hands: [WHAT HAPPENED, AND WHEN].",
    "eine Kopie unserer Kundenkartei ist in falsche Hände geraten: [WAS GESCHAH, UND WANN].",
    "une copie de notre fichier clients est tombée entre de mauvaises mains : [CE QUI S’EST PASSÉ, "
    "ET "
    "QUAND].",
    "una copia de nuestro fichero de clientes cayó en malas manos: [QUÉ PASÓ Y CUÁNDO].",
    "una copia del nostro archivio clienti è finita in mani sbagliate: [CHE COSA È SUCCESSO, E "
    "QUANDO]."};

constexpr five certain{"These data of yours were seen or taken: {data}.",
                       "Diese Daten von Ihnen wurden eingesehen oder entwendet: {data}.",
                       "Ces données vous concernant ont été vues ou dérobées : {data}.",
                       "Estos datos suyos fueron vistos o sustraídos: {data}.",
                       "Questi Suoi dati sono stati visti o sottratti: {data}."};
constexpr five possible{"These may have been, too: {data}.",
                        "Möglich ist es auch bei diesen: {data}.",
                        "Celles-ci l’ont peut-être été aussi : {data}.",
                        "Es posible que también estos: {data}.", "Forse anche questi: {data}."};
constexpr five perhaps_these{"These data of yours may have been seen or taken: {data}.",
                             "Möglicherweise wurden diese Daten von Ihnen eingesehen oder "
                             "entwendet: {data}.",
                             "Ces données vous concernant ont peut-être été vues ou dérobées : "
                             "{data}.",
                             "Es posible que estos datos suyos fueran vistos o sustraídos: {data}.",
                             "Forse questi Suoi dati sono stati visti o sottratti: {data}."};
constexpr five none_named{
    "Which data of yours that concerns: [WHICH].", "Welche Ihrer Daten das betrifft: [WELCHE].",
    "Les données vous concernant : [LESQUELLES].", "Qué datos suyos afecta: [CUÁLES].",
    "Quali Suoi dati riguarda: [QUALI]."};
constexpr five unreadable{
    "They are sealed, and the key was not among what was taken: nobody can read them.",
    "Sie sind verschlüsselt, und der Schlüssel war nicht dabei: niemand kann sie lesen.",
    "Elles sont chiffrées et la clé n’a pas été prise : personne ne peut les lire.",
    "Están cifrados y la clave no fue sustraída: nadie puede leerlos.",
    "Sono cifrati e la chiave non è stata presa: nessuno può leggerli."};
constexpr five consequences{"What may follow for you: [CONSEQUENCES].",
                            "Was das für Sie bedeuten kann: [FOLGEN].",
                            "Ce que cela peut entraîner pour vous : [CONSÉQUENCES].",
                            "Qué puede suponer para usted: [CONSECUENCIAS].",
                            "Che cosa può comportare per Lei: [CONSEGUENZE]."};
constexpr five measures{"What we have done, and what you can do: [MEASURES].",
                        "Was wir getan haben und was Sie tun können: [MASSNAHMEN].",
                        "Ce que nous avons fait et ce que vous pouvez faire : [MESURES].",
                        "Qué hemos hecho y qué puede hacer usted: [MEDIDAS].",
                        "Che cosa abbiamo fatto e che cosa può fare Lei: [MISURE]."};
constexpr five asking{"Who answers you: {contact}", "Wer Ihnen Auskunft gibt: {contact}",
                      "Qui vous répond : {contact}", "Quién le responde: {contact}",
                      "Chi Le risponde: {contact}"};
constexpr five no_contact{"[NAME AND CONTACT OF THE DATA PROTECTION OFFICER]",
                          "[NAME UND KONTAKT DER ODER DES DATENSCHUTZBEAUFTRAGTEN]",
                          "[NOM ET COORDONNÉES DU DÉLÉGUÉ À LA PROTECTION DES DONNÉES]",
                          "[NOMBRE Y CONTACTO DEL DELEGADO DE PROTECCIÓN DE DATOS]",
                          "[NOME E CONTATTO DEL RESPONSABILE DELLA PROTEZIONE DEI DATI]"};

const five& what_happened(breach_source source) noexcept {
  if (source == breach_source::actor) return by_actor;
  return source == breach_source::recipient ? by_recipient : by_copy;
}

// In the words of the page: the category's, or the field's own key.
std::string names_of(field_set which, const schema& fields, language speech) {
  std::vector<std::string> all;
  for (const field_id one : which) {
    const auto known = fields.find(one);
    if (!known) continue;
    const std::string_view word = label(known->categories.front(), speech);
    const std::string name(word.empty() ? known->key : word);
    // Several fields are of one category.
    if (std::ranges::find(all, name) == all.end()) all.push_back(name);
  }
  std::string out;
  for (const std::string& name : all) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

// Of everybody in one letter it is certain what is certain of each: of somebody of whom a name was
// taken nobody writes that their address was.
struct concerned {
  field_set surely, perhaps;
};
concerned of_them(const breach_report& report, const breached* one) {
  concerned out;
  bool first = true;
  for (const breached& each : report.customers) {
    if (one != nullptr && each.customer != one->customer) continue;
    out.surely = std::exchange(first, false) ? each.certain : out.surely & each.certain;
    out.perhaps |= each.certain | each.possible;
  }
  out.perhaps &= ~out.surely;
  return out;
}

}  // namespace

result<wiped_text> make_breach_letter(const breach_report& report, const breached* one,
                                      const schema& fields, const breach_letter& how) try {
  const std::size_t column = static_cast<std::size_t>(how.speech) % 5;
  const auto [surely, perhaps] = of_them(report, one);
  wiped_text out;
  const auto line = [&](std::string_view text, std::initializer_list<rights::filling> places = {}) {
    fill(out, text, places);
    out += "\n\n";
  };
  line(subject[column]);
  line(greeting[column]);
  line(what_happened(report.asked.source)[column]);
  const std::string sure = names_of(surely, fields, how.speech);
  const std::string maybe = names_of(perhaps, fields, how.speech);
  if (!sure.empty()) line(certain[column], {{"data", sure}});
  if (!maybe.empty()) line((sure.empty() ? perhaps_these : possible)[column], {{"data", maybe}});
  if (sure.empty() && maybe.empty()) line(none_named[column]);
  if (report.scope.opens == breach_opens::no) line(unreadable[column]);
  line(consequences[column]);
  line(measures[column]);
  line(asking[column], {{"contact", how.contact.empty() ? no_contact[column] : how.contact}});
  if (!how.shop.empty()) line(how.shop);
  out.resize(out.size() - 1);
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
