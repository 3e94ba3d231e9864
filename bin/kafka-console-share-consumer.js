#!/usr/bin/env node
require('./run.js')(['console-share-consumer', ...process.argv.slice(2)]);
