/** Percentiles of a run's latencies, from the samples that Java's own figures come from. */

/** The `share` (0.99) of sorted samples, by the index that Java's tools take; undefined without samples. */
export const percentile = (sorted: ArrayLike<number>, share: number): number | undefined =>
  sorted[Math.trunc(share * sorted.length)];

const PERCENTILES = [0, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99];

export interface Histogram {
  readonly samples: number;
  readonly percentiles: readonly { readonly percentile: number; readonly ms: number }[];
  /** each from `fromMs` to the next power of two; empty ones are left out */
  readonly buckets: readonly { readonly fromMs: number; readonly count: number }[];
}

/** `sorted`: latencies in ms, ascending. */
export function histogramOf(sorted: ArrayLike<number>): Histogram {
  const counts = new Map<number, number>();
  for (let i = 0; i < sorted.length; i++) {
    const ms = sorted[i] ?? 0;
    const fromMs = ms <= 0 ? 0 : 2 ** Math.floor(Math.log2(ms));
    counts.set(fromMs, (counts.get(fromMs) ?? 0) + 1);
  }
  return {
    samples: sorted.length,
    percentiles: PERCENTILES.flatMap((at) => {
      const ms = percentile(sorted, at / 100);
      return ms === undefined ? [] : [{ percentile: at, ms }];
    }),
    buckets: [...counts].map(([fromMs, count]) => ({ fromMs, count })),
  };
}

/** p50, p95, p99 and p99.9 in ms; empty without samples. */
export function latencyPercentiles(
  sorted: ArrayLike<number>,
): Partial<Record<'p50' | 'p95' | 'p99' | 'p99.9', number>> {
  const at = (share: number) => percentile(sorted, share) as number;
  return sorted.length === 0 ? {} : { p50: at(0.5), p95: at(0.95), p99: at(0.99), 'p99.9': at(0.999) };
}
