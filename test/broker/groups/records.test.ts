import { expect, it } from 'vitest';
import { decodeRecord, encodeKey, encodeValue } from '../../../src/broker/coordinator/record.js';
import { newMember } from '../../../src/broker/groups/consumer/group.js';
import { memberRecord } from '../../../src/broker/groups/consumer/records.js';
import { GROUP_RECORD_TYPES } from '../../../src/broker/groups/records.js';

// mirrors ConsumerGroupMemberMetadataValue.write: a nullable struct in a tagged field starts with a varint presence marker
it('a member without classic metadata writes a null marker in the tagged field, as Kafka does', () => {
  const r = memberRecord('g', { ...newMember('m'), topics: ['t'] });
  const value = encodeValue(r) as Buffer;
  expect(value.subarray(-4).toString('hex')).toBe('01000100');
  expect(decodeRecord(GROUP_RECORD_TYPES, encodeKey(r), value)?.value).toMatchObject({ classicMemberMetadata: null });
});

it('a member of the classic protocol writes its protocols', () => {
  const classic = { sessionTimeoutMs: 1, supportedProtocols: [{ name: 'range', metadata: Buffer.from('ab') }] };
  const r = memberRecord('g', { ...newMember('m'), classic });
  const value = encodeValue(r) as Buffer;
  // tag 0, size, present, timeout, one protocol: name, metadata, tags; tags
  expect(value.subarray(-20).toString('hex')).toBe('0100110100000001020672616e67650361620000');
  expect(decodeRecord(GROUP_RECORD_TYPES, encodeKey(r), value)?.value).toMatchObject({
    classicMemberMetadata: classic,
  });
});
