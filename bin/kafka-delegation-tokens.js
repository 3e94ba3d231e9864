#!/usr/bin/env node
require('./run.js')(['delegation-tokens', ...process.argv.slice(2)]);
