// Reads the JSON of a law profile wherever it stands.
#ifndef CLIENTBOOK_EXCHANGE_JSON_PROFILE_READER_HPP
#define CLIENTBOOK_EXCHANGE_JSON_PROFILE_READER_HPP

#include <clientbook/consent/profile_file.hpp>

#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook::exchange {

/// The tables lie in `room`, the texts in the document. Whether it can be used says
/// encode_profile().
law_profile read_profile(const json_node& from, profile_room& room);

}  // namespace clientbook::exchange

#endif
