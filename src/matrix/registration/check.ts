import { isPlaceholder } from './make.ts';
import { botLocalpart, type Namespace, type Registration } from './model.ts';

const PRINT = 'drawbridge registration > registration.local.yaml';

/** What the config says, which the registration has to agree with. */
export interface ExpectedRegistration {
  readonly prefix: string;
  readonly serverName: string;
  /** Where the bridge is reached. Absent: the config does not say. */
  readonly url?: string;
}

/** Why the bridge cannot work with this registration, each with what to do. Empty: it can. */
export function registrationProblems(
  registration: Registration,
  expected: ExpectedRegistration,
): readonly string[] {
  return [
    ...tokenProblems(registration),
    ...addressProblems(registration, expected),
    ...senderProblems(registration, expected),
    ...ephemeralProblems(registration),
    ...namespaceProblems(registration, expected),
  ];
}

function* tokenProblems({ asToken, hsToken }: Registration) {
  if (isPlaceholder(asToken) || isPlaceholder(hsToken))
    yield `as_token and hs_token are placeholders: print real ones with "${PRINT}"`;
  else if (asToken === hsToken)
    yield `as_token and hs_token are the same: each has to be a secret of its own; print new ones with "${PRINT}"`;
}

function* addressProblems({ url }: Registration, expected: ExpectedRegistration) {
  if (url === null) yield 'url is null: the homeserver would never send anything to the bridge';
  else if (!isHttp(url)) yield `url is "${url}": it has to begin with http:// or https://`;
  else if (expected.url !== undefined && trimmed(url) !== trimmed(expected.url))
    yield `url is "${url}", but the config says "${expected.url}": make them the same`;
}

const trimmed = (url: string): string => url.replace(/\/+$/, '');

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function* senderProblems({ senderLocalpart }: Registration, { prefix }: ExpectedRegistration) {
  const bot = botLocalpart(prefix);
  if (senderLocalpart === bot)
    yield `sender_localpart is the bot (${bot}), which then cannot read its own rooms: give it another name; print a registration with "${PRINT}" to see one`;
}

function* ephemeralProblems({ receiveEphemeral, pushEphemeral }: Registration) {
  if (!receiveEphemeral || !pushEphemeral)
    yield 'receive_ephemeral and de.sorunome.msc2409.push_ephemeral have both to be true: homeservers know the one or the other';
}

function* namespaceProblems({ namespaces }: Registration, expected: ExpectedRegistration) {
  yield* regexProblems('users', namespaces.users);
  yield* regexProblems('aliases', namespaces.aliases);
  const { prefix, serverName } = expected;
  const bot = `@${botLocalpart(prefix)}:${serverName}`;
  const ghost = `@${prefix}some.network/a=41-_9:${serverName}`;
  const alias = `#${prefix}some-chat:${serverName}`;
  for (const [id, of] of [
    [bot, namespaces.users],
    [ghost, namespaces.users],
    [alias, namespaces.aliases],
  ] as const) {
    if (!owns(of, id))
      yield `no exclusive namespace matches ${id}, which the bridge needs: compare the prefix and the server name with the config`;
  }
  const person = `@someone:${serverName}`;
  if (!person.startsWith(`@${prefix}`) && owns(namespaces.users, person))
    yield `the users' namespace matches ${person}: people could no longer register`;
}

function owns(namespaces: readonly Namespace[], id: string): boolean {
  return namespaces.some(({ exclusive, regex }) => exclusive && compiled(regex)?.test(id) === true);
}

function* regexProblems(name: string, namespaces: readonly Namespace[]) {
  for (const { regex } of namespaces) {
    const where = `namespaces.${name}: the regex ${regex}`;
    if (!compiled(regex)) yield `${where} is not valid`;
    else if (/\(\?[=!<]|\\[1-9]/.test(regex))
      yield `${where} looks around or back: homeservers written in Go or Rust refuse that`;
    else if (!regex.startsWith('^') || !regex.endsWith('$'))
      yield `${where} has to begin with ^ and end with $: otherwise some homeservers also match what only contains it`;
  }
}

function compiled(regex: string): RegExp | undefined {
  try {
    return new RegExp(regex);
  } catch {
    return undefined;
  }
}
