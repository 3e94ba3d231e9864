/** The server side of SCRAM, with two messages in each direction. Mirrors ScramSaslServer. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digest, hmac, MIN_ITERATIONS, type ScramKeys, type ScramMechanism } from '../../security/scram.js';
import { type Credentials, SaslError, type SaslServer } from './sasl-server.js';

const NAME = String.raw`((?:[\x01-\x2b\x2d-\x3c\x3e-\x7f]|=2C|=3D)+)`;
const NONCE = String.raw`r=([\x21-\x2b\x2d-\x7e]+)`;
const EXTENSION = String.raw`,[A-Za-z]+=[\x01-\x2b\x2d-\x7f]+`;
const BASE64 = `((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?)`;
/**
 * Accepts only `n`: channel binding is not supported, so clients that assume (`y`) or require it (`p=`) are rejected.
 */
const FIRST = new RegExp(`^(n,(?:a=${NAME})?,)(n=${NAME},${NONCE}((?:${EXTENSION})*))$`);
const FINAL = new RegExp(`^(c=${BASE64},${NONCE}),p=${BASE64}$`);

interface Exchange {
  readonly name: string;
  readonly clientFirst: string;
  readonly serverFirst: string;
  readonly gs2Header: string;
  readonly clientNonce: string;
  /** the client's nonce followed by the server's */
  readonly nonce: string;
  readonly keys: ScramKeys;
}

const decoded = (saslName: string): string => saslName.replaceAll('=2C', ',').replaceAll('=3D', '=');

/**
 * `c=` repeats the gs2 header of the first message. Java's client sends `n,,` even if that header had an authorization
 * id.
 */
const sameBinding = (binding: string, gs2Header: string): boolean =>
  [gs2Header, 'n,,'].includes(Buffer.from(binding, 'base64').toString());

/** One SCRAM exchange. */
export class ScramServer implements SaslServer {
  readonly mechanism: string;
  user: string | undefined;
  #state: Exchange | undefined;
  #done = false;

  constructor(
    private readonly scram: ScramMechanism,
    private readonly credentials: Credentials,
  ) {
    this.mechanism = scram.name;
  }

  evaluate(token: Buffer): Buffer {
    if (this.#done) throw this.#refused();
    try {
      const text = token.toString('utf8');
      return Buffer.from(this.#state ? this.#final(text, this.#state) : this.#first(text));
    } catch (error) {
      this.#done = true;
      throw error;
    }
  }

  #first(text: string): string {
    const [, gs2Header, authorizationId, clientFirst, saslName, clientNonce, extensions] = FIRST.exec(text) ?? [];
    if (gs2Header === undefined || clientFirst === undefined || saslName === undefined) throw this.#refused();
    if (clientNonce === undefined || /,tokenauth=true(,|$)/i.test(extensions ?? '')) throw this.#refused();
    const name = decoded(saslName);
    const keys = this.credentials.scram(this.scram.type, name);
    if (!keys || keys.iterations < MIN_ITERATIONS) throw this.#refused();
    if (authorizationId !== undefined && decoded(authorizationId) !== name) {
      throw new SaslError(
        'Authentication failed: Client requested an authorization id that is different from username',
      );
    }
    const nonce = clientNonce + randomBytes(18).toString('base64url');
    const serverFirst = `r=${nonce},s=${keys.salt.toString('base64')},i=${keys.iterations}`;
    this.#state = { name, clientFirst, serverFirst, gs2Header, clientNonce, nonce, keys };
    return serverFirst;
  }

  #final(text: string, state: Exchange): string {
    const [, withoutProof, binding, nonce, proof] = FINAL.exec(text) ?? [];
    if (withoutProof === undefined || binding === undefined || proof === undefined) throw this.#refused();
    if (!sameBinding(binding, state.gs2Header)) throw this.#refused();
    // librdkafka before 2.6.1 sends the client nonce twice; Kafka rejects that
    if (nonce !== state.nonce && nonce !== state.clientNonce + state.nonce) throw this.#refused();
    const message = `${state.clientFirst},${state.serverFirst},${withoutProof}`;
    const signature = hmac(this.scram, state.keys.storedKey, message);
    const given = Buffer.from(proof, 'base64');
    if (given.length !== signature.length) throw this.#refused();
    const clientKey = Buffer.from(signature.map((byte, i) => byte ^ (given[i] as number)));
    if (!timingSafeEqual(digest(this.scram, clientKey), state.keys.storedKey)) throw this.#refused();
    this.user = state.name;
    this.#done = true;
    return `v=${hmac(this.scram, state.keys.serverKey, message).toString('base64')}`;
  }

  /** The same message for an unknown user and a wrong password. */
  #refused(): SaslError {
    return new SaslError(
      `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.mechanism}`,
    );
  }
}
