/** The start offset of each leader epoch; persisted in Kafka's text file `leader-epoch-checkpoint`. */
import { type LogFs, readFile, writeFile } from './fs.js';
import { lastWhere } from './indexes.js';

/** The leader epochs of one log, oldest first. */
export class LeaderEpochs {
  readonly entries: { epoch: number; startOffset: number }[] = [];

  /** Records the epoch of a batch; true when it is new. */
  assign(epoch: number, startOffset: number): boolean {
    const last = this.entries[this.entries.length - 1];
    if (epoch < 0 || (last !== undefined && epoch <= last.epoch)) return false;
    this.entries.push({ epoch, startOffset });
    return true;
  }

  /** Mirrors LeaderEpochFileCache.endOffsetFor; -1/-1 for an epoch above the latest. */
  endOffset(epoch: number, logEnd: number): { epoch: number; endOffset: number } {
    const entries = this.entries;
    const floor = lastWhere(entries.length, (i) => entries[i]!.epoch <= epoch);
    const next = entries[floor + 1];
    if (next !== undefined) return { epoch: entries[floor]?.epoch ?? epoch, endOffset: next.startOffset };
    if (entries[floor]?.epoch === epoch) return { epoch, endOffset: logEnd };
    return { epoch: -1, endOffset: -1 };
  }

  /** Drops epochs that start at or above the end of a truncated log. */
  truncateEnd(logEnd: number): void {
    while (this.entries.length > 0 && this.entries[this.entries.length - 1]!.startOffset >= logEnd) this.entries.pop();
  }

  write(io: LogFs, path: string): void {
    const lines = this.entries.map((e) => `${e.epoch} ${e.startOffset}\n`);
    writeFile(io, path, Buffer.from(`0\n${lines.length}\n${lines.join('')}`));
  }

  static read(io: LogFs, path: string): LeaderEpochs {
    const epochs = new LeaderEpochs();
    const lines = readFile(io, path)?.toString('latin1').split('\n') ?? [];
    if (lines[0] !== '0' || Number(lines[1]) !== lines.length - 3) return epochs;
    for (const line of lines.slice(2, -1)) {
      const [epoch, start] = line.split(' ').map(Number);
      if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(start)) return new LeaderEpochs();
      epochs.assign(epoch!, start!);
    }
    return epochs;
  }
}
