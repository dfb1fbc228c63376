// What other languages cost: a read through the C ABI beside the same read in C++, and a read from
// Python above the C call.
//
// Both sides read name, e-mails and phones of the same two thousand customers in memory, at random.
// CLIENTBOOK_PYTHON names an interpreter that has the package, CLIENTBOOK_NODE a folder of npm's
// that has it, CLIENTBOOK_JAVA a class path (CLIENTBOOK_JAVA22, with it, the home of a newer Java):
// a figure of a language that is not named is left out.
#include <clientbook.h>
#include <clientbook/adapters/memory_backend.hpp>
#include <clientbook/adapters/memory_root_cell.hpp>
#include <clientbook/book/book.hpp>
#include <clientbook/transfer/flat_view.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "figures.hpp"

using namespace clientbook;

namespace {

constexpr std::size_t customers = 2000;
constexpr field_set asked = only(field::name) | only(field::emails) | only(field::phones);
constexpr purpose_id why = purpose::customer_order_management;

void need(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "bindings_bench: %s\n", what);
  std::exit(1);
}

// Through the C ABI; the same in C++ below.
struct c_book {
  clientbook_context* context = nullptr;
  clientbook_handle session = 0;
  std::vector<clientbook_id> ids;

  c_book() {
    clientbook_handle book = 0;
    clientbook_new_book what{};
    what.struct_size = sizeof what;
    what.profile = "gdpr";
    what.profile_size = 4;
    need(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, nullptr) == 0, "context");
    need(clientbook_book_create_in_memory(context, &what, nullptr, &book, nullptr) == 0, "book");
    need(
        clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_SERVICE, &session, nullptr) == 0,
        "session");
    need(clientbook_session_begin_transaction(context, session, nullptr) == 0, "begin");
    for (std::size_t i = 0; i < customers; ++i) {
      const std::string n = std::to_string(i);
      const std::string record = R"({"name":{"given":"Ken)" + n +
                                 R"(","family":"Sanchez"},"emails":[{"address":"ken)" + n +
                                 R"(@example.com"}],"phones":[{"number":"+1 202 555 0142"}]})";
      clientbook_id id{};
      need(clientbook_session_put(context, session, CLIENTBOOK_JSON,
                                  reinterpret_cast<const std::uint8_t*>(record.data()),
                                  record.size(), &why.value, 1, nullptr, 0, nullptr, &id,
                                  nullptr) == 0,
           "put");
      ids.push_back(id);
    }
    need(clientbook_session_commit(context, session, nullptr) == 0, "commit");
  }
};

struct cpp_book {
  std::optional<book> opened;
  std::optional<session> in;
  std::vector<customer_id> ids;

  cpp_book() {
    auto store = make_memory_backend();
    need(store.has_value(), "store");
    auto made = book::create(std::move(*store), std::make_shared<memory_root_cell>(),
                             {.profile = gdpr_profile().id});
    need(made.has_value(), "book");
    opened = std::move(*made);
    auto begun = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
    need(begun.has_value(), "session");
    in.emplace(std::move(*begun));
    need(in->begin().has_value(), "begin");
    for (std::size_t i = 0; i < customers; ++i) {
      const std::string n = std::to_string(i);
      const std::string given = "Ken" + n;
      const std::string address = "ken" + n + "@example.com";
      customer record;
      need(record.set(field::name, person_name{.given = given, .family = "Sanchez"}).has_value(),
           "name");
      need(record.set(field::emails, std::array{email_address{.address = address}}).has_value(),
           "emails");
      need(record.set(field::phones, std::array{phone_number{.number = "+1 202 555 0142"}})
               .has_value(),
           "phones");
      const auto put = in->put(record, {.purposes = why, .directives = {}});
      need(put.has_value(), "put");
      ids.push_back(put->id);
    }
    need(in->commit().has_value(), "commit");
  }
};

c_book& through_c() {
  static c_book out;
  return out;
}
cpp_book& in_cpp() {
  static cpp_book out;
  return out;
}

void read_once(c_book& book, std::size_t which) {
  clientbook_bytes out{};
  need(clientbook_session_read(book.context, book.session, &book.ids[which], why.value,
                               asked.bits(), CLIENTBOOK_FLAT, &out, nullptr) == 0,
       "read");
  benchmark::DoNotOptimize(out.data);
  clientbook_bytes_free(&out);
}

void c_read(benchmark::State& state) {
  c_book& book = through_c();
  std::mt19937 random(1);
  for (auto _ : state) read_once(book, random() % customers);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(c_read);

void cpp_read(benchmark::State& state) {
  cpp_book& book = in_cpp();
  std::mt19937 random(1);
  view seen;
  for (auto _ : state) {
    need(book.in->read_into(seen, book.ids[random() % customers], why, asked).has_value(), "read");
    benchmark::DoNotOptimize(seen);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cpp_read);

void cpp_read_flat(benchmark::State& state) {
  cpp_book& book = in_cpp();
  std::mt19937 random(1);
  view seen;

  for (auto _ : state) {
    need(book.in->read_into(seen, book.ids[random() % customers], why, asked).has_value(), "read");
    const auto reasons = reasons_of(*book.in, seen, why);
    need(reasons.has_value(), "reasons");
    const auto block = flatten(seen, book.in->fields(), *reasons);
    need(block.has_value(), "flatten");
    benchmark::DoNotOptimize(block->data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cpp_read_flat);

// The best of many short rounds, as the programs of other languages take theirs: a machine that
// does other things meanwhile makes some of them slow, and none fast.
double c_read_us() {
  c_book& book = through_c();
  std::mt19937 random(1);
  constexpr int reads = 5000;
  double best = 1e9;
  for (int round = 0; round < 30; ++round) {
    const std::clock_t begin = std::clock();
    for (int i = 0; i < reads; ++i) read_once(book, random() % customers);
    const auto took = static_cast<double>(std::clock() - begin);
    best = std::min(best, took * 1e6 / CLOCKS_PER_SEC / reads);
  }
  return best;
}

// What a program of another language prints: microseconds a read with three texts.
double told_by(const std::string& command) {
  std::FILE* from = ::popen(command.c_str(), "r");
  need(from != nullptr, "no shell");
  double out = 0;
  need(std::fscanf(from, "%lf", &out) == 1, "a program of another language said nothing");
  need(::pclose(from) == 0, "a program of another language failed");
  return out;
}

std::optional<std::string> named(const char* variable) {
  const char* given = std::getenv(variable);
  if (given == nullptr || *given == 0) return std::nullopt;
  return "'" + std::string(given) + "'";
}

// A figure for each language that is there.
void add_languages(clientbook::benchmarking::figures& figures, const std::string& three) {
  const std::string peers = CLIENTBOOK_SOURCE_DIR "/benchmarks/peers/";
  const auto python = named("CLIENTBOOK_PYTHON");
  const auto node = named("CLIENTBOOK_NODE");
  const auto java = named("CLIENTBOOK_JAVA");
  const auto newer = named("CLIENTBOOK_JAVA22");
  const auto add = [&](const char* language, const char* goal, const std::string& command) {
    figures.measure({"bindings." + std::string(language) + "_read_overhead_us", "us", goal,
                     "session.read(), the view and three texts above the C call: " + three},
                    3, [command] { return told_by(command) - c_read_us(); });
  };
  if (python) add("python", "<= 1", *python + " " + peers + "python_read.py");
  if (python && std::system((*python + " -c 'import pyarrow' 2> /dev/null").c_str()) == 0) {
    figures.measure(
        {"bindings.arrow_ratio", "ratio", ">= 0.9",
         "clientbook_cursor_next() alone: three fields of 10,000 customers in memory"},
        3, [command = *python + " " + peers + "python_arrow.py"] { return told_by(command); });
  }
  if (node)
    add("node", "<= 1", "NODE_PATH=" + *node + "/node_modules node " + peers + "node_read.js");
  if (java) add("java", "<= 0.6", "java -cp " + *java + " " + peers + "JavaRead.java");
  if (java && newer) {
    // Compiled by the older one: the newer may have no compiler.
    add("foreign", "<= 0.3",
        "d=$(mktemp -d) && javac -d $d -cp " + *java + " " + peers + "JavaRead.java && " + *newer +
            "/bin/java --enable-native-access=ALL-UNNAMED -cp $d:" + *java +
            " JavaRead && rm -r $d");
  }
  if (!python || !node || !java || !newer) {
    std::fprintf(stderr,
                 "bindings_bench: figures of languages that no variable names are left out\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  clientbook::benchmarking::figures figures(argc, argv);
  const std::string three = "three fields of one of 2,000 customers in memory";
  figures.ratio(
      {"bindings.c_read_ratio", "ratio", ">= 0.9", "session::read_into() in C++: " + three},
      "c_read", "cpp_read");
  figures.ratio({"bindings.c_call_ratio", "ratio", ">= 0.9",
                 "read_into(), reasons and flatten() in C++: " + three},
                "c_read", "cpp_read_flat");
  add_languages(figures, three);
  return figures.run();
}
