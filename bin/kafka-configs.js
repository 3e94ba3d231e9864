#!/usr/bin/env node
require('./run.js')(['configs', ...process.argv.slice(2)]);
