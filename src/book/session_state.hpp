// What a session consists of, shared by the files that implement it.
#ifndef CLIENTBOOK_BOOK_SESSION_STATE_HPP
#define CLIENTBOOK_BOOK_SESSION_STATE_HPP

#include <clientbook/book/audit.hpp>
#include <clientbook/book/session.hpp>

#include <mutex>
#include <utility>

#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/vault/book_core.hpp>
#include <clientbook/internal/vault/recovery_format.hpp>
#include <clientbook/vault/mirror_place.hpp>
#include <clientbook/vault/pin_store.hpp>
#include "case_store.hpp"
#include "consent_store.hpp"
#include "credential_desk.hpp"
#include "credential_store.hpp"
#include "customer_row.hpp"
#include "epoch_store.hpp"
#include "free_text.hpp"
#include "known_orders.hpp"
#include "ledger_store.hpp"
#include "looks.hpp"
#include "outflow_store.hpp"
#include "parts.hpp"
#include "people_by_value.hpp"
#include "portfolio_store.hpp"
#include "pseudonym_keys.hpp"
#include "recipient_contacts.hpp"
#include "record_opener.hpp"
#include "refusal_store.hpp"
#include "request_store.hpp"
#include "retained_store.hpp"
#include "role_store.hpp"
#include "sealed_index.hpp"
#include "witness_store.hpp"

namespace clientbook {

class search_memory;

/// What stands in a redacted text for what a record says.
inline constexpr std::string_view known_value_label = "<KNOWN_VALUE>";

/// By which values of the customer others' notes are searched: what only tells goes by those that
/// count (session_state::counting()), since it would answer guesses; what replaces, by all.
enum class mention_values : std::uint8_t { real, all };

/// A new record, looked at.
struct newcomer {
  std::optional<date> born;
  timestamp now{};
  std::array<field_value, max_fields> fields{};            ///< Those that may be kept,
  std::size_t count = 0;                                   ///< so many,
  std::vector<std::pair<purpose_id, field_set>> kept_for;  ///< and for what.
  kept outcome{};
};

/// An entry of the ledger about a customer, opened; views live until the next one.
struct entry_seen {
  std::uint64_t index = 0;
  const ledger::disclosure_entry& leaf;
  const ledger::disclosure_payload& payload;
  byte_view bytes;       ///< The payload's.
  bool of_both = false;  ///< ledger_record::of_both
};

/// What the host has said when it opened the book.
struct session_host {
  clock_source clock{};
  std::uint32_t longest_pause_days = 0;
  std::uint64_t most_scanned = 0;
  obligation_set discharges{};
  std::shared_ptr<mirror_opener> mirrors{};
  std::shared_ptr<pin_store> pin{};
  alarm_listener listener{};
  audit_listener auditor{};
  /// An opener is asked by one thread at a time (mirror_place.hpp): the book's sessions share this.
  std::shared_ptr<std::mutex> mirrors_alone = std::make_shared<std::mutex>();
  std::shared_ptr<credential_desk> desk = std::make_shared<credential_desk>();
};

/// What a session was begun with. The key too: who has changed it has to prove the new one.
struct proven_credential {
  std::uint32_t number = 0;
  crypto::verifying_key key{};
};

/// A directive as it is written down: of a yes on somebody's own word what waits, and what of it
/// counts until then.
struct yes_parts {
  directive said;
  std::optional<directive> care{};
  bool noted = false;
  purpose_set waiting{};  ///< All that was noted.
};

/// Which of a customer's items somebody asks for.
struct items_asked {
  storage::item_kind kind = storage::item_kind::note;
  std::size_t most = 0;                   ///< The newest of them; 0: all.
  std::span<const customer_id> hidden{};  ///< Whose values are not to stand in notes either.
  enum class of : std::uint8_t { all, pinned } which = of::all;

  field_id field() const noexcept {
    return kind == storage::item_kind::purchase ? clientbook::field::purchases
                                                : clientbook::field::notes;
  }
};

/// A yes that a file brings again which was not taken in full when the file was read before.
struct yes_again {
  enum class is : std::uint8_t {
    new_,     ///< Nobody has written it down: it is taken as said.
    noted,    ///< It waits, and who brings it may say no more than that.
    refused,  ///< There is a no, and nobody knows that it is older.
    over,     ///< The customer has said no since it was noted, or it counts already.
    in_full,  ///< Who brings it may say yes: `said` takes the place of the note.
  };
  is what = is::new_;
  directive said;
};

/// Whether that one of what a customer has said is a yes that waits, however long it has.
bool still_waits(std::span<const directive> said, std::uint32_t sequence);

/// What was done in a change that is there though its call failed behind the commit.
struct untold_erasure {
  std::vector<customer_id> ids{};
  std::vector<erasure> done{};
  bool is_signed = false;
};

/// Whether what a call was to do is there, whatever failed behind the commit.
bool was_committed(const error& why) noexcept;

// What the parts of one session have in common: the core, the stores over it, who acts, and what
// the change under way has come to. Each session*.cpp holds the calls of one subject and works
// on this; a call that writes does so through change() (roles, clock, pin, mirrors, commit),
// alone or within an explicit change, and where one is rolled back the stores forget what they
// read of it.
struct session_state {
  std::unique_ptr<book_core> core;
  consent_store consent;
  ledger_store ledger;
  refusal_store refusals;
  case_store cases;
  request_store requests;
  retained_store retained;
  trace_store traces;
  budget_store budgets;
  portfolio_store portfolios;
  role_store roles;
  credential_store credentials;
  canary_store canaries;
  recipient_contacts how_reached;
  witness_store witnesses;
  epoch_store epochs;
  outflow_store outflow;
  sealed_index at_rest;  ///< The index.
  actor who;
  clock_source clock;

  record_opener opener;
  private_bytes plain;  ///< one value on its way into the store
  private_bytes plain_row;
  private_bytes redacted;
  std::unique_ptr<free_text> text = std::make_unique<free_text>();
  pseudonym_keys pseudonyms;
  std::shared_ptr<search_memory> searching;  ///< The book's.
  struct claim {
    crypto::blind_index_token token;
    customer_no held;  ///< Whose it was; 0: nobody's.
  };
  std::vector<claim> claimed;  ///< of the external ids checked last
  struct {
    customer_no number;
    std::uint32_t version = 0;  ///< 0: none was read.
    customer_row row;
  } last_row;  ///< The one that was read or written last.
  /// The id that was told or looked up last: a call asks for it again and again, an import for
  /// thousands in a row.
  mutable struct {
    customer_id id;
    customer_no number;  ///< 0: none was.
  } last_id;
  looks seen;
  people_by_value by_value;  ///< Of the explicit change.
  known_orders orders;       ///< Of the customer whose purchase was added last.
  std::shared_ptr<mirror_opener> mirrors;
  std::shared_ptr<std::mutex> mirrors_alone;
  std::shared_ptr<pin_store> pin;
  alarm_listener listener;
  audit_listener auditor;
  std::shared_ptr<credential_desk> desk;
  std::optional<proven_credential> proven{};
  bool excused = false;    ///< It needs none: see book_access.
  book_pin pinned{};       ///< As this session knows it.
  bool must_pin = false;   ///< The change under way holds what nobody may undo unseen.
  bool must_hear = false;  ///< The change under way closes what was open: mirrors are to know who.
  /// It says of something that it did not get out, or raises an alarm: it is committed whatever
  /// becomes of the pin.
  bool takes_back = false;
  /// The last change is there and its pin is not: what it was to hand over stays here.
  bool unpinned = false;
  /// Receipts that no call has handed out yet: whoever asks again for the same is told them.
  std::vector<untold_erasure> untold_erasures;
  std::optional<retention_outcome> untold_run;
  std::vector<mirror_state> mirrors_told;  ///< By the last commit that mirrors had to hear of.
  /// A recovery key whose shares are out, and which is not in force yet.
  struct drawn_key {
    crypto::box_public_key key{};
    std::optional<crypto::box_public_key> instead_of;
    unsigned shares = 0;
    unsigned threshold = 0;
  };
  std::optional<drawn_key> key_drawn;
  std::uint64_t most_scanned = 0;  ///< Of the host's; 0: everybody.
  /// Whether a question may look at so many one by one. Errors: limit_exceeded.
  result<void> may_scan(std::uint64_t customers) const;
  std::uint64_t index_built = 0;  ///< The leaf before which this session has built the index.
  bool explicit_change = false;
  bool broken = false;  ///< a write of the explicit change failed: only rollback() is left

  session_state(std::unique_ptr<book_core> opened, actor acting, const session_host& host)
      : core(std::move(opened)),
        consent(*core),
        ledger(*core),
        refusals(*core),
        cases(*core),
        requests(*core),
        retained(*core),
        traces(*core),
        budgets(*core),
        portfolios(*core),
        roles(*core),
        credentials(*core),
        canaries(*core),
        how_reached(*core),
        witnesses(*core),
        epochs(*core),
        outflow(*core),
        at_rest(*core),
        who(acting),
        clock(host.clock),
        opener(*core),
        mirrors(host.mirrors),
        mirrors_alone(host.mirrors_alone),
        pin(host.pin),
        listener(host.listener),
        auditor(host.auditor),
        desk(host.desk),
        most_scanned(host.most_scanned) {
    cases.ask_of_unconfirmed(
        [](const void* of, const case_record& one) {
          return static_cast<const session_state*>(of)->comes_alone(one);
        },
        this);
    opener.reads_for(acting.id, portfolios);
    consent.left_alone_at_most(host.longest_pause_days);
    consent.recorded_by(acting.id);
    consent.host_discharges(host.discharges);
    if (auditor.heard != nullptr) ledger.remember_entries();
  }

  ~session_state() { end_looks(); }
  session_state(const session_state&) = delete;
  session_state& operator=(const session_state&) = delete;

  /// What everything that is written is dated by, and every term reckoned from: a clock that was
  /// set back dates nothing before what the book has seen.
  timestamp now() const { return consent.as_of(clock_now()); }
  /// What the host's clock says. By it decisions are made, which are noes where it was set back.
  timestamp clock_now() const { return clock.now(clock.context); }
  /// A request as somebody has made it, with what a session sets and nobody brings along: time and
  /// trust in the clock, and what is discharged.
  decision_request as_asked(const decision_request& request) const;
  /// Errors: clock_ahead. Precondition: inside a change.
  result<void> check_clock();

  /// Where a clock that was set back revives no lease.
  timestamp time_of_leases() const { return consent.as_of(now()); }
  /// Whether what this session has proven still holds, or it needs nothing. As of the last look().
  /// Errors: credential_required, credential_invalid, credential_expired; of a row that cannot be
  /// read.
  result<void> check_credential();
  /// Takes it as proven by this session; a wrong one is counted, durable. Not inside a change.
  /// Errors: as book::begin_session().
  result<void> take_proof(const credential_proof& proof);
  result<void> judge_proof(const credential_proof& proof,
                           const std::optional<credential_challenge>& drawn,
                           std::uint32_t& unwritten, timestamp at);
  /// Counts as a wrong proof that a key which somebody gave is one of the book's already.
  void count_guess();
  result<void> write_wrong(std::uint32_t more, timestamp at);
  void counted_down(std::uint32_t counted, timestamp at);
  /// Errors: limit_exceeded. Precondition: as of the last follow().
  result<void> may_guess();
  /// Errors: credential_required.
  result<void> needs_proof() const;
  /// Where what takes two persons takes two credentials: whether this session may be one of them.
  /// Errors: credential_required.
  result<void> one_of_two() const;
  /// The same of who approves what somebody has begun; `before`: the last number of those that were
  /// begun when nothing took a credential. Errors: credential_required, invalid_state (too old).
  /// An owner who approves their own a day later does so where nobody else could
  /// (second_person_required). What somebody began whose credential has ended since is nobody's.
  struct begun_thing {
    std::uint32_t number = 0;
    actor_id by{};
    timestamp at{};
    action approved = action::approve;
  };
  result<void> second_of_two(const begun_thing& what, std::uint32_t before) const;
  credential_store::doer doer() const {
    return {.who = who, .credential = proven ? proven->number : 0, .at = time_of_leases()};
  }
  /// The same of a yes that somebody has noted, and of a token that somebody was handed.
  result<void> second_of_noted(actor_id by, timestamp noted) const;
  result<void> second_of_end(portfolio_rules& next) const;
  /// Whether a case that nobody has confirmed may come into force by itself: an owner waits a day
  /// where nobody else could confirm it. As of the last follow().
  bool comes_alone(const case_record& one) const;
  /// From now on two persons are two credentials. Precondition: inside a change.
  result<void> void_what_waits();
  /// Writes the entry of the ledger about what a store has done with a credential, or says why it
  /// has not. Precondition: inside a change.
  result<void> told_of_credential(std::uint32_t number, const result<void>& done);

  /// The book's table of roles: the first question of every call, before consent is asked. As of
  /// the last look(), which asks again, and so does change(). Errors: role_denied.
  result<reach> ask(action what, purpose_group group = purpose_group::none) const;
  result<reach> ask(action what, purpose_id why) const;
  /// The same of a customer: where a role reaches those alone whom an open case names, whether one
  /// does, and whether the customer is of the actor's portfolio. Precondition: look(), or inside a
  /// change. Errors: role_denied, case_required, not_in_portfolio.
  result<void> ask(action what, purpose_id why, const customer_id& whose);
  result<void> ask(action what, case_kind kind, const customer_id& whose);
  /// Of what somebody wants to keep something for what the role may: of purposes that were named
  /// all, or none. `whose`: null for a newcomer. Errors: role_denied, case_required,
  /// not_in_portfolio.
  result<kept_purposes> ask(action what, const kept_purposes& named, const customer_id* whose);
  result<kept_purposes> ask(action what, const kept_purposes& named, const purpose_set& otherwise,
                            const customer_id* whose);
  /// What the table of roles says there, if portfolios are in force.
  portfolio_reach portfolio_reach_of(action what,
                                     purpose_group group = purpose_group::none) const noexcept {
    return roles.table().at(who.role, what, group).of;
  }
  /// Whether what the table says there reaches not everybody, since portfolios are in force.
  /// Errors: role_denied (it reaches one's own alone, and they are not in force).
  result<bool> is_limited(action what, purpose_group group = purpose_group::none);
  result<bool> is_limited(action what, purpose_id why);
  /// Whether it reaches this customer. One answer for whoever is somebody else's, is nobody's, was
  /// erased. Precondition: look(), or inside a change. Errors: not_in_portfolio.
  result<void> in_portfolio(action what, customer_no number) {
    return in_portfolio(what, purpose_group::none, number);
  }
  result<void> in_portfolio(action what, purpose_group group, customer_no number);
  /// The same of an actor: of one of this actor's stores, where the role reaches those alone.
  result<void> colleague(action what, actor_id other);
  /// Whose customer somebody is whom this actor puts into the book. Errors: not_in_portfolio (the
  /// actor would not reach them).
  result<portfolio> portfolio_of_newcomer();
  /// Raises an alarm if the customer is a canary, once an hour; durable unless a change is under
  /// way. Errors: those of the store.
  result<void> trip(customer_no number, purpose_id why);
  /// Tells the host, and notes it; `who` and `at` are filled in.
  void raise(canary_store::alarm what);
  /// Once an hour; true: something is to be written down.
  bool raise_once(alarm_kind kind, purpose_id why);
  bool is_raised(const canary_store::alarm& what);
  void forget_raised(alarm_kind kind) noexcept;
  /// As trip() or trip_range() has just read the limits.
  bool works_in_quiet_hours() const;
  /// What a call is refused with whose budget is at its end; that is an alarm.
  error end_of_budget(const error& why);
  /// The same of what a transaction drew as it began, and of which there may be more outside of it.
  error end_within_change(bool of_customers);
  /// A customer is passed on by the change under way.
  void passes_on(recipient_id to);
  /// Whether a case is about anybody whom the actor reaches; names those alone. Precondition:
  /// look(), or inside a change.
  result<bool> narrow_to_reached(action what, case_record& one);
  /// Errors: not_in_portfolio. Precondition: inside a change.
  result<void> reaches_case(std::uint32_t number);
  /// The same of a list that is about to be handed out. Precondition: inside a change.
  result<void> trip_range(customer_no from, std::uint64_t until, purpose_id why);
  /// Precondition of these: inside a change.
  result<void> write_alarms();
  result<void> count_passed_on();
  result<void> write_limits(const alarm_settings& next);
  /// Counts an attempt at a customer, and notes it; before anything is opened. Not within a change
  /// of this call's own. Errors: budget_spent, invalid_state (another session of this thread
  /// writes).
  result<void> look_at(customer_no number, purpose_id why, look_kind kind, field_set fields);
  result<void> count_customer(customer_no number);
  /// Of whom something is passed on or exported: also whether not too many others have looked.
  result<void> count_to_pass_on(customer_no number);
  /// Whether the actor is among the associates and managers who look at a customer today: already,
  /// may be, or is one too many. Everybody else is.
  enum class among_todays : std::uint8_t { already, may_be, too_many };
  result<among_todays> place_among_todays(customer_no number, timestamp at);
  /// Of an associate or a manager who looks at a customer for the first time on a day: whether not
  /// too many others have, and that they did, durable before anything is opened. Errors:
  /// budget_spent.
  result<void> name_at_once(customer_no number, purpose_id why, timestamp at);
  /// Many at once: what is missing is drawn in one piece.
  result<void> count_customers(std::span<const customer_id> ids, purpose_id why);
  result<void> count_look_up();
  /// What tells of a customer without showing a field: traced for everybody, and counted but for
  /// machines and an owner, who work through whole books with it. As look_at().
  result<void> tell_of(customer_no number, purpose_id why, look_kind kind);
  /// The same of one whom the actor was found to reach.
  result<void> tell_of_theirs(customer_no number, purpose_id why, look_kind kind);
  /// Those whose notes tell something: counted and noted before anybody is told. Errors:
  /// budget_spent.
  result<void> told_of(std::span<const mention> found, purpose_id why);
  /// The same within a change, in which nothing can be drawn.
  result<void> note_told_of(std::span<const mention> found, purpose_id why);
  /// Of an erasure that tells of others' notes. Errors: as session::erase(), budget_spent.
  result<void> count_told_at_erasure(const customer_id& id, erasure_reason reason,
                                     const erasure_options& options);
  /// Before a write of an external id that may turn out to be somebody's already: one look-up is
  /// there to pay for that answer. Errors: budget_spent.
  result<void> expect_look_up(std::span<const field_value> fields);
  result<void> count_answers(customer_no number, const item_list& notes);
  /// Of an associate, who is shown notes redacted: what is written may be guesses, and the label
  /// that a wrong one does not get is an answer too. Errors: budget_spent.
  result<void> count_guesses(std::string_view written);
  /// Errors: as a read of each of them.
  result<void> look_at_hidden(std::span<const customer_id> hidden, purpose_id purpose);
  /// Draws a table and writes it down, durable before anything is opened. Errors: budget_spent.
  result<void> count_table(const tabulation_request& what);
  /// Of these fields those whose values say something of a real customer: older than 30 days and
  /// not this actor's own word, or of an import by a service or an owner. An owner's own count once
  /// they are old.
  result<field_set> counting(customer_no number, const manifest& entry, field_set fields);
  /// Only notes: what is done within a change. Customer 0: somebody who was not found.
  void note_look(customer_no number, purpose_id why, look_kind kind, field_set fields);
  void note_look(looks::one& to, customer_no number, purpose_id why, look_kind kind,
                 field_set fields, timestamp at);
  /// Writes down that somebody goes over all customers, without showing a field; durable, and
  /// counted for nothing. Errors: invalid_state (another session of this thread writes).
  result<void> look_over_everybody(purpose_id why, field_set fields);
  /// Whether this session may ask what takes a look at everybody, outside of a transaction: for who
  /// opens cases and sees who looked, of everybody. Errors: invalid_state, role_denied.
  result<void> may_go_over_everybody();
  /// Draws and writes down what a list is about to hand out; up to where. Errors: budget_spent.
  result<std::uint64_t> list_ahead(customer_no from, purpose_id why, field_set fields,
                                   std::uint64_t most);
  /// It has ended at `until`, and handed out so many.
  result<void> list_ended(const listed_range& was, std::uint64_t until, std::uint64_t handed_out,
                          purpose_id why, timestamp then);
  struct listed {
    std::uint64_t at = 0;  ///< The next one.
    std::uint64_t handed = 0;
    result<void> done{};
  };
  listed list_block(const listed_range& range, purpose_id purpose, field_set fields, view& out,
                    callback_ref<bool(const view&)> each);
  result<void> list_named(purpose_id purpose, field_set fields,
                          callback_ref<bool(const view&)> each);
  result<void> list_portfolio(purpose_id purpose, field_set fields,
                              callback_ref<bool(const view&)> each);
  /// A part of what is left, before a change in which nothing can be drawn.
  result<void> draw_for_change();
  result<void> draw(const budget_store::drawn& wanted, timestamp at);
  void next_hour(timestamp at);
  /// Precondition: inside a change; looks_are_written() once that is durable.
  result<void> write_looks();
  void looks_are_written() noexcept;
  /// Tells the host's auditor, if there is one; who and when are filled in.
  void tell_auditor(audit_event what) const;
  void tell_look(customer_no number, purpose_id why, look_kind kind, field_set fields,
                 std::uint64_t customers) const;
  /// What a commit has made durable.
  void tell_entries();
  /// A change of the book's own, whatever the role may.
  result<void> by_itself(callback_ref<result<void>()> work);
  void end_looks() noexcept;
  /// After a rollback: what was looked at stays looked at, for others too.
  void write_looks_now() noexcept;
  /// Whether it may keep, or remove, for any purpose at all.
  result<reach> keeps() const { return ask_any(action::keep); }
  result<reach> removes() const { return ask_any(action::remove); }
  result<reach> ask_any(action what) const;
  /// What it is for the table of roles to write down that the customer, or somebody else, has said
  /// that; and whether the role may.
  static action action_to_record(const directive& said) noexcept;
  result<reach> asked_to_record(const directive& said) const;
  result<void> ask_to_record(std::span<const directive> said) const;
  /// What the table asks for it of this role: of a yes on its own word note_yes.
  action action_asked(const directive& said) const;
  /// Whether the role may note it, and its word alone is not the customer's (session_yes.cpp).
  bool on_own_word(const directive& said) const;
  /// The one place where it is decided how a directive is written down. `so_far`: what the customer
  /// has said.
  yes_parts parts_of(const directive& said, std::span<const directive> so_far) const;
  /// The same of a newcomer's, all of them. Adds to `waiting`.
  std::vector<directive> as_taken(std::span<const directive> said, purpose_set& waiting) const;
  /// What becomes of a file's yes that was not taken in full before. Errors: not_found, key_erased,
  /// limit_exceeded. Precondition: inside a change.
  result<yes_again> brought_again(const customer_id& id, const directive& said);
  /// All that a customer has said. Errors: not_found, key_erased.
  result<std::vector<directive>> said_by(const customer_id& id);
  /// Runs what records, and tells what it opened and closed, also for the classes that it names.
  /// Precondition: inside a change.
  result<consent_effect> append_and_tell(const customer_id& id, const recipient_set& named,
                                         callback_ref<result<recorded>()> append);
  /// Of what somebody else's evidence shows, or the book says itself: no word of this actor's.
  /// Precondition: inside a change.
  result<recorded> append_as_it_is(const customer_id& id, const directive& said);
  /// The consent that a token of double opt-in is for. Errors: not_found.
  result<directive> opted_in(const customer_id& whose, const std::array<std::byte, 16>& drawn);
  /// Errors: denied. Precondition: inside a change.
  result<void> ask_to_remove(customer_no number, const customer_id& whose, field_id field,
                             const kept_purposes& purposes);
  /// Whether a case of that kind is needed and none names the customer. Errors: case_required.
  result<void> named_by_case(reach whom, case_kind kind, const customer_id& whose);

  /// Sees the newest commit, or the change under way. Errors: role_denied, as book_core::look.
  result<void> look(action what);
  result<void> look(action what, purpose_id why);
  result<void> look_again();
  /// The same whatever this session has proven.
  result<void> look_anyway();

  /// Calls `each` for the customer's entries of the ledger, newest first, all of them or an error,
  /// then for those of each of their parts; and behind each one's own for those of whoever they
  /// were one with, of that time.
  result<void> each_entry(const customer_id& id,
                          callback_ref<result<void>(const entry_seen&)> each);
  /// The same of one alone, part or not. Of `within`, numbers of the ledger, if it is given.
  result<void> each_entry_of(customer_no number, callback_ref<result<void>(const entry_seen&)> each,
                             const time_as_one* within = nullptr);
  result<void> each_entry_with(customer_no number,
                               callback_ref<result<void>(const entry_seen&)> each);
  /// Times in which a customer, or a part of one, was one with somebody who is still in the book.
  result<std::vector<time_as_one>> times_as_one_of(customer_no number);
  /// Looks at whoever they were one with, of that time, behind those that are in `to`.
  result<void> add_looks_as_one(customer_no number, std::vector<clientbook::look>& to);
  /// Whether a witness has cosigned what it is said to have, and the ledger goes on from there.
  result<void> check_cosigned(const ledger_witness& one);
  /// What a witness has answered: 409 and 200. Precondition: inside a change.
  result<witness_outcome> take_size(ledger_witness one, std::string_view body);
  result<witness_outcome> take_cosignature(ledger_witness one, std::string_view request,
                                           std::string_view body);
  /// The number of a customer; of a part that of whose part they are, so that both ids lead to one.
  /// Errors: not_found; of a part's row that does not open.
  result<customer_no> number(const customer_id& id) const;
  /// The same without following. Errors: not_found.
  result<customer_no> own_number_of(const customer_id& id) const;
  /// The id of whoever has that number.
  customer_id id_of(customer_no number) const;
  /// The id of whoever that is now. Errors: as number().
  result<customer_id> whole_id(const customer_id& id) const;
  /// Who is a part of the customer. Errors: as row_of().
  result<std::vector<merged_part>> merged_parts(customer_no number);
  /// Two customers are to be one: whether they may. Precondition: inside a change. Errors: as
  /// session::merge_customers().
  result<void> check_merge(customer_no stays, customer_no goes);
  /// A hold, a case that names them, a request that has not ended. Errors: kept_by_law.
  result<void> check_free_to_merge(customer_no number);
  /// What was before that is a part goes at last. Precondition: inside a change.
  result<void> forget_before_merge(customer_no part);
  /// Parts of customers who cannot be taken out again any more: what was before goes. At most
  /// `most`; with `only_tell` nothing does. Precondition, else: inside a change.
  result<void> drop_ended_parts(const retention_run& how, std::size_t most, retention_outcome& out);
  result<bool> ended_parts();
  /// The parts of a customer who is erased go with them. Precondition: inside a change.
  result<void> erase_parts(customer_no number, const erasure_options& options,
                           erasure_receipt& receipt);
  /// Whether somebody has said that two customers, or parts of them, are two people.
  result<bool> said_not_same(customer_no one, customer_no other);
  /// Precondition: inside a change, looked at both.
  result<void> note_two_people(customer_no one, customer_no other);
  /// The same of a retained record's id too: a case may name one.
  result<customer_no> number_in_case(const customer_id& id) const;
  /// Errors: not_found.
  result<std::uint32_t> retained_number(const customer_id& id) const;
  /// Their manifest; valid until the next call on the tree. Errors: not_found, key_erased (also of
  /// who is a part of somebody: no list and no search meets them by themselves).
  result<const manifest*> entry(customer_no number);
  /// The same of a part too.
  result<const manifest*> entry_of_part(customer_no number);

  /// What is wrong with the epochs of the ledger. Errors: as told; of the store.
  result<void> verify_epochs();
  /// What is not to be pruned, for each reason the first entry. `end`: where looking for days ends.
  result<std::vector<kept_from>> kept_of_ledger(const prune_options& what, std::uint64_t end);
  /// What of a customer's own entries is gone, without those of parts.
  result<std::uint64_t> pruned_of(customer_no number);
  /// Runs `work` as a transaction of its own, or as a part of the explicit one.
  template <class Work>
  auto change(action what, Work&& work) -> decltype(work());
  template <class Work>
  auto change(const result<reach>& asked, Work&& work) -> decltype(work());
  template <class Ask, class Work>
  auto change_asking(Ask&& ask_now, Work&& work) -> decltype(work());

  /// Runs what a change would, and throws it away. Not within one. Errors: as change().
  template <class Out, class Work>
  result<Out> try_out(action what, Work&& work);

  result<void> commit_change();

  /// Errors: invalid_state (no recovery key).
  result<recovery_row> recovery_row_of_book();
  enum class mirror_use : std::uint8_t { there, made };
  result<mirror_header> refresh_mirror_at(const std::string& path, mirror_use use);
  /// After a commit. Errors: those of the pin, with the text "committed, but ...".
  result<void> move_pin(std::uint64_t epoch_before, bool needed);
  /// Before a commit that opens something or hands something over: with a pin that cannot be moved
  /// it is not begun. Errors: those of the pin, with the text "nothing was done: ...".
  result<void> check_pin(bool needed);
  /// Of a change whose pin failed behind its commit: the ledger is told that nothing of it got out.
  error not_handed_over(const error& why, std::span<const customer_entry> entries);
  /// Draws a mark for the commit that is about to be, where mirrors have to hear of it.
  result<void> mark_for_mirrors();
  /// Draws one in a change of its own, if anything was committed since the last.
  result<void> mark_of_today();
  /// Errors: locked (others write without a pause); those of the rows.
  result<std::unique_ptr<book_core>> marked_view();
  bool is_mirror_of_book(const std::string& path);
  /// After a commit that mirrors have to hear of: fills in mirrors_told.
  void tell_mirrors() noexcept;
  /// One that cannot be reached is told of. Precondition: a mark was drawn.
  std::vector<mirror_state> refresh_all_mirrors();
  /// Errors: those of the rows.
  result<void> customers_to_ask(std::vector<customer_id>& out);
  /// `given_up`: what lies there and cannot follow is removed first.
  result<void> make_mirror_at(const std::string& path, bool given_up);
  mirror_state told_of_mirror(const std::string& path, const result<mirror_header>& header,
                              const recovery_row& row);
  result<recovery_kit> draw_recovery_key(unsigned shares, unsigned threshold, recovery_key_use use);
  result<recovery_kit> new_recovery_key(session& own, unsigned shares, unsigned threshold,
                                        recovery_key_use use);
  void discard_change() noexcept;
  /// Memory ran out in the middle of a call: undoes the change under way, or leaves the explicit
  /// one to be rolled back. Returns what the call returns.
  error out_of_memory() noexcept;

  /// Writes of one customer, precondition: inside a change.
  result<void> seal_record(customer_no number, const manifest& entry,
                           std::span<const field_value> fields);
  /// What was just sealed of them, into by_value. Precondition: by_value has a key.
  result<void> know_by_value(customer_no number, std::span<const field_value> fields);
  /// An item as it is sealed; of a purchase also what it was encoded from.
  struct written_item {
    storage::item_kind kind;
    byte_view bytes;
    const purchase* receipt = nullptr;
  };
  /// Appends it; its number in the store. Precondition: inside a change.
  result<std::uint32_t> put_item(const customer_id& id, const written_item& item,
                                 const kept_purposes& purposes);
  /// A note as it is sealed: with who wrote it and where, if it is not for all, and without a pin.
  /// Errors: invalid_value, invalid_state. Precondition: inside a change, the customer is reached.
  result<note> as_sealed(const note& given, std::string_view admitted, const customer_id& id);
  /// That a note is not for all, or pinned. Precondition of these: inside a change.
  result<void> note_beside(customer_no number, std::uint32_t sequence, const note& given);
  /// Errors: limit_exceeded.
  result<void> has_room_for_pin(customer_no number);
  /// Errors: not_found, already_exists, limit_exceeded.
  result<void> set_pin(customer_no number, std::uint32_t sequence, note_pin how);
  /// The numbers in the store of the notes that whoever asks sees: their places are what is told.
  /// Errors: as record_opener::item().
  /// Whether this actor may be told that the customer has notes: not where they see none of them,
  /// and answer no requests either.
  result<bool> tells_of_notes(customer_no number);
  result<std::vector<std::uint32_t>> notes_seen(customer_no number,
                                                const record_opener::note_asked& by);
  /// The purchase of that order in that store; 0: the customer has none. Errors: those of the
  /// store, of damage.
  result<std::uint32_t> order_of(customer_no number, const purchase& receipt);
  /// Everything that can be wrong with a new record, found before anything is written. Errors: as
  /// session::put().
  result<newcomer> admit(std::span<const field_value> fields, const collection& why);
  /// Texts of tasks, contacts and wishes hold no numbers that a note may not hold. Errors:
  /// card_data_refused, identity_number_refused (`at`: the field).
  result<void> check_own_words(std::span<const field_value> fields);
  /// Errors: invalid_value (of a day that is still to come).
  static result<void> check_as_of(const collection& why, timestamp now);
  /// What the customer's row says; an empty one if there is none. Errors: row_missing, as
  /// decode_customer_row().
  result<const customer_row*> row_of(customer_no number, const manifest& entry);
  /// Writes it anew; the manifest then has its version. Precondition: inside a change.
  result<void> put_row(customer_no number, manifest& entry, customer_row row);
  /// Precondition: inside a change.
  /// `said`: also what a file says of them now. `given`: whose values are new.
  result<void> keep_fields(customer_no number, manifest& entry,
                           std::span<const std::pair<purpose_id, field_set>> purposes,
                           std::span<const file_word> said = {}, field_set given = {},
                           field_source source = field_source::person);
  value_group given_now(field_set fields, field_source source) const;
  /// Values of a file are of the day that it says: an older file's are known by it. Only of what
  /// the shop takes in at once; by the day of others' values is told what counts (counting()).
  /// Precondition: inside a change.
  result<void> date_values(customer_no number, manifest& entry, field_set fields,
                           const std::optional<date>& as_of);
  /// These fields instead of those of the record, with the external ids' index and the age that
  /// consents go by. They were found to be valid and permitted for these purposes. Precondition:
  /// inside a change.
  result<void> rewrite(customer_no number, std::span<const field_value> fields,
                       std::span<const std::pair<purpose_id, field_set>> kept_for,
                       std::span<const file_word> said = {},
                       field_source source = field_source::person);
  /// What of these fields may be changed. Errors: no_basis (`at`: field).
  result<consent_store::correction> may_change(customer_no number, const manifest& known,
                                               const kept_purposes& named,
                                               const kept_purposes& asked, field_set fields);
  /// As rewrite(), of what a correction may do. Errors: no_basis (it says more than is held).
  result<void> correct(customer_no number, std::span<const field_value> fields,
                       const consent_store::correction& allowed);
  /// An age that the book is told and whose birth date it may not keep, or has otherwise: it counts
  /// for consents. Precondition: inside a change.
  result<void> note_age(customer_no number, const std::optional<date>& told);
  /// A proof of age as it was noted, or seen by a second person, with its entry of the ledger.
  /// Precondition: inside a change.
  result<recorded> append_proof(const customer_id& id, directive said);
  result<void> prove_parts(customer_no whose, const date& born);
  result<bool> closes_all(customer_no number, const grant& permit, field_id field);
  /// Of each contact point that a directive names: whether the customer has it is an answer.
  /// Errors: budget_spent.
  result<void> count_contacts(const directive& said);
  /// Errors: not_found. Precondition: inside a change.
  result<void> check_contacts(const customer_id& id, const directive& said);
  /// As session::explain() and describe().
  result<explanation> explain(const customer_id& id, const decision_request& request,
                              explained& what);
  /// What `what` is about, for whoever has contact points that are told apart.
  result<explained> asked_about(customer_no whose, const manifest& known,
                                const decision_request& request, const explained& what);
  result<std::string> describe(const customer_id& id, const decision_request& request,
                               explained what, language speech);
  /// As session::record(). Precondition: inside a change.
  result<recorded> append_directive(const customer_id& id, const directive& decided);
  /// Whom an external id leads to, whoever asks. Errors: not_found.
  result<customer_no> owner_of(std::string_view system, std::string_view value);
  /// As session::record(). Precondition: inside a change.
  result<recorded> record_plain(const customer_id& id, const directive& decided);
  /// What a call that records says beside that it did.
  enum class record_tells : std::uint8_t { nothing, more };
  /// Errors: not_in_portfolio, as check_contacts(). Precondition: inside a change.
  result<void> record_of(const customer_id& id, const directive& said, record_tells tells);
  /// Whose customer they are from now on, and an entry of the ledger that says so. Precondition:
  /// inside a change.
  result<void> give_to(customer_no number, const customer_id& id, portfolio next);
  /// Errors: invalid_argument, second_person_required, not_in_portfolio.
  result<void> check_assignment(const assignment& what);
  /// Whether this actor may give the customer to somebody. Errors: not_in_portfolio.
  result<bool> may_assign(const portfolio& now_of);
  /// Writes rules and an entry of the ledger. Precondition: inside a change.
  result<void> write_rules(portfolio_rules next);
  /// A field that is gone is kept for nothing. Precondition: inside a change.
  result<void> drop_fields(customer_no number, manifest& entry, field_set fields);
  /// These fields out of the record. Errors: not_found (it has none of them; `at`: the first).
  /// Precondition: inside a change.
  result<void> drop_from_record(customer_no number, field_set gone);
  /// A legal hold that is in force, or null; valid until the next call of row_of().
  result<const legal_hold*> hold_on(customer_no number);
  lawful_basis basis_of_view(customer_no number, const decision_request& request,
                             const view& content);
  result<item_list> read_items(const customer_id& id, const items_asked& what, purpose_id purpose);
  /// The same for any request; whether the session may, was asked.
  result<item_list> items_as(const customer_id& id, const items_asked& what,
                             const decision_request& as);
  /// Those of which one is told, oldest first, as numbers in the store beside their places.
  struct told_item {
    std::uint32_t place = 0;
    std::uint32_t sequence = 0;
    bool pinned = false;
  };
  result<std::vector<told_item>> items_told(customer_no number, const items_asked& what,
                                            const decision_request& as);
  /// A note with the mark that it is pinned.
  static result<wiped_bytes> with_pin(byte_view item);
  /// Reads what the records of the customer, of those linked in the household and of `hidden` say
  /// about them, if the decision asks for texts without it; else what those of `hidden` say.
  result<void> know_people(customer_no number, const record_decision& decision,
                           std::span<const customer_id> hidden = {});
  enum class whose_record { own, other };  // Of whom the text is a copy, or somebody to hide in it.
  /// Adds what a record says. Errors: as entry, as record_opener::record.
  result<void> know_record(customer_no number, std::vector<customer_id>* linked = nullptr,
                           whose_record whose = whose_record::other);
  /// Who reads whose values, and when.
  struct reading {
    purpose_id purpose;
    const customer_id& whose;
    const manifest& entry;
    timestamp at;
  };
  /// The redacted form, at the front of `out`; empty if nothing may be shown.
  byte_view redact(const record_decision& decision, const field_value& field, const reading& by,
                   byte_span out);
  /// The same of a list of contact points, each in its own form and in none that hides less than
  /// the decision's. `hidden` is how many are not as they were.
  byte_view redact_each(const record_decision& decision, const field_value& list, const reading& by,
                        std::span<const redaction_operator> forms, byte_span out,
                        std::size_t& hidden);
  /// Looks through the notes of everybody else. With `replaced` inside a change, and then these
  /// finds become labels. Errors: denied, limit_exceeded; those of the store.
  result<mention_report> search_mentions(customer_no whose, purpose_id purpose,
                                         std::optional<mention_set> replaced, mention_values by);
  /// Precondition of both: inside a change.
  result<void> replace_notes(customer_no number, const customer_id& id,
                             std::span<const wiped_bytes> values, purpose_id purpose);
  /// The entry of the ledger of what was said. Precondition: inside a change, and it counts.
  result<void> log_said(customer_no number, const customer_id& id, const directive& said);
  /// Those of what came with a new customer, by consent.keep_newcomer().
  result<void> log_said_by_newcomer(customer_no number, const customer_id& id);
  result<std::uint64_t> log_search(customer_no number, const customer_id& id, purpose_id purpose);
  /// What a view is narrowed to beside the decision.
  struct narrowed {
    /// By field, is done at least.
    const std::array<redaction_operator, max_fields>* least = nullptr;
    /// Of what is permitted values come out that this decision would show too, in no other form
    /// than it or one that hides more. Of the others the state tells the form, not whether they are
    /// there.
    const record_decision* to = nullptr;
    /// And of contact points those alone that this opens too.
    const grant* own = nullptr;
  };
  struct fields_seen;
  void put_values(view& out, std::span<const opened_field> opened, const record_decision& decision,
                  const reading& by, byte_span rest, fields_seen& fields);
  result<void> fill(view& out, customer_no number, const customer_id& id,
                    const decision_request& request, field_set fields);
  result<void> fill(view& out, customer_no number, const customer_id& id,
                    const decision_request& request, field_set fields, const narrowed& how);
  result<tabulation> tabulate(const tabulation_request& what);

  result<crypto::blind_index_token> external_id_token(const external_id& id) const;
  /// Whether they are free, or the customer's already; claim_external_ids() then writes them.
  /// Errors: already_exists (`at`: the field).
  result<void> check_external_ids(customer_no number, std::span<const field_value> fields);
  /// Precondition: check_external_ids(), inside a change.
  result<void> claim_external_ids(customer_no number);
  result<void> release_external_ids(customer_no number, byte_view value);
  result<void> release_external_ids_of(customer_no number);
  /// What is wrong with the rows of the ids in the record, which all lead to the customer.
  errc ids_lead_to(customer_no number, std::span<const opened_field> record);
  /// Whether the customer's open requests let them be handed what is theirs, or be erased beside
  /// them. Errors: as session::hand_over() and erase().
  result<void> check_identity_of(customer_no number, const customer_id& id);
  result<void> check_requests_beside(customer_no number, const customer_id& id,
                                     const erasure_options& options);
  /// Errors: kept_by_law (a case of claims, tax or fraud names the customer, or they are held).
  result<void> check_held(const customer_id& id, std::uint32_t request);
  /// Whether a request is answered by an erasure now. Errors: as session::erase(). Precondition:
  /// inside a change.
  result<void> check_erasure_for_request(const customer_id& id, const erasure_options& options);
  result<field_set> kept_by_law_of(customer_no number);
  /// Whether a law of the book makes the shop keep something for that.
  bool is_legal_obligation(purpose_id why) const;
  /// What a law has the shop keep of a customer about to be erased becomes records of its own,
  /// which the receipt names. Errors: kept_by_law (notes), limit_exceeded, of what is read.
  /// Precondition: inside a change.
  result<void> keep_apart(customer_no number, const erasure_options& options,
                          erasure_receipt& receipt);
  /// What the laws of a customer permit to store as tax records.
  result<field_set> named_by_tax_law(customer_no number, timestamp at);
  /// Destroys at most `most` of those whose time is over, and tells of all. Precondition, where it
  /// is not only told: inside a change.
  result<void> drop_ended_apart(const retention_run& how, std::size_t most, retention_outcome& out);
  /// Whether there is one whose time is over.
  result<bool> ended_apart();
  result<retained_content> open_retained(std::uint32_t which);
  /// What the requests of a customer say of them goes, their cases too. Precondition: inside a
  /// change, with the entry of the erasure written.
  result<void> forget_requests(customer_no number, const erasure_options& options,
                               const erasure_receipt& receipt,
                               const std::vector<request_stay>& stays);
  /// What the erasure under way leaves. Precondition: before the customer's row goes.
  result<std::vector<request_stay>> stays_after(customer_no number, const erasure_options& options,
                                                const erasure_receipt& receipt);
  /// Whether somebody, and no file, has given the field another value since that day, or taken it
  /// out. Of purchases and notes nobody knows: no.
  result<bool> corrected_since(customer_no number, field_id field, const date& when);
  /// A copy that an entry says was given did not get out: the request that it answered is open
  /// again, unless it was closed. Precondition: inside a change.
  result<void> reopen_request(const customer_id& id, std::uint64_t entry_index, timestamp given_at);
  /// As session::erase(). Precondition: inside a change.
  result<void> erase_one(const customer_id& id, erasure_reason reason,
                         const erasure_options& options, erasure& out);
  /// All of them in one change. `which`: whom an error is about, from 1; 0: nobody.
  result<std::vector<erasure>> erase_all(std::span<const customer_id> ids, erasure_reason reason,
                                         const erasure_options& options, std::size_t& which);
  /// The same customers' erasure, if it was done and nobody has its receipts yet.
  std::optional<result<std::vector<erasure>>> tell_untold(std::span<const customer_id> ids);
  /// What has ended by the newest time that the book has seen stays ended: a clock that was set
  /// back revives nothing.
  date today_at_least() const noexcept { return date_of(consent.as_of(now())); }
  /// Errors: limit_exceeded "committed, but ...".
  result<void> sign_receipts(std::vector<erasure>& all);
  /// Takes all that is held of a customer out of the store: rows, index entries, key.
  result<void> erase_held(customer_no number, const manifest& known);
  /// Precondition: inside a change. Fills in until when. Errors: as entry().
  result<void> remember_erased(customer_no number, const erasure_options& options,
                               erasure_receipt& receipt);
};

template <class Work>
auto session_state::change(action what, Work&& work) -> decltype(work()) {
  return change_asking([&] { return ask(what); }, std::forward<Work>(work));
}

// What was asked a moment ago, after a look: of another table of roles it says nothing.
template <class Work>
auto session_state::change(const result<reach>& asked, Work&& work) -> decltype(work()) {
  const std::uint32_t asked_of = roles.generation();
  const auto again = [&]() -> result<reach> {
    if (roles.generation() == asked_of) return asked;
    return error{errc::role_denied, "the table of roles has just changed: call again"};
  };
  return change_asking(again, std::forward<Work>(work));
}

// Asked before the store's lock is taken, and again under it: the table may have become another.
template <class Ask, class Work>
auto session_state::change_asking(Ask&& ask_now, Work&& work) -> decltype(work()) {
  result<reach> asked = ask_now();
  if (!asked && !explicit_change) {
    if (auto fresh = look_again(); !fresh) return fresh.error();
    asked = ask_now();
  }
  if (!asked) return asked.error();
  if (explicit_change) {
    if (broken) return error{errc::invalid_state, "a write failed: roll back"};
    if (auto held = check_credential(); !held) return held.error();
    if (auto right = check_clock(); !right) return right.error();
    return work();
  }
  if (auto begun = core->begin_change(); !begun) return begun.error();
  auto ready = roles.follow();
  if (ready) ready = check_credential();
  if (ready) {
    asked = ask_now();
    if (!asked) ready = asked.error();
  }
  if (ready) ready = consent.follow();
  if (ready) ready = check_clock();
  if (!ready) {
    discard_change();
    return ready.error();
  }
  auto done = work();
  if (!done) {
    discard_change();
    return done;
  }
  if (auto committed = commit_change(); !committed) return committed.error();
  return done;
}

template <class Out, class Work>
result<Out> session_state::try_out(action what, Work&& work) {
  if (auto begun = core->begin_change(); !begun) return begun.error();
  auto ready = roles.follow();
  if (ready) ready = check_credential();
  if (ready) {
    const auto asked = ask(what);
    if (!asked) ready = asked.error();
  }
  if (ready) ready = consent.follow();
  if (ready) ready = check_clock();
  result<Out> done = ready ? work() : result<Out>(ready.error());
  discard_change();
  broken = false;
  return done;
}

}  // namespace clientbook

#endif
