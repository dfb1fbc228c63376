// page, check-evidence: what customers get when they ask how far their information has gone
#include <clientbook/consent/explanation.hpp>
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/rights/evidence_text.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "destination.hpp"
#include "program.hpp"
#include "spare_room.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct page_options_given {
  std::string who, out, language = "en", shop, contact, request;
};

// A case for one page, where somebody has just asked for it; closed however the page ends.
class case_for_this {
 public:
  case_for_this(session& in, const customer_id& whose, const std::string& reference) : in_(in) {
    if (reference.empty()) return;
    if (!short_text<64>::fits(reference)) {
      fail({errc::limit_exceeded, "a reference has at most 64 bytes"}, "--request");
    }
    const case_request wanted{.kind = case_kind::rights,
                              .customers = {&whose, 1},
                              .reason = {.reference = short_text<64>(reference)}};
    number_ = need(in.open_case(wanted), "opening the case");
  }
  ~case_for_this() {
    if (number_ && !in_.close_case(*number_)) {
      std::fprintf(stderr, "case %u could not be closed: clientbook case close\n", *number_);
    }
  }
  case_for_this(const case_for_this&) = delete;
  case_for_this& operator=(const case_for_this&) = delete;
  std::optional<std::uint32_t> number() const { return number_; }

 private:
  session& in_;
  std::optional<std::uint32_t> number_;
};

// A page of which nothing got out is no copy that the customer got: the ledger is told.
[[noreturn]] void tell_not_delivered(session& in, const customer_id& whose,
                                     const customer_page& page, bool nothing_out) {
  if (!nothing_out) {
    fail(
        {errc::not_delivered, "not all of the page could be written: the ledger names it as given"},
        "writing the page");
  }
  if (page.ledger_index) {
    const customer_entry entry{whose, *page.ledger_index};
    need(in.not_delivered({&entry, 1}),
         "telling the ledger that the page did not get out, which it does not say now");
  }
  fail({errc::not_delivered,
        "the page could not be written: the ledger says that it did not get out"},
       "writing the page");
}

void page(program& in, const page_options_given& what) {
  const book opened = in.open();
  session from = in.begin(opened);
  const customer_id id = program::customer(from, what.who);
  keep_room(in.book_path, 1);
  destination to(what.out, false, in.book_path);
  const case_for_this open_case(from, id, what.request);
  const customer_page made =
      need(make_customer_page(
               from, id,
               {.speech = language_of(what.language), .shop = what.shop, .contact = what.contact}),
           "making the page");
  const std::size_t written = to.write({}, made.html);
  const bool whole = written == made.html.size() && (!to.in_one_piece() || to.finish());
  if (!whole) tell_not_delivered(from, id, made, to.in_one_piece() || written == 0);
  if (what.out == "-") return;
  json::object machine{{"customer", hex<std::string>(id.bytes)},
                       {"page", what.out},
                       {"bytes", made.html.size()},
                       {"ledger_index", nullptr}};
  if (made.ledger_index) machine["ledger_index"] = *made.ledger_index;
  in.answer(machine, [&] {
    std::printf("%s: the page, to be given to the customer", what.out.c_str());
    if (made.ledger_index) {
      std::printf("; that it was is entry %llu of the ledger",
                  static_cast<unsigned long long>(*made.ledger_index));
    }
    std::printf("\n");
  });
}

struct evidence_check {
  std::string file, log;
  std::vector<std::string> witnesses;
  std::optional<std::size_t> required;
};

void check(program& in, const evidence_check& what) {
  const std::string text = content_of(what.file, "the evidence");
  const ledger::log_identity identity =
      need(ledger::parse_log_identity(what.log), "--log (see `clientbook ledger-identity`)");
  const std::vector<std::string_view> keys(what.witnesses.begin(), what.witnesses.end());
  const auto checked = check_evidence(
      text, identity, {.keys = keys, .required = what.required.value_or(keys.size())});
  if (!checked) {
    const std::uint64_t at = checked.error().at;
    fail(checked.error(), at == 0 ? "the evidence" : "line " + std::to_string(at));
  }
  // Whoever has cut them all out has cut out the page itself.
  if (checked->entries.empty()) {
    fail({errc::row_missing, "there is no entry in it, and a page is one itself"},
         "checking the evidence");
  }
  // The schema of the book is not here: what the library itself calls its fields.
  const schema fields = standard_schema();
  json::array entries;
  for (const proved_record& one : checked->entries) {
    entries.push_back({{"index", one.index},
                       {"event", name_of(one.event)},
                       {"at", clientbook::cli::text(one.at)},
                       {"purpose", one.purpose == purpose_id() ? "" : word_for(one.purpose)},
                       {"recipient", one.recipient},
                       {"fields", keys_of(one.fields, fields)}});
  }
  const std::uint64_t count = checked->entries.size();
  json::object machine{{"valid", true},
                       {"ledger_size", checked->size},
                       {"witnesses", checked->witnesses},
                       {"witnessed_size", checked->witnessed_size},
                       {"witnessed_at", nullptr},
                       {"entries", entries}};
  if (checked->pruned.entries != 0) {
    machine["pruned"] = {{"entries", checked->pruned.entries}, {"below", checked->pruned.below}};
  }
  if (checked->witnessed_size != 0) {
    machine["witnessed_at"] = clientbook::cli::text(checked->witnessed_at);
  }
  in.answer(machine, [&] {
    for (const json::value& one : entries) {
      std::printf("%8llu  %s  %-14s %-24s %s: %s\n", number_at(one.as_object(), "index"),
                  text_at(one, "at").c_str(), text_at(one, "event").c_str(),
                  text_at(one, "recipient").c_str(), text_at(one, "purpose").c_str(),
                  text_at(one, "fields").c_str());
    }
    std::printf(
        "valid: %llu entries about one customer are in the signed ledger of %llu, and none is "
        "missing between the first and the last\n"
        "the page says what these entries say, or it was changed: compare them\n",
        static_cast<unsigned long long>(count), static_cast<unsigned long long>(checked->size));
    if (checked->pruned.entries != 0) {
      std::printf(
          "before the first there were %llu, which the shop has pruned: nothing shows what they "
          "said\n",
          static_cast<unsigned long long>(checked->pruned.entries));
    }
    if (checked->witnessed_size != 0) {
      std::printf("witnesses (%lu) had seen the first %llu entries of the ledger by %s\n",
                  static_cast<unsigned long>(checked->witnesses),
                  static_cast<unsigned long long>(checked->witnessed_size),
                  clientbook::cli::text(checked->witnessed_at).c_str());
    }
  });
}

void add_page(command app, program& in) {
  auto command = app.add_command(
      "page", "\"How far has my information gone?\": the answer as a page for the customer");
  in.takes_book(command);
  auto what = std::make_shared<page_options_given>();
  command.add_option("customer", what->who, "Public id, or SYSTEM:VALUE").required();
  command.add_option("--html", what->out, "A new file; -: standard output").required();
  command
      .add_option("--request", what->request,
                  "What asked for it (a letter's number): opens a case of rights and closes it "
                  "again; not needed while one names the customer")
      .type_name("REFERENCE");
  command.add_option("--language", what->language, "en, de, fr, es or it")
      .show_default()
      .one_of({"en", "de", "fr", "es", "it"});
  command.add_option("--shop", what->shop, "Name and address of the shop");
  command.add_option("--contact", what->contact, "Where the customer writes to");
  command.callback([&in, what] { page(in, *what); });
}

void add_check(command app, program& in) {
  auto command = app.add_command(
      "check-evidence", "Check the evidence in a customer's page; needs neither book nor key");
  auto what = std::make_shared<evidence_check>();
  command.add_option("file", what->file, "The page, or the evidence alone; -: standard input")
      .required();
  command.add_option("--log", what->log, "What `clientbook ledger-identity` said").required();
  command
      .add_option("--witness", what->witnesses,
                  "The key of a witness, <name>+<id>+<key>, from them; may be repeated")
      .take_all();
  command.add_option("--require", what->required,
                     "How many of them must have cosigned the ledger; else all");
  command.callback([&in, what] { check(in, *what); });
}

}  // namespace

void add_rights_commands(command app, program& in) {
  add_page(app, in);
  add_check(app, in);
}

}  // namespace clientbook::cli
