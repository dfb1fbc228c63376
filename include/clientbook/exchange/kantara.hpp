// Consent receipts of the Kantara Initiative, version 1.1 (KI-CR-v1.1.0): JSON, read as
// evidence and written on request.
//
// The format has no end of validity, no withdrawal, no signature, and its purposes are free
// text. So a receipt makes no directive by itself: it is kept as evidence (its bytes hashed),
// and whoever imports it says under which notice and for which purposes it counts.
//
// Errors of reading; `at` is a byte offset for what is not JSON, else the number of the
// service, from 1, or 0:
//   invalid_encoding, already_exists   as in JSON: a comment, a name given twice
//   unsupported     another version
//   unknown_field   a member that version 1.1 does not have
//   missing_field   a member that it demands
//   wrong_type      a value of another type
//   invalid_value   a time before 1970; a third party named although nothing is disclosed
//
// Thread safety: values; the functions keep no state.
#ifndef CLIENTBOOK_EXCHANGE_KANTARA_HPP
#define CLIENTBOOK_EXCHANGE_KANTARA_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace clientbook::kantara {

struct controller {
  std::string name{};     ///< piiController
  std::string contact{};  ///< The person or desk.
  std::string address{};  ///< As JSON where the receipt holds an object.
  std::string email{};
  std::string phone{};
  bool on_behalf = false;
  friend bool operator==(const controller&, const controller&) = default;
};

struct purpose {
  std::string text{};
  std::string consent_type{};  ///< EXPLICIT
  std::vector<std::string> purpose_categories{};
  std::vector<std::string> data_categories{};  ///< piiCategory
  bool primary = false;
  std::string termination{};  ///< Free text.
  bool third_party_disclosure = false;
  std::string third_party_name{};  ///< Empty unless disclosed.
  friend bool operator==(const purpose&, const purpose&) = default;
};

struct service {
  std::string name{};
  std::vector<kantara::purpose> purposes{};
  friend bool operator==(const service&, const service&) = default;
};

struct receipt {
  std::string jurisdiction{};
  timestamp given_at{};
  std::string collection_method{};
  std::string id{};
  std::string public_key{};
  std::string language{};
  std::string subject{};  ///< piiPrincipalId
  std::vector<controller> controllers{};
  std::string policy_url{};
  std::vector<service> services{};
  bool sensitive = false;
  std::vector<std::string> sensitive_categories{};  ///< spiCat
  friend bool operator==(const receipt&, const receipt&) = default;
};

result<receipt> read(std::string_view json);
result<std::string> write(const receipt& receipt);

}  // namespace clientbook::kantara

#endif
