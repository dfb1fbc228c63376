// Notices and acknowledgements as texts. An acknowledgement is the notice line by line and one line
// more: what the recipient got meanwhile makes another notice, which the old answer does not fit.
#include "acknowledgement.hpp"

#include <clientbook/book/recipient_contact.hpp>

#include <clientbook/consent/vocabulary.hpp>

namespace clientbook {
namespace {

constexpr std::string_view first_line = "clientbook/recipient-notice/1\n";
constexpr std::string_view reference_is = "reference ";
constexpr std::string_view done_on = "done ";

void add(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(" ").append(value) += '\n';
}

// The lines that an acknowledgement must repeat.
std::string fixed_lines(const recipient_duty_notice& of, const schema& fields) {
  std::string out(first_line);
  add(out, "log", of.log);
  add(out, "request", std::to_string(of.request));
  add(out, "recipient", of.who->name);
  const auto known = facts(of.who->party_class);
  add(out, "class", known ? known->name : std::string_view());
  add(out, "duty", name_of(of.duty));
  std::string names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (!of.who->fields.has(field.number)) continue;
    names.append(names.empty() ? "" : ",").append(field.key);
  }
  add(out, "fields", names);
  if (of.who->given_by) add(out, "entry", std::to_string(*of.who->given_by));
  return out;
}

}  // namespace

std::string notice_text(const recipient_duty_notice& of, const schema& fields,
                        std::string_view reference) {
  std::string out = fixed_lines(of, fields);
  if (!reference.empty()) out.append(reference_is).append(reference) += '\n';
  return out;
}

result<date> read_acknowledgement(std::string_view text, const recipient_duty_notice& of,
                                  const schema& fields) {
  constexpr error malformed{errc::invalid_encoding,
                            "an acknowledgement is the notice, and a line `done YYYY-MM-DD`"};
  if (!text.starts_with(first_line)) return malformed;
  const std::string wanted = fixed_lines(of, fields);
  if (!text.starts_with(wanted)) {
    return error{errc::invalid_value,
                 "the acknowledgement is of another notice than this recipient is to be sent now: "
                 "`request notice` writes it"};
  }
  std::string_view rest = text.substr(wanted.size());
  if (rest.starts_with(reference_is)) {
    const std::size_t end = rest.find('\n');
    const std::size_t size = end == std::string_view::npos ? 0 : end - reference_is.size();
    if (end == std::string_view::npos || size == 0 || size > max_notice_reference) return malformed;
    rest.remove_prefix(end + 1);
  }
  if (!rest.starts_with(done_on) || !rest.ends_with('\n')) return malformed;
  rest.remove_prefix(done_on.size());
  rest.remove_suffix(1);
  const auto day = parse_date(rest);
  if (!day || !exists(*day)) return malformed;
  return *day;
}

}  // namespace clientbook
