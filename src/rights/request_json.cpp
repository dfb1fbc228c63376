// Requests as JSON.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/rights/request_json.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include "answering.hpp"
#include "json_parts.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;
using rights::names_of;
using rights::or_null;
using rights::text_of;
using transfer::wiped_memory;
using transfer::written;

json::array recipients_of(const request_record& of, const schema& fields) {
  json::array out;
  for (const request_recipient& one : of.recipients) {
    const auto known = facts(one.party_class);
    out.push_back({{"recipient", one.name},
                   {"recipient_class", known ? known->name : std::string_view()},
                   {"fields", names_of(one.fields, fields)},
                   {"to_do", name_of(duty_after(of.kind))},
                   {"state", name_of(one.state)},
                   {"on", or_null(one.on)},
                   {"acknowledged", or_null(one.acknowledged)}});
  }
  return out;
}

json::array stays_of(const request_record& of, const schema& fields) {
  json::array out;
  for (const request_stay& one : of.stays) {
    const auto why = facts(one.purpose);
    out.push_back({{"place", name_of(one.place)},
                   {"purpose", why ? json::value(why->name) : json::value(nullptr)},
                   {"fields", names_of(one.fields, fields)},
                   {"until", or_null(one.until)}});
  }
  return out;
}

void add_words(json::object& to, const request_words& words, const schema& fields) {
  for (const auto& [name, text] : {std::pair{"reference", &words.reference},
                                   {"identity", &words.identity},
                                   {"extension", &words.extension},
                                   {"reason", &words.reason}}) {
    if (!text->empty()) to[name] = json::string_view(text->data(), text->size());
  }
  if (words.before.empty() && words.after.empty()) return;
  to["before"] = names_of(words.before, fields);
  to["after"] = names_of(words.after, fields);
}

json::object object_of(const request_record& one, const schema& fields, const date& today) {
  json::object out(wiped_memory());
  out["number"] = one.number;
  out["kind"] = name_of(one.kind);
  out["state"] = name_of(one.state);
  out["channel"] = name_of(one.channel);
  out["customer"] = one.customer == customer_id{}
                        ? json::value(nullptr)
                        : json::value(hex<std::string>(one.customer.bytes));
  out["case"] = one.case_number == 0 ? json::value(nullptr) : json::value(one.case_number);
  out["received"] = text_of(one.received);
  out["confirm_by"] = or_null(one.due.confirm);
  out["answer_by"] = text_of(one.answer_by());
  out["may_extend_to"] = text_of(one.due.extended);
  out["law"] = one.law;
  out["days_left"] = is_open(one.state) ? json::value(days_left(one, today)) : nullptr;
  out["confirmed_at"] = or_null(one.confirmed_at);
  out["opened_at"] = text_of(one.opened_at);
  out["opened_by"] = one.opened_by.value;
  out["identified_at"] = or_null(one.identified_at);
  if (one.identified_at != timestamp{}) out["identified_by"] = one.identified_by.value;
  out["extended_at"] = or_null(one.extended_at);
  out["done_at"] = or_null(one.done_at);
  if (one.done_at != timestamp{}) out["done_by"] = one.done_by.value;
  out["ledger_index"] = one.ledger_index ? json::value(*one.ledger_index) : json::value(nullptr);
  out["ended_at"] = or_null(one.ended_at);
  if (one.ended_at != timestamp{}) out["ended_by"] = one.ended_by.value;
  out["listed_at"] = or_null(one.listed_at);
  out["recipients"] = recipients_of(one, fields);
  if (!one.stays.empty()) out["stays"] = stays_of(one, fields);
  add_words(out, one.words, fields);
  return out;
}

// A document, read; what was wrong in it first.
class document {
 public:
  document(const json::value& tree, std::initializer_list<std::string_view> members)
      : root_(&tree, "", failure_) {
    root_.only(members);
  }
  const json_node& root() const noexcept { return root_; }
  result<void> read(std::string& where) const {
    if (!failure_.happened()) return {};
    where = failure_.where;
    return failure_.what;
  }

 private:
  json_failure failure_;
  json_node root_;
};

result<field_set> fields_named(const json_node& all, const schema& known) {
  field_set out;
  for (std::size_t i = 0; i < all.size(max_fields) && !all.failed(); ++i) {
    out.add(all.at(i).found([&](std::string_view key) -> result<field_id> {
      const auto definition = known.find(key);
      if (!definition) return definition.error();
      return definition->number;
    }));
  }
  return out;
}

listed_recipient listed_of(const json_node& root, const char* name) {
  listed_recipient out{.name = root.member(name).text()};
  if (const json_node named = root.member("class"); named.there()) {
    out.party_class = named.found(find_recipient_class);
  }
  return out;
}

result<law_kept_records> law_kept_of(std::string_view word) noexcept {
  if (word == "refuse") return law_kept_records::refuse;
  if (word == "elsewhere") return law_kept_records::elsewhere;
  if (word == "apart") return law_kept_records::apart;
  return error{errc::invalid_value, "what a law has the shop keep: refuse, elsewhere, or apart"};
}

result<mentions_at_erasure> mentions_of(std::string_view word) noexcept {
  if (word == "ignored") return mentions_at_erasure::ignored;
  if (word == "reported") return mentions_at_erasure::reported;
  if (word == "replaced") return mentions_at_erasure::replaced;
  return error{errc::invalid_value, "notes of others: ignored, reported, or replaced"};
}

}  // namespace

std::int64_t days_left(const request_record& of, const date& today) noexcept {
  return days_since_epoch(of.answer_by()) - days_since_epoch(today);
}

result<wiped_text> request_to_json(const request_record& one, const schema& fields,
                                   const date& today) try {
  return written(object_of(one, fields, today));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> requests_to_json(std::span<const request_record> all, const schema& fields,
                                    const date& today) try {
  json::array out(wiped_memory());
  for (const request_record& one : all) out.push_back(object_of(one, fields, today));
  return written(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

// Where a law says by when to confirm that a request came in, and nobody has noted that it was.
std::optional<std::pair<std::int64_t, std::string>> to_confirm(const request_record& of,
                                                               const date& today) {
  if (of.due.confirm.month == 0 || of.confirmed_at != timestamp{}) return std::nullopt;
  const std::int64_t left = days_since_epoch(of.due.confirm) - days_since_epoch(today);
  return std::pair(left, (left < 0 ? " was to be confirmed by " : " is to be confirmed by ") +
                             text_of(of.due.confirm) + (left < 0 ? ": overdue" : ""));
}

}  // namespace

std::vector<std::string> request_reminders(std::span<const request_record> all, const date& today,
                                           int within_days) {
  std::vector<std::pair<std::int64_t, std::string>> due;
  for (const request_record& one : all) {
    const std::string name =
        "request " + std::to_string(one.number) + " (" + std::string(name_of(one.kind)) + ")";
    if (is_open(one.state)) {
      if (auto line = to_confirm(one, today); line && line->first <= within_days) {
        due.emplace_back(line->first, name + line->second);
      }
      const std::int64_t left = days_left(one, today);
      if (left > within_days) continue;
      due.emplace_back(left, name +
                                 (left < 0 ? " was to be answered by " : " is to be answered by ") +
                                 text_of(one.answer_by()) + (left < 0 ? ": overdue" : "") + " [" +
                                 one.law + "]");
    } else if (one.state == request_state::done) {
      due.emplace_back(within_days, name + " is done and not closed");
    }
  }
  std::stable_sort(due.begin(), due.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (auto& [left, line] : due) out.push_back(std::move(line));
  return out;
}

namespace {

recipient_telling telling_of(const json_node& root) {
  recipient_telling out{.who = listed_of(root, "tell")};
  if (const json_node note = root.member("acknowledgement"); note.there()) {
    out.acknowledgement = note.text();
    if (out.acknowledgement.empty()) {
      note.fail({errc::invalid_encoding, "it is empty: nobody has acknowledged anything"});
    }
  }
  if (const json_node named = root.member("state"); named.there()) {
    out.state = named.found(find_told_state);
  }
  return out;
}

// What is told of a recipient takes further members; no other step does.
bool is_one_step(const json_node& root, std::size_t members) {
  std::size_t further = 0;
  for (const char* one : {"class", "state", "acknowledgement"}) {
    if (root.member(one).there()) ++further;
  }
  const bool both = root.member("state").there() && root.member("acknowledgement").there();
  return members == 1 + further && !both && (further == 0 || root.member("tell").there());
}

}  // namespace

result<std::string> recipient_notice_json(std::string_view text, session& in, std::uint32_t number,
                                          std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(text, wiped_memory());
  if (!tree) return tree.error();
  const document said(*tree, {"recipient", "class", "reference"});
  const listed_recipient who = listed_of(said.root(), "recipient");
  const std::string_view reference = said.root().member("reference").text();
  if (who.name.empty()) said.root().required("recipient");
  if (auto read = said.read(where); !read) return read.error();
  return in.recipient_notice(number, who, reference);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::uint32_t> open_request_json(std::string_view text, session& in, const customer_id& id,
                                        std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(text, wiped_memory());
  if (!tree) return tree.error();
  const document said(*tree,
                      {"kind", "received", "channel", "reference", "identity", "next_working_day"});
  const json_node& root = said.root();
  new_request what;
  what.kind = root.required("kind").found(find_request_kind);
  what.received = root.required("received").found(parse_date);
  if (const json_node channel = root.member("channel"); channel.there()) {
    what.channel = channel.found(find_request_channel);
  }
  what.reference = root.member("reference").text();
  what.identity = root.member("identity").text();
  if (root.member("next_working_day").boolean(false)) what.end = end_of_period::next_working_day;
  if (auto read = said.read(where); !read) return read.error();
  return in.open_request(id, what);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<void> change_request_json(std::string_view text, session& in, std::uint32_t number,
                                 std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(text, wiped_memory());
  if (!tree) return tree.error();
  const document said(*tree, {"identity", "extend", "refuse", "withdraw", "close", "list", "tell",
                              "class", "state", "acknowledgement", "confirm"});
  const json_node& root = said.root();
  const std::string_view identity = root.member("identity").text();
  const std::string_view extend = root.member("extend").text();
  const std::string_view refuse = root.member("refuse").text();
  const bool withdraw = root.member("withdraw").boolean(false);
  const bool close = root.member("close").boolean(false);
  const bool list = root.member("list").boolean(false);
  const bool confirm = root.member("confirm").boolean(false);
  const recipient_telling tell = telling_of(root);
  if (auto read = said.read(where); !read) return read;
  if (!is_one_step(root, tree->as_object().size())) {
    return error{errc::invalid_argument, "one step of a request at a time"};
  }
  if (root.member("identity").there()) return in.identify_request(number, identity);
  if (root.member("extend").there()) return in.extend_request(number, extend);
  if (root.member("refuse").there()) return in.refuse_request(number, refuse);
  if (root.member("tell").there()) return in.tell_recipient(number, tell);
  if (withdraw) return in.withdraw_request(number);
  if (close) return in.close_request(number);
  if (confirm) return in.confirm_request(number);
  if (!list) return error{errc::invalid_argument, "one step of a request at a time"};
  const auto listed = in.list_recipients(number);
  return listed ? result<void>() : listed.error();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> receipt_to_json(const request_answer& answer) {
  if (!answer.erased) return error{errc::not_found, "nobody was erased"};
  const bool told = answer.mentions != mentions_at_erasure::ignored;
  return erasure_to_json(answer.erased->receipt, told ? &answer.erased->mentions : nullptr);
}

namespace {

result<wiped_text> answer_to_json(const request_answer& answer, session& in) {
  json::object out(wiped_memory());
  out["kind"] = name_of(answer.kind);
  json::object files(wiped_memory());
  for (const request_file& one : answer.files) {
    files[one.name] = json::string_view(one.content.data(), one.content.size());
  }
  out["files"] = std::move(files);
  json::array entries;
  for (const std::uint64_t index : answer.ledger_entries) entries.emplace_back(index);
  out["ledger_entries"] = std::move(entries);
  out["before"] = names_of(answer.before, in.fields());
  out["after"] = names_of(answer.after, in.fields());
  out["directive"] = answer.directive == 0 ? json::value(nullptr) : json::value(answer.directive);
  out["receipt"] = nullptr;
  if (answer.erased) {
    const auto receipt = receipt_to_json(answer);
    if (!receipt) return receipt.error();
    out["receipt"] = json::parse(*receipt);
  }
  json::array untold;
  for (const request_recipient& one : answer.recipients) untold.emplace_back(one.name);
  out["to_tell"] = std::move(untold);
  return written(out);
}

result<wiped_text> told_or_not(const request_answer& answer, session& in) try {
  return answer_to_json(answer, in);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace

result<wiped_text> answer_request_json(std::string_view text, session& in, std::uint32_t number,
                                       std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(text, wiped_memory());
  if (!tree) return tree.error();
  const document said(*tree, {"language", "shop", "contact", "edit", "corrected", "purposes",
                              "law_kept", "law_kept_years", "mentions"});
  const json_node& root = said.root();
  answer_options options{.shop = root.member("shop").text(),
                         .contact = root.member("contact").text()};
  if (const json_node speech = root.member("language"); speech.there()) {
    options.speech = speech.found(find_language);
  }
  if (const json_node kept = root.member("law_kept"); kept.there()) {
    options.law_kept = kept.found(law_kept_of);
  }
  options.law_kept_years =
      static_cast<std::uint8_t>(root.member("law_kept_years").integer(0, most_law_kept_years, 0));
  if (const json_node others = root.member("mentions"); others.there()) {
    options.mentions = others.found(mentions_of);
  }
  if (const json_node some = root.member("corrected"); some.there()) {
    const auto named = fields_named(some, in.fields());
    if (!named) return named.error();
    options.corrected = *named;
  }
  if (const json_node some = root.member("purposes"); some.there()) {
    for (std::size_t i = 0; i < some.size(purpose_set::capacity) && !some.failed(); ++i) {
      options.purposes.add(some.at(i).found(find_purpose));
    }
  }
  wiped_text edit;
  if (const json::value* how = root.member("edit").value()) edit = written(*how);
  options.edit = edit;
  if (auto read = said.read(where); !read) return read.error();
  const auto taken = [](std::span<const request_file>) { return true; };
  const auto answer =
      rights::answer(in, number, options, taken, rights::getting_out::by_return, where);
  if (!answer) {
    if (!where.empty()) where = "/edit" + where;
    return answer.error();
  }
  auto out = told_or_not(*answer, in);
  if (out || answer->kind == request_kind::erasure || answer->ledger_entries.empty()) return out;
  // Nobody got it: whoever asks again gets it.
  const auto one = in.find_request(number);
  if (!one) return one.error();
  if (auto told = rights::take_back(in, one->customer, answer->ledger_entries); !told) {
    return told.error();
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
