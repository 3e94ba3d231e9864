#!/usr/bin/env node
require('./run.js')(['features', ...process.argv.slice(2)]);
