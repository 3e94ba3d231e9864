/** Configs of the broker and of the resources it serves. */

export { ConfigError, type ConfigKey, type ConfigValue, type Parsed, parseConfig } from '../../java/config-def.js';
export { BrokerConfig, Source, type Synonym } from './broker-config.js';
export { type Listener, type Listeners, parseListeners, type SecurityProtocol } from './listeners.js';
export { type Resolved, resolveConfig } from './resolve.js';
export { checkTopicConfigs, type Overrides, topicConfig, topicLogConfig } from './topic-config.js';
