// Lists: who has a day that comes, has not bought for long, likes this and takes that size.
//
// A condition on a field is an operation on it (query): somebody is on a list only if the purpose
// may query the fields of every condition and see them as they are. Whoever is not on it is counted
// nowhere, whether the condition does not hold or may not be asked.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_LISTS_HPP
#define CLIENTBOOK_BOOK_LISTS_HPP

#include <clientbook/base/time.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/model/personal_text.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook {

/// Days of a year that come round: a day without a year counts too, 29 February is kept on the 28th
/// where a year has none, and a window may go beyond the year's end.
struct day_window {
  date first{};             ///< With its year.
  std::uint16_t days = 14;  ///< 1 to 366: the first day is one of them.
  /// `birthday`, or the kind of a special day (`wedding_anniversary`); empty: any.
  std::string_view kind{};
};

/// All that is set must hold. Texts are compared without case and accents, word by word: each word
/// must be the beginning of a word there.
struct list_query {
  std::optional<day_window> days{};
  std::string_view likes{};      ///< Said of one thing that they like.
  std::string_view size{};       ///< The value: M, 42.
  std::string_view size_kind{};  ///< shoe, shirt; empty: of any kind.
  std::string_view bought{};  ///< Said of a line of a receipt: its description or article number.
  std::string_view bought_category{};  ///< Said of the category of that line: dress.
  /// Said of the brand: of the size, where one is asked for; of the line that was bought, where
  /// that is asked for, or no size is.
  std::string_view brand{};
  std::optional<date> bought_since{};      ///< Of what was bought: on this day or later.
  std::uint32_t no_purchase_for_days = 0;  ///< Whose last purchase is longer ago, if there is any.
  /// A consent on which the purpose stands ends within so many days.
  std::uint32_t consent_ends_within_days = 0;
  /// An open task is due within so many days, or was due before: 0 is by today. The days of its
  /// lead come before its day.
  std::optional<std::uint32_t> tasks_due_within_days{};
  /// An open task is this actor's; with the condition before, it is that one.
  std::optional<actor_id> assigned{};
  /// The last contact of the log is longer ago, if there is any.
  std::uint32_t no_contact_for_days = 0;
  std::string_view tag{};   ///< One of the tags, whole.
  std::string_view tier{};  ///< The tier, whole.
};

/// Somebody on a list, and what put them there.
struct listed {
  const view& seen;
  std::optional<date> day{};       ///< When it comes, with its year.
  std::string_view day_kind{};     ///< Of it.
  std::uint16_t years = 0;         ///< How many it will be then; 0: the year is not known.
  std::optional<date> purchase{};  ///< Their last one; of `bought` the last one of that.
  std::optional<timestamp> consent_ends{};
  personal_text task{};            ///< Of several tasks that hold, the first one due.
  std::optional<date> task_due{};  ///< Of it.
  std::optional<date> contact{};   ///< Their last one.
};

}  // namespace clientbook

#endif
