/** A request that is refused by its header alone: an API or a version that is not served. */
import { ProtocolError } from '../../protocol/wire/buffer.js';
import type { RequestHeader } from '../../protocol/wire/frame.js';

const MAX_CLIENT_ID = 100;

/** Names the client, so that the one that is too old is found among many. */
export class RefusedRequest extends ProtocolError {
  constructor(why: string, { clientId }: RequestHeader) {
    super(`${why}, client.id ${clientId === null ? 'null' : JSON.stringify(clientId.slice(0, MAX_CLIENT_ID))}`);
  }
}
