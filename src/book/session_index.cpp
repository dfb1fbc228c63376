// The index at rest: built in pieces, dropped, looked at. Who may, is who may do work that changes
// no answer.
#include <algorithm>

#include "damage.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

constexpr std::uint64_t leaf_size = key_tree::leaf_fan_out;
// Looking whether a bucket is as it should be costs a hundredth of making it.
constexpr std::uint64_t looked_at_most = 64;

std::uint64_t leaves_of(session_state& s) noexcept {
  return (s.core->row().next.value + leaf_size - 1) / leaf_size;
}

// Calls `each(number, manifest, whether the index has them as they are)` for who lives in the leaf.
template <class Each>
result<void> each_of(session_state& s, std::uint64_t leaf, Each&& each) {
  const std::uint64_t end = std::min((leaf + 1) * leaf_size, s.core->row().next.value);
  for (std::uint64_t at = std::max(leaf * leaf_size, first_customer.value); at < end; ++at) {
    const customer_no number(at);
    const auto known = s.entry(number);
    if (!known) {
      if (known.error().code == errc::key_erased || is_damage(known.error().code)) continue;
      return known.error();
    }
    const record_version version = (*known)->version;
    const auto kept = s.at_rest.text_of(number, version);
    if (!kept) return kept.error();
    if (auto done = each(number, version, kept->has_value()); !done) return done;
  }
  return {};
}

// Whom damage keeps from being read is left out: questions tell of them as a scan does.
result<bool> read_text(session_state& s, customer_no number, search::text& out) {
  const auto known = s.entry(number);
  if (!known) return known.error();
  std::array<opened_field, max_fields> room;
  const auto record = s.opener.record(opening::search_index, number, **known, room);
  if (!record && is_damage(record.error().code)) return false;
  if (!record) return record.error();
  for (const opened_field& one : *record) {
    search::add_findable(out, one.id, one.plaintext, false);
  }
  out += search::end_of_text;
  return true;
}

// Precondition: inside a change. Returns how many customers it holds.
result<std::uint64_t> build_bucket(session_state& s, std::uint64_t leaf) {
  sealed_index::entries all;
  const auto read = each_of(s, leaf, [&](customer_no number, record_version version, bool) {
    search::text text;
    const auto there = read_text(s, number, text);
    if (!there) return result<void>(there.error());
    if (*there) all.push_back({.number = number, .version = version, .text = std::move(text)});
    return result<void>();
  });
  if (!read) return read.error();
  if (auto written = s.at_rest.write(leaf, all); !written) return written.error();
  return std::uint64_t{all.size()};
}

struct wiped_behind {
  session_state& s;
  ~wiped_behind() { s.at_rest.forget(); }
};

}  // namespace

result<void> session_state::may_scan(std::uint64_t customers) const {
  if (most_scanned == 0 || customers <= most_scanned) return {};
  return error{errc::limit_exceeded,
               "so many customers are not looked at one by one: build the index, or permit more",
               most_scanned};
}

std::string_view name_of(index_at_rest kind) noexcept {
  constexpr std::string_view names[] = {"none", "sealed"};
  const auto number = static_cast<std::size_t>(kind);
  return number < std::size(names) ? names[number] : std::string_view();
}

result<index_progress> session::build_index(std::uint32_t most) try {
  session_state& s = *state_;
  if (most == 0) return error{errc::invalid_argument, "of nobody at all no index comes"};
  if (s.explicit_change) {
    return error{errc::invalid_state, "an index is built outside of begin() ... commit()"};
  }
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  const wiped_behind wiped{s};
  std::vector<std::uint64_t> stale;
  const std::uint64_t leaves = leaves_of(s);
  std::uint64_t leaf = s.index_built < leaves ? s.index_built : 0;
  const std::uint64_t end = std::min(leaves, leaf + looked_at_most * (most / leaf_size + 1));
  for (; leaf < end && stale.size() * leaf_size < most; ++leaf) {
    bool current = true;
    const auto looked = each_of(s, leaf, [&](customer_no, record_version, bool kept) {
      current = current && kept;
      return result<void>();
    });
    if (!looked) return looked.error();
    if (!current) stale.push_back(leaf);
  }
  index_progress out;
  if (!stale.empty() || !s.at_rest.is_kept()) {
    const auto built = s.change(action::maintain, [&]() -> result<index_progress> {
      s.core->edit_row().index = static_cast<std::uint32_t>(index_at_rest::sealed);
      for (const std::uint64_t one : stale) {
        const auto held = build_bucket(s, one);
        if (!held) return held.error();
        out.sealed += *held;
      }
      return out;
    });
    if (!built) return built.error();
  }
  s.index_built = leaf < leaves ? leaf : 0;
  out.left = s.index_built == 0 ? 0 : (leaves - leaf) * leaf_size;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::drop_index() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::maintain); !seen) return seen;
  if (!s.at_rest.is_kept()) return {};
  s.index_built = 0;
  return s.change(action::maintain, [&]() -> result<void> {
    if (auto gone = s.at_rest.erase(); !gone) {
      s.broken = true;
      return gone;
    }
    s.core->edit_row().index = static_cast<std::uint32_t>(index_at_rest::none);
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<index_state> session::index() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::maintain); !seen) return seen.error();
  index_state out{.kind = static_cast<index_at_rest>(s.core->row().index),
                  .customers = s.core->row().customers};
  if (!s.at_rest.is_kept()) return out;
  const wiped_behind wiped{s};
  for (std::uint64_t leaf = 0; leaf < leaves_of(s); ++leaf) {
    const auto looked = each_of(s, leaf, [&](customer_no, record_version, bool kept) {
      out.current += kept ? 1U : 0U;
      return result<void>();
    });
    if (!looked) return looked.error();
  }
  const auto held = s.at_rest.held();
  if (!held) return held.error();
  out.buckets = held->buckets;
  out.bytes = held->bytes;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
