/** One entry of a JAAS configuration, as sasl.jaas.config has it: `Module required name="value" …;`. Mirrors JaasConfig. */

export interface JaasEntry {
  /** "org.apache.kafka.common.security.plain.PlainLoginModule" */
  readonly module: string;
  readonly options: ReadonlyMap<string, string>;
}

const TOKEN = /"((?:[^"\\]|\\.)*)"|[^\s=;"]+|[=;]/g;

/** Throws where the text is no such entry; says nothing of its values, which are secrets. */
export function parseJaas(text: string): JaasEntry {
  const tokens = [...text.matchAll(TOKEN)].map((m) => (m[1] === undefined ? m[0] : m[1].replace(/\\(.)/g, '$1')));
  const [module, flag, ...rest] = tokens;
  if (module === undefined || !/^(required|requisite|sufficient|optional)$/i.test(flag ?? '')) {
    throw new Error('it must read: <LoginModule> required <name>="<value>" …;');
  }
  const options = new Map<string, string>();
  let at = 0;
  for (; at < rest.length && rest[at] !== ';'; at += 3) {
    const [name, equals, value] = rest.slice(at, at + 3);
    if (equals !== '=' || value === undefined || value === ';') throw new Error(`no value for option ${name}`);
    options.set(name as string, value);
  }
  if (rest[at] !== ';' || at !== rest.length - 1) throw new Error('it must end with one ;');
  return { module, options };
}
