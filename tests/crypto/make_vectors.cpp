// Makes tests/vectors/crypto: what every implementation of our envelopes must open, and what
// none may. The same bytes in every run.
//
//   clientbook_make_crypto_vectors DIR             writes the files
//   clientbook_make_crypto_vectors --compare DIR   fails if one there differs
//
// What is expected is said here by hand, not asked of the code. A file that was released is
// never changed: a new format gets files of its own.
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include "crypto_testing.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "make_vectors: %s\n", what);
  std::exit(1);
}
template <class Result>
auto must(Result made) {
  if (!made) fail(made.error().text.c_str());
  if constexpr (!std::is_void_v<typename Result::value_type>) return std::move(*made);
}

// Enough of a JSON writer: names and texts here need no escapes.
class object {
 public:
  object& text(std::string_view name, std::string_view value) {
    return raw(name, '"' + std::string(value) + '"');
  }
  object& hex(std::string_view name, byte_view value) { return text(name, testing::hex(value)); }
  object& number(std::string_view name, std::uint64_t value) {
    return raw(name, std::to_string(value));
  }
  object& list(std::string_view name, const std::vector<std::string>& items,
               std::string_view between) {
    std::string all = "[";
    for (std::size_t i = 0; i < items.size(); ++i) {
      all += (i == 0 ? "" : ",") + std::string(between) + items[i];
    }
    return raw(name, all + "]");
  }
  [[nodiscard]] std::string str() const { return "{" + out_ + "}"; }

 private:
  object& raw(std::string_view name, const std::string& value) {
    if (!out_.empty()) out_ += ", ";
    out_ += '"' + std::string(name) + "\": " + value;
    return *this;
  }
  std::string out_;
};

class vectors {
 public:
  explicit vectors(std::string title) : title_(std::move(title)) {}
  object start(std::string_view comment, std::string_view error = "", std::uint64_t at = 0) {
    object test;
    test.number("tcId", tests_.size() + 1).text("comment", comment);
    test.text("result", error.empty() ? "valid" : "invalid");
    if (!error.empty()) test.text("error", error).number("at", at);
    return test;
  }
  void add(const object& test) { tests_.push_back(test.str()); }
  [[nodiscard]] std::string str() const {
    object file;
    file.text("algorithm", title_).text("license", "Apache-2.0");
    file.number("numberOfTests", tests_.size()).list("tests", tests_, "\n  ");
    return file.str() + "\n";
  }

 private:
  std::string title_;
  std::vector<std::string> tests_;
};

const std::array<crypto::suite, 2> suites{crypto::suite::chacha20_poly1305,
                                          crypto::suite::aes256_gcm};
std::uint64_t number_of(crypto::suite suite) { return static_cast<std::uint64_t>(suite); }

bytes flipped(bytes from, std::size_t at) {
  from[at] ^= std::byte{1};
  return from;
}
bytes first_of(const bytes& from, std::size_t size) {
  return {from.begin(), from.begin() + static_cast<std::ptrdiff_t>(size)};
}

// --- rows -------------------------------------------------------------------------------------

std::string row_envelopes() {
  vectors out("clientbook row envelope, format 1");
  repeating_random random(1);
  const std::vector<row_field> usual{{field_id(1), as_bytes("Ana Maria")},
                                     {field_id(4), as_bytes("ana@example.org")},
                                     {field_id(5), as_bytes("bob@example.org")},
                                     {field_id(9), {}},
                                     {field_id(63), as_bytes("likes blue"), padding::to_32}};
  for (const crypto::suite suite : suites) {
    row_context context;
    context.suite = suite;
    context.book = wide<book_id>(0x10);
    context.table = 4;
    context.kind = 2;
    context.customer = customer_no(77);
    context.record = 5;
    context.version = record_version(9);
    context.key_version = 3;
    context.schema = schema_version(2);
    context.schema_hash = crypto::hash(as_bytes("schema"));
    const secret<32> key = key_of(1);
    const secret<32> other_key = key_of(2);

    const auto seal = [&](const row_context& where, const std::vector<row_field>& fields) {
      bytes row(sealed_row_size(fields));
      must(seal_row(key, where, fields, random, row));
      return row;
    };
    const auto add = [&](object test, const secret<32>& with, const row_context& where,
                         const bytes& row, const std::vector<row_field>& fields) {
      test.number("suite", number_of(where.suite)).hex("key", bytes_of(with));
      test.hex("book", where.book.bytes).number("table", where.table).number("kind", where.kind);
      test.number("customer", where.customer.value).number("record", where.record);
      test.number("version", where.version.value).number("keyVersion", where.key_version);
      test.number("schema", where.schema.value).hex("schemaHash", where.schema_hash);
      test.hex("row", row);
      std::vector<std::string> plain;
      for (const row_field& field : fields) {
        plain.push_back(
            object().number("id", field.id.value).hex("plaintext", field.plaintext).str());
      }
      out.add(test.list("fields", plain, ""));
    };
    const bytes row = seal(context, usual);
    const auto valid = [&](std::string_view comment, const std::vector<row_field>& fields) {
      add(out.start(comment), key, context, seal(context, fields), fields);
    };
    const auto invalid = [&](std::string_view comment, std::string_view error, const bytes& bad,
                             std::uint64_t at = 0) {
      add(out.start(comment, error, at), key, context, bad, {});
    };
    const auto misplaced = [&](std::string_view comment, std::string_view error,
                               const std::function<void(row_context&)>& change) {
      row_context moved = context;
      change(moved);
      add(out.start(comment, error), key, moved, row, {});
    };

    add(out.start("five fields, one empty, one padded"), key, context, row, usual);
    valid("no field", {});
    valid("one byte", {{field_id(0), as_bytes("x")}});
    const bytes zeros(40);
    valid("every padding", {{field_id(0), byte_view(zeros).first(7), padding::to_8},
                            {field_id(1), byte_view(zeros).first(8), padding::to_8},
                            {field_id(2), {}, padding::to_16},
                            {field_id(3), byte_view(zeros).first(32), padding::to_32}});
    std::vector<row_field> many;
    for (std::uint8_t id = 0; id < 64; ++id) many.push_back({field_id(id), as_bytes("value")});
    valid("sixty-four fields", many);

    add(out.start("wrong subject: the key of another customer", "wrong_key"), other_key, context,
        row, {});
    misplaced("another book", "authentication_failed",
              [](row_context& c) { c.book = wide<book_id>(0x20); });
    misplaced("another table", "authentication_failed", [](row_context& c) { c.table = 5; });
    misplaced("another kind", "authentication_failed", [](row_context& c) { c.kind = 1; });
    misplaced("another customer", "authentication_failed",
              [](row_context& c) { c.customer = customer_no(78); });
    misplaced("another record", "authentication_failed", [](row_context& c) { c.record = 6; });
    misplaced("another schema hash", "authentication_failed",
              [](row_context& c) { c.schema_hash = crypto::hash(as_bytes("other")); });
    misplaced("wrong version: an older row", "version_mismatch",
              [](row_context& c) { c.version = record_version(10); });
    misplaced("wrong version: of the schema", "version_mismatch",
              [](row_context& c) { c.schema = schema_version(3); });
    misplaced("wrong version: of the key", "version_mismatch",
              [](row_context& c) { c.key_version = 4; });
    misplaced("wrong suite", "suite_mismatch", [](row_context& c) {
      c.suite = c.suite == crypto::suite::aes256_gcm ? crypto::suite::chacha20_poly1305
                                                     : crypto::suite::aes256_gcm;
    });

    const std::size_t data = 80 + 4 * usual.size();
    invalid("newer format", "newer_format", [&] {
      bytes newer = row;
      newer[0] = std::byte{2};
      return newer;
    }());
    invalid("format 0", "invalid_encoding", flipped(row, 0));
    invalid("unknown flag", "invalid_encoding", flipped(row, 2));
    invalid("modified check word", "authentication_failed", flipped(row, 20));
    invalid("modified salt", "wrong_key", flipped(row, 24));
    invalid("modified commitment", "wrong_key", flipped(row, 79));
    invalid("modified field id in the directory", "authentication_failed", flipped(row, 81));
    invalid("modified ciphertext", "authentication_failed", flipped(row, data), 1);
    invalid("modified tag", "authentication_failed", flipped(row, data + 9 + 15), 1);
    invalid("modified tag of an empty field", "authentication_failed",
            flipped(row, data + 9 + 15 + 15 + 3 * 16), 9);

    bytes swapped = row;
    const auto second = swapped.begin() + static_cast<std::ptrdiff_t>(data + 9 + 16);
    std::swap_ranges(second, second + 31, second + 31);
    invalid("swapped fields", "authentication_failed", swapped, 4);

    std::vector<row_field> four = usual;
    four.pop_back();
    const bytes shorter = seal(context, four);
    bytes removed = first_of(row, row.size() - 48);
    removed.erase(removed.begin() + 96, removed.begin() + 100);
    removed[3] = std::byte{4};
    invalid("removed field", "authentication_failed", removed);
    std::copy_n(shorter.begin() + 20, 4, removed.begin() + 20);
    invalid("removed field, check word corrected", "wrong_key", removed);

    bytes newer_row = seal(context, usual);
    std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(data), 25,
                newer_row.begin() + static_cast<std::ptrdiff_t>(data));
    invalid("field of an older row", "authentication_failed", newer_row, 1);
    bytes reversed = row;
    std::swap_ranges(reversed.begin() + 80, reversed.begin() + 84, reversed.begin() + 84);
    invalid("directory not ascending", "invalid_encoding", reversed);
    invalid("truncated: empty", "truncated", {});
    invalid("truncated in the header", "truncated", first_of(row, 79));
    invalid("truncated in the directory", "truncated", first_of(row, data - 1));
    invalid("truncated in the last tag", "truncated", first_of(row, row.size() - 1));
    bytes longer = row;
    longer.push_back(std::byte{0});
    invalid("a byte too many", "invalid_encoding", longer);
  }
  return out.str();
}

// --- single values ------------------------------------------------------------------------------

std::string field_envelopes() {
  vectors out("clientbook field envelope, format 1");
  repeating_random random(2);
  for (const crypto::suite suite : suites) {
    for (const commitment commits : {commitment::none, commitment::included}) {
      field_context context;
      context.suite = suite;
      context.book = wide<book_id>(0x10);
      context.table = 12;
      context.field = field_id(6);
      context.customer = customer_no(77);
      context.record = 5;
      context.version = record_version(9);
      context.key_version = 3;
      context.schema = schema_version(2);
      context.schema_hash = crypto::hash(as_bytes("schema"));
      const secret<32> key = key_of(1);
      const bool committed = commits == commitment::included;

      const auto add = [&](object test, const secret<32>& with, const field_context& where,
                           const bytes& sealed, std::string_view plaintext) {
        test.number("suite", number_of(where.suite)).hex("key", bytes_of(with));
        test.text("commitment", committed ? "included" : "none");
        test.hex("book", where.book.bytes).number("table", where.table);
        test.number("field", where.field.value).number("customer", where.customer.value);
        test.number("record", where.record).number("version", where.version.value);
        test.number("keyVersion", where.key_version).number("schema", where.schema.value);
        test.hex("schemaHash", where.schema_hash).hex("sealed", sealed);
        out.add(test.hex("plaintext", as_bytes(plaintext)));
      };
      const auto seal = [&](std::string_view text) {
        bytes sealed(sealed_field_size(text.size(), commits));
        must(seal_field(key, context, as_bytes(text), random, sealed, commits));
        return sealed;
      };
      const std::string_view text = "ana@example.org";
      const bytes sealed = seal(text);
      const std::string_view elsewhere = committed ? "wrong_key" : "authentication_failed";
      const auto invalid = [&](std::string_view comment, std::string_view error, const bytes& bad) {
        add(out.start(comment, error), key, context, bad, "");
      };
      const auto misplaced = [&](std::string_view comment, std::string_view error,
                                 const std::function<void(field_context&)>& change) {
        field_context moved = context;
        change(moved);
        add(out.start(comment, error), key, moved, sealed, "");
      };

      add(out.start("a value"), key, context, sealed, text);
      add(out.start("an empty value"), key, context, seal(""), "");
      const std::string large(300, 'a');
      add(out.start("300 bytes"), key, context, seal(large), large);

      add(out.start("wrong subject: the key of another customer", elsewhere), key_of(2), context,
          sealed, "");
      misplaced("another book", elsewhere, [](field_context& c) { c.book = wide<book_id>(0x20); });
      misplaced("another table", elsewhere, [](field_context& c) { c.table = 5; });
      misplaced("swapped field", elsewhere, [](field_context& c) { c.field = field_id(7); });
      misplaced("another customer", elsewhere,
                [](field_context& c) { c.customer = customer_no(78); });
      misplaced("another record", elsewhere, [](field_context& c) { c.record = 6; });
      misplaced("wrong version: of the record", elsewhere,
                [](field_context& c) { c.version = record_version(10); });
      misplaced("wrong version: of the schema", elsewhere,
                [](field_context& c) { c.schema = schema_version(3); });
      misplaced("another schema hash", elsewhere,
                [](field_context& c) { c.schema_hash = crypto::hash(as_bytes("other")); });
      misplaced("wrong version: of the key", "version_mismatch",
                [](field_context& c) { c.key_version = 4; });
      misplaced("wrong suite", "suite_mismatch", [](field_context& c) {
        c.suite = c.suite == crypto::suite::aes256_gcm ? crypto::suite::chacha20_poly1305
                                                       : crypto::suite::aes256_gcm;
      });
      bytes newer = sealed;
      newer[0] = std::byte{2};
      invalid("newer format", "newer_format", newer);
      invalid("format 0", "invalid_encoding", flipped(sealed, 0));
      bytes turned = seal(std::string(60, 'b'));
      turned[1] ^= std::byte{0x80};
      invalid("commitment said to be there or not, against the call", "invalid_encoding", turned);
      invalid("modified nonce", elsewhere, flipped(sealed, 6));
      if (committed) invalid("modified commitment", "wrong_key", flipped(sealed, 30));
      invalid("modified ciphertext", "authentication_failed",
              flipped(sealed, sealed.size() - 16 - 15));
      invalid("modified tag", "authentication_failed", flipped(sealed, sealed.size() - 1));
      invalid("truncated in the header", "truncated", first_of(sealed, 29));
      invalid("truncated by one byte", "authentication_failed",
              first_of(sealed, sealed.size() - 1));
      invalid("truncated: empty", "truncated", {});
    }
  }
  return out.str();
}

// --- key tree -----------------------------------------------------------------------------------

std::string key_tree_nodes() {
  vectors out("clientbook key tree, node format 1");
  for (const crypto::suite suite : suites) {
    repeating_random random(3);
    memory_nodes nodes;
    struct alignas(64) line {
      std::byte bytes[64];
    };
    std::vector<line> room(key_tree::memory_for(64) / 64 + 1);
    key_tree tree(byte_span(room[0].bytes, room.size() * 64), wide<book_id>(0x10), suite);
    root_key root{1, key_of(1)};
    const root_key first_root{1, key_of(1)};
    tree.open(root);

    const auto entry = [](std::uint64_t n) {
      manifest m;
      m.subject_key = key_of(static_cast<std::uint8_t>(100 + n));
      m.key_version = 1;
      m.schema = schema_version(2);
      m.version = record_version(1000 + n);
      m.purchases = 3;
      m.notes = 5;
      m.directives = 6;
      m.disclosures = 7;
      m.consent_state = 8;
      m.last_ledger_index = 4'000'000'000 + n;
      return m;
    };
    std::uint64_t version = 0;
    const auto change = [&](const std::function<void()>& what) {
      must(tree.begin_write(nodes, version, random));
      what();
      version = must(tree.flush());
      if (tree.next_root() != nullptr)
        root = {tree.next_root()->epoch, tree.next_root()->key.duplicate()};
      must(tree.commit());
    };
    change([&] {
      for (const std::uint64_t n : {1U, 2U, 16U, 17U}) must(tree.insert(customer_no(n), entry(n)));
    });
    const auto older = nodes.now;
    const std::uint64_t older_version = version;
    change([&] {
      must(tree.edit(customer_no(1)));
      must(tree.erase(customer_no(2)));
    });
    const auto now = nodes.now;

    using map = std::map<memory_nodes::place, bytes>;
    const auto add = [&](object test, const secret<32>& root_with, std::uint64_t root_version,
                         const map& held, std::uint64_t customer) {
      test.number("suite", number_of(suite)).hex("book", wide<book_id>(0x10).bytes);
      test.hex("rootKey", bytes_of(root_with)).number("rootVersion", root_version);
      std::vector<std::string> list;
      for (const auto& [where, node] : held) {
        list.push_back(object()
                           .number("level", where.first)
                           .number("index", where.second)
                           .hex("node", node)
                           .str());
      }
      test.list("nodes", list, "\n    ").number("customer", customer);
      out.add(test);
    };
    const auto valid = [&](std::string_view comment, std::uint64_t customer) {
      const manifest m = entry(customer);
      object test = out.start(comment);
      test.hex("subjectKey", bytes_of(m.subject_key)).number("keyVersion", m.key_version);
      test.number("schema", m.schema.value).number("version", m.version.value);
      test.number("purchases", m.purchases).number("notes", m.notes);
      test.number("directives", m.directives).number("disclosures", m.disclosures);
      test.number("consentState", m.consent_state).number("lastLedgerIndex", m.last_ledger_index);
      add(test, root.key, version, now, customer);
    };
    const auto invalid = [&](std::string_view comment, std::string_view error, std::uint64_t at,
                             const map& held) {
      add(out.start(comment, error, at), root.key, version, held, 1);
    };
    const auto with = [&](memory_nodes::place where, const bytes& node) {
      map held = now;
      held[where] = node;
      return held;
    };

    valid("first customer", 1);
    valid("last of the first leaf's neighbours", 16);
    valid("second leaf", 17);
    add(out.start("erased customer", "key_erased"), root.key, version, now, 2);
    add(out.start("number never given", "not_found"), root.key, version, now, 3);
    add(out.start("number in a leaf that does not exist", "not_found"), root.key, version, now,
        70'000'000);
    add(out.start("wrong root key", "wrong_key", 5), key_of(2), version, now, 1);
    add(out.start("the root key from before an erasure", "wrong_key", 5), first_root.key, version,
        now, 1);
    add(out.start("the store from before an erasure, under the root key of today", "wrong_key", 5),
        root.key, older_version, older, 1);
    add(out.start("wrong version: the root is older than its pin", "version_mismatch", 5), root.key,
        version + 1, now, 1);
    for (std::uint8_t level = 0; level < 5; ++level) {
      const memory_nodes::place where{level, 0};
      const std::string at_level = " at level " + std::to_string(level);
      invalid("older node put back" + at_level, "version_mismatch", level,
              with(where, older.at(where)));
      bytes forged = older.at(where);
      std::copy_n(now.at(where).begin() + 12, 8, forged.begin() + 12);
      invalid("older node put back, version corrected" + at_level, "authentication_failed", level,
              with(where, forged));
      map without = now;
      without.erase(where);
      invalid("removed node" + at_level, "row_missing", level, without);
      invalid("modified tag" + at_level, "authentication_failed", level,
              with(where, flipped(now.at(where), now.at(where).size() - 1)));
      invalid("modified nonce" + at_level, "authentication_failed", level,
              with(where, flipped(now.at(where), 20)));
    }
    invalid("moved: the leaf of other customers", "authentication_failed", 0,
            with({0, 0}, now.at({0, 1})));
    invalid("truncated leaf", "truncated", 0, with({0, 0}, first_of(now.at({0, 0}), 67)));
    invalid("leaf shortened by one byte", "authentication_failed", 0,
            with({0, 0}, first_of(now.at({0, 0}), now.at({0, 0}).size() - 1)));
    bytes newer = now.at({0, 0});
    newer[0] = std::byte{2};
    invalid("newer format", "newer_format", 0, with({0, 0}, newer));
    invalid("wrong suite", "suite_mismatch", 0, with({0, 0}, flipped(now.at({0, 0}), 1)));
  }
  return out.str();
}

// --- customer ids -------------------------------------------------------------------------------

std::string customer_ids() {
  vectors out("clientbook customer id, 1");
  const secret<32> key = key_of(1);
  const crypto::id_permutation ids(key);
  for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{19'972},
                                std::uint64_t{536'870'911}, std::uint64_t{9'007'199'254'740'991}}) {
    out.add(out.start("a customer")
                .hex("key", bytes_of(key))
                .number("customer", n)
                .hex("id", ids.id(customer_no(n)).bytes));
  }
  const auto foreign = [&](std::string_view comment, const customer_id& id) {
    out.add(out.start(comment, "not_found").hex("key", bytes_of(key)).hex("id", id.bytes));
  };
  foreign("all zero", {});
  foreign("id of number 0", ids.id(customer_no(0)));
  foreign("id under another key", crypto::id_permutation(key_of(2)).id(customer_no(1)));
  customer_id near = ids.id(customer_no(1));
  near.bytes[15] ^= std::byte{1};
  foreign("one bit changed", near);
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  const bool compare = argc == 3 && std::string_view(argv[1]) == "--compare";
  if (argc != 2 && !compare) fail("usage: clientbook_make_crypto_vectors [--compare] DIR");
  must(crypto::init());
  if (!crypto::suite_available(crypto::suite::aes256_gcm)) {
    std::printf("skipped: this machine cannot seal under AES-256-GCM\n");
    return 0;
  }
  const std::array<std::pair<const char*, std::string>, 4> files{
      std::pair{"row_envelope.json", row_envelopes()},
      {"field_envelope.json", field_envelopes()},
      {"key_tree_node.json", key_tree_nodes()},
      {"customer_id.json", customer_ids()}};
  for (const auto& [name, content] : files) {
    const std::string path = std::string(argv[argc - 1]) + "/" + name;
    if (compare) {
      std::ifstream file(path, std::ios::binary);
      const std::string there{std::istreambuf_iterator<char>(file), {}};
      if (there != content) fail((std::string(name) + " differs").c_str());
    } else {
      std::ofstream(path, std::ios::binary) << content;
    }
  }
  return 0;
}
