#!/usr/bin/env node
require('./run.js')(['verifiable-producer', ...process.argv.slice(2)]);
