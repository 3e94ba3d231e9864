/**
 * Authorization stands in front of the handlers: a rule takes out of a request what its sender may not do, lets the
 * handler answer the rest, and adds the refusals to its answer. Every rule is typed by its API in the protocol table:
 * a field that is renamed there, or a refusal that could not be encoded, does not compile.
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
import { type Answer, Later } from '../../handler.js';
import type { RequestContext } from '../../request-context.js';
import { type Asker, type Authorizer, CLUSTER_NAME, ResourceType } from '../authorizer.js';

/** What a rule knows besides the request. */
export interface Call {
  readonly version: number;
  readonly broker: Broker;
  readonly context: RequestContext;
  allows(operation: number, resourceType: number, name: string): boolean;
  /** whether there is any resource of the type on which the operation is allowed */
  allowsAny(operation: number, resourceType: number): boolean;
}
export type Answered<A> = Answer<A extends AnyApi ? A : never> | Promise<Answer<A extends AnyApi ? A : never>>;
export type Next<A> = (request: RequestOf<A>) => Answered<A>;
/** Answers the request: with `next`, without it, or with a part of it. */
export type Rule<A> = (call: Call, request: RequestOf<A>, next: Next<A>) => Answered<A>;

export interface Authorized {
  readonly api: AnyApi;
  readonly rule: Rule<AnyApi>;
}
/** The rule of an API. */
export const authorize = <A extends AnyApi>(api: A, rule: Rule<A>): Authorized => ({ api, rule });

export function callOf(context: RequestContext, broker: Broker, authorizer: Authorizer): Call {
  const asker = askerOf(context);
  return {
    version: context.apiVersion,
    broker,
    context,
    allows: context.allows,
    allowsAny: (operation, type) => authorizer.allowsAny(asker, operation, type),
  };
}

/** Who sent a request, as access control lists name it. */
export const askerOf = ({ principal, clientHost }: Pick<RequestContext, 'principal' | 'clientHost'>): Asker => ({
  principal,
  host: clientHost.slice(1),
});

export const open: Rule<AnyApi> = (_call, request, next) => next(request);

export const allowsCluster = (call: Call, operation: number): boolean =>
  call.allows(operation, ResourceType.CLUSTER, CLUSTER_NAME);

export const mayTopic = (call: Call, operation: number, name: string): boolean =>
  call.allows(operation, ResourceType.TOPIC, name);

/** A topic that newer versions name by its id; undefined for an id that no topic has. */
export const topicName = (
  call: Call,
  topic: { readonly name: string; readonly topicId: string },
): string | undefined =>
  topic.topicId === ZERO_UUID ? topic.name : call.broker.metadata.topicById(topic.topicId)?.name;

/** As `mayTopic`, where an id may stand for the name. The handler says that no topic has an id. */
export const mayNamed = (call: Call, operation: number, topic: { readonly name: string; readonly topicId: string }) => {
  const name = topicName(call, topic);
  return name === undefined || mayTopic(call, operation, name);
};

export const CLUSTER_DENIED = Errors.CLUSTER_AUTHORIZATION_FAILED;
export const TOPIC_DENIED = Errors.TOPIC_AUTHORIZATION_FAILED;
export const GROUP_DENIED = Errors.GROUP_AUTHORIZATION_FAILED;
export const TRANSACTION_DENIED = Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;

type Body<A> = ResponseInput<A>;

/** Changes an answer when it is there; null (nothing is sent) stays. */
export function amend<A extends AnyApi>(answer: Answered<A>, change: (body: Body<A>) => Body<A>): Answered<A> {
  if (answer instanceof Promise) return answer.then((made) => amendMade(made, change));
  return amendMade(answer, change);
}
function amendMade<A extends AnyApi>(answer: Answer<A>, change: (body: Body<A>) => Body<A>): Answer<A> {
  if (answer instanceof Later) return new Later(answer.answer.then((body) => (body === null ? null : change(body))));
  return answer === null ? null : change(answer);
}

const blanks = new WeakMap<object, unknown>();

/** The answer of an API with nothing in it. */
export function blank<A extends AnyApi>(api: A): Body<A> {
  let body = blanks.get(api.response);
  if (body === undefined) blanks.set(api.response, (body = zero(struct(api.response))));
  return body as Body<A>;
}

/** The list without what may not be done, and what that is. Most lists are allowed as a whole, and not copied. */
export function split<T>(list: readonly T[], may: (one: T) => boolean): { allowed: readonly T[]; refused: T[] } {
  const refused: T[] = [];
  for (const one of list) if (!may(one)) refused.push(one);
  if (refused.length === 0) return { allowed: list, refused };
  if (refused.length === list.length) return { allowed: [], refused };
  const not = new Set(refused);
  return { allowed: list.filter((one) => !not.has(one)), refused };
}

/** The fields of a request or an answer that are lists. */
type ListField<T> = { [K in keyof T]: NonNullable<T[K]> extends readonly unknown[] ? K : never }[keyof T] & string;
type Item<T> = NonNullable<T> extends readonly (infer One)[] ? One : never;
export type Asked<A, Q extends keyof RequestOf<A>> = Item<RequestOf<A>[Q]>;
export type Told<A, R extends keyof ResponseInput<A>> = Item<ResponseInput<A>[R]>;

/**
 * Takes the elements that may not be done out of the request's list `asked`, and puts their refusals after the answers
 * of the others in the answer's list `told`. With nothing left the handler is not asked.
 */
export const each =
  <A extends AnyApi, Q extends ListField<RequestOf<A>>, R extends ListField<ResponseInput<A>>>(
    api: A,
    asked: Q,
    told: R,
    may: (call: Call, one: Asked<A, Q>, request: RequestOf<A>) => boolean,
    refusal: (one: Asked<A, Q>, call: Call) => Told<A, R>,
  ): Rule<A> =>
  (call, request, next) => {
    const list = (request[asked] ?? []) as readonly Asked<A, Q>[];
    const { allowed, refused } = split(list, (one) => may(call, one, request));
    if (refused.length === 0) return next(request);
    const refusals = refused.map((one) => refusal(one, call));
    if (allowed.length === 0) return { ...blank(api), [told]: refusals };
    return amend<A>(next({ ...request, [asked]: allowed }), (body) => {
      const answered = body[told] as readonly Told<A, R>[] | undefined;
      return { ...body, [told]: [...(answered ?? []), ...refusals] };
    });
  };

/** One rule after the other; the first is asked first. */
export const all =
  <A extends AnyApi>(...rules: readonly Rule<A>[]): Rule<A> =>
  (call, request, next) =>
    rules.reduceRight<Next<A>>((inner, rule) => (asked) => rule(call, asked, inner), next)(request);

/** The whole request is allowed, or refused with this answer. */
export const required =
  <A extends AnyApi>(
    api: A,
    may: (call: Call, request: RequestOf<A>) => boolean,
    refusal: (request: RequestOf<A>, call: Call) => Partial<ResponseInput<A>>,
  ): Rule<A> =>
  (call, request, next) =>
    may(call, request) ? next(request) : { ...blank(api), ...refusal(request, call) };

/** The operation on the cluster, or the whole request is refused with this answer. */
export const requiredCluster = <A extends AnyApi>(
  api: A,
  operation: number,
  refusal: (request: RequestOf<A>) => Partial<ResponseInput<A>>,
): Authorized =>
  authorize(
    api,
    required(api, (call) => allowsCluster(call, operation), refusal),
  );
