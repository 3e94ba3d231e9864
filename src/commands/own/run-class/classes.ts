/** The main classes of Kafka's tools, as kafka-run-class.sh is given them: today's names, and those of 2.x and 3.x. */
const TOOLS = 'org.apache.kafka.tools';

/** A command by its class of today, then those of older releases. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  acls: [`${TOOLS}.AclCommand`, 'kafka.admin.AclCommand'],
  'broker-api-versions': [`${TOOLS}.BrokerApiVersionsCommand`, 'kafka.admin.BrokerApiVersionsCommand'],
  'client-metrics': [`${TOOLS}.ClientMetricsCommand`],
  cluster: [`${TOOLS}.ClusterTool`, 'kafka.tools.ClusterTool'],
  configs: [`${TOOLS}.ConfigCommand`, 'kafka.admin.ConfigCommand'],
  'console-consumer': [`${TOOLS}.consumer.ConsoleConsumer`, 'kafka.tools.ConsoleConsumer'],
  'console-producer': [`${TOOLS}.ConsoleProducer`, 'kafka.tools.ConsoleProducer'],
  'console-share-consumer': [`${TOOLS}.consumer.ConsoleShareConsumer`],
  'consumer-groups': [`${TOOLS}.consumer.group.ConsumerGroupCommand`, 'kafka.admin.ConsumerGroupCommand'],
  'consumer-perf-test': [`${TOOLS}.ConsumerPerformance`, 'kafka.tools.ConsumerPerformance'],
  'delegation-tokens': [`${TOOLS}.DelegationTokenCommand`, 'kafka.admin.DelegationTokenCommand'],
  'delete-records': [`${TOOLS}.DeleteRecordsCommand`, 'kafka.admin.DeleteRecordsCommand'],
  'dump-log': [`${TOOLS}.DumpLogSegments`, 'kafka.tools.DumpLogSegments'],
  'e2e-latency': [`${TOOLS}.EndToEndLatency`, 'kafka.tools.EndToEndLatency'],
  features: [`${TOOLS}.FeatureCommand`, 'kafka.admin.FeatureCommand'],
  'get-offsets': [`${TOOLS}.GetOffsetShell`, 'kafka.tools.GetOffsetShell'],
  groups: [`${TOOLS}.GroupsCommand`],
  'leader-election': [`${TOOLS}.LeaderElectionCommand`, 'kafka.admin.LeaderElectionCommand'],
  'log-dirs': [`${TOOLS}.LogDirsCommand`, 'kafka.admin.LogDirsCommand'],
  'metadata-quorum': [`${TOOLS}.MetadataQuorumCommand`, 'kafka.admin.MetadataQuorumCommand'],
  'metadata-shell': ['org.apache.kafka.shell.MetadataShell'],
  'producer-perf-test': [`${TOOLS}.ProducerPerformance`],
  'reassign-partitions': [`${TOOLS}.reassign.ReassignPartitionsCommand`, 'kafka.admin.ReassignPartitionsCommand'],
  'replica-verification': [`${TOOLS}.ReplicaVerificationTool`, 'kafka.tools.ReplicaVerificationTool'],
  'server-start': ['kafka.Kafka'],
  'share-consumer-perf-test': [`${TOOLS}.ShareConsumerPerformance`],
  'share-groups': [`${TOOLS}.consumer.group.ShareGroupCommand`],
  storage: ['kafka.tools.StorageTool'],
  'streams-application-reset': [`${TOOLS}.StreamsResetter`, 'kafka.tools.StreamsResetter'],
  'streams-groups': [`${TOOLS}.streams.StreamsGroupCommand`],
  topics: [`${TOOLS}.TopicCommand`, 'kafka.admin.TopicCommand'],
  transactions: [`${TOOLS}.TransactionsCommand`],
  'verifiable-consumer': [`${TOOLS}.VerifiableConsumer`],
  'verifiable-producer': [`${TOOLS}.VerifiableProducer`],
  'verifiable-share-consumer': [`${TOOLS}.VerifiableShareConsumer`],
};

/** Scripts that are left out, by their classes. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'connect-distributed': ['org.apache.kafka.connect.cli.ConnectDistributed'],
  'connect-mirror-maker': ['org.apache.kafka.connect.mirror.MirrorMaker'],
  'connect-plugin-path': [`${TOOLS}.ConnectPluginPath`],
  'connect-standalone': ['org.apache.kafka.connect.cli.ConnectStandalone'],
  'kafka-jmx': [`${TOOLS}.JmxTool`, 'kafka.tools.JmxTool'],
  'kafka-mirror-maker': ['kafka.tools.MirrorMaker'],
  trogdor: ['org.apache.kafka.trogdor.agent.Agent', 'org.apache.kafka.trogdor.coordinator.Coordinator'],
};

const named = (table: Readonly<Record<string, readonly string[]>>, name: string): string | undefined =>
  Object.keys(table).find((key) => table[key]!.includes(name));

/** The command of a class; undefined where there is none. */
export const commandOf = (className: string): string | undefined => named(COMMANDS, className);

/** The script that is left out, of a class. */
export const leftOutOf = (className: string): string | undefined => named(LEFT_OUT, className);
