// Passphrases and key files, as the program gets them. A secret is no argument's value: those are
// seen by every user of the machine.
#include "root_key.hpp"

#include <clientbook/transfer/key_slots_json.hpp>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <span>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "terminal.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

constexpr const char* doing = "opening the root key";
constexpr int tries = 3;

slot_secret passphrase_in(const std::string& path) {
  constexpr const char* about = "the file with the passphrase";
  struct stat status {};
  if (path != "-" && ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
      (status.st_mode & 077) != 0) {
    fail({errc::permission_denied, "it is open to others: chmod 600 it"}, about);
  }
  std::string text = content_of(path, about);
  auto secret = slot_secret::passphrase(text);
  wipe(std::as_writable_bytes(std::span(text)));
  return need(std::move(secret), about);
}

void print_what_opens(const cell_look& seen) {
  std::fputs("The root key is sealed. It opens with one of:\n", stderr);
  for (const key_slot& one : seen.slots) std::fprintf(stderr, "  %s\n", in_words(one).c_str());
}

bool has(const cell_look& seen, slot_kind kind) {
  for (const key_slot& one : seen.slots) {
    if (one.kind == kind) return true;
  }
  return false;
}

file_root_cell open_by_asking(const program& in, const cell_look& seen) {
  print_what_opens(seen);
  for (int i = 1;; ++i) {
    auto typed = ask_hidden("Passphrase");
    if (!typed) fail({errc::key_unavailable, "no passphrase was typed"}, doing);
    auto secret = slot_secret::passphrase(*typed);
    wipe(std::as_writable_bytes(std::span(*typed)));
    auto cell = secret ? file_root_cell::open(in.key_path, in.book_path, &*secret)
                       : result<file_root_cell>(secret.error());
    if (cell) return std::move(*cell);
    const bool again = !secret || cell.error().code == errc::wrong_key;
    if (!again || i == tries) fail(cell.error(), doing);
    std::fprintf(stderr, "clientbook: %s\n", cell.error().text.c_str());
  }
}

slot_secret new_passphrase(const program& in) {
  if (!can_ask(in)) {
    fail({errc::invalid_argument,
          "nobody can be asked for the passphrase: name a file that holds it"},
         "a new passphrase");
  }
  std::fputs(
      "A thief of key and book tries passphrases for as long as they like. Take six words or more "
      "that a die has chosen, at least 12 characters, and keep them on paper: without it and "
      "without another slot nobody opens the book.\n",
      stderr);
  auto first = ask_hidden("New passphrase");
  auto second = first ? ask_hidden("The same again") : std::nullopt;
  if (!first || !second)
    fail({errc::invalid_argument, "no passphrase was typed"}, "the passphrase");
  auto one = slot_secret::passphrase(*first);
  auto other = slot_secret::passphrase(*second);
  wipe(std::as_writable_bytes(std::span(*first)));
  wipe(std::as_writable_bytes(std::span(*second)));
  slot_secret out = need(std::move(one), "the passphrase");
  if (!other || !out.same_as(*other)) {
    fail({errc::invalid_argument, "the two are not the same: nothing was changed"},
         "the passphrase");
  }
  return out;
}

}  // namespace

file_root_cell program::open_cell() const {
  const cell_look seen = need(file_root_cell::look(key_path), "opening the book");
  if (!seen.sealed) return need(file_root_cell::open(key_path, book_path), "opening the book");
  // Whoever names both means the one that opens.
  if (!identity_file.empty()) {
    const slot_secret secret =
        need(slot_secret::read_identity(identity_file), "the key file (--key-identity)");
    auto cell = file_root_cell::open(key_path, book_path, &secret);
    if (cell) return std::move(*cell);
    if (passphrase_file.empty() || cell.error().code != errc::wrong_key) {
      fail(cell.error(), doing);
    }
  }
  if (!passphrase_file.empty()) {
    const slot_secret secret = passphrase_in(passphrase_file);
    return need(file_root_cell::open(key_path, book_path, &secret), doing);
  }
  if (has(seen, slot_kind::passphrase) && can_ask(*this)) return open_by_asking(*this, seen);
  fail({errc::key_unavailable,
        "it is sealed: name a file with the passphrase (--passphrase-file, "
        "CLIENTBOOK_PASSPHRASE_FILE) or a key file (--key-identity, CLIENTBOOK_KEY_IDENTITY)"},
       doing);
}

// --- new ones -----------------------------------------------------------------------------

void made_slots::add(slot_secret secret, std::uint32_t stretch_mebibytes) {
  secrets_.push_back(std::make_unique<slot_secret>(std::move(secret)));
  const slot_secret& kept = *secrets_.back();
  need(kept.good_enough(), "the passphrase");
  slots_.push_back({.label = label_.empty() ? name_of(kept.kind()) : label_,
                    .secret = &kept,
                    .cost = {.kibibytes = std::min(stretch_mebibytes, 1U << 20U) * 1024}});
}

made_slots::made_slots(const program& in, const new_secrets& from)
    : label_(from.label),
      key_path_(in.key_path),
      had_cell_(file_root_cell::look(in.key_path).has_value()) {
  for (const std::string& text : from.recipients) {
    recipients_.push_back(std::make_unique<crypto::box_public_key>(
        need(crypto::read_recipient(text), "--recipient")));
    slots_.push_back({.label = label_.empty() ? std::string_view("recipient") : label_,
                      .recipient = recipients_.back().get()});
  }
  if (!from.identity.empty()) {
    add(need(slot_secret::read_identity(from.identity), "the key file"), from.stretch_mebibytes);
  }
  if (!from.passphrase_file.empty()) {
    add(passphrase_in(from.passphrase_file), from.stretch_mebibytes);
  } else if (from.passphrase) {
    add(new_passphrase(in), from.stretch_mebibytes);
  }
  if (from.key_file.empty()) return;
  add(need(make_key_file(from.key_file, in.book_path, in.key_path), "making the key file"),
      from.stretch_mebibytes);
  made_file_ = from.key_file;
}

// A key file that opens nothing is nobody's: it would only be in the way of the next try. One whose
// slot may be there stays, whatever was said of the call.
made_slots::~made_slots() {
  if (made_file_.empty()) return;
  const auto seen = file_root_cell::look(key_path_);
  if (!seen && (had_cell_ || seen.error().code != errc::key_unavailable)) return;
  secret<32> own;
  secrets_.back()->with_bytes(
      [&](byte_view bytes) { own.fill_bytes([&](byte_span to) { copy_bytes(to, bytes); }); });
  const crypto::box_public_key key = crypto::key_pair(own).public_key();
  for (const key_slot& one : seen ? seen->slots : std::vector<key_slot>()) {
    if (one.key == key) return;
  }
  ::unlink(made_file_.c_str());
}

new_credential_secret::new_credential_secret(const program& in, const new_secrets& from) {
  const std::size_t said = (from.passphrase ? 1U : 0U) + (from.passphrase_file.empty() ? 0U : 1U) +
                           (from.key_file.empty() ? 0U : 1U) + (from.identity.empty() ? 0U : 1U);
  if (said != 1) {
    fail({errc::invalid_argument,
          "want one of --new-passphrase, --new-passphrase-file, --new-key-file and --new-identity"},
         "a new credential");
  }
  if (from.passphrase) {
    secret_ = new_passphrase(in);
  } else if (!from.passphrase_file.empty()) {
    secret_ = passphrase_in(from.passphrase_file);
  } else if (!from.identity.empty()) {
    secret_ = need(slot_secret::read_identity(from.identity), "the key file");
  } else {
    secret_ = need(make_key_file(from.key_file, in.book_path, in.key_path), "making the key file");
    made_file_ = from.key_file;
  }
}

// One that opens nothing would only be in the way of the next try.
new_credential_secret::~new_credential_secret() {
  if (!made_file_.empty()) ::unlink(made_file_.c_str());
}

namespace {

slot_secret proof_of(const program& in) {
  constexpr const char* about = "what shows who acts";
  if (!in.credential_file.empty()) {
    return need(slot_secret::read_identity(in.credential_file), "the key file (--credential-file)");
  }
  if (!in.credential_passphrase_file.empty()) {
    return passphrase_in(in.credential_passphrase_file);
  }
  if (!can_ask(in)) {
    fail({errc::credential_required,
          "name a key file (--credential-file, CLIENTBOOK_CREDENTIAL_FILE) or a file with the "
          "passphrase (--credential-passphrase-file)"},
         about);
  }
  auto typed = ask_hidden("Passphrase of actor " + std::to_string(in.actor_number));
  if (!typed) fail({errc::credential_required, "no passphrase was typed"}, about);
  auto secret = slot_secret::passphrase(*typed);
  wipe(std::as_writable_bytes(std::span(*typed)));
  return need(std::move(secret), about);
}

}  // namespace

slot_secret program::proof() const {
  if (!shown) shown = std::make_shared<slot_secret>(proof_of(*this));
  return shown->duplicate();
}

std::shared_ptr<new_secrets> takes_new_book_secrets(command to) {
  auto out = std::make_shared<new_secrets>();
  to.add_flag("--passphrase", out->passphrase,
              "Seal the root key with a passphrase, asked for twice, or read from "
              "--passphrase-file");
  to.add_option("--key-file", out->key_file,
                "Seal the root key with a new key file, which is made there");
  to.add_option("--recipient", out->recipients,
                "Also for who has the secret key of age1..., several; beside a passphrase or "
                "a key file");
  to.add_option("--stretch", out->stretch_mebibytes,
                "MiB of memory that each guess of the passphrase takes, 8 to 1024")
      .show_default();
  return out;
}

made_slots slots_of_new_book(const program& in, new_secrets from) {
  from.passphrase_file = in.passphrase_file;
  // Who names a secret for the key wants it sealed with that: each that was named is a slot.
  from.identity = in.identity_file;
  const bool none = !from.passphrase && from.passphrase_file.empty() && from.key_file.empty() &&
                    from.identity.empty() && from.recipients.empty();
  if (none && can_ask(in)) {
    std::fputs(
        "How shall the book be opened?\n"
        "  1  with the key file alone: whoever has the file opens the book\n"
        "  2  with the key file and a passphrase: a copy of both folders is not enough\n",
        stderr);
    const std::string said = ask("1 or 2");
    if (said != "1" && said != "2") {
      fail({errc::invalid_argument, "want 1 or 2: nothing was made"}, "making the root key");
    }
    from.passphrase = said == "2";
  }
  return made_slots(in, from);
}

// --- the list -----------------------------------------------------------------------------

namespace {

std::string text_of(const date& day) {
  char out[10];
  return {out, write_date(day, out)};
}

std::string recipient_of(const key_slot& slot) {
  const auto text = crypto::write_recipient(slot.key);
  return {text.data(), text.size()};
}

}  // namespace

std::string in_words(const key_slot& slot) {
  std::string out = std::to_string(slot.number) + "  " + std::string(name_of(slot.kind)) + " \"" +
                    slot.label + "\", since " + text_of(slot.added);
  if (slot.kind == slot_kind::recipient) out += ", " + recipient_of(slot);
  if (!slot.proven) out += " (never opened yet)";
  return out;
}

json::object look_to_json(const cell_look& seen) {
  return json::parse(need(key_slots_to_json(seen), "the slots")).as_object();
}

}  // namespace clientbook::cli
