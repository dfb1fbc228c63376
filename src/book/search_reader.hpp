// What one purpose may search customers by, now: the one place that decides it, for the scan and
// for what lies in memory.
#ifndef CLIENTBOOK_BOOK_SEARCH_READER_HPP
#define CLIENTBOOK_BOOK_SEARCH_READER_HPP

#include <clientbook/consent/evaluate.hpp>

#include <optional>
#include <unordered_map>

#include "damage.hpp"
#include "search_text.hpp"
#include "session_state.hpp"

namespace clientbook {

/// Where findable texts are taken from: `index` are those of the sealed index, and records of whom
/// it says nothing.
enum class text_source : std::uint8_t { records, index };

// Keeps nothing. Asks the cases and the portfolio, then what the purpose may query and what it
// may read; who falls out at one of them has the same empty text as who was erased.
class search_reader {
 public:
  /// `whom`: where it is `named`, nobody else than an open case names. `how`: find or search, and
  /// then nobody who is not of the actor's portfolio; none: everybody, for what sessions share.
  search_reader(session_state& s, purpose_id purpose, reach whom,
                std::optional<action> how = std::nullopt, text_source from = text_source::records);
  ~search_reader();
  search_reader(const search_reader&) = delete;
  search_reader& operator=(const search_reader&) = delete;

  timestamp now() const noexcept { return query_.now; }
  /// The customer's findable text, at least its end; `until`: the decision holds until then.
  /// Somebody who was erased has an empty one. Errors: those of the store and of damage.
  result<void> read(customer_no number, search::text& out, timestamp& until);
  /// How many customers read() looked at of whom no index said anything, whether the purpose may
  /// find them or not.
  std::uint64_t scanned() const noexcept { return scanned_; }
  /// Errors: limit_exceeded (the host permits to look at no more of them).
  result<void> may_go_on() const { return s_.may_scan(scanned_); }
  /// Of these fields those that the purpose may query as they are, opened; nothing of who was
  /// erased, or is not the actor's. Views live until the session opens the next record. Errors: as
  /// read().
  result<std::span<const opened_field>> open(customer_no number, field_set wanted,
                                             std::span<opened_field> room, timestamp& until);
  /// Whether the actor may find this customer so: by the portfolio, and read them then.
  result<bool> may_find(customer_no number);

 private:
  struct permitted {
    decided_grant use;
    decided_grant query;
    field_set whole;  ///< What may be searched by as it is,
    field_set parts;  ///< and in parts.
  };
  /// What holds for everybody of one consent state.
  struct shared {
    field_set whole;
    field_set parts;
    timestamp until;
  };
  result<std::optional<permitted>> decide(customer_no number, field_set wanted, timestamp& until);
  result<std::span<const opened_field>> open(customer_no number, const permitted& by,
                                             std::span<opened_field> room);
  result<std::optional<std::string_view>> indexed(customer_no number);
  result<const shared*> decided_before(customer_no number);

  session_state& s_;
  decision_request query_;
  decision_request use_;
  reach whom_;
  std::optional<action> how_;
  text_source from_;
  std::uint64_t scanned_ = 0;
  std::unordered_map<std::uint32_t, shared> decided_;  ///< By state.
};

}  // namespace clientbook

#endif
