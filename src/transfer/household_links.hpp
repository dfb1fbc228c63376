// Members of a household who are customers themselves: linked once all rows are taken, since files
// are in any order.
#ifndef CLIENTBOOK_TRANSFER_HOUSEHOLD_LINKS_HPP
#define CLIENTBOOK_TRANSFER_HOUSEHOLD_LINKS_HPP

#include <clientbook/model/record.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "import_run.hpp"

namespace clientbook {

class household_links {
 public:
  explicit household_links(import_run& run) : run_(run) {}

  /// The household of the row, whose customer is `id`.
  void remember(const import_customer& one, const customer_id& id);
  /// `taken`: whom each row of the source belongs to.
  result<void> link(std::span<const std::optional<customer_id>> taken);

 private:
  struct pending_household {
    customer_id id;
    std::vector<household_link> links;
    std::vector<std::string> texts;  ///< What the links view.
    std::vector<std::string> external_ids;
  };

  import_run& run_;
  std::vector<pending_household> households_;
};

}  // namespace clientbook

#endif
