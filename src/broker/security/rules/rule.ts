/**
 * Authorization stands in front of the handlers: a rule takes out of a request what its sender may not do, lets the
 * handler answer the rest, and adds the refusals to its answer. Bodies are the protocol table's values, read by name.
 */
import { Errors, errorText } from '../../../protocol/errors.js';
import { type Api, type Schema, struct, zero } from '../../../protocol/wire/schema.js';
import type { Broker } from '../../api.js';
import { Later } from '../../handler.js';
import type { RequestContext } from '../../request-context.js';
import { type Authorizer, CLUSTER_NAME, ResourceType } from '../authorizer.js';

export type Body = Record<string, any>;

export interface Call {
  readonly api: Api<any, any>;
  readonly version: number;
  readonly broker: Broker;
  allows(operation: number, resourceType: number, name: string): boolean;
  /** whether there is any resource of the type on which it may */
  allowsAny(operation: number, resourceType: number): boolean;
}
export type Next = (request: Body) => unknown;
/** Answers the request: with `next`, without it, or with a part of it. */
export type Rule = (call: Call, request: Body, next: Next) => unknown;

export function callOf(api: Api<any, any>, context: RequestContext, broker: Broker, authorizer: Authorizer): Call {
  const who = { principal: context.principal, host: context.clientHost.slice(1) };
  return {
    api,
    version: context.apiVersion,
    broker,
    allows: (operation, type, name) => authorizer.allows(who, operation, type, name),
    allowsAny: (operation, type) => authorizer.allowsAny(who, operation, type),
  };
}

export const allowsCluster = (call: Call, operation: number): boolean =>
  call.allows(operation, ResourceType.CLUSTER, CLUSTER_NAME);

/** Changes an answer when it is there; null (nothing is sent) stays. */
export function amend(answer: unknown, change: (body: Body) => Body): unknown {
  if (answer instanceof Promise) return answer.then((body) => amend(body, change));
  if (answer instanceof Later) return new Later(answer.answer.then((body) => amend(body, change)));
  return answer === null ? null : change(answer as Body);
}

/** One rule behind the other; the first is asked first. */
export const all =
  (...rules: readonly Rule[]): Rule =>
  (call, request, next) =>
    rules.reduceRight<Next>((inner, rule) => (asked) => rule(call, asked, inner), next)(request);

const inner = (schema: Schema, field: string): Schema => {
  const found = schema.fields?.[field];
  if (!found) throw new Error(`no field ${field}`);
  return 'kind' in found ? found : found.type;
};

/** An empty answer with some fields set. */
export const blank = (call: Call, values: Body): Body => ({
  ...(zero(struct(call.api.response)) as Body),
  ...values,
});

/** An empty element of one of the answer's lists (`path`: list, list in its element, …) with some fields set. */
export function element(call: Call, path: readonly string[], values: Body): Body {
  let schema: Schema = struct(call.api.response);
  for (const field of path) schema = inner(schema, field).item as Schema;
  return { ...(zero(schema) as Body), ...values };
}

/** The operation on the resource, or the whole request is refused with an error code on top of its answer. */
export const required =
  (may: (call: Call, request: Body) => boolean, error: number): Rule =>
  (call, request, next) =>
    may(call, request) ? next(request) : blank(call, { errorCode: error, errorMessage: errorText(error) });

export const requiredCluster = (operation: number): Rule =>
  required((call) => allowsCluster(call, operation), Errors.CLUSTER_AUTHORIZATION_FAILED);

/** A list in the request, and the list in the answer that has an element for each of its elements. */
export interface Listed {
  readonly asked: string;
  readonly answered: string;
  /** the refusal of one element; what the answer's element does not have is left out */
  refusal(one: any, call: Call): Body;
}

/** Takes the elements that may not be out of the request, and puts their refusals behind the answers of the others. */
export const each =
  (listed: Listed, may: (call: Call, one: any, request: Body) => boolean): Rule =>
  (call, request, next) => {
    const refused: Body[] = [];
    const list = (request[listed.asked] ?? []) as unknown[];
    const allowed = list.filter((one) => {
      if (may(call, one, request)) return true;
      refused.push(element(call, [listed.answered], listed.refusal(one, call)));
      return false;
    });
    if (refused.length === 0) return next(request);
    if (allowed.length === 0) return blank(call, { [listed.answered]: refused });
    return amend(next({ ...request, [listed.asked]: allowed }), (body) => ({
      ...body,
      [listed.answered]: [...body[listed.answered], ...refused],
    }));
  };

/** Refuses every element of the list when the condition does not hold. */
export const requiredForEach = (listed: Listed, may: (call: Call, request: Body) => boolean): Rule =>
  each(listed, (call, _one, request) => may(call, request));
