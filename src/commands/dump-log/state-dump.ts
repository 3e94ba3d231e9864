/** Dumps producer snapshots and transaction indexes. Mirrors DumpLogSegments.dumpProducerIdSnapshot and dumpTxnIndex. */
import { existsSync } from 'node:fs';
import { decodeAborted, snapshotEntries } from '../../log/producer-snapshot.js';
import { firstSequenceOf, type ProducerEntry } from '../../log/producers.js';
import { readWhole } from '../shared/file-failure.js';

export function* dumpAborted(file: string): Generator<string> {
  // as in Java, a missing transaction index is not an error
  if (!existsSync(file)) return;
  for (const { producerId, firstOffset, lastOffset, lastStableOffset } of decodeAborted(readWhole(file))) {
    yield `version: 0 producerId: ${producerId} firstOffset: ${firstOffset} lastOffset: ${lastOffset}` +
      ` lastStableOffset: ${lastStableOffset}\n`;
  }
}

/** `buf`: a valid snapshot (check it with `snapshotFault` first). */
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
