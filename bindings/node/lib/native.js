// Loads the addon of this machine: prebuilds/<platform>-<arch>/clientbook.node, beside the library
// that it calls. scripts/build.js puts both there.
'use strict';

const path = require('node:path');

const folder = path.join(__dirname, '..', 'prebuilds', `${process.platform}-${process.arch}`);

function load() {
  try {
    return require(path.join(folder, 'clientbook.node'));
  } catch (problem) {
    throw new Error(
      `clientbook: no addon for ${process.platform}-${process.arch} that can be loaded (${problem.code}): ` +
        'run "npm rebuild clientbook", or "node scripts/build.js" in its folder', { cause: problem });
  }
}

module.exports = load();
