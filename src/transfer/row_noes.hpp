// For whom the noes of a row close what: for the customer whose row it is, for everybody else who
// has its addresses and numbers, and for who comes in with them later. A row that is left out says
// no all the same.
#ifndef CLIENTBOOK_TRANSFER_ROW_NOES_HPP
#define CLIENTBOOK_TRANSFER_ROW_NOES_HPP

#include <clientbook/consent/directive.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "import_run.hpp"
#include "remembered_people.hpp"
#include "row_directives.hpp"
#include "shared_noes.hpp"

namespace clientbook {

class row_noes {
 public:
  row_noes(import_run& run, row_directives& consents, remembered_people& remembered)
      : run_(run), row_(run.row), consents_(consents), remembered_(remembered) {}

  /// A row of a list of who left: an address or number, a no, and nothing else.
  bool is_a_no_and_a_way(const import_customer& one) const;
  /// It is the no of whoever has the address, and makes nobody a second customer. False: nobody
  /// has.
  result<bool> take_for_known(const import_customer& one);

  /// A no about an address that others have too closes it for them: the list of who left does not
  /// tell which of them it was. `taken`: what the book took of the row's addresses and numbers.
  /// False: the row has no such no.
  result<bool> keep(const import_customer& one, const std::optional<customer_id>& whose,
                    field_set taken);
  /// Of a row that is not taken counts what closes: its noes, and that somebody is younger.
  result<void> say(const import_customer& one, const customer_id& id);
  /// A row that is left out says no all the same, also for who comes in with its address later. Of
  /// who was erased nobody comes in unseen. `whose`: for whom it is said already.
  result<void> heed(const import_customer& one, const std::optional<customer_id>& whose = {});
  /// And for who has its id, or comes in with it: a bad row comes back when it was mended.
  result<void> heed_left_out(const import_customer& one);
  /// What said no before anybody had it closes for the customer who gets it: an address or number
  /// for that alone, an id for them.
  result<void> close_gained(const import_customer& one, const merged& told, const customer_id& id);
  /// A customer was made of the row, and what it says is all that they ever said.
  void note_newcomer(const customer_id& id);
  /// Something is recorded of them that their first row did not say.
  void note_word(const customer_id& id) { newcomers_.erase(id); }
  /// A customer has gained an address or number: see close_refused().
  result<void> note_gained(const import_customer& one, field_set gained, const customer_id& id);
  /// Behind the last row.
  result<void> close_for_others();
  /// What another customer of the book has said no about, and stands, closes an address or number
  /// for whoever has gained it: a file cannot tell whether they are the same person under another
  /// id or name. Who is somebody else says yes by an act of their own, which names that no. Behind
  /// close_for_others().
  result<void> close_refused();

  /// A birth date that the record does not get makes nobody older.
  result<void> note_age(const import_customer& one, const customer_id& id);
  /// Several may be meant, and the row says no to more than what it is reached by.
  void tell_ways_alone(std::uint64_t line) const;

 private:
  bool says_more() const;
  result<void> say_no_to_unseen(const std::optional<customer_id>& whose);
  std::vector<customer_id> seen_by_ways(const record_view& of) const;
  void note_ways(const customer_id& id, field_set taken);
  result<recorded> record_of_way(const customer_id& id, const directive& no);
  struct gained_way {
    customer_id whose;
    contact_point which;
    std::uint64_t key = 0;  ///< In run_.people.
    std::uint64_t line = 0;
  };
  struct refusal {
    customer_id by;
    purpose_set what;
  };
  /// Of everybody who has a way, once for all who gain it: a shop's number may be the customers'.
  result<const std::vector<refusal>*> refusals_of(const gained_way& by);
  result<purpose_set> refused_by_others(const gained_way& by);
  /// Known without asking the book: they came in by this import, and said nothing that closes it.
  bool refused_nothing(const customer_id& whose, field_id field) const;
  /// The marketing by an address or number that is closed by a word about somebody.
  result<purpose_set> refused_by(const customer_id& whose, const contact_point& which);
  result<void> heed_before(const customer_id& id, const customer& who, const contact_point& about,
                           std::vector<directive>& said);

  import_run& run_;
  import_row& row_;
  row_directives& consents_;
  remembered_people& remembered_;
  shared_noes noes_;
  std::vector<gained_way> gained_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<refusal>> refusals_;
  /// Of what a newcomer's noes close something: of mails, of messages and calls.
  std::unordered_map<customer_id, field_set, hash_of_id> newcomers_;
  bool told_unclosed_ = false;
  bool told_unasked_ = false;
};

}  // namespace clientbook

#endif
