/** Rules of requests about configs: each resource has its own right. */
import { describeConfigs } from '../../../protocol/apis/32-describe-configs.js';
import { alterConfigs } from '../../../protocol/apis/33-alter-configs.js';
import { incrementalAlterConfigs } from '../../../protocol/apis/44-incremental-alter-configs.js';
import { listConfigResources } from '../../../protocol/apis/74-list-config-resources.js';
import { Errors, errorText } from '../../../protocol/errors.js';
import { GROUP_RESOURCE, TOPIC_RESOURCE } from '../../broker.js';
import { Operation, ResourceType } from '../authorizer.js';
import {
  allowsCluster,
  authorize,
  type Call,
  CLUSTER_DENIED,
  each,
  GROUP_DENIED,
  requiredCluster,
  TOPIC_DENIED,
} from './rule.js';

const { DESCRIBE_CONFIGS, ALTER_CONFIGS } = Operation;

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** An error code. */
function errorOf(call: Call, operation: number, { resourceType, resourceName }: Resource): number {
  if (resourceType === TOPIC_RESOURCE) {
    return call.allows(operation, ResourceType.TOPIC, resourceName) ? Errors.NONE : TOPIC_DENIED;
  }
  if (resourceType === GROUP_RESOURCE) {
    return call.allows(operation, ResourceType.GROUP, resourceName) ? Errors.NONE : GROUP_DENIED;
  }
  return allowsCluster(call, operation) ? Errors.NONE : CLUSTER_DENIED;
}
const may =
  (operation: number) =>
  (call: Call, resource: Resource): boolean =>
    errorOf(call, operation, resource) === Errors.NONE;
const refusal =
  (operation: number) =>
  ({ resourceType, resourceName }: Resource, call: Call) => {
    const errorCode = errorOf(call, operation, { resourceType, resourceName });
    return { resourceType, resourceName, errorCode, errorMessage: errorText(errorCode) };
  };
const describeRefusal = refusal(DESCRIBE_CONFIGS);

export const configRules = [
  authorize(
    describeConfigs,
    each(describeConfigs, 'resources', 'results', may(DESCRIBE_CONFIGS), (resource, call) => ({
      ...describeRefusal(resource, call),
      configs: [],
    })),
  ),
  authorize(alterConfigs, each(alterConfigs, 'resources', 'responses', may(ALTER_CONFIGS), refusal(ALTER_CONFIGS))),
  authorize(
    incrementalAlterConfigs,
    each(incrementalAlterConfigs, 'resources', 'responses', may(ALTER_CONFIGS), refusal(ALTER_CONFIGS)),
  ),
  requiredCluster(listConfigResources, DESCRIBE_CONFIGS, () => ({ errorCode: CLUSTER_DENIED })),
];
