/**
 * How many connections there may be: in all, on a listener, from an address. Mirrors SocketServer.ConnectionQuotas: from an
 * address that has its share a new one is closed, beyond the other limits it waits for its turn.
 */
import type { BrokerConfig } from '../config/index.js';
import { hostAddress } from '../security/host-address.js';
import { ListenerSettings } from '../security/listener-settings.js';

/** More than these the process has no file descriptors for. */
const MOST = 20_000;

const add = (counts: Map<string, number>, key: string, n: number): void => {
  const count = (counts.get(key) ?? 0) + n;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
};

export class ConnectionQuotas {
  readonly #config: BrokerConfig;
  readonly #listeners: ReadonlyMap<string, ListenerSettings>;
  readonly #interBroker: string;
  readonly #perListener = new Map<string, number>();
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(config: BrokerConfig, listeners: readonly string[]) {
    this.#config = config;
    this.#listeners = new Map(listeners.map((name) => [name, new ListenerSettings(config, name)]));
    const named = String(config.setting('inter.broker.listener.name'));
    this.#interBroker = (named || String(config.setting('security.inter.broker.protocol'))).toUpperCase();
  }

  get total(): number {
    return this.#total;
  }

  /** max.connections, within what the process can bear. */
  get max(): number {
    return Math.min(Number(this.#config.setting('max.connections')), MOST);
  }

  /** The listener of the brokers themselves stays open where there is another: through it an administrator gets in. */
  isProtected(listener: string): boolean {
    return listener === this.#interBroker && this.#listeners.size > 1;
  }

  /** Whether there are more connections than there may be, for one came to the protected listener. */
  get exceeded(): boolean {
    return this.#total > this.max;
  }

  hasRoom(listener: string): boolean {
    const own = this.#listeners.get(listener)?.ownText('max.connections');
    if ((this.#perListener.get(listener) ?? 0) >= Number(own ?? Number.POSITIVE_INFINITY)) return false;
    return this.#total < (this.isProtected(listener) ? MOST : this.max);
  }

  /** What an address may have at most: max.connections.per.ip, or what max.connections.per.ip.overrides says. */
  maxOf(address: string): number {
    for (const entry of String(this.#config.setting('max.connections.per.ip.overrides')).split(',')) {
      const at = entry.lastIndexOf(':');
      if (at > 0 && hostAddress(entry.slice(0, at).trim()) === address) return Number(entry.slice(at + 1));
    }
    return Number(this.#config.setting('max.connections.per.ip'));
  }

  /** Whether the address may have one more. */
  admits(address: string): boolean {
    return (this.#perAddress.get(address) ?? 0) < this.maxOf(address);
  }

  /** Counts one, until the function returned is called. */
  take(listener: string, address: string): () => void {
    const count = (n: number) => {
      this.#total += n;
      add(this.#perListener, listener, n);
      add(this.#perAddress, address, n);
    };
    count(1);
    let taken = true;
    return () => {
      if (taken) count(-1);
      taken = false;
    };
  }
}
