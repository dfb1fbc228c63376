// What goes wrong: one class, with a code that a program goes by. No text quotes a value.
'use strict';

const { codes } = require('./generated.js');
const native = require('./native.js');

const names = new Map(Object.entries(codes).map(([name, number]) => [number, name]));

class ClientbookError extends Error {
  // A code, 'NO_BASIS'; its number, which all languages share; where: a field's number, a byte, what
  // the call documents; where in JSON that was given: a JSON pointer, or ''.
  constructor(number, text, at = 0, where = '') {
    const code = names.get(number) ?? 'INTERNAL_ERROR'; // another one is of a newer library
    const place = where !== '' ? ` (${where})` : at !== 0 ? ` (at ${at})` : '';
    super(`${code.toLowerCase()}: ${text}${place}`);
    this.code = code;
    this.number = number;
    this.at = at;
    this.where = where;
  }
}
Object.defineProperty(ClientbookError.prototype, 'name', { value: 'ClientbookError' });

// One that this package itself finds out.
function refused(text, code = 'INVALID_ARGUMENT') {
  return new ClientbookError(codes[code], text);
}

native.on_error((number, text, at, where) => new ClientbookError(number, text, at, where));

module.exports = { ClientbookError, refused };
