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
  /** what is seen instead with "TOOLS BROKER" of these versions */
  others: Record<string, Seen>;
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
export function record(outcomes: { step: Step; seen: Seen }[], versions?: string): void;
export function expected(step: Step, versions?: string): Seen;
