/** Reading .properties files as Java's tools do. */
import { readFileSync } from 'node:fs';
import { errorLine } from '../../cli/errors.js';
import { JavaError } from '../../java/exceptions.js';
import { parseProperties } from '../../java/properties.js';

/** Exceptions that name the file alone. */
const NIO_EXCEPTIONS: Readonly<Record<string, string>> = {
  ENOENT: 'NoSuchFileException',
  EACCES: 'AccessDeniedException',
};

/** Why a file cannot be read, as the Java exception that says so. */
export function fileException(file: string, error: unknown): JavaError {
  const { code } = error as NodeJS.ErrnoException;
  const exception = NIO_EXCEPTIONS[code ?? ''];
  if (exception) return new JavaError(`java.nio.file.${exception}`, file);
  return new JavaError('java.io.IOException', code === 'EISDIR' ? 'Is a directory' : errorLine(error));
}

/** The text of a .properties file; to Java the path '' is the current directory. Throws JavaError. */
export function propertiesText(file: string): string {
  try {
    return readFileSync(file || '.', 'latin1');
  } catch (error) {
    throw fileException(file, error);
  }
}

/** The properties of a file. Throws JavaError when it cannot be read or parsed, which each tool shows in its own way. */
export function propertiesFile(file: string): Map<string, string> {
  const text = propertiesText(file);
  try {
    return parseProperties(text);
  } catch (error) {
    throw new JavaError('java.lang.IllegalArgumentException', errorLine(error));
  }
}

/** Properties as flags give them: `key=value`; without a value it is empty. */
export const keyValues = (args: readonly string[]): [string, string][] =>
  args.map((arg) => {
    const at = arg.indexOf('=');
    return at < 0 ? [arg, ''] : [arg.slice(0, at), arg.slice(at + 1)];
  });
