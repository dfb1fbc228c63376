// Texts of a value, wherever it has them: what is written of the value is its own form with other
// texts, so that a kind of field that gets a further text needs nothing here.
#include "others_in_texts.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>

namespace clientbook {

result<std::vector<customer_id>> others_in_copy(session_state& s, customer_no number,
                                                recipient_id to) {
  if (!is_the_customers(to)) return std::vector<customer_id>();
  auto linked = linked_by(s, number);
  if (!linked) return linked;
  std::erase_if(*linked, [&](const customer_id& one) {
    const auto whose = s.number(one);
    return !whose || !s.entry(*whose);
  });
  return linked;
}

result<byte_view> hide_in_texts(byte_view value, free_text& text, byte_span room) {
  constexpr std::size_t label = 256;
  wiped_bytes redacted(8 * value.size() + label);
  bool found = false;
  cbor::writer to(room);
  cbor::reader from(value);
  while (!from.rest().empty() && !from.failed()) {
    switch (from.next()) {
      case cbor::kind::text: {
        const std::string_view plain = from.text();
        const auto left = redact_text(plain, text.redactor(), redacted);
        if (!left) return left.error();
        found = found || left->text != plain;
        to.text(left->text);
        break;
      }
      // Of a list or a map the head alone: what is in it follows.
      case cbor::kind::array:
        to.array(from.array());
        break;
      case cbor::kind::map:
        to.map(from.map());
        break;
      default:
        to.item(from.item());
    }
  }
  if (const auto good = from.status(); !good) return good.error();
  const auto written = to.finish();
  if (!written) return written.error();
  return found ? *written : byte_view();
}

}  // namespace clientbook
