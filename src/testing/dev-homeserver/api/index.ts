import type { Homeserver } from '../homeserver.ts';
import { Router } from '../http/router.ts';
import { mishapping } from '../mishaps/meet.ts';
import { accountRoutes } from './account.ts';
import { appserviceRoutes } from './appservice.ts';
import { controlRoutes } from './control.ts';
import { directoryRoutes } from './directory.ts';
import { ephemeralRoutes } from './ephemeral.ts';
import { loginRoutes } from './login.ts';
import { mediaRoutes } from './media.ts';
import { membershipRoutes } from './membership.ts';
import { messageRoutes } from './messages.ts';
import { personalDataRoutes } from './personal-data.ts';
import { profileRoutes } from './profile.ts';
import { registerRoutes } from './register.ts';
import { relationRoutes } from './relations.ts';
import { sendRoutes } from './send.ts';
import { stateRoutes } from './state.ts';
import { syncRoutes } from './sync.ts';
import { thirdPartyRoutes } from './third-party.ts';
import { unusedRoutes } from './unused.ts';
import { versionRoutes } from './versions.ts';

const GROUPS = [
  accountRoutes,
  appserviceRoutes,
  directoryRoutes,
  ephemeralRoutes,
  loginRoutes,
  mediaRoutes,
  membershipRoutes,
  messageRoutes,
  personalDataRoutes,
  profileRoutes,
  registerRoutes,
  relationRoutes,
  sendRoutes,
  stateRoutes,
  syncRoutes,
  thirdPartyRoutes,
  unusedRoutes,
  versionRoutes,
];

/** Every endpoint that this homeserver has. */
export function routerOf(homeserver: Homeserver): Router {
  const routes = GROUPS.flatMap((group) => group(homeserver));
  return new Router([
    ...routes.map((route) => mishapping(homeserver, route)),
    ...controlRoutes(homeserver),
  ]);
}
