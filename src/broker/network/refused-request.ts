/** A request rejected because of its header: an unknown API key or an unsupported version. */
import { ProtocolError } from '../../protocol/wire/buffer.js';
import type { RequestHeader } from '../../protocol/wire/frame.js';

const MAX_CLIENT_ID = 100;

/** Its message contains the client.id, so that an outdated client can be found among many. */
export class RefusedRequest extends ProtocolError {
  constructor(why: string, { clientId }: RequestHeader) {
    super(`${why}, client.id ${clientId === null ? 'null' : JSON.stringify(clientId.slice(0, MAX_CLIENT_ID))}`);
  }
}
