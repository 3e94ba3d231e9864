#!/usr/bin/env node
require('./run.js')(['left-out', 'connect-distributed', ...process.argv.slice(2)]);
