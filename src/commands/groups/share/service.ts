import type { GroupService } from '../shared/service.js';
import type { ShareGroupOptions } from './flags.js';

/** What an action of kafka-share-groups works with. */
export interface ShareGroupService extends GroupService {
  readonly options: ShareGroupOptions;
}
