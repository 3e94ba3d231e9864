#!/usr/bin/env node
require('./run.js')(['reassign-partitions', ...process.argv.slice(2)]);
