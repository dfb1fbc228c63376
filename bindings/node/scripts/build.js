// Puts the addon and the library that it calls into prebuilds/<platform>-<arch>: npm runs it where the
// package has none for this machine, and whoever packs it runs it before.
//
// The library is what CLIENTBOOK_LIBRARY names (a libclientbook.so), or else an installed one
// (pkg-config clientbook-c). The compiler is CC, or cc. Node-API's headers come with Node, or as the
// package node-api-headers.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const target = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`);

function stop(why) {
  console.error(`clientbook: ${why}`);
  process.exit(1);
}

function headers() {
  const places = [path.join(path.dirname(process.execPath), '..', 'include', 'node')];
  try {
    places.push(require('node-api-headers').include_dir);
  } catch {
    // Not installed: Node's own are looked for.
  }
  return places.find((place) => fs.existsSync(path.join(place, 'node_api.h'))) ??
    stop('no node_api.h: install the package node-api-headers');
}

function installed() {
  try {
    return path.join(String(execFileSync('pkg-config', ['--variable=libdir', 'clientbook-c'])).trim(), 'libclientbook.so');
  } catch {
    return undefined;
  }
}

function library() {
  const found = process.env.CLIENTBOOK_LIBRARY ?? installed();
  if (found === undefined || !fs.existsSync(found)) {
    stop('no libclientbook.so: set CLIENTBOOK_LIBRARY, or install it with pkg-config clientbook-c');
  }
  return fs.realpathSync(found);
}

// clientbook.h: in the package, in the source tree, or the installed one.
function interfaceFolder() {
  const places = [process.env.CLIENTBOOK_INCLUDE, path.join(root, 'include'), path.join(root, '..', 'c', 'include'),
    '/usr/local/include', '/usr/include'].filter(Boolean);
  return places.find((place) => fs.existsSync(path.join(place, 'clientbook.h'))) ?? stop('no clientbook.h');
}

function soname(of) {
  const found = /SONAME.*\[(.+)\]/.exec(String(execFileSync('readelf', ['-d', of])));
  return found?.[1] ?? stop('the library has no SONAME');
}

function build() {
  const from = library();
  const name = soname(from);
  fs.mkdirSync(target, { recursive: true });
  fs.copyFileSync(from, path.join(target, name));
  const sources = fs.readdirSync(path.join(root, 'src')).filter((file) => file.endsWith('.c'));
  execFileSync(process.env.CC ?? 'cc', ['-std=c11', '-O2', '-fPIC', '-shared', '-fvisibility=hidden', '-Wall', '-Wextra',
    `-I${headers()}`, `-I${interfaceFolder()}`, '-o', path.join(target, 'clientbook.node'),
    ...sources.map((file) => path.join(root, 'src', file)), path.join(target, name), '-Wl,-rpath,$ORIGIN'],
  { stdio: 'inherit' });
}

if (process.argv.includes('--if-missing') && fs.existsSync(path.join(target, 'clientbook.node'))) process.exit(0);
build();
