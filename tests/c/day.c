/* A day at the counter through the C ABI: over LMDB in the folder given, then in memory. C99 and
 * C++20. */
#include "testing.h"

#include <clientbook.h>

static clientbook_context* context = NULL;
static clientbook_handle session = 0;
static clientbook_error error;

static uint8_t term(uint32_t kind, const char* word) {
  uint8_t out = 255;
  NEED(clientbook_term_find(kind, word, strlen(word), &out, &error) == CLIENTBOOK_OK);
  return out;
}
static uint8_t purpose(const char* word) { return term(CLIENTBOOK_TERM_PURPOSE, word); }

static int holds(const clientbook_bytes* text, const char* part) {
  return text->data != NULL && strstr((const char*)text->data, part) != NULL;
}

static const uint8_t* raw(const char* text) { return (const uint8_t*)text; }

static const char* const ken =
    "{\"name\": {\"given\": \"Ken\", \"family\": \"S\xc3\xa1nchez\"},"
    " \"emails\": [{\"address\": \"ken@example.com\", \"label\": \"home\"}],"
    " \"phones\": [{\"number\": \"+1 202 555 0142\"}],"
    " \"addresses\": [{\"line1\": \"4350 Minute Dr.\", \"city\": \"Newport Hills\", "
    "\"postal_code\": \"98006\","
    " \"country\": \"US\"}],"
    " \"external_ids\": [{\"system\": \"loyalty\", \"value\": \"L-1\"}]}";
static const char* const notice =
    "{\"title\": \"news\", \"text\": \"We write to you by e-mail.\", \"purposes\": "
    "[\"email_marketing\"],"
    " \"recipients\": [\"self\", \"selected_partner\"], \"categories\": [\"email_address\", "
    "\"name\", \"note\"]}";
static const char* const grant =
    "{\"kind\": \"grant\", \"channel\": \"paper\", \"purposes\": [\"email_marketing\"],"
    " \"recipients\": [\"self\"], \"categories\": [\"email_address\", \"name\", \"note\"], "
    "\"notice\": \"news\","
    " \"evidence\": \"form 17\"}";
static const char* const withdrawal =
    "{\"kind\": \"withdraw\", \"channel\": \"phone\", \"purposes\": [\"email_marketing\"]}";

/* Adds the parcel service and the notice; returns the party's number. */
static uint8_t furnish(void) {
  static const char* const party =
      "{\"name\": \"parcel-co\", \"class\": \"parcel_service\", \"country\": \"DE\","
      " \"contract\": \"PC-1\", \"onward\": \"forbidden\"}";
  uint8_t number = 0;
  uint32_t notice_number = 0;
  clientbook_bytes text = {NULL, 0, NULL};
  NEED(clientbook_session_add_recipient(context, session, party, strlen(party), &number, &error) ==
       CLIENTBOOK_OK);
  CHECK(number != 0);
  CHECK(clientbook_session_add_recipient(context, session, party, strlen(party), &number, &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  NEED(clientbook_session_recipients(context, session, &text, &error) == CLIENTBOOK_OK);
  CHECK(holds(&text, "\"parcel-co\""));
  CHECK(holds(&text, "\"needs\":[]"));
  clientbook_bytes_free(&text);
  {
    static const char* const moved =
        "{\"name\": \"parcel-co\", \"class\": \"parcel_service\", \"country\": \"DE\","
        " \"contract\": \"PC-2\", \"onward\": \"forbidden\"}";
    static const char* const other =
        "{\"name\": \"other-co\", \"class\": \"parcel_service\", \"country\": \"DE\"}";
    uint8_t second = 0;
    CHECK(clientbook_session_edit_recipient(context, session, number, moved, strlen(moved),
                                            &error) == CLIENTBOOK_OK);
    CHECK(clientbook_session_edit_recipient(context, session, number, other, strlen(other),
                                            &error) == CLIENTBOOK_INVALID_VALUE);
    NEED(clientbook_session_add_recipient(context, session, other, strlen(other), &second,
                                          &error) == CLIENTBOOK_OK);
    CHECK(clientbook_session_retire_recipient(context, session, second, &error) == CLIENTBOOK_OK);
    CHECK(clientbook_session_retire_recipient(context, session, second, &error) ==
          CLIENTBOOK_NOT_FOUND);
    NEED(clientbook_session_recipients(context, session, &text, &error) == CLIENTBOOK_OK);
    CHECK(holds(&text, "\"PC-2\""));
    clientbook_bytes_free(&text);
    {
      uint64_t left = 99;
      CHECK(clientbook_session_compile_consents(context, session, 0, &left, &error) ==
            CLIENTBOOK_INVALID_ARGUMENT);
      CHECK(left == 99);
      NEED(clientbook_session_compile_consents(context, session, 2000, &left, &error) ==
           CLIENTBOOK_OK);
      CHECK(left == 0);
    }
    NEED(clientbook_session_figures(context, session, &text, &error) == CLIENTBOOK_OK);
    CHECK(holds(&text, "\"consents_outdated\":0"));
    clientbook_bytes_free(&text);
  }

  NEED(clientbook_session_preview_notice(context, session, notice, strlen(notice), &text, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&text, "\"email_marketing\""));
  clientbook_bytes_free(&text);
  NEED(clientbook_session_add_notice(context, session, notice, strlen(notice), &notice_number,
                                     &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_notices(context, session, &text, &error) == CLIENTBOOK_OK);
  CHECK(holds(&text, "\"news\"") && text.data[text.size] == 0);
  clientbook_bytes_free(&text);
  CHECK(text.data == NULL && text.size == 0 && text.owner == NULL);
  return number;
}

static clientbook_id keep_ken(void) {
  static const char* const sensitive = "{\"demographics\": {\"gender\": \"x\"}}";
  static const char* const wrong = "{\"emails\": [{\"adress\": \"ken@example.com\"}]}";
  const uint8_t order = purpose("customer_order_management");
  char directives[600];
  clientbook_id id;
  clientbook_id before;
  clientbook_bytes where = {NULL, 0, NULL};
  uint64_t left_out = 77;
  uint64_t permitted = 0;
  memset(&id, 7, sizeof id);
  before = id;

  CHECK(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(sensitive), strlen(sensitive),
                               &order, 1, NULL, 0, NULL, &id, &error) == CLIENTBOOK_NO_BASIS);
  CHECK(error.at == 17 && memcmp(&id, &before, sizeof id) == 0);
  CHECK(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(wrong), strlen(wrong), &order,
                               1, NULL, 0, &left_out, &id, &error) == CLIENTBOOK_UNKNOWN_FIELD);
  CHECK(left_out == 77 && memcmp(&id, &before, sizeof id) == 0);
  NEED(clientbook_session_where(context, session, &where, &error) == CLIENTBOOK_OK);
  CHECK(holds(&where, "/emails/0") && !holds(&where, "ken@"));
  clientbook_bytes_free(&where);
  CHECK(clientbook_session_put(context, session, 99, raw(ken), strlen(ken), &order, 1, NULL, 0,
                               NULL, &id, &error) == CLIENTBOOK_INVALID_ARGUMENT);

  CHECK(clientbook_session_may_collect(context, session, &order, 1, NULL, 0, &permitted, &error) ==
        CLIENTBOOK_OK);
  CHECK((permitted & 2U) != 0 && (permitted & (1U << 17)) == 0);

  snprintf(directives, sizeof directives, "[%s]", grant);
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken), &order, 1,
                              directives, strlen(directives), &left_out, &id,
                              &error) == CLIENTBOOK_OK);
  CHECK(left_out == 0);
  CHECK(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken), &order, 1,
                               NULL, 0, NULL, &id, &error) == CLIENTBOOK_ALREADY_EXISTS);
  return id;
}

static void read_ken(const clientbook_id* id) {
  const uint8_t news = purpose("email_marketing");
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_id found;
  clientbook_request request;
  uint64_t count = 0;

  CHECK(clientbook_session_find(context, session, "loyalty", 7, "L-1", 3, &found, &error) ==
        CLIENTBOOK_OK);
  CHECK(memcmp(&found, id, sizeof found) == 0);
  CHECK(clientbook_session_find(context, session, "loyalty", 7, "L-2", 3, &found, &error) ==
        CLIENTBOOK_NOT_FOUND);

  NEED(clientbook_session_read(context, session, id, news, 0, CLIENTBOOK_JSON, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "ken@example.com") && !holds(&out, "Minute") && holds(&out, "\"withheld\""));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_read(context, session, id, news, 1U << 2, CLIENTBOOK_FLAT, &out,
                               &error) == CLIENTBOOK_OK);
  CHECK(out.size > 40 && memcmp(out.data, "CBFV", 4) == 0 && out.data[6] == 1 && out.data[7] == 0);
  CHECK(memcmp(out.data + 16, id, 16) == 0);
  clientbook_bytes_free(&out);

  memset(&request, 0, sizeof request);
  request.struct_size = sizeof request;
  request.purpose = news;
  CHECK(clientbook_session_explain(context, session, id, &request, 4, "de", 2, &out, &error) ==
        CLIENTBOOK_OK);
  CHECK(out.size > 10 && !holds(&out, "Minute"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_explain_contact(context, session, id, &request, 4, "nobody@example.com",
                                           18, "de", 2, &out, &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_count_permitted(context, session, &request, 2, &count, &error) ==
        CLIENTBOOK_OK);
  CHECK(count == 1);
  request.recipient = term(CLIENTBOOK_TERM_RECIPIENT, "data_broker");
  request.operation = term(CLIENTBOOK_TERM_OPERATION, "disclose");
  request.has_operation = 1;
  NEED(clientbook_session_preview(context, session, id, &request, CLIENTBOOK_JSON, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(!holds(&out, "ken@example.com"));
  clientbook_bytes_free(&out);
}

static void search(const clientbook_id* id) {
  const uint8_t order = purpose("customer_order_management");
  clientbook_search_options how;
  clientbook_bytes out = {NULL, 0, NULL};
  memset(&how, 0, sizeof how);
  how.struct_size = sizeof how;
  how.path = CLIENTBOOK_SEARCH_SCAN;
  how.as_typed = 1;

  NEED(clientbook_session_search(context, session, "sanch 0142", 10, order, NULL, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "\"matches\":1") && holds(&out, "\"memory\"") && holds(&out, "\"ending\""));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_search(context, session, "Snachez", 7, order, &how, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "\"matches\":0") && holds(&out, "\"scan\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_search(context, session, "%", 1, order, NULL, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  how.path = 9;
  CHECK(clientbook_session_search(context, session, "ken", 3, order, &how, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);

  NEED(clientbook_session_find_exactly(context, session, 14, "loyalty", 7, "L-1", 3, order, &out,
                                       &error) == CLIENTBOOK_OK);
  CHECK(out.size == sizeof *id && memcmp(out.data, id, sizeof *id) == 0);
  clientbook_bytes_free(&out);
  NEED(clientbook_session_find_exactly(context, session, 2, NULL, 0, "KEN@example.com", 15, order,
                                       &out, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_find_exactly(context, session, 3, NULL, 0, "0143", 4, order, &out,
                                        &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_find_exactly(context, session, 1, NULL, 0, "Ken", 3, order, &out,
                                        &error) == CLIENTBOOK_INVALID_ARGUMENT);
}

/* The index at rest answers as the records do. */
static void index_at_rest(void) {
  const uint8_t order = purpose("customer_order_management");
  clientbook_search_options how;
  clientbook_bytes out = {NULL, 0, NULL};
  uint64_t left = 7;
  memset(&how, 0, sizeof how);
  how.struct_size = sizeof how;
  how.path = CLIENTBOOK_SEARCH_SEALED;
  NEED(clientbook_session_search(context, session, "sanch", 5, order, &how, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "\"path\":\"scan\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_build_index(context, session, 0, &left, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_build_index(context, session, 100, &left, &error) == CLIENTBOOK_OK);
  CHECK(left == 0);
  NEED(clientbook_session_search(context, session, "sanch", 5, order, &how, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "\"matches\":1") && holds(&out, "\"path\":\"sealed\",\"scanned\":0"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_index_plan(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"kind\":\"sealed\"") && holds(&out, "\"to_a_watcher\""));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_drop_index(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_index_plan(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"kind\":\"none\""));
  clientbook_bytes_free(&out);
}

/* Who may be there twice; two people are told of no more. */
static void twice(const clientbook_id* id) {
  static const char* const record =
      "{\"name\": {\"given\": \"Lou\"}, \"emails\": [{\"address\": \"KEN@example.com\"}]}";
  const uint8_t order = purpose("customer_order_management");
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_id other;
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(record), strlen(record),
                              &order, 1, NULL, 0, NULL, &other, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_duplicates(context, session, "{}", 2, order, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "\"shared\":[{\"field\":\"emails\",\"in_first\":1,\"in_second\":1}]") &&
        holds(&out, "\"more\":false"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_duplicates(context, session, "{\"off\": []}", 11, order, &out, &error) ==
        CLIENTBOOK_UNKNOWN_FIELD);
  CHECK(clientbook_session_duplicates(context, session, "{\"of\": [7]}", 11, order, &out, &error) ==
        CLIENTBOOK_WRONG_TYPE);
  CHECK(clientbook_session_note_not_same(context, session, id, id, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_note_not_same(context, session, &other, id, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_note_not_same(context, session, id, &other, &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  NEED(clientbook_session_duplicates(context, session, "{}", 2, order, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "\"pairs\":[]") && holds(&out, "\"not_same\":1"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_forget_not_same(context, session, id, &other, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_forget_not_same(context, session, id, &other, &error) ==
        CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_merge_customers(context, session, id, &other, "{\"only_tell\": true}", 19,
                                          &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"receipt\":null") && holds(&out, "\"fate\":"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_merge_customers(context, session, id, id, "{}", 2, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_merge_customers(context, session, id, &other, "{\"take\": [7]}", 13,
                                           &out, &error) == CLIENTBOOK_WRONG_TYPE);
  NEED(clientbook_session_merge_customers(context, session, id, &other, "{}", 2, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "\"undone\":false"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_parts(context, session, &other, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"parts\":[{"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_unmerge(context, session, &other, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"undone\":true"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_unmerge(context, session, &other, &out, &error) == CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_erase(context, session, &other, CLIENTBOOK_ERASE_OTHER, 0, 0, &out,
                                &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&out);
}

static void list(const clientbook_id* id) {
  static const char* const scarf = "{\"bought\": \"scarf\", \"bought_since\": \"2026-01-01\"}";
  static const char* const wrong = "{\"bought\": \"scarf\", \"since\": \"2026-01-01\"}";
  const uint8_t order = purpose("customer_order_management");
  clientbook_bytes out = {NULL, 0, NULL};
  (void)id;
  NEED(clientbook_session_list_customers(context, session, scarf, strlen(scarf), order, 0, &out,
                                         &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"count\":1") && holds(&out, "\"2026-03-14\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_list_customers(context, session, wrong, strlen(wrong), order, 0, &out,
                                          &error) == CLIENTBOOK_UNKNOWN_FIELD);
  CHECK(clientbook_session_list_customers(context, session, "{}", 2, order, 0, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
}

static void append_items(const clientbook_id* id) {
  static const char* const receipt =
      "{\"day\": \"2026-03-14\", \"order\": \"A-1\", \"currency\": \"EUR\", \"total\": 4990,"
      " \"lines\": [{\"sku\": \"S-1\", \"description\": \"scarf\", \"quantity\": 1, "
      "\"unit_price\": 4990}]}";
  static const char* const liked = "{\"text\": \"likes the blue scarf\"}";
  static const char* const card = "{\"text\": \"paid with 4111 1111 1111 1111\"}";
  const uint8_t order = purpose("customer_order_management");
  const uint8_t news = purpose("email_marketing"); /* the grant covers notes */
  clientbook_note_policy policy;
  clientbook_bytes out = {NULL, 0, NULL};
  uint32_t sequence = 0;
  memset(&policy, 0, sizeof policy);
  policy.struct_size = sizeof policy;
  policy.cards = CLIENTBOOK_NUMBER_REPLACED;

  NEED(clientbook_session_append_purchase(context, session, id, CLIENTBOOK_JSON, raw(receipt),
                                          strlen(receipt), &order, 1, &sequence,
                                          &error) == CLIENTBOOK_OK);
  CHECK(sequence == 1);
  CHECK(clientbook_session_append_note(context, session, id, CLIENTBOOK_JSON, raw(liked),
                                       strlen(liked), &order, 1, NULL, &sequence,
                                       &error) == CLIENTBOOK_NO_BASIS);
  NEED(clientbook_session_append_note(context, session, id, CLIENTBOOK_JSON, raw(liked),
                                      strlen(liked), &news, 1, NULL, &sequence,
                                      &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_append_note(context, session, id, CLIENTBOOK_JSON, raw(card),
                                       strlen(card), &news, 1, NULL, &sequence,
                                       &error) == CLIENTBOOK_CARD_DATA_REFUSED);
  CHECK(strstr(error.text, "4111") == NULL);
  CHECK(clientbook_session_append_note(context, session, id, CLIENTBOOK_JSON, raw(card),
                                       strlen(card), &news, 1, &policy, &sequence,
                                       &error) == CLIENTBOOK_OK);
  CHECK(sequence == 2);
  policy.cards = 9;
  CHECK(clientbook_session_append_note(context, session, id, CLIENTBOOK_JSON, raw(liked),
                                       strlen(liked), &news, 1, &policy, &sequence,
                                       &error) == CLIENTBOOK_INVALID_ARGUMENT);

  NEED(clientbook_session_purchases(context, session, id, order, 0, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "scarf") && holds(&out, "4990"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_notes(context, session, id, news, 1, &out, &error) == CLIENTBOOK_OK);
  CHECK(!holds(&out, "4111") && !holds(&out, "blue scarf"));
  clientbook_bytes_free(&out);
}

static void change(const clientbook_id* id) {
  static const char* const moved =
      "{\"addresses\": [{\"line1\": \"1 New Street\", \"country\": \"US\"}]}";
  /* {5: "1984-05-17"} would be a text; a map of field 13 to a time zone is one. */
  static const uint8_t zone[] = {0xa1, 0x0d, 0x6d, 'E', 'u', 'r', 'o', 'p',
                                 'e',  '/',  'B',  'e', 'r', 'l', 'i', 'n'};
  const uint8_t order = purpose("customer_order_management");
  const uint8_t care = purpose("customer_order_management");
  clientbook_bytes out = {NULL, 0, NULL};

  NEED(clientbook_session_begin_transaction(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_update(context, session, id, CLIENTBOOK_JSON, raw(moved), strlen(moved),
                                 &order, 1, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_rollback(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_read(context, session, id, order, 0, CLIENTBOOK_JSON, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "Minute") && !holds(&out, "New Street"));
  clientbook_bytes_free(&out);

  NEED(clientbook_session_begin_transaction(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_update(context, session, id, CLIENTBOOK_JSON, raw(moved), strlen(moved),
                                 &order, 1, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_remove(context, session, id, 3, NULL, 0, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_commit(context, session, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_read(context, session, id, order, 0, CLIENTBOOK_JSON, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "New Street") && !holds(&out, "555 0142"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_remove(context, session, id, 64, NULL, 0, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  /* A basis or none, but read as CBOR: never an encoding error. */
  {
    const clientbook_status said = clientbook_session_update(context, session, id, CLIENTBOOK_CBOR,
                                                             zone, sizeof zone, &care, 1, &error);
    CHECK(said == CLIENTBOOK_OK || said == CLIENTBOOK_NO_BASIS);
  }
  CHECK(clientbook_session_update(context, session, id, CLIENTBOOK_CBOR, zone, sizeof zone - 1,
                                  &care, 1, &error) == CLIENTBOOK_TRUNCATED);
}

static void edit(const clientbook_id* id) {
  static const char* const more =
      "{\"add\": {\"name\": {\"nickname\": \"Kenny\"}, \"phones\": [{\"number\": \"+1 202 555 "
      "0177\"}]}}";
  static const char* const wrong = "{\"add\": {\"emails\": [{\"adress\": \"x@example.com\"}]}}";
  const uint8_t order = purpose("customer_order_management");
  clientbook_bytes out = {NULL, 0, NULL};
  uint64_t changed = 77;

  CHECK(clientbook_session_edit(context, session, id, wrong, strlen(wrong), &order, 1, &changed,
                                &error) == CLIENTBOOK_UNKNOWN_FIELD);
  NEED(clientbook_session_where(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "/add/emails/0") && changed == 77);
  clientbook_bytes_free(&out);
  NEED(clientbook_session_edit(context, session, id, more, strlen(more), &order, 1, &changed,
                               &error) == CLIENTBOOK_OK);
  CHECK(changed == ((1U << 1) | (1U << 3)));
  CHECK(clientbook_session_edit(context, session, id, more, strlen(more), &order, 1, NULL,
                                &error) == CLIENTBOOK_ALREADY_EXISTS);
  NEED(clientbook_session_read(context, session, id, order, 0, CLIENTBOOK_JSON, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "Kenny") && holds(&out, "Ken\"") && holds(&out, "555 0177"));
  clientbook_bytes_free(&out);
}

static void walk_all(const clientbook_id* id) {
  clientbook_handle cursor = 0;
  clientbook_bytes batch = {NULL, 0, NULL};
  uint32_t count = 9;
  uint32_t first = 0;
  NEED(clientbook_session_scan(context, session, purpose("customer_order_management"), 0, &cursor,
                               &error) == CLIENTBOOK_OK);
  NEED(clientbook_cursor_next(context, cursor, 0, &batch, &count, &error) == CLIENTBOOK_OK);
  CHECK(count == 1 && batch.size > 16);
  memcpy(&first, batch.data + 4, 4); /* on a little-endian machine */
  CHECK(first % 8 == 0 && memcmp(batch.data + first, "CBFV", 4) == 0);
  CHECK(memcmp(batch.data + first + 16, id, 16) == 0);
  clientbook_bytes_free(&batch);
  NEED(clientbook_cursor_next(context, cursor, 0, &batch, &count, &error) == CLIENTBOOK_OK);
  CHECK(count == 0);
  clientbook_bytes_free(&batch);
  CHECK(clientbook_cursor_next(context, cursor, 1000000, &batch, &count, &error) ==
        CLIENTBOOK_LIMIT_EXCEEDED);
  CHECK(clientbook_cursor_next(context, session, 0, &batch, &count, &error) ==
        CLIENTBOOK_INVALID_HANDLE);
  CHECK(clientbook_close(context, cursor, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_cursor_next(context, cursor, 0, &batch, &count, &error) ==
        CLIENTBOOK_INVALID_HANDLE);
}

static void pass_on(const clientbook_id* id, uint8_t parcel) {
  clientbook_request request;
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_bytes proof = {NULL, 0, NULL};
  clientbook_bytes log = {NULL, 0, NULL};
  uint64_t index = 1234;
  clientbook_id entry;
  memset(&request, 0, sizeof request);
  request.struct_size = sizeof request;
  request.purpose = purpose("email_marketing");
  request.recipient = parcel;
  CHECK(clientbook_session_disclose(context, session, id, &request, CLIENTBOOK_JSON, &out, &index,
                                    NULL, &error) == CLIENTBOOK_DENIED);
  CHECK(index == 1234 && out.data == NULL);
  request.purpose = purpose("delivery_of_goods");
  NEED(clientbook_session_disclose(context, session, id, &request, CLIENTBOOK_JSON, &out, &index,
                                   &entry, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "New Street") && index != 1234);
  clientbook_bytes_free(&out);
  NEED(clientbook_session_disclose_many(context, session, id->bytes, sizeof id->bytes, &request,
                                        &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"permitted\":true") && holds(&out, "New Street"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_disclose_many(context, session, id->bytes, 15, &request, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  {
    const char* const file = "{\"name\": {\"given\": \"Somebody\"}, \"language\": \"en\"}";
    NEED(clientbook_session_merge(context, session, id, CLIENTBOOK_JSON, (const uint8_t*)file,
                                  strlen(file), NULL, 0, NULL, 0, CLIENTBOOK_MERGE_COMPLETE, &out,
                                  &error) == CLIENTBOOK_OK);
    CHECK(holds(&out, "\"kept\":[\"name\"]"));
    clientbook_bytes_free(&out);
    CHECK(clientbook_session_merge(context, session, id, CLIENTBOOK_JSON, (const uint8_t*)file,
                                   strlen(file), NULL, 0, NULL, 0, 2, &out,
                                   &error) == CLIENTBOOK_INVALID_ARGUMENT);
  }

  NEED(clientbook_session_ledger(context, session, id, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"refusal\"") && holds(&out, "\"disclosure\"") && holds(&out, "parcel-co"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_checkpoint(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(out.size > 50);
  clientbook_bytes_free(&out);

  NEED(clientbook_session_prove(context, session, index, &proof, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_log_identity(context, session, &log, &error) == CLIENTBOOK_OK);
  NEED(clientbook_check_proof((const char*)proof.data, proof.size, (const char*)log.data, log.size,
                              &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"disclosure\"") && holds(&out, "\"delivery_of_goods\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_check_proof((const char*)proof.data, proof.size / 2, (const char*)log.data,
                               log.size, &out, &error) != CLIENTBOOK_OK);
  clientbook_bytes_free(&proof);
  clientbook_bytes_free(&log);
}

static void change_mind(const clientbook_id* id) {
  static const char* const unknown =
      "{\"kind\": \"grant\", \"purposes\": [\"email_marketing\"],"
      " \"recipients\": [\"self\"], \"notice\": \"no such\"}";
  clientbook_bytes out = {NULL, 0, NULL};
  uint32_t sequence = 0;
  CHECK(clientbook_session_record(context, session, id, unknown, strlen(unknown), &sequence,
                                  &error) == CLIENTBOOK_UNKNOWN_NOTICE);
  CHECK(clientbook_session_preview_grant(context, session, id, grant, strlen(grant), &out,
                                         &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&out);
  NEED(clientbook_session_record_and_tell(context, session, id, withdrawal, strlen(withdrawal),
                                          &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"sequence\":2") && holds(&out, "\"closed\":[{") &&
        holds(&out, "\"opened\":[]"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_read(context, session, id, purpose("email_marketing"), 0, CLIENTBOOK_JSON,
                               &out, &error) == CLIENTBOOK_OK);
  CHECK(!holds(&out, "ken@example.com") && holds(&out, "WITHDRAWN"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_directives(context, session, id, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"grant\"") && holds(&out, "\"withdraw\"") && holds(&out, "form 17"));
  clientbook_bytes_free(&out);
  {
    static const char* const signal = "{\"gpc\": \"1\"}";
    static const char* const broken = "{\"usp\": \"1YY\"}";
    NEED(clientbook_session_import_consents(context, session, id, signal, strlen(signal), &out,
                                            &error) == CLIENTBOOK_OK);
    CHECK(holds(&out, "\"recorded\":") && !holds(&out, "\"recorded\":0"));
    clientbook_bytes_free(&out);
    NEED(clientbook_session_import_consents(context, session, id, signal, strlen(signal), &out,
                                            &error) == CLIENTBOOK_OK);
    CHECK(holds(&out, "\"recorded\":0"));
    clientbook_bytes_free(&out);
    CHECK(clientbook_session_import_consents(context, session, id, broken, strlen(broken), &out,
                                             &error) == CLIENTBOOK_TRUNCATED);
  }
  {
    static const char* const request =
        "{\"vcards\": \"cards.vcf\", \"known\": \"add\", \"dry_run\": true}";
    static const char* const nothing = "{\"known\": \"add\"}";
    static const char* const files =
        "{\"files\": [\"till.csv\"], \"system\": \"till\", \"dry_run\": true}";
    FILE* const till = fopen("till.csv", "w");
    NEED(till != NULL && fputs("id,first name,email\n1,Cy,cy@example.com\n", till) >= 0);
    NEED(fclose(till) == 0);
    FILE* const cards = fopen("cards.vcf", "w");
    NEED(cards != NULL &&
         fputs("BEGIN:VCARD\nUID:1\nFN:Cy\nEMAIL:cy@example.com\nEND:VCARD\n", cards) >= 0);
    NEED(fclose(cards) == 0);
    NEED(clientbook_session_import_customers(context, session, request, strlen(request), &out,
                                             &error) == CLIENTBOOK_OK);
    CHECK(holds(&out, "\"customers\":1") && !holds(&out, "cy@example.com"));
    clientbook_bytes_free(&out);
    NEED(clientbook_session_import_customers(context, session, files, strlen(files), &out,
                                             &error) == CLIENTBOOK_OK);
    CHECK(holds(&out, "\"customers\":1"));
    clientbook_bytes_free(&out);
    CHECK(clientbook_session_import_customers(context, session, nothing, strlen(nothing), &out,
                                              &error) == CLIENTBOOK_MISSING_FIELD);
  }
}

static size_t keep(void* to, const char* file, size_t file_size, const char* bytes, size_t size) {
  char* const text = (char*)to;
  (void)file, (void)file_size;
  if (strlen(text) + size >= 4000) return 0;
  strncat(text, bytes, size);
  return size;
}
static size_t keep_nothing(void* to, const char* file, size_t file_size, const char* bytes,
                           size_t size) {
  (void)to, (void)file, (void)file_size, (void)bytes, (void)size;
  return 0;
}

/* What a purpose permits goes to a party, and what did not get out is said. */
static void pass_on_everybody(const clientbook_id* id) {
  static char text[4096];
  const char* const request =
      "{\"purpose\": \"delivery_of_goods\", \"to\": \"parcel-co\", \"form\": \"json_lines\"}";
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_sink sink;
  memset(&sink, 0, sizeof sink);
  sink.struct_size = sizeof sink;
  sink.context = text;
  sink.write = keep;
  NEED(clientbook_session_export_customers(context, session, request, strlen(request), &sink, &out,
                                           &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"delivered\":true") && strstr(text, "\"addresses\"") != NULL);
  clientbook_bytes_free(&out);
  sink.write = keep_nothing;
  NEED(clientbook_session_export_customers(context, session, request, strlen(request), &sink, &out,
                                           &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"delivered\":false"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_ledger(context, session, id, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "not_delivered"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_not_delivered(context, session, id, 1000000, &error) ==
        CLIENTBOOK_NOT_FOUND);
}

static void tell(void* to, uint64_t done) { *(uint64_t*)to = done; }

/* The ledger as others see it, and what is sealed to them. */
static void witnessed(const clientbook_id* id) {
  static const char key[] = "auditor.example+6de3fdcc+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
  static const char name[] = "auditor.example";
  static const char unknown_log[] = "{\"request\": \"old 0\", \"status\": 404}";
  static const char no_status[] = "{\"request\": \"old 0\", \"status\": 7}";
  static const char reader[] = "age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh";
  char policy[256];
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_bytes log = {NULL, 0, NULL};
  clientbook_bytes evidence = {NULL, 0, NULL};
  uint64_t size = 0;
  NEED(clientbook_session_add_witness(context, session, key, strlen(key), &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_add_witness(context, session, key, strlen(key), &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  NEED(clientbook_session_witnesses(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "auditor.example") && holds(&out, "\"size\":0"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_witness_request(context, session, name, strlen(name), &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&out, "old 0\n\nclientbook/"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_take_witness_answer(context, session, name, strlen(name), unknown_log,
                                               strlen(unknown_log), &out,
                                               &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(error.at == 404);
  CHECK(clientbook_session_take_witness_answer(context, session, name, strlen(name), no_status,
                                               strlen(no_status), &out, &error) != CLIENTBOOK_OK);
  NEED(clientbook_session_ledger_file(context, session, "checkpoint", 10, &out, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_goes_on_from(context, session, (const char*)out.data, out.size, &size,
                                       &error) == CLIENTBOOK_OK);
  CHECK(size > 0);
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_ledger_file(context, session, "tile/9/000", 10, &out, &error) ==
        CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_evidence(context, session, id, &evidence, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_log_identity(context, session, &log, &error) == CLIENTBOOK_OK);
  for (int required = 0; required < 2; ++required) {
    snprintf(policy, sizeof policy, "{\"witnesses\": [\"%s\"], \"required\": %d}", key, required);
    CHECK(clientbook_check_evidence_witnessed((const char*)evidence.data, evidence.size,
                                              (const char*)log.data, log.size, policy,
                                              strlen(policy), &out, &error) ==
          (required == 0 ? CLIENTBOOK_OK : CLIENTBOOK_SIGNATURE_INVALID));
  }
  clientbook_bytes_free(&out);
  clientbook_bytes_free(&evidence);
  clientbook_bytes_free(&log);
  NEED(clientbook_session_remove_witness(context, session, name, strlen(name), &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_remove_witness(context, session, name, strlen(name), &error) ==
        CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_seal(reader, strlen(reader), (const uint8_t*)"x", 1, &out, &error) ==
       CLIENTBOOK_OK);
  CHECK(out.size == 201 && holds(&out, "age-encryption.org/v1\n-> X25519 "));
  clientbook_bytes_free(&out);
  CHECK(clientbook_seal("age1", 4, (const uint8_t*)"x", 1, &out, &error) == CLIENTBOOK_UNSUPPORTED);
}

/* The page that a customer who asked is given, and its evidence without the book. */
static void ask_how_far(const clientbook_id* id) {
  static const char* const wanted = "{\"language\": \"de\", \"shop\": \"Laden\"}";
  static const char* const unknown = "{\"language\": \"pt\"}";
  clientbook_bytes page = {NULL, 0, NULL};
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_bytes log = {NULL, 0, NULL};
  uint64_t index = 77;
  NEED(clientbook_session_customer_page(context, session, id, unknown, strlen(unknown), &index,
                                        &page, &error) == CLIENTBOOK_INVALID_VALUE);
  CHECK(index == 77 && page.data == NULL);
  NEED(clientbook_session_customer_page(context, session, id, wanted, strlen(wanted), &index, &page,
                                        &error) == CLIENTBOOK_OK);
  CHECK(holds(&page, "Laden") && holds(&page, "parcel-co") && index != 77);
  NEED(clientbook_session_log_identity(context, session, &log, &error) == CLIENTBOOK_OK);
  NEED(clientbook_check_evidence((const char*)page.data, page.size, (const char*)log.data, log.size,
                                 &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"parcel-co\"") && holds(&out, "\"data_subject\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_check_evidence((const char*)page.data, page.size - 200, (const char*)log.data,
                                  log.size, &out, &error) == CLIENTBOOK_INVALID_ENCODING);
  clientbook_bytes_free(&page);
  NEED(clientbook_session_evidence(context, session, id, &page, &error) == CLIENTBOOK_OK);
  NEED(clientbook_check_evidence((const char*)page.data, page.size, (const char*)log.data, log.size,
                                 &out, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&out);
  clientbook_bytes_free(&page);
  clientbook_bytes_free(&log);
  witnessed(id);
}

/* Whose customers an associate reaches; ends with portfolios ended. */
static void portfolios(clientbook_handle book, const clientbook_id* id, const char* hex) {
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_handle other = 0;
  char said[256];
  uint32_t in_force = 7;
  const char* stores = "{\"actor\": 30, \"stores\": [1]}";
  CHECK(clientbook_session_set_stores(context, session, "{\"actor\": 30}", 13, &error) ==
        CLIENTBOOK_MISSING_FIELD);
  NEED(clientbook_session_set_stores(context, session, stores, strlen(stores), &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_use_portfolios(context, session, 1, &in_force, &error) ==
        CLIENTBOOK_INVALID_STATE);
  CHECK(clientbook_session_use_portfolios(context, session, 2, &in_force, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  snprintf(said, sizeof said, "{\"customers\": [\"%s\"], \"store\": 1, \"primary\": 30}", hex);
  NEED(clientbook_session_assign(context, session, said, strlen(said), &error) == CLIENTBOOK_OK);
  snprintf(said, sizeof said, "{\"customers\": [\"%s\"], \"shop\": 1}", hex);
  CHECK(clientbook_session_assign(context, session, said, strlen(said), &error) ==
        CLIENTBOOK_UNKNOWN_FIELD);
  NEED(clientbook_session_use_portfolios(context, session, 1, &in_force, &error) == CLIENTBOOK_OK);
  CHECK(in_force == 1);
  NEED(clientbook_session_portfolio_of(context, session, id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "{\"store\":1,\"associates\":[{\"actor\":30,\"rank\":\"primary\""));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_customers_of(context, session, 30, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, hex));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_begin(context, book, 31, CLIENTBOOK_ROLE_ASSOCIATE, &other, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_directives(context, other, id, &told, &error) ==
        CLIENTBOOK_NOT_IN_PORTFOLIO);
  CHECK(clientbook_close(context, other, NULL) == CLIENTBOOK_OK);
  NEED(clientbook_session_reassign(context, session, 30, 31, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "{\"moved\":0,\"left\":1}"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_use_portfolios(context, session, 0, &in_force, &error) == CLIENTBOOK_OK);
  CHECK(in_force == 1);
  NEED(clientbook_session_begin(context, book, 40, CLIENTBOOK_ROLE_PRIVACY_OFFICER, &other,
                                &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_use_portfolios(context, other, 0, &in_force, &error) == CLIENTBOOK_OK);
  CHECK(in_force == 0);
  NEED(clientbook_session_portfolio_settings(context, other, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"actors\":[{\"actor\":30,\"stores\":[1]}]"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_close(context, other, NULL) == CLIENTBOOK_OK);
}

static clientbook_status set_limits(const char* to) {
  return clientbook_session_set_alarm_limits(context, session, to, strlen(to), &error);
}

static void limits_of_alarms(void) {
  clientbook_bytes told = {NULL, 0, NULL};
  NEED(clientbook_session_alarm_limits(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "{\"customers_to_one_recipient\":20}"));
  clientbook_bytes_free(&told);
  NEED(set_limits("{\"quiet\": {\"from\": \"20:30\", \"until\": \"06:00\"}}") == CLIENTBOOK_OK);
  NEED(set_limits("{\"customers_to_one_recipient\": 50}") == CLIENTBOOK_OK);
  CHECK(set_limits("{\"quiet\": {\"from\": \"24:00\", \"until\": \"06:00\"}}") ==
        CLIENTBOOK_INVALID_VALUE);
  CHECK(set_limits("{\"quiet\": {\"from\": \"20:30\"}}") == CLIENTBOOK_MISSING_FIELD);
  CHECK(set_limits("{\"quite\": null}") == CLIENTBOOK_UNKNOWN_FIELD);
  CHECK(set_limits("{\"customers_to_one_recipient\": -1}") != CLIENTBOOK_OK);
  NEED(clientbook_session_alarm_limits(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"customers_to_one_recipient\":50"));
  CHECK(holds(&told, "\"from\":\"20:30\"") && holds(&told, "\"until\":\"06:00\""));
  clientbook_bytes_free(&told);
  NEED(set_limits("{\"quiet\": null, \"customers_to_one_recipient\": 20}") == CLIENTBOOK_OK);
}

static void canaries(clientbook_handle book, const clientbook_id* id, const char* hex) {
  clientbook_handle other = 0;
  clientbook_bytes told = {NULL, 0, NULL};
  char said[128];
  snprintf(said, sizeof said, "{\"customers\": [\"%s\"]}", hex);
  NEED(clientbook_session_set_canaries(context, session, said, strlen(said), &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_set_canaries(context, session, "{}", 2, &error) ==
        CLIENTBOOK_MISSING_FIELD);
  NEED(clientbook_session_canaries(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, hex));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_begin(context, book, 77, CLIENTBOOK_ROLE_OWNER, &other, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_ledger(context, other, id, &told, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&told);
  CHECK(clientbook_close(context, other, NULL) == CLIENTBOOK_OK);
  NEED(clientbook_session_alarms(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"actor\":77") && holds(&told, hex));
  CHECK(holds(&told, "\"kind\":\"canary\""));
  clientbook_bytes_free(&told);
  limits_of_alarms();
  NEED(clientbook_session_set_canaries(context, session, "{\"customers\": []}", 17, &error) ==
       CLIENTBOOK_OK);
}

static void roles_of_book(void) {
  clientbook_bytes told = {NULL, 0, NULL};
  const char* nobody = "{\"roles\": {}}";
  const char* unknown = "{\"roles\": {\"guest\": {}}}";
  uint32_t number = 0;
  uint64_t index = 0;
  NEED(clientbook_session_roles(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "{\"roles\":{\"associate\":{\"desk\":{\"one\":[\"read\""));
  CHECK(clientbook_session_propose_roles(context, session, (const char*)told.data, told.size,
                                         &number, &error) == CLIENTBOOK_ALREADY_EXISTS);
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_propose_roles(context, session, nobody, strlen(nobody), &number,
                                         &error) == CLIENTBOOK_INVALID_VALUE);
  CHECK(clientbook_session_propose_roles(context, session, unknown, strlen(unknown), &number,
                                         &error) == CLIENTBOOK_UNKNOWN_FIELD);
  NEED(clientbook_session_proposed_roles(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "{}"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_approve_roles(context, session, 1, &index, &error) ==
        CLIENTBOOK_NOT_FOUND);
}

static void answer_request(const clientbook_id* id) {
  const char* wanted =
      "{\"kind\": \"access\", \"received\": \"2020-02-29\", \"reference\": \"letter 9\"}";
  const char* unknown = "{\"kind\": \"curiosity\", \"received\": \"2020-02-29\"}";
  const char* seen = "{\"identity\": \"passport seen\"}";
  const char* close = "{\"close\": true}";
  const char* german = "{\"language\": \"de\"}";
  const char* others = "{\"mentions\": \"reported\"}"; /* Of an erasure, which this is not. */
  uint32_t number = 0;
  clientbook_bytes told = {NULL, 0, NULL};
  CHECK(clientbook_session_open_request(context, session, id, unknown, strlen(unknown), &number,
                                        &error) == CLIENTBOOK_UNKNOWN_FIELD);
  NEED(clientbook_session_open_request(context, session, id, wanted, strlen(wanted), &number,
                                       &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_answer_request(context, session, number, "{}", 2, &told, &error) ==
        CLIENTBOOK_IDENTITY_UNVERIFIED);
  NEED(clientbook_session_request_mail(context, session, number, german, strlen(german), &told,
                                       &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "Ihr Anliegen"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_change_request(context, session, number, seen, strlen(seen), &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_answer_request(context, session, number, others, strlen(others), &told,
                                          &error) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_answer_request(context, session, number, german, strlen(german), &told,
                                         &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"page.html\""));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_change_request(context, session, number, close, strlen(close), &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_request(context, session, number, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"answer_by\":\"2020-03-29\""));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_requests(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"state\":\"closed\""));
  clientbook_bytes_free(&told);
}

static void ask_of_breach(void) {
  const char* copied = "{\"copy\": \"book\", \"letter\": {\"language\": \"fr\"}}";
  const char* ahead = "{\"copy\": \"book\", \"until\": \"2999-01-01\"}";
  const char* nothing = "{}";
  clientbook_bytes told = {NULL, 0, NULL};
  NEED(clientbook_session_breach(context, session, copied, strlen(copied), &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"opens\":\"yes\"") && holds(&told, "\"possible\":1") &&
        holds(&told, "GDPR 33(1)") && holds(&told, "Madame, Monsieur"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_breach(context, session, ahead, strlen(ahead), &told, &error) ==
        CLIENTBOOK_INVALID_VALUE);
  CHECK(clientbook_session_breach(context, session, nothing, strlen(nothing), &told, &error) ==
        CLIENTBOOK_MISSING_FIELD);
}

/* Lists of hashes from outside, and what recipients still have. */
static void ask_of_lists(const clientbook_id* id) {
  const char* list =
      "{\"lists\": [{\"kind\": \"email\", \"text\": \"ID,Hash\\r\\nAAAAAAAAAAA2,"
      "KA18MT/ph6IHYjzT9zwETySDQyvSh87YuoSBpOQtkhE=\\r\\n\"}], \"work\": \"opt_out\"}";
  const char* broken = "{\"lists\": [{\"kind\": \"email\", \"text\": \"ID,Hash\\nA,B\"}]}";
  const char* nobody = "{\"from\": \"Nobody\", \"to\": \"Else\", \"class\": \"third_party\"}";
  clientbook_bytes told = {NULL, 0, NULL};
  uint32_t count = 0;
  uint64_t index = 0;
  NEED(clientbook_session_answer_hash_lists(context, session, list, strlen(list), &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "Id,Status\\r\\nAAAAAAAAAAA2,5") && holds(&told, "\"again_by\":\"20"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_answer_hash_lists(context, session, broken, strlen(broken), &told,
                                             &error) == CLIENTBOOK_INVALID_ENCODING);
  NEED(clientbook_session_expired(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(told.size == 2);
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_tell_expired(context, session, id, "Nobody", 6, &count, &error) ==
        CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_report_onward(context, session, id, nobody, strlen(nobody), &index,
                                         &error) == CLIENTBOOK_NOT_FOUND);
}

/* A purpose of a case reaches those whom an open one names; two people for what is more. */
static void open_cases(clientbook_handle book, const clientbook_id* id) {
  static const char digits[] = "0123456789abcdef";
  char hex[33] = {0};
  char said[256];
  clientbook_handle other = 0;
  clientbook_bytes told = {NULL, 0, NULL};
  uint32_t number = 0;
  for (size_t i = 0; i < 16; ++i) {
    hex[2 * i] = digits[id->bytes[i] >> 4];
    hex[2 * i + 1] = digits[id->bytes[i] & 15];
  }
  {
    uint64_t now = 0;
    CHECK(clientbook_session_confirm_clock(context, session, &now, &error) == CLIENTBOOK_OK &&
          now > 0);
  }
  NEED(clientbook_session_who_looked(context, session, id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"actor\":7") && holds(&told, "\"read\":"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_seen_by(context, session, 7, 0, INT64_C(4102444800), &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"unnamed\":") && holds(&told, "\"customers\":[{") &&
        holds(&told, "\"tables\":["));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_seen_by(context, session, 7, 1, 0, &told, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_seen_by(context, session, 7, 86400, 0, &told, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_seen_by(context, session, 7, INT64_MIN, 0, &told, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  portfolios(book, id, hex);
  roles_of_book();
  canaries(book, id, hex);
  CHECK(clientbook_session_raise_budget(context, session, 7, 5, &error) ==
        CLIENTBOOK_SECOND_PERSON_REQUIRED);
  CHECK(clientbook_session_raise_budget(context, session, 30, 5, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_budget_left(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"customers_today\":") && holds(&told, "\"tables_this_month\":500"));
  clientbook_bytes_free(&told);
  NEED(clientbook_roles(&told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"role\":\"privacy_officer\""));
  clientbook_bytes_free(&told);
  snprintf(said, sizeof said, "{\"kind\": \"rights\", \"customers\": [\"%s\"]}", hex);
  CHECK(clientbook_session_open_case(context, session, said, strlen(said), &number, &error) ==
        CLIENTBOOK_MISSING_FIELD);
  snprintf(said, sizeof said,
           "{\"kind\": \"rights\", \"customers\": [\"%s\"], \"reference\": \"letter 7\"}", hex);
  NEED(clientbook_session_open_case(context, session, said, strlen(said), &number, &error) ==
       CLIENTBOOK_OK);
  CHECK(number == 1);
  snprintf(said, sizeof said,
           "{\"kind\": \"fraud\", \"customers\": [\"%s\"], \"reference\": \"file 9\"}", hex);
  NEED(clientbook_session_open_case(context, session, said, strlen(said), &number, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_confirm_case(context, session, number, &error) ==
        CLIENTBOOK_SECOND_PERSON_REQUIRED);
  NEED(clientbook_session_begin(context, book, 8, CLIENTBOOK_ROLE_OWNER, &other, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_confirm_case(context, other, number, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, other, NULL) == CLIENTBOOK_OK);
  ask_how_far(id);
  CHECK(clientbook_session_close_case(context, session, number, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_close_case(context, session, number, &error) == CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_cases(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"kind\":\"fraud\"") && holds(&told, "\"confirmed_by\":8") &&
        holds(&told, "\"closed_by\":7"));
  clientbook_bytes_free(&told);
}

static void forget(clientbook_handle book, const clientbook_id* id) {
  clientbook_progress progress;
  clientbook_bytes out = {NULL, 0, NULL};
  uint64_t done = 0;
  memset(&progress, 0, sizeof progress);
  progress.struct_size = sizeof progress;
  progress.context = &done;
  progress.done = tell;
  CHECK(clientbook_session_mentions(context, session, id, purpose("rights_fulfilment"), 0, &out,
                                    &error) == CLIENTBOOK_CASE_REQUIRED);
  open_cases(book, id);
  answer_request(id);
  ask_of_breach();
  ask_of_lists(id);
  CHECK(clientbook_session_mentions(context, session, id, purpose("rights_fulfilment"), 0, &out,
                                    &error) == CLIENTBOOK_DENIED); /* too young */
  CHECK(clientbook_session_mentions(context, session, id, purpose("rights_fulfilment"), 1, &out,
                                    &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"customers_searched\""));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_verify(context, session, &progress, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"problems\":0") && done == 1);
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_erase(context, session, id, 9, 0, 24, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_erase(context, session, id, CLIENTBOOK_ERASE_SUBJECT_REQUEST,
                                CLIENTBOOK_MENTIONS_REPORTED, 24, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"signature\"") && holds(&out, "\"others\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_session_read(context, session, id, purpose("customer_order_management"), 0,
                                CLIENTBOOK_JSON, &out, &error) == CLIENTBOOK_KEY_ERASED);
  CHECK(out.data == NULL);
  NEED(clientbook_session_verify(context, session, NULL, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"problems\":0") && holds(&out, "\"customers\":0"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_figures(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"customers\":0") && holds(&out, "\"erased\":2"));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_profile(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"gdpr\"") && holds(&out, "\"unverified\""));
  clientbook_bytes_free(&out);
  NEED(clientbook_session_fields(context, session, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"birth_date\""));
  clientbook_bytes_free(&out);
}

static void day_in(clientbook_handle book) {
  clientbook_id id;
  uint8_t parcel = 0;
  clientbook_handle auditor = 0;
  clientbook_bytes out = {NULL, 0, NULL};
  CHECK(clientbook_session_begin(context, book, 0, CLIENTBOOK_ROLE_ASSOCIATE, &session, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_begin(context, book, 7, 99, &session, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_OWNER, &session, &error) ==
       CLIENTBOOK_OK);
  parcel = furnish();
  id = keep_ken();
  read_ken(&id);
  search(&id);
  index_at_rest();
  twice(&id);
  append_items(&id);
  list(&id);
  edit(&id);
  change(&id);
  walk_all(&id);
  NEED(clientbook_session_begin(context, book, 8, CLIENTBOOK_ROLE_AUDITOR, &auditor, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_read(context, auditor, &id, 1, 0, CLIENTBOOK_JSON, &out, &error) ==
        CLIENTBOOK_ROLE_DENIED);
  CHECK(clientbook_close(context, auditor, NULL) == CLIENTBOOK_OK);
  pass_on(&id, parcel);
  pass_on_everybody(&id);
  change_mind(&id);
  forget(book, &id);
  CHECK(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
}

static void without_a_book(void) {
  static const char* const note = "write to ken@example.com, card 4111 1111 1111 1111";
  static const char* const broken = "{\"requests\": [{\"purpose\": \"no such\"}]}";
  static const char* const no_file = "{\"files\": [\"no/such.csv\"]}";
  static const char* const list = "{\"files\": [\"list.csv\"], \"region\": \"GB\"}";
  FILE* const table = fopen("list.csv", "w");
  clientbook_text_options options;
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_bytes more = {NULL, 0, NULL};
  clientbook_text word = {NULL, 0};
  CHECK(table != NULL && fputs("id,mail\n1,ana@example.com\n", table) >= 0 && fclose(table) == 0);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.regions = "DE,US";
  options.regions_size = 5;
  CHECK(clientbook_scan_text(note, strlen(note), &options, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"email_address\"") && holds(&out, "\"payment_card\"") &&
        !holds(&out, "ken@"));
  clientbook_bytes_free(&out);
  options.mark = 2;
  CHECK(clientbook_redact_text(note, strlen(note), &options, &out, &more, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "write to \xe2\x96\x88") && !holds(&out, "4111") &&
        holds(&more, "\"payment_card\":1"));
  clientbook_bytes_free(&out);
  clientbook_bytes_free(&more);
  CHECK(clientbook_redact_text("\xff", 1, NULL, &out, NULL, &error) == CLIENTBOOK_INVALID_ENCODING);
  CHECK(clientbook_scan_form("id,ssn\n1,531 07\n", 16, NULL, 0, NULL, &out, &error) ==
        CLIENTBOOK_OK);
  CHECK(holds(&out, "{\"begin\":9,\"end\":15,\"type\":\"national_id\"") && !holds(&out, "531"));
  clientbook_bytes_free(&out);
  options.mark = 0;
  CHECK(clientbook_redact_form("id,ssn\n1,531 07\n", 16, "csv", 3, &options, &out, &more, &error) ==
        CLIENTBOOK_OK);
  CHECK(holds(&out, "id,ssn\n1,<NATIONAL_ID>\n") && holds(&more, "\"national_id\":1"));
  clientbook_bytes_free(&out);
  clientbook_bytes_free(&more);
  CHECK(clientbook_redact_form("x", 1, "tree", 4, NULL, &out, NULL, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  options.charset = 3;
  CHECK(clientbook_redact_form("zo\xeb@example.com \xfc", 17, "plain", 5, &options, &out, NULL,
                               &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "<EMAIL_ADDRESS> \xfc"));
  clientbook_bytes_free(&out);
  options.charset = 5;
  CHECK(clientbook_scan_form("x", 1, NULL, 0, &options, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  options.charset = 0;
  options.regions = "de";
  options.regions_size = 2;
  CHECK(clientbook_scan_text(note, strlen(note), &options, &out, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_evaluate(broken, strlen(broken), &out, &more, &error) != CLIENTBOOK_OK);
  CHECK(holds(&more, "/requests/0"));
  clientbook_bytes_free(&more);
  CHECK(clientbook_propose_column_map(no_file, strlen(no_file), &out, &more, &error) ==
        CLIENTBOOK_NOT_FOUND);
  CHECK(holds(&more, "/files/0"));
  clientbook_bytes_free(&more);
  CHECK(clientbook_propose_column_map(list, strlen(list), &out, NULL, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "emails[0].address") && !holds(&out, "ana@example.com"));
  clientbook_bytes_free(&out);
  CHECK(clientbook_terms(CLIENTBOOK_TERM_OPERATION, &out, &error) == CLIENTBOOK_OK);
  CHECK(holds(&out, "\"disclose\""));
  clientbook_bytes_free(&out);
  CHECK(clientbook_terms(9, &out, &error) == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_term_word(CLIENTBOOK_TERM_PURPOSE, purpose("marketing"), &word, &error) ==
        CLIENTBOOK_OK);
  CHECK(word.size == 9 && memcmp(word.data, "marketing", 9) == 0);
  CHECK(clientbook_term_word(CLIENTBOOK_TERM_RECIPIENT, 31, &word, &error) ==
        CLIENTBOOK_UNKNOWN_FIELD);
}

/* Several purposes, and those that the shop keeps data for: a field is kept if one of them permits
 * it. */
static void kept_for_several(void) {
  static const char* const ken = "{\"name\": {\"given\": \"Ken\"}, \"likes\": [\"linen\"]}";
  static const char* const nobody = "{\"likes\": [\"linen\"]}";
  const uint8_t two[2] = {purpose("client_care"), purpose("customer_order_management")};
  const uint8_t none = 255;
  clientbook_new_book what;
  clientbook_handle book = 0;
  clientbook_handle session = 0;
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_id id;
  uint64_t left_out = 0;
  uint32_t why = 0;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = 4;
  what.purposes = two;
  what.purposes_size = sizeof two;
  NEED(clientbook_book_create_in_memory(context, &what, NULL, &book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_MANAGER, &session, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_purposes(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(told.size == 2 && memchr(told.data, two[0], 2) != NULL &&
        memchr(told.data, two[1], 2) != NULL);
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken), two, 1,
                               NULL, 0, NULL, &id, &error) == CLIENTBOOK_NO_BASIS);
  CHECK(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken), &none, 1,
                               NULL, 0, NULL, &id, &error) == CLIENTBOOK_UNKNOWN_FIELD);
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken), NULL, 0,
                              NULL, 0, &left_out, &id, &error) == CLIENTBOOK_OK);
  CHECK(left_out != 0 && (left_out & (left_out - 1)) == 0);
  CHECK(clientbook_session_why_not_kept(context, session, &id, 1, two, 2, &why, &error) ==
            CLIENTBOOK_OK &&
        why == 0);
  CHECK(clientbook_session_why_not_kept(context, session, &id, 64, two, 2, &why, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  for (uint8_t field = 0; field < 64; ++field) {
    if ((left_out >> field & 1) == 0) continue;
    CHECK(clientbook_session_why_not_kept(context, session, &id, field, NULL, 0, &why, &error) ==
          CLIENTBOOK_OK);
    CHECK(why == 112);
  }
  CHECK(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(nobody), strlen(nobody), NULL,
                               0, NULL, 0, &left_out, &id, &error) == CLIENTBOOK_NO_BASIS);
  CHECK(error.at == 0);
  CHECK(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
}

static void write_hex(char* to, const clientbook_id* id) {
  size_t i;
  for (i = 0; i < 16; ++i) sprintf(to + 2 * i, "%02x", id->bytes[i]);
}

/* A legal hold keeps somebody, and a retention run finds nothing due. */
static void hold_and_run(clientbook_handle session, const clientbook_id* id, const char* name) {
  static const char* const claim = "{\"reason\": \"claim announced\", \"reference\": \"file 7\"}";
  static const char* const no_reason = "{\"reference\": \"file 7\"}";
  static const char* const told_only = "{\"only_tell\": true, \"most\": 10}";
  clientbook_bytes told = {NULL, 0, NULL};
  uint32_t hold = 0;
  CHECK(clientbook_session_place_hold(context, session, id, no_reason, strlen(no_reason), &hold,
                                      &error) == CLIENTBOOK_MISSING_FIELD);
  NEED(clientbook_session_place_hold(context, session, id, claim, strlen(claim), &hold, &error) ==
       CLIENTBOOK_OK);
  CHECK(hold == 1);
  NEED(clientbook_session_holds(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, name) && holds(&told, "\"reference\":\"file 7\"") &&
        holds(&told, "\"until\":null"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_erase(context, session, id, CLIENTBOOK_ERASE_OTHER, 0, 0, &told,
                                 &error) == CLIENTBOOK_KEPT_BY_LAW);
  CHECK(error.at == 1);
  NEED(clientbook_session_run_retention(context, session, told_only, strlen(told_only), &told,
                                        &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"items\":[],\"receipts\":[],\"next\":0"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_run_retention(context, session, "{\"most\": 0}", 11, &told, &error) !=
        CLIENTBOOK_OK);
  CHECK(clientbook_session_lift_hold(context, session, id, 2, &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_lift_hold(context, session, id, 1, &error) == CLIENTBOOK_OK);
}

/* Entries of today are nobody's to prune; who was told of a checkpoint is asked first. */
static void prune(clientbook_handle session, const clientbook_id* id) {
  static const char* const early = "{\"before\": \"2000-01-01\", \"only_tell\": true}";
  static const char* const ahead = "{\"before\": \"2999-01-01\"}";
  static const char* const no_day = "{\"only_tell\": true}";
  clientbook_bytes told = {NULL, 0, NULL};
  uint64_t gone = 99;
  NEED(clientbook_session_prune_ledger(context, session, early, strlen(early), &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"from\":0,\"until\":0,\"first\":null,\"last\":null") &&
        holds(&told, "{\"why\":\"younger\",\"index\":0}") && holds(&told, "\"more\":false"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_prune_ledger(context, session, ahead, strlen(ahead), &told, &error) ==
        CLIENTBOOK_INVALID_VALUE);
  CHECK(clientbook_session_prune_ledger(context, session, no_day, strlen(no_day), &told, &error) ==
        CLIENTBOOK_MISSING_FIELD);
  NEED(clientbook_session_pruned_of(context, session, id, &gone, &error) == CLIENTBOOK_OK);
  CHECK(gone == 0);
}

/* The ledger is sealed twice; who knows the first key checks both, with no book. */
static void seal_epochs(clientbook_handle session) {
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_bytes seals = {NULL, 0, NULL};
  clientbook_bytes log = {NULL, 0, NULL};
  char known[512];
  const char* at;
  NEED(clientbook_session_end_epoch(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"epoch\":1,"));
  at = strstr((const char*)told.data, "\"key\":\"");
  NEED(at != NULL);
  sprintf(known, "%.*s", (int)strcspn(at + 7, "\""), at + 7);
  clientbook_bytes_free(&told);
  NEED(clientbook_session_end_epoch(context, session, &told, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&told);
  NEED(clientbook_session_seals(context, session, &seals, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_log_identity(context, session, &log, &error) == CLIENTBOOK_OK);
  NEED(clientbook_check_seals((const char*)seals.data, seals.size, (const char*)log.data, log.size,
                              known, strlen(known), &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"epoch\":2,"));
  clientbook_bytes_free(&told);
  NEED(clientbook_check_seals((const char*)seals.data, seals.size, (const char*)log.data, log.size,
                              NULL, 0, &told, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&told);
  CHECK(clientbook_check_seals((const char*)seals.data, seals.size, (const char*)log.data, log.size,
                               (const char*)log.data, log.size, &told,
                               &error) == CLIENTBOOK_SIGNATURE_INVALID);
  CHECK(clientbook_check_seals((const char*)seals.data, seals.size / 2, (const char*)log.data,
                               log.size, NULL, 0, &told, &error) == CLIENTBOOK_INVALID_ENCODING);
  clientbook_bytes_free(&seals);
  clientbook_bytes_free(&log);
}

/* What a law has the shop keep of who is erased is read for that law alone, by a case. */
static void keep_apart(clientbook_handle session, const char* record) {
  static const char* const mark = "\"retained\":[{\"id\":\"";
  const uint8_t tax = purpose("tax_record_keeping");
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_id id;
  char name[33] = {0};
  char said[256];
  uint32_t number = 0;
  size_t i;
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(record), strlen(record), &tax,
                              1, NULL, 0, NULL, &id, &error) != CLIENTBOOK_OK);
  record = "{\"name\": {\"given\": \"Ken\"}}";
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(record), strlen(record), &tax,
                              1, NULL, 0, NULL, &id, &error) == CLIENTBOOK_OK);
  write_hex(name, &id);
  sprintf(said, "{\"customers\": [\"%s\"], \"reason\": \"other\", \"law_kept\": \"apart\"}", name);
  CHECK(clientbook_session_erase_many(context, session, said, strlen(said), &told, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  sprintf(said,
          "{\"customers\": [\"%s\"], \"reason\": \"other\", \"remembered_months\": 0, "
          "\"law_kept\": \"apart\", \"law_kept_years\": 10}",
          name);
  NEED(clientbook_session_erase_many(context, session, said, strlen(said), &told, &error) ==
       CLIENTBOOK_OK);
  NEED(holds(&told, mark));
  for (i = 0; i + strlen(mark) < told.size; ++i) {
    if (memcmp(told.data + i, mark, strlen(mark)) == 0) {
      memcpy(name, told.data + i + strlen(mark), 32);
    }
  }
  clientbook_bytes_free(&told);
  NEED(clientbook_session_retained(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, name) && holds(&told, "\"purpose\":\"tax_record_keeping\"") &&
        !holds(&told, "Ken"));
  clientbook_bytes_free(&told);
  for (i = 0; i < 16; ++i) {
    unsigned byte = 0;
    sscanf(name + 2 * i, "%2x", &byte);
    id.bytes[i] = (uint8_t)byte;
  }
  CHECK(clientbook_session_read_retained(context, session, &id, purpose("client_care"), &told,
                                         &error) == CLIENTBOOK_DENIED);
  CHECK(clientbook_session_read_retained(context, session, &id, tax, &told, &error) ==
        CLIENTBOOK_CASE_REQUIRED);
  sprintf(said, "{\"kind\": \"tax\", \"customers\": [\"%s\"], \"reference\": \"audit 7\"}", name);
  NEED(clientbook_session_open_case(context, session, said, strlen(said), &number, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_read_retained(context, session, &id, tax, &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"given\":\"Ken\"") && holds(&told, "\"ledger_index\""));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_read(context, session, &id, tax, 0, CLIENTBOOK_JSON, &told, &error) ==
        CLIENTBOOK_NOT_FOUND);
}

/* Several customers in one transaction, all of them or none. */
static void erase_some(clientbook_handle session, uint8_t order, const char* record) {
  static const char* const form =
      "{\"customers\": [\"%s\", \"%s\"], \"reason\": \"%s\", \"remembered_months\": 0}";
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_id ids[2];
  char names[2][33];
  char said[256];
  int i;
  for (i = 0; i < 2; ++i) {
    NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(record), strlen(record),
                                &order, 1, NULL, 0, NULL, &ids[i], &error) == CLIENTBOOK_OK);
    write_hex(names[i], &ids[i]);
  }
  sprintf(said, form, names[0], names[0], "other");
  CHECK(clientbook_session_erase_many(context, session, said, strlen(said), &told, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(error.at == 2);
  sprintf(said, form, names[0], names[1], "no such");
  CHECK(clientbook_session_erase_many(context, session, said, strlen(said), &told, &error) ==
        CLIENTBOOK_INVALID_VALUE);
  hold_and_run(session, &ids[0], names[0]);
  prune(session, &ids[0]);
  seal_epochs(session);
  sprintf(said, form, names[0], names[1], "retention_end");
  NEED(clientbook_session_erase_many(context, session, said, strlen(said), &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, names[0]) && holds(&told, names[1]) && holds(&told, "\"reason\":2"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_erase_many(context, session, said, strlen(said), &told, &error) ==
        CLIENTBOOK_KEY_ERASED);
  CHECK(error.at == 1);
  keep_apart(session, record);
}

/* What is kept for what, and who was erased is remembered for imports. */
static void remembered_for_imports(void) {
  static const char* const ken =
      "{\"name\": {\"given\": \"Ken\"}, \"emails\": [{\"address\": \"ken@example.com\"}]}";
  static const char* const loud = "{\"emails\": [{\"address\": \"KEN@EXAMPLE.COM\"}]}";
  const uint8_t order = purpose("customer_order_management");
  clientbook_new_book what;
  clientbook_handle book = 0;
  clientbook_handle session = 0;
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_id id;
  uint64_t dropped = 0;
  uint32_t forgotten = 9;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = 4;
  NEED(clientbook_book_create_in_memory(context, &what, NULL, &book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_OWNER, &session, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken), &order, 1,
                              NULL, 0, NULL, &id, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_kept_for(context, session, &id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"emails\":{\"purposes\":[\"customer_order_management\"]"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_due(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(told.size == 2);
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_erase(context, session, &id, CLIENTBOOK_ERASE_OTHER, 0, 256, &told,
                                 &error) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_erase(context, session, &id, CLIENTBOOK_ERASE_OTHER, 0, 24, &told,
                                &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"remembered_until\":\"20"));
  clientbook_bytes_free(&told);
  erase_some(session, order, ken);
  NEED(clientbook_session_remembered(context, session, CLIENTBOOK_JSON, raw(loud), strlen(loud),
                                     &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"kind\":\"erased\",\"by\":\"emails\""));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_remember_unsubscribed(context, session, CLIENTBOOK_JSON, raw(loud),
                                                 strlen(loud), 1, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_remember_unsubscribed(context, session, CLIENTBOOK_JSON, raw(loud),
                                                 strlen(loud), INT64_MAX,
                                                 &error) == CLIENTBOOK_INVALID_VALUE);
  const char* no = "{\"kind\":\"deny\",\"purposes\":[\"direct_marketing\"]}";
  const char* yes = "{\"kind\":\"move\",\"law\":\"gdpr\"}";
  CHECK(clientbook_session_remember_no(context, session, CLIENTBOOK_JSON, raw(loud), strlen(loud),
                                       no, strlen(no), &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_remember_no(context, session, CLIENTBOOK_JSON, raw(loud), strlen(loud),
                                       yes, strlen(yes), &error) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_remembered(context, session, CLIENTBOOK_JSON, raw(loud), strlen(loud),
                                     &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"kind\":\"unsubscribed\""));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_forget_remembered(context, session, CLIENTBOOK_JSON, raw(loud),
                                             strlen(loud), 3, &forgotten,
                                             &error) == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_forget_remembered(context, session, CLIENTBOOK_JSON, raw(loud),
                                             strlen(loud), 2, &forgotten, &error) == CLIENTBOOK_OK);
  CHECK(forgotten == 1);
  NEED(clientbook_session_refusal_periods(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"number\":1") && holds(&told, "\"refusals\":1"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_drop_refusals(context, session, 1, &dropped, &error) == CLIENTBOOK_OK &&
        dropped == 1);
  CHECK(clientbook_session_drop_refusals(context, session, 1, &dropped, &error) ==
        CLIENTBOOK_KEY_ERASED);
  CHECK(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
}

/* Several laws in one book, and a number that is closed while another is not. */
static void laws_and_contact_points(void) {
  static const char* const ken =
      "{\"name\": {\"given\": \"Ken\"}, \"phones\": [{\"number\": \"+49 30 1234567\"},"
      " {\"number\": \"+49 171 7654321\"}]}";
  static const char* const notice =
      "{\"title\": \"calls\", \"text\": \"We call.\", \"purposes\": [\"telephone_marketing\"],"
      " \"recipients\": [\"self\"]}";
  static const char* const yes =
      "{\"kind\": \"grant\", \"purposes\": [\"telephone_marketing\"],"
      " \"recipients\": [\"self\"], \"notice\": \"calls\"}";
  static const char* const no =
      "{\"kind\": \"deny\", \"purposes\": [\"telephone_marketing\"],"
      " \"contacts\": [{\"field\": \"phones\", \"value\": \"030 1234567\"}]}";
  static const char* const lives = "{\"kind\": \"move\", \"law\": \"gdpr\", \"state\": \"AT\"}";
  static const char* const slip =
      "{\"kind\": \"deny\", \"purposes\": [\"telephone_marketing\"],"
      " \"contacts\": [{\"field\": \"phones\", \"value\": \"030 999\"}]}";
  const uint8_t order = purpose("customer_order_management");
  clientbook_new_book what;
  clientbook_handle book = 0;
  clientbook_handle session = 0;
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_id id;
  uint64_t fields = 0;
  uint64_t of_child = 0;
  uint32_t sequence = 0;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "us-ca";
  what.profile_size = 5;
  what.further_profiles = "gdpr,us-ca";
  what.further_profiles_size = 10;
  CHECK(clientbook_book_create_in_memory(context, &what, NULL, &book, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  what.further_profiles_size = 4;
  NEED(clientbook_book_create_in_memory(context, &what, NULL, &book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_OWNER, &session, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_profiles(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"us-ca\"") && holds(&told, "\"gdpr\""));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_add_notice_and_tell(context, session, notice, strlen(notice), &told,
                                              &error) == CLIENTBOOK_OK);
  CHECK(told.data[0] == '{' && holds(&told, "\"version\":1") && holds(&told, "\"hash\":\""));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken), &order, 1,
                              NULL, 0, NULL, &id, &error) == CLIENTBOOK_OK);

  NEED(clientbook_session_jurisdiction(context, session, &id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"laws\":[\"us-ca\",\"gdpr\"]") && holds(&told, "\"confirmed\":null"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_move(context, session, &id, "gdpr", 4, CLIENTBOOK_KNOWN_BY_OFFICER, NULL,
                                0, &sequence, &error) == CLIENTBOOK_MISSING_FIELD);
  CHECK(clientbook_session_move(context, session, &id, "strict", 6, CLIENTBOOK_KNOWN_BY_CUSTOMER,
                                NULL, 0, &sequence, &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_move(context, session, &id, "gdpr", 4, 9, NULL, 0, &sequence, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  NEED(clientbook_session_move(context, session, &id, "gdpr", 4, CLIENTBOOK_KNOWN_BY_CUSTOMER, NULL,
                               0, &sequence, &error) == CLIENTBOOK_OK);
  CHECK(sequence == 1);
  NEED(clientbook_session_jurisdiction(context, session, &id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"laws\":[\"gdpr\"]") && holds(&told, "\"confirmed\":\"gdpr\""));
  CHECK(holds(&told, "\"state\":null") && holds(&told, "\"employed\":false"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_record(context, session, &id, lives, strlen(lives), &sequence, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_jurisdiction(context, session, &id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"state\":\"AT\""));
  clientbook_bytes_free(&told);

  NEED(clientbook_session_record(context, session, &id, yes, strlen(yes), &sequence, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_record(context, session, &id, slip, strlen(slip), &sequence, &error) ==
        CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_record(context, session, &id, no, strlen(no), &sequence, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_read(context, session, &id, purpose("telephone_marketing"), 0,
                               CLIENTBOOK_JSON, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "7654321") && !holds(&told, "1234567") && holds(&told, "\"left_out\":1"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_directives(context, session, &id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"law\":\"gdpr\"") && holds(&told, "\"contacts\":[{\"field\":\"phones\""));
  clientbook_bytes_free(&told);

  /* A no of whoever has an id or an address, and a notice that is taken back. */
  const char* plain = "{\"kind\":\"deny\",\"purposes\":[\"telephone_marketing\"]}";
  CHECK(clientbook_session_record_no(context, session, "loyalty", 7, "nobody", 6, plain,
                                     strlen(plain), &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_import_noes(context, session, "loyalty", 7, "nobody", 6,
                                       "{\"gpc\":\"1\"}", 11, &told,
                                       &error) == CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_session_record_no_of(context, session, CLIENTBOOK_JSON, raw(ken), strlen(ken),
                                        yes, strlen(yes), &error) == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_withdraw_notice(context, session, 99, &told, &error) ==
        CLIENTBOOK_UNKNOWN_NOTICE);
  NEED(clientbook_session_withdraw_notice(context, session, 1, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"withdrawn\":true") && holds(&told, "\"version\":2"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_withdraw_notice(context, session, 1, &told, &error) ==
        CLIENTBOOK_ALREADY_EXISTS);

  /* Nobody has said when Ken was born: what is for children is not said of him. */
  sequence = 9;
  NEED(clientbook_session_record_at_age(context, session, &id, no, strlen(no), 0, 16, &sequence,
                                        &error) == CLIENTBOOK_OK);
  CHECK(sequence == 0);
  CHECK(clientbook_session_note_birth_date(context, session, &id, 17000101, &error) ==
        CLIENTBOOK_INVALID_VALUE);
  CHECK(clientbook_session_note_birth_date(context, session, &id, 20260231, &error) ==
        CLIENTBOOK_INVALID_VALUE);
  NEED(clientbook_session_note_birth_date(context, session, &id, 19800101, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_may_collect_born(context, session, 19800101, &order, 1, NULL, 0, &fields,
                                           &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_may_collect(context, session, &order, 1, NULL, 0, &of_child, &error) ==
       CLIENTBOOK_OK);
  CHECK(fields == of_child && fields != 0);
  CHECK(clientbook_session_may_collect_born(context, session, 20260231, &order, 1, NULL, 0, &fields,
                                            &error) == CLIENTBOOK_INVALID_VALUE);
  CHECK(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
}

static void structs_of_other_sizes(void) {
  struct {
    clientbook_new_book known;
    uint64_t newer;
  } what;
  clientbook_handle book = 0;
  memset(&what, 0, sizeof what);
  what.known.struct_size = sizeof what;
  what.known.profile = "gdpr";
  what.known.profile_size = 4;
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
  what.newer = 1;
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_UNSUPPORTED);
  /* Of a library that knew no purposes yet; and of one that knew no members, so that no law was
   * chosen. */
  what.known.struct_size = offsetof(clientbook_new_book, purposes);
  what.known.purposes = (const uint8_t*)"\xff";
  what.known.purposes_size = 1;
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
  what.newer = 0;
  what.known.struct_size = sizeof what;
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(error.at == 255);
  what.known.struct_size = sizeof(size_t);
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_book_create_in_memory(context, NULL, NULL, &book, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  what.known.struct_size = 0;
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  what.known.struct_size = (size_t)-1;
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  memset(&what, 0, sizeof what);
  what.known.struct_size = sizeof what.known;
  what.known.profile = "no such";
  what.known.profile_size = 7;
  CHECK(clientbook_book_create_in_memory(context, &what.known, NULL, &book, &error) ==
        CLIENTBOOK_NOT_FOUND);
}

/* The text of a JSON string that stands behind `before`, at most `room` bytes with their NUL. */
static void string_behind(const clientbook_bytes* text, const char* before, char* out,
                          size_t room) {
  const char* at = strstr((const char*)text->data, before);
  size_t size = 0;
  NEED(at != NULL);
  at += strlen(before);
  while (at[size] != '"' && size + 1 < room) ++size;
  memcpy(out, at, size);
  out[size] = 0;
}

/* A yes on the word of who notes it: one waits for a second person, one for the customer's token.
 */
static void yes_on_somebodys_word(void) {
  static const char* const ken =
      "{\"name\": {\"given\": \"Ken\"}, \"phones\": [{\"number\": \"+49 30 1234567\"}]}";
  static const char* const notice =
      "{\"title\": \"calls\", \"text\": \"We call.\", \"purposes\": [\"telephone_marketing\"],"
      " \"recipients\": [\"self\"]}";
  static const char* const yes =
      "{\"kind\": \"grant\", \"purposes\": [\"telephone_marketing\"],"
      " \"recipients\": [\"self\"], \"notice\": \"calls\", \"evidence\": \"made up\"}";
  static const char* const no = "{\"kind\": \"withdraw\", \"purposes\": [\"telephone_marketing\"]}";
  const uint8_t order = purpose("customer_order_management");
  clientbook_new_book what;
  clientbook_handle book = 0;
  clientbook_handle owner = 0;
  clientbook_handle till = 0;
  clientbook_handle deputy = 0;
  clientbook_handle mailer = 0;
  clientbook_bytes told = {NULL, 0, NULL};
  clientbook_id id;
  char token[65];
  uint32_t sequence = 0;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = 4;
  NEED(clientbook_book_create_in_memory(context, &what, NULL, &book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_OWNER, &owner, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 30, CLIENTBOOK_ROLE_ASSOCIATE, &till, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 40, CLIENTBOOK_ROLE_MANAGER, &deputy, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 70, CLIENTBOOK_ROLE_SERVICE, &mailer, &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_add_notice_and_tell(context, owner, notice, strlen(notice), &told,
                                              &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&told);
  NEED(clientbook_session_put(context, owner, CLIENTBOOK_JSON, raw(ken), strlen(ken), &order, 1,
                              NULL, 0, NULL, &id, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_record_and_tell(context, till, &id, yes, strlen(yes), &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"waiting\":[\"telephone_marketing\"]") && holds(&told, "\"opened\":[]"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_waiting(context, deputy, &id, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"sequence\":1") && holds(&told, "\"noted_by\":30"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_confirm_consent(context, till, &id, 1, raw("scan"), 4, NULL, 0, &told,
                                           &error) == CLIENTBOOK_ROLE_DENIED);
  CHECK(clientbook_session_confirm_consent(context, deputy, &id, 1, raw(""), 0, NULL, 0, &told,
                                           &error) == CLIENTBOOK_MISSING_FIELD);
  CHECK(clientbook_session_confirm_consent(context, deputy, &id, 2, raw("scan"), 4, NULL, 0, &told,
                                           &error) == CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_confirm_consent(context, deputy, &id, 1, raw("scan"), 4, "binder 3", 8,
                                          &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"purpose\":\"telephone_marketing\""));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_record(context, till, &id, no, strlen(no), &sequence, &error) ==
       CLIENTBOOK_OK);

  {
    static const char seen[] = "{\"document\":\"passport\",\"born\":\"1984-02-29\"}";
    static const char other[] = "{\"document\":\"passport\",\"at_least\":18}";
    NEED(clientbook_session_note_age_proof(context, till, &id, seen, strlen(seen), &sequence,
                                           &error) == CLIENTBOOK_OK);
    CHECK(clientbook_session_note_age_proof(context, till, &id, "{}", 2, &sequence, &error) ==
          CLIENTBOOK_MISSING_FIELD);
    NEED(clientbook_session_age_proofs(context, deputy, &id, &told, &error) == CLIENTBOOK_OK);
    CHECK(holds(&told, "\"document\":\"passport\"") && !holds(&told, "1984"));
    clientbook_bytes_free(&told);
    CHECK(clientbook_session_confirm_age_proof(context, till, &id, sequence, seen, strlen(seen),
                                               &told, &error) == CLIENTBOOK_ROLE_DENIED);
    CHECK(clientbook_session_confirm_age_proof(context, deputy, &id, sequence, other, strlen(other),
                                               &told, &error) == CLIENTBOOK_INVALID_VALUE);
    NEED(clientbook_session_confirm_age_proof(context, deputy, &id, sequence, seen, strlen(seen),
                                              &told, &error) == CLIENTBOOK_OK);
    CHECK(holds(&told, "\"opened\":[]"));
    clientbook_bytes_free(&told);
    CHECK(clientbook_session_consents_under(context, owner, 99, &told, &error) ==
          CLIENTBOOK_UNKNOWN_NOTICE);
    CHECK(clientbook_session_consents_under(context, till, 1, &told, &error) ==
          CLIENTBOOK_ROLE_DENIED);
    NEED(clientbook_session_consents_under(context, owner, 1, &told, &error) == CLIENTBOOK_OK);
    CHECK(holds(&told, "\"customers\":"));
    clientbook_bytes_free(&told);
  }

  NEED(clientbook_session_record(context, till, &id, yes, strlen(yes), &sequence, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_ask_opt_in(context, till, &id, sequence, &told, &error) ==
        CLIENTBOOK_ROLE_DENIED);
  NEED(clientbook_session_ask_opt_in(context, mailer, &id, sequence, &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"token\":\""));
  string_behind(&told, "\"token\":\"", token, sizeof token);
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_bring_opt_in(context, till, token, 63, &sequence, &error) ==
        CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_bring_opt_in(context, till, token, 64, &sequence, &error) ==
       CLIENTBOOK_OK);
  CHECK(clientbook_session_bring_opt_in(context, till, token, 64, &sequence, &error) ==
        CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_session_read(context, owner, &id, purpose("telephone_marketing"), 0,
                               CLIENTBOOK_JSON, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "1234567"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_close(context, mailer, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, deputy, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, till, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, owner, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
}

/* Recovery key, mirror, backup; then the book again from these, in another folder. */
static void lose_and_restore(clientbook_handle book, const char* folder) {
  clientbook_bytes told = {NULL, 0, NULL};
  char mirror[4200], file[4200], what[20000], shares[3][128];
  NEED(clientbook_session_begin(context, book, 8, CLIENTBOOK_ROLE_OWNER, &session, &error) ==
       CLIENTBOOK_OK);
  snprintf(mirror, sizeof mirror, "%s/mirror", folder);
  snprintf(file, sizeof file, "%s/shop.backup", folder);
  CHECK(clientbook_session_add_mirror(context, session, mirror, strlen(mirror), &error) ==
        CLIENTBOOK_INVALID_STATE);
  CHECK(clientbook_session_make_recovery_key(context, session, 3, 9, 0, &told, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_use_recovery_key(context, session, &told, &error) ==
        CLIENTBOOK_INVALID_STATE);
  NEED(clientbook_session_draw_recovery_key(context, session, 3, 2, 0, &told, &error) ==
       CLIENTBOOK_OK);
  string_behind(&told, "\"shares\":[\"", shares[0], sizeof shares[0]);
  snprintf(what, sizeof what, "%s\",\"", shares[0]);
  string_behind(&told, what, shares[1], sizeof shares[1]);
  clientbook_bytes_free(&told);
  /* The shares are out, and nothing of the key is in force yet. */
  CHECK(clientbook_session_add_mirror(context, session, mirror, strlen(mirror), &error) ==
        CLIENTBOOK_INVALID_STATE);
  NEED(clientbook_session_use_recovery_key(context, session, &told, &error) == CLIENTBOOK_OK);
  clientbook_bytes_free(&told);
  NEED(clientbook_session_mirrors_told(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "[]"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_make_recovery_key(context, session, 0, 0, 0, &told, &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  NEED(clientbook_session_add_mirror(context, session, mirror, strlen(mirror), &error) ==
       CLIENTBOOK_OK);
  NEED(clientbook_session_back_up(context, session, file, strlen(file), NULL, 0, &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"full\":true") && holds(&told, "\"confirmed\":true"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_session_back_up(context, session, file, strlen(file), NULL, 0, &told, &error) ==
        CLIENTBOOK_ALREADY_EXISTS);
  snprintf(what, sizeof what, "%s.more", file);
  NEED(clientbook_session_back_up(context, session, what, strlen(what), file, strlen(file), &told,
                                  &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"full\":false"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_refresh_mirrors(context, session, &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"holds_all\":true"));
  clientbook_bytes_free(&told);
  NEED(clientbook_session_recovery(context, session, INT64_C(4102444800), &told, &error) ==
       CLIENTBOOK_OK);
  CHECK(holds(&told, "\"has_key\":true") && holds(&told, "older than a week"));
  clientbook_bytes_free(&told);

  snprintf(what, sizeof what,
           "{\"mirror\":\"%s\",\"backups\":[\"%s\",\"%s.more\"],\"shares\":[\"%s\",\"%s\"],"
           "\"scratch\":\"%s\"}",
           mirror, file, file, shares[0], shares[1], folder);
  NEED(clientbook_book_drill(what, strlen(what), &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"problems\":0"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_book_restore(what, strlen(what), &told, &error) == CLIENTBOOK_UNKNOWN_FIELD);
  snprintf(what, sizeof what,
           "{\"mirror\":\"%s\",\"backups\":[\"%s\"],\"shares\":[\"%s\"],"
           "\"book\":\"%s/back.book\",\"key\":\"%s/keys/back.key\"}",
           mirror, file, shares[0], folder, folder);
  CHECK(clientbook_book_restore(what, strlen(what), &told, &error) == CLIENTBOOK_INVALID_ARGUMENT);
  snprintf(what, sizeof what,
           "{\"mirror\":\"%s\",\"backups\":[\"%s\"],\"shares\":[\"%s\",\"%s\"],"
           "\"book\":\"%s/back.book\",\"key\":\"%s/keys/back.key\"}",
           mirror, file, shares[1], shares[0], folder, folder);
  NEED(clientbook_book_restore(what, strlen(what), &told, &error) == CLIENTBOOK_OK);
  CHECK(holds(&told, "\"not_in_backup\":0") && holds(&told, "\"ledger_index\":"));
  clientbook_bytes_free(&told);
  CHECK(clientbook_book_restore(what, strlen(what), &told, &error) == CLIENTBOOK_ALREADY_EXISTS);
  CHECK(clientbook_session_remove_mirror(context, session, mirror, strlen(mirror), &error) ==
        CLIENTBOOK_OK);
  CHECK(clientbook_session_remove_mirror(context, session, mirror, strlen(mirror), &error) ==
        CLIENTBOOK_NOT_FOUND);
  CHECK(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
}

int main(int count, char** arguments) {
  char path[4096];
  char key[4096];
  clientbook_handle book = 0;
  uint32_t from = 0;
  uint32_t to = 0;
  clientbook_new_book what;
  NEED(count == 2);
  CHECK(clientbook_abi_version() == CLIENTBOOK_ABI_VERSION && strlen(clientbook_version()) >= 5);
  CHECK(clientbook_context_create(CLIENTBOOK_ABI_VERSION + 1, &context, &error) ==
        CLIENTBOOK_UNSUPPORTED);
  CHECK(context == NULL && error.code == CLIENTBOOK_UNSUPPORTED && error.text[0] != 0);
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, &error) == CLIENTBOOK_OK);
  CHECK(error.code == CLIENTBOOK_OK &&
        strcmp(clientbook_error_name(CLIENTBOOK_NO_BASIS), "no_basis") == 0);
  CHECK(clientbook_error_name(-1)[0] == 0 && strcmp(clientbook_error_name(0), "none") == 0);
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = 4;

  snprintf(path, sizeof path, "%s/shop.book", arguments[1]);
  snprintf(key, sizeof key, "%s/keys/shop.key", arguments[1]);
  CHECK(clientbook_book_open(context, path, strlen(path), key, strlen(key), NULL, &book, &error) ==
        CLIENTBOOK_NOT_FOUND);
  NEED(clientbook_book_create(context, path, strlen(path), key, strlen(key), &what, NULL, &book,
                              &error) == CLIENTBOOK_OK);
  CHECK(clientbook_book_create(context, path, strlen(path), key, strlen(key), &what, NULL, &book,
                               &error) == CLIENTBOOK_ALREADY_EXISTS);
  day_in(book);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_book_upgrade(context, path, strlen(path), key, strlen(key), NULL, &from, &to,
                                &error) == CLIENTBOOK_OK);
  CHECK(from == 2 && to == 2);
  NEED(clientbook_book_open(context, path, strlen(path), key, strlen(key), NULL, &book, &error) ==
       CLIENTBOOK_OK);
  lose_and_restore(book, arguments[1]);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);

  NEED(clientbook_book_create_in_memory(context, &what, NULL, &book, &error) == CLIENTBOOK_OK);
  day_in(book);
  without_a_book();
  kept_for_several();
  remembered_for_imports();
  laws_and_contact_points();
  yes_on_somebodys_word();
  structs_of_other_sizes();
  clientbook_context_destroy(context); /* with the book still open */
  return report("a day");
}
