// A pin is held against versions, which say what is older, and against two hashes, which say what
// is of another branch: the root node as it lies in the store has a fresh nonce in each commit,
// and the ledger only grows. Relies on the sealed root of the ledger, not on its tiles.
#include "pin_of_book.hpp"

#include "ledger_store.hpp"

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr error older{
    errc::rolled_back,
    "the book is an older copy than its pin beside the key says: what was done since, withdrawals "
    "too, is not in it; clientbook pin accept takes it all the same"};
constexpr error of_another_branch{
    errc::rolled_back,
    "the book is of a branch that left out what its pin beside the key has seen, withdrawals too; "
    "clientbook pin accept takes it all the same"};

result<crypto::digest> root_node_of(book_core& core) {
  const auto node = core.read().get(
      key(table::node).add(std::uint8_t{key_tree::root_level}).add(std::uint64_t{0}));
  if (!node) return node.error();
  return crypto::hash(*node);
}

}  // namespace

result<book_pin> pin_of(book_core& core) {
  if (auto seen = core.look(); !seen) return seen.error();
  ledger_store ledger(core);
  const auto root = ledger.root();
  if (!root) return root.error();
  const auto node = root_node_of(core);
  if (!node) return node.error();
  return book_pin{.book = core.header().id,
                  .epoch = core.header().epoch,
                  .root_version = core.header().root_version,
                  .ledger_size = core.row().ledger_size,
                  .mark = pin_mark{.root_node = *node, .ledger = *root}};
}

result<void> check_against(const book_pin& pin, book_core& core) {
  const book_header& header = core.header();
  if (pin.book != header.id) {
    return error{errc::version_mismatch,
                 "the pin beside the key is another book's: clientbook pin accept sets it anew"};
  }
  if (header.root_version < pin.root_version || header.epoch < pin.epoch) return older;
  if (core.row().ledger_size < pin.ledger_size) return of_another_branch;
  if (!pin.mark) return {};
  if (header.root_version == pin.root_version) {
    const auto node = root_node_of(core);
    if (!node) return node.error();
    if (*node != pin.mark->root_node) return of_another_branch;
  }
  ledger_store ledger(core);
  const auto goes_on = ledger.goes_on_from(pin.ledger_size, pin.mark->ledger);
  if (!goes_on && goes_on.error().code == errc::proof_invalid) return of_another_branch;
  return goes_on;
}

result<void> set_pin(book_core& core, const std::shared_ptr<pin_store>& pin) {
  if (!pin) return {};
  const auto now = pin_of(core);
  if (!now) return now.error();
  return pin->replace(*now);
}

}  // namespace clientbook
