// Free text as JSON: one note in, its finds or its redacted text with a receipt out.
//
// Relies on the scanner for everything that is found. Options are read strictly, as a misspelt one
// would leave something in the open; an answer holds no value but what the redacted text still
// shows.
#include <clientbook/exchange/text_json.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <clientbook/base/hex.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/scanner/known_values.hpp>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <vector>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

constexpr std::size_t most_known = 1000;

result<known_kind> known_kind_of(std::string_view name) {
  if (name == "name") return known_kind::name;
  if (name == "email") return known_kind::email;
  if (name == "phone") return known_kind::phone;
  if (name == "text" || name == "address" || name == "id") return known_kind::text;
  return error{errc::unknown_field, "no such kind of a known value"};
}

result<text_form> known_form_of(std::string_view name) {
  if (const auto form = text_form_of(name)) return *form;
  return error{errc::unknown_field, "no such form of a text"};
}

// A note of a document; refers to the document.
class text_case {
 public:
  void read(const json_node& from, const scan_options& options) {
    from.only({"id", "text", "regions", "form", "known"});
    read_id(from.required("id"));
    text_ = from.required("text").text();
    if (from.member("form").there()) form_ = from.member("form").found(known_form_of);
    read_regions(from.member("regions"), options.regions);
    read_known(from.member("known"));
  }

  std::string_view text() const { return text_; }
  text_form form() const { return form_; }
  scan_options with_own(scan_options options) const {
    options.regions = regions();
    options.known = known_ ? &*known_ : nullptr;
    return options;
  }

  json::object answer() const {
    json::object out{{"id", id_}};
    if (!refused_.empty()) out["known_refused"] = refused_;
    return out;
  }

 private:
  std::span<const std::string_view> regions() const {
    return std::span(regions_).first(regions_used_);
  }

  void read_id(const json_node& from) {
    const json::value* value = from.value();
    if (value == nullptr) return;
    if (!value->is_string() && !value->is_int64() && !value->is_uint64()) {
      return from.fail({errc::wrong_type, "an id is a text or a whole number"});
    }
    id_ = *value;
  }

  void read_regions(const json_node& from, std::span<const std::string_view> otherwise) {
    regions_used_ = from.there() ? from.size(max_scan_regions) : otherwise.size();
    for (std::size_t i = 0; i < from.size(max_scan_regions); ++i) {
      regions_[i] = from.at(i).text();
      if (from.failed()) return;
      if (const auto good = validate_country(regions_[i]); !good) {
        return from.at(i).fail(good.error());
      }
    }
    if (!from.there()) std::copy(otherwise.begin(), otherwise.end(), regions_.begin());
  }

  void read_known(const json_node& from) {
    const std::size_t count = from.size(most_known);
    if (count == 0) return;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const json_node one = from.at(i);
      one.only({"kind", "value"});
      (void)one.required("kind").found(known_kind_of);
      bytes += one.required("value").text().size();
    }
    if (from.failed()) return;
    memory_.resize(known_values_memory(count, bytes));
    known_.emplace(memory_);
    for (std::size_t i = 0; i < count; ++i) {
      const json_node one = from.at(i);
      const auto added =
          known_->add(one.member("kind").found(known_kind_of), one.member("value").text());
      if (added) continue;
      if (added.error().code != errc::invalid_value) return one.fail(added.error());
      refused_.push_back(i);
    }
  }

  json::value id_;
  std::string_view text_;
  text_form form_ = text_form::sniffed;
  std::array<std::string_view, max_scan_regions> regions_;
  std::size_t regions_used_ = 0;
  std::vector<std::byte> memory_;
  std::optional<known_values> known_;
  json::array refused_;
};

// Reads the document and answers it; `answered` gets the note and the object that it fills.
template <class Answered>
result<std::string> answer(std::string_view document, const scan_options& options,
                           std::string& where, Answered&& answered) {
  where.clear();
  if (options.regions.size() > max_scan_regions) {
    return error{errc::invalid_argument, "too many regions", max_scan_regions};
  }
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  json_failure failure;
  text_case note;
  note.read(json_node(&*value, "", failure), options);
  if (failure.happened()) {
    where = std::move(failure.where);
    return failure.what;
  }
  json::object out = note.answer();
  const result<void> done = answered(note, out);
  if (done) return json::serialize(out);
  where = "/text";
  return done.error();
}

json::object object_of(const redaction_receipt& receipt, const text_redaction_options& options) {
  json::object hidden;
  for (std::size_t i = 0; i < entity_types; ++i) {
    if (receipt.hidden[i] != 0)
      hidden[name_of(entity_type{static_cast<std::uint8_t>(i)})] = receipt.hidden[i];
  }
  return {{"rules", receipt.rules_version},
          {"policy", hex<std::string>(policy_digest(options))},
          {"hidden", hidden},
          {"bytes_in", receipt.bytes_in},
          {"bytes_hidden", receipt.bytes_hidden}};
}

json::object object_of(const form_find& found) {
  json::object out{{"begin", found.begin},
                   {"end", found.end},
                   {"type", name_of(found.type)},
                   {"score", found.score},
                   {"rule", name_of(found.rule)}};
  if (found.goes_on) out["goes_on"] = true;
  return out;
}

const char* name_of(text_mark mark) {
  switch (mark) {
    case text_mark::label:
      return "label";
    case text_mark::numbered_label:
      return "numbered";
    case text_mark::blocks:
      return "blocks";
  }
  return "";
}

}  // namespace

result<std::string> scan_json(std::string_view document, const scan_options& options,
                              std::string& where) try {
  return answer(document, options, where,
                [&](const text_case& note, json::object& out) -> result<void> {
                  form_options how;
                  how.text.scan = note.with_own(options);
                  how.form = note.form();
                  const auto found = scan_form(note.text(), how);
                  if (!found) return found.error();
                  json::array spans;
                  for (const form_find& one : *found) spans.push_back(object_of(one));
                  out["spans"] = std::move(spans);
                  return {};
                });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> redact_json(std::string_view document, const text_redaction_options& options,
                                std::string& where) try {
  return answer(
      document, options.scan, where, [&](const text_case& note, json::object& out) -> result<void> {
        form_options own;
        own.text = options;
        own.text.scan = note.with_own(options.scan);
        own.form = note.form();
        std::string text;
        const text_sink sink{
            [](void* to, std::string_view part) { static_cast<std::string*>(to)->append(part); },
            &text};
        form_redactor redactor(own);
        if (const auto written = redactor.write(note.text(), sink); !written) {
          return written;
        }
        const auto receipt = redactor.finish(sink);
        if (!receipt) return receipt.error();
        out["text"] = text;
        out["receipt"] = object_of(*receipt, own.text);
        return {};
      });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::string find_json(const form_find& found) { return json::serialize(object_of(found)); }

std::string receipt_json(const redaction_receipt& receipt, const text_redaction_options& options) {
  return json::serialize(object_of(receipt, options));
}

std::string policy_text(const text_redaction_options& options) {
  const scan_options& what = options.scan;
  std::string out = "clientbook text policy 1\nrules " + std::to_string(scan_rules_version);
  out += "\ntypes";
  for (std::size_t i = 0; i < entity_types; ++i) {
    const entity_type type{static_cast<std::uint8_t>(i)};
    if (what.types.contains(type)) (out += ' ') += name_of(type);
  }
  out += "\nregions";
  std::vector<std::string_view> regions(what.regions.begin(), what.regions.end());
  std::sort(regions.begin(), regions.end());
  regions.erase(std::unique(regions.begin(), regions.end()), regions.end());
  for (const std::string_view one : regions) (out += ' ') += one;
  out += what.cards == card_reading::cautious ? "\ncards cautious" : "\ncards checked";
  out += what.dates == date_reading::all ? "\ndates all" : "\ndates birth";
  out += what.emails == email_reading::obfuscated ? "\nemails obfuscated" : "\nemails written";
  out += what.urls == url_reading::path_and_query ? "\nurls path_and_query" : "\nurls whole";
  return out + "\nmark " + name_of(options.mark) + "\n";
}

crypto::digest policy_digest(const text_redaction_options& options) {
  return crypto::hash(as_bytes(policy_text(options)));
}

}  // namespace clientbook
