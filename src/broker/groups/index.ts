/** The group coordinator, as the rest of the broker sees it. */
import type { Broker } from '../broker.js';

export interface GroupCoordinator {
  /** Replays __consumer_offsets. Requests that come earlier wait for it. */
  start(): Promise<void>;
  /** Stops the timers and lets go of waiting members; everything answered is on disk already. */
  close(): Promise<void>;
  /** A topic is gone: so are the offsets committed for it. To be called once its removal is in the metadata log. */
  topicDeleted(name: string, id: string): Promise<void>;
}

const coordinators = new WeakMap<Broker, GroupCoordinator>();

/** The broker's group coordinator; made (not started) when it is first asked for. */
export function groupsOf(broker: Broker): GroupCoordinator {
  const known = coordinators.get(broker);
  if (known) return known;
  throw new Error('the group coordinator is not there yet');
}
