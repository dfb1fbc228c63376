// A record as JSON from anybody: whatever the text, an error, or a record whose own text gives the
// same bytes back. The same input as bytes of a flat view: what opens can be walked.
#include <clientbook/transfer/flat_view.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <string_view>

using namespace clientbook;

namespace {

bool same(const customer& a, const customer& b) {
  const auto left = a.fields(), right = b.fields();
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i].id != right[i].id || !same_bytes(left[i].value, right[i].value)) return false;
  }
  return true;
}

void read_record(std::string_view text) {
  const schema fields = standard_schema();
  const auto read = record_from_json(text, fields);
  if (!read) return;
  const auto json = record_to_json(read->view(), fields);
  if (!json) __builtin_trap();
  const auto again = record_from_json(*json, fields, nullptr, {.most_bytes = json->size()});
  if (!again || !same(*read, *again)) __builtin_trap();
}

void read_item(field_type type, std::string_view text) {
  const auto read = value_from_json(type, text);
  if (!read) return;
  const auto json = value_to_json(type, *read);
  if (!json) __builtin_trap();
  const auto again = value_from_json(type, *json, nullptr, {.most_bytes = json->size()});
  if (!again || !same_bytes(*read, *again)) __builtin_trap();
  if (!shown_to_json(type, *read)) __builtin_trap();
}

std::size_t walk(const flat_view& in, const flat_table& table) {
  std::size_t seen = table.size();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const flat_entry one = table.at(i);
    if (const auto text = in.text(one)) seen += text->size();
    if (const auto bytes = in.bytes(one)) seen += bytes->size();
    if (const auto inner = in.table(one)) seen += walk(in, *inner);
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_record(text);
  read_item(field_type::purchase, text);
  read_item(field_type::note, text);
  const auto flat = flat_view::open(as_bytes(text));
  if (flat && walk(*flat, flat->fields()) > size) __builtin_trap();
  return 0;
}
