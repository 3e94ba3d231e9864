/** Every API the broker serves. What stands here is what ApiVersions advertises. Add a handler: one import, one line. */
import type { Handler } from '../handler.js';
import describeConfigs from './32-describe-configs.js';
import alterConfigs from './33-alter-configs.js';
import incrementalAlterConfigs from './44-incremental-alter-configs.js';

export const handlers: readonly Handler<any>[] = [describeConfigs, alterConfigs, incrementalAlterConfigs];
