/**
 * What somebody without rights, and somebody with one, is answered: the same frames at Apache Kafka and at the embedded
 * broker, every API that it serves, in every version that both take. The answers are the same but for what
 * authorization/differences.ts lists.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answers, answersOf, ranges } from './authorization/compare.js';
import { CONVERSATIONS } from './authorization/conversations.js';
import { DIFFERENCES, without } from './authorization/differences.js';
import { FRAMES } from './authorization/frames.js';
import { apacheKafka, embedded, type Peer, populate } from './authorization/peers.js';

/** authenticates the connection that every other frame is sent on */
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

test('every API that is served is asked', () => {
  const asked = new Set(FRAMES.map(({ api }) => api.key));
  expect(served.filter((key) => key !== AUTHENTICATION && !asked.has(key))).toEqual([]);
  expect(kafka.size).toBeGreaterThan(served.length);
});

const names = [...new Set(FRAMES.map(({ api }) => api.name))];
describe('the answers are those of Apache Kafka', () => {
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
