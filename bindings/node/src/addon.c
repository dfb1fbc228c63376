/* The addon: contexts, and every function of clientbook.h under its own name without "clientbook_".
 *
 * It is loaded once for each environment, the main thread's and each worker's, with contexts of its
 * own. Only lib/ calls it; it checks its arguments all the same. */
#include <stdlib.h>
#include <string.h>

#include "frame.h"

#include "calls.inc"

static napi_value abi_version(napi_env env, napi_callback_info info) {
  frame f;
  if (!frame_begin(&f, env, info, 0)) return NULL;
  give_number(&f, "abi_version", clientbook_abi_version());
  return frame_end(&f);
}

static napi_value version(napi_env env, napi_callback_info info) {
  napi_value out = NULL;
  (void)info;
  napi_create_string_utf8(env, clientbook_version(), NAPI_AUTO_LENGTH, &out);
  return out;
}

/* error_name(number): "no_basis". */
static napi_value error_name(napi_env env, napi_callback_info info) {
  frame f;
  napi_value out = NULL;
  if (!frame_begin(&f, env, info, 1)) return NULL;
  const int32_t code = (int32_t)take_signed(&f, 0, INT32_MIN, INT32_MAX);
  if (f.failed) return frame_end(&f);
  napi_create_string_utf8(env, clientbook_error_name(code), NAPI_AUTO_LENGTH, &out);
  return out;
}

static void end(napi_env env, holder* gone) {
  clientbook_context_destroy(gone->context);
  forget_clocks(env, gone);
  free(gone);
}

/* context_create(): the number of a new one. */
static napi_value context_create(napi_env env, napi_callback_info info) {
  frame f;
  if (!frame_begin(&f, env, info, 0)) return NULL;
  holder* made = calloc(1, sizeof *made);
  if (made == NULL) {
    fail(&f, CLIENTBOOK_LIMIT_EXCEEDED, "no memory", 0);
    return frame_end(&f);
  }
  settle(&f, clientbook_context_create(CLIENTBOOK_ABI_VERSION, &made->context, &f.error), 0, NULL);
  if (f.failed) {
    free(made);
    return frame_end(&f);
  }
  made->id = ++f.module->last_id;
  made->next = f.module->holders;
  f.module->holders = made;
  give_number(&f, "context", made->id);
  return frame_end(&f);
}

/* context_destroy(context): does nothing to one that is gone. */
static napi_value context_destroy(napi_env env, napi_callback_info info) {
  frame f;
  if (!frame_begin(&f, env, info, 1)) return NULL;
  const uint32_t id = (uint32_t)take_unsigned(&f, 0, UINT32_MAX);
  for (holder** at = &f.module->holders; !f.failed && *at != NULL; at = &(*at)->next) {
    if ((*at)->id != id) continue;
    holder* gone = *at;
    if (gone->busy) {
      fail(&f, CLIENTBOOK_INVALID_STATE, "the book is in a call, which calls back", 0);
      break;
    }
    *at = gone->next;
    end(env, gone);
    break;
  }
  return frame_end(&f);
}

/* on_error(function): makes an exception of (number, text, at, where). */
static napi_value on_error(napi_env env, napi_callback_info info) {
  frame f;
  napi_valuetype type = napi_undefined;
  if (!frame_begin(&f, env, info, 1)) return NULL;
  if (!f.failed) napi_typeof(env, f.arguments[0], &type);
  if (type != napi_function) {
    fail(&f, CLIENTBOOK_INVALID_ARGUMENT, "a function is needed", 0);
    return frame_end(&f);
  }
  if (f.module->make_error != NULL) napi_delete_reference(env, f.module->make_error);
  napi_create_reference(env, f.arguments[0], 1, &f.module->make_error);
  return frame_end(&f);
}

static void environment_ends(napi_env env, void* data, void* hint) {
  module* of = data;
  (void)hint;
  forget_readers(of);
  while (of->holders != NULL) {
    holder* gone = of->holders;
    of->holders = gone->next;
    end(env, gone);
  }
  if (of->make_error != NULL) napi_delete_reference(env, of->make_error);
  free(of);
}

static void add(module* to, napi_value exports, const char* name, napi_callback function) {
  napi_value made = NULL;
  napi_create_function(to->env, name, NAPI_AUTO_LENGTH, function, to, &made);
  napi_set_named_property(to->env, exports, name, made);
}

NAPI_MODULE_INIT() {
  module* made = calloc(1, sizeof *made);
  if (made == NULL || napi_set_instance_data(env, made, environment_ends, NULL) != napi_ok) {
    free(made);
    napi_throw_error(env, NULL, "no memory");
    return NULL;
  }
  made->env = env;
  add(made, exports, "abi_version", abi_version);
  add(made, exports, "version", version);
  add(made, exports, "error_name", error_name);
  add(made, exports, "context_create", context_create);
  add(made, exports, "context_destroy", context_destroy);
  add(made, exports, "on_error", on_error);
  add(made, exports, "reader_open", reader_open);
  add(made, exports, "reader_room", reader_room);
  add(made, exports, "reader_read", reader_read);
  add(made, exports, "reader_close", reader_close);
  for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {
    add(made, exports, calls[i].name, calls[i].function);
  }
  return exports;
}
