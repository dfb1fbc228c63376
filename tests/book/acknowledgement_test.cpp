// A recipient acknowledges by its signature: by its own key, for what it is to be told now, and
// also when the customer is gone.
#include <clientbook/book/recipient_contact.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include "working_day.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

template <class T>
errc code(const result<T>& of) {
  return of ? errc::none : of.error().code;
}

date today() { return date_of(clock_hand()); }
std::string iso(const date& day) {
  char out[10];
  return {out, write_date(day, out)};
}

crypto::signing_key key_of(std::uint8_t first) {
  secret<32> seed;
  seed.fill_bytes([&](byte_span to) { std::fill(to.begin(), to.end(), std::byte{first}); });
  return crypto::signing_key(seed);
}

std::string public_text(const crypto::signing_key& key, std::string_view name) {
  char room[ledger::note_key_room];
  return std::string(*ledger::write_note_key({name, key.public_key()}, room));
}

std::string signed_by(const crypto::signing_key& key, std::string_view name, std::string text) {
  std::string room(ledger::max_note, ' ');
  return std::string(*ledger::write_note(text, name, key, room));
}

struct acknowledging_shop : shop {
  session in;
  recipient_id parcels{};
  customer_id jo;
  crypto::signing_key key;

  acknowledging_shop() : in(begin()), key(key_of(0x31)) {
    parcels = add_party(in, "Parcels Ltd", recipient::parcel_service);
    jo = keep(in, ken());
    REQUIRE(in.set_recipient_contact({.party = parcels,
                                      .contact = "privacy@parcels.example",
                                      .acknowledgement_key = public_text(key, "parcels.example")}));
    pass_on();
  }
  void pass_on(purpose_id why = purpose::delivery_of_goods) {
    REQUIRE(in.disclose(jo, {.purpose = why, .recipient = parcels}));
  }
  std::uint32_t listed() {
    const auto number = in.open_request(
        jo, {.kind = request_kind::erasure, .received = today(), .identity = "passport seen"});
    REQUIRE(number);
    REQUIRE(in.list_recipients(*number));
    return *number;
  }
  std::string notice(std::uint32_t number, std::string_view reference = "") {
    auto text = in.recipient_notice(number, {"Parcels Ltd"}, reference);
    REQUIRE(text);
    return *text;
  }
  std::string signed_notice(std::uint32_t number, const date& done = today()) {
    return signed_by(key, "parcels.example", notice(number, "4711") + "done " + iso(done) + "\n");
  }
  errc acknowledge(std::uint32_t number, std::string_view note) {
    return code(in.tell_recipient(number, {.who = {"Parcels Ltd"}, .acknowledgement = note}));
  }
  request_recipient first(std::uint32_t number) {
    auto one = in.find_request(number);
    REQUIRE(one);
    REQUIRE(one->recipients.size() == 1);
    return one->recipients[0];
  }
};

}  // namespace

TEST_CASE("acknowledgement: the notice says what is to be done, and nothing of whom") {
  acknowledging_shop s;
  const std::uint32_t number = s.listed();
  const std::string text = s.notice(number, "your customer 4711");
  CHECK(text.starts_with("clientbook/recipient-notice/1\nlog clientbook/"));
  CHECK(
      text.find("\nrequest 1\nrecipient Parcels Ltd\nclass parcel_service\nduty erase\nfields ") !=
      std::string::npos);
  CHECK(text.ends_with("\nreference your customer 4711\n"));
  CHECK(text.find("Ken") == std::string::npos);
  CHECK(code(s.in.recipient_notice(number, {"Somebody"}, "")) == errc::not_found);
  CHECK(code(s.in.recipient_notice(number, {"Parcels Ltd"}, "two\nlines")) == errc::invalid_value);
  CHECK(code(s.in.recipient_notice(number, {"Parcels Ltd"}, std::string(129, 'x'))) ==
        errc::limit_exceeded);
}

TEST_CASE("acknowledgement: what the recipient has signed is its word, and nothing else is") {
  acknowledging_shop s;
  const std::uint32_t number = s.listed();
  const std::string good = s.signed_notice(number);
  for (std::size_t i = 0; i < good.size(); i += 3) {
    std::string altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CAPTURE(i);
    CHECK(s.acknowledge(number, altered) != errc::none);
  }
  const std::string text = s.notice(number) + "done " + iso(today()) + "\n";
  CHECK(s.acknowledge(number, signed_by(key_of(0x32), "parcels.example", text)) ==
        errc::signature_invalid);
  CHECK(s.acknowledge(number, signed_by(s.key, "other.example", text)) == errc::signature_invalid);
  CHECK(s.acknowledge(number, signed_by(s.key, "parcels.example", s.notice(number))) ==
        errc::invalid_encoding);
  const date tomorrow = date_of(timestamp{clock_hand().seconds + 86400});
  const date yesterday = date_of(timestamp{clock_hand().seconds - 86400});
  CHECK(s.acknowledge(number, s.signed_notice(number, tomorrow)) == errc::invalid_value);
  CHECK(s.acknowledge(number, s.signed_notice(number, yesterday)) == errc::invalid_value);
  CHECK(s.first(number).state == told_state::to_tell);

  REQUIRE(s.acknowledge(number, good) == errc::none);
  const request_recipient now = s.first(number);
  CHECK(now.state == told_state::confirmed);
  CHECK(now.acknowledged == today());
  CHECK(now.acknowledgement == crypto::hash(as_bytes(std::string_view(good))));
  CHECK(s.acknowledge(number, good) == errc::invalid_state);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE(
    "acknowledgement: who got something since is told again, and the old answer is of before") {
  acknowledging_shop s;
  const std::uint32_t first = s.listed();
  const std::string old = s.signed_notice(first);
  REQUIRE(s.acknowledge(first, old) == errc::none);
  clock_hand().seconds += 60;
  s.pass_on();
  REQUIRE(s.in.list_recipients(first));
  CHECK(s.first(first).state == told_state::to_tell);
  CHECK(s.first(first).acknowledged.month == 0);
  // Of the same fields: what it signed then is of what it got then.
  CHECK(s.acknowledge(first, old) == errc::invalid_value);
  CHECK(s.acknowledge(first, s.signed_notice(first)) == errc::none);
}

TEST_CASE("acknowledgement: of one request it is none of another") {
  acknowledging_shop s;
  const std::uint32_t first = s.listed();
  const std::string note = s.signed_notice(first);
  REQUIRE(s.in.withdraw_request(first));
  CHECK(s.acknowledge(s.listed(), note) == errc::invalid_value);
}

TEST_CASE("acknowledgement: counts also when the customer is gone, over a restart") {
  acknowledging_shop s;
  const std::uint32_t number = s.listed();
  const std::string note = s.signed_notice(number);
  REQUIRE(s.in.tell_recipient(number, {.who = {"Parcels Ltd"}}));
  REQUIRE(s.in.erase(s.jo, erasure_reason::subject_request, {.request = number}));
  CHECK(s.signed_notice(number) == note);
  REQUIRE(s.acknowledge(number, note) == errc::none);
  session later = s.begin();
  const auto one = later.find_request(number);
  REQUIRE(one);
  CHECK(one->recipients[0].state == told_state::confirmed);
  CHECK(one->recipients[0].acknowledged == today());
  CHECK(later.verify()->problems == 0);
}

TEST_CASE("acknowledgement: without a key nobody acknowledges, and the key is changed by few") {
  acknowledging_shop s;
  const std::uint32_t number = s.listed();
  const std::string note = s.signed_notice(number);
  const recipient_contact known = s.in.recipient_contacts()->front();
  CHECK(known.contact == "privacy@parcels.example");
  CHECK(code(s.in.set_recipient_contact(known)) == errc::already_exists);
  REQUIRE(s.in.set_recipient_contact({.party = s.parcels}));
  CHECK(s.in.recipient_contacts()->empty());
  CHECK(s.acknowledge(number, note) == errc::not_found);
  CHECK(code(s.in.set_recipient_contact({.party = recipient_id(99), .contact = "x"})) ==
        errc::not_found);
  CHECK(code(s.in.set_recipient_contact({.party = s.parcels, .contact = "two\nlines"})) ==
        errc::invalid_value);
  CHECK(code(s.in.set_recipient_contact({.party = s.parcels, .contact = std::string(256, 'x')})) ==
        errc::limit_exceeded);
  CHECK(code(s.in.set_recipient_contact({.party = s.parcels, .acknowledgement_key = "a+b+c"})) ==
        errc::invalid_encoding);
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::service}) {
    auto other = s.opened->begin_session({.id = actor_id(9), .role = role});
    REQUIRE(other);
    CHECK(code(other->set_recipient_contact(known)) == errc::role_denied);
    CHECK(code(other->recipient_notice(number, {"Parcels Ltd"}, "")) == errc::role_denied);
  }
}

TEST_CASE("acknowledgement: two recipients of one name are told apart by their class") {
  acknowledging_shop s;
  REQUIRE(s.in.retire_recipient(s.parcels));
  REQUIRE(s.in.report_onward(
      s.jo, {.from = "Parcels Ltd", .to = "Bikes & Co", .party_class = recipient::parcel_service}));
  REQUIRE(s.in.report_onward(s.jo, {.from = "Parcels Ltd",
                                    .to = "Bikes & Co",
                                    .party_class = recipient::third_party,
                                    .fields = {field::name}}));
  const std::uint32_t number = s.listed();
  CHECK(code(s.in.tell_recipient(number, {.who = {"Bikes & Co"}})) == errc::invalid_argument);
  REQUIRE(s.in.tell_recipient(number, {.who = {"Bikes & Co", recipient::third_party}}));
  const auto one = s.in.find_request(number);
  REQUIRE(one);
  for (const request_recipient& each : one->recipients) {
    CHECK((each.state == told_state::told) == (each.party_class == recipient::third_party));
  }
}
