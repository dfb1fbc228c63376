// What a row says of consent, as directives: its words looked up in the vocabulary, the book's
// registry and its notices, brought into the order in which they were said.
//
// The book's state does not change what the words of a rule mean while one import runs, so all that
// is looked up is looked up once: registry, notices, and the scope of each rule of the map.
#ifndef CLIENTBOOK_TRANSFER_ROW_DIRECTIVES_HPP
#define CLIENTBOOK_TRANSFER_ROW_DIRECTIVES_HPP

#include <clientbook/consent/directive.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <optional>
#include <span>
#include <vector>

#include "import_run.hpp"
#include "said_that_day.hpp"

namespace clientbook {

inline bool is_no(const directive& one) { return says_no(one.kind); }

class row_directives {
 public:
  explicit row_directives(import_run& run) : run_(run), row_(run.row) {}

  /// Of the book, before the first row.
  result<void> open();

  /// The row's consents into `run.row`. Errors: a rule of the map that is wrong, told as that step.
  result<void> read(const import_customer& one);
  result<directive> directive_of(const import_consent& said);
  /// What an import brought before keeps the time under which the book has it. Who may not see what
  /// was said brings it anew: that closes no less.
  result<void> find_again(const customer_id& id);

 private:
  struct known_rule {
    import_consent said;
    bool grants = false;
    consent_scope scope;
  };
  static constexpr std::size_t most_rules = 16;

  void take_consents(std::span<const import_consent> consents);
  result<const consent_scope*> scope_of_rule(const import_consent& said, bool grants);
  timestamp time_of(const import_consent& said) const;
  std::optional<said_day> day_of(const directive& no) const;
  result<void> name_what_about(directive& out, const import_consent& said, bool grants);
  result<void> name_notice(directive& out, const import_consent& said);
  void order_by_time(std::span<const import_consent> consents);
  result<void> name_what_is_lifted();

  import_run& run_;
  import_row& row_;
  recipient_registry registry_;
  std::vector<privacy_notice> notices_;
  std::vector<known_rule> rules_;
  crypto::system_random random_;
};

}  // namespace clientbook

#endif
