import type { z } from 'zod';
import type { LoopbackState } from './network.ts';
import { Problem } from './problem.ts';
import { botOf, openRoute, route } from './route.ts';
import { isGroupName, shapes } from './shapes.ts';
import type { Account, Actor, Client, World } from './world.ts';

/** Who is there, and who may act for them. */
export const accountRoutes = [
  openRoute('POST /accounts', shapes.account, ({ state, body: { id, displayName = id } }) => {
    mustBeFree(state.world, id);
    state.commit({ type: 'account', id, kind: 'person', displayName });
    return { id, token: state.newToken(id) };
  }),

  /** One more bot, besides the one that is there from the start. */
  openRoute('POST /bots', shapes.account, ({ state, body: { id, displayName = id } }) => {
    mustBeFree(state.world, id);
    state.commit({ type: 'account', id, kind: 'bot', displayName });
    return { id, token: state.newToken(id, { via: id }) };
  }),

  route('GET /me', shapes.nothing, ({ state, actor: { account, via } }) => ({
    id: account.id,
    kind: account.kind,
    displayName: account.displayName,
    ...(via && { via }),
    end: state.end,
    ...(state.maxLineBytes !== undefined && { maxLineBytes: state.maxLineBytes }),
  })),

  route('PATCH /me', shapes.profile, ({ state, actor, body }) => {
    rename(state, actor, body.displayName);
    return {};
  }),

  /** One more of a person's own, as when they log in on another machine. */
  route('POST /me/tokens', shapes.nothing, ({ state, actor: { account } }) => {
    if (account.kind !== 'person')
      throw new Problem(403, 'people_only', 'Only a person may do this');
    return { token: state.newToken(account.id) };
  }),

  /**
   * Somebody whom the bot acts for, under the bot's own name for them: an account made for them, a
   * person who lets it (by a token of theirs), or nobody in particular. Asked twice, it is the same.
   */
  route('PUT /clients/:ref', shapes.client, (call) => {
    const { state, body, actor } = call;
    const [bot, ref] = [botOf(call), call.param('ref')];
    const known = state.world.client(bot, ref);
    const account = accountFor(state, known, body) ?? actor.account;
    if (body.kind === 'enlisted') rename(state, { account, via: bot, ref }, body.displayName);
    if (known?.account.id === account.id) return { id: account.id, token: known.token };
    if (known) state.commit({ type: 'token-gone', token: known.token });
    return { id: account.id, token: state.newToken(account.id, { via: bot, ref }) };
  }),

  /** The bot acts for them no more. An account that was made for them goes. */
  route('DELETE /clients/:ref', shapes.nothing, (call) => {
    const client = call.state.world.client(botOf(call), call.param('ref'));
    if (client?.account.kind === 'enlisted')
      call.state.commit({ type: 'account-gone', id: client.account.id });
    else if (client) call.state.commit({ type: 'token-gone', token: client.token });
    return {};
  }),

  /** Ends this one token, as when a person logs a client out. */
  route('DELETE /me/tokens/current', shapes.nothing, ({ state, token }) => {
    state.commit({ type: 'token-gone', token });
    return {};
  }),

  /** The group or person that somebody means. A group begins when it is joined, so any may be meant. */
  route('GET /resolve', shapes.nothing, ({ state, query }) => {
    const name = query.get('name') ?? '';
    if (name.startsWith('#')) return isGroupName(name.slice(1)) ? { chat: name.slice(1) } : {};
    return state.world.accounts.has(name) ? { user: name } : {};
  }),

  route('GET /users/:user', shapes.nothing, ({ state, param }) => {
    const { id, kind, displayName } = state.world.account(param('user'));
    return { id, kind, displayName };
  }),
];

/** `undefined`: the bot's own. */
function accountFor(
  state: LoopbackState,
  known: Client | undefined,
  wanted: z.output<typeof shapes.client>,
): Account | undefined {
  if (wanted.kind === 'relay') return undefined;
  if (wanted.kind === 'login') {
    const person = state.world.actor(wanted.token);
    if (person?.account.kind === 'person' && person.via === undefined) return person.account;
    throw new Problem(401, 'unauthorized', 'This is not a token of a person');
  }
  if (known?.account.kind === 'enlisted') return known.account;
  const id = freeId(state.world, wanted.displayName);
  state.commit({ type: 'account', id, kind: 'enlisted', displayName: wanted.displayName });
  return state.world.account(id);
}

function rename(state: LoopbackState, { account, via, ref }: Actor, displayName: string): void {
  if (account.displayName === displayName) return;
  const by = { ...(via && { via }), ...(ref && { ref }) };
  state.commit({ type: 'profile', user: account.id, displayName, ...by });
}

function mustBeFree(world: World, id: string): void {
  if (world.isTaken(id))
    throw new Problem(409, 'name_taken', `There is a user ${id} already: choose another id`);
}

function freeId(world: World, displayName: string): string {
  const plain = displayName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-');
  const id = plain.replace(/^[._-]+|-+$/g, '').slice(0, 50) || 'guest';
  if (!world.isTaken(id)) return id;
  for (let n = 2; ; n++) if (!world.isTaken(`${id}-${n}`)) return `${id}-${n}`;
}
