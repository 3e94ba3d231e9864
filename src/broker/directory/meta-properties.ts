/** `meta.properties`: the cluster and node a directory belongs to. Mirrors MetaProperties, version 1. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The content of meta.properties. */
export interface MetaProperties {
  readonly version: number;
  readonly clusterId: string;
  readonly nodeId: number;
  /** 22 base64url characters; undefined in a directory from before Kafka 3.7 */
  readonly directoryId: string | undefined;
}

export const META_PROPERTIES = 'meta.properties';

/**
 * Undefined if the file does not exist, that is, if the directory is not formatted. Throws if a required property is
 * missing.
 */
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
  if (version !== 0 && version !== 1)
    throw new Error(`${file} has version ${version}, and the latest supported one is 1`);
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

/** Escapes a value like java.util.Properties.store. */
const escaped = (value: string): string =>
  value.replace(/^ |[\\=:#!]/g, '\\$&').replace(/[^\x20-\x7e]/g, (char) => {
    const letter = Object.keys(LETTERS).find((key) => LETTERS[key] === char);
    return `\\${letter ?? `u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`}`;
  });

/** Writes the file atomically. */
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

/** Replaces a file atomically: writes a temporary file next to it, syncs it, and renames it. */
export function writeWhole(file: string, content: string | Buffer): void {
  const temporary = `${file}.tmp`;
  // remove a leftover temporary file rather than writing through it, as it may be a symbolic link
  rmSync(temporary, { force: true });
  const fd = openSync(temporary, 'wx', 0o644);
  try {
    const bytes = Buffer.from(content as string);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, file);
}

/** Syncs a directory, which makes new names in it durable. Not possible, and not needed, on Windows. */
export function syncDir(dir: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
