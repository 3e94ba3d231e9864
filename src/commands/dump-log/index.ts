/** kafka-dump-log.sh: prints log segments, indexes, producer snapshots and KRaft snapshots. Mirrors tools/DumpLogSegments. */
import path from 'node:path';
import { EXIT, FlagError } from '../../cli/errors.js';
import { type Command, type Io, write, writeLines } from '../../cli/io.js';
import { JavaError } from '../../java/exceptions.js';
import { snapshotFault } from '../../log/producer-snapshot.js';
import { readWhole } from '../shared/file-failure.js';
import { uncaughtClass } from '../shared/uncaught.js';
import { classDecoder, DECODERS, type Decoder } from './decoders.js';
import { Findings } from './findings.js';
import { type DumpOptions, flags } from './flags.js';
import { dumpIndex, dumpTimeIndex } from './index-dump.js';
import { dumpLog } from './log-dump.js';
import { dumpAborted, dumpProducers } from './state-dump.js';

export { flags };

const PIECE = 1 << 16;

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const options = flags.parse(argv);
    options.required('files');
    const findings = new Findings();
    try {
      for (const file of filesOf(options)) {
        if (!(await print(io, dump(file, options, findings, io)))) return EXIT.ok;
      }
    } catch (error) {
      if (error instanceof JavaError || error instanceof FlagError)
        throw uncaughtClass(error.javaClass, error.message || undefined);
      throw error;
    }
    await writeLines(io.stderr, findings.lines());
    return EXIT.ok;
  },
};

/** The names of --files, as String.split and java.io.File normalize them: no trailing empty names, no double slashes. */
function filesOf(options: DumpOptions): string[] {
  const names = (options.value('files') as string).split(',');
  while (names.length > 1 && names.at(-1) === '') names.pop();
  if (names.length === 1 && options.value('files') !== '' && names[0] === '') return [];
  return names.map((name) => name.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'));
}

/** Resolves to false when stdout has been closed. Flushes earlier output before an error is thrown. */
async function print(io: Io, pieces: Generator<string>): Promise<boolean> {
  let text = '';
  try {
    for (const piece of pieces) {
      text += piece;
      if (text.length < PIECE) continue;
      const ready = text;
      text = '';
      if (!(await write(io.stdout, ready))) return false;
    }
  } catch (error) {
    await write(io.stdout, text);
    throw error;
  }
  return text === '' || write(io.stdout, text);
}

function* dump(file: string, options: DumpOptions, findings: Findings, io: Io): Generator<string> {
  yield `Dumping ${file}\n`;
  const name = path.basename(file);
  switch (name.slice(Math.max(0, name.lastIndexOf('.')))) {
    case '.log':
    case '.checkpoint':
      return yield* dumpLog(file, logOptions(options, findings));
    case '.index':
      return yield* dumpIndex(file, indexOptions(options, findings));
    case '.timeindex':
      return yield* dumpTimeIndex(file, indexOptions(options, findings));
    case '.txnindex':
      return yield* dumpAborted(file);
    case '.snapshot': {
      const buf = readWhole(file);
      const fault = snapshotFault(buf);
      if (fault === undefined) return yield* dumpProducers(buf);
      io.stderr.write(`${fault}\n`);
      return;
    }
    default:
      io.stderr.write(`Ignoring unknown file ${file}\n`);
  }
}

const indexOptions = (options: DumpOptions, findings: Findings) => ({
  sanityOnly: options.has('index-sanity-check'),
  verifyOnly: options.has('verify-index-only'),
  maxMessageSize: options.value('max-message-size') as number,
  findings,
});

const DECODER_FLAGS = [
  ['offsets-decoder', 'offsets'],
  ['transaction-log-decoder', 'transactions'],
  ['cluster-metadata-decoder', 'metadata'],
  ['remote-log-metadata-decoder', 'remote'],
  ['share-group-state-decoder', 'shareState'],
] as const;

function logOptions(options: DumpOptions, findings: Findings) {
  const decoder = decoderOf(options);
  const prints =
    options.has('print-data-log') ||
    options.has('value-decoder-class') ||
    options.has('key-decoder-class') ||
    DECODER_FLAGS.some(([name]) => options.has(name));
  return {
    deep: prints || options.has('deep-iteration'),
    decoder: prints ? decoder : undefined,
    skipRecordMetadata: options.has('skip-record-metadata'),
    maxBytes: options.value('max-bytes') as number,
    findings,
  };
}

function decoderOf(options: DumpOptions): Decoder {
  const chosen = DECODER_FLAGS.find(([name]) => options.has(name));
  if (chosen) return DECODERS[chosen[1]]();
  return classDecoder(options.value('key-decoder-class'), options.value('value-decoder-class'));
}
