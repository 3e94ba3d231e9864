#!/usr/bin/env node
require('./run.js')(['run-class', ...process.argv.slice(2)]);
