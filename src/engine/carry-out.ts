import { BridgeError } from '../adapter/errors.ts';
import type { MatrixActionKind } from '../adapter/matrix-action.ts';
import type { NetworkSession } from '../adapter/session.ts';
import type { Speaker } from '../adapter/voice.ts';
import type { Portal } from '../model/portal.ts';
import type { RemoteMessageId } from '../model/remote-ids.ts';
import type { Delivery, Outcome, Write } from '../ports/journal.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import type { Context } from './context.ts';
import { named, withFilesLinked, withTime } from './degrade.ts';
import { type Delivered, deliver } from './deliver.ts';
import type { Deed } from './from-matrix/deed.ts';
import { fromMatrix } from './from-matrix/dispatch.ts';
import type { JoinRules } from './join-rules.ts';
import { isShutOut } from './ours.ts';
import { publicLink } from './public-links.ts';
import type { Speakers } from './speakers.ts';
import { reasonOf } from './tell.ts';
import { unnamedId } from './unnamed.ts';
import type { Voices } from './voices.ts';

export interface Ending {
  readonly as: Outcome;
  readonly reason?: string;
}

/** How a delivery ended, and what goes into the commit that says so. */
export interface CarriedOut {
  readonly ending: Ending;
  readonly writes?: readonly Write[];
  /** The network can tell once more that it was done, so no crash before the commit harms. */
  readonly isCertain?: boolean;
}

interface Of {
  readonly portal: Portal;
  readonly row: Delivery;
  readonly event: MatrixEvent;
  readonly voice: VoiceRow | undefined;
}

type Act = Extract<Deed, { kind: 'act' }>;
type Action = Act['action'];

const DELIVERED: CarriedOut = { ending: { as: 'delivered' }, isCertain: true };

/**
 * Does in a portal's network what a Matrix event asks for.
 *
 * @throws {BridgeError} When it is to be tried again, or has failed: `advice` tells.
 * @throws {MatrixError} When the homeserver could not be asked who speaks.
 */
export async function carryOut(
  context: Context,
  parts: {
    readonly voices: Voices;
    readonly speakers: Speakers;
    readonly rules: JoinRules;
  },
  of: Of,
): Promise<CarriedOut> {
  const { portal, event, voice } = of;
  const speaker = await parts.speakers.of(portal.roomId, event.sender);
  const deed = await fromMatrix(event, { context, portal, speaker });
  if (asksForMore(deed) && isShutOut(context, event.sender))
    return unvoiced(of, reasonOf('shut_out', `${event.sender} is kept out`));
  switch (deed.kind) {
    case 'nothing':
      return DELIVERED;
    case 'refuse':
      return failed(reasonOf(deed.code, deed.reason));
    case 'presence':
      if (deed.is === 'out' || parts.rules.enters(portal))
        await presence(parts.voices, of, deed.is, speaker);
      return DELIVERED;
    case 'act': {
      if (deed.action.kind === 'power' && !parts.voices.takesPower(portal.network))
        return DELIVERED;
      if (!voice)
        return unvoiced(
          of,
          reasonOf('not_allowed', `${event.sender} has no voice on ${portal.network}`),
        );
      const session = await sessionFor(parts.voices, portal, voice, speaker);
      return act(context, { ...of, voice, session, deed });
    }
  }
}

/** Than that its sender is there or not, which is no word of theirs. */
const asksForMore = ({ kind }: Deed): boolean => kind === 'refuse' || kind === 'act';

/** Whoever could tell what became of one in doubt is gone. */
const unvoiced = ({ row }: Of, reason: string): CarriedOut =>
  row.begun?.inDoubt ? { ending: { as: 'unknown' } } : failed(reason);

const failed = (reason: string): CarriedOut => ({ ending: { as: 'failed', reason } });

/** A private chat needs no joining. */
const sessionFor = (voices: Voices, portal: Portal, voice: VoiceRow, speaker: Speaker) =>
  portal.receiver === undefined
    ? voices.inChat(voice, speaker, portal.chat)
    : voices.open(voice, speaker);

/** The relay is there anyway, and in a private chat nobody comes or goes. */
async function presence(
  voices: Voices,
  { voice, portal }: Of,
  is: 'in' | 'out',
  speaker: Speaker,
): Promise<void> {
  if (!voice || voice.kind === 'relay' || portal.receiver !== undefined) return;
  if (is === 'in') await voices.inChat(voice, speaker, portal.chat);
  else await voices.outOfChat(voice, speaker, portal.chat);
}

interface Acting extends Of {
  readonly voice: VoiceRow;
  readonly session: NetworkSession;
  readonly deed: Act;
}

/** By the network's own handler, else in words. */
async function act(context: Context, acting: Acting): Promise<CarriedOut> {
  const { deed, session, voice, row, event } = acting;
  const wordy = withLink(context, wordsIfNeeded(deed, session), acting);
  const action = withName(timed(wordy, row, event), voice, session);
  const result = await deliverAs(context, action.kind, action, acting);
  if (result.as === 'unknown') return { ending: { as: 'unknown' } };
  const links = linkWrites(row, event, deed, result.ids);
  const { dropsRepeats, lookup } = session.on[action.kind] ?? {};
  const isCertain = dropsRepeats === true || lookup !== undefined;
  return { ending: { as: 'delivered' }, writes: [...result.writes, ...links], isCertain };
}

/** `kind` ties action and handler together. */
async function deliverAs<K extends MatrixActionKind>(
  context: Context,
  kind: K,
  action: Action,
  { session, portal, row, voice }: Acting,
): Promise<Delivered> {
  const handler = session.on[kind];
  if (!handler)
    throw new BridgeError('unsupported', `${portal.network} has no ${kind}`, { effect: 'none' });
  return deliver<K>(context, {
    delivery: row,
    network: portal.network,
    voice: voice.id,
    action: action as never,
    handler: handler as never,
  });
}

/** The action, or the words that stand for it where the network has no handler. */
function wordsIfNeeded({ action, otherwise }: Act, session: NetworkSession): Action {
  if (session.on[action.kind] || otherwise === undefined) return action;
  const { chat, speaker } = action;
  return { kind: 'message', chat, speaker, body: otherwise };
}

/** Where what was said can be seen, and its files, if the network takes none. */
function withLink(context: Context, action: Action, { session, portal, event }: Acting): Action {
  if (!('body' in action)) return action;
  const { body } = action;
  const link = publicLink(context, portal.id, event.id);
  if (!body.media?.length || session.takesFiles) return link ? { ...action, link } : action;
  if (link) return { ...action, link, body: withFilesLinked(body, link) };
  const why = 'A file cannot be linked to: bridge.publicUrl is not set';
  throw new BridgeError('unsupported', why, { effect: 'none' });
}

/** What newer words have passed says when it was said. An edit is seen where the message is. */
function timed(action: Action, row: Delivery, event: MatrixEvent): Action {
  if (!row.late || action.kind !== 'message') return action;
  return { ...action, body: withTime(action.body, event.sentAtMs, row.receivedAtMs) };
}

/** Whoever speaks through a bot that cannot imitate them is named in the words. */
function withName(action: Action, voice: VoiceRow, session: NetworkSession): Action {
  if (voice.kind !== 'relay' || session.imitates || !('body' in action)) return action;
  return { ...action, body: named(action.speaker.displayName, action.body) };
}

function linkWrites(
  delivery: Delivery,
  event: MatrixEvent,
  deed: Act,
  ids: readonly RemoteMessageId[],
): Write[] {
  const given = ids.length === 0 ? [unnamedId(event.id)] : ids;
  return (deed.linkAs?.(ids) ?? given).map((remoteId, part) => ({
    kind: 'link',
    link: {
      portal: delivery.portal,
      eventId: event.id,
      remoteId,
      part,
      saidBy: 'matrix',
      sender: event.sender,
    },
  }));
}
