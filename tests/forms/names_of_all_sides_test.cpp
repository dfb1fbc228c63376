// Names at the end of letters, in headers, lists and labels of other languages, behind words of kin
// and abbreviations; and brands that stand there. `[` and `]` tell what is hidden. All people are
// invented.
#include "marks.hpp"

#include <initializer_list>
#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

void check_marks(std::initializer_list<std::string_view> texts) {
  check_marks_by(names_alone(), std::span(texts.begin(), texts.size()));
}
std::string marked(std::string_view text) { return marked_by(names_alone(), text); }

}  // namespace

TEST_CASE("names: the line behind the end of a letter is who signs it") {
  for (const std::string_view end :
       {"Mit freundlichen Grüßen", "Liebe Grüße", "Un saludo,", "Saygılarımla", "Sincerely",
        "Z poważaniem", "Med vänlig hälsning", "S pozdravem", "Tisztelettel", "Cu stimă",
        "С наилучшими пожеланиями", "Με εκτίμηση", "Lugupidamisega"}) {
    CAPTURE(end);
    const std::string letter = "Danke.\n" + std::string(end);
    CHECK(marked(letter + "\nAbdul Löwer") == letter + "\n[Abdul Löwer]");
    CHECK(marked(letter + "\n\nRamón Peiró\n") == letter + "\n\n[Ramón Peiró]\n");
  }
  check_marks({"Viele Grüße\nHugo Boss", "Best regards\nCustomer Service", "Danke\nRote Bluse, 38",
               "Many thanks\n\nSize 38"});
}

TEST_CASE("names: headers of mails in other languages name who writes and to whom") {
  check_marks({"От: [Cosima Quast] <c@example.com>", "Lähettäjä: [Abdul Löwer]",
               "Gönderen: [Abdul Löwer]", "Příjemce: [Cosima Quast]", "Från: [Cosima Quast]",
               "Absender: [Cosima Quast]", "发件人：[李伟]\n主题：订单",
               "差出人：[田中太郎]\n件名：注文", "보낸 사람: [김민지]", "联系人：[王芳] 38码",
               "担当：[佐藤]", "姓名：[李娜]", "氏名：[鈴木一郎]"});
  check_marks({"担当：店長", "客户：已付款", "联系人：客服", "お名前：未記入", "Till: Front Desk"});
}

TEST_CASE("names: a brand behind a header or a word of kin is no person") {
  check_marks({"From: Hugo Boss\nNew season", "Von: Tom Ford\nNeu", "От: Marco Polo\nНовинки",
               "sister Emilio Pucci dress", "brother Max Factor", "From: Sir Oliver\nSale",
               "From: Sales Team"});
  // Nor is it as the value of a field.
  form_options plain;
  plain.form = text_form::plain;
  for (const std::string_view text :
       {"From: Hugo Boss\nNew season", "Von: Paul Green\nNeu", "Recipient: Paul Green\nok"}) {
    CAPTURE(text);
    const auto found = scan_form(text, plain);
    REQUIRE(found);
    CHECK(found->empty());
  }
  check_marks({"From: [Cosima Quast]\nHello", "customer: [Paul Smith]"});
}

TEST_CASE("names: words of kin in the forms that other languages give them") {
  check_marks({"hendes søster [Jakob] kommer", "datteren [Freja]", "maken [Sven]",
               "hänen vaimonsa [Aino]", "soția [Ioana]", "fiica ei [Ioana]", "férje [Péter]",
               "сестра её [Анна]", "她妹妹[杨艳]来了", "他妈妈[李红]"});
  check_marks({"maken een afspraak", "kona coffee", "mannen jeans 38", "her man bag"});
}

TEST_CASE("names: abbreviations before a name tell who writes and to whom") {
  check_marks({"i.A. [Rüdiger Klamm]", "i. V. [Rüdiger Klamm]", "gez. [Rüdiger Klamm]",
               "z.Hd. [Rüdiger Klamm]", "t.a.v. [Femke Bakkers]", "p.p. [Rüdiger Klamm]",
               "c/o [Cosima Quast]", "Attn. [Cosima Quast]", "à l'attention de [Sophie Brassard]",
               "Sn. [Yıldız Aksoy]"});
  check_marks({"gez. Größe 38", "z.Hd. Lager Nord", "i.A. Versand", "Arch. Support"});
}

TEST_CASE("names: a list of people names each of them") {
  check_marks({"Kunden: [Marian Krause], [Caroline Gnatz]",
               "Teilnehmer: [Marian Krause], [Caroline Gnatz], [Abdul Löwer]",
               "Guests: [Anna Weber] and [Cosima Quast]", "Guests: [Anna Weber], Blue Room",
               "Клиенты: [Анна Петрова], [Олег Смирнов]"});
  check_marks({"Kunden: Damen, Herren", "Deelnemers: Vapor Trail, Solar Wind",
               "Kunden: New York, Los Angeles", "Guests: Blue Room, Green Room",
               "Kunden: Blaue Hose, Rote Bluse"});
}

TEST_CASE("names: who signs a letter on the line of its end, and below the mark of a signature") {
  check_marks({"Kind regards [Ottilie Quast]", "Viele Grüße [Ottilie Quast]", "LG [Clara]",
               "С уважением, [Смирнова О.В].", "Met vriendelijke groet [Femke Bakkers]",
               "Bises [Sophie]", "Signed,\n[Ottilie Quast]", "Danke\n-- \n[Ottilie Quast]\nVerkauf",
               "-- \n[Clara]"});
  check_marks({"LG Fernseher", "LG Gram Seventeen", "Best Western", "Best Blue Jeans",
               "Thanks Hugo Boss", "Gruß aus Bonn", "Viele Grüße Versand", "Cheers Lamp",
               "--\nSize 38", "a -- \nOttilie Quast", "-- \nBlue Jeans"});
}

TEST_CASE("names: headers of two words, and short ones beside another header") {
  check_marks({"Responder a: [Ottilie Quast]", "From: [John Brown]", "De la: [Ottilie Quast]",
               "Répondre à : [Ottilie Quast]", "Antwort an: [Ottilie Quast]",
               "Da: [Ottilia Quastelli]\nA: [Brunilde Moscarini]\nOggetto: reso",
               "De : [Ottilie Quastel]\nÀ : [Brunhilde Moscard]\nObjet : retour",
               "No: [Ottilija Kvaste]\nTemats: x\nKam: [Brunhilda Moska]"});
  check_marks({"Da: Lunedì Mattina", "A: Dark Blue\nB: Light Grey", "De: Azul Marino",
               "No: Dark Blue", "A: Camicia Bianca\nB: Gonna Nera", "Size a: Ottilie Quast",
               "From: Rachel Zoe", "From: Zara Home", "From: Velvet Midi Skirt",
               "Von: Samt Kleid Rot"});
}

TEST_CASE("names: headers and labels in scripts without capital letters") {
  form_options how;
  how.form = text_form::plain;
  for (const std::string_view text :
       {"מאת: דנה כהן", "المرسل: فاطمة حسن", "प्रेषक: अनिता", "ชื่อ: สมชาย"}) {
    CAPTURE(text);
    const auto found = scan_form(text, how);
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK((*found)[0].type == entity_type::person_name);
    CHECK((*found)[0].end == text.size());
  }
}

TEST_CASE("names: titles of scripts without capital letters") {
  check_marks(
      {"السيدة [فاطمة] تريد المعطف", "السيد [حسن العلي]", "גברת [כהן] רוצה מעיל", "גב' [כהן]"});
  check_marks({"السيدة 38", "גברת, מעיל 38", "גב'\nהמידה 38"});
}

TEST_CASE("names: who called, came and bought, in more languages") {
  check_marks({"[Anna Nováková] volala", "[Anna] dzwoniła", "[Anna] звонила", "[Anna] belde",
               "[Anna] ringde", "[Anna] ha chiamato", "[Anna] llamó", "[Anna] aradı",
               "Sayın [Yurtsever] paltoyu istiyor"});
  check_marks({"Hugo Boss ringde", "Sayın Müşterimiz", "Silk ha", "Anna Sui volala"});
}

TEST_CASE("names: words of kin and titles in more languages") {
  check_marks({"dcera [Eliška]",       "кћи [Милица]",     "дъщеря ми [Мария]",
               "η κόρη μου η [Ελένη]", "kızım [Zeynep]",   "vaimoni [Aino]",
               "a lányom [Zsófia]",    "kona mi [Ingrid]", "dukra [Ona]",
               "meita [Anna]",         "hči [Ana]",        "istri saya [Siti]",
               "ouma [Hettie]",        "hubby [Dave]",     "brother-in-law [Xaver]",
               "Shri [Ramesh Gupta]",  "Sgt. [Okonkwo]",   "κ. [Παπαδόπουλος]",
               "Encik [Ahmad]",        "pan [Novák]",      "paní [Nováková]"});
  check_marks({"hubby Size 38", "hubby Boxer Shorts", "bestie Mug", "granny Smith apples",
               "dcera Nike", "primo Levis", "Dame Edna glasses", "pan Teflon 28", "pan Pizza",
               "rev. Blue", "bestie Gift", "muž Adidas"});
}

namespace {

// Of any type but names.
void check_all_marks(std::initializer_list<std::string_view> texts) {
  form_options how;
  how.form = text_form::plain;
  how.text.scan.types.remove(entity_type::person_name);
  check_marks_by(how, std::span(texts.begin(), texts.size()));
}

}  // namespace

TEST_CASE("told by words: the code of a bank in letters alone") {
  check_all_marks({"BIC: [PBNKDEFF]", "BIC [PBNKDEFF]", "BIC/SWIFT: [ESSESESS]",
                   "SWIFT code [MIDLGBBB]", "swift code is [MIDLGBBB]", "bic=[PBNKDEFF]",
                   "Swift-Code [PBNKDEFFXXX]", "код SWIFT: [SABRRUMM]", "bic: [pbnkdeff]"});
  check_all_marks({"BIC LIGHTERS", "BIC BALLPENS", "BIC: BALLPENS", "SWIFT DELIVERY",
                   "SWIFT: DELIVERY", "BIC PENCASES RED", "TAYLOR SWIFT CONCERTO", "BIC: PBNKXXFF",
                   "BIC: PBNKDEF", "bic pbnkdeff", "the BIC is missing"});
}

TEST_CASE("told by words: a bank's code below the name of its field") {
  form_options how;
  how.form = text_form::csv;
  const std::string text = "bic,acct,total\nPBNKDEFF,CHECKING,3\n";
  const auto found = scan_form(text, how);
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK(text.substr((*found)[0].begin, (*found)[0].end - (*found)[0].begin) == "PBNKDEFF");
}

TEST_CASE("told by words: a number of somebody who is named") {
  check_all_marks({"Frau Quast, Nummer: [6620931]", "Anna Weber (number: [662 0931])",
                   "Tom's number: [6620931]", "Tom's number is [662-0931]",
                   "Clara number [6620931]", "Mme Brassard, numéro : [6620931]",
                   "Sig.ra Moretti, numero: [6620931]"});
  check_all_marks({"Nummer: 6620931", "Artikel grün, Nummer: 6620931",
                   "Rechnung für Frau Quast, Nummer: 6620931", "Hugo Boss, Nummer: 6620931",
                   "Order for Mrs. Quast, number: 6620931", "Anna Weber, Kundennummer: 6620931",
                   "Gift card for Anna Weber, number: 6620931", "Tom's number: 38",
                   "Tom's order number: 6620931", "Frau Quast, Nummer: 6620931,50",
                   "Frau Quast\nNummer: 6620931"});
}
