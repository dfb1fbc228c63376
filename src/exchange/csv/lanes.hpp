// Lanes: where the values of all customers gather while files are read, one lane a kind.
//
// A row first fills the stage of each lane; only when the whole row is good does keep() take
// the stage over, so a bad row leaves nothing behind.
#ifndef CLIENTBOOK_EXCHANGE_CSV_LANES_HPP
#define CLIENTBOOK_EXCHANGE_CSV_LANES_HPP

#include "arena.hpp"

#include <clientbook/exchange/column_map.hpp>
#include <clientbook/model/values.hpp>

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook::exchange {

inline constexpr std::size_t max_slots = 8;  // e-mails, phones ... that one row can bring

// Whether a stage holds what makes it a value; a label alone does not.
inline bool given(std::string_view text) noexcept { return !text.empty(); }
inline bool given(const personal_text& text) noexcept { return !text.empty(); }
inline bool given(const std::optional<date>& day) noexcept { return day.has_value(); }
inline bool given(const std::optional<timestamp>& at) noexcept { return at.has_value(); }
inline bool given(const person_name& name) noexcept {
  return given(name.given) || given(name.middle) || given(name.family) || given(name.nickname) ||
         given(name.phonetic);
}
inline bool given(const email_address& email) noexcept { return given(email.address); }
inline bool given(const phone_number& phone) noexcept { return given(phone.number); }
inline bool given(const postal_address& address) noexcept {
  return given(address.line1) || given(address.line2) || given(address.line3) ||
         given(address.city) || given(address.region) || given(address.postal_code) ||
         given(address.country);
}
inline bool given(const special_day& day) noexcept { return given(day.day) || given(day.kind); }
inline bool given(const customer_size& size) noexcept { return given(size.value); }
inline bool given(const wish& one) noexcept { return given(one.what); }
inline bool given(const task& one) noexcept { return given(one.text); }
inline bool given(const customer_contact& one) noexcept { return one.at && given(one.channel); }
inline bool given(const reachability& one) noexcept {
  return given(one.channel) || given(one.quiet_from) || given(one.quiet_until);
}
inline bool given(const external_id& id) noexcept { return given(id.value); }
inline bool given(const import_household& other) noexcept {
  return given(other.external_id) || given(other.link.person);
}
inline bool given(const demographics& d) noexcept {
  return given(d.gender) || given(d.marital_status) || given(d.income_band) || d.children ||
         d.children_at_home || given(d.education) || given(d.occupation) || d.home_owner ||
         d.cars_owned || given(d.commute_distance);
}
inline bool given(const government_id& id) noexcept { return given(id.number); }
inline bool given(const payment_card& card) noexcept {
  return given(card.token) || given(card.last_four);
}
inline bool given(const note& text) noexcept { return given(text.text); }
inline bool given(const import_consent& consent) noexcept { return given(consent.kind); }
inline bool given(const purchase& head) noexcept {
  return head.at || head.day || given(head.order) || given(head.store) || given(head.associate) ||
         given(head.channel) || head.total;
}
inline bool given(const purchase_line& line) noexcept {
  return given(line.sku) || given(line.description) || line.quantity || line.unit_price;
}

// What the model demands beyond that, said here while file and line are known.
template <class T>
result<void> complete(const T& /*value*/) noexcept {
  return {};
}
inline result<void> complete(const special_day& value) noexcept {
  if (!value.day) return error{errc::missing_field, "a special day has no date"};
  return {};
}
inline result<void> complete(const external_id& value) noexcept {
  if (value.system.empty()) return error{errc::missing_field, "an external id names no system"};
  return {};
}
inline result<void> complete(const payment_card& value) noexcept {
  if (value.token.empty()) return error{errc::missing_field, "a payment card has no token"};
  return {};
}
inline result<void> complete(const import_consent& value) noexcept {
  if (value.purposes.empty())
    return error{errc::missing_field,
                 "a directive names no purpose: the map lists what its words mean (\"values\")"};
  return {};
}

// Whether two rows say one thing. What has no rule here is told again.
template <class T>
bool same(const T& /*a*/, const T& /*b*/) noexcept {
  return false;
}
inline bool same(const personal_text& a, const personal_text& b) noexcept {
  return a.reveal() == b.reveal();
}
inline bool same(std::string_view a, std::string_view b) noexcept { return a == b; }
inline bool same(const email_address& a, const email_address& b) noexcept {
  return same(a.address, b.address);
}
inline bool same(const phone_number& a, const phone_number& b) noexcept {
  return same(a.number, b.number) && same(a.extension, b.extension);
}
inline bool same(const postal_address& a, const postal_address& b) noexcept {
  return same(a.line1, b.line1) && same(a.line2, b.line2) && same(a.line3, b.line3) &&
         same(a.city, b.city) && same(a.region, b.region) && same(a.postal_code, b.postal_code);
}
inline bool same(const special_day& a, const special_day& b) noexcept {
  return a.kind == b.kind && a.day == b.day && a.label == b.label;
}
inline bool same(const customer_size& a, const customer_size& b) noexcept {
  return a.kind == b.kind && a.system == b.system && same(a.value, b.value) && a.brand == b.brand;
}
inline bool same(const wish& a, const wish& b) noexcept {
  return same(a.what, b.what) && a.brand == b.brand && a.size == b.size && a.colour == b.colour &&
         same(a.for_whom, b.for_whom);
}
inline bool same(const task& a, const task& b) noexcept {
  return same(a.text, b.text) && a.due == b.due && a.state == b.state && a.assigned == b.assigned;
}
inline bool same(const customer_contact& a, const customer_contact& b) noexcept {
  return a.at == b.at && a.channel == b.channel && same(a.text, b.text);
}
inline bool same(const external_id& a, const external_id& b) noexcept {
  return a.system == b.system && same(a.value, b.value);
}
inline bool same(const import_household& a, const import_household& b) noexcept {
  return a.external_id == b.external_id && a.link.relation == b.link.relation &&
         same(a.link.person, b.link.person);
}
inline bool same(const government_id& a, const government_id& b) noexcept {
  return a.country == b.country && same(a.number, b.number);
}
inline bool same(const note& a, const note& b) noexcept {
  return a.at == b.at && same(a.text, b.text);
}
inline bool same(std::span<const std::string_view> a,
                 std::span<const std::string_view> b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}
/// Two that differ in anything are two: the second no may be about another address, or end later.
inline bool same(const import_consent& a, const import_consent& b) noexcept {
  return a.kind == b.kind && same(a.purposes, b.purposes) && same(a.recipients, b.recipients) &&
         same(a.categories, b.categories) && a.channel == b.channel && a.strength == b.strength &&
         a.notice == b.notice && a.evidence == b.evidence && a.given_at == b.given_at &&
         a.expires_at == b.expires_at && a.day_end == b.day_end && a.contact == b.contact &&
         a.law == b.law && a.state == b.state;
}

// What two that are the same share, of kinds that one customer may have very many of.
template <class T>
std::size_t telling(const T& /*value*/) noexcept {
  return 0;
}
inline std::size_t telling(std::string_view text) noexcept {
  return std::hash<std::string_view>()(text);
}
inline std::size_t telling(const email_address& one) noexcept {
  return telling(one.address.reveal());
}
inline std::size_t telling(const phone_number& one) noexcept {
  return telling(one.number.reveal());
}
inline std::size_t telling(const postal_address& one) noexcept {
  return telling(one.line1.reveal()) + telling(one.postal_code.reveal());
}
inline std::size_t telling(const customer_size& one) noexcept { return telling(one.value); }
inline std::size_t telling(const task& one) noexcept { return telling(one.text.reveal()); }
inline std::size_t telling(const customer_contact& one) noexcept {
  return telling(one.channel) + telling(one.text.reveal());
}
inline std::size_t telling(const wish& one) noexcept { return telling(one.what.reveal()); }
inline std::size_t telling(const external_id& one) noexcept { return telling(one.value.reveal()); }
inline std::size_t telling(const import_household& one) noexcept {
  return telling(one.external_id) + telling(one.link.person.reveal());
}
inline std::size_t telling(const government_id& one) noexcept {
  return telling(one.number.reveal());
}
inline std::size_t telling(const note& one) noexcept { return telling(one.text.reveal()); }
inline std::size_t telling(const import_consent& one) noexcept {
  const auto at = one.given_at ? static_cast<std::size_t>(one.given_at->seconds) : 0;
  return telling(one.kind) + telling(one.contact) + telling(one.evidence) + at;
}

/// Whether a value says all that another one says, and more: a birth date with its year.
template <class T>
bool completes(const T& /*more*/, const T& /*known*/) noexcept {
  return false;
}
inline bool completes(const std::optional<date>& more, const std::optional<date>& known) noexcept {
  return more && known && known->year == 0 && more->year != 0 && more->month == known->month &&
         more->day == known->day;
}

/// A kind that a customer has at most once.
template <class T>
class single {
 public:
  std::array<T, 1> stage{};

  void drop() noexcept { stage[0] = T{}; }
  /// A later row of the same customer adds what the earlier lacks, and changes nothing.
  void yield_to(std::uint32_t owner) noexcept {
    if (has(owner) && !completes(stage[0], kept_[owner])) drop();
  }
  result<void> check(std::uint32_t owner) const noexcept {
    if (given(stage[0]) && has(owner) && !completes(stage[0], kept_[owner])) {
      return error{errc::already_exists, "a second value where a customer has one at most"};
    }
    return {};
  }
  void keep(std::uint32_t owner) {
    if (!given(stage[0])) return;
    if (owner >= kept_.size()) kept_.resize(owner + std::size_t{1});
    kept_[owner] = std::exchange(stage[0], T{});
  }
  void group(std::size_t /*owners*/) noexcept {}
  T of(std::size_t owner) const noexcept { return owner < kept_.size() ? kept_[owner] : T{}; }

 private:
  bool has(std::size_t owner) const noexcept { return owner < kept_.size() && given(kept_[owner]); }
  std::vector<T> kept_;
};

/// Values that belong to numbered owners: added in any order, then grouped.
template <class T>
class grouped {
 public:
  void add(std::uint32_t owner, const T& value) {
    kept_.push_back(value);
    owners_.push_back(owner);
  }
  std::size_t size() const noexcept { return kept_.size(); }
  const T& at(std::size_t place) const noexcept { return kept_[place]; }
  /// Only before group().
  std::uint32_t owner_at(std::size_t place) const noexcept { return owners_[place]; }
  void remove(std::size_t place) {
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(place));
    owners_.erase(owners_.begin() + static_cast<std::ptrdiff_t>(place));
  }

  /// A counting sort, stable.
  void group(std::size_t owners) {
    first_.assign(owners + 1, 0);
    for (const std::uint32_t owner : owners_) ++first_[owner + std::size_t{1}];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    if (!std::is_sorted(owners_.begin(), owners_.end())) {
      std::vector<std::uint32_t> next = first_;
      std::vector<T> sorted(kept_.size());
      for (std::size_t i = 0; i < kept_.size(); ++i) sorted[next[owners_[i]]++] = kept_[i];
      kept_ = std::move(sorted);
    }
    owners_ = {};
  }
  std::span<const T> of(std::size_t owner) const noexcept {
    return std::span(kept_).subspan(first_[owner], first_[owner + 1] - first_[owner]);
  }
  /// The same, to be changed.
  std::span<T> at_owner(std::size_t owner) noexcept {
    return std::span(kept_).subspan(first_[owner], first_[owner + 1] - first_[owner]);
  }

  /// Of equal values of one owner the first stays. Only behind group().
  void drop_repeated() {
    std::size_t to = 0;
    boost::unordered_flat_map<std::size_t, std::vector<std::size_t>> alike;  // Places of one owner.
    for (std::size_t owner = 0; owner + 1 < first_.size(); ++owner) {
      const std::size_t begin = to;
      const bool alone = first_[owner + 1] - first_[owner] < 2;
      alike.clear();
      for (std::size_t i = first_[owner]; i < first_[owner + 1]; ++i) {
        if (!alone) {
          std::vector<std::size_t>& places = alike[telling(kept_[i])];
          const bool known = std::any_of(places.begin(), places.end(), [&](std::size_t place) {
            return same(kept_[place], kept_[i]);
          });
          if (known) continue;
          places.push_back(to);
        }
        kept_[to++] = kept_[i];
      }
      first_[owner] = static_cast<std::uint32_t>(begin);
    }
    first_.back() = static_cast<std::uint32_t>(to);
    kept_.resize(to);
  }

 private:
  std::vector<T> kept_;
  std::vector<std::uint32_t> owners_;
  std::vector<std::uint32_t> first_;
};

/// A kind that a customer can have many of.
template <class T>
class many {
 public:
  std::array<T, max_slots> stage{};
  std::size_t slots = 0;  ///< How many of them the file can fill.
  grouped<T> kept;

  void drop() noexcept { std::fill_n(stage.begin(), slots, T{}); }
  void yield_to(std::uint32_t /*owner*/) noexcept { unique_ = true; }
  result<void> check(std::uint32_t /*owner*/) const noexcept {
    for (std::size_t i = 0; i < slots; ++i) {
      if (!given(stage[i])) continue;
      if (const auto good = complete(stage[i]); !good) return good;
    }
    return {};
  }
  void keep(std::uint32_t owner) {
    for (std::size_t i = 0; i < slots; ++i) {
      if (given(stage[i])) kept.add(owner, stage[i]);
    }
    drop();
  }
  void group(std::size_t owners) {
    kept.group(owners);
    if (unique_) kept.drop_repeated();
  }
  std::span<const T> of(std::size_t owner) const noexcept { return kept.of(owner); }

 private:
  bool unique_ = false;  // Rows of one customer may say one thing twice.
};

/// Purchases: the rows of one order make one receipt. Heads and lines may stand in two files; an
/// order whose lines stand in two is the same purchase again, and a receipt of its own: who keeps
/// it finds that it is there.
class sales {
 public:
  std::array<purchase, 1> head{};
  std::array<purchase_line, 1> line{};

  void drop() noexcept {
    head[0] = purchase{};
    line[0] = purchase_line{};
    part_ = 0;
  }
  /// Rows from here on are of this file of the map.
  void begin(std::size_t file) noexcept { file_ = file; }
  /// Of the staged line: so much of a piece, up to three decimals. Errors: invalid_value.
  result<void> take_part(std::string_view text) noexcept;
  /// A line of a part becomes one piece at the price of the part, and its description says how much
  /// it was. Errors: limit_exceeded.
  result<void> settle(arena& texts);
  /// Whether it is whole, and agrees with earlier rows of its order.
  result<void> check(std::uint32_t owner) const;
  void keep(std::uint32_t owner);
  void group(std::size_t owners);

  grouped<std::uint32_t> receipts;  ///< Per customer: numbers of receipts.
  grouped<purchase_line> lines;     ///< Per receipt.
  const purchase& receipt(std::uint32_t number) const noexcept { return heads_[number]; }
  std::size_t count() const noexcept { return heads_.size(); }

 private:
  struct key {
    std::uint32_t owner;
    std::string_view order;
    std::string_view store;
    friend bool operator==(const key&, const key&) = default;
  };
  struct hash {
    std::size_t operator()(const key& each) const noexcept {
      return std::hash<std::string_view>()(each.order) * 31 + each.owner;
    }
  };
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  /// The purchase of the staged head's order in its store.
  std::uint32_t find(std::uint32_t owner) const;
  /// Of an order that another row has under no store, or that this row has under none.
  bool store_is_missing(std::uint32_t owner) const;

  static constexpr std::size_t no_file = std::numeric_limits<std::size_t>::max();

  std::int64_t part_ = 0;  // Thousandths; 0: the staged line is of whole pieces.
  std::size_t file_ = 0;
  std::vector<purchase> heads_;
  std::vector<std::uint32_t> owners_;
  std::vector<std::size_t> lines_from_;  // Of each receipt: the file that its lines are of.
  boost::unordered_flat_map<key, std::uint32_t, hash> numbers_;
  boost::unordered_flat_map<key, std::uint32_t, hash> first_of_;  // Of an order, in any store.
};

struct lanes {
  single<person_name> name;
  single<std::optional<date>> birth_date;
  single<std::string_view> language;
  single<std::string_view> time_zone;
  single<std::string_view> employer;
  single<demographics> about;
  many<email_address> emails;
  many<phone_number> phones;
  many<postal_address> addresses;
  many<special_day> special_days;
  many<customer_size> sizes;
  many<std::string_view> likes;
  many<std::string_view> dislikes;
  many<std::string_view> tags;
  single<std::string_view> tier;
  many<wish> wishes;
  many<task> tasks;
  many<customer_contact> contacts;
  single<reachability> reached;
  many<external_id> external_ids;
  many<import_household> household;
  many<government_id> government_ids;
  many<payment_card> payment_cards;
  many<note> notes;
  many<import_consent> consents;
  single<std::optional<timestamp>> changed_at;
  sales purchases;

  /// Calls `visit` with every lane but purchases.
  template <class Visit>
  void each(Visit&& visit) {
    visit(name), visit(birth_date), visit(language), visit(time_zone), visit(employer);
    visit(about), visit(emails), visit(phones), visit(addresses), visit(special_days);
    visit(sizes), visit(likes), visit(dislikes), visit(external_ids), visit(household);
    visit(tags), visit(tier), visit(wishes), visit(reached), visit(tasks), visit(contacts);
    visit(government_ids), visit(payment_cards), visit(notes), visit(consents);
    visit(changed_at);
  }
};

}  // namespace clientbook::exchange

#endif
