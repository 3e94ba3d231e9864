/**
 * OAUTHBEARER: tokens by client credentials (RFC 6749, 4.4) or unsecured tokens for testing (KIP-255), and the SASL
 * exchange of RFC 7628. A broker rejects a token with a challenge, which kafkajs's provider mistakes for success; ours
 * answers the challenge, so that the failure is reported.
 */
import http from 'node:http';
import https from 'node:https';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { ConfigError } from '../../java/config-def.js';
import type { Properties } from '../../java/properties.js';
import { numberSetting } from '../../kafka/client-settings.js';
import { KafkaError } from '../../protocol/errors.js';
import type { LoginModule } from '../../security/jaas.js';
import type { SaslOptions } from '../cluster/kafkajs-connection.js';

interface Token {
  readonly value: string;
  /** ms since the epoch after which a new token is fetched */
  readonly renewAt: number;
}

type FetchToken = () => Promise<Token>;

const SEPARATOR = '\x01';
const EXTENSION = 'extension_';

/** kafkajs's sasl option for OAUTHBEARER. Throws ConfigError for invalid or unsupported settings. */
export function oauthBearer(module: LoginModule, properties: Properties, tls: TlsOptions | null): SaslOptions {
  const fetchToken = tokenSource(module, properties, tls);
  const extensions = Object.entries(module.options)
    .filter(([key]) => key.startsWith(EXTENSION))
    .map(([key, value]) => `${SEPARATOR}${key.slice(EXTENSION.length)}=${value}`)
    .join('');
  let token: Token | undefined;
  const authenticationProvider: NonNullable<SaslOptions['authenticationProvider']> = ({ saslAuthenticate }) => ({
    async authenticate() {
      if (token === undefined || Date.now() >= token.renewAt) token = await fetchToken();
      const first = `n,,${SEPARATOR}auth=Bearer ${token.value}${extensions}${SEPARATOR}${SEPARATOR}`;
      const challenge = await exchange(saslAuthenticate, first);
      if (challenge.length === 0) return;
      token = undefined;
      // after our reply the server fails the exchange with its own message; if not, report its challenge
      await exchange(saslAuthenticate, SEPARATOR).catch(() => {});
      throw new KafkaError(58, `The broker refused the token: ${challenge}`);
    },
  });
  return { mechanism: 'OAUTHBEARER', authenticationProvider };
}

type SaslAuthenticate = Parameters<NonNullable<SaslOptions['authenticationProvider']>>[0]['saslAuthenticate'];

/** Sends one message of the exchange and returns the server's, which kafkajs delivers with a length prefix. */
async function exchange(saslAuthenticate: SaslAuthenticate, message: string): Promise<string> {
  const bytes = Buffer.from(message);
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  const answer = await saslAuthenticate({
    request: { encode: async () => Buffer.concat([size, bytes]) },
    response: { decode: async (raw) => raw, parse: async (raw) => raw },
  });
  return (answer as Buffer).subarray(4).toString();
}

/** Kafka's classes, without their packages, for which we have an implementation. */
const KNOWN_CLASSES: readonly (readonly [property: string, classes: readonly string[]])[] = [
  [
    'sasl.login.callback.handler.class',
    ['OAuthBearerLoginCallbackHandler', 'OAuthBearerUnsecuredLoginCallbackHandler'],
  ],
  ['sasl.client.callback.handler.class', ['OAuthBearerSaslClientCallbackHandler']],
  ['sasl.oauthbearer.jwt.retriever.class', ['DefaultJwtRetriever', 'ClientCredentialsJwtRetriever']],
];

/** Rejects a token source that is not implemented, instead of asking for client credentials. */
function refuseOtherSources(properties: Properties): void {
  const url = properties.get('sasl.oauthbearer.token.endpoint.url')?.trim() ?? '';
  if (/^file:/i.test(url)) throw notYet('sasl.oauthbearer.token.endpoint.url', url);
  for (const [property, classes] of KNOWN_CLASSES) {
    const value = properties.get(property)?.trim() ?? '';
    if (value !== '' && !classes.includes(value.split('.').pop() as string)) throw notYet(property, value);
  }
}

const notYet = (property: string, value: string): ConfigError =>
  new ConfigError(
    `${property}=${value} is not supported yet: OAUTHBEARER tokens come from an http(s) token endpoint by client credentials, or are unsecured`,
  );

function tokenSource(module: LoginModule, properties: Properties, tls: TlsOptions | null): FetchToken {
  const { options } = module;
  refuseOtherSources(properties);
  const url = properties.get('sasl.oauthbearer.token.endpoint.url');
  if (url === undefined) return unsecuredToken(options);
  const id = properties.get('sasl.oauthbearer.client.credentials.client.id') ?? options.clientId;
  const secret = properties.get('sasl.oauthbearer.client.credentials.client.secret') ?? options.clientSecret;
  if (id === undefined || secret === undefined) {
    throw new ConfigError('OAUTHBEARER needs clientId and clientSecret in sasl.jaas.config');
  }
  const encode = properties.get('sasl.oauthbearer.header.urlencode') === 'true' ? encodeURIComponent : String;
  const credentials = Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64');
  const scope = properties.get('sasl.oauthbearer.scope') ?? options.scope;
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) });
  const timeoutMs = numberSetting(properties, 'sasl.login.read.timeout.ms', 10_000);
  return () => requestToken(parseUrl(url), { credentials, form: form.toString(), timeoutMs, tls });
}

function parseUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  } catch {
    // reported below
  }
  throw new ConfigError(`sasl.oauthbearer.token.endpoint.url is not an http(s) URL: ${text}`);
}

/** Unsigned tokens (KIP-255): `unsecuredLoginStringClaim_sub="alice"`. */
function unsecuredToken(options: Readonly<Record<string, string>>): FetchToken {
  const claim = /^unsecuredLogin(String|Number|List)Claim_(.+)$/;
  const claims = Object.entries(options).flatMap(([key, value]) => {
    const [, type, name] = claim.exec(key) ?? [];
    if (type === undefined || name === undefined) return [];
    const list = () => value.slice(1).split(value.charAt(0));
    return [[name, type === 'Number' ? Number(value) : type === 'List' ? list() : value] as const];
  });
  if (!claims.some(([name]) => name === (options.unsecuredLoginPrincipalClaimName ?? 'sub'))) {
    throw new ConfigError(
      'OAUTHBEARER needs sasl.oauthbearer.token.endpoint.url, and clientId and clientSecret in sasl.jaas.config',
    );
  }
  const lifetime = Number(options.unsecuredLoginLifetimeSeconds ?? 3600);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return async () => {
    const iat = Date.now() / 1000;
    const body = { iat, exp: iat + lifetime, ...Object.fromEntries(claims) };
    return { value: `${part({ alg: 'none' })}.${part(body)}.`, renewAt: Date.now() + lifetime * 800 };
  };
}

interface TokenRequest {
  readonly credentials: string;
  readonly form: string;
  readonly timeoutMs: number;
  readonly tls: TlsOptions | null;
}

const LIMIT = 1 << 20;

/** Error messages only contain the response's status and OAuth error code: its body can contain the token. */
function requestToken(url: URL, { credentials, form, timeoutMs, tls }: TokenRequest): Promise<Token> {
  const failed = (why: string) => new KafkaError(58, `No token from ${url.origin}${url.pathname}: ${why}`);
  const headers = {
    accept: 'application/json',
    authorization: `Basic ${credentials}`,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(form),
  };
  const trust = tls?.ca === undefined ? {} : { ca: tls.ca };
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, timeout: timeoutMs, ...trust }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        text += piece;
        if (text.length > LIMIT) sent.destroy(new Error('the answer is too long'));
      });
      answer.on('end', () => {
        const token = readToken(text);
        if (answer.statusCode === 200 && token) return resolve(token);
        reject(failed(`HTTP status ${answer.statusCode}${oauthError(text)}`));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', (error: NodeJS.ErrnoException) =>
      reject(failed(error.message || (error.code ?? 'no connection'))),
    );
    sent.end(form);
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function readToken(text: string): Token | undefined {
  const { access_token: value, expires_in: seconds } = parsed(text);
  if (typeof value !== 'string' || value === '') return undefined;
  const lifetime = typeof seconds === 'number' && seconds > 0 ? seconds : 60;
  return { value, renewAt: Date.now() + lifetime * 800 };
}

const oauthError = (text: string): string => {
  const { error } = parsed(text);
  return typeof error === 'string' ? ` (${error})` : '';
};
