/**
 * Loads one command's bundle and runs it. V8's code cache of the bundle is stored next to it on the first run (like Python's
 * bytecode), which saves 10 ms per start. Its name contains the hash that the build wrote into the bundle's first line, so a
 * bundle is never run with another one's cache. If the installation is read-only, the cache is in the user's cache directory.
 *
 * V8 executes a cache without verifying it against the source, so a cache is only trusted if nobody but the user, root or
 * the bundle's owner could have written it.
 */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { Module, createRequire } = require('node:module');

const DIST = process.env.TS_KAFKA_DIST || path.join(__dirname, '..', 'dist');
// not available on Windows
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
const uid = process.getuid?.();
const GROUP_AND_OTHERS_WRITE = 0o022;

function read(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Reads a trusted cache; undefined if there is none. */
function readCache(file, owner) {
  let fd;
  try {
    fd = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const found = fs.fstatSync(fd);
    const trusted = uid === undefined || [0, uid, owner].includes(found.uid);
    const closed = uid === undefined || (found.mode & GROUP_AND_OTHERS_WRITE) === 0;
    return found.isFile() && trusted && closed ? fs.readFileSync(fd) : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** Writes the cache atomically (temporary file, rename). False if the directory is not writable. */
function writeCache(file, data) {
  const beside = `${file}.${process.pid}`;
  try {
    fs.rmSync(beside, { force: true });
    const fd = fs.openSync(beside, 'wx', 0o644);
    try {
      // independent of the umask
      fs.fchmodSync(fd, 0o644);
      fs.writeFileSync(fd, data);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(beside, file);
    return true;
  } catch {
    return false;
  }
}

/** The user's cache directory; undefined if there is none, or if others can write to it. */
function userCaches(make) {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const base = XDG_CACHE_HOME || (HOME && path.join(HOME, '.cache'));
  if (uid === undefined || !base || !path.isAbsolute(base)) return undefined;
  const folder = path.join(base, 'ts-kafka');
  try {
    if (make) fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = fs.lstatSync(folder);
    const own = found.isDirectory() && found.uid === uid && (found.mode & GROUP_AND_OTHERS_WRITE) === 0;
    return own ? folder : undefined;
  } catch {
    return undefined;
  }
}

function readUserCache(name) {
  const folder = userCaches(false);
  return folder && readCache(path.join(folder, name), uid);
}

function keep(beside, name, script) {
  const data = script.createCachedData();
  if (writeCache(beside, data)) return;
  const folder = userCaches(true);
  if (folder) writeCache(path.join(folder, name), data);
}

/** `command`: each command of a family has a cache of its own, with the functions that it calls. */
function load(file, source, command) {
  const hash = source.toString('latin1', 2, 18);
  const beside = path.join(DIST, `${command}-${hash}-${process.versions.v8}.cache`);
  const name = path.basename(beside);
  const cachedData = readCache(beside, fs.statSync(file).uid) ?? readUserCache(name);
  const script = new vm.Script(Module.wrap(source.toString('latin1')), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, DIST);
  if (!cachedData || script.cachedDataRejected) keep(beside, name, script);
  return module.exports;
}

/** The bundle of a command: a file of its own, or of its family, which that file names in its first bytes (scripts/build.mjs). */
function bundleOf(command) {
  const file = path.join(DIST, `${command}.cjs`);
  const source = read(file);
  const family = source?.length < 200 && /^\/\*=([\w-]+)\*\//.exec(source.toString('latin1'))?.[1];
  return family ? bundleOf(family) : { file, source };
}

/** `argv[0]` is the command's name, as `ts-kafka` takes it. */
module.exports = function run(argv) {
  let command = /^[\w-]+$/.test(argv[0] ?? '') ? argv[0] : 'help';
  let { file, source } = bundleOf(command);
  if (!source) {
    command = 'help';
    ({ file, source } = bundleOf(command));
  }
  if (!source) {
    process.stderr.write(`ts-kafka is not built: run "npm run build" in ${path.dirname(__dirname)}\n`);
    process.exitCode = 1;
    return;
  }
  load(file, source, command).main(argv);
};
