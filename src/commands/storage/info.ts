/** `storage info`: describes the log directory. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { META_PROPERTIES, readMetaProperties } from '../../broker/directory/meta-properties.js';
import type { Arguments } from '../../cli/argparse/index.js';
import { loadConfig } from '../shared/server-config.js';
import type { Outcome } from './outcome.js';

export function info(args: Arguments): Outcome {
  const { logDir } = loadConfig(args.text('config') as string);
  const problem = (why: string): Outcome => ({ lines: ['Found problem:', `  ${why}`, ''], code: 1 });
  if (!existsSync(logDir)) return problem(`${logDir} does not exist`);
  if (!statSync(logDir).isDirectory()) return problem(`${logDir} is not a directory`);
  const found = ['Found log directory:', `  ${logDir}`, ''];
  const bad = (why: string): Outcome => ({ lines: [...found, ...problem(why).lines], code: 1 });
  try {
    const meta = readMetaProperties(logDir);
    if (!meta) return bad(`${logDir} is not formatted.`);
    const shown = [
      `cluster.id=${meta.clusterId}`,
      ...(meta.directoryId === undefined ? [] : [`directory.id=${meta.directoryId}`]),
      `node.id=${meta.nodeId}`,
      `version=${meta.version}`,
    ];
    return { lines: [...found, `Found metadata: {${shown.join(', ')}}`, ''] };
  } catch (error) {
    return bad(`Error loading ${join(logDir, META_PROPERTIES)}: ${(error as Error).message}`);
  }
}
