// Whose row may this be? Customers of the book by e-mail, phone, and name with birth date.
//
// For files that have no ids, or ids of their own. It reads everybody once, what the purposes of
// the import may read, when the first row comes whose id the book does not know; what it keeps are
// keyed hashes. Nothing is guessed: where two may be meant, or a given name says that it is
// somebody else, it is not the same.
//
// Thread safety: belongs to one import.
#ifndef CLIENTBOOK_TRANSFER_PEOPLE_INDEX_HPP
#define CLIENTBOOK_TRANSFER_PEOPLE_INDEX_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/model/record.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clientbook {

struct hash_of_id {
  // Of an id each byte is as good as random.
  std::size_t operator()(const customer_id& id) const noexcept {
    return load_be<std::uint64_t>(id.bytes.data());
  }
};

/// Whether a row's id is one that nobody gave, or a copy of what the row is reached by.
bool is_made_up(const import_customer& one);

class people_index {
 public:
  /// Once; later calls do nothing. Of purposes under which the role lists nobody it reads nothing:
  /// without any, everybody is a stranger, and knows_nobody() says so. Errors: those of reading.
  result<void> read(session& from, std::span<const purpose_id> purposes, std::string_view system);
  /// How many customers will be noted, about.
  void expect(std::size_t customers);

  bool is_read() const noexcept { return read_; }
  bool knows_nobody() const noexcept { return read_ && !listed_; }

  /// Errors: already_exists (several customers may be meant).
  result<std::optional<customer_id>> find(const import_customer& one);

  /// Remembers what a customer of the import that is running has of `fields` (e-mails, phones).
  /// find() does not find them by it.
  void note(const record_view& record, field_set fields, const customer_id& id);
  /// The customer has no more what was known of these fields: with() and has() find it no longer.
  void drop(field_set fields, const customer_id& id);
  /// What an e-mail address or a phone number is known by.
  std::uint64_t key_of(field_id field, std::string_view value) const;
  bool has(std::uint64_t key) const;
  /// Everybody who has it, some of them perhaps twice.
  void add_with(std::uint64_t key, std::vector<customer_id>& to) const;
  /// Everybody who has it, each once.
  std::vector<customer_id> with(std::uint64_t key) const;

 private:
  struct person {
    customer_id id;
    std::uint64_t given = 0, family = 0;  ///< Hashes of the names; 0: none.
    bool has_id = false;                  ///< Of the system of the import.
    bool taken = false;                   ///< A row of this import was theirs.
    field_set gone{};                     ///< What they were reached by when they were read.
  };
  struct way {
    std::uint32_t number = 0;  ///< Place in people_.
    field_id from{};
  };

  std::uint64_t hash(char kind, std::string_view text) const;
  std::span<const way> ways_of(std::uint64_t key) const;
  /// By what they are reached by, under their number.
  void add_ways(const record_view& record, field_set fields, std::uint32_t number);
  result<void> read_rest(session& from, std::span<const purpose_id> purposes,
                         std::string_view system, std::uint32_t number, field_set left);
  void add(const view& seen, field_set fields, std::string_view system, std::uint32_t number);
  /// Of the customers with that hash those whose names allow it.
  void collect(std::uint64_t key, const import_customer& one, std::vector<std::uint32_t>& to) const;

  bool read_ = false;
  bool listed_ = false;
  std::optional<secret<32>> key_;
  void add_person(const person& who);

  std::vector<person> people_;
  std::unordered_multimap<customer_id, std::uint32_t, hash_of_id> numbers_;  ///< Of each customer.
  std::unordered_map<std::uint64_t, std::vector<way>> by_;
};

}  // namespace clientbook

#endif
