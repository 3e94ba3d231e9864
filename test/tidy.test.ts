/** The project's conventions, checked on the source text. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const files = (folder: string, end = ''): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith(end))
    .map((e) => path.relative(ROOT, path.join(e.parentPath, e.name)))
    .sort();
const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const sources = files('src', '.ts');
const manifest = JSON.parse(text('package.json'));

/** Every module that a file imports by import, export-from, import() or require(); relative ones as paths below ROOT. */
function imports(file: string): string[] {
  const found = text(file).matchAll(
    /(?:^(?:import|export)\b[^;']*?\bfrom |^import |\bimport\(|\brequire\()'([^']+)'/gm,
  );
  return [...found].map(([, name = '']) =>
    name.startsWith('.') ? path.join(path.dirname(file), name).replace(/\.js$/, '.ts') : name,
  );
}
const room = (file: string): string => (file === 'src/main.ts' ? 'main' : (file.split('/')[1] ?? ''));

/** Groups of files that import each other, directly or not (Tarjan); the index of commands names every command. */
function circles(): string[] {
  const targets = new Map(
    sources.map((file) => [file, imports(file).filter((t) => sources.includes(t) && t !== 'src/commands/index.ts')]),
  );
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.get(file) as number);
    stack.push(file);
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file) as number, low.get(target) as number));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle.join(' <-> '));
  };
  for (const file of sources) if (!order.has(file)) visit(file);
  return found;
}

/** Which rooms a room may import from besides itself. */
const DIRECTIONS: Record<string, readonly string[]> = {
  main: ['commands', 'cli'],
  commands: ['cli', 'client', 'protocol', 'security', 'java', 'kafka'],
  client: ['protocol', 'security', 'java', 'kafka'],
  broker: ['protocol', 'log', 'security', 'java', 'kafka'],
  log: ['protocol', 'java', 'kafka'],
  /** key stores and JAAS configurations, used by clients and by the broker */
  security: ['protocol', 'java', 'kafka'],
  cli: ['java'],
  kafka: ['protocol', 'java'],
  protocol: [],
  java: [],
};
/** Commands that are the broker's, or that read its files. */
const KNOWS_BROKER =
  /^src\/commands\/(server|own\/quickstart|storage|metadata-quorum|metadata-shell|dump-log|shared\/server-config)(\/|\.ts)/;
/** The storage engine knows bytes, records and errors of the protocol, never a request. */
const REQUESTS = /^src\/protocol\/(apis\/|wire\/frame\.ts)/;

describe('imports', () => {
  test.each(sources)('%s imports only from allowed rooms', (file) => {
    const from = room(file);
    const wrong = imports(file).filter((target) => {
      if (!target.startsWith('src/')) return false;
      const to = room(target);
      if (to === from) return false;
      if (KNOWS_BROKER.test(file) && ['broker', 'log'].includes(to)) return false;
      if (from === 'log' && to === 'protocol') return REQUESTS.test(target);
      return !DIRECTIONS[from]?.includes(to);
    });
    expect(wrong).toEqual([]);
  });

  test('a family of commands imports no other family: what two need is in shared/', () => {
    const family = (file: string): string | undefined => /^src\/commands\/([^/]+)\//.exec(file)?.[1];
    const wrong = sources.flatMap((file) =>
      imports(file)
        .filter(
          (target) => family(file) && family(target) && ![family(file), 'shared'].includes(family(target) as string),
        )
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('there are no circles, types included', () => expect(circles()).toEqual([]));

  const only = (what: RegExp, where: RegExp) => {
    const wrong = sources.filter((file) => imports(file).some((i) => what.test(i)) && !where.test(file));
    expect(wrong).toEqual([]);
  };
  test('only cli/ui.ts imports chalk, ora and cli-table3', () =>
    only(/^(chalk|ora|cli-table3)$/, /^src\/cli\/ui\.ts$/));
  test('kafkajs is imported only by client/kafkajs.ts, and its private modules only by the connection', () => {
    only(/^kafkajs$/, /^src\/client\/kafkajs\.ts$/);
    only(/^kafkajs\//, /^src\/client\/cluster\/(kafkajs-connection|sasl-requests)\.ts$/);
  });
  test('a relative import names a file that exists', () => {
    const wrong = sources.flatMap((file) =>
      imports(file)
        .filter((i) => i.startsWith('src/') && !existsSync(path.join(ROOT, i)) && !/\.(json|d\.ts)$/.test(i))
        .map((i) => `${file}: ${i}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('manners', () => {
  const who = (what: RegExp, but: RegExp, where = sources) =>
    where.filter((file) => !but.test(file) && what.test(text(file)));
  test('process.exit only in main.ts', () => expect(who(/process\.exit\(/, /^src\/main\.ts$/)).toEqual([]));
  test('output goes through io, never console', () =>
    expect(who(/\bconsole\.(log|error|warn|info)\(/, /^$/)).toEqual([]));
  test('no paths or hosts of a particular machine, and no work notes', () => {
    const all = [
      ...sources,
      ...files('test'),
      ...files('scripts'),
      ...files('bin'),
      'README.md',
      'SECURITY.md',
      ...files('docs', '.md'),
      'CHANGELOG.md',
      'package.json',
      'Dockerfile',
      '.dockerignore',
      ...files('.github'),
    ];
    const leak = new RegExp(
      ['/work/', '/tmp/w', '/root/', 'HOUSE\\.md', 'TODO', 'FIXME'].map((s) => s.replace(/^(.)/, '[$1]')).join('|'),
    );
    expect(
      who(
        leak,
        /^test\/tidy\.test\.ts$/,
        all.filter((f) => existsSync(path.join(ROOT, f))),
      ),
    ).toEqual([]);
  });
  test('package-lock.json contains no host names', () => {
    expect(text('package-lock.json')).not.toContain('"resolved"');
  });
});

describe('package', () => {
  test('every bin exists and names a command', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/bins.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const file of Object.values<string>(manifest.bin)) expect(existsSync(path.join(ROOT, file)), file).toBe(true);
  });
  test('every bundled package is a dependency, with an exact version', () => {
    const known = new Set(Object.keys(manifest.dependencies));
    const used = new Set(
      sources
        .flatMap(imports)
        .filter((i) => !/^(node:|src\/|package\.json$)/.test(i))
        .map(packageOf),
    );
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
    for (const version of Object.values<string>({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version).toMatch(/^\d/);
  });
  test('the README is a page, and every document it names is there', () => {
    const readme = text('README.md');
    expect(readme.split('\n').length).toBeLessThanOrEqual(150);
    const linked = [...readme.matchAll(/\]\(((?:docs\/)?[\w.-]+\.(?:md|svg))\)/g)].map(([, file]) => file as string);
    expect(linked.length).toBeGreaterThan(5);
    expect(linked.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
    expect(files('docs', '.md').filter((file) => !linked.includes(file))).toEqual([]);
  });
  test("every command is in the README's table", () => {
    const readme = text('README.md');
    const missing = Object.keys(manifest.bin)
      .filter((name) => name.startsWith('kafka-') && !name.endsWith('.sh'))
      .filter((name) => !readme.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
