/** IncrementalAlterConfigs v0-1: changes individual configs; all valid changes form one metadata batch. */
import { incrementalAlterConfigs } from '../../protocol/apis/44-incremental-alter-configs.js';
import { planChanges } from '../config/alter.js';
import { alterEach } from '../config/alter-each.js';
import { handler } from '../handler.js';

export default handler({
  api: incrementalAlterConfigs,
  async handle(request, _context, broker) {
    const responses = await alterEach(broker, request, (resource, { configs }) =>
      planChanges(
        broker,
        resource,
        configs.map((c) => ({ name: c.name, operation: c.configOperation, value: c.value })),
      ),
    );
    return { throttleTimeMs: 0, responses };
  },
});
