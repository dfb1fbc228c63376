// Profiles as files: one canonical form, signed, and what is refused (docs/format/profile.md).
#include <clientbook/consent/profile_file.hpp>
#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "consent_fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

const law_profile* const laws[] = {&strict_profile(), &gdpr_profile(), &us_profile(),
                                   &us_ca_profile()};

std::vector<std::byte> canonical(const law_profile& value) {
  std::vector<std::byte> out(max_profile_bytes);
  const auto bytes = encode_profile(value, out);
  REQUIRE(bytes);
  out.resize(bytes->size());
  return out;
}

errc refusal(const law_profile& value) {
  std::vector<std::byte> out(max_profile_bytes);
  return encode_profile(value, out).error().code;
}

errc read(byte_view bytes) {
  const auto room = std::make_unique<profile_room>();
  return decode_profile(bytes, *room).error().code;
}

crypto::signing_key key_of(int n) {
  secret<32> seed;
  seed.fill_bytes([&](byte_span to) { to[0] = static_cast<std::byte>(n); });
  return crypto::signing_key(seed);
}

std::vector<std::byte> file_of(byte_view bytes, const crypto::signing_key& key) {
  std::vector<std::byte> out(max_signed_profile_bytes);
  const auto file = sign_profile(bytes, key, out);
  REQUIRE(file);
  out.resize(file->size());
  return out;
}

}  // namespace

TEST_CASE("profile: what is written is read again, and has one form") {
  const auto room = std::make_unique<profile_room>();
  for (const law_profile* law : laws) {
    CAPTURE(law->name);
    const auto bytes = canonical(*law);
    REQUIRE(cbor::check(bytes));
    const auto again = decode_profile(bytes, *room);
    REQUIRE(again);
    CHECK(again->id == law->id);
    CHECK(again->name == law->name);
    CHECK(again->unverified == law->unverified);
    CHECK(again->prohibitions.size() == law->prohibitions.size());
    CHECK(again->bases[0].scope == law->bases[0].scope);
    CHECK(canonical(*again) == bytes);
  }
}

TEST_CASE("profile: a profile that was read decides as the one that was written") {
  for (const law_profile* law : laws) {
    shop built_in;
    built_in.profile = law;
    const auto bytes = canonical(*law);
    const auto room = std::make_unique<profile_room>();
    const auto again = decode_profile(bytes, *room);
    REQUIRE(again);
    shop from_file;
    from_file.profile = &*again;
    for (shop* each : {&built_in, &from_file}) {
      consent_scope most = everything();
      most.recipients = {recipient::self, recipient::processor, recipient::third_party};
      each->say(directive_kind::grant, most);
      each->say(directive_kind::object, everything());
    }
    const auto before = built_in.compiled();
    const auto after = from_file.compiled();
    REQUIRE(before);
    REQUIRE(after);
    CHECK(*before == *after);
  }
}

TEST_CASE("profile: any bytes end in a profile of one form, or in an error") {
  const auto whole = canonical(gdpr_profile());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(read(byte_view(whole).first(size)) == errc::truncated);
  }
  std::mt19937 random(20261125);
  const auto room = std::make_unique<profile_room>();
  for (int i = 0; i < 20'000; ++i) {
    auto changed = whole;
    changed[random() % changed.size()] = static_cast<std::byte>(random());
    const auto found = decode_profile(changed, *room);
    if (found) CHECK(canonical(*found) == changed);
  }
}

TEST_CASE("profile: a file is refused for") {
  law_profile value = strict_profile();
  SUBCASE("a term that the vocabulary lacks") {
    prohibition_rule rows[] = {value.prohibitions[0], value.prohibitions[1]};
    rows[1].scope.purposes = {purpose_id(191)};
    rows[1].scope.purposes.add(purpose::marketing);
    value.prohibitions = rows;
    CHECK(refusal(value) == errc::unknown_field);
  }
  SUBCASE("a party, which is one of a single book") {
    obligation_rule rows[] = {value.obligations[0]};
    rows[0].scope.recipients = {recipient_id(40)};
    value.obligations = rows;
    CHECK(refusal(value) == errc::unknown_field);
  }
  SUBCASE("a row that covers nothing") {
    prohibition_rule rows[] = {value.prohibitions[0], {}};
    value.prohibitions = rows;
    CHECK(refusal(value) == errc::missing_field);
  }
  SUBCASE("a row that cites no law") {
    deadline_rule rows[] = {{.kind = deadline_kind::notify_breach, .hours = 72, .law = ""}};
    value.deadlines = rows;
    CHECK(refusal(value) == errc::missing_field);
  }
  SUBCASE("a period of more than ten years, which two of would not be counted") {
    deadline_rule rows[] = {
        {.kind = deadline_kind::answer_request, .hours = 87'841, .law = "a law"}};
    value.deadlines = rows;
    CHECK(refusal(value) == errc::invalid_value);
  }
  SUBCASE("a number that means nothing") {
    reach_rule rows[] = {value.reaches[0]};
    rows[0].by = 1;
    value.reaches = rows;
    CHECK(refusal(value) == errc::invalid_value);
  }
  SUBCASE("consent of no strength") {
    value.minimum_strength = consent_strength::none;
    CHECK(refusal(value) == errc::invalid_value);
  }
  SUBCASE("two bases for one purpose") {
    basis_rule rows[] = {value.bases[0], value.bases[0]};
    rows[1].basis = lawful_basis::legitimate_interest;
    value.bases = rows;
    CHECK(refusal(value) == errc::invalid_value);
  }
  SUBCASE("silence on what no lawyer verified") {
    value.unverified = "";
    CHECK(refusal(value) == errc::missing_field);
  }
  SUBCASE("countries out of order") {
    const country_code rows[] = {{'D', 'E'}, {'A', 'T'}};
    value.adequate = rows;
    CHECK(refusal(value) == errc::invalid_value);
  }
  SUBCASE("more rows than there is room for") {
    const std::vector<deadline_rule> rows(17, value.deadlines[0]);
    value.deadlines = rows;
    CHECK(refusal(value) == errc::limit_exceeded);
  }
  SUBCASE("a name that is none") {
    value.name = "My law";
    CHECK(refusal(value) == errc::invalid_value);
  }
  SUBCASE("not prohibiting what payment card rules prohibit everywhere") {
    value.prohibitions = value.prohibitions.subspan(1);
    CHECK(refusal(value) == errc::missing_field);
  }
}

TEST_CASE("profile: it is written in the oldest format that says all of it") {
  law_profile value = strict_profile();
  const deadline_rule hours[] = {
      {.kind = deadline_kind::answer_request, .hours = 720, .law = "a law"}};
  value.deadlines = hours;
  std::vector<reach_rule> reaches(value.reaches.begin(), value.reaches.end());
  for (reach_rule& row : reaches) row.direct_marketing = {};
  value.reaches = reaches;
  value.opt_outs = {};
  value.on_behalf = {};
  const auto old_form = canonical(value);
  CHECK(old_form[0] == std::byte{0x91});  // 17 members
  CHECK(old_form[1] == std::byte{1});
  const auto room = std::make_unique<profile_room>();
  CHECK(decode_profile(old_form, *room));

  const opt_out_rule twice[] = {{{purpose::marketing}, "a law"}, {{purpose::marketing}, "a law"}};
  value.opt_outs = twice;
  const std::size_t two = canonical(value).size();
  value.opt_outs = std::span(twice).first(1);
  auto new_form = canonical(value);
  CHECK(new_form[0] == std::byte{0x92});
  CHECK(new_form[1] == std::byte{2});
  CHECK(decode_profile(new_form, *room));
  // The same without the row, in a format it does not need.
  new_form.resize(new_form.size() - (two - new_form.size()) - 1);
  new_form.push_back(std::byte{0x80});
  CHECK(read(new_form) == errc::invalid_encoding);
}

TEST_CASE("profile: who works for the shop is a table of format 3, of those classes alone") {
  law_profile value = strict_profile();
  const deadline_rule hours[] = {
      {.kind = deadline_kind::answer_request, .hours = 720, .law = "a law"}};
  value.deadlines = hours;
  auto bytes = canonical(value);
  CHECK(bytes[0] == std::byte{0x93});
  CHECK(bytes[1] == std::byte{3});
  value.on_behalf = {};
  CHECK(canonical(value)[1] == std::byte{2});
  const on_behalf_rule host{{recipient::processor}, "a law"};
  for (const recipient_id outsider :
       {recipient::third_party, recipient::parcel_service, recipient::any, recipient::self}) {
    const on_behalf_rule rows[] = {host, {{recipient::contractor, outsider}, "a law"}};
    value.on_behalf = rows;
    CHECK(refusal(value) == errc::invalid_value);
  }
  const on_behalf_rule nobody[] = {{{}, "a law"}};
  value.on_behalf = nobody;
  CHECK(refusal(value) == errc::unknown_field);
  const on_behalf_rule no_law[] = {{{recipient::processor}, ""}};
  value.on_behalf = no_law;
  CHECK(refusal(value) == errc::missing_field);
  const on_behalf_rule many[] = {host, host, host, host, host};
  value.on_behalf = many;
  CHECK(refusal(value) == errc::limit_exceeded);
}

TEST_CASE("profile: deadlines by the calendar are rows of format 4, in one unit each") {
  law_profile value = strict_profile();
  const deadline_rule month{.kind = deadline_kind::answer_request, .months = 1, .law = "a law"};
  deadline_rule rows[] = {month};
  value.deadlines = rows;
  const auto bytes = canonical(value);
  CHECK(bytes[1] == std::byte{4});
  const auto room = std::make_unique<profile_room>();
  const auto back = decode_profile(bytes, *room);
  REQUIRE(back);
  CHECK(back->deadlines[0].months == 1);
  CHECK(back->deadlines[0].hours == 0);
  rows[0].hours = 24;
  CHECK(refusal(value) == errc::invalid_value);
  rows[0] = {.kind = deadline_kind::answer_request, .law = "a law"};
  CHECK(refusal(value) == errc::invalid_value);
  rows[0] = {.kind = deadline_kind::confirm_request, .working_days = 10, .law = "a law"};
  CHECK(refusal(value) == errc::none);
  rows[0] = {.kind = deadline_kind::answer_request, .months = 121, .law = "a law"};
  CHECK(refusal(value) == errc::invalid_value);
}

// A book keeps the law that it judges by: one that was written before the table was there opens
// nothing because the program has become newer.
TEST_CASE(
    "profile: processors stand on the shop's ground where the law says so, and nowhere else") {
  shop s;
  const recipient_id host = s.add("Host", recipient::processor);
  const recipient_id clerk = s.add("Clerk", recipient::contractor);
  const auto carried = [&](recipient_id to) {
    return s.permitted(purpose::customer_order_management, to, operation::use).has(field::name);
  };
  REQUIRE(carried(recipient::self));
  REQUIRE(carried(host));
  REQUIRE(carried(clerk));
  law_profile earlier = *s.profile;
  earlier.on_behalf = {};
  const law_profile* const now = s.profile;
  s.profile = &earlier;
  CHECK(carried(recipient::self));
  CHECK_FALSE(carried(host));
  CHECK_FALSE(carried(clerk));
  const on_behalf_rule processors[] = {{{recipient::processor}, "a law"}};
  earlier.on_behalf = processors;
  CHECK(carried(host));
  CHECK_FALSE(carried(clerk));
  s.profile = now;
}

TEST_CASE("profile: states of an age rule ascend, and are two letters") {
  law_profile value = strict_profile();
  age_rule rows[] = {value.ages[0]};
  value.ages = rows;
  deadline_rule in_hours;
  in_hours.kind = deadline_kind::notify_breach;
  in_hours.hours = 72;
  in_hours.law = "a law";
  value.deadlines = {&in_hours, 1};
  rows[0].states = {{{'A', 'T'}, {'D', 'E'}}};
  const auto bytes = canonical(value);
  const auto room = std::make_unique<profile_room>();
  const auto again = decode_profile(bytes, *room);
  REQUIRE(again);
  CHECK(again->ages[0].states == rows[0].states);
  CHECK(bytes[1] == std::byte{3});  // the oldest format that says it
  constexpr unsigned in_shop = 1U << static_cast<unsigned>(service_kind::in_shop);
  rows[0].services = static_cast<std::uint8_t>(in_shop);
  const auto newer = canonical(value);
  CHECK(newer[1] == std::byte{4});
  const auto kept = decode_profile(newer, *room);
  REQUIRE(kept);
  CHECK(kept->ages[0].services == rows[0].services);
  for (const unsigned wrong : {1U, 6U, 8U}) {
    rows[0].services = static_cast<std::uint8_t>(wrong);
    CHECK(refusal(value) == errc::invalid_value);
  }
  rows[0].services = 0;
  rows[0].states = {{{'D', 'E'}, {'A', 'T'}}};
  CHECK(refusal(value) == errc::invalid_value);
  rows[0].states = {{{'d', 'e'}}};
  CHECK(refusal(value) == errc::invalid_value);
}

TEST_CASE("profile: none permits marketing or sale without an opt-in") {
  law_profile value = gdpr_profile();
  for (const purpose_id opened : {purpose::postal_marketing, purpose::sell_data_to_third_parties}) {
    basis_rule rows[] = {gdpr_profile().bases[0]};
    rows[0].scope.purposes = {opened};
    value.bases = rows;
    CHECK(refusal(value) == errc::invalid_value);
    rows[0].needs_assertion = true;  // about one customer, with evidence
    CHECK(canonical(value).size() > 100);
  }
}

TEST_CASE("profile: another form of the same profile is refused") {
  const auto bytes = canonical(strict_profile());
  auto changed = bytes;
  SUBCASE("a newer format") {
    changed[1] = std::byte{5};
    CHECK(read(changed) == errc::newer_format);
  }
  SUBCASE("no format") {
    changed[1] = std::byte{0};
    CHECK(read(changed) == errc::invalid_encoding);
  }
  SUBCASE("bytes behind the end") {
    changed.push_back(std::byte{0});
    CHECK(read(changed) == errc::invalid_encoding);
  }
  SUBCASE("a set of all, written out") {
    // The first set of the first row is all purposes: one byte, true.
    const auto all = std::find(changed.begin(), changed.end(), std::byte{0xf5});
    std::vector<std::byte> list(1024);
    cbor::writer to(list);
    to.array(192);
    for (std::uint64_t i = 0; i < 192; ++i) to.unsigned_integer(i);
    const auto place = changed.erase(all);
    const auto item = *to.finish();
    changed.insert(place, item.begin(), item.end());
    CHECK(read(changed) == errc::invalid_encoding);
  }
  SUBCASE("a set that is false") {
    *std::find(changed.begin(), changed.end(), std::byte{0xf5}) = std::byte{0xf4};
    CHECK(read(changed) == errc::invalid_encoding);
  }
}

TEST_CASE("profile: only a signature by a trusted key, over these bytes, counts") {
  REQUIRE(crypto::init());
  const auto bytes = canonical(us_ca_profile());
  const crypto::signing_key signer = key_of(1);
  const crypto::signing_key other = key_of(2);
  const auto file = file_of(bytes, signer);
  const auto opened = open_signed_profile(file);
  REQUIRE(opened);
  CHECK(same_bytes(opened->canonical, bytes));
  const std::array trusted{other.public_key(), signer.public_key()};
  CHECK(check_profile_signature(*opened, trusted));
  CHECK(check_profile_signature(*opened, std::span(trusted).first(1)).error().code ==
        errc::signature_invalid);
  CHECK(check_profile_signature(*opened, {}).error().code == errc::signature_invalid);

  SUBCASE("every bit of the file counts") {
    for (std::size_t i = 0; i < file.size() * 8; i += 13) {
      auto changed = file;
      changed[i / 8] ^= static_cast<std::byte>(1U << (i % 8));
      const auto part = open_signed_profile(changed);
      if (part) CHECK_FALSE(check_profile_signature(*part, trusted));
    }
  }
  SUBCASE("a signature made for something else is none") {
    signed_profile forged = *opened;
    forged.signature = signer.sign(bytes);
    CHECK_FALSE(check_profile_signature(forged, trusted));
    forged.signature = signer.sign(profile_digest(bytes));
    CHECK_FALSE(check_profile_signature(forged, trusted));
  }
  SUBCASE("the key of another signer under it is refused") {
    signed_profile forged = *opened;
    forged.key = other.public_key();
    CHECK_FALSE(check_profile_signature(forged, trusted));
  }
  SUBCASE("what is no signed profile is refused") {
    CHECK(open_signed_profile(bytes).error().code == errc::invalid_encoding);
    CHECK(open_signed_profile({}).error().code == errc::truncated);
    auto longer = file;
    longer.push_back(std::byte{0});
    CHECK(open_signed_profile(longer).error().code == errc::invalid_encoding);
  }
}

TEST_CASE("profile: what consent.md 1.3 lists is in every built-in one") {
  for (const law_profile* law : laws) {
    CAPTURE(law->name);
    CHECK(law->unverified.find("no lawyer") != std::string_view::npos);
    CHECK(check(*law));
    CHECK_FALSE(law->reaches.empty());
    CHECK_FALSE(law->sensitive.empty());
    CHECK_FALSE(law->ages.empty());
    // Restriction and objection are written; a withdrawal reaches what rests on consent alone.
    for (const directive_kind kind : {directive_kind::withdraw, directive_kind::object,
                                      directive_kind::restrict, directive_kind::deny}) {
      CHECK(std::any_of(law->reaches.begin(), law->reaches.end(),
                        [&](const reach_rule& row) { return row.kind == kind; }));
    }
    CHECK(law->reaches[0].bases == 1U << static_cast<unsigned>(lawful_basis::consent));
    // Rows that only some laws have: how soon to answer, and when a breach is told.
    for (const deadline_kind kind : {deadline_kind::answer_request, deadline_kind::extend_request,
                                     deadline_kind::notify_breach}) {
      CHECK(std::any_of(law->deadlines.begin(), law->deadlines.end(),
                        [&](const deadline_rule& row) { return row.kind == kind; }));
    }
    // A profile decided by machines alone is looked at by a person (GDPR 22).
    CHECK(std::any_of(law->obligations.begin(), law->obligations.end(),
                      [&](const obligation_rule& row) {
                        return row.scope.operations.contains(operation::profiling) &&
                               row.required.required.contains(obligation::human_review);
                      }));
  }
}
