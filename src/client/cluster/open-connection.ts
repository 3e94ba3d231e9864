/** Opening one connection: TCP and TLS, ApiVersions, SASL. */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { Timeouts } from '../../kafka/client-settings.js';
import { apiVersions } from '../../protocol/apis/18-api-versions.js';
import { Errors, KafkaError } from '../../protocol/errors.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeResponse } from '../../protocol/wire/frame.js';
import type { ResponseOf } from '../../protocol/wire/schema.js';
import { Connection } from './connection.js';
import { authenticationFailure, DisconnectError, transportFailure } from './failures.js';
import { type KafkajsConnection, kafkajsConnection, type SaslOptions } from './kafkajs-connection.js';
import { openSocket } from './socket.js';
import type { Node } from './types.js';

/** What every connection of a cluster shares. */
export interface ConnectionSettings {
  readonly clientId: string;
  readonly timeouts: Timeouts;
  readonly ssl: TlsOptions | null;
  readonly sasl: SaslOptions | null;
  /** called each time a broker's quotas throttle a connection, ms */
  readonly onThrottle?: (node: Node, ms: number) => void;
}

/** Connects, negotiates versions and authenticates. Throws DisconnectError (retriable) or an authentication error (not retriable). */
export async function openConnection(node: Node, settings: ConnectionSettings): Promise<Connection> {
  if (node.host !== 'localhost' || settings.ssl) return openAt(node.host, node, settings);
  // resolving a host name makes Node compile its IPv6 regular expression, which costs 4 ms at startup
  try {
    return await openAt('127.0.0.1', node, settings);
  } catch (error) {
    if (!(error instanceof DisconnectError) || !error.message.includes('ECONNREFUSED')) throw error;
    return openAt('::1', node, settings).catch(() => Promise.reject(error));
  }
}

async function openAt(host: string, node: Node, settings: ConnectionSettings): Promise<Connection> {
  const { clientId, timeouts } = settings;
  const kafkajs = kafkajsConnection({
    host,
    port: node.port,
    clientId,
    ssl: settings.ssl,
    sasl: settings.sasl,
    connectionTimeout: timeouts.connection,
    socketFactory: (options) => openSocket(options, connection.onread),
  });
  const connection: Connection = new Connection(node, kafkajs, {
    clientId,
    requestTimeoutMs: timeouts.request,
    tls: settings.ssl !== null,
    sasl: settings.sasl !== null,
    ...(settings.onThrottle && { onThrottle: settings.onThrottle }),
  });
  try {
    await connectSocket(kafkajs, connection);
    const { apiKeys } = await negotiate(connection, Math.min(timeouts.request, timeouts.connection));
    connection.versions = new Map(apiKeys.map((api) => [api.apiKey, [api.minVersion, api.maxVersion]]));
    if (settings.sasl) await authenticate(kafkajs, connection, settings.sasl);
    return connection;
  } catch (error) {
    const failure = connection.closed ?? (error as Error);
    connection.destroy(failure);
    throw transportFailure(failure, node, settings.ssl !== null);
  }
}

/** kafkajs does not settle `connect` when the socket closes without an error, so the socket is watched here too. */
function connectSocket(kafkajs: KafkajsConnection, connection: Connection): Promise<unknown> {
  const connecting = kafkajs.connect();
  const closed = new Promise<never>((_, reject) => {
    kafkajs.socket?.once('close', () => {
      connection.lost();
      reject(connection.closed);
    });
  });
  closed.catch(() => {});
  return Promise.race([connecting, closed]);
}

/** Version 5 only adds a check of cluster and node id; brokers older than 4.4 would cost an extra round trip. */
const API_VERSIONS_VERSION = 4;

/** Sends our highest ApiVersions version; a broker that does not support it answers with v0 and its own range. */
async function negotiate(connection: Connection, timeoutMs: number): Promise<ResponseOf<typeof apiVersions>> {
  const body = { clientSoftwareName: 'ts-kafka', clientSoftwareVersion: '0.1.0' };
  let version = API_VERSIONS_VERSION;
  for (;;) {
    const answer = await connection.exchange(apiVersions, version, body, timeoutMs);
    const errorCode = new Reader(answer.buf, answer.pos).int16();
    if (errorCode === Errors.UNSUPPORTED_VERSION && version > 0) {
      const { apiKeys } = decodeResponse(apiVersions, 0, answer);
      const theirs = apiKeys.find((api) => api.apiKey === apiVersions.key)?.maxVersion ?? 0;
      version = Math.min(version - 1, theirs);
      continue;
    }
    if (errorCode !== 0) throw new KafkaError(errorCode);
    const response = decodeResponse(apiVersions, version, answer);
    connection.throttled(apiVersions, version, response);
    return response;
  }
}

async function authenticate(kafkajs: KafkajsConnection, connection: Connection, sasl: SaslOptions): Promise<void> {
  kafkajs.setVersions(
    Object.fromEntries(
      [...connection.versions].map(([key, [minVersion, maxVersion]]) => [key, { minVersion, maxVersion }]),
    ),
  );
  kafkajs.setSupportAuthenticationProtocol(connection.versions.has(36));
  try {
    await kafkajs.authenticate();
  } catch (error) {
    throw connection.closed ?? authenticationFailure(error as Error, connection.node, sasl.mechanism);
  }
  // Java re-authenticates after 85 to 95 % of the session lifetime; kafkajs's fixed 10 s would make short sessions unusable
  kafkajs.reauthenticationThreshold = Math.ceil(Number(kafkajs.sessionLifetime.toString()) * 0.15);
}
