// acknowledge key | sign: what a recipient of data does when it is told to correct or erase. It
// needs no book: docs/format/acknowledgement.md says what any other program signs.
#include <clientbook/base/bytes.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/ledger/signed_note.hpp>

#include <boost/json/object.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "program.hpp"
#include "signing_key.hpp"

namespace clientbook::cli {
namespace {

struct signing {
  std::string file, notice, name, done, out;
};

void print_key(program& in, const crypto::signing_key& key, const std::string& name) {
  std::array<char, ledger::note_key_room> room;
  const std::string text(need(ledger::write_note_key({name, key.public_key()}, room), "--name"));
  in.answer({{"acknowledgement_key", text}}, [&] {
    std::printf(
        "%s\nThis is the public key: give it to the shop, which keeps it with `clientbook "
        "recipient edit BOOK NAME --acknowledgement-key`.\n",
        text.c_str());
  });
}

void key(program& in, const signing& what, bool make) {
  print_key(in, make ? make_signing_key(what.file) : read_signing_key(what.file, "the key file"),
            what.name);
}

void sign(program& in, const signing& what) {
  std::string text = content_of(what.notice, "the notice");
  if (!text.starts_with("clientbook/recipient-notice/1\n")) {
    fail({errc::invalid_encoding, "this is no notice to a recipient"}, "the notice");
  }
  if (text.find("\ndone ") != std::string::npos) {
    fail({errc::already_exists, "the notice says already when it was done"}, "the notice");
  }
  const date day = need(parse_date(what.done), "--done");
  char iso[10];
  text.append("done ").append(iso, write_date(day, iso)) += '\n';
  std::string room(ledger::max_note, '\0');
  const std::string note(
      need(ledger::write_note(text, what.name, read_signing_key(what.file, "--key"), room),
           "signing the notice"));
  if (!what.out.empty()) write_new(what.out, as_bytes(note), 0644, "--out");
  in.answer({{"acknowledgement", note}}, [&] {
    if (what.out.empty()) {
      std::printf("%s", note.c_str());
    } else {
      std::printf("%s: send it back to the shop\n", what.out.c_str());
    }
  });
}

void add_name(command to, signing& what) {
  to.add_option("--name", what.name,
                "Who signs, as the shop knows the key: such as a domain, no spaces")
      .required();
}

}  // namespace

void add_acknowledge_commands(command app, program& in) {
  auto group = app.add_command(
      "acknowledge", "For a recipient of data: sign that what a shop has told it to do is done");
  group.require_command();
  {
    auto command = group.add_command("key", "The public key of a key file, for the shop");
    auto what = std::make_shared<signing>();
    auto make = std::make_shared<bool>(false);
    command.add_option("file", what->file, "The key file").required();
    add_name(command, *what);
    command.add_flag("--new", *make, "Make the key and its file");
    command.callback([&in, what, make] { key(in, *what, *make); });
  }
  auto command = group.add_command("sign", "Sign a notice (`request notice`)");
  auto what = std::make_shared<signing>();
  command.add_option("notice", what->notice, "The notice's file; - for standard input").required();
  command.add_option("--key", what->file, "The key file").required();
  add_name(command, *what);
  command.add_option("--done", what->done, "The day on which it was done").required();
  command.add_option("--out", what->out, "A new file; else standard output");
  command.callback([&in, what] { sign(in, *what); });
}

}  // namespace clientbook::cli
