#include <clientbook/transfer/scope_words.hpp>

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/categories.hpp>

#include <array>

#include "testing.hpp"

using namespace clientbook;

namespace {

using words = std::array<std::string_view, 1>;

recipient_registry registry_with(std::string_view name) {
  recipient_registry out;
  recipient_party party;
  party.name = short_text<64>(name);
  party.party_class = recipient::processor;
  party.country = {'D', 'E'};
  REQUIRE(out.add(party));
  return out;
}

}  // namespace

TEST_CASE("scope words: names become a scope, and back") {
  const recipient_registry registry = registry_with("Parcel Co");
  const words purposes{"email_marketing"}, categories{"name"}, operations{"use"};
  const std::array<std::string_view, 2> to{"self", "Parcel Co"};
  const auto scope = scope_of({purposes, to, categories, operations}, registry);
  REQUIRE(scope);
  CHECK(scope->purposes == purpose_set{purpose::email_marketing});
  CHECK(scope->recipients.contains(recipient::self));
  const recipient_id party = registry.parties().front().id;
  CHECK(scope->recipients.contains(party));
  CHECK(scope->categories == category_set{category::name});
  CHECK(scope->operations == operation_set{operation::use});
  CHECK(word_for(purpose::email_marketing) == "email_marketing");
  CHECK(word_for(recipient::self, registry) == "self");
  CHECK(word_for(party, registry) == "Parcel Co");
}

TEST_CASE("scope words: all is every ordinary term") {
  const words all{"all"};
  const auto scope = scope_of({all, all, all, all}, {});
  REQUIRE(scope);
  CHECK(scope->purposes == all_purposes());
  CHECK(scope->recipients.contains(recipient::any));
  CHECK(scope->operations == all_operations);
  CHECK(scope->categories == ordinary_categories());
  CHECK(ordinary_categories().contains(category::name));
  CHECK_FALSE(ordinary_categories().contains(category::health));
  const auto usual = scope_of({all, all, all, {}}, {});
  REQUIRE(usual);
  CHECK(usual->operations ==
        operation_set{operation::collect, operation::store, operation::use, operation::disclose});
}

TEST_CASE("scope words: a word that nobody knows is named by its place") {
  const words good{"all"};
  const std::array<std::string_view, 2> bad{"all", "zebedee"};
  const auto wrong = [](const scope_words& said, scope_part part) {
    scope_part where = scope_part::none;
    const auto scope = scope_of(said, {}, &where);
    REQUIRE_FALSE(scope);
    CHECK(scope.error().code == errc::unknown_field);
    CHECK(scope.error().at == 1);
    CHECK(where == part);
  };
  wrong({bad, good, good, good}, scope_part::purpose);
  wrong({good, bad, good, good}, scope_part::recipient);
  wrong({good, good, bad, good}, scope_part::category);
  wrong({good, good, good, bad}, scope_part::operation);
}

TEST_CASE("scope words: fields by key") {
  const schema fields = standard_schema();
  const std::array<std::string_view, 2> keys{"name", "emails"};
  const auto set = fields_named(keys, fields);
  REQUIRE(set);
  CHECK(*set == (only(field::name) | only(field::emails)));
  CHECK(keys_of(*set, fields) == "name, emails");
  CHECK(*fields_named({}, fields) == all_fields);
  const std::array<std::string_view, 2> bad{"name", "zebedee"};
  const auto refused = fields_named(bad, fields);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::unknown_field);
  CHECK(refused.error().at == 1);
}

TEST_CASE("scope words: the newest notice of a title") {
  std::array<privacy_notice, 3> notices;
  notices[0].title = notices[1].title = short_text<64>("newsletter");
  notices[0].version = 2;
  notices[2].title = short_text<64>("house");
  for (privacy_notice& one : notices) one.announced.purposes = {purpose::email_marketing};
  CHECK(notice_titled("newsletter", notices) == &notices[0]);
  CHECK(notice_titled("house", notices) == &notices[2]);
  // One that was withdrawn is nobody's to agree to.
  notices[0].announced = {};
  CHECK(notice_titled("newsletter", notices) == nullptr);
  CHECK(latest_titled("newsletter", notices) == &notices[0]);
  CHECK(notice_titled("zebedee", notices) == nullptr);
}
