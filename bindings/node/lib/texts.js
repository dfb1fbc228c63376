// Without a book: personal data in texts, decisions about a case, proofs.
'use strict';

const native = require('./native.js');
const { refused } = require('./errors.js');
const { Told, json, optionsOf: known, told } = require('./values.js');

const marks = ['label', 'numbered_label', 'blocks'];
// What is left when the program forgets to close a redactor.
const forgotten = new FinalizationRegistry((context) => native.context_destroy(context));
const charsets = ['utf-8', 'utf-16le', 'utf-16be', 'iso-8859-1', 'windows-1252'];

function place(words, word, what) {
  const found = words.indexOf(word);
  if (found < 0) throw refused(`${what} is one of: ${words.join(', ')}`);
  return found;
}

function optionsOf(given) {
  const { regions = [], mark = 'label', cards = false, dates = false, emails = false, urls = false, types = 0,
    charset = 'utf-8' } = known(given, 'form', 'regions', 'mark', 'cards', 'dates', 'emails', 'urls', 'types', 'charset');
  if (!Array.isArray(regions)) throw refused('regions are an array of countries');
  const flag = (value) => (value === true ? 1 : 0);
  return { regions: regions.length === 0 ? undefined : regions.join(','), types, mark: place(marks, mark, 'mark'),
    cards: flag(cards), dates: flag(dates), emails: flag(emails), urls: flag(urls),
    charset: place(charsets, charset, 'charset') };
}

// Places in UTF-16 units of a string; of bytes, as they are.
function finds(text, found) {
  if (typeof text !== 'string') return found;
  const bytes = Buffer.from(text);
  if (bytes.length === text.length) return found;
  let at = 0;
  let units = 0;
  const unit = (byte) => {
    if (byte < at) at = units = 0;
    units += bytes.toString('utf8', at, byte).length;
    at = byte;
    return units;
  };
  for (const one of found) {
    one.begin = unit(one.begin);
    one.end = unit(one.end);
  }
  return found;
}

function scan(text, options) {
  return finds(text, told(native.scan_text(text, optionsOf(options))));
}

function redacted(text, receipt) {
  return Object.assign(new Told(), { text, receipt: told(receipt) });
}

function redact(text, options) {
  const { out, receipt } = native.redact_text(text, optionsOf(options), true);
  return redacted(out, receipt);
}

// The same for data that has a form: csv, json, json lines, html, xml, mail, log, plain.
function scanForm(text, options) {
  return finds(text, told(native.scan_form(text, options?.form, optionsOf(options))));
}

function redactForm(text, options) {
  const { out, receipt } = native.redact_form(text, options?.form, optionsOf(options), true);
  return redacted(typeof text === 'string' ? Buffer.from(out.buffer).toString() : out, receipt);
}

// Redaction of what comes in pieces, in bounded memory.
class Redactor {
  #context = native.context_create();
  #handle;

  constructor(options) {
    try {
      this.#handle = native.redactor_create(this.#context, options?.form, optionsOf(options));
    } catch (problem) {
      this.close();
      throw problem;
    }
    forgotten.register(this, this.#context, this);
  }

  // What has become certain, perhaps nothing.
  write(piece) { return native.redactor_write(this.#opened(), this.#handle, piece); }

  // The rest, and how much of what kind was hidden. It can then take the next input.
  finish() {
    const { out, receipt } = native.redactor_finish(this.#opened(), this.#handle, true);
    return { rest: out, receipt: told(receipt) };
  }

  close() {
    if (this.#context === undefined) return;
    native.context_destroy(this.#context);
    forgotten.unregister(this);
    this.#context = undefined;
  }

  #opened() {
    if (this.#context === undefined) throw refused('the redactor is closed', 'INVALID_STATE');
    return this.#context;
  }
}
Redactor.prototype[Symbol.dispose ?? Symbol.for('Symbol.dispose')] = Redactor.prototype.close;

// Digits behind the point of a currency's minor unit: 2 of EUR.
const minorUnits = (currency) => native.minor_units(currency);

const evaluate = (document) => JSON.parse(native.evaluate(json(document)));
const checkProof = (proof, logIdentity) => told(native.check_proof(proof, logIdentity));
const checkEvidence = (evidence, logIdentity, policy) => told(policy === undefined
  ? native.check_evidence(evidence, logIdentity) : native.check_evidence_witnessed(evidence, logIdentity, json(policy)));
const checkSeals = (seals, logIdentity, known = '') => told(native.check_seals(seals, logIdentity, known));
/** What a partner has answered, an acJWT to that rqJWT, under its key of 32 bytes. */
const deletionAnswer = (answer, request, key) => told(native.deletion_answer(answer, request, Buffer.from(key)));
/** Sealed to a key `age1...`: a file that age opens. */
const seal = (data, key) => native.seal(key, Buffer.from(data));
const proposeColumnMap = (request) => told(native.propose_column_map(json(request)));
const rolesTable = () => JSON.parse(native.roles());

function terms(kind) {
  return JSON.parse(native.terms(1 + place(['purpose', 'recipient', 'category', 'operation'], kind, 'kind')));
}

module.exports = { Redactor, checkEvidence, checkProof, checkSeals, deletionAnswer, evaluate, minorUnits, proposeColumnMap, redact, redactForm, rolesTable, scan, scanForm, seal, terms };
