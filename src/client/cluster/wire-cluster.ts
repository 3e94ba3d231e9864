/** The `Cluster` implementation: routes requests to brokers, keeps one connection per broker and purpose, retries. */

import { ClientCreationError } from '../../kafka/client-settings.js';
import { metadata } from '../../protocol/apis/03-metadata.js';
import { findCoordinator } from '../../protocol/apis/10-find-coordinator.js';
import { describeCluster } from '../../protocol/apis/60-describe-cluster.js';
import { check, Errors, KafkaError } from '../../protocol/errors.js';
import type { AnyApi, RequestInput, ResponseOf } from '../../protocol/wire/schema.js';
import type { Address } from './bootstrap.js';
import type { Connection } from './connection.js';
import { coordinatorRefusal, DisconnectError, SslAuthenticationError } from './failures.js';
import { type ConnectionSettings, openConnection } from './open-connection.js';
import { Deadline } from './retry.js';
import type { Cluster, Metadata, Node, SendOptions, Target } from './types.js';

export interface ClusterOptions extends ConnectionSettings {
  readonly bootstrap: readonly Address[];
  /** the nodes are KRaft controllers, which know each other but no topics */
  readonly controllers?: boolean;
  /** called with the reason each time a broker cannot be reached and the call waits */
  readonly onWait?: (reason: Error) => void;
}

type CoordinatorType = 'group' | 'transaction';

/** DescribeCluster's endpoint type. */
const CONTROLLERS = 2;

/** Routes, retries and caches; created by `connect`. */
export class WireCluster implements Cluster {
  readonly #options: ClusterOptions;
  readonly #brokers = new Map<number, Node>();
  readonly #connections = new Map<string, Promise<Connection>>();
  readonly #coordinators = new Map<string, Node>();
  readonly #closing = new AbortController();
  #controllerId: number | undefined;
  /** consecutive disconnects that look like a security protocol mismatch */
  #mismatches = 0;

  readonly atControllers: boolean;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.atControllers = options.controllers === true;
  }

  async send<A extends AnyApi>(
    api: A,
    body: RequestInput<A>,
    options: SendOptions<ResponseOf<A>> = {},
  ): Promise<ResponseOf<A>> {
    const deadline = this.deadline(options.call ?? callName(api), options.timeoutMs);
    for (;;) {
      try {
        const connection = await this.#route(this.#target(options), deadline);
        const version = connection.version(api, options.atLeast, options.atMost);
        deadline.tries++;
        const timeoutMs = Math.min(this.#options.timeouts.request, Math.max(1, deadline.left));
        const response = await connection.send(api, version, body, { timeoutMs });
        this.#mismatches = 0;
        check(options.errorOf?.(response) ?? 0);
        return response;
      } catch (error) {
        this.#reroute(this.#target(options));
        if (options.retry === false) throw error;
        await this.#mayRetry(error, deadline);
      }
    }
  }

  async metadata(
    topics: readonly string[] | null,
    options: { autoCreate?: boolean; timeoutMs?: number; call?: string } = {},
  ): Promise<Metadata> {
    if (this.#options.controllers) throw unsupportedEndpoint();
    const deadline = this.deadline(options.call ?? 'metadata', options.timeoutMs);
    for (;;) {
      try {
        return await this.#metadata(await this.#any(deadline), topics, deadline, options.autoCreate);
      } catch (error) {
        await this.#mayRetry(error, deadline);
      }
    }
  }

  async connection(node: number, purpose = ''): Promise<Connection> {
    if (!this.#brokers.has(node)) await this.metadata([]);
    // the caller's metadata is stale: the error makes it refresh
    if (!this.#brokers.has(node)) throw new DisconnectError(`Node ${node} is not part of the cluster.`);
    return this.#toNode(node, purpose);
  }

  async coordinator(
    key: string,
    type: CoordinatorType = 'group',
    options: { timeoutMs?: number; call?: string } = {},
  ): Promise<Node> {
    return this.#coordinator(key, type, this.deadline(options.call ?? 'findCoordinator', options.timeoutMs));
  }

  forgetCoordinator(key: string, type: CoordinatorType = 'group'): void {
    this.#coordinators.delete(`${type} ${key}`);
  }

  async close(): Promise<void> {
    this.#closing.abort(new DisconnectError('The client was closed.'));
    const connections = [...this.#connections.values()];
    this.#connections.clear();
    for (const connection of connections) void connection.then((open) => open.close()).catch(() => {});
  }

  deadline(call: string, timeoutMs = this.#options.timeouts.api): Deadline {
    return new Deadline(call, timeoutMs, this.#options.timeouts, this.#closing.signal);
  }

  /** Waits for the backoff if `error` is retriable; throws otherwise, or when the call's time is up. */
  async #mayRetry(error: unknown, deadline: Deadline): Promise<void> {
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
    if (!(error instanceof KafkaError) || !error.retriable || error.message.startsWith('Timed out waiting'))
      throw error;
    if (error instanceof DisconnectError && error.mismatch !== undefined && ++this.#mismatches >= 3) {
      throw new SslAuthenticationError(error.mismatch);
    }
    if (deadline.left === 0) throw deadline.expired();
    this.#options.onWait?.(error);
    await deadline.backoff();
  }

  /** Drops cached routing for a target after a failure, so that the next attempt looks it up again. */
  #reroute(to: Target): void {
    if (to === 'controller') this.#controllerId = undefined;
    else if (typeof to === 'object' && 'group' in to) this.forgetCoordinator(to.group);
    else if (typeof to === 'object' && 'transactionalId' in to)
      this.forgetCoordinator(to.transactionalId, 'transaction');
  }

  /** Throws UNSUPPORTED_ENDPOINT_TYPE for calls that only brokers serve. Mirrors KafkaAdminClient's LeastLoadedBrokerOrActiveKController. */
  #target({ to = 'any', controllers }: SendOptions): Target {
    if (!this.#options.controllers) return to;
    if (!controllers) throw unsupportedEndpoint();
    return to === 'any' ? 'controller' : to;
  }

  async #route(to: Target, deadline: Deadline): Promise<Connection> {
    if (to === 'any') return this.#any(deadline);
    if (to === 'controller') return this.#toNode(await this.#controller(deadline));
    if ('node' in to) {
      if (!this.#brokers.has(to.node)) await this.#metadata(await this.#any(deadline), [], deadline);
      return this.#toNode(to.node);
    }
    const node =
      'group' in to
        ? await this.#coordinator(to.group, 'group', deadline)
        : await this.#coordinator(to.transactionalId, 'transaction', deadline);
    return this.#toNode(node.id);
  }

  /** An open connection, or one to the first known broker that can be reached. */
  async #any(deadline: Deadline): Promise<Connection> {
    for (const [key, opening] of this.#connections) {
      const open = key.endsWith(' ') ? await opening.catch(() => undefined) : undefined;
      if (open && !open.closed) return open;
    }
    let failure: unknown;
    for (const node of this.#candidates()) {
      if (deadline.left === 0) break;
      try {
        return await deadline.within(this.#open(node, ''));
      } catch (error) {
        if (!(error instanceof DisconnectError)) throw error;
        // report an unreachable broker rather than a name that does not resolve
        if (!(failure instanceof DisconnectError) || failure.unresolved) failure = error;
      }
    }
    if (failure instanceof DisconnectError && failure.unresolved && this.#brokers.size === 0) {
      throw new ClientCreationError('No resolvable bootstrap urls given in bootstrap.servers');
    }
    throw failure ?? deadline.expired();
  }

  #candidates(): Node[] {
    const seeds = this.#options.bootstrap.map(({ host, port }) => ({ id: -1, host, port, rack: null }));
    const known = [...this.#brokers.values()];
    return [...known, ...seeds.filter((seed) => !known.some((node) => sameAddress(node, seed)))];
  }

  #toNode(id: number, purpose = ''): Promise<Connection> {
    const node = this.#brokers.get(id);
    if (!node) return Promise.reject(new KafkaError(8, `Node ${id} is not part of the cluster.`));
    return this.#open(node, purpose);
  }

  /** The connection to this address for this purpose, opened if necessary; concurrent callers share one attempt. */
  async #open(node: Node, purpose: string): Promise<Connection> {
    const key = `${node.host}:${node.port} ${purpose}`;
    const existing = this.#connections.get(key);
    const open = await existing?.catch(() => undefined);
    if (open && !open.closed) return open;
    if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
    const renewed = this.#connections.get(key);
    if (renewed && renewed !== existing) return renewed;
    const opening = openConnection(node, this.#options);
    this.#connections.set(key, opening);
    opening.catch(() => this.#connections.get(key) === opening && this.#connections.delete(key));
    return opening;
  }

  async #metadata(
    connection: Connection,
    topics: readonly string[] | null,
    deadline: Deadline,
    autoCreate = false,
  ): Promise<Metadata> {
    if (this.#options.controllers) return this.#quorum(connection, deadline);
    const version = connection.version(metadata);
    const wanted = topics?.map((name) => ({ name })) ?? null;
    const body = { topics: version === 0 ? (wanted ?? []) : wanted, allowAutoTopicCreation: autoCreate };
    deadline.tries++;
    const timeoutMs = Math.min(this.#options.timeouts.request, Math.max(1, deadline.left));
    const response = await connection.send(metadata, version, body, { timeoutMs });
    check(response.errorCode);
    return this.#learn({
      clusterId: response.clusterId,
      controllerId: response.controllerId,
      brokers: response.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack })),
      topics: response.topics.map(topicInfo),
    });
  }

  /** DescribeCluster on a controller, in place of Metadata. */
  async #quorum(connection: Connection, deadline: Deadline): Promise<Metadata> {
    deadline.tries++;
    const body = { includeClusterAuthorizedOperations: false, endpointType: CONTROLLERS, includeFencedBrokers: false };
    const timeoutMs = Math.min(this.#options.timeouts.request, Math.max(1, deadline.left));
    const response = await connection.send(describeCluster, connection.version(describeCluster, 1), body, {
      timeoutMs,
    });
    check(response.errorCode, response.errorMessage);
    return this.#learn({
      clusterId: response.clusterId,
      controllerId: response.controllerId,
      brokers: response.brokers.map(({ brokerId, host, port, rack }) => ({ id: brokerId, host, port, rack })),
      topics: [],
    });
  }

  /** Remembers the nodes for later requests. */
  #learn(found: Metadata): Metadata {
    this.#mismatches = 0;
    this.#brokers.clear();
    for (const node of found.brokers) this.#brokers.set(node.id, node);
    this.#controllerId = found.controllerId >= 0 ? found.controllerId : undefined;
    return found;
  }

  async #controller(deadline: Deadline): Promise<number> {
    if (this.#controllerId === undefined) await this.#metadata(await this.#any(deadline), [], deadline);
    if (this.#controllerId === undefined) throw new KafkaError(41);
    return this.#controllerId;
  }

  async #coordinator(key: string, type: CoordinatorType, deadline: Deadline): Promise<Node> {
    const cached = this.#coordinators.get(`${type} ${key}`);
    if (cached) return cached;
    for (;;) {
      try {
        const node = await this.#findCoordinator(await this.#any(deadline), key, type, deadline);
        this.#coordinators.set(`${type} ${key}`, node);
        if (!this.#brokers.has(node.id)) this.#brokers.set(node.id, node);
        return node;
      } catch (error) {
        await this.#mayRetry(error, deadline);
      }
    }
  }

  async #findCoordinator(
    connection: Connection,
    key: string,
    type: CoordinatorType,
    deadline: Deadline,
  ): Promise<Node> {
    const body = { key, keyType: type === 'group' ? 0 : 1, coordinatorKeys: [key] };
    deadline.tries++;
    const timeoutMs = Math.min(this.#options.timeouts.request, Math.max(1, deadline.left));
    const response = await connection.send(findCoordinator, connection.version(findCoordinator), body, { timeoutMs });
    const found = response.coordinators[0] ?? response;
    try {
      check(found.errorCode, found.errorMessage);
    } catch (error) {
      throw type === 'group' ? coordinatorRefusal(error, key, type) : error;
    }
    return { id: found.nodeId, host: found.host, port: found.port, rack: null };
  }
}

const unsupportedEndpoint = (): KafkaError =>
  new KafkaError(
    Errors.UNSUPPORTED_ENDPOINT_TYPE,
    'This Admin API is not yet supported when communicating directly with the controller quorum.',
  );

const sameAddress = (a: Address, b: Address): boolean => a.host === b.host && a.port === b.port;

/** "ListGroups" -> "listGroups": how Java's admin client names most of its calls. */
const callName = (api: AnyApi): string => api.name.charAt(0).toLowerCase() + api.name.slice(1);

const topicInfo = (topic: ResponseOf<typeof metadata>['topics'][number]): Metadata['topics'][number] => ({
  name: topic.name ?? '',
  topicId: topic.topicId,
  errorCode: topic.errorCode,
  isInternal: topic.isInternal,
  partitions: topic.partitions
    .map((p) => ({
      partition: p.partitionIndex,
      leader: p.leaderId,
      leaderEpoch: p.leaderEpoch,
      replicas: p.replicaNodes,
      isr: p.isrNodes,
      offlineReplicas: p.offlineReplicas,
      errorCode: p.errorCode,
    }))
    .sort((a, b) => a.partition - b.partition),
});
