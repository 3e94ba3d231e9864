/** From a console tool's flags to its formatter, as the tools' buildFormatter has it. */
import { errorLine, type UsageError } from '../../../cli/errors.js';
import type { Io } from '../../../cli/io.js';
import { logEvent } from '../../shared/log-event.js';
import { keyValues, propertiesFile } from '../../shared/properties-file.js';
import { deprecated } from '../consumer/options.js';
import { wantsJson } from '../own-flags.js';
import { formatterClass } from './classes.js';
import type { Formatter } from './formatter.js';
import { JsonFormatter } from './json-formatter.js';

type Name = 'output' | 'formatter' | 'formatter-config' | 'key-deserializer' | 'value-deserializer';
type Repeated = 'property' | 'formatter-property';

/** The flags both console consumers have. */
export interface FormatterFlags {
  has(name: Name | Repeated): boolean;
  value(name: Name): string | undefined;
  values(name: Repeated): string[];
  usage(message: string): UsageError;
}

/** The formatter of the options, configured. Throws UsageError; prints what is deprecated. */
export async function buildFormatter(options: FormatterFlags, io: Io): Promise<Formatter> {
  if (wantsJson(options)) return new JsonFormatter();
  const className = options.value('formatter') as string;
  const make = formatterClass(className);
  if (!make) throw options.usage(className);
  if (options.has('property') && options.has('formatter-property')) {
    throw options.usage('Options --property and --formatter-property cannot be specified together.');
  }
  if (options.has('property')) io.stdout.write(deprecated('property', 'formatter-property'));
  const file = options.value('formatter-config');
  const properties = file === undefined ? new Map<string, string>() : formatterFile(options, file);
  const key = options.value('key-deserializer');
  if (key) properties.set('key.deserializer', key);
  const value = options.value('value-deserializer');
  if (value) properties.set('value.deserializer', value);
  const given = options.has('property') ? options.values('property') : options.values('formatter-property');
  for (const [name, text] of keyValues(given)) properties.set(name, text);
  return make({ properties, log: (level, message, logger) => io.stderr.write(logEvent(level, message, logger)) });
}

function formatterFile(options: FormatterFlags, file: string): Map<string, string> {
  try {
    return propertiesFile(file);
  } catch (error) {
    throw options.usage(errorLine(error));
  }
}
