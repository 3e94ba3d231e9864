/** Mirrors KafkaApis.handleDescribeCluster and AuthHelper.computeDescribeClusterResponse. */
import { describeCluster } from '../../protocol/apis/60-describe-cluster.js';
import { Errors } from '../../protocol/errors.js';
import { CLUSTER_OPERATIONS } from '../authorized-operations.js';
import { handler } from '../handler.js';

const BROKERS = 1;

export default handler({
  api: describeCluster,
  handle(request, { listener }, broker) {
    if (request.endpointType !== BROKERS) {
      const [errorCode, errorMessage] =
        request.endpointType === 2
          ? [
              Errors.MISMATCHED_ENDPOINT_TYPE,
              'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
            ]
          : [Errors.UNSUPPORTED_ENDPOINT_TYPE, `Unsupported endpoint type ${request.endpointType}`];
      return { throttleTimeMs: 0, errorCode, errorMessage, clusterId: '', brokers: [] };
    }
    const rack = String(broker.setting('broker.rack'));
    const endpoints = broker.endpoints.filter((e) => e.listener === listener);
    return {
      throttleTimeMs: 0,
      errorCode: Errors.NONE,
      endpointType: BROKERS,
      clusterId: broker.clusterId,
      controllerId: broker.nodeId,
      brokers: endpoints.map(({ host, port }) => ({
        brokerId: broker.nodeId,
        host,
        port,
        rack: rack === '' ? null : rack,
        isFenced: false,
      })),
      ...(request.includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: CLUSTER_OPERATIONS } : {}),
    };
  },
});
