import type { Io } from '../../cli/io.js';
import {
  type AclEntry,
  bindingText,
  createAcls,
  deleteAcls,
  describeAcls,
  entryText,
  patternText,
} from '../../client/admin/acls.js';
import type { Cluster } from '../../client/cluster/types.js';
import { confirm } from './confirm.js';
import type { AclOptions } from './flags.js';
import { wantedAcls } from './wanted.js';

/** `--add`: ACLs that already exist are reported and left alone. */
export async function add(cluster: Cluster, options: AclOptions, io: Io): Promise<void> {
  const patternType = options.value('resource-pattern-type').toUpperCase();
  if (patternType === 'ANY' || patternType === 'MATCH')
    throw options.usage(`A '--resource-pattern-type' value of '${patternType}' is not valid when adding acls.`);
  const wanted = wantedAcls(options);
  if (wanted.some(({ entries }) => entries.length === 0))
    throw options.usage('You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.');
  for (const { pattern, entries } of wanted) {
    const existing = new Set((await describeAcls(cluster, pattern)).map(bindingText));
    const missing: AclEntry[] = [];
    for (const entry of entries) {
      const binding = bindingText({ pattern, entry });
      if (existing.has(binding)) io.stdout.write(`Acl ${binding} already exists.\n`);
      else missing.push(entry);
    }
    if (missing.length === 0) continue;
    io.stdout.write(`Adding ACLs for resource \`${patternText(pattern)}\`: \n ${lines(missing)}\n\n`);
    await createAcls(cluster, pattern, missing);
  }
}

/** `--remove`, after a confirmation for each resource. */
export async function remove(cluster: Cluster, options: AclOptions, io: Io): Promise<void> {
  for (const { pattern, entries } of wantedAcls(options)) {
    const question =
      entries.length === 0
        ? `Are you sure you want to delete all ACLs for resource filter \`${patternText(pattern)}\`? (y/n)`
        : `Are you sure you want to remove ACLs: \n ${lines(entries)}\n from resource filter \`${patternText(pattern)}\`? (y/n)`;
    if (options.has('force') || (await confirm(question, io))) await deleteAcls(cluster, pattern, entries);
  }
}

const lines = (entries: readonly AclEntry[]): string => entries.map((entry) => `\t${entryText(entry)}`).join('\n');
