/* Reads without conversions: what is asked lies in a small array that JavaScript and this file
 * share, and the view's block is copied into an array that JavaScript keeps ("room") and reads in
 * place. So a read costs one call with one number. lib/session.js has the other half. */
#include <stdlib.h>
#include <string.h>

#include "frame.h"

/* In the shared array. */
enum { at_id = 0, at_fields = 16, at_purpose = 24, at_place = 28, at_size = 32, box_size = 64 };

typedef struct reader {
  uint32_t id;
  uint32_t context;
  clientbook_handle session;
  napi_ref box_kept, room_kept;
  uint8_t *box, *room;
  size_t room_size;
  clientbook_bytes waiting; /* A block that the room was too small for. */
  struct reader* next;
} reader;

static reader* find(const module* in, uint32_t id) {
  reader* at = in->readers;
  while (at != NULL && at->id != id) at = at->next;
  return at;
}

/* Holds an array's memory, at least so many bytes of it, instead of what was held before; that
 * stays held if this fails. */
static uint8_t* keep(frame* f, size_t index, size_t least, napi_ref* kept, size_t* size) {
  void* data = NULL;
  napi_ref made = NULL;
  *size = 0;
  if (f->failed) return NULL;
  /* An empty array has no memory of its own, nor has one whose memory was given to a worker. */
  if (napi_get_arraybuffer_info(f->env, f->arguments[index], &data, size) != napi_ok ||
      *size < least || *size == 0 || data == NULL) {
    fail(f, CLIENTBOOK_INVALID_ARGUMENT, "an ArrayBuffer with room is needed", index);
    return NULL;
  }
  if (napi_create_reference(f->env, f->arguments[index], 1, &made) != napi_ok) {
    fail(f, CLIENTBOOK_LIMIT_EXCEEDED, "no memory", index);
    return NULL;
  }
  if (*kept != NULL) napi_delete_reference(f->env, *kept);
  *kept = made;
  return data;
}

/* The library is writing for this reader just now, and has called back. */
static bool is_busy(frame* f, const reader* held) {
  const holder* in = find_holder(f->module, held->context);
  if (in == NULL || !in->busy) return false;
  fail(f, CLIENTBOOK_INVALID_STATE, "the book is in a call, which calls back", 0);
  return true;
}

static void end(napi_env env, reader* gone) {
  if (gone->box_kept != NULL) napi_delete_reference(env, gone->box_kept);
  if (gone->room_kept != NULL) napi_delete_reference(env, gone->room_kept);
  clientbook_bytes_free(&gone->waiting);
  free(gone);
}

/* reader_open(context, session, box, room): a number. */
napi_value reader_open(napi_env env, napi_callback_info info) {
  frame f;
  size_t size = 0;
  if (!frame_begin(&f, env, info, 4)) return NULL;
  take_context(&f, 0);
  const clientbook_handle session = take_unsigned(&f, 1, UINT64_MAX);
  reader* made = f.failed ? NULL : calloc(1, sizeof *made);
  if (made == NULL) {
    fail(&f, CLIENTBOOK_LIMIT_EXCEEDED, "no memory", 0);
    return frame_end(&f);
  }
  made->box = keep(&f, 2, box_size, &made->box_kept, &size);
  made->room = keep(&f, 3, 1, &made->room_kept, &made->room_size);
  if (f.failed) {
    end(env, made);
    return frame_end(&f);
  }
  made->context = f.in->id;
  made->session = session;
  made->id = ++f.module->last_id;
  made->next = f.module->readers;
  f.module->readers = made;
  give_number(&f, "reader", made->id);
  return frame_end(&f);
}

static void put_number(uint8_t* to, uint32_t number) { memcpy(to, &number, sizeof number); }

/* reader_room(reader, room): another room, into which what was waiting is put. */
napi_value reader_room(napi_env env, napi_callback_info info) {
  frame f;
  if (!frame_begin(&f, env, info, 2)) return NULL;
  reader* held = find(f.module, (uint32_t)take_unsigned(&f, 0, UINT32_MAX));
  if (held == NULL) {
    fail(&f, CLIENTBOOK_INVALID_STATE, "the session is closed", 0);
    return frame_end(&f);
  }
  if (is_busy(&f, held)) return frame_end(&f);
  size_t size = 0;
  uint8_t* room = keep(&f, 1, held->waiting.size, &held->room_kept, &size);
  if (room != NULL) {
    held->room = room;
    held->room_size = size;
    if (held->waiting.size > 0) memcpy(room, held->waiting.data, held->waiting.size);
    clientbook_bytes_free(&held->waiting);
  }
  return frame_end(&f);
}

/* reader_read(reader): what the box asks for, into the room or, if it is too small, kept waiting;
 * the size stands in the box. */
napi_value reader_read(napi_env env, napi_callback_info info) {
  frame f;
  clientbook_id who;
  uint64_t fields = 0;
  uint32_t place = 0;
  if (!frame_begin(&f, env, info, 1)) return NULL;
  reader* held = find(f.module, (uint32_t)take_unsigned(&f, 0, UINT32_MAX));
  holder* in = held == NULL ? NULL : find_holder(f.module, held->context);
  if (in == NULL || in->busy) {
    fail(&f, CLIENTBOOK_INVALID_STATE,
         in == NULL ? "the book is closed" : "the book is in a call, which calls back", 0);
    return frame_end(&f);
  }
  memcpy(who.bytes, held->box + at_id, sizeof who.bytes);
  memcpy(&fields, held->box + at_fields, sizeof fields);
  memcpy(&place, held->box + at_place, sizeof place);
  in->busy = true;
  f.in = in;
  clientbook_bytes_free(&held->waiting);
  const clientbook_status status =
      clientbook_session_read(in->context, held->session, &who, held->box[at_purpose], fields,
                              CLIENTBOOK_FLAT, &held->waiting, &f.error);
  settle(&f, status, 0, NULL);
  if (!f.failed) {
    put_number(held->box + at_size, (uint32_t)held->waiting.size);
    if (place <= held->room_size && held->waiting.size <= held->room_size - place) {
      memcpy(held->room + place, held->waiting.data, held->waiting.size);
      clientbook_bytes_free(&held->waiting);
    }
  }
  return frame_end(&f);
}

napi_value reader_close(napi_env env, napi_callback_info info) {
  frame f;
  if (!frame_begin(&f, env, info, 1)) return NULL;
  const uint32_t id = (uint32_t)take_unsigned(&f, 0, UINT32_MAX);
  for (reader** at = &f.module->readers; *at != NULL; at = &(*at)->next) {
    if ((*at)->id != id) continue;
    if (is_busy(&f, *at)) break;
    reader* gone = *at;
    *at = gone->next;
    end(env, gone);
    break;
  }
  return frame_end(&f);
}

void forget_readers(module* of) {
  while (of->readers != NULL) {
    reader* gone = of->readers;
    of->readers = gone->next;
    end(of->env, gone);
  }
}
