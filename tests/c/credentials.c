/* Who shows who they are: credentials of passphrases and key files, and what takes them. */
#define _POSIX_C_SOURCE 200809L
#include "testing.h"

#include <clientbook.h>

static clientbook_context* context = NULL;
static clientbook_error error;

static const clientbook_new_book gdpr_book = {
    sizeof(clientbook_new_book), "gdpr", 4, NULL, 0, 0, 0, NULL, 0, NULL, 0};

#define TEXT(of) of, strlen(of)
static const char* const phrase = "correct horse battery staple";
static const char* const other = "another horse in the stable";
static const char* const third = "a third horse, out in the rain";

static clientbook_credential known(const char* passphrase) {
  clientbook_credential out;
  memset(&out, 0, sizeof out);
  out.struct_size = sizeof out;
  out.passphrase = passphrase;
  out.passphrase_size = strlen(passphrase);
  return out;
}

static clientbook_credential had(const char* path) {
  clientbook_credential out;
  memset(&out, 0, sizeof out);
  out.struct_size = sizeof out;
  out.identity_file = path;
  out.identity_file_size = strlen(path);
  return out;
}

static clientbook_status begin_as(clientbook_handle in, uint32_t actor, uint32_t role,
                                  const clientbook_credential* shown, clientbook_handle* out) {
  return clientbook_session_begin_as(context, in, actor, role, shown, out, &error);
}

static int list_says(clientbook_handle session, const char* what) {
  clientbook_bytes out = {NULL, 0, NULL};
  char text[8192] = "";
  NEED(clientbook_session_credentials(context, session, &out, &error) == CLIENTBOOK_OK);
  memcpy(text, out.data, out.size < sizeof text ? out.size : sizeof text - 1);
  clientbook_bytes_free(&out);
  return strstr(text, what) != NULL;
}

static int taken_says(clientbook_handle session, const char* what) {
  clientbook_bytes out = {NULL, 0, NULL};
  char text[1024] = "";
  NEED(clientbook_session_credentials_taken(context, session, &out, &error) == CLIENTBOOK_OK);
  memcpy(text, out.data, out.size < sizeof text ? out.size : sizeof text - 1);
  clientbook_bytes_free(&out);
  return strstr(text, what) != NULL;
}

static const char* const first =
    "{\"actor\": 40, \"roles\": [\"security_officer\"], \"name\": \"Ann\"}";
static const char* const second =
    "{\"actor\": 41, \"roles\": [\"security_officer\", \"privacy_officer\"], \"name\": \"Kim\"}";
static const char* const clerk =
    "{\"actor\": 12, \"roles\": [\"associate\"], \"name\": \"Vera\", \"days\": 30}";

static clientbook_handle book = 0, officer = 0, deputy = 0;

static clientbook_status enrol(clientbook_handle by, const char* what,
                               const clientbook_credential* shown, uint32_t* number) {
  return clientbook_session_enrol_credential(context, by, TEXT(what), shown, number, &error);
}

static void the_first_two(void) {
  const clientbook_credential ann = known(phrase), kim = had("kim.key"), nothing = known("");
  clientbook_credential none;
  clientbook_handle by_number = 0;
  uint32_t number = 0;
  memset(&none, 0, sizeof none);
  none.struct_size = sizeof none;
  NEED(clientbook_session_begin(context, book, 40, CLIENTBOOK_ROLE_SECURITY_OFFICER, &by_number,
                                &error) == CLIENTBOOK_OK);
  CHECK(enrol(by_number, first, &none, &number) == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(enrol(by_number, first, &nothing, &number) == CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(enrol(by_number, "{\"actor\": 40}", &ann, &number) == CLIENTBOOK_MISSING_FIELD);
  CHECK(enrol(by_number, first, &ann, &number) == CLIENTBOOK_OK);
  CHECK(number == 1);
  CHECK(begin_as(book, 40, CLIENTBOOK_ROLE_OWNER, &ann, &officer) == CLIENTBOOK_ROLE_DENIED);
  CHECK(begin_as(book, 40, 99, &ann, &officer) == CLIENTBOOK_INVALID_ARGUMENT);
  NEED(begin_as(book, 40, CLIENTBOOK_ROLE_SECURITY_OFFICER, &ann, &officer) == CLIENTBOOK_OK);
  CHECK(enrol(officer, second, &kim, &number) == CLIENTBOOK_OK);
  NEED(begin_as(book, 41, CLIENTBOOK_ROLE_SECURITY_OFFICER, &kim, &deputy) == CLIENTBOOK_OK);
  CHECK(enrol(officer, clerk, &ann, &number) == CLIENTBOOK_ALREADY_EXISTS);
  CHECK(error.at == 1);
}

static void a_third(void) {
  const clientbook_credential vera = known(other), next = known(third);
  clientbook_handle till = 0;
  clientbook_bytes out = {NULL, 0, NULL};
  uint32_t number = 0;
  CHECK(enrol(officer, clerk, &vera, &number) == CLIENTBOOK_OK);
  CHECK(number == 3);
  CHECK(begin_as(book, 12, CLIENTBOOK_ROLE_ASSOCIATE, &vera, &till) ==
        CLIENTBOOK_CREDENTIAL_INVALID);
  CHECK(list_says(officer, "\"waits\""));
  CHECK(clientbook_session_confirm_credential(context, officer, number, &error) ==
        CLIENTBOOK_SECOND_PERSON_REQUIRED);
  CHECK(clientbook_session_confirm_credential(context, deputy, number, &error) == CLIENTBOOK_OK);
  CHECK(list_says(officer, "\"Vera\""));
  CHECK(list_says(officer, "\"confirmed_by\":41"));
  NEED(begin_as(book, 12, CLIENTBOOK_ROLE_ASSOCIATE, &vera, &till) == CLIENTBOOK_OK);
  CHECK(clientbook_session_change_credential(context, till, &next, &next, &error) ==
        CLIENTBOOK_CREDENTIAL_INVALID);
  CHECK(clientbook_session_change_credential(context, till, &vera, &next, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_renew_credential(context, officer, number, 60, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_revoke_credential(context, officer, number, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_session_credentials(context, till, &out, &error) ==
        CLIENTBOOK_CREDENTIAL_INVALID);
}

static void everybody(void) {
  clientbook_handle till = 0, cursor = 0;
  uint32_t proposal = 0;
  uint64_t entry = 0;
  CHECK(taken_says(officer, "\"none\""));
  CHECK(clientbook_session_propose_credential_use(context, officer, 3, &proposal, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  CHECK(clientbook_session_propose_credential_use(context, officer, 2, &proposal, &error) ==
        CLIENTBOOK_OK);
  CHECK(clientbook_session_approve_credential_use(context, officer, proposal, &entry, &error) ==
        CLIENTBOOK_SECOND_PERSON_REQUIRED);
  CHECK(clientbook_session_approve_credential_use(context, deputy, proposal, &entry, &error) ==
        CLIENTBOOK_OK);
  CHECK(taken_says(officer, "\"everybody\""));
  CHECK(clientbook_session_begin(context, book, 12, CLIENTBOOK_ROLE_ASSOCIATE, &till, &error) ==
        CLIENTBOOK_CREDENTIAL_REQUIRED);
  /* A cursor is a session of its own, of who has shown who they are already. */
  CHECK(clientbook_session_scan(context, officer, 1, 0, &cursor, &error) == CLIENTBOOK_ROLE_DENIED);
}

int main(void) {
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, &error) == CLIENTBOOK_OK);
  NEED(clientbook_key_file_create(TEXT("kim.key"), TEXT("b/shop.book"), TEXT("k/shop.key"),
                                  &error) == CLIENTBOOK_OK);
  NEED(clientbook_book_create_in_memory(context, &gdpr_book, NULL, &book, &error) == CLIENTBOOK_OK);
  the_first_two();
  a_third();
  everybody();
  clientbook_context_destroy(context);
  return report("credentials");
}
