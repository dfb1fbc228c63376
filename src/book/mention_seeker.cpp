// Looks for what one record says in the notes of others.
//
// What is looked for goes through the scanner as known values; two parts of a name beside each
// other are the name, and one alone may be somebody else's, so finds have kinds and only some are
// certain.
#include "mention_seeker.hpp"

#include <clientbook/model/record.hpp>
#include <clientbook/model/values.hpp>

#include <algorithm>

namespace clientbook {
namespace {

constexpr std::size_t together = mention_kinds;  // The set of all kinds.

template <class T, class Use>
void each(byte_view value, Use&& use) {
  if (const auto list = list_of<T>::of(value)) {
    for (const T& one : *list) use(one);
  }
}

// What stands between the names of one person.
bool joins_names(std::string_view between) noexcept {
  return between.size() <= 3 && between.find_first_not_of(" ,\t\n") == between.npos;
}

}  // namespace

std::string_view name_of(mention_kind kind) noexcept {
  switch (kind) {
    case mention_kind::full_name:
      return "full_name";
    case mention_kind::email:
      return "email";
    case mention_kind::phone:
      return "phone";
    case mention_kind::address:
      return "address";
    case mention_kind::id:
      return "id";
    case mention_kind::part_of_name:
      return "part_of_name";
    case mention_kind::household:
      return "household";
  }
  return {};
}

mention_seeker::mention_seeker() {
  for (std::size_t i = 0; i <= together; ++i) sets_.push_back(std::make_unique<set>());
}

void mention_seeker::know(mention_kind kind, known_kind as, std::string_view value) {
  if (value.empty()) return;
  const auto added = sets_[static_cast<std::size_t>(kind)]->values.add(as, value);
  const auto found = sets_[together]->values.add(as, value);
  if (added && found) return;
  const errc why = (added ? found : added).error().code;
  if (why == errc::buffer_too_small) {
    overflow_ = true;
  } else {
    ++refused_;
  }
}

void mention_seeker::know_name(std::string_view given, std::string_view family) {
  if (given.empty() || family.empty()) return;
  wiped_bytes both;
  const auto put = [&](std::string_view part) {
    both.insert(both.end(), as_bytes(part).begin(), as_bytes(part).end());
  };
  put(given);
  put(" ");
  put(family);
  know(mention_kind::full_name, known_kind::text, as_text(both));
  both.clear();
  put(family);
  put(" ");
  put(given);
  know(mention_kind::full_name, known_kind::text, as_text(both));
}

void mention_seeker::add(field_type type, byte_view value) {
  switch (type) {
    case field_type::person_name: {
      person_name name;
      if (!decode_value(value, name)) return;
      for (const personal_text& part : {name.given, name.family, name.middle, name.nickname}) {
        know(mention_kind::part_of_name, known_kind::name, part.reveal());
      }
      know_name(name.given.reveal(), name.family.reveal());
      know_name(name.nickname.reveal(), name.family.reveal());
      return;
    }
    case field_type::email:
      return each<email_address>(value, [&](const email_address& one) {
        know(mention_kind::email, known_kind::email, one.address.reveal());
      });
    case field_type::phone:
      return each<phone_number>(value, [&](const phone_number& one) {
        know(mention_kind::phone, known_kind::phone, one.number.reveal());
      });
    case field_type::address:
      return each<postal_address>(value, [&](const postal_address& one) {
        for (const personal_text& line : {one.line1, one.line2, one.line3}) {
          know(mention_kind::address, known_kind::text, line.reveal());
        }
      });
    case field_type::external_id:
      return each<external_id>(value, [&](const external_id& one) {
        know(mention_kind::id, known_kind::text, one.value.reveal());
      });
    case field_type::government_id:
      return each<government_id>(value, [&](const government_id& one) {
        know(mention_kind::id, known_kind::text, one.number.reveal());
      });
    case field_type::household_link:
      return each<household_link>(value, [&](const household_link& one) {
        know(mention_kind::household, known_kind::name, one.person.reveal());
      });
    default:
      return;
  }
}

// The kind whose values explain most of the find; of two the first.
mention_kind mention_seeker::kind_of(std::string_view text,
                                     const text_entity& found) const noexcept {
  // A find may begin at the `+` before the digits that were looked for.
  const std::size_t from = found.begin + (text[found.begin] == '+' ? 1 : 0);
  std::size_t longest = 0;
  mention_kind out = mention_kind::part_of_name;
  for (std::size_t i = 0; i < mention_kinds; ++i) {
    const std::size_t size = sets_[i]->values.match(text, from);
    if (size <= longest) continue;
    longest = size;
    out = static_cast<mention_kind>(i);
  }
  const std::string_view value = text.substr(found.begin, found.end - found.begin);
  const bool whole = value.find('@') != value.npos || value.find("\xEF\xBC\xA0") != value.npos;
  return out == mention_kind::email && !whole ? mention_kind::part_of_name : out;
}

// Two parts of a name one beside the other are the name: `Sánchez, Kenny`.
void mention_seeker::join_names(std::string_view text) {
  std::size_t kept = 0;
  for (const find& one : finds_) {
    find* before = kept == 0 ? nullptr : &finds_[kept - 1];
    const bool names =
        before != nullptr && one.kind == mention_kind::part_of_name &&
        (before->kind == mention_kind::part_of_name || before->kind == mention_kind::full_name);
    if (names && joins_names(text.substr(before->end, one.begin - before->end))) {
      before->kind = mention_kind::full_name;
      before->end = one.end;
    } else {
      finds_[kept++] = one;
    }
  }
  finds_.resize(kept);
}

result<std::span<const mention_seeker::find>> mention_seeker::look(std::string_view text) {
  const scan_options options{.types = {entity_type::known_value},
                             .known = &sets_[together]->values};
  if (entities_.empty()) entities_.resize(64);
  auto found = scan(text, options, entities_);
  while (!found && found.error().code == errc::buffer_too_small) {
    entities_.resize(2 * entities_.size());
    found = scan(text, options, entities_);
  }
  if (!found) return found.error();
  finds_.clear();
  for (const text_entity& one : *found) {
    finds_.push_back({one.begin, one.end, kind_of(text, one)});
  }
  join_names(text);
  return std::span<const find>(finds_);
}

}  // namespace clientbook
