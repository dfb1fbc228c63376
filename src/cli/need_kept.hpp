// What a command that keeps something says where nobody permits it.
#ifndef CLIENTBOOK_CLI_NEED_KEPT_HPP
#define CLIENTBOOK_CLI_NEED_KEPT_HPP

#include <clientbook/book/session.hpp>

#include <string>
#include <utility>

#include "program.hpp"

namespace clientbook::cli {

/// What nobody permits to keep: which field it is, and who tells what would permit it.
template <class T>
T need_kept(const session& in, result<T> answer, const std::string& about) {
  if (answer || answer.error().code != errc::no_basis || answer.error().at == 0) {
    return need(std::move(answer), about);
  }
  const error& why = answer.error();
  const auto known = in.fields().find(field_id(static_cast<std::uint8_t>(why.at)));
  const std::string key(known ? known->key : std::string_view());
  fail(why, about + ", " + key +
                " (`clientbook consent explain BOOK CUSTOMER --operation collect "
                "--field " +
                key + " -p PURPOSE` tells what would permit it)");
}

}  // namespace clientbook::cli

#endif
