import { CommandError } from '../../cli/errors.js';

/** Controllers are not spoken to: brokers pass on what is theirs. */
export const noControllers = (): CommandError =>
  new CommandError('--bootstrap-controller is not supported: name the brokers with --bootstrap-server.');
