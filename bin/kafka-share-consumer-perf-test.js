#!/usr/bin/env node
require('./run.js')(['share-consumer-perf-test', ...process.argv.slice(2)]);
