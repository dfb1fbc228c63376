/* What the sources of clientbook._fast share: fast.c calls the library, view.c makes values of what
 * it hands out, arrow.c makes columns of it. */
#ifndef CLIENTBOOK_PYTHON_FAST_H
#define CLIENTBOOK_PYTHON_FAST_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030a0000
#include <Python.h>
#include <clientbook.h>
#include <stdbool.h>
#include <stdint.h>

enum { header_size = 40, entry_size = 16, most_members = 32, deepest = 24 };

typedef struct entry {
  uint16_t number;
  uint8_t state, type;
  uint16_t reason;
  uint8_t kind, form;
  uint32_t offset, length;
} entry;

/* What the package has told by setup(): its exceptions, its classes. */
typedef struct classes {
  PyObject* error_of; /* (code, text, at): an exception */
  PyObject* day_of;   /* (year or 0, month, day) */
  PyObject* instant_of;
  PyObject* read_slowly; /* (port, fields, customer, purpose, fields asked for): a view */
  PyObject* purpose_class;
  PyObject* struct_class[256];
  PyObject* member[256][most_members]; /* names by number; NULL: of a newer version */
} classes;
extern classes known;

/* Counts the calls of a book that are under way: its context must not be destroyed meanwhile. The
 * interpreter's lock guards it. While it is being closed only who is within comes in once more:
 * what they have begun is brought to its end. */
typedef struct gate {
  PyObject_HEAD long inside;
  bool closing, shut;
} gate;

typedef struct view {
  PyObject_HEAD clientbook_bytes
      bytes; /* Its own; or empty, and `owner` is the view that has them. */
  PyObject* owner;
  const uint8_t* data; /* NULL: closed. */
  size_t size;
  long pins;    /* Values that are being made: Python runs meanwhile, and may close the view. */
  bool closing; /* By it; the bytes go when the last of these is made. */
  PyObject* numbers; /* Numbers by the keys that are attributes. */
  PyObject* fields;
} view;

/* A session, as reads need it. */
typedef struct port {
  PyObject_HEAD gate* book;
  clientbook_context* context;
  clientbook_handle session;
  PyTypeObject* class; /* Of the views. */
  PyObject* numbers;
  PyObject* fields;
  PyObject* masks; /* A field's bit by its key. */
} port;

/* False, with an exception, where nobody comes in any more. Both with the interpreter's lock. */
bool enter(gate* of);
void leave(gate* of);
/* The call of this thread that is under way, which a callback that raises stops. Nested: give the
 * former one back. */
typedef struct under_way {
  clientbook_context* context;
  clientbook_handle handle; /* Of a session or a cursor; 0: none. */
} under_way;
under_way begin_call(clientbook_context* context, clientbook_handle handle);
void end_call(under_way former);
/* What a callback has raised meanwhile is raised now: true. */
bool raise_failure(void);
PyObject* raise_code(int32_t code, const char* text, uint64_t at);
void free_object(PyObject* self);

/* view.c */
extern PyType_Spec view_spec;
bool is_block(const uint8_t* data, size_t size);
PyObject* damaged(void);

/* arrow.c: arrow(port, cursor, batch, columns, forget) of a Port. */
PyObject* port_arrow(PyObject* self, PyObject* given);

#endif
