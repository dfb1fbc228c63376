// Records with every kind of value, drawn at random: such as a book holds, and such as only a newer
// version or a stranger writes.
#ifndef CLIENTBOOK_TESTS_TRANSFER_RANDOM_RECORDS_HPP
#define CLIENTBOOK_TESTS_TRANSFER_RANDOM_RECORDS_HPP

#include <clientbook/book/customer.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/values.hpp>

#include <deque>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "testing.hpp"

namespace clientbook::testing {

class random_values {
 public:
  explicit random_values(unsigned seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random_);
  }
  bool sometimes() { return below(3) == 0; }

  // A view that lives as long as this object.
  std::string_view text() {
    static constexpr std::string_view parts[] = {"a",       "Zoë",  "\"",   "\\",   "/",
                                                 "\n",      "\x01", "\x7f", "深井", "𝄞",
                                                 "e\u0301", " ",    "0",    "\t",   "ß"};
    std::string& out = texts_.emplace_back();
    for (std::uint64_t left = below(6); left > 0; --left) out += parts[below(std::size(parts))];
    return out;
  }
  std::int64_t integer() {
    constexpr std::int64_t edges[] = {0,
                                      1,
                                      -1,
                                      23,
                                      24,
                                      -25,
                                      65536,
                                      std::numeric_limits<std::int64_t>::min(),
                                      std::numeric_limits<std::int64_t>::max()};
    return edges[below(std::size(edges))];
  }
  date day() {
    return {static_cast<std::int16_t>(sometimes() ? 0 : 1 + below(9999)),
            static_cast<std::uint8_t>(1 + below(12)), static_cast<std::uint8_t>(1 + below(28))};
  }
  timestamp instant() {
    return {sometimes() ? integer() : static_cast<std::int64_t>(below(4'000'000'000))};
  }
  customer_id id() {
    customer_id out;
    for (std::byte& one : out.bytes) one = static_cast<std::byte>(below(256));
    return out;
  }

  person_name name() {
    return {text(), text(), text(), text(), text(), text(), text(), text(), text()};
  }
  demographics about() {
    demographics out;
    out.gender = text();
    out.education = text();
    if (sometimes()) out.children = integer();
    if (sometimes()) out.home_owner = sometimes();
    if (sometimes()) out.cars_owned = integer();
    return out;
  }
  note a_note() { return {instant(), text(), text()}; }

  // A deterministic item of any form.
  std::vector<std::byte> item(unsigned depth) {
    std::vector<std::byte> out(4096);
    cbor::writer to(out);
    put(to, depth);
    const auto size = to.finish();
    REQUIRE(size);
    out.resize(size->size());
    return out;
  }

  // Every built-in type by encode_value(), some fields by any item.
  void fill(customer& to) {
    const auto ok = [](const result<void>& done) { REQUIRE(done); };
    if (sometimes()) ok(to.set(field::name, name()));
    if (sometimes())
      ok(to.set(field::emails, list<email_address>([&] { return email_address{text(), text()}; })));
    if (sometimes())
      ok(to.set(field::phones, list<phone_number>([&] {
                  return phone_number{text(), text(), text()};
                })));
    if (sometimes()) {
      ok(to.set(field::addresses, list<postal_address>([&] {
                  return postal_address{text(), text(), text(), text(),
                                        text(), text(), text(), text()};
                })));
    }
    if (sometimes()) ok(to.set(field::birth_date, day()));
    if (sometimes())
      ok(to.set(field::special_days, list<special_day>([&] {
                  return special_day{text(), day(), text()};
                })));
    if (sometimes())
      ok(to.set(field::sizes, list<customer_size>([&] {
                  return customer_size{text(), text(), text(), text(), day(), text()};
                })));
    if (sometimes()) ok(to.set(field::likes, list<std::string_view>([&] { return text(); })));
    if (sometimes()) ok(to.set(field::language, text()));
    if (sometimes())
      ok(to.set(field::household, list<household_link>([&] {
                  return household_link{text(), text(), id()};
                })));
    if (sometimes()) ok(to.set(field::demographics, about()));
    if (sometimes()) {
      ok(to.set(field::tasks, list<task>([&] {
                  return task{text(), day(), integer(), text(), text(), integer()};
                })));
    }
    if (sometimes()) {
      ok(to.set(field::contacts, list<customer_contact>([&] {
                  return customer_contact{instant(), text(), text(), text(), text(), text()};
                })));
    }
    if (sometimes()) {
      ok(to.set(field::wishes, list<wish>([&] {
                  return wish{text(), day(), text(), text(), text(), text(), day()};
                })));
    }
    if (sometimes()) ok(to.set(field::reach, reachability{text(), text(), text()}));
    if (sometimes())
      ok(to.set(field::payment_cards, list<payment_card>([&] {
                  return payment_card{text(), text(), text(), integer(), integer()};
                })));
    if (sometimes()) {
      for (std::uint64_t left = 1 + below(3); left > 0; --left) {
        const field_id any(static_cast<std::uint8_t>(below(max_fields)));
        ok(to.set_raw(any, item(4)));
      }
    }
  }

 private:
  template <class T, class Make>
  std::span<const T> list(Make&& make) {
    static thread_local std::deque<std::vector<T>> kept;
    std::vector<T>& out = kept.emplace_back();
    for (std::uint64_t left = below(4); left > 0; --left) out.push_back(make());
    if (kept.size() > 64) kept.pop_front();
    return kept.back();
  }

  void put(cbor::writer& to, unsigned depth) {
    switch (below(depth == 0 ? 6 : 8)) {
      case 0:
        return to.integer(integer());
      case 1:
        return to.unsigned_integer(std::numeric_limits<std::uint64_t>::max() - below(3));
      case 2:
        return to.text(text());
      case 3:
        return to.bytes(as_bytes(text()));
      case 4:
        return to.boolean(sometimes());
      case 5:
        return to.null();
      case 6: {
        const std::uint64_t count = below(4);
        to.array(count);
        for (std::uint64_t i = 0; i < count; ++i) put(to, depth - 1);
        return;
      }
      default: {
        const std::uint64_t count = below(5);
        to.map(count);
        std::uint64_t key = below(3);
        for (std::uint64_t i = 0; i < count; ++i, key += 1 + below(4)) {
          to.unsigned_integer(key);
          put(to, depth - 1);
        }
      }
    }
  }

  std::mt19937_64 random_;
  std::deque<std::string> texts_;
};

}  // namespace clientbook::testing

#endif
