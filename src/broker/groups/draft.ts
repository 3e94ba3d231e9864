/** Records in the making: each one is applied to a copy of the group, so that the next step sees what the last one did. */
import type { CoordinatorRecord } from '../coordinator/record.js';
import type { ConsumerGroup, ConsumerMember } from './consumer/group.js';
import { applyTo, currentRecord, memberRecord, memberTombstones, targetRecord } from './consumer/records.js';

export class Draft {
  /** as it would be; the real group changes when the records are written */
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

  /** A static member comes back under another id, and gets what the old one had. */
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
