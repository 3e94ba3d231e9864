/** Answers from what is registered. Mirrors ApiVersionsResponse and BrokerFeatures. */
import { apiVersions } from '../../protocol/apis/18-api-versions.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { supportedFeatures } from '../metadata/features.js';

/** What a client may call its software. Mirrors ApiVersionsRequest. */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

export default handler({
  api: apiVersions,
  versions: [0, 4],
  handle(request, { apiVersion, authentication }, broker) {
    const named = SOFTWARE.test(request.clientSoftwareName) && SOFTWARE.test(request.clientSoftwareVersion);
    if (apiVersion >= 3 && !named) return { errorCode: Errors.INVALID_REQUEST, apiKeys: [] };
    authentication.versionsTold();
    return {
      errorCode: Errors.NONE,
      apiKeys: broker.apis,
      // older clients cannot read a range that starts at 0
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
