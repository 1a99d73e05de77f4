/** Instead of an answer: the connection is reset. */
export class Cut extends Error {
  override readonly name = 'Cut';
}
