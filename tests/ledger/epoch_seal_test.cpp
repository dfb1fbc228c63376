// Seals of epochs: each stretch is sealed once, by its own key. The attacker of these tests has the
// log's own key and the key of the epoch under way, and rewrites what was before.
#include <clientbook/ledger/epoch_seal.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include <string>
#include <vector>

#include "ledger_testing.hpp"
#include "testing.hpp"

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

namespace {

constexpr std::string_view origin = "shop.example/clientbook/2026";

crypto::signing_key key_from(unsigned char first) { return crypto::signing_key(fixed_key(first)); }
const crypto::signing_key& log_key() {
  static const crypto::signing_key key = key_from(1);
  return key;
}
log_identity log() { return {origin, log_key().public_key()}; }

std::string sealed(const epoch_seal& seal, const crypto::signing_key& by) {
  std::array<char, epoch_seal_room> room{};
  const auto note = write_epoch_seal(seal, by, room);
  REQUIRE(note);
  return std::string(*note);
}

// Three epochs that are over: [0, 10) before there was a key, [10, 30), [30, 60); the key of epoch
// 3 is in force.
struct sealed_log {
  numbered_tree tree{80};
  std::vector<crypto::signing_key> keys;
  std::vector<epoch_seal> seals;
  std::vector<std::string> notes;

  sealed_log() {
    tile_reader reader = tree.reader();
    const std::uint64_t ends[] = {0, 10, 30, 60};
    for (unsigned char i = 0; i < 4; ++i) keys.push_back(i == 0 ? key_from(1) : key_from(i * 16));
    for (std::uint32_t i = 0; i < 3; ++i) {
      seals.push_back({.origin = origin,
                       .kind = i == 0 ? seal_kind::opening : seal_kind::sealing,
                       .epoch = i,
                       .from = ends[i],
                       .size = ends[i + 1],
                       .root = frontier_at(reader, ends[i + 1])->root(),
                       .next = keys[i + 1].public_key()});
      notes.push_back(sealed(seals.back(), keys[i]));
    }
  }
};

result<void> taken(const std::vector<std::string>& notes,
                   const std::optional<crypto::verifying_key>& known = std::nullopt) {
  epoch_chain chain(log(), known);
  for (const std::string& note : notes) {
    if (const auto seal = chain.add(note); !seal) return seal.error();
  }
  return chain.finish();
}
errc code(const result<void>& of) { return of ? errc::none : of.error().code; }

}  // namespace

TEST_CASE("epoch seal: what was sealed is read back, in its documented bytes") {
  const sealed_log all;
  const auto seal = verify_epoch_seal(all.notes[1], origin, all.keys[1].public_key());
  REQUIRE(seal);
  CHECK(seal->epoch == 1);
  CHECK(seal->from == 10);
  CHECK(seal->size == 30);
  CHECK(seal->root == all.seals[1].root);
  CHECK(seal->next == all.keys[2].public_key());
  CHECK(
      all.notes[1].starts_with("clientbook epoch seal v1\nshop.example/clientbook/2026\nepoch 1\n"
                               "from 10\nsize 30\nroot "));
  CHECK(all.notes[0].starts_with("clientbook epoch opening v1\n"));
  epoch_chain chain(log());
  for (const std::string& note : all.notes) CHECK(chain.add(note));
  CHECK(chain.epoch() == 3);
  CHECK(chain.from() == 60);
  CHECK(chain.key() == all.keys[3].public_key());
  CHECK(chain.openings() == 1);
  CHECK(chain.finish());
  // No checkpoint is a seal, and no seal a checkpoint.
  std::array<char, checkpoint_room> room{};
  const auto note = write_checkpoint({origin, 10, all.seals[0].root}, log_key(), room);
  CHECK(verify_epoch_seal(*note, origin, log_key().public_key()).error().code ==
        errc::invalid_encoding);
  CHECK(verify_checkpoint(all.notes[0], log()).error().code == errc::invalid_encoding);
}

TEST_CASE("epoch seal: no bit of it can change") {
  const sealed_log all;
  for (std::size_t i = 0; i < all.notes[1].size(); ++i) {
    for (const int bit : {0, 4}) {
      std::string changed = all.notes[1];
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      CAPTURE(i);
      CHECK_FALSE(verify_epoch_seal(changed, origin, all.keys[1].public_key()));
    }
  }
}

TEST_CASE("epoch seal: what was before is not sealed again with a later key") {
  const sealed_log all;
  const numbered_tree other(20);
  tile_reader reader{const_cast<numbered_tree&>(other).store, 20};
  epoch_seal rewritten = all.seals[1];
  rewritten.root = frontier_at(reader, 20)->root();
  std::vector<std::string> notes = all.notes;
  // The attacker's keys: those of the epoch under way, of the one that ended last, of the log.
  for (const std::size_t later : {2U, 3U}) {
    notes[1] = sealed(rewritten, all.keys[later]);
    CHECK(code(taken(notes)) == errc::signature_invalid);
    CHECK(code(taken(notes, all.keys[later].public_key())) == errc::signature_invalid);
  }
  notes[1] = sealed(rewritten, log_key());
  CHECK(code(taken(notes)) == errc::signature_invalid);
  // As an opening, as after a restore that lost a key: the known key of before tells.
  rewritten.kind = seal_kind::opening;
  notes[1] = sealed(rewritten, log_key());
  CHECK(taken(notes));
  CHECK(code(taken(notes, all.keys[1].public_key())) == errc::signature_invalid);
}

TEST_CASE("epoch seal: a chain of keys made up with the log's own is not the one that is known") {
  const sealed_log all;
  std::vector<std::string> notes;
  const crypto::signing_key made_up = key_from(200);
  epoch_seal opening = all.seals[0];
  opening.next = made_up.public_key();
  notes.push_back(sealed(opening, log_key()));
  epoch_seal second = all.seals[1];
  second.next = all.keys[3].public_key();
  notes.push_back(sealed(second, made_up));
  CHECK(taken(notes));  // Nobody knows better,
  CHECK(code(taken(notes, all.keys[1].public_key())) == errc::signature_invalid);  // but who does.
  CHECK(taken(all.notes, all.keys[1].public_key()));
  CHECK(taken(all.notes, all.keys[3].public_key()));
  CHECK(code(taken({all.notes[0]}, all.keys[3].public_key())) == errc::signature_invalid);
}

TEST_CASE("epoch seal: one left out, twice, in another order, cut or of another log is refused") {
  const sealed_log all;
  const auto& n = all.notes;
  CHECK(taken(n));
  CHECK(code(taken({n[1], n[2]})) != errc::none);        // The first is gone.
  CHECK(code(taken({n[0], n[2]})) != errc::none);        // One in between.
  CHECK(code(taken({n[0], n[1], n[1]})) != errc::none);  // Two seals of one epoch.
  CHECK(code(taken({n[0], n[0], n[1]})) == errc::proof_invalid);
  CHECK(code(taken({n[0], n[2], n[1]})) != errc::none);
  // By the right key, but of another stretch.
  epoch_seal gap = all.seals[1];
  gap.from = 12;
  CHECK(code(taken({n[0], sealed(gap, all.keys[1])})) == errc::proof_invalid);
  gap = all.seals[1];
  gap.epoch = 2;
  CHECK(code(taken({n[0], sealed(gap, all.keys[1])})) == errc::proof_invalid);
  // The other kind, by the key that signs one.
  epoch_seal kind = all.seals[1];
  kind.kind = seal_kind::opening;
  CHECK(code(taken({n[0], sealed(kind, all.keys[1])})) == errc::signature_invalid);
  std::string cut = n[1];
  cut.resize(cut.size() - 40);
  CHECK(code(taken({n[0], cut})) != errc::none);
  epoch_seal foreign = all.seals[0];
  foreign.origin = "other.example/clientbook/2026";
  CHECK(code(taken({sealed(foreign, log_key())})) == errc::signature_invalid);
}

TEST_CASE("epoch seal: what cannot be sealed is not, and only one form is read") {
  const sealed_log all;
  std::array<char, epoch_seal_room> room{};
  epoch_seal none = all.seals[1];
  none.from = none.size;
  CHECK(write_epoch_seal(none, all.keys[1], room).error().code == errc::invalid_argument);
  none = all.seals[1];
  none.size = 0;
  CHECK(write_epoch_seal(none, all.keys[1], room).error().code == errc::invalid_argument);
  const auto resigned = [&](std::string_view from, std::string_view to) {
    std::string text = all.notes[1].substr(0, all.notes[1].find("\n\n") + 1);
    const std::size_t at = text.find(from);
    REQUIRE(at != text.npos);
    text.replace(at, from.size(), to);
    std::array<char, 2048> out{};
    const auto note = write_note(text, origin, all.keys[1], out);
    REQUIRE(note);
    return verify_epoch_seal(*note, origin, all.keys[1].public_key()).error().code;
  };
  CHECK(resigned("epoch 1", "epoch 1") == errc::none);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"epoch 1", "epoch 01"},
                                                        {"epoch 1", "epoch -1"},
                                                        {"from 10", "from 10 "},
                                                        {"from 10", "from 30"},
                                                        {"size 30", "size 3e1"},
                                                        {"seal v1", "seal v2"},
                                                        {"root ", "root  "},
                                                        {"next ", "Next "},
                                                        {"epoch 1", "epoch 4294967296"}}) {
    CAPTURE(to);
    CHECK(resigned(from, to) == errc::invalid_encoding);
  }
}
