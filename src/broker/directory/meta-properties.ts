/** `meta.properties`: whose directory it is. Mirrors MetaProperties, version 1. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface MetaProperties {
  readonly version: number;
  readonly clusterId: string;
  readonly nodeId: number;
  /** 22 characters of base64url; undefined in a directory of before Kafka 3.7 */
  readonly directoryId: string | undefined;
}

export const META_PROPERTIES = 'meta.properties';

/** Undefined where there is none: the directory is not formatted. Throws where it says too little. */
export function readMetaProperties(dir: string): MetaProperties | undefined {
  const file = join(dir, META_PROPERTIES);
  if (!existsSync(file)) return undefined;
  const found = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0 && !line.startsWith('#')) found.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  const required = (name: string, inJava: string): string => {
    const value = found.get(name);
    if (value === undefined) throw new Error(`${inJava} was not found in ${file}`);
    return unescaped(value);
  };
  const version = Number(required('version', 'version'));
  if (version !== 0 && version !== 1) throw new Error(`${file} has version ${version}, and 1 is the newest known here`);
  return {
    version,
    clusterId: required('cluster.id', 'cluster.id'),
    nodeId: Number(found.get('node.id') ?? required('broker.id', 'node.id')),
    directoryId: found.get('directory.id'),
  };
}

const LETTERS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const unescaped = (value: string): string =>
  value.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, char: string) =>
    code === undefined ? (LETTERS[char] ?? char) : String.fromCharCode(Number.parseInt(code, 16)),
  );

/** As java.util.Properties stores a value. */
const escaped = (value: string): string =>
  value.replace(/^ |[\\=:#!]/g, '\\$&').replace(/[^\x20-\x7e]/g, (char) => {
    const letter = Object.keys(LETTERS).find((key) => LETTERS[key] === char);
    return `\\${letter ?? `u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`}`;
  });

/** Whole or not at all: written beside, synced, renamed. */
export function writeMetaProperties(dir: string, meta: MetaProperties): void {
  const lines = [
    `cluster.id=${escaped(meta.clusterId)}`,
    `directory.id=${meta.directoryId}`,
    `node.id=${meta.nodeId}`,
    'version=1',
  ];
  writeWhole(join(dir, META_PROPERTIES), `${lines.join('\n')}\n`);
  syncDir(dir);
}

export function writeWhole(file: string, content: string | Buffer): void {
  const beside = `${file}.tmp`;
  // what stands there is removed, and not written through
  rmSync(beside, { force: true });
  const fd = openSync(beside, 'wx', 0o644);
  try {
    const bytes = Buffer.from(content as string);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(beside, file);
}

/** Makes a new name in a directory last. Windows cannot, and need not. */
export function syncDir(dir: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
