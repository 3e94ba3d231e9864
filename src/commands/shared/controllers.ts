import type { Bootstrap } from './connection.js';

/** The addresses of `--bootstrap-server`, or of `--bootstrap-controller` (KIP-919), which takes precedence. */
export function bootstrapOf(options: {
  value(name: 'bootstrap-server' | 'bootstrap-controller'): string | undefined;
}): Bootstrap {
  const controllers = options.value('bootstrap-controller');
  if (controllers !== undefined) return { bootstrap: controllers, controllers: true };
  return { bootstrap: options.value('bootstrap-server') ?? '' };
}
