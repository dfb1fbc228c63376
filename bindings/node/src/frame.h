/* One call from JavaScript into the library: what goes in is checked and copied, what comes out is
 * made JavaScript's, what was copied is wiped.
 *
 * calls.inc, which is generated from clientbook.h, is written in terms of these. Whatever is wrong
 * becomes an exception with a code; after the first one the rest of a frame does nothing. */
#ifndef CLIENTBOOK_NODE_FRAME_H
#define CLIENTBOOK_NODE_FRAME_H

#define NAPI_VERSION 8
#include <clientbook.h>
#include <node_api.h>
#include <stdbool.h>

enum { most_arguments = 12, most_results = 4, most_copies = 24 };

struct clock;

/* A context and what it has borrowed from JavaScript. */
typedef struct holder {
  uint32_t id; /* What JavaScript calls it by: never used again. */
  clientbook_context* context;
  bool busy; /* A call is under way, perhaps one that calls back. */
  struct clock* clocks;
  struct holder* next;
} holder;

/* All that there is in one environment: the main thread's, or a worker's. */
typedef struct module {
  napi_env env;
  napi_ref make_error;
  uint32_t last_id;
  holder* holders;
  struct reader* readers;
} module;

typedef struct span {
  const void* data; /* NULL: not given. */
  size_t size;
} span;

typedef struct frame {
  napi_env env;
  module* module;
  napi_value arguments[most_arguments];
  bool failed;
  holder* in;
  napi_value functions[2]; /* Called back in this call: progress, or a sink's write and finish. */
  napi_value raised;       /* By one of them; NULL: nothing. */
  clientbook_error error;
  span copies[most_copies];
  size_t copy_count;
  const char* names[most_results];
  napi_value results[most_results];
  size_t result_count;
} frame;

bool frame_begin(frame* f, napi_env env, napi_callback_info info, size_t arguments);
/* What the call gives: nothing, a value, or an object of several; NULL with an exception pending.
 */
napi_value frame_end(frame* f);

/* An exception with this code; the first one stays. */
void fail(frame* f, int32_t code, const char* text, uint64_t at);
/* What the library refused; `session`, if not 0, tells where in a text, and so does `where`. */
void settle(frame* f, clientbook_status status, clientbook_handle session,
            const clientbook_bytes* where);

/* Looks a context up and holds it until the end of the frame. */
clientbook_context* take_context(frame* f, size_t index);
holder* find_holder(const module* in, uint32_t id);
uint64_t take_unsigned(frame* f, size_t index, uint64_t most);
int64_t take_signed(frame* f, size_t index, int64_t least, int64_t most);
span take_data(frame* f, size_t index, bool optional);
clientbook_id take_id(frame* f, size_t index);
bool take_flag(frame* f, size_t index);

/* Members of an object of options; those that are absent are zero. */
bool take_object(frame* f, size_t index, bool optional);
uint64_t member_unsigned(frame* f, size_t index, const char* name, uint64_t most);
span member_data(frame* f, size_t index, const char* name);
void member_letters(frame* f, size_t index, const char* name, char* out, size_t size);
napi_value member_function(frame* f, size_t index, const char* name);

void give_unsigned(frame* f, const char* name, uint64_t value);
void give_number(frame* f, const char* name, uint32_t value);
void give_id(frame* f, const char* name, const clientbook_id* value);
/* As a text or, where they are none, as bytes; wipes and frees them. */
void give_text(frame* f, const char* name, clientbook_bytes* bytes);
void give_bytes(frame* f, const char* name, clientbook_bytes* bytes);

/* Functions of JavaScript in structs of options. */
void borrow_clientbook_book_options(frame* f, size_t index, clientbook_book_options* out);
void borrow_clientbook_progress(frame* f, size_t index, clientbook_progress* out);
void borrow_clientbook_sink(frame* f, size_t index, clientbook_sink* out);
void forget_clocks(napi_env env, holder* of);

/* Reads of views into memory that JavaScript keeps: reader.c. */
napi_value reader_open(napi_env env, napi_callback_info info);
napi_value reader_room(napi_env env, napi_callback_info info);
napi_value reader_read(napi_env env, napi_callback_info info);
napi_value reader_close(napi_env env, napi_callback_info info);
void forget_readers(module* of);

void wipe(void* data, size_t size);

#endif
