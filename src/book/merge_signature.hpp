// What the signature of a merge's receipt covers; docs/format/book.md has the bytes.
#ifndef CLIENTBOOK_BOOK_MERGE_SIGNATURE_HPP
#define CLIENTBOOK_BOOK_MERGE_SIGNATURE_HPP

#include <clientbook/book/merge.hpp>

#include <array>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

inline void sign(const book_core& core, merge_receipt& receipt) noexcept {
  std::array<std::byte, 8 + 16 + 3 * 8 + 2 * 16> bytes{};
  byte_span to(bytes);
  copy_bytes(to, as_bytes(receipt.undone ? "unmerge1" : "merge__1"));
  copy_bytes(to.subspan(8), core.header().id.bytes);
  store_be(to.data() + 24, receipt.ledger_index);
  store_be(to.data() + 32, static_cast<std::uint64_t>(receipt.at.seconds));
  store_be(to.data() + 40, static_cast<std::uint64_t>(receipt.until.seconds));
  copy_bytes(to.subspan(48), receipt.stays.bytes);
  copy_bytes(to.subspan(64), receipt.goes.bytes);
  receipt.signature = crypto::signing_key(core.keys().signing_seed).sign(bytes);
}

}  // namespace clientbook

#endif
