/** Throughput and latency statistics. Mirrors ProducerPerformance.Stats. */
import { formatFixed } from '../../../java/double.js';
import { type Histogram, histogramOf, latencyPercentiles, percentile } from '../shared/histogram.js';
import type { Measured } from '../shared/slo.js';

const SAMPLES = 500_000;
const MB = 1024 * 1024;

class Sums {
  count = 0;
  bytes = 0;
  latency = 0;
  maxLatency = 0;

  constructor(readonly startMs: number) {}

  add(latency: number, bytes: number): void {
    this.count++;
    this.bytes += bytes;
    this.latency += latency;
    if (latency > this.maxLatency) this.maxLatency = latency;
  }

  /** records and MB per second until now */
  rates(nowMs: number): [records: number, megabytes: number] {
    const elapsed = nowMs - this.startMs;
    return [(1000 * this.count) / elapsed, (1000 * this.bytes) / elapsed / MB];
  }
}

export class Stats {
  readonly #total: Sums;
  #window: Sums;
  /** a sample of the latencies, ms */
  readonly #latencies: Int32Array;
  readonly #sampling: number;
  readonly #steady: boolean;
  /** no progress lines: set on the totals once the steady state has its own Stats */
  quiet: boolean;

  /** `steady`: counts only records after the warm-up. `print` receives each line. */
  constructor(
    records: number,
    private readonly intervalMs: number,
    private readonly print: (line: string) => void,
    { steady = false } = {},
  ) {
    const now = Date.now();
    this.#total = new Sums(now);
    this.#window = new Sums(now);
    this.#sampling = Math.floor(records / Math.min(records, SAMPLES));
    this.#latencies = new Int32Array(Math.floor(records / this.#sampling) + 1);
    this.#steady = steady;
    this.quiet = false;
  }

  record(latency: number, bytes: number, nowMs: number): void {
    const { count } = this.#total;
    if (count % this.#sampling === 0) this.#latencies[count / this.#sampling] = latency;
    this.#total.add(latency, bytes);
    this.#window.add(latency, bytes);
    if (nowMs - this.#window.startMs < this.intervalMs) return;
    if (this.#steady && this.#total.count === this.#window.count) this.print('In steady state.');
    if (!this.quiet) this.print(this.#windowLine());
    this.#window = new Sums(Date.now());
  }

  #windowLine(): string {
    const { count, latency, maxLatency } = this.#window;
    const [records, megabytes] = this.#window.rates(Date.now());
    return (
      `${count} records sent, ${formatFixed(records, 1)} records/sec (${formatFixed(megabytes, 2)} MB/sec), ` +
      `${formatFixed(latency / count, 1)} ms avg latency, ${formatFixed(maxLatency, 1)} ms max latency.`
    );
  }

  totalLine(nowMs: number): string {
    const { count, latency, maxLatency } = this.#total;
    const [records, megabytes] = this.#total.rates(nowMs);
    const sorted = this.#sorted();
    const [p50, p95, p99, p999] = [0.5, 0.95, 0.99, 0.999].map((share) => percentile(sorted, share) ?? 0);
    return (
      `${count}${this.#steady ? ' steady state' : ''} records sent, ${formatFixed(records, 6)} records/sec ` +
      `(${formatFixed(megabytes, 2)} MB/sec), ${formatFixed(latency / count, 2)} ms avg latency, ` +
      `${formatFixed(maxLatency, 2)} ms max latency, ${p50} ms 50th, ${p95} ms 95th, ${p99} ms 99th, ${p999} ms 99.9th.`
    );
  }

  /** What the total line says, as numbers. */
  figures(nowMs: number): {
    records: number;
    bytes: number;
    elapsedMs: number;
    measured: Measured;
    histogram: Histogram;
  } {
    const { count, bytes, latency, maxLatency, startMs } = this.#total;
    const [recordsPerSec, mbPerSec] = this.#total.rates(nowMs);
    const sorted = this.#sorted();
    const latencyMs = count === 0 ? {} : { ...latencyPercentiles(sorted), avg: latency / count, max: maxLatency };
    return {
      records: count,
      bytes,
      elapsedMs: nowMs - startMs,
      measured: { latencyMs, recordsPerSec, mbPerSec },
      histogram: histogramOf(sorted),
    };
  }

  #sorted(): Int32Array {
    const size = Math.min(Math.ceil(this.#total.count / this.#sampling), this.#latencies.length);
    return this.#latencies.subarray(0, size).sort();
  }
}
