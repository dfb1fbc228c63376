// What opens a book: slots of its root cell.
#include <clientbook/open/root_keys.hpp>
#include <clientbook/transfer/key_slots_json.hpp>

#include <optional>

#include "handles.hpp"
#include "secrets.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

constexpr clientbook::error no_file{
    errc::unsupported, "the root key of this book is not in a file that the library opened"};

// A slot and what it borrows.
struct wanted_slot {
  std::optional<slot_secret> secret{};
  std::optional<crypto::box_public_key> recipient{};
  new_slot slot{};
};

result<void> read_slot(const clientbook_key_slot* from, wanted_slot& to) {
  const auto given = options(from);
  if (!given) return given.error();
  auto secret = secret_of({given->passphrase, given->passphrase_size},
                          {given->identity_file, given->identity_file_size});
  if (!secret) return secret.error();
  to.secret = std::move(*secret);
  if (given->recipient != nullptr) {
    const auto key = crypto::read_recipient(text(given->recipient, given->recipient_size));
    if (!key) return key.error();
    to.recipient = *key;
  }
  to.slot.label = text(given->label, given->label_size);
  to.slot.secret = to.secret ? &*to.secret : nullptr;
  to.slot.recipient = to.recipient ? &*to.recipient : nullptr;
  if (given->stretch_kibibytes != 0) to.slot.cost.kibibytes = given->stretch_kibibytes;
  if (given->stretch_passes != 0) to.slot.cost.passes = given->stretch_passes;
  return {};
}

// `work` with the session and the cell of its book.
template <class Work>
clientbook_status change_slots(clientbook_context* context, clientbook_handle session,
                               clientbook_error* error, bool pointers, Work&& work) {
  return with_session(context, session, error, pointers, [&](opened_session& in) -> result<void> {
    if (!in.book->cell) return no_file;
    const result<slot_change> done = work(in.session, *in.book->cell);
    if (!done) return done.error();
    return {};
  });
}

}  // namespace

clientbook_status clientbook_key_slots(const char* key_path, size_t key_path_size,
                                       clientbook_bytes* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(key_path, out)) return null_argument;
    const auto seen = file_root_cell::look(text(key_path, key_path_size));
    if (!seen) return seen.error();
    return hand_out_text(key_slots_to_json(*seen), out);
  });
}

clientbook_status clientbook_key_file_create(const char* path, size_t path_size,
                                             const char* book_path, size_t book_path_size,
                                             const char* key_path, size_t key_path_size,
                                             clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(path, book_path, key_path)) return null_argument;
    const auto made = make_key_file(text(path, path_size), text(book_path, book_path_size),
                                    text(key_path, key_path_size));
    if (!made) return made.error();
    return {};
  });
}

clientbook_status clientbook_session_add_key_slot(clientbook_context* context,
                                                  clientbook_handle session,
                                                  const clientbook_key_slot* slot, uint32_t* number,
                                                  clientbook_error* error) {
  return change_slots(context, session, error, given(slot, number),
                      [&](clientbook::session& by, file_root_cell& cell) -> result<slot_change> {
                        wanted_slot wanted;
                        if (auto read = read_slot(slot, wanted); !read) return read.error();
                        auto done = add_key_slot(by, cell, wanted.slot);
                        if (done) *number = done->number;
                        return done;
                      });
}

clientbook_status clientbook_session_remove_key_slot(clientbook_context* context,
                                                     clientbook_handle session, uint32_t number,
                                                     clientbook_error* error) {
  return change_slots(context, session, error, true,
                      [&](clientbook::session& by, file_root_cell& cell) {
                        return remove_key_slot(by, cell, number);
                      });
}

clientbook_status clientbook_session_change_key_slot(clientbook_context* context,
                                                     clientbook_handle session, uint32_t number,
                                                     const clientbook_key_slot* slot,
                                                     uint32_t* made, clientbook_error* error) {
  return change_slots(context, session, error, given(slot, made),
                      [&](clientbook::session& by, file_root_cell& cell) -> result<slot_change> {
                        wanted_slot wanted;
                        if (auto read = read_slot(slot, wanted); !read) return read.error();
                        auto done = change_key_slot(by, cell, number, wanted.slot);
                        if (done) *made = done->number;
                        return done;
                      });
}

clientbook_status clientbook_session_renew_root_key(clientbook_context* context,
                                                    clientbook_handle session,
                                                    clientbook_error* error) {
  return with_session(context, session, error, true, [&](opened_session& in) -> result<void> {
    const auto done = renew_root_key(in.session);
    if (!done) return done.error();
    return {};
  });
}

clientbook_status clientbook_session_unseal_root_key(clientbook_context* context,
                                                     clientbook_handle session,
                                                     clientbook_error* error) {
  return change_slots(
      context, session, error, true,
      [&](clientbook::session& by, file_root_cell& cell) { return unseal_root_key(by, cell); });
}
