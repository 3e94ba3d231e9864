import { createInterface } from 'node:readline';
import type { Io } from '../../cli/io.js';
import { JavaError } from '../../java/exceptions.js';

const nullPointer = (call: string, source: string): JavaError =>
  new JavaError(
    'java.lang.NullPointerException',
    `Cannot invoke "${call}" because the return value of "${source}" is null`,
  );

/** Asks for a "y" on the terminal. Throws Java's NullPointerException without a terminal, or when stdin ends. */
export async function confirm(question: string, io: Io): Promise<boolean> {
  io.stdout.write(`${question}\n`);
  if (!io.isTTY.stdin || !io.isTTY.stdout)
    throw nullPointer('java.io.Console.readLine()', 'java.lang.System.console()');
  const lines = createInterface({ input: io.stdin });
  try {
    for await (const line of lines) return line.toLowerCase() === 'y';
  } finally {
    lines.close();
  }
  throw nullPointer('String.equalsIgnoreCase(String)', 'java.io.Console.readLine()');
}
