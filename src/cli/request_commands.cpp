// request open | list | show | confirm | identify | extend | do | mail | recipients | notice |
// told | refuse | withdraw | close: what customers ask for by right, from the letter to the answer
#include <clientbook/consent/explanation.hpp>
#include <clientbook/rights/answer_request.hpp>
#include <clientbook/rights/foreign_forms.hpp>
#include <clientbook/rights/request_json.hpp>
#include <clientbook/rights/request_mail.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "destination.hpp"
#include "program.hpp"
#include "spare_room.hpp"
#include "terms.hpp"
#include "told_erasure.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

date today_of(session& in) { return date_of(in.request(purpose_id()).now); }

// "in 12 days", "3 days overdue"; nothing of what is not open any more.
std::string how_long(const json::value& of) {
  const json::value& left = of.at("days_left");
  if (!left.is_int64()) return {};
  const std::int64_t days = left.as_int64();
  if (days < 0) return std::to_string(-days) + " days overdue";
  return "in " + std::to_string(days) + " days";
}

json::object seen(session& in, std::uint32_t number) {
  const request_record one = need(in.find_request(number), "reading the request");
  const wiped_text text =
      need(request_to_json(one, in.fields(), today_of(in)), "telling the request");
  return json::parse({text.data(), text.size()}).as_object();
}

void print_recipients(const json::value& of) {
  for (const json::value& one : of.at("recipients").as_array()) {
    std::printf("  %-10s %-24s %-8s %s\n", text_at(one, "state").c_str(),
                text_at(one, "recipient").c_str(), text_at(one, "to_do").c_str(),
                joined(one.at("fields").as_array()).c_str());
    if (one.at("acknowledged").is_string()) {
      std::printf("             signed: done on %s\n", text_at(one, "acknowledged").c_str());
    }
  }
}

// What an erasure has left, and until when.
void print_stays(const json::value& of) {
  const json::value* const all = of.as_object().if_contains("stays");
  if (all == nullptr) return;
  for (const json::value& one : all->as_array()) {
    const bool remembered = text_at(one, "place") == "remembered";
    const bool elsewhere = text_at(one, "place") == "elsewhere";
    const std::string fields = joined(one.at("fields").as_array());
    std::printf("  stays      %s%s: %s\n",
                remembered
                    ? "by tokens alone, for imports"
                    : (text_at(one, "purpose") + (elsewhere ? ", in the accounts" : "")).c_str(),
                one.at("until").is_string() ? (" until " + text_at(one, "until")).c_str()
                                            : ", as long as the law says",
                fields.empty() ? "what they had said" : fields.c_str());
  }
}

void print_request(const json::value& one) {
  std::printf("request %lld: %s, %s\n", static_cast<long long>(one.at("number").to_number<int>()),
              text_at(one, "kind").c_str(), text_at(one, "state").c_str());
  std::printf("  customer   %s\n",
              one.at("customer").is_string() ? text_at(one, "customer").c_str() : "erased");
  std::printf("  received   %s by %s\n", text_at(one, "received").c_str(),
              text_at(one, "channel").c_str());
  if (one.at("confirm_by").is_string()) {
    std::printf("  confirm    by %s%s\n", text_at(one, "confirm_by").c_str(),
                one.at("confirmed_at").is_string() ? ": it was" : "");
  }
  std::printf("  answer     by %s [%s] %s\n", text_at(one, "answer_by").c_str(),
              text_at(one, "law").c_str(), how_long(one).c_str());
  for (const auto& [member, label] : {std::pair{"reference", "reference"},
                                      {"identity", "identity"},
                                      {"extension", "extended"},
                                      {"reason", "refused"}}) {
    if (one.as_object().contains(member)) {
      std::printf("  %-10s %s\n", label, text_at(one, member).c_str());
    }
  }
  print_stays(one);
  print_recipients(one);
}

struct opening {
  std::string who, kind, received, channel = "mail", reference, identity;
  bool next_working_day = false;
};

void open(program& in, const opening& said) {
  new_request what{.kind = need(find_request_kind(said.kind), "--kind"),
                   .received = need(parse_date(said.received), "--received"),
                   .channel = need(find_request_channel(said.channel), "--channel"),
                   .reference = said.reference,
                   .identity = said.identity};
  if (said.next_working_day) what.end = end_of_period::next_working_day;
  const book opened = in.open();
  session writer = in.begin(opened);
  const customer_id id = program::customer(writer, said.who);
  const std::uint32_t number = need(writer.open_request(id, what), "opening the request");
  const json::object made = seen(writer, number);
  in.answer(made, [&] {
    print_request(made);
    if (!made.at("identified_at").is_string()) {
      std::printf("before anything is done: clientbook request identify BOOK %u --how ...\n",
                  number);
    }
  });
}

struct listing {
  int due_within = -1;
  bool all = false;
};

void list(program& in, const listing& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const date today = today_of(reader);
  std::vector<request_record> some;
  for (request_record& one : need(reader.requests(), "reading the requests")) {
    const bool working = !has_ended(one.state);
    if (!what.all && !working) continue;
    if (what.due_within >= 0 && (!is_open(one.state) || days_left(one, today) > what.due_within)) {
      continue;
    }
    some.push_back(std::move(one));
  }
  // What is due first, then what is done.
  std::ranges::stable_sort(some, [](const request_record& a, const request_record& b) {
    if (is_open(a.state) != is_open(b.state)) return is_open(a.state);
    return is_open(a.state) && a.answer_by() < b.answer_by();
  });
  const wiped_text text =
      need(requests_to_json(some, reader.fields(), today), "telling the requests");
  const json::array told = json::parse({text.data(), text.size()}).as_array();
  in.answer({{"requests", told}}, [&] {
    for (const json::value& one : told) {
      std::printf("%5d  %-14s %-21s received %s, answer by %s %s  %s\n",
                  one.at("number").to_number<int>(), text_at(one, "kind").c_str(),
                  text_at(one, "state").c_str(), text_at(one, "received").c_str(),
                  text_at(one, "answer_by").c_str(), how_long(one).c_str(),
                  one.at("customer").is_string() ? text_at(one, "customer").c_str() : "erased");
    }
    std::printf("%zu requests%s\n", told.size(), what.all ? "" : "; --all: with those that ended");
  });
}

void show(program& in, std::uint32_t number) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const json::object one = seen(reader, number);
  in.answer(one, [&] { print_request(one); });
}

// One step that changes a request, and what it is then.
template <class Step>
void step(program& in, std::uint32_t number, const char* about, Step&& change) {
  const book opened = in.open();
  session writer = in.begin(opened);
  need(change(writer), about);
  const json::object one = seen(writer, number);
  in.answer(one, [&] { print_request(one); });
}

struct doing {
  std::uint32_t number = 0;
  std::string identity, out, edit, language = "en", shop, contact, mentions = "ignore";
  std::vector<std::string> corrected, purposes;
  bool kept_elsewhere = false;
  unsigned apart_years = 0;
};

answer_options options_of(session& in, const doing& what) {
  answer_options out{.speech = need(find_language(what.language), "--language"),
                     .shop = what.shop,
                     .contact = what.contact,
                     .edit = what.edit};
  if (!what.corrected.empty()) out.corrected = fields_from(what.corrected, in.fields());
  for (const std::string& one : what.purposes) out.purposes.add(purpose_from(one));
  if (what.kept_elsewhere) out.law_kept = law_kept_records::elsewhere;
  if (what.apart_years != 0) {
    out.law_kept = law_kept_records::apart;
    out.law_kept_years = static_cast<std::uint8_t>(what.apart_years);
  }
  if (what.mentions == "report") out.mentions = mentions_at_erasure::reported;
  if (what.mentions == "replace") out.mentions = mentions_at_erasure::replaced;
  return out;
}

// What stays by law is told with the refusal, field by field; why it is kept says `kept-for`.
void tell_what_stays(session& in, const request_record& of) {
  const auto kept = in.kept_by_law(of.customer);
  if (!kept || kept->empty()) return;
  std::string fields;
  for (const field_id one : *kept) {
    const auto known = in.fields().find(one);
    fields += (fields.empty() ? "" : ", ") + (known ? std::string(known->key) : "?");
  }
  std::fprintf(stderr,
               "a law has the shop keep: %s\nuntil when is not known to the book. Keep it in the "
               "accounts first, then say so: --kept-elsewhere. Or make records of it: --keep-apart "
               "YEARS\n",
               fields.c_str());
}

json::object answer_of(const request_answer& done, const doing& what, session& in) {
  json::object machine{{"request", what.number}, {"kind", name_of(done.kind)},
                       {"files", json::array()}, {"ledger_entries", json::array()},
                       {"receipt", nullptr},     {"directive", nullptr}};
  for (const request_file& one : done.files) {
    machine["files"].as_array().emplace_back(what.out + "/" + std::string(one.name));
  }
  for (const std::uint64_t one : done.ledger_entries) {
    machine["ledger_entries"].as_array().emplace_back(one);
  }
  if (done.directive != 0) machine["directive"] = done.directive;
  if (done.erased) {
    machine["receipt"] = json::parse(need(receipt_to_json(done), "the receipt"));
  }
  machine["now"] = seen(in, what.number);
  return machine;
}

bool gives_files(request_kind kind, const doing& what) {
  const bool files = kind == request_kind::access || kind == request_kind::portability;
  if (files && what.out.empty()) {
    fail({errc::missing_field, "where the files for the customer go is missing: a new folder"},
         "--out");
  }
  struct stat there {};
  const bool no_folder =
      what.out == "-" || (::stat(what.out.c_str(), &there) == 0 && !S_ISDIR(there.st_mode));
  if (files && no_folder) {
    fail({errc::already_exists, "the files for the customer go into a new folder"}, "--out");
  }
  if (!files && !what.out.empty()) {
    fail({errc::invalid_argument, "a request of this kind has no files for the customer"}, "--out");
  }
  return files;
}

// The erasure is done: asked for again its receipt is told, with what failed behind it.
[[noreturn]] void fail_erased(const program& in, session& writer, const request_record& of,
                              mentions_at_erasure mentions, const error& why) {
  request_answer made{.kind = of.kind, .mentions = mentions};
  made.erased = need(writer.erase(of.customer, erasure_reason::subject_request), "the receipt");
  const std::string receipt = need(receipt_to_json(made), "the receipt");
  in.fail_having_done(why, "answering the request",
                      {{"request", of.number}, {"receipt", json::parse(receipt)}},
                      [&] { std::printf("erased; the receipt: %s\n", receipt.c_str()); });
}

void carry_out(program& in, const doing& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const request_record before = need(writer.find_request(what.number), "reading the request");
  const answer_options options = options_of(writer, what);
  need(check_options(before.kind, options), "answering the request");
  const bool files = gives_files(before.kind, what);
  std::optional<destination> to;
  if (files) {
    keep_room(in.book_path, 2);
    to.emplace(what.out, true, in.book_path);
  }
  // What is wrong with the call is told before anything is written.
  if (!what.identity.empty()) {
    need(writer.identify_request(what.number, what.identity), "--identity");
  }
  const auto deliver = [&](std::span<const request_file> all) {
    for (const request_file& one : all) {
      if (to->write(one.name, one.content) != one.content.size()) return false;
    }
    return to->finish();
  };
  std::string where;
  auto done = answer_request(writer, what.number, options, deliver, where);
  if (!done) {
    const bool erasing = before.kind == request_kind::erasure;
    if (erasing && done.error().code == errc::kept_by_law) tell_what_stays(writer, before);
    if (erasing && is_committed(done.error())) {
      fail_erased(in, writer, before, options.mentions, done.error());
    }
    fail(done.error(), where.empty() ? "answering the request" : "--edit at " + where);
  }
  const json::object machine = answer_of(*done, what, writer);
  in.answer(machine, [&] {
    for (const json::value& one : machine.at("files").as_array()) {
      std::printf("%s: for the customer\n", one.as_string().c_str());
    }
    if (done->erased) {
      std::printf("erased; the receipt is entry %llu of the ledger, signed %s\n",
                  static_cast<unsigned long long>(done->erased->receipt.ledger_index),
                  hex<std::string>(done->erased->receipt.signature).c_str());
      print_what_stays(done->erased->receipt);
      print_mirrors(done->erased->receipt);
      if (done->mentions != mentions_at_erasure::ignored) print_mentions(done->erased->mentions);
    }
    print_request(machine.at("now"));
    if (!done->recipients.empty()) {
      std::printf("recipients are to be told: clientbook request told BOOK %u RECIPIENT\n",
                  what.number);
    }
    std::printf("what to write to the customer: clientbook request mail BOOK %u\n", what.number);
  });
}

void recipients(program& in, std::uint32_t number) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const request_record before = need(writer.find_request(number), "reading the request");
  if (is_open(before.state)) need(writer.list_recipients(number), "listing the recipients");
  const json::object one = seen(writer, number);
  in.answer({{"request", number}, {"recipients", one.at("recipients")}}, [&] {
    print_recipients(one);
    std::printf("%zu recipients\n", one.at("recipients").as_array().size());
  });
}

std::shared_ptr<std::uint32_t> add_number(command to) {
  auto number = std::make_shared<std::uint32_t>();
  to.add_option("number", *number, "Its number in `clientbook request list`").required();
  return number;
}

void add_open(command group, program& in) {
  auto command = group.add_command("open", "Write down what a customer asks for, and by when");
  in.takes_book(command);
  auto said = std::make_shared<opening>();
  command.add_option("customer", said->who, "Public id, or SYSTEM:VALUE").required();
  command
      .add_option("--kind", said->kind,
                  "access, portability, rectification, restriction, objection or erasure")
      .required();
  command.add_option("--received", said->received, "The day on which it came in").required();
  command.add_option("--channel", said->channel, "mail, letter, shop, phone or agent")
      .show_default();
  command.add_option("--reference", said->reference, "Where the letter lies; sealed");
  command.add_option("--identity", said->identity,
                     "How it was checked who asks; sealed. Else: `request identify`");
  command.add_flag("--next-working-day", said->next_working_day,
                   "A deadline on a Saturday or Sunday ends with Monday");
  command.callback([&in, said] { open(in, *said); });
}

void add_looking(command group, program& in) {
  auto all = group.add_command("list", "Requests that have not ended, with their deadlines");
  in.takes_book(all);
  auto what = std::make_shared<listing>();
  all.add_option("--due-within", what->due_within, "Only those to be answered within so many days")
      .not_negative();
  all.add_flag("--all", what->all, "Those that have ended too");
  all.callback([&in, what] { list(in, *what); });
  auto one = group.add_command("show", "One request, with what is sealed of it");
  in.takes_book(one);
  auto number = add_number(one);
  one.callback([&in, number] { show(in, *number); });
}

using textual = result<void> (session::*)(std::uint32_t, std::string_view);
void add_textual(command group, program& in, const char* name, const char* about,
                 const char* option, const char* meaning, textual call) {
  auto command = group.add_command(name, about);
  in.takes_book(command);
  auto number = add_number(command);
  auto text = std::make_shared<std::string>();
  command.add_option(option, *text, meaning).required();
  command.callback([&in, number, text, call, about] {
    step(in, *number, about, [&](session& writer) { return (writer.*call)(*number, *text); });
  });
}

using plain = result<void> (session::*)(std::uint32_t);
void add_plain(command group, program& in, const char* name, const char* about, plain call) {
  auto command = group.add_command(name, about);
  in.takes_book(command);
  auto number = add_number(command);
  command.callback([&in, number, call, about] {
    step(in, *number, about, [&](session& writer) { return (writer.*call)(*number); });
  });
}

void add_do(command group, program& in) {
  auto command = group.add_command(
      "do", "Do what it asks for: page and data, correction, restriction, objection, erasure");
  in.takes_book(command);
  auto what = std::make_shared<doing>();
  command.add_option("number", what->number, "Its number in `clientbook request list`").required();
  command.add_option("--identity", what->identity, "As `request identify`");
  command.add_option("--out", what->out, "Access, portability: a new folder for the files");
  command.add_option("--edit", what->edit,
                     "Rectification: JSON as `clientbook edit --record` has it, under add, drop, "
                     "set, remove");
  command.add_option(
      "--corrected", what->corrected,
      "Rectification: the fields that were corrected with `clientbook edit` since the "
      "request came in");
  command.add_option("--purpose", what->purposes,
                     "Restriction (else all), objection (else direct_marketing): of what");
  auto apart =
      command
          .add_option(
              "--keep-apart", what->apart_years,
              "Erasure: what a law has the shop keep becomes records of their own, for so many "
              "years")
          .in_range(1U, unsigned{most_law_kept_years});
  command
      .add_flag("--kept-elsewhere", what->kept_elsewhere,
                "Erasure: what a law has the shop keep is in its accounts")
      .excludes(apart);
  command.add_option("--mentions", what->mentions, "Erasure: in the notes of others")
      .one_of({"ignore", "report", "replace"})
      .show_default();
  command.add_option("--language", what->language, "Access: en, de, fr, es or it")
      .show_default()
      .one_of({"en", "de", "fr", "es", "it"});
  command.add_option("--shop", what->shop, "Access: name and address of the shop");
  command.add_option("--contact", what->contact, "Access: where the customer writes to");
  command.callback([&in, what] { carry_out(in, *what); });
}

struct mailing {
  std::uint32_t number = 0;
  std::string language = "en", kind, shop, contact;
};

void mail(program& in, const mailing& what) {
  json::object how{{"language", what.language}, {"shop", what.shop}, {"contact", what.contact}};
  if (!what.kind.empty()) how["kind"] = what.kind;
  const book opened = in.open();
  session reader = in.begin(opened);
  std::string where;
  const auto text = request_mail_json(json::serialize(how), reader, what.number, where);
  if (!text) fail(text.error(), where.empty() ? "writing the mail" : "--" + where.substr(1));
  const json::string_view said(text->data(), text->size());
  in.answer({{"request", what.number}, {"mail", said}},
            [&] { std::printf("%.*s", static_cast<int>(text->size()), text->data()); });
}

void add_mail(command group, program& in) {
  auto command = group.add_command(
      "mail", "The text of a mail to the customer: confirmation, extension, answer or refusal");
  in.takes_book(command);
  auto what = std::make_shared<mailing>();
  command.add_option("number", what->number, "Its number in `clientbook request list`").required();
  command.add_option("--language", what->language, "en, de, fr, es or it")
      .show_default()
      .one_of({"en", "de", "fr", "es", "it"});
  command.add_option("--kind", what->kind,
                     "confirmation, extension, answer or refusal; else what its state asks for");
  command.add_option("--shop", what->shop, "Name and address of the shop");
  command.add_option("--contact", what->contact, "Where the customer writes to");
  command.callback([&in, what] { mail(in, *what); });
}

// A recipient on the list of a request, and what is said of it.
struct telling {
  std::string name, party_class, state = "told", file, reference;
};

listed_recipient listed_in(const telling& what) {
  listed_recipient out{.name = what.name};
  if (!what.party_class.empty()) {
    out.party_class = need(find_recipient_class(what.party_class), "--class");
  }
  return out;
}

void add_listed(command to, telling& what) {
  to.add_option("recipient", what.name, "As `request recipients` names it").required();
  to.add_option("--class", what.party_class, "Its class, where two are of that name");
}

void add_notice(command group, program& in) {
  auto command = group.add_command(
      "notice", "What a recipient is sent: what it is to do, for it to sign when it has");
  in.takes_book(command);
  auto number = add_number(command);
  auto what = std::make_shared<telling>();
  add_listed(command, *what);
  command.add_option("--reference", what->reference, "What it knows the customer by, one line");
  command.callback([&in, number, what] {
    const book opened = in.open();
    session reader = in.begin(opened);
    const std::string text =
        need(reader.recipient_notice(*number, listed_in(*what), what->reference), "the notice");
    in.answer({{"request", *number}, {"notice", text}}, [&] { std::printf("%s", text.c_str()); });
  });
}

void add_telling(command group, program& in) {
  auto work = group.add_command("recipients",
                                "Who has got the customer's data and is to be told (GDPR 19)");
  in.takes_book(work);
  auto number = add_number(work);
  work.callback([&in, number] { recipients(in, *number); });
  add_notice(group, in);
  auto told = group.add_command("told", "A recipient was told, or has answered");
  in.takes_book(told);
  auto of = add_number(told);
  auto what = std::make_shared<telling>();
  add_listed(told, *what);
  auto state =
      told.add_option("--state", what->state, "told, confirmed or impossible").show_default();
  told.add_option("--acknowledgement", what->file,
                  "The notice, signed by the recipient: its signature is checked, and it has "
                  "confirmed; - for standard input")
      .excludes(state);
  told.callback([&in, of, what] {
    recipient_telling said{.who = listed_in(*what),
                           .state = need(find_told_state(what->state), "--state")};
    std::string note;
    if (!what->file.empty()) {
      note = content_of(what->file, "--acknowledgement");
      if (note.empty()) {
        fail({errc::invalid_encoding, "it is empty: nobody has acknowledged anything"},
             "--acknowledgement");
      }
      said.acknowledgement = note;
    }
    step(in, *of, "telling a recipient",
         [&](session& writer) { return writer.tell_recipient(*of, said); });
  });
}

// --- forms of others ---------------------------------------------------------------------------

struct form_options {
  std::string id, agents_id, domain, recipient, type, format, value, endpoint;
};

std::string in_json(std::initializer_list<std::pair<const char*, std::string>> members) {
  json::object out;
  for (const auto& [name, value] : members) {
    if (!value.empty()) out[name] = value;
  }
  return json::serialize(out);
}

void add_drp_status(command group, program& in) {
  auto command =
      group.add_command("drp-status", "The state of a request, as the Data Rights Protocol has it");
  in.takes_book(command);
  auto number = add_number(command);
  auto what = std::make_shared<form_options>();
  command.add_option("--request-id", what->id, "What the agent was told; else the number");
  command.add_option("--agent-request-id", what->agents_id, "What the agent calls it");
  command.callback([&in, number, what] {
    const book opened = in.open();
    session reader = in.begin(opened);
    std::string where;
    in.put(std::string_view(need(
        drp_status_json(in_json({{"request_id", what->id}, {"agent_request_id", what->agents_id}}),
                        reader, *number, where),
        "the state of the request")));
    in.put("\n");
  });
}

void add_deletion(command group, program& in) {
  auto command = group.add_command(
      "deletion-token", "A signed deletion request for a recipient (IAB DDRF 1.0, rqJWT)");
  in.takes_book(command);
  auto number = add_number(command);
  auto what = std::make_shared<form_options>();
  command.add_option("recipient", what->recipient, "Who is asked, as on the list").required();
  command.add_option("--domain", what->domain, "The shop's, where dsrdelete.json lies").required();
  command.add_option("--type", what->type, "Of the identifier: email, ...").required();
  command.add_option("--format", what->format, "Of the identifier: sha256, ...").required();
  command.add_option("--value", what->value, "The identifier, as the recipient knows it")
      .required();
  command.callback([&in, number, what] {
    const book opened = in.open();
    session reader = in.begin(opened);
    const json::object document{
        {"domain", what->domain},
        {"recipient", what->recipient},
        {"identifier", {{"type", what->type}, {"format", what->format}, {"value", what->value}}}};
    std::string where;
    in.put(need(deletion_request_jwt(json::serialize(document), reader, *number, where),
                "the deletion request"));
    in.put("\n");
  });
}

void add_deletion_resource(command group, program& in) {
  auto command = group.add_command("dsrdelete", "dsrdelete.json, with the key of these requests");
  in.takes_book(command);
  auto what = std::make_shared<form_options>();
  command.add_option("--endpoint", what->endpoint, "https://...").required();
  command.callback([&in, what] {
    const book opened = in.open();
    session reader = in.begin(opened);
    std::string where;
    in.put(need(deletion_resource_json(in_json({{"endpoint", what->endpoint}}), reader, where),
                "the resource"));
    in.put("\n");
  });
}

}  // namespace

void add_request_commands(command app, program& in) {
  auto group =
      app.add_command("request", "What customers ask for by right: deadlines, answers, receipts");
  group.require_command();
  add_open(group, in);
  add_looking(group, in);
  add_textual(group, in, "identify", "Write down how it was checked who asks", "--how",
              "One line; sealed", &session::identify_request);
  add_textual(group, in, "extend", "Extend a request, before its deadline", "--reason",
              "Why it takes longer; sealed", &session::extend_request);
  add_do(group, in);
  add_mail(group, in);
  add_telling(group, in);
  add_drp_status(group, in);
  add_deletion(group, in);
  add_deletion_resource(group, in);
  add_hash_list_commands(group, in);
  add_textual(group, in, "refuse", "End a request without doing it", "--reason", "Why; sealed",
              &session::refuse_request);
  add_plain(group, in, "confirm", "Note that it was confirmed to who asks that it came in",
            &session::confirm_request);
  add_plain(group, in, "withdraw", "The customer asks for it no more", &session::withdraw_request);
  add_plain(group, in, "close", "End a request that is done", &session::close_request);
}

}  // namespace clientbook::cli
