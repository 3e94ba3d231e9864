import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../../src/broker/config/index.js';

const resolve = (properties: Record<string, string>, env: Record<string, string> = {}) =>
  resolveConfig({ file: Object.entries({ 'log.dirs': '/x', ...properties }), env });

describe('environment variables', () => {
  test('the environment variables of the tutorial’s docker run work unchanged', () => {
    const { config, listeners, controllerListeners, notes } = resolveConfig({
      env: {
        KAFKA_CFG_NODE_ID: '3',
        KAFKA_CFG_PROCESS_ROLES: 'controller,broker',
        KAFKA_CFG_CONTROLLER_QUORUM_VOTERS: '3@localhost:9093',
        KAFKA_CFG_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
        KAFKA_CFG_ADVERTISED_LISTENERS: 'PLAINTEXT://127.0.0.1:9092',
        KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
        KAFKA_CFG_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      },
    });
    expect(config.setting('node.id')).toBe(3);
    expect(listeners).toEqual([
      {
        name: 'PLAINTEXT',
        securityProtocol: 'PLAINTEXT',
        hosts: null,
        port: 9092,
        advertised: { host: '127.0.0.1', port: 9092 },
      },
    ]);
    expect(controllerListeners).toEqual(['CONTROLLER']);
    expect(notes.join('\n')).toContain('controller.quorum.voters');
    expect(notes.join('\n')).toContain('CONTROLLER');
  });

  test('KAFKA_ without CFG is used only for known settings; an unknown KAFKA_CFG_ variable is reported', () => {
    const { config, notes } = resolve(
      { 'num.partitions': '2' },
      {
        KAFKA_NUM_PARTITIONS: '4',
        KAFKA_OPTS: '-Xmx1g',
        KAFKA_HEAP_OPTS: '-Xmx1g',
        KAFKA_HOME: '/opt',
        KAFKA_VERSION: '3',
        KAFKA_CFG_NUM_PARTITONS: '9',
      },
    );
    expect(config.setting('num.partitions')).toBe(4);
    expect(notes).toEqual(['unknown settings in the environment, without effect: KAFKA_CFG_NUM_PARTITONS']);
  });

  test('misspelled settings, and variables of other images, are reported', () => {
    const { notes } = resolve(
      {},
      {
        KAFKA_LOG_RETENTION_HUORS: '1',
        KAFKA_LOG_RETENTION_DAYS: '1',
        KAFKA_NUM_PARTITION: '3',
        KAFKA_CREATE_TOPICS: 'a:1:1',
        KAFKA_ZOOKEEPER_CONNECT: 'zoo:2181',
        KAFKA_CLIENT_USERS: 'alice',
        KAFKA_CLIENT_PASSWORDS: '',
      },
    );
    expect(notes).toEqual([
      'unknown variables that look like settings, without effect: KAFKA_LOG_RETENTION_HUORS (log.retention.hours?), ' +
        'KAFKA_LOG_RETENTION_DAYS, KAFKA_NUM_PARTITION (num.partitions?)',
      'variables of other images, without effect here: KAFKA_CREATE_TOPICS, KAFKA_ZOOKEEPER_CONNECT, KAFKA_CLIENT_USERS',
    ]);
  });

  test('service links, and variables of other programs and of clients, are not reported', () => {
    const env = {
      KAFKA_PORT: 'tcp://10.0.0.1:9092',
      KAFKA_PORT_9092_TCP: 'tcp://10.0.0.1:9092',
      KAFKA_PORT_9092_TCP_ADDR: '10.0.0.1',
      KAFKA_SERVICE_HOST: '10.0.0.1',
      KAFKA_SERVICE_PORT_BROKER: '9092',
      KAFKA_LOG_RETENTION_SERVICE_HOST: '10.0.0.1',
      KAFKA_OPTS: '-Xmx1g',
      KAFKA_HEAP_OPTS: '-Xmx1g',
      KAFKA_JVM_PERFORMANCE_OPTS: '-server',
      KAFKA_LOG4J_OPTS: 'x',
      KAFKA_LOG4J_ROOT_LOGLEVEL: 'INFO',
      KAFKA_JMX_PORT: '9999',
      KAFKA_HOME: '/opt/kafka',
      KAFKA_VERSION: '4.4.0',
      KAFKA_KRAFT_CLUSTER_ID: 'MkU3OEVBNTcwNTJENDM2Qk',
      KAFKA_CLUSTER_ID: 'x',
      KAFKA_BOOTSTRAP_SERVERS: 'localhost:9092',
      KAFKA_BROKERS: 'localhost:9092',
      KAFKA_TOPIC: 't',
      KAFKA_GROUP_ID: 'g',
      KAFKA_CLIENT_ID: 'c',
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SASL_USERNAME: 'alice',
      KAFKA_SSL_CA_LOCATION: '/ca.pem',
      KAFKA_SCHEMA_REGISTRY_URL: 'http://localhost:8081',
    };
    expect(resolve({}, env).notes).toEqual([]);
  });

  test('KAFKA_CFG_ overrides KAFKA_, and the command line overrides both', () => {
    const env = { KAFKA_NUM_PARTITIONS: '4', KAFKA_CFG_NUM_PARTITIONS: '5', KAFKA_CFG_LOG_DIRS: '/x' };
    expect(resolveConfig({ env }).config.setting('num.partitions')).toBe(5);
    const overrides = [['num.partitions', '6']] as const;
    expect(resolveConfig({ env, overrides }).config.setting('num.partitions')).toBe(6);
  });
});

describe('listeners', () => {
  test('default to both loopback addresses, advertised as localhost', () => {
    expect(resolve({}).listeners).toEqual([
      {
        name: 'PLAINTEXT',
        securityProtocol: 'PLAINTEXT',
        hosts: ['127.0.0.1', '::1'],
        port: 9092,
        advertised: { host: 'localhost', port: 9092 },
      },
    ]);
  });

  test.each([
    [{ listeners: 'PLAINTEXT//x' }, 'Unable to parse PLAINTEXT//x to a broker endpoint'],
    [{ listeners: 'FOO://:9092' }, 'No security protocol defined for listener FOO'],
    [{ listeners: 'PLAINTEXT://:1,PLAINTEXT://:2' }, 'Each listener must have a different name'],
    [{ listeners: 'PLAINTEXT://:1,SSL://:1' }, 'Each listener must have a different port'],
    [{ listeners: 'CONTROLLER://:1' }, 'There must be at least one broker advertised listener.'],
    [{ 'advertised.listeners': 'PLAINTEXT://0.0.0.0:9092' }, 'cannot use the nonroutable meta-address 0.0.0.0'],
    [{ 'advertised.listeners': 'SSL://h:9092' }, 'advertised.listeners listener names must be equal to or a subset'],
    [{ 'listener.security.protocol.map': 'A:B' }, 'Invalid security protocol `B` defined in listener.security'],
    [{ 'log.dirs': '/a,/b' }, 'one log directory'],
  ])('%o is refused', (properties, words) => {
    expect(() => resolve(properties as Record<string, string>)).toThrow(words);
  });

  test('can be named; a listener reachable from outside without an advertised address is reported', () => {
    const { listeners, notes } = resolve({
      listeners: 'inside://localhost:1,OUTSIDE://0.0.0.0:2',
      'listener.security.protocol.map': 'INSIDE:PLAINTEXT,OUTSIDE:SSL',
    });
    expect(listeners.map((l) => [l.name, l.securityProtocol, l.advertised.host])).toEqual([
      ['INSIDE', 'PLAINTEXT', 'localhost'],
      ['OUTSIDE', 'SSL', 'localhost'],
    ]);
    expect(notes.join()).toContain('listener OUTSIDE is open to other machines');
  });
});
