// How an answer gets out: while it is made, or with the call that has made it.
#ifndef CLIENTBOOK_RIGHTS_ANSWERING_HPP
#define CLIENTBOOK_RIGHTS_ANSWERING_HPP

#include <clientbook/rights/answer_request.hpp>

namespace clientbook::rights {

enum class getting_out : std::uint8_t {
  by_deliver,  ///< What `deliver` has taken is out, whatever comes behind it.
  by_return,   ///< Nothing is out before the call has returned it.
};

/// As answer_request(). On an error the ledger is told of each copy that is not out.
result<request_answer> answer(session& in, std::uint32_t number, const answer_options& options,
                              callback_ref<bool(std::span<const request_file>)> deliver,
                              getting_out how, std::string& where);
/// Tells the ledger that none of these copies got out; the request is open again.
result<void> take_back(session& in, const customer_id& whose,
                       std::span<const std::uint64_t> entries);

}  // namespace clientbook::rights

#endif
