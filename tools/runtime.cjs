// Loaded with `node --require` before a program of ours. Node must run TypeScript as it is; an
// older one would stop at the first file with ERR_UNKNOWN_FILE_EXTENSION, which tells nobody what to do.
'use strict';

var parts = process.versions.node.split('.').map(Number);
var major = parts[0];
var minor = parts[1];
if (major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6)) {
  process.stderr.write(
    'Muster runs on Node 22.18 or later, and this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '): run "npm ci", which installs the right one, and start with "npm start".\n',
  );
  process.exit(1);
}

// What was compiled once is kept: half of a start's CPU is compiling some hundred files. Kept in the checkout, where only
// its owner writes; where nothing can be written, Node goes without.
require('node:module').enableCompileCache(
  require('node:path').join(__dirname, '..', 'node_modules', '.cache', 'compiled'),
);
