/** kafkajs's SASL over our connection, against a broker that records what it receives. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connect } from '../../src/client/cluster/connect.js';
import { type Answer, fakeBroker } from './fake-broker.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
});

const LOGIN = 'org.apache.kafka.common.security';
const plain = (password: string) => ({
  'sasl.mechanism': 'PLAIN',
  'sasl.jaas.config': `${LOGIN}.plain.PlainLoginModule required username="alice" password="${password}";`,
});
const oauth = (options: string) => ({
  'sasl.mechanism': 'OAUTHBEARER',
  'sasl.jaas.config': `${LOGIN}.oauthbearer.OAuthBearerLoginModule required ${options};`,
});

async function secured(settings: Record<string, string>, authenticate: Answer, mechanisms = ['PLAIN', 'OAUTHBEARER']) {
  const broker = await fakeBroker({
    answers: {
      SaslHandshake: ({ body }) => ({ errorCode: mechanisms.includes(body.mechanism) ? 0 : 33, mechanisms }),
      SaslAuthenticate: authenticate,
    },
  });
  const properties = new Map(Object.entries({ 'security.protocol': 'SASL_PLAINTEXT', ...settings }));
  const cluster = connect({ bootstrap: `localhost:${broker.port}`, properties });
  open.push(broker, cluster);
  return { broker, cluster };
}

const accepted = (sessionLifetimeMs = 0n) => ({
  errorCode: 0,
  errorMessage: null,
  authBytes: Buffer.alloc(0),
  sessionLifetimeMs,
});

test('PLAIN authenticates before the first request', async () => {
  const got: string[] = [];
  const { broker, cluster } = await secured(plain('pässword'), ({ body }) => {
    got.push(body.authBytes.toString());
    return accepted();
  });
  await cluster.metadata([]);
  expect(got).toEqual(['\0alice\0pässword']);
  expect(broker.seen.map((name) => name.split(' ')[0])).toEqual([
    'ApiVersions',
    'SaslHandshake',
    'SaslAuthenticate',
    'Metadata',
  ]);
});

test('a failed login is reported with the broker’s message, at once, without retries and without the password', async () => {
  const refusal = { ...accepted(), errorCode: 58, errorMessage: 'Authentication failed: Invalid username or password' };
  const { broker, cluster } = await secured(plain('s3cret'), () => refusal);
  const error = await cluster.metadata([]).catch((e) => e);
  expect(error).toMatchObject({ exception: 'SaslAuthenticationException', message: refusal.errorMessage });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret');
  expect(broker.connections).toBe(1);
});

test('the error for an unsupported mechanism names it', async () => {
  const { cluster } = await secured(plain('x'), () => accepted(), ['SCRAM-SHA-256']);
  await expect(cluster.metadata([])).rejects.toThrow(/does not offer the SASL mechanism PLAIN/);
});

test('a session is re-authenticated before it expires, on the same connection, and requests wait for it', async () => {
  const { broker, cluster } = await secured(plain('x'), () => accepted(400n));
  await cluster.metadata([]);
  await new Promise((resolve) => setTimeout(resolve, 360));
  await Promise.all([cluster.metadata([]), cluster.metadata([])]);
  const names = broker.seen.map((name) => name.split(' ')[0]);
  expect(names.slice(3)).toEqual(['Metadata', 'SaslHandshake', 'SaslAuthenticate', 'Metadata', 'Metadata']);
  expect(broker.connections).toBe(1);
});

test('OAUTHBEARER: a server challenge is a failure, not a success', async () => {
  const { cluster } = await secured(oauth('unsecuredLoginStringClaim_sub="bob"'), ({ body }) =>
    body.authBytes.length > 1
      ? { ...accepted(), authBytes: Buffer.from('{"status":"invalid_token"}') }
      : { ...accepted(), errorCode: 58, errorMessage: 'no' },
  );
  await expect(cluster.metadata([])).rejects.toThrow('The broker refused the token: {"status":"invalid_token"}');
});

/** A token endpoint that counts requests. */
async function tokenEndpoint(status: number, body: object) {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    let form = '';
    request.on('data', (piece) => {
      form += piece;
    });
    request.on('end', () => {
      asked.push(`${request.headers.authorization} ${form}`);
      response.writeHead(status).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  open.push(server);
  return { asked, url: `http://localhost:${(server.address() as AddressInfo).port}/token` };
}

test('OAUTHBEARER: client credentials are exchanged for a token, which is cached', async () => {
  const endpoint = await tokenEndpoint(200, { access_token: 'a.b.c', expires_in: 300 });
  const got: string[] = [];
  const settings = oauth('clientId="id" clientSecret="geheim" scope="kafka" extension_team="x"');
  const { cluster } = await secured(
    { ...settings, 'sasl.oauthbearer.token.endpoint.url': endpoint.url },
    ({ body }) => {
      got.push(body.authBytes.toString());
      return accepted();
    },
  );
  await cluster.metadata([]);
  await cluster.connection(1, 'another');
  const basic = Buffer.from('id:geheim').toString('base64');
  expect(endpoint.asked).toEqual([`Basic ${basic} grant_type=client_credentials&scope=kafka`]);
  expect(got).toEqual(Array(2).fill('n,,\x01auth=Bearer a.b.c\x01team=x\x01\x01'));
});

test('OAUTHBEARER: the error of a token endpoint is reported without the secret', async () => {
  const endpoint = await tokenEndpoint(401, { error: 'invalid_client' });
  const settings = oauth('clientId="id" clientSecret="geheim"');
  const { cluster } = await secured({ ...settings, 'sasl.oauthbearer.token.endpoint.url': endpoint.url }, () =>
    accepted(),
  );
  const error = await cluster.metadata([]).catch((e) => e);
  expect(error.message).toBe(`No token from ${endpoint.url}: HTTP status 401 (invalid_client)`);
});

test.each([
  ['sasl.oauthbearer.token.endpoint.url', 'file:///var/run/token'],
  ['sasl.login.callback.handler.class', 'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler'],
  ['sasl.client.callback.handler.class', 'software.amazon.msk.auth.iam.IAMOAuthBearerSaslClientCallbackHandler'],
  ['sasl.oauthbearer.jwt.retriever.class', 'org.apache.kafka.common.security.oauthbearer.FileJwtRetriever'],
])('%s=%s is named as what is not supported yet', (name, value) => {
  const properties = new Map(Object.entries({ 'security.protocol': 'SASL_SSL', ...oauth(''), [name]: value }));
  const open = () => connect({ bootstrap: 'localhost:1', properties });
  expect(open).toThrow(`${name}=${value} is not supported yet`);
  expect(open).not.toThrow(/clientId/);
});

test('Kafka’s own callback handler still requires credentials', () => {
  const settings = {
    'security.protocol': 'SASL_SSL',
    ...oauth(''),
    'sasl.login.callback.handler.class':
      'org.apache.kafka.common.security.oauthbearer.secured.OAuthBearerLoginCallbackHandler',
    'sasl.oauthbearer.token.endpoint.url': 'https://localhost/token',
  };
  const open = () => connect({ bootstrap: 'localhost:1', properties: new Map(Object.entries(settings)) });
  expect(open).toThrow('OAUTHBEARER needs clientId and clientSecret');
});
