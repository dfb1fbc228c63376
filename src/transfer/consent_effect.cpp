// The answer to whoever records a directive. A permission that opens nothing is recorded all the
// same, since it was said; but somebody at the counter must hear it, and what to do.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/consent_effect.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

namespace clientbook {
namespace {

namespace json = boost::json;

constexpr std::size_t most_words = 4;
std::string text_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

template <class Set, class Word>
json::array all_words(const Set& set, Word&& word) {
  json::array out;
  set.for_each([&](auto id) { out.emplace_back(std::string(word(id))); });
  return out;
}
json::array purposes_of(const purpose_set& set) {
  return all_words(set, [](purpose_id one) { return word_for(one); });
}

template <class Set, class Word>
std::string words(const Set& set, Word&& word) {
  std::string out;
  std::size_t count = 0;
  set.for_each([&](auto id) {
    if (++count <= most_words) out += (out.empty() ? "" : ", ") + std::string(word(id));
  });
  if (count > most_words) out += " and " + std::to_string(count - most_words) + " more";
  return out;
}

/// Finds the one sentence that a person needs.
class reason_finder {
 public:
  reason_finder(session& in, const customer_id& id, const directive& said)
      : in_(in), id_(id), said_(said) {}

  result<std::string> find() {
    const auto registry = in_.recipients();
    if (!registry) return registry.error();
    registry_ = *registry;
    if (const std::string_view speaker = wrong_speaker(); !speaker.empty()) {
      return std::string(speaker);
    }
    if (said_.kind == directive_kind::grant || said_.kind == directive_kind::renew) {
      if (too_weak()) {
        return std::string(
            "it is implied, and no law of the book is content with that: a consent that the "
            "customer expressed counts (--strength expressed)");
      }
      const auto unannounced = beyond_the_notice();
      if (!unannounced || !unannounced->empty()) return unannounced;
    }
    const auto free = of_an_employee();
    if (!free || !free->empty()) return free;
    const auto named = wrongly_named();
    if (!named || !named->empty()) return named;
    return what_stands_against_it();
  }

 private:
  bool of_the_shop() const noexcept {
    return said_.by == indicated_by::controller || said_.by == indicated_by::authority;
  }

  // A consent is the word of the customer or of who decides for them, a basis that of the shop.
  std::string_view wrong_speaker() const noexcept {
    switch (said_.kind) {
      case directive_kind::grant:
      case directive_kind::renew:
        return of_the_shop() ? "a consent is the word of the customer, of a guardian or of an "
                               "agent, and not of the shop or an authority (--by subject)"
                             : "";
      case directive_kind::basis_assertion:
        return of_the_shop() ? "" : "a basis is the word of the shop (--by controller)";
      default:
        return "";
    }
  }

  bool too_weak() const {
    const auto laws = in_.profiles();
    return std::ranges::all_of(
        laws, [&](const auto& law) { return said_.strength < law->minimum_strength; });
  }

  // Between an employer and who works for it a consent shows by itself that it was free.
  result<std::string> of_an_employee() {
    if (said_.kind != directive_kind::grant && said_.kind != directive_kind::renew) {
      return std::string();
    }
    const bool free =
        said_.strength == consent_strength::explicit_ && said_.evidence.hash != consent_hash{};
    const auto lives = in_.jurisdiction_of(id_);
    if (!lives) return lives.error();
    if (free || !lives->employed) return std::string();
    return std::string(
        "the customer works for the shop: a consent to it counts if it is explicit (--strength "
        "explicit) and has evidence (--evidence)");
  }

  // What a decision that names earlier ones needs: that they stand in the way, and evidence.
  result<std::string> wrongly_named() {
    if (said_.supersedes.front() == directive_id{}) {
      if (said_.kind != directive_kind::lift) return std::string();
      return std::string("it names no denial, objection or restriction (--supersedes N)");
    }
    const auto all = in_.directives(id_);
    if (!all) return all.error();
    if (said_.kind == directive_kind::lift) {
      for (const directive& one : *all) {
        const bool named = std::find(said_.supersedes.begin(), said_.supersedes.end(), one.id) !=
                           said_.supersedes.end();
        if (!named) continue;
        if (widens(one.kind) || one.kind == directive_kind::request) {
          return "number " + std::to_string(one.sequence) + " is a " +
                 std::string(name_of(one.kind)) + ", which there is nothing to lift of";
        }
        const bool customers = one.by == indicated_by::subject || one.by == indicated_by::agent;
        if (customers && of_the_shop() && one.kind != directive_kind::restrict) {
          return "number " + std::to_string(one.sequence) + " is the customer's word. " +
                 who_may_end(one.sequence);
        }
      }
    }
    if (said_.evidence.hash == consent_hash{}) {
      return std::string("what it names stands until there is evidence (--evidence)");
    }
    return std::string();
  }

  result<std::string> beyond_the_notice() {
    const auto notices = in_.notices();
    if (!notices) return notices.error();
    const privacy_notice* shown = nullptr;
    for (const privacy_notice& one : *notices) {
      if (one.id == said_.notice.id && one.version == said_.notice.version) shown = &one;
    }
    if (shown == nullptr || shown->hash != said_.notice.hash) {
      return std::string("it names no notice that the book holds");
    }
    const std::string notice =
        "notice \"" + std::string(shown->title.view()) + "\" does not announce ";
    const consent_scope& announced = shown->announced;
    const purpose_set purposes = said_.scope.purposes - covered_by_grant(announced.purposes);
    if (purposes == said_.scope.purposes) {
      return notice + words(purposes, [](purpose_id one) { return word_for(one); });
    }
    // Parties stand under their class.
    recipient_set recipients = said_.scope.recipients - covered_by_grant(announced.recipients);
    for (const recipient_party& party : registry_->parties()) {
      if (covered_by_grant(announced.recipients).contains(party.party_class)) {
        recipients -= recipient_set{party.id};
      }
    }
    if (recipients == said_.scope.recipients) {
      return notice +
             words(recipients, [&](recipient_id one) { return word_for(one, *registry_); });
    }
    const category_set categories = said_.scope.categories - covered_by_grant(announced.categories);
    if (categories == said_.scope.categories) {
      return notice + words(categories, [](category_id one) { return facts(one)->name; });
    }
    const operation_set operations =
        said_.scope.operations - covered_by_grant(announced.operations);
    if (operations == said_.scope.operations) {
      return notice + words(operations, [](operation_id one) { return facts(one)->name; });
    }
    return std::string();
  }

  template <class Set, class Id>
  static Id first_of(const Set& set, Id otherwise) {
    std::optional<Id> found;
    set.for_each([&](Id one) {
      if (!found) found = one;
    });
    return found.value_or(otherwise);
  }

  decision_request one_cell() const {
    decision_request request = in_.request(first_of(said_.scope.purposes, purpose_id()));
    request.recipient = first_of(said_.scope.recipients, recipient::self);
    // Of a class, somebody who is in it.
    for (const recipient_party& party : registry_->parties()) {
      if (party.removed == 0 && party.party_class == request.recipient)
        request.recipient = party.id;
    }
    request.operation = said_.scope.operations.contains(operation::use)
                            ? operation::use
                            : first_of(said_.scope.operations, operation::use);
    return request;
  }

  result<std::string> what_stands_against_it() {
    const decision_request request = one_cell();
    const schema& fields = in_.fields();
    bool any = false;
    bool open_already = false;
    std::string first;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const field_id field = fields.at(i).number;
      if (!said_about(fields.at(i))) continue;
      any = true;
      const contact_point* const alone = said_of_alone(field);
      const auto why = alone ? in_.explain(id_, request, *alone) : in_.explain(id_, request, field);
      if (!why) return why.error();
      open_already = open_already || why->permitted;
      if (why->permitted) continue;
      auto text = alone ? in_.describe(id_, request, *alone, language::en)
                        : in_.describe(id_, request, field, language::en);
      if (!text) return text;
      if (stands(*why)) return *text + " " + who_may_end(why->sequence);
      if (first.empty()) first = *text;
    }
    if (!first.empty()) {
      return open_already ? "all else of it was open already, and of the rest: " + first : first;
    }
    return std::string(any ? "all of it was open already"
                           : "no field of the book is of these categories");
  }

  // Whose later word counts against what stands.
  std::string who_may_end(std::uint32_t sequence) {
    indicated_by by = indicated_by::subject;
    if (const auto all = in_.directives(id_)) {
      for (const directive& one : *all) {
        if (one.sequence != sequence) continue;
        by = one.by;
        // What the shop wrote down since it could not read a signal the customer may end.
        const bool signal = one.channel >= consent_channel::signal_gpc &&
                            one.channel <= consent_channel::signal_tcf;
        if (by == indicated_by::controller && signal) by = indicated_by::subject;
      }
    }
    const std::string number = std::to_string(sequence);
    const std::string how =
        " counts if it names number " + number + " (--supersedes " + number + ") and has evidence.";
    switch (by) {
      case indicated_by::guardian:
        return "It was said by a guardian: a later decision of a guardian" + how +
               " The customer's own counts from the birthday on from which they agree alone, "
               "if the book knows when they were born, and they were younger when it was said.";
      case indicated_by::controller:
        return "It was said by the shop: a later lift by the shop" + how;
      case indicated_by::authority:
        return "It was said by an authority: a later lift by an authority" + how;
      default:
        return "A later decision of the customer" + how;
    }
  }

  const contact_point* said_of_alone(field_id field) const noexcept {
    for (const contact_point& one : said_.contacts) {
      if (one.field == field) return &one;
    }
    return nullptr;
  }

  static bool stands(const explanation& why) noexcept {
    return why.source == rule_source::directive && why.sequence != 0 &&
           (why.code == decision_code::denied_by || why.code == decision_code::objected ||
            why.code == decision_code::restricted);
  }

  bool said_about(const field_definition& field) const {
    const category_set covered = covered_by_grant(said_.scope.categories);
    for (const category_id category : field.categories) {
      if (category != category_id() && !covered.contains(category)) return false;
    }
    return true;
  }

  session& in_;
  const customer_id& id_;
  const directive& said_;
  std::shared_ptr<const recipient_registry> registry_;
};

json::array to_array(const std::vector<consent_cell>& cells, const recipient_registry& registry,
                     const schema& fields) {
  json::array out;
  for (const consent_cell& cell : cells) {
    out.push_back({{"recipient", word_for(cell.recipient, registry)},
                   {"purpose", word_for(cell.purpose)},
                   {"operation", facts(cell.operation)->name},
                   {"fields", keys_of(cell.fields, fields)}});
  }
  return out;
}

}  // namespace

result<std::string> why_nothing_opened(session& in, const customer_id& id, const directive& said,
                                       const consent_effect& effect) try {
  if (effect.repeated) return std::string();  // Nothing was added: it opened what it opens before.
  if (!widens(said.kind) || !effect.opened.empty()) return std::string();
  if (!effect.waiting.empty()) {
    return std::string("it is the word of who noted it, and waits: ") + std::string(how_to_confirm);
  }
  // It is recorded whatever comes of the question why.
  auto why = reason_finder(in, id, said).find();
  if (!why)
    return std::string("of something that this role may not see, or that was not found out");
  return why;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> effect_to_json(session& in, const customer_id& id, const directive& said,
                                   const consent_effect& effect) try {
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  const auto why = why_nothing_opened(in, id, said, effect);
  if (!why) return why;
  json::object out{{"sequence", effect.sequence},
                   {"repeated", effect.repeated},
                   {"kind", name_of(said.kind)},
                   {"opened", to_array(effect.opened, **registry, in.fields())},
                   {"closed", to_array(effect.closed, **registry, in.fields())}};
  if (!why->empty()) out["opens_nothing_because"] = *why;
  if (!effect.waiting.empty()) {
    out["waiting"] = purposes_of(effect.waiting);
    out["provisional"] = purposes_of(effect.provisional);
    if (!effect.provisional.empty()) out["until"] = text_of(effect.until);
    out["how_to_confirm"] = how_to_confirm;
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> confirmed_to_json(session& in, const customer_id& id,
                                      const consent_effect& effect) try {
  const auto all = in.directives(id);
  if (!all) return all.error();
  for (const directive& one : *all) {
    if (one.sequence == effect.sequence) return effect_to_json(in, id, one, effect);
  }
  return error{errc::not_found, "no directive of that number: see `clientbook consent history`"};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> waiting_to_json(session& in, std::span<const waiting_consent> all) try {
  const auto registry = in.recipients();
  if (!registry) return registry.error();
  const auto notices = in.notices();
  if (!notices) return notices.error();
  json::array out;
  for (const waiting_consent& one : all) {
    json::object told{{"sequence", one.said.sequence},
                      {"noted_at", text_of(one.said.recorded_at)},
                      {"noted_by", one.said.recorder.value},
                      {"until", text_of(one.until)},
                      {"asked", one.asked},
                      {"purposes", purposes_of(one.said.scope.purposes)},
                      {"recipients", all_words(one.said.scope.recipients, [&](recipient_id to) {
                         return word_for(to, **registry);
                       })}};
    for (const privacy_notice& shown : *notices) {
      if (shown.id == one.said.notice.id && shown.version == one.said.notice.version) {
        told["notice"] = shown.title.view();
      }
    }
    out.push_back(std::move(told));
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> opt_in_to_json(const opt_in_token& token) try {
  return json::serialize(json::object{{"token", token.text}, {"until", text_of(token.until)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
