#!/usr/bin/env node
/** src/protocol/records/crc32c-fold.wat -> crc32c-fold.wasm.ts: the module as base64, so that it is part of the bundles. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const BASE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../src/protocol/records/crc32c-fold');

/** Generates the TypeScript file from the WAT file. */
export async function generated() {
  const { parseWat } = await wabt();
  const module = parseWat('crc32c-fold.wat', readFileSync(`${BASE}.wat`, 'utf8'), { simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  const text = Buffer.from(buffer).toString('base64');
  return [
    '/** Generated from crc32c-fold.wat by `npm run wasm`: do not edit. */',
    'export const CRC32C_FOLD =',
    `  '${text}';`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(`${BASE}.wasm.ts`, await generated());
