#!/usr/bin/env node
require('./run.js')(['leader-election', ...process.argv.slice(2)]);
