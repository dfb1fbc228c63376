// Scan and redaction of any text: finds in order, apart, on code points; a stream gives what one
// call gives wherever it is split; time stays in proportion.
//
// The first byte chooses the readings, the second regions and mark, the third how the stream is
// split, the fourth how many bytes of a known value follow; the rest is the text.
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

bool between_characters(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80;
}

constexpr std::string_view some_regions[] = {"IT", "DE", "US", "GB", "FR", "ES", "NL", "IN"};

text_redaction_options options_of(std::uint8_t readings, std::uint8_t form) {
  text_redaction_options out;
  if ((readings & 1U) != 0) out.scan.cards = card_reading::cautious;
  if ((readings & 2U) != 0) out.scan.dates = date_reading::all;
  if ((readings & 4U) != 0) out.scan.emails = email_reading::obfuscated;
  if ((readings & 8U) != 0) out.scan.urls = url_reading::path_and_query;
  if ((readings & 16U) != 0) out.scan.types.remove(entity_type::phone_number);
  if ((readings & 32U) != 0) out.scan.types = {entity_type::payment_card, entity_type::iban};
  out.scan.regions = std::span(some_regions).first(form % 9);
  out.mark = static_cast<text_mark>(form / 9 % 3);
  return out;
}

struct outcome {
  std::string text;
  bool failed = false;
  redaction_receipt receipt;
};

bool same(const redaction_receipt& a, const redaction_receipt& b) {
  return a.rules_version == b.rules_version && a.hidden == b.hidden && a.bytes_in == b.bytes_in &&
         a.bytes_hidden == b.bytes_hidden;
}

// In pieces whose sizes follow from `split`; 0: in one.
outcome streamed(std::string_view text, const text_redaction_options& options, std::uint8_t split) {
  outcome out;
  const text_sink sink{[](void* to, std::string_view part) {
                         must(!part.empty());
                         static_cast<std::string*>(to)->append(part);
                       },
                       &out.text};
  text_redactor redactor(options);
  std::uint32_t random = split;
  for (std::size_t from = 0; from < text.size() && !out.failed;) {
    random = random * 1'664'525U + 1'013'904'223U;
    const std::size_t most = split < 128 ? split : 1 + (random >> 24U) % (split - 126U);
    const std::string_view piece = text.substr(from, split == 0 ? text.npos : most);
    out.failed = !redactor.write(piece, sink);
    from += piece.size();
  }
  if (!out.failed) {
    const auto receipt = redactor.finish(sink);
    out.failed = !receipt;
    if (receipt) out.receipt = *receipt;
  }
  if (out.failed) {
    const std::size_t before = out.text.size();
    must(!redactor.write("x", sink) && !redactor.finish(sink) && out.text.size() == before);
  }
  return out;
}

// What redaction must give, from the finds.
std::string rewritten(std::string_view text, std::span<const text_entity> finds, text_mark mark) {
  std::string out;
  std::size_t at = 0;
  for (const text_entity& one : finds) {
    out += text.substr(at, one.begin - at);
    at = one.end;
    if (mark == text_mark::blocks) {
      out += "████";
      continue;
    }
    out += '<';
    for (const char c : name_of(one.type))
      out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    out += '>';
  }
  return out += text.substr(at);
}

void check_finds(std::string_view text, std::span<const text_entity> finds,
                 const scan_options& options) {
  std::size_t at = 0;
  for (const text_entity& one : finds) {
    must(at <= one.begin && one.begin < one.end && one.end <= text.size());
    must(between_characters(text, one.begin) && between_characters(text, one.end));
    must(options.types.contains(one.type) && one.score <= 100 && !name_of(one.rule).empty());
    must(one.type != entity_type::tenant_pattern);
    must(one.type != entity_type::known_value || !options.known->empty());
    at = one.end;
  }
}

// Texts that a scanner could be slow on are made of one thing repeated.
void check_time(std::string_view text, const scan_options& options) {
  constexpr std::size_t long_enough = std::size_t{1} << 15U;
  std::string longer;
  while (longer.size() < long_enough) longer += text;
  std::vector<text_entity> room(longer.size());
  const std::clock_t begin = std::clock();
  (void)scan(longer, options, room);
  must(std::clock() - begin < 2 * CLOCKS_PER_SEC);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  text_redaction_options options = options_of(data[0], data[1]);
  const std::uint8_t split = data[2];
  const std::string_view rest(reinterpret_cast<const char*>(data + 4), size - 4);
  const std::string_view value = rest.substr(0, data[3] % 32);
  const std::string_view text = rest.substr(value.size());

  std::array<std::byte, known_values_memory(4, 128)> memory;
  known_values known(memory);
  must(known.add(known_kind::name, "Zoë Müller-Rose").has_value());
  must(known.add(known_kind::phone, "+39 347 123 4567").has_value());
  (void)known.add(static_cast<known_kind>(data[3] / 32 % 4), value);
  options.scan.known = &known;

  std::vector<text_entity> room(text.size() + 1);
  const auto found = scan(text, options.scan, room);
  must(found.has_value() == valid_utf8(text));
  const outcome whole = streamed(text, options, 0);
  const outcome pieces = streamed(text, options, split);
  must(whole.failed == !found && pieces.failed == !found);
  if (!found) {
    must(found.error().code == errc::invalid_encoding && found.error().at < text.size());
    return 0;
  }
  check_finds(text, *found, options.scan);
  must(whole.text == pieces.text && same(whole.receipt, pieces.receipt));
  must(whole.receipt.bytes_in == text.size());

  std::vector<std::byte> out(whole.text.size());
  text_redactor redactor(options);
  const auto once = redact_text(text, redactor, out);
  must(once && once->text == whole.text && same(once->receipt, whole.receipt));
  if (!out.empty()) {
    const auto small = redact_text(text, redactor, std::span(out).first(out.size() - 1));
    must(!small && small.error().code == errc::buffer_too_small && small.error().at == out.size());
  }
  if (options.mark != text_mark::numbered_label) {
    must(whole.text == rewritten(text, *found, options.mark));
  }
  if (!found->empty()) {
    const std::vector<text_entity> kept(found->begin(), found->end());
    const auto fewer = scan(text, options.scan, std::span(room).first(kept.size() - 1));
    must(!fewer && fewer.error().code == errc::buffer_too_small);
  }
  if ((data[0] & 0xC0U) == 0xC0 && !text.empty()) check_time(text, options.scan);
  return 0;
}
