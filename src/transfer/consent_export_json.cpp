// Consent records, receipts and signals of what a customer said, asked for in words.
#include <clientbook/base/hex.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/transfer/consent_export_json.hpp>
#include <clientbook/transfer/export_consents.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <limits>

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

enum class form : std::uint8_t { none, record, receipt, kantara, gpp };

result<form> form_of(std::string_view word) {
  if (word == "27560") return form::record;
  if (word == "receipt") return form::receipt;
  if (word == "kantara") return form::kantara;
  if (word == "gpp") return form::gpp;
  return error{errc::invalid_value, "a consent is exported as 27560, receipt, kantara or gpp"};
}

struct asked {
  form as = form::none;
  std::uint32_t directive = 0;
  gpp_section section{};
  consent_record_options details;
};

void take(const json_node& from, std::string_view name, std::string& to) {
  if (const json_node given = from.member(name); given.there()) to = std::string(given.text());
}

asked request_of(const json_node& from) {
  from.only({"format", "directive", "section", "controller", "address", "contact",
             "notice_language", "notice_url", "jurisdiction", "storage_location", "retention",
             "withdrawal_method"});
  asked out;
  out.as = from.required("format").found(form_of);
  out.directive = static_cast<std::uint32_t>(
      from.member("directive").integer(0, std::numeric_limits<std::uint32_t>::max()));
  if (out.as == form::gpp) {
    const json_node section = from.member("section");
    out.section = section.there() ? section.found(find_gpp_section) : gpp_section::usnat;
  }
  take(from, "controller", out.details.controller);
  take(from, "address", out.details.address);
  take(from, "contact", out.details.contact);
  take(from, "notice_language", out.details.notice_language);
  take(from, "notice_url", out.details.notice_url);
  take(from, "jurisdiction", out.details.jurisdiction);
  take(from, "storage_location", out.details.storage_location);
  take(from, "retention", out.details.retention);
  take(from, "withdrawal_method", out.details.withdrawal_method);
  return out;
}

result<json::object> export_of(session& from, const customer_id& id, const asked& what) {
  json::object out;
  const auto put = [&](const result<std::string>& text) -> result<json::object> {
    if (!text) return text.error();
    out["text"] = *text;
    return std::move(out);
  };
  if (what.as == form::gpp) return put(export_gpp(from, id, what.section));
  if (what.as == form::record) {
    const auto record = export_consent_record(from, id, what.directive, what.details);
    if (!record) return record.error();
    return put(iso27560::write_record(*record));
  }
  if (what.as == form::kantara) {
    const auto receipt = export_kantara_receipt(from, id, what.directive, what.details);
    if (!receipt) return receipt.error();
    return put(kantara::write(*receipt));
  }
  const auto receipt = export_consent_receipt(from, id, what.directive, what.details);
  if (!receipt) return receipt.error();
  out["key"] = hex<std::string>(receipt->key);
  return put(receipt->text);
}

}  // namespace

result<std::string> export_consent_json(std::string_view request, session& from,
                                        const customer_id& id, std::string& where) try {
  where.clear();
  const auto value = exchange::read_json(request);
  if (!value) return value.error();
  json_failure failure;
  const json_node document(&*value, "", failure);
  const asked what = request_of(document);
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  auto out = export_of(from, id, what);
  if (!out) return out.error();
  (*out)["format"] = document.member("format").text();
  return json::serialize(*out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
