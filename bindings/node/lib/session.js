// A book opened by an actor. Everything that reads says for which purpose.
'use strict';

const { inspect } = require('node:util');
const path = require('node:path');
const native = require('./native.js');
const { refused } = require('./errors.js');
const { Fields, Room, viewOver, viewsOver } = require('./view.js');
const { CustomerId, count, dayOf, json, optionsOf, purposesOf, secondsOf, term, told } = require('./values.js');

const JSON_FORM = 1;
const CBOR_FORM = 2;
const FLAT_FORM = 3;
const ROOM_SIZE = 65536;
const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

const numbersInNotes = ['refused', 'replaced', 'kept'];
const searchPaths = ['automatic', 'scan', 'memory', 'sealed'];
const erasureReasons = [undefined, 'subject_request', 'retention_end', 'unlawful', 'other'];
const mentionsOfErasure = ['ignored', 'reported', 'replaced'];
const knownBy = [undefined, 'address', 'customer', 'officer'];
const credentialUses = ['none', 'second_persons', 'everybody'];
const policyKinds = [undefined, 'profile', 'trust_key', 'distrust_key', 'add_profile'];
const refusalKinds = [undefined, 'erased', 'unsubscribed'];

// The place of a word in a list of them.
function oneOf(words, word, what) {
  const found = words.indexOf(word);
  if (found < 0) throw refused(`${what} is one of: ${words.filter(Boolean).join(', ')}`);
  return found;
}

// A record on its way in: JSON of an object, or CBOR as bytes.
// In an object a Date is a day where the schema has one, in UTC.
function recordOf(record, fields) {
  return record instanceof Uint8Array ? [CBOR_FORM, record] : [JSON_FORM, json(record, daysOf(fields))];
}

// Members of values that are days (docs/format/record.md), and fields of the book that are.
function daysOf(fields) {
  return new Set(['day', 'due', 'until', 'measured', ...fields.days]);
}

function listOf(directives) {
  if (directives === undefined || directives === null) return undefined;
  if (!Array.isArray(directives)) throw refused('directives are an array');
  return directives.length === 0 ? undefined : json(directives);
}

function bornOn(born) {
  if (born === undefined || born === null) return 0;
  if (born instanceof Date) return bornOn(dayOf(born));
  const found = typeof born === 'string' ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(born) : null;
  if (found === null) throw refused('born is a day, YYYY-MM-DD', 'INVALID_VALUE');
  return Number(found[1] + found[2] + found[3]);
}

// What ends with a session that the program has forgotten.
const forgotten = new FinalizationRegistry(({ context, handle, reader }) => {
  native.reader_close(reader);
  try {
    native.close(context, handle);
  } catch {
    // The book is closed, and the session with it.
  }
});

class Session {
  #book; // keeps the context alive
  #context;
  #handle;
  #reader;
  #box = new Uint8Array(64);
  #box32 = new Int32Array(this.#box.buffer);
  #room = new Room(ROOM_SIZE);
  #used = 0;
  #fields;

  constructor(book, context, handle) {
    this.#book = book;
    this.#context = context;
    this.#handle = handle;
    this.#reader = native.reader_open(context, handle, this.#box.buffer, this.#room.memory);
    forgotten.register(this, { context, handle, reader: this.#reader }, this);
  }

  // --- how calls are made -----------------------------------------------------------------------

  #json(function_, ...given) {
    return told(function_(this.#context, this.#handle, ...given));
  }

  #call(function_, ...given) {
    return function_(this.#context, this.#handle, ...given);
  }

  #request(purpose, { recipient, operation, fields, country } = {}) {
    return {
      purpose: term('purpose', purpose),
      recipient: this.#recipient(recipient ?? 'self'),
      operation: operation === undefined ? 0 : term('operation', operation),
      has_operation: operation === undefined ? 0 : 1,
      fields: this.fields.mask(fields),
      country,
    };
  }

  #recipient(recipient) {
    if (typeof recipient === 'number') return recipient;
    const party = this.recipients().find(({ name }) => name === recipient);
    return party !== undefined ? party.number : term('recipient', recipient);
  }

  // The schema of the book.
  get fields() {
    this.#fields ??= new Fields(this.#json(native.session_fields));
    return this.#fields;
  }

  // --- transactions -----------------------------------------------------------------------------

  // All calls within `work`, which is not asynchronous, are one: an exception undoes them.
  transaction(work) {
    if (typeof work !== 'function') throw refused('a transaction needs a function');
    this.#call(native.session_begin_transaction);
    let out;
    try {
      out = work(this);
      if (typeof out?.then === 'function') throw refused('a transaction does not wait: its function is not async');
    } catch (problem) {
      this.#undo();
      throw problem;
    }
    this.#call(native.session_commit);
    return out;
  }

  #undo() {
    try {
      this.#call(native.session_rollback);
    } catch {
      // It is undone already: the first problem is what the caller has to know.
    }
  }

  // --- keeping ----------------------------------------------------------------------------------

  get purposes() {
    const numbers = new Map(told(native.terms(1)).map(({ number, word }) => [number, word]));
    return [...this.#call(native.session_purposes)].map((number) => numbers.get(number));
  }

  put(record, options) {
    const { purposes, directives, leaveOut = false } = optionsOf(options, 'purposes', 'directives', 'leaveOut');
    const [form, content] = recordOf(record, this.fields);
    const out = this.#call(native.session_put, form, content, purposesOf(purposes), listOf(directives), leaveOut === true);
    return { customer: CustomerId.from(out.out), leftOut: leaveOut === true ? this.fields.keys(out.left_out) : [] };
  }

  merge(customer, record, options) {
    const { purposes, directives, renew = false } = optionsOf(options, 'purposes', 'directives', 'renew');
    const [form, content] = recordOf(record, this.fields);
    return this.#json(native.session_merge, CustomerId.bytes(customer), form, content, purposesOf(purposes),
      listOf(directives), renew === true ? 1 : 0);
  }

  whyNotKept(customer, field, options) {
    return this.#call(native.session_why_not_kept, CustomerId.bytes(customer), this.fields.number(field),
      purposesOf(optionsOf(options, 'purposes').purposes));
  }

  keptFor(customer) { return this.#json(native.session_kept_for, CustomerId.bytes(customer)); }

  due() { return this.#json(native.session_due); }

  mayCollect(options) {
    const { purposes, directives, born } = optionsOf(options, 'purposes', 'directives', 'born');
    return this.fields.keys(this.#call(native.session_may_collect_born, bornOn(born), purposesOf(purposes), listOf(directives)));
  }

  noteBirthDate(customer, told) {
    this.#call(native.session_note_birth_date, CustomerId.bytes(customer), bornOn(told));
  }

  update(customer, record, options) {
    const [form, content] = recordOf(record, this.fields);
    this.#call(native.session_update, CustomerId.bytes(customer), form, content, purposesOf(optionsOf(options, 'purposes').purposes));
  }

  edit(customer, edit, options) {
    const changed = this.#call(native.session_edit, CustomerId.bytes(customer), json(edit, daysOf(this.fields)),
      purposesOf(optionsOf(options, 'purposes').purposes), true);
    return this.fields.keys(changed);
  }

  remove(customer, field, options) {
    this.#call(native.session_remove, CustomerId.bytes(customer), this.fields.number(field),
      purposesOf(optionsOf(options, 'purposes').purposes));
  }

  appendPurchase(customer, purchase, options) {
    const [form, content] = recordOf(purchase, this.fields);
    return this.#call(native.session_append_purchase, CustomerId.bytes(customer), form, content,
      purposesOf(optionsOf(options, 'purposes').purposes));
  }

  appendNote(customer, note, options) {
    const { purposes, cards = 'refused', identityNumbers = 'refused' } = optionsOf(options, 'purposes', 'cards', 'identityNumbers');
    const [form, content] = recordOf(typeof note === 'string' ? { text: note } : note, this.fields);
    return this.#call(native.session_append_note, CustomerId.bytes(customer), form, content, purposesOf(purposes), {
      cards: oneOf(numbersInNotes, cards, 'cards'),
      identity_numbers: oneOf(numbersInNotes, identityNumbers, 'identityNumbers'),
    });
  }

  pinNote(customer, place, options) {
    const { pinned = true, purposes } = optionsOf(options, 'pinned', 'purposes');
    this.#call(native.session_pin_note, CustomerId.bytes(customer), place, pinned ? 1 : 0, purposesOf(purposes));
  }

  // --- reading ----------------------------------------------------------------------------------

  read(customer, purpose, fields) {
    if (this.#handle === 0n && !this.#book.closed) throw refused('the session is closed', 'INVALID_HANDLE');
    const known = this.#fields ?? this.fields;
    const box = this.#box32;
    // What is the program's own is asked first: its getters may read meanwhile, with the same box.
    const who = CustomerId.from(customer);
    const why = term('purpose', purpose); // less than 256: its first byte, on these machines
    known.maskInto(fields, box, 4);
    CustomerId.copy(who, box);
    box[6] = why;
    box[7] = this.#used;
    native.reader_read(this.#reader);
    const size = this.#box32[8];
    if (size > this.#room.bytes.length - this.#used) this.#move(size);
    const at = this.#used;
    this.#used += size; // a block's size is a multiple of 8
    return new known.View(known, this.#room, at, size);
  }

  // Into a new room, with the block that was too large for what was left of the former one.
  #move(size) {
    const room = new Room(Math.max(size, ROOM_SIZE));
    native.reader_room(this.#reader, room.memory);
    this.#room = room;
    this.#used = 0;
  }

  preview(customer, purpose, options) {
    const request = this.#request(purpose, { operation: 'use', ...optionsOf(options, 'recipient', 'operation', 'fields', 'country') });
    return viewOver(this.fields, this.#call(native.session_preview, CustomerId.bytes(customer), request, FLAT_FORM));
  }

  purchases(customer, purpose, most = 0) {
    return this.#items(native.session_purchases, customer, purpose, most);
  }

  figuresOf(customer, purpose) {
    return this.#json(native.session_figures_of, CustomerId.bytes(customer), term('purpose', purpose));
  }

  notes(customer, purpose, most = 0) {
    return this.#items(native.session_notes, customer, purpose, most);
  }

  // Without what names these customers too: a copy for the customer themselves.
  notesWithout(customer, purpose, hidden, most = 0) {
    const ids = Array.from(hidden ?? [], (one) => CustomerId.bytes(one));
    const { state, value } = this.#json(native.session_notes_without, CustomerId.bytes(customer), term('purpose', purpose),
      Buffer.concat(ids), most);
    return { state, items: value ?? [] };
  }

  // Countries of the shop whose numbers are looked for in texts of this session.
  setTextRegions(regions) {
    if (!Array.isArray(regions)) throw refused('regions are an array of countries');
    this.#call(native.session_set_text_regions, regions.join(','));
  }

  pinnedNotes(customer, purpose) { return this.#items(native.session_pinned_notes, customer, purpose); }

  #items(function_, customer, purpose, ...most) {
    const { state, value } = this.#json(function_, CustomerId.bytes(customer), term('purpose', purpose), ...most);
    return { state, items: value ?? [] };
  }

  // Every customer, as the purpose shows them: whoever is in the book now and is not erased before their turn.
  scan(purpose, options) {
    const { fields, batch = 256 } = optionsOf(options, 'fields', 'batch');
    const known = this.fields;
    const cursor = this.#call(native.session_scan, term('purpose', purpose), known.mask(fields));
    return batches(this, this.#context, cursor, batch, known);
  }

  find(system, value) { return CustomerId.from(this.#call(native.session_find, system, value)); }

  search(typed, purpose, options) {
    const { most = 20, fields, path: how = 'automatic', asTyped = false } = optionsOf(options, 'most', 'fields', 'path', 'asTyped');
    return this.#json(native.session_search, typed, term('purpose', purpose), {
      most, fields: this.fields.mask(fields), path: oneOf(searchPaths, how, 'path'), as_typed: asTyped === true ? 1 : 0 });
  }

  findByEmail(address, purpose) { return this.#findExactly('emails', undefined, address, purpose); }

  findByPhone(number, purpose) { return this.#findExactly('phones', undefined, number, purpose); }

  findById(system, value, purpose) { return this.#findExactly('external_ids', system, value, purpose); }

  #findExactly(field, system, value, purpose) {
    const ids = this.#call(native.session_find_exactly, this.fields.number(field), system, value, term('purpose', purpose));
    return Array.from({ length: ids.length / 16 }, (_, i) => CustomerId.from(ids.subarray(16 * i, 16 * i + 16)));
  }

  listCustomers(purpose, asked, options) {
    return this.#json(native.session_list_customers, json(optionsOf(asked)), term('purpose', purpose),
      this.fields.mask(optionsOf(options, 'fields').fields));
  }

  duplicates(purpose, options) {
    const { of = [], most = 0 } = optionsOf(options, 'of', 'most');
    return this.#json(native.session_duplicates, json({ of: Array.from(of, (one) => String(CustomerId.from(one))), most }),
      term('purpose', purpose));
  }
  noteNotSame(one, other) { this.#call(native.session_note_not_same, CustomerId.bytes(one), CustomerId.bytes(other)); }
  forgetNotSame(one, other) { this.#call(native.session_forget_not_same, CustomerId.bytes(one), CustomerId.bytes(other)); }

  mergeCustomers(stays, goes, options) {
    const { take = [], onlyTell = false } = optionsOf(options, 'take', 'onlyTell');
    return this.#json(native.session_merge_customers, CustomerId.bytes(stays), CustomerId.bytes(goes),
      json({ take: Array.from(take), only_tell: Boolean(onlyTell) }));
  }
  unmerge(part) { return this.#json(native.session_unmerge, CustomerId.bytes(part)); }
  parts(customer) { return this.#json(native.session_parts, CustomerId.bytes(customer)); }

  // How many customers share each combination of values.
  tabulate(purpose, columns, options) {
    const { k, small, noiseScale } = optionsOf(options, 'k', 'small', 'noiseScale');
    return this.#json(native.session_tabulate, json({ purpose, columns, k, small, noise_scale: noiseScale }));
  }

  // Whose private key turns back the tokens that this session shows.
  setTokenReversal(publicKey) { this.#call(native.session_set_token_reversal, publicKey); }

  countPermitted(purpose, field, options) {
    const request = this.#request(purpose, { operation: 'use', ...optionsOf(options, 'recipient', 'operation', 'country') });
    return count(this.#call(native.session_count_permitted, request, this.fields.number(field)));
  }

  // --- values in tables of the program's own ----------------------------------------------------

  // Seals a value of a field for a column: it opens by readColumns() of this book alone.
  sealColumn(customer, field, value, options) {
    return this.#call(native.session_seal_column, CustomerId.bytes(customer), JSON_FORM, json({ [field]: value }, daysOf(this.fields)),
      purposesOf(optionsOf(options, 'purposes').purposes));
  }

  // What the purpose shows of such cells, by field, as read() does of a record.
  readColumns(customer, purpose, columns) {
    return viewOver(this.fields, this.#call(native.session_read_columns, CustomerId.bytes(customer), term('purpose', purpose),
      this.#cells(columns), FLAT_FORM));
  }

  // As disclose(), of such cells: the ledger first.
  discloseColumns(customer, purpose, recipient, columns, options) {
    const request = this.#request(purpose, { ...optionsOf(options, 'fields', 'country'), recipient });
    const out = this.#call(native.session_disclose_columns, CustomerId.bytes(customer), request, this.#cells(columns), FLAT_FORM, true);
    return { content: viewOver(this.fields, out.out), ledgerIndex: count(out.ledger_index), entry: String(CustomerId.from(out.entry)) };
  }

  #cells(columns) {
    const known = Object.entries(optionsOf(columns)).map(([key, content]) => {
      if (!(content instanceof Uint8Array)) throw refused('a column is bytes');
      return [this.fields.number(key), content];
    });
    return Buffer.concat(known.sort(([a], [b]) => a - b).map(([number, content]) => {
      const head = Buffer.alloc(5);
      head.writeUInt8(number, 0);
      head.writeUInt32LE(content.length, 1);
      return Buffer.concat([head, content]);
    }));
  }

  // --- laws and fields --------------------------------------------------------------------------

  policy() { return this.#json(native.session_policy); }
  proposePolicy(kind, content) {
    return this.#call(native.session_propose_policy, oneOf(policyKinds, kind, 'kind'), content);
  }
  proposeProfile(kind, name) {
    return this.#call(native.session_propose_profile, oneOf(policyKinds, kind, 'kind'), name);
  }
  effectOf(kind, profile) { return this.#json(native.session_effect_of, oneOf(policyKinds, kind, 'kind'), profile); }
  approvePolicy(number) { return count(this.#call(native.session_approve_policy, number)); }

  addFields(fields) {
    this.#call(native.session_add_fields, json(fields));
    this.#fields = undefined;
  }

  // Tries every key that exists today on another store, such as a copy made before an erasure.
  carve(copy) { return this.#json(native.session_carve, path.resolve(copy)); }

  // --- the customer decides ---------------------------------------------------------------------

  record(customer, directive) {
    return this.#call(native.session_record, CustomerId.bytes(customer), json(directive));
  }

  // What a customer said, in a form that others read: 27560, receipt, kantara, gpp.
  exportConsent(customer, options) {
    return this.#json(native.session_export_consent, CustomerId.bytes(customer), json(optionsOf(options)));
  }

  recordAndTell(customer, directive) {
    return this.#json(native.session_record_and_tell, CustomerId.bytes(customer), json(directive));
  }

  waiting(customer) { return this.#json(native.session_waiting, CustomerId.bytes(customer)); }

  confirmConsent(customer, sequence, document, reference) {
    return this.#json(native.session_confirm_consent, CustomerId.bytes(customer), sequence, document, reference);
  }

  noteAgeProof(customer, seen) {
    return this.#call(native.session_note_age_proof, CustomerId.bytes(customer), json(seen));
  }

  confirmAgeProof(customer, sequence, seen) {
    return this.#json(native.session_confirm_age_proof, CustomerId.bytes(customer), sequence, json(seen));
  }

  ageProofs(customer) { return this.#json(native.session_age_proofs, CustomerId.bytes(customer)); }

  askOptIn(customer, sequence) { return this.#json(native.session_ask_opt_in, CustomerId.bytes(customer), sequence); }

  bringOptIn(token) { return this.#call(native.session_bring_opt_in, token); }

  recordAtAge(customer, directive, from, below) {
    return this.#call(native.session_record_at_age, CustomerId.bytes(customer), json(directive), from, below);
  }

  recordNo(system, value, no) { this.#call(native.session_record_no, system, value, json(no)); }

  recordNoOf(record, no) { this.#call(native.session_record_no_of, ...recordOf(record, this.fields), json(no)); }

  // `state`: whose ages hold; `works_here`: they work for the shop.
  move(customer, law, how, evidence, options) {
    const { state, works_here: worksHere } = optionsOf(options, 'state', 'works_here');
    if (state !== undefined || worksHere !== undefined) {
      const source = oneOf(knownBy, how, 'how it is known');
      if (source === 3 && !evidence) throw refused('what an officer says needs evidence: where it lies', 'MISSING_FIELD');
      if (source === 1 && evidence) throw refused('of an address nobody has evidence: say who confirms it');
      return this.record(customer, { kind: 'move', law, state, works_here: worksHere, evidence: evidence || undefined,
        by: source === 2 ? 'subject' : 'controller' });
    }
    return this.#call(native.session_move, CustomerId.bytes(customer), law, oneOf(knownBy, how, 'how it is known'), evidence);
  }

  jurisdiction(customer) { return this.#json(native.session_jurisdiction, CustomerId.bytes(customer)); }

  importConsents(customer, said) {
    return this.#json(native.session_import_consents, CustomerId.bytes(customer), json(said));
  }

  importNoes(system, value, said) { return this.#json(native.session_import_noes, system, value, json(said)); }

  importCustomers(request) { return this.#json(native.session_import_customers, json(request)); }

  directives(customer) { return this.#json(native.session_directives, CustomerId.bytes(customer)); }

  explain(customer, purpose, field, options) {
    const { language, contact, ...rest } = optionsOf(options);
    const request = this.#request(purpose, { operation: 'use', ...rest, fields: undefined });
    if (contact !== undefined && contact !== null) {
      return this.#call(native.session_explain_contact, CustomerId.bytes(customer), request, this.fields.number(field), contact,
        language);
    }
    return this.#call(native.session_explain, CustomerId.bytes(customer), request, this.fields.number(field), language);
  }

  previewGrant(customer, grant) {
    return this.#json(native.session_preview_grant, CustomerId.bytes(customer), json(grant));
  }

  previewNotice(notice) { return this.#json(native.session_preview_notice, json(notice)); }

  addNotice(notice) { return this.#json(native.session_add_notice_and_tell, json(notice)); }

  withdrawNotice(notice) { return this.#json(native.session_withdraw_notice, notice); }

  consentsUnder(notice) { return this.#json(native.session_consents_under, notice).customers; }

  notices() { return this.#json(native.session_notices); }

  addRecipient(party) { return this.#call(native.session_add_recipient, json(party)); }

  editRecipient(number, party) { this.#call(native.session_edit_recipient, number, json(party)); }

  setRecipientContact(number, what) { this.#call(native.session_set_recipient_contact, number, json(optionsOf(what))); }

  retireRecipient(number) { this.#call(native.session_retire_recipient, number); }

  recipients() { return this.#json(native.session_recipients); }

  addBuiltInFields() {
    const added = this.#call(native.session_add_built_in_fields);
    this.#fields = undefined;
    return this.fields.keys(added);
  }

  buildIndex(most = 10000) { return count(this.#call(native.session_build_index, most)); }

  dropIndex() { this.#call(native.session_drop_index); }

  indexPlan() { return this.#json(native.session_index_plan); }

  compileConsents(most = 1000) { return count(this.#call(native.session_compile_consents, most)); }

  // --- passing on and its evidence --------------------------------------------------------------

  disclose(customer, purpose, recipient, options) {
    const request = this.#request(purpose, { ...optionsOf(options, 'fields', 'country'), recipient });
    const out = this.#call(native.session_disclose, CustomerId.bytes(customer), request, FLAT_FORM, true);
    return { content: viewOver(this.fields, out.out), ledgerIndex: count(out.ledger_index),
      entry: Buffer.from(out.entry).toString('hex') };
  }

  discloseMany(customers, purpose, recipient, options) {
    const request = this.#request(purpose, { ...optionsOf(options, 'fields', 'country'), recipient });
    return this.#json(native.session_disclose_many,
      Buffer.concat([...customers].map((one) => Buffer.from(CustomerId.bytes(one)))), request);
  }

  notDelivered(customer, ledgerIndex) {
    this.#call(native.session_not_delivered, CustomerId.bytes(customer), ledgerIndex);
  }

  exportCustomers(request, sink) {
    if (typeof sink?.write !== 'function') throw refused('an export needs a sink with a function write');
    return this.#json(native.session_export_customers, json({ form: 'csv', ...optionsOf(request) }), {
      write: (file, bytes) => sink.write(file, bytes),
      finish: typeof sink.finish === 'function' ? () => sink.finish() : undefined });
  }

  ledger(customer) { return this.#json(native.session_ledger, CustomerId.bytes(customer)); }

  prove(index) { return this.#call(native.session_prove, index); }

  checkpoint() { return this.#call(native.session_checkpoint); }

  logIdentity() { return this.#call(native.session_log_identity); }

  ledgerFile(path) { return this.#call(native.session_ledger_file, path); }

  goesOnFrom(checkpoint) { return this.#call(native.session_goes_on_from, checkpoint); }

  witnesses() { return this.#json(native.session_witnesses); }

  addWitness(key) { this.#call(native.session_add_witness, key); }

  removeWitness(name) { this.#call(native.session_remove_witness, name); }

  witnessRequest(name) { return this.#call(native.session_witness_request, name); }

  takeWitnessAnswer(name, answer) { return this.#json(native.session_take_witness_answer, name, json(answer)); }

  endEpoch() { return this.#json(native.session_end_epoch); }

  seals() { return this.#call(native.session_seals); }

  evidence(customer) { return this.#call(native.session_evidence, CustomerId.bytes(customer)); }

  customerPage(customer, request) {
    const { out, ledger_index: index } = this.#call(native.session_customer_page, CustomerId.bytes(customer),
      json(optionsOf(request)));
    return { html: out, ledgerIndex: index === 0xffffffffffffffffn ? undefined : count(index),
      [inspect.custom]() { return 'CustomerPage {}'; } };
  }

  mentions(customer, options) {
    const { purpose = 'rights_fulfilment', replace = false } = optionsOf(options, 'purpose', 'replace');
    return this.#json(native.session_mentions, CustomerId.bytes(customer), term('purpose', purpose), replace === true ? 1 : 0);
  }

  erase(customer, options) {
    const { reason = 'subject_request', mentions = 'reported', rememberedMonths = 24 } = optionsOf(options, 'reason', 'mentions', 'rememberedMonths');
    return this.#json(native.session_erase, CustomerId.bytes(customer), oneOf(erasureReasons, reason, 'reason'),
      oneOf(mentionsOfErasure, mentions, 'mentions'), rememberedMonths);
  }

  eraseMany(customers, options) {
    const { reason = 'subject_request', mentions = 'reported', rememberedMonths = 24, lawKeptYears = 0 } = optionsOf(options, 'reason', 'mentions', 'rememberedMonths', 'lawKeptYears');
    const apart = lawKeptYears ? { law_kept: 'apart', law_kept_years: lawKeptYears } : {};
    return this.#json(native.session_erase_many,
      json({ customers: [...customers].map(String), reason, mentions, remembered_months: rememberedMonths, ...apart }));
  }

  runRetention(options) {
    const { onlyTell = false, most = 50, from = 0, rememberedMonths = 24 } = optionsOf(options, 'onlyTell', 'most', 'from', 'rememberedMonths');
    return this.#json(native.session_run_retention,
      json({ only_tell: onlyTell === true, most, from, remembered_months: rememberedMonths }));
  }

  pruneLedger(before, options) {
    const { published, onlyTell = false } = optionsOf(options, 'published', 'onlyTell');
    return this.#json(native.session_prune_ledger,
      json({ before, only_tell: onlyTell === true, ...(published === undefined ? {} : { published }) }));
  }

  prunedOf(customer) { return Number(this.#call(native.session_pruned_of, CustomerId.bytes(customer))); }

  placeHold(customer, what) { return this.#call(native.session_place_hold, CustomerId.bytes(customer), json(optionsOf(what))); }

  liftHold(customer, hold) { this.#call(native.session_lift_hold, CustomerId.bytes(customer), hold); }

  holds() { return this.#json(native.session_holds); }

  retained() { return this.#json(native.session_retained); }

  readRetained(retained, purpose) { return this.#json(native.session_read_retained, CustomerId.bytes(retained), term('purpose', purpose)); }

  confirmClock() { return new Date(Number(this.#call(native.session_confirm_clock)) * 1000); }

  // --- recovery ---------------------------------------------------------------------------------

  drawRecoveryKey(options) {
    const { shares = 5, needed = 3, instead = false } = optionsOf(options, 'shares', 'needed', 'instead');
    return this.#json(native.session_draw_recovery_key, shares, needed, instead === true ? 1 : 0);
  }

  useRecoveryKey() { return this.#json(native.session_use_recovery_key); }

  mirrorsTold() { return this.#json(native.session_mirrors_told); }

  makeRecoveryKey(options) {
    const { shares = 5, needed = 3, instead = false } = optionsOf(options, 'shares', 'needed', 'instead');
    return this.#json(native.session_make_recovery_key, shares, needed, instead === true ? 1 : 0);
  }

  addMirror(folder) { this.#call(native.session_add_mirror, path.resolve(folder)); }

  removeMirror(folder) { this.#call(native.session_remove_mirror, path.resolve(folder)); }

  refreshMirrors() { return this.#json(native.session_refresh_mirrors); }

  recovery() { return this.#json(native.session_recovery, Math.floor(Date.now() / 1000)); }

  pin() { return this.#json(native.session_pin); }

  backUp(file, options) { return this.#json(native.session_back_up, file, optionsOf(options, 'since').since); }

  // --- who looked, cases, refusals ----------------------------------------------------------------

  whoLooked(customer) { return this.#json(native.session_who_looked, CustomerId.bytes(customer)); }

  seenBy(actor, since, until) { return this.#json(native.session_seen_by, actor, secondsOf(since), secondsOf(until)); }

  budgetLeft() { return this.#json(native.session_budget_left); }

  raiseBudget(actor, customers) { this.#call(native.session_raise_budget, actor, customers); }

  setCanaries(customers) { this.#call(native.session_set_canaries, json({ customers })); }

  canaries() { return this.#json(native.session_canaries); }

  alarms() { return this.#json(native.session_alarms); }

  alarmLimits() { return this.#json(native.session_alarm_limits); }

  setAlarmLimits(changed) { this.#call(native.session_set_alarm_limits, json(changed)); }

  roles() { return this.#json(native.session_roles); }

  proposeRoles(table) { return this.#call(native.session_propose_roles, json(table)); }

  proposedRoles() { return this.#json(native.session_proposed_roles); }

  approveRoles(number) { return Number(this.#call(native.session_approve_roles, number)); }

  // Of a key file: a passphrase would lie in memory that a collector moves.
  enrolCredential(what, { identity }) { return this.#call(native.session_enrol_credential, json(what), { identity_file: identity }); }

  confirmCredential(number) { this.#call(native.session_confirm_credential, number); }

  revokeCredential(number) { this.#call(native.session_revoke_credential, number); }

  renewCredential(number, days) { this.#call(native.session_renew_credential, number, days); }

  changeCredential({ identity, next }) {
    this.#call(native.session_change_credential, { identity_file: identity }, { identity_file: next });
  }

  credentials() { return this.#json(native.session_credentials); }

  credentialsTaken() { return this.#json(native.session_credentials_taken); }

  proposeCredentialUse(use) { return this.#call(native.session_propose_credential_use, oneOf(credentialUses, use, 'what takes a credential')); }

  approveCredentialUse(number) { return Number(this.#call(native.session_approve_credential_use, number)); }

  assign(what) { this.#call(native.session_assign, json(what)); }

  reassign(from, to) { return this.#json(native.session_reassign, from, to); }

  portfolioOf(customer) { return this.#json(native.session_portfolio_of, CustomerId.bytes(customer)); }

  customersOf(actor) { return this.#json(native.session_customers_of, actor); }

  setStores(actor, stores) { this.#call(native.session_set_stores, json({ actor, stores })); }

  usePortfolios(inForce) { return this.#call(native.session_use_portfolios, inForce ? 1 : 0) === 1; }

  portfolioSettings() { return this.#json(native.session_portfolio_settings); }

  openCase(what) { return this.#call(native.session_open_case, json(what)); }

  confirmCase(number) { this.#call(native.session_confirm_case, number); }

  closeCase(number) { this.#call(native.session_close_case, number); }

  cases() { return this.#json(native.session_cases); }

  openRequest(customer, what) { return this.#call(native.session_open_request, CustomerId.bytes(customer), json(what)); }

  changeRequest(number, step) { this.#call(native.session_change_request, number, json(step)); }

  answerRequest(number, how) { return this.#json(native.session_answer_request, number, json(optionsOf(how))); }

  recipientNotice(number, who) { return this.#call(native.session_recipient_notice, number, json(who)); }

  drpStatus(number, how) { return this.#json(native.session_drp_status, number, json(optionsOf(how))); }

  deletionRequest(number, what) { return this.#call(native.session_deletion_request, number, json(what)); }

  deletionResource(what) { return this.#json(native.session_deletion_resource, json(what)); }

  ledgerFhir(customer) { return this.#json(native.session_ledger_fhir, CustomerId.bytes(customer)); }

  requestMail(number, how) { return this.#call(native.session_request_mail, number, json(optionsOf(how))); }

  request(number) { return this.#json(native.session_request, number); }

  requests() { return this.#json(native.session_requests); }

  answerHashLists(what) { return this.#json(native.session_answer_hash_lists, json(optionsOf(what))); }

  expired() { return this.#json(native.session_expired); }

  tellExpired(customer, recipient) { return this.#call(native.session_tell_expired, CustomerId.bytes(customer), recipient); }

  reportOnward(customer, what) { return this.#call(native.session_report_onward, CustomerId.bytes(customer), json(what)); }

  breach(what) { return this.#json(native.session_breach, json(optionsOf(what))); }

  remembered(record) { return this.#json(native.session_remembered, ...recordOf(record, this.fields)); }

  rememberUnsubscribed(record, when) {
    this.#call(native.session_remember_unsubscribed, ...recordOf(record, this.fields), secondsOf(when));
  }

  rememberNo(record, no) { this.#call(native.session_remember_no, ...recordOf(record, this.fields), json(no)); }

  forgetRemembered(record, kind) {
    return this.#call(native.session_forget_remembered, ...recordOf(record, this.fields), oneOf(refusalKinds, kind, 'kind'));
  }

  refusalPeriods() { return this.#json(native.session_refusal_periods); }

  dropRefusals(period) { return count(this.#call(native.session_drop_refusals, period)); }

  // --- the book -----------------------------------------------------------------------------------

  figures() { return this.#json(native.session_figures); }

  profile() { return this.#json(native.session_profile); }

  profiles() { return this.#json(native.session_profiles); }

  verify(progress) {
    return this.#json(native.session_verify, progress === undefined ? undefined : { done: progress });
  }

  // Ends the session; an open transaction is undone.
  close() {
    if (this.#handle === 0n) return;
    if (!this.#book.closed) native.close(this.#context, this.#handle);
    native.reader_close(this.#reader);
    forgotten.unregister(this);
    this.#handle = 0n;
  }

  get closed() { return this.#handle === 0n || this.#book.closed; }

  [inspect.custom]() { return `Session { ${this.closed ? 'closed' : 'open'} }`; }
}
Session.prototype[dispose] = Session.prototype.close;

function* batches(session, context, cursor, most, fields) {
  try {
    for (;;) {
      const { out, count: howMany } = native.cursor_next(context, cursor, most);
      if (howMany === 0) return;
      yield* viewsOver(fields, out, howMany);
    }
  } finally {
    if (!session.closed) native.close(context, cursor); // `session` is named here, and so lives as long as its walk
  }
}

module.exports = { Session };
