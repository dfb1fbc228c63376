// The compiler of consent states, shared by the files that make it up: what was said, the law and
// the registry go in, the bytes that evaluate() reads come out.
//
//   compile.cpp            takes what is given, and runs the steps
//   compile_scope.cpp      what a scope covers, and the tables that rules share
//   compile_profile.cpp    the rules of the law profile
//   compile_customer.cpp   the rules of what the customer, or somebody for them, has said
//   compile_write.cpp      rules become lines of the matrix, and the matrix bytes
//
// Private to them. No heap: whatever is needed lies in the caller's workspace.
#ifndef CLIENTBOOK_CONSENT_COMPILER_HPP
#define CLIENTBOOK_CONSENT_COMPILER_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/internal/consent/circumstances.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>

#include "state_format.hpp"

namespace clientbook::compiling {

using state::interval;
using state::line_facts;
using state::line_kind;
using state::max_lines;
using state::max_planes;
using state::max_words;

inline constexpr std::size_t max_directives = 4096;
inline constexpr std::size_t max_references = 4096;
inline constexpr std::size_t max_tables = 255;  // intervals, sets of obligations
inline constexpr std::uint16_t no_directive = 0xffff;

using field_masks = std::array<std::uint64_t, max_planes>;

// A rule before it is a line of the matrix.
struct rule {
  purpose_set purposes;
  recipient_set recipients;
  operation_set operations;
  field_masks masks{};
  line_facts facts;
  std::uint16_t directive = no_directive;  // place in the caller's span
  bool dead = false;

  bool covers(const rule& other) const noexcept {
    for (std::size_t i = 0; i < max_planes; ++i) {
      if ((other.masks[i] & ~masks[i]) != 0) return false;
    }
    return purposes.includes(other.purposes) && recipients.includes(other.recipients) &&
           operations.includes(other.operations);
  }
};

enum directive_flag : std::uint8_t {
  named_by_later = 1,  // some later directive has it in `supersedes`
  back_dated = 2,
};

struct scratch {
  std::array<std::uint16_t, max_directives> order;
  std::array<std::uint8_t, max_directives> flags;
  std::array<std::uint8_t, max_references> references;
  std::array<interval, max_tables> intervals;
  std::array<state::stored_obligations, max_tables> obligations;
  // Used one after the other.
  union {
    std::array<std::uint16_t, max_directives> moves;  // in the order in which they were said
    std::array<std::array<std::uint64_t, max_words>, state::terms> rows;
  };
  alignas(rule) std::array<std::byte, max_lines * sizeof(rule)> rules;
};
static_assert(sizeof(scratch) <= sizeof(compile_workspace::memory));

inline bool has_evidence(const directive& said) noexcept {
  return said.evidence.hash != consent_hash{};
}

inline bool names(const directive& later, const directive& earlier) noexcept {
  if (later.sequence <= earlier.sequence) return false;
  return std::find(later.supersedes.begin(), later.supersedes.end(), earlier.id) !=
         later.supersedes.end();
}

// compile_profile.cpp. Precondition: of age at `at`.
timestamp came_of_age(const date& born, std::uint8_t below, timestamp at) noexcept;

// The directives, and perhaps one that was not said.
class history {
 public:
  history(std::span<const directive> said, const directive* hypothetical) noexcept
      : said_(said), hypothetical_(hypothetical) {}
  std::size_t size() const noexcept { return said_.size() + (hypothetical_ != nullptr ? 1U : 0U); }
  const directive& operator[](std::size_t i) const noexcept {
    return i < said_.size() ? said_[i] : *hypothetical_;
  }

 private:
  std::span<const directive> said_;
  const directive* hypothetical_;
};

// One compilation. Rules are pushed in the order in which they are judged: what the profile
// prohibits, what was said (as recorded, so that a later word ends an earlier one), the profile's
// bases and obligations. A rule that cannot decide anything any more, since a later one covers it,
// is marked dead and dropped, so that a customer who changes their mind a hundred times has a state
// no larger, and equal customers have equal states. Only when all rules are there do they get
// numbers, since denials refer to the lines that lift them.
//
// Whatever does not fit sets `full_`, and the compilation fails: a state that lacks a rule would
// open what the rule denies.
class compiler {
 public:
  compiler(const history& directives, const consent_environment& environment,
           const subject_facts& subject, timestamp as_of, compile_workspace& workspace,
           const privacy_notice* draft) noexcept
      : directives_(directives),
        draft_(draft),
        profile_(*environment.profile),
        environment_(environment),
        subject_(subject),
        as_of_(as_of),
        scratch_(*::new (static_cast<void*>(workspace.memory.data())) scratch) {}

  result<byte_view> run(byte_span out) noexcept;

 private:
  // compile.cpp
  result<void> take_fields() noexcept;
  result<void> take_directives() noexcept;
  void order_as_recorded() noexcept;
  result<void> mark_named() noexcept;
  void mark_back_dated() noexcept;
  void order_moves() noexcept;
  timestamp said_at(const directive& one) const noexcept;
  void take_registry() noexcept;
  void take_bases() noexcept;
  void take_sensitive() noexcept;

  // compile_scope.cpp
  std::span<const recipient_party> parties() const noexcept {
    return environment_.registry == nullptr ? std::span<const recipient_party>()
                                            : environment_.registry->parties();
  }
  std::uint32_t registry_version() const noexcept {
    return environment_.registry == nullptr ? 0 : environment_.registry->version();
  }
  static constexpr std::uint64_t bit(field_id field) noexcept {
    return std::uint64_t{1} << field.value;
  }
  static constexpr std::size_t index(lawful_basis basis) noexcept {
    return static_cast<std::size_t>(basis) & 7U;
  }

  template <class Covers>
  field_masks masks_where(Covers&& covers) const noexcept {
    field_masks out{};
    for (const field_terms& terms : environment_.fields) {
      for (std::size_t plane = 0; plane < planes_; ++plane) {
        const category_id category = terms.categories[plane];
        if (category == category_id{}) break;
        if (covers(category)) out[plane] |= bit(terms.field);
      }
    }
    return out;
  }
  field_masks denied_masks(const category_set& categories) const noexcept;
  recipient_set denied_recipients(const recipient_set& recipients) const noexcept;
  purpose_set denied_purposes(const purpose_set& purposes) const noexcept;
  recipient_set granted_recipients(const recipient_set& recipients,
                                   std::uint32_t shown) const noexcept;
  rule denial_of(const consent_scope& scope) const noexcept;
  std::array<rule, 2> denials_of(const directive& said) const noexcept;
  const reach_rule* reach_of(directive_kind kind, indicated_by by) const noexcept;
  purpose_set reached_purposes(const reach_rule& row, purpose_set said) const noexcept;
  void limit_to_reach(rule& denial, const directive& said) const noexcept;
  std::uint8_t interval_of(const directive& said) noexcept;
  std::uint8_t interval_number(const interval& held) noexcept;
  std::uint8_t obligations_of(const obligations& conditions) noexcept;
  rule* rules() noexcept { return static_cast<rule*>(static_cast<void*>(scratch_.rules.data())); }
  void push(const rule& added) noexcept;
  rule on_behalf(rule own, std::uint32_t shown) const noexcept;
  void drop_dead() noexcept;

  // compile_profile.cpp
  // The birth date that counts for what has that sequence and was said then.
  std::optional<date> born_for(std::uint32_t sequence, timestamp at) const noexcept;
  bool is_child(std::uint8_t below, timestamp at, std::uint32_t sequence) const noexcept;
  // The latest of those that proofs of age have overruled, and the place of the last such proof.
  struct overruled {
    date born{};
    std::uint16_t proof = no_directive;
  };
  overruled overruled_birth() const noexcept;
  bool lacks_transfer_basis(const recipient_party& party) const noexcept;
  // Whether the profile's sensitive list asks more for a category than that strength.
  bool needs_more(category_id category, consent_strength strength) const noexcept {
    return sensitive_[static_cast<std::size_t>(strength) & 3U].contains(category);
  }
  void add_prohibition(std::size_t row) noexcept;
  void add_children_rule(rule added) noexcept;
  void add_basis(std::size_t row) noexcept;
  void add_obligation(std::size_t row) noexcept;

  // compile_customer.cpp
  const privacy_notice* notice_of(const directive& said) const noexcept;
  bool stands(const directive& said, std::uint8_t flags) const noexcept;
  circumstances at_the_time_of(const directive& said) const noexcept;
  void add_directive(std::uint16_t place) noexcept;
  void add_grant(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept;
  bool counts(const directive& said, std::uint8_t flags) const noexcept;
  bool outgrew(const directive& standing, const directive& later) const noexcept;
  // Whether an age was proven before what has that sequence and was said then.
  bool was_proven(std::uint32_t sequence, timestamp at) const noexcept;
  std::uint8_t interval_of_age(const directive& said, std::uint8_t held) noexcept;
  // `grant`: its rule; null: it does not count.
  void add_words(const directive& said, std::uint16_t place, const rule* grant,
                 const purpose_set& too_young) noexcept;
  std::uint16_t named_at(const directive& said) const noexcept;
  bool contains(std::uint8_t outer, std::uint8_t inner) const noexcept;
  void add_denial(const directive& said, std::uint8_t flags, std::uint16_t place,
                  line_kind kind) noexcept;
  void add_ending(const directive& said, std::uint16_t place) noexcept;
  void add_lift(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept;
  void add_assertion(const directive& said, std::uint8_t flags, std::uint16_t place) noexcept;
  void drop_equal_grants(const rule& added, const directive& said) noexcept;
  void refer() noexcept;
  void add_reference(rule& from, std::size_t to) noexcept;
  void refer_to_lifts(rule& from) noexcept;
  void refer_to_assertions(rule& from) noexcept;
  void refer_to_replacing(rule& from) noexcept;
  void refer_to_proven(rule& from) noexcept;
  void rank_grants() noexcept;

  // compile_write.cpp
  using bit_row = std::array<std::uint64_t, max_words>;
  struct sink;
  struct row_numbers;
  void number_lines() noexcept;
  std::size_t share_rows(std::size_t count, std::span<std::uint8_t> numbers) noexcept;
  template <class Covered>
  std::size_t fill_rows(std::size_t count, std::span<std::uint8_t> numbers,
                        Covered&& covered) noexcept;
  state::header counts() const noexcept;
  void say_where_endings_deny(state::header& h) const noexcept;
  void write_rows(sink& to, state::header& h, row_numbers& numbers) noexcept;
  void write_categories(sink& to) const noexcept;
  void write_countries(sink& to, state::header& h) const noexcept;
  result<byte_view> write(byte_span out) noexcept;

  history directives_;
  const privacy_notice* draft_;
  const law_profile& profile_;
  const consent_environment& environment_;
  const subject_facts& subject_;
  timestamp as_of_;
  scratch& scratch_;

  std::size_t planes_ = 1;
  field_set known_fields_;
  field_masks has_{};
  recipient_set known_recipients_;
  std::array<purpose_set, 8> by_basis_{};
  std::array<category_set, 4> sensitive_{};  // by strength: what needs more

  std::size_t intervals_ = 0;
  std::size_t obligations_ = 0;
  std::size_t references_ = 0;
  std::size_t count_ = 0;
  bool full_ = false;
  std::size_t moves_ = 0;  // directives that say where the customer lives or works
  bool clock_went_back_ = false;
  bool proven_ = false;                            // some directive proves an age
  std::array<std::uint8_t, max_lines> line_of_{};  // by rule
  std::array<std::uint8_t, max_lines> rule_at_{};  // by line
  std::array<std::uint16_t, state::section_count + 1> starts_{};
};

}  // namespace clientbook::compiling

#endif
