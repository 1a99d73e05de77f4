import type { MessageAccepted, MessageSend } from '#gia/schemas';
import { mismatchOf, type Reach } from '../hub/device-mismatch.ts';
import { fanOut } from '../hub/fan-out.ts';
import type { Context } from '../server/context.ts';
import type { Call, Handlers } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import { randomId } from '../server/secrets.ts';
import type { ConversationRow } from '../store/conversations.ts';
import type { Store } from '../store/index.ts';
import type { UserRow } from '../store/users.ts';
import { otherOf, own, refuseUnreachable } from './conversations.ts';

export function messages(context: Context): Handlers<'sendMessage'> {
  const { store } = context;
  return {
    sendMessage: (call) =>
      store.transaction(() => {
        const { user } = call.caller;
        const conversation = own(store, user, call.params.conv_id);
        // Before all else: what is in it is right in the world in which it was accepted.
        const known = answered(store, call);
        if (known !== undefined) return { status: 202, body: known };
        return { status: 202, body: accepted(context, call, conversation) };
      }),
  };
}

function answered(
  store: Store,
  { caller, headers, bodyHash }: Call<'sendMessage'>,
): MessageAccepted | undefined {
  const known = store.messages.answered(caller.user.user_ref, headers['Idempotency-Key']);
  if (known !== undefined && !known.request_hash.equals(bodyHash))
    refuse('idempotency_conflict', 'This Idempotency-Key was used for another message');
  return known?.answer;
}

/** Whoever is refused has changed nothing: the same key may be used again. */
function accepted(
  context: Context,
  call: Call<'sendMessage'>,
  conversation: ConversationRow,
): MessageAccepted {
  const { store, budgets, now } = context;
  const { caller, body, headers, bodyHash } = call;
  const { user } = caller;
  const peer = otherOf(store, conversation, user);
  refuseUnreachable(store, peer);
  if (body.suite !== conversation.suite)
    refuse('suite_mismatch', `The suite of this conversation is ${conversation.suite}`);
  budgets('messages', user.user_ref);
  const reach = reachOf(store, call, conversation);
  const epoch = epochAfter(body, conversation);
  refuseMismatch(body, reach, peer);
  const answer = { msg_id: randomId('ms_'), seq: conversation.last_seq + 1, accepted_ms: now() };
  store.conversations.step(conversation.conv_id, epoch);
  if (epoch !== conversation.epoch) setMembers(store, conversation.conv_id, body, reach);
  store.messages.add({
    ...answer,
    conv_id: conversation.conv_id,
    sender_ref: user.user_ref,
    sender_device: body.sender_device,
  });
  store.messages.remember(user.user_ref, headers['Idempotency-Key'], {
    request_hash: bodyHash,
    answer,
  });
  deliver(context, { call, reach, peer, answer });
  return answer;
}

function reachOf(
  store: Store,
  { caller, body }: Call<'sendMessage'>,
  { conv_id, one_ref, other_ref }: ConversationRow,
): Reach {
  const { user, device } = caller;
  if (store.devices.get(user.user_ref, body.sender_device) === undefined)
    refuse('invalid_request', 'body.sender_device: is not on the device list of the user');
  if (device !== undefined && device !== body.sender_device)
    refuse('forbidden', 'The login is of another device');
  return {
    devices: [one_ref, other_ref].flatMap(store.devices.of),
    members: store.conversations.members(conv_id),
    sender: { user_ref: user.user_ref, device: body.sender_device },
  };
}

/** The epoch after this message: a handshake moves it by one, if it was made in the one that is. */
function epochAfter(
  { suite, epoch, payloads }: MessageSend,
  conversation: ConversationRow,
): number {
  const handshakes = payloads.filter(({ type }) => type === 'handshake').length;
  if (suite !== 'mls10/1') {
    if (payloads.some(({ type }) => type !== 'application'))
      refuse('invalid_request', 'body.payloads: this suite has only application payloads');
    return conversation.epoch;
  }
  if (handshakes > 1) refuse('invalid_request', 'body.payloads: one handshake at a time');
  if (epoch === undefined) refuse('invalid_request', 'body.epoch: this suite has epochs');
  if (epoch !== conversation.epoch)
    refuse('wrong_epoch', `The epoch is ${conversation.epoch}`, { current: conversation.epoch });
  return conversation.epoch + handshakes;
}

function refuseMismatch(body: MessageSend, reach: Reach, peer: UserRow): void {
  if (!reach.devices.some(({ user_ref }) => user_ref === peer.user_ref))
    refuse('keys_exhausted', 'The other side has no device yet that could be reached');
  const mismatch = mismatchOf(body, reach);
  if (mismatch !== undefined)
    refuse('device_mismatch', 'The devices are others than those that this is for', {
      ...mismatch,
    });
}

function setMembers(
  store: Store,
  convId: string,
  { members = [] }: MessageSend,
  { devices }: Reach,
): void {
  const rows = members.flatMap(
    ({ user_ref, device }) =>
      devices.find((row) => row.user_ref === user_ref && row.device === device) ?? [],
  );
  store.conversations.setMembers(convId, rows);
}

interface Accepted {
  readonly call: Call<'sendMessage'>;
  readonly reach: Reach;
  readonly peer: UserRow;
  readonly answer: MessageAccepted;
}

function deliver({ store, hub, budgets }: Context, { call, reach, peer, answer }: Accepted): void {
  const { caller, body, headers, params } = call;
  const { user } = caller;
  const isBlocked = store.blocks.has(peer.user_ref, user.user_ref);
  const deliveries = fanOut(body, reach);
  const sizeBytes = deliveries.reduce((sum, { payload }) => sum + payload.body.length, 0);
  budgets('messageBytes', user.user_ref, sizeBytes);
  for (const { to, payload } of deliveries) {
    const recipient = to.user_ref === user.user_ref ? user : peer;
    if (recipient === peer && isBlocked) continue;
    const isOwn =
      recipient === user ||
      (recipient.integrator !== 0 && recipient.integrator === user.integrator);
    hub.tellDevice(recipient, to, {
      type: 'message.new',
      conv_id: params.conv_id,
      data: {
        ...answer,
        from: reach.sender,
        suite: body.suite,
        ...(body.epoch !== undefined && { epoch: body.epoch }),
        type: payload.type,
        body: payload.body,
        ...(isOwn && { idempotency_key: headers['Idempotency-Key'] }),
      },
    });
  }
}
