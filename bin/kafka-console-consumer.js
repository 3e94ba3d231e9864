#!/usr/bin/env node
require('./run.js')(['console-consumer', ...process.argv.slice(2)]);
