/** Where the replicas of a new topic go. Mirrors metadata/placement/StripedReplicaPlacer: racks in turn, brokers of a rack in turn. */
import { JavaError } from '../../java/exceptions.js';

export interface PlacedBroker {
  readonly id: number;
  readonly rack: string | null;
}

/** a whole number from 0 on and below `bound` */
export type Random = (bound: number) => number;
const anyNumber: Random = (bound) => Math.floor(Math.random() * bound);

/** The brokers of a rack. With every partition they are gone through from one further on. */
class Rack {
  private taken = 0;
  private round = 0;
  private first: number;

  constructor(
    readonly brokers: number[],
    random: Random,
  ) {
    brokers.sort((a, b) => a - b);
    this.first = random(brokers.length);
  }

  /** A broker that this round has not had; undefined when it had them all. */
  next(round: number): number | undefined {
    if (this.round !== round) {
      this.round = round;
      this.taken = 0;
      this.first = (this.first + 1) % this.brokers.length;
    }
    if (this.taken >= this.brokers.length) return undefined;
    return this.brokers[(this.first + this.taken++) % this.brokers.length];
  }
}

function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
}

function check(brokers: readonly PlacedBroker[], replicas: number): void {
  const refuse = (message: string) =>
    new JavaError('org.apache.kafka.common.errors.InvalidReplicationFactorException', message);
  if (replicas <= 0) throw refuse(`Invalid replication factor ${replicas}: the replication factor must be positive.`);
  if (brokers.length === 0)
    throw refuse('All brokers are currently fenced, or have all their log directories cordoned.');
  if (replicas > brokers.length)
    throw refuse(
      `The target replication factor of ${replicas} cannot be reached because only ${brokers.length} broker(s) are registered or some brokers have all their log directories cordoned.`,
    );
}

/** The replicas of each of `partitions` partitions; throws InvalidReplicationFactorException in the controller's words. */
export function place(
  brokers: readonly PlacedBroker[],
  partitions: number,
  replicas: number,
  random: Random = anyNumber,
): number[][] {
  check(brokers, replicas);
  const names = [...new Set(brokers.map(({ rack }) => rack))].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
  const racks = names.map(
    (name) =>
      new Rack(
        brokers.filter(({ rack }) => rack === name).map(({ id }) => id),
        random,
      ),
  );
  let start = random(racks.length);
  let round = 0;
  return Array.from({ length: partitions }, () => {
    // every broker has led once: another order, so that the same sets of brokers do not come again
    if (round === brokers.length && round > 1) {
      shuffle(racks, random);
      for (const rack of racks) shuffle(rack.brokers, random);
      round = 0;
    }
    const chosen = fill(racks, start % racks.length, round++, replicas);
    start = (start % racks.length) + 1;
    return chosen;
  });
}

/** One replica of each rack in turn, from the rack `start` on, and round again as long as replicas are wanted. */
function fill(racks: readonly Rack[], start: number, round: number, replicas: number): number[] {
  const chosen: number[] = [];
  for (let i = start; chosen.length < replicas; i = (i + 1) % racks.length) {
    const broker = racks[i]?.next(round);
    if (broker !== undefined) chosen.push(broker);
  }
  return chosen;
}
