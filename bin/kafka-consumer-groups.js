#!/usr/bin/env node
require('./run.js')(['consumer-groups', ...process.argv.slice(2)]);
