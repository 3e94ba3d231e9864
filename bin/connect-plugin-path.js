#!/usr/bin/env node
require('./run.js')(['left-out', 'connect-plugin-path', ...process.argv.slice(2)]);
