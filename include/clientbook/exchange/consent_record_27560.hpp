// Consent records and receipts of ISO/IEC TS 27560:2023, as JSON-LD in the terms of the W3C
// Data Privacy Vocabulary 2.3.
//
// The writer gives one form: arrays everywhere, one dpv:Process for each (purpose, recipient),
// so that nothing is implied by a cross product, and the record's id both as dct:identifier
// and as dpv:hasIdentifier. The reader is closed: it loads no context, knows the prefixes below
// and nothing else, and refuses a name given twice, a comma too many, a term it does not know,
// and a term it knows but cannot keep (a rule, a duration that ends with an event): what cannot
// be kept must not be dropped in silence.
//
// Prefixes: dpv, pd, loc, tech, eu-gdpr, dct, dcat, schema, skos, rdf, and cb for the terms that
// DPV lacks. Terms that the DPV guide uses and DPV 2.3 does not have are read as what they
// stand for: docs/exchange.md lists them.
//
// Errors of reading; `at` is a byte offset for what is not JSON, else the number, from 1, of
// the process, event or party at fault, 0 if it is none of them:
//   invalid_encoding  not JSON
//   already_exists    a name given twice in one object
//   unknown_field     a member, term or prefix that is not known
//   unsupported       known, but this record cannot keep it: another legal basis than consent,
//                     nested processes, a purpose that is more than a term, remote contexts
//   missing_field     a field that 27560 makes mandatory is absent
//   wrong_type        a value of another type than the field's
//   invalid_value     not a time, not a duration, two ids that disagree
//   limit_exceeded    more than 32 levels, or more than 4096 processes
//
// Thread safety: values; the functions keep no state.
#ifndef CLIENTBOOK_EXCHANGE_CONSENT_RECORD_27560_HPP
#define CLIENTBOOK_EXCHANGE_CONSENT_RECORD_27560_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::iso27560 {

/// dpv:ConsentStatus.
enum class state : std::uint8_t {
  requested,
  deferred,
  refused,
  given,
  renewed,
  withdrawn,
  expired,
  revoked,      ///< By the controller.
  invalidated,  ///< By an authority.
  unknown
};

/// Whether a state permits processing; only given and renewed do.
constexpr bool permits(state of) noexcept { return of == state::given || of == state::renewed; }

struct event {
  state what = state::unknown;
  timestamp at{};
  std::optional<timestamp> until{};          ///< Where the consent ends; absent: without an end.
  indicated_by who = indicated_by::subject;  ///< A parent is read as a guardian.
  std::string method{};                      ///< How, in words or a reference; may be empty.
  friend bool operator==(const event&, const event&) = default;
};

/// One purpose, one recipient.
struct process {
  purpose_id purpose{};
  std::string recipient{};  ///< Id of a party.
  std::vector<category_id> data{};
  std::vector<operation_id> operations{};  ///< May be empty.
  consent_strength basis = consent_strength::expressed;
  std::vector<std::string> storage_locations{};  ///< `loc:DE`.
  std::string retention{};          ///< ISO 8601 duration, `P3Y`; of others also a day or an event.
  std::string jurisdiction{};       ///< `loc:EU`.
  std::string withdrawal_method{};  ///< Address or desk where consent is withdrawn.
  friend bool operator==(const process&, const process&) = default;
};

/// Who takes part. Names and addresses of organisations; a data subject is only an id.
struct party {
  std::string id{};
  recipient_id role{};  ///< A class: recipient::self for the controller, processor, third_party ...
  std::string name{};
  std::string address{};
  std::string contact{};  ///< An e-mail address.
  friend bool operator==(const party&, const party&) = default;
};

struct notice {
  std::string id{};
  std::string version{};
  std::string language{};
  std::string content_hash{};  ///< Hexadecimal; without it a consent is stored, never valid.
  std::string url{};           ///< May be empty.
  friend bool operator==(const notice&, const notice&) = default;
};

struct record {
  bool gdpr = true;  ///< Conforms to `#record-eu-gdpr`, else to `#record`.
  std::string id{};
  std::string subject{};  ///< A pseudonym.
  iso27560::notice notice{};
  std::string controller{};  ///< Id of a party.
  std::vector<process> processes{};
  std::vector<event> events{};  ///< Oldest first.
  std::vector<party> parties{};
  friend bool operator==(const record&, const record&) = default;
};

struct receipt {
  std::string id{};
  timestamp created{};
  iso27560::record record{};
  friend bool operator==(const receipt&, const receipt&) = default;
};

/// Errors: those above. `where`, if given, receives the member that is wrong or missing; it quotes
/// names of members, never values.
result<record> read_record(std::string_view json, std::string* where = nullptr);
result<receipt> read_receipt(std::string_view json, std::string* where = nullptr);

/// Errors: missing_field for a mandatory field that is empty (`at` as above), unknown_field for
/// an id that the vocabulary does not have, invalid_value for a recipient or controller that is
/// not among the parties.
result<std::string> write_record(const record& record);
result<std::string> write_receipt(const receipt& receipt);

/// A receipt that anybody can check who has the shop's public key: JWS compact serialisation
/// (RFC 7515) with Ed25519 (RFC 8037). Errors: those of write_receipt().
result<std::string> sign_receipt(const receipt& receipt, const crypto::signing_key& key);

/// Checks the signature before anything is read.
/// Errors: signature_invalid, invalid_encoding for what is not such a text, those of reading.
result<receipt> read_signed_receipt(std::string_view jws, const crypto::verifying_key& key);

}  // namespace clientbook::iso27560

#endif
