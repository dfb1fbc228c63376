// A record, a receipt and a note as they are typed: options of a command, turned into the JSON that
// transfer reads. What is wrong with a value, transfer says.
#ifndef CLIENTBOOK_CLI_RECORD_FLAGS_HPP
#define CLIENTBOOK_CLI_RECORD_FLAGS_HPP

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"

namespace clientbook::cli {

struct record_flags {
  std::string prefix, given, middle, family, suffix, nickname, phonetic, salutation, pronouns;
  std::vector<std::string> emails, phones, addresses, special_days, sizes, likes, dislikes, ids;
  std::vector<std::string> tags, wishes;
  std::string birth_date, language, time_zone, employer, tier, reach;

  void add_to(command to);
  /// Errors end the command.
  boost::json::object record() const;
};

/// `key=value;key=value`, as an object of texts. Ends the command if it is not written so.
boost::json::object parts_of(std::string_view text, const char* option);

/// A decimal as minor units of a currency: 12.34 EUR is 1234. Ends the command if it is none, or
/// has more digits than the currency.
std::int64_t minor_of(std::string_view amount, std::string_view currency, const char* option);

struct receipt_flags {
  std::string day, order, store, associate, channel, currency, total;
  std::vector<std::string> lines;

  void add_to(command to);
  boost::json::object receipt() const;
};

}  // namespace clientbook::cli

#endif
