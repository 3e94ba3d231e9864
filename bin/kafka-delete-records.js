#!/usr/bin/env node
require('./run.js')(['delete-records', ...process.argv.slice(2)]);
