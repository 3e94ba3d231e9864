/** The records of __share_group_state: the state of a share-partition. */
import { array, int8, int16, int32, int64, message, string, struct, tagged, uuid } from '../wire/schema.js';

const key = { groupId: string, topicId: uuid, partition: int32 };

const stateBatches = array(
  struct({
    firstOffset: int64,
    lastOffset: int64,
    deliveryState: int8,
    deliveryCount: int16,
  }),
);

export const shareSnapshotKey = message({
  key: 0,
  name: 'ShareSnapshotKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: key,
});

export const shareSnapshotValue = message({
  key: 0,
  name: 'ShareSnapshotValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    snapshotEpoch: int32,
    stateEpoch: int32,
    leaderEpoch: int32,
    startOffset: int64,
    deliveryCompleteCount: tagged(0, '0+', int32, -1),
    createTimestamp: int64,
    writeTimestamp: int64,
    stateBatches,
  },
});

export const shareUpdateKey = message({
  key: 1,
  name: 'ShareUpdateKey',
  versions: [0, 0],
  flexible: Infinity,
  fields: key,
});

export const shareUpdateValue = message({
  key: 1,
  name: 'ShareUpdateValue',
  versions: [0, 0],
  flexible: 0,
  fields: {
    snapshotEpoch: int32,
    leaderEpoch: int32,
    startOffset: int64,
    deliveryCompleteCount: tagged(0, '0+', int32, -1),
    stateBatches,
  },
});
