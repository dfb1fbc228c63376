// Looks words up one by one, and remembers where the first one stands that nobody knows: the word
// itself is somebody's input and appears in no error.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/scope_words.hpp>

namespace clientbook {
namespace {

// Calls `add` for each word until one is refused.
template <class Add>
result<void> each_word(std::span<const std::string_view> words, scope_part part, scope_part* where,
                       Add&& add) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const result<void> added = add(words[i]);
    if (added) continue;
    if (where != nullptr) *where = part;
    return error{added.error().code, added.error().text, i};
  }
  return {};
}

result<void> add_purpose(consent_scope& out, std::string_view name) {
  if (name == "all") {
    out.purposes |= all_purposes();
    return {};
  }
  const auto known = find_purpose(name);
  if (!known) return known.error();
  out.purposes.add(*known);
  return {};
}

result<void> add_recipient(consent_scope& out, std::string_view name,
                           const recipient_registry& registry) {
  if (name == "all") {
    out.recipients.add(recipient::any);
    return {};
  }
  const auto known = find_recipient(name, registry);
  if (!known) return known.error();
  out.recipients.add(*known);
  return {};
}

result<void> add_category(consent_scope& out, std::string_view name) {
  if (name == "all") {
    out.categories |= ordinary_categories();
    return {};
  }
  const auto known = find_category(name);
  if (!known) return known.error();
  out.categories.add(*known);
  return {};
}

result<void> add_operation(consent_scope& out, std::string_view name) {
  if (name == "all") {
    out.operations = all_operations;
    return {};
  }
  const auto known = find_operation(name);
  if (!known) return known.error();
  out.operations.add(*known);
  return {};
}

}  // namespace

result<consent_scope> scope_of(const scope_words& words, const recipient_registry& registry,
                               scope_part* where) try {
  consent_scope out;
  if (where != nullptr) *where = scope_part::none;
  if (auto done = each_word(words.purposes, scope_part::purpose, where,
                            [&](std::string_view name) { return add_purpose(out, name); });
      !done) {
    return done.error();
  }
  if (auto done =
          each_word(words.recipients, scope_part::recipient, where,
                    [&](std::string_view name) { return add_recipient(out, name, registry); });
      !done) {
    return done.error();
  }
  if (auto done = each_word(words.categories, scope_part::category, where,
                            [&](std::string_view name) { return add_category(out, name); });
      !done) {
    return done.error();
  }
  if (words.operations.empty()) {
    out.operations = {operation::collect, operation::store, operation::use, operation::disclose};
  }
  if (auto done = each_word(words.operations, scope_part::operation, where,
                            [&](std::string_view name) { return add_operation(out, name); });
      !done) {
    return done.error();
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<recipient_id> find_recipient(std::string_view name, const recipient_registry& registry) try {
  if (const auto known = find_recipient_class(name)) return *known;
  if (const auto party = registry.find(name)) return party->id;
  return error{errc::unknown_field, "neither a recipient class nor a party of the registry"};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

category_set ordinary_categories() noexcept {
  category_set out;
  all_categories().for_each([&](category_id id) {
    const auto known = facts(id);
    if (known && !known->barrier && !known->denial_only) out.add(id);
  });
  return out;
}

result<field_set> fields_named(std::span<const std::string_view> keys, const schema& fields) try {
  if (keys.empty()) return all_fields;
  field_set out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto known = fields.find(keys[i]);
    if (!known) return error{known.error().code, known.error().text, i};
    out.add(known->number);
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::string keys_of(field_set set, const schema& fields) {
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (!set.has(field.number)) continue;
    if (!out.empty()) out += ", ";
    out += field.key;
  }
  return out;
}

const privacy_notice* latest_titled(std::string_view title,
                                    std::span<const privacy_notice> notices) noexcept {
  const privacy_notice* found = nullptr;
  for (const privacy_notice& one : notices) {
    if (one.title.view() == title && (found == nullptr || one.version >= found->version)) {
      found = &one;
    }
  }
  return found;
}

const privacy_notice* notice_titled(std::string_view title,
                                    std::span<const privacy_notice> notices) noexcept {
  const privacy_notice* found = latest_titled(title, notices);
  return found == nullptr || is_withdrawal(*found) ? nullptr : found;
}

std::string word_for(purpose_id id) {
  const auto known = facts(id);
  return known ? std::string(known->name) : std::to_string(id.value);
}

std::string word_for(recipient_id id, const recipient_registry& registry) {
  if (const auto party = registry.find(id)) return std::string(party->name.view());
  const auto known = facts(id);
  return known ? std::string(known->name) : std::to_string(id.value);
}

}  // namespace clientbook
