/** What a sub-command prints, and its exit code. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly code?: number;
}
