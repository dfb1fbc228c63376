// Erasing many, and what goes at the end of its time, in words, numbers and days.
#include <clientbook/base/hex.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/retention_json.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <limits>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

#include "named_customer.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

// By number; reasons begin with 1.
constexpr std::array<std::string_view, 5> reasons{"", "subject_request", "retention_end",
                                                  "unlawful", "other"};
constexpr std::array<std::string_view, 11> fates{
    "",         "erased",  "removed", "held",      "requested",  "kept_by_law",
    "in_items", "no_case", "damaged", "law_ended", "merge_ended"};
constexpr std::array<std::string_view, 3> ways_with_mentions{"ignored", "reported", "replaced"};

std::string time_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

result<law_kept_records> law_kept_of(std::string_view word) {
  if (word == "refuse") return law_kept_records::refuse;
  if (word == "elsewhere") return law_kept_records::elsewhere;
  if (word == "apart") return law_kept_records::apart;
  return error{errc::invalid_value, "what a law has kept is refuse, elsewhere or apart"};
}

// Whose fields they are, as due() says it, without the customer.
result<json::object> with_fields(field_set some, const schema& fields) {
  const retention_due what{.customer = {}, .fields = some};
  const auto said = due_to_json(std::span(&what, 1), fields);
  if (!said) return said.error();
  json::object out = json::parse(*said).as_array()[0].as_object();
  out.erase("customer");
  return out;
}

result<json::object> head_of(const retained_record& one, const schema& fields) {
  if (one.purpose == purpose_id()) {
    return json::object{{"id", hex<std::string>(one.id.bytes)}, {"damaged", true}};
  }
  auto out = with_fields(one.fields, fields);
  if (!out) return out.error();
  (*out)["id"] = hex<std::string>(one.id.bytes);
  const auto known = facts(one.purpose);
  (*out)["purpose"] = known ? known->name : std::string_view();
  (*out)["since"] = text_of(one.since);
  (*out)["until"] = text_of(one.until);
  (*out)["purchases"] = one.purchases;
  (*out)["directives"] = one.directives;
  return std::move(*out);
}

result<mentions_at_erasure> mentions_of(std::string_view word) {
  for (std::size_t i = 0; i < ways_with_mentions.size(); ++i) {
    if (ways_with_mentions[i] == word) return static_cast<mentions_at_erasure>(i);
  }
  return error{errc::invalid_value, "mentions are ignored, reported or replaced"};
}

}  // namespace

std::string_view name_of(erasure_reason reason) noexcept {
  const auto number = static_cast<std::size_t>(reason);
  return number < reasons.size() ? reasons[number] : std::string_view();
}

result<erasure_reason> erasure_reason_of(std::string_view word) {
  for (std::size_t i = 1; i < reasons.size(); ++i) {
    if (reasons[i] == word) return static_cast<erasure_reason>(i);
  }
  return error{errc::invalid_value,
               "a reason is subject_request, retention_end, unlawful or other"};
}

result<erasures_document> erasures_from_json(std::string_view text, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"customers", "reason", "mentions", "remembered_months", "law_kept", "law_kept_years"});
  erasures_document out;
  const json_node customers = from.required("customers");
  const std::size_t count = customers.size(max_erased_at_once);
  for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
    out.customers.push_back(customers.at(i).found(transfer::parse_customer));
  }
  const erasure_reason reason = from.required("reason").found(erasure_reason_of);
  if (const json_node mentions = from.member("mentions"); mentions.there()) {
    out.options.mentions = mentions.found(mentions_of);
  }
  out.options.remembered_months = static_cast<std::uint8_t>(
      from.member("remembered_months").integer(0, 255, out.options.remembered_months));
  if (const json_node kept = from.member("law_kept"); kept.there()) {
    out.options.law_kept = kept.found(law_kept_of);
  }
  out.options.law_kept_years =
      static_cast<std::uint8_t>(from.member("law_kept_years").integer(0, most_law_kept_years, 0));
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  out.reason = reason;
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> erasures_to_json(std::span<const customer_id> whose,
                                     std::span<const erasure> done,
                                     mentions_at_erasure mentions) try {
  std::string out = "[";
  for (std::size_t i = 0; i < done.size(); ++i) {
    const bool told = mentions != mentions_at_erasure::ignored;
    const auto one = erasure_to_json(done[i].receipt, told ? &done[i].mentions : nullptr);
    if (!one) return one.error();
    out.append(i == 0 ? "" : ",").append("{\"customer\":\"");
    out.append(hex<std::string>(whose[i].bytes)).append("\",").append(*one, 1);
  }
  return out + "]";
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::string_view name_of(retention_fate fate) noexcept {
  const auto number = static_cast<std::size_t>(fate);
  return number < fates.size() ? fates[number] : std::string_view();
}

result<retention_run> retention_run_from_json(std::string_view text, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"only_tell", "most", "from", "remembered_months"});
  retention_run out;
  if (from.member("only_tell").boolean(false)) out.mode = retention_mode::only_tell;
  out.most =
      static_cast<std::uint32_t>(from.member("most").integer(1, max_erased_at_once, out.most));
  out.from = static_cast<std::uint64_t>(
      from.member("from").integer(0, std::numeric_limits<std::int64_t>::max(), 0));
  out.remembered_months = static_cast<std::uint8_t>(
      from.member("remembered_months").integer(0, 255, out.remembered_months));
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<prune_document> prune_from_json(std::string_view text, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"before", "published", "only_tell"});
  prune_document out;
  out.before = from.required("before").found(parse_date);
  if (const json_node note = from.member("published"); note.there())
    out.published = std::string(note.text());
  if (from.member("only_tell").boolean(false)) out.mode = retention_mode::only_tell;
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> pruning_to_json(const pruning& done) try {
  json::array kept;
  for (const kept_from& one : done.kept) {
    kept.push_back({{"why", name_of(one.why)}, {"index", one.index}});
  }
  json::object out{{"from", done.from}, {"until", done.until},     {"first", nullptr},
                   {"last", nullptr},   {"kept", std::move(kept)}, {"more", done.more}};
  if (done.first.month != 0) {
    out["first"] = text_of(done.first);
    out["last"] = text_of(done.last);
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> retention_to_json(const retention_outcome& done, const schema& fields) try {
  std::string items = "[";
  std::vector<customer_id> gone;
  for (const retention_item& one : done.items) {
    // As due() tells whose fields they are.
    const retention_due what{.customer = one.customer, .fields = one.fields};
    const auto said = due_to_json(std::span(&what, 1), fields);
    if (!said) return said.error();
    items.append(items.size() == 1 ? "" : ",").append(*said, 1, said->size() - 3);
    items.append(",\"fate\":\"").append(name_of(one.fate)).append("\"}");
    if (one.fate == retention_fate::erased) gone.push_back(one.customer);
  }
  std::string receipts = "[";
  for (std::size_t i = 0; i < done.receipts.size(); ++i) {
    const auto one = erasure_to_json(done.receipts[i], nullptr);
    if (!one) return one.error();
    receipts.append(i == 0 ? "" : ",").append("{\"customer\":\"");
    receipts.append(hex<std::string>(gone[i].bytes)).append("\",").append(*one, 1);
  }
  return "{\"items\":" + items + "],\"receipts\":" + receipts +
         "],\"next\":" + std::to_string(done.next) + "}";
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<hold_document> hold_from_json(std::string_view text, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"reason", "reference", "until"});
  hold_document out;
  out.reason = from.required("reason").text();
  out.reference = from.member("reference").text();
  if (const json_node until = from.member("until"); until.there()) {
    out.until = until.found([](std::string_view day) -> result<timestamp> {
      const auto end = parse_timestamp(day);
      // To new_hold that is no end at all.
      if (end && *end == timestamp{}) {
        return error{errc::invalid_value, "a legal hold does not end in the past"};
      }
      return end;
    });
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> holds_to_json(std::span<const held_customer> all) try {
  json::array out;
  for (const auto& [whose, hold] : all) {
    if (hold.number == 0) {
      out.push_back({{"customer", hex<std::string>(whose.bytes)}, {"damaged", true}});
      continue;
    }
    json::object one{{"customer", hex<std::string>(whose.bytes)},
                     {"number", hold.number},
                     {"reason", hold.reason},
                     {"reference", hold.reference},
                     {"by", hold.placed_by.value},
                     {"at", time_of(hold.placed_at)},
                     {"until", nullptr}};
    if (hold.until != timestamp{}) one["until"] = time_of(hold.until);
    out.push_back(std::move(one));
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> retained_to_json(std::span<const retained_record> all,
                                     const schema& fields) try {
  json::array out;
  for (const retained_record& one : all) {
    auto head = head_of(one, fields);
    if (!head) return head.error();
    out.push_back(std::move(*head));
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> retained_to_json(const retained_content& one, session& in) try {
  const auto head = head_of(one.about, in.fields());
  if (!head) return head.error();
  const auto record = record_to_json(one.record.view(), in.fields());
  if (!record) return record.error();
  const auto items = items_to_json(one.purchases, field_type::purchase);
  if (!items) return items.error();
  const auto said = directives_to_json(one.directives, in);
  if (!said) return said.error();
  const std::string about = json::serialize(*head);
  wiped_text out(about.begin(), about.end() - 1);
  out.append(",\"ledger_index\":").append(std::to_string(one.ledger_index));
  out.append(",\"record\":").append(*record);
  out.append(",\"bought\":").append(*items);
  out.append(",\"said\":").append(*said).append("}");
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
