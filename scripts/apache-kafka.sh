#!/usr/bin/env bash
# The peer: Apache Kafka's broker and Java tools, as jars from Maven Central (needs Java 17 and Maven).
#   apache-kafka.sh get                    fetch the jars, once
#   apache-kafka.sh libs                   print the folder they are in
#   apache-kafka.sh up PORT DIR [k=v...]   format and start a one-node KRaft broker; returns when it answers (PORT+1: its controller)
#   apache-kafka.sh nodes PORT DIR NODES [k=v...]
#                                          the same with several nodes, of which the first is the controller too: node N lies in
#                                          DIR/N, has port PORT+N-1 and rack rack-N; the controller has PORT+NODES
#   apache-kafka.sh start DIR              start again what was stopped or died (of a cluster: DIR/N)
#   apache-kafka.sh down DIR               stop it (of a cluster: DIR for all nodes, DIR/N for one)
#   apache-kafka.sh serve FILE             run a broker from a server.properties, until it is stopped
#   apache-kafka.sh TOOL args...           run a tool as bin/kafka-TOOL.sh would
# APACHE_KAFKA_VERSION (4.4.0) says which, TS_KAFKA_CACHE (~/.cache/ts-kafka) where the jars are kept.
set -euo pipefail
VERSION=${APACHE_KAFKA_VERSION:-4.4.0}
HOME_DIR=${TS_KAFKA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ts-kafka}/apache-kafka-$VERSION
JVM="-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -XX:MaxInlineLevel=15 -Djava.awt.headless=true"

# log events on stderr from WARN on, as the tools' own configuration has it
write_logging() {
  case $VERSION in
    3.*)
      cat > "$HOME_DIR/logging" <<'CONF'
log4j.rootLogger=WARN, err
log4j.appender.err=org.apache.log4j.ConsoleAppender
log4j.appender.err.Target=System.err
log4j.appender.err.layout=org.apache.log4j.PatternLayout
log4j.appender.err.layout.ConversionPattern=[%d] %p %m (%c)%n
CONF
      ;;
    *)
      cat > "$HOME_DIR/logging.yaml" <<'CONF'
Configuration:
  Appenders:
    Console: { name: err, target: SYSTEM_ERR, PatternLayout: { pattern: "[%d] %p %m (%c)%n" } }
  Loggers:
    Root: { level: WARN, AppenderRef: { ref: err } }
CONF
      ;;
  esac
}
dependency() { printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>\n' "$1" "$2" "$3"; }
get() {
  [ -e "$HOME_DIR/complete" ] && return
  mkdir -p "$HOME_DIR"
  exec 9> "$HOME_DIR/lock"; flock 9
  [ -e "$HOME_DIR/complete" ] && return
  write_logging
  {
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>apache-kafka</artifactId><version>1</version><dependencies>'
    dependency org.apache.kafka kafka_2.13 "$VERSION"
    dependency org.apache.kafka kafka-tools "$VERSION"
    case $VERSION in
      3.*) dependency org.slf4j slf4j-reload4j 1.7.36 ;;
      *) dependency org.apache.logging.log4j log4j-slf4j-impl 2.25.4; dependency org.apache.logging.log4j log4j-1.2-api 2.25.4 ;;
    esac
    echo '</dependencies></project>'
  } > "$HOME_DIR/pom.xml"
  (cd "$HOME_DIR" && mvn -q -B dependency:copy-dependencies -DoutputDirectory=libs) > "$HOME_DIR/maven.log" 2>&1 ||
    { echo "apache-kafka: Maven could not fetch Apache Kafka $VERSION, see $HOME_DIR/maven.log" >&2; tail -3 "$HOME_DIR/maven.log" >&2; exit 1; }
  touch "$HOME_DIR/complete"
  exec 9>&-
}
logging() {
  case $VERSION in
    3.*) echo "-Dlog4j.configuration=file:$HOME_DIR/logging" ;;
    *) echo "-Dlog4j2.configurationFile=$HOME_DIR/logging.yaml" ;;
  esac
}
# a tool's main class; where 3.x had another, that one is second
main_class() {
  local t=org.apache.kafka.tools now before=
  case $1 in
    acls) now=$t.AclCommand before=kafka.admin.AclCommand ;;
    broker-api-versions) now=$t.BrokerApiVersionsCommand before=kafka.admin.BrokerApiVersionsCommand ;;
    client-compatibility) now=$t.ClientCompatibilityTest ;;
    client-metrics) now=$t.ClientMetricsCommand ;;
    cluster) now=$t.ClusterTool ;;
    configs)
      case $VERSION in 3.* | 4.[0-3].*) now=kafka.admin.ConfigCommand ;; *) now=$t.ConfigCommand ;; esac
      ;;
    console-consumer) now=$t.consumer.ConsoleConsumer before=kafka.tools.ConsoleConsumer ;;
    console-producer) now=$t.ConsoleProducer before=kafka.tools.ConsoleProducer ;;
    console-share-consumer) now=$t.consumer.ConsoleShareConsumer ;;
    consumer-groups) now=$t.consumer.group.ConsumerGroupCommand before=kafka.admin.ConsumerGroupCommand ;;
    consumer-perf-test) now=$t.ConsumerPerformance ;;
    delegation-tokens) now=$t.DelegationTokenCommand ;;
    delete-records) now=$t.DeleteRecordsCommand before=kafka.admin.DeleteRecordsCommand ;;
    dump-log) now=$t.DumpLogSegments before=kafka.tools.DumpLogSegments ;;
    e2e-latency) now=$t.EndToEndLatency ;;
    features) now=$t.FeatureCommand ;;
    get-offsets) now=$t.GetOffsetShell ;;
    groups) now=$t.GroupsCommand ;;
    leader-election) now=$t.LeaderElectionCommand ;;
    log-compaction-tester) now=$t.LogCompactionTester ;;
    log-dirs) now=$t.LogDirsCommand ;;
    metadata-quorum) now=$t.MetadataQuorumCommand ;;
    producer-perf-test) now=$t.ProducerPerformance ;;
    reassign-partitions) now=$t.reassign.ReassignPartitionsCommand ;;
    replica-verification) now=$t.ReplicaVerificationTool ;;
    share-consumer-perf-test) now=$t.ShareConsumerPerformance ;;
    share-groups) now=$t.consumer.group.ShareGroupCommand ;;
    storage) now=kafka.tools.StorageTool ;;
    streams-application-reset) now=$t.StreamsResetter ;;
    streams-groups) now=$t.streams.StreamsGroupCommand ;;
    topics) now=$t.TopicCommand ;;
    transactional-message-copier) now=$t.TransactionalMessageCopier ;;
    transactions) now=$t.TransactionsCommand ;;
    verifiable-consumer) now=$t.VerifiableConsumer ;;
    verifiable-producer) now=$t.VerifiableProducer ;;
    verifiable-share-consumer) now=$t.VerifiableShareConsumer ;;
    *) return 1 ;;
  esac
  case $VERSION in 3.*) echo "${before:-$now}" ;; *) echo "$now" ;; esac
}
java_run() { local heap=$1; shift; exec java $heap $JVM "$(logging)" -cp "$HOME_DIR/libs/*" "$@"; }

# configure DIR ID ROLES PORT CONTROLLER_PORT [k=v...]: the node's server.properties
configure() {
  local dir=$1 id=$2 roles=$3 port=$4 controller=$5 listeners; shift 5
  listeners=PLAINTEXT://localhost:$port
  case $roles in *controller*) listeners+=,CONTROLLER://localhost:$controller ;; esac
  mkdir -p "$dir"
  echo "$port" > "$dir/port"
  {
    cat <<CONF
process.roles=$roles
node.id=$id
controller.quorum.voters=1@localhost:$controller
listeners=$listeners
advertised.listeners=PLAINTEXT://localhost:$port
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$dir/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
CONF
    case $VERSION in 3.*) ;; *) printf 'share.coordinator.state.topic.replication.factor=1\nshare.coordinator.state.topic.min.isr=1\n' ;; esac
    for kv in "$@"; do echo "$kv"; done
  } > "$dir/server.properties"
}
new_cluster_id() { head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=' | sed 's/^-/A/'; }
# format DIR CLUSTER_ID: its log directory, unless that was done before
format() {
  [ -e "$1/data/meta.properties" ] && return
  (java_run -Xmx256M kafka.tools.StorageTool format -t "$2" -c "$1/server.properties" --ignore-formatted) \
    > "$1/format.log" 2>&1 || { cat "$1/format.log" >&2; exit 1; }
}
# launch DIR: starts the node in the background
launch() {
  (trap '' HUP; java_run "-Xmx1G -Xms${APACHE_KAFKA_XMS:-1G}" kafka.Kafka "$1/server.properties") > "$1/server.log" 2>&1 < /dev/null &
  echo $! > "$1/pid"
}
# await DIR: until the node that was launched there answers
await() {
  local dir=$1 port
  port=$(cat "$dir/port")
  for _ in $(seq 240); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then return; fi
    kill -0 "$(cat "$dir/pid")" 2> /dev/null || break
    sleep 0.25
  done
  echo "apache-kafka: no broker on port $port, see $dir/server.log" >&2
  tail -5 "$dir/server.log" >&2
  exit 1
}
up() {
  local port=$1 dir=$2; shift 2
  configure "$dir" 1 broker,controller "$port" $((port + 1)) "$@"
  format "$dir" "$(new_cluster_id)"
  start "$dir"
}
nodes() {
  local port=$1 dir=$2 count=$3 id roles cluster_id; shift 3
  cluster_id=$(new_cluster_id)
  for id in $(seq "$count"); do
    roles=broker; [ "$id" = 1 ] && roles=broker,controller
    configure "$dir/$id" "$id" "$roles" $((port + id - 1)) $((port + count)) "broker.rack=rack-$id" "$@"
    format "$dir/$id" "$cluster_id"
    launch "$dir/$id"
  done
  for id in $(seq "$count"); do await "$dir/$id"; done
}
start() { launch "$1"; await "$1"; }
down() {
  local id pid
  # the controller last: a broker that cannot ask it for its leave waits long
  for id in 9 8 7 6 5 4 3 2 1; do [ ! -e "$1/$id/pid" ] || down "$1/$id"; done
  [ -e "$1/pid" ] || return 0
  pid=$(cat "$1/pid")
  kill "$pid" 2> /dev/null || return 0
  for _ in $(seq 120); do kill -0 "$pid" 2> /dev/null || return 0; sleep 0.25; done
  kill -9 "$pid"
}

command=${1:?"usage: apache-kafka.sh get | libs | up PORT DIR [k=v...] | nodes PORT DIR NODES [k=v...] | start DIR | down DIR | serve FILE | TOOL args..."}; shift
case $command in
  get) get ;;
  libs) get; echo "$HOME_DIR/libs" ;;
  up) get; up "$@" ;;
  nodes) get; nodes "$@" ;;
  start) get; start "$@" ;;
  down) down "$@" ;;
  serve) get; java_run -Xmx512M kafka.Kafka "$@" ;;
  *)
    class=$(main_class "$command") || { echo "apache-kafka: no tool called $command" >&2; exit 2; }
    get
    heap=-Xmx256M
    case $command in console-* | verifiable-* | *-perf-test) heap=-Xmx512M ;; esac
    java_run "$heap" "$class" "$@"
    ;;
esac
