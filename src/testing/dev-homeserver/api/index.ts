import type { Homeserver } from '../homeserver.ts';
import { Router } from '../http/router.ts';
import { accountRoutes } from './account.ts';
import { appserviceRoutes } from './appservice.ts';
import { directoryRoutes } from './directory.ts';
import { ephemeralRoutes } from './ephemeral.ts';
import { inspectionRoutes } from './inspection.ts';
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
  inspectionRoutes,
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
export const routerOf = (homeserver: Homeserver) =>
  new Router(GROUPS.flatMap((routes) => routes(homeserver)));
