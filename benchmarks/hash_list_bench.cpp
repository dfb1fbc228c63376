// A list of hashes from outside (California's DROP) against a book: as many rows as there are
// customers, a third of each kind, of which one in a hundred is about somebody.
//
// CLIENTBOOK_BENCH_CUSTOMERS says how many (10,000), and the figures carry it in their names:
// rights.drop_10k_s, rights.drop_1m_s. The book lies in CLIENTBOOK_BENCH_FOLDER (the system's
// folder for temporary files) and is removed.
#include <clientbook/clientbook.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

#include "figures.hpp"
#include "large_book.hpp"

namespace {

using namespace clientbook;

constexpr std::size_t at_once = 10'000;
constexpr std::size_t one_in = 100;

template <class Value>
Value need(result<Value> got) {
  if (got) return std::move(*got);
  std::fprintf(stderr, "hash_list_bench: %s\n", got.error().text.c_str());
  std::exit(1);
}
void need(const result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "hash_list_bench: %s\n", done.error().text.c_str());
  std::exit(1);
}

struct person {
  std::string given, family, email, phone, zip;
  date born;
};
person person_of(std::size_t number) {
  const std::string text = std::to_string(number);
  return {"Given" + text.substr(0, 3),
          "Family" + text,
          "Given.Family" + text + "@Example.com",
          "+1 (415) " + std::to_string(5'000'000 + number),
          std::to_string(90'001 + number % 6'000) + "-0001",
          {static_cast<std::int16_t>(1940 + number % 60),
           static_cast<std::uint8_t>(1 + number % 12), static_cast<std::uint8_t>(1 + number % 28)}};
}

class shop {
 public:
  shop(std::filesystem::path folder, std::size_t count) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_ / "key");
    std::filesystem::permissions(folder_ / "key", std::filesystem::perms::owner_all);
    book_.emplace(need(create_book((folder_ / "book").string(), (folder_ / "key" / "k").string(),
                                   {.profile = gdpr_profile().id})));
    in_.emplace(need(book_->begin_session({.id = actor_id(1), .role = actor_role::owner})));
    agree();
    for (std::size_t i = 0; i < count;) {
      need(in_->begin());
      for (const std::size_t end = std::min(count, i + at_once); i < end; ++i) put(person_of(i));
      need(in_->commit());
    }
  }
  ~shop() {
    in_.reset();
    book_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  session& in() { return *in_; }

 private:
  // A birth date is kept by consent.
  void agree() {
    privacy_notice notice;
    notice.title = short_text<64>("care");
    notice.language = short_text<16>("en");
    notice.announced = {.purposes = {purpose::client_care},
                        .recipients = {recipient::self},
                        .categories = ordinary_categories(),
                        .operations = {operation::collect, operation::store, operation::use}};
    notice.registry_version = need(in_->recipients())->version();
    notice.jurisdiction = in_->profile()->id;
    notice.text = crypto::hash(as_bytes("shown"));
    const privacy_notice shown = need(in_->add_notice(notice));
    yes_.kind = directive_kind::grant;
    yes_.strength = consent_strength::expressed;
    yes_.informed = true;
    yes_.channel = consent_channel::paper;
    yes_.scope = shown.announced;
    yes_.registry_version = shown.registry_version;
    yes_.notice = {.id = shown.id, .version = shown.version, .hash = shown.hash};
    yes_.jurisdiction = shown.jurisdiction;
    yes_.event_at = in_->request(purpose::client_care).now;
  }
  void put(const person& one) {
    customer record;
    need(record.set(field::name, person_name{.given = one.given, .family = one.family}));
    need(record.set(field::emails, std::array{email_address{.address = one.email}}));
    need(record.set(field::phones, std::array{phone_number{.number = one.phone}}));
    need(record.set(field::birth_date, one.born));
    need(record.set(field::addresses, std::array{postal_address{.line1 = "1 Main Street",
                                                                .city = "Anytown",
                                                                .region = "CA",
                                                                .postal_code = one.zip,
                                                                .country = "US"}}));
    need(in_->put(
        record, {.purposes = purpose_set{purpose::customer_order_management, purpose::client_care},
                 .directives = {&yes_, 1}}));
  }

  std::filesystem::path folder_;
  std::optional<book> book_;
  std::optional<session> in_;
  directive yes_;
};

listed_hashes rows_of(std::size_t count) {
  listed_hashes out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    // Of the others nobody is in the book.
    const person one = person_of(i % one_in == 0 ? i : i + 10'000'000);
    const auto kind = static_cast<hash_list_kind>(1 + i % 3);
    const auto hash = kind == hash_list_kind::email ? hash_of_email(one.email)
                      : kind == hash_list_kind::phone
                          ? hash_of_phone(one.phone)
                          : hash_of_person(one.given, one.family, one.born, one.zip);
    if (!hash) std::exit(1);
    out.push_back({*hash, kind});
  }
  return out;
}

struct times {
  double wall = 0;
  double processor = 0;
};

times seconds_of(session& in, std::span<const listed_hash> rows, std::size_t wanted) {
  const auto begun = std::chrono::steady_clock::now();
  const std::clock_t processor = std::clock();
  const listed_customers found = need(in.match_hash_list(rows));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  const double worked = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  if (found.size() != wanted) {
    std::fprintf(stderr, "hash_list_bench: %zu matches instead of %zu\n", found.size(), wanted);
    std::exit(1);
  }
  return {took.count(), worked};
}

}  // namespace

int main(int argc, char** argv) {
  clientbook::benchmarking::figures figures(argc, argv);
  const std::size_t count = clientbook::benchmarking::count_of_customers();
  const std::string size = clientbook::benchmarking::size_name(count);
  std::optional<shop> made;
  std::optional<listed_hashes> rows;
  const auto run = [&] {
    if (!made) made.emplace(clientbook::benchmarking::folder_of("hash-list"), count);
    if (!rows) rows.emplace(rows_of(count));
    return seconds_of(made->in(), *rows, (count + one_in - 1) / one_in);
  };
  figures.measure(
      {"rights.drop_" + size + "_s", "s", "<= 10",
       "as many rows, of three kinds, as customers; one in a hundred is about somebody"},
      3, [&] { return run().wall; });
  figures.measure({"rights.drop_" + size + "_cpu_s", "s", "",
                   "the same in time of the processor: beside other work it takes longer"},
                  3, [&] { return run().processor; });
  return figures.run();
}
