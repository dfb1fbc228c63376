// Tenant patterns: what a shop wants to be found beside what scan() knows, such as its own
// customer numbers, as regular expressions (RE2's syntax, UTF-8).
//
// Linear in the text, whatever the patterns are, and never beyond the memory that they were
// given: short of it, a search becomes slower, not different. A match does not cross a line end.
//
// As text_redaction_options::finder, or session::set_text_patterns(), they are hidden wherever a
// whole text is redacted, and counted in the receipt.
//
// Thread safety: const use is safe.
// Not in clientbook.hpp: it is built only where RE2 is installed.
#ifndef CLIENTBOOK_ADAPTERS_TENANT_PATTERNS_HPP
#define CLIENTBOOK_ADAPTERS_TENANT_PATTERNS_HPP

#include <clientbook/scanner/text_redactor.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace clientbook {

struct tenant_pattern_limits {
  std::size_t patterns = 64;         ///< At most as many.
  std::size_t pattern_bytes = 1024;  ///< Of each.
  std::size_t memory = 1U << 20U;    ///< Bytes that a compiled pattern may take.
};

class tenant_patterns final : public text_finder {
 public:
  /// Errors, `at` is the number of the pattern, from 0: invalid_value (not a regular expression
  /// of RE2, or one that matches nothing at all, or more than its memory), limit_exceeded. No
  /// error repeats anything of a pattern.
  static result<tenant_patterns> compile(std::span<const std::string_view> patterns,
                                         const tenant_pattern_limits& limits = {});

  tenant_patterns(tenant_patterns&&) noexcept;
  tenant_patterns& operator=(tenant_patterns&&) noexcept;
  ~tenant_patterns();

  /// What scan() finds and what the patterns match, in order and apart. Where both claim the
  /// same bytes, scan()'s find stands, and what is left of the match is a find of its own.
  ///
  /// Errors: as scan().
  result<std::span<text_entity>> scan(std::string_view text, const scan_options& options,
                                      std::span<text_entity> out) const;

  /// scan() as a port.
  result<std::span<text_entity>> find(std::string_view text, const scan_options& options,
                                      std::span<text_entity> out) const noexcept override;

  /// One text, with any number of finds, without them and what scan() finds. Errors: as
  /// redact_text(); `options.finder` is not looked at.
  result<redacted_text> redact(std::string_view text, const text_redaction_options& options,
                               byte_span out) const;

 private:
  struct compiled;
  explicit tenant_patterns(std::unique_ptr<compiled> all) noexcept;
  std::unique_ptr<compiled> all_;
};

}  // namespace clientbook

#endif
