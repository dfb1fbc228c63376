// A finder in the place of scan(): what a redaction of one text does with its finds.
#include <clientbook/scanner/text_redactor.hpp>

#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

class fixed_finder final : public text_finder {
 public:
  std::vector<text_entity> finds;
  errc failure = errc::none;

  result<std::span<text_entity>> find(std::string_view, const scan_options&,
                                      std::span<text_entity> out) const noexcept override {
    if (failure != errc::none) return error{failure, "told to fail", 7};
    if (finds.size() > out.size()) return error{errc::buffer_too_small, "no room"};
    std::copy(finds.begin(), finds.end(), out.begin());
    return out.first(finds.size());
  }
};

text_entity at(std::size_t begin, std::size_t end) {
  return {.begin = begin, .end = end, .type = entity_type::tenant_pattern};
}

}  // namespace

TEST_CASE("text finder: its finds are hidden, and nothing else") {
  fixed_finder finder;
  finder.finds = {at(0, 2), at(2, 3), at(5, 6)};
  const text_redaction_options options{.mark = text_mark::blocks, .finder = &finder};
  text_redactor redactor(options);
  std::array<std::byte, 64> out;
  const auto done = redact_text("abcdefg", redactor, out);
  REQUIRE(done.has_value());
  CHECK(done->text == "████████de████g");
  CHECK(done->receipt.hidden[15] == 3);
  CHECK(done->receipt.bytes_in == 7);
  CHECK(done->receipt.bytes_hidden == 4);
  finder.finds.clear();
  CHECK(redact_text("zoe@example.com", redactor, out)->text == "zoe@example.com");
  CHECK(redact_text("", redactor, out)->text.empty());
}

TEST_CASE("text finder: nothing comes out of a text whose finds are not in order and apart") {
  fixed_finder finder;
  const text_redaction_options options{.finder = &finder};
  text_redactor redactor(options);
  std::array<std::byte, 64> out{};
  for (const auto& wrong : {std::vector{at(2, 4), at(3, 5)}, std::vector{at(3, 4), at(0, 1)},
                            std::vector{at(2, 2)}, std::vector{at(3, 2)}, std::vector{at(5, 9)}}) {
    finder.finds = wrong;
    CHECK(redact_text("abcdefg", redactor, out).error().code == errc::invalid_argument);
    CHECK(out == std::array<std::byte, 64>{});
  }
  finder.finds = {at(1, 2)};
  CHECK(redact_text("ü", redactor, out).error().code == errc::invalid_argument);
  finder.finds = {at(0, 1)};
  CHECK(redact_text("ü", redactor, out).error().code == errc::invalid_argument);
  finder.finds.clear();
  finder.failure = errc::invalid_encoding;
  CHECK(redact_text("abcdefg", redactor, out).error().code == errc::invalid_encoding);
  CHECK(redact_text("abcdefg", redactor, out).error().at == 7);
  finder.failure = errc::buffer_too_small;
  CHECK(redact_text("abcdefg", redactor, out).error().code == errc::limit_exceeded);
  finder.failure = errc::none;
  CHECK(redact_text("abcdefg", redactor, out)->text == "abcdefg");
}

TEST_CASE("text finder: a stream has no whole text, and is refused") {
  fixed_finder finder;
  const text_redaction_options options{.finder = &finder};
  text_redactor redactor(options);
  std::string shown;
  const text_sink sink{
      [](void* to, std::string_view text) { *static_cast<std::string*>(to) += text; }, &shown};
  CHECK(redactor.write("abc", sink).error().code == errc::invalid_argument);
  CHECK(redactor.finish(sink).error().code == errc::invalid_state);
  CHECK(shown.empty());
}
