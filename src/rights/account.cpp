// Gathering and summing up. Whatever cannot be read ends it: a page that leaves something out would
// be a lie.
#include "account.hpp"

#include <clientbook/model/terms.hpp>
#include <clientbook/rights/evidence_text.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace clientbook::rights {

namespace {

// A directive names a contact point by a keyed hash: it is found again by trying what is held.
result<void> add_contact(session& in, field_id field, std::string_view value, account& out) {
  const auto named = in.contact_of(field, value);
  if (!named && named.error().code == errc::invalid_value) return {};
  if (!named) return named.error();
  out.contacts.emplace_back(*named, std::string(value));
  return {};
}

result<void> know_contacts(session& in, account& out) {
  const record_view record = out.theirs.content.record();
  const auto emails = record.emails();
  if (!emails) return emails.error();
  const auto phones = record.phones();
  if (!phones) return phones.error();
  for (const email_address& one : *emails) {
    if (auto done = add_contact(in, field::emails, one.address.reveal(), out); !done) return done;
  }
  for (const phone_number& one : *phones) {
    if (auto done = add_contact(in, field::phones, one.number.reveal(), out); !done) return done;
  }
  return {};
}

}  // namespace

result<account> gather(session& from, const customer_id& id) {
  account out;
  auto theirs = from.hand_over(id);
  if (!theirs) return theirs.error();
  out.theirs = std::move(*theirs);
  // Before what this page asks itself is among it.
  auto looks = from.who_looked(id);
  if (!looks) return looks.error();
  out.looks = std::move(*looks);
  auto kept = from.kept_for(id);
  if (!kept) return kept.error();
  out.kept_for = std::move(*kept);
  auto said = from.directives(id);
  if (!said) return said.error();
  out.said = std::move(*said);
  if (auto done = know_contacts(from, out); !done) return done.error();
  auto entries = from.ledger(id);
  if (!entries) return entries.error();
  out.entries = std::move(*entries);
  const auto pruned = from.pruned_of(id);
  if (!pruned) return pruned.error();
  out.pruned = *pruned;
  auto parties = from.recipients();
  if (!parties) return parties.error();
  out.parties = std::move(*parties);
  auto reached = from.recipient_contacts();
  if (!reached) return reached.error();
  out.reached = std::move(*reached);
  auto figures = from.figures();
  if (!figures) return figures.error();
  out.gaps = std::move(figures->gaps);
  // By the id of a part evidence would be the part's.
  const auto whole = from.whole(id);
  if (!whole) return whole.error();
  const auto evidence = from.evidence(*whole);
  if (!evidence) return evidence.error();
  if (out.entries.size() > evidence->entries.size()) {
    out.not_in_evidence = out.entries.size() - evidence->entries.size();
  }
  // What another customer asked for while both were taken for one is nothing that this one did.
  std::erase_if(out.entries, [](const ledger_record& one) {
    return one.of_both && one.event == ledger_event::request;
  });
  auto text = evidence_to_text(*evidence);
  if (!text) return text.error();
  out.evidence = std::move(*text);
  out.today = date_of(from.request(purpose::rights_fulfilment).now);
  return out;
}

bool receiver::is_the_customer() const noexcept {
  return party_class == recipient::data_subject && !another;
}

namespace {

bool concerns_a_recipient(ledger_event event) noexcept {
  return event == ledger_event::disclosure || event == ledger_event::data_export ||
         event == ledger_event::refusal || event == ledger_event::not_delivered ||
         event == ledger_event::onward;
}

}  // namespace

bool got_by_another(const ledger_record& entry) noexcept {
  return entry.of_both && entry.recipient_class == recipient::data_subject;
}

namespace {

receiver& of_whom(std::vector<receiver>& all, const ledger_record& entry) {
  const bool another = got_by_another(entry);
  for (receiver& one : all) {
    if (one.name == entry.recipient && one.party_class == entry.recipient_class &&
        one.another == another) {
      return one;
    }
  }
  return all.emplace_back(receiver{.name = entry.recipient,
                                   .party = entry.party,
                                   .party_class = entry.recipient_class,
                                   .another = another,
                                   .first = date_of(entry.at)});
}

// What it is for with them nobody has said: the entry's purpose is the report's.
void by_way_of(const ledger_record& entry, receiver& to) {
  if (std::ranges::find(to.via, entry.from) == to.via.end()) to.via.push_back(entry.from);
  to.fields |= entry.fields;
  to.contact = entry.contact;
  if (!to.by_the_shop) ++to.given;
}

}  // namespace

std::vector<receiver> receivers_of(const account& of) {
  std::vector<receiver> out;
  for (const ledger_record& entry : of.entries) {
    if (!concerns_a_recipient(entry.event) || is_search(entry)) continue;
    receiver& one = of_whom(out, entry);
    one.last = date_of(entry.at);
    if (entry.event == ledger_event::refusal) {
      ++one.refused;
    } else if (entry.event == ledger_event::not_delivered) {
      ++one.never_got;
    } else if (entry.event == ledger_event::onward) {
      by_way_of(entry, one);
    } else {
      // Whom the shop itself has given it is told as that, whoever else has too.
      if (!std::exchange(one.by_the_shop, true)) one.given = 0;
      ++one.given;
      one.purposes.add(entry.purpose);
      one.fields |= entry.fields;
    }
  }
  for (const receiver& one : out) {
    for (receiver& from : out) {
      if (std::ranges::find(one.via, from.name) != one.via.end()) {
        from.reported.push_back(one.name);
      }
    }
  }
  for (receiver& one : out) {
    const auto party = of.parties->find(one.name);
    if (party) one.party = party->id;
    const auto known = std::ranges::find(of.reached, one.party, &recipient_contact::party);
    const bool takes = one.by_the_shop || one.contact.empty();
    if (takes && known != of.reached.end()) one.contact = known->contact;
  }
  // Others first, and of them those who got something; the customer's own copies last.
  const auto rank = [](const receiver& one) {
    return one.is_the_customer() ? 2 : one.given > one.never_got ? 0 : 1;
  };
  std::stable_sort(out.begin(), out.end(),
                   [&](const receiver& a, const receiver& b) { return rank(a) < rank(b); });
  return out;
}

namespace {

// What somebody would call an opening: something of them was shown.
bool opens(look_kind kind) noexcept {
  return kind == look_kind::read || kind == look_kind::preview || kind == look_kind::list ||
         kind == look_kind::search;
}

void add(lookers& to, const look& one) {
  auto same =
      std::find_if(to.purposes.begin(), to.purposes.end(),
                   [&](const lookers::under& under) { return under.purpose == one.purpose; });
  if (same == to.purposes.end()) same = to.purposes.insert(same, {.purpose = one.purpose});
  for (std::size_t kind = 0; kind < look_kinds; ++kind) {
    // What goes over everybody and asks for no field opens nobody.
    const bool shows = opens(static_cast<look_kind>(kind)) && !one.fields.empty();
    (shows && one.purpose != purpose_id() ? same->opened : same->others) += one.times[kind];
  }
}

}  // namespace

std::vector<lookers> lookers_of(const account& of) {
  std::vector<lookers> out;
  std::vector<std::set<std::uint32_t>> people;
  for (const look& one : of.looks) {
    std::uint64_t times = 0;
    for (const std::uint32_t each : one.times) times += each;
    if (times == 0) continue;
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const lookers& other) { return other.roles == one.roles; });
    const auto at = static_cast<std::size_t>(same - out.begin());
    if (same == out.end()) {
      out.push_back({.roles = one.roles, .first = one.on});
      people.emplace_back();
    }
    people[at].insert(one.actor.value);
    out[at].people = static_cast<std::uint32_t>(people[at].size());
    out[at].last = one.on;
    add(out[at], one);
  }
  return out;
}

bool places_hold(const ledger_record& one) noexcept { return one.recipient.ends_with(" placed"); }

bool was_put_on_hold(const account& of) noexcept {
  int on = 0;
  for (const ledger_record& one : of.entries) {
    if (one.event == ledger_event::legal_hold) on += places_hold(one) ? 1 : -1;
  }
  return on > 0;
}

}  // namespace clientbook::rights
