// Tabulation in words: a request as JSON in, the table out.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_TABULATION_JSON_HPP
#define CLIENTBOOK_TRANSFER_TABULATION_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// `{"purpose": "audience_measurement", "columns": [{"field": "birth_date", "by":
/// "generalise_date"}], "k": 10, "small": "suppress" | "refuse", "noise_scale": 2}`; all but the
/// first two may be left out, `by` too. Gives `{"rows": [{"values": {"birth_date": "1980"},
/// "people"}], "suppressed", "ledger_index"}`. `where`, if it fails, is the member. Errors: those
/// of the text, as session::tabulate().
result<wiped_text> tabulate_json(std::string_view request, session& in, std::string& where);

}  // namespace clientbook

#endif
