/* What make_random_calls.py draws from, and what it holds answers against. C99 and C++. */
#ifndef CLIENTBOOK_TESTS_C_RANDOM_WORLD_HPP
#define CLIENTBOOK_TESTS_C_RANDOM_WORLD_HPP

#include "testing.h"

#include <clientbook.h>

static clientbook_context* context = NULL;
static uint64_t state = 1;
static unsigned long succeeded = 0;

/* xorshift64*: a seed repeats a run. */
static uint64_t draw_bits(void) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 2685821657736338717u;
}
static size_t draw(size_t below) { return (size_t)((draw_bits() >> 16) % below); }

static unsigned long setting(const char* name, unsigned long otherwise) {
  const char* given = getenv(name);
  return given == NULL ? otherwise : strtoul(given, NULL, 10);
}

static uint64_t draw_number(void) {
  switch (draw(8)) {
    case 0:
      return draw_bits();
    case 1:
      return draw_bits() & 0xffffffffu;
    case 2:
      return (uint64_t)0 - draw(3);
    case 3:
      return 15; /* customer_order_management */
    default:
      return draw(20);
  }
}

enum { most_handles = 24, most_ids = 16 };
static clientbook_handle handles[most_handles];
static clientbook_id ids[most_ids];

static clientbook_handle draw_handle(void) {
  if (draw(16) == 0) return draw_bits();
  return handles[draw(most_handles)];
}
/* The first two, a book and a session, stay. */
static void keep_handle(clientbook_handle made) {
  const size_t place = 2 + draw(most_handles - 2);
  const clientbook_status closed = clientbook_close(context, handles[place], NULL);
  CHECK(closed == CLIENTBOOK_OK || closed == CLIENTBOOK_INVALID_HANDLE);
  handles[place] = made;
}

struct text {
  unsigned char* data;
  size_t size;
};
static const char* const texts[] = {"",
                                    "{}",
                                    "[]",
                                    "[[]]",
                                    "{\"a\":",
                                    "\"\xff\"",
                                    "loyalty",
                                    "L-1",
                                    "de",
                                    "gdpr",
                                    "marketing",
                                    "{\"name\": {\"given\": \"Ann\", \"family\": \"Lee\"}}",
                                    "{\"name\": {\"given\": \"Bo\"}, \"external_ids\": "
                                    "[{\"system\": \"loyalty\", \"value\": \"L-1\"}]}",
                                    "{\"emails\": [{\"address\": \"no address\"}]}",
                                    "{\"likes\": [\"tea\", 5]}",
                                    "{\"text\": \"Ann Lee called, card 4111 1111 1111 1111\"}",
                                    "{\"text\": \"likes tea\"}",
                                    "{\"day\": \"2026-02-30\", \"lines\": []}",
                                    "{\"day\": \"2026-02-28\", \"currency\": \"EUR\", \"total\": "
                                    "5, \"lines\": [{\"sku\": \"S\", \"quantity\": 1}]}",
                                    "{\"name\": \"parcel-co\", \"class\": \"parcel_service\"}",
                                    "{\"name\": \"\", \"class\": \"self\"}",
                                    "{\"title\": \"news\", \"text\": \"t\", \"purposes\": "
                                    "[\"email_marketing\"], \"recipients\": [\"self\"]}",
                                    "{\"kind\": \"grant\", \"purposes\": [\"email_marketing\"], "
                                    "\"recipients\": [\"self\"], \"notice\": \"news\"}",
                                    "[{\"kind\": \"grant\", \"purposes\": [\"email_marketing\"], "
                                    "\"recipients\": [\"self\"], \"notice\": \"news\"}]",
                                    "{\"kind\": \"withdraw\", \"purposes\": [\"all\"]}",
                                    "{\"kind\": \"object\", \"purposes\": [\"marketing\"]}",
                                    "{\"requests\": []}",
                                    "c2sp.org/tlog-proof@v1\nindex 0\n",
                                    "host/clientbook/2026+00000000+AA==",
                                    "\xa1\x01\xa1\x01\x63"
                                    "Ann",
                                    "\xa1\x01",
                                    "\xbf\xff"};
enum { kinds_of_text = sizeof texts / sizeof texts[0] };

/* In a buffer of exactly its size, so that a sanitizer sees what is read beyond it. */
static struct text draw_text(void) {
  struct text out = {NULL, 0};
  const char* from = texts[draw(kinds_of_text)];
  if (draw(16) == 0) {
    out.size = draw(4); /* NULL with a size is nothing all the same */
    return out;
  }
  out.size = strlen(from);
  if (draw(8) == 0) out.size = draw(out.size + 1);
  out.data = (unsigned char*)malloc(out.size == 0 ? 1 : out.size);
  if (out.data == NULL) exit(1);
  memcpy(out.data, from, out.size);
  if (draw(8) == 0 && out.size != 0) out.data[draw(out.size)] ^= (unsigned char)(1U << draw(8));
  return out;
}

static void draw_clientbook_id(clientbook_id* to) {
  *to = ids[draw(most_ids)];
  if (draw(16) == 0) to->bytes[draw(16)] ^= 1;
}
static size_t draw_size(size_t right) {
  switch (draw(12)) {
    case 0:
      return 0;
    case 1:
      return (size_t)draw_bits();
    case 2:
      return draw(right);
    default:
      return right;
  }
}
static void draw_clientbook_new_book(clientbook_new_book* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  if (draw(2) == 0) {
    to->profile = "gdpr";
    to->profile_size = 4;
  }
  if (draw(4) == 0) {
    to->purposes = (const uint8_t*)"\x01\x02\xff";
    to->purposes_size = draw(4);
  }
  if (draw(8) == 0) to->suite = (uint32_t)draw_number();
  if (draw(8) == 0) {
    to->schema = (const uint8_t*)"\xa1\x01\x02";
    to->schema_size = 3;
  }
}
static void draw_clientbook_book_options(clientbook_book_options* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  to->key_cache_nodes = draw(64);
}
static void draw_clientbook_key_slot(clientbook_key_slot* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  if (draw(4) != 0) {
    to->label = "till\xff";
    to->label_size = draw(6);
  }
  if (draw(2) == 0) {
    to->passphrase = "correct horse battery\n\n";
    to->passphrase_size = draw(24);
  }
  if (draw(4) == 0) {
    to->recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    to->recipient_size = draw(64);
  }
  if (draw(4) == 0) {
    to->identity_file = "/dev/null";
    to->identity_file_size = draw(10);
  }
  to->stretch_kibibytes = 8192;
  to->stretch_passes = (uint32_t)draw(3);
}
static void draw_clientbook_credential(clientbook_credential* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  if (draw(2) == 0) {
    to->passphrase = "correct horse battery\n\n";
    to->passphrase_size = draw(24);
  }
  if (draw(2) == 0) {
    to->identity_file = "/dev/null";
    to->identity_file_size = draw(10);
  }
}
static void draw_clientbook_note_policy(clientbook_note_policy* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  to->cards = (uint32_t)draw(4);
  to->identity_numbers = (uint32_t)draw(4);
}
static void draw_clientbook_search_options(clientbook_search_options* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  to->fields = draw(2) == 0 ? 0 : draw_number();
  to->most = (uint32_t)draw(1100);
  to->path = (uint32_t)draw(4);
  to->as_typed = (uint32_t)draw(3);
}
static void draw_clientbook_request(clientbook_request* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  to->fields = draw(2) == 0 ? 0 : draw_number();
  to->purpose = (uint8_t)draw_number();
  to->recipient = (uint8_t)draw_number();
  to->operation = (uint8_t)draw(17);
  to->has_operation = (uint8_t)draw(3);
  to->reserved = (uint16_t)(draw_number() % 2);
}
static void draw_clientbook_text_options(clientbook_text_options* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  if (draw(2) == 0) {
    to->regions = "DE,US";
    to->regions_size = draw(6);
  }
  to->types = draw(2) == 0 ? 0 : (uint32_t)draw_number();
  to->mark = (uint32_t)draw(4);
  to->cards = (uint32_t)draw(3);
}
static size_t find_nothing(void* context, const char* text, size_t text_size, uint64_t* places,
                           size_t most) {
  (void)context, (void)text;
  if (most > 0 && text_size > 3) {
    places[0] = draw(4);
    places[1] = 2;
  }
  return draw(8) == 0 ? (size_t)-1 : draw(2);
}
static void draw_clientbook_text_finder(clientbook_text_finder* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  if (draw(4) != 0) to->find = find_nothing;
  to->names = (uint32_t)draw(3);
}
static void draw_clientbook_progress(clientbook_progress* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
}
static size_t swallow(void* context, const char* file, size_t file_size, const char* bytes,
                      size_t size) {
  (void)context, (void)file, (void)file_size, (void)bytes;
  return draw(4) == 0 ? size / 2 : size;
}
static void draw_clientbook_sink(clientbook_sink* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to);
  if (draw(2) == 0) to->write = swallow;
}
static void draw_clientbook_root_cell_functions(clientbook_root_cell_functions* to) {
  memset(to, 0, sizeof *to);
  to->struct_size = draw_size(sizeof *to); /* functions are missing: refused */
}

static void known_code(clientbook_status said) {
  if (said == CLIENTBOOK_OK) ++succeeded;
  CHECK(clientbook_error_name(said)[0] != 0);
  CHECK(said != CLIENTBOOK_INTERNAL_ERROR);
  if (said == CLIENTBOOK_INTERNAL_ERROR || clientbook_error_name(said)[0] == 0) {
    fprintf(stderr, "code %ld\n", (long)said);
  }
}
static int is_untouched(const void* at, size_t size) {
  const unsigned char* byte = (const unsigned char*)at;
  size_t i = 0;
  for (i = 0; i < size; ++i) {
    if (byte[i] != 0x5a) return 0;
  }
  return 1;
}
/* An out-parameter after a call: as before if it failed, and if it was NULL, which cannot be told
 * apart. */
static void took_clientbook_bytes(clientbook_status said, clientbook_bytes* out,
                                  int filled_on_failure) {
  if (is_untouched(out, sizeof *out)) return;
  CHECK(said == CLIENTBOOK_OK || filled_on_failure);
  CHECK(out->data != NULL);
  if (out->size == 0 || out->data[0] == '{' || out->data[0] == '[')
    CHECK(out->data[out->size] == 0); /* a text */
  clientbook_bytes_free(out);
}
static void took_clientbook_handle(clientbook_status said, clientbook_handle* out, int unused) {
  (void)unused;
  if (is_untouched(out, sizeof *out)) return;
  CHECK(said == CLIENTBOOK_OK);
  keep_handle(*out);
}
static void took_clientbook_id(clientbook_status said, clientbook_id* out, int unused) {
  (void)unused;
  if (is_untouched(out, sizeof *out)) return;
  CHECK(said == CLIENTBOOK_OK);
  ids[draw(most_ids)] = *out;
}
#define CLIENTBOOK_TOOK(type)                                              \
  static void took_##type(clientbook_status said, type* out, int unused) { \
    (void)unused;                                                          \
    CHECK(said == CLIENTBOOK_OK || is_untouched(out, sizeof *out));        \
  }
CLIENTBOOK_TOOK(uint8_t)
CLIENTBOOK_TOOK(uint32_t)
CLIENTBOOK_TOOK(uint64_t)
CLIENTBOOK_TOOK(clientbook_text)

static void furnish_world(void) {
  state = setting("CLIENTBOOK_RANDOM_SEED", setting("CLIENTBOOK_SOAK_SEED", 1)) * 2654435769u + 1;
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, NULL) == CLIENTBOOK_OK);
}

/* Calls close whatever they hit upon: without a book and a session the rest would be refused. */
static void revive_world(void) {
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_new_book what;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = 4;
  if (clientbook_session_figures(context, handles[1], &out, NULL) == CLIENTBOOK_OK) {
    clientbook_bytes_free(&out);
    return;
  }
  (void)clientbook_close(context, handles[0], NULL);
  (void)clientbook_close(context, handles[1], NULL);
  NEED(clientbook_book_create_in_memory(context, &what, NULL, &handles[0], NULL) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, handles[0], 7, CLIENTBOOK_ROLE_OWNER, &handles[1], NULL) ==
       CLIENTBOOK_OK);
}

static int report_world(unsigned long calls) {
  char name[80];
  /* Calls that never get beyond their arguments would show nothing. */
  if (calls >= 10000) CHECK(succeeded * 50 > calls);
  snprintf(name, sizeof name, "%lu random calls, %lu of them done", calls, succeeded);
  printf("soak: %s\n", name);
  return report(name);
}

#endif
