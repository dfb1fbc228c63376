// Makes the proposal of a column map, file by file; the parts of a file in propose_*.cpp.
#ifndef CLIENTBOOK_EXCHANGE_CSV_PROPOSER_HPP
#define CLIENTBOOK_EXCHANGE_CSV_PROPOSER_HPP

#include "consent_words.hpp"
#include "table_facts.hpp"

#include <clientbook/exchange/map_proposal.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

namespace json = boost::json;

inline std::string_view view(json::string_view text) { return {text.data(), text.size()}; }
inline json::string_view boost_view(std::string_view text) { return {text.data(), text.size()}; }

/// What the name of a column says. `sent_to`: of whom an order went to (`Ship City`), who may be
/// somebody else.
struct column_meaning {
  std::string_view target{};
  bool sent_to = false;
};
/// Besides the names of the list those with whose it is before or behind them (`Buyer Email`,
/// `Postcode (Billing)`, `Ville de livraison`).
column_meaning meaning_of(std::string_view column);

/// Without words such as `of` and `de` at its ends.
std::string_view without_joins(std::string_view name);

/// Whether a folded name is a word for customer and one for number: `cod cliente`, `klantnr`.
bool names_customer_id(std::string_view folded);

/// What a column of this name is filled into; empty: no name of the list. `consent.`, `refusal.`:
/// what was said of a marketing, that it is wanted, or that it is not.
std::string_view target_named(std::string_view column);
bool tells_of_consent(std::string_view target) noexcept;

inline bool mostly(std::uint64_t count, const column_facts& column) noexcept {
  return count > 0 && count * 10 >= column.filled * 8;
}

/// A column whose name tells of consent, of a list of names or by its words (`Acepta publicidad`):
/// nobody's no is left out because a list lacks a name, and no yes comes of a word that nobody
/// listed. What stands in it has to fit: `Phone no` is a number, `Newsletter opened` a time.
consent_name consent_of(const column_facts& column);

/// A column of what happened (`Status`), whose cells are words of coming and going.
bool tells_what_happened(const column_facts& column);

/// A column that is called a time and no more: what happened then the others tell.
bool is_plain_time(std::string_view column);

bool is_total(std::string_view column);
bool tells_of_sales(const table_facts& table);

/// The country whose words the columns are named in; empty: none.
std::string_view home_of(const table_facts& table);

class proposer {
 public:
  proposer(const map_request& request, map_proposal& to) : request_(request), to_(to) {}

  result<void> run(std::span<const std::string> paths, std::size_t* where);

 private:
  struct table {
    table_facts facts;
    const json::object* known = nullptr;
    std::string region;
    bool region_guessed = false;
  };

  result<void> read(const std::string& path);
  const json::object* known_export(const table_facts& facts) const;
  void find_region(table& one) const;
  bool is_customers(const table& one) const;
  std::optional<json::object> file_of(std::size_t number, bool customers);

  // Of the file that is being written.
  void begin(std::size_t number);
  void write_format();
  void write_known();
  void write_extra(const column_facts& column);
  void write_known_ids();
  json::value with_own_times(json::value rules) const;
  void write_unknown(bool customers);
  void write_sum_of_a_line(const column_facts& column);
  std::string_view own_target(const column_facts& column) const;
  void write_column(const column_facts& column, bool customers);
  void write_consent(const column_facts& column, const consent_name& name);
  void write_noes(const column_facts& column, const consent_name& name);
  boost::json::array said_of(const char* kind, const boost::json::array& purposes,
                             const column_facts* at);
  const column_facts* when_said() const;
  void write_whose(const column_facts& column);
  std::uint8_t closed_by(const column_facts& column, std::uint8_t ways) const;
  const column_facts* since(std::uint8_t ways) const;
  bool write_target(const column_facts& column, std::string target);
  bool write_by_content(const column_facts& column);
  bool write_id(bool customers);
  void write_sales();
  bool write_undone(const column_facts& column);
  void write_deliveries(bool customers);
  void write_money_out();
  bool write_currency_of_cells();
  void write_currency();
  void write_whole_names();
  void write_constants();
  void ignore(const column_facts& column, const char* why);
  void doubt(std::string_view column, std::string why);
  json::value with_forms(const column_facts& column, const json::value& mapped);
  std::string date_words(const column_facts& column);
  std::string days_read_as(const column_facts& column) const;
  void doubt_decimals(const column_facts& column);
  const column_facts* column_at(std::string_view folded) const;
  const std::string* column_with(std::string_view target) const;
  void tell_not_kept();
  json::object finished();
  void tell_of_left_out(json::object& customers) const;

  const map_request& request_;
  map_proposal& to_;
  json::value exports_;
  std::vector<table> tables_;

  std::size_t file_ = 0;
  const table* now_ = nullptr;
  json::object format_, columns_, constants_, consent_, unsure_, undone_, left_out_;
  json::array ids_, ignored_;
  std::set<std::string, std::less<>> targets_;
  std::set<std::string, std::less<>> when_said_;  // Columns that consents take their time from.
  std::string order_;                             // How most dates of the file are written.
};

}  // namespace clientbook::exchange

#endif
