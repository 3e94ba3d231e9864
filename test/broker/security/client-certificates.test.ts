/** TLS client certificates. Expected results were recorded from Apache Kafka 4.4.0 with the same kinds of certificates. */
import { connect, type TLSSocket } from 'node:tls';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeCluster } from '../../../src/protocol/apis/60-describe-cluster.js';
import { Reader } from '../../../src/protocol/wire/buffer.js';
import { decodeResponse, encodeRequest } from '../../../src/protocol/wire/frame.js';
import { FrameBuffer } from '../../../src/protocol/wire/frame-buffer.js';
import { authority, type Identity, tlsSettings } from '../../support/certificates.js';
import { type BrokerProcess, startBroker, tempDir } from '../../support/process.js';

const temp = tempDir();
const ca = authority();
const client = ca.sign([['CN', 'client']]);
const CERTIFICATES: Readonly<Record<string, Identity | undefined>> = {
  none: undefined,
  'of our authority': client,
  'self-signed': authority('client').identity,
  'of another authority': authority('other').sign([['CN', 'client']]),
  expired: ca.sign([['CN', 'client']], -1),
};
let broker: BrokerProcess;
const port = (listener: number) => Number(broker.addresses[listener]?.split(':')[1]);
const [REQUESTED, REQUIRED] = [1, 2];

beforeAll(async () => {
  broker = await startBroker({
    overrides: [
      'listeners=PLAINTEXT://localhost:0,REQUESTED://localhost:0,REQUIRED://localhost:0',
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,REQUESTED:SSL,REQUIRED:SSL',
      'listener.name.requested.ssl.client.auth=requested',
      'listener.name.required.ssl.client.auth=required',
      'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users=User:ANONYMOUS',
      ...tlsSettings(temp.path, ca.sign([['CN', 'broker']]), ca),
    ],
  });
});
afterAll(async () => {
  await broker.remove();
  temp.remove();
});

/** The authorized cluster operations (bits) from DescribeCluster; undefined if the connection was closed instead. */
function ask(
  listener: number,
  identity: Identity | undefined,
  options: { version?: 'TLSv1.2' | 'TLSv1.3'; session?: Buffer | undefined } = {},
): Promise<{ operations: number | undefined; reused: boolean; session: Buffer | undefined }> {
  const body = { includeClusterAuthorizedOperations: true };
  const frame = encodeRequest(describeCluster, 0, { correlationId: 1, clientId: 'x' }, body);
  const { version = 'TLSv1.3', session } = options;
  return new Promise((done) => {
    let ticket: Buffer | undefined;
    let operations: number | undefined;
    let reused = false;
    const socket: TLSSocket = connect({
      port: port(listener),
      host: 'localhost',
      ca: ca.identity.cert,
      minVersion: version,
      maxVersion: version,
      ...(session && { session }),
      ...identity,
    });
    const reader = new FrameBuffer(1 << 20);
    socket.on('secureConnect', () => {
      reused = socket.isSessionReused();
      for (const chunk of frame) socket.write(chunk);
    });
    socket.on('session', (bytes) => {
      ticket = bytes;
    });
    socket.on('data', (chunk) =>
      reader.push(chunk, (bytes) => {
        const answer = new Reader(bytes);
        answer.int32();
        operations = decodeResponse(describeCluster, 0, answer).clusterAuthorizedOperations;
        socket.end();
      }),
    );
    socket.on('error', () => {});
    socket.on('close', () => done({ operations, reused, session: ticket }));
  });
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  test.each([
    ['none', true, false],
    ['of our authority', true, true],
    ['self-signed', false, false],
    ['of another authority', false, false],
    ['expired', false, false],
  ] as const)('a certificate %s: requested %s, required %s', async (name, requested, required) => {
    const served = async (listener: number) =>
      (await ask(listener, CERTIFICATES[name], { version })).operations !== undefined;
    expect([await served(REQUESTED), await served(REQUIRED)]).toEqual([requested, required]);
  });

  test('a TLS session cannot be resumed if client certificates are requested', async () => {
    for (const listener of [REQUESTED, REQUIRED]) {
      const first = await ask(listener, client, { version });
      expect(first.operations).toBeDefined();
      const second = await ask(listener, client, { version, session: first.session });
      expect([second.reused, second.operations]).toEqual([false, first.operations]);
    }
  });
});

test('a rejected certificate is logged, and later connections are served', async () => {
  // at most one line per second and kind
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await ask(REQUESTED, CERTIFICATES.expired);
  expect(broker.said()).toContain('Failed authentication with /127.0.0.1 (SSL handshake failed: CERT_HAS_EXPIRED)');
  expect((await ask(REQUESTED, client)).operations).toBeDefined();
});

describe('the principal', () => {
  const kafka = () => new kafkajs.Kafka({ brokers: [broker.bootstrap], logLevel: kafkajs.logLevel.NOTHING });
  const allow = async (principal: string) => {
    const admin = kafka().admin();
    await admin.connect();
    await admin.createAcls({
      acl: [
        {
          principal,
          host: '*',
          operation: kafkajs.AclOperationTypes.ALTER,
          permissionType: kafkajs.AclPermissionTypes.ALLOW,
          resourceType: kafkajs.AclResourceTypes.CLUSTER,
          resourceName: 'kafka-cluster',
          resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
        },
      ],
    });
    await admin.disconnect();
  };
  const parts = (text: string) => text.split('/').map((part) => part.split('=') as [string, string]);

  test('contains every part of the subject in order', async () => {
    await allow('User:CN=c,OU=a,O=x,OU=b');
    const [one, other] = ['OU=b/O=x/OU=a/CN=c', 'OU=b/OU=a/O=x/CN=c'].map((text) => ca.sign(parts(text)));
    const operations = await Promise.all([one, other].map((identity) => ask(REQUIRED, identity)));
    // Alter (7) and the implied Describe (8); the other certificate is another principal
    expect(operations.map((one) => one.operations)).toEqual([(1 << 7) | (1 << 8), 0]);
  });
});
