import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { addLocalUser, restoreUser, suspendUser } from '../admin/users.ts';
import { type Folder, type Io, withAdmin } from './with-admin.ts';

export function addUserCommands(program: Command, io: Io): void {
  const user = program.command('user').description('users, local and remote');
  const folder = () => program.opts<Folder>();
  user
    .command('add <name>')
    .description('makes a local user, and says the password once')
    .action(async (name: string) => {
      const password = randomBytes(12).toString('base64url');
      const { domain } = folder();
      const { visible_id } = await withAdmin(folder(), (admin) =>
        addLocalUser(admin, { name, domain, password }),
      );
      io.out(`${visible_id} is there. The password, which is not shown again: ${password}`);
    });
  user
    .command('suspend <id> <reason>')
    .description('whoever it is: their calls are refused, and whoever talks to them is told')
    .action(async (id: string, reason: string) => {
      await withAdmin(folder(), (admin) => suspendUser(admin, id, reason));
      io.out(`${id} is suspended.`);
    });
  user
    .command('restore <id>')
    .description('ends a suspension')
    .action(async (id: string) => {
      await withAdmin(folder(), (admin) => restoreUser(admin, id));
      io.out(`${id} is active again.`);
    });
  user
    .command('list')
    .description('everybody')
    .action(async () => {
      const users = await withAdmin(folder(), ({ store }) => store.users.all());
      for (const row of users)
        io.out([row.visible_id, row.state, row.user_ref, row.reason ?? ''].join('  ').trimEnd());
    });
}
