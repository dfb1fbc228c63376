// Directives: what a customer, a law or an authority has said, as events that are only added.
//
// State is a fold over the directives of one customer. They are never updated: a withdrawal is
// a directive of its own. Directives of a customer form a chain; the store fills in subject,
// sequence, recorded_at and previous, and computes the hashes over encode_directive().
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_CONSENT_DIRECTIVE_HPP
#define CLIENTBOOK_CONSENT_DIRECTIVE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/obligation.hpp>
#include <clientbook/consent/vocabulary.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook {

/// SHA-256 or BLAKE2b-256, computed outside this room. All zero: none.
using consent_hash = digest256;

/// Stored: append, never renumber. So are all enumerations below.
enum class directive_kind : std::uint8_t {
  grant = 1,
  renew = 2,             ///< A grant that goes on; judged as a grant.
  refuse = 3,            ///< No, when asked.
  deny = 4,              ///< No, unasked: an opt-out, a signal, a block.
  withdraw = 5,          ///< The subject takes back what was granted.
  object = 6,            ///< GDPR 21
  restrict = 7,          ///< GDPR 18
  lift = 8,              ///< Ends the restrictions, objections and denials that it names.
  revoke = 9,            ///< The controller takes back what was granted.
  invalidate = 10,       ///< An authority declares what was granted void.
  request = 11,          ///< Was asked; decides nothing.
  defer = 12,            ///< Put off the answer; decides nothing.
  basis_assertion = 13,  ///< The controller states that a basis of the profile is there.
  move = 14,  ///< Where the customer lives: `jurisdiction` names the law. Without scope; decides
              ///< which law a book judges by, and no cell. What `residence` and `works_here` say
              ///< is about consents that are given later.
  proof_of_age = 15,  ///< What shows how old somebody is was seen (`age`). One that names another
                      ///< is the second person's, and counts: for consents that are given later.
                      ///< Without scope; opens no cell by itself.
};

enum class consent_strength : std::uint8_t { none = 0, implied = 1, expressed = 2, explicit_ = 3 };

enum class indicated_by : std::uint8_t {
  subject = 1,
  guardian = 2,
  agent = 3,  ///< Authorised by the subject.
  controller = 4,
  authority = 5,
};

enum class consent_channel : std::uint8_t {
  other = 0,
  point_of_sale = 1,
  web = 2,
  phone = 3,
  paper = 4,
  signal_gpc = 5,
  signal_gpp = 6,
  signal_tcf = 7,
  import = 8,
};

enum class lawful_basis : std::uint8_t {
  none = 0,
  consent = 1,
  contract = 2,
  legal_obligation = 3,
  vital_interest = 4,
  public_task = 5,
  legitimate_interest = 6,
  business_purpose = 7,  ///< CPRA 1798.140(e)
};

/// Where a consent is given, which some laws ask when they say from what age one agrees alone.
enum class service_kind : std::uint8_t {
  online = 1,   ///< A website, an app, a signal of a browser.
  in_shop = 2,  ///< At the counter, on paper.
};

/// 0: nobody knows, and the rules of every kind of service hold.
constexpr std::uint8_t service_of(consent_channel channel) noexcept {
  switch (channel) {
    case consent_channel::web:
    case consent_channel::signal_gpc:
    case consent_channel::signal_gpp:
    case consent_channel::signal_tcf:
      return static_cast<std::uint8_t>(service_kind::online);
    case consent_channel::point_of_sale:
    case consent_channel::paper:
      return static_cast<std::uint8_t>(service_kind::in_shop);
    default:
      return 0;
  }
}

/// Whether the customer works for the shop too, whose consent to it is rarely free (GDPR recital
/// 43): while that is so, a consent counts that is explicit and has evidence.
enum class employment : std::uint8_t { unsaid = 0, employed = 1, ended = 2 };

/// What somebody had before them that shows how old a customer is.
enum class age_document : std::uint8_t {
  none = 0,
  identity_card = 1,
  passport = 2,
  driving_licence = 3,
  residence_permit = 4,
  birth_certificate = 5,
  other = 6,  ///< Another document of an authority.
};

/// What a proof of age says. A day of the year 0: none.
struct age_seen {
  age_document document = age_document::none;
  date born{};      ///< As the document says; of who showed an age alone, born so many years ago.
  date believed{};  ///< For what the book took them until then. Of a proof that counts: it still
                    ///< does so for what was agreed to until then.
  friend bool operator==(const age_seen&, const age_seen&) = default;
};

/// ISO 3166: a country, or a state where a law is of states. Empty: not known.
using state_code = std::array<char, 2>;

/// What a directive is about: every combination of its members. Sets are exactly as shown to
/// the customer; what they cover follows from the vocabulary and the kind.
struct consent_scope {
  purpose_set purposes{};
  recipient_set recipients{};  ///< Classes and named parties.
  category_set categories{};
  operation_set operations{};
  friend constexpr bool operator==(const consent_scope&, const consent_scope&) = default;
};

/// A short text without heap: a reference, never personal data.
template <std::size_t Capacity>
class short_text {
 public:
  constexpr short_text() noexcept = default;
  /// Keeps nothing of a text that is too long; fits() tells before.
  explicit constexpr short_text(std::string_view text) noexcept {
    if (!fits(text)) return;
    for (std::size_t i = 0; i < text.size(); ++i) text_[i] = text[i];
    size_ = static_cast<std::uint8_t>(text.size());
  }
  static constexpr bool fits(std::string_view text) noexcept { return text.size() <= Capacity; }
  constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }
  friend constexpr bool operator==(const short_text&, const short_text&) = default;

 private:
  static_assert(Capacity < 256);
  std::array<char, Capacity> text_{};
  std::uint8_t size_ = 0;
};

/// Proof that it was said: kept elsewhere, here are its hash and where to find it.
struct consent_evidence {
  consent_hash hash{};  ///< All zero: no evidence of an act.
  short_text<64> reference{};
  friend bool operator==(const consent_evidence&, const consent_evidence&) = default;
};

/// One e-mail address, phone number or address of a customer, as a keyed token of its value: whose
/// it is and what it says tells the book alone, session::contact_of().
struct contact_point {
  field_id field{};  ///< emails, phones or addresses; 0: none.
  std::array<std::byte, 8> token{};
  friend constexpr bool operator==(const contact_point& a, const contact_point& b) noexcept {
    return a.field == b.field && equal_arrays(a.token, b.token);
  }
};

/// The notice that was shown.
struct notice_reference {
  notice_id id{};
  std::uint32_t version = 0;
  consent_hash hash{};  ///< A grant without it is stored but never permits.
  friend bool operator==(const notice_reference&, const notice_reference&) = default;
};

struct directive {
  static constexpr std::size_t max_supersedes = 4;
  static constexpr std::size_t max_contacts = 4;

  directive_id id{};           ///< Random; not zero.
  customer_id subject{};       ///< Filled in by the store.
  std::uint32_t sequence = 0;  ///< From 1, without gaps; filled in by the store.
  directive_kind kind = directive_kind::deny;
  indicated_by by = indicated_by::subject;
  consent_channel channel = consent_channel::other;
  consent_strength strength = consent_strength::none;  ///< Grants only.
  bool informed = false;                               ///< Grants: the subject knew what for.
  consent_scope scope{};
  std::uint32_t registry_version = 0;  ///< Of the recipients that were shown.
  lawful_basis basis = lawful_basis::none;
  notice_reference notice{};
  profile_id jurisdiction{};  ///< Profile under which it was said.
  std::uint32_t profile_version = 0;
  timestamp event_at{};     ///< When it was said.
  timestamp recorded_at{};  ///< Filled in by the store.
  /// Holds from not_before up to, not including, not_after. Not for withdraw, revoke,
  /// invalidate and lift: those work at once and for good.
  std::optional<timestamp> not_before{};
  std::optional<timestamp> not_after{};
  consent_evidence evidence{};
  actor_id recorder{};
  /// What it deliberately overrides, from the front; zero ids end it.
  std::array<directive_id, max_supersedes> supersedes{};
  obligations conditions{};  ///< Grants: what the subject asks in return.
  consent_hash previous{};   ///< Hash of the subject's directive before; filled in by the store.
  /// What it is about alone, from the front; empty ones end them, none: about all. Of e-mail
  /// addresses, phone numbers and addresses a consent then opens these and a denial closes these.
  /// compile() knows no contact points: to it such a consent is none, such a denial a whole one.
  std::array<contact_point, max_contacts> contacts{};
  state_code residence{};  ///< Moves: where under that law. Counts if the move is confirmed.
  /// Moves: that somebody is employed counts whoever says it; that it ended, by an officer or an
  /// authority with evidence.
  employment works_here = employment::unsaid;
  age_seen age{};  ///< Proofs of age.

  friend bool operator==(const directive&, const directive&) = default;
};

/// Can it permit something? These kinds need a notice, evidence or both, and an honest date.
[[nodiscard]] constexpr bool widens(directive_kind kind) noexcept {
  return kind == directive_kind::grant || kind == directive_kind::renew ||
         kind == directive_kind::lift || kind == directive_kind::basis_assertion;
}

/// Does it forbid, until it is lifted?
[[nodiscard]] constexpr bool denies(directive_kind kind) noexcept {
  return kind == directive_kind::restrict || kind == directive_kind::object ||
         kind == directive_kind::deny || kind == directive_kind::refuse;
}

/// Is it a no in somebody's words: a denial, or a consent taken back? Such a word only closes.
[[nodiscard]] constexpr bool says_no(directive_kind kind) noexcept {
  return denies(kind) || kind == directive_kind::withdraw;
}

/// Whether it is well-formed by itself. Errors: invalid_value (an enumeration or an id out of
/// range, an interval on a kind that has none or that ends before it begins, strength or
/// conditions on a kind that has none), unknown_field (a term that the vocabulary lacks; `at`:
/// its number), missing_field (an empty set in the scope, a grant without strength, a lift or an
/// invalidation of nothing; a move to no law; a proof of age of no document or no day), wrong_type
/// (a grant that names a term which only denials may name).
result<void> check(const directive& value) noexcept;

/// Does it decide any cell? A request and a defer only say that somebody asked, a move under which
/// law cells are decided, a proof of age how old who agrees from then on is.
[[nodiscard]] constexpr bool decides(directive_kind kind) noexcept {
  return kind != directive_kind::request && kind != directive_kind::defer &&
         kind != directive_kind::move && kind != directive_kind::proof_of_age;
}

/// Whether it is a proof of age that a second person has seen: the first one's is only noted.
[[nodiscard]] constexpr bool proves_age(const directive& said) noexcept {
  return said.kind == directive_kind::proof_of_age && said.supersedes[0] != directive_id{};
}

/// Is it about some contact points and not about all?
[[nodiscard]] constexpr bool is_about_contacts(const directive& said) noexcept {
  return said.contacts[0].field != field_id{};
}

/// Whether a move says for sure where the customer lives: in the words of the customer, or of
/// somebody of the shop or an authority who has evidence. Else it is only an address.
[[nodiscard]] constexpr bool is_confirmed(const directive& move) noexcept {
  return move.by == indicated_by::subject || move.by == indicated_by::guardian ||
         move.by == indicated_by::agent || move.evidence.hash != consent_hash{};
}

/// Whether a move says for sure that somebody does not work for the shop any more.
[[nodiscard]] constexpr bool ends_employment(const directive& move) noexcept {
  return move.works_here == employment::ended && move.evidence.hash != consent_hash{} &&
         (move.by == indicated_by::controller || move.by == indicated_by::authority);
}

/// When the newest of several directives was said, which a permission must not be dated before.
/// Nothing was said after it was written down, nor after something was that was written down later:
/// so neither a slip of the pen nor a clock that once was ahead refuses what is said afterwards.
class latest_said {
 public:
  /// Takes the next one, in the order of their sequences.
  constexpr void add(const directive& one) noexcept {
    written_down(one.recorded_at);
    if (!decides(one.kind)) return;
    const bool known = one.recorded_at != timestamp{};
    const timestamp said = known && one.recorded_at < one.event_at ? one.recorded_at : one.event_at;
    if (!at_ || *at_ < said) at_ = said;
  }
  /// Something is written down then; 0: nobody knows when.
  constexpr void written_down(timestamp then) noexcept {
    if (then != timestamp{} && at_ && then < *at_) at_ = then;
  }
  constexpr const std::optional<timestamp>& at() const noexcept { return at_; }

 private:
  std::optional<timestamp> at_;
};

/// Whether it may be added after the directives so far. `latest`: latest_said of them. Errors: as
/// check(); back_dated if it widens and was said before `latest`, or later than `now`.
result<void> check_append(const directive& next, std::optional<timestamp> latest,
                          timestamp now) noexcept;

inline constexpr std::size_t max_directive_bytes = 2048;

/// Deterministic CBOR; docs/consent.md has the keys. Errors: buffer_too_small (`at`: bytes
/// needed), as check().
result<byte_view> encode_directive(const directive& value, byte_span out) noexcept;

/// Reads only what encode_directive() can write. Errors, `at` the byte offset: those of CBOR,
/// newer_format (a key or kind of a newer version), as check().
result<directive> decode_directive(byte_view bytes) noexcept;

/// As in files: "basis_assertion", "legitimate_interest". Empty if there is no such value.
std::string_view name_of(directive_kind kind) noexcept;
std::string_view name_of(consent_strength strength) noexcept;
std::string_view name_of(indicated_by by) noexcept;
std::string_view name_of(consent_channel channel) noexcept;
std::string_view name_of(lawful_basis basis) noexcept;
std::string_view name_of(service_kind kind) noexcept;
std::string_view name_of(age_document document) noexcept;
/// Errors: unknown_field.
result<directive_kind> find_directive_kind(std::string_view name) noexcept;
result<consent_strength> find_consent_strength(std::string_view name) noexcept;
result<indicated_by> find_indicated_by(std::string_view name) noexcept;
result<consent_channel> find_consent_channel(std::string_view name) noexcept;
result<lawful_basis> find_lawful_basis(std::string_view name) noexcept;
result<age_document> find_age_document(std::string_view name) noexcept;

}  // namespace clientbook

#endif
