#!/usr/bin/env node
require('./run.js')(['left-out', 'trogdor', ...process.argv.slice(2)]);
