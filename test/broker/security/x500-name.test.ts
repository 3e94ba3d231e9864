/** Names of certificates, as Java prints them: x500-names.json holds DER and what X500Principal.getName made of it (OpenJDK 17). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rfc2253 } from '../../../src/broker/security/x500-name.js';

const NAMES: [string, string][] = JSON.parse(readFileSync(path.join(import.meta.dirname, 'x500-names.json'), 'utf8'));

test('there are names to compare', () => expect(NAMES.length).toBeGreaterThan(100));
test.each(NAMES)('%s', (hex, name) => expect(rfc2253(Buffer.from(hex, 'hex'))).toBe(name));
