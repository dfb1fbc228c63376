// Random consent strings as the reference encoders of IAB Tech Lab write them, with what was put in.
//
//   node strings.mjs MODULES COUNT SEED
//
// One string a line: kind, string, values, with tabs between. clientbook_iab_strings
// (tests/exchange/iab_strings.cpp) reads them and prints values in the same words.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, countText, seedText] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`).href);
const { GppModel, RangeEntry } = require('@iabgpp/cmpapi');
const { GVL, PurposeRestriction, TCModel, TCString, Segment } = require('@iabtcf/core');

// A small generator of our own: the same seed gives the same strings everywhere.
let state = BigInt(seedText) * 2654435761n + 1n;
function random(below) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
  return Number((state >> 33n) % BigInt(below));
}
const chance = (percent) => random(100) < percent;
const letters = () => String.fromCharCode(65 + random(26), 65 + random(26));
const bits = (count, percent) => Array.from({ length: count }, () => chance(percent));
const numbersOf = (flags) => flags.flatMap((flag, i) => (flag ? [i + 1] : []));

// Vendors in clusters, as they are in real lists; now and then far up.
function vendors() {
  const found = new Set();
  const most = random(400) === 0 ? 65535 : chance(20) ? 1200 : 90;
  for (let runs = random(7); runs > 0; --runs) {
    const first = 1 + random(most);
    const length = chance(50) ? 1 : 1 + random(20);
    for (let id = first; id < first + length && id <= 65535; ++id) found.add(id);
  }
  return [...found].sort((a, b) => a - b);
}

function runs(ids) {
  const out = [];
  for (let i = 0; i < ids.length; ) {
    let end = i;
    while (end + 1 < ids.length && ids[end + 1] === ids[end] + 1) ++end;
    out.push(end === i ? `${ids[i]}` : `${ids[i]}-${ids[end]}`);
    i = end + 1;
  }
  return out.join(',');
}

const day = 86400;
const instant = () => (1577836800 + random(2600) * day + random(day)) * 1000;

function restrictionsText(list) {
  return list
    .filter((one) => one.ids.length > 0)
    .sort((a, b) => a.purpose - b.purpose || a.type - b.type)
    .map((one) => `${one.purpose}:${one.type}:${runs(one.ids)}`)
    .join('|');
}

function publisherText(one) {
  if (!one) return '-';
  return [one.consents, one.interests, one.customConsents, one.customInterests]
    .map((flags) => numbersOf(flags).join(','))
    .concat(one.customConsents.length)
    .join('/');
}

function tcText(tc) {
  const number = (flag) => (flag ? 1 : 0);
  return [
    `v=${tc.version}`, `created=${tc.created / 1000}`, `updated=${tc.updated / 1000}`,
    `cmp=${tc.cmp}`, `cmpv=${tc.cmpVersion}`, `screen=${tc.screen}`, `lang=${tc.language}`,
    `list=${tc.list}`, `policy=${tc.policy}`, `own=${number(tc.own)}`, `texts=${number(tc.texts)}`,
    `sf=${numbersOf(tc.features).join(',')}`, `pc=${numbersOf(tc.consents).join(',')}`,
    `pli=${numbersOf(tc.interests).join(',')}`, `p1=${number(tc.one)}`, `cc=${tc.country}`,
    `vc=${runs(tc.vendorConsents)}`, `vli=${runs(tc.vendorInterests)}`,
    `r=${restrictionsText(tc.restrictions)}`,
    `d=${tc.disclosed ? runs(tc.disclosed) : '-'}`, `a=${tc.allowed ? runs(tc.allowed) : '-'}`,
    `pub=${publisherText(tc.publisher)}`,
  ].join(' ');
}

function choices(europe) {
  const custom = random(6);
  return {
    version: europe ? 2 : 1,
    created: instant(), updated: instant(),
    cmp: 2 + random(4094), cmpVersion: random(4096), screen: random(64), language: letters(),
    list: random(4096), policy: random(64), own: true, texts: chance(50),
    features: bits(12, 20), consents: bits(24, 50), interests: bits(24, 40),
    one: europe && chance(30), country: europe ? letters() : '--',
    vendorConsents: vendors(), vendorInterests: vendors(),
    restrictions: [], disclosed: null, allowed: null,
    publisher: {
      consents: bits(24, 40), interests: bits(24, 40),
      customConsents: bits(custom, 50), customInterests: bits(custom, 50),
    },
  };
}

function randomRestrictions() {
  const found = new Map();
  for (let i = random(4); i > 0; --i) {
    const one = { purpose: 1 + random(24), type: random(3), ids: vendors() };
    if (one.ids.length > 0) found.set(`${one.purpose}:${one.type}`, one);
  }
  return [...found.values()];
}

// ---- Europe's string, by the framework's own library: a vendor list of its own for each set.

const lists = Array.from({ length: 60 }, (_, n) => {
  const ids = [...new Set([...vendors(), ...vendors(), 1 + random(900)])].sort((a, b) => a - b);
  const all = Array.from({ length: 11 }, (_, i) => i + 1);
  const entries = ids.map((id) => [id, {
    id, name: `Vendor ${id}`, purposes: all, legIntPurposes: [2, 7, 8, 9, 10, 11],
    flexiblePurposes: [2, 7, 8, 9, 10, 11], specialPurposes: [], features: [], specialFeatures: [],
    policyUrl: 'https://vendor.example/', usesCookies: false, cookieMaxAgeSeconds: 0,
    usesNonCookieAccess: false,
  }]);
  // Encoding copies the model, and with it the list; nobody changes it here.
  GVL.prototype.clone = function () {
    return this;
  };
  const named = (count) => Object.fromEntries(
    Array.from({ length: count }, (_, i) => [i + 1, { id: i + 1, name: 'x', description: 'x', illustrations: [] }]));
  return { ids, gvl: new GVL({
    gvlSpecificationVersion: 3, vendorListVersion: 1 + n, tcfPolicyVersion: 5,
    lastUpdated: '2026-01-15T00:00:00Z', purposes: named(11), specialPurposes: named(3),
    features: named(3), specialFeatures: named(2), stacks: {}, dataCategories: {},
    vendors: Object.fromEntries(entries),
  }) };
});

function coreString() {
  const list = lists[random(lists.length)];
  const tc = choices(true);
  const model = new TCModel(list.gvl);
  const some = (percent) => list.ids.filter(() => chance(percent));
  tc.vendorConsents = some(60);
  tc.vendorInterests = some(40);
  tc.disclosed = list.ids;
  tc.list = list.gvl.vendorListVersion;
  tc.policy = 5;
  tc.language = 'EN';
  tc.interests[0] = false;
  model.cmpId = tc.cmp;
  model.cmpVersion = tc.cmpVersion;
  model.consentScreen = tc.screen;
  model.publisherCountryCode = tc.country;
  model.isServiceSpecific = true;
  model.useNonStandardStacks = tc.texts;
  model.purposeOneTreatment = tc.one;
  model.specialFeatureOptins.set(numbersOf(tc.features));
  model.purposeConsents.set(numbersOf(tc.consents));
  model.purposeLegitimateInterests.set(numbersOf(tc.interests));
  model.vendorConsents.set(tc.vendorConsents);
  model.vendorLegitimateInterests.set(tc.vendorInterests);
  model.publisherConsents.set(numbersOf(tc.publisher.consents));
  model.publisherLegitimateInterests.set(numbersOf(tc.publisher.interests));
  model.numCustomPurposes = tc.publisher.customConsents.length;
  model.publisherCustomConsents.set(numbersOf(tc.publisher.customConsents));
  model.publisherCustomLegitimateInterests.set(numbersOf(tc.publisher.customInterests));
  for (let i = random(3); i > 0; --i) {
    const one = { purpose: [2, 7, 8, 9, 10, 11][random(6)], type: random(2), ids: some(30) };
    if (one.ids.length === 0) continue;
    if (tc.restrictions.some((other) => other.purpose === one.purpose)) continue;
    for (const id of one.ids) {
      model.publisherRestrictions.add(id, new PurposeRestriction(one.purpose, one.type));
    }
    // The encoder writes a range over numbers that no vendor of the list has.
    const filled = one.ids.flatMap((id, at) => {
      const next = one.ids[at + 1];
      if (next === undefined || list.ids[list.ids.indexOf(id) + 1] !== next) return [id];
      return Array.from({ length: next - id }, (_, step) => id + step);
    });
    tc.restrictions.push({ ...one, ids: filled });
  }
  model.created = new Date(tc.created);
  model.lastUpdated = new Date(tc.updated);
  const text = TCString.encode(model, { segments: [Segment.CORE, Segment.VENDORS_DISCLOSED, Segment.PUBLISHER_TC] });
  return ['tcf', text, tcText(tc)];
}

// ---- Sections of a GPP string.

const sections = {
  usnat: 7, usca: 8, usva: 9, usco: 10, usut: 11, usct: 12, usfl: 13, usmt: 14, usor: 15, ustx: 16,
  usde: 17, usia: 18, usne: 19, usnh: 20, usnj: 21, ustn: 22, usmn: 23, usmd: 24, usin: 25,
  usky: 26, usri: 27,
};
// In the order of us_field.
const fields = [
  ['SharingNotice', 'ProcessingNotice'], ['SaleOptOutNotice'], ['SharingOptOutNotice'],
  ['TargetedAdvertisingOptOutNotice'],
  ['SensitiveDataProcessingOptOutNotice', 'SensitiveDataOptOutNotice'],
  ['SensitiveDataLimitUseNotice'], ['SaleOptOut'], ['SharingOptOut'], ['TargetedAdvertisingOptOut'],
  ['PersonalDataConsents', 'AdditionalDataProcessingConsent'], ['MspaCoveredTransaction'],
  ['MspaOptOutOptionMode'], ['MspaServiceProviderMode'], ['MspaMode'],
];

function addUs(model, name) {
  const id = sections[name];
  const has = (field) => model.hasField(name, field);
  model.setFieldValue(name, has('SaleOptOut') ? 'SaleOptOut' : 'SaleOptOutNotice', 0);
  // A list of one entry is a plain number in some sections.
  const list = (field) => {
    const value = model.getFieldValue(name, field);
    if (!Array.isArray(value)) {
      const one = random(3);
      model.setFieldValue(name, field, one);
      return [one];
    }
    const many = value.map(() => random(3));
    model.setFieldValue(name, field, many);
    return many;
  };
  let version = has('MspaVersion') ? model.getFieldValue(name, 'MspaVersion') : model.getFieldValue(name, 'Version');
  const values = fields.map((names) => {
    const field = names.find(has);
    if (!field) return 0;
    const value = field === 'MspaCoveredTransaction' ? 1 + random(2) : random(3);
    model.setFieldValue(name, field, value);
    return value;
  });
  let sensitive = has('SensitiveDataProcessing') ? list('SensitiveDataProcessing') : [];
  let child = has('KnownChildSensitiveDataConsents') ? list('KnownChildSensitiveDataConsents') : [];
  let gpc = '-';
  if (has('Gpc')) {
    gpc = random(2);
    model.setFieldValue(name, 'Gpc', gpc === 1);
    if (chance(20)) {
      model.setFieldValue(name, 'GpcSegmentIncluded', false);
      gpc = '-';
    }
  }
  if (has('SensitiveDataConsentSegmentIncluded') && chance(20)) {
    model.setFieldValue(name, 'SensitiveDataConsentSegmentIncluded', false);
    sensitive = sensitive.map(() => 0);
  }
  if (name === 'usnat' && chance(40)) {
    model.setFieldValue(name, 'Version', 1);
    version = 1;
    sensitive = sensitive.slice(0, 12);
    child = child.slice(0, 2);
  }
  return `${id}:v=${version}:f=${values.join('')}:s=${sensitive.join('')}:c=${child.join('')}:gpc=${gpc}`;
}

function addTcf(model, europe) {
  const name = europe ? 'tcfeuv2' : 'tcfcav1';
  const tc = choices(europe);
  const set = (field, value) => model.setFieldValue(name, field, value);
  const pick = (eu, ca) => (europe ? eu : ca);
  if (europe) tc.policy = random(64);
  tc.restrictions = randomRestrictions();
  set('CmpId', tc.cmp);
  set('CmpVersion', tc.cmpVersion);
  set('ConsentScreen', tc.screen);
  set('ConsentLanguage', tc.language);
  set('VendorListVersion', tc.list);
  set(pick('PolicyVersion', 'TcfPolicyVersion'), tc.policy);
  if (europe) set('IsServiceSpecific', true);
  set('UseNonStandardStacks', tc.texts);
  set(pick('SpecialFeatureOptins', 'SpecialFeatureExpressConsent'), tc.features);
  set(pick('PurposeConsents', 'PurposesExpressConsent'), tc.consents);
  set(pick('PurposeLegitimateInterests', 'PurposesImpliedConsent'), tc.interests);
  if (europe) {
    set('PurposeOneTreatment', tc.one);
    set('PublisherCountryCode', tc.country);
  }
  set(pick('VendorConsents', 'VendorExpressConsent'), tc.vendorConsents);
  set(pick('VendorLegitimateInterests', 'VendorImpliedConsent'), tc.vendorInterests);
  set(pick('PublisherRestrictions', 'PubRestrictions'),
      tc.restrictions.map((one) => new RangeEntry(one.purpose, one.type, one.ids)));
  const custom = tc.publisher.customConsents.length;
  set(pick('PublisherConsents', 'PubPurposesExpressConsent'), tc.publisher.consents);
  set(pick('PublisherLegitimateInterests', 'PubPurposesImpliedConsent'), tc.publisher.interests);
  set('NumCustomPurposes', custom);
  set(pick('PublisherCustomConsents', 'CustomPurposesExpressConsent'), tc.publisher.customConsents);
  set(pick('PublisherCustomLegitimateInterests', 'CustomPurposesImpliedConsent'), tc.publisher.customInterests);
  const disclosed = vendors();
  if (!europe && chance(50) && disclosed.length > 0) {
    set('DisclosedVendors', disclosed);
    tc.disclosed = disclosed;
  }
  if (europe) {
    set('VendorsDisclosed', disclosed);
    tc.disclosed = disclosed;
  }
  // Last: each other setter may have put the present moment there.
  set('Created', new Date(tc.created));
  set('LastUpdated', new Date(tc.updated));
  tc.created = model.getFieldValue(name, 'Created').getTime();
  return [name, tc];
}

function gppString() {
  const model = new GppModel();
  const values = [];
  const names = Object.keys(sections);
  const tcs = [];
  if (chance(25)) tcs.push(addTcf(model, true));
  if (chance(35)) tcs.push(addTcf(model, false));
  if (chance(15)) {
    const usp = ['Notice', 'OptOutSale', 'LspaCovered'].map((field) => {
      const value = 'YN-'[random(3)];
      model.setFieldValue('uspv1', field, value);
      return value;
    });
    values.push(`6:${usp.join('')}`);
  }
  const chosen = new Set();
  for (let i = random(3) + (tcs.length === 0 ? 1 : 0); i > 0; --i) chosen.add(names[random(names.length)]);
  for (const name of names) if (chosen.has(name)) values.push(addUs(model, name));
  const text = model.encode();
  // Only what the encoder wrote can be read: segments that it left out are not there.
  const parts = text.split('~').slice(1);
  for (let i = tcs.length - 1; i >= 0; --i) {
    const [name, tc] = tcs[i];
    const part = parts[i];
    const types = part.split('.').slice(1).map((segment) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(segment[0]) >> 3);
    if (!types.includes(1)) tc.disclosed = null;
    if (!types.includes(3)) tc.publisher = null;
    values.unshift(`${name === 'tcfeuv2' ? 2 : 5}:${tcText(tc)}`);
  }
  return ['gpp', text, values.join(';')];
}

let block = [];
for (let i = 0; i < Number(countText); ++i) {
  block.push((chance(40) ? coreString() : gppString()).join('\t'));
  if (block.length === 500 || i + 1 === Number(countText)) {
    const all = block.join('\n') + '\n';
    block = [];
    if (!process.stdout.write(all)) await new Promise((done) => process.stdout.once('drain', done));
  }
}
