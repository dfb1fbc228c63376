// The situations of docs/situations.md that the program cannot ask of a book, since their fields
// are of a shop's own schema, or a host sees to something: asked of the library.
#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr field_id allergy{40};
constexpr field_id card_code{41};

/// A book with two fields of its own, of which no built-in schema has the kind.
struct own_fields : shop {
  session in = begin();
  customer_id ann;

  explicit own_fields(profile_id law) : shop(law) {
    schema more = in.fields();
    more.version = schema_version(more.version.value + 1);
    REQUIRE(more.add({.number = allergy,
                      .key = "allergy",
                      .type = field_type::text,
                      .categories = {category::health}}));
    REQUIRE(more.add({.number = card_code,
                      .key = "card_code",
                      .type = field_type::text,
                      .categories = {category::card_verification_code}}));
    REQUIRE(in.extend_schema(more));
    privacy_notice shown = notice_for(in);
    shown.announced = {.purposes = {purpose::client_care, purpose::customer_solvency_monitoring},
                       .recipients = {recipient::self},
                       .categories = {category::health, category::personal_data},
                       .operations = {operation::collect, operation::use, operation::profiling}};
    REQUIRE(in.add_notice(shown));
    ann = keep(in, ken());
  }
  void agree(consent_strength how) {
    directive yes = grant_of(in, {recipient::self});
    yes.strength = how;
    yes.evidence.hash = crypto::hash(as_bytes("paper"));
    REQUIRE(in.record(ann, yes));
  }
  void restrict_all() {
    directive no = withdrawal();
    no.kind = directive_kind::restrict;
    no.scope.purposes = all_purposes();
    REQUIRE(in.record(ann, no));
  }
  decision_code code(purpose_id why, operation_id how, field_id of) {
    decision_request asked = in.request(why);
    asked.operation = how;
    const auto told = in.explain(ann, asked, of);
    REQUIRE(told);
    return told->code;
  }
};

}  // namespace

TEST_CASE("situations: the code on a card is never kept, whatever a schema calls it") {
  own_fields s(us_profile().id);
  CHECK(s.code(purpose::payment_management, operation::collect, card_code) ==
        decision_code::legal_prohibition);
}

TEST_CASE("situations: the limit of California reaches sensitive data") {
  own_fields s(us_ca_profile().id);
  s.agree(consent_strength::explicit_);
  CHECK(s.code(purpose::client_care, operation::use, allergy) == decision_code::granted_by);
  s.restrict_all();
  CHECK(s.code(purpose::client_care, operation::use, allergy) == decision_code::restricted);
}

TEST_CASE("situations: an allergy needs a consent that says it is for that") {
  own_fields s(gdpr_profile().id);
  s.agree(consent_strength::expressed);
  CHECK(s.code(purpose::client_care, operation::use, allergy) == decision_code::no_basis);
  s.agree(consent_strength::explicit_);
  CHECK(s.code(purpose::client_care, operation::use, allergy) == decision_code::granted_by);
}

// What a person has to look at nobody does beforehand: of a book the answer stays a denial, also
// where the host says that somebody does; who calls evaluate() for one decision says so there.
TEST_CASE("situations: a machine alone decides about nobody's credit, whatever the host says") {
  own_fields s(gdpr_profile().id);
  s.agree(consent_strength::explicit_);
  for (const bool promised : {false, true}) {
    book_options how{.clock = {test_clock}, .longest_pause_days = 0};
    if (promised) how.discharges = {obligation::human_review};
    auto again = book::open(s.store, s.cell, how);
    REQUIRE(again);
    s.opened = std::move(*again);
    s.in = s.begin();
    const std::uint32_t number = open_case(s.in, {s.ann}, case_kind::fraud);
    auto second = s.opened->begin_session({.id = actor_id(9), .role = actor_role::owner});
    REQUIRE(second);
    REQUIRE(second->confirm_case(number));
    CHECK(s.code(purpose::customer_solvency_monitoring, operation::profiling, field::purchases) ==
          decision_code::obligation_unsupported);
  }
}
