/** JAAS configurations: `sasl.jaas.config` and JAAS files. Mirrors common/security/JaasConfig and the JDK's ConfigFile. */
import { streamTokens, type Token } from '../java/stream-tokenizer.js';
import { JaasError } from './errors.js';

/** One login module with its options. */
export interface LoginModule {
  /** class name without its package: "PlainLoginModule" */
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

const FLAGS = ['required', 'requisite', 'sufficient', 'optional'];
const QUOTE = 'a value that is not letters and digits must be quoted, as in password="a;b"';

class Parser {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;

  constructor(tokens: Iterable<Token>, source: string) {
    this.#tokens = [...tokens];
    this.#source = source;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  is(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'char' && token.text === text;
  }

  /** A word, quoted or not. */
  word(what: string): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'word' || token?.kind === 'quoted') return token.text;
    throw this.expected(what);
  }

  punctuation(text: string, hint?: string): void {
    if (!this.is(text)) throw this.expected(`"${text}"`, hint);
    this.#at++;
  }

  /** `Class flag key=value … ;` */
  module(): LoginModule {
    const name = this.word('a login module');
    if (!FLAGS.includes(this.word('a control flag').toLowerCase())) throw this.expected(`one of ${FLAGS.join(', ')}`);
    const options: Record<string, string> = {};
    while (!this.is(';')) {
      const key = this.#optionPart('";" at the end');
      this.punctuation('=', QUOTE);
      options[key] = this.#optionPart(`the value of ${key}`);
    }
    this.punctuation(';');
    return { name: name.split('.').pop() as string, options };
  }

  /** Punctuation or a number here is caused by an unquoted value. */
  #optionPart(what: string): string {
    const token = this.#tokens[this.#at];
    if (token?.kind === 'number' || (token?.kind === 'char' && token.text !== '}')) throw this.expected(what, QUOTE);
    return this.word(what);
  }

  /** Does not show the unexpected token: it can be a password. */
  expected(what: string, hint?: string): JaasError {
    return new JaasError(`${this.#source} is not a JAAS configuration: ${what} expected${hint ? `; ${hint}` : ''}`);
  }
}

/** Parses `sasl.jaas.config`: exactly one login module. */
export function parseJaasConfig(text: string, source = 'sasl.jaas.config'): LoginModule {
  const parser = new Parser(streamTokens(text, '-_$'), source);
  if (parser.done) throw new JaasError(`${source} is not a JAAS configuration: it is empty`);
  const module = parser.module();
  if (!parser.done) {
    try {
      while (!parser.done) parser.module();
    } catch {
      // not a login module after the semicolon, so the semicolon was part of an unquoted value
      throw parser.expected('the end', QUOTE);
    }
    throw new JaasError(`${source} must name one login module, not several`);
  }
  return module;
}

/** The login modules of a section of a JAAS file; undefined if it has no such section. */
export function parseJaasFile(text: string, section: string, source: string): readonly LoginModule[] | undefined {
  const parser = new Parser(fileTokens(text, source), source);
  let found: LoginModule[] | undefined;
  while (!parser.done) {
    const name = parser.word('a section');
    parser.punctuation('{');
    const modules: LoginModule[] = [];
    while (!parser.is('}')) modules.push(parser.module());
    parser.punctuation('}');
    parser.punctuation(';');
    if (name === section) found ??= modules;
  }
  return found;
}

/** In files the JDK rejects single quotes and expands ${…} to system properties, which do not exist here. */
function* fileTokens(text: string, source: string): Generator<Token> {
  for (const token of streamTokens(text, '-_$*')) {
    if (token.kind === 'quoted') {
      if (token.quote === "'") throw new JaasError(`${source} is not a JAAS configuration: quote with ", not with '`);
      if (token.text.includes('${'))
        throw new JaasError(`${source}: references to system properties are not supported`);
    }
    yield token;
  }
}
