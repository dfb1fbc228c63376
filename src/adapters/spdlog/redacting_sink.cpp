// A sink for spdlog that redacts each message before the sink behind it sees it; what cannot be
// looked at is not shown.
#include <clientbook/adapters/spdlog_sink.hpp>

#include <spdlog/sinks/base_sink.h>
#include <algorithm>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook {
namespace {

constexpr std::string_view not_shown = "<MESSAGE NOT SHOWN: not UTF-8>";
constexpr std::string_view not_looked_at = "<MESSAGE NOT SHOWN>";
constexpr std::string_view cut = "...";
constexpr std::size_t least_bytes = 64;
// A message is given to the redactor in pieces, so that the end of one that is cut is not read.
constexpr std::size_t piece_bytes = 4096;

class redacting_sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  redacting_sink(std::shared_ptr<spdlog::sinks::sink> inner, const spdlog_sink_options& options)
      : inner_(std::move(inner)),
        options_(options.redaction),
        redactor_(options_),
        room_(options.message_bytes) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (!inner_->should_log(message.level)) return;
    spdlog::details::log_msg clean = message;
    const std::string_view text = redacted({message.payload.data(), message.payload.size()});
    clean.payload = {text.data(), text.size()};
    inner_->log(clean);
  }
  void flush_() override { inner_->flush(); }
  void set_pattern_(const std::string& pattern) override { inner_->set_pattern(pattern); }
  void set_formatter_(std::unique_ptr<spdlog::formatter> formatter) override {
    inner_->set_formatter(std::move(formatter));
  }

 private:
  std::string_view redacted(std::string_view text) {
    used_ = 0;
    full_ = false;
    redactor_.restart();
    if (options_.finder != nullptr) return redacted_whole(text);
    const text_sink kept{
        [](void* self, std::string_view part) { static_cast<redacting_sink*>(self)->keep(part); },
        this};
    while (!text.empty() && !full_) {
      const std::string_view piece = text.substr(0, piece_bytes);
      if (!redactor_.write(piece, kept)) return not_shown;
      text.remove_prefix(piece.size());
    }
    if (!full_ && !redactor_.finish(kept)) return not_shown;
    if (full_) keep_cut();
    return {room_.data(), used_};
  }

  // A finder sees the whole message: one that does not fit is not shown.
  std::string_view redacted_whole(std::string_view text) {
    const auto done = redact_text(text, redactor_, std::as_writable_bytes(std::span(room_)));
    return done ? done->text : not_looked_at;
  }

  void keep(std::string_view part) {
    const std::size_t fits = std::min(part.size(), room_.size() - cut.size() - used_);
    std::copy_n(part.data(), fits, room_.data() + used_);
    used_ += fits;
    full_ = full_ || fits < part.size();
  }

  // Takes back what is left of a code point that was cut.
  void keep_cut() {
    std::size_t begin = used_;
    while (begin > 0 && (static_cast<unsigned char>(room_[begin - 1]) & 0xC0U) == 0x80) --begin;
    if (begin > 0 && static_cast<unsigned char>(room_[begin - 1]) >= 0x80) used_ = begin - 1;
    std::copy(cut.begin(), cut.end(), room_.data() + used_);
    used_ += cut.size();
  }

  std::shared_ptr<spdlog::sinks::sink> inner_;
  text_redaction_options options_;
  text_redactor redactor_;
  std::vector<char> room_;
  std::size_t used_ = 0;
  bool full_ = false;
};

}  // namespace

result<std::shared_ptr<spdlog::sinks::sink>> make_redacting_sink(
    std::shared_ptr<spdlog::sinks::sink> inner, const spdlog_sink_options& options) {
  if (inner == nullptr) return error{errc::invalid_argument, "no sink behind the redacting one"};
  if (options.message_bytes < least_bytes) {
    return error{errc::invalid_argument, "a message needs more bytes", least_bytes};
  }
  if (const auto good = scan("", options.redaction.scan, {}); !good) return good.error();
  return std::make_shared<redacting_sink>(std::move(inner), options);
}

}  // namespace clientbook
