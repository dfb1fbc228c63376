// Profiles as people write them: the files of the tree, both ways exact, and what is refused.
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/exchange/profile_json.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>
#include <memory>

#include "testing.hpp"

using namespace clientbook;

namespace {

const law_profile* const laws[] = {&strict_profile(), &gdpr_profile(), &us_profile(),
                                   &us_ca_profile()};

std::string file_of(const law_profile& law) {
  std::ifstream file(CLIENTBOOK_SOURCE_DIR "/profiles/" + std::string(law.name) + ".json",
                     std::ios::binary);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

struct refusal {
  errc code;
  std::string where;
  friend bool operator==(const refusal&, const refusal&) = default;
};

refusal refused(std::string_view document) {
  std::string where;
  const auto read = profile_of_json(document, where);
  return {read.error().code, where};
}

/// The strict profile with one text for another.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = file_of(strict_profile());
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

}  // namespace

TEST_CASE("profile json: the built-in tables are those of the files, byte by byte") {
  for (const law_profile* law : laws) {
    CAPTURE(law->name);
    const std::string text = file_of(*law);
    std::string where;
    const auto read = profile_of_json(text, where);
    REQUIRE(read);
    std::vector<std::byte> room(max_profile_bytes);
    const auto built_in = encode_profile(*law, room);
    REQUIRE(built_in);
    CHECK(same_bytes(*read, *built_in));
    CHECK(*json_of_profile(*law) == text);
  }
}

TEST_CASE("profile json: JSON to bytes to JSON is exact, however it was laid out") {
  for (const law_profile* law : laws) {
    const std::string text = file_of(*law);
    std::string where;
    const auto bytes = profile_of_json(boost::json::serialize(boost::json::parse(text)), where);
    REQUIRE(bytes);
    const auto room = std::make_unique<profile_room>();
    const auto read = decode_profile(*bytes, *room);
    REQUIRE(read);
    CHECK(*json_of_profile(*read) == text);
  }
}

TEST_CASE("profile json: what is wrong is refused, with its place") {
  CHECK(refused("") == refusal{errc::invalid_encoding, ""});
  CHECK(refused("{\"id\": 1,}").code == errc::invalid_encoding);
  CHECK(refused("[]") == refusal{errc::wrong_type, ""});
  CHECK(refused("{}") == refusal{errc::missing_field, "/id"});
  CHECK(refused(changed("\"id\": 1", "\"id\": 1, \"id\": 2")).code == errc::already_exists);
  CHECK(refused(changed("\"id\": 1", "\"id\": 1, \"ID\": 2")) == refusal{errc::unknown_field, ""});
  CHECK(refused(changed("\"id\": 1", "\"id\": \"1\"")) == refusal{errc::wrong_type, "/id"});
  CHECK(refused(changed("\"id\": 1", "\"id\": 70000")) == refusal{errc::invalid_value, "/id"});
  CHECK(refused(changed("\"id\": 1", "\"id\": 1.5")) == refusal{errc::wrong_type, "/id"});
  CHECK(refused(changed("card_track", "card_trick")) ==
        refusal{errc::unknown_field, "/prohibit/0/categories/1"});
  CHECK(refused(changed("\"card_track\"", "\"pin_block\"")) ==
        refusal{errc::already_exists, "/prohibit/0/categories/2"});
  CHECK(refused(changed("\"when\": \"always\"", "\"when\": \"Always\"")).code ==
        errc::unknown_field);
  CHECK(refused(changed("\"when\"", "\"then\"")) == refusal{errc::unknown_field, "/prohibit/0"});
  CHECK(refused(changed("\"sensitive\": true", "\"sensitive\": 1")).where == "/basis/0/sensitive");
  CHECK(refused(changed("\"child_below\": 18", "\"child_below\": 201")) ==
        refusal{errc::invalid_value, "/child_below"});
  CHECK(refused(changed("\"AT\"", "\"at\"")).where == "/adequate/2");
  CHECK(refused(changed("PCI DSS 3.3.1", "")).code == errc::missing_field);
}

TEST_CASE("profile json: every opt-out of every section of a GPP string is a row of us") {
  constexpr std::pair<us_field, profile_signal> fields[] = {
      {us_field::sale_opt_out, profile_signal::sale_opt_out},
      {us_field::sharing_opt_out, profile_signal::sharing_opt_out},
      {us_field::targeted_advertising_opt_out, profile_signal::targeted_advertising_opt_out}};
  const auto rows = us_profile().signals;
  for (unsigned number = 7; number <= 27; ++number) {
    CAPTURE(number);
    const auto section = make_us_privacy(static_cast<gpp_section>(number));
    REQUIRE(section);
    for (const auto& [field, wanted] : fields) {
      const profile_signal signal = wanted;  // A lambda may not have a part of a binding.
      const bool row = std::any_of(rows.begin(), rows.end(), [&](const signal_rule& one) {
        return one.signal == signal && (one.sections >> number & 1U) != 0;
      });
      CHECK(row == has_field(*section, field));
    }
  }
}

TEST_CASE("profile json: a profile's signal table adds to what an imported denial covers") {
  class no_random final : public random_source {
   public:
    result<void> fill(byte_span out) noexcept override {
      out[0] = std::byte{++calls_};
      return {};
    }

   private:
    unsigned char calls_ = 0;
  } random;
  law_profile own = us_profile();
  const signal_rule rows[] = {{profile_signal::sale_opt_out,
                               1U << 9,
                               {purpose::data_enrichment},
                               {recipient::data_broker},
                               "an act of its own"}};
  own.signals = rows;
  consent_signal sale;
  sale.purpose = signal_purpose::sale;
  sale.recipients = signal_recipients::others;
  const auto denied = [&](std::uint16_t section, const law_profile* by) {
    sale.section = section;
    const auto made = directives_of(std::span(&sale, 1), {.profile = by}, random);
    REQUIRE(made);
    const consent_scope& scope = made->directives.front().scope;
    CHECK(scope.purposes.contains(purpose::sell_data_to_third_parties));
    CHECK(scope.recipients.contains(recipient::third_party));
    return scope.purposes.contains(purpose::data_enrichment) &&
           scope.recipients.contains(recipient::data_broker);
  };
  CHECK(denied(9, &own));
  CHECK_FALSE(denied(10, &own));
  CHECK_FALSE(denied(9, nullptr));
}
