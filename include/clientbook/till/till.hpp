// Till: a small book in flash, for a device without an operating system. It decides as a book does,
// from the same directives, laws and fields, and keeps the same bytes of records, directives and
// ledger entries.
//
// What is not on it: actors and roles (a till is one actor), indexes, states of several laws. What
// a customer says of one contact point alone closes the whole field here, and opens none. A purpose
// that demands pseudonyms gets nothing, since a till has no keys for them.
//
// All memory is the caller's (till_memory); the law, registry, notices and fields are the caller's
// and outlive the till. A change is one group of the flash store: whole, or not there.
//
// Thread safety: belongs to one thread; zeroize() may be called from an interrupt.
#ifndef CLIENTBOOK_TILL_TILL_HPP
#define CLIENTBOOK_TILL_TILL_HPP

#include <clientbook/adapters/flash_store.hpp>
#include <clientbook/base/callback_ref.hpp>
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/explanation.hpp>
#include <clientbook/crypto/sealed_box.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include <clientbook/ledger/merkle.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clientbook {

namespace rows {
enum class kind : std::uint8_t;  // What a record of the flash holds.
struct added;
}  // namespace rows

/// What a till works in. Nothing is kept in it that is not wiped by zeroize().
struct till_memory {
  std::span<std::uint32_t> index{};   ///< One a record of the flash: customers, items, entries.
  std::span<std::uint16_t> prints{};  ///< As many, or a multiple: values that somebody is found by.
  byte_span frame{};                  ///< As flash_store has it.
  byte_span customer{};               ///< Each of the three: the largest value of the store,
  byte_span item{};                   ///< and max_directive_bytes at least.
  byte_span scratch{};
  std::span<directive> directives{};  ///< As many as one customer may have.
  compile_workspace* compiling = nullptr;
  byte_span state{};  ///< A compiled state; max_compiled_state is always enough.
};

/// What a till decides by.
struct till_policy {
  const schema* fields = nullptr;
  const law_profile* profile = nullptr;
  const recipient_registry* registry = nullptr;
  std::span<const privacy_notice> notices{};
  purpose_set purposes{};       ///< What the shop keeps data for.
  obligation_set discharges{};  ///< What the till's program does beside it.
  /// For redact_text; without it such texts are withheld.
  text_redactor* texts = nullptr;
};

/// What a reader gets to see. Values lie in the caller's room, which is the caller's to wipe.
struct till_view {
  customer_id id{};
  record_decision decision{};
  field_set shown{};     ///< As they are.
  field_set redacted{};  ///< In the form that the purpose needs.
  std::array<field_value, max_fields> fields{};
  std::size_t count = 0;
  [[nodiscard]] record_view record() const noexcept { return record_view({fields.data(), count}); }
};

struct till_disclosure {
  till_view content{};
  std::uint64_t ledger_index = 0;
  entry_id entry{};
};

struct till_figures {
  std::uint32_t customers = 0;
  std::uint32_t items = 0;  ///< Directives, purchases and payloads.
  std::uint64_t entries = 0;
  ledger::hash root{};  ///< Of the till's ledger.
};

class till {
 public:
  /// Errors of open() and format() tell what is wrong with memory or policy.
  till(const clientbook_flash_part& part, const clientbook_flash_counter* counter,
       random_source& random, const till_memory& memory, const till_policy& policy) noexcept;
  till(const till&) = delete;
  till& operator=(const till&) = delete;

  /// An empty till under a key of the device. Errors: invalid_argument, as flash_store::format().
  result<void> format(const secret<32>& key, const book_id& id, actor_id who,
                      timestamp now) noexcept;
  /// Finds what is there, and goes on with an erasure that power interrupted. Errors: as
  /// flash_store::mount(), damaged, row_missing, disk_full.
  result<flash_report> open(const secret<32>& key, const book_id& id, actor_id who) noexcept;

  // --- customers ------------------------------------------------------------------------------
  /// A new customer with what they have said; refused whole if there is no basis for one of the
  /// fields. Errors: no_basis (`at`: field), as validate(), as record(); limit_exceeded (larger
  /// than a frame), disk_full, already_exists (the id).
  result<customer_id> put(std::span<const field_value> fields, std::span<const directive> said,
                          timestamp now, std::optional<customer_id> id = std::nullopt) noexcept;
  /// Replaces fields; an empty value removes one. Errors: not_found, no_basis, as put().
  result<void> update(const customer_id& id, std::span<const field_value> fields,
                      timestamp now) noexcept;
  /// A receipt, as encode_value() makes it. Errors: not_found, no_basis, as validate().
  result<std::uint32_t> append_purchase(const customer_id& id, byte_view purchase,
                                        timestamp now) noexcept;
  /// What of a customer this purpose may see; what is not permitted is wiped before it returns.
  /// Errors: not_found, buffer_too_small (`at`: bytes that suffice), those of the store.
  result<till_view> read(const customer_id& id, purpose_id purpose, timestamp now, byte_span room,
                         field_set fields = all_fields) noexcept;
  /// Calls `visit` for each purchase, oldest first. Errors: denied, not_found.
  result<void> purchases(
      const customer_id& id, purpose_id purpose, timestamp now,
      callback_ref<void(std::uint32_t sequence, byte_view value)> visit) noexcept;
  result<explanation> explain(const customer_id& id, purpose_id purpose, field_id field,
                              timestamp now) noexcept;
  /// Who has that phone number, e-mail address or external id (of a card, with its system), whom
  /// this purpose may find by it. Errors: not_found (nobody, or nobody whom it may find),
  /// invalid_argument (another field), limit_exceeded (more than `out` holds).
  result<std::size_t> find(field_id field, std::string_view value, std::string_view system,
                           purpose_id purpose, timestamp now, std::span<customer_id> out) noexcept;

  // --- consent --------------------------------------------------------------------------------
  /// Adds what was said and compiles it; returns its sequence. A no is sealed at once where there
  /// is a counter. Errors: as check_append() and check(), unknown_notice, invalid_value,
  /// already_exists (its id), limit_exceeded, not_found.
  result<std::uint32_t> record(const customer_id& id, const directive& said,
                               timestamp now) noexcept;
  /// The directives of a customer, the chain checked. Valid until the next call.
  result<std::span<const directive>> directives(const customer_id& id) noexcept;

  // --- what leaves ------------------------------------------------------------------------------
  /// The ledger's entry is durable before the view is given; a refusal is an entry too. No fields:
  /// whatever is permitted, else all of these or nothing. Errors:
  /// denied, obligation_unsupported, not_found (customer, recipient), as read().
  result<till_disclosure> disclose(const customer_id& id, purpose_id purpose,
                                   recipient_id recipient, field_set fields, timestamp now,
                                   byte_span room) noexcept;
  /// Everything of a customer goes, and the ledger says that somebody was erased. What the store
  /// says of the erasure: pending where the flash cannot overwrite.
  result<flash_erasure> erase(const customer_id& id, timestamp now) noexcept;
  /// Gives every customer, item and entry away, each sealed to that key and bound to its place and
  /// number; the last one says how many there are. Errors: weak_key, those of the store.
  result<std::uint32_t> hand_over(const crypto::box_public_key& to,
                                  callback_ref<result<void>(byte_view sealed)> take) noexcept;

  // --- the till
  // -----------------------------------------------------------------------------------
  /// Opens everything, and holds items against their customers, chains and the ledger's root.
  /// Errors: row_missing, version_mismatch, damaged, authentication_failed.
  result<till_figures> verify() noexcept;
  result<void> seal() noexcept { return store_.seal(); }
  void zeroize() noexcept;
  flash_store& store() noexcept { return store_; }

 private:
  struct head;    // A customer's row, opened.
  struct change;  // A group of changes with what its values lie in.

  // till.cpp
  result<void> check_memory() const noexcept;
  void begin(const secret<32>& key, actor_id who) noexcept;
  result<void> take_book_row() noexcept;
  result<void> look_through() noexcept;
  result<std::uint32_t> free_record(std::uint32_t after) const noexcept;
  result<byte_view> value_of(std::uint32_t record, byte_span into) noexcept;
  result<byte_view> item_of(const head& of, std::size_t which) noexcept;
  result<head> open_head(std::uint32_t record) noexcept;
  result<head> find_customer(const customer_id& id) noexcept;
  result<void> commit(change& what, timestamp now) noexcept;
  byte_view book_row(timestamp now) noexcept;

  // till_find.cpp
  void note_prints(const head& of) noexcept;
  void forget_prints(std::uint32_t record) noexcept;
  std::uint16_t print_of(field_id field, std::string_view value) const noexcept;
  bool may_be(std::uint32_t record, std::uint16_t print) const noexcept;

  // till_consent.cpp
  result<std::size_t> load_directives(const head& of) noexcept;
  result<void> take(directive& next, std::size_t so_far, const customer_id& id,
                    timestamp now) noexcept;
  result<compiled_state_view> compile_said(std::size_t count, std::span<const field_value> fields,
                                           timestamp now) noexcept;
  result<compiled_state_view> state_of(const head& of, timestamp now) noexcept;
  decision_request asking(purpose_id purpose, timestamp now) const noexcept;
  record_decision decide(const compiled_state_view& state,
                         const decision_request& request) const noexcept;
  /// `replaced`: those in which another value takes the place of one that is held.
  result<void> may_keep(const compiled_state_view& state, field_set fields, timestamp now,
                        field_set replaced) noexcept;

  // till_write.cpp
  byte_span write_item(rows::kind what, std::uint32_t customer, std::uint32_t sequence) noexcept;
  result<void> put_head(change& what, const head& of, byte_view fields,
                        std::span<const rows::added> more) noexcept;

  // till_read.cpp, till_ledger.cpp
  result<void> show(const head& of, const record_decision& decision, timestamp now, byte_span room,
                    till_view& out) noexcept;
  result<std::uint32_t> add_entry(change& to, const ledger::disclosure_entry& entry,
                                  std::uint32_t after) noexcept;
  result<std::uint64_t> log_about(head& about, ledger::disclosure_entry& entry,
                                  std::string_view recipient,
                                  std::span<const ledger::disclosed_field> fields,
                                  timestamp now) noexcept;
  result<void> finish_erasing(std::uint32_t record, flash_erasure& how) noexcept;
  result<void> check_customer(const head& of, till_figures& out) noexcept;
  result<void> check_entries(till_figures& out) noexcept;

  flash_store store_;
  random_source* random_;
  till_memory memory_;
  till_policy policy_;
  bool has_counter_;
  secret<32> prints_key_;
  secret<32> actors_key_;
  book_id id_{};
  actor_id who_{};
  timestamp newest_{};  ///< That a change has seen: a clock behind it was set back.
  std::uint32_t newest_entry_ = 0;
  crypto::digest chain_{};  ///< Over all entries.
  ledger::frontier tree_;
  std::array<std::byte, 45 + ledger::frontier::max_encoded> row_{};
};

}  // namespace clientbook

#endif
