// A notice as a page and as a text: what a customer reads before they agree.
//
// The table is the preview's cells and nothing else, so the page promises what the consent opens.
// No script, no link that loads anything; every text of the shop's is escaped.
#include <clientbook/exchange/notice_page.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace clientbook {
namespace {

struct words {
  std::string_view tag;
  std::string_view heading;  // before the title
  std::string_view who_asks;
  std::string_view in_short;
  std::string_view nothing_else;
  std::string_view what_opens;
  std::string_view recipient;
  std::string_view purpose;
  std::string_view data;
  std::string_view use;
  std::string_view country;
  std::string_view kept;
  std::string_view days;
  std::string_view until_withdrawn;
  std::string_view here;
  std::string_view in_return;
  std::string_view nothing_in_return;
  std::string_view you_decide;
  std::string_view rights;
  std::string_view if_erased;
  std::string_view withdraw_at;
  std::string_view where_given;
  std::string_view opens_nothing;
  std::string_view identity;
  std::string_view version;
};

// In the order of `language`.
constexpr std::array<words, 5> all_words = {{
    {"en",
     "Privacy notice",
     "Who asks",
     "In short",
     "If you agree, exactly what the table lists is permitted, and nothing else. If you do not "
     "answer, nothing of it is.",
     "What your consent would open",
     "Recipient",
     "Purpose",
     "Data",
     "Use",
     "Country",
     "Kept for",
     "days",
     "until you withdraw",
     "with us",
     "What you get in return",
     "Nothing depends on your consent.",
     "You decide",
     "You may say no. You may withdraw your consent at any time, as easily as you gave it; what "
     "was "
     "done before stays lawful. You may ask who has received what, have it corrected, passed on to "
     "you or erased, and complain to the supervisory authority.",
     "If you have your data erased, we keep a sealed trace of your ids, e-mail addresses and phone "
     "numbers for 24 months, for one use: that an old file does not bring you back unasked. At "
     "your "
     "wish that goes too.",
     "Withdraw here:",
     "where you gave it",
     "This consent would open nothing.",
     "This notice",
     "version"},
    {"de",
     "Datenschutzhinweis",
     "Wer fragt",
     "Kurz gesagt",
     "Wenn Sie zustimmen, ist genau das erlaubt, was in der Tabelle steht, und sonst nichts. Wenn "
     "Sie nicht antworten, ist nichts davon erlaubt.",
     "Was Ihre Einwilligung erlauben würde",
     "Empfänger",
     "Zweck",
     "Daten",
     "Verwendung",
     "Land",
     "Aufbewahrt",
     "Tage",
     "bis Sie widerrufen",
     "bei uns",
     "Was Sie dafür bekommen",
     "Von Ihrer Einwilligung hängt nichts ab.",
     "Sie entscheiden",
     "Sie dürfen Nein sagen. Sie können Ihre Einwilligung jederzeit widerrufen, so einfach, wie "
     "Sie "
     "sie gegeben haben; was vorher geschah, bleibt rechtmäßig. Sie können erfahren, wer was "
     "erhalten hat, es berichtigen, sich aushändigen oder löschen lassen und sich bei der "
     "Aufsichtsbehörde beschweren.",
     "Wenn Sie Ihre Daten löschen lassen, bewahren wir 24 Monate lang eine versiegelte Spur Ihrer "
     "Kennungen, E-Mail-Adressen und Telefonnummern auf, nur damit keine alte Datei Sie ungefragt "
     "zurückbringt. Auf Ihren Wunsch verschwindet auch sie.",
     "Widerrufen Sie hier:",
     "wo Sie eingewilligt haben",
     "Diese Einwilligung würde nichts erlauben.",
     "Dieser Hinweis",
     "Fassung"},
    {"fr",
     "Information sur vos données",
     "Qui demande",
     "En bref",
     "Si vous acceptez, seul ce que le tableau énumère est permis, et rien d’autre. Si vous ne "
     "répondez pas, rien n’est permis.",
     "Ce que votre consentement permettrait",
     "Destinataire",
     "Finalité",
     "Données",
     "Utilisation",
     "Pays",
     "Conservation",
     "jours",
     "jusqu’au retrait",
     "chez nous",
     "Ce que vous recevez",
     "Rien ne dépend de votre consentement.",
     "C’est vous qui décidez",
     "Vous pouvez refuser. Vous pouvez retirer votre consentement à tout moment, aussi simplement "
     "que vous l’avez donné ; ce qui a été fait avant reste licite. Vous pouvez savoir qui a reçu "
     "quoi, faire rectifier, obtenir ou effacer vos données, et saisir l’autorité de contrôle.",
     "Si vous faites effacer vos données, nous gardons pendant 24 mois une trace scellée de vos "
     "identifiants, adresses électroniques et numéros de téléphone, pour un seul usage : qu’un "
     "ancien fichier ne vous ramène pas sans vous consulter. Si vous le souhaitez, elle disparaît "
     "aussi.",
     "Pour retirer :",
     "là où vous l’avez donné",
     "Ce consentement ne permettrait rien.",
     "Cette information",
     "version"},
    {"es",
     "Aviso de privacidad",
     "Quién pregunta",
     "En breve",
     "Si acepta, se permite exactamente lo que enumera la tabla y nada más. Si no responde, no se "
     "permite nada de ello.",
     "Lo que permitiría su consentimiento",
     "Destinatario",
     "Finalidad",
     "Datos",
     "Uso",
     "País",
     "Conservación",
     "días",
     "hasta que lo retire",
     "con nosotros",
     "Lo que recibe a cambio",
     "Nada depende de su consentimiento.",
     "Usted decide",
     "Puede decir que no. Puede retirar su consentimiento en cualquier momento, con la misma "
     "facilidad con que lo dio; lo hecho antes sigue siendo lícito. Puede saber quién ha recibido "
     "qué, rectificarlo, recibirlo o suprimirlo, y reclamar ante la autoridad de control.",
     "Si pide que se borren sus datos, guardamos durante 24 meses un rastro sellado de sus "
     "identificadores, direcciones de correo y números de teléfono, con un único fin: que un "
     "archivo "
     "antiguo no le traiga de vuelta sin preguntarle. Si lo desea, también desaparece.",
     "Para retirarlo:",
     "donde lo dio",
     "Este consentimiento no permitiría nada.",
     "Este aviso",
     "versión"},
    {"it",
     "Informativa sulla privacy",
     "Chi chiede",
     "In breve",
     "Se acconsente, è permesso esattamente ciò che la tabella elenca e nient’altro. Se non "
     "risponde, non è permesso nulla.",
     "Che cosa permetterebbe il Suo consenso",
     "Destinatario",
     "Finalità",
     "Dati",
     "Uso",
     "Paese",
     "Conservazione",
     "giorni",
     "fino alla revoca",
     "presso di noi",
     "Che cosa riceve in cambio",
     "Nulla dipende dal Suo consenso.",
     "Decide Lei",
     "Può dire di no. Può revocare il consenso in qualsiasi momento, con la stessa facilità con "
     "cui "
     "l’ha dato; quanto fatto prima resta lecito. Può sapere chi ha ricevuto che cosa, farlo "
     "rettificare, riceverlo o farlo cancellare, e rivolgersi all’autorità di controllo.",
     "Se fa cancellare i Suoi dati, conserviamo per 24 mesi una traccia sigillata dei Suoi "
     "identificativi, indirizzi e-mail e numeri di telefono, al solo scopo che un vecchio file non "
     "La "
     "riporti senza chiederglielo. Se lo desidera, sparisce anche quella.",
     "Per revocare:",
     "dove l’ha dato",
     "Questo consenso non permetterebbe nulla.",
     "Questa informativa",
     "versione"},
}};

const words& words_of(language speech) {
  return all_words[static_cast<std::size_t>(speech) % all_words.size()];
}

// One line of the table.
struct line {
  std::string recipient, purpose, data, use, country, kept;
};

// Two lines that differ in one thing alone are one line that names both.
bool merged(line& into, const line& next) {
  std::string line::*differs = nullptr;
  for (std::string line::*each :
       {&line::recipient, &line::purpose, &line::data, &line::use, &line::country, &line::kept}) {
    if (into.*each == next.*each) continue;
    if (differs != nullptr) return false;
    differs = each;
  }
  if (differs == nullptr) return true;
  const bool lists =
      differs == &line::recipient || differs == &line::purpose || differs == &line::use;
  if (!lists) return false;
  into.*differs += ", " + next.*differs;
  return true;
}

std::vector<line> without_repetition(std::vector<line> lines) {
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < lines.size() && !again; ++i) {
      for (std::size_t k = i + 1; k < lines.size() && !again; ++k) {
        again = merged(lines[i], lines[k]);
        if (again) lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(k));
      }
    }
  }
  return lines;
}

std::string joined(const std::string& list, std::string_view next) {
  return list.empty() ? std::string(next) : list + ", " + std::string(next);
}

std::string data_of(field_set set, const schema* fields, language speech) {
  std::string out;
  for (std::size_t i = 0; fields != nullptr && i < fields->size(); ++i) {
    const field_definition field = fields->at(i);
    if (!set.has(field.number)) continue;
    const std::string_view known = label(field.categories.front(), speech);
    out = joined(out, known.empty() ? field.key : known);
  }
  return out;
}

// By name: the shop by what it calls itself, before its address.
std::string recipient_name(const notice_content& content, recipient_id id, language speech) {
  if (content.registry != nullptr && is_party(id)) {
    if (const auto party = content.registry->find(id)) return std::string(party->name.view());
  }
  if (id == recipient::self && !content.controller.empty()) {
    return std::string(content.controller.substr(0, content.controller.find_first_of(",\n\r")));
  }
  return std::string(label(id, speech));
}

// A store or the head office is the shop too: where the shop itself gets as much, they are no
// recipients of their own.
bool is_said_of_shop(const notice_content& content, const preview_cell& cell) {
  if (cell.recipient != recipient::store && cell.recipient != recipient::other_store &&
      cell.recipient != recipient::head_office) {
    return false;
  }
  return std::any_of(content.cells.begin(), content.cells.end(), [&](const preview_cell& shop) {
    return shop.recipient == recipient::self && shop.purpose == cell.purpose &&
           shop.operation == cell.operation && (cell.fields & ~shop.fields).empty() &&
           shop.country == cell.country && shop.retention_days == cell.retention_days;
  });
}

std::vector<line> lines_of(const notice_content& content, language speech) {
  const words& w = words_of(speech);
  std::vector<line> out;
  for (const preview_cell& cell : content.cells) {
    if (is_said_of_shop(content, cell)) continue;
    line next;
    next.recipient = recipient_name(content, cell.recipient, speech);
    next.purpose = std::string(label(cell.purpose, speech));
    next.data = data_of(cell.fields, content.fields, speech);
    next.use = std::string(label(cell.operation, speech));
    next.country = cell.country == country_code{}
                       ? std::string(w.here)
                       : std::string(cell.country.data(), cell.country.size());
    next.kept = cell.retention_days == 0
                    ? std::string(w.until_withdrawn)
                    : std::to_string(cell.retention_days) + " " + std::string(w.days);
    out.push_back(std::move(next));
  }
  return without_repetition(std::move(out));
}

// A title that is a key ("news-2026") says nothing to a reader: then it is what for.
std::string title_of(const notice_content& content, language speech) {
  const std::string_view title = content.notice.title.view();
  if (title.find(' ') != title.npos) return std::string(title);
  constexpr std::size_t most = 3;
  std::string out;
  std::size_t count = 0;
  content.notice.announced.purposes.for_each([&](purpose_id id) {
    if (++count <= most) out = joined(out, label(id, speech));
  });
  if (out.empty()) return std::string(title);
  return count > most ? out + ", …" : out;
}

std::string hash_of(const privacy_notice& notice) {
  std::string out(2 * notice.hash.size(), '0');
  write_hex(notice.hash, out.data());
  return out;
}

std::string identity_of(const privacy_notice& notice, const words& w) {
  return std::string(notice.title.view()) + ", " + std::string(w.version) + " " +
         std::to_string(notice.version);
}

// Text between tags and in attributes.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// What stands before an item of a list: "- ", "* ", a bullet, or "1. "; empty: no item.
struct item_mark {
  std::size_t size = 0;
  bool numbered = false;
};
item_mark mark_of(std::string_view text) {
  for (const std::string_view mark : {"- ", "* ", "• ", "– "}) {
    if (text.starts_with(mark)) return {.size = mark.size()};
  }
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view rest = text.substr(digits);
  if (digits == 0 || digits > 3 || !(rest.starts_with(". ") || rest.starts_with(") "))) return {};
  return {.size = digits + 2, .numbered = true};
}

// The shop's own text, as it was written: an empty line begins a paragraph, a line is a line, and
// items of a list stay a list.
class text_blocks {
 public:
  explicit text_blocks(std::string& page) : page_(page) {}

  void add(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      add_line(text.substr(0, end));
      text = end == text.npos ? std::string_view() : text.substr(end + 1);
    }
    close();
  }

 private:
  void add_line(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos) return close();
    line = line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
    const item_mark mark = mark_of(line);
    if (mark.size == 0) {
      open(block::paragraph, "<p>", "<br>\n");
    } else {
      open(mark.numbered ? block::numbers : block::bullets,
           mark.numbered ? "<ol>\n<li>" : "<ul>\n<li>", "</li>\n<li>");
    }
    page_ += escaped(line.substr(mark.size));
  }

  enum class block { none, paragraph, bullets, numbers };

  void open(block kind, std::string_view first, std::string_view next) {
    if (in_ == kind) {
      page_ += next;
      return;
    }
    close();
    page_ += first;
    in_ = kind;
  }
  void close() {
    if (in_ == block::paragraph) page_ += "</p>\n";
    if (in_ == block::bullets) page_ += "</li>\n</ul>\n";
    if (in_ == block::numbers) page_ += "</li>\n</ol>\n";
    in_ = block::none;
  }

  std::string& page_;
  block in_ = block::none;
};

void paragraphs(std::string& page, std::string_view text) { text_blocks(page).add(text); }

constexpr std::string_view style =
    "body{font:1.125rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#ffffff;max-width:60rem;"
    "margin:0 auto;padding:1rem;"
    "overflow-wrap:break-word;hyphens:auto}h1,h2{line-height:1.25}table{border-collapse:collapse;"
    "width:100%}"
    "caption{position:absolute;left:-999rem}th,td{border:1px solid #767676;"
    "padding:.4rem .6rem;text-align:left;vertical-align:top}thead th{background:#e9edf2;"
    "color:#1b1b1b}.scroll{overflow-x:auto}.scroll:focus{outline:3px solid #1a4f8b}"
    ".return{border:3px solid #1a4f8b;padding:.2rem 1rem;margin:1rem 0}"
    "@media(max-width:40rem){thead{position:absolute;left:-999rem}table,tbody,tr,th,td{"
    "display:block}tr{border:2px solid #767676;margin:0 0 1rem}tbody th{font-size:1.25rem;"
    "background:#e9edf2}td,tbody th{border:0}td:before{content:attr(data-label) \": \";"
    "font-weight:bold}}"
    "code{overflow-wrap:anywhere}footer{border-top:1px solid #767676;margin-top:2rem;"
    "color:#444444}";

// A page without them would tell of a consent for which nothing is given, or hide what the shop
// says.
result<void> check_complete(const notice_content& content) noexcept {
  if (content.offer.empty() && content.notice.offer != consent_hash{}) {
    return error{
        errc::missing_field,
        "something is given in return for this consent, and its text is missing (--offer)"};
  }
  if (content.text.empty() && content.notice.text != consent_hash{}) {
    return error{errc::missing_field,
                 "the notice has words of the shop, and they are missing (--text)"};
  }
  return {};
}

}  // namespace

result<std::string> notice_text(const notice_content& content, language speech) try {
  if (auto whole = check_complete(content); !whole) return whole.error();
  const words& w = words_of(speech);
  std::string out;
  const auto section = [&out](std::string_view heading) {
    out += "\n" + std::string(heading) + "\n" + std::string(3, '-') + "\n";
  };
  out += std::string(w.heading) + ": " + title_of(content, speech) + "\n";
  section(w.in_return);
  out += std::string(content.offer.empty() ? w.nothing_in_return : content.offer) + "\n";
  if (!content.controller.empty()) {
    section(w.who_asks);
    out += std::string(content.controller) + "\n";
  }
  section(w.in_short);
  out += std::string(w.nothing_else) + "\n";
  if (!content.text.empty()) out += "\n" + std::string(content.text) + "\n";
  section(w.what_opens);
  const std::vector<line> lines = lines_of(content, speech);
  if (lines.empty()) out += std::string(w.opens_nothing) + "\n";
  for (const line& one : lines) {
    out += "* " + std::string(w.recipient) + ": " + one.recipient + "\n";
    for (const auto& [name, value] :
         {std::pair(w.purpose, &one.purpose), std::pair(w.data, &one.data),
          std::pair(w.use, &one.use), std::pair(w.country, &one.country),
          std::pair(w.kept, &one.kept)}) {
      out += "  " + std::string(name) + ": " + *value + "\n";
    }
  }
  section(w.you_decide);
  out += std::string(w.rights) + "\n" + std::string(w.if_erased) + "\n" +
         std::string(w.withdraw_at) + " " +
         std::string(content.withdrawal.empty() ? w.where_given : content.withdrawal) + "\n";
  section(w.identity);
  out += identity_of(content.notice, w) + "\n" + hash_of(content.notice) + "\n";
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

void add_table(std::string& page, const std::vector<line>& lines, const words& w) {
  const std::string caption = escaped(w.what_opens);
  // A wide table scrolls by itself and can be reached with the keyboard; on a phone each row is a
  // block of its own.
  page += "<div class=\"scroll\" role=\"region\" aria-label=\"" + caption +
          "\" tabindex=\"0\">\n<table>\n<caption>" + caption + "</caption>\n<thead><tr>";
  for (const std::string_view head : {w.recipient, w.purpose, w.data, w.use, w.country, w.kept}) {
    page += "<th scope=\"col\">" + escaped(head) + "</th>";
  }
  page += "</tr></thead>\n<tbody>\n";
  for (const line& one : lines) {
    page += "<tr><th scope=\"row\">" + escaped(one.recipient) + "</th>";
    for (const auto& [name, cell] :
         {std::pair(w.purpose, &one.purpose), std::pair(w.data, &one.data),
          std::pair(w.use, &one.use), std::pair(w.country, &one.country),
          std::pair(w.kept, &one.kept)}) {
      page += "<td data-label=\"" + escaped(name) + "\">" + escaped(*cell) + "</td>";
    }
    page += "</tr>\n";
  }
  page += "</tbody>\n</table>\n</div>\n";
}

}  // namespace

result<std::string> notice_html(const notice_content& content, language speech) try {
  if (auto whole = check_complete(content); !whole) return whole.error();
  const words& w = words_of(speech);
  const std::string title = escaped(std::string(w.heading) + ": " + title_of(content, speech));
  std::string page = "<!DOCTYPE html>\n<html lang=\"" + std::string(w.tag) +
                     "\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                     "<title>" +
                     title + "</title>\n<style>" + std::string(style) +
                     "</style>\n</head>\n<body>\n<main>\n<h1>" + title + "</h1>\n";
  const auto section = [&page](std::string_view heading) {
    page += "<h2>" + escaped(heading) + "</h2>\n";
  };
  page += "<div class=\"return\">\n";
  section(w.in_return);
  paragraphs(page, content.offer.empty() ? w.nothing_in_return : content.offer);
  page += "</div>\n";
  if (!content.controller.empty()) {
    section(w.who_asks);
    paragraphs(page, content.controller);
  }
  section(w.in_short);
  paragraphs(page, w.nothing_else);
  paragraphs(page, content.text);
  section(w.what_opens);
  const std::vector<line> lines = lines_of(content, speech);
  if (lines.empty()) {
    paragraphs(page, w.opens_nothing);
  } else {
    add_table(page, lines, w);
  }
  section(w.you_decide);
  paragraphs(page, w.rights);
  paragraphs(page, w.if_erased);
  page += "<p>" + escaped(w.withdraw_at) + " " +
          escaped(content.withdrawal.empty() ? w.where_given : content.withdrawal) +
          "</p>\n</main>\n<footer>\n<p>" + escaped(w.identity) + ": " +
          escaped(identity_of(content.notice, w)) + " <code>" + hash_of(content.notice) +
          "</code></p>\n</footer>\n</body>\n</html>\n";
  return page;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
