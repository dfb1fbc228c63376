// A state is two capital letters; what is absent is not said.
#include <clientbook/internal/exchange/move_node.hpp>

namespace clientbook::exchange {

country_code read_state(const json_node& from) {
  const std::string_view code = from.text();
  if (code.size() == 2 && code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z') {
    return {code[0], code[1]};
  }
  from.fail({errc::invalid_value, "a state is two capital letters"});
  return {};
}

void read_move_details(const json_node& from, directive& to) {
  if (const json_node state = from.member("state"); state.there()) to.residence = read_state(state);
  if (const json_node works = from.member("works_here"); works.there()) {
    to.works_here = works.boolean(true) ? employment::employed : employment::ended;
  }
}

}  // namespace clientbook::exchange
