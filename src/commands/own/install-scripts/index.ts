/** `ts-kafka install-scripts DIR`: DIR/bin with Kafka's script names, for programs that call `$KAFKA_HOME/bin/kafka-topics.sh`. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command as Commander } from 'commander';
import { CommandError } from '../../../cli/errors.js';
import type { Command, Io } from '../../../cli/io.js';
import { replaceFile } from '../../../cli/own-files.js';
import { scriptNames } from '../../index.js';
import { leftOutNames } from '../left-out/index.js';
import { runTree } from '../tree.js';

const MARK = '# made by ts-kafka install-scripts';

export const command: Command = {
  interruptible: true,
  run(argv: readonly string[], io: Io): Promise<number> {
    const tree = new Commander('ts-kafka install-scripts')
      .description(
        "Create Kafka's script names in DIR/bin, so that programs that call $KAFKA_HOME/bin/… run unchanged.",
      )
      .argument('<dir>', 'the directory to use as KAFKA_HOME')
      .option('--force', 'replace scripts that were not created by install-scripts');
    return runTree(tree, argv, io, async ({ force }, [dir]) => install(resolve(dir!), force === true, io));
  },
};

/** The directory with one file per script, next to the bundles. */
function ownBin(): string {
  const bin = fileURLToPath(new URL('../bin', import.meta.url));
  if (existsSync(join(bin, 'ts-kafka.js'))) return bin;
  throw new CommandError(`${bin} has no ts-kafka.js: run install-scripts from an installed or built ts-kafka-cli`);
}

async function install(dir: string, force: boolean, io: Io): Promise<void> {
  const own = ownBin();
  const bin = join(dir, 'bin');
  const names = [...scriptNames().map((name) => `kafka-${name}`), ...leftOutNames];
  const files = names.flatMap((name) => [`${name}.sh`, name].map((file) => ({ name, file })));
  const foreign = files.map(({ file }) => join(bin, file)).filter((path) => !force && isForeign(path));
  if (foreign.length > 0)
    throw new CommandError(
      `${foreign[0]} was not created by install-scripts; nothing was changed: choose another DIR, or add --force`,
    );
  mkdirSync(bin, { recursive: true });
  for (const { name, file } of files) replaceFile(join(bin, file), script(join(own, `${name}.js`)), 0o755);
  io.stdout.write(`${files.length} scripts in ${bin}\nexport KAFKA_HOME=${quoted(dir)} PATH=${quoted(bin)}:"$PATH"\n`);
}

function isForeign(path: string): boolean {
  return existsSync(path) && !readFileSync(path, 'utf8').includes(MARK);
}

/** Runs with the Node that installed the script, or the one in PATH if that no longer exists. */
function script(target: string): string {
  const node = quoted(process.execPath);
  return `#!/bin/sh\n${MARK}\n[ -x ${node} ] && exec ${node} ${quoted(target)} "$@"\nexec node ${quoted(target)} "$@"\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
