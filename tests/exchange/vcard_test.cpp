// vCards of many producers as customers.
#include <clientbook/exchange/column_map.hpp>
#include "data.hpp"
#include "testing.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

using namespace clientbook;

namespace {

struct card_file {
  std::filesystem::path path;
  explicit card_file(const std::string& text)
      : path(std::filesystem::temp_directory_path() /
             (std::to_string(std::random_device()()) + ".vcf")) {
    std::ofstream(path, std::ios::binary) << text;
  }
  card_file(const card_file&) = delete;
  card_file& operator=(const card_file&) = delete;
  ~card_file() { std::filesystem::remove(path); }
};

struct outcome {
  error failure;
  import_report report;
  std::vector<std::string> customers;  // `id|family, given|emails|phones|born|addresses|notes`
};

std::string shown(const import_customer& one) {
  std::string out(one.external_id);
  out += "|" + std::string(one.name.family.reveal()) + ", " + std::string(one.name.given.reveal()) +
         "|";
  for (const auto& each : one.emails)
    out += std::string(each.address.reveal()) + " " + std::string(each.label) + ";";
  out += "|";
  for (const auto& each : one.phones) {
    out += std::string(each.number.reveal()) + " " + std::string(each.label) + ";";
  }
  out += "|";
  if (one.birth_date) {
    char day[10];
    out.append(day, write_date(*one.birth_date, day));
  }
  out += "|";
  for (const auto& each : one.addresses) {
    out += std::string(each.line1.reveal()) + "/" + std::string(each.line2.reveal()) + "/" +
           std::string(each.city.reveal()) + "/" + std::string(each.postal_code.reveal()) + "/" +
           std::string(each.country) + ";";
  }
  out += "|";
  for (const auto& each : one.notes) out += std::string(each.text.reveal()) + ";";
  return out;
}

outcome load_file(const std::filesystem::path& path, bad_row policy = bad_row::stop,
                  std::string_view region = "DE") {
  outcome all;
  import_options options;
  options.on_bad_row = policy;
  const auto set = import_set::load_vcards(path.string(), region, options, all.report);
  if (!set) {
    all.failure = set.error();
    return all;
  }
  REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
    all.customers.push_back(shown(one));
    return {};
  }));
  return all;
}

outcome load(const std::string& text, bad_row policy = bad_row::stop) {
  const card_file file(text);
  return load_file(file.path, policy);
}

}  // namespace

TEST_CASE("vcards: three versions say one thing") {
  const char* const same =
      "u-1|Groß, Zoë|zoe@example.de work;|+491713920014 mobile;|1985-12-03|Am Bach "
      "7/Hinterhaus/Köln/50667/DE;|"
      "size 38\nlinen;";
  const outcome all2 = load(
      "BEGIN:VCARD\r\nVERSION:2.1\r\nUID:u-1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Gro="
      "DF;Zo=EB\r\n"
      "EMAIL;WORK;INTERNET:zoe@example.de\r\nTEL;CELL:0171 39200 14\r\nBDAY:19851203\r\n"
      "ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;Hinterhaus;Am Bach "
      "7;K=C3=B6ln;;=\r\n50667;Germany\r\n"
      "NOTE;ENCODING=QUOTED-PRINTABLE:size 38=0Alinen\r\nPHOTO;ENCODING=BASE64;TYPE=JPEG:\r\n "
      "AAAA\r\n BBBB\r\n\r\n"
      "END:VCARD\r\n");
  REQUIRE(all2.failure.code == errc::none);
  REQUIRE(all2.customers.size() == 1);
  CHECK(all2.customers[0] == same);
  const outcome all3 = load(
      "BEGIN:VCARD\nVERSION:3.0\nUID:u-1\nN:Groß;Zoë;;;\nFN:Zoë "
      "Groß\nitem1.EMAIL;TYPE=\"work,pref\":zoe@exam\n"
      " ple.de\nTEL;TYPE=CELL;TYPE=pref:0171 39200 14\nBDAY;VALUE=date:1985-12-03\n"
      "ADR;TYPE=home:;Hinterhaus;Am Bach 7;Köln;;50667;Deutschland\nNOTE:size "
      "38\\nlinen\nEND:VCARD\n");
  REQUIRE(all3.customers.size() == 1);
  CHECK(all3.customers[0] == same);
  const outcome all4 = load(
      "BEGIN:VCARD\rVERSION:4.0\rUID:u-1\rFN:Zoë Groß\rEMAIL;TYPE=work:zoe@example.de\r"
      "TEL;VALUE=uri;TYPE=\"cell,voice\":tel:+49-171-3920014\rBDAY:19851203T000000Z\r"
      "ADR;LABEL=\"a: b; c\":;Hinterhaus;Am Bach 7;Köln;;50667;DE\rNOTE:size "
      "38\\nlinen\rEND:VCARD\r");
  REQUIRE(all4.customers.size() == 1);
  CHECK(all4.customers[0] == same);
}

TEST_CASE("vcards: a card's id is the first of uid, e-mail, phone, name with birth date") {
  const outcome all = load(
      "BEGIN:VCARD\nN:A;B\nEMAIL:a@example.com\nEND:VCARD\n"
      "BEGIN:VCARD\nN:A;B\nTEL:030 23125 014\nEND:VCARD\n"
      "BEGIN:VCARD\nN:A;B\nBDAY:--0312\nEND:VCARD\n"
      "BEGIN:VCARD\nFN:Nobody to be told apart\nEND:VCARD\n"
      "BEGIN:VCARD\nN:A;B\nEMAIL:a@example.com\nTEL:030 23125 099\nEND:VCARD\n");
  REQUIRE(all.failure.code == errc::none);
  REQUIRE(all.customers.size() == 3);
  CHECK(all.customers[0] == "a@example.com|A, B|a@example.com ;|+493023125099 ;|||");
  CHECK(all.customers[1] == "+493023125014|A, B||+493023125014 ;|||");
  CHECK(all.customers[2] == "B A / --03-12|A, B|||--03-12||");
  CHECK(all.report.left_out == 1);
}

TEST_CASE("vcards: what is wrong is told at its line, and no half card is kept") {
  const std::string good = "BEGIN:VCARD\nUID:1\nFN:Ana\nEND:VCARD\n";
  const std::string cut = "BEGIN:VCARD\nUID:2\nFN:Bo\n";
  outcome all = load(good + cut + "BEGIN:VCARD\nUID:3\nFN:Cy\nEND:VCARD\n");
  CHECK(all.failure.code == errc::truncated);
  CHECK(all.failure.at == 5);
  all = load(good + cut + "BEGIN:VCARD\nUID:3\nFN:Cy\nEND:VCARD\n", bad_row::skip);
  CHECK(all.customers.size() == 2);
  CHECK(all.report.files[0].skipped == 1);
  all = load("BEGIN:VCARD\nUID:1\nFN:Ana\nEMAIL:not a mail\nTEL:call me\nBDAY:soon\nEND:VCARD\n");
  REQUIRE(all.customers.size() == 1);
  CHECK(all.customers[0] == "1|, Ana|||||");
  CHECK(all.report.remarks.size() == 3);
  CHECK(all.report.remarks[0].what.at == 4);
  // Somebody else's card within a card.
  all = load(
      "BEGIN:VCARD\nUID:1\nFN:Ana\nAGENT:\nBEGIN:VCARD\nUID:9\nFN:Agent\nEND:VCARD\nEND:VCARD\n");
  REQUIRE(all.customers.size() == 1);
  CHECK(all.customers[0] == "1|, Ana|||||");
  CHECK(load("name,mail\nAna,a@example.com\n").failure.code == errc::unsupported);
  CHECK(load(std::string("BEGIN:VCARD\0", 12)).failure.code == errc::invalid_encoding);
  CHECK(column_map::of_vcards("", "a.vcf").error().code == errc::missing_field);
  const auto map = column_map::of_vcards("phone \"book\"", "a.vcf");
  REQUIRE(map);
  CHECK(map->system() == "phone \"book\"");
}

TEST_CASE("vcards: a value is in the code page that it names, quoted or as it is") {
  const auto card = [](const std::string& name) {
    return "BEGIN:VCARD\r\nVERSION:2.1\r\nUID:1\r\nN" + name + ";Ana\r\nEND:VCARD\r\n";
  };
  const std::pair<const char*, const char*> values[] = {
      {";CHARSET=windows-1252;ENCODING=QUOTED-PRINTABLE:M=FCller", "M\u00FCller"},
      {";CHARSET=ISO-8859-1;QUOTED-PRINTABLE:M=FCller", "M\u00FCller"},
      {";CHARSET=ISO-8859-1:M\xFCller", "M\u00FCller"},
      {";CHARSET=\"iso-8859-15\":\xBDuvre", "\u0153uvre"},
      {";CHARSET=ISO-8859-2:Wa\xB3"
       "\xEAsa",
       "Wa\u0142\u0119sa"},
      {";CHARSET=iso_8859-2;ENCODING=QUOTED-PRINTABLE:Wa=B3=EAsa", "Wa\u0142\u0119sa"},
      {";CHARSET=Windows-1250:Nov\xE1"
       "k \x8A",
       "Nov\u00E1k \u0160"},
      {";CHARSET=ISO-8859-9:\xDE"
       "ahin",
       "\u015Eahin"},
      {";CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=C8=E2=E0=ED=EE=E2",
       "\u0418\u0432\u0430\u043D\u043E\u0432"},
      {";CHARSET=KOI8-R:\xE9\xD7\xC1\xCE\xCF\xD7", "\u0418\u0432\u0430\u043D\u043E\u0432"},
      {";CHARSET=windows-1253:\xC1\xED\xED\xE1", "\u0391\u03BD\u03BD\u03B1"},
      {";CHARSET=SHIFT_JIS:\x88\xC0\x93\xA1", "\u5B89\u85E4"},
      // A sign of two bytes whose second one is a backslash escapes nothing.
      {";CHARSET=Shift_JIS;ENCODING=QUOTED-PRINTABLE:=83=5C=94=5C", "\u30BD\u80FD"},
      {";CHARSET=SHIFT_JIS:\xB1\xDD\xC4", "\uFF71\uFF9D\uFF84"},
      // Programs copy the parameter along when they write UTF-8.
      {";CHARSET=ISO-8859-1:M\u00FCller", "M\u00FCller"},
      // Who names none wrote all of the file in one.
      {":M\xFCller-L\xFC"
       "denscheid",
       "M\u00FCller-L\u00FCdenscheid"},
      {";ENCODING=QUOTED-PRINTABLE:P=F8ller=E5s", "P\u00F8ller\u00E5s"},
  };
  for (const auto& [written, read] : values) {
    CAPTURE(written);
    const outcome all = load(card(written));
    CHECK(all.failure.code == errc::none);
    REQUIRE(all.customers.size() == 1);
    CHECK(all.customers[0] == "1|" + std::string(read) + ", Ana|||||");
    CHECK(all.report.remarks.empty());
  }
  // Two values of one card in two pages.
  const outcome mixed = load(
      "BEGIN:VCARD\nUID:1\nN;CHARSET=ISO-8859-2:Wa\xB3"
      "\xEAsa;Lech\n"
      "NOTE;CHARSET=KOI8-R:\xE9\xD7\xC1\xCE\nEND:VCARD\n");
  REQUIRE(mixed.customers.size() == 1);
  CHECK(mixed.customers[0] == "1|Wa\u0142\u0119sa, Lech|||||\u0418\u0432\u0430\u043D;");
}

TEST_CASE(
    "vcards: what no code page has is told and left out, and what may be another one is told") {
  outcome all =
      load("BEGIN:VCARD\nUID:1\nN;CHARSET=blabla:M\xFCller;Ana\nTEL:+49301234567\nEND:VCARD\n");
  REQUIRE(all.customers.size() == 1);
  CHECK(all.customers[0] == "1|, ||+49301234567 ;|||");
  REQUIRE(all.report.remarks.size() == 1);
  CHECK(all.report.remarks[0].what.code == errc::invalid_encoding);
  CHECK(all.report.remarks[0].what.at == 3);
  // Half a sign, and a byte that the page has not.
  for (const char* const wrong :
       {"SHIFT_JIS:\x88", "windows-1253:\xD2\xD2", "Shift_JIS:\x88\x20"}) {
    CAPTURE(wrong);
    all = load("BEGIN:VCARD\nUID:1\nFN:Ana\nNOTE;CHARSET=" + std::string(wrong) + "\nEND:VCARD\n");
    REQUIRE(all.customers.size() == 1);
    CHECK(all.customers[0] == "1|, Ana|||||");
    CHECK(all.report.remarks.size() == 1);
  }
  // Letters of two pages: Western by rank, and nobody is sure.
  const card_file unsure("BEGIN:VCARD\nUID:1\nN:Kami\xF1ski;Anna\nEND:VCARD\n");
  all = load_file(unsure.path, bad_row::stop, "");
  REQUIRE(all.customers.size() == 1);
  REQUIRE(all.report.remarks.size() == 1);
  CHECK(all.report.remarks[0].what.at == 3);
}

TEST_CASE("vcards: files of fourteen projects") {
  const auto folder = testing::data("vcards");
  if (!folder) return;
  std::size_t files = 0, refused = 0, cards = 0, kept = 0, faults = 0, nobody = 0;
  for (const auto& each : std::filesystem::recursive_directory_iterator(*folder)) {
    const std::string ending = each.path().extension().string();
    if (!each.is_regular_file() || ending == ".md" || ending == ".csv") continue;
    ++files;
    CAPTURE(each.path().filename().string());
    const outcome all = load_file(each.path(), bad_row::skip, "US");
    if (all.failure.code != errc::none) {
      ++refused;
      const bool known =
          all.failure.code == errc::unsupported || all.failure.code == errc::invalid_encoding;
      CHECK(known);
      continue;
    }
    cards += all.report.files[0].rows;
    kept += all.customers.size();
    faults += all.report.files[0].skipped;
    nobody += all.report.left_out;
  }
  MESSAGE(files << " files, " << refused << " refused, " << cards << " cards, " << kept
                << " customers, " << faults << " faults, " << nobody << " of nobody");
  CHECK(files == 169);
  // Refused: in a code page that no value names and no letter tells, or no card in them. Most cards
  // of nobody are the thousand of one file, which have names and nothing else.
  CHECK(refused == 6);
  CHECK(cards == 1228);
  CHECK(kept == 175);
  CHECK(faults == 3);  // Cards cut off, and two people under one id.
}
