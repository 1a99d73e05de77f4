import {
  type ChatView,
  type RemoteEvent,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
  type VoiceId,
} from '#adapter';
import type { Meaning } from './stream.ts';
import type { Item, Page, Words } from './wire.ts';

type Happened = Exclude<Item, { type: 'chat' | 'profile' }>;

/** The voices of ours that a page speaks of. */
export const voicesIn = ({ events, hints }: Page): ReadonlySet<VoiceId> =>
  new Set(
    [...events, ...hints].flatMap((item) => [
      ...(item.for ?? []),
      ...('whoFor' in item ? (item.whoFor ?? []) : []),
    ]) as VoiceId[],
  );

/** What a page means to the voices that there are: one that was given up hears nothing any more. */
export function meaningOf({ events, hints }: Page, voices: ReadonlySet<VoiceId>): Meaning {
  return {
    events: events
      .filter((item) => item.type !== 'profile')
      .flatMap((item) =>
        viewsOf(item, voices).flatMap((view) =>
          item.type === 'chat' ? toTitle(item, view) : toEvents(item, view, voices),
        ),
      ),
    hints: hints
      .filter(({ by }) => by === undefined)
      .flatMap((hint) =>
        viewsOf(hint, voices).map((view) => ({
          ...view,
          sender: remoteUserId(hint.user),
          ...('upTo' in hint
            ? { kind: 'read' as const, upTo: remoteMessageId(hint.upTo) }
            : { kind: 'typing' as const, forMs: hint.forMs }),
        })),
      ),
    changed: events.flatMap((item) =>
      item.type === 'profile' && item.by === undefined ? [{ user: remoteUserId(item.user) }] : [],
    ),
  };
}

/** A group looks the same to everyone. A private chat is seen by each voice of ours in it. */
function viewsOf(
  { chat: id, for: seers }: { readonly chat: string } & Pick<Item, 'for'>,
  voices: ReadonlySet<VoiceId>,
): readonly ChatView[] {
  const chat = remoteChatId(id);
  if (!seers) return [{ chat }];
  const receivers = (seers as readonly VoiceId[]).filter((seer) => voices.has(seer));
  return receivers.map((receiver) => ({ chat, receiver }));
}

/**
 * What an item means to whoever sees it.
 *
 * What we did ourselves is known by the mark that the network puts on it, not by its sender: a
 * person may hold the same account in their own hands. It is not bridged back, but comes with the
 * key of the message where the network gives that back.
 */
function toEvents(
  item: Happened,
  view: ChatView,
  voices: ReadonlySet<VoiceId>,
): readonly RemoteEvent[] {
  const isOwn = item.by !== undefined && (view.receiver ?? item.by) === item.by;
  const echoOf = isOwn && item.type === 'message' ? item.echoOf : undefined;
  if (isOwn && echoOf === undefined) return [];
  const common = {
    ...view,
    sender: remoteUserId(item.sender),
    sentAtMs: item.atMs,
    key: String(item.seq),
  };
  if (item.type === 'member') return toMembers(item, common, voices);
  if (item.type === 'message') {
    const id = remoteMessageId(item.id);
    const replyTo = item.replyTo && { replyTo: remoteMessageId(item.replyTo) };
    const body = toBody(item);
    return [{ kind: 'message', ...common, id, body, ...replyTo, ...(echoOf && { echoOf }) }];
  }
  const about = { ...common, target: remoteMessageId(item.target) };
  if (item.type === 'edit') return [{ kind: 'edit', ...about, body: toBody(item) }];
  if (item.type === 'removal') return [{ kind: 'removal', ...about }];
  return [{ kind: 'reaction', ...about, emoji: item.emoji, removed: item.removed }];
}

/** Also of what we did ourselves: that is what the chat is called now, whoever was faster. */
function toTitle(
  { seq, atMs, by, sender, name, topic }: Extract<Item, { type: 'chat' }>,
  view: ChatView,
): readonly RemoteEvent<'title'>[] {
  if (sender === undefined) return [];
  const what = { ...(name !== undefined && { name }), ...(topic !== undefined && { topic }) };
  const who = by === undefined && { sender: remoteUserId(sender) };
  return [{ kind: 'title', ...view, sentAtMs: atMs, key: String(seq), ...who, ...what }];
}

function toMembers(
  { who, sender, is, reason, whoFor = [] }: Extract<Item, { type: 'member' }>,
  common: Omit<RemoteEvent<'member'>, 'kind' | 'who' | 'is'>,
  voices: ReadonlySet<VoiceId>,
): readonly RemoteEvent<'member'>[] {
  const change = { kind: 'member' as const, ...common, who: remoteUserId(who), is };
  const event = reason === undefined ? change : { ...change, reason };
  if (whoFor.length === 0) return [event];
  // Our own coming and going is the core's doing: it hears only of what others do to us.
  if (who === sender) return [];
  const ours = (whoFor as readonly VoiceId[]).filter((voice) => voices.has(voice));
  return ours.map((voice) => ({ ...event, voice, key: `${event.key}/${voice}` }));
}

const toBody = ({ text, html, style }: Words) => ({
  text,
  ...(html !== undefined && { html }),
  ...(style && { as: style }),
});
