/** The consumer protocol embedded in JoinGroup and SyncGroup (subscription, assignment): int16 version + body. */
import { array, bytes, int32, message, nullable, optional, since, string, struct } from '../wire/schema.js';

export const consumerProtocolSubscription = message({
  name: 'ConsumerProtocolSubscription',
  versions: [0, 3],
  flexible: Infinity,
  fields: {
    topics: array(string),
    userData: optional(nullable(bytes), null),
    ownedPartitions: since(
      '1+',
      array(
        struct({
          topic: string,
          partitions: array(int32),
        }),
      ),
    ),
    generationId: since('2+', int32, -1),
    rackId: since('3+', nullable(string), null),
  },
});

export const consumerProtocolAssignment = message({
  name: 'ConsumerProtocolAssignment',
  versions: [0, 3],
  flexible: Infinity,
  fields: {
    assignedPartitions: array(
      struct({
        topic: string,
        partitions: array(int32),
      }),
    ),
    userData: optional(nullable(bytes), null),
  },
});
