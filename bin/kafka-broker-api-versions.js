#!/usr/bin/env node
require('./run.js')(['broker-api-versions', ...process.argv.slice(2)]);
