/* Arguments, results and exceptions of a call: frame.h tells what each does. */
#include "frame.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void wipe(void* data, size_t size) {
  volatile unsigned char* at = data;
  while (size-- > 0) *at++ = 0;
}

/* --- exceptions ----------------------------------------------------------------------------- */

static napi_value made_text(napi_env env, const char* text, size_t size) {
  napi_value out = NULL;
  napi_create_string_utf8(env, text, size, &out);
  return out;
}

/* Calls what lib/errors.js has set; without it, or if that fails, an error of Node's own. */
static void raise(frame* f, int32_t code, const char* text, uint64_t at, const char* where,
                  size_t where_size) {
  napi_value make = NULL, receiver = NULL, made = NULL, arguments[4];
  if (text == NULL) text = ""; /* A library that says nothing of its error. */
  f->failed = true;
  if (f->module->make_error != NULL &&
      napi_get_reference_value(f->env, f->module->make_error, &make) == napi_ok && make != NULL) {
    napi_get_undefined(f->env, &receiver);
    napi_create_int32(f->env, code, &arguments[0]);
    arguments[1] = made_text(f->env, text, NAPI_AUTO_LENGTH);
    napi_create_double(f->env, (double)at, &arguments[2]);
    arguments[3] = made_text(f->env, where, where_size);
    if (napi_call_function(f->env, receiver, make, 4, arguments, &made) == napi_ok) {
      napi_throw(f->env, made);
      return;
    }
  }
  napi_throw_error(f->env, NULL, text);
}

void fail(frame* f, int32_t code, const char* text, uint64_t at) {
  if (!f->failed) raise(f, code, text, at, "", 0);
}

static bool is_about_input(int32_t code) {
  switch (code) {
    case CLIENTBOOK_INVALID_ENCODING:
    case CLIENTBOOK_UNKNOWN_FIELD:
    case CLIENTBOOK_INVALID_VALUE:
    case CLIENTBOOK_MISSING_FIELD:
    case CLIENTBOOK_WRONG_TYPE:
    case CLIENTBOOK_ALREADY_EXISTS:
    case CLIENTBOOK_UNKNOWN_NOTICE:
    case CLIENTBOOK_LIMIT_EXCEEDED:
      return true;
    default:
      return false;
  }
}

void settle(frame* f, clientbook_status status, clientbook_handle session,
            const clientbook_bytes* where) {
  clientbook_bytes told = {NULL, 0, NULL};
  if (f->raised != NULL) {
    f->failed = true;
    napi_throw(f->env, f->raised);
    return;
  }
  if (status == CLIENTBOOK_OK || f->failed) return;
  if (session != 0 && is_about_input(status)) {
    clientbook_session_where(f->in->context, session, &told, NULL);
    where = &told;
  }
  raise(f, status, f->error.text, f->error.at,
        where != NULL && where->data != NULL ? (const char*)where->data : "",
        where != NULL ? where->size : 0);
  clientbook_bytes_free(&told);
}

/* --- a frame -------------------------------------------------------------------------------- */

bool frame_begin(frame* f, napi_env env, napi_callback_info info, size_t arguments) {
  void* data = NULL;
  size_t given = most_arguments;
  memset(f, 0, sizeof *f);
  f->env = env;
  if (napi_get_cb_info(env, info, &given, f->arguments, NULL, &data) != napi_ok) return false;
  f->module = data;
  if (given < arguments) fail(f, CLIENTBOOK_INVALID_ARGUMENT, "an argument is missing", given);
  return true;
}

static napi_value result_of(frame* f) {
  napi_value out = NULL;
  if (f->failed) return NULL;
  if (f->result_count == 1) return f->results[0];
  if (f->result_count == 0) {
    napi_get_undefined(f->env, &out);
    return out;
  }
  napi_create_object(f->env, &out);
  for (size_t i = 0; i < f->result_count; ++i) {
    napi_set_named_property(f->env, out, f->names[i], f->results[i]);
  }
  return out;
}

napi_value frame_end(frame* f) {
  for (size_t i = 0; i < f->copy_count; ++i) {
    wipe((void*)f->copies[i].data, f->copies[i].size);
    free((void*)f->copies[i].data);
  }
  if (f->in != NULL) f->in->busy = false;
  return result_of(f);
}

/* --- what goes in --------------------------------------------------------------------------- */

holder* find_holder(const module* in, uint32_t id) {
  holder* at = in->holders;
  while (at != NULL && at->id != id) at = at->next;
  return at;
}

clientbook_context* take_context(frame* f, size_t index) {
  const uint32_t id = (uint32_t)take_unsigned(f, index, UINT32_MAX);
  if (f->failed) return NULL;
  holder* found = find_holder(f->module, id);
  if (found == NULL) {
    fail(f, CLIENTBOOK_INVALID_STATE, "the book is closed", 0);
  } else if (found->busy) {
    fail(f, CLIENTBOOK_INVALID_STATE, "the book is in a call, which calls back", 0);
  } else {
    found->busy = true;
    f->in = found;
  }
  return f->failed ? NULL : found->context;
}

static napi_valuetype type_of(frame* f, napi_value value) {
  napi_valuetype out = napi_undefined;
  if (value != NULL) napi_typeof(f->env, value, &out);
  return out;
}

static bool is_absent(frame* f, napi_value value) {
  const napi_valuetype type = type_of(f, value);
  return type == napi_undefined || type == napi_null;
}

static const double largest_exact = 9007199254740991.0;

static uint64_t to_unsigned(frame* f, napi_value value, uint64_t most, size_t at) {
  const napi_valuetype type = type_of(f, value);
  uint64_t out = 0;
  if (type == napi_number) {
    double number = 0;
    napi_get_value_double(f->env, value, &number);
    if (number >= 0 && number <= largest_exact && number == (double)(uint64_t)number) {
      out = (uint64_t)number;
    } else {
      fail(f, CLIENTBOOK_INVALID_ARGUMENT, "no whole number that is not negative", at);
    }
  } else if (type == napi_bigint) {
    bool whole = false;
    napi_get_value_bigint_uint64(f->env, value, &out, &whole);
    if (!whole) fail(f, CLIENTBOOK_INVALID_ARGUMENT, "a number that is negative or too large", at);
  } else {
    fail(f, CLIENTBOOK_INVALID_ARGUMENT, "a whole number is needed", at);
  }
  if (out > most) fail(f, CLIENTBOOK_INVALID_ARGUMENT, "a number that is too large", at);
  return f->failed ? 0 : out;
}

uint64_t take_unsigned(frame* f, size_t index, uint64_t most) {
  return f->failed ? 0 : to_unsigned(f, f->arguments[index], most, index);
}

int64_t take_signed(frame* f, size_t index, int64_t least, int64_t most) {
  const napi_value value = f->arguments[index];
  int64_t out = 0;
  bool whole = false;
  if (f->failed) return 0;
  if (type_of(f, value) == napi_bigint) {
    napi_get_value_bigint_int64(f->env, value, &out, &whole);
  } else if (type_of(f, value) == napi_number) {
    double number = 0;
    napi_get_value_double(f->env, value, &number);
    whole = number >= -largest_exact && number <= largest_exact;
    out = whole ? (int64_t)number : 0;
    whole = whole && (double)out == number;
  }
  if (!whole || out < least || out > most) {
    fail(f, CLIENTBOOK_INVALID_ARGUMENT, "a whole number in range is needed", index);
    return 0;
  }
  return out;
}

bool take_flag(frame* f, size_t index) {
  bool out = false;
  if (f->failed) return false;
  if (napi_get_value_bool(f->env, f->arguments[index], &out) != napi_ok) {
    fail(f, CLIENTBOOK_INVALID_ARGUMENT, "true or false is needed", index);
  }
  return out;
}

/* Memory that is wiped and freed with the frame. */
static void* room(frame* f, size_t size) {
  void* out = f->copy_count < most_copies ? malloc(size + 1) : NULL;
  if (out == NULL) {
    fail(f, CLIENTBOOK_LIMIT_EXCEEDED, "no memory", 0);
    return NULL;
  }
  f->copies[f->copy_count].data = out;
  f->copies[f->copy_count++].size = size + 1;
  return out;
}

/* UTF-16 to UTF-8; a surrogate without its other half is refused, not replaced. Returns the size;
 * `to` has room for three bytes a unit. */
static size_t encode(frame* f, const char16_t* from, size_t units, unsigned char* to) {
  unsigned char* const begin = to;
  for (size_t i = 0; i < units; ++i) {
    uint32_t c = from[i];
    if (c >= 0xd800 && c <= 0xdfff) {
      const uint32_t low = i + 1 < units ? from[i + 1] : 0;
      if (c > 0xdbff || low < 0xdc00 || low > 0xdfff) {
        fail(f, CLIENTBOOK_INVALID_ENCODING, "half of a surrogate pair", i);
        return 0;
      }
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
      ++i;
      *to++ = (unsigned char)(0xf0 | c >> 18);
      *to++ = (unsigned char)(0x80 | (c >> 12 & 0x3f));
      *to++ = (unsigned char)(0x80 | (c >> 6 & 0x3f));
      *to++ = (unsigned char)(0x80 | (c & 0x3f));
    } else if (c >= 0x800) {
      *to++ = (unsigned char)(0xe0 | c >> 12);
      *to++ = (unsigned char)(0x80 | (c >> 6 & 0x3f));
      *to++ = (unsigned char)(0x80 | (c & 0x3f));
    } else if (c >= 0x80) {
      *to++ = (unsigned char)(0xc0 | c >> 6);
      *to++ = (unsigned char)(0x80 | (c & 0x3f));
    } else {
      *to++ = (unsigned char)c;
    }
  }
  return (size_t)(to - begin);
}

static span of_text(frame* f, napi_value value) {
  size_t units = 0;
  const span none = {NULL, 0};
  span out = {NULL, 0};
  napi_get_value_string_utf16(f->env, value, NULL, 0, &units);
  char16_t* wide = room(f, units * sizeof *wide + sizeof *wide);
  unsigned char* narrow = wide == NULL ? NULL : room(f, 3 * units);
  if (narrow == NULL) return none;
  napi_get_value_string_utf16(f->env, value, wide, units + 1, &units);
  out.size = encode(f, wide, units, narrow);
  out.data = narrow;
  return f->failed ? none : out;
}

/* A copy: what a callback or another thread does to the array is not the library's concern. */
static span of_bytes(frame* f, napi_value value, size_t at) {
  napi_typedarray_type type = napi_int8_array;
  bool is_array = false;
  size_t size = 0;
  void* data = NULL;
  span out = {NULL, 0};
  napi_is_typedarray(f->env, value, &is_array);
  if (is_array) napi_get_typedarray_info(f->env, value, &type, &size, &data, NULL, NULL);
  if (!is_array || type != napi_uint8_array) {
    fail(f, CLIENTBOOK_INVALID_ARGUMENT, "a text or a Uint8Array is needed", at);
    return out;
  }
  void* copy = room(f, size);
  if (copy == NULL) return out;
  if (size > 0) memcpy(copy, data, size);
  out.data = copy;
  out.size = size;
  return out;
}

static span to_data(frame* f, napi_value value, bool optional, size_t at) {
  const span none = {NULL, 0};
  if (optional && is_absent(f, value)) return none;
  return type_of(f, value) == napi_string ? of_text(f, value) : of_bytes(f, value, at);
}

span take_data(frame* f, size_t index, bool optional) {
  const span none = {NULL, 0};
  return f->failed ? none : to_data(f, f->arguments[index], optional, index);
}

clientbook_id take_id(frame* f, size_t index) {
  clientbook_id out;
  memset(&out, 0, sizeof out);
  const span given = take_data(f, index, false);
  if (f->failed) return out;
  if (given.size != sizeof out.bytes) {
    fail(f, CLIENTBOOK_INVALID_ARGUMENT, "an id has 16 bytes", index);
  } else {
    memcpy(out.bytes, given.data, sizeof out.bytes);
  }
  return out;
}

/* --- objects of options --------------------------------------------------------------------- */

bool take_object(frame* f, size_t index, bool optional) {
  if (f->failed || (optional && is_absent(f, f->arguments[index]))) return false;
  if (type_of(f, f->arguments[index]) == napi_object) return true;
  fail(f, CLIENTBOOK_INVALID_ARGUMENT, "an object of options is needed", index);
  return false;
}

static napi_value member(frame* f, size_t index, const char* name) {
  napi_value out = NULL;
  if (f->failed) return NULL;
  if (napi_get_named_property(f->env, f->arguments[index], name, &out) != napi_ok) {
    f->failed = true; /* A getter has thrown: that is pending. */
    return NULL;
  }
  return is_absent(f, out) ? NULL : out;
}

uint64_t member_unsigned(frame* f, size_t index, const char* name, uint64_t most) {
  const napi_value value = member(f, index, name);
  return value == NULL ? 0 : to_unsigned(f, value, most, index);
}

span member_data(frame* f, size_t index, const char* name) {
  const span none = {NULL, 0};
  const napi_value value = member(f, index, name);
  return value == NULL ? none : to_data(f, value, false, index);
}

void member_letters(frame* f, size_t index, const char* name, char* out, size_t size) {
  const span given = member_data(f, index, name);
  if (f->failed || given.size == 0) return;
  if (given.size == size) {
    memcpy(out, given.data, size);
  } else {
    fail(f, CLIENTBOOK_INVALID_ARGUMENT, "a country has two letters", index);
  }
}

napi_value member_function(frame* f, size_t index, const char* name) {
  const napi_value value = member(f, index, name);
  if (value == NULL || type_of(f, value) == napi_function) return value;
  fail(f, CLIENTBOOK_INVALID_ARGUMENT, "a function is needed", index);
  return NULL;
}

/* --- what comes out ------------------------------------------------------------------------- */

static void give(frame* f, const char* name, napi_status made, napi_value value) {
  if (f->failed) return;
  if (made != napi_ok || f->result_count == most_results) {
    fail(f, CLIENTBOOK_LIMIT_EXCEEDED, "too large for JavaScript", 0);
    return;
  }
  f->names[f->result_count] = name;
  f->results[f->result_count++] = value;
}

void give_unsigned(frame* f, const char* name, uint64_t value) {
  napi_value out = NULL;
  const napi_status made = napi_create_bigint_uint64(f->env, value, &out);
  give(f, name, made, out);
}

void give_number(frame* f, const char* name, uint32_t value) {
  napi_value out = NULL;
  const napi_status made = napi_create_uint32(f->env, value, &out);
  give(f, name, made, out);
}

static napi_status bytes_of(napi_env env, const void* data, size_t size, napi_value* out) {
  void* to = NULL;
  napi_value memory = NULL;
  napi_status made = napi_create_arraybuffer(env, size, &to, &memory);
  if (made != napi_ok) return made;
  if (size > 0) memcpy(to, data, size);
  return napi_create_typedarray(env, napi_uint8_array, size, memory, 0, out);
}

void give_id(frame* f, const char* name, const clientbook_id* value) {
  napi_value out = NULL;
  if (f->failed) return;
  const napi_status made = bytes_of(f->env, value->bytes, sizeof value->bytes, &out);
  give(f, name, made, out);
}

void give_text(frame* f, const char* name, clientbook_bytes* bytes) {
  napi_value out = NULL;
  if (!f->failed) {
    const napi_status made =
        bytes->size > INT_MAX
            ? napi_generic_failure
            : napi_create_string_utf8(f->env, (const char*)bytes->data, bytes->size, &out);
    give(f, name, made, out);
  }
  clientbook_bytes_free(bytes);
}

void give_bytes(frame* f, const char* name, clientbook_bytes* bytes) {
  napi_value out = NULL;
  if (!f->failed) {
    const napi_status made = bytes_of(f->env, bytes->data, bytes->size, &out);
    give(f, name, made, out);
  }
  clientbook_bytes_free(bytes);
}
