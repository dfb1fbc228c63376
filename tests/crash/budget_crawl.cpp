// A crawl of 10,000 customers through several processes: some end, some roll back, some are killed
// in the middle. Whoever crawls sees as many as the budget says and never one more; without a kill
// exactly as many; and what was seen is named, or counted as not named.
//
//   budget_crawl FOLDER    an empty folder
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/model/terms.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace clientbook;

namespace {

constexpr std::uint32_t customers = 10'000;
constexpr std::int64_t hour = 3600;
constexpr purpose_id order = purpose::customer_order_management;
const budget most = budget_of(actor_role::associate);

timestamp the_time{1'800'000'000 - 1'800'000'000 % 86'400 + 86'400};
timestamp clock_of_all(void*) { return the_time; }

[[noreturn]] void fail(const char* what, unsigned long long number = 0) {
  std::printf("budget_crawl: %s (%llu)\n", what, number);
  std::fflush(stdout);
  std::_Exit(1);
}

template <class T>
T need(const char* what, result<T> made) {
  if (!made) fail(what, static_cast<unsigned>(made.error().code));
  return std::move(*made);
}

struct place {
  std::string book, key, seen;
};

book open_at(const place& at) {
  auto cell =
      std::make_shared<file_root_cell>(need("no cell", file_root_cell::open(at.key, at.book)));
  std::shared_ptr<backend> store = need("the store does not open", open_lmdb_backend(at.book));
  return need("the book does not open",
              book::open(std::move(store), std::move(cell), {.clock = {clock_of_all}}));
}

session of(const book& in, actor_role role, std::uint32_t number) {
  return need("no session", in.begin_session({.id = actor_id(number), .role = role}));
}

std::vector<customer_id> make_book(const place& at) {
  auto cell = std::make_shared<file_root_cell>(
      need("no cell", file_root_cell::create_new(at.key, at.book)));
  std::shared_ptr<backend> store = need("no store", create_lmdb_backend(at.book));
  const book made =
      need("no book", book::create(std::move(store), std::move(cell),
                                   {.profile = gdpr_profile().id}, {.clock = {clock_of_all}}));
  session in = of(made, actor_role::owner, 7);
  std::vector<customer_id> out;
  if (!in.begin()) fail("no transaction");
  for (std::uint32_t i = 0; i < customers; ++i) {
    customer record;
    if (!record.set(field::name, person_name{.given = "Ken", .family = "Sánchez"})) fail("no name");
    out.push_back(need("not kept", in.put(record, {.purposes = order})));
  }
  if (!in.commit()) fail("not committed");
  return out;
}

enum class how { plainly, rolling_back };

// Reads whom it gets, from somewhere on, and says so once it has seen them.
void crawl(const place& at, const std::vector<customer_id>& all, std::uint32_t actor, unsigned seed,
           how way, unsigned pause) {
  const book opened = open_at(at);
  session in = of(opened, actor_role::associate, actor);
  const int told = ::open(at.seen.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (told < 0) fail("nowhere to say whom it has seen");
  std::mt19937 random(seed);
  unsigned refused = 0;
  for (std::uint32_t n = 0; n < customers && refused < 50; ++n) {
    const std::uint32_t who = static_cast<std::uint32_t>(random()) % customers;
    const bool within = way == how::rolling_back && n % 3 != 0;
    if (within && !in.begin()) fail("no transaction");
    const auto seen = in.read(all[who], order);
    if (!seen && seen.error().code != errc::budget_spent) {
      fail("another refusal", static_cast<unsigned>(seen.error().code));
    }
    refused = seen ? 0 : refused + 1;
    if (seen && ::write(told, &who, sizeof(who)) != sizeof(who)) fail("not written");
    if (within) in.rollback();
    if (pause != 0) ::usleep(pause);
  }
  ::close(told);
}

pid_t crawl_in_child(const place& at, const std::vector<customer_id>& all, std::uint32_t actor,
                     unsigned seed, how way, unsigned pause) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  crawl(at, all, actor, seed, way, pause);
  std::_Exit(0);
}

std::set<std::uint32_t> seen_by_now(const place& at) {
  std::set<std::uint32_t> out;
  std::FILE* file = std::fopen(at.seen.c_str(), "rb");
  if (file == nullptr) return out;
  std::uint32_t one = 0;
  while (std::fread(&one, sizeof(one), 1, file) == 1) out.insert(one);
  std::fclose(file);
  return out;
}

void wait_for(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fail("a crawl failed");
  }
}

// Every sort of end, by two at a time; returns how many were killed in the middle.
unsigned crawl_and_kill(const place& at, const std::vector<customer_id>& all, std::uint32_t actor) {
  std::mt19937 random(20261129);
  unsigned killed = 0;
  for (unsigned round = 0; round < 12; ++round) {
    const how way = round % 2 == 0 ? how::plainly : how::rolling_back;
    const pid_t one = crawl_in_child(at, all, actor, 2 * round, way, 2000);
    const pid_t other = crawl_in_child(at, all, actor, 2 * round + 1, how::plainly, 2000);
    ::usleep(5000 + static_cast<unsigned>(random() % 40'000));
    int status = 0;
    if (::kill(one, SIGKILL) != 0 || ::waitpid(one, &status, 0) != one) fail("not killed");
    killed += WIFSIGNALED(status) ? 1U : 0U;
    if (round >= 9) {
      wait_for(other);
    } else if (::kill(other, SIGKILL) != 0 || ::waitpid(other, &status, 0) != other) {
      fail("not killed");
    }
    if (seen_by_now(at).size() > most.customers_an_hour) {
      fail("more than the budget", seen_by_now(at).size());
    }
  }
  return killed;
}

// Of those who were seen all are named, or the report says how many are not.
void check_report(const place& at, std::uint32_t actor, std::size_t seen) {
  const book opened = open_at(at);
  session in = of(opened, actor_role::auditor, 90);
  const date today = date_of(the_time);
  const actor_report told = need("no report", in.seen_by(actor_id(actor), today, today));
  if (told.customers.size() + told.unnamed < seen) {
    fail("somebody was seen of whom nothing is left", seen - told.customers.size() - told.unnamed);
  }
  std::printf("actor %u: %zu seen, %zu named, at most %u not\n", actor, seen, told.customers.size(),
              told.unnamed);
}

void crawl_to_the_end(const place& at, const std::vector<customer_id>& all, std::uint32_t actor,
                      unsigned seed) {
  for (unsigned round = 0; round < 2; ++round) {
    const how other = round == 0 ? how::rolling_back : how::plainly;
    const pid_t one = crawl_in_child(at, all, actor, seed + round, how::plainly, 0);
    const pid_t two = crawl_in_child(at, all, actor, seed + 10 + round, other, 0);
    wait_for(one);
    wait_for(two);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) fail("usage: budget_crawl FOLDER");
  const std::filesystem::path folder(arguments[1]);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  place at{(folder / "shop.book").string(), (folder / "keys" / "shop.key").string(),
           (folder / "killed").string()};
  const std::vector<customer_id> all = make_book(at);

  const unsigned killed = crawl_and_kill(at, all, 30);
  if (killed < 4) fail("too few were killed in the middle to tell anything", killed);
  check_report(at, 30, seen_by_now(at).size());

  at.seen = (folder / "ended").string();
  std::size_t before = 0;
  for (unsigned hours = 0; hours < 5; ++hours) {
    crawl_to_the_end(at, all, 31, 100 * (hours + 1));
    const std::size_t now = seen_by_now(at).size();
    const std::size_t wanted =
        std::min<std::size_t>(most.customers_a_day, most.customers_an_hour * (hours + 1U));
    // Whoever is met again in a later hour counts in it and is no other customer.
    if (now > wanted || (hours == 0 && now != wanted)) fail("not the budget", now);
    before = now;
    the_time.seconds -= 2 * hour;  // A clock set back begins no hour.
    crawl_to_the_end(at, all, 31, 100 * (hours + 1) + 50);
    if (seen_by_now(at).size() != before)
      fail("a clock set back gave more", seen_by_now(at).size());
    the_time.seconds += 3 * hour;
  }
  if (before < most.customers_a_day - 10) fail("less than the budget", before);
  check_report(at, 31, before);

  const book opened = open_at(at);
  session in = of(opened, actor_role::owner, 7);
  if (need("not verified", in.verify()).problems != 0) fail("problems");
  std::printf("%u killed in the middle; of %u customers %zu were seen in a day\n", killed,
              customers, before);
  return 0;
}
