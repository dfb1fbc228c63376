#include <clientbook/book/actor.hpp>
#include <clientbook/book/customer.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <string>

#include "testing.hpp"

using namespace clientbook;

TEST_CASE("customer: grows without losing what was set, also from its own values") {
  customer record;
  REQUIRE(record.set(field::name, person_name{.given = "A", .family = "B"}));
  const std::string long_text(3000, 'x');
  REQUIRE(record.set(field::employer, std::string_view(long_text)));
  REQUIRE(record.set(field::time_zone, *record.view().get<personal_text>(field::employer)));
  CHECK(record.view().name()->family == "B");
  CHECK(record.view().get<personal_text>(field::time_zone).value() == long_text);
  customer moved = std::move(record);
  CHECK(moved.view().has(field::employer));
  moved.clear();
  CHECK(moved.fields().empty());
}

TEST_CASE("actor: a security officer and an auditor read no personal data") {
  for (const actor_role role : {actor_role::security_officer, actor_role::auditor}) {
    for (const purpose_group group : all_groups()) {
      for (const action what : all_actions()) {
        if (has_purpose(what)) CHECK(reach_of(role, what, group) == reach::nobody);
      }
    }
    CHECK(reach_of(role, action::erase) == reach::nobody);
    CHECK(reach_of(role, action::audit) == reach::all);
  }
  for (const int none : {0, 9, 99, 200, 255}) {
    for (const purpose_group group : all_groups()) {
      for (const action what : all_actions()) {
        CHECK(reach_of(static_cast<actor_role>(none), what, group) == reach::nobody);
      }
    }
  }
}
