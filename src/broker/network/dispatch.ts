/**
 * From a request's frame to its answer's chunks: header, handler, codec. What Kafka answers by closing the connection
 * (an unknown key, a version it does not take, bytes that do not decode) is thrown as a ProtocolError.
 */

import { Errors } from '../../protocol/errors.js';
import { Reader } from '../../protocol/wire/buffer.js';
import {
  decodeRequestBody,
  decodeRequestHeader,
  encodeResponse,
  type RequestHeader,
} from '../../protocol/wire/frame.js';
import { giveFrame } from '../../protocol/wire/frame-pool.js';
import type { Broker } from '../api.js';
import { type Handler, Later } from '../handler.js';
import { handlers } from '../handlers/index.js';
import type { RequestContext } from '../request-context.js';
import type { Asker, Authorizer } from '../security/authorizer.js';
import { answerBareToken } from '../security/bare-token.js';
import { security } from '../security/part.js';
import { ruleOf } from '../security/rules/index.js';
import { askerOf, callOf } from '../security/rules/rule.js';
import { RefusedRequest } from './refused-request.js';

const API_VERSIONS = 18;
/**
 * Elements of arrays in one request, nested ones counted: more than a request for every partition that one broker can
 * hold. A frame of 60 MB could otherwise hold twelve million topics, minutes of work and gigabytes of objects.
 */
const MAX_ELEMENTS = 250_000;

const byKey: (Handler | undefined)[] = [];
for (const handler of handlers) byKey[handler.api.key] = handler;

/** What the sender may do; every operation that is not allowed is told to `denied`. */
const allowsOf =
  (authorizer: Authorizer, asker: Asker, denied: Denied): RequestContext['allows'] =>
  (operation, resourceType, name) => {
    const allowed = authorizer.allows(asker, operation, resourceType, name);
    if (!allowed) denied(operation, resourceType, name);
    return allowed;
  };
type Denied = (operation: number, resourceType: number, name: string) => void;
const everything = (): boolean => true;

/** Chunks ready for `writev`; null when nothing is sent. */
export type Chunks = Buffer[] | null;
export type Served = Chunks | Promise<Chunks | Later<Chunks>> | Later<Chunks>;

/** Serves one frame. The context lacks only what stands in the request's own header. */
export function serve(
  frame: Buffer,
  connection: Omit<RequestContext, 'apiVersion' | 'clientId' | 'release' | 'allows'>,
  broker: Broker,
): Served {
  if (connection.authentication.takesBareTokens) return answerBareToken(frame, connection, broker);
  const reader = new Reader(frame);
  reader.elements = MAX_ELEMENTS;
  const header = decodeRequestHeader(reader);
  connection.authentication.admit(header.apiKey, broker.now());
  const handler = byKey[header.apiKey];
  if (!handler) {
    throw new RefusedRequest(`api key ${header.apiKey} version ${header.apiVersion} is not served`, header);
  }
  const [low, high] = handler.versions ?? handler.api.versions;
  if (header.apiVersion < low || header.apiVersion > high) {
    if (header.apiKey === API_VERSIONS) return unsupportedApiVersions(handler, header, broker);
    throw new RefusedRequest(
      `${handler.api.name} version ${header.apiVersion} is not one of ${low} to ${high}`,
      header,
    );
  }
  const request = decodeRequestBody(handler.api, header.apiVersion, reader);
  const { authorizer, log } = broker.part(security);
  const asker = askerOf(connection);
  const denied: Denied = (operation, resourceType, name) =>
    log.denied({ ...asker, api: handler.api, request, operation, resourceType, name });
  const context: RequestContext = Object.assign(Object.create(connection), {
    allows: authorizer ? allowsOf(authorizer, asker, denied) : everything,
    apiVersion: header.apiVersion,
    clientId: header.clientId,
    release: () => giveFrame(frame),
  });
  const encode = (body: unknown): Chunks =>
    body === null ? null : encodeResponse(handler.api, header.apiVersion, header.correlationId, body as never);
  const settle = (answer: unknown): Chunks | Later<Chunks> =>
    answer instanceof Later ? new Later(answer.answer.then(encode)) : encode(answer);
  const answer = authorizer
    ? ruleOf(header.apiKey)(callOf(context, broker, authorizer), request, (allowed) =>
        handler.handle(allowed, context, broker),
      )
    : handler.handle(request, context, broker);
  return answer instanceof Promise ? answer.then(settle) : settle(answer);
}

/** A client newer than we are learns what we speak, in the oldest form there is. */
function unsupportedApiVersions(handler: Handler, header: RequestHeader, broker: Broker): Buffer[] {
  return encodeResponse(handler.api, 0, header.correlationId, {
    errorCode: Errors.UNSUPPORTED_VERSION,
    apiKeys: broker.apis.filter((k) => k.apiKey === API_VERSIONS),
  } as never);
}
