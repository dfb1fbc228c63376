// Redaction of data: files and texts that have a form, with the form kept.
//
// What scan() does for prose is done here for the cells of a CSV, the members of JSON, the text and
// attributes of HTML and XML, the headers and parts of mail, and the lines of a log. Escapes and
// entities are undone before anything is looked for; finds are told in bytes of what came in. No
// find joins two cells, lines of a table or members. The name of a column, member, element or
// header is a word beside all that it holds, and where it says what that is (`ssn`, `dob`, `tel`)
// the whole value is hidden, whatever it looks like. What comes out has the same rows, columns,
// members, tags, parts and marks of quotation, and redacting it again changes nothing.
//
// What comes in comes in pieces of any size; memory is bounded, whatever it holds. Where a form is
// broken, what cannot be told apart is hidden whole, or the call fails with the byte at which.
// Nothing more comes out after an error.
//
// Not in firmware. Thread safety: a redactor belongs to one thread at a time.
#ifndef CLIENTBOOK_FORMS_FORM_REDACTOR_HPP
#define CLIENTBOOK_FORMS_FORM_REDACTOR_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace clientbook {

/// How a text is written down. Append, never renumber.
enum class text_form : std::uint8_t {
  sniffed = 0,  ///< What its first bytes show; `plain` where they show nothing.
  plain = 1,    ///< Prose: a value may go on over a line end, not over an empty line.
  log = 2,      ///< Every line for itself.
  csv = 3,      ///< RFC 4180 with any delimiter; a first row of names gives the columns' names.
  json = 4,     ///< RFC 8259, one value or several one after the other.
  json_lines = 5,
  html = 6,
  xml = 7,
  mail = 8,  ///< RFC 5322 with MIME.
};
inline constexpr std::size_t text_forms = 9;

/// `csv`, `json lines`, ...; empty for a number that is none.
[[nodiscard]] std::string_view name_of(text_form form) noexcept;
/// Errors: not_found.
result<text_form> text_form_of(std::string_view name) noexcept;

/// What the first bytes of a text show: at most so many are looked at. Never `sniffed`.
inline constexpr std::size_t sniffed_bytes = 16384;
[[nodiscard]] text_form sniff_form(std::string_view beginning);

/// In which bytes a text is written; what comes out is written in the same. Append, never renumber.
enum class text_charset : std::uint8_t {
  utf_8 = 0,  ///< UTF-16 where its first bytes are a byte order mark that says so.
  utf_16le = 1,
  utf_16be = 2,
  latin_1 = 3,  ///< ISO 8859-1
  windows_1252 = 4,
};
/// `utf-8`, `utf-16le`, `utf-16be`, `iso-8859-1` (or `latin1`), `windows-1252` (or `cp1252`),
/// whatever case and signs. Errors: not_found.
result<text_charset> text_charset_of(std::string_view name) noexcept;

struct form_options {
  /// A finder is refused. numbered_label: numbers go through the whole input.
  text_redaction_options text{};
  text_form form = text_form::sniffed;
  /// Of CSV; 0: what its first rows show.
  char delimiter = 0;
  /// A sign of a label that it has not (blocks in ISO 8859-1) becomes `*`.
  text_charset charset = text_charset::utf_8;
};

/// A find in bytes of what came in, from 0. One value may have several, where tags, marks of
/// quotation or folded lines stand within it; the first is the find, the others go on from it.
struct form_find {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  entity_type type = entity_type::payment_card;
  scan_rule rule = scan_rule::card_luhn;
  std::uint8_t score = 0;
  bool goes_on = false;
};

/// Takes finds as they are known, in order.
struct find_sink {
  void (*put)(void* context, const form_find& found) = nullptr;
  void* context = nullptr;
};

/// The most bytes of a row of CSV, of a tag, and of a header of a mail: more is an error.
inline constexpr std::size_t most_form_unit = std::size_t{1} << 20U;
/// The most parts of a mail that lie within one another.
inline constexpr std::size_t most_mail_depth = 1024;

class form_redactor {
 public:
  /// `options` (with what it points to) must live longer. `finds` may be without a function.
  explicit form_redactor(const form_options& options, find_sink finds = {});
  ~form_redactor();
  form_redactor(const form_redactor&) = delete;
  form_redactor& operator=(const form_redactor&) = delete;

  /// Errors: invalid_encoding (not of the character set; `at`: byte of the whole input),
  /// invalid_argument (options), limit_exceeded (a row, tag or header that does not end, parts
  /// within parts; `at`: where it begins; memory), invalid_state (after an error).
  result<void> write(std::string_view chunk, text_sink sink);
  /// Errors: as write(). The redactor can then take the next text.
  result<redaction_receipt> finish(text_sink sink);
  /// What the input was taken for; `sniffed` before that is known.
  [[nodiscard]] text_form form() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// All finds of one text, in order. Errors: as form_redactor.
result<std::vector<form_find>> scan_form(std::string_view text, const form_options& options);

}  // namespace clientbook

#endif
