// A shop whose people have credentials: two officers on the first day, others enrolled by them.
#ifndef CLIENTBOOK_TESTS_BOOK_CREDENTIALED_HPP
#define CLIENTBOOK_TESTS_BOOK_CREDENTIALED_HPP

#include <cstdint>

#include "fixture.hpp"

namespace clientbook::testing {

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

inline credential_secret file_of(unsigned char content) {
  secret<32> key;
  key.fill_bytes([&](byte_span to) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<std::byte>(content + 7 * i);
  });
  return credential_secret::of_key(key);
}

inline credential_key key_in(session& in, const credential_secret& of) {
  const auto terms = in.terms_of_credentials();
  REQUIRE(terms);
  const auto half = public_half(of, *terms);
  REQUIRE(half);
  return *half;
}

inline constexpr actor officer{.id = actor_id(40), .role = actor_role::security_officer};
inline constexpr actor second{.id = actor_id(41), .role = actor_role::security_officer};
inline constexpr actor clerk{.id = actor_id(12), .role = actor_role::associate};
inline constexpr actor guard{.id = actor_id(42), .role = actor_role::privacy_officer};

// A shop in which two officers have a credential each, as after the first day.
struct credentialed : shop {
  session boss = begin();

  std::uint32_t enrol(session& by, const actor& whom, unsigned char secret, std::uint32_t days = 0,
                      role_set roles = {}) {
    const auto number = by.enrol_credential({.whose = whom.id,
                                             .roles = roles.empty() ? role_set(whom.role) : roles,
                                             .name = "Vera Holm, 2nd floor",
                                             .key = key_in(by, file_of(secret)),
                                             .days = days});
    REQUIRE(number);
    return *number;
  }
  session of(const actor& who, unsigned char secret) {
    auto out = opened->begin_session(who, file_of(secret));
    REQUIRE(out);
    return std::move(*out);
  }
  session without(const actor& who) {
    auto out = opened->begin_session(who);
    REQUIRE(out);
    return std::move(*out);
  }
  // Numbers 1 and 2: the officer's and the second's.
  void first_day() {
    session by_number = without(officer);
    enrol(by_number, officer, 1);
    session proven = of(officer, 1);
    enrol(proven, second, 2);
  }
  std::uint32_t enrolled_and_confirmed(const actor& whom, unsigned char secret,
                                       std::uint32_t days = 0, role_set roles = {}) {
    session by = of(officer, 1);
    const std::uint32_t number = enrol(by, whom, secret, days, roles);
    REQUIRE(of(second, 2).confirm_credential(number));
    return number;
  }
};

}  // namespace clientbook::testing

#endif
