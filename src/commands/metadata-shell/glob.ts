/** Paths with `*`, `?` and `{a,b}` in them. Mirrors shell/glob/GlobComponent and GlobVisitor. */
import { isDirectory, type MetadataNode } from './node.js';

export interface Found {
  readonly path: readonly string[];
  readonly node: MetadataNode;
}

const QUOTED = '$()+.[]^{|';
const SPECIAL = '*?\\{}';

/** The regular expression of a glob component; undefined for a literal one, or an invalid one, which is matched literally. */
function pattern(glob: string): RegExp | undefined {
  let output = '';
  let literal = true;
  let inGroup = false;
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i] as string;
    const wild = WILD[c];
    if (wild !== undefined) output += wild;
    else if (c === '\\') {
      const next = glob[++i];
      if (next === undefined) output += '\\\\';
      else output += SPECIAL.includes(next) || QUOTED.includes(next) ? `\\${next}` : next;
      continue;
    } else if (c === '{') {
      if (inGroup) return undefined;
      inGroup = true;
      output += '(?:(?:';
    } else if (inGroup && c === ',') output += ')|(?:';
    else if (inGroup && c === '}') {
      inGroup = false;
      output += '))';
    } else {
      output += QUOTED.includes(c) ? `\\${c}` : c;
      continue;
    }
    literal = false;
  }
  return literal || inGroup ? undefined : new RegExp(`^${output}$`);
}

const WILD: Readonly<Record<string, string>> = { '?': '.', '*': '.*' };

/** The components of an absolute path, with "." and ".." resolved. */
export function components(path: string, workingDirectory: string): string[] {
  const all = (path.startsWith('/') ? path : `${workingDirectory}/${path}`).split('/').filter((part) => part !== '');
  const output: string[] = [];
  for (const part of all) {
    if (part === '..') output.pop();
    else if (part !== '.') output.push(part);
  }
  return output;
}

/** The nodes that a path matches, sorted by name on each level. */
export function glob(root: MetadataNode, path: string, workingDirectory: string): Found[] {
  let found: Found[] = [{ path: [], node: root }];
  for (const component of components(path, workingDirectory)) {
    const wanted = pattern(component);
    found = found.flatMap((from) => children(from, component, wanted));
  }
  return found;
}

function children({ path, node }: Found, component: string, wanted: RegExp | undefined): Found[] {
  if (!isDirectory(node)) return [];
  const names = wanted ? [...node.keys()].sort().filter((name) => wanted.test(name)) : [component];
  return names.flatMap((name) => {
    const child = node.get(name);
    return child === undefined ? [] : [{ path: [...path, name], node: child }];
  });
}
