#!/usr/bin/env node
require('./run.js')(['storage', ...process.argv.slice(2)]);
