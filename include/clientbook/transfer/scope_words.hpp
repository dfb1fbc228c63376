// Scope words: names that people type, and files hold, looked up in vocabulary, registry, schema
// and notices; and back.
//
// `all` stands for every term there is. For categories it means the ordinary ones: what must be
// named by itself (special categories, card data) is not meant by "all".
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_SCOPE_WORDS_HPP
#define CLIENTBOOK_TRANSFER_SCOPE_WORDS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/privacy_notice.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/model/terms.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// A scope in words.
struct scope_words {
  std::span<const std::string_view> purposes{};
  std::span<const std::string_view> recipients{};  ///< Classes, or parties of the registry by name.
  std::span<const std::string_view> categories{};
  std::span<const std::string_view> operations{};  ///< None: collect, store, use and disclose.
};

/// Which of them a word stands in.
enum class scope_part : std::uint8_t { none, purpose, recipient, category, operation };

/// Errors: unknown_field, `at` the place of the word in its list, from 0; `where`, if given,
/// receives which list.
result<consent_scope> scope_of(const scope_words& words, const recipient_registry& registry,
                               scope_part* where = nullptr);

/// A class of the vocabulary or a party of the registry. Errors: unknown_field.
result<recipient_id> find_recipient(std::string_view name, const recipient_registry& registry);

/// Every category that "all" of a grant means.
category_set ordinary_categories() noexcept;

/// Fields by key; all fields if there are none. Errors: unknown_field, `at` the place of the key.
result<field_set> fields_named(std::span<const std::string_view> keys, const schema& fields);
/// The keys of the fields, with ", " between them.
std::string keys_of(field_set set, const schema& fields);

/// The newest version of the notice with that title, which lies in `notices`; null if there is
/// none. It may say that the notice is withdrawn.
const privacy_notice* latest_titled(std::string_view title,
                                    std::span<const privacy_notice> notices) noexcept;
/// The same of those that people may agree under: null if it is withdrawn.
const privacy_notice* notice_titled(std::string_view title,
                                    std::span<const privacy_notice> notices) noexcept;

/// Its number, where the vocabulary (and the registry) has no name for it.
std::string word_for(purpose_id id);
std::string word_for(recipient_id id, const recipient_registry& registry);

}  // namespace clientbook

#endif
