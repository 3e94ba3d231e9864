/**
 * Golden transcripts: command lines with their input and output, as text. A line's first characters tell its kind:
 *
 *   # words            a comment
 *   $ command          runs to completion; kafka-TOOL is the tool under test, $B the broker, $D a new directory, $L test/golden/logs
 *   & name command     runs in the background
 *   < line             a line of the last command's input (followed by end of input)
 *   > name line        a line typed into a background command
 *   ? name text        waits until a background command has printed the text
 *   ^C name            interrupts it (^D: ends its input; ^T: SIGTERM)
 *   . name             waits for its end; its complete output follows
 *   "  line"           a line of stdout (two blanks in front)
 *   ! line             a line of stderr
 *   \                  the line before had no trailing newline
 *   = 1                the exit code, if it is not 0
 *   % unordered        compares the lines of stdout in any order
 *   % keep REGEX       compares only matching lines of stdout (for lists on a shared cluster)
 *   % until REGEX      repeats the command until stdout matches
 *   % first            compares only the first line of stderr (the rest is the help, with our own wording)
 *   % java 3.7.2       the version of the Java tool that accepts this command line (default: the broker's)
 *   % file NAME        writes the following input lines to $D/NAME; no command
 *   % seen 3.7.2 4.4.0 the following output is expected instead with tools of the first and a broker of the second version
 *
 * Only values that differ from run to run are normalised, see `normalise`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const LOGS = path.join(ROOT, 'test/golden/logs');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- text <-> steps

export function parse(text) {
  const steps = [];
  let step;
  let seenNow; // the step, or its expectation for other versions
  const start = (more) => {
    seenNow = step = {
      kind: '',
      line: '',
      input: [],
      stdout: [],
      stderr: [],
      code: 0,
      options: {},
      others: {},
      before: comments,
      ...more,
    };
    comments = [];
    steps.push(step);
  };
  let comments = [];
  for (const line of text.split('\n')) {
    const rest = line.slice(2);
    if (line.startsWith('#') || line === '') comments.push(line);
    else if (line.startsWith('$ ')) start({ kind: 'run', line: rest });
    else if (line.startsWith('& ')) start({ kind: 'start', name: word(rest), line: after(rest) });
    else if (line.startsWith('> ')) start({ kind: 'type', name: word(rest), line: after(rest) });
    else if (line.startsWith('? ')) start({ kind: 'wait', name: word(rest), line: after(rest) });
    else if (/^\^[CDT] /.test(line)) start({ kind: line[1], name: line.slice(3) });
    else if (line.startsWith('. ')) start({ kind: 'end', name: rest });
    else if (line.startsWith('% seen ')) {
      seenNow = step.others[rest.slice(5)] = { stdout: [], stderr: [], code: 0 };
    } else if (line.startsWith('% file ')) start({ kind: 'file', name: line.slice(7) });
    else if (line.startsWith('% ')) step.options[word(rest)] = after(rest) || true;
    else if (line.startsWith('< ') || line === '<') step.input.push(rest);
    else if (line.startsWith('  ')) seenNow.stdout.push(rest);
    else if (line.startsWith('! ') || line === '!') seenNow.stderr.push(rest);
    else if (line.startsWith('= ')) seenNow.code = Number(rest);
    else if (line === '\\') seenNow.cut = true;
    else throw new Error(`not a line of a transcript: ${line}`);
  }
  return { steps, after: comments };
}
const word = (s) => s.split(' ')[0];
const after = (s) => s.slice(word(s).length + 1);

const PREFIX = { run: '$', start: '&', type: '>', wait: '?', end: '.' };
export function format({ steps, after: last }) {
  const out = [];
  for (const s of steps) {
    out.push(...s.before);
    if (s.kind === 'file') out.push(`% file ${s.name}`);
    else if (PREFIX[s.kind]) out.push([PREFIX[s.kind], s.name, s.line].filter(Boolean).join(' '));
    else out.push(`^${s.kind} ${s.name}`);
    for (const [k, v] of Object.entries(s.options)) out.push(v === true ? `% ${k}` : `% ${k} ${v}`);
    out.push(...s.input.map((l) => `< ${l}`.trimEnd()));
    out.push(...printed(s));
    for (const [versions, other] of Object.entries(s.others)) out.push(`% seen ${versions}`, ...printed(other));
  }
  return [...out, ...last].join('\n');
}
const printed = ({ stdout, stderr, cut, code }) => [
  ...stdout.map((l) => `  ${l}`),
  ...(cut ? ['\\'] : []),
  ...stderr.map((l) => `! ${l}`),
  ...(code !== 0 ? [`= ${code}`] : []),
];

// ---- what may differ

const EVENT = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+\] (TRACE|DEBUG|INFO|WARN|ERROR|FATAL) /;
const FRAME = /^(\s+at \S+|Caused by: |\s*\.\.\. \d+ more$)/;
const THROWN = /^[a-z]\w*(\.[\w$]+)+(Exception|Error)(: (.*))?$/;

/** Removes Java's log events and stack traces; keeps the first line of a trace unless its message is in `printed` or was kept before. */
export function withoutLog(lines, printed) {
  const out = [];
  for (let i = 0; i < lines.length; i++) {
    if (EVENT.test(lines[i])) {
      while (!/ \([\w.$]+\)$/.test(lines[i]) && i + 1 < lines.length) i++;
      while (i + 1 < lines.length && (FRAME.test(lines[i + 1]) || THROWN.test(lines[i + 1]))) i++;
      continue;
    }
    if (FRAME.test(lines[i])) continue;
    const message = THROWN.exec(lines[i])?.[4];
    if (message && [...printed, ...out].some((line) => line.includes(message))) continue;
    out.push(lines[i]);
  }
  return out;
}

const GROUP = /\b(console-consumer)-\d{1,6}\b(?!-)/g;
/** Normalises ids, timestamps, ports, the console consumer's random group and sets in hash order; anything else is a difference. */
export function normalise(text, { bootstrap, folder }) {
  return text
    .replaceAll(bootstrap, '$B')
    .replaceAll(folder, '$D')
    .replaceAll(LOGS, '$L')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
    .replace(/(?<="logDir":"|"log_dirs":\[")\/[^"]*/g, '<dir>')
    .replace(/(?<= )[\w-]{22}(?= +\/)/g, '<member id>')
    .replace(/(TopicId: )[\w-]{22}/g, '$1<id>')
    .replace(/\b(CreateTime|LogAppendTime):\d{13}\b/g, '$1:<time>')
    .replace(/(?<=^|\n)The consumer rebalance protocol \(KIP-848\).*\n/g, '')
    .replace(/(?<=Valid states are: ).*/g, (states) => states.split(', ').sort().join(', '))
    .replace(/(?<=one of these options: ).*/g, (names) => names.split(', ').sort().join(', '))
    .split('\n\n')
    .map((block) => (GROUP.test(block) ? narrow(block) : block))
    .join('\n\n');
}
/** The random group's length changes all column widths: collapses blanks in such a table. */
const narrow = (block) => block.replace(GROUP, '$1-<n>').replace(/ {2,}/g, ' ').replace(/ +$/gm, '');

/** stdout and stderr of a process in the form of a transcript. */
export function seen(result, step, context) {
  const clean = (text) => normalise(text, context);
  // filter first: removed lines must not affect the normalisation of kept ones
  const kept = step.options.keep ? new RegExp(step.options.keep) : undefined;
  const compared = kept
    ? result.stdout
        .split('\n')
        .filter((line) => line === '' || kept.test(line))
        .join('\n')
    : result.stdout;
  let stdout = clean(compared).split('\n');
  const cut = stdout.at(-1) !== '';
  if (!cut) stdout.pop();
  if (kept) stdout = stdout.filter((line) => kept.test(line));
  if (step.options.unordered) stdout.sort();
  stdout = withoutTraces(stdout);
  const stderr = withoutLog(clean(result.stderr).split('\n'), stdout);
  while (stderr.at(-1) === '') stderr.pop();
  if (step.options.first) stderr.length = Math.min(stderr.length, 1);
  return { stdout, stderr, cut: cut && stdout.length > 0 ? true : undefined, code: result.code };
}
const withoutTraces = (lines) => lines.filter((line) => !FRAME.test(line));

// ---- running

function words(line, context) {
  const found = line.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return found.map((w) =>
    w
      .replace(/^(['"])(.*)\1$/s, '$2')
      .replaceAll('$B', context.bootstrap)
      .replaceAll('$D', context.folder)
      .replaceAll('$L', LOGS),
  );
}

/** Launches a command line of a transcript with our tools or Java's. */
function launch(step, context) {
  const [script, ...args] = words(step.line, context);
  const name = script.replace(/^kafka-/, '').replace(/\.sh$/, '');
  const env = { ...process.env, LANG: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1' };
  const java = context.tools === 'java';
  if (java) env.APACHE_KAFKA_VERSION = step.options.java ?? context.version ?? '4.4.0';
  const command = java
    ? [path.join(ROOT, 'scripts/apache-kafka.sh'), name, ...args]
    : [process.execPath, path.join(ROOT, 'bin', name === 'ts-kafka' ? 'ts-kafka.js' : `kafka-${name}.js`), ...args];
  const child = spawn(command[0], command.slice(1), { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const run = { child, stdout: '', stderr: '', ended: undefined };
  child.stdout.setEncoding('utf8').on('data', (d) => (run.stdout += d));
  child.stderr.setEncoding('utf8').on('data', (d) => (run.stderr += d));
  child.stdin.on('error', () => {});
  run.ended = new Promise((resolve) => {
    child.on('error', (e) => resolve({ stdout: '', stderr: String(e), code: 127 }));
    child.on('close', (code, signal) =>
      resolve({
        stdout: run.stdout,
        stderr: run.stderr,
        code: code ?? 128 + ({ SIGINT: 2, SIGTERM: 15, SIGKILL: 9 }[signal] ?? 0),
      }),
    );
  });
  return run;
}
async function bounded(run, ms) {
  const timer = setTimeout(() => run.child.kill('SIGKILL'), ms);
  const result = await run.ended;
  clearTimeout(timer);
  return result;
}

/**
 * Runs a transcript and returns, for every step with output, the actual and the expected output.
 * context: { tools: 'ts' | 'java', bootstrap, version?, slow? }
 */
export async function play(transcript, given) {
  const context = { ...given, folder: mkdtempSync(path.join(tmpdir(), 'transcript-')) };
  const limit = (context.tools === 'java' ? 60_000 : 20_000) * (given.slow ?? 1);
  const background = new Map();
  const outcomes = [];
  try {
    for (const step of transcript.steps) {
      const run = background.get(step.name);
      if (step.kind === 'file')
        writeFileSync(path.join(context.folder, step.name), step.input.map((l) => `${l}\n`).join(''));
      else if (step.kind === 'run') outcomes.push({ step, seen: await complete(step, context, limit) });
      else if (step.kind === 'start') background.set(step.name, launch(step, context));
      else if (!run) throw new Error(`no background command is called ${step.name}`);
      else if (step.kind === 'type') run.child.stdin.write(`${step.line}\n`);
      else if (step.kind === 'wait') await waitFor(run, step, limit);
      else if (step.kind === 'C') run.child.kill('SIGINT');
      else if (step.kind === 'T') run.child.kill('SIGTERM');
      else if (step.kind === 'D') run.child.stdin.end();
      else outcomes.push({ step, seen: seen(await bounded(run, limit), step, context) });
    }
  } finally {
    for (const { child } of background.values()) child.kill('SIGKILL');
    rmSync(context.folder, { recursive: true, force: true });
  }
  return outcomes;
}

async function complete(step, context, limit) {
  const until = step.options.until && new RegExp(step.options.until, 'm');
  for (const deadline = Date.now() + limit; ; ) {
    const run = launch(step, context);
    run.child.stdin.end(step.input.map((l) => `${l}\n`).join(''));
    const result = await bounded(run, limit);
    if (!until || until.test(result.stdout) || Date.now() > deadline) return seen(result, step, context);
    await sleep(200);
  }
}
async function waitFor(run, step, limit) {
  let over = false;
  run.ended.then(() => (over = true));
  for (const deadline = Date.now() + limit; !`${run.stdout}${run.stderr}`.includes(step.line); await sleep(20)) {
    if (over || Date.now() > deadline)
      throw new Error(`${step.name} did not print ${step.line}: ${run.stdout}${run.stderr}`);
  }
}

/** Writes the actual output into a transcript; for versions other than 4.4.0 ("3.7.2 4.4.0", tools and broker) only differences. */
export function record(outcomes, versions = undefined) {
  for (const { step, seen: now } of outcomes) {
    if (!versions) Object.assign(step, now);
    else if (isDeepStrictEqual(now, expected(step))) delete step.others[versions];
    else step.others[versions] = now;
  }
}

/** A step's expected output, in the form of `seen`. */
export function expected(step, versions = undefined) {
  const { stdout, stderr, cut, code } = step.others[versions] ?? step;
  return { stdout: step.options.unordered ? [...stdout].sort() : stdout, stderr, cut, code };
}
