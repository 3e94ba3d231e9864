import type { Api, RequestOf, ResponseInput } from '../protocol/schema.js';
import type { Broker } from './broker.js';

/** What a handler knows of the request besides its body. */
export interface RequestContext {
  readonly apiVersion: number;
  readonly clientId: string | null;
  /** "/127.0.0.1", as Kafka prints a member's host */
  readonly clientHost: string;
  /** the listener's name: "PLAINTEXT" */
  readonly listener: string;
  /** "User:ANONYMOUS" */
  readonly principal: string;
  /** aborted when the connection closes: a long poll then ends */
  readonly closed: AbortSignal;
  /** per-connection state of the client: software name and version from ApiVersions, fetch sessions' owner */
  readonly connectionId: string;
}

/** One API key of the broker. Registered = advertised = implemented. */
export interface Handler<A extends Api<any, any> = Api<any, any>> {
  readonly api: A;
  /** narrower than the table's where not all of it is implemented */
  readonly versions?: readonly [number, number];
  /** A null answer is not sent (Produce with acks=0). */
  handle(
    request: RequestOf<A>,
    context: RequestContext,
    broker: Broker,
  ): ResponseInput<A> | null | Promise<ResponseInput<A> | null>;
}

export const handler = <A extends Api<any, any>>(h: Handler<A>): Handler<A> => h;
