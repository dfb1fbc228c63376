/* The module clientbook._fast: reads, views and who is in a call, without cffi's conversions.
 *
 * A read is one call from Python: the block that the library hands out is kept as it is, and a
 * value is made of it when it is asked for (docs/format/flat_view.md). Everything else goes through
 * cffi (build_native.py). It is of Python's limited API, as old as 3.10, so that one build serves
 * all later ones; machines are little-endian. */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030a0000
#include <Python.h>
#include <clientbook.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { header_size = 40, entry_size = 16, most_members = 32, deepest = 24 };

typedef struct entry {
  uint16_t number;
  uint8_t state, type;
  uint16_t reason;
  uint8_t kind, form;
  uint32_t offset, length;
} entry;

/* What the package has told by setup(): its exceptions, its classes. */
static struct {
  PyObject* error_of; /* (code, text, at): an exception */
  PyObject* day_of;   /* (year or 0, month, day) */
  PyObject* instant_of;
  PyObject* struct_class[256];
  PyObject* member[256][most_members]; /* names by number; NULL: of a newer version */
} known;

static void keep(PyObject** at, PyObject* value) {
  PyObject* const former = *at;
  Py_INCREF(value);
  *at = value;
  Py_XDECREF(former);
}

/* --- who is in a call ------------------------------------------------------------------------ */

/* Counts the calls of a book that are under way: its context must not be destroyed meanwhile. The
 * interpreter's lock guards it. While it is being closed only who is within comes in once more:
 * what they have begun is brought to its end. */
typedef struct gate {
  PyObject_HEAD long inside;
  bool closing, shut;
} gate;

static _Thread_local long depth; /* Of this thread's calls, of whatever book. */

static PyTypeObject* gate_type;
static PyTypeObject* port_type;
static PyTypeObject* view_type;

static PyObject* raise_code(int32_t code, const char* text, uint64_t at) {
  PyObject* made =
      PyObject_CallFunction(known.error_of, "isK", (int)code, text, (unsigned long long)at);
  if (made != NULL) {
    PyErr_SetObject((PyObject*)Py_TYPE(made), made);
    Py_DECREF(made);
  }
  return NULL;
}

static bool enter(gate* of) {
  if (of->shut || (of->closing && depth == 0)) {
    raise_code(CLIENTBOOK_INVALID_STATE, "the book is closed", 0);
    return false;
  }
  ++of->inside;
  ++depth;
  return true;
}

static void leave(gate* of) {
  if (of->inside > 0) --of->inside;
  if (depth > 0) --depth;
}

static PyObject* gate_enter(PyObject* self, PyObject* unused) {
  (void)unused;
  if (!enter((gate*)self)) return NULL;
  Py_RETURN_NONE;
}

static PyObject* gate_leave(PyObject* self, PyObject* unused) {
  (void)unused;
  leave((gate*)self);
  Py_RETURN_NONE;
}

/* True: nobody is in a call, and nobody comes in any more. False: to be asked again, or reopened.
 */
static PyObject* gate_close(PyObject* self, PyObject* unused) {
  gate* of = (gate*)self;
  (void)unused;
  of->closing = true;
  if (of->inside > 0) Py_RETURN_FALSE;
  of->shut = true;
  Py_RETURN_TRUE;
}

static PyObject* gate_reopen(PyObject* self, PyObject* unused) {
  (void)unused;
  ((gate*)self)->closing = false;
  Py_RETURN_NONE;
}

static void free_object(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
  release(self);
  Py_DECREF(type);
}

/* --- values of a view ------------------------------------------------------------------------ */

typedef struct view {
  PyObject_HEAD clientbook_bytes
      bytes; /* Its own; or empty, and `owner` is the view that has them. */
  PyObject* owner;
  const uint8_t* data; /* NULL: closed. */
  size_t size;
  PyObject* numbers; /* Numbers by the keys that are attributes. */
  PyObject* fields;
} view;

static bool is_open(const view* of) {
  if (of->data == NULL) PyErr_SetString(PyExc_ValueError, "the view is closed");
  return of->data != NULL;
}

static PyObject* damaged(void) {
  PyErr_SetString(PyExc_ValueError, "the block of the view is damaged");
  return NULL;
}

static entry entry_at(const view* of, size_t at) {
  entry out;
  memcpy(&out, of->data + at, sizeof out);
  return out;
}

static bool lies_within(const view* of, size_t offset, size_t length) {
  return offset <= of->size && length <= of->size - offset;
}

static PyObject* value_of(const view* of, const entry* at, unsigned type, int depth);

static PyObject* list_of(const view* of, const entry* at, unsigned type, int depth) {
  const size_t count = at->length / entry_size;
  PyObject* out = PyTuple_New((Py_ssize_t)count);
  for (size_t i = 0; out != NULL && i < count; ++i) {
    const entry element = entry_at(of, at->offset + i * entry_size);
    PyObject* value = value_of(of, &element, type, depth + 1);
    if (value == NULL || PyTuple_SetItem(out, (Py_ssize_t)i, value) != 0) {
      Py_DECREF(out);
      return NULL;
    }
  }
  return out;
}

/* The members, as of a dataclass that cannot be changed: those that are not there are its defaults.
 */
static PyObject* struct_of(const view* of, const entry* at, unsigned type, int depth) {
  PyTypeObject* class = (PyTypeObject*)known.struct_class[type & 0xff];
  PyObject* out = class == NULL ? PyDict_New() : PyType_GenericAlloc(class, 0);
  for (size_t i = 0; out != NULL && i < at->length / entry_size; ++i) {
    const entry one = entry_at(of, at->offset + i * entry_size);
    PyObject* name = NULL;
    if (class == NULL) {
      name = PyLong_FromLong(one.number);
    } else if (one.number < most_members && known.member[type & 0xff][one.number] != NULL) {
      name = known.member[type & 0xff][one.number];
      Py_INCREF(name);
    } else {
      continue;
    }
    PyObject* value = name == NULL ? NULL : value_of(of, &one, 0, depth + 1);
    const int failed = value == NULL || (class == NULL ? PyDict_SetItem(out, name, value)
                                                       : PyObject_GenericSetAttr(out, name, value));
    Py_XDECREF(name);
    Py_XDECREF(value);
    if (failed) {
      Py_DECREF(out);
      return NULL;
    }
  }
  return out;
}

static PyObject* hex_of(const uint8_t* bytes, size_t size) {
  PyObject* made = PyBytes_FromStringAndSize((const char*)bytes, (Py_ssize_t)size);
  PyObject* out = made == NULL ? NULL : PyObject_CallMethod(made, "hex", NULL);
  Py_XDECREF(made);
  return out;
}

static PyObject* value_of(const view* of, const entry* at, unsigned type, int depth) {
  const uint8_t* bytes = of->data + at->offset;
  int64_t number = 0;
  int16_t year = 0;
  if (at->kind == 0) Py_RETURN_NONE;
  if (!lies_within(of, at->offset, at->length) || depth > deepest) return damaged();
  switch (at->kind) {
    case 1:
      return PyUnicode_DecodeUTF8((const char*)bytes, (Py_ssize_t)at->length, NULL);
    case 2:
    case 5:
      if (at->length != sizeof number) return damaged();
      memcpy(&number, bytes, sizeof number);
      if (at->kind == 2) return PyLong_FromLongLong(number);
      return PyObject_CallFunction(known.instant_of, "L", (long long)number);
    case 3:
      return at->length != 1 ? damaged() : PyBool_FromLong(bytes[0] != 0);
    case 4:
      if (at->length != 4) return damaged();
      memcpy(&year, bytes, sizeof year);
      return PyObject_CallFunction(known.day_of, "iii", (int)year, (int)bytes[2], (int)bytes[3]);
    case 6:
      return hex_of(bytes, at->length);
    case 7:
      return list_of(of, at, type, depth);
    case 8:
      return struct_of(of, at, type, depth);
    case 9:
      return PyBytes_FromStringAndSize((const char*)bytes, (Py_ssize_t)at->length);
    default:
      Py_RETURN_NONE; /* Of a newer version. */
  }
}

static size_t count_of(const view* of) {
  uint16_t out;
  memcpy(&out, of->data + 6, sizeof out);
  return out;
}

/* Finds a field; false: it was not asked for. */
static bool find(const view* of, unsigned long number, entry* out) {
  const size_t count = count_of(of);
  for (size_t i = 0; i < count; ++i) {
    uint16_t here;
    memcpy(&here, of->data + header_size + i * entry_size, sizeof here);
    if (here != number) continue;
    *out = entry_at(of, header_size + i * entry_size);
    return true;
  }
  return false;
}

static bool is_block(const uint8_t* data, size_t size) {
  uint16_t count;
  if (size < header_size) return false;
  memcpy(&count, data + 6, sizeof count);
  return (size - header_size) / entry_size >= count;
}

/* --- the view ------------------------------------------------------------------------------------
 */

static PyObject* view_getattr(PyObject* self, PyObject* name) {
  view* of = (view*)self;
  entry found;
  PyObject* number = of->numbers == NULL ? NULL : PyDict_GetItemWithError(of->numbers, name);
  if (number == NULL) return PyErr_Occurred() ? NULL : PyObject_GenericGetAttr(self, name);
  if (!is_open(of)) return NULL;
  if (!find(of, PyLong_AsUnsignedLong(number), &found)) {
    PyErr_Format(PyExc_AttributeError, "the view was not asked for a field %R", name);
    return NULL;
  }
  return value_of(of, &found, found.type, 0);
}

/* _entry(number): state, reason, form and value's kind; None: not asked for. */
static PyObject* view_entry(PyObject* self, PyObject* number) {
  entry found;
  if (!is_open((view*)self)) return NULL;
  const unsigned long which = PyLong_AsUnsignedLong(number);
  if (which == (unsigned long)-1 && PyErr_Occurred()) return NULL;
  if (!find((view*)self, which, &found)) Py_RETURN_NONE;
  return Py_BuildValue("(iiii)", (int)found.state, (int)found.reason, (int)found.form,
                       (int)found.kind);
}

/* _value(number) of a field that was asked for. */
static PyObject* view_value(PyObject* self, PyObject* number) {
  entry found;
  if (!is_open((view*)self)) return NULL;
  const unsigned long which = PyLong_AsUnsignedLong(number);
  if (which == (unsigned long)-1 && PyErr_Occurred()) return NULL;
  if (!find((view*)self, which, &found)) {
    PyErr_SetObject(PyExc_KeyError, number);
    return NULL;
  }
  return value_of((view*)self, &found, found.type, 0);
}

static PyObject* view_numbers(PyObject* self, PyObject* unused) {
  (void)unused;
  if (!is_open((view*)self)) return NULL;
  const size_t count = count_of((view*)self);
  PyObject* out = PyTuple_New((Py_ssize_t)count);
  for (size_t i = 0; out != NULL && i < count; ++i) {
    PyObject* one = PyLong_FromLong(entry_at((view*)self, header_size + i * entry_size).number);
    if (one == NULL || PyTuple_SetItem(out, (Py_ssize_t)i, one) != 0) {
      Py_DECREF(out);
      return NULL;
    }
  }
  return out;
}

/* _header(): the customer's id, and until when the decision holds. */
static PyObject* view_header(PyObject* self, PyObject* unused) {
  const view* of = (view*)self;
  int64_t until;
  (void)unused;
  if (!is_open(of)) return NULL;
  memcpy(&until, of->data + 32, sizeof until);
  return Py_BuildValue("(y#L)", (const char*)of->data + 16, (Py_ssize_t)16, (long long)until);
}

static PyObject* view_block(PyObject* self, PyObject* unused) {
  const view* of = (view*)self;
  (void)unused;
  return is_open(of) ? PyBytes_FromStringAndSize((const char*)of->data, (Py_ssize_t)of->size)
                     : NULL;
}

static void let_go(view* of) {
  of->data = NULL;
  of->size = 0;
  clientbook_bytes_free(&of->bytes);
  Py_CLEAR(of->owner);
}

static PyObject* view_close(PyObject* self, PyObject* unused) {
  (void)unused;
  let_go((view*)self);
  Py_RETURN_NONE;
}

static void view_free(PyObject* self) {
  view* of = (view*)self;
  let_go(of);
  Py_CLEAR(of->numbers);
  Py_CLEAR(of->fields);
  free_object(self);
}

static PyObject* view_fields(PyObject* self, void* unused) {
  (void)unused;
  PyObject* out = ((view*)self)->fields;
  if (out == NULL) out = Py_None;
  Py_INCREF(out);
  return out;
}

static PyObject* view_closed(PyObject* self, void* unused) {
  (void)unused;
  return PyBool_FromLong(((view*)self)->data == NULL);
}

/* --- reads ---------------------------------------------------------------------------------------
 */

/* A session, as reads need it. */
typedef struct port {
  PyObject_HEAD gate* book;
  clientbook_context* context;
  clientbook_handle session;
  PyTypeObject* class; /* Of the views. */
  PyObject* numbers;
  PyObject* fields;
} port;

static view* new_view(const port* of) {
  view* out = (view*)PyType_GenericAlloc(of->class, 0);
  if (out == NULL) return NULL;
  Py_INCREF(of->numbers);
  out->numbers = of->numbers;
  Py_INCREF(of->fields);
  out->fields = of->fields;
  return out;
}

/* The view over what the library has put into its bytes. */
static PyObject* ready(view* of) {
  if (!is_block(of->bytes.data, of->bytes.size)) {
    Py_DECREF((PyObject*)of);
    return damaged();
  }
  of->data = of->bytes.data;
  of->size = of->bytes.size;
  return (PyObject*)of;
}

/* read(id, purpose, mask): a view. */
static PyObject* port_read(PyObject* self, PyObject* const* given, Py_ssize_t count) {
  const port* of = (port*)self;
  clientbook_error error = {0, 0, "", 0};
  clientbook_id who;
  char* bytes = NULL;
  Py_ssize_t size = 0;
  if (count != 3) return PyErr_Format(PyExc_TypeError, "read() takes an id, a purpose and a mask");
  if (PyBytes_AsStringAndSize(given[0], &bytes, &size) != 0) return NULL;
  const unsigned long purpose = PyLong_AsUnsignedLong(given[1]);
  const unsigned long long mask = PyErr_Occurred() ? 0 : PyLong_AsUnsignedLongLong(given[2]);
  if (PyErr_Occurred()) return NULL;
  if (size != sizeof who.bytes) return PyErr_Format(PyExc_ValueError, "an id has 16 bytes");
  if (purpose > UINT8_MAX) return PyErr_Format(PyExc_OverflowError, "no number of a purpose");
  memcpy(who.bytes, bytes, sizeof who.bytes);
  view* out = new_view(of);
  if (out == NULL || !enter(of->book)) {
    Py_XDECREF((PyObject*)out);
    return NULL;
  }
  PyThreadState* const state = PyEval_SaveThread();
  const clientbook_status status = clientbook_session_read(
      of->context, of->session, &who, (uint8_t)purpose, mask, CLIENTBOOK_FLAT, &out->bytes, &error);
  PyEval_RestoreThread(state);
  leave(of->book);
  if (status == CLIENTBOOK_OK) return ready(out);
  Py_DECREF((PyObject*)out);
  return raise_code(status, error.text, error.at);
}

/* take(address): a view over the clientbook_bytes that lie there, which are empty afterwards. */
static PyObject* port_take(PyObject* self, PyObject* address) {
  clientbook_bytes* from = PyLong_AsVoidPtr(address);
  if (from == NULL) return PyErr_Occurred() ? NULL : damaged();
  view* out = new_view((port*)self);
  if (out == NULL) return NULL;
  out->bytes = *from;
  memset(from, 0, sizeof *from);
  return ready(out);
}

static PyObject* views_of(const port* of, view* owner, uint32_t count) {
  PyObject* out = PyList_New(0);
  for (uint32_t i = 0; out != NULL && i < count; ++i) {
    uint32_t place[2];
    memcpy(place, owner->bytes.data + 4 + 4 * (size_t)i, sizeof place);
    const bool good = place[0] <= place[1] && place[1] <= owner->bytes.size &&
                      is_block(owner->bytes.data + place[0], place[1] - place[0]);
    view* made = good ? new_view(of) : (view*)damaged();
    if (made != NULL) {
      Py_INCREF((PyObject*)owner);
      made->owner = (PyObject*)owner;
      made->data = owner->bytes.data + place[0];
      made->size = place[1] - place[0];
    }
    if (made == NULL || PyList_Append(out, (PyObject*)made) != 0) Py_CLEAR(out);
    Py_XDECREF((PyObject*)made);
  }
  return out;
}

/* next(cursor, most): a list of views; empty: that was all. */
static PyObject* port_next(PyObject* self, PyObject* given) {
  const port* of = (port*)self;
  unsigned long long cursor = 0;
  Py_ssize_t most = 0;
  clientbook_error error = {0, 0, "", 0};
  uint32_t count = 0;
  if (!PyArg_ParseTuple(given, "Kn", &cursor, &most)) return NULL;
  if (most < 0) return PyErr_Format(PyExc_ValueError, "a batch is not negative");
  view* owner = new_view(of);
  if (owner == NULL || !enter(of->book)) {
    Py_XDECREF((PyObject*)owner);
    return NULL;
  }
  PyThreadState* const state = PyEval_SaveThread();
  const clientbook_status status =
      clientbook_cursor_next(of->context, cursor, (size_t)most, &owner->bytes, &count, &error);
  PyEval_RestoreThread(state);
  leave(of->book);
  PyObject* out = NULL;
  if (status != CLIENTBOOK_OK) {
    raise_code(status, error.text, error.at);
  } else if (owner->bytes.size < 4 * ((size_t)count + 2)) {
    damaged();
  } else {
    out = views_of(of, owner, count);
  }
  Py_DECREF((PyObject*)owner);
  return out;
}

/* Port(gate, context, session, class, numbers, fields). */
static PyObject* port_new(PyTypeObject* type, PyObject* given, PyObject* named) {
  PyObject *book = NULL, *address = NULL, *class = NULL, *numbers = NULL, *fields = NULL;
  unsigned long long session = 0;
  (void)named;
  if (!PyArg_ParseTuple(given, "O!OKOOO", gate_type, &book, &address, &session, &class, &numbers,
                        &fields)) {
    return NULL;
  }
  void* context = PyLong_AsVoidPtr(address);
  if (PyErr_Occurred()) return NULL;
  if (!PyType_Check(class) || !PyDict_Check(numbers) ||
      !PyType_IsSubtype((PyTypeObject*)class, view_type)) {
    return PyErr_Format(PyExc_TypeError, "a class of views and a dictionary are needed");
  }
  port* out = (port*)PyType_GenericAlloc(type, 0);
  if (out == NULL) return NULL;
  Py_INCREF(book);
  Py_INCREF(class);
  Py_INCREF(numbers);
  Py_INCREF(fields);
  out->book = (gate*)book;
  out->context = context;
  out->session = session;
  out->class = (PyTypeObject*)class;
  out->numbers = numbers;
  out->fields = fields;
  return (PyObject*)out;
}

static void port_free(PyObject* self) {
  port* of = (port*)self;
  Py_XDECREF((PyObject*)of->book);
  Py_XDECREF((PyObject*)of->class);
  Py_XDECREF(of->numbers);
  Py_XDECREF(of->fields);
  free_object(self);
}

/* --- the module ----------------------------------------------------------------------------------
 */

static bool learn(PyObject* type, PyObject* class, PyObject* members) {
  const unsigned long which = PyLong_AsUnsignedLong(type);
  Py_ssize_t at = 0;
  PyObject *number = NULL, *name = NULL;
  if (PyErr_Occurred() || which > 255 || !PyType_Check(class) || !PyDict_Check(members))
    return false;
  keep(&known.struct_class[which], class);
  while (PyDict_Next(members, &at, &number, &name)) {
    const unsigned long key = PyLong_AsUnsignedLong(number);
    if (PyErr_Occurred() || key >= most_members || !PyUnicode_Check(name)) return false;
    Py_INCREF(name);
    PyUnicode_InternInPlace(&name);
    keep(&known.member[which][key], name);
    Py_DECREF(name);
  }
  return true;
}

/* setup(error_of, day_of, instant_of, {type: (class, {number: name})}). */
static PyObject* setup(PyObject* self, PyObject* given) {
  PyObject *error_of, *day_of, *instant_of, *structs, *type, *one;
  Py_ssize_t at = 0;
  (void)self;
  if (!PyArg_ParseTuple(given, "OOOO!", &error_of, &day_of, &instant_of, &PyDict_Type, &structs)) {
    return NULL;
  }
  keep(&known.error_of, error_of);
  keep(&known.day_of, day_of);
  keep(&known.instant_of, instant_of);
  while (PyDict_Next(structs, &at, &type, &one)) {
    PyObject* class = NULL, *members = NULL;
    if (!PyArg_ParseTuple(one, "OO", &class, &members)) return NULL;
    if (!learn(type, class, members)) {
      return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "no class of a value");
    }
  }
  Py_RETURN_NONE;
}

static PyMethodDef gate_methods[] = {
    {"__enter__", gate_enter, METH_NOARGS, NULL},
    {"__exit__", gate_leave, METH_VARARGS, NULL},
    {"close", gate_close, METH_NOARGS, NULL},
    {"reopen", gate_reopen, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot gate_slots[] = {
    {Py_tp_methods, gate_methods}, {Py_tp_dealloc, free_object}, {0, NULL}};
static PyType_Spec gate_spec = {"clientbook._fast.Gate", sizeof(gate), 0, Py_TPFLAGS_DEFAULT,
                                gate_slots};

static PyMethodDef view_methods[] = {
    {"_entry", view_entry, METH_O, NULL},
    {"_value", view_value, METH_O, NULL},
    {"_numbers", view_numbers, METH_NOARGS, NULL},
    {"_header", view_header, METH_NOARGS, NULL},
    {"_block", view_block, METH_NOARGS, NULL},
    {"close", view_close, METH_NOARGS, "Wipes the bytes now."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef view_members[] = {
    {"_fields", view_fields, NULL, NULL, NULL},
    {"_closed", view_closed, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot view_slots[] = {{Py_tp_methods, view_methods},
                                   {Py_tp_getset, view_members},
                                   {Py_tp_getattro, view_getattr},
                                   {Py_tp_dealloc, view_free},
                                   {0, NULL}};
static PyType_Spec view_spec = {"clientbook._fast.View", sizeof(view), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, view_slots};

static PyMethodDef port_methods[] = {
    {"read", (PyCFunction)(void (*)(void))port_read, METH_FASTCALL, NULL},
    {"take", port_take, METH_O, NULL},
    {"next", port_next, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot port_slots[] = {
    {Py_tp_methods, port_methods}, {Py_tp_new, port_new}, {Py_tp_dealloc, port_free}, {0, NULL}};
static PyType_Spec port_spec = {"clientbook._fast.Port", sizeof(port), 0, Py_TPFLAGS_DEFAULT,
                                port_slots};

static PyMethodDef functions[] = {{"setup", setup, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "clientbook._fast", NULL, -1, functions, NULL, NULL, NULL, NULL};

static PyTypeObject* add(PyObject* to, const char* name, PyType_Spec* of) {
  PyObject* made = PyType_FromSpec(of);
  if (made == NULL) return NULL;
  Py_INCREF(made);
  if (PyModule_AddObject(to, name, made) == 0) return (PyTypeObject*)made;
  Py_DECREF(made);
  return NULL;
}

PyMODINIT_FUNC PyInit__fast(void) {
  PyObject* out = PyModule_Create(&definition);
  if (out == NULL) return NULL;
  gate_type = add(out, "Gate", &gate_spec);
  view_type = gate_type == NULL ? NULL : add(out, "View", &view_spec);
  port_type = view_type == NULL ? NULL : add(out, "Port", &port_spec);
  if (port_type != NULL) return out;
  Py_DECREF(out);
  return NULL;
}
