// The vocabulary: terms by number and name, and what a set of them covers.
//
// vocabulary.csv is the source, vocabulary_table.inc what scripts/make_vocabulary.py makes of it.
// The two closures of docs/consent.md are prepared at compile time: for each term what a denial of
// it reaches, and what a grant of it reaches without crossing a barrier or needing another parent,
// so that a closure at run time is a few ORs of sets and one pass over terms with several parents.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/categories.hpp>

namespace clientbook {
namespace {

enum : std::uint8_t { barrier = 1, denial_only = 2 };

struct row {
  std::string_view name;
  std::string_view term;
  std::string_view label;
  std::array<std::uint8_t, 3> parents;
  std::uint8_t parent_count;
  std::uint8_t flags;
};

#include "vocabulary_table.inc"

constexpr bool is_barrier(const row& term) { return (term.flags & barrier) != 0; }

// What closures are made of, computed when this file is compiled.
template <class Set, std::size_t Count>
struct hierarchy {
  // The term and everything below it, by any path: what a denial of it covers.
  std::array<Set, Count> below{};
  // The term and what lies below it without a barrier and by single parents: what a grant of it
  // alone covers.
  std::array<Set, Count> flows{};
  // Terms of several parents that are no barriers, those above first: a grant of all parents
  // covers them.
  std::array<std::uint8_t, Count> joints{};
  std::size_t joint_count = 0;
  std::array<std::uint8_t, Count> depth{};
  Set all;
  Set denial_only_terms;
};

template <class Set, class Id, std::size_t Count>
constexpr hierarchy<Set, Count> hierarchy_of(const row (&rows)[Count]) {
  hierarchy<Set, Count> out;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < Count; ++i) {
      for (std::size_t k = 0; k < rows[i].parent_count; ++k) {
        const auto least = static_cast<std::uint8_t>(out.depth[rows[i].parents[k]] + 1);
        if (out.depth[i] < least) {
          out.depth[i] = least;
          changed = true;
        }
      }
    }
  }
  for (std::uint8_t level = 0; level < 16; ++level) {
    for (std::size_t i = 0; i < Count; ++i) {
      if (out.depth[i] != level || rows[i].name.empty()) continue;
      out.all.add(Id(static_cast<std::uint8_t>(i)));
      if ((rows[i].flags & denial_only) != 0) {
        out.denial_only_terms.add(Id(static_cast<std::uint8_t>(i)));
      }
      if (rows[i].parent_count > 1 && !is_barrier(rows[i])) {
        out.joints[out.joint_count++] = static_cast<std::uint8_t>(i);
      }
    }
  }
  // From the deepest up, so that what is below a term is known when its parents ask.
  for (std::uint8_t level = 16; level-- > 0;) {
    for (std::size_t i = 0; i < Count; ++i) {
      if (out.depth[i] != level || rows[i].name.empty()) continue;
      out.below[i].add(Id(static_cast<std::uint8_t>(i)));
      out.flows[i].add(Id(static_cast<std::uint8_t>(i)));
      for (std::size_t k = 0; k < rows[i].parent_count; ++k) {
        out.below[rows[i].parents[k]] |= out.below[i];
      }
      if (rows[i].parent_count == 1 && !is_barrier(rows[i])) {
        out.flows[rows[i].parents[0]] |= out.flows[i];
      }
    }
  }
  return out;
}

constexpr auto purposes = hierarchy_of<purpose_set, purpose_id>(purpose_rows);
constexpr auto recipients = hierarchy_of<recipient_set, recipient_id>(recipient_rows);
constexpr auto categories = hierarchy_of<category_set, category_id>(category_rows);
constexpr auto operations = hierarchy_of<operation_set, operation_id>(operation_rows);

template <class Id, class Set, std::size_t Count>
Set grant_closure(const hierarchy<Set, Count>& tree, const row (&rows)[Count],
                  const Set& granted) noexcept {
  const Set named = granted - tree.denial_only_terms;
  Set out = named;
  if (named.includes(tree.all - tree.denial_only_terms)) return out;
  named.for_each([&](Id each) {
    if (each.value < Count) out |= tree.flows[each.value];
  });
  for (std::size_t i = 0; i < tree.joint_count; ++i) {
    const std::uint8_t joint = tree.joints[i];
    if (out.contains(Id(joint))) continue;
    std::size_t covered = 0;
    for (std::size_t k = 0; k < rows[joint].parent_count; ++k) {
      covered += out.contains(Id(rows[joint].parents[k])) ? 1U : 0U;
    }
    if (covered == rows[joint].parent_count) out |= tree.flows[joint];
  }
  return out;
}

template <class Id, class Set, std::size_t Count>
Set denial_closure(const hierarchy<Set, Count>& tree, const Set& denied) noexcept {
  Set out = denied;
  denied.for_each([&](Id each) {
    if (each.value < Count) out |= tree.below[each.value];
  });
  return out;
}

// By the parents of the rows: it is asked for once and then, a table would be larger than the way.
template <class Id, class Set, std::size_t Count>
Set denied_through(const row (&rows)[Count], Id term) noexcept {
  Set out;
  out.add(term);
  for (std::size_t before = 0; before != out.size();) {
    before = out.size();
    const Set known = out;
    known.for_each([&](Id each) {
      if (each.value >= Count) return;
      for (std::size_t k = 0; k < rows[each.value].parent_count; ++k) {
        out.add(Id(rows[each.value].parents[k]));
      }
    });
  }
  return out;
}

template <class Set, std::size_t Count>
result<term_facts> facts_of(const hierarchy<Set, Count>& tree, const row (&rows)[Count],
                            std::size_t term) noexcept {
  if (term >= Count || rows[term].name.empty()) {
    return error{errc::unknown_field, "the vocabulary has no such term", term};
  }
  const row& one = rows[term];
  return term_facts{.name = one.name,
                    .term = one.term,
                    .label = one.label,
                    .parents = {one.parents.data(), one.parent_count},
                    .barrier = (one.flags & barrier) != 0,
                    .denial_only = (one.flags & denial_only) != 0,
                    .depth = tree.depth[term]};
}

template <class Id, std::size_t Count>
result<Id> find(const row (&rows)[Count], std::string_view name) noexcept {
  for (std::size_t i = 0; i < Count && !name.empty(); ++i) {
    if (rows[i].name == name || rows[i].term == name) return Id(static_cast<std::uint8_t>(i));
  }
  return error{errc::unknown_field, "the vocabulary has no term of that name"};
}

}  // namespace

result<term_facts> facts(purpose_id term) noexcept {
  return facts_of(purposes, purpose_rows, term.value);
}
result<term_facts> facts(recipient_id term) noexcept {
  return facts_of(recipients, recipient_rows, term.value);
}
result<term_facts> facts(category_id term) noexcept {
  return facts_of(categories, category_rows, term.value);
}
result<term_facts> facts(operation_id term) noexcept {
  return facts_of(operations, operation_rows, term.value);
}

result<purpose_id> find_purpose(std::string_view name) noexcept {
  return find<purpose_id>(purpose_rows, name);
}
result<recipient_id> find_recipient_class(std::string_view name) noexcept {
  return find<recipient_id>(recipient_rows, name);
}
result<category_id> find_category(std::string_view name) noexcept {
  if (name == "government_id") return category::government_id;
  if (name == "employer") return category::employer;
  return find<category_id>(category_rows, name);
}
result<operation_id> find_operation(std::string_view name) noexcept {
  return find<operation_id>(operation_rows, name);
}

const purpose_set& all_purposes() noexcept { return purposes.all; }
const recipient_set& all_recipient_classes() noexcept { return recipients.all; }
const category_set& all_categories() noexcept { return categories.all; }

purpose_set covered_by_grant(const purpose_set& granted) noexcept {
  return grant_closure<purpose_id>(purposes, purpose_rows, granted);
}
recipient_set covered_by_grant(const recipient_set& granted) noexcept {
  return grant_closure<recipient_id>(recipients, recipient_rows, granted);
}
category_set covered_by_grant(const category_set& granted) noexcept {
  return grant_closure<category_id>(categories, category_rows, granted);
}
operation_set covered_by_grant(const operation_set& granted) noexcept {
  return grant_closure<operation_id>(operations, operation_rows, granted);
}

purpose_set covered_by_denial(const purpose_set& denied) noexcept {
  return denial_closure<purpose_id>(purposes, denied);
}
recipient_set covered_by_denial(const recipient_set& denied) noexcept {
  return denial_closure<recipient_id>(recipients, denied);
}
category_set covered_by_denial(const category_set& denied) noexcept {
  return denial_closure<category_id>(categories, denied);
}
operation_set covered_by_denial(const operation_set& denied) noexcept {
  return denial_closure<operation_id>(operations, denied);
}

purpose_set denied_through(purpose_id term) noexcept {
  return denied_through<purpose_id, purpose_set>(purpose_rows, term);
}
recipient_set denied_through(recipient_id term) noexcept {
  return denied_through<recipient_id, recipient_set>(recipient_rows, term);
}
category_set denied_through(category_id term) noexcept {
  return denied_through<category_id, category_set>(category_rows, term);
}
operation_set denied_through(operation_id term) noexcept {
  return denied_through<operation_id, operation_set>(operation_rows, term);
}

}  // namespace clientbook
