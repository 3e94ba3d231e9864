/** What a broker can be asked, as Java says it. Mirrors clients/NodeApiVersions.toString. */
import * as apis from '../../protocol/apis/index.js';

export interface ApiRange {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

interface KnownApi {
  readonly name: string;
  readonly versions: readonly [number, number];
}

/** What Kafka's clients know, by key; the table has no PushTelemetry. */
const KNOWN = new Map<number, KnownApi>([
  ...Object.values(apis).map((api): [number, KnownApi] => [api.key, api]),
  [72, { name: 'PushTelemetry', versions: [0, 0] }],
]);

/** One line for each API, by key: those the broker has, and those it lacks. */
export function apiVersionsText(ranges: readonly ApiRange[]): string {
  const theirs = new Map(ranges.map((range) => [range.apiKey, range]));
  const keys = [...new Set([...theirs.keys(), ...KNOWN.keys()])].sort((a, b) => a - b);
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
