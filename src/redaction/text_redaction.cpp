#include <clientbook/secret.hpp>
#include <clientbook/text_redaction.hpp>

#include <cstring>

#include "text_scanner.hpp"

namespace clientbook {
namespace {

using redaction::find_list;
using redaction::max_look_back;
using redaction::scan_settings;

constexpr error not_text{errc::invalid_encoding, "the text is not UTF-8"};

// Labels are made of the types' names.
struct label {
  std::array<char, 40> bytes{};
  std::size_t size = 0;

  void put(std::string_view text) noexcept {
    for (const char c : text) bytes[size++] = c;
  }
  std::string_view view() const noexcept { return {bytes.data(), size}; }
};

label label_of(entity_type type, unsigned number) noexcept {
  label out;
  out.put("<");
  for (const char c : name_of(type)) {
    out.bytes[out.size++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
  }
  if (number != 0) {
    std::array<char, 10> digits{};
    std::size_t count = 0;
    for (unsigned rest = number; rest != 0; rest /= 10) {
      digits[count++] = static_cast<char>('0' + rest % 10);
    }
    out.put("_");
    while (count > 0) out.bytes[out.size++] = digits[--count];
  }
  out.put(">");
  return out;
}

// FNV-1a over the folded letters and digits: it tells values of one text apart, no more.
std::uint64_t folded_hash(std::string_view value) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (std::size_t at = 0; at < value.size();) {
    const code_point c = code_point_at(value, at);
    at += c.size == 0 ? 1 : c.size;
    const redaction::char_class is = redaction::class_of(c.value);
    if (is != redaction::char_class::letter && is != redaction::char_class::digit) continue;
    for (const char32_t letter : redaction::fold(c.value).letters) {
      hash = (hash ^ letter) * 0x100000001B3U;
    }
  }
  return hash;
}

}  // namespace

text_redactor::text_redactor(const text_redaction_options& options) noexcept : options_(options) {}

text_redactor::~text_redactor() { forget(); }

void text_redactor::forget() noexcept {
  wipe(std::as_writable_bytes(std::span(buffer_)));
  wipe(std::as_writable_bytes(std::span(values_)));
  wipe(std::as_writable_bytes(std::span(&pending_, 1)));
  passed_ = 0;
  filled_ = looked_ = released_ = checked_ = finds_ = values_seen_ = 0;
  receipt_ = {};
}

error text_redactor::fail(error why) noexcept {
  forget();
  state_ = state::failed;
  return why;
}

unsigned text_redactor::number_of(entity_type type, std::string_view value) noexcept {
  const std::uint64_t hash = folded_hash(value);
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
  receipt_.bytes_hidden += found.end - found.begin;
  if (found.rule == scan_rule::url_rest) return;
  ++receipt_.hidden[static_cast<std::size_t>(found.type)];
  if (options_.mark == text_mark::blocks) {
    sink.put(sink.context, "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88");
    return;
  }
  const std::string_view value(buffer_.data() + found.begin, found.end - found.begin);
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
  looked_ = redaction::scan_places({buffer_.data(), filled_}, looked_, to, settings, list);
  finds_ = list.finds().size();
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

result<void> text_redactor::begin_or_go_on() noexcept {
  if (state_ == state::failed) {
    return error{errc::invalid_state, "the redactor has failed: nothing more comes out of it"};
  }
  if (passed_ == 0 && filled_ == 0) {
    if (const auto good = scan_settings(options_.scan).valid(); !good) return fail(good.error());
  }
  return {};
}

// Looks at all places that have what rules look at behind them, and gives out what is decided.
result<void> text_redactor::work(std::size_t to, text_sink sink) noexcept {
  while (looked_ < to) {
    look(to - looked_ < step ? to : looked_ + step);
    if (state_ == state::failed) {
      return fail({errc::limit_exceeded, "too much to hide in one place of the text"});
    }
    if (looked_ > max_look_back && looked_ - max_look_back > released_) {
      release(looked_ - max_look_back, sink);
    }
  }
  return {};
}

result<void> text_redactor::write(std::string_view chunk, text_sink sink) noexcept {
  if (const auto ready = begin_or_go_on(); !ready) return ready;
  receipt_.bytes_in += chunk.size();
  while (!chunk.empty()) {
    const std::size_t room = buffer_.size() - filled_;
    const std::size_t taken = chunk.size() < room ? chunk.size() : room;
    std::memcpy(buffer_.data() + filled_, chunk.data(), taken);
    filled_ += taken;
    chunk.remove_prefix(taken);
    // Whole code points only; at most three bytes wait for the rest of one.
    while (checked_ < filled_) {
      const code_point c = code_point_at({buffer_.data(), filled_}, checked_);
      if (c.size == 0) break;
      checked_ += c.size;
    }
    if (filled_ - checked_ >= 4) return fail({not_text.code, not_text.text, passed_ + checked_});
    if (filled_ < buffer_.size()) continue;
    if (const auto done = work(checked_ - scan_reach, sink); !done) return done;
    const std::size_t unused = looked_ - scan_reach;
    advance(released_ < unused ? released_ : unused);
  }
  return {};
}

// Gives out all that is left; the receipt is still to be taken.
result<void> text_redactor::end(text_sink sink) noexcept {
  if (const auto ready = begin_or_go_on(); !ready) return ready;
  if (checked_ != filled_) return fail({not_text.code, not_text.text, passed_ + checked_});
  if (const auto done = work(filled_, sink); !done) return done;
  release(filled_, sink);
  return {};
}

result<void> text_redactor::whole(std::string_view text, text_sink sink) noexcept {
  if (const auto done = write(text, sink); !done) return done;
  return end(sink);
}

result<redaction_receipt> text_redactor::finish(text_sink sink) noexcept {
  if (const auto done = end(sink); !done) return done.error();
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
  const result<void> done = redactor.whole(text, sink);
  if (done && to.size <= out.size()) return redactor.taken(as_text(out.first(to.size)));
  wipe(out.first(to.size < out.size() ? to.size : out.size()));
  redactor.restart();
  if (!done) return done.error();
  return error{errc::buffer_too_small, "the redacted text needs more room", to.size};
}

}  // namespace clientbook
