#!/usr/bin/env node
require('./run.js')(['share-groups', ...process.argv.slice(2)]);
