// Root cells and books.
#include <clientbook/adapters/callback_root_cell.hpp>
#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/adapters/lmdb_backend.hpp>
#include <clientbook/adapters/memory_backend.hpp>
#include <clientbook/adapters/memory_root_cell.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/open/backup.hpp>
#include <clientbook/open/open.hpp>
#include <clientbook/transfer/audit_json.hpp>

#include <optional>
#include <utility>
#include <vector>

#include "handles.hpp"
#include "secrets.hpp"

using namespace clientbook;
using namespace clientbook::c_abi;

namespace {

timestamp ask_host(void* clock) {
  const auto& from = *static_cast<const host_clock*>(clock);
  return timestamp{from.now(from.clock)};
}

// What the host does with an event is its own matter; that there is no memory to tell it is too.
void tell_host(void* context, const audit_event& what) {
  try {
    const auto& to = *static_cast<const host_listener*>(context);
    const std::string event = event_to_json(what);
    to.heard(to.listener, event.data(), event.size());
  } catch (...) {  // NOLINT(*-empty-catch)
  }
}

struct settings {
  std::unique_ptr<host_clock> clock;
  std::unique_ptr<host_listener> listener{};
  book_options options;
  std::optional<slot_secret> secret{};

  /// Of a new book: sealed with what would open it; none: the file itself is the key.
  std::vector<new_slot> slots() const {
    if (!secret) return {};
    return {{.label = name_of(secret->kind()), .secret = &*secret}};
  }
  key_place place(std::string_view path) const {
    key_place out(path);
    if (secret) out.opens = &*secret;
    return out;
  }
};

result<settings> settings_of(const clientbook_book_options* from) {
  const auto given = options(from);
  if (!given) return given.error();
  settings out;
  out.options.key_cache_nodes = static_cast<std::size_t>(given->key_cache_nodes);
  if (given->longest_pause_days != 0) out.options.longest_pause_days = given->longest_pause_days;
  out.options.most_scanned = given->most_scanned;
  if (given->discharges > 0xffff) {
    return error{errc::invalid_argument, "obligations are bits 0 to 15"};
  }
  out.options.discharges = obligation_set::of_bits(static_cast<std::uint16_t>(given->discharges));
  auto secret = secret_of({given->passphrase, given->passphrase_size},
                          {given->identity_file, given->identity_file_size});
  if (!secret) return secret.error();
  out.secret = std::move(*secret);
  if (given->heard != nullptr) {
    out.listener = std::make_unique<host_listener>(host_listener{given->heard, given->listener});
    out.options.on_event = {.heard = tell_host, .context = out.listener.get()};
  }
  if (given->now == nullptr) return out;
  out.clock = std::make_unique<host_clock>(host_clock{given->now, given->clock});
  out.options.clock = {.now = ask_host, .context = out.clock.get()};
  return out;
}

result<new_book> new_book_of(const clientbook_new_book* from) {
  const auto given = options(from);
  if (!given) return given.error();
  new_book out;
  if (given->profile != nullptr) {
    const auto profile = find_profile(text(given->profile, given->profile_size));
    if (!profile) return profile.error();
    out.profile = (*profile)->id;
  }
  if (given->schema != nullptr) {
    auto fields = decode_schema(bytes(given->schema, given->schema_size));
    if (!fields) return fields.error();
    out.fields = *fields;
  }
  std::string_view further = text(given->further_profiles, given->further_profiles_size);
  while (!further.empty()) {
    const std::size_t end = std::min(further.find(','), further.size());
    const auto profile = find_profile(further.substr(0, end));
    if (!profile) return profile.error();
    out.further_profiles.push_back((*profile)->id);
    further.remove_prefix(std::min(end + 1, further.size()));
  }
  for (const std::byte one : bytes(given->purposes, given->purposes_size)) {
    const purpose_id purpose(std::to_integer<std::uint8_t>(one));
    if (!facts(purpose)) return error{errc::invalid_argument, "no such purpose", purpose.value};
    out.purposes.add(purpose);
  }
  if (given->suite > 255) return error{errc::unsupported, "no such suite"};
  if (given->suite != 0) out.suite = static_cast<crypto::suite>(given->suite);
  return out;
}

template <class Cell>
result<void> keep_cell(clientbook_context& in, result<Cell> cell, clientbook_handle* out) {
  if (!cell) return cell.error();
  auto shared = std::make_shared<Cell>(std::move(*cell));
  const auto handle = in.add(std::make_shared<opened_cell>(opened_cell{std::move(shared)}));
  if (!handle) return handle.error();
  *out = *handle;
  return {};
}

result<void> keep_book(clientbook_context& in, settings& with, result<book> opened,
                       clientbook_handle* out, std::shared_ptr<file_root_cell> cell = {}) {
  if (!opened) return opened.error();
  const auto handle = in.add(std::make_shared<opened_book>(opened_book{
      std::move(with.clock), std::move(with.listener), std::move(*opened), std::move(cell)}));
  if (!handle) return handle.error();
  *out = *handle;
  return {};
}

result<void> keep_book(clientbook_context& in, settings& with, result<book_with_cell> both,
                       clientbook_handle* out) {
  if (!both) return both.error();
  return keep_book(in, with, std::move(both->opened), out,
                   std::make_shared<file_root_cell>(std::move(both->cell)));
}

}  // namespace

clientbook_status clientbook_root_cell_create_file(clientbook_context* context, const char* path,
                                                   size_t path_size, const char* book_path,
                                                   size_t book_path_size, clientbook_handle* out,
                                                   clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, path, book_path, out)) return null_argument;
    if (auto ours = context->check_process(); !ours) return ours;
    return keep_cell(
        *context,
        file_root_cell::create_new(text(path, path_size), text(book_path, book_path_size)), out);
  });
}

clientbook_status clientbook_root_cell_open_file(clientbook_context* context, const char* path,
                                                 size_t path_size, const char* book_path,
                                                 size_t book_path_size, clientbook_handle* out,
                                                 clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, path, book_path, out)) return null_argument;
    return keep_cell(*context,
                     file_root_cell::open(text(path, path_size), text(book_path, book_path_size)),
                     out);
  });
}

clientbook_status clientbook_root_cell_from_functions(
    clientbook_context* context, const clientbook_root_cell_functions* functions,
    clientbook_handle* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, functions, out)) return null_argument;
    const auto from = options(functions);
    if (!from) return from.error();
    static_assert(std::is_same_v<int, std::int32_t>);
    return keep_cell(*context,
                     callback_root_cell::make({.context = from->context,
                                               .load = from->load,
                                               .stage = from->stage,
                                               .promote = from->promote,
                                               .drop = from->drop}),
                     out);
  });
}

clientbook_status clientbook_book_create(clientbook_context* context, const char* path,
                                         size_t path_size, const char* key_path,
                                         size_t key_path_size, const clientbook_new_book* what,
                                         const clientbook_book_options* how, clientbook_handle* out,
                                         clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, path, key_path, out)) return null_argument;
    if (auto ours = context->check_process(); !ours) return ours;
    const auto wanted = new_book_of(what);
    if (!wanted) return wanted.error();
    auto with = settings_of(how);
    if (!with) return with.error();
    const auto slots = with->slots();
    return keep_book(*context, *with,
                     create_book_with_cell(text(path, path_size),
                                           key_place(text(key_path, key_path_size), slots), *wanted,
                                           with->options),
                     out);
  });
}

clientbook_status clientbook_book_open(clientbook_context* context, const char* path,
                                       size_t path_size, const char* key_path, size_t key_path_size,
                                       const clientbook_book_options* how, clientbook_handle* out,
                                       clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, path, key_path, out)) return null_argument;
    if (auto ours = context->check_process(); !ours) return ours;
    auto with = settings_of(how);
    if (!with) return with.error();
    return keep_book(*context, *with,
                     open_book_with_cell(text(path, path_size),
                                         with->place(text(key_path, key_path_size)), with->options),
                     out);
  });
}

clientbook_status clientbook_book_upgrade(clientbook_context* context, const char* path,
                                          size_t path_size, const char* key_path,
                                          size_t key_path_size, const clientbook_book_options* how,
                                          uint32_t* from, uint32_t* to, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, path, key_path, from, to)) return null_argument;
    if (auto ours = context->check_process(); !ours) return ours;
    const auto with = settings_of(how);
    if (!with) return with.error();
    const auto done = upgrade_book(text(path, path_size),
                                   with->place(text(key_path, key_path_size)), with->options);
    if (!done) return done.error();
    *from = done->from;
    *to = done->to;
    return {};
  });
}

clientbook_status clientbook_book_create_with_cell(clientbook_context* context, const char* path,
                                                   size_t path_size, clientbook_handle cell,
                                                   const clientbook_new_book* what,
                                                   const clientbook_book_options* how,
                                                   clientbook_handle* out,
                                                   clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, path, what, out)) return null_argument;
    const auto key = context->find<opened_cell>(cell);
    if (!key) return key.error();
    const auto wanted = new_book_of(what);
    if (!wanted) return wanted.error();
    auto with = settings_of(how);
    if (!with) return with.error();
    with->options.mirrors = mirror_folders(text(path, path_size));
    auto store = create_lmdb_backend(text(path, path_size));
    if (!store) return store.error();
    return keep_book(*context, *with,
                     book::create(std::move(*store), (*key)->cell, *wanted, with->options), out);
  });
}

clientbook_status clientbook_book_open_with_cell(clientbook_context* context, const char* path,
                                                 size_t path_size, clientbook_handle cell,
                                                 const clientbook_book_options* how,
                                                 clientbook_handle* out, clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, path, out)) return null_argument;
    const auto key = context->find<opened_cell>(cell);
    if (!key) return key.error();
    auto with = settings_of(how);
    if (!with) return with.error();
    with->options.mirrors = mirror_folders(text(path, path_size));
    auto store = open_lmdb_backend(text(path, path_size));
    if (!store) return store.error();
    return keep_book(*context, *with, book::open(std::move(*store), (*key)->cell, with->options),
                     out);
  });
}

clientbook_status clientbook_book_create_in_memory(clientbook_context* context,
                                                   const clientbook_new_book* what,
                                                   const clientbook_book_options* how,
                                                   clientbook_handle* out,
                                                   clientbook_error* error) {
  return guard(error, [&]() -> result<void> {
    if (!given(context, out)) return null_argument;
    if (auto ours = context->check_process(); !ours) return ours;
    const auto wanted = new_book_of(what);
    if (!wanted) return wanted.error();
    auto with = settings_of(how);
    if (!with) return with.error();
    auto store = make_memory_backend();
    if (!store) return store.error();
    return keep_book(*context, *with,
                     book::create(std::move(*store), std::make_shared<memory_root_cell>(), *wanted,
                                  with->options),
                     out);
  });
}
