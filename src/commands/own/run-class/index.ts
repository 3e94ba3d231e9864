/** kafka-run-class.sh: a tool by its Java class. */
import { CommandError } from '../../../cli/errors.js';
import type { Command } from '../../../cli/io.js';
import { leftOut } from '../left-out/index.js';
import { commandOf, leftOutOf } from './classes.js';

const USAGE = 'USAGE: ./kafka-run-class.sh [-daemon] [-name servicename] [-loggc] classname [opts]';

/** The class's command, with what follows the class as its arguments. */
export function target(argv: readonly string[]): readonly string[] {
  const [className, ...args] = afterOptions(argv);
  if (className === undefined) throw new CommandError(USAGE, { stdout: `${USAGE}\n` });
  const script = leftOutOf(className);
  if (script !== undefined) throw leftOut(script);
  const name = commandOf(className);
  if (name === undefined) throw unknown(className);
  return [name, ...args];
}

/** For `ts-kafka help run-class`. */
export const command: Command = {
  async run() {
    throw new CommandError(USAGE, { stdout: `${USAGE}\n` });
  },
};

/** What names the JVM's process and its garbage collector's log has nothing to name here. */
function afterOptions(argv: readonly string[]): readonly string[] {
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '-name') i++;
    else if (argv[i] === '-daemon') {
      throw new CommandError(
        '-daemon: use kafka-server-start -daemon, or let your shell put the tool in the background',
      );
    } else if (argv[i] !== '-loggc') return argv.slice(i);
  }
  return [];
}

/** As java says it, and where the classes are that there are. */
const unknown = (className: string): CommandError =>
  new CommandError(
    `Error: Could not find or load main class ${className}\n` +
      `Caused by: java.lang.ClassNotFoundException: ${className}: "ts-kafka --help" lists the tools that there are`,
  );
