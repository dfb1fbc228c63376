#include <clientbook/exchange/kantara.hpp>

#include "testing.hpp"

using namespace clientbook;

namespace {

kantara::receipt example() {
  kantara::receipt made;
  made.jurisdiction = "GB";
  made.given_at = {1'782'864'000};
  made.collection_method = "at the till";
  made.id = "c1befd3e-b7e5-4ea6-8688-e9a565aade21";
  made.language = "en";
  made.subject = "c7b1f0a2";
  made.controllers.push_back({"Example Clothes", "The privacy desk", "1 High Street",
                              "privacy@shop.example", "none", false});
  made.policy_url = "https://shop.example/privacy";
  made.services.push_back({"Newsletter",
                           {{"News by e-mail",
                             "EXPLICIT",
                             {"marketing"},
                             {"contact"},
                             true,
                             "when unsubscribed",
                             false,
                             ""},
                            {"",
                             "EXPLICIT",
                             {"delivery"},
                             {"contact"},
                             false,
                             "on delivery",
                             true,
                             "Example Parcel"}}});
  return made;
}

errc refusal(std::string_view what, std::string_view by) {
  std::string text = *kantara::write(example());
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), by);
  const auto read = kantara::read(text);
  REQUIRE_FALSE(read);
  return read.error().code;
}

}  // namespace

TEST_CASE("kantara: a receipt is written and read again") {
  const auto read = kantara::read(*kantara::write(example()));
  REQUIRE(read);
  CHECK(*read == example());
  kantara::receipt with_object = example();
  with_object.controllers[0].address = R"({"streetAddress":"1 High Street"})";
  CHECK(*kantara::read(*kantara::write(with_object)) == with_object);
}

TEST_CASE("kantara: nothing is written that would not be read") {
  const auto refuse = [](const auto& spoil) {
    kantara::receipt made = example();
    spoil(made);
    const auto written = kantara::write(made);
    REQUIRE_FALSE(written);
    return written.error().code;
  };
  CHECK(refuse([](auto& r) { r.policy_url.clear(); }) == errc::missing_field);
  CHECK(refuse([](auto& r) { r.services.clear(); }) == errc::missing_field);
  CHECK(refuse([](auto& r) { r.services[0].purposes[0].termination.clear(); }) ==
        errc::missing_field);
  CHECK(refuse([](auto& r) { r.services[0].purposes[1].third_party_name.clear(); }) ==
        errc::missing_field);
  CHECK(refuse([](auto& r) { r.given_at.seconds = -1; }) == errc::invalid_value);
}

TEST_CASE("kantara: a controller without a phone says so, and our own receipt is read again") {
  kantara::receipt without = example();
  without.controllers[0].phone.clear();
  without.controllers[0].email.clear();
  without.controllers[0].address.clear();
  const auto read = kantara::read(*kantara::write(without));
  REQUIRE(read);
  CHECK(*read == without);
  CHECK(refusal(R"("phone":"none")", R"("phone":7)") == errc::wrong_type);
  CHECK(refusal(R"(,"phone":"none")", "") == errc::missing_field);
}

TEST_CASE("kantara: what is refused") {
  CHECK(refusal("KI-CR-v1.1.0", "KI-CR-v1.0.0") == errc::unsupported);
  CHECK(refusal(R"("language")", R"("expiry")") == errc::unknown_field);
  CHECK(refusal(R"("language")", R"("id":1,"id")") == errc::already_exists);
  CHECK(refusal("{", "// a receipt\n{") == errc::invalid_encoding);
  CHECK(refusal(R"("piiPrincipalId":"c7b1f0a2",)", "") == errc::missing_field);
  CHECK(refusal(R"("c7b1f0a2")", "7") == errc::wrong_type);
  CHECK(refusal("1782864000", "-1") == errc::invalid_value);
  CHECK(refusal("1782864000", "1.5") == errc::wrong_type);
  CHECK(refusal(R"("thirdPartyDisclosure":false)",
                R"("thirdPartyDisclosure":false,"thirdPartyName":"x")") == errc::invalid_value);
  CHECK(refusal(R"("thirdPartyName":"Example Parcel")", R"("thirdPartyName":"")") ==
        errc::missing_field);
  CHECK(refusal(R"("sensitive":false,)", "") == errc::missing_field);
}
