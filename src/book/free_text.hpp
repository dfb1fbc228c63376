// Free text of a customer: what may be written into it, and what a reader gets to see of it.
#ifndef CLIENTBOOK_BOOK_FREE_TEXT_HPP
#define CLIENTBOOK_BOOK_FREE_TEXT_HPP

#include <clientbook/book/note_policy.hpp>
#include <clientbook/forms/people_finder.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clientbook {

/// A text_redactor that knows one customer's own record.
class free_text {
 public:
  free_text();

  /// Countries of the shop. Errors: invalid_argument.
  result<void> set_shop_regions(std::span<const std::string_view> regions);
  void set_patterns(std::shared_ptr<const text_finder> patterns) noexcept {
    patterns_ = std::move(patterns);
    people_ = people_finder({}, patterns_.get());
  }

  /// What records say, to be found again in text; what was said before is forgotten.
  void begin(entity_set hidden);
  /// Adds a field: names, contacts, addresses, ids, employer, people of the household. What is
  /// too short to be looked for is passed over.
  void add(field_type type, byte_view value);
  /// Of whom the text is a copy: what they have themselves stays, whoever else has it too.
  /// Precondition: before add().
  void add_own(field_type type, byte_view value);
  /// No more fields. Errors: limit_exceeded (more than can be looked for).
  result<void> ready();
  text_redactor& redactor();

  /// A note without the numbers that `policy` does not let in: `text` as it is, or a text in the
  /// memory of this object. Errors: card_data_refused, identity_number_refused, invalid_encoding.
  result<std::string_view> admit(std::string_view text, const note_policy& policy);

 private:
  struct place {
    known_kind kind;
    std::size_t begin, size;
  };

  void know(known_kind kind, std::string_view value);
  void know_all(field_type type, byte_view value);
  void know_country(std::string_view country);

  std::vector<std::string> shop_regions_;
  std::vector<std::string> regions_;
  std::vector<std::string_view> views_;
  wiped_bytes values_;  // One behind the other, as `places_` say.
  std::vector<place> places_;
  std::vector<std::uint64_t> own_;  // Folded hashes of values that stay.
  bool adding_own_ = false;
  wiped_bytes memory_;
  std::optional<known_values> known_;
  std::shared_ptr<const text_finder> patterns_;
  people_finder people_;  // Asks the patterns, if there are any.
  text_redaction_options options_;
  text_redactor redactor_;
  wiped_bytes admitted_;
};

}  // namespace clientbook

#endif
