#!/usr/bin/env node
require('./run.js')(['groups', ...process.argv.slice(2)]);
