// A day at the counter, from Node.js.
'use strict';

const assert = require('node:assert');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, beforeEach, afterEach, describe, it } = require('node:test');
const clientbook = require('clientbook');

const ORDER = 'customer_order_management';
const NEWS = 'email_marketing';
const KEN = {
  name: { given: 'Ken', family: 'Sánchez' },
  emails: [{ address: 'ken@example.com', label: 'home' }],
  phones: [{ number: '+1 202 555 0142' }],
  addresses: [{ line1: '4350 Minute Dr.', city: 'Newport Hills', postal_code: '98006', country: 'US' }],
  external_ids: [{ system: 'loyalty', value: 'L-1' }],
};
const GRANT = { kind: 'grant', purposes: [NEWS], recipients: ['self'], categories: ['email_address', 'name', 'note'],
  notice: 'news', channel: 'paper', evidence: 'form 17' };
const NOTICE = { title: 'news', text: 'We write to you by e-mail.', purposes: [NEWS], recipients: ['self', 'selected_partner'],
  categories: ['email_address', 'name', 'note'] };
const PARCELS = { name: 'parcel-co', class: 'parcel_service', country: 'DE', contract: 'PC-1', onward: 'forbidden' };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clientbook-'));
after(() => fs.rmSync(folder, { recursive: true }));

function code(expected, more = {}) {
  return (problem) => {
    assert.ok(problem instanceof clientbook.ClientbookError, String(problem));
    assert.strictEqual(problem.code, expected, problem.message);
    assert.strictEqual(problem.number, clientbook.codes[expected]);
    for (const [key, value] of Object.entries(more)) assert.strictEqual(problem[key], value);
    return true;
  };
}

describe('a day', () => {
  let book, session, ken;
  beforeEach(() => {
    book = clientbook.inMemory({ profile: 'gdpr' });
    session = book.session(7, 'owner');
    session.addNotice(NOTICE);
    session.addRecipient(PARCELS);
    ken = session.put(KEN, { purposes: ORDER, directives: [GRANT] }).customer;
  });
  afterEach(() => book.close());

  it('shows each purpose what it needs, and why', () => {
    const order = session.read(ken, ORDER);
    assert.strictEqual(order.name.given, 'Ken');
    assert.strictEqual(order.name.family, 'Sánchez');
    assert.strictEqual(order.addresses[0].postal_code, '98006');
    assert.strictEqual(order.state('time_zone'), 'absent');
    assert.strictEqual(order.state('household'), 'withheld');
    const news = session.read(ken, NEWS, ['name', 'emails', 'addresses']);
    assert.deepStrictEqual(news.keys(), ['name', 'emails', 'addresses']);
    assert.strictEqual(news.addresses, undefined);
    assert.strictEqual(news.state('addresses'), 'withheld');
    assert.strictEqual(news.reason('addresses'), 'NO_BASIS');
    assert.strictEqual(news.reason('emails'), 'GRANTED_BY');
    assert.strictEqual(news.state('phones'), 'not asked');
    assert.strictEqual(news.leftOut('emails'), 0);
    assert.ok(news.customer.equals(ken) && ken.toString().length === 32);
    assert.strictEqual(news.validUntil, undefined);
    assert.deepStrictEqual(JSON.parse(JSON.stringify(order.name)), KEN.name);
    assert.strictEqual(session.read(String(ken), ORDER).get('emails')[0].label, 'home');
    assert.match(session.explain(ken, NEWS, 'addresses', { language: 'de' }), /Einwilligung/);
    session.record(ken, { kind: 'deny', purposes: [NEWS], contacts: [{ field: 'emails', value: 'ken@example.com' }] });
    assert.match(session.explain(ken, NEWS, 'emails', { contact: 'ken@example.com' }), /may not/);
    assert.throws(() => session.explain(ken, NEWS, 'emails', { contact: 'nobody@example.com' }), code('NOT_FOUND'));
  });

  it('reads more than one room holds, and each view stays as it was', () => {
    const likes = Array.from({ length: 60 }, (_, i) => `${i} ${'x'.repeat(400)}`);
    session.addNotice({ title: 'care', text: 't', purposes: ['customer_care'], recipients: ['self'], categories: ['all'] });
    const grant = { kind: 'grant', purposes: ['customer_care'], recipients: ['self'], categories: ['all'], notice: 'care', evidence: 'e' };
    const fond = session.put({ ...KEN, external_ids: undefined, likes }, { purposes: [ORDER, 'customer_care'], directives: [grant] }).customer;
    const views = Array.from({ length: 20 }, (_, i) => session.read(i % 2 ? fond : ken, i % 2 ? 'customer_care' : ORDER));
    views.forEach((view, i) => {
      if (i % 2) assert.deepStrictEqual(view.likes, likes);
      else assert.strictEqual(view.emails[0].address, 'ken@example.com');
    });
  });

  it('keeps values of every kind', () => {
    session.addNotice({ title: 'all', text: 't', purposes: ['customer_care'], recipients: ['self'], categories: ['all'] });
    const grant = { kind: 'grant', purposes: ['customer_care'], recipients: ['self'], categories: ['all'], notice: 'all', evidence: 'e' };
    const record = { name: { given: 'Li', phonetic: 'り', nickname: '😀' }, birth_date: '1984-02-29',
      special_days: [{ kind: 'name_day', day: '--02-29' }], sizes: [{ kind: 'shoe', system: 'EU', value: '38' }],
      likes: ['opals'], language: 'de', time_zone: 'Europe/Berlin', demographics: { children: 2, home_owner: true } };
    const { customer, leftOut } = session.put(record, { purposes: 'customer_care', directives: [grant], leaveOut: true });
    const view = session.read(customer, 'customer_care');
    for (const key of Object.keys(record).filter((one) => !leftOut.includes(one) && view.state(one) === 'shown')) {
      assert.deepStrictEqual(JSON.parse(JSON.stringify(view.get(key))), record[key], key);
    }
    assert.strictEqual(view.state('name'), 'shown');
    const again = session.put({ name: view.name, birth_date: new Date(Date.UTC(1984, 1, 29)).toISOString().slice(0, 10) },
      { purposes: ORDER, leaveOut: true });
    assert.strictEqual(session.read(again.customer, ORDER).name.nickname, '😀');
  });

  it('keeps, edits, removes, appends', () => {
    assert.throws(() => session.put({ demographics: { gender: 'x' } }, { purposes: ORDER }), code('NO_BASIS', { at: 17 }));
    assert.deepStrictEqual(session.put({ ...KEN, external_ids: undefined, likes: ['opals'] }, { purposes: ORDER, leaveOut: true }).leftOut, ['likes']);
    assert.ok(session.mayCollect({ purposes: ORDER, born: '1980-01-31' }).includes('emails'));
    assert.ok(session.whyNotKept(ken, 'likes', { purposes: ORDER }) > 0);
    assert.strictEqual(session.whyNotKept(ken, 'emails', { purposes: ORDER }), 0);
    session.update(ken, { phones: [{ number: '+49 30 901820' }] }, { purposes: ORDER });
    assert.deepStrictEqual(session.edit(ken, { add: { emails: [{ address: 'k@example.org' }] }, drop: { emails: ['ken@example.com'] } },
      { purposes: ORDER }), ['emails']);
    assert.throws(() => session.edit(ken, { drop: { emails: ['nobody@example.org'] } }, { purposes: ORDER }), code('NOT_FOUND'));
    const task = { text: 'Call about the hem', due: '2020-03-01', assigned: 7 };
    assert.deepStrictEqual(session.edit(ken, { add: { tasks: [task], tags: ['bridal'] } }, { purposes: NEWS }), ['tasks', 'tags']);
    assert.deepStrictEqual(JSON.parse(JSON.stringify(session.read(ken, NEWS).tasks)), [task]);
    assert.deepStrictEqual(session.edit(ken, { change: { tasks: [{ seen: task, to: { state: 'done' } }] }, make_room: true },
      { purposes: NEWS }), ['tasks']);
    assert.strictEqual(session.read(ken, NEWS).tasks[0].state, 'done');
    assert.throws(() => session.edit(ken, { change: { tasks: [{ seen: task, to: { state: 'dropped' } }] } }, { purposes: NEWS }),
      code('NOT_FOUND', { at: 20 }));
    assert.deepStrictEqual(session.addBuiltInFields(), []);
    const view = session.read(ken, ORDER);
    assert.strictEqual(view.phones[0].number, '+49 30 901820');
    assert.deepStrictEqual(view.emails.map(({ address }) => address), ['k@example.org']);
    session.remove(ken, 'phones', { purposes: ORDER });
    assert.strictEqual(session.read(ken, ORDER).state('phones'), 'absent');
    assert.strictEqual(session.appendPurchase(ken, { day: '2026-11-02', currency: 'EUR', total: 12900,
      lines: [{ sku: 'S', description: 'scarf', quantity: 1, unit_price: 12900 }] }, { purposes: ORDER }), 1);
    assert.strictEqual(session.purchases(ken, ORDER).items[0].lines[0].description, 'scarf');
    assert.deepStrictEqual(JSON.parse(JSON.stringify(session.figuresOf(ken, ORDER).spend)), [{ currency: 'EUR', spent: 12900, returned: 0 }]);
    assert.throws(() => session.figuresOf(ken, NEWS), code('DENIED'));
    assert.strictEqual(session.appendNote(ken, 'prefers wool', { purposes: NEWS }), 1);
    assert.throws(() => session.appendNote(ken, 'card 4111 1111 1111 1111', { purposes: NEWS }), code('CARD_DATA_REFUSED'));
    assert.strictEqual(session.appendNote(ken, 'card 4111 1111 1111 1111', { purposes: NEWS, cards: 'replaced' }), 2);
    assert.strictEqual(session.appendNote(ken, { text: 'sits tight', kind: 'fit', visibility: 'own' }, { purposes: NEWS }), 3);
    assert.deepStrictEqual([session.notes(ken, NEWS, 1).items[0].kind, session.notes(ken, NEWS, 1).items[0].visibility], ['fit', 'own']);
    assert.throws(() => session.appendNote(ken, { text: 'x', visibility: 'team' }, { purposes: NEWS }), code('INVALID_VALUE'));
    assert.throws(() => session.appendNote(ken, { text: 'x', visibility: 'own', by: 4711 }, { purposes: NEWS }), code('INVALID_VALUE'));
    session.pinNote(ken, 1, { purposes: NEWS });
    assert.deepStrictEqual(session.pinnedNotes(ken, NEWS).items.map((one) => [one.text, one.pinned]), [['prefers wool', true]]);
    assert.throws(() => session.pinNote(ken, 1, { purposes: NEWS }), code('ALREADY_EXISTS'));
    assert.throws(() => session.pinNote(ken, 3, { purposes: NEWS }), code('INVALID_VALUE'));
    assert.throws(() => session.pinNote(ken, 4, { purposes: NEWS }), code('NOT_FOUND'));
    session.pinNote(ken, 1, { purposes: NEWS, pinned: false });
    assert.deepStrictEqual(session.pinnedNotes(ken, NEWS).items, []);
    const notes = session.notes(ken, NEWS, 1);
    assert.strictEqual(notes.items.length, 1);
    assert.doesNotMatch(notes.items[0].text, /4111/);
    assert.ok(session.keptFor(ken).emails.purposes.includes(ORDER));
    assert.deepStrictEqual(session.due(), []);
    assert.ok(session.purposes.length > 0);
    assert.ok(session.fields.all.some(({ key, list }) => key === 'emails' && list));
  });

  it('finds and lists', () => {
    assert.ok(session.find('loyalty', 'L-1').equals(ken));
    assert.throws(() => session.find('loyalty', 'L-2'), code('NOT_FOUND'));
    assert.ok(session.findByEmail('KEN@example.com', ORDER)[0].equals(ken));
    assert.ok(session.findByPhone('+12025550142', ORDER)[0].equals(ken));
    assert.ok(session.findById('loyalty', 'L-1', ORDER)[0].equals(ken));
    const found = session.search('sanchez', ORDER, { most: 5, path: 'scan', fields: ['name'] });
    assert.strictEqual(found.hits[0].customer, String(ken));
    assert.equal(session.buildIndex(), 0);
    const sealed = session.search('sanchez', ORDER, { path: 'sealed' });
    assert.deepEqual([sealed.path, sealed.scanned, sealed.hits.length], ['sealed', 0, 1]);
    assert.equal(session.indexPlan().kind, 'sealed');
    session.dropIndex();
    assert.equal(session.indexPlan().kind, 'none');
    assert.throws(() => session.search('s', ORDER), code('INVALID_ARGUMENT'));
    assert.strictEqual(session.listCustomers(ORDER, { no_purchase_for_days: 30 }).count >= 0, true);
    assert.strictEqual(session.countPermitted(NEWS, 'emails'), 1);
    const twin = session.put({ name: { given: 'Lou' }, emails: [{ address: 'KEN@example.com' }] }, { purposes: ORDER }).customer;
    const pair = session.duplicates(ORDER).pairs[0];
    assert.deepStrictEqual([pair.first, pair.second, pair.shared.length], [String(ken), String(twin), 1]);
    assert.deepStrictEqual({ ...pair.shared[0] }, { field: 'emails', in_first: 1, in_second: 1 });
    assert.strictEqual(session.duplicates(ORDER, { of: [twin], most: 1 }).more, true);
    session.noteNotSame(ken, twin);
    assert.throws(() => session.noteNotSame(twin, ken), code('ALREADY_EXISTS'));
    assert.strictEqual(session.duplicates(ORDER).not_same, 1);
    session.forgetNotSame(twin, ken);
    assert.throws(() => session.forgetNotSame(twin, ken), code('NOT_FOUND'));
    assert.strictEqual(session.mergeCustomers(ken, twin, { onlyTell: true }).receipt, null);
    assert.strictEqual(session.mergeCustomers(ken, twin, { take: ['name'] }).receipt.goes, String(twin));
    assert.strictEqual(session.read(twin, ORDER).name.given, 'Lou');
    assert.strictEqual(session.parts(twin).customer, String(ken));
    assert.throws(() => session.mergeCustomers(ken, twin), code('ALREADY_EXISTS'));
    assert.ok(session.unmerge(twin).restored.includes('name'));
    assert.throws(() => session.unmerge(twin), code('NOT_FOUND'));
    assert.strictEqual(session.parts(ken).parts.length, 0);
    session.erase(twin, { rememberedMonths: 0 });
    const others = Array.from({ length: 30 }, (_, i) => session.put({ name: { given: `N${i}` } }, { purposes: ORDER }).customer);
    const seen = [...session.scan(ORDER, { fields: ['name'], batch: 7 })].map((view) => [String(view.customer), view.name.given]);
    assert.strictEqual(seen.length, 31);
    assert.strictEqual(new Map(seen).get(String(others[29])), 'N29');
    for (const view of session.scan(ORDER)) {
      assert.ok(view.name);
      break; // and the cursor is closed
    }
  });

  it('hears what the customer decides', () => {
    const other = session.put({ ...KEN, external_ids: undefined }, { purposes: ORDER }).customer;
    assert.ok(session.previewGrant(other, GRANT).cells.some(({ purpose }) => purpose === NEWS));
    assert.ok(session.previewNotice({ ...NOTICE, title: 'other' }).cells.length > 0);
    assert.strictEqual(session.record(ken, { kind: 'deny', purposes: ['customer_care'], at: new Date(Date.now() - 60000) }), 2);
    const told = session.recordAndTell(ken, { kind: 'withdraw', purposes: [NEWS] });
    assert.ok(told.closed.some(({ purpose }) => purpose === NEWS));
    assert.strictEqual(session.read(ken, NEWS).emails, undefined);
    assert.deepStrictEqual(session.directives(ken).map(({ kind }) => kind), ['grant', 'deny', 'withdraw']);
    assert.ok(session.importConsents(ken, { gpc: '1' }).recorded > 0);
    assert.throws(() => session.noteBirthDate(ken, '1700-01-01'), code('INVALID_VALUE'));
    session.noteBirthDate(ken, '1980-01-01');
    assert.strictEqual(session.recordAtAge(ken, { kind: 'deny', purposes: [NEWS] }, 0, 13), 0);
    assert.throws(() => session.record(ken, { kind: 'grant', purposes: [NEWS], recipients: ['self'], notice: 'none' }), code('UNKNOWN_NOTICE'));
    assert.strictEqual(session.notices()[0].title, 'news');
    assert.throws(() => session.recordNo('loyalty', 'nobody', { kind: 'deny', purposes: [NEWS] }), code('NOT_FOUND'));
    assert.throws(() => session.importNoes('loyalty', 'nobody', { gpc: '1' }), code('NOT_FOUND'));
    session.recordNoOf({ emails: KEN.emails }, { kind: 'deny', purposes: ['telephone_marketing'] });
    assert.strictEqual(session.directives(ken).at(-1).kind, 'deny');
    const calls = session.addNotice({ title: 'calls', text: 't', purposes: ['telephone_marketing'], recipients: ['self'], categories: ['all'] });
    assert.strictEqual(session.withdrawNotice(calls.notice).withdrawn, true);
    assert.throws(() => session.withdrawNotice(calls.notice), code('ALREADY_EXISTS'));
    assert.deepStrictEqual({ ...session.jurisdiction(ken) }, { laws: ['gdpr'], confirmed: null, state: null, employed: false });
    assert.ok(session.record(ken, { kind: 'move', law: 'gdpr', state: 'AT' }) > 0);
    assert.deepStrictEqual({ ...session.jurisdiction(ken) }, { laws: ['gdpr'], confirmed: 'gdpr', state: 'AT', employed: false });
    assert.throws(() => session.record(ken, { kind: 'move', law: 'gdpr', state: 'at' }), code('INVALID_VALUE'));
    assert.strictEqual(session.compileConsents(), 0);
  });

  it('lets a yes on somebody\'s word wait', () => {
    const other = session.put({ ...KEN, external_ids: undefined }, { purposes: ORDER }).customer;
    const till = book.session(30, 'associate');
    const deputy = book.session(40, 'manager');
    const noted = till.recordAndTell(other, GRANT);
    assert.deepStrictEqual([...noted.waiting], [NEWS]);
    assert.strictEqual(deputy.waiting(other)[0].sequence, noted.sequence);
    assert.throws(() => till.confirmConsent(other, noted.sequence, Buffer.from('signed')), code('ROLE_DENIED'));
    const token = book.session(70, 'service').askOptIn(other, noted.sequence).token;
    assert.ok(deputy.confirmConsent(other, noted.sequence, Buffer.from('signed'), 'binder 3').opened.some(({ purpose }) => purpose === NEWS));
    assert.throws(() => till.bringOptIn(token), code('NOT_FOUND'));

    const seen = { document: 'passport', born: '1984-02-29' };
    const number = till.noteAgeProof(other, seen);
    assert.strictEqual(deputy.ageProofs(other)[0].sequence, number);
    assert.throws(() => till.confirmAgeProof(other, number, seen), code('ROLE_DENIED'));
    assert.throws(() => deputy.confirmAgeProof(other, number, { document: 'passport', at_least: 18 }), code('INVALID_VALUE'));
    assert.deepStrictEqual([...deputy.confirmAgeProof(other, number, seen).opened], []);
    assert.throws(() => deputy.confirmAgeProof(other, number, seen), code('NOT_FOUND'));
    assert.throws(() => session.consentsUnder(99), code('UNKNOWN_NOTICE'));
  });

  it('passes on, with evidence', () => {
    const seen = session.preview(ken, 'delivery_of_goods', { recipient: 'parcel-co', operation: 'disclose' });
    assert.strictEqual(seen.addresses[0].city, 'Newport Hills');
    const left = session.disclose(ken, 'delivery_of_goods', 'parcel-co', { fields: ['name', 'addresses'] });
    assert.strictEqual(left.content.addresses[0].city, 'Newport Hills');
    assert.throws(() => session.disclose(ken, NEWS, 'parcel-co'), code('DENIED'));
    const [one] = session.discloseMany([ken], 'delivery_of_goods', 'parcel-co', { fields: ['addresses'] });
    assert.strictEqual(one.permitted, true);
    assert.strictEqual(one.fields.addresses[0].city, 'Newport Hills');
    assert.deepStrictEqual(session.discloseMany([ken], NEWS, 'parcel-co')[0].permitted, false);
    assert.deepStrictEqual(session.merge(ken, { name: { given: 'Kenneth' } }).kept, ['name']);
    assert.deepStrictEqual(session.merge(ken, { name: { given: 'Kenneth' } }, { renew: true }).replaced, []);
    const entry = session.ledger(ken).find(({ index }) => index === left.ledgerIndex);
    assert.strictEqual(entry.recipient, 'parcel-co');
    assert.strictEqual(entry.entry, left.entry);
    const proof = session.prove(left.ledgerIndex);
    assert.ok(clientbook.checkProof(proof, session.logIdentity()));
    assert.throws(() => clientbook.checkProof(`${proof.slice(0, -3)}xx\n`, session.logIdentity()), clientbook.ClientbookError);
    assert.match(session.checkpoint(), /\n/);
    assert.ok(clientbook.checkEvidence(session.evidence(ken), session.logIdentity()));
    const key = 'auditor.example+6de3fdcc+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';
    session.addWitness(key);
    assert.strictEqual(session.witnesses()[0].name, 'auditor.example');
    const asked = session.witnessRequest('auditor.example');
    assert.match(asked, /^old 0\n\nclientbook/);
    assert.strictEqual(session.takeWitnessAnswer('auditor.example', { request: asked, status: 409, answer: '1\n' }).cosigned, false);
    assert.ok(session.goesOnFrom(Buffer.from(session.ledgerFile('checkpoint')).toString()) > 0);
    assert.ok(clientbook.checkEvidence(session.evidence(ken), session.logIdentity(), { witnesses: [key], required: 0 }));
    assert.throws(() => clientbook.checkEvidence(session.evidence(ken), session.logIdentity(), { witnesses: [key] }), clientbook.ClientbookError);
    session.removeWitness('auditor.example');
    assert.strictEqual(clientbook.seal('x', 'age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh').length, 201);
    session.notDelivered(ken, left.ledgerIndex);
    session.openCase({ kind: 'rights', customers: [ken], reference: 'letter 7' });
    const page = session.customerPage(ken, { language: 'de', shop: 'S' });
    assert.match(page.html, /parcel-co/);
    assert.strictEqual(typeof page.ledgerIndex, 'number');
    assert.ok(clientbook.checkEvidence(page.html, session.logIdentity()));
    session.editRecipient(session.recipients().find(({ name }) => name === 'parcel-co').number, { ...PARCELS, contract: 'PC-2' });
    session.retireRecipient(session.recipients().find(({ name }) => name === 'parcel-co').number);
    assert.throws(() => session.disclose(ken, 'delivery_of_goods', 'parcel-co'), clientbook.ClientbookError);
  });

  it('exports into what the host gives', () => {
    const files = {};
    const sink = { write(file, bytes) { files[file] = (files[file] ?? '') + bytes; return bytes.length; }, finish: () => true };
    const told = session.exportCustomers({ purpose: 'delivery_of_goods', to: 'parcel-co', form: 'json_lines' }, sink);
    assert.strictEqual(told.delivered, true);
    assert.match(Object.values(files).join(''), /Newport Hills/);
    const half = session.exportCustomers({ purpose: 'delivery_of_goods', to: 'parcel-co', form: 'one_csv' }, { write: () => 3 });
    assert.strictEqual(half.delivered, false);
    assert.throws(() => session.exportCustomers({ purpose: 'delivery_of_goods', to: 'parcel-co' }, { write() { throw new RangeError('full'); } }), RangeError);
    assert.ok(session.ledger(ken).some(({ event }) => event === 'not_delivered'));
  });

  it('forgets, and remembers who said no', () => {
    const receipt = session.erase(ken, { reason: 'subject_request', mentions: 'replaced' });
    assert.ok(Object.keys(receipt).length > 0);
    assert.throws(() => session.read(ken, ORDER), code('KEY_ERASED'));
    assert.strictEqual(session.remembered(KEN)[0].kind, 'erased');
    assert.ok(session.forgetRemembered(KEN, 'erased') > 0);
    session.rememberUnsubscribed({ emails: [{ address: 'no@example.com' }] }, new Date(Date.now() - 86400000));
    assert.strictEqual(session.remembered({ emails: [{ address: 'no@example.com' }] })[0].kind, 'unsubscribed');
    session.rememberNo({ emails: [{ address: 'never@example.com' }] }, { kind: 'deny', purposes: ['direct_marketing'] });
    assert.strictEqual(session.remembered({ emails: [{ address: 'never@example.com' }] }).length, 1);
    assert.ok(session.dropRefusals(session.refusalPeriods()[0].number) >= 1);
    const held = session.put(KEN, { purposes: ORDER }).customer;
    assert.strictEqual(session.placeHold(held, { reason: 'claim announced' }), 1);
    assert.strictEqual(session.holds()[0].reason, 'claim announced');
    assert.throws(() => session.erase(held), code('KEPT_BY_LAW'));
    assert.deepStrictEqual(session.runRetention({ onlyTell: true }).items, []);
    session.liftHold(held, 1);
    assert.strictEqual(session.runRetention().next, 0);
    assert.strictEqual(session.pruneLedger('2000-01-01', { onlyTell: true }).until, 0);
    assert.throws(() => session.pruneLedger('2999-01-01'), code('INVALID_VALUE'));
    assert.strictEqual(session.prunedOf(held), 0);
    const { key: known } = session.endEpoch();
    session.endEpoch();
    assert.strictEqual(clientbook.checkSeals(session.seals(), session.logIdentity(), known).epoch, 2);
    assert.strictEqual(clientbook.checkSeals(session.seals(), session.logIdentity()).epoch, 2);
    assert.throws(() => clientbook.checkSeals(session.seals(), session.logIdentity(), session.logIdentity()), code('SIGNATURE_INVALID'));
    session.erase(held, { rememberedMonths: 0 });
    const taxed = session.put({ name: { given: 'Bo' } }, { purposes: 'tax_record_keeping' }).customer;
    const [kept] = session.eraseMany([taxed], { reason: 'other', lawKeptYears: 10 })[0].retained;
    assert.strictEqual(session.retained()[0].id, kept.id);
    assert.throws(() => session.readRetained(kept.id, 'tax_record_keeping'), code('CASE_REQUIRED'));
    session.openCase({ kind: 'tax', customers: [kept.id], reference: 'audit 7' });
    assert.strictEqual(session.readRetained(kept.id, 'tax_record_keeping').record.name.given, 'Bo');
    const two = [session.put(KEN, { purposes: ORDER }).customer];
    assert.throws(() => session.eraseMany([...two, ken], { reason: 'other' }), code('KEY_ERASED'));
    assert.strictEqual(session.eraseMany(two, { reason: 'retention_end', rememberedMonths: 0 })[0].customer, String(two[0]));
    const other = session.put(KEN, { purposes: ORDER }).customer;
    const done = [];
    assert.strictEqual(session.verify((many) => done.push(many)).customers, 1);
    assert.deepStrictEqual(done, [1]);
    assert.throws(() => session.verify(() => { throw new RangeError('stop'); }), RangeError);
    assert.strictEqual(session.figures().erased, 4);
    session.openCase({ kind: 'rights', customers: [other], reference: 'letter 8' });
    assert.throws(() => session.mentions(other), code('DENIED')); // what was written just now is no reason to search
  });

  it('takes a key file for who acts', () => {
    const files = fs.mkdtempSync(path.join(os.tmpdir(), 'clientbook-credentials-'));
    const keyFile = (name) => {
      const file = path.join(files, name);
      fs.writeFileSync(file, randomBytes(32), { mode: 0o600 });
      return file;
    };
    const [ann, kim, vera, next] = ['ann', 'kim', 'vera', 'next'].map(keyFile);
    const who = (actor, name, role) => ({ actor, roles: [role], name });
    const guard = 'security_officer';
    const by = book.session(60, guard);
    assert.strictEqual(by.enrolCredential(who(60, 'Ann', guard), { identity: ann }), 1);
    const officer = book.session(60, guard, { identity: ann });
    officer.enrolCredential(who(61, 'Kim', guard), { identity: kim });
    const deputy = book.session(61, guard, { identity: kim });
    const number = officer.enrolCredential({ ...who(62, 'Vera', 'associate'), days: 30 }, { identity: vera });
    assert.throws(() => officer.confirmCredential(number), code('SECOND_PERSON_REQUIRED'));
    assert.throws(() => book.session(62, 'associate', { identity: vera }), code('CREDENTIAL_INVALID'));
    deputy.confirmCredential(number);
    const till = book.session(62, 'associate', { identity: vera });
    till.changeCredential({ identity: vera, next });
    officer.renewCredential(number, 60);
    officer.revokeCredential(number);
    assert.throws(() => till.credentials(), code('CREDENTIAL_INVALID'));
    assert.deepStrictEqual(officer.credentials().map((one) => one.state), ['in_force', 'in_force', 'revoked']);
    assert.strictEqual(officer.credentialsTaken().use, 'none');
    const proposal = officer.proposeCredentialUse('second_persons');
    assert.throws(() => officer.proposeCredentialUse('all'), code('INVALID_ARGUMENT'));
    assert.throws(() => officer.approveCredentialUse(proposal), code('SECOND_PERSON_REQUIRED'));
    assert.ok(deputy.approveCredentialUse(proposal) > 0);
    deputy.approveCredentialUse(officer.proposeCredentialUse('none'));
    fs.rmSync(files, { recursive: true });
  });

  it('knows who looked, and opens cases', () => {
    const associate = book.session(8, 'associate');
    associate.read(session.put({ name: { given: 'A' } }, { purposes: ORDER }).customer, ORDER);
    assert.throws(() => book.session(9, 'auditor').read(ken, ORDER), code('ROLE_DENIED'));
    assert.ok(Array.isArray(session.whoLooked(ken)));
    assert.ok(session.seenBy(8, new Date(), new Date()).days !== undefined);
    assert.ok(associate.budgetLeft().customers_today > 0);
    session.raiseBudget(8, 5);
    session.setCanaries([ken]);
    assert.strictEqual(session.canaries().length, 1);
    book.session(11, 'owner').read(ken, ORDER);
    assert.strictEqual(session.alarms()[0].actor, 11);
    session.setAlarmLimits({ quiet: { from: '20:30', until: '06:00' } });
    assert.strictEqual(session.alarmLimits().quiet.until, '06:00');
    session.setAlarmLimits({ quiet: null });
    assert.strictEqual(session.alarmLimits().customers_to_one_recipient, 20);
    session.setCanaries([]);
    const table = session.roles();
    table.roles.auditor.book.all = table.roles.auditor.book.all.filter((one) => one !== 'count');
    const proposed = session.proposeRoles(table);
    assert.strictEqual(session.proposedRoles().changes[0].action, 'count');
    assert.throws(() => session.approveRoles(proposed), code('SECOND_PERSON_REQUIRED'));
    assert.ok(book.session(40, 'privacy_officer').approveRoles(proposed) > 0);
    session.setStores(8, [1]);
    session.assign({ customers: [ken], store: 1, primary: 8 });
    assert.strictEqual(session.usePortfolios(true), true);
    assert.strictEqual(session.portfolioOf(ken).associates[0].actor, 8);
    assert.strictEqual(session.customersOf(8).length, 1);
    assert.throws(() => book.session(9, 'associate').read(ken, ORDER), code('NOT_IN_PORTFOLIO'));
    assert.strictEqual(session.reassign(8, 9).left, 1);
    assert.strictEqual(session.usePortfolios(false), true);
    assert.strictEqual(book.session(40, 'privacy_officer').usePortfolios(false), false);
    assert.strictEqual(session.portfolioSettings().in_force, false);
    const number = session.openCase({ kind: 'fraud', customers: [ken], reference: 'f', evidence: 'e' });
    assert.throws(() => session.confirmCase(number), code('SECOND_PERSON_REQUIRED'));
    session.closeCase(number);
    assert.strictEqual(session.cases()[0].reference, 'f');
    assert.ok(clientbook.roles());
    assert.ok(session.confirmClock() instanceof Date);
    assert.strictEqual(session.profile().name, 'gdpr');
    assert.strictEqual(session.profiles().length, 1);
  });

  it('says whom a breach concerns', () => {
    const told = session.breach({ copy: 'book', until: new Date(), letter: { language: 'es' } });
    assert.strictEqual(told.opens, 'yes');
    assert.ok(told.customers.some((one) => one.customer === String(ken)));
    assert.strictEqual(told.deadlines[0].rule, 'GDPR 33(1)');
    assert.match(told.letter, /Estimada clienta/);
    assert.throws(() => session.breach({ copy: 'paper' }), code('UNKNOWN_FIELD', { where: '/copy' }));
    assert.throws(() => session.breach(), code('MISSING_FIELD'));
  });

  it('answers lists of hashes, and what recipients still have', () => {
    const text = 'ID,Hash\r\nAAAAAAAAAAA2,KA18MT/ph6IHYjzT9zwETySDQyvSh87YuoSBpOQtkhE=\r\n';
    const told = session.answerHashLists({ lists: [{ kind: 'email', text }], work: 'opt_out' });
    assert.strictEqual(told.lists[0].statuses, 'Id,Status\r\nAAAAAAAAAAA2,5\r\n');
    assert.throws(() => session.answerHashLists({ lists: [{ kind: 'email', text: 'x' }] }), code('INVALID_ENCODING', { where: '/lists/0/text' }));
    assert.deepStrictEqual(session.expired(), []);
    assert.throws(() => session.tellExpired(ken, 'Nobody'), code('NOT_FOUND'));
    assert.throws(() => session.reportOnward(ken, { from: 'Nobody', to: 'Else', class: 'third_party' }), code('NOT_FOUND'));
  });

  it('answers a request, from the letter to its end', () => {
    const received = new Date().toISOString().slice(0, 10);
    const number = session.openRequest(ken, { kind: 'access', received, channel: 'letter', reference: 'letter 9' });
    assert.throws(() => session.answerRequest(number), code('IDENTITY_UNVERIFIED'));
    assert.match(session.requestMail(number, { language: 'de', shop: 'S' }), /^Ihr Anliegen/);
    session.changeRequest(number, { identity: 'passport seen' });
    const party = session.addRecipient({ name: 'Tailor & Co', class: 'processor', country: 'DE' });
    session.setRecipientContact(party, { contact: 'privacy@tailor.example' });
    assert.strictEqual(session.recipients().find((one) => one.number === party).contact, 'privacy@tailor.example');
    assert.throws(() => session.recipientNotice(number, { recipient: 'Tailor & Co', class: 'processor' }), code('NOT_FOUND'));
    assert.throws(() => session.answerRequest(number, { mentions: 'reported' }), code('INVALID_ARGUMENT'));
    assert.match(session.answerRequest(number, { language: 'fr' }).files['page.html'], /lang="fr"/);
    assert.strictEqual(session.request(number).reference, 'letter 9');
    session.changeRequest(number, { close: true });
    assert.strictEqual(session.requests().at(-1).state, 'closed');
    assert.throws(() => session.openRequest(ken, { kind: 'curiosity', received }), code('UNKNOWN_FIELD'));
  });

  it('makes one of several changes, or none', () => {
    assert.strictEqual(session.transaction(() => { session.update(ken, { language: 'fr' }, { purposes: ORDER, }); return 5; }), 5);
    assert.throws(() => session.transaction(() => { session.remove(ken, 'phones', { purposes: ORDER }); throw new RangeError('no'); }), RangeError);
    assert.strictEqual(session.read(ken, ORDER).state('phones'), 'shown');
    assert.throws(() => session.transaction(async () => session.remove(ken, 'phones', { purposes: ORDER })), code('INVALID_ARGUMENT'));
    assert.strictEqual(session.read(ken, ORDER).state('phones'), 'shown');
  });
});

describe('a book in a folder', () => {
  const where = path.join(folder, 'shop.book');
  const key = path.join(folder, 'keys', 'shop.key');

  it('is made, opened, backed up and brought back', () => {
    assert.throws(() => clientbook.open(where, { key }), code('NOT_FOUND'));
    fs.mkdirSync(path.dirname(key), { mode: 0o700 });
    let book = clientbook.create(where, { key, profile: 'gdpr', furtherProfiles: ['us_ca'], purposes: [ORDER] });
    let session = book.session(7, 'owner');
    assert.deepStrictEqual(session.purposes, [ORDER]);
    const ken = session.put(KEN).customer;
    assert.ok(session.move(ken, 'us_ca', 'customer') > 0);
    session.makeRecoveryKey({ shares: 3, needed: 2 });
    const { shares } = session.drawRecoveryKey({ shares: 3, needed: 2, instead: true });
    assert.deepStrictEqual(session.useRecoveryKey(), []);
    session.addMirror(path.join(folder, 'mirror'));
    session.backUp(path.join(folder, 'full.backup'));
    session.put({ name: { given: 'Later' } });
    session.backUp(path.join(folder, 'since.backup'), { since: path.join(folder, 'full.backup') });
    session.record(ken, { kind: 'deny', purposes: ['email_marketing'] });
    assert.strictEqual(session.mirrorsTold().length, 1);
    assert.strictEqual(session.refreshMirrors()[0].holds_all, true);
    assert.strictEqual(session.recovery().has_key, true);
    assert.ok(session.pin());
    assert.throws(() => clientbook.open(where, { key }), code('INVALID_STATE'));
    assert.throws(() => clientbook.create(where, { key, profile: 'gdpr' }), code('ALREADY_EXISTS'));
    book.close();
    book = clientbook.open(where, { key });
    assert.strictEqual(book.session(8).read(ken, ORDER).name.given, 'Ken');
    book.close();
    assert.deepStrictEqual(clientbook.upgrade(where, { key }), { from: 2, to: 2 });
    const sources = { mirror: path.join(folder, 'mirror'), shares: shares.slice(1),
      backups: [path.join(folder, 'full.backup'), path.join(folder, 'since.backup')] };
    fs.mkdirSync(path.join(folder, 'again'), { mode: 0o700 });
    fs.mkdirSync(path.join(folder, 'scratch'), { mode: 0o700 });
    assert.ok(clientbook.drill({ ...sources, scratch: path.join(folder, 'scratch') }).verified);
    const again = path.join(folder, 'again', 'new.key');
    assert.strictEqual(clientbook.restore(path.join(folder, 'new.book'), { ...sources, key: again }).customers, 2);
    book = clientbook.open(path.join(folder, 'new.book'), { key: again });
    assert.strictEqual(book.session(7, 'owner').read(ken, ORDER).emails[0].address, 'ken@example.com');
    book.close();
    assert.throws(() => clientbook.restore(path.join(folder, 'x.book'), { ...sources, shares: [shares[0]], key: again }), clientbook.ClientbookError);
  });

  it('tells an older copy, and takes it where that is meant', () => {
    const copy = path.join(folder, 'copy');
    assert.throws(() => clientbook.acceptPin(where, { key }), code('INVALID_STATE'));
    fs.cpSync(where, copy, { recursive: true });
    const book = clientbook.open(where, { key });
    const session = book.session(7, 'owner');
    session.record(session.find('loyalty', 'L-1'), { kind: 'deny', purposes: ['customer_care'] });
    book.close();
    fs.cpSync(copy, where, { recursive: true });
    assert.throws(() => clientbook.open(where, { key }), code('ROLLED_BACK'));
    clientbook.acceptPin(where, { key });
    clientbook.open(where, { key }).close();
  });

  it('imports what a shop has', () => {
    const file = path.join(folder, 'list.csv');
    fs.writeFileSync(file, 'id;mail\n1;cy@example.com\n2;dee@example.com\n');
    const { map } = clientbook.proposeColumnMap({ files: [file] });
    const book = clientbook.inMemory({ profile: 'gdpr' });
    const session = book.session(7, 'owner');
    assert.strictEqual(session.importCustomers({ map, folder, dry_run: true }).customers, 2);
    assert.strictEqual(session.importCustomers({ map, folder }).customers, 2);
    book.close();
  });
});

describe('without a book', () => {
  it('finds and hides in texts', () => {
    const text = 'Grüße 😀 an ken@example.com, ö ok';
    const [find] = clientbook.scan(text);
    assert.deepStrictEqual([text.slice(find.begin, find.end), find.type], ['ken@example.com', 'email_address']);
    const redacted = clientbook.redact(text, { mark: 'numbered_label' });
    assert.strictEqual(redacted.text, 'Grüße 😀 an <EMAIL_ADDRESS_1>, ö ok');
    assert.deepStrictEqual({ ...redacted.receipt.hidden }, { email_address: 1 });
    assert.strictEqual(clientbook.scan('ruf 030 901820 an', { regions: ['DE'] }).length, 1);
    assert.throws(() => clientbook.scan(text, { regions: ['germany'] }), code('INVALID_ARGUMENT'));
  });

  it('keeps the form of data', () => {
    const rows = 'id,ssn\n1,531 07\n';
    const [find] = clientbook.scanForm(rows);
    assert.strictEqual(rows.slice(find.begin, find.end), '531 07');
    assert.strictEqual(clientbook.redactForm(rows, { form: 'csv' }).text, 'id,ssn\n1,<NATIONAL_ID>\n');
    const latin = Buffer.from('mail an jürg@example.com', 'latin1');
    assert.strictEqual(Buffer.from(clientbook.redactForm(latin, { charset: 'iso-8859-1', form: 'plain' }).text).toString('latin1'), 'mail an <EMAIL_ADDRESS>');
    assert.throws(() => clientbook.redactForm(rows, { form: 'tree' }), code('INVALID_ARGUMENT'));
  });

  it('decides cases', () => {
    assert.throws(() => clientbook.evaluate({ requests: [{ purpose: 'no such' }] }), (problem) => problem.where === '/requests/0/purpose');
    assert.ok(clientbook.evaluate({ requests: [{ purpose: NEWS, now: '2026-01-01' }] }));
    assert.ok(clientbook.terms('purpose').some(({ word }) => word === NEWS));
    assert.match(clientbook.version, /^\d+\.\d+\.\d+$/);
  });
});

describe('a root key that is sealed', () => {
  it('opens with the key file that sealed it, and with nothing else', () => {
    const inside = fs.mkdtempSync(path.join(folder, 'sealed-'));
    const where = path.join(inside, 'shop.book');
    const key = path.join(inside, 'keys', 'shop.key');
    const files = path.join(inside, 'stick');
    fs.mkdirSync(files, { mode: 0o700 });
    const [till, other] = ['till.key', 'other.key'].map((name) => path.join(files, name));
    for (const file of [till, other]) fs.writeFileSync(file, randomBytes(32), { mode: 0o600 });
    clientbook.create(where, { key, profile: 'gdpr', identity: till }).close();
    assert.throws(() => clientbook.open(where, { key }), code('KEY_UNAVAILABLE'));
    assert.throws(() => clientbook.open(where, { key, identity: other }), code('WRONG_KEY'));
    clientbook.open(where, { key, identity: till }).close();
  });
});
