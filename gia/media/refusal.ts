/** `tampered`: it is not what its sender sealed. Nothing of it was given out. */
export class BadFile extends Error {
  readonly code: 'too_large' | 'tampered';
  constructor(code: BadFile['code'], message: string) {
    super(message);
    this.name = 'BadFile';
    this.code = code;
  }
}
