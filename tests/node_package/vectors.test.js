// The vectors that all languages share: the same bytes and the same codes.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const clientbook = require('clientbook');
const { View } = clientbook;

const folder = path.join(process.env.CLIENTBOOK_SOURCE, 'tests/vectors/bindings');
const files = fs.readdirSync(folder).filter((file) => file.endsWith('.json')).sort();

// Runs the steps of a file.
class Runner {
  constructor({ profile, now }) {
    this.book = clientbook.inMemory({ profile, clock: () => now * 1000 });
    this.session = this.book.session(7, 'owner');
    this.who = {};
  }

  step(step) {
    try {
      return { code: 0, ...(this[step.call](step) ?? {}) };
    } catch (problem) {
      if (!(problem instanceof clientbook.ClientbookError)) throw problem;
      return { code: problem.number, at: problem.at, where: problem.where };
    }
  }

  add_notice({ notice }) { this.session.addNotice(notice); }
  add_recipient({ party }) { this.session.addRecipient(party); }
  put({ who, record, purpose, directives }) {
    this.who[who] = this.session.put(record, { purposes: purpose, directives }).customer;
  }
  update({ who, record, purpose }) { this.session.update(this.who[who], record, { purposes: purpose }); }
  remove({ who, field }) { this.session.remove(this.who[who], field); }
  record({ who, directive }) { this.session.record(this.who[who], directive); }
  append_note({ who, note, purpose }) { this.session.appendNote(this.who[who], note, { purposes: purpose }); }
  read({ who, purpose }) { return flat(this.session.read(this.who[who], purpose)); }
  preview({ who, purpose, recipient, operation }) {
    return flat(this.session.preview(this.who[who], purpose, { recipient, operation }));
  }
  explain({ who, purpose, field, language }) {
    return { text: this.session.explain(this.who[who], purpose, field, { language }) };
  }
  evaluate({ document }) { return { text: JSON.stringify(clientbook.evaluate(document)) }; }
  scan_text({ text }) { return { text: JSON.stringify(clientbook.scan(Buffer.from(text))) }; }
  check_proof({ proof, log }) { return { text: JSON.stringify(clientbook.checkProof(proof, log)) }; }
  check_evidence({ evidence, log }) { return { text: JSON.stringify(clientbook.checkEvidence(evidence, log)) }; }
  redact_text({ text }) { return { text: clientbook.redact(text).text }; }
}

function flat(view) {
  const block = View.block(view);
  block.fill(0, 16, 32); // ids are random
  return { flat: Buffer.from(block).toString('hex'), shown: view.keys().filter((key) => ['shown', 'redacted'].includes(view.state(key))) };
}

test('the files are those that the other languages run', () => {
  assert.deepStrictEqual(files, ['decisions.json', 'proofs.json', 'records.json', 'refusals.json']);
});
for (const file of files) {
  test(`vectors: ${file}`, () => {
    const told = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
    const runner = new Runner(told);
    told.steps.forEach((step, number) => assert.deepStrictEqual(runner.step(step), step.expect, `step ${number}`));
    assert.ok(told.steps.length > 5);
    runner.book.close();
  });
}
