// disclose, ledger, mentions, ledger-identity, check-proof, erase
#include <unistd.h>
#include <clientbook/crypto/age_file.hpp>
#include <clientbook/crypto/recipient.hpp>
#include <clientbook/rights/foreign_forms.hpp>
#include <clientbook/transfer/record_json.hpp>
#include <clientbook/transfer/retention_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "destination.hpp"
#include "printed_json.hpp"
#include "program.hpp"
#include "spare_room.hpp"
#include "terms.hpp"
#include "told_erasure.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

const char* name_of(ledger_event event) {
  switch (event) {
    case ledger_event::disclosure:
      return "disclosure";
    case ledger_event::data_export:
      return "export";
    case ledger_event::consent_given:
      return "consent given";
    case ledger_event::consent_withdrawn:
      return "consent withdrawn";
    case ledger_event::erasure:
      return "erasure";
    case ledger_event::key_rotation:
      return "key rotation";
    case ledger_event::restore:
      return "restore";
    case ledger_event::break_glass:
      return "break glass";
    case ledger_event::refusal:
      return "refusal";
    case ledger_event::data_import:
      return "import";
    case ledger_event::policy_change:
      return "policy change";
    case ledger_event::correction:
      return "correction";
    case ledger_event::reversal:
      return "reversal";
    case ledger_event::not_delivered:
      return "not delivered";
    case ledger_event::jurisdiction:
      return "jurisdiction";
    case ledger_event::portfolio:
      return "portfolio";
    case ledger_event::alarm:
      return "alarm";
    case ledger_event::request:
      return "request";
    case ledger_event::recipient_told:
      return "recipient told";
    case ledger_event::legal_hold:
      return "legal hold";
    case ledger_event::onward:
      return "onward";
    case ledger_event::merge:
      return "merge";
    case ledger_event::unmerge:
      return "unmerge";
    case ledger_event::pruning:
      return "pruning";
    case ledger_event::epoch:
      return "epoch";
  }
  return "unknown";
}

struct disclose_options {
  std::string who, purpose, to;
  std::vector<std::string> fields;
  std::string seal_to, out;
};

// The ledger says who got what: where no byte got out, it says that too.
[[noreturn]] void tell_not_delivered(session& writer, const customer_entry& entry,
                                     const failure& why) {
  if (!why.nothing_out) {
    fail({errc::not_delivered, "not all could be written: the ledger names it as given"},
         "disclosing");
  }
  give_room_back();
  need(writer.not_delivered(std::span(&entry, 1)),
       "telling the ledger that nothing got out, which it does not say now");
  fail({errc::not_delivered, "nothing could be written: the ledger says that it did not get out"},
       "disclosing");
}

disclosure_request request_of(const disclose_options& what, session& in) {
  const recipient_registry registry = *need(in.recipients(), "reading the registry");
  return {.purpose = purpose_from(what.purpose),
          .recipient = recipient_from(what.to, registry),
          .fields = what.fields.empty() ? field_set{} : fields_from(what.fields, in.fields())};
}

json::object fields_in(const disclosure& out, const schema& known) {
  json::object fields;
  for (const field_value& one : out.content.record().fields()) {
    const field_definition field = need(known.find(one.id), "the schema");
    fields[field.key] = shown(field.type, one.value);
  }
  return fields;
}

json::object told_of(const disclose_options& what, const customer_id& id, const disclosure& out,
                     const json::object& fields) {
  return {{"customer", hex<std::string>(id.bytes)},
          {"purpose", what.purpose},
          {"recipient", what.to},
          {"ledger_index", out.ledger_index},
          {"entry", hex<std::string>(out.entry.bytes)},
          {"fields", fields}};
}

// What is given, sealed so that the recipient alone reads it: nobody in between, and not who stores
// or forwards the file.
void give_sealed(session& writer, const customer_entry& entry, const crypto::box_public_key& key,
                 destination& to, const json::object& machine) {
  const wiped_text plain(json::serialize(machine));
  std::string sealed(crypto::age_file_size(plain.size()), '\0');
  crypto::system_random random;
  const auto done = crypto::seal_age_file(
      key, as_bytes(plain), random, {reinterpret_cast<std::byte*>(sealed.data()), sealed.size()});
  const std::size_t written = done ? to.write({}, sealed) : 0;
  const bool whole = written == sealed.size() && (!to.in_one_piece() || to.finish());
  if (!whole) {
    tell_not_delivered(writer, entry,
                       {.what = {}, .about = {}, .nothing_out = to.in_one_piece() || written == 0});
  }
}

void disclose_sealed(program& in, const disclose_options& what) {
  const auto key = need(crypto::read_recipient(what.seal_to), "--seal-to");
  if (what.out.empty()) {
    fail({errc::missing_field, "what is sealed is written to a file: --out"}, "disclosing");
  }
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  const disclosure_request wanted = request_of(what, writer);
  keep_room(in.book_path, 1);
  destination to(what.out, false, in.book_path);
  const disclosure out = need(writer.disclose(id, wanted), "disclosing");
  give_sealed(writer, {id, out.ledger_index}, key, to,
              told_of(what, id, out, fields_in(out, writer.fields())));
  if (what.out == "-") return;
  in.answer({{"customer", hex<std::string>(id.bytes)},
             {"ledger_index", out.ledger_index},
             {"sealed", what.out}},
            [&] {
              std::printf("ledger entry %llu is durable; %s is for %s alone (open it with age)\n",
                          static_cast<unsigned long long>(out.ledger_index), what.out.c_str(),
                          what.to.c_str());
            });
}

void disclose(program& in, const disclose_options& what) {
  if (!what.seal_to.empty()) return disclose_sealed(in, what);
  if (!what.out.empty()) {
    fail({errc::invalid_argument, "--out is for what is sealed: --seal-to"}, "disclosing");
  }
  if (in.quiet && !in.json) {
    fail({errc::invalid_argument, "what leaves is written to standard output: not with --quiet"},
         "disclosing");
  }
  // A reader that went away is an error of writing, and no end.
  std::signal(SIGPIPE, SIG_IGN);
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, what.who);
  const disclosure_request wanted = request_of(what, writer);
  keep_room(in.book_path, 1);
  const disclosure out = need(writer.disclose(id, wanted), "disclosing");
  const json::object fields = fields_in(out, writer.fields());
  const json::object machine = told_of(what, id, out, fields);
  try {
    in.answer(machine, [&] {
      std::printf("ledger entry %llu is durable; now %s gets, for %s:\n",
                  static_cast<unsigned long long>(out.ledger_index), what.to.c_str(),
                  what.purpose.c_str());
      for (const auto& member : fields) {
        std::printf("  %-12s %s\n", std::string(member.key()).c_str(),
                    one_line(member.value()).c_str());
      }
    });
  } catch (const failure& why) {
    tell_not_delivered(writer, {id, out.ledger_index}, why);
  }
}

// Where there is nothing it is told why; of what was pruned nobody says that it was nothing.
void print_none(std::size_t entries, std::uint64_t pruned) {
  if (pruned != 0) {
    std::printf(
        "%llu older entries were pruned at the end of their time: what they said nobody knows\n",
        static_cast<unsigned long long>(pruned));
  } else if (entries == 0) {
    std::printf("nothing about this customer has gone anywhere\n");
  }
}

void ledger_of(program& in, const std::string& who, const std::string& proof_file) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, who);
  const auto records = need(reader.ledger(id), "reading the ledger");
  const book_figures figures = need(reader.figures(), "reading the book");
  const pruned_entries pruned = need(reader.pruned_of(id), "reading the ledger");
  json::array out;
  for (const ledger_record& one : records) {
    out.push_back({{"index", one.index},
                   {"sequence", one.sequence},
                   {"event", is_search(one) ? "search in notes" : name_of(one.event)},
                   {"at", text(one.at)},
                   {"purpose", one.purpose.value == 0 ? "" : word_for(one.purpose)},
                   {"recipient", one.recipient},
                   {"fields", keys_of(one.fields, reader.fields())},
                   {"actor", one.actor.value}});
    json::object& last = out.back().as_object();
    if (one.about) last["about"] = *one.about;
    if (one.until != timestamp{}) last["until"] = text(one.until);
    if (one.event == ledger_event::onward) {
      last["passed_on_by"] = one.from;
      last["contact"] = one.contact;
      last["on"] = one.on.month == 0 ? json::value(nullptr)
                                     : json::value(text(start_of(one.on)).substr(0, 10));
    }
  }
  json::object machine{
      {"customer", hex<std::string>(id.bytes)}, {"entries", out}, {"gaps", gaps_of(figures)}};
  if (pruned.entries != 0) {
    machine["pruned"] = {{"entries", pruned.entries}, {"below", pruned.below}};
  }
  if (!proof_file.empty()) {
    if (records.empty()) fail({errc::not_found, "the customer has no entry"}, "--proof");
    const ledger_proof proof = need(reader.prove(records.back().index), "proving an entry");
    write_new_file(proof_file, proof.text, "--proof");
    machine["proof"] = proof_file;
    machine["proof_hashes"] = proof.path.size();
  }
  in.answer(machine, [&] {
    for (const json::value& one : out) {
      std::printf("%6lld  %s  %-18s %-22s %-20s %s\n",
                  static_cast<long long>(one.at("index").to_number<std::int64_t>()),
                  one.at("at").as_string().c_str(), one.at("event").as_string().c_str(),
                  one.at("purpose").as_string().c_str(), one.at("recipient").as_string().c_str(),
                  one.at("fields").as_string().c_str());
      if (one.as_object().contains("until")) {
        std::printf("        may be kept there until %s\n", text_at(one, "until").c_str());
      }
      if (one.as_object().contains("passed_on_by")) {
        std::printf("        by %s%s%s%s\n", text_at(one, "passed_on_by").c_str(),
                    one.at("on").is_string() ? (" on " + text_at(one, "on")).c_str() : "",
                    text_at(one, "contact").empty() ? "" : "; reached at ",
                    text_at(one, "contact").c_str());
      }
    }
    print_none(records.size(), pruned.entries);
    for (const book_gap& one : figures.gaps) {
      std::printf(
          "the book was restored on %s from a copy of %s: what was done in between is not here\n",
          text(one.until).c_str(), text(one.since).c_str());
    }
    if (!proof_file.empty()) {
      std::printf("proof of the newest entry, checked by `clientbook check-proof`, written\n");
    }
  });
}

void fhir_of(program& in, const std::string& who) {
  const book opened = in.open();
  session reader = in.begin(opened);
  in.put(std::string_view(
      need(ledger_to_fhir(reader, program::customer(reader, who)), "reading the ledger")));
  in.put("\n");
}

void check_proof(program& in, const std::string& file_name, const std::string& log) {
  const std::string text = content_of(file_name, "the proof");
  const ledger::log_identity identity =
      need(ledger::parse_log_identity(log), "--log (see `clientbook ledger-identity`)");
  std::vector<std::byte> room(70000);
  const auto proved = need(ledger::verify_log_proof(text, identity, room), "checking a proof");
  const auto entry = need(ledger::decode_entry(proved.entry), "reading the entry");
  in.answer({{"valid", true},
             {"index", proved.index},
             {"size", proved.head.size},
             {"event", name_of(entry.type)},
             {"purpose", entry.purpose.value == 0 ? "" : word_for(entry.purpose)}},
            [&] {
              std::printf("valid: entry %llu of %llu, a %s, is in the signed ledger\n",
                          static_cast<unsigned long long>(proved.index),
                          static_cast<unsigned long long>(proved.head.size), name_of(entry.type));
            });
}

json::object to_json(const mention_counts& counts) {
  json::object out;
  for (std::size_t i = 0; i < mention_kinds; ++i) {
    if (counts[i] != 0) out[name_of(static_cast<mention_kind>(i))] = counts[i];
  }
  return out;
}

json::object to_json(const mention_report& told) {
  json::array all;
  for (const mention& one : told.mentions) {
    json::array notes;
    for (const std::uint32_t sequence : one.notes) notes.push_back(sequence);
    all.push_back({{"customer", hex<std::string>(one.in.bytes)},
                   {"notes", notes},
                   {"found", to_json(one.found)}});
  }
  return {{"mentions", all},
          {"found", to_json(told.found)},
          {"replaced", to_json(told.replaced)},
          {"customers_searched", told.customers},
          {"notes_searched", told.notes},
          {"not_permitted", told.not_permitted},
          {"unreadable", told.unreadable},
          {"not_looked_for", told.not_looked_for}};
}

std::string in_words(const mention_counts& counts) {
  std::string out;
  for (std::size_t i = 0; i < mention_kinds; ++i) {
    if (counts[i] == 0) continue;
    out += (out.empty() ? "" : ", ") + std::string(name_of(static_cast<mention_kind>(i))) + " " +
           std::to_string(counts[i]);
  }
  return out;
}

}  // namespace

void print_mentions(const mention_report& told) {
  for (const mention& one : told.mentions) {
    std::string notes;
    std::size_t count = 0;
    for (const std::uint32_t sequence : one.notes) {
      if (sequence == 0) continue;
      notes += (notes.empty() ? "" : ", ") + std::to_string(sequence);
      ++count;
    }
    if (count != 0) notes.insert(0, count == 1 ? "note " : "notes ");
    if (count != one.notes.size()) {
      notes += (notes.empty() ? "" : ", ") + std::string("tasks, contacts or wishes");
    }
    std::printf("  %s  %s: %s\n", hex<std::string>(one.in.bytes).c_str(), notes.c_str(),
                in_words(one.found).c_str());
  }
  const std::string replaced = in_words(told.replaced);
  std::printf("%llu notes of %llu other customers were looked through: %s\n",
              static_cast<unsigned long long>(told.notes),
              static_cast<unsigned long long>(told.customers),
              told.mentions.empty() ? "nothing of this customer stands there"
                                    : in_words(told.found).c_str());
  if (!replaced.empty()) std::printf("replaced by labels: %s\n", replaced.c_str());
  if (told.not_permitted != 0) {
    std::printf(
        "not looked through: the notes of %llu customers, which the purpose may not search\n",
        static_cast<unsigned long long>(told.not_permitted));
  }
  if (told.unreadable != 0) {
    std::printf("not looked through or not rewritten: %llu damaged notes (`clientbook verify`)\n",
                static_cast<unsigned long long>(told.unreadable));
  }
  if (told.not_looked_for != 0) {
    std::printf(
        "not looked for: %lu values of the record: too short, not permitted, or told within 30 "
        "days or by who asks\n",
        static_cast<unsigned long>(told.not_looked_for));
  }
}

namespace {

struct mention_options {
  std::string who;
  std::string purpose = "rights_fulfilment";
  bool replace = false;
  bool names = false;
};

void mentions(program& in, const mention_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const customer_id id = program::customer(reader, what.who);
  const purpose_id purpose = purpose_from(what.purpose);
  const mention_report told =
      what.replace
          ? need(reader.redact_mentions(id, purpose, what.names ? every_mention : certain_mentions),
                 "replacing mentions")
          : need(reader.mentions(id, purpose), "looking for mentions");
  json::object machine = to_json(told);
  machine["customer"] = hex<std::string>(id.bytes);
  machine["purpose"] = what.purpose;
  machine["ledger_index"] = told.ledger_index;
  in.answer(machine, [&] { print_mentions(told); });
}

std::string day_text(const date& day) {
  return text(timestamp{days_since_epoch(day) * 86400}).substr(0, 10);
}

struct erase_options {
  std::vector<std::string> who;
  std::string file, why;
  std::string mentions = "report";
  bool names = false;
  unsigned remembered_months = erasure_options().remembered_months;
  unsigned apart_years = 0;
  bool yes = false;

  bool several() const { return who.size() != 1 || !file.empty(); }
};

// Nothing brings an erased customer back: where somebody sits, they are asked.
void ask_before_erasing(const program& in, const erase_options& what, std::size_t how_many) {
  if (what.yes || in.json || ::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) return;
  const std::string whom =
      what.several() ? std::to_string(how_many) + " customers" : what.who.front();
  std::fprintf(stderr,
               "Erase %s for good, in every copy of the book too? Type yes: ", whom.c_str());
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "yes") fail({errc::invalid_argument, "nothing was erased"}, "asking");
}

json::object to_json(const customer_id& id, const erasure& done, bool searched) {
  const erasure_receipt& receipt = done.receipt;
  json::object out{{"customer", hex<std::string>(id.bytes)},
                   {"ledger_index", receipt.ledger_index},
                   {"epoch_before", receipt.epoch_before},
                   {"epoch_after", receipt.epoch_after},
                   {"at", text(receipt.at)},
                   {"remembered_until", nullptr},
                   {"signature", hex<std::string>(receipt.signature)}};
  if (receipt.remembered_until.month != 0) {
    out["remembered_until"] = day_text(receipt.remembered_until);
  }
  if (searched) out["others"] = to_json(done.mentions);
  json::array mirrors;
  for (const mirror_state& one : receipt.mirrors) {
    mirrors.push_back({{"path", one.path}, {"confirmed", one.confirmed}});
  }
  out["mirrors"] = std::move(mirrors);
  json::array retained;
  for (const retained_name& one : receipt.retained) {
    retained.push_back({{"id", hex<std::string>(one.id.bytes)},
                        {"purpose", word_for(one.purpose)},
                        {"until", day_text(one.until)}});
  }
  if (!retained.empty()) out["retained"] = std::move(retained);
  json::array times;
  for (const time_together& one : receipt.copies_that_open) {
    times.push_back({{"since", text(one.since)}, {"until", text(one.until)}});
  }
  if (!times.empty()) out["copies_that_open"] = std::move(times);
  return out;
}

void print_erased(const customer_id& id, const erasure& done, bool searched) {
  const erasure_receipt& receipt = done.receipt;
  std::printf(
      "erased %s: the key is destroyed, the root key is new (epoch %llu -> "
      "%llu), ledger entry %llu\n",
      hex<std::string>(id.bytes).c_str(), static_cast<unsigned long long>(receipt.epoch_before),
      static_cast<unsigned long long>(receipt.epoch_after),
      static_cast<unsigned long long>(receipt.ledger_index));
  print_what_stays(receipt);
  if (searched) print_mentions(done.mentions);
}

// One customer a line, as on the command line; `-` is standard input.
std::vector<std::string> customers_in(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path);
  std::istream& from = path == "-" ? std::cin : file;
  std::vector<std::string> out;
  std::string line;
  while (std::getline(from, line)) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) out.push_back(line);
  }
  if (from.bad() || !from.eof()) {
    fail({errc::io_error, "the file cannot be read"}, "reading whom to erase");
  }
  return out;
}

void erase(program& in, const erase_options& what) {
  const erasure_reason reason = need(erasure_reason_of(what.why), "--reason");
  std::vector<std::string> named = what.who;
  if (!what.file.empty()) {
    for (std::string& one : customers_in(what.file)) named.push_back(std::move(one));
  }
  if (named.empty()) fail({errc::missing_field, "say whom"}, "erasing");
  const book opened = in.open();
  session writer = in.begin(opened);
  std::vector<customer_id> ids;
  for (const std::string& one : named) ids.push_back(program::customer(writer, one));
  ask_before_erasing(in, what, ids.size());
  erasure_options options{.which = what.names ? every_mention : certain_mentions};
  options.remembered_months = static_cast<std::uint8_t>(what.remembered_months);
  if (what.apart_years != 0) {
    options.law_kept = law_kept_records::apart;
    options.law_kept_years = static_cast<std::uint8_t>(what.apart_years);
  }
  if (what.mentions == "report") options.mentions = mentions_at_erasure::reported;
  if (what.mentions == "replace") options.mentions = mentions_at_erasure::replaced;
  const bool searched = options.mentions != mentions_at_erasure::ignored;
  const char* const doing = searched ? "erasing, looking for mentions (see --mentions)" : "erasing";
  const auto tell = [&](const std::vector<erasure>& done) {
    for (std::size_t i = 0; i < ids.size(); ++i) print_erased(ids[i], done[i], searched);
    print_mirrors(done.front().receipt);
    if (what.several()) std::printf("%zu customers in one transaction\n", ids.size());
  };
  const auto machine = [&](const std::vector<erasure>& done) -> json::object {
    if (!what.several()) return to_json(ids.front(), done.front(), searched);
    json::array all;
    for (std::size_t i = 0; i < ids.size(); ++i) all.push_back(to_json(ids[i], done[i], searched));
    return {{"erased", std::move(all)}};
  };
  const auto erase_them = [&]() -> result<std::vector<erasure>> {
    if (what.several()) return writer.erase(ids, reason, options);
    auto one = writer.erase(ids.front(), reason, options);
    if (!one) return one.error();
    std::vector<erasure> out;
    out.push_back(std::move(*one));
    return out;
  };
  const auto done = erase_them();
  if (!done && is_committed(done.error())) {
    // Asked for again: what was done is told, and nothing more is done.
    const std::vector<erasure> made = need(erase_them(), doing);
    in.fail_having_done(done.error(), doing, machine(made), [&] { tell(made); });
  }
  if (!done && what.several() && done.error().at != 0 && done.error().at <= named.size()) {
    fail(done.error(), "nobody was erased: customer " + std::to_string(done.error().at) + " of " +
                           std::to_string(named.size()));
  }
  need(done, doing);
  in.answer(machine(*done), [&] { tell(*done); });
}

void add_disclose(command app, program& in) {
  auto command = app.add_command("disclose", "Pass data on: the ledger first, then the data");
  in.takes_book(command);
  auto what = std::make_shared<disclose_options>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  command.add_option("-p,--purpose", what->purpose, "Why").required();
  command.add_option("--to", what->to, "Party of the registry").required();
  command.add_option("--fields", what->fields, "These or nothing; default: what is permitted")
      .delimiter(',');
  command.add_option("--seal-to", what->seal_to,
                     "The recipient's key, age1...: what is given is sealed, for them alone");
  command.add_option("--out", what->out, "With --seal-to: a new file; -: standard output");
  command.callback([&in, what] { disclose(in, *what); });
}

void add_ledger(command app, program& in) {
  auto command = app.add_command("ledger", "How far has this customer's information gone?");
  in.takes_book(command);
  auto who = std::make_shared<std::string>();
  auto proof = std::make_shared<std::string>();
  auto fhir = std::make_shared<bool>(false);
  command.add_option("customer", *who, "Public id, or SYSTEM:VALUE").required();
  auto written =
      command.add_option("--proof", *proof, "Write a proof of the newest entry to this file");
  command.add_flag("--fhir", *fhir, "As a Bundle of FHIR AuditEvents (R4)").excludes(written);
  command.callback([&in, who, proof, fhir] {
    if (*fhir) return fhir_of(in, *who);
    ledger_of(in, *who, *proof);
  });
}

void add_mentions(command app, program& in) {
  auto command = app.add_command(
      "mentions", "In whose notes do values of this customer stand? Tells kinds, never a value");
  in.takes_book(command);
  auto what = std::make_shared<mention_options>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  command.add_option("-p,--purpose", what->purpose, "Why: it must be permitted to query notes")
      .show_default();
  command.add_flag("--replace", what->replace, "Rewrite these notes with labels, for good");
  command.add_flag("--names", what->names,
                   "With --replace: single names and people of the household too");
  command.callback([&in, what] { mentions(in, *what); });
}

void add_ledger_identity(command app, program& in) {
  auto command =
      app.add_command("ledger-identity", "Origin and key that a verifier of proofs pins");
  in.takes_book(command);
  command.callback([&in] {
    const book opened = in.open();
    session reader = in.begin(opened);
    const std::string identity = need(reader.log_identity(), "reading the ledger");
    const std::string note = need(reader.checkpoint(), "signing a checkpoint");
    in.answer({{"identity", identity}, {"checkpoint", note}},
              [&] { std::printf("%s\n\n%s", identity.c_str(), note.c_str()); });
  });
}

void add_check_proof(command app, program& in) {
  auto command = app.add_command("check-proof", "Check a proof; needs neither book nor key");
  auto file = std::make_shared<std::string>();
  auto log = std::make_shared<std::string>();
  command.add_option("file", *file, "The proof").required();
  command.add_option("--log", *log, "What `clientbook ledger-identity` said").required();
  command.callback([&in, file, log] { check_proof(in, *file, *log); });
}

void add_erase(command app, program& in) {
  auto command = app.add_command("erase", "Destroy a customer's key: for good, in copies too");
  in.takes_book(command);
  auto what = std::make_shared<erase_options>();
  command.add_option("customer", what->who,
                     "Public id, or SYSTEM:VALUE; several: in one transaction, all or none");
  command.add_option("--from", what->file, "A file with one customer a line; -: standard input");
  command.add_option("--reason", what->why, "subject_request, retention_end, unlawful or other")
      .required()
      .one_of({"subject_request", "retention_end", "unlawful", "other"});
  command
      .add_option("--mentions", what->mentions,
                  "What stands of the customer in notes of others: report it, replace it by "
                  "labels, or ignore it; later nobody can look for it")
      .show_default()
      .one_of({"report", "replace", "ignore"});
  command.add_flag("--names", what->names, "Replace single names and people of the household too");
  command
      .add_option("--remember-months", what->remembered_months,
                  "How long an import asks before it takes them back; 0: not at all, at their wish")
      .show_default()
      .in_range(0, 120);
  command
      .add_option("--keep-apart", what->apart_years,
                  "What a law has the shop keep becomes records of their own, for so many years")
      .in_range(1U, unsigned{most_law_kept_years});
  command.add_flag("-y,--yes", what->yes, "Do not ask, where somebody sits");
  command.callback([&in, what] { erase(in, *what); });
}

}  // namespace

void print_what_stays(const erasure_receipt& receipt) {
  if (receipt.remembered_until.month != 0) {
    std::printf(
        "an import asks about their ids, e-mails and phones until %s, by tokens alone; to drop "
        "that at their wish: clientbook refusal forget\n",
        day_text(receipt.remembered_until).c_str());
  }
  for (const retained_name& one : receipt.retained) {
    std::printf("a law has it kept for %s until %s, under the id %s\n",
                word_for(one.purpose).c_str(), day_text(one.until).c_str(),
                hex<std::string>(one.id.bytes).c_str());
  }
  for (const time_together& one : receipt.copies_that_open) {
    std::printf(
        "copies of the book and backups made from %s to %s, when this was one customer with "
        "another, "
        "still open what was theirs: destroy them\n",
        text(one.since).c_str(), text(one.until).c_str());
  }
}

void print_mirrors(const erasure_receipt& receipt) {
  for (const mirror_state& one : receipt.mirrors) {
    if (one.confirmed) {
      std::printf("the mirror %s has followed\n", one.path.c_str());
    } else {
      std::printf(
          "the mirror %s has NOT followed (%s): with the shares it still opens who was erased, "
          "until clientbook recovery refresh\n",
          one.path.c_str(), one.problem.text.c_str());
    }
  }
}

void add_ledger_commands(command app, program& in) {
  add_disclose(app, in);
  add_ledger(app, in);
  add_mentions(app, in);
  add_ledger_identity(app, in);
  add_check_proof(app, in);
  add_erase(app, in);
}

}  // namespace clientbook::cli
