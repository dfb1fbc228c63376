// How a recipient is reached, and by which key it acknowledges what it was told.
//
// A customer who asks where their data went is told who has it and how to reach them (GDPR
// 15(1)(c), CJEU C-154/21); a recipient who is told of a correction or an erasure (GDPR 19) can
// answer with a signature that counts. Both stand beside the registry, which decides nothing by
// them. docs/format/acknowledgement.md has what is sent and what is signed.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_RECIPIENT_CONTACT_HPP
#define CLIENTBOOK_BOOK_RECIPIENT_CONTACT_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/book/request.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace clientbook {

inline constexpr std::size_t max_recipient_contact = 255;  ///< Bytes.
inline constexpr std::size_t max_notice_reference = 128;   ///< Bytes.

struct recipient_contact {
  recipient_id party{};   ///< A party of the registry, retired or not.
  std::string contact{};  ///< Postal or e-mail address, one line; empty: none is known.
  /// `<name>+<key id>+<key>` of a C2SP signed note (Ed25519); empty: none.
  std::string acknowledgement_key{};
};

/// A recipient on the list of a request. Views live as long as the call.
struct listed_recipient {
  std::string_view name{};
  /// Needed where two of one name are on the list.
  std::optional<recipient_id> party_class{};
};

/// What has become of telling a recipient. Views live as long as the call.
struct recipient_telling {
  listed_recipient who{};
  told_state state = told_state::told;
  /// The notice that the recipient was sent, signed by it: says that it has confirmed.
  std::string_view acknowledgement{};
};

}  // namespace clientbook

#endif
