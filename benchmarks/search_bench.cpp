// Finding customers in a book of CLIENTBOOK_BENCH_CUSTOMERS people (10,000), beside SQLite with
// indexes and an FTS5 trigram table that hold the same people in clear, asked the same in the same
// run.
//
// Figures carry the size in their names: search.exact_10k_us, search.exact_1m_us. Books lie in
// CLIENTBOOK_BENCH_FOLDER (the system's folder for temporary files) and are removed.
#include <clientbook/clientbook.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#ifdef CLIENTBOOK_BENCH_SQLITE
#include <sqlite3.h>
#endif

#include "figures.hpp"
#include "large_book.hpp"

namespace {

using namespace clientbook;
using clientbook::benchmarking::median;

constexpr auto order = purpose::customer_order_management;

template <class Value>
Value need(result<Value> got) {
  if (got) return std::move(*got);
  std::fprintf(stderr, "search_bench: %s\n", got.error().text.c_str());
  std::exit(1);
}
void need(const result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "search_bench: %s\n", done.error().text.c_str());
  std::exit(1);
}

class stopwatch {
 public:
  double us() const {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun_)
        .count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

struct person {
  std::string given, family, email, phone, loyalty;
  date born;
};

// Names of the library's own list, the frequent ones more often, families of two of them.
class people {
 public:
  explicit people(std::string loyalty = "L-") : loyalty_(std::move(loyalty)) {
    std::ifstream list(CLIENTBOOK_SOURCE_DIR "/src/forms/data/person_names.csv");
    for (std::string line; std::getline(list, line);) {
      const std::size_t comma = line.find(',');
      const std::string list_name = line.substr(0, comma);
      if (list_name != "given" && list_name != "family") continue;
      // They are cut into pieces: a letter is a byte.
      const bool plain = std::all_of(line.begin() + static_cast<long>(comma) + 1, line.end(),
                                     [](char c) { return c >= 'a' && c <= 'z'; });
      if (plain && line.size() - comma > 4) names_.push_back(line.substr(comma + 1));
    }
    if (names_.size() < 100) std::exit(1);
  }
  person next() {
    person out;
    out.given = any();
    out.family = any();
    if (below(2) == 0) out.family += any().substr(0, 4);
    out.email = out.given + "." + out.family + std::to_string(count_) + "@example.com";
    std::erase_if(out.email, [](char c) { return c == ' ' || c == '\''; });
    out.phone = "+49" + std::to_string(1'000'000'000 + below(999'999'999));
    out.loyalty = loyalty_ + std::to_string(1'000'000 + count_);
    out.born = {static_cast<std::int16_t>(1940 + below(60)),
                static_cast<std::uint8_t>(1 + below(12)), static_cast<std::uint8_t>(1 + below(28))};
    ++count_;
    return out;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  const std::string& any() {
    const double share = static_cast<double>(below(1'000'000)) / 1e6;
    return names_[static_cast<std::size_t>(share * share * static_cast<double>(names_.size()))];
  }
  std::mt19937_64 random_{20261129};
  std::string loyalty_;
  std::vector<std::string> names_;
  std::uint64_t count_ = 0;
};

#ifdef CLIENTBOOK_BENCH_SQLITE
class sqlite {
 public:
  explicit sqlite(const std::filesystem::path& file) {
    if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK) std::exit(1);
    run("PRAGMA synchronous=OFF");
    run("PRAGMA cache_size=-262144");
    run("CREATE TABLE c(id INTEGER PRIMARY KEY, given, family, email, phone, loyalty)");
    run("BEGIN");
    insert_ = prepare("INSERT INTO c(given, family, email, phone, loyalty) VALUES(?,?,?,?,?)");
  }
  ~sqlite() {
    for (sqlite3_stmt* each : {insert_, exact_, typed_}) sqlite3_finalize(each);
    sqlite3_close(db_);
  }
  void add(const person& one) {
    int at = 0;
    for (const std::string* text :
         {&one.given, &one.family, &one.email, &one.phone, &one.loyalty}) {
      sqlite3_bind_text(insert_, ++at, text->c_str(), -1, SQLITE_TRANSIENT);
    }
    if (sqlite3_step(insert_) != SQLITE_DONE) std::exit(1);
    sqlite3_reset(insert_);
  }
  void ready() {
    run("CREATE INDEX c_email ON c(email)");
    run("CREATE INDEX c_phone ON c(phone)");
    run("CREATE INDEX c_loyalty ON c(loyalty)");
    run("CREATE VIRTUAL TABLE s USING fts5(given, family, email, phone, loyalty, "
        "tokenize='trigram', content='c', content_rowid='id')");
    run("INSERT INTO s(s) VALUES('rebuild')");
    run("COMMIT");
    exact_ = prepare("SELECT given, family, email, phone, loyalty FROM c WHERE email = ?");
    typed_ = prepare(
        "SELECT given, family, email, phone, loyalty FROM s WHERE s MATCH ? ORDER BY rank LIMIT "
        "20");
  }
  int exact(const std::string& email) { return rows(exact_, email); }
  int typed(const std::string& text) { return rows(typed_, text); }

 private:
  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return;
    std::fprintf(stderr, "search_bench: %s\n", sqlite3_errmsg(db_));
    std::exit(1);
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* out = nullptr;
    if (sqlite3_prepare_v2(db_, sql, -1, &out, nullptr) != SQLITE_OK) std::exit(1);
    return out;
  }
  static int rows(sqlite3_stmt* query, const std::string& text) {
    sqlite3_bind_text(query, 1, text.c_str(), -1, SQLITE_TRANSIENT);
    int count = 0;
    while (sqlite3_step(query) == SQLITE_ROW) {
      for (int i = 0; i < 5; ++i) {
        benchmark::DoNotOptimize(sqlite3_column_text(query, i));
      }
      ++count;
    }
    sqlite3_reset(query);
    return count;
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt *insert_ = nullptr, *exact_ = nullptr, *typed_ = nullptr;
};
#endif

// Of the heap and the like: the book's file is mapped too.
std::size_t resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kib = 0;
    if (word == "RssAnon:" && status >> kib) return kib * 1024;
  }
  return 0;
}

struct question {
  std::string ours, fts;
};

class shop {
 public:
  shop(std::filesystem::path folder, std::size_t count) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_ / "key");
    std::filesystem::permissions(folder_ / "key", std::filesystem::perms::owner_all);
    book_.emplace(need(create_book((folder_ / "book").string(), (folder_ / "key" / "k").string(),
                                   {.profile = gdpr_profile().id})));
    in_.emplace(need(book_->begin_session({.id = actor_id(1), .role = actor_role::owner})));
    // Nobody asks so much in an hour; what it costs to count it is part of what is measured.
    session other = need(book_->begin_session({.id = actor_id(2), .role = actor_role::owner}));
    need(other.raise_budget(actor_id(1), 2'000'000'000));
#ifdef CLIENTBOOK_BENCH_SQLITE
    peer_ = std::make_unique<sqlite>(folder_ / "peer.sqlite");
#endif
    fill(count);
  }
  ~shop() {
    in_.reset();
    book_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  session& in() { return *in_; }
  // As a program that has just been started.
  void open_again() {
    in_.reset();
    book_.reset();
    book_.emplace(need(open_book((folder_ / "book").string(), (folder_ / "key" / "k").string())));
    in_.emplace(need(book_->begin_session({.id = actor_id(1), .role = actor_role::owner})));
  }
  void build_index() {
    while (need(in_->build_index(100'000)).left != 0) {
    }
  }
  // So many customers in one transaction; microseconds for each.
  double put_more(std::size_t count) {
    const stopwatch watch;
    need(in_->begin());
    for (std::size_t i = 0; i < count; ++i) put(more_.next(), peer_too::no);
    need(in_->commit());
    return watch.us() / static_cast<double>(count);
  }
  // The phones of so many customers all over the book, in one transaction; microseconds for each.
  double update_some(std::size_t count) {
    std::vector<customer_id> who;
    for (std::size_t i = 0; i < count; ++i) {
      const person& one = known_[i % 100];
      who.push_back(need(in_->find("loyalty", one.loyalty)));
    }
    const stopwatch watch;
    need(in_->begin());
    for (const customer_id& one : who) {
      customer more;
      need(more.set(field::phones, std::array{phone_number{.number = more_.next().phone}}));
      need(in_->update(one, more.fields(), order));
    }
    need(in_->commit());
    return watch.us() / static_cast<double>(count);
  }
  double erase_one(std::size_t which) {
    const customer_id who = need(in_->find("loyalty", known_[which].loyalty));
    const stopwatch watch;
    need(in_->erase(who, erasure_reason::subject_request));
    return watch.us();
  }
  const std::vector<person>& known() const { return known_; }
#ifdef CLIENTBOOK_BENCH_SQLITE
  sqlite& peer() { return *peer_; }
#endif

 private:
  enum class peer_too { no, yes };

  void fill(std::size_t count) {
    people from;
    for (std::size_t i = 0; i < count;) {
      need(in_->begin());
      for (const std::size_t end = std::min(count, i + 10'000); i < end; ++i) {
        const person one = from.next();
        put(one, peer_too::yes);
        if (i % (count / 200 + 1) == 0) known_.push_back(one);
      }
      need(in_->commit());
    }
#ifdef CLIENTBOOK_BENCH_SQLITE
    peer_->ready();
#endif
  }
  void put(const person& one, peer_too peer) {
    customer record;
    need(record.set(field::name, person_name{.given = one.given, .family = one.family}));
    need(record.set(field::emails, std::array{email_address{.address = one.email}}));
    need(record.set(field::phones, std::array{phone_number{.number = one.phone}}));
    const external_id id{.system = "loyalty", .value = one.loyalty};
    need(record.set(field::external_ids, std::array{id}));
    need(in_->put(record, {.purposes = order}));
#ifdef CLIENTBOOK_BENCH_SQLITE
    if (peer == peer_too::yes) peer_->add(one);
#else
    (void)peer;
#endif
  }

  std::filesystem::path folder_;
  std::optional<book> book_;
  std::optional<session> in_;
  std::vector<person> known_;
  people more_{"M-"};
#ifdef CLIENTBOOK_BENCH_SQLITE
  std::unique_ptr<sqlite> peer_;
#endif
};

// What people type of somebody: six letters of a family name, the end of a number, the beginning of
// an address, both names cut short.
std::vector<question> typed(const std::vector<person>& known) {
  std::vector<question> out;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const person& one = known[i];
    std::string text;
    if (i % 4 == 0) text = one.family.substr(0, 6);
    if (i % 4 == 1) text = one.phone.substr(one.phone.size() - 5);
    if (i % 4 == 2) text = one.email.substr(0, 9);
    if (i % 4 == 3) {
      const std::string given = one.given.substr(0, 4);
      const std::string family = one.family.substr(0, 4);
      out.push_back({given + " " + family, "\"" + given + "\" \"" + family + "\""});
      continue;
    }
    if (text.size() >= 4) out.push_back({text, "\"" + text + "\""});
  }
  return out;
}

// Median microseconds of a call for each of `all`.
template <class All, class Call>
double median_us(const All& all, Call&& call) {
  std::vector<double> took;
  for (const auto& one : all) {
    call(one);
    const stopwatch watch;
    call(one);
    took.push_back(watch.us());
  }
  return median(std::move(took));
}

}  // namespace

int main(int argc, char** argv) {
  clientbook::benchmarking::figures figures(argc, argv);
  const std::size_t count = clientbook::benchmarking::count_of_customers();
  const std::string size = clientbook::benchmarking::size_name(count);
  std::unique_ptr<shop> made;
  const auto at = [&]() -> shop& {
    if (!made) made = std::make_unique<shop>(clientbook::benchmarking::folder_of("search"), count);
    return *made;
  };
  std::size_t before = 0;
  const auto ask = [&](const std::string& text, const find_options& options = {}) {
    return need(at().in().find(text, order, options)).matches;
  };

  figures.measure({"search.first_" + size + "_s", "s", "",
                   "the first question, which makes what lies in memory"},
                  1, [&] {
                    at();
                    before = resident_bytes();
                    const stopwatch watch;
                    ask("first question");
                    return watch.us() / 1e6;
                  });
  figures.measure(
      {"search.memory_" + size + "_bytes", "bytes", "<= 240",
       "resident memory that it takes a customer, for four fields"},
      1,
      [&] { return static_cast<double>(resident_bytes() - before) / static_cast<double>(count); });
  figures.measure({"search.exact_" + size + "_us", "us", "<= 10", "find_by_email"}, 3, [&] {
    return median_us(at().known(), [&](const person& one) {
      benchmark::DoNotOptimize(need(at().in().find_by_email(one.email, order)));
    });
  });
  figures.measure(
      {"search.typed_" + size + "_ms", "ms", "<= 20", "first 20 hits of four signs and more"}, 3,
      [&] {
        return median_us(typed(at().known()), [&](const question& one) { ask(one.ours); }) / 1000;
      });
  figures.measure(
      {"search.three_" + size + "_ms", "ms", "<= 60", "first 20 hits of three signs"}, 3, [&] {
        return median_us(at().known(), [&](const person& one) { ask(one.family.substr(0, 3)); }) /
               1000;
      });
  figures.measure(
      {"search.error_" + size + "_ms", "ms", "<= 60", "two letters that changed places"}, 3, [&] {
        return median_us(at().known(),
                         [&](const person& one) {
                           std::string text = one.family;
                           std::swap(text[1], text[2]);
                           ask(text);
                         }) /
               1000;
      });
  figures.measure(
      {"search.after_write_" + size + "_us", "us", "", "a question after somebody's write"}, 1,
      [&] {
        std::vector<double> took;
        const customer_id who =
            need(at().in().find_by_email(at().known().front().email, order)).front();
        for (int i = 0; i < 20; ++i) {
          customer more;
          need(more.set(field::phones,
                        std::array{phone_number{.number = "+4930555" + std::to_string(1000 + i)}}));
          need(at().in().update(who, more.fields(), order));
          const stopwatch watch;
          if (ask("+4930555" + std::to_string(1000 + i)) != 1) std::exit(1);
          took.push_back(watch.us());
        }
        return median(std::move(took));
      });
  figures.measure({"search.scan_" + size + "_ms", "ms", "", "the same by a scan"}, 1, [&] {
    const stopwatch watch;
    ask(at().known().front().family, {.path = search_path::scan});
    return watch.us() / 1000;
  });
  figures.measure(
      {"search.days_" + size + "_scan_ms", "ms", "<= 150", "birthdays of two weeks, by a scan"}, 1,
      [&] {
        const stopwatch watch;
        const list_query soon{.days = day_window{.first = {2026, 11, 29}, .days = 14}};
        need(at().in().list_customers(soon, order, only(field::name),
                                      [](const listed&) { return true; }));
        return watch.us() / 1000;
      });
#ifdef CLIENTBOOK_BENCH_SQLITE
  figures.measure({"search.typed_ratio_to_sqlite_fts_" + size, "ratio", ">= 1",
                   "SQLite FTS5 trigram, the same people in clear"},
                  3, [&] {
                    const auto all = typed(at().known());
                    const double peer =
                        median_us(all, [&](const question& one) { at().peer().typed(one.fts); });
                    return peer / median_us(all, [&](const question& one) { ask(one.ours); });
                  });
  figures.measure(
      {"search.exact_ratio_to_sqlite_" + size, "ratio", ">= 1", "SQLite with an index, in clear"},
      3, [&] {
        const double peer =
            median_us(at().known(), [&](const person& one) { at().peer().exact(one.email); });
        return peer / median_us(at().known(), [&](const person& one) {
                 benchmark::DoNotOptimize(need(at().in().find_by_email(one.email, order)));
               });
      });
#endif
  // The index at rest, behind everything that is measured without one.
  const auto built = [&] {
    static bool done = false;
    if (!std::exchange(done, true)) at().build_index();
  };
  figures.measure({"search.index_build_" + size + "_s", "s", "", "building the index at rest"}, 1,
                  [&] {
                    at();
                    const stopwatch watch;
                    built();
                    return watch.us() / 1e6;
                  });
  figures.measure({"search.index_at_rest_" + size + "_bytes", "bytes", "",
                   "the index at rest, a customer, for four fields"},
                  1, [&] {
                    built();
                    const index_state state = need(at().in().index());
                    return static_cast<double>(state.bytes) / static_cast<double>(state.customers);
                  });
  figures.measure({"search.index_first_" + size + "_s", "s", "<= 1",
                   "the first question after opening, from the index at rest"},
                  3, [&] {
                    built();
                    at().open_again();
                    const stopwatch watch;
                    const search_answer answer = need(at().in().find("first question", order));
                    if (answer.scanned != 0) std::exit(1);
                    return watch.us() / 1e6;
                  });
  figures.measure({"search.index_sealed_" + size + "_ms", "ms", "",
                   "one question of the index at rest, which keeps nothing"},
                  1, [&] {
                    built();
                    const stopwatch watch;
                    ask(at().known().front().family, {.path = search_path::sealed});
                    return watch.us() / 1000;
                  });
  // Turn and turn about, so that a slow moment of the machine meets both.
  constexpr int rounds = 3;
  const auto ratio = [&](const auto& work) {
    std::vector<double> with;
    std::vector<double> without;
    for (int round = 0; round < rounds; ++round) {
      need(at().in().drop_index());
      without.push_back(work());
      at().build_index();
      with.push_back(work());
    }
    return median(std::move(without)) / median(std::move(with));
  };
  figures.measure({"search.index_put_ratio_" + size, "ratio", ">= 0.8",
                   "a put without the index to one with it, 1,000 in a transaction"},
                  1, [&] { return ratio([&] { return at().put_more(1'000); }); });
  figures.measure({"search.index_update_ratio_" + size, "ratio", ">= 0.8",
                   "an update without the index to one with it, 100 in a transaction"},
                  1, [&] { return ratio([&] { return at().update_some(100); }); });
  std::size_t next = 100;
  figures.measure({"search.index_erase_ratio_" + size, "ratio", ">= 0.8",
                   "an erasure without the index to one with it"},
                  1, [&] {
                    return ratio([&] {
                      std::vector<double> took;
                      for (int i = 0; i < 5; ++i) took.push_back(at().erase_one(next++));
                      return median(std::move(took));
                    });
                  });
  return figures.run();
}
