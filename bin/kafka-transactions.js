#!/usr/bin/env node
require('./run.js')(['transactions', ...process.argv.slice(2)]);
