/** The server.properties given to a sub-command. */
import { readFileSync } from 'node:fs';
import { ConfigError, type Resolved, resolveConfig } from '../../broker/config/index.js';
import { CommandError } from '../../cli/errors.js';
import { parseProperties } from '../../java/properties.js';

export function readProperties(file: string): Map<string, string> {
  try {
    return parseProperties(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(code === 'ENOENT' ? `${file}: no such file` : `${file}: ${message}`);
  }
}

export function loadConfig(file: string): Resolved & { readonly given: ReadonlyMap<string, string> } {
  const given = readProperties(file);
  try {
    // like Java's tool, ignore the environment
    return { ...resolveConfig({ file: given, env: {} }), given };
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(`${file}: ${error.message}`);
    throw error;
  }
}
