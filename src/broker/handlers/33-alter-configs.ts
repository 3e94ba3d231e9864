/** AlterConfigs v0-2: replaces all configs of a resource; those not named revert to their defaults. */
import { alterConfigs } from '../../protocol/apis/33-alter-configs.js';
import { planReplacement } from '../config/alter.js';
import { alterEach } from '../config/alter-each.js';
import { handler } from '../handler.js';

export default handler({
  api: alterConfigs,
  async handle(request, _context, broker) {
    const responses = await alterEach(broker, request, (resource, { configs }) =>
      planReplacement(broker, resource, configs),
    );
    return { throttleTimeMs: 0, responses };
  },
});
