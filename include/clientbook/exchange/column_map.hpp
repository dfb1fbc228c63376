// Column map: which column of which CSV file is which part of a customer's record, and the
// customers that come out of reading the files by it.
//
// A map is a JSON file (docs/import.md describes it). Reading is done in two steps, so that
// an importer never stops half-way because of bad input:
//   1. import_set::load reads and checks every file; nothing has been handed out yet.
//   2. import_set::for_each hands out customer by customer, in the order of the customers file,
//      with the rows of all other files joined. Only the callback can fail here.
// Values that need no neighbour to be judged (dates, numbers, e-mails, phones, codes, card
// numbers in text) have been checked by then; the rest is checked by the book when it is put.
//
// A problem names the file, the line and the column; never a value. A column that the map does
// not know is named by its position only: in a file without a header row, its "name" is a value.
//
// Memory: the text of all mapped cells, plus some 0.5 KiB a customer and 0.13 KiB a purchase line.
//
// Thread safety: const use of a loaded set or map is safe.
#ifndef CLIENTBOOK_EXCHANGE_COLUMN_MAP_HPP
#define CLIENTBOOK_EXCHANGE_COLUMN_MAP_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/exchange/csv.hpp>
#include <clientbook/model/values.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// What a customer has decided, in names of the consent vocabulary; from a consent rule of the
/// map or from a file of consents. Purposes and categories are known to exist; recipients are
/// classes or parties of a registry, which the importer looks up. It also stamps what is absent.
struct import_consent {
  /// grant, renew, refuse, deny, withdraw, object, restrict, lift or move.
  std::string_view kind{};
  std::span<const std::string_view> purposes{};
  std::span<const std::string_view> recipients{};  ///< Classes or parties; empty: everybody.
  std::span<const std::string_view> categories{};  ///< Data categories; empty: all.
  std::string_view channel{};                      ///< store, web, phone, paper, import
  std::string_view strength{};          ///< implied, expressed or explicit; empty: expressed.
  std::string_view notice{};            ///< Name of the notice that was shown.
  std::string_view evidence{};          ///< Reference to it, kept elsewhere.
  std::optional<timestamp> given_at{};  ///< Absent: not known; the time of the import.
  std::optional<timestamp> expires_at{};
  /// Of what takes away and tells a day alone: the end of that day. When in it, nobody can tell;
  /// `given_at` is no earlier than what else the customer is known to have said on it.
  std::optional<timestamp> day_end{};
  std::string_view contact{};  ///< An e-mail address or phone number that it is about alone.
  std::string_view law{};      ///< Of a move: the profile of where the customer lives,
  std::string_view state{};    ///< and in which country or state of it; empty: not known.
};

/// Somebody of the household; by external id if a customer too, and then one of this set.
struct import_household {
  household_link link{};
  std::string_view external_id{};
};

struct import_receipt {
  purchase head{};
  std::span<const purchase_line> lines{};
};

/// One customer. All views live until the callback returns.
struct import_customer {
  std::uint64_t line = 0;  ///< In the customers file.
  std::string_view external_id{};
  /// Nobody gave the id: it is made of an e-mail address, a number, or a name and a birth date.
  bool made_up = false;
  /// A row that was wrong and is left out: its id, addresses, numbers and noes, as far as they
  /// could be read, since a no counts all the same. No customer is made of it.
  bool left_out = false;
  person_name name{};
  std::optional<date> birth_date{};
  std::string_view language{};
  std::string_view time_zone{};
  std::string_view employer{};
  std::optional<clientbook::demographics> demographics{};
  std::span<const email_address> emails{};
  std::span<const phone_number> phones{};
  std::span<const postal_address> addresses{};
  std::span<const special_day> special_days{};
  std::span<const customer_size> sizes{};
  std::span<const std::string_view> likes{};
  std::span<const std::string_view> dislikes{};
  std::span<const std::string_view> tags{};
  std::string_view tier{};
  std::span<const wish> wishes{};
  std::span<const task> tasks{};
  std::span<const customer_contact> contacts{};
  std::optional<reachability> reach{};
  std::span<const clientbook::external_id>
      external_ids{};  ///< Further ones, such as loyalty cards.
  std::span<const import_household> household{};
  std::span<const government_id> government_ids{};
  std::span<const payment_card> payment_cards{};
  std::span<const import_receipt> receipts{};  ///< In the order of their first line.
  std::span<const note> notes{};
  std::span<const import_consent> consents{};
  std::optional<timestamp> changed_at{};  ///< When the row's program changed it last.
};

/// Where something was read.
struct import_place {
  std::size_t file = 0;    ///< Place in column_map::files().
  std::uint64_t line = 0;  ///< From 1; 0: not known.
};

/// Where something was wrong.
struct import_problem {
  error what{};                    ///< `at` is the line, from 1; 0 if it is about the whole file.
  std::size_t file = 0;            ///< Place in column_map::files().
  std::size_t column = 0;          ///< Position, from 1; 0 if it is about the whole row.
  std::string_view column_name{};  ///< As the map spells it, and living as long; empty if unknown.
};

class column_map {
 public:
  /// Reads a map. Errors: invalid_encoding and already_exists (not JSON, a name twice; `at` is
  /// the byte offset), unknown_field (a target or member there is no such thing as),
  /// missing_field, wrong_type, invalid_value. `where`, if given, receives the JSON pointer.
  static result<column_map> parse(std::string_view json, std::string* where = nullptr);
  /// Errors: also not_found, permission_denied, io_error, limit_exceeded (above 1 MiB).
  static result<column_map> open(const std::string& path, std::string* where = nullptr);

  column_map(column_map&&) noexcept;
  column_map& operator=(column_map&&) noexcept;
  ~column_map();

  /// What import_customers() wants beside a set of vCards: the system, and the file's name.
  static result<column_map> of_vcards(std::string_view system, std::string_view file);

  /// The same map, whose external ids are those of another system.
  column_map of_system(std::string_view system) const;

  /// The system that the external ids come from, for external_id::system; may be empty.
  std::string_view system() const noexcept;

  /// Whether the ids are numbers that link the rows of these files, and no customer has them.
  bool ids_link_files() const noexcept;

  /// Whether a column of it says something of consents.
  bool tells_of_consent() const noexcept;

  /// How many files it says that it had no place for ("unsure").
  std::size_t files_left_out() const noexcept;

  /// The files it reads, relative to the folder given to load(); the customers file first.
  std::span<const std::string> files() const noexcept;

  struct state;

 private:
  friend class import_set;
  explicit column_map(std::shared_ptr<const state> owned) noexcept;
  std::shared_ptr<const state> state_;
  std::optional<std::string> system_;  // Said beside the map, and stronger.
};

enum class bad_row : std::uint8_t {
  stop,  ///< The first bad row ends the load: all or nothing.
  skip,  ///< Bad rows are left out, counted and reported. Rows of a skipped customer are bad too.
};

/// Who looks for card numbers in notes.
enum class note_cards : std::uint8_t {
  refused,  ///< The reader: a row with one is a bad row.
  left,     ///< Whoever keeps the note, who may put a label there.
};

struct import_options {
  bad_row on_bad_row = bad_row::stop;
  note_cards on_note_cards = note_cards::refused;
  /// Nothing but what is said of consent is wanted: an address may stand there by several names.
  bool only_consents = false;
  std::size_t reported = 1000;  ///< Problems kept in the report; beyond, they are only counted.
  csv_limits limits{};
};

/// What load() found, also when it fails.
struct import_report {
  struct file_count {
    std::uint64_t rows = 0;     ///< Rows read, bad ones included.
    std::uint64_t skipped = 0;  ///< Of these, bad ones.
    bool present = false;       ///< False for an optional file that is not there.
  };
  std::vector<file_count> files{};         ///< One for each of column_map::files().
  std::vector<import_problem> problems{};  ///< On failure the last one is what stopped the load.
  /// What was read and may not be what somebody meant: rows of nobody, values without a consent
  /// rule, customers who are likely the same. They stop nothing. At most `reported`, and as
  /// many of values without a consent rule.
  std::vector<import_problem> remarks{};
  std::uint64_t untold = 0;    ///< Problems and remarks beyond those.
  std::uint64_t left_out = 0;  ///< Rows that are told among the remarks and belong to nobody.
  std::uint64_t undone = 0;    ///< Orders that were cancelled or given back: no purchases.
};

class import_set {
 public:
  /// Reads all files of the map from `folder`. Errors: that of the last problem of the report.
  /// A file that cannot be read to its end, an unknown or missing column and an unreadable
  /// header stop the load also under bad_row::skip. Beside the errors of csv.hpp:
  ///   unknown_field   a column that the map neither maps nor ignores, an unknown purpose or
  ///   category missing_field   a column, an external id, an order number or a currency that is
  ///   needed already_exists  a second row of an external id, or a second value where there is one
  ///   not_found       no customer, or no row of a joined file, has this id
  ///   invalid_value, card_data_refused   a value that its type does not admit
  static result<import_set> load(const column_map& map, const std::string& folder,
                                 const import_options& options, import_report& report);

  /// Reads a file of vCards 2.1, 3.0 or 4.0, without a map. A card's id is its UID, else the first
  /// e-mail, else the first phone, else name and birth date; a card that has none is left out, and
  /// told. A card without its end is a bad row, at the line where it begins; a value that cannot
  /// be one is left out of its card, and told. `region`: as map_request. Pictures, sounds and keys
  /// are not read. Errors: those of opening the file; invalid_encoding, unsupported (no vCards),
  /// limit_exceeded (above 256 MiB), and of a bad row.
  static result<import_set> load_vcards(const std::string& path, std::string_view region,
                                        const import_options& options, import_report& report);

  import_set(import_set&&) noexcept;
  import_set& operator=(import_set&&) noexcept;
  ~import_set();

  std::size_t customers() const noexcept;
  std::size_t receipts() const noexcept;
  std::size_t purchase_lines() const noexcept;

  /// Where a note that for_each() hands out was read.
  import_place place_of(const note& text) const noexcept;

  /// Hands out every customer. Errors: the first one that `each` returns; it is called no more.
  result<void> for_each(callback_ref<result<void>(const import_customer&)> each) const;

  struct state;

 private:
  explicit import_set(std::unique_ptr<state> owned) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace clientbook

#endif
