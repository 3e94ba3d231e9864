/** Control records as text: transaction markers, and those that KRaft writes to the metadata log. */

import {
  kRaftVersionRecord,
  leaderChangeMessage,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  votersRecord,
} from '../../protocol/messages/control-records.js';
import { endTxnMarker } from '../../protocol/messages/txn-records.js';
import type { RecordCursor } from '../../protocol/records/cursor.js';
import { ControlType } from '../../protocol/records/layout.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeMessage } from '../../protocol/wire/codec.js';
import type { Message } from '../../protocol/wire/schema.js';
import { messageJson } from '../shared/record-json.js';

const QUORUM: ReadonlyMap<number, { readonly label: string; readonly message: Message }> = new Map([
  [ControlType.leaderChange, { label: 'LeaderChange:', message: leaderChangeMessage as Message }],
  [ControlType.snapshotHeader, { label: 'SnapshotHeader', message: snapshotHeaderRecord as Message }],
  [ControlType.snapshotFooter, { label: 'SnapshotFooter', message: snapshotFooterRecord as Message }],
  [ControlType.kRaftVersion, { label: 'KRaftVersion', message: kRaftVersionRecord as Message }],
  [ControlType.kRaftVoters, { label: 'KRaftVoters', message: votersRecord as Message }],
]);

/** The text for the cursor's current record, such as " endTxnMarker: COMMIT coordinatorEpoch: 0". */
export function controlText(cursor: RecordCursor): string {
  const type = (cursor.key() as Buffer).readInt16BE(2);
  const value = cursor.value() as Buffer;
  if (type === ControlType.abort || type === ControlType.commit) {
    const { coordinatorEpoch } = decodeMessage(endTxnMarker, 0, new Reader(value, 2));
    return ` endTxnMarker: ${type === ControlType.commit ? 'COMMIT' : 'ABORT'} coordinatorEpoch: ${coordinatorEpoch}`;
  }
  const known = QUORUM.get(type);
  if (known === undefined) return ` controlType: UNKNOWN(${type})`;
  // its first field is the version it was written in
  return ` ${known.label} ${messageJson(known.message, value.readInt16BE(0), new Reader(value))}`;
}
