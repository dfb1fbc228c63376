// Errors: what a call that can fail returns.
//
// result<T> holds a value or an error of code, text and position. The caller acts on
// the code; the text is for people and can only be a string literal, so no message can
// carry a name, an address or a key. Nothing throws.
//
// Thread safety: every type here is a value.
#ifndef CLIENTBOOK_BASE_RESULT_HPP
#define CLIENTBOOK_BASE_RESULT_HPP

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace clientbook {

/// One number per thing a caller would do differently. The C ABI returns the same numbers,
/// audit logs keep them: append, never renumber.
enum class errc : std::uint16_t {
  none = 0,  ///< No error; what error() of a successful result says.

  // The call itself.
  invalid_argument = 1,  ///< An argument is outside its documented range.
  invalid_state = 2,     ///< The object cannot do this now (closed, finished, poisoned).
  buffer_too_small = 3,  ///< The caller's buffer is too small; nothing was written.
  not_found = 4,         ///< No such customer, item, entry; never an empty value.
  already_exists = 5,    ///< An id that must be unique is taken.
  unsupported = 6,       ///< Known, but not by this build or this book's suite.
  limit_exceeded = 7,    ///< More than a documented limit.
  invalid_handle = 8,    ///< C ABI: closed, of another kind or of another context.
  internal_error = 9,    ///< A fault of the library itself: report it.

  // Input.
  invalid_encoding = 20,         ///< Not deterministic CBOR, not UTF-8, or a malformed structure.
  unknown_field = 21,            ///< A field, column or term that the schema does not have.
  invalid_value = 22,            ///< A value that its type does not admit (date, e-mail, phone).
  missing_field = 23,            ///< A required field or column is absent.
  wrong_type = 24,               ///< A value of another type than the schema says.
  truncated = 25,                ///< Input ends too early.
  card_data_refused = 26,        ///< A card number, verification code, track or PIN block.
  identity_number_refused = 27,  ///< A national id in a free text, where the policy refuses it.

  // Consent.
  denied = 40,          ///< The customer or the law does not permit it; the decision says why.
  no_basis = 41,        ///< Collection without a consent or another lawful basis.
  unknown_notice = 42,  ///< A notice that the book does not hold.
  obligation_unsupported = 43,  ///< The caller cannot discharge what the permit demands.
  role_denied = 44,             ///< The actor's role may not do this.
  back_dated = 45,              ///< A permission dated before what is recorded already.
  second_person_required = 46,  ///< Whoever proposed it may not approve it.
  case_required = 47,           ///< No open case of that kind names this customer.
  budget_spent = 48,            ///< The actor has seen as many customers as its budget allows.
  clock_ahead = 49,             ///< The clock is further ahead than the book was ever left alone.
  not_in_portfolio = 50,        ///< No customer of those whom this actor reaches: portfolios hold.

  identity_unverified = 51,  ///< Nobody has written down how they know who asks.
  deadline_passed = 52,      ///< It was to be done before a day that is over.
  recipients_untold = 53,    ///< Somebody who has got the data is to be told first.
  kept_by_law = 54,          ///< A law, a claim or an audit has the shop keep it.
  credential_required = 57,  ///< A credential is to be proven first: credentials are in force.
  credential_invalid = 58,  ///< Not shown to be this person's: wrong, used, revoked, not confirmed.
  credential_expired = 59,  ///< Its lease has ended: somebody else renews it.

  // Sealing.
  authentication_failed = 60,  ///< A sealed value was altered or moved.
  wrong_key = 61,              ///< The key does not open this book or row.
  key_erased = 62,             ///< The key was destroyed; the data is erased.
  version_mismatch = 63,       ///< An older version of a row, item or node was put back.
  row_missing = 64,            ///< A row that the manifest demands is not there.
  suite_mismatch = 65,         ///< Another cipher suite than the book declares.
  randomness_failed = 66,      ///< No randomness: nothing is sealed.

  // Storage.
  io_error = 80,           ///< The storage failed; the handle is poisoned.
  disk_full = 81,          ///< No space; nothing was changed.
  not_a_book = 82,         ///< The file is not a client book.
  newer_format = 83,       ///< Written by a newer version of this library.
  damaged = 84,            ///< The storage holds something impossible.
  locked = 85,             ///< Another process is opening or writing it.
  key_unavailable = 86,    ///< The root cell is absent or cannot be read.
  commit_conflict = 87,    ///< The transaction must be run again.
  permission_denied = 88,  ///< The operating system refuses access.
  older_format = 89,       ///< The book is of an older format: upgrade it first.
  rolled_back = 90,        ///< Older than what was written down of it elsewhere: an old copy.

  // Ledger.
  proof_invalid = 100,      ///< A Merkle proof does not lead to the root.
  signature_invalid = 101,  ///< A checkpoint, notice or receipt is not signed by that key.
  not_delivered = 102,      ///< It is in the ledger and did not get out; the ledger says so too.
  pruned = 103,  ///< Taken out of the ledger at the end of its time: nobody can tell any more.

  // Redaction: an operator that would not protect here.
  weak_key = 120,          ///< A key that is too short or all zero.
  domain_too_small = 121,  ///< Few enough values to try them all.
  second_format = 122,     ///< Cards of one store truncated in two ways.
  live_view = 123,         ///< Only a static export may have it.
  group_too_small = 124,   ///< Fewer people than k share a combination of values.
};

/// A text that only a string literal can make.
class literal {
 public:
  template <std::size_t Size>
  consteval literal(const char (&text)[Size]) noexcept : text_(text) {}  // NOLINT(*-explicit-*)
  constexpr const char* c_str() const noexcept { return text_; }

 private:
  const char* text_;
};

/// What went wrong. `at` tells where, in the unit that the call documents (a line of a file,
/// a byte offset, a field number), 0 if nowhere in particular. Never personal data.
struct error {
  errc code = errc::none;
  literal text = "";
  std::uint64_t at = 0;

  constexpr error() noexcept = default;
  constexpr error(errc c, literal t, std::uint64_t where = 0) noexcept
      : code(c), text(t), at(where) {}
};

/// What `->` of a temporary result gives access to. All of a value, but of a type that lends views
/// of what it holds only the part that lends nothing, which it names `when_temporary`: what was
/// borrowed from `in.read(...)` would be gone in the next line.
template <class T>
struct part_when_temporary {
  using type = T;
};
template <class T>
requires requires { typename T::when_temporary; }
struct part_when_temporary<T> {
  using type = typename T::when_temporary;
};

/// What value() does when there is none, a bug of its caller: says the error's text on the standard
/// error stream, where there is one, and stops the program.
[[noreturn]] void stop_without_value(const error& failure) noexcept;

/// A value, or an error. Shaped like std::expected<T, error>, so that it can become that; docs/
/// design.md tells why it is our own. Needs neither exceptions nor RTTI nor heap.
///
/// `*` and `->` have the precondition has_value(); value() stops the program without one.
template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;
  using error_type = clientbook::error;

  constexpr result() noexcept(
      std::is_nothrow_default_constructible_v<T>) requires std::is_default_constructible_v<T>
      : value_(), has_value_(true) {}
  template <class U = T>
  requires(
      std::is_convertible_v<U, T> && !std::is_same_v<std::remove_cvref_t<U>, result> &&
      !std::is_same_v<
          std::remove_cvref_t<U>,
          error_type>) constexpr result(U&& value) noexcept(std::
                                                                is_nothrow_constructible_v<
                                                                    T, U>)  // NOLINT(*-explicit-*)
      : value_(std::forward<U>(value)), has_value_(true) {}
  constexpr result(const error_type& failure) noexcept  // NOLINT(*-explicit-*)
      : failure_(failure), has_value_(false) {}
  template <class U>
  requires(std::is_convertible_v<U, T> && !std::is_same_v<U, T>) result(result<U>&& other)
      : has_value_(other.has_value()) {  // NOLINT(*-explicit-*)
    if (has_value_) {
      ::new (static_cast<void*>(&value_)) T(*std::move(other));
    } else {
      ::new (static_cast<void*>(&failure_)) error_type(other.error());
    }
  }

  result(const result& other) noexcept(
      std::is_nothrow_copy_constructible_v<T>) requires std::is_copy_constructible_v<T>
      : has_value_(other.has_value_) {
    take(other);
  }
  result(result&& other) noexcept(std::is_nothrow_move_constructible_v<T>)
      : has_value_(other.has_value_) {
    take(std::move(other));
  }
  result& operator=(const result& other) requires std::is_copy_constructible_v<T> {
    return *this = result(other);
  }
  result& operator=(result&& other) noexcept(std::is_nothrow_move_constructible_v<T>) {
    if (this == &other) return *this;
    destroy();
    has_value_ = other.has_value_;
    take(std::move(other));
    return *this;
  }
  constexpr ~result() { destroy(); }

  constexpr bool has_value() const noexcept { return has_value_; }
  constexpr explicit operator bool() const noexcept { return has_value_; }

  constexpr T& operator*() & noexcept { return value_; }
  constexpr const T& operator*() const& noexcept { return value_; }
  /// Of a temporary the value itself, not a reference into what is about to go: what is bound to
  /// it, also by `for (x : *list())`, lives on.
  constexpr T operator*() && noexcept(std::is_nothrow_move_constructible_v<T>) {
    return std::move(value_);
  }
  constexpr T* operator->() & noexcept { return &value_; }
  constexpr const T* operator->() const& noexcept { return &value_; }
  constexpr typename part_when_temporary<T>::type* operator->() && noexcept { return &value_; }
  constexpr const typename part_when_temporary<T>::type* operator->() const&& noexcept {
    return &value_;
  }

  constexpr T& value() & noexcept { return check(), value_; }
  constexpr const T& value() const& noexcept { return check(), value_; }
  constexpr T value() && noexcept(std::is_nothrow_move_constructible_v<T>) {
    return check(), std::move(value_);
  }
  template <class U>
  constexpr T value_or(U&& otherwise) const& {
    return has_value_ ? value_ : static_cast<T>(std::forward<U>(otherwise));
  }

  /// Of a success: errc::none.
  constexpr error_type error() const noexcept { return has_value_ ? error_type() : failure_; }

 private:
  template <class Other>
  void take(Other&& other) {
    if (has_value_) {
      ::new (static_cast<void*>(&value_)) T(std::forward<Other>(other).value_);
    } else {
      ::new (static_cast<void*>(&failure_)) error_type(other.failure_);
    }
  }
  constexpr void destroy() noexcept {
    if (has_value_) value_.~T();
  }
  constexpr void check() const noexcept {
    if (!has_value_) stop_without_value(failure_);
  }

  union {
    T value_;
    error_type failure_;
  };
  bool has_value_;
};

/// Done, or an error.
template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;
  using error_type = clientbook::error;

  constexpr result() noexcept = default;
  constexpr result(const error_type& failure) noexcept  // NOLINT(*-explicit-*)
      : failure_(failure), has_value_(false) {}

  constexpr bool has_value() const noexcept { return has_value_; }
  constexpr explicit operator bool() const noexcept { return has_value_; }
  constexpr void value() const noexcept {
    if (!has_value_) stop_without_value(failure_);
  }
  /// Of a success: errc::none.
  constexpr error_type error() const noexcept { return has_value_ ? error_type() : failure_; }

 private:
  error_type failure_;
  bool has_value_ = true;
};

}  // namespace clientbook

#endif
