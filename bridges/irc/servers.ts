export interface Server {
  readonly host: string;
  readonly port: number;
}

/** `HOST` or `HOST:PORT`; an IPv6 address with a port stands in brackets. */
export const SERVER = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]/@]+))(?::(\d{1,5}))?$/;

/** The servers of one network, and the one that is to be had as far as is known. */
export class Servers {
  private readonly all: readonly Server[];
  private at = 0;

  /** Each of the others is one that `SERVER` reads. */
  constructor({ host, port, otherServers }: Server & { readonly otherServers: readonly string[] }) {
    this.all = [{ host, port }, ...otherServers.map((text) => parse(text, port))];
  }

  get count(): number {
    return this.all.length;
  }

  get current(): Server {
    return this.all[this.at] as Server;
  }

  /** It cannot be had, so the next is tried. What is heard late of another says nothing. */
  failed(server: Server): void {
    if (server === this.current) this.at = (this.at + 1) % this.all.length;
  }
}

function parse(text: string, defaultPort: number): Server {
  const [, address, name, port] = SERVER.exec(text) ?? [];
  return { host: address ?? name ?? '', port: port === undefined ? defaultPort : Number(port) };
}
