#!/usr/bin/env node
require('./run.js')(['consumer-perf-test', ...process.argv.slice(2)]);
