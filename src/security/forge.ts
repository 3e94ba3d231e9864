/** The modules of node-forge that key stores need, loaded on first use: 20 ms, all of node-forge would take 60. */
import { createRequire } from 'node:module';
import type forge from 'node-forge';

interface Parts {
  readonly asn1: Pick<typeof forge.asn1, 'derToOid' | 'toDer'> & {
    fromDer(bytes: string, options: { decodeBitStrings: boolean }): forge.asn1.Asn1;
  };
  readonly md: typeof forge.md;
  readonly rc2: typeof forge.rc2;
  readonly util: typeof forge.util;
  /** @types/node-forge has this function under a different name only */
  readonly pbe: { readonly generatePkcs12Key: typeof forge.pkcs12.generateKey };
}

const require = createRequire(import.meta.url);
let loaded: Parts | undefined;

/** The modules, loaded on the first call. */
export function forgeParts(): Parts {
  if (loaded) return loaded;
  require('node-forge/lib/pbe.js');
  require('node-forge/lib/sha512.js');
  loaded = require('node-forge/lib/forge.js') as Parts;
  return loaded;
}
