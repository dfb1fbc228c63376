// What JSON says of where somebody lives: in documents to evaluate, profiles, and commands alike.
#ifndef CLIENTBOOK_INTERNAL_EXCHANGE_MOVE_NODE_HPP
#define CLIENTBOOK_INTERNAL_EXCHANGE_MOVE_NODE_HPP

#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/registry.hpp>

#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook::exchange {

/// A state of the law's own: "DE" is Germany in one profile and Delaware in another.
country_code read_state(const json_node& from);

/// Members of a move beside its law: the state, and whether they work for the shop.
void read_move_details(const json_node& from, directive& to);

}  // namespace clientbook::exchange

#endif
