import type { MatrixPort } from '../../ports/matrix.ts';
import { truncate, wellFormed } from '../../util/well-formed.ts';
import { checkId, contentJson, isErrcode } from './content.ts';
import type { Context } from './context.ts';
import { endpoints, nameOf } from './endpoint.ts';
import { notSent } from './failures.ts';

/** Synapse's limit, in code points. */
const MAX_NAME_CODE_POINTS = 256;

export function users({ homeserver }: Context): Pick<MatrixPort, 'register' | 'setProfile'> {
  const set = (userId: `@${string}:${string}`, key: string, value: string) =>
    homeserver.request(endpoints.setProfile, {
      ids: [userId, key],
      as: userId,
      json: contentJson(endpoints.setProfile, { [key]: value }),
    });

  return {
    async register(userId) {
      checkId(endpoints.register, userId);
      const json = contentJson(endpoints.register, {
        type: 'm.login.application_service',
        username: userId.slice(1, userId.indexOf(':')),
        inhibit_login: true,
      });
      await homeserver.request(endpoints.register, { json }).catch((error: unknown) => {
        if (!isErrcode(error, 'M_USER_IN_USE')) throw error;
      });
    },

    async setProfile(userId, { name, avatar }) {
      if (avatar != null && !avatar.startsWith('mxc://'))
        throw notSent(nameOf(endpoints.setProfile), 'M_INVALID_PARAM', 'an avatar is no mxc: URI');
      // An empty text removes.
      if (name !== undefined) await set(userId, 'displayname', shownName(name ?? ''));
      if (avatar !== undefined) await set(userId, 'avatar_url', avatar ?? '');
    },
  };
}

const shownName = (name: string): string =>
  truncate(wellFormed(name).trim(), MAX_NAME_CODE_POINTS).trimEnd();
