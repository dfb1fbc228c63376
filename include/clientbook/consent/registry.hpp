// Registry of recipients: who gets data, by name.
//
// Each change makes a new version. A party keeps its number and its class for ever; one that
// changes its class is a new party. A grant to a class covers the parties that the class had in
// the registry version shown to the customer: a party added later is not covered. A denial
// covers all of them, whenever they come.
//
// Thread safety: values; concurrent const use is safe.
#ifndef CLIENTBOOK_CONSENT_REGISTRY_HPP
#define CLIENTBOOK_CONSENT_REGISTRY_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/obligation.hpp>
#include <clientbook/consent/vocabulary.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook {

/// ISO 3166-1 alpha-2, upper case; two NULs: none.
using country_code = std::array<char, 2>;

/// What carries a transfer to another country (GDPR 44 to 49). Stored.
enum class transfer_basis : std::uint8_t {
  none = 0,
  standard_clauses = 1,  ///< 46(2)(c), (d)
  binding_rules = 2,     ///< 46(2)(b), 47
  other_safeguard = 3,   ///< 46(2)(a), (e), (f)
};

/// What the contract says about passing on. Stored.
enum class onward_rule : std::uint8_t { not_agreed = 0, forbidden = 1, listed_parties = 2 };

struct recipient_party {
  recipient_id id{};           ///< first_party to last_party.
  recipient_id party_class{};  ///< A class of the vocabulary.
  short_text<64> name{};       ///< Legal name; unique.
  country_code country{};      ///< Where the data goes.
  short_text<32> contract{};   ///< Reference; empty: none.
  transfer_basis transfer = transfer_basis::none;
  onward_rule onward = onward_rule::not_agreed;
  std::uint32_t added = 0;    ///< Registry version; filled in by add().
  std::uint32_t removed = 0;  ///< Registry version; 0: still there.
  friend bool operator==(const recipient_party&, const recipient_party&) = default;
};

/// What the contract with a party discharges: contract_on_file if there is one, no_onward if it
/// forbids to pass on.
obligation_set discharged_by_contract(const recipient_party& party) noexcept;

class recipient_registry {
 public:
  static constexpr std::size_t max_parties = last_party - first_party + 1;

  /// 0 while empty; each add(), edit() and remove() counts on.
  std::uint32_t version() const noexcept { return version_; }
  std::span<const recipient_party> parties() const noexcept { return {parties_.data(), count_}; }

  /// Adds a party and returns its number: its own, or the next free one if that is 0. One that was
  /// removed comes back under its name and class, with its number, and as a newcomer: no grant
  /// given before covers it, every denial does.
  /// Errors: invalid_value (number, class, country, empty or non-UTF-8 name), already_exists
  /// (number or name; a removed party of that name and another class), limit_exceeded.
  result<recipient_id> add(const recipient_party& party) noexcept;
  /// What is known of the party of that number: its contract, what that says of passing on, the
  /// safeguards of a transfer, its country. Name and class stay: somebody else is another party.
  /// One that is now in another country is a newcomer there: a grant covers it only if it was given
  /// since. Errors: not_found, invalid_state (a removed party: add() brings it back), invalid_value
  /// (another name or class, as add()).
  result<void> edit(const recipient_party& party) noexcept;
  /// The party no longer gets anything; its number is not used again. Errors: not_found.
  result<void> remove(recipient_id id) noexcept;

  /// Errors: not_found. A removed party is found too.
  result<recipient_party> find(recipient_id id) const noexcept;
  result<recipient_party> find(std::string_view name) const noexcept;

 private:
  friend result<recipient_registry> decode_registry(byte_view bytes) noexcept;

  std::array<recipient_party, max_parties> parties_{};  // Ascending by number.
  std::size_t count_ = 0;
  std::uint32_t version_ = 0;
};

/// Deterministic CBOR. Errors: buffer_too_small (`at`: bytes needed).
result<byte_view> encode_registry(const recipient_registry& value, byte_span out) noexcept;
/// Errors, `at` the byte offset: those of CBOR, newer_format, as add().
result<recipient_registry> decode_registry(byte_view bytes) noexcept;

}  // namespace clientbook

#endif
