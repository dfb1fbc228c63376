/* A shop's own program in C: keep a customer, show what a purpose needs, forget them. docs/c_abi.md tells more. */
#include <clientbook.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static clientbook_context* context = NULL;
static clientbook_error error;

static void need(clientbook_status status, const char* what) {
  if (status == CLIENTBOOK_OK) return;
  fprintf(stderr, "%s: %s: %s\n", what, clientbook_error_name(status), error.text);
  exit(1);
}

static uint8_t purpose(const char* word) {
  uint8_t number = 0;
  need(clientbook_term_find(CLIENTBOOK_TERM_PURPOSE, word, strlen(word), &number, &error), word);
  return number;
}

/* Reads a field of a flat view (docs/format/flat_view.md): the text of a struct's member. */
struct entry {
  uint16_t number;
  uint8_t state, type;
  uint16_t reason;
  uint8_t kind, form;
  uint32_t offset, length;
};
static int find(const clientbook_bytes* view, size_t table, size_t count, unsigned number, struct entry* out) {
  size_t i = 0;
  for (i = 0; i < count; ++i) {
    memcpy(out, view->data + table + i * sizeof *out, sizeof *out);
    if (out->number == number) return 1;
  }
  return 0;
}

static void greet(clientbook_handle session, const clientbook_id* who, const char* why) {
  clientbook_bytes view = {NULL, 0, NULL};
  struct entry name;
  struct entry given;
  uint16_t fields = 0;
  need(clientbook_session_read(context, session, who, purpose(why), 0, CLIENTBOOK_FLAT, &view, &error), "read");
  memcpy(&fields, view.data + 6, sizeof fields);
  if (find(&view, 40, fields, 1, &name) && name.state == 2 &&
      find(&view, name.offset, name.length / sizeof name, 1, &given)) {
    printf("%s: dear %s\n", why, (const char*)view.data + given.offset); /* a text ends in a NUL */
  } else {
    printf("%s: nothing is shown\n", why);
  }
  clientbook_bytes_free(&view); /* wipes it */
}

int main(void) {
  static const char* const record =
      "{\"name\": {\"given\": \"Ken\", \"family\": \"S\xc3\xa1nchez\"},"
      " \"emails\": [{\"address\": \"ken@example.com\"}]}";
  clientbook_new_book what;
  clientbook_handle book = 0;
  clientbook_handle session = 0;
  clientbook_bytes receipt = {NULL, 0, NULL};
  clientbook_id ken;
  const uint8_t order = purpose("customer_order_management");

  need(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, &error), "context");
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = strlen(what.profile);
  need(clientbook_book_create(context, "shop.book", 9, "keys/shop.key", 13, &what, NULL, &book, &error), "create");
  need(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_OWNER, &session, &error), "session");

  need(clientbook_session_put(context, session, CLIENTBOOK_JSON, (const uint8_t*)record, strlen(record),
                              &order, 1, NULL, 0, NULL, &ken, &error),
       "put");
  greet(session, &ken, "customer_order_management");
  greet(session, &ken, "email_marketing");

  need(clientbook_session_erase(context, session, &ken, CLIENTBOOK_ERASE_SUBJECT_REQUEST,
                                CLIENTBOOK_MENTIONS_REPORTED, 24, &receipt, &error),
       "erase");
  clientbook_bytes_free(&receipt);
  printf("after erase: %s\n",
         clientbook_error_name(clientbook_session_read(context, session, &ken, purpose("customer_order_management"),
                                                       0, CLIENTBOOK_FLAT, &receipt, &error)));
  clientbook_context_destroy(context);
  return 0;
}
