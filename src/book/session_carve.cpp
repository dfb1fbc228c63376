// What of an older copy of the store still opens with the keys of today.
#include "session_state.hpp"

namespace clientbook {

using storage::key;
using storage::table;

result<carving> session::carve(backend& copy) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::audit); !seen) return seen.error();
  auto other = copy.begin_read();
  if (!other) return other.error();
  carving out;

  std::vector<customer_no> numbers;
  const key records(table::record);
  auto walked = (*other)->walk(records, records, [&](byte_view at, byte_view) {
    if (at.size() == 9) numbers.emplace_back(load_be<std::uint64_t>(at.data() + 1));
    return true;
  });
  if (!walked) return walked.error();

  for (const customer_no number : numbers) {
    ++out.records;
    const auto row = (*other)->get(key(table::record).add(number.value));
    bool opened = false;
    const auto known = row ? s.core->tree().find(number) : result<const manifest*>(row.error());
    if (known) {
      // The copy says itself which version it has; the key is what counts here.
      manifest as_copied;
      as_copied.subject_key = (*known)->subject_key.duplicate();
      const auto header = peek_row(*row);
      if (header) {
        as_copied.version = header->version;
        as_copied.schema = header->schema;
        as_copied.key_version = header->key_version;
        opened = s.opener.opens(number, as_copied, *row);
      }
    }
    if (opened) {
      ++out.opened;
    } else {
      out.unopened.push_back(s.core->keys().ids->id(number));
    }
  }
  const key buckets(table::index);
  walked = (*other)->walk(buckets, buckets, [&](byte_view at, byte_view bucket) {
    if (at.size() != 9) return true;
    ++out.index_buckets;
    const std::uint64_t leaf = load_be<std::uint64_t>(at.data() + 1) / key_tree::leaf_fan_out;
    if (s.at_rest.opens(leaf, bucket)) ++out.index_opened;
    return true;
  });
  s.at_rest.forget();
  if (!walked) return walked.error();
  out.tree_opens = s.core->opens_tree_of(**other);
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
