/** Authorization of config requests; each resource is checked by itself. */
import { describeConfigs } from '../../../protocol/apis/32-describe-configs.js';
import { alterConfigs } from '../../../protocol/apis/33-alter-configs.js';
import { incrementalAlterConfigs } from '../../../protocol/apis/44-incremental-alter-configs.js';
import { listConfigResources } from '../../../protocol/apis/74-list-config-resources.js';
import { Errors, errorText } from '../../../protocol/errors.js';
import { BROKER_RESOURCE, GROUP_RESOURCE, TOPIC_RESOURCE } from '../../api.js';
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

const BROKER_LOGGER_RESOURCE = 8;

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** The error code for an operation on a resource. */
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
const refusal = (call: Call, operation: number, { resourceType, resourceName }: Resource) => {
  const errorCode = errorOf(call, operation, { resourceType, resourceName });
  return { resourceType, resourceName, errorCode, errorMessage: errorText(errorCode) };
};
/** For brokers the message is null, as the request does not reach the controller. */
const refusedAlter = (resource: Resource, call: Call) => {
  const answer = refusal(call, ALTER_CONFIGS, resource);
  const ofBroker = resource.resourceType === BROKER_RESOURCE || resource.resourceType === BROKER_LOGGER_RESOURCE;
  return ofBroker ? { ...answer, errorMessage: null } : answer;
};

export const configRules = [
  authorize(
    describeConfigs,
    each(describeConfigs, 'resources', 'results', may(DESCRIBE_CONFIGS), (resource, call) => ({
      ...refusal(call, DESCRIBE_CONFIGS, resource),
      configs: [],
    })),
  ),
  authorize(
    alterConfigs,
    each(
      alterConfigs,
      'resources',
      'responses',
      // AlterConfigs never supports broker loggers: the handler rejects them
      (call, resource) => resource.resourceType === BROKER_LOGGER_RESOURCE || may(ALTER_CONFIGS)(call, resource),
      refusedAlter,
    ),
  ),
  authorize(
    incrementalAlterConfigs,
    each(incrementalAlterConfigs, 'resources', 'responses', may(ALTER_CONFIGS), refusedAlter),
  ),
  requiredCluster(listConfigResources, DESCRIBE_CONFIGS, () => ({ errorCode: CLUSTER_DENIED })),
];
