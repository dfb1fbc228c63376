// Credentials in the store (docs/format/credentials.md): a change is made of a copy, checked, and
// written; what is in memory follows what is written.
#include "credential_store.hpp"

#include <clientbook/base/bytes.hpp>

#include <algorithm>
#include <array>

namespace clientbook {
namespace {

constexpr std::size_t members = 12;
constexpr std::size_t parts_of_one = 15;
constexpr std::size_t numbers_known = 4;
constexpr std::size_t parts_of_wrong = 4;
constexpr std::int64_t day = 86400;
// How often one credential takes another key: each stays in the row.
constexpr std::size_t most_changes = 64;
constexpr literal key_taken =
    "this passphrase or key is one of the book's already, or was: take another";
constexpr error malformed{errc::invalid_encoding,
                          "what the row of credentials says is not as it must be"};
constexpr error later{errc::newer_format, "credentials are of a later version: update clientbook"};

void write_one(cbor::writer& to, const credential_record& one) {
  to.array(parts_of_one);
  to.unsigned_integer(one.number);
  to.unsigned_integer(one.whose.value);
  to.unsigned_integer(one.roles.bits());
  to.unsigned_integer(static_cast<std::uint64_t>(one.key.kind));
  to.bytes(one.key.key);
  to.text(one.name);
  to.unsigned_integer(static_cast<std::uint64_t>(one.state));
  to.unsigned_integer(one.enrolled_by.value);
  to.unsigned_integer(one.enrolled_with);
  to.integer(one.enrolled_at.seconds);
  to.unsigned_integer(one.confirmed_by.value);
  to.integer(one.confirmed_at.seconds);
  to.integer(one.until.seconds);
  to.unsigned_integer(one.revoked_by.value);
  to.integer(one.revoked_at.seconds);
}

void read_key(cbor::reader& from, crypto::verifying_key& to) {
  const byte_view key = from.bytes();
  if (key.size() == to.size()) {
    copy_bytes(byte_span(to), key);
  } else {
    from.fail(malformed.code, malformed.text);
  }
}

credential_record read_one(cbor::reader& from) {
  credential_record one;
  if (from.array() != parts_of_one) from.fail(later.code, later.text);
  one.number = read_number<std::uint32_t>(from, malformed);
  one.whose = actor_id(read_number<std::uint32_t>(from, malformed));
  one.roles = role_set::of_bits(read_number<std::uint32_t>(from, malformed));
  one.key.kind = static_cast<credential_kind>(read_number<std::uint8_t>(from, malformed));
  if (name_of(one.key.kind).empty()) from.fail(later.code, later.text);
  read_key(from, one.key.key);
  one.name = from.text();
  one.state = static_cast<credential_state>(read_number<std::uint8_t>(from, malformed));
  if (one.state > credential_state::revoked) from.fail(later.code, later.text);
  one.enrolled_by = actor_id(read_number<std::uint32_t>(from, malformed));
  one.enrolled_with = read_number<std::uint32_t>(from, malformed);
  one.enrolled_at.seconds = from.integer();
  one.confirmed_by = actor_id(read_number<std::uint32_t>(from, malformed));
  one.confirmed_at.seconds = from.integer();
  one.until.seconds = from.integer();
  one.revoked_by = actor_id(read_number<std::uint32_t>(from, malformed));
  one.revoked_at.seconds = from.integer();
  return one;
}

credential_use read_use(cbor::reader& from) {
  const auto use = static_cast<credential_use>(read_number<std::uint8_t>(from, malformed));
  if (name_of(use).empty()) from.fail(later.code, later.text);
  return use;
}

std::optional<credential_use_proposal> read_proposal(cbor::reader& from, std::uint32_t number) {
  constexpr std::size_t parts = 4;
  const std::size_t count = from.array();
  if (count == 0 || from.failed()) return std::nullopt;
  if (count != parts) from.fail(malformed.code, malformed.text);
  credential_use_proposal out{.number = number};
  out.wanted = read_use(from);
  out.by.id = actor_id(read_number<std::uint32_t>(from, malformed));
  out.by.role = static_cast<actor_role>(read_number<std::uint8_t>(from, malformed));
  out.at.seconds = from.integer();
  return out;
}

/// Whether it opens something, or did within the last week: whoever has just lost theirs comes
/// back, and nobody is alone a day after they have revoked the others.
bool counts_still(const credential_record& one, timestamp at) noexcept {
  const auto lately = [&](timestamp ended) {
    return at.seconds - ended.seconds < credential_waits_seconds;
  };
  if (one.state == credential_state::revoked) {
    return one.confirmed_at != timestamp{} && lately(one.revoked_at);
  }
  return one.state == credential_state::in_force && (holds(one, at) || lately(one.until));
}

bool may(const role_table& roles, role_set of, action what) noexcept {
  return std::ranges::any_of(all_roles(), [&](actor_role role) {
    return of.has(role) && roles.at(role, what).whose != reach::nobody;
  });
}

bool may_enrol(const role_table& roles, role_set of) noexcept {
  return may(roles, of, action::set_budgets) && may(roles, of, action::approve);
}

timestamp end_of_lease(std::uint32_t days, timestamp at) noexcept {
  return days == 0 ? timestamp{} : timestamp{at.seconds + days * day};
}

credential_record* find_in(std::vector<credential_record>& all, std::uint32_t number) noexcept {
  const auto at = std::ranges::find(all, number, &credential_record::number);
  return at == all.end() ? nullptr : &*at;
}

/// Whether that one opens anything at that time.
bool holds_number(std::span<const credential_record> all, std::uint32_t number,
                  timestamp at) noexcept {
  return std::ranges::any_of(
      all, [&](const credential_record& one) { return one.number == number && holds(one, at); });
}

error no_such(std::uint32_t number) {
  return {errc::not_found, "no credential of that number", number};
}

}  // namespace

result<credential_store::content> credential_store::read(byte_view bytes) {
  content out;
  if (bytes.empty()) return out;
  cbor::reader from(bytes);
  if (from.array() != members && !from.failed()) return later;
  out.given = read_number<std::uint32_t>(from, malformed);
  out.begun = read_number<std::uint8_t>(from, malformed) != 0;
  out.cost.kibibytes = read_number<std::uint32_t>(from, malformed);
  out.cost.passes = read_number<std::uint32_t>(from, malformed);
  out.use = read_use(from);
  out.since.seconds = from.integer();
  if (from.array() != numbers_known) from.fail(later.code, later.text);
  out.before.at.seconds = from.integer();
  out.before.roles = read_number<std::uint32_t>(from, malformed);
  out.before.policy = read_number<std::uint32_t>(from, malformed);
  out.before.cases = read_number<std::uint32_t>(from, malformed);
  out.uses_given = read_number<std::uint32_t>(from, malformed);
  out.proposed = read_proposal(from, out.uses_given);
  const std::size_t count = from.array();
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    out.all.push_back(read_one(from));
    const std::uint32_t before = i == 0 ? 0 : out.all[i - 1].number;
    if (out.all[i].number <= before || out.all[i].number > out.given) {
      from.fail(malformed.code, malformed.text);
    }
  }
  const std::size_t wrongs = from.array();
  for (std::size_t i = 0; i < wrongs && !from.failed(); ++i) {
    if (from.array() != parts_of_wrong) from.fail(malformed.code, malformed.text);
    wrong& one = out.wrongs.emplace_back();
    one.who = actor_id(read_number<std::uint32_t>(from, malformed));
    one.proofs.first.seconds = from.integer();
    one.proofs.met.seconds = from.integer();
    one.proofs.count = read_number<std::uint32_t>(from, malformed);
    if (one.proofs.met > one.proofs.first) from.fail(malformed.code, malformed.text);
  }
  const std::size_t formers = from.array();
  for (std::size_t i = 0; i < formers && !from.failed(); ++i) {
    if (from.array() != 2) from.fail(malformed.code, malformed.text);
    former_key& one = out.former.emplace_back();
    one.number = read_number<std::uint32_t>(from, malformed);
    read_key(from, one.key);
  }
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

result<void> credential_store::follow() {
  const auto followed = row_.follow([this](byte_view bytes) -> result<void> {
    auto next = read(bytes);
    if (!next) return next.error();
    now_ = std::move(*next);
    return {};
  });
  // Of what cannot be read nobody has anything, and everybody needs it.
  if (!followed) {
    now_ = {};
    now_.begun = true;
    now_.use = credential_use::everybody;
  }
  return followed;
}

result<void> credential_store::write(content next) {
  std::size_t room = 128 + next.wrongs.size() * 32 + next.former.size() * 48;
  for (const credential_record& one : next.all) room += 160 + one.name.size();
  std::vector<std::byte> out(room);
  cbor::writer to(out);
  to.array(members);
  to.unsigned_integer(next.given);
  to.unsigned_integer(next.begun ? 1 : 0);
  to.unsigned_integer(next.cost.kibibytes);
  to.unsigned_integer(next.cost.passes);
  to.unsigned_integer(static_cast<std::uint64_t>(next.use));
  to.integer(next.since.seconds);
  to.array(numbers_known);
  to.integer(next.before.at.seconds);
  to.unsigned_integer(next.before.roles);
  to.unsigned_integer(next.before.policy);
  to.unsigned_integer(next.before.cases);
  to.unsigned_integer(next.uses_given);
  to.array(next.proposed ? 4 : 0);
  if (next.proposed) {
    to.unsigned_integer(static_cast<std::uint64_t>(next.proposed->wanted));
    to.unsigned_integer(next.proposed->by.id.value);
    to.unsigned_integer(static_cast<std::uint64_t>(next.proposed->by.role));
    to.integer(next.proposed->at.seconds);
  }
  to.array(next.all.size());
  for (const credential_record& one : next.all) write_one(to, one);
  to.array(next.wrongs.size());
  for (const wrong& one : next.wrongs) {
    to.array(parts_of_wrong);
    to.unsigned_integer(one.who.value);
    to.integer(one.proofs.first.seconds);
    to.integer(one.proofs.met.seconds);
    to.unsigned_integer(one.proofs.count);
  }
  to.array(next.former.size());
  for (const former_key& one : next.former) {
    to.array(2);
    to.unsigned_integer(one.number);
    to.bytes(one.key);
  }
  const auto bytes = to.finish();
  if (!bytes) return bytes.error();
  if (auto put = row_.write(*bytes); !put) return put;
  now_ = std::move(next);
  return {};
}

// --- what there is --------------------------------------------------------------------------

credential_settings credential_store::settings() const {
  return {.use = now_.use, .since = now_.since, .proposed = now_.proposed};
}

const credential_record* credential_store::find(std::uint32_t number) const noexcept {
  const auto at = std::ranges::find(now_.all, number, &credential_record::number);
  return at == now_.all.end() ? nullptr : &*at;
}

const credential_record* credential_store::find(const crypto::verifying_key& key) const noexcept {
  const auto at = std::ranges::find_if(
      now_.all, [&](const credential_record& one) { return one.key.key == key; });
  return at == now_.all.end() ? nullptr : &*at;
}

bool credential_store::any_who_enrols(const role_table& roles, timestamp at) const noexcept {
  return std::ranges::any_of(now_.all, [&](const credential_record& one) {
    return holds(one, at) && may_enrol(roles, one.roles);
  });
}

bool credential_store::ended_since(actor_id whose, timestamp begun, timestamp at) const noexcept {
  return std::ranges::any_of(now_.all, [&](const credential_record& one) {
    if (one.whose != whose || one.confirmed_at == timestamp{}) return false;
    if (one.state == credential_state::revoked) return begun <= one.revoked_at;
    return one.until != timestamp{} && begun <= one.until && !holds(one, at);
  });
}

std::uint32_t credential_store::taken(const content& in,
                                      const crypto::verifying_key& key) noexcept {
  for (const credential_record& one : in.all) {
    if (one.key.key == key) return one.number;
  }
  const auto was = std::ranges::find(in.former, key, &former_key::key);
  return was == in.former.end() ? 0 : was->number;
}

// The salt is the book's and no person's, so that one passphrase of two people is seen. Nobody
// without the root key knows it, and prepares guesses for the day on which they have it.
credential_terms credential_store::terms() const {
  credential_terms out{.book = core_.header().id, .cost = now_.cost};
  crypto::derive(core_.keys().actors, "clientbook credential salt").with_bytes([&](byte_view from) {
    copy_bytes(byte_span(out.salt), from.first(out.salt.size()));
  });
  return out;
}

std::int64_t credential_store::shut_for(actor_id who, std::uint32_t more,
                                        timestamp at) const noexcept {
  const auto known = std::ranges::find(now_.wrongs, who, &wrong::who);
  std::int64_t left = wrong_proofs_last_seconds;
  std::uint32_t count = more;
  if (known != now_.wrongs.end()) {
    const std::int64_t rest = known->proofs.left(at);
    if (rest > 0) {
      count += known->proofs.count;
      left = rest;
    }
  }
  return count >= most_wrong_proofs ? left : 0;
}

bool credential_store::is_of_time_to_come(actor_id who, timestamp at) const noexcept {
  const auto known = std::ranges::find(now_.wrongs, who, &wrong::who);
  return known != now_.wrongs.end() && at < known->proofs.met;
}

bool credential_store::is_refusal(errc code) noexcept {
  return code == errc::already_exists || code == errc::limit_exceeded || code == errc::not_found ||
         code == errc::invalid_state || code == errc::second_person_required;
}

crypto::digest credential_store::digest_of(std::uint32_t number) const {
  const credential_record* const one = find(number);
  std::vector<std::byte> room(160 + one->name.size());
  cbor::writer to(room);
  write_one(to, *one);
  crypto::hasher hasher;
  return hasher.update(as_bytes("clientbook credential"))
      .update(byte_view(room).first(to.size()))
      .finish();
}

// --- changes --------------------------------------------------------------------------------

result<void> credential_store::check_guarded(const content& next, const role_table& roles) {
  if (next.use == credential_use::none) return {};
  const bool guarded = std::ranges::any_of(next.all, [&](const credential_record& one) {
    return one.state == credential_state::in_force && one.until == timestamp{} &&
           may_enrol(roles, one.roles);
  });
  if (guarded) return {};
  return error{
      errc::invalid_state,
      "nobody would be left who enrols and has a credential without an end: enrol somebody "
      "first, or end what takes one"};
}

result<std::uint32_t> credential_store::enrol(const new_credential& what, const doer& by,
                                              const role_table& roles) {
  content next = now_;
  // With nobody left who enrols, and nothing that takes one, it begins anew.
  const bool first = next.use == credential_use::none && !any_who_enrols(roles, by.at);
  if (first && !may_enrol(roles, what.roles)) {
    return error{errc::invalid_state,
                 "nobody who enrols has a credential yet: the first one is of somebody who may "
                 "set budgets and approve, such as a security officer or an owner"};
  }
  std::erase_if(next.all, [&](const credential_record& one) {
    return one.state == credential_state::waits &&
           (by.at.seconds - one.enrolled_at.seconds > credential_waits_seconds ||
            !holds_number(next.all, one.enrolled_with, by.at));
  });
  if (const std::uint32_t whose = taken(next, what.key.key); whose != 0) {
    return error{errc::already_exists, key_taken, whose};
  }
  if (next.all.size() >= max_credentials) {
    // Nobody fills the book with what never opened anything.
    std::erase_if(next.all, [](const credential_record& one) {
      return one.state == credential_state::revoked && one.confirmed_at == timestamp{};
    });
  }
  if (next.all.size() >= max_credentials) {
    return error{errc::limit_exceeded, "a book has at most 4,000 credentials", max_credentials};
  }
  credential_record one{.number = ++next.given,
                        .whose = what.whose,
                        .roles = what.roles,
                        .name = std::string(what.name),
                        .key = what.key,
                        .enrolled_by = by.who.id,
                        .enrolled_with = by.credential,
                        .enrolled_at = by.at,
                        .until = end_of_lease(what.days, by.at)};
  if (!next.begun || first) {
    one.state = credential_state::in_force;
    one.confirmed_at = by.at;
    next.begun = next.begun || std::ranges::any_of(next.all, [&](const credential_record& other) {
                   return holds(other, by.at) && other.whose != what.whose;
                 });
  }
  next.all.push_back(std::move(one));
  const std::uint32_t number = next.given;
  if (auto put = write(std::move(next)); !put) return put.error();
  return number;
}

// Who has nobody else waits a day, as an owner does: the list says that nobody else confirmed.
// Nobody comes to be alone in a day by revoking the others: they wait for a week first.
bool credential_store::somebody_else_could(const content& in, actor_id one, actor_id other,
                                           action what, const role_table& roles,
                                           timestamp at) noexcept {
  return std::ranges::any_of(in.all, [&](const credential_record& held) {
    return counts_still(held, at) && held.whose != one && held.whose != other &&
           may(roles, held.roles, what);
  });
}

result<void> credential_store::confirm(std::uint32_t number, const doer& by,
                                       const role_table& roles) {
  content next = now_;
  credential_record* const one = find_in(next.all, number);
  if (one == nullptr) return no_such(number);
  if (one->state != credential_state::waits) {
    return error{errc::invalid_state, "it is confirmed already, or revoked", number};
  }
  const std::int64_t ago = by.at.seconds - one->enrolled_at.seconds;
  if (ago < 0 || ago > credential_waits_seconds) {
    return error{errc::invalid_state, "it has waited too long: enrol it again", number};
  }
  if (!holds_number(next.all, one->enrolled_with, by.at)) {
    return error{errc::invalid_state,
                 "the credential of who enrolled it has ended since: enrol it again", number};
  }
  const bool enroller = by.who.id == one->enrolled_by || by.credential == one->enrolled_with;
  const bool theirs = by.who.id == one->whose;
  const bool third =
      somebody_else_could(next, one->enrolled_by, one->whose, action::approve, roles, by.at);
  // A further key to a number that is somebody else's already is never the enroller's to confirm:
  // they would be both people.
  const bool of_somebody = one->whose != one->enrolled_by &&
                           std::ranges::any_of(next.all, [&](const credential_record& held) {
                             return held.whose == one->whose && counts_still(held, by.at);
                           });
  const bool alone =
      by.who.id == one->enrolled_by && ago >= credential_alone_seconds && !third && !of_somebody;
  const bool for_themselves = theirs && !enroller && !third;
  if ((enroller || theirs) && !alone && !for_themselves) {
    return error{errc::second_person_required,
                 "somebody confirms it who has not enrolled it and whose it is not; where nobody "
                 "else could, who has one already confirms their own, and of who has none it is "
                 "confirmed a day later",
                 number};
  }
  one->state = credential_state::in_force;
  one->confirmed_by = by.who.id;
  one->confirmed_at = by.at;
  return write(std::move(next));
}

result<void> credential_store::revoke(std::uint32_t number, const doer& by,
                                      const role_table& roles) {
  content next = now_;
  credential_record* const one = find_in(next.all, number);
  if (one == nullptr) return no_such(number);
  if (one->state == credential_state::revoked) {
    return error{errc::invalid_state, "it is revoked already", number};
  }
  one->state = credential_state::revoked;
  one->revoked_by = by.who.id;
  one->revoked_at = by.at;
  if (auto guarded = check_guarded(next, roles); !guarded) return guarded;
  return write(std::move(next));
}

result<void> credential_store::renew(std::uint32_t number, std::uint32_t days, const doer& by,
                                     const role_table& roles) {
  content next = now_;
  credential_record* const one = find_in(next.all, number);
  if (one == nullptr) return no_such(number);
  if (one->state != credential_state::in_force) {
    return error{errc::invalid_state, "only what is in force is renewed: enrol another", number};
  }
  if (one->whose == by.who.id) {
    return error{errc::second_person_required, "nobody renews their own", number};
  }
  const timestamp until = end_of_lease(days, by.at);
  const bool shorter = until != timestamp{} && (one->until == timestamp{} || until < one->until);
  if (shorter) {
    return error{errc::invalid_state, "a lease is not made shorter: revoke it", number};
  }
  one->until = until;
  if (auto guarded = check_guarded(next, roles); !guarded) return guarded;
  return write(std::move(next));
}

result<void> credential_store::change(std::uint32_t number, const credential_key& to) {
  content next = now_;
  if (taken(next, to.key) != 0) return error{errc::already_exists, key_taken};
  credential_record* const one = find_in(next.all, number);
  if (one == nullptr) return no_such(number);
  const auto changes = std::ranges::count(next.former, number, &former_key::number);
  if (static_cast<std::size_t>(changes) >= most_changes) {
    return error{errc::limit_exceeded,
                 "this credential was changed 64 times: have another one enrolled", most_changes};
  }
  next.former.push_back({.number = number, .key = one->key.key});
  one->key = to;
  return write(std::move(next));
}

result<std::uint32_t> credential_store::propose_use(credential_use wanted, const doer& by,
                                                    const role_table& roles) {
  content next = now_;
  if (next.use == wanted) return error{errc::already_exists, "it is so already"};
  // Said here already, so that nobody waits for what cannot be approved.
  content then = next;
  then.use = wanted;
  if (auto guarded = check_guarded(then, roles); !guarded) return guarded.error();
  const std::uint32_t number = ++next.uses_given;
  next.proposed =
      credential_use_proposal{.number = number, .wanted = wanted, .by = by.who, .at = by.at};
  if (auto put = write(std::move(next)); !put) return put.error();
  return number;
}

// Both have proven a credential: no two of them have one key, and no one person has confirmed
// themselves into two.
result<crypto::digest> credential_store::approve_use(std::uint32_t number, const doer& by,
                                                     const role_table& roles,
                                                     const numbers& given) {
  content next = now_;
  if (!next.proposed || next.proposed->number != number) {
    return error{errc::not_found, "no such proposal waits: it was approved or replaced", number};
  }
  const credential_use_proposal what = *next.proposed;
  const std::int64_t ago = by.at.seconds - what.at.seconds;
  if (ago < 0 || ago > credential_waits_seconds) {
    return error{errc::invalid_state, "the proposal is too old: make it again", number};
  }
  if (ended_since(what.by.id, what.at, by.at)) {
    return error{errc::invalid_state,
                 "a credential of who proposed it has ended since: make the proposal again",
                 number};
  }
  const bool alone =
      ago >= credential_alone_seconds &&
      !somebody_else_could(next, what.by.id, what.by.id, action::approve, roles, by.at);
  if (what.by.id == by.who.id && !alone) {
    return error{errc::second_person_required,
                 "somebody else approves it; whoever has nobody else waits a day", number};
  }
  if (next.use == credential_use::none) {
    next.before = given;
    next.before.at = by.at;
  }
  next.use = what.wanted;
  next.since = by.at;
  next.begun = true;
  next.proposed.reset();
  if (next.use == credential_use::none) next.before = {};
  if (auto guarded = check_guarded(next, roles); !guarded) return guarded.error();
  if (auto put = write(std::move(next)); !put) return put.error();
  std::array<std::byte, 9> said{};
  said[0] = static_cast<std::byte>(what.wanted);
  store_be(said.data() + 1, static_cast<std::uint64_t>(by.at.seconds));
  crypto::hasher hasher;
  return hasher.update(as_bytes("clientbook credential use")).update(said).finish();
}

result<void> credential_store::count_wrong(actor_id who, std::uint32_t more, timestamp at) {
  content next = now_;
  // Of a time that is still to come it stays: the clock may have been set back.
  std::erase_if(next.wrongs, [&](const wrong& one) {
    return one.proofs.left(at) == 0 && one.proofs.first <= at;
  });
  auto known = std::ranges::find(next.wrongs, who, &wrong::who);
  if (known == next.wrongs.end()) {
    known = next.wrongs.insert(known, {.who = who, .proofs = {.first = at, .met = at}});
  }
  known->proofs.add(more, at);
  return write(std::move(next));
}

}  // namespace clientbook
