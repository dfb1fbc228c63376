// A book from Node.js: keep a customer, show what a purpose needs, pass it on, forget it.
'use strict';

const clientbook = require('clientbook');

// The key of a real shop lies on another disk or in a key manager; never beside the book.
const book = clientbook.create('shop.book', { key: 'keys/shop.key', profile: 'gdpr' });
const session = book.session(7, 'owner');
session.addNotice({ title: 'news', text: 'We write to you by e-mail.', purposes: ['email_marketing'], recipients: ['self'],
  categories: ['email_address', 'name'] });
const parcelService = session.addRecipient({ name: 'parcel-co', class: 'parcel_service', country: 'DE', contract: 'PC-1',
  onward: 'forbidden' });

const agreed = { kind: 'grant', purposes: ['email_marketing'], recipients: ['self'], categories: ['email_address', 'name'],
  notice: 'news', channel: 'paper', evidence: 'form 17' };
const { customer: ken } = session.put({
  name: { given: 'Ken', family: 'Sánchez' },
  emails: [{ address: 'ken@example.com' }],
  addresses: [{ line1: '4350 Minute Dr.', city: 'Newport Hills', country: 'US' }],
  external_ids: [{ system: 'loyalty', value: 'L-1' }],
}, { purposes: 'customer_order_management', directives: [agreed] });

const view = session.read(ken, 'email_marketing');
console.log(`for a newsletter: ${view.emails[0].address}, address ${view.state('addresses')}`);

const left = session.disclose(ken, 'delivery_of_goods', parcelService);
console.log(`the parcel service got ${left.content.addresses[0].city}; entry ${left.ledgerIndex} of the ledger`);

session.record(ken, { kind: 'withdraw', purposes: ['email_marketing'], channel: 'phone' });
console.log(`after the withdrawal: e-mails ${session.read(ken, 'email_marketing').state('emails')}`);

session.erase(ken);
try {
  session.read(ken, 'customer_order_management');
} catch (gone) {
  console.log(`after the erasure: ${gone.code}`);
}
book.close();
