import { JavaError } from '../java/exceptions.js';

export interface Principal {
  readonly type: string;
  readonly name: string;
  /** "User:alice" */
  readonly text: string;
}

/** Mirrors common/utils/SecurityUtils.parseKafkaPrincipal. */
export function parsePrincipal(text: string): Principal {
  const colon = text.indexOf(':');
  if (colon >= 0) return { type: text.slice(0, colon), name: text.slice(colon + 1), text };
  throw new JavaError(
    'java.lang.IllegalArgumentException',
    `expected a string in format principalType:principalName but got ${text}`,
  );
}
