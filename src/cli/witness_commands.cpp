// witness add | remove | list | request | answer | checkpoint | held; ledger-files, ledger-prune,
// ledger-seal, ledger-seals, check-seals: what of the ledger leaves the house, so that nobody can
// show another one later, and what of it ends.
#include <clientbook/base/bytes.hpp>
#include <clientbook/ledger/tiles.hpp>
#include <clientbook/ledger/witness.hpp>
#include <clientbook/rights/epoch_text.hpp>
#include <clientbook/transfer/recovery_json.hpp>
#include <clientbook/transfer/retention_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>

#include "printed_json.hpp"
#include "program.hpp"
#include "qr_code.hpp"
#include "terms.hpp"
#include "unheard_mirrors.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

struct witness_options {
  std::string name, request, answer, out;
  unsigned status = 200;
};

json::object to_object(const ledger_witness& one) {
  json::object out{{"name", one.name()}, {"key", one.key}, {"size", one.size}, {"at", nullptr}};
  if (one.size != 0) out["at"] = text(one.at);
  return out;
}

void add(program& in, const witness_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  need(writer.add_witness(what.name), "adding a witness");
  const std::string log = need(writer.log_identity(), "reading the ledger's key");
  in.answer({{"log", log}}, [&] {
    std::printf("added; give the witness the key of this ledger:\n%s\n", log.c_str());
  });
}

void remove(program& in, const witness_options& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  need(writer.remove_witness(what.name), "removing a witness");
  in.answer({{"removed", what.name}}, [] { std::printf("removed\n"); });
}

void list(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  json::array out;
  for (const ledger_witness& one : need(reader.witnesses(), "reading the witnesses")) {
    out.push_back(to_object(one));
  }
  const book_figures figures = need(reader.figures(), "reading the book");
  in.answer({{"witnesses", out}, {"ledger_entries", figures.ledger_entries}}, [&] {
    for (const json::value& one : out) {
      const bool any = one.at("at").is_string();
      std::printf(
          "%-32s %s\n", text_at(one, "name").c_str(),
          any ? ("has cosigned " + std::to_string(one.at("size").to_number<std::uint64_t>()) +
                 " entries, " + text_at(one, "at"))
                    .c_str()
              : "has cosigned nothing yet");
    }
    std::printf("the ledger has %llu entries\n",
                static_cast<unsigned long long>(figures.ledger_entries));
  });
}

void request(program& in, const witness_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const std::string body = need(reader.witness_request(what.name), "asking a witness");
  if (what.out == "-") return in.put(body);
  write_new_file(what.out, body, "--out");
  in.answer({{"request", what.out}}, [&] {
    std::printf("%s: post it to the witness's address, /add-checkpoint\n", what.out.c_str());
  });
}

void answer(program& in, const witness_options& what) {
  const std::string asked = content_of(what.request, "--request");
  const std::string body =
      what.answer.empty() ? std::string() : content_of(what.answer, "--answer");
  const book opened = in.open();
  session writer = in.begin(opened);
  const witness_outcome out =
      need(writer.take_witness_answer(what.name, asked, {.status = what.status, .body = body}),
           "the witness's answer");
  json::object machine{{"cosigned", out.cosigned}, {"size", out.size}, {"at", nullptr}};
  if (out.cosigned) machine["at"] = text(out.at);
  in.answer(machine, [&] {
    const auto size = static_cast<unsigned long long>(out.size);
    if (out.cosigned) {
      std::printf("cosigned: %llu entries, %s\n", size, text(out.at).c_str());
    } else {
      std::printf("the witness has seen %llu entries: make the request again\n", size);
    }
  });
}

void checkpoint(program& in, const witness_options& what, bool qr) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const std::string note = need(reader.checkpoint(), "signing a checkpoint");
  const auto code = qr_code::of(note);
  if ((qr || !what.out.empty()) && !code) {
    fail({errc::limit_exceeded, "the checkpoint is too long for a code"}, "--qr");
  }
  if (!what.out.empty()) write_new_file(what.out, code->as_svg(), "--svg");
  in.answer({{"checkpoint", note}}, [&] {
    std::printf("%s", note.c_str());
    if (qr) std::printf("\n%s", code->as_text().c_str());
  });
}

void held(program& in, const witness_options& what) {
  const std::string note = content_of(what.name, "the checkpoint");
  const book opened = in.open();
  session reader = in.begin(opened);
  const std::uint64_t size = need(reader.goes_on_from(note), "holding a checkpoint against it");
  in.answer({{"held", true}, {"size", size}}, [&] {
    std::printf("the ledger goes on from that checkpoint: its first %llu entries are unchanged\n",
                static_cast<unsigned long long>(size));
  });
}

// --- the ledger as files -------------------------------------------------------------------------

// Files but the checkpoint never change: one of that name and size is there already.
bool is_there(const fs::path& path, std::size_t size) {
  std::error_code unknown;
  return fs::is_regular_file(path, unknown) && fs::file_size(path, unknown) == size && !unknown;
}

void write_whole(const fs::path& path, byte_view content) {
  std::error_code wrong;
  fs::create_directories(path.parent_path(), wrong);
  const fs::path part = path.string() + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(content.data()),
            static_cast<std::streamsize>(content.size()));
  out.close();
  if (out) fs::rename(part, path, wrong);
  if (!out || wrong) fail({errc::io_error, "a file cannot be written there"}, path.string());
}

struct files_written {
  std::uint64_t size = 0, written = 0;
};

void write_tile(session& reader, const fs::path& folder, int level, std::uint64_t number,
                std::size_t count, files_written& told) {
  std::array<char, 64> room;
  const std::string name(need(ledger::tile_path(level, number, count, room), "naming a tile"));
  const fs::path path = folder / name;
  // A full tile of hashes has one size; what else is there is compared by what it holds.
  if (level >= 0 && is_there(path, count * sizeof(ledger::hash))) return;
  const auto content = need(reader.ledger_file(name), "reading the ledger");
  if (is_there(path, content.size())) return;
  write_whole(path, content);
  ++told.written;
}

void ledger_files(program& in, const std::string& folder) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const fs::path to(folder);
  // Whoever has published one history publishes no other in its place.
  if (std::error_code none; fs::exists(to / "checkpoint", none)) {
    need(reader.goes_on_from(content_of((to / "checkpoint").string(), "the checkpoint there")),
         "the checkpoint that is there");
  }
  const std::string note = need(reader.checkpoint(), "signing a checkpoint");
  const std::string log = need(reader.log_identity(), "reading the ledger's key");
  const ledger::checkpoint head =
      need(ledger::verify_checkpoint(note, need(ledger::parse_log_identity(log), "the key")),
           "the checkpoint");
  files_written told{.size = head.size};
  const std::uint64_t pruned = need(reader.figures(), "reading the book").ledger_pruned;
  for (int level = -1; level < 8; ++level) {
    const auto of = static_cast<unsigned>(level < 0 ? 0 : level);
    // What was pruned is not written; where it is there already it stays.
    for (std::uint64_t number = ledger::first_tile(of, pruned);; ++number) {
      const std::size_t count = ledger::tile_count(of, number, head.size);
      if (count == 0) break;
      write_tile(reader, to, level, number, count, told);
    }
  }
  write_whole(to / "checkpoint", as_bytes(note));
  in.answer(
      {{"folder", folder}, {"size", told.size}, {"files_written", told.written}, {"log", log}},
      [&] {
        std::printf("%s: the ledger of %llu entries (%llu new files), as C2SP tlog-tiles\n",
                    folder.c_str(), static_cast<unsigned long long>(told.size),
                    static_cast<unsigned long long>(told.written));
      });
}

// --- pruning -------------------------------------------------------------------------------------

struct prune_options_given {
  std::string before, published;
  bool dry_run = false;
};

const char* reason_of(prune_bound why) {
  switch (why) {
    case prune_bound::younger:
      return "it is not of a day before";
    case prune_bound::unseen:
      return "nobody outside has seen it: ask a witness, or say --published";
    case prune_bound::pin:
      return "the pin beside the key has not seen it: any change moves that";
    case prune_bound::held:
      return "a legal hold is on the customer whom it is about";
    case prune_bound::requested:
      return "a request of the customer whom it is about has not ended";
    case prune_bound::in_case:
      return "an open case names the customer whom it is about";
    case prune_bound::kept_by_law:
      return "a law has the shop keep something of the customer whom it is about";
    case prune_bound::retained:
      return "a retained record is of that day, or of a later one";
  }
  return "";
}

void print_pruning(const pruning& all, bool dry_run) {
  if (all.from == all.until) {
    std::printf("nothing can be pruned\n");
  } else {
    const auto day = [](date one) { return text(start_of(one)).substr(0, 10); };
    std::printf("%llu entries %s, %llu to %llu, of %s to %s\n",
                static_cast<unsigned long long>(all.until - all.from),
                dry_run ? "would be pruned" : "pruned", static_cast<unsigned long long>(all.from),
                static_cast<unsigned long long>(all.until - 1), day(all.first).c_str(),
                day(all.last).c_str());
  }
  for (const kept_from& one : all.kept) {
    std::printf("%8llu and later stay: %s\n", static_cast<unsigned long long>(one.index),
                reason_of(one.why));
  }
}

// Transaction by transaction, so that others get their turn.
void prune(program& in, const prune_options_given& what) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const auto before = parse_date(what.before);
  if (!before) fail(before.error(), "--before");
  const std::string published =
      what.published.empty() ? std::string() : content_of(what.published, "--published");
  const prune_options how{.before = *before,
                          .published = published,
                          .mode = what.dry_run ? retention_mode::only_tell : retention_mode::run};
  pruning all = need(writer.prune_ledger(how), "pruning the ledger");
  while (all.more && !what.dry_run) {
    pruning next = need(writer.prune_ledger(how), "pruning the ledger");
    next.from = all.from;
    next.first = all.first;
    if (next.last.month == 0) next.last = all.last;  // Nothing more went: what keeps it is told.
    all = std::move(next);
  }
  const auto mirrors = need(writer.mirrors_told(), "the mirrors");
  json::object machine =
      json::parse(need(pruning_to_json(all), "telling what was pruned")).as_object();
  machine["dry_run"] = what.dry_run;
  if (!mirrors.empty()) {
    machine["mirrors"] = json::parse(need(mirrors_to_json(mirrors), "the mirrors"));
  }
  in.answer(machine, [&] {
    print_pruning(all, what.dry_run);
    print_unheard(mirrors);
  });
}

void add_prune(command app, program& in) {
  auto command = app.add_command(
      "ledger-prune",
      "Take the oldest entries out of the ledger, at the end of their time; later proofs stay");
  in.takes_book(command);
  auto what = std::make_shared<prune_options_given>();
  command.add_option("--before", what->before, "Entries of days before this one may go")
      .required()
      .type_name("YYYY-MM-DD");
  command.add_option("--published", what->published,
                     "File: a checkpoint that others hold; not needed with witnesses");
  command.add_flag("--dry-run", what->dry_run, "Only tell what would go, and what keeps the rest");
  command.callback([&in, what] { prune(in, *what); });
}

// --- epochs --------------------------------------------------------------------------------------

void end_epoch(program& in) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const std::string log = need(writer.log_identity(), "reading the ledger's key");
  const ledger_epoch next = need(writer.end_epoch(), "ending the epoch");
  const json::object machine =
      json::parse(need(epoch_to_json(next, log), "telling the epoch")).as_object();
  in.answer(machine, [&] {
    std::printf(
        "epoch %lu begins with entry %llu; what is before is sealed, and the key that sealed it is "
        "destroyed\nwrite down outside the book, for `clientbook check-seals --known`:\n%s\n",
        static_cast<unsigned long>(next.number), static_cast<unsigned long long>(next.from),
        text_at(machine, "key").c_str());
  });
}

void seals(program& in, const std::string& file) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const epoch_evidence all = need(reader.seals(), "reading the seals");
  if (all.seals.empty()) {
    fail({errc::invalid_state, "the ledger was never sealed: `clientbook ledger-seal` does it"},
         "reading the seals");
  }
  const wiped_text text = need(seals_to_text(all), "writing the seals");
  write_new_file(file, std::string(text), "--out");
  in.answer({{"out", file}}, [&] { std::printf("%s: the seals of the ledger\n", file.c_str()); });
}

struct seals_check {
  std::string file, log, known;
};

void check_seals_of(program& in, const seals_check& what) {
  const std::string text = content_of(what.file, "the seals");
  const ledger::log_identity log =
      need(ledger::parse_log_identity(what.log), "--log (see `clientbook ledger-identity`)");
  const auto checked = check_seals(text, log, what.known);
  if (!checked) {
    const std::uint64_t at = checked.error().at;
    fail(checked.error(), at == 0 ? "the seals" : "line " + std::to_string(at));
  }
  json::object machine =
      json::parse(need(proved_epochs_to_json(*checked, log), "telling the epochs")).as_object();
  machine["valid"] = true;
  machine["known"] = !what.known.empty();
  in.answer(machine, [&] {
    for (const proved_epoch& one : checked->sealed) {
      std::printf("epoch %3lu  entries %llu to %llu  %s%s\n",
                  static_cast<unsigned long>(one.number), static_cast<unsigned long long>(one.from),
                  static_cast<unsigned long long>(one.size - 1),
                  one.opened_anew ? "not sealed by a key of its own" : "sealed by its own key",
                  one.pruned ? "; pruned" : "");
    }
    if (checked->from < checked->size) {
      std::printf("epoch %3lu  entries %llu to %llu  not sealed yet\n",
                  static_cast<unsigned long>(checked->now),
                  static_cast<unsigned long long>(checked->from),
                  static_cast<unsigned long long>(checked->size - 1));
    }
    std::printf(
        "valid: each was sealed once, by its own key, and the ledger of %llu goes on from "
        "%s\n",
        static_cast<unsigned long long>(checked->size),
        checked->sealed.front().pruned ? "those that are not pruned" : "them");
    if (what.known.empty()) {
      std::printf("without --known whoever has the log's own key may have made all of them\n");
    }
  });
}

void add_epochs(command app, program& in) {
  auto end = app.add_command(
      "ledger-seal",
      "Seal the ledger up to now with a key that is destroyed, and begin the next epoch");
  in.takes_book(end);
  end.callback([&in] { end_epoch(in); });
  auto show = app.add_command("ledger-seals", "Write all seals of the ledger into a file");
  in.takes_book(show);
  auto file = std::make_shared<std::string>();
  show.add_option("--out", *file, "A new file").required();
  show.callback([&in, file] { seals(in, *file); });
  auto check =
      app.add_command("check-seals", "Check the seals of a ledger; needs neither book nor key");
  auto what = std::make_shared<seals_check>();
  check.add_option("file", what->file, "What `clientbook ledger-seals` wrote").required();
  check.add_option("--log", what->log, "What `clientbook ledger-identity` said").required();
  check.add_option("--known", what->known, "The key of an epoch, written down when it was new");
  check.callback([&in, what] { check_seals_of(in, *what); });
}

// --- the commands --------------------------------------------------------------------------------

using options = std::shared_ptr<witness_options>;

command command_of(command group, program& in, const char* name, const char* about) {
  auto command = group.add_command(name, about);
  in.takes_book(command);
  return command;
}

void add_members(command group, program& in) {
  {
    auto command = command_of(group, in, "add", "Name a witness of the ledger");
    auto what = std::make_shared<witness_options>();
    command.add_option("key", what->name, "Its key, <name>+<id>+<key>, as it publishes it")
        .required();
    command.callback([&in, what] { add(in, *what); });
  }
  {
    auto command = command_of(group, in, "remove", "Take a witness off, with what it cosigned");
    auto what = std::make_shared<witness_options>();
    command.add_option("name", what->name, "Its name").required();
    command.callback([&in, what] { remove(in, *what); });
  }
  auto command = command_of(group, in, "list", "Witnesses, and what each has cosigned last");
  command.callback([&in] { list(in); });
}

void add_asking(command group, program& in) {
  {
    auto command = command_of(group, in, "request", "What a witness is asked, as a file to post");
    auto what = std::make_shared<witness_options>();
    command.add_option("name", what->name, "Its name").required();
    command.add_option("--out", what->out, "A new file; -: standard output").required();
    command.callback([&in, what] { request(in, *what); });
  }
  auto command = command_of(group, in, "answer", "Take what a witness has answered");
  auto what = std::make_shared<witness_options>();
  command.add_option("name", what->name, "Its name").required();
  command.add_option("--request", what->request, "The file that was posted").required();
  command.add_option("--status", what->status, "The status of its answer").show_default();
  command.add_option("--answer", what->answer, "The file with its answer; -: standard input");
  command.callback([&in, what] { answer(in, *what); });
}

void add_checkpoints(command group, program& in) {
  {
    auto command = command_of(group, in, "checkpoint", "The signed head of the ledger, to be kept");
    auto what = std::make_shared<witness_options>();
    auto qr = std::make_shared<bool>(false);
    command.add_flag("--qr", *qr, "As a code to be printed too");
    command.add_option("--svg", what->out, "The code as an image, a new file");
    command.callback([&in, what, qr] { checkpoint(in, *what, *qr); });
  }
  auto command =
      command_of(group, in, "held", "Hold a checkpoint that was kept against the ledger of now");
  auto what = std::make_shared<witness_options>();
  command.add_option("file", what->name, "The checkpoint; -: standard input").required();
  command.callback([&in, what] { held(in, *what); });
}

}  // namespace

void add_witness_commands(command app, program& in) {
  auto group = app.add_command(
      "witness", "Others who see that the ledger only grows: what they are asked and answer");
  group.require_command();
  add_members(group, in);
  add_asking(group, in);
  add_checkpoints(group, in);
  auto command = app.add_command(
      "ledger-files", "The ledger as plain files that an auditor's own program reads (tlog-tiles)");
  in.takes_book(command);
  auto folder = std::make_shared<std::string>();
  command.add_option("folder", *folder, "A folder; what is new is added").required();
  command.callback([&in, folder] { ledger_files(in, *folder); });
  add_prune(app, in);
  add_epochs(app, in);
}

}  // namespace clientbook::cli
