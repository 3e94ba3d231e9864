/** Delays the response to a failed authentication, to slow down password guessing. */
import type { Broker } from '../api.js';

/** Waits connection.failed.authentication.delay.ms, or until the client disconnects. */
export const refusalDelay = (broker: Broker, closed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, Number(broker.setting('connection.failed.authentication.delay.ms')));
    closed.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
