// Portfolios: whose customers are whose. A customer has a home store and associates, an actor
// belongs to stores; while portfolios are in force, the table of roles (actor.hpp) says of each
// role, group and action whether it reaches everybody's customers, those of the actor's stores or
// the actor's own.
//
// Actors and stores are numbers that the host application chooses. A region is an actor who
// belongs to several stores. Nothing of it holds before a book says that portfolios are in force,
// and a customer who has no store then is reached by those roles alone that reach everybody's.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_PORTFOLIO_HPP
#define CLIENTBOOK_BOOK_PORTFOLIO_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace clientbook {

/// Stored: append, never renumber.
enum class associate_rank : std::uint8_t {
  primary = 1,  ///< Who is responsible; at most one.
  further = 2,  ///< Who serves them too.
};

struct associate {
  actor_id who{};
  associate_rank rank = associate_rank::primary;
  date since{};
  friend bool operator==(const associate&, const associate&) = default;
};

/// Whose customer somebody is.
struct portfolio {
  store_id store{};                     ///< Their home store; 0: none.
  std::vector<associate> associates{};  ///< The primary one first.
  friend bool operator==(const portfolio&, const portfolio&) = default;
};

struct portfolio_entry {
  customer_id customer{};
  portfolio whose{};
};

/// What customers are to have from now on, in place of what they had.
struct assignment {
  store_id store{};                     ///< 0: none, and then nobody is named.
  actor_id primary{};                   ///< 0: nobody.
  std::span<const actor_id> further{};  ///< At most max_further_associates.
};

inline constexpr std::size_t max_further_associates = 16;
inline constexpr std::size_t max_assigned_at_once = 1000;
inline constexpr std::size_t max_stores_of_actor = 64;
inline constexpr std::size_t max_actors_of_stores = 4096;

struct reassigned {
  std::uint32_t moved = 0;
  /// Of the former associate's customers whom this actor reaches, those who are still theirs: more
  /// than a call moves, or of a store that the new associate does not belong to.
  std::uint32_t left = 0;
};

enum class portfolio_use : std::uint8_t { none = 0, in_force = 1 };

struct actor_stores {
  actor_id who{};
  /// The first one is where whoever they put into the book belongs.
  std::vector<store_id> stores{};
  friend bool operator==(const actor_stores&, const actor_stores&) = default;
};

/// Somebody wants portfolios to be in force no longer.
struct portfolios_end {
  actor by{};
  timestamp at{};
};

struct portfolio_rules {
  portfolio_use use = portfolio_use::none;
  actor_id since_by{};                   ///< Who put them in force last,
  timestamp since{};                     ///< and when.
  std::optional<portfolios_end> ends{};  ///< Proposed, and not confirmed yet.
  std::vector<actor_stores> actors{};    ///< By number.
};

/// A proposal to end them is confirmed within this time, or made again.
inline constexpr std::int64_t portfolios_end_lasts_seconds = 7 * 86400;

}  // namespace clientbook

#endif
