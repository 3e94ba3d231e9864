/**
 * Limits on connections: in total, per listener and per address. Mirrors SocketServer.ConnectionQuotas: a connection
 * above its address's limit is closed, one above the other limits waits.
 */
import type { BrokerConfig } from '../config/index.js';
import { hostAddress } from '../security/host-address.js';
import { ListenerSettings } from '../security/listener-settings.js';

/** Hard limit: beyond it the process would run out of file descriptors. */
const HARD_LIMIT = 20_000;

const add = (counts: Map<string, number>, key: string, n: number): void => {
  const count = (counts.get(key) ?? 0) + n;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
};

/** Counts connections against their limits. */
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

  /** max.connections, capped at the hard limit. */
  get max(): number {
    return Math.min(Number(this.#config.setting('max.connections')), HARD_LIMIT);
  }

  /**
   * If there are several listeners, the inter-broker one is exempt from max.connections, so that an administrator can
   * still connect.
   */
  isProtected(listener: string): boolean {
    return listener === this.#interBroker && this.#listeners.size > 1;
  }

  /** Whether the total exceeds max.connections, because a connection to the protected listener was admitted. */
  get exceeded(): boolean {
    return this.#total > this.max;
  }

  /** Whether the total and the listener's limit allow another connection. */
  hasRoom(listener: string): boolean {
    const own = this.#listeners.get(listener)?.ownText('max.connections');
    if ((this.#perListener.get(listener) ?? 0) >= Number(own ?? Number.POSITIVE_INFINITY)) return false;
    return this.#total < (this.isProtected(listener) ? HARD_LIMIT : this.max);
  }

  /** The limit for an address: max.connections.per.ip.overrides, else max.connections.per.ip. */
  maxOf(address: string): number {
    for (const entry of String(this.#config.setting('max.connections.per.ip.overrides')).split(',')) {
      const at = entry.lastIndexOf(':');
      if (at > 0 && hostAddress(entry.slice(0, at).trim()) === address) return Number(entry.slice(at + 1));
    }
    return Number(this.#config.setting('max.connections.per.ip'));
  }

  /** Whether the address is below its limit. */
  admits(address: string): boolean {
    return (this.#perAddress.get(address) ?? 0) < this.maxOf(address);
  }

  /** Counts a connection until the returned function is called. */
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
