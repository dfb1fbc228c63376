// Redacts a text in pieces, in memory of a fixed size.
//
// Holds what a rule may still look at (scan_reach before and behind a place) and gives out only
// what no find can change any more, so that pieces give what one call gives. What was text is wiped
// when it is given out or the redactor fails.
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/unicode/folded_hash.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <cstring>

#include "walk.hpp"

namespace clientbook {
namespace {

using scanner::find_list;
using scanner::scan_settings;

// Labels are made of the types' names.
struct label {
  std::array<char, 40> bytes{};
  std::size_t size = 0;

  void put(char c) noexcept { bytes[size++] = c; }
  std::string_view view() const noexcept { return {bytes.data(), size}; }
};

label label_of(entity_type type, unsigned number) noexcept {
  label out;
  out.put('<');
  for (const char c : name_of(type)) {
    out.put(c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c);
  }
  if (number != 0) {
    out.put('_');
    unsigned unit = 1;
    while (number / unit >= 10) unit *= 10;
    for (; unit != 0; unit /= 10) out.put(static_cast<char>('0' + number / unit % 10));
  }
  out.put('>');
  return out;
}

}  // namespace

text_redactor::text_redactor(const text_redaction_options& options) noexcept : options_(options) {}

text_redactor::~text_redactor() { forget(); }

void text_redactor::forget() noexcept {
  // Nothing lies behind what is filled: advance() wipes what it moves away from.
  wipe(std::as_writable_bytes(std::span(buffer_)).first(filled_));
  wipe(std::as_writable_bytes(std::span(values_)).first(values_seen_ * sizeof(values_[0])));
  wipe(std::as_writable_bytes(std::span(pending_)).first(most_finds_ * sizeof(text_entity)));
  passed_ = 0;
  filled_ = looked_ = released_ = checked_ = finds_ = most_finds_ = values_seen_ = 0;
  receipt_ = {};
}

bool text_redactor::fail(errc code, literal text, std::uint64_t at) noexcept {
  forget();
  state_ = state::failed;
  failure_ = {code, text, at};
  return false;
}

unsigned text_redactor::number_of(entity_type type, std::string_view value) noexcept {
  const std::uint64_t hash = unicode::folded_hash(value);
  unsigned number = 1;
  for (std::size_t i = 0; i < values_seen_; ++i) {
    if (value_types_[i] != type) continue;
    if (values_[i] == hash) return number;
    ++number;
  }
  if (values_seen_ == values_.size()) return 0;
  values_[values_seen_] = hash;
  value_types_[values_seen_++] = type;
  return number;
}

void text_redactor::put_find(const text_entity& found, text_sink sink) noexcept {
  hide(found, {buffer_.data() + found.begin, found.end - found.begin}, sink);
}

void text_redactor::hide(const text_entity& found, std::string_view value,
                         text_sink sink) noexcept {
  receipt_.bytes_hidden += found.end - found.begin;
  if (found.rule == scan_rule::url_rest) return;
  ++receipt_.hidden[static_cast<std::size_t>(found.type)];
  if (options_.mark == text_mark::blocks) {
    sink.put(sink.context, "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88");
    return;
  }
  const unsigned number =
      options_.mark == text_mark::numbered_label ? number_of(found.type, value) : 0;
  sink.put(sink.context, label_of(found.type, number).view());
}

// Gives out everything before `to`, of which no find can change any more.
void text_redactor::release(std::size_t to, text_sink sink) noexcept {
  std::size_t done = 0;
  for (; done < finds_ && pending_[done].end <= to; ++done) {
    const text_entity& found = pending_[done];
    if (found.begin > released_) {
      sink.put(sink.context, {buffer_.data() + released_, found.begin - released_});
    }
    put_find(found, sink);
    released_ = found.end;
  }
  if (done < finds_ && pending_[done].begin < to) to = pending_[done].begin;
  if (to > released_) {
    sink.put(sink.context, {buffer_.data() + released_, to - released_});
    released_ = to;
  }
  find_list list(pending_, finds_);
  list.drop_first(done);
  finds_ = list.finds().size();
}

CLIENTBOOK_ONCE void text_redactor::look(std::size_t to) noexcept {
  const scan_settings settings(options_.scan);
  find_list list(pending_, finds_);
  looked_ = scanner::scan_places({buffer_.data(), filled_}, looked_, to, settings, list);
  finds_ = list.finds().size();
  if (finds_ > most_finds_) most_finds_ = finds_;
  if (list.overflow()) state_ = state::failed;
}

// Forgets what no rule can look at any more.
void text_redactor::advance(std::size_t to) noexcept {
  std::memmove(buffer_.data(), buffer_.data() + to, filled_ - to);
  wipe(std::as_writable_bytes(std::span(buffer_)).subspan(filled_ - to, to));
  find_list list(pending_, finds_);
  list.move_back(to);
  passed_ += to;
  filled_ -= to;
  looked_ -= to;
  released_ -= to;
  checked_ -= to;
}

bool text_redactor::begin_or_go_on() noexcept {
  if (state_ == state::failed) {
    failure_ = {errc::invalid_state, "the redactor has failed: nothing more comes out of it"};
    return false;
  }
  return passed_ != 0 || filled_ != 0 || good_options();
}

CLIENTBOOK_ONCE bool text_redactor::good_options() noexcept {
  if (!scanner::extent::finders && options_.finder != nullptr) {
    return fail(errc::unsupported, "no finders in firmware");
  }
  const auto good = scan_settings(options_.scan).valid();
  return good || fail(good.error().code, good.error().text);
}

// Looks at all places that have what rules look at behind them, and gives out what is decided.
bool text_redactor::work(std::size_t to, text_sink sink) noexcept {
  while (looked_ < to) {
    look(to - looked_ < step ? to : looked_ + step);
    if (state_ == state::failed) {
      return fail(errc::limit_exceeded, "too much to hide in one place of the text");
    }
    constexpr std::size_t held = scanner::max_look_back;
    if (looked_ > held && looked_ - held > released_) {
      release(looked_ - held, sink);
    }
  }
  return true;
}

bool text_redactor::take(std::string_view chunk, text_sink sink) noexcept {
  if (!begin_or_go_on()) return false;
  receipt_.bytes_in += chunk.size();
  while (!chunk.empty()) {
    const std::size_t room = buffer_.size() - filled_;
    const std::size_t taken = chunk.size() < room ? chunk.size() : room;
    std::memcpy(buffer_.data() + filled_, chunk.data(), taken);
    filled_ += taken;
    chunk.remove_prefix(taken);
    // Whole code points only; at most three bytes wait for the rest of one.
    checked_ += valid_utf8_prefix({buffer_.data() + checked_, filled_ - checked_});
    if (filled_ - checked_ >= 4) return not_text();
    if (filled_ < buffer_.size()) continue;
    if (!work(checked_ - scan_reach, sink)) return false;
    const std::size_t unused = looked_ - scan_reach;
    advance(released_ < unused ? released_ : unused);
  }
  return true;
}

bool text_redactor::not_text() noexcept {
  return fail(errc::invalid_encoding, "the text is not UTF-8", passed_ + checked_);
}

// Gives out all that is left; the receipt is still to be taken.
bool text_redactor::end(text_sink sink) noexcept {
  if (!begin_or_go_on()) return false;
  if (checked_ != filled_) return not_text();
  if (!work(filled_, sink)) return false;
  release(filled_, sink);
  return true;
}

result<void> text_redactor::write(std::string_view chunk, text_sink sink) noexcept {
  if (scanner::extent::finders && options_.finder != nullptr) {
    fail(errc::invalid_argument, "a finder needs the whole text at once");
    return failure_;
  }
  if (!take(chunk, sink)) return failure_;
  return {};
}

result<redaction_receipt> text_redactor::finish(text_sink sink) noexcept {
  if (!end(sink)) return failure_;
  return taken();
}

CLIENTBOOK_ONCE result<redaction_receipt> text_redactor::taken() noexcept {
  result<redaction_receipt> out(receipt_);
  forget();
  return out;
}

CLIENTBOOK_ONCE result<redacted_text> text_redactor::taken(std::string_view text) noexcept {
  result<redacted_text> out(redacted_text{text, receipt_});
  forget();
  return out;
}

void text_redactor::restart() noexcept {
  forget();
  state_ = state::writing;
}

namespace {

struct fixed_sink {
  byte_span out;
  std::size_t size = 0;

  static void put(void* context, std::string_view text) noexcept {
    auto& self = *static_cast<fixed_sink*>(context);
    if (self.size + text.size() <= self.out.size()) {
      std::memcpy(self.out.data() + self.size, text.data(), text.size());
    }
    self.size += text.size();
  }
};

}  // namespace

result<redacted_text> redact_text(std::string_view text, text_redactor& redactor,
                                  byte_span out) noexcept {
  fixed_sink to{out};
  const text_sink sink{fixed_sink::put, &to};
  const bool with_finder = scanner::extent::finders && redactor.options_.finder != nullptr;
  const bool done =
      with_finder ? redactor.whole(text, sink) : redactor.take(text, sink) && redactor.end(sink);
  if (done && to.size <= out.size()) return redactor.taken(as_text(out.first(to.size)));
  wipe(out.first(to.size < out.size() ? to.size : out.size()));
  redactor.restart();
  if (done)
    redactor.failure_ = {errc::buffer_too_small, "the redacted text needs more room", to.size};
  return redactor.failure_;
}

}  // namespace clientbook
