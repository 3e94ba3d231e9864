/** Says on a terminal how far long work is, once it has gone on for two seconds; takes itself away at the end. */
import type { Io } from '../../cli/io.js';
import type { Spinner } from '../../cli/ui.js';

const PATIENCE = 2000;
const EVERY = 250;

/** `text` is asked again and again. Returns what ends it. Nothing is loaded, and no timer runs, where nobody would see it. */
export function progress(io: Io, text: () => string): () => void {
  if (!io.isTTY.stderr) return () => {};
  let shown: Spinner | undefined;
  let ended = false;
  let timer = setTimeout(() => void show(), PATIENCE).unref();
  const show = async (): Promise<void> => {
    const { isSpinning, spinner } = await import('../../cli/ui.js');
    if (ended) return;
    // that a broker is waited for is more important
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

/** "12.3 MB", or "12.3 of 40.0 MB" where the whole is known. */
export function megabytes(done: number, whole?: number): string {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  return whole === undefined ? `${mb(done)} MB` : `${mb(done)} of ${mb(whole)} MB`;
}
