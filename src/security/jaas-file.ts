/** The JAAS file that -Djava.security.auth.login.config names in KAFKA_OPTS, as Kafka's scripts hand it to the JVM. Mirrors JaasContext. */
import { readFileSync } from 'node:fs';
import { JaasError } from './errors.js';
import { type LoginModule, parseJaasFile } from './jaas.js';

/** The file's name, if there is one. It may be quoted, in whole or after the equals sign, as in a shell. */
export function jaasFileOf(kafkaOpts: string | undefined): string | undefined {
  const match = /-Djava\.security\.auth\.login\.config==?(?:"([^"]+)"|'([^']+)'|([^\s"']+))/.exec(kafkaOpts ?? '');
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/**
 * The login modules of the section `global`, or of `own`, which comes first: a listener's. Throws JaasError when the file
 * has neither, when it cannot be read, and when there is no file.
 */
export function jaasSection(file: string | undefined, global: string, own?: string): readonly LoginModule[] {
  const text = file === undefined ? '' : readText(file);
  for (const section of own === undefined ? [global] : [own, global]) {
    const modules = file === undefined ? undefined : parseJaasFile(text, section, file);
    if (modules) return modules;
  }
  const sections = own === undefined ? `'${global}'` : `'${global}' or '${own}'`;
  throw new JaasError(
    `Could not find a ${sections} entry in the JAAS configuration. System property 'java.security.auth.login.config' is ${file ?? 'not set'}`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new JaasError(`The JAAS configuration ${file} cannot be read: ${code === 'ENOENT' ? 'no such file' : code}`);
  }
}
