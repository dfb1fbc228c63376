// The keys of pseudonyms: one for the book, whose pseudonyms tell equal values of all its
// customers, and for shifted dates one of each customer, which dies with them.
#ifndef CLIENTBOOK_BOOK_PSEUDONYM_KEYS_HPP
#define CLIENTBOOK_BOOK_PSEUDONYM_KEYS_HPP

#include <clientbook/consent/evaluate.hpp>
#include <clientbook/internal/crypto/aes.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <optional>
#include <string>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

/// Of key and spelling: bound into hashes and encrypted numbers.
inline constexpr std::uint32_t pseudonym_version = 1;

// Nothing of it is stored: the book's key is derived when it is asked for first, a customer's
// for shifted dates each time from the subject's key, so that it is gone when that is. The
// officer's public key, under which tokens can be reversed, is the host's, for this session.
class pseudonym_keys {
 public:
  void set_reversal(const crypto::box_public_key& to) noexcept { reversal_ = to; }

  /// Derives the book's keys when they are needed first. Errors: unsupported.
  result<void> ready(const book_core& core);
  const pseudonym_key& key() const noexcept { return *key_; }

  /// Where values of a field get equal pseudonyms. Precondition: ready().
  pseudonym_scope scope(std::string_view field, purpose_id purpose) const noexcept;
  /// What the operator needs, as far as there is any. Precondition: ready(). `shifting` is room
  /// for a customer's own key and must live as long as the options.
  pseudonym_options options(redaction_operator op, std::string_view field, purpose_id purpose,
                            const customer_id& whose, const secret<32>& subject_key,
                            std::optional<pseudonym_key>& shifting) const noexcept;

 private:
  std::string tenant_;
  std::optional<pseudonym_key> key_;
  std::optional<crypto::aes_cipher> aes_;
  crypto::block_cipher cipher_;
  std::optional<crypto::box_public_key> reversal_;
};

/// Replaces what names somebody directly. For decisions whose purpose demands pseudonyms.
void pseudonymise(const schema& fields, record_decision& decision) noexcept;

}  // namespace clientbook

#endif
