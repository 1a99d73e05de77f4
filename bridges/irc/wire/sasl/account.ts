/** What proves to a network who we are. */
export interface Account {
  readonly name: string;
  /** Absent: only the certificate of the connection proves it. */
  readonly password?: string;
  /** The connection shows a certificate that the network may know. */
  readonly hasCertificate: boolean;
  /** Never used twice: an answer that was overheard is worth nothing then. */
  readonly nonce: string;
}
