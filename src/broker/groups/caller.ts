import type { RequestContext } from '../request-context.js';
import { Operation, ResourceType } from '../security/authorizer.js';
import type { Caller } from './context.js';

/** Who sent a request; a client without an id counts as one with an empty one, as in Kafka. */
export const callerOf = (context: RequestContext): Caller => ({
  apiVersion: context.apiVersion,
  clientId: context.clientId ?? '',
  clientHost: context.clientHost,
  mayDescribe: (topic) => context.allows(Operation.DESCRIBE, ResourceType.TOPIC, topic),
});
