/** The command line that runs this program again as a child process. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Whatever script name we were started by, `ts-kafka.js` is in the same directory. */
export const self = (...words: readonly string[]): [file: string, args: string[]] => [
  process.execPath,
  [join(dirname(realpathSync(process.argv[1] as string)), 'ts-kafka.js'), ...words],
];
