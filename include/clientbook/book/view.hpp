// View: what a reader gets to see of a customer, and why.
//
// For every field that was asked for, a view holds the value, its redacted form or nothing,
// and always the reason. Values are wiped at the end of the view's life.
//
// What a view lends out lives as long as the view, so that a temporary one lends nothing:
// `in.read(id, purpose)->record()` does not compile. Keep the view, then read it.
//
// Thread safety: belongs to one thread; concurrent const use is safe.
#ifndef CLIENTBOOK_BOOK_VIEW_HPP
#define CLIENTBOOK_BOOK_VIEW_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace clientbook {

enum class field_state : std::uint8_t {
  not_asked,
  absent,    ///< Permitted, but the record has no such field.
  shown,     ///< As it is.
  redacted,  ///< In the form that the purpose needs.
  withheld,  ///< Not permitted; says nothing of whether the record has it.
};

/// What is told of a view without lending anything of its content.
class view_facts {
 public:
  const customer_id& id() const noexcept { return id_; }
  field_state state(field_id id) const noexcept { return states_[id.value & 63U]; }
  /// What was asked for.
  field_set asked() const noexcept { return asked_; }

  /// How many of a field's e-mail addresses, phone numbers or addresses are not in the view, since
  /// the customer spoke of them alone; where all of them are not, the field is withheld.
  std::size_t left_out(field_id id) const noexcept { return left_out_[id.value & 63U]; }

  /// Why each field came out as it did; explain() of evaluate.hpp tells more of one.
  const record_decision& decision() const noexcept { return decision_; }

 private:
  friend struct session_state;
  customer_id id_;
  field_set asked_;
  record_decision decision_;
  std::array<field_state, max_fields> states_{};
  std::array<std::uint16_t, max_fields> left_out_{};
};

class view : public view_facts {
 public:
  using when_temporary = view_facts;

  view() noexcept = default;
  view(view&&) noexcept = default;
  view& operator=(view&&) noexcept = default;
  view(const view&) = delete;
  view& operator=(const view&) = delete;

  /// The fields that are shown or redacted. Views live as long as this object.
  record_view record() const& noexcept { return record_view({fields_.data(), count_}); }
  record_view record() const&& = delete;

 private:
  friend struct session_state;

  wiped_bytes bytes_;
  std::array<field_value, max_fields> fields_{};
  std::size_t count_ = 0;
};

/// What is told of a list without lending anything of its content.
class item_list_facts {
 public:
  field_state state() const noexcept { return state_; }
  std::size_t size() const noexcept { return size_; }

 private:
  friend struct session_state;
  field_state state_ = field_state::withheld;
  std::size_t size_ = 0;
};

/// Purchases or notes as a reader gets to see them.
class item_list : public item_list_facts {
 public:
  using when_temporary = item_list_facts;
  struct item {
    /// From 1, in the order of appending; of notes among those that the reader sees.
    std::uint32_t sequence = 0;
    byte_view value{};  ///< For decode_purchase() or decode_value() of a note.
  };

  item_list() noexcept = default;
  item_list(item_list&&) noexcept = default;
  item_list& operator=(item_list&&) noexcept = default;
  item_list(const item_list&) = delete;
  item_list& operator=(const item_list&) = delete;

  const std::vector<item>& items() const& noexcept { return items_; }
  const std::vector<item>& items() const&& = delete;

 private:
  friend struct session_state;
  wiped_bytes bytes_;
  std::vector<item> items_;
};

}  // namespace clientbook

#endif
