/** `--describe --topology` (KIP-1331). Mirrors tools/streams/TopologyDescriptionFormatter. */
import type { StreamsGroup } from '../../../client/admin/streams-groups.js';
import { NODE_PROCESSOR, NODE_SOURCE } from '../../../protocol/topology-description.js';
import { errorBlock } from '../shared/service.js';

type Topology = NonNullable<StreamsGroup['topologyDescription']>;
type TopologyNode = Topology['subtopologies'][number]['nodes'][number];

/** TopologyDescriptionStatus, indexed by its number */
const STATUS = ['NOT_REQUESTED', 'NOT_STORED', 'ERROR', 'AVAILABLE'];
const AVAILABLE = 3;

/** The topology, or the reason why it is unavailable; then `shown` is false and the tool exits with 1. */
export function topologyText(group: StreamsGroup): { readonly text: string; readonly shown: boolean } {
  const { groupId, topologyDescription, topologyDescriptionStatus: status } = group;
  if (status === AVAILABLE && topologyDescription) {
    return { text: `${format(topologyDescription)}\n`, shown: true };
  }
  return { text: errorBlock(why(groupId, STATUS[status] ?? 'UNKNOWN')), shown: false };
}

function why(groupId: string, status: string): string {
  if (status === 'NOT_STORED') return `No topology description is stored for streams group '${groupId}'.`;
  if (status === 'ERROR') {
    return `The broker failed to fetch the topology description for streams group '${groupId}'. See the broker logs for details.`;
  }
  return `No topology description is available for streams group '${groupId}' (status: ${status}).`;
}

function format({ subtopologies, globalStores }: Topology): string {
  const parts = subtopologies.map(({ subtopologyId, nodes }) => {
    const lines = nodes.map((node) => `    ${nodeText(node, nodes)}\n`).join('');
    return `   Sub-topology: ${subtopologyId}\n${lines}\n`;
  });
  const stores = globalStores.map(({ source, processor }, i) => {
    const nodes = [source, processor];
    const lines = nodes.map((node) => `    ${nodeText(node, nodes)}\n`).join('');
    return `   Sub-topology: ${subtopologies.length + i} for global store (will not generate tasks)\n${lines}\n`;
  });
  return `Topologies:\n${parts.join('')}${stores.join('')}`;
}

function nodeText(node: TopologyNode, nodes: readonly TopologyNode[]): string {
  const { name, nodeType, sourceTopics, sinkTopic, stores, successors } = node;
  const to = `\n      --> ${namesText(successors)}`;
  const predecessors = nodes.filter((other) => other.successors.includes(name)).map((other) => other.name);
  const from = `\n      <-- ${namesText(predecessors)}`;
  if (nodeType === NODE_SOURCE) return `Source: ${name} (topics: ${setText(sourceTopics)})${to}`;
  if (nodeType === NODE_PROCESSOR) return `Processor: ${name} (stores: ${setText(stores)})${to}${from}`;
  return `Sink: ${name} (topic: ${sinkTopic})${from}`;
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
const setText = (names: readonly string[]): string => `[${sorted(names).join(', ')}]`;
const namesText = (names: readonly string[]): string => (names.length === 0 ? 'none' : sorted(names).join(', '));
