#!/usr/bin/env node
require('./run.js')(['left-out', 'connect-standalone', ...process.argv.slice(2)]);
