// Seeks customers who may be one person, among all whom a purpose may query.
//
// What has to be equal (an address, a number, a postcode, a birth date) lies in memory as digests
// under a random key, in as many passes over the book as the room asks for; names are compared
// within one postcode or birth date, those of one such group at a time. What it finds are
// candidates: compare() opens both again and says why.
#ifndef CLIENTBOOK_BOOK_DUPLICATE_SEEKER_HPP
#define CLIENTBOOK_BOOK_DUPLICATE_SEEKER_HPP

#include <clientbook/book/duplicates.hpp>

#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "name_likeness.hpp"
#include "search_reader.hpp"
#include "session_state.hpp"

namespace clientbook {

// Lives for one call, and reads what the session sees. Nothing that it keeps says anything about
// somebody without the key that goes with it, but for the names of the group under way.
class duplicate_seeker {
 public:
  using numbers = std::pair<std::uint64_t, std::uint64_t>;  ///< The lower one first.
  /// What people are compared by.
  static constexpr field_set compared{field::name, field::emails, field::phones, field::addresses,
                                      field::birth_date};

  /// Errors: of the source of randomness.
  static result<duplicate_seeker> make(session_state& s, search_reader& from);

  /// Pairs of candidates, each once, in order. `of`: one of a pair is among these, in order; empty:
  /// of everybody. Errors: limit_exceeded; those of the store.
  result<std::vector<numbers>> candidates(std::span<const customer_no> of, std::size_t memory,
                                          duplicates_found& told);
  /// Why these two may be one person; nothing: they are not alike, or not to be found.
  result<std::optional<duplicate_pair>> compare(customer_no one, customer_no other);

 private:
  enum class place_kind : std::uint8_t { email, phone, postcode, birth_date };
  struct place {
    std::uint64_t digest = 0;  ///< Its last two bits are the kind.
    std::uint64_t number = 0;
    friend auto operator<=>(const place&, const place&) = default;
  };
  using places = std::vector<place, wiping_allocator<place>>;
  // A short text lies in the vector itself.
  using texts = std::vector<search::text, wiping_allocator<search::text>>;
  /// What is compared of one customer.
  struct person {
    name_words name{};
    texts emails{};
    texts phones{};
    texts postcodes{};
    std::vector<std::string> countries{};  ///< Of the postcodes.
    std::optional<date> born{};
  };
  struct neighbour {
    std::uint64_t number = 0;
    bool asked = false;  ///< One of those of whom somebody asks.
    const name_words* name = nullptr;
  };
  /// Of a pass: places of its part alone, and of these those that are wanted.
  struct pass {
    std::uint64_t part = 0;
    std::uint64_t parts = 1;
    const places* wanted = nullptr;
    bool has(const place& one) const noexcept;
  };

  duplicate_seeker(session_state& s, search_reader& from, secret<32> key) noexcept
      : s_(s), from_(from), key_(std::move(key)) {}

  result<person> read(customer_no number, field_set fields);
  void add(place_kind kind, std::string_view value, customer_no number, places& to) const;
  /// The words of a name, kept from gather() where there was room for them, else in `read_now`.
  result<const name_words*> name_of(customer_no number, std::deque<name_words>& read_now);
  result<void> places_of(customer_no number, const pass& which, places& to);
  result<places> wanted_by(std::span<const customer_no> of, const pass& which);
  result<void> gather(const pass& which, duplicates_found& told, places& to);
  result<void> take_group(std::span<const place> group, std::span<const customer_no> of,
                          duplicates_found& told);
  result<void> compare_names(std::span<const place> group, std::span<const customer_no> of);
  result<void> add_pair(std::uint64_t one, std::uint64_t other);

  session_state& s_;
  search_reader& from_;
  secret<32> key_;
  std::vector<numbers> found_;
  /// Names of those who share a postcode or birth date are asked for again; as far as the room of
  /// the call goes they are kept.
  std::unordered_map<std::uint64_t, name_words> names_;
  std::size_t room_for_names_ = 0;
};

}  // namespace clientbook

#endif
