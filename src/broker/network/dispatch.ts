/**
 * From a request frame to the chunks of its response: header, authorization, handler, codec. Where Kafka closes the
 * connection (unknown API key, unsupported version, bytes that do not decode), a ProtocolError is thrown.
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
import { DeferredResponse, type Handler } from '../handler.js';
import { handlers } from '../handlers/index.js';
import type { RequestContext } from '../request-context.js';
import type { Authorizer, Requester } from '../security/authorizer.js';
import { answerBareToken } from '../security/bare-token.js';
import { ruleOf } from '../security/rules/index.js';
import { callOf, requesterOf } from '../security/rules/rule.js';
import { security } from '../security/security.js';
import { RefusedRequest } from './refused-request.js';

const API_VERSIONS = 18;
/**
 * Maximum number of array elements in one request, including nested ones: more than a request naming every partition
 * one broker can hold. Without it, a 60 MB frame could contain twelve million topics: minutes of work and gigabytes of
 * objects.
 */
const MAX_ELEMENTS = 250_000;

const byKey: (Handler | undefined)[] = [];
for (const handler of handlers) byKey[handler.api.key] = handler;

/** The `allows` of a request context; every denied operation is passed to `denied`. */
const allowsOf =
  (authorizer: Authorizer, requester: Requester, denied: Denied): RequestContext['allows'] =>
  (operation, resourceType, name) => {
    const allowed = authorizer.allows(requester, operation, resourceType, name);
    if (!allowed) denied(operation, resourceType, name);
    return allowed;
  };
type Denied = (operation: number, resourceType: number, name: string) => void;
const everything = (): boolean => true;

/** Buffers for `writev`; null if there is no response to send. */
export type Chunks = Buffer[] | null;
export type Served = Chunks | Promise<Chunks | DeferredResponse<Chunks>> | DeferredResponse<Chunks>;

/** Handles one request frame. `connection` is the context without the fields that come from the request header. */
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
  const { authorizer, log } = broker.component(security);
  const requester = requesterOf(connection);
  const denied: Denied = (operation, resourceType, name) =>
    log.denied({ ...requester, api: handler.api, request, operation, resourceType, name });
  const context: RequestContext = Object.assign(Object.create(connection), {
    allows: authorizer ? allowsOf(authorizer, requester, denied) : everything,
    apiVersion: header.apiVersion,
    clientId: header.clientId,
    release: () => giveFrame(frame),
  });
  const encode = (body: unknown): Chunks =>
    body === null ? null : encodeResponse(handler.api, header.apiVersion, header.correlationId, body as never);
  const settle = (answer: unknown): Chunks | DeferredResponse<Chunks> =>
    answer instanceof DeferredResponse ? new DeferredResponse(answer.answer.then(encode)) : encode(answer);
  const answer = authorizer
    ? ruleOf(header.apiKey)(callOf(context, broker, authorizer), request, (allowed) =>
        handler.handle(allowed, context, broker),
      )
    : handler.handle(request, context, broker);
  return answer instanceof Promise ? answer.then(settle) : settle(answer);
}

/** Tells a client newer than this broker which versions are supported, in a v0 response as every client can read it. */
function unsupportedApiVersions(handler: Handler, header: RequestHeader, broker: Broker): Buffer[] {
  return encodeResponse(handler.api, 0, header.correlationId, {
    errorCode: Errors.UNSUPPORTED_VERSION,
    apiKeys: broker.apis.filter((k) => k.apiKey === API_VERSIONS),
  } as never);
}
