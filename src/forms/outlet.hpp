// Where what was looked at goes: every byte of an input, in order, kept or in another spelling.
#ifndef CLIENTBOOK_FORMS_OUTLET_HPP
#define CLIENTBOOK_FORMS_OUTLET_HPP

#include <clientbook/forms/form_redactor.hpp>

#include <string_view>

#include "plain_text.hpp"

namespace clientbook::forms {

/// What a hidden piece is.
struct hidden_as {
  entity_type type = entity_type::payment_card;
  scan_rule rule = scan_rule::card_luhn;
  std::uint8_t score = 0;
  bool goes_on = false;  ///< A further piece of a value that tags or marks cut.
};

/// Takes an input's bytes in order, each once.
class outlet {
 public:
  virtual ~outlet() = default;
  virtual void keep(std::string_view bytes) = 0;
  /// `text` stands for the bytes, and nothing was hidden in them.
  virtual void respell(std::string_view bytes, std::string_view text) = 0;
  /// `text` stands for the bytes, in which `as` was hidden.
  virtual void hide(std::string_view bytes, std::string_view text, const hidden_as& as) = 0;
};

}  // namespace clientbook::forms

#endif
