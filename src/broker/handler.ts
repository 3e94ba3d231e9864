import type { AnyApi, RequestOf, ResponseInput } from '../protocol/wire/schema.js';
import type { Broker } from './api.js';
import type { RequestContext } from './request-context.js';

/**
 * A response that is not complete yet although the request has taken effect, so the connection may start its next
 * request. This lets requests pipelined after a Produce join its group commit. Responses still go out in request order.
 */
export class DeferredResponse<T> {
  readonly answer: Promise<T>;
  constructor(answer: Promise<T>) {
    this.answer = answer;
  }
}

export type Answer<A extends AnyApi> = ResponseInput<A> | null | DeferredResponse<ResponseInput<A> | null>;

/** Serves one API key. Every registered handler is advertised, and implements all versions it advertises. */
export interface Handler<A extends AnyApi = AnyApi> {
  readonly api: A;
  /** if fewer versions are implemented than the protocol table has */
  readonly versions?: readonly [number, number];
  /** Returns the response body; null sends no response (Produce with acks=0). */
  handle(request: RequestOf<A>, context: RequestContext, broker: Broker): Answer<A> | Promise<Answer<A>>;
}

/** Infers the request and response types of a handler from its `api`. */
export const handler = <A extends AnyApi>(h: Handler<A>): Handler<A> => h;

/** Thrown by a handler in cases where Kafka closes the connection instead of responding. */
export class CloseConnection extends Error {
  override readonly name = 'CloseConnection';
}
