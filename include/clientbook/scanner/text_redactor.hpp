// Text redaction: rewrites free text without what scan() finds in it, and says what was hidden.
//
// The stream call (write, write, finish) gives the same text as one call, wherever the input
// is split: it holds back what could still become a find. Memory is fixed; nothing is kept of
// a hidden value but, for numbered labels, a 64-bit hash until finish().
//
// Fails closed: after an error nothing more comes out, and what came out before is redacted.
//
// Thread safety: one text_redactor belongs to one thread at a time.
#ifndef CLIENTBOOK_SCANNER_TEXT_REDACTOR_HPP
#define CLIENTBOOK_SCANNER_TEXT_REDACTOR_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/scanner/scan.hpp>

namespace clientbook {

/// What stands in the place of a find.
enum class text_mark : std::uint8_t {
  label,  ///< `<EMAIL_ADDRESS>`
  /// `<EMAIL_ADDRESS_1>`: the same value (folded) gets the same number in one text. Beyond 128
  /// different values: without a number.
  numbered_label,
  blocks,  ///< `████`: four, whatever the length.
};

/// What finds more than scan() does, as a port: tenant_patterns.hpp is one.
class text_finder {
 public:
  /// As scan(): in order, apart, whole code points, and with all that scan() finds.
  virtual result<std::span<text_entity>> find(std::string_view text, const scan_options& options,
                                              std::span<text_entity> out) const noexcept = 0;

 protected:
  ~text_finder() = default;
};

struct text_redaction_options {
  scan_options scan{};
  text_mark mark = text_mark::label;
  /// In the place of scan(), for redact_text() only: it needs a whole text, with at most 384
  /// finds. Not in firmware.
  const text_finder* finder = nullptr;
};

/// What was done, without any value.
struct redaction_receipt {
  unsigned rules_version = scan_rules_version;
  std::array<std::uint32_t, entity_types> hidden{};  ///< Finds by entity_type.
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_hidden = 0;
};

/// Takes the text that comes out. Not called with an empty text.
struct text_sink {
  void (*put)(void* context, std::string_view text) = nullptr;
  void* context = nullptr;
};

struct redacted_text;

class text_redactor {
 public:
  /// `options` (with what it points to) must live longer.
  explicit text_redactor(const text_redaction_options& options) noexcept;
  ~text_redactor();
  text_redactor(const text_redactor&) = delete;
  text_redactor& operator=(const text_redactor&) = delete;

  /// Errors: invalid_encoding (`at`: byte of the whole input), invalid_argument (options; a
  /// finder), invalid_state (after an error or finish()). Nothing more comes out after an error.
  result<void> write(std::string_view chunk, text_sink sink) noexcept;
  /// Errors: as write(). The redactor can then take the next text.
  result<redaction_receipt> finish(text_sink sink) noexcept;
  /// Forgets a text that was begun, or an error.
  void restart() noexcept;

 private:
  static constexpr std::size_t buffer_size = 4096;
  static constexpr std::size_t room_for_finds = 384;
  static constexpr std::size_t step = 256;
  static constexpr std::size_t most_numbers = 128;

  enum class state : std::uint8_t { writing, failed };

  friend result<redacted_text> redact_text(std::string_view text, text_redactor& redactor,
                                           byte_span out) noexcept;

  void forget() noexcept;
  // These return whether all is well; failure_ says what is not.
  bool fail(errc code, literal text, std::uint64_t at = 0) noexcept;
  bool not_text() noexcept;
  bool begin_or_go_on() noexcept;
  bool good_options() noexcept;
  bool take(std::string_view chunk, text_sink sink) noexcept;
  bool end(text_sink sink) noexcept;
  result<redaction_receipt> taken() noexcept;
  result<redacted_text> taken(std::string_view text) noexcept;
  bool work(std::size_t to, text_sink sink) noexcept;
  void look(std::size_t to) noexcept;
  void release(std::size_t to, text_sink sink) noexcept;
  bool whole(std::string_view text, text_sink sink) noexcept;
  void put_find(const text_entity& found, text_sink sink) noexcept;
  void hide(const text_entity& found, std::string_view value, text_sink sink) noexcept;
  unsigned number_of(entity_type type, std::string_view value) noexcept;
  void advance(std::size_t to) noexcept;

  const text_redaction_options& options_;
  state state_ = state::writing;
  error failure_{};
  std::uint64_t passed_ = 0;    // Bytes of the input before the buffer.
  std::size_t filled_ = 0;      // Bytes in the buffer.
  std::size_t looked_ = 0;      // Places before this have been looked at.
  std::size_t released_ = 0;    // What comes before has gone to the sink.
  std::size_t checked_ = 0;     // Valid UTF-8 up to here.
  std::size_t finds_ = 0;       // In pending_.
  std::size_t most_finds_ = 0;  // That were in it at one time.
  redaction_receipt receipt_;
  std::array<text_entity, room_for_finds> pending_;
  // Numbered labels: a keyed hash and the type of each value seen.
  std::array<std::uint64_t, most_numbers> values_;
  std::array<entity_type, most_numbers> value_types_;
  std::size_t values_seen_ = 0;
  std::array<char, buffer_size> buffer_;
};

struct redacted_text {
  std::string_view text{};  ///< At the front of the caller's buffer.
  redaction_receipt receipt{};
};

/// One text at once; `redactor` is not in the middle of another.
///
/// Errors: as text_redactor, buffer_too_small (`at`: bytes needed), and with a finder
/// limit_exceeded and what it says. Nothing of the text is then in `out`.
result<redacted_text> redact_text(std::string_view text, text_redactor& redactor,
                                  byte_span out) noexcept;

}  // namespace clientbook

#endif
