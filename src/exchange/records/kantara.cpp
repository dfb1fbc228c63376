// Kantara consent receipts 1.1, read as evidence and written on request.
//
// Their purposes are free text, so a receipt makes no directive by itself; what is read is what the
// format demands, and nothing is repaired. The first failure is kept, without its value.
#include <clientbook/exchange/kantara.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>
#include <optional>
#include <span>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <clientbook/internal/exchange/json.hpp>

namespace clientbook::kantara {
namespace {

namespace json = boost::json;

constexpr std::string_view version = "KI-CR-v1.1.0";

// The first failure is kept, and every step after it is idle.
class reader {
 public:
  const std::optional<error>& failure() const noexcept { return failure_; }
  void place(std::size_t number) noexcept { place_ = number; }
  void fail(errc code, literal text) {
    if (!failure_) failure_ = error{code, text, place_};
  }

  const json::object* object(const json::value& value, std::span<const std::string_view> known) {
    if (!value.is_object()) {
      fail(errc::wrong_type, "want a JSON object");
      return nullptr;
    }
    for (const auto& member : value.get_object()) {
      if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
        fail(errc::unknown_field, "a member that version 1.1 does not have");
        return nullptr;
      }
    }
    return &value.get_object();
  }

  std::string optional_text(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(std::string_view(value->get_string()));
    fail(errc::wrong_type, "want a string");
    return {};
  }

  std::string text(const json::object& from, std::string_view name) {
    std::string found = optional_text(from, name);
    if (found.empty()) fail(errc::missing_field, "a mandatory member is absent");
    return found;
  }

  // Which must be there, be it to say that there is none.
  std::string given_text(const json::object& from, std::string_view name) {
    if (from.if_contains(name) == nullptr) {
      fail(errc::missing_field, "a mandatory member is absent");
    }
    return optional_text(from, name);
  }

  bool flag(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return false;
    if (!value->is_bool()) fail(errc::wrong_type, "want true or false");
    return value->is_bool() && value->get_bool();
  }

  bool needed_flag(const json::object& from, std::string_view name) {
    if (from.if_contains(name) == nullptr) {
      fail(errc::missing_field, "a mandatory member is absent");
    }
    return flag(from, name);
  }

  std::span<const json::value> list(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return {};
    if (!value->is_array()) {
      fail(errc::wrong_type, "want an array");
      return {};
    }
    return {value->get_array().data(), value->get_array().size()};
  }

  std::span<const json::value> needed_list(const json::object& from, std::string_view name) {
    const auto found = list(from, name);
    if (found.empty()) fail(errc::missing_field, "a mandatory member is absent");
    return found;
  }

  std::vector<std::string> texts(std::span<const json::value> values) {
    std::vector<std::string> found;
    for (const json::value& value : values) {
      if (value.is_string()) {
        found.emplace_back(std::string_view(value.get_string()));
      } else {
        fail(errc::wrong_type, "want a string");
      }
    }
    return found;
  }

 private:
  std::optional<error> failure_;
  std::size_t place_ = 0;
};

controller read_controller(reader& in, const json::value& value) {
  constexpr std::string_view members[] = {"piiController", "onBehalf", "contact",
                                          "address",       "email",    "phone"};
  controller made;
  const json::object* from = in.object(value, members);
  if (from == nullptr) return made;
  made.name = in.text(*from, "piiController");
  made.contact = in.given_text(*from, "contact");
  const auto* address = from->if_contains("address");
  if (address != nullptr && address->is_object()) {
    made.address = json::serialize(*address);
  } else {
    made.address = in.given_text(*from, "address");
  }
  made.email = in.given_text(*from, "email");
  made.phone = in.given_text(*from, "phone");
  made.on_behalf = in.flag(*from, "onBehalf");
  return made;
}

purpose read_purpose(reader& in, const json::value& value) {
  constexpr std::string_view members[] = {
      "purpose",        "consentType", "purposeCategory",      "piiCategory",
      "primaryPurpose", "termination", "thirdPartyDisclosure", "thirdPartyName"};
  purpose made;
  const json::object* from = in.object(value, members);
  if (from == nullptr) return made;
  made.text = in.optional_text(*from, "purpose");
  made.consent_type = in.text(*from, "consentType");
  made.purpose_categories = in.texts(in.needed_list(*from, "purposeCategory"));
  made.data_categories = in.texts(in.needed_list(*from, "piiCategory"));
  made.primary = in.flag(*from, "primaryPurpose");
  made.termination = in.text(*from, "termination");
  made.third_party_disclosure = in.needed_flag(*from, "thirdPartyDisclosure");
  made.third_party_name = in.optional_text(*from, "thirdPartyName");
  if (made.third_party_disclosure && made.third_party_name.empty()) {
    in.fail(errc::missing_field, "disclosure to a third party that is not named");
  }
  if (!made.third_party_disclosure && !made.third_party_name.empty()) {
    in.fail(errc::invalid_value, "a third party named although nothing is disclosed");
  }
  return made;
}

service read_service(reader& in, const json::value& value) {
  constexpr std::string_view members[] = {"service", "purposes"};
  service made;
  const json::object* from = in.object(value, members);
  if (from == nullptr) return made;
  made.name = in.text(*from, "service");
  for (const json::value& each : in.needed_list(*from, "purposes")) {
    made.purposes.push_back(read_purpose(in, each));
  }
  return made;
}

json::array array_of(const std::vector<std::string>& texts) {
  json::array made;
  for (const std::string& text : texts) made.push_back(json::string(text));
  return made;
}

json::object object_of(const purpose& from) {
  json::object made;
  if (!from.text.empty()) made["purpose"] = from.text;
  made["consentType"] = from.consent_type;
  made["purposeCategory"] = array_of(from.purpose_categories);
  made["piiCategory"] = array_of(from.data_categories);
  made["primaryPurpose"] = from.primary;
  made["termination"] = from.termination;
  made["thirdPartyDisclosure"] = from.third_party_disclosure;
  if (from.third_party_disclosure) made["thirdPartyName"] = from.third_party_name;
  return made;
}

json::object object_of(const controller& from) {
  json::object made;
  made["piiController"] = from.name;
  if (from.on_behalf) made["onBehalf"] = true;
  made["contact"] = from.contact;
  const auto address = exchange::read_json(from.address);
  if (address && address->is_object()) {
    made["address"] = *address;
  } else {
    made["address"] = from.address;
  }
  made["email"] = from.email;
  made["phone"] = from.phone;
  return made;
}

}  // namespace

result<receipt> read(std::string_view text) try {
  const auto document = exchange::read_json(text);
  if (!document) return document.error();
  constexpr std::string_view members[] = {"version",
                                          "jurisdiction",
                                          "consentTimestamp",
                                          "collectionMethod",
                                          "consentReceiptID",
                                          "publicKey",
                                          "language",
                                          "piiPrincipalId",
                                          "piiControllers",
                                          "policyUrl",
                                          "services",
                                          "sensitive",
                                          "spiCat"};
  reader in;
  receipt made;
  if (const json::object* from = in.object(*document, members)) {
    if (in.text(*from, "version") != version) {
      in.fail(errc::unsupported, "a consent receipt of another version");
    }
    made.jurisdiction = in.text(*from, "jurisdiction");
    const auto* given = from->if_contains("consentTimestamp");
    if (given == nullptr) {
      in.fail(errc::missing_field, "a mandatory member is absent");
    } else if (!given->is_int64()) {
      in.fail(errc::wrong_type, "want a time in whole seconds");
    } else if (given->get_int64() < 0) {
      in.fail(errc::invalid_value, "a time before 1970");
    } else {
      made.given_at = {given->get_int64()};
    }
    made.collection_method = in.text(*from, "collectionMethod");
    made.id = in.text(*from, "consentReceiptID");
    made.public_key = in.optional_text(*from, "publicKey");
    made.language = in.optional_text(*from, "language");
    made.subject = in.text(*from, "piiPrincipalId");
    for (const json::value& each : in.needed_list(*from, "piiControllers")) {
      made.controllers.push_back(read_controller(in, each));
    }
    made.policy_url = in.text(*from, "policyUrl");
    std::size_t number = 0;
    for (const json::value& each : in.needed_list(*from, "services")) {
      in.place(++number);
      made.services.push_back(read_service(in, each));
    }
    in.place(0);
    made.sensitive = in.needed_flag(*from, "sensitive");
    made.sensitive_categories = in.texts(in.list(*from, "spiCat"));
  }
  if (in.failure()) return *in.failure();
  return made;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> write(const receipt& from) try {
  json::object made;
  made["version"] = version;
  made["jurisdiction"] = from.jurisdiction;
  made["consentTimestamp"] = from.given_at.seconds;
  made["collectionMethod"] = from.collection_method;
  made["consentReceiptID"] = from.id;
  if (!from.public_key.empty()) made["publicKey"] = from.public_key;
  if (!from.language.empty()) made["language"] = from.language;
  made["piiPrincipalId"] = from.subject;
  json::array controllers;
  for (const controller& each : from.controllers) controllers.push_back(object_of(each));
  made["piiControllers"] = std::move(controllers);
  made["policyUrl"] = from.policy_url;
  json::array services;
  for (const service& each : from.services) {
    json::array purposes;
    for (const purpose& one : each.purposes) purposes.push_back(object_of(one));
    services.push_back(json::object{{"service", each.name}, {"purposes", std::move(purposes)}});
  }
  made["services"] = std::move(services);
  made["sensitive"] = from.sensitive;
  made["spiCat"] = array_of(from.sensitive_categories);
  std::string text = json::serialize(made);
  // Nothing is written that would not be read: a mandatory member was left empty.
  if (const auto again = read(text); !again) return again.error();
  return text;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook::kantara
