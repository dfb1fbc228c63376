// A set of customers that was read from the files of a column map, and how it is handed out.
//
// Every bad row is reported with its file, line and column and without its value; whether one ends
// the import or is left out is the caller's choice. Rows that belong to customers are joined by the
// keys that the map names, and a row that leads to nobody is a bad one.
#include "import_state.hpp"
#include "loader.hpp"

#include <clientbook/internal/base/out_of_memory.hpp>

#include <utility>

namespace clientbook {

using namespace exchange;

import_set::import_set(std::unique_ptr<state> owned) noexcept : state_(std::move(owned)) {}
import_set::import_set(import_set&&) noexcept = default;
import_set& import_set::operator=(import_set&&) noexcept = default;
import_set::~import_set() = default;

std::size_t import_set::customers() const noexcept { return state_->ids.size() - state_->bad_rows; }
std::size_t import_set::receipts() const noexcept { return state_->kept.purchases.count(); }
std::size_t import_set::purchase_lines() const noexcept {
  return state_->kept.purchases.lines.size();
}

result<import_set> import_set::load(const column_map& map, const std::string& folder,
                                    const import_options& options, import_report& report) try {
  report = {};
  report.files.resize(map.state_->names.size());
  auto fresh = std::make_unique<state>();
  fresh->map = map.state_;
  loader reader(*map.state_, *fresh, folder, options, report);
  if (const auto done = reader.run(); !done) return done.error();
  return import_set(std::move(fresh));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

import_place import_set::place_of(const note& text) const noexcept {
  for (const state::note_place& each : state_->notes) {
    if (each.text == text.text.reveal().data()) return each.at;
  }
  return {};
}

result<void> import_set::for_each(callback_ref<result<void>(const import_customer&)> each) const
    try {
  const lanes& kept = state_->kept;
  std::vector<import_receipt> receipts;
  for (std::size_t i = 0; i < state_->ids.size(); ++i) {
    import_customer one;
    one.line = state_->lines[i];
    one.external_id = state_->ids[i];
    one.made_up = state_->made_up[i];
    one.left_out = state_->left_out[i];
    one.name = kept.name.of(i);
    one.birth_date = kept.birth_date.of(i);
    one.language = kept.language.of(i);
    one.time_zone = kept.time_zone.of(i);
    one.employer = kept.employer.of(i);
    if (const auto about = kept.about.of(i); given(about)) one.demographics = about;
    one.emails = kept.emails.of(i);
    one.phones = kept.phones.of(i);
    one.addresses = kept.addresses.of(i);
    one.special_days = kept.special_days.of(i);
    one.sizes = kept.sizes.of(i);
    one.likes = kept.likes.of(i);
    one.dislikes = kept.dislikes.of(i);
    one.tags = kept.tags.of(i);
    one.tier = kept.tier.of(i);
    one.wishes = kept.wishes.of(i);
    one.tasks = kept.tasks.of(i);
    one.contacts = kept.contacts.of(i);
    if (const auto reached = kept.reached.of(i); given(reached)) one.reach = reached;
    one.external_ids = kept.external_ids.of(i);
    one.household = kept.household.of(i);
    one.government_ids = kept.government_ids.of(i);
    one.payment_cards = kept.payment_cards.of(i);
    receipts.clear();
    for (const std::uint32_t number : kept.purchases.receipts.of(i)) {
      receipts.push_back({kept.purchases.receipt(number), kept.purchases.lines.of(number)});
    }
    one.receipts = receipts;
    one.notes = kept.notes.of(i);
    one.consents = kept.consents.of(i);
    one.changed_at = kept.changed_at.of(i);
    if (const auto done = each(one); !done) return done;
  }
  return {};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
