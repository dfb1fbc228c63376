// Wrong arguments of every function, what is closed, callbacks that misbehave, other threads, and that nothing
// prints a value.
'use strict';

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, it } = require('node:test');
const util = require('node:util');
const { Worker } = require('node:worker_threads');
const clientbook = require('clientbook');

const root = path.dirname(require.resolve('clientbook'));
const native = require(path.join(root, 'lib/native.js'));
const ORDER = 'customer_order_management';
const CARE = 'customer_care';
const SECRETS = ['Ottilie', 'Quux', 'ottilie@', '7 Hidden Lane', 'likes opals', '4111'];

function shop(options, until = {}) {
  const book = clientbook.inMemory({ profile: 'gdpr', ...options });
  const session = book.session(7, 'owner');
  session.addNotice({ title: 'care', text: 't', purposes: [CARE], recipients: ['self'], categories: ['note'] });
  const who = session.put({ name: { given: 'Ottilie', family: 'Quux' }, emails: [{ address: 'ottilie@example.com' }],
    addresses: [{ line1: '7 Hidden Lane', country: 'DE' }], external_ids: [{ system: 'crm', value: 'Quux-1' }] }, { purposes: ORDER,
    directives: [{ kind: 'grant', purposes: [CARE], recipients: ['self'], categories: ['note'], notice: 'care', evidence: 'e', ...until }] }).customer;
  session.appendNote(who, 'likes opals', { purposes: CARE });
  return { book, session, who };
}

const isOurs = (problem) => problem instanceof clientbook.ClientbookError;
const code = (expected) => (problem) => isOurs(problem) && problem.code === expected || assert.fail(`${expected}, but ${problem}`);

// In a folder of their own: calls with nonsense may make files.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clientbook-'));
process.chdir(folder);
after(() => { process.chdir('/'); fs.rmSync(folder, { recursive: true }); });

const detached = new Uint8Array(16);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const NASTY = [undefined, null, true, 0, -1, 1.5, NaN, Infinity, 2 ** 53, 2 ** 64, 5n, -1n, 2n ** 64n, 2n ** 63n, '', 'gdpr', '\ud800', '\udc00x',
  'a\0b', {}, [], Symbol('s'), () => 1, new Uint8Array(0), new Uint8Array(16), new Uint8Array(new SharedArrayBuffer(16)), new Float64Array(2),
  new DataView(new ArrayBuffer(8)), new ArrayBuffer(64), new Date(), detached, '{}', '[]', '{"kind":"grant"}',
  new Proxy({}, { get() { throw new clientbook.ClientbookError(1, 'from a getter'); } })];
const names = Object.keys(native).filter((name) => !['on_error', 'version', 'abi_version', 'context_destroy'].includes(name));

describe('every function', () => {
  it('is one of the C ABI, and says what is wrong with each argument', () => {
    assert.ok(names.length > 90);
    const { book, session, who } = shop();
    let calls = 0;
    let refused = 0;
    const withContext = /^(session_|cursor_|close$|book_(create|open|upgrade))/;
    for (const name of names) {
      for (const one of NASTY) {
        for (const many of [0, 1, 3, 9]) {
          // A context of a book that there is would only be one of these by chance: these are all refused.
          const context = name === 'context_create' ? [] : [one];
          ++calls;
          let worked = true;
          try {
            native[name](...context, ...Array(many).fill(one));
          } catch (problem) {
            assert.ok(isOurs(problem), `${name}: ${problem}`);
            worked = false;
            ++refused;
          }
          assert.ok(!worked || !withContext.test(name), `${name} worked with ${typeof one}`);
        }
      }
    }
    assert.ok(calls > 10000 && refused > 0.9 * calls, `${refused} of ${calls} were refused`);
    assert.ok(names.filter((name) => withContext.test(name)).length > 80);
    assert.strictEqual(session.read(who, ORDER).name.given, 'Ottilie');
    assert.strictEqual(session.verify().problems, 0);
    book.close();
  });

  it('survives random arguments with contexts, sessions and customers that are right', () => {
    let state = 12345;
    const random = (below) => { state = (state * 1103515245 + 12345) & 0x7fffffff; return (state >>> 8) % below; };
    const context = native.context_create();
    const book = native.book_create_in_memory(context, { profile: 'gdpr' }, null);
    let session = native.session_begin(context, book, 7, 7);
    const who = native.session_put(context, session, 1, '{"name":{"given":"A"}}', Uint8Array.of(15), null, false).out;
    const request = { purpose: 15, recipient: 1, fields: 2n };
    const good = [who, who, 1, 3, 15, 0n, 2n, '{"language":"en"}', request, Uint8Array.of(15), { write: () => 1 }, { done: () => {} }, true, false, null];
    let worked = 0;
    let refused = 0;
    const did = new Set();
    for (let i = 0; i < 60000; ++i) {
      const name = names[random(names.length)];
      if (/^(context_create|reader_|book_|close$)/.test(name) && random(20) !== 0) continue;
      const rest = Array.from({ length: random(9) }, () => (random(10) < 8 ? good[random(good.length)] : NASTY[random(NASTY.length)]));
      try {
        native[name](context, session, ...rest);
        ++worked;
        did.add(name);
        if (name === 'close') session = native.session_begin(context, book, 7, 7);
      } catch (problem) {
        assert.ok(isOurs(problem), `${name}: ${problem}`);
        ++refused;
      }
      if (i % 1000 === 999) { // a transaction that was begun is ended, so that the rest is tried too
        native.close(context, session);
        session = native.session_begin(context, book, 7, 7);
      }
    }
    assert.ok(worked > 2000 && refused > 20000, `${worked} worked, ${refused} were refused`);
    assert.ok(did.size > 25, `only ${[...did].join(', ')} worked`);
    native.close(context, session);
    session = native.session_begin(context, book, 7, 7);
    assert.strictEqual(JSON.parse(native.session_verify(context, session, null)).problems, 0);
    native.context_destroy(context);
    assert.throws(() => native.session_figures(context, session), code('INVALID_STATE'));
  });

  it('takes no half of a surrogate pair, and no number that it cannot hold', () => {
    const { book, session, who } = shop();
    for (const bad of ['\ud800', 'x\udfff', '\udc00\ud800']) {
      for (const use of [() => session.find('crm', bad), () => session.search(`${bad}abc`, ORDER), () => clientbook.scan(bad), () => clientbook.redact(`${bad} a`),
        () => session.explain(who, ORDER, 'name', { language: bad }), () => session.put({ name: { given: bad } }, { purposes: ORDER }),
        () => session.appendNote(who, bad, { purposes: CARE }), () => clientbook.open(bad, { key: 'k' })]) {
        assert.throws(use, code('INVALID_ENCODING'));
      }
    }
    assert.strictEqual(clientbook.redact('😀 ok').text, '😀 ok');
    for (const bad of [-1, 1.5, NaN, 2 ** 32, 2n ** 70n, '7', {}]) assert.throws(() => book.session(bad), code('INVALID_ARGUMENT'));
    assert.throws(() => book.session(0), code('INVALID_ARGUMENT'));
    for (const bad of [-1, 0.5, 2 ** 60, 2n ** 64n, '1']) assert.throws(() => session.purchases(who, ORDER, bad), code('INVALID_ARGUMENT'));
    assert.deepStrictEqual(session.purchases(who, ORDER, 2n ** 64n - 1n).items, []);
    book.close();
  });

  it('refuses words, ids, fields, options and values that there are not', () => {
    const { book, session, who } = shop();
    const refusals = [
      ['UNKNOWN_FIELD', () => session.read(who, 'no such')], ['INVALID_ARGUMENT', () => session.read(who, 15)],
      ['INVALID_ARGUMENT', () => session.read(who)], ['INVALID_ARGUMENT', () => session.read(who, ORDER, [])],
      ['INVALID_ARGUMENT', () => session.read(who, ORDER, 'name')], ['UNKNOWN_FIELD', () => session.read(who, ORDER, ['no such'])],
      ['INVALID_ARGUMENT', () => session.read('00', ORDER)], ['NOT_FOUND', () => session.read('00'.repeat(16), ORDER)],
      ['INVALID_ARGUMENT', () => session.read(undefined, ORDER)], ['INVALID_ARGUMENT', () => session.put(null)],
      ['INVALID_ARGUMENT', () => session.put('x')], ['WRONG_TYPE', () => session.put(new Uint8Array(3))],
      ['INVALID_VALUE', () => session.put({ birth_date: new Date(NaN) })], ['INVALID_VALUE', () => session.put({ demographics: { children: 2n ** 60n } })],
      ['INVALID_ARGUMENT', () => session.put({}, { directives: {} })], ['INVALID_ARGUMENT', () => session.put({}, 'x')],
      ['INVALID_ARGUMENT', () => session.erase(who, { reason: 'no such' })], ['INVALID_ARGUMENT', () => session.erase(who, { mentions: 7 })],
      ['INVALID_ARGUMENT', () => session.erase(who, { rememberedMonths: 1000 })], ['INVALID_ARGUMENT', () => session.search('ab', ORDER, { path: 'x' })],
      ['INVALID_ARGUMENT', () => session.transaction()], ['INVALID_ARGUMENT', () => session.exportCustomers({}, {})],
      ['INVALID_ARGUMENT', () => book.session(7, 'boss')], ['INVALID_ARGUMENT', () => book.session(7, 'toString')],
      ['NOT_FOUND', () => clientbook.inMemory({ profile: 'no such' })], ['INVALID_ARGUMENT', () => clientbook.inMemory()],
      ['INVALID_ARGUMENT', () => clientbook.open()], ['INVALID_ARGUMENT', () => clientbook.open('x')],
      ['INVALID_ARGUMENT', () => clientbook.create('x', { key: 'k/k' })], ['INVALID_ARGUMENT', () => clientbook.inMemory({ profile: 'gdpr', clock: 5 })],
      ['INVALID_ARGUMENT', () => session.preview(who, ORDER, { country: 'DEU' })], ['UNKNOWN_FIELD', () => session.preview(who, ORDER, { recipient: 'nobody' })]];
    for (const [expected, use] of refusals) assert.throws(use, code(expected), String(use));
    const circle = {};
    circle.name = circle;
    assert.throws(() => session.put(circle), code('INVALID_VALUE'));
    assert.strictEqual(session.read(who, ORDER).name.given, 'Ottilie');
    assert.strictEqual(session.figures().customers, 1);
    book.close();
  });
});

describe('what is closed', () => {
  it('says so', () => {
    const { book, session, who } = shop();
    const other = book.session(8, 'owner');
    const view = session.read(who, ORDER);
    const { name } = view;
    session.close();
    session.close();
    assert.throws(() => session.read(who, ORDER), code('INVALID_HANDLE'));
    assert.throws(() => session.figures(), code('INVALID_HANDLE'));
    const walk = other.scan(ORDER);
    const begun = other.scan(ORDER);
    begun.next();
    book.close();
    book.close();
    for (const use of [() => other.read(who, ORDER), () => other.figures(), () => book.session(7), () => walk.next(), () => other.transaction(() => {})]) {
      assert.throws(use, code('INVALID_STATE'));
    }
    begun.return();
    other.close();
    assert.strictEqual(view.name.given, 'Ottilie'); // a view is the reader's own
    view.close();
    view.close();
    for (const use of [() => view.name, () => name.given, () => view.state('name'), () => view.customer, () => JSON.stringify(view)]) {
      assert.throws(use, code('INVALID_STATE'));
    }
    assert.match(util.inspect([book, other, view]), /closed.*closed.*closed/s);
  });

  it('closes at the end of its block', () => {
    const { book, session, who } = shop();
    const view = session.read(who, ORDER);
    const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
    for (const one of [view, session, book]) one[dispose]();
    assert.ok(view.closed && session.closed && book.closed);
  });

  it('undoes a transaction that its session does not outlive', () => {
    const { book, session, who } = shop();
    assert.throws(() => session.transaction(() => { session.remove(who, 'addresses', { purposes: ORDER }); session.close(); }), isOurs);
    assert.strictEqual(book.session(7, 'owner').read(who, ORDER).addresses.length, 1);
    book.close();
  });

  it('is freed when a program forgets it', () => {
    const script = `
      const clientbook = require(${JSON.stringify(root)});
      for (let i = 0; i < 300; ++i) {
        const session = clientbook.inMemory({ profile: 'gdpr' }).session(7, 'owner');
        const who = session.put({ name: { given: 'A' } }, { purposes: '${ORDER}' }).customer;
        for (let j = 0; j < 20; ++j) session.read(who, '${ORDER}');
      }
      const native = require(${JSON.stringify(path.join(root, 'lib/native.js'))});
      const left = () => Array.from({ length: 900 }, (_, i) => i + 1).filter((context) => {
        try { native.close(context, 0n); } catch (problem) { return problem.code === 'INVALID_HANDLE'; }
      }).length;
      const had = left();
      let tries = 0;
      const wait = () => { gc(); if (left() > 5 && ++tries < 100) setTimeout(wait, 20); else console.log(had, left()); };
      setTimeout(wait, 0);`;
    const [had, left] = String(execFileSync(process.execPath, ['--expose-gc', '-e', script])).split(' ').map(Number);
    assert.ok(had > 5 && left <= 5, `${left} of ${had} are left`);
  });
});

describe('the bytes of views', () => {
  it('are wiped when no view of them is left', () => {
    const script = `
      const { Room } = require(${JSON.stringify(path.join(root, 'lib/view.js'))});
      let room = new Room(64);
      const { memory } = room;
      room.bytes.fill(7);
      room = null;
      let tries = 0;
      const wait = () => { gc(); const all = [...new Uint8Array(memory)]; if (all.includes(7) && ++tries < 100) setTimeout(wait, 20); else console.log(all.includes(7)); };
      setTimeout(wait, 0);`;
    assert.strictEqual(String(execFileSync(process.execPath, ['--expose-gc', '-e', script])).trim(), 'false');
    const { book, session, who } = shop();
    const view = session.read(who, ORDER);
    const likewise = session.read(who, ORDER);
    view.close();
    assert.strictEqual(likewise.name.given, 'Ottilie');
    book.close();
  });
});

describe('the memory that reads share', () => {
  it('is not an empty array, nor one that was given away, and stays when another is refused', () => {
    const script = `
      const clientbook = require(${JSON.stringify(root)});
      const native = require(${JSON.stringify(path.join(root, 'lib/native.js'))});
      const context = native.context_create();
      const book = native.book_create_in_memory(context, { profile: 'gdpr' }, null);
      const session = native.session_begin(context, book, 7, 7);
      const who = native.session_put(context, session, 1, '{"name":{"given":"A"}}', Uint8Array.of(15), null, false).out;
      const gone = new ArrayBuffer(65536);
      structuredClone(gone, { transfer: [gone] });
      const empty = () => new ArrayBuffer(0);
      const refused = (use) => { try { use(); return 'worked'; } catch (problem) { return problem.code; } };
      const said = [refused(() => native.reader_open(context, session, new ArrayBuffer(64), empty())), refused(() => native.reader_open(context, session, empty(), new ArrayBuffer(64))),
        refused(() => native.reader_open(context, session, new ArrayBuffer(64), gone))];
      const box = new Uint8Array(64);
      const reader = native.reader_open(context, session, box.buffer, new ArrayBuffer(65536));
      box.set(who);
      box[16] = 2;
      box[24] = 15;
      for (const bad of [empty(), gone, 5, undefined]) said.push(refused(() => native.reader_room(reader, bad)));
      for (let i = 0; i < 200; ++i) { // what is held must outlive this
        gc();
        Array.from({ length: 8 }, () => new ArrayBuffer(65536).slice(0, 65536));
        native.reader_read(reader);
      }
      console.log(new Set(said).size, said[0], said.length, new Uint32Array(box.buffer)[8] > 40);`;
    assert.strictEqual(String(execFileSync(process.execPath, ['--expose-gc', '-e', script])).trim(), '1 INVALID_ARGUMENT 7 true');
  });

  it('is not let go by what is called back', () => {
    const context = native.context_create();
    const tried = [];
    let during = () => {};
    const now = () => { const use = during; during = () => {}; use(); return 1800000000; };
    const book = native.book_create_in_memory(context, { profile: 'gdpr' }, { now });
    const session = native.session_begin(context, book, 7, 7);
    const who = native.session_put(context, session, 1, '{"name":{"given":"A"}}', Uint8Array.of(15), null, false).out;
    const box = new Uint8Array(64);
    const reader = native.reader_open(context, session, box.buffer, new ArrayBuffer(65536));
    box.set(who);
    box[16] = 2;
    box[24] = 15;
    const attempt = (use) => { try { use(); tried.push('worked'); } catch (problem) { tried.push(problem.code); } };
    during = () => [() => native.reader_close(reader), () => native.reader_room(reader, new ArrayBuffer(8)), () => native.reader_read(reader)].forEach(attempt);
    native.reader_read(reader);
    assert.deepStrictEqual(tried, ['INVALID_STATE', 'INVALID_STATE', 'INVALID_STATE']);
    assert.ok(new Uint32Array(box.buffer)[8] > 40);
    native.reader_close(reader);
    native.context_destroy(context);
  });

  it('is asked for one read at a time, whatever getters of the program do', () => {
    const { book, session, who } = shop();
    const other = session.put({ name: { given: 'Zoe' } }, { purposes: ORDER }).customer;
    const fields = ['name'];
    Object.defineProperty(fields, 0, { get() { assert.strictEqual(session.read(other, ORDER, ['name', 'emails']).name.given, 'Zoe'); return 'name'; } });
    const view = session.read(who, ORDER, fields);
    assert.strictEqual(view.name.given, 'Ottilie');
    assert.deepStrictEqual(view.keys(), ['name']);
    book.close();
  });
});

describe('callbacks', () => {
  it('tell the time', () => {
    let now = Date.UTC(2027, 0, 15);
    const { book, session, who } = shop({ clock: () => new Date(now) });
    session.addNotice({ title: 'news', text: 't', purposes: ['email_marketing'], recipients: ['self'] });
    session.record(who, { kind: 'grant', purposes: ['email_marketing'], recipients: ['self'], notice: 'news', evidence: 'e', not_after: new Date(Date.UTC(2027, 1, 1)) });
    assert.ok(session.read(who, 'email_marketing').emails);
    assert.strictEqual(session.read(who, 'email_marketing').validUntil, '2027-02-01T00:00:00Z');
    now = Date.UTC(2027, 1, 1);
    assert.strictEqual(session.read(who, 'email_marketing').emails, undefined);
    book.close();
  });

  it('that throw or tell nonsense open nothing that has a time limit', () => {
    for (const clock of [() => { throw new RangeError('no clock'); }, () => 'noon', () => NaN, () => -5, () => ({}), () => 1e300]) {
      let works = true;
      const { book, session, who } = shop({ clock: () => (works ? Date.UTC(2027, 0, 15) : clock()) }, { not_after: new Date(Date.UTC(2028, 0, 1)) });
      assert.ok(session.notes(who, CARE).items.length);
      works = false;
      try {
        assert.strictEqual(session.notes(who, CARE).items.length, 0);
      } catch (problem) {
        assert.ok(isOurs(problem), String(problem));
      }
      book.close();
    }
  });

  it('cannot use the book that calls them, nor close it', () => {
    const { book, session, who } = shop();
    const other = book.session(8, 'owner');
    other.read(who, ORDER);
    const tried = [];
    const attempt = (use) => { try { use(); tried.push('worked'); } catch (problem) { tried.push(problem.code); } };
    session.verify(() => [() => book.close(), () => session.close(), () => session.read(who, ORDER), () => session.figures(), () => book.session(8),
      () => other.read(who, ORDER), () => other.figures()].forEach(attempt));
    assert.deepStrictEqual(new Set(tried), new Set(['INVALID_STATE']));
    assert.strictEqual(tried.length, 7);
    session.verify(() => { const other = shop(); other.session.read(other.who, ORDER); other.book.close(); }); // another book's is fine
    assert.strictEqual(session.read(who, ORDER).name.given, 'Ottilie');
    book.close();
    let told = 0;
    assert.throws(() => shop().session.verify(() => { ++told; throw 5; }), (problem) => problem === 5);
    assert.strictEqual(told, 1);
  });
});

describe('threads', () => {
  const inWorker = (work, data) => new Promise((resolve, reject) => {
    const worker = new Worker(`const { workerData, parentPort } = require('node:worker_threads'); const clientbook = require(workerData.root);
      Promise.resolve((${work})(clientbook, workerData)).then((out) => parentPort.postMessage(out))`, { eval: true, workerData: { root, ...data } });
    worker.on('message', resolve).on('error', reject);
  });

  it('each have books of their own', async () => {
    const work = (library) => {
      const book = library.inMemory({ profile: 'gdpr' });
      const session = book.session(7, 'owner');
      const who = session.put({ name: { given: 'W' } }, { purposes: 'customer_order_management' }).customer;
      let seen = 0;
      for (let i = 0; i < 300; ++i) seen += session.read(who, 'customer_order_management').name.given === 'W' ? 1 : 0;
      return seen; // the book is left to the worker's end
    };
    assert.deepStrictEqual(await Promise.all(Array.from({ length: 4 }, () => inWorker(work))), [300, 300, 300, 300]);
  });

  it('cannot reach a book of another one', async () => {
    const { book, session, who } = shop();
    const context = native.context_create();
    const handle = native.book_create_in_memory(context, { profile: 'gdpr' }, null);
    const theirs = await inWorker((library, { root: place, context: number, handle: of }) => {
      const calls = require(require('node:path').join(place, 'lib/native.js'));
      try { calls.session_begin(number, of, 7, 7); return 'worked'; } catch (problem) { return problem.code; }
    }, { context, handle });
    assert.strictEqual(theirs, 'INVALID_STATE');
    for (const one of [book, session]) {
      const clone = structuredClone(one);
      assert.strictEqual(typeof clone.read, 'undefined');
      assert.throws(() => clientbook.Session.prototype.read.call(clone, who, ORDER), TypeError);
    }
    native.context_destroy(context);
    book.close();
  });

  it('may end while a call calls back', async () => {
    const worker = new Worker(`const clientbook = require(${JSON.stringify(root)}); const { parentPort } = require('node:worker_threads');
      const session = clientbook.inMemory({ profile: 'gdpr' }).session(7, 'owner');
      for (let i = 0; i < 50; ++i) session.put({ name: { given: 'A' } }, { purposes: 'customer_order_management' });
      session.verify(() => { parentPort.postMessage(1); const end = Date.now() + 500; while (Date.now() < end); });`, { eval: true });
    await new Promise((resolve) => worker.once('message', resolve));
    assert.strictEqual(await worker.terminate(), 1);
  });
});

describe('silence', () => {
  it('nothing prints a value', () => {
    const { book, session, who } = shop();
    const view = session.read(who, ORDER);
    const kept = [book, session, who, view, view.name, view.emails, view.addresses, session.notes(who, CARE), session.search('quux', ORDER),
      session.put({ name: { given: 'Quux' } }, { purposes: ORDER }), session.directives(who), session.preview(who, ORDER),
      [...session.scan(ORDER)], clientbook.redact('mail ottilie@example.com'), session.listCustomers(ORDER, { days: { days: 365 } })];
    const shown = kept.flatMap((one) => [util.inspect(one), util.inspect(one, { showHidden: true, depth: 9 }), String(one)]);
    shown.push(util.inspect({ view, name: view.name }, { depth: 9 }), util.format('%o %O %s', view, view.name, view));
    const uses = [() => session.put({ emails: [{ address: 'ottilie@example.com', x: 'Quux' }] }, { purposes: ORDER }),
      () => session.put({ name: { given: 5 }, likes: 'likes opals' }, { purposes: ORDER }), () => session.find('Ottilie', 'Quux'),
      () => session.appendNote(who, 'likes opals, card 4111 1111 1111 1111', { purposes: CARE }), () => session.read('Ottilie Quux', ORDER),
      () => session.read(who, 'Ottilie'), () => session.read(who, ORDER, ['Ottilie']), () => session.record(who, { kind: 'Quux' }),
      () => session.put({ birth_date: 'Ottilie' }, { purposes: ORDER }), () => clientbook.open('Ottilie', { key: 'Quux' }),
      () => session.disclose(who, ORDER, 'Ottilie Quux'), () => session.erase(who, { reason: 'Ottilie' }), () => book.session('Quux'),
      () => session.put({ name: { given: 'Ottilie' }, external_ids: [{ system: 'crm', value: 'Quux-1' }] }, { purposes: ORDER })];
    for (const use of uses) {
      assert.throws(use, (problem) => {
        shown.push(util.inspect(problem, { showHidden: true }), problem.stack, String(problem), JSON.stringify(problem));
        return isOurs(problem);
      }, String(use));
    }
    for (const text of shown) for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} in ${text}`);
    assert.ok(JSON.stringify(view).includes('Ottilie')); // whoever asks for JSON gets it
    book.close();
  });
});

describe('what is meant', () => {
  it('is no option that there is not, which is named', () => {
    const { book, session, who } = shop();
    const wrong = { purpose: 'likes opals', leave_out: true };
    for (const use of [() => session.put({ name: { given: 'A' } }, wrong), () => session.update(who, { tier: 'x' }, wrong),
      () => session.appendNote(who, 'x', wrong), () => session.search('otti', ORDER, wrong), () => session.scan(ORDER, wrong),
      () => session.preview(who, ORDER, wrong), () => session.disclose(who, ORDER, 'self', wrong), () => session.erase(who, wrong),
      () => session.remove(who, 'tier', wrong), () => session.backUp('b', wrong),
      () => book.session(8, 'owner', wrong), () => clientbook.inMemory({ profile: 'gdpr', ...wrong }),
      () => clientbook.open('b', { key: 'k', ...wrong }), () => clientbook.create('b', { key: 'k', profile: 'gdpr', ...wrong }),
      () => clientbook.redact('x', wrong), () => clientbook.scan('x', wrong)]) {
      assert.throws(use, (problem) => {
        assert.match(problem.message, /no such option: (purpose|leave_out)$/, String(use));
        return !problem.message.includes('opals') && problem.code === 'INVALID_ARGUMENT';
      });
    }
    assert.equal(session.read(who, ORDER).name.given, 'Ottilie');
    book.close();
  });

  it('is a day where a Date is given for one', () => {
    const { book, session } = shop();
    const born = new Date('1980-02-29T00:00:00Z');
    const record = { name: { given: 'Di' }, birth_date: born, special_days: [{ kind: 'anniversary', day: born }] };
    const who = session.put(record, { purposes: ORDER, leaveOut: true }).customer;
    session.update(who, { name: { given: 'Di' } }, { purposes: ORDER });
    session.noteBirthDate(who, born);
    assert.equal(session.appendPurchase(who, { day: born, order: 'R1' }, { purposes: ORDER }), 1);
    assert.equal(session.appendPurchase(who, { at: new Date('2020-01-02T03:04:05Z'), order: 'R2' }, { purposes: ORDER }), 2);
    const told = session.purchases(who, ORDER).items;
    assert.deepEqual([told[0].day, told[1].at], ['1980-02-29', '2020-01-02T03:04:05Z']);
    book.close();
  });

  it('is the session where that is closed, and the book where that is', () => {
    const { book, session, who } = shop();
    const other = book.session(8, 'owner');
    session.close();
    assert.throws(() => session.read(who, ORDER), /the session is closed/);
    book.close();
    assert.throws(() => other.read(who, ORDER), /the book is closed/);
  });

  it('is said with a move too', () => {
    const { book, session, who } = shop();
    session.move(who, 'gdpr', 'customer', undefined, { state: 'AT', works_here: true });
    const { state, employed } = session.jurisdiction(who);
    assert.deepEqual([state, employed], ['AT', true]);
    assert.throws(() => session.move(who, 'gdpr', 'officer', undefined, { state: 'AT' }), { code: 'MISSING_FIELD' });
    assert.throws(() => session.move(who, 'gdpr', 'address', 'e', { state: 'AT' }), { code: 'INVALID_ARGUMENT' });
    book.close();
  });
});

describe('a library of another ABI version', () => {
  it('is refused', () => {
    const copy = path.join(folder, 'other');
    fs.cpSync(root, copy, { recursive: true, filter: (file) => !file.includes('prebuilds') });
    const header = fs.readFileSync(path.join(process.env.CLIENTBOOK_SOURCE, 'bindings/c/include/clientbook.h'), 'utf8');
    fs.mkdirSync(path.join(copy, 'newer'));
    fs.writeFileSync(path.join(copy, 'newer/clientbook.h'), header.replace(/(#define CLIENTBOOK_ABI_VERSION) \d+u/, '$1 77u'));
    execFileSync(process.execPath, [path.join(copy, 'scripts/build.js')], { env: { ...process.env, CLIENTBOOK_INCLUDE: path.join(copy, 'newer') } });
    assert.throws(() => require(copy).inMemory({ profile: 'gdpr' }), { code: 'UNSUPPORTED' });
  });
});
