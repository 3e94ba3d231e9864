#!/usr/bin/env node
require('./run.js')(['streams-groups', ...process.argv.slice(2)]);
