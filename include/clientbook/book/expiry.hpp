// What has expired at recipients: data that was passed on for a time that is over, or under a
// consent that was taken back since. They are to be told to delete it.
//
// A disclosure whose permit asks for `expire` (obligation.hpp) says in its entry of the ledger
// until when the recipient may keep it.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_EXPIRY_HPP
#define CLIENTBOOK_BOOK_EXPIRY_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

enum class expiry_reason : std::uint8_t {
  time_over = 1,  ///< What the entry says is over.
  withdrawn = 2,  ///< It was passed on under a consent that holds no more.
};
/// "time_over", "withdrawn".
[[nodiscard]] std::string_view name_of(expiry_reason why) noexcept;

/// One entry whose data is to be deleted where it went, and of which nobody has told them yet.
struct expired_disclosure {
  customer_id customer{};
  std::uint64_t ledger_index = 0;
  std::string recipient{};  ///< Legal name, as the ledger has it.
  recipient_id party_class{};
  purpose_id purpose{};
  field_set fields{};  ///< What is to be deleted of what they got.
  timestamp given_at{};
  timestamp until{};  ///< Until when they may keep it; 0: nothing was said.
  expiry_reason why = expiry_reason::time_over;
};

}  // namespace clientbook

#endif
