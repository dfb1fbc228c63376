// The published vectors on a board, and what sealing costs there: instructions and depth of the
// stack.
//
// The same program runs on both boards under QEMU and as a process of the host. It reads no file:
// the vectors are data of the image (make_tables.py). It prints one line a vector that fails and,
// last, its counts as JSON, and ends with 0 only if all passed.
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/validate.hpp>

#include <cstring>

#include "board.h"

using namespace clientbook;

namespace {

struct bytes_of {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
  [[nodiscard]] byte_view view() const {
    return {static_cast<const std::byte*>(static_cast<const void*>(data)), size};
  }
  [[nodiscard]] std::string_view text() const {
    return {static_cast<const char*>(static_cast<const void*>(data)), size};
  }
};
using text_of = bytes_of;
struct place_of {
  int suite;
  bytes_of key, book;
  int table;
  std::uint64_t customer, record, version;
  std::uint32_t key_version, schema;
  bytes_of schema_hash;
};
struct field_case {
  int id;
  bytes_of plaintext;
};
struct row_case {
  place_of place;
  int kind;
  bytes_of row;
  const field_case* fields;
  std::size_t field_count;
  errc code;
  std::uint64_t at;
};
struct value_case {
  place_of place;
  int field, committed;
  bytes_of sealed, plaintext;
  errc code;
  std::uint64_t at;
};
struct node_case {
  int level;
  std::uint64_t index;
  bytes_of node;
};
struct tree_case {
  int suite;
  bytes_of root_key, book;
  std::uint64_t root_version, customer;
  const node_case* nodes;
  std::size_t node_count;
  bytes_of subject_key;
  std::uint64_t version;
  errc code;
  std::uint64_t at;
};
struct id_case {
  bytes_of key, id;
  std::uint64_t customer;
  errc code;
  std::uint64_t at;
};
struct model_case {
  const char* field;
  bytes_of bytes;
  errc code;
};
struct root_case {
  std::uint64_t size;
  bytes_of root;
};
constexpr const field_case* no_fields = nullptr;

#include "vector_tables.inc"

// --- telling ------------------------------------------------------------------------------------

void write_number(std::uint64_t number) {
  char text[24];
  char* to = text + sizeof text;
  *--to = 0;
  do {
    *--to = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  board_log(to);
}

void write_member(const char* name, std::uint64_t number, const char* before = ", ") {
  board_log(before);
  board_log("\"");
  board_log(name);
  board_log("\": ");
  write_number(number);
}

unsigned failures = 0;

class family {
 public:
  explicit family(const char* name) : name_(name) {}
  void check(bool good) {
    ++count_;
    if (good) return;
    ++failures;
    board_log(name_);
    board_log(": vector ");
    write_number(count_);
    board_log(" is not so\n");
  }
  // Suite 2 needs a processor with AES.
  void skip() { ++skipped_; }
  [[nodiscard]] const char* name() const { return name_; }
  [[nodiscard]] unsigned count() const { return count_; }
  [[nodiscard]] unsigned skipped() const { return skipped_; }

 private:
  const char* name_;
  unsigned count_ = 0;
  unsigned skipped_ = 0;
};

// --- helpers
// --------------------------------------------------------------------------------------

class board_random final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override {
    if (board_entropy(out.data(), out.size()) == BOARD_OK) return {};
    return error{errc::randomness_failed, "the board gives no entropy"};
  }
};

bool runs_here(int suite) { return crypto::suite_available(static_cast<crypto::suite>(suite)); }

secret<32> key_of(const bytes_of& from) {
  secret<32> out;
  out.fill_bytes([&](std::span<std::byte, 32> to) { copy_bytes(to, from.view()); });
  return out;
}

template <class Context>
Context context_of(const place_of& place) {
  Context context;
  context.suite = static_cast<crypto::suite>(place.suite);
  copy_bytes(context.book.bytes, place.book.view());
  context.table = static_cast<std::uint8_t>(place.table);
  context.customer = customer_no(place.customer);
  context.record = place.record;
  context.version = record_version(place.version);
  context.key_version = place.key_version;
  context.schema = schema_version(place.schema);
  copy_bytes(context.schema_hash, place.schema_hash.view());
  return context;
}

bool same(byte_view a, byte_view b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

bool is(const error& got, errc code, std::uint64_t at) {
  return got.code == code && (code == errc::none || got.at == at);
}
template <class Result>
error outcome(const Result& got) {
  return got ? error{} : got.error();
}

alignas(64) std::byte room[32768];
alignas(64) std::byte tree_room[40960];

// --- the families
// ---------------------------------------------------------------------------------

bool row_is(const row_case& test) {
  auto context = context_of<row_context>(test.place);
  context.kind = static_cast<std::uint8_t>(test.kind);
  row_reader reader;
  error got = outcome(reader.open(key_of(test.place.key), context, test.row.view()));
  std::array<opened_field, 64> out;
  const result<std::size_t> count = reader.read(all_fields, room, out);
  if (got.code == errc::none) got = outcome(count);
  if (!is(got, test.code, test.at)) return false;
  if (got.code != errc::none) return true;
  if (*count != test.field_count) return false;
  for (std::size_t i = 0; i < *count; ++i) {
    if (out[i].id.value != test.fields[i].id) return false;
    if (!same(out[i].plaintext, test.fields[i].plaintext.view())) return false;
  }
  return true;
}

bool value_is(const value_case& test) {
  auto context = context_of<field_context>(test.place);
  context.field = field_id(static_cast<std::uint8_t>(test.field));
  const auto commits = test.committed != 0 ? commitment::included : commitment::none;
  const result<std::size_t> got =
      open_field(key_of(test.place.key), context, test.sealed.view(), room, commits);
  if (!is(outcome(got), test.code, test.at)) return false;
  return !got || same(byte_view(room).first(*got), test.plaintext.view());
}

class nodes_of final : public node_store {
 public:
  explicit nodes_of(const tree_case& test) : test_(test) {}
  result<byte_view> get(std::uint8_t level, std::uint64_t index) noexcept override {
    for (std::size_t i = test_.node_count; i-- > 0;) {
      const node_case& each = test_.nodes[i];
      if (each.level == level && each.index == index) return each.node.view();
    }
    return error{errc::not_found, "no such node"};
  }
  result<void> put(std::uint8_t, std::uint64_t, byte_view) noexcept override {
    return error{errc::disk_full, "vectors are read only"};
  }

 private:
  const tree_case& test_;
};

bool tree_is(const tree_case& test) {
  book_id book;
  copy_bytes(book.bytes, test.book.view());
  nodes_of nodes(test);
  key_tree tree(tree_room, book, static_cast<crypto::suite>(test.suite));
  tree.open({1, key_of(test.root_key)});
  if (!tree.begin(nodes, test.root_version)) return false;
  const result<const manifest*> found = tree.find(customer_no(test.customer));
  if (!is(outcome(found), test.code, test.at)) return false;
  if (!found) return true;
  return (*found)->version.value == test.version &&
         (*found)->subject_key.with_bytes(
             [&](byte_view key) { return same(key, test.subject_key.view()); });
}

bool id_is(const id_case& test) {
  const crypto::id_permutation ids(key_of(test.key));
  customer_id id;
  copy_bytes(id.bytes, test.id.view());
  const result<customer_no> got = ids.number(id);
  if (!is(outcome(got), test.code, test.at)) return false;
  return !got || (got->value == test.customer && ids.id(*got) == id);
}

bool value_of_model_is(const schema& rules, const model_case& test) {
  const auto field = rules.find(test.field);
  return field && outcome(validate(rules, field->number, test.bytes.view())).code == test.code;
}

bool schema_is(const model_case& test) {
  const result<schema> read = decode_schema(test.bytes.view());
  if (outcome(read).code != test.code) return false;
  if (!read) return true;
  const result<byte_view> again = encode_schema(*read, room);
  return !again || same(*again, test.bytes.view());
}

bool record_is(const model_case& test) {
  std::array<field_value, 64> fields;
  const auto read = decode_record(test.bytes.view(), fields);
  if (outcome(read).code != test.code) return false;
  if (!read) return true;
  const result<byte_view> again = encode_record(*read, room);
  return again && same(*again, test.bytes.view());
}

void check_ledger(family& entries, family& roots, family& proofs) {
  ledger::frontier tree;
  std::size_t next = 0;
  const auto roots_at = [&] {
    while (next < std::size(root_cases) && root_cases[next].size == tree.size()) {
      roots.check(same(tree.root(), root_cases[next++].root.view()));
    }
  };
  roots_at();
  for (const bytes_of& each : entry_cases) {
    const auto entry = ledger::decode_entry(each.view());
    const result<byte_view> again =
        entry ? ledger::encode_entry(*entry, room) : result<byte_view>(entry.error());
    entries.check(again && same(*again, each.view()));
    if (!tree.append(ledger::leaf_hash(each.view()))) return roots.check(false);
    roots_at();
  }
  roots.check(next == std::size(root_cases));
  const auto log = ledger::parse_log_identity(log_key.text());
  if (!log) return proofs.check(false);
  proofs.check(ledger::verify_checkpoint(log_head.text(), *log).has_value());
  for (const text_of& each : proof_cases) {
    proofs.check(ledger::verify_log_proof(each.text(), *log, room).has_value());
    // The same with one character of the entry changed is refused.
    char* const copy = static_cast<char*>(static_cast<void*>(room + 8192));
    std::memcpy(copy, each.data, each.size);
    copy[40] = copy[40] == 'A' ? 'B' : 'A';
    proofs.check(!ledger::verify_log_proof({copy, each.size}, *log, byte_span(room).first(8192)));
  }
}

// --- cost
// -------------------------------------------------------------------------------------------

struct cost {
  std::uint64_t instructions;
  std::size_t stack;
};

template <class Work>
cost cost_of(Work work) {
  board_stack_mark();
  const std::uint64_t before = board_instructions();
  work();
  const std::uint64_t after = board_instructions();
  return {after - before, board_stack_used()};
}

void tell(const char* name, const cost& of, const char* before = ", ") {
  board_log(before);
  board_log("\"");
  board_log(name);
  board_log("\": ");
  write_member("instructions", of.instructions, "{");
  write_member("stack", of.stack);
  board_log("}");
}

// Sealing and opening one value and a row of four fields, a token, and a signature.
void tell_costs() {
  board_random random;
  const secret<32> key = key_of(row_cases[0].place.key);
  const byte_view small = byte_view(room).first(32);
  const byte_view large = byte_view(room).first(1024);
  const byte_span out = byte_span(room).subspan(4096, 4096);
  const byte_span back = byte_span(room).subspan(8192, 4096);
  bool good = true;
  const auto sealing = [&](byte_view what) {
    return cost_of([&] { good &= seal_field(key, {}, what, random, out).has_value(); });
  };
  const auto opening = [&](byte_view what) {
    return cost_of([&] {
      good &= open_field(key, {}, byte_view(out).first(sealed_field_size(what.size())), back)
                  .has_value();
    });
  };
  const std::array<row_field, 4> fields{{{field_id{1}, small, padding::to_32},
                                         {field_id{2}, small, padding::to_32},
                                         {field_id{3}, small, padding::none},
                                         {field_id{4}, small, padding::none}}};
  tell("seal_32", sealing(small), ", \"costs\": {");
  tell("open_32", opening(small));
  tell("seal_1024", sealing(large));
  tell("open_1024", opening(large));
  tell("seal_row", cost_of([&] { good &= seal_row(key, {}, fields, random, out).has_value(); }));
  tell("token", cost_of([&] { good &= crypto::blind_token(key, 64, {&small, 1}).has_value(); }));
  const auto log = ledger::parse_log_identity(log_key.text());
  tell("verify_checkpoint", cost_of([&] {
         good &= log && ledger::verify_checkpoint(log_head.text(), *log).has_value();
       }));
  tell("start", cost_of([&] { good &= crypto::init().has_value(); }));
  board_log("}");
  if (!good) ++failures;
}

// A loop of known length, so that what counts instructions is itself measured.
std::uint64_t counted_loop() {
#if defined(__arm__) && defined(__thumb__)
  return cost_of([] {
           std::uint32_t left = 1000000;
           __asm__ volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(left) : : "cc");
         })
      .instructions;
#else
  return 0;
#endif
}

void tell_counts(std::span<family* const> all) {
  board_log("{\"board\": \"");
  board_log(board_name());
  board_log("\"");
  const char* before = ", \"vectors\": {";
  for (const family* each : all) {
    write_member(each->name(), each->count(), before);
    before = ", ";
  }
  before = "}, \"left_out\": {";
  for (const family* each : all) {
    write_member(each->name(), each->skipped(), before);
    before = ", ";
  }
  board_log("}");
  write_member("loop_of_2000000", counted_loop());
  write_member("key_tree_memory", key_tree::memory_for(key_tree::least_nodes));
  tell_costs();
  write_member("failures", failures);
  board_log("}\n");
}

}  // namespace

int main() {
  if (!crypto::init()) return 2;
  family rows("row_envelope"), values("field_envelope"), trees("key_tree"), ids("customer_id");
  family items("cbor"), model("values"), schemas("schema"), records("record");
  family entries("ledger_entries"), roots("ledger_roots"), proofs("ledger_proofs");
  for (const row_case& each : row_cases) {
    runs_here(each.place.suite) ? rows.check(row_is(each)) : rows.skip();
  }
  for (const value_case& each : value_cases) {
    runs_here(each.place.suite) ? values.check(value_is(each)) : values.skip();
  }
  for (const tree_case& each : tree_cases) {
    runs_here(each.suite) ? trees.check(tree_is(each)) : trees.skip();
  }
  for (const id_case& each : id_cases) ids.check(id_is(each));
  for (const model_case& each : cbor_cases) {
    items.check(outcome(cbor::check(each.bytes.view())).code == each.code);
  }
  static const schema rules = standard_schema();
  for (const model_case& each : values_cases) model.check(value_of_model_is(rules, each));
  for (const model_case& each : schema_cases) schemas.check(schema_is(each));
  for (const model_case& each : record_cases) records.check(record_is(each));
  check_ledger(entries, roots, proofs);
  const std::array<family*, 11> all{&rows,    &values,  &trees,   &ids,   &items, &model,
                                    &schemas, &records, &entries, &roots, &proofs};
  tell_counts(all);
  return failures == 0 ? 0 : 1;
}
