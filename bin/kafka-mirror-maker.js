#!/usr/bin/env node
require('./run.js')(['left-out', 'kafka-mirror-maker', ...process.argv.slice(2)]);
