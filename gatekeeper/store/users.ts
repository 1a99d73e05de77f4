import type { User } from '#gia/schemas';
import type { Database } from './open.ts';

export interface UserRow {
  readonly user_ref: string;
  /** 0: of the gatekeeper itself. */
  readonly integrator: number;
  readonly provider: string;
  readonly visible_id: string;
  readonly state: User['state'];
  readonly name: string;
  readonly avatar_ref: string | null;
  readonly discoverable: number;
  readonly tos_version: string;
  readonly account_key: string | null;
  readonly list_v: number;
  readonly list: string | null;
  /** Hashed, and of local ones only. */
  readonly password: string | null;
  readonly reason: string | null;
  readonly created_ms: number;
}

export type UserChange = Partial<
  Pick<
    UserRow,
    | 'state'
    | 'visible_id'
    | 'name'
    | 'avatar_ref'
    | 'account_key'
    | 'list_v'
    | 'list'
    | 'reason'
    | 'password'
  >
>;
export type NewUser = Omit<UserRow, 'account_key' | 'list_v' | 'list' | 'reason'>;

/** Local and remote ones, by the same queries. */
export function users(db: Database) {
  const insert = db.prepare(`
    INSERT INTO users (user_ref, integrator, provider, visible_id, state, name, avatar_ref, discoverable,
      tos_version, password, created_ms)
    VALUES (@user_ref, @integrator, @provider, @visible_id, @state, @name, @avatar_ref, @discoverable,
      @tos_version, @password, @created_ms)`);
  const get = db.prepare<[string], UserRow>('SELECT * FROM users WHERE user_ref = ?');
  const byId = db.prepare<[number, string], UserRow>(
    "SELECT * FROM users WHERE integrator = ? AND visible_id = ? AND state <> 'deleted'",
  );
  const byVisibleId = db.prepare<[string], UserRow>(
    "SELECT * FROM users WHERE visible_id = ? AND state = 'active' ORDER BY integrator",
  );
  const search = db.prepare<[string, string], UserRow>(`
    SELECT * FROM users WHERE state = 'active' AND discoverable = 1
      AND (visible_id LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\')
    ORDER BY visible_id LIMIT 50`);
  const all = db.prepare<[], UserRow>('SELECT * FROM users ORDER BY integrator, visible_id');
  const suspended = db.prepare<[], UserRow>(
    "SELECT * FROM users WHERE integrator = 0 AND state = 'suspended'",
  );
  const update = db.prepare(`
    UPDATE users SET state = @state, visible_id = @visible_id, name = @name, avatar_ref = @avatar_ref, account_key = @account_key,
      list_v = @list_v, list = @list, reason = @reason, password = @password
    WHERE user_ref = @user_ref`);
  return {
    add: (user: NewUser): void => void insert.run(user),
    get: (ref: string) => get.get(ref),
    /** The one that is not deleted. */
    byId: (integrator: number, visibleId: string) => byId.get(integrator, visibleId),
    byVisibleId: (visibleId: string) => byVisibleId.get(visibleId),
    search(prefix: string): UserRow[] {
      const pattern = `${prefix.replace(/[\\%_]/g, '\\$&')}%`;
      return search.all(pattern, pattern);
    },
    all: (): UserRow[] => all.all(),
    suspendedHere: (): UserRow[] => suspended.all(),
    change: (row: UserRow, change: UserChange): void => void update.run({ ...row, ...change }),
  };
}
