/* clientbook in C: one record a customer, kept so that the customer decides.
 *
 * Everything that reads goes through a session, with a purpose; what comes out is redacted to what
 * the purpose needs, with the reason for each field. docs/c_abi.md is the guide.
 *
 * Handles. Everything opened is a 64-bit number, looked up in a context that the host owns; 0 is
 * none. A handle that was closed, that belongs to another context or that is of another kind gives
 * CLIENTBOOK_INVALID_HANDLE, never undefined behaviour. Destroying a context closes all in it.
 *
 * Errors. Every function that can fail returns a status (0: done) and fills `error`, which may be
 * NULL, with the same code, a text that is static and never freed, and a position. No text holds
 * personal data. A failed call changes nothing and leaves its out-parameters as they were. NULL
 * where a pointer is needed gives CLIENTBOOK_INVALID_ARGUMENT; CLIENTBOOK_MAY_BE_NULL stands before
 * those that are not. No exception gets out.
 *
 * Bytes. In: pointer and length; the library keeps no pointer beyond a call. Out: a
 * clientbook_bytes, whose bytes are wiped and freed by clientbook_bytes_free(). Texts are UTF-8
 * with their length, JSON is a text; one that is handed out ends in a NUL that the length does not
 * count.
 *
 * Structs of options begin with their size (sizeof): a newer library takes an older one; of a newer
 * one the members that this library does not know must be 0, else CLIENTBOOK_UNSUPPORTED. Zero
 * means the default everywhere, also in an argument, unless it is said otherwise.
 *
 * Threads. A context and a book may be used by several threads at once. A session, with its
 * cursors, belongs to one thread at a time: a second one gets CLIENTBOOK_INVALID_STATE at once; so
 * does a call from another thread than the one that began a transaction. After fork() the child
 * makes a context of its own: with the parent's every call gives CLIENTBOOK_INVALID_STATE.
 *
 * State of the ABI: clientbook.symbols lists every symbol as unstable, stable or deprecated, and
 * since when.
 */
#ifndef CLIENTBOOK_H
#define CLIENTBOOK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Before a pointer that may be NULL. */
#define CLIENTBOOK_MAY_BE_NULL

/* --- version -------------------------------------------------------------------------------- */

/* Grows when a stable symbol changes or goes; 0: nothing is stable yet. */
#define CLIENTBOOK_ABI_VERSION 0u
uint32_t clientbook_abi_version(void);
const char* clientbook_version(void); /* "0.1.0" */

/* --- errors --------------------------------------------------------------------------------- */

/* 0, or one of the codes below: the numbers of docs/errors.md. */
typedef int32_t clientbook_status;

/* clang-format off: scripts/make_bindings.py writes this list from result.hpp */
/* errors begin */
enum {
  CLIENTBOOK_OK = 0,
  CLIENTBOOK_INVALID_ARGUMENT = 1,
  CLIENTBOOK_INVALID_STATE = 2,
  CLIENTBOOK_BUFFER_TOO_SMALL = 3,
  CLIENTBOOK_NOT_FOUND = 4,
  CLIENTBOOK_ALREADY_EXISTS = 5,
  CLIENTBOOK_UNSUPPORTED = 6,
  CLIENTBOOK_LIMIT_EXCEEDED = 7,
  CLIENTBOOK_INVALID_HANDLE = 8,
  CLIENTBOOK_INTERNAL_ERROR = 9,
  CLIENTBOOK_INVALID_ENCODING = 20,
  CLIENTBOOK_UNKNOWN_FIELD = 21,
  CLIENTBOOK_INVALID_VALUE = 22,
  CLIENTBOOK_MISSING_FIELD = 23,
  CLIENTBOOK_WRONG_TYPE = 24,
  CLIENTBOOK_TRUNCATED = 25,
  CLIENTBOOK_CARD_DATA_REFUSED = 26,
  CLIENTBOOK_IDENTITY_NUMBER_REFUSED = 27,
  CLIENTBOOK_DENIED = 40,
  CLIENTBOOK_NO_BASIS = 41,
  CLIENTBOOK_UNKNOWN_NOTICE = 42,
  CLIENTBOOK_OBLIGATION_UNSUPPORTED = 43,
  CLIENTBOOK_ROLE_DENIED = 44,
  CLIENTBOOK_BACK_DATED = 45,
  CLIENTBOOK_SECOND_PERSON_REQUIRED = 46,
  CLIENTBOOK_CASE_REQUIRED = 47,
  CLIENTBOOK_BUDGET_SPENT = 48,
  CLIENTBOOK_CLOCK_AHEAD = 49,
  CLIENTBOOK_NOT_IN_PORTFOLIO = 50,
  CLIENTBOOK_IDENTITY_UNVERIFIED = 51,
  CLIENTBOOK_DEADLINE_PASSED = 52,
  CLIENTBOOK_RECIPIENTS_UNTOLD = 53,
  CLIENTBOOK_KEPT_BY_LAW = 54,
  CLIENTBOOK_CREDENTIAL_REQUIRED = 57,
  CLIENTBOOK_CREDENTIAL_INVALID = 58,
  CLIENTBOOK_CREDENTIAL_EXPIRED = 59,
  CLIENTBOOK_AUTHENTICATION_FAILED = 60,
  CLIENTBOOK_WRONG_KEY = 61,
  CLIENTBOOK_KEY_ERASED = 62,
  CLIENTBOOK_VERSION_MISMATCH = 63,
  CLIENTBOOK_ROW_MISSING = 64,
  CLIENTBOOK_SUITE_MISMATCH = 65,
  CLIENTBOOK_RANDOMNESS_FAILED = 66,
  CLIENTBOOK_IO_ERROR = 80,
  CLIENTBOOK_DISK_FULL = 81,
  CLIENTBOOK_NOT_A_BOOK = 82,
  CLIENTBOOK_NEWER_FORMAT = 83,
  CLIENTBOOK_DAMAGED = 84,
  CLIENTBOOK_LOCKED = 85,
  CLIENTBOOK_KEY_UNAVAILABLE = 86,
  CLIENTBOOK_COMMIT_CONFLICT = 87,
  CLIENTBOOK_PERMISSION_DENIED = 88,
  CLIENTBOOK_OLDER_FORMAT = 89,
  CLIENTBOOK_ROLLED_BACK = 90,
  CLIENTBOOK_PROOF_INVALID = 100,
  CLIENTBOOK_SIGNATURE_INVALID = 101,
  CLIENTBOOK_NOT_DELIVERED = 102,
  CLIENTBOOK_PRUNED = 103,
  CLIENTBOOK_WEAK_KEY = 120,
  CLIENTBOOK_DOMAIN_TOO_SMALL = 121,
  CLIENTBOOK_SECOND_FORMAT = 122,
  CLIENTBOOK_LIVE_VIEW = 123,
  CLIENTBOOK_GROUP_TOO_SMALL = 124
};
/* errors end */
/* clang-format on */

typedef struct clientbook_error {
  int32_t code;
  uint32_t reserved;
  const char* text; /* Static, in English, without personal data. */
  uint64_t at;      /* Where, in the unit that the call documents; 0: nowhere in particular. */
} clientbook_error;

/* "no_basis"; "" of a number that is no code. Static. */
const char* clientbook_error_name(int32_t code);

/* --- bytes ---------------------------------------------------------------------------------- */

typedef struct clientbook_bytes {
  const uint8_t* data;
  size_t size;
  void* owner; /* The library's. */
} clientbook_bytes;

/* Wipes, frees and empties. NULL and an empty one are fine. */
void clientbook_bytes_free(CLIENTBOOK_MAY_BE_NULL clientbook_bytes* bytes);

/* A static text. */
typedef struct clientbook_text {
  const char* data;
  size_t size;
} clientbook_text;

/* Public id of a customer, a ledger entry. */
typedef struct clientbook_id {
  uint8_t bytes[16];
} clientbook_id;

/* Form of what goes in or comes out. */
enum {
  CLIENTBOOK_JSON = 1, /* docs/transfer.md */
  CLIENTBOOK_CBOR = 2, /* docs/format/record.md */
  CLIENTBOOK_FLAT = 3  /* docs/format/flat_view.md: values at offsets; views only */
};

/* --- contexts ------------------------------------------------------------------------------- */

typedef struct clientbook_context clientbook_context;
typedef uint64_t clientbook_handle;

/* `abi_version` is CLIENTBOOK_ABI_VERSION, as compiled. Errors: unsupported (the library has
 * another). */
clientbook_status clientbook_context_create(uint32_t abi_version, clientbook_context** out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Closes everything in it. No other thread may use it any more. NULL is fine. */
void clientbook_context_destroy(CLIENTBOOK_MAY_BE_NULL clientbook_context* context);
/* Closes a handle of any kind. What was opened from it stays open. Errors: invalid_handle;
 * invalid_state (a session that another thread uses, or that has a transaction of another thread).
 */
clientbook_status clientbook_close(clientbook_context* context, clientbook_handle handle,
                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Stops the call that another thread, or a callback of the call itself, has under way with a
 * session or a cursor: it ends with CLIENTBOOK_INVALID_STATE at its next look at the store, and
 * nothing of it remains but that somebody looked. One that has committed goes on to its end; within
 * a transaction only the rollback is left. Nothing under way: nothing happens. Errors:
 * invalid_handle.
 */
clientbook_status clientbook_cancel(clientbook_context* context, clientbook_handle handle,
                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- terms ---------------------------------------------------------------------------------- */

enum {
  CLIENTBOOK_TERM_PURPOSE = 1,
  CLIENTBOOK_TERM_RECIPIENT =
      2, /* Classes; parties are the book's (clientbook_session_recipients). */
  CLIENTBOOK_TERM_CATEGORY = 3,
  CLIENTBOOK_TERM_OPERATION = 4
};

/* The number of "birthday_greeting" or "cb:BirthdayGreeting". Errors: unknown_field. */
clientbook_status clientbook_term_find(uint32_t kind, const char* word, size_t word_size,
                                       uint8_t* out,
                                       CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* And back. Errors: unknown_field. */
clientbook_status clientbook_term_word(uint32_t kind, uint8_t number, clientbook_text* out,
                                       CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* All of a kind: [{"number", "word", "term", "label"}]; label in English. */
clientbook_status clientbook_terms(uint32_t kind, clientbook_bytes* out,
                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Digits behind the point of a currency's (ISO 4217) minor unit: 2 of EUR, in which 12.34 is 1234.
 * Errors: unknown_field (no such currency). */
clientbook_status clientbook_minor_units(const char* currency, size_t currency_size, uint32_t* out,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- root cells ----------------------------------------------------------------------------- */

/* Where the key of the root lies when it is not a file: a key manager, a secure element. All four
 * are needed. Each returns 0 or a code; keys are 32 bytes, an epoch of 0 says that there is no such
 * key. They are called from the thread that calls the library, one at a time, and must not call the
 * library. <clientbook/crypto/root_cell.hpp> says what each promises. */
typedef struct clientbook_root_cell_functions {
  size_t struct_size;
  void* context; /* Passed to each; must outlive the cell and all books opened with it. */
  int32_t (*load)(void* context, uint64_t* current_epoch, uint8_t* current_key,
                  uint64_t* staged_epoch, uint8_t* staged_key);
  int32_t (*stage)(void* context, uint64_t epoch, const uint8_t* key);
  int32_t (*promote)(void* context, uint64_t epoch);
  int32_t (*drop)(void* context, uint64_t epoch);
} clientbook_root_cell_functions;

/* A new file for the root key, in a folder of its own and not beside the book. Errors:
 * already_exists, invalid_argument (beside or inside the book), permission_denied, disk_full,
 * io_error. */
clientbook_status clientbook_root_cell_create_file(clientbook_context* context, const char* path,
                                                   size_t path_size, const char* book_path,
                                                   size_t book_path_size, clientbook_handle* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors: key_unavailable, permission_denied, damaged, newer_format, invalid_argument, io_error. */
clientbook_status clientbook_root_cell_open_file(clientbook_context* context, const char* path,
                                                 size_t path_size, const char* book_path,
                                                 size_t book_path_size, clientbook_handle* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors: invalid_argument (a function is missing). */
clientbook_status clientbook_root_cell_from_functions(
    clientbook_context* context, const clientbook_root_cell_functions* functions,
    clientbook_handle* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- books ---------------------------------------------------------------------------------- */

typedef struct clientbook_book_options {
  size_t struct_size;
  /* Seconds since 1970-01-01T00:00:00Z; NULL: the system clock. It is called from the thread that
   * calls the library and must not call it; `clock` must outlive the book and its sessions. */
  int64_t (*now)(void* clock);
  void* clock;
  uint64_t key_cache_nodes; /* Nodes of the key tree kept opened in each session; 0: 2,048. */
  /* How long the book may lie untouched before a clock that far ahead has to be confirmed; 0: 62
   * days. */
  uint32_t longest_pause_days;
  /* Obligations that the host fulfils in all it does with what leaves, bit n: docs/consent.md. A
   * review by a person is none of them. */
  uint32_t discharges;
  /* What opens a sealed root key, one of the two, and what a new book's is sealed with; NULL: it is
   * not sealed. UTF-8, one line end behind it is no part of it. */
  const char* passphrase;
  size_t passphrase_size;
  const char* identity_file; /* Path of a key file, or of a file of age's identities; or the address
                              * of a key in a token ("pkcs11:...", RFC 7512). */
  size_t identity_file_size;
  /* Told what happens in the book, for the host's own log; NULL: nobody. `event` is JSON
   * (docs/c_abi.md), valid within the call: a look before anything is shown, an entry of the ledger
   * once it is durable, an alarm when it is raised. It is called from the thread that calls the
   * library and must not call it; `listener` must outlive the book and its sessions. */
  void (*heard)(void* listener, const char* event, size_t event_size);
  void* listener;
  /* At how many customers a question looks one by one at most, since no index says anything of
   * them: one that would look at more is refused (limit_exceeded). 0: at all of them. */
  uint64_t most_scanned;
} clientbook_book_options;

typedef struct clientbook_new_book {
  size_t struct_size;
  const char* profile; /* Law profile: strict, gdpr, us, us_ca. Needed. */
  size_t profile_size;
  const uint8_t* schema; /* docs/format/record.md; NULL: the built-in fields. */
  size_t schema_size;
  uint32_t
      suite; /* 0: the best that this machine has; else the number of docs/format/sealing.md. */
  uint32_t reserved;
  /* Numbers of the purposes that the shop keeps data for where a call names none; NULL: the usual
   * ones. */
  const uint8_t* purposes;
  size_t purposes_size;
  /* Further law profiles, for customers who live elsewhere, with commas between them; NULL: none.
   */
  const char* further_profiles;
  size_t further_profiles_size;
} clientbook_new_book;

/* A new book in the folder `path`, its root key in the file `key_path`. Errors: already_exists,
 * invalid_argument (no profile, a purpose there is not, the key beside the book, a struct),
 * not_found (profile), permission_denied,
 * disk_full, locked, io_error. Also invalid_argument: a profile twice, or more than eight. */
clientbook_status clientbook_book_create(
    clientbook_context* context, const char* path, size_t path_size, const char* key_path,
    size_t key_path_size, const clientbook_new_book* what,
    CLIENTBOOK_MAY_BE_NULL const clientbook_book_options* options, clientbook_handle* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Writes a book of an older format in the newest one; does nothing to one that is. Formats before
 * and after in *from and *to. Whole or not at all. Errors: as clientbook_book_open. */
clientbook_status clientbook_book_upgrade(
    clientbook_context* context, const char* path, size_t path_size, const char* key_path,
    size_t key_path_size, CLIENTBOOK_MAY_BE_NULL const clientbook_book_options* options,
    uint32_t* from, uint32_t* to, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors: not_found, not_a_book, newer_format, older_format (upgrade it), key_unavailable (also:
 * the key is sealed and nothing was given to open it with, clientbook_key_slots), wrong_key (also:
 * what was given opens no slot), version_mismatch (a copy from before an erasure), damaged, locked,
 * invalid_state (this process has it open), permission_denied, io_error. */
clientbook_status clientbook_book_open(
    clientbook_context* context, const char* path, size_t path_size, const char* key_path,
    size_t key_path_size, CLIENTBOOK_MAY_BE_NULL const clientbook_book_options* options,
    clientbook_handle* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same with another root cell; its handle may be closed afterwards. */
clientbook_status clientbook_book_create_with_cell(
    clientbook_context* context, const char* path, size_t path_size, clientbook_handle cell,
    const clientbook_new_book* what, CLIENTBOOK_MAY_BE_NULL const clientbook_book_options* options,
    clientbook_handle* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_book_open_with_cell(
    clientbook_context* context, const char* path, size_t path_size, clientbook_handle cell,
    CLIENTBOOK_MAY_BE_NULL const clientbook_book_options* options, clientbook_handle* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A book that lives as long as its handle and sessions, with its root key: for tests and
 * short-lived work. */
clientbook_status clientbook_book_create_in_memory(
    clientbook_context* context, const clientbook_new_book* what,
    CLIENTBOOK_MAY_BE_NULL const clientbook_book_options* options, clientbook_handle* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- sessions ------------------------------------------------------------------------------- */

enum {
  CLIENTBOOK_ROLE_ASSOCIATE = 1,
  CLIENTBOOK_ROLE_MANAGER = 2,
  CLIENTBOOK_ROLE_PRIVACY_OFFICER = 3,
  CLIENTBOOK_ROLE_SECURITY_OFFICER = 4,
  CLIENTBOOK_ROLE_AUDITOR = 5,
  CLIENTBOOK_ROLE_SERVICE = 6,
  CLIENTBOOK_ROLE_OWNER = 7,    /* A shop of one. */
  CLIENTBOOK_ROLE_MARKETING = 8 /* Lists of those who agreed. */
};

/* The book, opened by an actor that the host has authenticated. `actor` is not 0. Errors of every
 * call of a session, beside its own: role_denied (clientbook_roles: who may), case_required (under
 * that purpose an open case must name the customer), budget_spent (what tells of a customer, and
 * look-ups), clock_ahead (changes), not_found (no such customer), key_erased
 * (erased), wrong_key, version_mismatch, row_missing, authentication_failed, damaged, io_error,
 * disk_full, invalid_state. */
clientbook_status clientbook_session_begin(clientbook_context* context, clientbook_handle book,
                                           uint32_t actor, uint32_t role, clientbook_handle* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* All calls up to the commit are one; closing the session undoes them. */
clientbook_status clientbook_session_begin_transaction(
    clientbook_context* context, clientbook_handle session,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_commit(clientbook_context* context, clientbook_handle session,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_rollback(clientbook_context* context,
                                              clientbook_handle session,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Where the JSON that this session refused last was wrong: a JSON pointer (RFC 6901), which quotes
 * names of members and never values; empty if the text was no JSON or nothing was refused. */
clientbook_status clientbook_session_where(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- keeping -------------------------------------------------------------------------------- */

/* What something is kept for, wherever `purposes` are asked for here: numbers, of which one must
 * permit it; NULL or none: what the shop keeps data for (clientbook_new_book). A number that is no
 * purpose: unknown_field. */

/* Adds a customer. `record` is JSON or CBOR; `directives` is a JSON array of what the customer has
 * just decided (docs/c_abi.md), NULL: nothing. With `left_out` fields without a basis are left out
 * and named there (bit n: field n) instead of refusing the record. Errors, `at` the field:
 * no_basis (0: nothing that names or reaches the customer may be kept), already_exists (an
 * external id of another customer), card_data_refused, those of validation; of the texts: as a
 * record's, unknown_notice, back_dated. */
clientbook_status clientbook_session_put(
    clientbook_context* context, clientbook_handle session, uint32_t form, const uint8_t* record,
    size_t record_size, CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes, size_t purposes_size,
    CLIENTBOOK_MAY_BE_NULL const char* directives, size_t directives_size,
    CLIENTBOOK_MAY_BE_NULL uint64_t* left_out, clientbook_id* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What the shop keeps data for where a call names no purpose: numbers, one byte each. */
clientbook_status clientbook_session_purposes(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Why a field of this customer would not be kept now: the code of a decision (docs/evaluate.md);
 * 0: it would be. */
clientbook_status clientbook_session_why_not_kept(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, uint8_t field,
                                                  CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes,
                                                  size_t purposes_size, uint32_t* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What each field is kept for: a JSON object by field of purposes, since, by. */
clientbook_status clientbook_session_kept_for(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Whose fields have outlived the last purpose that they are kept for: a JSON array of customer and
 * fields. Nothing is removed. */
clientbook_status clientbook_session_due(clientbook_context* context, clientbook_handle session,
                                         clientbook_bytes* out,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Which fields put would keep (bit n: field n). */
clientbook_status clientbook_session_may_collect(clientbook_context* context,
                                                 clientbook_handle session,
                                                 CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes,
                                                 size_t purposes_size,
                                                 CLIENTBOOK_MAY_BE_NULL const char* directives,
                                                 size_t directives_size, uint64_t* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same of somebody born on that day, YYYYMMDD; 0: nobody has said when. Errors: also
 * invalid_value (a day on which nobody can be born). */
clientbook_status clientbook_session_may_collect_born(
    clientbook_context* context, clientbook_handle session, uint32_t born,
    CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes, size_t purposes_size,
    CLIENTBOOK_MAY_BE_NULL const char* directives, size_t directives_size, uint64_t* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Somebody said when the customer was born (YYYYMMDD), and the record does not get it: of what was
 * ever said the latest counts for what a consent is worth. Changes no field. Errors: also
 * invalid_value (a day on which nobody can be born). */
clientbook_status clientbook_session_note_birth_date(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t born, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Replaces the fields of `record`, keeps all others. */
clientbook_status clientbook_session_update(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, uint32_t form,
                                            const uint8_t* record, size_t record_size,
                                            CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes,
                                            size_t purposes_size,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Adds to what is there, drops, replaces and removes, all in one transaction: `edit` is JSON,
 * {"add": {...}, "drop": {"emails": ["old@example.com"]}, "change": {"tasks": [{"seen": {...},
 * "to": {"state": "done"}}]}, "set": {...}, "remove": ["likes"], "make_room": true}
 * (docs/c_abi.md). `changed` (bit n: field n) may be NULL. Errors: as update; denied (`at`: a field
 * that none of the purposes shows as it is, so that it can only be set whole), already_exists (the
 * record has all of it), not_found (nothing to drop or remove, or nothing that is as it was seen),
 * limit_exceeded (a list would be too long: with make_room its oldest go). Not inside a
 * transaction. */
clientbook_status clientbook_session_edit(clientbook_context* context, clientbook_handle session,
                                          const clientbook_id* customer, const char* edit,
                                          size_t edit_size,
                                          CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes,
                                          size_t purposes_size,
                                          CLIENTBOOK_MAY_BE_NULL uint64_t* changed,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Removes what one of the purposes may alter, or what nothing keeps any more. Errors: denied. */
clientbook_status clientbook_session_remove(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, uint8_t field,
                                            CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes,
                                            size_t purposes_size,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Appends one receipt with its lines; `sequence` is its number from 1. */
clientbook_status clientbook_session_append_purchase(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t form, const uint8_t* purchase, size_t purchase_size,
    CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes, size_t purposes_size, uint32_t* sequence,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

enum { CLIENTBOOK_NUMBER_REFUSED = 0, CLIENTBOOK_NUMBER_REPLACED = 1, CLIENTBOOK_NUMBER_KEPT = 2 };
typedef struct clientbook_note_policy {
  size_t struct_size;
  uint32_t cards;            /* CLIENTBOOK_NUMBER_...; kept refuses them too. */
  uint32_t identity_numbers; /* CLIENTBOOK_NUMBER_... */
} clientbook_note_policy;

/* `sequence` is its place among the notes that this actor sees. Errors: also card_data_refused and
 * identity_number_refused, as the policy says; invalid_state (for the store, and neither the writer
 * nor the customer has one), invalid_value (`by` or `store` of somebody else), limit_exceeded
 * (pinned, and as many are). */
clientbook_status clientbook_session_append_note(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t form, const uint8_t* note, size_t note_size,
    CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes, size_t purposes_size,
    CLIENTBOOK_MAY_BE_NULL const clientbook_note_policy* policy, uint32_t* sequence,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Pins a note, so that it warns whoever serves the customer (`pinned` not 0), or no longer; `place`
 * is its place among the notes that this actor sees. Errors: as append_note; not_found (no such
 * note that the actor sees, or none that is pinned), already_exists (it is pinned), invalid_value
 * (it is not for all), limit_exceeded (so many may be). */
clientbook_status clientbook_session_pin_note(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t place, uint8_t pinned, CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes,
    size_t purposes_size, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

enum {
  CLIENTBOOK_MERGE_COMPLETE = 0, /* What the book has stays; what it lacks is added. */
  CLIENTBOOK_MERGE_RENEW = 1     /* What a file brought is replaced; no consent is widened. */
};
/* What a file says of a customer whom the book has, `record` and `directives` as
 * clientbook_session_put takes them; `out` is JSON without values: the keys of fields `added`,
 * `replaced`, `kept` (the book has them otherwise), `conflicts` (of these, those of which the file
 * says something new) and `left_out` with the reason, and how many directives were `recorded`,
 * `repeated`, `back_dated`, `not_widened`. What somebody changed in the book stays. Errors: those
 * of the texts, not_found, as clientbook_session_put. */
clientbook_status clientbook_session_merge(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t form, const uint8_t* record, size_t record_size,
    CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes, size_t purposes_size,
    CLIENTBOOK_MAY_BE_NULL const char* directives, size_t directives_size, uint32_t rule,
    clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- the customer decides ------------------------------------------------------------------- */

/* Who would have what, for what. */
typedef struct clientbook_request {
  size_t struct_size;
  uint64_t fields; /* Bit n: field n; 0: all (disclose: whatever is permitted, else all of these or
                      nothing). */
  uint8_t purpose; /* Needed. */
  uint8_t recipient; /* A class, or a party of the book; 0: the shop itself. */
  uint8_t operation; /* Taken if has_operation is 1; else `use`. Disclose ignores it. */
  uint8_t has_operation;
  char country[2];   /* ISO 3166-1 alpha-2, where the data goes; NULs: where the registry says. */
  uint16_t reserved; /* 0: what is discharged a book is told when it is opened. */
} clientbook_request;

/* Appends a directive, a JSON object (docs/c_abi.md). Errors: those of the text; unknown_notice,
 * back_dated. */
clientbook_status clientbook_session_record(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, const char* directive,
                                            size_t directive_size, uint32_t* sequence,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same, and what it did: JSON with `sequence`, `opened` and `closed` (cells of recipient,
 * purpose, operation, fields), and `opens_nothing_because` where a permission opens nothing. */
clientbook_status clientbook_session_record_and_tell(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const char* directive, size_t directive_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What of a customer's yes waits, since nobody but who noted it has said so: JSON, a list of
 * {"sequence", "noted_at", "noted_by", "until", "asked", "purposes", "recipients", "notice"},
 * oldest first. */
clientbook_status clientbook_session_waiting(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* customer, clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A second person has the document before them that shows it: the consent counts from now on, with
 * the document's hash as its evidence. `reference`: where it lies, at most 64 bytes. JSON as of
 * clientbook_session_record_and_tell. Errors: not_found (nothing of that number waits),
 * second_person_required (who has noted it), missing_field (an empty document), invalid_state (30
 * days are over, or the customer has said no since), invalid_value (`reference` says that it is a
 * double opt-in). */
clientbook_status clientbook_session_confirm_consent(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t sequence, const uint8_t* document, size_t document_size,
    CLIENTBOOK_MAY_BE_NULL const char* reference, size_t reference_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A token to be sent to the customer: JSON {"token", "until"}. Who has it speaks for them. Errors:
 * as clientbook_session_confirm_consent. */
clientbook_status clientbook_session_ask_opt_in(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer, uint32_t sequence,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The customer has brought it back: the consent counts from now on. Errors: not_found (no such
 * token, used, over, or the customer has said no since), second_person_required (who was handed
 * it). */
clientbook_status clientbook_session_bring_opt_in(clientbook_context* context,
                                                  clientbook_handle session, const char* token,
                                                  size_t token_size, uint32_t* sequence,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Somebody has a document before them that shows how old the customer is: noted, for a second
 * person to see it too; changes nothing by itself. `proof`: JSON {"document": "identity_card" |
 * "passport" | "driving_licence" | "residence_permit" | "birth_certificate" | "other", "born":
 * "1980-02-29" or "at_least": 18, "reference", "hash": 64 digits of the document's}, the last two
 * of which may be left out. Errors: those of the text, role_denied, missing_field, invalid_value (a
 * day that nobody can be born on, an age beyond 130, both). */
clientbook_status clientbook_session_note_age_proof(clientbook_context* context,
                                                    clientbook_handle session,
                                                    const clientbook_id* customer,
                                                    const char* proof, size_t proof_size,
                                                    uint32_t* sequence,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Another person has it before them, and says what they see: the customer counts as of that age for
 * what is agreed to from then on, and nothing opens by itself. JSON as of
 * clientbook_session_record_and_tell. Counts as a look-up. Errors: also not_found (nothing of that
 * number waits), second_person_required (who has noted it), invalid_value (it is not what was
 * noted), invalid_state (30 days are over, or a younger age was told since). */
clientbook_status clientbook_session_confirm_age_proof(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    uint32_t sequence, const char* proof, size_t proof_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Those that wait, without the day: JSON, a list of {"sequence", "document", "noted_by",
 * "noted_at", "until"}, oldest first. */
clientbook_status clientbook_session_age_proofs(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same where a signal speaks of children: appended if the customer is known to be from `from`
 * up to, not including, `below` years old; else *sequence is 0 and nothing was. */
clientbook_status clientbook_session_record_at_age(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer,
                                                   const char* directive, size_t directive_size,
                                                   int32_t from, int32_t below, uint32_t* sequence,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A plain no of whoever has this external id, for whom clientbook_session_find leads to nobody
 * since the customer is somebody else's, or whose look-ups are spent: nothing says whether there is
 * such a customer. Errors: not_found (nobody, to whoever reaches everybody), invalid_argument (no
 * plain no), role_denied. */
clientbook_status clientbook_session_record_no(clientbook_context* context,
                                               clientbook_handle session, const char* system,
                                               size_t system_size, const char* value,
                                               size_t value_size, const char* directive,
                                               size_t directive_size,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same of everybody who has one of the record's ids, e-mail addresses or phone numbers, also of
 * whom this actor does not reach or may not see it. Outside a transaction it reads everybody.
 * Errors: also missing_field (nothing to know them by). */
clientbook_status clientbook_session_record_no_of(clientbook_context* context,
                                                  clientbook_handle session, uint32_t form,
                                                  const uint8_t* record, size_t record_size,
                                                  const char* directive, size_t directive_size,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* How it is known where a customer lives. */
enum {
  CLIENTBOOK_KNOWN_BY_ADDRESS = 1,  /* It may tighten, and opens nothing. */
  CLIENTBOOK_KNOWN_BY_CUSTOMER = 2, /* Their own word. */
  CLIENTBOOK_KNOWN_BY_OFFICER = 3   /* Somebody of the shop, with evidence. */
};
/* Where a customer lives, in a book of several law profiles: `law` is the profile's name. A
 * directive, and an entry of the ledger. Which state's ages hold, and whether the customer works
 * for the shop, says a directive of the kind "move" ("state", "works_here"). Errors: not_found (a
 * law that the book does not follow), missing_field (an officer's word without evidence),
 * role_denied. */
clientbook_status clientbook_session_move(clientbook_context* context, clientbook_handle session,
                                          const clientbook_id* customer, const char* law,
                                          size_t law_size, uint32_t known_by,
                                          CLIENTBOOK_MAY_BE_NULL const char* evidence,
                                          size_t evidence_size, uint32_t* sequence,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Which laws hold of a customer, JSON: {"laws": [names], "confirmed": name or null, "state": two
 * letters or null, "employed": boolean}. What all of them permit is permitted. */
clientbook_status clientbook_session_jurisdiction(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer,
                                                  clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Records what a signal or another system's record says of the customer, a JSON object of texts
 * (docs/c_abi.md); gives counts as JSON. Not inside a transaction. Errors: those of the texts,
 * unknown_notice, not_found (a vendor's recipient). */
clientbook_status clientbook_session_import_consents(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const char* said, size_t said_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same of what signals of whoever has this external id say no to; what would open something is
 * left out. Errors: as clientbook_session_record_no. */
clientbook_status clientbook_session_import_noes(clientbook_context* context,
                                                 clientbook_handle session, const char* system,
                                                 size_t system_size, const char* value,
                                                 size_t value_size, const char* said,
                                                 size_t said_size, clientbook_bytes* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Imports customers, all or none: `request` is JSON, {"map": text, "folder"}, {"files": [path],
 * "system", "region", "year"} (a known export, or a table that is wholly understood) or {"vcards":
 * path, "system", "region"}, with "purposes", "skip_bad_rows", "known", "dry_run", "notice",
 * "take_erased", "came_back", "as_of" (docs/c_abi.md); gives counts as JSON, with each row that was
 * left out and why. Not inside a transaction. When it fails, `where` of the session is the file,
 * line and column. */
clientbook_status clientbook_session_import_customers(
    clientbook_context* context, clientbook_handle session, const char* request,
    size_t request_size, clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* All of them as a JSON array, oldest first. */
clientbook_status clientbook_session_directives(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What a customer said, in a form that others read: `request` is JSON, {"format": "27560" (a record
 * of ISO/IEC TS 27560) | "receipt" (of it, signed) | "kantara" | "gpp", "directive": its number,
 * "section": "usnat", "controller", "address", "contact", "notice_language", "notice_url",
 * "jurisdiction", "storage_location", "retention", "withdrawal_method"}, all but the first may be
 * left out; gives {"format", "text"}, and of a receipt the "key" that checks it. Errors: those of
 * the text; not_found (no such number), unsupported. */
clientbook_status clientbook_session_export_consent(clientbook_context* context,
                                                    clientbook_handle session,
                                                    const clientbook_id* customer,
                                                    const char* request, size_t request_size,
                                                    clientbook_bytes* out,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Why a field is shown for that request or not, in one or two sentences; `language` is a BCP 47
 * tag, NULL: English. */
clientbook_status clientbook_session_explain(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* customer,
                                             const clientbook_request* request, uint8_t field,
                                             CLIENTBOOK_MAY_BE_NULL const char* language,
                                             size_t language_size, clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same of one e-mail address, phone number or address of the customer, of that field. Counts as
 * a look-up. Errors: also not_found. */
clientbook_status clientbook_session_explain_contact(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const clientbook_request* request, uint8_t field, const char* value, size_t value_size,
    CLIENTBOOK_MAY_BE_NULL const char* language, size_t language_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What a grant of this customer, or consent to a notice by somebody new, would open: JSON,
 * docs/c_abi.md. */
clientbook_status clientbook_session_preview_grant(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer,
                                                   const char* directive, size_t directive_size,
                                                   clientbook_bytes* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_preview_notice(clientbook_context* context,
                                                    clientbook_handle session, const char* notice,
                                                    size_t notice_size, clientbook_bytes* out,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- reading -------------------------------------------------------------------------------- */

/* What the purpose shows of the customer; `fields` 0: all. `form` is CLIENTBOOK_FLAT or
 * CLIENTBOOK_JSON. */
clientbook_status clientbook_session_read(clientbook_context* context, clientbook_handle session,
                                          const clientbook_id* customer, uint8_t purpose,
                                          uint64_t fields, uint32_t form, clientbook_bytes* out,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* As another recipient would be shown it; nothing leaves and nothing is logged. */
clientbook_status clientbook_session_preview(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* customer,
                                             const clientbook_request* request, uint32_t form,
                                             clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The newest `most` (0: all), oldest first, as JSON: {"state", "value"}. */
clientbook_status clientbook_session_purchases(clientbook_context* context,
                                               clientbook_handle session,
                                               const clientbook_id* customer, uint8_t purpose,
                                               size_t most, clientbook_bytes* out,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Those that the actor sees: of a note that is not for all its author, or who belongs to its store;
 * under a purpose of a case all. */
clientbook_status clientbook_session_notes(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, uint8_t purpose,
                                           size_t most, clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The pinned ones of these: what warns at the till. */
clientbook_status clientbook_session_pinned_notes(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, uint8_t purpose,
                                                  clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
enum { CLIENTBOOK_PURCHASES = 1, CLIENTBOOK_NOTES = 2, CLIENTBOOK_PINNED_NOTES = 3 };
/* The same, flat (CLIENTBOOK_FLAT): a block whose one field is a list of the items, docs/format/
 * flat_view.md; or as JSON. `kind` is one of these. Errors: invalid_argument (the kind). */
clientbook_status clientbook_session_items(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, uint8_t purpose,
                                           uint32_t kind, size_t most, uint32_t form,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Notes without what names these customers too (`hidden`: ids of 16 bytes each): a copy for the
 * customer themselves, in which others shall not stand. JSON as of clientbook_session_notes.
 * Errors: invalid_argument (not whole ids), limit_exceeded (more than 64 of them, or values). */
clientbook_status clientbook_session_notes_without(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer, uint8_t purpose,
                                                   const uint8_t* hidden, size_t hidden_size,
                                                   size_t most, clientbook_bytes* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Countries of the shop ("DE,AT"), whose phone and identity numbers are looked for in texts of this
 * session beside those of the customer's countries. Errors: invalid_argument. */
clientbook_status clientbook_session_set_text_regions(
    clientbook_context* context, clientbook_handle session, const char* regions,
    size_t regions_size, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* What the host finds in a text beside what the library does: its own numbers, names by a model. */
typedef struct clientbook_text_finder {
  size_t struct_size;
  void* context; /* Passed to `find`; must outlive the session. */
  /* Needed. Puts the beginnings and ends of what it finds, in bytes, one after the other and in any
   * order, into `places`, which has room for 2 * `most`, and returns how many there are: if more,
   * it is called again with room. SIZE_MAX: it could not look; then the text is not shown, nor
   * where a place is not between two code points. It must not call the library. */
  size_t (*find)(void* context, const char* text, size_t text_size, uint64_t* places, size_t most);
  uint32_t names; /* 1: what it finds are names of people, not the shop's own. */
} clientbook_text_finder;
/* Hidden wherever this session redacts a text. NULL: nothing more. Errors: invalid_argument. */
clientbook_status clientbook_session_set_text_finder(
    clientbook_context* context, clientbook_handle session,
    CLIENTBOOK_MAY_BE_NULL const clientbook_text_finder* finder,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What the purchases that the purpose shows add up to, as JSON: {"purchases", "first_purchase",
 * "last_purchase", "last_visit", "returned_pieces", "without_amount", "spend": [{"currency",
 * "spent", "returned"}]}. Errors: denied (they are not shown as they are), limit_exceeded (amounts
 * beyond 64 bits). */
clientbook_status clientbook_session_figures_of(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer, uint8_t purpose,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The customer with that external id. Errors: not_found. */
clientbook_status clientbook_session_find(clientbook_context* context, clientbook_handle session,
                                          const char* system, size_t system_size, const char* value,
                                          size_t value_size, clientbook_id* out,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* How a search answers. */
enum {
  CLIENTBOOK_SEARCH_AUTOMATIC = 0,
  CLIENTBOOK_SEARCH_SCAN = 1,
  CLIENTBOOK_SEARCH_MEMORY = 2,
  CLIENTBOOK_SEARCH_SEALED = 3 /* The index at rest, for this question alone; else a scan. */
};
typedef struct clientbook_search_options {
  size_t struct_size;
  uint64_t fields; /* Shown of each hit, bit n: field n; 0: name, e-mails, phones, external ids. */
  uint32_t most;   /* Hits, at most 1000; 0: 20. */
  uint32_t path;   /* CLIENTBOOK_SEARCH_... */
  uint32_t as_typed; /* 1: without typing errors. */
} clientbook_search_options;

/* Whoever answers to what somebody typed: words of names, digits of phones, the beginning of an
 * e-mail address, ids; best first: JSON (docs/c_abi.md). Nobody of whom the purpose may not query
 * what answers. Errors: invalid_argument (less than two letters or three digits), invalid_encoding,
 * limit_exceeded. */
clientbook_status clientbook_session_search(
    clientbook_context* context, clientbook_handle session, const char* typed, size_t typed_size,
    uint8_t purpose, CLIENTBOOK_MAY_BE_NULL const clientbook_search_options* options,
    clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Who has exactly this e-mail address (field 2), phone number (3) or external id (14, of `system`):
 * their ids, 16 bytes each. Errors: not_found (nobody whom the purpose may find by it),
 * invalid_argument (another field, nothing to look for). */
clientbook_status clientbook_session_find_exactly(clientbook_context* context,
                                                  clientbook_handle session, uint8_t field,
                                                  CLIENTBOOK_MAY_BE_NULL const char* system,
                                                  size_t system_size, const char* value,
                                                  size_t value_size, uint8_t purpose,
                                                  clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Builds the index at rest, or brings it up to date: one transaction of about `most` customers that
 * goes on where this session's last one ended. `left`: customer numbers to go; call it until that
 * is 0. Answers are the same before, during and after. Programs from before there was an index
 * refuse the book from then on. Errors: invalid_argument (`most` is 0), invalid_state (inside
 * begin() ... commit()), role_denied. */
clientbook_status clientbook_session_build_index(clientbook_context* context,
                                                 clientbook_handle session, uint32_t most,
                                                 uint64_t* left,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Takes it out of the book. Errors: role_denied. */
clientbook_status clientbook_session_drop_index(clientbook_context* context,
                                                clientbook_handle session,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What lies at rest, for how many customers it is up to date, and what each way to search tells
 * whom: JSON (docs/c_abi.md). Errors: role_denied. */
clientbook_status clientbook_session_index_plan(clientbook_context* context,
                                                clientbook_handle session, clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Who has a day that comes, has not bought for long, likes this and takes that size: `request` and
 * answer are JSON (docs/c_abi.md). `fields` 0: name, phones, external ids. */
clientbook_status clientbook_session_list_customers(clientbook_context* context,
                                                    clientbook_handle session, const char* request,
                                                    size_t request_size, uint8_t purpose,
                                                    uint64_t fields, clientbook_bytes* out,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Who may be in the book twice: `request` is {"of": [ids], "most": 100}, {} for all pairs of the
 * book; the answer {"pairs": [{"first", "second", "shared": [{"field", "in_first", "in_second"}],
 * "names", "same_postcode", "same_birth_date"}], "more", "not_same", "crowded", "unreadable"}
 * (docs/duplicates.md). Not inside begin() ... commit(). */
clientbook_status clientbook_session_duplicates(clientbook_context* context,
                                                clientbook_handle session, const char* request,
                                                size_t request_size, uint8_t purpose,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* These two are two people, and are told of no more. Errors: already_exists, invalid_argument (one
 * customer), limit_exceeded. */
clientbook_status clientbook_session_note_not_same(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* one,
                                                   const clientbook_id* other,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors: not_found (nobody has said so of them). */
clientbook_status clientbook_session_forget_not_same(
    clientbook_context* context, clientbook_handle session, const clientbook_id* one,
    const clientbook_id* other, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Makes two customers one, or tells what would become of each field: `request` is {"take":
 * ["name"], "only_tell": true}, {} for neither; the answer {"fields": [{"field", "fate", "added",
 * "alike", "why"}], "directives", "waiting", "associates", "closed", "receipt"}
 * (docs/duplicates.md). Not inside begin() ... commit(). Errors: invalid_argument (one customer),
 * already_exists (`goes` is a part already), invalid_state (two people; a restriction; `goes` has
 * parts), kept_by_law (a hold, a case, a request), limit_exceeded. */
clientbook_status clientbook_session_merge_customers(
    clientbook_context* context, clientbook_handle session, const clientbook_id* stays,
    const clientbook_id* goes, const char* request, size_t request_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Two again, by the id of the part: {"restored", "as_they_are", "purchases", "notes", "noes",
 * "receipt"}. Errors: not_found (a part of nobody), deadline_passed, kept_by_law. */
clientbook_status clientbook_session_unmerge(clientbook_context* context, clientbook_handle session,
                                             const clientbook_id* part, clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Whose id that is now, and who is a part of them: {"customer", "parts": [{"id", "since", "by",
 * "until"}]}. */
clientbook_status clientbook_session_parts(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* How many customers may be reached: `field` is permitted for that request. */
clientbook_status clientbook_session_count_permitted(
    clientbook_context* context, clientbook_handle session, const clientbook_request* request,
    uint8_t field, uint64_t* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Walks over all customers: whoever is in the book at this call and is not erased before their turn
 * is visited once. Changes of a transaction under way are not seen. The cursor is a handle of its
 * own. `fields` 0: all. */
clientbook_status clientbook_session_scan(clientbook_context* context, clientbook_handle session,
                                          uint8_t purpose, uint64_t fields, clientbook_handle* out,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The next `most` views (0: 256, at most 65,536), flat, as one block: docs/c_abi.md. `count` 0:
 * that was all. */
clientbook_status clientbook_cursor_next(clientbook_context* context, clientbook_handle cursor,
                                         size_t most, clientbook_bytes* out, uint32_t* count,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Purchases or notes (CLIENTBOOK_PURCHASES, CLIENTBOOK_NOTES) of the next `most` customers of the
 * walk, instead of their views: a batch of blocks of items, each with its customer's id in the
 * header. */
clientbook_status clientbook_cursor_items(clientbook_context* context, clientbook_handle cursor,
                                          uint32_t kind, size_t most, clientbook_bytes* out,
                                          uint32_t* count,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* How many customers share each combination of values, with noise: `request` is JSON, {"purpose",
 * "columns": [{"field", "by": an operator, which may be left out}], "k": 10, "small": "suppress" |
 * "refuse", "noise_scale": 2}, the last three may be left out; gives {"rows": [{"values",
 * "people"}], "suppressed", "ledger_index"}. An entry of the ledger. Not inside a transaction.
 * Errors: those of the text; group_too_small, unknown_field, invalid_argument. */
clientbook_status clientbook_session_tabulate(clientbook_context* context,
                                              clientbook_handle session, const char* request,
                                              size_t request_size, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Tokens. A field that a decision wants as a token is withheld until the session is told whose
 * private key turns its tokens back: `key` is the public one, 32 bytes. */
clientbook_status clientbook_session_set_token_reversal(
    clientbook_context* context, clientbook_handle session, const uint8_t* key, size_t key_size,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The public key, 32 bytes, of 32 bytes or more that nobody can guess. Errors: weak_key. */
clientbook_status clientbook_reversal_key(const uint8_t* secret, size_t secret_size,
                                          clientbook_bytes* out,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Turns a token of this book, field and purpose back, by the same secret; an entry of the ledger is
 * durable before. Not inside a transaction. Errors: role_denied unless a privacy officer,
 * unknown_field, authentication_failed (not such a token, or of another key), weak_key. */
clientbook_status clientbook_session_reverse_token(clientbook_context* context,
                                                   clientbook_handle session, const char* token,
                                                   size_t token_size, uint8_t field,
                                                   uint8_t purpose, const uint8_t* secret,
                                                   size_t secret_size, clientbook_bytes* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- passing on ----------------------------------------------------------------------------- */

/* Writes the ledger, then hands out what left. Not inside a transaction. `entry` names the entry.
 * Errors: denied (`at`: a field that is not permitted, or 0 if nothing is), obligation_unsupported.
 */
clientbook_status clientbook_session_disclose(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const clientbook_request* request, uint32_t form, clientbook_bytes* out, uint64_t* ledger_index,
    CLIENTBOOK_MAY_BE_NULL clientbook_id* entry, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same for many at once, of each what is permitted of the fields that were asked for, purchases
 * and notes among them: one commit. `customers` are ids of 16 bytes each, at most 1,000; `out` is a
 * JSON array in their order of `customer`, `permitted`, and where something left `ledger_index`,
 * `entry`, `fields`, `purchases`, `notes`. Of whom nothing may leave there is no entry. Not inside
 * a transaction. Errors: obligation_unsupported, not_found, invalid_argument (not whole ids),
 * limit_exceeded. */
clientbook_status clientbook_session_disclose_many(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const uint8_t* customers, size_t customers_size,
                                                   const clientbook_request* request,
                                                   clientbook_bytes* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Says in the ledger that what an entry tells of did not get out: a printer without paper, a reader
 * that went away. The entry stays. Not inside a transaction. Errors: not_found (not an entry about
 * that customer), invalid_argument (nothing left by it, or it is told already). */
clientbook_status clientbook_session_not_delivered(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer,
                                                   uint64_t ledger_index,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Where the files of an export go. Called from the calling thread; must not call the library with
 * the same session. */
typedef struct clientbook_sink {
  size_t struct_size;
  void* context;
  /* Needed. Returns how many bytes are out of its hands; fewer than all: no more will be. */
  size_t (*write)(void* context, const char* file, size_t file_size, const char* bytes,
                  size_t size);
  /* NULL: what is written has got out. Else nothing has before this says so: not 0. */
  int (*finish)(void* context);
} clientbook_sink;

/* Passes on what of everybody a purpose permits, the ledger first: `request` is JSON, {"purpose",
 * "to", "form": "csv" | "one_csv" | "json_lines" | "vcards", "fields", "country"}; gives counts as
 * JSON, of which `delivered` is false where not all got out, as the ledger then says too. Not
 * inside a transaction. Errors: denied (nothing of anybody may leave), unsupported (a field that
 * the form has no place for). */
clientbook_status clientbook_session_export_customers(
    clientbook_context* context, clientbook_handle session, const char* request,
    size_t request_size, const clientbook_sink* sink, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Where a customer's information has gone: JSON, oldest first. */
clientbook_status clientbook_session_ledger(clientbook_context* context, clientbook_handle session,
                                            const clientbook_id* customer, clientbook_bytes* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Proof that an entry is in the ledger, to be checked without the book: a text for
 * clientbook_check_proof(). */
clientbook_status clientbook_session_prove(clientbook_context* context, clientbook_handle session,
                                           uint64_t index, clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The newest checkpoint, a signed note, and what a verifier pins. */
clientbook_status clientbook_session_checkpoint(clientbook_context* context,
                                                clientbook_handle session, clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_log_identity(clientbook_context* context,
                                                  clientbook_handle session, clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What the proof shows, as JSON. Errors: invalid_encoding, signature_invalid, proof_invalid. */
clientbook_status clientbook_check_proof(const char* proof, size_t proof_size,
                                         const char* log_identity, size_t log_identity_size,
                                         clientbook_bytes* out,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Seals the ledger up to now with this epoch's key, which is destroyed, and begins the next one:
 * {"epoch", "from", "key"}. Write the key down outside the book. Not inside a transaction.
 * Errors: invalid_state (no entry yet), limit_exceeded. */
clientbook_status clientbook_session_end_epoch(clientbook_context* context,
                                               clientbook_handle session, clientbook_bytes* out,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* All seals with all it takes to check them without the book: a text for clientbook_check_seals().
 */
clientbook_status clientbook_session_seals(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What the seals show, as JSON; `known`: the key of an epoch that was written down when it was new,
 * NULL: nobody has one, and whoever stole the log's own key may have made them all. Errors:
 * invalid_encoding, signature_invalid, proof_invalid; `at`: the line. */
clientbook_status clientbook_check_seals(const char* seals, size_t seals_size,
                                         const char* log_identity, size_t log_identity_size,
                                         CLIENTBOOK_MAY_BE_NULL const char* known,
                                         size_t known_size, clientbook_bytes* out,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Everybody's entries with all it takes to check them without the book: a text for
 * clientbook_check_evidence(), which belongs to the customer. */
clientbook_status clientbook_session_evidence(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What the evidence shows, as JSON; `evidence` is that text or a page that contains it. Errors:
 * invalid_encoding, signature_invalid, proof_invalid, row_missing (an entry in between); `at`: the
 * line. */
clientbook_status clientbook_check_evidence(const char* evidence, size_t evidence_size,
                                            const char* log_identity, size_t log_identity_size,
                                            clientbook_bytes* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same, and that witnesses have cosigned the ledger that it goes on from: `policy` is JSON,
 * {"witnesses": ["<name>+<id>+<key>"], "required": 2}, without the latter all of them. Errors: also
 * signature_invalid (fewer than are required, `at`: how many), invalid_argument. */
clientbook_status clientbook_check_evidence_witnessed(
    const char* evidence, size_t evidence_size, const char* log_identity, size_t log_identity_size,
    const char* policy, size_t policy_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The state of a request as the Data Rights Protocol has it (Exercise Status): `how` is JSON,
 * {"request_id", "agent_request_id"}, each of which may be left out. Errors: not_found. */
clientbook_status clientbook_session_drp_status(clientbook_context* context,
                                                clientbook_handle session, uint32_t number,
                                                const char* how, size_t how_size,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A signed rqJWT of the Data Deletion Request Framework 1.0 for a recipient on the list of a
 * request of erasure: {"domain": "shop.example", "recipient": "Ads Ltd", "identifier": {"type",
 * "format", "value"}}. Errors: not_found, invalid_state, invalid_value. */
clientbook_status clientbook_session_deletion_request(
    clientbook_context* context, clientbook_handle session, uint32_t number, const char* what,
    size_t what_size, clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* dsrdelete.json with the key of these, {"endpoint": "https://..."}. Errors: invalid_value. */
clientbook_status clientbook_session_deletion_resource(
    clientbook_context* context, clientbook_handle session, const char* what, size_t what_size,
    clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What a partner has answered, an acJWT to that rqJWT, under its Ed25519 key (32 bytes): {"issuer",
 * "at", "code", "text"}. Errors: invalid_encoding, signature_invalid, invalid_value (to another
 * request), unsupported. */
clientbook_status clientbook_deletion_answer(const char* answer, size_t answer_size,
                                             const char* request, size_t request_size,
                                             const uint8_t* key, size_t key_size,
                                             clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A customer's entries as a Bundle of FHIR AuditEvents (R4). */
clientbook_status clientbook_session_ledger_fhir(clientbook_context* context,
                                                 clientbook_handle session,
                                                 const clientbook_id* customer,
                                                 clientbook_bytes* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Seals bytes to somebody's key, "age1..." (X25519), as a file that age and other programs of its
 * format open. Errors: invalid_encoding, unsupported, weak_key. */
clientbook_status clientbook_seal(const char* key, size_t key_size, const uint8_t* plaintext,
                                  size_t plaintext_size, clientbook_bytes* out,
                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The ledger as a log that others read, a file at a time (C2SP tlog-tiles): "checkpoint",
 * "tile/<level>/<n>[.p/<width>]", "tile/entries/<n>[.p/<width>]". Errors: not_found. */
clientbook_status clientbook_session_ledger_file(clientbook_context* context,
                                                 clientbook_handle session, const char* path,
                                                 size_t path_size, clientbook_bytes* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Whether the ledger goes on from a checkpoint of it that somebody kept, and how many entries it
 * had then. Errors: signature_invalid, invalid_encoding, rolled_back, proof_invalid. */
clientbook_status clientbook_session_goes_on_from(clientbook_context* context,
                                                  clientbook_handle session, const char* checkpoint,
                                                  size_t checkpoint_size, uint64_t* size,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Witnesses of the ledger: [{"name", "key", "seen", "size", "at", "note"}], what each has seen and
 * cosigned last (docs/rights.md). A witness is named by its key, "<name>+<id>+<key>". Errors:
 * invalid_encoding, unsupported, invalid_value (its name), already_exists, limit_exceeded;
 * not_found. */
clientbook_status clientbook_session_witnesses(clientbook_context* context,
                                               clientbook_handle session, clientbook_bytes* out,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_add_witness(clientbook_context* context,
                                                 clientbook_handle session, const char* key,
                                                 size_t key_size,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_remove_witness(clientbook_context* context,
                                                    clientbook_handle session, const char* name,
                                                    size_t name_size,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What a witness is asked: the host posts it to "<its address>/add-checkpoint". Errors: not_found,
 * invalid_state (no entry yet), rolled_back (it has seen more). */
clientbook_status clientbook_session_witness_request(
    clientbook_context* context, clientbook_handle session, const char* name, size_t name_size,
    clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What it has answered, {"request": "what was posted", "status": 200, "answer": "the body"}; what
 * came of it: {"cosigned", "size", "at"}. Not cosigned: it has seen another size, ask again.
 * Errors: not_found, signature_invalid, proof_invalid, rolled_back, invalid_encoding,
 * invalid_argument, invalid_state, io_error (`at`: the status). */
clientbook_status clientbook_session_take_witness_answer(
    clientbook_context* context, clientbook_handle session, const char* name, size_t name_size,
    const char* answer, size_t answer_size, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* "How far has my information gone?": a page of HTML for the customer, of whom an open case of
 * rights must say that they asked. `request` is JSON, {"language", "shop", "contact"}, each of
 * which may be left out. That the customer got it is an entry of the ledger, durable before this
 * returns, whose index is put into *ledger_index (UINT64_MAX: there was nothing to hand over):
 * where the page does not get out, tell clientbook_session_not_delivered(). */
clientbook_status clientbook_session_customer_page(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer,
                                                   const char* request, size_t request_size,
                                                   uint64_t* ledger_index, clientbook_bytes* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Where values of this customer stand in notes of others: JSON; `replace` not 0: these become
 * labels, for good. */
clientbook_status clientbook_session_mentions(clientbook_context* context,
                                              clientbook_handle session,
                                              const clientbook_id* customer, uint8_t purpose,
                                              uint32_t replace, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- values in tables of the host's own ------------------------------------------------------
 *
 * For a shop that keeps its customers where they are: the book holds their keys, what they have
 * said and where their data went (docs/existing_system.md). `cells` are cells of a row, one behind
 * the other and in the order of their fields: the field's number (1 byte), how many bytes it has
 * (4, little-endian), and these bytes. */

/* Seals the one field of `record`, JSON or CBOR, for a column: `out` is the cell's content, bytes.
 * Nothing is written. Errors: no_basis; invalid_argument (not one field, a purchase, a note); those
 * of the record. */
clientbook_status clientbook_session_seal_column(clientbook_context* context,
                                                 clientbook_handle session,
                                                 const clientbook_id* customer, uint32_t form,
                                                 const uint8_t* record, size_t record_size,
                                                 CLIENTBOOK_MAY_BE_NULL const uint8_t* purposes,
                                                 size_t purposes_size, clientbook_bytes* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What the purpose shows of these cells, as clientbook_session_read() of a record. Errors:
 * invalid_argument (no cells, one twice, not in order), truncated, wrong_key (sealed for somebody
 * else, or by another book), authentication_failed (changed, or of another field). */
clientbook_status clientbook_session_read_columns(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, uint8_t purpose,
                                                  const uint8_t* cells, size_t cells_size,
                                                  uint32_t form, clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* As clientbook_session_disclose(), of cells: the ledger first. `fields` 0: all of them. */
clientbook_status clientbook_session_disclose_columns(
    clientbook_context* context, clientbook_handle session, const clientbook_id* customer,
    const clientbook_request* request, const uint8_t* cells, size_t cells_size, uint32_t form,
    clientbook_bytes* out, uint64_t* ledger_index, CLIENTBOOK_MAY_BE_NULL clientbook_id* entry,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- forgetting ----------------------------------------------------------------------------- */

enum {
  CLIENTBOOK_ERASE_SUBJECT_REQUEST = 1,
  CLIENTBOOK_ERASE_RETENTION_END = 2,
  CLIENTBOOK_ERASE_UNLAWFUL = 3,
  CLIENTBOOK_ERASE_OTHER = 4
};
enum {
  CLIENTBOOK_MENTIONS_IGNORED = 0,
  CLIENTBOOK_MENTIONS_REPORTED = 1,
  CLIENTBOOK_MENTIONS_REPLACED = 2
};

/* Destroys the customer's key; complete when it returns, also against every copy made earlier. Not
 * inside a transaction. `remembered_months` (at most 255; 24 is usual, 0: not at all) says for how
 * long clientbook_session_remembered knows their ids, e-mails and phones. `out` is the signed
 * receipt as JSON, with what was found in notes of others. */
clientbook_status clientbook_session_erase(clientbook_context* context, clientbook_handle session,
                                           const clientbook_id* customer, uint32_t reason,
                                           uint32_t mentions, uint32_t remembered_months,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Several in one transaction, all of them or none: {"customers": ["32 digits"], "reason":
 * "retention_end", "mentions": "ignored", "remembered_months": 24, "law_kept": "apart",
 * "law_kept_years": 10}, at most 1,000; all but the first two may be left out. `out`: a JSON array
 * of the receipts, in this order, each with its customer. error.at tells which of them an error is
 * about, from 1. */
clientbook_status clientbook_session_erase_many(clientbook_context* context,
                                                clientbook_handle session, const char* what,
                                                size_t what_size, clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- retention ------------------------------------------------------------------------------
 *
 * docs/retention.md. */

/* Takes out what clientbook_session_due tells of at most `most` customers, in one transaction:
 * fields, or the customer if nothing of them may be kept. `how`: {"only_tell": false, "most": 50,
 * "from": 0, "remembered_months": 24}, each of which may be left out. `out`: {"items":
 * [{"customer", "fields", "fate"}], "receipts", "next"}; fate: erased, removed, or why it stays:
 * held, requested, kept_by_law, in_items, no_case, damaged. To be called with "from" of "next"
 * until that is 0. Not inside a transaction. */
clientbook_status clientbook_session_run_retention(clientbook_context* context,
                                                   clientbook_handle session, const char* how,
                                                   size_t how_size, clientbook_bytes* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Takes the oldest entries out of the ledger, in tiles of 256, or tells which would go: {"before":
 * "2020-01-01", "published": a checkpoint that others hold, "only_tell": true}, all but the first
 * may be left out. Answer: {"from", "until", "first", "last", "kept": [{"why", "index"}], "more"};
 * why: younger, unseen, pin, held, requested, in_case, kept_by_law, retained. What was pruned is
 * answered with CLIENTBOOK_PRUNED, and later proofs stay. Not inside a transaction. */
clientbook_status clientbook_session_prune_ledger(clientbook_context* context,
                                                  clientbook_handle session, const char* how,
                                                  size_t how_size, clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* So many of the customer's entries of the ledger were pruned: what they said nobody knows. */
clientbook_status clientbook_session_pruned_of(clientbook_context* context,
                                               clientbook_handle session,
                                               const clientbook_id* customer, uint64_t* entries,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Places a legal hold: nothing takes the customer or a field of theirs out while it is in force
 * (kept_by_law). `what`: {"reason", "reference", "until"}, all but the first may be left out.
 * `hold` is its number. */
clientbook_status clientbook_session_place_hold(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer, const char* what,
                                                size_t what_size, uint32_t* hold,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors: not_found (no such hold is on the customer). */
clientbook_status clientbook_session_lift_hold(clientbook_context* context,
                                               clientbook_handle session,
                                               const clientbook_id* customer, uint32_t hold,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Who is held: a JSON array of customer, number, reason, reference, by, at, until. */
clientbook_status clientbook_session_holds(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* What a law has the shop keep of people who were erased with "law_kept": "apart", without values:
 * a JSON array of id, purpose, since, until, fields, purchases, directives. */
clientbook_status clientbook_session_retained(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* One of them with its values, as JSON, under the purpose that it is kept for or rights_fulfilment,
 * by a case that names its id. The ledger says so before. Errors: denied (another purpose),
 * case_required, not_found, key_erased (its time is over). */
clientbook_status clientbook_session_read_retained(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* retained, uint8_t purpose,
                                                   clientbook_bytes* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- who said no and is no customer --------------------------------------------------------- */

/* What is remembered of somebody with such a record: exact keyed tokens of external ids, e-mail
 * addresses and phone numbers of who was erased, or said no before the book knew them. For imports
 * alone; clientbook_session_put does not ask. `out`: a JSON array of kind (erased, unsubscribed,
 * no_marketing: more than a no to e-mail), by, on, until. Errors: role_denied unless the role may
 * disclose. */
clientbook_status clientbook_session_remembered(clientbook_context* context,
                                                clientbook_handle session, uint32_t form,
                                                const uint8_t* record, size_t record_size,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Remembers for 24 months that somebody who is no customer unsubscribed then (seconds since
 * 1970-01-01T00:00:00Z). Errors: missing_field (nothing to know them by), invalid_value (a time yet
 * to come), role_denied. */
clientbook_status clientbook_session_remember_unsubscribed(
    clientbook_context* context, clientbook_handle session, uint32_t form, const uint8_t* record,
    size_t record_size, int64_t when, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same of a no of any kind (`directive`, a plain no): what is more than one to e-mail is
 * remembered as one to all marketing. Errors: missing_field, invalid_argument, role_denied. */
clientbook_status clientbook_session_remember_no(clientbook_context* context,
                                                 clientbook_handle session, uint32_t form,
                                                 const uint8_t* record, size_t record_size,
                                                 const char* directive, size_t directive_size,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Forgets what is remembered of these values. `kind` 0: all, 1: erasures, 2: noes of both kinds.
 * *out: of how many values. */
clientbook_status clientbook_session_forget_remembered(
    clientbook_context* context, clientbook_handle session, uint32_t form, const uint8_t* record,
    size_t record_size, uint32_t kind, uint32_t* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Months whose keys live, oldest first: a JSON array of number, since, until, refusals. */
clientbook_status clientbook_session_refusal_periods(
    clientbook_context* context, clientbook_handle session, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Destroys a period's key: its refusals, *out of them, are forgotten in copies too. Not inside a
 * transaction. Errors: not_found, key_erased. */
clientbook_status clientbook_session_drop_refusals(clientbook_context* context,
                                                   clientbook_handle session, uint32_t period,
                                                   uint64_t* out,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- roles and cases ------------------------------------------------------------------------ */

/* What each role may do, with whose customers and under which purposes: docs/actors.md. */
clientbook_status clientbook_roles(clientbook_bytes* out,
                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Opens a case: {"kind": "rights", "customers": ["32 digits"], "reference": "letter 7",
 * "evidence", "until"}; `number` is its own. For fraud, claims or more than 10 customers it is in
 * force once a second person has confirmed it. Errors: invalid_argument, missing_field,
 * invalid_value (when it ends), limit_exceeded; clientbook_session_where() tells the member. */
clientbook_status clientbook_session_open_case(clientbook_context* context,
                                               clientbook_handle session, const char* what,
                                               size_t what_size, uint32_t* number,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors: second_person_required, already_exists, not_found. */
clientbook_status clientbook_session_confirm_case(clientbook_context* context,
                                                  clientbook_handle session, uint32_t number,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors: not_found. */
clientbook_status clientbook_session_close_case(clientbook_context* context,
                                                clientbook_handle session, uint32_t number,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* All that there ever were, oldest first, as JSON. */
clientbook_status clientbook_session_cases(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- canaries and alarms --------------------------------------------------------------------
 *
 * Canaries are customers whom nobody has a reason to look at: whoever does raises an alarm, durable
 * before anything is shown. So does who asks for more than a budget has, who passes more customers
 * on to one recipient within an hour than usual, and who looks at customers in quiet hours. For who
 * may set budgets. */

/* These are the canaries from now on: {"customers": ["32 digits"]}, at most 1,000. Errors:
 * limit_exceeded, not_found; clientbook_session_where() tells the member. */
clientbook_status clientbook_session_set_canaries(clientbook_context* context,
                                                  clientbook_handle session, const char* which,
                                                  size_t which_size,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* ["32 digits"] */
clientbook_status clientbook_session_canaries(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The newest, oldest first: [{"kind", "at", "actor", "role", "customer", "purpose", "recipient"}];
 * kind is canary (and has a customer), budget_spent, fan_out (and has a recipient), quiet_hours,
 * limits_changed or wrong_proofs. */
clientbook_status clientbook_session_alarms(clientbook_context* context, clientbook_handle session,
                                            clientbook_bytes* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* From when on there is one: {"customers_to_one_recipient": 20, "quiet": {"from": "22:00", "until":
 * "06:00"}}, in UTC; without quiet hours no such member. */
clientbook_status clientbook_session_alarm_limits(clientbook_context* context,
                                                  clientbook_handle session, clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Of these members those that are to change; 0 customers: no such alarm, "quiet": null: none. A
 * change is an alarm. Errors: invalid_value, missing_field, unknown_field, wrong_type;
 * clientbook_session_where() tells the member. */
clientbook_status clientbook_session_set_alarm_limits(
    clientbook_context* context, clientbook_handle session, const char* limits, size_t limits_size,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- the table of roles of a book -----------------------------------------------------------
 *
 * The library's own (clientbook_roles) until two persons have put another in force. */

/* The one that the book follows: {"roles": {"associate": {"desk": {"one": ["read"]}, "book":
 * {"all": ["find"]}, "portfolios": {"desk": {"store": ["read"]}}}}}. */
clientbook_status clientbook_session_roles(clientbook_context* context, clientbook_handle session,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Proposes another one, of that form and whole; `number` is its own. Errors: invalid_value (nobody
 * could do what a book needs somebody for, or a cell that none may have), already_exists;
 * clientbook_session_where() tells the member. */
clientbook_status clientbook_session_propose_roles(clientbook_context* context,
                                                   clientbook_handle session, const char* what,
                                                   size_t what_size, uint32_t* number,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What waits to be approved: {"number", "by", "role", "at", "changes": [{"role", "group", "action",
 * "from": {"whose", "of"}, "to"}]}; {} if nothing does. */
clientbook_status clientbook_session_proposed_roles(clientbook_context* context,
                                                    clientbook_handle session,
                                                    clientbook_bytes* out,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Puts a proposal of somebody else in force; `index` is that of its entry of the ledger. Errors:
 * second_person_required, not_found (approved or replaced), invalid_state (too old). */
clientbook_status clientbook_session_approve_roles(clientbook_context* context,
                                                   clientbook_handle session, uint32_t number,
                                                   uint64_t* index,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- credentials ----------------------------------------------------------------------------
 *
 * A person is what they know or have, not a number (docs/actors.md). Each change is an entry of the
 * ledger. A session that was begun with one ends with it: credential_invalid, credential_expired.
 */

/* One of passphrase and identity_file. */
typedef struct clientbook_credential {
  size_t struct_size;
  const char* passphrase; /* Of a new one at least 12 characters, five of them different. */
  size_t passphrase_size;
  const char* identity_file; /* Path of a key file, or of a file of age's identities; or the address
                              * of a key in a token ("pkcs11:...", RFC 7512). */
  size_t identity_file_size;
} clientbook_credential;

/* clientbook_session_begin() of who shows that they are that actor. Errors: credential_invalid,
 * credential_expired, role_denied (it may not act in that role), limit_exceeded (too many wrong
 * ones within an hour; `at`: seconds until one is taken again), invalid_argument. */
clientbook_status clientbook_session_begin_as(clientbook_context* context, clientbook_handle book,
                                              uint32_t actor, uint32_t role,
                                              const clientbook_credential* credential,
                                              clientbook_handle* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Enrols {"actor": 12, "roles": ["associate"], "name": "Vera Holm", "days": 365} with that secret;
 * days may be left out. It opens nothing before somebody else has confirmed it, but while there are
 * no two people with one. Errors: credential_required, already_exists (it is somebody's; `at`: its
 * number), invalid_argument, invalid_value, limit_exceeded; clientbook_session_where() tells the
 * member. */
clientbook_status clientbook_session_enrol_credential(
    clientbook_context* context, clientbook_handle session, const char* what, size_t what_size,
    const clientbook_credential* credential, uint32_t* number,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Errors of these: credential_required, second_person_required, not_found, invalid_state. */
clientbook_status clientbook_session_confirm_credential(
    clientbook_context* context, clientbook_handle session, uint32_t number,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* From the next call of its sessions on, for good. */
clientbook_status clientbook_session_revoke_credential(
    clientbook_context* context, clientbook_handle session, uint32_t number,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Another lease from now on, of somebody else's; 0 days: without an end. */
clientbook_status clientbook_session_renew_credential(
    clientbook_context* context, clientbook_handle session, uint32_t number, uint32_t days,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Another passphrase or key in place of the one that this session was begun with, which is shown
 * once more. */
clientbook_status clientbook_session_change_credential(
    clientbook_context* context, clientbook_handle session, const clientbook_credential* now,
    const clientbook_credential* next, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* [{"number", "actor", "roles", "name", "kind", "key", "state", "enrolled_by", "enrolled_with",
 * "enrolled_at", "confirmed_by", "confirmed_at", "until", "revoked_by", "revoked_at"}]; the last
 * five where they are. */
clientbook_status clientbook_session_credentials(clientbook_context* context,
                                                 clientbook_handle session, clientbook_bytes* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What takes one: {"use": "none", "since", "proposed": {"number", "use", "by", "role", "at"}}. */
clientbook_status clientbook_session_credentials_taken(
    clientbook_context* context, clientbook_handle session, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Proposes that they are taken of nobody (0), of second persons (1) or of everybody (2). */
clientbook_status clientbook_session_propose_credential_use(
    clientbook_context* context, clientbook_handle session, uint32_t wanted, uint32_t* number,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Puts it in force, by somebody else; `index` is that of its entry of the ledger. */
clientbook_status clientbook_session_approve_credential_use(
    clientbook_context* context, clientbook_handle session, uint32_t number, uint64_t* index,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- portfolios -----------------------------------------------------------------------------
 *
 * Whose customers are whose (docs/actors.md). Actors and stores have the host's numbers. While
 * portfolios are in force every call about a customer whom this actor does not reach answers
 * not_in_portfolio: somebody else's, nobody's, erased. */

/* Says whose customers are from now on: {"customers": ["32 digits"], "store": 3, "primary": 12,
 * "further": [14]}, all but the first may be left out; each gets an entry of the ledger. Errors:
 * invalid_argument, limit_exceeded, second_person_required (nobody gives customers to themselves,
 * but an owner), not_found; clientbook_session_where() tells the member. */
clientbook_status clientbook_session_assign(clientbook_context* context, clientbook_handle session,
                                            const char* what, size_t what_size,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Handover: `to` takes the place of `from` with all of their customers whom this actor may assign,
 * at most 1,000 in a call: {"moved": 2, "left": 0}. Call it until nothing was moved. Errors:
 * invalid_argument, second_person_required (to oneself). */
clientbook_status clientbook_session_reassign(clientbook_context* context,
                                              clientbook_handle session, uint32_t from, uint32_t to,
                                              clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* {"store": 3, "associates": [{"actor": 12, "rank": "primary", "since": "2026-11-29"}]} */
clientbook_status clientbook_session_portfolio_of(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer,
                                                  clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Customers of an associate, one's own or those whom one may assign; of actor 0 those who have no
 * store: [{"customer", "store", "associates"}]. A look-up. */
clientbook_status clientbook_session_customers_of(clientbook_context* context,
                                                  clientbook_handle session, uint32_t actor,
                                                  clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* To which stores an actor belongs, {"actor": 12, "stores": [3]}; none: to no one any more. Errors:
 * invalid_argument, second_person_required (oneself), invalid_state (the last one who belongs to
 * any, while portfolios are in force); clientbook_session_where() tells the member. */
clientbook_status clientbook_session_set_stores(clientbook_context* context,
                                                clientbook_handle session, const char* what,
                                                size_t what_size,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Puts portfolios in force (1) or ends them (0); `holds` is what is in force then: the first call
 * that ends them proposes it, and somebody else's within a week does it, or an owner's a day later.
 * Errors: already_exists, invalid_state (nobody would reach anybody), second_person_required. */
clientbook_status clientbook_session_use_portfolios(clientbook_context* context,
                                                    clientbook_handle session, uint32_t wanted,
                                                    uint32_t* holds,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* {"in_force": true, "by": 40, "since", "ends": {"by", "role", "at"}, "actors": [{"actor": 12,
 * "stores": [3]}]} */
clientbook_status clientbook_session_portfolio_settings(
    clientbook_context* context, clientbook_handle session, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- requests -------------------------------------------------------------------------------
 *
 * What customers ask for by right, from their letter to the answer (docs/rights.md). For who may
 * open cases, an owner or a privacy officer: role_denied to others. */

/* Writes down what a customer asks for by right, with the deadline that the customer's law says and
 * a case of rights: {"kind": "access" | "portability" | "rectification" | "restriction" |
 * "objection" | "erasure", "received": "2026-11-02", "channel": "mail" | "letter" | "shop" |
 * "phone" | "agent", "reference", "identity", "next_working_day"}; all but the first two may be
 * left out. `number` is its own. Errors: invalid_argument, invalid_value (a day yet to come),
 * unknown_field (no such kind), already_exists (the same letter, `at`: its number), limit_exceeded;
 * clientbook_session_where() tells the member. */
clientbook_status clientbook_session_open_request(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer, const char* what,
                                                  size_t what_size, uint32_t* number,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* One step: {"identity": "how it was checked who asks"}, {"extend": "reason"}, {"refuse":
 * "reason"}, {"confirm": true} (that it came in), {"withdraw": true}, {"close": true},
 * {"list": true} (who has got data, from the ledger), {"tell": "Parcels Ltd", "state": "told" |
 * "confirmed" | "impossible"} or {"tell": "Parcels Ltd", "acknowledgement": "the signed notice"},
 * both with a "class" where two are of that name. Errors: not_found, invalid_state (it is done or
 * has ended), missing_field, deadline_passed, recipients_untold, denied (the law extends no such
 * request), signature_invalid and invalid_value (an acknowledgement: by another key, of another
 * notice or day). */
clientbook_status clientbook_session_change_request(clientbook_context* context,
                                                    clientbook_handle session, uint32_t number,
                                                    const char* what, size_t what_size,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What is sent to a recipient on the list of a request, and what it signs when it has done it, as
 * docs/format/acknowledgement.md has it: {"recipient": "Parcels Ltd", "class", "reference": "what
 * they know the customer by"}. Errors: not_found, invalid_argument (two of that name). */
clientbook_status clientbook_session_recipient_notice(
    clientbook_context* context, clientbook_handle session, uint32_t number, const char* who,
    size_t who_size, clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Does what a request asks for: {"language", "shop", "contact", "edit": {...}, "corrected":
 * ["emails"], "purposes": ["direct_marketing"], "law_kept": "elsewhere" | "apart" (with
 * "law_kept_years": 10), "mentions": "ignored" | "reported" | "replaced" (what stands of them in
 * notes of others, beside the receipt)}, each of which may be left out; one of another kind of
 * request is invalid_argument. `out`: {"kind", "files": {"page.html": "..."}, "ledger_entries",
 * "before", "after", "directive", "receipt", "to_tell"}; where the files do not get out, tell
 * clientbook_session_not_delivered(). Not inside a transaction. Errors: identity_unverified,
 * recipients_untold and kept_by_law (an erasure), missing_field (a rectification of nothing). */
clientbook_status clientbook_session_answer_request(clientbook_context* context,
                                                    clientbook_handle session, uint32_t number,
                                                    const char* how, size_t how_size,
                                                    clientbook_bytes* out,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The text of a mail about a request, first line the subject: {"language", "kind": "confirmation" |
 * "extension" | "answer" | "refusal", "shop", "contact"}, each of which may be left out; without a
 * kind what its state asks for. Errors: invalid_state (such a mail would not be true). */
clientbook_status clientbook_session_request_mail(clientbook_context* context,
                                                  clientbook_handle session, uint32_t number,
                                                  const char* how, size_t how_size,
                                                  clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* One, with what is sealed of it under the customer's key; it counts as a look at the customer. */
clientbook_status clientbook_session_request(clientbook_context* context, clientbook_handle session,
                                             uint32_t number, clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* All that there ever were, oldest first, without that: a JSON array. */
clientbook_status clientbook_session_requests(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Whom a breach concerns, as far as the book can tell, who is to be told by when, and what nobody
 * can know: {"actor": 7}, {"recipient": "Parcels Ltd"} or {"copy": "data" | "book" | "backup" |
 * "recovery"}, with "since", "until", "key_at", "aware" (a day, or an instant in UTC), "case"
 * (opens cases that name them) and "letter" ({"language", "shop", "contact"}: a draft), which may
 * be left out. `out`: {"source", "opens": "no" | "possibly" | "yes", "certain", "possible",
 * "sealed", "since", "until", "fields": [{"field", "certain", "possible", "masked", "sensitive"}],
 * "unknown": [{"what", "at_most", "says"}], "deadlines": [{"law", "rule", "by", "certain",
 * "possible"}], "customers": [{"customer", "surely", "certain", "possible", "masked", "sensitive",
 * "laws", "first", "last"}], "cases", "letter"}; numbers are of customers. It is written down as a
 * list over all customers. Not inside a transaction. Errors: missing_field (none of the three, or
 * more than one), unknown_field (no such copy), invalid_value (a time yet to come),
 * invalid_argument ("key_at" of what has no key of its own), not_found (no such recipient),
 * already_exists (an open case has that reference), limit_exceeded (above 64 bytes), role_denied
 * (who may not open cases, or reaches not everybody). */
clientbook_status clientbook_session_breach(clientbook_context* context, clientbook_handle session,
                                            const char* what, size_t what_size,
                                            clientbook_bytes* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- lists of hashes from outside, and what recipients still have ---------------------------- */

/* Answers lists of hashes, such as California's DROP hands out (docs/rights.md): {"lists":
 * [{"kind": "email" | "phone" | "name_birth_zip", "text": "ID,Hash\r\n..."}], "work": "look" |
 * "opt_out" | "erase", "recipients_told": false, "law_kept": "elsewhere" | "apart" (with
 * "law_kept_years")}; all but the first may be left out, and "look" changes nothing. One pass over
 * all customers, written down as a list over everybody; not inside a transaction. `out`: {"work",
 * "rows", "customers", "erased", "opted_out", "statuses": {"exempted", "deleted", "opted_out",
 * "not_found", "waiting"}, "lists": [{"kind", "statuses": "Id,Status\r\n..."}], "requests",
 * "recipients": [{"recipient", "customers"}], "again_by"}. While recipients are to be told nobody
 * is erased, rows wait, and "lists" is empty, as it is after a look. What was done before an error
 * is told, with "stopped"
 * ({"error", "text"}) and "deleted_rows". Errors: invalid_encoding, already_exists, unsupported (a
 * row of a list, `at`: its line), invalid_argument (no row), unknown_field, role_denied (who may
 * not open cases, or reaches not everybody). */
clientbook_status clientbook_session_answer_hash_lists(
    clientbook_context* context, clientbook_handle session, const char* what, size_t what_size,
    clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What has expired at recipients, since its time is over or the consent that it was passed on under
 * holds no more, and of which nobody has told them: [{"customer", "ledger_index", "recipient",
 * "recipient_class", "purpose", "fields", "given_at", "until", "why": "time_over" | "withdrawn"}].
 * Looks at everybody. Errors: role_denied, invalid_state (inside a transaction). */
clientbook_status clientbook_session_expired(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A recipient was told to delete what has expired of a customer: an entry of the ledger.
 * `disclosures`: of how many. Errors: not_found (nothing has, or they were told). */
clientbook_status clientbook_session_tell_expired(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_id* customer,
                                                  const char* recipient, size_t recipient_size,
                                                  uint32_t* disclosures,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What a recipient says of whom it passed a customer's data on to: {"from": "Parcels Ltd", "to":
 * "Bikes & Co", "class": "third_party", "contact", "fields": ["addresses"], "on": "2026-11-02"};
 * the last four may be left out; the class is then that of the registry, or third_party.
 * `ledger_index`: of its entry. Errors: not_found ("from" has got
 * nothing of this customer), missing_field, invalid_argument (a class that is none; to itself),
 * invalid_value (no one line; a day that cannot be; a field that it has not got, `at`),
 * limit_exceeded (above 100 bytes), already_exists (the report is there). */
clientbook_status clientbook_session_report_onward(clientbook_context* context,
                                                   clientbook_handle session,
                                                   const clientbook_id* customer, const char* what,
                                                   size_t what_size, uint64_t* ledger_index,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- who looked, and how much more ---------------------------------------------------------- */

/* Who looked at a customer, when, under which purpose and for which fields: [{"actor", "day",
 * "purpose", "times": {"read": 3}, "fields", "first", "last"}], oldest first. What left the book is
 * in clientbook_session_ledger(). */
clientbook_status clientbook_session_who_looked(clientbook_context* context,
                                                clientbook_handle session,
                                                const clientbook_id* customer,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What an actor has seen between the days of two times (seconds since 1970), both included:
 * {"days", "customers", "tables": [{"at", "purpose", "columns", "k"}], "unnamed"}. Errors:
 * invalid_argument. */
clientbook_status clientbook_session_seen_by(clientbook_context* context, clientbook_handle session,
                                             uint32_t actor, int64_t since, int64_t until,
                                             clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What is left of this actor's budget: {"customers_this_hour", "customers_today",
 * "look_ups_this_hour", "tables_this_month"}. */
clientbook_status clientbook_session_budget_left(clientbook_context* context,
                                                 clientbook_handle session, clientbook_bytes* out,
                                                 CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* So many customers more for another actor, for the rest of the day. Errors:
 * second_person_required, invalid_argument. */
clientbook_status clientbook_session_raise_budget(clientbook_context* context,
                                                  clientbook_handle session, uint32_t actor,
                                                  uint32_t customers,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* A clock that is further ahead than the book was ever left alone is wrong (clock_ahead) until
 * somebody who may says that it is right; the time in *now, seconds since 1970. */
clientbook_status clientbook_session_confirm_clock(clientbook_context* context,
                                                   clientbook_handle session, uint64_t* now,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- recovery ------------------------------------------------------------------------------- */

/* What brings the book back when its disk or its root key is lost: docs/backup.md. None of these
 * inside a transaction. */

/* Draws a recovery key and hands out its shares, once: {"number", "needed", "shares": [texts],
 * "mirrors": []}; the book keeps no copy. `shares` 0: 5, `needed` 0: 3. `instead` not 0: another
 * key in the place of the one that there is. Nothing of it is in force until
 * clientbook_session_use_recovery_key(): write or print the shares in between. Errors:
 * already_exists, invalid_state (there is none to replace), invalid_argument. */
clientbook_status clientbook_session_draw_recovery_key(
    clientbook_context* context, clientbook_handle session, uint32_t shares, uint32_t needed,
    uint32_t instead, clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Puts the key in force that this session has drawn last; gives the mirrors, as
 * clientbook_session_refresh_mirrors() does: one that has not followed still opens with the former
 * shares. Errors: invalid_state (nothing was drawn), version_mismatch (another key was put in force
 * meanwhile: the drawn shares are of no use). */
clientbook_status clientbook_session_use_recovery_key(
    clientbook_context* context, clientbook_handle session, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Both in one call, for a program that loses nothing which a call has given it; with "problem"
 * where the key is in force and something behind the commit has failed. Errors: as both. */
clientbook_status clientbook_session_make_recovery_key(
    clientbook_context* context, clientbook_handle session, uint32_t shares, uint32_t needed,
    uint32_t instead, clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Makes a keyring mirror in a folder, by its whole path, which follows the book from now on.
 * Errors: invalid_state (no recovery key), already_exists, invalid_argument, not_found (the folder
 * above), limit_exceeded (8 mirrors). */
clientbook_status clientbook_session_add_mirror(clientbook_context* context,
                                                clientbook_handle session, const char* path,
                                                size_t path_size,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Forgets a mirror; what lies there is not touched. Errors: not_found. */
clientbook_status clientbook_session_remove_mirror(clientbook_context* context,
                                                   clientbook_handle session, const char* path,
                                                   size_t path_size,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Brings every mirror to the newest commit: [{"path", "confirmed", "heard", "holds_all",
 * "epoch", "refreshed", "problem"}]; one that cannot be reached is told of. */
clientbook_status clientbook_session_refresh_mirrors(
    clientbook_context* context, clientbook_handle session, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What the mirrors said to this session's last commit that they had to hear of (a withdrawal, a
 * denial, an objection, a restriction, a new recovery key), as above; an erasure's stand in its
 * receipt. */
clientbook_status clientbook_session_mirrors_told(clientbook_context* context,
                                                  clientbook_handle session, clientbook_bytes* out,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What there is, without writing: {"has_key", "mirrors", "newest_backup", "reminders", ...}. `now`:
 * seconds since 1970, for the reminders. */
clientbook_status clientbook_session_recovery(clientbook_context* context,
                                              clientbook_handle session, int64_t now,
                                              clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Writes a backup into a new file, while others go on: {"customers", "rows", "bytes", "full", "at",
 * "mirrors"}. `since`: the file of a full backup, of which what differs is written; NULL: a full
 * one. Errors: already_exists, not_found, locked, invalid_state (no recovery key, no mirror),
 * version_mismatch, rolled_back, truncated, authentication_failed (the earlier one). */
clientbook_status clientbook_session_back_up(clientbook_context* context, clientbook_handle session,
                                             const char* file, size_t file_size,
                                             CLIENTBOOK_MAY_BE_NULL const char* since,
                                             size_t since_size, clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What is written down of the book beside its key, so that an older copy is refused (rolled_back):
 * {"kept", "pinned_version", "pinned_ledger_size", "version", "ledger_size"}. */
clientbook_status clientbook_session_pin(clientbook_context* context, clientbook_handle session,
                                         clientbook_bytes* out,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Takes an older copy of the book that was put there on purpose; the ledger says so. What was done
 * since is lost, withdrawals too. Errors: role_denied; as clientbook_book_open(). */
clientbook_status clientbook_book_accept_pin(const char* path, size_t path_size,
                                             const char* key_path, size_t key_path_size,
                                             uint32_t actor, uint32_t role,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* --- what opens the book: slots of its root key, docs/format/root_cell.md ------------------------
 */

/* {"sealed", "renewal_due", "slots": [{"number", "kind", "label", "added", "proven", ...}]} of the
 * root key in a file; needs no secret. Errors: as clientbook_book_open. */
clientbook_status clientbook_key_slots(const char* key_path, size_t key_path_size,
                                       clientbook_bytes* out,
                                       CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* 32 random bytes in a new file of mode 0600, for a slot. Errors: already_exists, not_found (no
 * folder), invalid_argument (in or beside the book, beside the root key), permission_denied,
 * disk_full, io_error. */
clientbook_status clientbook_key_file_create(const char* path, size_t path_size,
                                             const char* book_path, size_t book_path_size,
                                             const char* key_path, size_t key_path_size,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* One of passphrase, identity_file and recipient. */
typedef struct clientbook_key_slot {
  size_t struct_size;
  const char* label; /* Who or what opens with it, 1 to 64 bytes: no names of customers. */
  size_t label_size;
  const char* passphrase; /* At least 12 characters. */
  size_t passphrase_size;
  const char* identity_file; /* Path of a key file, or of a file of age's identities; or the address
                              * of a key in a token ("pkcs11:...", RFC 7512). */
  size_t identity_file_size;
  const char* recipient; /* age1...: counts from when it has first opened the book. */
  size_t recipient_size;
  uint32_t stretch_kibibytes; /* What a guess of the passphrase takes; 0: 256 MiB, */
  uint32_t stretch_passes;    /* three times. */
} clientbook_key_slot;

/* Of a book that was made or opened by the path of its key, by a security officer or an owner; the
 * ledger is told. The first slot seals a key in clear. The number in *number. Errors: role_denied,
 * invalid_argument, already_exists, limit_exceeded (16 slots), unsupported (another root cell),
 * invalid_state (inside a transaction). */
clientbook_status clientbook_session_add_key_slot(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_key_slot* slot, uint32_t* number,
                                                  CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Takes a slot away, and gives the book a new root key. Errors: not_found; invalid_state (the last
 * one; no other was ever opened); as _add_key_slot. */
clientbook_status clientbook_session_remove_key_slot(
    clientbook_context* context, clientbook_handle session, uint32_t number,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Another secret in its place, under the number in *made, and a new root key. Errors: of both. */
clientbook_status clientbook_session_change_key_slot(
    clientbook_context* context, clientbook_handle session, uint32_t number,
    const clientbook_key_slot* slot, uint32_t* made,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A new root key, which erases nobody. Errors: role_denied, invalid_state. */
clientbook_status clientbook_session_renew_root_key(clientbook_context* context,
                                                    clientbook_handle session,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Back to a file that is the key itself. Errors: role_denied; invalid_state (it is not sealed). */
clientbook_status clientbook_session_unseal_root_key(
    clientbook_context* context, clientbook_handle session,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Makes a book anew, from JSON: {"mirror", "backups": [1 or 2 files], "shares": [texts], "book",
 * "key", "actor": 1, "role": "owner"}. Gives {"customers", "erased", "not_in_mirror",
 * "not_in_backup", "changed", "unheard", "backup_at", "mirror_at", "ledger_index", "epoch",
 * "verified": {"customers", "items", "directives", "ledger_entries", "problems"}}: problems of what
 * was restored are no error of this call: look at them. On an error there is no book. Errors:
 * invalid_encoding (`at` the group of a share that is mistyped), invalid_argument (too few shares),
 * version_mismatch, wrong_key, truncated, authentication_failed, already_exists, not_found,
 * role_denied. */
clientbook_status clientbook_book_restore(const char* what, size_t what_size, clientbook_bytes* out,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same as a trial in a folder that goes again: "scratch" in the place of "book" and "key"; the
 * answer also has "verified": {"customers", "items", "directives", "ledger_entries", "problems"}.
 */
clientbook_status clientbook_book_drill(const char* what, size_t what_size, clientbook_bytes* out,
                                        CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- the book ------------------------------------------------------------------------------- */

/* JSON, docs/c_abi.md. */
clientbook_status clientbook_session_figures(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_profile(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* All that the book follows, an array; the first is clientbook_session_profile()'s. */
clientbook_status clientbook_session_profiles(clientbook_context* context,
                                              clientbook_handle session, clientbook_bytes* out,
                                              CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_fields(clientbook_context* context, clientbook_handle session,
                                            clientbook_bytes* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_recipients(clientbook_context* context,
                                                clientbook_handle session, clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_session_notices(clientbook_context* context, clientbook_handle session,
                                             clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Adds a party, a JSON object; `number` is what requests name. A retired one comes back under its
 * name and class, as who joins today. Errors: invalid_value, already_exists. */
clientbook_status clientbook_session_add_recipient(clientbook_context* context,
                                                   clientbook_handle session, const char* party,
                                                   size_t party_size, uint8_t* number,
                                                   CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Another contract, country or safeguard of a party, a JSON object with the same name and class.
 * Errors: invalid_value, not_found. */
clientbook_status clientbook_session_edit_recipient(clientbook_context* context,
                                                    clientbook_handle session, uint8_t number,
                                                    const char* party, size_t party_size,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* How a party is reached, and the key by which it acknowledges what it was told: {"contact":
 * "privacy@parcels.example", "acknowledgement_key": "parcels.example+<key id>+<key>"} (C2SP
 * signed-note, Ed25519), in place of what was known; {}: nothing is. Errors: not_found,
 * invalid_value, invalid_encoding and unsupported (the key), already_exists (nothing changes). */
clientbook_status clientbook_session_set_recipient_contact(
    clientbook_context* context, clientbook_handle session, uint8_t number, const char* what,
    size_t what_size, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The party gets nothing any more. Errors: not_found. */
clientbook_status clientbook_session_retire_recipient(
    clientbook_context* context, clientbook_handle session, uint8_t number,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Brings in the built-in fields that this version has and the book's schema does not; which ones
 * (bit n: field n), 0: there was nothing to do. Errors: already_exists (`at`: a built-in field
 * whose key a field of the shop's own has; nothing was added), role_denied. */
clientbook_status clientbook_session_add_built_in_fields(
    clientbook_context* context, clientbook_handle session, uint64_t* added,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Adds fields of the shop's own, a JSON array: [{"number": 32 to 63, "key", "type": a word of
 * clientbook_session_fields(), "list": false, "redaction": "drop", "categories": [words]}]; "list"
 * and "redaction" may be left out. Errors: those of the text; already_exists, invalid_argument,
 * card_data_refused, unsupported, role_denied. */
clientbook_status clientbook_session_add_fields(clientbook_context* context,
                                                clientbook_handle session, const char* fields,
                                                size_t fields_size,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Which law profiles the book follows, whose signatures it trusts, and what is proposed, as JSON:
 * {"profiles": [{"name", "id", "version", "title", "unverified", "digest"}], "trusted_keys",
 * "proposal": {"number", "kind", "by", "at", "key" or "profile", "signed_by", "effect"} or null};
 * the effect as of clientbook_session_effect_of. */
clientbook_status clientbook_session_policy(clientbook_context* context, clientbook_handle session,
                                            clientbook_bytes* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
enum {
  CLIENTBOOK_POLICY_PROFILE = 1,      /* To follow a profile in place of the one of its name. */
  CLIENTBOOK_POLICY_TRUST_KEY = 2,    /* To trust signatures by a key of 32 bytes. */
  CLIENTBOOK_POLICY_DISTRUST_KEY = 3, /* No longer to trust it. */
  CLIENTBOOK_POLICY_ADD_PROFILE = 4   /* To follow a profile beside those of the book. */
};
/* Proposes a change, which nothing follows yet: `content` is a signed profile as a file
 * (docs/format/profile.md), or a key. Errors: signature_invalid (of nobody whom the book trusts),
 * already_exists, not_found, invalid_argument, limit_exceeded; those of the file. */
clientbook_status clientbook_session_propose_policy(clientbook_context* context,
                                                    clientbook_handle session, uint32_t kind,
                                                    const uint8_t* content, size_t content_size,
                                                    uint32_t* number,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same of one of the library's own profiles, by its name, which the book signs itself. Errors:
 * also not_found (no such profile). */
clientbook_status clientbook_session_propose_profile(
    clientbook_context* context, clientbook_handle session, uint32_t kind, const char* name,
    size_t name_size, uint32_t* number, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* What a signed profile would open and close: {"newcomers": [{"recipient", "purpose", "operation",
 * "opened", "closed"}], "customers", "customers_opened", "customers_closed"}. Looks at everybody.
 */
clientbook_status clientbook_session_effect_of(clientbook_context* context,
                                               clientbook_handle session, uint32_t kind,
                                               const uint8_t* profile, size_t profile_size,
                                               clientbook_bytes* out,
                                               CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Puts a proposal of somebody else in force; `index` is that of its entry of the ledger. Errors:
 * second_person_required, not_found (approved or replaced). */
clientbook_status clientbook_session_approve_policy(clientbook_context* context,
                                                    clientbook_handle session, uint32_t number,
                                                    uint64_t* index,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Tries every key that exists today on another store, such as a copy made before an erasure, in the
 * folder `copy`: {"records", "opened", "tree_opens", "unopened": [ids]}. Errors: those of the copy.
 */
clientbook_status clientbook_session_carve(clientbook_context* context, clientbook_handle session,
                                           const char* copy, size_t copy_size,
                                           clientbook_bytes* out,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* A change of parties, schema or law holds at once; decisions about a customer are slower until
 * their consents are stored compiled anew. One call is one transaction of at most `most` steps (a
 * customer is one, and so is each of their directives; 1000 is a good number) and goes on where the
 * last one ended: call it from the background until `left`, the customers to go, is 0. Errors:
 * invalid_argument (`most` is 0), role_denied. */
clientbook_status clientbook_session_compile_consents(
    clientbook_context* context, clientbook_handle session, uint32_t most, uint64_t* left,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* Adds a notice, a JSON object, or the next version of one with that title. Errors: those of the
 * text. */
clientbook_status clientbook_session_add_notice(clientbook_context* context,
                                                clientbook_handle session, const char* notice,
                                                size_t notice_size, uint32_t* number,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The same, and the notice as it is stored, with the hashes that were filled in: an object as those
 * of clientbook_session_notices(). */
clientbook_status clientbook_session_add_notice_and_tell(
    clientbook_context* context, clientbook_handle session, const char* notice, size_t notice_size,
    clientbook_bytes* out, CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* What was agreed to under any version of it so far counts no more, for good and at once; nobody
 * agrees under it until it gets a further version. Gives the version that says so, as those of
 * clientbook_session_notices(). Errors: unknown_notice, already_exists (it is withdrawn),
 * role_denied. */
clientbook_status clientbook_session_withdraw_notice(
    clientbook_context* context, clientbook_handle session, uint32_t notice, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* How many customers' consents rest on it, which a withdrawal would end: JSON {"customers": number,
 * or null of some that are fewer than 5}. Reads what everybody has said. Errors: unknown_notice,
 * role_denied. */
clientbook_status clientbook_session_consents_under(clientbook_context* context,
                                                    clientbook_handle session, uint32_t notice,
                                                    clientbook_bytes* out,
                                                    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

typedef struct clientbook_progress {
  size_t struct_size;
  void* context;
  void (*done)(void* context, uint64_t done); /* Called now and then, from the calling thread. */
} clientbook_progress;

/* Opens everything and holds it against the manifests and the ledger; JSON. */
clientbook_status clientbook_session_verify(
    clientbook_context* context, clientbook_handle session,
    CLIENTBOOK_MAY_BE_NULL const clientbook_progress* progress, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- without a book ------------------------------------------------------------------------- */

/* A whole case as JSON in, every decision out: docs/evaluate.md. When it fails, `where`, if given,
 * is filled with a JSON pointer to what is wrong; it quotes no value. */
clientbook_status clientbook_evaluate(const char* document, size_t document_size,
                                      clientbook_bytes* out,
                                      CLIENTBOOK_MAY_BE_NULL clientbook_bytes* where,
                                      CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

typedef struct clientbook_text_options {
  size_t struct_size;
  const char* regions; /* Countries whose numbers are looked for: "DE,AT", at most 8; NULL: none. */
  size_t regions_size;
  uint32_t types;  /* Bit n: entity type n of docs/text.md; 0: all. */
  uint32_t mark;   /* 0: <EMAIL_ADDRESS>, 1: <EMAIL_ADDRESS_1>, 2: four blocks. */
  uint32_t cards;  /* 1: also card numbers with a typing slip. */
  uint32_t dates;  /* 1: every day, not only those beside a word of birth. */
  uint32_t emails; /* 1: also "name at firm dot com". */
  uint32_t urls;   /* 1: the path and query only. */
  /* Of clientbook_scan_form() and clientbook_redact_form(), whose bytes are then of it: 0: UTF-8,
   * or UTF-16 with its mark; 1, 2: UTF-16 little, big endian; 3: ISO 8859-1; 4: windows-1252. */
  uint32_t charset;
} clientbook_text_options;

/* What is found in a text: [{"begin", "end", "type", "rule", "score"}], in bytes. Errors:
 * invalid_encoding (`at`: byte). */
clientbook_status clientbook_scan_text(
    const char* text, size_t text_size,
    CLIENTBOOK_MAY_BE_NULL const clientbook_text_options* options, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The text without it. `receipt`, if given, says as JSON how much of what kind was hidden. */
clientbook_status clientbook_redact_text(
    const char* text, size_t text_size,
    CLIENTBOOK_MAY_BE_NULL const clientbook_text_options* options, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_bytes* receipt,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* The same for data that has a form: "plain", "log", "csv", "json", "json lines", "html", "xml",
 * "mail"; NULL: what its first bytes show. Names of columns and members are words beside what they
 * hold, and a further piece of a value has "goes_on": true. Errors: invalid_argument (a form),
 * invalid_encoding, limit_exceeded (a row or a tag that does not end; `at`: byte). */
clientbook_status clientbook_scan_form(
    const char* text, size_t text_size, CLIENTBOOK_MAY_BE_NULL const char* form, size_t form_size,
    CLIENTBOOK_MAY_BE_NULL const clientbook_text_options* options, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The data without it, in its form: the same rows, columns, members, tags and parts. */
clientbook_status clientbook_redact_form(
    const char* text, size_t text_size, CLIENTBOOK_MAY_BE_NULL const char* form, size_t form_size,
    CLIENTBOOK_MAY_BE_NULL const clientbook_text_options* options, clientbook_bytes* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_bytes* receipt,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Redaction of what comes in pieces of any size, such as a file: a handle of its own, of one thread
 * at a time, in bounded memory. `form` and `options` as of clientbook_redact_form(). Errors:
 * invalid_argument. */
clientbook_status clientbook_redactor_create(
    clientbook_context* context, CLIENTBOOK_MAY_BE_NULL const char* form, size_t form_size,
    CLIENTBOOK_MAY_BE_NULL const clientbook_text_options* options, clientbook_handle* out,
    CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The next piece in, and what has become certain out: bytes, perhaps none. Nothing more comes out
 * after an error. Errors: as clientbook_redact_form() (`at`: byte of the whole input),
 * invalid_state (after an error). */
clientbook_status clientbook_redactor_write(clientbook_context* context, clientbook_handle redactor,
                                            const uint8_t* piece, size_t piece_size,
                                            clientbook_bytes* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The rest. The redactor can then take the next input. Errors: the same. */
clientbook_status clientbook_redactor_finish(clientbook_context* context,
                                             clientbook_handle redactor, clientbook_bytes* out,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_bytes* receipt,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* --- building what goes in ------------------------------------------------------------------
 *
 * For hosts without a library for JSON: names and values one by one, escaped and checked. The text
 * lies in memory that is wiped. Each name is left out (NULL) in a list and of the outermost part.
 */

/* A handle of its own, of one thread at a time. */
clientbook_status clientbook_builder_create(clientbook_context* context, clientbook_handle* out,
                                            CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
enum { CLIENTBOOK_OBJECT = 1, CLIENTBOOK_LIST = 2 };
/* Errors of these: invalid_state (nothing is open, or it is all closed), invalid_argument (a name
 * in a list, none in an object), invalid_encoding (not UTF-8), invalid_value (no day),
 * limit_exceeded (32 levels, 16 MiB). */
clientbook_status clientbook_builder_begin(clientbook_context* context, clientbook_handle builder,
                                           CLIENTBOOK_MAY_BE_NULL const char* name,
                                           size_t name_size, uint32_t what,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_builder_end(clientbook_context* context, clientbook_handle builder,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_builder_text(clientbook_context* context, clientbook_handle builder,
                                          CLIENTBOOK_MAY_BE_NULL const char* name, size_t name_size,
                                          const char* value, size_t value_size,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_builder_integer(clientbook_context* context, clientbook_handle builder,
                                             CLIENTBOOK_MAY_BE_NULL const char* name,
                                             size_t name_size, int64_t value,
                                             CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
clientbook_status clientbook_builder_truth(clientbook_context* context, clientbook_handle builder,
                                           CLIENTBOOK_MAY_BE_NULL const char* name,
                                           size_t name_size, uint8_t value,
                                           CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* An ISO text; year 0: without a year. */
clientbook_status clientbook_builder_day(clientbook_context* context, clientbook_handle builder,
                                         CLIENTBOOK_MAY_BE_NULL const char* name, size_t name_size,
                                         int32_t year, uint8_t month, uint8_t day,
                                         CLIENTBOOK_MAY_BE_NULL clientbook_error* error);
/* The text, for the calls that take JSON; the builder is empty again. Errors: invalid_state. */
clientbook_status clientbook_builder_take(clientbook_context* context, clientbook_handle builder,
                                          clientbook_bytes* out,
                                          CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

/* Proposes a column map (docs/import.md) for a shop's CSV files: `request` is JSON, {"files":
 * [paths], "system", "region", "encoding", "year"}; gives {"map": text, "files": [...], "unsure":
 * [{"file", "column", "why"}]}, in which no value of a cell stands. When it fails, `where`, if
 * given, is filled with the member or file. Errors: those of the request; not_found and the like of
 * a file; unsupported (a workbook, an archive), invalid_encoding, missing_field (nothing tells who
 * the customers are). */
clientbook_status clientbook_propose_column_map(const char* request, size_t request_size,
                                                clientbook_bytes* out,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_bytes* where,
                                                CLIENTBOOK_MAY_BE_NULL clientbook_error* error);

#ifdef __cplusplus
}
#endif

#endif
