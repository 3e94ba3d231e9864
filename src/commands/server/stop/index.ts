/** kafka-server-stop.sh: stops this user's ts-kafka servers and waits until they have exited. Does not touch a Java Kafka. */
import { resolve } from 'node:path';
import { CommandError, UsageError } from '../../../cli/errors.js';
import type { Command } from '../../../cli/io.js';
import { loadConfig } from '../../shared/server-config.js';
import { isAlive, type Running, running } from '../registry.js';

const USAGE = `USAGE: kafka-server-stop [--process-role=value] [--node-id=value] [server.properties | LOG_DIR]
Without arguments, stops every server of this user.
`;
const PATIENCE_MS = 10_000;

export const command: Command = {
  async run(argv, io) {
    const chosen = running(io.env).filter(selector(argv));
    if (chosen.length === 0) throw new CommandError('No kafka server to stop', { stdout: 'No kafka server to stop\n' });
    for (const { pid } of chosen) {
      try {
        process.kill(pid, 'SIGTERM');
      } catch (error) {
        if (isAlive(pid)) throw new CommandError(`cannot stop process ${pid}: ${(error as Error).message}`);
      }
    }
    const until = Date.now() + PATIENCE_MS;
    while (chosen.some(({ pid }) => isAlive(pid))) {
      if (Date.now() > until || io.signal.aborted) {
        const left = chosen.filter(({ pid }) => isAlive(pid)).map(({ pid }) => pid);
        throw new CommandError(`servers still running: ${left.join(', ')}`);
      }
      await new Promise((done) => setTimeout(done, 20));
    }
    return 0;
  },
};

function selector(argv: readonly string[]): (server: Running) => boolean {
  const tests: ((server: Running) => boolean)[] = [];
  for (const word of argv) {
    const [, name, value = ''] = /^--(node-id|process-role)=(.*)$/.exec(word) ?? [];
    if (name === 'node-id') tests.push((server) => server.nodeId === Number(value));
    else if (name === 'process-role') tests.push(() => ['broker', 'controller'].includes(value));
    else if (word === '--help' || word === '-h') throw new CommandError('help', { stdout: USAGE, code: 0 });
    else if (word.startsWith('-')) throw new UsageError(`Unknown argument: ${word}`, USAGE);
    else {
      const dir = resolve(word.endsWith('.properties') ? loadConfig(word).logDir : word);
      tests.push((server) => resolve(server.logDir) === dir);
    }
  }
  return (server) => tests.every((test) => test(server));
}
