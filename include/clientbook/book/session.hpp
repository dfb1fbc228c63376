// Session: a book opened by an actor. Everything that reads goes through here, with a purpose.
//
// - Reading gives a view: per field the value, its redacted form or nothing, with the reason.
//   There is no call that returns a record without a purpose.
// - Keeping a field needs a basis too: put and update refuse, per field, what neither the
//   customer nor the profile permits to collect (no_basis, `at`: the field).
// - Passing data on (disclose) writes the ledger first: the entry is durable before a byte
//   is returned.
// - erase() is complete when it returns, also against every copy made earlier.
//
// A call that changes something is a transaction of its own, unless begin() was called: then
// all calls up to commit() are one, and rollback() or the end of the session undoes them.
// A failed call changes nothing; inside begin() ... commit() it may leave the transaction
// unusable, and every further call then says invalid_state until rollback().
//
// Each call asks three questions: the table of roles (actor.hpp: role_denied), under a purpose of a
// case whether one names the customer (case.hpp: case_required), and then consent.
//
// Errors of every call, beside its own: role_denied, case_required, budget_spent, not_in_portfolio
// (while portfolios are in force: the customer is somebody else's, nobody's, erased), not_found (no
// such customer), key_erased (erased), wrong_key, version_mismatch, row_missing,
// authentication_failed, clock_ahead (of every change: confirm_clock()), damaged (the store was
// tampered with or is damaged), io_error, disk_full, invalid_state, limit_exceeded "not enough
// memory": no call throws std::bad_alloc.
//
// Thread safety: a session belongs to one thread. A book gives any number of them.
#ifndef CLIENTBOOK_BOOK_SESSION_HPP
#define CLIENTBOOK_BOOK_SESSION_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/book/actor.hpp>
#include <clientbook/book/age_proof.hpp>
#include <clientbook/book/alarm.hpp>
#include <clientbook/book/breach.hpp>
#include <clientbook/book/canary.hpp>
#include <clientbook/book/case.hpp>
#include <clientbook/book/columns.hpp>
#include <clientbook/book/consents.hpp>
#include <clientbook/book/credential.hpp>
#include <clientbook/book/customer.hpp>
#include <clientbook/book/disclosures.hpp>
#include <clientbook/book/duplicates.hpp>
#include <clientbook/book/epoch.hpp>
#include <clientbook/book/evidence.hpp>
#include <clientbook/book/expiry.hpp>
#include <clientbook/book/figures.hpp>
#include <clientbook/book/hash_list.hpp>
#include <clientbook/book/index.hpp>
#include <clientbook/book/keeping.hpp>
#include <clientbook/book/key_change.hpp>
#include <clientbook/book/lists.hpp>
#include <clientbook/book/mentions.hpp>
#include <clientbook/book/merge.hpp>
#include <clientbook/book/note_policy.hpp>
#include <clientbook/book/onward.hpp>
#include <clientbook/book/policy.hpp>
#include <clientbook/book/portfolio.hpp>
#include <clientbook/book/pruning.hpp>
#include <clientbook/book/recipient_contact.hpp>
#include <clientbook/book/recovery.hpp>
#include <clientbook/book/refusals.hpp>
#include <clientbook/book/request.hpp>
#include <clientbook/book/retained.hpp>
#include <clientbook/book/retention.hpp>
#include <clientbook/book/role_table.hpp>
#include <clientbook/book/search.hpp>
#include <clientbook/book/tabulation.hpp>
#include <clientbook/book/trace.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/book/witness.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/consent/preview.hpp>
#include <clientbook/consent/privacy_notice.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/redaction/pseudonym_token.hpp>
#include <clientbook/scanner/text_redactor.hpp>
#include <clientbook/vault/backend.hpp>

#include <array>
#include <atomic>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// Tells the time, from a clock that the host trusts. `context` is borrowed: it must live longer
/// than every session of the book.
struct clock_source {
  timestamp (*now)(void* context) = nullptr;  ///< Null: the system clock.
  void* context = nullptr;
};

struct session_state;

/// How far session::next() has come in a walk over all customers. A copy goes on from the same
/// place.
class customer_walk {
 public:
  /// What each of the views is decided by.
  const decision_request& request() const noexcept { return request_; }

 private:
  friend class session;
  decision_request request_;
  field_set fields_{};
  customer_no number_;
  customer_no block_;         // Drawn and traced from here
  customer_no ahead_;         // to before here,
  const void* of_ = nullptr;  // by this session.
};

class session {
 public:
  ~session();
  session(session&&) noexcept;
  session& operator=(session&&) noexcept;

  const actor& who() const noexcept;

  /// While `*wanted` is true a call that has committed no change of its own yet ends with
  /// invalid_state at its next look at the store, and nothing of it remains but that somebody
  /// looked. Whatever thread sets it; a call within begin() ... commit() leaves rollback() alone. A
  /// call that has committed goes on to its end, and so do those after it: this is said anew before
  /// each call that may be stopped. Borrowed; null: nothing stops.
  void stop_when(const std::atomic<bool>* wanted) noexcept;
  /// Whether that is why a call ended, since it was said.
  bool was_stopped() const noexcept;

  // --- transactions -----------------------------------------------------------------------
  result<void> begin();
  result<void> commit();
  void rollback() noexcept;

  // --- keeping ----------------------------------------------------------------------------
  /// Adds a customer. A field is kept if one of the purposes permits it. Errors: no_basis (`at` 0:
  /// what names or reaches the customer would all be left out, see names_or_reaches), as
  /// validate(), already_exists (an external id of another customer), card_data_refused; `at` is
  /// the field.
  result<kept> put(const customer& record, const collection& why);
  /// Which fields put() would keep of somebody born then: everything outside it would refuse.
  /// Errors: also invalid_value (a birth date that nobody can have).
  result<field_set> may_collect(const collection& why,
                                const std::optional<date>& born = std::nullopt);
  /// Replaces these fields, keeps all others, also those of a newer version. Errors: no_basis; of a
  /// birth date that may not be kept the age is noted all the same, for consents.
  result<void> update(const customer_id& id, std::span<const field_value> fields,
                      const kept_purposes& purposes);
  /// What a file says of a customer whom the book has: see merge_rule. Of what no purpose may read
  /// here nothing is changed and nothing is told. External ids of the file are added to those of
  /// the book, members of the household only where the book has none. Directives are recorded
  /// before the fields are decided. Errors: as update() and record(), but that a field without a
  /// basis is left out, and told, where `why` says so.
  result<merged> merge(const customer_id& id, const customer& record, const collection& why,
                       merge_rule rule);
  /// Removes a field: what one of the purposes may collect or alter, or what nothing keeps any
  /// more. No file brings it back. Errors: not_found (no such field), denied (it is kept for
  /// something else), kept_by_law (`at`: a legal hold is on the customer).
  result<void> remove(const customer_id& id, field_id field, const kept_purposes& purposes = {});
  /// Appends one item; returns its sequence number. Errors: as put; already_exists (the customer
  /// has that order of that store; `at`: its sequence number).
  result<std::uint32_t> append_purchase(const customer_id& id, const purchase& receipt,
                                        std::span<const purchase_line> lines,
                                        const kept_purposes& purposes);
  /// Returns its place among the notes that this actor sees. Who writes a note that is not for all,
  /// and where, the session says; a note that says otherwise is refused. Errors: also
  /// card_data_refused and identity_number_refused, as the policy says; the error does not repeat
  /// the number; invalid_state (for the store, and neither the writer nor the customer has one),
  /// invalid_value (`by` or `store` of somebody else), limit_exceeded (pinned, and as many are).
  result<std::uint32_t> append_note(const customer_id& id, const note& text,
                                    const kept_purposes& purposes, const note_policy& policy = {});
  /// Pins a note, or no longer; `place` is its place in notes() under a purpose of no case. Errors:
  /// as append_note(); not_found (no such note that the actor sees, or none that is pinned),
  /// already_exists (it is pinned), limit_exceeded (`at`: so many may be).
  result<void> pin_note(const customer_id& id, std::uint32_t place, note_pin how,
                        const kept_purposes& purposes);
  /// Why a field of this customer would not be kept now; none: it would be. As
  /// kept::why_left_out.
  result<decision_code> why_not_kept(const customer_id& id, field_id field,
                                     const kept_purposes& purposes);
  /// What the shop keeps data for where a call names no purpose.
  purpose_set purposes() const noexcept;
  /// Somebody said when the customer was born, and the record does not get it: of what was ever
  /// said the latest counts for what a consent is worth, as with update(). Changes no field and
  /// opens nothing; a day without a year says nothing. Errors: as update(); invalid_value (a day
  /// yet to come, or longer ago than anybody lived).
  result<void> note_birth_date(const customer_id& id, const date& told);
  /// What each field of a customer is kept for, by number.
  result<std::vector<field_keeping>> kept_for(const customer_id& id);
  /// Whose fields have outlived the last purpose that they are kept for: lists, and removes
  /// nothing.
  result<std::vector<retention_due>> due();
  /// Countries of the shop (ISO 3166-1 alpha-2), whose phone numbers and identity numbers are
  /// looked for in notes beside those of the customer's countries. Errors: invalid_argument.
  result<void> set_text_regions(std::span<const std::string_view> regions);
  /// What is hidden beside what scan() finds wherever this session redacts a text, such as the
  /// shop's own patterns (tenant_patterns.hpp); null: nothing.
  void set_text_patterns(std::shared_ptr<const text_finder> patterns) noexcept;

  // --- the customer decides ----------------------------------------------------------------
  /// Appends a directive; id (if zero), subject, sequence, recorded_at and previous are filled
  /// in. What is in force already adds nothing: a signal at each visit, a file read twice. What
  /// tightens is always taken: if a customer's rules do not fit into a state any more, the book
  /// ends their consents with a directive of its own. Errors: as check_append(); unknown_notice (a
  /// consent under a notice that the book has not), invalid_value (under a version of the registry
  /// that is not there yet), not_found (a contact point that the customer has not; a law that the
  /// book does not follow), already_exists (its id), limit_exceeded (of what opens something). A
  /// plain no is taken of anybody's customer: of whom the actor does not reach the answer is empty.
  result<recorded> record(const customer_id& id, const directive& decided);
  /// A plain no of whoever has this external id, for whom find() finds nobody since the customer is
  /// somebody else's: nothing says whether there is such a customer. Errors: as record() and
  /// find(); not_found (nobody, to whoever reaches everybody), invalid_argument (no plain no).
  result<void> record_no(std::string_view system, std::string_view value, const directive& no);
  /// The same of everybody who has one of these ids, e-mail addresses or phone numbers, also of
  /// whom the actor does not reach or may not see it, but for those `found` already; of a no about
  /// contact points, as one about all. Outside begin() it reads everybody. Errors: as record();
  /// missing_field (nothing to know them by), invalid_argument.
  result<void> record_no(std::span<const field_value> who, const directive& no,
                         std::span<const customer_id> found = {});
  /// The same where a signal speaks of children: appended if the customer is known to be from
  /// `from` up to, not including, `below` whole years old now, else nothing is, and the sequence is
  /// 0. Nobody learns the age by it: ask this only with what shall be recorded.
  result<recorded> record_at_age(const customer_id& id, const directive& decided, int from,
                                 int below);
  /// record(), and what it opened and closed. Of a grant that opens nothing, explain() says why.
  result<consent_effect> record_and_tell(const customer_id& id, const directive& decided);

  // A yes on the word of a role that may `note_yes` and not `say_yes` is recorded as one of which
  // nobody knows yet that the customer was informed: it opens nothing and waits, 30 days. What it
  // says of care counts at once and until then (`recorded::provisional`): for the shop itself, from
  // now on, as a spoken word, and not where the customer has taken something back before. The same
  // holds wherever a grant comes in: put(), merge(), record_at_age(). A hash of evidence that the
  // caller typed in proves nothing. Where the customer lives is then an address, no word of theirs.

  /// What of this customer waits, oldest first. Errors: as directives().
  result<std::vector<waiting_consent>> waiting(const customer_id& id);
  /// A second person has a document before them that shows it: records the consent, with the hash
  /// of the document as its evidence, from now on. Errors: not_found (nothing of that number
  /// waits), second_person_required (who has noted it), missing_field (no hash), invalid_state (30
  /// days are over, or the customer has said no since: they are asked anew), invalid_value (the
  /// reference of a double opt-in), as record().
  result<consent_effect> confirm(const customer_id& id, std::uint32_t sequence,
                                 const consent_evidence& document);
  /// Double opt-in: a token for whoever sends it to an address of the customer's; of each call a
  /// new one. The book keeps a keyed hash, which goes with the customer. Errors: as confirm().
  result<opt_in_token> ask_opt_in(const customer_id& id, std::uint32_t sequence);
  /// The customer has brought it back, to whomever: records the consent, from now on. Once. Errors:
  /// not_found (no such token, or used, or over, or the customer has said no since: whoever asks is
  /// not told which), second_person_required (who was handed it), back_dated (the clock was set
  /// back).
  result<recorded> bring_opt_in(std::string_view token);

  /// Somebody has a document before them that shows how old the customer is: noted, for a second
  /// person to see it too. Changes nothing by itself. The same again while it waits adds nothing.
  /// Errors: role_denied (neither `note_yes` nor `say_yes`), missing_field (no kind of document,
  /// neither day nor age), invalid_value (both; a day that nobody can be born on; an age beyond
  /// 130).
  result<recorded> note_age_proof(const customer_id& id, const age_proof& seen);
  /// Another person has it before them, and says what they see: the same kind of document, and the
  /// same day or age. From then on the customer counts as born then, for what is agreed to from
  /// then on; what they were taken for until then still counts for what was agreed to before, and
  /// closes what it closed but for that. Counts as a look-up. Errors: role_denied (no
  /// `confirm_yes`), not_found (no proof of that number waits), second_person_required (who has
  /// noted it), invalid_value (it is not what was noted), invalid_state (30 days are over, or
  /// somebody has said since that they are younger: it is noted again), as note_age_proof().
  result<consent_effect> confirm_age_proof(const customer_id& id, std::uint32_t sequence,
                                           const age_proof& seen);
  /// Those that wait, oldest first; without the day. Errors: as directives().
  result<std::vector<waiting_age_proof>> age_proofs(const customer_id& id);

  /// Where a customer lives, as a directive (directive_kind::move) and an entry of the ledger: of a
  /// book of several laws it says which of them hold. An address adds its law to those that hold;
  /// the word of the customer, or of an officer with evidence, lets that law alone hold. `also`:
  /// the state that the law's ages look at, and whether they work for the shop. Errors: as
  /// record(); not_found (a law that the book does not follow), missing_field (an officer's word
  /// without evidence; that somebody works for the shop no more, by anybody else).
  result<recorded> move(const customer_id& id, profile_id to, residence_source known_by,
                        std::string_view evidence = {}, const move_details& also = {});
  /// move(), and what it opened and closed.
  result<consent_effect> move_and_tell(const customer_id& id, profile_id to,
                                       residence_source known_by, std::string_view evidence = {},
                                       const move_details& also = {});
  result<jurisdiction> jurisdiction_of(const customer_id& id);
  /// One e-mail address, phone number or address, to be named in directive::contacts. An address
  /// counts without case, a number by its last eight digits, a postal address by letters and digits
  /// of its lines, postal code, city, region and country. Errors: invalid_value (nothing of that is
  /// in it).
  result<contact_point> contact_of(field_id field, std::string_view value);
  /// The same of one that the customer has. Counts as a look-up. Errors: also not_found.
  result<contact_point> contact(const customer_id& id, field_id field, std::string_view value);
  /// All of them, oldest first; of proofs of age without the days.
  result<std::vector<directive>> directives(const customer_id& id);
  /// Why a field is or is not shown for that request; also in words.
  result<explanation> explain(const customer_id& id, const decision_request& request,
                              field_id field);
  result<std::string> describe(const customer_id& id, const decision_request& request,
                               field_id field, language speech);
  /// The same of one address or number alone (contact()).
  result<explanation> explain(const customer_id& id, const decision_request& request,
                              const contact_point& point);
  result<std::string> describe(const customer_id& id, const decision_request& request,
                               const contact_point& point, language speech);
  /// What a grant by this customer would open if it were said now under that notice, which the
  /// book need not hold yet. Errors: as preview_consent() of preview.hpp.
  result<consent_preview> preview_grant(const customer_id& id, const directive& grant,
                                        const privacy_notice& notice);
  /// The same for somebody who has said nothing and agrees to all that a notice announces:
  /// add_notice() binds its hash into the notice.
  result<consent_preview> preview_notice(const privacy_notice& notice);
  /// A request of this purpose to read here, to be changed and given to explain() or preview(). Of
  /// its time, its clock and what it discharges those calls take no notice: they are the session's.
  decision_request request(purpose_id purpose) const;

  // --- reading ----------------------------------------------------------------------------
  result<view> read(const customer_id& id, purpose_id purpose, field_set fields = all_fields);
  /// As another recipient would be shown it; nothing leaves. States and forms are that recipient's;
  /// a value stands there only where read() would show it to this actor now, in no other form or in
  /// one that hides less. Where it would not, a field that is permitted is `shown` or `redacted`
  /// without a value, whether or not the record has it.
  result<view> preview(const customer_id& id, const decision_request& as,
                       field_set fields = all_fields);
  /// The same into a view that is used again: no allocation once it is large enough.
  result<void> read_into(view& out, const customer_id& id, purpose_id purpose,
                         field_set fields = all_fields);
  /// The newest `most` purchases or notes (0: all), oldest first.
  result<item_list> purchases(const customer_id& id, purpose_id purpose, std::size_t most = 0);
  /// Notes are those that the actor sees: of a note that is not for all its author, or who belongs
  /// to its store; under a purpose of a case all.
  result<item_list> notes(const customer_id& id, purpose_id purpose, std::size_t most = 0);
  /// The pinned ones of these: what warns at the till.
  result<item_list> pinned_notes(const customer_id& id, purpose_id purpose);
  /// Notes without what names these customers too: a copy for the customer themselves, in which
  /// others shall not stand (GDPR 15(4)). Where the decision redacts, as notes() does, and those
  /// linked in the household are hidden without being named; where it does not, these alone are.
  /// Errors: also limit_exceeded (more than 64 of them, or values).
  result<item_list> notes_without(const customer_id& id, purpose_id purpose,
                                  std::span<const customer_id> hidden, std::size_t most = 0);
  /// Calls `each` for every customer, in one state of the book (of a larger one for each 65,536),
  /// until it returns false. Errors: budget_spent, after as many as there were left.
  result<void> for_each(purpose_id purpose, field_set fields, callback_ref<bool(const view&)> each);
  /// The same one by one, for who cannot give a function. Whoever is in the book when the walk
  /// begins and is not erased before their turn is visited once; later customers may be.
  result<customer_walk> walk(purpose_id purpose, field_set fields = all_fields);
  /// The next customer into `out`; false: there was none, and `out` is as before. Errors leave the
  /// walk where it was.
  result<bool> next(customer_walk& at, view& out);
  /// The customer with that external id. Errors: not_found.
  result<customer_id> find(std::string_view system, std::string_view value);
  /// Whoever answers to what somebody typed: words of a name or their beginnings, in any order and
  /// without case and accents; digits of a phone number; the beginning of an e-mail address; an
  /// external id, also as SYSTEM:VALUE. Each word must be answered; best first. Nobody is told of
  /// whom the purpose may not query the field that answers (search.hpp).
  /// Errors: invalid_argument (less than two letters or three digits; `most`), invalid_encoding,
  /// limit_exceeded (more than 4,096 bytes, or eight words beside names).
  result<search_answer> find(std::string_view typed, purpose_id purpose,
                             const find_options& options = {});
  /// Who has exactly this value, but for case, accents and the signs between digits; a phone number
  /// also with or without its country's code. Errors: not_found (nobody whom the purpose may find
  /// by it), as find().
  result<std::vector<customer_id>> find_by_email(std::string_view address, purpose_id purpose,
                                                 search_path path = search_path::automatic);
  result<std::vector<customer_id>> find_by_phone(std::string_view number, purpose_id purpose,
                                                 search_path path = search_path::automatic);
  result<std::vector<customer_id>> find_by_id(std::string_view system, std::string_view value,
                                              purpose_id purpose,
                                              search_path path = search_path::automatic);
  /// Calls `each` for everybody on that list (lists.hpp), in one state of the book and in the order
  /// of the customers, until it returns false. Looks at every customer. Errors: invalid_argument
  /// (no condition, a window that is none), invalid_encoding.
  result<void> list_customers(const list_query& who, purpose_id purpose, field_set fields,
                              callback_ref<bool(const listed&)> each);
  /// How many customers of all may be reached: `field` is permitted for that use.
  result<std::uint64_t> count_permitted(const decision_request& as, field_id field);

  // --- one person twice -------------------------------------------------------------------
  // duplicates.hpp, docs/duplicates.md.

  /// Calls `each` for every two customers who may be one person, in the order of their numbers,
  /// until it returns false. Looks at every customer. Each pair that is told counts as a look at
  /// both. Not inside begin() ... commit(). Errors: limit_exceeded (more than a million pairs), of
  /// a customer of `how.of` not_found, key_erased, not_in_portfolio; budget_spent.
  result<duplicates_found> duplicates(purpose_id purpose,
                                      callback_ref<bool(const duplicate_pair&)> each,
                                      const duplicate_search& how = {});
  /// The same of one customer: those who may be they.
  result<std::vector<duplicate_pair>> duplicates_of(const customer_id& id, purpose_id purpose);
  /// These two are two people: nobody is told of the pair any more. It is kept with the first one
  /// under a key of the second's, and goes with either. Errors: invalid_argument (one customer),
  /// already_exists, limit_exceeded (max_not_same), not_found, key_erased.
  result<void> note_not_same(const customer_id& one, const customer_id& other);
  /// Errors: not_found (nobody has said so of them).
  result<void> forget_not_same(const customer_id& one, const customer_id& other);
  /// Makes them one, or tells what would become of each field (merge.hpp): a transaction of its
  /// own, not inside begin() ... commit(). Counts as a look at both. Errors: invalid_argument (one
  /// customer; a field to take that is none of the one who goes, or `external_ids`), already_exists
  /// (`goes` is a part of somebody), invalid_state (`goes` has parts; somebody has said that they
  /// are two people; a restriction holds for one of them), kept_by_law (a legal hold, an open case
  /// or a request of one of them), limit_exceeded (max_parts; `at`: a list that would be too long),
  /// not_in_portfolio, not_found, key_erased.
  result<merge_outcome> merge_customers(const customer_id& stays, const customer_id& goes,
                                        const merge_options& how = {});
  /// Takes somebody out again, by the id that they had. Errors: not_found (a part of nobody),
  /// deadline_passed (unmerge_days), kept_by_law (a legal hold, an open case or a request of the
  /// customer), limit_exceeded, not_in_portfolio.
  result<unmerge_outcome> unmerge(const customer_id& part);
  /// Who is a part of the customer; none for most.
  result<std::vector<customer_part>> parts(const customer_id& id);
  /// The customer whom an id is of now: their own, or that of whose part they are. Errors:
  /// not_found.
  result<customer_id> whole(const customer_id& id);

  // --- values in tables of the host's own -------------------------------------------------
  // columns.hpp.

  /// Seals one value of a field for a column of the host's: what put() would keep. Nothing is
  /// written. Errors: no_basis, as validate(); invalid_argument (a purchase, a note).
  result<std::vector<std::byte>> seal_column(const customer_id& id, const field_value& value,
                                             const kept_purposes& purposes = {});
  /// What the purpose shows of these cells, as read() does of a record; counted and traced as that.
  /// Errors: as read(); invalid_argument (none, twice, not in order), wrong_key (sealed for another
  /// customer, or another book), authentication_failed (changed, or of another field), truncated.
  result<view> read_columns(const customer_id& id, purpose_id purpose,
                            std::span<const sealed_column> columns);
  /// The same as disclose(): the ledger first. No fields: all of the columns, or nothing.
  result<disclosure> disclose_columns(const customer_id& id, const disclosure_request& what,
                                      std::span<const sealed_column> columns);

  // --- pseudonyms -------------------------------------------------------------------------
  /// Whose private key turns back the tokens that this session shows. Until it is said, a field
  /// that a decision wants as a token is withheld: the book holds no such key.
  void set_token_reversal(const crypto::box_public_key& to);
  /// Turns a token of this book, field and purpose back; an entry of the ledger is durable before
  /// the value is returned. Not inside begin() ... commit(). Errors: role_denied unless privacy
  /// officer, unknown_field, authentication_failed (not such a token, or of another key).
  result<wiped_bytes> reverse_token(std::string_view token, field_id field, purpose_id purpose,
                                    const reversal_key& reversal);

  // --- passing on -------------------------------------------------------------------------
  /// Not inside begin() ... commit(): the entry must be durable before anything is returned. The
  /// recipient is a party of the registry, or the customer (data_subject) or who represents them,
  /// whom a role names that hands over (action::hand_over).
  /// Errors: denied (`at`: a field that was asked for and is not permitted, or 0 if nothing
  /// is), obligation_unsupported. A refusal is an entry of the ledger too.
  result<disclosure> disclose(const customer_id& id, const disclosure_request& what);
  /// disclose() for many at once, of each what is permitted of the fields that were asked for,
  /// purchases and notes among them: one commit, durable before anything is returned, in which each
  /// has an entry of their own (data_export). Of whom nothing may leave there is none, and nothing
  /// comes out. Errors: as disclose(), without denied; limit_exceeded (above 1,000 customers).
  result<std::vector<exported>> disclose_many(std::span<const customer_id> ids,
                                              const disclosure_request& what);
  /// All that is a customer's own, to them or to who represents them: fields, purchases, notes in
  /// which the customers of their household do not stand (GDPR 15, 20). An entry is durable before
  /// it is returned. Not inside begin() ... commit(). `permitted` is false, and there is no entry,
  /// where there is nothing. Errors: invalid_argument (another recipient), identity_unverified (no
  /// case names the customer but that of a request, `at`, of which nobody knows who asks), those of
  /// disclose().
  result<exported> hand_over(const customer_id& id, purpose_id purpose = purpose::rights_fulfilment,
                             recipient_id to = recipient::data_subject);
  /// What these entries say did not get out (a full disk, a reader that went away): each customer
  /// gets an entry that says so of the former one, which stays. A request of access or portability
  /// that was done with it, and was not closed, is open again. Not inside begin() ... commit().
  /// Errors: not_found (not an entry about that customer), invalid_argument (nothing left by it, or
  /// it is told already).
  result<void> not_delivered(std::span<const customer_entry> entries);
  /// How many customers share each combination of values: those of whom the purpose may analyse
  /// all these fields. An entry of the ledger, the refusal too, is durable before anything is
  /// returned. Not inside begin() ... commit(). Errors: group_too_small (and small groups are to
  /// be refused), unknown_field, invalid_argument (columns, k, noise).
  result<tabulation> tabulate(const tabulation_request& what);
  /// Everybody's entry in the ledger, oldest first. Errors: row_missing if one is gone.
  result<std::vector<ledger_record>> ledger(const customer_id& id);
  /// Errors: not_found (no such entry, yet), pruned.
  result<ledger_proof> prove(std::uint64_t index);
  /// Everybody's entries with all it takes to check them without the book (evidence.hpp): for the
  /// customer. Errors: as ledger(), damaged.
  result<ledger_evidence> evidence(const customer_id& id);
  /// The newest checkpoint, a C2SP signed note: keep it outside the book, and roll-backs show.
  result<std::string> checkpoint();
  /// Whether the ledger goes on from a checkpoint of it that somebody kept; its size.
  /// Errors: signature_invalid (of another ledger), invalid_encoding, rolled_back (there are fewer
  /// entries), proof_invalid (another history), pruned (entries behind it are gone: nothing shows
  /// it).
  result<std::uint64_t> goes_on_from(std::string_view checkpoint);
  /// What a verifier pins: origin and key of this book's ledger.
  result<std::string> log_identity();
  /// The ledger as a log that others read, a file at a time (C2SP tlog-tiles): `checkpoint`,
  /// `tile/<level>/<n>[.p/<width>]`, `tile/entries/<n>[.p/<width>]`. Entries are what an auditor
  /// may see (disclosure_entry.hpp); payloads are not among them. Errors: pruned, not_found (no
  /// such file, or the ledger is not that long yet).
  result<std::vector<std::byte>> ledger_file(std::string_view path);

  /// Takes the oldest entries out of the ledger, or tells which would go and what keeps the others
  /// (pruning.hpp). Transactions of their own, each of which is an entry itself; where nothing can
  /// go nothing is changed. What was pruned is answered with `pruned` from then on, also behind a
  /// restore from a mirror that has heard of it.
  /// Errors: invalid_value (the day), invalid_state (inside a transaction; others place holds all
  /// the time), those of goes_on_from() (the checkpoint), of what does not open: whom it keeps
  /// nobody knows.
  result<pruning> prune_ledger(const prune_options& what);
  /// How much of a customer's entries is gone: nobody knows what they said. Errors: as ledger().
  result<pruned_entries> pruned_of(const customer_id& id);

  // --- epochs (book/epoch.hpp) ---------------------------------------------------------------
  /// Seals the ledger up to now with this epoch's key, which is destroyed, and begins the next one
  /// under a key of its own. The first call gives the ledger its first key. A transaction of its
  /// own, with a new root key. Errors: invalid_state (inside a transaction; the ledger
  /// has no entry), limit_exceeded.
  result<ledger_epoch> end_epoch();
  /// All that the ledger had, the one under way as the last; empty: none has a key yet.
  result<std::vector<ledger_epoch>> epochs();
  /// What anybody checks the seals by, without the book (rights/epoch_text.hpp).
  result<epoch_evidence> seals();

  // --- witnesses (book/witness.hpp) ---------------------------------------------------------
  result<std::vector<ledger_witness>> witnesses();
  /// A witness, by its key. Errors: invalid_encoding and unsupported (as
  /// ledger::parse_witness_key()), invalid_value (its name), already_exists, limit_exceeded.
  result<void> add_witness(std::string_view key);
  /// With what it has cosigned. Errors: not_found.
  result<void> remove_witness(std::string_view name);
  /// What the witness is asked: the host posts it to `<its address>/add-checkpoint`.
  /// Errors: not_found, invalid_state (there is no entry yet), rolled_back (it has seen more).
  result<std::string> witness_request(std::string_view name);
  /// What it has answered. A cosignature is kept where it is by that witness, and of a checkpoint
  /// of this ledger that goes on from; what a page then shows (evidence.hpp). Where it has seen
  /// another size (409) that is kept, and the outcome is not cosigned: ask again. Errors: not_found
  /// (no such witness; 404: it does not know this ledger), signature_invalid (not by it; 403: it
  /// has another key of this ledger), proof_invalid (another history; 422: it has seen one),
  /// rolled_back (it has seen more than there is), invalid_encoding, invalid_argument (400),
  /// invalid_state (a later answer was taken), io_error (any other status, in `at`).
  result<witness_outcome> take_witness_answer(std::string_view name, std::string_view request,
                                              const witness_answer& answer);

  /// The key that signs consent receipts (iso27560::sign_receipt()). Errors: role_denied unless
  /// the role may disclose.
  result<crypto::signing_key> receipt_key();

  // --- in the notes of others ---------------------------------------------------------------
  /// Where values of this customer stand in notes of other customers: "how far has my information
  /// gone?". Searches with the fields and in the notes that the purpose may query, and writes an
  /// entry about the customer into the ledger before it answers. Not inside begin() ... commit().
  /// Errors: denied (the purpose may query nothing of this customer), limit_exceeded (the record
  /// holds more than can be looked for).
  result<mention_report> mentions(const customer_id& id, purpose_id purpose);
  /// The same, and rewrites these notes: what was found of `which` becomes a label, for good. In
  /// one transaction; each customer whose notes were rewritten gets an entry (correction). Where
  /// the purpose may query but not alter notes, they stay. Copies of the book made earlier hold
  /// the notes as they were.
  result<mention_report> redact_mentions(const customer_id& id, purpose_id purpose,
                                         mention_set which = certain_mentions);

  // --- forgetting -------------------------------------------------------------------------
  /// Not inside begin() ... commit(). Mentions in notes of others can be looked for at the
  /// latest here, since afterwards nobody knows what to look for: see `options`. Errors: io_error
  /// "committed, but ..." if the root cell failed to forget after the commit: open the book again,
  /// which finishes it. kept_by_law (an open case of claims, tax or fraud names the customer; `at`:
  /// a legal hold is on them), invalid_argument (what a law has the shop keep: law_kept_years),
  /// invalid_state (`at`: an open request asks for this erasure, which answers it),
  /// recipients_untold (`at`: the request whose recipients are to be told), identity_unverified
  /// (as hand_over()). For a request (`options`) also invalid_argument (another's, of another
  /// kind), invalid_state, identity_unverified, recipients_untold, kept_by_law (`at`: a field
  /// that a law has the shop keep).
  result<erasure> erase(const customer_id& id, erasure_reason reason,
                        const erasure_options& options = {});
  /// Several customers in one transaction, all of them or none: one new root key, and of each an
  /// entry of the ledger and a receipt, in this order. Errors: as above, invalid_argument (nobody,
  /// more than max_erased_at_once, somebody twice, a request); `at`: which of them it is about,
  /// counted from 1, or 0.
  result<std::vector<erasure>> erase(std::span<const customer_id> ids, erasure_reason reason,
                                     const erasure_options& options = {});

  // --- retention --------------------------------------------------------------------------
  // retention.hpp, docs/retention.md.

  /// Takes out what due() lists of at most `most` customers, in one transaction: fields, or the
  /// customer, as erase() does, if nothing of them may be kept. What a case, a request that has not
  /// ended, a hold or a law keeps stays, and is told. Call it with `from` of the last answer until
  /// that is 0; whoever begins anew, in another process too, finds done what was done. Not inside
  /// begin() ... commit(). Errors: invalid_argument (`most`), as erase(); of one customer's damage
  /// none, that is told.
  result<retention_outcome> run_retention(const retention_run& how = {});
  /// Places a legal hold: nothing takes the customer or a field of theirs out while it is in force
  /// (kept_by_law; `at`: its number). It opens nothing to anybody. Returns its number, from 1 for
  /// each customer. An entry of the ledger, as lifting it. Errors: missing_field, invalid_value,
  /// limit_exceeded (a text; max_holds), card_data_refused, not_found, key_erased.
  result<std::uint32_t> place_hold(const customer_id& id, const new_hold& what);
  /// Errors: not_found (no such hold is on the customer).
  result<void> lift_hold(const customer_id& id, std::uint32_t hold);
  /// Who is held, in the order of customers. Opens every customer's row.
  result<std::vector<held_customer>> holds();
  /// What a law has the shop keep of people who were erased, without values, oldest first.
  result<std::vector<retained_record>> retained();
  /// One of them, under the purpose that it is kept for, or rights_fulfilment for whom it is about;
  /// both are purposes of a case, which names the record's id. That it was read is an entry of the
  /// ledger, durable before anything is returned. Not inside begin() ... commit(). Errors:
  /// not_found, key_erased (its time is over), denied (another purpose), case_required.
  result<retained_content> read_retained(const customer_id& id, purpose_id why);

  // --- who said no and is no customer --------------------------------------------------------
  // Exact keyed tokens of external ids, e-mail addresses and phone numbers, asked at an import
  // alone. put() does not ask: who comes back by their own will is a new customer.

  /// What is remembered of somebody with such a record. Errors: role_denied unless the role may
  /// disclose: it tells who was a customer.
  result<std::vector<remembered_refusal>> remembered(std::span<const field_value> record);
  /// Remembers for 24 months that somebody unsubscribed on that day who is no customer, or none
  /// whom the actor finds: of whoever has it, it is written down. Returns until when. Errors:
  /// missing_field (nothing to know them by), invalid_value (a day yet to come), role_denied.
  result<date> remember_unsubscribed(std::span<const field_value> who, timestamp when);
  /// The same of a no of any kind, and nothing is written down of anybody (record_no()): what is
  /// more than one to e-mail is remembered as one to all marketing. A day yet to come is now.
  /// Errors: missing_field, role_denied, invalid_argument (no plain no).
  result<date> remember_no(std::span<const field_value> who, const directive& no);
  /// Forgets what is remembered of these values, at the person's wish or because it was heeded
  /// (`unsubscribed`: noes of both kinds); returns of how many values. A copy of the book made
  /// earlier has it until the period's key is dropped.
  result<std::uint32_t> forget_remembered(std::span<const field_value> who,
                                          std::optional<refusal_kind> kind = std::nullopt);
  /// Those whose keys live, oldest first.
  result<std::vector<refusal_period>> refusal_periods();
  /// Destroys the key of a period, as an erasure does: nobody knows any of its refusals any more.
  /// Not inside begin() ... commit(). Returns how many they were. Errors: not_found, key_erased.
  result<std::uint64_t> drop_refusals(std::uint32_t period);

  // --- who looked -------------------------------------------------------------------------
  // Whatever tells of a customer counts against the actor's budget (actor.hpp), a customer once an
  // hour, and look-ups too: budget_spent. docs/actors.md tells what counts and is durable when.

  /// Who looked at a customer, when, under which purpose and for what, oldest first; lists among
  /// it. What left the book is in ledger().
  result<std::vector<look>> who_looked(const customer_id& id);
  /// What an actor has seen from one day to another, both included: the leaving report. What their
  /// open sessions have not written down yet is in it as a number (actor_report::unnamed). Errors:
  /// invalid_argument.
  result<actor_report> seen_by(actor_id who, const date& since, const date& until);
  /// Whom a breach concerns, as far as the book can tell (breach.hpp): calls `each` for all who can
  /// be named, in the order of their ids, until it returns false; numbers are of all. For roles
  /// that open cases, and see who looked, of everybody. Written down as a list over all customers,
  /// before anything is told. Not inside begin() ... commit(). Errors: invalid_argument,
  /// invalid_value (a time behind now, or ends that are changed round), not_found (no such
  /// recipient).
  result<breach_scope> breach(const breach_query& what, callback_ref<bool(const breached&)> each);
  /// What is left of this session's actor's budget.
  result<budget_left> left();
  /// So many customers more for somebody, in each hour and all of the rest of the day. Errors:
  /// second_person_required (oneself), invalid_argument.
  result<void> raise_budget(actor_id whose, std::uint32_t customers);

  // --- canaries and alarms ----------------------------------------------------------------
  // canary.hpp, alarm.hpp. They are for who may set budgets, and nobody else.

  /// These are the canaries from now on, in place of those before; none: there are none. Errors:
  /// limit_exceeded (max_canaries), not_found, key_erased.
  result<void> set_canaries(std::span<const customer_id> which);
  result<std::vector<customer_id>> canaries();
  /// The newest alarms, oldest first.
  result<std::vector<security_alarm>> alarms();
  /// From when on something is unusual; quiet hours that begin where they end are none. A change is
  /// an alarm and an entry of the ledger that commits to what holds now. Errors: invalid_value (a
  /// minute is below 1,440).
  result<alarm_settings> set_alarm_limits(const alarm_changes& what);
  result<alarm_settings> alarm_limits();

  // --- cases ------------------------------------------------------------------------------
  /// Opens one and returns its number. For fraud, claims or more than case_of_one_person customers
  /// it is in force once a second person has confirmed it (in_force() of case.hpp). Errors:
  /// invalid_argument (kind, customers), missing_field (no reference to its reason), invalid_value
  /// (when it ends), limit_exceeded (max_open_cases), not_found, key_erased (a customer).
  result<std::uint32_t> open_case(const case_request& what);
  /// Errors: second_person_required (this actor has opened it), already_exists (it is confirmed),
  /// not_found (no open case).
  result<void> confirm_case(std::uint32_t number);
  /// It stays in the book; nobody is reached by it any more. Errors: not_found (no open case).
  result<void> close_case(std::uint32_t number);
  /// All that there ever were, oldest first; where portfolios limit the role those about customers
  /// whom the actor reaches, and of their customers these.
  result<std::vector<case_record>> cases();

  // --- the table of roles -----------------------------------------------------------------
  // role_table.hpp. A change holds at the next call of every session.

  result<role_table> roles();
  /// Proposes another table in place of the book's, and of a proposal before; returns its number.
  /// Nothing is in force yet. Errors: as check_role_table(), already_exists (the book follows it).
  result<std::uint32_t> propose_roles(const role_table& next);
  /// What waits to be approved. changes_between() tells what it would change.
  result<std::optional<role_proposal>> proposed_roles();
  /// Puts a proposal in force and writes it into the ledger. Errors: second_person_required (this
  /// actor has proposed it; an owner alone may a day later), not_found (it was approved or
  /// replaced), invalid_state (it is older than role_proposal_lasts_seconds).
  result<policy_change> approve_roles(std::uint32_t number);

  // --- portfolios -------------------------------------------------------------------------
  // portfolio.hpp. Each of these is an entry of the ledger: of a customer one about them.

  /// Says whose these customers are from now on. Errors: invalid_argument (none, or more than
  /// max_assigned_at_once; `at`: an associate who does not belong to the store), limit_exceeded,
  /// second_person_required (nobody gives customers to themselves, but an owner), not_in_portfolio
  /// (the customers, or the store, are not of this actor's), not_found, key_erased.
  result<void> assign(std::span<const customer_id> ids, const assignment& what);
  /// Handover: one associate takes the place of another with all of their customers whom this actor
  /// reaches, at most max_assigned_at_once at a time: call it until nothing was moved. Errors:
  /// invalid_argument, second_person_required (to oneself).
  result<reassigned> reassign(actor_id from, actor_id to);
  result<portfolio> portfolio_of(const customer_id& id);
  /// Customers of an associate: one's own, or those whom one may assign; of actor 0 those who have
  /// no store. A look-up.
  result<std::vector<portfolio_entry>> customers_of(actor_id whose);
  /// To which stores an actor belongs; none: to no one any more, and from their next call on they
  /// reach nobody there. Errors: invalid_argument, limit_exceeded, second_person_required
  /// (oneself), invalid_state (the last actor who belongs to any, while portfolios are in force).
  result<void> set_stores(actor_id whose, std::span<const store_id> stores);
  /// Puts portfolios in force, or ends them; returns what holds then. The first call that ends them
  /// proposes it, the one of somebody else within portfolios_end_lasts_seconds does it; of an owner
  /// alone one a day later. Errors: already_exists (they are so), invalid_state (nobody would reach
  /// anybody), second_person_required.
  result<portfolio_use> use_portfolios(portfolio_use wanted);
  result<portfolio_rules> portfolio_settings();
  // --- requests ---------------------------------------------------------------------------
  // What customers ask for by right (request.hpp). Each of these but the reading ones writes an
  // entry about the customer into the ledger, as long as there is one.

  /// Writes one down, with the deadline that the customer's law says (of several laws the earliest)
  /// and a case of rights that names the customer. Returns its number. Errors: invalid_argument
  /// (kind, channel), invalid_value (a day yet to come; a text that is not one line),
  /// already_exists (the same letter for the same kind; `at`: its number), missing_field (a law
  /// profile without such a deadline), limit_exceeded (max_open_requests, max_request_text).
  result<std::uint32_t> open_request(const customer_id& id, const new_request& what);
  /// That it came in was confirmed to who asks, by what means ever (due.confirm says by when).
  /// Errors: not_found, invalid_state (it is done or has ended), already_exists.
  result<void> confirm_request(std::uint32_t number);
  /// How it was checked that the request is the customer's. Errors of this and those below:
  /// not_found (no such request), invalid_state (it is done or has ended), missing_field (no text).
  result<void> identify_request(std::uint32_t number, std::string_view how);
  /// Once, and before the first deadline. Errors: deadline_passed, already_exists, denied (the law
  /// extends no such request).
  result<void> extend_request(std::uint32_t number, std::string_view reason);
  result<void> refuse_request(std::uint32_t number, std::string_view reason);
  result<void> withdraw_request(std::uint32_t number);
  /// What was asked for is done, and the recipients are listed; an erasure is done by erase().
  /// Errors: identity_unverified.
  result<void> request_done(std::uint32_t number, const request_outcome& outcome);
  /// Ends one that is done. Errors: recipients_untold.
  result<void> close_request(std::uint32_t number);
  /// Who has got data of the customer and is to be told (GDPR 19), from the ledger, without what
  /// did not get out; for an erasure before it, since nobody can tell afterwards.
  result<std::vector<request_recipient>> list_recipients(std::uint32_t number);
  /// With an acknowledgement the recipient's signature is checked, and says `confirmed`; what the
  /// recipient has got since the notice was written makes another notice, which it does not fit.
  /// Errors: not_found (no such recipient on the list; no key of it is known), invalid_argument
  /// (two of that name), invalid_state (a way back), invalid_encoding, signature_invalid,
  /// invalid_value (of another notice, or done on a day before the request or yet to come).
  result<void> tell_recipient(std::uint32_t number, const recipient_telling& what);
  /// What is sent to a recipient on the list, and what it signs once it has done it. `reference`:
  /// what the recipient knows the customer by, one line; empty: none. Errors: not_found,
  /// invalid_argument (two of that name), invalid_value, limit_exceeded (max_notice_reference).
  result<std::string> recipient_notice(std::uint32_t number, const listed_recipient& who,
                                       std::string_view reference);
  /// One, with its words. Counts as a look at the customer.
  result<request_record> find_request(std::uint32_t number);
  /// All that there ever were, oldest first, without words.
  result<std::vector<request_record>> requests();
  /// Fields that are kept for a purpose whose basis in a law of the book is a legal obligation.
  result<field_set> kept_by_law(const customer_id& id);

  // --- lists of hashes from outside, and what recipients still have ------------------------
  // hash_list.hpp, expiry.hpp, onward.hpp. For roles that open cases, of everybody.

  /// Whom rows of a list are about, in the order of rows and, of each, of the book. One pass over
  /// all customers opens of each the fields that the list's kinds are of, and shows none; it is
  /// written down as a list over everybody under rights_fulfilment, before anything is told. Not
  /// inside begin() ... commit(). Errors: invalid_argument (no row, a kind that there is not),
  /// limit_exceeded (max_listed_hashes), role_denied.
  result<listed_customers> match_hash_list(std::span<const listed_hash> rows);
  /// A list was answered, all of it: for reminders (book_figures::list_answered_at).
  result<void> note_list_answered();
  /// What has expired at recipients and nobody has told them, in the order of customers. Looks at
  /// every customer's entries; written down as match_hash_list() is. Not inside begin() ...
  /// commit().
  result<std::vector<expired_disclosure>> expired_disclosures();
  /// A recipient was told to delete what has expired of a customer: an entry of the ledger, which
  /// names the fields. Returns of how many disclosures. Errors: not_found (nothing of theirs has
  /// expired there, or it is told already).
  result<std::uint32_t> tell_expired(const customer_id& id, std::string_view recipient);
  /// Notes what a recipient says of whom it passed a customer's data on to: an entry of the ledger,
  /// which work lists and the customer's page follow. Returns its index. Errors: not_found (`from`
  /// has got nothing of this customer), invalid_argument (no class, or not the registry's; itself),
  /// invalid_value (a text that is not one line; a day yet to come, or before `from` got anything;
  /// `at`: a field that `from` has not got), limit_exceeded (a text), missing_field (no name),
  /// already_exists (the same report is there).
  result<std::uint64_t> report_onward(const customer_id& id, const onward_report& what);

  // --- the clock --------------------------------------------------------------------------
  /// Every change is refused (clock_ahead), and what has a time limit closes, while the clock is
  /// further ahead of the newest time that the book has seen than book_options::longest_pause_days.
  /// This says that the clock is right, and returns the time. Not inside begin() ... commit().
  result<timestamp> confirm_clock();

  // --- recovery ---------------------------------------------------------------------------
  // docs/backup.md. A commit that gives the book a new root key, or in which somebody withdraws,
  // denies, objects or restricts, refreshes the mirrors before it returns. None of these inside
  // begin() ... commit().

  /// Draws a recovery key and hands out its shares, once: the book keeps no copy. Nothing of it is
  /// in force until use_recovery_key(): write or print the shares in between, so that whatever
  /// dies, either the shares that were open the mirrors, or those that are out. Errors:
  /// already_exists (there is a key: `instead`), invalid_state (there is none), invalid_argument
  /// (the numbers).
  result<recovery_kit> draw_recovery_key(unsigned shares = 5, unsigned threshold = 3,
                                         recovery_key_use use = recovery_key_use::first);
  /// Puts the key in force that this session has drawn last, with a new root: after a rotation, and
  /// with the former shares destroyed, copies of the mirrors that somebody has made open for
  /// nobody. Returns which mirrors have followed; one that has not still opens with the former
  /// shares. Errors: invalid_state (nothing was drawn), version_mismatch (another key was put in
  /// force meanwhile: the drawn shares are of no use).
  result<std::vector<mirror_state>> use_recovery_key();
  /// Both in one call, for whoever loses nothing that a call has returned. Errors: as both.
  result<recovery_kit> make_recovery_key(unsigned shares = 5, unsigned threshold = 3);
  result<recovery_kit> rotate_recovery_key(unsigned shares = 5, unsigned threshold = 3);
  /// Changes what opens the book, as a transaction of its own: the ledger is told (key_rotation),
  /// and where somebody no longer shall open it the root gets a new key, which erases nobody. A
  /// copied former root key opens nothing that the root seals from now on;
  /// docs/threat_model.md#keys-of-the-root-cell says what it opens still. Errors: of `work`, and
  /// nothing has happened then; invalid_state (inside begin() ... commit()).
  result<key_change_entry> change_keys(const key_change& what);

  /// Makes a keyring mirror at a path (of a folder, where open_book() opened the book) and keeps it
  /// up from now on. Errors: invalid_state (no recovery key), already_exists (it has that one;
  /// something else is there), invalid_argument (beside the book), limit_exceeded; of the place.
  result<mirror_state> add_mirror(std::string_view path);
  /// Forgets a mirror; what lies there is not touched. Errors: not_found.
  result<void> remove_mirror(std::string_view path);
  /// Brings every mirror to the newest commit; one that cannot be reached is told of, not an error.
  result<std::vector<mirror_state>> refresh_mirrors();
  /// What the mirrors said to this session's last commit that they had to hear of; empty: the last
  /// commit was no such one, or the book has no mirror. An erasure's stand in its receipt.
  result<std::vector<mirror_state>> mirrors_told() const noexcept;
  /// What there is, without writing anything.
  result<recovery_state> recovery();
  /// Writes a backup of the newest commit, while others go on; the mirrors are refreshed first.
  /// `base`: an earlier full backup, of which only what differs is written. Errors: invalid_state
  /// (no recovery key, no mirror); version_mismatch, rolled_back, invalid_argument (the base);
  /// truncated, authentication_failed (the base is damaged); those of sink and source.
  result<backup_outcome> back_up(backup_sink to, backup_source base = {},
                                 callback_ref<void(std::uint64_t done)> progress = {});
  /// What is written down of the book outside its store: moved before a directive, a disclosure, a
  /// denial, an erasure is acknowledged, and every 64 commits. Errors: those of the pin.
  result<pin_state> pin();
  /// Notes that a backup is where it belongs, for reminders.
  result<void> note_backup(const backup_outcome& made);

  // --- the book ---------------------------------------------------------------------------
  /// The session's own: lives as long as it, and follows the book.
  const schema& fields() const noexcept;
  result<book_figures> figures();
  /// The law profile in force, also if somebody else approved it a moment ago; never null. This
  /// and what the calls below return lives on its own: nothing that the session does or its end
  /// changes it.
  std::shared_ptr<const law_profile> profile() const noexcept;
  /// All that the book follows, profile() first; which of them hold of whom says
  /// jurisdiction_of().
  std::vector<std::shared_ptr<const law_profile>> profiles() const;
  /// Whose signatures on profiles the book trusts.
  result<std::vector<crypto::verifying_key>> profile_keys();
  /// What was proposed and is not approved yet.
  result<std::optional<policy_proposal>> proposal();
  /// What a signed profile would change for newcomers and for every customer of the book; takes
  /// a while in a large book. Errors: as propose_policy().
  result<profile_effect> effect_of(byte_view signed_profile,
                                   policy_kind how = policy_kind::profile);
  /// Proposes a change of policy and returns its number; nothing is in force yet.
  /// Errors: signature_invalid (no key that the book trusts has signed it), already_exists (the
  /// book follows it, or another profile has its id and version; the key is trusted),
  /// not_found (the key is not), invalid_argument, limit_exceeded, as decode_profile().
  result<std::uint32_t> propose_policy(policy_kind kind, byte_view content);
  /// The same of one of the library's own profiles, which the book signs itself.
  result<std::uint32_t> propose_profile(policy_kind how, profile_id built_in);
  /// Puts a proposal in force at once, as add_recipient() does a party, and writes it into the
  /// ledger. Errors: second_person_required (this actor has proposed it), not_found (it was
  /// approved or replaced), as propose_policy().
  result<policy_change> approve_policy(std::uint32_t number);
  /// Who may ever receive something; never null.
  result<std::shared_ptr<const recipient_registry>> recipients();
  /// Adds a named party. It is known to every decision from now on, in a time that does not depend
  /// on the customers; compile_consents() then makes decisions as quick again as they were. A
  /// retired one comes back so, as somebody who joins today.
  /// Errors: invalid_value (a name or reference that is not one readable line, that is a word of
  /// the vocabulary, or the class of the shop or the customer), already_exists (a name that reads
  /// the same), as recipient_registry::add.
  result<recipient_id> add_recipient(const recipient_party& party);
  /// Another contract, country or safeguard of a party; nobody gets anything from a retired one.
  /// Both hold at once, as add_recipient(). Errors: already_exists (nothing would change), as
  /// add_recipient(), recipient_registry::edit and remove.
  result<void> edit_recipient(const recipient_party& party);
  result<void> retire_recipient(recipient_id party);
  /// How parties are reached, ascending by number; of whom nothing was said is not among them.
  result<std::vector<recipient_contact>> recipient_contacts();
  /// In place of what was known of the party; both empty: nothing is. Errors: not_found (no such
  /// party), invalid_value (not one readable line), limit_exceeded, already_exists (nothing would
  /// change), of the key as ledger::parse_note_key().
  result<void> set_recipient_contact(const recipient_contact& what);
  result<std::vector<privacy_notice>> notices();
  /// Adds a notice and returns it as it is stored: id (if 0), cells (if zero) and hash are filled
  /// in, so that what is shown is what is granted. Errors: already_exists, as encode_notice().
  /// A version that announces nothing is withdraw_notice()'s to make: missing_field.
  result<privacy_notice> add_notice(const privacy_notice& notice);
  /// What the notice said was wrong, or counts no more: whatever was agreed to under any version of
  /// it so far counts no more, for good and at once (as retire_recipient(), compile_consents() puts
  /// it into the states), and nobody agrees under it until it gets a further version. What somebody
  /// asked in return for a consent still binds. Returns the version that says so. Errors:
  /// unknown_notice, already_exists (it is withdrawn).
  result<privacy_notice> withdraw_notice(notice_id which);
  /// How many customers' consents rest on any version of it: what a withdrawal would end. Reads all
  /// directives of everybody. Errors: unknown_notice.
  result<customer_count> consents_under(notice_id which);
  /// A further version of the schema: fields may be added, none may change or go. Consents and
  /// laws reach the new fields at once, as add_recipient().
  /// Errors: invalid_argument (`at`: the field that changed).
  result<void> extend_schema(const schema& fields);
  /// Brings in the built-in fields that this version has and the book's schema does not, as
  /// extend_schema(); which ones. None: there was nothing to do. What stands in them is kept from
  /// then on; no other byte of the book changes. Errors: already_exists (`at`: the number of a
  /// built-in field whose key a field of the shop's own has; nothing was added), newer_format.
  result<field_set> add_built_in_fields();
  /// After a change of parties, schema or law a customer's consents are compiled anew whenever
  /// somebody asks for them, until they are stored so: by what is written of that customer, or by
  /// this. One call is one transaction of at most `most` steps (a customer is one, and so is each
  /// of their directives) and goes on where the last one ended, also of another session or process:
  /// call it from the background until nothing is left. Answers are the same before and after.
  /// Errors: invalid_argument (`most` is 0), role_denied, those of the store.
  result<compile_progress> compile_consents(std::uint32_t most = 1000);

  /// Builds the index at rest (index.hpp), or brings it up to date. One call is one transaction
  /// that seals what at most `most` customers, and 15 more, are found by, and goes on where this
  /// session's last one ended: call it from the background until nothing is left. A customer's
  /// change takes their bucket out, so that 16 customers are read from their records until this has
  /// come by again. Answers are the same before, during and after. Programs from before there was
  /// an index refuse the book from then on (newer_format). Errors: invalid_argument (`most` is 0),
  /// invalid_state (inside begin() ... commit()), role_denied, those of the store.
  result<index_progress> build_index(std::uint32_t most = 10'000);
  /// Takes the index at rest out of the book, in one transaction. Errors: role_denied, those of the
  /// store.
  result<void> drop_index();
  /// What lies at rest, and for how many customers it is up to date: opens all of it, some
  /// microseconds for 16 customers. Errors: role_denied, those of the store.
  result<index_state> index();

  /// Opens everything and holds it against the manifests and the ledger; inside begin() ...
  /// commit() as the change has it.
  result<verification> verify(callback_ref<void(std::uint64_t done)> progress = {});
  /// Tries every key that exists today on another store, such as a copy made earlier: how many
  /// of its records open, and whether its own key tree does.
  result<carving> carve(backend& copy);

  // --- credentials ------------------------------------------------------------------------
  // credential.hpp. Each change is an entry of the ledger. A session that was begun with a proof
  // ends with what it has proven: its next call is credential_invalid once that was revoked or
  // changed, credential_expired once its lease has ended.

  /// What public_half() makes the key of a new credential with.
  result<credential_terms> terms_of_credentials();
  /// Enrols somebody and returns the number; it opens nothing before somebody else has confirmed
  /// it. While there are no two people with one it is in force at once, and the list says that
  /// nobody confirmed it. For who may set budgets. Errors: credential_required (this session has
  /// proven none, and somebody has one), already_exists (the same passphrase or key is somebody's,
  /// `at`: its number), invalid_argument (actor 0, no role, a kind there is not),
  /// invalid_value (the name), weak_key (a key of zeros), limit_exceeded (max_credentials,
  /// longest_lease_days).
  result<std::uint32_t> enrol_credential(const new_credential& what);
  /// For who may approve. Errors: credential_required, second_person_required (who enrolled it, or
  /// whose it is; of who has nobody else a day later), not_found, invalid_state (it does not wait,
  /// or has waited longer than credential_waits_seconds).
  result<void> confirm_credential(std::uint32_t number);
  /// From the next call of its sessions on. One's own; all of them for who may set budgets, one
  /// that waits for who may approve too. Errors: credential_required, not_found, invalid_state (it
  /// is revoked already; nobody would be left who enrols).
  result<void> revoke_credential(std::uint32_t number);
  /// Another lease, no shorter one; 0: without an end. For who may set budgets, of others. Errors:
  /// credential_required, second_person_required, not_found, limit_exceeded, invalid_state (it is
  /// not in force; nobody would be left who enrols).
  result<void> renew_credential(std::uint32_t number, std::uint32_t days);
  /// Another passphrase or key in place of the one that this session has proven, which `again`
  /// proves once more (book::challenge()). Other sessions with the former one end. Not inside
  /// begin() ... commit(). Errors: credential_required, credential_invalid, already_exists,
  /// weak_key, as book::begin_session().
  result<void> change_credential(const credential_proof& again, const credential_key& next);
  /// All that there ever were, oldest first, for who may set budgets or approve; of others their
  /// own, if they have proven it.
  result<std::vector<credential_record>> credentials();
  /// What takes a credential, since when, and what is proposed.
  result<credential_settings> credentials_taken();
  /// Proposes that something else takes one, in place of a proposal before; returns its number. For
  /// who may set budgets. Errors: credential_required, already_exists (it is so), invalid_argument
  /// (no such use), invalid_state (nobody would be left who enrols).
  result<std::uint32_t> propose_credential_use(credential_use wanted);
  /// Puts it in force, from the next call of every session on. For who may approve; of who has
  /// nobody else a day later. What waits for a second person then and was begun without a
  /// credential is not confirmed any more: it is begun again. Errors: credential_required,
  /// second_person_required, not_found, invalid_state (too old; nobody would be left who enrols).
  result<policy_change> approve_credential_use(std::uint32_t number);

 private:
  friend class book;
  friend struct book_access;
  explicit session(std::unique_ptr<session_state> state) noexcept;
  result<std::vector<customer_id>> find_exactly(field_id field, std::string_view value,
                                                std::string_view system, purpose_id purpose,
                                                search_path path);

  std::unique_ptr<session_state> state_;
};

}  // namespace clientbook

#endif
