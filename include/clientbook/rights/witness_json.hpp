// Witnesses of the ledger as JSON. Members are those of book/witness.hpp and evidence_text.hpp.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_RIGHTS_WITNESS_JSON_HPP
#define CLIENTBOOK_RIGHTS_WITNESS_JSON_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/rights/evidence_text.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// `[{"name", "key", "seen", "size", "at", "note"}]`; at is null where nothing was cosigned.
result<std::string> witnesses_to_json(session& in);

/// `{"request": "what was posted", "status": 200, "answer": "the body that came back"}`, the last
/// two of which may be left out; what it came to: `{"cosigned", "size", "at"}`. Errors: those of
/// session::take_witness_answer() and of reading JSON; `where` is then a pointer.
result<std::string> take_witness_answer_json(std::string_view document, session& in,
                                             std::string_view name, std::string& where);

/// check_evidence() under a policy, `{"witnesses": ["<name>+<id>+<key>"], "required": 2}`; without
/// the latter all of them. Errors: also those of reading JSON.
result<proved_evidence> check_evidence_json(std::string_view evidence,
                                            const ledger::log_identity& log,
                                            std::string_view policy);

}  // namespace clientbook

#endif
