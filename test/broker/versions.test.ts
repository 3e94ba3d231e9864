/** Every API version in the ApiVersions response is answered; all others are handled as by Kafka. Cases come from the protocol table. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handlers } from '../../src/broker/handlers/index.js';
import { type Server, startServer } from '../../src/broker/index.js';
import { produce } from '../../src/protocol/apis/00-produce.js';
import { apiVersions } from '../../src/protocol/apis/18-api-versions.js';
import { Reader } from '../../src/protocol/wire/buffer.js';
import { decodeResponse } from '../../src/protocol/wire/frame.js';
import { type Fill, random, sample } from '../protocol/samples.js';
import { Wire } from './wire.js';

const said: string[] = [];
let server: Server;
beforeAll(async () => {
  server = await startServer({ log: (line) => said.push(line) });
});
afterAll(() => server.stop());

const CLIENT = { clientSoftwareName: 'wire', clientSoftwareVersion: '1.0' };
const API_VERSIONS = 18;
const MAX_KEY = 95;

/** Builds a request header by hand, for versions that our encoder rejects. */
function header(key: number, version: number): Buffer {
  const frame = Buffer.alloc(4 + 8 + 2 + 8);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt16BE(key, 4);
  frame.writeInt16BE(version, 6);
  frame.writeInt32BE(7, 8);
  frame.writeInt16BE(-1, 12);
  return frame;
}

describe('every advertised (API, version)', () => {
  for (const fill of ['empty', 'nulls', 'full'] satisfies Fill[]) {
    test(`is answered decodably: ${fill}`, async () => {
      const r = random(4711);
      for (const { api, versions = api.versions } of handlers) {
        for (let version = versions[0]; version <= versions[1]; version++) {
          const wire = await Wire.open(server.port);
          const body = sample(api.request, version, fill, r);
          if (api === produce) body.acks = 1;
          const answer = await wire.ask(api, version, body);
          expect(answer, `${api.name} v${version}`).not.toBeNull();
          wire.close();
        }
      }
      expect(said).toEqual([]);
    });
  }
});

test('ApiVersions returns exactly the versions that are served, with Produce from 0 on', async () => {
  const wire = await Wire.open(server.port);
  const { apiKeys } = await wire.ask(apiVersions, 4, CLIENT);
  const served = handlers.map(({ api, versions = api.versions }) => [
    api.key,
    api === produce ? 0 : versions[0],
    versions[1],
  ]);
  expect(apiKeys.map((k: any) => [k.apiKey, k.minVersion, k.maxVersion])).toEqual(
    served.sort((a, b) => (a[0] as number) - (b[0] as number)),
  );
  wire.close();
});

test('ApiVersions in a newer version is answered in version 0, with error 35 and the supported range', async () => {
  const wire = await Wire.open(server.port);
  wire.send(header(API_VERSIONS, 99));
  const reader = new Reader((await wire.frame()) as Buffer);
  expect(reader.int32()).toBe(7);
  expect(decodeResponse(apiVersions, 0, reader)).toMatchObject({
    errorCode: 35,
    apiKeys: [{ apiKey: API_VERSIONS, minVersion: 0, maxVersion: 4 }],
  });
  expect(reader.remaining).toBe(0);
  expect(await wire.ask(apiVersions, 0, {})).toMatchObject({ errorCode: 0 });
  wire.close();
});

test('any other API key or version closes the connection', async () => {
  const served = new Map(handlers.map(({ api, versions = api.versions }) => [api.key, versions]));
  const closes: Promise<void>[] = [];
  for (let key = -1; key <= MAX_KEY; key++) {
    const range = served.get(key);
    const versions = range ? [-1, range[0] - 1, range[1] + 1] : [0];
    for (const version of versions) {
      if (key === API_VERSIONS) continue;
      closes.push(
        Wire.open(server.port).then(async (wire) => {
          wire.send(header(key, version));
          expect(await wire.frame(), `key ${key} version ${version}`).toBeNull();
        }),
      );
    }
  }
  await Promise.all(closes);
});
