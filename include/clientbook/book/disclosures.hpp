// What left, and the evidence of it: entries of the ledger and their proofs.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_DISCLOSURES_HPP
#define CLIENTBOOK_BOOK_DISCLOSURES_HPP

#include <clientbook/book/actor.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clientbook {

struct disclosure_request {
  purpose_id purpose{};
  recipient_id recipient{};  ///< A named party of the book's registry.
  country_code country{};    ///< Where it goes, if not where the registry says.
  /// Empty: whatever is permitted. Else all of these or nothing.
  field_set fields{};
};

/// Evidence of a disclosure.
struct disclosure_evidence {
  std::uint64_t ledger_index = 0;
  entry_id entry{};
};

/// What left, and its evidence.
struct disclosure : disclosure_evidence {
  using when_temporary = disclosure_evidence;
  view content{};
};

/// One entry of the ledger about a customer, opened with the customer's key.
struct ledger_record {
  std::uint64_t index = 0;
  ledger_event event = ledger_event::disclosure;
  timestamp at{};
  purpose_id purpose{};
  std::string recipient{};  ///< Who exactly.
  recipient_id recipient_class{};
  recipient_id party{};  ///< Its number in the registry; 0: none.
  field_set fields{};
  actor_id actor{};
  std::uint64_t sequence = 0;  ///< From 1 for each customer, without a gap.
  entry_id entry{};
  std::optional<std::uint64_t> about{};  ///< Of not_delivered: the entry of what did not get out.
  timestamp until{};      ///< Until when the recipient may keep it; 0: nothing was said.
  std::string from{};     ///< Of onward: who passed it on.
  std::string contact{};  ///< Of onward: where `recipient` is reached; empty: not said.
  date on{0, 0, 0};       ///< Of onward: when, as reported; month 0: not said.
  /// Of a time when this customer and another one were taken for one: it was done with the other, by
  /// whose number it counts, and what it was about may have been this one's too.
  bool of_both = false;
};

/// A search in the notes of others for what the customer's record says (session::mentions()): the
/// shop itself has looked, and nobody was given anything.
[[nodiscard]] inline bool is_search(const ledger_record& one) noexcept {
  return one.event == ledger_event::disclosure && one.recipient_class == recipient::self &&
         one.recipient.empty();
}

/// Evidence that an entry is in the ledger, to be checked without the book.
struct ledger_proof {
  std::uint64_t index = 0;
  std::uint64_t size = 0;  ///< Entries in the ledger at that checkpoint.
  ledger::disclosure_entry entry{};
  std::vector<ledger::hash> path{};  ///< Leaf's sibling first.
  std::string text{};                ///< All of it as one file: verify_log_proof() reads it.
};

/// What left of one customer together with others, and its evidence. Without an entry, when nothing
/// may leave of them.
struct exported : disclosure {
  bool permitted = false;
  item_list purchases{};
  item_list notes{};
};

/// An entry of the ledger, and whose it is.
struct customer_entry {
  customer_id customer{};
  std::uint64_t ledger_index = 0;
};

}  // namespace clientbook

#endif
