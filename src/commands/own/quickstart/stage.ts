/** Runs child processes and waits for their output. Every wait is bounded, and no child outlives us. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { CommandError } from '../../../cli/errors.js';
import type { Io } from '../../../cli/io.js';
import type { Paint } from '../../../cli/ui.js';
import { self } from '../../shared/self.js';

const PATIENCE_MS = 20_000;

/** A command line, quoted for a shell. */
const quoted = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');

const same = (text: string): string => text;
const PLAIN: Paint = { heading: same, typed: same, speaker: same, good: same };

export class Stage {
  readonly #children = new Set<Actor>();
  private constructor(
    readonly io: Io,
    readonly paint: Paint,
  ) {}

  static async open(io: Io): Promise<Stage> {
    return new Stage(io, io.isTTY.stdout ? (await import('../../../cli/ui.js')).paint(io.env) : PLAIN);
  }

  say(text: string): void {
    this.io.stdout.write(`\n${this.paint.heading(text)}\n`);
  }
  /** Shows a command line as typed at a prompt. */
  command(line: string): void {
    this.io.stdout.write(`$ ${this.paint.typed(line)}\n`);
  }
  /** Shows a line that a command printed, prefixed with `speaker` if several commands run at once. */
  show(line: string, speaker = ''): void {
    const who = speaker === '' ? '' : `${this.paint.speaker(`${speaker} |`)} `;
    this.io.stdout.write(`${who}${line}\n`);
  }
  done(text: string): void {
    this.io.stdout.write(`\n${this.paint.good(text)}\n`);
  }
  expect(done: boolean, what: string): void {
    if (!done) throw new CommandError(`quickstart failed: expected: ${what}`);
  }

  /** Starts a command. `speaker`: the prefix of its lines if it runs alongside others. */
  spawn(command: string, args: readonly string[], speaker = ''): Actor {
    this.command(`ts-kafka ${quoted([command, ...args])}`);
    const actor = new Actor(this, command, args, speaker);
    this.#children.add(actor);
    return actor;
  }

  /** Runs a command to its end and returns its output. */
  async run(command: string, args: readonly string[]): Promise<string> {
    const actor = this.spawn(command, args);
    const code = await actor.end();
    this.expect(code === 0, `\`${command}\` ends with exit code 0, not ${code}`);
    return actor.printed;
  }

  async clear(): Promise<void> {
    await Promise.all([...this.#children].map((actor) => actor.stop('SIGKILL').catch(() => {})));
  }
}

export class Actor {
  readonly #child: ChildProcess;
  readonly #stage: Stage;
  readonly #command: string;
  readonly #closed: Promise<number>;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(stage: Stage, command: string, args: readonly string[], speaker: string) {
    this.#stage = stage;
    this.#command = command;
    this.#child = spawn(...self(command, ...args), { env: stage.io.env as NodeJS.ProcessEnv });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream as NodeJS.ReadableStream }).on('line', (line) => {
        this.#lines.push(line);
        stage.show(line, speaker);
        for (const listener of this.#listeners) listener();
      });
    }
    this.#child.stdin?.on('error', () => {});
    this.#closed = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        resolve(code ?? (signal === 'SIGTERM' ? 143 : signal === 'SIGINT' ? 130 : 137));
        for (const listener of this.#listeners) listener();
      });
    });
    this.#closed.catch(() => {});
  }

  get printed(): string {
    return this.#lines.join('\n');
  }
  get #gone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Writes a line to its stdin, and shows it as a terminal would. */
  type(line: string): void {
    this.#stage.show(`>${this.#stage.paint.typed(line)}`);
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Resolves to the first line of its output, past or future, that passes `test`. */
  line(test: (line: string) => boolean, what: string): Promise<string> {
    return this.#bounded(
      new Promise((resolve, reject) => {
        const look = () => {
          const found = this.#lines.find(test);
          if (found === undefined && !this.#gone) return;
          this.#listeners.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new CommandError(`quickstart failed: \`${this.#command}\` ended while waiting for ${what}`));
        };
        this.#listeners.add(look);
        look();
      }),
      what,
    );
  }

  /** Closes its stdin. Resolves to the exit code once all of its output has been read. */
  end(): Promise<number> {
    this.#child.stdin?.end();
    return this.#bounded(this.#closed, `\`${this.#command}\` to end`);
  }

  stop(signal: NodeJS.Signals): Promise<number> {
    if (!this.#gone) this.#child.kill(signal);
    return this.#bounded(this.#closed, `\`${this.#command}\` to stop`);
  }

  #bounded<T>(wait: Promise<T>, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#stage.io;
      const fail = (why: string) => () => reject(new CommandError(`quickstart failed: ${why} ${what}`));
      const late = setTimeout(fail(`gave up after ${PATIENCE_MS / 1000} s of waiting for`), PATIENCE_MS);
      const stopped = fail('stopped while waiting for');
      signal.addEventListener('abort', stopped, { once: true });
      wait.then(resolve, reject).finally(() => {
        clearTimeout(late);
        signal.removeEventListener('abort', stopped);
      });
    });
  }
}
