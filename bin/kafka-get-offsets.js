#!/usr/bin/env node
require('./run.js')(['get-offsets', ...process.argv.slice(2)]);
