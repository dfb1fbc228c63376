// Commands and options on CLI11, which no other file includes.
#include "command.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <sstream>
#include <utility>

namespace clientbook::cli {
namespace {

template <class Value>
option added(CLI::App* to, std::string_view names, Value& value, std::string_view about) {
  return option(to->add_option(std::string(names), value, std::string(about)));
}

template <class Number>
CLI::Range range(Number least, Number most, std::string_view shown) {
  CLI::Range out(least, most);
  if (!shown.empty()) out.description(std::string(shown));
  return out;
}

}  // namespace

// --- options -------------------------------------------------------------------------------------

option option::required() const { return option(of_->required()); }
option option::show_default() const { return option(of_->capture_default_str()); }
option option::environment(std::string_view name) const {
  return option(of_->envname(std::string(name)));
}
option option::type_name(std::string_view shown) const {
  return option(of_->type_name(std::string(shown)));
}
option option::delimiter(char between) const { return option(of_->delimiter(between)); }
option option::one_value_each() const { return option(of_->allow_extra_args(false)); }
option option::values(int count) const { return option(of_->expected(count)); }
option option::take_all() const { return option(of_->take_all()); }
option option::excludes(option other) const { return option(of_->excludes(other.of_)); }
option option::excludes(std::string_view other) const {
  return option(of_->excludes(std::string(other)));
}
option option::needs(option other) const { return option(of_->needs(other.of_)); }

option option::one_of(std::initializer_list<const char*> words) const {
  return option(of_->check(CLI::IsMember(words)));
}
option option::in_range(int least, int most, std::string_view shown) const {
  return option(of_->check(range(least, most, shown)));
}
option option::in_range(unsigned least, unsigned most, std::string_view shown) const {
  return option(of_->check(range(least, most, shown)));
}
option option::in_range(double least, double most, std::string_view shown) const {
  return option(of_->check(range(least, most, shown)));
}
option option::positive() const { return option(of_->check(CLI::PositiveNumber)); }
option option::not_negative() const { return option(of_->check(CLI::NonNegativeNumber)); }
option option::check(std::function<std::string(const std::string& value)> rule) const {
  return option(of_->check(CLI::Validator(std::move(rule), "")));
}
option option::rewrite(std::function<std::string(std::string& value)> rule) const {
  return option(of_->transform(CLI::Validator(std::move(rule), "")));
}

const std::vector<std::string>& option::short_names() const { return of_->get_snames(); }
const std::vector<std::string>& option::long_names() const { return of_->get_lnames(); }
bool option::is_positional() const { return of_->get_positional(); }
std::string option::positional_name() const { return of_->get_name(true); }
const std::string& option::description() const { return of_->get_description(); }
std::string option::type() const { return of_->get_type_name(); }
std::string option::shown_default() const { return of_->get_default_str(); }
std::string option::environment_name() const { return of_->get_envname(); }
bool option::is_required() const { return of_->get_required(); }
bool option::is_shown() const { return !of_->get_group().empty(); }
bool option::takes_value() const { return of_->get_items_expected_max() > 0; }
bool option::takes_several() const { return of_->get_items_expected_max() > 1; }

// --- commands ------------------------------------------------------------------------------------

command command::add_command(std::string_view name, std::string_view about) const {
  return command(of_->add_subcommand(std::string(name), std::string(about)));
}
void command::require_command() const { of_->require_subcommand(1); }
void command::allow_command() const { of_->require_subcommand(0, 1); }
void command::callback(std::function<void()> run) const { of_->callback(std::move(run)); }
void command::environment_when_called() const {
  of_->parse_complete_callback([] {});
}

option command::add_option(std::string_view names, std::string& to, std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, int& to, std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, std::uint32_t& to,
                           std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, std::uint64_t& to,
                           std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, double& to, std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, std::optional<std::string>& to,
                           std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, std::optional<std::uint32_t>& to,
                           std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, std::optional<std::uint64_t>& to,
                           std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, std::vector<std::string>& to,
                           std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_option(std::string_view names, std::vector<std::uint32_t>& to,
                           std::string_view about) const {
  return added(of_, names, to, about);
}
option command::add_flag(std::string_view names, bool& to, std::string_view about) const {
  return option(of_->add_flag(std::string(names), to, std::string(about)));
}

const std::string& command::name() const { return of_->get_name(); }
std::string command::description() const { return of_->get_description(); }
std::string command::footer() const { return of_->get_footer(); }
bool command::is_shown() const { return !of_->get_group().empty(); }

std::vector<option> command::options() const {
  std::vector<option> out;
  for (CLI::Option* each : of_->get_options()) out.emplace_back(each);
  return out;
}

option command::option_named(std::string_view name) const {
  return option(of_->get_option(std::string(name)));
}

std::vector<command> command::commands() const {
  std::vector<command> out;
  for (CLI::App* each : of_->get_subcommands({})) out.emplace_back(each);
  return out;
}

command command::command_named(std::string_view name) const {
  return command(of_->get_subcommand(std::string(name)));
}

bool command::has_called_one() const { return !of_->get_subcommands().empty(); }

// --- the program ---------------------------------------------------------------------------------

command_line::command_line(std::string_view name, std::string_view about, std::string_view footer,
                           const char* version)
    : all_(std::make_unique<CLI::App>(std::string(about), std::string(name))) {
  all_->set_version_flag("--version", version);
  all_->require_subcommand(1);
  all_->fallthrough();
  all_->footer(std::string(footer));
}
command_line::~command_line() = default;
command_line::command_line(command_line&& other) noexcept = default;
command_line& command_line::operator=(command_line&& other) noexcept = default;

command command_line::top() const noexcept { return command(all_.get()); }

void command_line::remove_command(std::string_view name) {
  all_->remove_subcommand(all_->get_subcommand(std::string(name)));
}

std::optional<nothing_called> command_line::parse(int count, char** arguments) {
  try {
    all_->parse(count, arguments);
    return std::nullopt;
  } catch (const CLI::ParseError& end) {
    std::ostringstream said;
    const int code = all_->exit(end, said, said);
    return nothing_called{.asked = code == 0, .why = end.what(), .said = said.str()};
  }
}

}  // namespace clientbook::cli
