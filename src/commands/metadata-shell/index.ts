/** kafka-metadata-shell.sh: the metadata of a cluster as files. Mirrors shell/MetadataShell. */
import { parseArguments } from '../../cli/argparse/index.js';
import { EXIT } from '../../cli/errors.js';
import { type Command, write } from '../../cli/io.js';
import { runShell } from './interactive.js';
import { load } from './load.js';
import { parser } from './parsers.js';
import { Shell } from './shell.js';

export { parser };

export const command: Command = {
  interruptible: true,
  async run(argv, io) {
    const args = parseArguments(parser, argv, io);
    const words = args.texts('command');
    const root = await load(args.text('snapshot') as string);
    if (words.length > 0) {
      await write(io.stdout, new Shell(root, io, { interactive: false, width: undefined }).run(words) ?? '');
      return EXIT.ok;
    }
    io.stdout.write('Loading...\nStarting...\n');
    await runShell(root, io);
    return EXIT.ok;
  },
};
