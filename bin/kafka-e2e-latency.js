#!/usr/bin/env node
require('./run.js')(['e2e-latency', ...process.argv.slice(2)]);
