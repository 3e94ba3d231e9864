#!/usr/bin/env node
require('./run.js')(['producer-perf-test', ...process.argv.slice(2)]);
