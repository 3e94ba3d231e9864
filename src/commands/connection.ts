/** How a command gets its cluster: the flag, else the environment, else the profile; then the properties file. */
import { readFileSync } from 'node:fs';
import { CommandError, errorLine } from '../cli/errors.js';
import type { Io } from '../cli/io.js';
import type { Cluster } from '../client/cluster.js';
import { connect } from '../client/connect.js';
import { type Properties, parseProperties } from '../client/properties.js';

/**
 * Reads a .properties file. What cannot be read ends the command as in Java: the file's name, then what is wrong with it
 * under the exception's name.
 */
export function loadProperties(file: string): Map<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
  return parseProperties(text);
}

const FILE_EXCEPTIONS: Readonly<Record<string, string>> = {
  ENOENT: 'NoSuchFileException',
  EACCES: 'AccessDeniedException',
};

function unreadable(file: string, error: NodeJS.ErrnoException): CommandError {
  const exception = FILE_EXCEPTIONS[error.code ?? ''];
  if (exception) return new CommandError(`${file}\njava.nio.file.${exception}: ${file}`);
  return new CommandError(error.code === 'EISDIR' ? `Is a directory: ${file}` : errorLine(error));
}

/** Connects as the admin tools do; settings that make no sense end the command as Java ends it. */
export function openAdmin(
  io: Io,
  bootstrap: string,
  properties: Properties,
  onWait?: (reason: Error) => void,
): Cluster {
  try {
    return connect({ bootstrap, properties, clientId: 'adminclient-1', env: io.env, ...(onWait && { onWait }) });
  } catch (error) {
    const cause = `Caused by: org.apache.kafka.common.config.ConfigException: ${errorLine(error)}`;
    throw new CommandError(`Failed to create new KafkaAdminClient\n${cause}`);
  }
}
