// Puts a view into bytes that the host frees: as one flat block (docs/format/flat_view.md), several
// of them aligned one behind the other, or as JSON.
#include "view_out.hpp"

#include <clientbook/transfer/flat_view.hpp>

#include <limits>

namespace clientbook::c_abi {
namespace {

constexpr std::size_t alignment = 8;
constexpr std::size_t id_place = 16;  // in a block's header: docs/format/flat_view.md

constexpr std::size_t aligned(std::size_t size) noexcept {
  return (size + alignment - 1) / alignment * alignment;
}

void store_u32(std::byte* to, std::size_t value) noexcept {
  for (unsigned i = 0; i < 4; ++i) to[i] = static_cast<std::byte>(value >> (8 * i));
}

}  // namespace

result<void> check_view_form(std::uint32_t form) noexcept {
  if (form == CLIENTBOOK_FLAT || form == CLIENTBOOK_JSON) return {};
  return error{errc::invalid_argument, "a view is handed out flat or as JSON"};
}

result<void> hand_out_view(const session& in, const view& seen, const result<view_reasons>& why,
                           std::uint32_t form, clientbook_bytes* out) {
  if (!why) return why.error();
  if (form == CLIENTBOOK_JSON) {
    const auto text = view_to_json(seen, in.fields(), *why);
    if (!text) return text.error();
    hand_out(out, *text);
    return {};
  }
  auto block = flatten(seen, in.fields(), *why);
  if (!block) return block.error();
  outgoing(std::move(*block)).release(out);
  return {};
}

result<void> hand_out_items(session& in, const item_list& seen, field_id field, std::uint32_t form,
                            clientbook_bytes* out) {
  const auto definition = in.fields().find(field);
  if (!definition) return definition.error();
  if (form == CLIENTBOOK_JSON) {
    const auto text = items_to_json(seen, definition->type);
    if (!text) return text.error();
    hand_out(out, *text);
    return {};
  }
  auto block = flatten(seen, *definition);
  if (!block) return block.error();
  outgoing(std::move(*block)).release(out);
  return {};
}

result<void> batch_out::add(session& in, const view& seen, const decision_request& as) {
  const auto reasons = reasons_of(in, seen, as);
  if (!reasons) return reasons.error();
  const auto block = flatten(seen, in.fields(), *reasons);
  if (!block) return block.error();
  return add(*block);
}

result<void> batch_out::add(session& in, const item_list& seen, field_id field,
                            const customer_id& whose) {
  const auto definition = in.fields().find(field);
  if (!definition) return definition.error();
  auto block = flatten(seen, *definition);
  if (!block) return block.error();
  copy_bytes(byte_span(*block).subspan(id_place), byte_view(whose.bytes));
  return add(*block);
}

result<void> batch_out::add(const wiped_bytes& block) {
  const std::size_t begin = aligned(views_.size());
  if (begin + block.size() > std::numeric_limits<std::uint32_t>::max() / 2) {
    return error{errc::limit_exceeded, "a batch is too large: ask for fewer at once"};
  }
  views_.resize(begin);
  views_.insert(views_.end(), block.begin(), block.end());
  ends_.push_back(views_.size());
  return {};
}

wiped_bytes batch_out::take() {
  // count, then where each begins and where the last one ends
  const std::size_t head = aligned(4 * (ends_.size() + 2));
  wiped_bytes out(head);
  store_u32(out.data(), ends_.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    store_u32(out.data() + 4 * (i + 1), head + begin);
    begin = aligned(ends_[i]);
  }
  store_u32(out.data() + 4 * (ends_.size() + 1), head + views_.size());
  out.insert(out.end(), views_.begin(), views_.end());
  return out;
}

}  // namespace clientbook::c_abi
