// Cards side by side: none of a list stays, and no find joins two lines.
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/scanner/scan.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "testing.hpp"

using namespace clientbook;

namespace {

std::string redacted(std::string_view text) {
  const std::string_view regions[] = {"US"};
  scan_options options;
  options.regions = regions;
  std::vector<text_entity> memory(4096);
  const auto found = scan(text, options, memory);
  REQUIRE(found);
  std::string out;
  std::size_t kept = 0;
  for (const text_entity& one : *found) {
    out += text.substr(kept, one.begin - kept);
    out += '<' + std::string(name_of(one.type)) + '>';
    kept = one.end;
  }
  return out += text.substr(kept);
}

struct issuer {
  std::string_view begins;
  std::vector<std::size_t> groups;
};

// A number of an issuer in groups, its check digit right.
std::string card(std::mt19937& random, std::string_view between) {
  static const std::vector<issuer> issuers = {
      {"4", {4, 4, 4, 4}}, {"54", {4, 4, 4, 4}},   {"2221", {4, 4, 4, 4}}, {"37", {4, 6, 5}},
      {"36", {4, 6, 4}},   {"6011", {4, 4, 4, 4}}, {"62", {4, 4, 4, 4, 3}}};
  const issuer& of = issuers[random() % issuers.size()];
  std::size_t size = 0;
  for (const std::size_t one : of.groups) size += one;
  std::vector<std::uint8_t> digits;
  for (const char c : of.begins) digits.push_back(static_cast<std::uint8_t>(c - '0'));
  while (digits.size() < size) digits.push_back(static_cast<std::uint8_t>(random() % 10));
  while (!luhn_valid(digits)) digits.back() = static_cast<std::uint8_t>((digits.back() + 1) % 10);
  std::string out;
  std::size_t at = 0;
  for (const std::size_t one : of.groups) {
    if (at != 0) out += between;
    for (std::size_t i = 0; i < one; ++i) out += static_cast<char>('0' + digits[at++]);
  }
  return out;
}

}  // namespace

TEST_CASE("scan: of cards in a row the first ends where it is whole, and each is its own find") {
  CHECK(redacted("4096 4665 6664 8531\n5499 2729 6883 1208\n") ==
        "<payment_card>\n<payment_card>\n");
  CHECK(redacted("4408 1925 2249 8315\t5140 2493 3785 3298\n") ==
        "<payment_card>\t<payment_card>\n");
  CHECK(redacted("3548-4811-9069-4203 3548-4811-9069-4203") == "<payment_card> <payment_card>");
  // The card and its first groups are both right: what stands on the next line is none of it.
  CHECK(redacted("4111 1111 1111 1111\n420 Main") == "<payment_card>\n420 Main");
  // Digits behind make a longer one by chance: an id that begins with them is found all the same.
  CHECK(redacted("4111 1111 1111 1111 003-12-3456").find("3456") == std::string::npos);
  // Over a line end, where no card is whole before it.
  CHECK(redacted("4111 1111\n1111 1111\n") == "<payment_card>\n");
}

TEST_CASE("scan: property: of cards in a list nothing stays, and lines and cells stay apart") {
  std::mt19937 random(20261130);
  for (int i = 0; i < 4000; ++i) {
    const std::string_view inside = i % 2 == 0 ? " " : "-";
    for (const std::string_view between :
         {"\n", "\n- ", "\n> ", "\r\n", " ", "-", "\t", "  ", " - ", ", "}) {
      std::string text;
      std::string expected;
      for (int n = 0; n < 3; ++n) {
        if (n != 0) text += between;
        text += card(random, inside);
      }
      CAPTURE(text);
      const std::string out = redacted(text);
      const auto digits =
          std::count_if(out.begin(), out.end(), [](char c) { return c >= '0' && c <= '9'; });
      CHECK(digits == 0);
      for (const char end : {'\n', '\t'}) {
        CHECK(std::count(out.begin(), out.end(), end) == std::count(text.begin(), text.end(), end));
      }
    }
  }
}

TEST_CASE("scan: a card in groups is one whatever digits touch it") {
  CHECK(redacted("see 4657 4858 3570 28622 x") == "see <payment_card>2 x");
  CHECK(redacted("74657-4858-3570-2862") == "7<payment_card>");
  CHECK(redacted("see 4657 4858 3570 2862 2 x") == "see <payment_card> 2 x");
  // The check digit is wrong, or the groups are none of a card.
  CHECK(redacted("4657 4858 3570 28631 x").find("<payment_card>") == std::string::npos);
  CHECK(redacted("465 7485 8357 028622 x").find("<payment_card>") == std::string::npos);
}

TEST_CASE("scan: an e-mail address ends where digits are glued to its top level") {
  CHECK(redacted("see zoe@example.com34 x") == "see <email_address>34 x");
  CHECK(redacted("zoe@mail.example.com7") == "<email_address>7");
  CHECK(redacted("zoe@eu1.example.com") == "<email_address>");
  CHECK(redacted("pkg@1.0.0") == "pkg@1.0.0");
}

TEST_CASE("scan: a word of goods shields nothing on another line or in another cell") {
  CHECK(redacted("Thanks for your order\n212-555-0187\n") ==
        "Thanks for your order\n<phone_number>\n");
  CHECK(redacted("the price\n627-24-7170\n") == "the price\n<national_id>\n");
  CHECK(redacted("invoice\t212-555-0187\n") == "invoice\t<phone_number>\n");
  CHECK(redacted("| order | 212-555-0187 |\n") == "| order | <phone_number> |\n");
  // What it introduces, and what stands beside it, is the shop's.
  CHECK(redacted("order no. 2125550187\n") == "order no. 2125550187\n");
  CHECK(redacted("Your order:\n2125550187\n") == "Your order:\n2125550187\n");
}

TEST_CASE("scan: a label of a former redaction says nothing of what stands behind it") {
  CHECK(redacted("<NATIONAL_ID> 12345678") == "<NATIONAL_ID> 12345678");
  CHECK(redacted("<BANK_ACCOUNT_1>: 12345678") == "<BANK_ACCOUNT_1>: 12345678");
  CHECK(redacted("bank account: 12345678") == "bank account: <bank_account>");
}

TEST_CASE("scan: numbers of articles, times and sizes of files are no phones") {
  const std::string_view regions[] = {"DE", "GB"};
  scan_options options;
  options.regions = regions;
  const auto clean = [&](std::string_view text) {
    std::vector<text_entity> memory(64);
    const auto found = scan(text, options, memory);
    REQUIRE(found);
    return found->empty();
  };
  CHECK(clean("4006381333931"));
  CHECK(clean("LOAFER 4006381333931 389,00"));
  CHECK(clean("4006381333023"));  // The check digits of an article and of an old Visa card.
  CHECK(clean("1680092436 done"));
  CHECK(clean("[1680092436] done"));
  CHECK(clean("2630740058 bytes in 6502 ms"));
  CHECK(clean("12345-678 in blue"));
  // A word of people, another check digit, a number that is dialled.
  CHECK_FALSE(clean("Tel. 4006381333931"));
  CHECK_FALSE(clean("Kreditkarte 4006381333023"));
  CHECK_FALSE(clean("4222222222222"));
  CHECK_FALSE(clean("call 1680092436"));
  CHECK_FALSE(clean("1711234567"));
  CHECK_FALSE(clean("Tel. 12345-678"));
}

TEST_CASE("scan: how many of a thing there are is no house number") {
  for (const std::string_view one :
       {"Bought SET OF 12 ROSE BOTANICAL T-LIGHTS in red", "likes SET/6 PURPLE BUTTERFLY T-LIGHTS",
        "returned S/12 VANILLA BOTANICAL T-LIGHTS", "CAKE STAND 3 TIER MAGIC GARDEN",
        "3 HOOK HANGER MAGIC GARDEN"}) {
    CHECK(redacted(one) == one);
  }
  CHECK(redacted("12 ROSE BOTANICAL GARDEN").find("ROSE") == std::string::npos);
  CHECK(redacted("the house of 12 Rose Lane").find("Rose") == std::string::npos);
}

TEST_CASE(
    "rows of cards: groups of four by tabs are one card, whatever begins within it by chance") {
  // Without its first four digits a right sum too.
  CHECK(redacted("cc: 4242\t6669\t7251\t0273, 38") == "cc: <payment_card>, 38");
  CHECK(redacted("card 4111111111111111\t5500000000000004") ==
        "card <payment_card>\t<payment_card>");
}
