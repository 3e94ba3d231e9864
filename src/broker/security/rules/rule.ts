/**
 * Authorization in front of the handlers: a rule removes unauthorized elements from the request, lets the handler
 * process the rest, and adds the denied elements to the response. Every rule is typed by its API in the protocol table,
 * so that renaming a field there, or a denial that cannot be encoded, is a compile error.
 */
import { Errors } from '../../../protocol/errors.js';
import {
  type AnyApi,
  type RequestOf,
  type ResponseInput,
  struct,
  ZERO_UUID,
  zero,
} from '../../../protocol/wire/schema.js';
import type { Broker } from '../../api.js';
import { type Answer, DeferredResponse } from '../../handler.js';
import type { RequestContext } from '../../request-context.js';
import { type Authorizer, CLUSTER_NAME, type Requester, ResourceType } from '../authorizer.js';

/** What a rule knows besides the request. */
export interface Call {
  readonly version: number;
  readonly broker: Broker;
  readonly context: RequestContext;
  allows(operation: number, resourceType: number, name: string): boolean;
  /** whether the operation is allowed on any resource of the type */
  allowsAny(operation: number, resourceType: number): boolean;
}
/** A handler's response, possibly still to come. */
export type Answered<A> = Answer<A extends AnyApi ? A : never> | Promise<Answer<A extends AnyApi ? A : never>>;
/** Passes a request on to the handler. */
export type Next<A> = (request: RequestOf<A>) => Answered<A>;
/** Responds to a request: by calling `next` with all or part of it, or without calling it. */
export type Rule<A> = (call: Call, request: RequestOf<A>, next: Next<A>) => Answered<A>;

/** An API and its rule. */
export interface Authorized {
  readonly api: AnyApi;
  readonly rule: Rule<AnyApi>;
}
/** Pairs an API with its rule. */
export const authorize = <A extends AnyApi>(api: A, rule: Rule<A>): Authorized => ({ api, rule });

/** The Call of a request. */
export function callOf(context: RequestContext, broker: Broker, authorizer: Authorizer): Call {
  const requester = requesterOf(context);
  return {
    version: context.apiVersion,
    broker,
    context,
    allows: context.allows,
    allowsAny: (operation, type) => authorizer.allowsAny(requester, operation, type),
  };
}

/** The sender of a request, in the form that ACLs use. */
export const requesterOf = ({
  principal,
  clientHost,
}: Pick<RequestContext, 'principal' | 'clientHost'>): Requester => ({
  principal,
  host: clientHost.slice(1),
});

/** Allows everything. */
export const open: Rule<AnyApi> = (_call, request, next) => next(request);

/** Whether the operation on the cluster is allowed. */
export const allowsCluster = (call: Call, operation: number): boolean =>
  call.allows(operation, ResourceType.CLUSTER, CLUSTER_NAME);

/** Whether the operation on the topic is allowed. */
export const mayTopic = (call: Call, operation: number, name: string): boolean =>
  call.allows(operation, ResourceType.TOPIC, name);

/** The name of a topic that may be identified by its id; undefined for an unknown id. */
export const topicName = (
  call: Call,
  topic: { readonly name: string; readonly topicId: string },
): string | undefined =>
  topic.topicId === ZERO_UUID ? topic.name : call.broker.metadata.topicById(topic.topicId)?.name;

/** Like `mayTopic`, for a topic that may be identified by its id. Unknown ids pass, as the handler rejects them. */
export const mayNamed = (call: Call, operation: number, topic: { readonly name: string; readonly topicId: string }) => {
  const name = topicName(call, topic);
  return name === undefined || mayTopic(call, operation, name);
};

export const CLUSTER_DENIED = Errors.CLUSTER_AUTHORIZATION_FAILED;
export const TOPIC_DENIED = Errors.TOPIC_AUTHORIZATION_FAILED;
export const GROUP_DENIED = Errors.GROUP_AUTHORIZATION_FAILED;
export const TRANSACTION_DENIED = Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;

type Body<A> = ResponseInput<A>;

/** Changes a response once it is complete; null, no response, stays null. */
export function amend<A extends AnyApi>(answer: Answered<A>, change: (body: Body<A>) => Body<A>): Answered<A> {
  if (answer instanceof Promise) return answer.then((made) => amendMade(made, change));
  return amendMade(answer, change);
}
function amendMade<A extends AnyApi>(answer: Answer<A>, change: (body: Body<A>) => Body<A>): Answer<A> {
  if (answer instanceof DeferredResponse)
    return new DeferredResponse(answer.answer.then((body) => (body === null ? null : change(body))));
  return answer === null ? null : change(answer);
}

const blanks = new WeakMap<object, unknown>();

/** An API's response with default values. */
export function blank<A extends AnyApi>(api: A): Body<A> {
  let body = blanks.get(api.response);
  if (body === undefined) blanks.set(api.response, (body = zero(struct(api.response))));
  return body as Body<A>;
}

/**
 * Splits a list into allowed and denied elements. If all are allowed, which is the usual case, the list is not copied.
 */
export function split<T>(list: readonly T[], may: (one: T) => boolean): { allowed: readonly T[]; refused: T[] } {
  const refused: T[] = [];
  for (const one of list) if (!may(one)) refused.push(one);
  if (refused.length === 0) return { allowed: list, refused };
  if (refused.length === list.length) return { allowed: [], refused };
  const not = new Set(refused);
  return { allowed: list.filter((one) => !not.has(one)), refused };
}

/** The array fields of a request or response. */
type ListField<T> = { [K in keyof T]: NonNullable<T[K]> extends readonly unknown[] ? K : never }[keyof T] & string;
type Item<T> = NonNullable<T> extends readonly (infer One)[] ? One : never;
export type RequestItem<A, Q extends keyof RequestOf<A>> = Item<RequestOf<A>[Q]>;
export type ResponseItem<A, R extends keyof ResponseInput<A>> = Item<ResponseInput<A>[R]>;

/**
 * Authorizes each element of the request's array `requested`. Denied elements are not passed to the handler; their
 * results follow the others in the response's array `results`. If all are denied, the handler is not called.
 */
export const each =
  <A extends AnyApi, Q extends ListField<RequestOf<A>>, R extends ListField<ResponseInput<A>>>(
    api: A,
    requested: Q,
    results: R,
    may: (call: Call, one: RequestItem<A, Q>, request: RequestOf<A>) => boolean,
    refusal: (one: RequestItem<A, Q>, call: Call) => ResponseItem<A, R>,
  ): Rule<A> =>
  (call, request, next) => {
    const list = (request[requested] ?? []) as readonly RequestItem<A, Q>[];
    const { allowed, refused } = split(list, (one) => may(call, one, request));
    if (refused.length === 0) return next(request);
    const refusals = refused.map((one) => refusal(one, call));
    if (allowed.length === 0) return { ...blank(api), [results]: refusals };
    return amend<A>(next({ ...request, [requested]: allowed }), (body) => {
      const answered = body[results] as readonly ResponseItem<A, R>[] | undefined;
      return { ...body, [results]: [...(answered ?? []), ...refusals] };
    });
  };

/** Applies the rules in order. */
export const all =
  <A extends AnyApi>(...rules: readonly Rule<A>[]): Rule<A> =>
  (call, request, next) =>
    rules.reduceRight<Next<A>>((inner, rule) => (requested) => rule(call, requested, inner), next)(request);

/** Authorizes the request as a whole; if denied, responds with `refusal`. */
export const required =
  <A extends AnyApi>(
    api: A,
    may: (call: Call, request: RequestOf<A>) => boolean,
    refusal: (request: RequestOf<A>, call: Call) => Partial<ResponseInput<A>>,
  ): Rule<A> =>
  (call, request, next) =>
    may(call, request) ? next(request) : { ...blank(api), ...refusal(request, call) };

/** Requires an operation on the cluster; if denied, responds with `refusal`. */
export const requiredCluster = <A extends AnyApi>(
  api: A,
  operation: number,
  refusal: (request: RequestOf<A>) => Partial<ResponseInput<A>>,
): Authorized =>
  authorize(
    api,
    required(api, (call) => allowsCluster(call, operation), refusal),
  );
