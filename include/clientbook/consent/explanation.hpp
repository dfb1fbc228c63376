// Explanations for people: why a field is shown or not, and what would change it.
//
// Sentences are templates, one table a language, filled with the labels of the vocabulary.
// They name no customer and no value. What would change a denial is said as find_remedy() found
// it, and only then: the one decision that opens the field, or that none does.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_CONSENT_EXPLANATION_HPP
#define CLIENTBOOK_CONSENT_EXPLANATION_HPP

#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/remedy.hpp>

#include <span>
#include <string_view>

namespace clientbook {

enum class language : std::uint8_t { en, de, fr, es, it };

/// By the first two letters of a BCP 47 tag; English if it is not one of ours.
language language_of(std::string_view tag) noexcept;
/// The same of who gets that language or an error: English is no answer to "pt". Errors:
/// invalid_value.
result<language> find_language(std::string_view tag) noexcept;

/// What a person is told. Directives, profile and registry are the ones that were compiled;
/// any of them may be absent, and then the sentence says less.
struct explanation_context {
  const law_profile* profile = nullptr;
  const recipient_registry* registry = nullptr;
  std::span<const directive> directives{};
  const struct remedy* remedy = nullptr;  ///< Of a denial: what would change it.
};

inline constexpr std::size_t max_explanation = 2048;

/// A few sentences in UTF-8; those after the first two say what would change a denial.
/// Errors: buffer_too_small (max_explanation bytes suffice).
result<std::string_view> describe(const explanation& why, const decision_request& request,
                                  const explanation_context& context, language speech,
                                  std::span<char> out) noexcept;

/// The label of a term; English where there is none in the language. Empty if unknown.
std::string_view label(purpose_id term, language speech) noexcept;
std::string_view label(recipient_id term, language speech) noexcept;  ///< Classes only.
std::string_view label(category_id term, language speech) noexcept;
std::string_view label(operation_id term, language speech) noexcept;

}  // namespace clientbook

#endif
