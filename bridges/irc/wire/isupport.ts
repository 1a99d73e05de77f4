import { type CaseMapping, foldCase } from './casemap.ts';

const LARGEST_PAGE = 200;

/** What the server said of itself in numeric 005. @see https://modern.ircdocs.horse/#rplisupport-005 */
export class Features {
  readonly tokens: ReadonlyMap<string, string>;

  constructor(tokens: ReadonlyMap<string, string> = new Map()) {
    this.tokens = tokens;
  }

  /** Takes in the tokens of one 005. `-NAME` takes one back. */
  with(words: readonly string[]): Features {
    const tokens = new Map(this.tokens);
    for (const word of words) {
      const [name = '', ...value] = word.split('=');
      if (name.startsWith('-')) tokens.delete(name.slice(1).toUpperCase());
      else tokens.set(name.toUpperCase(), unescaped(value.join('=')));
    }
    return new Features(tokens);
  }

  get caseMapping(): CaseMapping {
    const said = this.tokens.get('CASEMAPPING')?.toLowerCase() ?? 'rfc1459';
    if (said === 'ascii' || said === 'rfc1459') return said;
    return said === 'strict-rfc1459' || said === 'rfc1459-strict' ? 'rfc1459-strict' : 'unicode';
  }

  get channelTypes(): string {
    return this.tokens.get('CHANTYPES') ?? '#&';
  }

  /** The signs before a nick in NAMES, such as `@+`. */
  get prefixSigns(): string {
    return /^\([^)]*\)(.*)$/.exec(this.tokens.get('PREFIX') ?? '(ov)@+')?.[1] ?? '';
  }

  /** The letters of those signs, such as `ov`, highest first. */
  get prefixModes(): string {
    return /^\(([^)]*)\)/.exec(this.tokens.get('PREFIX') ?? '(ov)@+')?.[1] ?? '';
  }

  /** The letters of a channel's modes, by when they have a parameter. Lists always have one. */
  get channelModes(): Readonly<Record<'lists' | 'always' | 'whenSet' | 'never', string>> {
    const told = this.tokens.get('CHANMODES') ?? 'beI,k,l,imnpst';
    const [lists = '', always = '', whenSet = '', never = ''] = told.split(',');
    return { lists, always, whenSet, never };
  }

  /** Signs that, before a channel's name, address only those who bear them. */
  get statusSigns(): string {
    return this.tokens.get('STATUSMSG') ?? '';
  }

  get nickLength(): number | undefined {
    return this.number('NICKLEN') ?? this.number('MAXNICKLEN');
  }

  get userLength(): number | undefined {
    return this.number('USERLEN');
  }

  get hostLength(): number | undefined {
    return this.number('HOSTLEN');
  }

  get channelLength(): number | undefined {
    return this.number('CHANNELLEN');
  }

  get topicLength(): number | undefined {
    return this.number('TOPICLEN');
  }

  get kickLength(): number | undefined {
    return this.number('KICKLEN');
  }

  /** Of a whole line with its line end, but without tags. */
  get lineLengthBytes(): number {
    return Math.max(512, this.number('LINELEN') ?? 512);
  }

  /** So many lines of a channel's past may be asked for at once. Absent: it tells none, or not by message id. */
  get pastLimit(): number | undefined {
    const references = (this.tokens.get('MSGREFTYPES') ?? '').split(',');
    const canRefer = references.includes('msgid') && references.includes('timestamp');
    if (!this.tokens.has('CHATHISTORY') || !canRefer) return undefined;
    return Math.min(this.number('CHATHISTORY') ?? LARGEST_PAGE, LARGEST_PAGE);
  }

  fold(name: string): string {
    return foldCase(name, this.caseMapping);
  }

  isChannel(name: string): boolean {
    return name !== '' && this.channelTypes.includes(name.charAt(0));
  }

  /** Whether the server passes this client-only tag on, named without its plus sign. */
  passesTag(name: string): boolean {
    const denied = (this.tokens.get('CLIENTTAGDENY') ?? '').split(',');
    return denied.includes('*') ? denied.includes(`-${name}`) : !denied.includes(name);
  }

  private number(name: string): number | undefined {
    const value = this.tokens.get(name);
    return value !== undefined && /^[1-9][0-9]{0,5}$/.test(value) ? Number(value) : undefined;
  }
}

function unescaped(value: string): string {
  return value.replace(/\\x([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
