// Options of the text scanner as a host hands them in.
#ifndef CLIENTBOOK_BINDINGS_C_TEXT_SETTINGS_HPP
#define CLIENTBOOK_BINDINGS_C_TEXT_SETTINGS_HPP

#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <array>
#include <string>
#include <string_view>

#include "boundary.hpp"

namespace clientbook::c_abi {

/// Options of the library with what they point to, which is why it stays where it is.
class text_settings {
 public:
  text_settings() = default;
  text_settings(const text_settings&) = delete;
  text_settings& operator=(const text_settings&) = delete;

  /// Errors: invalid_argument, as options().
  result<void> read(const clientbook_text_options* from);
  /// As `form` says it; sniffed without. Errors: invalid_argument.
  result<void> read_form(std::string_view form, form_options& to) const;

  text_redaction_options options;

 private:
  result<void> read_regions(std::string_view list);

  std::string kept_regions_;  ///< What the host's text said: that may be gone.
  std::array<std::string_view, max_scan_regions> regions_;
  std::size_t region_count_ = 0;
  text_charset charset_ = text_charset::utf_8;  ///< Of a form.
};

}  // namespace clientbook::c_abi

#endif
