#!/usr/bin/env node
require('./run.js')(['metadata-shell', ...process.argv.slice(2)]);
