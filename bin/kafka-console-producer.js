#!/usr/bin/env node
require('./run.js')(['console-producer', ...process.argv.slice(2)]);
