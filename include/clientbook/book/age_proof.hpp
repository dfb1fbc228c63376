// Proofs of age: of somebody whom the book takes for younger than they are.
//
// Of all birth dates that a book was ever told the latest counts for what a consent is worth, so
// that no correction makes an adult. A document does, which two people have seen: one notes it,
// another one says what they have seen, and it has to be the same. From then on, and for what is
// agreed to from then on, the customer counts as of that age; nothing opens by itself. A later word
// that they are younger counts again.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_AGE_PROOF_HPP
#define CLIENTBOOK_BOOK_AGE_PROOF_HPP

#include <clientbook/base/time.hpp>
#include <clientbook/consent/directive.hpp>

#include <cstdint>
#include <optional>

namespace clientbook {

/// What somebody has before them. No copy of it is kept, and no call reads the day again.
struct age_proof {
  age_document document = age_document::none;
  /// As it stands there, with its year; or none, and
  std::optional<date> born{};
  /// how many years old they are at least, 1 to 130.
  std::uint8_t at_least = 0;
  /// Which document it was, in nobody's words but the shop's: at most 64 bytes, never its number.
  short_text<64> reference{};
  consent_hash hash{};  ///< Of the document, if there is a file of it; all zero: none.
};

/// One that was noted and that a second person has yet to see.
struct waiting_age_proof {
  std::uint32_t sequence = 0;  ///< confirm_age_proof() names it.
  age_document document = age_document::none;
  actor_id noted_by{};
  timestamp noted_at{};
  timestamp until{};  ///< It is to be confirmed before: noted_consent_days.
};

}  // namespace clientbook

#endif
