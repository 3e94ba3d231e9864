import type { Authentication } from './security/authentication.js';

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
  readonly authentication: Authentication;
  /** Whether the sender may do that; always true without an authorizer. Types and operations are security/authorizer's. */
  readonly allows: (operation: number, resourceType: number, name: string) => boolean;
  /** aborted when the connection closes: a long poll then ends */
  readonly closed: AbortSignal;
  /** per-connection state of the client: software name and version from ApiVersions, fetch sessions' owner */
  readonly connectionId: string;
  /** Says that nobody will look at the request's `bytes` and `records` any more: their memory is used again. */
  readonly release: () => void;
}
