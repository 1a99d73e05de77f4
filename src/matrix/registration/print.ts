import { stringify } from 'yaml';
import { isPlaceholder } from './make.ts';
import type { Namespace, Registration } from './model.ts';

/** A registration as the file that the homeserver reads. */
export function printRegistration(registration: Registration): string {
  const { namespaces } = registration;
  return [
    ...head(registration),
    ...entry('Never changes: the homeserver keeps by it what it has not delivered yet.', {
      id: registration.id,
    }),
    ...entry('Where the homeserver reaches the bridge.', { url: registration.url }),
    ...entry('Secrets. Who knows them can speak as every user below.', {
      as_token: registration.asToken,
      hs_token: registration.hsToken,
    }),
    ...entry('The appservice itself. Nobody sees it: the bot is one of the users below.', {
      sender_localpart: registration.senderLocalpart,
    }),
    ...entry('A bridge speaks for many people, so the limits made for one do not fit.', {
      rate_limited: registration.rateLimited,
    }),
    ...entry('Typing and receipts. Homeservers know the one name or the other.', {
      receive_ephemeral: registration.receiveEphemeral,
      'de.sorunome.msc2409.push_ephemeral': registration.pushEphemeral,
    }),
    ...entry('Kinds of networks, for clients that look for one.', {
      protocols: registration.protocols,
    }),
    ...entry('Users and aliases that belong to the bridge alone, its bot included.', {
      namespaces: {
        users: namespaces.users.map(plain),
        aliases: namespaces.aliases.map(plain),
        rooms: namespaces.rooms.map(plain),
      },
    }),
  ].join('\n');
}

function head({ asToken }: Registration): string[] {
  if (!isPlaceholder(asToken)) return ['# Give this file to the homeserver, and keep it secret.'];
  return [
    '# A sample: its tokens are placeholders, and the bridge refuses to start with them.',
    '# Print one with real tokens: drawbridge registration > registration.local.yaml',
  ];
}

const plain = ({ exclusive, regex }: Namespace) => ({ exclusive, regex });

const entry = (comment: string, values: object): string[] => [
  '',
  `# ${comment}`,
  stringify(values, {
    lineWidth: 0,
    defaultKeyType: 'PLAIN',
    defaultStringType: 'QUOTE_SINGLE',
  }).trimEnd(),
];
