#!/usr/bin/env node
require('./run.js')(['streams-application-reset', ...process.argv.slice(2)]);
