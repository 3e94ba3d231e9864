/** Certificate names in Java's format: x500-names.json has DER and the result of X500Principal.getName (OpenJDK 17). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rfc2253 } from '../../../src/broker/security/x500-name.js';

const NAMES: [string, string][] = JSON.parse(readFileSync(path.join(import.meta.dirname, 'x500-names.json'), 'utf8'));

test('there are more than 100 recorded names', () => expect(NAMES.length).toBeGreaterThan(100));
test.each(NAMES)('%s', (hex, name) => expect(rfc2253(Buffer.from(hex, 'hex'))).toBe(name));
