// What of a no is about a way, and whom else it closes.
#include "shared_noes.hpp"

#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/record.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace clientbook {
namespace {

// Words differ by their ends too, and then there may be many.
constexpr std::size_t most_compared = 64;

bool names(session& of, const directive& said, field_id field, std::string_view value) {
  if (!is_about_contacts(said)) return true;
  const auto point = of.contact_of(field, value);
  return point && std::ranges::find(said.contacts, *point) != said.contacts.end();
}

using point_name = std::pair<field_id, std::uint64_t>;

point_name name_of(const contact_point& point) noexcept {
  return {point.field, load_be<std::uint64_t>(point.token.data())};
}

// A cell may hold very many, with a no about each; several numbers may have one point.
auto by_point(session& of, std::span<const std::string_view> texts) {
  std::set<std::pair<point_name, std::string_view>> out;
  for (const std::string_view text : texts) {
    const bool mail = text.find('@') != std::string_view::npos;
    const auto point = of.contact_of(mail ? field::emails : field::phones, text);
    if (point) out.emplace(name_of(*point), text);
  }
  return out;
}

}  // namespace

// The same words of two rows, whenever they were said and whatever shows it: an address that half
// of the customers have is denied once for each, not once for each paper.
std::uint32_t shared_noes::place_of(const directive& said) {
  directive no = said;
  no.id = {};
  no.supersedes = {};
  no.contacts = {};
  no.evidence = {};
  no.event_at = {};
  const std::size_t from = words_.size() > most_compared ? words_.size() - most_compared : 0;
  const auto found =
      std::find(words_.begin() + static_cast<std::ptrdiff_t>(from), words_.end(), no);
  if (found != words_.end()) return static_cast<std::uint32_t>(found - words_.begin());
  words_.push_back(no);
  return static_cast<std::uint32_t>(words_.size() - 1);
}

purpose_set shared_noes::ways_of(const record_view& row) {
  purpose_set out;
  if (const auto emails = row.emails(); emails && emails->size() != 0)
    out |= marketing_by(field::emails);
  if (const auto phones = row.phones(); phones && phones->size() != 0)
    out |= marketing_by(field::phones);
  return out;
}

result<bool> shared_noes::add(session& of, const people_index& people, const row& from) {
  const std::size_t before = noes_.size();
  const auto take = [&](const directive& no, field_id field, std::string_view text) {
    add_one(of, no, field, text,
            {.address = people.key_of(field, text), .whose = from.whose, .line = from.line});
    if (!from.kept.has(field) && !is_about_contacts(no)) {
      add_named(people, no, field, text, from.line);
    }
  };
  const auto named = by_point(of, from.named);
  for (const directive& each : from.said) {
    if (!says_no(each.kind)) continue;
    if (const auto emails = from.record.emails()) {
      for (const email_address& one : *emails) take(each, field::emails, one.address.reveal());
    }
    if (const auto phones = from.record.phones()) {
      for (const phone_number& one : *phones) take(each, field::phones, one.number.reveal());
    }
    for (const contact_point& about : each.contacts) {
      const point_name which = name_of(about);
      for (auto at = named.lower_bound({which, {}}); at != named.end() && at->first == which;
           ++at) {
        take(each, about.field, at->second);
        add_named(people, each, about.field, at->second, from.line);
      }
    }
  }
  return noes_.size() > before;
}

void shared_noes::add_one(session& of, const directive& said, field_id field,
                          std::string_view value, one_no from) {
  const purpose_set closed = covered_by_denial(said.scope.purposes) & marketing_by(field);
  const auto point = of.contact_of(field, value);
  // Without a point: nothing in it that could be told apart.
  if (closed.empty() || !point || !names(of, said, field, value)) return;
  directive no = said;
  no.scope.purposes = closed;
  from.point = *point;
  from.at = said.event_at;
  from.words = place_of(no);
  noes_.push_back(from);
}

void shared_noes::add_named(const people_index& people, const directive& said, field_id field,
                            std::string_view value, std::uint64_t line) {
  const std::uint64_t address = people.key_of(field, value);
  if (people.has(address)) return;
  named_.push_back({.text = std::string(value),
                    .address = address,
                    .words = place_of(said),
                    .at = said.event_at,
                    .line = line});
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

std::vector<shared_noes::named_no> shared_noes::latest_named() const {
  std::vector<named_no> all = named_;
  const auto about = [](const named_no& each) { return std::pair(each.address, each.words); };
  std::stable_sort(all.begin(), all.end(), [&](const named_no& a, const named_no& b) {
    return about(a) != about(b) ? about(a) < about(b) : a.at < b.at;
  });
  std::vector<named_no> out;
  for (named_no& each : all) {
    if (!out.empty() && about(out.back()) == about(each)) out.pop_back();
    out.push_back(std::move(each));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const named_no& a, const named_no& b) { return a.line < b.line; });
  return out;
}

result<void> shared_noes::for_nobody(const people_index& people, named_taker take) const {
  for (const named_no& each : latest_named()) {
    if (people.has(each.address)) continue;
    directive no = words_[each.words];
    no.event_at = each.at;
    if (auto taken = take(each.text, no, each.line); !taken) return taken;
  }
  return {};
}

}  // namespace clientbook
