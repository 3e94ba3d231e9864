/** The parts of node-forge that key stores need, loaded when one is read: 20 ms, the whole of it takes three times that. */
import { createRequire } from 'node:module';
import type forge from 'node-forge';

interface Parts {
  readonly asn1: Pick<typeof forge.asn1, 'derToOid' | 'toDer'> & {
    fromDer(bytes: string, options: { decodeBitStrings: boolean }): forge.asn1.Asn1;
  };
  readonly md: typeof forge.md;
  readonly rc2: typeof forge.rc2;
  readonly util: typeof forge.util;
  /** its types know this function under its other name */
  readonly pbe: { readonly generatePkcs12Key: typeof forge.pkcs12.generateKey };
}

const require = createRequire(import.meta.url);
let loaded: Parts | undefined;

export function forgeParts(): Parts {
  if (loaded) return loaded;
  require('node-forge/lib/pbe.js');
  require('node-forge/lib/sha512.js');
  loaded = require('node-forge/lib/forge.js') as Parts;
  return loaded;
}
