// Evidence: all that is true is borne out, and nothing that was changed, cut or mixed is.
#include <clientbook/rights/evidence_text.hpp>

#include <random>
#include <string>
#include <vector>

#include "../book/fixture.hpp"
#include "json.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto delivery = purpose::delivery_of_goods;

struct ledger_shop : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "parcel-co", recipient::parcel_service);
  customer_id mary = keep(in, ken("L-2"));
  customer_id jo = keep(in, ken("L-1"));

  explicit ledger_shop(int entries = 5) {
    for (int i = 0; i < entries; ++i) {
      clock_hand().seconds += 86400;
      REQUIRE(in.disclose(jo, {.purpose = delivery, .recipient = parcels}));
      REQUIRE(in.disclose(mary, {.purpose = delivery, .recipient = parcels}));
    }
  }
  std::string text_of(const customer_id& id) {
    const auto all = in.evidence(id);
    REQUIRE(all);
    const auto text = evidence_to_text(*all);
    REQUIRE(text);
    return std::string(*text);
  }
  std::string log() {
    const auto out = in.log_identity();
    REQUIRE(out);
    return *out;
  }
};

result<proved_evidence> check(const std::string& text, const std::string& log) {
  const auto identity = ledger::parse_log_identity(log);
  REQUIRE(identity);
  return check_evidence(text, *identity);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    out.push_back(text.substr(at, end + 1 - at));
    at = end + 1;
  }
  return out;
}
std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

}  // namespace

TEST_CASE("evidence: everybody's entries are borne out without the book") {
  ledger_shop book;
  const auto proved = check(book.text_of(book.jo), book.log());
  REQUIRE(proved);
  CHECK(proved->customer == book.jo);
  REQUIRE(proved->entries.size() == 5);
  CHECK(proved->size == 10);
  const auto told = book.in.ledger(book.jo);
  REQUIRE(told);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(proved->entries[i].index == (*told)[i].index);
    CHECK(proved->entries[i].at == (*told)[i].at);
    CHECK(proved->entries[i].recipient == "parcel-co");
    CHECK(proved->entries[i].purpose == delivery);
    CHECK(proved->entries[i].fields == (*told)[i].fields);
    CHECK(proved->entries[i].sequence == i + 1);
  }
  const auto json = proved_evidence_to_json(*proved);
  REQUIRE(json);
  CHECK(json->find("\"parcel_service\"") != json->npos);
}

TEST_CASE("evidence: of somebody with no entry there is none, and it says so") {
  ledger_shop book;
  const customer_id nobody = keep(book.in, ken("L-3"));
  const auto proved = check(book.text_of(nobody), book.log());
  REQUIRE(proved);
  CHECK(proved->entries.empty());
  CHECK(check("", book.log()).error().code == errc::invalid_encoding);
  CHECK(check("clientbook-evidence v1\n", book.log()).error().code == errc::invalid_encoding);
}

TEST_CASE("evidence: an entry left out, put twice, exchanged or of somebody else is seen") {
  ledger_shop book;
  const std::vector<std::string> lines = lines_of(book.text_of(book.jo));
  const std::vector<std::string> other = lines_of(book.text_of(book.mary));
  REQUIRE(check(joined(lines), book.log()));
  for (std::size_t i = 2; i < 7; ++i) {
    std::vector<std::string> less = lines;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    const auto without = check(joined(less), book.log());
    // The newest alone cannot be missed.
    CHECK((i == 6) == without.has_value());
    if (!without) CHECK(without.error().code == errc::row_missing);
    std::vector<std::string> more = lines;
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    CHECK(check(joined(more), book.log()).error().code == errc::row_missing);
    std::vector<std::string> mixed = lines;
    mixed[i] = other[i];
    CHECK_FALSE(check(joined(mixed), book.log()).has_value());
  }
  std::vector<std::string> turned = lines;
  std::swap(turned[2], turned[3]);
  CHECK(check(joined(turned), book.log()).error().code == errc::row_missing);
}

TEST_CASE("evidence: another log's is not taken, nor an older checkpoint") {
  ledger_shop book;
  ledger_shop foreign(1);
  CHECK(check(book.text_of(book.jo), foreign.log()).error().code == errc::signature_invalid);
  const std::vector<std::string> before = lines_of(book.text_of(book.jo));
  REQUIRE(book.in.disclose(book.jo, {.purpose = delivery, .recipient = book.parcels}));
  std::vector<std::string> after = lines_of(book.text_of(book.jo));
  // Entries of today under the checkpoint of yesterday.
  std::copy(before.end() - 6, before.end(), after.end() - 6);
  CHECK(check(joined(after), book.log()).error().code == errc::proof_invalid);
}

// The text is base64 and signatures: a letter that counts nowhere would be a letter that somebody
// can change. Those of the `log` line are for a reader, who brings their own.
TEST_CASE("evidence: no change of a byte goes through") {
  ledger_shop book(3);
  const std::string text = book.text_of(book.jo);
  const std::string log = book.log();
  const std::size_t begin = text.find("entry ");
  std::mt19937_64 random(14);
  std::uint64_t tried = 0;
  for (std::size_t at = begin; at < text.size(); ++at) {
    for (const char c : {static_cast<char>(text[at] ^ 1), 'A', '\n', ' '}) {
      if (c == text[at]) continue;
      std::string changed = text;
      changed[at] = c;
      // A line end that becomes CR LF alone is the same text.
      CAPTURE(at);
      CHECK_FALSE(check(changed, log).has_value());
      ++tried;
    }
  }
  for (std::size_t size = begin; size + 1 < text.size(); size += 1 + random() % 40) {
    CHECK_FALSE(check(text.substr(0, size), log).has_value());
  }
  CHECK(tried > 5000);
}

TEST_CASE("evidence: no entry of an erased customer opens, and everybody else's still does") {
  ledger_shop book;
  REQUIRE(book.in.erase(book.mary, erasure_reason::subject_request));
  CHECK(book.in.evidence(book.mary).error().code == errc::key_erased);
  const auto proved = check(book.text_of(book.jo), book.log());
  REQUIRE(proved);
  CHECK(proved->entries.size() == 5);
}

TEST_CASE("evidence: a book of many entries proves each at once as one by one") {
  ledger_shop book(400);  // Several tiles.
  const auto all = book.in.evidence(book.jo);
  REQUIRE(all);
  REQUIRE(all->entries.size() == 400);
  for (std::size_t i = 0; i < all->entries.size(); i += 37) {
    const auto one = book.in.prove(all->entries[i].index);
    REQUIRE(one);
    CHECK(one->path == all->entries[i].path);
  }
  CHECK(check(book.text_of(book.jo), book.log()));
}

TEST_CASE("evidence: for who may see where it went, and for nobody else") {
  ledger_shop book;
  session till = book.begin(actor_role::service);
  CHECK(till.evidence(book.jo).error().code == errc::role_denied);
  session officer = book.begin(actor_role::privacy_officer);
  CHECK(officer.evidence(book.jo));
}

TEST_CASE("rights: evidence of the vectors that all languages share") {
  namespace json = boost::json;
  const json::value file =
      json::parse(read_file(CLIENTBOOK_SOURCE_DIR "/tests/vectors/bindings/proofs.json"));
  std::size_t steps = 0;
  for (const json::value& one : file.at("steps").as_array()) {
    if (one.at("call") != "check_evidence") continue;
    ++steps;
    CAPTURE(steps);
    const json::object& expect = one.at("expect").as_object();
    const std::string identity = json::value_to<std::string>(one.at("log"));
    const auto log = ledger::parse_log_identity(identity);
    REQUIRE(log);
    const auto proved = check_evidence(json::value_to<std::string>(one.at("evidence")), *log);
    CHECK(static_cast<std::int64_t>(proved.error().code) == expect.at("code").as_int64());
    if (!proved) {
      CHECK(proved.error().at == expect.at("at").to_number<std::uint64_t>());
    } else {
      CHECK(*proved_evidence_to_json(*proved) == json::value_to<std::string>(expect.at("text")));
    }
  }
  CHECK(steps > 10);
}
