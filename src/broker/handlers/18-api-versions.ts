/** Reports the registered handlers' APIs and the features. Mirrors ApiVersionsResponse and BrokerFeatures. */
import { apiVersions } from '../../protocol/apis/18-api-versions.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { supportedFeatures } from '../metadata/features.js';

/** Valid client software names and versions. Mirrors ApiVersionsRequest. */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

export default handler({
  api: apiVersions,
  versions: [0, 4],
  handle(request, { apiVersion, authentication }, broker) {
    const named = SOFTWARE.test(request.clientSoftwareName) && SOFTWARE.test(request.clientSoftwareVersion);
    if (apiVersion >= 3 && !named) return { errorCode: Errors.INVALID_REQUEST, apiKeys: [] };
    authentication.apiVersionsAnswered();
    return {
      errorCode: Errors.NONE,
      apiKeys: broker.apis,
      // clients before v4 cannot parse a range that starts at 0
      supportedFeatures: supportedFeatures(broker).filter((f) => apiVersion >= 4 || f.minVersion > 0),
      finalizedFeaturesEpoch: BigInt(broker.metadata.lastOffset),
      finalizedFeatures: [...broker.metadata.features].map(([name, level]) => ({
        name,
        maxVersionLevel: level,
        minVersionLevel: level,
      })),
    };
  },
});
