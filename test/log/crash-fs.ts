import type { LogFs } from '../../src/log/fs.js';

interface File {
  content: Buffer;
  durable: Buffer;
  /** writes since the last sync, in order */
  pending: ({ position: number; data: Buffer } | { size: number })[];
}
type DirOp = (entries: Map<string, File | 'dir'>) => void;

export const random = (seed: number): (() => number) => {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const parent = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const error = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });

/**
 * An in-memory file system that can simulate a power loss: each write since a file's last sync is kept, dropped or torn
 * at 512 bytes, and only a prefix of the directory's unsynced operations survives. Writes can also fail or be short.
 */
export class CrashFs implements LogFs {
  entries = new Map<string, File | 'dir'>();
  #durableEntries = new Map<string, File | 'dir'>();
  #dirOps = new Map<string, DirOp[]>();
  #fds = new Map<number, File>();
  #nextFd = 3;
  /** number of changes so far: writes, syncs, truncations, directory operations */
  ops = 0;
  /** called before each change; can throw to make it fail */
  beforeOp: (kind: string, path?: string) => void = () => {};
  /** maximum bytes per write */
  maxWrite = Number.POSITIVE_INFINITY;

  #op(kind: string, path?: string): void {
    this.ops++;
    this.beforeOp(kind, path);
  }
  #file(fd: number): File {
    const file = this.#fds.get(fd);
    if (file === undefined) throw error('EBADF', String(fd));
    return file;
  }
  #dirOp(dir: string, op: DirOp): void {
    op(this.entries);
    const ops = this.#dirOps.get(dir) ?? [];
    ops.push(op);
    this.#dirOps.set(dir, ops);
  }

  open(path: string, create: boolean): number {
    let file = this.entries.get(path);
    if (file === undefined) {
      if (!create) throw error('ENOENT', path);
      if (parent(path) !== '' && this.entries.get(parent(path)) !== 'dir') throw error('ENOENT', path);
      this.#op('create', path);
      file = { content: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [] };
      const made = file;
      this.#dirOp(parent(path), (e) => void e.set(path, made));
    }
    if (file === 'dir') throw error('EISDIR', path);
    this.#fds.set(this.#nextFd, file);
    return this.#nextFd++;
  }
  close(fd: number): void {
    this.#file(fd);
    this.#fds.delete(fd);
  }
  size(fd: number): number {
    return this.#file(fd).content.length;
  }
  write(fd: number, buf: Buffer, offset: number, length: number, position: number): number {
    this.#op('write');
    const taken = Math.min(length, this.maxWrite);
    const data = Buffer.from(buf.subarray(offset, offset + taken));
    const file = this.#file(fd);
    file.content = applied(file.content, position, data);
    file.pending.push({ position, data });
    return taken;
  }
  readSync(fd: number, buf: Buffer, offset: number, length: number, position: number): number {
    return this.#file(fd).content.copy(buf, offset, position, position + length);
  }
  async read(fd: number, buf: Buffer, offset: number, length: number, position: number): Promise<number> {
    return this.readSync(fd, buf, offset, length, position);
  }
  async sync(fd: number): Promise<void> {
    const file = this.#file(fd);
    this.#op('sync');
    file.durable = file.content;
    file.pending = [];
  }
  truncate(fd: number, size: number): void {
    this.#op('truncate');
    const file = this.#file(fd);
    file.content = resized(file.content, size);
    file.pending.push({ size });
  }
  rename(from: string, to: string): void {
    const file = this.entries.get(from);
    if (file === undefined) throw error('ENOENT', from);
    this.#op('rename', to);
    this.#dirOp(parent(to), (e) => {
      for (const [path, entry] of [...e]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        e.delete(path);
        e.set(to + path.slice(from.length), entry);
      }
    });
  }
  unlink(path: string): void {
    if (!this.entries.has(path)) throw error('ENOENT', path);
    this.#op('unlink', path);
    this.#dirOp(parent(path), (e) => void e.delete(path));
  }
  mkdir(path: string): void {
    if (this.entries.get(path) === 'dir') return;
    this.#op('mkdir', path);
    this.#dirOp(parent(path), (e) => void e.set(path, 'dir'));
  }
  rmdir(path: string): void {
    this.#op('rmdir', path);
    this.#dirOp(parent(path), (e) => void e.delete(path));
  }
  list(path: string): string[] {
    if (this.entries.get(path) !== 'dir') throw error('ENOENT', path);
    return [...this.entries.keys()].filter((p) => parent(p) === path).map((p) => p.slice(path.length + 1));
  }
  async syncDir(path: string): Promise<void> {
    this.#op('syncDir', path);
    for (const op of this.#dirOps.get(path) ?? []) op(this.#durableEntries);
    this.#dirOps.delete(path);
  }

  get openFiles(): number {
    return this.#fds.size;
  }

  /** A copy of the file system in its current state. */
  copy(): CrashFs {
    return this.#image(this.entries, (file) => file.content);
  }

  /** The file system after a power loss. */
  crash(seed: number): CrashFs {
    const next = random(seed);
    const entries = new Map(this.#durableEntries);
    for (const ops of this.#dirOps.values()) {
      for (const op of ops.slice(0, Math.floor(next() * (ops.length + 1)))) op(entries);
    }
    return this.#image(entries, (file) => survived(file, next));
  }

  #image(entries: Map<string, File | 'dir'>, contentOf: (file: File) => Buffer): CrashFs {
    const image = new CrashFs();
    for (const [path, entry] of entries) {
      if (entry === 'dir') image.entries.set(path, 'dir');
      else {
        const content = contentOf(entry);
        image.entries.set(path, { content, durable: content, pending: [] });
      }
    }
    image.#durableEntries = new Map(image.entries);
    return image;
  }

  /** The bytes of a file, to inspect or corrupt. */
  content(path: string): Buffer {
    const file = this.entries.get(path);
    if (file === undefined || file === 'dir') throw error('ENOENT', path);
    return file.content;
  }
  put(path: string, content: Buffer): void {
    this.entries.set(path, { content, durable: content, pending: [] });
  }
}

function survived(file: File, next: () => number): Buffer {
  let content = file.durable;
  for (const change of file.pending) {
    const chance = next();
    if ('size' in change) {
      if (chance < 0.7) content = resized(content, change.size);
    } else if (chance < 0.5) content = applied(content, change.position, change.data);
    else if (chance < 0.75) {
      const sectors = Math.floor((next() * change.data.length) / 512);
      content = applied(content, change.position, change.data.subarray(0, sectors * 512));
    }
  }
  return content;
}

function applied(content: Buffer, position: number, data: Buffer): Buffer {
  if (data.length === 0) return content;
  const result = Buffer.alloc(Math.max(content.length, position + data.length));
  content.copy(result);
  data.copy(result, position);
  return result;
}

function resized(content: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size);
  content.copy(result);
  return result;
}
