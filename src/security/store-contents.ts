import type { KeyObject } from 'node:crypto';

export interface StoreContents {
  /** DER */
  readonly certificates: readonly Buffer[];
  readonly keys: readonly KeyObject[];
}
