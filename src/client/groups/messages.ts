/** What classic members say to each other, in bytes. */

import { byTopic, type TopicPartition } from '../../kafka/topic-partition.js';
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.js';
import { Reader } from '../../protocol/wire/buffer.js';
import { decodeMessage, encodeMessage } from '../../protocol/wire/codec.js';
import type { Decoded, Fields, Message } from '../../protocol/wire/schema.js';

const SUBSCRIPTION_VERSION = 3;
const ASSIGNMENT_VERSION = 3;

function versioned(version: number, body: Buffer): Buffer {
  const head = Buffer.allocUnsafe(2);
  head.writeInt16BE(version);
  return Buffer.concat([head, body]);
}

const topicsOf = (partitions: Iterable<TopicPartition>) =>
  [...byTopic(partitions)].map(([topic, list]) => ({ topic, partitions: list }));

const partitionsOf = (topics: readonly { topic: string; partitions: readonly number[] }[]): TopicPartition[] =>
  topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));

/** Sticky assignors also say the generation in their own data, for leaders older than version 2 of the message. */
function stickyData(assignor: string, owned: readonly TopicPartition[], generation: number): Buffer | null {
  const end = Buffer.allocUnsafe(4);
  end.writeInt32BE(generation);
  if (assignor === 'cooperative-sticky') return end;
  if (assignor !== 'sticky' || generation < 0) return null;
  const parts: Buffer[] = [int32(byTopic(owned).size)];
  for (const [topic, list] of byTopic(owned)) {
    const name = Buffer.from(topic);
    const length = Buffer.allocUnsafe(2);
    length.writeInt16BE(name.length);
    parts.push(length, name, int32(list.length), ...list.map(int32));
  }
  return Buffer.concat([...parts, end]);
}

function int32(n: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(n);
  return bytes;
}

export function encodeSubscription(
  assignor: string,
  topics: readonly string[],
  owned: readonly TopicPartition[],
  generationId: number,
  rack: string,
): Buffer {
  const body = encodeMessage(consumerProtocolSubscription, SUBSCRIPTION_VERSION, {
    topics: [...topics].sort(),
    userData: stickyData(assignor, owned, generationId),
    ownedPartitions: topicsOf(owned),
    generationId,
    rackId: rack === '' ? null : rack,
  });
  return versioned(SUBSCRIPTION_VERSION, body);
}

/** A version above ours is read as ours: fields are only ever added at the end. */
function decode<F extends Fields>(message: Message<F>, bytes: Buffer): Decoded<F> {
  const reader = new Reader(bytes);
  const version = Math.min(reader.int16(), message.versions[1]);
  return decodeMessage(message, version, reader);
}

export function decodeSubscription(bytes: Buffer): { topics: string[]; owned: TopicPartition[]; generation: number } {
  const { topics, ownedPartitions, generationId } = decode(consumerProtocolSubscription, bytes);
  return { topics, owned: partitionsOf(ownedPartitions), generation: generationId };
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const body = { assignedPartitions: topicsOf(partitions), userData: null };
  return versioned(ASSIGNMENT_VERSION, encodeMessage(consumerProtocolAssignment, ASSIGNMENT_VERSION, body));
}

export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return [];
  return partitionsOf(decode(consumerProtocolAssignment, bytes).assignedPartitions);
}
