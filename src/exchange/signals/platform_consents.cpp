// Exports of marketing systems as signals, by the names of their columns.
//
// Each system has its words for yes and no; what is on neither list is unknown, and unknown is a
// deny: a status that nobody explained is no consent.
#include <clientbook/exchange/platform_consents.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace clientbook {
namespace {

constexpr std::size_t absent = static_cast<std::size_t>(-1);

std::size_t column(const csv_reader& reader, std::string_view name) noexcept {
  const auto header = reader.header();
  const auto found = std::find(header.begin(), header.end(), name);
  return found == header.end() ? absent : static_cast<std::size_t>(found - header.begin());
}

// `2020-04-17 16:31:41`, with or without a fraction; UTC, as these systems export it.
std::optional<timestamp> time_of(std::string_view text) noexcept {
  if (text.size() > 19 && text[19] == '.') {
    const std::string_view fraction = text.substr(20);
    if (fraction.find_first_not_of("0123456789") != std::string_view::npos) return {};
    text = text.substr(0, 19);
  }
  if (text.size() != 19 || text[10] != ' ') return {};
  std::array<char, 20> utc{};
  std::copy(text.begin(), text.end(), utc.begin());
  utc[10] = 'T';
  utc[19] = 'Z';
  const auto instant = parse_timestamp({utc.data(), utc.size()});
  return instant ? std::optional(*instant) : std::nullopt;
}

enum class answer : std::uint8_t { yes, no, unknown };

// What is on neither list is unknown.
answer look_up(std::string_view text, std::string_view yes,
               std::initializer_list<std::string_view> no) noexcept {
  if (text == yes) return answer::yes;
  return std::find(no.begin(), no.end(), text) != no.end() ? answer::no : answer::unknown;
}

/// One row, cells by the role their column has in this kind of export.
struct row_cells {
  std::string_view status;
  std::string_view support;  // A second cell that a "yes" must agree with.
  std::string_view scope;    // A third one.
};

answer shopify_answer(const row_cells& row) noexcept {
  const answer state =
      look_up(row.status, "SUBSCRIBED",
              {"NOT_SUBSCRIBED", "UNSUBSCRIBED", "PENDING", "INVALID", "REDACTED", ""});
  if (state != answer::yes) return state;
  // Without a known way of opting in there is nothing to show that the customer did.
  if (row.support == "CONFIRMED_OPT_IN") return answer::yes;
  return look_up(row.support, "SINGLE_OPT_IN", {"", "UNKNOWN"});
}

answer legacy_answer(const row_cells& row) noexcept {
  return look_up(row.status, "TRUE", {"FALSE", ""});
}

answer mailchimp_answer(const row_cells& row) noexcept {
  return look_up(row.status, "subscribed",
                 {"unsubscribed", "cleaned", "pending", "transactional", "archived", ""});
}

answer unsubscription(const row_cells&) noexcept { return answer::no; }

answer hubspot_answer(const row_cells& row) noexcept {
  const answer status = look_up(row.status, "SUBSCRIBED", {"UNSUBSCRIBED", ""});
  if (status != answer::yes) return status;
  // Only the person's own act, and only for all subscriptions: a list of them is not read.
  if (row.support != "SOURCE_RECIPIENT") return answer::no;
  return row.scope == "[]" || row.scope.empty() ? answer::yes : answer::unknown;
}

struct form {
  consent_platform kind;
  signal_source source;
  std::array<std::string_view, 3> marks;  // Columns that only this kind has together.
  std::string_view subject;
  std::string_view list;  // Empty: none.
  std::string_view status;
  std::string_view support;
  std::string_view scope;
  std::string_view time_of_yes;
  std::string_view time_of_no;
  answer (*read)(const row_cells&) noexcept;
};

constexpr form forms[] = {
    {consent_platform::shopify,
     signal_source::shopify,
     {"email_marketing_consent_state"},
     "id",
     "",
     "email_marketing_consent_state",
     "email_marketing_consent_opt_in_level",
     "",
     "email_marketing_consent_updated_at",
     "email_marketing_consent_updated_at",
     shopify_answer},
    {consent_platform::shopify_legacy,
     signal_source::shopify,
     {"accepts_marketing"},
     "id",
     "",
     "accepts_marketing",
     "",
     "",
     "",
     "",
     legacy_answer},
    {consent_platform::mailchimp_members,
     signal_source::mailchimp,
     {"list_id", "status", "timestamp_opt"},
     "id",
     "list_id",
     "status",
     "",
     "",
     "timestamp_opt",
     "last_changed",
     mailchimp_answer},
    {consent_platform::mailchimp_unsubscribes,
     signal_source::mailchimp,
     {"campaign_id", "member_id", "reason"},
     "member_id",
     "list_id",
     "",
     "",
     "",
     "",
     "timestamp",
     unsubscription},
    {consent_platform::hubspot_status_changes,
     signal_source::hubspot,
     {"portal_subscription_status"},
     "id",
     "",
     "portal_subscription_status",
     "source",
     "subscriptions",
     "",
     "",
     hubspot_answer},
};

bool recognises(const form& form, const csv_reader& reader) noexcept {
  return std::all_of(form.marks.begin(), form.marks.end(), [&](std::string_view name) {
    return name.empty() || column(reader, name) != absent;
  });
}

/// The columns of one file, looked up once.
struct columns {
  std::size_t subject, list, status, support, scope, time_of_yes, time_of_no;
};

result<columns> find_columns(const form& form, const csv_reader& reader) {
  bool missing = false;
  const auto find = [&](std::string_view name) {
    if (name.empty()) return absent;
    const std::size_t at = column(reader, name);
    missing = missing || at == absent;
    return at;
  };
  const columns found{find(form.subject),   find(form.list),  find(form.status),
                      find(form.support),   find(form.scope), find(form.time_of_yes),
                      find(form.time_of_no)};
  if (missing) return error{errc::missing_field, "a column that this kind of export has is absent"};
  return found;
}

platform_consent read_row(const form& form, const columns& where, const csv_reader& reader) {
  const auto cell = [&](std::size_t at) {
    return at == absent ? std::string_view() : reader.cells()[at];
  };
  platform_consent row;
  row.subject = cell(where.subject);
  row.list = cell(where.list);
  row.line = reader.line();
  const answer said = form.read({cell(where.status), cell(where.support), cell(where.scope)});
  row.known_status = said != answer::unknown;
  row.signal.purpose = signal_purpose::email_marketing;
  row.signal.source = form.source;
  const bool yes = said == answer::yes;
  row.signal.effect = yes ? signal_effect::candidate_grant : signal_effect::deny;
  row.signal.at = time_of(cell(yes ? where.time_of_yes : where.time_of_no));
  return row;
}

}  // namespace

result<consent_platform> recognise_consent_platform(const csv_reader& reader) try {
  std::optional<consent_platform> found;
  for (const form& form : forms) {
    if (!recognises(form, reader)) continue;
    if (found) {
      return error{errc::invalid_value, "columns of more than one kind of export: say which it is"};
    }
    found = form.kind;
  }
  if (!found) return error{errc::missing_field, "no column that tells of consent"};
  return *found;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::uint64_t> read_platform_consents(csv_reader& reader, consent_platform kind,
                                             callback_ref<void(const platform_consent&)> row) try {
  const form& form = forms[static_cast<std::size_t>(kind)];
  const auto where = find_columns(form, reader);
  if (!where) return where.error();
  for (std::uint64_t rows = 0;; ++rows) {
    const auto more = reader.next();
    if (!more) return more.error();
    if (!*more) return rows;
    const platform_consent read = read_row(form, *where, reader);
    if (read.subject.empty()) {
      return error{errc::missing_field, "a row without the id of the person", reader.line()};
    }
    row(read);
  }
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
