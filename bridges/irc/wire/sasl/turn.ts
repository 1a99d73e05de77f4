/** One turn of an exchange. Pure: each answer brings the turn after it. */
export interface Turn {
  /**
   * Answers what the server asks; the first time it asks nothing.
   *
   * @throws {NotTrusted} when the server does not prove that it knows the password itself.
   */
  answer(challenge: Buffer): { readonly answer: Buffer; readonly next?: Turn };
}

/** The server is not who it says, or asks for what would give the password away. */
export class NotTrusted extends Error {
  override readonly name = 'NotTrusted';
}
