// Mails about a request, from texts with places (filled.hpp).
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/rights/request_mail.hpp>

#include <array>
#include <utility>

#include "filled.hpp"
#include "page_words.hpp"

namespace clientbook {
namespace {

using exchange::json_failure;
using exchange::json_node;

using rights::fill;
using five = rights::in_five_languages;

// By number from 1, as request_kind.
constexpr std::array<five, 6> kinds = {{
    {"access to your data", "Auskunft über Ihre Daten", "accès à vos données", "acceso a sus datos",
     "accesso ai Suoi dati"},
    {"a copy of your data to take along", "Herausgabe Ihrer Daten (Datenübertragbarkeit)",
     "portabilité de vos données", "portabilidad de sus datos", "portabilità dei Suoi dati"},
    {"correction of your data", "Berichtigung Ihrer Daten", "rectification de vos données",
     "rectificación de sus datos", "rettifica dei Suoi dati"},
    {"restriction of the use of your data", "Einschränkung der Nutzung Ihrer Daten",
     "limitation de l’usage de vos données", "limitación del uso de sus datos",
     "limitazione dell’uso dei Suoi dati"},
    {"your objection to the use of your data", "Widerspruch gegen die Nutzung Ihrer Daten",
     "opposition à l’usage de vos données", "oposición al uso de sus datos",
     "opposizione all’uso dei Suoi dati"},
    {"erasure of your data", "Löschung Ihrer Daten", "effacement de vos données",
     "supresión de sus datos", "cancellazione dei Suoi dati"},
}};

constexpr five subject{"Your request {number}: {kind}", "Ihr Anliegen {number}: {kind}",
                       "Votre demande {number} : {kind}", "Su solicitud {number}: {kind}",
                       "La Sua richiesta {number}: {kind}"};
constexpr five greeting{"Dear customer,", "Guten Tag,", "Madame, Monsieur,",
                        "Estimada clienta, estimado cliente:", "Gentile cliente,"};

constexpr five confirmed{
    "we received your request on {received}. It has the number {number} with us. We will answer it "
    "by {by}.",
    "Ihr Anliegen ist am {received} bei uns eingegangen. Es hat bei uns die Nummer {number}. Wir "
    "antworten bis zum {by}.",
    "nous avons reçu votre demande le {received}. Elle porte chez nous le numéro {number}. Nous y "
    "répondrons au plus tard le {by}.",
    "recibimos su solicitud el {received}. Tiene con nosotros el número {number}. Le responderemos "
    "a más tardar el {by}.",
    "abbiamo ricevuto la Sua richiesta il {received}. Da noi ha il numero {number}. Risponderemo "
    "entro il {by}."};
constexpr five overdue{
    "we received your request on {received}. It has the number {number} with us. The answer was "
    "due "
    "by {by}. It is late, and we are sorry; you get it as soon as we can.",
    "Ihr Anliegen ist am {received} bei uns eingegangen. Es hat bei uns die Nummer {number}. Die "
    "Antwort war bis zum {by} fällig. Sie verspätet sich, das tut uns leid; Sie erhalten sie so "
    "bald wie möglich.",
    "nous avons reçu votre demande le {received}. Elle porte chez nous le numéro {number}. La "
    "réponse était due au plus tard le {by}. Elle est en retard, et nous en sommes désolés ; vous "
    "la recevrez dès que possible.",
    "recibimos su solicitud el {received}. Tiene con nosotros el número {number}. La respuesta "
    "debía llegarle a más tardar el {by}. Se retrasa, y lo sentimos; la recibirá en cuanto sea "
    "posible.",
    "abbiamo ricevuto la Sua richiesta il {received}. Da noi ha il numero {number}. La risposta "
    "era "
    "dovuta entro il {by}. È in ritardo, e ce ne scusiamo; la riceverà appena possibile."};
constexpr five extended_overdue{
    "we received your request on {received} and needed longer: until {by}. The reason: {reason} "
    "That day is over too, and we are sorry; you get the answer as soon as we can.",
    "Ihr Anliegen ist am {received} bei uns eingegangen. Wir brauchten länger: bis zum {by}. Der "
    "Grund: {reason} Auch dieser Tag ist vorbei, das tut uns leid; Sie erhalten die Antwort so "
    "bald "
    "wie möglich.",
    "nous avons reçu votre demande le {received} et avions besoin de plus de temps : jusqu’au "
    "{by}. "
    "La raison : {reason} Ce jour est passé lui aussi, et nous en sommes désolés ; vous recevrez "
    "la "
    "réponse dès que possible.",
    "recibimos su solicitud el {received} y necesitábamos más tiempo: hasta el {by}. El motivo: "
    "{reason} Ese día también ha pasado, y lo sentimos; recibirá la respuesta en cuanto sea "
    "posible.",
    "abbiamo ricevuto la Sua richiesta il {received} e ci serviva più tempo: fino al {by}. Il "
    "motivo: {reason} Anche quel giorno è passato, e ce ne scusiamo; riceverà la risposta appena "
    "possibile."};
constexpr five who_asks{
    "So that nobody else gets your data, please tell us first how we can be sure that the request "
    "is yours.",
    "Damit niemand sonst Ihre Daten erhält, teilen Sie uns bitte zuvor mit, woran wir erkennen, "
    "dass das Anliegen von Ihnen kommt.",
    "Pour que personne d’autre ne reçoive vos données, merci de nous indiquer d’abord comment nous "
    "assurer que la demande vient de vous.",
    "Para que nadie más reciba sus datos, díganos antes cómo podemos estar seguros de que la "
    "solicitud es suya.",
    "Perché nessun altro riceva i Suoi dati, ci dica prima come possiamo essere certi che la "
    "richiesta è Sua."};
constexpr five extended{
    "we received your request on {received} and need longer than we said: until {by} at the "
    "latest. The reason: {reason}",
    "Ihr Anliegen ist am {received} bei uns eingegangen. Wir brauchen länger als angekündigt: "
    "längstens bis zum {by}. Der Grund: {reason}",
    "nous avons reçu votre demande le {received} et avons besoin de plus de temps que prévu : "
    "jusqu’au {by} au plus tard. La raison : {reason}",
    "recibimos su solicitud el {received} y necesitamos más tiempo del previsto: hasta el {by} a "
    "más tardar. El motivo: {reason}",
    "abbiamo ricevuto la Sua richiesta il {received} e ci serve più tempo del previsto: al più "
    "tardi fino al {by}. Il motivo: {reason}"};
constexpr five refused{
    "we received your request on {received} and do not follow it. The reason: {reason}",
    "Ihr Anliegen ist am {received} bei uns eingegangen. Wir kommen ihm nicht nach. Der Grund: "
    "{reason}",
    "nous avons reçu votre demande le {received} et n’y donnons pas suite. La raison : {reason}",
    "recibimos su solicitud el {received} y no la atendemos. El motivo: {reason}",
    "abbiamo ricevuto la Sua richiesta il {received} e non vi diamo seguito. Il motivo: {reason}"};
constexpr five complain{
    "You can complain to the authority that supervises data protection where you live, and go to "
    "court.",
    "Sie können sich bei der Datenschutzaufsicht an Ihrem Wohnort beschweren und ein Gericht "
    "anrufen.",
    "Vous pouvez introduire une réclamation auprès de l’autorité de protection des données de "
    "votre "
    "lieu de vie et saisir un tribunal.",
    "Puede reclamar ante la autoridad de protección de datos del lugar donde vive y acudir a los "
    "tribunales.",
    "Può presentare reclamo all’autorità di protezione dei dati del luogo in cui vive e rivolgersi "
    "a un giudice."};

// By number from 1, as request_kind.
constexpr std::array<five, 6> answers = {{
    {"here is what you asked for: the page says what we hold, why, and where it went; the file "
     "holds the data.",
     "hier ist, worum Sie gebeten haben: Die Seite sagt, was wir haben, wozu, und wohin es ging; "
     "die Datei enthält die Daten.",
     "voici ce que vous avez demandé : la page dit ce que nous détenons, pourquoi et où c’est "
     "allé ; le fichier contient les données.",
     "aquí tiene lo que pidió: la página dice qué tenemos, para qué y adónde fue; el archivo "
     "contiene los datos.",
     "ecco ciò che ha chiesto: la pagina dice che cosa abbiamo, perché e dove è andato; il file "
     "contiene i dati."},
    {"here are the data that you have given us, in a form that other programs read.",
     "hier sind die Daten, die Sie uns gegeben haben, in einer Form, die andere Programme lesen.",
     "voici les données que vous nous avez données, sous une forme que d’autres programmes lisent.",
     "aquí tiene los datos que nos dio, en una forma que otros programas leen.",
     "ecco i dati che ci ha dato, in una forma che altri programmi leggono."},
    {"we have corrected your data as you asked.", "wir haben Ihre Daten wie gewünscht berichtigt.",
     "nous avons rectifié vos données comme vous l’avez demandé.",
     "hemos rectificado sus datos como pidió.", "abbiamo rettificato i Suoi dati come ha chiesto."},
    {"we have restricted the use of your data as you asked.",
     "wir haben die Nutzung Ihrer Daten wie gewünscht eingeschränkt.",
     "nous avons limité l’usage de vos données comme vous l’avez demandé.",
     "hemos limitado el uso de sus datos como pidió.",
     "abbiamo limitato l’uso dei Suoi dati come ha chiesto."},
    {"we have noted your objection and heed it from now on.",
     "wir haben Ihren Widerspruch festgehalten und beachten ihn ab sofort.",
     "nous avons noté votre opposition et la respectons désormais.",
     "hemos anotado su oposición y la respetamos desde ahora.",
     "abbiamo annotato la Sua opposizione e la rispettiamo da ora."},
    {"we have erased your data. The receipt is entry {entry} of our signed ledger; it does not "
     "name "
     "you.",
     "wir haben Ihre Daten gelöscht. Der Beleg ist Eintrag {entry} unseres signierten "
     "Verzeichnisses; "
     "er nennt Sie nicht.",
     "nous avons effacé vos données. Le reçu est l’entrée {entry} de notre registre signé ; il ne "
     "vous nomme pas.",
     "hemos borrado sus datos. El recibo es la entrada {entry} de nuestro registro firmado; no le "
     "nombra.",
     "abbiamo cancellato i Suoi dati. La ricevuta è la voce {entry} del nostro registro firmato; "
     "non "
     "La nomina."},
}};
constexpr five erased_but{
    "we have erased your data, except what is named here. The receipt is entry {entry} of our "
    "signed ledger; it does not name you.",
    "wir haben Ihre Daten gelöscht, bis auf das, was hier steht. Der Beleg ist Eintrag {entry} "
    "unseres signierten Verzeichnisses; er nennt Sie nicht.",
    "nous avons effacé vos données, sauf ce qui est nommé ici. Le reçu est l’entrée {entry} de "
    "notre registre signé ; il ne vous nomme pas.",
    "hemos borrado sus datos, salvo lo que se nombra aquí. El recibo es la entrada {entry} de "
    "nuestro registro firmado; no le nombra.",
    "abbiamo cancellato i Suoi dati, salvo ciò che è nominato qui. La ricevuta è la voce {entry} "
    "del nostro registro firmato; non La nomina."};
// By number from 1, as stay_place; a place for the day, and one where it is not known.
constexpr std::array<five, 3> stays = {{
    {"A law has us keep ({why}), until {until}: {fields}",
     "Ein Gesetz verpflichtet uns, dies aufzubewahren ({why}), bis zum {until}: {fields}",
     "Une loi nous oblige à conserver ({why}), jusqu’au {until} : {fields}",
     "Una ley nos obliga a guardar ({why}), hasta el {until}: {fields}",
     "Una legge ci obbliga a conservare ({why}), fino al {until}: {fields}"},
    {"A law has us keep in our accounts ({why}), for as long as it says: {fields}",
     "Ein Gesetz verpflichtet uns, dies in unseren Büchern aufzubewahren ({why}), so lange wie es "
     "das verlangt: {fields}",
     "Une loi nous oblige à conserver dans nos comptes ({why}), aussi longtemps qu’elle l’exige : "
     "{fields}",
     "Una ley nos obliga a guardar en nuestra contabilidad ({why}), mientras ella lo exija: "
     "{fields}",
     "Una legge ci obbliga a conservare nella nostra contabilità ({why}), finché lo esige: "
     "{fields}"},
    {"So that no old list brings you back, we keep until {until} numbers made of these, which "
     "cannot be turned back into them; we drop them too if you wish: {fields}",
     "Damit keine alte Liste Sie zurückbringt, behalten wir bis zum {until} Zahlen, die aus diesen "
     "Angaben gebildet sind und sich nicht zurückverwandeln lassen; auf Ihren Wunsch löschen wir "
     "auch sie: {fields}",
     "Pour qu’aucune ancienne liste ne vous ramène, nous gardons jusqu’au {until} des nombres "
     "tirés "
     "de ces informations, qui ne permettent pas de les retrouver ; nous les effaçons aussi si "
     "vous "
     "le souhaitez : {fields}",
     "Para que ninguna lista antigua le traiga de vuelta, guardamos hasta el {until} números "
     "hechos "
     "con estos datos, que no permiten recuperarlos; también los borramos si lo desea: {fields}",
     "Perché nessuna vecchia lista La riporti qui, conserviamo fino al {until} numeri ricavati da "
     "questi dati, dai quali non si torna indietro; cancelliamo anche quelli, se lo desidera: "
     "{fields}"},
}};
constexpr five what_was_said{"what you had said", "was Sie gesagt hatten", "ce que vous aviez dit",
                             "lo que usted había dicho", "che cosa aveva detto"};
// By number from 1, as told_state.
constexpr std::array<five, 4> tellings = {{
    {"These have received the data, from us or from others, and are still to be told: {names}.",
     "Diese haben die Daten von uns oder von anderen erhalten und sind noch zu unterrichten: "
     "{names}.",
     "Ceux-ci ont reçu les données, de nous ou d’autres, et restent à informer : {names}.",
     "Estos han recibido los datos, de nosotros o de otros, y aún deben ser informados: {names}.",
     "Questi hanno ricevuto i dati, da noi o da altri, e sono ancora da informare: {names}."},
    {"We have told those who had received the data, from us or from others: {names}.",
     "Wir haben die unterrichtet, die die Daten von uns oder von anderen erhalten hatten: {names}.",
     "Nous avons informé ceux qui avaient reçu ces données, de nous ou d’autres : {names}.",
     "Hemos informado a quienes habían recibido esos datos, de nosotros o de otros: {names}.",
     "Abbiamo informato chi aveva ricevuto quei dati, da noi o da altri: {names}."},
    {},
    {"These have received the data too, and could not be told: {names}.",
     "Diese haben die Daten auch erhalten und waren nicht zu unterrichten: {names}.",
     "Ceux-ci ont aussi reçu les données, et n’ont pas pu être informés : {names}.",
     "Estos también han recibido los datos, y no se les pudo informar: {names}.",
     "Anche questi hanno ricevuto i dati, e non è stato possibile informarli: {names}."},
}};
constexpr five questions{"Questions? {contact}", "Fragen? {contact}", "Des questions ? {contact}",
                         "¿Preguntas? {contact}", "Domande? {contact}"};

request_mail_kind fitting(const request_record& of) noexcept {
  switch (of.state) {
    case request_state::refused:
      return request_mail_kind::refusal;
    case request_state::done:
    case request_state::closed:
      return request_mail_kind::answer;
    case request_state::extended:
      return request_mail_kind::extension;
    case request_state::waiting_for_identity:
    case request_state::open:
      return of.extended_at == timestamp{} ? request_mail_kind::confirmation
                                           : request_mail_kind::extension;
    case request_state::withdrawn:
    case request_state::customer_erased:
      break;
  }
  return request_mail_kind::by_state;
}

// Whether a mail of that kind would be true of the request. A reason that went with the customer
// is not left out of a mail.
bool fits(request_mail_kind kind, const request_record& of) noexcept {
  if (kind == request_mail_kind::refusal && of.words.reason.empty()) return false;
  if (kind == request_mail_kind::extension && of.words.extension.empty()) return false;
  if (kind == request_mail_kind::confirmation) return is_open(of.state);
  return kind != request_mail_kind::by_state && kind == fitting(of);
}

class mail_writer {
 public:
  mail_writer(const request_record& of, const request_mail_options& options)
      : of_(of),
        options_(options),
        column_(static_cast<std::size_t>(options.speech) % 5),
        words_(rights::words_of(options.speech)) {}

  wiped_text write(request_mail_kind kind) {
    const std::string number = std::to_string(of_.number);
    const std::size_t what = static_cast<std::size_t>(of_.kind) - 1;
    fill(out_, subject[column_],
         {{"number", number}, {"kind", what < kinds.size() ? kinds[what][column_] : ""}});
    out_ += "\n\n";
    out_ += greeting[column_];
    out_ += "\n\n";
    if (kind == request_mail_kind::confirmation) {
      paragraph(is_over(of_.answer_by()) ? overdue : confirmed, of_.answer_by(), {});
      if (of_.state == request_state::waiting_for_identity) paragraph(who_asks);
    } else if (kind == request_mail_kind::extension) {
      paragraph(is_over(of_.due.extended) ? extended_overdue : extended, of_.due.extended,
                of_.words.extension);
    } else if (kind == request_mail_kind::refusal) {
      paragraph(refused, of_.due.answer, of_.words.reason);
      paragraph(complain);
    } else {
      answer(what);
    }
    if (!options_.contact.empty()) {
      fill(out_, questions[column_], {{"contact", options_.contact}});
      out_ += "\n\n";
    }
    if (!options_.shop.empty()) {
      out_ += options_.shop;
      out_ += '\n';
    }
    return std::move(out_);
  }

 private:
  void paragraph(const five& text, const date& by = {}, std::string_view reason = {}) {
    const std::string number = std::to_string(of_.number);
    const std::string received = rights::day_of(of_.received, words_);
    const std::string last = rights::day_of(by, words_);
    fill(out_, text[column_],
         {{"number", number}, {"received", received}, {"by", last}, {"reason", reason}});
    out_ += "\n\n";
  }

  bool is_over(const date& last) const noexcept {
    return options_.today.month != 0 && last < options_.today;
  }

  void answer(std::size_t what) {
    const std::string entry = of_.ledger_index ? std::to_string(*of_.ledger_index) : "";
    if (!of_.stays.empty()) {
      fill(out_, erased_but[column_], {{"entry", entry}});
    } else if (what < answers.size()) {
      fill(out_, answers[what][column_], {{"entry", entry}});
    }
    out_ += "\n\n";
    for (const request_stay& one : of_.stays) stay(one);
    if (!of_.stays.empty()) out_ += '\n';
    tell(told_state::told);
    tell(told_state::impossible);
    tell(told_state::to_tell);
  }

  void stay(const request_stay& one) {
    const std::size_t where = static_cast<std::size_t>(one.place) - 1;
    if (where >= stays.size()) return;
    std::string fields;
    for (const field_id field : one.fields) {
      const auto known = (options_.fields != nullptr ? *options_.fields : standard_).find(field);
      const std::string name = known ? rights::name_of(*known, options_.speech) : "?";
      fields += (fields.empty() ? "" : ", ") + name;
    }
    if (fields.empty()) fields = what_was_said[column_];
    out_ += "- ";
    fill(out_, stays[where][column_],
         {{"why", label(one.purpose, options_.speech)},
          {"until", rights::day_of(one.until, words_)},
          {"fields", fields}});
    out_ += '\n';
  }

  // Who was told and who has confirmed it are told of together.
  void tell(told_state state) {
    std::string names;
    for (const request_recipient& one : of_.recipients) {
      const told_state as = one.state == told_state::confirmed ? told_state::told : one.state;
      if (as == state) names += (names.empty() ? "" : ", ") + one.name;
    }
    if (names.empty()) return;
    fill(out_, tellings[static_cast<std::size_t>(state) - 1][column_], {{"names", names}});
    out_ += "\n\n";
  }

  const request_record& of_;
  const request_mail_options& options_;
  std::size_t column_;
  const rights::page_words& words_;
  const schema standard_ = standard_schema();
  wiped_text out_;
};

result<request_mail_kind> kind_named(std::string_view word) noexcept {
  constexpr std::pair<std::string_view, request_mail_kind> words[] = {
      {"refusal", request_mail_kind::refusal},
      {"answer", request_mail_kind::answer},
      {"extension", request_mail_kind::extension},
      {"confirmation", request_mail_kind::confirmation}};
  for (const auto& [name, kind] : words) {
    if (name == word) return kind;
  }
  return error{errc::unknown_field, "a mail is a confirmation, extension, answer or refusal"};
}

}  // namespace

result<wiped_text> make_request_mail(const request_record& of,
                                     const request_mail_options& options) try {
  const request_mail_kind kind =
      options.kind == request_mail_kind::by_state ? fitting(of) : options.kind;
  if (!fits(kind, of)) {
    return error{errc::invalid_state, "the request is not where such a mail is written", of.number};
  }
  return mail_writer(of, options).write(kind);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> request_mail_json(std::string_view document, session& in, std::uint32_t number,
                                     std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(document);
  if (!tree) return tree.error();
  json_failure failure;
  const json_node root(&*tree, "", failure);
  root.only({"language", "kind", "shop", "contact"});
  request_mail_options options{.shop = root.member("shop").text(),
                               .contact = root.member("contact").text()};
  if (const json_node speech = root.member("language"); speech.there()) {
    options.speech = speech.found(find_language);
  }
  if (const json_node kind = root.member("kind"); kind.there()) {
    options.kind = kind.found(kind_named);
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto one = in.find_request(number);
  if (!one) return one.error();
  options.today = date_of(in.request(purpose::rights_fulfilment).now);
  options.fields = &in.fields();
  return make_request_mail(*one, options);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
