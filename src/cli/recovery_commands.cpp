// recovery, backup, restore, drill
#include <clientbook/open/backup.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/transfer/recovery_json.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

#include "program.hpp"
#include "recovery_sheet.hpp"
#include "root_key.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

using ull = unsigned long long;

json::object parsed(const result<std::string>& text) {
  return json::parse(need(text, "the answer")).as_object();
}

void print_mirrors(std::span<const mirror_state> mirrors) {
  for (const mirror_state& one : mirrors) {
    if (one.confirmed) {
      std::printf("mirror %s: followed%s\n", one.path.c_str(),
                  one.holds_all ? ""
                  : one.heard   ? ", without the newest customers and changes"
                                : ", without the newest customers, changes and withdrawals");
    } else {
      std::printf("mirror %s: NOT followed: %s [%d]\n", one.path.c_str(), one.problem.text.c_str(),
                  static_cast<int>(one.problem.code));
    }
  }
}

std::string text_of(const crypto::share_text& one) {
  return one.with_bytes([](byte_view text) { return std::string(as_text(text)); });
}

// --- the key ------------------------------------------------------------------------------

struct key_options {
  unsigned shares = 5;
  unsigned needed = 3;
  std::string sheets;
};

void print_shares(const recovery_kit& kit) {
  std::printf(
      "Recovery key %s. Any %u of these %zu shares open it; the book keeps none of them, and "
      "they are shown this once.\n",
      hex<std::string>(kit.number).c_str(), kit.threshold, kit.shares.size());
  for (std::size_t i = 0; i < kit.shares.size(); ++i) {
    std::string text = text_of(kit.shares[i]);
    std::printf("\nShare %zu\n", i + 1);
    for (std::size_t at = 0; at < text.size(); at += 36) {
      std::printf("  %s\n", text.substr(at, 35).c_str());
    }
    wipe(std::as_writable_bytes(std::span(text)));
  }
  std::printf(
      "\nGive each to somebody else, on paper. With fewer than %u of them nobody learns "
      "anything; without %u of them nobody restores the book.\n",
      kit.threshold, kit.threshold);
}

// What is out is where it belongs, as far as the system knows: a full disk or a closed pipe is
// noticed before the key is in force.
void write_durably(std::string_view text) {
  const bool written = write_out(STDOUT_FILENO, text) == text.size() &&
                       (::fsync(STDOUT_FILENO) == 0 || errno == EINVAL || errno == EROFS);
  if (written) return;
  fail({errc::io_error,
        "the shares cannot be written: the new key is not in force, and what came out of it opens "
        "nothing; the former shares, if there are any, are as good as they were"},
       "showing the shares");
}

constexpr std::string_view end_of_kit = "\"mirrors\":[]}";

// One JSON object or a text, of which the shares come out before the key is in force.
void show_shares(const program& in, const recovery_kit& kit) {
  if (in.json) {
    const wiped_text machine = need(kit_to_json(kit), "the shares");
    std::string_view text(machine);
    text.remove_suffix(end_of_kit.size());
    return write_durably(text);
  }
  std::string text = fitted(captured([&] { print_shares(kit); }));
  write_durably(text);
  wipe(std::as_writable_bytes(std::span(text)));
}

// Which shares open the mirrors now, whatever has failed.
literal what_is_in_force(session& in, const recovery_kit& kit) {
  const auto state = in.recovery();
  if (!state) {
    return "keep the new shares and the former ones: recovery status tells which key is in force, "
           "by "
           "the number on the shares";
  }
  if (state->has_key && state->number == kit.number) {
    return "the new key is in force, with the shares that were just made; until recovery refresh "
           "the "
           "mirrors may still open with the former ones";
  }
  return state->has_key ? literal(
                              "the former key stays in force: destroy the shares that were just "
                              "made, they open nothing")
                        : literal(
                              "no key is in force: destroy the shares that were just made, they "
                              "open nothing, and try again");
}

std::vector<mirror_state> put_in_force(session& writer, const recovery_kit& kit) {
  auto used = writer.use_recovery_key();
  if (!used) {
    fail({used.error().code, what_is_in_force(writer, kit)},
         std::string("putting the recovery key in force (") + used.error().text.c_str() + ")");
  }
  return std::move(*used);
}

void print_in_force(std::span<const mirror_state> mirrors, bool rotate) {
  std::printf("The key is in force.\n");
  print_mirrors(mirrors);
  if (!rotate) return;
  bool all = true;
  for (const mirror_state& one : mirrors) all = all && one.confirmed;
  std::printf(all ? "Destroy the former shares.\n"
                  : "Keep the former shares until that mirror has followed or is gone: it still "
                    "opens with them.\n");
}

// Not in force until every sheet is durable.
void write_sheets(sheet_folder& sheets, const figures_of_sheet& facts, const recovery_kit& kit) {
  for (std::size_t i = 0; i < kit.shares.size(); ++i) {
    std::string text = text_of(kit.shares[i]);
    sheets.write(facts, i + 1, text);
    wipe(std::as_writable_bytes(std::span(text)));
  }
  sheets.keep();
}

// A mirror that has not followed opens with the former shares: nobody may take that for done.
void fail_where_not_followed(std::span<const mirror_state> mirrors, const char* doing) {
  for (const mirror_state& one : mirrors) {
    if (!one.confirmed) fail(one.problem, doing);
  }
}

void new_key(program& in, const key_options& what, bool rotate) {
  if (in.quiet && !in.json && what.sheets.empty()) {
    fail({errc::invalid_argument, "with --quiet nobody sees the shares: name a folder (--sheets)"},
         "recovery");
  }
  const book opened = in.open();
  session writer = in.begin(opened);
  sheet_folder sheets(what.sheets);  // Looked at before there are shares that would be lost.
  const recovery_kit kit =
      need(writer.draw_recovery_key(what.shares, what.needed,
                                    rotate ? recovery_key_use::instead : recovery_key_use::first),
           "making the recovery key");
  const figures_of_sheet facts{hex<std::string>(need(writer.figures(), "the book").id.bytes),
                               hex<std::string>(kit.number), kit.threshold, kit.shares.size()};
  if (sheets.given()) {
    write_sheets(sheets, facts, kit);
    const std::vector<mirror_state> mirrors = put_in_force(writer, kit);
    in.answer({{"number", facts.key_number},
               {"needed", kit.threshold},
               {"sheets", what.sheets},
               {"mirrors", json::parse(need(mirrors_to_json(mirrors), "mirrors"))}},
              [&] {
                std::printf(
                    "Recovery key %s: %zu sheets in %s, any %u of which open it. Print them, "
                    "give each to somebody else, and remove the files.\n",
                    facts.key_number.c_str(), kit.shares.size(), what.sheets.c_str(),
                    kit.threshold);
                print_in_force(mirrors, rotate);
              });
    return fail_where_not_followed(mirrors, "telling the mirrors of the new key");
  }
  show_shares(in, kit);
  std::vector<mirror_state> mirrors;
  try {
    mirrors = put_in_force(writer, kit);
  } catch (...) {
    if (in.json) write_out(STDOUT_FILENO, std::string(end_of_kit) + "\n");
    throw;
  }
  const std::string rest = in.json
                               ? "\"mirrors\":" + need(mirrors_to_json(mirrors), "mirrors") + "}\n"
                               : fitted(captured([&] { print_in_force(mirrors, rotate); }));
  if (write_out(STDOUT_FILENO, rest) != rest.size()) {
    fail({errc::io_error,
          "the new key is in force, and its shares are out; the rest of the answer "
          "could not be written: see recovery status"},
         "answering");
  }
  fail_where_not_followed(mirrors, "telling the mirrors of the new key");
}

void add_key_command(command to, program& in, const char* name, const char* help, bool rotate) {
  auto command = to.add_command(name, help);
  in.takes_book(command);
  auto what = std::make_shared<key_options>();
  command.add_option("--shares", what->shares, "How many shares").show_default();
  command.add_option("--needed", what->needed, "How many of them open it").show_default();
  command.add_option("--sheets", what->sheets,
                     "Folder, made anew, for one page to print a share, instead of showing them");
  command.callback([&in, what, rotate] { new_key(in, *what, rotate); });
}

// --- mirrors ------------------------------------------------------------------------------

std::string whole_path(const std::string& path) {
  if (path.empty() || path.front() == '/') return path;
  char* const here = ::getcwd(nullptr, 0);
  if (here == nullptr) return path;
  const std::string out = std::string(here) + "/" + path;
  std::free(here);
  return out;
}

bool on_disk_of(const std::string& one, const std::string& other) {
  struct stat a {
  }, b{};
  return ::stat(one.c_str(), &a) == 0 && ::stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev;
}

void add_mirror(program& in, const std::string& path) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const mirror_state made = need(writer.add_mirror(whole_path(path)), "adding the mirror");
  const bool same_disk = on_disk_of(made.path, in.book_path);
  in.answer({{"path", made.path}, {"confirmed", made.confirmed}, {"same_disk", same_disk}}, [&] {
    std::printf("The mirror %s follows the book from now on.\n", made.path.c_str());
    if (same_disk) {
      std::printf("It lies on the book's own disk: lost together. Take another disk.\n");
    }
  });
}

void refresh(program& in) {
  const book opened = in.open();
  session writer = in.begin(opened);
  const std::vector<mirror_state> all = need(writer.refresh_mirrors(), "refreshing the mirrors");
  const mirror_state* behind = nullptr;
  for (const mirror_state& one : all) {
    if (!one.confirmed) behind = &one;
  }
  in.answer({{"mirrors", json::parse(need(mirrors_to_json(all), "mirrors"))}}, [&] {
    print_mirrors(all);
    if (all.empty()) std::printf("The book has no mirror: clientbook recovery mirror add.\n");
  });
  if (behind != nullptr) fail(behind->problem, "refreshing the mirrors");
}

void status(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const recovery_state state = need(reader.recovery(), "reading the book");
  const timestamp now{static_cast<std::int64_t>(std::time(nullptr))};
  in.answer(parsed(recovery_to_json(state, now)), [&] {
    if (state.has_key) {
      std::printf("recovery key %s of %s: %u of %u shares open it\n",
                  hex<std::string>(state.number).c_str(), text(state.key_made).c_str(),
                  state.threshold, state.shares);
    }
    print_mirrors(state.mirrors);
    for (const customer_id& id : state.to_ask) {
      std::printf("ASK %s: a restore has ended their consents\n",
                  hex<std::string>(id.bytes).c_str());
    }
    if (state.newest_backup) std::printf("newest backup: %s\n", text(*state.newest_backup).c_str());
    for (const std::string& one : recovery_reminders(state, now))
      std::printf("! %s\n", one.c_str());
  });
}

void add_recovery(command app, program& in) {
  auto recovery = app.add_command(
      "recovery", "What brings the book back when its disk or its key file is lost");
  recovery.require_command();
  add_key_command(recovery, in, "init", "Make the recovery key, and hand out its shares", false);
  add_key_command(recovery, in, "rotate",
                  "Another recovery key in its place: copies of mirrors then open for nobody",
                  true);
  auto mirror = recovery.add_command("mirror", "Keyring mirrors: the keys, in another place");
  mirror.require_command();
  for (const bool adds : {true, false}) {
    auto command =
        mirror.add_command(adds ? "add" : "remove", adds ? "Make one, which follows every erasure"
                                                         : "Forget one; what lies there stays");
    in.takes_book(command);
    auto path = std::make_shared<std::string>();
    command.add_option("folder", *path, "On another disk; the folder above must exist").required();
    command.callback([&in, path, adds] {
      if (adds) return add_mirror(in, *path);
      const book opened = in.open();
      session writer = in.begin(opened);
      need(writer.remove_mirror(whole_path(*path)), "removing the mirror");
      in.answer({{"path", *path}}, [&] {
        std::printf(
            "The book does not follow %s any more. What lies there still opens with the "
            "shares: remove it.\n",
            path->c_str());
      });
    });
  }
  auto again = recovery.add_command("refresh", "Bring the mirrors to the book of now");
  in.takes_book(again);
  again.callback([&in] { refresh(in); });
  auto state = recovery.add_command("status", "Key, mirrors and backup, and what is missing");
  in.takes_book(state);
  state.callback([&in] { status(in); });
}

// --- backups ------------------------------------------------------------------------------

void back_up(program& in, const std::string& file, const std::string& since) {
  if (file == "-") {
    fail({errc::invalid_argument,
          "a backup is a file, which appears when it is whole: name one, not standard output"},
         "writing the backup");
  }
  const book opened = in.open();
  session writer = in.begin(opened);
  const book_figures figures = need(writer.figures(), "reading the book");
  backup_outcome made;
  {
    progress_bar bar(in, "backup", figures.customers + figures.purchase_lines);
    made = need(back_up_to(writer, file,
                           {.since = since,
                            .book = in.book_path,
                            .key = in.key_path,
                            .progress = [&](std::uint64_t done) { bar.at(done); }}),
                "writing the backup");
  }
  in.answer(parsed(backup_to_json(made)), [&] {
    std::printf(
        "%s of %llu customers in %s: %.1f MiB, nothing in it opens without a mirror and "
        "shares\n",
        made.full ? "A full backup" : "What differs", static_cast<ull>(made.customers),
        file.c_str(), static_cast<double>(made.bytes) / (1024 * 1024));
    print_mirrors(made.mirrors);
  });
  bool any = false;
  for (const mirror_state& one : made.mirrors) any = any || one.heard;
  if (!any) fail_where_not_followed(made.mirrors, "no mirror opens all of this backup");
}

struct restore_options {
  std::string mirror;
  std::vector<std::string> backups;
  std::string shares;
  std::string scratch = "/var/tmp";
  std::shared_ptr<new_secrets> secrets{};  ///< Of a restore.
};

// As `recovery init` prints it above each.
bool is_heading(std::string_view line) {
  constexpr std::string_view word = "Share ";
  return line.starts_with(word) &&
         line.find_first_not_of("0123456789\r", word.size()) == std::string_view::npos;
}

// One share a line, or over several, with a blank line between two.
std::vector<crypto::share> shares_in(const std::string& file) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  std::string content = content_of(file, "--shares");
  if (content.starts_with(byte_order_mark)) content.erase(0, byte_order_mark.size());
  std::vector<crypto::share> out;
  std::string typed;
  const auto take = [&] {
    if (typed.empty()) return;
    auto read = crypto::read_share(typed);
    wipe(std::as_writable_bytes(std::span(typed)));
    typed.clear();
    const std::string about = "share " + std::to_string(out.size() + 1);
    if (!read) {
      fail(read.error(),
           read.error().at == 0 ? about : about + ", group " + std::to_string(read.error().at));
    }
    out.push_back(std::move(*read));
  };
  std::size_t at = 0;
  while (at < content.size()) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    const std::string_view line = std::string_view(content).substr(at, end - at);
    at = end + 1;
    const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
    if (blank || is_heading(line)) {
      take();
    } else if (!line.starts_with('#')) {
      typed.append(line).append(" ");
      if (whole_share(typed)) take();
    }
  }
  take();
  wipe(std::as_writable_bytes(std::span(content)));
  return out;
}

void print_restored(const restore_outcome& done) {
  std::printf("%llu customers, as the backup of %s has them.\n", static_cast<ull>(done.customers),
              text(done.backup_at).c_str());
  if (done.erased != 0) {
    std::printf("%llu were erased since, and stay so.\n", static_cast<ull>(done.erased));
  }
  if (done.not_in_backup != 0) {
    std::printf("LOST: %llu customers who came after the backup.\n",
                static_cast<ull>(done.not_in_backup));
  }
  if (done.not_in_mirror != 0) {
    std::printf("LOST: %llu customers who came after the mirror's newest refresh, %s.\n",
                static_cast<ull>(done.not_in_mirror), text(done.mirror_at).c_str());
  }
  if (done.changed != 0) {
    std::printf("%llu were changed since in some way; that is lost.\n",
                static_cast<ull>(done.changed));
  }
  std::printf("What was said or done after %s is not known.\n", text(done.mirror_at).c_str());
  for (const customer_id& id : done.unheard) {
    std::printf("ASK %s: what they have said of consent since is lost; their consents are ended.\n",
                hex<std::string>(id.bytes).c_str());
  }
  std::printf(
      "ASK who guards the book: portfolios, the table of roles, canaries and law profiles are as "
      "of "
      "the backup: what was set since is not in force.\n");
}

// What is there and does not agree is no book to go on with.
void check_whole(const restored_book& done, const char* what) {
  if (done.verified.problems == 0) return;
  fail({done.verified.first,
        "the restored book does not agree with itself: take a backup that was made while this "
        "mirror "
        "followed"},
       what);
}

void restore(program& in, const restore_options& what) {
  const std::vector<crypto::share> shares = shares_in(what.shares);
  made_slots slots = slots_of_new_book(in, *what.secrets);
  restored_book done;
  {
    progress_bar bar(in, "restoring", 0);
    done = need(restore_book({.mirror = what.mirror,
                              .backups = what.backups,
                              .shares = shares,
                              .progress = [&](std::uint64_t so_far) { bar.at(so_far); }},
                             in.book_path, key_place(in.key_path, slots.all()), in.who()),
                "restoring the book");
  }
  slots.keep();
  in.answer(parsed(restored_to_json(done.restored, done.verified)), [&] {
    print_restored(done.restored);
    std::printf(
        "The book has a new root key, in the key file; the ledger says that it was "
        "restored (entry %llu). Make a mirror and a backup of it.\n",
        static_cast<ull>(done.restored.ledger_index));
  });
  check_whole(done, "the restore");
}

void try_out(program& in, const restore_options& what) {
  const std::vector<crypto::share> shares = shares_in(what.shares);
  const restored_book done =
      need(drill({.mirror = what.mirror, .backups = what.backups, .shares = shares}, what.scratch,
                 in.who()),
           "the drill");
  in.answer(parsed(restored_to_json(done.restored, done.verified)), [&] {
    print_restored(done.restored);
    std::printf(
        "Opened all of them: %llu purchases and notes, %llu directives, %llu ledger "
        "entries; %llu problems. Nothing is left of the drill.\n",
        static_cast<ull>(done.verified.items), static_cast<ull>(done.verified.directives),
        static_cast<ull>(done.verified.ledger_entries), static_cast<ull>(done.verified.problems));
  });
  check_whole(done, "the drill");
}

std::shared_ptr<restore_options> takes_parts(command to) {
  auto what = std::make_shared<restore_options>();
  to.add_option("--mirror", what->mirror, "Folder of a keyring mirror").required();
  to.add_option("--backup", what->backups,
                "File of a full backup, and perhaps of one that builds on it")
      .required();
  to.add_option("--shares", what->shares,
                "File with shares, one a line or with blank lines between, or - to type them")
      .required();
  return what;
}

void add_backups(command app, program& in) {
  auto backup = app.add_command("backup", "Write the book, as it is now, into a sealed file");
  in.takes_book(backup);
  auto file = std::make_shared<std::string>();
  auto since = std::make_shared<std::string>();
  backup.add_option("file", *file, "New file").required();
  backup.add_option("--since", *since, "A full backup: only what differs from it");
  backup.callback([&in, file, since] { back_up(in, *file, *since); });

  auto back = app.add_command("restore", "Make the book anew, from a mirror, backups and shares");
  in.takes_book(back);
  auto what = takes_parts(back);
  what->secrets = takes_new_book_secrets(back);
  back.callback([&in, what] { restore(in, *what); });

  auto test = app.add_command("drill", "Try a restore out, and leave nothing of it");
  auto parts = takes_parts(test);
  test.add_option("--scratch", parts->scratch, "Folder for the copy that is tried").show_default();
  test.add_option("--actor", in.actor_number, "Number of who acts").show_default();
  test.add_option("--role", in.role, "owner or security_officer").show_default();
  test.callback([&in, parts] { try_out(in, *parts); });
}

// --- the pin ------------------------------------------------------------------------------

void show_pin(program& in) {
  const book opened = in.open();
  session reader = in.begin(opened);
  const pin_state state = need(reader.pin(), "reading the pin");
  in.answer(
      {{"kept", state.kept},
       {"pinned_version", state.pinned_version},
       {"pinned_ledger_size", state.pinned_ledger_size},
       {"version", state.version},
       {"ledger_size", state.ledger_size}},
      [&] {
        if (!state.kept) {
          std::printf("No pin is set yet: the first consent, disclosure or erasure sets it.\n");
          return;
        }
        std::printf(
            "Pinned beside the key: commit %llu, %llu ledger entries. The book: commit "
            "%llu, %llu ledger entries. An older copy is refused.\n",
            static_cast<ull>(state.pinned_version), static_cast<ull>(state.pinned_ledger_size),
            static_cast<ull>(state.version), static_cast<ull>(state.ledger_size));
      });
}

void take_older(program& in) {
  const book_pin now =
      need(accept_pin(in.book_path, key_place(in.open_cell()), in.who()), "accepting the book");
  in.answer({{"version", now.root_version}, {"ledger_size", now.ledger_size}}, [&] {
    std::printf(
        "The book is taken as it is, commit %llu, and the ledger says so. What was done after "
        "this copy is lost: withdrawals, too. Ask before anything is sent.\n",
        static_cast<ull>(now.root_version));
  });
}

void add_pin(command app, program& in) {
  auto pin = app.add_command(
      "pin", "What is written down of the book beside its key, so that an old copy is refused");
  pin.require_command();
  auto show = pin.add_command("show", "Pin and book");
  in.takes_book(show);
  show.callback([&in] { show_pin(in); });
  auto accept = pin.add_command("accept", "Take an older copy that was put there on purpose");
  in.takes_book(accept);
  accept.callback([&in] { take_older(in); });
}

}  // namespace

void add_recovery_commands(command app, program& in) {
  add_recovery(app, in);
  add_backups(app, in);
  add_pin(app, in);
}

}  // namespace clientbook::cli
