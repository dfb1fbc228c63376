// Recovery key, keyring mirrors, backups, and a book made of them.
#include <clientbook/open/backup.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/transfer/recovery_json.hpp>

#include "handles.hpp"
#include "text_out.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

clientbook_status clientbook_session_make_recovery_key(clientbook_context* context,
                                                       clientbook_handle session, uint32_t shares,
                                                       uint32_t needed, uint32_t instead,
                                                       clientbook_bytes* out,
                                                       clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    const unsigned count = shares == 0 ? 5 : shares;
    const unsigned threshold = needed == 0 ? 3 : needed;
    const auto kit = instead != 0 ? in.session.rotate_recovery_key(count, threshold)
                                  : in.session.make_recovery_key(count, threshold);
    if (!kit) return kit.error();
    const auto text = kit_to_json(*kit);
    if (!text) return text.error();
    hand_out(out, *text);
    return {};
  });
}

clientbook_status clientbook_session_draw_recovery_key(clientbook_context* context,
                                                       clientbook_handle session, uint32_t shares,
                                                       uint32_t needed, uint32_t instead,
                                                       clientbook_bytes* out,
                                                       clientbook_error* error) {
  return with_session(context, session, error, given(out), [&](opened_session& in) -> result<void> {
    const auto kit = in.session.draw_recovery_key(
        shares == 0 ? 5 : shares, needed == 0 ? 3 : needed,
        instead != 0 ? recovery_key_use::instead : recovery_key_use::first);
    if (!kit) return kit.error();
    const auto text = kit_to_json(*kit);
    if (!text) return text.error();
    hand_out(out, *text);
    return {};
  });
}

clientbook_status clientbook_session_use_recovery_key(clientbook_context* context,
                                                      clientbook_handle session,
                                                      clientbook_bytes* out,
                                                      clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto told = in.session.use_recovery_key();
                           if (!told) return told.error();
                           return mirrors_to_json(*told);
                         });
}

clientbook_status clientbook_session_mirrors_told(clientbook_context* context,
                                                  clientbook_handle session, clientbook_bytes* out,
                                                  clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto told = in.session.mirrors_told();
                           if (!told) return told.error();
                           return mirrors_to_json(*told);
                         });
}

clientbook_status clientbook_session_add_mirror(clientbook_context* context,
                                                clientbook_handle session, const char* path,
                                                size_t path_size, clientbook_error* error) {
  return with_session(context, session, error, given(path),
                      [&](opened_session& in) -> result<void> {
                        const auto made = in.session.add_mirror(text(path, path_size));
                        if (!made) return made.error();
                        return {};
                      });
}

clientbook_status clientbook_session_remove_mirror(clientbook_context* context,
                                                   clientbook_handle session, const char* path,
                                                   size_t path_size, clientbook_error* error) {
  return with_session(context, session, error, given(path), [&](opened_session& in) {
    return in.session.remove_mirror(text(path, path_size));
  });
}

clientbook_status clientbook_session_refresh_mirrors(clientbook_context* context,
                                                     clientbook_handle session,
                                                     clientbook_bytes* out,
                                                     clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto all = in.session.refresh_mirrors();
                           if (!all) return all.error();
                           return mirrors_to_json(*all);
                         });
}

clientbook_status clientbook_session_recovery(clientbook_context* context,
                                              clientbook_handle session, int64_t now,
                                              clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto state = in.session.recovery();
                           if (!state) return state.error();
                           return recovery_to_json(*state, timestamp{now});
                         });
}

clientbook_status clientbook_session_back_up(clientbook_context* context, clientbook_handle session,
                                             const char* file, size_t file_size, const char* since,
                                             size_t since_size, clientbook_bytes* out,
                                             clientbook_error* error) {
  return text_of_session(
      context, session, error, out, given(file), [&](opened_session& in) -> result<std::string> {
        const auto made =
            back_up_to(in.session, text(file, file_size), {.since = text(since, since_size)});
        if (!made) return made.error();
        return backup_to_json(*made);
      });
}

clientbook_status clientbook_session_pin(clientbook_context* context, clientbook_handle session,
                                         clientbook_bytes* out, clientbook_error* error) {
  return text_of_session(context, session, error, out, true,
                         [&](opened_session& in) -> result<std::string> {
                           const auto state = in.session.pin();
                           if (!state) return state.error();
                           return pin_to_json(*state);
                         });
}

clientbook_status clientbook_book_accept_pin(const char* path, size_t path_size,
                                             const char* key_path, size_t key_path_size,
                                             uint32_t actor, uint32_t role,
                                             clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(path, key_path)) return null_argument;
    if (role > 255) return clientbook::error{errc::role_denied, "no such role"};
    const auto done = accept_pin(text(path, path_size), text(key_path, key_path_size),
                                 {.id = actor_id(actor), .role = static_cast<actor_role>(role)});
    if (!done) return done.error();
    return {};
  });
}

namespace {

restore_files files_of(const restore_document& said) noexcept {
  return {.mirror = said.mirror, .backups = said.backups, .shares = said.shares};
}

}  // namespace

clientbook_status clientbook_book_restore(const char* what, size_t what_size, clientbook_bytes* out,
                                          clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(what, out)) return null_argument;
    restore_document said;
    std::string where;
    const auto read = restore_from_json(text(what, what_size), restore_kind::book, said, where);
    if (!read) return read;
    const auto done = restore_book(files_of(said), said.book, said.key, said.who);
    if (!done) return done.error();
    return hand_out_text(restored_to_json(done->restored, done->verified), out);
  });
}

clientbook_status clientbook_book_drill(const char* what, size_t what_size, clientbook_bytes* out,
                                        clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(what, out)) return null_argument;
    restore_document said;
    std::string where;
    const auto read = restore_from_json(text(what, what_size), restore_kind::drill, said, where);
    if (!read) return read;
    const auto done = drill(files_of(said), said.scratch, said.who);
    if (!done) return done.error();
    return hand_out_text(restored_to_json(done->restored, done->verified), out);
  });
}
