// Tables that people write into texts. `[` and `]` tell what is hidden. All people are invented.
#include "marks.hpp"

#include <initializer_list>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

void check_marks(std::initializer_list<std::string_view> texts) {
  constexpr std::string_view regions[] = {"DE"};
  form_options how;
  how.form = text_form::plain;
  how.text.scan.regions = regions;
  check_marks_by(how, std::span(texts.begin(), texts.size()));
}

}  // namespace

TEST_CASE("tables in prose: cells stand under the names of their columns") {
  check_marks({
      // Blanks, a title above, a rule below the names, an empty cell.
      "Open in May\n"
      "Customer       DOB        ID number    Size\n"
      "-------------  ---------  -----------  ----\n"
      "[Ottilie Quast]  [7.2.49]     [44-17-2]      38\n"
      "[Bo Lindqvist]                [44-17-3]      40\n",
      "Customer       Size   ID number\n"
      "[Ottilie Quast]  38     [44-17-2]\n"
      "[Bo Lindqvist]          [44-17-3]\n",
      // Bars, with and without the outer ones.
      "See below:\n"
      "| Kunde | Geburtsdatum | Ausweis | Größe |\n"
      "|-------|:-------------|---------|------:|\n"
      "| [Ottilie Quast] | [7.2.49] | [44-17-2] | 38 |\n"
      "Kunde | Ausweis\n[Bo Lindqvist] | [44-17-3]\n",
      // Drawn.
      "┌──────┬──────────────┐\n"
      "│ Name │ Geburtsdatum │\n"
      "├──────┼──────────────┤\n"
      "│ [Bo]   │ [7.2.49]       │\n"
      "└──────┴──────────────┘\n",
      // Tabs.
      "Dear team,\nhere they are:\nName\tDOB\tPLZ\n[Bo]\t[7.2.49]\t[5311]\nRegards",
      // Between digits.
      "x\nDOB\tSSN\n[7.2.49]\t[4711082]\n[8.3.51]\t[4711083]\nBye",
  });
}

TEST_CASE("tables in prose: what is no row of names, and numbers of the shop, stay") {
  check_marks({
      "Name          Preis    Menge\nSeidenbluse   49,90    3\nMantel Nora   99,00    1\n",
      "Phone  was broken and  so on\nthe 7.2.49  was a  44-17-2\n",
      "Order        Total    Phone\n0171392001   12.90    [0171 3920014]\n",
      "Date       Item      Qty\n3.5.26     4711082   2\n",
      "Size | Colour\n38 | red\nname | the 44-17-2 of it\n",
      // Behind the table.
      "Kunde | Ausweis\n[Bo Lindqvist] | [44-17-3]\nGröße 44-17-2 ist da\n",
  });
}
