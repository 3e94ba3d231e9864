#!/usr/bin/env node
require('./run.js')(['cluster', ...process.argv.slice(2)]);
