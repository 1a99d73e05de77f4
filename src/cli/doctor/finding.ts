/** What one look at the installation showed. */
export interface Finding {
  readonly is: 'ok' | 'warn' | 'fail';
  /** What was found, and after it what to do about it. */
  readonly text: string;
}

export const ok = (text: string): Finding => ({ is: 'ok', text });
export const warn = (text: string): Finding => ({ is: 'warn', text });
export const fail = (text: string): Finding => ({ is: 'fail', text });

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
