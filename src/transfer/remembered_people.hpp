// Whom the book remembers without having them: who was erased, who said no before they came in, and
// the noes of a file about people that nobody has.
#ifndef CLIENTBOOK_TRANSFER_REMEMBERED_PEOPLE_HPP
#define CLIENTBOOK_TRANSFER_REMEMBERED_PEOPLE_HPP

#include <clientbook/consent/directive.hpp>

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "import_run.hpp"

namespace clientbook {

class remembered_people {
 public:
  explicit remembered_people(import_run& run) : run_(run), row_(run.row) {}

  /// An old file brings nobody back without a word: who imports is asked (key_erased). An
  /// unsubscription that came before the customer is added to what the row says, after all that;
  /// whether there was one.
  result<bool> ask();
  /// What is remembered of who has these values, as of the last time that they said it.
  result<std::optional<directive>> no_before(std::span<const field_value> who);
  /// not_found: somebody of the options' `came_back` was in none of the rows.
  result<void> all_came_back() const;

  /// A no names an address, or is that of an id, that nobody of the book or the file has: it is
  /// that of whoever comes in with it.
  result<void> remember(const customer& who, const directive& no, std::uint64_t line);
  /// Of who is no customer a no is remembered, and nothing else is known.
  result<void> remember_row(std::uint64_t line);

 private:
  enum class asks : std::uint8_t { who_said_no, who_was_erased };

  result<std::optional<directive>> no_before(std::span<const field_value> who, asks what);
  bool came_back();
  directive no_of_before(std::int64_t day, bool no_marketing) const;

  import_run& run_;
  import_row& row_;
  std::set<std::string> welcome_;  ///< Of the options' came_back, those who were in the files.
  bool told_forgotten_ = false;
  bool told_no_marketing_ = false;
};

}  // namespace clientbook

#endif
