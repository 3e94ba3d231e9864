/** How a command gets its cluster: the flag, else the environment, else the profile; then the properties file. */
import { CommandError, errorLine } from '../../cli/errors.js';
import type { Io } from '../../cli/io.js';
import { type ConnectOptions, connect } from '../../client/cluster/connect.js';
import type { Cluster, Node } from '../../client/cluster/types.js';
import { JavaError, javaText } from '../../java/exceptions.js';
import { type Properties, parseProperties } from '../../java/properties.js';
import { ClientCreationError } from '../../kafka/client-settings.js';
import { propertiesText } from './properties-file.js';
import { WaitNotice, withWaitNotice } from './wait-notice.js';

/**
 * Reads a .properties file. One that cannot be read ends the command as in Java: the file's name, then what is wrong with
 * it under the exception's name.
 */
export function loadProperties(file: string): Map<string, string> {
  try {
    return parseProperties(propertiesText(file));
  } catch (cause) {
    if (!(cause instanceof JavaError)) throw cause;
    const reason = cause.message === file ? javaText(cause) : `Caused by: ${javaText(cause)}: ${file}`;
    throw new CommandError(`${cause.message}\n${reason}`, { cause });
  }
}

/** `connect` with the user's environment. On a terminal, reports long waits and unknown properties on stderr. */
export function openCluster(io: Io, options: ConnectOptions): Cluster {
  const warn = (line: string) => void io.stderr.write(`${line}\n`);
  if (!io.isTTY.stderr) return connect({ env: io.env, warn, ...options });
  const notice = new WaitNotice(io, options.bootstrap);
  const { onWait } = notice;
  return withWaitNotice(
    connect({ env: io.env, warn, hint: warn, onWait, onThrottle: throttleNotice(warn), ...options }),
    notice,
  );
}

/** Shorter throttle times are not reported, ms. */
const LONG_THROTTLE = 5000;

const throttleNotice =
  (warn: (line: string) => void) =>
  ({ host, port }: Node, ms: number): void => {
    if (ms >= LONG_THROTTLE) warn(`${host}:${port} throttles this client (quota): waiting ${Math.round(ms / 1000)} s.`);
  };

/** Bootstrap addresses of brokers, or of KRaft controllers if `controllers`. */
export interface Bootstrap {
  readonly bootstrap: string;
  readonly controllers?: boolean;
}

/** Mirrors Java's Admin.create. Throws ConfigError. */
export function adminCluster(io: Io, to: string | Bootstrap, properties: Properties): Cluster {
  return openCluster(io, {
    ...(typeof to === 'string' ? { bootstrap: to } : to),
    properties,
    clientId: 'adminclient-1',
    admin: true,
  });
}

/** Connects for an admin tool. Throws CommandError with Java's message for invalid settings. */
export function openAdmin(io: Io, to: string | Bootstrap, properties: Properties): Cluster {
  try {
    return adminCluster(io, to, properties);
  } catch (error) {
    throw noClient(error);
  }
}

/** Java's error for invalid settings; if they were valid but the client could not be created, with the cause. */
export function noClient(error: unknown): CommandError {
  const reason = errorLine(error);
  if (!(error instanceof ClientCreationError)) return new CommandError(reason, { cause: error });
  const cause = `Caused by: org.apache.kafka.common.config.ConfigException: ${reason}`;
  return new CommandError(`Failed to create new KafkaAdminClient\n${cause}`);
}
