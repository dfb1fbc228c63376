#include <clientbook/ledger/checkpoint.hpp>
#include "ledger_testing.hpp"
#include "testing.hpp"

#include <string>

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

namespace {

constexpr std::string_view origin = "shop.example/clientbook/2026";

const crypto::signing_key& log_key() {
  static const crypto::signing_key key(fixed_key(0x10));
  return key;
}
log_identity log() { return {origin, log_key().public_key()}; }

std::string signed_head(const checkpoint& head, const crypto::signing_key& key = log_key()) {
  char room[checkpoint_room];
  return std::string(*write_checkpoint(head, key, room));
}
checkpoint sample_head() { return {origin, 20852163, numbered_leaf(1)}; }

errc code(const std::string& note) {
  const result<checkpoint> read = verify_checkpoint(note, log());
  return read ? errc::none : read.error().code;
}

}  // namespace

TEST_CASE("checkpoint: what the log signed is read back") {
  REQUIRE(crypto::init());
  const std::string note = signed_head(sample_head());
  CHECK(note.starts_with("shop.example/clientbook/2026\n20852163\n"));
  const result<checkpoint> read = verify_checkpoint(note, log());
  REQUIRE(read);
  CHECK(read->origin == origin);
  CHECK(read->size == 20852163);
  CHECK(read->root == numbered_leaf(1));
}

TEST_CASE("log identity: a published key is read and written as published") {
  // From the documentation of golang.org/x/mod/sumdb/note.
  REQUIRE(crypto::init());
  const result<log_identity> key =
      parse_log_identity("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  REQUIRE(key);
  CHECK(key->origin == "PeterNeumann");
  char room[checkpoint_room];
  CHECK(*write_log_identity(*key, room) ==
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

TEST_CASE("checkpoint: no bit of it can change") {
  REQUIRE(crypto::init());
  const std::string note = signed_head(sample_head());
  for (std::size_t i = 0; i < note.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string altered = note;
      altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
      CAPTURE(i);
      CAPTURE(bit);
      CHECK_FALSE(verify_checkpoint(altered, log()));
    }
  }
  for (std::size_t size = 0; size < note.size(); ++size)
    CHECK(code(note.substr(0, size)) != errc::none);
}

TEST_CASE("checkpoint: another key, another origin, no signature are refused") {
  REQUIRE(crypto::init());
  const crypto::signing_key other(fixed_key(0x77));
  CHECK(code(signed_head(sample_head(), other)) == errc::signature_invalid);
  checkpoint head = sample_head();
  head.origin = "shop.example/clientbook/2025";
  CHECK(code(signed_head(head)) == errc::signature_invalid);
  std::string note = signed_head(sample_head());
  CHECK(code(note.substr(0, note.find("\xE2\x80\x94"))) == errc::signature_invalid);
  // The log's key under the log's name, over what says it is another log's.
  const std::string body = signed_head(head).substr(0, signed_head(head).find("\n\n") + 1);
  char room[1024];
  const std::string name(*write_log_identity(log(), room));
  std::vector<std::byte> bytes = bytes_of(name.substr(origin.size() + 1, 8));
  for (const std::byte byte : log_key().sign(as_bytes(body))) bytes.push_back(byte);
  const std::string text(*write_log_proof(bytes, 0, {}, {}, room));  // For its base64.
  const std::size_t from = text.find("extra ") + 6;
  const std::string base64 = text.substr(from, text.find('\n', from) - from);
  const std::string line = "\n\xE2\x80\x94 " + std::string(origin) + " " + base64 + "\n";
  CHECK(code(body + line) == errc::signature_invalid);
}

TEST_CASE("checkpoint: signatures of witnesses are passed over, a wrong one of ours is not") {
  REQUIRE(crypto::init());
  const std::string note = signed_head(sample_head());
  const std::string line = note.substr(note.find("\xE2\x80\x94"));
  CHECK(code(note + "\xE2\x80\x94 witness.example AAAAAAEC\n") == errc::none);
  CHECK(code(note.substr(0, note.size() - line.size()) + "\xE2\x80\x94 witness.example AAAAAAEC\n" +
             line) == errc::none);
  std::string wrong = line;
  wrong[line.size() - 10] = wrong[line.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(code(note + wrong) == errc::signature_invalid);
  CHECK(code(note + "\xE2\x80\x94 witness.example !!!!\n") == errc::invalid_encoding);
  CHECK(code(note + "\n") == errc::invalid_encoding);
}

TEST_CASE("checkpoint: only one form of each is read") {
  REQUIRE(crypto::init());
  const std::string note = signed_head(sample_head());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string out = note;
    return out.replace(out.find(from), from.size(), to);
  };
  CHECK(code(with("20852163", "020852163")) == errc::invalid_encoding);
  CHECK(code(with("20852163", "+20852163")) == errc::invalid_encoding);
  CHECK(code(with("20852163", "")) == errc::invalid_encoding);
  CHECK(code(with("20852163", "99999999999999999999")) == errc::invalid_encoding);
  CHECK(code(with("20852163", "9000000000000000000")) == errc::invalid_encoding);
  CHECK(code(with("\n\n", "\nextension\n\n")) == errc::invalid_encoding);
  CHECK(code(with("\n\n", "\r\n\n")) == errc::invalid_encoding);
  CHECK(code(with("=\n\n", "\n\n")) == errc::invalid_encoding);
  CHECK(code(std::string(20000, 'a')) == errc::limit_exceeded);
  CHECK(code("") == errc::invalid_encoding);
}

TEST_CASE("checkpoint: bad origins and small buffers are refused") {
  REQUIRE(crypto::init());
  char room[checkpoint_room];
  for (const char* bad : {"", "two words", "a+b", "line\n", "nbsp\xC2\xA0", "\xFF", "tab\t"}) {
    CAPTURE(bad);
    checkpoint head = sample_head();
    head.origin = bad;
    CHECK(write_checkpoint(head, log_key(), room).error().code == errc::invalid_argument);
  }
  const std::string longest(max_origin, 'o');
  CHECK(write_checkpoint({longest, max_tree_size, {}}, log_key(), room));
  CHECK(write_checkpoint({longest, max_tree_size + 1, {}}, log_key(), room).error().code ==
        errc::limit_exceeded);
  const std::size_t needed = signed_head(sample_head()).size();
  room[0] = '?';
  const auto small = write_checkpoint(sample_head(), log_key(), std::span(room).first(needed - 1));
  CHECK(small.error().code == errc::buffer_too_small);
  CHECK(small.error().at == needed);
  CHECK(room[0] == '?');
  CHECK(write_checkpoint(sample_head(), log_key(), std::span(room).first(needed)));
}

TEST_CASE("log identity: strict, and its key id is checked") {
  char room[checkpoint_room];
  const std::string text(*write_log_identity(log(), room));
  const result<log_identity> read = parse_log_identity(text);
  REQUIRE(read);
  CHECK(read->origin == origin);
  CHECK(read->key == log().key);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = altered[i] == 'x' ? 'y' : 'x';
    CHECK_FALSE(parse_log_identity(altered));
    CHECK_FALSE(parse_log_identity(text.substr(0, i)));
  }
  CHECK_FALSE(parse_log_identity(text + "A"));
}

TEST_CASE("log proof: one file shows that an entry is in the ledger") {
  REQUIRE(crypto::init());
  numbered_tree tree(0);
  std::array<std::byte, entry_bytes> entry;
  REQUIRE(encode_entry(sample_entry(), entry));
  tile_writer writer(tree.store, tree.front, tree.slots);
  for (std::uint64_t i = 0; i < 300; ++i) {
    REQUIRE(writer.append(i == 137 ? leaf_hash(entry) : numbered_leaf(i)));
  }
  REQUIRE(writer.flush());
  tile_reader reader = tree.reader();
  const std::string head = signed_head({origin, 300, tree.front.root()});
  const proof path = *inclusion_proof(reader, 137, 300);
  std::vector<char> room(log_proof_room + 1000 + head.size());
  const std::string text(*write_log_proof(entry, 137, path.view(), head, room));

  std::array<std::byte, max_entry> out;
  const result<proved_entry> read = verify_log_proof(text, log(), out);
  REQUIRE(read);
  CHECK(same_bytes(read->entry, entry));
  CHECK(read->index == 137);
  CHECK(read->head.size == 300);

  SUBCASE("nothing in it can change") {
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string altered = text;
      altered[i] = altered[i] == '1' ? '2' : '1';
      CAPTURE(i);
      CHECK_FALSE(verify_log_proof(altered, log(), out));
      CHECK_FALSE(verify_log_proof(text.substr(0, i), log(), out));
    }
  }
  SUBCASE("another log's key") {
    const log_identity other{origin, crypto::signing_key(fixed_key(0x77)).public_key()};
    CHECK(verify_log_proof(text, other, out).error().code == errc::signature_invalid);
  }
  SUBCASE("an entry that is not the one") {
    entry[20] ^= std::byte{1};
    const std::string forged(*write_log_proof(entry, 137, path.view(), head, room));
    CHECK(verify_log_proof(forged, log(), out).error().code == errc::proof_invalid);
  }
  SUBCASE("a proof that is too long") {
    const std::vector<hash> many(65);
    CHECK(write_log_proof(entry, 1, many, head, room).error().code == errc::limit_exceeded);
    std::string longer = text;
    const std::size_t blank = text.find("\n\n");
    for (int i = 0; i < 65; ++i) {
      longer.insert(blank, "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    }
    CHECK(verify_log_proof(longer, log(), out).error().code == errc::invalid_encoding);
  }
  SUBCASE("no room") {
    CHECK(verify_log_proof(text, log(), byte_span(out).first(10)).error().at == entry_bytes);
    CHECK(write_log_proof(entry, 137, path.view(), head, std::span(room).first(100)).error().at ==
          text.size());
  }
}
