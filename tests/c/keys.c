/* What opens a book: slots of its root key, of a passphrase, a key file and a recipient. */
#define _POSIX_C_SOURCE 200809L
#include "testing.h"

#include <clientbook.h>

#include <sys/stat.h>

static clientbook_context* context = NULL;
static clientbook_error error;

static const clientbook_new_book gdpr_book = {
    sizeof(clientbook_new_book), "gdpr", 4, NULL, 0, 0, 0, NULL, 0, NULL, 0};

#define TEXT(of) of, strlen(of)
static const char* const book_path = "shop.book";
static const char* const key_path = "keys/shop.key";
static const char* const file_path = "stick/till.key";
static const char* const phrase = "correct horse battery staple";
static const char* const other = "another horse in the stable";
static const char* const recipient =
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

static clientbook_book_options opened_by(const char* passphrase, const char* file) {
  clientbook_book_options out;
  memset(&out, 0, sizeof out);
  out.struct_size = sizeof out;
  out.passphrase = passphrase;
  out.passphrase_size = passphrase == NULL ? 0 : strlen(passphrase);
  out.identity_file = file;
  out.identity_file_size = file == NULL ? 0 : strlen(file);
  return out;
}

static clientbook_key_slot slot_of(const char* label, const char* passphrase) {
  clientbook_key_slot out;
  memset(&out, 0, sizeof out);
  out.struct_size = sizeof out;
  out.label = label;
  out.label_size = strlen(label);
  out.passphrase = passphrase;
  out.passphrase_size = passphrase == NULL ? 0 : strlen(passphrase);
  out.stretch_kibibytes = 8192;
  out.stretch_passes = 1;
  return out;
}

static clientbook_status open_book(const char* passphrase, const char* file,
                                   clientbook_handle* out) {
  const clientbook_book_options how = opened_by(passphrase, file);
  return clientbook_book_open(context, TEXT(book_path), TEXT(key_path), &how, out, &error);
}

static clientbook_handle session_of(clientbook_handle book, uint8_t role) {
  clientbook_handle out = 0;
  NEED(clientbook_session_begin(context, book, 7, role, &out, &error) == CLIENTBOOK_OK);
  return out;
}

static int slots_say(const char* what) {
  clientbook_bytes out = {NULL, 0, NULL};
  char text[4096] = "";
  NEED(clientbook_key_slots(TEXT(key_path), &out, &error) == CLIENTBOOK_OK);
  memcpy(text, out.data, out.size < sizeof text ? out.size : sizeof text - 1);
  clientbook_bytes_free(&out);
  return strstr(text, what) != NULL;
}

static void a_book_with_slots(void) {
  clientbook_handle book = 0, session = 0, associate = 0;
  clientbook_key_slot slot = slot_of("the shop", phrase);
  const clientbook_book_options how = opened_by(NULL, file_path);
  uint32_t number = 0;
  NEED(clientbook_key_file_create(TEXT(file_path), TEXT(book_path), TEXT(key_path), &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_key_file_create(TEXT(file_path), TEXT(book_path), TEXT(key_path), &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  NEED(clientbook_book_create(context, TEXT(book_path), TEXT(key_path), &gdpr_book, &how, &book,
                              &error) == CLIENTBOOK_OK);
  CHECK(slots_say("\"sealed\":true"));
  associate = session_of(book, CLIENTBOOK_ROLE_ASSOCIATE);
  CHECK(clientbook_session_add_key_slot(context, associate, &slot, &number, &error) ==
        CLIENTBOOK_ROLE_DENIED);
  session = session_of(book, CLIENTBOOK_ROLE_OWNER);
  CHECK(clientbook_session_add_key_slot(context, session, &slot, &number, &error) == CLIENTBOOK_OK);
  CHECK(number == 2);
  CHECK(clientbook_session_add_key_slot(context, session, &slot, &number, &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  slot = slot_of("Ann", NULL);
  CHECK(clientbook_session_add_key_slot(context, session, &slot, &number, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  slot.recipient = recipient;
  slot.recipient_size = strlen(recipient);
  CHECK(clientbook_session_add_key_slot(context, session, &slot, &number, &error) == CLIENTBOOK_OK);
  CHECK(number == 3);
  CHECK(slots_say("\"proven\":false"));
  NEED(clientbook_close(context, associate, &error) == CLIENTBOOK_OK);
  NEED(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
}

static void opened_and_changed(void) {
  clientbook_handle book = 0, session = 0;
  clientbook_key_slot slot = slot_of("the shop", other);
  uint32_t number = 0;
  CHECK(open_book(NULL, NULL, &book) == CLIENTBOOK_KEY_UNAVAILABLE);
  CHECK(open_book(other, NULL, &book) == CLIENTBOOK_WRONG_KEY);
  CHECK(open_book(phrase, file_path, &book) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(open_book(phrase, NULL, &book) == CLIENTBOOK_OK);
  session = session_of(book, CLIENTBOOK_ROLE_SECURITY_OFFICER);
  CHECK(clientbook_session_remove_key_slot(context, session, 9, &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_remove_key_slot(context, session, 1, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_remove_key_slot(context, session, 2, &error) ==
        CLIENTBOOK_INVALID_STATE);
  CHECK(clientbook_session_change_key_slot(context, session, 2, &slot, &number, &error) ==
        CLIENTBOOK_OK);
  CHECK(number == 4);
  CHECK(clientbook_session_renew_root_key(context, session, &error) == CLIENTBOOK_OK);
  CHECK(!slots_say("\"renewal_due\":true"));
  NEED(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_close(context, book, &error) == CLIENTBOOK_OK);

  CHECK(open_book(NULL, file_path, &book) == CLIENTBOOK_WRONG_KEY);
  CHECK(open_book(phrase, NULL, &book) == CLIENTBOOK_WRONG_KEY);
  NEED(open_book(other, NULL, &book) == CLIENTBOOK_OK);
  session = session_of(book, CLIENTBOOK_ROLE_OWNER);
  CHECK(clientbook_session_unseal_root_key(context, session, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_unseal_root_key(context, session, &error) == CLIENTBOOK_INVALID_STATE);
  CHECK(slots_say("\"sealed\":false"));
  NEED(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
  NEED(open_book(NULL, NULL, &book) == CLIENTBOOK_OK);
  NEED(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
}

static void no_file(void) {
  clientbook_handle book = 0, session = 0;
  clientbook_key_slot slot = slot_of("the shop", phrase);
  uint32_t number = 0;
  NEED(clientbook_book_create_in_memory(context, &gdpr_book, NULL, &book, &error) == CLIENTBOOK_OK);
  session = session_of(book, CLIENTBOOK_ROLE_OWNER);
  CHECK(clientbook_session_add_key_slot(context, session, &slot, &number, &error) ==
        CLIENTBOOK_UNSUPPORTED);
  CHECK(clientbook_session_renew_root_key(context, session, &error) == CLIENTBOOK_OK);
}

int main(void) {
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, &error) == CLIENTBOOK_OK);
  NEED(mkdir("stick", 0700) == 0);
  a_book_with_slots();
  opened_and_changed();
  no_file();
  clientbook_context_destroy(context);
  return report("keys");
}
