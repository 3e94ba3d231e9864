import { describe, expect, test } from 'vitest';
import {
  type Acl,
  Authorizer,
  Operation,
  PatternType,
  Permission,
  ResourceType,
} from '../../../src/broker/security/authorizer.js';

const acl = (over: Partial<Acl>): Acl => ({
  resourceType: ResourceType.TOPIC,
  resourceName: 'foo',
  patternType: PatternType.LITERAL,
  principal: 'User:alice',
  host: '*',
  operation: Operation.READ,
  permissionType: Permission.ALLOW,
  ...over,
});
const alice = { principal: 'User:alice', host: '127.0.0.1' };
const with_ = (acls: readonly Acl[], options: { superUsers?: string[]; open?: boolean } = {}) => {
  const authorizer = new Authorizer(new Set(options.superUsers ?? []), options.open ?? false);
  authorizer.load(acls);
  return (operation: number, name = 'foo', who = alice) => authorizer.allows(who, operation, ResourceType.TOPIC, name);
};
const { READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS, ALL } = Operation;

describe('access control lists', () => {
  test('without an ACL nothing is allowed, except for super users or with allow.everyone.if.no.acl.found', () => {
    expect(with_([])(READ)).toBe(false);
    expect(with_([], { superUsers: ['User:alice'] })(READ)).toBe(true);
    expect(with_([], { open: true })(READ)).toBe(true);
    expect(with_([acl({ principal: 'User:bob' })], { open: true })(READ)).toBe(false);
  });

  test('DENY takes precedence over ALLOW', () => {
    const may = with_([
      acl({ operation: ALL }),
      acl({ permissionType: Permission.DENY, operation: WRITE, resourceName: '*' }),
    ]);
    expect([may(READ), may(WRITE)]).toEqual([true, false]);
  });

  test('ALLOW for Read, Write, Alter or Delete implies Describe; DENY for them does not deny it', () => {
    expect(with_([acl({})])(DESCRIBE)).toBe(true);
    expect(with_([acl({ operation: ALTER_CONFIGS })])(DESCRIBE_CONFIGS)).toBe(true);
    expect(with_([acl({ operation: ALTER_CONFIGS })])(DESCRIBE)).toBe(false);
    const may = with_([acl({ operation: WRITE }), acl({ permissionType: Permission.DENY })]);
    expect([may(DESCRIBE), may(READ)]).toEqual([true, false]);
  });

  test('match literal names, prefixes, the wildcard, principals and hosts', () => {
    const prefixed = with_([acl({ patternType: PatternType.PREFIXED, resourceName: 'fo' })]);
    expect([prefixed(READ, 'foo'), prefixed(READ, 'fo'), prefixed(READ, 'f'), prefixed(READ, 'bar')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    const any = with_([acl({ resourceName: '*', principal: 'User:*' })]);
    expect([any(READ, 'x'), any(READ, 'x', { ...alice, principal: 'User:bob' })]).toEqual([true, true]);
    const local = with_([acl({ host: '10.0.0.1' })]);
    expect([local(READ), local(READ, 'foo', { ...alice, host: '10.0.0.1' })]).toEqual([false, true]);
    expect(with_([acl({ resourceName: 'fo' })])(READ, 'foo')).toBe(false);
  });

  test('can tell whether writing to any topic is allowed', () => {
    const any = (acls: readonly Acl[]) => {
      const authorizer = new Authorizer(new Set(), false);
      authorizer.load(acls);
      return authorizer.allowsAny(alice, WRITE, ResourceType.TOPIC);
    };
    const deny = (over: Partial<Acl>) => acl({ operation: WRITE, permissionType: Permission.DENY, ...over });
    expect(any([])).toBe(false);
    expect(any([acl({ operation: WRITE })])).toBe(true);
    expect(any([acl({ operation: WRITE }), deny({})])).toBe(false);
    expect(any([acl({ operation: WRITE }), deny({ resourceName: '*' })])).toBe(false);
    expect(any([acl({ operation: WRITE }), deny({ patternType: PatternType.PREFIXED, resourceName: 'f' })])).toBe(
      false,
    );
    expect(any([acl({ operation: WRITE }), deny({ resourceName: 'other' })])).toBe(true);
  });
});
