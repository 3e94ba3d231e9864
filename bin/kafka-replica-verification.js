#!/usr/bin/env node
require('./run.js')(['replica-verification', ...process.argv.slice(2)]);
