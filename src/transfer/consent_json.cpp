// The words are those of `clientbook evaluate` and of the program's options; what is left out means
// what it means there: a consent is about ordinary data and the usual operations, taking back is
// about everything.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/consent/recipient_needs.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/consent_json.hpp>
#include <clientbook/transfer/import_consents.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <memory>
#include <optional>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/exchange/move_node.hpp>

#include "type_names.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

constexpr std::size_t most_directives = 64;  // said at once
constexpr std::int64_t most_number = std::numeric_limits<std::uint32_t>::max();

// What a reader looks words up in, once for a document.
struct book_words {
  const recipient_registry* registry = nullptr;
  std::span<const privacy_notice> notices;
  timestamp now;
  actor_id recorder;
  profile_id profile;
  std::uint32_t profile_version = 0;
  session* book = nullptr;
};

struct word_of_transfer {
  std::string_view name;
  transfer_basis basis;
};
constexpr word_of_transfer transfers[] = {{"none", transfer_basis::none},
                                          {"standard_clauses", transfer_basis::standard_clauses},
                                          {"binding_rules", transfer_basis::binding_rules},
                                          {"other_safeguard", transfer_basis::other_safeguard}};
struct word_of_onward {
  std::string_view name;
  onward_rule rule;
};
constexpr word_of_onward onwards[] = {{"not_agreed", onward_rule::not_agreed},
                                      {"forbidden", onward_rule::forbidden},
                                      {"listed_parties", onward_rule::listed_parties}};

result<transfer_basis> find_transfer(std::string_view name) {
  for (const auto& [word, basis] : transfers) {
    if (word == name) return basis;
  }
  return error{errc::unknown_field, "no such basis of a transfer"};
}
result<onward_rule> find_onward(std::string_view name) {
  for (const auto& [word, rule] : onwards) {
    if (word == name) return rule;
  }
  return error{errc::unknown_field, "no such rule on passing on"};
}
result<obligation> find_obligation(std::string_view name) {
  for (std::uint8_t i = 0; i < 16; ++i) {
    if (!name.empty() && name_of(obligation{i}) == name) return obligation{i};
  }
  return error{errc::unknown_field, "no such obligation"};
}

template <std::size_t Size>
short_text<Size> short_one(const json_node& from) {
  const std::string_view text = from.text();
  if (short_text<Size>::fits(text)) return short_text<Size>(text);
  from.fail({errc::limit_exceeded, "a text is too long", Size});
  return {};
}

template <class Value, class Find>
Value word(const json_node& from, Find&& find, Value otherwise) {
  return from.there() ? from.found(find) : otherwise;
}

std::optional<timestamp> instant(const json_node& from) {
  if (!from.there()) return std::nullopt;
  return from.found(parse_timestamp);
}

consent_hash hash_of(const json_node& from) {
  return from.there() ? crypto::hash(as_bytes(from.text())) : consent_hash{};
}

class words_reader {
 public:
  explicit words_reader(const book_words& in) : in_(in) {}

  directive read_directive(const json_node& one) const {
    one.only({"kind",       "by",         "channel",    "strength",   "informed",   "purposes",
              "recipients", "categories", "operations", "basis",      "notice",     "at",
              "not_before", "not_after",  "evidence",   "supersedes", "conditions", "contacts",
              "law",        "state",      "works_here"});
    directive out;
    out.kind = one.required("kind").found(find_directive_kind);
    if (out.kind == directive_kind::proof_of_age) {
      one.member("kind").fail(
          {errc::invalid_argument, "a proof of age is noted, and confirmed by another"});
    }
    out.by = word(one.member("by"), find_indicated_by, indicated_by::subject);
    out.channel = word(one.member("channel"), find_consent_channel, consent_channel::other);
    if (out.kind == directive_kind::move) {
      read_move(one, out);
    } else {
      out.scope = scope(one, widens(out.kind));
      read_contacts(one.member("contacts"), out);
      for (const char* of_moves : {"law", "state", "works_here"}) {
        if (one.member(of_moves).there()) {
          one.member(of_moves).fail({errc::unknown_field, "only a move says where somebody lives"});
        }
      }
      out.jurisdiction = in_.profile;
      out.profile_version = in_.profile_version;
    }
    out.registry_version = in_.registry->version();
    out.basis = word(one.member("basis"), find_lawful_basis, lawful_basis::none);
    out.event_at = one.member("at").there() ? one.member("at").found(parse_timestamp) : in_.now;
    // A no of a day alone: nothing else of that day came after it, as far as anybody can tell.
    constexpr std::size_t size_of_a_day = 10;
    if (says_no(out.kind) && one.member("at").text().size() == size_of_a_day) {
      out.event_at =
          std::max(out.event_at, std::min(timestamp{out.event_at.seconds + 86'399}, in_.now));
    }
    out.not_before = instant(one.member("not_before"));
    out.not_after = instant(one.member("not_after"));
    out.recorder = in_.recorder;
    if (const json_node evidence = one.member("evidence"); evidence.there()) {
      out.evidence.reference = short_one<64>(evidence);
      out.evidence.hash = hash_of(evidence);
    }
    if (one.member("notice").there()) out.notice = notice_named(one.member("notice"));
    read_grant(one, out);
    const json_node former = one.member("supersedes");
    const std::size_t count = former.size(directive::max_supersedes);
    for (std::size_t i = 0; i < count; ++i) {
      out.supersedes[i] = former.at(i).found([](std::string_view text) -> result<directive_id> {
        directive_id id;
        if (const auto read = parse_hex(text, id.bytes); !read) return read.error();
        return id;
      });
    }
    return out;
  }

  consent_scope scope(const json_node& from, bool permits) const {
    consent_scope out;
    const json_node purposes = from.required("purposes");
    for (std::size_t i = 0; i < purposes.size(purpose_set::capacity); ++i) {
      if (purposes.at(i).text() == "all") {
        out.purposes |= all_purposes();
      } else {
        out.purposes.add(purposes.at(i).found(find_purpose));
      }
    }
    read_recipients(permits ? from.required("recipients") : from.member("recipients"), out);
    const json_node categories = from.member("categories");
    if (!categories.there()) out.categories = permits ? ordinary_categories() : all_categories();
    for (std::size_t i = 0; i < categories.size(category_set::capacity); ++i) {
      if (categories.at(i).text() == "all") {
        out.categories |= permits ? ordinary_categories() : all_categories();
      } else {
        out.categories.add(categories.at(i).found(find_category));
      }
    }
    const json_node operations = from.member("operations");
    if (!operations.there()) {
      out.operations = permits ? operation_set{operation::collect, operation::store, operation::use,
                                               operation::disclose}
                               : all_operations;
    }
    for (std::size_t i = 0; i < operations.size(operation_set::capacity); ++i) {
      if (operations.at(i).text() == "all") {
        out.operations = all_operations;
      } else {
        out.operations.add(operations.at(i).found(find_operation));
      }
    }
    return out;
  }

 private:
  void read_recipients(const json_node& from, consent_scope& out) const {
    if (!from.there()) out.recipients.add(recipient::any);
    for (std::size_t i = 0; i < from.size(recipient_set::capacity); ++i) {
      out.recipients.add(from.at(i).text() == "all" ? recipient::any : recipient(from.at(i)));
    }
  }

  // Where somebody lives, and nothing else.
  void read_move(const json_node& one, directive& out) const {
    for (const char* other : {"purposes", "recipients", "categories", "operations", "basis",
                              "notice", "supersedes", "contacts"}) {
      if (one.member(other).there()) {
        one.member(other).fail({errc::unknown_field, "a move says where somebody lives, no more"});
      }
    }
    out.jurisdiction = one.required("law").found([](std::string_view name) -> result<profile_id> {
      const auto law = find_profile(name);
      if (!law) return law.error();
      return (*law)->id;
    });
    exchange::read_move_details(one, out);
  }

  // By their value, or by the token that the book gives for one.
  void read_contacts(const json_node& from, directive& out) const {
    for (std::size_t i = 0; i < from.size(directive::max_contacts); ++i) {
      const json_node one = from.at(i);
      one.only({"field", "value", "token"});
      const field_id field = one.required("field").found([&](std::string_view key) {
        const auto known = in_.book->fields().find(key);
        return known ? result<field_id>(known->number) : result<field_id>(known.error());
      });
      contact_point& to = out.contacts[i];
      if (one.member("token").there()) {
        to.field = field;
        one.member("token").found([&](std::string_view hex) -> result<bool> {
          if (const auto read = parse_hex(hex, to.token); !read) return read.error();
          return true;
        });
      } else {
        to = one.required("value").found(
            [&](std::string_view value) { return in_.book->contact_of(field, value); });
      }
    }
  }

  // What only a consent has.
  void read_grant(const json_node& one, directive& out) const {
    if (out.kind != directive_kind::grant && out.kind != directive_kind::renew) {
      for (const char* only_of_grants : {"strength", "informed", "conditions"}) {
        if (one.member(only_of_grants).there()) {
          one.member(only_of_grants).fail({errc::unknown_field, "only a grant has that"});
        }
      }
      return;
    }
    out.strength = word(one.member("strength"), find_consent_strength, consent_strength::expressed);
    out.informed = one.member("informed").boolean(true);
    if (out.basis == lawful_basis::none) out.basis = lawful_basis::consent;
    (void)one.required("notice");
    const json_node asked = one.member("conditions");
    asked.only(
        {"obligations", "mask", "expire_seconds", "encrypt_for", "rate_count", "rate_seconds"});
    const json_node members = asked.member("obligations");
    for (std::size_t i = 0; i < members.size(16); ++i) {
      out.conditions.required.add(members.at(i).found(find_obligation));
    }
    if (const json_node mask = asked.member("mask"); mask.there()) {
      out.conditions.mask = mask.found(transfer::find_operator);
    }
    out.conditions.expire_seconds = number(asked.member("expire_seconds"));
    out.conditions.rate_count = number(asked.member("rate_count"));
    out.conditions.rate_seconds = number(asked.member("rate_seconds"));
    if (const json_node whom = asked.member("encrypt_for"); whom.there()) {
      out.conditions.encrypt_for = recipient(whom);
    }
  }

  static std::uint32_t number(const json_node& from) {
    return static_cast<std::uint32_t>(from.integer(0, most_number));
  }

  recipient_id recipient(const json_node& from) const {
    return from.found([&](std::string_view name) -> result<recipient_id> {
      if (const auto known = find_recipient_class(name)) return known;
      const auto party = in_.registry->find(name);
      if (party) return party->id;
      return error{errc::unknown_field, "neither a recipient class nor a party of the book"};
    });
  }

  notice_reference notice_named(const json_node& from) const {
    const privacy_notice* found = nullptr;
    for (const privacy_notice& one : in_.notices) {
      if (one.title.view() == from.text() && (found == nullptr || one.version > found->version)) {
        found = &one;
      }
    }
    if (found != nullptr) return {found->id, found->version, found->hash};
    from.fail({errc::unknown_notice, "the book holds no notice of that title"});
    return {};
  }

  const book_words& in_;
};

// Runs `read` over a document with what the book knows.
template <class Read>
auto with_words(std::string_view document, session& in, std::string& where, Read&& read)
    -> result<decltype(read(std::declval<const json_node&>(), std::declval<book_words&>()))> {
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  const auto notices = in.notices();
  if (!notices) return notices.error();
  const auto profile = in.profile();
  book_words words{.registry = registry->get(),
                   .notices = *notices,
                   .now = in.request(purpose_id()).now,
                   .recorder = in.who().id,
                   .profile = profile->id,
                   .profile_version = profile->version,
                   .book = &in};
  json_failure failure;
  auto out = read(json_node(&*value, "", failure), words);
  if (!failure.happened()) return out;
  where = failure.where;
  return failure.what;
}

template <class Set>
json::array words_of(const Set& set, const recipient_registry* registry = nullptr) {
  json::array out;
  set.for_each([&](auto id) {
    if constexpr (std::is_same_v<decltype(id), recipient_id>) {
      if (const auto party = registry->find(id)) {
        out.emplace_back(party->name.view());
        return;
      }
    }
    // A number without a word yet: of a whole set ("all operations") it needs none.
    if (const auto known = facts(id)) out.emplace_back(known->name);
  });
  return out;
}

std::string text_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

std::string country_of(const country_code& code) {
  return code[0] == '\0' ? std::string() : std::string(code.data(), code.size());
}

void add_scope(json::object& to, const consent_scope& scope, const recipient_registry& registry) {
  to["purposes"] = words_of(scope.purposes);
  to["recipients"] = words_of(scope.recipients, &registry);
  to["categories"] = words_of(scope.categories);
  to["operations"] = words_of(scope.operations);
}

json::object conditions_of(const obligations& asked, const recipient_registry& registry) {
  json::array names;
  for (std::uint8_t i = 0; i < 16; ++i) {
    if (asked.required.contains(obligation{i})) names.emplace_back(name_of(obligation{i}));
  }
  json::object out{{"obligations", std::move(names)}};
  if (asked.required.contains(obligation::mask)) out["mask"] = name_of(asked.mask);
  if (asked.expire_seconds != 0) out["expire_seconds"] = asked.expire_seconds;
  if (asked.rate_count != 0) out["rate_count"] = asked.rate_count;
  if (asked.rate_seconds != 0) out["rate_seconds"] = asked.rate_seconds;
  if (asked.encrypt_for.value != 0) {
    const json::array whom = words_of(recipient_set{asked.encrypt_for}, &registry);
    if (!whom.empty()) out["encrypt_for"] = whom.front();
  }
  return out;
}

json::array contacts_of(const directive& said, const schema& fields) {
  json::array out;
  for (const contact_point& one : said.contacts) {
    const auto known = fields.find(one.field);
    if (one.field == field_id{} || !known) break;
    out.push_back({{"field", known->key}, {"token", hex<std::string>(one.token)}});
  }
  return out;
}

std::string law_named(session& in, profile_id law) {
  for (const auto& one : in.profiles()) {
    if (one->id == law) return std::string(one->name);
  }
  const auto built_in = find_profile(law);
  return built_in ? std::string((*built_in)->name) : std::to_string(law.value);
}

void add_move(json::object& out, const directive& said, session& in) {
  out["law"] = law_named(in, said.jurisdiction);
  if (said.residence != state_code{}) out["state"] = country_of(said.residence);
  if (said.works_here == employment::unsaid) return;
  out["works_here"] = said.works_here == employment::employed;
}

json::object to_object(const directive& said, const recipient_registry& registry,
                       std::span<const privacy_notice> notices) {
  json::object out{{"id", hex<std::string>(said.id.bytes)},
                   {"sequence", said.sequence},
                   {"kind", name_of(said.kind)},
                   {"by", name_of(said.by)},
                   {"channel", name_of(said.channel)},
                   {"at", text_of(said.event_at)},
                   {"recorded_at", text_of(said.recorded_at)},
                   {"recorder", said.recorder.value}};
  const bool of_cells = decides(said.kind) || said.kind == directive_kind::request ||
                        said.kind == directive_kind::defer;
  if (of_cells) add_scope(out, said.scope, registry);
  if (said.kind == directive_kind::proof_of_age) {
    out["document"] = name_of(said.age.document);
    out["confirmed"] = proves_age(said);
  }
  if (said.basis != lawful_basis::none) out["basis"] = name_of(said.basis);
  if (said.strength != consent_strength::none) {
    out["strength"] = name_of(said.strength);
    out["informed"] = said.informed;
  }
  if (said.conditions.required.bits() != 0) {
    out["conditions"] = conditions_of(said.conditions, registry);
  }
  for (const privacy_notice& one : notices) {
    if (one.id == said.notice.id && one.version == said.notice.version) {
      out["notice"] = one.title.view();
      out["notice_version"] = one.version;
    }
  }
  if (said.not_before) out["not_before"] = text_of(*said.not_before);
  if (said.not_after) out["not_after"] = text_of(*said.not_after);
  if (const auto reference = said.evidence.reference.view(); !reference.empty()) {
    out["evidence"] = reference;
  }
  json::array former;
  for (const directive_id& id : said.supersedes) {
    if (id != directive_id()) former.emplace_back(hex<std::string>(id.bytes));
  }
  if (!former.empty()) out["supersedes"] = std::move(former);
  return out;
}

json::object to_object(const privacy_notice& notice, const recipient_registry& registry) {
  json::object out{{"notice", notice.id.value},
                   {"title", notice.title.view()},
                   {"version", notice.version},
                   {"language", notice.language.view()},
                   {"retention_days", notice.retention_days},
                   {"hash", hex<std::string>(notice.hash)},
                   {"text_hash", hex<std::string>(notice.text)},
                   {"offer_hash", hex<std::string>(notice.offer)},
                   {"cells_hash", hex<std::string>(notice.cells)},
                   {"withdrawn", is_withdrawal(notice)}};
  add_scope(out, notice.announced, registry);
  return out;
}

}  // namespace

result<directive> directive_from_json(std::string_view document, session& in,
                                      std::string& where) try {
  return with_words(document, in, where, [](const json_node& from, const book_words& words) {
    return words_reader(words).read_directive(from);
  });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::vector<directive>> directives_from_json(std::string_view document, session& in,
                                                    std::string& where) try {
  return with_words(document, in, where, [](const json_node& from, const book_words& words) {
    std::vector<directive> out;
    const std::size_t count = from.size(most_directives);
    for (std::size_t i = 0; i < count && !from.failed(); ++i) {
      out.push_back(words_reader(words).read_directive(from.at(i)));
    }
    return out;
  });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> directives_to_json(std::span<const directive> said, session& in) try {
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  const auto notices = in.notices();
  if (!notices) return notices.error();
  json::array out;
  for (const directive& one : said) {
    json::object told = to_object(one, **registry, *notices);
    if (one.kind == directive_kind::move) add_move(told, one, in);
    if (is_about_contacts(one)) told["contacts"] = contacts_of(one, in.fields());
    out.push_back(std::move(told));
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> jurisdiction_to_json(const jurisdiction& found, session& in) try {
  json::array laws;
  for (const auto& one : found.laws) laws.emplace_back(one->name);
  json::value confirmed;
  if (found.confirmed != profile_id{}) confirmed = law_named(in, found.confirmed);
  json::value state;
  if (found.residence != country_code{}) state = country_of(found.residence);
  return json::serialize(json::object{{"laws", std::move(laws)},
                                      {"confirmed", confirmed},
                                      {"state", state},
                                      {"employed", found.employed}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<privacy_notice> notice_from_json(std::string_view document, session& in,
                                        std::string& where) try {
  return with_words(document, in, where, [](const json_node& from, const book_words& words) {
    from.only({"title", "language", "text", "offer", "purposes", "recipients", "categories",
               "operations", "retention_days"});
    privacy_notice out;
    out.title = short_one<64>(from.required("title"));
    const json_node language = from.member("language");
    out.language = language.there() ? short_one<16>(language) : short_text<16>("en");
    out.announced = words_reader(words).scope(from, true);
    out.registry_version = words.registry->version();
    out.jurisdiction = words.profile;
    out.retention_days =
        static_cast<std::uint32_t>(from.member("retention_days").integer(0, most_number));
    out.text = hash_of(from.required("text"));
    out.offer = hash_of(from.member("offer"));
    for (const privacy_notice& former : words.notices) {
      if (former.title.view() != out.title.view() || former.version < out.version) continue;
      out.id = former.id;
      out.version = former.version + 1;
    }
    return out;
  });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> notices_to_json(std::span<const privacy_notice> notices, session& in) try {
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  json::array out;
  for (const privacy_notice& one : notices) out.push_back(to_object(one, **registry));
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

std::vector<vendor_recipient> vendors_of(const json_node& from) {
  constexpr std::size_t most_vendors = 1024;
  std::vector<vendor_recipient> out;
  for (std::size_t i = 0; i < from.size(most_vendors); ++i) {
    const json_node one = from.at(i);
    one.only({"vendor", "recipient", "legitimate_interests"});
    vendor_recipient made;
    made.vendor = static_cast<std::uint16_t>(one.required("vendor").integer(1, 65535, 1));
    made.recipient = one.required("recipient").text();
    const json_node purposes = one.member("legitimate_interests");
    for (std::size_t k = 0; k < purposes.size(11); ++k) {
      made.legitimate_interests.bits |= std::uint64_t{1} << (purposes.at(k).integer(1, 11, 1) - 1);
    }
    out.push_back(made);
  }
  return out;
}

// What was said in other systems' words, read and handed to whoever records it.
result<std::string> import_said(
    std::string_view document, std::string& where,
    callback_ref<result<consent_import_counts>(const consent_texts&, const consent_import_options&,
                                               const consent_import_listener&)>
        import) {
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"gpc", "gpp", "tcf", "usp", "record", "notice", "evidence", "vendors"});
  const consent_texts said{.gpc = from.member("gpc").text(),
                           .gpp = from.member("gpp").text(),
                           .tcf = from.member("tcf").text(),
                           .usp = from.member("usp").text(),
                           .record = from.member("record").text()};
  const std::vector<vendor_recipient> vendors = vendors_of(from.member("vendors"));
  const consent_import_options options{.notice = from.member("notice").text(),
                                       .evidence = from.member("evidence").text(),
                                       .vendors = vendors};
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  // Of a record, the member that is wrong.
  const consent_import_listener listener{
      .context = &where, .problem = [](void* to, const consent_import_problem& problem) {
        if (problem.member.empty()) return;
        static_cast<std::string*>(to)->assign("/record/").append(problem.member);
      }};
  const auto counts = import(said, options, listener);
  if (!counts) return counts.error();
  return json::serialize(json::object{{"recorded", counts->recorded},
                                      {"repeated", counts->repeated},
                                      {"not_of_that_age", counts->not_of_that_age},
                                      {"left_out", counts->left_out},
                                      {"back_dated", counts->back_dated},
                                      {"unreadable", counts->unreadable}});
}

}  // namespace

result<std::string> import_consents_json(std::string_view document, session& in,
                                         const customer_id& id, std::string& where) try {
  return import_said(document, where,
                     [&](const consent_texts& said, const consent_import_options& options,
                         const consent_import_listener& listener) {
                       return import_consents(in, id, said, options, listener);
                     });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> import_noes_json(std::string_view document, session& in,
                                     const external_id& whose, std::string& where) try {
  return import_said(document, where,
                     [&](const consent_texts& said, const consent_import_options& options,
                         const consent_import_listener& listener) {
                       return import_noes(in, whose, said, options, listener);
                     });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<recipient_party> party_from_json(std::string_view document, std::string& where) try {
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"name", "class", "country", "contract", "transfer", "onward"});
  recipient_party out;
  out.name = short_one<64>(from.required("name"));
  out.party_class = from.required("class").found(find_recipient_class);
  if (const json_node country = from.member("country"); country.there()) {
    const std::string_view code = country.text();
    if (const auto good = validate_country(code); !good) {
      country.fail(good.error());
    } else {
      out.country = {code[0], code[1]};
    }
  }
  out.contract = short_one<32>(from.member("contract"));
  out.transfer = word(from.member("transfer"), find_transfer, transfer_basis::none);
  out.onward = word(from.member("onward"), find_onward, onward_rule::not_agreed);
  if (!failure.happened()) return out;
  where = failure.where;
  return failure.what;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

// As the members that have to be filled in are called.
json::array names_of(const recipient_needs& needs) {
  json::array out;
  if (needs.contract) out.emplace_back("contract");
  if (needs.transfer) out.emplace_back("transfer");
  if (needs.onward) out.emplace_back("onward");
  return out;
}

}  // namespace

result<recipient_contact> recipient_contact_from_json(std::string_view document,
                                                      std::string& where) try {
  const auto value = exchange::read_json(document);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"contact", "acknowledgement_key"});
  recipient_contact out;
  out.contact = from.member("contact").text();
  out.acknowledgement_key = from.member("acknowledgement_key").text();
  if (!failure.happened()) return out;
  where = failure.where;
  return failure.what;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> registry_to_json(session& in) try {
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  const auto contacts = in.recipient_contacts();
  if (!contacts) return contacts.error();
  json::array out;
  for (const recipient_party& one : (*registry)->parties()) {
    const auto known = facts(one.party_class);
    const auto reached = std::ranges::find(*contacts, one.id, &recipient_contact::party);
    const bool there = reached != contacts->end();
    out.push_back({{"number", one.id.value},
                   {"name", one.name.view()},
                   {"class", known ? known->name : std::string_view()},
                   {"country", country_of(one.country)},
                   {"contract", one.contract.view()},
                   {"transfer", transfers[static_cast<std::size_t>(one.transfer)].name},
                   {"onward", onwards[static_cast<std::size_t>(one.onward)].name},
                   {"contact", there ? std::string_view(reached->contact) : std::string_view()},
                   {"acknowledgement_key",
                    there ? std::string_view(reached->acknowledgement_key) : std::string_view()},
                   {"needs", names_of(needs_of(*in.profile(), one))},
                   {"removed", one.removed != 0}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> preview_to_json(const consent_preview& opens, session& in) try {
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  json::array cells;
  for (const preview_cell& one : opens.cells) {
    json::array fields;
    for (std::size_t i = 0; i < in.fields().size(); ++i) {
      const field_definition field = in.fields().at(i);
      if (one.fields.has(field.number)) fields.emplace_back(field.key);
    }
    const auto recipients = words_of(recipient_set{one.recipient}, &**registry);
    const auto purposes = words_of(purpose_set{one.purpose});
    const auto operations = words_of(operation_set{one.operation});
    cells.push_back({{"recipient", recipients.empty() ? json::value() : recipients.front()},
                     {"purpose", purposes.empty() ? json::value() : purposes.front()},
                     {"operation", operations.empty() ? json::value() : operations.front()},
                     {"fields", std::move(fields)},
                     {"country", country_of(one.country)},
                     {"retention_days", one.retention_days}});
  }
  return json::serialize(
      json::object{{"cells", std::move(cells)}, {"hash", hex<std::string>(opens.hash)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
