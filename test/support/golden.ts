import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, type ExpectStatic, test } from 'vitest';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { expected, parse, play } from '../../scripts/lib/transcript.mjs';
import { ROOT, startBroker } from './process.js';

const FOLDER = path.join(ROOT, 'test/golden');
const KAFKA = path.join(ROOT, 'scripts/apache-kafka.sh');
const run = promisify(execFile);
/** Timeout, ms: a transcript of the Java tools starts about thirty JVMs. */
const LIMIT = 600_000;

interface Peer {
  readonly bootstrap: string;
  remove(): Promise<void>;
}

/** A fresh Apache Kafka broker of a version. */
export async function startApacheKafka(version: string): Promise<Peer> {
  const dir = mkdtempSync(path.join(tmpdir(), 'apache-kafka-'));
  const port = await freePort();
  const env = { ...process.env, APACHE_KAFKA_VERSION: version };
  await run(KAFKA, ['up', `${port}`, dir], { env });
  const remove = async (): Promise<void> => {
    await run(KAFKA, ['down', dir], { env });
    rmSync(dir, { recursive: true, force: true });
  };
  return { bootstrap: `localhost:${port}`, remove };
}

export interface Pairing {
  readonly tools: 'ts' | 'java';
  /** 'embedded', or a version of Apache Kafka */
  readonly broker: string;
  /** of the Java tools; default 4.4.0 */
  readonly version?: string;
  /** which transcripts to run; default: all */
  readonly only?: RegExp;
}

/** Runs the transcripts of test/golden with one combination of tools and broker. */
export function goldenSuite({ tools, broker, version, only = /./ }: Pairing): void {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt') && only.test(name));
  // the exercise lists all topics and groups, so it runs first on a shared broker
  names.sort((a, b) => Number(b === 'exercise.txt') - Number(a === 'exercise.txt'));
  // the embedded broker says what 4.4.0's says
  const versions = `${version ?? '4.4.0'} ${broker === 'embedded' ? '4.4.0' : broker}`;
  const check = async (name: string, bootstrap: string, { expect }: { expect: ExpectStatic }): Promise<void> => {
    const transcript = parse(readFileSync(path.join(FOLDER, name), 'utf8'));
    const outcomes = await play(transcript, { tools, bootstrap, ...(version && { version }) });
    expect(outcomes.length).toBeGreaterThan(0);
    for (const { step, seen } of outcomes)
      expect.soft(seen, `${name}: ${step.line || step.name}`).toEqual(expected(step, versions));
  };
  const title = `${tools === 'ts' ? 'ts-kafka' : `Java tools ${version ?? '4.4.0'}`} x ${broker} broker`;

  // our broker starts fast enough for each transcript to get its own
  if (broker === 'embedded') {
    describe(title, () => {
      test.concurrent.for(names)('%s', { timeout: LIMIT }, async (name, context) => {
        const own = await startBroker();
        await check(name, own.bootstrap, context).finally(() => own.remove());
      });
    });
    return;
  }
  describe(title, () => {
    let peer: Peer;
    beforeAll(async () => {
      peer = await startApacheKafka(broker);
    }, LIMIT);
    afterAll(() => peer?.remove(), LIMIT);
    test.for(names)('%s', { timeout: LIMIT }, (name, context) => check(name, peer.bootstrap, context));
  });
}
