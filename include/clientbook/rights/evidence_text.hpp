// Evidence as a text: what a customer keeps, and anybody checks without the book.
//
// docs/format/evidence.md tells every line. A page that contains the text, such as customer_page(),
// is checked as it is. examples/verifier has two checkers that share no code with this one.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_RIGHTS_EVIDENCE_TEXT_HPP
#define CLIENTBOOK_RIGHTS_EVIDENCE_TEXT_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/evidence.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// UTF-8, lines ended by LF. Nothing in it needs escaping in HTML.
result<wiped_text> evidence_to_text(const ledger_evidence& evidence);

/// What an entry says, once it is borne out.
struct proved_record {
  std::uint64_t index = 0;
  ledger_event event = ledger_event::disclosure;
  timestamp at{};
  purpose_id purpose{};
  std::string recipient{};
  recipient_id recipient_class{};
  field_set fields{};
  std::uint64_t sequence = 0;
};

struct proved_evidence {
  customer_id customer{};                ///< All entries are about.
  std::uint64_t size = 0;                ///< Of the ledger at that checkpoint.
  std::vector<proved_record> entries{};  ///< Oldest first; without a gap, from 1 or what is pruned.
  /// Entries before the first that the text says were taken out of the ledger: nothing shows what
  /// they said, nor that they had to go. 0: there are none.
  pruned_entries pruned{};
  std::size_t asked = 0;      ///< Witnesses of the policy,
  std::size_t witnesses = 0;  ///< and how many of them have cosigned.
  /// Entries that as many witnesses as the policy requires (or one, if it requires none) have seen:
  /// what lies before is in no other history that they saw. 0: not that many have cosigned.
  std::uint64_t witnessed_size = 0;
  timestamp witnessed_at{};  ///< By when they all had, by their clocks.
};

/// Whose cosignatures count, and how many of them there must be.
struct witness_policy {
  std::span<const std::string_view> keys{};  ///< `<name>+<key id>+<key>` each, all different.
  std::size_t required = 0;
};

/// Checks all of it: the checkpoint's signature, each entry's place in the tree, that each payload
/// is the one its entry commits to, that all are about one customer, and their numbers. Nothing is
/// believed before. A later entry than the last cannot be seen to be missing.
/// Errors: invalid_encoding (no such text, `at`: the line), signature_invalid (another log's),
/// proof_invalid (`at`: the line), row_missing (an entry between the first and the last).
result<proved_evidence> check_evidence(std::string_view text, const ledger::log_identity& log);
/// The same, and that witnesses have cosigned the ledger that it goes on from: each cosignature,
/// and the way from its checkpoint to that of the evidence. Errors: also signature_invalid (fewer
/// than are required, `at`: how many), invalid_argument (more are required than there are keys, or
/// one stands twice), as ledger::parse_witness_key().
result<proved_evidence> check_evidence(std::string_view text, const ledger::log_identity& log,
                                       const witness_policy& policy);

/// {"customer", "ledger_size", "entries": [{"index", "sequence", "event", "at", "purpose",
/// "recipient", "recipient_class", "fields": [numbers]}]}; where any was pruned also "pruned":
/// {"entries", "below"}; under a policy with witnesses also
/// "witnesses", "witnessed_size" and "witnessed_at" (null: not enough of them).
result<std::string> proved_evidence_to_json(const proved_evidence& proved);

}  // namespace clientbook

#endif
