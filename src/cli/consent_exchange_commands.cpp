// consent preview | explain | import | export
#include <clientbook/exchange/consent_import.hpp>
#include <clientbook/exchange/gpc.hpp>
#include <clientbook/exchange/platform_consents.hpp>
#include <clientbook/exchange/tcf.hpp>

#include <boost/json/array.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

std::string keys_of(field_set set, const schema& fields) {
  std::string out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if ((set & only(field.number)) != 0) {
      out += (out.empty() ? "" : ", ") + std::string(field.key);
    }
  }
  return out;
}

const privacy_notice& notice_of(session& in, const std::string& title) {
  const privacy_notice* found = notice_titled(title, need(in.notices(), "reading the notices"));
  if (found == nullptr) {
    fail({errc::unknown_notice, "no such notice: see `clientbook notice list`"}, "--notice");
  }
  return *found;
}

// --- preview --------------------------------------------------------------------------------

struct preview_options {
  std::string who, notice;
  std::vector<std::string> purposes, recipients, categories = {"all"}, operations;
};

void preview(program& in, const preview_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  const privacy_notice notice = notice_of(reader, what.notice);
  directive grant;
  grant.kind = directive_kind::grant;
  grant.strength = consent_strength::explicit_;
  grant.informed = true;
  grant.scope =
      scope_of(what.purposes, what.recipients, what.categories, what.operations, registry);
  grant.registry_version = notice.registry_version;
  const consent_preview opens =
      need(reader.preview_grant(id, grant, notice), "previewing a consent");

  json::array cells;
  for (const preview_cell& one : opens.cells) {
    json::object cell{{"recipient", name_of_recipient(one.recipient, registry)},
                      {"purpose", name_of_purpose(one.purpose)},
                      {"operation", facts(one.operation)->name},
                      {"fields", keys_of(one.fields, reader.fields())},
                      {"retention_days", one.retention_days}};
    if (one.country != country_code{}) cell["country"] = json::string(one.country.data(), 2);
    cells.push_back(std::move(cell));
  }
  in.answer({{"customer", hex(id.bytes)},
             {"notice", notice.title.view()},
             {"cells", cells},
             {"hash", hex(opens.hash)}},
            [&] {
              for (const json::value& one : cells) {
                const json::object& cell = one.as_object();
                const auto* country = cell.if_contains("country");
                std::printf("%-16s %-3s %-28s %-10s %s\n", cell.at("recipient").as_string().c_str(),
                            country == nullptr ? "" : country->as_string().c_str(),
                            cell.at("purpose").as_string().c_str(),
                            cell.at("operation").as_string().c_str(),
                            cell.at("fields").as_string().c_str());
              }
              std::printf("%zu cells would open, and nothing else\n", cells.size());
            });
}

// --- explain --------------------------------------------------------------------------------

struct explain_options {
  std::string who, purpose, to = "self", operation = "use", field, language = "en";
};

json::object explained(session& in, const customer_id& id, const decision_request& request,
                       const explanation& why) {
  json::object out{{"customer", hex(id.bytes)},
                   {"decision", why.permitted ? "permit" : "deny"},
                   {"stage", why.stage},
                   {"code", name_of(why.code)},
                   {"profile",
                    {{"name", in.profile().name},
                     {"version", in.profile().version},
                     {"unverified", in.profile().unverified}}}};
  std::array<std::byte, 64> room;
  if (const auto inputs = encode_request(request, room)) {
    out["inputs"] = hex(crypto::hash(*inputs));
  }
  if (why.valid_until < timestamp{253'402'300'799}) out["valid_until"] = text(why.valid_until);
  json::array required;
  for (std::uint8_t i = 0; i < 16; ++i) {
    if (why.required.required.contains(obligation{i})) {
      required.push_back(json::string(name_of(obligation{i})));
    }
  }
  out["obligations"] = required;
  if (why.required.mask != redaction_operator::none) {
    out["operator"] = name_of(why.required.mask);
  }
  if (why.source != rule_source::directive) return out;
  const auto said = need(in.directives(id), "reading what was said");
  const auto notices = need(in.notices(), "reading the notices");
  for (const directive& one : said) {
    if (one.sequence != why.sequence) continue;
    json::object about{{"id", hex(one.id.bytes)},
                       {"sequence", one.sequence},
                       {"kind", name_of(one.kind)},
                       {"at", text(one.event_at)}};
    for (const privacy_notice& shown : notices) {
      if (shown.id != one.notice.id || shown.version != one.notice.version) continue;
      about["notice"] = json::object{
          {"title", shown.title.view()}, {"version", shown.version}, {"hash", hex(shown.hash)}};
    }
    out["directive"] = std::move(about);
  }
  return out;
}

void explain(program& in, const explain_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  decision_request request = reader.request(purpose_from(what.purpose));
  request.recipient = recipient_from(what.to, registry);
  request.operation = need(find_operation(what.operation), "--operation");
  const field_id field = need(reader.fields().find(what.field), "--field").number;
  const explanation why = need(reader.explain(id, request, field), "explaining");
  const std::string sentence =
      need(reader.describe(id, request, field, language_of(what.language)), "explaining");
  json::object machine = explained(reader, id, request, why);
  machine["text"] = sentence;
  in.answer(machine, [&] { std::printf("%s\n", sentence.c_str()); });
}

// --- import ---------------------------------------------------------------------------------

struct import_options_given {
  std::string who, gpc, gpp, tcf, usp, record, exported, system, notice, evidence;
};

struct import_counts {
  std::size_t recorded = 0;
  std::size_t left_out = 0;  ///< Consents without a notice or a time.
  std::size_t refused = 0;   ///< Back-dated permissions.
};

void record_all(session& in, const customer_id& id, const imported_consent& made,
                import_counts& counts) {
  counts.left_out += made.left_out;
  for (const directive& one : made.directives) {
    const auto done = in.record(id, one);
    if (done) {
      ++counts.recorded;
    } else if (done.error().code == errc::back_dated) {
      ++counts.refused;
    } else {
      fail(done.error(), "recording what was imported");
    }
  }
}

consent_import how_of(session& in, const import_options_given& what) {
  consent_import how;
  how.now = in.request(purpose_id()).now;
  how.recorder = in.who().id;
  how.jurisdiction = in.profile().id;
  how.profile_version = in.profile().version;
  how.profile = &in.profile();
  if (!what.notice.empty()) {
    const privacy_notice& shown = notice_of(in, what.notice);
    how.notice = {.id = shown.id, .version = shown.version, .hash = shown.hash};
    how.registry_version = shown.registry_version;
  }
  if (!how.evidence.reference.fits(what.evidence)) {
    fail({errc::limit_exceeded, "a reference has at most 64 bytes"}, "--evidence");
  }
  if (!what.evidence.empty()) {
    how.evidence.reference = short_text<64>(what.evidence);
    how.evidence.hash = crypto::hash(as_bytes(what.evidence));
  }
  return how;
}

// Signals that came with a request of one customer.
std::vector<consent_signal> signals_given(const import_options_given& what) {
  std::vector<consent_signal> out;
  const auto add = [&out](std::vector<consent_signal> more) {
    out.insert(out.end(), more.begin(), more.end());
  };
  if (!what.gpc.empty() && gpc_signal(what.gpc)) add(signals_of_gpc());
  if (!what.gpp.empty()) add(need(signals_of_gpp(what.gpp), "--gpp"));
  if (!what.tcf.empty()) add(signals_of(need(read_tc_string(what.tcf), "--tcf")));
  if (!what.usp.empty()) add(signals_of(need(read_usp(what.usp), "--usp")));
  return out;
}

void import_export_file(session& in, const import_options_given& what, const consent_import& how,
                        crypto::system_random& random, import_counts& counts,
                        std::size_t& unknown) {
  auto reader = csv_reader::open_file(what.exported);
  if (!reader) fail(reader.error(), "--export");
  const consent_platform kind = need(recognise_consent_platform(*reader), "--export");
  std::optional<error> failure;
  std::uint64_t line = 0;
  const auto read = read_platform_consents(*reader, kind, [&](const platform_consent& row) {
    const auto id = in.find(what.system, row.subject);
    if (!id) {
      ++unknown;
      return;
    }
    const auto made = directives_of(std::span(&row.signal, 1), how, random);
    if (!made) {
      if (!failure) line = row.line;
      failure = made.error();
      return;
    }
    record_all(in, *id, *made, counts);
  });
  if (failure) fail(*failure, "--export, line " + std::to_string(line));
  if (!read) fail(read.error(), "--export, line " + std::to_string(read.error().at));
}

void import(program& in, const import_options_given& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const consent_import how = how_of(writer, what);
  crypto::system_random random;
  import_counts counts;
  std::size_t unknown = 0;
  // All of it or nothing; what cannot be read fails before anything is written.
  const std::vector<consent_signal> signals = signals_given(what);
  need(writer.begin(), "beginning the import");
  if (!what.exported.empty()) {
    if (what.system.empty()) {
      fail({errc::missing_field, "say which system's ids the file holds"}, "--system");
    }
    import_export_file(writer, what, how, random, counts, unknown);
  } else {
    const customer_id id = program::customer(writer, what.who);
    if (!signals.empty()) {
      record_all(writer, id, need(directives_of(signals, how, random), "importing"), counts);
    }
    if (!what.record.empty()) {
      const auto record =
          need(iso27560::read_record(content_of(what.record, "--record")), "--record");
      const recipient_registry registry = *need(writer.recipients(), "reading the registry");
      record_all(writer, id, need(directives_of(record, registry, how, random), "--record"),
                 counts);
    }
  }
  need(writer.commit(), "committing; nothing was imported");
  in.answer({{"recorded", counts.recorded},
             {"left_out", counts.left_out},
             {"back_dated", counts.refused},
             {"unknown_customers", unknown}},
            [&] {
              std::printf("%zu directives recorded\n", counts.recorded);
              if (counts.left_out != 0) {
                std::printf(
                    "%zu consents left out: without a notice (--notice) and a time they "
                    "open nothing\n",
                    counts.left_out);
              }
              if (counts.refused != 0) {
                std::printf("%zu permissions refused: something was said after them\n",
                            counts.refused);
              }
              if (unknown != 0) std::printf("%zu rows of people the book has not\n", unknown);
            });
}

// --- export ---------------------------------------------------------------------------------

struct export_options {
  std::string who, format = "27560";
  std::uint32_t directive_number = 0;
  std::string section = "usnat";
  std::string controller, address, contact, storage = "loc:EU", retention = "P3Y";
  std::string jurisdiction = "loc:EU", withdrawal, notice_language = "en", notice_url;
};

std::string gpp_of(const export_options& what, session& in, const std::vector<directive>& said,
                   timestamp now) {
  gpp_section section = gpp_section::usnat;
  constexpr std::pair<std::string_view, std::uint8_t> names[] = {
      {"usnat", 7}, {"usca", 8},  {"usva", 9},  {"usco", 10}, {"usut", 11}, {"usct", 12},
      {"usfl", 13}, {"usmt", 14}, {"usor", 15}, {"ustx", 16}, {"usde", 17}, {"usia", 18},
      {"usne", 19}, {"usnh", 20}, {"usnj", 21}, {"ustn", 22}, {"usmn", 23}, {"usmd", 24},
      {"usin", 25}, {"usky", 26}, {"usri", 27}};
  bool known = false;
  for (const auto& [name, number] : names) {
    if (name != what.section) continue;
    section = static_cast<gpp_section>(number);
    known = true;
  }
  if (!known) fail({errc::unknown_field, "no such section: usnat, usca, usva, ..."}, "--section");
  const bool any_notice = !need(in.notices(), "reading the notices").empty();
  const us_privacy privacy =
      need(us_privacy_of(section, said, any_notice ? notice_given::yes : notice_given::no, now),
           "the section");
  return need(write_gpp(std::span(&privacy, 1)), "writing the string");
}

const directive& chosen(const std::vector<directive>& said, std::uint32_t number) {
  for (const directive& one : said) {
    if (one.sequence == number) return one;
  }
  fail({errc::not_found, "no directive of that number: see `clientbook consent history`"},
       "--directive");
}

void export_consent(program& in, const export_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const auto said = need(reader.directives(id), "reading what was said");
  const timestamp now = reader.request(purpose_id()).now;
  if (what.format == "gpp") {
    const std::string string = gpp_of(what, reader, said, now);
    in.answer({{"customer", hex(id.bytes)}, {"gpp", string}},
              [&] { std::printf("%s\n", string.c_str()); });
    return;
  }
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  const iso27560::party shop{.id = "urn:clientbook:shop",
                             .role = recipient::self,
                             .name = what.controller,
                             .address = what.address,
                             .contact = what.contact};
  std::vector<iso27560::party> parties;
  for (const recipient_party& one : registry.parties()) {
    parties.push_back({.id = "urn:clientbook:party:" + std::to_string(one.id.value),
                       .role = one.party_class,
                       .name = std::string(one.name.view()),
                       .address = std::string(one.country.data(), 2),
                       .contact = what.contact});
  }
  const iso27560::record record = need(record_of(chosen(said, what.directive_number), registry,
                                                 {.controller = shop,
                                                  .parties = parties,
                                                  .notice_language = what.notice_language,
                                                  .notice_url = what.notice_url,
                                                  .jurisdiction = what.jurisdiction,
                                                  .storage_location = what.storage,
                                                  .retention = what.retention,
                                                  .withdrawal_method = what.withdrawal,
                                                  .gdpr = reader.profile().name == "gdpr"}),
                                       "making the record");
  if (what.format == "27560") {
    const std::string out = need(iso27560::write_record(record), "writing the record");
    std::printf("%s\n", out.c_str());
    return;
  }
  const crypto::signing_key key = need(reader.receipt_key(), "signing");
  const std::string receipt = need(
      iso27560::sign_receipt({.id = record.id + ":receipt", .created = now, .record = record}, key),
      "signing the receipt");
  in.answer({{"customer", hex(id.bytes)}, {"receipt", receipt}, {"key", hex(key.public_key())}},
            [&] { std::printf("%s\n", receipt.c_str()); });
}

}  // namespace

void add_consent_exchange_commands(CLI::App& consent, program& in) {
  {
    auto* command = consent.add_subcommand(
        "preview", "Exactly what a consent would open: recipient, purpose, fields, country");
    in.takes_book(*command);
    auto what = std::make_shared<preview_options>();
    command->add_option("customer", what->who, "Public id, or SYSTEM:VALUE")->required();
    command->add_option("-p,--purpose", what->purposes, "Purposes")->required()->delimiter(',');
    command->add_option("--to", what->recipients, "Recipients")->required()->delimiter(',');
    command->add_option("--category", what->categories, "Data categories, or all")->delimiter(',');
    command->add_option("--operation", what->operations, "Operations")->delimiter(',');
    command->add_option("--notice", what->notice, "Title of the notice that would be shown")
        ->required();
    command->callback([&in, what] { preview(in, *what); });
  }
  {
    auto* command = consent.add_subcommand(
        "explain", "Why a field is shown to a recipient or not, and what would change it");
    in.takes_book(*command);
    auto what = std::make_shared<explain_options>();
    command->add_option("customer", what->who, "Public id, or SYSTEM:VALUE")->required();
    command->add_option("-p,--purpose", what->purpose, "Purpose")->required();
    command->add_option("--to", what->to, "Recipient")->capture_default_str();
    command->add_option("--operation", what->operation, "Operation")->capture_default_str();
    command->add_option("--field", what->field, "Field")->required();
    command->add_option("--language", what->language, "en, de, fr, es or it")
        ->capture_default_str();
    command->callback([&in, what] { explain(in, *what); });
  }
  {
    auto* command = consent.add_subcommand(
        "import", "Record what a signal, a record or another system's export says");
    in.takes_book(*command);
    auto what = std::make_shared<import_options_given>();
    auto* who = command->add_option("customer", what->who, "Public id, or SYSTEM:VALUE");
    command->add_option("--gpc", what->gpc, "Value of the header Sec-GPC");
    command->add_option("--gpp", what->gpp, "GPP string");
    command->add_option("--tcf", what->tcf, "TC string");
    command->add_option("--usp", what->usp, "US Privacy string");
    command->add_option("--record", what->record, "File: ISO/IEC TS 27560 record, JSON-LD");
    auto* file = command->add_option("--export", what->exported,
                                     "File: export of Shopify, Mailchimp or HubSpot");
    command->add_option("--system", what->system, "Whose ids the export holds");
    command->add_option("--notice", what->notice,
                        "Title of the notice that was shown; without it no consent is taken over");
    command->add_option("--evidence", what->evidence, "Reference to what proves it");
    file->excludes(who);
    command->callback([&in, what] {
      if (what->who.empty() && what->exported.empty()) {
        fail({errc::missing_field, "name a customer, or give --export"}, "consent import");
      }
      import(in, *what);
    });
  }
  {
    auto* command =
        consent.add_subcommand("export", "Give what was said in a form that others read");
    in.takes_book(*command);
    auto what = std::make_shared<export_options>();
    command->add_option("customer", what->who, "Public id, or SYSTEM:VALUE")->required();
    command
        ->add_option("--format", what->format,
                     "27560 (JSON-LD record), receipt (signed, JWS) or gpp")
        ->check(CLI::IsMember({"27560", "receipt", "gpp"}))
        ->capture_default_str();
    command->add_option("--directive", what->directive_number, "Number of the directive");
    command->add_option("--section", what->section, "gpp: usnat, usca, usva, ...")
        ->capture_default_str();
    command->add_option("--controller", what->controller, "Name of the shop");
    command->add_option("--address", what->address, "Its address");
    command->add_option("--contact", what->contact, "E-mail address for questions");
    command->add_option("--storage", what->storage, "Where it is stored")->capture_default_str();
    command->add_option("--retention", what->retention, "ISO 8601 duration")->capture_default_str();
    command->add_option("--jurisdiction", what->jurisdiction, "loc: term")->capture_default_str();
    command->add_option("--withdrawal", what->withdrawal, "Where consent is withdrawn");
    command->add_option("--notice-language", what->notice_language, "BCP 47")
        ->capture_default_str();
    command->add_option("--notice-url", what->notice_url, "Where the notice can be read");
    command->callback([&in, what] { export_consent(in, *what); });
  }
}

}  // namespace clientbook::cli
