/** What each command does, in one line: `ts-kafka --help` and completion. */
export const SUMMARIES: Readonly<Record<string, string>> = {
  topics: 'create, list, describe, alter and delete topics (kafka-topics.sh)',
  'console-producer': 'send lines of standard input to a topic (kafka-console-producer.sh)',
  'console-consumer': 'print the records of topics (kafka-console-consumer.sh)',
  'consumer-groups': 'list, describe, reset and delete consumer groups (kafka-consumer-groups.sh)',
  configs: 'describe and alter configs, quotas and users (kafka-configs.sh)',
  'get-offsets': 'print offsets of partitions, by time (kafka-get-offsets.sh)',
  groups: 'list groups of all types (kafka-groups.sh)',
  'delete-records': 'delete the records of partitions below an offset (kafka-delete-records.sh)',
  server: 'run a single-node Kafka on disk',
  'server-start': 'run it from a server.properties file (kafka-server-start.sh)',
  'server-stop': 'stop the servers of this user (kafka-server-stop.sh)',
  storage: 'format and inspect a log directory (kafka-storage.sh)',
  quickstart: 'play the whole exercise: broker, topic, producer, consumer, groups',
  'install-scripts': "fill DIR/bin with Kafka's script names",
  completion: 'print shell completion for bash, zsh or fish',
  profile: 'show which cluster the commands talk to when no flag says so',
};
