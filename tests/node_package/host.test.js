// What hosts do beside a day at the counter: files redacted in pieces, consents exported, laws and fields changed, and a
// book in a worker of its own.
'use strict';

const assert = require('node:assert');
const { describe, it } = require('node:test');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const util = require('node:util');
const { Worker } = require('node:worker_threads');
const clientbook = require('clientbook');

const ORDER = 'customer_order_management';
const NEWS = 'email_marketing';
const KEN = { name: { given: 'Ken' }, external_ids: [{ system: 'loyalty', value: 'L-1' }] };
const GRANT = { kind: 'grant', purposes: [NEWS], recipients: ['self'], categories: ['email_address', 'name', 'note'], notice: 'news',
  evidence: 'form 17', channel: 'paper' };
const NOTICE = { title: 'news', text: 'We write.', purposes: [NEWS], recipients: ['self'], categories: ['email_address', 'name', 'note'] };
const code = (expected) => (problem) => problem.code === expected || assert.fail(`${expected}, but ${problem}`);

function shop() {
  const book = clientbook.inMemory({ profile: 'gdpr' });
  const session = book.session(7, 'owner');
  session.addNotice(NOTICE);
  return { book, session, ken: session.put(KEN, { purposes: ORDER }).customer };
}

describe('texts', () => {
  it('are redacted in pieces as at once', () => {
    const text = `name,mail\nAnn Lee,ann@example.com\n${'Bo,bo@example.com\n'.repeat(50)}`;
    const whole = clientbook.redactForm(text, { form: 'csv' });
    const redactor = new clientbook.Redactor({ form: 'csv' });
    for (let turn = 0; turn < 2; ++turn) {
      const out = [];
      for (let at = 0; at < text.length; at += 7) out.push(redactor.write(Buffer.from(text.slice(at, at + 7))));
      const { rest, receipt } = redactor.finish();
      assert.strictEqual(Buffer.concat([...out, rest]).toString(), whole.text);
      assert.deepStrictEqual({ ...receipt }, { ...whole.receipt });
    }
    redactor.write(Buffer.from([0x61, 0xff]));
    assert.throws(() => redactor.finish(), code('INVALID_ENCODING'));
    assert.throws(() => redactor.write(Buffer.from('a')), code('INVALID_STATE'));
    redactor.close();
    redactor.close();
    assert.throws(() => redactor.write(Buffer.from('a')), code('INVALID_STATE'));
    assert.throws(() => new clientbook.Redactor({ form: 'tar' }), code('INVALID_ARGUMENT'));
  });

  it('of notes come without others', () => {
    const { session, ken } = shop();
    session.record(ken, GRANT);
    session.appendNote(ken, 'likes tea', { purposes: NEWS });
    assert.strictEqual(session.notesWithout(ken, NEWS, [ken]).items.length, 1);
    session.setTextRegions(['DE', 'AT']);
    assert.throws(() => session.setTextRegions(['Germany']), code('INVALID_ARGUMENT'));
  });

  it('know what a minor unit is', () => {
    assert.deepStrictEqual([clientbook.minorUnits('EUR'), clientbook.minorUnits('JPY'), clientbook.minorUnits('KWD')], [2, 0, 3]);
    assert.throws(() => clientbook.minorUnits('XYZ'), code('UNKNOWN_FIELD'));
  });
});

describe('the book', () => {
  it('exports what a customer said', () => {
    const { session, ken } = shop();
    const directive = session.record(ken, GRANT);
    const details = { directive, controller: 'Shop', address: '1 High Street', contact: 'privacy@example.com',
      notice_url: 'https://example.com/notice', withdrawal_method: 'https://example.com/off' };
    assert.match(session.exportConsent(ken, { format: '27560', ...details }).text, /Shop/);
    assert.strictEqual(session.exportConsent(ken, { format: 'receipt', ...details }).key.length, 64);
    assert.throws(() => session.exportConsent(ken, { format: 'paper' }), (problem) => problem.where === '/format');
  });

  it('changes laws by two people, and fields', () => {
    const { book, session } = shop();
    const number = session.proposeProfile('add_profile', 'us');
    assert.strictEqual(session.policy().proposal.number, number);
    assert.throws(() => session.approvePolicy(number), code('SECOND_PERSON_REQUIRED'));
    book.session(8, 'privacy_officer').approvePolicy(number);
    assert.deepStrictEqual(session.policy().profiles.map(({ name }) => name), ['gdpr', 'us']);
    assert.throws(() => session.proposePolicy('profile', Buffer.from('no profile')));
    assert.throws(() => session.effectOf('profile', Buffer.from('no profile')));
    assert.throws(() => session.proposePolicy('law', Buffer.from('x')), code('INVALID_ARGUMENT'));
    session.addFields([{ number: 40, key: 'fitting', type: 'text', categories: ['preference'] }]);
    assert.strictEqual(session.fields.number('fitting'), 40);
    assert.throws(() => session.tabulate(ORDER, [{ field: 'hat' }]), (problem) => problem.where === '/columns/0/field');
    assert.throws(() => session.setTokenReversal(Buffer.from('short')), code('INVALID_ARGUMENT'));
    assert.throws(() => session.carve('/nowhere/at/all'));
  });
});

describe('columns and events', () => {
  it('are decided about, and open no more after an erasure', () => {
    const { session, ken } = shop();
    session.addRecipient({ name: 'parcel-co', class: 'parcel_service', country: 'DE', contract: 'PC-1', onward: 'forbidden' });
    const row = { name: session.sealColumn(ken, 'name', { given: 'Ken' }, { purposes: ORDER }),
      addresses: session.sealColumn(ken, 'addresses', [{ line1: 'Elm Street 1', city: 'Bonn', country: 'DE' }], { purposes: ORDER }) };
    assert.ok(!Buffer.from(row.name).includes('Ken'));
    assert.strictEqual(session.readColumns(ken, ORDER, row).name.given, 'Ken');
    assert.strictEqual(session.readColumns(ken, NEWS, row).state('addresses'), 'withheld');
    const left = session.discloseColumns(ken, 'delivery_of_goods', 'parcel-co', row);
    assert.strictEqual(left.content.addresses[0].city, 'Bonn');
    assert.strictEqual(session.ledger(ken).at(-1).index, left.ledgerIndex);
    assert.throws(() => session.readColumns(ken, ORDER, { addresses: row.name }));
    assert.throws(() => session.readColumns(ken, ORDER, { name: 'Ken' }), code('INVALID_ARGUMENT'));
    session.erase(ken);
    assert.throws(() => session.readColumns(ken, ORDER, row), code('KEY_ERASED'));
  });

  it('are told to the program, and what a listener throws is its own', () => {
    const told = [];
    const book = clientbook.inMemory({ profile: 'gdpr', onEvent: (event) => { told.push(event); throw new Error('of the listener'); } });
    const session = book.session(7, 'owner');
    const { customer } = session.put(KEN, { purposes: ORDER });
    session.read(customer, ORDER, ['name']);
    const look = told.findLast(({ kind }) => kind === 'look');
    assert.deepStrictEqual({ actor: look.actor, look: look.look, purpose: look.purpose, fields: look.fields, customer: look.customer },
      { actor: 7, look: 'read', purpose: ORDER, fields: ['name'], customer: String(customer) });
    assert.ok(!JSON.stringify(told).includes('Ken'));
    assert.throws(() => clientbook.inMemory({ profile: 'gdpr', onEvent: 1 }), code('INVALID_ARGUMENT'));
  });

  it('stop with an exception of a callback', () => {
    const { session } = shop();
    for (let i = 0; i < 50; ++i) session.put({ name: { given: `P${i}` } }, { purposes: ORDER });
    let calls = 0;
    assert.throws(() => session.verify(() => { ++calls; throw new RangeError('enough'); }), RangeError);
    assert.strictEqual(calls, 1);
    assert.strictEqual(session.verify().problems, 0);
  });
});

describe('a book in a worker', () => {
  it('answers promises with plain values, and errors with their codes', async () => {
    const book = await clientbook.inMemoryAsync({ profile: 'gdpr' });
    const session = await book.session(7, 'owner');
    await session.addNotice(NOTICE);
    const { customer } = await session.put(KEN, { purposes: ORDER });
    assert.match(customer, /^[0-9a-f]{32}$/);
    const view = await session.read(customer, ORDER);
    assert.ok(JSON.stringify(view).includes('Ken'));
    assert.ok(!util.inspect(view).includes('Ken'));
    assert.strictEqual(await session.find('loyalty', 'L-1'), customer);
    await assert.rejects(session.find('loyalty', 'L-2'), code('NOT_FOUND'));
    await assert.rejects(session.put({ hat: 1 }, { purposes: ORDER }), code('UNKNOWN_FIELD'));
    await assert.rejects(session.exportConsent(customer, { format: 'paper' }), (problem) => problem.where === '/format');
    await assert.rejects(session.noSuchMethod(), code('INVALID_ARGUMENT'));
    await assert.rejects(session.put(KEN, { purposes: () => 1 }), code('INVALID_ARGUMENT'));
    await book.close();
    await assert.rejects(session.find('loyalty', 'L-1'), code('INVALID_STATE'));
  });

  it('does not hold up the program, and keeps the order of calls', async () => {
    const book = await clientbook.inMemoryAsync({ profile: 'gdpr' });
    const session = await book.session(7, 'owner');
    const many = Array.from({ length: 200 }, (_, i) => ['put', { name: { given: `P${i}` } }, { purposes: ORDER }]);
    let turns = 0;
    const counting = setInterval(() => { ++turns; }, 1);
    const kept = await session.transaction(many);
    await session.verify();
    clearInterval(counting);
    assert.strictEqual(kept.length, 200);
    assert.ok(turns > 0);
    const names = [];
    for await (const view of session.scan(ORDER, { fields: ['name'], batch: 64 })) names.push(view);
    assert.strictEqual(names.length, 200);
    for await (const view of session.scan(ORDER)) { // left early
      assert.ok(view);
      break;
    }
    await assert.rejects(session.transaction([['put', { name: { given: 'One' } }, { purposes: ORDER }], ['put', { hat: 1 }]]), code('UNKNOWN_FIELD'));
    assert.strictEqual((await session.figures()).customers, 200);
    await book.close();
  });

  it('is used by several workers', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clientbook-'));
    fs.mkdirSync(path.join(folder, 'keys'), { mode: 0o700 });
    const key = path.join(folder, 'keys', 'shop.key');
    const book = await clientbook.createAsync(path.join(folder, 'shop.book'), { key, profile: 'gdpr' });
    const session = await book.session(7, 'owner');
    const { customer } = await session.put(KEN, { purposes: ORDER });
    const script = `
      const { parentPort, workerData } = require('node:worker_threads');
      const clientbook = require(${JSON.stringify(require.resolve('clientbook'))});
      (async () => {
        const book = clientbook.connect(workerData.port);
        const session = await book.session(workerData.actor, 'owner');
        for (let i = 0; i < 20; ++i) await session.appendPurchase(workerData.customer, { day: '2026-03-14', currency: 'EUR', total: i, lines: [] }, { purposes: 'customer_order_management' });
        parentPort.postMessage((await session.purchases(workerData.customer, 'customer_order_management')).items.length);
        await book.close();
      })();`;
    const counts = await Promise.all([8, 9].map(async (actor) => {
      const port = await book.port();
      const worker = new Worker(script, { eval: true, workerData: { port, actor, customer }, transferList: [port] });
      return new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    }));
    assert.ok(counts.every((count) => count >= 20 && count <= 40), String(counts));
    assert.strictEqual((await session.purchases(customer, ORDER)).items.length, 40);
    await book.close();
    const again = await clientbook.openAsync(path.join(folder, 'shop.book'), { key });
    assert.strictEqual(await (await again.session(7, 'owner')).find('loyalty', 'L-1'), customer);
    await again.close();
    await assert.rejects(clientbook.openAsync(path.join(folder, 'none.book'), { key }), code('NOT_FOUND'));
    fs.rmSync(folder, { recursive: true });
  });
});
