// Redaction of any bytes in any form: pieces give what the whole gives, finds are in order, apart
// and on code points, an error says where and nothing comes out behind it, line ends of prose stay,
// and time stays in proportion.
//
// The first byte chooses the form, the second the mark, regions and readings, the third how the
// input is split; the rest is the input.
#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>

using namespace clientbook;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

constexpr std::string_view some_regions[] = {"US", "DE", "IT", "GB"};

form_options options_of(std::uint8_t form, std::uint8_t readings) {
  form_options out;
  out.form = static_cast<text_form>(form % text_forms);
  out.delimiter = form >= 128 ? "\t;,|"[form / text_forms % 4] : '\0';
  out.text.mark = static_cast<text_mark>(readings % 3);
  out.text.scan.regions = std::span(some_regions).first(readings / 3 % 5);
  if ((readings & 0x40U) != 0) out.text.scan.dates = date_reading::all;
  if ((readings & 0x80U) != 0) out.text.scan.urls = url_reading::path_and_query;
  return out;
}

struct outcome {
  std::string text;
  std::vector<form_find> finds;
  redaction_receipt receipt;
  error failure;
  bool failed = false;
};

// In pieces whose sizes follow from `split`; 0: in one.
outcome redacted(std::string_view input, const form_options& options, std::uint8_t split) {
  outcome out;
  const find_sink finds{[](void* to, const form_find& one) {
                          static_cast<std::vector<form_find>*>(to)->push_back(one);
                        },
                        &out.finds};
  const text_sink sink{[](void* to, std::string_view part) {
                         must(!part.empty());
                         static_cast<std::string*>(to)->append(part);
                       },
                       &out.text};
  form_redactor redactor(options, finds);
  std::uint32_t random = split;
  const auto stopped = [&](const error& why) {
    out.failed = true;
    out.failure = why;
    const std::size_t before = out.text.size();
    must(!redactor.write("x", sink) && !redactor.finish(sink) && out.text.size() == before);
    return out;
  };
  for (std::size_t from = 0; from < input.size();) {
    random = random * 1'664'525U + 1'013'904'223U;
    const std::size_t most = split < 128 ? split : 1 + (random >> 24U) % (split - 126U);
    const std::string_view piece = input.substr(from, split == 0 ? input.npos : most);
    if (const auto done = redactor.write(piece, sink); !done) return stopped(done.error());
    from += piece.size();
  }
  const auto receipt = redactor.finish(sink);
  if (!receipt) return stopped(receipt.error());
  out.receipt = *receipt;
  return out;
}

bool between_characters(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80;
}

// UTF-16 by its mark comes out as UTF-16.
bool is_utf_16(std::string_view input) {
  return input.starts_with("\xFF\xFE") || input.starts_with("\xFE\xFF");
}

void check_finds(std::string_view input, const outcome& whole, const form_options& options) {
  std::uint64_t at = 0;
  std::uint64_t hidden = 0;
  for (const form_find& one : whole.finds) {
    must(at <= one.begin && one.begin < one.end && one.end <= input.size());
    must(is_utf_16(input) ||
         (between_characters(input, one.begin) && between_characters(input, one.end)));
    must(options.text.scan.types.contains(one.type) && !name_of(one.rule).empty());
    hidden += one.end - one.begin;
    at = one.end;
  }
  must(whole.receipt.bytes_in == input.size() && whole.receipt.bytes_hidden == hidden);
  // What is kept is kept to the byte, but where base64 is encoded again.
  if (whole.finds.empty() && options.form != text_form::mail &&
      options.form != text_form::sniffed) {
    must(whole.text == input);
  }
  if (!is_utf_16(input) && (options.form == text_form::plain || options.form == text_form::log)) {
    must(std::count(input.begin(), input.end(), '\n') ==
         std::count(whole.text.begin(), whole.text.end(), '\n'));
  }
}

// Inputs that a reader could be slow on are made of one thing repeated.
void check_time(std::string_view input, const form_options& options) {
  constexpr std::size_t long_enough = std::size_t{1} << 15U;
  std::string longer;
  while (longer.size() < long_enough) longer += input;
  const std::clock_t begin = std::clock();
  (void)redacted(longer, options, 0);
  must(std::clock() - begin < 4 * CLOCKS_PER_SEC);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const form_options options = options_of(data[0], data[1]);
  const std::uint8_t split = data[2];
  const std::string_view input(reinterpret_cast<const char*>(data + 3), size - 3);
  const outcome whole = redacted(input, options, 0);
  const outcome pieces = redacted(input, options, split);
  must(whole.failed == pieces.failed);
  if (whole.failed) {
    must(whole.failure.code == errc::invalid_encoding ||
         whole.failure.code == errc::limit_exceeded);
    must(whole.failure.at <= input.size() && whole.failure.code == pieces.failure.code);
    return 0;
  }
  must(whole.text == pieces.text && whole.finds.size() == pieces.finds.size());
  must(is_utf_16(input) || valid_utf8(whole.text));
  check_finds(input, whole, options);
  const auto told = scan_form(input, options);
  must(told && told->size() == whole.finds.size());
  if ((data[1] & 0xC0U) == 0xC0 && !input.empty()) check_time(input, options);
  return 0;
}
