// What opens the root key, as it is given to the program: by files, by the environment, or typed at
// a terminal; never as an argument's value.
#ifndef CLIENTBOOK_CLI_ROOT_KEY_HPP
#define CLIENTBOOK_CLI_ROOT_KEY_HPP

#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/open/open.hpp>

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "program.hpp"

namespace clientbook::cli {

/// What a new book's root key is sealed with, or a new slot is made of.
struct new_secrets {
  bool passphrase = false;                ///< Asked for, twice, or out of the file.
  std::string passphrase_file;            ///< One line.
  std::string key_file;                   ///< To be made.
  std::string identity;                   ///< A key file or age's identities, there already.
  std::vector<std::string> recipients;    ///< age1...
  std::string label;                      ///< Empty: what it is.
  std::uint32_t stretch_mebibytes = 256;  ///< Memory that each guess takes.
};

/// Slots out of what was said; they live as long as this does.
class made_slots {
 public:
  /// Asks and reads; makes the key file last. Ends the command with what is wrong.
  made_slots(const program& in, const new_secrets& from);
  ~made_slots();
  made_slots(const made_slots&) = delete;
  made_slots& operator=(const made_slots&) = delete;
  std::span<const new_slot> all() const noexcept { return slots_; }
  /// The slots are there: the key file that was made is no longer this object's.
  void keep() noexcept { made_file_.clear(); }

 private:
  void add(slot_secret secret, std::uint32_t stretch_mebibytes);

  std::vector<std::unique_ptr<slot_secret>> secrets_;
  std::vector<std::unique_ptr<crypto::box_public_key>> recipients_;
  std::vector<new_slot> slots_;
  std::string label_;
  std::string made_file_;
  std::string key_path_;
  bool had_cell_ = false;  ///< Before: then a cell that is not found may only be out of reach.
};

/// The secret of a new credential. A key file that was made for it goes with this object, unless it
/// is kept.
class new_credential_secret {
 public:
  /// Asks or reads one. Ends the command with what is wrong.
  new_credential_secret(const program& in, const new_secrets& from);
  ~new_credential_secret();
  new_credential_secret(const new_credential_secret&) = delete;
  new_credential_secret& operator=(const new_credential_secret&) = delete;
  const slot_secret& get() const noexcept { return *secret_; }
  void keep() noexcept { made_file_.clear(); }

 private:
  std::optional<slot_secret> secret_;
  std::string made_file_;
};

/// Options of `init` and `restore`, and the slots that they ask for: at a terminal somebody is
/// asked where none was named. None: the file itself is the key.
std::shared_ptr<new_secrets> takes_new_book_secrets(command to);
made_slots slots_of_new_book(const program& in, new_secrets from);

/// Kinds, labels, days; nothing secret.
boost::json::object look_to_json(const cell_look& seen);
/// "sealed: opens with ...", or that the file itself is the key.
std::string in_words(const key_slot& slot);

}  // namespace clientbook::cli

#endif
