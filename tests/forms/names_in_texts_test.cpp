// Names of people in texts: what may stand between a title and a name, titles in other cases, words
// of kin beside names of no list, headers. `[` and `]` tell what is hidden. All people are
// invented.
#include <clientbook/forms/people_finder.hpp>

#include <array>
#include <string>

#include "marks.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

std::string marked(std::string_view text) { return marked_by(names_alone(), text); }
void check_marks(std::span<const std::string_view> texts) { check_marks_by(names_alone(), texts); }

}  // namespace

TEST_CASE("forms: a title tells a name over blanks of any kind, marks and a line end") {
  constexpr std::string_view texts[] = {
      "Mrs.\u00A0[Smith] called",
      "Frau\u00A0[Vrba] kommt",
      "Frau\u202F[Vrba] kommt",
      "Mrs.\u2009[Zwirn] called",
      "Herr  [Zwettler] kommt",
      "Mrs.\t[Smith]\t38",
      "Mrs.\n[Vrba] called",
      "Frau *[Vrba]* kommt",
      "Frau **[Vrba]** kommt",
      "Frau \"[Vrba]\" kommt",
      "Frau \u201E[Vrba]\u201C kommt",
      "Frau ([Vrba]) kommt",
      "Frau: [Weber]",
      "Frau [\uFF37\uFF45\uFF42\uFF45\uFF52] kommt",
      "Frau [We\u00ADber] kommt",
      "Frau [V\u200Brba] kommt",
      "Frau\u00A0Dr.\u00A0[Quoos] kommt",
  };
  check_marks(texts);
  // What comes on the next line, or belongs to a number, is another thing.
  for (const std::string_view text :
       {"Kleid für eine Frau\nWeite 38", "Anrede: Frau\nNachname: unbekannt", "Frau:\tWeite 38",
        "Ein Mantel für den Herrn"}) {
    CAPTURE(text);
    CHECK(marked(text) == text);
  }
}

TEST_CASE("forms: people_finder sees the same names over blanks and within words") {
  const people_finder finder;
  text_redaction_options options;
  options.finder = &finder;
  std::array<std::byte, 256> room;
  text_redactor redactor(options);
  const auto out = redact_text("Frau\u00A0We\u00ADber kommt", redactor, room);
  REQUIRE(out);
  CHECK(out->text == "Frau\u00A0<PERSON_NAME> kommt");
}

TEST_CASE("forms: titles in the cases of their languages, also small") {
  constexpr std::string_view texts[] = {
      "Termin mit Herrn [Weber]", "für Herrn von [Weber] zurückgelegt",
      "Herrn von der [Leyen]",    "для пані [Олени Шевченко]",
      "пані [Шевченко] прийшла",  "для пана [Шевченка]",
      "панові [Шевченку]",        "звонил господину [Кузнецову]",
      "от госпожи [Ивановой]",    "dla pani [Zwirek]",
      "de heer [Quast] belt",     "voor mevrouw [Zwirn]",
      "la señora [Zwirn] viene",  "la signora [Zwirn] viene",
      "madame [Zwirn] passe",     "mrs [Zwirn] came",
      "za gospođu [Zwirn]",       "pentru domnul [Zwirn]",
      "rouvalle [Zwirn]",         "Zwirn kommt, [Kovács] úr is",
  };
  check_marks(texts);
  // Small, they are also units and verbs.
  for (const std::string_view text :
       {"24 hr Delivery", "5 ms Latency", "we miss Paris", "the doctor Who scarf", "Omega ur"}) {
    CAPTURE(text);
    CHECK(marked(text) == text);
  }
}

TEST_CASE("forms: a word of kin tells a name that is of no list") {
  constexpr std::string_view texts[] = {
      "son [Xaver] came",
      "her son [Xaver] came",
      "Tochter [Jorinde] heiratet",
      "mother [Walburga Niedermeyer]",
      "ihr Mann [Dagobert]",
      "daughter ([Jorinde])",
      "sons [Xaver] and [Kilian]",
      "Kinder [Xaver], [Jorinde] und [Balduin]",
      "her son is called [Xaver]",
      "для дочери [Снежаны]",
      "Schwiegermutter [Adelgunde] bezahlt",
  };
  check_marks(texts);
  for (const std::string_view text :
       {"Mutter Weite 38", "Geschenk für die Mutter Seidenkleid", "Sohn Geburtstag im Mai",
        "my mother loves Chanel", "gift for her mother Hermès scarf", "Mother: Silk and wool",
        "Father Christmas", "Mother of Pearl", "Sister Act tickets", "for my sister Monday",
        "so far Autumn sold well", "Tochter Hochzeit", "Bruder Sommeranzug",
        "Mother Denim jeans"}) {
    CAPTURE(text);
    CHECK(marked(text) == text);
  }
}

TEST_CASE("forms: From and the like tell a name that is alone on its line") {
  constexpr std::string_view texts[] = {
      "From: [Cosima Quast]\nhello",
      "Von: [Cosima Quast]",
      "note.\nFrom: [Cosima Quast]\nTo: [Tom Zorn]\nhello",
  };
  check_marks(texts);
  for (const std::string_view text :
       {"From: Customer Service\n", "A: Dark Navy\n", "To: Hamburg\n", "From: Monday on\n"}) {
    CAPTURE(text);
    CHECK(marked(text) == text);
  }
}

TEST_CASE("forms: brands with a title are no people") {
  for (const std::string_view text :
       {"Dr Pepper", "Dr. Pepper", "Mister Spex Brille", "Madame Tussauds", "Mr. Clean",
        "Dr. Oetker", "Miss Marple"}) {
    CAPTURE(text);
    CHECK(marked(text) == text);
  }
}

TEST_CASE("forms: a brand that is called like a customer may be is one where its goods follow") {
  constexpr std::string_view texts[] = {
      "Mrs. Meyer's soap, lavender",
      "two Mrs. Meyer's candles",
      "Mrs. [Meyer]'s coat is ready",
      "Mrs. [Meyer] wants soap",
  };
  check_marks(texts);
}
