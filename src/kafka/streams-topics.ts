/** The internal topics of a Kafka Streams application. Mirrors StreamsResetter.matchesInternalTopicFormat. */
const FOREIGN_KEY_JOIN = /.+-KTABLE-FK-JOIN-SUBSCRIPTION-(REGISTRATION|RESPONSE)-\d+-topic$/;
const ENDS = ['-changelog', '-repartition', '-subscription-registration-topic', '-subscription-response-topic'];

/** `application`: the application.id, which is also the group id. */
export const isInternalTopic = (application: string, topic: string): boolean =>
  topic.startsWith(`${application}-`) && (ENDS.some((end) => topic.endsWith(end)) || FOREIGN_KEY_JOIN.test(topic));
