#include <clientbook/redaction/type_label.hpp>
#include "apply_testing.hpp"
#include "pseudonym_testing.hpp"

#include <set>
#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

std::string labelled(field_type type, unsigned index = 0) {
  return text_from([&](byte_span to) { return type_label(type, index, to); });
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
  const auto done = type_label(field_type::email, 1, room);
  CHECK(done.error().code == errc::buffer_too_small);
  CHECK(done.error().at == 9);
}

TEST_CASE("apply: label is one text for a value or a list, and drops what has no label") {
  using op = redaction_operator;
  const bytes emails = list<email_address>({{"ken@example.com", "home"}, {"k@example.com", ""}});
  CHECK(redact(op::label, field_type::email, emails).as<std::string_view>() == "<EMAIL>");
  CHECK(redact(op::label, field_type::integer, encoded(std::int64_t{5})).as<std::string_view>() ==
        "<NUMBER>");
  CHECK(redact(op::label, field_type::note, encoded(note{{}, "ken", "met his wife"}))
            .as<std::string_view>() == "<NOTE>");
  CHECK(dropped(redact(op::label, static_cast<field_type>(77), emails)));
  CHECK(dropped(redact(op::label, field_type::card_track, emails)));
  CHECK(dropped(redact(op::label, field_type::email, bytes{std::byte{0x80}})));  // An empty list,
  CHECK(dropped(redact(op::label, field_type::email, {})));                      // nothing,
  CHECK(dropped(redact(op::label, field_type::email, bytes{std::byte{0x61}})));  // cut short.
  bytes room(7);
  const auto small = apply(op::label, field_type::email, emails, options(), room);
  CHECK(small.error().code == errc::buffer_too_small);
  CHECK(small.error().at == 8);
}

TEST_CASE("operators: names, and the order of strictness") {
  using op = redaction_operator;
  constexpr op by_strictness[] = {op::none,
                                  op::shift_date,
                                  op::generalise_date,
                                  op::generalise_zip,
                                  op::generalise_number,
                                  op::generalise_ip,
                                  op::generalise_geo,
                                  op::mask_phone,
                                  op::mask_email,
                                  op::mask_card,
                                  op::mask,
                                  op::fpe,
                                  op::token,
                                  op::hash,
                                  op::label,
                                  op::drop};
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < std::size(by_strictness); ++i) {
    if (i != 0) CHECK(by_strictness[i - 1] < by_strictness[i]);
    CHECK_FALSE(name_of(by_strictness[i]).empty());
    names.insert(name_of(by_strictness[i]));
  }
  CHECK(names.size() == std::size(by_strictness));
  CHECK(name_of(static_cast<op>(1)).empty());
}
