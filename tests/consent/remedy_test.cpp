// What an explanation says would open a field opens it, and where it says that nothing does,
// nothing is found by search. CLIENTBOOK_DENIALS says how many denials are tried; a few thousand
// without it.
#include <clientbook/consent/explanation.hpp>
#include <clientbook/consent/remedy.hpp>

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "consent_fixture.hpp"
#include "random_consent.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

// One denial, and everything that can be tried about it.
struct denial {
  const world& all;
  std::span<const law_profile* const> laws;  ///< That hold of the customer: what all permit.
  const std::vector<directive>& said;
  const subject_facts& subject;
  const decision_request& request;
  field_id field;

  timestamp when() const {
    const timestamp compiled{now_at};
    return request.clock == clock_confidence::trusted ? std::max(compiled, request.now) : compiled;
  }

  consent_scope cell() const {
    consent_scope out{{request.purpose}, {request.recipient}, {}, {request.operation}};
    for (const field_terms& terms : all.fields) {
      if (terms.field != field) continue;
      for (const category_id each : terms.categories) {
        if (each != category_id{}) out.categories.add(each);
      }
    }
    return out;
  }

  std::vector<consent_environment> environments(std::span<const privacy_notice> notices) const {
    std::vector<consent_environment> out;
    for (const law_profile* law : laws) out.push_back({law, &all.registry, notices, all.fields});
    return out;
  }

  directive next(directive_kind kind, indicated_by by) const {
    directive out;
    out.kind = kind;
    out.by = by;
    out.scope = cell();
    out.sequence = static_cast<std::uint32_t>(said.size() + 1);
    store_be<std::uint32_t>(out.id.bytes.data(), out.sequence);
    out.event_at = when();
    out.recorded_at = out.event_at;
    out.registry_version = all.registry.version();
    out.evidence.hash = hash_of(9);
    return out;
  }

  directive grant(indicated_by by, consent_strength strength) const {
    directive out = next(directive_kind::grant, by);
    out.strength = strength;
    out.informed = true;
    out.notice = {notice_id(99), 1, hash_of(99)};
    return out;
  }

  void name(directive& later, std::size_t place, std::uint32_t sequence) const {
    for (const directive& each : said) {
      if (each.sequence == sequence) later.supersedes[place] = each.id;
    }
  }

  // Whether the field is permitted once this was said too.
  bool permits(const directive& added) const {
    static const auto workspace = std::make_unique<compile_workspace>();
    static std::vector<std::byte> room(max_compiled_state);
    std::vector<directive> history = said;
    history.push_back(added);
    std::vector<privacy_notice> notices = all.notices;
    privacy_notice shown;
    shown.id = notice_id(99);
    shown.hash = hash_of(99);
    shown.announced = added.scope;
    shown.registry_version = added.registry_version;
    notices.push_back(shown);
    for (const consent_environment& law : environments(notices)) {
      const auto bytes = compile(history, law, subject, when(), *workspace, room);
      REQUIRE(bytes);
      const auto state = compiled_state_view::open(*bytes);
      REQUIRE(state);
      decision_request asked = request;
      if (asked.clock == clock_confidence::trusted) asked.now = when();
      if (!explain(*state, asked, field).permitted) return false;
    }
    return true;
  }
};

// As somebody does it who has read the sentence.
directive as_told(const denial& of, const remedy& found) {
  directive out;
  switch (found.kind) {
    case remedy_kind::consent:
      out = of.grant(found.by, found.strength);
      break;
    case remedy_kind::lift:
      out = of.next(directive_kind::lift, found.by);
      break;
    default:
      out = of.next(directive_kind::basis_assertion, found.by);
      out.basis = found.basis;
      break;
  }
  out.scope = found.said.scope;
  // Evidence is what a lift, an assertion and whatever overrides something have in any case.
  if (found.kind == remedy_kind::consent && !found.evidenced) out.evidence = {};
  for (std::size_t i = 0; i < found.overrides.size() && found.overrides[i] != 0; ++i) {
    of.name(out, i, found.overrides[i]);
  }
  return out;
}

// Anything that anybody could say, by chance; scopes around what was asked.
directive by_chance(const denial& of, dice& random) {
  static constexpr indicated_by everybody[] = {indicated_by::subject, indicated_by::guardian,
                                               indicated_by::agent, indicated_by::controller,
                                               indicated_by::authority};
  const indicated_by by = everybody[random.below(5)];
  directive out;
  switch (random.below(5)) {
    case 0:
      out = of.next(directive_kind::lift, by);
      break;
    case 1:
      out = of.next(directive_kind::basis_assertion, by);
      out.basis = static_cast<lawful_basis>(2 + random.below(6));
      break;
    case 2:
      out = of.grant(by, static_cast<consent_strength>(1 + random.below(3)));
      out.kind = directive_kind::renew;
      break;
    default:
      out = of.grant(by, static_cast<consent_strength>(2 + random.below(2)));
      break;
  }
  if (random.one_in(4)) out.scope.categories = all_categories();
  if (random.one_in(8)) out.scope.operations = all_operations;
  if (random.one_in(8)) out.scope.purposes = all_purposes();
  std::size_t place = 0;
  for (std::size_t i = 0; i < of.said.size() && place < out.supersedes.size(); ++i) {
    if (random.one_in(of.said.size() > 6 ? 4 : 2)) out.supersedes[place++] = of.said[i].id;
  }
  if (out.kind == directive_kind::lift && place == 0) {
    if (of.said.empty()) {
      out = of.grant(by, consent_strength::explicit_);
    } else {
      out.supersedes[0] = random.any_of(of.said).id;
    }
  }
  return out;
}

// What whoever reads "a consent" does, without a thought more.
void check_plain_sentence(const denial& of, const explanation& why, const remedy& found) {
  std::array<char, max_explanation> room;
  const auto text = describe(why, of.request,
                             {.profile = &of.all.profile,
                              .registry = &of.all.registry,
                              .directives = of.said,
                              .remedy = &found},
                             language::en, room);
  REQUIRE(text);
  CAPTURE(std::string(*text));
  const bool promised = text->find("would be permitted") != std::string_view::npos;
  if (promised) {
    directive plain = of.grant(indicated_by::subject, consent_strength::expressed);
    plain.evidence = {};
    if (text->find("with evidence") != std::string_view::npos) plain.evidence.hash = hash_of(9);
    if (why.source == rule_source::directive) of.name(plain, 0, why.sequence);
    CHECK(of.permits(plain));
  }
  if (found.kind == remedy_kind::none) {
    CHECK_FALSE(promised);
    CHECK(text->find("What opens it") == std::string_view::npos);
    const bool said_so = text->find("No single decision") != std::string_view::npos ||
                         text->find("No consent can permit it") != std::string_view::npos;
    CHECK(said_so);
  } else {
    const bool said_so = promised || text->find("What opens it") != std::string_view::npos;
    CHECK(said_so);
  }
}

struct counts {
  std::uint32_t denials = 0;
  std::uint32_t searched = 0;
  std::uint32_t of_several_laws = 0;
  std::map<remedy_kind, std::uint32_t> by_kind;
};

void try_denial(const denial& of, const explanation& why, dice& random, counts& counted) {
  static const auto workspace = std::make_unique<remedy_workspace>();
  const auto under = of.environments(of.all.notices);
  const auto found =
      find_remedy(of.said, under, of.subject, of.request, of.field, timestamp{now_at}, *workspace);
  REQUIRE(found);
  ++counted.denials;
  ++counted.by_kind[found->kind];
  check_plain_sentence(of, why, *found);
  if (found->kind != remedy_kind::none) {
    CHECK(of.permits(as_told(of, *found)));
    return;
  }
  for (int i = 0; i < 12; ++i) {
    const directive tried = by_chance(of, random);
    if (!check(tried)) continue;  // nobody can say that
    ++counted.searched;
    CAPTURE(static_cast<int>(tried.kind));
    CAPTURE(static_cast<int>(tried.by));
    CHECK_FALSE(of.permits(tried));
  }
}

// The law of the world, and for every third history one or two more that hold as well.
std::vector<const law_profile*> laws_beside(const law_profile& first, dice& random) {
  std::vector<const law_profile*> out{&first};
  if (!random.one_in(3)) return out;
  for (const law_profile* law : {&gdpr_profile(), &us_profile(), &us_ca_profile()}) {
    if (random.one_in(2) && out.size() < 3) out.push_back(law);
  }
  return out;
}

std::optional<explanation> denied_by_one(std::span<const std::vector<std::byte>> states,
                                         const decision_request& request, field_id field) {
  for (const std::vector<std::byte>& bytes : states) {
    const auto state = compiled_state_view::open(bytes);
    REQUIRE(state);
    const explanation why = explain(*state, request, field);
    if (!why.permitted) return why;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE(
    "remedy: what is said to open a denied field opens it, and where nothing is, nothing does") {
  std::uint32_t wanted = 3000;
  if (const char* more = std::getenv("CLIENTBOOK_DENIALS")) {
    wanted = static_cast<std::uint32_t>(std::strtoul(more, nullptr, 10));
  }
  generator make(20261128);
  make.with_parties();
  dice random(7);
  counts counted;
  const auto workspace = std::make_unique<compile_workspace>();
  std::vector<std::byte> room(max_compiled_state);
  std::unique_ptr<world> all;
  for (int i = 0; counted.denials < wanted; ++i) {
    if (i % 20 == 0) all = make.make_world();
    const std::vector<directive> said = make.history();
    subject_facts subject{make.age()};
    subject.residence = make.residence();
    const std::vector<const law_profile*> laws = laws_beside(all->profile, random);
    std::vector<std::vector<std::byte>> kept;
    for (const law_profile* law : laws) {
      const auto bytes = compile(said, {law, &all->registry, all->notices, all->fields}, subject,
                                 timestamp{now_at}, *workspace, room);
      REQUIRE(bytes);
      kept.emplace_back(bytes->begin(), bytes->end());
    }
    for (int k = 0; k < 3; ++k) {
      const decision_request request = make.request(said);
      for (const field_terms& terms : all->fields) {
        const auto why = denied_by_one(kept, request, terms.field);
        if (!why) continue;
        CAPTURE(i);
        CAPTURE(static_cast<int>(terms.field.value));
        counted.of_several_laws += laws.size() > 1 ? 1U : 0U;
        try_denial({*all, laws, said, subject, request, terms.field}, *why, random, counted);
      }
    }
  }
  MESSAGE(counted.denials << " denials: " << counted.by_kind[remedy_kind::consent] << " consents, "
                          << counted.by_kind[remedy_kind::lift] << " lifts, "
                          << counted.by_kind[remedy_kind::assertion] << " assertions, "
                          << counted.by_kind[remedy_kind::none] << " that nothing opens ("
                          << counted.searched << " decisions tried); " << counted.of_several_laws
                          << " under several laws");
  CHECK(counted.of_several_laws > wanted / 10);
  CHECK(counted.by_kind[remedy_kind::consent] > wanted / 10);
  CHECK(counted.by_kind[remedy_kind::lift] != 0);
  CHECK(counted.by_kind[remedy_kind::none] > wanted / 10);
}
