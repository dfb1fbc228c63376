// Keys of pseudonyms: the book's for values that have to agree, the customer's for shifted dates.
//
// A shifted date dies with its customer; other pseudonyms are bound to book, field and purpose, so
// that tables given to two recipients cannot be joined.
#include "pseudonym_keys.hpp"

#include <clientbook/consent/vocabulary.hpp>

#include <algorithm>

namespace clientbook {

result<void> pseudonym_keys::ready(const book_core& core) {
  if (key_) return {};
  std::string tenant(32, '0');
  write_hex(core.header().id.bytes, tenant.data());
  const secret<32>& root = core.keys().pseudonyms;
  const secret<32> numbers = crypto::derive(root, "clientbook fpe");
  auto aes = numbers.with_bytes(
      [](std::span<const std::byte, 32> bytes) { return crypto::aes_cipher::create(bytes); });
  if (!aes) return aes.error();
  auto key = root.with_bytes(
      [](std::span<const std::byte, 32> bytes) { return pseudonym_key::from(bytes); });
  if (!key) return key.error();
  tenant_ = std::move(tenant);
  aes_.emplace(std::move(*aes));
  cipher_ = aes_->port();
  key_.emplace(std::move(*key));
  return {};
}

pseudonym_scope pseudonym_keys::scope(std::string_view field, purpose_id purpose) const noexcept {
  const auto why = facts(purpose);
  return {.tenant = tenant_,
          .field = field,
          .purpose = why ? why->name : std::string_view(),
          .version = pseudonym_version};
}

pseudonym_options pseudonym_keys::options(redaction_operator op, std::string_view field,
                                          purpose_id purpose, const customer_id& whose,
                                          const secret<32>& subject_key,
                                          std::optional<pseudonym_key>& shifting) const noexcept {
  pseudonym_options out;
  out.scope = scope(field, purpose);
  if (op == redaction_operator::shift_date) {
    const secret<32> own = crypto::derive(subject_key, "clientbook date shift");
    auto key = own.with_bytes(
        [](std::span<const std::byte, 32> bytes) { return pseudonym_key::from(bytes); });
    if (!key) return out;
    shifting.emplace(std::move(*key));
    out.key = &*shifting;
    out.subject = whose;
    return out;
  }
  out.key = &*key_;
  out.reversal = reversal_ ? &*reversal_ : nullptr;
  out.cipher = &cipher_;
  return out;
}

void pseudonymise(const schema& fields, record_decision& decision) noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    redaction_operator least = redaction_operator::none;
    switch (field.type) {
      case field_type::person_name:
      case field_type::email:
      case field_type::phone:
      case field_type::address:
      case field_type::external_id:
      case field_type::household_link:
      case field_type::government_id:
      case field_type::payment_card:
        least = redaction_operator::hash;  // Drops what has no pseudonym.
        break;
      case field_type::text:
      case field_type::note:
      case field_type::task:
      case field_type::contact:
      case field_type::wish:
        least = redaction_operator::redact_text;
        break;
      default:
        continue;
    }
    decision.masked |= decision.permitted & only(field.number);
    redaction_operator& form = decision.operators[field.number.value];
    form = std::max(form, least);
  }
}

}  // namespace clientbook
