/** `storage format`: writes meta.properties, and bootstrap.checkpoint with the initial feature levels. */
import { join } from 'node:path';
import { type MetadataRecord, metadataRecord } from '../../broker/api.js';
import { lockDirectory } from '../../broker/directory/lock/index.js';
import { META_PROPERTIES, readMetaProperties, writeMetaProperties } from '../../broker/directory/meta-properties.js';
import { writeBootstrapCheckpoint } from '../../broker/metadata/bootstrap-checkpoint.js';
import { randomUuid } from '../../broker/uuid.js';
import type { Arguments } from '../../cli/argparse/index.js';
import { CommandError } from '../../cli/errors.js';
import {
  defaultFeatures,
  highestFeatureLevel,
  LATEST_METADATA_VERSION,
  metadataVersionName,
} from '../../kafka/metadata-versions.js';
import { makeDirectory } from '../../log/make-directory.js';
import { featureLevelRecord } from '../../protocol/messages/metadata-records.js';
import { parseFeatureLevel } from '../shared/feature-versions.js';
import { loadConfig } from '../shared/server-config.js';
import type { Outcome } from './outcome.js';
import { scramRecord } from './scram.js';
import { releaseLevel } from './versions.js';

/** 3.5-IV2, the first metadata.version with SCRAM users */
const SCRAM_NEEDS = 11;

export async function format(args: Arguments): Promise<Outcome> {
  const { config, logDir, given } = loadConfig(args.text('config') as string);
  const dynamic = checkQuorum(args, given);
  const levels = featureLevels(args, dynamic);
  const scram = args.texts('add-scram').map(scramRecord);
  const level = levels.get('metadata.version') as number;
  if (scram.length > 0 && level < SCRAM_NEEDS) {
    throw new CommandError('SCRAM is only supported in metadata.version 3.5-IV2 or later.');
  }
  const clusterId = args.text('cluster-id') as string;
  const nodeId = config.setting('node.id') as number;
  const formatted = readMetaProperties(logDir);
  if (formatted) return refuseOrLeave(args, logDir, formatted, { clusterId, nodeId });
  const records = [...bootstrapLevels(levels), ...scram];
  try {
    makeDirectory(logDir);
    const lock = await lockDirectory(logDir);
    try {
      writeBootstrapCheckpoint(logDir, records, Date.now());
      writeMetaProperties(logDir, { version: 1, clusterId, nodeId, directoryId: randomUuid() });
    } finally {
      lock.release();
    }
  } catch (error) {
    throw new CommandError(`Error while writing meta.properties file ${logDir}: ${(error as Error).message}`);
  }
  const kind = dynamic ? 'dynamic metadata voter directory' : 'metadata directory';
  return {
    lines: [
      `Bootstrap metadata: ${bootstrapText(records, level)}`,
      `Formatting ${kind} ${logDir} with metadata.version ${metadataVersionName(level)}.`,
    ],
  };
}

/** Whether the quorum is dynamic. A single node is its own quorum, so a file without any quorum settings is accepted. */
function checkQuorum(args: Arguments, given: ReadonlyMap<string, string>): boolean {
  const voters = (given.get('controller.quorum.voters') ?? '').trim() !== '';
  const chosen = ['standalone', 'initial-controllers'].some((name) => args.has(name));
  if (voters && chosen) {
    throw new CommandError(
      'You cannot specify controller.quorum.voters and format the node with --initial-controllers or --standalone. If you ' +
        'want to use dynamic quorum, please remove controller.quorum.voters and specify controller.quorum.bootstrap.servers instead.',
    );
  }
  const servers = (given.get('controller.quorum.bootstrap.servers') ?? '').trim() !== '';
  if (!voters && servers && !chosen && !args.has('no-initial-controllers')) {
    throw new CommandError(
      'Because controller.quorum.voters is not set on this controller, you must specify one of the following: ' +
        '--standalone, --initial-controllers, or --no-initial-controllers.',
    );
  }
  return !voters;
}

function featureLevels(args: Arguments, dynamic: boolean): Map<string, number> {
  const given = new Map<string, number>();
  for (const feature of args.texts('feature')) {
    const [name, level] = parseFeatureLevel(feature);
    given.set(name, level);
  }
  const release = args.text('release-version');
  if (release !== undefined && given.has('metadata.version')) {
    throw new CommandError('Use --release-version instead of --feature metadata.version=X to avoid ambiguity.');
  }
  const level =
    release === undefined ? (given.get('metadata.version') ?? LATEST_METADATA_VERSION) : releaseLevel(release);
  if (level > LATEST_METADATA_VERSION && metadataVersionName(level) !== undefined) {
    throw new CommandError(`metadata.version ${metadataVersionName(level)} is not yet stable.`);
  }
  if (metadataVersionName(level) === undefined) {
    throw new CommandError(
      `No MetadataVersion with feature level ${level}. Valid feature levels are from 7 to ${LATEST_METADATA_VERSION}.`,
    );
  }
  for (const [name, value] of given) checkFeature(name, value);
  const levels = new Map([...defaultFeatures(level), ...given, ['metadata.version', level] as const]);
  if (!given.has('kraft.version')) levels.set('kraft.version', dynamic ? 1 : 0);
  return levels;
}

function checkFeature(name: string, level: number): void {
  if (name === 'metadata.version') return;
  const highest = highestFeatureLevel(name);
  if (highest === undefined) {
    const known = defaultFeatures(LATEST_METADATA_VERSION).map(([feature]) => feature);
    throw new CommandError(`Unsupported feature: ${name}. Supported features are: ${known.sort().join(', ')}`);
  }
  if (level < 0 || level > highest) throw new CommandError(`No feature:${name} with feature level ${level}`);
}

/** Records for metadata.version, then the other features sorted by name. kraft.version is not stored as a record. */
function bootstrapLevels(levels: ReadonlyMap<string, number>): MetadataRecord[] {
  const others = [...levels].filter(
    ([name, level]) => level > 0 && name !== 'kraft.version' && name !== 'metadata.version',
  );
  others.sort(([a], [b]) => (a < b ? -1 : 1));
  const all: [string, number][] = [['metadata.version', levels.get('metadata.version') as number], ...others];
  return all.map(([name, featureLevel]) => metadataRecord(featureLevelRecord, { name, featureLevel }));
}

/** Mirrors BootstrapMetadata.toString, but omits keys and salts, which would help to guess a password. */
function bootstrapText(records: readonly MetadataRecord[], level: number): string {
  const shown = records.map(({ message, value }) => {
    const fields = value as Record<string, unknown>;
    const text =
      message === featureLevelRecord
        ? `name='${fields.name}', featureLevel=${fields.featureLevel}`
        : `name='${fields.name}', mechanism=${fields.mechanism}, iterations=${fields.iterations}`;
    return `ApiMessageAndVersion(${message.name}(${text}) at version 0)`;
  });
  return `BootstrapMetadata(records=[${shown.join(', ')}], metadataVersionLevel=${level}, source=format command)`;
}

function refuseOrLeave(
  args: Arguments,
  dir: string,
  formatted: { clusterId: string; nodeId: number },
  wanted: { clusterId: string; nodeId: number },
): Outcome {
  const file = join(dir, META_PROPERTIES);
  const mismatch = (name: string, want: string | number, read: string | number) =>
    new CommandError(`Invalid ${name} in: ${file}. Expected ${want}, but read ${read}`);
  if (formatted.clusterId !== wanted.clusterId) throw mismatch('cluster.id', wanted.clusterId, formatted.clusterId);
  if (formatted.nodeId !== wanted.nodeId) throw mismatch('node.id', wanted.nodeId, formatted.nodeId);
  if (args.has('ignore-formatted')) return { lines: ['All of the log directories are already formatted.'] };
  throw new CommandError(
    `Log directory ${dir} is already formatted. Use --ignore-formatted to ignore this directory and format the others.`,
  );
}
