/** What the two console consumers have in common: what is wrong before they run, and one run, from its start to its clean end. */
import { type CommandError, EXIT, FlagError } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import type { Cluster } from '../../client/cluster/types.js';
import { JavaError } from '../../java/exceptions.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { Output } from '../shared/output.js';
import { progress } from '../shared/progress.js';
import { uncaughtClass } from '../shared/uncaught.js';
import { buildFormatter, type FormatterFlags } from './formatters/build-formatter.js';
import type { Formatter } from './formatters/formatter.js';

/** what a signal leaves for the last commit or acknowledgement when the broker does not answer, ms */
const SIGNAL_LIMIT = 5000;

/** Settings and formatter. Java does not catch what is wrong with an option's value here, and shows its class. */
export async function prepareConsole<T>(
  options: FormatterFlags,
  io: Io,
  settingsOf: (say: (line: string) => void) => T,
): Promise<{ settings: T; formatter: Formatter }> {
  try {
    // where there is nothing but JSON on stdout, what is deprecated is named on stderr
    const said = options.has('output') ? io.stderr : io.stdout;
    const settings = settingsOf((line) => said.write(line));
    const formatter = await buildFormatter(options, io).catch((error: unknown) => {
      throw error instanceof FlagError ? options.usage(error.message) : error;
    });
    return { settings, formatter };
  } catch (error) {
    if (!(error instanceof FlagError || error instanceof JavaError)) throw error;
    throw uncaughtClass(error.javaClass, error.message);
  }
}

interface ConsoleRun {
  readonly consumer: { readonly cluster: Cluster; close(limitMs?: number): Promise<void> };
  /** reads and prints until it is enough, or the signal */
  read(out: Output, signal: AbortSignal): Promise<void>;
  /** how the command ends when there could be no consumer */
  failed(error: unknown): CommandError;
  /** says what ended the reading; the exit code */
  codeOf(failure: unknown): number;
  readonly systestEvents: boolean;
  /** what was printed does not come again */
  readonly commits: boolean;
}

/** Reads until the end, a signal or a closed stdout; then closes the consumer and says how many messages there were. */
export async function consoleRun(io: Io, run: ConsoleRun): Promise<number> {
  const { stdout, stderr, signal } = io;
  const out = new Output(stdout, signal, run.commits);
  let failure: unknown;
  const stop = out.toFile ? progress(io, () => `${out.count} messages written`) : () => {};
  try {
    await run.read(out, AbortSignal.any([signal, out.gone]));
  } catch (error) {
    failure = error;
  }
  await out.settled();
  stop();
  if (out.closed) stderr.write('Unable to write to standard out, closing consumer.\n');
  await run.consumer.close(signal.aborted ? SIGNAL_LIMIT : undefined);
  await run.consumer.cluster.close();
  // Java looks the brokers' names up before there is a consumer
  if (failure instanceof ClientCreationError) throw run.failed(failure);
  stderr.write(`Processed a total of ${out.count} messages\n`);
  let code = failure === undefined ? 0 : run.codeOf(failure);
  if (out.failure) {
    stderr.write(`ts-kafka: the output cannot be written: ${out.failure.message}\n`);
    code = EXIT.failure;
  }
  if (run.systestEvents) stdout.write('shutdown_complete\n');
  return code;
}
