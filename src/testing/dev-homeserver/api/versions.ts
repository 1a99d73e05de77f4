import type { Homeserver } from '../homeserver.ts';
import { client, exact, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';

/** As Synapse 1.163 says it: bridges must not take the list for the whole truth. */
const VERSIONS = [
  ...['r0.0.1', 'r0.1.0', 'r0.2.0', 'r0.3.0', 'r0.4.0', 'r0.5.0', 'r0.6.0', 'r0.6.1'],
  ...Array.from({ length: 15 }, (_, minor) => `v1.${minor + 1}`),
];

/** What this homeserver can do. */
export function versionRoutes(homeserver: Homeserver): readonly Route[] {
  const versions = {
    versions: VERSIONS,
    unstable_features: {
      'fi.mau.msc2659.stable': true,
      'org.matrix.msc2285.stable': true,
      'org.matrix.msc3440.stable': true,
      'org.matrix.msc3771': true,
      'uk.tcpip.msc4133.stable': true,
    },
  };
  return [
    exact('GET', '/_matrix/client/versions', () => versions),
    ...client('GET', '/capabilities', (call) => {
      requester(homeserver, call);
      return {
        capabilities: {
          'm.room_versions': { default: '12', available: { '11': 'stable', '12': 'stable' } },
          'm.change_password': { enabled: true },
          'm.set_displayname': { enabled: true },
          'm.set_avatar_url': { enabled: true },
          'm.3pid_changes': { enabled: false },
          'm.get_login_token': { enabled: false },
          'm.profile_fields': { enabled: true },
        },
      };
    }),
  ];
}
