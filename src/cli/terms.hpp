// Names that people type, looked up in vocabulary, registry, schema and notices.
#ifndef CLIENTBOOK_CLI_TERMS_HPP
#define CLIENTBOOK_CLI_TERMS_HPP

#include <clientbook/book/view.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/privacy_notice.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/model/schema.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::cli {

// Each ends the command (program.hpp: fail) with unknown_field if there is no such name.
purpose_id purpose_from(std::string_view name);
/// A class of the vocabulary or a party of the registry.
recipient_id recipient_from(std::string_view name, const recipient_registry& registry);
country_code country_from(std::string_view code);
/// Fields by key; all fields if the list is empty.
field_set fields_from(const std::vector<std::string>& keys, const schema& fields);

/// `all` stands for every term there is; empty operations for collect, store, use and disclose.
consent_scope scope_of(std::span<const std::string> purposes,
                       std::span<const std::string> recipients,
                       std::span<const std::string> categories,
                       std::span<const std::string> operations, const recipient_registry& registry);

/// The newest version of the notice with that title, null if there is none.
const privacy_notice* notice_titled(std::string_view title,
                                    std::span<const privacy_notice> notices);

std::string name_of_purpose(purpose_id id);
std::string name_of_recipient(recipient_id id, const recipient_registry& registry);

}  // namespace clientbook::cli

#endif
