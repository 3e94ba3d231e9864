/** Rolling: starts a new active segment. */
import { Errors, KafkaError } from '../protocol/errors.js';
import type { LogFiles } from './log-files.js';
import { writePartitionMetadata } from './partition-metadata.js';
import { sealSegment } from './seal.js';
import { Segment } from './segment.js';
import { writeFirstState } from './state-file.js';

/** Seals the active segment and starts a new one at the log end offset; an empty active segment stays. */
export function roll(log: LogFiles, now: number): Segment {
  const { io, cache } = log.options;
  const old = log.active;
  if (old !== undefined && old.size === 0 && old.base === log.logEndOffset) return old;
  if (old === undefined) makeDirectory(log);
  else sealSegment(log, old);
  const segment = new Segment(io, log.dir, log.logEndOffset, cache, now, true);
  // a crash can have left bytes in that file: they are not part of the log
  if (io.size(segment.fd) > 0) io.truncate(segment.fd, 0);
  log.segments.push(segment);
  log.syncer.created(log.dir);
  return segment;
}

function makeDirectory(log: LogFiles): void {
  const { io, topicId } = log.options;
  try {
    io.mkdir(log.dir);
    writePartitionMetadata(io, log.dir, topicId);
    writeFirstState(io, log.dir, topicId);
    log.syncer.created(log.dir.slice(0, log.dir.lastIndexOf('/')));
  } catch (e) {
    throw new KafkaError(Errors.KAFKA_STORAGE_ERROR, `cannot create ${log.dir}: ${(e as Error).message}`);
  }
}
