/** One row: one job done by several programs, in shuffled order, for several rounds; medians, spread and ratios. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { ROOT } from './peers.mjs';

const TICK_MS = 10;
const say = (line) => process.stdout.write(`${line}\n`);

/** CPU time of a process, user and system, ms (in clock ticks of 10 ms). */
export function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
/** A field of /proc/PID/status in MB: VmRSS is the current size, VmHWM the peak. */
export function memoryMb(pid, field = 'VmRSS') {
  const [, kb] = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kb ?? 0) / 1024;
}

/** Runs a program to completion: { ms } of wall time, and { peakMb } with `peak`. Throws when it fails. */
export function timed(command, { stdin, stdout, peak = false, codes = [0] } = {}) {
  const files = [stdin && openSync(stdin), stdout && openSync(stdout, 'w')].filter((fd) => fd !== undefined);
  const stdio = [stdin ? files[0] : 'ignore', stdout ? files.at(-1) : 'ignore', 'pipe'];
  const since = performance.now();
  const child = spawn(command[0], command.slice(1), { cwd: ROOT, stdio });
  for (const fd of files) closeSync(fd);
  let errors = '';
  let peakMb = 0;
  child.stderr.on('data', (d) => (errors += d));
  const watch = () => {
    try {
      peakMb = Math.max(peakMb, memoryMb(child.pid, 'VmHWM'));
    } catch {
      // the process has ended
    }
  };
  const timer = peak ? setInterval(watch, 20) : undefined;
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      if (codes.includes(code)) resolve({ ms: performance.now() - since, ...(peak && { peakMb }) });
      else reject(new Error(`${command.join(' ')} ended with ${code}: ${errors.slice(-500)}`));
    });
  });
}

const sorted = (list) => [...list].sort((a, b) => a - b);
export const median = (list) => sorted(list)[list.length >> 1];
/** The `p` quantile of a list, `p` in [0, 1). */
export const percentile = (list, p) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * p))];
const rounded = (n) => (n < 10 ? Number(n.toFixed(2)) : Math.round(n));

const units = { ms: 'ms', cpuMs: 'ms CPU', peakMb: 'MB at most', rssMb: 'MB resident', perSecond: '/s', p99: 'ms p99' };

export class Bench {
  results = [];
  constructor({ rounds, only }) {
    this.rounds = rounds;
    this.only = only;
  }

  wants(title) {
    return this.only.test(title);
  }

  /**
   * programs: name -> async (round) => { metric: number, … }; the first is ours. targets: { metric: { peer: max } }, the
   * maximum ratio of our median to the peer's (for perSecond: the minimum); limits: { metric: max }, absolute. A curve has
   * no peers: each program is one of its points.
   */
  async row(title, programs, { targets = {}, limits = {}, rounds = this.rounds, curve = false } = {}) {
    if (!this.wants(title)) return;
    const samples = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const name of Object.keys(programs).sort(() => Math.random() - 0.5))
        samples[name].push(await programs[name](round));
    }
    const [own, ...peers] = Object.keys(programs);
    const row = { title, own, rounds, curve, metrics: {} };
    say(title);
    for (const metric of Object.keys(samples[own][0])) {
      const of = (name) => samples[name].map((s) => s[metric]).filter((n) => n !== undefined);
      const medians = {};
      const ratios = {};
      for (const name of [own, ...peers]) {
        if (of(name).length === 0) continue;
        medians[name] = rounded(median(of(name)));
        if (name !== own && !curve) ratios[name] = Number((median(of(own)) / median(of(name))).toFixed(3));
        const spread = `${rounded(Math.min(...of(name)))}-${rounded(Math.max(...of(name)))}`;
        const most = targets[metric]?.[name];
        const bound = most === undefined ? '' : ` (target ${most})`;
        const limit = name === own && limits[metric] !== undefined ? `   (at most ${limits[metric]})` : '';
        const ratio = ratios[name] === undefined ? limit : `   ${own} is at ${ratios[name].toFixed(2)} x${bound}`;
        say(
          `  ${name.padEnd(24)} ${String(medians[name]).padStart(8)} ${units[metric] ?? metric}  (${spread})${ratio}`,
        );
      }
      row.metrics[metric] = { medians, ratios, targets: targets[metric] ?? {}, limit: limits[metric] };
    }
    row.samples = samples;
    this.results.push(row);
  }
}
