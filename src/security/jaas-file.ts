/** The JAAS file given by -Djava.security.auth.login.config in KAFKA_OPTS, which Kafka's scripts pass to the JVM. Mirrors JaasContext. */
import { readFileSync } from 'node:fs';
import { JaasError } from './errors.js';
import { type LoginModule, parseJaasFile } from './jaas.js';

/** The file name, if any. The option or its value can be quoted, as in a shell. */
export function jaasFileOf(kafkaOpts: string | undefined): string | undefined {
  const match = /-Djava\.security\.auth\.login\.config==?(?:"([^"]+)"|'([^']+)'|([^\s"']+))/.exec(kafkaOpts ?? '');
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/**
 * The login modules of section `own` (a listener's) if present, else of section `global`. Throws JaasError when the file
 * has neither, cannot be read, or was not given.
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
