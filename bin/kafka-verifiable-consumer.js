#!/usr/bin/env node
require('./run.js')(['verifiable-consumer', ...process.argv.slice(2)]);
