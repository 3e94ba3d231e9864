/** Reads a metadata log or snapshot. Mirrors shell/MetadataShell and metadata/util/SnapshotFileReader. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { MetadataRecord } from '../../broker/api.js';
import { DirectoryInUse, type DirectoryLock, LOCK_FILE, lockDirectory } from '../../broker/directory/lock/index.js';
import { decodeMetadataRecord } from '../../broker/metadata/codec.js';
import { CommandError } from '../../cli/errors.js';
import {
  abortTransactionRecord,
  beginTransactionRecord,
  endTransactionRecord,
} from '../../protocol/messages/metadata-records.js';
import { RecordCursor } from '../../protocol/records/cursor.js';
import { At, isControl, lastOffset, leaderEpoch } from '../../protocol/records/layout.js';
import { BatchFile } from '../shared/batch-file.js';
import { MetadataImage } from './image.js';
import type { Directory } from './node.js';
import { type Provenance, rootOf } from './tree.js';

/** The metadata in `file` as a tree. Throws CommandError if a server uses its directory, or it is unreadable or has no metadata. */
export async function load(file: string): Promise<Directory> {
  const lock = await lockIfServed(path.resolve(file, '../..'));
  try {
    return read(file);
  } finally {
    lock?.release();
  }
}

/** A log directory is some server's, and nobody else's while it runs. */
async function lockIfServed(dir: string): Promise<DirectoryLock | undefined> {
  if (![LOCK_FILE, 'meta.properties'].some((file) => existsSync(path.join(dir, file)))) return undefined;
  try {
    return await lockDirectory(dir);
  } catch (error) {
    if (!(error instanceof DirectoryInUse)) throw error;
    throw unexpected(
      `Unable to lock ${dir}. Please ensure that no broker or controller process is using this directory before proceeding.`,
    );
  }
}

/** The Java tool's wording for unexpected errors. */
const unexpected = (why: string): CommandError => new CommandError(`Unexpected error: ${why}`);

function open(file: string): BatchFile {
  if (existsSync(file)) return new BatchFile(file);
  const why = `java.nio.file.NoSuchFileException: ${file}`;
  const trace = `java.util.concurrent.ExecutionException: ${why}`;
  throw new CommandError(why, { stderr: `Unexpected error: ${why}\n${trace}\n` });
}

function read(file: string): Directory {
  const log = open(file);
  const image = new MetadataImage();
  const transaction = new Transaction(image);
  let provenance: Provenance | undefined;
  try {
    const cursor = new RecordCursor();
    for (const { buf } of log.batches(0, log.size)) {
      if (isControl(buf, 0)) continue;
      cursor.open(buf, 0);
      while (cursor.next()) {
        const value = cursor.value();
        const record = value && decodeMetadataRecord(value);
        if (record) transaction.take(record);
      }
      const timestamp = buf.readBigInt64BE(At.maxTimestamp);
      provenance = { offset: BigInt(lastOffset(buf, 0)), epoch: leaderEpoch(buf, 0), timestamp };
    }
  } finally {
    log.close();
  }
  if (provenance === undefined) throw unexpected(`${file} holds no metadata`);
  return rootOf(image, provenance);
}

/** Holds back the records of a metadata transaction (KIP-868): applies them when it ends, drops them when it is aborted. */
class Transaction {
  #pending: MetadataRecord[] | undefined;

  constructor(private readonly image: MetadataImage) {}

  take(record: MetadataRecord): void {
    if (record.message === beginTransactionRecord) this.#pending = [];
    else if (record.message === endTransactionRecord) {
      for (const pending of this.#pending ?? []) this.image.apply(pending);
      this.#pending = undefined;
    } else if (record.message === abortTransactionRecord) this.#pending = undefined;
    else if (this.#pending) this.#pending.push(record);
    else this.image.apply(record);
  }
}
