/** JAAS configurations: `sasl.jaas.config` and files of them. Mirrors common/security/JaasConfig and the JDK's ConfigFile. */
import { JaasError } from './errors.js';

/** One login module with its options. */
export interface LoginModule {
  /** the class, without its package: "PlainLoginModule" */
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

const TOKEN =
  /\s+|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([={};])|([^\s={};"']+)/y;

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

function tokens(text: string, source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new JaasError(`${source} is not a JAAS configuration: a quote is not closed`);
    const [, double, single, punctuation, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) found.push({ text: quoted.replace(/\\(.)/g, '$1'), quoted: true });
    else if (punctuation ?? word) found.push({ text: (punctuation ?? word) as string, quoted: false });
  }
  return found;
}

const FLAGS = ['required', 'requisite', 'sufficient', 'optional'];

class Parser {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;

  constructor(text: string, source: string) {
    this.#source = source;
    this.#tokens = tokens(text, source);
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  is(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && !token.quoted && token.text === text;
  }

  word(what: string): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined || (!token.quoted && '={};'.includes(token.text))) throw this.#expected(what);
    return token.text;
  }

  punctuation(text: string): void {
    if (!this.is(text)) throw this.#expected(`"${text}"`);
    this.#at++;
  }

  /** `Class flag key=value … ;` */
  module(): LoginModule {
    const name = this.word('a login module');
    if (!FLAGS.includes(this.word('a control flag').toLowerCase())) throw this.#expected(`one of ${FLAGS.join(', ')}`);
    const options: Record<string, string> = {};
    while (!this.is(';')) {
      const key = this.word('";" at the end');
      this.punctuation('=');
      options[key] = this.word(`the value of ${key}`);
    }
    this.punctuation(';');
    return { name: name.split('.').pop() as string, options };
  }

  /** Never shows what is there instead: it may be a password. */
  #expected(what: string): JaasError {
    return new JaasError(`${this.#source} is not a JAAS configuration: ${what} expected`);
  }
}

/** Reads `sasl.jaas.config`: exactly one login module. */
export function parseJaasConfig(text: string, source = 'sasl.jaas.config'): LoginModule {
  const parser = new Parser(text.replace(/\\\r?\n/g, ' '), source);
  if (parser.done) throw new JaasError(`${source} is not a JAAS configuration: it is empty`);
  const module = parser.module();
  if (!parser.done) throw new JaasError(`${source} must name one login module, not several`);
  return module;
}

/** Reads a JAAS file and returns a section's first login module. */
export function parseJaasFile(text: string, section: string, source: string): LoginModule | undefined {
  const parser = new Parser(text, source);
  let found: LoginModule | undefined;
  while (!parser.done) {
    const name = parser.word('a section');
    parser.punctuation('{');
    while (!parser.is('}')) {
      const module = parser.module();
      if (name === section) found ??= module;
    }
    parser.punctuation('}');
    parser.punctuation(';');
  }
  return found;
}
