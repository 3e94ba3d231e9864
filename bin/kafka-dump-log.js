#!/usr/bin/env node
require('./run.js')(['dump-log', ...process.argv.slice(2)]);
