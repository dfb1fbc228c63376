// One input from its first byte to its last: sees that it is UTF-8, sniffs its form, counts.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>

#include "charset.hpp"
#include "readers.hpp"

namespace clientbook {
namespace forms {
namespace {

// Waits for what the first bytes show.
class sniffing_reader final : public reader {
 public:
  using reader::reader;
  void take(std::string_view bytes) override {
    if (inner_ != nullptr) {
      inner_->take(bytes);
    } else {
      head_ += bytes;
      if (head_.size() >= sniffed_bytes) begin();
    }
    check();
  }
  void end() override {
    if (inner_ == nullptr) begin();
    inner_->end();
    check();
  }
  text_form form() const noexcept { return form_; }

 private:
  void begin() {
    form_ = sniff_form(head_);
    inner_ = make_reader(form_, out_, finder_, depth_);
    const forms::plain_text head = std::move(head_);
    head_.clear();
    inner_->take(head);
  }
  void check() {
    if (inner_ != nullptr && inner_->failure()) failure_ = inner_->failure();
  }

  forms::plain_text head_;
  text_form form_ = text_form::sniffed;
  any_reader inner_;
};

}  // namespace

any_reader make_reader(text_form form, outlet& out, finder& with, int depth) {
  if (depth > most_depth) return make_text_reader(text_form::plain, out, with, depth);
  switch (form) {
    case text_form::sniffed:
      return std::make_unique<sniffing_reader>(out, with, depth);
    case text_form::csv:
      return make_csv_reader(out, with, depth);
    case text_form::json:
    case text_form::json_lines:
      return make_json_reader(form, out, with, depth);
    case text_form::html:
    case text_form::xml:
      return make_html_reader(form, out, with, depth);
    case text_form::mail:
      return make_mail_reader(out, with, depth);
    default:
      return make_text_reader(form, out, with, depth);
  }
}

}  // namespace forms

// The last outlet: counts, tells finds, writes.
struct form_redactor::state final : forms::outlet {
  state(const form_options& from, find_sink to) : options(from), finds(to) { begin(); }

  void begin() {
    with = std::make_unique<forms::finder>(options);
    reader.reset();
    receipt = {};
    failure.reset();
    pending.clear();
    raw.clear();
    charset = forms::charset_layer(options.charset);
    told = {};
    place = taken = 0;
    first = true;
    form = options.form;
  }

  void put(std::string_view text) {
    if (text.empty() || sink.put == nullptr) return;
    if (charset.is_utf_8()) return sink.put(sink.context, text);
    const forms::plain_text coded = charset.encode(text);
    if (!coded.empty()) sink.put(sink.context, coded);
  }
  void keep(std::string_view bytes) override {
    place += charset.size_of(bytes);
    put(bytes);
  }
  void respell(std::string_view bytes, std::string_view text) override {
    place += charset.size_of(bytes);
    put(text);
  }
  void hide(std::string_view bytes, std::string_view text, const forms::hidden_as& as) override {
    if (!as.goes_on) ++receipt.hidden[static_cast<std::size_t>(as.type)];
    const std::size_t size = charset.size_of(bytes);
    receipt.bytes_hidden += size;
    if (finds.put != nullptr && !bytes.empty()) tell(size, as);
    place += size;
    put(text);
  }

  // Pieces that touch are one find: a letter and the escape behind it.
  void tell(std::size_t size, const forms::hidden_as& as) {
    if (as.goes_on && told.end == place && told.end != told.begin) {
      told.end += size;
      return;
    }
    tell_last();
    told = {place, place + size, as.type, as.rule, as.score, as.goes_on};
  }
  void tell_last() {
    if (told.end != told.begin) finds.put(finds.context, told);
    told = {};
  }

  bool fail(errc code, literal text, std::uint64_t at = 0) {
    if (finds.put != nullptr) tell_last();
    failure = error{code, text, at};
    reader.reset();
    return false;
  }

  bool good_options() {
    if (options.text.finder != nullptr) {
      return fail(errc::invalid_argument, "a finder needs the whole text at once");
    }
    const char d = options.delimiter;
    const bool letter = (d | 0x20) >= 'a' && (d | 0x20) <= 'z';
    if (letter || (d >= '0' && d <= '9') || d == '"' || d == '\n' || d == '\r' || d == '_' ||
        d == '<' || d == '>' || (d & 0x80) != 0) {
      return fail(errc::invalid_argument, "no delimiter of a table");
    }
    if (static_cast<std::size_t>(options.form) >= text_forms) {
      return fail(errc::invalid_argument, "no such form of a text");
    }
    if (options.charset > text_charset::windows_1252) {
      return fail(errc::invalid_argument, "no such character set of a text");
    }
    const auto good = scan("", options.text.scan, std::span<text_entity>());
    return good || fail(good.error().code, good.error().text);
  }

  // With its byte order mark, or by the zeros of a first character of ASCII.
  static bool is_utf_32(std::string_view four) {
    using namespace std::string_view_literals;
    if (four == "\xFF\xFE\0\0"sv || four == "\0\0\xFE\xFF"sv) return true;
    return four.size() == 4 && std::count(four.begin(), four.end(), '\0') == 3 && four[1] == '\0' &&
           four[2] == '\0';
  }

  bool begin_reading(std::string_view bytes) {
    if (!good_options()) return false;
    first = false;
    if (charset.is_utf_8() && is_utf_32(bytes.substr(0, 4))) {
      return fail(errc::invalid_encoding, "the text is UTF-32, which is not read");
    }
    if (charset.is_utf_8() && bytes.starts_with("\xFF\xFE")) {
      charset.read_as(text_charset::utf_16le);
    } else if (charset.is_utf_8() && bytes.starts_with("\xFE\xFF")) {
      charset.read_as(text_charset::utf_16be);
    } else if (charset.is_utf_8() && bytes.size() > 3 && (bytes[0] == '\0') != (bytes[1] == '\0') &&
               (bytes[2] == '\0') == (bytes[0] == '\0') &&
               (bytes[3] == '\0') == (bytes[1] == '\0')) {
      return fail(errc::invalid_encoding,
                  "the text is UTF-16 without a byte order mark: its character set must be said");
    }
    reader = forms::make_reader(form, *this, *with, 0);
    return true;
  }

  // Whole code points go on; what is left of one waits.
  bool take(std::string_view chunk) {
    receipt.bytes_in += chunk.size();
    raw += chunk;
    // What is UTF-16 shows in the first four bytes.
    if (first && raw.size() < 4) return true;
    return flush(false);
  }

  bool flush(bool all) {
    if (first && !begin_reading(raw)) return false;
    if (charset.is_utf_8()) {
      pending += raw;
    } else if (!charset.decode(raw, all, pending)) {
      return fail(errc::invalid_encoding, "the text is not of its character set",
                  charset.bytes_read());
    }
    raw.clear();
    const std::size_t valid = valid_utf8_prefix(pending);
    if (pending.size() - valid >= (all ? 1U : 4U)) {
      return fail(errc::invalid_encoding,
                  "the text is not UTF-8: if it is of another character set, that must be said",
                  taken + valid);
    }
    taken += valid;
    reader->take(std::string_view(pending).substr(0, valid));
    pending.erase(0, valid);
    return well();
  }

  bool end() {
    if (!flush(true)) return false;
    reader->end();
    if (!well()) return false;
    if (finds.put != nullptr) tell_last();
    return true;
  }

  bool well() {
    if (reader->failure()) {
      const error why = *reader->failure();
      // Whatever begins there is what comes next behind all that was given out.
      return fail(why.code, why.text, charset.is_utf_8() ? why.at : place);
    }
    if (form == text_form::sniffed) form = static_cast<forms::sniffing_reader&>(*reader).form();
    return true;
  }

  const form_options& options;
  find_sink finds;
  text_sink sink;
  std::unique_ptr<forms::finder> with;
  forms::any_reader reader;
  redaction_receipt receipt;
  std::optional<error> failure;
  forms::plain_text raw;      // What came in and was not read.
  forms::plain_text pending;  // The same as UTF-8.
  forms::charset_layer charset{text_charset::utf_8};
  form_find told;           // The last find, which may go on.
  std::uint64_t place = 0;  // Of what was given out, in the input.
  std::uint64_t taken = 0;
  bool first = true;
  text_form form = text_form::sniffed;
};

result<text_charset> text_charset_of(std::string_view name) noexcept {
  std::array<char, 16> plain{};
  std::size_t size = 0;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    if (size == plain.size()) break;
    plain[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  const std::string_view small(plain.data(), size);
  struct named {
    std::string_view name;
    text_charset is;
  };
  for (const named& one : {named{"utf8", text_charset::utf_8},
                           {"utf16le", text_charset::utf_16le},
                           {"utf16be", text_charset::utf_16be},
                           {"iso88591", text_charset::latin_1},
                           {"latin1", text_charset::latin_1},
                           {"windows1252", text_charset::windows_1252},
                           {"cp1252", text_charset::windows_1252}}) {
    if (small == one.name) return one.is;
  }
  return error{errc::not_found, "no such character set of a text"};
}

form_redactor::form_redactor(const form_options& options, find_sink finds)
    : state_(std::make_unique<state>(options, finds)) {}
form_redactor::~form_redactor() = default;

text_form form_redactor::form() const noexcept { return state_->form; }

result<void> form_redactor::write(std::string_view chunk, text_sink sink) try {
  state& it = *state_;
  if (it.failure) {
    return error{errc::invalid_state, "the redactor has failed: nothing more comes out of it"};
  }
  it.sink = sink;
  if (!it.take(chunk)) return *it.failure;
  return {};
} catch (const std::bad_alloc&) {
  state_->failure = not_enough_memory;  // What was held back is lost: nothing more comes out.
  return not_enough_memory;
}

result<redaction_receipt> form_redactor::finish(text_sink sink) try {
  state& it = *state_;
  if (it.failure) {
    return error{errc::invalid_state, "the redactor has failed: nothing more comes out of it"};
  }
  it.sink = sink;
  if (!it.end()) return *it.failure;
  const redaction_receipt done = it.receipt;
  it.begin();
  return done;
} catch (const std::bad_alloc&) {
  state_->failure = not_enough_memory;
  return not_enough_memory;
}

result<std::vector<form_find>> scan_form(std::string_view text, const form_options& options) try {
  std::vector<form_find> out;
  const find_sink to{[](void* list, const form_find& one) {
                       static_cast<std::vector<form_find>*>(list)->push_back(one);
                     },
                     &out};
  form_redactor redactor(options, to);
  if (const auto written = redactor.write(text, {}); !written) return written.error();
  if (const auto done = redactor.finish({}); !done) return done.error();
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
