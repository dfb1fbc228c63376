// What a word beside a value decides in the forms that generators of other languages, calendars and
// separators make (scripts/leak-accuracy), and what such forms are not.
#include <clientbook/scanner/scan.hpp>

#include <string>
#include <vector>

#include "testing.hpp"

using namespace clientbook;

namespace {

std::string hidden_in(std::string_view text, std::string_view region = {}) {
  std::vector<text_entity> out(256);
  scan_options options;
  const std::string_view regions[] = {region};
  if (!region.empty()) options.regions = regions;
  const auto found = scan(text, options, out);
  REQUIRE(found);
  std::string all;
  for (const text_entity& one : *found) {
    if (!all.empty()) all += '|';
    all += std::string(name_of(one.type)) + ":" +
           std::string(text.substr(one.begin, one.end - one.begin));
  }
  return all;
}

}  // namespace

TEST_CASE("beside: a day of birth in any calendar, era, order and sign") {
  for (const std::string_view day : {"12/03/2533",
                                     "12-03-2533",
                                     "๑๒/๓/๒๕๓๓",
                                     "12 มีนาคม 2533",
                                     "12 มี.ค. 2533",
                                     "1364/03/12",
                                     "昭和60年3月12日",
                                     "S60.3.12",
                                     "民國74年3月12日",
                                     "2001 年 5 月 24 日",
                                     "12.III.1985",
                                     "12 XI 1985",
                                     "12_03_1985",
                                     "12\\03\\1985",
                                     "12·03·1985",
                                     "12|03|1985",
                                     "12,03,1985",
                                     "1985 03 12",
                                     "20/4/'71",
                                     "13 dhj 1998",
                                     "14-ira.-1937",
                                     "12 tháng 3 năm 1985",
                                     "24 сәуір 1985",
                                     "1976 m. lapkričio 22 d.",
                                     "12 ינואר 1985",
                                     "5 май 1985",
                                     "2533"}) {
    CAPTURE(day);
    CHECK(hidden_in("date of birth: " + std::string(day)) == "date_of_birth:" + std::string(day));
  }
  for (const std::string_view word :
       {"วันเกิด", "туған күні", "ծննդյան ամսաթիվ", "תאריך לידה", "জন্ম তারিখ", "kaarawan",
        "jaiotze data", "dáta breithe", "ganwyd", "تاريخ الولادة", "b-day", "D. Tarihi", "f.", "р.",
        "nació el"}) {
    CAPTURE(word);
    CHECK(hidden_in(std::string(word) + ": 12.03.1985") == "date_of_birth:12.03.1985");
  }
}

TEST_CASE("beside: what only looks like a day of birth stays") {
  for (const std::string_view text :
       {"geb. Kante 12.03.2020", "birthday: size 38", "born 25%", "s. 12.03.2026", "f. 12.03.2026",
        "room 12 III 1985", "size 12 tháng 3", "ISO 12·03·1985 steel"}) {
    CAPTURE(text);
    CHECK(hidden_in(text) == "");
  }
  // Of long ago the word before it is a family name.
  CHECK(hidden_in("Anna, geb. Kante 12.03.1985") == "date_of_birth:12.03.1985");
}

TEST_CASE("beside: codes, PIN and expiry of a card, however they are written") {
  const std::string card = "4111111111111111";
  struct one {
    std::string_view said, value, type;
  };
  constexpr one all[] = {{" cvv2 ", "123", "card_code"},
                         {", CVC 2: ", "123", "card_code"},
                         {" verification code 1234", "", ""},
                         {"; PIN no.: ", "4711", "card_code"},
                         {" Geheimzahl ", "4711", "card_code"},
                         {"\ncard code is ", "123", "card_code"},
                         {" 安全码：", "123", "card_code"},
                         {", exp 0327", "", ""},
                         {" expires ", "3/27", "card_expiry"},
                         {" gültig bis: ", "03 27", "card_expiry"},
                         {" expiry ", "2027-03", "card_expiry"},
                         {" valid thru ", "Mar 2027", "card_expiry"},
                         {" срок действия ", "03/27", "card_expiry"}};
  for (const one& it : all) {
    CAPTURE(it.said);
    const std::string text = card + std::string(it.said) + std::string(it.value);
    const std::string found = hidden_in(text);
    if (it.value.empty()) {
      CHECK(found.find('|') != found.npos);
    } else {
      CHECK(found ==
            "payment_card:" + card + "|" + std::string(it.type) + ":" + std::string(it.value));
    }
  }
  CHECK(hidden_in("she gave CVC: 123") == "card_code:123");
  CHECK(hidden_in("PIN 4711, size 38") == "");
  CHECK(hidden_in("order 4711 exp 0327") == "");
}

TEST_CASE("beside: a card in groups by any one mark, alone or glued to a word") {
  for (const std::string_view text :
       {"4111·1111·1111·1111", "4111|1111|1111|1111", "3782*822463*10005", "3056~930902~5904",
        "4111 / 1111 / 1111 / 1111"}) {
    CAPTURE(text);
    CHECK(hidden_in(text) == "payment_card:" + std::string(text));
    CHECK(hidden_in("卡号" + std::string(text)).ends_with(text));
  }
  CHECK(hidden_in("4111|1111|1111|1112") == "");  // No card, and a table's cells.
}

TEST_CASE("beside: an id however its word and its value are joined") {
  for (const std::string_view text :
       {"ID card: 59342735-K", "nip n° 44651405986", "P.IVA nº 00543110167", "ПИБ № 101132508",
        "numéro national 403019261", "tin no. 564960853", "BN 12302 6635 RC 0002",
        "ID no. - DE 136,695 976", "tax number RCS Nancy B 323 109 785", "tax id Aachen HRA 11223",
        "주민등록번호: 156 - 82 - 70276", "БУЛСТАТ: 7523169263", "SA ID 254308984-7",
        "VAT ID 29AAPFU0139F5ZV", "personal id (0)279014263"}) {
    CAPTURE(text);
    const std::string found = hidden_in(text);
    REQUIRE(found.starts_with("national_id:"));
    CHECK(found.find('|') == found.npos);
    CHECK(text.ends_with(found.substr(std::string("national_id:").size())));
    for (const char c : text.substr(0, text.size() - (found.size() - 12))) {
      CHECK_FALSE((c >= '0' && c <= '9'));
    }
  }
  for (const std::string_view text :
       {"a tin 56496085 of paint", "cake tin - 2 for 25.00", "product card 12345678"}) {
    CAPTURE(text);
    CHECK(hidden_in(text) == "");
  }
}

TEST_CASE("beside: addresses of Thailand, Vietnam, Indonesia, Israel, Taiwan") {
  struct written {
    std::string_view region, text;
  };
  constexpr written whole[] = {
      {"TH", "78 หมู่ 4 ถ.ทรัพย์ธำรงค์ โนนศิลาใหญ่ ลพบุรี 92820"},
      {"VN", "Số 222 phố Nguyễn Trãi, Xã Bình Thuận, thành phố Cần Thơ"},
      {"VN", "6/68 phố Lê Văn Sỹ xã Tuy Phước Đông thành phố Huế 42527"},
      {"ID", "Jl. Monginsidi No. 5\nPalopo, Sulawesi Barat 95572"},
      {"IL", "רקפת 57, כפר סירקין, 8282330"},
      {"TW", "643 古坑市中正路78號"},
      {"KR", "경상북도 수원시 장안구 가락거리 지하283"},
      {"IN", "H.No. 50, Nazareth, Chittoor-760034"},
      {"AR", "Diagonal 2 N° 62 Dto. 8, Resistencia 3500, Chaco"},
      {"BR", "Alameda de Novaes, 12\nVila São Dimas\n53807993 Cavalcanti / CE"},
  };
  for (const written& one : whole) {
    CAPTURE(one.text);
    const std::string found = hidden_in(one.text, one.region);
    for (std::size_t at = 0; at < one.text.size(); ++at) {
      // No digit of it is left.
      if (one.text[at] < '0' || one.text[at] > '9') continue;
      std::size_t end = at;
      while (end < one.text.size() && one.text[end] >= '0' && one.text[end] <= '9') ++end;
      CHECK(found.find(one.text.substr(at, end - at)) != found.npos);
      at = end;
    }
    CHECK(found.starts_with("postal_address:"));
  }
  for (const std::string_view region : {"VN", "ID", "TH", "IL"}) {
    CAPTURE(region);
    CHECK(hidden_in("38 Blue Dress, Coat 42, Total 389.00", region) == "");
  }
}

TEST_CASE("beside: in capital letters the words around an address are none of it") {
  CHECK(hidden_in("DELIVER TO 12 OAK LANE, EXETER EX4 3PQ PLEASE", "GB") ==
        "postal_address:12 OAK LANE, EXETER EX4 3PQ");
  CHECK(hidden_in("ENTREGAR EN CALZADA HIDALGO 352, NUEVA AURORA, JAL 27483 POR FAVOR", "MX") ==
        "postal_address:CALZADA HIDALGO 352, NUEVA AURORA, JAL 27483");
}

TEST_CASE("beside: phones in the groups of their country, and a day with its time") {
  CHECK(hidden_in("212 555 0187") == "phone_number:212 555 0187");
  CHECK(hidden_in("17 93 71 22", "NO") == "phone_number:17 93 71 22");
  CHECK(hidden_in("3821 7123", "AU") == "phone_number:3821 7123");
  CHECK(hidden_in("392-8316", "NZ") == "phone_number:392-8316");
  CHECK(hidden_in("order 3821 7123", "AU") == "");
  CHECK(hidden_in("1821 7123", "AU") == "");
  CHECK(hidden_in("3821 7123", "DE") == "");
  CHECK(hidden_in("360-27-71", "UA") == "phone_number:360-27-71");
  CHECK(hidden_in("57 303 694 89 14", "CO") == "phone_number:57 303 694 89 14");
  for (const std::string_view region : {"GB", "FR", "NO", "UA"}) {
    CAPTURE(region);
    CHECK(hidden_in("on 2026-11-15 10:20:55, 2026-11-16 18:18:36", region) == "");
  }
}
