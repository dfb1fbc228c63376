/* A view's values, which are made when they are asked for: docs/format/flat_view.md. */
#include <string.h>

#include "fast.h"

classes known;

/* --- values of a view ------------------------------------------------------------------------ */

static bool is_open(const view* of) {
  const bool open = of->data != NULL && !of->closing;
  if (!open) raise_code(CLIENTBOOK_INVALID_STATE, "the view is closed", 0);
  return open;
}

PyObject* damaged(void) {
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

bool is_block(const uint8_t* data, size_t size) {
  uint16_t count;
  if (size < header_size) return false;
  memcpy(&count, data + 6, sizeof count);
  return (size - header_size) / entry_size >= count;
}

/* --- the view ------------------------------------------------------------------------------------
 */

static void let_go(view* of) {
  of->data = NULL;
  of->size = 0;
  clientbook_bytes_free(&of->bytes);
  Py_CLEAR(of->owner);
}

static PyObject* made_of(view* of, const entry* found) {
  Py_INCREF((PyObject*)of);
  ++of->pins;
  PyObject* out = value_of(of, found, found->type, 0);
  if (--of->pins == 0 && of->closing) let_go(of);
  Py_DECREF((PyObject*)of);
  return out;
}

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
  return made_of(of, &found);
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
  return made_of((view*)self, &found);
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

static PyObject* view_close(PyObject* self, PyObject* unused) {
  (void)unused;
  ((view*)self)->closing = true;
  if (((view*)self)->pins == 0) let_go((view*)self);
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
  return PyBool_FromLong(((view*)self)->data == NULL || ((view*)self)->closing);
}

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
PyType_Spec view_spec = {"clientbook._fast.View", sizeof(view), 0,
                         Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, view_slots};
