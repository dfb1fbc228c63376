// A binding for Go in one file: what a day at the counter needs, after the rules of docs/bindings.md.
package main

/*
#cgo LDFLAGS: -lclientbook
#include <stdlib.h>
#include <clientbook.h>
*/
import "C"

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"runtime"
	"unsafe"
)

// Error is what the library refused: a code that a program goes by, and no personal data.
type Error struct {
	Code  int32
	Text  string
	At    uint64
	Where string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s", C.GoString(C.clientbook_error_name(C.int32_t(e.Code))), e.Text)
}

func refused(status C.clientbook_status, told *C.clientbook_error) error {
	if status == 0 {
		return nil
	}
	return &Error{Code: int32(status), Text: C.GoString(told.text), At: uint64(told.at)}
}

// Book is a context with one book in it. Goroutines may share it, each with a session of its own.
type Book struct {
	context *C.clientbook_context
	handle  C.clientbook_handle
}

// InMemory makes a book that lives as long as it is open.
func InMemory(profile string) (*Book, error) {
	var told C.clientbook_error
	book := &Book{}
	if err := refused(C.clientbook_context_create(C.CLIENTBOOK_ABI_VERSION, &book.context, &told), &told); err != nil {
		return nil, err
	}
	name := C.CString(profile)
	defer C.free(unsafe.Pointer(name))
	what := C.clientbook_new_book{profile: name, profile_size: C.size_t(len(profile))}
	what.struct_size = C.size_t(unsafe.Sizeof(what))
	// A struct that holds pointers of C only may be passed by its address.
	if err := refused(C.clientbook_book_create_in_memory(book.context, &what, nil, &book.handle, &told), &told); err != nil {
		book.Close()
		return nil, err
	}
	runtime.SetFinalizer(book, (*Book).Close)
	return book, nil
}

// Close ends the book with its sessions; nobody may be in a call.
func (b *Book) Close() {
	C.clientbook_context_destroy(b.context)
	b.context = nil
	runtime.SetFinalizer(b, nil)
}

// Session is a book opened by an actor; one goroutine at a time.
type Session struct {
	book   *Book // Keeps the context alive.
	handle C.clientbook_handle
}

// Session opens the book for an actor that the host has authenticated.
func (b *Book) Session(actor uint32, role uint32) (*Session, error) {
	var told C.clientbook_error
	session := &Session{book: b}
	status := C.clientbook_session_begin(b.context, b.handle, C.uint32_t(actor), C.uint32_t(role), &session.handle, &told)
	return session, refused(status, &told)
}

// where adds the JSON pointer to what was wrong in a text.
func (s *Session) where(err error) error {
	if of, is := err.(*Error); is {
		var out C.clientbook_bytes
		if C.clientbook_session_where(s.book.context, s.handle, &out, nil) == 0 {
			of.Where = string(taken(&out))
		}
	}
	return err
}

// taken copies what the library hands out, and has the library wipe and free its own.
func taken(bytes *C.clientbook_bytes) []byte {
	defer C.clientbook_bytes_free(bytes)
	return append([]byte(nil), unsafe.Slice((*byte)(unsafe.Pointer(bytes.data)), int(bytes.size))...)
}

// Put adds a customer; record is what json.Marshal makes JSON of.
func (s *Session) Put(record any, purpose string) (C.clientbook_id, error) {
	var told C.clientbook_error
	var id C.clientbook_id
	content, err := json.Marshal(record)
	if err != nil {
		return id, err
	}
	why, err := Purpose(purpose)
	if err != nil {
		return id, err
	}
	defer runtime.KeepAlive(s.book)
	status := C.clientbook_session_put(s.book.context, s.handle, C.CLIENTBOOK_JSON, (*C.uint8_t)(unsafe.Pointer(&content[0])),
		C.size_t(len(content)), &why, 1, nil, 0, nil, &id, &told)
	return id, s.where(refused(status, &told))
}

// Purpose is the number of a word.
func Purpose(word string) (C.uint8_t, error) {
	var told C.clientbook_error
	var out C.uint8_t
	text := []byte(word)
	if len(text) == 0 {
		return 0, &Error{Code: C.CLIENTBOOK_INVALID_ARGUMENT, Text: "a purpose is needed"}
	}
	status := C.clientbook_term_find(C.CLIENTBOOK_TERM_PURPOSE, (*C.char)(unsafe.Pointer(&text[0])), C.size_t(len(text)), &out, &told)
	return out, refused(status, &told)
}

// View is a block of docs/format/flat_view.md: a value is made when it is asked for.
type View []byte

// Read is what a purpose shows of a customer.
func (s *Session) Read(customer C.clientbook_id, purpose string) (View, error) {
	var told C.clientbook_error
	var out C.clientbook_bytes
	why, err := Purpose(purpose)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(s.book)
	status := C.clientbook_session_read(s.book.context, s.handle, &customer, why, 0, C.CLIENTBOOK_FLAT, &out, &told)
	if err := refused(status, &told); err != nil {
		return nil, err
	}
	return taken(&out), nil
}

// entry finds a number in a table of entries: state, kind, offset and length.
func (v View) entry(table, entries int, number uint16) (state, kind byte, offset, length int, is bool) {
	for at := table; at < table+16*entries; at += 16 {
		if binary.LittleEndian.Uint16(v[at:]) == number {
			return v[at+2], v[at+6], int(binary.LittleEndian.Uint32(v[at+8:])), int(binary.LittleEndian.Uint32(v[at+12:])), true
		}
	}
	return 0, 0, 0, 0, false
}

// State tells how a field came out: 1 absent, 2 shown, 3 redacted, 4 withheld.
func (v View) State(field uint16) byte {
	state, _, _, _, _ := v.entry(40, int(binary.LittleEndian.Uint16(v[6:])), field)
	return state
}

// Member is a text within a field that is a struct: field 1 is the name, its member 1 the given name.
func (v View) Member(field, member uint16) (string, bool) {
	_, kind, offset, length, is := v.entry(40, int(binary.LittleEndian.Uint16(v[6:])), field)
	if !is || kind != 8 {
		return "", false
	}
	_, kind, at, size, is := v.entry(offset, length/16, member)
	if !is || kind != 1 {
		return "", false
	}
	return string(v[at : at+size]), true
}
