/**
 * Checks the data directory before its logs are opened: which node and cluster it belongs to, and whether it is usable.
 */
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { makeDirectory } from '../../log/make-directory.js';
import { randomUuid } from '../uuid.js';
import { META_PROPERTIES, type MetaProperties, readMetaProperties, writeMetaProperties } from './meta-properties.js';

/** The directory cannot be used. The message is one line for the user; nothing has been written. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** Files allowed in an unformatted directory: lost+found, dotfiles and bootstrap.checkpoint. */
const HARMLESS = /^(\..*|lost\+found|bootstrap\.checkpoint)$/;

/**
 * Throws DataDirectoryError if the directory is unusable (by `nodeId`, if given). Read-only; false if it does not exist
 * yet.
 */
export function checkDirectory(dir: string, nodeId?: number): boolean {
  if (!existsSync(dir)) return false;
  if (!statSync(dir).isDirectory()) throw new DataDirectoryError(`${dir} is not a directory`);
  return usable(dir, () => {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    const names = readdirSync(dir);
    if (!names.includes(META_PROPERTIES)) {
      const stranger = names.find((name) => !HARMLESS.test(name));
      if (stranger === undefined) return true;
      throw new DataDirectoryError(
        `${dir} is not empty and not a Kafka log directory: it has no ${META_PROPERTIES}, but ${stranger}; use another directory`,
      );
    }
    readMeta(dir, nodeId);
    return true;
  });
}

function usable<T>(dir: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataDirectoryError) throw error;
    throw new DataDirectoryError(`${dir} cannot be used: ${(error as Error).message}`);
  }
}

/** Creates the directory and its parents if missing. */
export function createDirectory(dir: string): void {
  usable(dir, () => makeDirectory(dir));
}

function readMeta(dir: string, nodeId: number | undefined): MetaProperties | undefined {
  const meta = readMetaProperties(dir);
  if (meta && nodeId !== undefined && meta.nodeId !== nodeId) {
    throw new DataDirectoryError(
      `Stored node id ${meta.nodeId} doesn't match previous node id ${nodeId} in ${dir}: set node.id=${meta.nodeId}`,
    );
  }
  return meta;
}

/** Reads meta.properties, or creates it with `newId` or a random cluster id. The caller must hold the lock. */
export function openDirectory(dir: string, nodeId: number, newId?: string): { clusterId: string; directoryId: string } {
  return usable(dir, () => {
    const meta = readMeta(dir, nodeId);
    const clusterId = meta?.clusterId ?? newId ?? randomUuid();
    const directoryId = meta?.directoryId ?? randomUuid();
    if (!meta?.directoryId) writeMetaProperties(dir, { version: 1, clusterId, nodeId, directoryId });
    return { clusterId, directoryId };
  });
}
