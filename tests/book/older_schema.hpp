// A schema as an older version of the library wrote it.
#ifndef CLIENTBOOK_TESTS_BOOK_OLDER_SCHEMA_HPP
#define CLIENTBOOK_TESTS_BOOK_OLDER_SCHEMA_HPP

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/schema.hpp>

#include <vector>

#include "testing.hpp"

namespace clientbook::testing {

/// The built-in fields as they were before the associate's day.
inline schema standard_schema_without_day() {
  schema out;
  std::vector<std::byte> bytes(16 * 1024);
  const schema all = standard_schema();
  cbor::writer to(bytes);
  to.map(2);
  to.unsigned_integer(1);
  to.unsigned_integer(1);
  to.unsigned_integer(2);
  to.array(19);
  for (std::size_t i = 0; i < 19; ++i) {
    const field_definition one = all.at(i);
    std::size_t categories = 0;
    while (categories < 4 && one.categories[categories] != category_id()) ++categories;
    to.map(7);
    to.unsigned_integer(1);
    to.unsigned_integer(one.number.value);
    to.unsigned_integer(2);
    to.text(one.key);
    unsigned part = 2;
    for (const unsigned value :
         {static_cast<unsigned>(one.type), static_cast<unsigned>(one.count),
          static_cast<unsigned>(one.index), static_cast<unsigned>(one.redaction)}) {
      to.unsigned_integer(++part);
      to.unsigned_integer(value);
    }
    to.unsigned_integer(7);
    to.array(categories);
    for (std::size_t j = 0; j < categories; ++j) to.unsigned_integer(one.categories[j].value);
  }
  const auto read = decode_schema(to.finish().value());
  REQUIRE(read);
  return *read;
}

}  // namespace clientbook::testing

#endif
