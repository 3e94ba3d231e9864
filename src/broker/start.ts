/**
 * Startup and shutdown. Everything that can fail is checked before anything is written: the data directory, its lock,
 * the ports. Then come meta.properties, the metadata log, the coordinators and the sockets.
 */

import { CLUSTER_METADATA_TOPIC } from '../kafka/topic-names.js';
import { LogDirectory } from '../log/directory.js';
import type { Resolved } from './config/resolve.js';
import { checkDirectory, createDirectory, openDirectory } from './directory/data-directory.js';
import { lockDirectory, wasLocked } from './directory/lock/index.js';
import { EmbeddedBroker } from './embedded.js';
import { Logs } from './logs.js';
import { ANY_TOPIC_CONFIG, CLUSTER_METADATA_ID } from './metadata/cluster-metadata.js';
import { MetadataLog } from './metadata/log.js';
import { begin, checkLevel, checkReplicas, takeOver, UNCLEAN_TAKEOVER } from './metadata/start.js';
import { SocketServer } from './network/listen.js';
import { refuseSecurity } from './security/refuse.js';

const MAINTAIN_TICK_MS = 500;
/** Retention and compaction run in one loop, at the shorter of these intervals. */
const MAINTENANCE_INTERVALS = ['log.cleaner.backoff.ms', 'log.retention.check.interval.ms'];

/** A started broker. */
export interface Running {
  readonly broker: EmbeddedBroker;
  /** the port the first listener is bound to */
  readonly port: number;
  stop(): Promise<void>;
}

/** Throws ConfigError, DataDirectoryError, DirectoryInUse, or the error from binding a port (EADDRINUSE …). */
export async function startBroker(resolved: Resolved, log: (line: string) => void): Promise<Running> {
  refuseSecurity(resolved);
  const nodeId = Number(resolved.config.setting('node.id'));
  const { logDir } = resolved;
  const undo: (() => void | Promise<void>)[] = [];
  try {
    const lock = async (): Promise<void> => {
      const held = await lockDirectory(logDir);
      undo.push(() => held.release());
      if (held.note !== undefined) log(held.note);
    };
    // if the same server is already running, both the directory and the port are taken: report the directory, which
    // names the process
    const first = checkDirectory(logDir, nodeId) && wasLocked(logDir);
    if (first) await lock();
    const sockets = await SocketServer.bind(resolved.listeners, resolved.config);
    undo.push(() => sockets.close());
    if (!first) {
      createDirectory(logDir);
      await lock();
    }
    const ids = openDirectory(logDir, nodeId, resolved.clusterId);
    if (resolved.clusterId !== undefined && ids.clusterId !== resolved.clusterId) {
      log(
        `${logDir} keeps its cluster id ${ids.clusterId}; ${resolved.clusterId} from the environment only applies to a new directory`,
      );
    }
    return await serve(resolved, { ...ids, nodeId }, sockets, log, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function serve(
  resolved: Resolved,
  ids: { clusterId: string; directoryId: string; nodeId: number },
  sockets: SocketServer,
  warn: (line: string) => void,
  undo: (() => void | Promise<void>)[],
): Promise<Running> {
  const { config, logDir } = resolved;
  const directory = await LogDirectory.open(logDir, { warn, untidied: true });
  undo.push(() => directory.close());
  const metadataLog = await directory.openPartition(CLUSTER_METADATA_TOPIC, 0, CLUSTER_METADATA_ID, ANY_TOPIC_CONFIG);
  undo.push(() => metadataLog.close());
  const metadata = new MetadataLog(metadataLog, Date.now);
  const deleted = await metadata.replay();
  if (metadata.blank) {
    const controller = { listener: 'CONTROLLER', host: 'localhost', port: 9093 };
    await begin(metadata, { ...ids, logDir, controller }, Date.now());
  }
  checkLevel(metadata, logDir);
  if (config.properties.get(UNCLEAN_TAKEOVER) !== 'true') checkReplicas(metadata, ids.nodeId, logDir);
  directory.tidy();
  await takeOver(metadata, ids.nodeId);
  const logs = new Logs(directory, warn);
  undo.push(() => logs.close());
  logs.deleteLeftovers(deleted);
  const broker = new EmbeddedBroker({ ...ids, logDir, config, metadata, logs, warn });
  broker.endpoints = sockets.endpoints;
  undo.push(() => broker.stop());
  await broker.start();
  sockets.serve(broker);
  undo.push(maintenance(directory, broker));
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await sockets.close();
    for (const step of undo.reverse()) await step();
  };
  return { broker, port: sockets.port, stop: () => (stopped ??= stop()) };
}

/** Runs retention, compaction and segment rolls, one round at a time. Returns a function that stops it. */
function maintenance(directory: LogDirectory, broker: EmbeddedBroker): () => void {
  // if the clock is set back, the rounds must not stop
  let last = Number.NEGATIVE_INFINITY;
  let busy = false;
  const round = async (): Promise<void> => {
    const every = Math.min(...MAINTENANCE_INTERVALS.map((name) => Number(broker.setting(name))));
    if (busy || performance.now() - last < every) return;
    busy = true;
    try {
      await directory.maintain(broker.now());
    } catch (error) {
      broker.warn(`maintenance: ${(error as Error).message}`);
    } finally {
      last = performance.now();
      busy = false;
    }
  };
  const timer = setInterval(round, MAINTAIN_TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
