/** Tests that need several frames: sessions, and members subscribed by a regular expression. */
import * as of from '../../../src/protocol/apis/index.js';
import { Errors } from '../../../src/protocol/errors.js';
import type { Wire } from '../../broker/wire.js';
import type { World } from './world.js';

export interface Conversation {
  readonly label: string;
  readonly user: string;
  /** all responses to compare */
  hold(wire: Wire, world: World): Promise<unknown>;
}

const MEMBER = 'regexMemberregexMember';
const FETCH = { minBytes: 1, maxBytes: 1 << 20 };
const WAIT_MS = 600;

/** Whether a response came at once or after the full wait: the duration of a denied fetch must reveal nothing. */
async function timed<T>(answer: Promise<T>): Promise<{ answer: T; waited: boolean }> {
  const since = performance.now();
  const got = await answer;
  return { answer: got, waited: performance.now() - since > WAIT_MS / 2 };
}

const fetchSession = (label: string, names: readonly ('open' | 'hidden')[]): Conversation => ({
  label: `Fetch: a session with ${label}`,
  user: 'reader',
  async hold(wire, world) {
    const topics = names.map((name) => ({
      topic: name,
      topicId: world.ids[name],
      partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1 << 20 }],
    }));
    const ask = (body: object) => timed(wire.ask(of.fetch, 13, { ...FETCH, ...body }));
    const first = await ask({ maxWaitMs: WAIT_MS, sessionEpoch: 0, topics });
    const { sessionId } = first.answer;
    const second = await ask({ maxWaitMs: WAIT_MS, sessionId, sessionEpoch: 1, topics: [] });
    const third = await ask({ maxWaitMs: WAIT_MS, sessionId, sessionEpoch: 2, topics: [] });
    return [first, second, third];
  },
});

/** The topics finally assigned to a member with a regular expression: Kafka resolves it after its first response. */
const regexMember: Conversation = {
  label: 'ConsumerGroupHeartbeat: a regular expression that matches topics not to be described',
  user: 'subscriber',
  async hold(wire) {
    const asked = { groupId: 'mine-regex', memberId: MEMBER, topicPartitions: [], subscribedTopicRegex: '.*' };
    let epoch = 0;
    let assigned: string[] = [];
    for (let beat = 0; beat < 30; beat++) {
      const first =
        epoch === 0 ? { ...asked, rebalanceTimeoutMs: 60_000 } : { groupId: 'mine-regex', memberId: MEMBER };
      const answer = await wire.ask(of.consumerGroupHeartbeat, 1, { ...first, memberEpoch: epoch });
      if (answer.errorCode !== Errors.NONE) return answer.errorCode;
      epoch = answer.memberEpoch;
      const topics = answer.assignment?.topicPartitions.map((t: { topicId: string }) => t.topicId);
      if (topics) assigned = topics;
      if (assigned.length > 0 && beat > 5) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return assigned;
  },
};

/** All pages of all topics, following the cursors. */
const pages: Conversation = {
  label: 'DescribeTopicPartitions: page by page',
  user: 'reader',
  async hold(wire) {
    const answers: unknown[] = [];
    let cursor: unknown = null;
    for (let page = 0; page < 10; page++) {
      const answer = await wire.ask(of.describeTopicPartitions, 0, { topics: [], responsePartitionLimit: 1, cursor });
      answers.push({ page, answer });
      cursor = answer.nextCursor;
      if (cursor === null) break;
    }
    return answers;
  },
};

export const CONVERSATIONS: readonly Conversation[] = [
  fetchSession('a hidden topic', ['hidden']),
  fetchSession('an open topic', ['open']),
  fetchSession('an open and a hidden topic', ['open', 'hidden']),
  regexMember,
  pages,
];
