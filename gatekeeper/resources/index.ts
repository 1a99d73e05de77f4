import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { blocks } from './blocks.ts';
import { conversations } from './conversations.ts';
import { devices } from './devices.ts';
import { enlistment } from './enlistment.ts';
import { ephemeral } from './ephemeral.ts';
import { type EventOptions, events } from './events.ts';
import { keys } from './keys.ts';
import { login } from './login.ts';
import { media } from './media.ts';
import { mediaProxy } from './media-proxy.ts';
import { messages } from './messages.ts';
import { providerRequests } from './provider-requests.ts';
import { serverInfo } from './server-info.ts';
import { users } from './users.ts';

/** Whoever answers each operation: the compiler sees that none is forgotten. */
export const resources = (context: Context, options: EventOptions): Handlers => ({
  ...serverInfo(context),
  ...providerRequests(context),
  ...login(context),
  ...enlistment(context),
  ...users(context),
  ...blocks(context),
  ...devices(context),
  ...keys(context),
  ...conversations(context),
  ...messages(context),
  ...ephemeral(context),
  ...events(context, options),
  ...media(context),
  ...mediaProxy(context),
});
