/* Handles that are closed, foreign, of another kind or made up; sessions in use by another thread;
 * fork. */
#define _POSIX_C_SOURCE 200809L
#include "testing.h"

#include <clientbook.h>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static clientbook_context* context = NULL;
static clientbook_error error;

static const clientbook_new_book gdpr_book = {
    sizeof(clientbook_new_book), "gdpr", 4, NULL, 0, 0, 0, NULL, 0, NULL, 0};

static clientbook_handle memory_book(clientbook_context* in) {
  clientbook_handle out = 0;
  NEED(clientbook_book_create_in_memory(in, &gdpr_book, NULL, &out, &error) == CLIENTBOOK_OK);
  return out;
}

static clientbook_handle session_of(clientbook_context* in, clientbook_handle book) {
  clientbook_handle out = 0;
  NEED(clientbook_session_begin(in, book, 7, CLIENTBOOK_ROLE_OWNER, &out, &error) == CLIENTBOOK_OK);
  return out;
}

static clientbook_status use(clientbook_context* in, clientbook_handle session) {
  clientbook_bytes out = {NULL, 0, NULL};
  const clientbook_status said = clientbook_session_figures(in, session, &out, &error);
  CHECK((said == CLIENTBOOK_OK) == (out.data != NULL));
  clientbook_bytes_free(&out);
  return said;
}

static clientbook_id someone(clientbook_handle session) {
  static const char* const record = "{\"name\": {\"given\": \"Ann\"}}";
  uint8_t order = 0;
  clientbook_id id;
  NEED(clientbook_term_find(CLIENTBOOK_TERM_PURPOSE, "customer_order_management", 25, &order,
                            &error) == CLIENTBOOK_OK);
  NEED(clientbook_session_put(context, session, CLIENTBOOK_JSON, (const uint8_t*)record,
                              strlen(record), &order, 1, NULL, 0, NULL, &id,
                              &error) == CLIENTBOOK_OK);
  return id;
}

static void wrong_handles(void) {
  clientbook_context* other = NULL;
  const clientbook_handle book = memory_book(context);
  const clientbook_handle session = session_of(context, book);
  clientbook_handle foreign = 0;
  clientbook_handle again = 0;
  int i = 0;
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &other, &error) == CLIENTBOOK_OK);
  foreign = session_of(other, memory_book(other));

  CHECK(use(context, session) == CLIENTBOOK_OK);
  CHECK(use(context, 0) == CLIENTBOOK_INVALID_HANDLE);
  CHECK(use(context, foreign) == CLIENTBOOK_INVALID_HANDLE);
  CHECK(use(other, session) == CLIENTBOOK_INVALID_HANDLE);
  CHECK(use(context, book) == CLIENTBOOK_INVALID_HANDLE); /* of another kind */
  CHECK(clientbook_session_begin(context, session, 7, CLIENTBOOK_ROLE_AUDITOR, &again, &error) ==
        CLIENTBOOK_INVALID_HANDLE);
  CHECK(again == 0);
  for (i = 0; i < 64; ++i) {
    const clientbook_handle near = session ^ ((clientbook_handle)1 << i);
    if (near != book) CHECK(use(context, near) == CLIENTBOOK_INVALID_HANDLE);
  }
  CHECK(clientbook_close(context, session, &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, session, &error) == CLIENTBOOK_INVALID_HANDLE);
  CHECK(use(context, session) == CLIENTBOOK_INVALID_HANDLE);
  again = session_of(context, book); /* takes the slot of the one that was closed */
  CHECK(again != session && use(context, session) == CLIENTBOOK_INVALID_HANDLE);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
  CHECK(use(context, again) == CLIENTBOOK_OK); /* what was opened from it stays open */
  clientbook_context_destroy(other);
  CHECK(use(context, foreign) == CLIENTBOOK_INVALID_HANDLE);
  CHECK(clientbook_close(context, again, &error) == CLIENTBOOK_OK);
}

static clientbook_handle shared_session = 0;
static clientbook_status seen_by_another = -1;
static clientbook_status closed_by_another = -1;
static void* use_elsewhere(void* unused) {
  (void)unused;
  seen_by_another = use(context, shared_session);
  closed_by_another = clientbook_close(context, shared_session, NULL);
  return NULL;
}

static void transactions_stay_with_their_thread(void) {
  pthread_t thread;
  const clientbook_handle book = memory_book(context);
  shared_session = session_of(context, book);
  NEED(clientbook_session_begin_transaction(context, shared_session, &error) == CLIENTBOOK_OK);
  NEED(pthread_create(&thread, NULL, use_elsewhere, NULL) == 0);
  pthread_join(thread, NULL);
  CHECK(seen_by_another == CLIENTBOOK_INVALID_STATE &&
        closed_by_another == CLIENTBOOK_INVALID_STATE);
  CHECK(clientbook_session_rollback(context, shared_session, &error) == CLIENTBOOK_OK);
  NEED(pthread_create(&thread, NULL, use_elsewhere, NULL) == 0);
  pthread_join(thread, NULL);
  CHECK(seen_by_another == CLIENTBOOK_OK && closed_by_another == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
}

/* The callback of verify runs while the session is in use. */
static void use_within(void* to, uint64_t done) {
  (void)done;
  *(clientbook_status*)to = use(context, shared_session);
}
static void one_call_at_a_time(void) {
  clientbook_progress progress;
  clientbook_bytes out = {NULL, 0, NULL};
  clientbook_status within = -1;
  const clientbook_handle book = memory_book(context);
  shared_session = session_of(context, book);
  (void)someone(shared_session);
  memset(&progress, 0, sizeof progress);
  progress.struct_size = sizeof progress;
  progress.context = &within;
  progress.done = use_within;
  CHECK(clientbook_session_verify(context, shared_session, &progress, &out, &error) ==
        CLIENTBOOK_OK);
  clientbook_bytes_free(&out);
  CHECK(within == CLIENTBOOK_INVALID_STATE);
  CHECK(use(context, shared_session) == CLIENTBOOK_OK);
}

static void child_makes_its_own(void) {
  const clientbook_handle book = memory_book(context);
  const clientbook_handle session = session_of(context, book);
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    clientbook_context* own = NULL;
    const int good =
        use(context, session) == CLIENTBOOK_INVALID_STATE &&
        clientbook_close(context, session, NULL) == CLIENTBOOK_INVALID_STATE &&
        clientbook_context_create(CLIENTBOOK_ABI_VERSION, &own, NULL) == CLIENTBOOK_OK &&
        use(own, session_of(own, memory_book(own))) == CLIENTBOOK_OK;
    clientbook_context_destroy(context); /* leaves alone what is the parent's */
    _exit(good ? 0 : 1);
  }
  NEED(child > 0 && waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK(use(context, session) == CLIENTBOOK_OK);
}

/* Many threads over one book, each with sessions of its own, and handles that come and go. */
enum { threads = 4, rounds = 200 };
static clientbook_handle shared_book = 0;
static clientbook_id shared_customer;
static void* work(void* failures) {
  int i = 0;
  for (i = 0; i < rounds; ++i) {
    clientbook_handle session = 0;
    clientbook_bytes out = {NULL, 0, NULL};
    if (clientbook_session_begin(context, shared_book, 7, CLIENTBOOK_ROLE_ASSOCIATE, &session,
                                 NULL) != 0 ||
        clientbook_session_read(context, session, &shared_customer, 15, 0, CLIENTBOOK_FLAT, &out,
                                NULL) != 0 ||
        clientbook_close(context, session, NULL) != 0 ||
        clientbook_close(context, session, NULL) != CLIENTBOOK_INVALID_HANDLE) {
      ++*(int*)failures;
    }
    clientbook_bytes_free(&out);
  }
  return NULL;
}
static void many_threads(void) {
  pthread_t running[threads];
  int failures[threads] = {0};
  int i = 0;
  shared_book = memory_book(context);
  shared_customer = someone(session_of(context, shared_book));
  for (i = 0; i < threads; ++i) NEED(pthread_create(&running[i], NULL, work, &failures[i]) == 0);
  for (i = 0; i < threads; ++i) {
    pthread_join(running[i], NULL);
    CHECK(failures[i] == 0);
  }
}

/* A root cell of the host's own. */
static uint64_t epochs[2];
static uint8_t keys[2][32];
static int32_t load(void* of, uint64_t* current, uint8_t* current_key, uint64_t* staged,
                    uint8_t* staged_key) {
  (void)of;
  *current = epochs[0];
  *staged = epochs[1];
  memcpy(current_key, keys[0], 32);
  memcpy(staged_key, keys[1], 32);
  return CLIENTBOOK_OK;
}
static int32_t stage(void* of, uint64_t epoch, const uint8_t* key) {
  (void)of;
  epochs[1] = epoch;
  memcpy(keys[1], key, 32);
  return CLIENTBOOK_OK;
}
static int32_t promote(void* of, uint64_t epoch) {
  (void)of;
  if (epochs[0] >= epoch) return CLIENTBOOK_OK;
  if (epochs[1] != epoch) return CLIENTBOOK_INVALID_STATE;
  epochs[0] = epoch;
  memcpy(keys[0], keys[1], 32);
  epochs[1] = 0;
  memset(keys[1], 0, 32);
  return CLIENTBOOK_OK;
}
static int32_t drop(void* of, uint64_t epoch) {
  (void)of;
  if (epochs[1] == epoch) epochs[1] = 0;
  return CLIENTBOOK_OK;
}
static int32_t gone(void* of, uint64_t* a, uint8_t* b, uint64_t* c, uint8_t* d) {
  (void)of;
  (void)a;
  (void)b;
  (void)c;
  (void)d;
  return CLIENTBOOK_KEY_UNAVAILABLE;
}

static void own_root_cell(const char* folder) {
  clientbook_root_cell_functions functions;
  clientbook_handle cell = 0;
  clientbook_handle book = 0;
  char path[4096];
  snprintf(path, sizeof path, "%s/cell.book", folder);
  memset(&functions, 0, sizeof functions);
  functions.struct_size = sizeof functions;
  CHECK(clientbook_root_cell_from_functions(context, &functions, &cell, &error) ==
        CLIENTBOOK_INVALID_ARGUMENT);
  functions.load = load;
  functions.stage = stage;
  functions.promote = promote;
  functions.drop = drop;
  NEED(clientbook_root_cell_from_functions(context, &functions, &cell, &error) == CLIENTBOOK_OK);
  NEED(clientbook_book_create_with_cell(context, path, strlen(path), cell, &gdpr_book, NULL, &book,
                                        &error) == CLIENTBOOK_OK);
  CHECK(epochs[0] != 0);
  CHECK(clientbook_book_create_with_cell(context, path, strlen(path), book, &gdpr_book, NULL, &book,
                                         &error) == CLIENTBOOK_INVALID_HANDLE);
  CHECK(clientbook_close(context, cell, &error) == CLIENTBOOK_OK);
  CHECK(use(context, session_of(context, book)) == CLIENTBOOK_OK);

  functions.load = gone;
  NEED(clientbook_root_cell_from_functions(context, &functions, &cell, &error) == CLIENTBOOK_OK);
  snprintf(path, sizeof path, "%s/other.book", folder);
  CHECK(clientbook_book_create_with_cell(context, path, strlen(path), cell, &gdpr_book, NULL, &book,
                                         &error) == CLIENTBOOK_KEY_UNAVAILABLE);
}

static void file_root_cell(const char* folder) {
  char key[4096];
  char path[4096];
  clientbook_handle cell = 0;
  clientbook_handle book = 0;
  snprintf(key, sizeof key, "%s/own keys/file.key", folder);
  snprintf(path, sizeof path, "%s/file.book", folder);
  CHECK(clientbook_root_cell_open_file(context, key, strlen(key), path, strlen(path), &cell,
                                       &error) == CLIENTBOOK_KEY_UNAVAILABLE);
  NEED(clientbook_root_cell_create_file(context, key, strlen(key), path, strlen(path), &cell,
                                        &error) == CLIENTBOOK_OK);
  CHECK(clientbook_root_cell_create_file(context, key, strlen(key), path, strlen(path), &cell,
                                         &error) == CLIENTBOOK_ALREADY_EXISTS);
  NEED(clientbook_book_create_with_cell(context, path, strlen(path), cell, &gdpr_book, NULL, &book,
                                        &error) == CLIENTBOOK_OK);
  CHECK(clientbook_close(context, book, &error) == CLIENTBOOK_OK);
  NEED(clientbook_root_cell_open_file(context, key, strlen(key), path, strlen(path), &cell,
                                      &error) == CLIENTBOOK_OK);
  CHECK(clientbook_book_open_with_cell(context, path, strlen(path), cell, NULL, &book, &error) ==
        CLIENTBOOK_OK);
}

int main(int count, char** arguments) {
  NEED(count == 2);
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, &error) == CLIENTBOOK_OK);
  wrong_handles();
  transactions_stay_with_their_thread();
  one_call_at_a_time();
  child_makes_its_own();
  many_threads();
  own_root_cell(arguments[1]);
  file_root_cell(arguments[1]);
  clientbook_context_destroy(context);
  return report("handles");
}
