import type { Io } from '../../cli/io.js';
import { writeLines } from '../../cli/io.js';
import { type AclBinding, describeAcls, entryText, patternText } from '../../client/admin/acls.js';
import type { Cluster } from '../../client/cluster/types.js';
import type { AclOptions } from './flags.js';
import { patternsOf, principalsOf } from './wanted.js';

/** `--list`: the ACLs grouped by resource, once for each --principal given. */
export async function list(cluster: Cluster, options: AclOptions, io: Io): Promise<void> {
  const patterns = patternsOf(options);
  const principals = principalsOf(options, 'principal');
  const bindings: AclBinding[] = [];
  for (const pattern of patterns.length === 0 ? [undefined] : patterns)
    bindings.push(...(await describeAcls(cluster, pattern)));
  if (principals.length === 0) return void (await writeLines(io.stdout, byResource(bindings)));
  for (const principal of principals) {
    const own = bindings.filter(({ entry }) => entry.principal === principal);
    await writeLines(io.stdout, [`ACLs for principal \`${principal}\``, ...byResource(own)]);
  }
}

/** Deduplicates: an ACL that several patterns matched is listed once. */
function byResource(bindings: readonly AclBinding[]): string[] {
  const resources = new Map<string, Set<string>>();
  for (const { pattern, entry } of bindings) {
    const name = patternText(pattern);
    const entries = resources.get(name) ?? new Set<string>();
    resources.set(name, entries.add(`\t${entryText(entry)}`));
  }
  return [...resources].flatMap(([name, entries]) => [`Current ACLs for resource \`${name}\`:`, ...entries, '']);
}
