#!/usr/bin/env node
require('./run.js')(['server-start', ...process.argv.slice(2)]);
