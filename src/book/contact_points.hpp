// Contact points: the e-mail addresses, phone numbers and addresses of a customer one by one, for
// what somebody has said of one of them alone.
//
// One is known by a keyed token of its value, and not by a place in a list: so a list may be put in
// another order, and who comes back with a file meets what was said of it before.
#ifndef CLIENTBOOK_BOOK_CONTACT_POINTS_HPP
#define CLIENTBOOK_BOOK_CONTACT_POINTS_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/field_set.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/model/schema.hpp>

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook {

inline constexpr std::array<field_id, 3> contact_fields{field::emails, field::phones,
                                                        field::addresses};
inline constexpr field_set with_contact_points{field::emails, field::phones, field::addresses};

/// More of one customer are not told apart: what closes one of the others closes all.
inline constexpr std::size_t max_told_apart = 32;

/// The token of a value: an e-mail address in the one form of all its spellings, a phone number by
/// its last eight digits, an address by its letters and digits. Errors: invalid_value (nothing of
/// that is in it).
result<contact_point> contact_point_of(const secret<32>& key, field_id field,
                                       std::string_view value);

/// Those of a list field, in its order. Errors: as decode_value().
result<std::vector<contact_point>> contact_points_of(const secret<32>& key, field_id field,
                                                     byte_view list);

/// Those that directives name, each once, in the order in which they were first named: so the n-th
/// is the same for ever.
std::vector<contact_point> named_contacts(std::span<const directive> said);

/// Of what was said what concerns one of these (from 1), or, with 0, all others: as if it had been
/// said of everything.
std::vector<directive> said_of(std::span<const directive> said,
                               std::span<const contact_point> named, std::size_t which);

/// What of a customer's contact points a decision opens; of none that was named it says nothing.
struct contact_limits {
  field_set others{};  ///< Fields of which everything that nobody named is open,
  /// and in which form, by place in contact_fields.
  std::array<redaction_operator, contact_fields.size()> forms_of_others{};
  std::array<std::uint8_t, contact_fields.size()> stages_of_others{};  ///< That decided.
  struct rule {
    contact_point which;
    bool open = false;
    redaction_operator form = redaction_operator::none;
    std::uint8_t stage = 0;  ///< That decided.
  };
  std::vector<rule> named{};

  bool empty() const noexcept { return named.empty(); }
  bool opens(const contact_point& which) const noexcept;
  /// By which stage a field is closed of which every contact point is.
  std::uint8_t closing_stage(field_id field) const noexcept;
  /// How an open one is shown.
  redaction_operator form_of(const contact_point& which) const noexcept;
};

/// Takes what is not open out of a list that lies in `value`. Returns what is left of it, empty if
/// nothing is; `closed` is how many were taken out. On any doubt nothing is left.
byte_view without_closed(const secret<32>& key, field_id field, byte_span value,
                         const contact_limits& limits, std::size_t& closed);

}  // namespace clientbook

#endif
