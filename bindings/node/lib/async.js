// A book in a worker of its own: calls do not hold up the program's thread, and several workers may use one book.
//
// A call is a message to that worker and its answer is another one, so what goes either way is a plain value: a view
// comes as its states and values, an id as its 32 digits. The calls of one session are done in their order.
'use strict';

const path = require('node:path');
const { Worker, MessageChannel, MessagePort } = require('node:worker_threads');
const { ClientbookError, refused } = require('./errors.js');
const { Told } = require('./values.js');

const dispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

// What is told hides itself from console.log(), as it does in the worker.
function quiet(value) {
  if (Array.isArray(value)) return value.map(quiet);
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return Object.setPrototypeOf(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, quiet(one)])), Told.prototype);
}

// Asks over one port and settles what was asked.
class Line {
  #port;
  #asked = new Map();
  #last = 0;
  #ended;

  constructor(port) {
    this.#port = port;
    port.on('message', ({ id, value, problem }) => {
      const waiting = this.#asked.get(id);
      this.#asked.delete(id);
      if (this.#asked.size === 0) port.unref();
      if (problem === undefined) waiting.resolve(quiet(value));
      else waiting.reject(problem.number === undefined ? new Error(problem.text) : new ClientbookError(problem.number, problem.text, problem.at, problem.where));
    });
    port.on(port instanceof MessagePort ? 'close' : 'exit', () => this.#end('the book is closed'));
    if (!(port instanceof MessagePort)) port.on('error', () => this.#end('the worker of the book has ended'));
    port.unref();
  }

  ask(what, transfer = []) {
    if (this.#ended !== undefined) return Promise.reject(refused(this.#ended, 'INVALID_STATE'));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#port.ref();
      try {
        this.#port.postMessage({ id, ...what }, transfer);
      } catch { // what cannot be sent: a function, a symbol
        this.#asked.delete(id);
        if (this.#asked.size === 0) this.#port.unref();
        reject(refused('what is given to a book in a worker is plain values'));
      }
    });
  }

  end() {
    if (typeof this.#port.terminate === 'function') return this.#port.terminate();
    this.#port.close();
    return undefined;
  }

  #end(why) {
    this.#ended ??= why;
    for (const { reject } of this.#asked.values()) reject(refused(why, 'INVALID_STATE'));
    this.#asked.clear();
  }
}

// Every method of a Session, as a promise.
class AsyncSession {
  #line;
  #session;

  constructor(line, session) {
    this.#line = line;
    this.#session = session;
    return new Proxy(this, {
      get(target, name) {
        if (name === 'then' || typeof name === 'symbol') return Reflect.get(target, name);
        if (name in AsyncSession.prototype) return target[name].bind(target);
        return (...given) => target.#line.ask({ session: target.#session, name, given });
      },
    });
  }

  // Several calls as one: [['put', record, options], ...]; all of them or none, and their answers.
  transaction(calls) {
    if (!Array.isArray(calls) || !calls.every(Array.isArray)) return Promise.reject(refused('a transaction is a list of calls'));
    return this.#line.ask({ session: this.#session, name: 'transaction', calls });
  }

  async *scan(purpose, options) {
    const walk = await this.#line.ask({ session: this.#session, name: 'scan', given: [purpose, options] });
    try {
      for (;;) {
        const views = await this.#line.ask({ walk, most: options?.batch ?? 256 });
        if (views.length === 0) return;
        yield* views;
      }
    } finally {
      await this.#line.ask({ walk, most: 0 }).catch(() => {});
    }
  }

  close() { return this.#line.ask({ session: this.#session, name: 'close', given: [] }); }
}

class AsyncBook {
  #line;

  constructor(line) { this.#line = line; }

  async session(actor, role, options) {
    return new AsyncSession(this.#line, await this.#line.ask({ name: 'session', given: [actor, role, options] }));
  }

  // For another thread, which makes an AsyncBook of it by connect(): to be transferred.
  async port() {
    const { port1, port2 } = new MessageChannel();
    await this.#line.ask({ name: 'port', port: port1 }, [port1]);
    return port2;
  }

  // Closes the book with its sessions; of a book by connect() only its own line to it.
  async close() {
    await this.#line.ask({ name: 'close' }).catch((problem) => {
      if (problem?.code !== 'INVALID_STATE') throw problem;
    });
    await this.#line.end();
  }
}
AsyncBook.prototype[dispose] = AsyncBook.prototype.close;

async function begun(name, ...given) {
  const line = new Line(new Worker(path.join(__dirname, 'async_worker.js')));
  try {
    await line.ask({ name, given });
    return new AsyncBook(line);
  } catch (problem) {
    await line.end();
    throw problem;
  }
}

// As open(), create() and inMemory(); a clock is a function, and stays in the program's own thread: there is none here.
const openAsync = (where, options) => begun('open', where, options);
const createAsync = (where, options) => begun('create', where, options);
const inMemoryAsync = (options) => begun('inMemory', options);

// A book of another thread, by what its port() gave.
function connect(port) {
  if (!(port instanceof MessagePort)) throw refused('a port of a book is needed');
  return new AsyncBook(new Line(port));
}

module.exports = { AsyncBook, AsyncSession, connect, createAsync, inMemoryAsync, openAsync };
