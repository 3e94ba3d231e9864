/** The API versions of a broker as text. Mirrors clients/NodeApiVersions.toString. */
import { errorLine } from '../../cli/errors.js';
import type { Cluster, Node } from '../../client/cluster/types.js';
import { apiVersions } from '../../protocol/apis/18-api-versions.js';
import * as apis from '../../protocol/apis/index.js';
import { check } from '../../protocol/errors.js';

/** Mirrors common/Node.toString. */
export const nodeText = ({ host, port, id, rack }: Node): string =>
  `${host}:${port} (id: ${id} rack: ${rack} isFenced: false)`;

/** A node and the API versions it supports, over several lines; for a node that does not answer, the error instead. */
export async function apiVersionsLine(cluster: Cluster, node: Node, options: { retry?: false } = {}): Promise<string> {
  const body = { clientSoftwareName: 'ts-kafka', clientSoftwareVersion: '0.1.0' };
  const to = { node: node.id };
  try {
    const response = await cluster.send(apiVersions, body, {
      to,
      controllers: true,
      call: 'describeFeatures',
      ...options,
    });
    check(response.errorCode);
    return `${nodeText(node)} -> ${apiVersionsText(response.apiKeys)}`;
  } catch (error) {
    return `${nodeText(node)} -> ERROR: ${errorLine(error)}`;
  }
}

export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

interface KnownApi {
  readonly name: string;
  readonly versions: readonly [number, number];
}

/** APIs that the protocol table omits: those between nodes, and telemetry. */
const OTHERS: readonly (readonly [key: number, name: string, oldest: number, latest: number])[] = [
  [52, 'Vote', 0, 2],
  [53, 'BeginQuorumEpoch', 0, 1],
  [54, 'EndQuorumEpoch', 0, 1],
  [56, 'AlterPartition', 2, 3],
  [58, 'Envelope', 0, 0],
  [59, 'FetchSnapshot', 0, 1],
  [62, 'BrokerRegistration', 0, 4],
  [63, 'BrokerHeartbeat', 0, 2],
  [67, 'AllocateProducerIds', 0, 0],
  [70, 'ControllerRegistration', 0, 0],
  [72, 'PushTelemetry', 0, 0],
  [73, 'AssignReplicasToDirs', 0, 0],
  [82, 'UpdateRaftVoter', 0, 0],
];

/** Every API known to Kafka, by key. */
const KNOWN = new Map<number, KnownApi>([
  ...Object.values(apis).map((api): [number, KnownApi] => [api.key, api]),
  ...OTHERS.map(([key, name, ...versions]): [number, KnownApi] => [key, { name, versions }]),
]);
/** The keys of client APIs: these are listed as UNSUPPORTED when a node lacks them. */
const CLIENT_APIS = [...Object.values(apis).map((api) => api.key), 72];

/** One line for each API, ordered by key, including client APIs that the broker lacks. */
export function apiVersionsText(ranges: readonly ApiRange[]): string {
  const theirs = new Map(ranges.map((range) => [range.apiKey, range]));
  const keys = [...new Set([...theirs.keys(), ...CLIENT_APIS])].sort((a, b) => a - b);
  return `(\n\t${keys.map((key) => apiText(key, theirs.get(key))).join(',\n\t')}\n)`;
}

function apiText(key: number, theirs: ApiRange | undefined): string {
  const known = KNOWN.get(key);
  const name = `${known?.name ?? 'UNKNOWN'}(${key}): `;
  if (!theirs) return `${name}UNSUPPORTED`;
  const { minVersion, maxVersion } = theirs;
  const range = minVersion === maxVersion ? `${minVersion}` : `${minVersion} to ${maxVersion}`;
  return `${name}${range}${known ? usable(known.versions, theirs) : ''}`;
}

function usable([oldest, latest]: readonly [number, number], { minVersion, maxVersion }: ApiRange): string {
  if (latest < minVersion) return ' [unusable: node too new]';
  if (maxVersion < oldest) return ' [unusable: node too old]';
  return ` [usable: ${Math.min(latest, maxVersion)}]`;
}
