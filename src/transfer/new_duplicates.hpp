// Which of the new customers may be in the book twice, once all is kept.
#ifndef CLIENTBOOK_TRANSFER_NEW_DUPLICATES_HPP
#define CLIENTBOOK_TRANSFER_NEW_DUPLICATES_HPP

#include <clientbook/model/record.hpp>

#include <cstdint>
#include <utility>
#include <vector>

#include "import_run.hpp"

namespace clientbook {

/// New customers and the lines of their rows.
using new_customers = std::vector<std::pair<customer_id, std::uint64_t>>;

/// Each pair to the listener. What was imported stays, whatever becomes of this: the counts say
/// whether it came to its end.
void look_for_duplicates(import_run& run, new_customers fresh);

}  // namespace clientbook

#endif
