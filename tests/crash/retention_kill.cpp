// Retention runs that are killed, over LMDB and a file root cell: whoever runs it again finds the
// rest due, nothing is half gone, and whoever is held or may be kept is there at the end.
//
//   retention_kill FOLDER      an empty folder
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/model/terms.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace clientbook;

namespace {

[[noreturn]] void fail(const char* what, unsigned code = 0) {
  std::printf("retention_kill: %s (%u)\n", what, code);
  std::fflush(stdout);
  std::_Exit(1);
}

template <class T>
T need(const char* what, result<T> made) {
  if (!made) fail(what, static_cast<unsigned>(made.error().code));
  return std::move(*made);
}

struct place {
  std::string book, key;
};

book open_at(const place& at) {
  std::shared_ptr<backend> store = need("the store does not open", open_lmdb_backend(at.book));
  auto cell = std::make_shared<file_root_cell>(
      need("no cell", file_root_cell::open(at.key, at.book, nullptr)));
  return need("the book does not open", book::open(std::move(store), std::move(cell)));
}

session owner_of(const book& in) {
  return need("no session", in.begin_session({.id = actor_id(7), .role = actor_role::owner}));
}

directive yes_of(session& in) {
  privacy_notice notice;
  notice.title = short_text<64>("care");
  notice.language = short_text<16>("en");
  notice.announced = {.purposes = {purpose::client_care},
                      .recipients = {recipient::self},
                      .categories = all_categories(),
                      .operations = {operation::collect, operation::store, operation::use}};
  notice.registry_version = need("no parties", in.recipients())->version();
  notice.jurisdiction = in.profile()->id;
  notice.text = crypto::hash(as_bytes("shown"));
  const privacy_notice added = need("no notice", in.add_notice(notice));
  directive out;
  out.kind = directive_kind::grant;
  out.strength = consent_strength::expressed;
  out.informed = true;
  out.channel = consent_channel::paper;
  out.scope = added.announced;
  out.registry_version = notice.registry_version;
  out.notice = {.id = added.id, .version = added.version, .hash = added.hash};
  out.jurisdiction = in.profile()->id;
  return out;
}

/// How many customers there are of each kind.
constexpr std::size_t of_each = 40;

struct people {
  std::vector<customer_id> ended, held, kept;
};

people make_book(const place& at) {
  auto cell = std::make_shared<file_root_cell>(
      need("no cell", file_root_cell::create_new(at.key, at.book)));
  std::shared_ptr<backend> store = need("no store", create_lmdb_backend(at.book));
  const book made = need(
      "no book", book::create(std::move(store), std::move(cell), {.profile = gdpr_profile().id}));
  session in = owner_of(made);
  directive yes = yes_of(in);
  yes.event_at = timestamp{std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count()};
  const std::array said{yes};
  const auto put = [&] {
    customer record;
    if (!record.set(field::name, person_name{.given = "Ken"})) fail("no name");
    return need("not kept", in.put(record, {.purposes = purpose::client_care, .directives = said}));
  };
  directive no;
  no.kind = directive_kind::withdraw;
  no.scope = everything();
  no.event_at = yes.event_at;
  people out;
  for (std::size_t i = 0; i < of_each; ++i) {
    out.kept.push_back(put());
    for (auto* const to : {&out.ended, &out.held}) {
      to->push_back(put());
      if (!in.record(to->back(), no)) fail("no withdrawal");
    }
    if (!in.place_hold(out.held.back(), {.reason = "claim announced"})) fail("no hold");
  }
  return out;
}

/// Runs until it is killed, or nothing is left; says after each transaction how many went.
pid_t run_in_child(const place& at, int to) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  const book opened = open_at(at);
  session in = owner_of(opened);
  retention_run how{.most = 2};
  do {
    const auto done = need("the run failed", in.run_retention(how));
    const auto gone = static_cast<char>(done.receipts.size());
    if (::write(to, &gone, 1) != 1) std::_Exit(3);
    how.from = done.next;
  } while (how.from != 0);
  std::_Exit(0);
}

std::size_t said_by(int from) {
  std::size_t out = 0;
  for (char gone = 0; ::read(from, &gone, 1) == 1;) out += static_cast<std::size_t>(gone);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) fail("usage: retention_kill FOLDER");
  const std::string folder = argv[1];
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const place at{folder + "/shop.book", folder + "/keys/shop.key"};
  const people all = make_book(at);

  std::mt19937 random(20261130);
  std::size_t acknowledged = 0;
  int kills = 0;
  for (bool ended = false; !ended;) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) fail("no pipe");
    const pid_t child = run_in_child(at, ends[1]);
    ::close(ends[1]);
    // Later and later, so that it comes to an end on any machine.
    std::this_thread::sleep_for(
        std::chrono::microseconds(random() % (8'000U + 4'000U * static_cast<unsigned>(kills))));
    ::kill(child, SIGKILL);
    int status = -1;
    if (::waitpid(child, &status, 0) != child) fail("nobody to wait for");
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) fail("a run failed");
    ended = WIFEXITED(status);
    kills += ended ? 0 : 1;
    acknowledged += said_by(ends[0]);
    ::close(ends[0]);

    const book left = open_at(at);
    session in = owner_of(left);
    const book_figures figures = need("no figures", in.figures());
    if (figures.erased < acknowledged) fail("LOST: who was said to be erased is there");
    if (figures.customers + figures.erased != 3 * of_each) fail("TORN: somebody is neither");
    if (need("no check", in.verify()).problems != 0) fail("TORN: the book is damaged");
    for (const auto* const some : {&all.held, &all.kept}) {
      for (const customer_id& id : *some) {
        if (!in.kept_for(id)) fail("LOST: somebody is gone who was to stay");
      }
    }
    if (ended && figures.erased != of_each) fail("somebody is there whose time is over");
  }
  std::printf("retention_kill: %zu erased through %d kills\n", of_each, kills);
  return 0;
}
