/** Sends every frame, as every user, in every version, and records the responses. */
import * as of from '../../../src/protocol/apis/index.js';
import type { Wire } from '../../broker/wire.js';
import { CONVERSATIONS } from './conversations.js';
import { FRAMES, type Frame } from './frames.js';
import { connection, type Peer } from './peers.js';
import { comparable, USERS, type World } from './world.js';

/** keyed by "user · Api v3 label" */
export type Answers = Map<string, unknown>;
type Ranges = ReadonlyMap<number, readonly [number, number]>;

/** The API versions of a broker, by API key. */
export async function ranges(peer: Peer): Promise<Ranges> {
  const wire = await connection(peer);
  const { apiKeys } = await wire.ask(of.apiVersions, 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' });
  wire.close();
  return new Map(
    apiKeys.map((k: { apiKey: number; minVersion: number; maxVersion: number }) => [
      k.apiKey,
      [k.minVersion, k.maxVersion],
    ]),
  );
}

/** The versions of a frame that both brokers support. */
export function versionsOf(frame: Frame, ours: Ranges, theirs: Ranges): number[] {
  const all = [ours.get(frame.api.key), theirs.get(frame.api.key), frame.api.versions, frame.versions ?? [0, 99]];
  const low = Math.max(...all.map((range) => range?.[0] ?? 99));
  const high = Math.min(...all.map((range) => range?.[1] ?? -1));
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
}

export async function answersOf(peer: Peer, world: World, ours: Ranges, theirs: Ranges): Promise<Answers> {
  const answers: Answers = new Map();
  for (const { name } of USERS) {
    let wire: Wire | undefined;
    for (const frame of FRAMES) {
      for (const version of versionsOf(frame, ours, theirs)) {
        if (!wire || wire.closed) wire = await connection(peer, name);
        const answer = await wire.ask(frame.api, version, frame.body(world), 10_000);
        answers.set(`${name} · ${frame.api.name} v${version} ${frame.label}`, comparable(answer, world));
      }
    }
    wire?.close();
  }
  for (const { label, user, hold } of CONVERSATIONS) {
    const wire = await connection(peer, user);
    answers.set(`${user} · ${label}`, comparable(await hold(wire, world), world));
    wire.close();
  }
  return answers;
}
