// Books: made, opened, restored. Each has a context of its own.
'use strict';

const { inspect } = require('node:util');
const path = require('node:path');
const native = require('./native.js');
const { refused } = require('./errors.js');
const { Session } = require('./session.js');
const { json, optionsOf, purposesOf, told } = require('./values.js');

const roles = Object.freeze({
  associate: 1, manager: 2, privacy_officer: 3, security_officer: 4, auditor: 5, service: 6, owner: 7, marketing: 8 });
const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

// What is left when the program forgets to close a book.
const forgotten = new FinalizationRegistry((context) => native.context_destroy(context));

function roleNumber(role) {
  if (!Object.hasOwn(roles, role)) throw refused(`a role is one of: ${Object.keys(roles).join(', ')}`);
  return roles[role];
}

class Book {
  #context;
  #handle;

  constructor(context, handle) {
    this.#context = context;
    this.#handle = handle;
    forgotten.register(this, context, this);
  }

  // The book, opened by an actor that the host has authenticated; `actor` is not 0. `identity`: the key file by which
  // they show that they are that actor.
  session(actor, role = 'associate', options = undefined) {
    const { identity } = optionsOf(options, 'identity');
    if (this.closed) throw refused('the book is closed', 'INVALID_STATE');
    const begun = identity === undefined
      ? native.session_begin(this.#context, this.#handle, actor, roleNumber(role))
      : native.session_begin_as(this.#context, this.#handle, actor, roleNumber(role), { identity_file: pathOf(identity) });
    return new Session(this, this.#context, begun);
  }

  // Closes the book with its sessions.
  close() {
    if (this.closed) return;
    native.context_destroy(this.#context);
    forgotten.unregister(this);
    this.#handle = 0n;
  }

  get closed() { return this.#handle === 0n; }

  [inspect.custom]() { return `Book { ${this.closed ? 'closed' : 'open'} }`; }
}
Book.prototype[dispose] = Book.prototype.close;

// Runs a call that opens something in a context of its own.
function opened(call) {
  const context = native.context_create();
  try {
    return new Book(context, call(context));
  } catch (problem) {
    native.context_destroy(context);
    throw problem;
  }
}

const OF_A_BOOK = ['clock', 'keyCacheNodes', 'longestPauseDays', 'mostScanned', 'discharges', 'identity', 'onEvent'];
const OF_A_RESTORE = ['mirror', 'backups', 'shares', 'actor', 'role'];
const OF_A_NEW_BOOK = ['profile', 'furtherProfiles', 'purposes', 'schema'];

// The clock tells a Date, or milliseconds as Date.now() does.
// `identity`: the file that opens a sealed root key, or seals that of a new book.
// `onEvent`: told what happens in the book, for the program's own log; it may not use the book.
function how({ clock, keyCacheNodes, longestPauseDays, mostScanned, discharges, identity, onEvent }) {
  if (clock !== undefined && typeof clock !== 'function') throw refused('clock is a function');
  if (onEvent !== undefined && typeof onEvent !== 'function') throw refused('onEvent is a function');
  return { now: clock === undefined ? undefined : () => Math.floor(Number(clock()) / 1000),
    heard: onEvent === undefined ? undefined : (text) => onEvent(told(text)),
    key_cache_nodes: keyCacheNodes, longest_pause_days: longestPauseDays, most_scanned: mostScanned, discharges,
    identity_file: identity === undefined ? undefined : pathOf(identity) };
}

function what({ profile, furtherProfiles, purposes, schema }) {
  if (furtherProfiles !== undefined && !Array.isArray(furtherProfiles)) throw refused('furtherProfiles are an array');
  return { profile, schema, purposes: purposesOf(purposes), further_profiles: furtherProfiles?.join(',') };
}

function pathOf(where) {
  if (typeof where !== 'string' && !(where instanceof Uint8Array)) throw refused('a path is a text or bytes');
  return where;
}

function keyOf(options) {
  const { key } = optionsOf(options);
  if (key === undefined) throw refused('options need a key: the file of the root key');
  return pathOf(key);
}

function open(where, options) {
  optionsOf(options, 'key', ...OF_A_BOOK);
  return opened((context) => native.book_open(context, pathOf(where), keyOf(options), how(options)));
}

function create(where, options) {
  optionsOf(options, 'key', ...OF_A_BOOK, ...OF_A_NEW_BOOK);
  return opened((context) => native.book_create(context, pathOf(where), keyOf(options), what(options), how(options)));
}

function inMemory(options) {
  const given = optionsOf(options, ...OF_A_BOOK, ...OF_A_NEW_BOOK);
  return opened((context) => native.book_create_in_memory(context, what(given), how(given)));
}

// Writes a book of an older format in the newest one: its formats before and after.
function upgrade(where, options) {
  optionsOf(options, 'key', 'identity');
  const context = native.context_create();
  try {
    return native.book_upgrade(context, pathOf(where), keyOf(options), how(options));
  } finally {
    native.context_destroy(context);
  }
}

function acceptPin(where, options) {
  const { actor = 1, role = 'owner' } = optionsOf(options, 'key', 'actor', 'role');
  native.book_accept_pin(pathOf(where), keyOf(options), actor, roleNumber(role));
}

function sources({ mirror, backups, shares, actor = 1, role = 'owner' }) {
  if (!Array.isArray(backups) || !Array.isArray(shares)) throw refused('backups and shares are arrays');
  return { mirror: path.resolve(mirror), backups: backups.map((one) => path.resolve(one)), shares, actor, role };
}

// Makes a lost book anew, from a keyring mirror, one or two backups and shares of the recovery key.
function restore(where, options) {
  return told(native.book_restore(json({ ...sources(optionsOf(options, 'key', ...OF_A_RESTORE)), book: path.resolve(where),
    key: path.resolve(keyOf(options)) })));
}

// Tries that out in the folder `scratch`, and leaves nothing of it.
function drill(options) {
  return told(native.book_drill(json({ ...sources(optionsOf(options, 'scratch', ...OF_A_RESTORE)), scratch: path.resolve(options.scratch) })));
}

module.exports = { Book, acceptPin, create, drill, inMemory, open, restore, roles, upgrade };
