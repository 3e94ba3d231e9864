#!/usr/bin/env node
require('./run.js')(['log-dirs', ...process.argv.slice(2)]);
