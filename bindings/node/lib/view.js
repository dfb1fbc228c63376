// A view: what a purpose shows of a customer, and why. It is read in place, out of the block of
// docs/format/flat_view.md; a string is made when it is asked for.
'use strict';

const { inspect } = require('node:util');
const { refused } = require('./errors.js');
const { shapes } = require('./generated.js');
const { CustomerId, count } = require('./values.js');

const states = Object.freeze(['not asked', 'absent', 'shown', 'redacted', 'withheld']);
const reasons = new Map([
  [0, 'NONE'], [1, 'UNKNOWN_SUBJECT'], [2, 'UNKNOWN_PURPOSE'], [3, 'UNKNOWN_RECIPIENT'], [4, 'UNKNOWN_OPERATION'],
  [5, 'UNKNOWN_FIELD'], [6, 'UNKNOWN_COUNTRY'], [7, 'UNKNOWN_CLOCK'], [16, 'LEGAL_PROHIBITION'], [32, 'RESTRICTED'],
  [33, 'OBJECTED'], [48, 'WITHDRAWN'], [64, 'DENIED_BY'], [80, 'GRANTED_BY'], [96, 'BASIS'], [112, 'NO_BASIS'],
  [128, 'OBLIGATION_UNSUPPORTED']]);

// Memory for many blocks. It is wiped when no view of it is left.
class Room {
  constructor(size) {
    this.memory = new ArrayBuffer(size);
    this.bytes = Buffer.from(this.memory);
    this.data = new DataView(this.memory);
    this.words = new Uint32Array(this.memory, 0, size >> 2);
    wiped.register(this, this.memory);
  }
}
const wiped = new FinalizationRegistry((memory) => new Uint8Array(memory).fill(0));

// One block; closed when its bytes are wiped.
class Block {
  constructor(room, at, size) {
    this.room = room;
    this.at = at;
    this.size = size;
  }

  open() {
    if (this.room === null) throw refused('the view is closed', 'INVALID_STATE');
    return this.room;
  }

  // Where the entry of that number in a table is, or -1.
  entry(table, entries, number) {
    const { words } = this.open();
    for (let i = 0, at = table; i < entries; ++i, at += 16) {
      if ((words[at >> 2] & 0xffff) === number) return at;
    }
    return -1;
  }

  list(table, entries, type) {
    const out = [];
    for (let i = 0, at = table; i < entries; ++i, at += 16) out.push(this.value(at, type));
    return out;
  }

  value(entry, type) {
    const { bytes, data, words } = this.open();
    const at = this.at + words[(entry + 8) >> 2]; // every entry is at a multiple of 8
    const size = words[(entry + 12) >> 2];
    switch (bytes[entry + 6]) {
      case 1: return text(bytes, at, size);
      case 2: return integer(data, at);
      case 3: return bytes[at] !== 0;
      case 4: return day(data, at);
      case 5: return instant(data, at);
      case 6: return bytes.toString('hex', at, at + size);
      case 7: return this.list(at, size / 16, type);
      case 8: return new (structs.get(type) ?? Other)(this, at, size / 16);
      case 9: return Uint8Array.from(bytes.subarray(at, at + size));
      default: return undefined;
    }
  }
}

function text(bytes, at, size) {
  return bytes.utf8Slice(at, at + size);
}

function integer(data, at) {
  const value = data.getBigInt64(at, true);
  return value < 0n ? -count(-value) : count(value);
}

function day(data, at) {
  const year = data.getInt16(at, true);
  const two = (number) => String(number).padStart(2, '0');
  const rest = `${two(data.getUint8(at + 2))}-${two(data.getUint8(at + 3))}`;
  return year === 0 ? `--${rest}` : `${String(year).padStart(4, '0')}-${rest}`;
}

function instant(data, at) {
  const seconds = Number(data.getBigInt64(at, true));
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

// A value with members, which are read when they are asked for. Nothing prints them.
class Struct {
  #block;
  #table;
  #entries;

  constructor(block, table, entries) {
    this.#block = block;
    this.#table = table;
    this.#entries = entries;
  }

  static member(of, number) {
    const entry = of.#block.entry(of.#table, of.#entries, number);
    return entry < 0 ? undefined : of.#block.value(entry, 0);
  }

  static numbers(of) {
    const { data } = of.#block.open();
    return Array.from({ length: of.#entries }, (_, i) => data.getUint16(of.#table + 16 * i, true));
  }

  [inspect.custom]() {
    return `${this.constructor.name} {}`;
  }
}

function structOf(name, members) {
  const made = { [name]: class extends Struct {} }[name];
  for (const [number, key] of members) {
    Object.defineProperty(made.prototype, key, { get() { return Struct.member(this, number); }, enumerable: true });
  }
  made.prototype.toJSON = function toJSON() {
    return Object.fromEntries(members.map(([, key]) => [key, this[key]]).filter(([, value]) => value !== undefined));
  };
  return made;
}

const structs = new Map(shapes.filter(([, type]) => type !== 0)
  .map(([name, type, members]) => [type, structOf(name, members)]));

// Of a type that this version does not know: members by number.
class Other extends Struct {
  toJSON() {
    return Object.fromEntries(Struct.numbers(this).map((number) => [number, Struct.member(this, number)]));
  }
}

// The schema of a book.
class Fields {
  constructor(rows) {
    this.all = Object.freeze(rows.map((row) => Object.freeze({ ...row })));
    this.byKey = new Map(this.all.map((row) => [row.key, row]));
    this.byNumber = new Map(this.all.map((row) => [row.number, row]));
    this.View = viewOf(this.all);
    this.days = this.all.filter(({ type }) => type === 'date').map(({ key }) => key);
  }

  number(key) {
    const found = this.byKey.get(key);
    if (found === undefined) throw refused('the book has no such field', 'UNKNOWN_FIELD');
    return found.number;
  }

  // Bit n for field n; of undefined 0, which calls take as all.
  mask(keys) {
    if (keys === undefined || keys === null) return 0n;
    if (!Array.isArray(keys) || keys.length === 0) throw refused('fields are an array of keys, and not empty');
    return keys.reduce((mask, key) => mask | (1n << BigInt(this.number(key))), 0n);
  }

  // The same into two numbers of 32 bits.
  maskInto(keys, to, at) {
    let low = 0;
    let high = 0;
    if (keys !== undefined && keys !== null) {
      if (!Array.isArray(keys) || keys.length === 0) throw refused('fields are an array of keys, and not empty');
      for (let i = 0; i < keys.length; ++i) {
        const number = this.number(keys[i]);
        if (number < 32) low |= 1 << number;
        else high |= 1 << (number - 32);
      }
    }
    to[at] = low;
    to[at + 1] = high;
  }

  keys(mask) {
    return this.all.filter(({ number }) => (mask >> BigInt(number)) & 1n).map(({ key }) => key);
  }
}

class View {
  #block;
  #fields;

  constructor(fields, room, at, size) {
    this.#fields = fields;
    this.#block = new Block(room, at, size);
  }

  #entry(key) {
    const block = this.#block;
    const { bytes } = block.open();
    const field = this.#fields.byKey.get(key);
    if (field === undefined) return -1;
    return block.entry(block.at + 40, bytes[block.at + 6] | (bytes[block.at + 7] << 8), field.number);
  }

  static field(of, number) {
    const block = of.#block;
    const { bytes } = block.open();
    const entry = block.entry(block.at + 40, bytes[block.at + 6] | (bytes[block.at + 7] << 8), number);
    return entry < 0 ? undefined : block.value(entry, bytes[entry + 3]);
  }

  // The block of docs/format/flat_view.md, a copy.
  static block(of) {
    const { bytes } = of.#block.open();
    return Uint8Array.from(bytes.subarray(of.#block.at, of.#block.at + of.#block.size));
  }

  get customer() {
    const { bytes } = this.#block.open();
    return CustomerId.from(bytes.subarray(this.#block.at + 16, this.#block.at + 32));
  }

  // When it must be decided anew, an ISO instant; undefined: nothing that is known ends it.
  get validUntil() {
    const seconds = this.#block.open().data.getBigInt64(this.#block.at + 32, true);
    return seconds >= 253402300800n ? undefined : `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;
  }

  get(key) {
    const entry = this.#entry(key);
    return entry < 0 ? undefined : this.#block.value(entry, this.#block.room.bytes[entry + 3]);
  }

  state(key) {
    const entry = this.#entry(key);
    return entry < 0 ? states[0] : states[this.#block.room.bytes[entry + 2]];
  }

  reason(key) {
    const entry = this.#entry(key);
    return entry < 0 ? 'NONE' : reasons.get(this.#block.room.data.getUint16(entry + 4, true)) ?? 'NONE';
  }

  // How many e-mail addresses, numbers or addresses of a shown field are not there, since the customer
  // spoke of them alone; at most 255.
  leftOut(key) {
    const entry = this.#entry(key);
    return entry >= 0 && this.state(key) === 'shown' ? this.#block.room.bytes[entry + 7] : 0;
  }

  // Those that were asked for.
  keys() {
    return this.#fields.all.map(({ key }) => key).filter((key) => this.#entry(key) >= 0);
  }

  // Plain values of what is shown, for whoever may have them.
  toJSON() {
    return Object.fromEntries(this.keys().map((key) => [key, this.get(key)]).filter(([, value]) => value !== undefined));
  }

  // Wipes the bytes now.
  close() {
    const { room, at, size } = this.#block;
    if (room !== null) room.bytes.fill(0, at, at + size);
    this.#block.room = null;
  }

  get closed() {
    return this.#block.room === null;
  }

  [inspect.custom]() {
    return this.closed ? 'View { closed }' : `View { ${this.keys().map((key) => `${key}: ${this.state(key)}`).join(', ')} }`;
  }
}
View.prototype[Symbol.dispose ?? Symbol.for('Symbol.dispose')] = View.prototype.close;

// A class with a getter for each field; a field called like a method is reached by get().
function viewOf(rows) {
  class BookView extends View {}
  Object.defineProperty(BookView, 'name', { value: 'View' });
  for (const { key, number } of rows) {
    if (key in View.prototype) continue;
    Object.defineProperty(BookView.prototype, key, { get() { return View.field(this, number); }, enumerable: true });
  }
  return BookView;
}

// A view over bytes of its own.
function viewOver(fields, bytes) {
  const room = new Room(bytes.length);
  room.bytes.set(bytes);
  bytes.fill(0);
  return new fields.View(fields, room, 0, bytes.length);
}

// The views of clientbook_cursor_next().
function viewsOver(fields, bytes, howMany) {
  const room = new Room(bytes.length);
  room.bytes.set(bytes);
  bytes.fill(0);
  const place = (i) => room.data.getUint32(4 + 4 * i, true);
  return Array.from({ length: howMany }, (_, i) => new fields.View(fields, room, place(i), place(i + 1) - place(i)));
}

module.exports = { Fields, Room, View, viewOver, viewsOver };
