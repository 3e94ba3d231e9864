#!/usr/bin/env node
require('./run.js')(['metadata-quorum', ...process.argv.slice(2)]);
