/** Mirrors ControllerApis.deleteTopics: by name or, since v6, by id. */
import { deleteTopics } from '../../protocol/apis/20-delete-topics.js';
import { Errors, errorText } from '../../protocol/errors.js';
import { removeTopicRecord } from '../../protocol/messages/metadata-records.js';
import { type ResponseInput, ZERO_UUID } from '../../protocol/wire/schema.js';
import { metadataRecord } from '../api.js';
import { handler } from '../handler.js';

type Result = ResponseInput<typeof deleteTopics>['responses'][number];

export default handler({
  api: deleteTopics,
  async handle(request, { apiVersion }, broker) {
    const requested = [...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })), ...request.topics];
    if (broker.setting('delete.topic.enable') !== true) {
      const errorCode = apiVersion < 3 ? Errors.INVALID_REQUEST : Errors.TOPIC_DELETION_DISABLED;
      const errorMessage =
        apiVersion < 3 ? 'This version does not support topic deletion.' : errorText(Errors.TOPIC_DELETION_DISABLED);
      return { responses: requested.map((t) => ({ ...t, errorCode, errorMessage })) };
    }
    const responses: Result[] = [];
    const answer = (name: string | null, topicId: string, errorCode: number, errorMessage: string | null): void => {
      responses.push({ name, topicId, errorCode, errorMessage });
    };
    const refuse = (name: string | null, topicId: string, why: string): void =>
      answer(name, topicId, Errors.INVALID_REQUEST, why);

    const names = new Counter();
    const ids = new Counter();
    for (const { name, topicId } of requested) {
      if (name !== null && topicId !== ZERO_UUID) {
        refuse(name, topicId, 'You may not specify both topic name and topic id.');
      } else if (name !== null) names.add(name);
      else if (topicId === ZERO_UUID) refuse(null, ZERO_UUID, 'Neither topic name nor id were specified.');
      else ids.add(topicId);
    }
    for (const name of names.repeated()) refuse(name, ZERO_UUID, 'Duplicate topic name.');
    for (const id of ids.repeated()) refuse(null, id, 'Duplicate topic id.');

    const deleted = new Map<string, string>();
    for (const id of ids.once()) {
      const topic = broker.metadata.topicById(id);
      if (topic) deleted.set(id, topic.name);
      else answer(null, id, Errors.UNKNOWN_TOPIC_ID, errorText(Errors.UNKNOWN_TOPIC_ID));
    }
    for (const name of names.once()) {
      const topic = broker.metadata.topic(name);
      const missing = Errors.UNKNOWN_TOPIC_OR_PARTITION;
      if (!topic) answer(name, ZERO_UUID, missing, errorText(missing));
      else if (ids.has(topic.id)) {
        deleted.delete(topic.id);
        refuse(name, topic.id, 'The provided topic name maps to an ID that was already supplied.');
      } else deleted.set(topic.id, name);
    }
    await broker.metadata.write([...deleted.keys()].map((topicId) => metadataRecord(removeTopicRecord, { topicId })));
    for (const [id, name] of deleted) answer(name, id, Errors.NONE, null);
    return { responses };
  },
});

/** Counts names. */
class Counter {
  readonly #counts = new Map<string, number>();
  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
  has(name: string): boolean {
    return this.#counts.has(name);
  }
  once(): string[] {
    return [...this.#counts].filter(([, n]) => n === 1).map(([name]) => name);
  }
  repeated(): string[] {
    return [...this.#counts].filter(([, n]) => n > 1).map(([name]) => name);
  }
}
