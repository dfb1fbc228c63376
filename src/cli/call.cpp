// One call of the program: which commands there are, and what becomes of a call that failed or was
// not understood.
#include "call.hpp"

#include <clientbook/version.hpp>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {

int report(const program& in, const failure& why) {
  const auto code = static_cast<int>(why.what.code);
  if (in.json) {
    boost::json::object machine{
        {"error", code}, {"text", why.what.text.c_str()}, {"about", why.about}};
    if (why.what.at != 0) machine["at"] = why.what.at;
    for (const auto& one : why.done) machine[one.key()] = one.value();
    // What was answered is one object; what went wrong after it stands apart.
    std::fprintf(in.answered ? stderr : stdout, "%s\n", boost::json::serialize(machine).c_str());
    std::fflush(stdout);
  } else {
    std::string said = "clientbook: " + why.about + ": " + why.what.text.c_str();
    if (why.what.at != 0) said += " (at " + std::to_string(why.what.at) + ")";
    said += " [" + std::to_string(code) + "]\n";
    std::fputs(fitted(said).c_str(), stderr);
  }
  return code;
}

namespace {

std::vector<std::string> commands_of(command app) {
  std::vector<std::string> out;
  for (const command each : app.commands()) out.push_back(each.name());
  return out;
}

struct unknown_word {
  std::string word{};   ///< Empty: there is none.
  std::string meant{};  ///< What is near it; empty: nothing is.
};

// The first word of the call that there is not: a command, a command below one, or an option of the
// command that was called.
unknown_word first_unknown(command in, int count, char** arguments) {
  std::string called = "clientbook";
  for (int i = 1; i < count; ++i) {
    const std::string word = arguments[i];
    if (word.starts_with("--")) {
      std::vector<std::string> options{"--json", "--quiet", "--help"};
      for (const option each : in.options()) {
        for (const std::string& name : each.long_names()) options.push_back("--" + name);
      }
      const std::string typed = word.substr(0, word.find('='));
      if (std::find(options.begin(), options.end(), typed) != options.end()) continue;
      return {typed, nearest(typed, options)};
    }
    const std::vector<std::string> commands = commands_of(in);
    if (word.starts_with('-') || commands.empty()) continue;
    if (std::find(commands.begin(), commands.end(), word) == commands.end()) {
      const std::string near = nearest(word, commands);
      return {word, near.empty() ? "" : called + " " + near};
    }
    in = in.command_named(word);
    called += " " + word;
  }
  return {};
}

// A call that was not understood: in JSON too where that was asked for, and with the command that
// was likely meant.
int refuse(command app, const program& in, int count, char** arguments,
           const nothing_called& wrong) {
  bool machine = in.json;
  const unknown_word unknown = first_unknown(app, count, arguments);
  for (int i = 1; i < count; ++i) machine = machine || std::string_view(arguments[i]) == "--json";
  const auto code = static_cast<int>(errc::invalid_argument);
  const std::string hint = unknown.meant.empty() ? "" : "did you mean `" + unknown.meant + "`?";
  // The parser says that a command is missing where it does not know the one that was said.
  const bool no_command = !unknown.word.empty() && !unknown.word.starts_with("--");
  const std::string why = no_command ? "There is no command `" + unknown.word + "`" : wrong.why;
  if (machine) {
    const boost::json::object said{
        {"error", code}, {"text", why}, {"about", hint.empty() ? "the call" : hint}};
    std::printf("%s\n", boost::json::serialize(said).c_str());
    std::fflush(stdout);  // Before the answer of the next line of a shell.
    return code;
  }
  if (no_command) {
    std::fprintf(stderr, "%s\nRun with --help for more information.\n", why.c_str());
  } else {
    std::fputs(wrong.said.c_str(), stderr);
  }
  if (!hint.empty()) std::fprintf(stderr, "%s\n", hint.c_str());
  return code;
}

// What was asked for instead of a command: help, the version.
int help(const program& in, const nothing_called& asked) {
  try {
    in.put(fitted(captured([&] { std::fputs(asked.said.c_str(), stdout); })));
    return 0;
  } catch (const failure& why) {
    return report(in, why);
  }
}

// What somebody writes as a number is a decimal one: 010 is ten, and what a programmer writes
// otherwise (0x10, 0b1, 1'000) is none. The parser would take eight for 010.
std::string as_decimal(std::string& typed, bool may_have_point) {
  const std::size_t sign = typed.starts_with('-') ? 1 : 0;
  std::size_t digits = 0;
  std::size_t points = 0;
  for (std::size_t i = sign; i < typed.size(); ++i) {
    if (typed[i] >= '0' && typed[i] <= '9') {
      ++digits;
    } else if (typed[i] == '.' && may_have_point && ++points == 1) {
      continue;
    } else {
      digits = 0;
      break;
    }
  }
  if (digits == 0) return "want a decimal number, not " + typed;
  std::size_t zeros = sign;
  while (zeros + 1 < typed.size() && typed[zeros] == '0' && typed[zeros + 1] != '.') ++zeros;
  typed.erase(sign, zeros - sign);
  return {};
}

// Every number of every command, also of those that are added later.
void take_decimals(command app) {
  for (const option each : app.options()) {
    const std::string type = each.type();
    const bool whole = type.starts_with("INT") || type.starts_with("UINT");
    const bool with_point = type.starts_with("FLOAT");
    if ((!whole && !with_point) || !each.takes_value()) continue;
    each.rewrite([with_point](std::string& typed) { return as_decimal(typed, with_point); });
  }
  for (const command each : app.commands()) take_decimals(each);
}

// A word that is empty (a variable of a script that was not set) would be none, and what was to be
// narrowed or noted by it would be all, or nothing. Where it means that something is taken away,
// the option's type says so.
void refuse_empty_words(command app) {
  for (const option each : app.options()) {
    const std::string type = each.type();
    const bool word = type.starts_with("TEXT") && !type.starts_with(text_or_nothing);
    if (!word || each.is_positional() || !each.takes_value()) continue;
    each.check(
        [](const std::string& typed) { return std::string(typed.empty() ? "it is empty" : ""); });
  }
  for (const command each : app.commands()) refuse_empty_words(each);
}

}  // namespace

command_line all_commands(program& in) {
  command_line out(
      "clientbook",
      "A retailer's client book, kept so that the customer decides.\n"
      "Fields are sealed one by one, consent is checked where plaintext comes out, every\n"
      "disclosure is in a ledger first, and erasing a customer reaches old copies too.",
      "A customer is named by the public id, or as SYSTEM:VALUE of an external id.\n"
      "The exit code is 0, or the number of the error's code (docs/errors.md); 1 is a wrong "
      "call.\n\n" +
          list_of_roles(),
      CLIENTBOOK_VERSION_STRING);
  const command app = out.top();
  app.add_flag("--json", in.json, "Answer with one JSON object, errors too");
  app.add_flag("-q,--quiet", in.quiet, "Say nothing but errors");
  add_book_commands(app, in);
  add_map_command(app, in);
  add_import_command(app, in);
  add_export_command(app, in);
  add_customer_commands(app, in);
  add_find_commands(app, in);
  add_index_commands(app, in);
  add_work_commands(app, in);
  add_note_commands(app, in);
  add_duplicate_commands(app, in);
  add_merge_commands(app, in);
  add_entry_commands(app, in);
  add_recipient_commands(app, in);
  add_acknowledge_commands(app, in);
  add_notice_commands(app, in);
  add_consent_commands(app, in);
  add_ledger_commands(app, in);
  add_key_commands(app, in);
  add_recovery_commands(app, in);
  add_rights_commands(app, in);
  add_witness_commands(app, in);
  add_request_commands(app, in);
  add_breach_command(app, in);
  add_keeping_commands(app, in);
  add_case_commands(app, in);
  add_role_commands(app, in);
  add_canary_commands(app, in);
  add_alarm_commands(app, in);
  add_credential_commands(app, in);
  add_portfolio_commands(app, in);
  add_table_command(app, in);
  add_profile_commands(app, in);
  add_evaluate_command(app, in);
  add_text_commands(app, in);
  add_shell_command(app, in);
  add_manual_commands(app, in);
  take_decimals(app);
  refuse_empty_words(app);
  return out;
}

int call(command_line& all, program& in, int count, char** arguments) {
  try {
    if (const std::optional<nothing_called> none = all.parse(count, arguments)) {
      return none->asked ? help(in, *none) : refuse(all.top(), in, count, arguments, *none);
    }
    in.finish();
    return in.exit_code;
  } catch (const failure& why) {
    return report(in, why);
  } catch (const std::exception&) {
    return report(in, {{errc::limit_exceeded, "the system gave no memory"}, "running"});
  }
}

}  // namespace clientbook::cli
