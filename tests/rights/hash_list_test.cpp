// Lists of hashes from outside: the printed vectors of the rules, whom rows are about, what is done
// and told, and what is refused. What recipients still have and may not, and whom they passed it on
// to.
#include <clientbook/internal/base/base64.hpp>
#include <clientbook/rights/answer_hash_list.hpp>
#include <clientbook/rights/answer_request.hpp>
#include <clientbook/rights/customer_page.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "../transfer/shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

std::string written(const std::optional<list_hash>& hash) {
  if (!hash) return {};
  std::string out;
  struct {
    std::string& to;
    void put(char c) { to += c; }
  } text{out};
  put_base64(text, *hash);
  return out;
}

std::string sha256_text(std::string_view text) {
  const crypto::digest made = crypto::sha256(as_bytes(text));
  list_hash bytes;
  copy_bytes(byte_span(bytes), byte_view(made));
  return written(bytes);
}

// As the rules say it, from the printed hashes of the parts.
std::string of_parts(std::string_view first, std::string_view last, std::string_view born,
                     std::string_view zip) {
  return sha256_text(std::string(first) + std::string(last) + std::string(born) + std::string(zip));
}

constexpr std::string_view juan_pablo = "91hIbrbzNeqHs3o81O5yNrXUj7wDd2shvZ6THKi9qz8=";
constexpr std::string_view martinez = "2wRPGbwBNxhShjRczx8GfS2c4cjvs4NJskeWloUNtp8=";
constexpr std::string_view july_1776 = "skXYXxBER6HQTZ3rXSZH1wVGLQ054mS5rbR/bwvzy4I=";
constexpr std::string_view zip_91790 = "2FPZucR4x7U8KlM+SFAX4LPGhwNz/PIZUCSUdDh0o/s=";

customer resident(const std::string& loyalty, std::string_view email, std::string_view phone) {
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = "Danielle", .family = "Johnson"}));
  REQUIRE(out.set(field::emails, std::array{email_address{.address = email}}));
  REQUIRE(out.set(field::phones, std::array{phone_number{.number = phone}}));
  REQUIRE(out.set(field::birth_date, date{1985, 7, 4}));
  REQUIRE(out.set(field::addresses,
                  std::array{postal_address{.line1 = "1 Main St", .postal_code = "91790-3771"}}));
  const external_id id{.system = "loyalty", .value = loyalty};
  REQUIRE(out.set(field::external_ids, std::array{id}));
  return out;
}

// The birth date stands on a consent.
customer_id keep_resident(session& in, const customer& record) {
  const directive yes = grant_of(in, {recipient::self});
  auto id = in.put(
      record, {.purposes = purpose_set{purpose::customer_order_management, purpose::client_care},
               .directives = {&yes, 1}});
  REQUIRE(id);
  return *id;
}

struct listed_shop : shop {
  session in = furnished();
  recipient_id parcels = add_party(in, "Parcels Ltd", recipient::parcel_service);
  customer_id jo = keep(in, ken("L-1"));
  customer_id danielle =
      keep_resident(in, resident("L-2", "danielle.johnson12@example.com", "555-127-3811"));
  std::vector<hash_list> lists;
  hash_list_answer done;

  session furnished() {
    session out = begin();
    add_notice(out);
    return out;
  }

  void list(hash_list_kind kind, std::string_view rows) {
    auto read = read_hash_list("ID,Hash\r\n" + std::string(rows), kind);
    REQUIRE(read);
    lists.push_back(std::move(*read));
  }
  result<void> answer(const hash_list_options& how = {}) {
    return answer_hash_lists(in, lists, how, done);
  }
  void pass_on(const customer_id& id) {
    REQUIRE(in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = parcels}));
  }
  bool may_be_sold(const customer_id& id) {
    const auto said = in.directives(id);
    REQUIRE(said);
    return std::none_of(said->begin(), said->end(), [](const directive& one) {
      return one.kind == directive_kind::deny && one.by == indicated_by::agent;
    });
  }
  bool is_there(const customer_id& id) {
    const auto seen = in.read(id, purpose::customer_order_management);
    return seen || seen.error().code != errc::key_erased;
  }
};

constexpr std::string_view danielle_row =
    "AAAAAAAAAAA1,mKDnDvwF2inxrKcK1hJN2TRkxPfL6kzNNTtU12eH8Bw=\r\n";
constexpr std::string_view nobody_row =
    "AAAAAAAAAAA2,KA18MT/ph6IHYjzT9zwETySDQyvSh87YuoSBpOQtkhE=\r\n";

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("hash list: the printed vectors of the rules come out") {
  CHECK(written(hash_of_email("Anna.Smith@Domain.com")) ==
        "KA18MT/ph6IHYjzT9zwETySDQyvSh87YuoSBpOQtkhE=");
  CHECK(written(hash_of_email(" danielle.johnson12@ example.com\t")) ==
        "mKDnDvwF2inxrKcK1hJN2TRkxPfL6kzNNTtU12eH8Bw=");
  CHECK(written(hash_of_phone("+1(415)555-9317")) ==
        "vGM7y5n+hBXRSEAklhHDPCbysyNgYTmXdMcagGUOY8E=");
  CHECK(written(hash_of_phone("+84(90)123 4567")) ==
        "ptzVkgbv9DonwvPCHmXmJ2SEOaolSh37z3ZzY/Gmm+U=");
  CHECK(written(hash_of_phone("+354(123)4567")) == "Btrzydf5K6ALAKKXJGFHSx7u5bDzHC9WlVYtpq1n2rY=");
  CHECK(written(hash_of_phone("5551273811")) == "jr/RAWYVN+ODBf2vRxwBASPwiO4x27OGI1y3IDhcwLo=");
  CHECK(written(hash_of_person("Danielle", "Johnson", {1985, 7, 4}, "91790")) ==
        "PQOfn1RffEKmqMmNAzDKKaoZCwxWbQZkQzPWmQo9REA=");
  const date born{1776, 7, 4};
  for (const auto& [zip, printed] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"91790-3771", zip_91790},
           {"M1B 1A1", "n8L9q8mVeT6Xt9/EeUNiTukGDrkbPJ3DvOEx14uElxk="},
           {" 00712345", "aeNUYKh7Xw5sqpxSbSP9eOHsj6iXewbUyavv89DIuhQ="},
           {" 00300-9999", "mDvWFLta/s5as7YCP3EUfNe2vCMU+dJ690IlQcZVg4k="}}) {
    CHECK(written(hash_of_person("Juan Pablo", "Martinez", born, zip)) ==
          of_parts(juan_pablo, martinez, july_1776, printed));
  }
}

TEST_CASE("hash list: names are letters and digits, in Latin where the rules say so") {
  const date born{1776, 7, 4};
  const auto of = [&](std::string_view given) {
    return written(hash_of_person(given, "Martinez", born, "91790"));
  };
  const auto as = [&](std::string_view plain) {
    return of_parts(sha256_text(plain), martinez, july_1776, zip_91790);
  };
  CHECK(of("José") == as("jose"));
  CHECK(of("Jose\xCC\x81") == as("jose"));  // Composed or not.
  CHECK(of("D'Angelo-Smith") == as("dangelosmith"));
  CHECK(of("Straße") == as("strasse"));
  CHECK(of("Æther") == as("aether"));
  CHECK(of("ŁUKASZ") == as("lukasz"));
  CHECK(of("Щербакова") == as("shcherbakova"));
  CHECK(of("Ёлкина") == as("yolkina"));
  CHECK(of("Ильич") == as("ilich"));
  CHECK(of("Николай") == as("nikolay"));
  CHECK(of("Θεοδώρου") == as("theodoroy"));
  CHECK(of("田中") == as("田中"));
  CHECK(of("").empty());
  CHECK(of("'-. ").empty());
  CHECK(written(hash_of_person("Ann", "Lee", {0, 7, 4}, "91790")).empty());
  CHECK(written(hash_of_person("Ann", "Lee", born, "-")).empty());
  CHECK(written(hash_of_person("Ann", "Lee", born, "00000")).empty());
  CHECK_FALSE(hash_of_email(" \t"));
  CHECK_FALSE(hash_of_phone("none"));
}

TEST_CASE("hash list: each kind finds whom it is about, and nothing else of the book") {
  listed_shop s;
  s.list(hash_list_kind::email, danielle_row);
  s.list(hash_list_kind::phone, "BBBBBBBBBBB1,jr/RAWYVN+ODBf2vRxwBASPwiO4x27OGI1y3IDhcwLo=\n");
  s.list(hash_list_kind::name_birth_zip,
         "CCCCCCCCCCC1,PQOfn1RffEKmqMmNAzDKKaoZCwxWbQZkQzPWmQo9REA=\r\n");
  // A hash of an address is none of a number.
  s.list(hash_list_kind::phone, "DDDDDDDDDDD1,mKDnDvwF2inxrKcK1hJN2TRkxPfL6kzNNTtU12eH8Bw=\r\n");
  const std::size_t said = s.in.directives(s.danielle)->size();
  REQUIRE(s.answer());
  CHECK(s.done.customers == 1);
  CHECK(s.done.statuses == std::vector{list_status::deleted, list_status::deleted,
                                       list_status::deleted, list_status::not_found});
  // Nothing was done.
  CHECK(s.done.erased == 0);
  CHECK(s.done.opted_out == 0);
  CHECK(s.in.directives(s.danielle)->size() == said);
  CHECK(s.in.requests()->empty());
  CHECK(s.in.figures()->list_answered_at == timestamp{});
}

TEST_CASE("hash list: a match alone is erased with a request and a receipt, the rest stays") {
  listed_shop s;
  s.list(hash_list_kind::email, std::string(danielle_row) + std::string(nobody_row));
  REQUIRE(s.answer({.work = hash_list_work::erase}));
  CHECK(s.done.statuses == std::vector{list_status::deleted, list_status::not_found});
  CHECK(s.done.erased == 1);
  CHECK_FALSE(s.is_there(s.danielle));
  CHECK(s.is_there(s.jo));
  const auto requests = s.in.requests();
  REQUIRE(requests);
  REQUIRE(requests->size() == 1);
  CHECK(requests->front().state == request_state::closed);
  CHECK(requests->front().channel == request_channel::agent);
  CHECK(requests->front().ledger_index.has_value());
  CHECK(statuses_to_csv(s.lists[0], s.done.statuses) ==
        "Id,Status\r\nAAAAAAAAAAA1,3\r\nAAAAAAAAAAA2,5\r\n");
  CHECK(s.in.figures()->list_answered_at == clock_hand());
}

TEST_CASE("hash list: who shares an identifier is opted out of sale and sharing, not erased") {
  listed_shop s;
  const customer_id other =
      keep_resident(s.in, resident("L-3", "DANIELLE.johnson12@example.com", "+1 202 555 0177"));
  s.list(hash_list_kind::email, danielle_row);
  REQUIRE(s.answer({.work = hash_list_work::erase}));
  CHECK(s.done.statuses == std::vector{list_status::opted_out});
  CHECK(s.done.opted_out == 2);
  CHECK(s.is_there(s.danielle));
  CHECK(s.is_there(other));
  CHECK_FALSE(s.may_be_sold(s.danielle));
  CHECK_FALSE(s.may_be_sold(other));
  CHECK(s.may_be_sold(s.jo));
  // Alone in another row, she is erased, and the shared one is opted out all the same.
  s.lists.clear();
  s.list(hash_list_kind::email, danielle_row);
  s.list(hash_list_kind::phone, "BBBBBBBBBBB1,jr/RAWYVN+ODBf2vRxwBASPwiO4x27OGI1y3IDhcwLo=\n");
  REQUIRE(s.answer({.work = hash_list_work::erase}));
  CHECK(s.done.statuses == std::vector{list_status::opted_out, list_status::deleted});
  CHECK_FALSE(s.is_there(s.danielle));
  // The other is alone in the shared one now. Whose request it was nobody knows: not for another
  // list either, whatever it calls the row.
  for (const std::string& row :
       {std::string(danielle_row), "CCCCCCCCCCC1" + std::string(danielle_row).substr(12)}) {
    for (const auto work : {hash_list_work::look, hash_list_work::erase, hash_list_work::erase}) {
      s.lists.clear();
      s.list(hash_list_kind::email, row);
      REQUIRE(s.answer({.work = work, .recipients_told = true}));
      CHECK(s.done.statuses == std::vector{list_status::opted_out});
      CHECK(s.done.erased == 0);
      CHECK(s.is_there(other));
    }
  }
  // Alone in a row of their own they are, and the shared one is no reason to keep them.
  s.lists.clear();
  s.list(hash_list_kind::email, danielle_row);
  s.list(hash_list_kind::phone, "BBBBBBBBBBB2," + written(hash_of_phone("+1 202 555 0177")) + "\n");
  REQUIRE(s.answer({.work = hash_list_work::erase, .recipients_told = true}));
  CHECK_FALSE(s.is_there(other));
}

TEST_CASE("hash list: who has asked for a copy gets it before they are erased") {
  listed_shop s;
  const auto number = s.in.open_request(
      s.danielle,
      {.kind = request_kind::access, .received = date_of(clock_hand()), .identity = "passport"});
  REQUIRE(number);
  s.list(hash_list_kind::email, danielle_row);
  REQUIRE(s.answer({.work = hash_list_work::look}));
  CHECK(s.done.unanswered == std::vector{*number});
  REQUIRE(s.answer({.work = hash_list_work::erase, .recipients_told = true}));
  CHECK(s.done.statuses == std::vector{list_status::waiting});
  CHECK(s.done.unanswered == std::vector{*number});
  CHECK(s.done.opted_out == 1);
  CHECK(s.is_there(s.danielle));
  REQUIRE(s.in.refuse_request(*number, "excessive"));
  REQUIRE(s.answer({.work = hash_list_work::erase, .recipients_told = true}));
  CHECK(s.done.statuses == std::vector{list_status::deleted});
  CHECK_FALSE(s.is_there(s.danielle));
}

TEST_CASE("hash list: to opt out erases nobody") {
  listed_shop s;
  s.list(hash_list_kind::email, danielle_row);
  REQUIRE(s.answer({.work = hash_list_work::opt_out}));
  CHECK(s.done.statuses == std::vector{list_status::exempted});
  CHECK(s.is_there(s.danielle));
  CHECK_FALSE(s.may_be_sold(s.danielle));
  CHECK(s.in.requests()->empty());
  CHECK(s.answer({.work = hash_list_work::opt_out, .law_kept = law_kept_records::elsewhere})
            .error()
            .code == errc::invalid_argument);
}

TEST_CASE("hash list: a legal hold and an open case keep somebody, who is exempt and opted out") {
  for (const bool by_hold : {true, false}) {
    listed_shop s;
    if (by_hold) {
      REQUIRE(s.in.place_hold(s.danielle, {.reason = "audit", .reference = "file 3"}));
    } else {
      session other = *s.opened->begin_session({.id = actor_id(8), .role = actor_role::owner});
      const std::uint32_t number = open_case(s.in, {s.danielle}, case_kind::claims);
      REQUIRE(other.confirm_case(number));
    }
    s.list(hash_list_kind::email, danielle_row);
    REQUIRE(s.answer());
    CHECK(s.done.statuses == std::vector{list_status::exempted});
    REQUIRE(s.answer({.work = hash_list_work::erase}));
    CHECK(s.done.statuses == std::vector{list_status::exempted});
    CHECK(s.is_there(s.danielle));
    CHECK_FALSE(s.may_be_sold(s.danielle));
  }
}

TEST_CASE("hash list: nobody is erased before recipients were told, and then all are") {
  listed_shop s;
  s.pass_on(s.danielle);
  const std::string of_ken = "EEEEEEEEEEE1," + written(hash_of_email("ken@example.com")) + "\r\n";
  s.list(hash_list_kind::email, std::string(danielle_row) + of_ken);
  REQUIRE(s.answer({.work = hash_list_work::erase}));
  CHECK(s.done.statuses == std::vector{list_status::waiting, list_status::waiting});
  CHECK(s.done.erased == 0);
  CHECK(s.done.opted_out == 2);
  CHECK(s.done.requests.size() == 1);
  CHECK(s.done.recipients ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"Parcels Ltd", 1}});
  CHECK(s.is_there(s.danielle));
  CHECK(s.is_there(s.jo));
  CHECK(s.in.figures()->list_answered_at == timestamp{});
  const std::size_t requests = s.in.requests()->size();
  REQUIRE(s.answer({.work = hash_list_work::erase, .recipients_told = true}));
  CHECK(s.done.statuses == std::vector{list_status::deleted, list_status::deleted});
  CHECK_FALSE(s.is_there(s.danielle));
  CHECK(s.in.requests()->size() == requests);  // Those of the first run were answered.
  for (const request_record& one : *s.in.requests()) {
    CHECK(one.state == request_state::closed);
    for (const request_recipient& each : one.recipients) CHECK(each.state == told_state::told);
  }
}

TEST_CASE("hash list: it is for who reaches everybody, and a trace of every customer says so") {
  listed_shop s;
  s.list(hash_list_kind::email, danielle_row);
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::auditor,
                                actor_role::security_officer, actor_role::service}) {
    auto other = s.opened->begin_session({.id = actor_id(9), .role = role});
    REQUIRE(other);
    CHECK(answer_hash_lists(*other, s.lists, {}, s.done).error().code == errc::role_denied);
  }
  const auto before = s.in.who_looked(s.jo);
  REQUIRE(before);
  auto officer = s.opened->begin_session({.id = actor_id(12), .role = actor_role::privacy_officer});
  REQUIRE(officer);
  REQUIRE(answer_hash_lists(*officer, s.lists, {}, s.done));
  const auto looks = s.in.who_looked(s.jo);  // Ken is on no row.
  REQUIRE(looks);
  const auto theirs = std::find_if(looks->begin(), looks->end(), [](const look& one) {
    return one.actor == actor_id(12) && one.purpose == purpose::rights_fulfilment;
  });
  REQUIRE(theirs != looks->end());
  CHECK(theirs->fields == only(field::emails));
  REQUIRE(s.in.begin());
  CHECK(s.in.match_hash_list({}).error().code == errc::invalid_argument);
  const listed_hash one[] = {{}};
  CHECK(s.in.match_hash_list(one).error().code == errc::invalid_state);
  s.in.rollback();
}

TEST_CASE("hash list: rows that begin alike, twice and of no kind") {
  listed_shop s;
  const auto hash = hash_of_email("ken@example.com");
  REQUIRE(hash);
  std::vector<listed_hash> rows;
  for (int i = 0; i < 300; ++i) {
    listed_hash one{*hash, hash_list_kind::email};
    if (i != 150 && i != 7) one.hash[31] = static_cast<std::byte>(i), one.hash[30] ^= std::byte{1};
    rows.push_back(one);
  }
  const auto found = s.in.match_hash_list(rows);
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].row == 7);
  CHECK((*found)[1].row == 150);
  CHECK((*found)[1].customer == s.jo);
  CHECK_FALSE((*found)[1].held);
  rows[3].kind = hash_list_kind{9};
  CHECK(s.in.match_hash_list(rows).error().code == errc::invalid_argument);
  CHECK(s.in.match_hash_list(rows).error().at == 3);
}

TEST_CASE("hash list: a broken file is refused with its line, and nothing of it is quoted") {
  const std::string good = "AAAAAAAAAAA1,mKDnDvwF2inxrKcK1hJN2TRkxPfL6kzNNTtU12eH8Bw=\r\n";
  struct wrong {
    std::string text;
    errc code;
    std::size_t line;
  };
  const std::string hash = good.substr(13, 44);
  const wrong all[] = {
      {"", errc::invalid_encoding, 1},
      {"Id,Hash\r\n" + good, errc::invalid_encoding, 1},
      {"ID,Hash,ListType\r\n", errc::unsupported, 1},
      {"ID,Hash\r\n" + good + "AAAAAAAAAAA2\r\n", errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "AAAAAAAAAAA2," + hash + ",x\r\n", errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "AAAAAAAAAA," + hash + "\r\n", errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "AAAAAAAAAA-2," + hash + "\r\n", errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "AAAAAAAAAAA2," + hash.substr(1) + "\r\n", errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "AAAAAAAAAAA2," + std::string(44, '*') + "\r\n",
       errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "AAAAAAAAAAA2," + std::string(64, 'a') + "\r\n",
       errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "\r\n" + good, errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "ken@example.com," + hash + "\r\n", errc::invalid_encoding, 3},
      {"ID,Hash\r\n" + good + "AAAAAAAAAAA2," + hash + "\r\n" + good, errc::already_exists, 4},
  };
  for (const wrong& one : all) {
    const auto read = read_hash_list(one.text, hash_list_kind::email);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == one.code);
    CHECK(read.error().at == one.line);
    const std::string_view said = read.error().text.c_str();
    CHECK_FALSE(has(said, "ken"));
    CHECK_FALSE(has(said, hash));
  }
  // As spreadsheets and other systems write it.
  for (const std::string& text :
       {"ID,Hash\n" + good, "\xEF\xBB\xBFID,Hash\r\n" + good,
        "\"ID\",\"Hash\"\r\n\"AAAAAAAAAAA1\",\"" + hash + "\"", std::string("ID,Hash\r\n")}) {
    CHECK(read_hash_list(text, hash_list_kind::email));
  }
}

TEST_CASE("hash lists: who was erased by a run that was cut off is told as deleted") {
  listed_shop s;
  s.list(hash_list_kind::email, std::string(danielle_row) + std::string(nobody_row));
  std::vector<work_item_id> begun;
  int told = 0;
  // Nothing is erased where nobody keeps what is begun.
  const auto cannot = [&](std::span<const work_item_id>) -> result<void> {
    return error{errc::disk_full, "no room"};
  };
  CHECK(s.answer({.work = hash_list_work::erase, .about_to_erase = cannot}).error().code ==
        errc::disk_full);
  CHECK(s.is_there(s.danielle));
  const auto keep = [&](std::span<const work_item_id> rows) -> result<void> {
    ++told;
    CHECK(s.is_there(s.danielle));
    begun.assign(rows.begin(), rows.end());
    return {};
  };
  REQUIRE(s.answer({.work = hash_list_work::erase, .about_to_erase = keep}));
  CHECK(told == 1);
  REQUIRE(begun.size() == 1);
  CHECK(std::string_view(begun[0].data(), begun[0].size()) == "AAAAAAAAAAA1");
  CHECK_FALSE(s.is_there(s.danielle));
  // The statuses were lost: the same list once more.
  REQUIRE(s.answer({.work = hash_list_work::erase, .about_to_erase = keep, .begun = begun}));
  CHECK(s.done.statuses == std::vector{list_status::deleted, list_status::not_found});
  CHECK(told == 1);
  // Of somebody who is there all the same it says what is true.
  const customer_id again =
      keep_resident(s.in, resident("L-9", "danielle.johnson12@example.com", "555-127-3811"));
  REQUIRE(s.in.place_hold(again, {.reason = "audit", .reference = "file 3"}));
  REQUIRE(s.answer({.work = hash_list_work::erase, .begun = begun}));
  CHECK(s.done.statuses == std::vector{list_status::exempted, list_status::not_found});
}

TEST_CASE("hash list: who is held or gone since the list was read ends nobody else's erasure") {
  listed_shop s;
  const std::string of_ken = "EEEEEEEEEEE1," + written(hash_of_email("ken@example.com")) + "\r\n";
  s.list(hash_list_kind::email, std::string(danielle_row) + of_ken);
  session other = *s.opened->begin_session({.id = actor_id(8), .role = actor_role::owner});
  const auto hold = [&](std::span<const work_item_id>) -> result<void> {
    const auto placed = other.place_hold(s.jo, {.reason = "audit", .reference = "file 3"});
    if (!placed) return placed.error();
    return {};
  };
  REQUIRE(s.answer({.work = hash_list_work::erase, .about_to_erase = hold}));
  CHECK(s.done.statuses == std::vector{list_status::deleted, list_status::exempted});
  CHECK(s.is_there(s.jo));
  CHECK_FALSE(s.may_be_sold(s.jo));
  for (const request_record& one : *s.in.requests()) CHECK(one.state != request_state::open);
}

TEST_CASE("hash list: the name of a file says its kind") {
  CHECK(*kind_of_hash_list("in/20260312_4821_Email.csv") == hash_list_kind::email);
  CHECK(*kind_of_hash_list("20260312_4821_Phone_part01.csv") == hash_list_kind::phone);
  CHECK(*kind_of_hash_list("20260312_4821_NDZ.csv") == hash_list_kind::name_birth_zip);
  for (const char* name : {"20260312_4821_MAID.csv", "20260312_4821_NameVIN.csv",
                           "20260312_4821_CTVID.csv", "20260312_4821_Removed.csv",
                           "20260312_4821_Email_Removed.csv", "20260312_4821_Removed_Email.csv"}) {
    CHECK(kind_of_hash_list(name).error().code == errc::unsupported);
  }
  for (const char* name :
       {"", "list.csv", "20260312_4821_email.csv", "Email.csv", "20260312_4821_Phone_Email.csv"}) {
    CHECK(kind_of_hash_list(name).error().code == errc::unknown_field);
  }
}

TEST_CASE("hash list: in JSON, with the statuses to send back and the day of the next one") {
  listed_shop s;
  std::string where;
  const std::string text = R"({"lists": [{"kind": "email", "text": "ID,Hash\r\nAAAAAAAAAAA1,)"
                           R"(mKDnDvwF2inxrKcK1hJN2TRkxPfL6kzNNTtU12eH8Bw=\r\n"}])";
  const auto looked = answer_hash_lists_json(text + "}", s.in, where);
  REQUIRE(looked);
  CHECK(has(*looked, R"("deleted":1)"));
  CHECK(has(*looked, R"("lists":[])"));
  const auto done = answer_hash_lists_json(text + R"(, "work": "erase"})", s.in, where);
  REQUIRE(done);
  CHECK(has(*done, R"(Id,Status\r\nAAAAAAAAAAA1,3\r\n)"));
  CHECK(has(*done, R"("again_by":"20)"));
  struct wrong {
    const char* text;
    errc code;
    const char* where;
  };
  for (const wrong& one :
       {wrong{R"({})", errc::missing_field, "/lists"},
        wrong{R"({"lists": [{"kind": "vin", "text": ""}]})", errc::unknown_field, "/lists/0/kind"},
        wrong{R"({"lists": [{"kind": "email", "text": "x"}]})", errc::invalid_encoding,
              "/lists/0/text"},
        wrong{R"({"lists": [{"kind": "email", "text": "ID,Hash"}]})", errc::invalid_argument, ""},
        wrong{R"({"lists": [], "work": "all"})", errc::unknown_field, "/work"},
        wrong{R"({"lists": [], "more": 1})", errc::unknown_field, ""}}) {
    const auto answer = answer_hash_lists_json(one.text, s.in, where);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == one.code);
    CHECK(where == std::string_view(one.where));
  }
}

TEST_CASE("hash list: it is to be answered again within 45 days, and a reminder says so") {
  listed_shop s;
  const auto reminders = [&] { return hash_list_reminders(*s.in.figures(), clock_hand()); };
  CHECK(reminders().empty());
  s.list(hash_list_kind::email, nobody_row);
  REQUIRE(s.answer({.work = hash_list_work::erase}));
  CHECK(reminders().empty());
  clock_hand().seconds += 40 * day;
  REQUIRE(reminders().size() == 1);
  CHECK(has(reminders()[0], "answer them again by"));
  clock_hand().seconds += 6 * day;
  CHECK(has(reminders()[0], "they were to be answered again by"));
}

// --- what recipients still have -------------------------------------------------------------

namespace {

struct partner_shop : listed_shop {
  recipient_id mill = add_party(in, "Mill GmbH", recipient::selected_partner);

  partner_shop() { add_notice(in); }  // A grant reaches the parties that there are.

  void agree(std::uint32_t seconds) {
    directive yes = grant_of(in, {recipient::self, recipient::selected_partner});
    if (seconds != 0) {
      yes.conditions.required = {obligation::expire};
      yes.conditions.expire_seconds = seconds;
    }
    REQUIRE(in.record(jo, yes));
  }
  void give() {
    REQUIRE(in.disclose(
        jo,
        {.purpose = purpose::email_marketing, .recipient = mill, .fields = only(field::emails)}));
  }
  std::vector<expired_disclosure> expired() {
    auto out = in.expired_disclosures();
    REQUIRE(out);
    return std::move(*out);
  }
};

}  // namespace

TEST_CASE(
    "expiry: what was given for a time is on the list when that is over, until they are told") {
  partner_shop s;
  s.agree(10 * day);
  s.give();
  const timestamp given = clock_hand();
  CHECK(s.in.ledger(s.jo)->back().until == timestamp{given.seconds + 10 * day});
  clock_hand().seconds = given.seconds + 10 * day - 1;
  CHECK(s.expired().empty());
  CHECK(s.in.tell_expired(s.jo, "Mill GmbH").error().code == errc::not_found);
  clock_hand().seconds += 1;
  const auto all = s.expired();
  REQUIRE(all.size() == 1);
  CHECK(all[0].customer == s.jo);
  CHECK(all[0].recipient == "Mill GmbH");
  CHECK(all[0].fields == only(field::emails));
  CHECK(all[0].why == expiry_reason::time_over);
  CHECK(s.in.tell_expired(s.jo, "Somebody").error().code == errc::not_found);
  const auto told = s.in.tell_expired(s.jo, "Mill GmbH");
  REQUIRE(told);
  CHECK(*told == 1);
  CHECK(s.expired().empty());
  CHECK(s.in.tell_expired(s.jo, "Mill GmbH").error().code == errc::not_found);
  const auto last = s.in.ledger(s.jo)->back();
  CHECK(last.event == ledger_event::recipient_told);
  CHECK(last.fields == only(field::emails));
  // They get it once more: that is another time.
  s.give();
  CHECK(s.expired().empty());
  clock_hand().seconds += 11 * day;
  CHECK(s.expired().size() == 1);
}

TEST_CASE("expiry: what they got again since, and may keep, is not on the list") {
  partner_shop s;
  s.agree(10 * day);
  s.give();
  clock_hand().seconds += 8 * day;
  s.give();
  clock_hand().seconds += 3 * day;
  CHECK(s.expired().empty());
  clock_hand().seconds += 8 * day;
  CHECK(s.expired().size() == 2);
}

TEST_CASE("expiry: what was given under a consent that was taken back is on the list") {
  partner_shop s;
  s.agree(0);
  s.give();
  CHECK(s.in.ledger(s.jo)->back().until == timestamp{});
  CHECK(s.expired().empty());
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(s.jo, withdrawal()));
  const auto all = s.expired();
  REQUIRE(all.size() == 1);
  CHECK(all[0].why == expiry_reason::withdrawn);
  CHECK(all[0].fields == only(field::emails));
  REQUIRE(s.in.tell_expired(s.jo, "Mill GmbH"));
  CHECK(s.expired().empty());
}

TEST_CASE("expiry: what they were told of one purpose says nothing of another") {
  partner_shop s;
  privacy_notice both = notice_for(s.in);
  both.title = short_text<64>("both");
  both.announced.purposes = {purpose::email_marketing, purpose::postal_marketing};
  REQUIRE(s.in.add_notice(both));
  const directive yes = grant_of(s.in, {recipient::self, recipient::selected_partner});
  REQUIRE(s.in.record(s.jo, yes));
  for (const purpose_id why : {purpose::email_marketing, purpose::postal_marketing}) {
    REQUIRE(
        s.in.disclose(s.jo, {.purpose = why, .recipient = s.mill, .fields = only(field::name)}));
  }
  const auto take_back = [&](purpose_id why) {
    clock_hand().seconds += 60;
    directive no = withdrawal();
    no.scope.purposes = {why};
    REQUIRE(s.in.record(s.jo, no));
  };
  take_back(purpose::email_marketing);
  REQUIRE(s.expired().size() == 1);
  REQUIRE(s.in.tell_expired(s.jo, "Mill GmbH"));
  CHECK(s.expired().empty());
  take_back(purpose::postal_marketing);
  const auto left = s.expired();
  REQUIRE(left.size() == 1);
  CHECK(left[0].purpose == purpose::postal_marketing);
}

TEST_CASE("expiry: whoever got it from them is to delete it too, until they are told") {
  partner_shop s;
  s.agree(0);
  s.give();
  const auto passed_on = [&](std::string_view from, std::string_view to) {
    REQUIRE(
        s.in.report_onward(s.jo, {.from = from, .to = to, .party_class = recipient::third_party}));
  };
  passed_on("Mill GmbH", "Resold AG");
  passed_on("Resold AG", "Third Ltd");
  CHECK(s.expired().empty());
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(s.jo, withdrawal()));
  std::vector<std::string> names;
  for (const expired_disclosure& one : s.expired()) {
    names.push_back(one.recipient);
    CHECK(one.fields == only(field::emails));
    CHECK(one.why == expiry_reason::withdrawn);
    CHECK(one.purpose == purpose::email_marketing);
  }
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"Mill GmbH", "Resold AG", "Third Ltd"});
  // Each of them is told of their own.
  REQUIRE(s.in.tell_expired(s.jo, "Mill GmbH"));
  REQUIRE(s.in.tell_expired(s.jo, "Third Ltd"));
  const auto left = s.expired();
  REQUIRE(left.size() == 1);
  CHECK(left[0].recipient == "Resold AG");
  REQUIRE(s.in.tell_expired(s.jo, "Resold AG"));
  CHECK(s.expired().empty());
}

TEST_CASE("expiry: what did not get out, and what the law has passed on, is not on the list") {
  partner_shop s;
  s.agree(0);
  s.give();
  const std::uint64_t entry = s.in.ledger(s.jo)->back().index;
  const customer_entry lost[] = {{s.jo, entry}};
  REQUIRE(s.in.not_delivered(lost));
  s.pass_on(s.danielle);  // By contract: no consent was asked.
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(s.jo, withdrawal()));
  CHECK(s.expired().empty());
  auto other = s.opened->begin_session({.id = actor_id(9), .role = actor_role::manager});
  REQUIRE(other);
  CHECK(other->expired_disclosures().error().code == errc::role_denied);
  CHECK(other->tell_expired(s.jo, "Mill GmbH").error().code == errc::role_denied);
}

// --- the onward chain -----------------------------------------------------------------------

TEST_CASE("onward: whom a recipient passed it on to is in the ledger, on the page and to be told") {
  listed_shop s;
  s.pass_on(s.jo);
  const onward_report said{.from = "Parcels Ltd",
                           .to = "Bikes & Co",
                           .contact = "privacy@bikes.example",
                           .party_class = recipient::third_party,
                           .fields = only(field::addresses),
                           .on = date_of(clock_hand())};
  const auto index = s.in.report_onward(s.jo, said);
  REQUIRE(index);
  const auto last = s.in.ledger(s.jo)->back();
  CHECK(last.index == *index);
  CHECK(last.event == ledger_event::onward);
  CHECK(last.from == "Parcels Ltd");
  CHECK(last.recipient == "Bikes & Co");
  CHECK(last.contact == "privacy@bikes.example");
  CHECK(last.fields == only(field::addresses));
  CHECK(last.on == date_of(clock_hand()));
  CHECK(s.in.report_onward(s.jo, said).error().code == errc::already_exists);
  // One step further.
  REQUIRE(s.in.report_onward(
      s.jo, {.from = "Bikes & Co", .to = "Third Ltd", .party_class = recipient::third_party}));
  CHECK(s.in.ledger(s.jo)->back().fields == only(field::addresses));

  const auto number = s.in.open_request(
      s.jo,
      {.kind = request_kind::erasure, .received = date_of(clock_hand()), .identity = "passport"});
  REQUIRE(number);
  const auto to_tell = s.in.list_recipients(*number);
  REQUIRE(to_tell);
  std::vector<std::string> names;
  for (const request_recipient& one : *to_tell) names.push_back(one.name);
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"Bikes & Co", "Parcels Ltd", "Third Ltd"});
  const auto page = make_customer_page(s.in, s.jo);
  REQUIRE(page);
  CHECK(has(page->html, "Bikes &amp; Co"));
  CHECK(has(page->html, "privacy@bikes.example"));
}

TEST_CASE("onward: a report of what cannot be is refused with the rule, and nothing is written") {
  listed_shop s;
  s.pass_on(s.jo);
  const onward_report good{
      .from = "Parcels Ltd", .to = "Bikes", .party_class = recipient::third_party};
  const std::size_t before = s.in.ledger(s.jo)->size();
  const auto refused = [&](auto&& change) {
    onward_report what = good;
    change(what);
    const auto done = s.in.report_onward(s.jo, what);
    return done ? errc::none : done.error().code;
  };
  CHECK(refused([](auto& w) { w.from = "Nobody"; }) == errc::not_found);
  CHECK(refused([](auto& w) { w.to = ""; }) == errc::missing_field);
  CHECK(refused([](auto& w) { w.from = ""; }) == errc::missing_field);
  CHECK(refused([](auto& w) { w.to = "Parcels Ltd"; }) == errc::invalid_argument);
  CHECK(refused([](auto& w) { w.to = "Bikes\nCo"; }) == errc::invalid_value);
  CHECK(refused([](auto& w) { w.contact = "4111 1111 1111 1111"; }) == errc::card_data_refused);
  const std::string text(101, 'x');
  CHECK(refused([&](auto& w) { w.to = text; }) == errc::limit_exceeded);
  CHECK(refused([](auto& w) { w.party_class = recipient::data_subject; }) ==
        errc::invalid_argument);
  CHECK(refused([](auto& w) { w.party_class = recipient_id(); }) == errc::invalid_argument);
  CHECK(refused([](auto& w) { w.to = "The customer"; }) == errc::invalid_argument);
  CHECK(refused([](auto& w) { w.fields = only(field::notes); }) == errc::invalid_value);
  CHECK(refused([](auto& w) { w.on = date_of({clock_hand().seconds + 2 * day}); }) ==
        errc::invalid_value);
  CHECK(refused([](auto& w) { w.on = date_of({clock_hand().seconds - 2 * day}); }) ==
        errc::invalid_value);
  CHECK(refused([](auto& w) { w.on = date{2027, 2, 30}; }) == errc::invalid_value);
  add_party(s.in, "Known Mill", recipient::selected_partner);
  CHECK(refused([](auto& w) { w.to = "Known Mill"; }) == errc::invalid_argument);
  CHECK(s.in.report_onward(s.danielle, good).error().code == errc::not_found);
  CHECK(s.in.ledger(s.jo)->size() == before);
  auto other = s.opened->begin_session({.id = actor_id(9), .role = actor_role::associate});
  REQUIRE(other);
  CHECK(other->report_onward(s.jo, good).error().code == errc::role_denied);
}

TEST_CASE("onward: of a party of the registry the class is known") {
  listed_shop s;
  s.pass_on(s.jo);
  add_party(s.in, "Known Mill", recipient::selected_partner);
  REQUIRE(s.in.report_onward(s.jo, {.from = "Parcels Ltd", .to = "Known Mill"}));
  CHECK(s.in.ledger(s.jo)->back().recipient_class == recipient::selected_partner);
}
