/** Places the replicas of a new topic round-robin over racks and their brokers. Mirrors metadata/placement/StripedReplicaPlacer. */
import { JavaError } from '../../java/exceptions.js';

export interface PlacedBroker {
  readonly id: number;
  readonly rack: string | null;
}

/** An integer in [0, bound). */
export type Random = (bound: number) => number;
const anyNumber: Random = (bound) => Math.floor(Math.random() * bound);

/** The brokers of a rack. Each round (partition) starts one broker further on. */
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

  /** The next broker not yet used in this round; undefined when all have been used. */
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

/** The replicas of each partition. Throws InvalidReplicationFactorException with the controller's message. */
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
    // after one round per broker, shuffle so that the same replica sets do not repeat
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

/** Takes one broker from each rack in turn, starting with rack `start`, until there are enough replicas. */
function fill(racks: readonly Rack[], start: number, round: number, replicas: number): number[] {
  const chosen: number[] = [];
  for (let i = start; chosen.length < replicas; i = (i + 1) % racks.length) {
    const broker = racks[i]?.next(round);
    if (broker !== undefined) chosen.push(broker);
  }
  return chosen;
}
