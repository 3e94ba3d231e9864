import type { RequestContext } from '../request-context.js';
import { Operation, ResourceType } from '../security/authorizer.js';
import type { Caller } from './context.js';

/** The sender of a request; as in Kafka, a missing client id is the empty one. */
export const callerOf = (context: RequestContext): Caller => ({
  apiVersion: context.apiVersion,
  clientId: context.clientId ?? '',
  clientHost: context.clientHost,
  mayDescribe: (topic) => context.allows(Operation.DESCRIBE, ResourceType.TOPIC, topic),
});
