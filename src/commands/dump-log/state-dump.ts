/** What is known of producers and their aborted transactions. Mirrors DumpLogSegments.dumpProducerIdSnapshot and dumpTxnIndex. */
import { existsSync } from 'node:fs';
import { decodeAborted, snapshotEntries } from '../../log/producer-snapshot.js';
import { firstSequenceOf, type ProducerEntry } from '../../log/producers.js';
import { readWhole } from '../shared/file-failure.js';

export function* dumpAborted(file: string): Generator<string> {
  // one that is not there has none to tell of
  if (!existsSync(file)) return;
  for (const { producerId, firstOffset, lastOffset, lastStableOffset } of decodeAborted(readWhole(file))) {
    yield `version: 0 producerId: ${producerId} firstOffset: ${firstOffset} lastOffset: ${lastOffset}` +
      ` lastStableOffset: ${lastStableOffset}\n`;
  }
}

/** `buf` must be whole (`snapshotFault`). */
export function* dumpProducers(buf: Buffer): Generator<string> {
  for (const entry of snapshotEntries(buf)) yield `${producerText(entry)}${batchText(entry)}\n`;
}

const producerText = (entry: ProducerEntry): string =>
  `producerId: ${entry.producerId} producerEpoch: ${entry.epoch} coordinatorEpoch: ${entry.coordinatorEpoch}` +
  ` currentTxnFirstOffset: OptionalLong${entry.txnFirstOffset < 0 ? '.empty' : `[${entry.txnFirstOffset}]`}` +
  ` lastTimestamp: ${entry.lastTimestamp}`;

function batchText({ batches: [batch] }: ProducerEntry): string {
  if (batch === undefined) return '';
  return (
    ` firstSequence: ${firstSequenceOf(batch)} lastSequence: ${batch.lastSequence} lastOffset: ${batch.lastOffset}` +
    ` offsetDelta: ${batch.offsetDelta} timestamp: ${batch.timestamp}`
  );
}
