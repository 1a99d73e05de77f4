import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { isPassword } from '../server/passwords.ts';
import { refuse } from '../server/refusal.ts';
import { randomId, sha256 } from '../server/secrets.ts';
import { userView } from './user-view.ts';

export function login({ store, domain, budgets, now }: Context): Handlers<'login'> {
  return {
    async login({ body: { name, password, device } }) {
      budgets('logins', name);
      const user = store.users.byId(0, `${name}@${domain}`);
      if (!(await isPassword(password, user?.password ?? null)) || user === undefined)
        return refuse('forbidden', 'The name or the password is wrong');
      if (user.state === 'suspended')
        refuse('user_suspended', `The user is suspended: ${user.reason ?? 'no reason given'}`);
      const token = randomId('gk_', 32);
      store.sessions.add(sha256(token), { user_ref: user.user_ref, device }, now());
      return { status: 200, body: { token, user: userView(user) } };
    },
  };
}
