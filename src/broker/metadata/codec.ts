/**
 * Encodes and decodes records of __cluster_metadata (uvarint frame version 1, uvarint key, uvarint version, body) and
 * its control records.
 */

import { kRaftVersionRecord, leaderChangeMessage, votersRecord } from '../../protocol/messages/control-records.js';
import * as schemas from '../../protocol/messages/metadata-records.js';
import { buildBatch, type RecordInput } from '../../protocol/records/builder.js';
import { ControlType } from '../../protocol/records/layout.js';
import { ProtocolError, Reader, Writer } from '../../protocol/wire/buffer.js';
import { decodeMessage, encodeMessage } from '../../protocol/wire/codec.js';
import type { AnyMessage, MessageInput } from '../../protocol/wire/schema.js';
import type { MetadataRecord } from '../api.js';

const FRAME_VERSION = 1;
const byKey = new Map<number, AnyMessage>();
for (const message of Object.values(schemas) as AnyMessage[]) {
  if (message.key !== undefined) byKey.set(message.key, message);
}

/** The value of a metadata record. */
export function encodeMetadataRecord(record: MetadataRecord): Buffer {
  const writer = new Writer();
  writer.uvarint(FRAME_VERSION);
  writer.uvarint(record.message.key as number);
  writer.uvarint(record.version);
  writer.raw(encodeMessage(record.message, record.version, record.value as never));
  return writer.toBuffer();
}

/** Undefined for a record type this version does not know: it is skipped, but stays in the log. */
export function decodeMetadataRecord(value: Buffer): MetadataRecord | undefined {
  const reader = new Reader(value);
  const frame = reader.uvarint();
  if (frame !== FRAME_VERSION) throw new ProtocolError(`metadata record of frame version ${frame}`);
  const message = byKey.get(reader.uvarint());
  const version = reader.uvarint();
  if (!message || version > message.versions[1]) return undefined;
  return { message, version, value: decodeMessage(message, version, reader) as never };
}

/** One batch with these records. */
export const metadataBatch = (records: readonly MetadataRecord[], leaderEpoch: number, timestamp: number): Buffer =>
  buildBatch({ records: records.map((r) => ({ value: encodeMetadataRecord(r) })), leaderEpoch, timestamp });

function controlRecord<M extends AnyMessage>(type: number, message: M, value: MessageInput<M>): RecordInput {
  const key = Buffer.alloc(4);
  key.writeInt16BE(type, 2);
  return { key, value: encodeMessage(message, message.versions[0], value as never) };
}

/**
 * The first batch of a metadata log: the LeaderChange and voter records of a single-node quorum. With them Kafka can
 * take over the directory whether it is configured with controller.quorum.voters or
 * controller.quorum.bootstrap.servers.
 */
export function quorumBatch(options: {
  nodeId: number;
  directoryId: string;
  controller: { listener: string; host: string; port: number };
  leaderEpoch: number;
  timestamp: number;
}): Buffer {
  const { nodeId, directoryId, controller, leaderEpoch, timestamp } = options;
  const voter = { voterId: nodeId };
  return buildBatch({
    control: true,
    leaderEpoch,
    timestamp,
    records: [
      controlRecord(ControlType.leaderChange, leaderChangeMessage, {
        version: 0,
        leaderId: nodeId,
        voters: [voter],
        grantingVoters: [voter],
      }),
      controlRecord(ControlType.kRaftVersion, kRaftVersionRecord, { version: 0, kRaftVersion: 1 }),
      controlRecord(ControlType.kRaftVoters, votersRecord, {
        version: 0,
        voters: [
          {
            voterId: nodeId,
            voterDirectoryId: directoryId,
            endpoints: [{ name: controller.listener, host: controller.host, port: controller.port }],
            kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
          },
        ],
      }),
    ],
  });
}
