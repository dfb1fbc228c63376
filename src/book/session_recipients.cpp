// The registry of recipients: whom the shop passes data on to, by name; and beside it, deciding
// nothing, how they are reached and by which key they acknowledge.
#include "session_state.hpp"

#include <clientbook/internal/unicode/folded_hash.hpp>
#include <clientbook/internal/unicode/name_line.hpp>
#include <clientbook/ledger/signed_note.hpp>

namespace clientbook {
namespace {

// As a notice calls a class of recipients in any of its languages.
bool reads_as_a_class(std::string_view name) noexcept {
  constexpr std::uint8_t classes = 32;
  const std::uint64_t wanted = unicode::folded_hash(name);
  for (const language speech :
       {language::en, language::de, language::fr, language::es, language::it}) {
    for (std::uint8_t i = 0; i < classes; ++i) {
      const std::string_view known = label(recipient_id{i}, speech);
      if (!known.empty() && unicode::folded_hash(known) == wanted) return true;
    }
  }
  return false;
}

// Recipients are read by people and named in commands: what looks like another one, like a word of
// the vocabulary or like nothing must not be one.
result<void> presentable(const recipient_registry& registry, const recipient_party& party) {
  const std::string_view name = party.name.view();
  if (!is_name_line(name)) {
    return error{
        errc::invalid_value,
        "a recipient's name is one line without blanks at its ends, controls or unseen signs"};
  }
  if (!party.contract.view().empty() && !is_name_line(party.contract.view())) {
    return error{errc::invalid_value,
                 "a contract's reference is one line without controls or unseen signs"};
  }
  if (party.party_class == recipient::self || party.party_class == recipient::data_subject) {
    return error{errc::invalid_value,
                 "the shop and the customer are no parties of the registry: they need no entry"};
  }
  if (name == "all" || find_recipient_class(name) || reads_as_a_class(name)) {
    return error{errc::invalid_value, "that name is a word of the vocabulary: give its legal name"};
  }
  for (const recipient_party& other : registry.parties()) {
    const bool comes_back = other.removed != 0 && other.name == party.name;
    if (other.id != party.id && !comes_back &&
        unicode::folded_hash(other.name.view()) == unicode::folded_hash(name)) {
      return error{errc::already_exists, "there is a recipient whose name reads the same",
                   other.id.value};
    }
  }
  return {};
}

result<void> says_something_else(const recipient_registry& registry, recipient_party party) {
  const auto known = registry.find(party.id);
  if (!known || known->removed != 0) return {};  // edit() says so
  party.added = known->added;
  party.removed = known->removed;
  if (party != *known) return {};
  return error{errc::already_exists, "the recipient is registered so already: nothing changed",
               party.id.value};
}

template <class Value, class Edit>
result<Value> change_registry(session_state& s, Edit&& edit) {
  return s.change(action::administer, [&]() -> result<Value> {
    auto changed = std::make_shared<recipient_registry>(s.consent.registry());
    result<Value> done = edit(*changed);
    if (!done) return done;
    const auto replaced = s.consent.replace_registry(std::move(changed), s.clock_now());
    if (!replaced) {
      s.broken = true;
      return replaced.error();
    }
    return done;
  });
}

result<void> check_contact(const recipient_contact& what) noexcept {
  if (what.contact.size() > max_recipient_contact) {
    return error{errc::limit_exceeded, "a recipient's contact has at most 255 bytes",
                 max_recipient_contact};
  }
  if (!what.contact.empty() && !is_name_line(what.contact)) {
    return error{errc::invalid_value,
                 "a recipient's contact is one line without controls or unseen signs"};
  }
  if (what.acknowledgement_key.empty()) return {};
  const auto key = ledger::parse_note_key(what.acknowledgement_key);
  return key ? result<void>() : key.error();
}

}  // namespace

result<std::shared_ptr<const recipient_registry>> session::recipients() try {
  session_state& s = *state_;
  if (auto seen = s.core->look(); !seen) return seen.error();
  if (auto held = s.check_credential(); !held) return held.error();
  if (auto followed = s.consent.follow(); !followed) return followed.error();
  return s.consent.shared_registry();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<recipient_id> session::add_recipient(const recipient_party& party) try {
  return change_registry<recipient_id>(*state_,
                                       [&](recipient_registry& changed) -> result<recipient_id> {
                                         if (auto fine = presentable(changed, party); !fine)
                                           return fine.error();
                                         return changed.add(party);
                                       });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::edit_recipient(const recipient_party& party) try {
  return change_registry<void>(*state_, [&](recipient_registry& changed) -> result<void> {
    if (auto other = says_something_else(changed, party); !other) {
      return other;
    }
    if (auto fine = presentable(changed, party); !fine) return fine;
    return changed.edit(party);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::retire_recipient(recipient_id party) try {
  return change_registry<void>(*state_,
                               [&](recipient_registry& changed) { return changed.remove(party); });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<recipient_contact>> session::recipient_contacts() try {
  session_state& s = *state_;
  if (auto seen = s.core->look(); !seen) return seen.error();
  if (auto held = s.check_credential(); !held) return held.error();
  const auto known = s.how_reached.all();
  if (!known) return known.error();
  return **known;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::set_recipient_contact(const recipient_contact& what) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<void> {
    if (const auto party = s.consent.registry().find(what.party); !party) return party.error();
    if (auto good = check_contact(what); !good) return good;
    const auto before = s.how_reached.of(what.party);
    if (!before) return before.error();
    if (before->contact == what.contact &&
        before->acknowledgement_key == what.acknowledgement_key) {
      return error{errc::already_exists, "that is known of the recipient already",
                   what.party.value};
    }
    auto done = s.how_reached.set(what);
    if (!done) s.broken = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
