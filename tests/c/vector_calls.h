/* The calls of the shared vectors, for what make_vector_calls.py writes. C99 and C++. */
#ifndef CLIENTBOOK_TESTS_C_VECTOR_CALLS_H
#define CLIENTBOOK_TESTS_C_VECTOR_CALLS_H

#include "testing.h"

#include <clientbook.h>

static clientbook_context* context = NULL;
static clientbook_handle session = 0;
static clientbook_status said = 0;
static clientbook_error error;
static clientbook_bytes out = {NULL, 0, NULL};
static clientbook_bytes place = {NULL, 0, NULL}; /* of the document that evaluate refused */
static const char* case_name = "";
static int step = 0;
static int64_t clock_hand = 0;

enum { most_people = 8 };
static const char* names[most_people];
static clientbook_id ids[most_people];
static size_t people = 0;
static const char* party_names[most_people];
static uint8_t party_numbers[most_people];
static size_t parties = 0;

static int64_t tell_time(void* unused) {
  (void)unused;
  return clock_hand;
}

static void begin_case(const char* name, const char* profile, int64_t now) {
  clientbook_handle book = 0;
  clientbook_new_book what;
  clientbook_book_options options;
  case_name = name;
  step = 0;
  people = 0;
  parties = 0;
  clock_hand = now;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = profile;
  what.profile_size = strlen(profile);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.now = tell_time;
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, &error) == CLIENTBOOK_OK);
  NEED(clientbook_book_create_in_memory(context, &what, &options, &book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_OWNER, &session, &error) ==
       CLIENTBOOK_OK);
}
static void end_case(void) { clientbook_context_destroy(context); }

static uint8_t term(uint32_t kind, const char* word) {
  uint8_t number = 0;
  NEED(clientbook_term_find(kind, word, strlen(word), &number, &error) == CLIENTBOOK_OK);
  return number;
}
static uint8_t purpose_of(const char* word) { return term(CLIENTBOOK_TERM_PURPOSE, word); }
static const clientbook_id* id_named(const char* who) {
  size_t i = 0;
  for (i = 0; i < people; ++i) {
    if (strcmp(names[i], who) == 0) return &ids[i];
  }
  NEED(!"somebody of that name");
  return NULL;
}
/* A field's number out of the schema: {"number":14,"key":"external_ids", ... */
static uint8_t field_named(const char* key) {
  char wanted[64];
  const char* found = NULL;
  clientbook_bytes fields = {NULL, 0, NULL};
  unsigned number = 0;
  snprintf(wanted, sizeof wanted, ",\"key\":\"%s\"", key);
  NEED(clientbook_session_fields(context, session, &fields, &error) == CLIENTBOOK_OK);
  found = strstr((const char*)fields.data, wanted);
  NEED(found != NULL);
  while (found[-1] >= '0' && found[-1] <= '9') --found;
  number = (unsigned)strtoul(found, NULL, 10);
  clientbook_bytes_free(&fields);
  return (uint8_t)number;
}
static const uint8_t* raw(const char* text) { return (const uint8_t*)text; }

static void do_put(const char* who, const char* record, const char* purpose,
                   const char* directives) {
  const uint8_t why = purpose_of(purpose);
  clientbook_id id;
  said = clientbook_session_put(context, session, CLIENTBOOK_JSON, raw(record), strlen(record),
                                &why, 1, directives, directives == NULL ? 0 : strlen(directives),
                                NULL, &id, &error);
  if (said != CLIENTBOOK_OK) return;
  NEED(people < most_people);
  names[people] = who;
  ids[people++] = id;
}
static void do_update(const char* who, const char* record, const char* purpose) {
  const uint8_t why = purpose_of(purpose);
  said = clientbook_session_update(context, session, id_named(who), CLIENTBOOK_JSON, raw(record),
                                   strlen(record), &why, 1, &error);
}
static void do_remove(const char* who, const char* field) {
  said = clientbook_session_remove(context, session, id_named(who), field_named(field), NULL, 0,
                                   &error);
}
static void do_record(const char* who, const char* directive) {
  uint32_t sequence = 0;
  said = clientbook_session_record(context, session, id_named(who), directive, strlen(directive),
                                   &sequence, &error);
}
static void do_append_note(const char* who, const char* note, const char* purpose) {
  const uint8_t why = purpose_of(purpose);
  uint32_t sequence = 0;
  said = clientbook_session_append_note(context, session, id_named(who), CLIENTBOOK_JSON, raw(note),
                                        strlen(note), &why, 1, NULL, &sequence, &error);
}
static void do_add_notice(const char* notice) {
  uint32_t number = 0;
  said = clientbook_session_add_notice(context, session, notice, strlen(notice), &number, &error);
}
static void do_add_recipient(const char* party, const char* name) {
  uint8_t number = 0;
  said = clientbook_session_add_recipient(context, session, party, strlen(party), &number, &error);
  if (said != CLIENTBOOK_OK) return;
  NEED(parties < most_people);
  party_names[parties] = name;
  party_numbers[parties++] = number;
}
static void do_read(const char* who, const char* purpose) {
  said = clientbook_session_read(context, session, id_named(who), purpose_of(purpose), 0,
                                 CLIENTBOOK_FLAT, &out, &error);
}
static void do_preview(const char* who, const char* purpose, const char* recipient,
                       const char* operation) {
  clientbook_request request;
  size_t i = 0;
  memset(&request, 0, sizeof request);
  request.struct_size = sizeof request;
  request.purpose = purpose_of(purpose);
  for (i = 0; i < parties; ++i) {
    if (strcmp(party_names[i], recipient) == 0) request.recipient = party_numbers[i];
  }
  if (request.recipient == 0) request.recipient = term(CLIENTBOOK_TERM_RECIPIENT, recipient);
  request.operation = term(CLIENTBOOK_TERM_OPERATION, operation);
  request.has_operation = 1;
  said = clientbook_session_preview(context, session, id_named(who), &request, CLIENTBOOK_FLAT,
                                    &out, &error);
}
static void do_explain(const char* who, const char* purpose, const char* field,
                       const char* language) {
  clientbook_request request;
  memset(&request, 0, sizeof request);
  request.struct_size = sizeof request;
  request.purpose = purpose_of(purpose);
  said = clientbook_session_explain(context, session, id_named(who), &request, field_named(field),
                                    language, strlen(language), &out, &error);
}
static void do_evaluate(const char* document) {
  said = clientbook_evaluate(document, strlen(document), &out, &place, &error);
}
static void do_check_proof(const char* proof, const char* log) {
  said = clientbook_check_proof(proof, strlen(proof), log, strlen(log), &out, &error);
}
static void do_check_evidence(const char* evidence, const char* log) {
  said = clientbook_check_evidence(evidence, strlen(evidence), log, strlen(log), &out, &error);
}
static void do_scan_text(const char* text) {
  said = clientbook_scan_text(text, strlen(text), NULL, &out, &error);
}
static void do_redact_text(const char* text) {
  said = clientbook_redact_text(text, strlen(text), NULL, &out, NULL, &error);
}

static void say_where(int good) {
  if (!good)
    fprintf(stderr, "  in %s, step %d: code %ld, at %lu\n", case_name, step, (long)said,
            (unsigned long)error.at);
  clientbook_bytes_free(&out);
  ++step;
}
static void done(void) {
  CHECK(said == CLIENTBOOK_OK);
  say_where(said == CLIENTBOOK_OK);
}
static void gave_text(const char* text) {
  const int good =
      said == CLIENTBOOK_OK && out.size == strlen(text) && memcmp(out.data, text, out.size) == 0;
  CHECK(good);
  say_where(good);
}
static void gave_flat(const char* hex) {
  int good = said == CLIENTBOOK_OK && out.size * 2 == strlen(hex);
  size_t i = 0;
  for (i = 0; good && i < out.size; ++i) {
    char digits[3];
    snprintf(digits, sizeof digits, "%02x",
             i >= 16 && i < 32 ? 0U : (unsigned)out.data[i]); /* ids are random */
    good = memcmp(digits, hex + 2 * i, 2) == 0;
  }
  CHECK(good);
  say_where(good);
}
static void refused(clientbook_status code, unsigned long at, const char* where) {
  int good = said == code && error.at == at;
  if (place.owner == NULL && *where != '\0') {
    (void)clientbook_session_where(context, session, &place, NULL);
  }
  if (*where != '\0')
    good = good && place.data != NULL && strcmp((const char*)place.data, where) == 0;
  clientbook_bytes_free(&place);
  CHECK(good);
  say_where(good);
}

#endif
