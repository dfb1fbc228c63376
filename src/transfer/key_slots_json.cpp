// Slots of a root cell as JSON: kinds, labels, days.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/unicode/name_line.hpp>
#include <clientbook/transfer/key_slots_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <new>

namespace clientbook {
namespace {

namespace json = boost::json;

json::object to_object(const key_slot& one) {
  char day[10];
  const std::size_t day_size = write_date(one.added, day);
  json::object out{{"number", one.number},
                   {"kind", name_of(one.kind)},
                   // Whoever writes the file by hand may call it what a terminal obeys.
                   {"label", is_name_line(one.label) ? std::string_view(one.label)
                                                     : "(a label that cannot be shown)"},
                   {"added", std::string_view(day, day_size)},
                   {"proven", one.proven}};
  if (one.kind == slot_kind::recipient) {
    const auto text = crypto::write_recipient(one.key);
    out["recipient"] = std::string_view(text.data(), text.size());
  }
  if (one.kind == slot_kind::passphrase) {
    out["stretch_mib"] = one.cost.kibibytes / 1024;
    out["stretch_passes"] = one.cost.passes;
  }
  return out;
}

}  // namespace

result<std::string> key_slots_to_json(const cell_look& seen) try {
  json::array slots;
  for (const key_slot& one : seen.slots) slots.push_back(to_object(one));
  return json::serialize(json::object{
      {"sealed", seen.sealed}, {"renewal_due", seen.renewal_due}, {"slots", std::move(slots)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
