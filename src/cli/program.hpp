// What the commands of the program `clientbook` share: which book, who acts, how to answer.
#ifndef CLIENTBOOK_CLI_PROGRAM_HPP
#define CLIENTBOOK_CLI_PROGRAM_HPP

#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/base/hex.hpp>
#include <clientbook/book/book.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "command.hpp"

namespace clientbook::cli {

/// A command that failed: its exit code is the number of the error's code.
struct failure {
  error what;
  std::string about;  ///< What was being done, without personal data.
  /// Of an answer that could not be written: no byte of it got out.
  bool nothing_out = false;
  /// What was done before it failed, and is told with the failure: of an answer in JSON.
  boost::json::object done{};
};

/// Stops a command. Only the program's own code throws this; the library never throws.
[[noreturn]] void fail(const error& what, std::string about);

/// Whether what was asked for is done, whatever failed behind it.
bool is_committed(const error& what) noexcept;

/// The value, or the end of the command.
template <class T>
T need(result<T> answer, const std::string& about) {
  if (!answer) fail(answer.error(), about);
  return std::move(*answer);
}
inline void need(const result<void>& answer, const std::string& about) {
  if (!answer) fail(answer.error(), about);
}

/// What `clientbook shell` keeps open for its calls.
struct open_shell {
  book opened;
  session first;  ///< Whoever acts has proven it here, once for all calls.
};

/// Options that every command has, and what they lead to.
struct program {
  bool json = false;
  bool quiet = false;
  int exit_code = 0;  ///< Of a call that did not fail.
  /// The book of every call, and who acts; nothing: each call names its own.
  std::shared_ptr<const open_shell> shell{};
  mutable bool answered = false;  ///< An answer is out.
  std::string book_path;
  std::string key_path;
  std::string passphrase_file;  ///< What opens a sealed root key; empty: nothing was named.
  std::string identity_file;    ///< A key file, or one of age's identities.
  std::string role = "owner";
  std::uint32_t actor_number = 1;
  std::string credential_file;                 ///< What shows who acts: a key file of theirs,
  std::string credential_passphrase_file;      ///< or a file with their passphrase,
  bool asks_credential = false;                ///< or what they type.
  mutable std::shared_ptr<slot_secret> shown;  ///< Read or typed once, for all sessions.
  /// How long to wait for another program that writes the book; below 0: as long as it takes.
  int wait_seconds = -1;
  /// The same in milliseconds, for locks that are tried again and again.
  int wait_ms() const noexcept;

  /// The failure of a command that has done something, with what it has done.
  [[noreturn]] void fail_having_done(const error& what, std::string about,
                                     boost::json::object machine,
                                     const std::function<void()>& human) const;
  /// The end of an option, behind which nothing is in force. Of the beginning of time, which means
  /// that there is none, nobody is to think that it is one.
  static timestamp end_from(const std::string& text, const char* option);

  /// Adds the options that name the book.
  void takes_book(command to);
  /// The same without the book itself, which the command names otherwise; returns the key's.
  option takes_key(command to);
  book open() const;
  /// The same with a root cell that is opened already, and shared with the book.
  book open(const file_root_cell* cell) const;
  /// The root cell, with what was named or is typed at a terminal.
  file_root_cell open_cell() const;
  /// With the actor's credential, where one was named or the book wants one and somebody can be
  /// asked.
  session begin(const book& opened) const;
  /// What was named or is typed. Ends the command where nothing is.
  slot_secret proof() const;
  actor who() const;

  /// The customer that somebody typed: a public id, or SYSTEM:VALUE of an external id.
  static customer_id customer(session& in, const std::string& text);
  /// The same; not_found is told, where nobody has that external id.
  static result<customer_id> find_customer(session& in, const std::string& text);

  /// The answer of a command: one JSON object, or what `human` prints, in lines as wide as the
  /// terminal. Ends the command with io_error if it cannot be written.
  void answer(const boost::json::object& machine, const std::function<void()>& human) const;
  /// The same of a text that is what it is, in JSON or not.
  void put(std::string_view text) const;
  /// What is left of an answer gets out, or the command ends with io_error. The last call.
  void finish() const;
};

/// Of what somebody typed for a customer: whether it is a public id, and else which SYSTEM and
/// VALUE may be meant. Views into it.
bool is_public_id(std::string_view typed);
std::vector<std::pair<std::string_view, std::string_view>> external_ids_in(std::string_view typed);

/// What `print` writes to standard output; nothing of it gets out. Ends the command with io_error
/// where not all of it could be kept: there is then nothing that passes for an answer.
std::string captured(const std::function<void()>& print);

/// Lines that are longer than the terminal (or COLUMNS) are broken at blanks. What a terminal would
/// obey (a name of a file may hold it) is written out: \u001b.
std::string fitted(std::string_view text);

/// The type of an option that takes something away where it is empty; of others an empty word is a
/// wrong call.
inline constexpr const char* text_or_nothing = "TEXT or \"\"";

/// How many bytes got out; fewer than all: the rest cannot, or `ended` has become true.
std::size_t write_out(int file, std::string_view text, bool (*ended)() = nullptr);

/// A bar on stderr, only where somebody looks: a terminal, and not --quiet or --json.
class progress_bar {
 public:
  progress_bar(const program& in, std::string label, std::uint64_t total);
  ~progress_bar();
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  void at(std::uint64_t done);

 private:
  bool shown_;
  std::string label_;
  std::uint64_t total_;
  unsigned last_ = ~0U;
};

/// The roles that there are: what --help says of them.
std::string list_of_roles();

/// Compiles everybody's consents anew after a change of parties or the law, in transactions so
/// small that nobody waits for them. Returns how many customers' were out of date.
std::uint64_t compile_consents(const program& in, session& writer);

/// "kunden.csv, line 3", of an error of reading it.
std::string place_in(const std::string& file, const error& what);

/// All of a file (a pipe, whose writer may come within ten seconds), or of standard input if it is
/// `-`. Ends the command where it cannot be read, or has more than 64 MiB.
std::string content_of(const std::string& path, const char* about);

/// Whole, under a name that nobody has taken: ends the command else.
void write_new_file(const std::string& path, std::string_view text, const char* about);

std::string text(timestamp instant);

/// In whose notes a customer's values stand, and what was not looked through: of `mentions`,
/// `erase` and a request that erases.
void print_mentions(const mention_report& told);

// Each adds its commands to the program.
void add_book_commands(command app, program& in);
void add_import_command(command app, program& in);
void add_export_command(command app, program& in);
void add_map_command(command app, program& in);
void add_customer_commands(command app, program& in);
void add_entry_commands(command app, program& in);
void add_duplicate_commands(command app, program& in);
void add_merge_commands(command app, program& in);
void add_find_commands(command app, program& in);
/// What is below `index`.
void add_index_commands(command app, program& in);
/// What is below `task`, `contact` and `tag`.
void add_work_commands(command app, program& in);
void add_note_commands(command app, program& in);
void add_notice_commands(command app, program& in);
void add_recipient_commands(command app, program& in);
void add_consent_commands(command app, program& in);
void add_ledger_commands(command app, program& in);
/// What is below `key`.
void add_key_commands(command app, program& in);
void add_recovery_commands(command app, program& in);
void add_rights_commands(command app, program& in);
void add_request_commands(command app, program& in);
/// match, expired, onward, below `request`.
void add_hash_list_commands(command group, program& in);
/// add, remove, list, request, answer, checkpoint, held, below `witness`; ledger-files.
void add_witness_commands(command app, program& in);
/// key, sign, below `acknowledge`: for recipients, who have no book.
void add_acknowledge_commands(command app, program& in);
void add_breach_command(command app, program& in);
/// looks, seen-by, and what is below `budget`, `case` and `clock`.
void add_case_commands(command app, program& in);
/// roles, and what is below it.
void add_role_commands(command app, program& in);
void add_canary_commands(command app, program& in);
void add_alarm_commands(command app, program& in);
void add_credential_commands(command app, program& in);
/// assign, handover, customers, and what is below `portfolios`.
void add_portfolio_commands(command app, program& in);
void add_keeping_commands(command app, program& in);
/// preview, explain, import, export, below `consent`.
void add_consent_exchange_commands(command consent, program& in);
void add_profile_commands(command app, program& in);
/// status, trust, distrust, propose, approve, below `profile`.
void add_policy_commands(command profile, program& in);
void add_evaluate_command(command app, program& in);
void add_table_command(command app, program& in);
void add_text_commands(command app, program& in);
void add_shell_command(command app, program& in);
void add_manual_commands(command app, program& in);

}  // namespace clientbook::cli

#endif
