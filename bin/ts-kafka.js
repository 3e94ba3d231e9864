#!/usr/bin/env node
require('./run.js')(process.argv.slice(2));
