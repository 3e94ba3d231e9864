/** File errors as Java's exceptions. */

import { readFileSync } from 'node:fs';
import { errorLine } from '../../cli/errors.js';
import { JavaError } from '../../java/exceptions.js';
import { decimalValue } from '../../java/integer.js';

const EXCEPTIONS: Readonly<Record<string, string>> = {
  ENOENT: 'NoSuchFileException',
  EACCES: 'AccessDeniedException',
};

/** Java's exception for the error of a system call. */
export function fileError(file: string, error: unknown): JavaError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const name = EXCEPTIONS[code];
  if (name) return new JavaError(`java.nio.file.${name}`, file);
  return new JavaError('java.io.IOException', code === 'EISDIR' ? 'Is a directory' : errorLine(error));
}

/** A file's bytes. Throws JavaError. */
export function readWhole(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fileError(file, error);
  }
}

/** The base offset in a segment's file name. Throws Long.parseLong's exception. */
export function offsetInName(name: string): bigint {
  const digits = name.split('.')[0] as string;
  const offset = decimalValue(digits);
  if (offset !== undefined && digits.length <= 21) return offset;
  throw new JavaError('java.lang.NumberFormatException', `For input string: "${digits}"`);
}
