/* The module clientbook._fast: reads, views and who is in a call, without cffi's conversions.
 *
 * A read is one call from Python: the block that the library hands out is kept as it is, and a
 * value is made of it when it is asked for (docs/format/flat_view.md). Everything else goes through
 * cffi (build_native.py). It is of Python's limited API, as old as 3.10, so that one build serves
 * all later ones; machines are little-endian. */
#include "fast.h"

#include <string.h>
#include <unistd.h>

static PyTypeObject* gate_type;
static PyTypeObject* port_type;
static PyTypeObject* view_type;

static void keep(PyObject** at, PyObject* value) {
  PyObject* const former = *at;
  Py_INCREF(value);
  *at = value;
  Py_XDECREF(former);
}

/* --- who is in a call ------------------------------------------------------------------------ */

static _Thread_local long depth; /* Of this thread's calls, of whatever book. */

PyObject* raise_code(int32_t code, const char* text, uint64_t at) {
  PyObject* made =
      PyObject_CallFunction(known.error_of, "isK", (int)code, text, (unsigned long long)at);
  if (made != NULL) {
    PyErr_SetObject((PyObject*)Py_TYPE(made), made);
    Py_DECREF(made);
  }
  return NULL;
}

/* What a callback has raised cannot go through the library: it is kept, the call is stopped, and
 * who has made the call raises it. */
static _Thread_local PyObject* failure;
static _Thread_local under_way current;

under_way begin_call(clientbook_context* context, clientbook_handle handle) {
  const under_way former = current;
  current = (under_way){context, handle};
  return former;
}

void end_call(under_way former) { current = former; }

bool raise_failure(void) {
  if (failure == NULL) return false;
  PyObject* const raised = failure;
  failure = NULL;
  PyErr_SetObject((PyObject*)Py_TYPE(raised), raised);
  Py_DECREF(raised);
  return true;
}

/* fail(kind, exception, trace): of a callback, as cffi tells it. The first one counts. */
static PyObject* fail(PyObject* self, PyObject* given) {
  PyObject *kind = NULL, *raised = NULL, *trace = NULL;
  (void)self;
  if (!PyArg_ParseTuple(given, "OOO", &kind, &raised, &trace)) return NULL;
  if (failure == NULL) {
    Py_INCREF(raised);
    failure = raised;
  }
  if (current.handle != 0) (void)clientbook_cancel(current.context, current.handle, NULL);
  Py_RETURN_NONE;
}

/* raise_failed(): raises what a callback has raised, if one has. */
static PyObject* raise_failed(PyObject* self, PyObject* unused) {
  (void)self;
  (void)unused;
  if (raise_failure()) return NULL;
  Py_RETURN_NONE;
}

/* under_way(context, handle): the former ones. */
static PyObject* set_under_way(PyObject* self, PyObject* const* given, Py_ssize_t count) {
  (void)self;
  if (count != 2) return PyErr_Format(PyExc_TypeError, "a context and a handle");
  void* const context = PyLong_AsVoidPtr(given[0]);
  const unsigned long long handle = PyErr_Occurred() ? 0 : PyLong_AsUnsignedLongLong(given[1]);
  if (PyErr_Occurred()) return NULL;
  const under_way former = begin_call(context, handle);
  return Py_BuildValue("(NK)", PyLong_FromVoidPtr(former.context),
                       (unsigned long long)former.handle);
}

/* Somebody asks to close the book, and is refused or not within a second: who comes meanwhile is
 * told then. False: an interrupt. */
static bool await(const gate* of) {
  enum { moments = 3000, a_moment = 1000 };
  for (int i = 0; of->closing && !of->shut && depth == 0 && i < moments; ++i) {
    PyThreadState* const here = PyEval_SaveThread();
    usleep(a_moment);
    PyEval_RestoreThread(here);
    if (PyErr_CheckSignals() != 0) return false;
  }
  return true;
}

bool enter(gate* of) {
  if (!await(of)) return false;
  if (of->shut || (of->closing && depth == 0)) {
    raise_code(CLIENTBOOK_INVALID_STATE, "the book is closed", 0);
    return false;
  }
  ++of->inside;
  ++depth;
  return true;
}

void leave(gate* of) {
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

void free_object(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
  release(self);
  Py_DECREF(type);
}

/* --- reads ---------------------------------------------------------------------------------------
 */

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

static PyObject* read_now(const port* of, const clientbook_id* who, uint8_t purpose,
                          unsigned long long mask) {
  clientbook_error error = {0, 0, "", 0};
  view* out = new_view(of);
  if (out == NULL || !enter(of->book)) {
    Py_XDECREF((PyObject*)out);
    return NULL;
  }
  const under_way former = begin_call(of->context, of->session);
  PyThreadState* const state = PyEval_SaveThread();
  const clientbook_status status = clientbook_session_read(
      of->context, of->session, who, purpose, mask, CLIENTBOOK_FLAT, &out->bytes, &error);
  PyEval_RestoreThread(state);
  end_call(former);
  leave(of->book);
  const bool raised = raise_failure();
  if (status == CLIENTBOOK_OK && !raised) return ready(out);
  Py_DECREF((PyObject*)out);
  if (raised) return NULL;
  return raise_code(status, error.text, error.at);
}

/* read(id, purpose, mask): a view. */
static PyObject* port_read(PyObject* self, PyObject* const* given, Py_ssize_t count) {
  const port* of = (port*)self;
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
  return read_now(of, &who, (uint8_t)purpose, mask);
}

/* --- as a program reads ------------------------------------------------------------------------
 */

static PyObject* name_of_bytes; /* "bytes" */

/* The 16 bytes of an id; false, without an exception: it is to be looked at by Python. */
static bool read_id(PyObject* customer, clientbook_id* out) {
  char* bytes = NULL;
  Py_ssize_t size = 0;
  PyObject* held = PyBytes_Check(customer) ? customer : NULL;
  if (held != NULL) {
    Py_INCREF(held);
  } else {
    held = PyObject_GetAttr(customer, name_of_bytes);
  }
  const bool good = held != NULL && PyBytes_Check(held) &&
                    PyBytes_AsStringAndSize(held, &bytes, &size) == 0 && size == sizeof out->bytes;
  if (good) memcpy(out->bytes, bytes, sizeof out->bytes);
  Py_XDECREF(held);
  PyErr_Clear();
  return good;
}

/* The bits of fields by their keys; false: by Python. */
static bool read_mask(const port* of, PyObject* asked, unsigned long long* out) {
  *out = 0;
  if (asked == NULL || asked == Py_None) return true;
  const bool list = PyList_Check(asked);
  if (!list && !PyTuple_Check(asked)) return false;
  const Py_ssize_t count = list ? PyList_Size(asked) : PyTuple_Size(asked);
  for (Py_ssize_t i = 0; i < count; ++i) {
    PyObject* key = list ? PyList_GetItem(asked, i) : PyTuple_GetItem(asked, i);
    PyObject* bit = PyUnicode_Check(key) ? PyDict_GetItemWithError(of->masks, key) : NULL;
    if (bit == NULL) {
      PyErr_Clear();
      return false;
    }
    *out |= PyLong_AsUnsignedLongLong(bit);
  }
  return count > 0;
}

/* show(customer, purpose, fields=None): what Session.read() does, without a frame of Python's where
 * the arguments are what they usually are. */
static PyObject* port_show(PyObject* self, PyObject* const* given, Py_ssize_t count,
                           PyObject* names) {
  static const char* const known_names[] = {"customer", "purpose", "fields"};
  const port* of = (port*)self;
  PyObject* taken[3] = {NULL, NULL, NULL};
  clientbook_id who;
  unsigned long long mask = 0;
  for (Py_ssize_t i = 0; i < count && i < 3; ++i) taken[i] = given[i];
  bool good = count <= 3;
  const Py_ssize_t named = names == NULL ? 0 : PyTuple_Size(names);
  for (Py_ssize_t i = 0; good && i < named; ++i) {
    int place = 0;
    while (place < 3 &&
           PyUnicode_CompareWithASCIIString(PyTuple_GetItem(names, i), known_names[place]) != 0) {
      ++place;
    }
    good = place < 3 && taken[place] == NULL;
    if (good) taken[place] = given[count + i];
  }
  if (!good || taken[0] == NULL || taken[1] == NULL) {
    return PyErr_Format(PyExc_TypeError, "read() takes a customer, a purpose and fields");
  }
  /* A term of another kind is a number too. */
  PyObject* const kind = (PyObject*)Py_TYPE(taken[1]);
  if ((kind == known.purpose_class || kind == (PyObject*)&PyLong_Type) && read_id(taken[0], &who) &&
      read_mask(of, taken[2], &mask)) {
    const unsigned long purpose = PyLong_AsUnsignedLong(taken[1]);
    if (!PyErr_Occurred() && purpose <= UINT8_MAX) {
      return read_now(of, &who, (uint8_t)purpose, mask);
    }
    PyErr_Clear();
  }
  return PyObject_CallFunctionObjArgs(known.read_slowly, self, of->fields, taken[0], taken[1],
                                      taken[2] == NULL ? Py_None : taken[2], NULL);
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
  const under_way former = begin_call(of->context, cursor);
  PyThreadState* const state = PyEval_SaveThread();
  const clientbook_status status =
      clientbook_cursor_next(of->context, cursor, (size_t)most, &owner->bytes, &count, &error);
  PyEval_RestoreThread(state);
  end_call(former);
  leave(of->book);
  PyObject* out = NULL;
  if (raise_failure()) {
    out = NULL;
  } else if (status != CLIENTBOOK_OK) {
    raise_code(status, error.text, error.at);
  } else if (owner->bytes.size < 4 * ((size_t)count + 2)) {
    damaged();
  } else {
    out = views_of(of, owner, count);
  }
  Py_DECREF((PyObject*)owner);
  return out;
}

/* Port(gate, context, session, class, numbers, fields, masks). */
static PyObject* port_new(PyTypeObject* type, PyObject* given, PyObject* named) {
  PyObject *book = NULL, *address = NULL, *class = NULL, *numbers = NULL, *fields = NULL;
  PyObject* masks = NULL;
  unsigned long long session = 0;
  (void)named;
  if (!PyArg_ParseTuple(given, "O!OKOOOO!", gate_type, &book, &address, &session, &class, &numbers,
                        &fields, &PyDict_Type, &masks)) {
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
  Py_INCREF(masks);
  out->masks = masks;
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
  Py_XDECREF(of->masks);
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

/* read_by(function, class of purposes): what reads where the arguments are not the usual ones. */
static PyObject* read_by(PyObject* self, PyObject* given) {
  PyObject *function, *purpose;
  (void)self;
  if (!PyArg_ParseTuple(given, "OO", &function, &purpose)) return NULL;
  keep(&known.read_slowly, function);
  keep(&known.purpose_class, purpose);
  Py_RETURN_NONE;
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

static PyMethodDef port_methods[] = {
    {"read", (PyCFunction)(void (*)(void))port_read, METH_FASTCALL, NULL},
    {"show", (PyCFunction)(void (*)(void))port_show, METH_FASTCALL | METH_KEYWORDS,
     "What the purpose shows of a customer; `fields` None: all."},
    {"take", port_take, METH_O, NULL},
    {"next", port_next, METH_VARARGS, NULL},
    {"arrow", port_arrow, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot port_slots[] = {
    {Py_tp_methods, port_methods}, {Py_tp_new, port_new}, {Py_tp_dealloc, port_free}, {0, NULL}};
static PyType_Spec port_spec = {"clientbook._fast.Port", sizeof(port), 0, Py_TPFLAGS_DEFAULT,
                                port_slots};

static PyMethodDef functions[] = {
    {"setup", setup, METH_VARARGS, NULL},
    {"read_by", read_by, METH_VARARGS, NULL},
    {"fail", fail, METH_VARARGS, NULL},
    {"raise_failed", raise_failed, METH_NOARGS, NULL},
    {"under_way", (PyCFunction)(void (*)(void))set_under_way, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL}};
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
  name_of_bytes = PyUnicode_InternFromString("bytes");
  if (out == NULL || name_of_bytes == NULL) return NULL;
  gate_type = add(out, "Gate", &gate_spec);
  view_type = gate_type == NULL ? NULL : add(out, "View", &view_spec);
  port_type = view_type == NULL ? NULL : add(out, "Port", &port_spec);
  if (port_type != NULL) return out;
  Py_DECREF(out);
  return NULL;
}
