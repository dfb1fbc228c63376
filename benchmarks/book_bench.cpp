// The whole way of a customer into and out of a book, against the same bytes by hand.
//
// The limit is LMDB and the row envelope, nothing else: get or put, derive the row key, open or
// seal 12 fields. Ours does that through the public API: it also looks for the newest commit,
// finds the customer's manifest in the key tree, evaluates consent, redacts, builds a view.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/open/open.hpp>

#include <lmdb.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "data.hpp"
#include "figures.hpp"

using namespace clientbook;

namespace {

constexpr std::size_t customers = 20'000;
constexpr std::size_t batch = 1000;

template <class T>
T need(result<T> answer, const char* what) {
  if (!answer) {
    std::fprintf(stderr, "book_bench: %s: %s\n", what, answer.error().text.c_str());
    std::exit(1);
  }
  return std::move(*answer);
}
void need(const result<void>& answer, const char* what) {
  if (answer) return;
  std::fprintf(stderr, "book_bench: %s: %s (at %llu)\n", what, answer.error().text.c_str(),
               static_cast<unsigned long long>(answer.error().at));
  std::exit(1);
}

// A folder that goes with the program.
class folder {
 public:
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "book_bench_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::exit(1);
    path_ = name;
  }
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  std::string at(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Twelve fields of about 32 bytes.
void fill(customer& out, std::size_t number) {
  out.clear();
  const std::string digits = std::to_string(100'000 + number);
  const std::string mail = "customer." + digits + "@shop.example";
  const std::string phone = "+1 202 555 " + digits.substr(2);
  const std::string street = digits + " Long Meadow Street";
  const std::string text = "value number " + digits + " of a field";
  need(out.set(field::name, person_name{.given = "Given" + digits, .family = "Family"}), "fill");
  need(out.set(field::emails, std::array{email_address{.address = mail}}), "fill");
  need(out.set(field::phones, std::array{phone_number{.number = phone}}), "fill");
  need(out.set(field::addresses, std::array{postal_address{.line1 = street,
                                                           .city = "Bothell",
                                                           .region = "WA",
                                                           .postal_code = "98011",
                                                           .country = "US"}}),
       "fill");
  need(out.set(field::birth_date, date{1980, 5, static_cast<std::uint8_t>(1 + number % 28)}),
       "fill");
  need(out.set(field::special_days,
               std::array{special_day{.kind = "wedding_anniversary", .day = date{0, 6, 7}}}),
       "fill");
  need(out.set(field::sizes,
               std::array{customer_size{.kind = "shoe", .system = "EU", .value = "42"}}),
       "fill");
  need(out.set(field::likes, std::array{std::string_view(text)}), "fill");
  need(out.set(field::dislikes, std::array{std::string_view(text)}), "fill");
  need(out.set(field::language, std::string_view("en-US")), "fill");
  need(out.set(field::time_zone, std::string_view("America/Los_Angeles")), "fill");
  need(out.set(field::employer, std::string_view(text)), "fill");
}

// --- ours -----------------------------------------------------------------------------------

struct our_book {
  folder where;
  std::unique_ptr<book> opened;
  std::unique_ptr<session> in;
  std::vector<customer_id> ids;
  std::vector<directive> said;
  // The customer agreed to be advised with all of it.
  static constexpr purpose_id why = purpose::client_care;

  our_book() {
    opened =
        std::make_unique<book>(need(create_book(where.at("shop.book"), where.at("key/root.key"),
                                                {.profile = gdpr_profile().id}),
                                    "create"));
    in = std::make_unique<session>(
        need(opened->begin_session({.id = actor_id(1), .role = actor_role::owner}), "session"));
    privacy_notice notice;
    notice.title = short_text<64>("advice");
    notice.language = short_text<16>("en");
    category_set ordinary;
    all_categories().for_each([&](category_id id) {
      const auto known = facts(id);
      if (known && !known->barrier && !known->denial_only) ordinary.add(id);
    });
    notice.announced = {.purposes = {why},
                        .recipients = {recipient::self},
                        .categories = ordinary,
                        .operations = {operation::collect, operation::store, operation::use}};
    notice.jurisdiction = gdpr_profile().id;
    notice.text = crypto::hash(as_bytes("shown"));
    need(in->add_notice(notice), "notice");
    const auto notices = need(in->notices(), "notices");
    directive grant;
    grant.kind = directive_kind::grant;
    grant.strength = consent_strength::expressed;
    grant.informed = true;
    grant.scope = notice.announced;
    grant.notice = {.id = notices[0].id, .version = notices[0].version, .hash = notices[0].hash};
    grant.jurisdiction = gdpr_profile().id;
    grant.event_at = in->request(why).now;
    said.push_back(grant);
    customer record;
    need(in->begin(), "begin");
    for (std::size_t i = 0; i < customers; ++i) {
      fill(record, i);
      ids.push_back(need(in->put(record, {.purposes = why, .directives = said}), "put"));
    }
    need(in->commit(), "commit");
  }
};

our_book& ours() {
  static our_book the_book;
  // Whom the actor has seen in this hour is what a shop reads: actors_bench has the first look.
  static const bool seen = [] {
    for (const customer_id& id : the_book.ids) {
      (void)need(the_book.in->read(id, our_book::why), "read");
    }
    return true;
  }();
  (void)seen;
  return the_book;
}

// --- by hand --------------------------------------------------------------------------------

void lmdb_need(int status) {
  if (status == 0) return;
  std::fprintf(stderr, "book_bench: lmdb: %s\n", mdb_strerror(status));
  std::exit(1);
}

struct by_hand {
  folder where;
  MDB_env* environment = nullptr;
  MDB_dbi table = 0;
  crypto::suite suite = crypto::suite_available(crypto::suite::aes256_gcm)
                            ? crypto::suite::aes256_gcm
                            : crypto::suite::chacha20_poly1305;
  std::vector<secret<32>> keys{customers};
  crypto::system_random random;

  by_hand() {
    need(crypto::init(), "crypto");
    for (secret<32>& key : keys) key = need(crypto::random_key(random), "key");
    lmdb_need(mdb_env_create(&environment));
    lmdb_need(mdb_env_set_mapsize(environment, std::size_t{4} << 30));
    lmdb_need(mdb_env_open(environment, where.at("").c_str(), 0, 0600));
    MDB_txn* change = nullptr;
    lmdb_need(mdb_txn_begin(environment, nullptr, 0, &change));
    lmdb_need(mdb_dbi_open(change, nullptr, MDB_CREATE, &table));
    customer record;
    for (std::size_t i = 0; i < customers; ++i) {
      fill(record, i);
      put(change, i, record, 1);
    }
    lmdb_need(mdb_txn_commit(change));
  }
  ~by_hand() { mdb_env_close(environment); }

  row_context context(std::size_t number, std::uint64_t version) const {
    return {.suite = suite,
            .table = 4,
            .customer = customer_no(number + 2),
            .version = record_version(version),
            .schema = schema_version(1)};
  }
  void put(MDB_txn* change, std::size_t number, const customer& record, std::uint64_t version) {
    std::array<row_field, max_fields> fields;
    std::size_t count = 0;
    for (const field_value& one : record.fields()) {
      fields[count++] = {.id = one.id, .plaintext = one.value, .pad = padding::to_8};
    }
    const std::span<const row_field> row(fields.data(), count);
    std::array<std::byte, 8> key{};
    store_be(key.data(), std::uint64_t{number});
    MDB_val at{key.size(), key.data()};
    MDB_val room{sealed_row_size(row), nullptr};
    lmdb_need(mdb_put(change, table, &at, &room, MDB_RESERVE));
    need(seal_row(keys[number], context(number, version), row, random,
                  {static_cast<std::byte*>(room.mv_data), room.mv_size}),
         "seal");
  }
};

by_hand& limit() {
  static by_hand the_book;
  return the_book;
}

// --- runs -----------------------------------------------------------------------------------

void read(benchmark::State& state) {
  our_book& book = ours();
  std::mt19937 random(1);
  view seen;
  std::size_t fields = 0;
  for (auto _ : state) {
    need(book.in->read_into(seen, book.ids[random() % customers], our_book::why), "read");
    fields += seen.record().fields().size();
  }
  if (fields != 12 * static_cast<std::size_t>(state.iterations())) {
    state.SkipWithError("not all twelve fields were shown");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read);

void read_three(benchmark::State& state) {
  our_book& book = ours();
  std::mt19937 random(1);
  view seen;
  for (auto _ : state) {
    need(book.in->read_into(seen, book.ids[random() % customers], our_book::why,
                            only(field::name) | only(field::emails) | only(field::phones)),
         "read");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_three);

void read_limit(benchmark::State& state) {
  by_hand& book = limit();
  std::mt19937 random(1);
  MDB_txn* look = nullptr;
  lmdb_need(mdb_txn_begin(book.environment, nullptr, MDB_RDONLY, &look));
  row_reader reader;
  std::vector<std::byte> plain(4096);
  std::array<opened_field, max_fields> opened;
  std::size_t fields = 0;
  for (auto _ : state) {
    const std::size_t number = random() % customers;
    std::array<std::byte, 8> key{};
    store_be(key.data(), std::uint64_t{number});
    MDB_val at{key.size(), key.data()};
    MDB_val value{};
    lmdb_need(mdb_get(look, book.table, &at, &value));
    need(reader.open(book.keys[number], book.context(number, 1),
                     {static_cast<const std::byte*>(value.mv_data), value.mv_size}),
         "open");
    fields += need(reader.read(all_fields, plain, opened), "read");
  }
  mdb_txn_abort(look);
  if (fields != 12 * static_cast<std::size_t>(state.iterations())) {
    state.SkipWithError("not all twelve fields were opened");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_limit);

// New customers in durable transactions of a thousand.
void put(benchmark::State& state) {
  our_book book;
  customer record;
  std::size_t number = customers;
  for (auto _ : state) {
    need(book.in->begin(), "begin");
    for (std::size_t i = 0; i < batch; ++i) {
      fill(record, number++);
      need(book.in->put(record, {.purposes = our_book::why, .directives = book.said}), "put");
    }
    need(book.in->commit(), "commit");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}
BENCHMARK(put)->UseRealTime()->Unit(benchmark::kMillisecond);

void put_limit(benchmark::State& state) {
  by_hand book;
  customer record;
  std::size_t number = customers;
  for (auto _ : state) {
    MDB_txn* change = nullptr;
    lmdb_need(mdb_txn_begin(book.environment, nullptr, 0, &change));
    for (std::size_t i = 0; i < batch; ++i) {
      fill(record, number);
      book.keys.push_back(need(crypto::random_key(book.random), "key"));
      book.put(change, number++, record, 1);
    }
    lmdb_need(mdb_txn_commit(change));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch));
}
BENCHMARK(put_limit)->UseRealTime()->Unit(benchmark::kMillisecond);

#ifdef CLIENTBOOK_PROGRAM  // Not built where CLI11 is missing.

// --- the import of a shop's whole list, by the program ------------------------------------------

// What a command of the program answers with --json.
boost::json::object answer_of(const std::string& command) {
  const std::string line = std::string(CLIENTBOOK_PROGRAM) + " --json " + command;
  std::FILE* from = ::popen(line.c_str(), "r");
  std::string text;
  for (int c = 0; from != nullptr && (c = std::fgetc(from)) != EOF;) {
    text += static_cast<char>(c);
  }
  if (from == nullptr || ::pclose(from) != 0) {
    std::fprintf(stderr, "book_bench: this failed: %s\n%s\n", line.c_str(), text.c_str());
    std::exit(1);
  }
  return boost::json::parse(text).as_object();
}

struct import_run {
  double customers_per_second = 0;
  double updates_per_second = 0;  ///< The same files again, of which nothing is news.
  double bytes_per_customer = 0;
  double times_reading = 0;  ///< The import, in times of reading and checking its files alone.
};

// AdventureWorks: 19,972 customers with 121,317 purchase lines, in one durable transaction.
import_run import_once(const std::string& data) {
  folder where;
  const std::string examples = CLIENTBOOK_SOURCE_DIR "/examples/import/";
  const std::string book = where.at("shop.book") + " --key " + where.at("key/root.key");
  answer_of("init " + book + " --profile gdpr");
  answer_of("notice add " + book + " email_promotion --file " + examples +
            "notice.txt --purpose email_marketing --to self,selected_partner --category all");
  const auto done =
      answer_of("import " + book + " --map " + examples + "adventureworks.json --from " + data);
  const auto again = answer_of("import " + book + " --map " + examples +
                               "adventureworks.json --update --from " + data);
  const auto figures = answer_of("stats " + book);
  return {.customers_per_second = done.at("import_customers_per_second").to_number<double>(),
          .updates_per_second = again.at("known_customers").to_number<double>() /
                                again.at("import_seconds").to_number<double>(),
          .bytes_per_customer = figures.at("book_bytes").to_number<double>() /
                                figures.at("customers").to_number<double>(),
          .times_reading = done.at("import_seconds").to_number<double>() /
                           done.at("read_files_seconds").to_number<double>()};
}

#endif

}  // namespace

int main(int argc, char** argv) {
  clientbook::benchmarking::figures figures(argc, argv);
#ifdef CLIENTBOOK_PROGRAM
  if (const auto data = clientbook::testing::data("adventureworks")) {
    const std::string what = "the program: CSV of 19,972 customers with 121,317 purchase lines";
    const std::string from = data->string();
    figures.measure({"book.import_customers_per_second", "1/s", ">= 20000", what}, 5,
                    [from] { return import_once(from).customers_per_second; });
    figures.measure({"import.customers_per_second", "1/s", ">= 40000", what}, 5,
                    [from] { return import_once(from).customers_per_second; });
    figures.measure({"import.update_per_second", "1/s", ">= 40000", what + ", once more: --update"},
                    5, [from] { return import_once(from).updates_per_second; });
    figures.measure({"import.update_ratio", "ratio", ">= 1", "the import of these files, same run"},
                    5, [from] {
                      const import_run run = import_once(from);
                      return run.updates_per_second / run.customers_per_second;
                    });
    figures.measure({"import.times_reading", "ratio", "", "reading the files alone, same run"}, 5,
                    [from] { return import_once(from).times_reading; });
    figures.measure({"book.bytes_per_customer", "bytes", "", what}, 1,
                    [from] { return import_once(from).bytes_per_customer; });
  }
#endif
  const std::string peer = "LMDB and the row envelope by hand, same fields, same run";
  figures.ratio({"book.read_ratio_to_limit", "ratio", ">= 0.6", peer}, "read", "read_limit");
  figures.ratio({"book.put_ratio_to_limit", "ratio", "", peer}, "put/real_time",
                "put_limit/real_time");
  figures.rate({"book.reads_per_second", "1/s", "", "12 fields, random customers of 20,000"},
               "read");
  figures.rate({"book.reads_of_three_fields_per_second", "1/s", "", "3 fields of 12"},
               "read_three");
  return figures.run();
}
