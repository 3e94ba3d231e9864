#!/usr/bin/env node
require('./run.js')(['verifiable-share-consumer', ...process.argv.slice(2)]);
