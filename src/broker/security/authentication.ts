/**
 * Who is at the other end of a connection, and whether that is settled: at once on PLAINTEXT and SSL, after a SASL
 * exchange otherwise. Mirrors SaslServerAuthenticator, its re-authentication included.
 */
import { ProtocolError } from '../../protocol/wire/buffer.js';
import { ANONYMOUS, principalOf } from './principal.js';
import { SaslError, type SaslServer } from './sasl.js';

const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

/** What a SASL listener offers. */
export interface SaslOffer {
  readonly mechanisms: readonly string[];
  server(mechanism: string): SaslServer | undefined;
  /** connections.max.reauth.ms of a mechanism; 0: for ever */
  lifetimeMs(mechanism: string): number;
  /** the longest token taken, bytes */
  readonly maxToken: number;
}

export class Authentication {
  #principal: string;
  #settled: boolean;
  #exchange: SaslServer | undefined;
  #first: { mechanism: string; principal: string } | undefined;
  #expires = Number.POSITIVE_INFINITY;
  /** what comes now are tokens without a request around them: the handshake was a v0 */
  takesBareTokens = false;
  /** the answer that is sent now is the last one */
  failed = false;

  constructor(
    private readonly offer: SaslOffer | undefined,
    principal = ANONYMOUS,
  ) {
    this.#principal = principal;
    this.#settled = offer === undefined;
  }

  /** "User:alice"; "User:ANONYMOUS" where nobody asked */
  get principal(): string {
    return this.#principal;
  }

  /** The largest frame that is taken from somebody who may be anybody; undefined once that is settled. */
  get maxFrame(): number | undefined {
    return this.#settled ? undefined : this.offer?.maxToken;
  }

  /** Throws ProtocolError for a request that may not come now: the connection is closed. */
  admit(apiKey: number, now: number): void {
    if (apiKey === SASL_HANDSHAKE || apiKey === SASL_AUTHENTICATE) return;
    if (!this.#settled && apiKey !== API_VERSIONS) {
      throw new ProtocolError(`Unexpected Kafka request of api key ${apiKey} during SASL handshake.`);
    }
    if (now > this.#expires) throw new ProtocolError('the session expired and was not authenticated again');
  }

  get mechanisms(): readonly string[] {
    return this.offer?.mechanisms ?? [];
  }
  get saslEnabled(): boolean {
    return this.offer !== undefined;
  }

  /** Begins an exchange, of `bare` tokens or requests; false for a mechanism that is not offered. */
  handshake(mechanism: string, bare: boolean): boolean {
    if (this.#first && this.#first.mechanism !== mechanism) return this.#refuse();
    const server = this.mechanisms.includes(mechanism) ? this.offer?.server(mechanism) : undefined;
    if (!server) return this.#refuse();
    this.#exchange = server;
    this.takesBareTokens = bare;
    return true;
  }

  #refuse(): false {
    this.failed = true;
    return false;
  }

  /** One step of the exchange: the server's token, and how long the session lasts (ms, 0: for ever). Throws SaslError. */
  authenticate(token: Buffer, now: number): { bytes: Buffer; lifetimeMs: number } {
    const exchange = this.#exchange;
    try {
      if (!exchange || !this.offer) throw new SaslError('Request is not valid given the current SASL state.');
      const bytes = exchange.evaluate(token);
      if (exchange.user === undefined) return { bytes, lifetimeMs: 0 };
      this.#exchange = undefined;
      this.takesBareTokens = false;
      this.#settle(principalOf(exchange.user), exchange.mechanism);
      const lifetimeMs = this.offer.lifetimeMs(exchange.mechanism);
      this.#expires = lifetimeMs > 0 ? now + lifetimeMs : Number.POSITIVE_INFINITY;
      return { bytes, lifetimeMs };
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  #settle(principal: string, mechanism: string): void {
    const before = this.#first?.principal;
    if (before !== undefined && before !== principal) {
      const [was, is] = [before, principal].map((name) => name.replace(':', '.'));
      throw new SaslError(`Cannot change principals during re-authentication from ${was}: ${is}`);
    }
    this.#first = { mechanism, principal };
    this.#principal = principal;
    this.#settled = true;
  }
}
