import type { Bootstrap } from './connection.js';

/** Where a tool connects to: the brokers of `--bootstrap-server`, or the KRaft controllers of `--bootstrap-controller` (KIP-919). */
export function bootstrapOf(options: {
  value(name: 'bootstrap-server' | 'bootstrap-controller'): string | undefined;
}): Bootstrap {
  const controllers = options.value('bootstrap-controller');
  if (controllers !== undefined) return { bootstrap: controllers, controllers: true };
  return { bootstrap: options.value('bootstrap-server') ?? '' };
}
