#!/usr/bin/env node
require('./run.js')(['client-metrics', ...process.argv.slice(2)]);
