/* What the library calls back: a clock, a listener, progress, a sink. Each is called in the thread
 * that calls the library, within its call, during which the book takes no other one. */
#include <stdlib.h>
#include <string.h>

#include "frame.h"

/* Lives as long as the context. */
struct clock {
  napi_env env;
  napi_ref function;
  struct clock* next;
};

/* Calls a function; false if it threw, and then `raised` is what. */
static bool call(napi_env env, napi_value function, size_t count, const napi_value* arguments,
                 napi_value* out, napi_value* raised) {
  napi_value receiver = NULL;
  napi_get_undefined(env, &receiver);
  if (napi_call_function(env, receiver, function, count, arguments, out) == napi_ok) return true;
  bool pending = false;
  *raised = NULL;
  napi_is_exception_pending(env, &pending);
  if (pending) napi_get_and_clear_last_exception(env, raised);
  return false;
}

/* Of whatever goes wrong the library is told 1970, so that no permission with a time limit holds.
 */
static int64_t tell_time(void* context) {
  struct clock* asked = context;
  napi_handle_scope scope = NULL;
  napi_value function = NULL, told = NULL, raised = NULL;
  double seconds = 0;
  if (napi_open_handle_scope(asked->env, &scope) != napi_ok) return 0;
  if (napi_get_reference_value(asked->env, asked->function, &function) == napi_ok &&
      function != NULL && call(asked->env, function, 0, NULL, &told, &raised)) {
    if (napi_get_value_double(asked->env, told, &seconds) != napi_ok) seconds = 0;
  }
  napi_close_handle_scope(asked->env, scope);
  return seconds > 0 && seconds < 253402300800.0 ? (int64_t)seconds : 0;
}

/* What a listener throws is the program's: the library has said what it had to. */
static void tell_event(void* context, const char* event, size_t size) {
  struct clock* told = context;
  napi_handle_scope scope = NULL;
  napi_value function = NULL, text = NULL, answer = NULL, raised = NULL;
  if (napi_open_handle_scope(told->env, &scope) != napi_ok) return;
  if (napi_get_reference_value(told->env, told->function, &function) == napi_ok &&
      function != NULL && napi_create_string_utf8(told->env, event, size, &text) == napi_ok) {
    call(told->env, function, 1, &text, &answer, &raised);
  }
  napi_close_handle_scope(told->env, scope);
}

/* A function of the program's that is called as long as the context lives; NULL: there is none. */
static struct clock* kept_function(frame* f, size_t index, const char* name) {
  const napi_value function = member_function(f, index, name);
  if (function == NULL || f->failed || f->in == NULL) return NULL;
  struct clock* made = calloc(1, sizeof *made);
  if (made == NULL) {
    fail(f, CLIENTBOOK_LIMIT_EXCEEDED, "no memory", 0);
    return NULL;
  }
  made->env = f->env;
  napi_create_reference(f->env, function, 1, &made->function);
  made->next = f->in->clocks;
  f->in->clocks = made;
  return made;
}

void borrow_clientbook_book_options(frame* f, size_t index, clientbook_book_options* out) {
  struct clock* const clock = kept_function(f, index, "now");
  if (clock != NULL) {
    out->now = tell_time;
    out->clock = clock;
  }
  struct clock* const listener = kept_function(f, index, "heard");
  if (listener != NULL) {
    out->heard = tell_event;
    out->listener = listener;
  }
}

void forget_clocks(napi_env env, holder* of) {
  while (of->clocks != NULL) {
    struct clock* gone = of->clocks;
    of->clocks = gone->next;
    napi_delete_reference(env, gone->function);
    free(gone);
  }
}

/* Calls one of the frame's functions and gives a number that it returned; an exception is kept for
 * the caller, nothing is called after it, and the call that called back is stopped. */
static double ask(frame* f, size_t which, size_t count, napi_value* arguments) {
  napi_value told = NULL, raised = NULL;
  double out = 0;
  bool yes = false;
  if (call(f->env, f->functions[which], count, arguments, &told, &raised)) {
    if (napi_get_value_double(f->env, told, &out) == napi_ok) return out;
    return napi_get_value_bool(f->env, told, &yes) == napi_ok && yes ? 1 : 0;
  }
  if (raised == NULL) { /* The environment is ending. */
    f->failed = true;
  }
  f->raised = raised;
  clientbook_cancel(f->in->context, take_unsigned(f, 1, UINT64_MAX), NULL);
  return 0;
}

static double ask_in_scope(frame* f, size_t which, size_t count, napi_value* arguments,
                           napi_escapable_handle_scope scope) {
  const double out = ask(f, which, count, arguments);
  if (f->raised != NULL) napi_escape_handle(f->env, scope, f->raised, &f->raised);
  napi_close_escapable_handle_scope(f->env, scope);
  return out;
}

static bool goes_on(frame* f, napi_escapable_handle_scope* scope) {
  return f->raised == NULL && !f->failed &&
         napi_open_escapable_handle_scope(f->env, scope) == napi_ok;
}

static void tell_progress(void* context, uint64_t done) {
  frame* f = context;
  napi_escapable_handle_scope scope = NULL;
  napi_value number = NULL;
  if (!goes_on(f, &scope)) return;
  napi_create_double(f->env, (double)done, &number);
  ask_in_scope(f, 0, 1, &number, scope);
}

void borrow_clientbook_progress(frame* f, size_t index, clientbook_progress* out) {
  f->functions[0] = member_function(f, index, "done");
  if (f->functions[0] == NULL) return;
  out->context = f;
  out->done = tell_progress;
}

static size_t write_out(void* context, const char* file, size_t file_size, const char* bytes,
                        size_t size) {
  frame* f = context;
  napi_escapable_handle_scope scope = NULL;
  napi_value arguments[2];
  void* copy = NULL;
  if (!goes_on(f, &scope)) return 0;
  napi_create_string_utf8(f->env, file, file_size, &arguments[0]);
  if (napi_create_buffer_copy(f->env, size, bytes, &copy, &arguments[1]) != napi_ok) {
    napi_close_escapable_handle_scope(f->env, scope);
    return 0;
  }
  const double written = ask_in_scope(f, 0, 2, arguments, scope);
  return written > 0 && written <= (double)size ? (size_t)written : 0;
}

static int finish(void* context) {
  frame* f = context;
  napi_escapable_handle_scope scope = NULL;
  return goes_on(f, &scope) && ask_in_scope(f, 1, 0, NULL, scope) != 0;
}

void borrow_clientbook_sink(frame* f, size_t index, clientbook_sink* out) {
  f->functions[0] = member_function(f, index, "write");
  f->functions[1] = member_function(f, index, "finish");
  if (f->functions[0] != NULL) out->write = write_out;
  if (f->functions[1] != NULL) out->finish = finish;
  out->context = f;
}
