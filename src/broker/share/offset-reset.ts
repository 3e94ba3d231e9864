/**
 * Where a share group starts in a partition without a start offset: share.auto.offset.reset. Mirrors
 * ShareGroupAutoOffsetResetStrategy.
 */
import type { Partition } from '../../log/partition.js';

const DURATION = /^\+?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

/** `reset` is "earliest", "latest" or "by_duration:PT1H"; `now` in ms since the epoch. */
export async function startOffsetOf(reset: string, log: Partition, now: number): Promise<number> {
  const text = reset.toLowerCase();
  if (text === 'earliest') return log.logStartOffset;
  const parts = text.startsWith('by_duration:') ? DURATION.exec(text.slice('by_duration:'.length)) : null;
  if (!parts) return log.logEndOffset;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const ms = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  const { offset } = await log.offsetForTime(now - ms);
  return offset < 0 ? log.logEndOffset : offset;
}
