/**
 * The authentication state of a connection: authenticated from the start on PLAINTEXT and SSL, after a SASL exchange
 * otherwise. Mirrors SaslServerAuthenticator, including re-authentication.
 */
import { ProtocolError } from '../../protocol/wire/buffer.js';
import { ANONYMOUS, principalOf } from './principal.js';
import { SaslError, type SaslServer } from './sasl-server.js';

const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

/** The SASL configuration of a listener. */
export interface SaslOffer {
  readonly mechanisms: readonly string[];
  server(mechanism: string): SaslServer | undefined;
  /** connections.max.reauth.ms of a mechanism; 0: unlimited */
  lifetimeMs(mechanism: string): number;
  /** sasl.server.max.receive.size: maximum frame size before authentication, in bytes */
  readonly maxReceive: number;
}

/** `illegal`: not in this state, or not on this listener. `unsupported`: the mechanism is not enabled. */
export type HandshakeResult = 'chosen' | 'illegal' | 'unsupported';

/** One connection's authentication. */
export class Authentication {
  #principal: string;
  #settled: boolean;
  #apiVersionsAnswered = false;
  #exchange: SaslServer | undefined;
  /** why the started exchange will fail at its first token */
  #pendingFailure: string | undefined;
  #first: { mechanism: string; principal: string } | undefined;
  #expires = Number.POSITIVE_INFINITY;
  #failure: string | undefined;
  /** after a v0 handshake: the next frames are bare tokens without request headers */
  takesBareTokens = false;

  constructor(
    private readonly offer: SaslOffer | undefined,
    principal = ANONYMOUS,
  ) {
    this.#principal = principal;
    this.#settled = offer === undefined;
  }

  /** "User:alice", or "User:ANONYMOUS" if the listener does not authenticate */
  get principal(): string {
    return this.#principal;
  }

  /** Why authentication failed: the response being sent is the last one, and no further request is served. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Whether the client was authenticated before. */
  get reauthenticating(): boolean {
    return this.#first !== undefined;
  }

  /** Maximum frame size before authentication, in bytes; undefined afterwards. */
  get maxFrame(): number | undefined {
    return this.#settled ? undefined : this.offer?.maxReceive;
  }

  /** Throws ProtocolError, which closes the connection, for a request that is not allowed in this state. */
  admit(apiKey: number, now: number): void {
    if (!this.offer) return;
    const unexpected = (during: string) =>
      new ProtocolError(`Unexpected Kafka request of api key ${apiKey} during SASL ${during}.`);
    if (apiKey === SASL_HANDSHAKE) return;
    if (this.#inProgress) {
      if (apiKey !== SASL_AUTHENTICATE) throw unexpected('authentication');
      return;
    }
    if (!this.#settled && (apiKey !== API_VERSIONS || this.#apiVersionsAnswered)) throw unexpected('handshake');
    if (apiKey !== SASL_AUTHENTICATE && now > this.#expires) {
      throw new ProtocolError('the session expired without re-authentication');
    }
  }

  get #inProgress(): boolean {
    return this.#exchange !== undefined || this.#pendingFailure !== undefined;
  }

  /** Called when ApiVersions was answered, which is allowed once before authentication. */
  apiVersionsAnswered(): void {
    this.#apiVersionsAnswered = true;
  }

  get mechanisms(): readonly string[] {
    return this.offer?.mechanisms ?? [];
  }

  /** Whether an exchange is in progress that SaslAuthenticate can continue. */
  get expectsToken(): boolean {
    return this.#inProgress;
  }

  /**
   * Starts an exchange of `bare` tokens or of SaslAuthenticate requests. Throws ProtocolError where Kafka closes the
   * connection without a response.
   */
  handshake(mechanism: string, bare: boolean): HandshakeResult {
    if (!this.offer) return 'illegal';
    if (this.#inProgress) {
      this.#failure = 'Unexpected Kafka request of type SASL_HANDSHAKE during SASL authentication.';
      return 'illegal';
    }
    // a session without expiry cannot be re-authenticated
    if (this.#settled && this.#expires === Number.POSITIVE_INFINITY) return 'illegal';
    const server = this.mechanisms.includes(mechanism) ? this.offer.server(mechanism) : undefined;
    if (!server) {
      this.#failure = `Unsupported SASL mechanism ${mechanism}`;
      if (this.#settled) throw new ProtocolError(this.#failure);
      return 'unsupported';
    }
    if (this.#first && this.#first.mechanism !== mechanism) {
      this.#pendingFailure = `SASL mechanism '${mechanism}' requested by client is not supported for re-authentication of mechanism '${this.#first.mechanism}'`;
    } else this.#exchange = server;
    this.takesBareTokens = bare;
    return 'chosen';
  }

  /**
   * Evaluates one token; returns the server's token and the session lifetime (ms, 0: unlimited). Throws SaslError; if
   * that is `silent`, the connection is closed without a response.
   */
  authenticate(token: Buffer, now: number): { bytes: Buffer; lifetimeMs: number } {
    try {
      if (this.#pendingFailure !== undefined) throw new SaslError(this.#pendingFailure, true);
      if (!this.#exchange || !this.offer) throw new SaslError('no SASL exchange is in progress', true);
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
