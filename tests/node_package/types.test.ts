// What the types must take, and what they must refuse; compiled, not run.
import * as clientbook from 'clientbook';
import type { Code, Directive, Name, Purpose } from 'clientbook';

const book = clientbook.create('shop.book', { key: 'keys/shop.key', profile: 'gdpr', clock: () => new Date() });
const session = book.session(7, 'owner');
const grant: Directive = { kind: 'grant', purposes: ['email_marketing'], recipients: ['self', 'parcel-co'], notice: 'news', at: new Date() };
const { customer, leftOut } = session.put({ name: { given: 'Ken' }, own_field: 5 }, { purposes: 'customer_care', directives: [grant], leaveOut: true });
const first: string | undefined = leftOut[0];
const view = session.read(customer, 'email_marketing', ['name']);
const given: string | undefined = view.name?.given;
const name: Name = view.name ?? {};
session.update(customer, { name }, { purposes: ['customer_care', 'email_marketing'] });
const addresses: string[] = (view.emails ?? []).map(({ address }) => address ?? '');
const total: number | undefined = session.purchases(customer, 'customer_care').items[0]?.total;
for (const one of session.scan('customer_care', { fields: ['name'] })) one.close();
const five: number = session.transaction(() => 5);
const redacted: string = clientbook.redact('text').text;
const bytes: Uint8Array = clientbook.redactForm(new Uint8Array(3)).text;
try {
  session.find('crm', '1');
} catch (problem) {
  if (problem instanceof clientbook.ClientbookError && problem.code === 'NOT_FOUND') {
    const code: Code = problem.code;
    const number: number = clientbook.codes[code] + problem.at;
    console.log(number, first, given, addresses, total, five, redacted, bytes);
  }
}
function sell(why: Purpose) {
  using seen = session.read(customer, why);
  return seen.state('name') === 'shown';
}
sell('customer_care');

// @ts-expect-error: there is no such purpose
sell('customer_cares');
// @ts-expect-error: a read needs a purpose
session.read(customer);
// @ts-expect-error: a new book needs a law profile
clientbook.inMemory({});
// @ts-expect-error: a book needs its key
clientbook.open('shop.book', {});
// @ts-expect-error: a misspelled member
session.put({ name: { gven: 'Ken' } });
// @ts-expect-error: nobody makes a view
new clientbook.View();
// @ts-expect-error: cards are never kept
session.appendNote(customer, 'x', { cards: 'kept' });

clientbook.inMemory({ profile: 'gdpr', onEvent: (event) => { void event.kind; } });
session.move(customer, 'gdpr', 'customer', undefined, { state: 'AT', works_here: true });
