#!/usr/bin/env node
require('./run.js')(['topics', ...process.argv.slice(2)]);
