#!/usr/bin/env node
/**
 * src -> dist. The layout with the fastest start, measured on Node 20: one CommonJS file per command, containing only what
 * the command uses (ESM with splitting adds 5 ms per start), and V8's code cache next to it (saves 10 ms, see bin/run.js).
 *
 *   dist/<command>.cjs   main + that one command; other commands are `import()`ed from their own files. Of a family below
 *                        it is a line that names the family's file, so that what its commands share is packed once
 *   dist/help.cjs        one of them: `ts-kafka`, `ts-kafka --help` and unknown names are its
 *   dist/ui.cjs          colour and spinner, loaded on a terminal only
 *   dist/server.js       the embedded broker for `import … from 'ts-kafka-cli/server'`, ESM
 *   dist/client.js       kafkajs configured like Java clients, for `import … from 'ts-kafka-cli/client'`, ESM
 *   dist/types           the declarations of both
 *
 * A command is a line `name: () => import('./path/index.js')` of src/commands/index.ts. src/main.ts exports
 * `main(argv)`, argv[0] being the command's name.
 *
 * Files are built in a staging directory and renamed into place one by one, so a build never breaks a running command.
 * Does nothing when no input changed. TS_KAFKA_DIST=DIR builds into another directory (and bin/run.js runs from there).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const DIST = path.resolve(process.env.TS_KAFKA_DIST ?? path.join(ROOT, 'dist'));
const STAGE = `${DIST}.${process.pid}`;
/** external to the bundles: native modules, and libraries that are rarely loaded (createRequire) */
const OUTSIDE = ['snappy', 'lz4-napi', '@toondepauw/node-zstd', 'fs-native-extensions', 're2js', 'node-forge'];
const INDEX = path.join(ROOT, 'src/commands/index.ts');
const MAIN = path.join(ROOT, 'src/main.ts');
const UI = path.join(ROOT, 'src/cli/ui.ts');
const BROKER = path.join(ROOT, 'src/broker/index.ts');
const CLIENT = path.join(ROOT, 'src/client/kafkajs.ts');
const SASL_REQUESTS = path.join(ROOT, 'src/client/cluster/sasl-requests.ts');
const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Commands that share a bundle. It costs a start half a millisecond (functions that are not called are not compiled), and
 * saves what each of them would repeat; the four that people start all day long have files of their own.
 */
const FAMILIES = {
  admin: `acls broker-api-versions client-metrics cluster configs delegation-tokens delete-records features get-offsets groups
    leader-election log-dirs metadata-quorum reassign-partitions replica-verification transactions`,
  grouped: 'share-groups streams-groups streams-application-reset',
  measured: `producer-perf-test consumer-perf-test share-consumer-perf-test e2e-latency verifiable-producer verifiable-consumer
    verifiable-share-consumer`,
  serving: 'server server-start server-stop quickstart',
  files: 'dump-log metadata-shell storage',
  desk: 'completion install-scripts profile',
};
const familyOf = new Map(
  Object.entries(FAMILIES).flatMap(([family, names]) => names.split(/\s+/).map((name) => [name, family])),
);

/** Every file below a folder, relative to ROOT, sorted. */
function walk(folder, out = []) {
  if (!existsSync(folder)) return out;
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) walk(file, out);
    else out.push(file);
  }
  return out;
}

function stampOfInputs() {
  const hash = createHash('sha256');
  const rest = ['scripts/build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
  for (const file of [...walk(path.join(ROOT, 'src')), ...rest.map((f) => path.join(ROOT, f))]) {
    if (existsSync(file)) hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** name -> file of the existing commands in src/commands/index.ts. */
function commands() {
  const found = new Map();
  if (!existsSync(INDEX)) return found;
  for (const [, name, from] of readFileSync(INDEX, 'utf8').matchAll(
    /^\s*'?([\w-]+)'?:.*?import\('(\.\/[^']+)\.js'\)/gm,
  )) {
    const file = path.join(path.dirname(INDEX), `${from}.ts`);
    if (existsSync(file)) found.set(name, file);
    else say(`build: command ${name}: ${path.relative(ROOT, file)} is missing`);
  }
  return found;
}

/** In a bundle, the commands that are not its own stay where they are: in files of their own. */
function otherCommandsOutside(own, all) {
  const bundleOf = new Map();
  for (const [name, file] of all) if (!own.has(file)) bundleOf.set(file, `./${name}.cjs`);
  return {
    name: 'other-commands-outside',
    setup(build) {
      // terminal UI is only loaded on a terminal
      build.onResolve({ filter: /\/ui\.js$/ }, (args) =>
        args.kind === 'dynamic-import' ? { path: './ui.cjs', external: true } : undefined,
      );
      build.onResolve({ filter: /^\.\// }, (args) => {
        if (args.kind !== 'dynamic-import' || args.importer !== INDEX) return undefined;
        const file = path.join(args.resolveDir, args.path.replace(/\.js$/, '.ts'));
        if (own.has(file)) return undefined;
        return { path: bundleOf.get(file) ?? `./missing-${path.basename(path.dirname(file))}.cjs`, external: true };
      });
    },
  };
}

/** Node modules that take milliseconds to load and that most runs do not need: loaded when a member is first used. */
const LAZY = ['crypto', 'dns', 'http', 'https', 'os', 'tls', 'vm', 'zlib'];

const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(build) {
    const filter = new RegExp(`^(node:)?(${LAZY.join('|')})$`);
    build.onResolve({ filter }, (args) =>
      args.namespace === 'lazy' ? { path: args.path, external: true } : { path: args.path, namespace: 'lazy' },
    );
    build.onLoad({ filter, namespace: 'lazy' }, ({ path: name }) => {
      const members = Object.getOwnPropertyNames(process.getBuiltinModule(name)).map(
        (key) => `get ${JSON.stringify(key)}() { return require(${JSON.stringify(name)})[${JSON.stringify(key)}]; }`,
      );
      return { contents: `module.exports = {${members.join(',')}};`, loader: 'js' };
    });
  },
};

/** kafkajs's SASL authenticator needs two of its forty requests: replaces its table by cluster/sasl-requests.ts. */
const saslRequestsOnly = {
  name: 'sasl-requests-only',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/\.\.\/protocol\/requests$/ }, ({ importer }) =>
      /kafkajs[\\/]src[\\/]broker[\\/]saslAuthenticator[\\/]index\.js$/.test(importer)
        ? { path: SASL_REQUESTS }
        : undefined,
    );
  },
};

const common = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  write: true,
  logLevel: 'silent',
  minify: true,
  legalComments: 'none',
  external: OUTSIDE,
};

/** `members`: the bundle's commands, name -> file. A family exports them as `commands`, each evaluated when it is asked for. */
function commandBundle(name, members, all) {
  const lines = [];
  if (name !== 'ui') lines.push(`export { main } from ${JSON.stringify(MAIN)};`);
  if (members.size === 1) lines.push(`export * from ${JSON.stringify([...members.values()][0])};`);
  else {
    const getters = [...members].map(
      ([member, file]) => `get ${JSON.stringify(member)}() { return require(${JSON.stringify(file)}); }`,
    );
    lines.push(`export const commands = { ${getters.join(', ')} };`);
  }
  return {
    ...common,
    stdin: { contents: lines.join('\n'), resolveDir: ROOT, sourcefile: `${name}.entry.ts`, loader: 'ts' },
    outfile: path.join(STAGE, `${name}.cjs`),
    format: 'cjs',
    // `import()` becomes `require()`: the ESM loader is never started
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
    banner: { js: 'const __url=require("node:url").pathToFileURL(__filename).href;' },
    plugins: [lazyBuiltins, saslRequestsOnly, otherCommandsOutside(new Set(members.values()), all)],
  };
}

/** What bin/run.js reads first of a command in a family; required by another command, it is that command's module. */
const memberFile = (name, family) =>
  `/*=${family}*/module.exports=require("./${family}.cjs").commands[${JSON.stringify(name)}];\n`;

/** Writes the hash of a bundle into its first line, where bin/run.js finds it. */
function sign(name) {
  const file = path.join(STAGE, `${name}.cjs`);
  const code = readFileSync(file);
  writeFileSync(file, `/*${createHash('sha256').update(code).digest('hex').slice(0, 16)}*/${code}`);
}
const bundle = async (esbuild, name, members, all) => {
  await esbuild(commandBundle(name, members, all));
  sign(name);
  if (members.size === 1) return;
  for (const member of members.keys()) writeFileSync(path.join(STAGE, `${member}.cjs`), memberFile(member, name));
};

/** The bundles to make: name -> its commands, name -> file. */
function bundles(all) {
  const made = new Map();
  for (const [name, file] of all) {
    const bundleName = familyOf.get(name) ?? name;
    if (!made.has(bundleName)) made.set(bundleName, new Map());
    made.get(bundleName).set(name, file);
  }
  return made;
}

/** A public module. kafkajs stays the user's own: its classes and codecs are then the ones that they import, too. */
const moduleBundle = (entry, name) => ({
  ...common,
  external: [...OUTSIDE, 'kafkajs', 'kafkajs/*'],
  entryPoints: [entry],
  outfile: path.join(STAGE, name),
  format: 'esm',
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});

/** The public modules, as paths below src/. */
const PUBLIC = ['broker/index', 'client/kafkajs'];

/** Type declarations of the public modules and their dependencies. Ignores type errors: `npm run check` reports them. */
function declarations() {
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const out = path.join(STAGE, 'types');
  const child = spawn(process.execPath, [tsc, '-p', path.join(ROOT, 'tsconfig.build.json'), '--outDir', out], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      const roots = PUBLIC.map((name) => path.join(out, `${name}.d.ts`));
      if (!roots.every(existsSync)) return reject(new Error('tsc wrote no declarations'));
      const needed = reachable(roots);
      for (const file of walk(out)) if (!needed.has(file)) rmSync(file);
      resolve();
    });
  });
}

/** The given declaration files and all they import, transitively. */
function reachable(roots) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()["'](\.[^"']+)["']/g))
      visit(path.resolve(path.dirname(file), name.replace(/\.js$/, '.d.ts')));
  };
  for (const root of roots) visit(root);
  return found;
}

/** The licences of the bundled packages. */
function thirdParty() {
  const { dependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const seen = new Map();
  const visit = (name, from) => {
    if (seen.has(name)) return;
    const folder = [path.join(from, 'node_modules', name), path.join(ROOT, 'node_modules', name)].find(existsSync);
    if (!folder) return;
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    seen.set(
      name,
      `${name} ${manifest.version} (${manifest.license})\n\n${file ? readFileSync(path.join(folder, file), 'utf8').trim() : ''}\n`,
    );
    for (const next of Object.keys(manifest.dependencies ?? {})) visit(next, folder);
  };
  for (const name of Object.keys(dependencies).filter((n) => !OUTSIDE.includes(n))) visit(name, ROOT);
  return `The files beside this one contain code of these packages.\n\n${[...seen.values()].join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Moves the built files into place, one by one, and removes stale ones (unless the build failed). */
function install(complete) {
  const built = new Set();
  for (const file of walk(STAGE)) {
    const target = path.join(DIST, path.relative(STAGE, file));
    built.add(target);
    mkdirSync(path.dirname(target), { recursive: true });
    renameSync(file, target);
  }
  if (complete) for (const file of walk(DIST)) if (!built.has(file)) rmSync(file, { force: true });
  rmSync(STAGE, { recursive: true, force: true });
}

async function build() {
  const { build: esbuild } = await import('esbuild');
  const all = commands();
  mkdirSync(STAGE, { recursive: true });
  const jobs = [];
  const job = (name, promise) => jobs.push({ name, promise });
  if (existsSync(MAIN)) {
    job('ui', bundle(esbuild, 'ui', new Map([['ui', UI]]), all));
    for (const [name, members] of bundles(all)) job(name, bundle(esbuild, name, members, all));
  } else say('build: src/main.ts is missing');
  if (existsSync(BROKER)) {
    job('server.js', esbuild(moduleBundle(BROKER, 'server.js')));
    job('client.js', esbuild(moduleBundle(CLIENT, 'client.js')));
    job('types', declarations());
  } else say('build: src/broker/index.ts is missing');
  writeFileSync(path.join(STAGE, 'THIRD-PARTY.txt'), thirdParty());
  const results = await Promise.allSettled(jobs.map((j) => j.promise));
  const seen = new Set();
  results.forEach((result, i) => {
    if (result.status === 'fulfilled') return;
    const words = (result.reason.errors ?? []).map((e) =>
      e.location ? `${e.location.file}:${e.location.line}: ${e.text}` : e.text,
    );
    for (const word of words.length > 0 ? words : [`${jobs[i].name}: ${result.reason.message}`]) {
      if (!seen.has(word)) say(`build: ${word}`);
      seen.add(word);
    }
  });
  const failed = jobs.filter((_, i) => results[i].status === 'rejected').map((j) => j.name);
  if (failed.length > 0) say(`build: not built: ${failed.join(' ')}`);
  return failed.length === 0;
}

const stamp = stampOfInputs();
const stampFile = path.join(DIST, '.stamp');
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  const complete = await build().catch((error) => {
    rmSync(STAGE, { recursive: true, force: true });
    throw error;
  });
  install(complete);
  if (complete) writeFileSync(stampFile, stamp);
  else process.exitCode = 1;
}
