#!/usr/bin/env node
/**
 * Compares the protocol table (src/protocol/apis, the record schemas) with the message definitions inside Apache Kafka's jars:
 * for every API and record, in every version, the fields and their order, types, nullability, tags and defaults. Prints
 * intentional omissions, then all differences; exit code 1 if there are any.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { jarEntries } from './lib/jar.mjs';

const VERSION = '4.4.0';
const HERE = path.dirname(fileURLToPath(import.meta.url));
const SOURCE = path.resolve(HERE, '../src/protocol');

/** API keys that clients do not use, and for which a single node has no peer. */
const LEFT_OUT = new Map([
  [52, 'a quorum of one votes for nobody'],
  [53, 'a quorum of one'],
  [54, 'a quorum of one'],
  [56, 'between broker and controller'],
  [58, 'between broker and controller'],
  [59, 'between replicas'],
  [62, 'between broker and controller'],
  [63, 'between broker and controller'],
  [67, 'between broker and controller'],
  [70, 'between broker and controller'],
  [72, 'telemetry is not collected: GetTelemetrySubscriptions offers none'],
  [73, 'between broker and controller'],
  [82, 'between broker and controller'],
]);
const RECORDS = {
  'metadata-records': ['kafka-metadata', /^common\/metadata\/.*Record\.json$/],
  'group-records': ['kafka-group-coordinator', /^common\/message\/.*\.json$/],
  'txn-records': ['kafka-transaction-coordinator', /^common\/message\/.*\.json$/, 'EndTxnMarker'],
  'share-records': ['kafka-share-coordinator', /^common\/message\/.*\.json$/],
  'control-records': [
    undefined,
    undefined,
    'LeaderChangeMessage',
    'SnapshotHeaderRecord',
    'SnapshotFooterRecord',
    'KRaftVersionRecord',
    'VotersRecord',
  ],
  'consumer-protocol': [undefined, undefined, 'ConsumerProtocolSubscription', 'ConsumerProtocolAssignment'],
};

// ---- Kafka's definitions

function definitions(libs, artifact, wanted = /^common\/message\/.*\.json$/) {
  const found = new Map();
  for (const [, text] of jarEntries(path.join(libs, `${artifact}-${VERSION}.jar`), wanted)) {
    const json = JSON.parse(text.replace(/^\s*\/\/.*$/gm, '').replace(/([,{[\]}])\s*\/\/.*$/gm, '$1'));
    found.set(json.name, json);
  }
  return found;
}

/** [low, high] of a range in Kafka's notation. */
function bounds(range) {
  if (range === undefined || range === 'none') return [1, 0];
  if (range.endsWith('+')) return [Number(range.slice(0, -1)), 32767];
  const [low, high = low] = range.split('-');
  return [Number(low), Number(high)];
}
const within = (range, version) => {
  const [low, high] = bounds(range);
  return version >= low && version <= high;
};
const lowerFirst = (name) => name[0].toLowerCase() + name.slice(1);

function theirDefault(field, fields, common, version) {
  const given = field.default === null || field.default === undefined ? '' : String(field.default);
  if (given === 'null') return null;
  const { type } = field;
  if (type.startsWith('[]')) return [];
  if (type === 'string') return given;
  if (type === 'bool') return given === 'true';
  if (type === 'bytes' || type === 'records') return 'bytes:';
  if (type === 'uuid') return 'AAAAAAAAAAAAAAAAAAAAAA';
  if (type === 'int64') return `${BigInt(given || 0)}n`;
  if (/^u?int|float/.test(type)) return Number(given || 0);
  return Object.fromEntries(
    fields.map((f) => [lowerFirst(f.name), theirDefault(f, childFields(f, common), common, version)]),
  );
}
const childFields = (field, common) => field.fields ?? common.get(field.type.replace(/^\[\]/, '')) ?? [];

/** The fields of one version, in order. */
function theirs(fields, common, version) {
  const plan = [];
  for (const field of fields) {
    if (!within(field.versions ?? field.taggedVersions, version)) continue;
    const children = childFields(field, common);
    const base = field.type.replace(/^\[\]/, '');
    const kind = common.has(base) || field.fields ? { struct: theirs(children, common, version) } : base;
    plan.push({
      name: lowerFirst(field.name),
      type: field.type.startsWith('[]') ? { array: kind } : kind,
      nullable: within(field.nullableVersions, version),
      tag: within(field.taggedVersions, version) ? field.tag : undefined,
      default: theirDefault(field, children, common, version),
      explicit: field.default !== undefined && field.default !== null,
    });
  }
  return plan;
}

const commonOf = (json) => new Map((json.commonStructs ?? []).map((s) => [s.name, s.fields]));

// ---- our table

function ours(fields, version) {
  const plan = [];
  for (const [name, raw] of Object.entries(fields)) {
    const field = 'kind' in raw ? { type: raw, versions: '0+' } : raw;
    if (!within(field.versions, version)) continue;
    const { type } = field;
    plan.push({
      name,
      type: ourType(type, version),
      nullable: within(type.nullable, version),
      tag: field.tag,
      default: field.default === undefined ? undefined : plain(field.default),
    });
  }
  return plan;
}
function ourType(type, version) {
  if (type.kind === 'array') return { array: ourType(type.item, version) };
  if (type.kind === 'struct') return { struct: ours(type.fields, version) };
  return type.kind;
}
function plain(value) {
  if (typeof value === 'bigint') return `${value}n`;
  if (Buffer.isBuffer(value)) return `bytes:${value.toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
}

// ---- comparison

const problems = new Map();
let compared = 0;
function problem(where, version, words) {
  const key = `${where}: ${words}`;
  problems.set(key, [...(problems.get(key) ?? []), version]);
}
const shape = (type) => (typeof type === 'string' ? type : type.array ? `[]${shape(type.array)}` : 'struct');
const structOf = (type) => (typeof type === 'string' ? undefined : (type.struct ?? structOf(type.array)));

function compare(where, version, our, their) {
  compared += their.length;
  const order = (plan) =>
    plan
      .filter((f) => f.tag === undefined)
      .map((f) => f.name)
      .join(' ');
  if (order(our) !== order(their)) problem(where, version, `has the fields "${order(our)}" for "${order(their)}"`);
  for (const field of our) {
    if (!their.some((f) => f.name === field.name))
      problem(`${where}.${field.name}`, version, 'is not a field of Kafka');
  }
  for (const field of their) {
    const mine = our.find((f) => f.name === field.name);
    const at = `${where}.${field.name}`;
    if (!mine) {
      problem(at, version, 'is missing');
      continue;
    }
    if (shape(mine.type) !== shape(field.type)) problem(at, version, `is ${shape(mine.type)} for ${shape(field.type)}`);
    if (mine.nullable !== field.nullable) problem(at, version, `nullable is ${mine.nullable} for ${field.nullable}`);
    if (mine.tag !== field.tag) problem(at, version, `tag is ${mine.tag} for ${field.tag}`);
    if (mine.default === undefined ? field.explicit : JSON.stringify(mine.default) !== JSON.stringify(field.default)) {
      problem(at, version, `default is ${JSON.stringify(mine.default)} for ${JSON.stringify(field.default)}`);
    }
    const [a, b] = [structOf(mine.type), structOf(field.type)];
    if (a && b) compare(at, version, a, b);
  }
}

function compareMessage(where, fields, json, [low, high]) {
  const common = commonOf(json);
  for (let version = low; version <= high; version++) {
    compare(where, version, ours(fields, version), theirs(json.fields, common, version));
  }
}
const flexibleFrom = (json, high) => {
  const from = bounds(json.flexibleVersions)[0];
  return json.flexibleVersions === 'none' || from > high ? Number.POSITIVE_INFINITY : from;
};

function compareApis(apis, clients) {
  const byKey = new Map(Object.values(apis).map((api) => [api.key, api]));
  for (const request of [...clients.values()].filter((j) => j.type === 'request').sort((a, b) => a.apiKey - b.apiKey)) {
    const { apiKey: key } = request;
    const name = request.name.replace(/Request$/, '');
    const response = clients.get(`${name}Response`);
    if (request.validVersions === 'none') {
      process.stdout.write(`left out: ${key} ${name}: Kafka ${VERSION} has no version of it\n`);
      continue;
    }
    const [low, last] = bounds(request.validVersions);
    const high = request.latestVersionUnstable ? last - 1 : last;
    if (high < last) process.stdout.write(`left out: ${key} ${name} v${last}: unstable, off by default in Kafka\n`);
    const api = byKey.get(key);
    byKey.delete(key);
    if (!api || LEFT_OUT.has(key)) {
      if (api) problem(name, '', 'is in the table and on the list of what is left out');
      else if (LEFT_OUT.has(key)) process.stdout.write(`left out: ${key} ${name}: ${LEFT_OUT.get(key)}\n`);
      else problem(name, '', `(${key}) is missing`);
      continue;
    }
    if (api.name !== name) problem(name, '', `is called ${api.name}`);
    if (`${api.versions}` !== `${[low, high]}`) problem(name, '', `has versions ${api.versions} for ${[low, high]}`);
    if (api.flexible !== flexibleFrom(request, high))
      problem(name, '', `is flexible from ${api.flexible} for ${flexibleFrom(request, high)}`);
    if (flexibleFrom(request, high) !== flexibleFrom(response, high))
      problem(name, '', 'has a request and a response that become flexible in different versions');
    compareMessage(`${name}Request`, api.request, request, [low, high]);
    compareMessage(`${name}Response`, api.response, response, [low, high]);
  }
  for (const api of byKey.values()) problem(api.name, '', `(${api.key}) is not an API of Kafka ${VERSION}`);
}

function compareRecords(libs, modules, clients) {
  for (const [file, [artifact, wanted, ...more]] of Object.entries(RECORDS)) {
    const wants = artifact ? definitions(libs, artifact, wanted) : new Map();
    for (const name of more) wants.set(name, clients.get(name));
    const mine = new Map(
      Object.values(modules[`messages/${file}`])
        .filter((m) => m?.fields)
        .map((m) => [m.name, m]),
    );
    for (const [name, json] of wants) {
      const message = mine.get(name);
      mine.delete(name);
      if (json.validVersions === 'none') continue;
      if (!message) {
        problem(name, '', `is missing from ${file}.ts`);
        continue;
      }
      const versions = bounds(json.validVersions);
      if (`${message.versions}` !== `${versions}`)
        problem(name, '', `has versions ${message.versions} for ${versions}`);
      if (message.key !== json.apiKey) problem(name, '', `has key ${message.key} for ${json.apiKey}`);
      if (message.flexible !== flexibleFrom(json, versions[1]))
        problem(name, '', `is flexible from ${message.flexible} for ${flexibleFrom(json, versions[1])}`);
      compareMessage(name, message.fields, json, versions);
    }
    for (const name of mine.keys()) problem(name, '', `of ${file}.ts is not a message of Kafka ${VERSION}`);
  }
}

/** Loads the table, bundled on the fly since Node 20 cannot import TypeScript. */
async function load() {
  const out = mkdtempSync(path.join(tmpdir(), 'check-protocol-'));
  const names = ['apis/index', ...Object.keys(RECORDS).map((name) => `messages/${name}`)];
  await build({
    entryPoints: names.map((name) => path.join(SOURCE, `${name}.ts`)),
    outdir: out,
    outbase: SOURCE,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  const modules = {};
  for (const name of names) modules[name] = await import(pathToFileURL(path.join(out, `${name}.mjs`)).href);
  rmSync(out, { recursive: true });
  return modules;
}

const libs = execFileSync(path.join(HERE, 'apache-kafka.sh'), ['libs'], {
  encoding: 'utf8',
  env: { ...process.env, APACHE_KAFKA_VERSION: VERSION },
}).trim();
const modules = await load();
const clients = definitions(libs, 'kafka-clients');
compareApis(modules['apis/index'], clients);
compareRecords(libs, modules, clients);
for (const [words, versions] of problems) {
  const list = versions.filter((v) => v !== '');
  process.stdout.write(`${words}${list.length > 0 ? ` (v${list.join(', v')})` : ''}\n`);
}
process.stdout.write(`${compared} fields compared, ${problems.size} differences\n`);
if (problems.size > 0) process.exitCode = 1;
