// The plan of an index: sentences for people, numbers for machines.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/index_json.hpp>

#include "json_text.hpp"

namespace clientbook {
namespace {

// Measured (benchmarks/search_bench.cpp): four fields of one customer each.
constexpr std::uint64_t memory_a_customer = 120;
constexpr std::uint64_t sealed_a_customer = 100;
constexpr std::uint64_t a_bucket = 16;

struct way {
  std::string_view kind;
  std::uint64_t at_rest_bytes = 0;
  std::uint64_t memory_bytes = 0;
  std::string at_rest{};
  std::string watcher{};
  std::string memory{};
  std::string erasure{};
};

way scan() {
  return {.kind = "scan",
          .at_rest = "nothing beside the records.",
          .watcher =
              "a question reads every record: nothing tells whom it was about, but who is "
              "shown is read again.",
          .memory = "nothing is kept behind a question.",
          .erasure = "nothing is left, since nothing was kept."};
}

way memory(std::uint64_t customers) {
  return {.kind = "memory",
          .memory_bytes = customers * memory_a_customer,
          .at_rest =
              "nothing beside the records; swap, where it is not encrypted, may hold what "
              "lies in memory.",
          .watcher =
              "the first question reads everything, later ones read whom they show and what "
              "has changed.",
          .memory =
              "names, addresses, numbers and ids of whom a purpose may query, in clear, in "
              "pages that no core dump and no child process gets, for at most four purposes.",
          .erasure = "wiped with the next question of that purpose, or when the book is closed."};
}

way sealed(const index_state& state) {
  const bool built = state.kind == index_at_rest::sealed;
  const std::uint64_t buckets = built ? state.buckets : state.customers / a_bucket + 1;
  const std::string each = built ? "one of " + std::to_string(buckets) + " buckets"
                                 : "one of some " + std::to_string(buckets) + " buckets";
  return {.kind = "sealed",
          .at_rest_bytes = built ? state.bytes : state.customers * sealed_a_customer,
          .memory_bytes = state.customers * memory_a_customer,
          .at_rest =
              "how long the names, addresses, numbers and ids of 16 customers are together, to "
              "256 bytes, in " +
              each + "; no value, no equality of two values, no frequency of any.",
          .watcher =
              "which buckets were taken out since a record in them changed, and when they were "
              "built; the first question reads all of them, later ones as with memory.",
          .memory =
              "as memory does, which is made of it; a question of the program alone keeps nothing.",
          .erasure =
              "the bucket's key goes with the customer: nothing opens it any more, in older "
              "copies neither."};
}

void write(transfer::json_text& out, const way& one) {
  const auto text = [&](std::string_view name, std::string_view value) {
    out.name(name);
    out.string(value);
  };
  const auto count = [&](std::string_view name, std::uint64_t value) {
    out.name(name);
    out.integer(static_cast<std::int64_t>(value));
  };
  out.begin_object();
  text("kind", one.kind);
  count("bytes_at_rest", one.at_rest_bytes);
  count("bytes_in_memory", one.memory_bytes);
  text("at_rest", one.at_rest);
  text("to_a_watcher", one.watcher);
  text("in_memory", one.memory);
  text("after_an_erasure", one.erasure);
  out.end_object();
}

}  // namespace

result<std::string> index_plan_json(session& in) try {
  const auto state = in.index();
  if (!state) return state.error();
  transfer::json_text out;
  const auto count = [&](std::string_view name, std::uint64_t value) {
    out.name(name);
    out.integer(static_cast<std::int64_t>(value));
  };
  out.begin_object();
  out.name("kind");
  out.string(name_of(state->kind));
  count("customers", state->customers);
  count("current", state->current);
  count("buckets", state->buckets);
  count("bytes", state->bytes);
  out.name("plan");
  out.begin_array();
  write(out, scan());
  write(out, memory(state->customers));
  write(out, sealed(*state));
  out.end_array();
  out.end_object();
  const wiped_text whole = out.take();
  return std::string(whole.data(), whole.size());
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
