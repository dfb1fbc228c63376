// The worker in which a book of async.js lies: does what it is asked, in order, and answers with plain values.
'use strict';

const { parentPort } = require('node:worker_threads');
const books = require('./book.js');
const { ClientbookError, refused } = require('./errors.js');
const { Session } = require('./session.js');

let book;
const sessions = new Map();
const walks = new Map();
let last = 0;

function keep(where, what) {
  where.set(++last, what);
  return last;
}

// What can be sent: ids as digits, views as what they show, bytes as they are.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) return Uint8Array.from(value);
  if (value instanceof Date) return value;
  if (typeof value.toJSON === 'function') return plain(value.toJSON());
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function sessionOf(number) {
  const found = sessions.get(number);
  if (found === undefined) throw refused('no session of this book', 'INVALID_STATE');
  return found;
}

function call(session, name, given) {
  const known = typeof name === 'string' && Object.getOwnPropertyDescriptor(Session.prototype, name);
  if (!known || name === 'constructor') throw refused('a session has no such method');
  return known.get === undefined ? session[name](...(given ?? [])) : session[name];
}

function ofSession({ session: number, name, given, calls }) {
  const session = sessionOf(number);
  if (name === 'transaction') {
    return session.transaction(() => calls.map(([method, ...rest]) => call(session, method, rest)));
  }
  if (name === 'scan') return keep(walks, session.scan(...(given ?? [])));
  if (name === 'close') sessions.delete(number);
  return call(session, name, given);
}

function ofWalk({ walk, most }) {
  const views = walks.get(walk);
  const out = [];
  while (views !== undefined && out.length < most) {
    const { value, done } = views.next();
    if (done) break;
    out.push(value);
  }
  if (out.length < most || most === 0) {
    views?.return?.();
    walks.delete(walk);
  }
  return out;
}

function done(asked, from) {
  if (asked.walk !== undefined) return ofWalk(asked);
  if (asked.session !== undefined) return ofSession(asked);
  if (asked.name === 'port') return listen(asked.port);
  if (asked.name === 'session') return keep(sessions, book.session(...asked.given));
  if (asked.name === 'close') return from === parentPort ? book.close() : undefined;
  book = books[asked.name](...asked.given);
  return undefined;
}

function told(problem) {
  return problem instanceof ClientbookError
    ? { number: problem.number, at: problem.at, where: problem.where,
      text: problem.message.replace(/^[a-z_]+: /, '').replace(/ \([^()]*\)$/, '') }
    : { text: `${problem?.name ?? 'Error'}` }; // the text of another error may quote what was given
}

function listen(port) {
  port.on('message', (asked) => {
    let answer;
    try {
      answer = { id: asked.id, value: plain(done(asked, port)) };
    } catch (problem) {
      answer = { id: asked.id, problem: told(problem) };
    }
    port.postMessage(answer);
  });
}

listen(parentPort);
