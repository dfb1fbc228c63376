#include <clientbook/label.hpp>
#include "pseudonym_testing.hpp"

#include <set>
#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

std::string labelled(field_type type, unsigned index = 0) {
  return text_from([&](byte_span to) { return label(type, index, to); });
}

}  // namespace

TEST_CASE("label: says the kind, and which of a document's values it is") {
  CHECK(labelled(field_type::email) == "<EMAIL>");
  CHECK(labelled(field_type::email, 1) == "<EMAIL_1>");
  CHECK(labelled(field_type::phone, 4294967295U) == "<PHONE_4294967295>");
  std::set<std::string> all;
  unsigned known = 0;
  for (unsigned type = 0; type < 240; ++type) {
    if (!is_known(static_cast<field_type>(type))) continue;
    ++known;
    const std::string text = labelled(static_cast<field_type>(type));
    CHECK(text.starts_with("<"));
    all.insert(text);
  }
  CHECK(all.size() == known);
}

TEST_CASE("label: types that are not known or may not be kept have none") {
  CHECK(labelled(static_cast<field_type>(77)) == "error 22");
  CHECK(labelled(field_type::card_verification_code) == "error 22");
  CHECK(labelled(field_type::card_track) == "error 22");
  CHECK(labelled(field_type::pin_block) == "error 22");
  std::vector<std::byte> room(8);
  const auto done = label(field_type::email, 1, room);
  CHECK(done.error().code == errc::buffer_too_small);
  CHECK(done.error().at == 9);
}
