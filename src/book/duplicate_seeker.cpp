// Digests in passes, groups of equal ones, and the names within a group.
#include "duplicate_seeker.hpp"

#include <clientbook/internal/crypto/short_hash.hpp>
#include <clientbook/internal/unicode/address_form.hpp>

#include <algorithm>
#include <utility>

#include "damage.hpp"

namespace clientbook {
namespace {

constexpr std::size_t default_memory = std::size_t{64} << 20U;
constexpr std::size_t places_of_one = 6;      ///< About, of one customer.
constexpr std::size_t size_of_a_name = 1024;  ///< About, with its words, and less than that.
constexpr std::size_t phone_tail = 7;         ///< Digits that two ways to dial a number share.
constexpr std::size_t most_pairs = 1'000'000;
constexpr std::uint64_t kinds = 4;

bool is_among(std::span<const customer_no> of, std::uint64_t number) {
  return of.empty() || std::ranges::binary_search(of, customer_no(number));
}

// Letters and digits of a postcode.
search::text postcode_of(std::string_view from) {
  search::text out;
  search::words_into(out, from);
  std::erase(out, ' ');
  return out;
}

// Digits before a number that is dialled without them: a country's code, with what is dialled
// before it abroad.
bool may_be_a_code(std::string_view digits) {
  for (const std::string_view abroad : {"011", "00"}) {
    if (!digits.starts_with(abroad)) continue;
    digits.remove_prefix(abroad.size());
    break;
  }
  return !digits.empty() && digits.size() <= 3 && digits.front() != '0';
}

// As a search compares, and where no zero is dialled at home: `+1 202 555 0142`, `202 555 0142`.
bool same_phone(std::string_view one, std::string_view other) {
  constexpr std::size_t fewest = 9;  // Of a whole number without its country's code.
  if (search::same_number(one, other)) return true;
  const std::string_view longer = one.size() > other.size() ? one : other;
  const std::string_view shorter = one.size() > other.size() ? other : one;
  return shorter.size() >= fewest && shorter.front() != '0' && longer.ends_with(shorter) &&
         may_be_a_code(longer.substr(0, longer.size() - shorter.size()));
}

void add_shared(field_id field, std::span<const search::text> first,
                std::span<const search::text> second, duplicate_pair& to) {
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t j = 0; j < second.size(); ++j) {
      const bool same =
          field == field::phones ? same_phone(first[i], second[j]) : first[i] == second[j];
      if (!same || first[i].empty()) continue;
      to.points.push_back(
          {field, static_cast<std::uint16_t>(i + 1), static_cast<std::uint16_t>(j + 1)});
    }
  }
}

}  // namespace

result<duplicate_seeker> duplicate_seeker::make(session_state& s, search_reader& from) {
  auto key = crypto::random_key(s.core->random());
  if (!key) return key.error();
  return duplicate_seeker(s, from, std::move(*key));
}

result<duplicate_seeker::person> duplicate_seeker::read(customer_no number, field_set fields) {
  std::array<opened_field, max_fields> room;
  timestamp until;
  const auto record = from_.open(number, fields, room, until);
  if (!record) return record.error();
  person out;
  for (const opened_field& one : *record) {
    if (one.id == field::name) {
      person_name name;
      if (auto read = decode_value(one.plaintext, name); !read) return read.error();
      out.name = words_of_name(name);
    } else if (one.id == field::emails) {
      const auto list = list_of<email_address>::of(one.plaintext);
      if (!list) return list.error();
      for (const email_address& each : *list) {
        out.emails.push_back(unicode::comparable_address<search::text>(each.address.reveal()));
      }
    } else if (one.id == field::phones) {
      const auto list = list_of<phone_number>::of(one.plaintext);
      if (!list) return list.error();
      for (const phone_number& each : *list) {
        search::digits_into(out.phones.emplace_back(), each.number.reveal());
      }
    } else if (one.id == field::addresses) {
      const auto list = list_of<postal_address>::of(one.plaintext);
      if (!list) return list.error();
      for (const postal_address& each : *list) {
        auto code = postcode_of(each.postal_code.reveal());
        if (code.empty()) continue;
        out.postcodes.push_back(std::move(code));
        out.countries.emplace_back(each.country);
      }
    } else if (one.id == field::birth_date) {
      date born;
      if (auto read = decode_value(one.plaintext, born); !read) return read.error();
      if (born.year != 0) out.born = born;
    }
  }
  return out;
}

void duplicate_seeker::add(place_kind kind, std::string_view value, customer_no number,
                           places& to) const {
  const std::byte which{static_cast<std::uint8_t>(kind)};
  const std::array<byte_view, 2> parts{byte_view(&which, 1), as_bytes(value)};
  const std::uint64_t digest = crypto::short_hash(key_, parts);
  to.push_back({(digest & ~(kinds - 1)) | static_cast<std::uint64_t>(kind), number.value});
}

result<const name_words*> duplicate_seeker::name_of(customer_no number,
                                                    std::deque<name_words>& read_now) {
  if (const auto known = names_.find(number.value); known != names_.end()) return &known->second;
  auto own = read(number, only(field::name));
  if (!own) return own.error();
  return &read_now.emplace_back(std::move(own->name));
}

bool duplicate_seeker::pass::has(const place& one) const noexcept {
  if (one.digest / kinds % parts != part) return false;
  const auto before = [](const place& a, const place& b) { return a.digest < b.digest; };
  return wanted == nullptr || std::binary_search(wanted->begin(), wanted->end(), one, before);
}

// Of postcode and birth date only of whom has a name, which alone is compared there.
result<void> duplicate_seeker::places_of(customer_no number, const pass& which, places& to) {
  auto own = read(number, compared);
  if (!own) return own.error();
  places all;
  for (const search::text& each : own->emails) {
    if (each.empty()) continue;
    add(place_kind::email, each, number, all);
  }
  for (const search::text& each : own->phones) {
    if (each.size() < phone_tail) continue;
    const std::string_view tail = std::string_view(each).substr(each.size() - phone_tail);
    add(place_kind::phone, tail, number, all);
  }
  if (!own->name.words.empty()) {
    for (const search::text& each : own->postcodes) {
      add(place_kind::postcode, each, number, all);
    }
    if (own->born) {
      const std::string day = std::to_string(days_since_epoch(*own->born));
      add(place_kind::birth_date, day, number, all);
    }
  }
  bool by_name = false;
  for (const place& each : all) {
    if (!which.has(each)) continue;
    to.push_back(each);
    const auto kind = static_cast<place_kind>(each.digest % kinds);
    by_name = by_name || kind == place_kind::postcode || kind == place_kind::birth_date;
  }
  if (by_name && names_.size() < room_for_names_) {
    names_.insert_or_assign(number.value, std::move(own->name));
  }
  return {};
}

result<duplicate_seeker::places> duplicate_seeker::wanted_by(std::span<const customer_no> of,
                                                             const pass& which) {
  places out;
  for (const customer_no each : of) {
    if (auto own = places_of(each, which, out); !own && !is_damage(own.error().code)) {
      return own.error();
    }
  }
  std::ranges::sort(out);
  return out;
}

result<void> duplicate_seeker::gather(const pass& which, duplicates_found& told, places& to) {
  for (customer_no number = first_customer; number < s_.core->row().next; ++number.value) {
    if (const auto read = places_of(number, which, to); !read) {
      if (!is_damage(read.error().code)) return read.error();
      if (which.part == 0) ++told.unreadable;
    }
  }
  return {};
}

result<void> duplicate_seeker::add_pair(std::uint64_t one, std::uint64_t other) {
  if (one == other) return {};
  found_.emplace_back(std::min(one, other), std::max(one, other));
  if (found_.size() < 2 * most_pairs) return {};
  std::ranges::sort(found_);
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  if (found_.size() <= most_pairs) return {};
  return error{errc::limit_exceeded, "more than a million pairs: ask of some customers",
               most_pairs};
}

// Everybody whose names begin alike in one word at least is compared, in one group at a time.
result<void> duplicate_seeker::compare_names(std::span<const place> group,
                                             std::span<const customer_no> of) {
  std::vector<neighbour> all;
  std::deque<name_words> read_now;
  std::vector<std::pair<char32_t, std::size_t>> by_letter;
  for (const place& each : group) {
    const auto name = name_of(customer_no(each.number), read_now);
    if (!name) {
      if (!is_damage(name.error().code)) return name.error();
      continue;
    }
    for (const name_letters& word : (*name)->words)
      by_letter.emplace_back(word.front(), all.size());
    all.push_back({each.number, is_among(of, each.number), *name});
  }
  std::ranges::sort(by_letter);
  by_letter.erase(std::unique(by_letter.begin(), by_letter.end()), by_letter.end());
  // Whom each was compared with last: two words in common are one pair all the same.
  std::vector<std::size_t> compared_with(all.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const name_letters& word : all[i].name->words) {
      auto at = std::ranges::upper_bound(by_letter, std::pair(word.front(), i));
      for (; at != by_letter.end() && at->first == word.front(); ++at) {
        const std::size_t j = at->second;
        if (std::exchange(compared_with[j], i) == i) continue;
        if (!all[i].asked && !all[j].asked) continue;
        if (likeness(*all[i].name, *all[j].name) < alike_from) continue;
        if (auto added = add_pair(all[i].number, all[j].number); !added) return added;
      }
    }
  }
  return {};
}

result<void> duplicate_seeker::take_group(std::span<const place> group,
                                          std::span<const customer_no> of, duplicates_found& told) {
  if (group.size() < 2) return {};
  const auto asked = [&](const place& one) { return is_among(of, one.number); };
  if (std::ranges::none_of(group, asked)) return {};
  const auto kind = static_cast<place_kind>(group.front().digest % kinds);
  const bool by_name = kind == place_kind::postcode || kind == place_kind::birth_date;
  if (group.size() > (by_name ? max_neighbours : max_sharing)) {
    ++told.crowded;
    return {};
  }
  if (by_name) return compare_names(group, of);
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (std::size_t j = i + 1; j < group.size(); ++j) {
      if (!is_among(of, group[i].number) && !is_among(of, group[j].number)) continue;
      if (auto added = add_pair(group[i].number, group[j].number); !added) return added;
    }
  }
  return {};
}

result<std::vector<duplicate_seeker::numbers>> duplicate_seeker::candidates(
    std::span<const customer_no> of, std::size_t memory, duplicates_found& told) {
  const std::uint64_t all_people = s_.core->row().customers;
  // Of some, theirs and those that others have too; of most of the book, which an import may have
  // brought, everybody's, since what is theirs alone would take another look at each of them.
  const bool of_some = 2 * of.size() < all_people && !of.empty();
  const std::uint64_t people = of_some ? 2 * of.size() : all_people;
  const std::size_t room = (memory == 0 ? default_memory : memory) / sizeof(place);
  room_for_names_ = (memory == 0 ? default_memory : memory) / size_of_a_name;
  const std::uint64_t parts = people * places_of_one / std::max<std::size_t>(room, 1) + 1;
  for (std::uint64_t part = 0; part < parts; ++part) {
    pass which{.part = part, .parts = parts};
    const auto wanted = of_some ? wanted_by(of, which) : result<places>(places());
    if (!wanted) return wanted.error();
    if (of_some) which.wanted = &*wanted;
    places all;
    if (auto done = gather(which, told, all); !done) return done.error();
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (std::size_t from = 0; from < all.size();) {
      std::size_t to = from + 1;
      while (to < all.size() && all[to].digest == all[from].digest) ++to;
      const std::span<const place> group(all.data() + from, to - from);
      if (auto taken = take_group(group, of, told); !taken) return taken.error();
      from = to;
    }
  }
  std::ranges::sort(found_);
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  if (found_.size() > most_pairs) {
    return error{errc::limit_exceeded, "more than a million pairs: ask of some customers",
                 most_pairs};
  }
  return std::move(found_);
}

result<std::optional<duplicate_pair>> duplicate_seeker::compare(customer_no one,
                                                                customer_no other) {
  const auto first = read(one, compared);
  if (!first) return first.error();
  const auto second = read(other, compared);
  if (!second) return second.error();
  duplicate_pair out{.first = s_.core->keys().ids->id(one),
                     .second = s_.core->keys().ids->id(other)};
  add_shared(field::emails, first->emails, second->emails, out);
  add_shared(field::phones, first->phones, second->phones, out);
  out.names = likeness(first->name, second->name);
  for (std::size_t i = 0; i < first->postcodes.size(); ++i) {
    for (std::size_t j = 0; j < second->postcodes.size(); ++j) {
      const std::string& country = first->countries[i];
      const std::string& other_country = second->countries[j];
      const bool same_country =
          country.empty() || other_country.empty() || country == other_country;
      out.same_postcode =
          out.same_postcode || (same_country && first->postcodes[i] == second->postcodes[j]);
    }
  }
  const bool both_born = first->born && second->born;
  out.same_birth_date = both_born && *first->born == *second->born;
  // A mother and her daughter of one name: two birth dates are two people.
  const bool other_birth = both_born && !out.same_birth_date;
  const bool by_name =
      out.names >= alike_from && !other_birth && (out.same_postcode || out.same_birth_date);
  if (out.points.empty() && !by_name) return std::optional<duplicate_pair>();
  return std::optional(std::move(out));
}

}  // namespace clientbook
