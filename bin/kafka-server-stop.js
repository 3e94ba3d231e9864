#!/usr/bin/env node
require('./run.js')(['server-stop', ...process.argv.slice(2)]);
