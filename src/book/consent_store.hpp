// What customers have decided, in the store: directives sealed one by one under their
// customer's key and chained, compiled states shared by all customers with equal ones,
// registry and notices of the book.
#ifndef CLIENTBOOK_BOOK_CONSENT_STORE_HPP
#define CLIENTBOOK_BOOK_CONSENT_STORE_HPP

#include <clientbook/book/consents.hpp>
#include <clientbook/book/keeping.hpp>
#include <clientbook/book/policy.hpp>
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/remedy.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>
#include "contact_points.hpp"
#include "customer_state.hpp"
#include "grant.hpp"
#include "parts.hpp"
#include "policy_store.hpp"
#include "record_opener.hpp"

namespace clientbook {

/// What the book says by itself where it cannot keep what somebody has said: all their consents are
/// over. `why` is at most 64 bytes.
directive end_of_consents(timestamp now, std::string_view why);

/// What somebody wants to be explained: a field, or one contact point of it alone.
struct explained {
  field_id field{};
  std::optional<contact_point> point{};
};

/// All that decides about a customer: what was said, when they were born, and whose words among it
/// are those of parts.
struct all_said {
  std::span<const directive> chain{};
  std::optional<date> born{};
  std::span<const merged_part> parts{};
};

class consent_store {
 public:
  explicit consent_store(book_core& core);

  /// Takes notice of what the core sees now: profile, registry, notices.
  result<void> follow();
  /// Whether a compiled state that the store has opens, and reads, as it must. Precondition:
  /// look(). Errors: row_missing (`at`: its number), as get_value.
  result<void> verify_state(std::uint32_t number);
  result<void> verify_index(std::uint32_t number, byte_view compiled);
  /// A change was rolled back: what it made is not there.
  void forget() noexcept;

  /// Who writes down what is said, whatever it says itself.
  void recorded_by(actor_id recorder) noexcept { recorder_ = recorder; }
  /// What the host does beside the book; what a person has to look at nobody does beforehand.
  void host_discharges(obligation_set what) noexcept;
  /// How far a clock may be ahead of the newest time that the book has seen.
  void left_alone_at_most(std::uint32_t days) noexcept {
    longest_pause_ = std::int64_t{days} * 86400;
  }
  bool is_ahead(timestamp now) const noexcept;
  /// The time, or the newest that the book has seen if the clock is behind it.
  timestamp as_of(timestamp now) const noexcept;
  /// The time is so, says somebody who may. Precondition of both: inside a change.
  void confirm(timestamp now) { saw(now); }
  /// So that a book which is used every day is never left alone.
  void saw_a_day(timestamp now);

  // --- deciding ---------------------------------------------------------------------------
  /// A request to use fields here, with everything but the purpose filled in.
  decision_request reading(purpose_id purpose, timestamp now) const noexcept;
  /// Decides; what comes out opens what was permitted (record_opener).
  result<decided_grant> decide(customer_no number, const manifest& entry,
                               const decision_request& request);
  /// The same of a customer whose named contact points are known, so that many cells are quick.
  result<decided_grant> decide(customer_no number, const manifest& entry,
                               const decision_request& request,
                               std::span<const contact_point> named);
  /// Those that a customer's consents tell apart; none for most.
  result<std::vector<contact_point>> contacts_told_apart(customer_no number, const manifest& entry,
                                                         timestamp now);
  /// Decides for somebody who only asks and opens nothing.
  result<record_decision> judge(customer_no number, const manifest& entry,
                                const decision_request& request);
  result<explanation> explain(customer_no number, const manifest& entry,
                              const decision_request& request, const explained& what);

  // --- keeping ----------------------------------------------------------------------------
  /// What the shop keeps data for where nobody names a purpose.
  purpose_set shop_purposes() const noexcept;
  /// What may be kept of a customer now, and for what.
  struct keeping {
    field_set permitted{};                            ///< For one of the purposes at least.
    std::array<decision_code, max_fields> why_not{};  ///< By field, of those asked for.
    std::vector<std::pair<purpose_id, field_set>> purposes{};  ///< Those that permit anything.
  };
  result<keeping> keeping_of(customer_no number, const manifest& entry,
                             const kept_purposes& purposes, operation_id how, timestamp now,
                             field_set asked);
  /// The same of the newcomer checked last.
  result<keeping> keeping_of_newcomer(const kept_purposes& purposes, timestamp now,
                                      field_set asked);
  /// Whether each of these fields may be kept for one of the purposes, and for which. Errors:
  /// no_basis (`at`: field).
  result<keeping> may_keep(customer_no number, const manifest& entry, const kept_purposes& purposes,
                           timestamp now, field_set fields);
  /// The same for fields of a record that is there.
  struct correction {
    keeping kept{};
    field_set replaced{};  ///< In these another value may take the place of the one that is held.
    keeping completed{};   ///< At the customer's wish: where the shop may keep more of them.
  };
  result<correction> may_update(customer_no number, const manifest& entry,
                                const kept_purposes& purposes, timestamp now, field_set fields);

  /// Checks the directives of a new customer and compiles them; writes nothing.
  result<void> check_newcomer(std::span<const directive> directives,
                              const std::optional<date>& born, timestamp now);
  /// Writes the newcomer's directives and state. Precondition: check_newcomer, inside a change.
  result<void> keep_newcomer(manifest& entry, customer_no number, const customer_id& id,
                             timestamp now);
  /// Of the newcomer kept last.
  std::span<const directive> said_by_newcomer() const noexcept { return newcomer_.directives; }

  /// Adds one directive, which has its id, unless it is in force already. Precondition: inside a
  /// change.
  result<recorded> append(manifest& entry, customer_no number, directive next,
                          const std::optional<date>& born, timestamp now);
  /// All directives, the chain checked. Errors: row_missing, version_mismatch.
  result<std::vector<directive>> directives(const manifest& entry, customer_no number);

  // --- two customers made one (merge.hpp) ---------------------------------------------------
  /// What somebody had said comes into the chain of whose part they become, as their own history.
  /// Returns how long it is then. Precondition of the three: inside a change; the manifests are
  /// copies. Errors: limit_exceeded.
  result<std::uint32_t> take_over(const manifest& stays, customer_no number,
                                  std::span<const directive> said);
  /// Takes it out again. Returns what was said of the customer since.
  result<std::vector<directive>> give_back(const manifest& stays, customer_no number,
                                           const merged_part& part,
                                           std::span<const merged_part> parts);
  /// What of that closes something holds for who went out too. Returns how many.
  result<std::uint32_t> say_noes(const manifest& part, customer_no number, const customer_id& id,
                                 std::span<const directive> since);
  /// The latest birth date of the customer's and of their parts'.
  result<std::optional<date>> youngest(customer_no number, const manifest& entry);
  /// A document that was seen of a customer shows how old their parts are.
  static void prove_parts(std::vector<merged_part>& parts, const date& born) noexcept;

  /// Compiles the state anew, when something else than what was said has changed.
  /// Precondition: inside a change.
  result<void> recompile(manifest& entry, customer_no number, const std::optional<date>& born,
                         timestamp now);

  /// The birth date that consent goes by (birth_fact.hpp); of a customer kept before there was
  /// such a fact, the record's.
  result<std::optional<date>> born(customer_no number, const manifest& entry);

  // --- states that are out of date -----------------------------------------------------------
  /// Compiles the states of further customers anew, of as many as `most` steps reach: each customer
  /// and each directive is a step. Precondition: inside a change.
  result<compile_progress> compile_outdated(std::uint32_t most, timestamp now);
  /// Whether the customer's state is compiled anew for them: it says nothing of others who share
  /// its number.
  bool is_outdated(customer_no number, const manifest& entry) const noexcept;
  /// Customers that compile_outdated() has not come to, those who were erased among them.
  std::uint64_t outdated() const noexcept;
  /// Fields were added to the schema: all states are out of date. Precondition: inside a change.
  void fields_changed(timestamp now);

  /// What a grant would open.
  /// What would permit a field that is denied.
  result<remedy> remedy_of(const all_said& by, const decision_request& request,
                           const explained& what, timestamp now);
  result<consent_preview> preview(const all_said& by, const directive& grant,
                                  const privacy_notice& notice, timestamp now);

  // --- registry and notices ---------------------------------------------------------------
  const recipient_registry& registry() const noexcept { return *registry_; }
  std::shared_ptr<const recipient_registry> shared_registry() const noexcept { return registry_; }
  const std::vector<privacy_notice>& notices() const noexcept { return notices_; }
  /// The law of which the book speaks where nobody is meant.
  const law_profile& profile() const noexcept { return policy_.profile(); }
  /// Those that decide about a customer, as the moves among the directives say.
  std::vector<const law_profile*> laws_of(std::span<const directive> said) const;
  /// Those of any of a customer's histories, in the order of the book's profiles.
  std::vector<const law_profile*> laws_of(std::span<const told_history> all) const;
  /// Errors: invalid_value (nothing of that field is in it).
  result<contact_point> contact_of(field_id field, std::string_view value) const;
  /// All states are out of date then. Precondition: inside a change.
  result<void> replace_registry(std::shared_ptr<const recipient_registry> changed, timestamp now);
  result<privacy_notice> add_notice(privacy_notice notice);
  /// All states are out of date then. Precondition: inside a change.
  result<privacy_notice> withdraw_notice(notice_id id, timestamp now);

  /// How many customers' consents rest on a version of it, and count for that alone. Errors:
  /// unknown_notice.
  result<std::uint64_t> consents_under(notice_id id);

  // --- the law ----------------------------------------------------------------------------
  policy_store& policy() noexcept { return policy_; }
  const policy_store& policy() const noexcept { return policy_; }
  /// Approves a proposal; if it was a profile, all states are out of date.
  /// Precondition: inside a change. Errors: as policy_store::approve.
  result<crypto::digest> approve(std::uint32_t number, const actor_id& by, timestamp now);
  /// What another profile would change. Precondition: not inside a change.
  result<profile_effect> effect_of(const law_profile& next, policy_kind how, timestamp now);

 private:
  using known_state = customer_state;
  // The state of a customer whose stored one is out of date.
  struct anew {
    customer_no customer;
    timestamp as_of;
    known_state state;
  };
  // What was judged last, and all that it was judged by: an import asks the same of many customers
  // who share a state.
  struct judged {
    std::vector<std::byte> state;
    purpose_set purposes;
    decision_request as;  ///< But for its purpose.
    field_set asked;
    keeping answer;
  };
  // What the last compilations were made of: most newcomers say the same.
  struct recent {
    std::vector<directive> directives;
    std::optional<date> born;
    std::uint32_t state = 0;
    std::vector<std::byte> compiled;  ///< Of a state that the book may not hold yet.
    bool used = false;
  };

  /// With what the book itself and the contract with a named recipient discharge, which is not
  /// the caller's to declare.
  decision_request with_discharges(decision_request request) const noexcept;
  consent_environment environment(const law_profile& law) const noexcept;
  /// What a directive that opens something refers to must be there when it is said. Errors:
  /// unknown_notice, invalid_value (a version of the registry that is not there yet).
  result<void> check_references(const directive& next) const;
  result<void> check_own_word(std::span<const directive> said, const directive& next,
                              const std::optional<date>& born, timestamp now) const;
  subject_facts facts_of(const std::optional<date>& born, std::span<const directive> said,
                         std::span<const law_profile* const> laws, timestamp now) const noexcept;
  /// Each compilation has seen the time: a clock that is behind it later was set back.
  void saw(timestamp now);
  void recorded_then(timestamp now);
  timestamp newest_time() const noexcept;
  /// One of the histories that decide, and the laws under which.
  struct judged_history {
    std::span<const directive> said;
    std::vector<const law_profile*> laws;
    std::optional<date> born;
  };
  struct compiling {
    timestamp now;
    bool at_any_rate = false;  ///< With too many rules a stricter one with fewer.
  };
  /// All that a customer's directives compile to (customer_state.hpp). `chain`: of all histories.
  result<std::vector<std::byte>> compile_all(std::span<const directive> chain,
                                             std::span<const judged_history> histories,
                                             const compiling& how);
  result<byte_view> compile_one(std::span<const directive> said, const subject_facts& subject,
                                const law_profile& law, const compiling& how);
  result<std::vector<std::byte>> compile_now(const all_said& by, timestamp now);
  result<std::vector<std::byte>> compile_at_any_rate(const all_said& by, timestamp now);
  result<std::vector<std::byte>> compile_under_laws(const all_said& by, const compiling& how);
  result<void> take_newcomer(std::span<const directive> directives, timestamp now);
  /// The number of a compiled state, added if it is new. Precondition: inside a change.
  result<std::uint32_t> intern(byte_view compiled);
  result<const known_state*> state(std::uint32_t number);
  /// The state that holds for a customer: the stored one, or one compiled anew where that is out of
  /// date. Valid until the next call of this or of state().
  result<const known_state*> state_of(customer_no number, const manifest& entry, timestamp now);
  /// As evaluate(), with identities replaced where the purpose demands it.
  record_decision decided(const known_state& state, const decision_request& request) const;
  /// The same with a decision that is made already.
  record_decision with_pseudonyms(const known_state& state, const decision_request& asked,
                                  record_decision out) const;
  /// Something changed that every state was compiled under: they are compiled anew when somebody
  /// asks, and stored by compile_outdated(). Precondition: inside a change.
  void outdate_states(timestamp now);
  /// What was read or compiled is not what holds any more.
  void drop_states() noexcept;
  /// As laws_of(), if that profile were in force too, or in place of the one of its name.
  std::vector<const law_profile*> laws_with(const law_profile& next, policy_kind how,
                                            std::span<const directive> said) const;
  bool adds_no_law(std::span<const directive> said, const directive& next) const;
  /// Where each of the histories says that already, the place of what says so.
  std::optional<std::uint32_t> said_in_each(std::span<const told_history> all,
                                            const directive& next) const;
  result<consent_preview> hashed(std::vector<preview_cell> cells) const;
  keeping keeping_under(const known_state& said, const kept_purposes& purposes, operation_id how,
                        timestamp now, field_set asked);
  keeping judge_keeping(const known_state& said, const purpose_set& purposes,
                        const decision_request& as, field_set asked) const;
  /// Returns the hash of its bytes, to which the next one refers.
  result<consent_hash> put_directive(const manifest& entry, customer_no number,
                                     const directive& one);
  /// The number of a state that compile_customer() has made. Precondition: inside a change.
  result<std::uint32_t> keep(byte_view compiled, timestamp now);
  /// What a customer's directives and age compile to now; empty for who has neither.
  result<std::vector<std::byte>> compile_customer(const manifest& entry, customer_no number,
                                                  const std::optional<date>& born, timestamp now);
  /// Calls `each` for every customer who was not erased, until it fails.
  result<void> for_each_customer(callback_ref<result<void>(customer_no, const manifest&)> each);
  result<void> read_registry();
  result<void> read_notices();

  book_core& core_;
  actor_id recorder_{};
  std::int64_t longest_pause_ = 0;
  obligation_set host_discharges_{};
  record_opener opener_;  // for birth dates alone
  std::uint64_t generation_ = 0;
  policy_store policy_;
  // Never changed in place: sessions hand it out.
  std::shared_ptr<const recipient_registry> registry_;
  std::shared_ptr<const recipient_registry> nobody_;
  std::uint32_t registry_read_ = 0;
  std::vector<privacy_notice> notices_;
  std::array<field_terms, schema::max_fields> terms_room_{};
  std::span<const field_terms> terms_;
  schema_version terms_of_;
  std::vector<std::unique_ptr<known_state>> states_;
  std::array<anew, 4> anew_{};
  std::size_t next_anew_ = 0;
  std::unique_ptr<compile_workspace> workspace_;
  std::vector<std::byte> compiled_;
  std::array<judged, 4> judged_;
  std::size_t next_judged_ = 0;
  std::array<recent, 8> recent_;
  std::size_t next_recent_ = 0;
  recent newcomer_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
