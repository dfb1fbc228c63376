// Note corpus: notes as salespeople write them, made up from a fixed seed.
//
// A note is a few sentences in one of seven languages; now and then one of them holds a
// personal value, which is random and right by its check digits, in a form of its country.
// The same density, size and seed give the same bytes from one compiler.
#ifndef CLIENTBOOK_BENCHMARKS_NOTE_CORPUS_HPP
#define CLIENTBOOK_BENCHMARKS_NOTE_CORPUS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook::benchmarking {

enum class density : std::uint8_t {
  typical,  ///< One note in three holds a value.
  sparse,   ///< One note in fifty.
  dense,    ///< Every sentence.
};

/// A customer as the record has it.
struct corpus_customer {
  std::string first, last, email, phone, address;
  std::size_t speech = 0;  ///< Place in corpus_languages.
};

/// A personal value in a note.
struct corpus_value {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view type;  ///< As name_of(entity_type).
};

struct corpus_note {
  std::string_view text;  ///< Lies in the corpus.
  std::size_t customer = 0;
  std::vector<corpus_value> values;
};

struct corpus_language {
  std::string_view region;
  std::array<std::string_view, 10> plain;   ///< Sentences of a shop.
  std::array<std::string_view, 12> around;  ///< A letter for the kind of value, `|`, a sentence.
  std::array<std::string_view, 6> first, last, streets, towns;
};

// In `around` a tilde is the place of the value. n: name of the customer, e: e-mail, p: phone,
// c: card, b: IBAN, i: national id, d: date, a: address, u: URL, m: the record's own e-mail.
// clang-format off
inline constexpr std::array<corpus_language, 7> corpus_languages{{
    {"GB",
     {"Prefers navy over black, hates scratchy wool.", "Size 42 in shoes, 52 in jackets; trousers 50, short.",
      "Took the coat in 38, wants it in 40 when it comes.", "Order 10045872 arrived, one button missing.",
      "Price 1,299.00 with the loyalty discount, deposit 300.", "Comes on Saturdays after ten, likes to be left alone first.",
      "Asked about the camel coat from the winter window.", "Alterations: sleeves 2 cm shorter, hem as it is.",
      "Bought two shirts and a belt, will be back before the holidays.", "Would like to hear when the new season arrives."},
     {"n|~ came by with her sister.", "e|Send the look book to ~ please.", "p|Call ~ after six.", "c|Paid with ~ by mistake over the phone.",
      "b|Refund to ~ agreed.", "i|NHS number ~ on the form she left.", "d|Born ~, likes a small present.", "a|Deliver to ~, ring twice.",
      "u|Saw the dress on ~ and wants it.", "m|Write to ~ when it is in.", "p|New mobile: ~.", "n|Told ~ about the sale."},
     {"Olivia", "George", "Amelia", "Harry", "Charlotte", "Oscar"}, {"Whitfield", "Ashworth", "Pemberton", "Hartley", "Lockwood", "Thornbury"},
     {"Station Road", "Mill Lane", "Victoria Street", "Church Road", "Park Avenue", "Queens Drive"}, {"Leeds", "Bath", "York", "Bristol", "Oxford", "Norwich"}},
    {"DE",
     {"Mag lieber Dunkelblau als Schwarz, keine kratzige Wolle.", "Größe 42 bei Schuhen, 52 bei Sakkos, Hosen 50 kurz.",
      "Hat den Mantel in 38 genommen, möchte ihn in 40, sobald er kommt.", "Bestellung 10045872 ist da, ein Knopf fehlt.",
      "Preis 1.299,00 EUR mit Treuerabatt, Anzahlung 300.", "Kommt samstags nach zehn und schaut erst allein.",
      "Fragte nach dem Kamelhaarmantel aus dem Schaufenster.", "Änderung: Ärmel 2 cm kürzer, Saum bleibt.",
      "Zwei Hemden und einen Gürtel gekauft, kommt vor den Feiertagen wieder.", "Möchte hören, wenn die neue Kollektion da ist."},
     {"n|~ war mit ihrer Schwester da.", "e|Das Lookbook bitte an ~ schicken.", "p|Nach 18 Uhr unter ~ anrufen.", "c|Hat versehentlich ~ am Telefon genannt.",
      "b|Rückzahlung auf ~ bitte.", "i|Steuer-ID ~ für die Rechnung.", "d|Geboren am ~, freut sich über eine Kleinigkeit.", "a|Lieferung an ~, zweimal klingeln.",
      "u|Hat das Kleid auf ~ gesehen.", "m|An ~ schreiben, wenn es da ist.", "p|Neue Handynummer: ~.", "n|Habe ~ vom Ausverkauf erzählt."},
     {"Annegret", "Jürgen", "Käthe", "Wolfgang", "Sabine", "Björn"}, {"Müllerschön", "Großmann", "Weißenfels", "Krüger", "Schäfer", "Lindemann"},
     {"Bahnhofstraße", "Gartenweg", "Schillerstraße", "Lindenallee", "Kirchgasse", "Hauptstraße"}, {"Köln", "Bremen", "Leipzig", "Würzburg", "Kassel", "Ulm"}},
    {"FR",
     {"Préfère le bleu marine au noir, déteste la laine qui gratte.", "Pointure 42, veste 52, pantalon 50 court.",
      "A pris le manteau en 38, le veut en 40 dès qu'il arrive.", "Commande 10045872 arrivée, il manque un bouton.",
      "Prix 1 299,00 EUR avec la remise fidélité, acompte 300.", "Vient le samedi après dix heures, aime regarder seule.",
      "A demandé le manteau camel de la vitrine d'hiver.", "Retouche : manches 2 cm plus courtes, ourlet inchangé.",
      "Deux chemises et une ceinture achetées, reviendra avant les fêtes.", "Veut être prévenue à l'arrivée de la nouvelle saison."},
     {"n|~ est passée avec sa sœur.", "e|Envoyer le catalogue à ~ svp.", "p|Appeler le ~ après 18 h.", "c|A donné ~ par erreur au téléphone.",
      "b|Remboursement sur ~ convenu.", "i|Numéro de sécurité sociale ~ sur le formulaire.", "d|Née le ~, aime un petit cadeau.", "a|Livrer au ~, sonner deux fois.",
      "u|A vu la robe sur ~.", "m|Écrire à ~ dès réception.", "p|Nouveau portable : ~.", "n|Ai parlé des soldes à ~."},
     {"Aurélie", "Étienne", "Solène", "Gaëtan", "Margaux", "Benoît"}, {"Lefèvre", "Charpentier", "Beaumont", "Rousselle", "Delacroix", "Fournier"},
     {"rue Victor Hugo", "avenue de la Gare", "rue des Lilas", "place du Marché", "rue Pasteur", "boulevard Voltaire"}, {"Lyon", "Nantes", "Dijon", "Reims", "Angers", "Tours"}},
    {"IT",
     {"Preferisce il blu al nero, non sopporta la lana ruvida.", "Taglia 42 di scarpe, 52 di giacca, pantaloni 50 corti.",
      "Ha preso il cappotto in 38, lo vuole in 40 appena arriva.", "Ordine 10045872 arrivato, manca un bottone.",
      "Prezzo 1.299,00 EUR con lo sconto fedeltà, acconto 300.", "Viene il sabato dopo le dieci, preferisce guardare da sola.",
      "Ha chiesto del cappotto cammello in vetrina.", "Modifica: maniche 2 cm più corte, orlo com'è.",
      "Comprate due camicie e una cintura, torna prima delle feste.", "Vuole sapere quando arriva la nuova stagione."},
     {"n|~ è passata con la sorella.", "e|Mandare il catalogo a ~ per favore.", "p|Chiamare il ~ dopo le 18.", "c|Ha dettato ~ per errore al telefono.",
      "b|Rimborso su ~ concordato.", "i|Codice fiscale ~ per la fattura.", "d|Nata il ~, gradisce un pensiero.", "a|Consegna in ~, suonare due volte.",
      "u|Ha visto il vestito su ~.", "m|Scrivere a ~ quando arriva.", "p|Nuovo cellulare: ~.", "n|Detto a ~ dei saldi."},
     {"Ginevra", "Niccolò", "Beatrice", "Raffaele", "Ludovica", "Tommaso"}, {"Bianchini", "Castellani", "Ferraris", "Montanari", "Santangelo", "Viscardi"},
     {"Via Garibaldi", "Viale Mazzini", "Corso Cavour", "Piazza Dante", "Via dei Mille", "Via Verdi"}, {"Torino", "Parma", "Verona", "Lecce", "Pisa", "Trieste"}},
    {"ES",
     {"Prefiere azul marino al negro, no soporta la lana áspera.", "Talla 42 de zapatos, 52 de chaqueta, pantalón 50 corto.",
      "Se llevó el abrigo en 38, lo quiere en 40 cuando llegue.", "Pedido 10045872 recibido, falta un botón.",
      "Precio 1.299,00 EUR con el descuento, señal de 300.", "Viene los sábados después de las diez, le gusta mirar sola.",
      "Preguntó por el abrigo camel del escaparate.", "Arreglo: mangas 2 cm más cortas, el bajo igual.",
      "Compró dos camisas y un cinturón, vuelve antes de las fiestas.", "Quiere saber cuándo llega la nueva temporada."},
     {"n|~ pasó con su hermana.", "e|Enviar el catálogo a ~ por favor.", "p|Llamar al ~ después de las seis.", "c|Dio ~ por error al teléfono.",
      "b|Devolución a ~ acordada.", "i|DNI ~ para la factura.", "d|Nacida el ~, le gusta un detalle.", "a|Entregar en ~, llamar dos veces.",
      "u|Vio el vestido en ~.", "m|Escribir a ~ cuando llegue.", "p|Móvil nuevo: ~.", "n|Le hablé a ~ de las rebajas."},
     {"Inés", "Gonzalo", "Begoña", "Rodrigo", "Itziar", "Álvaro"}, {"Echeverría", "Quintana", "Villanueva", "Peñalver", "Montesinos", "Arriaga"},
     {"Calle Mayor", "Avenida de la Paz", "Calle Cervantes", "Plaza Nueva", "Calle del Sol", "Paseo Colón"}, {"Sevilla", "Bilbao", "Murcia", "Burgos", "Málaga", "León"}},
    {"NL",
     {"Draagt liever donkerblauw dan zwart, geen kriebelende wol.", "Maat 42 schoenen, 52 jasjes, broeken 50 kort.",
      "Nam de jas in 38, wil hem in 40 zodra hij er is.", "Bestelling 10045872 is binnen, een knoop ontbreekt.",
      "Prijs 1.299,00 EUR met klantenkorting, aanbetaling 300.", "Komt op zaterdag na tien uur, kijkt graag eerst zelf.",
      "Vroeg naar de camel jas uit de etalage.", "Vermaken: mouwen 2 cm korter, zoom blijft.",
      "Twee overhemden en een riem gekocht, komt voor de feestdagen terug.", "Wil het horen als de nieuwe collectie er is."},
     {"n|~ was er met haar zus.", "e|Stuur het lookbook naar ~ graag.", "p|Bel ~ na zes uur.", "c|Noemde ~ per ongeluk aan de telefoon.",
      "b|Terugbetaling op ~ afgesproken.", "i|BSN ~ op het formulier.", "d|Geboren op ~, blij met iets kleins.", "a|Bezorgen op ~, twee keer bellen.",
      "u|Zag de jurk op ~.", "m|Schrijf naar ~ als het er is.", "p|Nieuw mobiel nummer: ~.", "n|Heb ~ verteld over de uitverkoop."},
     {"Marijke", "Joost", "Femke", "Sander", "Annelies", "Thijs"}, {"Hoogeveen", "Vermeulen", "Kuipers", "Zandstra", "Brouwer", "Terpstra"},
     {"Dorpsstraat", "Molenweg", "Kerkstraat", "Beatrixlaan", "Stationsplein", "Schoolstraat"}, {"Utrecht", "Breda", "Zwolle", "Haarlem", "Delft", "Leiden"}},
    {"PL",
     {"Woli granatowy od czarnego, nie lubi gryzącej wełny.", "Rozmiar 42 buty, 52 marynarka, spodnie 50 krótkie.",
      "Wzięła płaszcz w 38, chce w 40, gdy przyjdzie.", "Zamówienie 10045872 dotarło, brakuje guzika.",
      "Cena 1 299,00 z rabatem, zaliczka 300.", "Przychodzi w soboty po dziesiątej, najpierw ogląda sama.",
      "Pytała o wielbłądzi płaszcz z wystawy.", "Poprawki: rękawy krótsze o 2 cm, dół bez zmian.",
      "Kupiła dwie koszule i pasek, wróci przed świętami.", "Chce wiedzieć, kiedy będzie nowa kolekcja."},
     {"n|~ była z siostrą.", "e|Wysłać katalog na ~ proszę.", "p|Dzwonić pod ~ po szóstej.", "c|Podała przez pomyłkę ~ przez telefon.",
      "b|Zwrot na ~ uzgodniony.", "i|PESEL ~ na formularzu.", "d|Urodzona ~, lubi drobiazgi.", "a|Dostawa: ~, dzwonić dwa razy.",
      "u|Widziała sukienkę na ~.", "m|Napisać na ~, gdy będzie.", "p|Nowa komórka: ~.", "n|Mówiłam ~ o wyprzedaży."},
     {"Małgorzata", "Zbigniew", "Grażyna", "Stanisław", "Elżbieta", "Łukasz"}, {"Wiśniewska", "Kaczmarek", "Zielińska", "Jabłoński", "Wróblewska", "Sikorski"},
     {"ul. Długa", "ul. Mickiewicza", "ul. Polna", "al. Jerozolimskie", "ul. Kościuszki", "ul. Lipowa"}, {"Gdańsk", "Poznań", "Lublin", "Kielce", "Toruń", "Opole"}},
}};
// clang-format on

/// The random parts of notes. Its own arithmetic: the standard's distributions differ by library.
class note_maker {
 public:
  explicit note_maker(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  template <class List>
  std::string_view any(const List& list) {
    return list[below(std::size(list))];
  }

  std::string digits(std::size_t count) {
    std::string out;
    while (out.size() < count) out += static_cast<char>('0' + below(10));
    return out;
  }

  /// In groups of `size`, by spaces.
  static std::string grouped(std::string_view text, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (i != 0 && i % size == 0) out += ' ';
      out += text[i];
    }
    return out;
  }

  std::string card() {
    constexpr std::string_view issuers[] = {"4", "51", "54", "2221", "4", "55"};
    std::string out(any(issuers));
    out += digits(15 - out.size());
    out += luhn_digit(out);
    return below(2) == 0 ? out : grouped(out, 4);
  }

  std::string iban(std::string_view region) {
    std::string account;
    if (region == "GB") account = "MIDL" + digits(14);
    if (region == "DE") account = digits(18);
    if (region == "FR") account = digits(23);
    if (region == "IT") account = "X" + digits(22);
    if (region == "ES") account = digits(20);
    if (region == "NL") account = "INGB" + digits(10);
    if (region == "PL") account = digits(24);
    const unsigned rest = 98 - mod97(account + std::string(region) + "00");
    std::string out(region);
    out += static_cast<char>('0' + rest / 10);
    out += static_cast<char>('0' + rest % 10);
    out += account;
    return below(3) == 0 ? out : grouped(out, 4);
  }

  std::string national_id(std::string_view region) {
    if (region == "GB") return nhs();
    if (region == "DE") return tax_id();
    if (region == "FR") return nir();
    if (region == "IT") return codice_fiscale();
    if (region == "ES") return dni();
    if (region == "NL") return bsn();
    return pesel();
  }

  std::string phone(std::string_view region) {
    if (region == "GB") return pick("07700 " + digits(6), "+44 7700 " + digits(6));
    if (region == "DE") return pick("0171 " + subscriber(7), "+49 171 " + subscriber(7));
    if (region == "FR") {
      const std::string rest = grouped("12" + digits(6), 2);
      return pick("06 " + rest, "+33 6 " + rest);
    }
    if (region == "IT") return pick("347 " + subscriber(7), "+39 347 " + subscriber(7));
    if (region == "ES") return pick("612 " + grouped(digits(6), 3), "+34 612 " + digits(6));
    if (region == "NL") return pick("06-" + subscriber(8), "+31 6 " + subscriber(8));
    return pick("601 " + grouped(digits(6), 3), "+48 601 " + digits(6));
  }

  std::string email(std::string_view first, std::string_view last) {
    constexpr std::string_view hosts[] = {"example.com", "mail.example.org", "example.net",
                                          "post.example.com"};
    return ascii(first) + "." + ascii(last) + std::to_string(below(100)) + "@" +
           std::string(any(hosts));
  }

  std::string date() {
    const std::string day = two(1 + below(28));
    const std::string month = two(1 + below(12));
    const std::string year = std::to_string(1940 + below(65));
    switch (below(3)) {
      case 0:
        return day + "." + month + "." + year;
      case 1:
        return day + "/" + month + "/" + year;
      default:
        return year + "-" + month + "-" + day;
    }
  }

  std::string address(const corpus_language& speech) {
    const std::string street(any(speech.streets));
    const std::string number = std::to_string(1 + below(180));
    const std::string town(any(speech.towns));
    if (speech.region == "GB") return number + " " + street + ", " + town;
    if (speech.region == "FR") return number + " " + street + ", " + digits(5) + " " + town;
    if (speech.region == "PL") {
      return street + " " + number + ", " + digits(2) + "-" + digits(3) + " " + town;
    }
    if (speech.region == "NL") {
      return street + " " + number + ", " + std::to_string(1000 + below(8000)) + " AB " + town;
    }
    return street + (speech.region == "IT" || speech.region == "ES" ? ", " : " ") + number + ", " +
           digits(5) + " " + town;
  }

  std::string url() {
    return (below(2) == 0 ? "https://www.example.com/shop/" : "www.example.org/look?item=") +
           digits(6);
  }

  corpus_customer customer(std::size_t speech) {
    const corpus_language& language = corpus_languages[speech];
    corpus_customer out;
    out.first = any(language.first);
    out.last = any(language.last);
    out.email = email(out.first, out.last);
    out.phone = phone(language.region);
    out.address = address(language);
    out.speech = speech;
    return out;
  }

  /// Adds a sentence to the text; returns where the value in it lies.
  corpus_value add_sentence_with_value(std::string& text, const corpus_customer& of) {
    const corpus_language& speech = corpus_languages[of.speech];
    const std::string_view form = any(speech.around);
    const std::size_t place = form.find('~');
    text += form.substr(2, place - 2);
    corpus_value out{.begin = text.size(), .end = 0, .type = type_of(form[0])};
    text += value(form[0], of, speech);
    out.end = text.size();
    text += form.substr(place + 1);
    return out;
  }

 private:
  static std::string_view type_of(char kind) {
    switch (kind) {
      case 'n':
      case 'm':
        return "known_value";
      case 'e':
        return "email_address";
      case 'p':
        return "phone_number";
      case 'c':
        return "payment_card";
      case 'b':
        return "iban";
      case 'i':
        return "national_id";
      case 'd':
        return "date_of_birth";
      case 'a':
        return "postal_address";
      default:
        return "url";
    }
  }

  std::string value(char kind, const corpus_customer& of, const corpus_language& speech) {
    switch (kind) {
      case 'n':
        return below(2) == 0 ? of.first + " " + of.last : of.first;
      case 'e':
        return email(any(speech.first), any(speech.last));
      case 'm':
        return of.email;
      case 'p':
        return phone(speech.region);
      case 'c':
        return card();
      case 'b':
        return iban(speech.region);
      case 'i':
        return national_id(speech.region);
      case 'd':
        return date();
      case 'a':
        return address(speech);
      default:
        return url();
    }
  }

  std::string pick(std::string one, std::string other) {
    return below(2) == 0 ? std::move(one) : std::move(other);
  }
  std::string subscriber(std::size_t count) {
    return static_cast<char>('2' + below(8)) + digits(count - 1);
  }
  static std::string two(std::size_t number) {
    return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  }
  static unsigned digit(char c) { return static_cast<unsigned>(c - '0'); }
  static char digit_of(unsigned value) { return static_cast<char>('0' + value); }

  static char luhn_digit(std::string_view text) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const unsigned doubled = digit(text[text.size() - 1 - i]) * (i % 2 == 0 ? 2 : 1);
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return digit_of((10 - sum % 10) % 10);
  }

  static unsigned mod97(std::string_view text) {
    unsigned rest = 0;
    for (const char c : text) {
      rest = c >= 'A' ? (rest * 100 + static_cast<unsigned>(c - 'A') + 10) % 97
                      : (rest * 10 + digit(c)) % 97;
    }
    return rest;
  }

  static unsigned weighted(std::string_view text, std::span<const unsigned> weights) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * digit(text[i]);
    return sum;
  }

  std::string nhs() {
    constexpr unsigned weights[] = {10, 9, 8, 7, 6, 5, 4, 3, 2};
    for (;;) {
      std::string out = static_cast<char>('4' + below(3)) + digits(8);
      const unsigned check = (11 - weighted(out, weights) % 11) % 11;
      if (check == 10) continue;
      out += digit_of(check);
      return out.substr(0, 3) + " " + out.substr(3, 3) + " " + out.substr(6);
    }
  }

  // One digit twice, one not at all; ISO 7064 mod 11,10.
  std::string tax_id() {
    std::string out = "123456789";
    for (std::size_t i = out.size() - 1; i > 0; --i) std::swap(out[i], out[below(i + 1)]);
    out += out[below(8)];
    unsigned product = 10;
    for (const char c : out) {
      unsigned sum = (digit(c) + product) % 10;
      if (sum == 0) sum = 10;
      product = 2 * sum % 11;
    }
    return out += digit_of((11 - product) % 10);
  }

  std::string nir() {
    std::string out = (below(2) == 0 ? "1" : "2") + two(40 + below(60)) + two(1 + below(12)) +
                      two(10 + below(80)) + digits(6);
    const unsigned check = 97 - mod97(out);
    return out + two(check);
  }

  std::string codice_fiscale() {
    constexpr std::string_view letters = "BCDFGHLMNPRSTVZ";
    constexpr std::string_view months = "ABCDEHLMPRST";
    constexpr unsigned odd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    std::string out;
    for (int i = 0; i < 6; ++i) out += letters[below(letters.size())];
    out += two(40 + below(60));
    out += months[below(months.size())];
    out += two(1 + below(28) + (below(2) == 0 ? 40 : 0));
    out += "H501";
    unsigned sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const unsigned value = out[i] >= 'A' ? static_cast<unsigned>(out[i] - 'A') : digit(out[i]);
      sum += i % 2 == 0 ? odd[value] : value;
    }
    return out += static_cast<char>('A' + sum % 26);
  }

  std::string dni() {
    std::string out = digits(8);
    return out += "TRWAGMYFPDXBNJZSQVHLCKE"[std::stoul(out) % 23];
  }

  std::string bsn() {
    constexpr unsigned weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    for (;;) {
      std::string out = static_cast<char>('1' + below(9)) + digits(7);
      const unsigned check = weighted(out, weights) % 11;
      if (check != 10) return out += digit_of(check);
    }
  }

  std::string pesel() {
    constexpr unsigned weights[] = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
    std::string out = two(40 + below(60)) + two(1 + below(12)) + two(1 + below(28)) + digits(4);
    return out += digit_of((10 - weighted(out, weights) % 10) % 10);
  }

  // Letters of an e-mail address: what has an accent is left out.
  static std::string ascii(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c >= 'a' && c <= 'z') out += c;
      if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    }
    return out;
  }

  std::mt19937_64 random_;
};

/// Notes of customers, one after the other with a line end between, at least `bytes` of them.
class note_corpus {
 public:
  static constexpr std::size_t customers_count = 210;

  note_corpus(density how, std::size_t bytes, std::uint64_t seed = 20240501) {
    note_maker make(seed);
    for (std::size_t i = 0; i < customers_count; ++i) {
      customers.push_back(make.customer(i % corpus_languages.size()));
    }
    struct place {
      std::size_t begin, end, customer;
      std::vector<corpus_value> values;
    };
    std::vector<place> places;
    while (text.size() < bytes) {
      const std::size_t customer = make.below(customers.size());
      const std::size_t begin = text.size();
      std::vector<corpus_value> values = add_note(make, how, customers[customer]);
      places.push_back({begin, text.size(), customer, std::move(values)});
      text += '\n';
    }
    for (place& one : places) {
      for (corpus_value& value : one.values) {
        value.begin -= one.begin;
        value.end -= one.begin;
      }
      notes.push_back({std::string_view(text).substr(one.begin, one.end - one.begin), one.customer,
                       std::move(one.values)});
    }
  }
  note_corpus(const note_corpus&) = delete;
  note_corpus& operator=(const note_corpus&) = delete;

  std::string text;
  std::vector<corpus_note> notes;
  std::vector<corpus_customer> customers;

 private:
  std::vector<corpus_value> add_note(note_maker& make, density how, const corpus_customer& of) {
    std::vector<corpus_value> values;
    const std::size_t sentences = 2 + make.below(4);
    const bool has_value = how == density::typical  ? make.below(3) == 0
                           : how == density::sparse ? make.below(50) == 0
                                                    : true;
    const std::size_t place = make.below(sentences);
    for (std::size_t i = 0; i < sentences; ++i) {
      if (i != 0) text += ' ';
      if (has_value && (how == density::dense || i == place)) {
        values.push_back(make.add_sentence_with_value(text, of));
      } else {
        text += make.any(corpus_languages[of.speech].plain);
      }
    }
    return values;
  }
};

}  // namespace clientbook::benchmarking

#endif
