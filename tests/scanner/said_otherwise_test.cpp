// What stands around a value and says what it is, in the ways of other countries: years of birth,
// numbers to call somebody at, accounts, names in networks.
#include <clientbook/scanner/scan.hpp>

#include <string>
#include <vector>

#include "testing.hpp"

using namespace clientbook;

namespace {

// The text with `[type:` and `]` around what is found.
std::string marked(std::string_view text) {
  const std::string_view regions[] = {"US"};
  scan_options options;
  options.regions = regions;
  std::vector<text_entity> memory(256);
  const auto found = scan(text, options, memory);
  REQUIRE(found);
  std::string out;
  std::size_t kept = 0;
  for (const text_entity& one : *found) {
    out += text.substr(kept, one.begin - kept);
    (out += '[') += text.substr(one.begin, one.end - one.begin);
    out += ']';
    kept = one.end;
  }
  return out += text.substr(kept);
}

std::string without_marks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '[' && c != ']') out += c;
  }
  return out;
}

void check_marks(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK(marked(without_marks(text)) == text);
  }
}

}  // namespace

TEST_CASE("said: a year of birth is told by what stands behind it") {
  check_marks({"[1942年]生まれ",         "[1997년]생",           "[97년]생",
               "[1981年3月]生まれ",      "[昭和55年]生まれ",     "[平成3年]生",
               "[1985年3月5日]出生",     "[1985.3.5]生",         "[1944] г.р.",
               "[1944] г. р.",           "[1944]г.р.",           "[2001] года рождения",
               "[1985] року народження", "[1985] р.н.",          "[1981] doğumlu",
               "[1981] yılında doğdu",   "[1981]-ben született", "[1981] geboren",
               "a [1981]-born customer", "[12.03.1981] г.р."});
  check_marks({"2026年生产", "3年生", "2024年製", "1985 г. заказ", "2026年春夏", "1981 bornholm",
               "2026 collection"});
}

TEST_CASE("said: a year of birth is told by a word some words before it") {
  check_marks({"born in the spring of [1981]", "born on a Sunday in [1981]", "born around [1981]",
               "nata nella primavera del [1981]", "geboren im Sommer des Jahres [1981]",
               "nacida en la primavera de [1981]", "geboren in het voorjaar van [1981]",
               "родился весной [1981]", "Jahrgang [1985]", "Jahrg. [85]", "rocznik [1981]",
               "årgang [1981]", "b. [1994]", "р. [1989]", "Anna *[1953]", "Anna (* [1953])",
               "Anna (*[12.03.1953])", "род. [3 мая 1989]"});
  check_marks({"in the spring of 1981", "born to shop since 1981", "wine Jahrgang 1985 Riesling",
               "Jahrgang 1985, Bordeaux", "5*1953", "SKU *1953", "* 1953 pieces", "size b. 38",
               "b. 2026", "Jahrgang 2024"});
}

TEST_CASE("said: seven digits are a phone where somebody is called at them") {
  check_marks({"ring [781 1704]",
               "ring her on [7811704]",
               "ring Anna at [781 1704]",
               "her new number is [7811704]",
               "ihre neue Nummer lautet [781 1704]",
               "reach her at [7811704]",
               "her number is [781 1704]",
               "my number: [7811704]",
               "ph: [781-1704]",
               "Anna\nM: [781 1704]",
               "T: [7811704]",
               "☎ [7811704]",
               "📞 [781 1704]",
               "ringa [7811704]",
               "meine Nummer ist [7811704]",
               "mon numéro est le [781 1704]",
               "mi número es [7811704]",
               "haar nummer: [7811704]",
               "мой номер [7811704]",
               "我的号码是[7811704]",
               "soita [781 1704]",
               "numaram [7811704]",
               "bel me op [7811704]"});
  check_marks({"order number: 7811704", "the number is 7811704", "my order number is 7811704",
               "gold ring 7811704", "size M: 7811704", "see plan M: 7811704",
               "her number of items 781 1704", "ihre Bestellnummer: 7811704",
               "part number is 781-1704", "reach 7811704 people"});
}

TEST_CASE("said: accounts by the words and letters of their countries") {
  check_marks({"р/с [40702810900000005555]",
               "БИК [044672291]",
               "plusgiro [762763-3]",
               "bankgiro [5050-1055]",
               "customer bankgiro [5050-1055]",
               "BG [5050-1055]",
               "bg: [505-1055]",
               "pg: [762763-3]",
               "BIC [DEUTDEFF084]",
               "sort code [05-31-06]",
               "Sort Code: [12-10-25]",
               "S/C [05-31-06]",
               "A/C [12345678901]",
               "a/c no: [12345678901]",
               "UPI [zoe@okhdfc]",
               "UPI ID: [9876543210@ybl]",
               "VPA: [zoe@somebank]",
               "CR [162207569906]",
               "RTN [111000025]",
               "MF [1282188/W]",
               "OSS [EU826010755]"});
  check_marks({"delivered 05-31-06", "sort by size 05-31-06", "BIC pens 12 pieces", "BG 38 jeans",
               "bg 505-1055", "customer account 5050-1055", "invoice CR 2024-113", "MF 12-pack",
               "item@home sale", "p/c 40 pieces", "CN 61091000"});
}

TEST_CASE("said: names that people have in networks") {
  check_marks({"WeChat: [zoe_wx92]", "WeChat:\u00A0[zoe_wx92]", "微信号：[zoewx92]",
               "加我微信 [zoewx92]", "LINE ID: [zoe554]", "Discord: [zoe_6503]",
               "Discord: [zoemiller]", "skype: [live:zoe239]", "facebook: [zoe.miller.17]",
               "X: [@zoe514]", "follow [@zoe_m] on Instagram", "Телеграм: [zoe_m]",
               "tiktok: [zoe_m]"});
  check_marks({"Facebook: great campaign", "Telegram: sent", "X: 38", "2 x @ 40",
               "product line: A38.2", "handle: leather_2", "Signal: red", "Instagram: 5 posts",
               "Discord: banned", "see @home on sale", "LINE I.A.#1"});
}

TEST_CASE("said: e-mail addresses that programs and people took apart") {
  check_marks({"[k72 @ example.com]", "[k72\u00A0@\u00A0example.com]", "mail: [zoe @ example.com]",
               "see [zoe%2540example.com]", "[zoe@\nexample.com]", "[用户2@例子.公司]",
               "联系[zoe@example.com]", "[2001:db8:85a3:0:0:8a2e:370:7334:443]"});
  check_marks({"dinner @ example.com", "price 3 @ 19.99", "100%40 off", "see me@\nhome"});
}

TEST_CASE("said: a sign of birth behind a day tells it, the year first and in two digits") {
  check_marks({"[74.11.02]生", "[74-11-02]出生", "[74/11/02]生まれ", "[850923]생", "[19740211]生",
               "[S49.11.2]生まれ", "[H2.7.30]生", "[74. 11. 2.]생", "[1974.11.2]出生", "[74.11]生",
               "生于[74年]", "[74년]생"});
  check_marks({"74.11.02生产", "1.5生ビール", "12.5生ビール", "3.5生地", "850999생", "12345生",
               "74.11.02製"});
}

TEST_CASE("said: a year of birth without its century") {
  check_marks({"born ['71]", "born in the spring of ['71]", "geb. [’71]", "DOB: ['71]", "b. ['71]",
               "Jahrgang ['71]", "[71]er Jahrgang", "[1971]er Jahrgang", "[71] г.р.", "[1971]г/р",
               "[1971] г. рожд.", "classe [1971]"});
  check_marks({"spring of '71", "b. '24 stock", "size '71", "the '71 collection",
               "71er Jahrgang Rioja", "71 г. сыра", "classe 71", "classe 71+", "2019er Jahrgang",
               "71er Set"});
}

TEST_CASE("said: house numbers of Japan with dashes, in any width") {
  check_marks({"[東京都港区芝公園4-2-8]", "[大阪府大阪市北区梅田３－１－３]",
               "[神奈川県横浜市西区2ー1]", "[〒105-0011]",
               "[〒１０５－００１１ 東京都港区芝公園４丁目２番８号]",
               "住所：[東京都港区芝公園４ー２ー８]"});
  check_marks({"市場3-5", "朝市場3-5", "区役所2-1", "サイズ3-2-1", "都合4-2", "商品番号4-2-8"});
}

TEST_CASE("said: sections and lanes of Taiwan before the number of a house") {
  check_marks({"[彰化縣自強巷6段2號之5]", "[桃園和平街2段261號之1]", "[汐止新興巷8號之4]"});
  check_marks({"第3段2號", "步骤2段", "手段3號"});
}

TEST_CASE("said: a verb of calling that is also a thing calls where somebody is asked to") {
  check_marks({"please ring [6620931]", "you can ring [6620931] today", "ring [6620931]",
               "då kan ringe [6620931]", "звоните [6620931]", "καλέστε στο [6620931]",
               "hubungi [6620931]", "terugbellen op [6620931]", "rappeler au [6620931]"});
  check_marks({"gold ring 6620931", "silver ring 6620931.", "the ring 6620931", "Ring 6620931, 585",
               "ring 6620931 gold", "a ring 6620931", "Ringe 6620931"});
}

TEST_CASE("said: names and numbers in more networks, also without a digit") {
  check_marks({"QQ [778812345]", "加QQ[778812345]", "QQ号 [778812345]", "qq号码：[778812345]",
               "ICQ [778-812-345]", "her skype is [ida_quast]", "skype [ida.quast]",
               "Telegram [ida_quast]", "vx：[ida_q88]", "威信 [ida_q88]", "카톡 아이디 [ida_q88]",
               "Threema: [7KQ3M2XT]", "Venmo [@Ida-Quast-7]", "PSN: [ida_q88]"});
  check_marks({"QQ 38", "qq 2024", "faqq 778812345", "QQ 778812345678", "on facebook e.g. posts",
               "Steam: 40 g", "skype call.Then", "on TikTok soon.we hope", "zoe_blue dress",
               "file a_b.txt"});
}

TEST_CASE("said: the number of an order is no person's, unless another word near is of people") {
  check_marks({"Order 10045872 arrived, one button missing.", "Bestellung 101945872 ist da.",
               "Zamówienie 10045872 dotarło", "Nice coat. Invoice 123456782",
               "her passport, order [12345678] arrived", "passport and order [12345678] arrived",
               "BSN of the order [123456782] arrived", "tax id for the invoice [123456782] is fine",
               "personal id number, order [12345678] arrived", "Order [03763749] (phone)",
               "Bestellung [5000400440116243] arrived"});
}

TEST_CASE("said: a paper of the shop's gives its number, and no phone") {
  check_marks({"credit note 2125550187", "packing slip 2025550142", "bon de livraison 2025550142",
               "nota de crédito 2125550187", "Lieferschein 2125550187", "Gutschrift 2125550187",
               "albarán 2125550187", "счёт-фактура 2125550187",
               // The same words where they are of no paper.
               "note [2125550187] is his number", "her note [2125550187]",
               "livraison: [(212) 555-0187]", "номер счёта [40702810500000000001]",
               "credit card [4111 1111 1111 1111]"});
}

TEST_CASE("said: an article's number before how many of it is no phone") {
  check_marks({"4006381333931 2 pieces", "4006381333931 12"});
}
