// Consents of a book: directives, compiled states, parties and notices, under the law profile in
// force. What was read of them, and which time the book has seen.
//
// States hold nothing about a person, so most customers share a few; each is kept once, found by
// its digest, and its number stands in the customer's manifest. Whatever changes what a state means
// (a directive, a party, a birth date, the law) compiles anew inside the same change. The parts:
// consent_deciding, consent_explaining, consent_keeping, consent_recording, consent_compiling,
// consent_outdated, consent_laws, consent_registry.
#include "consent_store.hpp"

#include <algorithm>

namespace clientbook {

consent_store::consent_store(book_core& core)
    : core_(core),
      opener_(core),
      policy_(core),
      registry_(std::make_shared<recipient_registry>()),
      nobody_(registry_),
      workspace_(std::make_unique<compile_workspace>()),
      compiled_(max_compiled_state) {}

void consent_store::forget() noexcept {
  generation_ = 0;
  policy_.forget();
  registry_ = nobody_;
  registry_read_ = 0;
  notices_.clear();
  terms_ = {};
  drop_states();
}

void consent_store::drop_states() noexcept {
  states_.clear();
  for (recent& one : recent_) one.used = false;
  for (anew& one : anew_) one.customer = customer_no();
}

result<void> consent_store::follow() {
  if (generation_ == core_.generation()) return {};
  const book_row& row = core_.row();
  const auto other_law = policy_.follow();
  if (!other_law) return other_law.error();
  if (*other_law) drop_states();
  if (terms_of_ != row.schema || terms_.empty()) {
    terms_ = terms_of(core_.fields(), terms_room_);
    terms_of_ = row.schema;
    drop_states();
  }
  if (registry_read_ != row.registry_version) {
    if (auto read = read_registry(); !read) return read;
    drop_states();
  }
  if (notices_.size() != row.notices) {
    if (auto read = read_notices(); !read) return read;
    if (!states_.empty()) states_.front().reset();
    for (recent& one : recent_) one.used = false;
  }
  for (anew& one : anew_) one.customer = customer_no();  // others may have said something
  generation_ = core_.generation();
  return {};
}

consent_environment consent_store::environment(const law_profile& law) const noexcept {
  return {.profile = &law,
          .registry = registry_.get(),
          .notices = notices_,
          .fields = terms_,
          .once_based = policy_.once_based(law.id)};
}

result<contact_point> consent_store::contact_of(field_id field, std::string_view value) const {
  return contact_point_of(core_.keys().external_ids, field, value);
}

// A clock that was set back makes nothing that was recorded before it a thing of the future.
timestamp consent_store::as_of(timestamp now) const noexcept {
  return std::max(now, newest_time());
}

timestamp consent_store::newest_time() const noexcept {
  return {std::max(core_.row().latest_directive, core_.row().newest_time)};
}

void consent_store::host_discharges(obligation_set what) noexcept {
  constexpr obligation_set by_a_person{obligation::human_review};
  host_discharges_ =
      obligation_set::of_bits(static_cast<std::uint16_t>(what.bits() & ~by_a_person.bits()));
}

bool consent_store::is_ahead(timestamp now) const noexcept {
  const std::int64_t newest = std::max(newest_time().seconds, core_.row().created_at);
  return longest_pause_ != 0 && now.seconds > newest && now.seconds - newest > longest_pause_;
}

void consent_store::saw_a_day(timestamp now) {
  constexpr std::int64_t day = 86400;
  if (now.seconds - newest_time().seconds >= day) saw(now);
}

void consent_store::recorded_then(timestamp now) {
  if (now.seconds > core_.row().latest_directive) core_.edit_row().latest_directive = now.seconds;
}

void consent_store::saw(timestamp now) {
  if (now > newest_time()) core_.edit_row().newest_time = now.seconds;
}

void consent_store::fields_changed(timestamp now) {
  terms_ = terms_of(core_.fields(), terms_room_);
  terms_of_ = core_.row().schema;
  outdate_states(now);
}

}  // namespace clientbook
