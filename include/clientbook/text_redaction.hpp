// Text redaction: rewrites free text without what scan() finds in it, and says what was hidden.
//
// The stream call (write, write, finish) gives the same text as one call, wherever the input
// is split: it holds back what could still become a find. Memory is fixed; nothing is kept of
// a hidden value but, for numbered labels, a 64-bit keyed hash until finish().
//
// Fails closed: after an error nothing more comes out, and what came out before is redacted.
//
// Thread safety: one text_redactor belongs to one thread at a time.
#ifndef CLIENTBOOK_TEXT_REDACTION_HPP
#define CLIENTBOOK_TEXT_REDACTION_HPP

#include <clientbook/bytes.hpp>
#include <clientbook/text_scan.hpp>

namespace clientbook {

/// What stands in the place of a find.
enum class text_mark : std::uint8_t {
  label,           ///< `<EMAIL_ADDRESS>`
  numbered_label,  ///< `<EMAIL_ADDRESS_1>`: the same value gets the same number in one text.
  blocks,          ///< `████`: four, whatever the length.
};

struct text_redaction_options {
  scan_options scan;
  text_mark mark = text_mark::label;
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

class text_redactor {
 public:
  /// `options` (with what it points to) and what `sink` points to must live longer.
  text_redactor(const text_redaction_options& options, text_sink sink) noexcept;
  ~text_redactor();
  text_redactor(const text_redactor&) = delete;
  text_redactor& operator=(const text_redactor&) = delete;

  /// Errors: invalid_encoding (`at`: byte of the whole input), invalid_argument (options),
  /// invalid_state (after an error or finish()). Nothing more comes out after an error.
  result<void> write(std::string_view chunk) noexcept;
  /// Errors: as write(). The redactor can then take the next text.
  result<redaction_receipt> finish() noexcept;
};

struct redacted_text {
  std::string_view text;  ///< At the front of the caller's buffer.
  redaction_receipt receipt;
};

/// Errors: as scan(), and buffer_too_small (`at`: bytes needed).
result<redacted_text> redact_text(std::string_view text, const text_redaction_options& options,
                                  byte_span out) noexcept;

}  // namespace clientbook

#endif
