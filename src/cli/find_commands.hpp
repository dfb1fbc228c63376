// Lists with conditions, which `list` and `days` share; who may be in the book twice, which `add`
// and `import` tell too.
#ifndef CLIENTBOOK_CLI_FIND_COMMANDS_HPP
#define CLIENTBOOK_CLI_FIND_COMMANDS_HPP

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "command.hpp"
#include "program.hpp"

namespace clientbook::cli {

struct list_flags {
  std::string purpose;
  std::vector<std::string> fields;
  std::size_t most = 20, skip = 0;
  unsigned days = 0;
  std::string from, kind;
  std::string likes, size, size_kind, bought, since;
  std::string bought_category, brand, tag, tier;
  unsigned no_purchase_days = 0, consent_days = 0, no_contact_days = 0;
  int tasks_due = -1;  ///< Days; below 0: not asked.
  std::uint32_t assigned = 0;

  void add_to(command to);
  void add_conditions_to(command to);
  bool has_condition() const;
};

void list_those(program& in, const list_flags& what);

/// Why two customers may be one person, of a pair as duplicate_to_json() writes it.
std::string why_alike(const boost::json::object& pair);

}  // namespace clientbook::cli

#endif
