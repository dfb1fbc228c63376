// A record that stands within a larger JSON text.
#ifndef CLIENTBOOK_TRANSFER_RECORD_JSON_TREE_HPP
#define CLIENTBOOK_TRANSFER_RECORD_JSON_TREE_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/transfer/record_json.hpp>

namespace clientbook::transfer {

/// Fields by their key or number, as record_from_json() reads them, but for those to be left out;
/// what is wrong is the node's failure.
void read_record(customer& into, const exchange::json_node& from, const schema& fields,
                 const record_json_options& options, field_set left_out = {});

}  // namespace clientbook::transfer

#endif
