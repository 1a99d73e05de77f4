import type { MatrixUserId } from '../../model/matrix-ids.ts';
import { MatrixError, type MatrixPort } from '../../ports/matrix.ts';
import { count, list } from '../../util/fields.ts';
import { answered } from './answers.ts';
import { contentJson } from './content.ts';
import type { Context } from './context.ts';
import { endpoints } from './endpoint.ts';

/** Questions about the homeserver and about this appservice's standing with it. */
export interface Server extends Pick<MatrixPort, 'isThere'> {
  /** The appservice's own user. @throws {MatrixError} `token` when the token is not known. */
  whoami(): Promise<MatrixUserId>;
  versions(): Promise<{ readonly versions: readonly string[] }>;
  /** Makes the homeserver call us. Also makes it send what it could not deliver before. */
  ping(appserviceId: string, transactionId: string): Promise<{ readonly durationMs: number }>;
}

export function server({ homeserver }: Context): Server {
  return {
    async isThere() {
      try {
        await homeserver.request(endpoints.versions);
        return true;
      } catch (error) {
        if (error instanceof MatrixError) return false;
        throw error;
      }
    },
    async whoami() {
      const answer = await homeserver.request(endpoints.whoami);
      return answered(endpoints.whoami, answer, 'user_id') as MatrixUserId;
    },
    async versions() {
      const answer = await homeserver.request(endpoints.versions);
      const versions = list(answer, 'versions').filter((each) => typeof each === 'string');
      return { versions };
    },
    async ping(appserviceId, transactionId) {
      const json = contentJson(endpoints.ping, { transaction_id: transactionId });
      const answer = await homeserver.request(endpoints.ping, { ids: [appserviceId], json });
      return { durationMs: count(answer, 'duration_ms') ?? 0 };
    },
  };
}
