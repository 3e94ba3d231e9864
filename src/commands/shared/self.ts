/** This very program once more, as a child process. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Whatever name it was started by, `ts-kafka` lies beside that script. */
export const self = (...words: readonly string[]): [file: string, args: string[]] => [
  process.execPath,
  [join(dirname(realpathSync(process.argv[1] as string)), 'ts-kafka.js'), ...words],
];
