/* A walk over customers as columns, by Arrow's C stream interface
 * (https://arrow.apache.org/docs/format/CStreamInterface.html): whoever reads it needs nothing of
 * this package, and this package nothing of theirs.
 *
 * A column has the type that the schema gives its field; days within lists and structs are texts.
 * What came out in another form (a redacted text in the place of a day, a day without a year) is
 * null there; the state, the reason and that form are columns of their own where they are asked
 * for. Memory that held values is wiped when the reader lets it go. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fast.h"

/* As Arrow defines them. */
struct ArrowSchema {
  const char *format, *name, *metadata;
  int64_t flags, n_children;
  struct ArrowSchema **children, *dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length, null_count, offset, n_buffers, n_children;
  const void** buffers;
  struct ArrowArray **children, *dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema*);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray*);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

enum { nullable = 2, bad_input = 22, no_memory = 12, io_failed = 5 }; /* errno's numbers */

/* What a column holds of its field. */
enum { holds_value, holds_state, holds_reason, holds_other, holds_sequence };

typedef struct room {
  uint8_t* data;
  size_t size, capacity;
} room;

typedef struct column {
  char *format, *name;
  uint16_t number; /* Of the field, or of the member of a struct. */
  int holds;
  size_t count;
  struct column* children;
  /* What is being gathered. */
  int64_t length, nulls;
  room valid, offsets, bytes;
} column;

typedef struct stream {
  PyObject *port, *forget; /* forget(cursor) closes it. */
  clientbook_handle cursor;
  uint32_t items; /* CLIENTBOOK_PURCHASES or _NOTES; 0: views. */
  size_t batch;
  column root;
  char error[160];
} stream;

/* --- memory ------------------------------------------------------------------------------------
 */

static void wipe(void* data, size_t size) {
  memset(data, 0, size);
  __asm__ volatile("" : : "r"(data) : "memory"); /* It is read by nobody, and done all the same. */
}

static void empty(room* of) {
  if (of->data != NULL) wipe(of->data, of->size);
  free(of->data);
  memset(of, 0, sizeof *of);
}

static bool put(room* to, const void* from, size_t size) {
  if (size > to->capacity - to->size) {
    const size_t capacity = (to->size + size) * 2 < 64 ? 64 : (to->size + size) * 2;
    uint8_t* larger = malloc(capacity);
    if (larger == NULL) return false;
    if (to->size > 0) memcpy(larger, to->data, to->size);
    const size_t kept = to->size;
    empty(to);
    to->data = larger;
    to->size = kept;
    to->capacity = capacity;
  }
  if (size > 0) memcpy(to->data + to->size, from, size);
  to->size += size;
  return true;
}

static bool is_format(const column* of, const char* format) {
  return strcmp(of->format, format) == 0;
}

static void forget_rows(column* of) {
  empty(&of->valid);
  empty(&of->offsets);
  empty(&of->bytes);
  of->length = of->nulls = 0;
  for (size_t i = 0; i < of->count; ++i) forget_rows(&of->children[i]);
}

static void free_column(column* of) {
  forget_rows(of);
  for (size_t i = 0; i < of->count; ++i) free_column(&of->children[i]);
  free(of->children);
  free(of->format);
  free(of->name);
}

/* --- what is gathered --------------------------------------------------------------------------
 */

static bool begin_rows(column* of) {
  const int32_t zero = 0;
  if ((is_format(of, "u") || is_format(of, "+l")) && !put(&of->offsets, &zero, sizeof zero)) {
    return false;
  }
  for (size_t i = 0; i < of->count; ++i) {
    if (!begin_rows(&of->children[i])) return false;
  }
  return true;
}

/* The end of a row: whether there is a value, and for texts and lists where it ends. */
static bool row(column* of, bool valid) {
  const uint8_t bit = valid;
  ++of->length;
  of->nulls += !valid;
  if (is_format(of, "u") || is_format(of, "+l")) {
    const int64_t end = is_format(of, "u") ? (int64_t)of->bytes.size : of->children[0].length;
    const int32_t offset = (int32_t)end;
    if (end > INT32_MAX || !put(&of->offsets, &offset, sizeof offset)) return false;
  }
  return put(&of->valid, &bit, sizeof bit);
}

static size_t width_of(const column* of) {
  switch (of->format[0]) {
    case 'l':
      return 8;
    case 't':
      return of->format[1] == 'd' ? 4 : 8;
    case 'w':
      return 16;
    case 'S':
      return 2;
    default:
      return 1; /* C, and b until its bits are packed. */
  }
}

static bool nothing(column* of) {
  static const uint8_t zeros[16];
  if (is_format(of, "+s")) {
    for (size_t i = 0; i < of->count; ++i) {
      if (!nothing(&of->children[i])) return false;
    }
  } else if (!is_format(of, "u") && !is_format(of, "+l")) {
    if (!put(&of->bytes, zeros, width_of(of))) return false;
  }
  return row(of, false);
}

/* Days since 1970 of the proleptic Gregorian calendar. */
static int32_t days_of(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int of_era = y - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

typedef struct block {
  const uint8_t* data;
  size_t size;
} block;

static entry entry_at(const block* of, size_t at) {
  entry out;
  memcpy(&out, of->data + at, sizeof out);
  return out;
}

static bool gather(column* to, const block* of, const entry* value, int depth);

static bool gather_text(column* to, const uint8_t* bytes, const entry* value) {
  static const char digits[] = "0123456789abcdef";
  if (value->kind == 1) return put(&to->bytes, bytes, value->length) && row(to, true);
  for (uint32_t i = 0; i < value->length; ++i) { /* bytes: a customer's id */
    const char two[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
    if (!put(&to->bytes, two, sizeof two)) return false;
  }
  return row(to, true);
}

static bool gather_struct(column* to, const block* of, const entry* value, int depth) {
  for (size_t i = 0; i < to->count; ++i) {
    bool found = false;
    for (uint32_t at = 0; at + entry_size <= value->length && !found; at += entry_size) {
      const entry member = entry_at(of, value->offset + at);
      if (member.number != to->children[i].number) continue;
      found = true;
      if (!gather(&to->children[i], of, &member, depth + 1)) return false;
    }
    if (!found && !nothing(&to->children[i])) return false;
  }
  return row(to, true);
}

static bool gather_list(column* to, const block* of, const entry* value, int depth) {
  for (uint32_t at = 0; at + entry_size <= value->length; at += entry_size) {
    const entry element = entry_at(of, value->offset + at);
    if (!gather(&to->children[0], of, &element, depth + 1)) return false;
  }
  return row(to, true);
}

static int day_text(char* out, size_t size, const uint8_t* bytes) {
  int16_t year;
  memcpy(&year, bytes, sizeof year);
  return year == 0 ? PyOS_snprintf(out, size, "--%02d-%02d", bytes[2], bytes[3])
                   : PyOS_snprintf(out, size, "%04d-%02d-%02d", year, bytes[2], bytes[3]);
}

/* Of a day within another value: beside it there is no column for what it cannot hold. */
static bool gather_day(column* to, const uint8_t* bytes) {
  char text[32];
  const int size = day_text(text, sizeof text, bytes);
  return put(&to->bytes, text, (size_t)size) && row(to, true);
}

/* Null where the value is of another kind than the column. */
static bool gather(column* to, const block* of, const entry* value, int depth) {
  const uint8_t* bytes = of->data + value->offset;
  if (value->kind == 0) return nothing(to);
  if (value->offset > of->size || value->length > of->size - value->offset || depth > deepest) {
    return false;
  }
  if (is_format(to, "u") && (value->kind == 1 || value->kind == 6)) {
    return gather_text(to, bytes, value);
  }
  if (is_format(to, "u") && value->kind == 4 && value->length == 4 && depth > 0) {
    return gather_day(to, bytes);
  }
  if (is_format(to, "+l") && value->kind == 7) return gather_list(to, of, value, depth);
  if (is_format(to, "+s") && value->kind == 8) return gather_struct(to, of, value, depth);
  if (is_format(to, "tdD") && value->kind == 4 && value->length == 4) {
    int16_t year;
    memcpy(&year, bytes, sizeof year);
    const int32_t days = days_of(year, bytes[2], bytes[3]);
    return year == 0 ? nothing(to) : put(&to->bytes, &days, sizeof days) && row(to, true);
  }
  const bool fits = (is_format(to, "l") && value->kind == 2) ||
                    (is_format(to, "tss:UTC") && value->kind == 5) ||
                    (is_format(to, "b") && value->kind == 3);
  if (!fits || value->length != width_of(to)) return nothing(to);
  return put(&to->bytes, bytes, value->length) && row(to, true);
}

/* A text for what the field's own column cannot hold. */
static bool gather_other(column* to, const block* of, const entry* field, const char* format) {
  char text[32];
  const uint8_t* bytes = of->data + field->offset;
  const bool own = (format[0] == 'u' && field->kind == 1) ||
                   (format[0] == 'l' && field->kind == 2) ||
                   (format[0] == 'b' && field->kind == 3) || (format[0] == '+' && field->kind > 6);
  if (own || field->length > of->size || field->offset > of->size - field->length)
    return nothing(to);
  int64_t number = 0;
  if (field->kind == 1) return gather_text(to, bytes, field);
  if (field->kind == 2 && field->length == sizeof number) {
    memcpy(&number, bytes, sizeof number);
    const int size = PyOS_snprintf(text, sizeof text, "%lld", (long long)number);
    return put(&to->bytes, text, (size_t)size) && row(to, true);
  }
  if (field->kind == 4 && field->length == 4 && bytes[0] == 0 && bytes[1] == 0) {
    return gather_day(to, bytes);
  }
  return nothing(to);
}

static bool gather_field(column* to, const block* of, const entry* field, const char* format) {
  if (to->holds == holds_value) return gather(to, of, field, 0);
  if (to->holds == holds_other) return gather_other(to, of, field, format);
  if (to->holds == holds_state) return put(&to->bytes, &field->state, 1) && row(to, true);
  return put(&to->bytes, &field->reason, 2) && row(to, true);
}

/* One customer. The first column is the id. */
static bool gather_view(column* root, const block* of) {
  uint16_t count;
  const char* format = "";
  memcpy(&count, of->data + 6, sizeof count);
  if (!put(&root->children[0].bytes, of->data + 16, 16) || !row(&root->children[0], true))
    return false;
  for (size_t i = 1; i < root->count; ++i) {
    column* const to = &root->children[i];
    bool found = false;
    if (to->holds == holds_value) format = to->format;
    for (size_t at = 0; at < count && !found; ++at) {
      const entry field = entry_at(of, header_size + at * entry_size);
      if (field.number != to->number) continue;
      found = true;
      if (!gather_field(to, of, &field, format)) return false;
    }
    if (!found && !nothing(to)) return false;
  }
  return row(root, true);
}

/* One purchase or note: its sequence is member 0, what it says member 1. */
static bool gather_item(column* root, const block* of, const entry* item, const uint8_t* whose) {
  entry sequence = {0}, said = {0};
  if (item->kind != 8 || item->offset > of->size || item->length > of->size - item->offset)
    return false;
  for (uint32_t at = 0; at + entry_size <= item->length; at += entry_size) {
    const entry one = entry_at(of, item->offset + at);
    if (one.number == 0) sequence = one;
    if (one.number == 1) said = one;
  }
  if (!put(&root->children[0].bytes, whose, 16) || !row(&root->children[0], true)) return false;
  if (!gather(&root->children[1], of, &sequence, 0)) return false;
  if (said.kind != 8 || said.offset > of->size || said.length > of->size - said.offset)
    return false;
  for (size_t i = 2; i < root->count; ++i) {
    column* const to = &root->children[i];
    bool found = false;
    for (uint32_t at = 0; at + entry_size <= said.length && !found; at += entry_size) {
      const entry member = entry_at(of, said.offset + at);
      if (member.number != to->number) continue;
      found = true;
      if (!gather(to, of, &member, 1)) return false;
    }
    if (!found && !nothing(to)) return false;
  }
  return row(root, true);
}

/* All items of one customer. */
static bool gather_items(column* root, const block* of) {
  if (of->size < header_size + entry_size) return true; /* No field: none was asked for. */
  const entry field = entry_at(of, header_size);
  if (field.kind == 0) return true; /* Withheld. */
  if (field.kind != 7 || field.offset > of->size || field.length > of->size - field.offset)
    return false;
  for (uint32_t at = 0; at + entry_size <= field.length; at += entry_size) {
    const entry item = entry_at(of, field.offset + at);
    if (!gather_item(root, of, &item, of->data + 16)) return false;
  }
  return true;
}

/* --- what goes out -----------------------------------------------------------------------------
 */

static void release_schema(struct ArrowSchema* of) {
  for (int64_t i = 0; i < of->n_children; ++i) {
    if (of->children[i]->release != NULL) of->children[i]->release(of->children[i]);
    free(of->children[i]);
  }
  free(of->children);
  free((char*)of->format);
  free((char*)of->name);
  of->release = NULL;
}

static char* copy_of(const char* text) {
  char* out = malloc(strlen(text) + 1);
  if (out != NULL) memcpy(out, text, strlen(text) + 1);
  return out;
}

static bool tell_schema(const column* of, struct ArrowSchema* out) {
  memset(out, 0, sizeof *out);
  out->release = release_schema;
  out->format = copy_of(of->format);
  out->name = copy_of(of->name);
  out->flags = nullable;
  out->children = of->count == 0 ? NULL : calloc(of->count, sizeof *out->children);
  if (out->format == NULL || out->name == NULL || (of->count > 0 && out->children == NULL))
    return false;
  for (size_t i = 0; i < of->count; ++i) {
    struct ArrowSchema* child = calloc(1, sizeof *child);
    if (child == NULL) return false;
    out->children[out->n_children++] = child;
    if (!tell_schema(&of->children[i], child)) return false;
  }
  return true;
}

/* What an array owns: its buffers with their sizes, to be wiped. */
typedef struct owned {
  const void* buffers[3];
  size_t sizes[3];
} owned;

static void release_array(struct ArrowArray* of) {
  owned* own = of->private_data;
  for (int64_t i = 0; i < of->n_children; ++i) {
    if (of->children[i]->release != NULL) of->children[i]->release(of->children[i]);
    free(of->children[i]);
  }
  free(of->children);
  for (size_t i = 0; own != NULL && i < 3; ++i) {
    if (own->buffers[i] != NULL) wipe((void*)own->buffers[i], own->sizes[i]);
    free((void*)own->buffers[i]);
  }
  free(own);
  of->release = NULL;
}

/* Hands a room's memory over; a buffer is never NULL but for validity. */
static bool hand_over(room* from, owned* to, size_t which) {
  if (from->data == NULL && (from->data = calloc(1, 8)) == NULL) return false;
  to->buffers[which] = from->data;
  to->sizes[which] = from->size;
  memset(from, 0, sizeof *from);
  return true;
}

/* A byte a row becomes a bit a row. */
static bool pack(room* of) {
  const size_t size = (of->size + 7) / 8;
  uint8_t* bits = calloc(1, size + 8);
  if (bits == NULL) return false;
  for (size_t i = 0; i < of->size; ++i) bits[i / 8] |= (uint8_t)((of->data[i] & 1) << (i % 8));
  empty(of);
  of->data = bits;
  of->size = of->capacity = size;
  return true;
}

static bool tell_array(column* of, struct ArrowArray* out) {
  memset(out, 0, sizeof *out);
  out->release = release_array;
  owned* own = out->private_data = calloc(1, sizeof *own);
  out->children = of->count == 0 ? NULL : calloc(of->count, sizeof *out->children);
  if (own == NULL || (of->count > 0 && out->children == NULL)) return false;
  out->length = of->length;
  out->null_count = of->nulls;
  out->buffers = own->buffers;
  if (!pack(&of->valid) || !hand_over(&of->valid, own, 0)) return false;
  out->n_buffers = 1;
  if (is_format(of, "u") || is_format(of, "+l")) {
    if (!hand_over(&of->offsets, own, (size_t)out->n_buffers++)) return false;
  }
  if (is_format(of, "b") && !pack(&of->bytes)) return false;
  if (of->format[0] != '+' && !hand_over(&of->bytes, own, (size_t)out->n_buffers++)) return false;
  for (size_t i = 0; i < of->count; ++i) {
    struct ArrowArray* child = calloc(1, sizeof *child);
    if (child == NULL) return false;
    out->children[out->n_children++] = child;
    if (!tell_array(&of->children[i], child)) return false;
  }
  return true;
}

/* --- the stream --------------------------------------------------------------------------------
 */

static int failed(stream* of, int code, const char* text) {
  PyOS_snprintf(of->error, sizeof of->error, "%s", text);
  return code;
}

static int get_schema(struct ArrowArrayStream* self, struct ArrowSchema* out) {
  stream* of = self->private_data;
  if (tell_schema(&of->root, out)) return 0;
  release_schema(out);
  return failed(of, no_memory, "no memory");
}

static bool gather_batch(column* root, const clientbook_bytes* from, uint32_t count,
                         uint32_t items) {
  if (from->size < 4 * ((size_t)count + 2) || !begin_rows(root)) return false;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t place[2];
    memcpy(place, from->data + 4 + 4 * (size_t)i, sizeof place);
    if (place[0] > place[1] || place[1] > from->size) return false;
    const block one = {from->data + place[0], place[1] - place[0]};
    if (!is_block(one.data, one.size)) return false;
    if (!(items != 0 ? gather_items(root, &one) : gather_view(root, &one))) return false;
  }
  return true;
}

/* Without the interpreter's lock. */
static int fetch(stream* of, struct ArrowArray* out) {
  const port* from = (port*)of->port;
  clientbook_bytes bytes = {NULL, 0, NULL};
  clientbook_error error = {0, 0, "", 0};
  uint32_t count = 0;
  const clientbook_status status =
      of->items != 0
          ? clientbook_cursor_items(from->context, of->cursor, of->items, of->batch, &bytes, &count,
                                    &error)
          : clientbook_cursor_next(from->context, of->cursor, of->batch, &bytes, &count, &error);
  if (status != CLIENTBOOK_OK) {
    PyOS_snprintf(of->error, sizeof of->error, "%s: %s", clientbook_error_name(status), error.text);
    return io_failed;
  }
  int told = 0;
  if (count > 0) {
    if (!gather_batch(&of->root, &bytes, count, of->items)) {
      told = failed(of, bad_input, "too large for a batch, or damaged");
    } else if (!tell_array(&of->root, out)) {
      release_array(out);
      told = failed(of, no_memory, "no memory");
    }
    forget_rows(&of->root);
  }
  clientbook_bytes_free(&bytes);
  return told;
}

static int get_next(struct ArrowArrayStream* self, struct ArrowArray* out) {
  stream* of = self->private_data;
  memset(out, 0, sizeof *out);
  const PyGILState_STATE lock = PyGILState_Ensure();
  gate* const book = ((port*)of->port)->book;
  int told;
  if (enter(book)) {
    PyThreadState* const state = PyEval_SaveThread();
    told = fetch(of, out);
    PyEval_RestoreThread(state);
    leave(book);
  } else {
    PyErr_Clear();
    told = failed(of, io_failed, "invalid_state: the book is closed");
  }
  PyGILState_Release(lock);
  return told;
}

static const char* get_last_error(struct ArrowArrayStream* self) {
  return ((stream*)self->private_data)->error;
}

static void free_stream(stream* of) {
  if (of->forget != NULL) {
    PyObject *type, *value, *trace; /* of whoever lets it go because of one */
    PyErr_Fetch(&type, &value, &trace);
    PyObject* told = PyObject_CallFunction(of->forget, "K", (unsigned long long)of->cursor);
    if (told == NULL) PyErr_Clear();
    Py_XDECREF(told);
    PyErr_Restore(type, value, trace);
  }
  Py_XDECREF(of->forget);
  Py_XDECREF(of->port);
  free_column(&of->root);
  free(of);
}

static void release_stream(struct ArrowArrayStream* self) {
  if (Py_IsInitialized()) { /* Else the program is ending, and the book with it. */
    const PyGILState_STATE lock = PyGILState_Ensure();
    free_stream(self->private_data);
    PyGILState_Release(lock);
  }
  self->release = NULL;
}

static void end_capsule(PyObject* capsule) {
  struct ArrowArrayStream* of = PyCapsule_GetPointer(capsule, "arrow_array_stream");
  if (of == NULL) {
    PyErr_Clear();
    return;
  }
  if (of->release != NULL) of->release(of);
  free(of);
}

/* --- columns that are asked for ----------------------------------------------------------------
 */

/* (format, name, number, what it holds, (child, ...)). */
static bool read_column(PyObject* from, column* out, int depth) {
  const char *format = NULL, *name = NULL;
  int number = 0;
  PyObject* children = NULL;
  if (!PyArg_ParseTuple(from, "ssiiO!", &format, &name, &number, &out->holds, &PyTuple_Type,
                        &children)) {
    return false;
  }
  out->format = copy_of(format);
  out->name = copy_of(name);
  out->number = (uint16_t)number;
  const Py_ssize_t count = PyTuple_Size(children);
  out->children = count > 0 ? calloc((size_t)count, sizeof *out->children) : NULL;
  if (out->format == NULL || out->name == NULL || (count > 0 && out->children == NULL)) {
    PyErr_NoMemory();
    return false;
  }
  const bool good =
      depth < 8 && (is_format(out, "+l") ? count == 1 : is_format(out, "+s") || count == 0);
  if (!good) PyErr_SetString(PyExc_ValueError, "no column");
  for (Py_ssize_t i = 0; good && i < count; ++i) {
    ++out->count;
    PyObject* child = PyTuple_GetItem(children, i);
    if (!PyTuple_Check(child) || !read_column(child, &out->children[i], depth + 1)) {
      if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "no column");
      return false;
    }
  }
  return good;
}

/* arrow(cursor, batch, columns, forget, items): a capsule with the stream, which closes the cursor.
 */
PyObject* port_arrow(PyObject* self, PyObject* given) {
  unsigned long long cursor = 0;
  Py_ssize_t batch = 0;
  unsigned int items = 0;
  PyObject *columns = NULL, *forget = NULL;
  if (!PyArg_ParseTuple(given, "KnO!O|I", &cursor, &batch, &PyTuple_Type, &columns, &forget,
                        &items))
    return NULL;
  stream* made = calloc(1, sizeof *made);
  struct ArrowArrayStream* out = calloc(1, sizeof *out);
  if (made == NULL || out == NULL) {
    free(made);
    free(out);
    return PyErr_NoMemory();
  }
  made->batch = (size_t)batch;
  made->cursor = cursor;
  made->items = items;
  const bool good = read_column(columns, &made->root, 0) && made->root.count > 0 &&
                    is_format(&made->root, "+s") && is_format(&made->root.children[0], "w:16");
  if (good) {
    Py_INCREF(self);
    made->port = self;
    Py_INCREF(forget);
    made->forget = forget;
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, made};
    PyObject* capsule = PyCapsule_New(out, "arrow_array_stream", end_capsule);
    if (capsule != NULL) return capsule;
  }
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "no columns");
  free_stream(made);
  free(out);
  return NULL;
}
