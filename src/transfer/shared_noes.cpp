// What of a no is about a way, and whom else it closes.
#include "shared_noes.hpp"

#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/record.hpp>

#include <algorithm>
#include <utility>

namespace clientbook {
namespace {

// Words differ by their evidence too, and then there are many.
constexpr std::size_t most_compared = 16;

bool is_no(directive_kind kind) noexcept {
  return kind == directive_kind::deny || kind == directive_kind::refuse ||
         kind == directive_kind::object || kind == directive_kind::withdraw;
}

purpose_set by_mail() noexcept { return covered_by_denial(purpose_set{purpose::email_marketing}); }
purpose_set by_phone() noexcept {
  return covered_by_denial(
      purpose_set{purpose::text_message_marketing, purpose::telephone_marketing});
}

}  // namespace

// The same words of two rows, whenever they were said.
std::uint32_t shared_noes::place_of(directive said) {
  said.event_at = {};
  const std::size_t from = words_.size() > most_compared ? words_.size() - most_compared : 0;
  const auto begin = words_.begin() + static_cast<std::ptrdiff_t>(from);
  const auto found = std::find(begin, words_.end(), said);
  if (found == words_.end()) {
    words_.push_back(said);
    return static_cast<std::uint32_t>(words_.size() - 1);
  }
  return static_cast<std::uint32_t>(found - words_.begin());
}

purpose_set shared_noes::ways_of(const record_view& row) {
  purpose_set out;
  if (const auto emails = row.emails(); emails && emails->size() != 0) out |= by_mail();
  if (const auto phones = row.phones(); phones && phones->size() != 0) out |= by_phone();
  return out;
}

result<bool> shared_noes::add(session& of, const people_index& people, const record_view& row,
                              std::span<const std::string_view> named,
                              std::span<const directive> said,
                              const std::optional<customer_id>& whose, std::uint64_t line) {
  const std::size_t before = noes_.size();
  const auto take = [&](const directive& no, field_id field,
                        std::string_view text) -> result<bool> {
    return add_one(of, no, field, text,
                   {.address = people.key_of(field, text), .whose = whose, .line = line});
  };
  for (const directive& each : said) {
    if (!is_no(each.kind)) continue;
    if (const auto emails = row.emails()) {
      for (const email_address& one : *emails) {
        if (auto done = take(each, field::emails, one.address.reveal()); !done) return done.error();
      }
    }
    if (const auto phones = row.phones()) {
      for (const phone_number& one : *phones) {
        if (auto done = take(each, field::phones, one.number.reveal()); !done) return done.error();
      }
    }
    if (!is_about_contacts(each)) continue;
    for (const std::string_view text : named) {
      const field_id field =
          text.find('@') != std::string_view::npos ? field::emails : field::phones;
      const auto taken = take(each, field, text);
      if (!taken) return taken.error();
      const one_no& last = noes_.empty() ? one_no() : noes_.back();
      if (!*taken || !people.with(last.address).empty()) continue;
      named_.push_back({.text = std::string(text),
                        .address = last.address,
                        .words = last.words,
                        .at = last.at,
                        .line = line});
    }
  }
  return noes_.size() > before;
}

result<bool> shared_noes::add_one(session& of, const directive& said, field_id field,
                                  std::string_view value, one_no from) {
  const purpose_set ways = field == field::emails ? by_mail() : by_phone();
  const purpose_set closed = covered_by_denial(said.scope.purposes) & ways;
  if (closed.empty()) return false;
  const auto point = of.contact_of(field, value);
  if (!point) return false;  // Nothing in it that could be told apart.
  const auto& named = said.contacts;
  if (is_about_contacts(said) && std::find(named.begin(), named.end(), *point) == named.end()) {
    return false;
  }
  directive no = said;
  no.id = {};
  no.supersedes = {};
  no.contacts = {};
  no.scope.purposes = closed;
  from.point = *point;
  from.at = said.event_at;
  from.words = place_of(no);
  noes_.push_back(from);
  return true;
  return false;
}

// Of the same words about one address the latest, so that an address which half of the customers
// have (`none@example.com`) costs each of them one directive; those that several said exempt
// nobody.
std::vector<shared_noes::one_no> shared_noes::latest() const {
  std::vector<one_no> all = noes_;
  const auto about = [](const one_no& each) { return std::pair(each.address, each.words); };
  std::stable_sort(all.begin(), all.end(), [&](const one_no& a, const one_no& b) {
    return about(a) != about(b) ? about(a) < about(b) : a.at < b.at;
  });
  std::vector<one_no> out;
  for (const one_no& each : all) {
    if (out.empty() || about(out.back()) != about(each)) {
      out.push_back(each);
      continue;
    }
    const bool one_person = out.back().whose == each.whose;
    out.back() = each;
    if (!one_person) out.back().whose.reset();
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const one_no& a, const one_no& b) { return a.line < b.line; });
  return out;
}

result<void> shared_noes::for_others(const people_index& people, taker take) const {
  for (const one_no& each : latest()) {
    for (const customer_id& id : people.with(each.address)) {
      if (each.whose && *each.whose == id) continue;
      directive no = words_[each.words];
      no.event_at = each.at;
      no.contacts[0] = each.point;
      if (auto taken = take(id, no, each.line); !taken) return taken;
    }
  }
  return {};
}

result<void> shared_noes::for_nobody(const people_index& people, named_taker take) const {
  for (const named_no& each : named_) {
    if (!people.with(each.address).empty()) continue;
    directive no = words_[each.words];
    no.event_at = each.at;
    if (auto taken = take(each.text, no, each.line); !taken) return taken;
  }
  return {};
}

}  // namespace clientbook
