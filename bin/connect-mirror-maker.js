#!/usr/bin/env node
require('./run.js')(['left-out', 'connect-mirror-maker', ...process.argv.slice(2)]);
