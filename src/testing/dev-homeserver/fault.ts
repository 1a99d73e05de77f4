/** A refusal that a client is told: an HTTP status and a Matrix error code. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly status: number;
  readonly errcode: string;
  /** Further fields of the answer. */
  readonly more: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    errcode: string,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.status = status;
    this.errcode = errcode;
    this.more = more;
  }
}

export const forbidden = (message: string) => new Fault(403, 'M_FORBIDDEN', message);
export const notFound = (message: string) => new Fault(404, 'M_NOT_FOUND', message);
export const badJson = (message: string) => new Fault(400, 'M_BAD_JSON', message);
/** What Synapse says where it has no code for it. */
export const refused = (message: string, status = 400) => new Fault(status, 'M_UNKNOWN', message);
