// The ledger in the store: leaves and tiles in clear, payloads sealed under their subject's
// key, the frontier and its size bound to the book row.
#ifndef CLIENTBOOK_BOOK_LEDGER_STORE_HPP
#define CLIENTBOOK_BOOK_LEDGER_STORE_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/ledger/tiles.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

// Entries are appended for what is disclosed or refused, and for changes that somebody has to
// answer for; nothing of an entry is ever written again, and an erasure removes payloads alone.
// What a change appends is in the tree with flush(), which each commit calls, or not at all: a
// change that is rolled back leaves leaf, tile and frontier as they were.
class ledger_store final : private ledger::tile_store {
 public:
  explicit ledger_store(book_core& core) noexcept : core_(core) {}

  /// What an entry is about, where it is about somebody.
  struct subject {
    customer_no number;
    manifest* entry = nullptr;  ///< Its counters are moved on.
    customer_id id;
  };
  struct appended {
    std::uint64_t index = 0;
    entry_id id;
  };

  /// Appends an entry, with a payload if `about` is given. `entry` needs type, purpose, legal
  /// basis, recipient class and count; the rest is filled in. Precondition: inside a change.
  result<appended> append(ledger::disclosure_entry entry, ledger::disclosure_payload payload,
                          const actor_id& actor, timestamp at, const std::optional<subject>& about);

  /// Puts what is pending; to be called before the commit.
  result<void> flush();
  /// Whether the change under way has appended anything.
  bool grows() const noexcept { return pending_ != nullptr; }
  /// The change is over, one way or the other.
  void forget() noexcept;
  /// What the change under way has appended, in order, for who asked for it beforehand.
  struct noted {
    std::uint64_t index = 0;
    entry_id id{};
    ledger_event type{};
    purpose_id purpose{};
    recipient_id recipient_class{};
    customer_id customer{};  ///< Zeros: about nobody.
    timestamp at{};
  };
  void remember_entries() noexcept { remembers_ = true; }
  const std::vector<noted>& entries() const noexcept { return noted_; }

  /// So many of the oldest entries are gone: whoever asks for one of them is answered `pruned`.
  std::uint64_t pruned() const noexcept { return core_.row().ledger_pruned; }
  /// The first entry before `end` that is not of a day before; `end`: there is none.
  result<std::uint64_t> first_of(date day, std::uint64_t end);
  /// Takes out all before `until`, a multiple of 256. Precondition: inside a change.
  result<void> prune(std::uint64_t until);
  /// A backup has entries that were pruned since. Precondition: inside a change.
  result<void> drop_what_came_back();

  /// An entry as stored, its bytes until the next call. Errors: row_missing, pruned; as
  /// decode_entry.
  result<byte_view> entry_bytes(std::uint64_t index);
  result<ledger::disclosure_entry> leaf(std::uint64_t index);
  /// A subject's payload; views live until the next call. Errors: row_missing, pruned,
  /// proof_invalid.
  result<ledger::disclosure_payload> payload(std::uint64_t index, customer_no number,
                                             const manifest& entry);
  /// The bytes of the payload that was read last, until the next call.
  byte_view opened() const noexcept { return plain_.view(); }
  /// Removes all payloads of a subject. Precondition: inside a change.
  result<void> erase_payloads(customer_no number, const manifest& entry);

  result<ledger::proof> prove(std::uint64_t index);
  /// The same for many, in their order: the entry's bytes live until `each` returns.
  result<void> prove_all(std::span<const std::uint64_t> which,
                         callback_ref<result<void>(byte_view entry, const ledger::proof&)> each);
  result<ledger::hash> root();
  /// Whether the first `size` entries are those that led to `root` then.
  /// Errors: proof_invalid (they are not; there are fewer; the tiles do not show it), pruned (what
  /// would show it is gone); of the store.
  result<void> goes_on_from(std::uint64_t size, const ledger::hash& root);
  /// That the ledger goes on from its first `size` entries, as somebody else has seen them.
  /// Errors: rolled_back (there are fewer), pruned, damaged; of the store.
  result<ledger::proof> prove_growth(std::uint64_t size);
  /// What a log answers under that path (C2SP tlog-tiles). Errors: not_found, pruned; of the store.
  result<std::vector<std::byte>> file(std::string_view path);
  result<std::string> checkpoint();
  std::string origin() const;
  ledger::log_identity identity() const;
  /// What a verifier pins.
  result<std::string> identity_text() const;

  /// Hashes every leaf again and compares with the frontier. Errors: damaged, row_missing.
  result<void> verify(callback_ref<bool(std::uint64_t)> progress);

 private:
  result<byte_view> get(unsigned level, std::uint64_t index) noexcept override;
  result<void> put(unsigned level, std::uint64_t index, byte_view hashes) noexcept override;

  result<ledger::frontier> read_frontier();
  result<void> check_not_pruned(std::uint64_t index) const;
  /// That the tree of `size` entries can still be led on from. Errors: pruned.
  result<void> check_reaches(std::uint64_t size) const {
    return size == 0 ? result<void>() : check_not_pruned(size);
  }
  result<void> drop_entry(std::uint64_t index);
  result<void> drop(byte_view at);
  book_core::place payload_place(std::uint64_t index, customer_no number, const manifest& entry,
                                 const ledger::disclosure_entry& leaf) const;

  // Levels of 256: room for 2^40 entries.
  static constexpr std::size_t levels = 5;
  struct pending {
    ledger::frontier tree;
    std::array<ledger::tile_slot, levels> slots{};
    std::optional<ledger::tile_writer> writer;
  };

  book_core& core_;
  std::unique_ptr<pending> pending_;
  mutable std::string origin_;
  private_bytes plain_;
  bool remembers_ = false;
  std::vector<noted> noted_;
  std::array<ledger::disclosed_field, 64> fields_{};
};

}  // namespace clientbook

#endif
