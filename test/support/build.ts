import { spawnSync } from 'node:child_process';

/** Tests run what users run, bin/*.js on dist: it must be what src says. Under a second when nothing changed. */
export default function build(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('scripts/build.mjs failed');
}
