// Witnesses of a book's ledger: what they are asked, what of their answers is kept, what a customer
// can hold against it, and which histories they let nobody tell.
#include <clientbook/ledger/witness.hpp>
#include <clientbook/rights/evidence_text.hpp>
#include <clientbook/rights/witness_json.hpp>

#include <string>
#include <vector>

#include "../book/fixture.hpp"
#include "json.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto delivery = purpose::delivery_of_goods;

crypto::signing_key key_of(std::uint8_t first) {
  secret<32> seed;
  seed.fill_bytes([&](byte_span to) { std::fill(to.begin(), to.end(), std::byte{first}); });
  return crypto::signing_key(seed);
}

// What C2SP tlog-witness has one do, of one log; tests/python/tlog_witness.py shares no code with
// it.
struct small_witness {
  std::string name;
  crypto::signing_key key;
  std::uint64_t size = 0;
  ledger::hash root{};
  std::string body{};

  explicit small_witness(std::string called, std::uint8_t first)
      : name(std::move(called)), key(key_of(first)) {}

  std::string public_text() const {
    char room[ledger::note_key_room];
    return std::string(*ledger::write_witness_key({name, key.public_key()}, room));
  }
  witness_answer said(unsigned status, std::string text = "") {
    body = std::move(text);
    return {.status = status, .body = body};
  }
  witness_answer asked(const std::string& request, const std::string& log) {
    const auto identity = ledger::parse_log_identity(log);
    const auto read = ledger::parse_add_checkpoint(request);
    REQUIRE(identity);
    REQUIRE(read);
    const auto head = ledger::verify_checkpoint(read->checkpoint, *identity);
    if (!head) return said(403);
    if (read->old_size != size) return said(409, std::to_string(size) + "\n");
    if (size != 0 &&
        !ledger::verify_consistency(size, root, head->size, head->root, read->path.view())) {
      return said(422);
    }
    size = head->size;
    root = head->root;
    char room[512];
    return said(200, std::string(*ledger::write_cosignature(read->checkpoint, name, key,
                                                            clock_hand(), room)));
  }
};

struct witnessed_shop : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "parcel-co", recipient::parcel_service);
  customer_id jo = keep(in, ken("L-1"));
  small_witness auditor{"auditor.example", 0x41};
  small_witness sister{"sister-shop.example", 0x42};

  witnessed_shop() { pass_on(3); }
  void pass_on(int times) {
    for (int i = 0; i < times; ++i) {
      REQUIRE(in.disclose(jo, {.purpose = delivery, .recipient = parcels}));
    }
  }
  std::string log() { return *in.log_identity(); }
  std::string request(const small_witness& of) {
    auto out = in.witness_request(of.name);
    REQUIRE(out);
    return *out;
  }
  result<witness_outcome> ask(small_witness& of) {
    const std::string what = request(of);
    return in.take_witness_answer(of.name, what, of.asked(what, log()));
  }
  void both() {
    for (small_witness* one : {&auditor, &sister}) REQUIRE(in.add_witness(one->public_text()));
  }
  std::string evidence() {
    const auto all = in.evidence(jo);
    REQUIRE(all);
    return std::string(*evidence_to_text(*all));
  }
  result<proved_evidence> check(const std::string& text, std::vector<std::string> keys,
                                std::size_t required) {
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    const std::string identity = log();
    return check_evidence(text, *ledger::parse_log_identity(identity),
                          {.keys = views, .required = required});
  }
};

template <class T>
errc code(const result<T>& of) {
  return of ? errc::none : of.error().code;
}

}  // namespace

TEST_CASE("witness: asked again and again, it sees that the ledger only grows") {
  witnessed_shop shop;
  shop.both();
  const auto first = shop.ask(shop.auditor);
  REQUIRE(first);
  CHECK(first->cosigned);
  CHECK(first->size == shop.in.figures()->ledger_entries);
  CHECK(first->at == clock_hand());
  shop.pass_on(4);
  const auto second = shop.ask(shop.auditor);
  REQUIRE(second);
  CHECK(second->size > first->size);
  const auto all = shop.in.witnesses();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].name() == "auditor.example");
  CHECK((*all)[0].size == second->size);
  CHECK((*all)[1].size == 0);
  const auto verified = shop.in.verify();
  REQUIRE(verified);
  CHECK(verified->problems == 0);
  // What it has cosigned outlives the session.
  auto later = shop.begin();
  CHECK((*later.witnesses())[0].note == (*all)[0].note);
}

TEST_CASE(
    "witness: of one that has seen another size it is kept which, and the next request fits") {
  witnessed_shop shop;
  shop.both();
  REQUIRE(shop.ask(shop.auditor));
  // The answer to this one gets lost.
  shop.pass_on(1);
  const std::string lost = shop.request(shop.auditor);
  CHECK(shop.auditor.asked(lost, shop.log()).status == 200);
  shop.pass_on(1);
  const auto refused = shop.ask(shop.auditor);
  REQUIRE(refused);
  CHECK_FALSE(refused->cosigned);
  CHECK(refused->size == shop.auditor.size);
  const auto again = shop.ask(shop.auditor);
  REQUIRE(again);
  CHECK(again->cosigned);
}

TEST_CASE("witness: what it answers with anything but its signature is told by its code") {
  witnessed_shop shop;
  shop.both();
  const std::string asked = shop.request(shop.auditor);
  const auto take = [&](unsigned status, std::string_view body = "") {
    return code(shop.in.take_witness_answer("auditor.example", asked, {status, body}));
  };
  CHECK(take(400) == errc::invalid_argument);
  CHECK(take(403) == errc::signature_invalid);
  CHECK(take(404) == errc::not_found);
  CHECK(take(422) == errc::proof_invalid);
  CHECK(take(500) == errc::io_error);
  CHECK(take(200) == errc::signature_invalid);
  CHECK(take(200, "no line") == errc::signature_invalid);
  CHECK(take(409) == errc::invalid_encoding);
  CHECK(take(409, "07\n") == errc::invalid_encoding);
  CHECK(take(409, "1000000\n") == errc::rolled_back);
  CHECK(code(shop.in.take_witness_answer("nobody", asked, {200, ""})) == errc::not_found);
  // Another witness's line, a line over another checkpoint, a request with a line of one's own.
  std::string other(shop.sister.asked(asked, shop.log()).body);
  CHECK(take(200, other) == errc::signature_invalid);
  std::string good(shop.auditor.asked(asked, shop.log()).body);
  shop.pass_on(1);
  CHECK(code(shop.in.take_witness_answer("auditor.example", shop.request(shop.auditor),
                                         {200, good})) == errc::signature_invalid);
  CHECK(code(shop.in.take_witness_answer("auditor.example", asked + other, {200, good})) ==
        errc::invalid_encoding);
  CHECK((*shop.in.witnesses())[0].size == 0);
  // Beside lines of others it is found.
  CHECK(take(200, other + good) == errc::none);
  CHECK((*shop.in.witnesses())[0].note.find("sister-shop") == std::string::npos);
}

TEST_CASE("witness: an answer of before a later one is not taken for it") {
  witnessed_shop shop;
  shop.both();
  const std::string old = shop.request(shop.auditor);
  std::string old_answer(shop.auditor.asked(old, shop.log()).body);
  REQUIRE(shop.in.take_witness_answer("auditor.example", old, {200, old_answer}));
  shop.pass_on(1);
  REQUIRE(shop.ask(shop.auditor));
  CHECK(code(shop.in.take_witness_answer("auditor.example", old, {200, old_answer})) ==
        errc::invalid_state);
}

TEST_CASE("witness: by its key, once, by who administers the book") {
  witnessed_shop shop;
  CHECK(code(shop.in.add_witness("")) == errc::invalid_encoding);
  CHECK(code(shop.in.add_witness(shop.log())) == errc::unsupported);
  const small_witness odd("<b>", 0x43);
  CHECK(code(shop.in.add_witness(odd.public_text())) == errc::invalid_value);
  shop.both();
  CHECK(code(shop.in.add_witness(shop.auditor.public_text())) == errc::already_exists);
  auto auditor = shop.begin(actor_role::auditor);
  CHECK(code(auditor.add_witness(odd.public_text())) == errc::role_denied);
  CHECK(code(auditor.witness_request("auditor.example")) == errc::none);
  auto associate = shop.begin(actor_role::associate);
  CHECK(code(associate.witnesses()) == errc::role_denied);
  CHECK(code(associate.ledger_file("checkpoint")) == errc::role_denied);
  REQUIRE(shop.in.remove_witness("auditor.example"));
  CHECK(code(shop.in.remove_witness("auditor.example")) == errc::not_found);
  for (int i = 0; i < 15; ++i) {
    const small_witness one("w" + std::to_string(i), static_cast<std::uint8_t>(0x50 + i));
    REQUIRE(shop.in.add_witness(one.public_text()));
  }
  CHECK(code(shop.in.add_witness(shop.auditor.public_text())) == errc::limit_exceeded);
}

TEST_CASE("evidence: with witnesses it says what they have seen, and the policy is held") {
  witnessed_shop shop;
  shop.both();
  const std::vector<std::string> keys{shop.auditor.public_text(), shop.sister.public_text()};
  CHECK(code(shop.check(shop.evidence(), keys, 1)) == errc::signature_invalid);
  const auto first = shop.ask(shop.auditor);
  REQUIRE(first);
  shop.pass_on(3);
  clock_hand().seconds += 60;
  const auto second = shop.ask(shop.sister);
  REQUIRE(second);
  shop.pass_on(2);
  const std::string text = shop.evidence();

  const auto two = shop.check(text, keys, 2);
  REQUIRE(two);
  CHECK(two->witnesses == 2);
  CHECK(two->witnessed_size == first->size);
  CHECK(two->witnessed_at == second->at);
  const auto one = shop.check(text, keys, 1);
  REQUIRE(one);
  CHECK(one->witnessed_size == second->size);
  CHECK(shop.check(text, {}, 0)->witnesses == 0);
  const small_witness stranger("stranger.example", 0x44);
  CHECK(code(shop.check(text, {stranger.public_text()}, 1)) == errc::signature_invalid);
  CHECK(shop.check(text, {stranger.public_text()}, 0)->witnessed_size == 0);
  // One key under two names would count twice, and more than there are cannot be required.
  const small_witness twin("twin.example", 0x41);
  CHECK(code(shop.check(text, {keys[0], twin.public_text()}, 1)) == errc::invalid_argument);
  CHECK(code(shop.check(text, keys, 3)) == errc::invalid_argument);
}

TEST_CASE("evidence: no change of a byte in what witnesses have cosigned goes through") {
  witnessed_shop shop;
  shop.both();
  REQUIRE(shop.ask(shop.auditor));
  shop.pass_on(3);
  REQUIRE(shop.ask(shop.sister));
  shop.pass_on(1);
  const std::vector<std::string> keys{shop.auditor.public_text(), shop.sister.public_text()};
  const std::string text = shop.evidence();
  const std::size_t from = text.find("clientbook-witnessed v1");
  REQUIRE(from != std::string::npos);
  REQUIRE(shop.check(text, keys, 2));
  for (std::size_t i = from; i < text.size() - 1; ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CAPTURE(i);
    CHECK(code(shop.check(changed, keys, 2)) != errc::none);
  }
  CHECK(code(shop.check(text.substr(0, from), keys, 1)) == errc::signature_invalid);
  CHECK(code(shop.check(text.substr(0, text.size() - 20), keys, 1)) == errc::invalid_encoding);
}

TEST_CASE("ledger files: what a log answers, by the names that tlog-tiles gives them") {
  witnessed_shop shop;
  shop.pass_on(300);
  const std::uint64_t size = shop.in.figures()->ledger_entries;
  REQUIRE(size > 256);
  const std::string part = std::to_string(size - 256);
  CHECK(shop.in.ledger_file("tile/0/000")->size() == 8192);
  CHECK(shop.in.ledger_file("tile/0/001.p/" + part)->size() == 32 * (size - 256));
  CHECK(shop.in.ledger_file("tile/0/001.p/1")->size() == 32);
  CHECK(shop.in.ledger_file("tile/1/000.p/1")->size() == 32);
  const auto entries = shop.in.ledger_file("tile/entries/001.p/" + part);
  REQUIRE(entries);
  CHECK(entries->size() == 89 * (size - 256));
  CHECK((*entries)[1] == std::byte{87});
  CHECK(shop.in.ledger_file("checkpoint")->size() == shop.in.checkpoint()->size());
  for (const char* none :
       {"", "tile", "tile/0/002", "tile/0/001", "tile/0/1", "tile/0/000.p/256", "tile/0/000.p/0",
        "tile/0/000.p/01", "tile/1/000", "tile/00/000", "tile/0/x000/000", "tile/64/000",
        "tile/entries/002", "tile/-1/000", "../checkpoint", "checkpoint/", "tile/0/000/"}) {
    CAPTURE(none);
    CHECK(code(shop.in.ledger_file(none)) == errc::not_found);
  }
}

TEST_CASE("checkpoint: one that somebody kept is held against the ledger of now") {
  witnessed_shop shop;
  const std::string kept = *shop.in.checkpoint();
  shop.pass_on(5);
  CHECK(*shop.in.goes_on_from(kept) + 5 == shop.in.figures()->ledger_entries);
  witnessed_shop other;
  CHECK(code(shop.in.goes_on_from(*other.in.checkpoint())) == errc::signature_invalid);
  CHECK(code(shop.in.goes_on_from("checkpoint")) == errc::invalid_encoding);
}

TEST_CASE("witness: as the bindings say and hear it") {
  witnessed_shop shop;
  shop.both();
  const std::string asked = shop.request(shop.auditor);
  std::string answer(shop.auditor.asked(asked, shop.log()).body);
  const auto quoted = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
      text.replace(at, 1, "\\n");
    }
    return '"' + text + '"';
  };
  std::string where;
  const auto told = take_witness_answer_json(
      "{\"request\": " + quoted(asked) + ", \"status\": 200, \"answer\": " + quoted(answer) + "}",
      shop.in, "auditor.example", where);
  REQUIRE(told);
  CHECK(told->find("\"cosigned\":true") != std::string::npos);
  CHECK(witnesses_to_json(shop.in)->find("\"at\":\"20") != std::string::npos);
  CHECK(code(take_witness_answer_json("{\"request\": 1}", shop.in, "auditor.example", where)) ==
        errc::wrong_type);
  CHECK(where == "/request");
  const std::string identity = shop.log();
  const auto proved =
      check_evidence_json(shop.evidence(), *ledger::parse_log_identity(identity),
                          "{\"witnesses\": [\"" + shop.auditor.public_text() + "\"]}");
  REQUIRE(proved);
  CHECK(proved_evidence_to_json(*proved)->find("\"witnesses\":1") != std::string::npos);
}
