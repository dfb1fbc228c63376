/**
 * A retailer's client book, kept so that the customer decides. docs/node.md is the guide.
 *
 * Every call is synchronous and can throw a {@link ClientbookError}. Dates are ISO texts (`2026-11-29`, `--02-29`
 * without a year, `2026-11-29T09:00:00Z`); where one goes in, a `Date` does as well. Amounts are whole minor units.
 */
import type {
  Address, Category, Code, Contact, Demographics, Email, ExternalId, GovernmentId, HouseholdLink, Money, Name, Note, Operation,
  PaymentCard, Phone, Purchase, PurchaseLine, Purpose, Reach, Recipient, Size, SpecialDay, Task, Wish,
} from './lib/generated';

export type {
  Address, Category, Code, Contact, Demographics, Email, ExternalId, GovernmentId, HouseholdLink, Money, Name, Note, Operation,
  PaymentCard, Phone, Purchase, PurchaseLine, Purpose, Reach, Recipient, Size, SpecialDay, Task, Wish,
};

/** What went wrong. No text of it quotes a value. */
export class ClientbookError extends Error {
  private constructor();
  readonly code: Code;
  /** The number of `code`, which all languages share. */
  readonly number: number;
  /** The number of a field, a byte, a line: what the call documents. 0: nowhere in particular. */
  readonly at: number;
  /** A JSON pointer into what was given, or ''. */
  readonly where: string;
}

/** Numbers of the codes, by name. */
export const codes: Readonly<Record<Code, number>>;
/** Of the library that is called. */
export const version: string;

/** The public id of a customer: shows nothing of them. */
export class CustomerId {
  private constructor();
  equals(other: unknown): boolean;
  /** 32 hexadecimal digits. */
  toString(): string;
  toJSON(): string;
}
/** An id, its 32 hexadecimal digits or its 16 bytes. */
export type Customer = CustomerId | string | Uint8Array;

export type Role =
  | 'associate' | 'manager' | 'privacy_officer' | 'security_officer' | 'auditor' | 'service' | 'owner' | 'marketing';
export type When = Date | string;
/** One purpose, or several of which one must permit it. Left out: those that the shop keeps data for. */
export type Purposes = Purpose | readonly Purpose[];

/** Fields by the keys of the schema; a shop's own are among them. */
export interface CustomerRecord {
  name?: Name;
  emails?: readonly Email[];
  phones?: readonly Phone[];
  addresses?: readonly Address[];
  birth_date?: When;
  special_days?: readonly SpecialDay[];
  sizes?: readonly Size[];
  likes?: readonly string[];
  dislikes?: readonly string[];
  language?: string;
  time_zone?: string;
  external_ids?: readonly ExternalId[];
  employer?: string;
  household?: readonly HouseholdLink[];
  demographics?: Demographics;
  government_ids?: readonly GovernmentId[];
  payment_cards?: readonly PaymentCard[];
  tasks?: readonly Task[];
  contacts?: readonly Contact[];
  tags?: readonly string[];
  tier?: string;
  wishes?: readonly Wish[];
  reach?: Reach;
  [key: string]: unknown;
}

/** What a customer, or a law, has decided: docs/c_abi.md. */
export interface Directive {
  kind: string;
  purposes?: readonly Purpose[];
  /** Classes, or names of the book's parties. */
  recipients?: readonly (Recipient | (string & {}))[];
  categories?: readonly Category[];
  operations?: readonly Operation[];
  /** The title of a notice. */
  notice?: string;
  channel?: string;
  by?: string;
  strength?: string;
  evidence?: string;
  informed?: boolean;
  basis?: string;
  at?: When;
  not_before?: When;
  not_after?: When;
  supersedes?: readonly string[];
  conditions?: unknown;
  contacts?: readonly { field: string; value?: string; token?: string }[];
  /** Of a move: where they live, which state's ages hold, whether they work for the shop. */
  law?: string;
  state?: string;
  works_here?: boolean;
}

/** What shows how old somebody is: `born` as YYYY-MM-DD, or how old they are at least. */
export interface AgeProof {
  document: 'identity_card' | 'passport' | 'driving_licence' | 'residence_permit' | 'birth_certificate' | 'other';
  born?: string;
  at_least?: number;
  reference?: string;
  hash?: string;
}

export interface Notice {
  title: string;
  text: string;
  purposes: readonly Purpose[];
  recipients: readonly (Recipient | (string & {}))[];
  categories?: readonly Category[];
  operations?: readonly Operation[];
  language?: string;
  offer?: string;
  retention_days?: number;
}

export interface Party {
  name: string;
  class: Recipient;
  country?: string;
  contract?: string;
  onward?: string;
  transfer?: string;
}

/** What the library tells as JSON, docs/c_abi.md: console.log() shows names of members and no values. */
export type Told = { readonly [member: string]: any };

export type State = 'not asked' | 'absent' | 'shown' | 'redacted' | 'withheld';
export type Reason =
  | 'NONE' | 'UNKNOWN_SUBJECT' | 'UNKNOWN_PURPOSE' | 'UNKNOWN_RECIPIENT' | 'UNKNOWN_OPERATION' | 'UNKNOWN_FIELD'
  | 'UNKNOWN_COUNTRY' | 'UNKNOWN_CLOCK' | 'LEGAL_PROHIBITION' | 'RESTRICTED' | 'OBJECTED' | 'WITHDRAWN' | 'DENIED_BY'
  | 'GRANTED_BY' | 'BASIS' | 'NO_BASIS' | 'OBLIGATION_UNSUPPORTED';

/**
 * What is shown of one customer. `view.name` is made when it is asked for; undefined: absent or withheld, which
 * `state()` tells apart. A redacted value may be of another type than the field's: a text or a number.
 */
export class View {
  protected constructor();
  /** The block of docs/format/flat_view.md, a copy. */
  static block(view: View): Uint8Array;
  readonly customer: CustomerId;
  /** When it must be decided anew; undefined: nothing that is known ends it. */
  readonly validUntil: string | undefined;
  readonly closed: boolean;
  readonly name?: Name;
  readonly emails?: readonly Email[];
  readonly phones?: readonly Phone[];
  readonly addresses?: readonly Address[];
  readonly birth_date?: string | number;
  readonly special_days?: readonly SpecialDay[];
  readonly sizes?: readonly Size[];
  readonly likes?: readonly string[];
  readonly dislikes?: readonly string[];
  readonly language?: string;
  readonly time_zone?: string;
  readonly external_ids?: readonly ExternalId[];
  readonly employer?: string;
  readonly household?: readonly HouseholdLink[];
  readonly demographics?: Demographics;
  readonly government_ids?: readonly GovernmentId[];
  readonly payment_cards?: readonly PaymentCard[];
  readonly tasks?: readonly Task[];
  readonly contacts?: readonly Contact[];
  readonly tags?: readonly string[];
  readonly tier?: string;
  readonly wishes?: readonly Wish[];
  readonly reach?: Reach;
  /** Any field by its key, also a shop's own. */
  get(key: string): unknown;
  state(key: string): State;
  reason(key: string): Reason;
  /** How many addresses or numbers of a shown field are not there, since the customer spoke of them alone. */
  leftOut(key: string): number;
  /** Of the fields that were asked for. */
  keys(): string[];
  toJSON(): { [key: string]: unknown };
  /** Wipes the bytes now. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface Items<T> {
  readonly state: State;
  readonly items: readonly T[];
}
export interface Kept {
  readonly customer: CustomerId;
  /** Keys of fields that were left out for want of a basis. */
  readonly leftOut: readonly string[];
}
export interface Disclosure {
  readonly content: View;
  readonly ledgerIndex: number | bigint;
  readonly entry: string;
}
export interface FieldInfo {
  readonly number: number;
  readonly key: string;
  readonly type: string;
  readonly list: boolean;
}
export interface Schema {
  readonly all: readonly FieldInfo[];
  number(key: string): number;
}
export interface For {
  purposes?: Purposes;
}
export interface Request {
  recipient?: Recipient | (string & {}) | number;
  operation?: Operation;
  fields?: readonly string[];
  country?: string;
}
export interface Listed {
  days?: { days: number; first?: string; kind?: string };
  likes?: string;
  size?: string;
  size_kind?: string;
  bought?: string;
  bought_since?: string;
  no_purchase_for_days?: number;
  consent_ends_within_days?: number;
  bought_category?: string;
  brand?: string;
  /** An open task is due within so many days, or was due; 0: by today. */
  tasks_due_within_days?: number;
  assigned?: number;
  no_contact_for_days?: number;
  tag?: string;
  tier?: string;
  skip?: number;
  most?: number;
}

export type PolicyKind = 'profile' | 'trust_key' | 'distrust_key' | 'add_profile';

/** What a book in a worker answers: views as what they show, ids as 32 digits. */
export type Sent<T> = T extends View ? Told : T extends CustomerId ? string : T extends IterableIterator<infer U> ? AsyncIterableIterator<Sent<U>>
  : T extends readonly (infer U)[] ? Sent<U>[] : T extends object ? { [K in keyof T]: Sent<T[K]> } : T;
/** The methods of a Session, as promises. */
export type AsyncSession = {
  [K in keyof Omit<Session, 'transaction' | 'scan' | 'close' | 'fields' | 'purposes' | 'closed'>]: Session[K] extends (...given: infer G) => infer R ? (...given: G) => Promise<Sent<R>> : never;
} & {
  /** Several calls as one, [['put', record, options], ...]: all of them or none, and their answers. */
  transaction(calls: readonly (readonly [string, ...unknown[]])[]): Promise<unknown[]>;
  scan(purpose: Purpose, options?: { fields?: readonly string[]; batch?: number }): AsyncIterableIterator<Told>;
  close(): Promise<void>;
};
/** A book in a worker of its own: calls do not hold up this thread, and several workers may use it. */
export class AsyncBook {
  private constructor();
  session(actor: number, role?: Role, options?: { identity?: string }): Promise<AsyncSession>;
  /** For another thread, which makes an AsyncBook of it by connect(): to be transferred. */
  port(): Promise<object>;
  close(): Promise<void>;
}
/** As open(), create() and inMemory(), without a clock of the program's. */
export function openAsync(path: Path, options: { key: Path } & Omit<How, 'clock' | 'onEvent'>): Promise<AsyncBook>;
export function createAsync(path: Path, options: { key: Path } & NewBook & Omit<How, 'clock' | 'onEvent'>): Promise<AsyncBook>;
export function inMemoryAsync(options: NewBook & Omit<How, 'clock' | 'onEvent'>): Promise<AsyncBook>;
export function connect(port: object): AsyncBook;

/** A book opened by an actor. It belongs to the thread that made it. */
export class Session {
  private constructor();
  readonly closed: boolean;
  readonly fields: Schema;
  /** What the shop keeps data for where a call names no purpose. */
  readonly purposes: readonly Purpose[];
  /** All calls within `work`, which must not be async, are one: an exception undoes them. */
  transaction<T>(work: (session: Session) => T): T;

  /** Adds a customer. Throws NO_BASIS (`at`: the field), unless `leaveOut`; ALREADY_EXISTS. */
  put(record: CustomerRecord | Uint8Array, options?: For & { directives?: readonly Directive[]; leaveOut?: boolean }): Kept;
  /** What a file says of a customer whom the book has: keys of fields `added`, `replaced`, `kept`, `conflicts`, `left_out`. `renew`: what a file brought is replaced; no consent is widened. */
  merge(customer: Customer, record: CustomerRecord | Uint8Array, options?: For & { directives?: readonly Directive[]; renew?: boolean }): Told;
  /** Code of the decision by which a field would not be kept now; 0: it would. */
  whyNotKept(customer: Customer, field: string, options?: For): number;
  keptFor(customer: Customer): Told;
  due(): readonly Told[];
  mayCollect(options?: For & { directives?: readonly Directive[]; born?: string }): string[];
  /** Somebody said when the customer was born, and the record does not get it: the latest counts for what a consent is worth. */
  noteBirthDate(customer: Customer, told: When): void;
  update(customer: Customer, record: CustomerRecord | Uint8Array, options?: For): void;
  /** Keys of what changed. */
  edit(customer: Customer, edit: { add?: CustomerRecord; drop?: { [key: string]: readonly string[] }; change?: { [key: string]: readonly { seen: unknown; to: unknown }[] }; set?: CustomerRecord; remove?: readonly string[]; make_room?: boolean }, options?: For): string[];
  remove(customer: Customer, field: string, options?: For): void;
  /** Its number, from 1. */
  appendPurchase(customer: Customer, purchase: (Omit<Purchase, 'at' | 'day'> & { at?: When; day?: When }) | Uint8Array, options?: For): number;
  /** Its place among the notes that this actor sees. */
  appendNote(customer: Customer, note: string | { text: string; author?: string; at?: When; kind?: string; visibility?: 'own' | 'store' | 'all'; pinned?: boolean } | Uint8Array, options?: For & { cards?: 'refused' | 'replaced'; identityNumbers?: 'refused' | 'replaced' | 'kept' }): number;
  /** A note warns whoever serves the customer, or no longer; `place` is its place in all of `notes()`. */
  pinNote(customer: Customer, place: number, options?: For & { pinned?: boolean }): void;

  /** What the purpose shows of a customer; without `fields` all of them. */
  read(customer: Customer, purpose: Purpose, fields?: readonly string[]): View;
  /** As another recipient would be shown it; nothing leaves and nothing is logged. */
  preview(customer: Customer, purpose: Purpose, options?: Request): View;
  /** The newest `most` (0: all), oldest first. */
  purchases(customer: Customer, purpose: Purpose, most?: number): Items<Purchase>;
  /** What the purchases that the purpose shows add up to; amounts in minor units. Throws DENIED where they are not shown as they are. */
  figuresOf(customer: Customer, purpose: Purpose): Told;
  /** Those that the actor sees: of a note that is not for all its author, or who belongs to its store. */
  notes(customer: Customer, purpose: Purpose, most?: number): Items<Note>;
  /** The pinned ones of these: what warns at the till. */
  pinnedNotes(customer: Customer, purpose: Purpose): Items<Note>;
  /** Without what names these customers too: a copy for the customer themselves. */
  notesWithout(customer: Customer, purpose: Purpose, hidden: readonly Customer[], most?: number): Items<Note>;
  /** Countries of the shop whose phone and identity numbers are looked for in texts of this session. */
  setTextRegions(regions: readonly string[]): void;
  scan(purpose: Purpose, options?: { fields?: readonly string[]; batch?: number }): IterableIterator<View>;
  /** The customer with that external id. Throws NOT_FOUND. */
  find(system: string, value: string): CustomerId;
  search(typed: string, purpose: Purpose, options?: { most?: number; fields?: readonly string[]; path?: 'automatic' | 'scan' | 'memory' | 'sealed'; asTyped?: boolean }): Told;
  findByEmail(address: string, purpose: Purpose): CustomerId[];
  findByPhone(number: string, purpose: Purpose): CustomerId[];
  findById(system: string, value: string, purpose: Purpose): CustomerId[];
  listCustomers(purpose: Purpose, asked?: Listed, options?: { fields?: readonly string[] }): Told;
  /** Who may be in the book twice: all pairs, or those with one of these customers; docs/duplicates.md. */
  duplicates(purpose: Purpose, options?: { of?: readonly Customer[]; most?: number }): Told;
  noteNotSame(one: Customer, other: Customer): void;
  forgetNotSame(one: Customer, other: Customer): void;
  /** Makes two customers one, or tells what would become of each field; docs/duplicates.md. */
  mergeCustomers(stays: Customer, goes: Customer, options?: { take?: readonly string[]; onlyTell?: boolean }): Told;
  /** Two again, by the id that the part had: within 30 days. */
  unmerge(part: Customer): Told;
  /** Whose id that is now, and who is a part of them. */
  parts(customer: Customer): Told;
  countPermitted(purpose: Purpose, field: string, options?: Request): number | bigint;
  /** How many customers share each combination of values, with noise. An entry of the ledger. */
  tabulate(purpose: Purpose, columns: readonly { field: string; by?: string }[], options?: { k?: number; small?: 'suppress' | 'refuse'; noiseScale?: number }): Told;
  /** Whose private key turns back the tokens that this session shows: the public one, 32 bytes. */
  setTokenReversal(publicKey: Uint8Array): void;

  /** Seals a value of a field for a column of the program's own table: it opens by readColumns() of this book alone, as long as the customer is in it. */
  sealColumn(customer: Customer, field: string, value: unknown, options?: For): Uint8Array;
  /** What the purpose shows of such cells, by field, as read() does of a record. */
  readColumns(customer: Customer, purpose: Purpose, columns: { readonly [field: string]: Uint8Array }): View;
  /** As disclose(), of such cells: the ledger first. */
  discloseColumns(customer: Customer, purpose: Purpose, recipient: string | number, columns: { readonly [field: string]: Uint8Array }, options?: { fields?: readonly string[]; country?: string }): Disclosure;

  /** Which laws the book follows, whose signatures it trusts, what is proposed and what that would open and close. */
  policy(): Told;
  /** A signed profile as a file, or a key of 32 bytes; nothing follows it before somebody else approves it. */
  proposePolicy(kind: PolicyKind, content: Uint8Array): number;
  /** The same of one of the library's own profiles. */
  proposeProfile(kind: 'profile' | 'add_profile', name: string): number;
  effectOf(kind: 'profile' | 'add_profile', profile: Uint8Array): Told;
  approvePolicy(number: number): number | bigint;
  /** Fields of the shop's own, 32 to 63. */
  addFields(fields: readonly { number: number; key: string; type: string; list?: boolean; redaction?: string; categories: readonly string[] }[]): void;
  /** Tries every key that exists today on another store, such as a copy made before an erasure. */
  carve(copy: string): Told;

  /** Appends what the customer has decided; its number, from 1. */
  record(customer: Customer, directive: Directive): number;
  recordAndTell(customer: Customer, directive: Directive): Told;
  /** What a customer said, in a form that others read: its `text`, and of a receipt the `key` that checks it. */
  exportConsent(customer: Customer, options: { format: '27560' | 'receipt' | 'kantara' | 'gpp'; directive?: number; section?: string; controller?: string; address?: string; contact?: string; notice_language?: string; notice_url?: string; jurisdiction?: string; storage_location?: string; retention?: string; withdrawal_method?: string }): Told;
  /** What of a customer's yes waits, since nobody but who noted it has said so: oldest first. */
  waiting(customer: Customer): readonly Told[];
  /** A second person has the document that shows it: the consent counts from now on. */
  confirmConsent(customer: Customer, sequence: number, document: Uint8Array, reference?: string): Told;
  /** Somebody has a document before them that shows how old the customer is: noted, for a second person; its number. */
  noteAgeProof(customer: Customer, seen: AgeProof): number;
  /** Another person has it before them, and says what they see: counts for what is agreed to from then on. */
  confirmAgeProof(customer: Customer, sequence: number, seen: AgeProof): Told;
  /** Proofs of age that wait for a second person, oldest first; without the day. */
  ageProofs(customer: Customer): readonly Told[];
  /** Double opt-in: `token`, to be sent to the customer, and `until`. Who has it speaks for them. */
  askOptIn(customer: Customer, sequence: number): Told;
  /** The customer has brought it back: the consent counts from now on; its number. Throws NOT_FOUND. */
  bringOptIn(token: string): number;
  /** The same where a signal speaks of children of that age; 0: the customer is not known to be one. */
  recordAtAge(customer: Customer, directive: Directive, from: number, below: number): number;
  /** A plain no of whoever has this external id, whom find() does not lead to: nothing says whether there is such a customer. */
  recordNo(system: string, value: string, no: Directive): void;
  /** The same of everybody who has one of the record's ids, e-mail addresses or phone numbers. */
  recordNoOf(record: CustomerRecord | Uint8Array, no: Directive): void;
  move(customer: Customer, law: string, knownBy: 'address' | 'customer' | 'officer', evidence?: string, options?: { state?: string; works_here?: boolean }): number;
  jurisdiction(customer: Customer): { readonly laws: readonly string[]; readonly confirmed: string | null; readonly state: string | null; readonly employed: boolean };
  importConsents(customer: Customer, said: { gpc?: string; gpp?: string; tcf?: string; usp?: string; record?: string; notice?: string; evidence?: string; vendors?: readonly object[] }): Told;
  /** The same of what signals of whoever has this external id say no to. */
  importNoes(system: string, value: string, said: { gpc?: string; gpp?: string; tcf?: string; usp?: string; evidence?: string; vendors?: readonly object[] }): Told;
  importCustomers(request: object): Told;
  directives(customer: Customer): readonly Told[];
  /** Why a field is shown or not, in a sentence or two: en, de, fr, es, it. `contact`: of this address or number alone. */
  explain(customer: Customer, purpose: Purpose, field: string, options?: Request & { language?: string; contact?: string }): string;
  previewGrant(customer: Customer, grant: Directive): Told;
  previewNotice(notice: Notice): Told;
  /** Adds a notice, or the next version of one; as it is stored. */
  addNotice(notice: Notice): Told;
  /** What was agreed to under it so far counts no more; the version that says so. Throws UNKNOWN_NOTICE, ALREADY_EXISTS. */
  withdrawNotice(notice: number): Told;
  /** How many customers' consents rest on it, which a withdrawal would end; null: some, and fewer than 5. */
  consentsUnder(notice: number): number | null;
  notices(): readonly Told[];
  addRecipient(party: Party): number;
  editRecipient(number: number, party: Party): void;
  setRecipientContact(number: number, what?: { contact?: string; acknowledgement_key?: string }): void;
  retireRecipient(number: number): void;
  recipients(): readonly Told[];
  /** Brings in the built-in fields that this version has and the book does not: their keys. */
  addBuiltInFields(): string[];
  /** Builds the index at rest; the customer numbers to go: call it from the background until that is 0. */
  buildIndex(most?: number): number | bigint;
  dropIndex(): void;
  /** What lies at rest, and what each way to search tells who has the files or watches them. */
  indexPlan(): Told;
  compileConsents(most?: number): number | bigint;

  /** Writes the ledger, then gives what left. `fields`: all of these or nothing. Throws DENIED. */
  disclose(customer: Customer, purpose: Purpose, recipient: string | number, options?: { fields?: readonly string[]; country?: string }): Disclosure;
  /** disclose() for many at once, of each what is permitted, purchases and notes too: one commit, at most 1,000. */
  discloseMany(customers: Iterable<Customer>, purpose: Purpose, recipient: string | number, options?: { fields?: readonly string[]; country?: string }): readonly Told[];
  notDelivered(customer: Customer, ledgerIndex: number | bigint): void;
  /** `write` says how many bytes got out; with `finish`, nothing has before that says so. */
  exportCustomers(request: { purpose: Purpose; to: string; form?: 'csv' | 'one_csv' | 'json_lines' | 'vcards'; fields?: readonly string[]; country?: string }, sink: { write(file: string, bytes: Buffer): number; finish?(): boolean }): Told;
  ledger(customer: Customer): readonly Told[];
  prove(index: number | bigint): string;
  checkpoint(): string;
  logIdentity(): string;
  /** A file of the ledger as a log that others read (C2SP tlog-tiles): `checkpoint`, `tile/0/000.p/17`. */
  ledgerFile(path: string): Buffer;
  /** How many entries the ledger had at a checkpoint that somebody kept, and that it goes on from there. */
  goesOnFrom(checkpoint: string): number | bigint;
  witnesses(): readonly Told[];
  addWitness(key: string): void;
  removeWitness(name: string): void;
  /** Seals the ledger up to now with this epoch's key, which is destroyed, and begins the next one: `epoch`, `from`, `key`, which is to be written down outside the book. */
  endEpoch(): Told;
  /** All seals with all it takes to check them without the book, for checkSeals(). */
  seals(): string;
  /** What a witness is asked: post it to `<its address>/add-checkpoint`. */
  witnessRequest(name: string): string;
  /** What it has answered; `cosigned` false: it has seen another size, ask again. */
  takeWitnessAnswer(name: string, answer: { request: string; status: number; answer?: string }): Told;
  evidence(customer: Customer): string;
  /** The state of a request as the Data Rights Protocol has it. */
  drpStatus(number: number, how?: { request_id?: string; agent_request_id?: string }): Told;
  /** A signed rqJWT for a recipient on the list of a request of erasure. */
  deletionRequest(number: number, what: { domain: string; recipient: string; identifier: { type: string; format: string; value: string } }): string;
  /** dsrdelete.json, with the key that signs these. */
  deletionResource(what: { endpoint: string }): Told;
  /** A Bundle of FHIR AuditEvents (R4). */
  ledgerFhir(customer: Customer): Told;
  customerPage(customer: Customer, request?: { language?: string; shop?: string; contact?: string }): { readonly html: string; readonly ledgerIndex: number | bigint | undefined };
  mentions(customer: Customer, options?: { purpose?: Purpose; replace?: boolean }): Told;
  /** Destroys the customer's key; complete when it returns. The receipt. */
  erase(customer: Customer, options?: { reason?: 'subject_request' | 'retention_end' | 'unlawful' | 'other'; mentions?: 'ignored' | 'reported' | 'replaced'; rememberedMonths?: number }): Told;
  /** Several in one transaction, all of them or none, at most 1,000: their receipts; an error's `at` tells which of them it is about, from 1. */
  eraseMany(customers: readonly (CustomerId | string)[], options?: { reason?: 'subject_request' | 'retention_end' | 'unlawful' | 'other'; mentions?: 'ignored' | 'reported' | 'replaced'; rememberedMonths?: number; lawKeptYears?: number }): readonly Told[];
  /** Takes out what due() tells of at most `most` customers, in one transaction: `items` with `customer`, `fields` and `fate`, `receipts`, and `next`: `from` of the next call; 0: all were looked at. */
  runRetention(options?: { onlyTell?: boolean; most?: number; from?: number; rememberedMonths?: number }): Told;
  /** Takes the oldest entries out of the ledger, those of days before (`2020-01-01`), in tiles of 256; later proofs stay. `from` and `until` are indexes, `kept` says what keeps the rest. `published` is a checkpoint that others hold, where there are no witnesses. */
  pruneLedger(before: string, options?: { published?: string; onlyTell?: boolean }): Told;
  /** So many of the customer's entries of the ledger were pruned: what they said nobody knows. */
  prunedOf(customer: Customer): number;
  /** A legal hold: nothing takes the customer or a field of theirs out while it is in force. Its number. */
  placeHold(customer: Customer, what: { reason: string; reference?: string; until?: string }): number;
  liftHold(customer: Customer, hold: number): void;
  holds(): readonly Told[];
  /** What a law has the shop keep of people who were erased with `lawKeptYears`, without values. */
  retained(): readonly Told[];
  /** One of them with its values, for what it is kept for, or for whom it is about; by a case that names its id. */
  readRetained(retained: Customer, purpose: Purpose): Told;
  confirmClock(): Date;

  /** Nothing of the key is in force until useRecoveryKey(): write or print the shares in between. */
  drawRecoveryKey(options?: { shares?: number; needed?: number; instead?: boolean }): { readonly number: number; readonly needed: number; readonly shares: readonly string[] };
  useRecoveryKey(): readonly Told[];
  /** What the mirrors said to the last withdrawal, denial, objection or restriction of this session. */
  mirrorsTold(): readonly Told[];
  makeRecoveryKey(options?: { shares?: number; needed?: number; instead?: boolean }): { readonly number: number; readonly needed: number; readonly shares: readonly string[] };
  addMirror(folder: string): void;
  removeMirror(folder: string): void;
  refreshMirrors(): readonly Told[];
  recovery(): Told;
  pin(): Told;
  backUp(file: string, options?: { since?: string }): Told;

  whoLooked(customer: Customer): readonly Told[];
  seenBy(actor: number, since: When, until: When): Told;
  budgetLeft(): Told;
  raiseBudget(actor: number, customers: number): void;
  /** Whoever looks at one of these from now on raises an alarm. */
  setCanaries(customers: readonly (CustomerId | string)[]): void;
  canaries(): string[];
  alarms(): Told[];
  /** From when on there is one: customers passed on to one recipient within an hour, quiet hours in UTC. */
  alarmLimits(): Told;
  setAlarmLimits(changed: { customers_to_one_recipient?: number; quiet?: { from: string; until: string } | null }): void;
  /** The table of roles that the book follows; another one is proposed whole, and approved by somebody else. */
  roles(): Told;
  proposeRoles(table: Told): number;
  proposedRoles(): Told;
  approveRoles(number: number): number;
  /** A credential for somebody, of a key file that is there; its number. Somebody else confirms it, but for the first two people. */
  enrolCredential(what: { actor: number; roles: readonly Role[]; name: string; days?: number }, secret: { identity: string }): number;
  confirmCredential(number: number): void;
  /** It opens nothing from the next call of its sessions on, for good. */
  revokeCredential(number: number): void;
  /** Another lease of somebody else's; 0: without an end. */
  renewCredential(number: number, days: number): void;
  /** Another key file in place of the one that this session was begun with. */
  changeCredential(secrets: { identity: string; next: string }): void;
  credentials(): Told[];
  /** What takes one; proposed by one person and approved by another. */
  credentialsTaken(): Told;
  proposeCredentialUse(use: 'none' | 'second_persons' | 'everybody'): number;
  approveCredentialUse(number: number): number;
  /** Whose these customers are from now on; associates belong to the store. */
  assign(what: { customers: readonly (CustomerId | string)[]; store?: number; primary?: number; further?: readonly number[] }): void;
  /** Handover: at most 1,000 customers in a call; call it until nothing was moved. */
  reassign(from: number, to: number): Told;
  portfolioOf(customer: CustomerId | string): Told;
  customersOf(actor: number): Told[];
  setStores(actor: number, stores: readonly number[]): void;
  /** Whether portfolios are in force then: to end them takes somebody else's call too. */
  usePortfolios(inForce: boolean): boolean;
  portfolioSettings(): Told;
  /** Its number. */
  openCase(what: { kind: string; customers: readonly (CustomerId | string)[]; reference: string; evidence?: string; until?: When }): number;
  confirmCase(number: number): void;
  closeCase(number: number): void;
  cases(): readonly Told[];
  /** What a customer asks for by right, with the deadline that their law says. Its number. */
  openRequest(customer: Customer, what: { kind: 'access' | 'portability' | 'rectification' | 'restriction' | 'objection' | 'erasure'; received: string; channel?: 'mail' | 'letter' | 'shop' | 'phone' | 'agent'; reference?: string; identity?: string; next_working_day?: boolean }): number;
  /** One step of a request. */
  changeRequest(number: number, step: { identity: string } | { extend: string } | { refuse: string } | { withdraw: true } | { close: true } | { list: true } | { confirm: true } | { tell: string; state?: 'told' | 'confirmed' | 'impossible' }): void;
  /** Does what a request asks for; what it did, and the files for the customer. What is of another kind of request is refused. */
  answerRequest(number: number, how?: { language?: string; shop?: string; contact?: string; edit?: object; corrected?: readonly string[]; purposes?: readonly Purpose[]; law_kept?: 'refuse' | 'elsewhere' | 'apart'; law_kept_years?: number; mentions?: 'ignored' | 'reported' | 'replaced' }): Told;
  /** The text of a mail about a request. */
  recipientNotice(number: number, who: { recipient: string; class?: string; reference?: string }): string;
  requestMail(number: number, how?: { language?: string; kind?: 'confirmation' | 'extension' | 'answer' | 'refusal'; shop?: string; contact?: string }): string;
  request(number: number): Told;
  requests(): readonly Told[];
  /** Answers lists of hashes from outside, such as California's DROP; `look` changes nothing. */
  answerHashLists(what: { lists: readonly { kind: 'email' | 'phone' | 'name_birth_zip'; text: string }[]; work?: 'look' | 'opt_out' | 'erase'; recipients_told?: boolean; law_kept?: 'elsewhere' | 'apart'; law_kept_years?: number }): Told;
  /** What recipients are to delete, and of which nobody has told them. */
  expired(): readonly Told[];
  /** A recipient was told to delete what has expired of a customer; of how many disclosures. */
  tellExpired(customer: Customer, recipient: string): number;
  /** What a recipient says of whom it passed a customer's data on to; the index of its entry in the ledger. */
  reportOnward(customer: Customer, what: { from: string; to: string; class?: string; contact?: string; fields?: readonly string[]; on?: string }): number;
  /** Whom a breach concerns, who is to be told by when, and what nobody can know; times are days or instants in UTC. */
  breach(what: ({ actor: number } | { recipient: string } | { copy: 'data' | 'book' | 'backup' | 'recovery'; key_at?: string | Date }) & { since?: string | Date; until?: string | Date; aware?: string | Date; case?: string; letter?: { language?: string; shop?: string; contact?: string } }): Told;
  remembered(record: CustomerRecord | Uint8Array): readonly Told[];
  rememberUnsubscribed(record: CustomerRecord | Uint8Array, when: When): void;
  rememberNo(record: CustomerRecord | Uint8Array, no: Directive): void;
  forgetRemembered(record: CustomerRecord | Uint8Array, kind?: 'erased' | 'unsubscribed'): number;
  refusalPeriods(): readonly Told[];
  dropRefusals(period: number): number | bigint;

  figures(): Told;
  profile(): Told;
  profiles(): readonly Told[];
  /** Opens everything and holds it against the manifests and the ledger. */
  verify(progress?: (done: number) => void): Told;
  /** Ends the session; an open transaction is undone. */
  close(): void;
  [Symbol.dispose](): void;
}

/** A store of customers, open in this thread. */
export class Book {
  private constructor();
  readonly closed: boolean;
  /** The book, opened by an actor that the host has authenticated; `actor` is not 0. */
  session(actor: number, role?: Role, shown?: { identity?: string | Uint8Array }): Session;
  /** Closes the book with its sessions. */
  close(): void;
  [Symbol.dispose](): void;
}

export interface How {
  /** The file that opens a sealed root key, or seals that of a new book: a key file, or age's identities. */
  identity?: string | Uint8Array;
  /** Tells the time, in milliseconds or as a Date; if it throws, the library is told 1970: no permission with a time limit holds. */
  clock?: () => number | Date;
  /** Told what happens in the book, for the program's own log (docs/c_abi.md); it may not use the book. */
  onEvent?: (event: Told) => void;
  keyCacheNodes?: number;
  longestPauseDays?: number;
  /** At how many customers a question looks one by one at most; 0: at all of them. */
  mostScanned?: number;
  discharges?: number;
}
export interface NewBook {
  /** Law profile: strict, gdpr, us, us_ca. */
  profile: string;
  furtherProfiles?: readonly string[];
  purposes?: Purposes;
  /** docs/format/record.md */
  schema?: Uint8Array;
}
export type Path = string | Uint8Array;

/** Opens the book in the folder `path`, whose root key is in the file `key`. */
export function open(path: Path, options: { key: Path } & How): Book;
/** Makes a book, and its root key in a file that may not lie beside it. */
export function create(path: Path, options: { key: Path } & NewBook & How): Book;
/** A book that lives as long as this object: for tests and short-lived work. */
export function inMemory(options: NewBook & How): Book;
/** Writes a book of an older format in the newest one: its formats before and after. */
export function upgrade(path: Path, options: { key: Path } & How): { readonly from: number; readonly to: number };
/** Takes an older copy of a book that was put there on purpose; what was done since is lost. */
export function acceptPin(path: Path, options: { key: Path; actor?: number; role?: Role }): void;
export interface Sources {
  mirror: string;
  backups: readonly string[];
  shares: readonly string[];
  actor?: number;
  role?: Role;
}
/** Makes a lost book anew: the counts, docs/backup.md; look at `verified`: problems of what was restored are no error. On an error there is no book. */
export function restore(path: string, options: { key: string } & Sources): Told;
/** Tries a restore out in the folder `scratch`, and leaves nothing of it. */
export function drill(options: { scratch: string } & Sources): Told;

export interface TextOptions {
  /** Countries whose phone and identity numbers are looked for: DE, US, ... */
  regions?: readonly string[];
  mark?: 'label' | 'numbered_label' | 'blocks';
  cards?: boolean;
  dates?: boolean;
  emails?: boolean;
  urls?: boolean;
  types?: number;
}
export interface FormOptions extends TextOptions {
  form?: 'plain' | 'log' | 'csv' | 'json' | 'json lines' | 'html' | 'xml' | 'mail';
  charset?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1' | 'windows-1252';
}
/** From `begin` up to `end`: indices of a string, or bytes of a Uint8Array. */
export interface Find {
  readonly begin: number;
  readonly end: number;
  readonly type: string;
  readonly rule: string;
  readonly score: number;
  readonly goes_on?: boolean;
}
export interface Redacted<T> {
  readonly text: T;
  readonly receipt: { readonly hidden: { readonly [type: string]: number } };
}
/** What names somebody in a text. */
export function scan(text: string | Uint8Array, options?: TextOptions): Find[];
/** The text without it. */
export function redact(text: string | Uint8Array, options?: TextOptions): Redacted<string>;
export function scanForm(text: string | Uint8Array, options?: FormOptions): Find[];
export function redactForm(text: string, options?: FormOptions): Redacted<string>;
export function redactForm(text: Uint8Array, options?: FormOptions): Redacted<Uint8Array>;
/** Redaction of what comes in pieces, in bounded memory. */
export class Redactor {
  constructor(options?: FormOptions);
  /** What has become certain, perhaps nothing. */
  write(piece: Uint8Array): Uint8Array;
  /** The rest, and how much of what kind was hidden. It can then take the next input. */
  finish(): { rest: Uint8Array; receipt: Told };
  close(): void;
}
/** Digits behind the point of a currency's minor unit: 2 of EUR. Throws UNKNOWN_FIELD. */
export function minorUnits(currency: string): number;
/** A whole case, every decision: docs/evaluate.md. */
export function evaluate(document: object): any;
/** What a proof shows. Throws INVALID_ENCODING, SIGNATURE_INVALID, PROOF_INVALID. */
export function checkProof(proof: string, logIdentity: string): Told;
/** What the seals of a ledger's epochs show. `known`: the key of an epoch that was written down when it was new; without one whoever stole the log's own key may have made them all. */
export function checkSeals(seals: string, logIdentity: string, known?: string): Told;
/** What a partner has answered, an acJWT to that rqJWT (Data Deletion Request Framework 1.0), under its key of 32 bytes. */
export function deletionAnswer(answer: string, request: string, key: Uint8Array): Told;
/** Sealed to a key `age1...` (X25519): a file that age and other programs of its format open. */
export function seal(data: string | Uint8Array, key: string): Buffer;
/** With a policy, as many of the witnesses as it requires (else all) must have cosigned the ledger. */
export function checkEvidence(evidence: string, logIdentity: string, policy?: { witnesses: readonly string[]; required?: number }): Told;
export function proposeColumnMap(request: { files: readonly string[]; system?: string; region?: string; year?: number }): Told;
/** What each role may do: docs/actors.md. */
export function roles(): any;
export function terms(kind: 'purpose' | 'recipient' | 'category' | 'operation'): readonly { number: number; word: string; term: string; label: string }[];
