/** The errors of the transactions tool. */
import { CommandError } from '../../cli/errors.js';
import type { Outcomes } from '../../client/admin/by-leader.js';
import { KafkaError } from '../../protocol/errors.js';

/**
 * The result of `work`, or with `name`, that outcome of several. A KafkaError becomes a CommandError whose message starts
 * with `what`.
 */
export async function failAs<T>(what: string, work: Promise<T>): Promise<T>;
export async function failAs<T>(what: string, work: Promise<Outcomes<T>>, name: string): Promise<T>;
export async function failAs(what: string, work: Promise<unknown>, name?: string): Promise<unknown> {
  try {
    const result = await work;
    const outcome = name === undefined ? result : (result as Outcomes<unknown>).get(name);
    if (outcome instanceof KafkaError) throw outcome;
    return outcome;
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    throw new CommandError(`${what}: ${error.message}. Enable debug logging for additional detail.`);
  }
}
