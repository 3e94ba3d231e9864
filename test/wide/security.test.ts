/** Our commands with Apache Kafka's secured listeners: every security protocol and mechanism, and quick one-line errors. */
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, tempDir, tsKafkaWith } from '../support/process.js';
import { makePki, PASSWORD } from './security-pki.js';

const temp = tempDir();
const at = (name: string) => join(temp.path, name);
const SECURITY = 'org.apache.kafka.common.security';
const LISTENERS = ['SSL', 'MTLS', 'EXPIRED', 'ELSEWHERE', 'SASLP', 'SASLS'] as const;
type Listener = (typeof LISTENERS)[number] | 'PLAINTEXT';
/** what must never be printed */
const SECRETS = ['alice-secret', 'bob-secret', 'wr0ng-secret', 'client-secret'];

const ports = new Map<Listener, number>();
let endpoint: http.Server;
let tokenUrl = '';

/** Free ports; the controller has the one after PLAINTEXT's. */
async function choosePorts(): Promise<void> {
  const base = 20_000 + Math.floor(Math.random() * 20_000);
  const names: (Listener | undefined)[] = ['PLAINTEXT', undefined, ...LISTENERS];
  for (const [i, name] of names.entries()) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(base + i, 'localhost', resolve));
    await new Promise((resolve) => server.close(resolve));
    if (name) ports.set(name, base + i);
  }
}

function listenerSettings(): string[] {
  const plaintext = ports.get('PLAINTEXT') as number;
  const all = ['PLAINTEXT', ...LISTENERS].map((name) => `${name}://localhost:${ports.get(name as Listener)}`);
  const protocols = 'SSL:SSL,MTLS:SSL,EXPIRED:SSL,ELSEWHERE:SSL,SASLP:SASL_PLAINTEXT,SASLS:SASL_SSL';
  const store = (listener: string, name: string) => [
    `listener.name.${listener}.ssl.keystore.location=${at(`${name}.p12`)}`,
    `listener.name.${listener}.ssl.keystore.password=${PASSWORD}`,
    `listener.name.${listener}.ssl.truststore.location=${at('trust.p12')}`,
    `listener.name.${listener}.ssl.truststore.password=${PASSWORD}`,
  ];
  const sasl = (listener: string) => [
    `listener.name.${listener}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER`,
    `listener.name.${listener}.plain.sasl.jaas.config=${SECURITY}.plain.PlainLoginModule required user_alice="alice-secret";`,
    `listener.name.${listener}.scram-sha-256.sasl.jaas.config=${SECURITY}.scram.ScramLoginModule required;`,
    `listener.name.${listener}.scram-sha-512.sasl.jaas.config=${SECURITY}.scram.ScramLoginModule required;`,
    `listener.name.${listener}.oauthbearer.sasl.jaas.config=${SECURITY}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="x";`,
  ];
  return [
    `listeners=${all.join(',')},CONTROLLER://localhost:${plaintext + 1}`,
    `advertised.listeners=${all.join(',')}`,
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,${protocols}`,
    ...store('ssl', 'broker'),
    ...store('mtls', 'broker'),
    'listener.name.mtls.ssl.client.auth=required',
    ...store('expired', 'expired'),
    ...store('elsewhere', 'elsewhere'),
    ...store('sasls', 'broker'),
    ...sasl('saslp'),
    ...sasl('sasls'),
  ];
}

const kafka = (...args: string[]) => run('bash', ['scripts/apache-kafka.sh', ...args], '', 120_000);

beforeAll(async () => {
  await Promise.all([makePki(temp.path), choosePorts()]);
  const plaintext = `${ports.get('PLAINTEXT')}`;
  const up = await kafka('up', plaintext, at('kafka'), ...listenerSettings());
  if (up.code !== 0) throw new Error(`Apache Kafka did not start: ${up.stdout}${up.stderr}`);
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512']) {
    const user = ['--alter', '--entity-type', 'users', '--entity-name', 'bob'];
    const config = `${mechanism}=[password=bob-secret]`;
    await kafka('configs', '--bootstrap-server', `localhost:${plaintext}`, ...user, '--add-config', config);
  }
  await kafka('topics', '--bootstrap-server', `localhost:${plaintext}`, '--create', '--topic', 'hello');
  endpoint = http.createServer(answerToken);
  await new Promise<void>((resolve) => endpoint.listen(0, 'localhost', resolve));
  tokenUrl = `http://localhost:${(endpoint.address() as AddressInfo).port}`;
}, 180_000);

afterAll(async () => {
  endpoint?.close();
  await kafka('down', at('kafka'));
  temp.remove();
});

/** Serves unsigned tokens, which the broker accepts in its default configuration; /garbage returns something else. */
function answerToken(request: http.IncomingMessage, response: http.ServerResponse): void {
  const known = `Basic ${Buffer.from('id:client-secret').toString('base64')}`;
  if (request.headers.authorization !== known) {
    response.writeHead(401).end('{"error":"invalid_client"}');
    return;
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Date.now() / 1000;
  const token = `${part({ alg: 'none' })}.${part({ sub: 'service', iat, exp: iat + 300 })}.`;
  response.end(JSON.stringify({ access_token: request.url === '/garbage' ? 'garbage' : token, expires_in: 300 }));
}

interface Case {
  readonly listener: Listener;
  /** called during the test, when the files exist */
  readonly settings: () => Record<string, string>;
  readonly env?: () => Record<string, string>;
  /** the expected error; absent: it works */
  readonly fails?: RegExp;
}

async function list({ listener, settings, env }: Case, command = 'topics') {
  const config = at('client.properties');
  writeFileSync(
    config,
    Object.entries(settings())
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  );
  const where = ['--bootstrap-server', `localhost:${ports.get(listener)}`, '--command-config', config];
  const since = performance.now();
  const { code, stdout, stderr } = await tsKafkaWith(env?.() ?? {}, [command, ...where, '--list']);
  return { code, stdout: stdout.toString(), stderr, ms: performance.now() - since };
}

const oneLine = (file: string) => readFileSync(at(file), 'utf8').replace(/\n/g, ' ').trim();
const trust = (file = 'trust.p12', password: string = PASSWORD) => ({
  'ssl.truststore.location': at(file),
  'ssl.truststore.password': password,
});
const ssl = (more: Record<string, string> = trust()) => ({ 'security.protocol': 'SSL', ...more });
const keys = (file: string) => ({ 'ssl.keystore.location': at(file), 'ssl.keystore.password': PASSWORD });
const login = (mechanism: string, module: string, options: string) => ({
  'sasl.mechanism': mechanism,
  'sasl.jaas.config': `${SECURITY}.${module} required ${options};`,
});
const plain = (password = 'alice-secret') =>
  login('PLAIN', 'plain.PlainLoginModule', `username="alice" password="${password}"`);
const scram = (bits: number, user = 'bob', password = 'bob-secret') =>
  login(`SCRAM-SHA-${bits}`, 'scram.ScramLoginModule', `username="${user}" password="${password}"`);
const oauth = (options: string, path?: string) => ({
  ...login('OAUTHBEARER', 'oauthbearer.OAuthBearerLoginModule', options),
  ...(path && { 'sasl.oauthbearer.token.endpoint.url': tokenUrl + path }),
});
const saslp = (more: Record<string, string>) => ({ 'security.protocol': 'SASL_PLAINTEXT', ...more });
const sasls = (more: Record<string, string>) => ({ 'security.protocol': 'SASL_SSL', ...trust(), ...more });
const provider = (name: string, javaName: string) => ({
  'config.providers': name,
  [`config.providers.${name}.class`]: `org.apache.kafka.common.config.provider.${javaName}ConfigProvider`,
});

const works: Record<string, Case> = {
  'SSL, PKCS12': { listener: 'SSL', settings: () => ssl() },
  'SSL, PKCS12 of JDK 8': { listener: 'SSL', settings: () => ssl(trust('trust-jdk8.p12')) },
  'SSL, JKS': { listener: 'SSL', settings: () => ssl(trust('trust.jks')) },
  'SSL, PEM': {
    listener: 'SSL',
    settings: () => ssl({ 'ssl.truststore.location': at('ca.pem'), 'ssl.truststore.type': 'PEM' }),
  },
  'SSL, PEM inline': { listener: 'SSL', settings: () => ssl({ 'ssl.truststore.certificates': oneLine('ca.pem') }) },
  'another host name, unchecked': {
    listener: 'ELSEWHERE',
    settings: () => ssl({ ...trust(), 'ssl.endpoint.identification.algorithm': '' }),
  },
  'mutual TLS, PKCS12': { listener: 'MTLS', settings: () => ssl({ ...trust(), ...keys('client.p12') }) },
  'mutual TLS, JKS': { listener: 'MTLS', settings: () => ssl({ ...trust(), ...keys('client.jks') }) },
  'mutual TLS, PEM': {
    listener: 'MTLS',
    settings: () => ssl({ ...trust(), 'ssl.keystore.location': at('client.all.pem'), 'ssl.keystore.type': 'PEM' }),
  },
  'mutual TLS, PEM inline, encrypted': {
    listener: 'MTLS',
    settings: () =>
      ssl({
        ...trust(),
        'ssl.keystore.certificate.chain': oneLine('client.pem'),
        'ssl.keystore.key': oneLine('client-encrypted.pem'),
        'ssl.key.password': 'secret',
      }),
  },
  PLAIN: { listener: 'SASLP', settings: () => saslp(plain()) },
  'PLAIN over TLS': { listener: 'SASLS', settings: () => sasls(plain()) },
  'SCRAM-SHA-256': { listener: 'SASLP', settings: () => saslp(scram(256)) },
  'SCRAM-SHA-512 over TLS': { listener: 'SASLS', settings: () => sasls(scram(512)) },
  'OAUTHBEARER, unsecured': {
    listener: 'SASLP',
    settings: () => saslp(oauth('unsecuredLoginStringClaim_sub="service"')),
  },
  'OAUTHBEARER, client credentials': {
    listener: 'SASLS',
    settings: () => sasls(oauth('clientId="id" clientSecret="client-secret"', '/token')),
  },
  'a JAAS file in KAFKA_OPTS': {
    listener: 'SASLP',
    settings: () => saslp({ 'sasl.mechanism': 'PLAIN' }),
    env: () => {
      const module = `${SECURITY}.plain.PlainLoginModule required\n  username="alice" password="alice-secret";`;
      writeFileSync(at('jaas.conf'), `KafkaClient {\n  ${module}\n};\n`);
      return { KAFKA_OPTS: `-Djava.security.auth.login.config=${at('jaas.conf')}` };
    },
  },
  'a password from the environment': {
    listener: 'SASLP',
    settings: () => saslp({ ...plain(`\${env:PW}`), ...provider('env', 'EnvVar') }),
    env: () => ({ PW: 'alice-secret' }),
  },
};

const fails: Record<string, Case> = {
  'wrong password': {
    listener: 'SASLP',
    settings: () => saslp(plain('wr0ng-secret')),
    fails: /Authentication failed: Invalid username or password$/,
  },
  'wrong password over TLS': {
    listener: 'SASLS',
    settings: () => sasls(scram(256, 'bob', 'wr0ng-secret')),
    fails: /invalid credentials with SASL mechanism SCRAM-SHA-256$/,
  },
  'wrong authority': {
    listener: 'SSL',
    settings: () => ssl(trust('other.jks')),
    fails: /the certificate is not signed by an authority the truststore has$/,
  },
  'no authority': { listener: 'SSL', settings: () => ssl({}), fails: /not signed by an authority/ },
  expired: { listener: 'EXPIRED', settings: () => ssl(), fails: /the certificate has expired$/ },
  'wrong host': { listener: 'ELSEWHERE', settings: () => ssl(), fails: /the certificate is for another host name$/ },
  'plaintext to TLS': { listener: 'SSL', settings: () => ({}), fails: /does security.protocol have to be SSL\?$/ },
  'TLS to plaintext': { listener: 'PLAINTEXT', settings: () => ssl(), fails: /is it a PLAINTEXT listener\?$/ },
  'plaintext to SASL': { listener: 'SASLP', settings: () => ({}), fails: /does security.protocol have to be SASL/ },
  'SASL to plaintext': { listener: 'PLAINTEXT', settings: () => saslp(plain()), fails: /does not take SASL/ },
  'SASL without TLS': { listener: 'SASLS', settings: () => saslp(plain()), fails: /have to be SASL_SSL\?$/ },
  'no client certificate': {
    listener: 'MTLS',
    settings: () => ssl(),
    fails: /set ssl.keystore|does it want ssl.keystore/,
  },
  'wrong store password': {
    listener: 'SSL',
    settings: () => ssl(trust('trust.p12', 'wr0ng-secret')),
    fails: /Failed to load the truststore .*: keystore password was incorrect, or the file is damaged$/,
  },
  'token endpoint refuses': {
    listener: 'SASLP',
    settings: () => saslp(oauth('clientId="id" clientSecret="wr0ng-secret"', '/token')),
    fails: /HTTP status 401 \(invalid_client\)$/,
  },
  'broker refuses the token': {
    listener: 'SASLP',
    settings: () => saslp(oauth('clientId="id" clientSecret="client-secret"', '/garbage')),
    fails: /The broker refused the token: .*invalid_token/,
  },
};

describe('works', () => {
  test.each(Object.entries(works))('%s', async (_, wanted) => {
    const { code, stdout, stderr } = await list(wanted);
    expect({ code, stdout: stdout.split('\n'), stderr }).toEqual({
      code: 0,
      stdout: expect.arrayContaining(['hello']),
      stderr: '',
    });
  });
});

describe('fails quickly with one line, exit code 1, and without a secret', () => {
  test.each(Object.entries(fails))('%s', async (_, wanted) => {
    const { code, stdout, stderr, ms } = await list(wanted);
    const said = stdout + stderr;
    expect(code).toBe(1);
    expect(said.trimEnd().split('\n').at(-1)).toMatch(wanted.fails as RegExp);
    for (const secret of SECRETS) expect(said).not.toContain(secret);
    expect(ms).toBeLessThan(10_000);
  });

  test('consumer-groups prints its own message', async () => {
    const { code, stdout, stderr } = await list(fails['wrong password'] as Case, 'consumer-groups');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(
      'SaslAuthenticationException: Authentication failed: Invalid username or password',
    );
  });
});
