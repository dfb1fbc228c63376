// Parties and notices of a book: read, replaced, withdrawn.
#include "consent_store.hpp"

#include <algorithm>

#include "places.hpp"
#include "what_counts.hpp"

namespace clientbook {

using storage::table;

result<void> consent_store::read_registry() {
  const std::uint32_t version = core_.row().registry_version;
  registry_ = nobody_;
  registry_read_ = 0;
  if (version == 0) return {};
  book_core::place at = own_place(table::recipient, 0);
  at.version = record_version(version);
  if (auto got = core_.get_value(core_.keys().rows, at, plain_); !got) {
    if (got.error().code != errc::not_found) return got;
    return error{errc::row_missing, "the registry of recipients is gone: restore a copy"};
  }
  auto read = decode_registry(plain_.view());
  if (!read) return read.error();
  registry_ = std::make_shared<const recipient_registry>(*read);
  registry_read_ = version;
  return {};
}

result<void> consent_store::read_notices() {
  notices_.clear();
  for (std::uint32_t number = 1; number <= core_.row().notices; ++number) {
    if (auto got = core_.get_value(core_.keys().rows, own_place(table::notice, number), plain_);
        !got) {
      if (got.error().code != errc::not_found) return got;
      return error{errc::row_missing, "a notice is gone: restore a copy", number};
    }
    auto notice = decode_notice(plain_.view());
    if (!notice) return notice.error();
    notice->hash = crypto::hash(plain_.view());
    notices_.push_back(*notice);
  }
  return {};
}

result<void> consent_store::replace_registry(std::shared_ptr<const recipient_registry> changed,
                                             timestamp now) {
  std::vector<std::byte> room(64 * 1024);
  const auto bytes = encode_registry(*changed, room);
  if (!bytes) return bytes.error();
  book_core::place at = own_place(table::recipient, 0);
  at.version = record_version(changed->version());
  if (auto put = core_.put_value(core_.keys().rows, at, *bytes); !put) return put;
  core_.edit_row().registry_version = changed->version();
  registry_read_ = changed->version();
  registry_ = std::move(changed);
  // A denial of a class covers the newcomer too.
  outdate_states(now);
  return {};
}

result<privacy_notice> consent_store::add_notice(privacy_notice notice) {
  if (notice.registry_version > registry_->version()) {
    return error{errc::invalid_value,
                 "a notice names a version of the registry that is not there yet",
                 registry_->version()};
  }
  const std::uint32_t number = core_.row().notices + 1;
  if (notice.id == notice_id{}) notice.id = notice_id(number);
  for (const privacy_notice& one : notices_) {
    if (one.id == notice.id && one.version == notice.version) {
      return error{errc::already_exists, "this version of the notice is there: give it the next"};
    }
  }
  std::array<std::byte, max_notice_bytes> room;
  const auto bytes = encode_notice(notice, room);
  if (!bytes) return bytes.error();
  if (auto put = core_.put_value(core_.keys().rows, own_place(table::notice, number), *bytes);
      !put) {
    return put.error();
  }
  core_.edit_row().notices = number;
  notice.hash = crypto::hash(*bytes);
  notices_.push_back(notice);
  return notice;
}

result<privacy_notice> consent_store::withdraw_notice(notice_id id, timestamp now) {
  const privacy_notice* latest = nullptr;
  for (const privacy_notice& one : notices_) {
    if (one.id == id && (latest == nullptr || one.version > latest->version)) latest = &one;
  }
  if (latest == nullptr) {
    return error{errc::unknown_notice, "the book has no notice of that number", id.value};
  }
  if (is_withdrawal(*latest)) {
    return error{errc::already_exists, "the notice is withdrawn already", id.value};
  }
  privacy_notice end = *latest;
  ++end.version;
  end.announced = {};
  end.registry_version = registry_->version();
  end.retention_days = 0;
  end.offer = end.text = end.cells = end.hash = {};
  auto added = add_notice(end);
  // What was agreed to under it counts no more, in every state.
  if (added) outdate_states(now);
  return added;
}

// A consent that was taken back, replaced or waits rests on no notice any more.
result<std::uint64_t> consent_store::consents_under(notice_id id) {
  const auto is_it = [&](const privacy_notice& one) { return one.id == id; };
  if (std::none_of(notices_.begin(), notices_.end(), is_it)) {
    return error{errc::unknown_notice, "the book has no notice of that number", id.value};
  }
  const auto rests_on_it = [&](const directive& one) {
    if ((one.kind != directive_kind::grant && one.kind != directive_kind::renew) || !one.informed) {
      return false;
    }
    return one.notice.id == id &&
           std::any_of(notices_.begin(), notices_.end(), [&](const privacy_notice& known) {
             return is_it(known) && known.version == one.notice.version &&
                    !is_withdrawn(known, notices_);
           });
  };
  std::uint64_t out = 0;
  const auto done =
      for_each_customer([&](customer_no number, const manifest& entry) -> result<void> {
        const auto said = directives(entry, number);
        if (!said) return said.error();
        const auto parts = parts_in(core_, number, entry);
        if (!parts) return parts.error();
        const auto histories = histories_of(*said, std::nullopt, *parts);
        const bool rests = std::ranges::any_of(histories, [&](const told_history& one) {
          return std::ranges::any_of(what_counts(one.said), rests_on_it);
        });
        if (rests) ++out;
        return {};
      });
  if (!done) return done.error();
  return out;
}

}  // namespace clientbook
