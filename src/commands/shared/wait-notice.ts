/** On a terminal, shows what a command is waiting for, and why, once it has waited for two seconds. */
import type { Io } from '../../cli/io.js';
import type { Spinner } from '../../cli/ui.js';
import type { Cluster } from '../../client/cluster/types.js';

const PATIENCE = 2000;

/** Counts the calls in flight of one cluster, and shows the notice while there are any. */
export class WaitNotice {
  private calls = 0;
  private reason = '';
  private timer: NodeJS.Timeout | undefined;
  private shown: Spinner | undefined;

  constructor(
    private readonly io: Io,
    private readonly servers: string,
  ) {}

  /** Sets the reason shown in the notice: why the cluster cannot be reached. */
  readonly onWait = (reason: Error): void => {
    this.reason = reason.message.split('\n')[0]!;
    this.shown?.say(this.text());
  };

  async during<T>(call: Promise<T>): Promise<T> {
    if (this.calls++ === 0) this.timer = setTimeout(() => void this.show(), PATIENCE).unref();
    try {
      return await call;
    } finally {
      if (--this.calls === 0) this.hide();
    }
  }

  private text(): string {
    return this.reason === '' ? `Waiting for ${this.servers}` : `Waiting for ${this.servers}: ${this.reason}`;
  }

  private async show(): Promise<void> {
    const { spinner } = await import('../../cli/ui.js');
    if (this.calls > 0) this.shown ??= spinner(this.io, this.text());
  }

  private hide(): void {
    clearTimeout(this.timer);
    this.shown?.stop();
    this.shown = undefined;
    this.reason = '';
  }
}

const NETWORK_CALLS = new Set<PropertyKey>(['send', 'metadata', 'connection', 'coordinator']);

/** The cluster, with its network calls tracked by `notice`. */
export function withWaitNotice<C extends Cluster>(cluster: C, notice: WaitNotice): C {
  return new Proxy(cluster, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!NETWORK_CALLS.has(name)) return value.bind(target);
      return (...args: unknown[]) => notice.during(value.apply(target, args));
    },
  });
}
