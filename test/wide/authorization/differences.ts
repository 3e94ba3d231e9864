/**
 * Where the embedded broker's responses differ from Apache Kafka's, and why. Each entry removes something from both
 * responses before the comparison; everything else must be equal. An entry that removes nothing fails the test.
 */
export interface Difference {
  readonly reason: string;
  /** the responses it applies to, by key: "user · Api v3 label" */
  readonly of: RegExp;
  /** removes the difference from a response */
  take(answer: any): unknown;
}

/** Messages in which Kafka's controller prints its own request object, with addresses and buffer positions. */
const CONTROLLER_WORDS = /^Request Request\(.*\) needs \w+ permission\.$/s;

const inWords = (value: unknown): unknown => {
  if (typeof value === 'string') return CONTROLLER_WORDS.test(value) ? 'Cluster authorization failed.' : value;
  if (Array.isArray(value)) return value.map(inWords);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inWords(one)]));
};

export const DIFFERENCES: readonly Difference[] = [
  {
    reason:
      "Kafka's controller tells a refused client its whole request object; here the words of the error code stand",
    of: / · \w+ v/,
    take: inWords,
  },
  {
    reason: "the set of APIs and features is each broker's own, and is compared in the suites that are about it",
    of: / · ApiVersions /,
    take: (answer) => ({ errorCode: answer.errorCode, throttleTimeMs: answer.throttleTimeMs }),
  },
  {
    reason:
      'Kafka fails with UNKNOWN_SERVER_ERROR when a topic id of a share fetch is of no topic and there is an authorizer',
    of: /^member · ShareFetch v\d+ of mine-share, a topic that is not there$/,
    take: () => 'a failure, or an answer for the topics that are there',
  },
  {
    reason:
      'the metadata log has its own length; without a controller listener the voter is reached where the broker is',
    of: /^(observer|operator) · DescribeQuorum /,
    take: ({ topics, ...answer }) => ({
      ...answer,
      nodes: 'its own',
      topics: topics.map((topic: any) => ({
        ...topic,
        partitions: topic.partitions.map((partition: any) => ({
          ...partition,
          highWatermark: 'its own',
          currentVoters: partition.currentVoters.map((voter: any) => ({ ...voter, replicaDirectoryId: 'its own' })),
        })),
      })),
    }),
  },
  {
    reason: 'Kafka names the topics of which no partition needed an election, without a partition',
    of: /^operator · ElectLeaders v\d+ everywhere$/,
    take: ({ replicaElectionResults, ...answer }) => ({
      ...answer,
      replicaElectionResults: replicaElectionResults.filter((topic: any) => topic.partitionResult.length > 0),
    }),
  },
];

/** A response without its known differences. */
export function without(key: string, answer: unknown): unknown {
  return DIFFERENCES.filter(({ of }) => of.test(key)).reduce((rest, { take }) => take(rest), answer);
}
