// What would be decided and why, in words, and what a yes or a notice would open. Nothing is opened
// or written.
#include <clientbook/consent/explanation.hpp>

#include <algorithm>

#include "session_state.hpp"

namespace clientbook {
namespace {

// Whose rule has decided.
const law_profile* law_of(const session_state& s, const explanation& why) noexcept {
  const auto* held = s.consent.policy().find(why.profile);
  return held == nullptr ? &s.consent.profile() : &held->law;
}

}  // namespace

decision_request session_state::as_asked(const decision_request& request) const {
  decision_request out = request;
  const decision_request own = consent.reading(request.purpose, clock_now());
  out.now = own.now;
  out.clock = own.clock;
  out.discharges = own.discharges;
  return out;
}

decision_request session::request(purpose_id purpose) const {
  // Whether the clock was set back tells the newest commit.
  (void)profile();
  return state_->consent.reading(purpose, state_->clock_now());
}

namespace {

struct point_decided {
  contact_point which{};
  bool open = false;
};

// What is decided of each contact point of that field; none where all are decided alike.
result<std::vector<point_decided>> points_decided(session_state& s, customer_no whose,
                                                  const manifest& known,
                                                  const decision_request& request,
                                                  const explained& what) {
  std::vector<point_decided> out;
  if (what.point || !with_contact_points.has(what.field)) return out;
  const auto apart = s.consent.contacts_told_apart(whose, known, request.now);
  if (!apart) return apart.error();
  if (apart->empty()) return out;
  const auto again = s.entry(whose);
  if (!again) return again.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = s.opener.record(opening::contact_points, whose, **again, opened);
  if (!fields) return fields.error();
  for (const opened_field& one : *fields) {
    if (one.id != what.field) continue;
    const auto points = contact_points_of(s.core->keys().external_ids, one.id, one.plaintext);
    if (!points) return points.error();
    for (const contact_point& point : *points) out.push_back({.which = point});
  }
  for (point_decided& one : out) {
    const auto here = s.entry(whose);
    if (!here) return here.error();
    const auto why =
        s.consent.explain(whose, **here, request, {.field = what.field, .point = one.which});
    if (!why) return why.error();
    one.open = why->permitted;
  }
  return out;
}

// Of a field that is open, how many of its values are not; never which.
std::string parts_closed(std::size_t closed, std::size_t all, language speech) {
  struct phrase {
    std::string_view begins, of, closed;
  };
  constexpr std::array<phrase, 5> phrases = {{
      {" Of the customer's ", ", ", " may not: ask about one by its value."},
      {" Von den ", " des Kunden dürfen es ", " nicht: einzeln nach dem Wert fragen."},
      {" Sur les ", " du client, ", " ne peuvent pas l'être : demander par la valeur."},
      {" De los ", " del cliente, ", " no pueden: preguntar por el valor de uno."},
      {" Dei ", " del cliente, ", " non possono: chiedere di uno con il suo valore."},
  }};
  const phrase& words = phrases[static_cast<std::size_t>(speech) % phrases.size()];
  return std::string(words.begins) + std::to_string(all) + std::string(words.of) +
         std::to_string(closed) + std::string(words.closed);
}

}  // namespace

// A field of whose contact points each is closed is withheld, whatever holds of others: it is
// explained by the first of them.
result<explained> session_state::asked_about(customer_no whose, const manifest& known,
                                             const decision_request& request,
                                             const explained& what) {
  const auto points = points_decided(*this, whose, known, request, what);
  if (!points) return points.error();
  const bool open = std::any_of(points->begin(), points->end(),
                                [](const point_decided& one) { return one.open; });
  if (points->empty() || open) return what;
  return explained{.field = what.field, .point = points->front().which};
}

result<explanation> session_state::explain(const customer_id& id, const decision_request& request,
                                           explained& what) {
  if (auto done = look(action::preview, request.purpose); !done) return done.error();
  const auto whose = number(id);
  if (!whose) return whose.error();
  if (auto asked = ask(action::preview, request.purpose, id); !asked) return asked.error();
  if (auto told = tell_of(*whose, request.purpose, look_kind::consents); !told) {
    return told.error();
  }
  const auto found = entry(*whose);
  if (!found) return found.error();
  const decision_request asked = as_asked(request);
  const auto about = asked_about(*whose, **found, asked, what);
  if (!about) return about.error();
  what = *about;
  const auto again = entry(*whose);
  if (!again) return again.error();
  return consent.explain(*whose, **again, asked, what);
}

result<std::string> session_state::describe(const customer_id& id, const decision_request& request,
                                            explained what, language speech) {
  const auto why = explain(id, request, what);
  if (!why) return why.error();
  if (auto done = look(action::see_consents); !done) return done.error();
  const auto whose = number(id);
  if (!whose) return whose.error();
  if (auto told = tell_of(*whose, {}, look_kind::consents); !told) return told.error();
  const auto found = entry(*whose);
  if (!found) return found.error();
  const auto said = consent.directives(**found, *whose);
  if (!said) return said.error();
  std::optional<remedy> way;
  if (!why->permitted) {
    const auto born = consent.born(*whose, **found);
    if (!born) return born.error();
    const auto parts = merged_parts(*whose);
    if (!parts) return parts.error();
    auto looked_for =
        consent.remedy_of({*said, *born, *parts}, as_asked(request), what, clock_now());
    if (!looked_for) return looked_for.error();
    way = *looked_for;
  }
  std::array<char, max_explanation> room;
  const auto sentence = clientbook::describe(*why, request,
                                             {.profile = law_of(*this, *why),
                                              .registry = &consent.registry(),
                                              .directives = *said,
                                              .remedy = way ? &*way : nullptr},
                                             speech, room);
  if (!sentence) return sentence.error();
  std::string out(*sentence);
  if (!why->permitted) return out;
  const auto again = entry(*whose);
  if (!again) return again.error();
  const auto points = points_decided(*this, *whose, **again, as_asked(request), what);
  if (!points) return points.error();
  const auto closed = std::count_if(points->begin(), points->end(),
                                    [](const point_decided& one) { return !one.open; });
  if (closed != 0) out += parts_closed(static_cast<std::size_t>(closed), points->size(), speech);
  return out;
}

result<explanation> session::explain(const customer_id& id, const decision_request& request,
                                     field_id field) try {
  explained what{.field = field};
  return state_->explain(id, request, what);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<explanation> session::explain(const customer_id& id, const decision_request& request,
                                     const contact_point& point) try {
  explained what{.field = point.field, .point = point};
  return state_->explain(id, request, what);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::describe(const customer_id& id, const decision_request& request,
                                      field_id field, language speech) try {
  return state_->describe(id, request, {.field = field}, speech);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::string> session::describe(const customer_id& id, const decision_request& request,
                                      const contact_point& point, language speech) try {
  return state_->describe(id, request, {.field = point.field, .point = point}, speech);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_preview> session::preview_grant(const customer_id& id, const directive& grant,
                                               const privacy_notice& notice) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::see_consents); !seen) return seen.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto said = s.consent.directives(**found, *number);
  if (!said) return said.error();
  const auto born = s.consent.born(*number, **found);
  if (!born) return born.error();
  const auto parts = s.merged_parts(*number);
  if (!parts) return parts.error();
  return s.consent.preview({*said, *born, *parts}, grant, notice, s.clock_now());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<consent_preview> session::preview_notice(const privacy_notice& notice) try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen.error();
  directive grant;
  grant.kind = directive_kind::grant;
  grant.strength = consent_strength::explicit_;
  grant.informed = true;
  grant.scope = notice.announced;
  grant.registry_version = notice.registry_version;
  return s.consent.preview({}, grant, notice, s.clock_now());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
