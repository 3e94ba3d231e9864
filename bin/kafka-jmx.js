#!/usr/bin/env node
require('./run.js')(['left-out', 'kafka-jmx', ...process.argv.slice(2)]);
