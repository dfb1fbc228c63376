// key list, add, remove, change, renew, unseal: what opens the book.
#include <clientbook/open/root_keys.hpp>

#include <cstdio>
#include <memory>
#include <string>

#include "program.hpp"
#include "root_key.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

// The book, opened with the cell whose slots are to change.
struct opened_book {
  file_root_cell cell;
  book opened;
  session by;

  explicit opened_book(const program& in)
      : cell(in.open_cell()), opened(in.open(&cell)), by(in.begin(opened)) {
    // The change of slots itself holds the book's write lock: it waits no longer than was said.
    cell.wait_at_most(in.wait_ms());
  }
};

void print_look(const cell_look& seen) {
  if (!seen.sealed) {
    std::printf("The file itself is the key: whoever has it opens the book.\n");
    return;
  }
  std::printf("The root key is sealed. It opens with one of:\n");
  for (const key_slot& one : seen.slots) std::printf("  %s\n", in_words(one).c_str());
  if (seen.renewal_due) {
    std::printf(
        "! A slot was removed and the root key is still the one that it opened: `clientbook key "
        "renew`.\n");
  }
}

void list(const program& in) {
  const cell_look seen = need(file_root_cell::look(in.key_path), "looking at the root key");
  in.answer(look_to_json(seen), [&] { print_look(seen); });
}

void answer_change(const program& in, const slot_change& done, const char* what) {
  json::object machine = look_to_json(need(file_root_cell::look(in.key_path), "looking again"));
  machine["number"] = done.number;
  machine["ledger_index"] = done.entry.ledger_index;
  machine["epoch"] = done.entry.epoch;
  in.answer(machine, [&] {
    std::printf("%s\n", what);
    print_look(need(file_root_cell::look(in.key_path), "looking again"));
  });
}

// One slot a call, so that its number and its label are clear.
void check_one(const new_secrets& from) {
  const std::size_t said = (from.passphrase ? 1U : 0U) + (from.passphrase_file.empty() ? 0U : 1U) +
                           (from.key_file.empty() ? 0U : 1U) + (from.identity.empty() ? 0U : 1U) +
                           from.recipients.size();
  if (said == 1) return;
  fail({errc::invalid_argument,
        "want one of --new-passphrase, --new-passphrase-file, --new-key-file, --new-identity and "
        "--recipient"},
       "a slot");
}

void add(const program& in, const new_secrets& from) {
  check_one(from);
  opened_book at(in);
  const bool seals = at.cell.opened_by() == 0;
  made_slots slots(in, from);
  const slot_change done = need(add_key_slot(at.by, at.cell, slots.all().front()), "adding a slot");
  slots.keep();
  answer_change(in, done,
                seals ? "The root key is sealed now, and is a new one: copies of the file made "
                        "before open no later copy of the book's root."
                      : "Added.");
}

void change(const program& in, std::uint32_t number, const new_secrets& from) {
  check_one(from);
  opened_book at(in);
  made_slots slots(in, from);
  const slot_change done =
      need(change_key_slot(at.by, at.cell, number, slots.all().front()), "changing a slot");
  slots.keep();
  answer_change(in, done,
                "Changed, and there is a new root key. What the former secret opened in copies of "
                "the key made before, it opens still (docs/threat_model.md).");
}

void remove(const program& in, std::uint32_t number) {
  opened_book at(in);
  const slot_change done = need(remove_key_slot(at.by, at.cell, number), "removing a slot");
  answer_change(in, done,
                "Removed, and there is a new root key. What the secret opened in copies of the key "
                "made before, it opens still (docs/threat_model.md).");
}

void renew(const program& in) {
  opened_book at(in);
  answer_change(in, need(renew_root_key(at.by), "renewing the root key"),
                "There is a new root key.");
}

void unseal(const program& in) {
  opened_book at(in);
  answer_change(in, need(unseal_root_key(at.by, at.cell), "unsealing the root key"), "Unsealed.");
}

std::shared_ptr<new_secrets> takes_new_slot(command to) {
  auto out = std::make_shared<new_secrets>();
  to.add_flag("--new-passphrase", out->passphrase, "A passphrase, asked for twice");
  to.add_option("--new-passphrase-file", out->passphrase_file,
                "A passphrase, read from a file of one line");
  to.add_option("--new-key-file", out->key_file,
                "A new key file, which is made there, or a key in a token (pkcs11:...)");
  to.add_option("--new-identity", out->identity,
                "A key file, a file of age's identities, or a key in a token, that is there "
                "already");
  to.add_option("--recipient", out->recipients, "Who has the secret key of age1...");
  to.add_option("--label", out->label, "Who or what opens with it; no names of customers");
  to.add_option("--stretch", out->stretch_mebibytes,
                "MiB of memory that each guess of the passphrase takes, 8 to 1024")
      .show_default();
  return out;
}

}  // namespace

void add_key_commands(command app, program& in) {
  auto key = app.add_command("key", "What opens the book: slots of its root key");
  key.require_command();
  auto listed = key.add_command("list", "Who or what opens it; needs no secret");
  in.takes_book(listed);
  listed.callback([&in] { list(in); });

  auto added = key.add_command(
      "add", "Another passphrase, key file or recipient; the first one seals a key in clear");
  in.takes_book(added);
  auto what = takes_new_slot(added);
  added.callback([&in, what] { add(in, *what); });

  auto number = std::make_shared<std::uint32_t>(0);
  auto removed = key.add_command("remove", "Take a slot away, and make a new root key");
  in.takes_book(removed);
  removed.add_option("number", *number, "Number of the slot, as `key list` says").required();
  removed.callback([&in, number] { remove(in, *number); });

  auto changed = key.add_command("change", "Another secret in a slot's place, and a new root key");
  in.takes_book(changed);
  changed.add_option("number", *number, "Number of the slot, as `key list` says").required();
  auto instead = takes_new_slot(changed);
  changed.callback([&in, number, instead] { change(in, *number, *instead); });

  auto renewed = key.add_command("renew", "A new root key, whatever opens it");
  in.takes_book(renewed);
  renewed.callback([&in] { renew(in); });

  auto unsealed = key.add_command("unseal", "Back to a file that is the key itself");
  in.takes_book(unsealed);
  unsealed.callback([&in] { unseal(in); });
}

}  // namespace clientbook::cli
