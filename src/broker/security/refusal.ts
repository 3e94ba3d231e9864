/** How somebody is told that it is not who it says: late, to slow down who tries passwords. */
import type { Broker } from '../api.js';

/** connection.failed.authentication.delay.ms; over at once when the client goes away. */
export const refusalDelay = (broker: Broker, closed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, Number(broker.setting('connection.failed.authentication.delay.ms')));
    closed.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
