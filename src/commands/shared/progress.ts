/** On a terminal, shows the progress of work that takes more than two seconds, and clears it at the end. */
import type { Io } from '../../cli/io.js';
import type { Spinner } from '../../cli/ui.js';

const PATIENCE = 2000;
const EVERY = 250;

/** Calls `text` every EVERY ms. Returns the function that ends it. Without a terminal, loads nothing and starts no timer. */
export function progress(io: Io, text: () => string): () => void {
  if (!io.isTTY.stderr) return () => {};
  let shown: Spinner | undefined;
  let ended = false;
  let timer = setTimeout(() => void show(), PATIENCE).unref();
  const show = async (): Promise<void> => {
    const { isSpinning, spinner } = await import('../../cli/ui.js');
    if (ended) return;
    // do not replace the notice that a broker is being waited for
    if (!isSpinning()) shown = spinner(io, text());
    else shown?.say(text());
    timer = setTimeout(() => void show(), EVERY).unref();
  };
  return () => {
    ended = true;
    clearTimeout(timer);
    shown?.stop();
  };
}

/** "12.3 MB", or "12.3 of 40.0 MB" if the total is known. */
export function megabytes(done: number, whole?: number): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  return whole === undefined ? `${mb(done)} MB` : `${mb(done)} of ${mb(whole)} MB`;
}
