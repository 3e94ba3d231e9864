/**
 * Who is at the other end of a connection, and whether that is settled: at once on PLAINTEXT and SSL, after a SASL
 * exchange otherwise. Mirrors SaslServerAuthenticator, its re-authentication included.
 */
import { ProtocolError } from '../../protocol/wire/buffer.js';
import { ANONYMOUS, principalOf } from './principal.js';
import { SaslError, type SaslServer } from './sasl-server.js';

const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

/** What a SASL listener offers. */
export interface SaslOffer {
  readonly mechanisms: readonly string[];
  server(mechanism: string): SaslServer | undefined;
  /** connections.max.reauth.ms of a mechanism; 0: for ever */
  lifetimeMs(mechanism: string): number;
  /** sasl.server.max.receive.size: the longest frame before the client is known, bytes */
  readonly maxReceive: number;
}

/** `illegal`: not now, or not on this listener. `unsupported`: the mechanism is not offered. */
export type HandshakeResult = 'chosen' | 'illegal' | 'unsupported';

export class Authentication {
  #principal: string;
  #settled: boolean;
  #versionsTold = false;
  #exchange: SaslServer | undefined;
  /** why the exchange that was begun fails at its first token */
  #doomed: string | undefined;
  #first: { mechanism: string; principal: string } | undefined;
  #expires = Number.POSITIVE_INFINITY;
  #failure: string | undefined;
  /** what comes now are tokens without a request around them: the handshake was a v0 */
  takesBareTokens = false;

  constructor(
    private readonly offer: SaslOffer | undefined,
    principal = ANONYMOUS,
  ) {
    this.#principal = principal;
    this.#settled = offer === undefined;
  }

  /** "User:alice"; "User:ANONYMOUS" on a listener that does not ask */
  get principal(): string {
    return this.#principal;
  }

  /** Why the client was refused: the answer sent now is the last one, and no other request is served. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Whether the client was let in before. */
  get reauthenticating(): boolean {
    return this.#first !== undefined;
  }

  /** The largest frame taken from a client that is not known yet, bytes; undefined once it is. */
  get maxFrame(): number | undefined {
    return this.#settled ? undefined : this.offer?.maxReceive;
  }

  /** Throws ProtocolError for a request that may not come now: the connection is closed. */
  admit(apiKey: number, now: number): void {
    if (!this.offer) return;
    const unexpected = (during: string) =>
      new ProtocolError(`Unexpected Kafka request of api key ${apiKey} during SASL ${during}.`);
    if (apiKey === SASL_HANDSHAKE) return;
    if (this.#underWay) {
      if (apiKey !== SASL_AUTHENTICATE) throw unexpected('authentication');
      return;
    }
    if (!this.#settled && (apiKey !== API_VERSIONS || this.#versionsTold)) throw unexpected('handshake');
    if (apiKey !== SASL_AUTHENTICATE && now > this.#expires) {
      throw new ProtocolError('the session expired and was not authenticated again');
    }
  }

  get #underWay(): boolean {
    return this.#exchange !== undefined || this.#doomed !== undefined;
  }

  /** ApiVersions was answered; before authentication it is answered once. */
  versionsTold(): void {
    this.#versionsTold = true;
  }

  get mechanisms(): readonly string[] {
    return this.offer?.mechanisms ?? [];
  }

  /** Whether SaslAuthenticate has an exchange to go on with. */
  get expectsToken(): boolean {
    return this.#underWay;
  }

  /** Begins an exchange, of `bare` tokens or requests. Throws ProtocolError where Kafka closes without an answer. */
  handshake(mechanism: string, bare: boolean): HandshakeResult {
    if (!this.offer) return 'illegal';
    if (this.#underWay) {
      this.#failure = 'Unexpected Kafka request of type SASL_HANDSHAKE during SASL authentication.';
      return 'illegal';
    }
    // sessions that do not end are not renewed
    if (this.#settled && this.#expires === Number.POSITIVE_INFINITY) return 'illegal';
    const server = this.mechanisms.includes(mechanism) ? this.offer.server(mechanism) : undefined;
    if (!server) {
      this.#failure = `Unsupported SASL mechanism ${mechanism}`;
      if (this.#settled) throw new ProtocolError(this.#failure);
      return 'unsupported';
    }
    if (this.#first && this.#first.mechanism !== mechanism) {
      this.#doomed = `SASL mechanism '${mechanism}' requested by client is not supported for re-authentication of mechanism '${this.#first.mechanism}'`;
    } else this.#exchange = server;
    this.takesBareTokens = bare;
    return 'chosen';
  }

  /**
   * One step of the exchange: the server's token, and how long the session lasts (ms, 0: for ever). Throws SaslError;
   * one that is `silent` closes the connection without an answer.
   */
  authenticate(token: Buffer, now: number): { bytes: Buffer; lifetimeMs: number } {
    try {
      if (this.#doomed !== undefined) throw new SaslError(this.#doomed, true);
      if (!this.#exchange || !this.offer) throw new SaslError('there is no SASL exchange under way', true);
      const { mechanism } = this.#exchange;
      const bytes = this.#exchange.evaluate(token);
      const { user } = this.#exchange;
      if (user === undefined) return { bytes, lifetimeMs: 0 };
      this.#exchange = undefined;
      this.takesBareTokens = false;
      this.#settle(principalOf(user), mechanism);
      const lifetimeMs = Math.max(0, this.offer.lifetimeMs(mechanism));
      this.#expires = lifetimeMs > 0 ? now + lifetimeMs : Number.POSITIVE_INFINITY;
      return { bytes, lifetimeMs };
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
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
