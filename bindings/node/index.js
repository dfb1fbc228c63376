// A retailer's client book, kept so that the customer decides. docs/node.md is the guide.
'use strict';

const { ClientbookError } = require('./lib/errors.js');
const { CustomerId } = require('./lib/values.js');
const { View } = require('./lib/view.js');
const { Session } = require('./lib/session.js');
const book = require('./lib/book.js');
const texts = require('./lib/texts.js');
const { codes } = require('./lib/generated.js');

exports.Book = book.Book;
exports.ClientbookError = ClientbookError;
exports.CustomerId = CustomerId;
exports.Session = Session;
exports.View = View;
exports.codes = codes;
exports.acceptPin = book.acceptPin;
exports.create = book.create;
exports.drill = book.drill;
exports.inMemory = book.inMemory;
exports.open = book.open;
exports.restore = book.restore;
exports.upgrade = book.upgrade;
exports.checkEvidence = texts.checkEvidence;
exports.checkProof = texts.checkProof;
exports.evaluate = texts.evaluate;
exports.proposeColumnMap = texts.proposeColumnMap;
exports.redact = texts.redact;
exports.redactForm = texts.redactForm;
exports.roles = texts.rolesTable;
exports.seal = texts.seal;
exports.deletionAnswer = texts.deletionAnswer;
exports.scan = texts.scan;
exports.scanForm = texts.scanForm;
exports.terms = texts.terms;
exports.version = require('./lib/native.js').version();
