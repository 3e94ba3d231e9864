#!/usr/bin/env node
require('./run.js')(['acls', ...process.argv.slice(2)]);
