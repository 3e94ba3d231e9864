/**
 * Loads one command's bundle and runs it. V8's code cache of the bundle lies beside it, made on the first run (as Python does
 * with its bytecode): 10 ms less a start. Its name carries the hash that the build wrote into the bundle's first line, so a
 * bundle never meets another's cache.
 */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { Module, createRequire } = require('node:module');

const DIST = process.env.TS_KAFKA_DIST || path.join(__dirname, '..', 'dist');

function read(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

function keep(cache, script) {
  const beside = `${cache}.${process.pid}`;
  try {
    fs.writeFileSync(beside, script.createCachedData());
    fs.renameSync(beside, cache);
  } catch {
    // a read-only installation: the next start compiles again
  }
}

function load(file, source) {
  const cache = `${file.slice(0, -4)}-${source.toString('latin1', 2, 18)}-${process.versions.v8}.cache`;
  const cachedData = read(cache);
  const script = new vm.Script(Module.wrap(source.toString('latin1')), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, DIST);
  if (!cachedData) keep(cache, script);
  return module.exports;
}

/** `argv[0]` is the command's name, as `ts-kafka` takes it. */
module.exports = function run(argv) {
  const own = path.join(DIST, `${argv[0]}.cjs`);
  const known = /^[\w-]+$/.test(argv[0] ?? '') && read(own);
  const file = known ? own : path.join(DIST, 'help.cjs');
  const source = known || read(file);
  if (!source) {
    process.stderr.write(`ts-kafka is not built: run "npm run build" in ${path.dirname(__dirname)}\n`);
    process.exitCode = 1;
    return;
  }
  load(file, source).main(argv);
};
