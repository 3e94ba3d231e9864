export interface Seen {
  stdout: string[];
  stderr: string[];
  cut: true | undefined;
  code: number;
}
export interface Step extends Seen {
  kind: string;
  name?: string;
  line: string;
  input: string[];
  options: Record<string, string | true>;
}
export interface Transcript {
  steps: Step[];
}
export interface Context {
  tools: 'ts' | 'java';
  bootstrap: string;
  /** of the Java tools */
  version?: string;
  slow?: number;
}
export function parse(text: string): Transcript;
export function format(transcript: Transcript): string;
export function play(transcript: Transcript, context: Context): Promise<{ step: Step; seen: Seen }[]>;
export function record(outcomes: { step: Step; seen: Seen }[]): void;
export function expected(step: Step): Seen;
