import { view } from './feed.ts';
import { Problem } from './problem.ts';
import type { Membership, MembershipChange } from './record.ts';
import { botOf, type Call, doneBy, route } from './route.ts';
import { isGroupName, shapes } from './shapes.ts';
import type { Actor, Chat } from './world.ts';

/** The chats, who is in them, and what they are called. */
export const chatRoutes = [
  route('GET /chats/:chat', shapes.nothing, (call) => {
    const { actor, state } = call;
    const { id, kind, name, topic, members } = seenChat(call);
    const bot = actor.account.kind === 'bot' ? botOf(call) : undefined;
    const inside = [...members].filter(([, is]) => is === 'in');
    return {
      id,
      kind,
      name,
      topic,
      members: inside.map(([who]) => ({
        id: who,
        ...((who === bot || (bot && state.world.refsOf(bot, who).length > 0)) && { ours: true }),
      })),
    };
  }),

  route('PATCH /chats/:chat', shapes.chat, (call) => {
    const { actor, state, body } = call;
    const { id, kind, ...now } = spokenChat(call);
    const { name = now.name, topic = now.topic } = body;
    const changed = {
      ...(name !== undefined && name !== now.name && { name }),
      ...(topic !== undefined && topic !== now.topic && { topic }),
    };
    if (Object.keys(changed).length > 0)
      state.commit({ type: 'chat', chat: id, kind, ...changed, ...doneBy(actor) });
    return {};
  }),

  /** The private chat of two, begun if need be. */
  route('POST /direct', shapes.direct, ({ actor, state, body }) => {
    const { world } = state;
    const pair = [actor.account.id, world.account(body.with).id].sort();
    const chat = `direct:${pair.join('+')}`;
    if (!world.chats.has(chat))
      state.commit({ type: 'chat', chat, kind: 'direct', members: pair, ...doneBy(actor) });
    return { id: chat };
  }),

  /**
   * Coming, going, inviting, removing. A group that nobody knew begins when somebody joins it. What is
   * repeated with its key is dropped, so that it puts out nobody who is back.
   */
  route('POST /chats/:chat/members/:who', shapes.member, (call) => {
    const { actor, state, body } = call;
    const who = call.param('who') === 'me' ? actor.account.id : call.param('who');
    const chat = body.is === 'in' ? joinedChat(call) : seenChat(call);
    state.world.account(who);
    mayChange(chat, actor, who, body.is);
    if (body.key !== undefined && state.world.isChanged(actor.account.id, body.key)) return {};
    if (isChange(chat.members.get(who) ?? 'out', body.is))
      state.commit({ type: 'member', chat: chat.id, who, ...body, ...doneBy(actor) });
    return {};
  }),

  route('POST /chats/:chat/typing', shapes.typing, (call) => {
    call.state.hint(call.actor, spokenChat(call).id, call.body);
    return {};
  }),

  /** How far somebody has read is told on, and not kept. */
  route('POST /chats/:chat/read', shapes.read, (call) => {
    const chat = spokenChat(call);
    const { entry } = call.state.world.message(call.body.upTo);
    if (entry.chat !== chat.id)
      throw new Problem(404, 'unknown_message', `There is no message ${entry.id} here`);
    call.state.hint(call.actor, chat.id, call.body);
    return {};
  }),
];

/** A chat that the caller may look at. */
export function seenChat({ state, actor, param }: Call): Chat {
  const chat = state.world.chat(param('chat'));
  if (chat.kind === 'direct' && !view(state.world, actor, chat.id))
    throw new Problem(403, 'not_a_member', `${chat.id} is private`);
  return chat;
}

/** A chat that the caller may speak in. */
export function spokenChat(call: Call): Chat {
  const chat = seenChat(call);
  const { id } = call.actor.account;
  if (chat.members.get(id) !== 'in')
    throw new Problem(403, 'not_a_member', `${id} is not in ${chat.id}: join it first`);
  return chat;
}

function joinedChat(call: Call): Chat {
  const id = call.param('chat');
  if (!call.state.world.chats.has(id)) {
    if (!isGroupName(id))
      throw new Problem(404, 'unknown_chat', `There can be no group named ${JSON.stringify(id)}`);
    call.state.commit({ type: 'chat', chat: id, kind: 'group', name: id });
  }
  return seenChat(call);
}

/** Whoever is in is invited already, and only a ban can be lifted. */
function isChange(now: Membership, is: MembershipChange): boolean {
  if (is === 'unbanned') return now === 'banned';
  return now !== is && !(is === 'invited' && now === 'in');
}

function mayChange(chat: Chat, { account }: Actor, who: string, is: MembershipChange): void {
  if (chat.kind === 'direct')
    throw new Problem(403, 'not_a_group', 'Nobody comes to or leaves a private chat');
  const isSelf = who === account.id;
  if (isSelf && is === 'in' && chat.members.get(who) === 'banned')
    throw new Problem(403, 'banned', `${who} is banned from ${chat.id}`);
  if (isSelf && (is === 'in' || is === 'out')) return;
  if (chat.members.get(account.id) !== 'in')
    throw new Problem(403, 'not_a_member', `${account.id} is not in ${chat.id}: join it first`);
  if (is === 'in') throw new Problem(403, 'not_yours', 'Nobody can be made to join: invite them');
}
