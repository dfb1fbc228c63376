// Values on their way in and out: JSON, ids, terms, and what hides itself from console.log().
'use strict';

const { inspect } = require('node:util');
const { refused } = require('./errors.js');
const generated = require('./generated.js');
const native = require('./native.js');

const kinds = { purpose: 1, recipient: 2, category: 3, operation: 4 };
const numbers = Object.fromEntries(
  Object.keys(kinds).map((kind) => [kind, new Map(Object.entries(generated[`${kind}s`]))]));

// The number of a word of the vocabulary, or of its term ("cb:BirthdayGreeting").
function term(kind, word) {
  const known = numbers[kind].get(word);
  if (known !== undefined) return known;
  if (typeof word !== 'string') throw refused(`a ${kind} is a word of the vocabulary`);
  return native.term_find(kinds[kind], word);
}

// One purpose or several: their numbers; none: undefined, and the book's own are taken.
function purposesOf(purposes) {
  if (purposes === undefined || purposes === null) return undefined;
  const all = typeof purposes === 'string' ? [purposes] : purposes;
  if (!Array.isArray(all)) throw refused('purposes are a word or an array of words');
  return Uint8Array.from(all, (one) => term('purpose', one));
}

// Instants as the library writes them; an invalid one is refused.
function instant(date) {
  if (Number.isNaN(date.getTime())) throw refused('no valid Date', 'INVALID_VALUE');
  return `${date.toISOString().slice(0, 19)}Z`;
}

// The day of a Date, in UTC as instants are.
function dayOf(date) {
  return instant(date).slice(0, 10);
}

function secondsOf(when) {
  const date = when instanceof Date ? when : new Date(when);
  if (Number.isNaN(date.getTime())) throw refused('no valid date', 'INVALID_VALUE');
  return Math.floor(date.getTime() / 1000);
}

// Options of a call. A key that it does not know is a mistake, which would be kept quiet otherwise; it is named, its value is not.
function optionsOf(options, ...known) {
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object' || Array.isArray(options)) throw refused('options are an object');
  if (known.length > 0) {
    for (const key of Object.keys(options)) {
      if (!known.includes(key)) throw refused(`no such option: ${key}`);
    }
  }
  return options;
}

function written(key, value) {
  const before = this[key];
  if (before instanceof Date) return instant(before);
  if (typeof value === 'bigint') {
    if (BigInt.asIntN(53, value) !== value) throw refused('a number beyond 2^53', 'INVALID_VALUE');
    return Number(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw refused('not a finite number', 'INVALID_VALUE');
  return value === null ? undefined : value; // what is null is not given
}

// JSON of what was given; members that are undefined or null are left out.
// `days`: keys whose Dates are days.
function json(value, days) {
  if (value === null || typeof value !== 'object') throw refused('an object is needed');
  let text;
  try {
    text = JSON.stringify(value, days === undefined ? written : function writtenDays(key, given) {
      return this[key] instanceof Date && days.has(key) ? dayOf(this[key]) : written.call(this, key, given);
    });
  } catch (problem) {
    if (problem?.name === 'ClientbookError') throw problem;
    throw refused('it cannot be written as JSON', 'INVALID_VALUE');
  }
  if (text === undefined) throw refused('it cannot be written as JSON', 'INVALID_VALUE');
  return text;
}

// What the library tells: an ordinary object, of which inspect() and console.log() show the members' names.
class Told {
  [inspect.custom]() {
    return `Told { ${Object.keys(this).join(', ')} }`;
  }
}

function told(text) {
  return JSON.parse(text, (_key, value) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.setPrototypeOf(value, Told.prototype) : value);
}

// The public id of a customer: shows nothing of them. Four numbers of 32 bits, which need no memory of their own.
class CustomerId {
  #a;
  #b;
  #c;
  #d;

  constructor(words) {
    this.#a = words[0];
    this.#b = words[1];
    this.#c = words[2];
    this.#d = words[3];
  }

  static from(customer) {
    if (customer instanceof CustomerId) return customer;
    let bytes;
    if (typeof customer === 'string' && /^[0-9a-fA-F]{32}$/.test(customer)) {
      bytes = Uint8Array.from(Buffer.from(customer, 'hex'));
    } else if (customer instanceof Uint8Array && customer.length === 16) {
      bytes = Uint8Array.from(customer);
    } else {
      throw refused('a customer is a CustomerId, its 32 hexadecimal digits or 16 bytes');
    }
    return new CustomerId(new Int32Array(bytes.buffer));
  }

  // Into the first four of an Int32Array.
  static copy(customer, to) {
    const from = customer instanceof CustomerId ? customer : CustomerId.from(customer);
    to[0] = from.#a;
    to[1] = from.#b;
    to[2] = from.#c;
    to[3] = from.#d;
  }

  static bytes(customer) {
    const words = new Int32Array(4);
    CustomerId.copy(customer, words);
    return new Uint8Array(words.buffer);
  }

  equals(other) {
    return other instanceof CustomerId && other.#a === this.#a && other.#b === this.#b && other.#c === this.#c && other.#d === this.#d;
  }

  toString() {
    return Buffer.from(CustomerId.bytes(this).buffer).toString('hex');
  }

  toJSON() {
    return this.toString();
  }

  [inspect.custom]() {
    return `CustomerId('${this}')`;
  }
}

// Uint64: what is small enough as a number.
function count(value) {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

module.exports = { CustomerId, Told, count, dayOf, json, optionsOf, purposesOf, refused, secondsOf, term, told };
