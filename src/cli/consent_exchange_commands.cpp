// consent preview | explain | import | export
#include <clientbook/exchange/csv.hpp>
#include <clientbook/exchange/platform_consents.hpp>
#include <clientbook/transfer/explanation_json.hpp>
#include <clientbook/transfer/export_consents.hpp>
#include <clientbook/transfer/import_consents.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

privacy_notice notice_of(session& in, const std::string& title) {
  const auto held = need(in.notices(), "reading the notices");
  const privacy_notice* found = notice_titled(title, held);
  if (found == nullptr) {
    fail({errc::unknown_notice, "no such notice: see `clientbook notice list`"}, "--notice");
  }
  return *found;
}

// --- preview --------------------------------------------------------------------------------

struct preview_options {
  std::string who, notice;
  std::string by = "subject", channel = "store", strength = "expressed", evidence;
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
  grant.by = need(find_indicated_by(what.by), "--by");
  grant.channel = need(find_consent_channel(what.channel), "--channel");
  grant.strength = need(find_consent_strength(what.strength), "--strength");
  if (!what.evidence.empty()) grant.evidence.hash = crypto::hash(as_bytes(what.evidence));
  grant.informed = true;
  grant.scope =
      scope_from(what.purposes, what.recipients, what.categories, what.operations, registry);
  grant.registry_version = notice.registry_version;
  const consent_preview opens =
      need(reader.preview_grant(id, grant, notice), "previewing a consent");

  json::array cells;
  for (const preview_cell& one : opens.cells) {
    json::object cell{{"recipient", word_for(one.recipient, registry)},
                      {"purpose", word_for(one.purpose)},
                      {"operation", facts(one.operation)->name},
                      {"fields", keys_of(one.fields, reader.fields())},
                      {"retention_days", one.retention_days}};
    if (one.country != country_code{}) cell["country"] = json::string(one.country.data(), 2);
    cells.push_back(std::move(cell));
  }
  in.answer({{"customer", hex<std::string>(id.bytes)},
             {"notice", notice.title.view()},
             {"cells", cells},
             {"hash", hex<std::string>(opens.hash)}},
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
  std::string who, purpose, to = "self", operation = "use", field, contact, language = "en";
};

void explain(program& in, const explain_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const recipient_registry registry = *need(reader.recipients(), "reading the registry");
  decision_request request = reader.request(purpose_from(what.purpose));
  request.recipient = recipient_from(what.to, registry);
  request.operation = need(find_operation(what.operation), "--operation");
  const language speech = language_of(what.language);
  const auto explained = [&] {
    if (!what.contact.empty()) {
      const contact_point point = contact_from(reader, id, what.contact, "--contact");
      return explanation_json(reader, id, request, point, speech);
    }
    if (what.field.empty()) {
      fail({errc::invalid_argument, "say which: --field, or --contact for one of a list"},
           "--field");
    }
    const field_id field = need(reader.fields().find(what.field), "--field").number;
    return explanation_json(reader, id, request, field, speech);
  };
  const std::string machine = need(explained(), "explaining");
  const json::value told = tree_of(machine);
  in.answer(told.as_object(), [&] { std::printf("%s\n", told.at("text").as_string().c_str()); });
}

// --- import ---------------------------------------------------------------------------------

struct import_options_given {
  std::string who, gpc, gpp, tcf, usp, record, exported, system, notice, evidence;
  std::vector<std::string> vendors, relied;
};

[[noreturn]] void fail_vendor(const char* option) {
  fail({errc::invalid_value, "NUMBER=..., a number of IAB's vendor list, 1 to 65535"}, option);
}

unsigned number_from(std::string_view text, unsigned most, const char* option) {
  unsigned value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (bad != std::errc() || end != text.data() + text.size() || value == 0 || value > most) {
    fail_vendor(option);
  }
  return value;
}

// `12=Example Ads`: the number, and what stands behind the sign.
std::pair<std::uint16_t, std::string_view> vendor_from(std::string_view text, const char* option) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos) fail_vendor(option);
  const unsigned number = number_from(text.substr(0, sign), 65535, option);
  return {static_cast<std::uint16_t>(number), text.substr(sign + 1)};
}

std::vector<vendor_recipient> vendors_from(const import_options_given& what) {
  std::vector<vendor_recipient> out;
  for (const std::string& one : what.vendors) {
    const auto [vendor, name] = vendor_from(one, "--vendor");
    out.push_back({.vendor = vendor, .recipient = name});
  }
  for (const std::string& one : what.relied) {
    auto [vendor, list] = vendor_from(one, "--relies");
    const auto known = std::find_if(out.begin(), out.end(), [wanted = vendor](const auto& each) {
      return each.vendor == wanted;
    });
    if (known == out.end()) {
      fail({errc::not_found, "name that vendor with --vendor first"}, "--relies");
    }
    while (!list.empty()) {
      const std::size_t end = std::min(list.find(','), list.size());
      const unsigned purpose = number_from(list.substr(0, end), 11, "--relies");
      known->legitimate_interests.bits |= std::uint64_t{1} << (purpose - 1);
      list.remove_prefix(std::min(end + 1, list.size()));
    }
  }
  return out;
}

// What was wrong: the option that held it.
std::string option_of(const consent_import_problem& problem) {
  switch (problem.input) {
    case consent_input::none:
      return "importing; nothing was imported";
    case consent_input::gpp:
      return "--gpp";
    case consent_input::tcf:
      return "--tcf";
    case consent_input::usp:
      return "--usp";
    case consent_input::record:
      return problem.member.empty() ? "--record" : "--record, " + std::string(problem.member);
    case consent_input::platform_file:
      return problem.line == 0 ? "--export" : "--export, line " + std::to_string(problem.line);
    case consent_input::notice:
      return "--notice";
    case consent_input::evidence:
      return "--evidence";
    case consent_input::vendors:
      return "--vendor";
  }
  return "importing";
}

// A table of customers as a page of another system exports it, told by its columns.
consent_import_counts imported_table(session& into, const import_options_given& what,
                                     json::array& remarks) {
  struct heard {
    std::string place = "--export";
    json::array& remarks;
  } told{.remarks = remarks};
  const customer_import_listener listener{
      .context = &told, .problem = [](void* context, const customer_import_problem& problem) {
        heard& to = *static_cast<heard*>(context);
        if (problem.remark) {
          to.remarks.push_back({{"place", place_of(problem)}, {"why", problem.what.text.c_str()}});
        } else if (!problem.skipped) {
          to.place = "--export, " + place_of(problem);
        }
      }};
  const auto done =
      import_consent_table(into, what.exported, what.system, {.notice = what.notice}, listener);
  if (!done) fail({done.error().code, done.error().text}, told.place);
  return {.recorded = done->directives,
          .repeated = done->repeated_directives,
          .left_out = done->consents_without_notice,
          .back_dated = done->back_dated,
          .unknown_customers = done->strangers,
          .remembered = done->strangers_no};
}

consent_import_counts imported(session& into, const import_options_given& what,
                               json::array& remarks) {
  const std::vector<vendor_recipient> vendors = vendors_from(what);
  const consent_import_options options{
      .notice = what.notice, .evidence = what.evidence, .vendors = vendors};
  std::string about = "importing";
  const consent_import_listener listener{
      .context = &about, .problem = [](void* to, const consent_import_problem& problem) {
        *static_cast<std::string*>(to) = option_of(problem);
      }};
  if (!what.exported.empty()) {
    auto file = csv_reader::open_file(what.exported);
    const bool opens = file || file.error().code == errc::invalid_encoding ||
                       file.error().code == errc::missing_field ||
                       file.error().code == errc::already_exists;
    if (!opens) fail(file.error(), "--export");
    if (!file || !recognise_consent_platform(*file)) return imported_table(into, what, remarks);
    if (what.system.empty()) {
      fail({errc::missing_field, "say which system's ids the file holds"}, "--system");
    }
    const auto counts = import_platform_consents(into, *file, what.system, options, listener);
    return need(counts, about);
  }
  const std::string record =
      what.record.empty() ? std::string() : content_of(what.record, "--record");
  const consent_texts said{
      .gpc = what.gpc, .gpp = what.gpp, .tcf = what.tcf, .usp = what.usp, .record = record};
  const auto found = program::find_customer(into, what.who);
  if (!found && said.record.empty()) {
    // Whom the actor does not find says no all the same.
    for (const auto& [system, value] : external_ids_in(what.who)) {
      const external_id whose{.system = system, .value = std::string_view(value)};
      const auto counts = import_noes(into, whose, said, options, listener);
      if (counts) return *counts;
      if (counts.error().code != errc::not_found) fail(counts.error(), about);
    }
  }
  const customer_id id = need(found, "looking for a customer");
  const auto counts = import_consents(into, id, said, options, listener);
  return need(counts, about);
}

void import(program& in, const import_options_given& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  json::array remarks;
  const consent_import_counts counts = imported(writer, what, remarks);
  in.answer(
      {{"recorded", counts.recorded},
       {"waiting", counts.waiting},
       {"repeated", counts.repeated},
       {"not_of_that_age", counts.not_of_that_age},
       {"left_out", counts.left_out},
       {"unreadable", counts.unreadable},
       {"back_dated", counts.back_dated},
       {"future_dated", counts.future_dated},
       {"unknown_customers", counts.unknown_customers},
       {"remembered", counts.remembered},
       {"remarks", remarks}},
      [&] {
        std::printf("%zu directives recorded\n", counts.recorded);
        if (counts.unreadable != 0) {
          std::printf(
              "%zu parts of the signals could not be read: for these the shop itself closed "
              "sale, sharing, targeted advertising and the use of sensitive data\n",
              counts.unreadable);
        }
        if (counts.not_of_that_age != 0) {
          std::printf(
              "%zu speak of children of an age that this customer is not known to "
              "have\n",
              counts.not_of_that_age);
        }
        if (counts.left_out != 0) {
          std::printf(
              "%zu consents left out: without a notice (--notice), a time and a "
              "recipient (--vendor) they open nothing\n",
              counts.left_out);
        }
        if (counts.waiting != 0) {
          std::printf("%zu of them wait to be confirmed (`clientbook consent pending`)\n",
                      counts.waiting);
        }
        if (counts.repeated != 0) {
          std::printf("%zu that say what is in force already: nothing was added\n",
                      counts.repeated);
        }
        if (counts.future_dated != 0) {
          std::printf("%zu dated later than now: a permission of them is refused\n",
                      counts.future_dated);
        }
        if (counts.back_dated != 0) {
          std::printf("%zu permissions refused: something was said after them\n",
                      counts.back_dated);
        }
        for (const json::value& each : remarks) {
          std::printf("note: %s\n  %s\n", each.at("place").as_string().c_str(),
                      each.at("why").as_string().c_str());
        }
        if (counts.unknown_customers != 0) {
          std::printf("%zu rows of people the book has not\n", counts.unknown_customers);
        }
        if (counts.remembered != 0) {
          std::printf(
              "%zu of them said no: remembered for 24 months, and said for them when they are "
              "imported\n",
              counts.remembered);
        }
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

void export_gpp_string(program& in, session& reader, const customer_id& id,
                       const export_options& what) {
  const gpp_section section = need(find_gpp_section(what.section), "--section");
  const std::string string = need(export_gpp(reader, id, section), "the section");
  in.answer({{"customer", hex<std::string>(id.bytes)}, {"gpp", string}},
            [&] { std::printf("%s\n", string.c_str()); });
}

void export_consent(program& in, const export_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  if (what.format == "gpp") return export_gpp_string(in, reader, id, what);
  const consent_record_options details{.controller = what.controller,
                                       .address = what.address,
                                       .contact = what.contact,
                                       .notice_language = what.notice_language,
                                       .notice_url = what.notice_url,
                                       .jurisdiction = what.jurisdiction,
                                       .storage_location = what.storage,
                                       .retention = what.retention,
                                       .withdrawal_method = what.withdrawal};
  if (what.format == "27560") {
    const iso27560::record record =
        need(export_consent_record(reader, id, what.directive_number, details),
             "making the record (--directive)");
    return in.put(need(iso27560::write_record(record), "writing the record") + "\n");
  }
  if (what.format == "kantara") {
    const kantara::receipt receipt =
        need(export_kantara_receipt(reader, id, what.directive_number, details),
             "making the receipt (--directive)");
    return in.put(need(kantara::write(receipt), "writing the receipt") + "\n");
  }
  const consent_receipt receipt =
      need(export_consent_receipt(reader, id, what.directive_number, details),
           "making the receipt (--directive)");
  in.answer({{"customer", hex<std::string>(id.bytes)},
             {"receipt", receipt.text},
             {"key", hex<std::string>(receipt.key)}},
            [&] { std::printf("%s\n", receipt.text.c_str()); });
}

void add_preview(command consent, program& in) {
  auto command = consent.add_command(
      "preview", "Exactly what a consent would open: recipient, purpose, fields, country");
  in.takes_book(command);
  auto what = std::make_shared<preview_options>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  command.add_option("-p,--purpose", what->purposes, "Purposes").required().delimiter(',');
  command.add_option("--to", what->recipients, "Recipients").required().delimiter(',');
  command.add_option("--category", what->categories, "Data categories, or all").delimiter(',');
  command.add_option("--operation", what->operations, "Operations").delimiter(',');
  command.add_option("--notice", what->notice, "Title of the notice that would be shown")
      .required();
  command.add_option("--strength", what->strength, "implied, expressed or explicit").show_default();
  command.add_option("--by", what->by, "Who would say it: subject, guardian or agent")
      .show_default();
  command.add_option("--channel", what->channel, "How: store, web, phone, paper, import or other")
      .show_default();
  command.add_option("--evidence", what->evidence, "Reference to what would prove it");
  command.callback([&in, what] { preview(in, *what); });
}

void add_explain(command consent, program& in) {
  auto command = consent.add_command(
      "explain", "Why a field is shown to a recipient or not, and what would change it");
  in.takes_book(command);
  auto what = std::make_shared<explain_options>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  command.add_option("-p,--purpose", what->purpose, "Purpose").required();
  command.add_option("--to", what->to, "Recipient").show_default();
  command.add_option("--operation", what->operation, "Operation").show_default();
  auto field = command.add_option("--field", what->field, "Field; or --contact");
  command
      .add_option("--contact", what->contact,
                  "One e-mail address or phone number of the customer, or FIELD:VALUE")
      .excludes(field);
  command.add_option("--language", what->language, "en, de, fr, es or it")
      .show_default()
      .one_of({"en", "de", "fr", "es", "it"});
  command.callback([&in, what] { explain(in, *what); });
}

void add_import(command consent, program& in) {
  auto command = consent.add_command(
      "import", "Record what a signal, a record or another system's export says");
  in.takes_book(command);
  auto what = std::make_shared<import_options_given>();
  auto who = command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE");
  const auto said = [](const std::string& text) {
    return text.empty() ? std::string("is empty: leave it out, or give what was said") : "";
  };
  command.add_option("--gpc", what->gpc, "Value of the header Sec-GPC").check(said);
  command.add_option("--gpp", what->gpp, "GPP string").check(said);
  command.add_option("--tcf", what->tcf, "TC string").check(said);
  command.add_option("--usp", what->usp, "US Privacy string").check(said);
  command.add_option("--record", what->record, "File: ISO/IEC TS 27560 record, JSON-LD")
      .check(said);
  auto file = command.add_option("--export", what->exported,
                                 "File: customers with what they agreed to, as Shopify, "
                                 "Mailchimp, HubSpot, Klaviyo and others export it");
  command.add_option("--system", what->system, "Whose ids the export holds");
  command.add_option("--notice", what->notice,
                     "Title of the notice that was shown; without it no consent is taken over");
  command.add_option("--evidence", what->evidence, "Reference to what proves it");
  command.add_option("--vendor", what->vendors,
                     "NUMBER=PARTY: a vendor of IAB's list as a recipient of the book");
  command.add_option("--relies", what->relied,
                     "NUMBER=2,7,...: TCF purposes for which that vendor relies on legitimate "
                     "interest, by IAB's list");
  file.excludes(who);
  command.callback([&in, what] {
    if (what->who.empty() && what->exported.empty()) {
      fail({errc::missing_field, "name a customer, or give --export"}, "consent import");
    }
    import(in, *what);
  });
}

void add_export(command consent, program& in) {
  auto command = consent.add_command("export", "Give what was said in a form that others read");
  in.takes_book(command);
  auto what = std::make_shared<export_options>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  command
      .add_option("--format", what->format,
                  "27560 (JSON-LD record), receipt (signed, JWS), kantara (receipt 1.1) or gpp")
      .one_of({"27560", "receipt", "kantara", "gpp"})
      .show_default();
  command.add_option("--directive", what->directive_number, "Number of the directive");
  command.add_option("--section", what->section, "gpp: usnat, usca, usva, ...").show_default();
  command.add_option("--controller", what->controller, "Name of the shop");
  command.add_option("--address", what->address, "Its address");
  command.add_option("--contact", what->contact, "E-mail address for questions");
  command.add_option("--storage", what->storage, "Where it is stored").show_default();
  command.add_option("--retention", what->retention, "ISO 8601 duration").show_default();
  command.add_option("--jurisdiction", what->jurisdiction, "loc: term").show_default();
  command.add_option("--withdrawal", what->withdrawal, "Where consent is withdrawn");
  command.add_option("--notice-language", what->notice_language, "BCP 47").show_default();
  command.add_option("--notice-url", what->notice_url,
                     "Where the notice can be read; a receipt of Kantara needs it");
  command.callback([&in, what] { export_consent(in, *what); });
}

}  // namespace

void add_consent_exchange_commands(command consent, program& in) {
  add_preview(consent, in);
  add_explain(consent, in);
  add_import(consent, in);
  add_export(consent, in);
}

}  // namespace clientbook::cli
