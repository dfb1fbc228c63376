/* What hosts do beside a day at the counter: build records, read items in place, redact a file in
 * pieces, give finders of their own, export consents, change laws and fields. C99 and C++20. */
#include "testing.h"

#include <clientbook.h>

static clientbook_context* context = NULL;
static clientbook_handle session = 0;
static clientbook_error error;

static uint8_t purpose(const char* word) {
  uint8_t out = 255;
  NEED(clientbook_term_find(CLIENTBOOK_TERM_PURPOSE, word, strlen(word), &out, &error) ==
       CLIENTBOOK_OK);
  return out;
}
static int holds(const clientbook_bytes* text, const char* part) {
  return text->data != NULL && strstr((const char*)text->data, part) != NULL;
}
static const uint8_t* raw(const char* text) { return (const uint8_t*)text; }

static clientbook_handle open_book(clientbook_handle* book, const char* profile) {
  clientbook_new_book what;
  clientbook_handle out = 0;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = profile;
  what.profile_size = strlen(profile);
  NEED(clientbook_book_create_in_memory(context, &what, NULL, book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, *book, 7, CLIENTBOOK_ROLE_OWNER, &out, &error) ==
       CLIENTBOOK_OK);
  return out;
}

static clientbook_status begin(clientbook_handle to, const char* name, uint32_t what) {
  return clientbook_builder_begin(context, to, name, name == NULL ? 0 : strlen(name), what, &error);
}
static clientbook_status text(clientbook_handle to, const char* name, const char* value) {
  return clientbook_builder_text(context, to, name, name == NULL ? 0 : strlen(name), value,
                                 strlen(value), &error);
}

/* A record with what a text may hold, built value by value. */
static clientbook_id build_a_record(void) {
  const uint8_t order = purpose("customer_order_management");
  clientbook_handle record = 0;
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_id id;
  NEED(clientbook_builder_create(context, &record, &error) == CLIENTBOOK_OK);
  CHECK(text(record, "given", "Ken") == CLIENTBOOK_INVALID_STATE);
  CHECK(clientbook_builder_take(context, record, &out, &error) == CLIENTBOOK_INVALID_STATE);
  CHECK(begin(record, "named", CLIENTBOOK_OBJECT) == CLIENTBOOK_INVALID_STATE);
  CHECK(begin(record, NULL, 7) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(begin(record, NULL, CLIENTBOOK_OBJECT) == CLIENTBOOK_OK);
  NEED(begin(record, "name", CLIENTBOOK_OBJECT) == CLIENTBOOK_OK);
  NEED(text(record, "given", "Ken \"the\\pen\"") == CLIENTBOOK_OK);
  CHECK(text(record, NULL, "nameless") == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(text(record, "family", "S\xc3(") == CLIENTBOOK_INVALID_ENCODING);
  CHECK(text(record, "family", "\xed\xa0\x80") == CLIENTBOOK_INVALID_ENCODING);
  CHECK(text(record, "family", "\xc0\xaf") == CLIENTBOOK_INVALID_ENCODING);
  NEED(text(record, "family", "S\xc3\xa1nchez") == CLIENTBOOK_OK);
  NEED(clientbook_builder_end(context, record, &error) == CLIENTBOOK_OK);
  NEED(begin(record, "external_ids", CLIENTBOOK_LIST) == CLIENTBOOK_OK);
  CHECK(begin(record, "one", CLIENTBOOK_OBJECT) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(begin(record, NULL, CLIENTBOOK_OBJECT) == CLIENTBOOK_OK);
  NEED(text(record, "system", "loyalty") == CLIENTBOOK_OK);
  NEED(text(record, "value", "L-1") == CLIENTBOOK_OK);
  CHECK(clientbook_builder_take(context, record, &out, &error) == CLIENTBOOK_INVALID_STATE);
  NEED(clientbook_builder_end(context, record, &error) == CLIENTBOOK_OK);
  NEED(clientbook_builder_end(context, record, &error) == CLIENTBOOK_OK);
  NEED(clientbook_builder_end(context, record, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_builder_end(context, record, &error) == CLIENTBOOK_INVALID_STATE);
  CHECK(begin(record, NULL, CLIENTBOOK_OBJECT) == CLIENTBOOK_INVALID_STATE);
  NEED(clientbook_builder_take(context, record, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "{\"name\":{\"given\":\"Ken \\\"the\\\\pen\\\"\",\"family\":"));
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, out.data, out.size, &order, 1,
                              NULL, 0, NULL, &id, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&out);

  NEED(begin(record, NULL, CLIENTBOOK_OBJECT) == CLIENTBOOK_OK); /* the next one */
  NEED(clientbook_builder_day(context, record, "day", 3, 2026, 3, 14, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_builder_day(context, record, "day", 3, 2026, 13, 1, &error) ==
        CLIENTBOOK_INVALID_VALUE);
  NEED(text(record, "currency", "EUR") == CLIENTBOOK_OK);
  NEED(clientbook_builder_integer(context, record, "total", 5, 4990, &error) == CLIENTBOOK_OK);
  NEED(begin(record, "lines", CLIENTBOOK_LIST) == CLIENTBOOK_OK);
  NEED(clientbook_builder_end(context, record, &error) == CLIENTBOOK_OK);
  NEED(clientbook_builder_end(context, record, &error) == CLIENTBOOK_OK);
  NEED(clientbook_builder_take(context, record, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "{\"day\":\"2026-03-14\",\"currency\":\"EUR\",\"total\":4990,\"lines\":[]}"));
  {
    uint32_t sequence = 0;
    NEED(clientbook_session_append_purchase(context, session, &id, CLIENTBOOK_JSON, out.data,
                                            out.size, &order, 1, &sequence,
                                            &error) == CLIENTBOOK_OK);
  }
  clientbook_bytes_free(&out);
  NEED(begin(record, NULL, CLIENTBOOK_LIST) == CLIENTBOOK_OK);
  CHECK(clientbook_builder_truth(context, record, NULL, 0, 2, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_builder_truth(context, record, NULL, 0, 1, &error) == CLIENTBOOK_OK);
  NEED(clientbook_builder_day(context, record, NULL, 0, 0, 2, 29, &error) == CLIENTBOOK_OK);
  NEED(clientbook_builder_end(context, record, &error) == CLIENTBOOK_OK);
  NEED(clientbook_builder_take(context, record, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "[true,\"--02-29\"]"));
  clientbook_bytes_free(&out);
  NEED(clientbook_close(context, record, &error) == CLIENTBOOK_OK);
  CHECK(text(record, "given", "Ken") == CLIENTBOOK_INVALID_HANDLE);
  return id;
}

static void read_items(const clientbook_id* id) {
  const uint8_t order = purpose("customer_order_management");
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_handle cursor = 0;
  uint32_t count = 9;
  uint32_t first = 0;
  uint32_t elements = 0;
  NEED(clientbook_session_items(context, session, id, order, CLIENTBOOK_PURCHASES, 0,
                                CLIENTBOOK_FLAT, &out, &error) == CLIENTBOOK_OK);
  /* One field whose value is a list of one element. */
  CHECK(memcmp(out.data, "CBFV", 4) == 0 && out.data[6] == 1 && out.data[40 + 6] == 7);
  memcpy(&elements, out.data + 40 + 12, 4);
  CHECK(elements == 16);
  clientbook_bytes_free(&out);
  NEED(clientbook_session_items(context, session, id, order, CLIENTBOOK_PURCHASES, 0,
                                CLIENTBOOK_JSON, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "4990"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_items(context, session, id, order, 4, 0, CLIENTBOOK_JSON, &out,
                                 &error) == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_items(context, session, id, order, CLIENTBOOK_NOTES, 0, CLIENTBOOK_CBOR,
                                 &out, &error) == CLIENTBOOK_INVALID_ARGUMENT);

  NEED(clientbook_session_scan(context, session, order, 1U << 14, &cursor, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_cursor_items(context, cursor, 9, 0, &out, &count, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_cursor_items(context, cursor, CLIENTBOOK_PURCHASES, 0, &out, &count, &error) ==
       CLIENTBOOK_OK);
  CHECK(count == 1);
  memcpy(&first, out.data + 4, 4);
  CHECK(memcmp(out.data + first, "CBFV", 4) == 0 && memcmp(out.data + first + 16, id, 16) == 0);
  clientbook_bytes_free(&out);
  NEED(clientbook_cursor_items(context, cursor, CLIENTBOOK_PURCHASES, 0, &out, &count, &error) ==
       CLIENTBOOK_OK);
  CHECK(count == 0);
  clientbook_bytes_free(&out);
  NEED(clientbook_close(context, cursor, &error) == CLIENTBOOK_OK);
}

/* The same in pieces of one byte as at once; after an error nothing more. */
static void redact_in_pieces(void) {
  static const char* const in = "name,mail\nAnn Lee,ann@example.com\nBo,bo@example.com\n";
  clientbook_handle redactor = 0;
  clientbook_bytes whole = {NULL, 0, NULL};
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_bytes receipt = {NULL, 0, NULL};
  char pieces[400];
  size_t size = 0;
  size_t i = 0;
  NEED(clientbook_redact_form(in, strlen(in), "csv", 3, NULL, &whole, NULL, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_redactor_create(context, "tar", 3, NULL, &redactor, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_redactor_create(context, "csv", 3, NULL, &redactor, &error) == CLIENTBOOK_OK);
  for (i = 0; i < strlen(in); ++i) {
    NEED(clientbook_redactor_write(context, redactor, raw(in) + i, 1, &out, &error) ==
         CLIENTBOOK_OK);
    memcpy(pieces + size, out.data, out.size);
    size += out.size;
    clientbook_bytes_free(&out);
  }
  NEED(clientbook_redactor_finish(context, redactor, &out, &receipt, &error) == CLIENTBOOK_OK);
  memcpy(pieces + size, out.data, out.size);
  size += out.size;
  clientbook_bytes_free(&out);
  CHECK(size == whole.size && memcmp(pieces, whole.data, size) == 0);
  CHECK(holds(&receipt, "email_address") && !holds(&receipt, "@") && !holds(&whole, "ann@"));
  clientbook_bytes_free(&receipt);
  clientbook_bytes_free(&whole);
  /* What is held back is looked at when more comes, or at the end. */
  CHECK(clientbook_redactor_write(context, redactor, raw("a\xff"), 2, &out, &error) ==
        CLIENTBOOK_OK);
  clientbook_bytes_free(&out);
  CHECK(clientbook_redactor_finish(context, redactor, &out, NULL, &error) ==
        CLIENTBOOK_INVALID_ENCODING);
  CHECK(clientbook_redactor_write(context, redactor, raw("a"), 1, &out, &error) ==
        CLIENTBOOK_INVALID_STATE);
  CHECK(out.data == NULL);
  NEED(clientbook_close(context, redactor, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_redactor_finish(context, redactor, &out, NULL, &error) ==
        CLIENTBOOK_INVALID_HANDLE);
}

/* Finds "blue"; told by its context to fail, or to point into the middle of a sign. */
static size_t find_blue(void* how, const char* in, size_t size, uint64_t* places, size_t most) {
  size_t i = 0;
  if (*(const int*)how == 1) return (size_t)-1;
  for (i = 0; i + 4 <= size; ++i) {
    if (memcmp(in + i, "blue", 4) != 0 || most == 0) continue;
    places[0] = i;
    places[1] = *(const int*)how == 2 ? size + 1 : i + 4;
    return 1;
  }
  return 0;
}

static void own_finder(const clientbook_id* id) {
  static const char* const note = "{\"text\": \"asked for blue shoes, tel +49 30 1234567\"}";
  static const char* const grant =
      "{\"kind\": \"grant\", \"channel\": \"paper\", \"purposes\": [\"email_marketing\"],"
      " \"recipients\": [\"self\"], \"categories\": [\"email_address\", \"name\", \"note\"],"
      " \"notice\": \"news\", \"evidence\": \"form 17\", \"conditions\": {\"obligations\": "
      "[\"mask\"], \"mask\": \"redact_text\"}}";
  static const char* const notice =
      "{\"title\": \"news\", \"text\": \"We write to you.\", \"purposes\": [\"email_marketing\"],"
      " \"recipients\": [\"self\"], \"categories\": [\"email_address\", \"name\", \"note\"]}";
  const uint8_t news = purpose("email_marketing");
  clientbook_text_finder finder;
  clientbook_bytes out = {NULL, 0, NULL};
  uint32_t number = 0;
  int how = 0;
  memset(&finder, 0, sizeof finder);
  finder.struct_size = sizeof finder;
  CHECK(clientbook_session_set_text_finder(context, session, &finder, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  finder.find = find_blue;
  finder.context = &how;
  NEED(clientbook_session_add_notice(context, session, notice, strlen(notice), &number, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_record(context, session, id, grant, strlen(grant), &number, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_append_note(context, session, id, CLIENTBOOK_JSON, raw(note),
                                      strlen(note), &news, 1, NULL, &number,
                                      &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_notes(context, session, id, news, 0, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "blue") && holds(&out, "\"redacted\"") && !holds(&out, "1234567"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_set_text_finder(context, session, &finder, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_notes(context, session, id, news, 0, &out, &error) == CLIENTBOOK_OK);
  CHECK(!holds(&out, "blue") && holds(&out, "shoes") && !holds(&out, "1234567"));
  clientbook_bytes_free(&out);
  for (how = 1; how <= 2; ++how) { /* what cannot be looked at is not shown */
    const clientbook_status said =
        clientbook_session_notes(context, session, id, news, 0, &out, &error);
    CHECK(said != CLIENTBOOK_OK || !holds(&out, "shoes"));
    clientbook_bytes_free(&out);
  }
  NEED(clientbook_session_set_text_finder(context, session, NULL, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_set_text_regions(context, session, "Germany", 7, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_set_text_regions(context, session, "DE,AT", 5, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_notes_without(context, session, id, news, id->bytes, 16, 0, &out,
                                        &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "shoes"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_notes_without(context, session, id, news, id->bytes, 15, 0, &out,
                                         &error) == CLIENTBOOK_INVALID_ARGUMENT);
}

static void export_consents(const clientbook_id* id) {
  static const char* const record =
      "{\"format\": \"27560\", \"directive\": 1, \"controller\": \"Shop\", \"address\": \"1 High "
      "Street\", \"contact\": \"privacy@example.com\", \"notice_url\": "
      "\"https://example.com/notice\", \"withdrawal_method\": \"https://example.com/off\"}";
  static const char* const receipt =
      "{\"format\": \"receipt\", \"directive\": 1, \"controller\": \"Shop\", \"address\": \"1 High "
      "Street\", \"contact\": \"privacy@example.com\", \"notice_url\": "
      "\"https://example.com/notice\", \"withdrawal_method\": \"https://example.com/off\"}";
  static const char* const wrong = "{\"format\": \"27560\", \"directive\": \"one\"}";
  static const char* const unknown = "{\"format\": \"paper\"}";
  clientbook_bytes out = {NULL, 0, NULL};
  NEED(clientbook_session_export_consent(context, session, id, record, strlen(record), &out,
                                         &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"format\":\"27560\"") && holds(&out, "Shop"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_export_consent(context, session, id, receipt, strlen(receipt), &out,
                                         &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"key\":\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_export_consent(context, session, id, wrong, strlen(wrong), &out,
                                          &error) == CLIENTBOOK_WRONG_TYPE);
  NEED(clientbook_session_where(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "/directive"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_export_consent(context, session, id, unknown, strlen(unknown), &out,
                                          &error) == CLIENTBOOK_INVALID_VALUE);
}

static void laws_and_fields(clientbook_handle book) {
  static const char* const fields =
      "[{\"number\": 40, \"key\": \"fitting\", \"type\": \"text\", \"categories\": "
      "[\"preference\"]}]";
  static const char* const wrong =
      "[{\"number\": 40, \"key\": \"fitting\", \"type\": \"texts\", \"categories\": []}]";
  clientbook_handle second = 0;
  clientbook_bytes out = {NULL, 0, NULL};
  uint32_t number = 0;
  uint64_t index = 0;
  NEED(clientbook_session_add_fields(context, session, fields, strlen(fields), &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_fields(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"fitting\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_add_fields(context, session, fields, strlen(fields), &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  CHECK(clientbook_session_add_fields(context, session, wrong, strlen(wrong), &error) ==
        CLIENTBOOK_UNKNOWN_FIELD);
  NEED(clientbook_session_where(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "/0/type"));
  clientbook_bytes_free(&out);

  NEED(clientbook_session_propose_profile(context, session, CLIENTBOOK_POLICY_ADD_PROFILE, "us", 2,
                                          &number, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_propose_profile(context, session, CLIENTBOOK_POLICY_TRUST_KEY, "us", 2,
                                           &number, &error) == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_propose_policy(context, session, 9, raw("x"), 1, &number, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_propose_policy(context, session, CLIENTBOOK_POLICY_PROFILE, raw("x"), 1,
                                          &number, &error) != CLIENTBOOK_OK);
  CHECK(clientbook_session_effect_of(context, session, CLIENTBOOK_POLICY_PROFILE, raw("x"), 1, &out,
                                     &error) != CLIENTBOOK_OK);
  NEED(clientbook_session_policy(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"add_profile\"") && holds(&out, "\"effect\"") && holds(&out, "\"gdpr\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_approve_policy(context, session, number, &index, &error) ==
        CLIENTBOOK_SECOND_PERSON_REQUIRED);
  NEED(clientbook_session_begin(context, book, 8, CLIENTBOOK_ROLE_PRIVACY_OFFICER, &second,
                                &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_approve_policy(context, second, number, &index, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_policy(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"us\"") && holds(&out, "\"proposal\":null"));
  clientbook_bytes_free(&out);
}

static void tokens_and_tables(void) {
  static const char* const table =
      "{\"purpose\": \"customer_order_management\", \"columns\": [{\"field\": \"name\", \"by\": "
      "\"label\"}]}";
  static const char* const wrong =
      "{\"purpose\": \"customer_order_management\", \"columns\": [{\"field\": \"hat\"}]}";
  uint8_t secret[32];
  clientbook_bytes key = {NULL, 0, NULL};
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_status said = 0;
  memset(secret, 0, sizeof secret);
  CHECK(clientbook_reversal_key(secret, sizeof secret, &key, &error) == CLIENTBOOK_WEAK_KEY);
  memset(secret, 0x5c, sizeof secret);
  NEED(clientbook_reversal_key(secret, sizeof secret, &key, &error) == CLIENTBOOK_OK);
  CHECK(key.size == 32);
  CHECK(clientbook_session_set_token_reversal(context, session, key.data, 31, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_set_token_reversal(context, session, key.data, key.size, &error) ==
        CLIENTBOOK_OK);
  clientbook_bytes_free(&key);
  CHECK(clientbook_session_reverse_token(context, session, "abc", 3, 2,
                                         purpose("customer_order_management"), secret,
                                         sizeof secret, &out, &error) != CLIENTBOOK_OK);
  CHECK(out.data == NULL);
  said = clientbook_session_tabulate(context, session, table, strlen(table), &out, &error);
  CHECK(said == CLIENTBOOK_OK || said == CLIENTBOOK_DENIED);
  if (said == CLIENTBOOK_OK) CHECK(holds(&out, "\"rows\":[") && holds(&out, "\"suppressed\":"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_tabulate(context, session, wrong, strlen(wrong), &out, &error) ==
        CLIENTBOOK_UNKNOWN_FIELD);
  NEED(clientbook_session_where(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "/columns/0/field"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_carve(context, session, "no/such/folder", 14, &out, &error) !=
        CLIENTBOOK_OK);
}

/* What was told, without an end. */
static char told[20000];
static size_t told_size = 0;
static void hear(void* listener, const char* event, size_t size) {
  CHECK(listener == told && event[0] == '{' && event[size - 1] == '}');
  if (told_size + size + 1 > sizeof told) return;
  memcpy(told + told_size, event, size);
  told_size += size;
}

/* Appends a cell. */
static size_t cell(uint8_t* to, size_t at, uint8_t field, const clientbook_bytes* content) {
  to[at] = field;
  to[at + 1] = (uint8_t)content->size;
  to[at + 2] = (uint8_t)(content->size >> 8);
  to[at + 3] = to[at + 4] = 0;
  memcpy(to + at + 5, content->data, content->size);
  return at + 5 + content->size;
}

static void columns_and_events(void) {
  static const char* const who = "{\"external_ids\": [{\"system\": \"shop\", \"value\": \"17\"}]}";
  static const char* const name = "{\"name\": {\"given\": \"Quentin\"}}";
  static const char* const phone = "{\"phones\": [{\"number\": \"+49 30 1234567\"}]}";
  static const char* const both =
      "{\"name\": {\"given\": \"Q\"}, \"phones\": [{\"number\": \"+49 30 1234567\"}]}";
  const uint8_t order = purpose("customer_order_management");
  clientbook_book_options how;
  clientbook_new_book what;
  clientbook_handle book = 0;
  clientbook_handle in = 0;
  clientbook_bytes one = {NULL, 0, NULL};
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_id id;
  uint8_t cells[800];
  size_t size = 0;
  memset(&how, 0, sizeof how);
  how.struct_size = sizeof how;
  how.heard = hear;
  how.listener = told;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = 4;
  NEED(clientbook_book_create_in_memory(context, &what, &how, &book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 9, CLIENTBOOK_ROLE_OWNER, &in, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_put(context, in, CLIENTBOOK_JSON, raw(who), strlen(who), &order, 1, NULL,
                              0, NULL, &id, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_seal_column(context, in, &id, CLIENTBOOK_JSON, raw(name), strlen(name),
                                      &order, 1, &one, &error) == CLIENTBOOK_OK);
  size = cell(cells, 0, 1, &one);
  clientbook_bytes_free(&one);
  NEED(clientbook_session_seal_column(context, in, &id, CLIENTBOOK_JSON, raw(phone), strlen(phone),
                                      &order, 1, &one, &error) == CLIENTBOOK_OK);
  size = cell(cells, size, 3, &one);
  clientbook_bytes_free(&one);
  CHECK(clientbook_session_seal_column(context, in, &id, CLIENTBOOK_JSON, raw(both), strlen(both),
                                       &order, 1, &one, &error) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_read_columns(context, in, &id, order, cells, size, CLIENTBOOK_JSON, &out,
                                       &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "Quentin") && holds(&out, "1234567"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_read_columns(context, in, &id, purpose("email_marketing"), cells, size,
                                       CLIENTBOOK_JSON, &out, &error) == CLIENTBOOK_OK);
  CHECK(!holds(&out, "Quentin") && holds(&out, "\"withheld\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_read_columns(context, in, &id, order, cells, size - 1, CLIENTBOOK_JSON,
                                        &out, &error) == CLIENTBOOK_TRUNCATED);
  CHECK(clientbook_session_read_columns(context, in, &id, order, cells, 0, CLIENTBOOK_JSON, &out,
                                        &error) == CLIENTBOOK_INVALID_ARGUMENT);
  cells[size - 1] ^= 1;
  CHECK(clientbook_session_read_columns(context, in, &id, order, cells, size, CLIENTBOOK_JSON, &out,
                                        &error) == CLIENTBOOK_AUTHENTICATION_FAILED);
  cells[size - 1] ^= 1;
  {
    clientbook_request request;
    uint64_t index = 0;
    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.purpose = purpose("email_marketing");
    CHECK(clientbook_session_disclose_columns(context, in, &id, &request, cells, size,
                                              CLIENTBOOK_JSON, &out, &index, NULL,
                                              &error) == CLIENTBOOK_NOT_FOUND);
  }
  CHECK(clientbook_cancel(context, in, &error) == CLIENTBOOK_OK); /* nothing is under way */
  CHECK(clientbook_cancel(context, book, &error) == CLIENTBOOK_INVALID_HANDLE);
  NEED(clientbook_session_erase(context, in, &id, CLIENTBOOK_ERASE_OTHER, 0, 0, &out, &error) ==
       CLIENTBOOK_OK);
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_read_columns(context, in, &id, order, cells, size, CLIENTBOOK_JSON, &out,
                                        &error) == CLIENTBOOK_KEY_ERASED);
  told[told_size] = 0;
  CHECK(strstr(told, "\"look\":\"read\"") != NULL && strstr(told, "\"actor\":9") != NULL);
  CHECK(strstr(told, "\"event\":\"erasure\"") != NULL && strstr(told, "Quentin") == NULL);
}

static void stop_at_once(void* at, uint64_t done) {
  (void)done;
  CHECK(clientbook_cancel(context, *(const clientbook_handle*)at, NULL) == CLIENTBOOK_OK);
}

static void stop_a_call(void) {
  clientbook_progress progress;
  clientbook_bytes out = {NULL, 0, NULL};
  memset(&progress, 0, sizeof progress);
  progress.struct_size = sizeof progress;
  progress.context = &session;
  progress.done = stop_at_once;
  CHECK(clientbook_session_verify(context, session, &progress, &out, &error) ==
        CLIENTBOOK_INVALID_STATE);
  CHECK(strcmp(error.text, "the host has stopped this call") == 0 && out.data == NULL);
  NEED(clientbook_session_verify(context, session, NULL, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"problems\":0"));
  clientbook_bytes_free(&out);
}

int main(void) {
  clientbook_handle book = 0;
  clientbook_id id;
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, &error) == CLIENTBOOK_OK);
  session = open_book(&book, "gdpr");
  id = build_a_record();
  read_items(&id);
  redact_in_pieces();
  own_finder(&id);
  export_consents(&id);
  tokens_and_tables();
  laws_and_fields(book);
  columns_and_events();
  stop_a_call();
  clientbook_context_destroy(context);
  return report("host");
}
