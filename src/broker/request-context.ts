import type { Authentication } from './security/authentication.js';

/** What a handler knows about a request besides its body. */
export interface RequestContext {
  readonly apiVersion: number;
  readonly clientId: string | null;
  /** the client's address as Kafka prints a member's host: "/127.0.0.1" */
  readonly clientHost: string;
  /** the listener's name: "PLAINTEXT" */
  readonly listener: string;
  /** "User:ANONYMOUS" */
  readonly principal: string;
  readonly authentication: Authentication;
  /**
   * Whether the principal is authorized; always true without an authorizer. Types and operations as in
   * security/authorizer.
   */
  readonly allows: (operation: number, resourceType: number, name: string) => boolean;
  /** aborted when the connection closes, which ends a long poll */
  readonly closed: AbortSignal;
  /** identifies the connection within this broker */
  readonly connectionId: string;
  /** Declares the request's `bytes` and `records` unused from now on: their buffer is recycled. */
  readonly release: () => void;
}
