/** The tree that the shell shows: directories and one-line files. Mirrors image/node/MetadataNode. */
export type Directory = ReadonlyMap<string, MetadataNode>;
export type MetadataNode = Directory | string;

export const isDirectory = (node: MetadataNode): node is Directory => typeof node !== 'string';

export const directory = (entries: Iterable<readonly [name: string, node: MetadataNode]>): Directory =>
  new Map(entries);

/** The sorted names in a directory. */
export const names = (node: Directory): string[] => [...node.keys()].sort();

/** A node's contents, indented by level. Mirrors ShellNodePrinter. */
export function* treeLines(node: MetadataNode, indent = ''): Generator<string> {
  if (!isDirectory(node)) {
    yield `${indent}${node}`;
    return;
  }
  for (const name of names(node)) {
    yield `${indent}${name}:`;
    yield* treeLines(node.get(name) as MetadataNode, `${indent}  `);
  }
}

/** The path of a node, and of all nodes below it. */
export function* pathLines(node: MetadataNode, path: string): Generator<string> {
  yield path;
  if (!isDirectory(node)) return;
  for (const name of names(node)) {
    yield* pathLines(node.get(name) as MetadataNode, path === '/' ? `/${name}` : `${path}/${name}`);
  }
}
