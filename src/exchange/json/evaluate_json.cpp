// A whole consent case as JSON, decided without a book: fields, parties, notices, directives,
// requests.
//
// Reads into values of its own (a document ends before they do), compiles and evaluates with the
// calls that a book uses, and writes the answers with their reasons. What is wrong is told by JSON
// pointer, never by value.
#include <clientbook/exchange/evaluate_json.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <clientbook/base/hex.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/model/validate.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/exchange/move_node.hpp>
#include "profile_reader.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

constexpr std::size_t most_directives = 4096;
constexpr std::size_t most_requests = 10'000;
constexpr std::int64_t most_number = std::numeric_limits<std::uint32_t>::max();

struct named_field {
  std::string key;
  field_terms terms;
};

struct named_request {
  decision_request asked;
  std::vector<std::size_t> fields;  // places in the case's fields
};

// A whole case, by value.
struct consent_case {
  const law_profile* profile = nullptr;
  std::unique_ptr<profile_room> own_room;  // of a profile that the document holds
  law_profile own;
  recipient_registry registry;
  std::vector<privacy_notice> notices;
  std::vector<named_field> fields;
  std::vector<field_terms> terms;
  subject_facts subject;
  std::vector<directive> directives;
  timestamp as_of;
  std::vector<named_request> requests;
  language speech = language::en;
};

std::uint32_t number(const json_node& from, std::int64_t least, std::int64_t otherwise) {
  return static_cast<std::uint32_t>(from.integer(least, most_number, otherwise));
}

std::optional<timestamp> instant(const json_node& from) {
  if (!from.there()) return std::nullopt;
  return from.found(parse_timestamp);
}

country_code country(const json_node& from) {
  const std::string_view code = from.text();
  if (code.empty()) return {};
  if (const auto good = validate_country(code); !good) {
    from.fail(good.error());
    return {};
  }
  return {code[0], code[1]};
}

template <std::size_t Size>
short_text<Size> short_one(const json_node& from) {
  const std::string_view text = from.text();
  if (!short_text<Size>::fits(text)) {
    from.fail({errc::limit_exceeded, "a text is too long", Size});
    return {};
  }
  return short_text<Size>(text);
}

template <class Value, class Find>
Value word(const json_node& from, Find&& find, Value otherwise) {
  return from.there() ? from.found(find) : otherwise;
}

result<transfer_basis> find_transfer(std::string_view name) {
  if (name == "none") return transfer_basis::none;
  if (name == "standard_clauses") return transfer_basis::standard_clauses;
  if (name == "binding_rules") return transfer_basis::binding_rules;
  if (name == "other_safeguard") return transfer_basis::other_safeguard;
  return error{errc::unknown_field, "no such basis of a transfer"};
}
result<onward_rule> find_onward(std::string_view name) {
  if (name == "not_agreed") return onward_rule::not_agreed;
  if (name == "forbidden") return onward_rule::forbidden;
  if (name == "listed_parties") return onward_rule::listed_parties;
  return error{errc::unknown_field, "no such rule on passing on"};
}
result<clock_confidence> find_clock(std::string_view name) {
  if (name == "trusted") return clock_confidence::trusted;
  if (name == "none") return clock_confidence::none;
  return error{errc::unknown_field, "a clock is trusted or none"};
}
result<obligation> find_obligation(std::string_view name) {
  for (std::uint8_t i = 0; i < 16; ++i) {
    if (!name.empty() && name_of(obligation{i}) == name) return obligation{i};
  }
  return error{errc::unknown_field, "no such obligation"};
}
result<obligation_set> find_discharges(std::string_view name) {
  if (name == "book") return discharged_by_book;
  const auto one = find_obligation(name);
  if (!one) return one.error();
  return obligation_set{*one};
}

// --- reading ------------------------------------------------------------------------------

// Reads a case in the order in which its parts need each other: a directive names parties and
// notices, a request names fields. Names of the document become numbers here; answers give them
// back.
class case_reader {
 public:
  explicit case_reader(consent_case& to) : to_(to) {}

  void read(const json_node& from) {
    from.only({"profile", "registry", "notices", "fields", "subject", "directives", "as_of",
               "requests", "language"});
    read_profile(from.member("profile"));
    read_registry(from.member("registry"));
    read_notices(from.member("notices"));
    read_fields(from.member("fields"));
    const json_node subject = from.member("subject");
    subject.only({"age", "residence"});
    if (const json_node age = subject.member("age"); age.there()) {
      to_.subject.age = static_cast<std::uint8_t>(age.integer(0, 200));
    }
    if (const json_node state = subject.member("residence"); state.there()) {
      to_.subject.residence = exchange::read_state(state);
    }
    read_directives(from.member("directives"));
    if (const auto given = instant(from.member("as_of"))) {
      if (latest_.at() && *given < *latest_.at()) {
        from.member("as_of").fail({errc::back_dated, "something was said after that instant"});
      }
      to_.as_of = *given;
    } else if (latest_.at()) {
      to_.as_of = *latest_.at();
    }
    read_requests(from.required("requests"));
    to_.speech = language_of(from.member("language").text("en"));
  }

 private:
  void read_profile(const json_node& from) {
    to_.profile = &strict_profile();
    if (!from.is_object()) {
      to_.profile = word<const law_profile*>(
          from, [](std::string_view name) { return find_profile(name); }, to_.profile);
      return;
    }
    to_.own_room = std::make_unique<profile_room>();
    to_.own = exchange::read_profile(from, *to_.own_room);
    to_.profile = &to_.own;
    std::vector<std::byte> room(max_profile_bytes);
    if (from.failed()) return;
    if (const auto good = encode_profile(to_.own, room); !good) from.fail(good.error());
  }

  void read_registry(const json_node& from) {
    from.only({"parties"});
    const json_node parties = from.member("parties");
    for (std::size_t i = 0; i < parties.size(recipient_registry::max_parties); ++i) {
      const json_node one = parties.at(i);
      one.only({"name", "class", "country", "contract", "transfer", "onward", "removed"});
      recipient_party party;
      party.name = short_one<64>(one.required("name"));
      party.party_class = one.required("class").found(find_recipient_class);
      party.country = country(one.member("country"));
      party.contract = short_one<32>(one.member("contract"));
      party.transfer = word(one.member("transfer"), find_transfer, transfer_basis::none);
      party.onward = word(one.member("onward"), find_onward, onward_rule::not_agreed);
      if (one.failed()) return;
      const auto id = to_.registry.add(party);
      if (!id) return one.fail(id.error());
      if (one.member("removed").boolean(false)) (void)to_.registry.remove(*id);
    }
  }

  void read_notices(const json_node& from) {
    for (std::size_t i = 0; i < from.size(1000); ++i) {
      const json_node one = from.at(i);
      one.only({"title", "version", "language", "announces", "registry_version", "retention_days"});
      privacy_notice notice;
      notice.id = notice_id(static_cast<std::uint32_t>(i + 1));
      notice.title = short_one<64>(one.required("title"));
      notice.version = number(one.member("version"), 1, 1);
      notice.language = short_one<16>(one.member("language"));
      notice.announced = scope(one.required("announces"));
      notice.registry_version = registry_version(one.member("registry_version"));
      notice.retention_days = number(one.member("retention_days"), 0, 0);
      notice.jurisdiction = to_.profile->id;
      if (one.failed()) return;
      std::array<std::byte, max_notice_bytes> room;
      const auto bytes = encode_notice(notice, room);
      if (!bytes) return one.fail(bytes.error());
      notice.hash = crypto::hash(*bytes);
      to_.notices.push_back(notice);
    }
  }

  void read_fields(const json_node& from) {
    if (!from.there()) {
      const schema standard = standard_schema();
      std::array<field_terms, schema::max_fields> room;
      for (const field_terms& one : terms_of(standard, room)) {
        to_.fields.push_back({std::string(standard.find(one.field)->key), one});
        to_.terms.push_back(one);
      }
      return;
    }
    for (std::size_t i = 0; i < from.size(64); ++i) {
      const json_node one = from.at(i);
      one.only({"key", "categories"});
      named_field field{std::string(one.required("key").text()), {}};
      field.terms.field = field_id(static_cast<std::uint8_t>(i));
      const json_node categories = one.required("categories");
      const std::size_t count = categories.size(field.terms.categories.size());
      for (std::size_t k = 0; k < count; ++k) {
        field.terms.categories[k] = categories.at(k).found(find_category);
      }
      for (const named_field& before : to_.fields) {
        if (before.key == field.key) {
          return one.fail({errc::already_exists, "two fields have one key"});
        }
      }
      if (one.failed()) return;
      to_.terms.push_back(field.terms);
      to_.fields.push_back(std::move(field));
    }
  }

  void read_directives(const json_node& from) {
    for (std::size_t i = 0; i < from.size(most_directives); ++i) {
      const json_node one = from.at(i);
      const directive said = read_directive(one, static_cast<std::uint32_t>(i + 1));
      if (one.failed()) return;
      // What was said is in the past of whoever asks; here only the order can be judged.
      if (const auto good = check_append(said, latest_.at(), said.event_at); !good) {
        return one.fail(good.error());
      }
      latest_.add(said);
      to_.directives.push_back(said);
    }
  }

  directive read_directive(const json_node& one, std::uint32_t sequence) {
    one.only({"kind",     "by",         "channel",    "strength",   "informed",
              "purposes", "recipients", "categories", "operations", "registry_version",
              "basis",    "notice",     "at",         "not_before", "not_after",
              "evidence", "supersedes", "conditions", "state",      "works_here",
              "document", "born",       "believed"});
    directive out;
    store_be(out.id.bytes.data(), sequence);
    out.sequence = sequence;
    out.kind = one.required("kind").found(find_directive_kind);
    out.by = word(one.member("by"), find_indicated_by, indicated_by::subject);
    out.channel = word(one.member("channel"), find_consent_channel, consent_channel::other);
    const bool moves = out.kind == directive_kind::move;
    const bool proves = out.kind == directive_kind::proof_of_age;
    if (moves) read_move(one, out);
    if (proves) read_proof(one, out);
    if (!moves && !proves) out.scope = scope(one);
    constexpr literal of_moves = "only a move says where somebody lives";
    constexpr literal of_proofs = "only a proof of age says how old somebody is";
    if (!moves) refuse(one, {"state", "works_here"}, of_moves);
    if (!proves) refuse(one, {"document", "born", "believed"}, of_proofs);
    out.registry_version = registry_version(one.member("registry_version"));
    out.basis = word(one.member("basis"), find_lawful_basis, lawful_basis::none);
    out.jurisdiction = to_.profile->id;
    out.profile_version = to_.profile->version;
    out.event_at = one.required("at").found(parse_timestamp);
    out.not_before = instant(one.member("not_before"));
    out.not_after = instant(one.member("not_after"));
    if (const json_node evidence = one.member("evidence"); evidence.there()) {
      out.evidence.reference = short_one<64>(evidence);
      out.evidence.hash = crypto::hash(as_bytes(evidence.text()));
    }
    const bool grants = out.kind == directive_kind::grant || out.kind == directive_kind::renew;
    if (grants) {
      out.strength =
          word(one.member("strength"), find_consent_strength, consent_strength::expressed);
      out.informed = one.member("informed").boolean(true);
      if (out.basis == lawful_basis::none) out.basis = lawful_basis::consent;
      out.notice = notice_named(one.required("notice"));
      out.conditions = conditions(one.member("conditions"));
    } else {
      for (const char* only_of_grants : {"strength", "informed", "conditions"}) {
        if (one.member(only_of_grants).there()) {
          one.member(only_of_grants).fail({errc::unknown_field, "only a grant has that"});
        }
      }
      if (one.member("notice").there()) out.notice = notice_named(one.member("notice"));
    }
    const json_node named = one.member("supersedes");
    const std::size_t count = named.size(directive::max_supersedes);
    for (std::size_t k = 0; k < count; ++k) {
      const auto which =
          static_cast<std::uint32_t>(named.at(k).integer(1, std::int64_t{sequence} - 1, 1));
      store_be(out.supersedes[k].bytes.data(), which);
    }
    return out;
  }

  // Where somebody lives under the profile, and whether they work for the shop: check() says what
  // belongs to nothing else.
  static void read_move(const json_node& one, directive& out) {
    refuse(one, scope_members, "a move says where somebody lives, no more");
    exchange::read_move_details(one, out);
  }

  // One that names another is the second person's, and counts.
  static void read_proof(const json_node& one, directive& out) {
    refuse(one, scope_members, "a proof of age says how old somebody is, no more");
    out.age.document = one.required("document").found(find_age_document);
    out.age.born = one.required("born").found(parse_date);
    if (const json_node before = one.member("believed"); before.there()) {
      out.age.believed = before.found(parse_date);
    }
  }

  static constexpr std::initializer_list<const char*> scope_members = {"purposes", "recipients",
                                                                       "categories", "operations"};
  static void refuse(const json_node& one, std::initializer_list<const char*> members,
                     const literal& why) {
    for (const char* each : members) {
      if (one.member(each).there()) one.member(each).fail({errc::unknown_field, why});
    }
  }

  notice_reference notice_named(const json_node& from) {
    const privacy_notice* found = nullptr;
    for (const privacy_notice& one : to_.notices) {
      if (one.title.view() == from.text() && (found == nullptr || one.version > found->version)) {
        found = &one;
      }
    }
    if (found != nullptr) return {found->id, found->version, found->hash};
    from.fail({errc::unknown_notice, "the document holds no notice of that title"});
    return {};
  }

  obligations conditions(const json_node& from) {
    from.only({"obligations", "expire_seconds", "encrypt_for", "rate_count", "rate_seconds"});
    obligations out;
    const json_node members = from.member("obligations");
    for (std::size_t i = 0; i < members.size(16); ++i) {
      out.required.add(members.at(i).found(find_obligation));
    }
    out.expire_seconds = number(from.member("expire_seconds"), 0, 0);
    if (const json_node whom = from.member("encrypt_for"); whom.there()) {
      out.encrypt_for = recipient(whom);
    }
    out.rate_count = number(from.member("rate_count"), 0, 0);
    out.rate_seconds = number(from.member("rate_seconds"), 0, 0);
    return out;
  }

  std::uint32_t registry_version(const json_node& from) {
    return static_cast<std::uint32_t>(
        from.integer(0, to_.registry.version(), to_.registry.version()));
  }

  recipient_id recipient(const json_node& from) {
    return from.found([&](std::string_view name) -> result<recipient_id> {
      if (const auto known = find_recipient_class(name)) return known;
      const auto party = to_.registry.find(name);
      if (party) return party->id;
      return error{errc::unknown_field, "neither a recipient class nor a party of the registry"};
    });
  }

  consent_scope scope(const json_node& from) {
    consent_scope out;
    const json_node purposes = from.required("purposes");
    for (std::size_t i = 0; i < purposes.size(purpose_set::capacity); ++i) {
      if (purposes.at(i).text() == "all") {
        out.purposes |= all_purposes();
      } else {
        out.purposes.add(purposes.at(i).found(find_purpose));
      }
    }
    const json_node recipients = from.required("recipients");
    for (std::size_t i = 0; i < recipients.size(recipient_set::capacity); ++i) {
      out.recipients.add(recipient(recipients.at(i)));
    }
    const json_node categories = from.required("categories");
    for (std::size_t i = 0; i < categories.size(category_set::capacity); ++i) {
      if (categories.at(i).text() == "all") {
        out.categories |= all_categories();
      } else {
        out.categories.add(categories.at(i).found(find_category));
      }
    }
    const json_node operations = from.required("operations");
    for (std::size_t i = 0; i < operations.size(operation_set::capacity); ++i) {
      if (operations.at(i).text() == "all") {
        out.operations = all_operations;
      } else {
        out.operations.add(operations.at(i).found(find_operation));
      }
    }
    return out;
  }

  void read_requests(const json_node& from) {
    for (std::size_t i = 0; i < from.size(most_requests); ++i) {
      const json_node one = from.at(i);
      one.only(
          {"purpose", "recipient", "operation", "fields", "country", "now", "clock", "discharges"});
      named_request request;
      request.asked.purpose = one.required("purpose").found(find_purpose);
      request.asked.recipient =
          one.member("recipient").there() ? recipient(one.member("recipient")) : recipient::self;
      request.asked.operation = word(one.member("operation"), find_operation, operation::use);
      request.asked.country = country(one.member("country"));
      request.asked.now = one.required("now").found(parse_timestamp);
      request.asked.clock = word(one.member("clock"), find_clock, clock_confidence::trusted);
      if (one.failed()) return;
      if (request.asked.clock == clock_confidence::trusted && request.asked.now < to_.as_of) {
        return one.member("now").fail(
            {errc::back_dated, "the clock is behind what was said: no decision can rest on it"});
      }
      // Who leaves it out asks what a book would answer.
      request.asked.discharges = discharged_by_book;
      if (const json_node can = one.member("discharges"); can.there()) {
        request.asked.discharges = {};
        for (std::size_t k = 0; k < can.size(16); ++k) {
          request.asked.discharges = request.asked.discharges | can.at(k).found(find_discharges);
        }
      }
      read_asked_fields(one.member("fields"), request);
      to_.requests.push_back(std::move(request));
    }
  }

  void read_asked_fields(const json_node& from, named_request& request) {
    request.asked.fields = {};
    if (!from.there()) {
      for (std::size_t i = 0; i < to_.fields.size(); ++i) request.fields.push_back(i);
    }
    for (std::size_t k = 0; k < from.size(64); ++k) {
      std::size_t found = to_.fields.size();
      for (std::size_t i = 0; i < to_.fields.size(); ++i) {
        if (to_.fields[i].key == from.at(k).text()) found = i;
      }
      if (found == to_.fields.size()) {
        return from.at(k).fail({errc::unknown_field, "no field has that key"});
      }
      request.fields.push_back(found);
    }
    for (const std::size_t i : request.fields) {
      request.asked.fields.add(to_.fields[i].terms.field);
    }
  }

  consent_case& to_;
  latest_said latest_;
};

// --- answering ----------------------------------------------------------------------------

json::value until(timestamp instant) {
  if (instant >= timestamp{253'402'300'799}) return nullptr;  // The year 9999.
  char out[20];
  write_timestamp(instant, out);
  return json::string(json::string_view(out, 20));
}

json::array names_of(obligation_set all) {
  json::array out;
  for (std::uint8_t i = 0; i < 16; ++i) {
    if (all.contains(obligation{i})) out.emplace_back(name_of(obligation{i}));
  }
  return out;
}

json::object object_of(const obligations& all) {
  json::object out{{"required", names_of(all.required)}};
  if (all.expire_seconds != 0) out["expire_seconds"] = all.expire_seconds;
  if (all.encrypt_for != recipient_id()) out["encrypt_for"] = all.encrypt_for.value;
  if (all.attach_notice != notice_id()) out["attach_notice"] = all.attach_notice.value;
  if (all.contract != 0) out["contract"] = all.contract;
  if (all.rate_count != 0) out["rate_count"] = all.rate_count;
  if (all.rate_seconds != 0) out["rate_seconds"] = all.rate_seconds;
  return out;
}

consent_environment environment_of(const consent_case& all) {
  return {.profile = all.profile,
          .registry = &all.registry,
          .notices = all.notices,
          .fields = all.terms};
}

// Answers all requests of a case from one compiled state, each with an explanation of every field.
// The digests of state and request say from what it was decided.
class answer {
 public:
  answer(const consent_case& all, const compiled_state_view& state)
      : all_(all), state_(state), workspace_(std::make_unique<remedy_workspace>()) {
    for (const directive& one : all.directives) keep_refusal(one);
  }

  json::object whole() {
    json::array decisions;
    for (const named_request& request : all_.requests) {
      find_refusals(request.asked);
      decisions.push_back(decided(request));
    }
    return {
        {"profile",
         {{"name", all_.profile->name},
          {"version", all_.profile->version},
          {"unverified", all_.profile->unverified}}},
        {"registry_version", all_.registry.version()},
        {"state",
         {{"digest", hex<std::string>(crypto::hash(state_.bytes()))}, {"rules", state_.rules()}}},
        {"decisions", decisions}};
  }

 private:
  json::object decided(const named_request& request) {
    const decision_request asked = with_contract(request.asked);
    const record_decision decision = evaluate(state_, asked);
    std::array<std::byte, 64> room;
    const auto canonical = encode_request(asked, room);
    json::object fields;
    for (const std::size_t i : request.fields) {
      fields[all_.fields[i].key] = explained(asked, decision, all_.fields[i].terms.field);
    }
    return {{"inputs", canonical ? hex<std::string>(crypto::hash(*canonical)) : std::string()},
            {"valid_until", until(decision.valid_until)},
            {"obligations", object_of(decision.required)},
            {"fields", fields}};
  }

  // Of refusals in the same words the latest is told, so one of each is kept: a long history is
  // gone through once, and not for each request.
  void keep_refusal(const directive& one) {
    const bool refuses = one.kind == directive_kind::refuse || one.kind == directive_kind::deny ||
                         one.kind == directive_kind::withdraw || one.kind == directive_kind::object;
    if (!refuses) return;
    const directive*& latest = by_words_[words_of(one.scope)];
    if (latest == nullptr || latest->event_at <= one.event_at) latest = &one;
  }
  static std::string words_of(const consent_scope& scope) {
    std::string out;
    const auto add = [&out](const auto& set) {
      set.for_each([&out](auto id) { out += static_cast<char>(id.value); });
      out += '\xff';  // no number of a term
    };
    add(scope.purposes);
    add(scope.recipients);
    add(scope.categories);
    add(scope.operations);
    return out;
  }

  // Those of anything that a request is about.
  void find_refusals(const decision_request& asked) {
    const purpose_set purposes = denied_through(asked.purpose);
    const operation_set operations = denied_through(asked.operation);
    recipient_set recipients = denied_through(asked.recipient);
    if (const auto party = all_.registry.find(asked.recipient)) {
      recipients |= denied_through(party->party_class);
    }
    refusals_.clear();
    for (const auto& [words, one] : by_words_) {
      if ((one->scope.purposes & purposes).empty() ||
          (one->scope.recipients & recipients).empty() ||
          (one->scope.operations & operations).empty()) {
        continue;
      }
      refusals_.push_back(one);
    }
    std::sort(refusals_.begin(), refusals_.end(), [](const directive* a, const directive* b) {
      return std::pair(a->event_at, a->sequence) > std::pair(b->event_at, b->sequence);
    });
  }

  // All that a sentence tells: what decided, or where nothing did the last refusal.
  std::span<const directive> told_of(const explanation& why) {
    const directive* one = nullptr;
    if (why.source == rule_source::directive) {
      one = &all_.directives[why.sequence - 1];  // as they were numbered
    } else if (why.code == decision_code::no_basis) {
      const category_set categories = denied_through(why.category);
      const auto found = std::find_if(
          refusals_.begin(), refusals_.end(),
          [&](const directive* each) { return !(each->scope.categories & categories).empty(); });
      if (found != refusals_.end()) one = *found;
    }
    if (one == nullptr) return {};
    return {one, 1};
  }

  decision_request with_contract(decision_request request) const {
    const auto party = all_.registry.find(request.recipient);
    if (party) request.discharges = request.discharges | discharged_by_contract(*party);
    return request;
  }

  json::object explained(const decision_request& asked, const record_decision& decision,
                         field_id field) {
    const explanation why = explain(state_, asked, field);
    json::object out{{"decision", why.permitted ? "permit" : "deny"},
                     {"stage", why.stage},
                     {"code", name_of(why.code)}};
    if (const auto known = facts(why.category)) out["category"] = known->name;
    if (why.permitted) {
      const redaction_operator op = decision.operators[field.value & 63U];
      out["operator"] = name_of(op);
    }
    if (why.permitted || why.stage == 8) out["obligations"] = object_of(why.required);
    out["valid_until"] = until(why.valid_until);
    if (why.source == rule_source::directive) out["directive"] = directive_of(why);
    if (why.source == rule_source::profile) out["profile_rule"] = rule_of(why);
    std::array<char, max_explanation> room;
    const auto text = describe(why, asked,
                               {.profile = all_.profile,
                                .registry = &all_.registry,
                                .directives = told_of(why),
                                .remedy = why.permitted ? nullptr : remedy_of(asked, field)},
                               all_.speech, room);
    if (text) out["text"] = *text;
    return out;
  }

  // Fields of the same categories have the same remedy. Where many are asked for with a long
  // history, the sentences after the first ones say less, so that an answer always comes.
  const remedy* remedy_of(const decision_request& asked, field_id field) {
    std::array<std::byte, 64> room;
    decision_request same = asked;
    same.fields = {};
    const auto canonical = encode_request(same, room);
    if (!canonical) return nullptr;
    std::string key(reinterpret_cast<const char*>(canonical->data()), canonical->size());
    for (const field_terms& terms : all_.terms) {
      if (terms.field != field) continue;
      for (const category_id each : terms.categories) key += static_cast<char>(each.value);
    }
    if (const auto known = remedies_.find(key); known != remedies_.end()) return &known->second;
    const std::size_t said = all_.directives.size();
    const std::size_t work = 1000 + said * said;
    if (work > effort_) return nullptr;
    effort_ -= work;
    const auto found = find_remedy(all_.directives, environment_of(all_), all_.subject, asked,
                                   field, all_.as_of, *workspace_);
    if (!found) return nullptr;
    return &remedies_.emplace(std::move(key), *found).first->second;
  }

  json::object directive_of(const explanation& why) const {
    json::object out{{"sequence", why.sequence}, {"kind", name_of(why.kind)}};
    const directive& one = all_.directives[why.sequence - 1];
    if (one.notice.id != notice_id()) {
      const privacy_notice& shown = all_.notices[one.notice.id.value - 1];
      out["notice"] = json::object{{"title", shown.title.view()},
                                   {"version", shown.version},
                                   {"hash", hex<std::string>(shown.hash)}};
    }
    return out;
  }

  json::object rule_of(const explanation& why) const {
    json::object out{{"row", why.row}};
    const std::size_t row = why.row;
    if (why.code == decision_code::legal_prohibition && row < all_.profile->prohibitions.size()) {
      out["table"] = "prohibit";
      out["law"] = all_.profile->prohibitions[row].law;
    } else if (why.code == decision_code::basis && row < all_.profile->bases.size()) {
      out["table"] = "basis";
      out["law"] = all_.profile->bases[row].law;
      out["basis"] = name_of(why.basis);
    }
    return out;
  }

  const consent_case& all_;
  const compiled_state_view& state_;
  std::map<std::string, const directive*> by_words_;
  std::vector<const directive*> refusals_;  // that concern the request, latest first
  std::unique_ptr<remedy_workspace> workspace_;
  std::map<std::string, remedy> remedies_;
  std::size_t effort_ = 20'000'000;  // some seconds
};

}  // namespace

result<std::string> evaluate_json(std::string_view document, std::string& where) try {
  where.clear();
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  consent_case all;
  json_failure failure;
  case_reader(all).read(json_node(&*value, "", failure));
  if (failure.happened()) {
    where = std::move(failure.where);
    return failure.what;
  }
  const auto workspace = std::make_unique<compile_workspace>();
  std::vector<std::byte> room(max_compiled_state);
  const auto compiled =
      compile(all.directives, environment_of(all), all.subject, all.as_of, *workspace, room);
  if (!compiled) {
    where = "/directives";
    return compiled.error();
  }
  const auto state = compiled_state_view::open(*compiled);
  if (!state) return state.error();
  return json::serialize(answer(all, *state).whole());
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
