/**
 * Collects records and applies each to a copy of the group, so that every step sees the effect of the previous ones.
 */
import type { CoordinatorRecord } from '../coordinator/record.js';
import type { ConsumerGroup, ConsumerMember } from './consumer/group.js';
import { applyTo, currentRecord, memberRecord, memberTombstones, targetRecord } from './consumer/records.js';

/** Pending records of a consumer group. */
export class Draft {
  /** the group with the records applied; the real one changes once they are written */
  group: ConsumerGroup;
  readonly records: CoordinatorRecord[];
  #mine = false;

  constructor(group: ConsumerGroup, records: CoordinatorRecord[] = []) {
    this.group = group;
    this.records = records;
  }

  emit(...records: CoordinatorRecord[]): void {
    if (!this.#mine) {
      this.group = this.group.copy();
      this.#mine = true;
    }
    for (const record of records) {
      this.records.push(record);
      applyTo(this.group, record);
    }
  }

  /** Transfers the target and assignment of a static member that rejoined to its new member id. */
  replace(old: ConsumerMember, member: ConsumerMember): void {
    const { groupId } = this.group;
    const target = this.group.target(old.memberId);
    this.emit(
      ...memberTombstones(groupId, old.memberId),
      memberRecord(groupId, member),
      targetRecord(groupId, member.memberId, target),
      currentRecord(groupId, member),
    );
  }
}
