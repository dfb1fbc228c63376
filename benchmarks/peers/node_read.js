// Prints how many microseconds of its own processor time a read with three texts takes from Node.js (bindings_bench runs it).
'use strict';

const clientbook = require('clientbook');

const WHY = 'customer_order_management';
const FIELDS = ['name', 'emails', 'phones'];
const ROUNDS = 5000;

function kept(session) {
  return session.transaction(() => Array.from({ length: 2000 }, (_, i) => session.put({ name: { given: `Ken${i}`, family: 'Sanchez' },
    emails: [{ address: `ken${i}@example.com` }], phones: [{ number: '+1 202 555 0142' }] }, { purposes: WHY }).customer));
}

function measured(session, ids) {
  let size = 0;
  const begin = process.cpuUsage();
  for (let i = 0, drawn = 1; i < ROUNDS; ++i) {
    drawn = (drawn * 48271) % 2147483647;
    const view = session.read(ids[drawn % ids.length], WHY, FIELDS);
    size += view.name.given.length + view.emails[0].address.length + view.phones[0].number.length;
  }
  const { user, system } = process.cpuUsage(begin);
  if (size < ROUNDS) throw new Error('nothing was read');
  return (user + system) / ROUNDS;
}

const book = clientbook.inMemory({ profile: 'gdpr' });
const session = book.session(7, 'service');
const ids = kept(session);
console.log(Math.min(...Array.from({ length: 40 }, () => measured(session, ids))));
book.close();
