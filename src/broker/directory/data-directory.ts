/** The broker's directory before the logs in it are opened: whose it is, and that it may be ours. */
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { makeDirectory } from '../../log/make-directory.js';
import { randomUuid } from '../uuid.js';
import { META_PROPERTIES, type MetaProperties, readMetaProperties, writeMetaProperties } from './meta-properties.js';

/** The directory cannot be served. One line for the user; nothing was written. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** What may lie in a directory that nobody formatted: a file system's own, and what starts with a dot. */
const HARMLESS = /^(\..*|lost\+found|bootstrap\.checkpoint)$/;

/** Throws where the directory cannot be used (by this node, if one is named). Reads only; false when it is not there yet. */
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
        `${dir} is not empty and not Kafka's: it has no ${META_PROPERTIES}, but ${stranger}; give it another directory`,
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

/** Makes a directory that is not there yet, its parents too. */
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

/** Makes the meta.properties of a directory that has none; a new cluster gets `newId`, or one of our own. The caller holds the lock. */
export function openDirectory(dir: string, nodeId: number, newId?: string): { clusterId: string; directoryId: string } {
  return usable(dir, () => {
    const meta = readMeta(dir, nodeId);
    const clusterId = meta?.clusterId ?? newId ?? randomUuid();
    const directoryId = meta?.directoryId ?? randomUuid();
    if (!meta?.directoryId) writeMetaProperties(dir, { version: 1, clusterId, nodeId, directoryId });
    return { clusterId, directoryId };
  });
}
