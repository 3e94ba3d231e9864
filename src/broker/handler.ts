import type { AnyApi, RequestOf, ResponseInput } from '../protocol/wire/schema.js';
import type { Broker } from './api.js';
import type { RequestContext } from './request-context.js';

/**
 * An answer that is still to come although all the request does is done: the connection's next request may start.
 * What is pipelined behind a Produce so joins its group commit. Answers go out in the order of the requests all the same.
 */
export class Later<T> {
  readonly answer: Promise<T>;
  constructor(answer: Promise<T>) {
    this.answer = answer;
  }
}

export type Answer<A extends AnyApi> = ResponseInput<A> | null | Later<ResponseInput<A> | null>;

/** One API key of the broker. Registered = advertised = implemented. */
export interface Handler<A extends AnyApi = AnyApi> {
  readonly api: A;
  /** narrower than the table's where not all of it is implemented */
  readonly versions?: readonly [number, number];
  /** A null answer is not sent (Produce with acks=0). */
  handle(request: RequestOf<A>, context: RequestContext, broker: Broker): Answer<A> | Promise<Answer<A>>;
}

export const handler = <A extends AnyApi>(h: Handler<A>): Handler<A> => h;

/** Thrown by a handler where Kafka answers by closing the connection. */
export class CloseConnection extends Error {
  override readonly name = 'CloseConnection';
}
