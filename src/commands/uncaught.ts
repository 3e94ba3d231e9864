/** What a JVM says of an exception that its tool did not catch: scripts grep for the class. */
import { CommandError } from '../cli/errors.js';

export const uncaught = (javaClass: string, message?: string): CommandError =>
  new CommandError(`Exception in thread "main" ${javaClass}${message === undefined ? '' : `: ${message}`}`);
