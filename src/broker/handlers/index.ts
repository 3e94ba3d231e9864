/** Every API the broker serves. What stands here is what ApiVersions advertises. Add a handler: one import, one line. */
import type { Handler } from '../handler.js';

export const handlers: readonly Handler<any>[] = [];
