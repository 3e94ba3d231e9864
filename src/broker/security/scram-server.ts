/** The server's side of SCRAM: two messages each way. Mirrors ScramSaslServer. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { digest, hmac, MIN_ITERATIONS, type ScramKeys, type ScramMechanism } from '../../security/scram.js';
import { type Credentials, SaslError, type SaslServer } from './sasl.js';

const FIRST = /^([ny]|p=[^,]*),(?:a=([^,]*))?,((?:m=[^,]*,)?n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/;
const FINAL = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[^p].*?)?),p=([A-Za-z0-9+/=]+)$/;

interface Exchange {
  readonly name: string;
  readonly clientFirst: string;
  readonly serverFirst: string;
  /** what the server added to the nonce */
  readonly serverNonce: string;
  readonly keys: ScramKeys;
}

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
    const [, , authorizationId = '', clientFirst, saslName, clientNonce] = FIRST.exec(text) ?? [];
    if (clientFirst === undefined || saslName === undefined) throw this.#refused();
    const name = saslName.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const keys = this.credentials.scram(this.scram.type, name);
    if (!keys || keys.iterations < MIN_ITERATIONS) throw this.#refused();
    if (authorizationId !== '' && authorizationId !== saslName) {
      throw new SaslError(
        'Authentication failed: Client requested an authorization id that is different from username',
      );
    }
    const serverNonce = randomBytes(18).toString('base64url');
    const serverFirst = `r=${clientNonce}${serverNonce},s=${keys.salt.toString('base64')},i=${keys.iterations}`;
    this.#state = { name, clientFirst, serverFirst, serverNonce, keys };
    return serverFirst;
  }

  #final(text: string, state: Exchange): string {
    const [, withoutProof, , nonce, proof] = FINAL.exec(text) ?? [];
    // like Kafka, only our part of the nonce is looked at: librdkafka 2.0 says its own twice
    if (withoutProof === undefined || proof === undefined || !nonce?.endsWith(state.serverNonce)) throw this.#refused();
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

  /** The same words for an unknown user and a wrong password. */
  #refused(): SaslError {
    return new SaslError(
      `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.mechanism}`,
    );
  }
}
