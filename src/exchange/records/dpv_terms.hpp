// Terms of the Data Privacy Vocabulary as they stand in JSON-LD: prefixes, the vocabulary's
// ids, and the spellings that the DPV guide uses for terms DPV 2.3 does not have.
#ifndef CLIENTBOOK_EXCHANGE_RECORDS_DPV_TERMS_HPP
#define CLIENTBOOK_EXCHANGE_RECORDS_DPV_TERMS_HPP

#include <clientbook/base/ids.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clientbook::exchange {

struct dpv_prefix {
  std::string_view name;
  std::string_view iri;
};

/// The prefixes a document may use; what they stand for is fixed.
std::span<const dpv_prefix> dpv_prefixes() noexcept;

/// Compact form of a term: a full IRI below a known prefix is shortened, a spelling of the
/// guide replaced by the term it stands for. Other text comes back as it is.
std::string compact(std::string_view term);

std::optional<purpose_id> purpose_of_term(std::string_view compact) noexcept;
std::optional<category_id> category_of_term(std::string_view compact) noexcept;
std::optional<operation_id> operation_of_term(std::string_view compact) noexcept;
std::optional<recipient_id> recipient_of_term(std::string_view compact) noexcept;

/// Empty for an id that the vocabulary does not have.
std::string_view term_of(purpose_id id) noexcept;
std::string_view term_of(category_id id) noexcept;
std::string_view term_of(operation_id id) noexcept;
std::string_view term_of(recipient_id id) noexcept;

}  // namespace clientbook::exchange

#endif
