// Answers: each kind of request is a function of its own; what it did is written down last.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/transfer/spreadsheet_cell.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/rights/answer_request.hpp>
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/edit_customer.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "answering.hpp"
#include "of_others.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using rights::drop_of_others;
using transfer::wiped_memory;
using transfer::written;

consent_channel channel_of(request_channel channel) noexcept {
  switch (channel) {
    case request_channel::letter:
      return consent_channel::paper;
    case request_channel::shop:
      return consent_channel::point_of_sale;
    case request_channel::phone:
      return consent_channel::phone;
    case request_channel::mail:
    case request_channel::agent:
      return consent_channel::other;
  }
  return consent_channel::other;
}

json::value tree_of(const wiped_text& text) {
  return json::parse({text.data(), text.size()}, wiped_memory());
}

// Digits behind a sign, as of an amount or of a phone, are what they are; with a sign among them
// they are a sum.
bool is_number(std::string_view value) noexcept {
  return value.size() > 1 && (value.front() == '+' || value.front() == '-') &&
         value.find_first_not_of("0123456789 ", 1) == value.npos;
}

void add_cell(wiped_text& to, std::string_view value) {
  to += '"';
  if (transfer::runs_in_a_spreadsheet(value) && !is_number(value)) to += '\'';
  for (const char c : value) {
    if (c == '"') to += '"';
    to += c;
  }
  to += '"';
}

// One line for each value: where it stands, and what it says.
void add_lines(wiped_text& to, const wiped_text& place, const json::value& value) {
  if (const json::object* all = value.if_object()) {
    for (const auto& member : *all) {
      wiped_text below = place;
      if (!below.empty()) below += '.';
      below += std::string_view(member.key().data(), member.key().size());
      add_lines(to, below, member.value());
    }
  } else if (const json::array* list = value.if_array()) {
    std::size_t number = 0;
    for (const json::value& one : *list) {
      wiped_text below = place;
      below += '[';
      below += std::to_string(++number);
      below += ']';
      add_lines(to, below, one);
    }
  } else {
    add_cell(to, place);
    to += ',';
    if (const json::string* text = value.if_string()) {
      add_cell(to, {text->data(), text->size()});
    } else {
      add_cell(to, written(value));
    }
    to += "\r\n";
  }
}

enum class content : std::uint8_t { all, provided };

// What the shop makes of a customer, who has provided none of it.
constexpr field_id of_the_shop[] = {field::tasks, field::contacts, field::tags, field::tier};

// All that is theirs, or what they have provided: notes are the shop's own words (GDPR 20(1)).
// Nothing of staff or of others.
result<json::value> data_of(const exported& theirs, const schema& fields, const customer_id& id,
                            const date& today, content which) {
  const auto record = record_to_json(theirs.content.record(), fields);
  if (!record) return record.error();
  json::object out(wiped_memory());
  out["format"] = "clientbook customer data 1";
  out["made_on"] = text_of(today);
  out["customer"] = hex<std::string>(id.bytes);
  const auto definitions = schema_to_json(fields);
  if (!definitions) return definitions.error();
  out["schema"] = json::parse(*definitions);
  json::value held = tree_of(*record);
  for (const field_id each : of_the_shop) {
    const auto known = fields.find(each);
    if (which == content::provided && known) held.as_object().erase(known->key);
  }
  for (auto& field : held.as_object()) drop_of_others(field.value());
  out["fields"] = std::move(held);
  const auto add_items = [&](const char* name, const item_list& items,
                             field_type type) -> result<void> {
    const auto text = items_to_json(items, type);
    if (!text) return text.error();
    const json::value tree = tree_of(*text);
    const json::value* list = tree.as_object().if_contains("value");
    json::value all = list == nullptr ? json::value(json::array()) : *list;
    drop_of_others(all);
    out[name] = std::move(all);
    return {};
  };
  if (auto done = add_items("purchases", theirs.purchases, field_type::purchase); !done) {
    return done.error();
  }
  if (which == content::all) {
    if (auto done = add_items("notes", theirs.notes, field_type::note); !done) return done.error();
  }
  return json::value(std::move(out));
}

class answering {
 public:
  answering(session& in, const request_record& what, const answer_options& options,
            callback_ref<bool(std::span<const request_file>)> deliver, rights::getting_out how,
            std::string& where)
      : in_(in), what_(what), options_(options), deliver_(deliver), how_(how), where_(where) {
    out_.kind = what.kind;
    out_.mentions = options.mentions;
  }

  result<request_answer> run() {
    const auto done = guarded();
    if (done) return std::move(out_);
    if (!delivered_ && what_.kind != request_kind::erasure && !out_.ledger_entries.empty()) {
      if (auto told = rights::take_back(in_, what_.customer, out_.ledger_entries); !told) {
        return told.error();
      }
    }
    return done.error();
  }

 private:
  result<void> guarded() try { return by_kind_and_told(); } catch (const std::bad_alloc&) {
    in_.rollback();
    return not_enough_memory;
  }

  result<void> by_kind_and_told() {
    if (auto done = by_kind(); !done) return done;
    if (what_.kind == request_kind::erasure) return {};
    const auto after = in_.find_request(what_.number);
    if (!after) return after.error();
    for (const request_recipient& one : after->recipients) {
      if (one.state == told_state::to_tell) out_.recipients.push_back(one);
    }
    return {};
  }

  result<void> by_kind() {
    if (auto good = check_options(what_.kind, options_); !good) return good;
    switch (what_.kind) {
      case request_kind::access:
        return give_access();
      case request_kind::portability:
        return give_data();
      case request_kind::rectification:
        return correct();
      case request_kind::restriction:
      case request_kind::objection:
        return say_no();
      case request_kind::erasure:
        return erase();
    }
    return error{errc::unsupported, "a request of a kind that this version does not know"};
  }

  result<void> give_access() {
    auto page = make_customer_page(
        in_, what_.customer,
        {.speech = options_.speech, .shop = options_.shop, .contact = options_.contact});
    if (!page) return page.error();
    if (page->ledger_index) out_.ledger_entries.push_back(*page->ledger_index);
    out_.files.push_back({"page.html", std::move(page->html)});
    if (auto data = add_data(content::all); !data) return data;
    return deliver_all();
  }

  result<void> give_data() {
    if (auto data = add_data(content::provided); !data) return data;
    const json::value tree = tree_of(out_.files.back().content);
    wiped_text lines("\"place\",\"value\"\r\n");
    for (const char* part : {"fields", "purchases"}) {
      add_lines(lines, wiped_text(part), tree.at(part));
    }
    out_.files.push_back({"data.csv", std::move(lines)});
    return deliver_all();
  }

  result<void> add_data(content which) {
    const auto theirs = in_.hand_over(what_.customer);
    if (!theirs) return theirs.error();
    if (theirs->permitted) out_.ledger_entries.push_back(theirs->ledger_index);
    const date today = date_of(in_.request(purpose::rights_fulfilment).now);
    const auto tree = data_of(*theirs, in_.fields(), what_.customer, today, which);
    if (!tree) return tree.error();
    out_.files.push_back({"data.json", written(*tree)});
    return {};
  }

  result<void> deliver_all() {
    // Somebody else may have answered or refused it meanwhile.
    const auto still = in_.find_request(what_.number);
    if (!still) return still.error();
    if (!is_open(still->state)) {
      return error{errc::invalid_state,
                   "somebody has ended the request meanwhile: nothing is given out, and the ledger "
                   "says so",
                   what_.number};
    }
    if (!deliver_(out_.files)) {
      return error{errc::not_delivered,
                   "the answer could not be given out: the ledger says so, the request is open"};
    }
    delivered_ = how_ == rights::getting_out::by_deliver;
    request_outcome outcome;
    if (!out_.ledger_entries.empty()) outcome.ledger_index = out_.ledger_entries.back();
    const auto done = in_.request_done(what_.number, outcome);
    if (done || !delivered_) return done;
    return error{done.error().code,
                 "the files are out, as the ledger says; that the request is done could not be "
                 "written down"};
  }

  result<void> correct() {
    // What was corrected by hand was held before somebody did it: what is there now says less.
    const auto before = held();
    if (!before) return before.error();
    if (auto begun = in_.begin(); !begun) return begun;
    result<void> done = edit_and_note(*before);
    if (done) done = in_.commit();
    if (done) return done;
    in_.rollback();
    const errc why = done.error().code;
    const auto noted = why == errc::no_basis || why == errc::denied ? note_age() : result<void>();
    return noted ? done : noted;
  }

  // A birth date of a correction that is refused makes no adult all the same.
  result<void> note_age() {
    const json::value edit = tree_of(wiped_text(options_.edit));
    for (const char* part : {"set", "add"}) {
      const json::value* const said = edit.as_object().if_contains(part);
      if (said == nullptr) continue;
      const auto told = record_from_json(written(*said), in_.fields());
      const auto born = told ? told->view().birth_date() : result<date>(told.error());
      if (!born) continue;
      const auto noted = in_.note_birth_date(what_.customer, *born);
      if (!noted && noted.error().code != errc::invalid_value) return noted;
    }
    return {};
  }

  // Precondition: inside a change.
  result<void> edit_and_note(field_set before) {
    field_set edited;
    if (!options_.edit.empty()) {
      const auto done = edit_customer_within(in_, what_.customer, options_.edit,
                                             kept_purposes(purpose::rights_fulfilment), where_);
      if (!done) return done.error();
      edited = done->changed | done->removed;
    }
    const auto after = held();
    if (!after) return after.error();
    out_.before = (before & edited) | options_.corrected;
    out_.after = *after & (edited | options_.corrected);
    return in_.request_done(what_.number, {.before = out_.before, .after = out_.after});
  }

  result<field_set> held() {
    const auto seen = in_.read(what_.customer, purpose::rights_fulfilment);
    if (!seen) return seen.error();
    field_set out;
    for (const field_value& one : seen->record().fields()) out.add(one.id);
    return out;
  }

  result<void> say_no() {
    directive said;
    const bool objects = what_.kind == request_kind::objection;
    said.kind = objects ? directive_kind::object : directive_kind::restrict;
    said.by = what_.channel == request_channel::agent ? indicated_by::agent : indicated_by::subject;
    said.channel = channel_of(what_.channel);
    said.scope = {.purposes = options_.purposes,
                  .recipients = {recipient::any},
                  .categories = all_categories(),
                  .operations = all_operations};
    if (said.scope.purposes.empty()) {
      said.scope.purposes = objects ? purpose_set{purpose::direct_marketing} : all_purposes();
    }
    if (auto heeded = can_heed(said.scope.purposes); !heeded) return heeded;
    said.jurisdiction = in_.profile()->id;
    said.event_at = in_.request(purpose::rights_fulfilment).now;
    if (auto begun = in_.begin(); !begun) return begun;
    const auto recorded = in_.record(what_.customer, said);
    result<void> done = recorded ? in_.request_done(what_.number, {}) : recorded.error();
    if (done) done = in_.commit();
    if (!done) {
      in_.rollback();
      return done;
    }
    out_.directive = recorded->sequence;
    return {};
  }

  // What a law has the shop do goes on, whoever objects (GDPR 21(1)): an answer that says otherwise
  // would be untrue.
  result<void> can_heed(const purpose_set& purposes) const {
    if (what_.kind != request_kind::objection) return {};
    std::optional<purpose_id> by_law;
    purposes.for_each([&](purpose_id why) {
      for (const auto& law : in_.profiles()) {
        if (basis_of(*law, why) == lawful_basis::legal_obligation) by_law = why;
      }
    });
    if (!by_law) return {};
    return error{errc::kept_by_law,
                 "a law has the shop do this, whoever objects: refuse the request, and say so",
                 by_law->value};
  }

  result<void> erase() {
    auto done = in_.erase(what_.customer, erasure_reason::subject_request,
                          {.mentions = options_.mentions,
                           .request = what_.number,
                           .law_kept = options_.law_kept,
                           .law_kept_years = options_.law_kept_years});
    if (!done) return done.error();
    out_.ledger_entries.push_back(done->receipt.ledger_index);
    out_.erased = std::move(*done);
    return {};
  }

  session& in_;
  const request_record& what_;
  const answer_options& options_;
  callback_ref<bool(std::span<const request_file>)> deliver_;
  rights::getting_out how_;
  std::string& where_;
  request_answer out_;
  bool delivered_ = false;
};

}  // namespace

result<void> rights::take_back(session& in, const customer_id& whose,
                               std::span<const std::uint64_t> entries) {
  std::vector<customer_entry> lost;
  for (const std::uint64_t index : entries) lost.push_back({whose, index});
  return in.not_delivered(lost);
}

result<request_answer> answer_request(session& in, std::uint32_t number,
                                      const answer_options& options,
                                      callback_ref<bool(std::span<const request_file>)> deliver,
                                      std::string& where) {
  return rights::answer(in, number, options, deliver, rights::getting_out::by_deliver, where);
}

result<request_answer> rights::answer(session& in, std::uint32_t number,
                                      const answer_options& options,
                                      callback_ref<bool(std::span<const request_file>)> deliver,
                                      getting_out how, std::string& where) try {
  where.clear();
  const auto what = in.find_request(number);
  if (!what) return what.error();
  if (!is_open(what->state)) {
    return error{errc::invalid_state, "the request is done or has ended", number};
  }
  if (what->customer == customer_id{}) {
    return error{errc::key_erased, "the customer of the request is erased", number};
  }
  if (what->identified_at == timestamp{}) {
    return error{errc::identity_unverified, "write down first how you know who asks", number};
  }
  return answering(in, *what, options, deliver, how, where).run();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<void> check_options(request_kind kind, const answer_options& how) noexcept {
  const bool corrects = !how.edit.empty() || !how.corrected.empty();
  const bool is_rectification = kind == request_kind::rectification;
  const bool is_access = kind == request_kind::access;
  const bool is_restraint = kind == request_kind::restriction || kind == request_kind::objection;
  const bool is_erasure = kind == request_kind::erasure;
  const bool of_page = how.speech != language::en || !how.shop.empty() || !how.contact.empty();
  const bool of_erasure = how.law_kept != law_kept_records::refuse || how.law_kept_years != 0 ||
                          how.mentions != mentions_at_erasure::ignored;
  if ((corrects && !is_rectification) || (of_page && !is_access) ||
      (!how.purposes.empty() && !is_restraint) || (of_erasure && !is_erasure)) {
    return error{errc::invalid_argument, "an option is of another kind of request"};
  }
  if ((how.law_kept == law_kept_records::apart) != (how.law_kept_years != 0)) {
    return error{errc::invalid_argument,
                 "records are kept apart for years, or elsewhere without any: one of both"};
  }
  if (is_rectification && !corrects) {
    return error{errc::missing_field,
                 "say what is to be corrected: an edit, or the fields that were corrected"};
  }
  return {};
}

}  // namespace clientbook
