/** From flags to settings, with the checks and in the order of tools/consumer/ConsoleShareConsumerOptions. */
import { Acknowledge } from '../../../client/consumer/share-fetched.js';
import { keyValues, propertiesFile } from '../../shared/properties-file.js';
import { agreedGroup, checkRenamed } from '../consumer/options.js';
import type { ShareConsumerOptions } from './flags.js';

const RENAMED = [
  ['consumer-property', 'command-property'],
  ['consumer-config', 'command-config'],
] as const;

/** The consumer's properties. Throws UsageError, FlagError and JavaError; `say` prints warnings on stdout, at once. */
export function shareSettings(options: ShareConsumerOptions, say: (line: string) => void): Map<string, string> {
  if (!options.has('topic')) throw options.usage('--topic is a required argument');
  options.required('bootstrap-server');
  if (options.has('reject') && options.has('release')) {
    throw options.usage('At most one of --reject and --release may be specified.');
  }
  checkRenamed(options, RENAMED, say);
  const file = options.value(options.has('consumer-config') ? 'consumer-config' : 'command-config');
  const properties = file === undefined ? new Map<string, string>() : propertiesFile(file);
  const extra = new Map(
    keyValues(options.values(options.has('consumer-property') ? 'consumer-property' : 'command-property')),
  );
  const places = [options.value('group'), properties.get('group.id'), extra.get('group.id')];
  const group = agreedGroup(places, 'consumer-config', (message) => options.usage(message));
  for (const [key, value] of extra) properties.set(key, value);
  if (!properties.has('client.id')) properties.set('client.id', 'console-share-consumer');
  properties.set('group.id', group ?? 'console-share-consumer');
  return properties;
}

/** What is said of a message that was printed. */
export const acknowledgeType = (options: ShareConsumerOptions): number =>
  options.has('reject') ? Acknowledge.reject : options.has('release') ? Acknowledge.release : Acknowledge.accept;
