/**
 * Responses to users without permissions and with a single one: sends the same frames to Apache Kafka and to the embedded
 * broker, for every API that ours serves and every version that both support. Responses must be equal, except for the
 * differences listed in authorization/differences.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answers, answersOf, ranges } from './authorization/compare.js';
import { CONVERSATIONS } from './authorization/conversations.js';
import { DIFFERENCES, without } from './authorization/differences.js';
import { FRAMES } from './authorization/frames.js';
import { apacheKafka, embedded, type Peer, populate } from './authorization/peers.js';

/** authenticates the connection for all other frames */
const AUTHENTICATION = 36;

let peers: readonly Peer[] = [];
let kafka: Answers;
let ours: Answers;
let served: readonly number[];
beforeAll(async () => {
  const [apache, own] = [await apacheKafka(), await embedded()];
  peers = [apache, own];
  const [theirRanges, ourRanges] = [await ranges(apache), await ranges(own)];
  served = [...ourRanges.keys()];
  kafka = await answersOf(apache, await populate(apache), ourRanges, theirRanges);
  ours = await answersOf(own, await populate(own), ourRanges, theirRanges);
}, 300_000);
afterAll(() => Promise.all(peers.map((peer) => peer.stop())));

test('every served API is tested', () => {
  const asked = new Set(FRAMES.map(({ api }) => api.key));
  expect(served.filter((key) => key !== AUTHENTICATION && !asked.has(key))).toEqual([]);
  expect(kafka.size).toBeGreaterThan(served.length);
});

const names = [...new Set(FRAMES.map(({ api }) => api.name))];
describe('responses equal those of Apache Kafka', () => {
  test.each(names)('%s', (name) => {
    const keys = [...kafka.keys()].filter((key) => key.includes(` · ${name} v`));
    const all = (answers: Answers) => Object.fromEntries(keys.map((key) => [key, without(key, answers.get(key))]));
    expect(keys.length).toBeGreaterThan(0);
    expect(all(ours)).toEqual(all(kafka));
  });

  test.each(CONVERSATIONS.map(({ user, label }) => `${user} · ${label}`))('%s', (key) => {
    expect(without(key, ours.get(key))).toEqual(without(key, kafka.get(key)));
  });
});

test.each(DIFFERENCES.map((one) => [one.reason, one] as const))('it still differs that %s', (_reason, { of }) => {
  const keys = [...kafka.keys()].filter((key) => of.test(key));
  expect(keys.some((key) => JSON.stringify(kafka.get(key)) !== JSON.stringify(ours.get(key)))).toBe(true);
});
